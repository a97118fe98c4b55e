"""`bitget api …` as typed: every endpoint by name, any path, and nothing sent by accident."""

from __future__ import annotations

import json
from typing import Any

import pytest
from doubles import Bitget, enveloped, url
from pytest_httpx import HTTPXMock

from bitget_cli.catalogue import docs, endpoints
from bitget_cli.catalogue.model import Endpoint

KEYS = {"BITGET_API_KEY": "the-key-id", "BITGET_SECRET_KEY": "the-secret", "BITGET_PASSPHRASE": "the-passphrase"}
DEMO = {**KEYS, "BITGET_ENV": "demo"}


def test_the_catalogue_is_listed_whole_and_found_by_text(bitget: Bitget) -> None:
    assert len(bitget("api list").lines) == 333 + 214
    found = bitget("api list place-plan --fields name").lines
    assert "mix.order.place-plan-order" in found
    assert len(found) < 10


def test_one_endpoint_is_explained(bitget: Bitget) -> None:
    shown = bitget("api show mix.order.place-order --json").json
    assert (shown["method"], shown["path"]) == ("POST", "/api/v2/mix/order/place-order")
    parameters = {row["name"]: row for row in shown["parameters"]}
    assert parameters["marginMode"] | {"note": ""} == {
        "name": "marginMode",
        "required": "yes",
        "choices": "isolated crossed",
        "default": "",
        "maximum": "",
        "note": "",
    }
    table = bitget("api show mix.order.place-order", terminal=True).out
    assert "reduceOnly" in table
    assert "10 a second for each account" in table


@pytest.mark.parametrize(
    ("typed", "sentence", "hint"),
    [
        ("api mix.market.tickr symbol=BTCUSDT", "mix.market.tickr", "mix.market.ticker"),
        ("api show mix.market.tickr", "mix.market.tickr", "mix.market.ticker"),
        ("api mix.market.ticker symbl=BTCUSDT productType=USDT-FUTURES", "has no parameter symbl", "symbol"),
        ("api mix.market.ticker symbol=BTCUSDT", "needs productType", "api show mix.market.ticker"),
        ("api mix.market.ticker symbol", "'symbol' is not KEY=VALUE", "symbol=BTCUSDT"),
        ("api mix.market.ticker symbol=A symbol=B", "symbol is given twice", ""),
        ("api GET", "GET needs a path", "public/time"),
        ("api GET api.bitget.com/x", "is not a path", ""),
        ("api GET /api/v2/x?a=b", "is not a path", "KEY=VALUE"),
        ("api POST /api/v2/mix/order/place-order --data {", "--data is not JSON", ""),
        ("api POST /api/v2/x --data " + "[" * 100_000, "--data is nested too deeply", ""),
        ("""api POST /api/v2/x --data '{"size":"1","size":"2"}'""", "--data has size twice", "once"),
        ("""api POST /api/v2/x --data '{"a":[{"size":1,"size":2}]}'""", "--data has size twice", "once"),
        ("""api POST /api/v2/x --data '{"size":NaN}'""", "--data has NaN, which is no number", ""),
        ("""api POST /api/v2/x a='{"size":"1","size":"2"}'""", "a has size twice", "once"),
        ("api mix.market.ticker --data {}", "is a GET and has no body", ""),
        ("api public.time --all", "does not answer in pages", ""),
    ],
)
def test_a_mistake_is_refused_with_near_misses_and_nothing_is_sent(
    bitget: Bitget, exchange: HTTPXMock, typed: str, sentence: str, hint: str
) -> None:
    ran = bitget(typed, env=KEYS)
    assert (ran.status, ran.out, exchange.get_requests()) == (2, "", [])
    assert sentence in ran.err.splitlines()[0]
    assert hint in ran.err


