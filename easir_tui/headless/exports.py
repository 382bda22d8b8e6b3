"""`easir export`: contacts, accounts, cases, tasks and activities for other programs."""

from __future__ import annotations

import argparse
import sys
from typing import Any, BinaryIO

from easir_tui.errors import Refused
from easir_tui.language import _, number

_KINDS = ("contacts", "accounts", "cases", "tasks", "activities")


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `export` to the parser."""
    export = commands.add_parser("export", parents=[common], help=_("write out what you may see, for other programs"))
    export.add_argument("kind", choices=_KINDS, help=_("what"))
    export.add_argument("--format", choices=("csv", "json", "vcard", "xlsx"), default="csv", help=_("csv by default"))
    export.add_argument("--filter", default="", metavar=_("TEXT"), help=_("as in the list on screen"))
    export.add_argument("--out", metavar=_("FILE"), help=_("into this file; without it to standard output"))
    export.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    """Write it, and say on standard error how many records that were."""
    from easir_tui.crm import exports
    from easir_tui.headless import output, session

    form = "json" if args.json else args.format
    if args.filter and args.kind in ("tasks", "activities"):
        raise Refused(_("{kind} have no filter; everything is written.").format(kind=args.kind))
    if form == "xlsx" and not args.out and sys.stdout.isatty():
        raise Refused(_("A workbook is no text for a terminal."), _("Name a file with --out, or send it on with >."))
    me = session.begin()
    ids = exports.ids_of(me, args.kind, args.filter)
    if args.out:
        from pathlib import Path

        from easir_tui.crm import export_files

        count = export_files.save(me, args.kind, ids, form, Path(args.out))
    else:
        sys.stdout.flush()
        sink: BinaryIO = sys.stdout.buffer
        count = exports.write(me, args.kind, ids, form, sink)
        sink.flush()
    output.warn(_("{count} written").format(count=number(count)))
    return 0
