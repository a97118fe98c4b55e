"""What a unified account is asked: the one v3 call by which its key can be checked."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import FIVE_A_SECOND_PER_ACCOUNT, Endpoint

UNIFIED_ACCOUNT_INFO = Endpoint(
    "GET",
    "/api/v3/account/info",
    "Who the key of a unified account belongs to: user id, permissions, bound addresses",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields("userId inviterId parentId channelCode channel ips permType permissions regisTime"),
    notes=(
        "needs no permission; a classic key gets 40084",
        "permType is documented as read-only or read-and-write and was seen as read_and_write",
        "ips is one text with commas",
    ),
    source="docs 2026 uta account/info; ccxt",
)
