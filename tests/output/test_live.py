"""Live tables: what one reads on the screen after what the stream said."""

from __future__ import annotations

import io
import itertools
import os
import pty
import re
import termios
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doubles import Screen, StillClock
from rich.cells import cell_len
from rules import for_each
from script import LIVE, NOW, Script, push, reader

from bitget_cli.errors import NetworkError
from bitget_cli.output.cells import Cell, text_of
from bitget_cli.output.live import number_format
from bitget_cli.output.live.candles import Bar, chart
from bitget_cli.output.live.live_screen import FooterState, footer, live_view_of
from bitget_cli.output.live.orders import action
from bitget_cli.output.live.view import LiveView, Viewport
from bitget_cli.output.stream import play
from bitget_cli.output.table import Look
from bitget_cli.output.terminal import Keyboard
from bitget_cli.results import Feed
from bitget_cli.stream_events import Gap, Message, Push, Refusal, Status

TICKER = {
    "instId": "BTCUSDT",
    "lastPr": "67000.1",
    "bidPr": "67000.0",
    "bidSz": "1.5",
    "askPr": "67000.2",
    "askSz": "0.5",
    "high24h": "68000",
    "low24h": "66000",
    "change24h": "-0.0123",
    "quoteVolume": "2410520221.6",
    "markPrice": "67000.3",
    "indexPrice": "67010.3",
    "fundingRate": "0.0001",
    "nextFundingTime": str(NOW + 3_723_000),
    "holdingAmount": "42735.0188",
}
BOOK = {
    "bids": [["67000.0", "1.5"], ["66999.9", "3"]],
    "asks": [["67000.2", "0.5"], ["67000.3", "1"]],
    "seq": 12,
    "checked": "verified",
}
POSITION = {
    "instId": "BTCUSDT",
    "holdSide": "long",
    "marginMode": "crossed",
    "leverage": 10,
    "total": "0.01",
    "openPriceAvg": "66000",
    "markPrice": "66100",
    "unrealizedPL": "1",
    "marginSize": "66",
    "marginCoin": "USDT",
    "liquidationPrice": "60300.27",
    "posMode": "hedge_mode",
}
ORDER = {
    "orderId": "1300000000000000123",
    "instId": "BTCUSDT",
    "side": "buy",
    "posSide": "long",
    "tradeSide": "close",
    "orderType": "limit",
    "force": "gtc",
    "price": "66000",
    "size": "0.4",
    "accBaseVolume": "0.1",
    "status": "partially_filled",
    "cTime": str(NOW),
}
FILL = {
    "symbol": "BTCUSDT",
    "tradeId": "1400000000000000102",
    "side": "sell",
    "tradeSide": "close",
    "price": "67000",
    "baseVolume": "0.1",
    "quoteVolume": "6700",
    "profit": "6.60",
    "tradeScope": "taker",
    "feeDetail": [{"feeCoin": "USDT", "totalFee": "-0.2680"}],
    "cTime": str(NOW),
}


def scene(kind: str, *messages: Message, look: dict[str, Any] | None = None) -> LiveView:
    made = live_view_of(Feed(Script([]), kind, (), "paper", look=look or {}))
    for message in messages:
        if isinstance(message, Push):
            made.take(message)
        elif isinstance(message, Gap):
            made.gap(message)
        elif isinstance(message, Status):
            made.status(message)
    return made


def lines(
    shown: LiveView, *, width: int = 160, height: int = 30, now: int = NOW, sort: str = "", marks: bool = True
) -> list[str]:
    return [*map(text_of, shown.body(Viewport(Look(width, marks), height, now, sort)))]


def words(text: str) -> list[str]:
    return re.split(r"  +", text.strip())


# The ticker board.


