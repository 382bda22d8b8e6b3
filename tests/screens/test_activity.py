"""The activity form on screen: keys in, database and screen out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from easir_tui.app import EasirApp
from easir_tui.clock import When, now, today, zone
from easir_tui.config import Settings
from easir_tui.crm import cases, drafts, tasks, undo
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from easir_tui.data.models import Activity, Attachment, Draft, Task
from easir_tui.screens.form_screen import KEEP_AFTER
from tests.conftest import NOW, SIZES, look, running, screen_text, settle
from tests.crm.made import a_business_contact, a_colleague, a_contact, a_refusal


async def opened(pilot: Any, kind: str, contact_id: int, **more: Any) -> None:
    """The form of one kind, ready to be typed in."""
    await pilot.app.open("activity", kind=kind, contact_id=contact_id, **more)
    await settle(pilot)


async def typed(pilot: Any, text: str) -> None:
    """Text typed key by key into what has the focus."""
    await pilot.press(*[{" ": "space", "\n": "enter"}.get(sign, sign) for sign in text])


async def kept(pilot: Any) -> None:
    """Long enough for a draft to be in the database."""
    await asyncio.sleep(KEEP_AFTER + 0.15)
    await settle(pilot)


def field(app: EasirApp, name: str) -> Any:
    """A field of the form on top."""
    return app.screen.query_one(f"#field-{name}")


@pytest.mark.parametrize("size", SIZES)
async def test_a_call_with_milestone_note_and_next_step(app: EasirApp, me: Me, size: tuple[int, int]) -> None:
    """The only open case is preselected; ticking a milestone proposes the next step; one save does it all."""
    contact = a_business_contact(me)
    case = cases.create(me, contact, "ID.4 to the board", path="new_car")
    async with running(app, size) as pilot:
        await opened(pilot, "call", contact)
        assert "ID.4 to the board · New car" in screen_text(app)
        await pilot.press("space")
        await settle(pilot)
        assert field(app, "milestones").keys == ("first_contact",)
        assert (field(app, "step_type").value, field(app, "step_when").value) == ("call", "+1d")
        assert "Thursday 26 November" in screen_text(app)
        field(app, "note").focus()
        await typed(pilot, "Wants [white].")
        look(app, f"activity-call-{size[0]}")
        with time_machine.travel(NOW + timedelta(minutes=5, seconds=10), tick=False):
            await pilot.press("f10")
            await settle(pilot)
        assert "The call is saved" in screen_text(app)
    stored = Activity.select().get()
    assert (stored.note, stored.milestones, stored.case_id) == ("Wants [white].", ["first_contact"], case)
    assert (stored.direction, stored.number, stored.outcome) == ("out", "+4522419017", "reached")
    assert stored.minutes == 6
    planned = Task.select().get()
    assert (planned.type, planned.day, planned.case_id) == ("call", "2026-11-26", case)
    assert not Draft.select().exists()


async def test_a_case_needs_a_milestone_and_says_so_beside_it(app: EasirApp, me: Me) -> None:
    """V6: nothing is saved, nothing typed is lost."""
    contact = a_contact(me)
    cases.create(me, contact, "ID.4", path="new_car")
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        field(app, "note").focus()
        await typed(pilot, "Hello")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Choose at least one milestone" in screen_text(app)
        assert field(app, "note").text == "Hello"
        assert app.focused is field(app, "milestones")
        assert not Activity.select().exists()


async def test_a_new_case_on_the_way(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        field(app, "case").focus()
        await pilot.press("left")
        await settle(pilot)
        assert "Title" in screen_text(app)
        field(app, "new_title").focus()
        await typed(pilot, "Used Golf")
        field(app, "new_path").value = "used_car"
        await settle(pilot)
        assert "Viewing and test drive" in screen_text(app)
        field(app, "milestones").focus()
        await pilot.press("right", "space")
        field(app, "note").focus()
        await typed(pilot, "Came by.")
        look(app, "activity-new-case-80")
        await pilot.press("f10")
        await settle(pilot)
    case = cases.rows(me, contact)[0]
    assert (case.title, case.milestone) == ("Used Golf", "Viewing and test drive")


async def test_a_refused_channel_warns_by_name_and_takes_f9(app: EasirApp, me: Me) -> None:
    """Consent: when and by whom, and a deliberate second key that is recorded."""
    contact = a_contact(me)
    a_refusal(me, contact, "email")
    async with running(app) as pilot:
        await opened(pilot, "email", contact)
        shown = screen_text(app)
        for part in ("E-mail was refused on 25 November 2026", "recorded by Anna Holm", "at the counter", "F9"):
            assert part in " ".join(shown.split())
        field(app, "subject").focus()
        await typed(pilot, "Recall of your car")
        look(app, "activity-refused-80")
        await pilot.press("f10")
        await settle(pilot)
        assert not Activity.select().exists()
        await pilot.press("f9")
        await settle(pilot)
    stored = Activity.select().get()
    assert (stored.consent_override, stored.state) == ("service message", "to_send")


async def test_not_asked_is_said_as_such(app: EasirApp, me: Me) -> None:
    """V14: a third state, neither a warning nor a yes."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "call", contact)
        assert "Phone not asked" in screen_text(app)
        assert not app.screen.query_one("#form-warning").display
        await pilot.press("f9")
        await settle(pilot)
        assert not Activity.select().exists()


