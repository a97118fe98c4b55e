"""Codes 40000 to 40699: keys, clocks, parameters."""

from __future__ import annotations

TABLE = """
40000 Bitget is providing services to many countries and regions around the world and strictly adheres to the rules
    and regulatory requirements of each country and region. According to the relevant regulations, Bitget is currently
    unable to provide services to your region (Mainland China) and you do not have access to open positions.Apologies
    for any inconvenience caused!
40001 [credentials] ACCESS_KEY cannot be empty => send the ACCESS-KEY header
40002 [credentials] ACCESS_SIGN cannot be empty => send the ACCESS-SIGN header
40003 [credentials] Signature cannot be empty => signature empty: secret missing or header dropped
40004 [clock] Request timestamp expired => timestamp older than 30 s: sync the clock with /api/v2/public/time and sign
    again
40005 [clock] Invalid ACCESS_TIMESTAMP => ACCESS-TIMESTAMP must be ms since epoch
40006 [credentials] Invalid ACCESS_KEY => the key is unknown: mistyped, deleted, or of the other environment (live or
    demo)
40007 Invalid Content_Type => send Content-Type: application/json
40008 [clock] Request timestamp expired => timestamp older than 30 s: sync the clock and sign again
40009 [credentials] sign signature error => signature wrong: check secret, method in upper case, exact path+query+body
    that was sent, ms timestamp; percent-encoding of the query must match what the server decodes
40010 [ambiguous] Request timed out => timed out: reads may be repeated; writes: look up by clientOid first
40011 [credentials] ACCESS_PASSPHRASE cannot be empty => send the ACCESS-PASSPHRASE header
40012 [credentials] apikey/password is incorrect => key and passphrase do not belong together; the passphrase is the
    one typed when the key was made
40013 User status is abnormal => account state abnormal: ask Bitget's support
40014 [credentials] Incorrect permissions, need {0} permissions => the key lacks the permission the message names:
    change the key on the website
40015 [ambiguous] System is abnormal, please try again later => system trouble: as 40010
40016 The user must bind the phone or Google => bind phone or authenticator first
40017 Parameter verification failed {0} => a parameter is invalid; the message names it (also seen for non-trader keys
    on copy endpoints)
40018 [credentials] Invalid IP => the key may not be used from this address: add it to the addresses of the key on the
    website
40019 Parameter {0} cannot be empty => required parameter missing
40020 Parameter {0} error => parameter value invalid
40021 User disable withdraw => withdrawals disabled for the user
40022 The business of this account has been restricted => account restricted for this business: ask Bitget's support
40023 [credentials] API service has been restricted. For any inquiries, please contact customer service => API access
    restricted: ask Bitget's support
40024 Account has been frozen => account frozen: ask Bitget's support
40025 [credentials] The user does not have this permission => no permission for this action
40026 User is disabled => user disabled: ask Bitget's support
40027 Withdrawals in this account area must be kyc
40028 This subUid does not belong to this account
40029 This account is not a Broker, please apply to become a Broker first => broker-only endpoint
40031 The account has been cancelled and cannot be used again
40032 The Max of sub-account created has reached the limit
40033 This email has been bound
40034 Parameter {0} does not exist => value unknown to the server, most often a symbol, coin or productType
40035 Judging from your login information, you are required to complete KYC first for compliance reasons. => KYC
    needed
40036 [credentials] passphrase is error => the passphrase is wrong; it is the one typed when the key was made
40037 [credentials] Apikey does not exist => the key does not exist: it was deleted, or it is of the other environment
    (live or demo)
40038 [credentials] The current ip is not in the apikey ip whitelist => add the address of this machine to the
    addresses of the key on the website
40039 FD Broker's user signature error
40040 user api key permission setting error => permission list of the new key is invalid
40041 [credentials] User's ApiKey does not exist => key does not exist
40043 FD Broker does not exist
40045 The bound user cannot be an FD broker
40047 FD Broker binding related interface call frequency limit
40048 [credentials] The user's ApiKey must be the parent account => only a key of the main account may call this
40049 User related fields decrypt error
40051 This account is not a FD Broker, please apply to become a FD Broker first
40052 Security settings have been modified for this account. For the safety of your account, withdrawals are
    prohibited within 24 hours => security change: withdrawals paused
40053 Value range verification failed: {0} should be between {1} => value out of the printed range
40054 The data fetched by {0} is empty => nothing found for that id
40055 subName must be an English letter with a length of 8
40056 remark must be length of 1 ~ 20
40057 Parameter {0} {1} does not meet specification => parameter does not meet the format
40058 Parameter {0} Only a maximum of {1} is allowed => too many items
40059 Parameter {0} should be less than {1} => value too large
40060 subNames already exists
40061 [credentials] sub-account not allow access => not for sub-accounts: use the main account key
40063 API exceeds the maximum limit added
40064 Parameter verification failed => parameter check failed
40065 This subApikey does not exist
40066 This subUid does not belong to the account or is not a virtual sub-account
40067 Account creation failed
40068 [credentials] Disable subaccount access => sub-account may not call this endpoint
40069 The maximum number of sub-accounts created has been reached
40070 passphrase 8-32 characters with letters and numbers
40071 subName exist duplication
40072 symbol {0} is Invalid or not supported mix contract trade => symbol is not a futures symbol
40074 {0} MatchRunServer not exist
40077 Transfers from custody sub-accounts are only allowed between spot and contract accounts.
40078 [clock] Timestamp for this request is outside of the ME receiveWindow. => request arrived outside receiveWindow
40079 receiveWindow timestamp must be less than 60s => receiveWindow must be below 60000 ms
40081 Spot DEMO accounts can only access spot orders and spot plan order endpoints. => spot demo keys reach only spot
    order and plan-order calls
40084 [credentials] Classic account key used on the unified (v3) API => this key is of a classic account, and the call
    belongs to the unified (v3) API
40085 [credentials] You are in Unified Account mode, and the Classic Account API is not supported at this time => this
    account is unified (UTA): Bitget has closed the v2 private calls for it; market data still works
40086 An error occurred when accessing the VIP private domain name. Please check whether you have applied for it.
40099 [credentials] exchange environment is incorrect => the key is of the other environment: a demo key needs a demo
    profile, a live key a live one
40100 Due to regulatory requirements, Hong Kong IPs are required to complete identity verification first => identity
    verification needed
40101 Please complete KYC => finish KYC
40102 Symbol does not exist => unknown symbol
40103 based on your IP address , it appears that you are located in a country or region where we are currently unable
    to provide services => country or IP not served
40104 Unable to withdraw to this account Please make sure this is a valid and verified account
40105 Currently Spot Demo trade does not support this feature => spot demo does not support it
40107 The subaccountName has been used
40108 The subaccountName has been used
40109 [not_found] The data of the order cannot be found, please confirm the order number => order not found: check id,
    symbol, age
40110 It is currently unavailable in a demo trading => not available in demo
40111 If you are located in a country where our services are restricted, please complete the KYC verification. If you
    have any questions, please contact customer service. => KYC needed for this region
40172 followerUid not empty
40199 Traders are prohibited from calling the API => copy-trading lead traders may not use this call
40200 [ambiguous] Server upgrade, please try again later => server upgrade: wait and repeat reads; check writes
40301 [credentials] Permission has not been obtained yet. If you need to use it, please contact customer service =>
    permission must be granted by Bitget's support first
40303 Can only query up to 20,000 data => query result above 20000 rows: narrow it
40304 clientOid or clientOrderId length cannot greater than 50 => clientOid longer than 50
40305 clientOid or clientOrderId length cannot greater than 64, and cannot be Martian characters => clientOid longer
    than 64 or odd characters
40306 Batch processing orders can only process up to 20 => batch longer than 20
40308 The contract is being temporarily maintained => contract under maintenance
40309 The contract has been removed => contract delisted
40400 [ambiguous] Status check abnormal => status check abnormal: try later
40401 The operation cannot be performed
40402 orderId or clientOId format error => orderId or clientOid has a wrong format
40404 Request URL NOT FOUND => check the path; the paper exchange offers only a part of them
40407 The query direction is not the direction entrusted by the plan
40408 Range error => value out of range
40409 wrong format => wrong format
"""
