"""A walk through every screen in Danish: nothing English is left on it, nothing is cut away that matters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from easir_tui import language
from easir_tui.crm import contacts
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.crm.contacts import NewContact
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.test_translations import PAIRS


@pytest.fixture(autouse=True)
def danish(fixed_world: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("EASIR_LANG", "da")
    language.activate("da")
    yield
    language.activate("en")


def english_words() -> list[str]:
    """English texts of the catalog that no Danish text holds: seen on a screen, they were not translated."""
    all_danish = "\n".join(danish for _english, danish in PAIRS).casefold()
    return sorted(
        {
            english
            for english, danish in PAIRS
            if len(english) > 3
            and "{" not in english
            and "\n" not in english
            and "%" not in english
            and english != danish
            and english.casefold() not in all_danish
        }
    )


def english_in(shown: str) -> list[str]:
    """The English texts of the catalog that stand on the screen."""
    return [text for text in english_words() if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", shown)]


WALK = {
    "contacts": (),
    "filter": ("/", "b", "o"),
    "go to": ("g",),
    "help": ("question_mark",),
    "palette": ("ctrl+p",),
    "changes": ("ctrl+p", *"seneste", "enter"),
    "open anything": ("ctrl+o",),
    "sort": ("s",),
    "new contact": ("N",),
    "new contact refused": ("N", "f10"),
    "delete": ("space", "d"),
    "contact, details": ("enter", "1"),
    "contact, cases": ("enter", "2"),
    "contact, history": ("enter", "3"),
    "contact, files": ("enter", "4"),
    "contact, help": ("enter", "question_mark"),
    "contact, notes": ("enter", "o"),
    "contact, side bar": ("enter", "s"),
    "note": ("enter", "n"),
    "note refused": ("enter", "n", "f10"),
    "meeting": ("enter", "m"),
    "e-mail": ("enter", "e"),
    "e-mail refused": ("enter", "e", "f10"),
    "call": ("enter", "c"),
    "letter": ("enter", "l"),
    "task": ("enter", "p"),
    "task refused": ("enter", "p", "f10"),
    "new case": ("enter", "N"),
    "new case refused": ("enter", "N", "f10"),
    "attach": ("enter", "a"),
    "tasks": ("g", "k"),
    "tasks done": ("g", "k", "5"),
    "tasks, help": ("g", "k", "question_mark"),
}


WIDE = ("contacts", "contact, details", "contact, history", "tasks")
"""Places that show more in a wide window than in a narrow one."""


@pytest.mark.parametrize(
    ("place", "size"), [*((place, SIZES[0]) for place in WALK), *((place, SIZES[1]) for place in WIDE)], ids=str
)
async def test_no_english_is_left(app, me, place: str, size: tuple[int, int]) -> None:
    contacts.create(
        me,
        NewContact(
            kind="private",
            first_name="Bo",
            last_name="Østergård",
            city="Ærøskøbing",
            emails=(Email("bo@oe.dk", "privat"),),
            phones=(PhoneEntry("22 41 90 17", "mobil"),),
        ),
    )
    async with running(app, size=size) as pilot:
        for key in WALK[place]:
            await pilot.press(key)
            await settle(pilot)
        look(app, f"danish-{place}-{size[0]}")
        shown = screen_text(app)
        assert english_in(shown) == [], shown
