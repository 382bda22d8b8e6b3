"""The filter language of the case list: what it finds, and that nothing is ever half understood."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui import language
from easir_tui.clock import When, now
from easir_tui.crm import case_acts, case_filter, case_list, cases, saved_views, tasks, undo
from easir_tui.crm.activities import ActivityInput, record
from easir_tui.crm.users import Me, enrol, log_in
from easir_tui.data.journal import step
from easir_tui.data.models import Account
from easir_tui.data.sqlite import value
from easir_tui.errors import Invalid, NotFound
from tests.crm.made import a_business_contact, a_contact


@pytest.fixture
def fleet(me: Me) -> dict[str, int]:
    """Five cases, each different in what a filter may ask for."""
    enrol(me, "jens", "Jens Østergaard")
    jens = log_in("jens")
    soren = a_business_contact(me, first_name="Søren", last_name="Kjær")
    ole = a_contact(me)
    made = {
        "id4": cases.create(me, soren, "ID.4 Pro", path="new_car", product="VW ID.4", value=39990000),
        "skoda": cases.create(me, ole, "Škoda Enyaq", path="new_car", value=9000000, expected_close=date(2026, 12, 1)),
        "used": cases.create(jens, ole, "Brugt Golf", path="used_car", value=10000000),
        "won": cases.create(me, soren, "Caddy", path="new_car"),
        "rejected": cases.create(jens, soren, "Amarok", path="new_car"),
    }
    cases.close(me, made["won"], None, "won")
    cases.reject(jens, made["rejected"], None, "sold privately")
    tasks.plan(me, soren, "call", When(at=now() + 3600), case_id=made["id4"])
    tasks.plan(me, ole, "call", When(day=date(2026, 12, 24)), case_id=made["skoda"])
    record(me, ActivityInput(soren, "note", made["id4"], milestones=("offer",), note="Tilbud sendt"))
    return made


def found(me: Me, fleet: dict[str, int], typed: str) -> set[str]:
    """The names of the cases a filter finds."""
    ids = case_list.ids(me, typed)
    assert case_list.count(me, typed) == len(ids)
    return {name for name, case_id in fleet.items() if case_id in ids}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("", {"id4", "skoda", "used", "won", "rejected"}),
        ("status:all", {"id4", "skoda", "used", "won", "rejected"}),
        ("status:open", {"id4", "skoda", "used"}),
        ("tilstand:åben", {"id4", "skoda", "used"}),
        ("status:open manager:me", {"id4", "skoda"}),
        ("manager:JØ", {"used", "rejected"}),
        ("ansvarlig:øster", {"used", "rejected"}),
        ('path:"New car" status:open', {"id4", "skoda"}),
        ("path:used_car", {"used"}),
        ("milestone:offer", {"id4"}),
        ("next:none status:open", {"used"}),
        ("next<fri", {"id4"}),
        ("next=today", {"id4"}),
        ("next>=26-11-2026", {"skoda"}),
        ('next<"24. dec 2026"', {"id4"}),
        ('next<="24. dec 2026"', {"id4", "skoda"}),
        ("value>100000", {"id4"}),
        ("value>=100.000", {"id4", "used"}),
        ("value<100k", {"skoda"}),
        ("value:none status:open", set()),
        ("værdi>0,3m", {"id4"}),
        ("close<2026-12-02", {"skoda"}),
        ("closed:today", {"won", "rejected"}),
        ("opened:today", {"id4", "skoda", "used", "won", "rejected"}),
        ("last:today", {"id4"}),
        ("outcome:won", {"won"}),
        ("chance>=100", {"won"}),
        ("lead:yes", set()),
        ("lead:nej status:open", {"id4", "skoda", "used"}),
        ("skoda", {"skoda"}),
        ("soren", {"id4", "won", "rejected"}),
        ("contact:kjær status:open", {"id4"}),
        ("product:golf", {"used"}),
        ("team:none", {"id4", "skoda", "used", "won", "rejected"}),
        ('"id.4 pro" status:open', {"id4"}),
    ],
)
def test_what_it_finds(me: Me, fleet: dict[str, int], typed: str, names: set[str]) -> None:
    assert found(me, fleet, typed) == names


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("stauts:open", "stauts"), ("status:opne", "status:opne"), ("status<open", "status<open"),
        ("manager:nobody", "manager:nobody"), ("value>much", "value>much"), ("next<someday", "next<someday"),
        ('path:"New car', '"New car'), ("chance>200", "chance>200"), ("team:nord", "team:nord"), ('a"b', 'a"'),
        ("value>99999999999999999999", "value>"), ("milestone:xyz", "milestone:xyz"), ('contact:"  "', "contact:"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named(me: Me, fleet: dict[str, int], typed: str, named: str) -> None:
    """Faults 62 and 71: neither half a filter nor no hits, but a sentence with the word and what would be right."""
    with pytest.raises(Invalid) as refused:
        case_list.ids(me, typed)
    assert named in refused.value.sentence
    assert refused.value.hint


def test_an_account_with_quotation_marks(me: Me, fleet: dict[str, int]) -> None:
    """Faults 62: marks in a value are data; the filter finds this account's case and no other."""
    contact_id = a_business_contact(me, first_name="Bo", last_name="Rør")
    account_id = value("SELECT account_id FROM contact WHERE id = ?", contact_id)
    with step(me, "renamed") as renaming:
        renaming.change(Account, account_id, None, name='5" "Rør" & Søn\'s')
    mine = cases.create(me, contact_id, "Ladcykel", path="new_car")
    assert case_list.ids(me, "account:rør account:søn's") == [mine]


