"""Making the demonstration: a car dealership of any size, the same for the same seed and day.

The file is built beside its place under another name and moved there when it is whole, so a demonstration that
was interrupted leaves nothing behind. A setting in it says what it is made of; a database without that setting
is somebody's own and never touched.
"""

from __future__ import annotations

import io
import json
import random
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from easir_tui import clock, config, relations, text
from easir_tui.crm.users import Me, log_in
from easir_tui.data import files
from easir_tui.data.bulk import Load, loading
from easir_tui.data.columns import insert
from easir_tui.data.database import open_store
from easir_tui.data.sqlite import row, run, value, writing
from easir_tui.demo import documents, enquiries, mailbox, names, rows, story, vehicles
from easir_tui.demo.days import Days
from easir_tui.demo.rows import Filed, Seller
from easir_tui.errors import Refused
from easir_tui.language import N_, _

CONTACTS = 400
SEED = 1
_BATCH = 2000

_COLLEAGUES = (
    ("anna", "Anna Holm", "user", "da"),
    ("jens", "Jens Østergaard", "team_admin", "da"),
    ("mette", "Mette Kjær Lund", "user", "da"),
    ("soren", "Søren Bak", "user", "da"),
    ("lars", "Lars-Erik Dahl", "team_admin", "da"),
    ("camilla", "Camilla Åstrup", "user", "da"),
    ("amir", "Amir Hussain", "user", "en"),
)
_HOURS = {
    **{day: [["09:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "sat": [["10:00", "15:00"]],
}
_TEAMS = (
    ("Aarhus Nord", "Havnegade 100", "8000", "Aarhus C", "+4586124400", "nord@kystbyens-biler.example"),
    ("Randers", "Grenåvej 18", "8960", "Randers SØ", "+4586432200", "randers@kystbyens-biler.example"),
)


@dataclass(frozen=True)
class Recipe:
    """What a demonstration is made of: how many contacts, which seed, and the day it is told from (ISO)."""

    contacts: int
    seed: int
    day: str


def place() -> Path:
    """Where the demonstration is unless told otherwise; never the person's own database."""
    return config.data_folder() / "demo.db"


def today() -> str:
    """The day a new demonstration is told from."""
    return clock.today(clock.zone()).isoformat()


def made_of(path: Path) -> tuple[Recipe, bool]:
    """What the demonstration in a file is made of, and whether anybody has changed it since it was made.

    Raises:
        Refused: the file is not a demonstration.
        StoreProblem: it cannot be opened.
    """
    store = open_store(path)
    try:
        found = row("SELECT value FROM setting WHERE key = 'demo'")
        if found is None:
            raise Refused(
                _("{file} is not a demonstration, so it is left alone.").format(file=path),
                _("Name another file with --db."),
            )
        kept = json.loads(found[0])
        changed = value("SELECT max(id) FROM event") != kept.pop("events")
        return Recipe(**kept), changed
    finally:
        store.close()


def build(path: Path, recipe: Recipe) -> None:
    """Make the demonstration and put it at `path`, in place of an older one.

    Raises:
        StoreProblem: the folder cannot be written or the disk is full; what was at `path` is still there.
    """
    fresh = path.with_name(f"{path.name}.new")
    _remove(fresh)
    try:
        store = open_store(fresh)
        try:
            _fill(recipe)
        finally:
            store.close()
        _remove(path)
        for ending in (".files", ".lock"):
            Path(f"{fresh}{ending}").rename(f"{path}{ending}")
        fresh.rename(path)
    finally:
        _remove(fresh)


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal", ".lock"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        shutil.rmtree(f"{path}.files")


def _fill(recipe: Recipe) -> None:
    """Fill the open, empty database."""
    rng = random.Random(f"{recipe.seed}/{recipe.contacts}")
    zone = clock.zone()
    days = Days(date.fromisoformat(recipe.day), zone)
    me = log_in()
    begun = days.midnight[0]
    with loading() as load:
        sellers = _people(me, begun, _colleagues(rng, recipe.contacts))
        teller = story.Storyteller(
            rng, days, sellers, list(relations.paths().values()),
            {car.name: _filed(documents.offer(car.name, f"{car.price:,}".replace(",", ".")))
             for car in (*vehicles.NEW, *vehicles.VANS)},
            [_filed(paper) for paper in documents.others()],
        )  # fmt: skip
        whole = insert("event", {
            "at": begun, "what": N_("made the demonstration"), "shown": 0, "kind": "import",
        })  # fmt: skip
        for first in range(1, recipe.contacts + 1, _BATCH):
            for contact_id in range(first, min(first + _BATCH, recipe.contacts + 1)):
                teller.contact(contact_id)
            _pour(load, teller.take(), whole)
    enquiries.tell(me, rng, days, recipe.contacts)
    mailbox.fill(me)
    events = value("SELECT max(id) FROM event")
    with writing():
        run(
            "INSERT INTO setting (key, value) VALUES ('demo', ?)",
            json.dumps({**asdict(recipe), "events": events}),
        )


def _colleagues(rng: random.Random, contacts: int) -> list[tuple[str, str, str, str]]:
    """Login, full name, role and language of those who work there: more of them, the more customers there are."""
    made = list(_COLLEAGUES)
    for number in range(1, min(contacts // 1500, 90)):
        first, last = names.person(rng)
        made.append((f"{names.dialled(first)[:4]}{number}", f"{first} {last}", "user", "da"))
    return made


def _people(me: Me, begun: int, colleagues: list[tuple[str, str, str, str]]) -> list[Seller]:
    """The person at the keyboard first, then the colleagues, in two teams; they sell in this order."""
    stamp = {"created_at": begun, "created_by": me.user_id, "updated_at": begun, "updated_by": me.user_id}
    run("UPDATE app_user SET created_at = ?, updated_at = ? WHERE id = ?", begun, begun, me.user_id)
    email = f"{_local(me.login)}@kystbyens-biler.example"
    run("UPDATE app_user SET email = ? WHERE id = ?", email, me.user_id)
    team_ids = [
        insert("team", {
            "name": name, "street": street, "postcode": postcode, "city": city, "phone": phone, "email": email,
            "opening_hours": json.dumps(_HOURS), "letterhead": "Kystbyens Biler", "accept_minutes": 60,
            "act_minutes": 240, "escalate_to": email, "takes": json.dumps([city.lower(), postcode[:2]]), **stamp,
        })
        for name, street, postcode, city, phone, email in _TEAMS
    ]  # fmt: skip
    insert("membership", {"user_id": me.user_id, "team_id": team_ids[0], **stamp})
    sellers = [Seller(me.user_id, me.full_name.split()[0], me.full_name, email, team_ids[0])]
    for number, (login, full_name, role, locale) in enumerate(colleagues):
        if login == me.login:
            login = f"{login}2"
        email = f"{login}@kystbyens-biler.example"
        user_id = insert("app_user", {
            "login": login, "full_name": full_name, "initials": text.initials(full_name), "role": role,
            "locale": locale, "email": email, "phone": f"+4586124{401 + number}", **stamp,
        })  # fmt: skip
        team_id = team_ids[0 if number % 7 < 4 else 1]
        insert("membership", {"user_id": user_id, "team_id": team_id, **stamp})
        sellers.append(Seller(user_id, full_name.split()[0], full_name, email, team_id))
    return sellers


def _local(login: str) -> str:
    """A login as the local part of an address."""
    return "".join(sign for sign in text.fold(login) if sign.isascii() and (sign.isalnum() or sign in "-._")) or "me"


def _filed(document: documents.Document) -> Filed:
    """Put a document's bytes into the files folder."""
    kept = files.keep(io.BytesIO(document.content))
    return Filed(document.name, document.media_type, kept.size, kept.sha256, document.origin)


def _pour(load: Load, told: Mapping[str, list[Any]], whole: int) -> None:
    """Store one batch of the story."""
    load.records("account", told["accounts"])
    load.records("contact", told["contacts"])
    load.put("consent", rows.CONSENT, told["consents"])
    load.put("sales_case", rows.CASE, told["cases"])
    load.words("search_case", ((case[0], case[1], case[3], case[10]) for case in told["cases"]))
    load.put("activity", rows.ACTIVITY, told["activities"])
    load.words("search_note", ((one[0], one[1], one[9], one[10]) for one in told["activities"] if one[10]))
    load.put("task", rows.TASK, told["tasks"])
    load.put("attachment", rows.ATTACHMENT, told["attachments"])
    load.put(
        "event", ("at", "user_id", "what", "contact_id", "account_id", "parent_id"),
        ((one["created_at"], one["created_by"], N_("created the contact"), one["id"], one["account_id"], whole)
         for one in told["contacts"]),
    )  # fmt: skip
