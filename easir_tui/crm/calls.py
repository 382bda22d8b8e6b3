"""Call mode: today's calls, one after another, and what each came to.

An outcome is one step: the call with its note and length, the task ticked off, and where it says so the next task or
the refusal in the consent ledger; one undo takes all of it back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from easir_tui import clock, phones, text
from easir_tui.clock import When
from easir_tui.crm import activities, consent, notes, tasks
from easir_tui.crm.activities import ActivityInput, NextStep
from easir_tui.crm.consent import ConsentState
from easir_tui.crm.notes import NoteRow
from easir_tui.crm.tasks import TaskFilter, TaskRow
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import require_contact
from easir_tui.data.sqlite import row, value
from easir_tui.errors import Invalid
from easir_tui.language import N_, _

OUTCOMES: dict[str, str] = {
    "reached": N_("reached"),
    "no_answer": N_("no answer"),
    "voicemail": N_("voicemail"),
}
"""What a call may come to, as it is stored; calling back later and refusing are these with something more."""


@dataclass(frozen=True, slots=True)
class CallCard:
    """One person to be called: the task, every number, the last notes, and what they said about being called."""

    task: TaskRow
    numbers: tuple[tuple[str, str], ...]
    consent: ConsentState
    notes: tuple[NoteRow, ...]
    last_contact_at: int | None
    milestones: tuple[tuple[str, str], ...]
    milestone: str


def queue(me: Me) -> list[TaskRow]:
    """My calls that are overdue or due today, the most urgent first."""
    return [
        *tasks.rows(me, TaskFilter(view="overdue", assignee_id=me.user_id, type="call"), 0, 200),
        *tasks.rows(me, TaskFilter(view="today", assignee_id=me.user_id, type="call"), 0, 200),
    ]


def card(me: Me, task_id: int) -> CallCard:
    """Everything one looks at before and while calling.

    Raises:
        NotFound: the task is gone, or another team's.
    """
    from easir_tui.crm.lookups import path_of

    task = tasks.one(me, task_id)
    require_contact(me, task.contact_id)
    numbers, last = row("SELECT phones, last_contact_at FROM contact WHERE id = ?", task.contact_id) or ("[]", None)
    milestone, path = "", ""
    if task.case_id is not None:
        path, milestone = row("SELECT path, milestone FROM sales_case WHERE id = ?", task.case_id) or ("", "")
    return CallCard(
        task=task,
        numbers=tuple(
            (phones.pretty(one.get("number", "")) or one.get("raw", ""), one.get("label", ""))
            for one in json.loads(numbers)
        ),
        consent=next(one for one in consent.of(me, task.contact_id) if one.channel == "phone"),
        notes=notes.page(me, task.contact_id, size=4).rows,
        last_contact_at=last,
        milestones=tuple((step.key, step.title) for step in path_of(path).milestones) if path else (),
        milestone=milestone,
    )


def finish(
    me: Me,
    task_id: int,
    outcome: str,
    note: str = "",
    minutes: int | None = None,
    again: When | None = None,
    refuses: str = "",
) -> int:
    """Record what a call came to and tick the task off; says the id of the activity.

    Args:
        again: when to call back; a new task is planned for it.
        refuses: how the person said not to be called any more, which goes into the consent ledger.

    Raises:
        Refused: somebody completed the task already.
        NeedsConfirmation: the person has refused to be called.
    """
    if outcome not in OUTCOMES:
        raise Invalid("outcome", _("There is no such outcome."))
    task = tasks.one(me, task_id)
    number = value("SELECT phone FROM contact WHERE id = ?", task.contact_id) or ""
    return activities.record(me, ActivityInput(
        task.contact_id, "call", task.case_id, milestones=_milestones(task), direction="out", outcome=outcome,
        number=number, note=text.accept(note), minutes=minutes if outcome == "reached" else None, at=clock.now(),
        task_id=task.id, task_version=task.version,
        next_step=NextStep("call", again, task.note) if again is not None else None,
        consent_override=_("called all the same") if _refused(me, task.contact_id) else "", refuses=refuses,
    )).activity_id  # fmt: skip


def refuse(me: Me, task_id: int, note: str = "", minutes: int | None = None) -> None:
    """The person does not want to be called: recorded as such, with the call, and the task is done."""
    finish(me, task_id, "reached", note or _("Does not want to be called."), minutes, refuses=_("on the phone"))


def _refused(me: Me, contact_id: int) -> bool:
    return next(one for one in consent.of(me, contact_id) if one.channel == "phone").state == "refused"


def _milestones(task: TaskRow) -> tuple[str, ...]:
    """A call on a case carries the milestone the case stands at, or the first of its path (V6)."""
    from easir_tui.crm.lookups import path_of

    if task.case_id is None:
        return ()
    path, milestone = row("SELECT path, milestone FROM sales_case WHERE id = ?", task.case_id) or ("", "")
    steps = path_of(path).milestones
    return (milestone,) if milestone else tuple(step.key for step in steps[:1])
