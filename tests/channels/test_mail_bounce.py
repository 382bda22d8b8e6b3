"""Reports of mail that came back, as real servers write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui.channels.mail_bounce import Bounce, may_be_one, read_bounce

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "mail"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the files of third parties are not here")
@pytest.mark.parametrize(
    ("name", "message_id", "recipients", "words"),
    [
        ("flanker--bounce-mailbox-full.eml", "<4E326A95.3010907@example.com>", 1, "552 5.2.2 E4.12 user MAILBOX FULL"),
        ("flanker--bounce-zed.eml", "<20090708054735.GC7578@example.com>", 1, "550-5.1.1 The email account"),
        (
            "flanker--bounce-office365.eml", "<20171013111011.20866.254C2F3A4D7AA526@ninomail.com>", 1,
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound",
        ),
        ("mail--multi_address_bounce1.eml", "", 5, "550-5.1.1 The email account"),
        ("mail--report_530.eml", "<200712232303.lBNN3jDq002941@mail12.rrrr.com.au>", 1, "553 5.3.0"),
    ],
)  # fmt: skip
def test_reports_of_real_servers(name: str, message_id: str, recipients: int, words: str) -> None:
    found = read_bounce((CORPUS / name).read_bytes())
    assert found is not None
    assert message_id in found.message_ids or not message_id
    assert len(found.recipients) == recipients
    assert found.words.startswith(words)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the files of third parties are not here")
def test_what_only_takes_longer_or_is_no_report() -> None:
    assert read_bounce((CORPUS / "mail--report_422.eml").read_bytes()) is None
    assert read_bounce((CORPUS / "mail--basic_email.eml").read_bytes()) is None


def test_one_of_our_own() -> None:
    raw = (
        b"From: MAILER-DAEMON\r\nMessage-ID: <report@x>\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        b"Final-Recipient: rfc822; ole@x.dk\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 No such\r\n  user\r\n\r\n--b\r\n"
        b"Content-Type: message/rfc822\r\n\r\nMessage-ID: <ours@x>\r\nSubject: x\r\n\r\n--b--\r\n"
    )
    assert read_bounce(raw) == Bounce(("<ours@x>",), ("ole@x.dk",), "550 No such user")
    assert may_be_one("MAILER-DAEMON@x.dk")
    assert not may_be_one("ole@x.dk")


@given(st.binary(max_size=1_000))
def test_any_bytes(raw: bytes) -> None:
    read_bounce(b"Content-Type: message/delivery-status\r\n\r\n" + raw)
