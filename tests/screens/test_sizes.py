"""Every window size, from one cell to a wall, and changes of size while the program runs."""

from __future__ import annotations

import pytest

from easir_tui.app import EasirApp
from easir_tui.config import Settings
from easir_tui.crm import contacts
from easir_tui.crm.contacts import NewContact
from easir_tui.errors import Refused
from easir_tui.widgets.block import Block
from easir_tui.widgets.choices import Checks, Choice
from easir_tui.widgets.content import plain
from easir_tui.widgets.fields import Field, Form
from easir_tui.widgets.inputs import Line, LongText
from easir_tui.widgets.key_line import Entry, KeyLine
from easir_tui.widgets.record_list import Column, RecordList
from easir_tui.widgets.rows import widths
from tests.conftest import running, screen_text, settle
from tests.widgets.bench import Bench

SIZES = [(1, 1), (2, 3), (20, 6), (79, 23), (200, 60)]
WALK = ["question_mark", "escape", "ctrl+p", "escape", "g", "escape", "slash", "a", "escape", "U", "escape", "K"]
PAGES = [["enter"], ["enter", "c"], ["enter", "m"], ["enter", "p"], ["enter", "E"], ["N"], ["g", "k"]]


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_shell(app, me, size):
    """Lists, dialogs, help and palette at each size."""
    contacts.create(me, NewContact(kind="private", first_name="Søren", last_name="Kjær"))
    async with running(app, size=size) as pilot:
        for key in WALK:
            await pilot.press(key)
        await settle(pilot)
        assert app.is_running


@pytest.mark.parametrize("keys", PAGES)
@pytest.mark.parametrize("size", [(1, 1), (20, 6)])
async def test_pages_and_forms(app, me, size, keys):
    """The contact page, its forms and pens, a new contact and the tasks do not fall over in a tiny window."""
    contacts.create(me, NewContact(kind="private", first_name="Søren", last_name="Kjær", emails=(), phones=()))
    async with running(app, size=size) as pilot:
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        await pilot.press("tab", "x", "down", "escape")
        await settle(pilot)
        assert app.is_running


async def test_resizing_keeps_everything(app, me):
    """A resize at any moment keeps cursor and text; only the layout follows."""
    for name in ("Anna", "Bo", "Carl"):
        contacts.create(me, NewContact(kind="private", first_name=name, last_name="Holm"))
    async with running(app, size=(132, 36)) as pilot:
        await pilot.press("j")
        for size in ((80, 24), (1, 1), (20, 6), (200, 60), (132, 36)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
        assert app.screen.query_one(RecordList).current_row.cells[0] != ""
        assert app.screen.query_one(RecordList).cursor == 1
        await pilot.press("slash", "b", "o")
        await pilot.resize_terminal(40, 10)
        await settle(pilot)
        assert app.focused.value == "bo"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "make",
    [
        lambda: Block("Title", plain("text")),
        lambda: RecordList((Column("A", min=10), Column("B", width=16)), empty="Nothing here yet, press N."),
        lambda: Form([Field("a", "A"), Field("b", "B", "long"), Field("c", "C", "choice", choices=((1, "x"),))]),
        lambda: Choice(((1, "one"), (2, "two"))),
        lambda: Checks(((1, "one"), (2, "two"))),
        lambda: Line("x"),
        lambda: LongText("x\ny"),
    ],
)
async def test_every_widget(make, size):
    """Each widget in any window, and in a parent without room."""
    app = Bench()
    async with running(app, size=size) as pilot:
        widget = make()
        await app.screen.mount(widget)
        await pilot.press("tab", "j", "down", "space", "tab")
        for width in (0, 1, 2):
            widget.styles.width = width
            await pilot.pause()
        assert app.is_running


@pytest.mark.parametrize("room", range(60))
def test_columns_share_the_room(room):
    """The columns and the gaps between them never take more than there is."""
    columns = (Column("A", min=10), Column("B", width=16, drop=2), Column("C", min=6, share=2), Column("D", width=3))
    found = widths(columns, room)
    kept = [width for width in found if width]
    assert sum(kept) + 2 * max(0, len(kept) - 1) <= max(room, 1)
    assert found[0] or room == 0


async def test_the_key_line_drops_whole_entries():
    """What does not fit is left out whole; help stays."""
    app = Bench(Block("b"))
    async with running(app, size=(40, 5)) as pilot:
        line = app.screen.query_one(KeyLine)
        line.entries = [Entry(str(i), "n", f"Command {i}") for i in range(9)] + [Entry("help", "?", "Help")]
        await settle(pilot)
        foot = screen_text(app).splitlines()[-1]
        assert foot.endswith("? Help")
        assert "Command 1" in foot
        assert "Command 5" not in foot


async def test_a_list_says_what_to_do_when_it_is_empty():
    """An empty list teaches, in whole words at any width."""
    app = Bench(RecordList((Column("A"),), empty="No contacts yet. Press N to add the first."))
    async with running(app, size=(24, 8)) as pilot:
        await settle(pilot)
        assert "Press N" in screen_text(app)
        assert "…" not in screen_text(app).replace("EASI'R", "")


@pytest.mark.parametrize("theme", ["dark", "light", "ansi"])
async def test_themes(store, me, theme):
    """Each theme draws; the row under the cursor and marked rows are told apart by signs too."""
    for name in ("Anna", "Bo"):
        contacts.create(me, NewContact(kind="private", first_name=name, last_name="Holm"))
    app = EasirApp(store, me, Settings(theme=theme, home="contacts"))
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("space")
        await settle(pilot)
        rows = [one for one in screen_text(app).splitlines() if "Holm" in one]
        assert "✓" in rows[0]
        assert rows[1].startswith("›")


async def test_a_theme_that_does_not_exist_is_said(store, me):
    """A wrong name in the settings is told, and the program starts."""
    app = EasirApp(store, me, Settings(theme="neon"))
    async with running(app, size=(100, 24)) as pilot:
        await settle(pilot)
        assert "neon" in screen_text(app)


async def test_a_fault_is_told_and_the_program_goes_on(app, monkeypatch):
    """A fault in an act: a sentence with a number, a log only its owner reads, no traceback on the screen."""
    from easir_tui import faults

    monkeypatch.setattr(app, "_note_for_tests", lambda error: None)

    async def broken():
        raise ZeroDivisionError("secret customer data")

    async with running(app, size=(132, 24)) as pilot:
        app.screen.perform(broken)
        await settle(pilot)
        shown = screen_text(app)
        assert "fault" in shown
        assert "Traceback" not in shown
        assert "ZeroDivision" not in shown
        assert faults.log_path().stat().st_mode & 0o777 == 0o600
        assert "ZeroDivisionError" in faults.log_path().read_text()
        await pilot.press("question_mark")
        await settle(pilot)
        assert app.screen.is_modal


async def test_a_refusal_out_of_an_act_is_a_sentence(app):
    """A rule that says no is shown with its hint, in the key line or beside it."""

    async def refused():
        raise Refused("That cannot be.", "Press N.")

    async with running(app) as pilot:
        app.screen.perform(refused)
        await settle(pilot)
        assert "That cannot be. Press N." in screen_text(app)
        await pilot.press("j")
        await settle(pilot)
        assert "That cannot be" not in screen_text(app)
