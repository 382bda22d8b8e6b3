"""The whole loop, with real servers on both sides: a mail with a PDF arrives, is on the contact's history and among the
files, is answered in the application, and the answer arrives in its thread in the other mailbox."""

from __future__ import annotations

import asyncio
import smtplib
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine

from easir_tui.app import EasirApp
from easir_tui.channels.imap import Mailbox
from easir_tui.channels.mail_account import MailAccount
from easir_tui.config import Settings
from easir_tui.crm import activities, attachments, mail_in, outbox, timeline, unsent
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.users import Me, log_in, os_login
from easir_tui.data import files
from easir_tui.data.database import Store
from easir_tui.data.sqlite import row, run, value, writing
from tests.channels.conftest import *  # noqa: F403 - the servers of the channel tests
from tests.channels.conftest import printing
from tests.conftest import NOW, running, screen_text, settle
from tests.crm.made import a_contact
from tests.screens.keys import press, typed
from tests.servers.account import write_account
from tests.servers.certificates import Authority
from tests.servers.dovecot import USERS, Dovecot
from tests.servers.postfix import Postfix

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 300


@pytest.fixture
def anna(
    store: Store, me: Me, tmp_path: Path, authority: Authority, dovecot_server: Dovecot, postfix_server: Postfix
) -> Me:
    """Anna, as whom these tests run, with both servers in her settings."""
    with writing():
        run("UPDATE app_user SET login = ?, email = 'anna@nordlys.test' WHERE login = 'anna'", os_login())
    write_account(
        tmp_path, authority, postfix_server.tls, dovecot_server.tls, password=USERS["anna"], user="anna",
        address="anna@nordlys.test",
    )  # fmt: skip
    return replace(log_in(), first_start=False)


@pytest.fixture
def bo(account: MailAccount, dovecot_server: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> MailAccount:
    """The customer's own mailbox."""
    word = printing(tmp_path_factory.mktemp("bo"), USERS["bo"])
    return replace(account, address="bo@kunde.test", user="bo", password_command=word, imap=dovecot_server.tls)


def arrives(server: Dovecot) -> str:
    """A mail of Bo's with a PDF, brought by the server itself; its id."""
    message = EmailMessage()
    message["From"], message["To"] = "Bo Ærø <bo@kunde.test>", "Anna <anna@nordlys.test>"
    message["Subject"] = "Underskrevet tilbud på ID.4"
    message["Date"] = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    message["Message-ID"] = f"<loop-{time.monotonic_ns()}@kunde.test>"
    message.set_content("Kære Anna\n\nHer er den.\n\nHilsen Bo\n")
    message.add_attachment(PDF, "application", "pdf", filename="Købsaftale æøå.pdf")
    with smtplib.LMTP("127.0.0.1", server.lmtp) as client:
        client.send_message(message, "bo@kunde.test", ["anna@nordlys.test"])
    return str(message["Message-ID"])


async def until(pilot: Any, true: Any, seconds: float = 30) -> None:
    """Wait for something that other programs do; the application goes on meanwhile."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, screen_text(pilot.app)
        await asyncio.sleep(0.1)
        await settle(pilot)


async def test_the_whole_loop(store: Store, anna: Me, bo: MailAccount, dovecot_server: Dovecot) -> None:
    contact = a_contact(anna, first_name="Bo", last_name="Ærø", emails=[{"label": "", "address": "Bo@Kunde.test"}])
    message_id = arrives(dovecot_server)
    app = EasirApp(store, anna, Settings(theme="dark", home="contacts"))
    async with running(app, (100, 30)) as pilot:
        await press(pilot, "f8", "F")
        await until(pilot, lambda: "Underskrevet tilbud på ID.4" in screen_text(app))
        assert "Inbox 1" in screen_text(app).split("\n")[0]
        (mail,) = [one for one in timeline.history(anna, contact).rows if one.kind == "email"]
        assert (mail.direction, mail.state, mail.subject) == ("in", "unread", "Underskrevet tilbud på ID.4")
        (file,) = attachments.page(anna, contact).rows
        assert (file.name, file.media_type) == ("Købsaftale æøå.pdf", "application/pdf")
        assert files.path_of(file.sha256).read_bytes() == PDF
        await press(pilot, "r")
        await typed(pilot, "Tak, Bo.")
        await press(pilot, "f10")
        assert "goes out in 10 seconds" in screen_text(app)
        with time_machine.travel(NOW + timedelta(seconds=11), tick=False):
            await until(pilot, lambda: row("SELECT state, filed FROM mail WHERE direction = 'out'") == ("sent", 1))
    raw = newest(bo, message_id)
    answer = message_from_bytes(raw, policy=policy.default)
    assert answer["Subject"] == "Re: Underskrevet tilbud på ID.4"
    assert str(answer["In-Reply-To"]) == message_id
    assert message_id in str(answer["References"])
    text = answer.get_body(("plain",))
    assert text is not None
    assert (
        text.get_content()
        .replace("\r\n", "\n")
        .startswith("Tak, Bo.\n\nOn Wednesday 25 November 2026 at 13:00, Bo Ærø")
    )
    assert USERS["anna"] not in (Path(store.path).read_bytes()).decode("utf-8", "ignore")


def newest(account: MailAccount, answers: str) -> bytes:
    """The answer to a message, once it is in the mailbox."""
    until_ = time.monotonic() + 20
    while time.monotonic() < until_:
        with Mailbox(account) as box:
            for batch in box.changes("INBOX"):
                for head in batch.heads:
                    if answers.encode() in head.header:
                        ((_uid, raw),) = box.messages("INBOX", batch.bookmark.uidvalidity, [head.uid])
                        return raw
        time.sleep(0.2)
    raise AssertionError("the answer did not arrive")


async def test_what_comes_back_is_said_on_the_e_mail_itself(store: Store, anna: Me) -> None:
    """The server took it, and the next one did not: Today and the contact say so, in its words."""
    contact = a_contact(anna, emails=[{"label": "", "address": "ukendt@kunde.test"}])
    activities.record(
        anna, ActivityInput(contact, "email", email=Email(("ukendt@kunde.test",), subject="Tilbud", body="x"))
    )
    assert outbox.send_due(anna, at_once=True).outcomes == {"sent": 1}
    ends = time.monotonic() + 20
    while value("SELECT state FROM mail") == "sent" and time.monotonic() < ends:
        assert mail_in.fetch(anna).trouble is None
        time.sleep(0.2)
    state, said = row("SELECT state, said FROM mail") or ("", "")
    assert state == "refused"
    assert said.startswith("It came back from ukendt@kunde.test: 550")
    assert [one.state for one in unsent.listed(anna, troubled=True)] == ["refused"]
    outbox.again(anna, int(value("SELECT activity_id FROM mail")))
    assert value("SELECT state FROM mail") == "queued"


async def test_a_wrong_password_is_said_once_and_keys_stay_alive(
    store: Store, anna: Me, tmp_path: Path, authority: Authority, dovecot_server: Dovecot, postfix_server: Postfix
) -> None:
    write_account(
        tmp_path, authority, postfix_server.tls, dovecot_server.tls, password="wrong", user="anna",
        address="anna@nordlys.test",
    )  # fmt: skip
    a_contact(anna)
    app = EasirApp(store, anna, Settings(theme="dark", home="contacts"))
    async with running(app, (100, 30)) as pilot:
        await press(pilot, "f8", "F")
        await until(pilot, lambda: "✗" in screen_text(app) or "password" in screen_text(app).lower())
        await press(pilot, "f3")
        assert "Ole Hansen" in screen_text(app)
