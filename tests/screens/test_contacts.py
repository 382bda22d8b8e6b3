"""The list of contacts, by its keys: the filter, the order, marks, deleting, copying, and what colleagues do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual import events

from easir_tui import text
from easir_tui.app import EasirApp
from easir_tui.crm import contact_list, contacts, notes
from easir_tui.crm.contact_values import PhoneEntry
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Contact
from easir_tui.data.sqlite import run, writing
from easir_tui.screens.contacts import ContactsScreen
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.crm.made import a_colleague
from tests.screens.crowd import head, lines, make_crowd, type_in


@pytest.fixture
def crowd(me: Me) -> dict[str, int]:
    """The little dealership."""
    return make_crowd(me)


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_list_teaches(app: EasirApp, size: tuple[int, int]) -> None:
    """Nobody yet: how to add the first, and that whole files can be imported."""
    async with running(app, size):
        look(app, f"contacts-empty-{size[0]}")
        assert "There are no contacts yet." in screen_text(app)
        assert "easir import FILE.vcf" in screen_text(app)


async def test_danish_order_and_what_a_row_shows(app: EasirApp, crowd: dict[str, int]) -> None:
    """Faults 70, 89: å last, brackets as they are stored, the next step with a sign where it is due."""
    async with running(app, (132, 36)):
        look(app, "contacts-132")
        shown = lines(app)
        assert [row.split("  ")[0] for row in shown] == [
            "Anne Sørensen", "Bjørn Holm", "Lone Bæk", "Łukasz Nowak", "Mads Friis", "Søren Kjær Mikkelsen",
            "Zitta Østergaard", "Aage Bak [DK]", "Åse Ærø",
        ]  # fmt: skip
        assert "+45 23 54 39 62" in shown[0]
        assert "• today" in shown[0]
        assert "Nordlys Biler A/S" in shown[1]
        assert "Tue  1 Dec" in shown[1]
        assert "● opportunity" in shown[1]
        assert "! Mon 23 Nov 14:01" in shown[5]


async def test_the_filter_narrows_as_it_is_typed(app: EasirApp, crowd: dict[str, int]) -> None:
    """Shown and total stand beside it; Esc shows everybody again with the cursor where it was."""
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_in(pilot, "soren")
        assert [row.split("  ")[0] for row in lines(app)] == ["Anne Sørensen", "Søren Kjær Mikkelsen"]
        assert "2 of 9" in head(app)
        await pilot.press("down")
        await settle(pilot)
        await pilot.press("j")
        await pilot.press("escape")
        await settle(pilot)
        assert len(lines(app)) == 9
        assert "› Søren" in screen_text(app).replace("›  ", "› ")


@pytest.mark.parametrize("typed", ["nordlys", "4011", "40 11 22", "+45 4011"])
async def test_the_filter_finds_by_company_and_number(app: EasirApp, crowd: dict[str, int], typed: str) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_in(pilot, typed)
        found = [row.split("  ")[0] for row in lines(app)]
        assert found[:2] == ["Bjørn Holm", "Lone Bæk"]


async def test_by_the_ringing_number_to_the_page(app: EasirApp, crowd: dict[str, int]) -> None:
    """/ number Enter Enter."""
    async with running(app) as pilot:
        await pilot.press("slash", *"23543962", "enter", "enter")
        await asyncio.sleep(0.1)
        await settle(pilot)
        assert "Anne Sørensen" in screen_text(app)
        assert not isinstance(app.screen, ContactsScreen)


async def test_enter_waits_for_the_filter(app: EasirApp, crowd: dict[str, int]) -> None:
    """Keys faster than the answer open what was typed for, never the row that stood there before."""
    async with running(app) as pilot:
        for key in ("slash", *"zitta", "enter", "enter"):
            app.post_message(events.Key(key, {"slash": "/", "enter": "\r"}.get(key, key)))
        await asyncio.sleep(0.2)
        await settle(pilot)
        assert "Zitta Østergaard" in screen_text(app).splitlines()[1]


async def test_the_filter_survives_the_page_of_a_contact(app: EasirApp, crowd: dict[str, int]) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_in(pilot, "ribe")
        await pilot.press("enter", "down", "enter")
        await settle(pilot)
        assert not isinstance(app.screen, ContactsScreen)
        await pilot.press("q")
        await settle(pilot)
        assert "2 of 9" in head(app)
        screen = app.screen
        assert isinstance(screen, ContactsScreen)
        assert screen.records.current_id == crowd["Åse"]


async def test_a_stale_answer_is_dropped(app: EasirApp, crowd: dict[str, int]) -> None:
    """The answer to an older question that comes last changes nothing."""
    async with running(app) as pilot:
        screen = app.screen
        assert isinstance(screen, ContactsScreen)
        await pilot.press("slash")
        await type_in(pilot, "ribe")
        real = app.ask

        async def slow(fn: Any, *args: Any, **more: Any) -> Any:
            answer = await real(fn, *args, **more)
            if fn is contact_list.find and args[0] == "s":
                await asyncio.sleep(0.3)
            return answer

        app.ask = slow  # type: ignore[method-assign]
        screen.filter_line.value = "s"
        late = asyncio.ensure_future(screen.narrow())
        await asyncio.sleep(0.05)
        screen.filter_line.value = "zitta"
        await screen.narrow()
        await late
        assert [row.split("  ")[0] for row in lines(app)] == ["Zitta Østergaard"]
        assert "1 of 9" in head(app)


async def test_nobody_found_offers_to_add_them(app: EasirApp, crowd: dict[str, int]) -> None:
    """What was typed is filled in."""
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_in(pilot, "Ole [b] Hansen")
        look(app, "contacts-nobody-80")
        assert "Nobody is found by “Ole [b] Hansen”." in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("N")
        await settle(pilot)
        assert "Ole [b]" in screen_text(app)
        assert "Hansen" in screen_text(app)


async def test_every_sign_can_be_typed_into_the_filter(app: EasirApp, crowd: dict[str, int]) -> None:
    """Faults 71, 90."""
    async with running(app) as pilot:
        screen = app.screen
        assert isinstance(screen, ContactsScreen)
        await pilot.press("slash")
        for sign in (
            *(chr(code) for code in range(33, 127)),
            "æ",
            "é",
            "€",
            "👩‍👩‍👧",
            "\x1b[31m",
            "[/]",
            "[@click=app.quit]x",
        ):
            screen.filter_line.value = sign
            await asyncio.sleep(0)
            await screen.narrow()
        assert "\x1b" not in screen_text(app)


async def test_order_and_turning_it_round(app: EasirApp, crowd: dict[str, int]) -> None:
    """s shows the orders with their keys; the same one again turns it round. Faults 105."""
    async with running(app) as pilot:
        await pilot.press("s")
        await settle(pilot)
        look(app, "contacts-sort-80")
        await pilot.press("x")
        await settle(pilot)
        assert [row.split("  ")[0] for row in lines(app)][:4] == [
            "Søren Kjær Mikkelsen", "Anne Sørensen", "Bjørn Holm", "Lone Bæk",
        ]  # fmt: skip
        assert "by next step" in head(app)
        await pilot.press("s", "r")
        await settle(pilot)
        assert [row.split("  ")[0] for row in lines(app)][-1] == "Søren Kjær Mikkelsen"
        assert "turned round" in head(app)
        await pilot.press("slash")
        await type_in(pilot, "soren")
        assert [row.split("  ")[0] for row in lines(app)] == ["Anne Sørensen", "Søren Kjær Mikkelsen"]


async def test_no_more_rows_are_read_than_are_near_the_window(
    app: EasirApp, me: Me, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Faults 65: the first and the last page of 3,000, and a filter of a thousand, cost a few hundred rows."""
    with step(me, "added many", shown=False) as work:
        work.add_many(Contact, [
            {"kind": "private", "account_id": 1, "responsible_id": me.user_id, "first_name": "Nr.",
             "last_name": f"{n:04}", "city": "Ribe", "emails": [], "phones": []} for n in range(3000)
        ])  # fmt: skip
    read: list[int] = []
    real = contact_list.rows_of

    def counted(me: Me, ids: Any) -> Any:
        read.append(len(ids))
        return real(me, ids)

    monkeypatch.setattr(contact_list, "rows_of", counted)
    async with running(app) as pilot:
        assert sum(read) <= 200
        await pilot.press("G")
        await settle(pilot)
        assert sum(read) <= 400
        screen = app.screen
        assert isinstance(screen, ContactsScreen)
        screen.filter_line.value = "ribe"
        await settle(pilot)
        await asyncio.sleep(0.1)
        await settle(pilot)
        assert screen.records.total == 1000
        assert sum(read) <= 600


