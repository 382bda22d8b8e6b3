"""Everything the contact page first shows: what is read, in how many statements, and what much of it costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from easir_tui.crm import contact_page, contacts, timeline
from easir_tui.crm.users import Me
from easir_tui.data import journal
from easir_tui.data.models import Activity
from easir_tui.data.sqlite import database, rows
from easir_tui.errors import Conflict, Invalid, NotFound
from tests.crm.made import a_business_contact, a_colleague, a_contact
from tests.screens.nordlys import make_soren

MOST_STATEMENTS = 12


@contextmanager
def counted() -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """The statements that run meanwhile, with their values."""
    seen: list[tuple[str, tuple[object, ...]]] = []

    def see(event: Any) -> None:
        seen.append((event.sql, tuple(event.params or ())))

    database.query_hooks.append(see)
    try:
        yield seen
    finally:
        database.query_hooks.remove(see)


def fill(me: Me, contact_id: int, many: int, account_id: int = 1) -> None:
    """A contact with that many activities, every tenth with a note."""
    with journal.step(me, "imported", shown=False, kind="import") as step:
        step.add_many(
            Activity,
            [
                {
                    "contact_id": contact_id,
                    "account_id": account_id,
                    "kind": "call",
                    "direction": "out",
                    "at": 1_600_000_000 + n * 60,
                    "user_id": me.user_id,
                    "note": f"note {n}" if n % 10 == 0 else "",
                    "subject": f"call {n}",
                }
                for n in range(many)
            ],
        )


def test_everything_of_soren_is_there(me: Me) -> None:
    """The facts of the drawing."""
    soren = make_soren(me, a_colleague(me))
    page = contact_page.load(me, soren)
    assert page.person.name == "Søren Kjær Mikkelsen"
    assert page.account.name == "Nordlys Biler A/S"
    assert page.person.email == "soren@nordlysbiler.dk"
    assert [phone.number for phone in page.person.phones] == ["+4522419017", "+4586123456"]
    assert [(held.channel, held.state) for held in page.consents] == [
        ("phone", "given"),
        ("email", "refused"),
        ("letter", "not_asked"),
        ("sms", "not_asked"),
    ]
    assert [task.type for task in page.planned] == ["call", "meeting", "email", "remind"]
    assert page.counts == contact_page.Counts(cases=2, planned=4, attachments=2, notes=3)
    assert [note.text.split()[0] for note in page.notes.rows] == ["Wants", "Showroom", "Prefers"]
    assert {case.title for case in page.cases} == {"ID.4 Pro fleet", "Leasing of 2 vans"}
    assert page.person.responsible == "Anna Holm"


def test_a_business_contact_shows_the_accounts_address(me: Me) -> None:
    """V13; and its own when it has one."""
    soren = make_soren(me, a_colleague(me))
    page = contact_page.load(me, soren)
    assert page.address_from_account
    assert page.address.street == "Havnegade 12, 2. tv"
    contacts.change(me, soren, page.person.version, street="Egen Vej 1", city="Odense")
    page = contact_page.load(me, soren)
    assert not page.address_from_account
    assert (page.address.street, page.address.city) == ("Egen Vej 1", "Odense")


def test_a_private_contact_never_shows_the_private_accounts_address(me: Me) -> None:
    """V2: the private account is nobody's address."""
    page = contact_page.load(me, a_contact(me))
    assert not page.address_from_account
    assert not page.address


def test_the_statements_are_few_whatever_the_contact_holds(me: Me) -> None:
    """At most twelve, and as many for 50,000 activities as for none (faults 66, 67)."""
    empty, full = a_contact(me), make_soren(me, a_colleague(me))
    fill(me, full, 50_000, contact_page.load(me, full).account.id)
    with counted() as few:
        contact_page.load(me, empty)
    with counted() as many:
        page = contact_page.load(me, full)
    assert len(few) <= len(many) <= MOST_STATEMENTS
    assert len(page.history.rows) == timeline.PAGE_SIZE
    assert page.counts.notes == contact_page.COUNT_CAP


