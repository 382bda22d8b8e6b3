"""`easir note`: write a note on a contact."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `note` and what it can do to the parser."""
    note = commands.add_parser("note", help=_("write a note"))
    actions = note.add_subparsers(prog="easir note", dest="action", required=True, metavar=_("ACTION"))
    add = actions.add_parser("add", parents=[common], help=_("a note that belongs to no case"))
    add.add_argument("contact", type=int, metavar=_("CONTACT"), help=_("the contact's ID"))
    add.add_argument("text", nargs="+", metavar=_("TEXT"), help=_("the note; - reads it from standard input"))
    add.set_defaults(run=run_add)


def run_add(args: argparse.Namespace) -> int:
    """Write the note and print its number."""
    from easir_tui.crm import notes
    from easir_tui.headless import output, session

    written = " ".join(args.text)
    if written == "-":
        written = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    me = session.begin()
    note_id = notes.write(me, args.contact, written)
    if args.json:
        output.print_json({"id": note_id, "contact_id": args.contact})
    else:
        print(note_id)
    return 0
