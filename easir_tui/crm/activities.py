"""Activities: what happened with a contact, recorded by one form in one transaction.

`record` saves what the form holds: the activity in History, its note in the notes, its files in Attachments,
the next step in Planned and in the task list, and the case's status and chance along its milestones. An e-mail
is queued in the `outbox`; nothing here sends anything. What the form reads is in `crm.activity_facts`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from easir_tui import clock, text
from easir_tui.clock import When
from easir_tui.crm import attachments, cases, consent, drafts, letters, outbox, tasks, template_fields
from easir_tui.crm.consent import ConsentState
from easir_tui.crm.lookups import case_brief, contact_brief, path_of
from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.data.journal import Step, step
from easir_tui.data.models import Activity, Attachment
from easir_tui.errors import Invalid, NeedsConfirmation
from easir_tui.language import N_, _, number

KINDS: dict[str, str] = {
    "note": N_("Note"),
    "meeting": N_("Meeting"),
    "email": N_("E-mail"),
    "call": N_("Call"),
    "letter": N_("Letter"),
}

RECORDED: dict[str, str] = {
    "note": N_("wrote a note"),
    "meeting": N_("logged a meeting"),
    "email": N_("wrote an e-mail"),
    "call": N_("logged a call"),
    "letter": N_("wrote a letter"),
}
"""What the journal says of each kind."""

CHANNELS = {"email": "email", "call": "phone", "letter": "letter"}
"""The channel a kind goes through; a note and a meeting go through none."""

CHANNEL_TITLES = {"email": N_("e-mail"), "phone": N_("phone"), "letter": N_("letter"), "sms": N_("SMS")}

CALL_OUTCOMES: dict[str, str] = {
    "reached": N_("reached"),
    "no_answer": N_("no answer"),
    "voicemail": N_("voicemail"),
    "call_back": N_("calls back"),
    "wrong_number": N_("wrong number"),
}

SERVICE_MESSAGE = N_("service message")
"""Why a refused channel was used all the same."""

LONGEST = 100_000
"""Characters of one text; what is longer belongs in a file."""

_ADDRESS = re.compile(r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]{2,}$")


@dataclass(frozen=True)
class NewCase:
    """A case opened by the activity itself."""

    title: str
    path: str | None = None
    manager_id: int | None = None
    product: str = ""
    value: int | None = None
    expected_close: date | None = None


@dataclass(frozen=True)
class NextStep:
    """The task that follows from the activity."""

    type: str
    when: When
    note: str = ""
    minutes: int | None = None
    assignee_id: int | None = None


@dataclass(frozen=True)
class Email:
    """Recipients, subject and text of an e-mail, or of the e-mail that goes with a meeting."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""


@dataclass(frozen=True)
class ActivityInput:
    """Everything the form holds.

    Args:
        at: when it happened, UTC epoch seconds; `None` is now.
        minutes: how long it took.
        email: of kind `email` the e-mail itself, of kind `meeting` the one that is sent with it.
        subject: the subject of a letter, which may have none.
        body: the text of a letter.
        attachments: files on this computer that go with the e-mail.
        forwards: ids of attachments held already that go with it.
        answers: the activity whose e-mail this one is a reply to.
        task_id: the task it completes, at `task_version`.
        consent_override: why a channel is used that the contact has refused; empty if it is not.
        refuses: how the contact said, in this very activity, not to be reached like this any more.
    """

    contact_id: int
    kind: str
    case_id: int | None = None
    new_case: NewCase | None = None
    milestones: tuple[str, ...] = ()
    note: str = ""
    at: int | None = None
    minutes: int | None = None
    place: str = ""
    direction: str = ""
    number: str = ""
    outcome: str = ""
    subject: str = ""
    body: str = ""
    email: Email | None = None
    attachments: tuple[Path, ...] = ()
    forwards: tuple[int, ...] = ()
    answers: int | None = None
    next_step: NextStep | None = None
    task_id: int | None = None
    task_version: int | None = None
    consent_override: str = ""
    refuses: str = ""
    draft_key: str | None = None


@dataclass(frozen=True)
class Recorded:
    """What one save made."""

    activity_id: int
    case_id: int | None
    email_id: int | None
    task_id: int | None
    event_id: int


