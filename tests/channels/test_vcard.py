"""vCards: read without loss, whatever made them, and written so that they read back the same."""

from __future__ import annotations

import io

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from easir_tui.channels import vcard
from easir_tui.channels.content_lines import Card, fold, read_cards
from easir_tui.channels.encodings import LOST, Encoding
from easir_tui.channels.labels import known_label
from easir_tui.channels.records import ContactRecord, Labelled, PostalAddress, Unreadable
from easir_tui.channels.whole_values import split_name
from easir_tui.text import accept

UTF8 = Encoding("utf-8", True)


def cards(raw: bytes) -> list[Card]:
    """The cards in some bytes."""
    return list(read_cards(io.BytesIO(raw)))


def record(text: str | bytes) -> ContactRecord:
    """The one record in a card of these lines."""
    raw = text.encode() if isinstance(text, str) else text
    whole = b"BEGIN:VCARD\r\n" + raw.strip(b"\n").replace(b"\n", b"\r\n") + b"\r\nEND:VCARD\r\n"
    (found,) = vcard.read(io.BytesIO(whole), UTF8)
    assert isinstance(found, ContactRecord)
    return found


def test_danish_names_in_quoted_printable_with_soft_breaks() -> None:
    """faults 41: 2.1 in UTF-8 and in ISO-8859-1, a soft line break inside the name and inside a letter."""
    assert (
        record(
            "VERSION:2.1\n"
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=98sterg=C3=\n=A5rd;S=C3=B8=\nren;;;\n"
            "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:S=C3=B8ren =C3=98sterg=C3=A5rd"
        ).last_name
        == "Østergård"
    )
    latin = record("VERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:K=E6r;=C5se =\n=D8rum;;;")
    assert (latin.first_name, latin.last_name) == ("Åse Ørum", "Kær")


@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_all_versions(version: str) -> None:
    """faults 41."""
    found = record(f"VERSION:{version}\nN:Ærø;Bo;;;\nFN:Bo Ærø\nTEL;TYPE=CELL:20304050")
    assert (found.first_name, found.last_name) == ("Bo", "Ærø")
    assert found.phones == (Labelled("mobile", "20304050"),)


def test_bare_quoted_printable_and_what_stays_encoded() -> None:
    """faults 42: a bare parameter decodes; a value without any is put right and said so, or flagged."""
    assert record("VERSION:2.1\nFN;QUOTED-PRINTABLE:D=C3=BCmmy GmbH").display_name == "Dümmy GmbH"
    forgotten = record("VERSION:3.0\nN:;S=C3=B8ren;;;\nFN:S=C3=B8ren")
    assert forgotten.first_name == "Søren"
    assert any("Søren" in warning for warning in forgotten.warnings)
    unclear = record("VERSION:3.0\nFN:J=F8rgen")
    assert any("J=F8rgen" in warning for warning in unclear.warnings)


def test_only_what_is_edited_changes() -> None:
    """faults 43: two mobile numbers, prefix, suffix, post office box and X-FOO survive an edit of the note."""
    raw = (
        b'BEGIN:VCARD\r\nVERSION:3.0\r\nitem1.X-FOO;X="a:b":bar\r\nN:Holm;Anna;Marie;Dr.;ph.d.\r\nFN:Anna Holm\r\n'
        b"TEL;TYPE=cell:20304050\r\nTEL;TYPE=cell:20304051\r\nADR;TYPE=home:Box 5;2. tv;Vej 1;Aarhus;;8000;DK\r\n"
        b"NOTE:old\r\n  and folded\r\nX-ODD\r\nEND:VCARD\r\n"
    )
    (card,) = cards(raw)
    assert card.source() == raw
    card.set_text("NOTE", "ny; note,\nto linjer")
    assert card.source() == raw.replace(b"NOTE:old\r\n  and folded\r\n", b"NOTE:ny\\; note\\,\\nto linjer\r\n")
    card.set_text("NOTE", "")
    card.set_text("NICKNAME", "Ann")
    assert card.source() == raw.replace(b"NOTE:old\r\n  and folded\r\n", b"").replace(b"END:", b"NICKNAME:Ann\r\nEND:")


