"""CSV files: any letters, any delimiter, many headings, and dates that are never changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from easir_tui.channels import csv_rows
from easir_tui.channels.address_file import open_address_file, records
from easir_tui.channels.csv_dates import DateColumn
from easir_tui.channels.csv_file import Options, open_csv
from easir_tui.channels.csv_headers import columns_of
from easir_tui.channels.encodings import LOST, find_encoding, repaired
from easir_tui.channels.records import ContactRecord, Labelled, PostalAddress, Unreadable
from easir_tui.errors import Refused

DANISH = (
    "Fornavn;Efternavn;Firma;Email;Mobil;Telefon arbejde;Adresse;Postnr;By;Fødselsdag;Bemærkninger\r\n"
    'Østen;Ærø;Åse Bil A/S;oe@ase.dk;20 30 40 50;70 12 34 56;"Vej 1\r\n2. tv";8000;Aarhus C;'
    "03-04-1980;1,5 mio. kr.\r\n"
    'Åse;Sørensen;;aase@example.dk;+45 20304051;;;;;31-12-1990;"hun sagde ""ja"""\r\n'
)


def read(path: Path, raw: bytes, options: Options | None = None) -> list[ContactRecord | Unreadable]:
    """The records of a file of these bytes."""
    path = path / "file.csv"
    path.write_bytes(raw)
    return [record for _bytes, record in records(open_address_file(path, options))]


def one(path: Path, text: str) -> ContactRecord:
    """The only record of a file of this text."""
    (found,) = read(path, text.encode())
    assert isinstance(found, ContactRecord)
    return found


@pytest.mark.parametrize(
    "encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "mac_roman", "cp865"]
)
def test_danish_letters_in_every_set(tmp_path: Path, encoding: str) -> None:
    """faults 34: the first letter of a cell too."""
    first, second = read(tmp_path, DANISH.encode(encoding))
    assert isinstance(first, ContactRecord)
    assert isinstance(second, ContactRecord)
    assert (first.first_name, first.last_name, first.company) == ("Østen", "Ærø", "Åse Bil A/S")
    assert (second.first_name, second.last_name) == ("Åse", "Sørensen")
    sure = encoding.startswith("utf")
    assert bool(open_address_file(tmp_path / "file.csv").notices) is not sure


def test_a_set_can_be_chosen(tmp_path: Path) -> None:
    """faults 34: what was guessed wrong is corrected by hand."""
    (found,) = read(tmp_path, "Navn;Email\nJiří;j@x.cz\n".encode("cp1250"), Options(encoding="cp1250"))
    assert isinstance(found, ContactRecord)
    assert found.first_name == "Jiří"


def test_semicolons_decimal_commas_and_quoted_line_ends(tmp_path: Path) -> None:
    """faults 33."""
    first, second = read(tmp_path, DANISH.encode("cp1252"))
    assert isinstance(first, ContactRecord)
    assert isinstance(second, ContactRecord)
    assert first.addresses == (PostalAddress("", "Vej 1\n2. tv", "8000", "Aarhus C", "", ""),)
    assert first.note == "1,5 mio. kr."
    assert second.note == 'hun sagde "ja"'
    assert (first.line, second.line) == (2, 4)
    assert first.phones == (Labelled("mobile", "20 30 40 50"), Labelled("work", "70 12 34 56"))


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_delimiters(tmp_path: Path, sign: str) -> None:
    """faults 33: found, also when sep= says another than the cells seem to."""
    text = f"Navn{sign}Email{sign}Mobil\nAnna Holm{sign}a@x.dk{sign}20304050\n"
    found = one(tmp_path, text)
    assert (found.first_name, found.last_name, found.phones[0].value) == ("Anna", "Holm", "20304050")
    assert one(tmp_path, f"sep={sign}\r\n{text}").last_name == "Holm"


def test_a_mark_and_blanks_in_headings(tmp_path: Path) -> None:
    """faults 35."""
    (found,) = read(tmp_path, "\ufeff  E-MAIL  , first name \nanna@x.dk,Anna\n".encode())
    assert isinstance(found, ContactRecord)
    assert (found.emails[0].value, found.first_name) == ("anna@x.dk", "Anna")


@pytest.mark.parametrize(
    ("written", "column"),
    [("31/02/1990", "Birthday"), ("00/00", "Birthday"), ("00/00/1990", "Birthday"), ("13/13/2020", "Birthday"),
     ("i går", "Birthday")],
)  # fmt: skip
def test_dates_that_are_none(tmp_path: Path, written: str, column: str) -> None:
    """faults 30: the row is refused with line, column and value."""
    first, second = read(tmp_path, f"Name,Birthday\nBo,{written}\nEva,24/12/1980\n".encode())
    assert isinstance(first, Unreadable)
    assert first.line == 2
    assert column in first.reason
    assert written in first.reason
    assert isinstance(second, ContactRecord)
    assert second.birthday == "1980-12-24"


