"""The contacts of one account that one may see, with their role in it: any page of them, and what words find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from easir_tui import text
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data import search
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import along, row, rows, value

MOST_FOUND = 1000
"""How many contacts a search shows."""

NEWEST_HITS = 20_000
"""How many of the newest contacts that hold the words are looked through for those of one account."""

MOST_ROLES = 5000
"""Contacts of a company whose job titles a search reads."""


@dataclass(frozen=True)
class ContactOfAccount:
    """One contact in the list of an account; `job_title` is their role in it.

    `next_step_at` and `last_contact_at` are UTC epoch seconds; `next_step_day` is an ISO date where the next step
    is a whole day.
    """

    id: int
    name: str
    job_title: str
    phone: str
    email: str
    status: str
    next_step_at: int | None
    next_step_day: str | None
    last_contact_at: int | None


def count(me: Me, account_id: int) -> int:
    """How many contacts of the account one may see."""
    return int(value(f"SELECT count(*) FROM {_TABLE} WHERE {_condition(me)}", account_id))


def page(me: Me, account_id: int, start: int, size: int, total: int) -> list[ContactOfAccount]:
    """A page of the `total` contacts by name, read from the nearer end."""
    size = max(0, min(size, total - start))
    behind = total - start - size
    near = start <= behind
    turned = "" if near else " DESC"
    found = [one[0] for one in rows(
        f"SELECT id FROM {_TABLE} WHERE {_condition(me)} ORDER BY name_key{turned}, id{turned} LIMIT ? OFFSET ?",
        account_id, size, start if near else behind,
    )]  # fmt: skip
    return rows_of(me, found if near else found[::-1])


def rows_of(me: Me, ids: Sequence[int]) -> list[ContactOfAccount]:
    """The rows of these contacts, in the order given; those one may not see are left out."""
    if not ids:
        return []
    found = {one[0]: ContactOfAccount(*one) for one in rows(
        "SELECT id, name, job_title, phone, email, status, next_step_at, next_step_day, last_contact_at FROM contact "
        f"WHERE id IN ({', '.join('?' * len(ids))}) AND deleted_at IS NULL AND {seen_by(me)}", *ids
    )}  # fmt: skip
    return [found[contact_id] for contact_id in ids if contact_id in found]


def position(me: Me, account_id: int, contact_id: int) -> int | None:
    """How many contacts of the account stand before this one; None if it is not among them."""
    place = row(f"SELECT name_key, id FROM contact WHERE {_condition(me)} AND id = ?", account_id, contact_id)
    if place is None:
        return None
    return int(value(f"SELECT count(*) FROM {_TABLE} WHERE {_condition(me)} AND (name_key, id) < (?, ?)",
                     account_id, *place))  # fmt: skip


def find(me: Me, account_id: int, typed: str) -> list[int]:
    """Ids of its contacts by name, e-mail, any part of a phone number, city or role, in the order of their names."""
    query = search.expression(typed)
    if not query:
        return []
    found = rows(
        "SELECT id, name_key FROM contact WHERE id IN (SELECT rowid FROM search_contact WHERE search_contact MATCH ? "
        f"ORDER BY rowid DESC LIMIT {NEWEST_HITS}) AND {_condition(me)} ORDER BY name_key, id LIMIT {MOST_FOUND}",
        query, account_id,
    )  # fmt: skip
    if account_id != PRIVATE_ACCOUNT:
        found = sorted({*found, *_by_role(me, account_id, typed)}, key=lambda one: (one[1], one[0]))
    return [one[0] for one in found[:MOST_FOUND]]


def _by_role(me: Me, account_id: int, typed: str) -> list[tuple[int, str]]:
    """Contacts whose job title holds the words: "the purchaser there"."""
    words = text.query_words(typed)
    held = rows(f"SELECT id, name_key, job_title FROM contact WHERE {_condition(me)} AND job_title <> '' LIMIT ?",
                account_id, MOST_ROLES)  # fmt: skip
    fitting = {role for role in {one[2] for one in held} if _matches(text.search_tokens(role), words)}
    return [(one[0], one[1]) for one in held if one[2] in fitting]


def _matches(held: Sequence[str], words: Sequence[tuple[str, ...]]) -> bool:
    return all(any(token.startswith(form) for token in held for form in forms) for forms in words)


_TABLE = along("contact", "contact_account")


def _condition(me: Me) -> str:
    return f"account_id = ? AND deleted_at IS NULL AND {seen_by(me)}"
