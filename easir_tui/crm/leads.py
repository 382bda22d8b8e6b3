"""Leads: they arrive from outside (V9), find their team, run against the clock, and end accepted, rejected or expired.

Nobody types a lead in; `arrive` takes what a channel has read. The message stays as it came, byte for byte. A lead
that comes twice is one lead. Whoever is to answer it is told by two clocks that run in the team's opening hours:
received to accepted, and accepted to the first activity (`crm.lead_clocks`). Accepting is in `crm.lead_accept`.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from easir_tui import clock, phones, text
from easir_tui.channels.lead_record import LeadRecord
from easir_tui.crm import contact_values, opening_hours
from easir_tui.crm.attachments import file_name
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import require_lead, seen_by
from easir_tui.data import files
from easir_tui.data.derived import email_key
from easir_tui.data.journal import Step, step
from easir_tui.data.models import Lead, LeadFile
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, Refused
from easir_tui.language import N_, _

LONGEST_REASON = 500
"""Letters of a reason for rejection."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came of a message: the new leads, how many were here already, and how many a person has to read."""

    ids: tuple[int, ...]
    known: int
    unread: int


# Arrival -------------------------------------------------------------------------------------------


def arrive(me: Me | None, records: Sequence[LeadRecord], raw: bytes, name: str = "") -> Arrived:
    """Take the leads of one message in; each is a step of its own, so that one bad lead stops no other.

    Args:
        me: who brought it; None for the program itself.
        raw: the message as it came, which is kept.
        name: of the file it came in.

    Raises:
        StoreProblem: the disk is full or the database busy; those before it are in, and a second try finds them.
    """
    found = [one for one in records if one]
    if not found:
        found = [LeadRecord(problem=_("The message says nothing about anybody."))]
    kept = files.keep(io.BytesIO(raw))
    new: list[int] = []
    known = 0
    for record in found:
        lead_id = _take_in(me, record, kept, name)
        if lead_id is None:
            known += 1
        else:
            new.append(lead_id)
    return Arrived(tuple(new), known, sum(1 for one in found if one.problem))


def _take_in(me: Me | None, record: LeadRecord, raw: files.Kept, name: str) -> int | None:
    """Add one lead with its files; None when it is here already."""
    digest = digest_of(record, raw)
    now = clock.now()
    received = min(record.received_at or now, now)
    attached = [(file.name, files.keep(io.BytesIO(file.content))) for file in record.files]
    with step(me, N_("received a lead from {source}"), {"source": record.source or record.format or "?"},
              shown=False) as work:  # fmt: skip
        if value("SELECT 1 FROM lead WHERE digest = ? AND deleted_at IS NULL", digest) is not None:
            return None
        team_id = team_of(record)
        hours, accept_minutes, _act = opening_hours.of_team(team_id)
        facts = contact_facts(record)
        lead_id = work.add(
            Lead,
            contact_data=facts,
            account_data=account_facts(record),
            interest=record.problem or record.interest,
            product=_line(record.product),
            source=_line(record.source),
            type=_line(record.type),
            received_at=received,
            expires_at=record.expires_at,
            team_id=team_id,
            status="assigned",
            external_id=_line(record.external_id),
            digest=digest,
            format=record.format,
            name=_name(record, facts),
            company=_line(record.contact.company),
            email=facts["emails"][0]["address"] if facts["emails"] else "",
            phone=_primary(facts["phones"]),
            city=facts["city"],
            comments=[{"at": one.at, "who": one.who, "text": one.text} for one in record.comments],
            plans=[{"type": one.type, "at": one.at, "day": one.day, "note": one.note} for one in record.plans],
            consents=[{"channel": one.channel, "state": one.state, "text": one.text} for one in record.consents],
            due_at=None if accept_minutes is None else hours.after(received, accept_minutes),
        )
        _add_file(work, lead_id, file_name(name or f"lead.{record.format or 'txt'}"), raw, "raw")
        for title, kept in attached:
            _add_file(work, lead_id, file_name(title), kept, "file")
        return lead_id


def _add_file(work: Step, lead_id: int, name: str, kept: files.Kept, origin: str) -> None:
    work.add(LeadFile, lead_id=lead_id, name=name, media_type=kept.media_type, size=kept.size, sha256=kept.sha256,
             origin=origin)  # fmt: skip


def digest_of(record: LeadRecord, raw: files.Kept) -> str:
    """What makes two deliveries of a lead the same: its number where it came from, else who, what and which day."""
    if record.external_id:
        told: list[object] = ["id", record.source.lower(), record.external_id.lower()]
    elif record.problem:
        told = ["raw", raw.sha256]
    else:
        who = record.contact
        emails = sorted(email_key(one.value) for one in who.emails)
        numbers = sorted(phones.key(one.value) or one.value for one in who.phones)
        day = (record.received_at or clock.now()) // 86_400
        told = ["facts", emails, numbers, text.fold(f"{who.first_name} {who.last_name} {who.company}"),
                text.fold(record.product), text.fold(record.interest), day]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def team_of(record: LeadRecord) -> int | None:
    """The team a lead is for: the one it names, else the one that takes leads of its source, product, type or
    postcode; the only team there is takes all."""
    teams = rows("SELECT id, name, takes FROM team WHERE deleted_at IS NULL ORDER BY id")
    wanted = text.fold(record.team)
    titles = {int(team_id): text.fold(title) for team_id, title, _takes in teams}
    named = [team_id for team_id, title in titles.items() if wanted == title]
    named = named or [team_id for team_id, title in titles.items() if wanted and (wanted in title or title in wanted)]
    if named:
        return named[0]
    postcodes = [address.postcode for address in record.contact.addresses]
    said = text.fold(" ".join((record.team, record.source, record.product, record.type, record.interest)))
    best, length = None, 0
    for team_id, _title, takes in teams:
        for word in json.loads(takes):
            folded = text.fold(word)
            hit = folded in said if not folded.isdigit() else any(code.startswith(folded) for code in postcodes)
            if folded and hit and len(folded) > length:
                best, length = int(team_id), len(folded)
    if best is not None:
        return best
    return int(teams[0][0]) if len(teams) == 1 else None


