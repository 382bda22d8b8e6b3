"""Planned meetings that people outside are invited to: what they were told, what they answered, what they are owed.

A planned meeting is a task of type `meeting`; its invitation is one row beside it. The row says what the guests were
told last, so that a meeting which was moved, deleted or made something else since is known to be owed an update or a
cancellation, whoever changed it and wherever. What has gone out cannot be taken back by undo, so the row is no part of
the journal: its SEQUENCE only ever rises, and a meeting that undo brings back is owed a new invitation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from easir_tui import clock, text
from easir_tui.channels.calendar_entry import CalendarEntry, Person
from easir_tui.channels.calendar_mail import CANCEL, REQUEST, Answer, invitation
from easir_tui.channels.mail_address import NamedAddress, wire_address
from easir_tui.crm import mail_accounts
from easir_tui.crm.calendar_entries import installation, task_of, uid_of
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data.columns import as_json
from easir_tui.data.journal import step
from easir_tui.data.sqlite import row, rows, run, writing
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import N_, _

Owed = Literal["", "update", "cancel"]

MOST_GUESTS = 100

SAID: dict[str, str] = {
    "accepted": N_("{guest} accepted the invitation"),
    "declined": N_("{guest} declined the invitation"),
    "tentative": N_("{guest} may come to the meeting"),
    "delegated": N_("{guest} sends somebody else to the meeting"),
}
"""What the journal says of an answer."""

ANSWERS: dict[str, str] = {
    "needs-action": N_("not answered"),
    "accepted": N_("accepted"),
    "declined": N_("declined"),
    "tentative": N_("perhaps"),
    "delegated": N_("delegated"),
}
"""The answers as a list shows them."""


@dataclass(frozen=True)
class Guest:
    """Somebody invited. `answer` is one of `ANSWERS`; `at` is when they gave it, of which revision is `sequence`."""

    address: str
    name: str = ""
    answer: str = "needs-action"
    at: int | None = None
    sequence: int = 0


@dataclass(frozen=True)
class Invited:
    """An invitation as it stands: what the guests were told last, and what they are owed since."""

    task_id: int
    sequence: int
    organizer: NamedAddress
    title: str
    text: str
    place: str
    starts_at: int | None
    ends_at: int | None
    day: str | None
    zone: str
    guests: tuple[Guest, ...]
    cancelled_at: int | None
    owed: Owed


@dataclass(frozen=True)
class Outgoing:
    """A calendar part to be mailed, and to whom; `method` is REQUEST or CANCEL."""

    content: bytes
    method: str
    to: tuple[NamedAddress, ...]
    uid: str
    sequence: int


_COLUMNS = """
SELECT i.task_id, i.sequence, i.organizer_name, i.organizer, i.title, i.text, i.place, i.starts_at, i.ends_at, i.day,
  i.zone, i.guests, i.cancelled_at, t.type, t.status, t.starts_at, t.ends_at, t.day, t.deleted_at,
  coalesce((SELECT m.deleted_at FROM mail m WHERE m.contact_id = t.contact_id AND m.method <> ''
    AND m.calendar LIKE '%UID:task-' || t.id || '@%' ORDER BY m.id DESC LIMIT 1), 0) > 0
