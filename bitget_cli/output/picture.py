"""A table or a screen as a picture: an SVG or HTML file of what was drawn. Imported when one is asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from bitget_cli.errors import ConfigError, UsageError
from bitget_cli.output.cells import Line

# Columns of a picture that no terminal gives a width.
WIDTH = 160
_FORMS = (".svg", ".html")


def check_place(path: str) -> None:
    """Raises UsageError for a name that says no form, and for a file that is there already."""
    if Path(path).suffix.lower() not in _FORMS:
        raise UsageError(f"--save {path} says no form", hint="end it with .svg or .html")
    if os.path.lexists(path):
        raise UsageError(f"--save {path}: there is such a file, and it is not overwritten", hint="choose another name")


def save(lines: Iterable[Line], path: str, *, width: int, title: str = "bitget") -> None:
    """Write the lines, in their colours, as the form that the file's name ends with. Raises ConfigError."""
    from rich.console import Console

    from bitget_cli.output.terminal import Drawing

    console = Console(file=StringIO(), record=True, width=width, color_system="truecolor", force_terminal=True)
    console.print(Drawing(lines), soft_wrap=True)
    is_svg = Path(path).suffix.lower() == ".svg"
    text = _without_fonts(console.export_svg(title=title)) if is_svg else console.export_html()
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except OSError as failure:
        raise ConfigError(f"--save {path}: {failure.strerror}") from None


def _without_fonts(svg: str) -> str:
    """Whoever looks at the picture would ask a server for Rich's; the reader's own monospaced one does."""
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
