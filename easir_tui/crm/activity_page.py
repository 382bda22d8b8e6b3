"""One row of the timeline in full: an activity, to be read, corrected or deleted; an event, to be read.

What was recorded may be corrected by anybody who sees it: the journal keeps what stood there before, and undo
brings it back (V15, V17).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from easir_tui import clock, text
from easir_tui.crm import activities, letters, outbox, template_fields
from easir_tui.crm.timeline import MAIL_STATE, mail_of
from easir_tui.crm.undo import meaning
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_event, of_parts
from easir_tui.data import journal
from easir_tui.data.models import Activity, Attachment
from easir_tui.data.sqlite import row, rows
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import N_, _, number

FILES_LISTED = 50
"""Files of one activity that are named."""

CHANGES_LISTED = 50
"""Changes of one event that are listed."""

CORRECTABLE = ("note", "subject", "body", "place", "number", "outcome", "minutes", "at")
"""What may be corrected in an activity."""


@dataclass(frozen=True, slots=True)
class ActivityInFull:
    """Everything about one activity, to read."""

    id: int
    version: int
    contact_id: int
    kind: str
    direction: str
    at: int
    minutes: int | None
    subject: str
    note: str
    body: str
    place: str
    number: str
    outcome: str
    state: str
    recipients: Mapping[str, Any]
    milestones: tuple[str, ...]
    consent_override: str
    case_id: int | None
    case_title: str
    case_path: str
    user_id: int | None
    who: str
    said: str
    """Of an e-mail that has not gone out, what the server said."""
    try_at: int | None
    sender: str
    """Who an e-mail that came in is from: name and address."""
    answer_to: tuple[str, ...]
    """The addresses an answer to it goes to."""
    quoted_from: int | None
    """Where the text of an e-mail begins to quote."""
    files: tuple[tuple[int, str, int], ...]
    """Attachment id, name and size in bytes."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What an event did to one field of one record."""

    entity: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EventInFull:
    """Everything about one event of the journal, to read."""

    id: int
    at: int
    who: str
    text: str
    consents: tuple[tuple[str, str, str, str], ...]
    """Channel, state before, state after, how it was obtained."""
    changes: tuple[FieldChange, ...]
    undone: bool


def activity(me: Me, activity_id: int) -> ActivityInFull:
    """One activity with all its text and the names of its files.

    Raises:
        NotFound: when it is gone.
    """
    found = row(
        f"""
        SELECT a.id, a.version, a.contact_id, a.kind, a.direction, a.at, a.minutes, a.subject, a.note, a.body, a.place,
          a.number, a.outcome, {MAIL_STATE}, a.recipients, a.milestones, a.consent_override, a.case_id,
          coalesce(c.title, ''), coalesce(c.path, ''), a.user_id, coalesce(u.full_name, ''), coalesce(m.said, ''),
          m.try_at, CASE WHEN m.from_name IN ('', m.from_address) THEN coalesce(m.from_address, '')
            ELSE m.from_name || ' <' || m.from_address || '>' END, coalesce(m.reply_to, '[]'), m.quoted_from
        FROM activity a LEFT JOIN sales_case c ON c.id = a.case_id LEFT JOIN app_user u ON u.id = a.user_id
        {mail_of(me)}
        WHERE a.id = ? AND a.deleted_at IS NULL AND {of_parts(me, "a")}
        """,
        activity_id,
    )
    if found is None:
        raise NotFound(_("This activity does not exist any more."))
    files = rows(
        "SELECT id, name, size FROM attachment WHERE activity_id = ? AND deleted_at IS NULL ORDER BY id LIMIT ?",
        activity_id, FILES_LISTED,
    )  # fmt: skip
    names = [name for name in ActivityInFull.__dataclass_fields__ if name != "files"]
    held = dict(zip(names, found, strict=True))
    held["recipients"] = json.loads(held["recipients"])
    held["answer_to"] = tuple(json.loads(held["answer_to"]))
    held["milestones"] = tuple(json.loads(held["milestones"]))
    return ActivityInFull(**held, files=tuple((int(one[0]), str(one[1]), int(one[2])) for one in files))


