"""`easir lead`: let leads in from files, standard input or a drop folder, list them, run their clocks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from easir_tui.errors import Refused
from easir_tui.language import _, ngettext

if TYPE_CHECKING:
    from easir_tui.crm.lead_clocks import Notice
    from easir_tui.crm.leads import Arrived
    from easir_tui.crm.users import Me


PAGE = 200
"""Leads read at a time."""


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `lead` and what it can do to the parser."""
    lead = commands.add_parser("lead", help=_("let leads in, list them, run their clocks"))
    actions = lead.add_subparsers(prog="easir lead", dest="action", required=True, metavar=_("ACTION"))
    adding = actions.add_parser("add", parents=[common], help=_("take leads in: JSON, CSV, ADF/XML or a mail"))
    adding.add_argument("files", nargs="+", metavar=_("FILE"), help=_("a file, or - for standard input"))
    adding.set_defaults(run=run_add)
    listing = actions.add_parser("list", parents=[common], help=_("leads, the most urgent first"))
    listing.add_argument("--view", choices=("waiting", "escalated", "unanswered", "accepted", "rejected", "all"),
                         default="waiting")  # fmt: skip
    listing.add_argument("--filter", metavar=_("TEXT"), default="", help=_("name, company, product, number"))
    listing.set_defaults(run=run_list)
    showing = actions.add_parser("show", parents=[common], help=_("one lead"))
    showing.add_argument("id", type=int)
    showing.add_argument("--raw", action="store_true", help=_("the message as it came"))
    showing.set_defaults(run=run_show)
    rejecting = actions.add_parser("reject", help=_("reject a lead for the whole team"))
    rejecting.add_argument("id", type=int)
    rejecting.add_argument("reason")
    rejecting.set_defaults(run=run_reject)
    cron = _("mark, and mail about, leads that wait too long; for cron")
    escalating = actions.add_parser("escalate", parents=[common], help=cron)
    escalating.set_defaults(run=run_escalate)
    watching = actions.add_parser("watch", help=_("take in what is dropped into a folder, until stopped"))
    watching.add_argument("folder", metavar=_("FOLDER"))
    watching.add_argument("--once", action="store_true", help=_("what is there now, and no longer"))
    watching.set_defaults(run=run_watch)


def run_add(args: argparse.Namespace) -> int:
    """Take files in; one that cannot be taken is named and stops no other."""
    from easir_tui.headless import output, session

    me = session.begin()
    failed = 0
    told: list[dict[str, Any]] = []
    for name in args.files:
        try:
            arrived = _take(me, name)
        except (Refused, OSError) as error:
            failed += 1
            output.warn(f"{name}: {_reason(error)}")
            continue
        told.append({"file": name, "new": list(arrived.ids), "known": arrived.known, "unread": arrived.unread})
        if not args.json:
            output.say(f"{name}: {said(arrived)}")
    if args.json:
        output.print_json_list(told)
    return 1 if failed else 0


def _take(me: Me, name: str) -> Arrived:
    from easir_tui.channels import lead_files
    from easir_tui.channels.lead_record import LARGEST
    from easir_tui.crm import leads

    if name == "-":
        raw, title = sys.stdin.buffer.read(LARGEST + 1), ""
    else:
        with Path(name).open("rb") as file:
            raw, title = file.read(LARGEST + 1), Path(name).name
    return leads.arrive(me, lead_files.read(raw, title), raw, title)


def said(arrived: Arrived) -> str:
    """What came of a message, in words."""
    words = [ngettext("{count} new lead", "{count} new leads", len(arrived.ids)).format(count=len(arrived.ids))]
    if arrived.known:
        words.append(_("{count} here already").format(count=arrived.known))
    if arrived.unread:
        words.append(_("{count} to be read by a person").format(count=arrived.unread))
    return ", ".join(words)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, Refused) else (getattr(error, "strerror", None) or str(error))