async def test_copying_goes_to_the_terminal(app: EasirApp, crowd: dict[str, int]) -> None:
    """OSC 52; with both a number and an address it asks which."""
    async with running(app) as pilot:
        await pilot.press("y")
        await settle(pilot)
        await pilot.press("p")
        await settle(pilot)
        assert app.clipboard == "+45 23 54 39 62"
        assert "terminal's clipboard" in screen_text(app)
        await pilot.press("j", "y")
        await settle(pilot)
        assert app.clipboard == "+45 40 11 22 33"


async def test_a_colleagues_contact_appears_and_nothing_moves(app: EasirApp, me: Me, crowd: dict[str, int]) -> None:
    """Cursor, marks and filter stay while others save."""
    jens = a_colleague(me)
    async with running(app) as pilot:
        screen = app.screen
        assert isinstance(screen, ContactsScreen)
        await pilot.press("slash")
        await type_in(pilot, "ribe")
        await pilot.press("enter", "down")
        await settle(pilot)
        await pilot.press("space")
        contacts.create(jens, NewContact(last_name="Ny", city="Ribe"))
        await app.look_for_changes()
        await settle(pilot)
        assert "3 of 10" in head(app)
        assert screen.records.marked_ids == {crowd["Åse"]}
        assert screen.records.current_id == crowd["Åse"]


