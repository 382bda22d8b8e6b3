"""vCards as contact records, and contact records as vCards.

Reading keeps the card itself with the record, so that nothing in it is lost. What `write` makes is vCard 3.0,
which every server takes, and reads back the same.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from easir_tui.channels.card_facts import PRODUCT, SYSTEM, record_of
from easir_tui.channels.content_lines import FOLD, escaped, fold, read_cards
from easir_tui.channels.encodings import BLOCK, Encoding, text_blocks
from easir_tui.channels.labels import TYPES_OF_LABEL
from easir_tui.channels.records import ContactRecord, Unreadable
from easir_tui.language import _

_SPECIAL = re.compile(r"[\\,;\r\n]")


def read(file: BinaryIO, encoding: Encoding) -> Iterator[ContactRecord | Unreadable]:
    """The cards of a file, in order, each as a record or as the reason why there is none."""
    for card in read_cards(lines_of(file, encoding)):
        yield record_of(card)


def parse(text: str) -> ContactRecord | Unreadable:
    """The first card in a text, such as the one stored with a contact."""
    for card in read_cards(io.BytesIO(text.encode("utf-8", "ignore"))):
        for line in card.lines:
            if line.parameter("CHARSET") and line.encoded != "QUOTED-PRINTABLE":
                line.without_charset()
        return record_of(card)
    return Unreadable(1, _("There is no card here."))


def lines_of(file: BinaryIO, encoding: Encoding) -> Iterable[bytes]:
    """The lines of a file as bytes, UTF-8 where the file was wider, with the line ends of old Macs made new."""
    if encoding.name.startswith(("utf-16", "utf-32")):
        return _lines(text.encode() for text in text_blocks(file, encoding))
    head = file.read(BLOCK)
    file.seek(0)
    if b"\n" not in head and b"\r" in head:
        return _lines(block.replace(b"\r", b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    if head.startswith(b"\xef\xbb\xbf"):
        file.seek(3)
    return file


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            yield line + b"\n"
    if rest:
        yield rest


def write(record: ContactRecord) -> str:
    """A record as vCard 3.0; `parse` makes the same record of it."""
    lines = ["BEGIN:VCARD\r\n", "VERSION:3.0\r\n", f"PRODID:{PRODUCT}\r\n"]
    if uid := record.external_ids.get(SYSTEM):
        lines.append(_line("UID", (uid,)))
    if record.kind:
        lines.append(_line("KIND", (record.kind,)))
    name = record.display_name or " ".join(filter(None, (record.first_name, record.last_name)))
    name = name or record.company or next((one.value for one in (*record.emails, *record.phones)), "")
    lines.append(_line("N", (record.last_name, record.first_name, "", record.title, "")))
    lines.append(_line("FN", (name,)))
    for prop, value in (
        ("ORG", record.company),
        ("X-EASIR-CVR", record.company_cvr),
        ("TITLE", record.job_title),
        ("BDAY", record.birthday),
        ("URL", record.website),
        ("LANG", record.language),
        ("NOTE", record.note),
    ):
        if value:
            lines.append(_line(prop, (value,)))
    lines += _labelled_lines(record)
    for system, value in record.external_ids.items():
        if system != SYSTEM:
            lines.append(_line("X-EASIR-ID", (value,), f";SYSTEM={_quoted(system)}"))
    lines += [_line("X-EASIR-REFUSED", (channel,)) for channel in record.refused]
    lines.append("END:VCARD\r\n")
    return "".join(lines)


def _labelled_lines(record: ContactRecord) -> Iterator[str]:
    """The properties that may need a label beside them, each in its own group then."""
    number = 0
    for prop, several in (("TEL", record.phones), ("EMAIL", record.emails)):
        for one in several:
            number += 1
            yield from _labelled(prop, one.label, (one.value,), number)
    for address in record.addresses:
        number += 1
        place = (address.street, address.city, address.region, address.postcode, address.country)
        yield from _labelled("ADR", address.label, ("", "", *place), number)
    for name, value in record.custom.items():
        number += 1
        yield _line("X-EASIR-FIELD", (value,), group=f"item{number}.")
        yield _line("X-ABLabel", (name,), group=f"item{number}.")


def _labelled(prop: str, label: str, fields: tuple[str, ...], number: int) -> Iterator[str]:
    types = TYPES_OF_LABEL.get(label)
    if types or not label:
        yield _line(prop, fields, f";TYPE={types}" if types else "")
    else:
        yield _line(prop, fields, group=f"item{number}.")
        yield _line("X-ABLabel", (label,), group=f"item{number}.")


def _line(name: str, fields: tuple[str, ...], parameters: str = "", group: str = "") -> str:
    """One property with its end, folded where it is long."""
    value = ";".join([escaped(one) if _SPECIAL.search(one) else one for one in fields])
    line = f"{group}{name}{parameters}:{value}"
    if len(line) <= FOLD // 3 or (len(line) <= FOLD and line.isascii()):
        return line + "\r\n"
    return fold(line.encode()).decode()


def _quoted(word: str) -> str:
    """A parameter value in quotes, as RFC 6868 has it."""
    return '"' + word.replace("^", "^^").replace('"', "^'").replace("\n", "^n") + '"'
