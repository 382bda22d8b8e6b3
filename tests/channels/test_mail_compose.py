"""A message as it goes out: Danish on the wire, threads, files whole, and nothing typed is ever a header."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import compat32, default
from email.utils import getaddresses
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from easir_tui.channels.mail_address import NamedAddress, new_message_id, stored_id, wire_address
from easir_tui.channels.mail_compose import Attachment, Invitation, as_html, compose
from easir_tui.errors import Invalid
from easir_tui.text import accept

ANNA = NamedAddress("anna@nordlys.dk", "Anna Holm")
WHEN = datetime(2026, 11, 25, 14, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))

NAMES = [
    "Søren Kjær Østergaard-Ærøskøbing Ångström von Blåbærgrød til Rødgrød med Fløde og Æblegrød",
    "Nordlys VVS, El & Smed ApS (Aarhus), afdeling for meget lange navne, Jylland, Danmark, Europa, Verden",
    "Müller; GmbH & Co. (KG) Ægte, Ålborg – afdelingen for lange navne i Nordjylland og omegn, Danmark",
    "Hansen, Jørgen", 'Bo "Bossen" Å', "Acme [DK] ApS", "Bo \\ Ø", "=?utf-8?q?x?=", "😀 Bo 👩‍👩‍👧 Ø", "a@b.dk",
    "Bo <evil@x.dk>", "Ø, <evil@x.dk>", "A" * 300, "Æ" * 300, "H.C. Andersen", "Bo.", "x" * 70 + ", <evil@x.dk>",
]  # fmt: skip


def make(**values: Any) -> bytes:
    given = {
        "sender": ANNA, "to": [NamedAddress("bo@kunde.dk", "Bo Ærø")], "subject": "Tilbud på Škoda", "text": "Hej Bo",
        "message_id": "<1@nordlys.dk>", "date": WHEN,
    }  # fmt: skip
    return compose(**(given | values))


def parsed(raw: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=default).parsebytes(raw)


def names_and_addresses(raw: bytes, title: str) -> list[tuple[str, str]]:
    """As RFC 2047 has it; the library's newer reader puts blanks between the words of one name."""
    value = BytesParser(policy=compat32).parsebytes(raw)[title]
    unfolded = str(value).replace("\r\n", "").replace("\n", "")
    return [(str(make_header(decode_header(name))), address) for name, address in getaddresses([unfolded])]


def lines_of(raw: bytes) -> list[bytes]:
    """The header lines; every line of a message is at most 78 bytes, in CRLF, and 7-bit."""
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    return raw.partition(b"\r\n\r\n")[0].split(b"\r\n")


def test_a_whole_message() -> None:
    raw = make(cc=[NamedAddress("ida@kunde.dk")], reply_to=NamedAddress("salg@nordlys.dk", "Salg"))
    lines = lines_of(raw)
    assert lines[:3] == [
        b"From: Anna Holm <anna@nordlys.dk>",
        b"To: =?utf-8?b?Qm8gw4Zyw7g=?= <bo@kunde.dk>",
        b"Cc: ida@kunde.dk",
    ]
    assert b"Date: Wed, 25 Nov 2026 14:00:00 +0100" in lines
    message = parsed(raw)
    assert message["Subject"] == "Tilbud på Škoda"
    assert message["Message-ID"] == "<1@nordlys.dk>"
    assert message["Reply-To"] == "Salg <salg@nordlys.dk>"
    assert message.get_content_type() == "multipart/alternative"
    assert message.get_body(("plain",)).get_content() == "Hej Bo\r\n"
    assert "<p>Hej Bo</p>" in message.get_body(("html",)).get_content()
    assert not message.defects
    assert "Bcc" not in message


@pytest.mark.parametrize("name", NAMES)
def test_names_and_subjects(name: str) -> None:
    """Three people of one long name stay three people of that name; none becomes an address (RFC 2047)."""
    people = [NamedAddress(f"x{number}@blåbær.dk", name) for number in range(3)]
    raw = make(to=people, cc=people[:1], subject=name * 3, sender=NamedAddress("anna@nordlys.dk", name))
    lines_of(raw)
    assert names_and_addresses(raw, "To") == [(name, f"x{number}@xn--blbr-roah.dk") for number in range(3)]
    assert [one.addr_spec for one in parsed(raw)["To"].addresses] == [f"x{n}@xn--blbr-roah.dk" for n in range(3)]
    assert names_and_addresses(raw, "From") == [(name, "anna@nordlys.dk")]
    assert parsed(raw)["Subject"] == name * 3


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_name_and_any_subject(name: str, subject: str) -> None:
    raw = make(to=[NamedAddress("bo@kunde.dk", name)], subject=subject)
    lines_of(raw)
    shown = accept(name, newlines=False)
    ((got, address),) = names_and_addresses(raw, "To")
    assert address == "bo@kunde.dk"
    assert got.split() == shown.split()
    titles = [line.partition(b":")[0] for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if line[:1] != b" "]
    assert titles == [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"MIME-Version", b"Content-Type"]


