"""What may never happen on a watched stream: laws over its lines and the truth beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from random_account import Account, Event
from random_market import MARKET, Book, Markets

# Seconds that a wrong book may be shown: five, and what a tick, a write and a push of the ticker take.
LONGEST_WRONG = 5.0 + 1.2
# A market of which nothing is heard for so long is said to be silent, or subscribed to afresh.
_HEARD_WITHIN = 1.0
# What stands for less may be told as what came after it: a state is told as it is when it is read.
_WHILE = 0.5
_TOLD_WITHIN = 5.0


class Gap:
    """One gap as it was told; times are monotonic seconds."""

    def __init__(self, line: dict[str, Any], since: float) -> None:
        self.channel, self.symbol, self.reason, self.since = line["channel"], line["symbol"], line["reason"], since
        self.until: float | None = None
        self.recovered: str | None = None

    def covers(self, moment: float) -> bool:
        return self.since - 0.01 <= moment and (self.until is None or moment <= self.until + 0.01)

    @property
    def is_mended(self) -> bool:
        return self.recovered not in (None, "none")


class Laws:
    """The laws of every stream: gaps open once and close once, and `--strict` says how it stands with them."""

    def __init__(self, exchange: Any) -> None:
        self.exchange, self.world = exchange, exchange.world
        self.gaps: dict[int, Gap] = {}
        self.statuses: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.is_marked = True  # whether it was said that what is shown may be wrong
        self._zero = self.world.ms() - round(self.world.ticks * 1000)

    def seconds(self, ms: int) -> float:
        return (ms - self._zero) / 1000

    def read(self, line: dict[str, Any]) -> None:
        match line["type"]:
            case "gap":
                self._read_gap(line)
            case "status":
                self.statuses.append(line)
                if line["event"] in ("reconnecting", "stale"):
                    self.is_marked = True
            case "error":
                self.errors.append(line)
            case _:
                self.row(line["symbol"], line["data"])

    def _read_gap(self, line: dict[str, Any]) -> None:
        gap = self.gaps.get(line["id"])
        if gap is None:
            gap = self.gaps[line["id"]] = Gap(line, self.seconds(line["from"]))
        else:
            assert gap.recovered is None, f"gap {line['id']} is closed twice"
            assert line["to"] is not None, f"gap {line['id']} is opened twice"
        if line["to"] is not None:
            gap.until, gap.recovered = self.seconds(line["to"]), line["recovered"]
            assert gap.recovered, f"gap {line['id']} ends and does not say how"
            self.closed(gap)
        elif line["to"] is None:
            self.is_marked = True

    def open_gaps(self, channel: str, symbol: str) -> list[Gap]:
        return [gap for gap in self._gaps_of(channel, symbol) if gap.recovered is None]

    def excused(self, moment: float, channel: str, symbol: str) -> bool:
        """Whether it is said of this moment that something is missing and was not made up."""
        return any(gap.covers(moment) and not gap.is_mended for gap in self._gaps_of(channel, symbol))

    def in_gap(self, moment: float, channel: str, symbol: str) -> bool:
        return any(gap.covers(moment) for gap in self._gaps_of(channel, symbol))

    def _gaps_of(self, channel: str, symbol: str) -> list[Gap]:
        return [gap for gap in self.gaps.values() if (gap.channel, gap.symbol) == (channel, symbol)]

    # For the laws of each kind.

    def row(self, symbol: str, data: dict[str, Any]) -> None:
        """A row was told."""

    def closed(self, gap: Gap) -> None:
        """A gap was closed."""

    def step(self) -> None:
        """Some time passed."""

    def is_settled(self) -> bool:
        """Whether everything is known and right, as it must be a while after the last trouble."""
        return True

    def end(self, status: int) -> None:
        """The stream was closed."""
        missing = any(not gap.is_mended for gap in self.gaps.values())
        assert status == (9 if missing else 0), f"ended {status}, and of {len(self.gaps)} gaps some open: {missing}"


class DepthLaws(Laws):
    """A book is what it was at its number, and is not shown wrong for long."""

    exchange: Markets
    symbol = "BTCUSDT"

    def __init__(self, exchange: Markets) -> None:
        super().__init__(exchange)
        self._shown: Book | None = None
        self._wrong_for = 0.0
        self._looked_at = self.world.ticks

    def row(self, symbol: str, data: dict[str, Any]) -> None:
        assert symbol == self.symbol
        self._shown = Book(tuple(map(tuple, data["asks"])), tuple(map(tuple, data["bids"])))
        known = self.exchange.of[symbol].books.get(data["seq"], [])
        assert self._shown in known, f"a book that never was under number {data['seq']}"
        self.is_marked = data["checked"] != "verified"

    def step(self) -> None:
        since, self._looked_at = self.world.ticks - self._looked_at, self.world.ticks
        if not self.is_wrong() or self.is_marked:
            self._wrong_for = 0.0
            return
        heard_at = max(self.exchange.heard_at["ticker"], self.exchange.heard_at["books"])
        if self.world.ticks - heard_at <= _HEARD_WITHIN:
            # Where the market is not heard of at all, nobody can know.
            self._wrong_for += since
        assert self._wrong_for <= LONGEST_WRONG, f"a wrong book is shown for {self._wrong_for:.1f} s"

    def is_wrong(self) -> bool:
        """By its best prices: nothing but the book itself tells of the others, and the number of that was looked at."""
        now = self.exchange.of[self.symbol].book()
        return self._shown is None or self._shown.best() != now.best()

    def is_settled(self) -> bool:
        return not self.is_wrong() and not self.open_gaps("books", self.symbol) and not self.is_marked


class TickerLaws(Laws):
    """A price was one of its market, and is the last one a while after it was heard of."""

    exchange: Markets

    def __init__(self, exchange: Markets) -> None:
        super().__init__(exchange)
        self._shown: dict[str, str] = {}

    def row(self, symbol: str, data: dict[str, Any]) -> None:
        assert data["instId"] == symbol
        assert int(data["lastPr"]) in self.exchange.of[symbol].prices, "the price of another market"
        self._shown[symbol] = data["lastPr"]

    def is_settled(self) -> bool:
        return all(
            self._shown.get(symbol) == market.ticker()["lastPr"] and not self.open_gaps("ticker", symbol)
            for symbol, market in self.exchange.of.items()
            if (MARKET, "ticker", symbol) not in self.exchange.refused
        )


class TradeLaws(Laws):
    """Each trade once, in its order where nothing was lost, and none missing outside a gap that says so."""

    exchange: Markets

    def __init__(self, exchange: Markets) -> None:
        super().__init__(exchange)
        self._told: dict[str, list[str]] = {symbol: [] for symbol in exchange.of}

    def row(self, symbol: str, data: dict[str, Any]) -> None:
        number = data["tradeId"]
        assert number not in self._told[symbol], f"trade {number} is told twice"
        assert any(number == trade.number for trade in self.exchange.of[symbol].trades), "a trade of another market"
        self._told[symbol].append(number)

    def is_settled(self) -> bool:
        for symbol, market in self.exchange.of.items():
            if (MARKET, "trade", symbol) in self.exchange.refused:
                continue
            last = market.trades[-1].number if market.trades else None
            if self.open_gaps("trade", symbol) or (last and last not in self._told[symbol]):
                return False
        return True

    def end(self, status: int) -> None:
        super().end(status)
        for symbol, market in self.exchange.of.items():
            told = set(self._told[symbol])
            # Before the first that was told the stream had not begun, and the last may be on their way.
            first = next((at for at, trade in enumerate(market.trades) if trade.number in told), 0)
            for trade in market.trades[first:]:
                if trade.number in told or trade.at > self.world.ticks - 1.0:
                    continue
                assert self.excused(trade.at, "trade", symbol), (
                    f"trade {trade.number} is missing, and no gap says so of {trade.at:.2f}"
                )


class CandleLaws(Laws):
    """What is told as a closed bar is how the bar ended, and a bar that is missing is in a gap."""

    exchange: Markets

    def __init__(self, exchange: Markets) -> None:
        super().__init__(exchange)
        self._last: dict[tuple[str, str], dict[str, Any]] = {}

    def row(self, symbol: str, data: dict[str, Any]) -> None:
        self._last[symbol, data["start"]] = data

    def is_settled(self) -> bool:
        return all(
            self._last.get((symbol, market.bars[-1][0]), {}).get("close") == market.bars[-1][4]
            and not self.open_gaps("candle1m", symbol)
            for symbol, market in self.exchange.of.items()
            if (MARKET, "candle1m", symbol) not in self.exchange.refused
        )

    def end(self, status: int) -> None:
        super().end(status)
        for symbol, market in self.exchange.of.items():
            starts = [start for name, start in self._last if name == symbol]
            for bar in market.bars[:-1]:
                told = self._last.get((symbol, bar[0]))
                begin = self.seconds(int(bar[0]))
                is_excused = any(
                    not gap.is_mended and gap.since <= begin + 60.5 and (gap.until is None or gap.until >= begin)
                    for gap in self._gaps_of("candle1m", symbol)
                )
                if told and told["closed"]:
                    names = ("open", "high", "low", "close", "baseVolume")
                    ended = [told[name] for name in names if name in told]
                    assert ended == bar[1 : 1 + len(ended)], f"bar {bar} is told closed as {told}"
                elif starts and int(bar[0]) >= min(map(int, starts)) and begin + 63.0 < self.world.ticks:
                    assert is_excused, f"bar {bar[0]} ({begin:.0f}) is not told to its end, and no gap says so: {told}"


LAWS: dict[str, Callable[[Markets], Laws]] = {
    "depth BTCUSDT --levels 50": DepthLaws,
    "ticker BTCUSDT ETHUSDT": TickerLaws,
    "trades BTCUSDT ETHUSDT": TradeLaws,
    "candles BTCUSDT ETHUSDT": CandleLaws,
}


class AccountLaws(Laws):
    """What an account's rows say was so, in its order, once; a gap is mended only where all of it was told.

    `fields` of a row say how its key stands. A state `repeats`: it may be said again; an event may not.
    """

    exchange: Account
    channel = "orders"
    key = "orderId"
    fields: tuple[str, ...] = ("status", "accBaseVolume")
    repeats = False
    # How a key stands of which nothing was ever told.
    unsaid: tuple[str, ...] | None = None

    def __init__(self, exchange: Account) -> None:
        super().__init__(exchange)
        # By key: how many of its events are told, and the row told last.
        self._told: dict[str, int] = {}
        self.events = exchange.events[self.channel]
        self._rows: list[tuple[str, tuple[str, ...], float]] = []

    def said(self, data: dict[str, Any]) -> tuple[str, ...]:
        return tuple(data[name] for name in self.fields)

    def row(self, symbol: str, data: dict[str, Any]) -> None:
        assert symbol in ("", data.get("instId"), data.get("symbol"))
        key, said = data[self.key], self.said(data)
        self._rows.append((key, said, self.world.ticks))
        history = [event.said for event in self.events if event.key == key]
        before = self._told.get(key, 0)
        if self.repeats:
            # A state may come again, and where it was before, its last time counts.
            assert said in history, f"{key} was never {said}"
            self._told[key] = len(history) - history[::-1].index(said)
            return
        assert said in history[before:], f"{key} is told as {said} after {history[:before]} of {history}"
        self._told[key] = before + history[before:].index(said) + 1

    def closed(self, gap: Gap) -> None:
        # Of several products nothing in a gap says whose it is: the last one that is closed speaks for all.
        if not gap.is_mended or self.open_gaps(gap.channel, gap.symbol):
            return
        # What came before the gap, and what came before the last subscription in it, is known now.
        times = self.exchange.acknowledged_at.get(self.channel, [])
        bound = max([gap.since, *(at for at in times if at <= (gap.until or 0.0))])
        for key, events in self._by_key().items():
            known = [event for event in events if event.at <= bound - 0.001]
            # Nobody is told of what ended before the stream began.
            if known and known[-1].at > self._began():
                assert self._knows(key, known), (
                    f"gap closed by {gap.recovered}, and of {key} is not told {known[-1]}; told {self._told.get(key)}"
                )

    def _began(self) -> float:
        return 1001.0

    def _by_key(self) -> dict[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for event in self.events:
            found.setdefault(event.key, []).append(event)
        return found

    def _knows(self, key: str, events: list[Event]) -> bool:
        """Whether all of these are told, or of a state what it is after them."""
        if self._told.get(key, 0) >= len(events):
            return True
        last = next((said for known, said, _ in reversed(self._rows) if known == key), self.unsaid)
        return self.repeats and last == events[-1].said

    def _is_known(self) -> bool:
        return all(
            self._knows(key, events)
            for key, events in self._by_key().items()
            if events[-1].at > self._began() or self.repeats
        )

    def is_settled(self) -> bool:
        open_gaps = [gap for gap in self.gaps.values() if gap.recovered is None]
        return not open_gaps and self._is_known()

    def _is_missing(self, event: Event, until: float) -> bool:
        """Whether it was never told, though it stood for a while and no gap says that something is missing there."""
        if (
            event.at < self._began() + 1.0
            or until - event.at < _WHILE
            or self.in_gap(event.at, self.channel, "default")
        ):
            return False
        until = min(until, event.at + _TOLD_WITHIN) if self.repeats else self.world.ticks
        return not any(
            (key, said) == (event.key, event.said) and event.at - 0.01 <= at <= until + _WHILE
            for key, said, at in self._rows
        )

    def end(self, status: int) -> None:
        super().end(status)
        for events in self._by_key().values():
            ends = [*(event.at for event in events[1:]), self.world.ticks]
            missing = [event for event, until in zip(events, ends, strict=True) if self._is_missing(event, until)]
            assert not missing, f"missing outside every gap: {missing}"
        if any(not gap.is_mended for gap in self.gaps.values()):
            return
        assert self._is_known(), f"not all is told: {self._told} of {self._by_key()}"


class OrderLaws(AccountLaws):
    """Each change of an order once."""


class PlanLaws(OrderLaws):
    channel, fields = "orders-algo", ("status",)


class FillLaws(OrderLaws):
    channel, key, fields = "fill", "tradeId", ()


class PositionLaws(AccountLaws):
    channel, key, fields, repeats = "positions", "instId", ("total",), True
    unsaid = ("0",)


class BalanceLaws(AccountLaws):
    channel, key, fields, repeats = "account", "marginCoin", ("available",), True


ACCOUNT_LAWS: dict[str, Callable[[Account], Laws]] = {
    "orders": OrderLaws,
    "plans": PlanLaws,
    "fills": FillLaws,
    "positions": PositionLaws,
    "account": BalanceLaws,
}