def test_a_row_and_its_path_are_the_same_call(bitget: Bitget, exchange: HTTPXMock) -> None:
    asked = url("mix/market/ticker", {"productType": "USDT-FUTURES", "symbol": "BTCUSDT"})
    for line in ("mix.market.ticker", "GET /api/v2/mix/market/ticker"):
        exchange.add_response(method="GET", url=asked, json=enveloped([{"symbol": "BTCUSDT"}]))
        assert bitget(f"api {line} symbol=BTCUSDT productType=usdt-futures").status == 0
    assert [request.url for request in exchange.get_requests()] == [asked, asked]


def test_a_path_the_catalogue_does_not_have_is_called_as_typed(bitget: Bitget, exchange: HTTPXMock) -> None:
    exchange.add_response(method="GET", json=enveloped({"new": "1"}))
    ran = bitget("api GET /api/v4/market/instruments b=2 a=1 --json")
    assert ran.json == {"new": "1"}
    assert exchange.get_requests()[0].url.raw_path == b"/api/v4/market/instruments?a=1&b=2"


@pytest.mark.parametrize(("env", "header"), [(KEYS, None), (DEMO, "1")])
def test_a_signed_call_says_demo_only_on_demo(
    bitget: Bitget, exchange: HTTPXMock, env: dict[str, str], header: str | None
) -> None:
    exchange.add_response(method="GET", url=url("spot/account/info"), json=enveloped({"userId": "1"}))
    assert bitget("api spot.account.info", env=env).status == 0
    assert exchange.get_requests()[0].headers.get("paptrading") == header
    assert exchange.get_requests()[0].headers["access-key"] == "the-key-id"


def test_pages_are_followed_to_the_end(bitget: Bitget, exchange: HTTPXMock) -> None:
    quarter = {"startTime": "1764676859999", "endTime": "1772452800000"}
    fills, first = "mix/order/fills", {"productType": "USDT-FUTURES", "limit": "100", **quarter}
    page = {"fillList": [{"tradeId": str(n), "cTime": "1"} for n in range(200, 100, -1)], "endId": "101"}
    exchange.add_response(method="GET", url=url(fills, first), json=enveloped(page))
    page = {"fillList": [{"tradeId": "100", "cTime": "1"}], "endId": "100"}
    exchange.add_response(method="GET", url=url(fills, {**first, "idLessThan": "101"}), json=enveloped(page))
    ran = bitget("api mix.order.fills productType=USDT-FUTURES --all --fields tradeId", env=KEYS)
    assert ran.lines == [str(n) for n in range(200, 99, -1)]


WRAPPED = [row for row in endpoints() if row.paging.rows_at and row.reads]


def sample(row: Endpoint) -> dict[str, Any]:
    """A row of the list with every field the catalogue tells, no two alike."""
    names = [field.name for field in row.fields if "." not in field.name]
    return {name: f"<{place}>" for place, name in enumerate(names)}


def listed(exchange: HTTPXMock, row: Endpoint) -> tuple[str, dict[str, str]]:
    """What is typed, and the row that is answered twice to it."""
    # What the row needs, in the words of its own example; what it names is what its rows are about.
    typed = docs.explained(row)["example"].removeprefix("bitget ")
    named = dict(word.partition("=")[::2] for word in typed.split() if "=" in word)
    item = {name: named.get(name, text) for name, text in sample(row).items()}
    data = {row.paging.rows_at: [item, item], "endId": "77", "total": "2"}
    exchange.add_response(method="GET", json=enveloped(data), is_reusable=True)
    return typed, item


@pytest.mark.parametrize("row", WRAPPED, ids=lambda row: row.name)
def test_a_list_within_an_answer_is_shown_as_its_rows(bitget: Bitget, exchange: HTTPXMock, row: Endpoint) -> None:
    typed, item = listed(exchange, row)
    assert bitget(f"{typed} --json", env=KEYS).json == [item, item]
    csv = bitget(f"{typed} -o csv", env=KEYS).lines
    assert [line.split(",") for line in csv] == [[*item], [*item.values()], [*item.values()]]
    table = bitget(f"{typed} -o table", env=KEYS).out
    for name, text in item.items():
        # What is an object of its own has no room in a table, which says so.
        assert table.count(text) == 2 or f"{name} with --json" in table or f"{name}, " in table.splitlines()[-1]
    assert "2 rows · endId 77, total 2" in table


