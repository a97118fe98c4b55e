"""Every row of Bitget's market data has an answer, with all its fields, and the answers agree with one another."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from bitget_cli.catalogue.model import Endpoint, Shape
from bitget_cli.catalogue.v2 import futures_market, public, spot_market, trading_data
from bitget_cli.paper.instruments import COIN_M, SPOT, USDC_M, USDT_M, PaperInstrument

ROWS = {
    row.name: row
    for module in (futures_market, futures_market, futures_market, public, spot_market, trading_data)
    for row in getattr(module, "ROWS", ())
}
FUTURES = (*USDT_M, *USDC_M, *COIN_M)
NOW = 1_772_454_896_789


def given(row: Endpoint) -> dict[str, str]:
    """What a request for BTC has to say."""
    words = {"symbol": "BTCUSDT", "productType": "usdt-futures", "coin": "BTC", "language": "en_US"}
    spot = row.name.startswith("spot")
    words |= {"granularity": "1min" if spot else "1m", "endTime": "1772454800000"}
    return {param.name: words[param.name] for param in row.params if param.required}


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_every_row_is_answered_with_all_its_fields(ask: Any, row: Endpoint) -> None:
    data = ask(row.path.removeprefix("/api/v2/"), **given(row))
    names = {field.name for field in row.fields if field.place is None}
    if row.shape is Shape.ARRAYS:
        places = [field.place for field in row.fields if field.place is not None]
        assert all(len(bar) == max(places) + 1 for bar in data)
        assert len(data) == 100
        return
    inner = data[row.paging.rows_at] if row.paging.rows_at else data
    one = inner[0] if isinstance(inner, list) else inner
    assert {name.split(".")[0].split("[")[0] for name in names} <= set(one)


def prices_of(ask: Any, instrument: PaperInstrument) -> dict[str, Any]:
    if instrument in SPOT:
        return dict(ask("spot/market/tickers", symbol=instrument.symbol)[0])
    return dict(ask("mix/market/ticker", symbol=instrument.symbol, productType=instrument.product.wire)[0])


def asked(ask: Any, instrument: PaperInstrument, name: str, **more: Any) -> Any:
    """The spot or the futures call of a name."""
    if instrument in SPOT:
        return ask(f"spot/market/{name}", symbol=instrument.symbol, **more)
    return ask(f"mix/market/{name}", symbol=instrument.symbol, productType=instrument.product.wire, **more)


def minute(instrument: PaperInstrument) -> str:
    return "1min" if instrument in SPOT else "1m"


EVERY = pytest.mark.parametrize("instrument", [*SPOT, *FUTURES], ids=lambda each: each.name)


@EVERY
def test_the_ticker_is_the_fold_of_a_day_of_minutes(ask: Any, instrument: PaperInstrument) -> None:
    ticker = prices_of(ask, instrument)
    bars = asked(ask, instrument, "candles", granularity=minute(instrument), limit=1000)
    older = asked(ask, instrument, "candles", granularity=minute(instrument), limit=440, endTime=bars[0][0])
    day = [*older, *bars]
    assert ticker.get("open24h", ticker.get("open")) == day[0][1]
    assert Decimal(ticker["high24h"]) == max(Decimal(bar[2]) for bar in day)
    assert Decimal(ticker["low24h"]) == min(Decimal(bar[3]) for bar in day)
    assert ticker["lastPr"] == day[-1][4]
    assert Decimal(ticker["baseVolume"]) == sum(Decimal(bar[5]) for bar in day)


@EVERY
def test_ticker_book_and_tape_agree(ask: Any, instrument: PaperInstrument) -> None:
    ticker = prices_of(ask, instrument)
    book = asked(ask, instrument, "merge-depth")
    tape = asked(ask, instrument, "fills")
    assert ticker["lastPr"] == tape[0]["price"]
    assert [Decimal(str(part)) for part in book["bids"][0]] == [Decimal(ticker["bidPr"]), Decimal(ticker["bidSz"])]
    assert [Decimal(str(part)) for part in book["asks"][0]] == [Decimal(ticker["askPr"]), Decimal(ticker["askSz"])]
    touch = ticker["askPr"] if tape[0]["side"] == "buy" else ticker["bidPr"]
    assert ticker["lastPr"] == touch
    assert Decimal(ticker["bidPr"]) < Decimal(ticker["askPr"])


@EVERY
def test_a_book_is_sorted_and_never_empty(ask: Any, instrument: PaperInstrument) -> None:
    for scale in ("scale0", "scale1", "scale2", "scale3"):
        book = asked(ask, instrument, "merge-depth", precision=scale, limit="max")
        bids = [Decimal(str(price)) for price, _ in book["bids"]]
        asks = [Decimal(str(price)) for price, _ in book["asks"]]
        assert bids == sorted(set(bids), reverse=True)
        assert asks == sorted(set(asks))
        assert 0 < bids[-1] <= bids[0] < asks[0]
        assert all(Decimal(str(size)) > 0 for _, size in (*book["bids"], *book["asks"]))
        step = Decimal(book["scale"])
        assert all(price % step == 0 for price in (*bids, *asks))


@pytest.mark.parametrize("instrument", FUTURES, ids=lambda each: each.name)
def test_mark_index_funding_and_interest_are_the_same_wherever_they_are_asked(
    ask: Any, instrument: PaperInstrument
) -> None:
    ticker = prices_of(ask, instrument)
    price = asked(ask, instrument, "symbol-price")[0]
    assert (price["price"], price["indexPrice"], price["markPrice"]) == (
        ticker["lastPr"],
        ticker["indexPrice"],
        ticker["markPrice"],
    )
    assert ticker["fundingRate"] == asked(ask, instrument, "current-fund-rate")[0]["fundingRate"]
    assert ticker["holdingAmount"] == asked(ask, instrument, "open-interest")["openInterestList"][0]["size"]
    every = ask("mix/market/tickers", productType=instrument.product.wire)
    assert ticker in every


def test_the_funding_rate_shown_is_the_one_paid_at_the_next_funding(ask: Any, another: Callable[[], Any]) -> None:
    now = ask("mix/market/current-fund-rate", productType="USDT-FUTURES", symbol="BTCUSDT")[0]
    later = another()
    later.wall = later.wall.replace(hour=16, minute=0)
    paid = later("mix/market/history-fund-rate", productType="USDT-FUTURES", symbol="BTCUSDT")
    assert (paid[0]["fundingTime"], paid[0]["fundingRate"]) == (now["nextUpdate"], now["fundingRate"])
    assert later("mix/market/funding-time", productType="USDT-FUTURES", symbol="BTCUSDT")[0]["nextFundingTime"] == str(
        int(now["nextUpdate"]) + 8 * 3_600_000
    )


def test_pages_of_funding_rates_follow_one_another(ask: Any) -> None:
    words = {"productType": "USDT-FUTURES", "symbol": "BTCUSDT"}
    both = ask("mix/market/history-fund-rate", pageSize=40, **words)
    second = ask("mix/market/history-fund-rate", pageSize=20, pageNo=2, **words)
    assert both[20:] == second


def test_fills_lie_in_the_candle_of_their_minute(ask: Any) -> None:
    start = NOW // 60_000 * 60_000 - 60_000
    tape = ask("spot/market/fills-history", symbol="ETHUSDT", startTime=start, endTime=start + 59_999, limit=1000)
    bar = ask("spot/market/candles", symbol="ETHUSDT", granularity="1min", startTime=start, endTime=start + 60_000)[0]
    shown = [Decimal(trade["price"]) for trade in tape]
    assert bar[0] == str(start)
    assert (tape[-1]["price"], max(shown), min(shown), tape[0]["price"]) == (
        bar[1],
        Decimal(bar[2]),
        Decimal(bar[3]),
        bar[4],
    )
    assert sum(Decimal(trade["size"]) for trade in tape) == Decimal(bar[5])


def test_walking_back_by_id_meets_every_trade_once(ask: Any) -> None:
    words = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}
    whole = ask("mix/market/fills-history", limit=300, **words)
    walked = ask("mix/market/fills-history", limit=100, **words)
    while len(walked) < 300:
        walked += ask("mix/market/fills-history", limit=100, idLessThan=walked[-1]["tradeId"], **words)
    assert walked == whole
    assert [int(trade["tradeId"]) for trade in whole] == sorted((int(t["tradeId"]) for t in whole), reverse=True)


def test_takers_buy_and_sell_the_volume_of_the_candle(ask: Any) -> None:
    flows = ask("mix/market/taker-buy-sell", symbol="BTCUSDT", period="1h")
    bars = ask("mix/market/history-candles", symbol="BTCUSDT", productType="USDT-FUTURES", granularity="1H", limit=30)
    assert [(row["ts"], Decimal(row["buyVolume"]) + Decimal(row["sellVolume"])) for row in flows] == [
        (bar[0], Decimal(bar[5])) for bar in bars
    ]


def test_the_shares_of_a_flow_are_of_the_whole(ask: Any) -> None:
    flow = ask("spot/market/fund-flow", symbol="BTCUSDT")
    for word in ("Buy", "Sell"):
        assert 0.999 < sum(float(flow[f"{who}{word}Ratio"]) for who in ("whale", "dolphin", "fish")) <= 1


def test_announcements_are_the_paper_exchanges_own_and_can_be_paged(ask: Any) -> None:
    every = ask("public/annoucements", language="en_US")
    assert len(every) >= 4
    assert all("aper exchange" in row["annTitle"] for row in every)
    first = ask("public/annoucements", language="zh_CN", limit=2)
    assert first + ask("public/annoucements", language="en_US", cursor=first[-1]["annId"]) == every
    kind = every[0]["annType"]
    assert all(row["annType"] == kind for row in ask("public/annoucements", language="en_US", annType=kind))


def test_the_tiers_of_btcusdt_are_bitgets(ask: Any) -> None:
    tiers = ask("mix/market/query-position-lever", symbol="BTCUSDT", productType="USDT-FUTURES")
    assert [(t["endUnit"], t["leverage"], t["keepMarginRate"]) for t in tiers[:3]] == [
        ("150000", "125", "0.004"),
        ("900000", "100", "0.005"),
        ("6000000", "75", "0.0075"),
    ]
    assert all(left["endUnit"] == right["startUnit"] for left, right in pairwise(tiers))


@pytest.mark.parametrize("instrument", FUTURES, ids=lambda each: each.name)
def test_the_first_tier_has_the_contracts_own_leverage(ask: Any, instrument: PaperInstrument) -> None:
    tiers = asked(ask, instrument, "query-position-lever")
    contract = asked(ask, instrument, "contracts")[0]
    assert tiers[0]["leverage"] == contract["maxLever"]
    assert (contract["makerFeeRate"], contract["takerFeeRate"]) == ("0.0002", "0.0006")


def test_every_coin_traded_can_be_looked_up(ask: Any) -> None:
    known = {coin["coin"] for coin in ask("spot/public/coins")}
    for symbol in ask("spot/public/symbols"):
        assert {symbol["baseCoin"], symbol["quoteCoin"]} <= known
        assert (symbol["makerFeeRate"], symbol["takerFeeRate"]) == ("0.001", "0.001")
    assert ask("spot/public/coins", coin="xrp")[0]["chains"][0]["needTag"] == "true"


def test_retired_demo_products_are_empty(ask: Any) -> None:
    for name in ("SUSDT-FUTURES", "SUSDC-FUTURES", "SCOIN-FUTURES"):
        assert ask("mix/market/contracts", productType=name) == []
        assert ask("mix/market/tickers", productType=name) == []
