"""`easir account`: list, show, add and change accounts."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.crm.account_list import AccountRow
    from easir_tui.crm.users import Me

_PAGE = 500
_PLAIN = ("cvr", "street", "postcode", "city", "country", "phone", "email", "website")


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `account` and what it can do to the parser."""
    account = commands.add_parser("account", help=_("list, show, add or change accounts"))
    actions = account.add_subparsers(prog="easir account", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("accounts in Danish order"))
    listing.add_argument(
        "--filter", metavar=_("TEXT"), default="", help=_("name, CVR number, city, number, e-mail; responsible:me")
    )
    listing.add_argument("--limit", type=int, metavar="N", help=_("at most so many"))
    listing.set_defaults(run=run_list)
    show = actions.add_parser("show", parents=[common], help=_("one account"))
    show.add_argument("id", type=int, metavar="ID")
    show.add_argument("--contacts", action="store_true", help=_("its contacts too, with their role"))
    show.set_defaults(run=run_show)
    add = actions.add_parser("add", parents=[common], help=_("a new company"))
    add.add_argument("name", metavar=_("NAME"))
    _fields(add)
    add.set_defaults(run=run_add)
    change = actions.add_parser("change", parents=[common], help=_("change what is named of a company"))
    change.add_argument("id", type=int, metavar="ID")
    change.add_argument("--name", metavar=_("TEXT"))
    _fields(change)
    change.set_defaults(run=run_change)


def _fields(parser: argparse.ArgumentParser) -> None:
    for name in _PLAIN:
        parser.add_argument(f"--{name}", metavar=_("TEXT"))
    parser.add_argument("--responsible", metavar=_("LOGIN"), help=_("who is responsible"))
    parser.add_argument(
        "--id-in", action="append", default=[], metavar=_("SYSTEM=ID"),
        help=_("its id in another system; may be repeated, and an empty id takes it away"),
    )  # fmt: skip


def run_list(args: argparse.Namespace) -> int:
    """Print the accounts, all or those a filter finds."""
    from easir_tui import phones
    from easir_tui.headless import output, session, table

    me = session.begin()
    found = _listed(me, args.filter, args.limit)
    if args.json:
        output.print_json_list(output.facts(one) for one in found)
        return 0
    columns = [
        table.Column("ID", 7, right=True), table.Column(_("Name"), 0), table.Column(_("CVR number"), 10, 3),
        table.Column(_("City"), 14, 2), table.Column(_("Phone"), 16, 1), table.Column(_("Contacts"), 8, 4, True),
        table.Column(_("Open cases"), 10, 5, True), table.Column(_("Responsible"), 18, 6),
    ]  # fmt: skip
    table.print_table(columns, ((
        str(one.id), one.name, one.cvr, one.city, phones.pretty(one.phone), str(one.contacts), str(one.open_cases),
        one.responsible,
    ) for one in found))  # fmt: skip
    return 0


def _listed(me: Me, typed: str, limit: int | None) -> Iterator[AccountRow]:
    """Rows page by page, so that a list of any length is printed as it is read."""
    from easir_tui.crm import account_list

    which = account_list.parse(me, typed)
    if which.words:
        ids = account_list.find(me, which, limit=max(account_list.count(me), 1)).ids
    else:
        ids = account_list.all_ids(me, which)
    if limit is not None:
        ids = ids[: max(limit, 0)]
    for start in range(0, len(ids), _PAGE):
        yield from account_list.rows_of(me, ids[start : start + _PAGE])


def run_show(args: argparse.Namespace) -> int:
    """Print one account, and its contacts if they are wanted."""
    from easir_tui.headless import session

    _print(session.begin(), args.id, args.json, args.contacts)
    return 0


