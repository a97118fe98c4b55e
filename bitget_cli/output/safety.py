"""Text from elsewhere made safe to print: whatever could steer a terminal is shown, not obeyed."""

from __future__ import annotations

import re

# Marks that stack on the letter before them; three are a language, thirty are an attack on the lines around.
_MARK = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # invisible, among them the Arabic letter mark
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, every bidi control
    "\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"  # fillers, non-characters, lone surrogates
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"|(?<=[{_MARK}]{{3}})[{_MARK}]"
)


def sanitise(text: str, *, limit: int | None = None) -> str:
    """The text with all that could steer a terminal made visible (`\\x1b`, `\\u202e`), cut at `limit` characters.

    Newline and tab are escaped too: one value is always one line.
    """
    cut = limit is not None and len(text) > limit
    if cut:
        text = text[:limit]
    # Plain ASCII, which nearly all of it is, needs no search, and compiles no pattern.
    if not (text.isascii() and text.isprintable()):
        text = re.sub(_UNSAFE, _visible, text)
    return text + "…" if cut else text


def _visible(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
