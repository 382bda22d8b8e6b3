"""Cleaning, folding, Danish order, and cutting to cells."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from easir_tui import text

DANISH = st.text(alphabet=st.sampled_from("aAåÅäæÆøØöoOeEéüuUsßłŁnrkgdtT -.'1290"), max_size=20)
ANY = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(), max_size=60),
    st.text(alphabet=st.sampled_from("aå\u030a\u0301\x00\x1b\x9b\u202e\u200d👩🇩🇰❤\ufe0f日\t\r\n[]"), max_size=30),
)


def found(query: str, stored: str) -> bool:
    """Whether the index would find `stored`: every word of the query begins some token."""
    tokens = text.search_tokens(stored)
    return all(any(token.startswith(form) for token in tokens for form in forms) for forms in text.query_words(query))


# Search ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "queries"),
    [
        ("Søren", "Søren søren SØREN soren soeren sören sor sø soe s"),
        ("Bjørn", "bjørn bjorn bjoern björn"),
        ("Kjær", "kjær kjaer kj"),
        ("Ærø", "ærø aero aeroe ær ae aerö"),
        ("Åse", "åse aase ase ås aa å"),
        ("Aase", "åse aase ase ås aa å"),
        ("Aagaard", "ågård aagaard agard aagard agaard ågaard"),
        ("Nørgaard", "nørgård norgaard noergaard norgard nørgaard noergard norgård"),
        ("Nørgård", "nørgård norgaard noergaard norgard nørgaard noergard"),
        ("Økland", "økland okland oekland ökland"),
        ("Østergård", "østergård ostergard oestergaard ostergaard oster øster"),
        ("Soerensen", "sørensen sorensen soerensen"),
        ("Sorensen", "sørensen sorensen"),
        ("Łukasz", "łukasz lukasz luk"),
        ("Strauß", "strauß strauss straus"),
        ("Müller", "müller muller mueller"),
        ("Muller", "müller muller"),
        ("René", "rene rené"),
        ("Rene", "rené"),
        ("Jäger", "jäger jager jaeger jæger"),
        ("Þór Guðmundsson", "thor gudmundsson"),
        ("O'Brien", "o'brien obrien brien o’brien"),
        ("Jens-Peter Holm", "jens-peter peter holm|jens"),
        ("H.C. Andersen", "hc h.c. andersen|hc"),
        ("Bilhuset Ærø A/S", "a/s as bilhuset|ærø"),
        ('5" "Rør" & Søn\'s', 'rør "rør" søn|rør 5"'),
        ("anna@firma.dk", "anna@firma.dk anna firma"),
        ("ÆRØSKØBING", "ærøskøbing aeroskobing aeroeskoebing"),
    ],
)
def test_danish_forms_find_each_other(stored: str, queries: str) -> None:
    """Faults 69: every usual way of typing a Danish name finds it."""
    missed = [query for query in queries.replace("|", "\u00a0").split(" ") if not found(query, stored)]
    assert not missed


@pytest.mark.parametrize(
    ("stored", "query"),
    [("Anna", "aa"), ("Anna", "å"), ("Hans", "åse"), ("Ole", "ø"), ("Sand", "sø"), ("Alma", "ål"), ("Soren", "sø")],
)
def test_short_danish_letters_do_not_find_everything(stored: str, query: str) -> None:
    """`aa` and `å` find Åse and Aase, not every a."""
    assert not found(query, stored)


@pytest.mark.parametrize(
    "query", ["a@b.dk", "o'brien", "20.04", "(+45)", "*", '"', "AND", "50%", "a* OR b", "x:y", "^a"]
)
def test_what_is_typed_is_never_syntax(query: str) -> None:
    """Faults 71: words hold letters and digits only, so that quoting them is enough."""
    for forms in text.query_words(query):
        assert all(form.isalnum() for form in forms)
    assert found(query, query)


@given(DANISH, st.integers(0, 20))
def test_a_search_as_you_type_never_loses_a_hit(name: str, typed: int) -> None:
    """Every beginning of a stored text finds it (faults 69)."""
    assert found(name[:typed], name)


@given(st.text(max_size=20), st.integers(0, 20))
def test_a_search_never_loses_a_hit_in_any_script(name: str, typed: int) -> None:
    """As above, for whatever people are called; whole characters typed, as the terminal sends them."""
    name = unicodedata.normalize("NFC", name)
    assert found(name[:typed], name) or unicodedata.combining(name[typed : typed + 1] or "a")


@given(ANY)
def test_a_text_finds_itself_and_tokens_are_words(value: str) -> None:
    tokens = text.search_tokens(value)
    assert len(tokens) == len(set(tokens))
    assert all(token.isalnum() and token == token.lower() for token in tokens)
    assert found(value, value)


@given(DANISH, st.integers(0, 20))
def test_the_fold_of_a_beginning_is_a_beginning_of_the_fold(name: str, typed: int) -> None:
    assert text.fold(name).startswith(text.fold(name[:typed]))


@given(DANISH)
def test_fold_does_not_care_about_composition_or_case(name: str) -> None:
    assert text.fold(unicodedata.normalize("NFD", name)) == text.fold(name)
    assert text.fold(name.upper()) == text.fold(name)
    assert text.fold(text.fold(name)) == text.fold(name)


# Danish order ------------------------------------------------------------------------------------


def test_danish_order() -> None:
    """Faults 70: æ ø å last, aa as å, accents and case aside."""
    right = [
        *("112 Autohjælp", "anders And", "Andersen", "Carl", "Çelik", "Dyhr", "Dürr", "Élise", "Emil"),
        *('"Rør" & Søn', "Zulu", "Ærø", "Østergaard", "Östlund", "Øzden", "Aage", "Ålborg", "Aamand", "Åse"),
    ]
    shuffled = right[::-1]
    assert sorted(shuffled, key=text.sort_key) == right


@given(DANISH, DANISH)
def test_the_sort_key_sorts_alike_as_text_and_as_bytes(one: str, other: str) -> None:
    keys = [text.sort_key(one), text.sort_key(other)]
    assert (keys[0] < keys[1]) == (keys[0].encode() < keys[1].encode())
    assert all(key.isascii() for key in keys)


@given(st.permutations(list("abcdefghijklmnopqrstuvwxyzæøå")))
def test_the_alphabet_comes_out_in_order(letters: list[str]) -> None:
    assert "".join(sorted(letters, key=text.sort_key)) == "abcdefghijklmnopqrstuvwxyzæøå"
    assert [letter.lower() for letter in sorted((x.upper() for x in letters), key=text.sort_key)] == sorted(
        letters, key=text.sort_key
    )


@given(ANY)
def test_sort_key_and_fold_take_anything(value: str) -> None:
    text.sort_key(value)
    text.fold(value)


# To the terminal and into the store ----------------------------------------------------------------

DANGEROUS = {*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


@given(ANY)
@example("A\x1b]52;c;aGVq\x1b\\B")
@example("\x9b2J\u202eevil")
@example("\ud800\udcff")
def test_nothing_dangerous_reaches_the_terminal(value: str) -> None:
    """Faults 91: no control, no direction mark, nothing that cannot be encoded; it takes the cells it says."""
    shown = text.clean(value)
    assert not DANGEROUS & set(map(ord, shown))
    shown.encode("utf-8")
    assert "\n" not in shown
    assert text.clean(shown) == shown
    assert set(map(ord, text.clean(value, newlines=True))) & DANGEROUS <= {0x0A}


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("A\x1b]52;c;x\x1b\\B", "A␛]52;c;x␛\\B"),
        ("a\x00b\x07c\x7f", "a␀b␇c␡"),
        ("x\x9b31m", "x‹9B›31m"),
        ("x\u202ey", "x‹202E›y"),
        ("one\ttwo\nthree\r\nfour", "one two⏎three⏎four"),
        ("zero\u200bwidth\ufeff soft\u00adhyphen", "zerowidth softhyphen"),
        ("\u0301acute first", "◌\u0301acute first"),
        ("Acme [DK] ApS", "Acme [DK] ApS"),
        ("Bo [/] x", "Bo [/] x"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
        ("Søren Kjær Ærø Åse", "Søren Kjær Ærø Åse"),
        ("👩\u200d👧 🇩🇰", "👩\u200d👧 🇩🇰"),
    ],
)
def test_clean(stored: str, shown: str) -> None:
    """Faults 89 and 91: signs for controls, brackets as they are."""
    assert text.clean(stored) == shown


@given(ANY)
def test_accept_makes_anything_storable(value: str) -> None:
    """Faults 34 and 91 at the door: NFC, no controls but line end and tab, no surrogates, stable."""
    kept = text.accept(value)
    kept.encode("utf-8")
    assert unicodedata.is_normalized("NFC", kept)
    assert set(map(ord, kept)) & DANGEROUS <= {0x09, 0x0A}
    assert text.accept(kept) == kept
    assert not set(map(ord, text.accept(value, newlines=False))) & DANGEROUS


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("A\u030ase", "Åse"),
        ("  a\r\nb\rc\u2028d  ", "a\nb\nc\nd"),
        ("\udcc3\udcb8", "ø"),
        ("S\udcf8ren", "Søren"),
        ("\ud83d\ude00", "😀"),
        ("x\ud800y", "xy"),
        ("\u202a+45 20\u202c", "+45 20"),
        ("\ufeffE-mail", "E-mail"),
        ("nul\x00byte", "nulbyte"),
    ],
)
def test_accept(given_: str, kept: str) -> None:
    """Faults 34, 35, 91; what came in another encoding is read, not replaced."""
    assert text.accept(given_) == kept


# Cells -------------------------------------------------------------------------------------------


@given(ANY, st.integers(0, 40), st.booleans())
def test_pad_is_exactly_as_wide_as_asked(value: str, width: int, right: bool) -> None:
    """Faults 98: columns align whatever is in them."""
    assert text.cells(text.pad(text.clean(value), width, right)) == width


@given(ANY, st.integers(0, 40))
def test_cut_keeps_what_fits_and_says_when_it_does_not(value: str, width: int) -> None:
    shown = text.clean(value)
    short = text.cut(shown, width)
    assert text.cells(short) <= width
    if text.cells(shown) <= width or width <= 0:
        assert short == (shown if width > 0 else "")
    else:
        assert short.endswith("…")
        assert shown.startswith(short[:-1])


@pytest.mark.parametrize(
    ("value", "width", "short"),
    [
        ("Søren Kjær", 6, "Søren…"),
        ("🇩🇰🇸🇪", 3, "🇩🇰…"),
        ("🇩🇰🇸🇪", 2, "…"),
        ("👨‍👩‍👧‍👦 Holm", 3, "👨‍👩‍👧‍👦…"),
        ("日本語", 4, "日…"),
        ("A\u030ase", 2, "A\u030a…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
    ],
)
def test_cut_at_the_border_of_letters(value: str, width: int, short: str) -> None:
    """Faults 98: a flag, a family, a letter with its accent are never parted."""
    assert text.cut(value, width) == short


def test_cells_agree_with_the_tables_of_textual() -> None:
    from rich.cells import cell_len

    for sample in ["Søren", "日本", "👩‍👧", "❤️", "🇩🇰", "e\u0301", "‹202E›␛", "☎ ✉ ⚑ ◆ ✔ ✘ · ● …", "a\u00adb"]:
        assert text.cells(sample) == cell_len(sample)


# Small ones --------------------------------------------------------------------------------------


def test_first_line_and_initials() -> None:
    assert text.first_line("\n  \n  Board decides.\nMore.") == "Board decides."
    assert text.first_line("") == ""
    assert text.initials("Søren Kjær Mikkelsen") == "SKM"
    assert text.initials("anna holm") == "AH"
    assert text.initials("Åse") == "Å"
    assert text.initials("a b c d") == "ABD"
    assert text.initials("") == ""
