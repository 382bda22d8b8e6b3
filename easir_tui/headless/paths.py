"""`easir path`: the relations paths, and changing them for everybody."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from easir_tui.language import LANGUAGES, _, ngettext
from easir_tui.relations import FOLLOW_UPS, OUTCOMES, STATUSES

NONE = "none"
"""How it is said on the command line that a milestone sets nothing."""


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `path` and what it can do to the parser."""
    path = commands.add_parser("path", help=_("the relations paths of the company"))
    actions = path.add_subparsers(prog="easir path", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("the paths and their milestones"))
    listing.set_defaults(run=run_list)
    naming = actions.add_parser("name", help=_("name a path, or make one"))
    naming.add_argument("path", nargs="?", default="", metavar=_("PATH"), help=_("its key; without one it is made"))
    _titles(naming)
    naming.set_defaults(run=run_name)
    step = actions.add_parser("milestone", help=_("change a milestone of a path, or add one"))
    step.add_argument("path", metavar=_("PATH"))
    step.add_argument("key", nargs="?", default="", metavar=_("MILESTONE"), help=_("its key; without one it is added"))
    _titles(step)
    step.add_argument("--kind", metavar=_("WORD"), help=_("contact, meeting, offer, …"))
    step.add_argument("--chance", type=_count, metavar=_("PERCENT"), help=_("or none"))
    step.add_argument("--days", type=_count, metavar=_("DAYS"), help=_("days until the next step it proposes, or none"))
    for name, choices, words in (
        ("--step", FOLLOW_UPS, _("the next step it proposes")),
        ("--status", STATUSES, _("what the case becomes")),
        ("--outcome", OUTCOMES, _("how it closes the case")),
    ):
        step.add_argument(name, choices=[one or NONE for one in choices], help=words)
    step.add_argument("--then", metavar=_("PATH"), help=_("the path of the further case it suggests"))
    step.set_defaults(run=run_milestone)
    moving = actions.add_parser("move", help=_("move a milestone along its path"))
    moving.add_argument("path", metavar=_("PATH"))
    moving.add_argument("key", metavar=_("MILESTONE"))
    moving.add_argument("places", type=int, metavar=_("PLACES"), help=_("on; below zero, back"))
    moving.set_defaults(run=run_move)
    removing = actions.add_parser("remove", help=_("take a path, or a milestone of it, away"))
    removing.add_argument("path", metavar=_("PATH"))
    removing.add_argument("key", nargs="?", default="", metavar=_("MILESTONE"))
    removing.set_defaults(run=run_remove)
    loading = actions.add_parser("load", help=_("let the paths of this file hold for everybody"))
    loading.add_argument("file", type=Path, metavar=_("FILE"))
    loading.set_defaults(run=run_load)


def _titles(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--en", default="", metavar=_("TEXT"), help=_("the title in English"))
    parser.add_argument("--da", default="", metavar=_("TEXT"), help=_("the title in Danish"))


def run_list(args: argparse.Namespace) -> int:
    """Print every path with its milestones."""
    from easir_tui.crm import company_paths
    from easir_tui.headless import output, session, table

    held = company_paths.held(session.begin())
    if args.json:
        output.print_json(dict(held.table))
        return 0
    columns = [table.Column(_("Path"), 18), table.Column(_("Milestone"), 0), table.Column("id", 24, 3),
               table.Column(_("Chance"), 7, 1, True), table.Column(_("Open cases"), 10, 2, True)]  # fmt: skip
    table.print_table(columns, (
        (path.title, step.title, f"{path.key} {step.key}", "" if step.chance is None else f"{step.chance} %",
         str(held.standing.get((path.key, step.key), "")))
        for path in held.paths.values() for step in path.milestones
    ))  # fmt: skip
    return 0


def run_name(args: argparse.Namespace) -> int:
    """Name a path or make one, and print its key."""
    from easir_tui.crm import company_paths
    from easir_tui.headless import output, session

    me = session.begin()
    output.say(company_paths.put_path(me, company_paths.held(me), args.path, **_said(args)))
    return 0


def run_milestone(args: argparse.Namespace) -> int:
    """Change a milestone or add one, and print its key."""
    from easir_tui.crm import company_paths
    from easir_tui.headless import output, session

    me = session.begin()
    given = {"kind": args.kind, "chance": args.chance, "follow_up_days": args.days, "follow_up_type": args.step,
             "sets_status": args.status, "outcome": args.outcome, "follow_up_case": args.then}  # fmt: skip
    changes = {name: "" if new == NONE else new for name, new in given.items() if new is not None}
    held = company_paths.held(me)
    output.say(company_paths.put_milestone(me, held, args.path, args.key, **_said(args), **changes))
    return 0


def run_move(args: argparse.Namespace) -> int:
    """Move a milestone."""
    from easir_tui.crm import company_paths
    from easir_tui.headless import session

    company_paths.move_milestone(session.begin(), args.path, args.key, args.places)
    return 0


def run_remove(args: argparse.Namespace) -> int:
    """Take a path or a milestone away."""
    from easir_tui.crm import company_paths
    from easir_tui.headless import session

    me = session.begin()
    if args.key:
        company_paths.remove_milestone(me, args.path, args.key)
    else:
        company_paths.remove_path(me, args.path)
    return 0


def _said(args: argparse.Namespace) -> dict[str, str]:
    """The titles named on the command line, by language."""
    return {name: said for name in LANGUAGES if (said := getattr(args, name))}


def _count(typed: str) -> int | str:
    """A number, or "none"."""
    if typed == NONE:
        return NONE
    if not typed.isdecimal():
        raise argparse.ArgumentTypeError(_("“{text}” is no number").format(text=typed))
    return int(typed)


def run_load(args: argparse.Namespace) -> int:
    """Set all paths from a file written as `paths.toml` is."""
    from easir_tui import relations, toml_files
    from easir_tui.crm import company_paths
    from easir_tui.headless import session

    me = session.begin()
    table = toml_files.load(args.file)
    count = len(relations.parsed(table, str(args.file)))
    company_paths.replace_all(me, table)
    print(ngettext("{n} relations path holds now.", "{n} relations paths hold now.", count).format(n=count))
    return 0
