"""Invitations to planned meetings: what goes out, what is owed after a change, what an answer does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from easir_tui import clock
from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.channels.calendar_file import read
from easir_tui.channels.calendar_mail import Answer, read_answers
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.clock import When
from easir_tui.crm import contacts, invitations, tasks, timeline, undo
from easir_tui.crm.calendar_entries import task_of
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import run, value, writing
from easir_tui.errors import Invalid, NotFound, Refused

from .made import a_colleague, a_contact

AT = int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())
OLE, EVA = NamedAddress("ole@example.dk", "Ole Hansen"), NamedAddress("eva@example.dk")


@pytest.fixture
def meeting(me: Me) -> int:
    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk'")
    return tasks.plan(me, a_contact(me), "meeting", When(at=AT), "Husk rabatten", minutes=60)


def event(sent: invitations.Outgoing) -> CalendarEntry:
    (found,) = read(sent.content)
    assert isinstance(found, CalendarEntry)
    return found


def test_the_first_invitation_says_when_where_and_who_and_not_what_is_for_colleagues(me: Me, meeting: int) -> None:
    sent = invitations.invite(me, meeting, [OLE, EVA, OLE], title="Prøvekørsel", words="Vi ses", place="Aarhus, Ø")
    told = event(sent)
    assert (sent.method, sent.sequence, sent.to) == ("REQUEST", 0, (OLE, EVA))
    assert (told.start, told.end, told.zone) == (AT, AT + 3600, "Europe/Copenhagen")
    assert (told.title, told.description, told.place) == ("Prøvekørsel", "Vi ses", "Aarhus, Ø")
    assert "rabatten" not in sent.content.decode()
    assert told.organizer
    assert told.organizer.address == "anna@nordlys.dk"
    assert task_of(told.uid) == meeting
    assert invitations.owed(me) == []


def test_the_uid_stays_and_the_sequence_rises_when_it_is_moved(me: Me, meeting: int) -> None:
    first = invitations.invite(me, meeting, [OLE])
    invitations.take_answer(Answer(first.uid, OLE.address, "", "accepted", 0, clock.now()))
    tasks.change(me, meeting, None, when=When(at=AT + 7200), minutes=30)
    (owed,) = invitations.owed(me)
    assert (owed.task_id, owed.owed, owed.guests[0].answer) == (meeting, "update", "accepted")
    again = invitations.invite(me, meeting)
    assert (again.uid, again.sequence, again.to) == (first.uid, 1, (OLE,))
    assert event(again).start == AT + 7200
    assert event(again).attendees[0].answer == "needs-action", "a new time asks anew"
    assert invitations.owed(me) == []


def test_what_is_no_business_of_the_guests_owes_them_nothing(me: Me, meeting: int) -> None:
    invitations.invite(me, meeting, [OLE])
    tasks.change(me, meeting, None, note="Andet", assignee_id=a_colleague(me).user_id)
    assert invitations.owed(me) == []
    tasks.complete(me, meeting)
    assert invitations.owed(me) == []


def test_one_more_guest_is_written_to_alone(me: Me, meeting: int) -> None:
    invitations.invite(me, meeting, [OLE], title="Møde")
    sent = invitations.invite(me, meeting, [EVA])
    assert (sent.sequence, sent.to) == (0, (EVA,))
    assert [one.address for one in event(sent).attendees] == [OLE.address, EVA.address]
    moved = invitations.invite(me, meeting, [EVA], place="Randers")
    assert (moved.sequence, moved.to) == (1, (OLE, EVA))
    assert event(moved).title == "Møde"


def test_a_deleted_meeting_is_cancelled_and_one_brought_back_invited_to_anew(me: Me, meeting: int) -> None:
    invitations.invite(me, meeting, [OLE])
    tasks.delete(me, meeting)
    assert [one.owed for one in invitations.owed(me)] == ["cancel"]
    gone = invitations.cancel(me, meeting)
    assert (gone.method, gone.sequence, event(gone).status) == ("CANCEL", 1, "cancelled")
    assert invitations.owed(me) == []
    with pytest.raises(Refused):
        invitations.cancel(me, meeting)
    undo.undo(me)
    assert [one.owed for one in invitations.owed(me)] == ["update"]
    assert invitations.invite(me, meeting).sequence == 2


def test_a_meeting_that_is_one_no_longer_is_cancelled(me: Me, meeting: int) -> None:
    invitations.invite(me, meeting, [OLE])
    tasks.change(me, meeting, None, type="call")
    assert [one.owed for one in invitations.owed(me)] == ["cancel"]
    with pytest.raises(Refused):
        invitations.invite(me, meeting)


def test_what_is_over_owes_nothing(me: Me, meeting: int) -> None:
    invitations.invite(me, meeting, [OLE])
    with writing():
        run("UPDATE invitation SET starts_at = ?", clock.now() - 60)
        run("UPDATE task SET starts_at = ?, deleted_at = 1", clock.now() - 60)
    assert invitations.owed(me) == []


def test_a_whole_day_is_invited_to_as_a_day(me: Me) -> None:
    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk'")
    task = tasks.plan(me, a_contact(me), "meeting", When(day=clock.today(clock.zone())))
    assert b"DTSTART;VALUE=DATE:20261125\r\n" in invitations.invite(me, task, [OLE]).content


@pytest.mark.parametrize(("said", "kept"), [("declined", "declined"), ("tentative", "tentative")])
def test_an_answer_is_kept_and_told_in_the_history(me: Me, meeting: int, said: str, kept: str) -> None:
    sent = invitations.invite(me, meeting, [OLE])
    reply = sent.content.replace(b"METHOD:REQUEST", b"METHOD:REPLY").replace(
        b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=" + said.upper().encode()
    )
    (answer,) = read_answers(reply)
    taken = invitations.take_answer(answer, "Ole@Example.dk")
    assert taken
    assert taken.news
    assert (taken.task_id, taken.answer, taken.guest) == (meeting, kept, "Ole Hansen")
    again = invitations.take_answer(answer)
    assert again
    assert not again.news, "the same mail in two mailboxes is one answer"
    held = invitations.told(me, meeting)
    assert held
    assert held.guests[0].answer == kept
    contact = int(value("SELECT contact_id FROM task"))
    shown = [one for one in timeline.history(me, contact).rows if "Ole Hansen" in str(one)]
    assert len(shown) == 1


def test_answers_of_others_to_others_and_old_ones_change_nothing(me: Me, meeting: int) -> None:
    sent = invitations.invite(me, meeting, [OLE])
    good = Answer(sent.uid, OLE.address, "", "accepted", 0, clock.now())
    for bad in (replace(good, uid="task-1@another.easir"), replace(good, address="x@y.dk"),
                replace(good, uid=sent.uid.replace(f"task-{meeting}@", "task-999@"))):  # fmt: skip
        assert invitations.take_answer(bad) is None
    assert invitations.take_answer(good, "mallory@example.dk") is None, "only for oneself"
    assert invitations.take_answer(good)
    late = invitations.take_answer(replace(good, answer="declined", at=clock.now() - 60))
    assert late
    assert (late.news, late.answer) == (False, "accepted")
    tasks.change(me, meeting, None, when=When(at=AT + 60), minutes=30)
    invitations.invite(me, meeting)
    stale = invitations.take_answer(replace(good, at=clock.now() + 60))
    assert stale
    assert not stale.news, "of an earlier revision"


def test_nobody_is_invited_by_somebody_without_an_address(me: Me) -> None:
    task = tasks.plan(me, a_contact(me), "meeting", When(at=AT))
    with pytest.raises(Refused, match="e-mail address is not known"):
        invitations.invite(me, task, [OLE])
    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk'")
    for guests in ((), [NamedAddress("ole")], [NamedAddress("a@b.dk\r\nBcc: x@y.dk")]):
        with pytest.raises(Invalid):
            invitations.invite(me, task, guests)
    assert value("SELECT count(*) FROM invitation") == 0
    with pytest.raises(NotFound):
        invitations.cancel(me, task)


def test_emptying_the_trash_takes_the_invitation_along(me: Me, meeting: int) -> None:
    from easir_tui.crm import trash

    invitations.invite(me, meeting, [OLE])
    contacts.delete(me, int(value("SELECT contact_id FROM task")), None)
    trash.empty(me, str(trash.count(me)))
    assert value("SELECT count(*) FROM invitation") == 0
