"""`easir mail send` and `easir mail list`: what is to go out, and what became of it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from easir_tui.language import _, ngettext
from easir_tui.widgets.words import MAIL_STATES

if TYPE_CHECKING:
    from easir_tui.crm.unsent import OutMail


def register(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add both to the actions of `mail`."""
    sending = actions.add_parser("send", parents=[common], help=_("send the e-mails that are to be sent"))
    sending.add_argument("--due", action="store_true", help=_("only those whose time it is, as the application does"))
    sending.set_defaults(run=run_send)
    listing = actions.add_parser("list", parents=[common], help=_("e-mails that have not gone out"))
    listing.set_defaults(run=run_list)


def run_send(args: argparse.Namespace) -> int:
    """Send what is queued; 1 when something was kept from going out."""
    from easir_tui.crm import outbox
    from easir_tui.headless import output, session

    me = session.begin()
    told: list[dict[str, str]] = []

    def tell(subject: str, state: str) -> None:
        told.append({"subject": subject, "state": state})
        if not args.json:
            output.say(f"{_(MAIL_STATES[state])}: {subject or '–'}")

    result = outbox.send_due(me, at_once=not args.due, told=tell)
    if args.json:
        output.print_json({"busy": result.busy, "trouble": str(result.trouble or ""), "messages": told})
    elif result.busy:
        output.say(_("They are being sent by another program of yours just now."))
    elif not told and result.trouble is None:
        output.say(_("There is nothing to send."))
    if result.trouble is not None:
        output.warn(str(result.trouble))
    return 1 if result.trouble is not None or any(one["state"] != "sent" for one in told) else 0


def run_list(args: argparse.Namespace) -> int:
    """What has not gone out, what needs a person first."""
    from easir_tui import clock
    from easir_tui.crm import unsent
    from easir_tui.headless import output, session
    from easir_tui.headless.table import Column, print_table

    me = session.begin()
    found = unsent.listed(me)
    if args.json:
        output.print_json_list(output.facts(one) for one in found)
        return 0
    if not found:
        output.say(_("Every e-mail has gone out."))
        return 0
    zone = clock.zone(me.zone)

    def cells(one: OutMail) -> tuple[str, ...]:
        when = clock.short_when(one.try_at, zone) if one.try_at and one.state == "queued" and one.tries else ""
        return (
            str(one.activity_id), _(MAIL_STATES[one.state]), one.contact, one.subject, when, " ".join(one.said.split())
        )  # fmt: skip

    print_table(
        (Column(_("No."), 8, right=True), Column(_("State"), 16), Column(_("Contact"), 24, 1), Column(_("Subject"), 0),
         Column(_("Next try"), 14, 2), Column(_("What the server said"), 0)),
        map(cells, found),
    )  # fmt: skip
    output.warn(ngettext("{count} e-mail", "{count} e-mails", len(found)).format(count=len(found)))
    return 0
