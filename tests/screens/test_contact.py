"""The contact page, driven by keys: what it shows, what its pens save, and how it lives with colleagues."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from easir_tui.app import EasirApp
from easir_tui.crm import attachments, consent, contact_page, contacts, drafts, notes, tasks
from easir_tui.crm.contact_list import ListContext
from easir_tui.crm.contact_page import ContactPage
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import rows
from easir_tui.screens.contact import ContactScreen
from easir_tui.screens.contact_pens import EDITABLE
from easir_tui.widgets.fields import LongText
from tests.conftest import running, screen_text, settle
from tests.crm.made import a_business_contact, a_colleague, a_contact
from tests.crm.test_contact_page import fill
from tests.screens.nordlys import make_soren


@pytest.fixture
def jens(me: Me) -> Me:
    """A colleague."""
    return a_colleague(me)


@pytest.fixture
def soren(me: Me, jens: Me) -> int:
    """The contact of the drawings."""
    return make_soren(me, jens)


@asynccontextmanager
async def on_page(
    app: EasirApp, contact_id: int, size: tuple[int, int] = (132, 36), **arguments: Any
) -> AsyncIterator[Pilot[Any]]:
    """The page of a contact, open."""
    async with running(app, size) as pilot:
        await app.open("contact", contact_id=contact_id, **arguments)
        await settle(pilot)
        yield pilot


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Keys one after the other, each with all that follows from it."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def until(pilot: Pilot[Any], seen: str) -> str:
    """Wait until the screen shows something, and say what all it shows."""
    for _round in range(50):
        if seen in screen_text(pilot.app):
            break
        await settle(pilot)
    assert seen in screen_text(pilot.app)
    return screen_text(pilot.app)


async def write(pilot: Pilot[Any], words: str) -> None:
    """Type words into what has the focus."""
    names = {" ": "space", "\n": "enter", ".": "full_stop", ",": "comma", "@": "at", ":": "colon", "/": "slash"}
    for character in words:
        await pilot.press(names.get(character, character))
    await settle(pilot)


def page_of(me: Me, contact_id: int) -> ContactPage:
    """What is stored."""
    return contact_page.load(me, contact_id)


def screen(app: EasirApp) -> ContactScreen:
    """The contact page."""
    assert isinstance(app.screen, ContactScreen)
    return app.screen


# -- what it shows ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (132, 36)])
async def test_name_reach_consents_and_actions_stand_at_every_size(
    app: EasirApp, soren: int, size: tuple[int, int]
) -> None:
    """How to reach the person and the consents are never folded away; the actions stand in the same place."""
    async with on_page(app, soren, size):
        shown = screen_text(app).split("\n")
        assert shown[1].startswith(" Søren Kjær Mikkelsen")
        assert "● opportunity" in shown[1]
        actions = next(line for line in shown if line.startswith(" n Note"))
        assert [word in actions for word in ("m Meeting", "e E-mail", "c Call", "l Letter")] == [True] * 4
        whole = "\n".join(shown)
        assert "+45 22 41 90 17" in whole
        assert "soren@nordlysbiler.dk" in whole
        assert "3 Planned and history" in whole
        if size == (80, 24):
            assert "☎✔ ✉✘ letter· sms·" in shown[2]
            assert "s side bar  o notes 3" in actions
        else:
            assert "✔ Phone   given 3 Nov" in whole
            assert "✘ E-mail  refused 12 Oct" in whole
            assert "· SMS     not asked" in whole
            assert "from Nordlys Biler A/S" in whole


async def test_planned_stands_on_top_with_words_and_signs(app: EasirApp, soren: int) -> None:
    """Overdue and today are told by a sign and a word, not by colour alone; then history, newest first."""
    async with on_page(app, soren):
        lines = [line[33:97].strip("│ ›") for line in screen_text(app).split("\n")]
        planned = lines.index("Planned")
        assert lines[planned + 1].startswith("! Mon 23 Nov 10:00 ☎ Call     overdue · Ask about")
        assert lines[planned + 2].startswith("• today      14:30 ⚑ Meeting  Test drive, 2 cars")
        assert lines[planned + 5] == "History"
        whole = "\n".join(lines)
        assert "☎ Call out 6 min · Wants 4 cars" in whole
        assert "✉ out      to be sent · Tilbud" in whole
        assert "◆ Consent  phone: not asked → " in whole


async def test_side_bar_and_notes_open_as_panels_where_there_is_no_room(app: EasirApp, soren: int) -> None:
    """`s` and `o` at 80×24; Esc closes them and leaves the page alone."""
    async with on_page(app, soren, (80, 24)) as pilot:
        await press(pilot, "s")
        assert "from Nordlys Biler A/S" in screen_text(app)
        await press(pilot, "escape")
        assert "from Nordlys Biler A/S" not in screen_text(app)
        await press(pilot, "o")
        assert "Prefers a call before noon." in screen_text(app)
        await press(pilot, "escape")
        assert screen(app).tab == "history"
        await press(pilot, "escape")
        assert not isinstance(app.screen, ContactScreen)


async def test_reach_and_consents_stay_when_the_side_bar_is_folded(app: EasirApp, soren: int) -> None:
    """They move to the line under the name, at every size; `o` folds the notes of a wide window."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "s", "o")
        shown = screen_text(app)
        assert "☎✔ ✉✘ letter· sms·" in shown
        assert "+45 22 41 90 17" in shown
        assert "Prefers a call before noon." not in shown.replace("Note     Prefers a call before noon.", "")
        await press(pilot, "s", "o")
        assert "☎✔ ✉✘ letter· sms·" not in screen_text(app)
        assert "✔ Phone   given 3 Nov" in screen_text(app)


