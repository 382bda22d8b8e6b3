"""The list of accounts: filtered, sorted, marked, given away, deleted, and the forms that make and change one."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import account_page, accounts, contacts, drafts
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me, log_in
from easir_tui.data.sqlite import rows, value
from tests.conftest import look, running, screen_text, settle
from tests.crm.made import a_colleague
from tests.screens.crowd import type_in


@pytest.fixture
def companies(me: Me) -> dict[str, int]:
    """Three companies, one of them with somebody in it, one of them Jens's."""
    jens = a_colleague(me)
    made = {
        "Nordlys": accounts.create(
            me, NewAccount("Nordlys Biler A/S", cvr="10103940", city="Aarhus C", phone="86 12 34 56")
        ),
        "Ørsted": accounts.create(me, NewAccount("Ørsted [Biler]", cvr="10150817", city="Odense C")),
        "Zebra": accounts.create(me, NewAccount("Zebra ApS", responsible_id=jens.user_id)),
    }  # fmt: skip
    contacts.create(me, NewContact(kind="business", first_name="Bo", account_id=made["Nordlys"]))
    return made


async def opened(pilot: Any, *keys: str) -> None:
    """The list, and keys pressed in it."""
    for key in ("f4", *keys):
        await pilot.press(key)
        await settle(pilot)


async def test_rows_filter_and_open(app: EasirApp, companies: dict[str, int]) -> None:
    """Narrowed as one types; Enter opens the page, < and > go through what the filter showed."""
    async with running(app, size=(132, 36)) as pilot:
        await opened(pilot)
        shown = screen_text(app)
        for words in (
            "Nordlys Biler A/S",
            "10103940",
            "+45 86 12 34 56",
            "Private customers",
            "fixed",
            "Ørsted [Biler]",
        ):
            assert words in shown
        await pilot.press("slash")
        await type_in(pilot, "biler")
        shown = screen_text(app)
        assert "Zebra" not in shown
        look(app, "accounts-filter")
        await pilot.press("enter", "enter")
        await settle(pilot)
        assert "Nordlys Biler A/S" in screen_text(app).splitlines()[1]
        await pilot.press("greater_than_sign")
        await settle(pilot)
        assert "Ørsted [Biler]" in screen_text(app).splitlines()[1]
        assert "2 of 2" in screen_text(app)
        await pilot.press("greater_than_sign")
        await settle(pilot)
        assert "last account" in screen_text(app)


async def test_mine_and_a_slip_in_the_filter(app: EasirApp, companies: dict[str, int]) -> None:
    """2 shows mine; a name that is nobody's is said below the line, and the list stays (faults 62 and 71)."""
    async with running(app, size=(100, 24)) as pilot:
        await opened(pilot, "2")
        assert "Zebra" not in screen_text(app)
        assert "responsible:me" in screen_text(app)
        await pilot.press("slash")
        await type_in(pilot, "responsible:")
        await type_in(pilot, "xyz")
        assert "“xyz” is nobody here" in screen_text(app)
        assert "Nordlys" in screen_text(app)
        await pilot.press("down", "1")
        await settle(pilot)
        assert "Zebra" in screen_text(app)


async def test_a_company_with_contacts_stays(app: EasirApp, companies: dict[str, int]) -> None:
    """d deletes one without a question, because u brings it back; of the marked ones those with contacts stay."""
    async with running(app, size=(132, 24)) as pilot:
        await opened(pilot, "d")
        assert "still has contacts" in screen_text(app)
        await pilot.press("asterisk", "d")
        await settle(pilot)
        assert "Delete 4 accounts?" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        shown = screen_text(app)
        assert "2 accounts deleted" in shown
        assert "Zebra" not in shown
        await pilot.press("u")
        await settle(pilot)
        assert "Zebra" in screen_text(app)
    assert value("SELECT count(*) FROM account WHERE deleted_at IS NOT NULL") == 0


async def test_marked_accounts_are_given_to_a_colleague(app: EasirApp, companies: dict[str, int]) -> None:
    async with running(app, size=(132, 24)) as pilot:
        await opened(pilot, "asterisk", "R")
        assert "Who is responsible for 4 accounts?" in screen_text(app)
        await pilot.press(*"Jens", "enter")
        await settle(pilot)
        assert "Jens Holt is responsible for 2 accounts" in screen_text(app)
        assert screen_text(app).count("Jens Holt") >= 3
        await pilot.press("u")
        await settle(pilot)
    assert rows("SELECT count(*) FROM account WHERE responsible_id = 1") == [(2,)]