def record(me: Me, given: ActivityInput) -> Recorded:
    """Save an activity with everything that follows from it, all of it or nothing.

    Raises:
        Invalid: a field cannot be saved; V6, V7, an empty note, an e-mail without an address.
        NeedsConfirmation: the contact has refused the channel and `consent_override` is empty; the sentence
            says when and by whom that was recorded.
        Refused: the task was completed by somebody else in the meantime.
    """
    contact = contact_brief(me, given.contact_id)
    letter = _letter(given)
    fields = _fields(me, given, letter)
    files_along = _files_along(me, given) if letter else []
    page = letter_file(me, contact.id, fields) if given.kind == "letter" else {}
    with step(
        me,
        RECORDED[given.kind],
        contact_id=contact.id,
        account_id=contact.account_id,
        shown=False,
    ) as work:
        _check_consent(me, given)  # here, where nobody can record a refusal between looking and saving
        case_id = _case(work, me, given)
        work.case_id = case_id
        common = {
            "contact_id": contact.id,
            "account_id": contact.account_id,
            "case_id": case_id,
            "milestones": list(_milestones(me, given, case_id)),
            "user_id": me.user_id,
            "consent_override": text.accept(given.consent_override, newlines=False),
        }
        activity_id = work.add(Activity, **common, **fields)
        if page:
            work.add(Attachment, contact_id=contact.id, case_id=case_id, activity_id=activity_id, **page)
        email_id = None
        if letter is not None:
            email_id = activity_id
            if given.kind != "email":
                email_id = work.add(Activity, **common, kind="email", at=fields["at"], **_sending(letter))
            for one in files_along:
                work.add(Attachment, contact_id=contact.id, case_id=case_id, activity_id=email_id, **one)
            outbox.queue_in(work, me, email_id, contact.id, answers=given.answers)
        if case_id is not None:
            cases.follow(work, me, case_id, given.milestones)
        if given.refuses:
            consent.withdraw_in(work, me, contact.id, CHANNELS[given.kind], given.refuses)
        if given.task_id is not None:
            tasks.one(me, given.task_id)
            tasks.tick_off(work, me, given.task_id, given.task_version, activity_id)
        task_id = None
        if given.next_step is not None:
            task_id = tasks.add_to(
                work,
                me,
                contact.id,
                given.next_step.type,
                given.next_step.when,
                given.next_step.note,
                minutes=given.next_step.minutes,
                assignee_id=given.next_step.assignee_id,
                case_id=case_id,
            )
        drafts.drop_in(work, me, given.draft_key)
        return Recorded(activity_id, case_id, email_id, task_id, work.event_id)


def refusal(me: Me, state: ConsentState) -> str:
    """The warning for a channel that was refused: when, by whom it was recorded, and how it was said."""
    when = clock.date_long(clock.local(state.at or 0, clock.zone(me.zone)).date())
    said = {"channel": _(CHANNEL_TITLES[state.channel]).capitalize(), "when": when, "who": state.who or "?"}
    if state.source:
        return _("{channel} was refused on {when}, recorded by {who}: {source}.").format(
            **said, source=state.source.rstrip(".")
        )
    return _("{channel} was refused on {when}, recorded by {who}.").format(**said)


def refused_channel(given: ActivityInput, consents: Sequence[ConsentState]) -> ConsentState | None:
    """The refused channel that saving this would use; a call the contact made is no use of it."""
    channel = CHANNELS.get(given.kind, "")
    if given.kind == "meeting" and given.email is not None:
        channel = "email"
    if not channel or (given.kind == "call" and given.direction == "in"):
        return None
    return next((one for one in consents if one.channel == channel and one.state == "refused"), None)


def addresses(typed: str, field: str = "to") -> tuple[str, ...]:
    """The e-mail addresses in a field, divided by commas, semicolons or blanks; no address twice.

    Raises:
        Invalid: of `field`, naming what is no address.
    """
    found: dict[str, str] = {}
    for part in re.split(r"[,;\s]+", text.accept(typed, newlines=False)):
        address = part.strip("<>")
        if not address:
            continue
        if not _ADDRESS.match(address):
            raise Invalid(field, _("“{text}” is not an e-mail address.").format(text=part))
        found.setdefault(address.casefold(), address)
    return tuple(found.values())


def _letter(given: ActivityInput) -> Email | None:
    """The e-mail to be stored, checked; of a meeting only when one was written."""
    if given.kind not in ("email", "meeting") or (given.kind == "meeting" and given.email is None):
        return None
    letter = given.email or Email()
    if not letter.to:
        raise Invalid(
            "to",
            _("There is no address to send it to, so it cannot be saved as to be sent."),
            _("Add an e-mail address to the contact, or write one here."),
        )
    body = text.accept(letter.body)
    subject = text.accept(letter.subject, newlines=False)
    if not subject and not body:
        raise Invalid("subject", _("Write a subject or a text."))
    template_fields.refuse_open("subject", subject)
    template_fields.refuse_open("body", body)
    return Email(letter.to, letter.cc, letter.bcc, subject, _limited("body", body))


def _sending(letter: Email) -> dict[str, Any]:
    return {
        "direction": "out",
        "state": "to_send",
        "subject": letter.subject,
        "body": letter.body,
        "recipients": {"to": list(letter.to), "cc": list(letter.cc), "bcc": list(letter.bcc)},
    }


