"""The list of contacts: orders, pages, the filter, neighbours; and that none of it grows with the number of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from easir_tui import clock, text
from easir_tui.clock import When
from easir_tui.crm import accounts, contact_list, contacts, duplicates, tasks, undo
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contact_list import ListContext
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data import sqlite
from easir_tui.data.database import Store
from easir_tui.data.journal import step
from easir_tui.data.models import Account, Contact
from easir_tui.data.sqlite import database, run, writing
from easir_tui.errors import NotFound

LIVELY = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def people(me: Me, *names: str) -> list[int]:
    """Private contacts of these names."""
    return [contacts.create(me, NewContact(last_name=name)) for name in names]


def many(me: Me, count: int) -> range:
    """That many contacts at once, every third with a next step, every second with a last contact."""
    given = [
        {"kind": "private", "account_id": 1, "responsible_id": me.user_id, "first_name": f"Nr. {n * 7919 % count:05}",
         "last_name": ("Ærø", "Bak", "Aas", "Zulu")[n % 4], "city": "Ribe", "emails": [], "phones": []}
        for n in range(count)
    ]  # fmt: skip
    with step(me, "added many", shown=False) as work:
        ids = work.add_many(Contact, given)
    with writing():
        run("UPDATE contact SET next_step_at = 1000 + id % 50 WHERE id % 3 = 0")
        run("UPDATE contact SET last_contact_at = 1000 + id % 40 WHERE id % 2 = 0")
    return ids


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(sql: str, *_rest: Any) -> None:
        seen.append(sql)

    real: Callable[..., Any] = database.execute_sql
    database.execute_sql = lambda sql, *rest, **options: (note(sql), real(sql, *rest, **options))[1]
    try:
        yield seen
    finally:
        database.execute_sql = real


def test_danish_order(me: Me) -> None:
    """Faults 70: æ ø å last, aa with å, accents beside their letter."""
    people(me, "Åse", "Østergaard", "Zulu", "Anders", "Ærø", "Aalborg", "Müller", "anders", "Ångström")
    shown = [row.name for row in contact_list.page(me, "name", 0, 20)]
    assert shown == ["Anders", "anders", "Müller", "Zulu", "Ærø", "Østergaard", "Aalborg", "Ångström", "Åse"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Søren", ("soren", "søren", "sören", "soeren", "SØR", "sø", "so")),
        ("Bjørn", ("bjorn", "bjoern", "bjørn")),
        ("Kjær", ("kjaer", "kjær", "kjä")),
        ("Ærø", ("aero", "ærø", "aeroe", "ær")),
        ("Åse", ("ase", "aase", "åse", "å", "aa")),
        ("Økland", ("okland", "oekland", "økland")),
        ("Łukasz", ("lukasz", "łukasz")),
        ("Strauß", ("strauss", "strauß")),
    ],
)
def test_danish_letters_are_found_however_they_are_typed(me: Me, name: str, typed: tuple[str, ...]) -> None:
    """Faults 69."""
    (wanted, _other) = people(me, name, "Qvist")
    for words in typed:
        assert contact_list.find(me, words).ids == (wanted,), words


def test_what_a_filter_looks_at(me: Me) -> None:
    """Name, company, e-mail, any part of the phone number, city; every word must match."""
    account = accounts.create(me, NewAccount("Nordlys Biler A/S"))
    wanted = contacts.create(me, NewContact(
        kind="business", first_name="Søren Kjær", last_name="Mikkelsen", account_id=account, city="Risskov",
        emails=(Email("smi@firma.dk"), Email("privat@hjemme.dk")),
        phones=(PhoneEntry("22 41 90 17"), PhoneEntry("86 12 34 56")),
    ))  # fmt: skip
    people(me, "Mikkelsen", "Andersen")
    for typed in (
        "søren mik", "mikkelsen nordlys", "nordl", "smi@firma.dk", "firma", "hjemme", "riss", "22 41 90 17", "4190",
        "419017", "+45 22419017", "0045 2241", "9017", "123456", "8612", "kjaer søren risskov",
    ):  # fmt: skip
        assert contact_list.find(me, typed).ids == (wanted,), typed
    assert contact_list.find(me, "søren andersen").ids == ()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "*",
        '"',
        "AND",
        "a@b.dk",
        "o'brien",
        "20.04",
        "(+45)",
        "50%",
        "NEAR(a b)",
        "name:x",
        "-",
        "[/]",
        "\x00",
        "'; DROP TABLE contact; --",
    ],
)
def test_nothing_typed_is_syntax(me: Me, typed: str) -> None:
    """Faults 62, 71."""
    people(me, "Bo")
    assert contact_list.find(me, typed).ids == ()


@LIVELY
@given(typed=some.text(max_size=30), order=some.sampled_from(list(contact_list.ORDERS)), reverse=some.booleans())
def test_any_text_can_be_searched_for(me: Me, typed: str, order: str, reverse: bool) -> None:
    """Faults 71, 90."""
    contact_list.find(me, typed, order, reverse)
    accounts.search(me, typed)


@LIVELY
@given(name=some.text(some.characters(categories=["L", "N"]), min_size=1, max_size=12))
def test_a_filter_never_loses_a_contact_as_its_name_is_typed(me: Me, name: str) -> None:
    """Faults 69: every beginning of a name finds it."""
    name = text.accept(name)
    if not text.search_tokens(name):
        return
    contact_id = contacts.create(me, NewContact(last_name=name))
    for end in range(1, len(name) + 1):
        if text.query_words(name[:end]):
            assert contact_id in contact_list.find(me, name[:end]).ids, name[:end]


def test_a_business_contact_is_found_by_the_city_of_its_company(me: Me) -> None:
    """V13: what the row shows is what the filter finds, also after the company has moved, and after undo."""
    account = accounts.create(me, NewAccount("Nordlys", city="Odense C"))
    wanted = contacts.create(me, NewContact(kind="business", last_name="Bæk", account_id=account))
    own = contacts.create(me, NewContact(kind="business", last_name="Egen", account_id=account, city="Ribe"))
    assert contact_list.find(me, "odense").ids == (wanted,)
    assert [row.city for row in contact_list.rows_of(me, [wanted, own])] == ["Odense C", "Ribe"]
    with step(me, "moved the company") as work:
        work.change(Account, account, 1, city="Vejle")
    assert contact_list.find(me, "vejle").ids == (wanted,)
    assert contact_list.find(me, "odense").ids == ()
    undo.undo(me)
    assert contact_list.find(me, "odense").ids == (wanted,)
    contacts.change(me, wanted, None, kind="private")
    assert contact_list.find(me, "odense").ids == ()


def test_more_than_a_thousand_are_capped_to_the_newest(me: Me) -> None:
    many(me, 1203)
    found = contact_list.find(me, "ribe")
    assert (len(found.ids), found.capped) == (1000, True)
    assert min(found.ids) == 204
    shown = contact_list.rows_of(me, found.ids[:60])
    assert [row.name for row in shown] == sorted((row.name for row in shown), key=text.sort_key)
    assert contact_list.find(me, "nr 00007").capped is False


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("order", contact_list.ORDERS)
def test_pages_of_any_order_put_together_are_the_whole_list_once(me: Me, order: str, reverse: bool) -> None:
    """Counted from either end and across the seam between those with a next step and those without."""
    ids = set(many(me, 331))
    whole = contact_list.all_ids(me, order, reverse)
    assert set(whole) == ids
    assert len(whole) == 331
    known = contact_list.extent(me, order, reverse)
    for size in (7, 100):
        paged = [
            row.id for start in range(0, 331, size) for row in contact_list.page(me, order, start, size, reverse, known)
        ]
        assert tuple(paged) == whole
    assert contact_list.page(me, order, 331, 10, reverse) == []
    for number in (0, 1, 109, 110, 111, 165, 166, 220, 221, 330):
        assert contact_list.position(me, whole[number], order, reverse) == number
    assert contact_list.find(me, "ribe", order, reverse).ids == whole
    turned = contact_list.all_ids(me, order, not reverse)
    assert turned == whole[::-1]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("order", contact_list.ORDERS)
def test_walking_from_neighbour_to_neighbour_is_the_list(me: Me, order: str, reverse: bool) -> None:
    many(me, 40)
    context = ListContext(order, reverse)
    whole = contact_list.all_ids(me, order, reverse)
    forward = [whole[0]]
    while (following := contact_list.neighbour(me, context, forward[-1])) is not None:
        forward.append(following)
    assert tuple(forward) == whole
    assert [contact_list.neighbour(me, context, one, forward=False) for one in whole] == [None, *whole[:-1]]
    assert contact_list.where(me, context, whole[17]) == (18, 40)


def test_neighbours_in_a_filter_skip_who_was_deleted(me: Me) -> None:
    a, b, c, d = people(me, "A", "B", "C", "D")
    context = ListContext(ids=(a, b, d))
    assert contact_list.neighbour(me, context, a) == b
    contacts.delete(me, b, 1)
    assert contact_list.neighbour(me, context, a) == d
    assert contact_list.neighbour(me, context, b) == d
    assert contact_list.neighbour(me, context, d) is None
    assert contact_list.neighbour(me, context, c) is None
    assert contact_list.where(me, context, d) == (3, 3)
    assert contact_list.neighbour(me, ListContext(), b) == c
    assert contact_list.position(me, b) is None


def test_a_contact_without_a_next_step_comes_last_and_the_soonest_first(me: Me) -> None:
    """Faults 105."""
    none, late, soon, day = people(me, "None", "Late", "Soon", "Day")
    now = clock.now()
    tasks.plan(me, late, "call", When(at=now + 9 * 86400))
    tasks.plan(me, soon, "call", When(at=now + 5 * 86400))
    tasks.plan(me, soon, "call", When(at=now + 60))
    tasks.plan(me, day, "remind", When(day=clock.local(now + 3 * 86400, clock.zone()).date()))
    assert contact_list.all_ids(me, "next_step") == (soon, day, late, none)
    shown = {row.id: row for row in contact_list.page(me, "next_step", 0, 9)}
    assert shown[soon].next_step_at == now + 60
    assert shown[day].next_step_day == "2026-11-28"
    assert shown[none].next_step_at is None


def test_who_rings(me: Me) -> None:
    """Faults 86: any format, from four digits on."""
    caller = contacts.create(me, NewContact(last_name="Kalder", phones=(PhoneEntry("20304050"),)))
    italian = contacts.create(me, NewContact(last_name="Rossi", phones=(PhoneEntry("+39 06 12345678"),)))
    for typed in ("20304050", "+4520304050", "0045 20 30 40 50", "304050", "4050", "20-30-40-50"):
        assert contact_list.find(me, typed).ids == (caller,), typed
    assert contact_list.find(me, "+39 06 12345678").ids == (italian,)
    for typed in ("050", "", "abc", "99999999"):
        assert contact_list.find(me, typed).ids == ()


def test_statements_do_not_grow_with_the_number_of_contacts(me: Me) -> None:
    """Faults 66, 67: the same number for ten contacts and for a thousand."""

    def counted() -> dict[str, int]:
        known = contact_list.extent(me)
        acts: dict[str, Callable[[], Any]] = {
            "page": lambda: contact_list.page(me, "name", 3, 100, known=known),
            "page of steps": lambda: contact_list.page(me, "next_step", 0, 100),
            "find": lambda: contact_list.find(me, "ribe"),
            "rows": lambda: contact_list.rows_of(me, [1, 2, 3]),
            "position": lambda: contact_list.position(me, 3),
            "neighbour": lambda: contact_list.neighbour(me, ListContext(), 3),
            "similar": lambda: duplicates.similar(me, NewContact(first_name="Nr. 00001", last_name="Bak", city="Ribe")),
            "companies": lambda: accounts.search(me, "no"),
            "show": lambda: contacts.show(me, 3),
        }
        found = {}
        for name, act in acts.items():
            with statements() as seen:
                act()
            found[name] = len(seen)
        return found

    many(me, 10)
    few = counted()
    many(me, 1000)
    assert all(number <= few[name] for name, number in counted().items())
    assert few == {
        "page": 2, "page of steps": 5, "find": 1, "rows": 1, "position": 3, "neighbour": 2, "similar": 2,
        "companies": 3, "show": 1,
    }  # fmt: skip


def test_every_page_is_read_along_an_index(me: Me, store: Store) -> None:
    """Faults 65, 67: no order sorts or scans the table, wherever the page is."""
    many(me, 50)
    for order in contact_list.ORDERS:
        for reverse in (False, True):
            with statements() as seen:
                contact_list.ids_of_page(me, order, 20, 10, reverse)
                contact_list.position(me, 20, order, reverse)
                contact_list.neighbour(me, ListContext(order, reverse), 20)
            for sql in seen:
                plan = " ".join(
                    str(each[3]) for each in sqlite.rows(f"EXPLAIN QUERY PLAN {sql}", *[1] * sql.count("?"))
                )
                assert "TEMP B-TREE" not in plan, sql
                assert "USING" in plan, sql


def test_the_list_is_of_living_contacts(me: Me) -> None:
    a, b = people(me, "A", "B")
    contacts.delete(me, a, 1)
    assert contact_list.count(me) == 1
    assert contact_list.all_ids(me) == (b,)
    assert contact_list.rows_of(me, [a, b])[0].id == b
    assert contact_list.find(me, "a").ids == ()
    with pytest.raises(NotFound):
        contacts.show(me, a)