# The other forms have the same columns.
SOME_WRAPPED = [
    pytest.param(row, id=row.name, marks=[pytest.mark.slow] * (number % 4 > 0)) for number, row in enumerate(WRAPPED)
]


@pytest.mark.parametrize("row", SOME_WRAPPED)
def test_so_it_is_in_every_form_and_with_some_of_its_fields(bitget: Bitget, exchange: HTTPXMock, row: Endpoint) -> None:
    typed, item = listed(exchange, row)
    last = [*item][-1]
    assert bitget(f"{typed} -o ndjson", env=KEYS).lines == [json.dumps(item, separators=(",", ":"))] * 2
    assert bitget(typed, env=KEYS).lines == ["\t".join(item.values())] * 2
    assert bitget(f"{typed} --fields {last}", env=KEYS).lines == [item[last]] * 2
    assert bitget(f"{typed} --fields {last} --json", env=KEYS).json == [{last: item[last]}] * 2
    assert bitget(f"{typed} --fields {last} -o csv", env=KEYS).lines == [last, item[last], item[last]]
    one = bitget(f"{typed} --fields {last} -o table", env=KEYS).lines
    assert [line.strip() for line in one[1:3]] == [item[last]] * 2


NEW_KEY = {"subAccountUid": "123", "label": "bot", "subAccountApiKey": "bg_new", "secretKey": "new-secret"}
NEW_KEY |= {"permType": "read_and_write", "permList": ["spot_trade", "contract_trade"], "ipList": []}
# A write → its words, what Bitget answers, and the texts of it that have to be seen.
WRITES: list[tuple[str, Any, list[str]]] = [
    (
        "user.create-virtual-subaccount-apikey subAccountUid=123 passphrase=words1234 label=bot "
        "ipList='[\"1.2.3.4\"]' permList='[\"spot_trade\"]'",
        NEW_KEY,
        ["bg_new", "new-secret", "contract_trade", "read_and_write"],
    ),
    (
        "user.create-virtual-subaccount subAccountList='[\"bots1234\"]'",
        {"successList": [{"subaAccountUid": "55", "subaAccountName": "bots1234"}], "failureList": []},
        ["55", "bots1234"],
    ),
    ("spot.trade.cancel-symbol-order symbol=BTCUSDT", {"symbol": "BTCUSDT"}, ["BTCUSDT"]),
    ("spot.wallet.modify-deposit-account coin=USDT accountType=spot", "success", ["success"]),
    ("mix.order.cancel-order symbol=BTCUSDT productType=USDT-FUTURES orderId=1", [{"orderId": "1"}], ["1"]),
]


@pytest.mark.parametrize(("typed", "answer", "texts"), WRITES, ids=[typed.split()[0] for typed, *_ in WRITES])
@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv", "tsv"])
def test_a_change_shows_all_that_bitget_answered(
    bitget: Bitget, exchange: HTTPXMock, form: str, typed: str, answer: Any, texts: list[str]
) -> None:
    exchange.add_response(method="POST", json=enveloped(answer))
    ran = bitget(f"api {typed} --yes -o {form}", env=KEYS, terminal=form == "table")
    assert ran.status == 0
    assert [text for text in texts if text not in ran.out] == []
    if form == "json":
        assert ran.json["response"] == answer


def test_one_field_of_what_a_change_answered_can_be_asked_for(bitget: Bitget, exchange: HTTPXMock) -> None:
    typed = f"api {WRITES[0][0]} --yes --fields response.secretKey"
    exchange.add_response(method="POST", json=enveloped(NEW_KEY))
    assert bitget(typed, env=KEYS).lines == ["new-secret"]


