"""`bitget completion`: the scripts by which bash, zsh and fish ask what may stand where TAB was pressed."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bitget_cli.commands.command import Alone
from bitget_cli.commands.options import YesOpt
from bitget_cli.errors import ConfigError
from bitget_cli.results import Done, Lines, Result
from bitget_cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping


class Shell(StrEnum):
    """Shells that complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


# By this a file is known as ours.
_OURS = "# Made by `bitget completion`."

# Each hands the line up to the cursor over in a variable, and reads a candidate a line, behind a tab a word about it;
# or that its own files are meant.
_BASH = rf"""{_OURS}
_bitget() {{
    local line=${{COMP_LINE:0:COMP_POINT}} told typed cut=
    COMPREPLY=()
    typed=${{line##*[[:space:]]}}
    # bash takes a word apart at these, and completes the last part.
    [[ $COMP_WORDBREAKS == *:* && $typed == *:* ]] && cut=${{typed%"${{typed##*:}}"}}
    [[ $COMP_WORDBREAKS == *=* && $typed == *=* && $cut != *=* ]] && cut=${{typed%"${{typed##*=}}"}}
    while IFS= read -r told; do
        if [[ $told == $'\tfiles' ]]; then
            compopt -o bashdefault -o default 2>/dev/null
            return
        fi
        told=${{told%%$'\t'*}}
        told=${{told#"$cut"}}
        [[ $told == *[[:space:]]* ]] && printf -v told %q "$told"
        COMPREPLY+=("$told")
    done < <(_BITGET_COMPLETE=$line "$1" 2>/dev/null)
    # A parameter of an endpoint goes on.
    [[ ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace 2>/dev/null
    return 0
}}
complete -F _bitget bitget
"""
_ZSH = rf"""#compdef bitget
{_OURS}
_bitget() {{
    local told
    local -a offers
    for told in "${{(@f)$(_BITGET_COMPLETE="${{(j: :)words[1,CURRENT-1]}} $PREFIX" ${{words[1]}} 2>/dev/null)}}"; do
        if [[ $told == $'\tfiles' ]]; then
            _files
            return
        fi
        [[ -n $told ]] || continue
        if [[ $told == *$'\t'* ]]; then
            offers+=("${{${{told%%$'\t'*}}//:/\\:}}:${{told#*$'\t'}}")
        else
            offers+=("${{told//:/\\:}}")
        fi
    done
    (( $#offers )) || return 1
    if [[ $offers[1] == *= || $offers[1] == *=:* ]]; then
        _describe -V bitget offers -S ''
    else
        _describe -V bitget offers
    fi
}}
# Found by name it is the function itself, sourced it says whom it is for.
if [[ $funcstack[1] == _bitget ]]; then
    _bitget "$@"
else
    compdef _bitget bitget
fi
"""
_FISH = rf"""{_OURS}
function __bitget_told
    set -l program (commandline -opc)[1]
    set -l told (_BITGET_COMPLETE=(commandline -cp | string collect) $program 2>/dev/null)
    if test "$told[1]" = \tfiles
        __fish_complete_path (commandline -ct)
    else if set -q told[1]
        printf '%s\n' $told
    end
end
complete --command bitget --no-files --keep-order --arguments '(__bitget_told)'
"""
SCRIPTS = {Shell.BASH: _BASH, Shell.ZSH: _ZSH, Shell.FISH: _FISH}
_LARGEST = 64 * 1024

ShellArg = Annotated[Shell, typer.Argument(metavar="bash|zsh|fish", help="Which shell.", show_default=False)]
InstallOpt = Annotated[bool, typer.Option("--install", help="Put it where that shell looks, instead of printing it.")]


def completion(session: Session, shell: ShellArg, install: InstallOpt = False, _yes: YesOpt = False) -> Result:
    """The script that lets a shell complete commands, options and values: symbols, orders, profiles, fields.

    --install puts it where the shell looks, and never over a file that it did not write. Completing asks nothing of the
    exchange: what it offers is known on this machine.

    Example: bitget completion bash
    """
    script = SCRIPTS[shell]
    if not install:
        return Lines(script.splitlines(), {"shell": shell.value, "script": script})
    path = _place(shell, session.environment.environ)
    _write(path, script)
    session.say(f"written: {path}; it takes effect in a new {shell}")
    if shell is Shell.ZSH and not _is_looked_at(path.parent, session.environment.environ):
        folder = str(path.parent).replace(str(_home()), "~", 1)
        session.say(
            f"zsh looks there once ~/.zshrc says:\n  fpath=({folder} $fpath)\n  autoload -Uz compinit && compinit"
        )
    return Done("done", session.env, response={"shell": shell.value, "file": str(path)})


def _place(shell: Shell, environ: Mapping[str, str]) -> Path:
    """Where the shell looks for scripts of a person's own."""
    if shell is Shell.BASH:
        own = environ.get("BASH_COMPLETION_USER_DIR")
        folder = Path(own) if own else _base(environ, "XDG_DATA_HOME", ".local/share") / "bash-completion"
        return folder / "completions" / "bitget"
    if shell is Shell.FISH:
        return _base(environ, "XDG_CONFIG_HOME", ".config") / "fish" / "completions" / "bitget.fish"
    own_folders = [folder for folder in _fpath(environ) if folder.is_relative_to(_home())]
    known = next((folder for folder in own_folders if folder.is_dir() and os.access(folder, os.W_OK)), None)
    return (known or _home() / ".zfunc") / "_bitget"


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise ConfigError("this user has no home folder to put it in", hint="print it, and source it") from None


def _base(environ: Mapping[str, str], variable: str, otherwise: str) -> Path:
    said = environ.get(variable, "")
    return Path(said) if said.startswith("/") else _home() / otherwise


def _fpath(environ: Mapping[str, str]) -> list[Path]:
    """The folders zsh looks in, as far as it tells other programs."""
    return [Path(folder) for folder in environ.get("FPATH", "").split(":") if folder]


def _is_looked_at(folder: Path, environ: Mapping[str, str]) -> bool:
    return folder in _fpath(environ)


def _write(path: Path, script: str) -> None:
    """Raises ConfigError for a file that somebody else has written."""
    from bitget_cli import files

    there = files.read(path, limit=_LARGEST)
    if there is not None and _OURS.encode() not in there:
        raise ConfigError(
            f"{path} is there and was not written by bitget",
            hint="move it away, or source what bitget completion prints",
        )
    files.write(path, script.encode())


group = Alone("completion", completion)
