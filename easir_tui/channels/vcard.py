"""vCards as contact records, and contact records as vCards.

Reading keeps the card itself with the record, so that nothing in it is lost. What `write` makes is vCard 3.0,
which every server takes, and reads back the same.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from easir_tui.channels.card_facts import PRODUCT, SYSTEM, record_of
from easir_tui.channels.content_lines import ContentLine, escaped, make_line, read_cards
from easir_tui.channels.encodings import BLOCK, Encoding, text_blocks
from easir_tui.channels.labels import TYPES_OF_LABEL
from easir_tui.channels.records import ContactRecord, Unreadable
from easir_tui.language import _


def read(file: BinaryIO, encoding: Encoding) -> Iterator[ContactRecord | Unreadable]:
    """The cards of a file, in order, each as a record or as the reason why there is none."""
    for card in read_cards(lines_of(file, encoding)):
        yield record_of(card)


def parse(text: str) -> ContactRecord | Unreadable:
    """The first card in a text, such as the one stored with a contact."""
    for card in read_cards(io.BytesIO(text.encode("utf-8", "ignore"))):
        for line in card.all(*{line.name for line in card.lines if b"CHARSET" in line.head.upper()}):
            if line.encoded != "QUOTED-PRINTABLE":
                line.parameters.pop("CHARSET", None)
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
    lines = [make_line("BEGIN", "VCARD"), make_line("VERSION", "3.0"), make_line("PRODID", PRODUCT)]
    if uid := record.external_ids.get(SYSTEM):
        lines.append(make_line("UID", uid))
    if record.kind:
        lines.append(make_line("KIND", record.kind))
    name = record.display_name or " ".join(filter(None, (record.first_name, record.last_name)))
    name = name or record.company or next((one.value for one in (*record.emails, *record.phones)), "")
    lines.append(_fields_line("N", (record.last_name, record.first_name, "", record.title, "")))
    lines.append(make_line("FN", name))
    if record.company:
        lines.append(_fields_line("ORG", (record.company,)))
    for prop, value in (
        ("X-EASIR-CVR", record.company_cvr),
        ("TITLE", record.job_title),
        ("BDAY", record.birthday),
        ("URL", record.website),
        ("LANG", record.language),
        ("NOTE", record.note),
    ):
        if value:
            lines.append(make_line(prop, value))
    lines += _labelled_lines(record)
    for system, value in record.external_ids.items():
        if system != SYSTEM:
            lines.append(make_line("X-EASIR-ID", value, f";SYSTEM={_quoted(system)}"))
    lines += [make_line("X-EASIR-REFUSED", channel) for channel in record.refused]
    lines.append(make_line("END", "VCARD"))
    return b"".join(line.source for line in lines).decode()


def _labelled_lines(record: ContactRecord) -> list[ContentLine]:
    """The properties that may need a label beside them, each in its own group then."""
    properties: list[tuple[str, str, tuple[str, ...]]]
    properties = [("TEL", phone.label, (phone.value,)) for phone in record.phones]
    properties += [("EMAIL", email.label, (email.value,)) for email in record.emails]
    properties += [
        ("ADR", one.label, ("", "", one.street, one.city, one.region, one.postcode, one.country))
        for one in record.addresses
    ]
    properties += [("X-EASIR-FIELD", name, (value,)) for name, value in record.custom.items()]
    lines: list[ContentLine] = []
    for number, (prop, label, fields) in enumerate(properties, 1):
        types = TYPES_OF_LABEL.get(label) if prop != "X-EASIR-FIELD" else None
        if types or not label:
            lines.append(_fields_line(prop, fields, f";TYPE={types}" if types else ""))
        else:
            lines.append(_fields_line(prop, fields, group=f"item{number}"))
            lines.append(make_line("X-ABLabel", label, group=f"item{number}"))
    return lines


def _fields_line(name: str, fields: tuple[str, ...], parameters: str = "", group: str = "") -> ContentLine:
    return make_line(name, ";".join(escaped(one) for one in fields), parameters, group, plain=False)


def _quoted(word: str) -> str:
    """A parameter value in quotes, as RFC 6868 has it."""
    return '"' + word.replace("^", "^^").replace('"', "^'").replace("\n", "^n") + '"'
