"""Rows as their columns: reading and inserting one, and what a model's fields look like in its table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from easir_tui.data.models import ENTITIES, JsonField, Stored
from easir_tui.data.sqlite import database, row, run

SYSTEM_COLUMNS = ("id", "version", "created_at", "created_by", "updated_at", "updated_by")
"""Columns that the journal itself fills in."""


_COLUMNS: dict[str, list[str]] = {}
_DEFAULTS: dict[str, dict[str, Any]] = {}
_JSON: dict[str, frozenset[str]] = {}


def insert(table: str, record: Mapping[str, Any]) -> int:
    """Insert one row of plain columns and return its id."""
    names = ", ".join(f'"{name}"' for name in record)
    run(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(record))})", *record.values())
    return int(database.connection().last_insert_rowid())


def fetch(table: str, row_id: int) -> dict[str, Any] | None:
    """One row as its columns, living or not; None if there is none."""
    names = columns(table)
    found = row(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", row_id)
    return dict(zip((name.strip('"') for name in names), found, strict=True)) if found else None


def columns(table: str) -> list[str]:
    """The quoted column names of a model's table."""
    if table not in _COLUMNS:
        _COLUMNS[table] = [f'"{field.column_name}"' for field in ENTITIES[table]._meta.sorted_fields]
    return _COLUMNS[table]


def json_columns(table: str) -> frozenset[str]:
    """The columns of a table that hold JSON text."""
    if table not in _JSON:
        found = (field for field in ENTITIES[table]._meta.sorted_fields if isinstance(field, JsonField))
        _JSON[table] = frozenset(field.column_name for field in found)
    return _JSON[table]


def defaults(model: type[Stored]) -> dict[str, Any]:
    """The values of a new row, by column, as the database stores them."""
    table = model._meta.table_name
    if table not in _DEFAULTS:
        made: dict[str, Any] = {}
        for field in model._meta.sorted_fields:
            if field.column_name not in SYSTEM_COLUMNS and (field.null or field.default is not None):
                default = field.default() if callable(field.default) else field.default
                made[field.column_name] = None if default is None else field.db_value(default)
        _DEFAULTS[table] = made
    return _DEFAULTS[table]


def stored_values(model: type[Stored], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Field values as the database stores them: lists and mappings become JSON text.

    Raises:
        KeyError: a name that is no column; a slip in the program, not in what was typed.
    """
    table = model._meta.table_name
    known, held_as_json = model._meta.columns, json_columns(table)
    made: dict[str, Any] = {}
    for name, new in fields.items():
        if name not in known:
            raise KeyError(f"{table} has no column {name}")
        made[name] = as_json(new) if name in held_as_json and not isinstance(new, str) else new
    return made


def opened(model: type[Stored], record: Mapping[str, Any]) -> dict[str, Any]:
    """A stored row with its JSON columns read."""
    held_as_json = json_columns(model._meta.table_name)
    return {
        name: json.loads(held) if name in held_as_json and held is not None else held for name, held in record.items()
    }


def fields_of(record: Mapping[str, Any]) -> list[str]:
    """The names in a new record that its image holds: not the journal's own, and no raw card, which may be large."""
    return [name for name in record if name not in SYSTEM_COLUMNS and name != "card"]


as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A list or mapping as the database keeps it; one encoder for all, because making one takes longer than using it."""
