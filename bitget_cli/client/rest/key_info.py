"""What Bitget says about a key: whose it is, what it may do, from where, and on which kind of account."""

from __future__ import annotations

from typing import Any, NamedTuple

from bitget_cli.catalogue.v2.spot_account import SPOT_ACCOUNT_INFO
from bitget_cli.catalogue.v3.account import UNIFIED_ACCOUNT_INFO
from bitget_cli.client.rest.client import Client
from bitget_cli.errors import BitgetError, CredentialsError

_OTHER_ENVIRONMENT = "40099"
_UNIFIED = "40085"
# A demo key reaches trading calls only; the refusal comes after the key was found good.
_NOT_IN_DEMO = {"40081", "40105", "40110", "22030"}
_MAY_WITHDRAW = {"wwow", "withdraw"}

# Permission codes of a classic key, without the last letter of most: r reads, w writes.
_SCOPES = {
    "coo": "futures orders",
    "cpo": "futures positions",
    "sto": "spot",
    "smo": "margin",
    "tto": "copy trading",
    "wto": "transfer",
    "wwo": "withdraw",
    "tax": "tax",
    "cho": "sub-accounts",
    "p2p": "p2p",
    "pll": "loans",
}


class KeyInfo(NamedTuple):
    """`account_kind` is `classic` or `unified`, and None, with the rest empty, where Bitget does not tell.

    `permissions` are Bitget's own codes, `addresses` those the key is bound to.
    """

    account_kind: str | None = None
    user_id: str | None = None
    permissions: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.user_id is not None

    @property
    def may_withdraw(self) -> bool:
        return bool(_MAY_WITHDRAW.intersection(self.permissions))

    def scopes(self) -> tuple[str, ...]:
        """The permissions in words: `spot (read, write)`."""
        rights: dict[str, list[str]] = {}
        for code in self.permissions:
            scope = _SCOPES.get(code[:3])
            # "p2p" is the one code that writes without saying so.
            right = {"r": "read", "w": "write", "": "write"}.get(code[3:])
            name, granted = (scope, right) if scope and right else (code, None)
            rights.setdefault(name, []).extend([granted] if granted else [])
        return tuple(f"{name} ({', '.join(sorted(granted))})" if granted else name for name, granted in rights.items())


def key_info(client: Client, *, env: str) -> KeyInfo:
    """Ask about the client's key. `env` is the environment it was used for.

    Two calls at most: the classic one, and for a unified account the v3 one, since 40085 is said before the
    signature is looked at. Raises CredentialsError when the key is refused, with a plain sentence when it belongs to
    the other environment, and NetworkError.
    """
    try:
        # Sent whatever the kind was thought to be: this finds out.
        return _facts("classic", client.call(SPOT_ACCOUNT_INFO._replace(unchecked=True)), "authorities")
    except BitgetError as refused:
        if refused.code == _OTHER_ENVIRONMENT:
            raise _other_environment(refused, env) from None
        if refused.code in _NOT_IN_DEMO and env == "demo":
            return KeyInfo()
        if refused.code != _UNIFIED:
            raise
    return _facts("unified", client.call(UNIFIED_ACCOUNT_INFO), "permissions")


def _facts(kind: str, account: Any, permissions_at: str) -> KeyInfo:
    user = (account.get("userId") or account.get("uid")) if isinstance(account, dict) else None
    if not user:
        return KeyInfo(kind)
    permissions = account.get(permissions_at)
    addresses = (address.strip() for address in str(account.get("ips") or "").split(","))
    return KeyInfo(
        kind,
        str(user),
        tuple(str(code) for code in permissions) if isinstance(permissions, list) else (),
        tuple(address for address in addresses if address),
    )


def _other_environment(refused: BitgetError, env: str) -> CredentialsError:
    other = {"live": "demo", "demo": "live"}.get(env, "other")
    return CredentialsError(
        f"the key is not a {env} key: it belongs to the {other} environment",
        hint=f"add it to a {other} profile: bitget profile add NAME --env {other}",
        code=refused.code,
        msg=refused.msg,
        http_status=refused.http_status,
        endpoint=refused.endpoint,
    )
