"""The trash on screen: what was deleted comes back by one key, and it is emptied only after its number is typed."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import contacts, notes
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import value
from tests.conftest import SIZES, running, screen_text, settle
from tests.screens.nordlys import colleague, make_soren


async def press(pilot: Any, *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


@pytest.fixture
def soren(me: Me) -> int:
    """A customer with everything around him, in the trash with his cases and tasks."""
    contact_id = make_soren(me, colleague(me))
    contacts.delete(me, contact_id, None, confirmed=True)
    return contact_id


@pytest.mark.parametrize("size", SIZES)
async def test_a_deleted_contact_is_restored(app: EasirApp, me: Me, soren: int, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await press(pilot, "T")
        assert "Søren Kjær Mikkelsen" in screen_text(app)
        await press(pilot, *["j"] * 12)
        for _number in range(12):
            if "Søren Kjær Mikkelsen" in str(app.screen.query_one("RecordList").current_row.cells[2]):
                break
            await press(pilot, "k")
        await press(pilot, "r")
        assert value("SELECT deleted_at FROM contact WHERE id = ?", soren) is None
        assert value("SELECT count(*) FROM sales_case WHERE deleted_at IS NULL") == 2
        assert value("SELECT count(*) FROM task WHERE deleted_at IS NULL AND status = 'open'") == 4
        assert "is out of the trash" in screen_text(app)
        await press(pilot, "u")
        assert value("SELECT deleted_at FROM contact WHERE id = ?", soren) is not None


async def test_what_belongs_to_a_deleted_contact_waits_for_it(app: EasirApp, me: Me, soren: int) -> None:
    async with running(app) as pilot:
        await press(pilot, "T")
        while "Case" not in str(app.screen.query_one("RecordList").current_row.cells[1]):
            await press(pilot, "j")
        await press(pilot, "enter")
        assert "Restore the contact first" in screen_text(app)


async def test_emptying_wants_the_number(app: EasirApp, me: Me, soren: int) -> None:
    count = value("SELECT count(*) FROM task WHERE deleted_at IS NOT NULL") + 3
    async with running(app, (132, 36)) as pilot:
        await press(pilot, "T", "E")
        assert f"{count} records are removed for good" in screen_text(app)
        await press(pilot, "9", "9", "ctrl+s")
        assert value("SELECT count(*) FROM contact") == 1
        await press(pilot, "backspace", "backspace", *str(count), "ctrl+s")
        assert value("SELECT count(*) FROM contact") == 0
        assert "gone for good" in screen_text(app)
        assert "The trash is empty" in screen_text(app)
    assert value("PRAGMA integrity_check") == "ok"


async def test_only_an_admin_sees_how_to_empty_it(store: Any, me: Me, soren: int) -> None:
    from easir_tui.config import Settings

    jens = colleague(me, "mette", "Mette Lund")
    app = EasirApp(store, jens, Settings(theme="dark"))
    async with running(app) as pilot:
        await press(pilot, "T")
        assert "Empty the trash" not in screen_text(app)
        await press(pilot, "E")
        assert value("SELECT count(*) FROM contact") == 1


def test_a_deleted_note_is_in_the_trash(me: Me) -> None:
    from easir_tui.crm import trash

    contact_id = make_soren(me, colleague(me))
    note = notes.write(me, contact_id, "Away until Monday")
    notes.remove(me, note, None)
    assert [one.name for one in trash.discarded(me) if one.entity == "activity"] == ["Away until Monday"]


@pytest.mark.parametrize("size", SIZES)
def test_picture(snap_compare: Any, app: EasirApp, me: Me, soren: int, size: tuple[int, int]) -> None:
    async def act(pilot: Any) -> None:
        await settle(pilot)
        await press(pilot, "T")

    assert snap_compare(app, terminal_size=size, run_before=act)
