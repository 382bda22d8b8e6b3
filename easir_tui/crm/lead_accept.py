"""Accepting a lead: what it may become, and the one transaction that makes it.

`plan` reads and writes nothing: the companies and contacts it may belong to, each with the reason, the fields where
the contact and the lead differ, the open cases it may be added to. `accept` writes everything or nothing (faults 18),
makes exactly one contact or none (faults 17), and looks inside its transaction whether somebody was faster (faults
19). Files, comments, planned steps and consents of the lead come along (faults 21, 22).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from easir_tui import clock, phones, relations, text
from easir_tui.clock import When
from easir_tui.crm import accounts, cases, contacts, drafts, duplicates, opening_hours, tasks
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.lead_page import LeadPage, load
from easir_tui.crm.leads import refuse_ended
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_contact, require_contact, require_lead, seen_by
from easir_tui.data.derived import email_key
from easir_tui.data.journal import Step, step
from easir_tui.data.models import PRIVATE_ACCOUNT, Activity, Attachment, Consent, Contact, Lead
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, Refused
from easir_tui.language import N_, _

FIELDS: dict[str, str] = {
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "title": N_("Title"),
    "job_title": N_("Job title"),
    "emails": N_("E-mail"),
    "phones": N_("Phone"),
    "street": N_("Street"),
    "postcode": N_("Postcode"),
    "city": N_("City"),
    "country": N_("Country"),
    "website": N_("Website"),
    "language": N_("Language"),
}
"""Fields in which a contact and a lead may differ."""

OFFERED = 8
"""Companies, contacts and cases that are offered at most."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company or a contact the lead may belong to, and why; `exact` ones are preselected."""

    id: int
    name: str
    detail: str
    reason: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the contact and the lead tell differently, as text."""

    name: str
    contact: str
    lead: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case the lead may be added to."""

    id: int
    title: str
    contact_id: int
    contact: str
    manager: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a lead may become."""

    page: LeadPage
    accounts: tuple[Candidate, ...]
    contacts: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Args:
        account_id: the company, `PRIVATE_ACCOUNT` for a private contact, None for a new company.
        account_name: the name of a new company.
        contact_id: the contact, None for a new one.
        take: fields of the lead that replace the contact's; of e-mails and phones the lead's are added.
        version: of the contact whose fields were compared with the lead's; None overwrites whatever stands there.
        case_id: the open case to add it to, None for a new one.
    """

    account_id: int | None = None
    account_name: str = ""
    contact_id: int | None = None
    take: tuple[str, ...] = ()
    version: int | None = None
    case_id: int | None = None
    title: str = ""
    path: str = ""
    manager_id: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a lead has become."""

    lead_id: int
    contact_id: int
    case_id: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of many leads: those accepted, and those that were not, each with the reason (faults 23)."""

    done: tuple[Accepted, ...] = ()
    left: tuple[tuple[int, str, str], ...] = field(default=())
    """(lead, its name, why)."""


# Before -------------------------------------------------------------------------------------------


def plan(me: Me, lead_id: int) -> Plan:
    """What a lead may become; nothing is written.

    Raises:
        NotFound: it does not exist, or is another team's.
        Refused: it has ended.
    """
    page = load(me, lead_id)
    refuse_ended(me, lead_id)
    return Plan(page, tuple(_companies(me, page)), tuple(_contacts(me, page)))


def _companies(me: Me, page: LeadPage) -> list[Candidate]:
    """Companies by number, then by name."""
    name, cvr = page.account.get("name", ""), page.account.get("cvr", "")
    found: dict[int, Candidate] = {}
    number = accounts.cvr_number(cvr) if cvr else ""
    if number:
        for account_id, title, city in rows(
            "SELECT id, name, city FROM account WHERE cvr = ? AND deleted_at IS NULL ORDER BY id LIMIT ?",
            number, OFFERED,
        ):  # fmt: skip
            found[account_id] = Candidate(account_id, title, city, _("same CVR number"), True)
    if name:
        for one in accounts.similar(me, NewAccount(name=name), OFFERED):
            exact = duplicates.same_words(one.name, name) and not number
            reason = _("same name") if duplicates.same_words(one.name, name) else _("similar name")
            found.setdefault(one.id, Candidate(one.id, one.name, one.city, reason, exact))
    return sorted(found.values(), key=lambda one: not one.exact)[:OFFERED]


