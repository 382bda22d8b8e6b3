"""The mail account of a person: servers and login from the settings, name and address from their profile."""

from __future__ import annotations

import re

from easir_tui import config
from easir_tui.channels.mail_account import NONE, STARTTLS, TLS, MailAccount, MailServer
from easir_tui.channels.mail_address import NamedAddress, wire_address
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import row
from easir_tui.errors import Invalid, Refused
from easir_tui.language import _
from easir_tui.text import clean

PORTS = {"smtp": {TLS: 465, STARTTLS: 587, NONE: 25}, "imap": {TLS: 993, STARTTLS: 143, NONE: 143}}
"""The usual ports of sending and reading, by security."""

LOGIN = "{login}"
"""What stands for the login name in the address and the user name, so that one file can serve everybody."""


def sender(me: Me) -> NamedAddress:
    """Who this person's mail is from: the sender of their profile, else their name and address.

    Raises:
        Refused: no address is known.
    """
    found = row("SELECT from_name, full_name, from_address, email FROM app_user WHERE id = ?", me.user_id)
    assert found is not None
    address = found[2] or found[3] or config.mail().get("address", "").replace(LOGIN, me.login)
    if not address:
        raise Refused(
            _("Your own e-mail address is not known."),
            _("Write it into your profile (g o), or as address into [mail] in the settings."),
        )
    return NamedAddress(wire_address(address), found[0] or found[1])


def account(me: Me) -> MailAccount:
    """This person's mail account, as the settings have it now.

    Raises:
        Refused: there is none, or its address is not known.
        Invalid: a value of it cannot be right.
    """
    held = config.mail()
    if not held.get("smtp") and not held.get("imap"):
        raise Refused(
            _("The settings name no mail server."),
            _("Write a table [mail] with smtp, imap, user and password_command into {file}.").format(
                file=config.settings_path()
            ),
        )
    return MailAccount(
        address=wire_address(held["address"].replace(LOGIN, me.login)) if held.get("address") else sender(me).address,
        smtp=server("smtp", held.get("smtp", "")),
        imap=server("imap", held.get("imap", "")),
        user=held.get("user", "").replace(LOGIN, me.login),
        password_command=held.get("password_command", ""),
        token_command=held.get("token_command", ""),
        ca_file=held.get("ca_file", ""),
        folders=tuple(name.strip() for name in held.get("folders", "").split(",") if name.strip()),
    )


def server(kind: str, written: str) -> MailServer | None:
    """The server a setting names: `starttls://smtp.example.dk:587`; None where it is empty.

    Without a port it is the usual one of its security, without a security it is `tls`.

    Args:
        kind: smtp or imap.

    Raises:
        Invalid: of `kind`: it names none.
    """
    written = written.strip()
    if not written:
        return None
    security, divided, place = written.rpartition("://")
    security = security if divided else TLS
    found = re.fullmatch(r"(\[[^\]]*\]|[^:/]+)(?::([0-9]{1,5}))?/?", place)
    usual = PORTS[kind].get(security)
    if usual is None or found is None:
        raise Invalid(
            kind,
            _("“{text}” does not say where a mail server is.").format(text=clean(written)),
            _("Write it as tls://mail.example.dk or starttls://mail.example.dk:587."),
        )
    return MailServer(found[1], int(found[2] or usual), security)
