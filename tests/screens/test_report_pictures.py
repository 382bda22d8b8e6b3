"""Pictures of the reports at both designed sizes."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Lead, Team
from tests.conftest import NOW, SIZES, settle
from tests.crm.test_reports import board

__all__ = ["board"]


@pytest.fixture
def company(me: Me, board: dict[str, int]) -> None:
    """Cases at several milestones, and leads that were and were not answered in time."""
    received = int(NOW.replace(hour=9).timestamp())
    with step(me, "made", shown=False) as making:
        team = making.add(Team, name="Aarhus Nord", opening_hours={"wed": [["09:00", "17:00"]]})
        for minutes in (12, 25, 95, None):
            making.add(
                Lead, name="Mads", team_id=team, received_at=received, due_at=received + 1800,
                accepted_at=received + minutes * 60 if minutes else None,
                status="accepted" if minutes else "escalated",
            )  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["1", "2", "3", "4"])
def test_picture(app: EasirApp, company: None, snap_compare: Any, key: str, size: tuple[int, int]) -> None:
    """Each report."""

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await pilot.press("g", "r")
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)
