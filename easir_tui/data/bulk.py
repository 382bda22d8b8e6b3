"""Filling a brand-new database as fast as SQLite goes, for the demonstration and for measuring.

Only for a file nobody else has open yet and that can be thrown away if it is not finished: while it is filled,
there is no log, no flushing and no index. At the end the indexes are made, the derived columns follow, and the
file is again what `open_store` promises. Everything later goes through the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from easir_tui.data import derived, search
from easir_tui.data.columns import defaults, stored_values
from easir_tui.data.models import ENTITIES
from easir_tui.data.sqlite import connect, database, disconnect, rows, run, run_many, value
from easir_tui.errors import Refused
from easir_tui.language import _

_SEARCH = ("search_contact", "search_case", "search_note", "search_account", "search_lead")


class Load:
    """A filling in progress; `loading` makes it. Rows carry their own ids where others refer to them."""

    def __init__(self) -> None:
        self._companies: dict[int, derived.Company] = {}

    def put(self, table: str, names: Sequence[str], many: Iterable[Sequence[Any]]) -> None:
        """Add rows of plain columns."""
        run_many(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            many,
        )

    def records(self, table: str, many: Sequence[Mapping[str, Any]]) -> None:
        """Add accounts or contacts given as their fields, with what derives from these, keys and search rows."""
        if not many:
            return
        model = ENTITIES[table]
        base = defaults(model)
        stored: list[dict[str, Any]] = []
        searched: list[tuple[int, str, str, str, str, str]] = []
        keys: list[tuple[str, str, int]] = []
        for fields in many:
            record = {**base, **stored_values(model, fields)}
            if table == "account":
                record |= derived.account_columns(record)
                self._companies[record["id"]] = derived.Company(record["name"], record["city"])
            else:
                whole = {"external_ids": {}, "city": "", **fields}
                company = self._companies.get(record["account_id"], derived.Company())
                record |= derived.contact_columns(whole, company.name)
                searched.append(search.contact_row(record["id"], whole, *company))
                keys += derived.contact_keys(record["id"], whole)
            stored.append(record)
        names = list(stored[0])
        self.put(table, [f'"{name}"' for name in names], ([record[name] for name in names] for record in stored))
        if table == "account":
            search.put_plain_many("search_account", ((one["id"], search.account_words(one)) for one in stored))
        search.put_contacts(searched)
        run_many("INSERT INTO contact_key (kind, key, contact_id) VALUES (?, ?, ?)", keys)

    def words(self, table: str, many: Iterable[tuple[int, int, str, str]]) -> None:
        """Index cases or notes: (row id, contact id, and two texts)."""
        search.put_many(
            table,
            (
                (row_id, search.owner_token(contact_id), search.tokens(one, other))
                for row_id, contact_id, one, other in many
            ),
        )


@contextmanager
def loading() -> Iterator[Load]:
    """Fill the open database, which must hold no contact yet.

    Raises:
        Refused: it holds contacts.
    """
    if value("SELECT 1 FROM contact LIMIT 1") is not None:
        raise Refused(_("The database is not empty."), _("Name a new file."))
    for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -65536", "foreign_keys = 0"):
        value(f"PRAGMA {pragma}")
    indexes = rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    for name, _sql in indexes:
        run(f"DROP INDEX {name}")
    for table in _SEARCH:
        run(f"INSERT INTO {table}({table}, rank) VALUES ('hashsize', 33554432)")
    with database.atomic():
        yield Load()
    for _name, sql in indexes:
        run(sql)
    derived.follow_all_contacts()
    derived.settle_all_audiences()
    for table in _SEARCH:
        run(f"INSERT INTO {table}({table}, rank) VALUES ('hashsize', 1048576)")
    run("ANALYZE")
    value("PRAGMA journal_mode = wal")
    disconnect()
    connect()