def test_what_only_one_failure_of_a_batch_tells_is_in_the_table_too(bitget: Bitget, exchange: HTTPXMock) -> None:
    failures = [{"orderId": "1"}, {"orderId": "2", "errorMsg": "no such order", "errorCode": "43001"}]
    answer = enveloped({"successList": [], "failureList": failures})
    exchange.add_response(method="POST", url=url("mix/order/batch-cancel-orders"), json=answer)
    exchange.add_response(method="GET", json=enveloped(None, code="40109"), is_reusable=True)
    words = 'symbol=BTCUSDT productType=USDT-FUTURES orderIdList=\'[{"orderId":"1"}]\''
    ran = bitget(f"api mix.order.batch-cancel-orders {words} --yes", env=DEMO, terminal=True)
    assert "no such order" in ran.out


PLACE = url("mix/order/place-order")
ORDER = "symbol=BTCUSDT productType=USDT-FUTURES marginMode=crossed marginCoin=USDT size=0.01 side=buy orderType=market"


@pytest.mark.parametrize("form", ["--json", "-o table", ""])
def test_a_dry_run_shows_the_request_without_secrets_and_sends_nothing(
    bitget: Bitget, exchange: HTTPXMock, form: str
) -> None:
    ran = bitget(f"api mix.order.place-order {ORDER} --dry-run {form}", env=KEYS)
    assert (ran.status, exchange.get_requests()) == (0, [])
    for part in ("POST", "https://api.bitget.com/api/v2/mix/order/place-order", "orderType", "$BITGET_API_KEY"):
        assert part in ran.out
    assert not [secret for secret in KEYS.values() if secret in ran.out + ran.err]


@pytest.mark.parametrize("option", ["--all", "--limit 2", "--since 1d", "--until 1d"])
def test_a_dry_run_never_walks_through_pages(bitget: Bitget, exchange: HTTPXMock, option: str) -> None:
    ran = bitget(f"api spot.account.bills --dry-run {option}", env=KEYS)
    assert (ran.status, ran.out, exchange.get_requests()) == (2, "", [])


def test_the_dry_run_signs_exactly_what_would_be_sent(bitget: Bitget) -> None:
    shown = bitget("api spot.account.bills coin=USDT limit=5 --dry-run --json", env=KEYS).json
    assert shown["url"] == "https://api.bitget.com/api/v2/spot/account/bills?coin=USDT&limit=5"
    assert shown["signed_text"] == "$TIMESTAMPGET/api/v2/spot/account/bills?coin=USDT&limit=5"


def test_a_change_on_live_needs_yes_where_nobody_can_be_asked(bitget: Bitget, exchange: HTTPXMock) -> None:
    ran = bitget(f"api mix.order.place-order {ORDER}", env=KEYS)
    assert (ran.status, exchange.get_requests()) == (10, [])
    assert "--yes" in ran.err
    exchange.add_response(method="POST", url=PLACE, json=enveloped({"orderId": "1", "clientOid": "c"}))
    ran = bitget(f"api mix.order.place-order {ORDER} --yes --json", env=KEYS)
    assert ran.json == {
        "outcome": "done",
        "env": "live",
        "symbol": None,
        "orderId": "1",
        "clientOid": "c",
        **dict.fromkeys(("status", "filledSize", "avgPrice", "fee", "feeCoin")),
        "response": {"orderId": "1", "clientOid": "c"},
        "working": None,
    }


@pytest.mark.parametrize(("answer", "status", "sent"), [("y\n", 0, 1), ("n\n", 10, 0), ("\n", 10, 0), ("", 10, 0)])
def test_a_change_on_live_asks_on_a_terminal(
    bitget: Bitget, exchange: HTTPXMock, answer: str, status: int, sent: int
) -> None:
    if sent:
        exchange.add_response(method="POST", url=PLACE, json=enveloped({"orderId": "1", "clientOid": "c"}))
    ran = bitget(f"api mix.order.place-order {ORDER}", env=KEYS, terminal=True, typed=answer)
    assert (ran.status, len(exchange.get_requests())) == (status, sent)
    assert "LIVE" in ran.err