async def test_an_incoming_call_is_not_warned_of(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    a_refusal(me, contact, "phone")
    async with running(app) as pilot:
        await opened(pilot, "call", contact)
        assert app.screen.query_one("#form-warning").display
        field(app, "direction").focus()
        await pilot.press("right")
        await settle(pilot)
        assert not app.screen.query_one("#form-warning").display
        await pilot.press("f10")
        await settle(pilot)
    assert Activity.select().get().direction == "in"


async def test_no_address_no_email(app: EasirApp, me: Me) -> None:
    contact = a_contact(me, emails=[])
    async with running(app) as pilot:
        await opened(pilot, "email", contact)
        assert "No e-mail address is known" in screen_text(app)
        field(app, "subject").focus()
        await typed(pilot, "Hello")
        await pilot.press("f10")
        await settle(pilot)
        assert "no address to send it to" in " ".join(screen_text(app).split())
        assert not Activity.select().exists()
        field(app, "to").focus()
        await typed(pilot, "ole@example.dk")
        await pilot.press("f10")
        await settle(pilot)
    assert Activity.select().get().recipients["to"] == ["ole@example.dk"]


async def test_an_email_with_a_suggestion_and_a_file(app: EasirApp, me: Me, tmp_path: Path) -> None:
    """The milestone's texts are offered; a path that is not there is named beside the field."""
    contact = a_contact(me)
    cases.create(me, contact, "ID.4", path="new_car")
    (tmp_path / "offer.pdf").write_bytes(b"%PDF-1.7")
    async with running(app) as pilot:
        await opened(pilot, "email", contact)
        field(app, "milestones").keys = ("offer",)
        field(app, "milestones").focus()
        await pilot.press("left", "right", "space", "space")
        await settle(pilot)
        field(app, "suggestion").focus()
        await pilot.press("right")
        await settle(pilot)
        assert field(app, "body").text.startswith("Here is your offer.")
        field(app, "subject").focus()
        await typed(pilot, "Offer")
        field(app, "files").focus()
        field(app, "files").value = str(tmp_path / "nothing.pdf")
        await pilot.press("f10")
        await settle(pilot)
        assert "There is no file" in screen_text(app)
        field(app, "files").value = str(tmp_path / "offer.pdf")
        await settle(pilot)
        assert "1 file, 8 B" in screen_text(app)
        look(app, "activity-email-80")
        await pilot.press("f10")
        await settle(pilot)
        assert "The e-mail waits: the settings name no mail server." in screen_text(app)
    assert Attachment.select().get().name == "offer.pdf"


async def test_a_meeting_with_an_email(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app, (132, 36)) as pilot:
        await opened(pilot, "meeting", contact)
        assert not field(app, "subject").parent.display
        await typed(pilot, "yesterday 10")
        await settle(pilot)
        assert "Tuesday 24 November 2026 at 10:00" in screen_text(app)
        field(app, "minutes").focus()
        await typed(pilot, "1:30")
        field(app, "mail").focus()
        await pilot.press("right")
        await settle(pilot)
        field(app, "subject").focus()
        await typed(pilot, "Thank you")
        look(app, "activity-meeting-132")
        await pilot.press("f10")
        await settle(pilot)
    meeting, email = Activity.select().order_by(Activity.id)
    assert (meeting.kind, meeting.minutes) == ("meeting", 90)
    assert (email.kind, email.state, email.subject) == ("email", "to_send", "Thank you")


async def test_what_is_to_come_is_planned_and_not_logged(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "meeting", contact)
        await typed(pilot, "tomorrow 10")
        await pilot.press("f10")
        await settle(pilot)
        assert "Plan it as the next step" in " ".join(screen_text(app).split())
        assert not Activity.select().exists()


async def test_half_a_next_step_is_asked_for(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await typed(pilot, "Hello")
        field(app, "step_type").value = "call"
        await pilot.press("f10")
        await settle(pilot)
        assert "Write when it is to be done" in " ".join(screen_text(app).split())
        await typed(pilot, "fri 10")
        await pilot.press("f10")
        await settle(pilot)
    assert Task.select().get().type == "call"


async def test_completing_a_task_is_prefilled_and_ticks_it_off(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    task = tasks.plan(me, contact, "call", When(day=today(zone(me.zone))), "Ask about trade-in")
    async with running(app) as pilot:
        await opened(pilot, "call", contact, task_id=task)
        assert "Saving completes the task" in screen_text(app)
        assert field(app, "note").text == "Ask about trade-in"
        await kept(pilot)
        assert not Draft.select().exists()
        await pilot.press("f10")
        await settle(pilot)
    assert tasks.one(me, task).status == "completed"
    undo.undo(me)
    assert tasks.one(me, task).status == "open"


async def test_a_task_completed_by_a_colleague_meanwhile_does_not_lose_the_call(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    task = tasks.plan(me, contact, "call", When(day=today(zone(me.zone))))
    async with running(app) as pilot:
        await opened(pilot, "call", contact, task_id=task)
        await app.store.tell(lambda: tasks.complete(a_colleague(me), task))
        await pilot.press("f10")
        await settle(pilot)
        assert not Activity.select().exists()
        assert "Jens Holt" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
    assert Activity.select().count() == 1


# Drafts --------------------------------------------------------------------------------------------------


async def test_what_is_typed_is_in_the_database_within_a_second(app: EasirApp, me: Me) -> None:
    """Faults 95: also while one goes on typing; nothing is asked of the form for it."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await typed(pilot, "Half a sen")
        await kept(pilot)
        draft = drafts.waiting(me)[0]
        assert draft.body["texts"]["note"] == "Half a sen"
        assert not draft.left
        assert draft.opens == (
            "activity",
            {"kind": "note", "contact_id": contact, "case_id": None, "task_id": None},
        )


async def test_a_cut_off_draft_is_back_when_the_program_starts_again(store: Store, me: Me) -> None:
    """Faults 95: the connection died; the next start opens the form where it was."""
    contact = a_contact(me)
    cases.create(me, contact, "ID.4", path="new_car")
    async with running(EasirApp(store, me, Settings(theme="dark"))) as pilot:
        await opened(pilot, "call", contact)
        await pilot.press("right", "space")
        field(pilot.app, "outcome").value = "voicemail"
        field(pilot.app, "step_when").value = "fri 10"
        field(pilot.app, "note").focus()
        await typed(pilot, "Spoke to his machi")
        await kept(pilot)
    app = EasirApp(store, me, Settings(theme="dark"))
    async with running(app) as pilot:
        await settle(pilot)
        assert "Spoke to his machi" in screen_text(app)
        assert field(app, "milestones").keys == ("needs",)
        assert field(app, "outcome").value == "voicemail"
        assert field(app, "step_when").value == "fri 10"
        await typed(pilot, "ne")
        await pilot.press("f10")
        await settle(pilot)
    assert Activity.select().get().note == "Spoke to his machine"
    assert not Draft.select().exists()


async def test_a_draft_left_by_esc_is_only_offered(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await typed(pilot, "To be continued")
        await pilot.press("escape")
        await settle(pilot)
        assert drafts.waiting(me)[0].left
        await opened(pilot, "note", contact)
        assert "Go on with the draft" in screen_text(app)
        assert "To be continued" in screen_text(app)
        await pilot.press("n")
        await settle(pilot)
        assert field(app, "note").text == ""
        await pilot.press("escape")
        await settle(pilot)
        await opened(pilot, "note", contact)
        await pilot.press("y")
        await settle(pilot)
        assert field(app, "note").text == "To be continued"


async def test_a_form_left_untouched_leaves_no_draft(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await typed(pilot, "x")
        await pilot.press("backspace")
        await kept(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert not Draft.select().exists()
        assert "Kept as a draft" not in screen_text(app)


async def test_a_draft_of_a_case_that_was_closed_meanwhile_is_still_read(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await pilot.press("space")
        field(app, "note").focus()
        await typed(pilot, "Text")
        await pilot.press("escape")
        await settle(pilot)
        cases.close(me, case, 1, "lost")
        await opened(pilot, "note", contact)
        await pilot.press("y")
        await settle(pilot)
        assert field(app, "note").text == "Text"
        assert field(app, "case").value == 0
        await pilot.press("f10")
        await settle(pilot)
    assert Activity.select().get().case_id is None


async def test_saving_twice_saves_once(app: EasirApp, me: Me) -> None:
    """Faults 19: the key pressed again while the first save is on its way."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await typed(pilot, "Once")
        screen = app.screen
        await asyncio.gather(screen.action_save(), screen.action_save())
        await settle(pilot)
    assert Activity.select().count() == 1


@pytest.mark.parametrize("text", ["Acme [DK] ApS", "Bo [/] x", "[@click=app.quit]x[/]", "å æ ø ß €"])
async def test_brackets_and_danish_letters_are_just_text(app: EasirApp, me: Me, text: str) -> None:
    """Faults 89, 90 and 93: in every line and text of the form, and in names shown by it."""
    contact = a_contact(me, first_name=text, last_name="")
    cases.create(me, contact, text, path="new_car", product=text)
    async with running(app) as pilot:
        await opened(pilot, "email", contact)
        for name in ("subject", "body", "note", "step_note", "cc"):
            field(app, name).focus()
            await typed(pilot, text.replace("€", "E"))
        await settle(pilot)
        assert text in screen_text(app)


@pytest.mark.parametrize("kind", ["note", "meeting", "email", "call", "letter"])
@pytest.mark.parametrize("size", [(20, 6), (40, 12), (200, 60)])
async def test_every_kind_fits_any_window(app: EasirApp, me: Me, kind: str, size: tuple[int, int]) -> None:
    contact = a_contact(me)
    cases.create(me, contact, "ID.4", path="new_car")
    async with running(app, size) as pilot:
        await opened(pilot, kind, contact)
        await pilot.press("tab", "tab", "tab")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "ID.4" in screen_text(app)


async def test_idle_sends_nothing(app: EasirApp, me: Me) -> None:
    """Faults 99: the timer of a call runs without repainting."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "call", contact)
        assert app.screen.form.opened_at == now()
        assert not app.screen.form._timers


async def test_a_refusal_recorded_by_a_colleague_meanwhile_is_met(app: EasirApp, me: Me) -> None:
    """The rule holds at the save, not only when the form was opened; then F9 is there."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "call", contact)
        await app.store.tell(lambda: a_refusal(a_colleague(me), contact, "phone"))
        await pilot.press("f10")
        await settle(pilot)
        assert not Activity.select().exists()
        assert "recorded by Jens Holt" in " ".join(screen_text(app).split())
        await pilot.press("f9")
        await settle(pilot)
    assert Activity.select().get().consent_override == "service message"


async def test_dialling_starts_the_configured_command(store: Store, me: Me, tmp_path: Path) -> None:
    """Ctrl+R runs it with the number chosen, without a shell; what it says goes nowhere."""
    said = tmp_path / "dialled"
    program = tmp_path / "dial me"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {said}\necho noise\n')
    program.chmod(0o700)
    contact = a_contact(me)
    app = EasirApp(store, me, Settings(theme="dark", dial_command=f"'{program}' {{number}}"))
    async with running(app) as pilot:
        await opened(pilot, "call", contact)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert "Dialling +45 22 41 90 17" in screen_text(app)
        for _round in range(100):
            if said.exists() and said.read_text():
                break
            await asyncio.sleep(0.05)
    assert said.read_text() == "+4522419017"


async def test_without_a_dial_command_the_number_is_copied(store: Store, me: Me) -> None:
    """Nor on a restricted login, which starts no programs."""
    contact = a_contact(me)
    app = EasirApp(store, me, Settings(theme="dark", dial_command="touch /nowhere", restricted=True))
    async with running(app) as pilot:
        await opened(pilot, "call", contact)
        await pilot.press("ctrl+r")
        await settle(pilot)
        assert app.clipboard == "+4522419017"


async def test_a_restricted_login_names_no_files_of_the_server(
    app: EasirApp, me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("restricted = true\n")
    monkeypatch.setenv("EASIR_CONFIG", str(settings))
    async with running(app) as pilot:
        await opened(pilot, "email", a_contact(me))
        assert not app.screen.query("#field-files")


@pytest.mark.parametrize("path", ["~no-such-person/x.pdf", "x" * 400, "/" + "æ/" * 200])
async def test_a_path_that_cannot_be_is_said_beside_the_field(app: EasirApp, me: Me, path: str) -> None:
    """While it is typed, and when it is saved; the program goes on."""
    async with running(app) as pilot:
        await opened(pilot, "email", a_contact(me))
        files = next(row for row in app.screen.query("FieldRow Line").results() if "files" in (row.id or ""))
        files.value = path  # type: ignore[attr-defined]
        await settle(pilot)
        await pilot.press("f10")
        await settle(pilot)
        assert "There is no file" in " ".join(screen_text(app).split())
        assert app.last_words == ""
