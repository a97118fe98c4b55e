"""`bitget paper …` as typed, and the market group on the exchange it keeps."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from doubles import Bitget

MINUTE = 60_000


def test_a_new_exchange_is_in_real_time_and_says_where_it_is_kept(bitget: Bitget) -> None:
    status = bitget("paper status --json").json
    assert status["clock"] == "real"
    assert status["now"] == "1772452800000"
    assert status["opening"] == {"USDT": "10000", "usdt-futures:USDT": "10000"}
    assert status["file"].endswith("paper.sqlite3")


def test_the_clock_stands_jumps_and_runs_as_told(bitget: Bitget) -> None:
    assert bitget("paper clock --set 2026-03-01T12:00 --json").json["response"]["now"] == "1772366400000"
    assert bitget("paper clock --advance 3d --json").json["response"]["now"] == "1772625600000"
    bitget("paper clock --speed 60")
    bitget.clock.sleep(10)
    assert bitget("paper status --json").json["now"] == str(1772625600000 + 600_000)
    assert bitget("paper clock --set real --json").json["response"]["clock"] == "real"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("paper clock", "say one of --set, --advance and --speed"),
        ("paper clock --set 2026-01-01 --speed 2", "say one of"),
        ("paper clock --set someday", "time 'someday' is not a date"),
        ("paper clock --set 2017-01-01", "no prices before 2018-01-01"),
        ("paper clock --advance 3", "span '3' is not a length of time"),
        ("paper clock --speed -1", "speed"),
        ("paper clock --speed 2000000", "speed 2000000 is not between"),
        ("paper reset --balance USDT", "balance 'USDT' is not [WALLET:]COIN=AMOUNT"),
        ("paper reset --balance :USDT=5", "'' is not a wallet"),
        ("paper reset --balance futures:USDT=5", "'futures' is not a wallet"),
        ("paper reset --balance isolated-margin:USDT=5", "'isolated-margin' is not a wallet"),
        ("paper reset --balance usdt-futures:BTC=5", "wallet usdt-futures does not hold BTC"),
        ("paper reset --balance NOSUCH=5", "coin NOSUCH is not a coin the paper exchange has"),
        ("paper reset --balance USDT=5 --balance spot:usdt=6", "the balance of USDT is given twice"),
        ("paper reset --balance USDT=1e9", "balance of USDT '1e9' is not a plain number"),
        ("paper reset --seed -1", "--seed"),
    ],
)
def test_a_mistake_changes_nothing(bitget: Bitget, typed: str, sentence: str) -> None:
    before = bitget("paper status --json").out
    ran = bitget(typed)
    assert (ran.status, ran.out) == (2, "")
    assert sentence in ran.err
    assert bitget("paper status --json").out == before


def test_the_same_seed_gives_the_same_prices_and_another_gives_others(bitget: Bitget) -> None:
    first = bitget("-p paper market ticker BTCUSDT --json").out
    assert bitget("-p paper market ticker BTCUSDT --json").out == first
    bitget("paper reset --seed 7 --balance USDT=10000")
    assert bitget("-p paper market ticker BTCUSDT --json").out != first
    assert bitget("paper status --json").json["opening"] == {"USDT": "10000"}
    bitget("paper reset --seed 1")
    assert bitget("-p paper market ticker BTCUSDT --json").out == first


def test_a_file_that_is_something_else_is_named_and_left_alone(bitget: Bitget) -> None:
    bitget("paper reset --seed 2")
    file = bitget("paper status --json").json["file"]
    with open(file, "wb") as place:
        place.write(b"my shopping list " * 200)
    ran = bitget("-p paper market time")
    assert (ran.status, ran.out) == (3, "")
    assert file in ran.err


@pytest.mark.parametrize("market", ["BTCUSDT", "BTC/USDT", "BTCPERP", "BTCUSD"])
def test_minutes_are_all_there_once_and_fold_into_hours_exactly(bitget: Bitget, market: str) -> None:
    bitget("paper clock --set 2026-03-01T12:00")

    def bars(granularity: str) -> list[dict[str, str]]:
        ran = bitget(f"-p paper market candles {market} -g {granularity} --since 12h --all -o csv")
        return list(csv.DictReader(io.StringIO(ran.out)))

    minutes, hours = bars("1m"), bars("1h")
    starts = [int(bar["ts"]) for bar in minutes]
    assert starts == list(range(starts[0], starts[0] + 720 * MINUTE, MINUTE))
    assert len(hours) == 12
    for place, hour in enumerate(hours):
        part = minutes[place * 60 : place * 60 + 60]
        assert hour["open"] == part[0]["open"]
        assert hour["close"] == part[-1]["close"]
        assert Decimal(hour["high"]) == max(Decimal(bar["high"]) for bar in part)
        assert Decimal(hour["low"]) == min(Decimal(bar["low"]) for bar in part)
        for column in ("baseVolume", "quoteVolume"):
            assert Decimal(hour[column]) == sum(Decimal(bar[column]) for bar in part)


def test_history_is_counted_from_the_exchange_s_own_clock(bitget: Bitget) -> None:
    bitget("paper clock --advance 120d")
    ran = bitget("-p paper market trades BTCUSDT --since 1m --fields ts")
    assert ran.status == 0
    now = int(bitget("paper status --json").json["now"])
    assert all(now - MINUTE <= int(line) <= now for line in ran.lines)
    assert len(ran.lines) > 60


def test_what_it_has_not_learnt_is_refused_honestly(bitget: Bitget) -> None:
    ran = bitget("-p paper api broker.account.info")
    assert (ran.status, ran.out) == (5, "")
    assert "not offered by the paper exchange" in ran.err


def test_its_settings_for_other_programs_are_theirs_to_read(bitget: Bitget) -> None:
    shell = bitget("paper env --port 9000").lines
    assert [line.split("=")[0] for line in shell] == [
        "export BITGET_API_KEY",
        "export BITGET_SECRET_KEY",
        "export BITGET_PASSPHRASE",
        "export BITGET_API_BASE_URL",
        "export BITGET_WS_BASE_URL",
    ]
    assert "http://127.0.0.1:9000" in bitget("paper env --port 9000 --client ccxt").out
    assert "'private': 'ws://127.0.0.1:9000/v2/ws/private'" in bitget("paper env --port 9000 --client ccxt").out
    assert "baseUrl: 'http://127.0.0.1:9000'" in bitget("paper env --port 9000 --client bitget-api").out
    assert "wsUrl: 'ws://127.0.0.1:9000/v2/ws/private'" in bitget("paper env --port 9000 --client bitget-api").out
    assert bitget("paper env --json").json["BITGET_API_KEY"] == "paper-key"


def test_its_settings_are_those_of_the_account_there_is(bitget: Bitget) -> None:
    bitget("paper reset --account unified")
    ccxt = bitget("paper env --port 9000 --client ccxt").out
    assert "'utaPrivate': 'ws://127.0.0.1:9000/v3/ws/private'" in ccxt
    assert "ex.options['uta'] = True" in ccxt
    other = bitget("paper env --port 9000 --client bitget-api").out
    assert "new RestClientV3(" in other
    assert "new WebsocketClientV3({ ...keys, wsUrl: 'ws://127.0.0.1:9000/v3/ws/private' })" in other
