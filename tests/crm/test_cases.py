"""Cases: V1, V4, V5, V11, values in two languages, closing, rejecting, reopening, deleting."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from easir_tui import clock, language
from easir_tui.clock import When
from easir_tui.crm import activities, cases, tasks, undo
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Case, Contact, Lead
from easir_tui.data.sqlite import rows
from easir_tui.errors import Conflict, Invalid, NeedsConfirmation, NotFound, Refused
from tests.crm.made import a_colleague, a_contact

MILESTONES = ("first_contact", "needs", "test_drive", "trade_in", "offer", "contract", "delivered", "lost")


def test_a_case_has_its_creator_as_manager_unless_another_is_chosen(me: Me) -> None:
    """V4."""
    contact = a_contact(me)
    jens = a_colleague(me)
    assert cases.page(me, cases.create(me, contact, "A", path="new_car")).manager_id == me.user_id
    chosen = cases.create(me, contact, "B", path="new_car", manager_id=jens.user_id)
    assert cases.page(me, chosen).manager == "Jens Holt"
    with pytest.raises(Invalid):
        cases.create(me, contact, "C", path="new_car", manager_id=99)


def test_a_case_has_one_contact(me: Me) -> None:
    """V1: none can be made without, and the contact can have none."""
    with pytest.raises(NotFound):
        cases.create(me, 99, "A", path="new_car")
    assert cases.rows(me, a_contact(me)) == []


def test_where_several_paths_exist_one_is_chosen(me: Me) -> None:
    """V5."""
    contact = a_contact(me)
    for path in (None, "no_such"):
        with pytest.raises(Invalid) as refused:
            cases.create(me, contact, "A", path=path)
        assert refused.value.field == "path"


def test_the_only_path_is_chosen_silently(me: Me, tmp_path: Path, monkeypatch: Any) -> None:
    """V5."""
    own = tmp_path / "paths.toml"
    own.write_text('[only]\ntitle = "Only"\n[[only.milestones]]\nkey = "a"\ntitle = "A"\nkind = "contact"\n')
    monkeypatch.setenv("EASIR_PATHS", str(own))
    assert cases.page(me, cases.create(me, a_contact(me), "A")).path.key == "only"


def test_lead_details_stand_on_a_case_exactly_when_it_came_from_a_lead(me: Me) -> None:
    """V11."""
    contact = a_contact(me)
    with step(me, "a lead came in") as work:
        lead = work.add(Lead, received_at=clock.now(), source="website", interest="Test drive", product="ID.4")
    assert cases.page(me, cases.create(me, contact, "A", path="new_car")).lead is None
    found = cases.page(me, cases.create(me, contact, "B", path="new_car", lead_id=lead)).lead
    assert found is not None
    assert (found.source, found.interest) == ("website", "Test drive")


@pytest.mark.parametrize("title", ["", "  ", "\x1b\u202e", "\n\t"])
def test_a_case_needs_a_title(me: Me, title: str) -> None:
    with pytest.raises(Invalid) as refused:
        cases.create(me, a_contact(me), title, path="new_car")
    assert refused.value.field == "title"


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("399.900", 39990000),
        ("399,900.50", 39990050),
        ("399.900,50 kr.", 39990050),
        ("399900", 39990000),
        ("1.250,5", 125050),
        ("1 250 000", 125000000),
        ("0", 0),
        ("", None),
        ("  ", None),
    ],
)
def test_values_are_read_as_danes_and_britons_write_them(typed: str, minor: int | None) -> None:
    assert cases.parse_value(typed) == minor


@pytest.mark.parametrize("typed", ["-1", "many", "1.2.3", "399.90.0", "12,345,6", "9" * 30, "1,"])
def test_what_is_no_value_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        cases.parse_value(typed)
    assert refused.value.field == "value"


@given(minor=some.integers(0, 10**12), danish=some.booleans())
def test_a_value_reads_back_as_it_is_shown(minor: int, danish: bool) -> None:
    """What stands in the edit field is what it was, in either language."""
    language.activate("da" if danish else "en")
    try:
        assert cases.parse_value(cases.value_text(minor)) == minor
    finally:
        language.activate("en")


def test_close_reject_reopen_and_undo(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    cases.close(me, case, 1, "won")
    page = cases.page(me, case)
    assert (page.status, page.outcome, page.chance, page.closed_at) == ("closed", "won", 100, clock.now())
    assert Contact.get_by_id(contact).status == "customer"
    with pytest.raises(Refused, match="closed already"):
        cases.reject(me, case, 2, "no")
    cases.reopen(me, case, 2)
    page = cases.page(me, case)
    assert (page.status, page.outcome, page.closed_at, page.chance) == ("open", "", None, None)
    with pytest.raises(Invalid) as refused:
        cases.reject(me, case, 3, "  ")
    assert refused.value.field == "reason"
    cases.reject(me, case, 3, "Bought elsewhere")
    assert (cases.page(me, case).status, cases.page(me, case).reason) == ("rejected", "Bought elsewhere")
    for expected in ("open", "closed", "open"):
        undo.undo(me)
        assert cases.page(me, case).status == expected


def test_reopening_gives_back_the_chance_of_the_milestone_reached(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    activities.record(me, ActivityInput(contact, "note", note="x", case_id=case, milestones=("offer",)))
    cases.reject(me, case, None, "Too dear")
    cases.reopen(me, case, None)
    assert cases.page(me, case).chance == 60


def test_two_people_on_one_case(me: Me) -> None:
    """V17, faults 74: different fields merge, the same field names the other person."""
    jens = a_colleague(me)
    case = cases.create(me, a_contact(me), "ID.4", path="new_car")
    cases.change(jens, case, 1, product="ID.4 Pro")
    cases.change(me, case, 1, value=100)
    page = cases.page(me, case)
    assert (page.product, page.value) == ("ID.4 Pro", 100)
    with pytest.raises(Conflict) as conflict:
        cases.change(me, case, 1, product="ID.3")
    assert (conflict.value.who, conflict.value.theirs["product"]) == ("Jens Holt", "ID.4 Pro")


def test_only_named_fields_change(me: Me) -> None:
    case = cases.create(
        me, a_contact(me), "ID.4", path="new_car", product="Pro", value=5, expected_close=date(2026, 12, 24)
    )
    before = Case.select().where(Case.id == case).dicts().get()
    cases.change(me, case, 1, title="ID.5")
    after = Case.select().where(Case.id == case).dicts().get()
    assert {name for name in before if before[name] != after[name]} == {"title", "version"}


@pytest.mark.parametrize(
    ("field", "value"), [("chance", 101), ("chance", -1), ("value", -1), ("milestone", "credit_check"), ("title", "")]
)
def test_values_that_cannot_be_are_refused(me: Me, field: str, value: Any) -> None:
    case = cases.create(me, a_contact(me), "ID.4", path="new_car")
    with pytest.raises(Invalid) as refused:
        cases.change(me, case, 1, **{field: value})
    assert refused.value.field == field


def test_deleting_a_case_with_content_asks_first_and_takes_its_open_tasks_along(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    task = tasks.plan(me, contact, "call", When(day=date(2026, 11, 27)), case_id=case)
    activities.record(me, ActivityInput(contact, "note", note="x", case_id=case, milestones=("offer",)))
    with pytest.raises(NeedsConfirmation, match="1 activity and 1 planned task"):
        cases.delete(me, case, None)
    cases.delete(me, case, None, confirmed=True)
    with pytest.raises(NotFound):
        cases.page(me, case)
    assert tasks.for_user(me) == []
    undo.undo(me)
    assert cases.page(me, case).planned[0].id == task


def test_the_list_of_a_contact(me: Me) -> None:
    """Open ones first, by status, and searched as every list is: soren finds Søren's."""
    contact = a_contact(me)
    won = cases.create(me, contact, "Købt Ærø-bil", path="used_car")
    cases.close(me, won, 1, "won")
    new = cases.create(me, contact, "ID.4 til Sørens kone", path="new_car", product="VW ID.4")
    assert [row.id for row in cases.rows(me, contact)] == [new, won]
    assert [row.id for row in cases.rows(me, contact, "closed")] == [won]
    assert [row.id for row in cases.rows(me, contact, "all", "sorens vw")] == [new]
    assert [row.id for row in cases.rows(me, contact, "all", "aeroe")] == [won]
    assert cases.counts(me, contact) == {"all": 2, "open": 1, "closed": 1, "rejected": 0}


