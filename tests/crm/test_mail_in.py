"""E-mails on their way in, from real servers: what is about a contact, once; what is about nobody, never."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from easir_tui.channels import calendar_file
from easir_tui.channels.calendar_entry import CalendarEntry, Person
from easir_tui.channels.mail_account import MailAccount
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.clock import When, now, zone
from easir_tui.crm import (
    activities,
    activity_page,
    attachments,
    cases,
    contacts,
    inbox,
    invitations,
    mail_in,
    tasks,
    timeline,
    trash,
    undo,
)  # fmt: skip
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.mail_in import Fetched
from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.data.database import Store
from easir_tui.data.journal import step
from easir_tui.data.models import MailKeptOut
from easir_tui.data.sqlite import row, rows, run, value, writing
from tests.channels.conftest import *  # noqa: F403 - the servers of the channel tests
from tests.channels.mailboxes import someone_else
from tests.servers.account import write_account
from tests.servers.certificates import Authority
from tests.servers.dovecot import USERS, Dovecot

from .made import a_colleague, a_contact

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20
_numbers = iter(range(1, 10**6))


def letter(sender: str = "Ole Hansen <ole@example.dk>", **more: Any) -> bytes:
    """A message as another program writes it."""
    made = EmailMessage()
    number = next(_numbers)
    made["From"] = sender
    made["To"] = more.pop("to", "anna@nordlys.dk")
    made["Subject"] = more.pop("subject", f"Spørgsmål {number}")
    made["Date"] = more.pop("date", datetime(2026, 11, 24, 10, number % 60, tzinfo=UTC))
    message_id = more.pop("message_id", f"<{number}-{os.getpid()}@example.dk>")
    if message_id:
        made["Message-ID"] = message_id
    made.set_content(more.pop("text", "Kære Anna\n\nHvad koster den?\n"))
    pdf, calendar = more.pop("pdf", b""), more.pop("calendar", b"")
    if pdf:
        made.add_attachment(pdf, "application", "pdf", filename="Rødgrød.pdf")
    if calendar:
        made.add_attachment(calendar.decode(), "calendar", params={"method": "REPLY"})
    for name, held in more.items():
        made[name.replace("_", "-")] = held
    return made.as_bytes()


class Box:
    """Anna's mailbox, with a client of another program open on it."""

    def __init__(self, account: MailAccount) -> None:
        self.account = account
        with someone_else(account) as client:
            for name in ("INBOX", "Sent"):
                if not client.folder_exists(name):
                    client.create_folder(name)
                client.select_folder(name)
                client.delete_messages(client.search())
                client.expunge()

    def put(self, *raws: bytes, folder: str = "INBOX", flags: tuple[bytes, ...] = ()) -> None:
        """Let messages arrive."""
        with someone_else(self.account) as client:
            for raw in raws:
                client.append(folder, raw, flags)

    def asked(self, criteria: str, folder: str = "INBOX") -> list[int]:
        """The messages of which something is true."""
        with someone_else(self.account) as client:
            client.select_folder(folder, readonly=True)
            return list(client.search(criteria))


@pytest.fixture(params=["dovecot", "pymap"])
def box(
    request: pytest.FixtureRequest, account: MailAccount, authority: Authority, tmp_path: Path, me: Me
) -> Iterator[Box]:
    """The mailbox that Anna's settings name, empty."""
    if request.param == "pymap":
        held = replace(account, imap=request.getfixturevalue("pymap_server"))
        yield from _named(held, authority, tmp_path)
    else:
        server: Dovecot = request.getfixturevalue("dovecot_server")
        yield from _named(replace(account, imap=server.tls), authority, tmp_path)


@pytest.fixture
def dovecot_box(
    account: MailAccount, authority: Authority, tmp_path: Path, dovecot_server: Dovecot, me: Me
) -> Iterator[Box]:
    """The same, on Dovecot."""
    yield from _named(replace(account, imap=dovecot_server.tls), authority, tmp_path)


def _named(held: MailAccount, authority: Authority, tmp_path: Path) -> Iterator[Box]:
    write_account(tmp_path, authority, None, held.imap, folders="INBOX, Sent")
    with writing():
        run("UPDATE app_user SET email = 'anna@nordlys.dk' WHERE login = 'anna'")
    yield Box(held)


def fetched(me: Me, **more: Any) -> Fetched:
    """A fetch without trouble."""
    result = mail_in.fetch(me, **more)
    assert result.trouble is None, result.trouble
    return result


