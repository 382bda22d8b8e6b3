"""Phone numbers as people write them, found by any part of them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui import phones


@pytest.mark.parametrize(
    ("typed", "number", "extension"),
    [
        *((form, "+4520304050", "") for form in ("20304050", "20 30 40 50", "+45 20 30 40 50", "0045 20 30 40 50")),
        *((form, "+4520304050", "") for form in ("+45 (0)20304050", "+4520304050", "20-30-40-50", "20.30.40.50")),
        *((form, "+4520304050", "") for form in ("(+45) 2030-4050", "4520304050", "tlf. 20304050", "mobil 20304050")),
        *((form, "+4520304050", "") for form in ("20 30 40 50 (privat)", "20304050 efter kl 16", "٢٠٣٠٤٠٥٠")),
        *((form, "+4520304050", "") for form in ("tel:+45-20-30-40-50", "\u202a+45 20 30 40 50\u202c", "20 30 40 50")),
        *((form, "+4520304050", "12") for form in ("20304050 lok. 12", "20304050 lokal 12", "20304050 ext 12")),
        *((form, "+4520304050", "12") for form in ("20304050x12", "+45 20304050 #12", "tel:+4520304050;ext=12")),
        ("+44 (0)161 496 0000", "+441614960000", ""),
        ("+39 06 12345678", "+390612345678", ""),
        ("+39 (0)6 12345678", "+390612345678", ""),
        ("+299 32 10 00", "+299321000", ""),
        ("+298 20 12 34", "+298201234", ""),
        ("0046 70 123 45 67", "+46701234567", ""),
        ("+1 (212) 555-0123", "+12125550123", ""),
    ],
)
def test_a_number_is_understood_however_it_is_written(typed: str, number: str, extension: str) -> None:
    """Faults 85 and 87."""
    phone = phones.parse(typed)
    assert (phone.number, phone.extension, phone.valid) == (number, extension, True)


@pytest.mark.parametrize("typed", ["O2 30 40 50", "20 30 4O 50", "ring til Bo", "", "+45 123", "1" * 17, "x12", "+"])
def test_what_cannot_be_read_is_kept_as_typed_and_marked(typed: str) -> None:
    """Faults 85: never a number that was not typed."""
    assert phones.parse(typed) == phones.Phone(typed, "", "", False)


def test_a_number_that_cannot_exist_is_kept_with_a_warning() -> None:
    assert phones.parse("10 30 40 50") == phones.Phone("10 30 40 50", "+4510304050", "", False)


@pytest.mark.parametrize("typed", ["112", "1813", "4711", "114"])
def test_short_and_internal_numbers_are_fine(typed: str) -> None:
    """Faults 87."""
    assert phones.parse(typed) == phones.Phone(typed, "", "", True)
    assert phones.suffix_tokens(typed)
    assert phones.key(typed) == typed


def test_a_number_of_another_country_needs_no_code_there() -> None:
    assert phones.parse("070-123 45 67", "SE").number == "+46701234567"
    assert phones.parse("201234", "FO").number == "+298201234"


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("20304050 / 20304051", ["+4520304050", "+4520304051"]),
        ("20304050/20304051", ["+4520304050", "+4520304051"]),
        ("20 30 40 50 eller 86 12 34 56", ["+4520304050", "+4586123456"]),
        ("20304050, 20304051; +46 70 123 45 67", ["+4520304050", "+4520304051", "+46701234567"]),
        ("20304050;20304051", ["+4520304050", "+4520304051"]),
        ("20304050 20304051", ["+4520304050", "+4520304051"]),
        ("20304050\n20304051", ["+4520304050", "+4520304051"]),
        ("20304050 (privat), 20304051 (arb.)", ["+4520304050", "+4520304051"]),
        ("86 12 34 56/57", ["+4586123456", "+4586123457"]),
        ("20304050 lok. 12", ["+4520304050"]),
        ("20304050 (kl. 8-16.30)", ["+4520304050"]),
        ("20304050, lok. 5, 20304051", ["+4520304050", "+4520304051"]),
        ("O2 30 40 50", [""]),
        ("ring aldrig", [""]),
        ("  ", []),
    ],
)
def test_a_cell_with_several_numbers(cell: str, numbers: list[str]) -> None:
    """Faults 85."""
    assert [phone.number for phone in phones.split(cell)] == numbers


def test_pretty() -> None:
    assert phones.pretty("+4522419017") == "+45 22 41 90 17"
    assert phones.pretty("+46701234567") == "+46 70 123 45 67"
    for odd in ("", "112", "O2 30", "+99999", "+45\x1b"):
        assert phones.pretty(odd) == odd


@pytest.mark.parametrize(
    "typed",
    ["20304050", "+4520304050", "0045 20 30 40 50", "20 30 40 50", "(+45) 20304050", "304050", "4050", "0 4050"],
)
def test_an_incoming_number_finds_the_stored_one(typed: str) -> None:
    """Faults 86: national or international, with spaces, by the last digits."""
    wanted = phones.query_digits(typed)
    assert wanted
    assert any(token.startswith(wanted) for token in phones.suffix_tokens("+4520304050"))


@pytest.mark.parametrize("typed", ["20304050", "+4520304050", "0045 20304050", "20 30 40 50", "20304050 lok. 4"])
def test_one_key_for_all_writings(typed: str) -> None:
    """Faults 14 and 86."""
    assert phones.key(typed) == "4520304050"


def test_a_search_is_for_a_number_only_without_letters() -> None:
    assert phones.query_digits("22 41 90") == "224190"
    assert phones.query_digits("+45 22") == "4522"
    for typed in ("2a", "søren", "", " ", "00", "+", "22@x", "22*"):
        assert phones.query_digits(typed) is None


@given(st.integers(20_000_000, 99_999_999), st.integers(0, 6))
def test_every_part_of_a_number_finds_it(national: int, start: int) -> None:
    number = f"+45{national}"
    part = number[1:][start : start + 4]
    tokens = phones.suffix_tokens(number)
    assert any(token.startswith(part) for token in tokens)
    assert len(tokens) == 7
    assert phones.key(phones.pretty(number)) == number[1:]


@given(st.text(max_size=40) | st.text(alphabet="0123456789+()-/., xlokt", max_size=40))
def test_any_text_is_read_or_kept(typed: str) -> None:
    phone = phones.parse(typed)
    assert not phone.number or phone.number[0] == "+"
    assert all(other.number[:1] in ("", "+") for other in phones.split(typed))
    phones.key(typed)
    phones.query_digits(typed)
    phones.suffix_tokens(typed)


def test_the_tables_are_loaded_on_first_use_only() -> None:
    code = "import sys, easir_tui.phones as p; p.pretty('+4522419017'); sys.exit('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
