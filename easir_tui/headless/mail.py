"""`easir mail`: whether the mail account of the settings works; what else it does is in the modules beside."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from easir_tui.errors import Refused
from easir_tui.headless import mail_in, mail_out, mail_show
from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.channels.mail_account import MailAccount, MailServer


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `mail` and what it can do to the parser."""
    mail = commands.add_parser("mail", help=_("your mail account"))
    actions = mail.add_subparsers(prog="easir mail", dest="action", required=True, metavar=_("ACTION"))
    checking = actions.add_parser("check", parents=[common], help=_("log in to the mail servers and send nothing"))
    checking.set_defaults(run=run_check)
    mail_out.register(actions, common)
    mail_in.register(actions, common)
    mail_show.register(actions, common)


def run_check(args: argparse.Namespace) -> int:
    """Log in to both servers, look for the folders to read, and say of each server how that went."""
    from easir_tui.crm import mail_accounts
    from easir_tui.headless import output, session

    me = session.begin()
    account = mail_accounts.account(me)
    told = [
        _tried("smtp", account.smtp, account),
        _tried("imap", account.imap, account),
    ]
    if args.json:
        output.print_json({"address": account.address, "servers": told})
    else:
        output.print_pairs([
            (_("Address"), account.address),
            *((_("Sending") if one["kind"] == "smtp" else _("Reading"), _in_words(one)) for one in told),
        ])  # fmt: skip
    return 0 if all(one["ok"] for one in told) else 1


def _tried(kind: str, server: MailServer | None, account: MailAccount) -> dict[str, Any]:
    """How a login went; a server that is not named is no trouble."""
    facts: dict[str, Any] = {"kind": kind, "host": server.host if server else "", "ok": True, "said": "", "folders": []}
    if server is None:
        return facts
    facts |= {"port": server.port, "security": server.security}
    try:
        if kind == "smtp":
            _log_in_to_send(account)
        else:
            facts["folders"] = _folders(account)
    except Refused as trouble:
        facts |= {"ok": False, "said": str(trouble)}
    return facts


def _log_in_to_send(account: MailAccount) -> None:
    from easir_tui.channels import smtp_connection

    client = smtp_connection.connect(account, smtp_connection.Timeouts())
    try:
        client.docmd("QUIT")
    except OSError:
        pass  # it let us in; how it says goodbye is its own affair
    finally:
        client.close()


def _folders(account: MailAccount) -> list[str]:
    from easir_tui.channels.imap import Mailbox

    with Mailbox(account) as box:
        return [folder.name for folder in box.to_read()]


def _in_words(one: dict[str, Any]) -> str:
    if not one["host"]:
        return _("no server is named")
    where = f"{one['security']}://{one['host']}:{one['port']}"
    if not one["ok"]:
        return f"{where}\n{one['said']}"
    words = _("logged in")
    if one["folders"]:
        words += " · " + _("reads {folders}").format(folders=", ".join(one["folders"]))
    return f"{where} · {words}"