def test_dates_are_decided_by_the_column(tmp_path: Path) -> None:
    """faults 31."""
    text = "Name,Birthday\nA,12/31/1986\nB,12/01/1986\nC,03.04.1986\nD,1986-04-03\nE,5. maj 1986\nF,--05-06\n"
    found = [record.birthday for record in read(tmp_path, text.encode()) if isinstance(record, ContactRecord)]
    assert found == ["1986-12-31", "1986-12-01", "1986-04-03", "1986-04-03", "1986-05-05", "--05-06"]
    danish = "Navn;Fødselsdag\nA;31-12-1986\nB;12-01-1986\n"
    found = [record.birthday for record in read(tmp_path, danish.encode()) if isinstance(record, ContactRecord)]
    assert found == ["1986-12-31", "1986-01-12"]


def test_ambiguous_dates_are_counted_and_can_be_decided(tmp_path: Path) -> None:
    """faults 31: nothing in the column tells, so it is said, and asked for once."""
    raw = b"Name,Birthday\nA,03/04/1986\nB,05/06/1986\nC,07/07/1986\n"
    first = read(tmp_path, raw)[0]
    assert isinstance(first, ContactRecord)
    assert first.birthday == "1986-04-03"
    assert "2 dates" in open_csv(tmp_path / "file.csv").notices[0]
    first = read(tmp_path, raw, Options(dates="mdy"))[0]
    assert isinstance(first, ContactRecord)
    assert first.birthday == "1986-03-04"
    assert open_csv(tmp_path / "file.csv", Options(dates="mdy")).notices == ()


def test_years_of_two_digits_are_past() -> None:
    """A birthday cannot be ahead."""
    column = DateColumn(2026)
    assert column.read("03.04.63") == "1963-04-03"
    assert column.read("03.04.26") == "2026-04-03"
    assert column.read("0/0/00") == ""
    assert column.read("1990-01-20 00:00:00") == "1990-01-20"


def test_formulas_are_text(tmp_path: Path) -> None:
    """A cell is never evaluated and never loses a sign."""
    found = one(tmp_path, 'Name,Notes,Phone,Company\n=1+1,@SUM(A1),"=""0020304050""",-Bil+\n')
    assert found.display_name == "=1+1"
    assert found.note == "@SUM(A1)"
    assert found.phones[0].value == "0020304050"
    assert found.company == "-Bil+"


def test_google_new_and_old(tmp_path: Path) -> None:
    """Several values in a cell, starred labels first, custom fields."""
    new = one(
        tmp_path,
        "First Name,Middle Name,Last Name,File As,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,"
        "E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,"
        "Address 1 - Street,Address 1 - City,Address 1 - Postal Code,Organization Name,Custom Field 1 - Label,"
        "Custom Field 1 - Value\n"
        "Jens,Peter,Holm,x,* myContacts ::: VIP,Work,j@x.dk,* Hjem,a@x.dk ::: b@x.dk,Mobil,20304050 ::: 20304051,"
        'Home,"Vej 1\n8000 Aarhus",Vej 1,Aarhus,8000,Bil ApS,Sko,43\n',
    )
    assert new.first_name == "Jens Peter"
    assert new.emails == (Labelled("home", "a@x.dk"), Labelled("home", "b@x.dk"), Labelled("work", "j@x.dk"))
    assert [phone.value for phone in new.phones] == ["20304050", "20304051"]
    assert new.addresses == (PostalAddress("home", "Vej 1", "8000", "Aarhus", "", ""),)
    assert new.custom == {"Categories": "myContacts, VIP", "Sko": "43"}
    assert new.company == "Bil ApS"


@pytest.mark.parametrize(
    ("headings", "kinds"),
    [
        ("Fornavn;Efternavn;Firma;Email;Mobil", "first_name last_name company email phone"),
        ("Navn;Virksomhed;E-mailadresse;Tlf.;Stilling", "name company email phone job_title"),
        ("Kunde;Kontaktperson;CVR-nr.;Mail", "company name company_cvr email"),
        ("Kundenavn;Telefon", "name phone"),
        ("Title;First Name;Suffix", "title first_name suffix"),
        ("Title;First Name;Email", "job_title first_name email"),
        ("First Name;Primary Email;Birth Year;Birth Month;Birth Day",
         "first_name email birth_year birth_month birth_day"),
        ("First Name;E-mail Address;E-mail Type;Business Phone;Mobile Phone", "first_name email ignore phone phone"),
        ("Name;Id;Created At;Deleted At;Version", "name ignore ignore ignore ignore"),
        ("Name;Email Opt Out;Do Not Call", "name refused_email refused_phone"),
        ("Navn;Adresse;Postnr./By;Land", "name address address address"),
    ],
)  # fmt: skip
def test_headings(headings: str, kinds: str) -> None:
    """Plain English and Danish, Outlook, Thunderbird; system columns are not importable (faults 29)."""
    assert [column.kind for column in columns_of(headings.split(";"))] == kinds.split()