def test_a_board_says_it_all_where_there_is_room() -> None:
    head, row = lines(scene("ticker", push("ticker", TICKER)), width=200)
    assert "Spread bp" in head
    assert "Funding" in head
    assert words(row)[:2] == ["BTCUSDT", "67000.1"]
    for said in ("-1.23 %", "2.41 B", "0.03", "+0.0100 %", "-1.49", "1:02:03", "42.74 K", "0 s"):
        assert said in row


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 120, 160, 240])
def test_a_board_drops_what_matters_least_and_never_wraps(width: int) -> None:
    markets = [push("ticker", TICKER, symbol=name, market=market) for name in ("BTCUSDT", "ETHUSDT") for market in M]
    head, *rows = lines(scene("ticker", *markets), width=width)
    assert len(rows) == 4
    assert all(len(line) <= max(width, 50) for line in (head, *rows))
    assert "Last" in head
    assert ("Bid" in head) is (width >= 60)


M = ("usdt-futures", "spot")


def test_an_arrow_tells_where_the_last_price_went() -> None:
    board = scene("ticker", push("ticker", TICKER), push("ticker", {**TICKER, "lastPr": "67000.2"}))
    assert "▲" in lines(board)[1]
    board.take(push("ticker", {**TICKER, "lastPr": "66999"}))
    assert "▼" in lines(board)[1]
    assert "v" in words(lines(board, marks=False)[1])


def test_what_changed_is_lit_for_a_moment() -> None:
    board = scene("ticker", push("ticker", TICKER), push("ticker", {**TICKER, "lastPr": "67000.2"}))
    look = Look(160, True)
    assert Cell("67000.2", "reverse green") in board.body(Viewport(look, 10, NOW + 100))[1]
    assert board.is_lively(NOW + 400)
    assert Cell("67000.2", "green") in board.body(Viewport(look, 10, NOW + 2000))[1]
    assert not board.is_lively(NOW + 2000)


def test_a_price_that_goes_on_changing_is_not_lit_all_the_time() -> None:
    board = scene("ticker", push("ticker", TICKER))
    lit = 0
    for frame in range(1, 101):
        now = NOW + frame * 200
        board.take(push("ticker", {**TICKER, "lastPr": f"67{frame:03}.2"}, received=now))
        lit += any("reverse" in cell.tone for cell in board.body(Viewport(Look(160, True), 10, now))[1])
    assert 8 <= lit <= 25


def test_a_trailing_order_keeps_saying_how_far_it_trails() -> None:
    row = {"orderId": "1", "planType": "track", "triggerPrice": "60000", "status": "live", "callbackRatio": "1"}
    later = {name: value for name, value in row.items() if name != "callbackRatio"} | {"triggerPrice": "61000"}
    plans = scene("plans", push("plans", row), push("plans", later))
    assert "trailing 1 %" in " ".join(lines(plans))
    assert "61000" in " ".join(lines(plans))


@pytest.mark.parametrize(
    ("kind", "row", "kept"),
    [
        (
            "positions",
            {
                "instId": "BTCUSDT",
                "holdSide": "long",
                "total": "0.123",
                "openPriceAvg": "65662.1",
                "markPrice": "65658.6",
            }
            | {"liquidationPrice": "52000.5", "unrealizedPL": "-1234.5", "marginSize": "8000", "marginMode": "crossed"}
            | {"leverage": "20", "marginCoin": "USDT", "breakEvenPrice": "65700"},
            ("52000.5", "20.8 %"),
        ),
        (
            "orders",
            {
                "orderId": "1772452800000000010",
                "side": "sell",
                "tradeSide": "close",
                "posSide": "long",
                "price": "70000",
            }
            | {"size": "0.02", "status": "partially_filled", "orderType": "limit", "force": "post_only"},
            ("1772452800000000010",),
        ),
        (
            "plans",
            {"orderId": "1772452800000000013", "planType": "mtpsl", "callbackRatio": "2.5", "triggerPrice": "65662.1"}
            | {"side": "sell", "tradeSide": "close", "posSide": "long", "size": "0.05", "status": "live"},
            ("1772452800000000013", "trailing exit 2.5 %"),
        ),
    ],
)
def test_what_matters_most_stays_on_eighty_columns(kind: str, row: dict[str, str], kept: tuple[str, ...]) -> None:
    shown = lines(scene(kind, push(kind, row)), width=80)
    assert [one for one in kept if one not in " ".join(shown)] == []
    assert max(map(len, shown)) <= 80


