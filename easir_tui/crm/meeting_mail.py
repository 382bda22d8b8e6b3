"""The mail about planned meetings: the invitation, what changed since, that it is off; saved with what causes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from easir_tui import clock
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.clock import When
from easir_tui.crm import activities, consent, invitations, outbox, tasks
from easir_tui.crm.activities import RECORDED
from easir_tui.crm.invitations import Invited, Outgoing
from easir_tui.crm.users import Me
from easir_tui.data.derived import email_key
from easir_tui.data.journal import step
from easir_tui.data.models import Activity
from easir_tui.data.sqlite import row, rows, value, writing
from easir_tui.errors import NeedsConfirmation, Refused
from easir_tui.language import N_, _

SUBJECTS = {"": N_("Invitation: {title}"), "update": N_("Changed: {title}"), "cancel": N_("Cancelled: {title}")}
"""What the mail is called, by what it tells."""


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be planned, as `tasks.plan` takes it."""

    contact_id: int
    type: str
    when: When
    note: str = ""
    minutes: int | None = None
    assignee_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked to come to a meeting, and what they are told."""

    guests: tuple[NamedAddress, ...]
    title: str = ""
    words: str = ""
    place: str = ""


def plan(me: Me, new: NewTask, asked: Asked | None = None, *, override: str = "", draft_key: str | None = None) -> int:
    """Plan a task, and invite to it, both or neither; the task's id.

    Raises:
        Invalid, NotFound: as `tasks.plan` and `invite` do.
        NeedsConfirmation: as `invite` does.
    """
    with writing():
        task_id = tasks.plan(
            me, new.contact_id, new.type, new.when, new.note, minutes=new.minutes, assignee_id=new.assignee_id,
            case_id=new.case_id, draft_key=draft_key,
        )  # fmt: skip
        if asked is not None:
            _invite(me, task_id, asked, override)
    return task_id


def change(
    me: Me, task_id: int, version: int | None, wanted: Mapping[str, Any], asked: Asked | None = None, *,
    override: str = "", draft_key: str | None = None,
) -> bool:  # fmt: skip
    """Change a task, and tell its guests, both or neither; whether there was something to tell them.

    Raises:
        Conflict, Invalid, NotFound: as `tasks.change` and `invite` do.
        NeedsConfirmation: as `invite` does.
    """
    with writing():
        tasks.change(me, task_id, version, **wanted, draft_key=draft_key)
        if asked is not None:
            _invite(me, task_id, asked, override)
    return asked is not None


def _invite(me: Me, task_id: int, asked: Asked, override: str) -> None:
    guests = [replace(one, name=one.name or _name_of(task_id, one.address)) for one in asked.guests]
    invite(me, task_id, guests, title=asked.title or None, words=asked.words, place=asked.place, override=override)


def _name_of(task_id: int, address: str) -> str:
    """The contact's name beside the contact's address."""
    found = value(
        "SELECT c.name FROM task t JOIN contact c ON c.id = t.contact_id JOIN contact_key k ON k.contact_id = c.id "
        "WHERE t.id = ? AND k.kind = 'email' AND k.key = ?", task_id, email_key(address),
    )  # fmt: skip
    return str(found or "")


def invite(
    me: Me, task_id: int, guests: Sequence[NamedAddress] = (), *, title: str | None = None, words: str | None = None,
    place: str | None = None, override: str = "",
) -> int:  # fmt: skip
    """Invite to a planned meeting by e-mail, or tell those invited what changed; the id of the e-mail's activity.

    Args:
        override: why the contact is written to although they refused e-mail.

    Raises:
        NotFound: there is no such task for these eyes.
        Refused: it is no planned meeting.
        Invalid: an address is none, nobody is invited, or this person has no address.
        NeedsConfirmation: the contact has refused e-mail and `override` is empty.
    """
    with writing():
        before = invitations.told(me, task_id)
        out = invitations.invite(me, task_id, guests, title=title, words=words, place=place)
        told = invitations.told(me, task_id)
        assert told is not None
        all_know = before is not None and out.sequence > before.sequence
        return _send(me, told, out, "update" if all_know else "", override)


def tell(me: Me, task_id: int, override: str = "") -> int:
    """Tell the guests of a meeting what they are owed: its new time, or that it is off.

    Raises:
        NotFound: nobody was invited, or it is not for these eyes.
        Refused: they know everything.
        NeedsConfirmation: as above.
    """
    with writing():
        held = invitations.told(me, task_id)
        if held is not None and held.owed == "update":
            return invite(me, task_id, override=override)
        if held is not None and not held.owed:
            raise Refused(_("The guests know everything."))
        out = invitations.cancel(me, task_id)
        told = invitations.told(me, task_id)
        assert told is not None
        return _send(me, told, out, "cancel", override)


def _send(me: Me, told: Invited, out: Outgoing, what: str, override: str) -> int:
    """Queue the mail, as an e-mail with the contact of the meeting."""
    found = row(
        "SELECT t.contact_id, c.account_id, t.case_id, s.milestone, s.status FROM task t "
        "JOIN contact c ON c.id = t.contact_id LEFT JOIN sales_case s ON s.id = t.case_id WHERE t.id = ?", told.task_id,
    )  # fmt: skip
    assert found is not None
    contact_id, account_id, case_id, milestone, status = found
    if status != "open" or not milestone:
        case_id = None  # V6: on a case only where it stands at a milestone
    to = [one.address for one in out.to]
    _check_consent(me, contact_id, to, override)
    with step(
        me, RECORDED["email"], contact_id=contact_id, account_id=account_id, case_id=case_id, shown=False
    ) as work:
        activity_id = work.add(
            Activity, contact_id=contact_id, account_id=account_id, case_id=case_id,
            milestones=[milestone] if case_id is not None else [], user_id=me.user_id, kind="email", direction="out",
            state="to_send", at=work.at, subject=_(SUBJECTS[what]).format(title=told.title), body=_body(me, told, what),
            recipients={"to": to, "cc": [], "bcc": []}, consent_override=override,
        )  # fmt: skip
        outbox.queue_in(work, me, activity_id, contact_id, calendar=out.content.decode("utf-8"), method=out.method)
    return activity_id


def _check_consent(me: Me, contact_id: int, to: Sequence[str], override: str) -> None:
    keys = {email_key(one) for one in to}
    own = {key for (key,) in rows("SELECT key FROM contact_key WHERE contact_id = ? AND kind = 'email'", contact_id)}
    if override or not keys & own:
        return
    held = next((one for one in consent.of(me, contact_id) if one.channel == "email" and one.state == "refused"), None)
    if held is not None:
        raise NeedsConfirmation(
            activities.refusal(me, held), _("Go on only with a service message that the contact must have.")
        )


def _body(me: Me, told: Invited, what: str) -> str:
    when = When(at=told.starts_at) if told.day is None else When(day=date.fromisoformat(told.day))
    facts = [
        (_("Meeting"), told.title), (_("When"), clock.say_when(when, clock.zone(told.zone))), (_("Where"), told.place),
        (_("With"), value("SELECT full_name FROM app_user WHERE id = ?", me.user_id)),
    ]  # fmt: skip
    says = _("The meeting is off.") if what == "cancel" else told.text
    return "\n\n".join(filter(None, (says, "\n".join(f"{title}: {words}" for title, words in facts if words))))
