"""A person with bookings who exports them: the account, the command, and the files it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from doubles import Bitget, Ran
from tax_server import DAY, Row, TaxExchange, account, at_the_door

KEYS = {"BITGET_API_KEY": "key", "BITGET_SECRET_KEY": "secret", "BITGET_PASSPHRASE": "phrase"}
FIRST = 1735689600000  # 2025-01-01 UTC
ROWS = {
    "spot": 1600,
    "usdt-futures": 700,
    "usdc-futures": 20,
    "coin-futures": 3,
    "crossed-margin": 60,
    "isolated-margin": 0,
    "p2p": 5,
}


def books(rows: Mapping[str, int] = ROWS, *, days: int = 70, seed: int = 1) -> dict[str, list[Row]]:
    return account(seed, since=FIRST, until=FIRST + days * DAY, rows=rows)


BOOKS = books()
# 70 days are three windows.
RANGE = "--since 2025-01-01 --until 2025-03-12"
LABEL = "20250101-20250312"


def export(bitget: Bitget, exchange: TaxExchange, out: Path, *words: str) -> Ran:
    return bitget(f"tax export {RANGE} --out {out} {' '.join(words)}", http=at_the_door(exchange), env=KEYS)


def files_of(out: Path) -> dict[str, bytes]:
    """The finished files, without the work folder."""
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if path.is_file()}
