"""What a lead tells, as text: who, about what, what was said and planned, its files; for its page and for a case."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from textual.content import Content

from easir_tui import clock, phones, text
from easir_tui.crm.lead_page import LeadPage
from easir_tui.language import _, size
from easir_tui.widgets.content import Part, line, lines
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import CHANNELS, CONSENTS, KINDS, label_text

LABEL = 14
"""Cells of a label."""


def who_of(page: LeadPage) -> Content:
    """The person and the company."""
    told = page.contact
    name = f"{told.get('first_name', '')} {told.get('last_name', '')}".strip()
    place = " ".join(filter(None, (told.get("postcode", ""), told.get("city", ""))))
    street = text.first_line(told.get("street", "").replace("\n", ", "))
    facts: list[tuple[str, str, str]] = [
        (_("Name"), " ".join(filter(None, (told.get("title", ""), name))), "strong"),
        (_("Job title"), told.get("job_title", ""), ""),
        (_("Company"), page.account.get("name", ""), "strong"),
        ("CVR", page.account.get("cvr", ""), ""),
    ]
    for one in told.get("phones", ()):
        number = phones.pretty(one["number"]) or one["raw"]
        extension = _("ext. {number}").format(number=one["extension"]) if one.get("extension") else ""
        words = " ".join(filter(None, (number, extension, label_text(one.get("label", "")))))
        facts.append((_("Phone"), words, "strong"))
    facts += [(_("E-mail"), one["address"], "strong") for one in told.get("emails", ())]
    facts += [(_("Address"), ", ".join(filter(None, (street, place, told.get("country", "")))), "")]
    facts += [(_("Website"), told.get("website", ""), "")]
    shown = [line((text.pad(label, LABEL), "dim"), (value, role)) for label, value, role in facts if value]
    return lines(*shown) if shown else line((_("nobody is named"), "dim"))


def about_of(page: LeadPage, zone: ZoneInfo, ascii_only: bool = False) -> Content:
    """What it is about, what was said, planned and agreed, and the files."""
    return lines(*_about(page, zone, ascii_only))


def _about(page: LeadPage, zone: ZoneInfo, ascii_only: bool) -> Iterator[Content]:
    row = page.row
    for label, value, role in (
        (_("Product"), row.product, "strong"), (_("Lead type"), row.type, ""), (_("Source"), row.source, ""),
        (_("Number"), page.external_id, "dim"),
        (_("Received"), " ".join(clock.short_when(row.received_at, zone).split()), ""), (_("Team"), row.team, ""),
    ):  # fmt: skip
        if value:
            yield line((text.pad(label, LABEL), "dim"), (value, role))
    if row.interest:
        yield line("")
        for words in row.interest.splitlines():
            yield line(words)
    if page.comments:
        yield line("")
        yield line((_("Comments"), "title"))
        for one in page.comments:
            head = " · ".join(filter(None, (one.get("who", ""), _moment(one.get("at"), zone))))
            if head:
                yield line((head, "dim"))
            for words in one["text"].splitlines():
                yield line(words)
    if page.plans:
        yield line("")
        yield line((_("Planned"), "title"))
        for plan in page.plans:
            when = _moment(plan.get("at"), zone) or plan.get("day", "")
            parts: list[Part] = [f"{sign(plan['type'], ascii_only)} {_(KINDS[plan['type']])}  ", (when, "info")]
            yield line(*parts, f"  {text.first_line(plan.get('note', ''))}")
    if page.consents:
        yield line("")
        yield line((_("Consent"), "title"))
        for said in page.consents:
            role = "good" if said["state"] == "given" else "bad"
            word = f"{sign(said['state'], ascii_only)} {_(CHANNELS[said['channel']])} {_(CONSENTS[said['state']])}"
            yield line((word, role), f"  {text.first_line(said.get('text', ''))}")
    if page.files:
        yield line("")
        yield line((_("Files"), "title"))
        for file in page.files:
            what = _("the message as it came") if file.origin == "raw" else file.media_type
            yield line(f"{sign('files', ascii_only)} {file.name}", (f"  {size(file.size)}  {what}", "dim"))


def _moment(at: int | None, zone: ZoneInfo) -> str:
    return "" if at is None else " ".join(clock.short_when(at, zone).split())
