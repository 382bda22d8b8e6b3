"""The notes of a contact.

A note has one home: the note text of an activity. A note written in the notes pane is an activity of kind
`note` that belongs to no case; the text written with a call or a meeting is shown in the same pane, so that a
salesperson reads everything colleagues wrote about a person in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import SQL

from easir_tui import clock, text
from easir_tui.crm import drafts
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts, seen_by
from easir_tui.data import journal, search
from easir_tui.data.models import Activity, Contact
from easir_tui.data.sqlite import rows
from easir_tui.errors import Invalid, NotFound
from easir_tui.language import N_, _, number

PAGE_SIZE = 20
"""Notes read at a time."""

SEARCH_LIMIT = 500
"""Notes of one contact that a search may find."""

LONGEST = 100_000
"""Characters of one note; what is longer belongs in a file."""

WHICH = ("all", "case", "other")
"""The filters of the pane: all notes, case notes, notes that belong to no case."""


class NoteKey(NamedTuple):
    """Where a page ended."""

    at: int
    id: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note as the pane shows it; `id` is the activity's."""

    id: int
    version: int
    kind: str
    at: int
    text: str
    case_id: int | None
    case_title: str
    user_id: int | None
    who: str
    contact_id: int = 0
    contact: str = ""
    """On whom, where the notes are those of several contacts."""


@dataclass(frozen=True, slots=True)
class NotePage:
    """Notes, the newest first."""

    rows: tuple[NoteRow, ...]
    next: NoteKey | None
    """Where the next page begins, None at the end."""


def page(
    me: Me, contact_id: int, which: str = "all", query: str = "", after: NoteKey | None = None, size: int = PAGE_SIZE
) -> NotePage:
    """Notes of a contact, the newest first.

    Args:
        which: `all`, `case` or `other`.
        query: words every note must hold, as typed; folded like every search, each the beginning of a word.
        after: the `next` of the page before.
    """
    conditions = ["a.contact_id = ?", "a.note <> ''", "a.deleted_at IS NULL", of_parts(me, "a")]
    values: list[Any] = []
    if which in ("case", "other"):
        conditions.append(f"a.case_id IS {'NOT ' if which == 'case' else ''}NULL")
    if after is not None:
        conditions.append("(a.at, a.id) < (?, ?)")
        values += [after.at, after.id]
    hits = search.owned_ids("search_note", query, contact_id, SEARCH_LIMIT)
    if hits is not None:
        conditions.append(f"a.id IN ({', '.join('?' * len(hits))})")
        values += hits
    found = rows(
        f"""
        {_SELECT} WHERE {" AND ".join(conditions)}
        ORDER BY a.at DESC, a.id DESC LIMIT ?
        """,
        contact_id, *values, size + 1,
    )  # fmt: skip
    shown = tuple(NoteRow(*one) for one in found[:size])
    return NotePage(shown, NoteKey(shown[-1].at, shown[-1].id) if len(found) > size else None)


def one(me: Me, note_id: int) -> NoteRow:
    """One note.

    Raises:
        NotFound: it is gone.
    """
    found = rows(f"{_SELECT} WHERE a.id = ? AND a.note <> '' AND a.deleted_at IS NULL AND {of_parts(me, 'a')}", note_id)
    if not found:
        raise NotFound(_("This note does not exist any more."))
    return NoteRow(*found[0])


def write(me: Me, contact_id: int, note: str, draft_key: str | None = None) -> int:
    """Write a note that belongs to no case; says the id of its activity.

    `draft_key` names the draft it was typed in, which goes with the save.

    Raises:
        Invalid: it is empty, or too long.
        NotFound: the contact is gone.
    """
    cleaned = _checked(note)
    account = (
        Contact.select(Contact.account_id)
        .where(Contact.id == contact_id, Contact.deleted_at.is_null(), SQL(seen_by(me, "t1.audience")))
        .tuples()
        .first()
    )
    if account is None:
        raise NotFound(_("This contact does not exist any more."))
    with journal.step(me, N_("wrote a note"), contact_id=contact_id, account_id=account[0], shown=False) as step:
        note_id = step.add(
            Activity,
            contact_id=contact_id,
            account_id=account[0],
            kind="note",
            at=clock.now(),
            user_id=me.user_id,
            note=cleaned,
            subject=text.first_line(cleaned),
        )
        drafts.drop_in(step, me, draft_key)
    return note_id


def edit(me: Me, note_id: int, version: int | None, note: str, draft_key: str | None = None) -> None:
    """Change the text of a note.

    Raises:
        Invalid: it is empty, or too long.
        Conflict: somebody else changed the text since `version` was read (V17).
        NotFound: it is gone.
    """
    cleaned = _checked(note)
    contact_id, account_id, case_id, kind = _place(me, note_id)
    with journal.step(
        me,
        N_("changed a note"),
        contact_id=contact_id,
        account_id=account_id,
        case_id=case_id,
        shown=False,
    ) as step:
        step.change(Activity, note_id, version, note=cleaned)
        if kind == "note":
            step.change(Activity, note_id, None, subject=text.first_line(cleaned))
        drafts.drop_in(step, me, draft_key)


def remove(me: Me, note_id: int, version: int | None) -> None:
    """Take a note away: the whole activity when it is a note, else only the text that was written with it.

    Raises:
        Conflict: somebody else changed it since `version` was read.
        NotFound: it is gone.
    """
    contact_id, account_id, case_id, kind = _place(me, note_id)
    with journal.step(
        me,
        N_("deleted a note"),
        contact_id=contact_id,
        account_id=account_id,
        case_id=case_id,
        shown=False,
    ) as step:
        if kind == "note":
            step.remove(Activity, note_id, version)
        else:
            step.change(Activity, note_id, version, note="")


def _checked(note: str) -> str:
    cleaned = text.accept(note)
    if not cleaned:
        raise Invalid("note", _("The note is empty."))
    if len(cleaned) > LONGEST:
        raise Invalid(
            "note", _("The note is longer than {limit} characters; attach it as a file.").format(limit=number(LONGEST))
        )
    return cleaned


def _place(me: Me, note_id: int) -> tuple[int, int, int | None, str]:
    found = (
        Activity.select(Activity.contact_id, Activity.account_id, Activity.case_id, Activity.kind)
        .where(Activity.id == note_id, Activity.deleted_at.is_null(), SQL(of_parts(me, "t1")))
        .tuples()
        .first()
    )
    if found is None:
        raise NotFound(_("This note does not exist any more."))
    contact_id, account_id, case_id, kind = found
    return contact_id, account_id, case_id, kind


_SELECT = """
SELECT a.id, a.version, a.kind, a.at, a.note, a.case_id, coalesce(c.title, ''), a.user_id, coalesce(u.full_name, '')
FROM activity a LEFT JOIN sales_case c ON c.id = a.case_id LEFT JOIN app_user u ON u.id = a.user_id
"""
