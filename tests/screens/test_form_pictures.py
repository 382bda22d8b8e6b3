"""Pictures of the activity form, the task list, the case page and their forms, at both designed sizes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from easir_tui.app import EasirApp
from easir_tui.clock import When, now
from easir_tui.crm import activities, cases, tasks
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.users import Me
from tests.conftest import NOW, SIZES, settle
from tests.crm.made import a_business_contact, a_contact, a_refusal


@pytest.fixture
def day(me: Me) -> dict[str, int]:
    """A salesperson's day: a case on its way, something overdue, something of today, something later."""
    soren = a_business_contact(
        me,
        first_name="Søren",
        last_name="Kjær Mikkelsen",
        emails=[{"label": "work", "address": "soren@nordlysbiler.dk"}],
    )
    ole = a_contact(me)
    case = cases.create(
        me,
        soren,
        "ID.4 to the board",
        path="new_car",
        value=39990000,
        product="VW ID.4 Pro",
        expected_close=date(2026, 12, 18),
    )
    activities.record(
        me,
        ActivityInput(
            soren,
            "call",
            case_id=case,
            milestones=("first_contact", "needs"),
            note="Board decides 10 Dec. Wants white or graphite.",
            direction="out",
            number="+4522419017",
            minutes=6,
            outcome="reached",
        ),
    )
    with time_machine.travel(NOW - timedelta(days=2), tick=False):
        late = tasks.plan(me, soren, "call", When(at=now() + 3600), "Ask about trade-in", case_id=case)
    tasks.plan(me, ole, "remind", When(day=date(2026, 11, 25)), "Winter tyres")
    tasks.plan(me, soren, "meeting", When(at=now() + 1800), "Test drive, 2 cars", case_id=case, minutes=45)
    tasks.plan(me, soren, "email", When(at=now() + 500_000), "Send leasing contract", case_id=case)
    a_refusal(me, soren, "email")
    return {"soren": soren, "ole": ole, "case": case, "late": late}


SCREENS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "note": ("activity", {"kind": "note", "contact_id": "soren"}, ("right", "space")),
    "meeting": ("activity", {"kind": "meeting", "contact_id": "ole"}, (*"mon 10", "tab", *"45")),
    "email": ("activity", {"kind": "email", "contact_id": "soren"}, ("space",)),
    "call": ("activity", {"kind": "call", "contact_id": "soren", "task_id": "late"}, ("right", "right", "space")),
    "letter": ("activity", {"kind": "letter", "contact_id": "ole"}, ("K", "æ", "r", "e")),
    "missing": ("activity", {"kind": "note", "contact_id": "soren"}, ("f10",)),
    "tasks": ("tasks", {}, ("j",)),
    "plan": ("task", {"contact_id": "ole"}, ("tab", *"i", "space", *"morgen", "space", "9")),
    "case": ("case", {"case_id": "case"}, ()),
    "case_edit": ("case_edit", {"case_id": "case"}, ("tab",)),
    "new_case": ("new_case", {"contact_id": "ole"}, ("G", "o", "l", "f")),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("which", SCREENS)
def test_picture(app: EasirApp, day: dict[str, int], snap_compare: Any, which: str, size: tuple[int, int]) -> None:
    """Each screen as it is just after its first keys."""
    name, arguments, pressed = SCREENS[which]

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await pilot.app.open(name, **{key: day.get(value, value) for key, value in arguments.items()})
        await settle(pilot)
        for key in pressed:
            await pilot.press("space" if key == " " else key)
        await settle(pilot)
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)
