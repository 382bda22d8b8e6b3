"""`easir contact`: list, show and add contacts."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from easir_tui.headless import privacy
from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.crm.contact_facts import ContactFacts
    from easir_tui.crm.contacts import NewContact
    from easir_tui.crm.users import Me

_PAGE = 500
_PLAIN = ("first_name", "last_name", "title", "job_title", "street", "postcode", "city", "country", "website",
          "birthday", "language")  # fmt: skip


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `contact` and what it can do to the parser."""
    contact = commands.add_parser("contact", help=_("list, show or add contacts"))
    actions = contact.add_subparsers(prog="easir contact", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("contacts in Danish order"))
    listing.add_argument("--filter", metavar=_("TEXT"), default="", help=_("name, company, e-mail, phone or city"))
    listing.add_argument("--limit", type=int, metavar="N", help=_("at most so many"))
    listing.set_defaults(run=run_list)
    show = actions.add_parser("show", parents=[common], help=_("one contact"))
    show.add_argument("id", type=int, metavar="ID")
    show.set_defaults(run=run_show)
    add = actions.add_parser("add", parents=[common], help=_("a new contact"))
    for name in _PLAIN:
        add.add_argument(f"--{name.replace('_', '-')}", default="", metavar=_("TEXT"))
    add.add_argument("--kind", choices=("private", "business"), help=_("business if a company is named"))
    add.add_argument("--email", action="append", default=[], metavar=_("ADDRESS"), help=_("may be repeated"))
    add.add_argument("--phone", action="append", default=[], metavar=_("NUMBER"), help=_("may be repeated"))
    add.add_argument("--company", default="", metavar=_("NAME"), help=_("found by its name, or made"))
    add.add_argument("--account", type=int, metavar="ID", help=_("the company by its number"))
    add.set_defaults(run=run_add)
    privacy.register(actions, common)


def run_list(args: argparse.Namespace) -> int:
    """Print the contacts, all or those a filter finds."""
    from easir_tui.headless import output, session, table

    me = session.begin()
    if args.json:
        output.print_json_list(_listed(me, args.filter, args.limit, _as_json))
        return 0
    columns = [
        table.Column("ID", 7, right=True), table.Column(_("Name"), 0), table.Column(_("Company"), 24, 2),
        table.Column(_("Phone"), 16, 1), table.Column(_("E-mail"), 30, 3), table.Column(_("City"), 14, 4),
    ]  # fmt: skip
    table.print_table(columns, _listed(me, args.filter, args.limit, _as_cells))
    return 0


def _listed(me: Me, typed: str, limit: int | None, made: Callable[[Any], Any]) -> Iterator[Any]:
    """Rows page by page, so that a list of any length is printed as it is read."""
    from easir_tui import text
    from easir_tui.crm import contact_list

    if text.accept(typed):
        most = contact_list.count(me)
        ids: Any = contact_list.find(me, typed, limit=max(most, 1)).ids
    else:
        ids = contact_list.all_ids(me)
    if limit is not None:
        ids = ids[: max(limit, 0)]
    for start in range(0, len(ids), _PAGE):
        for row in contact_list.rows_of(me, ids[start : start + _PAGE]):
            yield made(row)


def _as_json(row: Any) -> dict[str, Any]:
    from easir_tui.headless import output

    return output.facts(row)


def _as_cells(row: Any) -> tuple[str, ...]:
    from easir_tui import phones

    return str(row.id), row.name, row.company, phones.pretty(row.phone), row.email, row.city


def run_show(args: argparse.Namespace) -> int:
    """Print one contact with its consents."""
    from easir_tui.headless import session

    me = session.begin()
    from easir_tui.crm import contact_facts

    _print(me, contact_facts.show(me, args.id), args.json)
    return 0


