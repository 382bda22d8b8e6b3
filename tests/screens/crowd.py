"""A small dealership for the list: Danish names, companies, next steps, last contacts."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from easir_tui import clock
from easir_tui.app import EasirApp
from easir_tui.clock import When
from easir_tui.crm import accounts, cases, contacts, notes, tasks
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import run, writing
from tests.conftest import screen_text, settle

PRIVATE = (
    ("Søren Kjær", "Mikkelsen", "22 41 90 17", "Aarhus C"),
    ("Anne", "Sørensen", "23 54 39 62", "Risskov"),
    ("Åse", "Ærø", "20 30 40 50", "Ribe"),
    ("Zitta", "Østergaard", "", "Vejle"),
    ("Łukasz", "Nowak", "+48 22 123 45 67", "Ribe"),
    ("Aage", "Bak [DK]", "86 12 34 56", "Aarhus N"),
)
BUSINESS = (
    ("Bjørn", "Holm", "Nordlys Biler A/S", "40 11 22 33"),
    ("Lone", "Bæk", "Nordlys Biler A/S", "40 11 22 44"),
    ("Mads", "Friis", "Autohuset Sørup ApS", "40 11 22 55"),
)


def make_crowd(me: Me) -> dict[str, int]:
    """Nine contacts; first name → id."""
    made: dict[str, int] = {}
    companies: dict[str, int] = {}
    for first, last, phone, city in PRIVATE:
        given = NewContact(
            first_name=first, last_name=last, phones=(PhoneEntry(phone),), city=city,
            emails=(Email(f"{last.split()[0].lower()}@example.dk".replace("æ", "ae").replace("ø", "oe")),),
        )  # fmt: skip
        made[first] = contacts.create(me, given)
    for first, last, company, phone in BUSINESS:
        if company not in companies:
            companies[company] = accounts.create(me, NewAccount(company, cvr="10150817", city="Odense C"))
        made[first] = contacts.create(me, NewContact(
            kind="business", first_name=first, last_name=last, account_id=companies[company],
            phones=(PhoneEntry(phone),),
        ))  # fmt: skip
    now = clock.now()
    tasks.plan(me, made["Anne"], "call", When(at=now + 3600))
    tasks.plan(me, made["Bjørn"], "remind", When(day=date(2026, 12, 1)))
    notes.write(me, made["Bjørn"], "Wants white.")
    cases.create(me, made["Bjørn"], "ID.4 Pro", path="new_car")
    tasks.plan(me, made["Søren Kjær"], "call", When(at=now + 60))
    with writing():
        run(
            "UPDATE task SET starts_at = starts_at - 172800, sort_at = sort_at - 172800 WHERE contact_id = ?",
            made["Søren Kjær"],
        )
        run("UPDATE contact SET next_step_at = next_step_at - 172800 WHERE id = ?", made["Søren Kjær"])
    return made


def lines(app: EasirApp) -> list[str]:
    """The rows of the list as they are read."""
    return [line.strip(" ›✓▊▎▃▅▇▆█▁") for line in screen_text(app).splitlines()[3:-1] if line.strip(" ▁▂▃▄▅▆▇█")]


def head(app: EasirApp) -> str:
    """The line above the list."""
    return screen_text(app).splitlines()[1]


async def type_in(pilot: Any, words: str) -> None:
    """Type, and wait until the filter has answered."""
    await pilot.press(*words)
    await asyncio.sleep(0.1)
    await settle(pilot)