def run_list(args: argparse.Namespace) -> int:
    """Print the leads of a view."""
    from easir_tui import clock
    from easir_tui.crm import lead_list
    from easir_tui.headless import output, session, table

    me = session.begin()

    def found() -> Iterator[lead_list.LeadRow]:
        start = 0
        while page := lead_list.page(me, args.view, args.filter, start=start, size=PAGE):
            yield from page
            start += len(page)

    if args.json:
        output.print_json_list(output.facts(one) for one in found())
        return 0
    zone = clock.zone(me.zone)
    columns = [
        table.Column("ID", 6, right=True), table.Column(_("Lead"), 24), table.Column(_("Company"), 20, 3),
        table.Column(_("Product"), 0), table.Column(_("Source"), 14, 4), table.Column(_("Status"), 12, 1),
        table.Column(_("Until"), 17, 2),
    ]  # fmt: skip
    table.print_table(columns, ((
        str(one.id), one.name, one.company, one.product or one.interest, one.source,
        _(lead_list.STATUSES[one.status]), clock.short_when(one.until, zone) if one.until else "",
    ) for one in found()))  # fmt: skip
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Print one lead, or the message it came in."""
    from easir_tui import text
    from easir_tui.crm import lead_page
    from easir_tui.headless import output, session

    me = session.begin()
    if args.raw:
        print(text.clean(lead_page.raw_text(me, args.id), newlines=True))
        return 0
    page = lead_page.load(me, args.id)
    output.print_json(
        {**output.facts(page), "row": output.facts(page.row), "files": [output.facts(one) for one in page.files]}
    )
    return 0


def run_reject(args: argparse.Namespace) -> int:
    """Reject a lead."""
    from easir_tui.crm import leads
    from easir_tui.headless import session

    leads.reject(session.begin(), args.id, args.reason)
    return 0


def run_escalate(args: argparse.Namespace) -> int:
    """Run the clocks once, and send the mails that are due; says nothing when nothing happened."""
    from easir_tui.crm import lead_clocks
    from easir_tui.headless import output, session

    me = session.begin()
    marked = lead_clocks.escalate(me)
    sent, failed = _tell(me)
    if args.json:
        output.print_json({**output.facts(marked), "mailed": sent, "failed": failed})
    elif marked or sent:
        print(_("{waiting} not accepted in time, {unanswered} not answered in time, {expired} expired, {sent} mailed.")
              .format(waiting=len(marked.waiting), unanswered=len(marked.unanswered), expired=len(marked.expired),
                      sent=sent))  # fmt: skip
    return 1 if failed else 0


def _tell(me: Me) -> tuple[int, int]:
    """Send what is due by the configured command; a mail that was not sent is tried again by the next run."""
    from easir_tui import config
    from easir_tui.crm import lead_clocks
    from easir_tui.headless import output

    command = config.settings().mail_command
    if not command:
        return 0, 0
    sent = failed = 0
    for notice in lead_clocks.claim_notices(me):
        why = _send(command, notice)
        if why:
            lead_clocks.give_back(me, notice.lead_id)
            failed += 1
            output.warn(_("The mail about lead {id} could not be sent: {why}").format(id=notice.lead_id, why=why))
        else:
            sent += 1
    return sent, failed


def _send(command: str, notice: Notice) -> str:
    """Hand one mail to the command on its standard input; why it did not take it, or nothing."""
    import shlex
    import subprocess
    from email.message import EmailMessage

    message = EmailMessage()
    message["To"] = notice.to
    title = _("Lead not answered in time") if notice.unanswered else _("Lead not accepted in time")
    message["Subject"] = " ".join(f"{title}: {notice.name}".split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        _("{name} · {about}\nTeam {team}\n\neasir lead show {id}").format(
            name=notice.name, about=notice.about, team=notice.team, id=notice.lead_id
        )
    )
    try:
        done = subprocess.run(
            shlex.split(command), input=message.as_bytes(), capture_output=True, timeout=60, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode:
        return done.stderr.decode("utf-8", "replace").strip()[:200] or str(done.returncode)
    return ""


def run_watch(args: argparse.Namespace) -> int:
    """Take in what is dropped into a folder."""
    import time

    from easir_tui.crm import lead_drop
    from easir_tui.headless import output, session

    session.begin()
    folder = Path(args.folder)
    if not folder.is_dir():
        raise Refused(_("There is no folder {name}.").format(name=folder))
    try:
        while True:
            for taken in lead_drop.take(folder, settled=0 if args.once else lead_drop.SETTLED):
                output.say(f"{taken.name}: {taken.problem or said(taken.arrived)}")  # type: ignore[arg-type]
                sys.stdout.flush()
            if args.once:
                return 0
            time.sleep(lead_drop.LOOK_EVERY)
    except KeyboardInterrupt:
        return 0
