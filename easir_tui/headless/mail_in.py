"""`easir mail fetch`: what is new in one's mailbox and about a contact."""

from __future__ import annotations

import argparse
from typing import Any

from easir_tui.language import _, ngettext, number


def register(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add it to the actions of `mail`."""
    fetching = actions.add_parser("fetch", parents=[common], help=_("take in new e-mails of contacts"))
    fetching.add_argument("--again", action="store_true", help=_("look at every message again, not only at new ones"))
    fetching.set_defaults(run=run_fetch)


def run_fetch(args: argparse.Namespace) -> int:
    """Read the mailbox, and say how much was taken in and how much passed over; 1 when something kept it from that."""
    from easir_tui.crm import mail_in
    from easir_tui.headless import output, session

    me = session.begin()
    result = mail_in.fetch(me, again=args.again)
    if args.json:
        output.print_json({
            "busy": result.busy, "trouble": str(result.trouble or ""), "new": result.new,
            "passed_over": result.passed_over, "answers": result.answers, "unreadable": result.unreadable,
        })  # fmt: skip
    elif result.busy:
        output.say(_("Your mail is being fetched by another program of yours just now."))
    else:
        output.say(
            ngettext("{count} new e-mail of contacts", "{count} new e-mails of contacts", result.new).format(
                count=number(result.new)
            )
        )
        if result.passed_over:
            passed = ngettext(
                "{count} about nobody here was passed over.", "{count} about nobody here were passed over.",
                result.passed_over,
            )  # fmt: skip
            output.say(passed.format(count=number(result.passed_over)))
        if result.answers:
            answers = ngettext("{count} answer to an invitation", "{count} answers to invitations", result.answers)
            output.say(answers.format(count=number(result.answers)))
    if result.unreadable:
        words = ngettext(
            "{count} message cannot be shown by the server.", "{count} messages cannot be shown by the server.",
            result.unreadable,
        )  # fmt: skip
        output.warn(words.format(count=number(result.unreadable)))
    if result.trouble is not None and not args.json:
        output.warn(str(result.trouble))
    return 1 if result.trouble is not None else 0
