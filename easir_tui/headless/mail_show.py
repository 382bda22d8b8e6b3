"""`easir mail show`: any message file, read as the application reads mail; needs no database and no account."""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from easir_tui.errors import Refused
from easir_tui.language import _, size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from easir_tui.channels.mail_address import NamedAddress
    from easir_tui.channels.mail_read import ReadMail


def register(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add it to the actions of `mail`."""
    showing = actions.add_parser("show", parents=[common], help=_("read a message file"))
    showing.add_argument("file", metavar=_("FILE"), help=_("the message; - reads standard input"))
    showing.add_argument("--attachments", metavar=_("FOLDER"), help=_("write its files into this folder"))
    showing.set_defaults(run=run_show)


def run_show(args: argparse.Namespace) -> int:
    """Print who wrote it, its text and its files."""
    from easir_tui.channels.mail_read import read_mail
    from easir_tui.headless import output

    mail = read_mail(_bytes(args.file))
    if args.json:
        output.print_json(_facts(mail))
    else:
        _print(mail)
    if args.attachments:
        _write_files(mail, Path(args.attachments))
    for warning in mail.warnings:
        output.warn(warning)
    return 0


def _bytes(name: str) -> bytes:
    from easir_tui.channels.mail_read import LARGEST
    from easir_tui.crm import attachments

    if name == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    with attachments.opened(attachments.path_of(name)) as file:
        return file.read(LARGEST + 1)


def _print(mail: ReadMail) -> None:
    from easir_tui import clock
    from easir_tui.clock import When
    from easir_tui.headless import output

    head = mail.head
    when = clock.say_when(When(at=head.sent_at), clock.zone()) if head.sent_at is not None else ""
    output.print_pairs([
        (_("From"), _people([head.sender] if head.sender else [])), (_("Answers to"), _people(head.reply_to)),
        (_("To"), _people(head.to)), (_("Copy to"), _people(head.cc)), (_("When"), when),
        (_("Subject"), head.subject),
        (_("Files"), "\n".join(f"{one.name} ({size(len(one.content))}, {one.media_type})" for one in mail.attachments)),
    ])  # fmt: skip
    if mail.text:
        print()
        output.say_text(mail.text)


def _people(many: Iterable[NamedAddress]) -> str:
    return ", ".join(f"{one.name} <{one.address}>" if one.name else one.address for one in many)


def _facts(mail: ReadMail) -> dict[str, Any]:
    import hashlib
    from dataclasses import asdict

    return {
        **asdict(mail.head), "text": mail.text, "quoted_from": mail.quoted_from,
        "attachments": [
            {
                "name": one.name, "media_type": one.media_type, "size": len(one.content), "inline": one.inline,
                "content_id": one.content_id, "sha256": hashlib.sha256(one.content).hexdigest(),
            }
            for one in mail.attachments
        ],
        "calendars": [one.decode("utf-8", "replace") for one in mail.calendars], "warnings": list(mail.warnings),
    }  # fmt: skip


def _write_files(mail: ReadMail, folder: Path) -> None:
    from easir_tui.crm import attachments
    from easir_tui.headless import output

    if not folder.is_dir():
        raise Refused(_("There is no folder {folder}.").format(folder=folder))
    for one in mail.attachments:
        output.warn(_("Written: {file}").format(file=attachments.write_out(one.name, io.BytesIO(one.content), folder)))
