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


def english_pattern() -> re.Pattern[str]:
    """Any English text of the catalog that no Danish text holds: seen on a screen, it was not translated."""
    all_danish = "\n".join(danish for _english, danish in PAIRS).casefold()
    texts = {
        re.escape(english)
        for english, danish in PAIRS
        if len(english) > 3 and not re.search(r"[{%\n]", english) and english.casefold() not in all_danish
    }
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(texts, reverse=True))})(?!\w)")


WALK = {
    "contacts": ((), "Kontaktpersoner efter navn"),
    "go to": (("g",), "Gå til ─"),
    "help": (("question_mark",), "Lister"),
    "palette": (("ctrl+p",), "Kommandoer"),
    "changes": (("ctrl+p", *"seneste", "enter"), "Dine seneste ændringer"),
    "open anything": (("ctrl+o",), "Skriv et navn, en virksomhed"),
    "sort": (("s",), "Sorter kontaktpersoner"),
    "new contact": (("N",), "Ny kontaktperson"),
    "new contact refused": (("N", "f10"), "Skriv et navn, en e-mailadresse"),
    "contact, details": (("enter", "1"), "Fødselsdag"),
    "contact, cases": (("enter", "2"), "Ingen sager her."),
    "contact, history": (("enter", "3"), "Oprettede kontakt"),
    "contact, files": (("enter", "4"), "Ingen filer endnu."),
    "contact, help": (("enter", "question_mark"), "Skriv et notat"),
    "contact, notes": (("enter", "o"), "Ingen notater endnu."),
    "contact, side bar": (("enter", "s"), "Samtykke"),
    "note": (("enter", "n"), "≡ Notat"),
    "note refused": (("enter", "n", "f10"), "Notatet er tomt."),
    "meeting": (("enter", "m"), "Varighed"),
    "e-mail": (("enter", "e"), "Emne"),
    "e-mail refused": (("enter", "e", "f10"), "Skriv et emne eller en tekst."),
    "call": (("enter", "c"), "Retning"),
    "letter": (("enter", "l"), "brevets tekst"),
    "task": (("enter", "p"), "Planlæg en opgave"),
    "task refused": (("enter", "p", "f10"), "Feltet må ikke være tomt."),
    "new case": (("enter", "N"), "Relationsforløb"),
    "new case refused": (("enter", "N", "f10"), "Feltet må ikke være tomt."),
    "attach": (("enter", "a"), "Vedhæft en fil"),
    "drafts": (("K",), "Kladder"),
    "trash": (("T",), "Papirkurv"),
    "tasks": (("g", "k"), "[Opgaver"),
    "tasks done": (("g", "k", "5"), "Intet er udført endnu."),
    "tasks, help": (("g", "k", "question_mark"), "Opgaveliste"),
    "delete": (("space", "d"), "Slet 1 kontaktperson?"),
    "settings": (("g", "o"), "Tidszone"),
    "filter": (("/", "b", "o"), "1 af 1"),
}
"""Place → the keys that lead there from the list of contacts, and a text that shows one has arrived."""

FOLDED = ("contact, notes", "contact, side bar")
"""Places that a wide window shows anyway."""


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "132x36"])
async def test_no_english_is_left(app, me, size: tuple[int, int]) -> None:
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
    english, left = english_pattern(), {}
    async with running(app, size=size) as pilot:
        for place, (keys, arrived) in WALK.items():
            if place in FOLDED and size != SIZES[0]:
                continue
            for key in keys:
                await pilot.press(key)
                await settle(pilot)
            look(app, f"danish-{place}-{size[0]}")
            shown = screen_text(app)
            assert arrived in shown, f"{place}\n{shown}"
            if found := english.findall(shown):
                left[place] = found
            await app.go("contacts")
            await settle(pilot)
    assert left == {}