def test_a_board_is_sorted_as_asked() -> None:
    small = push("ticker", {**TICKER, "quoteVolume": "1"}, symbol="ALT")
    board = scene("ticker", small, push("ticker", TICKER), look={"sort": "quoteVolume"})
    assert board.sorts[0] == "quoteVolume"
    orders = {sort: [words(line)[0] for line in lines(board, sort=sort)[1:]] for sort in board.sorts}
    assert orders["quoteVolume"] == orders["volume"] == ["BTCUSDT", "ALT"]
    assert orders["as typed"] == orders["symbol"] == ["ALT", "BTCUSDT"]


def test_a_compact_board_has_price_change_and_age() -> None:
    head, _ = lines(scene("ticker", push("ticker", TICKER), look={"compact": True}))
    assert words(head) == ["Symbol", "Last", "24h", "Age"]


# The depth ladder.


def test_a_ladder_has_bids_left_and_asks_right() -> None:
    shown = lines(scene("depth", push("depth", BOOK), push("ticker", TICKER), look={"levels": 5, "channel": "books"}))
    assert shown[0] == "last 67000.1   mid 67000.10   spread 0.2 (0.03 bp)"
    assert shown[1] == "imbalance +50.0 %   bid 4.5   ask 1.5"
    assert words(shown[3]) == ["sum", "size", "bid │", "ask", "size", "sum"]
    assert words(shown[4])[-5:] == ["1.5", "67000.0 │ 67000.2", "0.5", "0.5", "█████"]
    assert words(shown[-1]) == ["books · seq 12 · verified · age 0 s"]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 160])
def test_a_ladder_fits(width: int) -> None:
    shown = lines(scene("depth", push("depth", BOOK), look={"levels": 50}), width=width, height=9)
    assert len(shown) == 9
    assert all(len(line) <= max(width, 50) for line in shown)


def test_a_book_that_lost_its_place_says_so() -> None:
    ladder = scene("depth", push("depth", BOOK), Gap(1, "seq", "books", "BTCUSDT", NOW))
    assert "RESYNC" in lines(ladder)[-1]
    ladder.gap(Gap(1, "seq", "books", "BTCUSDT", NOW, NOW, None, "snapshot"))
    assert "RESYNC" not in lines(ladder)[-1]


@pytest.mark.parametrize("rows", [None, "x", [], [["a", "b"]], [["1"]], [[None, None]], {"0": "1"}])
def test_levels_that_are_none_are_left_out(rows: Any) -> None:
    assert lines(scene("depth", push("depth", {"bids": rows, "asks": [["1", "1"]]})))


# The tape, candles.


def trade(number: int, side: str = "buy") -> Push:
    row = {"tradeId": f"14000000{number:06}", "price": "67000.1", "size": "0.5", "side": side, "ts": str(NOW + number)}
    return push("trades", row, ts=NOW + number)


def test_the_newest_trade_is_on_top_and_gaps_are_lines() -> None:
    gap = Gap(1, "disconnect", "trade", "BTCUSDT", NOW)
    tape = scene("trades", trade(1), gap, trade(2, "sell"))
    shown = lines(tape)
    assert shown[0] == "last minute 2 trades   bought 0.5   sold 0.5"
    assert words(shown[3])[1:] == ["sell", "67000.1", "0.5", "33500.05", "000002"]
    assert "gap since" in shown[4]
    assert "disconnect" in shown[4]
    assert "buy" in shown[5]
    tape.gap(gap._replace(until=NOW, recovered="overlap"))
    assert "nothing was lost" in lines(tape)[4]


