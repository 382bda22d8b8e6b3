"""E-mails that have not gone out, as lists show them; what is done about them is in `outbox`."""

from __future__ import annotations

import json
from dataclasses import dataclass

from easir_tui import clock
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data.sqlite import rows, value

TROUBLED = ("refused", "uncertain", "partly")
"""States that wait for a person."""


@dataclass(frozen=True, slots=True)
class OutMail:
    """An e-mail that waits, or that something is wrong with, as a list shows it."""

    id: int
    version: int
    activity_id: int
    contact_id: int
    contact: str
    company: str
    subject: str
    to: tuple[str, ...]
    state: str
    tries: int
    try_at: int | None
    said: str
    at: int


def waits(me: Me) -> bool:
    """Whether anything is due now for this person's sender to do."""
    return value(
        "SELECT 1 FROM mail WHERE user_id = ?1 AND deleted_at IS NULL AND "
        "((state = 'queued' AND try_at <= ?2) OR state = 'sending') LIMIT 1", me.user_id, clock.now(),
    ) is not None  # fmt: skip


def troubled(me: Me) -> int:
    """How many of this person's e-mails wait for them to do something."""
    states = ", ".join(f"'{one}'" for one in TROUBLED)
    return int(value(
        f"SELECT count(*) FROM mail WHERE user_id = ? AND state IN ({states}) AND deleted_at IS NULL", me.user_id
    ))  # fmt: skip


def listed(me: Me, *, troubled: bool = False, limit: int = 200) -> list[OutMail]:
    """This person's e-mails that have not gone out, what needs them first; `troubled` leaves out what just waits."""
    states = ", ".join(f"'{one}'" for one in TROUBLED)
    wanted = f"(m.state IN ({states}) OR (m.state = 'queued' AND m.tries > 0))" if troubled else "1"
    found = rows(
        f"""
        SELECT m.id, m.version, m.activity_id, m.contact_id, c.name, coalesce(p.name, ''), a.subject, a.recipients,
          m.state, m.tries, m.try_at, m.said, a.at
        FROM mail m JOIN activity a ON a.id = m.activity_id JOIN contact c ON c.id = m.contact_id
        LEFT JOIN account p ON p.id = c.account_id AND p.kind <> 'private'
        WHERE m.user_id = ? AND m.state IN ('queued', 'sending', {states}) AND m.deleted_at IS NULL
        AND a.deleted_at IS NULL AND {wanted} AND {of_parts(me, "a")}
        ORDER BY m.state IN ({states}) DESC, m.id DESC LIMIT ?
        """,
        me.user_id, limit,
    )  # fmt: skip
    return [
        OutMail(
            mail_id, version, activity_id, contact_id, name, company, subject,
            tuple(json.loads(recipients).get("to", ())), state, tries, try_at, said, at,
        )
        for mail_id, version, activity_id, contact_id, name, company, subject, recipients,
            state, tries, try_at, said, at in found
    ]  # fmt: skip
