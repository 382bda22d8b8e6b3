"""What was typed and not saved: offered, put aside, gone on with after a colleague changed the record."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.events import Paste

from easir_tui.app import EasirApp
from easir_tui.config import Settings
from easir_tui.crm import case_page, cases, contact_page, contacts, drafts
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from easir_tui.data.models import Activity, Draft
from easir_tui.screens.drafts import DraftsScreen
from easir_tui.screens.edit_panel import EditPanel
from tests.conftest import running, screen_text, settle
from tests.crm.made import a_colleague, a_contact, a_refusal
from tests.screens.test_activity import field, kept, opened, typed


async def press(pilot: Any, *keys: str) -> None:
    """Keys one after the other, each with all that follows from it."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


def texts(me: Me) -> set[str]:
    """The notes in all drafts."""
    return {draft.body["texts"]["note"] for draft in drafts.waiting(me)}


async def test_a_draft_not_gone_on_with_outlives_the_next_one(app: EasirApp, me: Me) -> None:
    """Faults 95: No, something else typed and kept, saved at last: the old text is offered again."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await typed(pilot, "Old words")
        await press(pilot, "escape")
        await opened(pilot, "note", contact)
        await press(pilot, "n")
        await typed(pilot, "New words")
        await kept(pilot)
        assert texts(me) == {"Old words", "New words"}
        await press(pilot, "f10")
        assert texts(me) == {"Old words"}
        await opened(pilot, "note", contact)
        assert "Old words" in screen_text(app)
        await press(pilot, "y")
        assert field(app, "note").text == "Old words"
        await press(pilot, "f10")
    assert not Draft.select().exists()


async def test_a_save_that_is_refused_leaves_a_draft(app: EasirApp, me: Me) -> None:
    """Faults 95: pasted, saved at once and refused; the draft comes without another key."""
    contact = a_contact(me)
    a_refusal(me, contact, "letter")
    async with running(app) as pilot:
        await opened(pilot, "letter", contact)
        field(app, "body").focus()
        field(app, "body").post_message(Paste("Dear Ole"))
        await press(pilot, "f10")
        assert not Activity.select().exists()
        await kept(pilot)
        assert "Dear Ole" in drafts.waiting(me)[0].body["texts"]["body"]


async def test_a_draft_not_gone_on_with_outlives_a_quick_save(app: EasirApp, me: Me) -> None:
    """Faults 95: also when the new text was saved before it was ever a draft."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await typed(pilot, "Old words")
        await press(pilot, "escape")
        await opened(pilot, "note", contact)
        await press(pilot, "n")
        await typed(pilot, "New")
        await press(pilot, "f10")
        assert texts(me) == {"Old words"}


async def test_the_question_shows_what_was_typed(app: EasirApp, me: Me) -> None:
    """Not what the form began with, however long, and no key of a choice."""
    contact = a_contact(me, email="a.very.long.address.of.somebody@a-long-domain.example")
    async with running(app) as pilot:
        await opened(pilot, "email", contact)
        field(app, "subject").value = "Tilbud"
        await settle(pilot)
        await press(pilot, "escape")
        await opened(pilot, "email", contact)
        question = screen_text(app).partition("Go on with")[2].partition("Yes")[0]
        assert "Tilbud" in question
        assert "long-domain" not in question


async def test_a_draft_of_a_change_leaves_alone_what_others_changed(app: EasirApp, me: Me) -> None:
    """V17: the draft is of the title only; the value a colleague saved meanwhile stays."""
    case = cases.create(me, a_contact(me), "ID.4", path="new_car", value=100)
    async with running(app) as pilot:
        await app.open("case_edit", case_id=case)
        await settle(pilot)
        field(app, "title").value = "ID.4 Pro"
        await kept(pilot)
        await press(pilot, "escape")
        held = case_page.page(me, case)
        await app.store.tell(lambda: cases.change(a_colleague(me), case, held.version, value=700))
        await app.open("case_edit", case_id=case)
        await settle(pilot)
        await press(pilot, "y", "f10")
    after = case_page.page(me, case)
    assert (after.title, after.value) == ("ID.4 Pro", 700)


async def test_a_draft_of_a_change_meets_the_colleague_who_changed_the_same(app: EasirApp, me: Me) -> None:
    """V17, faults 73: the draft knows the version it was typed over."""
    case = cases.create(me, a_contact(me), "ID.4", path="new_car")
    async with running(app) as pilot:
        await app.open("case_edit", case_id=case)
        await settle(pilot)
        field(app, "title").value = "Mine"
        await kept(pilot)
        await press(pilot, "escape")
        held = case_page.page(me, case)
        await app.store.tell(lambda: cases.change(a_colleague(me), case, held.version, title="Theirs"))
        await app.open("case_edit", case_id=case)
        await settle(pilot)
        await press(pilot, "y", "f10")
        assert "Changed meanwhile" in screen_text(app)
        assert case_page.page(me, case).title == "Theirs"


@pytest.mark.parametrize("kind", ["activity", "task", "new_case"])
async def test_a_form_about_somebody_who_is_gone_only_says_so(app: EasirApp, me: Me, kind: str) -> None:
    """The program goes on: a form that cannot be opened closes itself."""
    contact = a_contact(me)
    contacts.delete(me, contact, 1)
    async with running(app) as pilot:
        below = app.screen
        await app.open(kind, contact_id=contact, **({"kind": "note"} if kind == "activity" else {}))
        await settle(pilot)
        assert app.screen is below
        assert app.last_words == ""


