"""The notes of an account: those of all its contacts that one may see, each with the name of whom it is on."""

from __future__ import annotations

from typing import Any

from easir_tui.crm.notes import PAGE_SIZE, SEARCH_LIMIT, NoteKey, NotePage, NoteRow
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data import search
from easir_tui.data.sqlite import rows

FEW = 100
"""Contacts of an account up to which a search stays within their own notes from the start."""

NEWEST_HITS = 20_000
"""Of a larger account, how many of the newest notes that hold the words are looked through."""


def page(
    me: Me, account_id: int, which: str = "all", query: str = "", after: NoteKey | None = None, size: int = PAGE_SIZE
) -> NotePage:
    """Notes on the contacts of an account, the newest first; the arguments are those of `notes.page`."""
    conditions: list[str] = []
    values: list[Any] = []
    if which in ("case", "other"):
        conditions.append(f"a.case_id IS {'NOT ' if which == 'case' else ''}NULL")
    if after is not None:
        conditions.append("(a.at, a.id) < (?, ?)")
        values += [after.at, after.id]
    words = search.expression(query, "words", search.SHORTEST["search_note"])
    if words:
        conditions.append(
            "a.id IN (SELECT rowid FROM search_note WHERE search_note MATCH ? ORDER BY rowid DESC LIMIT ?)"
        )
        values += _within(account_id, words)
    found = rows(
        f"""
        SELECT a.id, a.version, a.kind, a.at, a.note, a.case_id, coalesce(c.title, ''), a.user_id,
          coalesce(u.full_name, ''), a.contact_id, p.name
        FROM activity a LEFT JOIN contact p ON p.id = a.contact_id LEFT JOIN sales_case c ON c.id = a.case_id
          LEFT JOIN app_user u ON u.id = a.user_id
        WHERE {" AND ".join(["a.account_id = ?", "a.note <> ''", "a.deleted_at IS NULL", *conditions])}
          AND p.deleted_at IS NULL AND {of_parts(me, "a")}
        ORDER BY a.at DESC, a.id DESC LIMIT ?
        """,
        account_id, *values, size + 1,
    )  # fmt: skip
    shown = tuple(NoteRow(*one) for one in found[:size])
    return NotePage(shown, NoteKey(shown[-1].at, shown[-1].id) if len(found) > size else None)


def _within(account_id: int, words: str) -> list[Any]:
    """The expression of the index and how many hits of it are wanted."""
    few = rows("SELECT id FROM contact WHERE account_id = ? AND deleted_at IS NULL LIMIT ?", account_id, FEW + 1)
    if few and len(few) <= FEW:
        owners = " OR ".join(f'"{search.owner_token(contact_id)}"' for (contact_id,) in few)
        return [f"owner : ({owners}) AND {words}", SEARCH_LIMIT]
    return [words, NEWEST_HITS]
