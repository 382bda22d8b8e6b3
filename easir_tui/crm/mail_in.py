"""E-mails on their way in: read from a person's mailbox, stored where they are about a contact, once.

    fetched = fetch(me)

Of every new message only the addresses are looked at. One that is about nobody is counted and never stored. One that
is about contacts becomes an activity with each of them, with its files; seen again, in another folder or a colleague's
mailbox, it is known by its id, and only that this person has it is noted. How far a folder was read is stored in the
transaction that stores what was read: whoever is killed and starts again gets nothing twice and misses nothing. What
the server deletes stays here.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from easir_tui import clock
from easir_tui.channels.mail_bounce import Bounce, read_bounce
from easir_tui.channels.mail_read import MailHead, ReadMail, read_head
from easir_tui.crm import attachments, invitations, mail_accounts, outbox
from easir_tui.crm.mail_matching import Matched, Matching, addresses
from easir_tui.crm.users import Me
from easir_tui.data import connection, files
from easir_tui.data.journal import Step, step
from easir_tui.data.models import Activity, Attachment, Mail
from easir_tui.data.sqlite import row, rows, run, value, writing
from easir_tui.errors import Invalid, Refused
from easir_tui.language import N_, _, size
from easir_tui.session import only_one

if TYPE_CHECKING:
    from easir_tui.channels.imap import Batch, Bookmark, Head, Mailbox
    from easir_tui.channels.imap_folders import Folder

TOGETHER = 40
"""Messages that are stored in one transaction, with how far the folder was read."""

MOST_REFERENCES = 100
"""Ids of earlier messages that are kept of one message."""

SMALL_PICTURE = 15_000
"""Bytes up to which a picture within the text is a decoration, and no file of the contact."""


@dataclass
class Fetched:
    """What one run brought. `trouble` is what kept it from bringing more; `busy` means another process is at it."""

    busy: bool = False
    trouble: Refused | None = None
    new: int = 0
    """Messages that were taken in."""
    passed_over: int = 0
    """Messages that are about nobody here."""
    unreadable: int = 0
    """Messages that the server has and cannot show."""
    answers: int = 0
    """Answers to invitations."""


@dataclass
class _New:
    """A message to be stored: its place in the folder, its id, and what it is about."""

    head: Head
    message_id: str
    read: MailHead
    matched: Matched
    mail: ReadMail | None = None
    kept: list[tuple[str, str, files.Kept]] = field(default_factory=list)
    """Name, media type and stored bytes of its files."""
    left_out: list[str] = field(default_factory=list)
    """Why a file of it is not here."""
    bounce: Bounce | None = None
    """What it says of one of ours that came back."""


def fetch(me: Me, *, again: bool = False, told: Callable[[str, int], None] | None = None) -> Fetched:
    """Take in what is new in this person's mailbox.

    Nothing about the network or the server is an error; it is the outcome's `trouble`.

    Args:
        again: read the folders from their beginning; what is known is passed by, and what has become a contact's
            since is taken in.
        told: called with each folder's name and how many messages of it were looked at.
    """
    result = Fetched()
    with only_one(Path(connection.path()), f"mail-in-{me.user_id}") as mine:
        if not mine:
            result.busy = True
            return result
        try:
            account = mail_accounts.account(me)
            if account.imap is None:
                raise Refused(
                    _("The settings name no server to read mail from."), _("Write imap into the table [mail].")
                )
            from easir_tui.channels.imap import Mailbox

            with Mailbox(account) as box:
                for folder in box.to_read():
                    folder_id = _folder(me, f"{account.login}@{account.imap.host}", folder, again)
                    looked_at = _read_folder(me, account.address, box, folder, folder_id, result)
                    if told is not None:
                        told(folder.name, looked_at)
                _mark_read(me, box)
        except Refused as refused:
            result.trouble = refused
    return result


def _folder(me: Me, account: str, folder: Folder, again: bool) -> int:
    with writing():
        run(
            "INSERT INTO mail_folder (user_id, account, name, role) VALUES (?1, ?2, ?3, ?4) "
            "ON CONFLICT (user_id, account, name) DO UPDATE SET role = ?4",
            me.user_id, account, folder.name, folder.role,
        )  # fmt: skip
        found = int(value(
            "SELECT id FROM mail_folder WHERE user_id = ? AND account = ? AND name = ?",
            me.user_id, account, folder.name,
        ))  # fmt: skip
        if again:
            run("UPDATE mail_folder SET uid = 0, modseq = 0, passed_over = 0 WHERE id = ?", found)
        return found


def _bookmark(folder_id: int) -> Bookmark:
    from easir_tui.channels.imap import Bookmark

    return Bookmark(*(row("SELECT uidvalidity, uid, modseq FROM mail_folder WHERE id = ?", folder_id) or (0, 0, 0)))


def _read_folder(me: Me, address: str, box: Mailbox, folder: Folder, folder_id: int, result: Fetched) -> int:
    """Everything new of one folder; how many messages that were. Numbered anew meanwhile, it is read once more."""
    from easir_tui.channels.imap import FolderRenewed

    looked_at = 0
    for last_try in (False, True):
        try:
            for batch in box.changes(folder.name, _bookmark(folder_id)):
                looked_at += len(batch.heads)
                _take_in(me, address, box, folder, folder_id, batch, result)
            return looked_at
        except FolderRenewed:
            if last_try:
                raise
    return looked_at


def _take_in(me: Me, address: str, box: Mailbox, folder: Folder, folder_id: int, batch: Batch, result: Fetched) -> None:
    if batch.renewed:
        with writing():
            run("UPDATE mail_copy SET folder_id = NULL, uid = 0, to_mark = 0 WHERE folder_id = ?", folder_id)
    matching = Matching(me, address)
    result.unreadable += len(batch.unreadable)
    for heads, is_last in _runs(matching, batch.heads):
        bookmark = batch.bookmark if is_last else replace(batch.bookmark, uid=heads[-1][0].uid)
        new = _unknown(me, heads)
        wanted = {one.head.uid: one for one in new}
        for uid, raw in box.messages(folder.name, bookmark.uidvalidity, sorted(wanted)):
            _open(wanted[uid], raw)
        _store(me, folder, folder_id, bookmark, heads, new, result)
    if batch.flags or not batch.heads:
        with writing():
            _take_flags(folder_id, batch)
            _move(folder_id, batch.bookmark, 0)


Heading = tuple["Head", MailHead, Matched, str]
"""A message by its heading: as the server has it, as it reads, whom it is about, its id."""


def _runs(matching: Matching, heads: Sequence[Head]) -> Iterator[tuple[list[Heading], bool]]:
    """The messages of a batch in groups with so many in them that are about somebody; the last one says so."""
    group: list[Heading] = []
    about = 0
    for number, head in enumerate(heads, 1):
        read = read_head(head.header)
        is_draft = bool({flag.lower() for flag in head.flags} & {"\\draft", "\\deleted"})
        matched = Matched((), None, False) if is_draft else matching.match(read)
        group.append((head, read, matched, read.message_id or _made_up_id(head)))
        about += bool(matched.contacts)
        if about >= TOGETHER or number == len(heads):
            yield group, number == len(heads)
            group, about = [], 0


def _made_up_id(head: Head) -> str:
    """The id of a message without one: of what every copy of it says alike."""
    digest = hashlib.sha256(b" ".join(sorted(head.header.split()))).hexdigest()
    return f"<{digest[:40]}@message.invalid>"


def _unknown(me: Me, heads: Sequence[Heading]) -> list[_New]:
    """Those that have to be read whole: about a contact that has them not yet, or an answer to an invitation."""
    found = []
    for head, read, matched, message_id in heads:
        known = {one for (one,) in rows("SELECT contact_id FROM mail WHERE message_id = ?", message_id)}
        missing = tuple(one for one in matched.contacts if one not in known)
        if missing or (not known and (matched.is_answer or matched.is_report)):
            found.append(_New(head, message_id, read, replace(matched, contacts=missing)))
    return found


def _open(new: _New, raw: bytes) -> None:
    """Read a message, and store the bytes of its files before anything points at them."""
    from easir_tui.channels.mail_read import read_mail

    new.mail = read_mail(raw)
    if new.matched.is_report:
        new.bounce = read_bounce(raw)
    if not new.matched.contacts:
        return
    for part in new.mail.attachments:
        if not part.content or (part.inline and len(part.content) <= SMALL_PICTURE):
            continue
        if len(part.content) > files.LARGEST:
            new.left_out.append(
                _("{file} is not here: it is larger than {limit}.").format(file=part.name, limit=size(files.LARGEST))
            )
            continue
        kept = files.keep(io.BytesIO(part.content))
        new.kept.append((part.name, attachments.media_type_of(part.name, kept.media_type), kept))


# Storing -------------------------------------------------------------------------------------------


def _store(
    me: Me, folder: Folder, folder_id: int, bookmark: Bookmark, heads: Sequence[Heading], new: Sequence[_New],
    result: Fetched,
) -> None:  # fmt: skip
    """Store what was read and how far that was, in one transaction."""
    made = answers = passed_over = 0
    with writing():
        for one in new:
            if one.mail is not None:
                made += _store_one(me, one, one.mail)
                answers += _take_answers(one.mail)
            if one.bounce is not None:
                outbox.bounced(me, one.bounce)
        for head, read, matched, message_id in heads:
            if not _note_copy(me, folder, folder_id, head, read, matched, message_id):
                passed_over += 1
        _move(folder_id, bookmark, passed_over)
    result.new += made
    result.answers += answers
    result.passed_over += passed_over


def _move(folder_id: int, bookmark: Bookmark, passed_over: int) -> None:
    run(
        "UPDATE mail_folder SET uidvalidity = ?, uid = ?, modseq = ?, passed_over = passed_over + ?, read_at = ? "
        "WHERE id = ?",
        bookmark.uidvalidity, bookmark.uid, bookmark.modseq, passed_over, clock.now(), folder_id,
    )  # fmt: skip


def _store_one(me: Me, new: _New, mail: ReadMail) -> int:
    """A message as an activity with each contact it is about, unless somebody else has stored it meanwhile."""
    made = 0
    for contact_id in new.matched.contacts:
        found = row(
            "SELECT account_id FROM contact WHERE id = ? AND deleted_at IS NULL AND NOT EXISTS "
            "(SELECT 1 FROM mail WHERE message_id = ? AND contact_id = ?)", contact_id, new.message_id, contact_id,
        )  # fmt: skip
        if found is None:
            continue
        with step(None, N_("received an e-mail"), contact_id=contact_id, shown=False) as work:
            _add(work, me, new, mail, contact_id, int(found[0]))
        made = 1
    return made


def _add(work: Step, me: Me, new: _New, mail: ReadMail, contact_id: int, account_id: int) -> None:
    head, sender = mail.head, mail.head.sender
    references = _references(new.message_id, head)
    thread, case_id, milestones = _thread(new.message_id, references, contact_id)
    is_out = new.matched.from_user is not None
    work.account_id, work.case_id = account_id, case_id
    activity_id = work.add(
        Activity, contact_id=contact_id, account_id=account_id, case_id=case_id, milestones=milestones,
        user_id=new.matched.from_user or me.user_id, kind="email", direction="out" if is_out else "in",
        at=_at(new.head, head), subject=head.subject[:1000], body="\n\n".join([mail.text, *new.left_out]).strip(),
        recipients={"to": addresses(head.to), "cc": addresses(head.cc), "bcc": addresses(head.bcc)},
    )  # fmt: skip
    work.add(
        Mail, activity_id=activity_id, contact_id=contact_id, user_id=new.matched.from_user or me.user_id,
        direction="out" if is_out else "in", message_id=new.message_id, in_reply_to=head.in_reply_to,
        refs=list(references), thread=thread, from_name=sender.name if sender else "",
        from_address=sender.address if sender else "", reply_to=addresses(head.reply_to), filed=int(is_out),
        state="sent" if is_out else "", sent_at=_at(new.head, head) if is_out else None, quoted_from=mail.quoted_from,
    )  # fmt: skip
    for name, media_type, kept in new.kept:
        work.add(
            Attachment, contact_id=contact_id, case_id=case_id, activity_id=activity_id, name=name,
            media_type=media_type, size=kept.size, sha256=kept.sha256, origin="mail_out" if is_out else "mail_in",
        )  # fmt: skip
    if not is_out:
        _notify(me, new, contact_id, case_id, thread, _at(new.head, head))


def _at(head: Head, read: MailHead) -> int:
    """When a message was sent; where it does not say, or says something that is still to come, when it arrived."""
    now = clock.now()
    for at in (read.sent_at, head.received_at):
        if at and at <= now:
            return at
    return now


def _references(message_id: str, head: MailHead) -> tuple[str, ...]:
    """The messages before it in its thread, the oldest first."""
    before = [*head.references, *([head.in_reply_to] if head.in_reply_to else [])]
    found = list(dict.fromkeys(one for one in before if one != message_id))
    return tuple(found[:1] + found[1:][-(MOST_REFERENCES - 1) :])


def _thread(message_id: str, references: Sequence[str], contact_id: int) -> tuple[str, int | None, list[str]]:
    """The thread a message belongs to, and the open case it goes on with, at the milestone it stands at there (V6)."""
    for one in reversed(references):
        found = row(
            "SELECT m.thread, a.case_id, a.milestones, s.status FROM mail m JOIN activity a ON a.id = m.activity_id "
            "LEFT JOIN sales_case s ON s.id = a.case_id AND s.deleted_at IS NULL "
            "WHERE m.message_id = ? ORDER BY m.contact_id = ? DESC, m.id DESC LIMIT 1", one, contact_id,
        )  # fmt: skip
        if found is not None:
            goes_on = found[3] == "open" and _is_of(found[1], contact_id)
            return found[0], found[1] if goes_on else None, json.loads(found[2]) if goes_on else []
    return (references[0] if references else message_id), None, []


def _is_of(case_id: int, contact_id: int) -> bool:
    return value("SELECT 1 FROM sales_case WHERE id = ? AND contact_id = ?", case_id, contact_id) is not None


def _notify(me: Me, new: _New, contact_id: int, case_id: int | None, thread: str, at: int) -> None:
    """Whoever manages the case, or is responsible for the contact, finds the message unread in their inbox too."""
    who = value("SELECT manager_id FROM sales_case WHERE id = ?", case_id) if case_id is not None else None
    who = who or value("SELECT responsible_id FROM contact WHERE id = ?", contact_id)
    if who and who != me.user_id:
        run(
            "INSERT INTO mail_copy (message_id, user_id, thread, at, incoming, unread) VALUES (?, ?, ?, ?, 1, 1) "
            "ON CONFLICT DO NOTHING", new.message_id, who, thread, at,
        )  # fmt: skip


def _note_copy(
    me: Me, folder: Folder, folder_id: int, head: Head, read: MailHead, matched: Matched, message_id: str
) -> bool:
    """Note that this person has a message that is stored here; False where none is."""
    found = row(
        "SELECT thread FROM mail WHERE message_id = ? AND deleted_at IS NULL ORDER BY id DESC LIMIT 1", message_id
    )
    if found is None:
        return value("SELECT 1 FROM mail WHERE message_id = ?", message_id) is not None
    incoming = folder.role != "sent" and matched.from_user != me.user_id
    unread = incoming and not _is_seen(head.flags)
    run(
        """
        INSERT INTO mail_copy (message_id, user_id, thread, at, incoming, folder_id, uid, unread)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT (message_id, user_id) DO UPDATE SET folder_id = ?6, uid = ?7, incoming = max(incoming, ?5),
          unread = iif(folder_id IS NULL AND unread = 0, 0, unread AND ?8),
          to_mark = folder_id IS NULL AND unread = 0 AND ?8
        WHERE folder_id IS NULL OR folder_id = ?6
        """,
        message_id, me.user_id, found[0], _at(head, read), int(incoming), folder_id, head.uid, int(unread),
    )  # fmt: skip
    if folder.role == "sent" or matched.from_user == me.user_id:
        with suppress(Invalid), step(None, N_("was found among the sent mail"), shown=False) as work:
            outbox.found_sent(work, message_id)
    return True


def _is_seen(flags: frozenset[str]) -> bool:
    return any(flag.lower() == "\\seen" for flag in flags)


def _take_flags(folder_id: int, batch: Batch) -> None:
    """Read or unread as the server has it now, but for what was read here and the server has not been told of."""
    for uid, flags in batch.flags.items():
        run(
            "UPDATE mail_copy SET unread = ? WHERE folder_id = ? AND uid = ? AND incoming = 1 AND to_mark = 0",
            int(not _is_seen(flags)), folder_id, uid,
        )  # fmt: skip


def _take_answers(mail: ReadMail) -> int:
    from easir_tui.channels.calendar_mail import read_answers

    sender = mail.head.sender.address if mail.head.sender else ""
    answers: list[Any] = [one for calendar in mail.calendars[:20] for one in read_answers(calendar)]
    return sum(1 for one in answers if (taken := invitations.take_answer(one, sender)) is not None and taken.news)


# Marking -------------------------------------------------------------------------------------------


def _mark_read(me: Me, box: Mailbox) -> None:
    """Tell the server what was read here."""
    from easir_tui.channels.imap import FolderRenewed

    waiting = rows(
        "SELECT f.id, f.name, f.uidvalidity, json_group_array(y.uid) FROM mail_copy y "
        "JOIN mail_folder f ON f.id = y.folder_id WHERE y.user_id = ? AND y.to_mark = 1 GROUP BY f.id", me.user_id,
    )  # fmt: skip
    for folder_id, name, uidvalidity, encoded in waiting:
        uids = json.loads(encoded)
        with suppress(FolderRenewed):
            box.mark_seen(name, uidvalidity, uids)
        with writing():
            for uid in uids:
                run("UPDATE mail_copy SET to_mark = 0 WHERE folder_id = ? AND uid = ?", folder_id, uid)
