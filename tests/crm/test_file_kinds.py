"""Files that say they are what they are not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from easir_tui.crm import attachments, previews
from easir_tui.crm.file_kinds import in_words, lie
from easir_tui.crm.users import Me
from easir_tui.data.files import media_type
from easir_tui.errors import NotFound

from .made import a_contact

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"

HONEST = [
    ("tilbud.pdf", b"%PDF-1.7"), ("bil.jpg", b"\xff\xd8\xff\xe0"), ("bil.jpeg", b"\xff\xd8\xff\xe0"),
    ("logo.png", b"\x89PNG\r\n\x1a\n"), ("brev.txt", b"Hej"), ("data.csv", b"a;b"), ("ole.vcf", b"BEGIN:VCARD"),
    ("aftale.docx", b"PK\x03\x04....word/document.xml"), ("pakke.zip", b"PK\x03\x04...."), ("README", b"Hej"),
    ("side.html", b"<!doctype html>"), ("gammel.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("x.json", b"{}"),
    ("lyd.wav", b"RIFF\0\0\0\0WAVE\0"), ("kort.xml", b"<?xml version='1.0'?>"), ("mail.eml", b"From: a@b"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "start"), HONEST)
def test_an_honest_file(name: str, start: bytes) -> None:
    assert lie(name, media_type(start)) == ""


@pytest.mark.parametrize(
    ("name", "start", "said"),
    [
        ("faktura.pdf", b"MZ\x90\0", "It is called .pdf, but it is a Windows program."),
        ("faktura.pdf.exe", b"MZ\x90\0", "This is a Windows program."),
        ("bil.jpg", b"<html><script>", "It is called .jpg, but it is a web page."),
        ("tilbud.pdf", b"PK\x03\x04", "It is called .pdf, but it is a ZIP archive."),
        ("tilbud.pdf", b"Hej", "It is called .pdf, but it is plain text."),
        ("bil.png", b"\xff\xd8\xff\xe0", "It is called .png, but it is JPEG."),
        ("kontrakt.docm", b"PK\x03\x04word/", "Files called .docm can run programs."),
        ("klik.lnk", b"L\0\0\0", "Files called .lnk can run programs."),
        ("regnskab.xlsx", b"%PDF-1.4", "It is called .xlsx, but it is PDF."),
    ],
)
def test_a_file_that_lies_is_said_to(name: str, start: bytes, said: str) -> None:
    assert lie(name, media_type(start)).startswith(said)


def test_words_for_types() -> None:
    assert [in_words(one) for one in ("image/jpeg", "application/x-foo", "application/pdf")] == ["JPEG", "FOO", "PDF"]


def test_what_there_is_to_see(me: Me) -> None:
    ole = a_contact(me)

    def seen(name: str, content: bytes) -> previews.Look:
        return previews.look(me, attachments.add(me, ole, io.BytesIO(content), name))

    assert seen("brev.txt", "Kære Ole \x1b[2J".encode("cp1252")).text == "Kære Ole [2J"
    assert seen("side.html", b"<html><p>Hej <b>Ole</b><script>x</script>").text == "Hej Ole"
    mail = seen("mail.eml", b"From: Bo <bo@x.dk>\r\nSubject: Tilbud\r\n\r\nHej\r\n").text
    assert mail == "Tilbud\nBo <bo@x.dk>\n\nHej"
    assert seen("bil.jpg", b"\xff\xd8\xff\xe0").text is None
    long = seen("lang.txt", b"x" * 600_000)
    assert long.is_cut
    assert len(long.text or "") == 500_000
    assert seen("faktura.pdf", b"MZ\x90\0x").lie
    with pytest.raises(NotFound):
        previews.look(me, 999)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the files of third parties are not here")
def test_files_of_third_parties_are_what_they_say() -> None:
    said = {
        path.name: lie(path.name, media_type(path.read_bytes()[:4096]))
        for path in CORPUS.rglob("*") if path.is_file() and path.suffix in (".vcf", ".csv", ".eml", ".ics", ".json")
    }  # fmt: skip
    assert {name: words for name, words in said.items() if words} == {}