def _contacts(me: Me, page: LeadPage) -> list[Candidate]:
    """Contacts by the one judgement of duplicates; the same e-mail or phone together with the name is exact."""
    new = _new_contact(page, Choice(PRIVATE_ACCOUNT if not page.account else None, page.account.get("name", "")))
    try:
        similar = duplicates.similar(me, new, OFFERED)
    except Invalid:
        similar = []
    name = f"{new.first_name} {new.last_name}".strip()
    return sorted(
        (
            Candidate(
                one.id, one.name, " · ".join(filter(None, (one.company, one.city))), one.reason,
                one.match != "name" and (not name or duplicates.same_words(one.name, name)),
            )
            for one in similar
        ),
        key=lambda one: not one.exact,
    )  # fmt: skip


def differences(me: Me, lead_id: int, contact_id: int) -> list[Difference]:
    """The fields in which a contact and a lead differ; what the lead does not tell is no difference."""
    require_contact(me, contact_id)
    page = load(me, lead_id)
    names = list(FIELDS)
    held = dict(zip(names, row(f"SELECT {', '.join(names)} FROM contact WHERE id = ?", contact_id) or (), strict=True))
    found: list[Difference] = []
    for name in names:
        told = page.contact.get(name)
        if name in ("emails", "phones"):
            missing = _missing(name, json.loads(held[name]), told or [])
            if missing:
                found.append(Difference(name, _shown(name, json.loads(held[name])), _shown(name, missing)))
        elif told and told != held[name]:
            found.append(Difference(name, held[name], told))
    return found


