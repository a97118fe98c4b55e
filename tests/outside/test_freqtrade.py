"""freqtrade as judge: it trades with its stop on the exchange, and its database must show what the trades came to."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from served import Machine, machine

from bitget_cli.paper.credentials import KEY

pytestmark = pytest.mark.outside

# Seconds for a bot that has to load its libraries on a busy machine.
PATIENCE = 75
MODES = {
    "spot": {"trading_mode": "spot", "pair": "BTC/USDT", "product": "spot"},
    "futures": {"trading_mode": "futures", "pair": "BTC/USDT:USDT", "product": "usdt-futures"},
}


def config(here: Machine, trading_mode: str, pair: str) -> dict[str, Any]:
    ccxt = pytest.importorskip("ccxt")
    key, secret, passphrase = KEY
    at_market = {"price_side": "other", "use_order_book": True, "order_book_top": 1}
    return {
        "bot_name": "judge",
        "dry_run": False,
        "trading_mode": trading_mode,
        **({"margin_mode": "isolated"} if trading_mode == "futures" else {}),
        "max_open_trades": 1,
        "stake_currency": "USDT",
        "stake_amount": 2000,
        "entry_pricing": at_market,
        "exit_pricing": at_market,
        "order_types": {
            # Its market purchases of spot lack the price that ccxt asks for; this one is filled at once too.
            "entry": "limit",
            "exit": "market",
            "stoploss": "market",
            "stoploss_on_exchange": True,
            "stoploss_on_exchange_interval": 600,
        },
        "exchange": {
            "name": "bitget",
            "key": key,
            "secret": secret,
            "password": passphrase,
            "enable_ws": False,
            "pair_whitelist": [pair],
            "ccxt_config": {"urls": {"api": dict.fromkeys(ccxt.bitget().urls["api"], here.url)}},
        },
        "pairlists": [{"method": "StaticPairList"}],
        "internals": {"process_throttle_secs": 1},
        "initial_state": "running",
        "cancel_open_orders_on_exit": False,
    }


class Bot:
    """freqtrade at work, and what its database says."""

    def __init__(self, here: Machine, folder: Path, mode: dict[str, str]) -> None:
        self.here, self.folder, self.mode = here, folder, mode
        self.database = folder / "trades.sqlite"

    @contextmanager
    def trading(self) -> Iterator[None]:
        (self.folder / "config.json").write_text(
            json.dumps(config(self.here, self.mode["trading_mode"], self.mode["pair"]))
        )
        words = ["trade", "--config", self.folder / "config.json", "--db-url", f"sqlite:///{self.database}"]
        words += ["--userdir", self.folder, "--strategy-path", Path(__file__).parent, "--strategy", "TwoTrades"]
        log = self.folder / "log"
        environ = {**os.environ, "HOME": str(self.folder)}
        command = [sys.executable, "-m", "freqtrade", *words]
        with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, env=environ) as process:
            try:
                yield
            except AssertionError as fault:
                raise AssertionError(f"{fault}\n{log.read_text()[-3000:]}") from None
            finally:
                process.send_signal(signal.SIGINT)

    def rows(self, query: str) -> list[dict[str, Any]]:
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            try:
                return [dict(row) for row in connection.execute(query)]
            except sqlite3.OperationalError:  # its tables are not there yet
                return []

    def until(self, query: str, *, while_waits: str = "") -> None:
        """Wait until there is a row; meanwhile the exchange's clock goes on as long as a stop of this id waits."""
        deadline = time.monotonic() + PATIENCE
        while not self.rows(query):
            assert time.monotonic() < deadline, f"nothing yet for: {query}"
            if while_waits in {row["orderId"] for row in self.typed("plan list")}:
                self.here.typed("paper clock --advance 6h")
            time.sleep(0.5)

    def typed(self, line: str) -> Any:
        """What the exchange says itself."""
        return self.here.typed(f"{line} --product {self.mode['product']}")


@pytest.fixture(scope="module", params=MODES)
def bot(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """One that has made both of its trades."""
    pytest.importorskip("freqtrade", reason="freqtrade is not installed: pip install freqtrade")
    mode, folder = MODES[request.param], tmp_path_factory.mktemp("freqtrade")
    with machine(folder / "home", "USDT=200000") as here:
        here.typed("account transfer USDT 100000 --from spot --to usdt-futures")
        bot = Bot(here, folder, mode)
        with bot.trading():
            bot.until("SELECT 1 FROM orders WHERE ft_order_side = 'stoploss' AND ft_is_open")
            (stop,) = bot.rows("SELECT order_id FROM orders WHERE ft_order_side = 'stoploss'")
            bot.until("SELECT 1 FROM trades WHERE id = 1 AND NOT is_open", while_waits=stop["order_id"])
            bot.until("SELECT 1 FROM trades WHERE id = 2 AND NOT is_open")
            bot.until("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM orders WHERE ft_is_open)")
        yield bot


def test_one_trade_ended_by_its_stop_and_one_by_itself(bot: Bot) -> None:
    first, _ = bot.rows("SELECT * FROM trades WHERE NOT is_open ORDER BY id")
    assert first["exit_reason"] == "stoploss_on_exchange"
    # The word for the second is its own: of futures it says the same where the exchange has lifted the stop before it.
    ended_by = [row["ft_order_side"] for row in bot.rows("SELECT * FROM orders WHERE side = 'sell' AND filled > 0")]
    assert ended_by == ["stoploss", "sell"]
    (stop,) = bot.rows("SELECT * FROM orders WHERE ft_trade_id = 1 AND ft_order_side = 'stoploss'")
    assert (stop["status"], stop["side"], stop["remaining"]) == ("closed", "sell", 0)
    assert bot.typed("plan list") == bot.typed("order list") == []


def test_every_order_shows_its_average_price_and_cost(bot: Bot) -> None:
    orders = bot.rows("SELECT * FROM orders WHERE status = 'closed'")
    assert len(orders) == 4
    assert len(bot.rows("SELECT * FROM orders WHERE status = 'canceled' AND ft_order_side = 'stoploss'")) == 1
    for order in orders:
        assert order["average"] > 0
        assert order["cost"] == pytest.approx(order["average"] * order["filled"])
        assert order["filled"] == pytest.approx(order["amount"])


def test_every_trade_shows_the_price_and_the_fee_that_the_exchange_took(bot: Bot) -> None:
    for trade in bot.rows("SELECT * FROM trades"):
        sold = bot.rows("SELECT * FROM orders WHERE side = 'sell' AND status = 'closed'")
        (order,) = [row for row in sold if row["ft_trade_id"] == trade["id"]]
        # The order behind a stop bears the stop's id as its client id.
        (told,) = [row for row in bot.typed("order history") if order["order_id"] in (row["orderId"], row["clientOid"])]
        assert trade["close_rate"] == pytest.approx(float(told["priceAvg"]))
        fills = [row for row in bot.typed("order fills") if row["orderId"] == told["orderId"]]
        details = [row["feeDetail"] for row in fills]
        fees = [each[0] if isinstance(each, list) else each for each in details]
        assert trade["fee_close_cost"] == pytest.approx(-sum(float(fee["totalFee"]) for fee in fees))
        assert {trade["fee_close_currency"]} == {fee["feeCoin"] for fee in fees} == {"USDT"}
        assert trade["fee_open_cost"] > 0
