"""Leads in whatever came: a file of ADF, JSON or CSV, or a mail that holds one of these or is an enquiry itself."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from easir_tui import clock
from easir_tui.channels import adf, csv_file, lead_json
from easir_tui.channels.csv_headers import key_of
from easir_tui.channels.encodings import decode
from easir_tui.channels.lead_record import LARGEST, MOST, AttachedFile, Comment, LeadRecord, instant, plain
from easir_tui.channels.records import ContactRecord, Labelled, Unreadable
from easir_tui.channels.whole_values import split_name
from easir_tui.errors import Refused
from easir_tui.language import _, size

_HEADER = re.compile(rb"\A(?:From |(?:[!-9;-~]{1,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2})")
_MAIL_NAMES = re.compile(rb"^(from|to|subject|message-id|mime-version|received|date):", re.IGNORECASE | re.MULTILINE)


def read(raw: bytes, name: str = "", zone: ZoneInfo | None = None) -> list[LeadRecord]:
    """Every lead of a message, told apart by its content and never by its name.

    Raises:
        Refused: it is empty, or larger than any lead is.
    """
    if not raw.strip(b"\xef\xbb\xbf\x00 \t\r\n"):
        raise Refused(_("The message is empty."))
    if len(raw) > LARGEST:
        raise Refused(_("The message is larger than {limit}.").format(limit=size(LARGEST)))
    zone = zone or clock.zone()
    start = raw[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HEADER.match(start) and len(_MAIL_NAMES.findall(start)) >= 2:
        return _mail(raw, zone)
    if start[:1] in b"{[" and start[:1]:
        return lead_json.read(raw, zone)
    if start[:1] == b"<" or b"<adf" in raw.lower() or b"&lt;adf" in raw.lower() or "<adf" in _wide(raw):
        return adf.read(raw, zone)
    return _csv(raw, zone)


def _wide(raw: bytes) -> str:
    """The text of UTF-16, whose letters stand apart."""
    return decode(raw[:20_000]).lower() if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in raw[:100] else ""


def _csv(raw: bytes, zone: ZoneInfo) -> list[LeadRecord]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        path.write_bytes(raw)
        try:
            found = csv_file.open_csv(path)
        except Refused as refused:
            return [LeadRecord(format="csv", problem=str(refused))]
        leads: list[LeadRecord] = []
        with path.open("rb") as file:
            for record in csv_file.read(file, found):
                if len(leads) >= MOST:
                    break
                if not isinstance(record, Unreadable):
                    leads.append(_lead_of_row(record, zone))
    return [one for one in leads if one]


def _lead_of_row(record: ContactRecord, zone: ZoneInfo) -> LeadRecord:
    """A row: the person as every address file has them, and columns that mean something to a lead."""
    facts: dict[str, str] = {}
    further: list[str] = []
    for title, value in record.custom.items():
        meaning = lead_json.MEANING.get(key_of(title), "")
        if meaning in ("source", "type", "team", "product", "interest", "received_at", "expires_at"):
            facts.setdefault(meaning, value)
        else:
            further.append(f"{title}: {value}")
    said = plain(record.note, newlines=True)
    return LeadRecord(
        contact=replace(record, custom={}, note="", external_ids={}),
        format="csv",
        external_id=next(iter(record.external_ids.values()), ""),
        source=plain(facts.get("source")),
        type=plain(facts.get("type")),
        team=plain(facts.get("team")),
        product=plain(facts.get("product")),
        interest="\n".join(filter(None, (plain(facts.get("interest"), newlines=True), *further))),
        received_at=instant(facts.get("received_at"), zone),
        expires_at=instant(facts.get("expires_at"), zone),
        comments=(Comment(said),) if said else (),
    )


# Mail ----------------------------------------------------------------------------------------------


def _mail(raw: bytes, zone: ZoneInfo) -> list[LeadRecord]:
    message = BytesParser(EmailMessage, policy=policy.default).parse(io.BytesIO(raw))
    texts, files = list(_texts(message)), list(_files(message))
    received = _date(message)
    for text in texts:
        if adf.looks_like_adf(text):
            return [_received(one, received, "mail", files) for one in adf.parse(text, zone)]
        if text.lstrip()[:1] in ("{", "["):
            found = lead_json.parse(text, zone)
            if not any(one.problem for one in found):
                return [_received(one, received, "mail", files) for one in found]
    for file in files:
        if re.search(r"\.(xml|adf|json|csv)$", file.name, re.IGNORECASE):
            found = [one for one in read(file.content, file.name, zone) if one]
            if found:
                others = [other for other in files if other is not file]
                return [_received(one, received, "mail", others) for one in found]
    return [_enquiry(message, texts, files, received)]


def _received(lead: LeadRecord, at: int | None, format: str, files: list[AttachedFile]) -> LeadRecord:
    when = lead.received_at if lead.received_at is not None else at
    return replace(lead, received_at=when, format=format, files=(*lead.files, *files))


def _enquiry(message: EmailMessage, texts: list[str], files: list[AttachedFile], at: int | None) -> LeadRecord:
    """A mail that a person wrote: who it is from, and what they say."""
    name, address = parseaddr(_header(message, "Reply-To") or _header(message, "From"))
    first, last = split_name(plain(name)) if plain(name) else ("", "")
    said = plain(texts[0], newlines=True) if texts else ""
    return LeadRecord(
        contact=ContactRecord(
            first_name=first, last_name=last, emails=(Labelled("", plain(address)),) if "@" in address else ()
        ),
        format="mail",
        external_id=plain(_header(message, "Message-ID").strip().strip("<>")),
        source=_("E-mail"),
        interest=plain(_header(message, "Subject")),
        received_at=at,
        comments=(Comment(said, plain(name) or plain(address), at),) if said else (),
        files=tuple(files),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header whose letters may be wrong; what the library cannot read is left out."""
    try:
        return str(message.get(name, "") or "")
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _date(message: EmailMessage) -> int | None:
    try:
        return int(parsedate_to_datetime(_header(message, "Date")).timestamp())
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def _texts(message: EmailMessage) -> Iterator[str]:
    """The texts of a mail, plain ones first; the tags of HTML are taken out unless it holds ADF."""
    found: list[tuple[bool, str]] = []
    for part in message.walk():
        if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes):
                found.append((part.get_content_subtype() == "html", decode(raw, part.get_content_charset() or "")))
    for is_html, text in sorted(found, key=lambda one: one[0]):
        yield text if not is_html or adf.looks_like_adf(text) else _without_tags(text)


def _without_tags(text: str) -> str:
    import html

    bare = re.sub(r"(?is)<(script|style|head)\b.*?</\1\s*>", " ", text)
    bare = re.sub(r"(?i)<(br|/p|/div|/tr|/li)\b[^>]*>", "\n", bare)
    return html.unescape(re.sub(r"<[^<>]*>", " ", bare))


def _files(message: EmailMessage) -> Iterator[AttachedFile]:
    for number, part in enumerate(message.walk(), start=1):
        if part.is_multipart() or part.get_content_disposition() not in ("attachment", "inline"):
            continue
        if part.get_content_maintype() == "text" and part.get_content_disposition() == "inline":
            continue
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes) and raw:
            yield AttachedFile(_file_name(part, number), raw)


def _file_name(part: EmailMessage, number: int) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, IndexError, AttributeError, TypeError):
        name = ""
    return plain(name.replace("\\", "/").rpartition("/")[2]).lstrip(".") or f"file-{number}"
