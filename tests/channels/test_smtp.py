"""Sending mail to a real server that also fails: what became of a message is known exactly as far as it can be."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from easir_tui.channels.mail_account import MailAccount, MailServer
from easir_tui.channels.mail_address import NamedAddress, new_message_id
from easir_tui.channels.mail_compose import Attachment, compose
from easir_tui.channels.mail_trouble import Fate
from easir_tui.channels.smtp import Outcome, Sender, deliver
from easir_tui.channels.smtp_connection import Timeouts
from easir_tui.errors import Invalid
from tests.channels.conftest import printing
from tests.servers.certificates import Authority, Certificate
from tests.servers.processes import free_port
from tests.servers.smtp_server import PASSWORD, TOKEN, Mood, SmtpServer, smtp_server

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

ANNA, BO, IDA = "anna@nordlys.dk", "bo@kunde.dk", "ida@kunde.dk"


def message(text: str = "Hej Bo", size: int = 0) -> bytes:
    """A message, with a file of `size` bytes if that is more than none."""
    return compose(
        sender=NamedAddress(ANNA, "Anna Holm"),
        to=[NamedAddress(BO, "Bo Ærø")],
        subject="Tilbud",
        text=text,
        message_id=new_message_id(ANNA),
        date=datetime(2026, 11, 25, 14, 0, tzinfo=UTC),
        attachments=[Attachment("stor.bin", "application/octet-stream", bytes(size))] if size else [],
    )


def send(account: MailAccount, server: SmtpServer, raw: bytes = b"", to: tuple[str, ...] = (BO,)) -> Outcome:
    """Deliver to a server, with little patience."""
    quick = Timeouts(connect=5, command=5, block=5, verdict=2)
    with Sender(replace(account, smtp=server.address), quick) as sender:
        return sender.send(raw or message(), ANNA, to)


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("only", ["PLAIN", "LOGIN"])
def test_a_message_arrives_as_it_was(account: MailAccount, certificate: Certificate, security: str, only: str) -> None:
    """Encrypted both ways, certificate checked, logged in with a password with Danish letters."""
    raw = message("Kære Bo\n\n.\n..punktum\nFrom her\n" + "æ" * 3000)
    with smtp_server(certificate, security, only=only) as server:
        outcome = send(account, server, raw, (BO, IDA, BO))
    assert (outcome.fate, outcome.code, outcome.refused) == (Fate.ACCEPTED, 250, ())
    assert outcome.words == "2.0.0 Queued as 4711"
    assert outcome.sentence == "localhost has taken the message."
    (taken,) = server.taken
    assert (taken.sender, taken.recipients, taken.content) == (ANNA, [BO, IDA], raw)


def test_a_token(account: MailAccount, certificate: Certificate, tmp_path: Path) -> None:
    with smtp_server(certificate) as server:
        right = send(replace(account, token_command=printing(tmp_path, TOKEN)), server)
        wrong = send(replace(account, token_command=printing(tmp_path, "gammelt")), server)
    assert (right.fate, wrong.fate) == (Fate.ACCEPTED, Fate.PASSWORD)
    assert "gammelt" not in repr(wrong)


def test_several_messages_over_one_connection(account: MailAccount, certificate: Certificate) -> None:
    """A refused one does not spoil the next, and a connection that died between two is made anew."""
    with (
        smtp_server(certificate) as server,
        Sender(replace(account, smtp=server.address), Timeouts(5, 5, 5, 2)) as sender,
    ):
        assert sender.send(message("1"), ANNA, [BO]).fate is Fate.ACCEPTED
        server.mood = Mood(verdict="554 5.7.1 Spam")
        assert sender.send(message("2"), ANNA, [BO]).fate is Fate.REFUSED
        server.mood = Mood(recipients={BO: "550 No such user"})
        assert sender.send(message("3"), ANNA, [BO]).fate is Fate.REFUSED
        server.mood = Mood()
        assert sender.send(message("4"), ANNA, [BO]).fate is Fate.ACCEPTED
        assert server.connections == 1
        server.mood = Mood(drop="dot")
        assert sender.send(message("5"), ANNA, [BO]).fate is Fate.UNCERTAIN
        server.mood = Mood()
        assert sender.send(message("6"), ANNA, [BO]).fate is Fate.ACCEPTED
        assert server.connections == 2
        sender._client.sock.shutdown(2)
        assert sender.send(message("7"), ANNA, [BO]).fate is Fate.ACCEPTED
        assert server.connections == 3
    assert len(server.taken) == 4


@pytest.mark.parametrize(
    ("mood", "fate", "code", "words"),
    [
        (Mood(mail="451 4.7.1 Greylisted, try again"), Fate.LATER, 451, "4.7.1 Greylisted, try again"),
        (Mood(mail="550 5.7.1 Sender blocked"), Fate.REFUSED, 550, "5.7.1 Sender blocked"),
        (Mood(mail="530 5.7.0 Authentication required"), Fate.PASSWORD, 530, "5.7.0 Authentication required"),
        (Mood(mail="421 4.3.2 Shutting down"), Fate.LATER, 421, "4.3.2 Shutting down"),
        (Mood(data="452 4.3.1 Disk full"), Fate.LATER, 452, "4.3.1 Disk full"),
        (Mood(data="554 5.5.1 No"), Fate.REFUSED, 554, "5.5.1 No"),
        (Mood(verdict="451 4.3.0 Try later"), Fate.LATER, 451, "4.3.0 Try later"),
        (Mood(verdict="554 5.7.1 \x1b]0;spam\x07"), Fate.REFUSED, 554, "5.7.1 ␛]0;spam␇"),
        (Mood(login="535 5.7.8 Bad credentials"), Fate.PASSWORD, 535, "5.7.8 Bad credentials"),
        (Mood(login="454 4.7.0 Temporary failure"), Fate.LATER, 454, "4.7.0 Temporary failure"),
        (Mood(login=f"535 5.7.8 {PASSWORD} is wrong"), Fate.PASSWORD, 535, "5.7.8 … is wrong"),
    ],
    ids=repr,
)  # fmt: skip
def test_refusals(
    account: MailAccount, certificate: Certificate, mood: Mood, fate: Fate, code: int, words: str
) -> None:
    """4xx is later, 5xx is for good, and the server's words come along as text a terminal may be given (faults 91)."""
    with smtp_server(certificate) as server:
        server.mood = mood
        outcome = send(account, server)
    assert (outcome.fate, outcome.code, outcome.words) == (fate, code, words)
    assert words in outcome.sentence
    assert not server.taken