@given(typed=st.text(max_size=60))
def test_any_text_is_understood_or_refused_by_name(typed: str) -> None:
    """Whatever is typed, the pieces are all of it, or the refusal is a sentence."""
    try:
        pieces = case_filter.terms(typed)
    except Invalid as refused:
        if not (refused.sentence and refused.hint):
            pytest.fail(repr(refused))
        return
    assert "".join("".join(piece.typed.split()) for piece in pieces) == "".join(typed.split())


SIGNS = ":<>=\"' ()*-^[];%\\,."


@given(typed=st.lists(st.sampled_from([
    *case_filter.KEYS, *case_filter.KEYS, "me", "open", "fri", "100k", "none", "\x1b]52;c;x\x07",
    "'; DROP TABLE lead--",
    *SIGNS, *SIGNS,
]), max_size=8).map("".join))  # fmt: skip
def test_values_are_bound_whatever_they_are(typed: str) -> None:
    """Nothing that is typed becomes a part of the statement."""
    try:
        pieces = case_filter.terms(typed)
    except Invalid:
        return
    for piece in pieces:
        if piece.key in ("contact", "account", "product", "lead", "status", "outcome", "value", "chance"):
            someone = Me(1, "x", "X", "X", "user", "Europe/Copenhagen", "en")
            try:
                asked = case_filter._condition(someone, piece)
            except Invalid:
                continue
            assert asked[0].count("?") == len(asked[1])
            assert len(piece.value) < 6 or piece.value not in asked[0]


@pytest.mark.parametrize("order", case_list.ORDERS)
@pytest.mark.parametrize("reverse", [False, True])
def test_every_order_says_where_a_case_stands(me: Me, fleet: dict[str, int], order: str, reverse: bool) -> None:
    ids = case_list.ids(me, "", order, reverse)
    assert [case_list.position(me, case_id, "", order, reverse) for case_id in ids] == list(range(len(ids)))
    pages = [one.id for at in range(0, 6, 2) for one in case_list.page(me, "", order, reverse, at, 2)]
    assert pages == ids
    assert case_list.position(me, fleet["won"], "status:open", order) is None


def test_many_are_given_away_and_closed_in_one_step(me: Me, fleet: dict[str, int]) -> None:
    """Faults 61: an explicit set, counted, and one undo brings it back; what is not open stays."""
    jens = log_in("jens")
    ids = sorted(fleet.values())
    done = case_acts.reassign(me, ids, jens.user_id)
    assert (done.count, done.left) == (3, 2)
    assert found(me, fleet, "status:open manager:me") == set()
    undo.undo(me)
    assert found(me, fleet, "status:open manager:me") == {"id4", "skoda"}
    done = case_acts.close(me, ids, "lost", "price")
    assert (done.count, done.left) == (3, 2)
    assert found(me, fleet, "outcome:lost") == {"id4", "skoda", "used"}
    assert undo.undo(me).sentence
    assert found(me, fleet, "status:open") == {"id4", "skoda", "used"}
    with pytest.raises(Invalid):
        case_acts.close(me, ids, "", "x")


def test_views_are_ones_own_and_come_back(me: Me, fleet: dict[str, int]) -> None:
    jens = log_in("jens")
    first = saved_views.save(me, "cases", "Big ones", "value>300k")
    assert saved_views.save(me, "cases", "Big ones", "value>400k") == first
    assert [(view.name, view.filter) for view in saved_views.views(me, "cases")] == [("Big ones", "value>400k")]
    assert saved_views.views(jens, "cases") == []
    with pytest.raises(NotFound):
        saved_views.drop(jens, first)
    saved_views.drop(me, first)
    assert saved_views.views(me, "cases") == []
    undo.undo(me)
    assert len(saved_views.views(me, "cases")) == 1
    for wrong in ("", " ", "x" * 41):
        with pytest.raises(Invalid):
            saved_views.save(me, "cases", wrong, "")


def test_the_keys_complete(monkeypatch: Any) -> None:
    assert case_filter.completions("ma") == ["manager:"]
    assert case_filter.completions("status:open ne") == ["next<"]
    assert case_filter.completions("status:open va") == ["value>"]
    assert case_filter.completions("status:o") == []
    language.activate("da")
    assert "manager:" in case_filter.completions("ansv")
