"""The forms of the files: our own, Koinly's custom CSV, and CoinTracking's CSV import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bitget_cli.export.bookings import EXACT, Booking, EntrySide, TrackerEntry, entries
from bitget_cli.export.transaction_types import WORDS
from bitget_cli.values import from_milliseconds, plain

# What a spreadsheet may take for a formula, also behind blanks, controls and invisible characters, or typed full-width.
_FORMULA = re.compile(
    r"[\t\r]|[\s\x00-\x20\u200b-\u200f\u2060-\u2064\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]",
)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
# Nothing may break a row, steer a terminal, or fail to be written: C0, DEL, C1, bidi and line controls, surrogates.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def line(cells: Iterable[str]) -> str:
    """One row by RFC 4180."""
    return ",".join([cell if cell.isalnum() else _quoted(_safe(cell)) for cell in cells]) + "\r\n"


def _safe(text: str) -> str:
    if not text[:1].isalnum() and _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = "'" + text
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _quoted(text: str) -> str:
    """Line ends are escapes by now."""
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


# `generic` has one row a booking, with Bitget's texts exact and nothing interpreted; `version` is 1 and changes when
# a column does:
#
#   version, id, time (UTC, ISO 8601), account, type (Bitget's), coin, amount, fee, fee_coin, balance, symbol, order_id
#
# `account` is spot, usdt-futures, usdc-futures, coin-futures, crossed-margin, isolated-margin or p2p. A positive
# amount came in; a fee that was paid is negative. `amount` is empty where Bitget tells none (p2p).
#
# `koinly` has the columns of its universal template (support.koinly.io, article 9489976), times in UTC as it demands.
# The fee beside a trade comes off on top of what was sent and received; every other fee is a row of its own, since a
# deposit there cannot have one (article 9490022). A plain movement has no TxHash, its id is in the description:
# Koinly takes two ends of a transfer with two hashes for a sale and a purchase (article 9490024). It matches ends in
# different wallets, so each file is to be imported as a wallet of its own.
#
# `cointracking` has the columns of its CSV import, times in UTC (choose UTC when importing). What was bought and sold
# is net of the fee, as CoinTracking takes amounts (its article "Entering fees", 29000007202), and the fee columns,
# which are a remark there, are empty: whoever adds them up again is still right.

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


def _koinly(entry: TrackerEntry) -> Iterator[tuple[str, ...]]:
    words = WORDS[entry.meaning]
    label = "" if entry.is_trade else words.koinly_in if entry.comes_in else words.koinly_out
    beside, more = (entry.fees[0], entry.fees[1:]) if entry.fees else (None, ())
    yield _koinly_row(entry, sent=entry.out, received=entry.in_, fee=beside, label=label)
    for fee in more:
        yield _koinly_row(entry._replace(note="fee"), sent=fee, label="cost")


def _koinly_row(
    entry: TrackerEntry,
    *,
    sent: EntrySide | None,
    received: EntrySide | None = None,
    fee: EntrySide | None = None,
    label: str,
) -> tuple[str, ...]:
    date = f"{_moment(entry):%Y-%m-%d %H:%M:%S} UTC"
    description, hash_ = _description(entry), _id(entry)
    if not label and not entry.is_trade:
        description, hash_ = f"{description}; {hash_}", ""
    return (date, *_cells(sent), *_cells(received), *_cells(fee), "", "", label, description, hash_)


def _cointracking(entry: TrackerEntry) -> tuple[str, ...]:
    words = WORDS[entry.meaning]
    word = words.cointracking_in if entry.comes_in else words.cointracking_out
    word = "Trade" if entry.is_trade else word
    paid = "; ".join(f"fee {plain(fee.amount)} {fee.coin} is in it" for fee in entry.fees)
    comment = f"{_description(entry)}; {paid}" if paid else _description(entry)
    bought, sold = _net(entry.in_, entry.fees, -1), _net(entry.out, entry.fees, 1)
    account = entry.bookings[0].source.account
    date = f"{_moment(entry):%Y-%m-%d %H:%M:%S}"
    return (word, *_cells(bought), *_cells(sold), "", "", "Bitget", account, comment, date, _id(entry))


def _net(side: EntrySide | None, fees: tuple[EntrySide, ...], sign: int) -> EntrySide | None:
    """What was really received or spent, its fees counted in."""
    if side is None:
        return None
    amount = side.amount
    for fee in fees:
        if fee.coin == side.coin:
            amount = EXACT.add(amount, EXACT.multiply(fee.amount, Decimal(sign)))
    return EntrySide(amount, side.coin)


def _cells(side: EntrySide | None) -> tuple[str, str]:
    return (plain(side.amount), side.coin) if side else ("", "")


def _moment(entry: TrackerEntry) -> datetime:
    return from_milliseconds(entry.bookings[0].ts)


def _description(entry: TrackerEntry) -> str:
    """Bitget's own words, and what is odd."""
    first = entry.bookings[0]
    parts = [f"Bitget {first.source.account}: {first.type or 'no type'}", first.symbol, entry.note]
    return "; ".join(part for part in parts if part)


def _id(entry: TrackerEntry) -> str:
    """A name by which a second import is recognised: the booking's id, with its part where one makes two rows."""
    first = entry.bookings[0]
    return f"{first.source.account}-{first.id}" + ("-fee" if entry.note == "fee" else "")