def test_some_recipients_are_refused(account: MailAccount, certificate: Certificate) -> None:
    with smtp_server(certificate) as server:
        server.mood.recipients = {IDA: "550 5.1.1 No such user", "eva@kunde.dk": "450 4.2.2 Mailbox full"}
        outcome = send(account, server, to=(BO, IDA, "eva@kunde.dk"))
    assert outcome.fate is Fate.ACCEPTED
    assert [(one.address, one.code, one.words, one.later) for one in outcome.refused] == [
        (IDA, 550, "5.1.1 No such user", False),
        ("eva@kunde.dk", 450, "4.2.2 Mailbox full", True),
    ]
    assert server.taken[0].recipients == [BO]
    assert "not for 2 recipients: ida@kunde.dk (5.1.1 No such user), eva@kunde.dk" in outcome.sentence


def test_all_recipients_are_refused(account: MailAccount, certificate: Certificate) -> None:
    """For good if all are for good; later if one may be later."""
    with smtp_server(certificate) as server:
        server.mood.recipients = {BO: "550 5.1.1 No such user"}
        assert send(account, server).fate is Fate.REFUSED
        server.mood.recipients[IDA] = "451 Greylisted"
        outcome = send(account, server, to=(BO, IDA))
    assert (outcome.fate, len(outcome.refused), outcome.code) == (Fate.LATER, 2, 451)


