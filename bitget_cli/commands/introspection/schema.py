"""JSON Schemas (2020-12) of what commands answer, from what is declared of them."""

from __future__ import annotations

from typing import Any

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.commands.introspection.answers import CommandAnswer, Form, Layout
from bitget_cli.commands.introspection.description import failures
from bitget_cli.errors import BitgetError

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_KINDS = {
    FieldKind.NUMBER: "a number as text",
    FieldKind.SIGNED: "a number as text",
    FieldKind.RATIO: "a fraction as text: 0.01 is one percent",
    FieldKind.RATE: "a fraction as text: 0.01 is one percent",
    FieldKind.TIME: "milliseconds since 1970 as text, unless --times says otherwise",
    FieldKind.FLAG: "true or false, as such or as text",
}
_TEXT: Schema = {"type": ["string", "null"]}
_INTEGER: Schema = {"type": ["integer", "null"]}


def of_answer(path: str, answer: CommandAnswer) -> Schema:
    """What `bitget PATH --json` writes on stdout. Of lines that come one by one it is the schema of each."""
    forms = [_form(form) for form in answer.forms]
    whole = forms[0] if len(forms) == 1 else {"anyOf": forms}
    return {"$schema": _DRAFT, "title": f"bitget {path} --json", **whole}


def of_failures() -> Schema:
    """The one object that a failure is on stderr, whatever the command."""
    keys = BitgetError("").record()
    told: dict[str, Schema] = {}
    for key in keys:
        kind = "integer" if key in ("exit", "http_status") else "string"
        told[key] = {"type": kind if key in ("error", "exit", "message") else [kind, "null"]}
    told["outcome"]["enum"] = ["rejected", "not_placed", "unknown", None]
    pairs = [
        {"properties": {"error": {"const": kind.word}, "exit": {"const": kind.exit_status}}} for kind in failures()
    ]
    return {
        "$schema": _DRAFT,
        "title": "a failure under --json, on stderr",
        "type": "object",
        "properties": told,
        "required": [*keys],
        "anyOf": pairs,
        "additionalProperties": True,
    }


def _form(form: Form) -> Schema:
    if form.layout is Layout.ARRAYS:
        return {"type": "array", "items": _places(form.fields())}
    row = _object(form)
    if form.layout is Layout.ARRAY:
        # What is nothing of ours need not be objects: `api call` tells what the exchange told.
        return {"type": "array", "items": row} if form.fields() else {"type": "array"}
    if form.layout is Layout.STREAM:
        return {"description": "one object a line", "anyOf": [_pushed(row), _remark()]}
    return {"description": "one object a line", **row} if form.layout is Layout.LINES else row


def _object(form: Form) -> Schema:
    told: Schema = {"type": "object", "additionalProperties": True}
    for field in form.fields():
        *outside, name = field.name.split(".")
        place = told
        for step in outside:
            place = _inside(place, step)
        place.setdefault("properties", {})[name.removesuffix("[]")] = _value(field, form)
    if form.ours:
        told["required"] = [field.name for field in form.fields() if "." not in field.name]
    return told


def _inside(place: Schema, step: str) -> Schema:
    """The schema of the objects below a step of a path: `chains[]` is a list of them, `fee` one."""
    name = step.removesuffix("[]")
    there = place.setdefault("properties", {}).setdefault(name, {"type": ["array", "object", "string", "null"]})
    key = "items" if step.endswith("[]") else "additionalProperties"
    inside = {"type": "object", "additionalProperties": True}
    if key == "items":
        return there.setdefault("items", inside)  # type: ignore[no-any-return]  # a schema
    there.setdefault("properties", {})
    return there  # type: ignore[no-any-return]  # a schema


def _value(field: Field, form: Form) -> Schema:
    about = {"title": field.label} if field.label else {}
    if field.name in form.integers:
        return {**about, **_INTEGER}
    if field.kind is FieldKind.NESTED:
        return dict(about) if form.ours else {**about, "type": ["array", "object", "string", "null"]}
    if field.kind is FieldKind.FLAG:
        kinds = ["boolean", "null"] if form.ours else ["boolean", "string", "null"]
        return {**about, "type": kinds}
    # Ids are texts, but for a few of accounts that Bitget sends as numbers.
    kinds = ["string", "integer", "null"] if field.kind is FieldKind.ID and not form.ours else ["string", "null"]
    more = {"description": _KINDS[field.kind]} if field.kind in _KINDS else {}
    return {**about, **more, "type": kinds}


def _places(fields: tuple[Field, ...]) -> Schema:
    """A row that is an array; places beyond those that are known may follow."""
    return {"type": "array", "prefixItems": [_TEXT | {"title": field.name} for field in fields]}


def _pushed(row: Schema) -> Schema:
    """A row of a stream in its envelope."""
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "market": {"type": "string"},
            "symbol": {"type": "string"},
            "ts": {"type": ["integer", "string", "null"]},
            "recv": {"type": ["integer", "string"]},
            "snapshot": {"type": "boolean"},
            "conflated": {"type": "integer"},
            "data": row,
        },
        "required": ["type", "market", "symbol", "ts", "recv", "snapshot", "data"],
    }


def _remark() -> Schema:
    """What a stream says of itself."""
    return {
        "type": "object",
        "properties": {"type": {"enum": ["status", "gap", "error"]}},
        "required": ["type"],
    }
