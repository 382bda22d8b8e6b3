"""The account page: tabs, side bar, notes, the acts on the contact under the cursor, live changes, both languages."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui import language
from easir_tui.app import EasirApp
from easir_tui.crm import account_contacts, account_page, accounts, contacts, drafts, notes
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me, log_in
from easir_tui.data.journal import step
from easir_tui.data.models import PRIVATE_ACCOUNT, Contact, Membership, Team
from easir_tui.data.sqlite import row, value
from tests.conftest import look, running, screen_text, settle
from tests.crm.made import a_colleague
from tests.screens.crowd import type_in
from tests.screens.nordlys import make_soren


@pytest.fixture
def nordlys(me: Me) -> int:
    """The company of the drawings, with a second contact."""
    soren = make_soren(me, a_colleague(me))
    account_id = int(value("SELECT account_id FROM contact WHERE id = ?", soren))
    new = NewContact(
        kind="business", first_name="Lone", last_name="Bæk", job_title="Økonomichef", account_id=account_id
    )
    notes.write(me, contacts.create(me, new), "Pays within eight days.")
    return account_id


async def opened(app: EasirApp, pilot: Any, account_id: int, *keys: str) -> None:
    """The page, and keys pressed on it."""
    await app.open("account", account_id=account_id)
    await settle(pilot)
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def test_everything_stands_there(app: EasirApp, nordlys: int) -> None:
    """Who it is, how to reach it, everybody with their role, what colleagues wrote and about whom."""
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, nordlys)
        shown = screen_text(app)
        for words in (
            "Nordlys Biler A/S", "CVR 10103940", "+45 86 12 34 56", "Havnegade 12, 2. tv", "8000 Aarhus C", "Anna Holm",
            "2 open cases", "1 Contacts 2", "Økonomichef", "Purchasing manager", "Lone Bæk · Anna", "Pays within eight",
        ):  # fmt: skip
            assert words in shown, words
        look(app, "account-wide")


async def test_at_80_columns_it_folds(app: EasirApp, nordlys: int) -> None:
    """How to reach it stays on one line; s opens the side bar, o the notes, Esc closes them."""
    async with running(app, size=(80, 24)) as pilot:
        await opened(app, pilot, nordlys)
        shown = screen_text(app)
        assert "+45 86 12 34 56" in shown.splitlines()[2]
        assert "Havnegade" not in shown
        await pilot.press("s")
        await settle(pilot)
        assert "Havnegade" in screen_text(app)
        await pilot.press("o")
        await settle(pilot)
        assert "Pays within eight days." in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Purchasing manager" in screen_text(app)
        await pilot.press("3")
        await settle(pilot)
        assert "Søren Kjær Mik" in screen_text(app)


async def test_the_five_activities_are_about_the_contact_under_the_cursor(app: EasirApp, me: Me, nordlys: int) -> None:
    """In the list, in the cases and in history; Enter opens the page of the contact."""
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, nordlys, "j", "c")
        assert "Søren Kjær Mikkelsen" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("k", "n", "tab", "tab")
        await settle(pilot)
        assert app.screen.contact_id == account_contacts.find(me, nordlys, "lone")[0]
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("2", "p")
        await settle(pilot)
        assert "Leasing of 2 vans" in screen_text(app)
        await pilot.press("escape", "3", "G", "l")
        await settle(pilot)
        assert app.screen.contact_id in [one.id for one in account_contacts.page(me, nordlys, 0, 9, 2)]
        await pilot.press("escape", "1", "enter")
        await settle(pilot)
        assert "Lone Bæk" in screen_text(app).splitlines()[1]


async def test_a_reminder_is_ticked_off_from_history(app: EasirApp, nordlys: int) -> None:
    """t on a planned step of any contact; u takes it back."""
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, nordlys, "3", "j", "j", "j", "t")
        assert value("SELECT count(*) FROM task WHERE status = 'completed'") == 1
        await pilot.press("u")
        await settle(pilot)
        assert value("SELECT count(*) FROM task WHERE status = 'completed'") == 0


async def test_contacts_are_searched_by_role(app: EasirApp, nordlys: int) -> None:
    async with running(app, size=(80, 24)) as pilot:
        await opened(app, pilot, nordlys, "slash")
        await type_in(pilot, "økonomi")
        shown = screen_text(app)
        assert "Lone Bæk" in shown
        assert "Purchasing manager" not in shown
        await pilot.press("x")
        await type_in(pilot, "y")
        assert "Nobody here is found by" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Purchasing manager" in screen_text(app)


async def test_a_note_is_written_on_the_contact_under_the_cursor(app: EasirApp, nordlys: int) -> None:
    """+ says on whom; it stands in the pane with the name, and u takes it back."""
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, nordlys, "plus", *"Vil have hvid")
        assert "New note on Lone Bæk" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        written = row(
            "SELECT c.first_name, a.account_id FROM activity a JOIN contact c ON c.id = a.contact_id "
            "WHERE a.note = 'Vil have hvid'"
        )
        assert written == ("Lone", nordlys)
        assert "Vil have hvid" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert "Vil have hvid" not in screen_text(app)


async def test_the_pens_save_only_what_was_edited(app: EasirApp, me: Me, nordlys: int) -> None:
    """E on a block; the contact shows the new address (V13); an id in another system is written one a line."""
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, nordlys)
        app.screen.side.block("address").focus()
        await pilot.press("E", "tab", "tab", "end", *"X", "f10")
        await settle(pilot)
        assert "8000 Aarhus CX" in screen_text(app)
        app.screen.side.block("systems").focus()
        await pilot.press("E", *"erp: 10042", "f10")
        await settle(pilot)
        assert "10042" in screen_text(app)
        app.screen.side.block("about").focus()
        await pilot.press("enter", "tab", "end", "backspace", "1")
        await settle(pilot)
        assert "check digit" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        assert "! check digit" in screen_text(app)
    held = account_page.record(me, nordlys)
    assert (held.cvr, held.external_ids, held.address.street) == ("10103941", {"erp": "10042"}, "Havnegade 12, 2. tv")


async def test_a_pen_in_use_is_back_after_the_line_was_cut(app: EasirApp, store: Any, me: Me, nordlys: int) -> None:
    """Faults 95: the page is open again, and the pen with what was typed."""
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, nordlys)
        app.screen.side.block("address").focus()
        await pilot.press("E", *"Ny vej 7")
        await app.screen.save_draft()
    assert [one.opens for one in drafts.waiting(me)] == [("account", {"account_id": nordlys})]
    again = EasirApp(store, log_in("anna"), app.settings)
    async with running(again, size=(132, 36)) as pilot:
        await settle(pilot)
        assert "Ny vej 7" in screen_text(again)
        await pilot.press("f10")
        await settle(pilot)
    assert "Ny vej 7" in account_page.record(me, nordlys).address.street
    assert drafts.waiting(me) == []


async def test_n_adds_a_contact_with_the_company_filled_in(app: EasirApp, nordlys: int) -> None:
    async with running(app, size=(100, 30)) as pilot:
        await opened(app, pilot, nordlys, "N")
        assert "Nordlys Biler A/S" in screen_text(app)
        await pilot.press(*"Pia", "f10")
        await settle(pilot)
        assert "Pia" in screen_text(app)
        assert "1 Contacts 3" in screen_text(app)
    assert row("SELECT kind, account_id FROM contact WHERE first_name = 'Pia'") == ("business", nordlys)


async def test_n_among_the_cases_opens_a_case(app: EasirApp, nordlys: int) -> None:
    """With whom goes without saying where the cursor is on a case; an account without contacts says so."""
    async with running(app, size=(100, 30)) as pilot:
        await opened(app, pilot, nordlys, "2", "N", *"Kodiaq", "f10")
        assert "Kodiaq" in screen_text(app)
        await opened(app, pilot, accounts.create(app.me, NewAccount("Tom")), "2", "N")
        assert "There is no contact here yet" in screen_text(app)
    assert value("SELECT account_id FROM sales_case WHERE title = 'Kodiaq'") == nordlys


async def test_a_company_with_contacts_is_not_deleted(app: EasirApp, nordlys: int) -> None:
    """An empty one is, and its page closes; u brings it back."""
    async with running(app, size=(100, 30)) as pilot:
        await opened(app, pilot, nordlys, "D")
        assert "still has contacts" in screen_text(app)
        empty = accounts.create(app.me, NewAccount("Tom"))
        await opened(app, pilot, empty, "D")
        assert "Tom deleted" in screen_text(app)
        assert app.screen.account_id == nordlys
        await pilot.press("u")
        await settle(pilot)
    assert value("SELECT deleted_at FROM account WHERE id = ?", empty) is None


async def test_two_accounts_are_made_one(app: EasirApp, me: Me, nordlys: int) -> None:
    """M: chosen, shown, one step; u brings both back."""
    double = accounts.create(me, NewAccount("Nordlys Leasing", email="leasing@nordlys.example"))
    contacts.create(me, NewContact("business", "Pia", account_id=double))
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, nordlys, "M")
        await type_in(pilot, "Leasing")
        await pilot.press("enter")
        await settle(pilot)
        shown = screen_text(app)
        assert "Merge Nordlys Leasing into Nordlys Biler A/S?" in shown
        assert "Filled in from it: E-mail." in " ".join(shown.replace("│", " ").split())
        await pilot.press("y")
        await settle(pilot)
        assert "1 Contacts 3" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert "1 Contacts 2" in screen_text(app)


async def test_the_private_account_is_shown_as_what_it_is(app: EasirApp, me: Me) -> None:
    """V2: fixed, no pen, no deletion; its contacts are there."""
    contacts.create(me, NewContact(first_name="Anne", last_name="Sø"))
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, PRIVATE_ACCOUNT)
        shown = screen_text(app)
        assert "Private account, fixed" in shown
        assert "Anne Sø" in shown
        app.screen.side.block("about").focus()
        for key in ("E", "D", "W"):
            await pilot.press(key)
            await settle(pilot)
            assert app.screen.account_id == PRIVATE_ACCOUNT
        assert "cannot be changed" in screen_text(app) or "Private account, fixed" in screen_text(app)


async def test_a_leads_the_way_from_the_contact(app: EasirApp, nordlys: int) -> None:
    """A, or a click on the company's name."""
    soren = account_contacts.find(app.me, nordlys, "søren")[0]
    async with running(app, size=(132, 36)) as pilot:
        await app.open("contact", contact_id=soren)
        await settle(pilot)
        await pilot.press("A")
        await settle(pilot)
        assert app.screen.account_id == nordlys
        await pilot.press("escape")
        await settle(pilot)
        at = screen_text(app).splitlines()[1].index("Nordlys Biler A/S")
        await pilot.click("#name", offset=(at + 2, 0))
        await settle(pilot)
        assert app.screen.account_id == nordlys


