"""The forms of the files: our own, Koinly's custom CSV, and CoinTracking's CSV import.

`generic` has one row a booking, with Bitget's texts exact and nothing interpreted; `version` is 1 and changes when a
column does:

    version, id, time (UTC, ISO 8601), account, type (Bitget's), coin, amount, fee, fee_coin, balance, symbol, order_id

`account` is spot, usdt-futures, usdc-futures, coin-futures, crossed-margin, isolated-margin or p2p. A positive amount
came in; a fee that was paid is negative. `amount` is empty where Bitget tells none (p2p).

`koinly` has the columns of its universal template (support.koinly.io, article 9489976), times in UTC as it demands.
The fee beside a trade comes off on top of what was sent and received; every other fee is a row of its own, since a
deposit there cannot have one (article 9490022). A plain movement has no TxHash, its id is in the description: Koinly
takes two ends of a transfer with two hashes for a sale and a purchase (article 9490024). It matches ends in different
wallets, so each file is to be imported as a wallet of its own.

`cointracking` has the columns of its CSV import, times in UTC (choose UTC when importing). What was bought and sold
is net of the fee, as CoinTracking takes amounts (its article "Entering fees", 29000007202), and the fee columns, which
are a remark there, are empty: whoever adds them up again is still right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bitget_cli.export.bookings import EXACT, Booking
from bitget_cli.export.entries import Entry, Side, entries
from bitget_cli.export.kinds import WORDS
from bitget_cli.values import from_milliseconds, plain

VERSION = "1"


class Format(StrEnum):
    """Whose form a file has."""

    GENERIC = "generic"
    KOINLY = "koinly"
    COINTRACKING = "cointracking"


HEADERS = {
    Format.GENERIC: (
        *("version", "id", "time", "account", "type", "coin", "amount", "fee", "fee_coin", "balance"),
        *("symbol", "order_id"),
    ),
    Format.KOINLY: (
        *("Date", "Sent Amount", "Sent Currency", "Received Amount", "Received Currency", "Fee Amount"),
        *("Fee Currency", "Net Worth Amount", "Net Worth Currency", "Label", "Description", "TxHash"),
    ),
    Format.COINTRACKING: (
        *("Type", "Buy Amount", "Buy Currency", "Sell Amount", "Sell Currency", "Fee", "Fee Currency"),
        *("Exchange", "Trade-Group", "Comment", "Date", "Tx-ID"),
    ),
}


def rows(bookings: Iterable[Booking], form: Format) -> Iterator[tuple[str, ...]]:
    """The rows of a file, without its header; a booking of nothing is a row in `generic` alone."""
    if form is Format.GENERIC:
        yield from map(_generic, bookings)
        return
    for entry in entries(bookings):
        if entry.note != "nothing moved":
            yield from _koinly(entry) if form is Format.KOINLY else [_cointracking(entry)]


def _generic(one: Booking) -> tuple[str, ...]:
    return (
        VERSION,
        one.id,
        from_milliseconds(one.ts).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        one.source.account,
        one.type,
        one.coin,
        one.amount_text,
        one.fee_text,
        one.coin if one.fee_text else "",
        one.balance,
        one.symbol,
        one.order_id,
    )


def _koinly(entry: Entry) -> Iterator[tuple[str, ...]]:
    words = WORDS[entry.meaning]
    label = "" if entry.is_trade else words.koinly_in if entry.comes_in else words.koinly_out
    beside, more = (entry.fees[0], entry.fees[1:]) if entry.fees else (None, ())
    yield _koinly_row(entry, sent=entry.out, received=entry.in_, fee=beside, label=label)
    for fee in more:
        yield _koinly_row(entry._replace(note="fee"), sent=fee, label="cost")


def _koinly_row(
    entry: Entry, *, sent: Side | None, received: Side | None = None, fee: Side | None = None, label: str
) -> tuple[str, ...]:
    date = f"{_moment(entry):%Y-%m-%d %H:%M:%S} UTC"
    description, hash_ = _description(entry), _id(entry)
    if not label and not entry.is_trade:
        description, hash_ = f"{description}; {hash_}", ""
    return (date, *_cells(sent), *_cells(received), *_cells(fee), "", "", label, description, hash_)


def _cointracking(entry: Entry) -> tuple[str, ...]:
    words = WORDS[entry.meaning]
    word = words.cointracking_in if entry.comes_in else words.cointracking_out
    word = "Trade" if entry.is_trade else word
    paid = "; ".join(f"fee {plain(fee.amount)} {fee.coin} is in it" for fee in entry.fees)
    comment = f"{_description(entry)}; {paid}" if paid else _description(entry)
    bought, sold = _net(entry.in_, entry.fees, -1), _net(entry.out, entry.fees, 1)
    account = entry.bookings[0].source.account
    date = f"{_moment(entry):%Y-%m-%d %H:%M:%S}"
    return (word, *_cells(bought), *_cells(sold), "", "", "Bitget", account, comment, date, _id(entry))


def _net(side: Side | None, fees: tuple[Side, ...], sign: int) -> Side | None:
    """What was really received or spent, its fees counted in."""
    if side is None:
        return None
    amount = side.amount
    for fee in fees:
        if fee.coin == side.coin:
            amount = EXACT.add(amount, EXACT.multiply(fee.amount, Decimal(sign)))
    return Side(amount, side.coin)


def _cells(side: Side | None) -> tuple[str, str]:
    return (plain(side.amount), side.coin) if side else ("", "")


def _moment(entry: Entry) -> datetime:
    return from_milliseconds(entry.bookings[0].ts)


def _description(entry: Entry) -> str:
    """Bitget's own words, and what is odd."""
    first = entry.bookings[0]
    parts = [f"Bitget {first.source.account}: {first.type or 'no type'}", first.symbol, entry.note]
    return "; ".join(part for part in parts if part)


def _id(entry: Entry) -> str:
    """A name by which a second import is recognised: the booking's id, with its part where one makes two rows."""
    first = entry.bookings[0]
    return f"{first.source.account}-{first.id}" + ("-fee" if entry.note == "fee" else "")
