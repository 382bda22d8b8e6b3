"""Rows and columns of a list, and how many cells each column gets.

columns = (Column(_("Name"), min=18), Column(_("Next step"), width=16, role="dim", drop=1))
Row(17, ("Søren Kjær", ("Fri 20 Nov 15:12", "warn")))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

Cell: TypeAlias = str | tuple[str, str]
"""Text of a cell as it is stored, or (text, role)."""

GAP = 2
"""Cells between two columns."""

GUTTER = 2
"""Cells at the left for the cursor's sign and the mark's."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `width` cells, or 0 to share what is left, at least `min`, in parts of `share`.

    Where the window is too narrow the columns with the highest `drop` go first; 0 stays always.
    """

    title: str
    width: int = 0
    min: int = 4
    align: str = "left"
    role: str = ""
    drop: int = 0
    share: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. `id` names the record; a heading has none and is passed over by the cursor.

    A single cell takes the whole line, whatever the columns.
    """

    id: int
    cells: tuple[Cell, ...]
    role: str = ""
    heading: bool = False

    @classmethod
    def title(cls, text: str) -> Row:
        """A heading between rows, such as "Planned"."""
        return cls(0, (text,), heading=True)


class Source(Protocol):
    """Where the rows of a list come from, a page at a time.

    It may also have `async position(id) -> int | None`, where a row stands now, and `async ids(limit) ->
    list[int]`, for marking all.
    """

    async def count(self) -> tuple[int, bool]:
        """How many rows there are, and whether counting stopped there ("1000+")."""
        ...

    async def page(self, start: int, n: int) -> list[Row]:
        """At most `n` rows from number `start` on."""
        ...


def widths(columns: Sequence[Column], room: int, gap: int = GAP) -> tuple[int, ...]:
    """Cells for each column within `room`; 0 for one that is left out. Their sum with gaps never exceeds it."""
    room = max(0, room)
    kept = list(range(len(columns)))

    def needed() -> int:
        return sum(columns[i].width or columns[i].min for i in kept) + gap * max(0, len(kept) - 1)

    while len(kept) > 1 and needed() > room:
        droppable = [i for i in kept if columns[i].drop]
        kept.remove(max(droppable, key=lambda i: (columns[i].drop, i)) if droppable else kept[-1])
    found = [0] * len(columns)
    for i in kept:
        found[i] = min(room, columns[i].width or columns[i].min)
    spare = max(0, room - needed())
    flexible = [i for i in kept if not columns[i].width]
    shares = sum(columns[i].share for i in flexible)
    for i in flexible:
        part = spare * columns[i].share // shares
        found[i] += part
        spare -= part
        shares -= columns[i].share
    return tuple(found)
