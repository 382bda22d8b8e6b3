"""Which tables point at which, read from the schema itself.

Emptying the trash, and later merging, erasing and exporting, go through this list, so that a new table cannot be
forgotten by them (faults 2 and 78).
"""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui.data.sqlite import rows


@dataclass(frozen=True)
class Reference:
    """A column of one table that points at the id of another; `optional` when it may be empty."""

    table: str
    column: str
    target: str
    optional: bool


def references(target: str | None = None) -> tuple[Reference, ...]:
    """Every foreign key of the schema, or those that point at one table."""
    found = rows(
        'SELECT m.name, f."from", f."table", i."notnull" FROM sqlite_master m '
        'JOIN pragma_foreign_key_list(m.name) f JOIN pragma_table_info(m.name) i ON i.name = f."from" '
        "WHERE m.type = 'table' ORDER BY m.name, f.\"from\""
    )
    return tuple(
        Reference(table, column, other, not filled) for table, column, other, filled in found
        if target is None or other == target
    )  # fmt: skip