async def test_what_a_colleague_saves_appears(app: EasirApp, nordlys: int) -> None:
    """Within a look, without losing the cursor; a contact that moves away goes."""
    jens = log_in("jens")
    lone = account_contacts.find(app.me, nordlys, "lone")[0]
    async with running(app, size=(132, 36)) as pilot:
        await opened(app, pilot, nordlys, "j")
        accounts.change(jens, nordlys, None, phone="22 22 22 22")
        contacts.change(jens, lone, None, kind="private")
        await app.look_for_changes()
        await settle(pilot)
        shown = screen_text(app)
        assert "+45 22 22 22 22" in shown
        assert "Jens changed this" in shown
        assert "Økonomichef" not in shown
        assert app.screen.contact_at_hand() == account_contacts.find(app.me, nordlys, "søren")[0]


async def test_another_teams_contact_is_nowhere_on_it(app: EasirApp, me: Me, store: Any, nordlys: int) -> None:
    """Faults 103: not in list, cases, history, notes, files or search."""
    with step(me, "made a team", shown=False) as making:
        north = making.add(Team, name="Nord")
        making.add(Membership, user_id=me.user_id, team_id=north)
        making.change(Contact, account_contacts.find(me, nordlys, "søren")[0], None, team_id=north)
    seen = EasirApp(store, log_in("jens"), app.settings)
    async with running(seen, size=(132, 36)) as pilot:
        await opened(seen, pilot, nordlys)
        for key in ("1", "2", "3", "4"):
            await pilot.press(key)
            await settle(pilot)
            shown = screen_text(seen)
            assert "Nordlys" in shown
            assert "Søren Kjær" not in shown
            assert "fleet" not in shown
            assert "kørekort" not in shown


