"""The MCP client of the SDK, which is not ours, at the other end of `bitget mcp`: over stdio, or pipes in a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal
from doubles import Bitget
from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client
from mcp.server.stdio import stdio_server

from bitget_cli.main import main
from bitget_cli.runtime import Environment


class McpClient:
    """A client whose user answers each question with the next of `answers`; without any it cannot ask.

    An answer is `accept`, `decline` or `cancel`; `unticked` accepts the form and leaves its field false.
    """

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.questions: list[str] = []
        self._asks = bool(answers)
        self._portal: BlockingPortal
        self._session: ClientSession

    @property
    def instructions(self) -> str:
        return self._initialized.instructions or ""

    def tools(self) -> dict[str, types.Tool]:
        return {tool.name: tool for tool in self._portal.call(self._session.list_tools).tools}

    def call(self, name: str, /, **given: Any) -> dict[str, Any]:
        """The answer of a call that went well, which the client has held against the tool's schema."""
        found = self._portal.call(self._session.call_tool, name, given)
        assert not found.isError, found.structuredContent
        return found.structuredContent or {}

    def failed(self, name: str, /, **given: Any) -> dict[str, Any]:
        found = self._portal.call(self._session.call_tool, name, given)
        assert found.isError, found.structuredContent
        return found.structuredContent or {}

    @contextmanager
    def connected(self, streams: Callable[[], Any]) -> Iterator[McpClient]:
        with ExitStack() as stack:
            self._portal = stack.enter_context(start_blocking_portal())
            talking = self._portal.wrap_async_context_manager(self._talking(streams))
            self._session = stack.enter_context(talking)
            yield self

    @asynccontextmanager
    async def _talking(self, streams: Callable[[], Any]) -> AsyncIterator[ClientSession]:
        asks = self._asked if self._asks else None
        async with streams() as (reads, writes), ClientSession(reads, writes, elicitation_callback=asks) as session:
            self._initialized = await session.initialize()
            yield session

    async def _asked(self, _context: Any, asked: types.ElicitRequestParams) -> types.ElicitResult:
        self.questions.append(asked.message)
        answer = self.answers.pop(0)
        if answer in ("accept", "unticked"):
            return types.ElicitResult(action="accept", content={"go_ahead": answer == "accept"})
        return types.ElicitResult(action="decline" if answer == "decline" else "cancel")


@contextmanager
def over_stdio(home: Path, *words: str) -> Iterator[McpClient]:
    """The program itself, in a process of its own."""
    environ = {name: text for name, text in os.environ.items() if not name.startswith(("XDG_", "BITGET_"))}
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "bitget_cli", "mcp", *words], env={**environ, "HOME": str(home)}
    )
    with McpClient().connected(lambda: stdio_client(started)) as client:
        yield client


@contextmanager
def raw(home: Path, *lines: dict[str, Any]) -> Iterator[subprocess.Popen[str]]:
    """The program in a process of its own, which was sent these lines after the greeting."""
    greeting = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}
    begun = (
        {"id": 1, "method": "initialize", "params": greeting},
        {"method": "notifications/initialized"},
        *lines,
    )
    words = [sys.executable, "-m", "bitget_cli", "mcp"]
    environ = {**os.environ, "HOME": str(home)}
    with subprocess.Popen(words, text=True, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        process.stdin.writelines(json.dumps({"jsonrpc": "2.0", **line}) + "\n" for line in begun)
        process.stdin.flush()
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def over_pipes(bitget: Bitget, *words: str, client: McpClient | None = None, **env: str) -> Iterator[McpClient]:
    """The program in this process, on the exchange of the test; it ends well once the client is gone."""
    with ExitStack() as stack:
        to_server, to_client = (_pipe(stack) for _ in range(2))
        environment = Environment(
            environ={**bitget.environ, **env},
            stdin=to_server[0],
            stdout=to_client[1],
            clock=bitget.clock,
            keyring=bitget.keyring,
        )
        ended: Future[int] = Future()

        def serve() -> None:
            ended.set_result(main(["mcp", *words], environment))
            to_client[1].close()

        server = Thread(target=serve, daemon=True)
        server.start()
        try:
            streams = lambda: stdio_server(anyio.wrap_file(to_client[0]), anyio.wrap_file(to_server[1]))  # noqa: E731
            with (client or McpClient()).connected(lambda: _closing(streams(), to_server[1])) as talking:
                yield talking
        finally:
            to_server[1].close()
            server.join(30)
        assert ended.result(0) == 0


@asynccontextmanager
async def _closing(streams: Any, end: Any) -> AsyncIterator[Any]:
    """The streams, of which a reader in a thread ends only once the other end has."""
    async with streams as both:
        yield both
        end.close()


def _pipe(stack: ExitStack) -> tuple[Any, Any]:
    reader, writer = os.pipe()
    return (
        stack.enter_context(open(reader, encoding="utf-8")),
        stack.enter_context(open(writer, "w", encoding="utf-8")),
    )
