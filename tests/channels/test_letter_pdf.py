"""Letters set by the real Typst and read back with PDFium: what stands where, and that text stays text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from easir_tui.channels.letter_pdf import FORMS, BrokenTemplate, Form, LetterFacts, NoFont, form_of, letter_pdf

MILLIMETRE = 72 / 25.4
HEIGHT = 297
SEEN_BY_ALL = (20, 45, 105, 74)
"""Left, top, right and bottom of what the windows of C5, C6/5 and DIN 5008 B have in common, in mm."""

LETTER = LetterFacts(
    letterhead=("Kystbyens Biler A/S", "Biler og værksted siden 1962"),
    sender=("Havnegade 12", "8000 Aarhus C", "+45 86 12 34 56", "", "Anna Holm", "anna@kystbyens-biler.dk"),
    return_line="Kystbyens Biler A/S · Havnegade 12 · 8000 Aarhus C",
    recipient=("Søren Kjær Mikkelsen", "Ærøvej 14, 2. th.", "5970 Ærøskøbing"),
    place_date="Aarhus, den 26. november 2026",
    subject="Tilbud på en ID.4 til 312.500 kr.",
    paragraphs=("Kære Søren", "Tak for den gode snak.\nPrisen står fast – “nu” i €."),
    closing="Med venlig hilsen",
    signature=("Anna Holm", "Salgskonsulent"),
    language="da",
    day=date(2026, 11, 26),
)
SIX_LINES = (
    "Nordlys Transport og Spedition ApS & Sønner", "Att. Søren Kjær Mikkelsen", "Industrivej Nord 114, port 12",
    "Postboks 99", "8900 Randers C", "DENMARK",
)  # fmt: skip


def read(pdf: bytes) -> list[str]:
    """The text of each page, with its soft hyphens and line ends as PDFium gives them."""
    pages = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pages]


def where(pdf: bytes, words: str, page: int = 0) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the first place where `words` stand, in mm from the upper left corner."""
    text = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    found = text.search(words).get_next()
    assert found is not None, f"{words} is not there"
    boxes = [text.get_charbox(found[0] + number) for number in range(found[1])]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return left / MILLIMETRE, HEIGHT - top / MILLIMETRE, right / MILLIMETRE, HEIGHT - bottom / MILLIMETRE


def test_everything_is_on_the_one_page_and_one_page_has_no_number() -> None:
    (page,) = read(letter_pdf(LETTER))
    for words in (*LETTER.letterhead, *LETTER.sender, LETTER.return_line, *LETTER.recipient, LETTER.place_date,
                  LETTER.subject, "Kære Søren", "Tak for den gode snak.", "Prisen står fast – “nu” i €.",
                  LETTER.closing, *LETTER.signature):  # fmt: skip
        assert words in page
    assert "Side" not in page


@pytest.mark.parametrize("recipient", [LETTER.recipient, SIX_LINES, ("Afdelingen for køretøjer " * 3,) * 6])
def test_the_address_stands_where_every_window_shows_it(recipient: tuple[str, ...]) -> None:
    """Return line and all lines, however long, within what the envelopes have in common; nothing else is there."""
    pdf = letter_pdf(replace(LETTER, recipient=recipient))
    left, top, right, bottom = SEEN_BY_ALL
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    within, near = [], []
    for number in range(text.count_chars()):
        box = [one / MILLIMETRE for one in text.get_charbox(number)]
        middle = ((box[0] + box[2]) / 2, HEIGHT - (box[1] + box[3]) / 2)
        if box[2] - box[0] and left <= middle[0] <= right and top <= middle[1] <= bottom:
            within.append(text.get_text_range(number, 1))
        elif box[2] - box[0] and middle[0] < 122 and 39 <= middle[1] <= 79:
            near.append(text.get_text_range(number, 1))
    shown = "".join("".join(within).split())
    for words in (LETTER.return_line, *recipient):
        assert "".join(words.split()) in shown
    assert not "".join(near).strip()


def test_din_5008_has_its_own_place() -> None:
    """Form B: the address zone is 27.3 mm high and ends at 90 mm; the text is indented to 25 mm."""
    pdf = letter_pdf(replace(LETTER, recipient=SIX_LINES), form=FORMS["din5008"])
    assert where(pdf, SIX_LINES[0])[0] == pytest.approx(25, abs=0.7)
    assert where(pdf, SIX_LINES[0])[1] > 62
    assert where(pdf, "DENMARK")[3] < 90
    assert where(pdf, LETTER.subject)[1] > 98.5


def test_two_numbers_put_the_window_elsewhere() -> None:
    form = form_of("30 60")
    assert form == Form(left=30, top=60, width=81, body=102, folds=(99, 198))
    assert where(letter_pdf(LETTER, form=form), "5970")[0] == pytest.approx(30, abs=0.7)
    assert form_of("m65") is FORMS["m65"]


@pytest.mark.parametrize(("spoken", "word"), [("da", "Side"), ("en", "Page")])
def test_several_pages_are_numbered_and_say_whose_they_are(spoken: str, word: str) -> None:
    many = replace(LETTER, language=spoken, paragraphs=(("Prisen står fast, som vi har aftalt. " * 12),) * 14)
    pages = read(letter_pdf(many))
    assert len(pages) >= 2
    for number, page in enumerate(pages, 1):
        assert f"{word} {number} / {len(pages)}" in page
    assert "Søren Kjær Mikkelsen" in pages[1]
    assert LETTER.return_line not in pages[1]


def test_the_closing_never_stands_alone() -> None:
    """Whatever the length, some of the text is on the page of the closing."""
    for count in range(20, 30):
        pages = read(letter_pdf(replace(LETTER, paragraphs=("En linje til.",) * count)))
        assert "En linje til." in next(page for page in pages if LETTER.closing in page)


