"""`easir calendar`: one's tasks and meetings as a calendar file, and in step with a calendar server."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from easir_tui.errors import Refused
from easir_tui.language import _, ngettext

if TYPE_CHECKING:
    from easir_tui.channels.caldav import Collection
    from easir_tui.channels.dav import Dav
    from easir_tui.crm.calendar_facts import Choice
    from easir_tui.crm.calendar_sync import Line


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `calendar` and what it can do to the parser."""
    calendar = commands.add_parser("calendar", help=_("your tasks and meetings in your calendar"))
    actions = calendar.add_subparsers(prog="easir calendar", dest="action", required=True, metavar=_("ACTION"))
    feeding = actions.add_parser("feed", help=_("write your tasks and meetings as iCalendar"))
    feeding.add_argument("--out", metavar=_("FILE"), default="-", help=_("a file, or - for standard output (-)"))
    feeding.set_defaults(run=run_feed)
    syncing = actions.add_parser("sync", parents=[common], help=_("keep your tasks in step with a calendar server"))
    syncing.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))
    syncing.set_defaults(run=run_sync)
    settling = actions.add_parser("settle", parents=[common], help=_("say which version of a task holds, and sync"))
    settling.add_argument("task", type=int, metavar=_("TASK"))
    settling.add_argument("version", choices=("mine", "theirs"), help=_("yours here, or the one in the calendar"))
    settling.set_defaults(run=run_settle)


def run_feed(args: argparse.Namespace) -> int:
    """Write the calendar; a file is replaced whole or not at all, so that whoever reads it never gets half of one."""
    from easir_tui import clock
    from easir_tui.channels import calendar_file
    from easir_tui.crm import calendar_entries
    from easir_tui.headless import output, session

    me = session.begin()
    entries = list(calendar_entries.everything(me))
    raw = calendar_file.write(entries, clock.zone(me.zone))
    if args.out == "-":
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return 0
    replace_file(Path(args.out), raw)
    said = ngettext("{count} entry written to {file}.", "{count} entries written to {file}.", len(entries))
    output.say(said.format(count=len(entries), file=args.out))
    return 0


def run_sync(args: argparse.Namespace) -> int:
    """Bring both in step, and say of each task that differed what became of it."""
    return _sync(args, args.dry_run, {})


def run_settle(args: argparse.Namespace) -> int:
    """The same, with a person's word on one task."""
    return _sync(args, False, {args.task: args.version})


def _sync(args: argparse.Namespace, dry_run: bool, choices: dict[int, Choice]) -> int:
    from easir_tui import clock
    from easir_tui.channels import caldav
    from easir_tui.crm import calendar_sync
    from easir_tui.headless import output, session

    me = session.begin()
    with _server() as dav:
        calendar = caldav.Calendar(dav, _only_one(caldav.calendars(dav)), clock.zone(me.zone))
        report = (lambda line: None) if args.json else _tell
        lines = calendar_sync.sync(me, calendar, dry_run=dry_run, choices=choices, report=report)
    if args.json:
        from dataclasses import asdict

        output.print_json_list(asdict(one) for one in lines)
        return 0
    unsettled = sum(one.what in calendar_sync.OPEN for one in lines)
    if unsettled:
        said = ngettext(
            "{count} task is to be settled: easir calendar settle TASK mine|theirs",
            "{count} tasks are to be settled: easir calendar settle TASK mine|theirs",
            unsettled,
        )
        output.say(said.format(count=unsettled))
    elif not lines:
        output.say(_("Nothing has changed."))
    return 0


def _server() -> Dav:
    """The server of the settings, the password fetched now and kept nowhere.

    Raises:
        Refused: the settings name none, or there is no password.
    """
    from easir_tui import config
    from easir_tui.channels.dav import Dav
    from easir_tui.channels.mail_account import secret

    held = config.settings().calendar
    if not held.get("url"):
        raise Refused(
            _("The settings name no calendar server."),
            _("Write a table [calendar] with url, user and password_command into {file}.").format(
                file=config.settings_path()
            ),
        )
    command = held.get("password_command", "")
    password = secret(command) if command else ""
    return Dav(held["url"], held.get("user", ""), password, held.get("ca_file", ""))


def _only_one(found: list[Collection]) -> Collection:
    if len(found) == 1:
        return found[0]
    raise Refused(
        _("There are several calendars at that address: {names}.").format(
            names=", ".join(f"{one.title or one.href} ({one.href})" for one in found)
        ),
        _("Write the address of one of them into the settings."),
    )


def _tell(line: Line) -> None:
    from easir_tui.crm.calendar_facts import FACTS
    from easir_tui.crm.calendar_sync import WHAT
    from easir_tui.headless import output

    reason = f" ({line.reason})" if line.reason else ""
    output.say(f"{line.task_id}  {line.title}: {_(WHAT[line.what])}{reason}")
    for one in line.differences:
        field = _(FACTS[one.field])
        if one.mine:
            output.say("    " + _("{field}, here: {value}").format(field=field, value=one.mine))
        output.say("    " + _("{field}, in the calendar: {value}").format(field=field, value=one.theirs))


def replace_file(path: Path, raw: bytes) -> None:
    """Put these bytes into a file, whole or not at all; a new one is for its owner alone, an old one keeps its rights.

    Raises:
        Refused: it cannot be written; what was there before still is.
    """
    import tempfile

    path = path.resolve()
    draft = ""
    try:
        mode = path.stat().st_mode & 0o777 if path.is_file() else 0o600
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        if draft:
            with contextlib.suppress(OSError):
                os.unlink(draft)
        raise Refused(
            _("The file {file} cannot be written: {reason}.").format(file=path, reason=error.strerror or str(error))
        ) from error
