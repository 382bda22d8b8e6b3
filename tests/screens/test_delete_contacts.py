"""Marks in the list of contacts and deleting: what is asked, what is counted, and that u brings it back."""

from __future__ import annotations

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import contact_list, contacts, undo
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Contact
from tests.conftest import look, running, screen_text, settle
from tests.crm.made import a_colleague
from tests.screens.crowd import head, lines, make_crowd, type_in


@pytest.fixture
def crowd(me: Me) -> dict[str, int]:
    """The little dealership."""
    return make_crowd(me)


async def test_marks_are_counted_also_those_not_shown(app: EasirApp, crowd: dict[str, int]) -> None:
    """Faults 63."""
    async with running(app) as pilot:
        await pilot.press("space", "space", "space")
        await settle(pilot)
        assert "3 marked" in head(app)
        await pilot.press("slash")
        await type_in(pilot, "holm")
        assert "3 marked, 2 not shown" in head(app)
        look(app, "contacts-marked-80")


async def test_deleting_one_asks_nothing_and_u_brings_it_back(app: EasirApp, crowd: dict[str, int]) -> None:
    """V15."""
    async with running(app) as pilot:
        await pilot.press("d")
        await settle(pilot)
        assert "Deleted Anne Sørensen" in screen_text(app)
        assert len(lines(app)) == 8
        await pilot.press("u")
        await settle(pilot)
        assert len(lines(app)) == 9


async def test_deleting_a_contact_with_cases_names_them(app: EasirApp, crowd: dict[str, int]) -> None:
    """V16; Enter does nothing."""
    async with running(app) as pilot:
        await pilot.press("j", "d")
        await settle(pilot)
        assert "ID.4 Pro" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert Contact.get_by_id(crowd["Bjørn"]).deleted_at is None
        await pilot.press("y")
        await settle(pilot)
        assert Contact.get_by_id(crowd["Bjørn"]).deleted_at is not None


async def test_mark_all_is_an_explicit_set(app: EasirApp, me: Me, crowd: dict[str, int]) -> None:
    """Faults 61: the filtered ones, frozen; a contact that matches later stays."""
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_in(pilot, "ribe")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("asterisk", "d")
        await settle(pilot)
        look(app, "contacts-delete-80")
        assert "Delete 2 contacts?" in screen_text(app)
        assert "Łukasz Nowak, Åse Ærø" in screen_text(app)
        late = contacts.create(a_colleague(me), NewContact(last_name="Late", city="Ribe"))
        await pilot.press("y")
        await settle(pilot)
        gone = {row.id for row in Contact.select().where(Contact.deleted_at.is_null(False))}
        assert gone == {crowd["Łukasz"], crowd["Åse"]}
        assert Contact.get_by_id(late).deleted_at is None
        assert "Deleted 2 contacts" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert contact_list.count(me) == 10


async def test_a_wide_deletion_wants_its_number_typed(app: EasirApp, me: Me) -> None:
    """Faults 61."""
    with step(me, "added many", shown=False) as work:
        work.add_many(Contact, [
            {"kind": "private", "account_id": 1, "responsible_id": me.user_id, "first_name": "Nr.",
             "last_name": f"{n:04}", "city": "Ribe", "emails": [], "phones": []} for n in range(1234)
        ])  # fmt: skip
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_in(pilot, "ribe")
        assert "1,000+ of 1,234" in head(app)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("asterisk", "d")
        await settle(pilot)
        look(app, "contacts-delete-many-80")
        assert "Delete 1,234 contacts?" in screen_text(app)
        await pilot.press(*"1230", "f10")
        await settle(pilot)
        assert "That is not the number." in screen_text(app)
        assert contact_list.count(me) == 1234
        await pilot.press("backspace", "4", "f10")
        for _round in range(50):
            await settle(pilot)
            if contact_list.count(me) == 0:
                break
        await settle(pilot)
        assert contact_list.count(me) == 0
        undo.undo(me)
        assert contact_list.count(me) == 1234


async def test_who_a_colleague_deleted_is_not_counted(app: EasirApp, me: Me, crowd: dict[str, int]) -> None:
    """The question counts those who are still there."""
    async with running(app) as pilot:
        await pilot.press("space", "j", "space")
        await settle(pilot)
        contacts.delete(a_colleague(me), crowd["Anne"], None)
        await pilot.press("d")
        await settle(pilot)
        assert "Delete 1 contact?" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert "Deleted Lone Bæk" in screen_text(app)


async def test_a_deleted_row_leaves_the_cursor_in_the_list(app: EasirApp, me: Me, crowd: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("G", "d")
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert len(lines(app)) == 7
        await pilot.press("enter")
        await settle(pilot)
        assert "Zitta Østergaard" in screen_text(app)
