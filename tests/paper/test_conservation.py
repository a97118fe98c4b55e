"""The proof that no money is lost, as a person reads it."""

from __future__ import annotations

from doubles import Bitget


def test_status_shows_where_all_money_is(bitget: Bitget) -> None:
    assert bitget("paper status --json").json["conservation"] == {}
    bitget("paper deposit USDT 10.5")
    bitget("-p paper api spot.wallet.transfer fromType=spot toType=usdt_futures coin=USDT amount=1000 --yes")
    proof = bitget("paper status --json").json["conservation"]["USDT"]
    assert proof == {"sum": "0", "spot": "9010.5", "usdt_futures": "11000", "~outside": "-20010.5"}
