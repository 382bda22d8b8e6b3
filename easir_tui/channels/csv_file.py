"""CSV files of contacts, as spreadsheets, telephones and mail programs write them.

`open_csv` reads a file through once to learn how it is written: its letters, its delimiter, what its
columns mean and in which order its dates stand; all of that can be shown, and changed by `Options`, before
anything is stored. `records` then reads it row by row. A cell is never anything but text, also when it
looks like a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from easir_tui import clock
from easir_tui.channels.csv_dates import DateColumn
from easir_tui.channels.csv_headers import MAIN, Column, columns_of
from easir_tui.channels.csv_rows import SAMPLE_LINES, columns_by_content, heading_row, lines, rows, sampled
from easir_tui.channels.encodings import Encoding, find_encoding, repaired
from easir_tui.channels.labels import known_label
from easir_tui.channels.records import ContactRecord, Labelled, PostalAddress, Unreadable
from easir_tui.channels.whole_values import apart, split_name
from easir_tui.errors import Refused
from easir_tui.language import _, ngettext
from easir_tui.text import accept

_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_YES = {"1", "true", "yes", "y", "x", "ja", "j", "sand", "unsubscribed", "optedout", "opted out", "afmeldt", "bounced"}
_PROTOCOLS = {"SMTP", "EX", "INTERNET"}
"""What Outlook calls the type of an e-mail address."""

_SEVERAL_LINES = {"note", "address", "custom", "labelled"}


@dataclass(frozen=True, slots=True)
class Options:
    """What a person chose over what the file seems to be; empty means: find out."""

    encoding: str = ""
    delimiter: str = ""
    dates: str = ""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """How a file is written. `first_line` is the line its rows start after, `notices` what a person should see."""

    path: Path
    encoding: Encoding
    delimiter: str
    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    first_line: int
    dates: DateColumn
    notices: tuple[str, ...] = ()


def open_csv(path: Path, options: Options | None = None, encoding: Encoding | None = None) -> CsvFile:
    """Learn how a file is written; `encoding` if somebody has found that out already.

    Raises:
        Refused: no column of it means anything here.
    """
    options = options or Options()
    if encoding is None:
        encoding = Encoding(options.encoding, True) if options.encoding else find_encoding(path)
    with path.open("rb") as file:
        sample = [line for line, _number in zip(lines(file, encoding), range(SAMPLE_LINES), strict=False)]
    skip, delimiter = 0, options.delimiter
    if sample and (match := _SEPARATOR.fullmatch(sample[0])):
        skip, delimiter = 1, delimiter or match[1]
    found, delimiter = sampled(sample[skip:], delimiter)
    at = heading_row(found)
    if at is None:
        headings, columns, first_line = columns_by_content([cells for _line, cells in found])
    else:
        line, cells = found[at]
        headings, columns = tuple(accept(cell, newlines=False) for cell in cells), tuple(columns_of(cells))
        first_line = skip + line + sum(cell.count("\n") for cell in cells)
    if not {column.kind for column in columns} & MAIN:
        raise Refused(
            _("{file} has no column with a name, a company, an e-mail address or a phone number.").format(file=path),
            _("Its first line should name the columns, such as: Fornavn;Efternavn;Firma;Email;Mobil"),
        )
    dates = DateColumn(clock.today(clock.zone()).year, options.dates or "dmy", bool(options.dates))
    made = CsvFile(path, encoding, delimiter, headings, columns, first_line, dates)
    at_date = [i for i, column in enumerate(columns) if column.kind == "birthday"]
    if at_date:
        with path.open("rb") as file:
            for _line, cells in _body(file, made):
                for i in at_date:
                    if i < len(cells):
                        dates.see(cells[i])
    return CsvFile(path, encoding, delimiter, headings, columns, first_line, dates, tuple(_notices(made)))


def _notices(file: CsvFile) -> Iterator[str]:
    """What the person who imports should know, and how to change it."""
    if not file.encoding.sure:
        yield _("The letters were read as {encoding}; --encoding changes it.").format(encoding=file.encoding.name)
    if count := file.dates.ambiguous:
        order = _("day first") if file.dates.order == "dmy" else _("month first")
        yield ngettext(
            "{count} date can be read both ways and was read {order}; --dates changes it.",
            "{count} dates can be read both ways and were read {order}; --dates changes it.",
            count,
        ).format(count=count, order=order)
    elif file.dates.day_first and file.dates.month_first:
        yield _("The dates stand in two orders; most are read, the others are skipped.")


def read(opened: BinaryIO, file: CsvFile) -> Iterator[ContactRecord | Unreadable]:
    """The rows of a file, in order, each as a record or as the reason why there is none. Empty rows do not count."""
    for line, cells in _body(opened, file):
        if any(cell.strip() for cell in cells):
            yield _record(file, line, cells)


def _body(opened: BinaryIO, file: CsvFile) -> Iterator[tuple[int, list[str]]]:
    """The rows below the heading."""
    text = lines(opened, file.encoding)
    for _number in range(file.first_line):
        next(text, None)
    for line, cells in rows(text, file.delimiter, len(file.columns)):
        yield file.first_line + line, cells


@dataclass(slots=True)
class _Row:
    """What has been read of a row so far."""

    facts: dict[str, str] = field(default_factory=dict)
    emails: list[tuple[bool, Labelled]] = field(default_factory=list)
    phones: list[tuple[bool, Labelled]] = field(default_factory=list)
    slots: dict[str, dict[str, str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    custom: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def _record(file: CsvFile, line: int, cells: Sequence[str]) -> ContactRecord | Unreadable:
    row = _Row()
    for column, cell in zip(file.columns, cells, strict=False):
        if column.kind == "ignore" or not cell or cell.isspace():
            continue
        value = _cell(row, cell)
        if "\n" in value and column.kind not in _SEVERAL_LINES:
            value = " ".join(value.split())
        if column.slot:
            row.slots.setdefault(column.slot, {}).setdefault(column.part, value)
            row.labels.setdefault(column.slot, column.kind + ":" + column.label)
        elif column.kind == "email":
            _add_emails(row, column.label, value)
        elif column.kind == "phone":
            _add_phones(row, column.label, value)
        elif column.kind == "custom":
            _add_custom(row, column.label, value)
        elif column.kind.startswith("refused_"):
            if value.lower() in _YES:
                row.refused.append(column.kind.removeprefix("refused_"))
        elif column.kind in row.facts:
            if row.facts[column.kind] != value:
                _add_custom(row, file.headings[cells.index(cell)], value)
        else:
            row.facts[column.kind] = value
    if any(cell.strip() for cell in cells[len(file.columns) :]):
        row.warnings.append(_("The row has more cells than there are headings."))
    return _finished(file, line, row)


def _cell(row: _Row, cell: str) -> str:
    """A cell as text; `="0045"` is how spreadsheets keep the zeros of a number."""
    value = accept(cell)
    if value[:2] == '="' and (match := _FORMULA_TEXT.fullmatch(value)):
        value = match[1]
    if not value.isascii():
        again = repaired(value)
        if again != value:
            row.warnings.append(_("“{value}” was put right to “{better}”.").format(value=value, better=again))
            value = again
    return value


def _several(value: str) -> list[str]:
    """The values of a cell Google put several in."""
    return [part for one in value.split(":::") if (part := one.strip())] if ":::" in value else [value]


def _add_emails(row: _Row, label: str, value: str, first: bool = False) -> None:
    for one in _several(value):
        parts = re.split(r"[;,\s]+", one) if one.count("@") > 1 and "<" not in one else [one]
        for part in filter(None, parts):
            match = re.search(r"<([^<>\s]+@[^<>\s]+)>", part)
            row.emails.append((not first, Labelled(label, match[1] if match else part.removeprefix("mailto:"))))


def _add_phones(row: _Row, label: str, value: str, first: bool = False) -> None:
    for one in _several(value):
        row.phones.append((not first, Labelled(label, one)))


def _add_custom(row: _Row, name: str, value: str) -> None:
    if ":::" in value or (name == "Categories" and value.startswith("*")):
        value = ", ".join(part.removeprefix("*").strip() for part in _several(value))
    if name and value and value != row.custom.get(name):
        row.custom[name] = f"{row.custom[name]}, {value}" if name in row.custom else value


def _finish_slots(row: _Row) -> tuple[PostalAddress, ...]:
    """Values that were spread over several columns, put together."""
    addresses: list[tuple[bool, PostalAddress]] = []
    for slot, parts in row.slots.items():
        kind, _colon, fixed = row.labels[slot].partition(":")
        typed = parts.get("label", "")
        label = fixed if typed in _PROTOCOLS else known_label(typed.partition(":::")[0]) or fixed
        first = typed.startswith("*")
        value = parts.get("value", "")
        if kind == "address":
            addresses.append((not first, _address(label, parts)))
        elif kind == "email" and value:
            _add_emails(row, label, value, first)
        elif kind == "phone" and value:
            _add_phones(row, label, value, first)
        elif kind == "website" and value:
            if "website" in row.facts:
                _add_custom(row, f"Website {slot.removeprefix('website')}", value)
            else:
                row.facts["website"] = value
        elif value:
            _add_custom(row, label or slot, value)
    kept = [address for _rank, address in sorted(addresses, key=lambda pair: pair[0]) if address]
    return tuple(dict.fromkeys(kept))


def _address(label: str, parts: dict[str, str]) -> PostalAddress:
    postcode, city = parts.get("postcode", ""), parts.get("city", "")
    if place := parts.get("place"):
        match = re.fullmatch(r"(?:[A-Z]{1,2}-)?(\d{3,5}) +(.+)", place)
        postcode, city = (match[1], match[2]) if match else (postcode, place)
    street = "\n".join(filter(None, (parts.get("street", ""), parts.get("street2", ""))))
    address = PostalAddress(label, street, postcode, city, parts.get("region", ""), parts.get("country", ""))
    if not address:
        address = PostalAddress(label, parts.get("formatted", ""))
    return apart(address)


def _finished(file: CsvFile, line: int, row: _Row) -> ContactRecord | Unreadable:
    facts = row.facts
    addresses = _finish_slots(row)
    birthday = file.dates.read(facts.get("birthday", "")) if "birth_day" not in facts else _thunderbird(file, facts)
    if birthday is None:
        bad = facts.get("birthday") or "-".join(facts.get(f"birth_{part}", "?") for part in ("year", "month", "day"))
        heading = next(
            (name for name, column in zip(file.headings, file.columns, strict=True) if column.kind[:5] == "birth"), ""
        )
        return Unreadable(line, _("{column}: “{value}” is not a date.").format(column=heading, value=bad))
    first = " ".join(filter(None, (facts.get("first_name"), facts.get("middle"))))
    last, name = facts.get("last_name", ""), facts.get("name", "")
    company = facts.get("company", "")
    if not first and not last and name != company:
        first, last = split_name(name)
    phones = _ordered(row.phones)
    emails = _ordered(row.emails)
    if not (first or last or company or emails or phones):
        return Unreadable(line, _("The row has no name, company, e-mail address or phone number."))
    _add_custom(row, "Suffix", facts.get("suffix", ""))
    return ContactRecord(
        line=line,
        kind="org" if company and not (first or last) else "",
        first_name=first,
        last_name=last,
        display_name=name or " ".join(filter(None, (first, last))) or company,
        title=facts.get("title", ""),
        company=company,
        company_cvr=re.sub(r"\D", "", facts.get("company_cvr", "")),
        job_title=facts.get("job_title", ""),
        emails=emails,
        phones=phones,
        addresses=addresses,
        birthday=birthday,
        website=facts.get("website", ""),
        language=facts.get("language", "")[:2].lower(),
        note=facts.get("note", ""),
        custom=row.custom,
        external_ids={"csv": facts["external_id"]} if "external_id" in facts else {},
        refused=tuple(dict.fromkeys(row.refused)),
        warnings=tuple(row.warnings),
    )


def _thunderbird(file: CsvFile, facts: dict[str, str]) -> str | None:
    """A birthday in three columns."""
    year, month, day = (facts.get(f"birth_{part}", "") for part in ("year", "month", "day"))
    if not (month and day):
        return "" if not year else None
    text = f"{year.zfill(4)}-{month}-{day}" if year else f"--{month.zfill(2)}-{day.zfill(2)}"
    return file.dates.read(text)


def _ordered(values: list[tuple[bool, Labelled]]) -> tuple[Labelled, ...]:
    """The starred ones first, telefaxes and pagers last, none twice."""

    def rank(pair: tuple[bool, Labelled]) -> tuple[bool, bool]:
        return ("fax" in pair[1].label or pair[1].label == "pager"), pair[0]

    return tuple(dict.fromkeys(value for _rank, value in sorted(values, key=rank)))
