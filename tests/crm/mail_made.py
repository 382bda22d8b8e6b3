"""E-mails that came in, made straight through the journal, as `crm.mail_in` stores them."""

from __future__ import annotations

import io
from typing import Any

from easir_tui import clock
from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.data.journal import step
from easir_tui.data.models import Activity, Attachment, Contact, Mail
from easir_tui.data.sqlite import run, writing


def received(me: Me, contact_id: int, number: int = 1, **more: Any) -> int:
    """An e-mail of the contact in this person's inbox, unread; the id of its activity."""
    message_id = more.get("message_id", f"<{number}@example.dk>")
    thread = more.get("thread", message_id)
    contact = Contact.get_by_id(contact_id)
    at = more.get("at", clock.now() - 3600 * number)
    with step(None, "received an e-mail", contact_id=contact_id, shown=False) as work:
        activity_id = work.add(
            Activity, contact_id=contact_id, account_id=contact.account_id, kind="email", direction="in", at=at,
            user_id=me.user_id, subject=more.get("subject", f"Spørgsmål {number}"), case_id=more.get("case_id"),
            milestones=more.get("milestones", []), body=more.get("body", "Kære Anna\n\nHvad koster den?"),
            recipients={"to": more.get("to", ["anna@nordlys.dk"]), "cc": more.get("cc", []), "bcc": []},
        )  # fmt: skip
        work.add(
            Mail, activity_id=activity_id, contact_id=contact_id, user_id=me.user_id, direction="in", thread=thread,
            message_id=message_id, from_name=more.get("name", "Ole Hansen"),
            from_address=more.get("address", "ole@example.dk"), reply_to=more.get("reply_to", []),
        )  # fmt: skip
        for name, content in more.get("files", ()):
            kept = files.keep(io.BytesIO(content))
            work.add(
                Attachment, contact_id=contact_id, activity_id=activity_id, name=name, media_type=kept.media_type,
                size=kept.size, sha256=kept.sha256, origin="mail_in",
            )  # fmt: skip
    copied(me, message_id, thread, at, unread=more.get("unread", True))
    return activity_id


def copied(me: Me, message_id: str, thread: str, at: int, unread: bool = True) -> None:
    """Another person has the message in their mailbox too."""
    with writing():
        run(
            "INSERT INTO mail_folder (id, user_id, account, name, role) VALUES (?, ?, 'a', 'INBOX', 'inbox') "
            "ON CONFLICT DO NOTHING", me.user_id, me.user_id,
        )  # fmt: skip
        run(
            "INSERT INTO mail_copy (message_id, user_id, thread, at, incoming, folder_id, uid, unread) "
            "VALUES (?, ?, ?, ?, 1, ?, 1, ?)", message_id, me.user_id, thread, at, me.user_id, int(unread),
        )  # fmt: skip
