"""`easir path`: the relations paths, and setting them for everybody from a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from easir_tui.language import _, ngettext


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `path` and what it can do to the parser."""
    path = commands.add_parser("path", help=_("the relations paths of the company"))
    actions = path.add_subparsers(prog="easir path", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("the paths and their milestones"))
    listing.set_defaults(run=run_list)
    loading = actions.add_parser("load", help=_("let the paths of this file hold for everybody"))
    loading.add_argument("file", type=Path, metavar=_("FILE"))
    loading.set_defaults(run=run_load)


def run_list(args: argparse.Namespace) -> int:
    """Print every path with its milestones."""
    from easir_tui.crm import company_paths
    from easir_tui.headless import output, session, table

    held = company_paths.held(session.begin())
    if args.json:
        output.print_json(dict(held.table))
        return 0
    columns = [table.Column(_("Path"), 20), table.Column(_("Milestone"), 0), table.Column(_("Chance"), 7, 1, True),
               table.Column(_("Open cases"), 10, 2, True)]  # fmt: skip
    table.print_table(columns, (
        (path.title, step.title, "" if step.chance is None else f"{step.chance} %",
         str(held.standing.get((path.key, step.key), "")))
        for path in held.paths.values() for step in path.milestones
    ))  # fmt: skip
    return 0


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
