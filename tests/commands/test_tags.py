"""`--tag`: a person's own word for orders, kept in the journal, found again in lists, and cancelled by."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from desk import DEMO, ORDER, open_desk
from doubles import Bitget
from pytest_httpx import HTTPXMock
from test_kept_files import KEPT, rebuild

FAR = "--allow-far"


@pytest.fixture(params=["classic", "unified"])
def paper(request: pytest.FixtureRequest, bitget: Bitget) -> Bitget:
    """On paper, with an account of either kind."""
    assert bitget(f"paper reset --seed 1 --account {request.param} --yes").status == 0
    return bitget


def placed(bitget: Bitget, line: str) -> str:
    ran = bitget(f"-p paper {line} --json")
    assert ran.status == 0, ran.err
    return str(ran.json["orderId"])


def logged(bitget: Bitget, tag: str) -> list[tuple[str, str]]:
    return [(row["what"], row["state"]) for row in bitget(f"-p paper order log --tag {tag} --json").json][::-1]


def test_a_tag_finds_its_orders_in_every_list_and_follows_what_is_made_of_them(paper: Bitget) -> None:
    ours = placed(paper, f"order buy BTCUSDT 0.01 --price 60000 --tag grid {FAR}")
    other = placed(paper, f"order buy BTCUSDT 0.02 --price 60000 --tag other {FAR}")
    bare = placed(paper, f"order buy BTCUSDT 0.03 --price 60000 {FAR}")
    plan = placed(paper, "plan buy ETHUSDT 0.1 --trigger 2000 --tag grid")
    new = placed(paper, f"order modify {ours} --price 59000 {FAR}")
    assert placed(paper, f"plan modify {plan} --trigger 2001") == plan

    assert [row["orderId"] for row in paper("-p paper order list --tag grid --json").json] == [new]
    assert [row["orderId"] for row in paper("-p paper plan list --tag grid --json").json] == [plan]
    assert [row["orderId"] for row in paper("-p paper order list --tag other --limit 1 --json").json] == [other]
    assert paper("-p paper order list --tag nothing --json").json == []
    assert logged(paper, "grid") == [
        ("buy 0.01 BTCUSDT at 60000", "placed"),
        ("buy 0.1 ETHUSDT at market once mark reaches 2000", "placed"),
        (f"change order {ours} of BTCUSDT: price 59000", "placed" if new != ours else "done"),
        (f"change order {plan} of ETHUSDT: trigger 2001", "done"),
    ]
    assert {row["clientOid"]: row["tag"] for row in paper("-p paper order log --json").json if row["orderId"] == bare}
    assert [row["tag"] for row in paper("-p paper order log --json").json if row["orderId"] == bare] == [None]


def test_cancelling_a_tag_takes_its_orders_out_of_every_book_and_no_other(paper: Bitget) -> None:
    kept = placed(paper, f"order buy BTCUSDT 0.02 --price 60000 --tag grid2 {FAR}")
    ours = placed(paper, f"order buy BTCUSDT 0.01 --price 60000 --tag grid {FAR}")
    new = placed(paper, f"order modify {ours} --price 59000 {FAR}")
    spot = placed(paper, f"order buy BTC/USDT 0.01 --price 60000 --tag grid {FAR}")
    plan = placed(paper, "plan buy ETHUSDT 0.1 --trigger 2000 --tag grid")
    gone = placed(paper, f"order buy BTCUSDT 0.05 --price 60000 --tag grid {FAR}")
    assert paper(f"-p paper order cancel {gone}").status == 0

    shown = paper("-p paper order cancel --tag grid --dry-run --json")
    assert (shown.status, len(shown.json)) == (0, 3)
    ran = paper("-p paper order cancel --tag grid --json")
    assert (ran.status, {row["outcome"] for row in ran.json}) == (0, {"cancelled"}), ran.err
    assert {row["orderId"] for row in ran.json} == {new, spot, plan}
    assert ran.err.startswith("3 open orders tagged grid:\n")
    for order_id in (new, spot, plan):
        assert f"  {order_id} buy " in ran.err
    assert [row["orderId"] for row in paper("-p paper order list --json").json] == [kept]
    assert paper("-p paper plan list --json").json == []

    again = paper("-p paper order cancel --tag grid --json")
    assert (again.status, again.json["outcome"]) == (0, "done")
    assert again.err == "no order tagged grid is open\n"


def test_a_symbol_leaves_the_others_of_a_tag_alone(paper: Bitget) -> None:
    btc = placed(paper, f"order buy BTCUSDT 0.01 --price 60000 --tag t {FAR}")
    eth = placed(paper, f"order buy ETHUSDT 0.1 --price 2000 --tag t {FAR}")
    assert placed(paper, "order cancel --tag t --symbol ETHUSDT") == eth
    assert "no order tagged t is open" in paper("-p paper order cancel --tag t --product spot").err
    assert placed(paper, "order cancel --tag t") == btc


def test_everything_that_places_takes_a_tag(paper: Bitget, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "symbol,side,size,price,tag\nBTCUSDT,buy,0.01,60000,own\nBTCUSDT,buy,0.02,60000,\nBTC/USDT,buy,0.01,60000,own\n"
    )
    assert paper("-p paper order buy BTCUSDT 0.04 --tag a").status == 0
    assert paper(f"-p paper order batch {file} --tag whole {FAR}").status == 0
    assert paper("-p paper plan tpsl BTCUSDT --tp 900000 --sl 20000 --tag exits").status == 0
    assert paper("-p paper position close BTCUSDT --percent 25 --tag part").status == 0
    assert paper("-p paper position reverse BTCUSDT --tag turn").status == 0
    assert paper("-p paper position close BTCUSDT --tag rest").status == 0
    assert paper("-p paper order sell ETHUSDT 0.1 --tag é-ü").status == 0
    assert paper("-p paper position close-all --tag all").status == 0
    tags = [row["tag"] for row in paper("-p paper order log --json").json][::-1]
    assert [tag for tag, before in zip(tags, [None, *tags], strict=False) if tag != before] == [
        *("a", "own", "whole", "own", "exits", "part", "turn", "rest", "é-ü", "all"),
    ]
    for row in paper("-p paper order log --json").json:
        assert '"tag"' not in row["body"]


def test_an_exit_is_found_by_its_tag_whichever_leg_it_is(paper: Bitget) -> None:
    assert paper("-p paper order buy BTCUSDT 0.04").status == 0
    assert paper("-p paper plan tpsl BTCUSDT --tp 900000 --sl 20000 --tag exits").status == 0
    assert len(paper("-p paper plan list --tag exits --json").json) == 2
    loss = paper("-p paper plan list --tag exits --json").json[-1]["orderId"]
    assert paper(f"-p paper plan modify {loss} --trigger 21000").status in (0, 2)  # a unified one is both legs
    assert paper("-p paper order cancel --tag exits").status == 0
    assert paper("-p paper plan list --json").json == []


def test_what_a_tagged_trigger_led_to_is_its_order(paper: Bitget) -> None:
    prices = paper("-p paper market price BTCUSDT --json").json
    near = int(prices["markPrice"].partition(".")[0]) - 1
    trigger = placed(paper, f"plan buy BTCUSDT 0.01 --trigger {near} --price 30000 --tag t {FAR}")
    assert paper("-p paper paper clock --advance 3h").status == 0
    assert paper("-p paper plan list --json").json == []
    (order,) = paper("-p paper order list --tag t --json").json
    assert order["orderId"] != trigger
    assert placed(paper, "order cancel --tag t") == order["orderId"]


def test_a_change_that_nobody_knows_of_is_told_before_the_others_of_its_tag_go(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence", request=request)

    desk = open_desk(exchange, answers={"mix/order/detail": httpx.Response(503)})
    exchange.add_callback(lost, method="POST")
    assert bitget("order buy BTCUSDT 0.01 --price 60000 --client-oid mine-1 --tag t", env=DEMO).status == 7
    ran = bitget("order cancel --tag t", env=DEMO)
    assert (ran.status, desk.changes) == (0, [])
    assert "the outcome of 1 change tagged t is unknown" in ran.err
    # One of its ids is in the book.
    desk.orders = [{**ORDER, "clientOid": "mine-1"}]
    desk.due("mix/order/cancel-order")
    assert bitget("order cancel --tag t", env=DEMO).status == 0


MISTAKES = {
    "-p paper order buy BTCUSDT 0.01 --tag ''": "tag '' is not 1 to 64 printable characters",
    "-p paper order buy BTCUSDT 0.01 --tag ' x'": "tag ' x' is not 1 to 64 printable characters",
    "-p paper plan buy BTCUSDT 0.01 --trigger 1 --tag 'a\tb'": "tag 'a\\tb' is not",
    f"-p paper position close BTCUSDT --tag {'x' * 65}": "x' is not 1 to 64 printable characters",
    "-p paper order log --tag ''": "tag '' is not 1 to 64",
    "-p paper order list --tag ''": "tag '' is not 1 to 64",
    "-p paper order cancel --tag ''": "tag '' is not 1 to 64",
    "-p paper order cancel --tag a 123": "ids and --tag are two ways to say which; give one",
    "-p paper order cancel": "which orders? Give ids, or --tag TEXT",
}


@pytest.mark.parametrize(("typed", "told"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_is_told_and_nothing_is_sent(typed: str, told: str, bitget: Bitget) -> None:
    ran = bitget(typed)
    assert (ran.status, told in ran.err) == (2, True), ran.err
    assert bitget("-p paper order log --json").json == []


def test_a_journal_of_the_version_before_tags_opens_as_it_is(bitget: Bitget, home: Path) -> None:
    """It knew workers, and no tags."""
    folder = home / "state" / "bitget" / "journal"
    folder.mkdir(parents=True, mode=0o700)
    rebuild(KEPT / "journal-before-tags.sql", folder / "paper-paper.sqlite3")
    rows = bitget("-p paper order log --json").json
    assert [(row["clientOid"], row["state"], row["worker"], row["tag"]) for row in rows] == [
        ("w-first", "placed", "dca", None),
        ("first", "placed", None, None),
    ]
    assert bitget("-p paper order buy BTCUSDT 0.01 --client-oid second --tag new").status == 0
    assert [row["clientOid"] for row in bitget("-p paper order log --tag new --json").json] == ["second"]
    assert len(bitget("-p paper order log --json").json) == 3


STRATEGIES = (
    "plan oco sell BTCUSDT 0.01 --price 200000 --trigger 10000",
    "plan twap buy BTCUSDT 0.01 --duration 1m --interval 30s",
    "plan iceberg buy BTCUSDT 0.01 --parts 2 --price 30000 --allow-far",
)


@pytest.mark.parametrize("typed", STRATEGIES)
def test_an_order_of_several_parts_is_found_by_its_tag(bitget: Bitget, typed: str) -> None:
    assert bitget("paper reset --account unified").status == 0
    ran = bitget(f"-p paper {typed} --tag parts --json")
    assert ran.status == 0, ran.err
    (entry,) = bitget("-p paper order log --tag parts --json").json
    assert entry["orderId"] == ran.json["orderId"]
    assert bitget("-p paper order cancel --tag parts").status == 0
    assert bitget("-p paper plan list").out == ""
