"""A mailbox of 50,000 messages: in bounded time and in steady memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from easir_tui.channels.imap import Mailbox
from easir_tui.channels.mail_account import MailAccount
from tests.channels.mailboxes import mail, new_folder
from tests.servers.dovecot import Dovecot

MANY = 50_000

READS = """
import json, re, sys, time
from easir_tui.channels import imap
from easir_tui.channels.mail_account import MailAccount, MailServer
address, command, authority, port, folder = sys.argv[1:]
account = MailAccount(address, imap=MailServer("localhost", int(port)), user="anna", password_command=command,
                      ca_file=authority)
peak = lambda: int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024
start, seen, early = time.monotonic(), [], 0
with imap.Mailbox(account) as box:
    for number, batch in enumerate(box.changes(folder)):
        seen += [head.uid for head in batch.heads]
        if number == 5:
            early = peak()
print(json.dumps({"seconds": time.monotonic() - start, "early": early, "peak": peak(), "count": len(seen),
                  "distinct": len(set(seen)), "mark": [batch.bookmark.uid, batch.bookmark.modseq]}))
"""


@pytest.fixture
def crowded(dovecot_account: MailAccount, dovecot_server: Dovecot) -> str:
    """A folder of 50,000 messages, written straight into its files."""
    folder = new_folder(dovecot_account, name=f"Arkiv {time.monotonic_ns()}")
    current = dovecot_server.maildir("anna", folder) / "cur"
    for number in range(1, MANY + 1):
        (current / f"{1_700_000_000 + number}.M{number}P1.host:2,{'S' if number % 2 else ''}").write_bytes(mail(number))
    dovecot_server.own(current)
    return folder


def test_fifty_thousand(dovecot_account: MailAccount, crowded: str) -> None:
    """All headers in two minutes at the most, with next to no more memory than for the first batches."""
    server = dovecot_account.imap
    assert server is not None
    arguments = [
        dovecot_account.address, dovecot_account.password_command, dovecot_account.ca_file, str(server.port), crowded,
    ]  # fmt: skip
    done = subprocess.run([sys.executable, "-c", READS, *arguments], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    if os.environ.get("EASIR_FIGURES"):
        print(told)
    assert (told["count"], told["distinct"]) == (MANY, MANY)
    assert told["seconds"] < 120
    assert told["peak"] - told["early"] < 20
    with Mailbox(dovecot_account) as box:
        (folder,) = [one for one in box.folders() if one.name == crowded]
        start = time.monotonic()
        (last,) = box.changes(folder.name, _before_the_last(box, folder.name, told["mark"]))
        assert [head.uid for head in last.heads] == [told["mark"][0]]
        assert time.monotonic() - start < 5


def _before_the_last(box: Mailbox, folder: str, mark: list[int]):  # type: ignore[no-untyped-def]
    """The bookmark of somebody who lacks only the last message."""
    from easir_tui.channels.imap import Bookmark

    return Bookmark(box._open(folder).uidvalidity, mark[0] - 1, mark[1])