def event(me: Me, event_id: int) -> EventInFull:
    """One event with what it changed, field by field.

    Raises:
        NotFound: there is no such event.
    """
    found = row(
        "SELECT e.id, e.at, coalesce(u.full_name, ''), e.what, e.params, e.undone_by_id "
        f"FROM event e LEFT JOIN app_user u ON u.id = e.user_id WHERE e.id = ? AND {of_event(me, 'e')}", event_id
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such entry."))
    changed = rows(
        "SELECT entity, before, after FROM change WHERE event_id = ? AND op = 'change' ORDER BY id LIMIT ?",
        event_id, CHANGES_LISTED,
    )  # fmt: skip
    fields = [
        FieldChange(entity, name, _opened(json.loads(before or "{}").get(name)), _opened(new))
        for entity, before, after in changed
        for name, new in json.loads(after or "{}").items()
    ]
    found_id, at, who, what, encoded, undone_by = found
    params = json.loads(encoded)
    return EventInFull(
        id=found_id,
        at=at,
        who=who,
        text=meaning(what, params),
        consents=tuple((str(t[0]), str(t[1]), str(t[2]), str(t[3])) for t in params.get("consents", ())),
        changes=tuple(fields[:CHANGES_LISTED]),
        undone=undone_by is not None,
    )


def correct(me: Me, /, activity_id: int, version: int | None, **fields: Any) -> None:
    """Change what was recorded: any of `CORRECTABLE`.

    Raises:
        Invalid: a note without text, a time that is still to come, a length that is none, a template field left in
            a letter or an e-mail of ours.
        Refused: an e-mail that others have already.
        Conflict: somebody else changed the same field since `version` (V17).
        NotFound: it is gone.
    """
    held = activity(me, activity_id)
    if held.kind == "email" and fields.keys() & {"subject", "body", "at"} and outbox.is_fixed(activity_id):
        raise Refused(_("What has been sent or received stays as it is."), _("Write what you know now as its note."))
    cleaned: dict[str, Any] = {}
    for name, given in fields.items():
        if name not in CORRECTABLE:
            raise Invalid(name, _("This cannot be changed afterwards."))
        cleaned[name] = text.accept(given, newlines=name in ("note", "body")) if isinstance(given, str) else given
    if held.kind == "note" and cleaned.get("note") == "":
        raise Invalid("note", _("The note is empty."))
    if cleaned.get("at") is not None and cleaned["at"] > clock.now():
        raise Invalid("at", _("That is still to come. Plan it as the next step instead."))
    if cleaned.get("minutes") is not None and not 0 <= cleaned["minutes"] <= 7 * 24 * 60:
        raise Invalid("minutes", _("That is not a length in minutes."))
    if any(isinstance(value, str) and len(value) > activities.LONGEST for value in cleaned.values()):
        limit = number(activities.LONGEST)
        raise Invalid("note", _("The text is longer than {n} characters; attach it as a file.").format(n=limit))
    if held.kind in ("email", "letter") and held.direction == "out":
        for name in ("subject", "body"):
            template_fields.refuse_open(name, cleaned.get(name) or "")
    page: dict[str, Any] = {}
    if held.kind == "letter" and held.direction == "out" and cleaned.keys() & {"subject", "body", "at"}:
        written: dict[str, Any] = {"subject": held.subject, "body": held.body, "at": held.at} | cleaned
        if not written["body"]:
            raise Invalid("body", _("The letter is empty."))
        had_subject = letters.printed_subject(held.subject, held.body)
        if not written["subject"] or ("subject" not in cleaned and not had_subject):
            written["subject"] = cleaned["subject"] = text.first_line(written["body"])
        page = activities.letter_file(me, held.contact_id, written)
    with _step(me, N_("corrected an activity"), held) as step:
        step.change(Activity, activity_id, version, **cleaned)
        if page:
            _replace_letter(step, held, page)
        if held.kind == "note" and "note" in cleaned:
            step.change(Activity, activity_id, None, subject=text.first_line(cleaned["note"]))


def _replace_letter(step: journal.Step, held: ActivityInFull, page: Mapping[str, Any]) -> None:
    """File the letter as it reads now; the one before goes into the trash."""
    for (file_id,) in rows(
        "SELECT id FROM attachment WHERE activity_id = ? AND origin = ? AND deleted_at IS NULL", held.id, letters.ORIGIN
    ):
        step.remove(Attachment, file_id)
    step.add(Attachment, contact_id=held.contact_id, case_id=held.case_id, activity_id=held.id, **page)


def remove(me: Me, activity_id: int, version: int | None) -> None:
    """Put an activity into the trash (V15); its files stay with the contact.

    Raises:
        Conflict: somebody changed it since `version`.
        NotFound: it is gone.
    """
    held = activity(me, activity_id)
    with _step(me, N_("deleted an activity"), held) as step:
        step.remove(Activity, activity_id, version)
        outbox.withdraw_in(step, activity_id)


def _step(me: Me, meant: str, held: ActivityInFull) -> Any:
    return journal.step(me, meant, contact_id=held.contact_id, case_id=held.case_id, shown=True)


def _opened(held: Any) -> Any:
    """A stored value as it is read: JSON text of a list or mapping becomes one."""
    if isinstance(held, str) and held[:1] in ("[", "{"):
        try:
            return json.loads(held)
        except ValueError:
            return held
    return held
