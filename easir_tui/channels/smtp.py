"""Sending: what became of a message, exactly as far as anyone can know it.

A message is only taken when the server says so after its final dot. Lost before the dot it was surely not taken; lost
between the dot and the answer nobody can tell, and that is an outcome of its own: sending such a message again may
make two of it, not sending it none (RFC 5321, section 6.1, and RFC 1047). `smtplib` hides the difference, so the
message itself is sent here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from easir_tui.channels.mail_account import MailAccount, MailServer
from easir_tui.channels.mail_address import wire_address
from easir_tui.channels.mail_trouble import (
    Fate,
    MailTrouble,
    connection_trouble,
    server_words,
    with_words,
    wrong_password,
)
from easir_tui.channels.smtp_connection import Timeouts, answer_trouble, connect
from easir_tui.errors import Invalid
from easir_tui.language import _, ngettext, size
from easir_tui.text import clean

if TYPE_CHECKING:
    import smtplib

_BLOCK = 262_144
"""Bytes handed to the network at once; each has the time-out of a block to leave."""

_GOODBYE = 5.0
"""Seconds a server gets for saying goodbye; nothing depends on it."""

_LOG_IN_FIRST = (530, 534, 535, 538)
"""Answers to a command that mean the login and not the message (RFC 4954, section 6)."""

_CLOSING = 421
"""The server closes the connection, whatever was asked (RFC 5321, section 3.8)."""


@dataclass(frozen=True, slots=True)
class RefusedRecipient:
    """One address the server would not take a message for; `later` if it may take it another time."""

    address: str
    code: int
    words: str

    @property
    def later(self) -> bool:
        """Whether it was a passing reason (4xx)."""
        return not 500 <= self.code < 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message.

    `sentence` says it to a person, `words` and `code` are the server's own. `refused` names recipients the server
    would not take it for; of an accepted message all others get it.
    """

    fate: Fate
    sentence: str
    hint: str = ""
    words: str = ""
    code: int = 0
    refused: tuple[RefusedRecipient, ...] = ()


def deliver(account: MailAccount, raw: bytes, sender: str, recipients: Sequence[str]) -> Outcome:
    """Send one message over a connection of its own; see `Sender.send`."""
    with Sender(account) as connection:
        return connection.send(raw, sender, recipients)