async def test_in_danish(app: EasirApp, nordlys: int) -> None:
    language.activate("da")
    try:
        async with running(app, size=(80, 24)) as pilot:
            await opened(app, pilot, nordlys)
            shown = screen_text(app)
            for words in ("Kunde", "2 åbne sager", "Kontaktpersoner 2", "Rolle", "Næste trin"):
                assert words in shown, words
            await opened(app, pilot, PRIVATE_ACCOUNT)
            assert "Privatkunder" in screen_text(app).splitlines()[1]
    finally:
        language.activate("en")


@pytest.mark.parametrize("size", [(1, 1), (20, 6), (60, 12)])
async def test_in_any_window(app: EasirApp, nordlys: int, size: tuple[int, int]) -> None:
    async with running(app, size=size) as pilot:
        await opened(app, pilot, nordlys, "2", "3", "4", "1", "s", "o", "escape", "tab", "E", "escape")
        assert app.is_running


def picture(app: EasirApp, account_id: int, *keys: str) -> Any:
    async def act(pilot: Any) -> None:
        await settle(pilot)
        await opened(app, pilot, account_id, *keys)

    return act


@pytest.mark.parametrize("tab", ["1", "2", "3"])
@pytest.mark.parametrize("size", [(80, 24), (132, 36)])
def test_the_page_in_a_picture(app: EasirApp, nordlys: int, snap_compare: Any, size: tuple[int, int], tab: str) -> None:
    assert snap_compare(app, terminal_size=size, run_before=picture(app, nordlys, tab))
