"""`order wait`: what became of an order decides how it ends, whatever a stream told of it or kept to itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk import LIVE, ORDER
from doubles import NOON, Bitget, enveloped, path_of
from lived_in import copy_of, make
from stream_server import push
from virtual_stream import Connection, Exchange, Unreached, Watched, typed

from bitget_cli.application.orders import waiting
from bitget_cli.client.rest.auth import fingerprint
from bitget_cli.client.ws.interfaces import ConnectionLostError
from bitget_cli.journal import Draft, Journal
from bitget_cli.keys import Key, Secret
from bitget_cli.trading.change import LookupKey
from bitget_cli.values import milliseconds

TOPIC = {"instType": "USDT-FUTURES", "channel": "orders", "instId": "default"}
RESTS = ORDER | {"marginCoin": "USDT", "tradeSide": "buy_single", "posMode": "one_way_mode"}
FILLED = RESTS | {"status": "filled", "baseVolume": "0.02", "priceAvg": "58990.5", "fee": "-0.23"}
CANCELLED = RESTS | {"status": "canceled"}
A_PART = CANCELLED | {"baseVolume": "0.005", "priceAvg": "58990.5"}
OTHER = {"orderId": "1002", "clientOid": "mine-2"}
GONE: dict[str, Any] = {}
# When, in seconds from the start, the order is told as this row from then on.
Life = Sequence[tuple[float, dict[str, Any]]]


class Bitgets:
    """The exchange by REST: every order as it is at this second, and an outage."""

    def __init__(self, exchange: Exchange, lives: Sequence[Life], outage: tuple[float, float] = (0, 0)) -> None:
        self._clock = exchange.clock
        self._lives = lives
        self._outage = outage
        self.asked: list[tuple[float, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, asked = path_of(request), dict(request.url.params)
        self.asked.append((self._clock.elapsed, path))
        if self._outage[0] <= self._clock.elapsed < self._outage[1]:
            raise httpx.ConnectError("restarting", request=request)
        return self._answer(path, asked)

    def _answer(self, path: str, asked: dict[str, str]) -> httpx.Response:
        ids = {name: asked[name] for name in ("orderId", "clientOid") if name in asked}
        rows = [row for row in map(self._now, self._lives) if row and ids.items() <= row.items()]
        is_open = [row for row in rows if row["status"] in ("live", "partially_filled")]
        match path.rpartition("/")[2]:
            case "detail":
                told = rows[0] | {"state": rows[0]["status"]} if rows else None
                return httpx.Response(200 if rows else 400, json=enveloped(told, code="00000" if rows else "40109"))
            case "orders-pending":
                told = {"entrustedList": [] if asked.get("status") else is_open, "endId": None}
            case "orders-history":
                told = {"entrustedList": [row for row in rows if row not in is_open], "endId": None}
            case "orders-plan-pending" | "orders-plan-history":
                told = {"entrustedList": [], "endId": None}
            case "time":
                told = {"serverTime": "1772452800000"}
            case _:
                told = None
        return httpx.Response(200, json=enveloped(told))

    def _now(self, life: Life) -> dict[str, Any]:
        return [row for at, row in life if at <= self._clock.elapsed][-1]


class Silent(Connection):
    """Takes the subscription, and never says another word."""


class Telling(Connection):
    """Tells what happened to the order after twenty seconds, as REST does from then on."""

    row = FILLED

    def on_subscribe(self, of: dict[str, str]) -> None:
        super().on_subscribe(of)
        if of["channel"] == "orders":
            self.say(push(TOPIC, RESTS))
            self.say(push(TOPIC, self.row), after=20 - self.clock.elapsed)


class TellingEnd(Telling):
    row = CANCELLED


class Dying(Silent):
    """Hangs up after eight seconds."""

    def on_subscribe(self, of: dict[str, str]) -> None:
        super().on_subscribe(of)
        self.say(ConnectionLostError("hung up", reached=True), after=8)


class Refusing(Connection):
    """Does not take the login."""

    def on_login(self) -> None:
        self.say(json.dumps({"event": "error", "code": "30005", "msg": "login failed"}))


NOBODY = Unreached("nobody there", 2.0)


def waited(
    home: Path, *plays: Any, lives: Sequence[Life], line: str = "", outage: tuple[float, float] = (0, 0), **how: Any
) -> tuple[Watched, Bitgets]:
    exchange = Exchange(*plays)
    rest = Bitgets(exchange, lives, outage)
    ids = " ".join(life[0][1]["clientOid"] for life in lives)
    return typed(f"order wait {ids} {line}", exchange, home, http=rest, **how, **LIVE), rest


def lives(end: dict[str, Any], at: float = 20) -> list[Life]:
    return [[(0, RESTS), (at, end)]]


@pytest.mark.parametrize(
    ("plays", "life", "outage", "status", "within"),
    [
        pytest.param([Telling], lives(FILLED), (0, 0), 0, (20, 27), id="told"),
        pytest.param([TellingEnd], lives(CANCELLED), (0, 0), 5, (20, 27), id="told of its end"),
        pytest.param([Silent], lives(FILLED), (0, 0), 0, (20, 27), id="a silent stream"),
        pytest.param([Silent], lives(CANCELLED), (0, 0), 5, (20, 27), id="a silent stream, cancelled"),
        pytest.param([Telling], lives(FILLED, at=0.01), (0, 0), 0, (0, 6), id="before anything was heard"),
        pytest.param([Dying, NOBODY], lives(FILLED), (0, 0), 0, (20, 27), id="a stream that dies"),
        pytest.param([Dying], lives(FILLED), (0, 0), 0, (20, 27), id="a stream that dies again and again"),
        pytest.param([NOBODY], lives(FILLED), (0, 0), 0, (20, 27), id="no stream at all"),
        pytest.param([Refusing], lives(FILLED), (0, 0), 0, (20, 27), id="a stream that lets nobody in"),
        pytest.param([Dying, NOBODY], lives(FILLED), (8, 60), 0, (60, 80), id="a restart"),
        pytest.param([Dying, NOBODY, Silent], lives(A_PART), (8, 60), 5, (60, 80), id="a restart, cancelled in it"),
        pytest.param([Silent], lives(GONE), (0, 0), 5, (80, 130), id="forgotten"),
    ],
)
def test_what_became_of_it_is_found_out(
    home: Path,
    plays: list[Any],
    life: list[Life],
    outage: tuple[float, float],
    status: int,
    within: tuple[float, float],
) -> None:
    ran, rest = waited(home, *plays, lives=life, outage=outage)
    assert (ran.status, within[0] <= ran.lasted <= within[1]) == (status, True), (ran.lasted, ran.err.getvalue())
    end = life[0][-1][1]
    assert [row["status"] for row in ran.told] == ([end["status"]] if end else [])
    # A look every five seconds, and not many more.
    assert len(rest.asked) < 30 + 2 * ran.lasted


@pytest.mark.parametrize(
    ("plays", "life", "status", "before"),
    [
        ([Telling], lives(FILLED), 0, 30),
        ([TellingEnd], lives(CANCELLED), 5, 30),
        # Between the look that found it and the subscription, and while there was no connection.
        ([Silent], lives(FILLED, at=0.01), 0, 10),
        ([Dying, NOBODY, NOBODY, Silent], lives(FILLED, at=10), 0, 60),
    ],
    ids=["told", "told of its end", "before it listened", "while it was deaf"],
)
def test_what_a_stream_tells_or_missed_is_looked_at_at_once(
    home: Path, monkeypatch: pytest.MonkeyPatch, plays: list[Any], life: list[Life], status: int, before: float
) -> None:
    monkeypatch.setattr(waiting, "_EVERY", 600.0)
    ran, _ = waited(home, *plays, lives=life)
    assert (ran.status, ran.lasted < before) == (status, True), ran.lasted


def test_ctrl_c_ends_it(home: Path) -> None:
    exchange = Exchange(Silent)
    rest = Bitgets(exchange, [[(0, RESTS)]])

    def interrupted(request: httpx.Request) -> httpx.Response:
        if exchange.clock.elapsed > 60:
            raise KeyboardInterrupt
        return rest(request)

    ran = typed("order wait mine-1", exchange, home, http=interrupted, **LIVE)
    assert (ran.status, 60 < ran.lasted < 70) == (130, True)


def test_a_row_says_what_came_of_it(home: Path) -> None:
    ran, _ = waited(home, Telling, lives=lives(FILLED))
    filled = {"status": "filled", "filledSize": "0.02", "avgPrice": "58990.5", "fee": "-0.23", "feeCoin": "USDT"}
    ids = {"id": "mine-1", "symbol": "BTCUSDT", "orderId": "1001", "clientOid": "mine-1"}
    assert ran.told == [ids | filled]
    ran, _ = waited(home, Telling, lives=lives(FILLED), terminal=True)
    assert ran.out.getvalue() == "mine-1: bought 0.02 BTCUSDT at 58990.5, fee 0.23 USDT\n"


def test_where_it_was_modified_by_other_means_the_one_that_rests_is_named(home: Path) -> None:
    """No journal here tells of it: at the moment it was cancelled another was made, on the same side."""
    ended = CANCELLED | {"uTime": "1772452820000"}
    newer = RESTS | {"orderId": "1009", "clientOid": "theirs", "cTime": "1772452820100"}
    exchange = Exchange(Silent)
    lives = [[(0.0, RESTS), (20.0, ended)], [(0.0, GONE), (20.0, newer)]]
    ran = typed("order wait mine-1 --json", exchange, home, http=Bitgets(exchange, lives), **LIVE)
    assert (ran.status, ran.failure["hint"]) == (
        5,
        "at that moment order 1009 was made, which rests: bitget order wait 1009",
    )


def test_time_is_up(home: Path) -> None:
    ran, _ = waited(home, Telling, lives=[[(0, RESTS)]], line="--for 19s --json")
    assert (ran.status, ran.failure["error"]) == (9, "incomplete")
    assert ran.failure["message"] == "--for 19s was over before mine-1 was filled"
    assert 19 <= ran.lasted <= 22
    assert not ran.out.getvalue()


def test_the_first_that_ends_otherwise_ends_it(home: Path) -> None:
    """Those that were filled before are told, and the one that was not is named."""
    other = [(0.0, RESTS | OTHER), (10.0, FILLED | OTHER)]
    third = [(0.0, RESTS | {"orderId": "1003", "clientOid": "mine-3"})]
    ran, _ = waited(home, Silent, lives=[[(0, RESTS), (20, A_PART)], other, third], line="--json")
    assert (ran.status, [(row["id"], row["status"]) for row in ran.told]) == (
        5,
        [("mine-2", "filled"), ("mine-1", "canceled")],
    )
    assert ran.failure["message"] == "order mine-1 of BTCUSDT was cancelled with 0.005 of 0.02 filled"


@pytest.mark.parametrize("terminal", [False, True])
def test_an_id_that_there_is_not_ends_it_at_once(home: Path, terminal: bool) -> None:
    exchange = Exchange(Silent)
    rest = Bitgets(exchange, lives(FILLED))
    ran = typed("order wait mine-1 nope --symbol BTCUSDT", exchange, home, http=rest, terminal=terminal, **LIVE)
    assert (ran.status, ran.lasted) == (5, 0)
    assert "there is no order nope" in ran.err.getvalue()


def test_what_is_over_is_told_without_a_stream(home: Path) -> None:
    exchange = Exchange(NOBODY)
    ran = typed("order wait 1001 --symbol BTCUSDT", exchange, home, http=Bitgets(exchange, [[(0, FILLED)]]), **LIVE)
    assert (ran.status, exchange.tries, ran.lasted < 3) == (0, [], True)


@pytest.mark.parametrize(
    ("made_at", "status", "ended", "within"),
    [(40, 0, "filled", (60, 72)), (900, 5, "canceled", (50, 70))],
    ids=["made a moment later", "never made"],
)
def test_one_that_is_replaced_meanwhile_is_followed(
    home: Path, made_at: float, status: int, ended: str, within: tuple[float, float]
) -> None:
    """Another process modifies it: the old one is over before the new one shows."""
    key = fingerprint(Key(Secret(LIVE["BITGET_API_KEY"]), Secret("secret"), Secret("words"), "environment"))
    journal = Journal(home / "state" / "bitget" / "journal" / f"live-live-{key}.sqlite3")
    trail = LookupKey(ids=("newer",), old=("mine-1", "1001")).to_text()
    draft = Draft("newer", "replace", "mix.order.modify-order", "BTCUSDT", "{}", "change an order", trail)
    journal.append([draft], now=milliseconds(NOON))
    journal.close()
    newer = {"orderId": "1009", "clientOid": "newer"}
    lives = [[(0, RESTS), (20, CANCELLED)], [(0, GONE), (made_at, RESTS | newer), (made_at + 20, FILLED | newer)]]
    exchange = Exchange(Silent)
    ran = typed("order wait mine-1", exchange, home, http=Bitgets(exchange, lives), **LIVE)
    assert (ran.status, within[0] <= ran.lasted <= within[1]) == (status, True), (ran.lasted, ran.err.getvalue())
    assert [(row["id"], row["status"]) for row in ran.told] == [("mine-1", ended)]


@pytest.mark.parametrize(("line", "status"), [("order wait", 2), ("order wait 1 --for soon", 2)])
def test_what_makes_no_sense_is_refused(bitget: Bitget, line: str, status: int) -> None:
    assert bitget(line, env=LIVE).status == status


KINDS = pytest.mark.parametrize("kind", ["classic", "unified"])
NAMES = pytest.mark.parametrize(("name", "product"), [("BTCUSDT", "usdt-futures"), ("BTC/USDT", "spot")])


@pytest.fixture(scope="module")
def of_kind(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folders of somebody with an account of this kind at noon, each made once."""

    @cache
    def made(kind: str) -> Path:
        lines = [
            f"paper reset --yes --account {kind} --balance USDT=100000 --balance BTC=1",
            "paper clock --set 2026-03-02T12:00",
        ]
        lines += ["account transfer USDT 50000 --from spot --to usdt-futures"] if kind == "classic" else []
        return make(tmp_path_factory.mktemp(kind), *(f"-p paper {line}" for line in lines))

    return made


