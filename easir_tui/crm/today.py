"""What the first screen shows: my overdue and today's tasks, leads that wait, e-mails that did not go out, my open
cases that nobody plans anything for, and the contacts I saw last.

A handful of statements, each along an index, whatever the database holds.
"""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui.crm import case_list, guests, lead_list, seen, tasks, unsent
from easir_tui.crm.case_list import ListedCase
from easir_tui.crm.guests import OwedMeeting
from easir_tui.crm.lead_list import LeadRow
from easir_tui.crm.seen import SeenContact
from easir_tui.crm.tasks import TaskCounts, TaskFilter, TaskRow
from easir_tui.crm.unsent import OutMail
from easir_tui.crm.users import Me

TASKS, LEADS, CASES, SEEN, UNSENT = 50, 12, 8, 8, 20
"""How many of each are shown; the headings say how many there are."""

NO_STEP = "status:open manager:me next:none"
"""The filter of the case list that shows my cases with no next step."""


@dataclass(frozen=True, slots=True)
class Today:
    """The day of one user."""

    overdue: tuple[TaskRow, ...]
    today: tuple[TaskRow, ...]
    counts: TaskCounts
    leads: tuple[LeadRow, ...]
    leads_waiting: int
    unanswered: tuple[LeadRow, ...]
    to_tell: tuple[OwedMeeting, ...]
    """Meetings whose guests do not know what has become of them."""
    unsent: tuple[OutMail, ...]
    """E-mails that did not go out."""
    no_step: tuple[ListedCase, ...]
    no_step_count: int
    seen: tuple[SeenContact, ...]


def load(me: Me) -> Today:
    """My day, read from one moment of the database."""

    def mine(view: str) -> tuple[TaskRow, ...]:
        return tuple(tasks.rows(me, TaskFilter(view=view, assignee_id=me.user_id), 0, TASKS))  # type: ignore[arg-type]

    return Today(
        overdue=mine("overdue"),
        today=mine("today"),
        counts=tasks.counts(me),
        leads=tuple(lead_list.page(me, "waiting", size=LEADS)),
        leads_waiting=lead_list.count(me, "waiting"),
        unanswered=tuple(one for one in lead_list.page(me, "unanswered", size=LEADS)),
        to_tell=tuple(guests.owed(me)),
        unsent=tuple(unsent.listed(me, troubled=True, limit=UNSENT)),
        no_step=tuple(case_list.page(me, NO_STEP, "last", size=CASES)),
        no_step_count=case_list.count(me, NO_STEP),
        seen=tuple(seen.latest(me, SEEN)),
    )
