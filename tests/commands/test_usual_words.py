"""What a profile takes where nothing is typed."""

from __future__ import annotations

import json

import pytest
from doubles import Bitget


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("product=spot", {"product": "spot", "margin_mode": None, "output": None}),
        ("margin-mode=isolated output=json", {"product": "usdt-futures", "margin_mode": "isolated", "output": "json"}),
        ("margin_mode=CROSSED", {"margin_mode": "crossed"}),
        ("product=none margin-mode=none output=none", {"product": "usdt-futures", "margin_mode": None, "output": None}),
    ],
)
def test_what_is_set_is_kept_and_told(bitget: Bitget, settings: str, told: dict[str, str | None]) -> None:
    assert bitget(f"profile set paper {settings}").status == 0
    shown = bitget("profile show paper --json").json
    assert told.items() <= shown.items()


@pytest.mark.parametrize("setting", ["product=margin", "margin-mode=both", "output=xml", "color=red", "spot", "output"])
def test_a_setting_that_there_is_not_is_refused(bitget: Bitget, setting: str) -> None:
    ran = bitget(f"profile set paper {setting}")
    assert (ran.status, ran.out) == (2, "")
    assert "is not" in ran.err
    assert bitget("profile show paper --json").json["output"] is None


def test_a_form_of_output_holds_until_another_is_typed(bitget: Bitget) -> None:
    assert bitget("profile set paper output=json").status == 0
    bitget.environ["BITGET_PROFILE"] = "paper"
    assert isinstance(bitget("market time").json, dict)
    assert json.loads(bitget("market tickers --top 1", terminal=True).out)
    assert bitget("market ticker BTCUSDT -o csv").out.startswith("symbol,")
    assert bitget("watch ticker BTCUSDT --count 1", terminal=True).json["type"] == "ticker"
    assert bitget("-p live profile list").out.startswith("live\t")


@pytest.mark.parametrize("typed", ["order show nosuch", "order buy BTCUSDT 0.01 --price 1", "market ticker NOSUCH"])
def test_a_failure_is_told_in_the_form_that_holds(bitget: Bitget, typed: str) -> None:
    assert bitget("profile set paper output=json").status == 0
    bitget.environ["BITGET_PROFILE"] = "paper"
    failure = bitget(typed).failure
    assert failure["exit"] == bitget(f"{typed} --json").failure["exit"]
    assert bitget(f"{typed} -o csv").err.startswith("error: ")


def test_a_margin_mode_holds_for_what_opens_where_nothing_is_open(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    assert bitget("account margin-mode BTCUSDT crossed").status in (0, 5)
    assert bitget("profile set paper margin-mode=isolated").status == 0

    def sent(typed: str) -> str:
        return str(json.loads(bitget(f"{typed} --dry-run --json").json["body"])["marginMode"])

    assert sent("order buy BTCUSDT 0.01") == "isolated"
    assert sent("order buy BTCUSDT 0.01 --margin-mode crossed") == "crossed"
    assert bitget("order buy BTCUSDT 0.01 --margin-mode crossed").status == 0
    assert sent("order buy BTCUSDT 0.01") == "crossed"
    assert sent("order sell BTCUSDT 0.01 --close") == "crossed"


WAITING = [
    "plan buy BTCUSDT 0.01 --trigger 60000",
    "plan twap buy BTCUSDT 0.01 --duration 1m",
    "plan twap buy BTCUSDT 0.01 --duration 1m --trigger last-1%",
    "plan iceberg buy BTCUSDT 0.01 --parts 2 --price bid-1%",
    "plan iceberg buy BTCUSDT 0.01 --parts 2 --follow own --worst 66000",
]


@pytest.mark.parametrize("typed", WAITING)
def test_what_waits_is_no_less_taken_for_a_margin_mode_that_is_set(bitget: Bitget, typed: str) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    assert bitget("paper reset --account unified").status == 0
    assert bitget("profile set paper margin-mode=isolated").status == 0
    ran = bitget(f"{typed} --dry-run")
    assert ran.status == 0, ran.err