def test_the_page_shows_what_is_done_on_the_path(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    for milestones in (("first_contact",), ("first_contact", "test_drive")):
        activities.record(me, ActivityInput(contact, "note", note="x", case_id=case, milestones=milestones))
    done = {one.key: (one.times, one.current) for one in cases.page(me, case).milestones}
    assert done["first_contact"] == (2, False)
    assert done["test_drive"] == (1, True)
    assert done["offer"] == (0, False)


def test_the_history_of_a_case_begins_with_its_opening(me: Me) -> None:
    contact_id = a_contact(me)
    case_id = cases.create(me, contact_id, "ID.4", path="new_car")
    assert rows("SELECT what, contact_id FROM event WHERE case_id = ?", case_id) == [
        ("opened the case “{title}”", contact_id)
    ]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(logged=some.lists(some.sets(some.sampled_from(MILESTONES), min_size=1, max_size=4), min_size=1, max_size=4))
def test_however_activities_follow_each_other_a_case_stays_whole(me: Me, logged: list[set[str]]) -> None:
    """Closed wins over open and stays; an end has a time, an outcome only an end; won and lost never meet."""
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    ended = ""
    for chosen in logged:
        given_ = ActivityInput(contact, "note", note="x", case_id=case, milestones=tuple(chosen))
        if chosen >= {"delivered", "lost"}:
            with pytest.raises(Invalid):
                activities.record(me, given_)
            continue
        stands = cases.page(me, case).milestone
        activities.record(me, given_)
        moved = not ended
        ended = ended or ("won" if "delivered" in chosen else "lost" if "lost" in chosen else "")
        page = cases.page(me, case)
        assert page.outcome == ended
        assert page.status == ("closed" if ended else "open")
        assert (page.closed_at is None) == (page.status == "open")
        assert page.milestone in chosen if moved else page.milestone == stands
        assert {one.key for one in page.milestones if one.current} == {page.milestone}


def test_the_list_of_everybody_is_searched_by_case_and_by_contact(me: Me) -> None:
    """Faults 69 and 71: folded, and nothing typed is syntax."""
    soren = a_contact(me, first_name="Søren", last_name="Kjær")
    ole = a_contact(me)
    first = cases.create(me, soren, "ID.4 Ærø", path="new_car")
    second = cases.create(me, ole, "Used Golf", path="used_car", product="VW Golf")
    cases.close(me, second, 1, "lost")
    assert [row.id for row in cases.rows(me, None)] == [second, first]
    assert [row.id for row in cases.rows(me, None, "all", "aeroe")] == [first]
    assert [row.id for row in cases.rows(me, None, "all", "soren")] == [first]
    assert [row.id for row in cases.rows(me, None, "all", "vw gol")] == [second]
    assert [row.id for row in cases.rows(me, None, "open", "golf")] == []
    assert cases.rows(me, None, "all", 'zzz" OR *') == []
