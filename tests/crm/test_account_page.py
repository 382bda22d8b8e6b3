"""What the account page reads: of all its contacts, of nobody one may not see, in few statements whatever it holds."""

from __future__ import annotations

import io

import pytest

from easir_tui.clock import When
from easir_tui.crm import (
    account_cases,
    account_contacts,
    account_files,
    account_notes,
    account_page,
    account_timeline,
    accounts,
    attachments,
    cases,
    contacts,
    notes,
    tasks,
)
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contact_page import COUNT_CAP
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.timeline import PAGE_SIZE, Filter
from easir_tui.crm.users import Me
from easir_tui.data import journal
from easir_tui.data.journal import step
from easir_tui.data.models import PRIVATE_ACCOUNT, Contact, Membership, Team
from easir_tui.data.sqlite import rows, value
from easir_tui.errors import NotFound
from tests.crm.made import a_colleague
from tests.crm.test_contact_page import counted, fill
from tests.screens.nordlys import at, make_soren, seconds

LATER = When(at=seconds(at(2026, 12, 1, 9)))


def worker(me: Me, account_id: int, name: str, role: str = "") -> int:
    """Somebody who works there."""
    return contacts.create(me, NewContact(kind="business", first_name=name, job_title=role, account_id=account_id))


@pytest.fixture
def nordlys(me: Me) -> int:
    """The company of the drawings, with Søren's three years and a second contact who has a note, a task and a file."""
    soren = make_soren(me, a_colleague(me))
    account_id = int(value("SELECT account_id FROM contact WHERE id = ?", soren))
    lone = worker(me, account_id, "Lone", "Økonomichef")
    notes.write(me, lone, "Pays within eight days.")
    tasks.plan(me, lone, "call", LATER, "Invoice")
    attachments.add(me, lone, io.BytesIO(b"%PDF-1.4 order"), "ordre.pdf")
    return account_id


def test_everything_of_all_its_contacts_is_there(me: Me, nordlys: int) -> None:
    """Facts, counts, cases, plans, history and notes, each with whom it is."""
    page = account_page.load(me, nordlys)
    assert (page.account.name, page.account.cvr, page.account.address.city) == (
        "Nordlys Biler A/S",
        "10103940",
        "Aarhus C",
    )
    assert (page.counts.contacts, page.counts.cases, page.counts.open_cases, page.counts.planned) == (2, 2, 2, 5)
    assert {note.contact for note in page.notes.rows} == {"Søren Kjær Mikkelsen", "Lone"}
    planned = account_timeline.planned(me, nordlys)
    assert [task.contact for task in planned if task.note == "Invoice"] == ["Lone"]
    told = account_timeline.history(me, nordlys).rows
    assert {row.contact for row in told} == {"Søren Kjær Mikkelsen", "Lone"}
    assert {row.kind for row in told if row.source == "activity"} == {"note", "meeting", "email", "call"}
    assert account_timeline.history(me, nordlys, Filter(source="change")).rows[0].text == "attached ordre.pdf"
    assert [case.contact_name for case in account_cases.rows(me, nordlys)] == ["Søren Kjær Mikkelsen"] * 2
    assert account_cases.counts(me, nordlys) == {"all": 2, "open": 2, "closed": 0, "rejected": 0}
    assert {file.contact for file in account_files.page(me, nordlys).rows} == {"Søren Kjær Mikkelsen", "Lone"}
    assert [case.title for case in account_timeline.cases_of(me, nordlys)] == ["Leasing of 2 vans", "ID.4 Pro fleet"]


def test_what_was_done_to_the_account_itself_is_in_its_history(me: Me, nordlys: int) -> None:
    accounts.change(me, nordlys, None, city="Risskov")
    newest = account_timeline.history(me, nordlys, Filter(source="change")).rows[0]
    assert newest.text == "changed the address of Nordlys Biler A/S"
    assert (newest.contact, newest.contact_id) == ("", 0)


def test_contacts_are_found_by_name_number_and_role(me: Me, nordlys: int) -> None:
    """The role is the job title: the purchaser is found by what they do, among this account's people only."""
    other = accounts.create(me, NewAccount("Sydlys"))
    worker(me, other, "Lone", "Økonomichef")
    for typed, expected in (("lon", ["Lone"]), ("oekonomi", ["Lone"]), ("9017", ["Søren Kjær Mikkelsen"]), ("zz", [])):
        found = account_contacts.rows_of(me, account_contacts.find(me, nordlys, typed))
        assert [one.name for one in found] == expected, typed
    lone, soren = account_contacts.page(me, nordlys, 0, 10, 2)
    assert (lone.job_title, soren.job_title) == ("Økonomichef", "Purchasing manager")
    assert account_contacts.position(me, nordlys, soren.id) == 1
    assert account_contacts.page(me, nordlys, 1, 10, 2) == [soren]


def test_notes_and_cases_are_searched(me: Me, nordlys: int) -> None:
    """However a Danish letter is typed (faults 69), in all contacts, and narrowed as on the contact page."""
    assert [note.contact for note in account_notes.page(me, nordlys, query="eight").rows] == ["Lone"]
    assert [note.case_id is None for note in account_notes.page(me, nordlys, "other").rows] == [True, True]
    assert [case.title for case in account_cases.rows(me, nordlys, "all", "vans leasing")] == ["Leasing of 2 vans"]
    assert len(account_cases.rows(me, nordlys, "open", "soeren")) == 2
    assert account_cases.rows(me, nordlys, "closed") == []