def test_a_tape_is_cut_to_the_terminal() -> None:
    assert len(lines(scene("trades", *map(trade, range(1000))), height=12)) == 12


def candle(at: int, close: str, *, closed: bool = True) -> Push:
    row = {"start": str(NOW + at * 60_000), "open": "100", "high": "110", "low": "95", "close": close}
    return push("candles", {**row, "baseVolume": "5", "quoteVolume": "500", "closed": closed})


def test_candles_are_a_chart_above_their_rows() -> None:
    shown = lines(scene("candles", candle(0, "105"), candle(1, "99", closed=False), look={"granularity": "1m"}))
    text = "\n".join(shown)
    assert "┃" in text
    assert "110" in shown[0]
    first = next(line for line in shown if "…" in line)
    assert words(first)[1:7] == ["…", "100", "110", "95", "99", "-1.00 %"]


def test_several_markets_of_candles_share_the_screen() -> None:
    other = candle(0, "105")._replace(symbol="ETHUSDT")
    shown = lines(scene("candles", candle(0, "105"), other, look={"granularity": "1m"}), height=24)
    assert len(shown) == 24
    assert sum(line.startswith(("BTCUSDT", "ETHUSDT")) for line in shown) == 2


def test_long_bars_name_their_grid() -> None:
    assert "UTC" in scene("candles", look={"granularity": "1d"}).title()
    assert "UTC" not in scene("candles", look={"granularity": "1m"}).title()


def test_a_chart_of_bars_is_exact_and_as_high_as_asked() -> None:
    bars = [Bar(*map(Decimal, ("1", "4", "1", "4"))), Bar(*map(Decimal, ("4", "4", "1", "1")))]
    look = Look(20, marks=True)
    shown = [text_of(line).rstrip() for line in chart(bars, look, height=4, places=0)]
    assert shown == ["┃┃  4", "┃┃", "┃┃", "┃┃  1"]
    assert chart([], look, height=4, places=0) == []
    assert [*map(text_of, chart(bars, Look(20, marks=False), height=2, places=0))] == ["##  4", "##  1"]


# Your own.


def test_the_profit_of_a_position_is_reckoned_from_the_ticker() -> None:
    positions = scene("positions", push("positions", POSITION))
    head, row, *_ = lines(positions)
    assert "≈" not in row
    assert "+1.00" in row
    positions.take(push("ticker", {"markPrice": "67000"}))
    head, row, _, total = lines(positions)
    assert "cross 10x" in row
    assert [word for word in ("≈", "+10.00", "+15.15 %", "10.0 %") if word not in row] == []
    assert total == "total USDT   uPnL ≈ +10.00   ROE +15.15 %   margin 66.00"
    assert "Break-even" not in head


def test_a_short_gains_when_the_price_falls() -> None:
    short = push("positions", {**POSITION, "holdSide": "short"})
    assert "-10.00" in lines(scene("positions", short, push("ticker", {"markPrice": "67000"})))[1]


def test_inverse_contracts_keep_the_profit_they_were_told() -> None:
    inverse = push("positions", POSITION, market="coin-futures")
    row = lines(scene("positions", inverse, push("ticker", {"markPrice": "67000"}, market="coin-futures")))[1]
    assert "≈" not in row
    assert "+1.00" in row


@pytest.mark.parametrize("end", [{"closed": True}, {"total": "0"}])
def test_a_closed_position_goes(end: dict[str, Any]) -> None:
    assert lines(scene("positions", push("positions", POSITION), push("positions", {**POSITION, **end}))) == []


def test_a_reconciled_row_is_fresh_again() -> None:
    positions = scene("positions", push("positions", POSITION))
    later = NOW + 100_000
    assert "100 s" in lines(positions, now=later)[1]
    positions.status(Status("reconciled", later, {"market": "usdt-futures", "channel": "positions"}))
    assert "100 s" not in lines(positions, now=later)[1]