async def test_tabs_open_by_their_keys(app: EasirApp, soren: int) -> None:
    """1 to 4; a tab is built when it is first opened."""
    async with on_page(app, soren) as pilot:
        assert not screen(app).query("#details")
        await press(pilot, "1")
        shown = screen_text(app)
        await press(pilot, "end")
        shown += screen_text(app)
        for fact in ("29 February 1980", "Purchasing manager", "skm@privat.dk", "Driving licence", "10103940"):
            assert fact in shown
        assert "typed in" in shown
        await press(pilot, "2")
        assert "Leasing of 2 vans" in screen_text(app)
        assert "DKK 612,500.00" in screen_text(app)
        await press(pilot, "4")
        assert "kørekort.pdf" in screen_text(app)


async def test_cases_are_narrowed_by_status_and_words(app: EasirApp, soren: int) -> None:
    """All, open, closed, rejected; search as in the case list."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "2", "slash")
        await write(pilot, "leas")
        assert "Leasing of 2 vans" in screen_text(app)
        assert "ID.4 Pro fleet" not in screen_text(app).replace("ID.4 Pro fleet  ", "", 0).split("Notes")[0]
        await press(pilot, "escape")
        status = screen(app).query_one("#status")
        status.focus()
        await press(pilot, "right", "right")
        assert "No cases here." in screen_text(app)


async def test_history_is_narrowed_by_keys(app: EasirApp, soren: int) -> None:
    """`/` goes to the filters, arrows choose, Esc returns to the rows."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "slash", "tab")
        for _step in range(4):
            await press(pilot, "right")
        shown = screen_text(app)
        assert "source calls" in shown
        assert "Call out" in shown
        assert "Showroom visit, two" not in shown.split("Notes")[0].split("╭─ About")[0]
        assert "◆ Created" not in shown
        await press(pilot, "escape")
        assert isinstance(app.screen, ContactScreen)
        assert app.screen.focused is app.screen.timeline.list


async def test_history_between_two_days(app: EasirApp, soren: int) -> None:
    """The last choice of the period asks for them; the choice then names them."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "slash", "left")
        await write(pilot, "10/11/2026")
        await press(pilot, "tab")
        await write(pilot, "18/11/2026")
        await press(pilot, "f10")
        shown = screen_text(app)
        assert "10 Nov–18 Nov" in shown
        history = [str(row.cells[0][0]) for row in screen(app).timeline.list.rows() if row.id % 3]
        assert history
        assert all("18 Nov" in row for row in history)


# -- pens ---------------------------------------------------------------------------------------------


async def test_the_pen_of_about_edits_several_labelled_numbers(app: EasirApp, me: Me, soren: int) -> None:
    """One a line, the first is the primary one; a new number is normalised, the others stay as they were."""
    async with on_page(app, soren) as pilot:
        before = page_of(me, soren).person.phones
        screen(app).side.block("about").focus()
        await press(pilot, "E")
        phones = app.screen.query_one("#field-phones", LongText)
        phones.focus()
        phones.move_cursor((0, 0))
        await write(pilot, "direct: 20304050\n")
        await press(pilot, "f10")
        person = page_of(me, soren).person
        assert [(phone.label, phone.number) for phone in person.phones] == [
            ("direct", "+4520304050"),
            *((phone.label, phone.number) for phone in before),
        ]
        assert "+45 20 30 40 50" in screen_text(app)
        await press(pilot, "u")
        assert page_of(me, soren).person.phones == before


async def test_a_wrong_address_is_refused_beside_the_field_and_kept(app: EasirApp, me: Me, soren: int) -> None:
    """What was typed stays, and the sentence says why."""
    async with on_page(app, soren) as pilot:
        screen(app).side.block("about").focus()
        await press(pilot, "E")
        app.screen.query_one("#field-emails", LongText).load_text("work: soren(at)nordlys")
        await press(pilot, "f10")
        assert "one @" in screen_text(app)
        assert app.screen.query_one("#field-emails", LongText).text == "work: soren(at)nordlys"
        assert page_of(me, soren).person.email == "soren@nordlysbiler.dk"


async def test_the_pen_of_consent_adds_a_dated_statement(app: EasirApp, me: Me, soren: int) -> None:
    """The block shows it at once, the ledger keeps what was before, History says it, undo takes it back."""
    async with on_page(app, soren) as pilot:
        screen(app).side.block("consent").focus()
        await press(pilot, "enter", "tab", "tab", "tab", "right", "tab")
        await write(pilot, "on the phone")
        await press(pilot, "f10")
        held = consent.state(me, soren, "sms")
        assert (held.state, held.source, held.who) == ("given", "on the phone", "Anna Holm")
        shown = screen_text(app)
        assert "✔ SMS     given 25 Nov" in shown
        assert "SMS: not asked → " in shown or "sms: not asked → " in shown
        assert len(consent.ledger(me, soren)) == 3
        await press(pilot, "u")
        assert consent.state(me, soren, "sms").state == "not_asked"
        assert "· SMS     not asked" in screen_text(app)


async def test_the_address_pen_asks_whose(app: EasirApp, me: Me, soren: int) -> None:
    """V13: the account's for all its contacts, or one of the contact's own; and back to the account's."""
    async with on_page(app, soren) as pilot:
        screen(app).side.block("address").focus()
        await press(pilot, "E", "a")
        await press(pilot, "end")
        await write(pilot, " B")
        await press(pilot, "f10")
        assert page_of(me, soren).account.address.street == "Havnegade 12, 2. tv B"
        await press(pilot, "E", "o", "end")
        await write(pilot, "2")
        await press(pilot, "f10")
        page = page_of(me, soren)
        assert (page.person.own_address.street, page.person.own_address.city) == ("Havnegade 12, 2. tv B2", "Aarhus C")
        assert page.account.address.street == "Havnegade 12, 2. tv B"
        await press(pilot, "E", "r")
        assert page_of(me, soren).address_from_account


