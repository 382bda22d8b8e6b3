"""An e-mail of the outbox as it goes over the wire, made of its activity, its files and its sender when it is sent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from easir_tui import clock
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.crm import mail_accounts
from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.data.sqlite import row, rows
from easir_tui.errors import Invalid, NotFound
from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.channels.mail_account import MailAccount


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent, and the versions of the two rows it was read from."""

    id: int
    version: int
    activity_id: int
    activity_version: int
    contact_id: int
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    names: dict[str, str]
    """Address in small letters → the name beside it."""
    subject: str
    body: str
    files: tuple[tuple[str, str, str], ...]
    """Name, media type and SHA-256."""
    calendar: str
    method: str
    tries: int
    queued_at: int
    sent_at: int | None


def read(me: Me, mail_id: int) -> Message:
    """A message of this person's outbox.

    Raises:
        NotFound: it was undone, or is somebody else's.
    """
    found = row(
        """
        SELECT m.version, m.activity_id, a.version, m.contact_id, m.message_id, m.in_reply_to, m.refs, a.recipients,
          c.name, c.emails, a.subject, a.body, m.calendar, m.method, m.tries, m.created_at, m.sent_at
        FROM mail m JOIN activity a ON a.id = m.activity_id JOIN contact c ON c.id = m.contact_id
        WHERE m.id = ? AND m.user_id = ? AND m.direction = 'out' AND m.deleted_at IS NULL AND a.deleted_at IS NULL
        """,
        mail_id, me.user_id,
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such e-mail."))
    (version, activity_id, activity_version, contact_id, message_id, in_reply_to, refs, recipients, name, emails,
     subject, body, calendar, method, tries, queued_at, sent_at) = found  # fmt: skip
    people = json.loads(recipients)
    attached = rows(
        "SELECT name, media_type, sha256 FROM attachment WHERE activity_id = ? AND deleted_at IS NULL ORDER BY id",
        activity_id,
    )
    return Message(
        mail_id, version, activity_id, activity_version, contact_id, message_id, in_reply_to, tuple(json.loads(refs)),
        tuple(people.get("to", ())), tuple(people.get("cc", ())), tuple(people.get("bcc", ())),
        {one["address"].casefold(): name for one in json.loads(emails) if one.get("address")},
        subject, body, tuple((one[0], one[1], one[2]) for one in attached), calendar, method, tries, queued_at, sent_at,
    )  # fmt: skip


def composed(me: Me, account: MailAccount, message: Message) -> bytes:
    """The bytes of a message.

    It is from the sender of the profile. Where that is another address than the mailbox, answers are asked for there:
    many servers put the address of the mailbox in its place.

    Raises:
        Invalid: an address is none, or a file is not there.
        Refused: this person has no address.
    """
    from easir_tui.channels.mail_compose import Attachment, Invitation, compose

    sender = mail_accounts.sender(me)
    at = message.sent_at if message.sent_at is not None else clock.now()
    return compose(
        sender=sender,
        to=_named(message, message.to),
        cc=_named(message, message.cc),
        reply_to=sender if sender.address.casefold() != account.address.casefold() else None,
        subject=message.subject,
        text=message.body,
        message_id=message.message_id,
        date=datetime.fromtimestamp(at, UTC).astimezone(clock.zone(me.zone)),
        in_reply_to=message.in_reply_to,
        references=message.references,
        attachments=[Attachment(name, media_type, _bytes(name, sha256)) for name, media_type, sha256 in message.files],
        invitation=Invitation(message.calendar.encode(), message.method) if message.calendar else None,
    )


def _named(message: Message, addresses: tuple[str, ...]) -> list[NamedAddress]:
    return [NamedAddress(one, message.names.get(one.casefold(), "")) for one in addresses]


def _bytes(name: str, sha256: str) -> bytes:
    try:
        return files.path_of(sha256).read_bytes()
    except OSError as error:
        raise Invalid(
            "attachments", _("{file} cannot be read: {reason}.").format(file=name, reason=error.strerror or str(error))
        ) from error
