"""One row of the timeline in full: read, corrected, deleted."""

from __future__ import annotations

import pytest

from easir_tui import clock
from easir_tui.crm import activity_page, consent, contacts, notes, timeline, undo
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import rows
from easir_tui.errors import Conflict, Invalid, NotFound
from tests.crm.made import a_colleague, a_contact
from tests.screens.nordlys import make_soren


def the_call(me: Me, contact_id: int) -> int:
    """The id of Søren's call."""
    return timeline.history(me, contact_id, timeline.Filter(source="call")).rows[0].id


def test_an_activity_with_all_its_facts(me: Me) -> None:
    """Also the whole text of an e-mail, whose row holds only its subject."""
    soren = make_soren(me, a_colleague(me))
    call = activity_page.activity(me, the_call(me, soren))
    assert (call.kind, call.direction, call.minutes, call.outcome) == ("call", "out", 6, "reached")
    assert call.milestones == ("first_contact",)
    assert call.case_title == "ID.4 Pro fleet"
    mail = timeline.history(me, soren, timeline.Filter(source="email")).rows[0]
    full = activity_page.activity(me, mail.id)
    assert (full.body, full.state, full.recipients["to"]) == ("Kære Søren", "queued", ["soren@nordlysbiler.dk"])


def test_correcting_and_taking_it_back(me: Me) -> None:
    """V15; the search index and a note's title follow."""
    soren = make_soren(me, a_colleague(me))
    call = the_call(me, soren)
    activity_page.correct(me, call, 1, minutes=12, note="Wants five cars")
    assert activity_page.activity(me, call).minutes == 12
    assert [row.id for row in notes.page(me, soren, query="five cars").rows] == [call]
    undo.undo(me)
    assert activity_page.activity(me, call).minutes == 6
    note_id = notes.write(me, soren, "first line")
    activity_page.correct(me, note_id, 1, note="another line")
    assert activity_page.activity(me, note_id).subject == "another line"


def test_what_cannot_be_corrected(me: Me) -> None:
    """A time to come, a length that is none, a note without text, a field that is not for correcting."""
    ole = a_contact(me)
    note_id = notes.write(me, ole, "x")
    for fields in ({"at": clock.now() + 60}, {"minutes": -1}, {"minutes": 999_999}, {"note": " "}, {"kind": "call"}):
        with pytest.raises(Invalid):
            activity_page.correct(me, note_id, 1, **fields)
    assert activity_page.activity(me, note_id).version == 1


def test_two_people_correct_one_field(me: Me) -> None:
    """V17; different fields stand beside each other."""
    soren, jens = make_soren(me, a_colleague(me)), None
    jens = a_colleague(me, "bo", "Bo Bang")
    call = the_call(me, soren)
    activity_page.correct(jens, call, 1, minutes=7)
    activity_page.correct(me, call, 1, number="112")
    with pytest.raises(Conflict) as caught:
        activity_page.correct(me, call, 1, minutes=9)
    assert (caught.value.theirs, caught.value.mine, caught.value.original) == (
        {"minutes": 7},
        {"minutes": 9},
        {"minutes": 6},
    )


def test_removing_an_activity(me: Me) -> None:
    """To the trash, and back; what is gone is not found."""
    soren = make_soren(me, a_colleague(me))
    call = the_call(me, soren)
    activity_page.remove(me, call, 1)
    with pytest.raises(NotFound):
        activity_page.activity(me, call)
    undo.undo(me)
    assert activity_page.activity(me, call).kind == "call"


def test_an_event_field_by_field(me: Me) -> None:
    """Before and after, who and when; consents with how they were obtained; told when it was undone."""
    ole = a_contact(me)
    contacts.change(me, ole, 1, first_name="Olga", job_title="Director")
    event_id = rows("SELECT max(id) FROM event")[0][0]
    event = activity_page.event(me, event_id)
    assert {(change.field, change.before, change.after) for change in event.changes} == {
        ("first_name", "Ole", "Olga"),
        ("job_title", "", "Director"),
    }
    assert (event.who, event.undone) == ("Anna Holm", False)
    undo.undo(me)
    assert activity_page.event(me, event_id).undone
    consent.record(me, ole, "sms", "given", "on the phone")
    event_id = rows("SELECT max(id) FROM event")[0][0]
    assert activity_page.event(me, event_id).consents == (("sms", "not_asked", "given", "on the phone"),)
    with pytest.raises(NotFound):
        activity_page.event(me, 999_999)