def test_an_order_shows_what_it_does_and_how_far_it_is() -> None:
    row = lines(scene("orders", push("orders", ORDER)), width=100)[1]
    assert [word for word in ("close long", "limit gtc", "25 %", "partially filled", "000123") if word not in row] == []
    assert ORDER["orderId"] in lines(scene("orders", push("orders", ORDER)))[1]


def test_an_order_that_ended_stays_ten_seconds() -> None:
    done = push("orders", {**ORDER, "status": "canceled"}, snapshot=False)
    orders = scene("orders", push("orders", ORDER), done)
    assert "canceled" in lines(orders, now=NOW + 9_000)[1]
    assert lines(orders, now=NOW + 11_000) == []


def test_orders_that_had_ended_before_are_no_news() -> None:
    assert lines(scene("orders", push("orders", {**ORDER, "status": "filled"}))) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"side": "buy", "posSide": "long", "tradeSide": "open"}, "open long"),
        ({"side": "buy", "posSide": "long", "tradeSide": "close"}, "close long"),
        ({"side": "sell", "posSide": "short", "tradeSide": "open"}, "open short"),
        ({"side": "sell", "posSide": "short", "tradeSide": "close"}, "close short"),
        # A fill names no position, but its side is what was really done.
        ({"side": "sell", "tradeSide": "close"}, "close long"),
        ({"side": "buy", "tradeSide": "close"}, "close short"),
        ({"side": "buy", "tradeSide": "open"}, "open long"),
        ({"side": "buy", "posSide": "net", "tradeSide": "buy_single"}, "buy"),
        ({"side": "sell"}, "sell"),
        ({"side": "sell", "posSide": "long", "tradeSide": "burst_close_long"}, "burst close long"),
        ({}, ""),
    ],
)
def test_an_action_is_named_in_a_traders_words(row: dict[str, str], said: str) -> None:
    assert action(row).text == said


def test_a_plan_says_when_and_what_then() -> None:
    plan = {**ORDER, "planType": "psl", "triggerPrice": "60000", "triggerType": "mark_price", "executePrice": "0"}
    row = lines(scene("plans", push("plans", {**plan, "price": "", "size": "", "status": "live"})))[1]
    assert words(row)[3:] == ["pos. stop loss", "close long", "60000", "mark", "market", "all", "live"]


@pytest.mark.parametrize(
    ("fee", "shown"),
    [
        ([{"feeCoin": "USDT", "totalFee": "-0.2680"}], "0.2680"),
        ([{"feeCoin": "BTC", "totalFee": "0.0001"}], "0.0001"),
        ([{"feeCoin": "BGB", "deduction": "yes", "totalDeductionFee": "-0.05", "totalFee": "0"}], "0.05"),
        ([], ""),
        (None, ""),
    ],
)
def test_a_fee_is_what_was_paid(fee: Any, shown: str) -> None:
    row = lines(scene("fills", push("fills", {**FILL, "feeDetail": fee})))[1]
    assert "close long" in row
    assert "+6.60" in row
    assert shown in row
    assert "-0.2680" not in row


def test_balances_show_what_is_there_and_count_what_is_empty() -> None:
    coins = [
        push("account", {"marginCoin": "USDT", "available": "5000.5", "equity": "5001", "unrealizedPL": "-0.5"}),
        push("account", {"marginCoin": "BTC", "available": "0", "equity": "0"}, market="coin-futures"),
    ]
    _, row, _, empty = lines(scene("account", *coins))
    assert words(row)[:2] == ["USDT", "5000.5"]
    assert "-0.5000" in row
    assert empty == "1 coin is empty"


HOSTILE = "\x1b[2J\u202eX[red]"