def test_an_edit_of_an_old_card_is_quoted_printable() -> None:
    """Version 2.1 knows no UTF-8 and no line ends in a value."""
    (card,) = cards(b"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Holm;Bo\r\nEND:VCARD\r\n")
    note = "Første linje = lang " + "æ" * 60 + "\nanden"
    card.set_text("NOTE", note)
    assert card.source().isascii()
    assert max(len(line) for line in card.source().splitlines()) <= 75
    again = vcard.parse(card.source().decode())
    assert isinstance(again, ContactRecord)
    assert again.note == note


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("1900-01-01", "1900-01-01"),
        ("18991231", "1899-12-31"),
        ("2100-01-01", "2100-01-01"),
        ("2000-02-29", "2000-02-29"),
        ("--0229", "--02-29"),
        ("1604-05-06", "1604-05-06"),
        ("1980-03-22T00:00:00Z", "1980-03-22"),
    ],
)
def test_birthdays(written: str, stored: str) -> None:
    """faults 45."""
    assert record(f"VERSION:3.0\nFN:Bo\nBDAY:{written}").birthday == stored


def test_a_birthday_that_is_none_is_said_aloud() -> None:
    """faults 45: kept as text, never another day."""
    for written in ("1900-02-29", "circa 1800", "1980-13-01"):
        found = record(f"VERSION:4.0\nFN:Bo\nBDAY;VALUE=text:{written}")
        assert (found.birthday, found.custom["Birthday"]) == ("", written)
        assert written in found.warnings[0]
    assert record("VERSION:3.0\nFN:Bo\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-05-06").birthday == "--05-06"


@pytest.mark.parametrize("line", ["TEL:20304050", "ORG:Nordlys A/S", "EMAIL:bo@nordlys.dk"])
def test_cards_without_a_name(line: str) -> None:
    """faults 47: such a card is a record; its name is derived where it is stored."""
    found = record(f"VERSION:3.0\n{line}")
    assert (found.first_name, found.last_name) == ("", "")
    assert found.phones or found.company or found.emails


def test_a_card_of_nothing_is_unreadable() -> None:
    """It is reported with its line, not stored."""
    (found,) = vcard.read(io.BytesIO(b"\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"), UTF8)
    assert isinstance(found, Unreadable)
    assert found.line == 2


def test_one_bad_card_takes_no_other_with_it() -> None:
    """Without an end, with rubbish inside, with an AGENT that never ends."""
    raw = (
        b"BEGIN:VCARD\nFN:One\n"
        b"BEGIN:VCARD\nrubbish\n:::\nFN:Two\nEND:VCARD\n"
        b"between the cards\n"
        b"BEGIN:VCARD\nFN:Three\nAGENT:\nBEGIN:VCARD\nFN:Not me\nEND:VCARD\nTITLE:Boss\nEND:VCARD\n"
        b"BEGIN:VCARD\nFN:Four\nAGENT:\nBEGIN:VCARD\nFN:Five\nTITLE:x\n"
        b"BEGIN:VCARD\nFN:Six"
    )
    found = list(vcard.read(io.BytesIO(raw), UTF8))
    names = [one.display_name for one in found if isinstance(one, ContactRecord)]
    assert names == ["One", "Two", "Three", "Four", "Five", "Six"]
    assert isinstance(found[2], ContactRecord)
    assert found[2].job_title == "Boss"
    assert isinstance(found[0], ContactRecord)
    assert "end" in found[0].warnings[0]


def test_base64_ends_at_a_blank_line_and_at_the_next_property() -> None:
    """Telephones write base64 without folds; nothing after it is lost."""
    (card,) = cards(
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nPHOTO;ENCODING=BASE64;JPEG:/9j/4A\r\nQSkZJRg==\r\n\r\nNOTE:kept\r\n"
        b"PHOTO;BASE64:\r\nAAAA\r\nTEL;CELL:20304050\r\nEND:VCARD\r\n"
    )
    assert card.all("PHOTO")[0].raw == b"/9j/4AQSkZJRg=="
    assert [line.name for line in card.lines] == ["BEGIN", "VERSION", "PHOTO", "NOTE", "PHOTO", "TEL", "END"]


