"""Guests of meetings who have to be told something, as the day's list shows them; `meeting_mail` tells them."""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui.crm.users import Me
from easir_tui.data.sqlite import row, value


@dataclass(frozen=True, slots=True)
class OwedMeeting:
    """A meeting whose guests do not know yet what has become of it; `owed` is `update` or `cancel`."""

    id: int
    contact_id: int
    contact: str
    company: str
    title: str
    owed: str
    guests: int
    starts_at: int | None
    day: str | None
    """When it is now."""


def owed(me: Me) -> list[OwedMeeting]:
    """The meetings this person invited to, whose guests have to be told something."""
    if value("SELECT 1 FROM invitation WHERE user_id = ? LIMIT 1", me.user_id) is None:
        return []
    from easir_tui.crm import invitations

    found = []
    for one in invitations.owed(me):
        facts = row(
            "SELECT t.contact_id, c.name, coalesce(p.name, ''), t.starts_at, t.day FROM task t "
            "JOIN contact c ON c.id = t.contact_id LEFT JOIN account p ON p.id = c.account_id AND p.kind <> 'private' "
            "WHERE t.id = ?", one.task_id,
        )  # fmt: skip
        if facts is not None:
            contact_id, contact, company, starts_at, day = facts
            found.append(OwedMeeting(
                one.task_id, contact_id, contact, company, one.title, one.owed, len(one.guests), starts_at, day
            ))  # fmt: skip
    return found
