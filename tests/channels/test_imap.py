"""Reading mailboxes on real servers, and on one that lies: nothing twice, nothing missing, nothing changed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine

from easir_tui.channels import imap
from easir_tui.channels.imap import Batch, Bookmark, FolderRenewed, Mailbox
from easir_tui.channels.imap_folders import Folder, found_folders, wanted
from easir_tui.channels.mail_account import MailAccount
from easir_tui.channels.mail_trouble import MailTrouble
from easir_tui.errors import Refused
from tests.channels.mailboxes import mail, new_folder, someone_else
from tests.servers.dovecot import Dovecot


def uids(batches: list[Batch]) -> list[int]:
    return [head.uid for batch in batches for head in batch.heads]


def read(account: MailAccount, folder: str, since: Bookmark | None = None) -> list[Batch]:
    with Mailbox(account) as box:
        return list(box.changes(folder, since))


def test_what_is_new(mailbox_account: MailAccount) -> None:
    """Headers of all, bodies of the chosen, and next time only what came since."""
    folder = new_folder(mailbox_account, 3)
    with Mailbox(mailbox_account) as box:
        (batch,) = box.changes(folder)
        first = batch.heads[0]
        assert b"From: =?utf-8?q?Kunde_=C3=98?= <k1@kunde.dk>" in first.header
        assert b"Message-ID: <1@kunde.dk>" in first.header
        assert b"References: <0@kunde.dk>" in first.header
        assert b"Subject" not in first.header
        assert b"X-Other" not in first.header
        assert (first.size, first.flags) == (len(mail(1)), frozenset())
        assert abs(first.received_at - time_machine.escape_hatch.time.time()) < 90_000
        chosen = [first.uid, batch.heads[2].uid]
        assert list(box.messages(folder, batch.bookmark.uidvalidity, [*reversed(chosen), 999])) == [
            (chosen[0], mail(1)),
            (chosen[1], mail(3)),
        ]
        assert not list(box.changes(folder, batch.bookmark))
        with someone_else(mailbox_account) as client:
            client.append(folder, mail(4))
        (again,) = box.changes(folder, batch.bookmark)
        assert [head.header.count(b"<4@kunde.dk>") for head in again.heads] == [1]
    assert not read(mailbox_account, folder, again.bookmark)
    with someone_else(mailbox_account) as client:
        client.select_folder(folder)
        assert not client.search(["SEEN"]), "reading marks nothing as read"
        assert len(client.search()) == 4


def test_an_empty_folder(mailbox_account: MailAccount) -> None:
    folder = new_folder(mailbox_account)
    (batch,) = read(mailbox_account, folder)
    assert (batch.heads, batch.bookmark.uid, batch.bookmark.uidvalidity > 0) == ((), 0, True)
    assert not read(mailbox_account, folder, batch.bookmark)


def test_folders(mailbox_account: MailAccount) -> None:
    """Letters and signs in names; the sent mail by what the server says or by its name."""
    new_folder(mailbox_account, name=f"Ærø/{time.monotonic_ns()} \\\"'[b]~&-")
    with Mailbox(mailbox_account) as box:
        assert [(folder.name, folder.role) for folder in box.to_read()] == [("INBOX", "inbox"), ("Sent", "sent")]
        for folder in box.folders():
            list(box.changes(folder.name))
    with Mailbox(replace(mailbox_account, folders=("Sent", "INBOX"))) as box:
        assert [folder.name for folder in box.to_read()] == ["Sent", "INBOX"]
    with (
        Mailbox(replace(mailbox_account, folders=("Ingen",))) as box,
        pytest.raises(Refused, match="no mail folder Ingen"),
    ):
        box.to_read()


@pytest.mark.parametrize("name", ["Sendt post", "INBOX.Sendte elementer", "Sent Items"])
def test_the_sent_mail_by_its_name(name: str) -> None:
    mark = b"." if "." in name else b"/"
    listed = [((b"\\Noselect",), b"/", "[Gmail]"), ((), mark, "Inbox"), ((b"\\HasNoChildren",), mark, name)]
    assert wanted(found_folders(listed), ()) == [Folder("Inbox", "inbox"), Folder(name, "sent")]
    flagged = [*listed, ((b"\\Sent",), b"/", "[Gmail]/Sendt")]
    assert [folder.name for folder in found_folders(flagged) if folder.role == "sent"] == ["[Gmail]/Sendt"]


def test_filing_what_was_sent(mailbox_account: MailAccount) -> None:
    """As read, and once, even if nobody heard that it was filed the first time."""
    folder = new_folder(mailbox_account, 2)
    with Mailbox(mailbox_account) as box:
        filed = box.append(folder, mail(77))
        assert box.append(folder, mail(77)) == filed == box.find(folder, "<77@kunde.dk>")
        assert box.find(folder, "<78@kunde.dk>") is None
        (batch,) = box.changes(folder)
        assert (batch.heads[-1].uid, batch.heads[-1].flags) == (filed.uid, frozenset({"\\Seen"}))
        assert list(box.messages(folder, filed.uidvalidity, [filed.uid])) == [(filed.uid, mail(77))]
        assert len(batch.heads) == 3
        with pytest.raises(MailTrouble):
            box.append("Ingen", b"Subject: x\r\n\r\nx\r\n")
        assert "Ingen" not in [one.name for one in box.folders()]


def test_marking_as_read(mailbox_account: MailAccount) -> None:
    folder = new_folder(mailbox_account, 3)
    with Mailbox(mailbox_account) as box:
        (batch,) = box.changes(folder)
        box.mark_seen(folder, batch.bookmark.uidvalidity, [batch.heads[1].uid])
        (after,) = box.changes(folder)
    assert ["\\Seen" in head.flags for head in after.heads] == [False, True, False]


def test_changed_flags(dovecot_account: MailAccount) -> None:
    """CONDSTORE: only those that changed since, and those of new messages with them."""
    folder = new_folder(dovecot_account, 5)
    (first,) = read(dovecot_account, folder)
    with someone_else(dovecot_account) as client:
        client.select_folder(folder)
        client.add_flags([2, 4], ["\\Answered"])
        client.append(folder, mail(6), ("\\Flagged",))
    flags, new = read(dovecot_account, folder, first.bookmark)
    assert dict(flags.flags) == {2: frozenset({"\\Answered"}), 4: frozenset({"\\Answered"})}
    assert flags.bookmark == first.bookmark
    assert [(head.uid, head.flags) for head in new.heads] == [(6, frozenset({"\\Flagged"}))]
    assert not read(dovecot_account, folder, new.bookmark)


def test_a_folder_numbered_anew(dovecot_account: MailAccount) -> None:
    """Told once, everything comes again, and old numbers are refused before they can mean another message."""
    folder = new_folder(dovecot_account, 3)
    (before,) = read(dovecot_account, folder)
    with someone_else(dovecot_account) as client:
        client.delete_folder(folder)
    time.sleep(1.1)  # Dovecot makes the number of the second it is in
    new_folder(dovecot_account, 2, folder)
    with Mailbox(dovecot_account) as box:
        (batch,) = box.changes(folder, before.bookmark)
        assert (batch.renewed, uids([batch])) == (True, [1, 2])
        assert batch.bookmark.uidvalidity != before.bookmark.uidvalidity
        assert not list(box.changes(folder, batch.bookmark))
        with pytest.raises(FolderRenewed):
            list(box.messages(folder, before.bookmark.uidvalidity, [1]))
        with pytest.raises(FolderRenewed):
            box.mark_seen(folder, before.bookmark.uidvalidity, [1])
        with someone_else(dovecot_account) as client:
            client.select_folder(folder)
            client.delete_messages([1, 2])
            client.expunge()
        (empty,) = box.changes(folder, before.bookmark)
        assert (empty.renewed, empty.heads, empty.bookmark.uid) == (True, (), 0)


def test_stopped_at_each_batch(dovecot_account: MailAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off after k batches, for each k, while mail comes and goes: nothing twice, nothing missing (faults 50)."""
    monkeypatch.setattr(imap, "BATCH", 2)
    monkeypatch.setattr(imap, "_WINDOW", 5)
    folder = new_folder(dovecot_account, 13)
    everything = list(range(1, 14))
    for stop_after in range(1, 8):
        kept: list[Batch] = []
        with Mailbox(dovecot_account) as box:
            for batch in box.changes(folder):
                kept.append(batch)
                if len(kept) == stop_after:
                    break
        rest = read(dovecot_account, folder, kept[-1].bookmark)
        assert uids(kept) + uids(rest) == everything