INJECTED = ["\r\nBcc: eve@x.dk", "\nBcc: eve@x.dk", "\rBcc: eve@x.dk", "\x0bBcc: eve@x.dk", "\u2028Bcc: eve@x.dk",
            "\x85Bcc: eve@x.dk", "\r\n\r\n<script>", "\0Bcc: eve@x.dk"]  # fmt: skip


@pytest.mark.parametrize("evil", INJECTED, ids=repr)
def test_nothing_typed_is_a_header(evil: str) -> None:
    """A line end in a name, subject or file name is a blank; in an address, an id or a method it is refused."""
    file = Attachment(f"tilbud{evil}.pdf", f"application/pdf{evil}", b"x")
    raw = make(
        subject=f"Hej{evil}",
        sender=NamedAddress("anna@nordlys.dk", f"Anna{evil}"),
        to=[NamedAddress("bo@kunde.dk", f"Bo{evil}")],
        reply_to=NamedAddress("anna@nordlys.dk", evil),
        attachments=[file],
    )
    message = parsed(raw)
    assert "Bcc" not in message
    assert not [line for line in raw.split(b"\r\n") if line.lower().startswith((b"bcc", b"<script"))]
    (part,) = message.iter_attachments()
    assert part.get_content_type() == "application/octet-stream"
    assert set(part.keys()) == {"Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version"}
    for values in (
        {"sender": NamedAddress(f"anna@nordlys.dk{evil}")},
        {"to": [NamedAddress(f"bo{evil}@kunde.dk")]},
        {"cc": [NamedAddress(f"{evil}bo@kunde.dk")]},
        {"reply_to": NamedAddress(f"bo@kunde.dk{evil}")},
        {"message_id": f"<1@nordlys.dk>{evil}"},
        {"message_id": f"<1{evil}@nordlys.dk>"},
        {"in_reply_to": f"<1@nordlys.dk{evil}>"},
        {"references": [f"<1@nordlys.dk>{evil}"]},
        {"invitation": Invitation(b"x", f"REQUEST{evil}")},
    ):
        with pytest.raises(Invalid):
            make(**values)


@pytest.mark.parametrize(
    "address",
    ["", "bo", "@", "bo@", "@x.dk", "bo@x..dk", "bo@-x.dk", "b o@x.dk", "bo@x.dk,eve@x.dk", "<bo@x.dk>", "bo@x.dk>",
     '"bo"@x.dk', "bo@x.dk (hej)", "bo;eve@x.dk", "a" * 65 + "@x.dk", "bo@" + "x" * 64 + ".dk", "bo@æ\u202e.dk"],
)  # fmt: skip
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(Invalid):
        wire_address(address)


def test_addresses() -> None:
    """The domain in ASCII, letters before the @ as they are."""
    assert wire_address(" bo@Kunde.DK ") == "bo@Kunde.DK"
    assert wire_address("jørgen@blåbær.dk") == "jørgen@xn--blbr-roah.dk"
    assert wire_address("o'brien+x=y@[127.0.0.1]") == "o'brien+x=y@[127.0.0.1]"
    raw = make(to=[NamedAddress("jørgen@blåbær.dk", "Jørgen")])
    assert "To: =?utf-8?b?SsO4cmdlbg==?= <jørgen@xn--blbr-roah.dk>\r\n".encode() in raw


def test_threads() -> None:
    """What is answered stands last; each id once, in one form; of a long thread the first and the last (faults 49)."""
    message = parsed(make(in_reply_to=" <3@x.dk> ", references=["1@x.dk", "<3@x.dk>", "<2@x.dk>", "<1@x.dk>"]))
    assert message["In-Reply-To"] == "<3@x.dk>"
    assert message["References"] == "<1@x.dk> <2@x.dk> <3@x.dk>"
    assert parsed(make(in_reply_to="9@x.dk"))["References"] == "<9@x.dk>"
    long = [f"<{number:040d}@et.langt.navn.dk>" for number in range(60)]
    raw = make(references=long, in_reply_to=long[-1])
    lines_of(raw)
    assert parsed(raw)["References"].split() == [long[0], *long[-19:]]


