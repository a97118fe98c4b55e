"""Finding a row costs one import and says so when there is none."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rules import for_each

from bitget_cli.catalogue import endpoints, find, find_path, row_modules
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import UsageError

ASKS = "import sys; from bitget_cli.catalogue import find; find({name!r}); print(*sorted(sys.modules))"


@for_each(endpoints(), name=lambda row: row.name)
def test_every_row_is_found_by_its_name_and_by_its_path(row: Endpoint) -> None:
    assert find(row.name) is row
    assert find_path(row.method, row.path) is row


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("mix.market.ticker", "v2.futures_market"),
        ("mix.order.place-plan-order", "v2.futures_plans"),
        ("mix.market.long-short", "v2.trading_data"),
        ("spot.trade.fills", "v2.spot_orders"),
        ("v3.trade.place-order", "v3.orders"),
        ("/api/v3/account/assets", "v3.account"),
    ],
)
def test_only_the_module_that_holds_the_row_is_imported(name: str, module: str) -> None:
    ran = subprocess.run([sys.executable, "-c", ASKS.format(name=name)], capture_output=True, text=True, check=True)
    loaded = {name.removeprefix("bitget_cli.catalogue.") for name in ran.stdout.split()}
    assert {name for name in loaded if name.startswith(("v2.", "v3."))} == {module}
    assert "difflib" not in loaded


def test_the_list_of_rows_is_the_one_their_modules_make() -> None:
    for path, text in row_modules().items():
        assert path.read_text() == text, "python -m bitget_cli.manual writes it anew"
    names = [line.split()[0] for text in row_modules().values() for line in text.splitlines()]
    assert len(set(names)) == len(names)


def test_an_unknown_name_gets_near_misses() -> None:
    with pytest.raises(UsageError) as failure:
        find("mix.market.tickr")
    assert failure.value.message == 'there is no endpoint "mix.market.tickr"'
    assert failure.value.hint is not None
    assert "mix.market.ticker" in failure.value.hint


def test_a_name_unlike_any_other_gets_the_list() -> None:
    with pytest.raises(UsageError) as failure:
        find("zzzzzzzz")
    assert failure.value.hint == "`bitget api list` names them all"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v2/mix/market/ticker"),
        ("GET", "/api/v2/mix/market/tickr"),
        ("GET", "/api/v3/market/tickrs"),
        ("POST", "/api/v3/market/tickers"),
        ("GET", "/api/v4/market/tickers"),
        ("GET", "/api/v2/v3/market/tickers"),
        ("GET", "mix.market.ticker"),
    ],
)
def test_a_path_without_a_row_is_none(method: str, path: str) -> None:
    assert find_path(method, path) is None


def test_the_method_of_a_path_may_be_in_small_letters() -> None:
    assert find_path("get", "/api/v2/mix/market/ticker") is find("mix.market.ticker")
