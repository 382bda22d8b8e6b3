"""Threads and what is done with an e-mail that came in: read, answered, passed on, filed, made a lead, kept out."""

from __future__ import annotations

import json

import pytest

from easir_tui.crm import (
    activities,
    activity_page,
    cases,
    inbox,
    lead_page,
    mail_answers,
    mail_filing,
    timeline,
    undo,
    unsent,
)
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Membership, Team
from easir_tui.data.sqlite import row, run, value, writing
from easir_tui.errors import Invalid, NotFound, Refused

from .made import a_colleague, a_contact, an_admin
from .mail_made import copied, received


@pytest.fixture
def ole(me: Me) -> int:
    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk' WHERE id = ?", me.user_id)
    return a_contact(me)


def test_unread_threads_first_and_by_their_newest_message(me: Me, ole: int) -> None:
    ida = a_contact(me, first_name="Ida", emails=[{"label": "", "address": "ida@example.dk"}])
    old = received(me, ole, 9)
    newer = received(me, ida, 2, unread=False, name="Ida", address="ida@example.dk")
    again = received(me, ole, 8, thread="<9@example.dk>")
    found = inbox.threads(me)
    assert [(one.id, one.unread, one.count) for one in found] == [(again, 2, 2), (newer, 0, 1)]
    assert inbox.unread(me) == 1
    assert [one.id for one in inbox.threads(me, only_unread=True)] == [again]
    assert inbox.thread_of(me, old) == (old, again)
    assert inbox.first_unread(me, again) == old
    assert inbox.mark_thread(me, again) == 2
    assert (inbox.unread(me), inbox.mark_unread(me, again)) == (0, True)
    assert inbox.first_unread(me, old) == again


def test_whether_it_is_read_is_ones_own(me: Me, ole: int) -> None:
    jens = an_admin(me)
    message = received(me, ole)
    copied(jens, "<1@example.dk>", "<1@example.dk>", 5)
    assert inbox.mark(me, message)
    assert not inbox.mark(me, message)
    assert (inbox.unread(me), inbox.unread(jens)) == (0, 1)
    (one,) = [held for held in timeline.history(jens, ole).rows if held.kind == "email"]
    assert one.state == "unread"


def test_nobody_sees_threads_of_another_teams_contacts(me: Me) -> None:
    """V16, faults 101: not even with a copy in the own mailbox."""
    with step(me, "made teams", shown=False) as making:
        nord, syd = making.add(Team, name="Nord"), making.add(Team, name="Syd")
    jens = a_colleague(me)
    with step(me, "joined", shown=False) as joining:
        joining.add(Membership, user_id=jens.user_id, team_id=nord)
    message = received(me, a_contact(me, team_id=syd))
    copied(jens, "<1@example.dk>", "<1@example.dk>", 5)
    assert (inbox.threads(jens), inbox.unread(jens), inbox.thread_of(jens, message)) == ([], 0, (message,))
    for act in (mail_answers.answer, mail_answers.forward, mail_filing.new_lead, inbox.sender_of):
        with pytest.raises(NotFound):
            act(jens, message)
    with pytest.raises(NotFound):
        mail_filing.keep_out(jens, message, "message")
    with pytest.raises(NotFound):
        mail_filing.file_to(jens, message, None)


def test_an_answer_begins_with_whom_what_and_the_quoted_text(me: Me, ole: int) -> None:
    message = received(
        me, ole, subject="Re: SV: Tilbud", to=["anna@nordlys.dk", "kone@example.dk"], cc=["Chef@example.dk"],
        body="Kære Anna\n\nJa tak",
    )  # fmt: skip
    begins = mail_answers.answer(me, message)
    assert (begins.to, begins.cc, begins.subject, begins.answers) == (("ole@example.dk",), (), "Re: Tilbud", message)
    assert begins.body.startswith(
        "\n\nOn Wednesday 25 November 2026 at 13:00, Ole Hansen <ole@example.dk> wrote:\n> Kære"
    )
    assert "\n> Ja tak" in begins.body
    everybody = mail_answers.answer(me, message, everybody=True)
    assert everybody.cc == ("kone@example.dk", "Chef@example.dk")


def test_an_answer_goes_where_it_is_asked_for(me: Me, ole: int) -> None:
    assert mail_answers.answer(me, received(me, ole, reply_to=["kontor@example.dk"])).to == ("kontor@example.dk",)


def test_passing_it_on_begins_a_thread_of_its_own_with_its_files(me: Me, ole: int) -> None:
    message = received(me, ole, files=[("tilbud.pdf", b"%PDF-1.7 x")])
    begins = mail_answers.forward(me, message)
    assert (begins.to, begins.subject, begins.answers) == ((), "Fwd: Spørgsmål 1", None)
    assert [name for _id, name, _size in begins.files] == ["tilbud.pdf"]
    made = activities.record(me, ActivityInput(
        ole, "email", email=Email(("bank@example.dk",), subject=begins.subject, body=begins.body),
        forwards=tuple(one[0] for one in begins.files),
    ))  # fmt: skip
    assert activity_page.activity(me, made.activity_id).files[0][1] == "tilbud.pdf"
    assert value("SELECT thread = message_id FROM mail WHERE activity_id = ?", made.activity_id)
    assert value("SELECT count(DISTINCT sha256) FROM attachment") == 1