def stored() -> list[tuple[Any, ...]]:
    return rows(
        "SELECT m.message_id, m.contact_id, a.subject FROM mail m JOIN activity a ON a.id = m.activity_id ORDER BY m.id"
    )


def test_what_is_about_a_contact_and_nothing_else(box: Box, me: Me) -> None:
    """Faults 53: codes and payslips are counted, and no word of them is anywhere in the file."""
    ole = a_contact(me)
    box.put(
        letter(pdf=PDF, text="Hej\n\nTilbud?\n\nDen 24. nov. skrev Anna:\n> Kære Ole\n"),
        letter("Banken <no-reply@bank.dk>", subject="HEMMELIG kode 123456"),
        letter("Løn <loen@nordlys.dk>", subject="HEMMELIG lønseddel"),
    )
    result = fetched(me)
    assert (result.new, result.passed_over) == (1, 2)
    ((message_id, contact, _subject),) = stored()
    assert contact == ole
    page = timeline.history(me, ole)
    (one,) = [row_ for row_ in page.rows if row_.kind == "email"]
    assert (one.direction, one.state, one.subject.startswith("Spørgsmål")) == ("in", "unread", True)
    held = activity_page.activity(me, one.id)
    assert held.sender == "Ole Hansen <ole@example.dk>"
    assert held.recipients["to"] == ["anna@nordlys.dk"]
    assert held.quoted_from == held.body.index("Den 24.")
    (file,) = attachments.page(me, ole).rows
    assert (file.name, file.media_type, file.origin) == ("Rødgrød.pdf", "application/pdf", "mail_in")
    assert files.path_of(file.sha256).read_bytes() == PDF
    assert "HEMMELIG" not in repr([rows(f"SELECT * FROM {name}") for (name,) in _tables()])
    assert value("SELECT sum(passed_over) FROM mail_folder") == 2
    assert message_id.endswith("@example.dk>")
    assert inbox.unread(me) == 1


def _tables() -> list[tuple[str]]:
    return [
        (name,) for (name,) in rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    ]  # fmt: skip


def test_again_and_again_nothing_twice(box: Box, me: Me) -> None:
    a_contact(me)
    box.put(letter(), letter())
    assert fetched(me).new == 2
    assert fetched(me).new == 0
    box.put(letter())
    assert fetched(me).new == 1
    again = fetched(me, again=True)
    assert (again.new, again.passed_over) == (0, 0)
    assert len(stored()) == 3
    assert len(box.asked("UNSEEN")) == 3, "fetching marks nothing as read"


def test_who_becomes_a_contact_later_is_found_by_looking_again(box: Box, me: Me) -> None:
    box.put(letter())
    assert (fetched(me).new, fetched(me).new) == (0, 0)
    a_contact(me)
    assert fetched(me).new == 0
    assert fetched(me, again=True).new == 1


def test_one_message_in_several_mailboxes_is_one(box: Box, me: Me, account: MailAccount) -> None:
    """Faults 51: through a distribution list it reaches two of us; one entry, and each has read it or not."""
    ole = a_contact(me)
    jens = a_colleague(me)
    raw = letter(to="salg@nordlys.dk")
    box.put(raw)
    assert fetched(me).new == 1
    assert fetched(jens).new == 0
    assert len(stored()) == 1
    assert len([one for one in timeline.history(me, ole).rows if one.kind == "email"]) == 1
    activity = int(value("SELECT activity_id FROM mail"))
    assert inbox.mark(me, activity)
    assert (inbox.unread(me), inbox.unread(jens)) == (0, 1)


@pytest.mark.parametrize("written", ["<AB@example.dk>", "AB@example.dk", " <AB@example.dk> "])
def test_one_id_in_several_forms_is_one(box: Box, me: Me, written: str) -> None:
    """Faults 49."""
    a_contact(me)
    box.put(letter(message_id="<AB@example.dk>"))
    assert fetched(me).new == 1
    box.put(letter(message_id="").replace(b"Subject:", b"Message-ID: " + written.encode() + b"\nSubject:"))
    assert fetched(me).new == 0


def test_without_an_id_it_has_one_of_ours(box: Box, me: Me) -> None:
    a_contact(me)
    raw = letter(message_id="")
    box.put(raw, raw)
    assert fetched(me).new == 1
    assert re.fullmatch(r"<[0-9a-f]{40}@message\.invalid>", stored()[0][0])


