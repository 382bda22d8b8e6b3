"""An outgoing mail server (aiosmtpd) that keeps what it takes, and behaves badly when told to.

with smtp_server(certificate, "starttls") as server:
    server.mood.recipients["bo@kunde.dk"] = "550 5.1.1 No such user"
    outcome = deliver(replace(account, smtp=server.address), raw, …)
    server.taken[0].content
"""

# ruff: noqa: N802 - the names aiosmtpd looks for

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from easir_tui.channels.mail_account import MailServer
from tests.servers.certificates import Certificate
from tests.servers.processes import free_port

USER, PASSWORD, TOKEN = "anna", "pæsseord og ømme fødder", "ya29.tøken"
"""Who is let in by which password or which token."""


@dataclass
class Mood:
    """How the server answers; "" is as it should."""

    mail: str = ""
    data: str = ""
    """Instead of 354."""
    verdict: str = ""
    """To a whole message."""
    login: str = ""
    recipients: dict[str, str] = field(default_factory=dict)
    drop: str = ""
    """Where the connection is cut: "mail", "rcpt", "middle" of the message, "dot" after its end."""
    full: str = ""
    """An answer in the middle of the message, after which it listens no more."""
    silent: bool = False
    """Whether a whole message gets no answer at all."""
    garbled: bool = False
    """Whether the answer to a whole message is no answer."""


@dataclass
class Taken:
    """A message the server has taken, or has seen to its end before something went wrong."""

    sender: str
    recipients: list[str]
    content: bytes
    options: list[str]


class _Server(SMTP):
    """The protocol, with accidents."""

    async def smtp_DATA(self, arg: str) -> None:
        mood = self.event_handler.mood
        if mood.data:
            await self.push(mood.data)
        elif mood.drop == "middle" or mood.full:
            await self.push("354 Go ahead")
            await self._reader.readexactly(1000)
            if mood.full:
                await self.push(mood.full)
                await asyncio.sleep(0.3)
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class _Handler:
    """What aiosmtpd asks at each step."""

    def __init__(self, server: SmtpServer) -> None:
        self.server = server

    @property
    def mood(self) -> Mood:
        return self.server.mood

    async def handle_MAIL(self, server: Any, session: Session, envelope: Envelope, who: str, options: list[str]) -> str:
        if self.mood.drop == "mail":
            server.transport.abort()
        if self.mood.mail:
            return self.mood.mail
        envelope.mail_from = who
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, who: str, options: list[str]) -> str:
        if self.mood.drop == "rcpt":
            server.transport.abort()
        if answer := self.mood.recipients.get(who, ""):
            return answer
        envelope.rcpt_tos.append(who)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        taken = Taken(envelope.mail_from or "", list(envelope.rcpt_tos), content, list(envelope.mail_options))
        if self.mood.drop == "dot":
            self.server.seen.append(taken)
            server.transport.abort()
            return "250 nobody hears this"
        if self.mood.silent:
            await asyncio.sleep(30)
        if self.mood.garbled:
            return "øh"
        if self.mood.verdict:
            return self.mood.verdict
        self.server.taken.append(taken)
        return "250 2.0.0 Queued as 4711"

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        if said == f"user={USER}\1auth=Bearer {TOKEN}\1\1":
            return AuthResult(success=True, auth_data=USER)
        await server.challenge_auth('{"status":"401"}')
        return AuthResult(success=False, handled=False)


@dataclass
class SmtpServer:
    """A running server: where it is, how it behaves, what it has taken and what it has only seen."""

    address: MailServer
    mood: Mood = field(default_factory=Mood)
    taken: list[Taken] = field(default_factory=list)
    seen: list[Taken] = field(default_factory=list)
    connections: int = 0

    def let_in(self, _server: Any, session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Whether a login is right; a mood says otherwise."""
        if self.mood.login:
            return AuthResult(success=False, handled=False, message=self.mood.login)
        right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=right, handled=False, auth_data=USER if right else None)


@contextmanager
def smtp_server(
    certificate: Certificate,
    security: str = "tls",
    *,
    host: str = "localhost",
    offers_tls: bool = True,
    letters: bool = True,
    limit: int | None = None,
    login: bool = True,
    only: str = "",
) -> Iterator[SmtpServer]:
    """A server on a free loopback port.

    `letters` is SMTPUTF8, `limit` the most bytes of a message, `only` the one way to log in that is offered.
    """
    found = SmtpServer(MailServer(host, free_port(), security))
    context: ssl.SSLContext = certificate.context()

    class Listening(Controller):
        def factory(self) -> SMTP:
            found.connections += 1
            return _Server(self.handler, **self.SMTP_kwargs)

        def _trigger_server(self) -> None:
            """Its own trial connection does not know a server's context."""
            self._factory_invoked.set()
            self.smtpd = object()  # type: ignore[assignment]

    options: dict[str, Any] = {"enable_SMTPUTF8": letters, "data_size_limit": limit, "loop": asyncio.new_event_loop()}
    if login:
        options |= {"authenticator": found.let_in, "auth_required": True, "auth_require_tls": security == "starttls"}
        if only:
            options["auth_exclude_mechanism"] = [one for one in ("PLAIN", "LOGIN", "XOAUTH2") if one != only]
    if security == "tls":
        options["ssl_context"] = context
    elif security == "starttls" and offers_tls:
        options |= {"tls_context": context, "require_starttls": True}
    controller = Listening(_Handler(found), hostname="127.0.0.1", port=found.address.port, **options)
    controller.start()
    try:
        yield found
    finally:
        controller.stop()
        for thread in threading.enumerate():
            if thread is controller._thread:
                thread.join(5)
