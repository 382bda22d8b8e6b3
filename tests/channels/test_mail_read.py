"""Mail as other people's programs write it: all of it opens, in the right letters, and nothing of it is obeyed."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui.channels import mail_words
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.channels.mail_compose import Attachment, compose
from easir_tui.channels.mail_html import text_of
from easir_tui.channels.mail_parts import LONGEST_NAME, file_name
from easir_tui.channels.mail_quotes import quoted_from
from easir_tui.channels.mail_read import LONGEST_TEXT, ReadMail, read_head, read_mail
from easir_tui.channels.mail_tnef import unwrap
from tests.headless.command import easir

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
MAILS = sorted([*CORPUS.glob("mail/*"), *CORPUS.glob("leads/*.eml")])
WRAPPED = sorted(CORPUS.glob("tnef/*.tnef"))
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
HEAD = b"From: Bo <bo@example.dk>\r\nSubject: Hej\r\nMIME-Version: 1.0\r\n"


def texts(mail: ReadMail) -> str:
    """Every text of a mail that could reach a terminal."""
    head = mail.head
    people = [one for many in (head.to, head.cc, head.bcc, head.reply_to) for one in many]
    people += [head.sender] if head.sender else []
    return "\n".join(
        [head.subject, head.message_id, head.in_reply_to, *head.references, mail.text, *mail.warnings]
        + [f"{one.name} {one.address}" for one in people] + [f"{one.name} {one.content_id}" for one in mail.attachments]
    )  # fmt: skip


@pytest.mark.skipif(not MAILS, reason=f"there are no mails in {CORPUS.parent.name}/{CORPUS.name}")
def test_everything_in_the_corpus_opens() -> None:
    for path in MAILS:
        raw = path.read_bytes()
        mail = read_mail(raw)
        said = texts(mail)
        assert not CONTROLS.search(said), path.name
        assert said.encode(), path.name
        if "\N{REPLACEMENT CHARACTER}".encode() not in raw:
            assert "\N{REPLACEMENT CHARACTER}" not in said, path.name
        assert all(one.name and "/" not in one.name for one in mail.attachments), path.name


@pytest.mark.skipif(not MAILS, reason=f"there are no mails in {CORPUS.parent.name}/{CORPUS.name}")
@pytest.mark.parametrize(
    ("name", "text", "files"),
    [
        ("mail--raw_email.eml", "대부분의 마찬가지로", []),
        ("mail--japanese_shift_jis.eml", "あいうえお", []),
        ("mail--japanese_iso_2022.eml", "すみません。", []),
        ("mail--ks_c_5601-1987.eml", "스티해", []),
        ("flanker--bilingual-simple.eml", "А эта линия по-русски.", []),
        ("mail--attachment_message_rfc822.eml", "Subject: Another PDF", ["broken.pdf"]),
        ("mail--attachment_with_quoted_filename.eml", "", ["Eelanalüüsi päring.jpg"]),
        ("mail--japanese_attachment.eml", "testing", ["てすと.txt"]),
        ("mail--attachment_nonascii_filename.eml", "This is the first part.", ["ciële.txt"]),
        ("flanker--torture-part.eml", "complex message whose purpose", []),
        ("mail--email_with_similar_boundaries.eml", "Test", ["LOGO.png"]),
    ],
)
def test_some_of_the_corpus_in_its_own_letters(name: str, text: str, files: list[str]) -> None:
    mail = read_mail((CORPUS / "mail" / name).read_bytes())
    assert text in mail.text
    assert [one.name for one in mail.attachments] == files


@pytest.mark.skipif(not WRAPPED, reason=f"there is no winmail.dat in {CORPUS.parent.name}/{CORPUS.name}")
def test_what_outlook_wraps() -> None:
    names = {path.name: [name for name, _held in (unwrap(path.read_bytes()) or unwrap(b"")).files] for path in WRAPPED}
    assert names["tnefparse--two-files.tnef"] == ["AUTHORS", "README"]
    assert len(names["tnefparse--missing-filenames.tnef"]) == 4
    raw = (CORPUS / "tnef" / "tnefparse--duplicate_filename.tnef").read_bytes()
    part = HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n"
    mail = read_mail(part + raw)
    assert [one.name for one in mail.attachments] == [
        "file_abcdefgh.txt",
        "file_abcdefgh (2).txt",
        "VIA_Nytt_14021.htm",
    ]
    for cut in range(0, len(raw), len(raw) // 40):
        read_mail(part + raw[:cut])
    damaged = read_mail(part + raw[:20])
    assert damaged.attachments[0].name == "winmail.dat" or damaged.warnings


@pytest.mark.parametrize(
    "written", [b"<a1@example.dk>", b"a1@example.dk", b" < a1@example.dk > ", b"\r\n\t<a1@example.dk>"]
)
def test_an_id_has_one_form(written: bytes) -> None:
    """Faults 49: with brackets, without, with blanks, folded."""
    assert (
        read_head(b"Message-ID:" + written + b"\r\nIn-Reply-To: " + written + b"\r\n").message_id == "<a1@example.dk>"
    )


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: application/pdf; name*=ISO-8859-1''R%F8dgr%F8d.pdf",
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''R%C3%B8d;\r\n"
        b" filename*1*=gr%C3%B8d; filename*2=.pdf",
        b"Content-Type: application/pdf\r\nContent-Disposition: attachment;\r\n"
        b' filename="=?iso-8859-1?q?R=F8dgr=F8d.pdf?="',
        b'Content-Type: application/pdf; name="R\xf8dgr\xf8d.pdf"',
        b'Content-Type: application/pdf; name="../../etc/R\xc3\xb8dgr\xc3\xb8d.pdf"',
        b'Content-Type: application/pdf; name="C:\\\\Users\\\\bo\\\\R\xc3\xb8dgr\xc3\xb8d.pdf"',
    ],
)
def test_names_of_files(headers: bytes) -> None:
    """Faults 55: readable, and the bytes identical."""
    content = bytes(range(256)) * 4
    import base64

    raw = HEAD + headers + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(content)
    (file,) = read_mail(raw).attachments
    assert file.name == "Rødgrød.pdf"
    assert hashlib.sha256(file.content).digest() == hashlib.sha256(content).digest()


def test_a_file_without_a_name_gets_one() -> None:
    assert [one.name for one in read_mail(HEAD + b"Content-Type: application/pdf\r\n\r\nx").attachments] == [
        "file 1.pdf"
    ]
    for hidden in ("..", ".bashrc", "a\x1b[2J.txt", "\u202egpj.exe", "x" * 300 + ".pdf", "con/../.."):
        made = file_name(hidden, "text/plain")
        assert made
        assert not made.startswith(".")
        assert not CONTROLS.search(made)
        assert len(made) <= LONGEST_NAME
    assert file_name("x" * 300 + ".pdf").endswith(".pdf")


@pytest.mark.parametrize(
    ("raw", "sender", "subject"),
    [
        (b"From: S\xf8ren <s@x.dk>\r\nSubject: Pr\xf8ve", "Søren", "Prøve"),
        ("From: Søren <s@x.dk>\r\nSubject: Prøve".encode(), "Søren", "Prøve"),
        (b"From: =?utf-8?q?S=C3?= =?utf-8?q?=B8ren?= <s@x.dk>\r\n"
         b"Subject: =?utf-8?b?UHLDuA==?= =?iso-8859-1?q?ve?=", "Søren", "Prøve"),
        (b"From: \"=?utf-8?q?S=C3=B8ren=2C_B?=\" <s@x.dk>\r\nSubject: =?utf-8*da?q?Pr=C3=B8ve?=", "Søren, B", "Prøve"),
        (b"From: Oster, Jorgen <s@x.dk>\r\nSubject: =?utf-8?q?a=0D=0Ab=1B]52;c;x=07?=", "Oster, Jorgen", "a b]52;c;x"),
        (b"From: s@x.dk (Bo Ek)\r\nSubject: =?no-such-set?q?Pr=C3=B8ve?=", "Bo Ek", "Prøve"),
    ],
)  # fmt: skip
def test_headers_in_any_letters(raw: bytes, sender: str, subject: str) -> None:
    head = read_head(raw + b"\r\n")
    assert head.sender == NamedAddress("s@x.dk", sender)
    assert head.subject == subject


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("iso-8859-1", b"\x80 \x93K\xe6re\x94", "€ “Kære”"),
        ("us-ascii", "Kære".encode(), "Kære"),
        ("", b"K\xe6re", "Kære"),
        ("utf-8", b"K\xe6re", "Kære"),
        ("invalid-charset", "Kære".encode(), "Kære"),
        ("unicode_escape", b"a\\x1b[2J", "a\\x1b[2J"),
        ("utf-16", "Kære".encode("utf-16"), "Kære"),
    ],
)
def test_texts_in_any_letters(charset: str, content: bytes, text: str) -> None:
    assert read_mail(HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + content).text == text


def test_people_in_all_the_ways_they_are_written() -> None:
    written = (
        'undisclosed-recipients:;, "Kjær, Søren" <soren@example.dk>, bo@example.dk, <mailto:ida@example.dk>, Hold: '
        "a@x.dk, b@x.dk;, Ole (chef, nord) <ole@example.dk>, not an address, SOREN@example.dk"
    )
    found = mail_words.people([written])
    assert [one.address for one in found] == [
        "soren@example.dk", "bo@example.dk", "ida@example.dk", "a@x.dk", "b@x.dk", "ole@example.dk",
    ]  # fmt: skip
    assert (found[0].name, found[5].name) == ("Kjær, Søren", "Ole")


def test_dates_that_are_none() -> None:
    received = b"Received: from a by b; Wed, 25 Nov 2026 14:00:00 +0100\r\n"
    assert read_head(b"Date: yesterday\r\n" + received).sent_at == 1795611600
    assert read_head(b"Date: Wed, 99 Nov 2026 14:00:00\r\n").sent_at is None
    assert read_head(b"Date: Mon, 1 Jan 3000 00:00:00 +0000\r\n").sent_at is None


HTML = """<html><head><title>T</title><style>p{}</style></head><body><div style="display: none">hidden</div>
<p>Kære <b>Søren</b>,</p><p>Se <a href="https://example.dk/tilbud?id=1">tilbuddet</a> og
<a href="https://example.dk/">example.dk</a>, skriv til <a href="mailto:a@b.dk">a@b.dk</a><br>Hilsen<br><br>Bo</p>
<ul><li>en<li>to<ul><li>inde</ul></ul><ol start=3><li>tre</ol><table><tr><td>Pris<td>100</table>
<pre>a
  b</pre><img src="https://tracker.example/x.gif"><img alt="Logo"><script>alert(1)</script>
