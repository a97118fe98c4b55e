"""Front door: the command tree, one message and one exit status for a failure."""

from __future__ import annotations

import sys

from bitget_cli import __version__

# Type checkers know the name without its import, and `typing` would double the time of `bitget --version`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

    from bitget_cli.errors import BitgetError
    from bitget_cli.runtime import Environment


def run() -> NoReturn:
    """The `bitget` program."""
    import signal

    # While there is nothing to bring to an end Ctrl-C is as the other signals are: no traceback through the imports.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from bitget_cli.runtime import open_closed_streams

        open_closed_streams()
    if sys.argv[1:] in (["--version"], ["-V"]):
        try:
            sys.stdout.write(f"bitget {__version__}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            from bitget_cli.runtime import leave

            leave(141)
        sys.exit(0)
    import gc

    # What a start makes lives to the end, so looking through it for garbage every 700 objects only costs time (8 %).
    gc.set_threshold(150_000)
    from bitget_cli.runtime import catch_signals, leave

    catch_signals()
    leave(main(sys.argv[1:]))


def main(argv: Sequence[str], environment: Environment | None = None) -> int:
    """Run one command line and return its exit status; failures become one message on stderr."""
    from bitget_cli.errors import BitgetError
    from bitget_cli.runtime import Environment, signal_behind, status_of

    environment = environment or Environment()
    try:
        return _invoke(argv, environment)
    except BrokenPipeError:
        # The reader of our output went away (`| head`). The network's own broken pipes never get here.
        return 141
    except KeyboardInterrupt as stopped:
        return status_of(stopped)
    except BitgetError as error:
        return _fail(error, argv, environment)
    except OSError as error:
        from bitget_cli.errors import ConfigError

        return _fail(ConfigError(f"{error.filename or 'output'}: {error.strerror or error}"), argv, environment)
    except Exception as defect:
        from bitget_cli.runtime import defect_report

        if earlier := signal_behind(defect):
            return status_of(earlier)
        return _fail(defect_report(defect, environment.environ), argv, environment)


def _invoke(argv: Sequence[str], environment: Environment) -> int:
    import typer

    from bitget_cli.commands.app import tree
    from bitget_cli.errors import UsageError

    if (line := environment.environ.get("_BITGET_COMPLETE")) is not None:
        from bitget_cli.commands import tab

        environment.stdout.write(tab.answer(line, environment))
        environment.stdout.flush()
        return 0
    for place, word in enumerate(argv, start=1):
        try:
            word.encode()
        except UnicodeEncodeError:
            hint = "words are UTF-8; what a file of such a name holds can be handed in on standard input"
            raise UsageError(f"word {place} of the command line is not valid UTF-8 text", hint=hint) from None
    status: int | None = None
    commands = tree()
    try:
        # Not its `main`, which takes every signal for Ctrl-C and a broken pipe for a failure.
        with commands.make_context("bitget", list(argv), obj=environment) as context:
            commands.invoke(context)
    except typer.TyperException as mistake:
        from bitget_cli.commands.mistakes import explained

        raise explained(mistake, argv) from None
    except typer.Exit as done:
        status = done.exit_code
    except SystemExit as done:  # a worker's file ends itself, as any Python program does
        if isinstance(done.code, int | None):
            status = done.code
        else:
            environment.stderr.write(f"{done.code}\n")
            status = 1
    environment.stdout.flush()
    return status or 0


def _fail(error: BitgetError, argv: Sequence[str], environment: Environment) -> int:
    from contextlib import suppress

    from bitget_cli.keys import Redactor, of_environment
    from bitget_cli.output.render import show_failure

    # Also of a line that never came to a session: what was typed or answered may repeat what the environment holds.
    error.redact(Redactor(*of_environment(environment.environ)))
    plain = "--no-color" in argv or environment.environ.get("NO_COLOR") or environment.environ.get("TERM") == "dumb"
    # With stderr closed nobody can be told; the exit status still says it.
    with suppress(OSError):
        environment.stdout.flush()
    with suppress(OSError):
        color = environment.stderr.isatty() and not plain
        show_failure(error, as_json=_wants_json(argv) or error.as_json, err=environment.stderr, color=color)
        environment.stderr.flush()
    return error.exit_status


def _wants_json(argv: Sequence[str]) -> bool:
    """Whether failures are to be JSON, even those of a line that could not be parsed."""
    forms = ("json", "ndjson")
    asked = False
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        if word == "--":
            break
        if word == "--json":
            asked = True
        elif word in ("-o", "--output"):
            asked = following.lower() in forms
        elif word.startswith(("-o", "--output=")) and not word.startswith("--output-"):
            asked = word.removeprefix("--output=").removeprefix("-o").lower() in forms
    return asked
