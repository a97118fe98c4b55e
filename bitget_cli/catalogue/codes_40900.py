"""Codes 40900 to 44999: futures and spot orders, prices and exits."""

from __future__ import annotations

TABLE = """
40900 The system experience gold account is inconsistent
40901 The contract experience fund balance is insufficient
40902 Future time is not allowed
40903 Failed to obtain leverage information
40904 Failed to collect funds
40905 Failed to collect user funds
40906 Failed to pay user funds
40907 The payment cannot be transferred
40908 [ambiguous] Concurrent operation failed => concurrent operation, try again
40909 Transfer processing
40910 [ambiguous] Operation timed out => operation timed out: check state first
40911 [clock] Request timestamp expired => timestamp expired
40912 single cancel cannot exceed 50 => more than 50 ids in one cancel
40913 {0} must be passed one => one of the listed parameters is needed
40914 Trader the maximum leverage can use is {0}
40915 Long position take profit price please > mark price
40916 Futures services for this account have been restricted.
40917 Stop price for long positions please < mark price {0}
40918 Traders open positions with orders too frequently
40919 This function is not open yet
40920 Position or order exists, the position mode cannot be switched => close positions and orders before changing the
    position mode
40921 The order size cannot exceed the maximum size of the positionLevel => size above the position tier
40922 Only work order modifications are allowed => only working limit orders can be modified
40923 Order size and price have not changed => modify with unchanged size and price
40924 orderId and clientOid must have one => send orderId or clientOid
40925 price or size must be passed in together => send newSize and newPrice together
40927 The return field type or dest of this order does not meet expectations
40928 Risk control, currently your max open size is {0} {1}. The size was calculated with all the main-sub accounts =>
    risk limit over main and sub accounts
40929 TraderPro Maximum leverage is {0}X
40930 The remaining quantity for your normal order is {0}{1}, and the quantity for post only order is {2}{3}
40931 Trigger the risk control of position closing , prohibiting position closing
40936 The received red envelope of {1} USDT is restricted from transfer for 24 hours; the {0} USDT purchased via OTC
    is restricted from transfer for 24 hours; {2} USDT is temporarily frozen as the recharge has not reached the
    required number of confirmations
40937 Your available withdrawal amount is {0}
40939 Reducing positions only will decrease your position. Please cancel or modify the original pending order first
    before placing a new order
41001 the account not exist
41002 param error {0}
41100 error {0}
41101 param {0} error => parameter wrong
41103 param {0} error => parameter wrong (decimals)
41104 Unsupported coin: {0} => coin not supported
41113 symbol is offline => symbol offline
41114 The current trading pair is under maintenance, please refer to the official announcement for the opening time =>
    pair under maintenance
42013 transfer fail
42014 The current currency does not support deposit
42015 The current currency does not support withdrawal
42016 symbol {0} is Invalid or not supported spot trade
42017 The current chain does not support deposit the coin
42072 Param endTime cannot be earlier than startTime
43001 [not_found] The order does not exist => order does not exist
43002 [ambiguous] Pending order failed
43003 [ambiguous] Pending order failed
43004 [not_found] There is no order to cancel => nothing to cancel
43005 Exceed the maximum number of orders => too many orders
43006 The order quantity is less than the minimum transaction quantity => spot: size below minimum
43007 The order quantity is greater than the maximum transaction quantity => spot: size above maximum
43008 The current order price cannot be less than {0}{1} => price below the allowed band
43009 The current order price exceeds the limit {0}{1} => price above the allowed band
43010 The transaction amount cannot be less than {0}{1} => spot: order value below minimum
43011 The parameter does not meet the specification {0} => parameter does not meet the specification
43012 Insufficient balance => balance too low
43013 Take profit price needs> current price => take-profit must be above the market
43014 Take profit price needs to be <current price => take-profit must be below the market
43015 Stop loss price needs to be <current price => stop-loss must be below the market
43016 Stop loss price needs to be> current price => stop-loss must be above the market
43017 You are currently a trader and currently do not support liquidation through planned orders
43020 [not_found] Stop profit and stop loss order does not exist => TP/SL order does not exist
43021 The stop-profit and stop-loss order has been closed
43022 Failed to trigger the default stop loss
43023 Insufficient position, can not set profit or stop loss => position too small for the TP/SL size
43024 Take profit/stop loss in an existing order, please change it after canceling all
43025 [not_found] Plan order does not exist => plan order does not exist (other tables of codes mislabel it)
43026 [not_found] The planned order has been closed => plan order already closed
43027 The minimum order value {0} is not met => order value below minimum
43028 Please enter an integer multiple of {0} for price => price must be a multiple of the tick
43029 The size of the current Order > the maximum number of positions that can be closed => close size above closable
    amount
43030 Take profit order already existed => take-profit already set
43031 Stop loss order already existed => stop-loss already set
43032 rangeRate is smaller than {0} => rangeRate too small
43033 [not_found] Trailing order does not exist => trailing order does not exist
43034 The trigger price should be ≤ the current market price => trigger price must be at or below the market
43035 The trigger price should be ≥ the current market price => trigger price must be at or above the market
43036 Trader modify tpsl can only be operated once within 300ms
43037 The minimum order amount allowed for trading is {0} => spot: order value below minimum
43038 The maximum order amount allowed for trading is {0}
43039 Maximum price limit exceeded {0}
43040 Minimum price limit exceeded {0}
43041 Maximum transaction amount {0}
43042 Minimum transaction amount {0}
43043 [not_found] There is no position => no position
43044 The follow order status error
43045 The trader is ful
43046 User does not exist
43047 Followers are not allowed to follow again within xx minutes after being removed, please try again later!
43048 The symbol is null
43049 Margin coin is not allowed
43050 Leverage exceeds the effective range => leverage out of range
43051 Maximum limit exceeded
43052 Follow order count can not less than {0}
43053 The copy ratio cannot exceed {0}
43054 The copy ratio cannot be less than {0}
43055 The take loss ratio must be between {0}-{1}
43056 The take profit ratio must be between {0}-{1}
43057 It is not allowed to bring orders or copy orders between sub-accounts
43058 Parameter verification failed => parameter check failed
43059 [ambiguous] Request failed, please try again => request failed, try again
43060 Sort rule must send
43061 Sort Flag must send
43062 not to follow
43063 Can not follow trade with yourself
43064 Tracking order status error
43065 Tracking No does not exist
43066 The trader failed to remove the follower
43067 The loaded data has reached the upper limit, and the maximum support for loading {0} data
43068 The status of the current follower is abnormal and removal is not allowed for now
43069 A follower account can only be removed when its equity is lower than {0} USDT
43071 Trigger order limit for a single trading pair is {0} => too many trigger orders on the pair
43075 Position pattern mismatch => position mode of the request does not match the account
43111 param error {0} => parameter wrong
43112 The amount of coins withdrawn is less than the handling fee {0} => amount below the fee
43113 The daily limit {0} is exceeded in a single transaction => daily limit exceeded
43114 Withdrawal is less than the minimum withdrawal count {0} => below the minimum withdrawal
43115 The current trading pair is opening soon, please refer to the official announcement for the opening time => pair
    opens later
43116 This chain requires a tag to withdraw coins => tag / memo needed
43117 Exceeds the maximum amount that can be transferred => amount above what can be moved
43118 [exists] clientOrderId duplicate => an order with this clientOid exists: look it up
43119 Trading is not open => trading not open yet
43120 symbol is not open trade => symbol not open for trading
43121 Withdrawal address cannot be your own => target is your own address
43122 The purchase limit of this currency is {0}, and there is still {1} left
43123 param error {0}
43124 withdraw step is error => withdraw step wrong (decimals)
43125 No more than 8 decimal places
43126 This currency does not support withdrawals => coin cannot be withdrawn
43127 Sub transfer not by main account, or main/sub relationship error => sub transfer needs the main account key
43128 Exceeded the limit of the maximum number of orders for the total transaction pair {0} => too many orders over
    all pairs
43129 Transfer coin not support or invalid coin => coin cannot be transferred
43130 StartTime params error
43131 Current currency: {0} does not support convert => coin cannot be converted
43132 {0}Insufficient funds => funds too low
43134 Transfers from custody sub-accounts are only allow transfers from spot accounts
43136 The transferred account is frozen
43137 Transfer in progress
"""