HOSTILE = (
    '#read("/etc/passwd")', "$x^2$", "*fed* _kursiv_ `kode`", "<script>alert(1)</script>", "{{contact.name}}",
    r"\evil \u{41}", "= Overskrift", "- punkt", "// kommentar /* mere */", "@preview/x:1.0", '"); #panic()', "-- --- ~",
    "#let x = 1", "[b]fed[/b]", "</p>&amp;", "a    b",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_what_people_write_is_never_markup(words: str) -> None:
    pdf = letter_pdf(
        replace(LETTER, subject=words, paragraphs=(words, f"x\n{words}"), recipient=(words,), signature=(words,),
                closing=words, letterhead=(words,), sender=(words,), return_line=words, place_date=words)
    )  # fmt: skip
    (page,) = read(pdf)
    assert "".join(page.split()).count("".join(words.split())) == 10


SHOWN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17E, blacklist_categories=("Cc", "Cf")), max_size=80)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SHOWN, SHOWN)
def test_any_text_of_europe_is_set_and_read_back(one: str, other: str) -> None:
    """No text makes it fail, and every letter of it is there."""
    pages = read(letter_pdf(replace(LETTER, paragraphs=(one, other))))
    held = "".join(pages)
    assert set("".join((one + other).split())) - set(held) <= {"\ufffe", "\u00ad", "ŉ"}


@pytest.mark.parametrize(
    ("words", "letters"), [("Tak 😀!", "😀"), ("王小明", "王小明"), ("👨‍👩‍👧", "👨👩👧"), ("ﷺ", "ﷺ")]
)
def test_letters_that_no_font_has_are_named(words: str, letters: str) -> None:
    """Never a silent box; what has no picture of its own is not listed."""
    with pytest.raises(NoFont) as refused:
        letter_pdf(replace(LETTER, paragraphs=("Kære Ole", words)))
    assert refused.value.letters == letters
    assert " ".join(letters) in str(refused.value)


def test_other_alphabets_that_a_font_has_are_fine() -> None:
    (page,) = read(letter_pdf(replace(LETTER, paragraphs=("Привет", "Γειά", "Łódź", "☎ → ✔"))))
    assert all(words in page for words in ("Привет", "Γειά", "Łódź", "☎ → ✔"))


@pytest.mark.parametrize("words", ["x" * 100_000, "ord " * 25_000, "\n" * 5000 + "x", "😀" * 20_000])
def test_the_longest_letters_take_no_more_than_a_few_seconds(words: str) -> None:
    began = perf_counter()
    try:
        pdf = letter_pdf(replace(LETTER, paragraphs=(words,)))
    except NoFont:
        pdf = b""
    assert perf_counter() - began < 5
    assert len(pdf) < 10_000_000


def test_a_word_without_end_stays_on_the_sheet() -> None:
    pdf = letter_pdf(replace(LETTER, paragraphs=("https://example.dk/" + "abcdefghij/" * 40,)))
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    right = max(text.get_charbox(number)[2] for number in range(text.count_chars()))
    assert right / MILLIMETRE < 191


def test_it_is_made_within_a_second() -> None:
    began = perf_counter()
    letter_pdf(LETTER)
    assert perf_counter() - began < 1


# The company's own template -----------------------------------------------------------------------


def own(folder: Path, written: str) -> Path:
    place = folder / "brev.typ"
    place.write_text(written, encoding="utf-8")
    return place


def test_the_companys_template_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "fod.typ").write_text('#let fod = "Bil & Co, CVR 12345678"', encoding="utf-8")
    place = own(tmp_path, '#import "fod.typ": fod\n#let data = json(bytes(sys.inputs.data))\n#data.subject\n\n#fod')
    (page,) = read(letter_pdf(replace(LETTER, subject="#eval *x*"), place))
    assert page.split("\n") == ["#eval *x*", "Bil & Co, CVR 12345678"]


def test_a_copy_of_ours_is_a_template(tmp_path: Path) -> None:
    from easir_tui.channels.letter_pdf import TEMPLATE

    assert read(letter_pdf(LETTER, own(tmp_path, TEMPLATE.read_text(encoding="utf-8")))) == read(letter_pdf(LETTER))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("hej\n#foo(", "line 2: unclosed delimiter"),
        ("hej\n\n#unknown", "line 3: unknown variable"),
        ('#import "@preview/cetz:0.3.0": *', "package in line 1"),
        ('x\n#include("@local/a:1.0.0")', "package in line 2"),
        ('#import "\\u{40}preview/cetz:0.3.0": *', "package in line 1"),
        ('#read("/etc/passwd")', "line 1: file not found"),
        ('#read("../secret")', "line 1: "),
        ("#while true {}", "line 1: condition is always true"),
        ("#let f() = f()\n#f()", "line 1: maximum function call depth exceeded"),
    ],
)
def test_a_broken_template_is_told_with_file_and_line(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "brev"
    folder.mkdir()
    with pytest.raises(BrokenTemplate) as refused:
        letter_pdf(LETTER, own(folder, written))
    assert said in str(refused.value)
    assert str(folder / "brev.typ") in str(refused.value)


def test_a_template_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokenTemplate, match="cannot be read: No such file"):
        letter_pdf(LETTER, tmp_path / "nowhere.typ")
    (tmp_path / "b.typ").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenTemplate, match="cannot be read: it is not UTF-8"):
        letter_pdf(LETTER, tmp_path / "b.typ")
    with pytest.raises(BrokenTemplate, match="cannot be read"):
        letter_pdf(LETTER, tmp_path)
