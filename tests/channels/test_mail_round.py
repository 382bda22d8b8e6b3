"""Mail all the way: composed, sent through Postfix, read from Dovecot, answered, come back when nobody is there."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest

from easir_tui.channels.imap import Bookmark, Head, Mailbox
from easir_tui.channels.mail_account import MailAccount
from easir_tui.channels.mail_address import NamedAddress, new_message_id
from easir_tui.channels.mail_compose import Attachment, compose
from easir_tui.channels.mail_trouble import Fate
from easir_tui.channels.smtp import Sender, deliver
from tests.channels.conftest import printing
from tests.servers.dovecot import USERS
from tests.servers.postfix import Postfix

ANNA, BO = NamedAddress("anna@nordlys.test", "Anna Ærø"), NamedAddress("bo@kunde.test", "Bo, Søren & Co.")


def written(sender: NamedAddress, to: NamedAddress, message_id: str, **more: object) -> bytes:
    """A message in Danish."""
    return compose(
        sender=sender, to=[to], subject="Prøvetur på fredag", text="Kære Bo\n.\nVi ses", message_id=message_id,
        date=datetime(2026, 11, 25, 14, 0, tzinfo=UTC), **more,
    )  # type: ignore[arg-type]  # fmt: skip


def arrives(account: MailAccount, since: Bookmark, wanted: bytes) -> tuple[Head, bytes]:
    """Wait for a new message in the inbox whose headers hold `wanted`."""
    until = time.monotonic() + 15
    while time.monotonic() < until:
        with Mailbox(account) as box:
            for batch in box.changes("INBOX", since):
                for head in batch.heads:
                    if wanted in head.header:
                        ((_uid, raw),) = box.messages("INBOX", batch.bookmark.uidvalidity, [head.uid])
                        return head, raw
        time.sleep(0.1)
    raise AssertionError(f"{wanted!r} did not arrive")


def here(account: MailAccount) -> Bookmark:
    """The end of the inbox as it is now."""
    with Mailbox(account) as box:
        return ([batch.bookmark for batch in box.changes("INBOX")] or [Bookmark()])[-1]


@pytest.fixture
def anna(dovecot_account: MailAccount, postfix_server: Postfix) -> MailAccount:
    return replace(dovecot_account, address=ANNA.address, smtp=postfix_server.tls)


@pytest.fixture
def bo(anna: MailAccount, postfix_server: Postfix, tmp_path_factory: pytest.TempPathFactory) -> MailAccount:
    word = printing(tmp_path_factory.mktemp("bo"), USERS["bo"])
    return replace(anna, address=BO.address, user="bo", password_command=word, smtp=postfix_server.starttls)


def test_there_and_back(anna: MailAccount, bo: MailAccount) -> None:
    """Both ways of encryption, a file, a thread, and the sent mail filed once."""
    first, answer = new_message_id(ANNA.address), new_message_id(BO.address)
    anna_before, bo_before = here(anna), here(bo)
    raw = written(ANNA, BO, first, attachments=[Attachment("Æøå.bin", "application/x-y", bytes(range(256)) * 4000)])
    outcome = deliver(anna, raw, ANNA.address, [BO.address])
    assert outcome.fate is Fate.ACCEPTED, outcome
    assert "queued as" in outcome.words
    with Mailbox(anna) as box:
        assert box.append("Sent", raw) == box.append("Sent", raw)
    head, got = arrives(bo, bo_before, first.encode())
    assert head.size > 1_000_000
    assert got.endswith(raw.partition(b"MIME-Version")[2])
    message = BytesParser(EmailMessage, policy=default).parsebytes(got)
    assert message["Subject"] == "Prøvetur på fredag"
    reply = written(BO, ANNA, answer, in_reply_to=first, references=[first])
    assert deliver(bo, reply, BO.address, [ANNA.address]).fate is Fate.ACCEPTED
    head, _raw = arrives(anna, anna_before, answer.encode())
    assert f"References: {first}".encode() in head.header


def test_thirty_megabytes(anna: MailAccount, bo: MailAccount) -> None:
    before = here(bo)
    message_id = new_message_id(ANNA.address)
    raw = written(ANNA, BO, message_id, attachments=[Attachment("stor.bin", "application/x-y", bytes(30_000_000))])
    assert deliver(anna, raw, ANNA.address, [BO.address]).fate is Fate.ACCEPTED
    _head, got = arrives(bo, before, message_id.encode())
    assert got.endswith(raw.partition(b"MIME-Version")[2])


def test_nobody_is_there(anna: MailAccount) -> None:
    """Postfix takes it, Dovecot does not, and the message comes back."""
    before = here(anna)
    lost = NamedAddress("ukendt@kunde.test")
    raw = written(ANNA, lost, new_message_id(ANNA.address))
    assert deliver(anna, raw, ANNA.address, [lost.address]).fate is Fate.ACCEPTED
    _head, raw = arrives(anna, before, b"MAILER-DAEMON")
    assert b"multipart/report" in raw


def test_refusals_in_postfix_words(anna: MailAccount, postfix_server: Postfix) -> None:
    raw = written(ANNA, BO, new_message_id(ANNA.address))
    anonymous = deliver(replace(anna, password_command=""), raw, ANNA.address, [BO.address])
    assert (anonymous.fate, anonymous.code) == (Fate.REFUSED, 554)
    assert "Relay access denied" in anonymous.refused[0].words or "Access denied" in anonymous.refused[0].words
    wrong = deliver(replace(anna, user="bo"), raw, ANNA.address, [BO.address])
    assert (wrong.fate, wrong.code) == (Fate.PASSWORD, 535)
    with Sender(anna) as sender:
        large = sender.send(raw + b"x" * 61_000_000, ANNA.address, [BO.address])
        assert (large.fate, "no more than 60 MB" in large.sentence) == (Fate.REFUSED, True)
        assert sender.send(raw, ANNA.address, [BO.address]).fate is Fate.ACCEPTED
