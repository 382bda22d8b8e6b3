"""What the activity form and the form of a task need to know before anything is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from peewee import SQL

from easir_tui.crm import consent, letters, task_list, templates
from easir_tui.crm.consent import ConsentState
from easir_tui.crm.lookups import ContactBrief, contact_brief, path_of
from easir_tui.crm.task_list import TaskRow
from easir_tui.crm.templates import TemplateFacts
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data.models import Case, Contact
from easir_tui.data.sqlite import reading
from easir_tui.relations import RelationsPath


@dataclass(frozen=True)
class CaseChoice:
    """A case the activity may belong to, with the path its milestones come from, and what templates say of it."""

    id: int
    title: str
    status: str
    path: RelationsPath
    words: Mapping[str, str]


@dataclass(frozen=True)
class ActivityFacts:
    """What the form needs to know before anything is typed.

    Args:
        addresses: the contact's e-mail addresses, the primary one first.
        numbers: its phone numbers, the primary one first, and their labels.
        consents: what holds for each channel.
        cases: the open cases, and the one asked for whatever its status.
        task: the task this activity completes.
        templates: texts to begin with.
        words: what the fields of a template stand for with this contact.
        language: the contact's, or "".
        postal: the lines of the postal address without the name; none where it is not known.
    """

    contact: ContactBrief
    addresses: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...]
    consents: tuple[ConsentState, ...]
    cases: tuple[CaseChoice, ...]
    task: TaskRow | None
    templates: tuple[TemplateFacts, ...]
    words: Mapping[str, str]
    language: str
    postal: tuple[str, ...]

    def consent(self, channel: str) -> ConsentState:
        """What holds for one channel."""
        return next(state for state in self.consents if state.channel == channel)


def read(me: Me, contact_id: int, case_id: int | None = None, task_id: int | None = None) -> ActivityFacts:
    """Read what the form needs, in a constant number of statements.

    A case that is gone, or that one may no longer see, is not among the cases: what was written for it can still be
    saved on the contact.

    Raises:
        NotFound: no such contact or task.
    """
    with reading():
        contact = contact_brief(me, contact_id)
        task = task_list.one(me, task_id) if task_id is not None else None
        wanted = case_id if case_id is not None else task.case_id if task else None
        person = Contact.select(Contact.emails, Contact.phones, Contact.language).where(Contact.id == contact_id).get()
        found = (
            Case.select(Case.id, Case.title, Case.status, Case.path, Case.product, Case.value, Case.currency)
            .where(
                Case.contact_id == contact_id,
                (Case.status == "open") | (Case.id == (wanted or 0)),
                Case.deleted_at.is_null(),
                SQL(seen_by(me, "t1.audience")),
            )
            .order_by((Case.id == (wanted or 0)).desc(), Case.opened_at.desc(), Case.id.desc())
            .limit(50)
            .tuples()
        )
        return ActivityFacts(
            contact=contact,
            addresses=tuple(item["address"] for item in person.emails if item.get("address")),
            numbers=tuple(
                (item.get("number") or item.get("raw") or "", item.get("label") or "") for item in person.phones
            ),
            consents=consent.of(me, contact_id),
            cases=tuple(
                CaseChoice(id_, title, status, path_of(path), templates.case_values(title, *facts))
                for id_, title, status, path, *facts in found
            ),
            task=task,
            templates=tuple(templates.listed(me)),
            words=templates.values_for(me, contact_id),
            language=person.language,
            postal=letters.postal(me, contact_id),
        )