def test_mail_among_ourselves_is_nobodys(box: Box, me: Me) -> None:
    """Faults 54: not even when somebody made a contact with a colleague's address."""
    jens = a_colleague(me)
    with writing():
        run("UPDATE app_user SET email = 'Jens@Nordlys.dk' WHERE id = ?", jens.user_id)
    a_contact(me, first_name="Jens", emails=[{"label": "", "address": "jens@nordlys.dk"}])
    box.put(letter("Jens <jens@nordlys.dk>", subject="om lønnen"))
    assert (fetched(me).new, stored()) == (0, [])


def test_what_a_colleague_wrote_to_a_contact_is_out(box: Box, me: Me) -> None:
    ole, jens = a_contact(me), a_colleague(me)
    with writing():
        run("UPDATE app_user SET email = 'jens@nordlys.dk' WHERE id = ?", jens.user_id)
    box.put(letter("Jens <jens@nordlys.dk>", to="ole@example.dk", Cc="anna@nordlys.dk"))
    assert fetched(me).new == 1
    (one,) = [held for held in timeline.history(me, ole).rows if held.kind == "email"]
    assert (one.direction, one.state, one.user_id) == ("out", "sent", jens.user_id)


def test_what_was_sent_with_another_program_is_there_too(box: Box, me: Me) -> None:
    ole = a_contact(me)
    box.put(letter("Anna <anna@nordlys.dk>", to="ole@example.dk"), folder="Sent", flags=(b"\\Seen",))
    assert fetched(me).new == 1
    (one,) = [held for held in timeline.history(me, ole).rows if held.kind == "email"]
    assert (one.direction, one.user_id, inbox.unread(me), inbox.threads(me)) == ("out", me.user_id, 0, [])


def test_only_contacts_one_may_see(box: Box, me: Me) -> None:
    """V16: another team's contact is a stranger in my mailbox."""
    with step(me, "made teams", shown=False) as making:
        from easir_tui.data.models import Membership, Team

        nord, syd = making.add(Team, name="Nord"), making.add(Team, name="Syd")
    jens = a_colleague(me)
    with step(me, "joined", shown=False) as joining:
        joining.add(Membership, user_id=jens.user_id, team_id=nord)
    theirs = a_contact(me, team_id=syd)
    box.put(letter())
    assert (fetched(jens).new, fetched(jens).passed_over) == (0, 0)
    assert value("SELECT sum(passed_over) FROM mail_folder") == 1
    assert fetched(me).new == 1
    assert stored()[0][1] == theirs


def test_a_thread_goes_on_with_its_case(box: Box, me: Me) -> None:
    """V6: the answer to an e-mail on a case is on that case, where it stands; the case's manager is told."""
    ole = a_contact(me)
    jens = a_colleague(me)
    case = cases.create(me, ole, "ID.4", path="new_car", manager_id=jens.user_id)
    made = activities.record(me, ActivityInput(
        ole, "email", case, milestones=("offer",), email=Email(("ole@example.dk",), subject="Tilbud", body="Hej"),
    ))  # fmt: skip
    first = value("SELECT message_id FROM mail WHERE activity_id = ?", made.activity_id)
    box.put(letter(subject="SV: Tilbud", In_Reply_To=first, References=first))
    fetched(me)
    held = row("SELECT a.case_id, a.milestones, m.thread FROM mail m JOIN activity a ON a.id = m.activity_id "
               "WHERE m.direction = 'in'")  # fmt: skip
    assert held == (case, '["offer"]', first)
    (thread,) = inbox.threads(me)
    assert (thread.count, thread.unread, thread.case_title) == (2, 1, "ID.4")
    assert (inbox.unread(jens), inbox.unread(me)) == (1, 1)
    cases.close(me, case, None, "lost")
    box.put(letter(subject="SV: Tilbud", In_Reply_To=first, References=first))
    fetched(me)
    assert value("SELECT case_id FROM activity ORDER BY id DESC LIMIT 1") is None


def test_read_here_is_read_there_and_the_other_way(box: Box, me: Me) -> None:
    a_contact(me)
    box.put(letter(), letter())
    fetched(me)
    first, second = (one for (one,) in rows("SELECT activity_id FROM mail ORDER BY id"))
    inbox.mark(me, first)
    fetched(me)
    assert len(box.asked("SEEN")) == 1
    assert inbox.unread(me) == 1
    with someone_else(box.account) as client:
        client.select_folder("INBOX")
        client.add_flags(client.search("UNSEEN"), ["\\Seen"])
        has_condstore = client.has_capability("CONDSTORE")
    fetched(me)
    if has_condstore:
        assert inbox.unread(me) == 0
    inbox.mark(me, second, unread=True)
    fetched(me)
    assert inbox.unread(me) == 1


