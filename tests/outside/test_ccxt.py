"""ccxt as judge: it is pointed at the paper exchange and given no special treatment."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import httpx
import pytest

from bitget_cli.paper.credentials import KEY

pytestmark = [
    pytest.mark.outside,
    # ccxt's own habits, not ours.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

MARKETS = ["BTC/USDT", "USDC/USDT", "BTC/USDT:USDT", "DOGE/USDT:USDT", "ETH/USDC:USDC", "XRP/USD:XRP"]


def pointed(url: str, **keys: str) -> Any:
    ccxt = pytest.importorskip("ccxt")
    client = ccxt.bitget(keys)
    client.urls["api"] = dict.fromkeys(client.urls["api"], url)
    return client


@pytest.fixture(scope="module")
def client(paper_url: str) -> Any:
    client = pointed(paper_url)
    client.load_markets()
    return client


@pytest.fixture
def own(paper_url: str, client: Any) -> Any:
    """The exchange's own words about a market of ccxt's."""

    def ask(symbol: str, name: str, **words: Any) -> Any:
        market = client.market(symbol)
        if market["spot"]:
            place = "spot/market"
        else:
            place = "mix/market"
            words["productType"] = {"USDT": "USDT-FUTURES", "USDC": "USDC-FUTURES"}.get(
                market["settle"], "COIN-FUTURES"
            )
        url = f"{paper_url}/api/v2/{place}/{name}"
        return httpx.get(url, params={"symbol": market["id"], **words}).raise_for_status().json()["data"]

    return ask


def test_it_finds_every_market_and_coin(client: Any) -> None:
    assert len(client.markets) == 23
    assert set(client.currencies["USDT"]["networks"]) == {"TRC20", "ERC20", "BEP20"}
    assert client.market("BTC/USDT:USDT")["precision"] == {"amount": 0.0001, "price": 0.1}
    assert client.market("BTC/USDT")["precision"] == {"amount": 0.000001, "price": 0.01}
    assert client.market("BTC/USD:BTC")["precision"] == {"amount": 0.0001, "price": 0.5}
    assert client.market("BTC/USD:BTC")["inverse"] is True
    assert client.market("BTC/USDT:USDT")["taker"] == 0.0006
    assert client.market("BTC/USDT")["maker"] == 0.001


@pytest.mark.parametrize("symbol", MARKETS)
def test_tickers_are_read_as_they_are(client: Any, own: Any, symbol: str) -> None:
    row = own(symbol, "tickers" if client.market(symbol)["spot"] else "ticker")[0]
    ticker = client.fetch_ticker(symbol)
    for theirs, ours in (
        ("last", "lastPr"),
        ("bid", "bidPr"),
        ("ask", "askPr"),
        ("high", "high24h"),
        ("low", "low24h"),
    ):
        assert ticker[theirs] == float(row[ours])
    assert ticker["open"] == float(row.get("open24h", row.get("open")))
    assert ticker["baseVolume"] == float(row["baseVolume"])
    assert ticker["bid"] <= ticker["last"] <= ticker["ask"]


def test_all_tickers_of_a_product_come_at_once(client: Any) -> None:
    assert len(client.fetch_tickers()) == 9
    assert len(client.fetch_tickers(params={"productType": "COIN-FUTURES"})) >= 3


@pytest.mark.parametrize("symbol", MARKETS)
def test_books_are_read_as_they_are(client: Any, own: Any, symbol: str) -> None:
    book = client.fetch_order_book(symbol, 15)
    row = own(symbol, "merge-depth", limit="15")
    assert book["bids"] == [[float(part) for part in level] for level in row["bids"]]
    assert book["asks"] == [[float(part) for part in level] for level in row["asks"]]


@pytest.mark.parametrize("symbol", MARKETS)
def test_trades_are_read_as_they_are(client: Any, own: Any, symbol: str) -> None:
    trades = client.fetch_trades(symbol, limit=50)
    rows = own(symbol, "fills-history", limit="50")[::-1]
    assert [(each["id"], each["price"], each["amount"], each["side"], str(each["timestamp"])) for each in trades] == [
        (row["tradeId"], float(row["price"]), float(row["size"]), row["side"].lower(), row["ts"]) for row in rows
    ]


@pytest.mark.parametrize("timeframe", ["1m", "15m", "1h", "6h", "1d", "1w"])
@pytest.mark.parametrize("symbol", MARKETS)
def test_candles_hang_together(client: Any, symbol: str, timeframe: str) -> None:
    bars = client.fetch_ohlcv(symbol, timeframe, limit=10)
    length = client.parse_timeframe(timeframe) * 1000
    assert len(bars) == 10
    for before, after in pairwise(bars):
        assert after[0] - before[0] == length
        assert after[1] == before[4]
    assert bars[-1][4] == client.fetch_ticker(symbol)["last"]


def test_old_candles_are_found_by_their_time(client: Any) -> None:
    since = client.parse8601("2025-06-01T00:00:00Z")
    bars = client.fetch_ohlcv("ETH/USDT:USDT", "1h", since=since, limit=24)
    assert [bar[0] for bar in bars] == [since + hour * 3_600_000 for hour in range(24)]


def test_futures_have_their_funding_interest_marks_and_tiers(client: Any, own: Any) -> None:
    symbol = "BTC/USDT:USDT"
    assert client.fetch_funding_rate(symbol)["fundingRate"] == float(own(symbol, "current-fund-rate")[0]["fundingRate"])
    assert len(client.fetch_funding_rate_history(symbol, limit=50)) == 50
    assert client.fetch_open_interest(symbol)["openInterestAmount"] > 0
    assert client.fetch_mark_ohlcv(symbol, "1m", limit=5)[-1][4] == pytest.approx(
        client.fetch_ticker(symbol)["last"], 1e-2
    )
    assert client.fetch_market_leverage_tiers(symbol)[0]["maxLeverage"] == 125


def test_the_clock_is_the_paper_one(client: Any) -> None:
    assert client.iso8601(client.fetch_time()) == "2026-03-02T12:34:56.789Z"


def test_an_account_with_keys_is_taken_for_a_classic_one(paper_url: str) -> None:
    key, secret, passphrase = KEY
    signed = pointed(paper_url, apiKey=key, secret=secret, password=passphrase)
    signed.load_markets()
    assert not signed.options.get("uta")


@pytest.mark.parametrize(("wrong", "code"), [("apiKey", "40006"), ("secret", "40009"), ("password", "40012")])
def test_wrong_keys_are_authentication_errors(paper_url: str, wrong: str, code: str) -> None:
    ccxt = pytest.importorskip("ccxt")
    keys = {**dict(zip(("apiKey", "secret", "password"), KEY, strict=True)), wrong: "wrong"}
    with pytest.raises(ccxt.AuthenticationError) as failure:
        pointed(paper_url, **keys).private_earn_get_v2_earn_savings_product()
    assert json.loads(str(failure.value).removeprefix("bitget "))["code"] == code
