"""Templates on screen: written with fields, offered where they belong, changed by those whose they are."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui.app import EasirApp
from easir_tui.config import Settings
from easir_tui.crm import cases, templates
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from easir_tui.data.sqlite import value
from tests.conftest import SIZES, running, screen_text, settle
from tests.crm.made import a_colleague, a_contact, an_admin
from tests.screens.keys import field, opened, press, typed


def offer(me: Me) -> int:
    return templates.add(
        me, "email", "Offer", scope="company", path="new_car", milestone="offer", language="en",
        subject="Your {{case.product}}", body="Dear {{contact.first_name}}\n\nHere is what we talked about.",
    )  # fmt: skip


async def test_one_is_written_with_a_field_and_offered(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app, size=(132, 36)) as pilot:
        await press(pilot, "g", "e")
        assert "N writes the first one" in screen_text(app)
        await press(pilot, "N")
        await typed(pilot, "Thanks")
        field(app, "body").focus()
        await typed(pilot, "Dear ")
        await press(pilot, "f9")
        await typed(pilot, "first")
        await press(pilot, "enter")
        await app.screen.keep()  # type: ignore[attr-defined]
        await press(pilot, "f10")
        (made,) = templates.listed(me)
        assert (made.kind, made.title, made.body, made.scope) == (
            "email",
            "Thanks",
            "Dear {{contact.first_name}}",
            "own",
        )
        assert value("SELECT count(*) FROM draft") == 0
        assert "Thanks" in screen_text(app)
        await opened(pilot, "activity", kind="email", contact_id=contact)
        assert "Thanks" in [label for _value, label in field(app, "suggestion").choices]


async def test_the_milestones_are_those_of_the_path(app: EasirApp, me: Me) -> None:
    offer(me)
    async with running(app) as pilot:
        await press(pilot, "g", "e", "enter")
        assert field(app, "milestone").value == "offer"
        field(app, "path").value = "used_car"
        await settle(pilot)
        assert field(app, "milestone").value == ""
        assert "offer" not in [held for held, _label in field(app, "milestone").choices]
        field(app, "kind").value = "note"
        await settle(pilot)
        assert not app.screen.form.row("subject").display  # type: ignore[attr-defined]
        await press(pilot, "f10")
        (held,) = templates.listed(me)
        assert (held.kind, held.path, held.milestone, held.subject) == ("note", "used_car", "", "")
        await press(pilot, "4")
        assert "Offer" in screen_text(app)
        await press(pilot, "2")
        assert "Offer" not in screen_text(app)
        await press(pilot, "1", "d")
        assert templates.listed(me) == []
        await press(pilot, "u")
        assert len(templates.listed(me)) == 1


async def test_a_slip_in_a_field_is_said_beside_the_text(app: EasirApp, me: Me) -> None:
    offer(me)
    async with running(app) as pilot:
        await press(pilot, "g", "e", "E")
        field(app, "body").text = "Dear {{contact.frist_name}}"
        await press(pilot, "f10")
        assert "There is no field {{contact.frist_name}}." in screen_text(app)


async def test_what_is_everybodys_is_read_by_all_and_changed_by_an_admin(store: Store, me: Me) -> None:
    offer(me)
    app = EasirApp(store, a_colleague(me), Settings(theme="dark", home="contacts"))
    async with running(app) as pilot:
        await press(pilot, "g", "e", "enter")
        assert "Here is what we talked about." in screen_text(app)
        assert "Only an admin can do that." in screen_text(app)
        await press(pilot, "escape", "d")
        assert len(templates.listed(me)) == 1
        await press(pilot, "N")
        assert [held for held, _label in field(app, "scope").choices] == ["own"]


async def test_two_who_write_one_settle_it(app: EasirApp, me: Me) -> None:
    number = offer(me)
    async with running(app) as pilot:
        await press(pilot, "g", "e", "enter")
        field(app, "title").value = "Our offer"
        templates.change(an_admin(me), number, None, title="The offer", subject="Hello")
        await press(pilot, "f10")
        assert "The offer" in screen_text(app)
        await press(pilot, "f10")
        await settle(pilot)
        held = templates.facts(me, number)
        assert (held.title, held.subject) == ("Our offer", "Hello")


async def test_a_lost_line_keeps_what_was_written(app: EasirApp, me: Me) -> None:
    async with running(app) as pilot:
        await press(pilot, "g", "e", "N")
        await typed(pilot, "Thanks")
        await app.screen.save_draft()  # type: ignore[attr-defined]
        assert value("SELECT kind FROM draft") == "template"
        await press(pilot, "escape")
        await press(pilot, "K")
        assert "Template" in screen_text(app)


async def test_a_case_brings_its_own(app: EasirApp, me: Me) -> None:
    """Those of a path are offered once a case of it is chosen."""
    offer(me)
    contact = a_contact(me)
    cases.create(me, contact, "Golf", path="used_car")
    golf = cases.create(me, contact, "ID.4", path="new_car")
    async with running(app) as pilot:
        await opened(pilot, "activity", kind="email", contact_id=contact, case_id=golf)
        screen = app.screen
        screen.form.fill({"milestones": ["offer"]})  # type: ignore[attr-defined]
        await settle(pilot)
        assert "Offer" in [label for _value, label in field(app, "suggestion").choices]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pressed", [(), ("enter",), ("enter", "f9")], ids=["list", "form", "fields"])
def test_picture(app: EasirApp, me: Me, snap_compare: Any, pressed: tuple[str, ...], size: tuple[int, int]) -> None:
    """The list, the form, the fields."""
    offer(me)
    templates.add(me, "note", "After a test drive", body="Drove the\nLiked: \nNext: ")
    templates.add(me, "letter", "Service invitation", language="da", path="used_car", body="Kære {{contact.name}}")

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await press(pilot, "g", "e", *pressed)
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)