ODD = (HOSTILE, "9" * 5000, "NaN", "1e99999999", None, 7, [], {"a": 1}, True, "牛" * 50)
TABLES = ("ticker", "depth", "trades", "candles", "account", "positions", "orders", "plans", "fills")


@for_each([(kind, value) for value in ODD for kind in TABLES])
def test_nothing_the_exchange_sends_breaks_or_steers_a_table(pushed: tuple[str, Any]) -> None:
    kind, value = pushed
    known = {**TICKER, **BOOK, **POSITION, **ORDER, **FILL, "start": str(NOW), "coin": "USDT", "available": "1"}
    odd = [{**known, name: value} for name in known] + [dict.fromkeys(known, value), {}]
    shown = scene(kind, *(push(kind, row, symbol=str(value), snapshot=False) for row in odd))
    for line in lines(shown, width=120, height=60):
        assert line.isprintable()
        assert len(line) < 2000


@pytest.mark.parametrize("kind", ["ticker", "depth", "trades", "candles", "account", "positions", "orders", "fills"])
def test_the_largest_number_over_the_smallest_is_still_drawn(kind: str) -> None:
    huge, tiny = "9" * 30 + "." + "9" * 30, "0." + "0" * 29 + "1"
    known = {**TICKER, **POSITION, **ORDER, **FILL, "coin": "USDT", "available": "1", "open": "1", "high": "1"}
    known |= {"low": "1", "close": "1", "bids": [[tiny, huge]], "asks": [[huge, tiny]]}
    for least in ("marginSize", "markPrice", "openPriceAvg", "indexPrice", "size", "open", "bidPr"):
        row = {name: huge if isinstance(value, str) and value[0].isdigit() else value for name, value in known.items()}
        row |= {"openPriceAvg": "1", least: tiny, "start": str(NOW), "cTime": str(NOW)}
        ticker = push("ticker", {"markPrice": huge})
        assert lines(scene(kind, push(kind, row), ticker), width=300)


@pytest.mark.parametrize("kind", ["ticker", "trades", "candles", "account", "positions", "orders", "plans", "fills"])
def test_rows_that_say_nothing_at_all_are_lines_too(kind: str) -> None:
    gap = Gap(1, "disconnect", "fill", "default", NOW)
    nameless = [Push(kind, "", "", None, NOW, False, row) for row in ({}, {"": ""})]
    lines(scene(kind, nameless[0], gap, nameless[1]), height=10)


# The stage.


class Terminal(Screen):
    """A terminal that tells what was drawn on it."""

    def frames(self) -> list[list[str]]:
        """Each one whole, from the first line of the screen to the last, without its colours."""
        drawn = self.getvalue().split("\x1b[H")[2:]
        return [[row.rstrip() for row in re.sub(r"\x1b\[[0-9;?]*[a-z]", "", one).split("\n")] for one in drawn]

    def rows(self) -> list[str]:
        return self.frames()[-1]


def staged(*batches: Sequence[Message], source: Script | None = None, **settings: Any) -> Terminal:
    out = Terminal()
    source = source or Script([list(batch) for batch in batches])
    settings = {"title": "BTCUSDT", **settings}
    play(Feed(source, "ticker", (), "paper", **settings), reader(out, form="table", clock=source.clock))
    return out


def test_a_stage_has_a_title_a_table_and_a_footer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("LINES", "24")
    rows = staged([push("ticker", TICKER)]).rows()
    assert len(rows) == 24
    assert rows[0].startswith("ticker · BTCUSDT")
    assert "67000.1" in rows[2]
    assert rows[-1].startswith("● connected ·  PAPER  ·")
    assert rows[-1].endswith("? keys")


