"""The catalogue in words: what `bitget api list` and `bitget api show` print."""

from __future__ import annotations

from typing import Any

from bitget_cli.catalogue import endpoints, v1_paths
from bitget_cli.catalogue.envelope import Meaning, codes, stream_codes
from bitget_cli.catalogue.model import Endpoint, Field, FieldKind, PageKind, Param, Rate, Scope
from bitget_cli.errors import UsageError

LISTING = (
    Field("name", "Name", FieldKind.ID),
    Field("method", "Method"),
    Field("signed", "Keys"),
    Field("effect", "Effect"),
    Field("title", "What it does"),
)
EXPLAINED = (
    Field("name", "Name"),
    Field("title", "What it does"),
    Field("method", "Method"),
    Field("path", "Path"),
    Field("v1", "Was in v1"),
    Field("signed", "Keys"),
    Field("effect", "Effect"),
    Field("rate", "Rate limit"),
    Field("paging", "Paging"),
    Field("one_of", "One of"),
    Field("demo", "On demo"),
    Field("answers", "Answers"),
    Field("fields", "Fields"),
    Field("notes", "Notes"),
    Field("source", "Source"),
    Field("example", "Example"),
)
CODES = (
    Field("code", "Code"),
    Field("where", "Of"),
    Field("meaning", "Meaning"),
    Field("message", "Bitget says"),
    Field("advice", "What to do"),
)
# What to do where Bitget's lists say nothing of a code.
_ADVICE = {
    Meaning.OK: "nothing; it is done",
    Meaning.REFUSED: "nothing was done; mend what the message names",
    Meaning.AMBIGUOUS: "it may have been done: look it up before sending again (bitget order reconcile)",
    Meaning.EXISTS: "an order with this client id is there already: look it up (bitget order show)",
    Meaning.CREDENTIALS: "nothing was done; check the key, its permissions and its addresses (bitget profile check)",
    Meaning.CLOCK: "nothing was done; set the clock (bitget doctor)",
    Meaning.RATE: "nothing was done; wait, then try again",
    Meaning.NOT_FOUND: "there is none; it may be filled or cancelled already",
}
PARAMETERS = (
    Field("name", "Parameter"),
    Field("required", "Required"),
    Field("choices", "Choices"),
    Field("default", "Default"),
    Field("maximum", "Max"),
    Field("note", "Note"),
)


def listing(text: str | None) -> list[dict[str, str]]:
    """Endpoints whose name, path, title or path in v1 holds the text, whatever its case."""
    wanted = (text or "").lower()
    return [
        {
            "name": row.name,
            "method": row.method,
            "signed": "signed" if row.signed else "public",
            "effect": row.effect.value,
            "title": row.title,
        }
        for row in endpoints()
        if any(wanted in text.lower() for text in (row.name, row.path, row.title, *(v1_paths(row) if wanted else ())))
    ]


def meanings(text: str | None) -> list[dict[str, str]]:
    """The code of that number, else every code whose number or message holds the text. Raises UsageError for none."""
    known = [*((one, "REST") for one in codes()), *((one, "stream") for one in stream_codes())]
    wanted = (text or "").lower()
    found = [pair for pair in known if pair[0].code == text] or [
        (one, where) for one, where in known if wanted in f"{one.code} {one.message} {one.advice}".lower()
    ]
    if not found:
        raise UsageError(f"no code or message of Bitget's lists has {text!r}", hint="bitget api errors lists them all")
    return [
        {
            "code": one.code,
            "where": where,
            "meaning": one.meaning.value,
            "message": one.message,
            "advice": one.advice or _ADVICE.get(one.meaning, ""),
        }
        for one, where in found
    ]


def explained(row: Endpoint) -> dict[str, Any]:
    """Everything the catalogue says of one endpoint."""
    return {
        "name": row.name,
        "title": row.title,
        "method": row.method,
        "path": row.path,
        "v1": " ".join(v1_paths(row)),
        "signed": "signed" if row.signed else "public",
        "effect": row.effect.value,
        "rate": _rate(row.rate),
        "paging": _paging(row),
        "one_of": "; ".join(" or ".join(group) for group in row.one_of),
        "demo": {True: "yes", False: "no", None: "not documented"}[row.demo],
        "answers": row.shape.value,
        "fields": " ".join(field.name for field in row.fields),
        "notes": "; ".join(row.notes),
        "source": row.source,
        "example": _example(row),
        "parameters": parameters(row),
    }


def parameters(row: Endpoint) -> list[dict[str, str]]:
    return [
        {
            "name": param.name,
            "required": "yes" if param.required else "",
            "choices": " ".join(param.choices) + (" …" if param.open_ended else ""),
            "default": param.default or "",
            "maximum": "" if param.maximum is None else str(param.maximum),
            "note": param.note,
        }
        for param in row.params
    ]


def _rate(rate: Rate) -> str:
    per = "a second" if rate.seconds == 1 else f"in {rate.seconds} seconds"
    counted = "address" if rate.scope is Scope.ADDRESS else "account"
    lead = f", {rate.lead_trader_calls} for lead traders" if rate.lead_trader_calls else ""
    return f"{rate.calls} {per} for each {counted}{lead}"


def _paging(row: Endpoint) -> str:
    paging = row.paging
    words = [] if paging.kind is PageKind.NONE else [f"by {paging.kind.value}"]
    if paging.limit_max:
        words.append(f"at most {paging.limit_max} rows a call")
    if paging.window_days:
        words.append(f"at most {paging.window_days} days a call")
    if paging.lookback_days:
        words.append(f"{paging.lookback_days} days back")
    return ", ".join(words) or "none"


def _example(row: Endpoint) -> str:
    words = [f"{param.name}={_sample(param)}" for param in row.params if param.required and "[" not in param.name]
    return " ".join(["bitget api", row.name, *words])


def _sample(param: Param) -> str:
    known = {"symbol": "BTCUSDT", "coin": "USDT", "marginCoin": "USDT"}
    return param.choices[0] if param.choices else param.default or known.get(param.name, param.name.upper())
