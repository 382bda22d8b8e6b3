"""A connection to an outgoing mail server: reached, encrypted, its certificate checked, logged in.

`smtplib` refuses a password with letters such as ø and falls back to weaker ways of logging in by itself, so the login
is written out here: XOAUTH2, PLAIN or LOGIN (RFC 4954, RFC 4616), always in UTF-8.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from easir_tui.channels.mail_account import NONE, STARTTLS, TLS, MailAccount, MailServer
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
    import smtplib


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a server: for the connection, an answer, a block of a message to leave, the last answer.

    The last one is long, as RFC 5321, section 4.5.3.2.6 asks: giving up there leaves the message uncertain.
    """

    connect: float = 20
    command: float = 60
    block: float = 120
    verdict: float = 600


def connect(account: MailAccount, timeouts: Timeouts) -> smtplib.SMTP:
    """A connection ready for a message.

    Raises:
        MailTrouble: there is none to be had.
    """
    import smtplib

    server = account.smtp
    if server is None:
        raise MailTrouble(
            Fate.NO_SERVER,
            _("The mail account {address} has no server to send by.").format(address=clean(account.address)),
        )
    try:
        client = _reach(account, server, timeouts)
    except smtplib.SMTPResponseException as error:
        raise answer_trouble(server, error.smtp_code, error.smtp_error) from error
    except OSError as error:
        raise connection_trouble(error, server) from error
    try:
        _greet(client, account, server)
        _log_in(client, account, server)
    except smtplib.SMTPResponseException as error:
        client.close()
        raise answer_trouble(server, error.smtp_code, error.smtp_error) from error
    except OSError as error:
        client.close()
        raise connection_trouble(error, server) from error
    except BaseException:
        client.close()
        raise
    return client


def answer_trouble(server: MailServer, code: int, said: bytes | str) -> MailTrouble:
    """The trouble a 4xx or 5xx means; what is no such number is worth another try."""
    words = server_words(said)
    if 500 <= code < 600:
        sentence = _("{host} refuses the message for good.").format(host=clean(server.host))
        return MailTrouble(Fate.REFUSED, with_words(sentence, words), words=words, code=code)
    sentence = _("{host} does not take the message now.").format(host=clean(server.host))
    return MailTrouble(
        Fate.LATER, with_words(sentence, words), _("It can be tried again later."), words=words, code=code
    )


def _reach(account: MailAccount, server: MailServer, timeouts: Timeouts) -> smtplib.SMTP:
    """A connection that has said hello; the name this machine has is told to nobody."""
    import smtplib

    hidden = "localhost"
    if server.security == TLS:
        context = trusted(account)
        client: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=hidden, timeout=timeouts.connect, context=context
        )
    else:
        client = smtplib.SMTP(server.host, server.port, local_hostname=hidden, timeout=timeouts.connect)
    assert client.sock is not None
    client.sock.settimeout(timeouts.command)
    here = client.sock.getsockname()[0]
    client.local_hostname = f"[IPv6:{here}]" if ":" in here else f"[{here}]"
    return client


def _greet(client: smtplib.SMTP, account: MailAccount, server: MailServer) -> None:
    """Say hello, and go over to TLS where that is asked for."""
    client.ehlo_or_helo_if_needed()
    if server.security == STARTTLS:
        if not client.has_extn("starttls"):
            raise no_encryption(server)
        client.starttls(context=trusted(account))
        client.ehlo_or_helo_if_needed()


def _log_in(client: smtplib.SMTP, account: MailAccount, server: MailServer) -> None:
    """Log in if the account says how.

    Raises:
        MailTrouble: no secret, no common way to log in, or not let in.
    """
    command = account.token_command or account.password_command
    if not command:
        return
    offered = client.esmtp_features.get("auth", "").upper().split()
    known = ("XOAUTH2",) if account.token_command else ("PLAIN", "LOGIN")
    way = next((one for one in known if one in offered), "")
    if not way:
        sentence = _("{host} offers no way to log in that fits the mail account.").format(host=clean(server.host))
        hint = _("It may allow that only with encryption.") if server.security == NONE else ""
        raise MailTrouble(Fate.PASSWORD, sentence, hint, words=server_words(" ".join(offered)))
    word = secret_of(command)
    code, said = _answers(client, way, account.login, word)
    if code == 235:
        return
    if 400 <= code < 500:
        raise answer_trouble(server, code, without_secret(server_words(said), word))
    raise wrong_password(account, server, without_secret(server_words(said), word), code)


def _answers(client: smtplib.SMTP, way: str, user: str, word: str) -> tuple[int, bytes]:
    """The last answer of a login."""
    if way == "LOGIN":
        code, said = client.docmd("AUTH", "LOGIN")
        for part in (user, word):
            if code != 334:
                break
            code, said = client.docmd(_base64(part))
        return code, said
    first = f"user={user}\1auth=Bearer {word}\1\1" if way == "XOAUTH2" else f"\0{user}\0{word}"
    code, said = client.docmd("AUTH", f"{way} {_base64(first)}")
    if code == 334:  # what is wrong with the token, in JSON; the refusal itself follows
        code, said = client.docmd("")
    return code, said


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