def contact_facts(record: LeadRecord) -> dict[str, Any]:
    """The fields of a contact that a lead tells, as a contact stores them; what cannot be one is left out."""
    who = record.contact
    address = who.addresses[0] if who.addresses else None
    return {
        "first_name": _line(who.first_name),
        "last_name": _line(who.last_name),
        "title": _line(who.title),
        "job_title": _line(who.job_title),
        "emails": _emails(who.emails),
        "phones": _phones(who.phones),
        "street": text.accept(address.street) if address else "",
        "postcode": _line(address.postcode) if address else "",
        "city": _line(address.city) if address else "",
        "country": _line(address.country) if address else "",
        "website": _line(who.website),
        "language": _line(who.language),
    }


def account_facts(record: LeadRecord) -> dict[str, str]:
    """The fields of a company that a lead tells; empty for a private person."""
    who = record.contact
    return {"name": _line(who.company), "cvr": _line(who.company_cvr)} if who.company else {}


def _emails(given: Sequence[Any]) -> list[dict[str, str]]:
    made: list[dict[str, str]] = []
    for one in given:
        address = contact_values.plain_address(one.value)
        known = {email_key(item["address"]) for item in made}
        if address and not contact_values.email_problem(address) and email_key(address) not in known:
            made.append({"label": one.label, "address": address})
    return made


def _phones(given: Sequence[Any]) -> list[dict[str, str]]:
    made: list[dict[str, str]] = []
    for one in given:
        for phone in phones.split(one.value):
            if phone.number not in {item["number"] for item in made} or not phone.number:
                made.append({"label": one.label, "number": phone.number, "raw": _line(phone.raw),
                             "extension": phone.extension})  # fmt: skip
    return made


def _primary(found: Sequence[dict[str, str]]) -> str:
    return found[0]["number"] or found[0]["raw"] if found else ""


def _name(record: LeadRecord, facts: dict[str, Any]) -> str:
    """What a lead is called: the person, else the company, the address, the number."""
    person = f"{facts['first_name']} {facts['last_name']}".strip()
    return person or _line(record.contact.company) or (
        facts["emails"][0]["address"] if facts["emails"] else _primary(facts["phones"])
    )  # fmt: skip


def _line(given: str) -> str:
    return text.accept(given, newlines=False)[:300]


# The end of a lead ---------------------------------------------------------------------------------


def reject(me: Me, lead_id: int, reason: str) -> None:
    """Reject a waiting lead for the whole team; a reason is required, and it is final (V8).

    Raises:
        Invalid: no reason.
        NotFound: it does not exist, or is another team's.
        Refused: somebody has accepted or rejected it already; the sentence says who and when.
    """
    reason = text.accept(reason, newlines=False)[:LONGEST_REASON]
    if not reason:
        raise Invalid("reason", _("Write why the lead is rejected."))
    with step(me, N_("rejected the lead of {name}"), {"name": ""}, shown=False) as work:
        require_lead(me, lead_id)
        refuse_ended(me, lead_id)
        work.params["name"] = value("SELECT name FROM lead WHERE id = ?", lead_id)
        work.change(Lead, lead_id, None, status="rejected", reason=reason, rejected_at=work.at, rejected_by=me.user_id)


def reject_many(me: Me, ids: Sequence[int], reason: str) -> tuple[tuple[int, str, str], ...]:
    """Reject leads for one reason; those that could not be, as (lead, its name, why) (faults 23).

    Raises:
        Invalid: no reason; none was rejected.
    """
    left: list[tuple[int, str, str]] = []
    for lead_id in ids:
        name = str(value(f"SELECT name FROM lead WHERE id = ? AND {seen_by(me)}", lead_id) or "?")
        try:
            reject(me, lead_id, reason)
        except Invalid:
            raise
        except Refused as refused:
            left.append((lead_id, name, str(refused)))
    return tuple(left)


def refuse_ended(me: Me, lead_id: int) -> None:
    """Go on only with a lead that still waits; asked inside the transaction that ends it (faults 19).

    Raises:
        Refused: it has ended; the sentence says how, by whom and when.
    """
    found = row(
        "SELECT l.status, l.accepted_at, a.full_name, l.rejected_at, r.full_name, l.reason FROM lead l "
        "LEFT JOIN app_user a ON a.id = l.accepted_by LEFT JOIN app_user r ON r.id = l.rejected_by WHERE l.id = ?",
        lead_id,
    )  # fmt: skip
    if found is None or found[0] in ("assigned", "escalated"):
        return
    status, accepted_at, accepted_by, rejected_at, rejected_by, reason = found
    zone = clock.zone(me.zone)
    if status == "accepted":
        raise Refused(_("Accepted by {who}, {when}.").format(who=accepted_by, when=_said(accepted_at, zone)),
                      _("Enter on it in the list of leads opens its case."))  # fmt: skip
    if status == "rejected":
        raise Refused(_("Rejected by {who}, {when}: {reason}").format(
            who=rejected_by, when=_said(rejected_at, zone), reason=reason))  # fmt: skip
    raise Refused(_("This lead has expired."))


def _said(at: int, zone: Any) -> str:
    return " ".join(clock.short_when(at, zone).split())
