"""The clocks of leads: received to accepted, and accepted to the first activity, in the team's opening hours.

What has run out is marked, and told by mail to whom the team named.
"""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui import clock, text
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import require_lead, seen_by
from easir_tui.data.journal import step
from easir_tui.data.models import Lead
from easir_tui.data.sqlite import rows, value
from easir_tui.language import N_


@dataclass(frozen=True, slots=True)
class Escalated:
    """What the clocks did: leads marked because nobody accepted or acted in time, and those that expired."""

    waiting: tuple[int, ...]
    unanswered: tuple[int, ...]
    expired: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.waiting or self.unanswered or self.expired)


def has_run_out(me: Me) -> bool:
    """Whether the clock of a lead has run out and nobody has marked it yet."""
    now, seen = clock.now(), seen_by(me)
    return value(
        f"SELECT 1 FROM lead WHERE deleted_at IS NULL AND {seen} AND ((status = 'assigned' AND due_at <= ?1) OR "
        "(status IN ('assigned', 'escalated') AND expires_at <= ?1) OR "
        "(status = 'accepted' AND acted_at IS NULL AND act_by_at <= ?1 AND act_escalated_at IS NULL)) LIMIT 1", now,
    ) is not None  # fmt: skip


def escalate(me: Me) -> Escalated:
    """Mark the leads whose clocks have run out; those of my teams, all of them for an admin.

    Safe to run every minute, and by two at once: what is marked is not marked again.
    """
    now = clock.now()
    seen = seen_by(me)
    if not has_run_out(me):
        return Escalated((), (), ())
    late = f"status = 'assigned' AND due_at <= ? AND {seen} AND deleted_at IS NULL"
    silent = ("status = 'accepted' AND acted_at IS NULL AND act_by_at <= ? AND act_escalated_at IS NULL "
              f"AND {seen} AND deleted_at IS NULL")  # fmt: skip
    gone = f"status IN ('assigned', 'escalated') AND expires_at <= ? AND {seen} AND deleted_at IS NULL"
    with step(None, N_("the clocks of {count} leads ran out"), {}, shown=False) as work:
        expired = _ids(gone, now)
        for lead_id in expired:
            work.change(Lead, lead_id, None, status="expired")
        waiting = _ids(late, now)
        for lead_id in waiting:
            work.change(Lead, lead_id, None, status="escalated", escalated_at=now)
        unanswered = _ids(silent, now)
        for lead_id in unanswered:
            work.change(Lead, lead_id, None, act_escalated_at=now, mailed_at=None)
        work.params["count"] = len(expired) + len(waiting) + len(unanswered)
    return Escalated(waiting, unanswered, expired)


def _ids(where: str, now: int) -> tuple[int, ...]:
    return tuple(found for (found,) in rows(f"SELECT id FROM lead WHERE {where} ORDER BY id", now))


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail that is to be sent about an escalated lead."""

    lead_id: int
    to: str
    name: str
    about: str
    team: str
    waits_since: int
    unanswered: bool


def claim_notices(me: Me) -> list[Notice]:
    """The mails that are to be sent about escalated leads, claimed so that nobody else sends them too."""
    pending = (
        "SELECT l.id, t.escalate_to, l.name, l.product, l.interest, t.name, "
        "CASE l.status WHEN 'accepted' THEN l.accepted_at ELSE l.received_at END, l.status = 'accepted' "
        "FROM lead l JOIN team t ON t.id = l.team_id WHERE t.escalate_to <> '' AND l.mailed_at IS NULL "
        "AND l.deleted_at IS NULL AND (l.status = 'escalated' OR l.act_escalated_at IS NOT NULL AND "
        f"l.acted_at IS NULL AND l.status = 'accepted') AND {seen_by(me, 'l.audience')} ORDER BY l.id"
    )
    if not rows(pending):
        return []
    with step(None, N_("told of {count} escalated leads by mail"), {}, shown=False) as work:
        found = rows(pending)
        for one in found:
            work.change(Lead, one[0], None, mailed_at=work.at)
        work.params["count"] = len(found)
    return [Notice(one[0], one[1], one[2], one[3] or text.first_line(one[4]), one[5], one[6], bool(one[7]))
            for one in found]  # fmt: skip


def give_back(me: Me, lead_id: int) -> None:
    """A notice that certainly was not sent is to be sent by the next run.

    Raises:
        NotFound: there is no such lead, or none that this person may see.
    """
    require_lead(me, lead_id)
    with step(None, N_("a mail about a lead could not be sent"), shown=False) as work:
        work.change(Lead, lead_id, None, mailed_at=None)
