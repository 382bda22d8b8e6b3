"""The components of a calendar file, taken apart without judging them.

Appointments, to-dos and zones are found wherever they stand, in a calendar or outside of one, closed or not; one that
is broken never takes the others with it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from easir_tui.channels.content_lines import ContentLine, read_lines
from easir_tui.channels.encodings import Encoding
from easir_tui.channels.vcard import lines_of

_LEAVES = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "VTIMEZONE"})
_CONTAINER = "VCALENDAR"


@dataclass(slots=True)
class Block:
    """One component with its lines in order; those of components in it stay among them, from BEGIN to END.

    `calendar` numbers the VCALENDAR it stands in, `complete` is False without an END of its own.
    """

    name: str
    line: int
    calendar: int = 0
    lines: list[ContentLine] = field(default_factory=list)
    complete: bool = False

    def own_lines(self) -> Iterator[ContentLine]:
        """The lines that belong to no component inside."""
        depth = 0
        for line in self.lines:
            depth += line.name == "BEGIN"
            if not depth and line.name != "END":
                yield line
            depth -= line.name == "END" and depth > 0

    def first(self, name: str) -> ContentLine | None:
        """The first line of a property of its own."""
        return next((line for line in self.own_lines() if line.name == name), None)

    def source(self) -> bytes:
        """The component as bytes, as it came."""
        inside = b"".join(line.source for line in self.lines)
        return b"BEGIN:%b\r\n%b\r\nEND:%b\r\n" % (self.name.encode(), inside.strip(), self.name.encode())


@dataclass(slots=True)
class Calendar:
    """The properties that stand in a file outside of any component: METHOD, X-WR-TIMEZONE; and its components."""

    properties: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    @property
    def method(self) -> str:
        """`REQUEST`, `REPLY`, `CANCEL` … for a file that was sent to somebody (RFC 5546); else empty."""
        return self.properties.get("METHOD", "").strip().upper()


def parse(raw: bytes) -> Calendar:
    """The components of a file in UTF-8, UTF-16 or an 8-bit set. Never raises."""
    found = Calendar()
    current: Block | None = None
    inside: list[str] = []
    calendars = 0
    for number, line in read_lines(lines_of(io.BytesIO(_as_bytes(raw)), Encoding("utf-8", True))):
        mark = line.raw.strip().upper().decode("ascii", "replace") if line.name in ("BEGIN", "END") else ""
        if current is not None and mark in _LEAVES | {_CONTAINER} and not (line.name == "END" and mark in inside):
            current.complete = line.name == "END" and mark == current.name
            current, inside = None, []
            if line.name == "END":
                continue
        if current is not None:
            if line.name == "BEGIN":
                inside.append(mark)
            elif line.name == "END" and mark in inside:
                del inside[len(inside) - 1 - inside[::-1].index(mark) :]
            _add(current, line)
        elif line.name == "BEGIN":
            calendars += mark == _CONTAINER
            if mark in _LEAVES:
                current = Block(mark, number, calendars)
                found.blocks.append(current)
        elif line.name and line.name != "END":
            found.properties.setdefault(line.name, line.text())
    return found


def _add(block: Block, line: ContentLine) -> None:
    """Keep a line; one that is no property goes on with the text before it, as programs that do not fold write it."""
    if line.name:
        block.lines.append(line)
    elif block.lines and line.raw.strip():
        before = block.lines[-1]
        before.raw += b"\\n" + line.raw.strip()


def _as_bytes(raw: bytes) -> bytes:
    """A file as bytes that lines can be found in: UTF-16 turned into UTF-8, NULs left out."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "ignore").encode()
    if raw[:200].count(0) * 5 > len(raw[:200]):
        return raw.decode("utf-16-be" if raw[:1] == b"\0" else "utf-16-le", "ignore").encode()
    return raw.replace(b"\0", b"")
