"""Codes 45000 to 49999: futures after the clean-up of October 2025, bots, copy trading."""

# The messages are Bitget's own, their punctuation included.
# ruff: noqa: RUF001

from __future__ import annotations

TABLE = """
45001 [ambiguous] Unknown error => unknown error: as 40010; common in release windows
45002 Insufficient asset => assets too low
45003 Insufficient position => position too small
45004 Insufficient lock-in asset
45005 Insufficient available positions => available position too small: part is locked in other close orders
45006 Insufficient position
45007 Insufficient lock position
45008 No assets
45009 The account is at risk and cannot perform trades temporarily
45010 The number of orders cannot exceed the maximum amount of the corresponding leverage
45011 Order remaining volume < Current transaction volume
45012 Remaining volume of position < Volume of current transaction
45013 The number of open orders < Current transaction volume
45014 Position does not exist during opening
45017 Settlement or the coin for transaction configuration not found
45018 In the case of a netting, you cannot have a liquidation order
45019 Account does not exist
45020 Liquidation can only occur under two-way positions
45021 When one-way position is held, the order type must also be one-way position type => same as 40774 after the Oct
    2025 code clean-up
45023 [ambiguous] Error creating order
45024 Cancel order error
45025 The currency pair does not support the currency as a margin
45026 Please check that the correct delegateType is used
45031 The order is finalized
45034 [exists] clientOid duplicate => an order with this clientOid exists: look it up
45035 Price step mismatch => price step mismatch
45043 Due to settlement or maintenance reasons, the trade is suspended
45044 Leverage is not within the suitable range after adjustment => leverage out of range
45045 Exceeds the maximum possible leverage => leverage above the maximum
45047 Reduce the leverage and the amount of additional margin is incorrect
45051 Execution price parameter verification is abnormal
45052 Trigger price parameter verification anbormal
45054 No change in leverage => leverage already has that value: treat as done
45055 [not_found] The current order status cannot be cancelled => order state does not allow a cancel
45056 The current order type cannot be cancelled
45057 [not_found] The order does not exist! => order does not exist
45060 TP price of long position > Current price {0} => long take-profit must be above the market
45061 TP price of short position < Current price {0} => short take-profit must be below the market
45062 SL price of long position < Current price {0} => long stop-loss must be below the market
45064 TP price of long position > order price {0}
45065 TP price of short position < order price {0}
45066 SL price of long position < order price {0}
45067 SL price of short position > order price {0}
45068 There is no position temporarily, and the order of TP and SL cannot be carried out => no position to protect
45075 The user already has an ongoing copy trade
45082 Copy trade number error
45089 You are currently copy trading, leverage cannot be changed
45091 Too many tracking orders
45097 There is currently an order or a limit order, and the leverage cannot be adjusted => orders exist: leverage
    cannot change
45098 You are currently a trader and cannot be switched to the full position mode
45099 When there are different coins, it cannot be adjusted to Isolated Margin mode
45100 When a one-way position is held, it cannot be adjusted to the Isolated Margin mode
45101 In Isolated Margin mode, it cannot be adjusted to a one-way position
45102 In the full position mode, the automatic margin call cannot be adjusted
45103 Failed to place the order, the maximum amount of single flash opening position is %s
45104 Failed to place the order, the maximum amount of single flash closing position is %s
45106 copy trade liquidation has been processed
45107 API is restricted to open positions. If you have any questions, please contact our customer service
45108 API is restricted to close position. If you have any questions, please contact our customer service
45109 The current account is a two-way position => account is in hedge mode
45110 less than the minimum amount {0} USDT => order value below the minimum (5 USDT by default)
45111 less than the minimum order quantity => size below minTradeNum
45112 more than the maximum order quantity => size above the maximum order quantity
45113 Maximum order value limit triggered => order value above the maximum
45114 The minimum order requirement is not met => minimum order rule not met
45115 The price you enter should be a multiple of {0} => price must be a multiple of the tick
45116 The count of positions hold by the account exceeds the maximum count {0} => too many positions
45117 Currently holding positions or orders, the margin mode cannot be adjusted => close positions and orders before
    changing the margin mode
45118 Reached the upper limit of the order of transactions (the current number of order + the current number of
    orders) {0}
45119 This symbol does not support position opening operation => symbol is closed to new positions
45120 size > max can open order size => size above the largest possible open size
45121 The reasonable mark price deviates too much from the market, and your current leveraged position opening risk is
    high
45122 Short position stop loss price please > mark price {0}
45123 Insufficient availability, currently only market orders can be placed
45124 Please edit and submit again.
45125 Order cancellation is unavailable for inactive orders. Please cancel parent order and place a new order.
45126 Order cancellation is unavailable for inactive orders. Please cancel parent order and place a new order.
45127 Position brackets disabled TP SL
45128 Position brackets disabled modify qty
45129 Cancel order is too frequent, the same orderId is only allowed to be canceled once in a second => same order
    cancelled more than once per second
46013 This symbol limits the selling amount{0}，Remaining{0}
47001 Currency recharge is not enabled
47002 Address verification failed
47003 Withdraw address is not in addressBook => address not in the address book
48001 Parameter validation failed {0}
48002 Missing request Parameter
49000 apiKey and userId mismatch
49001 not custody account, operation deny
49002 missing http header: ACCESS-BROKER-KEY or ACCESS-BROKER-SIGN
49003 illegal IP, access deny
49004 illegal ACCESS-BROKER-KEY
49005 access deny: sub account
49006 ACCESS-BROKER-SIGN check sign fail
49007 account is unbound
49008 account is bound
49009 clientUserId check mismatch with the bound user ID
49010 account: {0} still have assets: {1}
49011 kyc must be done before bind
49020 unsupported coin
49021 operation accepted
49022 access deny
49023 insufficient fund
49024 {0} decimal precision error
49025 Parameter mismatch with the initial requestId, request body: {0}
49026 {0} maximum {1} digits
49030 custody account, operation deny
49040 [ambiguous] Unknown Error
49050 unsupported chain
49051 Missing callback signature request header
49052 callback signature verification failed
49053 can not bind other platforms
49060 The switch of adding money to cobo is not turned on
49061 The custody currency is not allowed
49062 fundId is invalid or not exist {0}
49063 The custody currency already exists
49064 Insufficient amount of shadow account
49065 User withdrawal address already exists
49066 The switch of cobo money reduction is not turned on
49067 fundSupplementId is invalid {0}
49068 No currency available for settlement
49069 There is an unfinished fund process, which cannot be cleared and settled
49070 Clearing settlement must include all currencies
49071 fundSettlementId is invalid {0}
49072 Failed to get user assets
49073 Confirm that the set of fundIds receivable for clearing and settlement is not all fundIds
49074 The settlement process has not been completed, and fund operations cannot be performed
49075 Failed to query the address list of bg clearing and settlement account
49076 cobo callback params error
49077 Failed to call the cobo transaction query interface
49078 cobo withdrawal transaction callback requestId is invalid {0}
49079 supplement type illegal
49080 cobo confirms settlement, txId is invalid
49081 Request amount parameter error
"""
