"""A Bitget with sub-accounts, of either kind: it keeps what is made, may lose an answer, and may be asked twice."""

from __future__ import annotations

import json
from typing import Any

import httpx
from doubles import KIND, StillClock, classic, envelope, enveloped

from bitget_cli.values import milliseconds

MAIN_UID = "9000000001"
SECRET = "Zq8vRk2Lw9Tn4Xy6Jd1Hs5Aa"
MADE_KEY = "bg_5f1d3a9c7e24"
OLD_KEY = {"id": "bg_old", "label": "old", "addresses": ["203.0.113.7"], "type": "read_only"}
# As the wire of each kind calls what is kept here.
_SUB = {False: ("subAccountUid", "subAccountName"), True: ("subUid", "username")}


class SubaccountDesk:
    """`changes` are (path below /api/v2/ or /api/v3/, body) in order. `fate` is what becomes of the next change:
    `lost` is carried out and not answered, `never` neither, `doubled` is carried out twice and answered once."""

    def __init__(self, clock: StillClock, *, unified: bool = False) -> None:
        self.clock, self.unified = clock, unified
        self.subs = [{"uid": "100", "name": "gridbots", "status": "normal", "rights": ["read", "spot_trade"]}]
        self.subs[0] |= {"mode": "unified", "note": "bot"}
        self.subs.append({**self.subs[0], "uid": "200", "name": "oldstyle", "mode": "classic"})
        old = {**OLD_KEY, "rights": ["uta_mgt", "copy"] if unified else ["read"]}
        self.keys: dict[str, list[dict[str, Any]]] = {"100": [old], "200": []}
        self.records: list[dict[str, Any]] = []
        self.changes: list[tuple[str, Any]] = []
        self.fate = ""
        self.answers: dict[str, Any] = {}
        self.refusal: httpx.Response | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v2/").removeprefix("/api/v3/")
        if request.url.path == KIND:
            return self._told({"userId": MAIN_UID}) if self.unified else classic()
        if request.method == "GET":
            return self._told(self._read(path, dict(request.url.params)))
        body = json.loads(request.content)
        self.changes.append((path, body))
        if self.fate == "never":
            raise httpx.ReadTimeout("lost", request=request)
        if self.refusal:
            return self.refusal
        answer = self._change(path, body)
        if self.fate == "doubled":
            answer = self._change(path, body)
        if self.fate == "lost":
            raise httpx.ReadTimeout("lost", request=request)
        return self._told(self.answers.get(path, answer))

    def _told(self, answer: Any) -> httpx.Response:
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=enveloped(answer) | {"requestTime": milliseconds(self.clock.now())})

    def _read(self, path: str, asked: dict[str, str]) -> Any:
        match path:
            case "spot/account/info":
                return {"userId": MAIN_UID}
            case "user/virtual-subaccount-list":
                return {"subAccountList": [self._sub(one) for one in self.subs], "endId": None}
            case "user/sub-list":
                return {"list": [self._sub(one) for one in self.subs], "hasNext": False, "cursor": None}
            case "user/virtual-subaccount-apikey-list":
                return [self._key(asked["subAccountUid"], one) for one in self.keys[asked["subAccountUid"]]]
            case "user/sub-api-list":
                rows = [self._key(asked["subUid"], one) for one in self.keys[asked["subUid"]]]
                return {"items": rows, "hasNext": False, "cursor": None}
            case "spot/account/sub-main-trans-record" | "account/sub-transfer-record":
                sender = asked.get("subUid", MAIN_UID)
                rows = [one for one in self.records if one[_ROLES[asked.get("role", "initiator")]] == sender]
                return {"list": rows, "cursor": None} if self.unified else rows
            case "account/settings":
                return {"accountMode": "unified"}
        return []

    def _sub(self, one: dict[str, Any]) -> dict[str, Any]:
        uid, name = _SUB[self.unified]
        row = {uid: one["uid"], name: one["name"], "status": one["status"]}
        if self.unified:
            return row | {
                "accountMode": one["mode"],
                "note": one["note"],
                "createdTime": one.get("time", "1760000000000"),
            }
        return row | {"permList": one["rights"], "label": "", "cTime": one.get("time", "1760000000000")}

    def _key(self, uid: str, one: dict[str, Any]) -> dict[str, Any]:
        if self.unified:
            names = {"apiKey": "id", "note": "label", "type": "type", "permissions": "rights", "ips": "addresses"}
            return {wire: one[name] for wire, name in names.items()}
        names = {"label": "label", "subAccountApiKey": "id", "permList": "rights", "ipList": "addresses"}
        return {"subAccountUid": uid} | {wire: one[name] for wire, name in names.items()}

    def _change(self, path: str, body: Any) -> Any:
        name = path.removeprefix("user/").replace("-", "_")
        if path in ("spot/wallet/subaccount-transfer", "account/sub-transfer"):
            return self._moved(body)
        return getattr(self, f"_{name}")(body)

    def _moved(self, body: Any) -> Any:
        if not any(one["clientOid"] == body["clientOid"] for one in self.records):
            row = {name: body[name] for name in ("coin", "fromType", "toType", "fromUserId", "toUserId", "clientOid")}
            self.records.append(row | {"transferId": "77", "status": "Successful", "size": body["amount"]})
        return {"transferId": "77", "clientOid": body["clientOid"]}

    def _new_sub(self, name: str) -> dict[str, Any] | None:
        if any(one["name"] == name for one in self.subs):
            return None
        made = {**self.subs[0], "uid": "300", "name": name, "time": str(milliseconds(self.clock.now()))}
        self.subs.insert(0, made)
        self.keys["300"] = []
        return made

    def _create_virtual_subaccount(self, body: Any) -> Any:
        told: dict[str, Any] = {"successList": [], "failureList": []}
        for name in body["subAccountList"]:
            made = self._new_sub(name)
            row = {"subaAccountName": name} | ({"subaAccountUid": made["uid"]} if made else {})
            told["successList" if made else "failureList"].append(row)
        return told

    def _create_sub(self, body: Any) -> Any:
        made = self._new_sub(body["username"])
        return self._sub(made) if made else envelope(None, code="40107", msg="has been used", status=400)

    def _create_virtual_subaccount_apikey(self, body: Any) -> Any:
        made = {"id": MADE_KEY, "label": body["label"], "rights": body["permList"], "addresses": body.get("ipList", [])}
        self.keys[body["subAccountUid"]].append(made)
        return self._key(body["subAccountUid"], made) | {"secretKey": SECRET}

    def _create_sub_api(self, body: Any) -> Any:
        made = {"id": MADE_KEY, "label": body["note"], "rights": body["permissions"], "addresses": body["ips"]}
        self.keys[body["subUid"]].append(made | {"type": body["type"]})
        return self._key("", self.keys[body["subUid"]][-1]) | {"secret": SECRET}

    def _modify_virtual_subaccount(self, body: Any) -> Any:
        one = next(one for one in self.subs if one["uid"] == body["subAccountUid"])
        one |= {"status": body["status"], "rights": body["permList"]}
        return {"result": "success"}

    def _freeze_sub(self, body: Any) -> Any:
        one = next(one for one in self.subs if one["uid"] == body["subUid"])
        one["status"] = "freeze" if body["operation"] == "freeze" else "normal"

    def _modify_sub(self, body: Any) -> Any:
        one = next(one for one in self.subs if one["uid"] == body["subUid"])
        one["note"] = body["note"]
        return self._sub(one)

    def _modify_virtual_subaccount_apikey(self, body: Any) -> Any:
        uid = body["subAccountUid"]
        one = next(one for one in self.keys[uid] if one["id"] == body["subAccountApiKey"])
        one |= {"label": body["label"], "addresses": body["ipList"], "rights": body.get("permList", one["rights"])}
        return self._key(uid, one) | {"secretKey": SECRET}

    def _update_sub_api(self, body: Any) -> Any:
        one = next(one for one in self.keys["100"] if one["id"] == body["apiKey"])
        one |= {"type": body["type"], "rights": body["permissions"], "addresses": body["ips"]}
        return self._key("", one) | {"secret": SECRET}

    def _delete_sub_api(self, body: Any) -> Any:
        self.keys["100"] = [one for one in self.keys["100"] if one["id"] != body["apiKey"]]


_ROLES = {"initiator": "fromUserId", "receiver": "toUserId"}
