"""`easir case`: list cases."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.crm.case_list import ListedCase
    from easir_tui.crm.users import Me


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `case` and what it can do to the parser."""
    case = commands.add_parser("case", help=_("list cases"))
    actions = case.add_subparsers(prog="easir case", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("cases, the newest first"))
    listing.add_argument("--status", choices=("all", "open", "closed", "rejected"), default="all")
    listing.add_argument("--contact", type=int, metavar="ID", help=_("only those of one contact"))
    listing.add_argument(
        "--filter",
        metavar=_("TEXT"),
        default="",
        help=_("as on screen: status:open manager:me next<fri value>100k skoda"),
    )
    listing.add_argument("--limit", type=int, metavar="N", help=_("at most so many"))
    listing.set_defaults(run=run_list)


def run_list(args: argparse.Namespace) -> int:
    """Print the cases."""
    from easir_tui.headless import output, session, table

    me = session.begin()
    found = _listed(me, args)
    if args.json:
        output.print_json_list(output.facts(one) for one in found)
        return 0
    from easir_tui import language

    statuses = {"open": _("open"), "closed": _("closed"), "rejected": _("rejected")}
    outcomes = {"": "", "won": _("won"), "lost": _("lost")}
    columns = [
        table.Column("ID", 7, right=True), table.Column(_("Contact"), 24), table.Column(_("Case"), 0),
        table.Column(_("Status"), 15, 1), table.Column(_("Milestone"), 20, 2), table.Column(_("Value"), 18, 3, True),
        table.Column(_("Case manager"), 18, 4),
    ]  # fmt: skip
    table.print_table(columns, ((
        str(one.id), one.contact_name, one.title,
        f"{statuses[one.status]} {outcomes[one.outcome]}".strip(), one.milestone,
        language.money(one.value, one.currency) if one.value is not None else "", one.manager,
    ) for one in found))  # fmt: skip
    return 0


def _listed(me: Me, args: argparse.Namespace) -> Iterator[ListedCase]:
    """Cases that the filter finds, as the list on screen shows them."""
    from easir_tui.crm import case_list

    limit = args.limit if args.limit is not None else -1
    filter = args.filter if args.status == "all" else f"status:{args.status} {args.filter}"
    return case_list.everything(me, filter, limit=limit, contact_id=args.contact)
