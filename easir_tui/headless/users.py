"""`easir user`: let a colleague in."""

from __future__ import annotations

import argparse
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `user` and what it can do to the parser."""
    user = commands.add_parser("user", help=_("let a colleague in"))
    actions = user.add_subparsers(prog="easir user", dest="action", required=True, metavar=_("ACTION"))
    add = actions.add_parser("add", parents=[common], help=_("enrol a login of this machine; for admins"))
    add.add_argument("login", metavar=_("LOGIN"), help=_("the name the colleague logs in with"))
    add.add_argument("name", metavar=_("NAME"), nargs="?", default="", help=_("the full name; else the machine's own"))
    add.add_argument("--role", choices=("user", "team_admin", "admin"), default="user")
    add.set_defaults(run=run_add)


def run_add(args: argparse.Namespace) -> int:
    """Enrol the colleague and print the new user's number."""
    from easir_tui.crm import users
    from easir_tui.headless import output, session

    user_id = users.enrol(session.begin(), args.login, args.name, args.role)
    if args.json:
        output.print_json({"id": user_id, "login": args.login})
    else:
        print(user_id)
    return 0