@pytest.mark.parametrize("given", ["<id@x.dk>", "id@x.dk", " <id@x.dk>\t", "<\r\n id@x.dk>", "\r\n <id@x.dk>"])
def test_the_one_form_of_an_id(given: str) -> None:
    assert stored_id(given) == "<id@x.dk>"


def test_new_ids() -> None:
    """No two alike, in the sender's domain, and without a word about this machine."""
    ids = {new_message_id("anna@blåbær.dk") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"<[0-9a-f]{32}@xn--blbr-roah\.dk>", one) for one in ids)


def test_files_arrive_whole() -> None:
    """Names with letters of their own (RFC 2231), bytes as they were, and none is a path."""
    everything = bytes(range(256)) * 50
    files = [
        Attachment("Rødgrød på Æblegård – tilbud nr. 1 (endeligt), et langt navn.pdf", "application/pdf", everything),
        Attachment("a;b\"c'd.csv", "text/csv", b"\xe6;\r\n.\r\nFrom x\n"),
        Attachment("../../etc/passwd", "text/plain", b""),
        Attachment("C:\\Mine\\bil.jpg", "image/jpeg", everything),
        Attachment("", "", b"x"),
        Attachment("brev.eml", "message/rfc822", b"Subject: x\r\n\r\nx"),
        Attachment("Ø" * 300 + ".xlsx", "application/vnd.ms-excel", b"x"),
    ]  # fmt: skip
    raw = make(attachments=files)
    lines_of(raw)
    message = parsed(raw)
    assert message.get_content_type() == "multipart/mixed"
    parts = list(message.iter_attachments())
    assert [part.get_payload(decode=True) for part in parts] == [file.content for file in files]
    assert [part.get_filename() for part in parts] == [
        files[0].name, files[1].name, "passwd", "bil.jpg", "file-5", "brev.eml", "Ø" * 108 + ".xlsx",
    ]  # fmt: skip
    assert [part.get_content_type() for part in parts][3:] == [
        "image/jpeg", "application/octet-stream", "application/octet-stream", "application/vnd.ms-excel",
    ]  # fmt: skip


def test_an_invitation() -> None:
    """Beside the texts, with its method, its bytes as they were (RFC 6047)."""
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Prøvetur\r\nEND:VCALENDAR\r\n".encode()
    message = parsed(make(invitation=Invitation(calendar, "request"), attachments=[Attachment("a", "x/y", b"1")]))
    alternative = next(message.iter_parts())
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    part = list(alternative.iter_parts())[2]
    assert part["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert part.get_payload(decode=True) == calendar


def test_text_is_text() -> None:
    """Danish, long lines, dots and what looks like markup come out as they went in."""
    text = "Kære Bo\n\n.\n..\nFrom her\n" + "æ" * 2000 + "\n<b>ikke fed</b> & [red]x[/]\n  indrykket\n-- \nAnna\n\n"
    raw = make(text=text)
    lines_of(raw)
    assert parsed(raw).get_body(("plain",)).get_content().replace("\r\n", "\n") == text.strip() + "\n"


def test_html() -> None:
    page = as_html('Hej <b> & "x"\nLinje 2\n\nSe https://x.dk/a?b=1&c=<d>. Skriv til bo@kunde.dk, www.x.dk!\n  ind\n')
    assert "<p>Hej &lt;b&gt; &amp; &quot;x&quot;<br>\nLinje 2</p>" in page
    assert '<a href="https://x.dk/a?b=1&amp;c=">https://x.dk/a?b=1&amp;c=</a>&lt;d&gt;.' in page
    assert '<a href="mailto:bo@kunde.dk">bo@kunde.dk</a>, <a href="https://www.x.dk">www.x.dk</a>!' in page
    assert "&nbsp;&nbsp;ind" in page
    assert "<script" not in as_html('<script>alert(1)</script> javascript:alert(1) https://x.dk/"onclick="x')
    assert 'onclick="' not in as_html('https://x.dk/"onclick="x')


def test_a_date_knows_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        make(date=datetime(2026, 11, 25))
    assert parsed(make(date=datetime(2026, 11, 25, tzinfo=UTC)))["Date"] == "Wed, 25 Nov 2026 00:00:00 +0000"
