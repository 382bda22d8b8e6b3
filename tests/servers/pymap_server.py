"""pymap, an IMAP server in Python that needs nothing installed: no CONDSTORE, no special-use, mailboxes in memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from easir_tui.channels.mail_account import MailServer
from tests.servers.certificates import Certificate
from tests.servers.processes import end, free_port, wait_for_port


@contextmanager
def pymap(certificate: Certificate, user: str, password: str, security: str = "starttls") -> Iterator[MailServer]:
    """A server on a free loopback port with the demonstration mailbox of pymap."""
    port = free_port()
    program = str(Path(sys.executable).with_name("pymap"))
    process = subprocess.Popen(
        [
            program, "--host", "127.0.0.1", "--port", str(port), "--cert", str(certificate.certificate),
            "--key", str(certificate.key), "--no-service", "admin", "--no-service", "sieve",
            "dict", "--demo-data", "--demo-user", user, "--demo-password", password,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_port(port, process)
        yield MailServer("localhost", port, security)
    finally:
        end(process)
