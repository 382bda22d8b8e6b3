"""`easir template`: texts to begin an e-mail, a letter or a note with."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from easir_tui.language import LANGUAGES, _

if TYPE_CHECKING:
    from easir_tui.crm.templates import Scope
    from easir_tui.crm.users import Me

FIELDS = ("title", "subject", "language", "path", "milestone")
"""What is said of a template besides its kind, its text and whose it is."""


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `template` and what it can do to the parser."""
    template = commands.add_parser("template", help=_("texts to begin an e-mail, a letter or a note with"))
    actions = template.add_subparsers(prog="easir template", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("the templates you may use"))
    listing.set_defaults(run=run_list)
    showing = actions.add_parser("show", parents=[common], help=_("the text of a template"))
    showing.add_argument("id", type=int)
    showing.set_defaults(run=run_show)
    adding = actions.add_parser("add", parents=[common], help=_("make a template"))
    adding.add_argument("kind", choices=("email", "letter", "note"))
    adding.add_argument("title", metavar=_("TITLE"))
    adding.add_argument("file", metavar=_("FILE"), help=_("its text, or - for standard input"))
    adding.set_defaults(run=run_add)
    changing = actions.add_parser("change", help=_("change a template"))
    changing.add_argument("id", type=int)
    changing.add_argument("file", nargs="?", metavar=_("FILE"), help=_("its text, or - for standard input"))
    changing.add_argument("--title", metavar=_("TITLE"))
    changing.set_defaults(run=run_change)
    for one in (adding, changing):
        one.add_argument("--subject", metavar=_("TEXT"))
        one.add_argument("--language", choices=("", *LANGUAGES))
        one.add_argument("--path", metavar=_("PATH"), help=_("offered on cases of this path only"))
        one.add_argument("--milestone", metavar=_("MILESTONE"), help=_("and once this milestone is chosen"))
        one.add_argument("--for", dest="scope", metavar=_("WHOM"), help=_("own, company or a team"))
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
               table.Column(_("Subject"), 24, 2), table.Column(_("For"), 14, 1)]  # fmt: skip
    table.print_table(columns, (
        (str(one.id), _(templates.KINDS[one.kind]), one.title, one.subject, one.whose) for one in found
    ))  # fmt: skip
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print the text of one, or with --json all of it."""
    from easir_tui.crm import templates
    from easir_tui.headless import output, session

    found = templates.facts(session.begin(), args.id)
    if args.json:
        output.print_json(output.facts(found))
    else:
        output.say_text(found.body)
    return 0


def run_add(args: argparse.Namespace) -> int:
    """Make one and print its number."""
    from easir_tui.crm import templates
    from easir_tui.headless import output, session

    me = session.begin()
    fields = {"body": _text(args.file), **_fields(args)}
    made = templates.add(me, args.kind, fields.pop("title"), scope=_scope(me, args.scope or "own"), **fields)
    if args.json:
        output.print_json(output.facts(templates.facts(me, made)))
    else:
        print(made)
    return 0


def run_change(args: argparse.Namespace) -> int:
    """Change what was named of one."""
    from easir_tui.crm import templates
    from easir_tui.headless import session

    me = session.begin()
    fields = _fields(args)
    if args.file is not None:
        fields["body"] = _text(args.file)
    scope = None if args.scope is None else _scope(me, args.scope)
    templates.change(me, args.id, templates.facts(me, args.id).version, scope=scope, **fields)
    return 0


def run_remove(args: argparse.Namespace) -> int:
    """Put one away."""
    from easir_tui.crm import templates
    from easir_tui.headless import session

    templates.remove(session.begin(), args.id)
    return 0


def _fields(args: argparse.Namespace) -> dict[str, str]:
    """What was named on the command line."""
    return {name: getattr(args, name) for name in FIELDS if getattr(args, name) is not None}


def _scope(me: Me, named: str) -> Scope:
    from easir_tui.crm import teams

    if named == "own":
        return "own"
    return "company" if named == "company" else teams.of_name(me, named)


def _text(name: str) -> str:
    """What a file or standard input holds, whatever letters it is written in; more than any template is not read."""
    from easir_tui.channels.encodings import decode
    from easir_tui.crm import attachments, templates

    most = 4 * (templates.LONGEST + 1)  # the rule, which counts letters, refuses it then
    if name == "-":
        return decode(sys.stdin.buffer.read(most))
    with attachments.opened(Path(name)) as file:
        return decode(file.read(most))