def test_what_is_answered_is_in_the_same_thread(me: Me, ole: int) -> None:
    message = received(me, ole)
    made = activities.record(
        me, ActivityInput(ole, "email", email=Email(("ole@example.dk",), subject="Re: x", body="Ja"), answers=message)
    )
    assert row("SELECT in_reply_to, refs, thread FROM mail WHERE activity_id = ?", made.activity_id) == (
        "<1@example.dk>", '["<1@example.dk>"]', "<1@example.dk>",
    )  # fmt: skip
    assert inbox.threads(me)[0].count == 2


def test_filed_to_a_case_with_its_files_and_undone(me: Me, ole: int) -> None:
    """V6: at a milestone of its path, and the case follows."""
    case = cases.create(me, ole, "ID.4", path="new_car")
    message = received(me, ole, files=[("tilbud.pdf", b"%PDF-1.7 x")])
    with pytest.raises(Invalid, match="milestone"):
        mail_filing.file_to(me, message, case)
    with pytest.raises(Invalid, match="milestone"):
        mail_filing.file_to(me, message, case, ("nonsense",))
    mail_filing.file_to(me, message, case, ("offer",))
    held = activity_page.activity(me, message)
    assert (held.case_id, held.milestones) == (case, ("offer",))
    assert value("SELECT case_id FROM attachment") == case
    assert value("SELECT milestone FROM sales_case WHERE id = ?", case) == "offer"
    mail_filing.file_to(me, message, None)
    assert activity_page.activity(me, message).case_id is None
    undo.undo(me)
    undo.undo(me)
    assert activity_page.activity(me, message).case_id is None
    assert value("SELECT milestone FROM sales_case WHERE id = ?", case) == ""
    other = cases.create(me, a_contact(me, first_name="Ida"), "Golf", path="new_car")
    with pytest.raises(Invalid, match="another contact"):
        mail_filing.file_to(me, message, other, ("offer",))


def test_a_new_lead_has_what_was_asked_and_the_files(me: Me, ole: int) -> None:
    message = received(
        me,
        ole,
        subject="Enyaq?",
        body="Har I en Enyaq?\n\nDen 1. skrev Anna:\n> Hej",
        files=[("bil.pdf", b"%PDF-1.7 x")],
    )
    with writing():
        run("UPDATE mail SET quoted_from = 17 WHERE activity_id = ?", message)
    lead = lead_page.load(me, mail_filing.new_lead(me, message))
    assert (lead.row.name, lead.row.email, lead.row.interest) == ("Ole Hansen", "ole@example.dk", "Enyaq?")
    assert lead.comments[0]["text"] == "Har I en Enyaq?"
    assert {one.name for one in lead.files if one.origin == "file"} == {"bil.pdf"}
    with pytest.raises(Refused, match="already"):
        mail_filing.new_lead(me, message)


def test_kept_out_by_message_address_or_contact_and_let_in_again(me: Me, ole: int) -> None:
    first, second = received(me, ole, 1), received(me, ole, 2)
    private = received(me, ole, 3, address="ole.privat@example.dk")
    assert mail_filing.keep_out(me, first, "message") == 1
    assert mail_filing.kept_out(me) == []
    undo.undo(me)
    assert mail_filing.keep_out(me, second, "address") == 2
    assert [one.address for one in mail_filing.kept_out(me)] == ["ole@example.dk"]
    assert [one.id for one in inbox.threads(me)] == [private]
    undo.undo(me)
    assert mail_filing.kept_out(me) == []
    assert len(inbox.threads(me)) == 3
    assert mail_filing.keep_out(me, private, "contact") == 3
    (kept,) = mail_filing.kept_out(me)
    assert (kept.address, kept.contact) == ("", "Ole Hansen")
    mail_filing.let_in(me, kept.id)
    assert mail_filing.kept_out(me) == []
    with pytest.raises(NotFound):
        mail_filing.let_in(me, kept.id)


def test_what_a_colleague_has_as_well_stays_theirs(me: Me, ole: int) -> None:
    jens = an_admin(me)
    shared, mine = received(me, ole, 1), received(me, ole, 2)
    copied(jens, "<1@example.dk>", "<1@example.dk>", 5)
    assert mail_filing.keep_out(me, mine, "address") == 1
    assert [one.id for one in inbox.threads(jens)] == [shared]


def test_only_what_came_in_can_be_a_lead_or_kept_out(me: Me, ole: int) -> None:
    made = activities.record(me, ActivityInput(ole, "email", email=Email(("ole@example.dk",), subject="x", body="y")))
    for act in (mail_filing.new_lead, lambda who, it: mail_filing.keep_out(who, it, "message")):
        with pytest.raises(Refused):
            act(me, made.activity_id)
    note = activities.record(me, ActivityInput(ole, "note", note="x")).activity_id
    with pytest.raises(Refused):
        mail_answers.answer(me, note)
    with pytest.raises(Refused):
        mail_filing.file_to(me, note, None)
    assert json.loads(value("SELECT recipients FROM activity WHERE id = ?", made.activity_id))["to"] == [
        "ole@example.dk"
    ]
    assert unsent.listed(me)[0].activity_id == made.activity_id
