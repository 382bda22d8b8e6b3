"""What is written out: exactly what one may see, safe to open, and read back the same."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from easir_tui import language
from easir_tui.channels import vcard
from easir_tui.channels.address_file import open_address_file
from easir_tui.channels.records import ContactRecord, Labelled, PostalAddress
from easir_tui.clock import When, now
from easir_tui.crm import activities, cases, consent, contact_facts, export_files, exports, imports, tasks
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from easir_tui.data.journal import step
from easir_tui.data.models import Membership, Team
from easir_tui.data.sqlite import value
from easir_tui.errors import Invalid, Refused
from tests.headless.command import easir

from .made import a_business_contact, a_colleague, a_contact, a_refusal


@pytest.fixture
def ole(me: Me) -> int:
    contact = a_contact(me, custom={"Farve": "hvid"}, city="Ærø")
    case = cases.create(me, contact, "=ID.4;\n", path="new_car", value=399_900_00)
    activities.record(me, ActivityInput(contact, "note", case, milestones=("offer",), note="+45 <b>"))
    tasks.plan(me, contact, "call", When(at=now() + 3600), "@ring")
    a_refusal(me, contact, "email")
    consent.record(me, contact, "phone", "given")
    return contact


def written(me: Me, kind: str, form: str, typed: str = "") -> bytes:
    sink = io.BytesIO()
    exports.write(me, kind, exports.ids_of(me, kind, typed), form, sink)
    return sink.getvalue()


@pytest.mark.parametrize("kind", exports.FORMATS)
def test_every_kind_in_every_format(me: Me, ole: int, kind: str) -> None:
    a_business_contact(me)
    counts = set()
    for form in exports.FORMATS[kind]:
        raw = written(me, kind, form)
        if form == "json":
            counts.add(len(json.loads(raw)))
        elif form == "csv":
            counts.add(len(list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))) - 1)
        elif form == "vcard":
            counts.add(raw.count(b"BEGIN:VCARD"))
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(raw)).active
            assert sheet is not None
            counts.add(sheet.max_row - 1)
    assert len(counts) == 1
    assert counts.pop() >= 1


def test_nothing_is_a_formula_for_whoever_opens_it(me: Me, ole: int) -> None:
    raw = written(me, "cases", "csv").decode("utf-8-sig")
    assert "'=ID.4" in raw
    (row,) = csv.DictReader(io.StringIO(written(me, "activities", "csv").decode("utf-8-sig")))
    assert row["Note"] == "'+45 <b>"
    sheet = openpyxl.load_workbook(io.BytesIO(written(me, "cases", "xlsx"))).active
    assert sheet is not None
    cell = sheet.cell(2, 2)
    assert (cell.value, cell.data_type) == ("=ID.4;", "s")


def test_dates_amounts_and_words(me: Me, ole: int) -> None:
    (case,) = json.loads(written(me, "cases", "json"))
    assert (case["value"], case["currency"], case["path"], case["milestone"]) == (
        399_900.0,
        "DKK",
        "New car",
        "Offer sent",
    )
    sheet = openpyxl.load_workbook(io.BytesIO(written(me, "tasks", "xlsx"))).active
    assert sheet is not None
    assert isinstance(sheet.cell(2, 3).value, datetime)
    (contact,) = csv.DictReader(io.StringIO(written(me, "contacts", "csv").decode("utf-8-sig")))
    assert (contact["City"], contact["Consent: e-mail"], contact["Consent: SMS"]) == ("Ærø", "refused", "not asked")
    language.activate("da")
    danish = written(me, "cases", "csv").decode("utf-8-sig")
    assert "399900,00" in danish
    assert ";DKK;" in danish
    assert danish.startswith("Nr.;")


def test_only_what_one_may_see_and_what_the_filter_shows(me: Me) -> None:
    """Faults 101 and 102."""
    with step(me, "made teams", shown=False) as making:
        nord, syd = making.add(Team, name="Nord"), making.add(Team, name="Syd")
    jens = a_colleague(me)
    with step(me, "joined", shown=False) as joining:
        joining.add(Membership, user_id=jens.user_id, team_id=nord)
    mine, theirs = a_contact(me, team_id=nord), a_contact(me, first_name="Oline", team_id=syd)
    for contact in (mine, theirs):
        cases.create(me, contact, f"Sag {contact}", path="new_car")
        tasks.plan(me, contact, "call", When(at=now() + 3600), f"Ring {contact}")
        activities.record(me, ActivityInput(contact, "note", note=f"Notat {contact}"))
    for kind in ("contacts", "cases", "tasks", "activities"):
        sink = io.BytesIO()
        everything = exports.ids_of(me, kind)
        exports.write(jens, kind, everything, "json", sink)
        said = sink.getvalue().decode()
        assert "Oline" not in said, kind
        assert f' {theirs}"' not in said, kind
        assert len(json.loads(said)) == 1, kind
    assert [one["first_name"] for one in json.loads(written(me, "contacts", "json", "oline"))] == ["Oline"]
    with pytest.raises(Invalid):
        written(me, "users", "csv")
    with pytest.raises(Invalid):
        written(me, "cases", "vcard")


def test_cards_read_back_are_the_same_contacts(me: Me, ole: int, tmp_path: Path) -> None:
    a_business_contact(me, first_name="Søren", job_title="Indkøber", birthday="--02-29", website="x.dk", language="da")
    before = [contact_facts.show(me, one) for one in exports.ids_of(me, "contacts")]
    path = tmp_path / "a.vcf"
    path.write_bytes(written(me, "contacts", "vcard"))
    result = imports.run(me, [open_address_file(path)])
    assert (result.counts.created, result.counts.updated) == (0, 0), "whoever is here already is nobody new"
    assert [contact_facts.show(me, one).emails for one in exports.ids_of(me, "contacts")] == [
        one.emails for one in before
    ]


text = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30).map(
    lambda held: " ".join(held.split())
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text, text, text, text, text, st.dictionaries(text.filter(bool), text.filter(bool), max_size=3))
def test_a_card_says_what_the_record_said(
    first: str, last: str, company: str, street: str, job: str, custom: dict
) -> None:
    import unicodedata

    def plain(held: str) -> str:
        return unicodedata.normalize("NFC", held).strip()

    record = ContactRecord(
        first_name=first, last_name=last, company=company, job_title=job, custom=custom,
        phones=(Labelled("mobile", "+4522419017"),), addresses=(PostalAddress(street=street, city="Ærø"),),
    )  # fmt: skip
    again = vcard.parse(vcard.write(record))
    assert isinstance(again, ContactRecord)
    assert (plain(again.first_name), plain(again.last_name)) == (plain(first), plain(last))
    assert (plain(again.company), plain(again.job_title)) == (plain(company), plain(job))
    assert plain(again.addresses[0].street) == plain(street)


def test_a_file_is_whole_and_never_over_another(me: Me, ole: int, tmp_path: Path) -> None:
    """Faults 46."""
    target = tmp_path / "ud.csv"
    assert export_files.save(me, "contacts", exports.ids_of(me, "contacts"), "csv", target) == 1
    before = target.read_bytes()
    with pytest.raises(Refused, match="already"):
        export_files.save(me, "contacts", exports.ids_of(me, "contacts"), "csv", target)
    assert target.read_bytes() == before
    with pytest.raises(Refused):
        export_files.save(me, "contacts", (), "csv", tmp_path / "no" / "ud.csv")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".easir")] == []


def test_the_command(me: Me, ole: int, store: Store, tmp_path: Path) -> None:
    from easir_tui.crm.users import os_login
    from easir_tui.data.sqlite import run, writing

    with writing():
        run("UPDATE app_user SET login = ? WHERE login = 'anna'", os_login())
    path = Path(store.path)
    done = easir("export", "contacts", "--filter", "ole", database=path)
    assert done.returncode == 0, done.stderr
    assert b"ole@example.dk" in done.stdout
    assert b"1 written" in done.stderr
    out = tmp_path / "a.xlsx"
    assert easir("export", "cases", "--format", "xlsx", "--out", str(out), database=path).returncode == 0
    assert out.read_bytes().startswith(b"PK")
    assert easir("export", "tasks", "--filter", "x", database=path).returncode == 1
    assert easir("export", "cases", "--filter", "status:nonsense", database=path).returncode == 1
    assert value("SELECT 1") == 1