def test_what_the_server_deletes_stays_and_what_we_delete_stays_away(box: Box, me: Me) -> None:
    ole = a_contact(me)
    box.put(letter(), letter())
    fetched(me)
    with someone_else(box.account) as client:
        client.select_folder("INBOX")
        client.delete_messages(client.search()[:1])
        client.expunge()
    fetched(me, again=True)
    assert len(stored()) == 2
    first = int(value("SELECT min(activity_id) FROM mail"))
    activity_page.remove(me, first, 1)
    assert fetched(me, again=True).new == 0
    assert len([one for one in timeline.history(me, ole).rows if one.kind == "email"]) == 1
    undo.undo(me)
    assert len([one for one in timeline.history(me, ole).rows if one.kind == "email"]) == 2


def test_what_is_kept_out(box: Box, me: Me) -> None:
    ole = a_contact(me)
    ida = a_contact(me, first_name="Ida", emails=[{"label": "", "address": "ida@example.dk"}])
    with step(me, "kept out", shown=False) as work:
        work.add(MailKeptOut, user_id=me.user_id, address="OLE@example.dk")
        work.add(MailKeptOut, user_id=me.user_id, contact_id=ida)
    box.put(letter(), letter("Ida <ida@example.dk>"), letter(to="anna@nordlys.dk", Cc="ole@example.dk"))
    assert (fetched(me).new, value("SELECT sum(passed_over) FROM mail_folder")) == (0, 3)
    with writing():
        run("UPDATE mail_kept_out SET deleted_at = 1")
    assert fetched(me, again=True).new == 3
    assert {one[1] for one in stored()} == {ole, ida}


def test_a_message_to_several_contacts_is_on_each(box: Box, me: Me) -> None:
    ole = a_contact(me)
    ida = a_contact(me, first_name="Ida", emails=[{"label": "", "address": "ida@example.dk"}])
    box.put(letter(Cc="Ida <ida@example.dk>", pdf=PDF))
    assert fetched(me).new == 1
    assert {one[1] for one in stored()} == {ole, ida}
    assert value("SELECT count(DISTINCT sha256) FROM attachment") == 1
    assert len(inbox.threads(me)) == 1


def test_an_answer_to_an_invitation(box: Box, me: Me) -> None:
    """Even from somebody who is no contact: the answer counts, the message is not stored."""
    ole = a_contact(me)
    task = tasks.plan(me, ole, "meeting", When(at=now() + 86_400), "Prøvetur", minutes=60)
    out = invitations.invite(me, task, [NamedAddress("ole@example.dk", "Ole"), NamedAddress("kone@example.dk")])
    for sender in ("ole@example.dk", "kone@example.dk"):
        reply = calendar_file.write(
            [CalendarEntry(uid=out.uid, title="Prøvetur", start=now() + 86_400, sequence=out.sequence,
                           organizer=Person("Anna", "anna@nordlys.dk"), attendees=(Person("", sender, "accepted"),))],
            zone("Europe/Copenhagen"), "REPLY",
        )  # fmt: skip
        box.put(letter(f"<{sender}>", calendar=reply))
    result = fetched(me)
    assert (result.new, result.answers) == (1, 2)
    told = invitations.told(me, task)
    assert told is not None
    assert {one.answer for one in told.guests} == {"accepted"}
    assert "accepted the invitation" in str(timeline.history(me, ole))


def test_numbered_anew_nothing_comes_twice(dovecot_box: Box, me: Me) -> None:
    """UIDVALIDITY changed: everything is seen again and known by its id."""
    a_contact(me)
    dovecot_box.put(letter(), letter())
    fetched(me)
    with writing():
        run("UPDATE mail_folder SET uidvalidity = 1, uid = 7 WHERE name = 'INBOX'")
    dovecot_box.put(letter())
    assert fetched(me).new == 1
    assert len(stored()) == 3
    assert value("SELECT count(*) FROM mail_copy WHERE uid > 0") == 3