def test_notes_come_page_by_page(me: Me, nordlys: int) -> None:
    """Nothing twice, nothing left out."""
    lone = account_contacts.find(me, nordlys, "lone")[0]
    fill(me, lone, 500, nordlys)
    after, seen = None, []
    while True:
        page = account_notes.page(me, nordlys, "all", "", after)
        seen += [note.id for note in page.rows]
        after = page.next
        if after is None:
            break
    assert (
        len(seen)
        == len(set(seen))
        == value("SELECT count(*) FROM activity WHERE account_id = ? AND note <> ''", nordlys)
    )


def test_nothing_of_another_teams_contact_is_told(me: Me, nordlys: int) -> None:
    """Faults 101 to 103: the account is everybody's, its contacts, cases, plans, notes and files are not."""
    other = a_colleague(me, "bodil", "Bodil Bak")
    with step(me, "made a team", shown=False) as making:
        north = making.add(Team, name="Nord")
        making.add(Membership, user_id=me.user_id, team_id=north)
        soren = account_contacts.find(me, nordlys, "søren")[0]
        making.change(Contact, soren, None, team_id=north)
    page = account_page.load(other, nordlys)
    assert page.account.name == "Nordlys Biler A/S"
    assert (page.counts.contacts, page.counts.cases, page.counts.planned, page.counts.notes) == (1, 0, 1, 1)
    assert account_contacts.count(other, nordlys) == 1
    assert account_contacts.find(other, nordlys, "søren") == account_contacts.rows_of(other, [soren]) == []
    assert account_contacts.position(other, nordlys, soren) is None
    assert account_cases.rows(other, nordlys) == []
    assert account_cases.counts(other, nordlys)["all"] == 0
    assert account_timeline.cases_of(other, nordlys) == ()
    told = (
        *account_timeline.planned(other, nordlys), *account_timeline.history(other, nordlys).rows,
        *account_notes.page(other, nordlys).rows, *account_notes.page(other, nordlys, query="fleet white").rows,
        *account_files.page(other, nordlys).rows,
    )  # fmt: skip
    assert {one.contact_id for one in told} <= {0, *account_contacts.find(other, nordlys, "lone")}
    assert account_page.load(me, nordlys).counts.contacts == 2


def test_nothing_is_told_of_contacts_in_the_trash(me: Me, nordlys: int) -> None:
    lone = account_contacts.find(me, nordlys, "lone")[0]
    contacts.delete(me, lone, None)
    told = (
        *account_timeline.planned(me, nordlys), *account_timeline.history(me, nordlys).rows,
        *account_notes.page(me, nordlys).rows, *account_files.page(me, nordlys).rows,
    )  # fmt: skip
    assert lone not in {one.contact_id for one in told}


def test_the_statements_are_few_whatever_the_account_holds(me: Me, nordlys: int) -> None:
    """As many for 50,000 activities as for none, no table read through, no sorting (faults 66, 67)."""
    empty = accounts.create(me, NewAccount("Tom"))
    lone = account_contacts.find(me, nordlys, "lone")[0]
    fill(me, lone, 50_000, nordlys)
    with counted() as few:
        account_page.load(me, empty)
    with counted() as many:
        page = account_page.load(me, nordlys)
        account_timeline.planned(me, nordlys)
        account_timeline.history(me, nordlys)
    assert len(few) == 4
    assert len(many) <= 8
    assert page.counts.notes == COUNT_CAP
    assert len(account_timeline.history(me, nordlys).rows) == PAGE_SIZE
    for sql, values in many:
        for *_ids, detail in rows(f"EXPLAIN QUERY PLAN {sql}", *values):
            fine = "CONSTANT ROW" in detail or "(subquery" in detail or detail.startswith("SCAN d ")
            assert not detail.startswith("SCAN") or fine, (detail, sql)
            assert "USE TEMP B-TREE FOR ORDER BY" not in detail, (detail, sql)


def test_five_thousand_contacts_are_paged_from_either_end(me: Me) -> None:
    account_id = accounts.create(me, NewAccount("Kæmpe"))
    with journal.step(me, "imported", shown=False, kind="import") as adding:
        adding.add_many(Contact, [
            {"kind": "business", "first_name": f"Bo {n:04}", "account_id": account_id, "responsible_id": me.user_id,
             "emails": [], "phones": [], "external_ids": {}, "last_name": "", "city": ""} for n in range(5000)
        ])  # fmt: skip
    assert account_contacts.count(me, account_id) == 5000
    assert account_page.load(me, account_id).counts.contacts == COUNT_CAP
    last = account_contacts.page(me, account_id, 4990, 100, 5000)
    assert [one.name for one in last] == [f"Bo {n:04}" for n in range(4990, 5000)]
    with counted() as seen:
        account_contacts.page(me, account_id, 2500, 100, 5000)
    assert len(seen) == 2


def test_a_deleted_or_unknown_account_is_not_found(me: Me) -> None:
    account_id = accounts.create(me, NewAccount("Væk"))
    accounts.delete(me, account_id)
    for gone in (account_id, 999):
        with pytest.raises(NotFound):
            account_page.load(me, gone)


def test_the_private_account_has_its_contacts_too(me: Me) -> None:
    anne = contacts.create(me, NewContact(first_name="Anne"))
    cases.create(me, anne, "Polo", path="new_car")
    page = account_page.load(me, PRIVATE_ACCOUNT)
    assert page.account.is_private
    assert page.account.name == "Private customers"
    assert (page.counts.contacts, page.counts.open_cases) == (1, 1)
    assert [one.name for one in account_contacts.page(me, PRIVATE_ACCOUNT, 0, 10, 1)] == ["Anne"]
