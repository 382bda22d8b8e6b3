"""The form for a new contact, by its keys: kinds, companies on the way, duplicates, what is refused, drafts."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from easir_tui.app import EasirApp
from easir_tui.crm import contact_list, contacts, drafts, duplicates
from easir_tui.crm.contact_values import Email
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data.models import Account, Contact, Draft
from easir_tui.screens.contacts import ContactsScreen
from easir_tui.screens.new_contact import NewContactScreen
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.screens.crowd import make_crowd


@pytest.fixture
def crowd(me: Me) -> dict[str, int]:
    """The little dealership."""
    return make_crowd(me)


async def begin(pilot: Any) -> None:
    """N, and the form is there."""
    await pilot.press("N")
    await settle(pilot)


async def fill(pilot: Any, *fields: str) -> None:
    """Type the fields from the first name on, Tab between them."""
    for number, words in enumerate(fields):
        if number:
            await pilot.press("tab")
        await pilot.press(*words)
    await settle(pilot)


async def a_moment(pilot: Any, seconds: float = 0.7) -> None:
    """Long enough for drafts and similar contacts."""
    await asyncio.sleep(seconds)
    await settle(pilot)


async def test_a_private_contact(app: EasirApp, me: Me) -> None:
    """Typed, saved with F10, and its page opens; u takes it back."""
    async with running(app) as pilot:
        await begin(pilot)
        await fill(
            pilot, "Søren", "Mikkelsen", "22419017", "soren@nordlys.dk", "Havnegade 12", "8000", "Aarhus C", "29/2 1980"
        )
        look(app, "new-contact-80")
        assert "+45 22 41 90 17" in screen_text(app)
        assert "29 February 1980" in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        (contact,) = Contact.select()
        assert (contact.name, contact.phone, contact.email) == ("Søren Mikkelsen", "+4522419017", "soren@nordlys.dk")
        assert (contact.street, contact.postcode, contact.city) == ("Havnegade 12", "8000", "Aarhus C")
        assert (contact.birthday, contact.responsible_id) == ("1980-02-29", me.user_id)
        assert "Søren Mikkelsen" in screen_text(app)
        assert not isinstance(app.screen, ContactsScreen | NewContactScreen)
        assert not Draft.select().exists()
        await pilot.press("q")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, ContactsScreen)
        assert screen.records.current_id == contact.id
        await pilot.press("u")
        await settle(pilot)
        assert contact_list.count(me) == 0


async def test_a_business_contact_of_a_company_picked_as_it_is_typed(app: EasirApp, crowd: dict[str, int]) -> None:
    """V3, V13: the company is found by a few letters; the address is the company's, so none is asked."""
    async with running(app) as pilot:
        await begin(pilot)
        await pilot.press("shift+tab", "right", "tab")
        await settle(pilot)
        await pilot.press(*"nord")
        await a_moment(pilot, 0.2)
        look(app, "new-contact-company-80")
        assert "Nordlys Biler A/S" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Street" not in screen_text(app)
        await pilot.press("tab", *"Buyer", "tab", *"Ib", "tab", *"Bæk", "ctrl+s")
        await settle(pilot)
        contact = Contact.get(Contact.first_name == "Ib")
        assert (contact.kind, contact.job_title, contact.account.name) == ("business", "Buyer", "Nordlys Biler A/S")


async def test_a_company_made_on_the_way(app: EasirApp, crowd: dict[str, int]) -> None:
    """A wrong CVR number warns and does not refuse; the address typed is the company's."""
    async with running(app) as pilot:
        await begin(pilot)
        await pilot.press("shift+tab", "right", "tab", "enter")
        await settle(pilot)
        await pilot.press(*"Ærø [DK] ApS")
        await a_moment(pilot, 0.2)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("tab", *"12345678")
        await settle(pilot)
        assert "check digit" in screen_text(app)
        await pilot.press("tab", "tab", *"Ib", "tab", "tab", "tab", "tab", *"Vej 1", "f10")
        await settle(pilot)
        contact = Contact.get(Contact.first_name == "Ib")
        assert (contact.account.name, contact.account.cvr, contact.account.street) == (
            "Ærø [DK] ApS",
            "12345678",
            "Vej 1",
        )
        assert contact.street == ""


