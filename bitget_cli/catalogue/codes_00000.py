"""Codes below 40000: convert, wallet, futures risk, unified accounts."""

# The messages are Bitget's own, their punctuation included.
# ruff: noqa: RUF001

from __future__ import annotations

TABLE = """
00000 [ok] success! => success
00001 startTime and endTime interval cannot be greater than {0} days => time span above the limit printed
00171 Parameter verification failed {0}{1} => parameter check failed
00172 Parameter verification failed => parameter check failed
429 [rate] Too many requests => too many requests: wait a second; after a ban of the whole address about five minutes
01001 {0} must be greater than 0
01002 {0} precision must be less than or equal to {1}
01003 {0} Duplicate data exists
11000 withdraw address is not in addressBook => address not in the address book
12001 {0} can be used at most
12002 Current currency {0}, limit net sell value {1} USD
12003 Current currency {0}, limit net buy value {1} USD
12004 Quote query failed, try again later => quote lookup failed, try again later
12006 Minimum limit not reached. => below the minimum of the coin
12007 Maximum limit exceeded. => above the maximum of the coin
12008 Daily individual convert limit reached => daily limit reached
12009 Daily convert limit reached
12014 Failed to get a quote
12017 Contact customer service because your Convert permission is abnormal.
12018 Service disruption, contact customer service for assistance.
12021 Flash quote expired => quote expired (8 s): ask for a new quote
12022 he flash quote information has been tampered with => quote fields changed: send them back as received
13001 Withdraw is too frequent => withdrawing too often
13002 Currency does not exist
13003 Withdrawal exceeds the monthly limit
13004 Your remaining withdrawal amount{0} => remaining withdrawal quota too small
13005 Failed to generate address
13006 The actual amount you can withdraw is {0}, and the rest is frozen for copy trade
13007 The current currency is {0}, and the net purchase value of {1} USD is limited within 24 hours, and the net
    purchase value of {2} USD is also allowed for {3}
13008 Traders minimum place orderSize is {0}
13009 Current currency {0}, 24-hour limit on net selling value {1} USD, you can also net sell {3} worth {2} USD
13010 The order is review, cannot be cancelled.
13212 A single withdrawal exceeds the maximum limit => single withdrawal above the limit
19000 [ambiguous] Spot copy trading operation failed
20001 startTime should be less than endTime => startTime must be before endTime
20002 {0} Only one is allowed to be passed
22001 [not_found] No order to cancel => nothing to cancel: treat as done
22002 [not_found] No position to close => nothing is held that this could close: see bitget position list
22003 modify price and size, please pass in newClientOid => modify of price/size needs newClientOid
22004 This symbol {0} not support API trade => symbol closed to API trading (symbolStatus restrictedAPI)
22005 This symbol does not support cross mode => symbol has no cross margin mode
22006 limit price > risk price => limit price outside the risk band
22007 limit price < risk price => limit price outside the risk band
22008 market price > risk price
22009 market price < risk price
22010 [credentials] Please bind ip whitelist address => bind an IP whitelist to the key first
22011 It is not allowed to set auto add margin in cross mode => no auto margin in cross mode
22012 There are different business lines, {0} does not belong to {1} product
22013 Abnormal status of position experience coupon
22014 This position experience coupon does not exist
22015 This user has no position experience coupon sub-account
22016 This user is not a sub-account for position experience coupons and cannot operate experience coupons
22017 The position experience coupon does not support this tokenId
22018 The face value of the position experience coupon is a negative number
22019 The position experience coupon has not expired yet
22020 The leverage multiple is the leverage multiple of the current position and cannot be adjusted.
22021 Limit orders are not supported when placing orders with position experience coupons
22022 The position experience coupon has been used
22023 The trial coupon for this position has expired
22024 The experience coupon for this position has been recycled
22025 Margin cannot be added to the experience coupon account
22026 The position mode cannot be adjusted for the experience coupon account
22027 The position experience coupon does not support this currency pair
22028 The position experience coupon does not support this type of order
22029 Risk control, you can currently open a maximum position of {0} {1}. The risk control proportion limit for a uid
    is calculated including all main accounts and sub-accounts.
22030 {0} Demo trading mode，can not use:{1} => not possible in demo mode
22034 Less than the minimum order amount => order below the minimum amount
22035 Demo account open position too frequently => demo account opens too often
22036 API limits opening positions
22037 API limits closing positions
22038 Please enter the quantity as an integral multiple of {0} => size must be a multiple of sizeMultiplier
22039 Limit open position when delivery is approaching.
22040 Limit open order when delivery is approaching.
22041 Limit close order when delivery is approaching.
22042 When a one-way position is held, trigger order cannot only reduce positions. => reduceOnly trigger order not
    possible in one-way mode
22043 ADL processing，{0} is limit close position => ADL running: closing limited
22044 ADL processing，cannot flash close Position => ADL running: flash close off
22045 Insufficient liquidity in the market, please operate later => too little liquidity: later
22067 ADL processing，forbid operate the symbol:{0} => ADL running: symbol closed for the moment
25000 [ambiguous] => a code of unified accounts: look the order up, it may have been placed
25001 [ambiguous] => a code of unified accounts: look the order up, it may have been placed
25002 [ambiguous] => a code of unified accounts: look the order up, it may have been placed
25003 [ambiguous] => a code of unified accounts: look the order up, it may have been placed
25004 [ambiguous] => a code of unified accounts: look the order up, it may have been placed
25204 [not_found] => a code of unified accounts: the order is final already
25212 [exists] => a code of unified accounts: an order with this clientOid exists, look it up
30032 The V1 API has been decommissioned. Please migrate to a newer version. => a v1 path, switched off in November
    2025: use /api/v2
31001 The user is not a trader
31002 Condition {0} is not satisfied
31003 Parameter {0} must have a value, cannot be empty
31004 Take profit price must be > current price
31005 Stop loss price must be < current price
31006 The order is in the process of being placed, closing of the position is not supported at the moment
31007 [not_found] Order does not exist
31008 There is no position in this position, no take profit or stop loss order can be made
31009 Tracking order status error
31010 Clear user prompt
31011 The order is not completely filled and the order is closed prompting the cancellation of the commission
31012 Pullback greater than {0}
31013 Pullback range is less than {0}
31014 Stop gain yield greater than {0}
31015 Stop loss yield less than {0}
31016 Batch execution exception
31017 Maximum price limit exceeded {0}
31018 Minimum price change of {0}
31019 Support trading currency pair does not exist
31020 Business is restricted
31021 The currency pair is not available for trading, please select another currency pair
31022 Minimum order size for this trading area is not met, please select another trading area
31023 Ending order processing
31024 The order is not completely filled, please go to "Spot trading"-"Current orders" to cancel the order and then
    sell or close the operation!
31025 The user is not a trader
31026 The user is not exist
31027 [ambiguous] Operation failed, please try again
31028 Parameter verification failed
31029 User is not existed
31030 Chosen trading pair is empty
31031 You’re log in as trader,can not follow trade
31032 Can not follow trade with yourself
31033 Fail to remove
31034 This trader’s no. of follower has reached limit, please select other trader
31035 Follow order ratio can not less than{0}
31036 Follow order ratio can not greater than{0}
31037 Follow order count can not less than{0}
31038 Exceeds max. limit
31039 Can not set reminder as your Elite Trader status has been revoked
31040 T/P ratio must between {0}%%-{1}%%
31041 S/L ratio must between {0}%%-{1}%%
31042 The status of your Elite Trader has been suspended, please contact online customer service to resume.
31043 Your copy trade follower cap is too high. Please contact customer support to lower it if you want to enable this
    function!
31044 You are applying to become a trader now. Copying trade is not allowed
31045 The max. quantity for TP/SL is {0}. For any quantity exceeding this limit, please operate under “Initiated
    Copies”.
31046 No copy trade relationship is allowed between a parent account and its sub-account
31047 No copying is allowed within {0} minutes after the copier has been removed. Please try again later.
31048 Only this trader's referrals are allowed to follow this trader at the moment. Please create an account with the
    trader's referral link!
31049 The trader's status is abnormal or has been revoked, and cannot be viewed at this time!
31050 This trader UID is already set for the region.
31051 traderUserId error
31052 Cannot set trading symbol that have not been opened by traders.
31053 executePrice cannot exceed triggerPrice 的{0}
31054 No order to cancel
31057 user has not follow order
"""