async def test_the_responsible_user_is_given_on(app: EasirApp, me: Me, jens: Me, soren: int) -> None:
    """V12: the creator at first, and changed with the pen."""
    async with on_page(app, soren) as pilot:
        screen(app).side.block("responsible").focus()
        await press(pilot, "E", "right", "f10")
        assert page_of(me, soren).person.responsible == "Jens Holt"
        assert "Jens Holt" in screen_text(app)


async def test_own_fields_are_added_renamed_and_removed(app: EasirApp, me: Me, soren: int) -> None:
    """One a line, name and value."""
    async with on_page(app, soren, tab="details") as pilot:
        screen(app).post_message(screen(app).query_one("#details").Edit("custom", "Hobby"))  # type: ignore[attr-defined]
        await settle(pilot)
        app.screen.query_one("#field-custom", LongText).load_text("Licence: B, BE\nBest time: after 15: always")
        await press(pilot, "f10")
        assert page_of(me, soren).person.custom == {"Licence": "B, BE", "Best time": "after 15: always"}
        await press(pilot, "end")
        assert "after 15: always" in screen_text(app)


async def test_a_birthday_without_its_year(app: EasirApp, me: Me, soren: int) -> None:
    """Faults 45: kept, and shown without one."""
    async with on_page(app, soren, tab="details") as pilot:
        await press(pilot, "down", "down", "down", "E")
        field = app.screen.query_one("#field-birthday")
        field.value = "29/2"  # type: ignore[attr-defined]
        await press(pilot, "f10")
        assert page_of(me, soren).person.birthday == "--02-29"
        assert "29 February" in screen_text(app)


async def test_two_people_on_one_fact(app: EasirApp, me: Me, jens: Me, soren: int) -> None:
    """V17, faults 73: both values are shown, what was typed is kept, and the choice is saved."""
    async with on_page(app, soren, tab="details") as pilot:
        await press(pilot, "E")
        version = page_of(me, soren).person.version
        contacts.change(jens, soren, version, first_name="Soren", job_title="Director")
        field = app.screen.query_one("#field-first_name")
        field.value = "Søren K."  # type: ignore[attr-defined]
        await press(pilot, "f10")
        shown = await until(pilot, "Jens Holt")
        for value in ("Søren Kjær", "Soren", "Søren K."):
            assert value in shown
        await press(pilot, "f10")
        person = page_of(me, soren).person
        assert (person.first_name, person.job_title) == ("Søren K.", "Director")


