"""Any address file: which format it is in, how it is written, and its records one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from easir_tui.channels import csv_file, vcard
from easir_tui.channels.encodings import BLOCK, Encoding, check_readable, find_encoding
from easir_tui.channels.records import ContactRecord, Unreadable
from easir_tui.language import _


@dataclass(frozen=True, slots=True)
class AddressFile:
    """A file that can be imported; `csv` says how it is written when it is not a vCard. `size` is in bytes."""

    path: Path
    size: int
    encoding: Encoding
    csv: csv_file.CsvFile | None
    notices: tuple[str, ...]


def open_address_file(path: Path, options: csv_file.Options | None = None) -> AddressFile:
    """See what a file is.

    Raises:
        Refused: it cannot be read, or is no address file.
    """
    check_readable(path)
    options = options or csv_file.Options()
    encoding = Encoding(options.encoding, True) if options.encoding else find_encoding(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(BLOCK).decode(encoding.name, "ignore")
    if head.lstrip("\ufeff \t\r\n\0")[:11].upper() == "BEGIN:VCARD":
        notice = _("Some letters were read as {encoding}; --encoding changes it.").format(encoding=encoding.name)
        return AddressFile(path, size, encoding, None, () if encoding.sure else (notice,))
    opened = csv_file.open_csv(path, csv_file.Options(encoding.name, options.delimiter, options.dates), encoding)
    return AddressFile(path, size, encoding, opened, opened.notices)


def records(file: AddressFile) -> Iterator[tuple[int, ContactRecord | Unreadable]]:
    """The records of a file in order, each with how many bytes have been read by then."""
    with file.path.open("rb") as opened:
        found = vcard.read(opened, file.encoding) if file.csv is None else csv_file.read(opened, file.csv)
        for record in found:
            yield opened.tell(), record