def _fields(me: Me, given: ActivityInput, letter: Email | None) -> dict[str, Any]:
    """The columns of the activity that its kind decides."""
    if given.kind not in KINDS:
        raise Invalid("kind", _("There is no activity called “{name}”.").format(name=given.kind))
    now = clock.now()
    at = now if given.at is None else given.at
    if at > now:
        raise Invalid("at", _("That is still to come. Plan it as the next step instead."))
    note = _limited("note", text.accept(given.note))
    fields: dict[str, Any] = {"kind": given.kind, "at": at, "note": note}
    if given.minutes is not None and not 0 <= given.minutes <= 7 * 24 * 60:
        raise Invalid("minutes", _("That is not a length in minutes."))
    match given.kind:
        case "note":
            if not note:
                raise Invalid("note", _("The note is empty."))
            fields |= {"subject": text.first_line(note)}
        case "meeting":
            fields |= {"minutes": given.minutes, "place": text.accept(given.place, newlines=False)}
        case "email":
            assert letter is not None
            fields |= _sending(letter)
        case "call":
            if given.direction not in ("in", "out"):
                raise Invalid("direction", _("Choose who called."))
            fields |= {
                "direction": given.direction,
                "minutes": given.minutes,
                "number": text.accept(given.number, newlines=False),
                "outcome": given.outcome if given.outcome in CALL_OUTCOMES else "",
            }
        case "letter":
            body = _limited("body", text.accept(given.body))
            if not body:
                raise Invalid("body", _("The letter is empty."))
            template_fields.refuse_open("body", body)
            subject = text.accept(given.subject, newlines=False)
            template_fields.refuse_open("subject", subject)
            fields |= {"direction": "out", "body": body, "subject": subject or text.first_line(body)}
    return fields


def letter_file(me: Me, contact_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The PDF of a letter, made and stored: the columns of its attachment. `fields` are the letter's own.

    Raises:
        Invalid: of `subject` or `body`: a letter that no font has.
        Refused: it cannot be made.
    """
    subject = letters.printed_subject(fields["subject"], fields["body"])
    made = letters.made(me, contact_id, subject, fields["body"], fields["at"])
    held = files.keep(io.BytesIO(made.pdf))
    return {
        "name": made.name, "media_type": held.media_type, "size": held.size, "sha256": held.sha256,
        "origin": letters.ORIGIN,
    }  # fmt: skip


def _check_consent(me: Me, given: ActivityInput) -> None:
    if given.consent_override:
        return
    held = refused_channel(given, consent.of(me, given.contact_id))
    if held is not None:
        raise NeedsConfirmation(refusal(me, held), _("Go on only with a service message that the contact must have."))


def _case(work: Step, me: Me, given: ActivityInput) -> int | None:
    """The case the activity is on, opened now if it is new; its milestones checked against its path (V6)."""
    if given.new_case is not None:
        new = given.new_case
        return cases.add_to(
            work,
            me,
            given.contact_id,
            new.title,
            path=new.path,
            manager_id=new.manager_id,
            product=new.product,
            value=new.value,
            expected_close=new.expected_close,
        )
    if given.case_id is not None and case_brief(me, given.case_id).contact_id != given.contact_id:
        raise Invalid("case_id", _("The case belongs to another contact."))
    return given.case_id


def _milestones(me: Me, given: ActivityInput, case_id: int | None) -> tuple[str, ...]:
    """The chosen milestones in the order of the path (V6)."""
    if case_id is None:
        if given.milestones:
            raise Invalid("milestones", _("Without a case there is no milestone."))
        return ()
    path = path_of(case_brief(me, case_id).path)
    if not path.milestones:
        raise Invalid(
            "milestones",
            _("The settings no longer hold this case's relations path “{name}”.").format(name=path.title),
        )
    chosen = tuple(step.key for step in path.milestones if step.key in given.milestones)
    if len(chosen) < len(set(given.milestones)):
        raise Invalid("milestones", _("A milestone is not on this case's relations path."))
    if not chosen:
        raise Invalid("milestones", _("Choose at least one milestone of the case."))
    return chosen


def _files_along(me: Me, given: ActivityInput) -> list[dict[str, Any]]:
    """The files that go with an e-mail, their bytes stored: the columns of their attachments.

    Raises:
        Invalid: of `attachments`: one cannot be read.
        NotFound: one to be forwarded is gone, or not for these eyes.
    """
    found = []
    for path in given.attachments:
        kept = _kept(path)
        name = text.accept(path.name, newlines=False) or _("file")
        kind = attachments.media_type_of(name, kept.media_type)
        found.append({"name": name, "media_type": kind, "size": kept.size, "sha256": kept.sha256})
    for file_id in given.forwards:
        held = attachments.facts(me, file_id)
        found.append({"name": held.name, "media_type": held.media_type, "size": held.size, "sha256": held.sha256})
    return [{**one, "origin": "mail_out"} for one in found]


def _kept(path: Path) -> files.Kept:
    """The bytes of a file on this computer, stored.

    Raises:
        Invalid: of `attachments`: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return files.keep(stream)
    except OSError as error:
        raise Invalid(
            "attachments",
            _("{file} cannot be read: {reason}.").format(file=path, reason=error.strerror or str(error)),
        ) from error


def _limited(field: str, value: str) -> str:
    if len(value) > LONGEST:
        raise Invalid(
            field, _("The text is longer than {n} characters; attach it as a file.").format(n=number(LONGEST))
        )
    return value
