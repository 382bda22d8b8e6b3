"""Where a text begins to repeat what was written before it, so that the new words can be told from the old."""

from __future__ import annotations

import re

_WROTE = re.compile(
    r"^(?:on|den|d\.|am|le|op|el|il|på|i|ons|man|tir|tor|fre|lør|søn|mon|tue|wed|thu|fri|sat|sun)\b.{3,300}"
    r"(?:wrote|skrev|schrieb|a écrit|schreef|escribió|ha scritto|kirjoitti)\b.{0,200}:?\s*$",
    re.IGNORECASE,
)
_DIVIDED = re.compile(
    r"^\s*(?:-{2,}|_{5,})\s*(?:original message|oprindelig meddelelse|oprindelig besked|"
    r"ursprüngliche nachricht|ursprungligt meddelande|opprinnelig melding)?\s*:?\s*(?:-{2,}|_{5,})?\s*$",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(
    r"^\W*(?:begin |start på )?(?:forwarded message|videresendt (?:meddelelse|besked|e-mail)|weitergeleitete nachricht|"
    r"vidarebefordrat meddelande|videresendt melding)\W*$",
    re.IGNORECASE,
)
"""Above what somebody passes on, which is what they want to be read."""

_FROM = re.compile(r"^\s*\*?(?:from|fra|von|från)\s?:\*?\s+\S", re.IGNORECASE)
_SENT = re.compile(r"^\s*\*?(?:sent|sendt|date|dato|gesendet|datum|skickat)\s?:\*?\s+\S", re.IGNORECASE)


def quoted_from(text: str) -> int | None:
    """The place in `text` from which on it quotes to its end; None where it does not, or answers in between."""
    lines = text.split("\n")
    starts: list[int] = []
    place = 0
    for one in lines:
        starts.append(place)
        place += len(one) + 1
    for number, one in enumerate(lines):
        if one.startswith(">"):
            first = _with_who_wrote(lines, number)
            return starts[first] if _is_all_quoted(lines[number:]) else None
        if _PASSED_ON.search(one):
            return None
        if _FROM.match(one) and any(_SENT.match(other) for other in lines[number + 1 : number + 5]):
            above = number
            while above and not lines[above - 1].strip():
                above -= 1
            above = above - 1 if above and _DIVIDED.match(lines[above - 1]) else number
            return starts[above] if number else None
        if _DIVIDED.match(one) and re.search(r"[a-z]", one, re.IGNORECASE) and number:
            return starts[number]
    return None


def _with_who_wrote(lines: list[str], number: int) -> int:
    """The line above a quotation that says who wrote it when; it may be two."""
    above = number - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    if above < 0:
        return number
    if _WROTE.match(lines[above]):
        return above
    if above and _WROTE.match(f"{lines[above - 1].strip()} {lines[above].strip()}"):
        return above - 1
    return above if lines[above].rstrip().endswith(":") and len(lines[above]) < 200 else number


def _is_all_quoted(lines: list[str]) -> bool:
    filled = [one for one in lines if one.strip()]
    return sum(one.startswith(">") for one in filled) * 10 >= len(filled) * 9
