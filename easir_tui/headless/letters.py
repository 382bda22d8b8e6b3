"""`easir letter`: fetch the PDF of a letter, look at one before it is written, print one."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `letter` and what it can do to the parser."""
    letter = commands.add_parser("letter", help=_("fetch, look at or print a letter as PDF"))
    actions = letter.add_subparsers(prog="easir letter", dest="action", required=True, metavar=_("ACTION"))
    number = _("the number of the letter's file, or of its activity")
    target = _("save it as this, or in this folder; nothing is overwritten; - is standard output")
    get = actions.add_parser("get", parents=[common], help=_("write the PDF to standard output, or save it"))
    get.add_argument("id", type=int, metavar="ID", help=number)
    get.add_argument("file", nargs="?", default="-", metavar=_("FILE"), help=target)
    get.set_defaults(run=run_get)
    preview = actions.add_parser("preview", help=_("make the PDF of a letter without saving the letter"))
    preview.add_argument("contact", type=int, metavar=_("CONTACT"), help=_("the contact's ID"))
    preview.add_argument("--subject", default="", metavar=_("TEXT"))
    preview.add_argument("--text", required=True, metavar=_("TEXT"), help=_("the letter; - reads standard input"))
    preview.add_argument("file", metavar=_("FILE"), help=target)
    preview.set_defaults(run=run_preview)
    printing = actions.add_parser("print", help=_("print the PDF with the print_command of the settings"))
    printing.add_argument("id", type=int, metavar="ID", help=number)
    printing.set_defaults(run=run_print)


def run_get(args: argparse.Namespace) -> int:
    """Write the PDF out, or save it and say where; with --json alone, say what the file is."""
    from easir_tui.crm import attachments, letters
    from easir_tui.headless import output, session

    me = session.begin()
    found = letters.find(me, args.id)
    saved = attachments.save(me, found.id, Path(args.file)) if args.file != "-" else None
    if args.json:
        output.print_json({**output.facts(found), **({"path": os.fspath(saved)} if saved else {})})
    elif saved is not None:
        output.say(os.fspath(saved))
    else:
        _refuse_terminal(found.name)
        with attachments.open_bytes(me, found.id) as source:
            shutil.copyfileobj(source, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    return 0


def run_preview(args: argparse.Namespace) -> int:
    """Make the PDF as saving the letter would; nothing is stored."""
    from easir_tui import clock, text
    from easir_tui.crm import activities, attachments, letters, template_fields, templates
    from easir_tui.errors import Invalid
    from easir_tui.headless import output, session

    me = session.begin()
    body = args.text
    if body == "-":
        body = sys.stdin.buffer.read(4 * activities.LONGEST).decode("utf-8", "surrogateescape")
    known = templates.values_for(me, args.contact)
    body = text.accept(template_fields.fill(body, known))
    subject = text.accept(template_fields.fill(args.subject, known), newlines=False)
    if not body:
        raise Invalid("body", _("The letter is empty."))
    template_fields.refuse_open("subject", subject)
    template_fields.refuse_open("body", body)
    made = letters.made(me, args.contact, subject, body, clock.now())
    if args.file == "-":
        _refuse_terminal(made.name)
        sys.stdout.buffer.write(made.pdf)
        sys.stdout.buffer.flush()
    else:
        output.say(os.fspath(attachments.write_out(made.name, io.BytesIO(made.pdf), Path(args.file))))
    return 0


def run_print(args: argparse.Namespace) -> int:
    """Print one and say which."""
    from easir_tui import config
    from easir_tui.channels import printing
    from easir_tui.crm import attachments, letters
    from easir_tui.errors import Refused
    from easir_tui.headless import output, session

    me = session.begin()
    settings = config.settings()
    if settings.restricted:
        raise Refused(_("This login may start no other program."))
    found = letters.find(me, args.id)
    with attachments.open_bytes(me, found.id) as source:
        printing.print_file(settings.print_command, attachments.safe_name(found.name), source)
    output.say(_("{name} is printed.").format(name=found.name))
    return 0


def _refuse_terminal(name: str) -> None:
    from easir_tui.errors import Refused

    if sys.stdout.isatty():
        raise Refused(
            _("{name} is not text, and a terminal cannot show it.").format(name=name),
            _("Name a file after it, or send it to one with >."),
        )
