"""Ctrl+O: everything in one box, why it was found, and nothing that is not for these eyes."""

from __future__ import annotations

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import anything, cases, notes
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.crm.contacts import NewContact, create
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Account, Lead, Membership, Team
from tests.conftest import running, screen_text, settle
from tests.crm.made import a_colleague


@pytest.fixture
def world(me: Me) -> dict[str, int]:
    with step(me, "made", shown=False) as making:
        account = making.add(Account, kind="company", name="Nordlys Biler A/S", cvr="10103940", phone="+4586123456")
        lead = making.add(Lead, name="Mads Nordby", product="ID.Buzz", phone="+4530405060", received_at=1)
    contact = create(me, NewContact(
        kind="business", first_name="Søren", last_name="Kjær", account_id=account,
        emails=(Email("soren@lys.dk"),), phones=(PhoneEntry("22 41 90 17"),), city="Ribe",
    ))  # fmt: skip
    case = cases.create(me, contact, "ID.4 Pro", path="new_car", product="VW")
    note = notes.write(me, contact, "Vil have hvid eller grafit")
    return {"account": account, "lead": lead, "contact": contact, "case": case, "note": note}


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("nordlys", {"contact", "account"}), ("nord", {"contact", "account", "lead"}), ("soren", {"contact"}),
        ("9017", {"contact"}), ("22 41 90 17", {"contact"}), ("+4522419017", {"contact"}), ("0045 2241", {"contact"}),
        ("3456", {"account"}), ("10103940", {"account"}), ("5060", {"lead"}), ("buzz", {"lead"}), ("id.4 p", {"case"}),
        ("grafit", {"note"}), ("ribe", {"contact"}), ("", set()), ("(*)", set()), ("zzz", set()),
    ],
)  # fmt: skip
def test_what_is_found(me: Me, world: dict[str, int], typed: str, kinds: set[str]) -> None:
    """Faults 71 and 86 among them: any four digits in any form, and signs that mean nothing."""
    found = anything.find(me, typed)
    assert {hit.kind for hit in found} == kinds
    assert all(hit.id == world[hit.kind] for hit in found)


def test_why_it_was_found_is_said(me: Me, world: dict[str, int]) -> None:
    def why(typed: str) -> str:
        return next(hit.reason for hit in anything.find(me, typed) if hit.kind == "contact")

    assert why("9017") == "number +45 22 41 90 17"
    assert why("soren@lys") == "soren@lys.dk"
    assert why("ribe") == "Ribe"
    assert why("kjær") == ""


def test_nothing_that_is_not_for_these_eyes(me: Me, world: dict[str, int]) -> None:
    """Faults 101 to 103."""
    jens = a_colleague(me)
    with step(me, "team", shown=False) as making:
        team, other = making.add(Team, name="Nord"), making.add(Team, name="Syd")
        making.add(Membership, user_id=jens.user_id, team_id=other)
        from easir_tui.data.models import Case, Contact

        making.change(Contact, world["contact"], None, team_id=team)
        making.change(Case, world["case"], None, team_id=team)
        making.change(Lead, world["lead"], None, team_id=team)
    for typed in ("kjær", "9017", "id.4", "grafit", "buzz", "5060"):
        assert anything.find(jens, typed) == [], typed
        assert anything.find(me, typed), typed
    assert [hit.kind for hit in anything.find(jens, "nordlys")] == ["account"]


async def test_each_kind_opens_its_page(app: EasirApp, world: dict[str, int]) -> None:
    async with running(app) as pilot:
        for typed, page in (("9017", "ContactScreen"), ("10103940", "AccountScreen"), ("id.4", "CaseScreen"),
                            ("buzz", "LeadScreen"), ("grafit", "ContactScreen")):  # fmt: skip
            await pilot.press("ctrl+o")
            await settle(pilot)
            await pilot.press(*("full_stop" if letter == "." else letter for letter in typed))
            await settle(pilot)
            await pilot.press("enter")
            await settle(pilot)
            assert type(app.screen).__name__ == page, typed
            await pilot.press("escape")
            await settle(pilot)


async def test_commands_and_kinds_stand_in_the_same_box(app: EasirApp, world: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("ctrl+o", *"nord")
        await settle(pilot)
        said = screen_text(app)
        for words in ("Søren Kjær · Nordlys Biler A/S", "Contact", "Account", "Lead", "Mads Nordby"):
            assert words in said, words
        for _letter in range(4):
            await pilot.press("backspace")
        await pilot.press(*"pipel")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert type(app.screen).__name__ == "PipelineScreen"
