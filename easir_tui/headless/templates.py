"""`easir template`: texts to begin an e-mail, a letter or a note with."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `template` and what it can do to the parser."""
    template = commands.add_parser("template", help=_("texts to begin an e-mail, a letter or a note with"))
    actions = template.add_subparsers(prog="easir template", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("the templates you may use"))
    listing.set_defaults(run=run_list)
    adding = actions.add_parser("add", parents=[common], help=_("make a template"))
    adding.add_argument("kind", choices=("email", "letter", "note"))
    adding.add_argument("title")
    adding.add_argument("file", metavar=_("FILE"), help=_("its text, or - for standard input"))
    adding.add_argument("--subject", default="", metavar=_("TEXT"))
    adding.add_argument("--language", choices=("en", "da"), default="")
    adding.add_argument("--path", default="")
    adding.add_argument("--milestone", default="")
    adding.add_argument("--for", dest="scope", default="own", metavar=_("WHOM"), help=_("own, company or a team"))
    adding.set_defaults(run=run_add)
    removing = actions.add_parser("remove", help=_("put a template away"))
    removing.add_argument("id", type=int)
    removing.set_defaults(run=run_remove)


def run_list(args: argparse.Namespace) -> int:
    """Print the templates."""
    from easir_tui.crm import templates
    from easir_tui.headless import output, session, table

    found = templates.listed(session.begin())
    if args.json:
        output.print_json_list(output.facts(one) for one in found)
        return 0
    columns = [table.Column("ID", 4, right=True), table.Column(_("Kind"), 8), table.Column(_("Title"), 0),
               table.Column(_("Subject"), 24, 1)]  # fmt: skip
    table.print_table(columns, (
        (str(one.id), _(templates.KINDS[one.kind]), one.title, one.subject) for one in found
    ))  # fmt: skip
    return 0


def run_add(args: argparse.Namespace) -> int:
    """Make one and print its id."""
    from easir_tui.channels.encodings import check_readable, decode
    from easir_tui.crm import teams, templates
    from easir_tui.headless import output, session

    me = session.begin()
    scope = args.scope if args.scope in ("own", "company") else str(teams.of_name(me, args.scope))
    if args.file == "-":
        raw = sys.stdin.buffer.read()
    else:
        check_readable(Path(args.file))
        raw = Path(args.file).read_bytes()
    made = templates.add(me, args.kind, args.title, scope=scope, subject=args.subject, body=decode(raw),
                         language=args.language, path=args.path, milestone=args.milestone)  # fmt: skip
    if args.json:
        output.print_json({"id": made})
    else:
        print(made)
    return 0


def run_remove(args: argparse.Namespace) -> int:
    """Put one away."""
    from easir_tui.crm import templates
    from easir_tui.headless import session

    templates.remove(session.begin(), args.id)
    return 0
