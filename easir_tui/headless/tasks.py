"""`easir task`: list planned steps."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.crm.tasks import TaskRow
    from easir_tui.crm.users import Me

_PAGE = 500


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `task` and what it can do to the parser."""
    task = commands.add_parser("task", help=_("list tasks"))
    actions = task.add_subparsers(prog="easir task", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("your tasks, the oldest first"))
    views = ("open", "overdue", "today", "later", "completed", "all")
    listing.add_argument("--view", choices=views, default="open", help=_("which of them (open)"))
    listing.add_argument("--everybody", action="store_true", help=_("those of your colleagues too"))
    listing.add_argument("--contact", type=int, metavar="ID", help=_("only those of one contact"))
    listing.add_argument("--limit", type=int, metavar="N", help=_("at most so many"))
    listing.set_defaults(run=run_list)


def run_list(args: argparse.Namespace) -> int:
    """Print the tasks."""
    from easir_tui.headless import output, session, table

    me = session.begin()
    found = _listed(me, args)
    if args.json:
        output.print_json_list(output.facts(one) for one in found)
        return 0
    from easir_tui import clock
    from easir_tui.crm import tasks

    zone = clock.zone(me.zone)

    def when(one: TaskRow) -> str:
        if one.when.day is not None:
            return clock.short_day(one.when.day, zone)
        return clock.short_when(one.when.sort_at(zone), zone)

    columns = [
        table.Column("ID", 7, right=True), table.Column(_("When"), 16), table.Column(_("State"), 10, 2),
        table.Column(_("Type"), 10, 1), table.Column(_("Contact"), 24), table.Column(_("Note"), 0),
        table.Column(_("Who"), 18, 3),
    ]  # fmt: skip
    table.print_table(columns, ((
        str(one.id), when(one), _(tasks.BUCKETS[one.bucket]), _(tasks.TYPES[one.type]), one.contact_name, one.note,
        one.assignee,
    ) for one in found))  # fmt: skip
    return 0


def _listed(me: Me, args: argparse.Namespace) -> Iterator[TaskRow]:
    """Tasks page by page."""
    from easir_tui.crm import tasks

    everybody = args.everybody or args.contact is not None
    which = tasks.TaskFilter(args.view, None if everybody else me.user_id, args.contact)
    start, left = 0, args.limit if args.limit is not None else -1
    while left:
        size = _PAGE if left < 0 else min(_PAGE, left)
        found = tasks.rows(me, which, start, size)
        yield from found
        if len(found) < size:
            return
        start += len(found)
        left -= len(found) if left > 0 else 0