def test_mail_that_comes_and_goes_meanwhile(dovecot_account: MailAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else deletes and receives between the batches; other methods are called there too."""
    monkeypatch.setattr(imap, "BATCH", 2)
    monkeypatch.setattr(imap, "_WINDOW", 4)
    folder = new_folder(dovecot_account, 12)
    seen: list[int] = []
    with Mailbox(dovecot_account) as box, someone_else(dovecot_account) as client:
        client.select_folder(folder)
        for batch in box.changes(folder):
            seen += uids([batch])
            if len(seen) == 4:
                client.delete_messages([1, 2, 3, 8])
                client.expunge()
                client.append(folder, mail(13))
            assert [uid for uid, _raw in box.messages(folder, batch.bookmark.uidvalidity, uids([batch]))]
            assert box.find("INBOX", "<none@kunde.dk>") is None
        rest = uids(list(box.changes(folder, batch.bookmark)))
    assert seen + rest == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13]


KILLED = """
import json, os, sys, time
from easir_tui.channels import imap
from easir_tui.channels.mail_account import MailAccount, MailServer
address, command, authority, port, folder, since, journal = sys.argv[1:]
imap.BATCH = 10
account = MailAccount(address, imap=MailServer("localhost", int(port)), user="anna", password_command=command,
                      ca_file=authority)
handle = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
with imap.Mailbox(account) as box:
    for batch in box.changes(folder, imap.Bookmark(*json.loads(since))):
        mark = batch.bookmark
        os.write(handle, json.dumps([[mark.uidvalidity, mark.uid, mark.modseq],
                                     [head.uid for head in batch.heads]]).encode() + b"\\n")
        time.sleep(0.02)
"""


def test_killed_and_started_again(dovecot_account: MailAccount, tmp_path: Path) -> None:
    """A real process, killed at any moment, again and again, until it comes to the end (faults 50)."""
    folder = new_folder(dovecot_account, 300)
    journal = tmp_path / "journal"
    journal.touch()
    ended = None
    kills = 0
    while ended != 0:
        lines = [json.loads(line) for line in journal.read_text().splitlines()]
        since = json.dumps(lines[-1][0] if lines else [0, 0, 0])
        server = dovecot_account.imap
        assert server is not None
        arguments = [
            dovecot_account.address, dovecot_account.password_command, dovecot_account.ca_file, str(server.port),
            folder, since, str(journal),
        ]  # fmt: skip
        process = subprocess.Popen([sys.executable, "-c", KILLED, *arguments], stderr=subprocess.PIPE)
        goal = len(lines) + 3
        while (ended := process.poll()) is None and len(journal.read_text().splitlines()) < goal:
            time.sleep(0.005)
        if ended is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
        assert ended in (None, 0)
    found = [uid for line in journal.read_text().splitlines() for uid in json.loads(line)[1]]
    assert found == list(range(1, 301))
    assert kills >= 5


def test_large_messages_come_alone(dovecot_account: MailAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "_TOGETHER", 10_000)
    folder = new_folder(dovecot_account)
    with someone_else(dovecot_account) as client:
        for number, size in enumerate((100, 30_000_000, 100, 100), start=1):
            client.append(folder, mail(number, size))
    with Mailbox(dovecot_account) as box:
        (batch,) = box.changes(folder)
        assert [len(raw) for _uid, raw in box.messages(folder, batch.bookmark.uidvalidity, [1, 2, 3, 4])] == [
            head.size for head in batch.heads
        ]


def test_a_message_the_server_cannot_show(dovecot_account: MailAccount, dovecot_server: Dovecot) -> None:
    """One broken file does not hide the others, and reading goes on behind it."""
    folder = new_folder(dovecot_account, 7, f"Brudt {time.monotonic_ns()}")
    kept = [path for place in ("new", "cur") for path in (dovecot_server.maildir("anna", folder) / place).iterdir()]
    (file,) = [path for path in kept if b"Nummer 4\n" in path.read_bytes()]
    if os.geteuid() != 0:
        pytest.skip("only root can make a file the server may not read")
    file.chmod(0)
    os.chown(file, 0, 0)
    batches = read(dovecot_account, folder)
    assert uids(batches) == [1, 2, 3, 5, 6, 7]
    assert [uid for batch in batches for uid in batch.unreadable] == [4]
    assert not read(dovecot_account, folder, batches[-1].bookmark)