def test_the_file_system_is_full(box: Box, me: Me, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence; nothing of the message is stored, and the next run takes it in whole."""
    import errno

    a_contact(me)
    box.put(letter(pdf=PDF))
    real = os.fsync

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "full" in str(mail_in.fetch(me).trouble)
    monkeypatch.setattr(os, "fsync", real)
    assert stored() == []
    assert fetched(me).new == 1
    assert value("SELECT count(*) FROM attachment") == 1


def test_a_server_that_is_not_there_or_does_not_let_us_in(
    box: Box, me: Me, tmp_path: Path, authority: Authority
) -> None:
    write_account(tmp_path, authority, None, box.account.imap, password="wrong", folders="INBOX")
    assert "let you in" in str(mail_in.fetch(me).trouble) or "password" in str(mail_in.fetch(me).trouble).lower()
    from tests.servers.processes import free_port

    assert box.account.imap is not None
    write_account(tmp_path, authority, None, replace(box.account.imap, port=free_port()), folders="INBOX")
    assert mail_in.fetch(me).trouble is not None
    write_account(tmp_path, authority)
    assert mail_in.fetch(me).trouble is not None


KILLED = """
import os, sys
from easir_tui.crm import mail_in, users
from easir_tui.data.database import open_store
from easir_tui import config
mail_in.TOGETHER = 3
open_store(config.database_path())
me = users.log_in("anna")
left = int(sys.argv[1])
real = mail_in.run
def run(*args):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), 9)
    return real(*args)
mail_in.run = run
mail_in.fetch(me)
"""


def test_killed_at_any_point_nothing_twice_nothing_missing(dovecot_box: Box, me: Me, store: Store) -> None:
    """Faults 50."""
    ole = a_contact(me)
    dovecot_box.put(*(letter(pdf=PDF + bytes([number])) for number in range(10)), letter("x <x@y.dk>"))
    environment = {**os.environ, "EASIR_DB": str(store.path)}
    killed = 0
    for number in range(60):
        left = number % 9 + 1
        done = subprocess.run([sys.executable, "-c", KILLED, str(left)], env=environment, check=False, timeout=60)
        killed += done.returncode == -signal.SIGKILL
        seen = [one for (one, _contact, _subject) in stored()]
        assert len(seen) == len(set(seen))
        if not done.returncode:
            break
    assert killed > 5
    fetched(me)
    assert len(stored()) == 10
    assert len([one for one in timeline.history(me, ole).rows if one.kind == "email"]) == 10
    assert value("SELECT count(*) FROM attachment") == 10
    assert value("SELECT passed_over FROM mail_folder WHERE name = 'INBOX'") == 1
    assert value("PRAGMA integrity_check") == "ok"


def test_two_at_once_take_turns(dovecot_box: Box, me: Me, store: Store) -> None:
    a_contact(me)
    dovecot_box.put(*(letter() for _one in range(20)))
    environment = {**os.environ, "EASIR_DB": str(store.path)}
    fetching = [sys.executable, "-c", KILLED, "1000000"]
    for process in [subprocess.Popen(fetching, env=environment) for _one in range(3)]:
        assert process.wait(timeout=60) == 0
    assert len(stored()) == 20


def test_thirty_megabytes_come_in_whole(dovecot_box: Box, me: Me) -> None:
    a_contact(me)
    dovecot_box.put(letter(pdf=b"%PDF-1.7\n" + os.urandom(30_000_000)))
    began = time.monotonic()
    assert fetched(me).new == 1
    assert value("SELECT size FROM attachment") == 30_000_009
    assert time.monotonic() - began < 60


def test_a_mail_that_cannot_be_read_holds_up_nobody(dovecot_box: Box, me: Me) -> None:
    ole = a_contact(me)
    strange = (
        b"From: ole@example.dk\r\nMessage-ID: <s@x>\r\nSubject: \xff\x1b[2J\r\n"
        + b"Content-Type: message/rfc822\r\n\r\n" * 1500
    )
    dovecot_box.put(strange, letter())
    assert fetched(me).new == 2
    said = str([activity_page.activity(me, one.id) for one in timeline.history(me, ole).rows if one.kind == "email"])
    assert "\x1b" not in said


def test_an_erased_contact_takes_its_mail_along(box: Box, me: Me) -> None:
    """V13: the trash is emptied; what is fetched again is about nobody."""
    ole = a_contact(me)
    box.put(letter(pdf=PDF))
    fetched(me)
    contacts.delete(me, ole, None, True)
    assert trash.empty(me, str(trash.count(me))) >= 1
    assert stored() == []
    assert inbox.threads(me) == []
    assert fetched(me, again=True).new == 0


def test_the_password_is_nowhere(dovecot_box: Box, me: Me, store: Store, tmp_path: Path) -> None:
    a_contact(me)
    dovecot_box.put(letter())
    fetched(me)
    word = USERS["anna"].encode()
    for path in [*Path(store.path).parent.glob("easir.db*"), *(tmp_path / "home").rglob("*.log")]:
        if path.is_file():
            assert word not in path.read_bytes(), path