async def test_a_new_account_asks_whether_it_is_here_already(app: EasirApp, me: Me, companies: dict[str, int]) -> None:
    """What was searched for is the name; the same CVR number shows the company that has it."""
    async with running(app, size=(80, 24)) as pilot:
        await opened(pilot, "slash")
        await type_in(pilot, "Sydlys")
        assert "No account is found by “Sydlys”" in screen_text(app)
        await pilot.press("enter", "N")
        await settle(pilot)
        await pilot.press("tab", *"10150817", "f10")
        await settle(pilot)
        assert "Here already?" in screen_text(app)
        await pilot.press("s")
        await settle(pilot)
        shown = screen_text(app)
        assert "Sydlys" in shown
        assert "Saved Sydlys" in shown
    assert value("SELECT responsible_id FROM account WHERE name = 'Sydlys'") == me.user_id


async def test_a_wrong_check_digit_is_said_while_it_is_typed(app: EasirApp) -> None:
    async with running(app, size=(80, 24)) as pilot:
        await opened(pilot, "N", "tab", *"10103941")
        assert "check digit" in screen_text(app)
        await pilot.press("backspace", "0")
        await settle(pilot)
        assert "check digit" not in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        assert value("SELECT count(*) FROM account") == 1


async def test_a_half_typed_account_is_a_draft(app: EasirApp, store: Any, me: Me) -> None:
    """Faults 95: within half a second it is kept, and it is back when the line was cut."""
    async with running(app, size=(80, 24)) as pilot:
        await opened(pilot, "N", *"Sydlys")
        await app.screen.save_draft()
    assert [one.opens for one in drafts.waiting(me)] == [("new_account", {})]
    again = EasirApp(store, log_in("anna"), app.settings)
    async with running(again, size=(80, 24)) as pilot:
        await settle(pilot)
        assert "New account" in screen_text(again)
        assert "Sydlys" in screen_text(again)


async def test_all_facts_are_changed_in_one_form(app: EasirApp, me: Me, companies: dict[str, int]) -> None:
    """Only what was edited is saved; a colleague's change of the same field is shown beside mine (V17)."""
    async with running(app, size=(100, 30)) as pilot:
        await opened(pilot, "E")
        assert "Change the account" in screen_text(app)
        accounts.change(log_in("jens"), companies["Nordlys"], None, city="Risskov", name="Nordlys Leasing")
        await pilot.press("end", *" og Co", "f10")
        await settle(pilot)
        assert "Nordlys Leasing" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        assert "The account is changed" in screen_text(app)
    held = account_page.record(me, companies["Nordlys"])
    assert (held.name, held.address.city) == ("Nordlys Biler A/S og Co", "Risskov")


async def test_the_private_account_cannot_be_edited_or_deleted(app: EasirApp, companies: dict[str, int]) -> None:
    async with running(app, size=(100, 24)) as pilot:
        await opened(pilot, "j", "E")
        assert "cannot be changed" in screen_text(app)
        await pilot.press("d")
        await settle(pilot)
        assert "cannot be deleted" in screen_text(app)


async def test_a_colleagues_change_appears(app: EasirApp, companies: dict[str, int]) -> None:
    """The cursor stays on its row."""
    async with running(app, size=(100, 24)) as pilot:
        await opened(pilot, "G")
        accounts.create(log_in("jens"), NewAccount("Abildgaard"))
        await app.look_for_changes()
        await settle(pilot)
        assert "Abildgaard" in screen_text(app)
        assert app.screen.records.current_id == companies["Ørsted"]


def picture(app: EasirApp, *keys: str) -> Any:
    async def act(pilot: Any) -> None:
        await settle(pilot)
        await opened(pilot, *keys)

    return act


@pytest.mark.parametrize("size", [(80, 24), (132, 36)])
def test_the_list_in_a_picture(
    app: EasirApp, companies: dict[str, int], snap_compare: Any, size: tuple[int, int]
) -> None:
    assert snap_compare(app, terminal_size=size, run_before=picture(app))


@pytest.mark.parametrize("size", [(80, 24), (132, 36)])
def test_the_form_in_a_picture(
    app: EasirApp, companies: dict[str, int], snap_compare: Any, size: tuple[int, int]
) -> None:
    assert snap_compare(app, terminal_size=size, run_before=picture(app, "E"))
