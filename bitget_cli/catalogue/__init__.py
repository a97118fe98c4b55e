"""What Bitget offers, as plain data: one row for each endpoint of its API.

A row's name is its path after /api/v2/ with dots: "mix.market.ticker". Only the module that holds a wanted row is
imported, since most runs of the program need one row.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import UsageError

# Which module holds which row: the starts of the names it answers for. The longest start wins.
HOMES = {
    "v2.broker": "broker.",
    "v2.convert": "convert.",
    "v2.copy_futures": "copy.mix-broker. copy.mix-follower. copy.mix-trader.",
    "v2.copy_spot": "copy.spot-follower. copy.spot-trader.",
    "v2.earn": "earn.account. earn.elite. earn.savings. earn.sharkfin.",
    "v2.futures_account": "account. common. mix.account.",
    "v2.futures_market": "mix.market.",
    "v2.futures_orders": "mix.order.",
    "v2.futures_plans": """
        mix.order.cancel-plan-order mix.order.modify-plan-order mix.order.modify-tpsl-order
        mix.order.orders-plan-history mix.order.orders-plan-pending mix.order.place-plan-order
        mix.order.place-pos-tpsl mix.order.place-tpsl-order mix.order.plan-sub-order
    """,
    "v2.futures_positions": "mix.order.click-backhand mix.order.close-positions mix.position.",
    "v2.loans": "earn.loan. spot.ins-loan.",
    "v2.margin_crossed": "margin.",
    "v2.margin_isolated": "margin.isolated.",
    "v2.p2p": "p2p.",
    "v2.public": "public.",
    "v2.spot_account": "spot.account.",
    "v2.spot_market": "spot.market. spot.public.",
    "v2.spot_orders": "spot.trade.",
    "v2.spot_plans": """
        spot.trade.batch-cancel-plan-order spot.trade.cancel-plan-order spot.trade.current-plan-order
        spot.trade.history-plan-order spot.trade.modify-plan-order spot.trade.place-plan-order
        spot.trade.plan-sub-order
    """,
    "v2.subaccounts": "user.",
    "v2.tax": "tax.",
    "v2.trading_data": """
        margin.market. mix.market.account-long-short mix.market.isolated-borrow-rate mix.market.long-short
        mix.market.position-long-short mix.market.taker-buy-sell spot.market.fund-flow spot.market.fund-net-flow
        spot.market.support-symbols spot.market.whale-net-flow
    """,
    "v2.wallet": "spot.account.sub-main-trans-record spot.account.transferRecords spot.wallet.",
}


_HOME_OF = {start: module for module, starts in HOMES.items() for start in starts.split()}


def find(name: str) -> Endpoint:
    """The row of that name or path, of v2 or v1. Raises UsageError, with near misses, when there is none."""
    row = _look_up(v2_twin(name) or name.removeprefix("/api/v2/").replace("/", "."))
    if row is None:
        raise UsageError(f'there is no endpoint "{name}"', hint=_suggestion(name))
    return row


def find_path(method: str, path: str) -> Endpoint | None:
    """The row of a method and a full path such as "/api/v2/mix/market/ticker", or None."""
    if not path.startswith("/api/v2/"):
        return None
    row = _look_up(path.removeprefix("/api/v2/").replace("/", "."))
    return row if row is not None and row.method == method.upper() else None


def v2_twin(path: str) -> str | None:
    """The name of the row that took the place of a path of the v1 API, which Bitget has switched off."""
    lower = path.lower()
    return _v1_paths_in_lower_case().get(lower) if "/v1/" in lower else None


def v1_paths(row: Endpoint) -> list[str]:
    """The paths of v1 whose place the row took."""
    return [path for path, name in _v1_paths().items() if name == row.name]


@cache
def _v1_paths() -> dict[str, str]:
    """Each path of v1 and the name of its twin, as `v1_paths.txt` lists them."""
    text = Path(__file__).with_name("v1_paths.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {path: name for path, _, name in (line.partition(" ") for line in lines)}


@cache
def _v1_paths_in_lower_case() -> dict[str, str]:
    """No other spelling of an old path leads past its twin."""
    return {path.lower(): name for path, name in _v1_paths().items()}


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Every row, in order of name."""
    rows = (row for module in HOMES for row in _rows(module).values())
    return tuple(sorted(rows, key=lambda row: row.name))


def _look_up(name: str) -> Endpoint | None:
    starts = [start for start in _HOME_OF if name.startswith(start)]
    if not starts:
        return None
    return _rows(_HOME_OF[max(starts, key=len)]).get(name)


@cache
def _rows(module: str) -> dict[str, Endpoint]:
    named = vars(import_module(f"bitget_cli.catalogue.{module}")).values()
    return {row.name: row for row in named if isinstance(row, Endpoint)}


def _suggestion(name: str) -> str:
    from difflib import get_close_matches

    # `placeOrder` is the last word of several paths of v1.
    twins = [twin for path, twin in _v1_paths().items() if path.lower().endswith(f"/{name.lower()}")]
    near = list(dict.fromkeys(twins)) or get_close_matches(
        name.lower(), [row.name for row in endpoints()], n=3, cutoff=0.6
    )
    if not near:
        return "`bitget api list` names them all"
    return f"did you mean {' or '.join(near)}? `bitget api list` names them all"