async def test_what_happens_to_contacts_far_away_costs_nothing(
    app: EasirApp, me: Me, crowd: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note on a loaded contact is read anew, one on any other is not, unless it can move in the order."""
    jens = a_colleague(me)
    reads: list[int] = []
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_in(pilot, "ribe")
        screen = app.screen
        assert isinstance(screen, ContactsScreen)
        monkeypatch.setattr(contact_list, "find", _counted(contact_list.find, reads))
        notes.write(jens, crowd["Anne"], "Far away")
        await app.look_for_changes()
        await settle(pilot)
        assert reads == []
        notes.write(jens, crowd["Åse"], "Here")
        await app.look_for_changes()
        await settle(pilot)
        assert reads
        assert screen.records.total == 2


def _counted(fn: Any, calls: list[int]) -> Any:
    def counted(*args: Any, **more: Any) -> Any:
        calls.append(1)
        return fn(*args, **more)

    return counted


HOSTILE = (
    "Acme [DK] ApS", "Bo [/] x", "Bo [b", "[red]Ole[/red]", "[@click=app.quit]klik[/]", "A\x1b]52;c;eA==\x07B",
    "\x1b[2J\x9b31m", "\u202eslatab\u202c", "a\tb\nc", "👩‍👩‍👧‍👦 Familien", "🇩🇰 Ole", "Bj\u0061\u030arn", "漢字" * 60,
    "\u0301\u0301", "x" * 300,
)  # fmt: skip


async def test_hostile_names_that_got_in_are_shown_and_do_nothing(app: EasirApp, me: Me) -> None:
    """Faults 89, 91, 98: whatever wrote the row; in the list, the question, the sentence, and the next page."""
    ids = [contacts.create(me, NewContact(last_name="X", city="Ribe", phones=(PhoneEntry("1"),))) for _ in HOSTILE]
    with writing():
        for contact_id, name in zip(ids, HOSTILE, strict=True):
            run("UPDATE contact SET name = ?1, city = ?1, phone = ?1, email = ?1 WHERE id = ?2", name, contact_id)
    async with running(app, (132, 36)) as pilot:
        seen = [screen_text(app)]
        for key in (*"yp", "asterisk", "d", "n", "enter", "q", *"jyejyejyejyejye", "d", "u"):
            await pilot.press(key)
            await settle(pilot)
            seen.append(screen_text(app))
        for shown in seen:
            assert not {sign for sign in shown if (ord(sign) < 32 and sign != "\n") or 0x7F <= ord(sign) < 0xA0}
            assert "\u202e" not in shown
            assert {text.cells(row) <= 132 for row in shown.splitlines()} == {True}
        for name in HOSTILE[:5]:
            assert name in seen[0]
        assert contact_list.count(me) == len(HOSTILE)


@pytest.mark.parametrize("size", [(20, 6), (40, 10), (200, 60)])
async def test_any_size(app: EasirApp, crowd: dict[str, int], size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await pilot.press("slash", *"ri", "escape", "space", "s")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert screen_text(app)


@pytest.mark.parametrize("size", SIZES)
def test_picture(app: EasirApp, crowd: dict[str, int], snap_compare: Any, size: tuple[int, int]) -> None:
    """The list with everybody in it."""
    assert snap_compare(app, terminal_size=size, run_before=settle)


@pytest.mark.parametrize("size", SIZES)
def test_picture_of_a_filter_with_marks(
    app: EasirApp, crowd: dict[str, int], snap_compare: Any, size: tuple[int, int]
) -> None:
    """Three marked, one of them not shown."""

    async def act(pilot: Any) -> None:
        await settle(pilot)
        await pilot.press("space", "space", "space", "slash")
        await type_in(pilot, "4011")
        await pilot.press("down")
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=act)
