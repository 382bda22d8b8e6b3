"""The inbox of the demonstration: the last e-mails that customers wrote, in their threads, a few of them unread."""

from __future__ import annotations

from easir_tui.crm.users import Me
from easir_tui.data.columns import as_json, insert
from easir_tui.data.sqlite import row, rows, value, writing

SHOWN = 40
UNREAD = 4

_LAST = """
SELECT a.id, a.contact_id, a.at, c.name, c.email FROM activity a JOIN contact c ON c.id = a.contact_id
WHERE a.kind = 'email' AND a.direction = 'in' AND a.user_id = ? AND c.email <> '' ORDER BY a.at DESC, a.id DESC LIMIT ?
"""
_BEFORE = """
SELECT a.id, a.at FROM activity a WHERE a.contact_id = ? AND a.kind = 'email' AND a.direction = 'out' AND a.state = ''
AND a.at < ? AND NOT EXISTS (SELECT 1 FROM mail m WHERE m.activity_id = a.id) ORDER BY a.at DESC LIMIT 1
"""


def fill(me: Me) -> None:
    """Say of this person's last e-mails what a mailbox says of them."""
    domain = str(value("SELECT email FROM app_user WHERE id = ?", me.user_id)).rpartition("@")[2]
    with writing():
        for number, (activity_id, contact_id, at, name, address) in enumerate(rows(_LAST, me.user_id, SHOWN)):
            own = f"<demo-{activity_id}@{domain}>"
            before = row(_BEFORE, contact_id, at)
            first = f"<demo-{before[0]}@{domain}>" if before else ""
            if before:
                _mail(me, int(before[0]), contact_id, first, first, before[1], direction="out", state="sent", filed=1,
                      from_name=me.full_name, from_address=f"{me.login}@{domain}", sent_at=before[1])  # fmt: skip
            _mail(me, activity_id, contact_id, own, first or own, at, direction="in", from_name=name,
                  from_address=address, in_reply_to=first, refs=as_json([first] if first else []))  # fmt: skip
            insert("mail_copy", {
                "message_id": own, "user_id": me.user_id, "thread": first or own, "at": at, "incoming": 1,
                "unread": int(number < UNREAD),
            })  # fmt: skip


def _mail(me: Me, activity_id: int, contact_id: int, message_id: str, thread: str, at: int, **more: object) -> None:
    insert("mail", {
        "activity_id": activity_id, "contact_id": contact_id, "user_id": me.user_id, "message_id": message_id,
        "thread": thread, "created_at": at, "updated_at": at, **more,
    })  # fmt: skip
