"""Which contacts a user had on screen last; each user's own, and no part of the journal."""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui import clock
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data.sqlite import rows, run, writing

KEPT = 50
"""Contacts that are remembered for each user."""


@dataclass(frozen=True, slots=True)
class SeenContact:
    """A contact that was on screen; `at` in UTC epoch seconds."""

    id: int
    name: str
    company: str
    phone: str
    status: str
    at: int


def mark(me: Me, contact_id: int) -> None:
    """Remember that a contact is on screen now; the oldest of many are forgotten."""
    with writing():
        run(
            "INSERT INTO seen (user_id, contact_id, at) SELECT ?, id, ? FROM contact WHERE id = ? "
            "ON CONFLICT (user_id, contact_id) DO UPDATE SET at = excluded.at", me.user_id, clock.now(), contact_id,
        )  # fmt: skip
        run(
            "DELETE FROM seen WHERE user_id = ? AND at < (SELECT at FROM seen WHERE user_id = ? "
            "ORDER BY at DESC LIMIT 1 OFFSET ?)", me.user_id, me.user_id, KEPT - 1,
        )  # fmt: skip


def latest(me: Me, limit: int = 8) -> list[SeenContact]:
    """The contacts I had on screen last, the latest first; deleted ones and other teams' are left out."""
    return [SeenContact(*found) for found in rows(
        "SELECT c.id, c.name, CASE c.kind WHEN 'business' THEN a.name ELSE '' END, c.phone, c.status, s.at "
        "FROM seen s JOIN contact c ON c.id = s.contact_id JOIN account a ON a.id = c.account_id "
        f"WHERE s.user_id = ? AND c.deleted_at IS NULL AND {seen_by(me, 'c.audience')} "
        "ORDER BY s.at DESC, s.contact_id LIMIT ?", me.user_id, limit,
    )]  # fmt: skip