async def test_a_company_that_is_here_already_is_asked_about(app: EasirApp, crowd: dict[str, int]) -> None:
    """The same name, typed by hand: a number takes the company there is."""
    async with running(app) as pilot:
        await begin(pilot)
        await pilot.press("shift+tab", "right", "tab", "enter")
        await settle(pilot)
        await pilot.press(*"nordlys biler a/s")
        await a_moment(pilot, 0.2)
        await pilot.press("end", "down", "enter")
        await settle(pilot)
        await pilot.press("tab", "tab", "tab", *"Ib", "f10")
        await settle(pilot)
        look(app, "new-contact-same-company-80")
        assert "Is it this company?" in screen_text(app)
        await pilot.press("1")
        await settle(pilot)
        contact = Contact.get(Contact.first_name == "Ib")
        assert contact.account.name == "Nordlys Biler A/S"
        assert Account.select().count() == 3


async def test_a_business_contact_without_a_company_is_refused_beside_the_field(app: EasirApp, me: Me) -> None:
    """V3; before any question about duplicates, and what was typed stays."""
    async with running(app) as pilot:
        await begin(pilot)
        contacts.create(me, NewContact(first_name="Ib", last_name="Bæk"))
        await fill(pilot, "Ib", "Bæk")
        await pilot.press("shift+tab", "shift+tab", "right", "f10")
        await settle(pilot)
        look(app, "new-contact-refused-80")
        assert "needs a company" in screen_text(app)
        assert "Bæk" in screen_text(app)
        assert contact_list.count(me) == 1
        assert Account.select().count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (("", "", "", ""), "Write a name, an e-mail address or a phone number."),
        (("   ", " "), "Write a name, an e-mail address or a phone number."),
        (("A", "B", "", "anna@firma"), "looks incomplete"),
        (("A", "B", "20304050 / +45 20 30 40 50"), "is here already"),
        (("A", "B", "", "a@b.dk A@B.dk"), "is here already"),
        (("A", "B", "", "", "", "", "", "31/2"), "is not a birthday"),
        (("x" * 501,), "too long"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    app: EasirApp, me: Me, fields: tuple[str, ...], sentence: str
) -> None:
    """Faults 14, 30, 45."""
    async with running(app, (120, 36)) as pilot:
        await begin(pilot)
        screen = app.screen
        assert isinstance(screen, NewContactScreen)
        assert screen.form is not None
        names = ("first_name", "last_name", "phone", "email", "street", "postcode", "city", "birthday")
        screen.form.fill(dict(zip(names, fields, strict=False)))
        await pilot.press("f10")
        await settle(pilot)
        assert sentence in " ".join(screen_text(app).split())
        assert not Contact.select().exists()
        assert isinstance(app.screen, NewContactScreen)


async def test_two_numbers_in_one_field_are_two(app: EasirApp, me: Me) -> None:
    """Faults 85."""
    async with running(app) as pilot:
        await begin(pilot)
        await fill(pilot, "A", "B", "20304050 / 20304051", "a@b.dk, c@d.dk")
        await pilot.press("f10")
        await settle(pilot)
        (contact,) = Contact.select()
        assert [item["number"] for item in contact.phones] == ["+4520304050", "+4520304051"]
        assert [item["address"] for item in contact.emails] == ["a@b.dk", "c@d.dk"]


async def test_someone_like_that_is_shown_while_typing_and_asked_about_when_saving(
    app: EasirApp, me: Me, crowd: dict[str, int]
) -> None:
    """Faults 13: another spelling of one number; its key opens the one who is here, and the text stays a draft."""
    async with running(app) as pilot:
        await begin(pilot)
        await fill(pilot, "Anne", "Soerensen", "0045 23543962")
        await a_moment(pilot)
        look(app, "new-contact-similar-80")
        assert "Perhaps here already" in screen_text(app)
        assert "same phone number, +45 23 54 39 62" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        look(app, "new-contact-ask-80")
        assert contact_list.count(me) == 9
        await pilot.press("1")
        await settle(pilot)
        assert "Anne Sørensen" in screen_text(app)
        assert contact_list.count(me) == 9
        assert drafts.take(me, "contact:new") is not None


async def test_saving_all_the_same_is_one_more_key(app: EasirApp, me: Me, crowd: dict[str, int]) -> None:
    """Faults 15."""
    async with running(app) as pilot:
        await begin(pilot)
        await fill(pilot, "Per", "Sørensen", "", "soerensen@EXAMPLE.dk")
        await pilot.press("f10")
        await settle(pilot)
        assert "same e-mail address" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, NewContactScreen)
        await pilot.press("f10", "s")
        await settle(pilot)
        assert contact_list.count(me) == 10
        assert len(duplicates.similar(me, NewContact(last_name="X", emails=(Email("soerensen@example.dk"),)))) == 2


