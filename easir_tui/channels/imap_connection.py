"""A connection to an incoming mail server: reached, encrypted, its certificate checked, logged in; and its complaints.

imapclient and imaplib under it tell troubles apart by class names and texts; here they become sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from easir_tui.channels.mail_account import STARTTLS, TLS, MailAccount, MailServer
from easir_tui.channels.mail_trouble import (
    Fate,
    MailTrouble,
    connection_trouble,
    no_encryption,
    secret_of,
    server_words,
    trusted,
    with_words,
    without_secret,
    wrong_password,
)
from easir_tui.language import _
from easir_tui.text import clean

if TYPE_CHECKING:
    from imapclient import IMAPClient

CONNECT, ANSWER = 20.0, 120.0
"""Seconds to wait for a connection, and for the next bytes of an answer."""

_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN|THROTTLED)", re.IGNORECASE)
"""Answers that may be others later (RFC 5530)."""

_WRAPPED = re.compile(
    r"""(?:command: \w+ => |[\w ]{1,40} (?:failed|command error): )?(?:(?:BAD|NO) )?(?:\[?b(['"])(.*)\1\]?|(.*))""",
    re.DOTALL,
)
"""What the libraries put around what a server said."""


class HungUp(MailTrouble):
    """The server ended the connection, and said so (BYE)."""


def connect(account: MailAccount, connect_within: float = CONNECT, answer_within: float = ANSWER) -> IMAPClient:
    """A connection that is logged in.

    Raises:
        MailTrouble: there is none to be had.
    """
    server = account.imap
    if server is None:
        raise MailTrouble(
            Fate.NO_SERVER,
            _("The mail account {address} has no server to read from.").format(address=clean(account.address)),
        )
    client = _reach(account, server, connect_within, answer_within)
    try:
        with understood(server):
            if server.security == STARTTLS:
                if not client.has_capability("STARTTLS"):
                    raise no_encryption(server)
                client.starttls(trusted(account))
        _log_in(client, account, server)
        with understood(server):
            if client.has_capability("CONDSTORE") and client.has_capability("ENABLE"):
                client.enable("CONDSTORE")
    except BaseException:
        hang_up(client)
        raise
    return client


def hang_up(client: IMAPClient) -> None:
    """Close the connection without a word."""
    with suppress(OSError, client.Error):
        client.shutdown()


def _reach(account: MailAccount, server: MailServer, connect_within: float, answer_within: float) -> IMAPClient:
    import logging

    from imapclient import IMAPClient, SocketTimeout

    logging.getLogger("imapclient").setLevel(logging.CRITICAL)  # it would log every mail
    context = trusted(account) if server.security == TLS else None
    try:
        with understood(server):
            client = IMAPClient(
                server.host,
                server.port,
                ssl=server.security == TLS,
                ssl_context=context,
                timeout=SocketTimeout(connect_within, answer_within),
            )
    except MailTrouble as trouble:
        if trouble.fate is Fate.REFUSED:  # a greeting of BYE: too busy, too many connections
            raise _not_now(server, trouble.words) from None
        raise
    client._imap.debug = 0  # or every line is formatted for the log that is off
    client.normalise_times = False
    return client


def _log_in(client: IMAPClient, account: MailAccount, server: MailServer) -> None:
    from imapclient.exceptions import IMAPClientAbortError, LoginError

    command = account.token_command or account.password_command
    way = "XOAUTH2" if account.token_command else "PLAIN"
    if not command:
        raise MailTrouble(
            Fate.SECRET,
            _("The mail account {address} has no command for its password.").format(address=clean(account.address)),
        )
    with understood(server):
        can_plain = client.has_capability(f"AUTH={way}")
        can_login = way == "PLAIN" and not client.has_capability("LOGINDISABLED")
    word = secret_of(command)
    if not can_plain and not (can_login and (account.login + word).isascii()):
        raise MailTrouble(
            Fate.PASSWORD,
            _("{host} offers no way to log in that fits the mail account.").format(host=clean(server.host)),
        )
    with understood(server):
        try:
            if way == "XOAUTH2":
                client.oauth2_login(account.login, word)
            elif can_plain:
                client.plain_login(account.login, word)
            else:
                client.login(account.login, word)
        except LoginError as error:
            if isinstance(error.__context__, IMAPClientAbortError):
                raise error.__context__ from None
            words = without_secret(words_of(error), word)
            if _PASSING.search(words):
                raise _not_now(server, words) from None
            raise wrong_password(account, server, words) from None


def words_of(error: Exception) -> str:
    """What the server said, without what the libraries wrap around it."""
    said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error)
    found = _WRAPPED.fullmatch(server_words(said))
    return (found[2] or found[3] or "") if found else ""


@contextmanager
def understood(server: MailServer) -> Iterator[None]:
    """Within it, whatever the network, the server or what it sends do wrong is a MailTrouble."""
    from imapclient.exceptions import (
        IMAPClientAbortError,
        IMAPClientError,
        IMAPClientReadOnlyError,
        ProtocolError,
    )

    try:
        yield
    except OSError as error:
        raise connection_trouble(error, server) from error
    except IMAPClientReadOnlyError as error:
        raise _refusal(server, words_of(error)) from error
    except IMAPClientAbortError as error:
        if isinstance(error.__context__, OSError):
            raise connection_trouble(error.__context__, server) from error
        words = words_of(error)
        sentence = _("The connection to the mail server {host} was lost.").format(host=clean(server.host))
        kind = MailTrouble if words.startswith("socket error") else HungUp
        raise kind(Fate.LATER, with_words(sentence, words), _("It can be tried again later."), words=words) from error
    except (ProtocolError, ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        sentence = _("The answer of {host} cannot be understood.").format(host=clean(server.host))
        raise MailTrouble(Fate.REFUSED, sentence, words=server_words(error)) from error
    except IMAPClientError as error:
        words = words_of(error)
        if _PASSING.search(words):
            raise _not_now(server, words) from error
        raise _refusal(server, words) from error


def _refusal(server: MailServer, words: str) -> MailTrouble:
    sentence = _("{host} refuses.").format(host=clean(server.host))
    return MailTrouble(Fate.REFUSED, with_words(sentence, words), words=words)


def _not_now(server: MailServer, words: str) -> MailTrouble:
    sentence = _("{host} cannot do it now.").format(host=clean(server.host))
    return MailTrouble(Fate.LATER, with_words(sentence, words), _("It can be tried again later."), words=words)
