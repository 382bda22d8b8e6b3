"""The mail about planned meetings: saved with the meeting, owed when it changes, told when somebody says so."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from easir_tui import clock
from easir_tui.channels.calendar_file import read
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.clock import When
from easir_tui.crm import (
    activities,
    activity_page,
    cases,
    guests,
    invitations,
    meeting_mail,
    outbox_message,
    tasks,
    undo,
)
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.mail_accounts import account
from easir_tui.crm.meeting_mail import Asked, NewTask
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import row, rows, run, value, writing
from easir_tui.errors import NeedsConfirmation, Refused
from tests.servers.account import write_account
from tests.servers.certificates import Authority

from .made import a_contact, a_refusal

AT = int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())
OLE, EVA = NamedAddress("ole@example.dk"), NamedAddress("eva@example.dk", "Eva")


@pytest.fixture
def ole(me: Me) -> int:
    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk'")
    return a_contact(me)


def planned(me: Me, ole: int, *guests: NamedAddress, case_id: int | None = None, override: str = "") -> int:
    new = NewTask(ole, "meeting", When(at=AT), "Husk rabatten", 60, case_id=case_id)
    return meeting_mail.plan(me, new, Asked(guests or (OLE,), "Prøvetur", "Vi ses", "Aarhus"), override=override)


def mails() -> list[tuple[str, str, str]]:
    return rows(
        "SELECT m.method, a.subject, m.state FROM mail m JOIN activity a ON a.id = m.activity_id "
        "WHERE m.deleted_at IS NULL ORDER BY m.id"
    )


def test_planned_and_invited_in_one_step(me: Me, ole: int) -> None:
    task = planned(me, ole, OLE, EVA)
    assert mails() == [("REQUEST", "Invitation: Prøvetur", "queued")]
    held = activity_page.activity(me, int(value("SELECT activity_id FROM mail")))
    assert held.recipients["to"] == ["ole@example.dk", "eva@example.dk"]
    assert (
        held.body
        == "Vi ses\n\nMeeting: Prøvetur\nWhen: Tuesday 1 December 2026 at 10:00\nWhere: Aarhus\nWith: Anna Holm"
    )
    (entry,) = read(str(value("SELECT calendar FROM mail")).encode())
    assert [one.name for one in entry.attendees] == ["Ole Hansen", "Eva"]
    assert "rabatten" not in str(rows("SELECT calendar FROM mail")) + held.body
    assert guests.owed(me) == []
    told = invitations.told(me, task)
    assert told is not None
    assert told.sequence == 0


def test_the_calendar_goes_out_as_an_invitation(me: Me, ole: int, tmp_path, authority: Authority) -> None:
    from email import message_from_bytes, policy

    write_account(tmp_path, authority)
    planned(me, ole)
    raw = outbox_message.composed(me, _account(me, tmp_path, authority), outbox_message.read(me, 1))
    parts = [one for one in message_from_bytes(raw, policy=policy.default).walk() if not one.is_multipart()]
    calendar = next(one for one in parts if one.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert parts[0].get_content_type() == "text/plain"


def _account(me: Me, tmp_path, authority: Authority):
    from easir_tui.channels.mail_account import MailServer

    write_account(tmp_path, authority, MailServer("localhost", 465))
    return account(me)


def test_moved_it_is_owed_and_told_with_a_higher_sequence(me: Me, ole: int) -> None:
    task = planned(me, ole)
    tasks.change(me, task, None, when=When(at=AT + 7200), minutes=30)
    (owed,) = guests.owed(me)
    assert (owed.id, owed.owed, owed.title, owed.guests, owed.contact) == (task, "update", "Prøvetur", 1, "Ole Hansen")
    meeting_mail.tell(me, task)
    assert mails()[-1][:2] == ("REQUEST", "Changed: Prøvetur")
    assert "SEQUENCE:1" in str(value("SELECT calendar FROM mail ORDER BY id DESC LIMIT 1"))
    assert guests.owed(me) == []
    with pytest.raises(Refused, match="know everything"):
        meeting_mail.tell(me, task)


def test_changed_in_the_form_the_guests_are_told_in_the_same_step(me: Me, ole: int) -> None:
    task = planned(me, ole)
    meeting_mail.change(
        me, task, None, {"when": When(at=AT + 3600), "minutes": 60}, Asked((OLE, EVA), "Prøvetur", "Vi ses", "Viborg")
    )
    assert mails()[-1][:2] == ("REQUEST", "Changed: Prøvetur")
    told = invitations.told(me, task)
    assert told is not None
    assert (told.place, len(told.guests), told.starts_at) == ("Viborg", 2, AT + 3600)


def test_deleted_it_is_off_and_brought_back_it_is_on_again(me: Me, ole: int) -> None:
    task = planned(me, ole)
    tasks.delete(me, task)
    (owed,) = guests.owed(me)
    assert owed.owed == "cancel"
    meeting_mail.tell(me, task)
    assert mails()[-1][:2] == ("CANCEL", "Cancelled: Prøvetur")
    assert guests.owed(me) == []
    undo.undo(me, int(value("SELECT max(event_id) FROM change WHERE entity = 'task'")))
    assert [one.owed for one in guests.owed(me)] == ["update"]


def test_an_invitation_that_is_undone_before_it_went_out_is_owed(me: Me, ole: int) -> None:
    """Nobody was told, so the list of the day says so; telling sends it."""
    task = tasks.plan(me, ole, "meeting", When(at=AT), minutes=60)
    meeting_mail.invite(me, task, [OLE], title="Prøvetur")
    undo.undo(me)
    assert mails() == []
    (owed,) = guests.owed(me)
    assert (owed.id, owed.owed) == (task, "update")
    meeting_mail.tell(me, task)
    assert mails()[-1][0] == "REQUEST"
    assert guests.owed(me) == []


def test_on_its_case_at_the_milestone_where_that_stands(me: Me, ole: int) -> None:
    """V6."""
    case = cases.create(me, ole, "ID.4", path="new_car")
    planned(me, ole, case_id=case)
    assert row("SELECT case_id, milestones FROM activity ORDER BY id DESC LIMIT 1") == (None, "[]")
    activities.record(me, ActivityInput(ole, "note", case, milestones=("offer",), note="x"))
    planned(me, ole, case_id=case)
    assert row("SELECT case_id, milestones FROM activity ORDER BY id DESC LIMIT 1") == (case, '["offer"]')


def test_who_refused_e_mail_is_asked_about_first_and_nothing_is_saved(me: Me, ole: int) -> None:
    """V14: neither the meeting nor the mail; said once more, the reason is kept."""
    a_refusal(me, ole, "email")
    with pytest.raises(NeedsConfirmation, match="refused"):
        planned(me, ole)
    assert (mails(), value("SELECT count(*) FROM task"), value("SELECT count(*) FROM invitation")) == ([], 0, 0)
    planned(me, ole, override=activities.SERVICE_MESSAGE)
    assert value("SELECT consent_override FROM activity ORDER BY id DESC LIMIT 1") == "service message"
    planned(me, ole, EVA)
    assert clock.now() > 0


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))
