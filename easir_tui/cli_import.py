"""`easir import FILE…`: address files into the database, with a look first if wished.

All files are looked at before anything is stored, so that a slip in the third name does not leave two files
half wanted. Ctrl+C stops after the batch at hand; what is done by then is complete, can be undone, and running
the command again does the rest.
"""

from __future__ import annotations

import argparse
import gc
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from easir_tui.language import N_, _, ngettext, number

if TYPE_CHECKING:
    from types import FrameType

    from easir_tui.channels.address_file import AddressFile
    from easir_tui.crm.imports import Counts, Summary

SHOWN = 20
"""Remarks printed; --json has more of them."""

_DELIMITERS = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}
_MEANINGS = {
    "first_name": N_("first name"),
    "middle": N_("middle name"),
    "last_name": N_("last name"),
    "name": N_("whole name"),
    "title": N_("title"),
    "suffix": N_("further field"),
    "company": N_("company"),
    "company_cvr": N_("CVR number"),
    "job_title": N_("job title"),
    "email": N_("e-mail address"),
    "phone": N_("phone number"),
    "address": N_("address"),
    "birthday": N_("birthday"),
    "birth_year": N_("birthday"),
    "birth_month": N_("birthday"),
    "birth_day": N_("birthday"),
    "note": N_("note"),
    "website": N_("website"),
    "language": N_("language"),
    "external_id": N_("id in the other system"),
    "refused_email": N_("refused e-mail"),
    "refused_phone": N_("refused phone"),
    "custom": N_("further field"),
    "labelled": N_("further field"),
    "ignore": N_("left out"),
}


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `import` to the parser."""
    parser = commands.add_parser("import", parents=[common], help=_("read contacts from vCard and CSV files"))
    parser.add_argument("files", nargs="+", metavar=_("FILE"), help=_("a vCard or CSV file"))
    parser.add_argument("--dry-run", action="store_true", help=_("say what would happen, store nothing"))
    parser.add_argument(
        "--encoding", type=_encoding, metavar=_("NAME"), help=_("the letters, such as cp1252 or mac_roman")
    )
    parser.add_argument(
        "--delimiter", type=_delimiter, metavar=_("SIGN"), help=_("what parts the columns: ; , | or tab")
    )
    parser.add_argument("--dates", choices=["dmy", "mdy"], help=_("the order of day, month and year"))
    parser.set_defaults(run=run)


def _encoding(typed: str) -> str:
    try:
        "".encode(typed)
    except (LookupError, ValueError) as error:
        raise argparse.ArgumentTypeError(_("there are no letters called {name}").format(name=typed)) from error
    return typed


def _delimiter(typed: str) -> str:
    sign = _DELIMITERS.get(typed.lower(), typed)
    if len(sign) != 1 or sign in '"\r\n':
        raise argparse.ArgumentTypeError(_("one sign, or the word tab"))
    return sign


def run(args: argparse.Namespace) -> int:
    """Look at the files, import them, and say what came of it."""
    from pathlib import Path

    from easir_tui.channels.address_file import open_address_file
    from easir_tui.channels.csv_file import Options
    from easir_tui.crm import imports
    from easir_tui.headless import session

    options = Options(args.encoding or "", args.delimiter or "", args.dates or "")
    files = [open_address_file(Path(name), options) for name in args.files]
    me = session.begin()
    gc.set_threshold(100_000)  # Records hold no cycles; looking for some costs a tenth of the time.
    work = imports.preview if args.dry_run else imports.run
    with _stoppable() as stopped, _progress(sum(file.size for file in files), args.json) as progress:
        summary = work(me, files, progress, stopped)
    if args.json:
        _print_json(files, summary, args.dry_run)
    else:
        _print(files, summary, args.dry_run)
    return 1 if summary.cancelled else 0


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """A first Ctrl+C or SIGTERM asks to stop after the batch at hand; a second one stops at once."""
    asked: list[int] = []

    def ask(signum: int, frame: FrameType | None) -> None:
        del frame
        if asked:
            raise KeyboardInterrupt
        asked.append(signum)

    before = {signum: signal.signal(signum, ask) for signum in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Callable[[int, Counts], None] | None]:
    """A progress bar on a terminal, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task(_("Reading"), total=total)

        def show(done: int, counts: Counts) -> None:
            said = ngettext("{count} record", "{count} records", counts.records)
            bar.update(task, completed=done, description=said.format(count=number(counts.records)))

        yield show


