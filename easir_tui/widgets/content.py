"""Text from the data, on its way to the screen.

Everything a person or a file once typed passes here before a widget gets it: it is cleaned once
(`text.clean`) and becomes `Content`, so that square brackets are never read as markup and control
characters never reach the terminal (faults 89 and 91). Colour is asked for by role, never by name.

    line("☎ ", (phone, "strong"), "  ", (label, "dim"))
"""

from __future__ import annotations

import re
from typing import TypeAlias

from textual.content import Content
from textual.style import Style

from easir_tui import text

Part: TypeAlias = str | tuple[str, str] | Content
"""A piece of a line: plain text, text with a role, or finished content."""

ROLES: dict[str, str] = {
    "": "",
    "dim": "$text-muted",
    "strong": "bold $text",
    "title": "bold $accent",
    "accent": "$accent",
    "good": "$success",
    "warn": "$warning",
    "bad": "$error",
    "info": "$primary",
    "key": "bold $accent",
    "lit": "bold reverse",
}
"""What a role looks like. Each role also goes with a word or a sign where it is used."""


def plain(value: str, role: str = "", newlines: bool = False) -> Content:
    """Data text as content, cleaned, in one role."""
    return (
        Content.styled(text.clean(value, newlines=newlines), ROLES[role])
        if role
        else Content(text.clean(value, newlines=newlines))
    )


def line(*parts: Part) -> Content:
    """One line of several parts: `line("☎ ", ("+45 22 41 90 17", "strong"))`."""
    return Content("").join([_piece(part) for part in parts])


LINK = re.compile(r"(tel:\+?[0-9]{2,20}|mailto:[A-Za-z0-9._%+=-]+@[A-Za-z0-9.-]+)\Z")
"""Where a link may lead. The target of a link goes to the terminal as it is, so nothing else may stand in it."""


def linked(shown: Content, target: str) -> Content:
    """Content that the terminal can follow (`tel:`, `mailto:`); as it is if the target is none (faults 91)."""
    return shown.stylize(Style(link=target)) if LINK.match(target) else shown


def lines(*rows: Part | None) -> Content:
    """Several lines; a None is left out, so that a fact that is not there takes no room."""
    return Content("\n").join([_piece(row) for row in rows if row is not None])


def paragraphs(value: str, role: str = "") -> Content:
    """Text of several lines, as a note is."""
    return plain(value, role, newlines=True)


def wrapped(words: str, width: int) -> list[str]:
    """Text in lines of at most `width` cells, broken at spaces."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        current = ""
        for word in paragraph.split():
            longer = f"{current} {word}".strip()
            if current and text.cells(longer) > width:
                lines.append(current)
                longer = word
            current = longer
        lines.append(current)
    return [text.cut(one, width) for one in lines]


def _piece(part: Part) -> Content:
    if isinstance(part, Content):
        return part
    if isinstance(part, tuple):
        return plain(part[0], part[1])
    return plain(part)