def test_outlook_addresses_and_unknown_columns(tmp_path: Path) -> None:
    """A heading nobody knows is a further field under its own name."""
    found = one(
        tmp_path,
        "First Name,Business Street,Business City,Business Postal Code,Home Street,Home City,Spouse,"
        "E-mail 2 Address\n"
        "Bo,Vej 1,Aarhus,8000,Gade 2,Odense,Eva,b@x.dk\n",
    )
    assert found.addresses == (
        PostalAddress("work", "Vej 1", "8000", "Aarhus", "", ""), PostalAddress("home", "Gade 2", "",
        "Odense", "", ""),
    )  # fmt: skip
    assert found.custom == {"Spouse": "Eva"}
    assert found.emails[0].value == "b@x.dk"


def test_opt_outs_are_never_dropped(tmp_path: Path) -> None:
    """A person who wants no e-mail elsewhere wants none here."""
    yes, no = read(tmp_path, b"Name,Email,Unsubscribed\nA,a@x.dk,TRUE\nB,b@x.dk,no\n")
    assert isinstance(yes, ContactRecord)
    assert isinstance(no, ContactRecord)
    assert (yes.refused, no.refused) == (("email",), ())


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    """It costs its own line nothing and the lines after it nothing."""
    for tail in ("", 'Eva;"Sø";e@x.dk\n'):
        raw = f'Navn;Efternavn;Email\n"Bo;Holm;b@x.dk\nIda;5" rør;i@x.dk\n{tail}'
        found = [record for record in read(tmp_path, raw.encode()) if isinstance(record, ContactRecord)]
        assert [record.emails[0].value for record in found][:2] == ["b@x.dk", "i@x.dk"]
    for raw, count in (
        ('Noter;Navn\n"a;b\nc";Bo\nd;Ib\n', 2),
        ('Navn;Noter;Email\nBo;"5 tommer;b@x.dk\nIb;"7 tommer;i@x.dk\n', 2),
        ('Navn;Noter;Email\nBo;"a; b\nc"\nIb;d;i@x.dk\n', 2),
        ('Navn;Email\n"Bo;b@x.dk\n"Ib;i@x.dk\n"Ida";d@x.dk\n', 3),
    ):
        assert len(read(tmp_path, raw.encode())) == count, raw
    raw = 'Navn;Email\nBo;b@x.dk\n"Ib;i@x.dk\nIda;d@x.dk\n'
    found = [record for record in read(tmp_path, raw.encode()) if isinstance(record, ContactRecord)]
    assert [record.emails[0].value for record in found] == ["b@x.dk", "i@x.dk", "d@x.dk"]


def test_no_heading(tmp_path: Path) -> None:
    """A file that begins with data is read by what is in it."""
    found = read(tmp_path, b"Anna Holm,a@x.dk,20304050\nBo Holm,b@x.dk,20304051\n")
    assert [record.emails[0].value for record in found if isinstance(record, ContactRecord)] == ["a@x.dk", "b@x.dk"]


def test_nuls_and_long_cells(tmp_path: Path) -> None:
    """NULs are taken out; a note of a million letters is no error."""
    (found,) = read(tmp_path, b"Navn;Email\nJ\0ens;a@\0x.dk\n")
    assert isinstance(found, ContactRecord)
    assert (found.first_name, found.emails[0].value) == ("Jens", "a@x.dk")
    long = one(tmp_path, f"Navn;Noter\nBo;{'x' * 1_000_000}\n")
    assert len(long.note) == 1_000_000


def test_letters_read_wrongly_before(tmp_path: Path) -> None:
    """Double-encoded letters are put right and said so."""
    assert repaired("JÃ¸rgen KjÃ¦r") == "Jørgen Kjær"
    assert repaired("Ærø Ågård") == "Ærø Ågård"
    assert one(tmp_path, "Navn;Email\nJÃ¸rgen;a@x.dk\n").warnings


@pytest.mark.parametrize(
    ("name", "raw"),
    [("empty", b""), ("blank", b"\n \n"), ("picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
     ("zip", b"PK\x03\x04abc"), ("noise", bytes(range(32)) * 20), ("prose", b"Dear sir\nwe write to you\n")],
)  # fmt: skip
def test_what_is_no_address_file(tmp_path: Path, name: str, raw: bytes) -> None:
    """One sentence that says what is wrong."""
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(Refused) as refused:
        open_address_file(path)
    assert name in refused.value.sentence


def test_missing_and_folder(tmp_path: Path) -> None:
    """Also one sentence."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(Refused):
            open_address_file(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_no_bytes_can_crash_it(tmp_path: Path, noise: bytes) -> None:
    """Any bytes are refused in words or read, and never read as a letter nobody wrote."""
    path = tmp_path / "noise.csv"
    path.write_bytes(b"Navn;Email;Mobil\n" + noise)
    find_encoding(path)
    try:
        opened = open_address_file(path)
    except Refused:
        return
    for _bytes, record in records(opened):
        if LOST not in noise.decode("utf-8", "ignore"):
            assert LOST not in repr(record)


def test_the_limit_of_a_cell_is_raised_for_us_only_when_needed() -> None:
    """The constant the reader sets is larger than any note."""
    assert csv_rows.LONGEST_CELL > 10_000_000