@pytest.fixture
def paper(bitget: Bitget, home: Path, of_kind: Callable[[str], Path], kind: str) -> Bitget:
    copy_of(of_kind(kind), home)
    return bitget


class Typist:
    def __init__(self, paper: Bitget, product: str) -> None:
        self._paper, self._product = paper, product

    def __call__(self, line: str, status: int = 0) -> Any:
        ran = self._paper(f"-p paper {line} --product {self._product} --json")
        assert ran.status == status, ran.err
        return [json.loads(row) for row in ran.lines] if line.startswith("order wait") else ran.json


@KINDS
@NAMES
def test_every_id_finds_the_order_that_lives_now(paper: Bitget, name: str, product: str, kind: str) -> None:
    """By every command that takes ids: those that an order was given, and those of what it was modified into."""
    do = Typist(paper, product)
    answers = [do(f"order buy {name} 0.01 --price 60000 --client-oid mine")]
    answers += [do(f"order modify mine --size {size}") for size in ("0.02", "0.03")]
    ids = list(dict.fromkeys(answer[key] for answer in answers for key in ("orderId", "clientOid") if answer[key]))
    assert len(ids) >= (6 if kind == "classic" else 2)
    for at, text in enumerate(ids):
        # Both for each id of a classic account: test_renamed_orders.py.
        for where in ("", f"--symbol {name}")[at % 2 if kind == "classic" else 0 :: 2 if kind == "classic" else 1]:
            shown = do(f"order show {text} {where}")
            assert shown["orderId"] == answers[-1]["orderId"]
    for at, text in enumerate(ids):
        answers.append(do(f"order modify {text} --price {59000 + at}"))
    (row,) = do(f"order list {name}")
    assert (row["orderId"], float(row.get("price") or row["priceAvg"])) == (
        answers[-1]["orderId"],
        59000 + len(ids) - 1,
    )
    assert do(f"order wait {' '.join(ids)} --for 0s", 9) == []
    do(f"order modify {ids[0]} --price 67000")
    told = do(f"order wait {' '.join(ids)} --for 10m")
    assert [(row["id"], row["status"], float(row["filledSize"])) for row in told] == [
        (text, "filled", 0.03) for text in ids
    ]


