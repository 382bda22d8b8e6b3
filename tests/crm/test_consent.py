"""The consent ledger: three states, every statement kept, and nothing else writes to it."""

from __future__ import annotations

import pytest
import time_machine

from easir_tui.crm import consent, contacts, timeline, undo
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import rows
from easir_tui.errors import Conflict, Invalid, NotFound
from tests.crm.made import a_colleague, a_contact
from tests.screens.nordlys import at


def test_not_asked_is_a_third_state(me: Me) -> None:
    """V14: neither yes nor no, for all four channels of a new contact."""
    held = consent.of(me, a_contact(me))
    assert [(one.channel, one.state, one.at) for one in held] == [
        (channel, "not_asked", None) for channel in consent.CHANNELS
    ]


def test_what_was_true_on_a_day_and_who_recorded_it(me: Me) -> None:
    """Faults 10: given, withdrawn, given again; all three stand in the ledger, dated and signed."""
    ole, jens = a_contact(me), a_colleague(me)
    with time_machine.travel(at(2026, 1, 5), tick=False):
        consent.record(me, ole, "email", "given", "web form")
    with time_machine.travel(at(2026, 2, 5), tick=False):
        consent.record(jens, ole, "email", "refused", "on the phone")
    with time_machine.travel(at(2026, 3, 5), tick=False):
        consent.record(me, ole, "email", "given", "signed letter")
    assert [(one.state, one.source, one.who) for one in consent.ledger(me, ole, "email")] == [
        ("given", "signed letter", "Anna Holm"),
        ("refused", "on the phone", "Jens Holt"),
        ("given", "web form", "Anna Holm"),
    ]
    assert consent.state(me, ole, "email").state == "given"
    assert consent.ledger(me, ole, "phone") == ()


def test_a_statement_that_says_nothing_new_writes_nothing(me: Me) -> None:
    """No line in the ledger and none in History."""
    ole = a_contact(me)
    assert consent.record(me, ole, "phone", "not_asked") == 0
    assert consent.record(me, ole, "phone", "given", "on the phone") == 1
    assert consent.record(me, ole, "phone", "given") == 0
    assert len(consent.ledger(me, ole)) == 1
    assert len([row for row in timeline.history(me, ole).rows if row.kind == "consent"]) == 1


def test_several_channels_are_one_step_that_undo_takes_back(me: Me) -> None:
    """V15; History says channel, before and after."""
    ole = a_contact(me)
    assert consent.record_many(me, ole, {"phone": ("given", "x"), "sms": ("refused", "x")}) == 2
    row = timeline.history(me, ole).rows[0]
    assert row.consents == (("phone", "not_asked", "given", "x"), ("sms", "not_asked", "refused", "x"))
    undo.undo(me)
    assert {one.state for one in consent.of(me, ole)} == {"not_asked"}


def test_two_people_who_record_the_same_channel_meet(me: Me) -> None:
    """V17: the later one sees what the other recorded, and may overrule it knowingly."""
    ole, jens = a_contact(me), a_colleague(me)
    seen = {one.channel: one.id for one in consent.of(me, ole)}
    consent.record_many(jens, ole, {"phone": ("refused", "on the phone")}, seen)
    with pytest.raises(Conflict) as caught:
        consent.record_many(me, ole, {"phone": ("given", "web form")}, seen)
    assert caught.value.theirs == {"phone": "refused"}
    assert caught.value.original == {"phone": "not_asked"}
    assert caught.value.who == "Jens Holt"
    assert consent.state(me, ole, "phone").state == "refused"
    consent.record_many(me, ole, {"sms": ("given", "web form")}, seen)
    consent.record_many(me, ole, {"phone": ("given", "web form")}, None)
    assert consent.state(me, ole, "phone").state == "given"


@pytest.mark.parametrize(
    "fields",
    [
        {"first_name": "Bo"},
        {"emails": [{"label": "", "address": "ny@example.dk"}]},
        {"phones": [{"label": "", "raw": "20304050"}]},
        {"street": "Ny Vej"},
        {"birthday": "1/2 1970"},
        {"custom": {"a": "b"}},
        {"language": "da"},
    ],
)
def test_no_other_edit_touches_consent(me: Me, fields: dict[str, object]) -> None:
    """Faults 9: a partial save writes only the named columns."""
    ole = a_contact(me)
    consent.record(me, ole, "email", "refused", "on the phone")
    before = rows("SELECT * FROM consent")
    contacts.change(me, ole, None, **fields)
    assert rows("SELECT * FROM consent") == before


def test_unknown_channels_states_and_contacts_are_refused(me: Me) -> None:
    """With a sentence, and without a line."""
    ole = a_contact(me)
    with pytest.raises(Invalid):
        consent.record(me, ole, "fax", "given")
    with pytest.raises(Invalid):
        consent.record(me, ole, "phone", "maybe")
    with pytest.raises(NotFound):
        consent.record(me, 999, "phone", "given")
    assert rows("SELECT count(*) FROM consent") == [(0,)]
