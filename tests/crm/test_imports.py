"""Imports: whom a record is about, what a contact gains, what is skipped and why, and taking it all back."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from easir_tui.channels.address_file import AddressFile, open_address_file
from easir_tui.channels.csv_file import Options
from easir_tui.channels.encodings import LOST
from easir_tui.crm import contacts, imports, notes, undo
from easir_tui.crm.contacts import ContactFacts
from easir_tui.crm.imports import Summary
from easir_tui.crm.users import Me
from easir_tui.data.models import Consent, Event
from easir_tui.data.sqlite import rows, value
from tests.crm.made import a_business_contact, a_contact, a_refusal

HEADING = "Fornavn;Efternavn;Firma;Email;Mobil\n"


def address_file(folder: Path, text: str | bytes, name: str = "kunder.csv") -> AddressFile:
    """A file of this text, opened."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_address_file(path)


def load(me: Me, folder: Path, text: str | bytes, name: str = "kunder.csv") -> Summary:
    """Import a file of this text; the look before it says the same."""
    file = address_file(folder, text, name)
    expected = imports.preview(me, [file])
    summary = imports.run(me, [file])
    assert counts(expected) == counts(summary)
    assert [one.text for one in expected.remarks] == [one.text for one in summary.remarks]
    return summary


def counts(summary: Summary) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, skipped."""
    found = summary.counts
    return found.created, found.updated, found.unchanged, found.skipped


def people(me: Me) -> list[ContactFacts]:
    """Every living contact, the oldest first."""
    found = rows("SELECT id FROM contact WHERE deleted_at IS NULL ORDER BY id")
    return [contacts.show(me, contact_id) for (contact_id,) in found]


def card(*lines: str) -> str:
    """A vCard of these lines."""
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


def test_what_a_row_becomes(me: Me, tmp_path: Path) -> None:
    """Private without a company, business with one that is made on the way; V2, V3, V12, V13."""
    summary = load(me, tmp_path, HEADING + "Åse;Kær;;aase@x.dk;20304050\nBo;Holm;Nordlys A/S;bo@nordlys.dk;\n"
                   "Ib;Lund;nordlys a/s;ib@nordlys.dk;\n")  # fmt: skip
    assert counts(summary) == (3, 0, 0, 0)
    assert summary.counts.companies == 1
    private, bo, ib = people(me)
    assert (private.kind, private.company, private.responsible_id, private.origin) == ("private", "", 1, "import")
    assert (bo.kind, bo.company, ib.account_id) == ("business", "Nordlys A/S", bo.account_id)
    assert private.phones == ({"label": "mobile", "number": "+4520304050", "raw": "20304050", "extension": ""},)


def test_a_company_that_is_there_is_found(me: Me, tmp_path: Path) -> None:
    """By its name however it is typed, or its CVR number."""
    there = contacts.show(me, a_business_contact(me))
    name = there.company.upper().replace("Å", "AA")
    load(me, tmp_path, HEADING + f"Bo;Holm;{name};bo@nordlys.dk;\n")
    assert people(me)[-1].account_id == there.account_id


def test_a_second_run_changes_nothing(me: Me, tmp_path: Path) -> None:
    """faults 39: three times the same card, then with another REV; and the same for a CSV file."""
    one = card("UID:7", "N:Holm;Bo;;;", "FN:Bo Holm", "EMAIL:bo@x.dk", "NOTE:hej", "REV:20260101T000000Z")
    assert counts(load(me, tmp_path, one, "bo.vcf")) == (1, 0, 0, 0)
    for text in (one, one.replace("REV:2026", "REV:2027"), one):
        summary = load(me, tmp_path, text, "bo.vcf")
        assert counts(summary) == (0, 0, 1, 0)
        assert summary.event_id is None
    table = HEADING + "Eva;Lund;;eva@x.dk;20304051\nOle;;;;\n;;Kun Firma ApS;;\n;;;kun@post.dk;\n;;;;70 10 10 10\n"
    assert counts(load(me, tmp_path, table)) == (5, 0, 0, 0)
    assert counts(load(me, tmp_path, table)) == (0, 0, 5, 0)
    assert len(rows("SELECT id FROM event WHERE kind = 'import'")) == 2


def test_matching_by_id_then_mail_then_phone_with_name(me: Me, tmp_path: Path) -> None:
    """faults 13 and 39: a new name under a known UID, another spelling of an address, a number in another form."""
    load(me, tmp_path, card("UID:7", "N:Holm;Bo;;;", "FN:Bo Holm", "EMAIL:bo@x.dk", "TEL:20304050"), "bo.vcf")
    renamed = load(me, tmp_path, card("UID:7", "N:Lund;Bo;;;", "FN:Bo Lund", "EMAIL:bo@x.dk"), "bo.vcf")
    assert counts(renamed) == (0, 1, 0, 0)
    assert people(me)[0].last_name == "Lund"
    by_mail = load(me, tmp_path, HEADING + "Bo;Lund;;BO@X.DK;\n")
    by_phone = load(me, tmp_path, HEADING + "Bo;Lund;;;0045 20 30 40 50\n")
    assert counts(by_mail) == counts(by_phone) == (0, 0, 1, 0)
    other = load(me, tmp_path, HEADING + "Per;Lund;;;20304050\n")
    assert counts(other) == (1, 0, 0, 0)


def test_two_people_may_share_an_address(me: Me, tmp_path: Path) -> None:
    """faults 15: a couple with one address, three people at info@; again they are themselves."""
    table = HEADING + (
        "Anna;Holm;;familien@holm.dk;20304050\nBo;Holm;;familien@holm.dk;20304050\n"
        "Per;Dal;Bil A/S;info@bil.dk;\nIda;Dal;Bil A/S;info@bil.dk;\nUlla;Bo;Bil A/S;info@bil.dk;\n"
    )
    assert counts(load(me, tmp_path, table)) == (5, 0, 0, 0)
    assert counts(load(me, tmp_path, table)) == (0, 0, 5, 0)


def test_a_file_is_held_against_itself(me: Me, tmp_path: Path) -> None:
    """faults 37: one phone on rows 2, 17 and 90 is one person; every stored contact can be saved unchanged."""
    lines = [f"N{i};Efter{i};;n{i}@x.dk;" for i in range(100)]
    for i in (0, 15, 88):
        lines[i] = f"Bo;Holm;;bo{i}@x.dk;20304050"
    summary = load(me, tmp_path, HEADING + "\n".join(lines))
    assert counts(summary) == (98, 0, 0, 2)
    assert [(one.line, one.kind) for one in summary.remarks] == [(17, "skipped"), (90, "skipped")]
    assert "line 2" in summary.remarks[0].text
    bo = next(one for one in people(me) if one.first_name == "Bo")
    assert [mail["address"] for mail in bo.emails] == ["bo0@x.dk", "bo15@x.dk", "bo88@x.dk"]
    for one in people(me):
        contacts.change(
            me, one.id, one.version, emails=one.emails, phones=one.phones, first_name=one.first_name,
            birthday=one.birthday, street=one.street, custom=one.custom, website=one.website,
        )  # fmt: skip
    assert counts(load(me, tmp_path, HEADING + "\n".join(lines))) == (0, 0, 98, 2)


def test_doubles_far_apart_are_found_as_well(me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """faults 37: also across batches, where the look before the import has stored nothing."""
    monkeypatch.setattr(imports, "BATCH", 2)
    lines = [f"N{i};X;;n{i % 4}@x.dk;\n" if i % 4 else f"Bo;Holm;;b@x.dk;2030405{i}\n" for i in range(9)]
    table = HEADING + "".join(lines)
    assert counts(load(me, tmp_path, table)) == (7, 0, 0, 2)
    assert counts(load(me, tmp_path, table)) == (0, 0, 7, 2)


def test_contacts_gain_what_is_missing_and_keep_what_is_theirs(me: Me, tmp_path: Path) -> None:
    """What a person typed here is never overwritten by another source."""
    there = a_contact(me, first_name="Bo", last_name="Holm", city="Odense", job_title="Chef")
    contacts.change(me, there, None, emails=[{"label": "", "address": "bo@x.dk"}])
    text = card("UID:7", "N:Holm;Bo;;Hr.;", "FN:Bo Holm", "EMAIL:bo@x.dk", "EMAIL:bo@y.dk", "TITLE:Sælger",
                "TEL:20304050", "ADR:;;Vej 1;Aarhus;;8000;", "URL:x.dk", "NICKNAME:Bobo")  # fmt: skip
    assert counts(load(me, tmp_path, text, "bo.vcf")) == (0, 1, 0, 0)
    bo = contacts.show(me, there)
    assert (bo.job_title, bo.city, bo.street, bo.title, bo.website) == ("Chef", "Odense", "", "Hr.", "x.dk")
    assert [mail["address"] for mail in bo.emails] == ["bo@x.dk", "bo@y.dk"]
    assert (bo.origin, bo.custom, bo.external_ids) == ("manual", {"Nickname": "Bobo"}, {"vcard": "7"})
    assert counts(load(me, tmp_path, text, "bo.vcf")) == (0, 0, 1, 0)


def test_changes_at_the_source_come_along_unless_changed_here(me: Me, tmp_path: Path) -> None:
    """The card kept from the last time tells what the source changed and what a person changed."""
    lines = ["UID:7", "N:Holm;Bo;;;", "FN:Bo Holm", "EMAIL:bo@x.dk", "TEL:20304050", "TITLE:Sælger", "URL:x.dk"]
    load(me, tmp_path, card(*lines), "bo.vcf")
    (bo,) = people(me)
    contacts.change(me, bo.id, bo.version, website="mit.dk", phones=[])
    lines[5:] = ["TITLE:Chef", "URL:y.dk", "TEL:20304051"]
    assert counts(load(me, tmp_path, card(*lines), "bo.vcf")) == (0, 1, 0, 0)
    (bo,) = people(me)
    assert (bo.job_title, bo.website) == ("Chef", "mit.dk")
    assert [phone["raw"] for phone in bo.phones] == ["20304051"]
    assert counts(load(me, tmp_path, card(*lines), "bo.vcf")) == (0, 0, 1, 0)


def test_the_same_for_a_table(me: Me, tmp_path: Path) -> None:
    """A row is kept as a card, so a table has a last time too."""
    load(me, tmp_path, "Navn;Email;Stilling\nBo Holm;bo@x.dk;Sælger\n")
    assert counts(load(me, tmp_path, "Navn;Email;Stilling\nBo Holm;bo@x.dk;Chef\n")) == (0, 1, 0, 0)
    assert people(me)[0].job_title == "Chef"


def test_two_tables_of_different_columns_do_not_fight(me: Me, tmp_path: Path) -> None:
    """faults 39: in turn, neither makes the other look like news."""
    one = "Navn;Email;Stilling;Mobil\nBo Holm;bo@x.dk;Chef;20304050\n"
    other = "E-mail;By;Land\nbo@x.dk;Aarhus;\n"
    assert counts(load(me, tmp_path, one)) == (1, 0, 0, 0)
    assert counts(load(me, tmp_path, other)) == (0, 1, 0, 0)
    for table in (one, other, one):
        assert counts(load(me, tmp_path, table)) == (0, 0, 1, 0)
    assert counts(load(me, tmp_path, one.replace("Chef", "Direktør"))) == (0, 1, 0, 0)
    assert people(me)[0].job_title == "Direktør"


def test_consent_is_never_touched(me: Me, tmp_path: Path) -> None:
    """faults 9: an import that updates leaves the ledger as it is; a new contact's refusal is recorded."""
    there = a_contact(me, first_name="Bo", last_name="Holm")
    contacts.change(me, there, None, emails=[{"label": "", "address": "bo@x.dk"}])
    a_refusal(me, there, "phone")
    before = list(Consent.select().dicts())
    load(me, tmp_path, "Navn;Email;Unsubscribed;Mobil\nBo Holm;bo@x.dk;yes;20304050\n")
    assert list(Consent.select().dicts()) == before
    load(me, tmp_path, "Navn;Email;Unsubscribed\nEva Holm;eva@x.dk;yes\n")
    new = [one for one in Consent.select().dicts() if one not in before]
    assert [(one["channel"], one["state"]) for one in new] == [("email", "refused")]


