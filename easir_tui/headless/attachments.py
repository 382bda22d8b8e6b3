"""`easir attachment`: put files on a contact and get them back, over SSH and pipes too."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `attachment` and what it can do to the parser."""
    attachment = commands.add_parser("attachment", help=_("add, list or get files"))
    actions = attachment.add_subparsers(prog="easir attachment", dest="action", required=True, metavar=_("ACTION"))
    add = actions.add_parser("add", parents=[common], help=_("attach a file to a contact"))
    add.add_argument("contact", type=int, metavar=_("CONTACT"), help=_("the contact's ID"))
    add.add_argument("file", metavar=_("FILE"), help=_("a path; - reads standard input"))
    add.add_argument("--name", metavar=_("NAME"), default="", help=_("what it is called; needed with -"))
    add.add_argument("--case", type=int, metavar="ID", help=_("the case it belongs to"))
    add.set_defaults(run=run_add)
    listing = actions.add_parser("list", parents=[common], help=_("the files of a contact, the newest first"))
    listing.add_argument("contact", type=int, metavar=_("CONTACT"), help=_("the contact's ID"))
    listing.set_defaults(run=run_list)
    get = actions.add_parser("get", parents=[common], help=_("write a file to standard output, or save it"))
    get.add_argument("id", type=int, metavar="ID")
    get.add_argument(
        "-o", "--output", metavar=_("FILE"), help=_("save it as this, or in this folder; nothing is overwritten")
    )
    get.set_defaults(run=run_get)


def run_add(args: argparse.Namespace) -> int:
    """Attach the file and print its number."""
    from easir_tui.crm import attachments
    from easir_tui.headless import output, session

    me = session.begin()
    if args.file == "-":
        name = args.name or _("standard input")
        attachment_id = attachments.add(me, args.contact, sys.stdin.buffer, name, args.case)
    elif args.name:
        with attachments.opened(Path(args.file)) as stream:
            attachment_id = attachments.add(me, args.contact, stream, args.name, args.case)
    else:
        attachment_id = attachments.add_file(me, args.contact, Path(args.file), args.case)
    if args.json:
        output.print_json(output.facts(attachments.facts(me, attachment_id)))
    else:
        print(attachment_id)
    return 0


def run_list(args: argparse.Namespace) -> int:
    """Print the files of a contact."""
    from easir_tui import clock, language
    from easir_tui.crm import attachments, contacts
    from easir_tui.headless import output, session, table

    me = session.begin()
    contacts.show(me, args.contact)

    def listed() -> Any:
        after = None
        while True:
            found = attachments.page(me, args.contact, after)
            yield from found.rows
            after = found.next
            if after is None:
                return

    if args.json:
        output.print_json_list(output.facts(one) for one in listed())
        return 0
    zone = clock.zone(me.zone)
    columns = [
        table.Column("ID", 7, right=True), table.Column(_("Name"), 0), table.Column(_("Size"), 9, 1, True),
        table.Column(_("When"), 16, 2), table.Column(_("Case"), 20, 3), table.Column(_("Who"), 18, 4),
    ]  # fmt: skip
    table.print_table(columns, (
        (str(one.id), one.name, language.size(one.size), clock.short_when(one.at, zone), one.case_title, one.who)
        for one in listed()
    ))  # fmt: skip
    return 0


def run_get(args: argparse.Namespace) -> int:
    """Write the bytes out, or save them and say where; with --json alone, say what the file is."""
    from easir_tui.crm import attachments
    from easir_tui.errors import Refused
    from easir_tui.headless import output, session

    me = session.begin()
    found = attachments.facts(me, args.id)
    saved = attachments.save(me, args.id, Path(args.output)) if args.output else None
    if args.json:
        output.print_json({**output.facts(found), **({"path": os.fspath(saved)} if saved else {})})
        return 0
    if saved is not None:
        output.say(os.fspath(saved))
        return 0
    if sys.stdout.isatty() and found.media_type != "text/plain":
        raise Refused(
            _("{name} is not text, and a terminal cannot show it.").format(name=found.name),
            _("Save it with -o, or send it to a file."),
        )
    with attachments.open_bytes(me, args.id) as source:
        if sys.stdout.isatty():
            output.say_text(source.read().decode("utf-8", "replace"))
        else:
            shutil.copyfileobj(source, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    return 0
