"""Requests the paper exchange refuses, as Bitget does: code, sentence and HTTP status."""

from __future__ import annotations

from typing import Any

import pytest

DAY = 86_400_000
NOW = 1_772_454_896_789
BTC = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}
CANDLES = "mix/market/candles"


@pytest.mark.parametrize(
    ("path", "words", "code", "msg"),
    [
        ("mix/market/ticker", {"symbol": "BTCUSDT"}, "40019", "Parameter productType cannot be empty"),
        ("mix/market/ticker", {"productType": "USDT-FUTURES"}, "40019", "Parameter symbol cannot be empty"),
        ("mix/market/ticker", {**BTC, "symbol": "BTCUSDTX"}, "40034", "Parameter BTCUSDTX does not exist"),
        ("mix/market/ticker", {**BTC, "symbol": "BTCPERP"}, "40034", "Parameter BTCPERP does not exist"),
        ("mix/market/ticker", {**BTC, "productType": "umcbl"}, "40020", "Parameter productType error"),
        ("mix/market/ticker", {**BTC, "productType": "SUSDT-FUTURES"}, "40034", "Parameter BTCUSDT does not exist"),
        ("spot/market/tickers", {"symbol": "NOPEUSDT"}, "40034", "Parameter NOPEUSDT does not exist"),
        ("spot/public/coins", {"coin": "NOPE"}, "40034", "Parameter NOPE does not exist"),
        ("mix/market/union-interest-rate-history", {"coin": "NOPE"}, "40034", "Parameter NOPE does not exist"),
        (CANDLES, BTC, "40019", "Parameter granularity cannot be empty"),
        (CANDLES, {**BTC, "granularity": "1min"}, "40020", "Parameter granularity error"),
        (CANDLES, {**BTC, "granularity": "1h"}, "40020", "Parameter granularity error"),
        (CANDLES, {**BTC, "granularity": "1m", "limit": "ten"}, "40020", "Parameter limit error"),
        (
            CANDLES,
            {**BTC, "granularity": "1m", "limit": "1001"},
            "40053",
            "Value range verification failed: limit should be between 1 and 1000",
        ),
        (CANDLES, {**BTC, "granularity": "1m", "startTime": "yesterday"}, "40020", "Parameter startTime error"),
        (CANDLES, {**BTC, "granularity": "1m", "kLineType": "LAST"}, "40020", "Parameter kLineType error"),
        (
            CANDLES,
            {**BTC, "granularity": "1m", "startTime": NOW, "endTime": NOW - 1},
            "40707",
            "Start time is greater than end time",
        ),
        (
            CANDLES,
            {**BTC, "granularity": "1D", "startTime": NOW - 91 * DAY, "endTime": NOW},
            "00001",
            "startTime and endTime interval cannot be greater than 90 days",
        ),
        (
            "spot/market/history-candles",
            {"symbol": "BTCUSDT", "granularity": "1h"},
            "40019",
            "Parameter endTime cannot be empty",
        ),
        (
            "mix/market/fills-history",
            {**BTC, "startTime": NOW - 8 * DAY, "endTime": NOW},
            "00001",
            "startTime and endTime interval cannot be greater than 7 days",
        ),
        (
            "mix/market/fills-history",
            {**BTC, "startTime": NOW - 91 * DAY, "endTime": NOW - 90 * DAY},
            "40704",
            "Can only check the data of the last three months",
        ),
        ("mix/market/merge-depth", {**BTC, "precision": "scale4"}, "40020", "Parameter precision error"),
        ("mix/market/long-short", {"symbol": "BTCUSDT", "period": "1d"}, "40020", "Parameter period error"),
        ("public/annoucements", {}, "40019", "Parameter language cannot be empty"),
    ],
)
def test_a_wrong_request_is_refused(ask: Any, path: str, words: dict[str, Any], code: str, msg: str) -> None:
    assert ask.refusal(path, **words) == (400, code, msg)


def test_case_is_not_checked_where_bitget_does_not(ask: Any) -> None:
    assert ask("mix/market/ticker", symbol="btcusdt", productType="usdt-futures")[0]["symbol"] == "BTCUSDT"


def test_an_empty_value_is_no_value_and_surplus_keys_are_ignored(ask: Any) -> None:
    plain = ask("mix/market/candles", granularity="1m", **BTC)
    assert ask("mix/market/candles", granularity="1m", startTime="", kLineType="", surplus="x", **BTC) == plain


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v2/mix/market/nothing", "/api/v2/", "/api/v9/x"])
def test_an_unknown_path_is_not_found(ask: Any, path: str) -> None:
    status, answer = ask.raw("GET", path)
    assert (status, answer["code"], answer["msg"]) == (404, "40404", "Request URL NOT FOUND")


def test_a_path_is_only_answered_for_its_own_method(ask: Any) -> None:
    assert ask.raw("POST", "/api/v2/public/time")[0] == 404


def test_a_v1_path_is_told_to_migrate(ask: Any) -> None:
    assert ask.raw("GET", "/api/mix/v1/market/ticker")[1]["code"] == "30032"


def test_the_unified_api_says_that_this_is_a_classic_account(ask: Any) -> None:
    status, answer = ask.raw("GET", "/api/v3/account/settings")
    assert (status, answer["code"], answer["data"]) == (400, "40084", None)


def test_the_envelope_is_bitgets(ask: Any) -> None:
    _, answer = ask.raw("GET", "/api/v2/public/time")
    assert list(answer) == ["code", "msg", "requestTime", "data"]
    assert answer["requestTime"] == NOW
    assert answer["data"] == {"serverTime": str(NOW)}
