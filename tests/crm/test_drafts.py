"""Drafts in the database: one for each form and user, offered in the right order, outside the journal."""

from __future__ import annotations

from typing import Any

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from easir_tui import clock
from easir_tui.crm import drafts, undo
from easir_tui.crm.users import Me
from easir_tui.data.models import Draft, Event
from tests.crm.made import a_colleague, a_contact


def test_a_draft_is_kept_read_and_dropped(me: Me) -> None:
    drafts.keep(me, "activity:note:1", "activity", {"texts": {"note": "a"}})
    drafts.keep(me, "activity:note:1", "activity", {"texts": {"note": "ab"}})
    assert drafts.take(me, "activity:note:1") == {"texts": {"note": "ab"}}
    assert Draft.select().count() == 1
    drafts.drop(me, "activity:note:1")
    assert drafts.take(me, "activity:note:1") is None


def test_nobody_else_sees_it(me: Me) -> None:
    jens = a_colleague(me)
    drafts.keep(me, "note:1", "note", {"text": "mine"})
    drafts.keep(jens, "note:1", "note", {"text": "his"})
    assert drafts.take(me, "note:1") == {"text": "mine"}
    drafts.drop(jens, "note:1")
    assert [draft.key for draft in drafts.waiting(me)] == ["note:1"]
    assert drafts.waiting(jens) == []


def test_those_cut_off_come_before_those_left_and_newer_ones_first(me: Me) -> None:
    contact = a_contact(me)
    for minute, (key, left) in enumerate([("a", False), ("b", True), ("c", False)]):
        with time_machine.travel(clock.now() + 60 * minute, tick=False):
            drafts.keep(me, key, "activity", {"arguments": {"contact_id": contact}}, contact, left)
    assert [draft.key for draft in drafts.waiting(me)] == ["c", "a", "b"]
    assert drafts.waiting(me)[0].contact_name == "Ole Hansen"


def test_a_draft_is_no_part_of_history_or_undo(me: Me) -> None:
    """It is no record of the company: a colleague's screen is not woken, `u` does not take back typing."""
    before = Event.select().count()
    steps = len(undo.last_steps(me))
    drafts.keep(me, "a", "activity", {})
    drafts.drop(me, "a")
    assert Event.select().count() == before
    assert len(undo.last_steps(me)) == steps


def test_where_a_draft_opens(me: Me) -> None:
    contact = a_contact(me)
    arguments = {"kind": "call", "contact_id": contact, "case_id": None, "task_id": None}
    drafts.keep(me, "a", "activity", {"arguments": arguments}, contact)
    drafts.keep(me, "b", "note", {"text": "x"}, contact)
    found = {draft.key: draft.opens for draft in drafts.waiting(me)}
    assert found["a"] == ("activity", arguments)
    assert found["b"][0] == "contact"
    assert found["b"][1]["contact_id"] == contact


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=some.dictionaries(some.text(max_size=20), some.text(max_size=200), max_size=5))
def test_any_text_comes_back_as_it_was_typed(me: Me, texts: dict[str, Any]) -> None:
    """Faults 90: brackets, control characters, emoji, every alphabet."""
    drafts.keep(me, "a", "activity", {"texts": texts})
    assert drafts.take(me, "a") == {"texts": texts}
