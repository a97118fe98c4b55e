"""Grid bots, which the exchange runs: terms, start, change, end."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import YES_NO, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import ONE_A_SECOND_PER_ACCOUNT, Effect, Param, Shape, get, post

GRID_ADD_INVESTMENT = post(
    "/api/v3/trade/grid/add-investment",
    "Put money into a grid bot, or take it out",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(
        "GRID_CATEGORY botId! LISTED_COIN size! FUNDS_SOURCE",
        Param("adjustType", choices=("increase", "decrease"), note="needed for futures, and for them only"),
        Param("reinvestProfit", choices=YES_NO, default="yes", note="spot only"),
    ),
    fields=fields("botId"),
    notes=(enums.TRADE_WRITE,),
    source="ccxt, go-bitget, bitget-api",
)

GRID_BOT_DETAIL = get(
    "/api/v3/trade/grid/bot-detail",
    "One grid bot: its terms and profit",
    params=params("botId!"),
    fields=fields(
        "botId symbol status totalProfit roi gridProfit gridProfitRate unpairedProfit unpairedProfitRate "
        "margin arbitrageAPR totalAPR createdTime runningTime currentBaseBalance currentQuoteBalance "
        "initialBaseHoldings initialQuoteHoldings reservedBaseTradingFee reservedQuoteTradingFee "
        "gridStartPrice gridType maxPrice minPrice gridNum gridOrderMode baseInvestmentCoin "
        "baseInvestmentAmount quoteInvestmentCoin quoteInvestmentAmount slippage triggerCondition "
        "triggerParams[] triggerPrice terminationCondition terminationParams[] terminationSell stopLoss "
        "takeProfit hodlMode autoTransferProfits"
    ),
    notes=(
        enums.TRADE_READ,
        "runningTime is a duration in ms",
        "status: init, waiting, running, terminating, terminated",
    ),
    source="ccxt, go-bitget, bitget-api",
)

GRID_CLOSE_BOT = post(
    "/api/v3/trade/grid/close-bot",
    "End a grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params("botId!"),
    shape=Shape.NULL,
    notes=(enums.TRADE_WRITE,),
    source="ccxt, go-bitget, bitget-api",
)

GRID_CREATE_BOT = post(
    "/api/v3/trade/grid/create-bot",
    "Start a spot or futures grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(
        "GRID_CATEGORY LISTED_SYMBOL minPrice! maxPrice! GRID_NUM GRID_ORDER_MODE",
        Param("investmentAmount", required=True, note="futures take the quote coin only", type="array"),
        "investmentAmount[].coin! investmentAmount[].amount! FUNDS_SOURCE",
        Param("autoReserveMargin", choices=YES_NO),
        Param("terminationSell", choices=YES_NO, note="spot only"),
        Param("slippage", note="1%, 2% or none"),
        Param(
            "gridType", choices=("long", "short", "netural"), note="needed for futures; netural is Bitget's spelling"
        ),
        Param("leverage", default="1", note="futures only"),
        Param("reservedMargin", note="futures only"),
        Param("triggerCondition", choices=("instant", "price", "rsi", "boll"), default="instant"),
        Param("triggerParams", note="of an rsi or boll condition", type="array"),
        "triggerParams[].indicatorLength triggerParams[].threshold triggerParams[].multiplier triggerParams[].interval",
        Param("triggerPrice", note="with triggerCondition=price"),
        "TERMINATION_CONDITION TERMINATION_PARAMS terminationParams[].indicatorLength "
        "terminationParams[].threshold terminationParams[].multiplier terminationParams[].interval "
        "stopLoss takeProfit",
        Param("trailingGrid", choices=YES_NO, default="no"),
        "movingAverageGains stopUpwardPrice",
        Param("hodlMode", choices=YES_NO, default="no", note="spot only: keep the base coin at the end"),
        Param("marketOpen", choices=YES_NO, default="yes", note="futures only"),
        Param("lossReserve", choices=YES_NO, default="yes", note="futures only"),
        Param("autoTransferProfits", choices=YES_NO, default="no"),
    ),
    fields=fields("botId"),
    notes=(enums.TRADE_WRITE,),
    source="ccxt, go-bitget, bitget-api",
)

GRID_CREATE_NEUTRAL_BOT = post(
    "/api/v3/trade/grid/create-neutral-bot",
    "Start a neutral futures grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(
        "NEUTRAL_GRID_CATEGORY LISTED_SYMBOL minPrice! maxPrice! GRID_NUM GRID_ORDER_MODE FUNDS_SOURCE leverage",
        Param("investmentAmount", note="futures take the quote coin only", type="array"),
        "investmentAmount[].coin! investmentAmount[].amount! triggerPrice stopLoss takeProfit AUTO_TRANSFER_PROFITS",
    ),
    fields=fields("botId"),
    notes=(enums.TRADE_WRITE,),
    source="ccxt, go-bitget, bitget-api",
)

GRID_LIST_DETAILS = get(
    "/api/v3/trade/grid/list-details",
    "Open orders of a grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param(
            "category",
            choices=("SPOT", "USDT-FUTURES", "USDC-FUTURES"),
            note="one client sends it always, another never",
        ),
        "botId!",
    ),
    fields=fields(
        "botId symbol buyOrderList[]{ orderId delegateCount delegatePrice changeRequired } "
        "sellOrderList[]{ orderId delegateCount delegatePrice changeRequired }"
    ),
    notes=(enums.TRADE_READ, "changeRequired is in percent"),
    source="ccxt, go-bitget, bitget-api",
)

GRID_MODIFY_BOT = post(
    "/api/v3/trade/grid/modify-bot",
    "Change the exits of a grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(
        "botId!",
        Param("category", choices=("SPOT", "USDT-FUTURES", "USDC-FUTURES")),
        "takeProfit stopLoss TERMINATION_CONDITION TERMINATION_PARAMS terminationParams[].indicatorLength "
        "terminationParams[].threshold terminationParams[].multiplier terminationParams[].interval",
        Param("hodlMode", choices=YES_NO, note="spot only"),
        "AUTO_TRANSFER_PROFITS",
    ),
    fields=fields("botId"),
    notes=(enums.TRADE_WRITE, "takeProfit and stopLoss are taken away where they are left out"),
    source="ccxt, go-bitget, bitget-api",
)

GRID_MODIFY_GRID_INTERVAL = post(
    "/api/v3/trade/grid/modify-grid-interval",
    "Change the price range and levels of a grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params("GRID_CATEGORY botId! minPrice! maxPrice! GRID_NUM"),
    fields=fields("botId"),
    notes=(enums.TRADE_WRITE,),
    source="ccxt, go-bitget, bitget-api",
)

GRID_MODIFY_NEUTRAL_BOT = post(
    "/api/v3/trade/grid/modify-neutral-bot",
    "Change the exits of a neutral grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params("NEUTRAL_GRID_CATEGORY botId! takeProfit stopLoss AUTO_TRANSFER_PROFITS"),
    fields=fields("botId"),
    notes=(enums.TRADE_WRITE, "takeProfit and stopLoss are taken away where they are left out"),
    source="ccxt, go-bitget, bitget-api",
)

GRID_MODIFY_NEUTRAL_GRID_INTERVAL = post(
    "/api/v3/trade/grid/modify-neutral-grid-interval",
    "Change the price range and levels of a neutral grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params("NEUTRAL_GRID_CATEGORY botId! minPrice! maxPrice! GRID_NUM"),
    fields=fields("botId"),
    notes=(enums.TRADE_WRITE,),
    source="ccxt, go-bitget, bitget-api",
)

GRID_NEUTRAL_BOT_DETAIL = get(
    "/api/v3/trade/grid/neutral-bot-detail",
    "One neutral grid bot: its terms and profit",
    params=params("botId!"),
    fields=fields(
        "botId symbol status totalProfit roi gridProfit gridProfitRate unpairedProfit unpairedProfitRate "
        "margin arbitrageAPR totalAPR createdTime runningTime gridStartPrice maxPrice minPrice gridNum "
        "gridOrderMode triggerPrice leverage stopLoss takeProfit holdAveragePrice holdPosition "
        "oneGridMinProfit oneGridMaxProfit autoTransferProfits"
    ),
    notes=(
        enums.TRADE_READ,
        "runningTime is a duration in ms",
        "status: init, waiting, running, terminating, terminated",
    ),
    source="ccxt, go-bitget, bitget-api",
)

GRID_NEUTRAL_LIST_DETAILS = get(
    "/api/v3/trade/grid/neutral-list-details",
    "Open orders of a neutral grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("category", choices=("USDT-FUTURES", "USDC-FUTURES"), note="one client sends it always, another never"),
        "botId!",
    ),
    fields=fields(
        "botId symbol buyOrderList[]{ orderId delegateCount delegatePrice changeRequired } "
        "sellOrderList[]{ orderId delegateCount delegatePrice changeRequired }"
    ),
    notes=(enums.TRADE_READ, "changeRequired is in percent"),
    source="ccxt, go-bitget, bitget-api",
)

GRID_VALIDATE = post(
    "/api/v3/trade/grid/validate",
    "Check the terms of a grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        "GRID_CATEGORY LISTED_SYMBOL minPrice! maxPrice! GRID_NUM GRID_ORDER_MODE",
        Param("investmentAmount", required=True, note="futures take the quote coin only", type="array"),
        "investmentAmount[].coin! investmentAmount[].amount!",
        Param(
            "gridType", choices=("long", "short", "netural"), note="needed for futures; netural is Bitget's spelling"
        ),
        Param("leverage", default="1", note="futures only"),
        Param("reservedMargin", note="futures only"),
        Param("triggerCondition", choices=("instant", "price", "rsi", "boll"), default="instant"),
        Param("triggerParams", note="of an rsi or boll condition", type="array"),
        "triggerParams[].indicatorLength triggerParams[].threshold triggerParams[].multiplier triggerParams[].interval",
        Param("triggerPrice", note="with triggerCondition=price"),
        "TERMINATION_CONDITION TERMINATION_PARAMS terminationParams[].indicatorLength "
        "terminationParams[].threshold terminationParams[].multiplier terminationParams[].interval "
        "stopLoss takeProfit",
        Param("trailingGrid", choices=YES_NO, default="no"),
        "movingAverageGains stopUpwardPrice",
        Param("hodlMode", choices=YES_NO, default="no", note="spot only: keep the base coin at the end"),
        Param("marketOpen", choices=YES_NO, default="yes", note="futures only"),
        Param("lossReserve", choices=YES_NO, default="yes", note="futures only"),
        Param("autoTransferProfits", choices=YES_NO, default="no"),
    ),
    fields=fields("valid reason minInvestment"),
    notes=(enums.TRADE_WRITE, "a POST that only calculates"),
    source="ccxt, go-bitget, bitget-api",
)

GRID_VALIDATE_NEUTRAL = post(
    "/api/v3/trade/grid/validate-neutral",
    "Check the terms of a neutral grid bot",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        "NEUTRAL_GRID_CATEGORY LISTED_SYMBOL minPrice! maxPrice! GRID_NUM GRID_ORDER_MODE leverage",
        Param("investmentAmount", note="futures take the quote coin only", type="array"),
        "investmentAmount[].coin! investmentAmount[].amount! triggerPrice stopLoss takeProfit AUTO_TRANSFER_PROFITS",
    ),
    fields=fields("valid reason minInvestment"),
    notes=(enums.TRADE_WRITE, "a POST that only calculates"),
    source="ccxt, go-bitget, bitget-api",
)
