"""Codes 40700 to 40899: orders, leverage, margin."""

# The messages are Bitget's own, their punctuation included.
# ruff: noqa: RUF001

from __future__ import annotations

TABLE = """
40704 Can only check the data of the last three months => data older than 3 months is not served: use the web export
40705 The start and end time cannot exceed 90 days => time span above 90 days
40706 Wrong order price
40707 Start time is greater than end time => startTime is after endTime
40708 [exists] client_oid duplicate => an order with this clientOid exists: look it up
40709 [not_found] There is no position in this position, and no automatic margin call can be set
40710 The Account has been frozen.
40711 Insufficient contract account balance => futures balance too low
40712 Insufficient margin => margin too low
40713 Cannot exceed the maximum transferable margin amount
40714 No direct margin call is allowed
40715 delegate count can not high max of open count
40716 This trading pair not support Cross Margin mode => pair has no cross margin mode
40717 The number of closed positions cannot exceed the number of sheets held
40718 The entrusted price of Pingduo shall not be lower than the bursting price
40719 Flat empty entrustment price is not allowed to be higher than explosion price
40720 swap hand depth does not exist
40721 Market price list is not allowed at present
40722 Due to excessive price fluctuations and the insufficient market price entrusted cost, the opening commission is
    failed. => market moves too fast for the market order cost
40723 The total number of unexecuted orders is too high
40724 Parameter is empty => an empty parameter was sent
40725 [ambiguous] service return an error => backend error: as 40010; common in release windows
40726 Cross margin not support Auto Margin Replenishment (AMR) => no auto margin in cross mode
40727 Cross margin not support margin adjustment => no margin change in cross mode
40728 You’re log in as trader, please close position for current copy trade orders
40729 Failed to adjust the position, the current position or order or plan order
40730 There is currently a commission or a planned commission, and the leverage cannot be adjusted => orders exist:
    leverage cannot change
40731 This product does not support copy trading
40732 Not currently a trader
40733 The order closing has been processed
40734 Failed to place an order, the minimum number of traders to open a position {0}
40735 Long position take profit price should be greater than the average opening price
40736 Long position take profit price is greater than the current price
40737 The short position take profit price should be less than the average opening price
40738 The short position take profit price should be less than the current price
40739 The stop loss price of a long position should be less than the average opening price
40740 The stop loss price of a long position should be less than the current price
40741 The stop loss price of a short position should be greater than the average opening price
40742 The stop loss price of the short position should be greater than the current price
40743 The order is being closed and cannot be closed again
40744 The tracking order status is wrong
40745 This order is being commissioned, and liquidation is not supported temporarily
40746 The current maximum number of positions that can be closed is {0}, if you exceed the number, please go to the
    current order to close the position
40747 The bonus is not allowed to hold two-way positions
40748 The commission price is higher than the highest bid price => price above the highest allowed bid
40749 The commission price is lower than the lowest selling price => price below the lowest allowed ask
40750 The plan commission for this contract has reached the upper limit
40751 The contract's stop profit and stop loss order has reached the upper limit
40752 You are disabled for current business, if you have any questions, please contact customer service
40753 The contract transaction business is disabled, if you have any questions, please contact customer service
40754 balance not enough => balance too low
40755 Not enough open positions are available. => open position too small for this close
40756 The balance lock is insufficient.
40757 [not_found] Not enough position is available. => not enough position
40758 The position lock is insufficient.
40759 No assets
40760 Account abnormal status
40761 The total number of unfilled orders is too high => too many open orders
40762 The order size is greater than the max open size => size above the largest position the balance and leverage
    allow
40763 The number of orders cannot exceed the maximum amount of the corresponding gear
40764 The remaining amount of the order is less than the current transaction volume
40765 The remaining volume of the position is less than the current transaction volume
40766 The number of open orders is less than this transaction volume
40767 Position does not exist when opening a position
40768 [not_found] Order does not exist => order does not exist (already filled, cancelled or wrong id)
40769 Reject order has been completed
40770 The settlement or fee currency configuration was not found.
40771 When there is a gap, you cannot have a position closing order.
40772 The account does not exist
40773 Closed positions can only occur in two-way positions.
40774 The order type for unilateral position must also be the unilateral position type. => position-mode mismatch:
    leave tradeSide out in one-way mode, send open/close in hedge mode
40775 The market-making account can only be a unilateral position type.
40776 Error creating order.
40777 Cancel order error.
40778 Coin pair {0} does not support {1} currency as margin
40779 Please check that the correct delegateType is used
40780 There are multiple risk handling records for the same symbolId at the same time
40781 The transfer order was not found
40782 Internal transfer error
40783 No gear found
40784 Need to configure modify depth account
40785 Need to configure draw line account
40786 [exists] Duplicate clientOid => an order with this clientOid exists: look it up
40787 The price step does not match => price step mismatch
40788 Internal batch transfer error
40789 The tokenId is duplicated in the configuration item
40790 Duplicate symbolCode in configuration item
40791 The baseToken or quoteToken of symbolCode does not exist
40792 The symbol in the configuration item is duplicated
40793 The symbolCode of BusinessSymbol does not exist
40794 The supportMarginToken of BusinessSymbol is not configured
40795 The transaction is suspended due to settlement or maintenance reasons
40796 The adjusted leverage is not within the appropriate range
40797 Exceeded the maximum settable leverage => leverage above the maximum
40798 Insufficient contract account balance => futures balance too low
40799 Cannot be less than the minimum transfer amount => below the minimum transfer
40800 Insufficient amount of margin => margin too low
40801 Cannot exceed the maximum transferable deposit amount
40802 Position is zero and direct margin call is not allowed
40803 The leverage is reduced and the amount of margin call is incorrect
40804 The number of closed positions cannot exceed the number of positions held => close size above position
40805 Unsupported operation => operation not supported
40806 Unsupported currency => coin not supported
40807 The account does not exist
40808 [ambiguous] Parameter verification exception {0} => parameter check failed; text shows why (checkBDScale = too
    many decimals, hold side null = holdSide missing in hedge mode); in release windows also transient
40809 Execution price parameter verification exception
40810 Triggered price parameter verification exception
40811 The parameter {0} should not be null => parameter must not be null
40812 The condition {0} is not met => a condition between parameters is not met
40813 The parameter {0} must have a value and cannot be empty => parameter must have a value
40814 No change in leverage => leverage already has that value: treat as done
40815 The order price is higher than the highest bid price => price above the highest allowed bid
40816 The order price is lower than the lowest selling price => price below the lowest allowed ask
40817 [not_found] The current order status cannot be cancelled => order state does not allow a cancel
40818 The current order type cannot be cancelled
40819 [not_found] The order does not exist! => order does not exist
40820 The order price for closing a long position is not allowed to be lower than the liquidation price
40821 The closing order price cannot be higher than the liquidation price
40822 The contract configuration does not exist => contract configuration missing: check productType + symbol
40823 The transaction or reasonable marked price does not exist
40824 Currently, it is not allowed to list market orders
40825 Contract opponent depth does not exist
40826 Due to excessive price fluctuations, the market order cost is insufficient, and the position opening order
    failed.
40827 The bonus is not allowed to hold two-way positions
40828 Special market making accounts cannot manually place orders
40829 The take profit price of a long position should be greater than the average open price => long take-profit must
    be above the average price
40830 The take profit price of the long position should be greater than the current price => long take-profit must be
    above the market
40831 The short position take profit price should be less than the average open price => short take-profit must be
    below the average price
40832 The take profit price of short positions should be less than the current price => short take-profit must be
    below the market
40833 The stop loss price of a long position should be less than the average opening price => long stop-loss must be
    below the average price
40834 The stop loss price of the long position should be less than the current price => long stop-loss must be below
    the market
40835 The stop loss price of the short position should be greater than the average opening price => short stop-loss
    must be above the average price
40836 The stop loss price of the short position should be greater than the current price => short stop-loss must be
    above the market
40837 There is no position in this position, so stop-profit and stop-loss orders cannot be made => no position to
    protect
40838 [not_found] There is no position in this position, and automatic margin call cannot be set
40839 The automatic margin call function of this contract has been suspended
40840 Duplicate shard market making account
40841 Online environment does not allow execution
40842 Current configuration does not allow adjustment, please try again later
40843 no_datasource_key_exists
40844 This contract is under temporary maintenance => contract under maintenance
40845 This contract has been removed
40846 [ambiguous] Status verification abnormal => status check abnormal: try later
40847 The operation cannot be performed
40848 Cannot open a copy transaction if there is a position
40849 This user already has an ongoing copy
40850 The copy is in progress, the balance cannot be transferred
40851 Account status is wrong, cannot end copying
40852 There are unfilled orders, cannot end the copy
40853 There is an unexecuted plan order, cannot end the copy
40854 This product does not support copy trading
40855 The user has ended copying and cannot end copying again
40856 Data abnormal
40857 Document number error
40858 Error tracking order status
40859 This order is being closed and cannot be closed again
40860 The trader does not exist and cannot be set to follow
40861 The trader has been disabled and cannot be set to follow
40862 Please cancel the current order
40863 Please cancel the current plan
40864 Please close the current position with orders
40865 This order is being commissioned, and it is not currently supported to close the position
40866 You are currently a trader, please close the position under the current order
40867 Currently the maximum number of positions that can be closed is {0}, please go to the current order to close the
    position if the amount exceeds
40868 You are currently a trader and currently do not support liquidation through planned orders
40869 You are currently a trader and currently do not support modification of leverage
40870 You are currently copying an order and currently do not support modifying the leverage
40871 The leverage does not meet the configuration, and you cannot become a trader
40872 Failed to adjust position, currently holding position or order or plan order
40873 The account has a margin and needs to be transferred out
40874 Whole position mode does not support automatic margin call
40875 Whole position mode does not support margin adjustment
40876 Too many tracking orders
40877 Too many follow-up orders
40878 The contract index data is abnormal. In order to avoid causing your loss, please try again later.
40879 The risk is being processed, and the funds cannot be adjusted.
40880 The risk is being processed and the leverage cannot be adjusted.
40881 There is currently an order, or an order is planned, and the leverage cannot be adjusted. => orders exist:
    leverage cannot change
40882 You are currently a trader and you cannot switch to the full position mode
40883 When the currencies are mixed, it cannot be adjusted to the warehouse-by-warehouse mode
40884 When a one-way position is held, it cannot be adjusted to a position-by-position mode
40885 In the case of position by position mode, it cannot be adjusted to one-way position
40886 The automatic margin call cannot be adjusted in the full position mode
40887 Failed to place the order, the number of single lightning open positions is at most {0}
40888 Failed to place the order, the maximum amount of single lightning closing is {0}
40889 The plan order of this contract has reached the upper limit => too many plan orders on the contract
40890 The order of stop-profit and stop-loss for this contract has reached the upper limit => too many TP/SL orders on
    the contract
40891 Insufficient position, can not set take profit or stop loss => position too small for the TP/SL size
40892 Failed to place the order, the minimum number of positions opened by the trader is {0}
40893 Unable to update the leverage factor of this position, there is not enough margin! => not enough margin to lower
    leverage
40894 The documentary closing has been processed
40895 The preset price does not match the order/execution price
40896 The default stop profit and stop loss has been partially fulfilled and cannot be modified
40897 The system experience gold account does not exist
40898 The system experience gold account balance is insufficient
40899 The number of stored users exceeds the limit
"""
