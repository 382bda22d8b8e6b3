"""What goes wrong with a mailbox, told apart, on real servers and on one that lies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from easir_tui.channels.imap import Bookmark, Filed, Mailbox
from easir_tui.channels.mail_account import MailAccount, MailServer
from easir_tui.channels.mail_trouble import Fate, MailTrouble
from tests.channels.conftest import printing
from tests.channels.mailboxes import new_folder
from tests.servers.certificates import Authority, Certificate
from tests.servers.imap_script import obliging, scripted_imap
from tests.servers.processes import free_port
from tests.servers.smtp_server import PASSWORD


def trouble(account: MailAccount, server: MailServer | None, folder: str = "INBOX") -> MailTrouble:
    with pytest.raises(MailTrouble) as caught, Mailbox(replace(account, imap=server), 3, 3) as box:
        list(box.changes(folder))
    assert caught.value.sentence
    return caught.value


def test_a_wrong_password(mailbox_account: MailAccount, tmp_path: Path) -> None:
    found = trouble(replace(mailbox_account, password_command=printing(tmp_path, "forkert øl")), mailbox_account.imap)
    assert found.fate is Fate.PASSWORD
    assert "does not accept the login of anna" in found.sentence
    assert "forkert" not in repr(found) + found.words
    assert found.words


def test_tokens(dovecot_account: MailAccount, tmp_path: Path) -> None:
    right = replace(dovecot_account, token_command=printing(tmp_path, "tok-anna"))
    with Mailbox(right) as box:
        assert box.folders()
    assert trouble(replace(right, token_command=printing(tmp_path, "gammel")), right.imap).fate is Fate.PASSWORD


def test_no_password_to_be_had(account: MailAccount) -> None:
    with scripted_imap() as server:
        assert trouble(replace(account, password_command="false"), server).fate is Fate.SECRET
        assert trouble(replace(account, password_command=""), server).fate is Fate.SECRET
    assert trouble(account, None).fate is Fate.NO_SERVER


def test_certificates(account: MailAccount, authority: Authority, certificate: Certificate, tmp_path: Path) -> None:
    stranger = replace(account, ca_file=str(Authority(tmp_path / "other").file))
    fates = []
    for shown, who in (
        (authority.certify("localhost", expired=True), account),
        (authority.certify("mail.nordlys.dk"), account),
        (certificate, stranger),
    ):
        with scripted_imap(certificate=shown, security="tls") as server:
            fates.append(trouble(who, server).fate)
    assert fates == [Fate.EXPIRED, Fate.WRONG_NAME, Fate.UNTRUSTED]


def test_no_encryption_is_no_login(account: MailAccount) -> None:
    """A server without STARTTLS, one without TLS, and one that lets everybody in before it is encrypted."""
    said: list[str] = []

    def listening(tag: str, command: str) -> bytes | None:
        said.append(command)
        return obliging(tag, command)

    with scripted_imap(listening) as server:
        assert trouble(account, replace(server, security="starttls")).fate is Fate.UNPROTECTED
        assert trouble(account, replace(server, security="tls")).fate is Fate.UNPROTECTED
    with scripted_imap(listening, greeting=b"* PREAUTH [CAPABILITY IMAP4rev1] come in\r\n") as server:
        assert trouble(account, replace(server, security="starttls")).fate is Fate.UNPROTECTED
    assert not [command for command in said if command.upper().startswith(("AUTH", "LOGIN"))]


def test_no_server(account: MailAccount) -> None:
    assert trouble(account, MailServer("localhost", free_port())).fate is Fate.LATER
    assert trouble(account, MailServer("mail.invalid", 993)).fate is Fate.LATER


def misbehaving(command: str, said: bytes | None) -> object:
    """Obliging but for one command; `TAG` in what is said becomes its tag."""

    def answer(tag: str, asked: str) -> bytes | None:
        if asked.upper().startswith(command):
            return said.replace(b"TAG", tag.encode()) if said is not None else None
        return obliging(tag, asked)

    return answer


@pytest.mark.parametrize(
    ("command", "said", "fate", "words"),
    [
        ("EXAMINE", None, Fate.LATER, ""),
        ("UID FETCH", None, Fate.LATER, ""),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[HEADER] {500}\r\nFrom: x\r\n", Fate.LATER, ""),
        ("EXAMINE", b"TAG NO [NONEXISTENT] Un\x1b[2Jknown\r\n", Fate.REFUSED, "[NONEXISTENT] Un␛[2Jknown"),
        ("EXAMINE", b"TAG BAD What?\r\n", Fate.REFUSED, "What?"),
        ("EXAMINE", b"TAG NO [UNAVAILABLE] Backend is down\r\n", Fate.LATER, "[UNAVAILABLE] Backend is down"),
        ("EXAMINE", b"* BYE Shutting down\r\n", Fate.LATER, ""),
        ("EXAMINE", b"TAG OK but no numbers\r\n", Fate.REFUSED, ""),
        ("UID SEARCH", b"* SEARCH one two\r\nTAG OK done\r\n", Fate.REFUSED, ""),
        ("EXAMINE", b"\xff\xfe\x00 nonsense\r\n", Fate.LATER, ""),
        ("EXAMINE", b"* " + b"x" * 2_000_000 + b"\r\n", Fate.REFUSED, ""),
    ],
    ids=lambda value: repr(value)[:60],
)  # fmt: skip
def test_servers_that_misbehave(account: MailAccount, command: str, said: bytes | None, fate: Fate, words: str) -> None:
    with scripted_imap(misbehaving(command, said)) as server:  # type: ignore[arg-type]
        found = trouble(account, server)
    assert found.fate is fate, found
    if words:
        assert found.words == words
        assert words in found.sentence


def test_answers_nobody_asked_for(account: MailAccount) -> None:
    """A message the server forgets in its answer, one it invents, dates that are none: read what there is."""
    said = (
        b'* 1 FETCH (UID 1 FLAGS (\\Seen) RFC822.SIZE 10 INTERNALDATE "25-Nov-2026 14:00:00 +0100" '
        b"BODY[HEADER.FIELDS (FROM)] {13}\r\nFrom: a@b\r\n\r\n)\r\n"
        b"* 9 FETCH (UID 99 FLAGS (\\Deleted))\r\n* 3 FETCH (UID 3 FLAGS ())\r\nTAG OK done\r\n"
    )
    with scripted_imap(misbehaving("UID FETCH", said)) as server, Mailbox(replace(account, imap=server)) as box:  # type: ignore[arg-type]
        (batch,) = box.changes("INBOX")
    assert [(head.uid, head.received_at, head.header) for head in batch.heads] == [
        (1, 1795611600, b"From: a@b\r\n\r\n"),
        (3, 0, b""),
    ]
    assert batch.bookmark == Bookmark(7, 3, 0)


@pytest.mark.parametrize(
    ("greeting", "fate"),
    [(b"* BYE Too many connections\r\n", Fate.LATER), (b"HTTP/1.1 400 Bad Request\r\n", Fate.LATER), (b"", Fate.LATER)],
)
def test_greetings(account: MailAccount, greeting: bytes, fate: Fate) -> None:
    with scripted_imap(greeting=greeting) as server:
        assert trouble(account, server).fate is fate


def test_a_login_that_is_echoed(account: MailAccount, tmp_path: Path) -> None:
    """A server that gives back what it was told does not get it on the screen."""

    def echo(tag: str, command: str) -> bytes | None:
        if not command:
            return f"{tag} NO [AUTHENTICATIONFAILED] {PASSWORD} is wrong\r\n".encode()
        return obliging(tag, command)

    with scripted_imap(echo) as server:
        found = trouble(account, server)
    assert (found.fate, found.words) == (Fate.PASSWORD, "[AUTHENTICATIONFAILED] … is wrong")


def test_a_server_without_uidplus(account: MailAccount) -> None:
    """It files a message and does not say where."""

    def answer(tag: str, command: str) -> bytes | None:
        return b"+ go on\r\n" if command.upper().startswith("APPEND") else obliging(tag, command)

    with scripted_imap(answer) as server, Mailbox(replace(account, imap=server)) as box:
        assert box.append("Sent", b"Subject: no id") == Filed(0, 0)


def test_nothing_of_a_mailbox_is_logged(mailbox_account: MailAccount, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    folder = new_folder(mailbox_account, 1)
    caplog.clear()
    with Mailbox(mailbox_account) as box:
        (batch,) = box.changes(folder)
        list(box.messages(folder, batch.bookmark.uidvalidity, [batch.heads[0].uid]))
    assert "kunde" not in caplog.text
    assert PASSWORD not in caplog.text
