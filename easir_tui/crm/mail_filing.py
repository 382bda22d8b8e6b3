"""What is done with an e-mail that came in: filed to a case, made a lead, kept out of the CRM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from easir_tui import clock
from easir_tui.clock import When
from easir_tui.crm import activity_page, cases, leads
from easir_tui.crm.activity_page import ActivityInFull
from easir_tui.crm.lookups import case_brief, path_of
from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.data.derived import email_key
from easir_tui.data.journal import step
from easir_tui.data.models import Activity, Attachment, MailKeptOut
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import N_, _

LARGEST_FILES = 20_000_000
"""Bytes of files that a lead takes along."""


@dataclass(frozen=True, slots=True)
class KeptOut:
    """What is kept out of one's mail: an address, or a contact by its name."""

    id: int
    address: str
    contact: str


def file_to(me: Me, activity_id: int, case_id: int | None, milestones: Sequence[str] = ()) -> None:
    """File an e-mail to a case of its contact, with its files; None takes it off its case.

    Answers to it will follow it there.

    Raises:
        NotFound: one of them is gone, or not for these eyes.
        Invalid: the case is another contact's; of `milestones`: none is chosen, or one is not on the case's path (V6).
    """
    held = _email(me, activity_id)
    chosen: tuple[str, ...] = ()
    title = ""
    if case_id is not None:
        case = case_brief(me, case_id)
        if case.contact_id != held.contact_id:
            raise Invalid("case_id", _("The case belongs to another contact."))
        chosen = tuple(one.key for one in path_of(case.path).milestones if one.key in milestones)
        if not chosen or len(chosen) < len(set(milestones)):
            raise Invalid("milestones", _("Choose at least one milestone of the case."))
        title = case.title
    what = N_("filed an e-mail to {case}") if case_id is not None else N_("took an e-mail off its case")
    with step(me, what, {"case": title}, contact_id=held.contact_id, case_id=case_id, shown=False) as work:
        work.change(Activity, activity_id, held.version, case_id=case_id, milestones=list(chosen))
        for (file_id,) in rows("SELECT id FROM attachment WHERE activity_id = ? AND deleted_at IS NULL", activity_id):
            work.change(Attachment, file_id, None, case_id=case_id)
        if case_id is not None:
            cases.follow(work, me, case_id, chosen)


def new_lead(me: Me, activity_id: int) -> int:
    """Make a lead of an e-mail; its id.

    Raises:
        NotFound: the e-mail is gone, or not for these eyes.
        Refused: it is a lead already, or none that came in.
    """
    from easir_tui.channels.lead_record import LONGEST, AttachedFile, Comment, LeadRecord
    from easir_tui.channels.records import ContactRecord, Labelled
    from easir_tui.channels.whole_values import split_name

    held = _email(me, activity_id)
    found = row("SELECT from_name, from_address, message_id FROM mail WHERE activity_id = ? AND direction = 'in'",
                activity_id)  # fmt: skip
    if found is None:
        raise Refused(_("Only an e-mail that came in can be a lead."))
    name, address, message_id = found
    first, last = split_name(name or value("SELECT name FROM contact WHERE id = ?", held.contact_id) or "")
    record = LeadRecord(
        contact=ContactRecord(first_name=first, last_name=last, emails=(Labelled("", address),) if address else ()),
        format="mail", external_id=message_id, source=_("E-mail"), interest=held.subject or _new_words(held)[:200],
        received_at=held.at, comments=(Comment(_new_words(held)[:LONGEST], name or address, held.at),),
        files=tuple(AttachedFile(name, files.path_of(sha).read_bytes()) for name, sha in _small_files(activity_id)),
    )  # fmt: skip
    when = clock.say_when(When(at=held.at), clock.zone(me.zone))
    raw = f"From: {held.sender}\nDate: {when}\nSubject: {held.subject}\n\n{held.body}\n".encode()
    arrived = leads.arrive(me, [record], raw, "mail.txt")
    if not arrived.ids:
        raise Refused(_("This e-mail is a lead already."), _("g l shows the leads."))
    return arrived.ids[0]