def _print(me: Me, found: ContactFacts, as_json: bool) -> None:
    from easir_tui.crm import consent_states
    from easir_tui.headless import output

    states = consent_states.of(me, found.id)
    if as_json:
        said = {one.channel: {"state": one.state, "at": one.at, "source": one.source, "by": one.who} for one in states}
        output.print_json({**output.facts(found), "consents": said})
        return
    from easir_tui import clock, phones

    zone = clock.zone(me.zone)
    own = [found.street, f"{found.postcode} {found.city}".strip(), found.country]
    company = [found.account_street, f"{found.account_postcode} {found.account_city}".strip(), found.account_country]
    address = own if any(own) or found.kind == "private" else company
    statuses = {"lead": _("Lead"), "opportunity": _("Opportunity"), "customer": _("Customer")}
    channels = {"phone": _("Phone"), "email": _("E-mail"), "letter": _("Letter"), "sms": _("SMS")}
    given = {"given": _("given"), "refused": _("refused"), "not_asked": _("not asked")}
    numbers = (phones.pretty(item["number"]) if item["number"] else item["raw"] for item in found.phones)
    next_step = clock.short_when(found.next_step_at, zone) if found.next_step_at else ""
    output.print_pairs([
        ("ID", str(found.id)),
        (_("Name"), found.name),
        (_("Kind"), _("Business contact") if found.kind == "business" else _("Private contact")),
        (_("Company"), found.company),
        (_("Job title"), found.job_title),
        (_("Status"), statuses[found.status]),
        (_("E-mail"), "\n".join(item["address"] for item in found.emails)),
        (_("Phone"), "\n".join(numbers)),
        (_("Address"), "\n".join(line for line in address if line)),
        (_("Birthday"), found.birthday),
        (_("Responsible user"), found.responsible),
        (_("Consent"), ", ".join(f"{channels[one.channel]} {given[one.state]}" for one in states)),
        (_("Next step"), found.next_step_day or next_step),
        (_("Last contact"), clock.short_when(found.last_contact_at, zone) if found.last_contact_at else ""),
        *found.custom.items(),
    ])  # fmt: skip


def run_add(args: argparse.Namespace) -> int:
    """Make a contact; what may be the same person is said on standard error, and does not stop it."""
    from easir_tui.crm import contacts, duplicates
    from easir_tui.headless import output, session

    me = session.begin()
    new = _new(me, args)
    for other in duplicates.similar(me, new, limit=3):
        output.warn(_("{name} ({id}) may be the same person: {reason}").format(
            name=other.name, id=other.id, reason=other.reason
        ))  # fmt: skip
    contact_id = contacts.create(me, new)
    if args.json:
        _print(me, contacts.show(me, contact_id), True)
    else:
        print(contact_id)
    return 0


def _new(me: Me, args: argparse.Namespace) -> NewContact:
    """The contact the arguments describe."""
    from easir_tui.crm.accounts import NewAccount
    from easir_tui.crm.contact_values import Email, PhoneEntry
    from easir_tui.crm.contacts import NewContact

    kind = args.kind or ("business" if args.company or args.account else "private")
    account_id = args.account
    if account_id is None and args.company and kind == "business":
        account_id = _company(me, args.company)
    label = "work" if kind == "business" else "home"
    return NewContact(
        kind=kind,
        account_id=account_id if kind == "business" else None,
        new_account=NewAccount(args.company) if kind == "business" and args.company and account_id is None else None,
        emails=tuple(Email(address, label) for address in args.email),
        phones=tuple(PhoneEntry(number, "mobile") for number in args.phone),
        **{name: getattr(args, name) for name in _PLAIN},
    )


def _company(me: Me, name: str) -> int | None:
    """The one company of exactly this name, however its letters are typed; None if there is none.

    Raises:
        Refused: several have it.
    """
    from easir_tui import text
    from easir_tui.crm import accounts
    from easir_tui.errors import Refused

    wanted = text.fold(text.accept(name, newlines=False))
    same = [one for one in accounts.search(me, name) if text.fold(one.name) == wanted]
    if len(same) > 1:
        raise Refused(
            _("{count} companies are called {name}.").format(count=len(same), name=name),
            _("Name one by --account: {ids}.").format(ids=", ".join(str(one.id) for one in same)),
        )
    return same[0].id if same else None