@pytest.mark.parametrize("error", [None, KeyboardInterrupt(), NetworkError("gone"), ZeroDivisionError()])
def test_the_terminal_is_put_back_however_it_ends(error: BaseException | None) -> None:
    out = Terminal()
    source = Script([[push("ticker", TICKER)]], error=error)
    try:
        play(Feed(source, "ticker", (), "paper"), reader(out, form="table", clock=source.clock))
    except BaseException as raised:  # whatever it is
        assert raised is error  # noqa: PT017
    written = out.getvalue()
    assert written.startswith("\x1b[?1049h\x1b[H\x1b[?25l")
    assert written.endswith("\x1b[?25h\x1b[?1049l")


def test_the_terminal_is_put_back_where_the_table_could_not_even_begin() -> None:
    class Gone(Terminal):
        def write(self, _text: str, /) -> int:
            raise KeyboardInterrupt

    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    with open(slave, encoding="utf-8") as stdin:
        given = reader(Gone(), form="table")._replace(stdin=stdin)
        with pytest.raises(KeyboardInterrupt):
            play(Feed(Script([]), "ticker", (), "paper"), given)
        assert termios.tcgetattr(slave) == before
    os.close(master)


def test_it_is_drawn_at_most_five_times_a_second_and_only_where_it_changed() -> None:
    source = Script([[push("ticker", {**TICKER, "lastPr": str(price)})] for price in range(1, 51)])
    frames = staged(source=source).frames()
    assert len(frames) <= 5 * sum(source.clock.slept) + 2
    assert all(one != another for one, another in itertools.pairwise(frames))


def test_nothing_is_drawn_where_nothing_changed() -> None:
    same = Script([[push("ticker", TICKER)] for _ in range(20)])
    moving = Script([[push("ticker", {**TICKER, "lastPr": str(price)})] for price in range(1, 21)])
    assert len(staged(source=same).frames()) < len(staged(source=moving).frames()) / 2


@pytest.mark.parametrize("columns", [10, 31, 80])
def test_no_line_is_wider_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", "12")
    rows = staged([push("ticker", {**TICKER, "lastPr": "牛" * 9}, symbol="牛" * 50)], title="牛" * 99).rows()
    assert len(rows) == 12
    assert max(map(cell_len, rows)) <= columns


def test_a_refusal_is_told_above_the_footer() -> None:
    rows = staged([Refusal("30001", None, "no such \x1b[2J")]).rows()
    assert rows[-2] == "(30001): no such \\x1b[2J"


def test_why_the_stream_stumbles_is_told_until_it_runs_again() -> None:
    lost = Status("reconnecting", NOW, {"attempt": 1, "reason": "the connection was closed\x07"})
    assert staged([lost]).rows()[-2] == "the connection was closed\\x07"
    silent = Status("stale", NOW, {"symbol": "BTCUSDT", "note": "acknowledged but silent"})
    assert staged([lost, silent]).rows()[-2] == "BTCUSDT acknowledged but silent"
    assert staged([lost, Status("subscribed", NOW)]).rows()[-2] == ""


def test_keys_sort_pause_and_quit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    with os.fdopen(theirs) as stdin:
        source = Script([[push("ticker", TICKER)]], ends=False)
        source.clock.sleep = lambda _: os.write(ours, b"q")  # type: ignore[method-assign,assignment]
        out = Terminal()
        os.write(ours, b"sp\x1b[A")
        stage = reader(out, form="table", clock=source.clock)._replace(stdin=stdin)
        play(Feed(source, "ticker", (), "paper"), stage)
        assert termios.tcgetattr(theirs) == before
    os.close(ours)
    assert "PAUSED" in out.getvalue()
    assert "sort: symbol" in out.getvalue()