@pytest.mark.parametrize(
    ("mood", "fate"),
    [
        (Mood(drop="mail"), Fate.LATER),
        (Mood(drop="rcpt"), Fate.LATER),
        (Mood(drop="middle"), Fate.LATER),
        (Mood(drop="dot"), Fate.UNCERTAIN),
        (Mood(silent=True), Fate.UNCERTAIN),
        (Mood(garbled=True), Fate.UNCERTAIN),
    ],
    ids=repr,
)
def test_lost_connections(account: MailAccount, certificate: Certificate, mood: Mood, fate: Fate) -> None:
    """Before the final dot: later. After it and before the answer: nobody can know (faults 97)."""
    with smtp_server(certificate) as server:
        server.mood = mood
        outcome = send(account, server, message(size=20_000_000) if mood.drop == "middle" else b"")
    assert outcome.fate is fate
    assert outcome.hint
    assert not server.taken
    assert bool(server.seen) == (mood.drop == "dot")


def test_refused_in_the_middle_of_the_message(account: MailAccount, certificate: Certificate) -> None:
    """What the server said before it stopped listening is what counts."""
    with smtp_server(certificate, "none", login=False) as server:
        server.mood.full = "552 5.3.4 Enough"
        outcome = send(replace(account, password_command=""), server, message(size=20_000_000))
    assert outcome.fate in (Fate.REFUSED, Fate.LATER)
    if outcome.fate is Fate.REFUSED:
        assert outcome.words == "5.3.4 Enough"


def test_no_server(account: MailAccount, certificate: Certificate) -> None:
    nobody = deliver(replace(account, smtp=MailServer("localhost", free_port(), "tls")), message(), ANNA, [BO])
    assert (nobody.fate, nobody.sentence[:25]) == (Fate.LATER, "Nothing answers at localh")
    unknown = deliver(replace(account, smtp=MailServer("mail.invalid", 465, "tls")), message(), ANNA, [BO])
    assert (unknown.fate, unknown.sentence) == (Fate.LATER, "The mail server mail.invalid was not found.")
    none = deliver(replace(account, smtp=None), message(), ANNA, [BO])
    assert none.fate is Fate.NO_SERVER


def test_a_server_that_says_nothing(account: MailAccount) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        for security in ("tls", "starttls"):
            there = MailServer("127.0.0.1", deaf.getsockname()[1], security)
            start = time.monotonic()
            with Sender(replace(account, smtp=there), Timeouts(connect=0.5, command=0.5)) as sender:
                outcome = sender.send(message(), ANNA, [BO])
            assert (outcome.fate, "in time" in outcome.sentence) == (Fate.LATER, True)
            assert time.monotonic() - start < 3


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_certificates(
    account: MailAccount, authority: Authority, certificate: Certificate, tmp_path: Path, security: str
) -> None:
    """Nothing is said to a server that cannot prove who it is."""
    with smtp_server(authority.certify("localhost", expired=True), security) as server:
        expired = send(account, server)
    with smtp_server(authority.certify("mail.nordlys.dk"), security) as server:
        other = send(account, server)
    with smtp_server(certificate, security) as server:
        stranger = send(replace(account, ca_file=str(Authority(tmp_path / "other").file)), server)
        system = send(replace(account, ca_file=""), server)
        missing = send(replace(account, ca_file=str(tmp_path / "none.pem")), server)
    fates = [one.fate for one in (expired, other, stranger, system, missing)]
    assert fates == [Fate.EXPIRED, Fate.WRONG_NAME, Fate.UNTRUSTED, Fate.UNTRUSTED, Fate.UNTRUSTED]
    assert expired.sentence == "The certificate of localhost is out of date."
    assert expired.words == "certificate has expired"
    assert "another server" in other.sentence
    assert "nobody who is trusted" in stranger.sentence
    assert "none.pem" in missing.sentence
    assert not server.taken


def test_no_encryption_is_no_sending(account: MailAccount, certificate: Certificate) -> None:
    """A server that does not offer STARTTLS, or speaks no TLS at all, is told neither password nor message."""
    with smtp_server(certificate, "starttls", offers_tls=False, login=False) as server:
        assert send(account, server).fate is Fate.UNPROTECTED
        server.address = replace(server.address, security="tls")
        outcome = send(account, server)
    assert outcome.fate is Fate.UNPROTECTED
    assert not server.taken


