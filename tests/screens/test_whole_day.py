"""One salesperson's day, by keys alone, in a plain 80×24 window and in a wide one, on the customer of the drawings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import rows, value
from easir_tui.widgets.record_list import RecordList
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.screens.nordlys import colleague, make_soren


async def press(pilot: Any, *keys: str) -> None:
    """Press keys one after another, each waited for."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def write(pilot: Any, text: str) -> None:
    """Type text into what has the focus."""
    await pilot.press(
        *[{" ": "space", "/": "slash", ".": "full_stop", "_": "underscore"}.get(sign, sign) for sign in text]
    )
    await settle(pilot)


async def to_field(pilot: Any, name: str) -> None:
    """Tab until a field of the form has the focus, as a person without a mouse does."""
    for _number in range(40):
        if getattr(pilot.app.focused, "id", None) == f"field-{name}":
            return
        await press(pilot, "tab")
    pytest.fail(f"Tab never came to {name}; focus is on {pilot.app.focused}")


async def to_planned(pilot: Any, words: str) -> None:
    """Move the cursor of the planned steps and the history down to a row."""
    for _number in range(12):
        timeline = pilot.app.focused
        if isinstance(timeline, RecordList):
            break
        await press(pilot, "tab")
    assert isinstance(timeline, RecordList)
    await press(pilot, "home")
    for _number in range(30):
        row = timeline.current_row
        if row is not None and any(words in (cell if isinstance(cell, str) else cell[0]) for cell in row.cells):
            return
        await press(pilot, "j")
    pytest.fail(f"{words!r} is not in the timeline")


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_day_of_one_salesperson(app: EasirApp, me: Me, size: tuple[int, int], tmp_path: Path) -> None:
    soren = make_soren(me, colleague(me))
    licence = tmp_path / "licence.pdf"
    licence.write_bytes(b"%PDF-1.7 both sides of a driving licence")

    async with running(app, size) as pilot:
        # The phone rings: its last four digits are enough to know who it is.
        await press(pilot, "slash")
        await write(pilot, "9017")
        await press(pilot, "enter", "enter")
        assert "Søren Kjær Mikkelsen" in screen_text(app)
        assert "22 41 90 17" in screen_text(app)

        # The call is logged, with the next step.
        await press(pilot, "c")
        await to_field(pilot, "direction")
        await press(pilot, "right")
        await to_field(pilot, "note")
        await write(pilot, "Takes all four cars if delivery is in March")
        await to_field(pilot, "step_type")
        await press(pilot, "right")
        await to_field(pilot, "step_when")
        await write(pilot, "fri 10")
        assert "Friday 27 November" in screen_text(app)
        look(app, f"day-call-{size[0]}")
        await press(pilot, "f10")
        assert value("SELECT count(*) FROM activity WHERE kind = 'call' AND direction = 'in'") == 1
        assert "Takes all four cars" in screen_text(app) or "27 Nov 10:00" in screen_text(app)
        step_at = value("SELECT max(sort_at) FROM task WHERE created_by = ? AND type = 'call'", me.user_id)
        assert value("SELECT strftime('%Y-%m-%d %H:%M', ?, 'unixepoch')", step_at) == "2026-11-27 09:00"

        # A note for the colleagues, which belongs to no case.
        await press(pilot, "plus")
        await write(pilot, "Wife is called Karen")
        await press(pilot, "ctrl+s")
        assert rows("SELECT case_id FROM activity WHERE note = 'Wife is called Karen'") == [(None,)]
        if size[0] < 100:
            await press(pilot, "escape")

        # The scan of the driving licence, without a case.
        await press(pilot, "a")
        await write(pilot, str(licence))
        await press(pilot, "enter")
        assert rows("SELECT name, case_id, media_type FROM attachment WHERE name = 'licence.pdf'") == [
            ("licence.pdf", None, "application/pdf")
        ]
        assert "licence.pdf" in screen_text(app)

        # A case for the two extra cars.
        await press(pilot, "N")
        await to_field(pilot, "title")
        await write(pilot, "Two extra vans")
        await to_field(pilot, "value")
        await write(pilot, "399.900")
        await press(pilot, "f10")
        assert rows("SELECT value, status, manager_id FROM sales_case WHERE title = 'Two extra vans'") == [
            (39990000, "open", me.user_id)
        ]
        if "Two extra vans" in screen_text(app) and type(app.screen).__name__ != "ContactScreen":
            await press(pilot, "escape")

        # Monday's task, overdue, is completed: its call form is prefilled.
        await press(pilot, "3")
        await to_planned(pilot, "Ask about trade-in")
        await press(pilot, "t")
        assert "trade-in" in screen_text(app)
        await to_field(pilot, "milestones")
        await press(pilot, "space")
        await press(pilot, "f10")
        assert value("SELECT status FROM task WHERE note = 'Ask about trade-in'") == "completed"
        look(app, f"day-page-{size[0]}")

        # That was the wrong one: one key takes all of it back.
        activities = value("SELECT count(*) FROM activity WHERE deleted_at IS NULL")
        await press(pilot, "u")
        assert value("SELECT status FROM task WHERE note = 'Ask about trade-in'") == "open"
        assert value("SELECT count(*) FROM activity WHERE deleted_at IS NULL") == activities - 1
        assert "Undone" in screen_text(app)

        # The rest of the day is in the list of tasks.
        await press(pilot, "g", "k")
        assert "Ask about" in screen_text(app)
    assert value("SELECT count(*) FROM draft") == 0
    assert value("SELECT next_step_at FROM contact WHERE id = ?", soren) is not None
