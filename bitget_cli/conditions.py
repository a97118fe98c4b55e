"""`--until` expressions: comparisons of a row's fields, joined by `and`, `or` and parentheses."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from bitget_cli.errors import UsageError

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<open>\()|(?P<close>\))
    |(?P<sign><=|>=|==|!=|<|>)
    |(?P<number>[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?![\w.]))
    |(?P<text>'[^']*'|"[^"]*")
    |(?P<word>[A-Za-z_][\w]*(?:\.\w+)*)
    )""",
    re.VERBOSE | re.ASCII,
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
# `and` binds more closely than `or`.
_JOINS = {"or": 1, "and": 2}
_EXAMPLE = "such as 'lastPr > 70000 and change24h >= 0.01'"


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


class _Comparison(NamedTuple):
    """One field against a number (exact) or a text; a field that is absent or no number is unknown: not true."""

    path: tuple[str, ...]
    sign: str
    value: Decimal | str

    def holds(self, found: Any) -> bool:
        if isinstance(self.value, Decimal):
            number = _number(found)
            return number is not None and _COMPARES[self.sign](number, self.value)
        if isinstance(found, bool):
            found = "true" if found else "false"
        return isinstance(found, str) and _COMPARES[self.sign](str(found), self.value)


class Expression:
    """A condition on rows. It remembers which of its fields it has met, to tell a slip of the keyboard."""

    def __init__(self, steps: tuple[_Comparison | str, ...]) -> None:
        # In reverse Polish order: no depth of parentheses can exhaust the stack.
        self._steps = steps
        self.names = tuple(dict.fromkeys(".".join(one.path) for one in steps if isinstance(one, _Comparison)))
        self._unseen = set(self.names)

    @property
    def unseen(self) -> tuple[str, ...]:
        """The fields that no row so far had."""
        return tuple(name for name in self.names if name in self._unseen)

    def __call__(self, row: Mapping[str, Any]) -> bool:
        known: list[bool] = []
        for step in self._steps:
            if isinstance(step, _Comparison):
                known.append(self._compared(step, row))
                continue
            right, left = known.pop(), known.pop()
            known.append((left and right) if step == "and" else (left or right))
        return known[0]

    def _compared(self, step: _Comparison, row: Mapping[str, Any]) -> bool:
        found: Any = row
        for name in step.path:
            if isinstance(found, Mapping) and name in found:
                found = found[name]
            elif isinstance(found, list | tuple) and name.isdigit() and int(name[:9]) < len(found):
                found = found[int(name[:9])]
            else:
                return False
        self._unseen.discard(".".join(step.path))
        return step.holds(found)


def condition(text: str) -> Expression:
    """The expression typed. Raises UsageError that names the place of a mistake.

    Fields may be dotted (`bids.0.0`); numbers are compared exactly, quoted text and true/false with == and != only.
    """
    return Expression(tuple(_in_polish_order(text)))


def _in_polish_order(text: str) -> Iterator[_Comparison | str]:
    """Dijkstra's shunting yard over comparisons, joins and parentheses."""
    tokens = iter(_tokens(text))
    waiting: list[_Token] = []
    for token in tokens:
        if token.kind == "open":
            waiting.append(token)
            continue
        yield _comparison(token, next(tokens), next(tokens), text)
        for token in tokens:  # what follows a comparison, up to the next one
            if token.kind == "close":
                yield from _closed(waiting, token, text)
                continue
            if token.kind == "end":
                yield from _ended(waiting, text)
                return
            if token.text not in _JOINS:
                raise _mistake(text, token, "'and', 'or' or the end")
            while waiting and _JOINS.get(waiting[-1].text, 0) >= _JOINS[token.text]:
                yield waiting.pop().text
            waiting.append(token)
            break


def _comparison(field: _Token, sign: _Token, value: _Token, text: str) -> _Comparison:
    if field.kind != "word" or field.text in _JOINS:
        raise _mistake(text, field, "the name of a field")
    if sign.kind != "sign":
        raise _mistake(text, sign, "one of < <= > >= == !=")
    path = tuple(field.text.split("."))
    if value.kind == "number":
        return _Comparison(path, sign.text, Decimal(value.text))
    if value.kind == "text" or value.text in ("true", "false"):
        if sign.text not in ("==", "!="):
            raise _mistake(text, value, f"a number after {sign.text}")
        return _Comparison(path, sign.text, value.text[1:-1] if value.kind == "text" else value.text)
    raise _mistake(text, value, "a number or quoted text")


def _closed(waiting: list[_Token], token: _Token, text: str) -> Iterator[str]:
    while waiting and waiting[-1].kind != "open":
        yield waiting.pop().text
    if not waiting:
        raise _mistake(text, token, "no more than the parentheses that were opened")
    waiting.pop()


def _ended(waiting: list[_Token], text: str) -> Iterator[str]:
    for token in reversed(waiting):
        if token.kind == "open":
            raise UsageError(f"the parenthesis at character {token.place} of {text!r} is not closed")
        yield token.text


def _tokens(text: str) -> Iterator[_Token]:
    """The words of the expression, and then "end" as often as it is asked for."""
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise _mistake(text, _Token("?", text[start:].split()[0], start + 1), "a field, number or quoted text")
        yield _Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup) + 1)
        at = match.end()
    while True:
        yield _Token("end", "", end + 1)


def _mistake(text: str, token: _Token, expected: str) -> UsageError:
    met = f"not {token.text!r}" if token.text else "where it ends"
    hint = f"{_EXAMPLE}; equality is ==" if token.text.startswith("=") else _EXAMPLE
    return UsageError(f"--until {text!r}: expected {expected} at character {token.place}, {met}", hint=hint)


def _number(value: Any) -> Decimal | None:
    """The value as an exact number, if it reads as one; true and false do not."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None
