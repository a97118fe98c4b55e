"""What may be given to a row, and how it is spelt on the wire."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.catalogue.model import Effect, Endpoint, Param, Rate, Scope
from bitget_cli.client.rest.request import Call, prepare_call
from bitget_cli.errors import UsageError

RATE = Rate(10, Scope.ACCOUNT)
ORDERS = Endpoint(
    "GET",
    "/api/v2/mix/order/orders-history",
    "Orders",
    rate=RATE,
    params=(
        Param("productType", required=True, choices=("USDT-FUTURES", "COIN-FUTURES")),
        Param("symbol"),
        Param("startTime"),
        Param("status", choices=("live", "filled")),
        Param("planType", choices=("a", "b"), open_ended=True),
        Param("limit", maximum=100),
    ),
)
CANCEL = Endpoint(
    "POST",
    "/api/v2/mix/order/cancel-order",
    "Cancel",
    rate=RATE,
    effect=Effect.TRADE,
    params=(Param("symbol", required=True), Param("orderId"), Param("clientOid"), Param("size"), Param("note")),
    one_of=(("orderId", "clientOid"),),
)
BATCH = Endpoint(
    "POST",
    "/api/v2/mix/order/batch-place-order",
    "Batch",
    rate=RATE,
    effect=Effect.TRADE,
    params=(
        Param("symbol", required=True),
        Param("orderList", required=True, type="array"),
        Param("orderList[].size", required=True),
        Param("orderList[].side", required=True, choices=("buy", "sell")),
    ),
)
BARE = Endpoint(
    "POST",
    "/api/v2/user/batch-create-subaccount-and-apikey",
    "Make sub-accounts",
    rate=RATE,
    effect=Effect.KEYS,
    params=(Param("[].subAccountName", required=True), Param("[].label")),
)
IDS = Endpoint(
    "POST",
    "/api/v2/spot/trade/cancel-many",
    "Cancel many",
    rate=RATE,
    effect=Effect.TRADE,
    params=(Param("ids", type="array", choices=("1", "2")),),
)


def test_a_query_is_sorted_and_what_is_none_is_left_out() -> None:
    call = prepare_call(ORDERS, {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "status": None, "limit": 20})
    assert call.query == (("limit", "20"), ("productType", "USDT-FUTURES"), ("symbol", "BTCUSDT"))
    assert call.url_path == "/api/v2/mix/order/orders-history?limit=20&productType=USDT-FUTURES&symbol=BTCUSDT"
    assert call.body == b""


def test_a_body_is_compact_json_of_the_very_text() -> None:
    call = prepare_call(CANCEL, {"symbol": "BTCUSDT", "orderId": "1", "size": Decimal("0.00000010"), "note": "é币"})
    assert call.body == '{"symbol":"BTCUSDT","orderId":"1","size":"0.00000010","note":"é币"}'.encode()
    assert call.url_path == "/api/v2/mix/order/cancel-order"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E-8"), "0.00000001"),
        (Decimal("1E+3"), "1000"),
        (7, "7"),
        (True, "true"),
        (datetime(2026, 1, 1, tzinfo=UTC), "1767225600000"),
    ],
)
def test_values_go_out_as_plain_text(value: Any, text: str) -> None:
    call = prepare_call(ORDERS, {"productType": "USDT-FUTURES", "symbol": value})
    assert dict(call.query)["symbol"] == text


def test_a_product_type_is_accepted_in_any_case_and_sent_in_capitals() -> None:
    assert dict(prepare_call(ORDERS, {"productType": "usdt-futures"}).query)["productType"] == "USDT-FUTURES"


def test_the_body_of_a_bare_array_row_is_the_array() -> None:
    assert prepare_call(BARE, {"[]": [{"subAccountName": "abcdefgh"}]}).body == b'[{"subAccountName":"abcdefgh"}]'


def test_items_of_a_list_keep_their_shape() -> None:
    call = prepare_call(BATCH, {"symbol": "X", "orderList": [{"size": Decimal("0.1"), "side": "buy", "price": None}]})
    assert json.loads(call.body) == {"symbol": "X", "orderList": [{"size": "0.1", "side": "buy"}]}


@pytest.mark.parametrize(
    ("row", "wrong", "says", "hint"),
    [
        (ORDERS, {}, "needs productType", "bitget api show mix.order.orders-history"),
        (ORDERS, {"productType": ""}, "needs productType", ""),
        (ORDERS, {"productType": "USDT-FUTURES", "simbol": "X"}, "no parameter simbol", "did you mean symbol?"),
        (ORDERS, {"productType": "USDT-FUTURES", "starttime": "1"}, "no parameter starttime", "startTime"),
        (ORDERS, {"productType": "SPOT"}, "'SPOT' is not one of USDT-FUTURES, COIN-FUTURES", ""),
        (ORDERS, {"productType": "USDT-FUTURES", "status": "Live"}, "'Live' is not one of live, filled", ""),
        (ORDERS, {"productType": "USDT-FUTURES", "limit": 101}, "limit 101 is above the most Bitget takes, 100", ""),
        (ORDERS, {"productType": "USDT-FUTURES", "symbol": 0.1}, "neither text nor an exact number", ""),
        (ORDERS, {"productType": "USDT-FUTURES", "symbol": Decimal("NaN")}, "neither text nor an exact number", ""),
        (ORDERS, {"productType": "USDT-FUTURES", "symbol": "\udcff"}, "not valid UTF-8", ""),
        (CANCEL, {"symbol": "X"}, "needs orderId or clientOid", ""),
        (BATCH, {"symbol": "X", "orderList": []}, "needs orderList", ""),
        (BATCH, {"symbol": "X", "orderList": [{"size": "1"}]}, "needs orderList[].side", ""),
        (BATCH, {"symbol": "X", "orderList": [{"size": "1", "side": "up"}]}, "'up' is not one of buy, sell", ""),
        (
            BATCH,
            {"symbol": "X", "orderList": [{"size": "1", "side": "buy", "sizes": "1"}]},
            "orderList[].sizes",
            "size",
        ),
        (BARE, {"[]": [{"label": "x"}]}, "needs [].subAccountName", ""),
        (BARE, {"label": "x"}, "no parameter label", ""),
        (IDS, {"ids": ["1", "3"]}, "'3' is not one of 1, 2", ""),
    ],
)
def test_a_mistake_is_refused_in_a_sentence(row: Endpoint, wrong: dict[str, Any], says: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        prepare_call(row, wrong)
    assert says in caught.value.message
    assert hint in (caught.value.hint or "")


def test_the_known_part_of_a_longer_list_of_choices_refuses_nothing() -> None:
    assert dict(prepare_call(ORDERS, {"productType": "USDT-FUTURES", "planType": "z"}).query)["planType"] == "z"


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=8), max_size=6))
def test_a_url_decodes_to_exactly_what_was_signed(pairs: dict[str, str]) -> None:
    call = Call(ORDERS, query=tuple(sorted(pairs.items())))
    query = urlsplit("https://x.test" + call.url_path).query
    assert parse_qsl(query.replace("+", "%2B"), keep_blank_values=True) == sorted(pairs.items())
    assert call.decoded_query == "&".join(f"{name}={value}" for name, value in sorted(pairs.items()))
