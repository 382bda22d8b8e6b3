"""Undo: every kind of step comes back, and nothing that others did since is overwritten."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from easir_tui.crm import consent, undo
from easir_tui.crm.users import Me
from easir_tui.data import search
from easir_tui.data.columns import fetch
from easir_tui.data.journal import step
from easir_tui.data.models import Account, Activity, Contact
from easir_tui.data.sqlite import rows, value
from easir_tui.errors import NotFound, Refused

from .test_journal import person


def test_a_changed_field_comes_back_and_can_be_done_again(anna: Me) -> None:
    contact_id = person(anna)
    with step(anna, "changed the city", contact_id=contact_id) as changing:
        changing.change(Contact, contact_id, 1, city="Aarhus")
    done = undo.undo(anna)
    assert done.sentence == "Undone: changed the city"
    assert value("SELECT city FROM contact") == ""
    undo.undo(anna, done.event_id)
    assert value("SELECT city FROM contact") == "Aarhus"
    assert [one.undone for one in undo.last_steps(anna)] == [False, False]
    undo.undo(anna)
    undo.undo(anna)
    assert value("SELECT deleted_at IS NOT NULL FROM contact") == 1
    with pytest.raises(NotFound):
        undo.undo(anna)


def test_undo_after_undo_goes_further_back(anna: Me) -> None:
    contact_id = person(anna)
    for number, city in enumerate(("Aarhus", "Odense", "Ribe"), start=1):
        with step(anna, "changed the city", contact_id=contact_id) as changing:
            changing.change(Contact, contact_id, number, city=city)
    for expected in ("Odense", "Aarhus", ""):
        undo.undo(anna)
        assert value("SELECT city FROM contact") == expected


def test_a_colleagues_change_to_the_same_field_stands(anna: Me, jens: Me) -> None:
    contact_id = person(anna)
    with step(anna, "changed the city") as mine:
        mine.change(Contact, contact_id, 1, city="Aarhus")
    with step(jens, "changed the city") as theirs:
        theirs.change(Contact, contact_id, 2, city="Ribe")
    with pytest.raises(Refused, match="Jens"):
        undo.undo(anna)
    assert value("SELECT city FROM contact") == "Ribe"


def test_a_colleagues_change_to_another_field_stays(anna: Me, jens: Me) -> None:
    contact_id = person(anna)
    with step(anna, "changed the city") as mine:
        mine.change(Contact, contact_id, 1, city="Aarhus")
    with step(jens, "changed the street") as theirs:
        theirs.change(Contact, contact_id, 2, street="Algade 1")
    undo.undo(anna)
    stored = fetch("contact", contact_id)
    assert stored is not None
    assert (stored["city"], stored["street"]) == ("", "Algade 1")


def test_a_contact_somebody_works_with_is_not_undone(anna: Me, jens: Me) -> None:
    contact_id = person(anna)
    with step(jens, "wrote a note", shown=False) as writing:
        writing.add(Activity, contact_id=contact_id, account_id=1, kind="note", note="Ringer mandag", at=1,
                    user_id=jens.user_id)  # fmt: skip
    with pytest.raises(Refused, match="worked on"):
        undo.undo(anna)


def test_a_contact_whose_consent_was_recorded_is_worked_on(anna: Me, jens: Me) -> None:
    """Faults 9 and 26: undoing an import does not take along somebody who has said yes or no since."""
    imported(anna, 10)
    asked = value("SELECT id FROM contact WHERE first_name = 'Nr7'")
    consent.record(jens, asked, "email", "refused", "at the counter")
    assert undo.undo(anna).kept == ("Nr7", "Firma 0")
    assert rows("SELECT id FROM contact WHERE deleted_at IS NULL") == [(asked,)]
    contact_id = person(anna)
    consent.record(jens, contact_id, "phone", "given")
    with pytest.raises(Refused, match="worked on"):
        undo.undo(anna)


def test_only_my_own_steps_are_mine_to_undo(anna: Me, jens: Me) -> None:
    person(anna)
    with pytest.raises(NotFound):
        undo.undo(jens)
    event_id = undo.last_steps(anna)[0].event_id
    with pytest.raises(NotFound):
        undo.undo(jens, event_id)


def imported(me: Me, count: int, per_part: int = 1000) -> int:
    with step(me, "imported {file}", {"file": "people.csv"}, kind="import", shown=False) as whole:
        parent = whole.event_id
    for start in range(0, count, per_part):
        with step(me, "imported a part", kind="change", shown=False, parent_id=parent) as part:
            account_id = part.add(Account, kind="company", name=f"Firma {start}")
            part.add_many(Contact, [
                {"kind": "business", "account_id": account_id, "first_name": f"Nr{start + number}",
                 "responsible_id": me.user_id, "origin": "import"}
                for number in range(min(per_part, count - start))
            ])  # fmt: skip
    return parent


def test_an_import_is_one_step_and_keeps_what_was_worked_on(anna: Me, jens: Me) -> None:
    """Faults 25 to 27: in batches, no dead ends, and what a colleague touched since stays and is named."""
    imported(anna, 2500)
    touched = value("SELECT id FROM contact WHERE first_name = 'Nr1700'")
    with step(jens, "changed the city", contact_id=touched) as changing:
        changing.change(Contact, touched, 1, city="Ribe")
    done = undo.undo(anna)
    assert done.kept[0] == "Nr1700"
    assert "Nr1700" in done.sentence
    assert rows("SELECT id FROM contact WHERE deleted_at IS NULL") == [(touched,)]
    assert search.contact_ids("nr1701", 5) == []
    assert value("SELECT count(*) FROM contact_key") == 0
    assert rows("SELECT name FROM account WHERE deleted_at IS NULL AND id > 1") == [("Firma 1000",)]


def test_an_undone_import_can_be_done_again(anna: Me) -> None:
    event_id = imported(anna, 1200)
    undo.undo(anna)
    undo.undo(anna, event_id)
    assert value("SELECT count(*) FROM contact WHERE deleted_at IS NULL") == 1200
    assert len(search.contact_ids("nr7", 500)) == 111


FIELDS = ("city", "street", "website", "job_title")
EDITS = st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(("", "a", "b", "c"))), min_size=1, max_size=12)


@given(edits=EDITS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_series_of_edits_undone_is_where_it_began(anna: Me, edits: list[tuple[str, str]]) -> None:
    contact_id = person(anna)
    before = fetch("contact", contact_id)
    assert before is not None
    for field, new in edits:
        with step(anna, "changed a field", contact_id=contact_id) as changing:
            changing.change(Contact, contact_id, None, **{field: new})
    steps = value("SELECT count(*) FROM event WHERE contact_id = ? AND kind = 'change'", contact_id)
    for _number in range(steps):
        if undo.last_steps(anna)[0].what == "changed a field" or steps:
            undo.undo(anna)
    after = fetch("contact", contact_id)
    assert after is not None
    assert {field: after[field] for field in FIELDS} == {field: before[field] for field in FIELDS}
