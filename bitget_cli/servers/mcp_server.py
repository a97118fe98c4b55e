"""Tools for one program over stdin and stdout: the Model Context Protocol.

Needs the extra `mcp`; importing this module without it raises ModuleNotFoundError.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any, NamedTuple, TextIO

import anyio
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it brings none
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.session import ServerSession
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import McpError

from bitget_cli.errors import BitgetError, UsageError

# Seconds a user has for a question.
_PATIENCE = 300.0
_YES_OR_NO = {
    "type": "object",
    "properties": {"go_ahead": {"type": "boolean", "title": "Go ahead", "description": "Send this change"}},
    "required": ["go_ahead"],
}

# Puts a question to the program's user; None where the program cannot.
Ask = Callable[[str], bool | None]
# A call's answer, and whether it is a failure.
Answer = tuple[dict[str, Any], bool]
Call = Callable[[str, Mapping[str, Any], Ask], Answer]


class OfferedTool(NamedTuple):
    """A tool as it is listed; `takes` and `answers` are JSON Schemas, `reads` that it changes nothing."""

    name: str
    title: str
    help: str
    takes: dict[str, Any]
    answers: dict[str, Any]
    reads: bool


class _Waiting(NamedTuple):
    """A call that is yet to be made."""

    name: str
    given: dict[str, Any]
    ask: Ask
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Answer]


def serve(
    tools: Sequence[OfferedTool], call: Call, *, about: str, version: str, streams: tuple[TextIO, TextIO]
) -> None:
    """Answer the program at the other end of `streams` until it closes its own.

    Calls run one after another in this thread, where signals are heard, and the protocol in one of its own: a call
    that waits for the user's word does not keep it from being heard.
    """
    server = _McpServer(tools, about=about, version=version)
    with _kept(*streams) as own:
        thread = Thread(target=server.talk, args=own, daemon=True)
        thread.start()
        while one := server.calls.get():
            # One that was cancelled before its turn is not made.
            if not one.answer.cancelled():
                _make(call, one)
        thread.join()
    if server.failure:
        raise server.failure


def _make(call: Call, one: _Waiting) -> None:
    # A signal that comes anywhere here gets out: of a callback it would be logged, and forgotten.
    try:
        answer = call(one.name, one.given, one.ask)
    except Exception as defect:
        answer = (BitgetError(f"this is a defect of bitget: {type(defect).__name__}").record(), True)
    # The program may be gone, and the protocol's thread with it.
    with suppress(RuntimeError):
        one.loop.call_soon_threadsafe(_settle, one.answer, answer)


def _settle(waiting: asyncio.Future[Answer], answer: Answer) -> None:
    if not waiting.done():
        waiting.set_result(answer)


@contextmanager
def _kept(stdin: TextIO, stdout: TextIO) -> Iterator[tuple[TextIO, TextIO]]:
    """The two streams for the protocol alone: what anything else reads is empty, what it prints goes to stderr."""
    try:
        numbers = (stdin.fileno(), stdout.fileno())
    except (OSError, ValueError):
        # No streams of the process: nobody else writes to them.
        yield stdin, stdout
        return
    if stdin.isatty():
        sys.stderr.write("an MCP client is to speak here; docs/mcp.md tells how one is set up\n")
    stdout.flush()
    reads, writes = (os.dup(number) for number in numbers)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, numbers[0])
    os.dup2(sys.stderr.fileno(), numbers[1])
    os.close(nothing)
    own = (os.fdopen(reads, encoding="utf-8", errors="replace"), os.fdopen(writes, "w", encoding="utf-8"))
    try:
        yield own
    finally:
        os.dup2(reads, numbers[0])
        os.dup2(writes, numbers[1])
    # Not where a signal ends it all: whoever waits for a line holds its stream, and closing that would wait as well.
    for stream in own:
        stream.close()


class _McpServer:
    """The protocol's side: it lists, takes calls, and puts questions."""

    def __init__(self, tools: Sequence[OfferedTool], *, about: str, version: str) -> None:
        # None at the end.
        # Of all queues a signal that comes into it leaves this kind alone whole.
        self.calls: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self.failure: BaseException | None = None
        self._takes = {tool.name: Draft202012Validator(tool.takes) for tool in tools}
        self._listed = [_listed(tool) for tool in tools]
        self._server: Server[Any, Any] = Server("bitget", version=version, instructions=about)
        self._server.list_tools()(self._list)  # type: ignore[no-untyped-call]  # the library's
        # Checked here, so that what is wrong is told as any other failure.
        self._server.call_tool(validate_input=False)(self._call)

    def talk(self, stdin: TextIO, stdout: TextIO) -> None:
        """Until the program is gone."""
        try:
            asyncio.run(self._talk(stdin, stdout))
        except* OSError:
            # It does not read any more.
            pass
        except* Exception as failures:
            self.failure = failures.exceptions[0]
        finally:
            self.calls.put(None)

    async def _talk(self, stdin: TextIO, stdout: TextIO) -> None:
        async with stdio_server(anyio.wrap_file(stdin), anyio.wrap_file(stdout)) as (reads, writes):
            await self._server.run(reads, writes, self._server.create_initialization_options())

    async def _list(self) -> list[types.Tool]:
        return self._listed

    async def _call(self, name: str, given: dict[str, Any]) -> types.CallToolResult:
        if mistake := self._mistake(name, given):
            return _result(mistake.record(), failed=True)
        context = self._server.request_context
        loop = asyncio.get_running_loop()
        ask = _Asking(loop, context.session, context.request_id)
        waiting = _Waiting(name, given, ask, loop, loop.create_future())
        self.calls.put(waiting)
        told, failed = await waiting.answer
        return _result(told, failed=failed)

    def _mistake(self, name: str, given: dict[str, Any]) -> UsageError | None:
        """What is wrong with a call by the tool's schema; of a tool that is not there nothing."""
        if name not in self._takes:
            return None
        wrong = next(iter(self._takes[name].iter_errors(given)), None)
        if wrong is None:
            return None
        place = ".".join(map(str, wrong.absolute_path))
        return UsageError(f"{place}: {wrong.message}" if place else wrong.message, hint=f"the schema of {name}")


class _Asking:
    """Puts questions to the user of the program that makes a call, from another thread than the protocol's."""

    def __init__(self, loop: asyncio.AbstractEventLoop, session: ServerSession, request: types.RequestId) -> None:
        self._loop, self._session, self._request = loop, session, request

    def __call__(self, question: str) -> bool | None:
        if not self._session.check_client_capability(
            types.ClientCapabilities(elicitation=types.ElicitationCapability())
        ):
            return None
        asked = asyncio.run_coroutine_threadsafe(
            self._session.elicit_form(question, _YES_OR_NO, related_request_id=self._request), self._loop
        )
        try:
            answer = asked.result(_PATIENCE)
        except McpError:
            return None
        except (TimeoutError, CancelledError):
            asked.cancel()
            return False
        return answer.action == "accept" and (answer.content or {}).get("go_ahead") is True


def _listed(tool: OfferedTool) -> types.Tool:
    hints = types.ToolAnnotations(title=tool.title, readOnlyHint=tool.reads, destructiveHint=not tool.reads)
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.help,
        inputSchema=tool.takes,
        outputSchema=tool.answers,
        annotations=hints,
    )


def _result(told: dict[str, Any], *, failed: bool) -> types.CallToolResult:
    text = types.TextContent(type="text", text=json.dumps(told))
    return types.CallToolResult(content=[text], structuredContent=told, isError=failed)