async def test_two_people_record_one_consent(app: EasirApp, me: Me, jens: Me, soren: int) -> None:
    """V17: what the colleague recorded is shown; taking theirs leaves the ledger as it is."""
    async with on_page(app, soren) as pilot:
        screen(app).side.block("consent").focus()
        await press(pilot, "E", "tab", "tab", "tab", "right")
        consent.record(jens, soren, "sms", "refused", "on the phone")
        await press(pilot, "f10")
        shown = await until(pilot, "Jens Holt")
        for word in ("Jens Holt", "not asked", "refused", "given"):
            assert word in shown
        app.screen.query_one("#conflict-sms").focus()
        await press(pilot, "right", "f10")
        assert consent.state(me, soren, "sms").state == "refused"
        assert len(consent.ledger(me, soren, "sms")) == 1
        await app.look_for_changes()
        await settle(pilot)
        assert "✘ SMS     refused 25 Nov" in screen_text(app)


async def test_other_fields_of_a_colleague_stand_beside_mine(app: EasirApp, me: Me, jens: Me, soren: int) -> None:
    """Faults 73: different fields merge without a question."""
    async with on_page(app, soren, tab="details") as pilot:
        await press(pilot, "E")
        contacts.change(jens, soren, page_of(me, soren).person.version, job_title="Director")
        app.screen.query_one("#field-first_name").value = "Sören"  # type: ignore[attr-defined]
        await press(pilot, "f10")
        person = page_of(me, soren).person
        assert (person.first_name, person.job_title) == ("Sören", "Director")


# -- notes --------------------------------------------------------------------------------------------


async def test_a_note_is_written_changed_deleted_and_brought_back(app: EasirApp, me: Me, soren: int) -> None:
    """The right pane."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "plus")
        await write(pilot, "Vil have en Octavia")
        await press(pilot, "ctrl+s")
        assert notes.page(me, soren).rows[0].text == "Vil have en Octavia"
        assert screen(app).notes.list.current is not None
        await press(pilot, "E", "end")
        await write(pilot, " RS")
        await press(pilot, "f10")
        assert notes.page(me, soren).rows[0].text == "Vil have en Octavia RS"
        await press(pilot, "d")
        assert "Octavia" not in screen_text(app)
        await press(pilot, "u")
        assert "Octavia RS" in screen_text(app)


async def test_what_is_typed_in_the_pane_is_a_draft(app: EasirApp, me: Me, soren: int) -> None:
    """Faults 95: Esc keeps it, + brings it back, saving drops it."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "plus")
        await write(pilot, "half a sen")
        await press(pilot, "escape")
        assert drafts.take(me, f"note:{soren}") == {"text": "half a sen"}
        await press(pilot, "plus")
        assert screen(app).notes.field.text == "half a sen"
        assert "your draft" in screen_text(app)
        await write(pilot, "tence")
        await press(pilot, "ctrl+s")
        assert drafts.take(me, f"note:{soren}") is None
        assert notes.page(me, soren).rows[0].text == "half a sentence"


async def test_a_note_cut_off_by_the_line_opens_again(app: EasirApp, me: Me, soren: int) -> None:
    """What stood in the field when the connection was lost stands there again."""
    drafts.keep(me, f"note:{soren}", "note", {"text": "cut off here"}, soren)
    async with on_page(app, soren, (80, 24)):
        assert screen(app).notes.is_writing
        assert "cut off here" in screen_text(app)


async def test_a_note_that_is_typed_elsewhere_is_left_alone(app: EasirApp, me: Me, soren: int) -> None:
    """Faults 74: a second session of one person does not open what the first one is writing."""
    drafts.keep(me, f"note:{soren}", "note", {"text": "being typed"}, soren)
    app.sole = False
    async with on_page(app, soren, (80, 24)):
        assert not screen(app).notes.is_writing


async def test_a_second_session_keeps_its_own_note(app: EasirApp, me: Me, soren: int) -> None:
    """Faults 95: neither terminal of one person writes over what the other one types."""
    drafts.keep(me, f"note:{soren}", "note", {"text": "being typed"}, soren)
    app.sole = False
    async with on_page(app, soren) as pilot:
        await press(pilot, "plus")
        screen(app).notes.field.load_text("mine")
        await screen(app).save_draft()
        await settle(pilot)
        assert drafts.take(me, f"note:{soren}") == {"text": "being typed"}
        assert {one.body["text"] for one in drafts.waiting(me)} == {"being typed", "mine"}
    app.sole = True


async def test_the_note_of_a_session_that_died_is_opened_by_the_next(app: EasirApp, me: Me, soren: int) -> None:
    drafts.keep(me, f"note:{soren}{drafts.ASIDE}s4711", "note", {"text": "cut off there"}, soren)
    async with on_page(app, soren, (80, 24)) as pilot:
        assert "cut off there" in screen_text(app)
        await press(pilot, "ctrl+s")
        assert drafts.waiting(me) == []


