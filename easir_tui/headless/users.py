"""`easir user`: who works here, in which role; letting colleagues in, and out."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from easir_tui.language import _, ngettext

if TYPE_CHECKING:
    from easir_tui.crm.users import Me


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `user` and what it can do to the parser."""
    user = commands.add_parser("user", help=_("colleagues and their roles"))
    actions = user.add_subparsers(prog="easir user", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("everybody who is enrolled"))
    listing.set_defaults(run=run_list)
    add = actions.add_parser("add", parents=[common], help=_("enrol a login of this machine; for admins"))
    add.add_argument("login", metavar=_("LOGIN"), help=_("the name the colleague logs in with"))
    add.add_argument("name", metavar=_("NAME"), nargs="?", default="", help=_("the full name; else the machine's own"))
    add.add_argument("--role", choices=("user", "team_admin", "admin"), default="user")
    add.add_argument(
        "--team", action="append", default=[], metavar=_("TEAM"), help=_("a team to be in; may be repeated")
    )
    add.set_defaults(run=run_add)
    role = actions.add_parser("role", help=_("let somebody be something else; for admins"))
    role.add_argument("login", metavar=_("LOGIN"))
    role.add_argument("role", choices=("user", "team_admin", "admin"))
    role.set_defaults(run=run_role)
    out = actions.add_parser("deactivate", help=_("let somebody in no longer; for admins"))
    out.add_argument("login", metavar=_("LOGIN"))
    out.add_argument("--to", metavar=_("LOGIN"), help=_("who takes over open cases, contacts and tasks"))
    out.set_defaults(run=run_deactivate)
    back = actions.add_parser("reactivate", help=_("let somebody in again; for admins"))
    back.add_argument("login", metavar=_("LOGIN"))
    back.set_defaults(run=run_reactivate)
    give = actions.add_parser("reassign", help=_("give what somebody has open to another; for admins"))
    give.add_argument("login", metavar=_("LOGIN"))
    give.add_argument("to", metavar=_("LOGIN"))
    give.set_defaults(run=run_reassign)


def _begin(args: argparse.Namespace) -> tuple[Me, int]:
    """Who asks, and whom it is about."""
    from easir_tui.crm import people
    from easir_tui.headless import session

    me = session.begin()
    return me, people.of_login(me, args.login)


def run_list(args: argparse.Namespace) -> int:
    """Print everybody."""
    from easir_tui.crm import people
    from easir_tui.headless import output, session, table

    found = people.listed(session.begin())
    if args.json:
        output.print_json_list(output.facts(one) for one in found)
        return 0
    columns = [table.Column(_("Login"), 12), table.Column(_("Name"), 0), table.Column(_("Role"), 14, 1),
               table.Column(_("Teams"), 28, 2), table.Column(_("State"), 10, 3)]  # fmt: skip
    table.print_table(columns, ((
        one.login, one.full_name, _(people.ROLES[one.role]), one.teams, _("active") if one.active else _("left"),
    ) for one in found))  # fmt: skip
    return 0


def run_add(args: argparse.Namespace) -> int:
    """Enrol the colleague and print the new user's number."""
    from easir_tui.crm import teams, users
    from easir_tui.headless import output, session

    me = session.begin()
    team_ids = [teams.of_name(me, name) for name in args.team]
    user_id = users.enrol(me, args.login, args.name, args.role)
    if team_ids:
        teams.set_teams(me, user_id, team_ids)
    if args.json:
        output.print_json({"id": user_id, "login": args.login})
    else:
        print(user_id)
    return 0


def run_role(args: argparse.Namespace) -> int:
    """Change a role."""
    from easir_tui.crm import people

    me, user_id = _begin(args)
    people.set_role(me, user_id, args.role)
    return 0


def run_deactivate(args: argparse.Namespace) -> int:
    """Let somebody in no longer."""
    from easir_tui.crm import people

    me, user_id = _begin(args)
    cases = people.deactivate(me, user_id, people.of_login(me, args.to) if args.to else None)
    if args.to:
        print(ngettext("{n} open case was taken over.", "{n} open cases were taken over.", cases).format(n=cases))
    return 0


def run_reactivate(args: argparse.Namespace) -> int:
    """Let somebody in again."""
    from easir_tui.crm import people

    me, user_id = _begin(args)
    people.reactivate(me, user_id)
    return 0


def run_reassign(args: argparse.Namespace) -> int:
    """Give what somebody has open to another."""
    from easir_tui.crm import people

    me, user_id = _begin(args)
    cases = people.reassign(me, user_id, people.of_login(me, args.to))
    print(ngettext("{n} open case was taken over.", "{n} open cases were taken over.", cases).format(n=cases))
    return 0
