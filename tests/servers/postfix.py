"""Postfix in the foreground, beside a Dovecot it asks about passwords and hands the mail to. Only root can run it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from easir_tui.channels.mail_account import MailServer
from tests.servers.certificates import Certificate
from tests.servers.dovecot import Dovecot
from tests.servers.processes import end, free_port, open_folder, wait_for_port

PROGRAM = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/q
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.nordlys.test
mydestination =
local_recipient_maps =
mynetworks =
alias_maps =
alias_database =
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
default_transport = lmtp:inet:127.0.0.1:{lmtp}
lmtp_host_lookup = native
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_tls_cert_file = {folder}/cert.pem
smtpd_tls_key_file = {folder}/key.pem
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
message_size_limit = 60000000
"""

MASTER = """
127.0.0.1:{starttls} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr    unix n - n 300 1 qmgr
tlsmgr  unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce  unix - - n - 0 bounce
defer   unix - - n - 0 bounce
trace   unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error   unix - - n - - error
retry   unix - - n - - error
lmtp    unix - - n - - lmtp
smtp    unix - - n - - smtp
anvil   unix - - n - 1 anvil
scache  unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def why_not() -> str:
    """Why Postfix cannot be used here, or ""."""
    if not PROGRAM:
        return "postfix is not installed"
    if not Path("/usr/lib/dovecot/lmtp").exists():
        return "dovecot-lmtpd is not installed"
    return "" if os.geteuid() == 0 else "postfix has to be run as root"


@dataclass(frozen=True)
class Postfix:
    """A running server."""

    folder: Path
    tls: MailServer
    starttls: MailServer

    def log(self) -> str:
        """What the server logged."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def postfix(certificate: Certificate, beside: Dovecot) -> Iterator[Postfix]:
    """A server on free loopback ports; what it takes lies in Dovecot's mailboxes, or comes back."""
    with open_folder() as folder:
        running = Postfix(
            folder, MailServer("localhost", free_port(), "tls"), MailServer("localhost", free_port(), "starttls")
        )
        for name in ("q", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        for source, target in ((certificate.certificate, "cert.pem"), (certificate.key, "key.pem")):
            shutil.copy(source, folder / target)
        (folder / "main.cf").write_text(MAIN.format(folder=folder, lmtp=beside.lmtp, sasl=beside.sasl))
        (folder / "master.cf").write_text(MASTER.format(tls=running.tls.port, starttls=running.starttls.port))
        process = subprocess.Popen(
            [PROGRAM, "-c", str(folder), "start-fg"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for_port(running.tls.port, process)
            yield running
        finally:
            subprocess.run([PROGRAM, "-c", str(folder), "stop"], capture_output=True, check=False)
            end(process)