async def on_pen(pilot: Any, contact: int, part: str) -> None:
    """The contact page with the pen of a part open."""
    await pilot.app.open("contact", contact_id=contact)
    await settle(pilot)
    pilot.app.screen.perform(pilot.app.screen._edit_part, part)
    await settle(pilot)
    assert isinstance(pilot.app.screen, EditPanel)


async def test_what_is_typed_with_a_pen_is_back_after_the_line_was_cut(store: Store, me: Me) -> None:
    """Faults 95: the next start opens the contact, and the pen with what was typed; saved, it is no draft."""
    contact = a_contact(me)
    first = EasirApp(store, me, Settings(theme="dark"))
    async with running(first) as pilot:
        await on_pen(pilot, contact, "person")
        field(first, "last_name").value = "Half a na"
        await kept(pilot)
    app = EasirApp(store, me, Settings(theme="dark"))
    async with running(app) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, EditPanel)
        assert field(app, "last_name").value == "Half a na"
        field(app, "last_name").value = "Half a name"
        await press(pilot, "f10")
    assert contact_page.load(me, contact).person.last_name == "Half a name"
    assert not Draft.select().exists()


async def test_a_hang_up_keeps_what_a_pen_holds_at_once(app: EasirApp, me: Me) -> None:
    """Faults 95: not only what was typed half a second before."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await on_pen(pilot, contact, "about")
        field(app, "phones").load_text("12 34")
        await pilot.pause()
        await app.leave()
    (draft,) = drafts.waiting(me)
    assert draft.body["texts"] == {"phones": "12 34"}


async def test_a_pen_left_on_purpose_forgets(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await on_pen(pilot, contact, "person")
        field(app, "last_name").value = "Wrong"
        await kept(pilot)
        await press(pilot, "escape", "y")
    assert not Draft.select().exists()


async def test_a_pen_of_yesterday_does_not_overwrite_a_colleague(app: EasirApp, me: Me) -> None:
    """V17: other fields stay as the colleague left them, the same field is asked about."""
    contact = a_contact(me)
    jens = a_colleague(me)
    async with running(app) as pilot:
        await on_pen(pilot, contact, "person")
        field(app, "last_name").value = "Mine"
        await kept(pilot)
        version = contact_page.load(me, contact).person.version
    contacts.change(jens, contact, version, first_name="Their first", last_name="Theirs")
    again = EasirApp(app.store, me, app.settings)
    async with running(again) as pilot:
        await settle(pilot)
        assert field(again, "first_name").value == "Their first"
        await press(pilot, "f10")
        assert "Changed meanwhile" in screen_text(again)
        person = contact_page.load(me, contact).person
    assert (person.first_name, person.last_name) == ("Their first", "Theirs")


async def test_a_list_left_while_it_is_read_is_no_fault(app: EasirApp, me: Me, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes when nobody looks any more; nothing is said about it."""
    gone = asyncio.Event()
    waiting = app.ask

    async def slow(fn: Any, *arguments: Any, **named: Any) -> Any:
        found = await waiting(fn, *arguments, **named)
        if fn is drafts.waiting:
            await gone.wait()
        return found

    async with running(app) as pilot:
        await app.open("drafts")
        await settle(pilot)
        top = app.screen
        monkeypatch.setattr(app, "ask", slow)
        assert isinstance(top, DraftsScreen)
        act = top.perform(top._fill)
        await press(pilot, "escape")
        gone.set()
        await act
        await settle(pilot)
        assert not app.said.bad


async def test_two_sessions_of_one_person_do_not_share_a_draft(store: Store, me: Me) -> None:
    """What one terminal is typing is only offered in the other, and neither writes over the other's text."""
    contact = a_contact(me)
    first, second = (EasirApp(store, me, Settings(theme="dark")) for _number in range(2))
    second.sole = False
    async with running(first) as one:
        await opened(one, "note", contact)
        await typed(one, "First")
        await kept(one)
        async with running(second) as two:
            await opened(two, "note", contact)
            assert "Go on with the draft" in screen_text(second)
            await press(two, "n")
            await typed(two, "Second")
            await kept(two)
            assert texts(me) == {"First", "Second"}
            await press(two, "f10")
        assert texts(me) == {"First"}
        await typed(one, " too")
        await kept(one)
        await press(one, "f10")
    assert not Draft.select().exists()
    assert {row.note for row in Activity.select()} == {"First too", "Second"}


async def test_a_form_that_ended_the_program_is_not_opened_by_itself_again(
    app: EasirApp, me: Me, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or every start would end the same way; the draft waits in its list, where it can be thrown away."""
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "note", contact)
        await typed(pilot, "Words that break it")
        await kept(pilot)
        monkeypatch.setattr(app, "_note_for_tests", lambda _error: None)
        app._handle_exception(RuntimeError("the form"))
        await asyncio.sleep(0.5)
        assert not app.is_running
    (draft,) = drafts.waiting(me)
    assert draft.left
    assert draft.body["texts"]["note"] == "Words that break it"