class Sender:
    """One account's way out, for any number of messages; the connection is made by the first and kept for the next.

    with Sender(account) as sender:
        outcome = sender.send(raw, "anna@nordlys.dk", ["bo@kunde.dk"])
    """

    def __init__(self, account: MailAccount, timeouts: Timeouts | None = None) -> None:
        self._account = account
        self._timeouts = timeouts or Timeouts()
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._client is not None and self._client.sock is not None and kind is None:
            with suppress(OSError):
                self._client.sock.settimeout(_GOODBYE)
                self._client.docmd("QUIT")
        self._drop()

    def send(
        self, raw: bytes, sender: str, recipients: Sequence[str], at_the_brink: Callable[[], None] | None = None
    ) -> Outcome:
        """Hand a message over. Whatever the network, the server or the login do is an outcome, never an error.

        `sender` and `recipients` are the envelope; the message says nothing about who else gets it. A kept connection
        that has died meanwhile is made anew once. `at_the_brink` is called before the message itself
        leaves: the last moment at which the server surely has not got it. What that raises ends the attempt.

        Raises:
            Invalid: an address is none, or there is no recipient.
        """
        envelope_from = wire_address(sender, "sender")
        to = list(dict.fromkeys(wire_address(one, "to") for one in recipients))
        if not to:
            raise Invalid("to", _("The message is for nobody."))
        content = _on_the_wire(raw)
        while True:
            is_new = self._client is None
            try:
                if self._client is None:
                    self._client = connect(self._account, self._timeouts)
                return self._hand_over(self._client, envelope_from, to, content, at_the_brink)
            except MailTrouble as trouble:
                self._drop()
                if is_new or trouble.fate is not Fate.LATER:
                    return Outcome(trouble.fate, trouble.sentence, trouble.hint, trouble.words, trouble.code)

    @property
    def _server(self) -> MailServer:
        assert self._account.smtp is not None
        return self._account.smtp

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _hand_over(
        self,
        client: smtplib.SMTP,
        sender: str,
        to: list[str],
        content: bytes,
        at_the_brink: Callable[[], None] | None,
    ) -> Outcome:
        """One transaction.

        Raises:
            MailTrouble: the connection was lost, or closed by the server, before the end of the message.
        """
        options = f" SIZE={len(content)}" if client.has_extn("size") else ""
        if not all(one.isascii() for one in (sender, *to)) or not content.partition(b"\r\n\r\n")[0].isascii():
            if not client.has_extn("smtputf8"):
                return self._cannot_do_letters(sender, to)
            options += " BODY=8BITMIME SMTPUTF8"
        elif client.has_extn("8bitmime") and not content.isascii():
            options += " BODY=8BITMIME"
        if too_large := self._too_large(client, len(content)):
            return too_large
        client.command_encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
        code, said = self._ask(client, "MAIL", f"FROM:<{sender}>{options}")
        if code != 250:
            return self._declined(client, code, said)
        refused: list[RefusedRecipient] = []
        for one in to:
            code, said = self._ask(client, "RCPT", f"TO:<{one}>")
            if code not in (250, 251, 252):
                refused.append(RefusedRecipient(one, code, server_words(said)))
        if len(refused) == len(to):
            return self._nobody(client, tuple(refused))
        if at_the_brink is not None:
            try:
                at_the_brink()
            except BaseException:
                self._begin_again(client)
                raise
        code, said = self._ask(client, "DATA")
        if code != 354:
            return self._declined(client, code, said, tuple(refused))
        return self._content(client, content, tuple(refused))

    def _ask(self, client: smtplib.SMTP, command: str, arguments: str = "") -> tuple[int, bytes]:
        """A command and its answer, before the message itself."""
        import smtplib

        try:
            code, said = client.docmd(command, arguments)
        except smtplib.SMTPResponseException as error:
            raise answer_trouble(self._server, 0, error.smtp_error) from error
        except OSError as error:
            raise connection_trouble(error, self._server) from error
        if code == _CLOSING:
            raise answer_trouble(self._server, code, said)
        if code in _LOG_IN_FIRST:
            raise wrong_password(self._account, self._server, server_words(said), code)
        return code, said

    def _content(self, client: smtplib.SMTP, content: bytes, refused: tuple[RefusedRecipient, ...]) -> Outcome:
        """The message, its final dot, and the answer that decides."""
        import smtplib

        assert client.sock is not None
        client.sock.settimeout(self._timeouts.block)
        view = memoryview(content)
        try:
            for start in range(0, len(content), _BLOCK):
                client.sock.sendall(view[start : start + _BLOCK])
            client.sock.sendall(b".\r\n")
        except OSError as error:
            raise self._broken_off(client, error) from error
        try:
            client.sock.settimeout(self._timeouts.verdict)
            code, said = client.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return self._uncertain(server_words(error))
        if not 200 <= code < 600:
            self._drop()
            return self._uncertain(server_words(said))
        client.sock.settimeout(self._timeouts.command)
        if code >= 300:
            return self._declined(client, code, said, refused)
        return self._accepted(code, said, refused)

    def _broken_off(self, client: smtplib.SMTP, error: OSError) -> MailTrouble:
        """Why the server stopped listening before the final dot; it may have said so before it went."""
        import smtplib

        with suppress(smtplib.SMTPException, OSError):
            assert client.sock is not None
            client.sock.settimeout(_GOODBYE)
            code, said = client.getreply()
            if 400 <= code < 600:
                return answer_trouble(self._server, code, said)
        return connection_trouble(error, self._server)

    # What it comes to ------------------------------------------------------------------------------

    def _accepted(self, code: int, said: bytes, refused: tuple[RefusedRecipient, ...]) -> Outcome:
        words = server_words(said)
        host = clean(self._server.host)
        if not refused:
            sentence = _("{host} has taken the message.").format(host=host)
            return Outcome(Fate.ACCEPTED, sentence, words=words, code=code)
        sentence = ngettext(
            "{host} has taken the message, but not for {count} recipient: {who}.",
            "{host} has taken the message, but not for {count} recipients: {who}.",
            len(refused),
        ).format(host=host, count=len(refused), who=_listed(refused))
        return Outcome(Fate.ACCEPTED, sentence, words=words, code=code, refused=refused)

    def _declined(
        self, client: smtplib.SMTP, code: int, said: bytes, refused: tuple[RefusedRecipient, ...] = ()
    ) -> Outcome:
        """Not taken; the connection is good for the next message if the server agrees."""
        trouble = answer_trouble(self._server, code, said)
        if code == _CLOSING:
            self._drop()
        else:
            self._begin_again(client)
        return Outcome(trouble.fate, trouble.sentence, trouble.hint, trouble.words, code, refused)

    def _nobody(self, client: smtplib.SMTP, refused: tuple[RefusedRecipient, ...]) -> Outcome:
        """Not one recipient was taken; if one of them may be later, the message may be."""
        self._begin_again(client)
        reason = next((one for one in refused if one.later), refused[0])
        host = clean(self._server.host)
        if reason.later:
            sentence = _("{host} does not take the message now for {who}.").format(host=host, who=_listed(refused))
            fate, hint = Fate.LATER, _("It can be tried again later.")
        else:
            sentence = _("{host} refuses the message for good for {who}.").format(host=host, who=_listed(refused))
            fate, hint = Fate.REFUSED, _("Check the address.")
        return Outcome(fate, with_words(sentence, reason.words), hint, reason.words, reason.code, refused)

    def _begin_again(self, client: smtplib.SMTP) -> None:
        try:
            client.rset()
        except OSError:
            self._drop()

    def _uncertain(self, words: str) -> Outcome:
        return Outcome(
            Fate.UNCERTAIN,
            _("The connection to {host} was lost before it answered: the message may have been sent, or not.").format(
                host=clean(self._server.host)
            ),
            _("Look in the sent mail, or ask the recipient, before it is sent again."),
            words,
        )

    def _cannot_do_letters(self, sender: str, to: list[str]) -> Outcome:
        odd = next((one for one in (sender, *to) if not one.isascii()), sender)
        sentence = _("{host} cannot send to or from an address like {address}.").format(
            host=clean(self._server.host), address=clean(odd)
        )
        return Outcome(Fate.REFUSED, sentence, _("Use an address without letters such as ø before the @."))

    def _too_large(self, client: smtplib.SMTP, length: int) -> Outcome | None:
        """The refusal of a message the server has said it would not take (RFC 1870); it is not even begun."""
        told = client.esmtp_features.get("size", "").strip()
        limit = int(told) if told.isascii() and told.isdecimal() else 0
        if not 0 < limit < length:
            return None
        sentence = _("The message has {size}; {host} takes no more than {limit}.").format(
            size=size(length), host=clean(self._server.host), limit=size(limit)
        )
        return Outcome(Fate.REFUSED, sentence, _("Send fewer or smaller files."))


def _listed(refused: tuple[RefusedRecipient, ...]) -> str:
    """Up to three of them with their reasons, and … for more."""
    shown = [f"{clean(one.address)} ({one.words or one.code})" for one in refused[:3]]
    return ", ".join(shown) + ("…" if len(refused) > 3 else "")


def _on_the_wire(raw: bytes) -> bytes:
    """A message with CRLF line ends only, its leading dots doubled, ending in a line end (RFC 5321, section 4.5.2).

    A lone CR or LF before a dot is how one message is smuggled into another; none is left.
    """
    if raw.count(b"\n") != raw.count(b"\r\n") or raw.count(b"\r") != raw.count(b"\r\n"):
        raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    if raw.startswith(b".") or b"\n." in raw:
        raw = re.sub(rb"(?m)^\.", b"..", raw)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"
