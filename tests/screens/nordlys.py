"""The contact of the drawings: Søren Kjær Mikkelsen of Nordlys Biler, with three years around him."""

from __future__ import annotations

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import time_machine

from easir_tui.clock import When
from easir_tui.crm import activities, attachments, cases, consent, contacts, notes, tasks
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.contact_values import Email as Address
from easir_tui.crm.contact_values import PhoneEntry
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me, enrol, log_in

ZONE = ZoneInfo("Europe/Copenhagen")


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment in Copenhagen."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def seconds(moment: datetime) -> int:
    """A moment as it is stored."""
    return int(moment.timestamp())


def colleague(me: Me, login: str = "jens", full_name: str = "Jens Thomsen") -> Me:
    """A second person who works here."""
    enrol(me, login, full_name)
    return log_in(login)


def make_soren(me: Me, jens: Me) -> int:
    """Søren with his company, cases, consents, plans, history, notes and files; his id."""
    with time_machine.travel(at(2025, 3, 14), tick=False):
        contact_id = contacts.create(
            me,
            NewContact(
                kind="business",
                first_name="Søren Kjær",
                last_name="Mikkelsen",
                job_title="Purchasing manager",
                new_account=NewAccount(
                    name="Nordlys Biler A/S",
                    cvr="10103940",
                    street="Havnegade 12, 2. tv",
                    postcode="8000",
                    city="Aarhus C",
                    phone="+45 86 12 34 56",
                    website="nordlysbiler.dk",
                ),
                emails=(Address("soren@nordlysbiler.dk", "work"), Address("skm@privat.dk", "home")),
                phones=(PhoneEntry("22 41 90 17", "mobile"), PhoneEntry("86 12 34 56", "work")),
                birthday="29/2 1980",
                language="da",
                custom={"Driving licence": "B, BE", "Hobby": "sailing"},
            ),
        )
    with time_machine.travel(at(2026, 10, 12, 9, 30), tick=False):
        consent.record(me, contact_id, "email", "refused", "on the phone")
        case_id = cases.create(me, contact_id, "ID.4 Pro fleet", path="new_car", product="VW ID.4 Pro", value=39990000)
        cases.create(me, contact_id, "Leasing of 2 vans", path="new_car", value=61250000)
    with time_machine.travel(at(2026, 11, 3, 10, 2), tick=False):
        consent.record(me, contact_id, "phone", "given", "signed at the showroom")
    with time_machine.travel(at(2026, 11, 9, 13, 25), tick=False):
        notes.write(jens, contact_id, "Prefers a call before noon.")
    with time_machine.travel(at(2026, 11, 18, 16, 45), tick=False):
        activities.record(
            me,
            ActivityInput(
                contact_id, "meeting", case_id, milestones=("test_drive",), place="Showroom",
                note="Showroom visit, two cars", at=seconds(at(2026, 11, 18, 11)), minutes=45,
            ),
        )  # fmt: skip
        activities.record(
            me,
            ActivityInput(
                contact_id, "email", case_id, milestones=("offer",), consent_override="service message",
                email=Email(("soren@nordlysbiler.dk",), subject="Tilbud ID.4 Pro", body="Kære Søren"),
                at=seconds(at(2026, 11, 18, 16, 40)),
            ),
        )  # fmt: skip
    with time_machine.travel(at(2026, 11, 20, 15, 20), tick=False):
        activities.record(
            me,
            ActivityInput(
                contact_id, "call", case_id, milestones=("first_contact",), direction="out", minutes=6,
                outcome="reached", number="+4522419017", at=seconds(at(2026, 11, 20, 15, 12)),
                note="Wants 4 cars. Board decides 10 Dec. Wants white or graphite.",
            ),
        )  # fmt: skip
        overdue, later = When(at=seconds(at(2026, 11, 23, 10))), When(at=seconds(at(2026, 12, 1, 9)))
        today = When(at=seconds(at(2026, 11, 25, 14, 30)))
        tasks.plan(me, contact_id, "call", overdue, "Ask about trade-in", case_id=case_id)
        tasks.plan(jens, contact_id, "meeting", today, "Test drive, 2 cars", case_id=case_id)
        tasks.plan(me, contact_id, "email", later, "Send leasing contract", case_id=case_id)
        tasks.plan(me, contact_id, "remind", When(day=date(2026, 12, 11)), "Ask how the board decided")
        attachments.add(me, contact_id, io.BytesIO(b"%PDF-1.4 scan of a driving licence"), "kørekort.pdf")
        attachments.add(jens, contact_id, io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(20_000)), "nummerplade.png", case_id)
    return contact_id