def _print(me: Me, account_id: int, as_json: bool, with_contacts: bool = False) -> None:
    from easir_tui.crm import account_contacts, account_page
    from easir_tui.crm.contact_page import COUNT_CAP
    from easir_tui.headless import output

    page = account_page.load(me, account_id)
    account, counts = page.account, page.counts
    total = account_contacts.count(me, account_id)
    people = account_contacts.page(me, account_id, 0, total, total) if with_contacts else []
    if as_json:
        said = {**output.facts(account), "address": output.facts(account.address), "contacts": total}
        if with_contacts:
            said["people"] = [output.facts(one) for one in people]
        output.print_json(said)
        return
    from easir_tui import phones
    from easir_tui.crm.accounts import cvr_problem

    place = account.address
    output.print_pairs([
        ("ID", str(account.id)),
        (_("Name"), account.name),
        (_("Kind"), _("Private account, fixed") if account.is_private else _("Account")),
        (_("CVR number"), f"{account.cvr}\n{cvr_problem(account.cvr)}".strip()),
        (_("Phone"), phones.pretty(account.phone)),
        (_("E-mail"), account.email),
        (_("Website"), account.website),
        (_("Address"), "\n".join(
            filter(None, (place.street, f"{place.postcode} {place.city}".strip(), place.country))
        )),
        (_("Responsible user"), account.responsible),
        (_("Other systems"), "\n".join(f"{name}: {held}" for name, held in account.external_ids.items())),
        (_("Open cases"), str(counts.open_cases) if counts.open_cases < COUNT_CAP else "99+"),
        (_("Contacts"), str(total)),
        *((one.name, " · ".join(filter(None, (one.job_title, phones.pretty(one.phone), one.email)))) for one in people),
    ])  # fmt: skip


def run_add(args: argparse.Namespace) -> int:
    """Make a company; what may be the same one, and an odd CVR number, are said on standard error and stop nothing."""
    from easir_tui.crm import accounts
    from easir_tui.headless import output, session

    me = session.begin()
    fields = _given(me, args, {})
    new = accounts.NewAccount(args.name, **fields)
    for other in accounts.similar(me, new, limit=3):
        output.warn(_("{name} ({id}) may be the same company.").format(name=other.name, id=other.id))
    if problem := accounts.cvr_problem(new.cvr):
        output.warn(problem)
    account_id = accounts.create(me, new)
    if args.json:
        _print(me, account_id, True)
    else:
        print(account_id)
    return 0


def run_change(args: argparse.Namespace) -> int:
    """Change what is named, and nothing else."""
    from easir_tui.crm import account_page, accounts
    from easir_tui.errors import Refused
    from easir_tui.headless import output, session

    me = session.begin()
    account = account_page.record(me, args.id)
    fields = _given(me, args, account.external_ids)
    if args.name is not None:
        fields["name"] = args.name
    if not fields:
        raise Refused(_("Nothing to change was named."), _("For example: easir account change {id} --phone …").format(
            id=args.id
        ))  # fmt: skip
    if problem := accounts.cvr_problem(fields.get("cvr", "")):
        output.warn(problem)
    accounts.change(me, args.id, account.version, **fields)
    if args.json:
        _print(me, args.id, True)
    return 0


def _given(me: Me, args: argparse.Namespace, held: Any) -> dict[str, Any]:
    """The fields that were named, as `accounts.checked` takes them."""
    from easir_tui.crm import account_list

    fields: dict[str, Any] = {name: getattr(args, name) for name in _PLAIN if getattr(args, name) is not None}
    if args.responsible is not None:
        fields["responsible_id"] = account_list.parse(me, f"responsible:{args.responsible}").responsible_id
    if args.id_in:
        fields["external_ids"] = dict(held) | dict(_system(one) for one in args.id_in)
    return fields


def _system(typed: str) -> tuple[str, str]:
    from easir_tui.errors import Invalid

    name, equals, other = typed.partition("=")
    if not equals or not name.strip():
        raise Invalid("external_ids", _("Write the system, =, and the id there: {text}").format(text=typed))
    return name.strip(), other.strip()
