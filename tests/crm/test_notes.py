"""Notes: written, changed, deleted, searched, and one home for every text."""

from __future__ import annotations

import pytest

from easir_tui.crm import contact_page, drafts, notes, timeline, undo
from easir_tui.crm.users import Me
from easir_tui.errors import Conflict, Invalid, NotFound
from tests.crm.made import a_colleague, a_contact
from tests.screens.nordlys import make_soren


def test_a_note_belongs_to_no_case_and_stands_in_history(me: Me) -> None:
    """The right pane writes notes that are not of a case; they are activities of kind note (V18)."""
    ole = a_contact(me)
    note_id = notes.write(me, ole, "Ringer selv i morgen\nhelst før 12")
    row = notes.page(me, ole).rows[0]
    assert (row.id, row.case_id, row.who) == (note_id, None, "Anna Holm")
    assert row.text == "Ringer selv i morgen\nhelst før 12"
    assert timeline.history(me, ole).rows[0].kind == "note"


def test_the_filters_and_the_search(me: Me) -> None:
    """All, case notes, other notes; words are folded and begin a word (faults 69, 71)."""
    soren = make_soren(me, a_colleague(me))
    notes.write(me, soren, "Kører på el; bor på Ærø [VIP]")

    def found(which: str = "all", query: str = "") -> list[str]:
        return [row.text.split()[0] for row in notes.page(me, soren, which, query).rows]

    assert found() == ["Kører", "Wants", "Showroom", "Prefers"]
    assert found("case") == ["Wants", "Showroom"]
    assert found("other") == ["Kører", "Prefers"]
    assert found(query="white graph") == ["Wants"]
    assert found(query="aero") == ["Kører"]
    assert found(query="korer") == ["Kører"]
    assert found("case", "aero") == []
    for typed in ('"', "*", "(", "AND", "x:y", "%", "[VIP]", "a@b.dk"):
        found(query=typed)


def test_notes_come_in_pages(me: Me) -> None:
    """Newest first, none twice, none left out."""
    ole = a_contact(me)
    for n in range(53):
        notes.write(me, ole, f"note {n}")
    seen: list[str] = []
    after = None
    while True:
        page = notes.page(me, ole, after=after)
        seen += [row.text for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == [f"note {n}" for n in reversed(range(53))]


def test_an_empty_or_endless_note_is_refused(me: Me) -> None:
    """With a sentence beside the field."""
    ole = a_contact(me)
    for text in ("", "  \n ", "x" * (notes.LONGEST + 1)):
        with pytest.raises(Invalid) as caught:
            notes.write(me, ole, text)
        assert caught.value.field == "note"
    with pytest.raises(NotFound):
        notes.write(me, 999, "x")


def test_two_people_change_one_note(me: Me) -> None:
    """V17, faults 73: the second one is told, with both texts."""
    ole, jens = a_contact(me), a_colleague(me)
    note_id = notes.write(me, ole, "first")
    version = notes.page(me, ole).rows[0].version
    notes.edit(jens, note_id, version, "his")
    with pytest.raises(Conflict) as caught:
        notes.edit(me, note_id, version, "hers")
    assert caught.value.theirs["note"] == "his"
    assert caught.value.mine["note"] == "hers"
    notes.edit(me, note_id, caught.value.version, "hers")
    assert notes.page(me, ole).rows[0].text == "hers"


def test_deleting_a_note_and_taking_it_back(me: Me) -> None:
    """V15; the text of a call goes, the call stays."""
    soren = make_soren(me, a_colleague(me))
    call = notes.page(me, soren).rows[0]
    notes.remove(me, call.id, call.version)
    assert call.id not in [row.id for row in notes.page(me, soren).rows]
    assert "call" in [row.kind for row in timeline.history(me, soren).rows]
    undo.undo(me)
    assert notes.page(me, soren).rows[0].id == call.id
    note_id = notes.write(me, soren, "a note of its own")
    notes.remove(me, note_id, 1)
    assert note_id not in [row.id for row in timeline.history(me, soren).rows if row.source == "activity"]
    undo.undo(me)
    assert notes.page(me, soren).rows[0].id == note_id
    assert contact_page.load(me, soren).counts.notes == 4


def test_the_draft_goes_with_the_save(me: Me) -> None:
    """Faults 95: it is gone only when the note stands."""
    ole = a_contact(me)
    drafts.keep(me, f"note:{ole}", "note", {"text": "half"}, ole)
    with pytest.raises(Invalid):
        notes.write(me, ole, "", f"note:{ole}")
    assert drafts.take(me, f"note:{ole}") == {"text": "half"}
    notes.write(me, ole, "whole", f"note:{ole}")
    assert drafts.take(me, f"note:{ole}") is None


def test_an_edit_finds_the_new_words(me: Me) -> None:
    """The search index follows the text."""
    ole = a_contact(me)
    note_id = notes.write(me, ole, "graphite")
    notes.edit(me, note_id, 1, "white")
    assert notes.page(me, ole, query="graph").rows == ()
    assert notes.page(me, ole, query="white").rows[0].id == note_id
