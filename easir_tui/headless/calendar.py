"""`easir calendar`: one's tasks and meetings as a calendar file, and in step with a calendar server."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path
from typing import Any

from easir_tui.errors import Refused
from easir_tui.language import _, ngettext


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `calendar` and what it can do to the parser."""
    calendar = commands.add_parser("calendar", help=_("your tasks and meetings in your calendar"))
    actions = calendar.add_subparsers(prog="easir calendar", dest="action", required=True, metavar=_("ACTION"))
    feeding = actions.add_parser("feed", help=_("write your tasks and meetings as iCalendar"))
    feeding.add_argument("--out", metavar=_("FILE"), default="-", help=_("a file, or - for standard output (-)"))
    feeding.set_defaults(run=run_feed)


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
