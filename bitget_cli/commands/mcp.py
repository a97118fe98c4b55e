"""`bitget mcp`: the commands as tools, for programs that speak the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from bitget_cli.commands.command import Alone
from bitget_cli.errors import ConfigError, UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session


def mcp(
    session: Session,
    allow_changes: Annotated[
        bool, typer.Option("--allow-changes", help="Tools that change something, too; needs --profile.")
    ] = False,
) -> Result:
    """Offer the commands as tools over stdin and stdout to one program, until it closes stdin.

    On the paper exchange unless --profile says otherwise, whatever BITGET_PROFILE is. Elsewhere the tools only read,
    unless --allow-changes is given; a change on live is asked about through the program, and refused where that cannot
    ask. A tool runs the command of its name (`order_buy`) with all its guards, and answers what it answers under
    --json. Never tools: raw calls, profiles, keys, whatever runs without end.

    Example: bitget mcp
    """
    from bitget_cli import __version__
    from bitget_cli.commands.introspection import tools
    from bitget_cli.commands.introspection.tool_calls import ToolCalls

    try:
        from bitget_cli.servers.mcp_server import OfferedTool, serve
    except ModuleNotFoundError as missing:
        raise ConfigError(
            f"`bitget mcp` needs {missing.name}, which is not installed", hint="pip install 'bitget-cli[mcp]'"
        ) from None
    if allow_changes and session.shared.profile is None:
        raise UsageError("--allow-changes needs the profile to be named", hint="bitget mcp --allow-changes -p demo")
    name = session.shared.profile or "paper"
    with session.reopened(session.shared._replace(profile=name)) as served:
        access = tools.Access(name, served.env, allow_changes)
    offered = tools.offered(access)
    serve(
        [OfferedTool(*tools.listed(tool)) for tool in offered.values()],
        ToolCalls(session.environment, access, offered),
        about=tools.about(access),
        version=__version__,
        streams=(session.environment.stdin, session.environment.stdout),
    )
    return None


group = Alone("mcp", mcp)
