"""`easir team`: teams, their members, opening hours and clocks."""

from __future__ import annotations

import argparse
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `team` and what it can do to the parser."""
    team = commands.add_parser("team", help=_("teams, their members and opening hours"))
    actions = team.add_subparsers(prog="easir team", dest="action", required=True, metavar=_("ACTION"))
    listing = actions.add_parser("list", parents=[common], help=_("every team"))
    listing.set_defaults(run=run_list)
    showing = actions.add_parser("show", help=_("what is set for a team, as JSON"))
    showing.add_argument("team", metavar=_("TEAM"))
    showing.set_defaults(run=run_show)
    for name, words in (("add", _("make a team; for admins")), ("change", _("change what is set for a team"))):
        one = actions.add_parser(name, help=words)
        one.add_argument("team", metavar=_("TEAM"))
        one.add_argument("--hours", action="append", default=[], metavar="DAY=SPANS",
                         help=_("such as mon=9-17:30, or mon-fri=9-12,13-17; may be repeated"))  # fmt: skip
        one.add_argument(
            "--holiday", action="append", default=None, metavar=_("DATE"), help=_("closed on that day too")
        )
        one.add_argument("--calendar", choices=("DK", "none"), help=_("whose public holidays count"))
        one.add_argument("--accept", type=int, metavar="N", help=_("minutes to accept a lead in; 0 for no clock"))
        one.add_argument("--act", type=int, metavar="N", help=_("minutes to the first activity; 0 for no clock"))
        one.add_argument("--takes", action="append", default=None, metavar=_("WORD"),
                         help=_("a word in a lead that says it is for this team; may be repeated"))  # fmt: skip
        one.add_argument("--mail", metavar=_("ADDRESS"), help=_("who is told when a lead waits too long"))
        one.add_argument("--zone", metavar=_("ZONE"), help=_("the time zone its hours are in"))
        if name == "change":
            one.add_argument("--name", metavar=_("NAME"))
        one.set_defaults(run=run_add if name == "add" else run_change)
    member = actions.add_parser("member", help=_("who is in a team"))
    member.add_argument("act", choices=("add", "remove"))
    member.add_argument("team", metavar=_("TEAM"))
    member.add_argument("login", metavar=_("LOGIN"))
    member.set_defaults(run=run_member)
    gone = actions.add_parser("remove", help=_("put a team away that nothing belongs to; for admins"))
    gone.add_argument("team", metavar=_("TEAM"))
    gone.set_defaults(run=run_remove)


def run_list(args: argparse.Namespace) -> int:
    """Print every team."""
    from easir_tui.crm import teams
    from easir_tui.headless import output, session, table

    found = teams.listed(session.begin())
    if args.json:
        output.print_json_list(output.facts(one) for one in found)
        return 0
    columns = [table.Column("ID", 4, right=True), table.Column(_("Team"), 0), table.Column(_("City"), 16, 1),
               table.Column(_("Members"), 8, 2, True), table.Column(_("Accept"), 8, 3, True),
               table.Column(_("Act"), 8, 4, True)]  # fmt: skip
    table.print_table(columns, ((
        str(one.id), one.name, one.city, str(one.members), str(one.accept_minutes or "–"), str(one.act_minutes or "–"),
    ) for one in found))  # fmt: skip
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print one team."""
    from easir_tui.crm import teams
    from easir_tui.headless import output, session

    me = session.begin()
    output.print_json(output.facts(teams.facts(me, teams.of_name(me, args.team))))
    return 0


def _fields(args: argparse.Namespace, hours: dict[str, str]) -> dict[str, Any]:
    """What was named on the command line, as `teams.change` takes it; `hours` are those the team has."""
    fields: dict[str, Any] = {}
    if args.hours:
        fields["hours"] = {**hours, **_hours(args.hours)}
    if args.holiday is not None:
        fields["holidays"] = args.holiday
    if args.calendar is not None:
        fields["holiday_calendar"] = args.calendar
    if args.takes is not None:
        fields["takes"] = args.takes
    for name, field in (("accept", "accept_minutes"), ("act", "act_minutes")):
        if getattr(args, name) is not None:
            fields[field] = getattr(args, name) or None
    for name, field in (("mail", "escalate_to"), ("zone", "zone"), ("name", "name")):
        if getattr(args, name, None) is not None:
            fields[field] = getattr(args, name)
    return fields


def _hours(given: list[str]) -> dict[str, str]:
    """ "mon-fri=9-17" as spans by weekday."""
    from easir_tui.crm.opening_hours import WEEKDAYS
    from easir_tui.errors import Invalid

    found: dict[str, str] = {}
    for one in given:
        days, equals, spans = one.partition("=")
        first, _dash, last = days.strip().lower().partition("-")
        last = last or first
        if not equals or first not in WEEKDAYS or last not in WEEKDAYS or WEEKDAYS.index(last) < WEEKDAYS.index(first):
            raise Invalid("hours", _("“{text}” are no opening hours.").format(text=one), _("Write mon-fri=9-17:30."))
        for day in WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1]:
            found[day] = spans
    return found


def run_add(args: argparse.Namespace) -> int:
    """Make a team and print its number."""
    from easir_tui.crm import teams
    from easir_tui.headless import session

    print(teams.add(session.begin(), args.team, **_fields(args, {})))
    return 0


def run_change(args: argparse.Namespace) -> int:
    """Change what is set for a team."""
    from easir_tui.crm import teams
    from easir_tui.crm.opening_hours import spans_text
    from easir_tui.headless import session

    me = session.begin()
    team_id = teams.of_name(me, args.team)
    held = teams.facts(me, team_id)
    hours = {day: spans_text(spans) for day, spans in held.hours.items()}
    teams.change(me, team_id, held.version, **_fields(args, hours))
    return 0


def run_member(args: argparse.Namespace) -> int:
    """Let somebody into a team, or out of it."""
    from easir_tui.crm import people, teams
    from easir_tui.headless import session

    me = session.begin()
    team_id, user_id = teams.of_name(me, args.team), people.of_login(me, args.login)
    members = {one for one, _name in teams.facts(me, team_id).members}
    teams.set_members(me, team_id, sorted(members | {user_id} if args.act == "add" else members - {user_id}))
    return 0


def run_remove(args: argparse.Namespace) -> int:
    """Put a team away."""
    from easir_tui.crm import teams
    from easir_tui.headless import session

    me = session.begin()
    teams.remove(me, teams.of_name(me, args.team))
    return 0