def test_notes_become_notes(me: Me, tmp_path: Path) -> None:
    """In the notes pane, once."""
    table = "Navn;Email;Noter\nBo;bo@x.dk;ringer altid sent\n"
    load(me, tmp_path, table)
    load(me, tmp_path, table)
    (bo,) = people(me)
    assert [note.text for note in notes.page(me, bo.id).rows] == ["ringer altid sent"]


def test_undo_and_import_again(me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """faults 25, 26, 27: one step over many batches, nothing left of it, and the same file imports again."""
    monkeypatch.setattr(imports, "BATCH", 3)
    table = "Navn;Firma;Email;Noter\n" + "".join(f"Bo B{i};Firma {i % 4};b{i}@x.dk;note {i}\n" for i in range(20))
    table += "Bo B3;Firma 3;b3@x.dk;mere\nIb B4;;b19@x.dk;\n"
    first = load(me, tmp_path, table)
    assert counts(first) == (21, 0, 0, 1)
    (step,) = undo.last_steps(me)
    assert step.what == "imported 21 new and 0 changed contacts from kunder.csv"
    done = undo.undo(me)
    assert done.kept == ()
    for table_name in ("contact", "account", "activity"):
        kept = value(f"SELECT count(*) FROM {table_name} WHERE deleted_at IS NULL")
        assert kept == (1 if table_name == "account" else 0), table_name
    for index in ("search_contact", "search_note", "contact_key"):
        assert value(f"SELECT count(*) FROM {index}") == 0, index
    assert undo.last_steps(me)[0].undone
    assert counts(load(me, tmp_path, table)) == counts(first)


def test_what_was_deleted_by_hand_comes_again(me: Me, tmp_path: Path) -> None:
    """faults 27: the trash does not count as being there."""
    table = HEADING + "Bo;Holm;;bo@x.dk;20304050\nOle;;;;\n"
    load(me, tmp_path, table)
    for one in people(me):
        contacts.delete(me, one.id, one.version, confirmed=True)
    assert counts(load(me, tmp_path, table)) == (2, 0, 0, 0)


def test_undo_brings_changed_contacts_back_and_keeps_worked_on_ones(me: Me, tmp_path: Path) -> None:
    """faults 25: what somebody worked on since stays, and is named."""
    there = a_contact(me, first_name="Bo", last_name="Holm")
    contacts.change(me, there, None, emails=[{"label": "", "address": "bo@x.dk"}])
    before = contacts.show(me, there)
    load(me, tmp_path, HEADING + "Bo;Holm;;bo@x.dk;20304050\nEva;Dal;;eva@x.dk;\nIda;Dal;;ida@x.dk;\n")
    eva = people(me)[1]
    contacts.change(me, eva.id, eva.version, city="Aarhus")
    event = next(step.event_id for step in undo.last_steps(me) if step.what.startswith("imported"))
    done = undo.undo(me, event)
    assert done.kept == ("Eva Dal",)
    assert [one.name for one in people(me)] == ["Bo Holm", "Eva Dal"]
    after = contacts.show(me, there)
    assert (after.phones, after.emails, after.external_ids) == (before.phones, before.emails, before.external_ids)


def test_rows_that_cannot_be_read_are_skipped_with_their_reason(me: Me, tmp_path: Path) -> None:
    """faults 30, 34 and 47: a day that is none, a letter that was lost, nobody at all; the counts add up."""
    table = (
        "Navn;Email;Fødselsdag\nBo;bo@x.dk;31/02/1990\nJ�rgen;j@x.dk;\n;;01-02-1990\nEva;eva@x.dk;01-02-1990\n"
        "Ib;ingen adresse;\nUfødt;u@x.dk;01-02-2090\n"
    )
    summary = load(me, tmp_path, table)
    assert counts(summary) == (3, 0, 0, 3)
    skipped = {one.line: one.text for one in summary.remarks if one.kind == "skipped"}
    assert "31/02/1990" in skipped[2]
    assert "J?rgen" in skipped[3]
    assert sorted(skipped) == [2, 3, 4]
    eva, ib, unborn = people(me)
    assert (ib.emails, ib.custom) == ((), {"E-mail": "ingen adresse"})
    assert (unborn.birthday, unborn.custom) == ("", {"Birthday": "2090-02-01"})
    assert eva.birthday == "1990-02-01"
    stored = repr(rows("SELECT * FROM contact")) + repr(rows("SELECT * FROM account"))
    assert LOST not in stored


def test_phones_as_people_write_them(me: Me, tmp_path: Path) -> None:
    """faults 85: extensions, several in a cell, what cannot be read kept as typed and marked."""
    summary = load(
        me, tmp_path, "Navn;Mobil\nA;20304050 / 20304051\nB;20304052 lok. 12\nC;O2 30 40 50\nD;+45 (0)20304053\n"
    )
    a, b, c, d = people(me)
    assert [phone["number"] for phone in a.phones] == ["+4520304050", "+4520304051"]
    assert (b.phones[0]["number"], b.phones[0]["extension"]) == ("+4520304052", "12")
    assert (c.phones[0]["number"], c.phones[0]["raw"]) == ("", "O2 30 40 50")
    assert d.phones[0]["number"] == "+4520304053"
    assert [(one.line, one.kind) for one in summary.remarks] == [(4, "warning")]


def test_hostile_and_huge_values(me: Me, tmp_path: Path) -> None:
    """faults 91: control characters do not get in; what is too long is cut and said."""
    summary = load(me, tmp_path, card(
        "N:Holm;Bo\x1b]52;c\x07;;;", "FN:Bo", "TITLE:" + "x" * 3000, "EMAIL:b@x.dk", "NOTE:" + "y" * 200_000
    ), "bo.vcf")  # fmt: skip
    (bo,) = people(me)
    assert bo.first_name == "Bo]52 c"
    assert len(bo.job_title) == 500
    assert len(summary.remarks) == 2


def test_cancel_keeps_whole_batches_and_the_next_run_does_the_rest(
    me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """faults 38."""
    monkeypatch.setattr(imports, "BATCH", 10)
    file = address_file(tmp_path, HEADING + "".join(f"N{i};X;;n{i}@x.dk;\n" for i in range(55)))
    seen: list[int] = []
    stopped = imports.run(me, [file], lambda done, now: seen.append(now.created), lambda: len(seen) >= 2)
    assert stopped.cancelled
    assert (seen, stopped.counts.created) == ([10, 20], 20)
    rest = imports.run(me, [file])
    assert counts(rest) == (35, 0, 20, 0)


def test_several_files_are_one_step(me: Me, tmp_path: Path) -> None:
    """And a person in two of them is one contact."""
    files = [
        address_file(tmp_path, HEADING + "Bo;Holm;;bo@x.dk;\n", "a.csv"),
        address_file(tmp_path, card("UID:1", "N:Holm;Bo;;;", "FN:Bo Holm", "EMAIL:bo@x.dk", "TEL:20304050"), "b.vcf"),
    ]
    summary = imports.run(me, files)
    assert counts(summary) == (1, 0, 0, 1)
    assert "a.csv" in summary.remarks[0].text
    assert people(me)[0].phone == "+4520304050"
    assert len(Event.select().where(Event.parent.is_null(), Event.kind == "import")) == 1


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_files_hold(me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """faults 27, 37, 39: few names, addresses and numbers shared by many rows, in batches of any size.

    The look says what the run does, a second run changes nothing, undo leaves nothing, and then it all comes again.
    """
    chance = random.Random(seed)
    monkeypatch.setattr(imports, "BATCH", chance.choice([2, 3, 7, 1000]))
    values = (
        ["Anna", "Bo", "Søren", "Soren", "A.", ""], ["Holm", "Kær", "Dal Holm", ""],
        ["Bil A/S", "BIL A/S", "Å ApS", ""],
        ["a@x.dk", "b@x.dk", "A@X.dk", "info@y.dk", ""], ["20304050", "+45 20 30 40 50", "70101010", "x", ""],
        ["", "Chef"], ["", "1980-01-02", "1981-01-02"], ["", "Note 1", "Note 2"],
    )  # fmt: skip
    rows_made = [[chance.choice(some) for some in values] for _row in range(40)]
    table = "Fornavn;Efternavn;Firma;Email;Mobil;Stilling;Fødselsdag;Noter\n"
    table += "".join(";".join(row) + "\n" for row in rows_made[:25])
    cards = "".join(
        card(*([f"UID:{chance.randrange(6)}"] if chance.random() < 0.4 else []), f"N:{row[1]};{row[0]};;;",
             f"ORG:{row[2]}", f"EMAIL:{row[3]}", f"TEL:{row[4]}", f"TITLE:{row[5]}")
        for row in rows_made[25:]
    )  # fmt: skip
    files = [address_file(tmp_path, table), address_file(tmp_path, cards, "kort.vcf")]
    expected = counts(imports.preview(me, files))
    first = imports.run(me, files)
    assert counts(first) == expected
    created, _updated, _unchanged, skipped = expected
    assert counts(imports.preview(me, files)) == counts(imports.run(me, files)) == (0, 0, created, skipped)
    assert undo.undo(me, first.event_id).kept == ()
    assert people(me) == []
    assert counts(imports.run(me, files)) == expected


def test_preview_stores_nothing(me: Me, tmp_path: Path) -> None:
    """A look is a look."""
    before = value("SELECT count(*) FROM event")
    summary = imports.preview(me, [address_file(tmp_path, HEADING + "Bo;Holm;Ny A/S;bo@x.dk;\n")])
    assert (counts(summary), summary.event_id) == ((1, 0, 0, 0), None)
    assert (people(me), value("SELECT count(*) FROM event")) == ([], before)


def test_statements_do_not_grow_with_the_rows(me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch costs a fixed number of statements, whatever is in it."""
    from easir_tui.data.sqlite import database

    file = address_file(tmp_path, HEADING + "".join(f"N{i};X;;n{i}@x.dk;2030{i:04d}\n" for i in range(900)))
    calls: list[str] = []
    real = database.execute_sql
    monkeypatch.setattr(database, "execute_sql", lambda sql, *rest: (calls.append(sql), real(sql, *rest))[1])
    imports.run(me, [file])
    assert len(calls) < 40
    calls.clear()
    imports.run(me, [file])
    assert len(calls) < 20


def test_dates_and_letters_can_be_chosen(me: Me, tmp_path: Path) -> None:
    """What the look shows can be changed."""
    path = tmp_path / "f.csv"
    path.write_text("Name,Email,Birthday\nA,a@x.dk,03/04/1986\n")
    imports.run(me, [open_address_file(path, Options(dates="mdy"))])
    assert people(me)[0].birthday == "1986-03-04"


def command(*arguments: str, database: Path) -> subprocess.Popen[str]:
    """`easir` as a process of its own."""
    environment = {**os.environ, "EASIR_DB": str(database), "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen(
        [sys.executable, "-c", "import sys; from easir_tui.cli import main; sys.exit(main())", *arguments],
        env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_our_own_list_changes_nothing(tmp_path: Path) -> None:
    """faults 29: what `easir contact list` writes into a file comes back as the same people."""
    table = tmp_path / "kunder.csv"
    table.write_text(HEADING + "Bo;Holm;Bil A/S;bo@x.dk;20304050\nEva;;;eva@x.dk;\nIda;Dal;;;\n;;Kun Firma;;70101010\n")
    database = tmp_path / "l.db"
    assert command("import", str(table), database=database).wait(60) == 0
    listed, _err = command("contact", "list", database=database).communicate(timeout=60)
    (tmp_path / "list.tsv").write_text(listed)
    out, err = command("import", str(tmp_path / "list.tsv"), "--json", database=database).communicate(timeout=60)
    assert '"unchanged": 4' in out, err


def test_killed_in_the_middle_and_run_again(tmp_path: Path) -> None:
    """faults 38: nothing half there, and the second run does the rest."""
    table = tmp_path / "kunder.csv"
    table.write_text(HEADING + "".join(f"N{i};X;F{i % 50};n{i}@x.dk;2{i:07d}\n" for i in range(6000)))
    database = tmp_path / "k.db"
    first = command("import", str(table), database=database)
    for _round in range(400):
        if database.with_name("k.db-wal").exists() and database.with_name("k.db-wal").stat().st_size > 1_500_000:
            break
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    again = command("import", str(table), "--json", database=database)
    out, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    told = {name: int(number) for name, number in re.findall(r'"(created|unchanged|skipped)": (\d+)', out)}
    assert told["created"] + told["unchanged"] == 6000
    assert told["skipped"] == 0
    third = command("import", str(table), database=database)
    assert "left 6,000 as they were" in third.communicate(timeout=120)[0]


def test_exit_codes_and_json(tmp_path: Path) -> None:
    """0 done, 1 a sentence, 2 written wrongly."""
    good = tmp_path / "a.csv"
    good.write_text(HEADING + "Bo;Holm;;bo@x.dk;\n")
    database = tmp_path / "e.db"
    for arguments, code in (
        ([str(good), "--json"], 0), ([str(good), "--dry-run"], 0), ([str(tmp_path)], 1), ([str(tmp_path / "no")], 1),
        ([str(good), str(tmp_path / "no")], 1), ([], 2), ([str(good), "--encoding", "klingon"], 2),
    ):  # fmt: skip
        process = command("import", *arguments, database=database)
        out, err = process.communicate(timeout=60)
        assert process.returncode == code, (arguments, out, err)
        assert "Traceback" not in err
        if code == 1:
            assert len(err.strip().splitlines()) == 1