def test_a_withdrawal_is_refused_by_every_door(bitget: Bitget, exchange: HTTPXMock) -> None:
    words = "coin=USDT transferType=on_chain address=x size=1"
    for typed in (f"api spot.wallet.withdrawal {words}", f"api POST /api/v2/spot/wallet/withdrawal {words}"):
        ran = bitget(f"{typed} --yes", env=DEMO)
        assert (ran.status, exchange.get_requests()) == (10, [])
        assert "profile allow withdraw" in ran.err
    ran = bitget("api POST /api/v3/account/withdraw coin=USDT --yes", env=KEYS)
    assert (ran.status, exchange.get_requests()) == (10, [])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v2/spot/wallet/%77ithdrawal", 2),
        ("/api/v2/spot/wallet/with%64rawal", 2),
        ("/api/v2/spot/wallet/%2577ithdrawal", 2),
        ("/api/v2/spot/wallet/withdrawal/", 2),
        ("/api/v2/spot//wallet/withdrawal", 2),
        ("//api/v2/spot/wallet/withdrawal", 2),
        ("/api/v2/spot/./wallet/withdrawal", 2),
        ("/api/v2/spot/x/../wallet/withdrawal", 2),
        ("/api/v2/spot/wallet/withdrawal;x", 2),
        ("/api/v2/spot/wallet/ｗithdrawal", 2),  # a letter of another alphabet
        ("/api/v2/spot/wallet/WITHDRAWAL", 10),
        ("/api/v2/spot.wallet.withdrawal", 10),
    ],
)
def test_no_spelling_of_a_path_gets_past_the_guard_of_withdrawals(
    bitget: Bitget, exchange: HTTPXMock, path: str, status: int
) -> None:
    words = "coin=USDT transferType=on_chain address=x size=1"
    for method in ("POST", "post"):
        ran = bitget(f"api {method} '{path}' {words} --yes", env=DEMO)
        assert (ran.status, exchange.get_requests()) == (status, []), path


def test_a_body_goes_out_byte_for_byte(bitget: Bitget, exchange: HTTPXMock) -> None:
    body = '{"size": 0.10, "b":1,  "a": "x"}'
    for _ in range(2):
        exchange.add_response(method="POST", url=PLACE, match_content=body.encode(), json=enveloped({"orderId": "1"}))
    for typed in (body, "\ufeff" + body):
        line = "api POST /api/v2/mix/order/place-order --data - --yes --allow-far"
        ran = bitget(line, typed=typed, env=KEYS)
        assert ran.status == 0


# A value that the catalogue does not list may be one that Bitget takes since.
UNLISTED = [
    ("mix.market.candles symbol=BTCUSDT productType=USDT-FUTURES granularity=7H", "granularity '7H'", "7H"),
    ("public.annoucements language=xx_XX", "language 'xx_XX'", "xx_XX"),
    ("mix.market.ticker symbol=BTCUSDT productType=UMCBL", "productType 'UMCBL'", "UMCBL"),
    ("mix.market.fills symbol=BTCUSDT productType=USDT-FUTURES limit=5000", "limit 5000", "5000"),
]


@pytest.mark.parametrize(("words", "said", "value"), UNLISTED)
def test_an_unlisted_value_is_a_warning_on_a_named_row(
    bitget: Bitget, exchange: HTTPXMock, words: str, said: str, value: str
) -> None:
    exchange.add_response(method="GET", json=enveloped([]))
    ran = bitget(f"api {words}")
    assert ran.status == 0, ran.err
    assert ran.err.startswith(f"warning: {said} is ")
    assert value in exchange.get_requests()[0].url.params.values()