async def test_a_note_that_is_refused_is_a_draft(
    app: EasirApp, me: Me, soren: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults 95: saved at once and refused, the words stay in the field and are kept."""
    monkeypatch.setattr(notes, "LONGEST", 3)
    async with on_page(app, soren) as pilot:
        await press(pilot, "plus")
        screen(app).notes.field.load_text("much too long")
        await press(pilot, "ctrl+s")
        assert screen(app).notes.field.text == "much too long"
        assert drafts.take(me, f"note:{soren}") == {"text": "much too long"}


async def test_the_notes_are_filtered_and_searched(app: EasirApp, soren: int) -> None:
    """All, case notes, other notes; words as they are typed."""
    async with on_page(app, soren) as pilot:
        which = screen(app).notes.query_one("#which")
        which.focus()
        await press(pilot, "right")
        assert "Prefers a call before noon." not in screen_text(app)
        assert "Wants 4 cars. Board" in screen_text(app)
        await press(pilot, "right")
        assert "Prefers a call before noon." in screen_text(app)
        await press(pilot, "left", "left", "escape", "slash")
        await write(pilot, "graph")
        shown = screen_text(app)
        assert "Wants 4 cars. Board" in shown
        assert "Showroom visit, two cars" not in shown


async def test_a_note_of_two_people(app: EasirApp, me: Me, jens: Me, soren: int) -> None:
    """V17: the conflict is shown with both texts, mine is still there, and is saved when I say so."""
    note_id = notes.write(me, soren, "first")
    async with on_page(app, soren) as pilot:
        screen(app).notes.list.focus()
        await press(pilot, "E")
        notes.edit(jens, note_id, 1, "his text")
        screen(app).notes.field.load_text("her text")
        await press(pilot, "ctrl+s")
        await until(pilot, "his text")
        assert "her text" in screen_text(app)
        await press(pilot, "f10")
        assert notes.page(me, soren).rows[0].text == "her text"


async def test_a_draft_of_a_change_remembers_what_it_began_with(app: EasirApp, me: Me, jens: Me, soren: int) -> None:
    """V17: a colleague saves the note between Esc and going on; the conflict is seen, nothing is overwritten."""
    note_id = notes.write(me, soren, "first")
    async with on_page(app, soren) as pilot:
        screen(app).notes.list.focus()
        await press(pilot, "E", "end")
        await write(pilot, " half")
        await press(pilot, "escape")
        notes.edit(jens, note_id, 1, "his text")
        await app.look_for_changes()
        await settle(pilot)
        await press(pilot, "E")
        assert screen(app).notes.field.text == "first half"
        await press(pilot, "ctrl+s")
        await until(pilot, "his text")
        assert notes.page(me, soren).rows[0].text == "his text"


# -- files --------------------------------------------------------------------------------------------


async def test_a_scan_is_attached_removed_and_brought_back(app: EasirApp, me: Me, soren: int, tmp_path: Path) -> None:
    """By typing its path; without a case."""
    (tmp_path / "licence.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    async with on_page(app, soren) as pilot:
        await press(pilot, "a")
        await write(pilot, f"{tmp_path}/lic")
        await press(pilot, "enter")
        assert next(file.name for file in attachments.page(me, soren).rows) == "licence.png"
        assert "licence.png" in screen_text(app)
        await press(pilot, "d")
        assert "licence.png" not in screen_text(app).split("✓")[0]
        await press(pilot, "u")
        assert "licence.png" in screen_text(app)


async def test_a_file_is_saved_out(app: EasirApp, me: Me, soren: int, tmp_path: Path) -> None:
    """Enter, s, a folder; the sentence says where it went."""
    async with on_page(app, soren, tab="files") as pilot:
        await press(pilot, "enter", "s")
        await write(pilot, str(tmp_path))
        await press(pilot, "f10")
        assert (tmp_path / "nummerplade.png").read_bytes().startswith(b"\x89PNG")


async def test_how_to_get_a_file_names_the_command(app: EasirApp, me: Me, soren: int) -> None:
    """The very command that works over SSH."""
    file = attachments.page(me, soren).rows[0]
    async with on_page(app, soren, tab="files") as pilot:
        await press(pilot, "enter", "h")
        assert f"ssh HOST easir attachment get {file.id} > nummerplade.png" in screen_text(app)


# -- tasks and activities -----------------------------------------------------------------------------


async def test_a_reminder_is_ticked_off_and_a_call_opens_its_form(app: EasirApp, me: Me, soren: int) -> None:
    """`t` on the step under the cursor."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "down", "down", "down", "t")
        assert [task.type for task in page_of(me, soren).planned] == ["call", "meeting", "email"]
        await press(pilot, "u")
        assert len(page_of(me, soren).planned) == 4
        await press(pilot, "home", "t")
        assert type(app.screen).__name__ == "ActivityScreen"


async def test_the_five_keys_open_the_form(app: EasirApp, soren: int) -> None:
    """n m e c l, without going to a case first; p and N beside them."""
    async with on_page(app, soren) as pilot:
        for key, name in (("p", "TaskScreen"), ("N", "NewCaseScreen")):
            await press(pilot, key)
            assert type(app.screen).__name__ == name
            await press(pilot, "escape")
        for key, kind in (("n", "note"), ("m", "meeting"), ("e", "email"), ("c", "call"), ("l", "letter")):
            await press(pilot, key)
            assert type(app.screen).__name__ == "ActivityScreen"
            assert app.screen.kind == kind  # type: ignore[attr-defined]
            await press(pilot, "escape")
            assert isinstance(app.screen, ContactScreen)


async def test_an_activity_is_read_corrected_and_deleted(app: EasirApp, me: Me, soren: int) -> None:
    """Enter shows it in full, E corrects, d deletes, u brings it back."""
    async with on_page(app, soren) as pilot:
        row = next(i for i, row in enumerate(screen(app).timeline.list.rows()) if "Call out" in str(row.cells[0]))
        screen(app).timeline.list.move_to(row)
        await press(pilot, "enter")
        shown = screen_text(app)
        assert "Friday 20 November 2026 at 15:12" in shown
        assert "First contact" in shown
        await press(pilot, "E")
        app.screen.query_one("#field-minutes").value = "12"  # type: ignore[attr-defined]
        await press(pilot, "f10")
        assert "12 min" in screen_text(app)
        await press(pilot, "d")
        assert isinstance(app.screen, ContactScreen)
        assert rows("SELECT count(*) FROM activity WHERE kind = 'call' AND deleted_at IS NULL") == [(0,)]
        await press(pilot, "u")
        assert rows("SELECT minutes FROM activity WHERE kind = 'call' AND deleted_at IS NULL") == [(12,)]


async def test_a_long_history_is_read_as_one_goes_down(app: EasirApp, me: Me) -> None:
    """The first page at once, the next ones at the end of what is there; a change keeps cursor and depth."""
    ole = a_contact(me)
    fill(me, ole, 400)
    async with on_page(app, ole) as pilot:
        timeline = screen(app).timeline
        assert len(timeline.list.rows()) < 60
        for _page in range(6):
            await press(pilot, "G")
        deep = len(timeline.list.rows())
        assert deep > 250
        at = timeline.current()
        notes.write(me, ole, "meanwhile")
        await app.look_for_changes()
        await settle(pilot)
        assert timeline.current() == at
        assert len(timeline.list.rows()) >= deep
        for _page in range(6):
            await press(pilot, "G")
        assert len(timeline.list.rows()) == 402


async def test_the_mouse_works_too(app: EasirApp, me: Me, soren: int) -> None:
    """A click on a tab, on the pen of a block, on an action."""
    async with on_page(app, soren) as pilot:
        await pilot.click("#tabs", offset=(14, 0))
        await settle(pilot)
        assert screen(app).tab == "cases"
        responsible = screen(app).side.block("responsible")
        await pilot.click("#responsible", offset=(responsible.outer_size.width - 4, responsible.outer_size.height - 1))
        await settle(pilot)
        assert "Responsible user" in screen_text(app)
        assert type(app.screen).__name__ == "EditPanel"
        await press(pilot, "escape")
        await pilot.click("#actions", offset=(3, 0))
        await settle(pilot)
        assert type(app.screen).__name__ == "ActivityScreen"


async def test_e_corrects_an_activity_at_once(app: EasirApp, me: Me, soren: int) -> None:
    """What is typed right after the key lands in the panel."""
    async with on_page(app, soren) as pilot:
        row = next(i for i, row in enumerate(screen(app).timeline.list.rows()) if "Call out" in str(row.cells[0]))
        screen(app).timeline.list.move_to(row)
        await press(pilot, "E")
        assert type(app.screen).__name__ == "EditPanel"
        app.screen.query_one("#field-minutes").value = "9"  # type: ignore[attr-defined]
        await press(pilot, "f10")
        assert rows("SELECT minutes FROM activity WHERE kind = 'call'") == [(9,)]


async def test_a_shared_number_is_said_after_the_pen(app: EasirApp, me: Me, soren: int) -> None:
    """Faults 15: sharing is allowed, with a word about it."""
    a_contact(me, phones=[{"label": "", "number": "+4520304050", "raw": "20304050", "extension": ""}])
    async with on_page(app, soren) as pilot:
        screen(app).side.block("about").focus()
        await press(pilot, "E")
        app.screen.query_one("#field-phones", LongText).load_text("20304050")
        await press(pilot, "f10")
        assert "Ole Hansen has it too" in screen_text(app)


# -- the page among others ----------------------------------------------------------------------------


async def test_one_walks_through_the_list_one_came_from(app: EasirApp, me: Me, soren: int) -> None:
    """`<` and `>` fill the same page anew; nothing is composed again."""
    ole, bo = a_contact(me), a_contact(me, first_name="Bo")
    async with on_page(app, ole, context=ListContext(ids=(ole, soren, bo))) as pilot:
        page, side, timeline = screen(app), screen(app).side, screen(app).timeline
        await press(pilot, "greater_than_sign")
        assert "Søren Kjær Mikkelsen" in screen_text(app)
        assert (screen(app), page.side, page.timeline) == (page, side, timeline)
        await press(pilot, "2", "greater_than_sign")
        assert "Bo Hansen" in screen_text(app)
        assert "No cases here." in screen_text(app)
        await press(pilot, "greater_than_sign")
        assert "last contact" in screen_text(app)
        await press(pilot, "less_than_sign", "less_than_sign")
        assert "Ole Hansen" in screen_text(app)


async def test_the_page_is_kept_and_filled_anew(app: EasirApp, me: Me, soren: int) -> None:
    """Leaving and opening another contact shows that contact from the top, in every pane, in the same widgets."""
    ole = a_contact(me)
    async with on_page(app, soren) as pilot:
        first = screen(app)
        await press(pilot, "4", "1", "down", "plus")
        await write(pilot, "to Søren".replace("ø", "o"))
        await press(pilot, "escape", "q")
        await app.open("contact", contact_id=ole)
        await settle(pilot)
        assert screen(app) is first
        assert first.tab == "history"
        assert not first.notes.is_writing
        shown = screen_text(app)
        assert "Ole Hansen" in shown
        for gone in ("Mikkelsen", "Nordlys", "Prefers a call", "Showroom"):
            assert gone not in shown
        await press(pilot, "4")
        assert f"add {ole} FILE" in screen_text(app)
        await press(pilot, "1")
        assert "Ole" in screen_text(app)
        await press(pilot, "plus")
        assert first.notes.field.text == ""


async def test_what_a_colleague_saves_appears_without_losing_anything(
    app: EasirApp, me: Me, jens: Me, soren: int
) -> None:
    """The cursor stays on its row, what is typed stays typed, and the page says who was there."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "down", "down")
        at = screen(app).timeline.current()
        await press(pilot, "plus")
        await write(pilot, "while I write")
        notes.write(jens, soren, "a note of Jens")
        contacts.change(jens, soren, None, phones=[{"label": "", "raw": "20304050"}])
        await app.look_for_changes()
        await settle(pilot)
        shown = screen_text(app)
        assert "a note of Jens" in shown
        assert "+45 20 30 40 50" in shown
        assert "⟳ Jens changed this" in shown
        assert screen(app).notes.field.text == "while I write"
        assert screen(app).timeline.current() == at


async def test_a_colleague_who_writes_is_here(app: EasirApp, me: Me, jens: Me, soren: int) -> None:
    """Two people on one record see it."""
    drafts.keep(jens, f"note:{soren}", "note", {"text": "x"}, soren)
    async with on_page(app, soren):
        assert "⟳ Jens is here" in screen_text(app)


async def test_a_contact_deleted_by_a_colleague_closes_its_page(app: EasirApp, me: Me, jens: Me, soren: int) -> None:
    """With a sentence, and what was being typed kept."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "plus")
        await write(pilot, "unfinished")
        contacts.delete(jens, soren, None, confirmed=True)
        await app.look_for_changes()
        await settle(pilot)
        assert not isinstance(app.screen, ContactScreen)
        assert drafts.take(me, f"note:{soren}") == {"text": "unfinished"}


async def test_a_contact_with_cases_is_deleted_after_they_were_named(app: EasirApp, me: Me, soren: int) -> None:
    """V16; Enter never destroys; undo brings the contact back (V15)."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "D")
        assert "ID.4 Pro fleet" in screen_text(app)
        assert "Leasing of 2 vans" in screen_text(app)
        await press(pilot, "enter")
        assert page_of(me, soren)
        await press(pilot, "y")
        assert not isinstance(app.screen, ContactScreen)
        assert rows("SELECT deleted_at IS NULL FROM contact WHERE id = ?", soren) == [(0,)]
        await press(pilot, "u")
        assert page_of(me, soren)


async def test_undoing_the_creation_closes_the_page(app: EasirApp, me: Me) -> None:
    """Nobody works on a contact that is gone."""
    bo = contacts.create(me, contacts.NewContact(first_name="Bo"))
    async with on_page(app, bo) as pilot:
        await press(pilot, "u")
        assert not isinstance(app.screen, ContactScreen)


async def test_the_key_line_begins_with_what_has_the_focus(app: EasirApp, soren: int) -> None:
    """A planned step, the files, the notes: their keys first; the five activities stand in the action bar anyway."""
    async with on_page(app, soren, (80, 24)) as pilot:
        assert screen_text(app).split("\n")[-1].startswith(" t Complete  z Snooze  E Edit")
        await press(pilot, "end")
        assert screen_text(app).split("\n")[-1].startswith(" n Note  m Meeting")
        await press(pilot, "4")
        assert screen_text(app).split("\n")[-1].startswith(" V Preview  a Attach  E Rename  d Remove")
        await press(pilot, "o")
        assert screen_text(app).split("\n")[-1].startswith(" + Write  E Edit  d Delete  / Search")


async def test_a_contact_that_is_gone_says_so(app: EasirApp, me: Me) -> None:
    """A sentence instead of a page."""
    async with running(app) as pilot:
        await app.open("contact", contact_id=4711)
        await settle(pilot)
        assert not isinstance(app.screen, ContactScreen)
        assert "There is no such contact." in screen_text(app)


HOSTILE = "[bold]A[/] [/b] [@click=app.quit]x[/] \x1b]52;c;x\x07 \u202eevil \x9b31m"


def hostile(me: Me) -> int:
    """A contact with hostile text in every field and around it, written past the program's own doors."""
    from easir_tui.data.sqlite import run, writing

    ole = a_business_contact(me)
    notes.write(me, ole, "a note")
    consent.record(me, ole, "phone", "given", "x")
    tasks.plan(me, ole, "call", _tomorrow(), "a step")
    attachments.add(me, ole, io.BytesIO(b"x"), "a.txt")
    with writing():
        for table, names in {
            "contact": "first_name last_name title job_title street postcode city country website birthday name",
            "activity": "note subject",
            "task": "note",
            "attachment": "name",
            "consent": "source",
            "app_user": "full_name",
            "account": "name street city cvr phone email website",
            "event": "what",
        }.items():
            sets = ", ".join(f"{name} = ?" for name in names.split())
            run(f"UPDATE {table} SET {sets}", *[HOSTILE] * len(names.split()))
        run("UPDATE contact SET emails = json_array(json_object('label', ?1, 'address', ?1))", HOSTILE)
        run("UPDATE contact SET phones = json_array(json_object('label', ?1, 'raw', ?1, 'number', ''))", HOSTILE)
        run("UPDATE contact SET custom = json_object(?1, ?1), external_ids = json_object(?1, ?1)", HOSTILE)
    return ole


@pytest.mark.parametrize("size", [(20, 6), (80, 24), (132, 36)])
async def test_hostile_text_in_every_field_is_only_text(app: EasirApp, me: Me, size: tuple[int, int]) -> None:
    """Faults 89 and 91, in every pane and tab, also where it was written past the program's own doors."""
    ole = hostile(me)
    async with on_page(app, ole, size) as pilot:
        for key in ("1", "2", "3", "4", "s", "s", "o", "o", "3", "enter"):
            await press(pilot, key)
            shown = screen_text(app)
            assert not any(sign in shown for sign in "\x1b\x07\x9b\u202e")
        assert app.is_running


@pytest.mark.parametrize("part", sorted(EDITABLE))
async def test_every_pen_opens_on_any_stored_text_and_saves_it_unchanged(app: EasirApp, me: Me, part: str) -> None:
    """What is stored can be opened and left as it is, however it came there; nothing is written."""
    ole = hostile(me)
    before = rows("SELECT * FROM contact"), rows("SELECT * FROM account"), rows("SELECT * FROM consent")
    async with on_page(app, ole, (80, 24)) as pilot:
        screen(app).perform(screen(app)._edit_part, part)
        await settle(pilot)
        shown = screen_text(app)
        assert not any(sign in shown for sign in "\x1b\x07\x9b\u202e")
        await press(pilot, "a" if part == "address" else "f10")
        await press(pilot, "f10")
        assert isinstance(app.screen, ContactScreen)
    assert (rows("SELECT * FROM contact"), rows("SELECT * FROM account"), rows("SELECT * FROM consent")) == before


def _tomorrow() -> Any:
    from easir_tui import clock

    return clock.parse_when("tomorrow 9", clock.zone())


async def test_an_event_read_first_is_no_taller_than_its_words(app: EasirApp, soren: int) -> None:
    """The first reading of a session looks like every other."""
    async with on_page(app, soren) as pilot:
        await press(pilot, "end", "enter")
        assert "What happened" in screen_text(app)
        assert app.screen.query_one("#dialog").size.height < 12


async def test_a_second_session_keeps_its_own_pen(app: EasirApp, me: Me, soren: int) -> None:
    """Faults 95: a pen in a second terminal neither takes up nor writes over what the first one types."""
    body = {"arguments": {}, "part": "about", "texts": {"first_name": "first terminal"}, "version": 1}
    key = f"pen:contact:{soren}:about"
    drafts.keep(me, key, "pen", body, soren)
    app.sole = False
    async with on_page(app, soren) as pilot:
        screen(app).side.block("about").focus()
        await press(pilot, "E")
        await write(pilot, "x")
        await app.screen.save_draft()
        await settle(pilot)
        assert drafts.take(me, key) == body
        assert len(drafts.waiting(me)) == 2
    app.sole = True