<blockquote>citat<blockquote>inde</blockquote></blockquote><a href="javascript:alert(1)">klik</a></body></html>"""


def test_html_as_text() -> None:
    assert text_of(HTML) == (
        "Kære Søren,\n\nSe tilbuddet [1] og example.dk, skriv til a@b.dk\nHilsen\n\nBo\n\n"
        "- en\n- to\n  - inde\n3. tre\nPris  100\na\n  b\n[Logo]\n> citat\n>> inde\nklik\n\n[1] https://example.dk/tilbud?id=1"
    )


def test_deep_and_long_html_loses_nothing() -> None:
    assert text_of("<div>" * 5000 + "Hej" + "</div>" * 5000) == "Hej"
    assert text_of("<b>" * 5000 + "Hej") == "Hej"
    assert text_of("<p>linje</p>" * 20_000).count("linje") == 20_000


def alternative(plain: str, html: str) -> bytes:
    return (
        HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8"
        b"\r\n\r\n" + plain.encode() + b"\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
        + b"\r\n--b--\r\n"
    )  # fmt: skip


def test_the_plain_wording_unless_it_says_nothing() -> None:
    assert read_mail(alternative("Kære Bo", "<p>Kære <b>Bo</b></p>")).text == "Kære Bo"
    assert read_mail(alternative("", "<p>Kære Bo</p>")).text == "Kære Bo"
    told = read_mail(alternative("Your program shows no HTML.", "<p>" + "Tilbud på ID.4. " * 50 + "</p>")).text
    assert told.startswith("Tilbud på ID.4.")


def test_a_calendar_part_and_what_is_signed() -> None:
    raw = (
        HEAD
        + b"Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nHej\r\n--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
        b"BEGIN:VCALENDAR\r\n--b--\r\n--s\r\nContent-Type: application/pgp-signature; name=a.asc\r\n\r\nx\r\n--s--"
    )
    mail = read_mail(raw)
    assert mail.text == "Hej"
    assert mail.calendars == (b"BEGIN:VCALENDAR",)
    assert [one.media_type for one in mail.attachments] == ["text/calendar"]


def test_soft_line_ends_and_files_in_the_text() -> None:
    flowed = b"Content-Type: text/plain; format=flowed\r\n\r\nEn lang \r\nlinje.\r\n> citat \r\n> videre\r\n-- \r\nBo"
    assert read_mail(HEAD + flowed).text == "En lang linje.\n> citat videre\n-- \nBo"
    mail = read_mail(HEAD + b"\r\nFil:\r\nbegin 644 a.txt\r\n#0V%T\r\n`\r\nend\r\nslut")
    assert [(one.name, one.content) for one in mail.attachments] == [("a.txt", b"Cat")]
    assert "#0V" not in mail.text
    assert "slut" in mail.text


def test_a_very_long_text_is_a_file_as_well() -> None:
    mail = read_mail(HEAD + b"\r\n" + b"linje\r\n" * 60_000)
    assert len(mail.text) <= LONGEST_TEXT
    assert mail.attachments[0].content.count(b"linje") == 60_000
    assert mail.warnings


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1500 + b"x",
        HEAD + b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"
        + b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(300)),
        b"To: " + b", ".join(b"k%d@example.dk" % n for n in range(5_000)) + b"\r\n\r\nx",
        b"To: " + b"(" * 200_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?q?" * 30_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain" + b";a=\"" * 30_000 + b"\r\n\r\nx",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000,
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<blockquote><table><tr><td>" * 20_000 + b"Hej",
    ],
    ids=["messages", "multiparts", "people", "comments", "words", "parameters", "parts", "html"],
)  # fmt: skip
def test_what_is_built_to_hurt_is_read_all_the_same(raw: bytes) -> None:
    began = time.monotonic()
    read_mail(raw)
    assert time.monotonic() - began < 20, "it would hold up everybody's mail"


@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    assert not CONTROLS.search(texts(read_mail(raw)))
    assert not CONTROLS.search(texts(read_mail(HEAD + b"Content-Type: " + raw)))


@given(st.text(max_size=400))
def test_any_html_has_a_text(html: str) -> None:
    text_of(html)
    text_of(f"<ul><li><blockquote>{html}<table><td>{html}")


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400),
    st.binary(min_size=1, max_size=400),
)
def test_what_we_write_we_read(name: str, subject: str, text: str, content: bytes) -> None:
    from easir_tui.text import accept

    raw = compose(
        sender=NamedAddress("anna@example.dk", name), to=[NamedAddress("bo@example.dk", name)],
        subject=subject, text=text, message_id="<a@example.dk>", date=datetime(2026, 11, 25, 13, 0, tzinfo=UTC),
        attachments=[Attachment("Rødgrød.bin", "application/octet-stream", content)],
    )  # fmt: skip
    mail = read_mail(raw)
    assert (mail.head.message_id, mail.head.sent_at) == ("<a@example.dk>", 1795611600)
    assert mail.head.subject == " ".join(accept(subject, newlines=False).split())
    assert [(one.name, one.content) for one in mail.attachments] == [("Rødgrød.bin", content)]
    assert mail.head.sender is not None
    assert mail.head.sender.address == "anna@example.dk"


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Ja tak\n\nDen 25. nov. 2026 kl. 14 skrev Anna <a@x.dk>:\n> Hej\n> Bo\n", "Ja tak\n\n"),
        ("Yes\n\nOn Wed, 25 Nov 2026, Anna Holm\nwrote:\n\n> Hi\n", "Yes\n\n"),
        ("Ja\n\nFra: Anna <a@x.dk>\nSendt: 25. november 2026 14:00\nTil: Bo\nEmne: Tilbud\n\nHej", "Ja\n\n"),
        ("Ja\n\n-----Oprindelig meddelelse-----\nFra: Anna\nSendt: i dag\n\nHej", "Ja\n\n"),
        ("Ja\n> spørgsmål\nsvar\n> et til\nsvar", None),
        ("Fra: os\nTil jul holder vi lukket", None),
        ("Se her\n\n-------- Forwarded message --------\nFrom: a\nDate: b\n\ntekst", None),
        ("Ingen citat", None),
    ],
)  # fmt: skip
def test_where_the_old_words_begin(text: str, new: str | None) -> None:
    at = quoted_from(text)
    assert (text[:at] if at is not None else None) == new


def test_easir_mail_show_needs_no_database(tmp_path: Path) -> None:
    raw = compose(
        sender=NamedAddress("anna@example.dk", "Anna Ærø"), to=[NamedAddress("bo@example.dk")],
        subject="Tilbud \x1b]0;x\x07", text="Kære Bo\x1b[2J",
        message_id="<a@example.dk>", date=datetime(2026, 11, 25, 13, 0, tzinfo=UTC),
        attachments=[Attachment("Tilbud.pdf", "application/pdf", b"%PDF-1.7")],
    )  # fmt: skip
    (tmp_path / "out").mkdir()
    (tmp_path / "a.eml").write_bytes(raw.replace(b"Bo", b"B\x1b[31mo"))
    shown = easir("mail", "show", str(tmp_path / "a.eml"), "--attachments", str(tmp_path / "out"))
    assert shown.returncode == 0, shown.stderr
    assert "Anna Ærø <anna@example.dk>" in shown.stdout.decode()
    assert b"\x1b" not in shown.stdout + shown.stderr
    assert (tmp_path / "out" / "Tilbud.pdf").read_bytes() == b"%PDF-1.7"
    assert not list(tmp_path.rglob("*.db"))
    assert easir("mail", "show", "-", "--json", given=raw).stdout.startswith(b"{")
    assert easir("mail", "show", str(tmp_path / "none.eml")).returncode == 1