@pytest.mark.parametrize(("words", "_", "value"), UNLISTED)
def test_on_a_path_nothing_is_checked(bitget: Bitget, exchange: HTTPXMock, words: str, _: str, value: str) -> None:
    name, *pairs = words.split()
    exchange.add_response(method="GET", json=enveloped([]))
    ran = bitget(f"api GET /api/v2/{name.replace('.', '/')} {' '.join(pairs)} anything=new")
    assert (ran.status, ran.err) == (0, "")
    assert {value, "new"} <= set(exchange.get_requests()[0].url.params.values())


@pytest.mark.parametrize(
    "words", ["mix.market.ticker symbl=BTCUSDT", "spot.market.tickers symbool=BTCUSDT", "public.time x=1"]
)
def test_an_unknown_parameter_of_a_named_row_is_an_error_still(bitget: Bitget, exchange: HTTPXMock, words: str) -> None:
    ran = bitget(f"api {words}")
    assert (ran.status, exchange.get_requests()) == (2, [])
    assert "has no parameter" in ran.err


@pytest.mark.parametrize(
    ("path", "twin"),
    [
        ("/api/mix/v1/order/placeOrder", "mix.order.place-order"),
        ("/api/spot/v1/trade/orders", "spot.trade.place-order"),
        ("/api/mix/v1/market/ticker", "mix.market.ticker"),
        ("/api/user/v1/tax/spot-record", "tax.spot-record"),
        ("/api/mix/v1/order/PlaceOrder", "mix.order.place-order"),
        ("/API/Spot/V1/trade/Orders", "spot.trade.place-order"),
    ],
)
def test_a_path_of_v1_leads_to_its_twin(bitget: Bitget, exchange: HTTPXMock, path: str, twin: str) -> None:
    for method in ("GET ", "POST ", ""):
        ran = bitget(f"api {method}{path} symbol=BTCUSDT")
        assert (ran.status, exchange.get_requests()) == (2, [])
        assert twin in ran.err
        assert f"bitget api show {twin}" in ran.err
    assert bitget(f"api show {path} --json").json["name"] == twin
    assert bitget(f"api show /api/v2/{twin.replace('.', '/')} --json").json["name"] == twin
    assert twin in [row["name"] for row in bitget(f"api list {path.rpartition('/')[2]} --json").json]
    assert path.lower() in bitget(f"api show {twin} --json").json["v1"].lower().split()


@pytest.mark.parametrize("name", ["placeOrder", "queryAllNotices", "setLeverage"])
def test_a_name_of_v1_is_answered_with_its_twin(bitget: Bitget, name: str) -> None:
    ran = bitget(f"api show {name}")
    assert ran.status == 2
    assert "did you mean" in ran.err


def test_every_path_of_v1_has_a_twin_that_is_there() -> None:
    from bitget_cli.catalogue import _v1_paths

    names = {row.name for row in endpoints()}
    assert len(_v1_paths()) > 200
    assert set(_v1_paths().values()) <= names


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("40762", "40762", "balance"),
        ("40009", "40009", "sign"),
        ("30001", "30001", "channel"),
        ("45110", "45110", "minimum"),
    ],
)
def test_a_code_is_looked_up_with_what_to_do(bitget: Bitget, typed: str, code: str, says: str) -> None:
    found = bitget(f"api errors {typed} --json").json
    assert found["code"] == code
    assert says in f"{found['message']} {found['advice']}".lower()
    assert found["advice"]


def test_codes_are_found_by_words_and_all_of_them_are_listed(bitget: Bitget) -> None:
    balance = bitget("api errors balance --json").json
    assert "40762" in [row["code"] for row in balance]
    assert len(bitget("api errors --json").json) > 900
    ran = bitget("api errors nosuchword")
    assert ran.status == 2
    assert "nosuchword" in ran.err
