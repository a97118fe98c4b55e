"""How moments are written, by any form, and the picture of a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from doubles import Bitget

LAST = "-p paper market candles BTC/USDT -g 1h --limit 1"


@pytest.fixture
def at_noon(bitget: Bitget) -> Bitget:
    assert bitget("paper clock --set 2026-03-02T12:00").status == 0
    return bitget


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "tsv"])
@pytest.mark.parametrize(
    ("style", "moment"),
    [
        ("", "1772452800000"),
        ("--times ms", "1772452800000"),
        ("--times iso", "2026-03-02T12:00:00.000Z"),
        ("--times local", "2026-03-02T12:00:00.000+00:00"),
    ],
)
def test_moments_are_written_as_asked_in_every_form(at_noon: Bitget, form: str, style: str, moment: str) -> None:
    assert moment in at_noon(f"{LAST} -o {form} {style}").out


def test_moments_of_objects_and_of_what_is_nested_in_them(at_noon: Bitget) -> None:
    plain = at_noon("-p paper market ticker BTCUSDT --json").json
    dated = at_noon("-p paper market ticker BTCUSDT --json --times iso").json
    assert dated == plain | {"ts": "2026-03-02T12:00:00.000Z"}
    line = at_noon("-p paper watch ticker BTCUSDT --count 1 --times iso").out
    assert json.loads(line)["data"]["ts"] == "2026-03-02T12:00:00.000Z"
    fields = at_noon("-p paper watch ticker BTCUSDT --count 1 --times iso --fields ts,lastPr -o csv").out
    assert fields.splitlines()[1].startswith("2026-03-02T12:00:00.000Z,")


def test_a_table_shows_them_as_they_were_asked_for(at_noon: Bitget) -> None:
    assert "2026-03-02 12:00" in at_noon(LAST, terminal=True).out
    assert "2026-03-02T12:00:00.000Z" in at_noon(f"{LAST} --times iso", terminal=True).out
    assert "1772452800000" in at_noon(f"{LAST} --times ms", terminal=True).out


@pytest.mark.parametrize("typed", ["--times utc", "--language english!", "--save table.png", "--save there.svg"])
def test_what_would_be_refused_at_the_end_is_refused_before_anything_is_sent(
    bitget: Bitget, typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.svg").write_text("mine")
    ran = bitget(f"-p paper order buy BTCUSDT 0.01 {typed}")
    assert (ran.status, ran.out) == (2, "")
    assert typed in ran.err
    assert bitget("-p paper order log").out == ""
    assert (tmp_path / "there.svg").read_text() == "mine"


def test_a_record_has_a_line_for_each_field(at_noon: Bitget) -> None:
    shown = at_noon("-p paper market tickers --top 2 -o record").out
    assert [line.split()[-1] for line in shown.splitlines() if line.startswith("Symbol")] == ["BTCUSDT", "ETHUSDT"]
    assert "\n\n" in shown
    assert at_noon("-p paper watch ticker BTCUSDT -o record").status == 2


@pytest.mark.parametrize("ending", ["svg", "html"])
@pytest.mark.parametrize("form", ["table", "json"])
def test_the_table_is_saved_as_a_picture_beside_what_is_printed(
    at_noon: Bitget, tmp_path: Path, ending: str, form: str
) -> None:
    plain = at_noon(f"-p paper market tickers --top 2 -o {form}").out
    ran = at_noon(f"-p paper market tickers --top 2 -o {form} --save {tmp_path}/there.{ending}")
    assert (ran.status, ran.out) == (0, plain)
    picture = (tmp_path / f"there.{ending}").read_text()
    assert "ETHUSDT" in picture
    assert "url(http" not in picture.replace('"', "")


def test_candles_of_spot_and_futures_have_the_same_columns_and_no_volume_twice(bitget: Bitget) -> None:
    heads = [
        bitget(f"-p paper market candles {name} --limit 1 -o csv").out.splitlines()[0]
        for name in ("BTCUSDT", "BTC/USDT")
    ]
    assert heads == ["ts,open,high,low,close,baseVolume,quoteVolume"] * 2
    (bar,) = bitget("-p paper market candles BTC/USDT --limit 1 --json").json
    assert bitget("-p paper market candles BTC/USDT --limit 1 --fields quoteVolume").out.strip() == bar[7]


def test_a_dash_before_a_field_sorts_the_smallest_first(bitget: Bitget) -> None:
    largest, smallest = (
        bitget(f"-p paper market tickers --sort {by} --fields symbol").out.split() for by in ("lastPr", "-lastPr")
    )
    assert smallest == largest[::-1]
    assert bitget("-p paper watch ticker BTCUSDT ETHUSDT --sort -lastPr --count 1").status == 0
    assert "there is no field 'none'" in bitget("-p paper market tickers --sort -none").err


def test_bitgets_own_messages_come_in_the_language_asked_for(bitget: Bitget) -> None:
    asked = bitget("-p paper order buy BTCUSDT 0.01 --price 60000 --dry-run --json --language zh-CN").json
    assert asked["headers"]["locale"] == "zh-CN"
    assert bitget("-p paper order buy BTCUSDT 0.01 --price 60000 --dry-run --json").json["headers"]["locale"] == "en-US"