IN_TURN = [
    (kind, name, product, named)
    for kind in ("classic", "unified")
    for name, product in (("BTCUSDT", "usdt-futures"), ("BTC/USDT", "spot"))
    for named in (0, 1, 2, -1)
]


# Each book by two of the ids, and by the other two on the other kind.
@pytest.mark.parametrize(
    ("kind", "name", "product", "named"),
    [
        case if (case[0] == "classic") == (case[3] in (0, 2)) else pytest.param(*case, marks=pytest.mark.slow)
        for case in IN_TURN
    ],
)
def test_every_id_cancels_it(paper: Bitget, name: str, product: str, kind: str, named: int) -> None:
    do = Typist(paper, product)
    answers = [do(f"order buy {name} 0.01 --price 60000 --client-oid mine"), do("order modify mine --size 0.02")]
    ids = [answer[key] for answer in answers for key in ("orderId", "clientOid")]
    do(f"order cancel {ids[named] or ids[0]}")
    assert do(f"order list {name}") == []
    (told,) = do(f"order wait {ids[named] or ids[0]}", 5)
    assert told["status"].startswith("cancel")
    assert kind in ("classic", "unified")


@KINDS
@NAMES
def test_a_waiting_order_is_filled_once_what_it_led_to_is(paper: Bitget, name: str, product: str, kind: str) -> None:
    do = Typist(paper, product)
    price = float(do("market ticker BTCUSDT")["lastPr"])
    made = do(f"plan buy {name} 0.01 --trigger {int(price * 0.97)} --price {int(price * 0.99)} --client-oid waits")
    plan = made["orderId"]
    assert do(f"order wait {plan} --for 0s", 9) == []
    assert paper("-p paper paper clock --advance 30d").status == 0
    (told,) = do(f"order wait {plan} --for 10m")
    assert (told["id"], told["status"], float(told["filledSize"])) == (plan, "filled", 0.01)
    assert told["orderId"] != plan
    assert kind in ("classic", "unified")


@KINDS
def test_a_waiting_order_that_is_cancelled_ends_otherwise(paper: Bitget, kind: str) -> None:
    do = Typist(paper, "usdt-futures")
    plan = do("plan buy BTCUSDT 0.01 --trigger 50000")["orderId"]
    do(f"plan cancel {plan}")
    (told,) = do(f"order wait {plan}", 5)
    assert (told["orderId"], told["filledSize"]) == (plan, None)
    assert kind in ("classic", "unified")