FROM invitation i JOIN task t ON t.id = i.task_id WHERE
"""


def told(me: Me, task_id: int) -> Invited | None:
    """The invitation of a planned meeting, deleted or not; None where nobody was invited, or it is not to be seen."""
    found = row(f"{_COLUMNS} i.task_id = ? AND {of_parts(me, 't')}", task_id)
    return _invited(found) if found else None


def owed(me: Me) -> list[Invited]:
    """The meetings this person invited to, whose guests have not been told what changed since; the next one first."""
    found = rows(
        f"{_COLUMNS} i.user_id = ? AND {of_parts(me, 't')} AND "
        "(i.cancelled_at IS NULL OR t.deleted_at IS NULL) ORDER BY i.starts_at, i.day, i.id", me.user_id,
    )  # fmt: skip
    return [one for one in map(_invited, found) if one.owed]


def _invited(found: tuple[Any, ...]) -> Invited:
    task_id, sequence, name, address, title, words, place, starts_at, ends_at, day, zone, guests, cancelled = found[:13]
    one = Invited(
        task_id, sequence, NamedAddress(address, name), title, words, place, starts_at, ends_at, day, zone,
        tuple(Guest(**held) for held in json.loads(guests)), cancelled, "",
    )  # fmt: skip
    return replace(one, owed=_owed(one, *found[13:]))


def _owed(one: Invited, kind: str, status: str, starts_at: int | None, ends_at: int | None, day: str | None,
          deleted_at: int | None, withdrawn: int) -> Owed:  # fmt: skip
    """What the guests have to be told. Nothing of what is over by now, and nothing of what became of it.

    `withdrawn` says that the last mail about it was taken back before it went out.
    """
    stands = deleted_at is None and kind == "meeting"
    if withdrawn and not _over(one.starts_at, one.day, one.zone):
        return "update" if stands else "cancel"
    if one.cancelled_at is not None:
        return "update" if stands and status == "open" and not _over(starts_at, day, one.zone) else ""
    if not stands:
        return "" if _over(one.starts_at, one.day, one.zone) else "cancel"
    if status != "open" or (starts_at, ends_at, day) == (one.starts_at, one.ends_at, one.day):
        return ""
    return "update"


def _over(starts_at: int | None, day: str | None, zone: str) -> bool:
    if day is not None:
        return day < clock.today(clock.zone(zone)).isoformat()
    return starts_at is None or starts_at <= clock.now()


# What goes out -------------------------------------------------------------------------------------


def invite(
    me: Me,
    task_id: int,
    guests: Sequence[NamedAddress] = (),
    *,
    title: str | None = None,
    words: str | None = None,
    place: str | None = None,
) -> Outgoing:
    """Invite to a planned meeting, or tell those invited what has changed.

    For a step of its own or within a larger one; the mail is the caller's, and is to be queued in the same
    transaction. The note of the task is for colleagues and goes to nobody. Where nothing but the guests has changed,
    only the new ones are written to; otherwise all are, under a higher SEQUENCE, and a new time asks them anew.

    Args:
        guests: who is invited besides those who are already.
        title, words, place: what the meeting is called, what it is about and where it is; None leaves it as it was.

    Raises:
        NotFound: there is no such task for these eyes.
        Refused: it is no planned meeting.
        Invalid: an address is none, nobody is invited, or this person has no e-mail address.
    """
    with writing():
        kind, status, starts_at, ends_at, day = _task(me, task_id)
        if kind != "meeting" or status != "open":
            raise Refused(_("Only a planned meeting has an invitation."))
        before = told(me, task_id)
        wanted = Invited(
            task_id, 0, mail_accounts.sender(me), _("Meeting with {name}").format(name=me.full_name), "", "",
            starts_at, ends_at, day, me.zone, (), None, "",
        )  # fmt: skip
        if before is not None:
            wanted = replace(before, starts_at=starts_at, ends_at=ends_at, day=day,
                           cancelled_at=None, owed="")  # fmt: skip
        if title is not None and text.accept(title, newlines=False):
            wanted = replace(wanted, title=text.accept(title, newlines=False))
        wanted = replace(wanted, text=wanted.text if words is None else text.accept(words),
                       place=wanted.place if place is None else text.accept(place, newlines=False))  # fmt: skip
        known = {one.address.casefold() for one in wanted.guests}
        new = tuple(one for one in _guests(guests) if one.address.casefold() not in known)
        if not wanted.guests and not new:
            raise Invalid("to", _("Nobody is invited."))
        if len(wanted.guests) + len(new) > MOST_GUESTS:
            raise Invalid("to", _("More than {n} guests cannot be invited.").format(n=MOST_GUESTS))
        changed = before is None or before.owed == "update" or replace(before, owed="") != wanted
        if before is not None and changed:
            moved = (starts_at, ends_at, day) != (before.starts_at, before.ends_at, before.day) or before.cancelled_at
            asked = tuple(replace(one, answer="needs-action", at=None) for one in wanted.guests)
            wanted = replace(wanted, sequence=before.sequence + 1, guests=asked if moved else wanted.guests)
        to = wanted.guests + new if changed or not new else new
        wanted = replace(wanted, guests=(*wanted.guests, *new))
        _keep(me, wanted)
        return _outgoing(wanted, to, REQUEST)


def cancel(me: Me, task_id: int) -> Outgoing:
    """Tell those invited that there will be no meeting; of one in the trash too.

    Raises:
        NotFound: nobody was invited, or it is not for these eyes.
        Refused: they have been told.
    """
    with writing():
        held = told(me, task_id)
        if held is None:
            raise NotFound(_("Nobody is invited."))
        if held.cancelled_at is not None and held.owed != "cancel":
            raise Refused(_("The meeting has been cancelled already."))
        gone = replace(held, sequence=held.sequence + 1, cancelled_at=clock.now())
        _keep(me, gone)
        return _outgoing(gone, gone.guests, CANCEL)


def _task(me: Me, task_id: int) -> tuple[str, str, int | None, int | None, str | None]:
    found = row(
        "SELECT t.type, t.status, t.starts_at, t.ends_at, t.day FROM task t "
        f"WHERE t.id = ? AND t.deleted_at IS NULL AND {of_parts(me, 't')}", task_id,
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such task."))
    kind, status, starts_at, ends_at, day = found
    return kind, status, starts_at, ends_at, day


def _guests(given: Sequence[NamedAddress]) -> tuple[Guest, ...]:
    found: dict[str, Guest] = {}
    for one in given:
        wire_address(one.address, "to")
        found.setdefault(one.address.casefold(), Guest(one.address.strip(), text.accept(one.name, newlines=False)))
    return tuple(found.values())


def _keep(me: Me, one: Invited) -> None:
    values: dict[str, Any] = {
        "sequence": one.sequence, "organizer_name": one.organizer.name, "organizer": one.organizer.address,
        "title": one.title, "text": one.text, "place": one.place, "starts_at": one.starts_at, "ends_at": one.ends_at,
        "day": one.day, "zone": one.zone, "guests": as_json([asdict(guest) for guest in one.guests]),
        "cancelled_at": one.cancelled_at, "updated_at": clock.now(),
    }  # fmt: skip
    names = ", ".join(values)
    marks = ", ".join("?" for _name in values)
    again = ", ".join(f"{name} = excluded.{name}" for name in values)
    run(
        f"INSERT INTO invitation (task_id, user_id, {names}) VALUES (?, ?, {marks}) "
        f"ON CONFLICT (task_id) DO UPDATE SET {again}", one.task_id, me.user_id, *values.values(),
    )  # fmt: skip


def _outgoing(one: Invited, to: Sequence[Guest], method: str) -> Outgoing:
    uid = uid_of("task", one.task_id, installation())
    entry = CalendarEntry(
        uid=uid, title=one.title, description=one.text, place=one.place, start=one.starts_at, end=one.ends_at,
        zone="" if one.day else one.zone, first_day=one.day or "", last_day=one.day or "",
        organizer=Person(one.organizer.name, one.organizer.address),
        attendees=tuple(Person(guest.name, guest.address, guest.answer) for guest in one.guests),
        sequence=one.sequence,
    )  # fmt: skip
    content = invitation(entry, clock.zone(one.zone), method)
    return Outgoing(content, method, tuple(NamedAddress(guest.address, guest.name) for guest in to), uid, one.sequence)


# What comes back -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answered:
    """An answer that was taken in: whose, to which meeting; `news` is False where it was known already."""

    task_id: int
    contact_id: int
    user_id: int
    guest: str
    answer: str
    news: bool


def take_answer(answer: Answer, sender: str = "") -> Answered | None:
    """Take an answer in that came by mail, for the meeting it names; the same one twice changes nothing.

    Only somebody who was invited can answer, and only for themselves: with a `sender` (the address the mail is
    from) the answer has to be theirs. An answer to an earlier revision, or older than the one known, is passed over.

    Returns:
        None where it is for no meeting of this installation, or by nobody who was invited.
    """
    task_id = task_of(answer.uid)
    if task_id is None or (sender and sender.casefold() != answer.address.casefold()):
        return None
    with step(None, SAID.get(answer.answer, SAID["accepted"])) as work:
        found = row(
            "SELECT i.guests, i.sequence, i.user_id, t.contact_id, t.case_id FROM invitation i "
            "JOIN task t ON t.id = i.task_id WHERE i.task_id = ?", task_id,
        )  # fmt: skip
        guests = [Guest(**one) for one in json.loads(found[0])] if found else []
        place = next((n for n, one in enumerate(guests) if one.address.casefold() == answer.address.casefold()), None)
        if found is None or place is None:
            return None
        held, at = guests[place], answer.at if answer.at is not None else clock.now()
        named = held.name or held.address
        old = answer.sequence < found[1] or (held.at is not None and (answer.sequence, at) <= (held.sequence, held.at))
        if old or answer.answer == "needs-action":
            return Answered(task_id, found[3], found[2], named, held.answer, False)
        guests[place] = replace(held, answer=answer.answer, at=at, sequence=answer.sequence)
        run("UPDATE invitation SET guests = ?, updated_at = ? WHERE task_id = ?",
            as_json([asdict(one) for one in guests]), clock.now(), task_id)  # fmt: skip
        work.contact_id, work.case_id, work.params = found[3], found[4], {"guest": named}
        assert work.event_id
        return Answered(task_id, found[3], found[2], named, answer.answer, True)