def test_labels_types_and_the_primary_one() -> None:
    """TEL;CELL is TYPE=CELL, groups carry labels, PREF comes first and telefaxes last."""
    found = record(
        "VERSION:3.0\nFN:Bo\nTEL;WORK;FAX:70123456\nTEL;CELL:20304050\nitem1.TEL:20304051\nitem1.X-ABLabel:Sommerhus\n"
        'item2.EMAIL:b@x.dk\nitem2.X-ABLabel:_$!<Work>!$_\nEMAIL;TYPE=home;PREF=1:a@x.dk\nTEL;TYPE="work,voice":86123456'
    )
    assert found.phones == (
        Labelled("mobile", "20304050"), Labelled("Sommerhus", "20304051"), Labelled("work", "86123456"),
        Labelled("work fax", "70123456"),
    )  # fmt: skip
    assert found.emails == (Labelled("home", "a@x.dk"), Labelled("work", "b@x.dk"))


def test_escapes_and_rfc_6868() -> None:
    """Escapes in values, carets in parameters, a colon inside quotes."""
    found = record(
        "VERSION:4.0\nFN:Bo\nORG:Holm\\, Hansen\\; Søn;Salg\nNOTE:a\\nb\\\\c\nURL:http\\://x.dk\n"
        'X-EASIR-ID;SYSTEM="a^nb^^c^\'d:e":7'
    )
    assert found.company == "Holm, Hansen; Søn"
    assert found.custom["Department"] == "Salg"
    assert found.note == "a\nb\\c"
    assert found.website == "http://x.dk"
    assert found.external_ids == {'a\nb^c"d:e': "7"}


def test_letters_by_the_line() -> None:
    """Raw Windows-1252 and UTF-8 in one file, with and without a CHARSET; UTF-16; a mark; old line ends."""
    mixed = b"BEGIN:VCARD\nN;CHARSET=windows-1252:K\xe6r;Bo\nORG:\xc3\x98sters\xc3\xb8\nNOTE:r\xf8d\nEND:VCARD\n"
    (found,) = vcard.read(io.BytesIO(mixed), UTF8)
    assert isinstance(found, ContactRecord)
    assert (found.last_name, found.company, found.note) == ("Kær", "Østersø", "rød")
    assert found.card is not None
    again = vcard.parse(found.card)
    assert isinstance(again, ContactRecord)
    assert (again.last_name, again.note) == ("Kær", "rød")
    plain = "BEGIN:VCARD\r\nN:Kær;Åse\r\nEND:VCARD\r\n"
    for raw, name in (
        (plain.encode("utf-16"), "utf-16"),
        (plain.encode("utf-16-le"), "utf-16-le"),
        (plain.encode("utf-8-sig"), "utf-8"),
        (plain.replace("\r\n", "\r").encode(), "utf-8"),
        (plain.replace("\r\n", "\r\r\n").encode(), "utf-8"),
    ):
        (one,) = vcard.read(io.BytesIO(raw), Encoding(name, True))
        assert isinstance(one, ContactRecord)
        assert (one.first_name, one.last_name) == ("Åse", "Kær")


def test_a_truncated_letter_leaves_no_mark() -> None:
    """faults 34: what cannot be decoded is left out, never stored as the mark of a lost letter."""
    found = record("VERSION:2.1\nORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=98sters=C3=B8=80=C3")
    assert found.company == "Østersø"


def test_names_come_apart() -> None:
    """Only where a card has no N."""
    assert split_name("Jens Peter Hansen") == ("Jens Peter", "Hansen")
    assert split_name("Hansen, Jens Peter") == ("Jens Peter", "Hansen")
    assert split_name("Ludwig van Beethoven") == ("Ludwig", "van Beethoven")
    assert split_name("Madonna") == ("Madonna", "")