def test_a_screen_tells_its_keys_is_left_by_escape_and_kept_as_a_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin:
        source = Script([[push("ticker", TICKER)]], ends=False)
        # The first Esc leaves the keys, the second the screen.
        presses = itertools.cycle([b"\x1b", b"", b"", b""])
        source.clock.sleep = lambda _: os.write(ours, next(presses))  # type: ignore[method-assign,assignment]
        out = Terminal()
        os.write(ours, b"?")
        stage = reader(out, form="table", clock=source.clock)._replace(stdin=stdin, save=str(tmp_path / "last.svg"))
        play(Feed(source, "ticker", (), "paper"), stage)
    os.close(ours)
    for told in ("leave", "pause and go on", "the next order of the rows"):
        assert told in out.getvalue()
    picture = (tmp_path / "last.svg").read_text()
    assert "BTCUSDT" in picture
    assert "leave" not in picture


def test_an_empty_table_says_why() -> None:
    waiting = Script([[]], now=LIVE._replace(state="connecting", silent_for=7))
    assert "waiting for the exchange for 7 s" in staged(source=waiting).rows()[2]
    assert "nothing yet" in staged([]).rows()[2]


# Footer, keys, figures.


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (LIVE, "● connected ·  PAPER  · 12 msg/s · 0 reconnects · 0 gaps"),
        (LIVE._replace(state="reconnecting", attempt=3, retry_in=3.5), "◐ reconnecting 3 (next 4 s) ·"),
        (LIVE._replace(state="stale", silent_for=12.7), "○ stale 12 s ·"),
        (LIVE._replace(reconnects=1, gaps=2, open_gaps=1), "1 reconnect · 2 gaps, 1 open"),
        (LIVE._replace(offset=-2.34), "clock -2.3 s"),
        (LIVE._replace(stopped_at=NOW), "○ frozen · paper clock stopped at 2026-03-02 12:00:00 UTC ·  PAPER "),
        (LIVE._replace(state="stale", silent_for=12.7, stopped_at=NOW), "○ stale 12 s · paper clock stopped at"),
    ],
)
def test_a_footer_says_how_the_stream_fares(facts: Any, said: str) -> None:
    assert said in text_of(footer(FooterState(facts, 12.0, "paper"), Look(100, marks=True)))


@pytest.mark.parametrize("width", [10, 40, 60, 80, 100])
def test_a_footer_has_the_keys_where_there_is_room(width: int) -> None:
    line = text_of(footer(FooterState(LIVE, 1.0, "live", True, "as typed", True), Look(width, marks=False)))
    assert "LIVE" in line
    assert "PAUSED" in line
    assert len(line) <= max(width, 70)


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        (LIVE._replace(stopped_at=NOW), "PAPER"),
        (
            LIVE._replace(state="stale", silent_for=12.7, reconnects=1, gaps=2, open_gaps=1),
            "1 reconnect · 2 gaps, 1 open",
        ),
    ],
)
def test_on_eighty_columns_idle_figures_make_room_for_the_keys(facts: Any, kept: str) -> None:
    line = text_of(footer(FooterState(facts, 12.0, "paper", False, "as typed", True), Look(80, marks=True)))
    assert line.endswith("? keys")
    assert kept in line
    assert len(line) <= 80


def test_keys_are_read_as_they_are_pressed_and_the_terminal_put_back() -> None:
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    with os.fdopen(theirs) as stdin:
        keys = Keyboard(stdin, StillClock())
        keys.enter()
        os.write(ours, b"p")
        assert keys.wait(5) == "p"
        os.write(ours, b"\x1b[A")
        assert keys.wait(5) == ""
        keys.leave()
        keys.leave()
        assert termios.tcgetattr(theirs) == before
    os.close(ours)


def test_without_a_terminal_there_are_no_keys() -> None:
    clock = StillClock()
    keys = Keyboard(io.StringIO("q"), clock)
    keys.enter()
    assert keys.wait(0.5) == ""
    assert clock.slept == [0.5]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0.004", "0.00"), ("-0.004", "0.00"), ("999", "999.00"), ("1234567", "1.23 M"), ("-2500", "-2.50 K")],
)
def test_volumes_are_short(value: str, shown: str) -> None:
    assert number_format.short(Decimal(value)) == shown