def _missing(name: str, held: Sequence[Mapping[str, str]], told: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The lead's addresses or numbers that the contact has not (faults 13, 86)."""
    if name == "emails":
        known = {email_key(one["address"]) for one in held}
        return [dict(one) for one in told if email_key(one["address"]) not in known]
    numbers = {phones.key(one.get("number") or one["raw"]) for one in held}
    return [dict(one) for one in told if phones.key(one.get("number") or one["raw"]) not in numbers]


def _shown(name: str, many: Sequence[Mapping[str, str]]) -> str:
    if name == "emails":
        return ", ".join(one["address"] for one in many)
    return ", ".join(phones.pretty(one.get("number", "")) or one["raw"] for one in many)


def open_cases(me: Me, contact_id: int | None, account_id: int | None) -> list[OpenCase]:
    """Open cases of the contact and of the company, the contact's own first (faults 106).

    A contact brings the company they work for, whatever company the lead named.
    """
    if contact_id is not None:
        account_id = value("SELECT account_id FROM contact WHERE id = ?", contact_id)
    if contact_id is None and account_id in (None, PRIVATE_ACCOUNT):
        return []
    company = account_id if account_id != PRIVATE_ACCOUNT else None
    return [OpenCase(*one) for one in rows(
        "SELECT s.id, s.title, s.contact_id, c.name, u.full_name FROM sales_case s "
        "JOIN contact c ON c.id = s.contact_id JOIN app_user u ON u.id = s.manager_id "
        "WHERE (s.contact_id = ? OR s.account_id = ?) AND s.status = 'open' AND s.deleted_at IS NULL "
        f"AND {seen_by(me, 's.audience')} AND {on_contact(me, 's.contact_id')} "
        "ORDER BY s.contact_id <> coalesce(?, 0), s.opened_at DESC, s.id DESC LIMIT ?",
        contact_id, company, contact_id, OFFERED,
    )]  # fmt: skip


def proposed(me: Me, lead_id: int) -> Choice:
    """What the wizard begins with: exact matches, every difference left as the contact has it, a new case."""
    found = plan(me, lead_id)
    page = found.page
    contact = next((one.id for one in found.contacts if one.exact), None)
    company = next((one.id for one in found.accounts if one.exact), None)
    if contact is not None:
        company = value("SELECT account_id FROM contact WHERE id = ?", contact)
    elif not page.account:
        company = PRIVATE_ACCOUNT
    return Choice(
        account_id=company,
        account_name=page.account.get("name", ""),
        contact_id=contact,
        version=version_of(me, contact),
        take=filling(me, lead_id, contact),
        title=case_title(page),
        path=next(iter(relations.paths())),
        manager_id=me.user_id,
    )


def version_of(me: Me, contact_id: int | None) -> int | None:
    """The version of a contact, to be read before `differences`."""
    if contact_id is None:
        return None
    require_contact(me, contact_id)
    return int(value("SELECT version FROM contact WHERE id = ?", contact_id))


def filling(me: Me, lead_id: int, contact_id: int | None) -> tuple[str, ...]:
    """The fields a contact has nothing in and the lead tells, which are proposed to be taken."""
    if contact_id is None:
        return ()
    return tuple(one.name for one in differences(me, lead_id, contact_id) if not one.contact)


def case_title(page: LeadPage) -> str:
    """What the new case is called: the product, else the first words of the interest."""
    return page.row.product or text.first_line(page.row.interest)[:80] or _("Lead of {name}").format(name=page.row.name)


# The one transaction --------------------------------------------------------------------------------


def accept(me: Me, lead_id: int, chosen: Choice, draft_key: str | None = None) -> Accepted:
    """Make of a lead what was chosen, and the lead accepted.

    Raises:
        Invalid: something is missing, named by its field; nothing was written.
        NotFound: the lead, or what was chosen for it, does not exist any more.
        Conflict: somebody changed a field of the contact that was to be taken from the lead.
        Refused: somebody accepted or rejected it first; the sentence says who and when.
    """
    with step(me, N_("accepted the lead of {name}"), {"name": ""}) as work:
        require_lead(me, lead_id)
        refuse_ended(me, lead_id)
        page = load(me, lead_id)
        work.params = {"name": page.row.name}
        contact_id = _contact_for(work, me, page, chosen)
        account_id = int(value("SELECT account_id FROM contact WHERE id = ?", contact_id))
        work.contact_id, work.account_id = contact_id, account_id
        case_id = _case_for(work, me, page, chosen, contact_id)
        work.case_id = case_id
        owner = int(value("SELECT contact_id FROM sales_case WHERE id = ?", case_id))
        _bring_along(work, me, page, owner, case_id)
        if owner != contact_id:
            _files(work, page, contact_id, None)
        hours, _accept, act_minutes = opening_hours.of_team(page.team_id)
        work.change(
            Lead, lead_id, None, status="accepted", accepted_at=work.at, accepted_by=me.user_id, contact_id=contact_id,
            account_id=account_id, case_id=case_id,
            act_by_at=None if act_minutes is None else hours.after(work.at, act_minutes),
        )  # fmt: skip
        drafts.drop_in(work, me, draft_key)
        return Accepted(lead_id, contact_id, case_id)


def accept_many(me: Me, ids: Sequence[int]) -> Summary:
    """Accept leads as each is proposed, and say of every other why not (faults 23)."""
    done: list[Accepted] = []
    left: list[tuple[int, str, str]] = []
    for lead_id in ids:
        name = str(value(f"SELECT name FROM lead WHERE id = ? AND {seen_by(me)}", lead_id) or "?")
        try:
            done.append(accept(me, lead_id, proposed(me, lead_id)))
        except Refused as refused:
            left.append((lead_id, name, str(refused)))
    return Summary(tuple(done), tuple(left))


def _contact_for(work: Step, me: Me, page: LeadPage, chosen: Choice) -> int:
    if chosen.contact_id is None:
        contact_id = contacts.add_to(work, me, _new_contact(page, chosen))
        _consents(work, me, page, contact_id)
        return contact_id
    require_contact(me, chosen.contact_id)
    names = [name for name in FIELDS if name in chosen.take]
    if names:
        held = row("SELECT emails, phones FROM contact WHERE id = ?", chosen.contact_id)
        assert held is not None
        wanted = {name: page.contact.get(name) for name in names if page.contact.get(name)}
        further = {
            name: [*known, *_missing(name, known, wanted.pop(name) or [])]
            for name, known in (("emails", json.loads(held[0])), ("phones", json.loads(held[1]))) if name in wanted
        }  # fmt: skip
        work.change(Contact, chosen.contact_id, chosen.version, **wanted)
        work.change(Contact, chosen.contact_id, None, **further)
    _consents(work, me, page, chosen.contact_id)
    return chosen.contact_id


def _new_contact(page: LeadPage, chosen: Choice) -> NewContact:
    """The contact a lead tells of, private or of the chosen company."""
    told = page.contact
    private = chosen.account_id == PRIVATE_ACCOUNT
    new_account = None
    if not private and chosen.account_id is None:
        cvr = page.account.get("cvr", "")
        new_account = NewAccount(
            name=chosen.account_name, cvr=cvr if cvr and not accounts.cvr_problem(cvr) else "",
            **{name: told.get(name, "") for name in ("street", "postcode", "city", "country")},
        )  # fmt: skip
    place = ("street", "postcode", "city", "country") if private else ()
    return NewContact(
        kind="private" if private else "business",
        account_id=chosen.account_id if not private else None,
        new_account=new_account,
        emails=tuple(Email(one["address"], one.get("label", "")) for one in told.get("emails", ())),
        phones=tuple(PhoneEntry(one["raw"] or one["number"], one.get("label", "")) for one in told.get("phones", ())),
        origin="lead",
        **{name: told.get(name, "") for name in ("first_name", "last_name", "title", "job_title", "website", *place)},
        language=told.get("language", ""),
    )


def _case_for(work: Step, me: Me, page: LeadPage, chosen: Choice, contact_id: int) -> int:
    if chosen.case_id is not None:
        allowed = {one.id for one in open_cases(me, contact_id, None)}
        if chosen.case_id not in allowed:
            raise Refused(_("That case is not open any more."), _("Choose another, or a new one."))
        return chosen.case_id
    return cases.add_to(
        work, me, contact_id, chosen.title, manager_id=chosen.manager_id, path=chosen.path or None,
        product=page.row.product, lead_id=page.row.id,
    )  # fmt: skip


def _consents(work: Step, me: Me, page: LeadPage, contact_id: int) -> None:
    """What the person said when they asked, as statements of that day; a channel not spoken of stays as it is."""
    for said in page.consents:
        source = said.get("text") or _("with the lead from {source}").format(source=page.row.source or "?")
        work.add(
            Consent, contact_id=contact_id, channel=said["channel"], state=said["state"],
            source=text.accept(source, newlines=False)[:300], at=page.row.received_at, user_id=me.user_id,
        )  # fmt: skip


def _bring_along(work: Step, me: Me, page: LeadPage, contact_id: int, case_id: int) -> None:
    """Comments as notes of the case, planned steps as tasks, files as attachments."""
    account_id = value("SELECT account_id FROM contact WHERE id = ?", contact_id)
    milestone = _first_milestone(case_id)
    common = {"contact_id": contact_id, "account_id": account_id, "case_id": case_id}
    said = [(page.row.received_at, "", page.row.interest)] if page.row.interest else []
    said += [(one.get("at") or page.row.received_at, one.get("who", ""), one["text"]) for one in page.comments]
    for at, who, words in said:
        work.add(
            Activity, **common, kind="note", at=min(at, work.at), user_id=me.user_id, source="lead",
            subject=who or page.row.source, note=words, milestones=[milestone],
        )  # fmt: skip
    for plan in page.plans:
        _task(work, me, plan, contact_id, case_id)
    _files(work, page, contact_id, case_id)


def _files(work: Step, page: LeadPage, contact_id: int, case_id: int | None) -> None:
    """The files of the lead, on a contact: whoever sent them, and whose case it is, both have them (faults 21)."""
    for file in page.files:
        if file.origin == "file":
            work.add(
                Attachment, contact_id=contact_id, case_id=case_id, name=file.name, media_type=file.media_type,
                size=file.size, sha256=file.sha256, origin="mail_in" if page.format == "mail" else "upload",
            )  # fmt: skip


def _task(work: Step, me: Me, plan: Mapping[str, Any], contact_id: int, case_id: int) -> None:
    """A planned step; one whose time has passed is due today."""
    today = clock.today(clock.zone(me.zone))
    when = When(at=plan["at"], day=None) if plan.get("at") else When(at=None, day=date.fromisoformat(plan["day"]))
    if (when.at is not None and when.at <= work.at) or (when.day is not None and when.day < today):
        when = When(at=None, day=today)
    tasks.add_to(work, me, contact_id, plan["type"], when, plan.get("note", ""), case_id=case_id)


def _first_milestone(case_id: int) -> str:
    path, milestone = row("SELECT path, milestone FROM sales_case WHERE id = ?", case_id) or ("", "")
    if milestone:
        return str(milestone)
    found = relations.paths().get(path)
    return found.milestones[0].key if found else "lead"
