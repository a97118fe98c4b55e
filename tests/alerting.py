"""Alerts handed to a webhook without its server, and alerts such as TradingView sends once it has filled them in."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from doubles import NOON, Bitget, Handler, MemoryKeyring, StillClock

from bitget_cli.alert_log import AlertEntry
from bitget_cli.application.alerts import webhooks
from bitget_cli.application.alerts.alert_orders import AlertTerms, allowed
from bitget_cli.application.alerts.alerts import alert_map
from bitget_cli.application.alerts.webhooks import Reply, Webhook
from bitget_cli.runtime import Environment
from bitget_cli.session import Session, Shared

SECRET = "0123456789abcdef-hook"
NOW = NOON.strftime("%Y-%m-%dT%H:%M:%SZ")
GOOD = {"secret": SECRET, "time": NOW, "symbol": "BTCUSDT.P", "action": "buy", "size": "0.01"}


def alert(**words: Any) -> bytes:
    """A good alert with other words; None takes one out."""
    return json.dumps({name: value for name, value in (GOOD | words).items() if value is not None}).encode()


@contextmanager
def hook(
    bitget: Bitget,
    *,
    profile: str = "paper",
    http: Handler | None = None,
    toml: str = "",
    allow: list[str] | None = None,
    close_all: bool = False,
    per_minute: int = 30,
    heard: Callable[[AlertEntry], None] = lambda _: None,
) -> Iterator[Webhook]:
    """A webhook as `serve` opens it; at its end everything it accepted has been carried out."""
    environment = Environment(
        environ={**bitget.environ, "BITGET_WEBHOOK_SECRET": SECRET},
        stdin=io.StringIO(),
        stdout=io.StringIO(),
        stderr=io.StringIO(),
        clock=bitget.clock,
        http=(lambda: bitget._network(http)) if http else None,
        keyring=bitget.keyring,
    )
    with Session(Shared(profile), environment) as session:
        terms = AlertTerms(alert_map(toml, where="map"), allowed(session, allow or []), close_all, per_minute)
        with webhooks.serving(session, terms, heard=heard) as webhook:
            yield webhook


def answered(webhook: Webhook, body: bytes) -> Reply:
    return webhook.take(body).result(timeout=30)


def typist(folder: Path, *, later: timedelta = timedelta()) -> Bitget:
    """On a home folder that an earlier process may have left behind."""
    return Bitget({"HOME": str(folder)}, StillClock(NOON + later), MemoryKeyring())


def orders(bitget: Bitget) -> list[Any]:
    """Every change in the journal, the oldest first."""
    found: list[Any] = bitget("-p paper order log --all --json").json
    return found[::-1]


def log(bitget: Bitget) -> list[Any]:
    """Every alert in the record, the oldest first."""
    found: list[Any] = bitget("-p paper webhook log --all --json").json
    return found[::-1]


# An alert as it comes in, with the map it needs, and what of the order it makes: fields of the request.
STRATEGY = """
ignore = ["strategy.position_size", "interval"]
[fields]
action = "strategy.order_action"
size = "strategy.order_contracts"
id = "strategy.order_id"
symbol = "ticker"
time = "fired"
[constants]
tag = "tv"
[values.action]
long = "buy"
short = "sell"
flat = "close"
[values.symbol]
"BINANCE:BTCUSDT.P" = "BTCUSDT.P"
"""
FORMS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a strategy's order": (
        '{"symbol": "BTCUSDT.P", "action": "buy", "size": "0.015", "price": "60000.5", "time": "2026-03-02T12:00:00Z"}',
        "",
        {"symbol": "BTCUSDT", "side": "buy", "size": "0.015", "price": "60000.5", "orderType": "limit"},
    ),
    "numbers without quotes": (
        '{"symbol": "BITGET:BTCUSDT.P", "action": "sell", "size": 0.015, "reduce_only": false, "tp": null}',
        "",
        {"productType": "USDT-FUTURES", "side": "sell", "size": "0.015", "orderType": "market"},
    ),
    "an exchange's spot market": (
        '{"symbol": "BITGET:BTCUSDT", "action": "BUY", "quote": 100}',
        "",
        {"symbol": "BTCUSDT", "side": "buy", "size": "100", "productType": None},
    ),
    "ccxt's spelling": (
        '{"symbol": "BTC/USDT:USDT", "action": "buy", "size": "0.01", "sl": "60000", "tp": "70000"}',
        "",
        {"symbol": "BTCUSDT", "presetStopLossPrice": "60000", "presetStopSurplusPrice": "70000"},
    ),
    "the retired spelling": (
        '{"symbol": "BTCUSDT_UMCBL", "action": "buy", "size": "0.01"}',
        "",
        {"productType": "USDT-FUTURES", "size": "0.01"},
    ),
    "a coin-margined perpetual": (
        '{"symbol": "BTCUSD.P", "action": "buy", "size": "0.01"}',
        "",
        {"symbol": "BTCUSD", "productType": "COIN-FUTURES"},
    ),
    "a USDC perpetual": (
        '{"symbol": "BTCUSDC.P", "action": "buy", "size": "0.01"}',
        "",
        {"symbol": "BTCPERP", "productType": "USDC-FUTURES"},
    ),
    "plain text": (
        "buy BTCUSDT.P 0.02 price=60000 tag=grid id=17 time=2026-03-02T12:00:00Z",
        "",
        {"symbol": "BTCUSDT", "side": "buy", "size": "0.02", "price": "60000"},
    ),
    "plain text over lines": (
        'action=sell\nsymbol="BTC/USDT:USDT"\nsize=0.02\ntag="a b"',
        "",
        {"side": "sell", "size": "0.02"},
    ),
    "somebody else's shape": (
        '{"ticker": "BINANCE:BTCUSDT.P", "interval": "15", "fired": "2026-03-02T12:00:00Z", "strategy":'
        ' {"order_action": "long", "order_contracts": 0.015, "order_id": "Long 7", "position_size": 0.015}}',
        STRATEGY,
        {"symbol": "BTCUSDT", "side": "buy", "size": "0.015"},
    ),
    "always the same money": (
        "sell BTCUSDT.P",
        '[constants]\nquote = "640"\n',
        {"symbol": "BTCUSDT", "side": "sell", "size": "0.0097"},
    ),
}

# An alert by somebody who knows the secret, with a slip in it: what is other than good, the status, what is said.
SLIPS: dict[str, tuple[dict[str, Any], int, str]] = {
    "no action": ({"action": None}, 422, "action is missing"),
    "another action": ({"action": "long"}, 422, "'long' is not one of buy, sell"),
    "no market": ({"symbol": None}, 422, "symbol is missing"),
    "not filled in": ({"symbol": "{{ticker}}"}, 422, "was not filled in"),
    "a tag not filled in": ({"tag": "{{strategy.order.comment}}"}, 422, "was not filled in"),
    "another exchange": ({"symbol": "BINANCE:BTCUSDT.P"}, 422, "not of Bitget"),
    "no such market": ({"symbol": "BTCUST.P"}, 422, "does not exist"),
    "no size": ({"size": None}, 422, "how much?"),
    "two sizes": ({"quote": "100"}, 422, "two sizes"),
    "an empty size": ({"size": ""}, 422, "size is empty"),
    "no number": ({"size": "NaN"}, 422, "is not a plain number"),
    "an exponent": ({"size": "1e-2"}, 422, "write it out: 0.01"),
    "a negative size": ({"size": "-0.01"}, 422, "is not a plain number"),
    "below the least": ({"size": "0.00001"}, 422, "below the minimum"),
    "off the grid": ({"price": "60000.123"}, 422, "60000.1"),
    "a list": ({"size": ["0.01"]}, 422, "neither text nor a number"),
    "a slip in a name": ({"stoploss": "60000"}, 422, "'stoploss'"),
    "a word of another action": ({"action": "cancel"}, 422, "cancel takes no size"),
    "a side of an order": ({"side": "long"}, 422, "buy takes no side"),
    "half a flag": ({"reduce_only": "maybe"}, 422, "not true or false"),
    "a stop above": ({"sl": "90000"}, 422, "stop-loss"),
    "no time": ({"time": None}, 422, "time is missing"),
    "a look-back": ({"time": "5s"}, 422, "no moment"),
    "a day": ({"time": "2026-03-02"}, 422, "no moment"),
    "an old one": ({"time": "2026-03-02T11:58:59Z"}, 422, "61 s old"),
    "one of the future": ({"time": "2026-03-02T12:01:01Z"}, 422, "61 s ahead"),
    "another zone": ({"time": "2026-03-02T12:00:00+01:00"}, 422, "3600 s old"),
    "a bar's time in ms": ({"time": "1772451900000"}, 422, "900 s old"),
    "every position": ({"action": "close_all", "symbol": None, "size": None}, 403, "--allow-close-all"),
    "a long id": ({"id": "x" * 201}, 422, "id is not"),
    "nothing to close": ({"action": "close", "size": None}, 422, "no position"),
    "a tag with a break": ({"tag": "a\nb"}, 422, "tag"),
    "a far price": ({"price": "30000"}, 422, "not confirmed"),
}
