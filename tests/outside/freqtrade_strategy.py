"""The least a bot can do: it enters at once, waits for its stop the first time and leaves by itself the second."""

from datetime import datetime
from typing import Any

from freqtrade.persistence import Trade
from freqtrade.strategy import IStrategy
from pandas import DataFrame


class TwoTrades(IStrategy):
    timeframe = "1m"
    startup_candle_count = 1
    minimal_roi: dict[str, float] = {}  # noqa: RUF012  # as freqtrade declares it
    stoploss = -0.004

    def populate_indicators(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:  # noqa: ARG002
        return dataframe

    def populate_entry_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:  # noqa: ARG002
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe: DataFrame, metadata: dict[str, Any]) -> DataFrame:  # noqa: ARG002
        return dataframe

    def confirm_trade_entry(self, pair: str, *_: Any, **__: Any) -> bool:
        return len(Trade.get_trades_proxy(pair=pair)) < 2

    def custom_exit(self, pair: str, trade: Trade, current_time: datetime, *_: Any, **__: Any) -> str | None:  # noqa: ARG002
        # Not before its stop is on the exchange.
        return "enough" if len(Trade.get_trades_proxy(pair=pair)) == 2 and trade.has_open_sl_orders else None
