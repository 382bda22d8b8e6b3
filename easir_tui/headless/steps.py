"""`easir undo`: take back the last step, or list the steps."""

from __future__ import annotations

import argparse
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `undo` to the parser."""
    undo = commands.add_parser("undo", parents=[common], help=_("take back your last step"))
    undo.add_argument("step", type=int, nargs="?", metavar="ID", help=_("this step instead"))
    undo.add_argument("--list", action="store_true", help=_("show the last steps and change nothing"))
    undo.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Undo, or list what can be undone."""
    from dataclasses import asdict

    from easir_tui.crm import undo
    from easir_tui.headless import output, session, table

    me = session.begin()
    if not args.list:
        done = undo.undo(me, args.step)
        if args.json:
            output.print_json(asdict(done))
        else:
            output.say(done.sentence)
        return 0
    steps = undo.last_steps(me)
    if args.json:
        output.print_json_list(asdict(one) for one in steps)
        return 0
    from easir_tui import clock

    zone = clock.zone(me.zone)
    columns = [
        table.Column("ID", 8, right=True), table.Column(_("When"), 16, 1), table.Column(_("Step"), 0),
        table.Column(_("Contact"), 24, 2), table.Column("", 8, 3),
    ]  # fmt: skip
    table.print_table(columns, (
        (str(one.event_id), clock.short_when(one.at, zone), one.what, one.contact, _("undone") if one.undone else "")
        for one in steps
    ))  # fmt: skip
    return 0
