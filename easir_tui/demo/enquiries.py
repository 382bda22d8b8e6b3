"""The leads of the demonstration: some that wait, some that were escalated, and those that old cases came from.

Those that wait are taken in by the rules themselves, as they would come from a portal; their clocks have run until
the evening before the day the story is told from.
"""

from __future__ import annotations

import json
import random

from easir_tui.channels import lead_json
from easir_tui.crm import leads
from easir_tui.crm.users import Me
from easir_tui.data import derived
from easir_tui.data.columns import insert
from easir_tui.data.sqlite import rows, run, value, writing
from easir_tui.demo import names, vehicles
from easir_tui.demo.days import DAYS, Days

_SOURCES = ("Bilportalen", "Hjemmesiden", "Facebook Lead Ads", "Biltorvet")
_WISHES = (
    ("buy", "Hvornår kan den leveres?"), ("test drive", "Jeg vil gerne prøve den i weekenden."),
    ("lease", "Hvad koster den om måneden i privatleasing?"), ("trade-in", "Hvad giver I for min nuværende bil?"),
    ("buy", "Kan jeg få et tilbud med vinterhjul?"),
)  # fmt: skip
_AGES = ((0, 62_400), (0, 60_300), (0, 52_000), (1, 40_500), (2, 58_000), (4, 36_000))
"""When the waiting ones came: days before yesterday, and seconds into that day."""

_EVERY = 14
"""One case in so many came from a lead."""

_OLD = "SELECT id, contact_id, account_id, manager_id, team_id, product, opened_at FROM sales_case WHERE id % ? = 0"


def tell(me: Me, rng: random.Random, days: Days, contacts: int) -> None:
    """Take in the leads that wait, let the clocks run, and say where some of the old cases came from."""
    _old(rng)
    before = int(value("SELECT coalesce(max(id), 0) FROM event"))
    for number in range(min(6 + contacts // 400, 60)):
        record = _enquiry(rng, days, number)
        raw = json.dumps(record, ensure_ascii=False, indent=1).encode()
        leads.arrive(me, lead_json.read(raw), raw, f"lead-{number + 1}.json")
    with writing():  # the story ends the evening before its day, whenever it is told
        told, midnight = days.at(DAYS - 1, 64_000), days.midnight[DAYS]
        run("UPDATE event SET at = ? WHERE id > ?", told, before)
        for table in ("lead", "lead_file"):
            run(f"UPDATE {table} SET created_at = ?1, updated_at = ?1 WHERE created_at > ?1", told)
        run("UPDATE lead SET status = 'escalated', escalated_at = due_at WHERE status = 'assigned' AND due_at < ?",
            midnight)  # fmt: skip


def _enquiry(rng: random.Random, days: Days, number: int) -> dict[str, object]:
    first, last = names.person(rng)
    car = vehicles.NEW[int(rng.random() * len(vehicles.NEW))]
    kind, words = _WISHES[int(rng.random() * len(_WISHES))]
    age, second = _AGES[number % len(_AGES)]
    town = names.TOWNS[int(rng.random() * 6)]
    told: dict[str, object] = {
        "id": f"L-{4200 + number}", "source": _SOURCES[int(rng.random() * len(_SOURCES))], "type": kind,
        "received_at": days.at(DAYS - 1 - age, second), "first_name": first, "last_name": last,
        "email": f"{names.dialled(first)}.{names.dialled(last)}@post.example", "mobile": names.mobile(rng),
        "postcode": town.postcode, "city": town.city, "product": car.name, "interest": words,
        "team": "Aarhus Nord" if rng.random() < 0.6 else "",
    }  # fmt: skip
    if number % 3 == 1:
        told["consents"] = {"phone": True, "email": rng.random() < 0.5}
    if number % 4 == 2:
        told["comments"] = ["Kunden træffes bedst efter kl. 16."]
    return told


def _old(rng: random.Random) -> None:
    """The leads that some of the cases came from, answered sooner or later."""
    with writing():
        touched = []
        for case_id, contact_id, account_id, manager_id, team_id, product, opened_at in rows(_OLD, _EVERY):
            name, email, phone, city = rows("SELECT name, email, phone, city FROM contact WHERE id = ?", contact_id)[0]
            kind, words = _WISHES[int(rng.random() * len(_WISHES))]
            received = opened_at - 300 - int(rng.random() ** 3 * 80_000)
            lead_id = insert("lead", {
                "contact_data": "{}", "interest": words, "product": product, "type": kind, "format": "json",
                "source": _SOURCES[int(rng.random() * len(_SOURCES))], "external_id": f"L-{1000 + case_id}",
                "received_at": received, "team_id": team_id, "audience": derived.audience([team_id]),
                "status": "accepted", "accepted_at": opened_at, "accepted_by": manager_id, "name": name,
                "email": email, "phone": phone, "city": city, "contact_id": contact_id, "account_id": account_id,
                "case_id": case_id, "act_by_at": opened_at + 14_400, "created_at": received, "updated_at": opened_at,
            })  # fmt: skip
            run("UPDATE sales_case SET lead_id = ? WHERE id = ?", lead_id, case_id)
            touched.append(contact_id)
        derived.follow_contacts(touched)
        _index()


def _index() -> None:
    from easir_tui.data import search

    names_ = ("id", *search.LEAD_TEXT)
    found = [dict(zip(names_, one, strict=True)) for one in rows(f"SELECT {', '.join(names_)} FROM lead")]
    search.put_plain_many("search_lead", ((one["id"], search.lead_words(one)) for one in found))
