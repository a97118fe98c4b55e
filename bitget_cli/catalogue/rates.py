"""The rate limits Bitget prints on its pages, each under one name."""

from __future__ import annotations

from bitget_cli.catalogue.rows import Rate, Scope

TWENTY_A_SECOND_PER_ADDRESS = Rate(20, Scope.ADDRESS)
TEN_A_SECOND_PER_ADDRESS = Rate(10, Scope.ADDRESS)
FIVE_A_SECOND_PER_ADDRESS = Rate(5, Scope.ADDRESS)
THREE_A_SECOND_PER_ADDRESS = Rate(3, Scope.ADDRESS)
ONE_A_SECOND_PER_ADDRESS = Rate(1, Scope.ADDRESS)

TWENTY_A_SECOND_PER_ACCOUNT = Rate(20, Scope.ACCOUNT)
TEN_A_SECOND_PER_ACCOUNT = Rate(10, Scope.ACCOUNT)
FIVE_A_SECOND_PER_ACCOUNT = Rate(5, Scope.ACCOUNT)
TWO_A_SECOND_PER_ACCOUNT = Rate(2, Scope.ACCOUNT)
ONE_A_SECOND_PER_ACCOUNT = Rate(1, Scope.ACCOUNT)
ONE_IN_TEN_SECONDS_PER_ACCOUNT = Rate(1, Scope.ACCOUNT, seconds=10)

# Copy-trading lead traders have fewer calls on these.
TEN_A_SECOND_LEAD_TRADERS_ONE = Rate(10, Scope.ACCOUNT, lead_trader_calls=1)
FIVE_A_SECOND_LEAD_TRADERS_ONE = Rate(5, Scope.ACCOUNT, lead_trader_calls=1)
