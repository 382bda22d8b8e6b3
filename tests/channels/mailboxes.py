"""Mailboxes of the tests, filled by imapclient itself and not by what is tested."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from imapclient import IMAPClient

from easir_tui.channels.mail_account import STARTTLS, TLS, MailAccount, secret
from easir_tui.channels.mail_trouble import trusted

_numbers = count(1)


@contextmanager
def someone_else(account: MailAccount) -> Iterator[IMAPClient]:
    """Another mail program of the same person."""
    server = account.imap
    assert server is not None
    context = trusted(account)
    client = IMAPClient(server.host, server.port, ssl=server.security == TLS, ssl_context=context, timeout=20)
    if server.security == STARTTLS:
        client.starttls(context)
    client.plain_login(account.login, secret(account.password_command))
    try:
        yield client
    finally:
        client.logout()


def mail(number: int, size: int = 0) -> bytes:
    """A message; its number is in its id."""
    return (
        f"From: =?utf-8?q?Kunde_=C3=98?= <k{number}@kunde.dk>\r\nTo: anna@nordlys.dk\r\nSubject: Nummer {number}\r\n"
        f"Message-ID: <{number}@kunde.dk>\r\nReferences: <{number - 1}@kunde.dk>\r\nX-Other: {'x' * 200}\r\n"
        f"Date: Wed, 25 Nov 2026 14:00:00 +0100\r\n\r\nHej {number}\r\n{'y' * size}\r\n"
    ).encode()


def new_folder(account: MailAccount, messages: int = 0, name: str = "") -> str:
    """A folder nobody else uses, with so many messages."""
    name = name or f"Køb & salg {next(_numbers)}"
    with someone_else(account) as client:
        client.create_folder(name)
        for number in range(1, messages + 1):
            client.append(name, mail(number))
    return name
