"""The instruments' cache: asked once in six hours, for each exchange apart, and never believed when it is broken."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from desk import BTC, COIN, DEMO, ETH, LIVE, SPOT, open_desk
from doubles import Bitget, StillClock, path_of
from pytest_httpx import HTTPXMock

from bitget_cli.errors import NetworkError
from bitget_cli.trading.adapters.classic.adapter import instrument_of
from bitget_cli.values import Product, Symbol

ORDER = "order buy BTCUSDT 0.01 --dry-run"


def lists_asked(exchange: HTTPXMock) -> int:
    return sum(
        path_of(request) in ("mix/market/contracts", "spot/public/symbols") for request in exchange.get_requests()
    )


def cache_files(home: Path) -> list[Path]:
    return sorted((home / "state" / "bitget" / "instruments").glob("*.json"))


@pytest.mark.parametrize(("later", "asked"), [(timedelta(hours=5, minutes=59), 1), (timedelta(hours=6), 2)])
def test_the_list_is_asked_again_after_six_hours(
    bitget: Bitget, exchange: HTTPXMock, clock: StillClock, later: timedelta, asked: int
) -> None:
    open_desk(exchange)
    bitget(ORDER, env=DEMO)
    clock.moment += later
    bitget(ORDER, env=DEMO)
    assert lists_asked(exchange) == asked


def test_a_list_from_the_future_is_asked_again(bitget: Bitget, exchange: HTTPXMock, clock: StillClock) -> None:
    open_desk(exchange)
    bitget(ORDER, env=DEMO)
    clock.moment -= timedelta(days=1)
    bitget(ORDER, env=DEMO)
    assert lists_asked(exchange) == 2


def test_each_environment_and_product_has_its_own(bitget: Bitget, exchange: HTTPXMock, home: Path) -> None:
    open_desk(exchange)
    for env, line in ((DEMO, ORDER), (LIVE, ORDER), (LIVE, "order sell BTC/USDT 1 --dry-run")):
        assert bitget(line, env=env).status == 0
    assert bitget("-p paper order sell BTC/USDT 1 --dry-run").status == 0
    names = [path.name for path in cache_files(home)]
    assert names == [
        "demo-api-bitget-com-usdt-futures.json",
        "live-api-bitget-com-spot.json",
        "live-api-bitget-com-usdt-futures.json",
        "paper-paper-localhost-spot.json",
    ]


def test_another_address_is_another_exchange(bitget: Bitget, exchange: HTTPXMock, home: Path) -> None:
    open_desk(exchange)
    there = {**DEMO, "BITGET_API_BASE_URL": "http://127.0.0.1:8765"}
    assert bitget(ORDER, env=there).status == 0
    assert [path.name for path in cache_files(home)] == ["demo-127-0-0-1-8765-usdt-futures.json"]


BROKEN = [b"", b"{", b"[]", b"null", b'{"fetched":1}', b'{"fetched":"x","rows":[]}', b"\xff\xfe", b"[" * 100_000]
BROKEN += [b'{"fetched":1772452800000,"rows":[{}]}', b'{"fetched":99999999999999999999,"rows":[]}']


@pytest.mark.parametrize("content", BROKEN, ids=lambda content: content[:20])
def test_a_broken_file_is_fetched_anew(bitget: Bitget, exchange: HTTPXMock, home: Path, content: bytes) -> None:
    open_desk(exchange)
    bitget(ORDER, env=DEMO)
    (path,) = cache_files(home)
    path.write_bytes(content)
    assert bitget(ORDER, env=DEMO).status == 0
    assert lists_asked(exchange) == 2
    assert b"BTCUSDT" in path.read_bytes()


def test_a_file_others_can_write_is_not_believed(bitget: Bitget, exchange: HTTPXMock, home: Path) -> None:
    open_desk(exchange)
    bitget(ORDER, env=DEMO)
    cache_files(home)[0].chmod(0o666)
    assert bitget(ORDER, env=DEMO).status == 0
    assert lists_asked(exchange) == 2


def test_a_market_listed_since_is_found(bitget: Bitget, exchange: HTTPXMock, clock: StillClock) -> None:
    desk = open_desk(exchange)
    bitget(ORDER, env=DEMO)
    desk.answers["mix/market/contracts"] = [BTC, {**BTC, "symbol": "NEWUSDT"}]
    line = "order buy NEWUSDT 0.01 --dry-run"
    clock.moment += timedelta(minutes=2)
    assert bitget(line, env=DEMO).status == 0


def test_a_folder_that_cannot_be_written_costs_a_request_and_no_more(
    bitget: Bitget, exchange: HTTPXMock, home: Path
) -> None:
    open_desk(exchange)
    (home / "state").mkdir(mode=0o700)
    (home / "state" / "bitget").mkdir(mode=0o700)
    (home / "state" / "bitget" / "instruments").write_text("a file in the way")
    assert bitget("order sell BTC/USDT 1 --dry-run", env=DEMO).status == 0


TERMS: list[tuple[dict[str, Any], Product, dict[str, str | None]]] = [
    (BTC, Product.USDT_FUTURES, {"tick": "0.1", "step": "0.0001", "margin_coin": "USDT", "largest": "1200"}),
    (ETH, Product.USDT_FUTURES, {"tick": "0.05", "step": "0.01", "smallest": "0.01"}),
    (
        {**BTC, "sizeMultiplier": "", "minTradeUSDT": "0"},
        Product.USDT_FUTURES,
        {"step": "0.0001", "smallest_value": None},
    ),
    (COIN, Product.COIN_FUTURES, {"margin_coin": "BTC"}),
    ({**COIN, "supportMarginCoins": ["ETH"]}, Product.COIN_FUTURES, {"margin_coin": "ETH"}),
    (BTC, Product.USDC_FUTURES, {"margin_coin": "USDT"}),
    (SPOT, Product.SPOT, {"tick": "0.01", "step": "0.000001", "quote_step": "0.00000001", "largest": None}),
    ({**SPOT, "quoteCoin": "BTC"}, Product.SPOT, {"smallest_value": None}),
    ({**SPOT, "buyLimitPriceRatio": "n/a"}, Product.SPOT, {"buy_band": None}),
]


@pytest.mark.parametrize(("told", "product", "read"), TERMS)
def test_the_terms_are_read_exactly(told: dict[str, Any], product: Product, read: dict[str, str | None]) -> None:
    terms = instrument_of(Symbol(told["symbol"], product), told)
    for name, value in read.items():
        found = getattr(terms, name)
        assert found == (value if name == "margin_coin" or value is None else Decimal(value))


@pytest.mark.parametrize("places", ["", "x", "-1", "1e2", "100", None])
def test_a_price_without_decimals_told_is_no_terms_at_all(places: str | None) -> None:
    with pytest.raises(NetworkError, match="pricePlace"):
        instrument_of(Symbol("BTCUSDT", Product.USDT_FUTURES), {**BTC, "pricePlace": places})
