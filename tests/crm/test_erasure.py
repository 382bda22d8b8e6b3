"""Erasing a person, and giving them everything that is held about them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from easir_tui.channels.address_file import open_address_file
from easir_tui.clock import When, now
from easir_tui.crm import (
    activities,
    attachments,
    bundle,
    cases,
    consent,
    contact_merge,
    contacts,
    drafts,
    erasure,
    exports,
    imports,
    notes,
    tasks,
)
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.users import Me
from easir_tui.data import files, search
from easir_tui.data.database import Store
from easir_tui.data.health import examine
from easir_tui.data.journal import step
from easir_tui.data.models import Lead
from easir_tui.data.references import references
from easir_tui.data.sqlite import rows, run, value, writing
from easir_tui.errors import Invalid, NotFound, Refused
from tests.headless.command import easir

from .made import a_colleague, a_contact
from .mail_made import received

SECRET = "Quetzalcoatl"
"""A word that is in everything about the person and nowhere else."""


@pytest.fixture
def person(me: Me) -> int:
    """Somebody with that word in every place there is."""
    contact = a_contact(me, first_name=SECRET, emails=[{"label": "", "address": f"{SECRET}@example.dk"}],
                        custom={"Hund": SECRET}, external_ids={"google": "g1"})  # fmt: skip
    contacts.change(me, contact, None, city=f"{SECRET}by")
    lost = cases.create(me, contact, f"{SECRET} sag", path="new_car", product=f"{SECRET}bil")
    activities.record(me, ActivityInput(contact, "call", lost, milestones=("offer",), direction="out", note=SECRET))
    cases.close(me, lost, None, "lost")
    activities.record(me, ActivityInput(contact, "email", email=Email(("a@b.dk",), subject=SECRET, body=SECRET)))
    notes.write(me, contact, f"{SECRET} note")
    tasks.plan(me, contact, "call", When(at=now() + 3600), f"Ring {SECRET}")
    attachments.add(me, contact, io.BytesIO(f"%PDF-1.7 {SECRET}".encode()), f"{SECRET}.pdf")
    received(me, contact, 1, subject=SECRET, body=SECRET, name=SECRET, address=f"{SECRET}@example.dk")
    consent.record(me, contact, "phone", "given", SECRET)
    drafts.keep(me, f"activity:note:{contact}", "activity", {"texts": {"note": SECRET}}, contact)
    with step(me, "made", shown=False) as making:
        making.add(Lead, received_at=1, status="accepted", contact_id=contact, name=SECRET, interest=SECRET)
    return contact


def test_nothing_of_the_person_is_anywhere(me: Me, store: Store, person: int) -> None:
    """Not in a table, the index, the journal, a file, or the bytes the database has freed."""
    other = a_contact(me, first_name="Bo", emails=[{"label": "", "address": "bo@example.dk"}])
    (hash_,) = (sha for (sha,) in rows("SELECT sha256 FROM attachment"))
    path = files.path_of(hash_)
    assert erasure.plan(me, person).going["activity"] == 4
    erasure.erase(me, person, f"{SECRET} Hansen")
    for (table,) in rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        assert SECRET.lower() not in repr(rows(f'SELECT * FROM "{table}"')).lower(), table
    for one in references("contact"):
        assert value(f"SELECT count(*) FROM {one.table} WHERE {one.column} = ?", person) == 0, one
    assert not path.exists()
    assert value("SELECT count(*) FROM contact WHERE id = ?", other) == 1
    assert rows("PRAGMA foreign_key_check") == []
    assert all(one.well for one in examine())
    assert search.contact_ids("quetzal", 5) == []
    run("PRAGMA wal_checkpoint(TRUNCATE)")
    held = Path(store.path).read_bytes() + Path(f"{store.path}-wal").read_bytes()
    assert SECRET.encode() not in held
    assert SECRET.lower().encode() not in held


def test_only_an_admin_and_only_by_the_name(me: Me, person: int) -> None:
    jens = a_colleague(me)
    for act in (lambda: erasure.plan(jens, person), lambda: erasure.erase(jens, person, SECRET),
                lambda: bundle.write(jens, person, io.BytesIO())):  # fmt: skip
        with pytest.raises(Refused, match="admin"):
            act()
    with pytest.raises(Invalid, match="Type the name"):
        erasure.erase(me, person, "Ole")
    with pytest.raises(NotFound):
        erasure.plan(me, 999)
    assert value("SELECT count(*) FROM contact") == 1


@pytest.mark.parametrize("keeps", ["won", "nothing"])
def test_won_sales_stay_without_the_person(me: Me, person: int, keeps: str, tmp_path: Path) -> None:
    path = tmp_path / "home/.config/easir/settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'erase_keeps = "{keeps}"\n', encoding="utf-8")
    won = cases.create(me, person, f"{SECRET} køb", path="new_car", product="ID.4", value=399_900_00)
    cases.close(me, won, None, "won")
    planned = erasure.erase(me, person, f"{SECRET} Hansen")
    kept = rows(
        "SELECT s.id, s.title, s.value, s.outcome, c.name FROM sales_case s JOIN contact c ON c.id = s.contact_id"
    )
    assert planned.kept_cases == (1 if keeps == "won" else 0)
    assert kept == ([(won, "ID.4", 399_900_00, "won", "Erased person")] if keeps == "won" else [])
    assert SECRET not in repr(rows("SELECT * FROM sales_case")) + repr(rows("SELECT * FROM change"))


def test_an_import_does_not_bring_them_back_but_others_of_the_address(me: Me, person: int, tmp_path: Path) -> None:
    erasure.erase(me, person, f"{SECRET} Hansen")
    path = tmp_path / "a.csv"
    path.write_text(
        f"Fornavn;Efternavn;Email\n{SECRET};Hansen;{SECRET.upper()}@Example.dk\nKarl;Hansen;{SECRET}@example.dk\n",
        encoding="utf-8",
    )
    result = imports.run(me, [open_address_file(path)])
    assert (result.counts.created, result.counts.skipped) == (1, 1)
    assert "erased" in str(result.remarks)
    assert [name for (name,) in rows("SELECT name FROM contact")] == ["Karl Hansen"]


def test_whoever_was_merged_into_them_goes_too(me: Me, person: int) -> None:
    other = a_contact(me, first_name=f"{SECRET} To", emails=[], phones=[])
    contact_merge.merge(me, person, [other])
    erasure.erase(me, person, f"{SECRET} Hansen")
    assert value("SELECT count(*) FROM contact") == 0
    assert SECRET not in repr(rows("SELECT * FROM event")) + repr(rows("SELECT * FROM change"))


def test_a_person_gets_everything_in_one_archive(me: Me, person: int) -> None:
    sink = io.BytesIO()
    assert bundle.write(me, person, sink) > 15
    with zipfile.ZipFile(sink) as archive:
        everything = json.loads(archive.read("everything.json"))
        summary = archive.read("summary.txt").decode("utf-8-sig")
        names = archive.namelist()
    assert {one.table for one in references("contact")} - {"contact_key", "contact"} <= everything.keys()
    for table in ("activity", "task", "sales_case", "consent", "mail", "attachment", "lead", "draft", "event"):
        assert everything[table], table
    assert f"{SECRET} Hansen" in summary
    assert "CONSENT" in summary
    assert f"files/1 {SECRET}.pdf" in names


def test_the_commands(me: Me, person: int, store: Store, tmp_path: Path) -> None:
    from easir_tui.crm.users import os_login

    with writing():
        run("UPDATE app_user SET login = ? WHERE login = 'anna'", os_login())
    database, out = Path(store.path), tmp_path / "a.zip"
    assert easir("contact", "bundle", str(person), "--out", str(out), database=database).returncode == 0
    assert zipfile.is_zipfile(out)
    assert easir("contact", "bundle", str(person), "--out", str(out), database=database).returncode == 1
    shown = easir("contact", "erase", str(person), database=database)
    assert b"Nothing was done yet" in shown.stdout
    assert easir("contact", "erase", str(person), "--name", "Ole", database=database).returncode == 1
    assert b"Erased." in easir("contact", "erase", str(person), "--name", f"{SECRET} Hansen", database=database).stdout
    assert exports.ids_of(me, "contacts") == ()
