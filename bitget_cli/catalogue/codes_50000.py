"""Codes from 50000: margin, Earn, loans, P2P."""

# The messages are Bitget's own, their punctuation included.
# ruff: noqa: RUF001

from __future__ import annotations

TABLE = """
50001 coin {0} does not support cross
50002 symbol {0} does not support isolated
50003 coin {0} does not support isolated
50004 symbol {0} does not support cross
50010 [ambiguous] Unknown error
50011 Parameter verification error
50012 The account has been suspended or deleted. Please contact our Customer Support
50013 The account has been suspended and deleted. Please contact our Customer Support
50014 The account already exists
50015 Currently, sub-accounts cannot engage in margin trading
50016 The number of open orders is smaller than the minimum limit of the trading pair
50017 The number of open orders is bigger than the maximum limit of the trading pair
50018 The price must be 0 or higher
50019 The user is forbidden to trade.
50020 Insufficient balance
50021 The margin trading account does not exist
50022 The account is liquidated
50023 The account has been suspended due to abnormal behavior. Please contact our Customer Support is you have any
    questions.
50024 The trading pair does not exist
50025 The trading pair is currently unavailable
50026 The trading pair is currently unavailable
50027 The trading pair is suspended for maintenance
50028 The trading pair is removed
50029 The trading pair has no order price
50030 The trading pair will soon be available
50031 [ambiguous] System error
50032 The currency does not exist
50033 The topic of the websocket query does not exist
50034 The borrowing amount must be over 0.00000001
50035 The maximum borrowing amount is exceeded
50036 The loan configuration does not exist
50037 This currency cannot be borrowed
50038 The system limit is exceeded
50039 The currency and the trading pair do not match
50040 The repayment amount must be more than 0
50041 The repayment amount must be less than your available balance
50042 The repayment amount must be more than the interest
50043 Unknown transaction type
50044 The system account is not found
50045 Insufficient locked asset
50046 The price is too low
50047 The price is too high
50048 The maximum number of orders is exceeded
50049 The request body of the system user is empty
50050 The system loan collection has been done
50051 The user in reconciliation is not in the system (cache)
50052 The asset balance will be less than 0 after transferring
50053 The amount is less than 0 when making loan repayment
50054 The amount is less than 0 when making interest repayment
50055 The amount is less than 0 when paying trading fees
50056 The amount is less than 0 when paying liquidation fees
50057 The amount is less than 0 when paying the excessive loss resulted from liquidation
50058 After the profit is used to cover the excessive loss resulted from liquidation, the balance will be less than 0
50059 This currency cannot be transferred
50060 [exists] Duplicated clientOid => an order with this clientOid exists: look it up
50061 There is a problem with the parameter you requested
50062 The order status is cancelled or fullFill
50063 Token precision must less than or equal to eight
50064 Your account is temporarily frozen. Please contact customer support if you have any questions
50065 symbol_off_shelf
50066 Position closing, please try again later
50068 {0} selling restriction: currently, you can sell {2} worth {1} USDT
50077 Can be convert {1} times every {0} hours
50078 The amount you can withdraw is {0}
50081 Exceeds the 24-hour net selling limit of {0}; currently, you can sell {2} worth {1} USDT
59001 Product does not exist
59002 Insufficient product balance
59003 This product is not available for purchase yet
59004 You are not a VIP and cannot purchase this product
59005 KYC verification not performed
59006 The country where KYC is located cannot apply for subscription
59007 Minimum limit for single currency subscription
59008 Maximum single currency subscription limit
59009 The subscription amount does not meet the step size verification
59010 The precision of the subscription amount cannot exceed {0} digits
59011 Insufficient balance
59012 Product does not exist
59013 Parameter exception: {0}
59014 Parameter precision exception
59015 The product is not online and cannot be purchased.
59016 The total position of a single person is exceeded
59017 Product subscription has been suspended
59018 The subscription start time has not been reached
59019 The subscription time range is {0} ~ {1}
59020 Minimum limit for single subscription
59021 Redemption of the product has been suspended
59022 Insufficient balance
59023 Insufficient product remaining quota, remaining {0}
59024 Amount cannot be empty when redeeming current financial management
59025 orderId cannot be empty when redeeming regular financial management
59026 Parameter error
59027 This product is a novice product. You are not a novice user. Please choose another product.
59028 Product hidden
59029 Product cannot be subscribe
59030 Exceeding the max amount for once subscribe
59031 Cannot perform redemption operation
59033 Less than redemption minimum limit
59034 The redemption amount accuracy cannot exceed {0} digits
59035 The redemption amount must be greater than the minimum limit
59036 Exceeded maximum single transaction limit
59037 The current order status does not allow operation
59038 Redemption is not allowed on the day of expiration
59039 Cannot perform redemption operation
59040 The redemption time range is {0}-{1}
59041 The accuracy of the subscription amount is not met
59042 Insufficient balance
59043 Insufficient product remaining quota, remaining {0} {1}
59044 Operations are frequent, please try again later.
59045 subscription time range is {0}~{1}
59046 Transaction failed
59047 redemption time range is {0}-{1}
59048 fixed redemption not pass amount
59049 Product does not exist
60001 StartTime not empty
60002 MerchantId not empty
60003 Not found the p2p order
60004 Not found the p2p advertisement
60005 Not found the p2p merchant
60006 Parameter error
60007 upload image cannot exceed 5M
60008 The image format must be [". jpg", ". jpeg", ". png"]
60009 The image format error
60010 upload error
60011 Ordinary users can not post ads
60012 Please change your status from offline to online before posting your ads！
60013 Insufficient balance
60014 Fiat info not found
60015 Digital currency info not found
60016 Only supports publish CNY advertisement
60017 Not support publish CNY advertisement
60018 Your KYC certification only supports publishing {0}
60019 Post failed. Unable to obtain preference price
60020 advertisement type error
60021 Payment method is empty
60022 Trading amount incorrect
60023 Beyond fiat limit ({0}-{1})
60024 Abnormality occurred in the P2P merchant fund refund
60025 The remark length cannot be longer than the configuration length
60026 Exclusive country error
60027 Payment time limit error
60028 Payment method error
60029 publish advertisement error
60030 status error
60031 The advertisement number is too long
60032 The advertisement not exist
60033 Posted ad amount incorrect
60034 Number of images attached in the remark cannot exceed the allocation limit.
60035 Edit advertisement error
60036 payTimeLimit cannot be empty
60037 Post failed. Price is significantly deviated from preference price
60038 Post failed. Incorrect floating rate
60039 User does not exist
60040 Unauthorized access not supported
60041 Edit advertisement price error
60042 limitPrice not empty
60043 The advertisement status update fail
60044 The advertisement status in editing can be edited
60045 Exceeding the number of advertisement that can be published
60046 priceValue not empty
60047 userPayMethodId not empty
60049 You are not currently a merchant
70001 Activity ID not correct
70002 rankType error
70006 Parameter value range verification failed: {0}
70007 Parameter verification failed: {0}, please make sure the time is within 30 days
70008 Parameter verification failed: {0}, please make sure the time is within 30 days
70020 Account does not exist
70101 illegal parameter
70102 Parameter verification failed-brokerUserId
70103 Parameter verification failed-startTime
70104 Parameter verification failed-endTime
70204 The account has open order, please cancel the open order.
70205 Today's reset has exceeded the maximum number of resets for the day: {0} and cannot be reset.
70206 Not main Account
70207 UID {0} not exist
70208 {0} can not deposit or withdrawal, please wait.
70209 Risk control, please contact with CS service.
70210 Exchange fail, please contact with CS service.
70211 {0} balance exceeds {1} USDT
70212 please less than {0} USDT
70213 The withdrawal amount exceeds the daily limit
70214 Restricted assets exist
70215 Frozen assets exist
70216 locked assets exist
70217 The whitelist is turned on, withdraw address is not in addressBook
70218 The transaction quantity of pending orders is higher than the modified quantity
70219 Withdrawal exceeds monthly limit
70220 Insufficient liquidity in the market, please operate later
70221 The current currency is {0}, the net purchase value is limited to {1} USD, and you can also purchase {3} with a
    net purchase value of {2} USD.
70222 The current currency is {0}, the net purchase quantity is limited to {1}, and the net purchase quantity is also
    {2}
70223 Exceeding the maximum number of orders for total trading
70224 This currency has a selling limit of {0}, leaving {1}
70225 This currency has a buying limit of {0}, leaving {1}
70226 The current maximum amount of coins that can be withdrawn or transferred out is {0}. If you want to withdraw or
    transfer all coins, please confirm that all spot orders have been ended.
70227 The user does not allow to place order
70228 The operation is too frequent, please try again later.
70229 Place order error
80001 illegal params
80002 [ambiguous] system error
80003 Loan coin not exist
80004 Place coin not exist
80005 Place single minimum limit
80006 Place single Maximum limit
80007 Loan single minimum limit
80008 Loan single maximum limit
80009 Loan pool not enough
80010 place float exceed
80011 [not_found] Order not exist
80012 Pledge not exist
80013 Extract exceed maximum limit
80014 Operate limit amount is {0} USDT
80015 Order count maximum limit
80016 Order status illegal
80020 The minimum number of operations is {0} {1}
90001 The single subscription limit cannot be exceeded {0}
400172 Parameter verification failed
"""
