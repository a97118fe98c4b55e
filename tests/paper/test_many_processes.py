"""Several processes trading on one paper exchange at once lose nothing and do nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from paper_account import PaperAccount

TESTS = Path(__file__).parents[1]
_TRADER = """
import sys
from pathlib import Path
import pytest
from paper_account import PaperAccount
account = PaperAccount.join(Path(sys.argv[1]))
for number in range(6):
    oid = f"{sys.argv[2]}-{number}"
    assert isinstance(account.spot("buy", "100", clientOid=oid), dict), oid
    account.spot("buy", "0.01", price="30000", clientOid="the-same-for-all")
    moved = account.post(
        "spot/wallet/transfer", fromType="spot", toType="p2p", amount="1", coin="USDT", clientOid=f"move-{number}"
    )
    assert isinstance(moved, dict)
"""


@pytest.mark.parametrize("many", [6, pytest.param(16, marks=pytest.mark.slow)])
def test_they_lose_and_double_nothing(many: int, tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite3"
    account = PaperAccount(path)
    account.get("spot/account/assets")
    command = [sys.executable, "-c", _TRADER, str(path)]
    # The package that is tested here, not one that may be installed.
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent), str(TESTS)))}
    traders = [subprocess.Popen([*command, str(name)], env=environ) for name in range(many)]
    assert [trader.wait(60) for trader in traders] == [0] * many
    orders = account.get("spot/trade/history-orders", limit="100")
    wanted = {f"{name}-{number}" for name in range(many) for number in range(6)}
    assert len(orders) == 6 * many
    assert {order["clientOid"] for order in orders} == wanted
    assert len(account.get("spot/trade/unfilled-orders")) in (0, 1)
    assert len(account.get("spot/account/transferRecords", coin="USDT")) == 6
    spent = sum(Decimal(order["quoteVolume"]) for order in orders)
    usdt = account.get("spot/account/assets", coin="USDT")[0]
    assert Decimal(usdt["available"]) + Decimal(usdt["frozen"]) == 100_000 - spent - 6
    assert {parts["sum"] for parts in account.proof().values()} == {"0"}


_RESTLESS = """
import sys
from pathlib import Path
import pytest
from paper_account import PaperAccount
account = PaperAccount.join(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    account.spot("buy", "10")
    account.order("buy", "0.01")
    account.order("sell", "0.01")
"""


def test_one_that_is_killed_leaves_no_half_done_order(tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite3"
    account = PaperAccount(path).fund()
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent), str(TESTS)))}
    for pause in (0.05, 0.11):
        command = [sys.executable, "-c", _RESTLESS, str(path)]
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as trader:
            assert trader.stdout
            trader.stdout.readline()
            time.sleep(pause)
            trader.kill()
        account.get("spot/account/assets")
    assert {parts["sum"] for parts in account.proof().values()} == {"0"}
    orders = account.get("spot/trade/history-orders", limit="100")
    fills = account.get("spot/trade/fills", limit="100")
    assert {order["status"] for order in orders} <= {"filled"}
    assert {fill["orderId"] for fill in fills} <= {order["orderId"] for order in orders}