def test_an_address_in_one_block_comes_apart() -> None:
    """Google writes the whole address as the street."""
    found = record("VERSION:3.0\nFN:Bo\nADR:;;Vej 1\\n2. tv\\n8000 Aarhus C\\nDanmark;;;;")
    assert found.addresses == (PostalAddress("", "Vej 1\n2. tv", "8000", "Aarhus C", "", "Danmark"),)


words = st.text(st.characters(codec="utf-8", exclude_characters=LOST), max_size=30).map(
    lambda text: accept(text, newlines=False)
)
filled = words.filter(bool)
labelled = st.builds(Labelled, words.map(known_label), filled)
records = st.builds(
    ContactRecord,
    first_name=words, last_name=filled, title=words, company=words, job_title=words, website=words,
    emails=st.lists(labelled, max_size=3, unique=True).map(tuple),
    phones=st.lists(labelled.filter(lambda one: "fax" not in one.label and one.label != "pager"), max_size=3,
                    unique=True).map(tuple),
    addresses=st.lists(
        st.builds(PostalAddress, words.map(known_label), filled, words, filled, words, words), max_size=2, unique=True
    ).map(tuple),
    birthday=st.sampled_from(["", "1980-02-29", "--02-29"]),
    note=st.text(st.characters(codec="utf-8"), max_size=200).map(accept),
    custom=st.dictionaries(filled, filled, max_size=3),
    external_ids=st.dictionaries(filled.filter(lambda name: name != "vcard"), filled, max_size=2),
    refused=st.sampled_from([(), ("email",)]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(records)
def test_what_is_written_reads_back_the_same(one: ContactRecord) -> None:
    """faults 29: export and import are one identity."""
    text = vcard.write(one)
    assert all(len(line) <= 75 for line in text.encode().split(b"\r\n"))
    again = vcard.parse(text)
    assert isinstance(again, ContactRecord)
    for name in ("first_name", "last_name", "title", "company", "job_title", "website", "emails", "addresses",
                 "birthday", "note", "refused", "custom", "external_ids"):  # fmt: skip
        assert getattr(again, name) == getattr(one, name), name
    assert again.warnings == ()
    assert vcard.write(again) == text


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b";ENCODING=QUOTED-PRINTABLE", b";ENCODING=b;CHARSET=x"]))
def test_no_bytes_can_crash_it_and_none_are_lost(noise: bytes, head: bytes) -> None:
    """Any bytes, also inside a card; what is a card is written back byte for byte."""
    list(vcard.read(io.BytesIO(noise), UTF8))
    raw = b"BEGIN:VCARD\r\nN" + head + b":" + noise + b"\r\nFN:Bo\r\nEND:VCARD\r\n"
    found = cards(raw)
    if raw.upper().count(b"VCARD") == 2:
        assert b"".join(card.source() for card in found) == raw
    for one in vcard.read(io.BytesIO(raw), UTF8):
        assert LOST not in repr(one)


@given(st.text(max_size=300))
def test_folds_never_part_a_letter(text: str) -> None:
    """75 bytes at most, each piece whole letters."""
    line = text.replace("\r", "").replace("\n", "").encode("utf-8", "ignore")
    pieces = fold(line).split(b"\r\n")
    assert all(len(piece) <= 75 for piece in pieces)
    assert "".join(piece.decode()[1 if i else 0 :] for i, piece in enumerate(pieces)) == line.decode()


def test_vobject_reads_what_is_written() -> None:
    """Another program's reader agrees."""
    made = ContactRecord(
        first_name="Åse", last_name="Kær; Holm", company="Bil, A/S", note="a\nb",
        phones=(Labelled("mobile", "20 30 40 50"), Labelled("Sommerhus", "70123456")),
        emails=(Labelled("work", "aase@bil.dk"),),
        addresses=(PostalAddress("home", "Vej 1", "8000", "Aarhus", "", "Danmark"),),
    )  # fmt: skip
    card = vobject.readOne(vcard.write(made))
    assert card.n.value.family == "Kær; Holm"
    assert card.note.value == "a\nb"
    assert card.org.value == ["Bil, A/S"]
    assert [line.value for line in card.tel_list] == ["20 30 40 50", "70123456"]
    assert card.adr.value.city == "Aarhus"