def _new_words(held: ActivityInFull) -> str:
    return held.body[: held.quoted_from].strip() or held.body


def _small_files(activity_id: int) -> list[tuple[str, str]]:
    found = rows(
        "SELECT name, sha256, size FROM attachment WHERE activity_id = ? AND deleted_at IS NULL ORDER BY id",
        activity_id,
    )
    kept, total = [], 0
    for name, sha256, size in found:
        total += size
        if total <= LARGEST_FILES:
            kept.append((name, sha256))
    return kept


def keep_out(me: Me, activity_id: int, what: str) -> int:
    """Keep a `message`, its `address` or its `contact` out of what is fetched from this person's mailbox.

    What is here of it already, and no colleague has received as well, goes into the trash; undo brings all back.

    Returns:
        How many e-mails went into the trash.

    Raises:
        NotFound: the e-mail is gone, or not for these eyes.
        Refused: it did not come in.
    """
    held = _email(me, activity_id)
    address = value("SELECT from_address FROM mail WHERE activity_id = ? AND direction = 'in'", activity_id)
    if address is None:
        raise Refused(_("Only an e-mail that came in can be kept out."))
    going = {activity_id}
    if what != "message":
        going |= {one for one, sender in _only_mine(me) if _is_meant(what, one, sender, held.contact_id, address)}
    with step(me, N_("kept e-mails out"), contact_id=held.contact_id, shown=False) as work:
        if what == "address":
            work.add(MailKeptOut, user_id=me.user_id, address=address)
        elif what == "contact":
            work.add(MailKeptOut, user_id=me.user_id, contact_id=held.contact_id)
        for one in sorted(going):
            work.remove(Activity, one)
    return len(going)


def _only_mine(me: Me) -> list[tuple[int, str]]:
    """The e-mails that came in to this person and nobody else."""
    return [(activity_id, sender) for activity_id, sender in rows(
        "SELECT a.id, m.from_address FROM mail_copy y JOIN mail m ON m.message_id = y.message_id "
        "JOIN activity a ON a.id = m.activity_id WHERE y.user_id = ? AND m.direction = 'in' AND a.deleted_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM mail_copy o WHERE o.message_id = y.message_id AND o.user_id <> y.user_id "
        "AND o.folder_id IS NOT NULL)", me.user_id,
    )]  # fmt: skip


def _is_meant(what: str, activity_id: int, sender: str, contact_id: int, address: str) -> bool:
    if what == "address":
        return email_key(sender) == email_key(address)
    return value("SELECT 1 FROM activity WHERE id = ? AND contact_id = ?", activity_id, contact_id) is not None


def kept_out(me: Me) -> list[KeptOut]:
    """What this person keeps out, the newest first."""
    found = rows(
        "SELECT k.id, k.address, coalesce(c.name, '') FROM mail_kept_out k LEFT JOIN contact c ON c.id = k.contact_id "
        "WHERE k.user_id = ? AND k.deleted_at IS NULL ORDER BY k.id DESC", me.user_id,
    )  # fmt: skip
    return [KeptOut(*one) for one in found]


def let_in(me: Me, kept_id: int) -> None:
    """Keep something out no longer; what has come meanwhile is taken in when everything is looked at again.

    Raises:
        NotFound: it is not kept out.
    """
    if value("SELECT 1 FROM mail_kept_out WHERE id = ? AND user_id = ? AND deleted_at IS NULL",
             kept_id, me.user_id) is None:  # fmt: skip
        raise NotFound(_("This is not kept out."))
    with step(me, N_("let e-mails in again"), shown=False) as work:
        work.remove(MailKeptOut, kept_id)


def _email(me: Me, activity_id: int) -> ActivityInFull:
    held = activity_page.activity(me, activity_id)
    if held.kind != "email":
        raise Refused(_("This is no e-mail."))
    return held
