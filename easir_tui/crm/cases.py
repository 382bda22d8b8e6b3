"""Cases: one deal with one contact along one relations path, from its opening to its end.

A case always has a contact (V1), a case manager, its creator if nobody is chosen (V4), and a relations path,
chosen silently where there is only one (V5). Its status and chance follow the milestones of the activities
logged on it (`crm.activities`), or are set here by closing, rejecting and reopening. What screens read is in
`crm.case_page`, and is called from here like the rest.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from easir_tui import clock, config, relations, text
from easir_tui.crm import drafts
from easir_tui.crm.case_page import CasePage, CaseRow, counts, page, rows
from easir_tui.crm.lookups import CaseBrief, case_brief, contact_brief, path_of, user_is_active
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import team_for, team_of_case, team_of_contact
from easir_tui.data.journal import Step, step
from easir_tui.data.models import Activity, Case, Task
from easir_tui.errors import Invalid, NeedsConfirmation, Refused
from easir_tui.language import N_, _, ngettext, number, parse_money
from easir_tui.relations import Milestone, RelationsPath

__all__ = [
    "OUTCOMES",
    "STATUSES",
    "CasePage",
    "CaseRow",
    "add_to",
    "change",
    "close",
    "counts",
    "create",
    "delete",
    "follow",
    "milestone_of",
    "page",
    "parse_value",
    "reject",
    "reopen",
    "rows",
    "the_path",
    "value_text",
]

STATUSES: dict[str, str] = {"open": N_("open"), "closed": N_("closed"), "rejected": N_("rejected")}

LARGEST_VALUE = 10**14
"""Above this an amount is a slip of the finger, in minor units."""

OUTCOMES: dict[str, str] = {"won": N_("won"), "lost": N_("lost")}


def create(
    me: Me,
    contact_id: int,
    title: str,
    *,
    manager_id: int | None = None,
    path: str | None = None,
    product: str = "",
    value: int | None = None,
    currency: str | None = None,
    expected_close: date | None = None,
    lead_id: int | None = None,
    draft_key: str | None = None,
) -> int:
    """Open a case for a contact and return its id.

    Args:
        value: minor units (øre).

    Raises:
        Invalid: no title, or several relations paths and none chosen.
        NotFound: no such contact.
    """
    contact = contact_brief(me, contact_id)
    with step(
        me,
        N_("opened the case “{title}”"),
        {"title": _title(title)},
        contact_id=contact_id,
        account_id=contact.account_id,
    ) as work:
        case_id = add_to(
            work,
            me,
            contact_id,
            title,
            manager_id=manager_id,
            path=path,
            product=product,
            value=value,
            currency=currency,
            expected_close=expected_close,
            lead_id=lead_id,
        )
        work.case_id = case_id
        drafts.drop_in(work, me, draft_key)
    return case_id


def add_to(
    work: Step,
    me: Me,
    contact_id: int,
    title: str,
    *,
    manager_id: int | None = None,
    path: str | None = None,
    product: str = "",
    value: int | None = None,
    currency: str | None = None,
    expected_close: date | None = None,
    lead_id: int | None = None,
) -> int:
    """Open a case inside a step that does more: a call logged on a new case, an accepted lead."""
    contact = contact_brief(me, contact_id)
    manager = _manager(manager_id, me)
    return work.add(
        Case,
        team_id=team_for(manager, team_of_contact(contact_id)),
        contact_id=contact_id,
        account_id=contact.account_id,
        title=_title(title),
        manager_id=manager,
        path=the_path(path).key,
        milestone="",
        status="open",
        outcome="",
        reason="",
        product=text.accept(product, newlines=False),
        value=_value(value),
        currency=currency or config.settings().currency,
        chance=None,
        expected_close=expected_close.isoformat() if expected_close else None,
        opened_at=clock.now(),
        closed_at=None,
        lead_id=lead_id,
    )


def the_path(key: str | None) -> RelationsPath:
    """The relations path of a new case: the one named, or the only one there is (V5).

    Raises:
        Invalid: several exist and none is named, or it is unknown.
    """
    paths = relations.paths()
    if not key and len(paths) == 1:
        return next(iter(paths.values()))
    if not key:
        raise Invalid("path", _("Choose the relations path the case follows."))
    if key not in paths:
        raise Invalid("path", _("There is no relations path called “{name}”.").format(name=key))
    return paths[key]


def change(
    me: Me,
    /,
    case_id: int,
    version: int | None,
    *,
    draft_key: str | None = None,
    **fields: Any,
) -> None:
    """Change title, manager_id, product, value, currency, chance, expected_close, milestone or reason.

    Only the named fields are written.

    Raises:
        Conflict: somebody else changed the same field since `version`.
        Invalid: a value that cannot be.
    """
    case = case_brief(me, case_id)
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        match name:
            case "title":
                wanted[name] = _title(value)
            case "manager_id":
                wanted[name] = _manager(value, me)
                wanted["team_id"] = team_for(wanted[name], team_of_case(case_id))
            case "value":
                wanted[name] = _value(value)
            case "chance":
                wanted[name] = _chance(value)
            case "expected_close":
                wanted[name] = value.isoformat() if isinstance(value, date) else value or None
            case "product" | "reason" | "currency":
                wanted[name] = text.accept(value, newlines=False)
            case "milestone":
                wanted[name] = _milestone(case.path, value)
            case _:
                raise TypeError(f"a case has no field {name!r} to change")
    with _about(me, case, N_("changed the case “{title}”")) as work:
        if wanted:
            work.change(Case, case_id, version, **wanted)
        drafts.drop_in(work, me, draft_key)


def close(me: Me, case_id: int, version: int | None, outcome: str, reason: str = "") -> None:
    """Close an open case as `won` or `lost`.

    Raises:
        Refused: it is not open.
    """
    if outcome not in OUTCOMES:
        raise Invalid("outcome", _("Choose whether the case was won or lost."))
    case = _open(me, case_id)
    won, lost = N_("closed the case “{title}” as won"), N_("closed the case “{title}” as lost")
    with _about(me, case, won if outcome == "won" else lost) as work:
        work.change(
            Case,
            case_id,
            version,
            status="closed",
            outcome=outcome,
            reason=text.accept(reason, newlines=False),
            chance=100 if outcome == "won" else 0,
            closed_at=clock.now(),
        )


def reject(me: Me, case_id: int, version: int | None, reason: str) -> None:
    """Reject an open case; a reason is required.

    Raises:
        Invalid: no reason.
        Refused: it is not open.
    """
    reason = text.accept(reason, newlines=False)
    if not reason:
        raise Invalid("reason", _("Write why the case is rejected."))
    case = _open(me, case_id)
    with _about(me, case, N_("rejected the case “{title}”")) as work:
        work.change(
            Case,
            case_id,
            version,
            status="rejected",
            outcome="",
            reason=reason,
            chance=0,
            closed_at=clock.now(),
        )


def reopen(me: Me, case_id: int, version: int | None) -> None:
    """Open a closed or rejected case again; its chance is the one of its milestone.

    Raises:
        Refused: it is open.
    """
    case = case_brief(me, case_id)
    if case.status == "open":
        raise Refused(_("The case is open already."))
    reached = milestone_of(case.path, case.milestone)
    chance = reached.chance if reached and reached.sets_status in ("", "open") else None
    with _about(me, case, N_("reopened the case “{title}”")) as work:
        work.change(Case, case_id, version, status="open", outcome="", reason="", chance=chance, closed_at=None)


def delete(me: Me, case_id: int, version: int | None, confirmed: bool = False) -> None:
    """Put a case in the trash with its open tasks; what happened stays in the contact's History (V18).

    Raises:
        NeedsConfirmation: it holds activities or open tasks; the sentence counts them.
    """
    case = case_brief(me, case_id)
    happened = Activity.select().where(Activity.case_id == case_id, Activity.deleted_at.is_null()).count()
    planned = [
        found[0]
        for found in Task.select(Task.id)
        .where(Task.case_id == case_id, Task.status == "open", Task.deleted_at.is_null())
        .tuples()
    ]
    if (happened or planned) and not confirmed:
        raise NeedsConfirmation(
            _("“{title}” holds {activities} and {tasks}. Delete it all the same?").format(
                title=case.title,
                activities=ngettext("{n} activity", "{n} activities", happened).format(n=happened),
                tasks=ngettext("{n} planned task", "{n} planned tasks", len(planned)).format(n=len(planned)),
            )
        )
    with _about(me, case, N_("deleted the case “{title}”")) as work:
        for task_id in planned:
            work.remove(Task, task_id, None)
        work.remove(Case, case_id, version)


def milestone_of(path: str, key: str) -> Milestone | None:
    """A milestone of a path by its key."""
    return path_of(path).milestone(key)


def follow(work: Step, me: Me, case_id: int, milestones: tuple[str, ...]) -> None:
    """Let a case follow the milestones of an activity just logged on it.

    The furthest along the path is where the case stands; closed wins over open, and a case that is closed or
    rejected already stays as it ended: only `reopen` opens it again.

    Raises:
        Invalid: of `milestones`: won and lost at once.
    """
    case = case_brief(me, case_id)
    chosen = [milestone for milestone in path_of(case.path).milestones if milestone.key in milestones]
    if not chosen:
        return
    if {milestone.outcome for milestone in chosen} >= {"won", "lost"}:
        raise Invalid("milestones", _("A case cannot be both won and lost."))
    closing = [milestone for milestone in chosen if milestone.sets_status == "closed"]
    rejecting = [milestone for milestone in chosen if milestone.sets_status == "rejected"]
    decisive = (closing or rejecting or chosen)[-1]
    if case.status != "open":
        return
    fields: dict[str, Any] = {"milestone": decisive.key}
    if decisive.chance is not None:
        fields["chance"] = decisive.chance
    if decisive.sets_status in ("closed", "rejected"):
        fields |= {"status": decisive.sets_status, "outcome": decisive.outcome, "closed_at": clock.now()}
    work.change(Case, case_id, None, **fields)


def parse_value(typed: str) -> int | None:
    """A typed amount in minor units, `None` for nothing typed; Danish and English spellings both.

    Raises:
        Invalid: of `value`: no amount, below zero, or too large to be one.
    """
    if not typed.strip():
        return None
    return _value(parse_money(typed))


def value_text(minor: int | None) -> str:
    """An amount as it stands in a form field: without the currency, decimals only where there are any."""
    if minor is None:
        return ""
    return number(minor / 100, 2) if minor % 100 else number(minor // 100)


def _about(me: Me, case: CaseBrief, what: str) -> AbstractContextManager[Step]:
    """A step that changes one case; `what` may name its title."""
    return step(
        me,
        what,
        {"title": case.title},
        contact_id=case.contact_id,
        account_id=case.account_id,
        case_id=case.id,
    )


def _open(me: Me, case_id: int) -> CaseBrief:
    case = case_brief(me, case_id)
    if case.status != "open":
        raise Refused(
            _("The case is {status} already.").format(status=_(STATUSES[case.status])),
            _("Reopen it first."),
        )
    return case


def _title(title: str) -> str:
    clean = text.accept(title, newlines=False)
    if not clean:
        raise Invalid("title", _("A case needs a title."))
    return clean


def _manager(user_id: int | None, me: Me) -> int:
    if user_id is None:
        return me.user_id
    if not user_is_active(user_id):
        raise Invalid("manager_id", _("This person no longer works here; choose somebody else."))
    return user_id


def _value(value: int | None) -> int | None:
    if value is not None and value < 0:
        raise Invalid("value", _("The value cannot be below zero."))
    if value is not None and value > LARGEST_VALUE:
        raise Invalid("value", _("The value is too large."))
    return value


def _chance(value: int | None) -> int | None:
    if value is not None and not 0 <= value <= 100:
        raise Invalid("chance", _("The chance is a per cent between 0 and 100."))
    return value


def _milestone(path: str, key: str) -> str:
    if key and milestone_of(path, key) is None:
        raise Invalid("milestone", _("The milestone is not on this case's relations path."))
    return key