def test_no_statement_of_the_page_scans(me: Me) -> None:
    """Every table is reached by an index, also for the contact with 50,000 activities.

    `same` is no table, but the handful of contacts that were merged into this one.
    """
    full = a_contact(me)
    fill(me, full, 2_000)
    with counted() as seen:
        contact_page.load(me, full)
    for sql, values in seen:
        for *_ids, detail in rows(f"EXPLAIN QUERY PLAN {sql}", *values):
            fine = "CONSTANT ROW" in detail or "(subquery" in detail or detail == "SCAN same"
            assert not detail.startswith("SCAN") or fine, (detail, sql)
            assert "USE TEMP B-TREE FOR ORDER BY" not in detail or "sales_case" in sql, (detail, sql)


def test_every_page_of_a_long_history_comes_once_and_in_order(me: Me) -> None:
    """Keyset paging over two sources leaves out nothing and repeats nothing, also where instants are equal (V18)."""
    soren = make_soren(me, a_colleague(me))
    fill(me, soren, 1_234, contact_page.load(me, soren).account.id)
    found: list[timeline.Happened] = []
    after = None
    while True:
        page = timeline.history(me, soren, after=after, size=37)
        found += page.rows
        after = page.next
        if after is None:
            break
    assert [row.key for row in found] == sorted((row.key for row in found), reverse=True)
    assert len({(row.source, row.id) for row in found}) == len(found)
    activities = rows("SELECT count(*) FROM activity WHERE contact_id = ?", soren)[0][0]
    events = rows("SELECT count(*) FROM event WHERE contact_id = ? AND shown = 1", soren)[0][0]
    assert len(found) == activities + events


def test_history_is_narrowed_by_source_period_and_case(me: Me) -> None:
    """The three filters, one by one and together."""
    soren = make_soren(me, a_colleague(me))
    page = contact_page.load(me, soren)
    case_id = next(case.id for case in page.cases if case.title.startswith("ID.4"))
    calls = timeline.history(me, soren, timeline.Filter(source="call")).rows
    assert [row.kind for row in calls] == ["call"]
    assert all(row.source == "event" for row in timeline.history(me, soren, timeline.Filter(source="change")).rows)
    of_case = timeline.history(me, soren, timeline.Filter(case=case_id)).rows
    assert of_case
    assert {row.case_id for row in of_case} == {case_id}
    no_case = timeline.history(me, soren, timeline.Filter(case="none")).rows
    assert no_case
    assert {row.case_id for row in no_case} == {None}
    limit = calls[0].at
    assert all(row.at < limit for row in timeline.history(me, soren, timeline.Filter(until=limit)).rows)
    assert all(row.at >= limit for row in timeline.history(me, soren, timeline.Filter(since=limit)).rows)
    assert timeline.planned(me, soren, timeline.Filter(source="call"))[0].type == "call"
    assert [task.type for task in timeline.planned(me, soren, timeline.Filter(case="none"))] == ["remind"]


def test_the_accounts_address_is_changed_from_the_page_and_stands_in_history(me: Me) -> None:
    """The pen of the address, for all contacts of the account; two editors of one line meet a conflict."""
    jens = a_colleague(me)
    first = a_business_contact(me)
    page = contact_page.load(me, first)
    contact_page.change_account(me, page.account.id, page.account.version, first, street="Ny Vej 2", city="Vejle")
    assert contact_page.load(me, first).address.street == "Ny Vej 2"
    assert "changed the address of Nordlys Biler A/S" in [r.text for r in timeline.history(me, first).rows]
    with pytest.raises(Conflict):
        contact_page.change_account(jens, page.account.id, page.account.version, first, street="Anden Vej 3")
    contact_page.change_account(jens, page.account.id, page.account.version, first, country="Danmark")


def test_the_private_account_is_never_changed(me: Me) -> None:
    """V2: it is nobody's address, and it keeps its name."""
    with pytest.raises(Invalid):
        contact_page.change_account(me, 1, 1, a_contact(me), street="Hos alle")


def test_a_deleted_contact_is_not_found(me: Me) -> None:
    """It reads as if it had never been."""
    ole = a_contact(me)
    contacts.delete(me, ole, 1)
    with pytest.raises(NotFound):
        contact_page.load(me, ole)
