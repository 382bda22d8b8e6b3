"""`easir report`: the reports of the screen, to read or as CSV for a spreadsheet."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from easir_tui.language import _

_KINDS = ("pipeline", "activities", "leads", "nostep")


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `report` to the parser."""
    report = commands.add_parser(
        "report", parents=[common], help=_("pipeline, activities, response time, no next step")
    )
    report.add_argument("kind", choices=_KINDS, help=_("which report"))
    report.add_argument("--csv", action="store_true", help=_("as a CSV file for a spreadsheet"))
    report.set_defaults(run=run_report)


def run_report(args: argparse.Namespace) -> int:
    """Print a report."""
    from easir_tui.crm import reports
    from easir_tui.headless import output, session, table

    me = session.begin()
    if args.csv:
        sys.stdout.flush()
        sys.stdout.buffer.write(reports.csv(me, args.kind))
        return 0
    found = reports.of(me, args.kind)
    if args.json:
        titles = [column.title for column in found.columns]
        output.print_json([dict(zip(titles, one.cells, strict=True)) for one in found.lines])
        return 0
    output.say(found.about)
    places = [place for place, column in enumerate(found.columns) if column.title != _("Currency")]
    columns = [
        table.Column(found.columns[place].short or found.columns[place].title,
                     0 if found.columns[place].kind == "text" else 14 if found.columns[place].kind == "money" else 9,
                     found.columns[place].drop, found.columns[place].kind != "text")
        for place in places
    ]  # fmt: skip
    table.print_table(columns, (
        [reports.shown(one.cells[place], found.columns[place].kind, one.currency) for place in places]
        for one in found.lines
    ))  # fmt: skip
    return 0
