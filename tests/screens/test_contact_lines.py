"""Several facts in one field: what is read from lines a person writes, and that nothing is lost on the way."""

from __future__ import annotations

import pytest

from easir_tui import language
from easir_tui.errors import Invalid
from easir_tui.screens.contact_lines import custom_of, emails_of, labelled, one_line, phones_of


def test_addresses_with_and_without_a_label() -> None:
    """The first is the primary one; a pasted mailto: and a display name are understood."""
    typed = "work: Anna <anna@firma.dk>\n\n  bo@x.dk \nmailto:cille@y.dk\nprivat: ole@z.dk"
    assert [(mail["label"], mail["address"]) for mail in emails_of(typed)] == [
        ("work", "anna@firma.dk"),
        ("", "bo@x.dk"),
        ("", "cille@y.dk"),
        ("privat", "ole@z.dk"),
    ]


@pytest.mark.parametrize("typed", ["work: anna", "a@b.dk\nA@B.dk", "x: y@z", "a b@c.dk"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    """And one that stands there twice, however it is spelt (faults 13, 14)."""
    with pytest.raises(Invalid) as caught:
        emails_of(typed)
    assert caught.value.field == "emails"


def test_a_number_that_stands_as_it_was_keeps_what_is_stored() -> None:
    """Also what could not be read as a number (faults 85); a new one is normalised, its extension kept."""
    stored = {"other": {"label": "other", "number": "", "raw": "O2 30 40 50", "extension": ""}}
    stored = {labelled(held["label"], held["raw"]): held for held in stored.values()}
    found = phones_of("other: O2 30 40 50\nmobile: 20304050\ndirect: 86123456 lok. 12", stored)
    assert found[0] == {"label": "other", "number": "", "raw": "O2 30 40 50", "extension": ""}
    assert (found[1]["label"], found[1]["number"]) == ("mobile", "+4520304050")
    assert (found[2]["number"], found[2]["extension"]) == ("+4586123456", "12")


def test_known_labels_are_stored_the_same_in_both_languages() -> None:
    """ "mobil" typed in Danish is "mobile"; an own label stays as it was typed."""
    language.activate("da")
    assert labelled("mobile", "1") == "mobil: 1"
    assert [held["label"] for held in phones_of("mobil: 20304050\nMors: 20304051", {})] == ["mobile", "Mors"]
    language.activate("en")
    assert [held["label"] for held in phones_of("mobile: 20304050", {})] == ["mobile"]


def test_own_fields_survive_the_way_there_and_back() -> None:
    """Names with colons and values of several lines too."""
    held = {"X: Y": "a: b", "Note": "two\nlines", "Licence": "B"}
    typed = "\n".join(f"{name}: {one_line(value)}" for name, value in held.items())
    assert custom_of(typed, held) == held


@pytest.mark.parametrize("typed", ["no colon", ": no name", "a: 1\na: 2"])
def test_a_line_that_cannot_be_read_is_refused(typed: str) -> None:
    """With the line in the sentence."""
    with pytest.raises(Invalid) as caught:
        custom_of(typed, {})
    assert caught.value.field == "custom"
