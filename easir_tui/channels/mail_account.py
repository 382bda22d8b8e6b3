"""Where a person's mail is sent from and read: two servers, one login, and how its secret is come by.

A password or token is never kept. A command of the user's own (`pass show crm/anna`) prints it when it is needed;
it goes straight into the login and into nothing else: no log, no error, no environment, no argument of a process.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from easir_tui.errors import Invalid, Refused
from easir_tui.language import _
from easir_tui.text import clean

TLS, STARTTLS, NONE = "tls", "starttls", "none"
SECURITY = (TLS, STARTTLS, NONE)
"""TLS from the first byte, TLS by an upgrade that must succeed, or none at all, which never leaves this machine."""

PATIENCE = 30.0
"""Seconds a command may take to print the secret; a person may have to unlock a keyring meanwhile."""

_LONGEST_SECRET = 16_384
"""Bytes; tokens of some providers have several thousand."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """One server and how it is spoken to; `security` is one of `SECURITY`.

    Raises:
        Invalid: no host, no such port or security, or no encryption to another machine.
    """

    host: str
    port: int
    security: str = TLS

    def __post_init__(self) -> None:
        if not _is_host(self.host):
            raise Invalid("host", _("“{host}” is not the name of a server.").format(host=clean(self.host)))
        if not 0 < self.port < 65_536:
            raise Invalid("port", _("A port is a number from 1 to 65535."))
        if self.security not in SECURITY:
            known = ", ".join(SECURITY)
            raise Invalid("security", _("The security of a mail server is one of {words}.").format(words=known))
        if self.security == NONE and not is_loopback(self.host):
            raise Invalid(
                "security",
                _("Mail to {host} would travel unencrypted.").format(host=self.host),
                _("Use tls or starttls; none is for a server on this machine."),
            )


@dataclass(frozen=True, slots=True)
class MailAccount:
    """One mailbox of one person.

    `smtp` or `imap` may be missing: then nothing is sent, or nothing read. With neither command there is no login,
    which only a server on this machine may allow. `token_command` prints an OAuth access token (XOAUTH2) and wins
    over `password_command`, whose first line is the password. `ca_file` names the only authorities trusted (PEM);
    "" trusts those of the system. `folders` are the ones to read; none means the inbox and the sent mail.

    Raises:
        Invalid: a value that cannot be right.
    """

    address: str
    smtp: MailServer | None = None
    imap: MailServer | None = None
    user: str = ""
    password_command: str = field(default="", repr=False)
    token_command: str = field(default="", repr=False)
    ca_file: str = ""
    folders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _plain(self.address) or "@" not in self.address.strip("@"):
            raise Invalid("address", _("“{text}” is not an e-mail address.").format(text=clean(self.address)))
        if not _plain(self.user):
            raise Invalid("user", _("“{text}” cannot be a user name.").format(text=clean(self.user)))

    @property
    def login(self) -> str:
        """The name to log in with: the user name, or the address where there is none."""
        return self.user or self.address


def _is_host(host: str) -> bool:
    """Whether a name service can be asked for it (RFC 1035: labels of 63 letters), or it is an address."""
    try:
        return bool(host) and " " not in host and _plain(host) and bool(host.encode("idna"))
    except UnicodeError:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and no name service has a say in it (RFC 6761)."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _plain(text: str) -> bool:
    """Whether a text has no control characters, which would be syntax to a server."""
    return not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in text)


def secret(command: str, patience: float = PATIENCE) -> str:
    """The first line a command prints: a password or a token.

    The command is split as a shell would and run without one. What it says, on either output, appears nowhere, and
    of itself only the name of the program does, for its arguments may be telling.

    Raises:
        Refused: it cannot be run, fails, takes longer than `patience` seconds, or prints nothing that is a secret.
    """
    import shlex

    try:
        words = [os.path.expanduser(word) for word in shlex.split(command)]
    except ValueError:
        words = []
    if not words:
        raise Refused(_("The command for the mail password cannot be read."), _("Quotation marks come in pairs."))
    program = Path(words[0]).name
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError):
        raise Refused(
            _("The command for the mail password, {program}, could not be started.").format(program=program)
        ) from None
    try:
        printed = process.communicate(timeout=patience)[0]
    except subprocess.TimeoutExpired:
        _end(process)
        raise Refused(
            _("The command for the mail password, {program}, did not answer in time.").format(program=program)
        ) from None
    except BaseException:
        _end(process)
        raise
    if process.returncode:
        raise Refused(
            _("The command for the mail password, {program}, failed ({code}).").format(
                program=program, code=process.returncode
            ),
            _("Run it in a terminal to see why."),
        )
    return _first_line(printed, program)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command with all it started; what it started may live on and hold the output open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _first_line(printed: bytes, program: str) -> str:
    try:
        line = printed.partition(b"\n")[0].rstrip(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        line = ""
    if not line or not _plain(line) or len(line) > _LONGEST_SECRET:
        raise Refused(_("The command for the mail password, {program}, printed no password.").format(program=program))
    return line
