"""Dovecot in the foreground, with IMAP, its own idea of who may log in, and LMTP and SASL for a Postfix beside it.

Written for Dovecot 2.3; the configuration of 2.4 is another. As root it serves as the users of its Debian package, as
anybody else as that one user.
"""

from __future__ import annotations

import getpass
import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from easir_tui.channels.mail_account import MailServer
from tests.servers.certificates import Certificate
from tests.servers.processes import end, free_port, open_folder, wait_for_port

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""

USERS = {"anna": "pæsseord og ømme fødder", "bo": "hemmelig"}
"""Who is let in by which password; `tok-anna` is Anna's token."""

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = easir-tests
protocols = imap{lmtp}
listen = 127.0.0.1
log_path = {folder}/dovecot.log
mail_location = maildir:{folder}/mail/%u/Maildir
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
auth_username_format = %Ln
auth_failure_delay = 0
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
mailbox_list_index = no
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
passdb {{
  driver = static
  mechanisms = xoauth2 oauthbearer
  args = password=tok-%u
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
{lmtp_service}
service auth {{
  inet_listener auth-postfix {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
service stats {{
  unix_listener stats-reader {{
    mode = 0600
  }}
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
}}
"""

LMTP = """service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
}}"""


def why_not() -> str:
    """Why Dovecot cannot be used here, or ""."""
    if not PROGRAM:
        return "dovecot-imapd is not installed"
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=False).stdout
    return "" if said.startswith("2.3.") else f"the tests know Dovecot 2.3, this is {said.split(' ')[0]}"


@dataclass(frozen=True)
class Dovecot:
    """A running server; `lmtp` is 0 when dovecot-lmtpd is not installed."""

    folder: Path
    user: str
    group: str
    tls: MailServer
    starttls: MailServer
    sasl: int
    lmtp: int

    def maildir(self, user: str = "anna", folder: str = "") -> Path:
        """The folder (Maildir) of a mailbox; INBOX unless named."""
        return self.folder / "mail" / user / "Maildir" / (f".{folder}" if folder else "")

    def own(self, path: Path) -> None:
        """Give files made by a test to the user the server reads them as."""
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{self.user}:{self.group}", str(path)], check=True)

    def log(self) -> str:
        """What the server logged."""
        return (self.folder / "dovecot.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def dovecot(certificate: Certificate) -> Iterator[Dovecot]:
    """A server on free loopback ports, with empty mailboxes."""
    with open_folder() as folder:
        for name in ("run", "state", "mail"):
            (folder / name).mkdir()
        is_root = os.geteuid() == 0
        me, my_group = getpass.getuser(), grp.getgrgid(pwd.getpwuid(os.getuid()).pw_gid).gr_name
        user, group = ("mail", "mail") if is_root else (me, my_group)
        lmtp = free_port() if Path("/usr/lib/dovecot/lmtp").exists() else 0
        running = Dovecot(
            folder,
            user,
            group,
            MailServer("localhost", free_port(), "tls"),
            MailServer("localhost", free_port(), "starttls"),
            free_port(),
            lmtp,
        )
        for source, target in ((certificate.certificate, "cert.pem"), (certificate.key, "key.pem")):
            shutil.copy(source, folder / target)
        (folder / "users").write_text("".join(f"{name}:{{PLAIN}}{word}\n" for name, word in USERS.items()))
        (folder / "dovecot.conf").write_text(
            CONFIG.format(
                folder=folder,
                user=user,
                group=group,
                internal="dovecot" if is_root else me,
                internal_group="dovecot" if is_root else my_group,
                login="dovenull" if is_root else me,
                certificate=folder / "cert.pem",
                key=folder / "key.pem",
                imap=running.starttls.port,
                imaps=running.tls.port,
                sasl=running.sasl,
                lmtp=" lmtp" if lmtp else "",
                lmtp_service=LMTP.format(port=lmtp) if lmtp else "",
            )
        )
        running.own(folder / "mail")
        process = subprocess.Popen([PROGRAM, "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL)
        try:
            wait_for_port(running.tls.port, process)
            wait_for_port(running.sasl, process)
            yield running
        finally:
            end(process)