async def test_what_is_typed_is_in_the_database_within_a_second(app: EasirApp, me: Me) -> None:
    """Faults 95: no end of the program is needed for it, so a kill -9 loses nothing; it opens again as it was."""
    async with running(app) as pilot:
        await begin(pilot)
        await fill(pilot, "Søren [b]", "Mik", "22419017")
        await a_moment(pilot)
        kept = drafts.take(me, "contact:new")
        assert kept is not None
        assert kept["texts"]["first_name"] == "Søren [b]"
        (waiting,) = drafts.waiting(me)
        assert waiting.left is False
        assert waiting.opens == ("new_contact", {})


async def test_a_draft_that_was_cut_off_opens_by_itself(app: EasirApp, me: Me) -> None:
    """Faults 95."""
    texts = {"kind": "business", "company": ["Nordlys ny", "Nordlys ny"], "first_name": "Søren", "phone": "22419017"}
    drafts.keep(me, "contact:new", "new_contact", {"arguments": {}, "texts": texts})
    async with running(app) as pilot:
        await settle(pilot)
        assert isinstance(app.screen, NewContactScreen)
        for words in ("Business contact", "Nordlys ny", "Søren", "CVR number"):
            assert words in screen_text(app)
        await pilot.press("f10")
        await settle(pilot)
        (contact,) = Contact.select()
        assert (contact.name, contact.account.name) == ("Søren", "Nordlys ny")
        assert not Draft.select().exists()


async def test_leaving_keeps_the_text_and_offers_it_again(app: EasirApp, me: Me) -> None:
    async with running(app) as pilot:
        await begin(pilot)
        await fill(pilot, "Søren", "Mik")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ContactsScreen)
        await begin(pilot)
        assert "Go on with the draft" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert "Mik" in screen_text(app)


async def test_nothing_typed_is_no_draft(app: EasirApp, me: Me) -> None:
    async with running(app) as pilot:
        await begin(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ContactsScreen)
        assert not Draft.select().exists()


async def test_saving_twice_saves_once(app: EasirApp, me: Me) -> None:
    async with running(app) as pilot:
        await begin(pilot)
        await fill(pilot, "Søren", "Mik")
        screen = app.screen
        assert isinstance(screen, NewContactScreen)
        await asyncio.gather(screen.action_save(), screen.action_save())
        await settle(pilot)
        assert contact_list.count(me) == 1


@pytest.mark.parametrize(
    "typed",
    ["[/]", "[red]x[/red]", "[@click=app.quit]x[/]", "👩‍👩‍👧 Ærø", "x" * 300, "a\x1b]52;c;eA==\x07b", "\u202eolE"],
)
async def test_any_text_in_any_field(app: EasirApp, me: Me, typed: str) -> None:
    """Faults 89, 90, 91: shown as typed, saved, and nothing of it reaches the terminal as a command."""
    async with running(app) as pilot:
        await begin(pilot)
        screen = app.screen
        assert isinstance(screen, NewContactScreen)
        assert screen.form is not None
        screen.form.fill(dict.fromkeys(("first_name", "last_name", "phone", "street", "postcode", "city"), typed))
        await a_moment(pilot, 0.1)
        await pilot.press("f10")
        await settle(pilot)
        assert contact_list.count(me) == 1
        shown = screen_text(app)
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        await pilot.press("q")
        await settle(pilot)
        assert "\x1b" not in screen_text(app)


@pytest.mark.parametrize(
    ("typed", "field", "kept"),
    [("Ole Kim Hansen", "last_name", "Hansen"), ("22 41 90 17", "phone", "22 41 90 17"), ("a@b.dk", "email", "a@b.dk")],
)
async def test_what_was_searched_for_is_filled_in(app: EasirApp, me: Me, typed: str, field: str, kept: str) -> None:
    """A name, a number or an address, each where it belongs."""
    async with running(app) as pilot:
        screen = NewContactScreen(name=typed)
        await app.push_screen(screen)
        await settle(pilot)
        assert screen.form is not None
        assert screen.form.texts()[field] == kept


@pytest.mark.parametrize("size", [(20, 6), (40, 10), (200, 60)])
async def test_any_size(app: EasirApp, me: Me, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await begin(pilot)
        await fill(pilot, "A", "B")
        await pilot.press("f10")
        await settle(pilot)
        assert contact_list.count(me) == 1


@pytest.mark.parametrize("size", SIZES)
def test_picture(app: EasirApp, crowd: dict[str, int], snap_compare: Any, size: tuple[int, int]) -> None:
    """Half filled in, with somebody who may be the same person."""

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await begin(pilot)
        await fill(pilot, "Anne", "Sørensen", "23 54 39 62", "anne@firma")
        await a_moment(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)
