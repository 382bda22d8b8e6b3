"""The inbox and reading an e-mail, by keys: what is on screen, and in the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from easir_tui import clock
from easir_tui.app import EasirApp
from easir_tui.crm import activities, cases, inbox, mail_filing
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.users import Me
from easir_tui.data.models import Activity, Attachment, Lead
from easir_tui.data.sqlite import row, run, value, writing
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.crm.made import a_business_contact, a_contact
from tests.crm.mail_made import received
from tests.screens.keys import field, lines, opened, press, typed

PDF = b"%PDF-1.7 x"


@pytest.fixture
def mailbox(me: Me) -> dict[str, int]:
    """Three threads: one unread with a file, one read and answered, one with markup and codes in it."""
    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk' WHERE id = ?", me.user_id)
    ole = a_contact(me)
    mette = a_business_contact(
        me, first_name="Mette", last_name="Kjær [DK]", emails=[{"label": "", "address": "m@x.dk"}]
    )
    case = cases.create(me, ole, "ID.4", path="new_car")
    first = received(me, ole, 1, subject="Prøvetur på fredag?", files=[("Underskrevet tilbud.pdf", PDF)])
    second = received(
        me, mette, 30, unread=False, subject="[/] <b>fed</b>", name="Mette Kjær [DK]", address="m@x.dk",
        body="Hej\n\nEr den hjemme?\n\nDen 1. nov. skrev Anna:\n> Den kommer",
    )  # fmt: skip
    activities.record(
        me, ActivityInput(mette, "email", email=Email(("m@x.dk",), subject="Re: x", body="Ja, i dag"), answers=second)
    )
    third = received(me, ole, 50, subject="Et meget langt emne " * 12)
    return {"ole": ole, "mette": mette, "case": case, "first": first, "second": second, "third": third}


@pytest.mark.parametrize("size", SIZES)
async def test_threads_unread_first(app: EasirApp, mailbox: dict[str, int], size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await press(pilot, "f8")
        look(app, f"inbox-{size[0]}")
        shown = screen_text(app).split("\n")
        found = [
            next(n for n, one in enumerate(shown) if words in one) for words in ("Prøvetur", "Et meget", "me: Mette")
        ]
        assert found == sorted(found)
        assert "Inbox 2" in shown[0]
        assert "2 Unread 2" in screen_text(app)
        await press(pilot, "2")
        assert "Re: x" not in screen_text(app)
        await press(pilot, "3")
        assert "to be sent: Re: x" in lines(app)


async def test_read_by_enter_and_the_thread_by_its_signs(app: EasirApp, me: Me, mailbox: dict[str, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8", "enter")
        assert "Ole Hansen <ole@example.dk>" in screen_text(app)
        assert "Underskrevet tilbud.pdf" in screen_text(app)
        assert inbox.unread(me) == 1
        await press(pilot, "escape")
        assert "Inbox 1" in screen_text(app).split("\n")[0]
        await press(pilot, "end", "enter")
        assert "2 of 2" in screen_text(app)
        await press(pilot, "less_than_sign")
        assert "1 of 2" in screen_text(app)
        assert "[/] <b>fed</b>" in screen_text(app)
        look(app, "reading-80")
        await press(pilot, "v")
        assert value("SELECT unread FROM mail_copy WHERE message_id = '<30@example.dk>'") == 1


async def test_answered_in_its_thread(app: EasirApp, me: Me, mailbox: dict[str, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8", "r")
        assert field(app, "to").value == "ole@example.dk"
        assert field(app, "subject").value == "Re: Prøvetur på fredag?"
        assert app.focused is field(app, "body")
        assert "> Hvad koster den?" in screen_text(app)
        await typed(pilot, "Ja, kl. 10.")
        look(app, "answer-80")
        await press(pilot, "f10")
        assert "The e-mail waits" in screen_text(app)
    assert row("SELECT in_reply_to, thread, state FROM mail ORDER BY id DESC LIMIT 1") == (
        "<1@example.dk>", "<1@example.dk>", "queued",
    )  # fmt: skip
    sent = Activity.select().order_by(Activity.id.desc()).get()
    assert sent.body.startswith("Ja, kl. 10.\n\nOn Wednesday 25 November 2026")
    assert inbox.threads(me)[0].id != mailbox["first"], "what was answered is read"


async def test_a_half_written_answer_is_a_draft_of_that_e_mail(app: EasirApp, mailbox: dict[str, int]) -> None:
    """Faults 95: kept, and offered at that e-mail and no other."""
    async with running(app) as pilot:
        await press(pilot, "f8", "r")
        await typed(pilot, "Kære Ole")
        await press(pilot, "escape")
        await press(pilot, "j", "r")
        assert "Go on with the draft" not in screen_text(app)
        await press(pilot, "escape", "k", "r")
        assert "Go on with the draft" in screen_text(app)
        await press(pilot, "y")
        assert field(app, "body").text.startswith("Kære Ole")
        await press(pilot, "f10")
    assert value("SELECT in_reply_to FROM mail ORDER BY id DESC LIMIT 1") == "<1@example.dk>"
    assert value("SELECT count(*) FROM draft") == 0


async def test_passed_on_with_its_files_or_without(app: EasirApp, mailbox: dict[str, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8", "f")
        assert app.focused is field(app, "to")
        assert "pass on Underskrevet tilbud.pdf" in lines(app)
        await typed(pilot, "bank@example.dk")
        await press(pilot, "f10")
        assert Attachment.select().where(Attachment.origin == "mail_out").count() == 1
        await press(pilot, "f8", "home", "f")
        await typed(pilot, "bank@example.dk")
        field(app, "along").value = False
        await press(pilot, "f10")
    assert Attachment.select().where(Attachment.origin == "mail_out").count() == 1


async def test_filed_to_a_case(app: EasirApp, mailbox: dict[str, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8", "C", "1", "2")
        assert "Filed to ID.4" in screen_text(app)
        held = row("SELECT case_id, json_array_length(milestones) FROM activity WHERE id = ?", mailbox["first"])
        assert held == (mailbox["case"], 1)
        await press(pilot, "u")
    assert value("SELECT case_id FROM activity WHERE id = ?", mailbox["first"]) is None


async def test_a_new_case_on_the_way(app: EasirApp, mailbox: dict[str, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8", "C", "n")
        await typed(pilot, "Prøvetur")
        await press(pilot, "f10", "1")
    case = value("SELECT case_id FROM activity WHERE id = ?", mailbox["first"])
    assert value("SELECT title FROM sales_case WHERE id = ?", case) == "Prøvetur"


async def test_this_is_a_new_lead(app: EasirApp, mailbox: dict[str, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8", "L")
        assert "Prøvetur på fredag?" in screen_text(app)
        assert Lead.select().count() == 1
        await press(pilot, "escape", "L")
        assert "is a lead already" in screen_text(app)


async def test_kept_out_and_let_in(app: EasirApp, me: Me, mailbox: dict[str, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8", "X")
        look(app, "keep-out-80")
        await press(pilot, "a")
        assert "2 e-mails are kept out" in screen_text(app)
        assert "Prøvetur" not in screen_text(app)
        await press(pilot, "u")
        assert "Prøvetur" in screen_text(app)
        await press(pilot, "home", "X", "c", "X", "l", "1")
        assert mail_filing.kept_out(me) == []


async def test_unread_again_contact_and_the_five_actions(app: EasirApp, me: Me, mailbox: dict[str, int]) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8", "v")
        assert inbox.unread(me) == 1
        await press(pilot, "end", "v")
        assert inbox.unread(me) == 2
        await press(pilot, "home", "o")
        assert "Mette" in screen_text(app) or "Ole Hansen" in screen_text(app)
        await press(pilot, "escape", "n")
        assert "Note" in screen_text(app)


async def test_what_was_refused_is_sent_again_or_settled(app: EasirApp, mailbox: dict[str, int]) -> None:
    with writing():
        run("UPDATE mail SET state = 'refused', said = '550 no such user', try_at = NULL WHERE direction = 'out'")
    async with running(app, (132, 36)) as pilot:
        await press(pilot, "f8", "3")
        assert "not sent: refused: Re: x 550 no such user" in lines(app)
        assert "Inbox 2!1" in screen_text(app)
        await press(pilot, "S")
        assert value("SELECT state FROM mail WHERE direction = 'out'") == "queued"
        with writing():
            run("UPDATE mail SET state = 'uncertain', said = 'cut off' WHERE direction = 'out'")
        await press(pilot, "1", "3", "w")
        assert value("SELECT state FROM mail WHERE direction = 'out'") == "sent"
        assert "Every e-mail has gone out" in screen_text(app)


async def test_today_shows_what_did_not_go_out(app: EasirApp, mailbox: dict[str, int]) -> None:
    with writing():
        run("UPDATE mail SET state = 'refused', said = '550 no such user', try_at = NULL WHERE direction = 'out'")
    async with running(app, (132, 36)) as pilot:
        await press(pilot, "f2")
        assert "E-mails not sent" in screen_text(app)
        assert "not sent: refused: Re: x" in screen_text(app)
        assert "550 no such user" in screen_text(app)
        look(app, "today-unsent-132")
        shown = app.screen.query_one("#day")
        at = next(n for n, one in enumerate(shown._held) if one.id and "refused" in str(one.cells))  # type: ignore[attr-defined]
        shown.move_to(at)  # type: ignore[attr-defined]
        await press(pilot, "enter")
        assert "not sent: refused · 550 no such user" in screen_text(app)


async def test_an_empty_inbox_teaches(app: EasirApp, tmp_path: Path) -> None:
    async with running(app) as pilot:
        await press(pilot, "f8")
        assert "Write a table [mail]" in screen_text(app)
        await press(pilot, "F")
        assert "There is no mailbox to read" in screen_text(app)
        await press(pilot, "r")
        assert "nothing under the cursor" in screen_text(app)


async def test_the_answer_to_an_e_mail_on_a_case_stands_where_that_does(app: EasirApp, mailbox: dict[str, int]) -> None:
    """V6: filed once, answered as often as need be, without choosing a milestone each time."""
    async with running(app) as pilot:
        await press(pilot, "f8", "C", "1", "2", "r")
        await typed(pilot, "Ja")
        await press(pilot, "f10")
    assert value("SELECT case_id FROM activity ORDER BY id DESC LIMIT 1") == mailbox["case"]


async def test_every_key_is_one_question_mark_away(app: EasirApp, mailbox: dict[str, int]) -> None:
    async with running(app, (132, 60)) as pilot:
        await press(pilot, "f8", "question_mark")
        said = " ".join(str(one.render()) for one in app.screen.query("Static"))
        for words in (
            "Answer everybody",
            "Pass the e-mail on",
            "to one of the contact's cases",
            "Make a new lead",
            "new mail now",
        ):
            assert words in said


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "keys", [(), ("enter",), ("r",), ("X",), ("3",)], ids=["list", "read", "reply", "keep", "unsent"]
)
def test_pictures(
    app: EasirApp, snap_compare: Any, mailbox: dict[str, int], keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    async def act(pilot: Any) -> None:
        await settle(pilot)
        await press(pilot, "f8", *keys)

    assert snap_compare(app, terminal_size=size, run_before=act)


async def test_the_form_of_a_meeting_invites(app: EasirApp, me: Me) -> None:
    """The fields of guests are there for a meeting only, and what they say goes out with it."""
    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk' WHERE id = ?", me.user_id)
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "task", contact_id=contact)
        assert "Invite" not in screen_text(app)
        await press(pilot, "m")
        assert "Invite" in screen_text(app)
        field(app, "when").value = "fri 10"
        field(app, "guests").value = "ole@example.dk, eva@example.dk"
        await settle(pilot)
        field(app, "title").value = "Prøvetur"
        field(app, "place").value = "Udstillingen"
        await settle(pilot)
        look(app, "meeting-invites-80")
        await press(pilot, "f10")
        assert "The guests get an e-mail." in lines(app)
        task = int(value("SELECT id FROM task"))
        assert value("SELECT method FROM mail") == "REQUEST"
        await opened(pilot, "task", contact_id=contact, task_id=task)
        assert "Ole Hansen not answered" in lines(app)
        field(app, "when").value = "fri 14"
        await press(pilot, "f10")
        assert value("SELECT count(*) FROM mail WHERE method = 'REQUEST'") == 2
        await opened(pilot, "tasks")
        await press(pilot, "d")
        assert "Tell 2 guests that “Prøvetur” is off?" in lines(app)
        await press(pilot, "y")
        assert value("SELECT method FROM mail ORDER BY id DESC LIMIT 1") == "CANCEL"


async def test_guests_who_do_not_know_wait_on_today(app: EasirApp, me: Me) -> None:
    from easir_tui.clock import When
    from easir_tui.crm import meeting_mail, tasks
    from easir_tui.crm.meeting_mail import Asked, NamedAddress, NewTask

    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk' WHERE id = ?", me.user_id)
    at = clock.now() + 3 * 86_400
    task = meeting_mail.plan(
        me, NewTask(a_contact(me), "meeting", When(at=at)), Asked((NamedAddress("ole@example.dk"),), "Prøvetur")
    )
    tasks.snooze(me, task, None, When(at=at + 3600))
    async with running(app) as pilot:
        await press(pilot, "f2")
        assert "has been changed: Prøvetur" in screen_text(app)
        shown = app.screen.query_one("#day")
        at_row = next(n for n, one in enumerate(shown._held) if one.id and "Prøvetur" in str(one.cells))  # type: ignore[attr-defined]
        shown.move_to(at_row)  # type: ignore[attr-defined]
        await press(pilot, "enter", "y")
        assert "has been changed: Prøvetur" not in screen_text(app)
    assert value("SELECT count(*) FROM mail") == 2


async def test_a_colleagues_address_is_warned_of(app: EasirApp, me: Me) -> None:
    """Faults 54."""
    with writing():
        run("UPDATE app_user SET email = 'Anna@Nordlys.dk' WHERE id = ?", me.user_id)
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "contact", contact_id=contact)
        await press(pilot, "s", "E")
        field(app, "emails").text = "ole@example.dk\nanna@nordlys.dk"
        await settle(pilot)
        await press(pilot, "f10")
        assert "anna@nordlys.dk is a colleague's, whose mail is never taken in" in lines(app)