def test_without_a_login_on_this_machine(account: MailAccount, certificate: Certificate) -> None:
    with smtp_server(certificate, "none", login=False) as server:
        assert send(replace(account, password_command=""), server).fate is Fate.ACCEPTED
        no_way = send(account, server)
    assert (no_way.fate, "no way to log in" in no_way.sentence) == (Fate.PASSWORD, True)


def test_no_password_to_be_had(account: MailAccount, certificate: Certificate) -> None:
    with smtp_server(certificate) as server:
        outcome = send(replace(account, password_command="false"), server)
    assert (outcome.fate, "failed (1)" in outcome.sentence) == (Fate.SECRET, True)


def test_letters_before_the_at(account: MailAccount, certificate: Certificate) -> None:
    """SMTPUTF8 where the server knows it; a plain refusal where it does not; the domain alone needs neither."""
    who = "jørgen@blåbær.dk"
    raw = message().replace(b"<bo@kunde.dk>", "<jørgen@xn--blbr-roah.dk>".encode())
    with smtp_server(certificate) as server:
        assert send(account, server, raw, (who,)).fate is Fate.ACCEPTED
        assert server.taken[0].recipients == ["jørgen@xn--blbr-roah.dk"]
        assert "SMTPUTF8" in server.taken[0].options
        assert server.taken[0].content == raw
        assert send(account, server, to=("bo@blåbær.dk",)).fate is Fate.ACCEPTED
        assert "SMTPUTF8" not in server.taken[1].options
    with smtp_server(certificate, letters=False) as server:
        outcome = send(account, server, raw, (who,))
        assert send(account, server, to=("bo@blåbær.dk",)).fate is Fate.ACCEPTED
    assert (outcome.fate, "jørgen@" in outcome.sentence) == (Fate.REFUSED, True)


def test_thirty_megabytes(account: MailAccount, certificate: Certificate) -> None:
    raw = message(size=30_000_000)
    with smtp_server(certificate, limit=60_000_000) as server:
        outcome = send(account, server, raw)
    assert outcome.fate is Fate.ACCEPTED
    assert server.taken[0].content == raw


def test_too_large_is_not_begun(account: MailAccount, certificate: Certificate) -> None:
    with smtp_server(certificate, limit=100_000) as server:
        outcome = send(account, server, message(size=200_000))
    assert outcome.fate is Fate.REFUSED
    assert "no more than 100 kB" in outcome.sentence


@pytest.mark.parametrize(
    "odd", ["bo@kunde.dk>\r\nRCPT TO:<eve@x.dk", "bo@kunde.dk\nDATA", "bo@kun de.dk", "bo", "", "@"]
)
def test_an_address_is_never_a_command(account: MailAccount, certificate: Certificate, odd: str) -> None:
    with smtp_server(certificate) as server:
        for envelope in ((ANNA, [odd]), (odd, [BO])):
            with pytest.raises(Invalid):
                deliver(replace(account, smtp=server.address), message(), *envelope)
    assert server.connections == 0


def test_no_message_is_smuggled_in_another(account: MailAccount, certificate: Certificate) -> None:
    """A dot between lone line ends stays text, and the bytes arrive with CRLF only."""
    raw = b"Subject: x\r\n\r\na\n.\nMAIL FROM:<eve@x.dk>\r.\rb\r\n.\r\nc\n"
    with smtp_server(certificate) as server:
        assert send(account, server, raw).fate is Fate.ACCEPTED
    assert len(server.taken) == 1
    assert server.taken[0].content == raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


def test_the_password_appears_nowhere(
    account: MailAccount, certificate: Certificate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in what is logged, not in outcomes, not in what represents an account."""
    caplog.set_level(0)
    with smtp_server(certificate) as server:
        for word in (PASSWORD, "forkert kodeord"):
            outcome = send(replace(account, password_command=printing(tmp_path, word)), server)
            assert word not in repr(outcome)
    client_logs = [one.getMessage() for one in caplog.records if not one.name.startswith("mail.")]
    assert not [line for line in client_logs if PASSWORD in line or "forkert" in line]
    assert "cat" not in repr(account)
