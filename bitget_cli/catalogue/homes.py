"""Which module holds which row: the starts of the names it answers for, or whole names. The longest start wins."""

from __future__ import annotations

HOMES = {
    "account": """
        account. common. mix.account.account mix.account.accounts mix.account.bill mix.account.isolated-symbols
        mix.account.sub-account-assets
    """,
    "account_estimates": "mix.account.liq-price mix.account.max-open mix.account.open-count",
    "account_settings": "mix.account.",
    "account_union": """
        mix.account.interest-history mix.account.switch-union-usdt mix.account.transfer-limits
        mix.account.union-config mix.account.union-convert
    """,
    "broker": "broker.account.",
    "broker_customers": """
        broker.agent-commission broker.customer-asset broker.customer-commissions broker.customer-deposit
        broker.customer-kyc-result broker.customer-list broker.customer-trade-volume broker.sub-customer-list
    """,
    "broker_keys": "broker.manage.",
    "broker_records": "broker.",
    "convert": "convert.",
    "copy_futures": """
        copy.mix-trader.create-copy-api copy.mix-trader.order-close-positions
        copy.mix-trader.order-current-track copy.mix-trader.order-history-track
        copy.mix-trader.order-modify-tpsl copy.mix-trader.order-total-detail
    """,
    "copy_futures_follower": "copy.mix-follower.",
    "copy_futures_settings": "copy.mix-broker. copy.mix-trader.",
    "copy_spot": "copy.spot-trader.",
    "copy_spot_follower": "copy.spot-follower.",
    "earn": "earn.account. earn.savings.",
    "earn_elite": "earn.elite.",
    "earn_sharkfin": "earn.sharkfin.",
    "ins_loan": "spot.ins-loan.",
    "loan": "earn.loan.",
    "margin_crossed": "margin.crossed.",
    "margin_crossed_loans": """
        margin.crossed.account. margin.crossed.interest-rate-and-limit margin.crossed.tier-data
    """,
    "margin_crossed_records": """
        margin.crossed.borrow-history margin.crossed.financial-records margin.crossed.interest-history
        margin.crossed.liquidation-history margin.crossed.repay-history
    """,
    "margin_isolated": "margin.isolated.",
    "margin_isolated_loans": """
        margin.isolated.account. margin.isolated.interest-rate-and-limit margin.isolated.tier-data
    """,
    "margin_isolated_records": """
        margin.isolated.borrow-history margin.isolated.financial-records margin.isolated.interest-history
        margin.isolated.liquidation-history margin.isolated.repay-history
    """,
    "margin_market": "margin.",
    "market": "mix.market.",
    "market_candles": """
        mix.market.candles mix.market.history-candles mix.market.history-index-candles
        mix.market.history-mark-candles
    """,
    "market_rates": """
        mix.market.current-fund-rate mix.market.discount-rate mix.market.exchange-rate mix.market.funding-time
        mix.market.history-fund-rate mix.market.query-position-lever mix.market.union-interest-rate-history
        mix.market.vip-fee-rate
    """,
    "order": "mix.order.",
    "order_fills": "mix.order.fill-history mix.order.fills",
    "order_lists": "mix.order.detail mix.order.orders-history mix.order.orders-pending",
    "p2p": "p2p.",
    "plan": """
        mix.order.cancel-plan-order mix.order.modify-plan-order mix.order.modify-tpsl-order
        mix.order.place-plan-order mix.order.place-pos-tpsl mix.order.place-tpsl-order
    """,
    "plan_lists": "mix.order.orders-plan-history mix.order.orders-plan-pending mix.order.plan-sub-order",
    "position": "mix.order.click-backhand mix.order.close-positions mix.position.",
    "public": "public.",
    "spot_account": "spot.account.",
    "spot_market": "spot.market. spot.public.",
    "spot_order": "spot.trade.",
    "spot_order_lists": """
        spot.trade.fills spot.trade.history-orders spot.trade.orderInfo spot.trade.unfilled-orders
    """,
    "spot_plan": """
        spot.trade.batch-cancel-plan-order spot.trade.cancel-plan-order spot.trade.current-plan-order
        spot.trade.history-plan-order spot.trade.modify-plan-order spot.trade.place-plan-order
        spot.trade.plan-sub-order
    """,
    "subaccount": "user.",
    "tax": "tax.",
    "trading_data": """
        margin.market. mix.market.account-long-short mix.market.isolated-borrow-rate mix.market.long-short
        mix.market.position-long-short mix.market.taker-buy-sell spot.market.fund-flow spot.market.fund-net-flow
        spot.market.support-symbols spot.market.whale-net-flow
    """,
    "wallet": "spot.wallet.",
    "wallet_records": """
        spot.account.sub-main-trans-record spot.account.transferRecords spot.wallet.deposit-records
        spot.wallet.subaccount-deposit-records spot.wallet.withdrawal-records
    """,
}