def _print(files: Sequence[AddressFile], summary: Summary, dry: bool) -> None:
    from easir_tui.headless import output

    counts = summary.counts
    for file in files:
        for notice in file.notices:
            output.say(f"{file.path}: {notice}")
        if dry and file.csv is not None:
            columns = [(heading, _meaning(column)) for heading, column in zip(*_columns(file), strict=True)]
            output.say(_("{file} has these columns:").format(file=file.path))
            output.print_pairs((f"  {heading or '?'}", meaning) for heading, meaning in columns)
    for remark in summary.remarks[:SHOWN]:
        where = _("{file}, line {line}:").format(file=remark.file, line=remark.line)
        output.say(f"{where} {remark.text}")
    hidden = counts.skipped + counts.warnings - min(len(summary.remarks), SHOWN)
    if hidden > 0:
        output.say(_("… and {count} more remarks; --json lists them.").format(count=number(hidden)))
    if dry:
        sentence = _("Would create {created}, update {updated}, leave {unchanged} as they are and skip {skipped}.")
    else:
        sentence = _("Created {created}, updated {updated}, left {unchanged} as they were, skipped {skipped}.")
    output.say(sentence.format(
        created=number(counts.created), updated=number(counts.updated), unchanged=number(counts.unchanged),
        skipped=number(counts.skipped),
    ))  # fmt: skip
    if counts.companies:
        said = ngettext("{count} new company.", "{count} new companies.", counts.companies)
        output.say(said.format(count=number(counts.companies)))
    if summary.cancelled:
        output.say(_("Stopped before the end. Run it again for the rest."))
    if summary.event_id is not None:
        output.say(_("To take it back: easir undo {step}").format(step=summary.event_id))


def _print_json(files: Sequence[AddressFile], summary: Summary, dry: bool) -> None:
    from easir_tui.headless import output

    counts = summary.counts
    remarks = {
        kind: [
            {"file": remark.file, "line": remark.line, "reason": remark.text}
            for remark in summary.remarks
            if remark.kind == kind
        ]
        for kind in ("skipped", "warning")
    }
    output.print_json({
        "created": counts.created,
        "updated": counts.updated,
        "unchanged": counts.unchanged,
        "skipped": counts.skipped,
        **({} if dry else {"companies": counts.companies}),
        "dry_run": dry,
        "cancelled": summary.cancelled,
        "step": summary.event_id,
        "skipped_lines": remarks["skipped"],
        "warnings": remarks["warning"],
        "files": [_file_json(file) for file in files],
    })  # fmt: skip


def _file_json(file: AddressFile) -> dict[str, Any]:
    made: dict[str, Any] = {
        "file": str(file.path),
        "format": "csv" if file.csv else "vcard",
        "encoding": file.encoding.name,
        "notices": list(file.notices),
    }
    if file.csv is not None:
        made["delimiter"] = "" if file.csv.delimiter == "\x1f" else file.csv.delimiter
        made["columns"] = [
            {"heading": heading, "meaning": column.kind, "label": column.label}
            for heading, column in zip(*_columns(file), strict=True)
        ]
    return made


def _columns(file: AddressFile) -> tuple[Sequence[str], Sequence[Any]]:
    assert file.csv is not None
    return file.csv.headings, file.csv.columns


def _meaning(column: Any) -> str:
    word = _(_MEANINGS.get(column.kind, column.kind))
    return f"{word} ({_(column.label)})" if column.label and column.kind != "custom" else word
