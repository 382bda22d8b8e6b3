"""One's own mail as threads: which are unread, what is in each, and reading and keeping out.

Whether somebody has read a message is their own affair and no part of the journal. A thread is there when a copy of
one of its messages came to this person's mailbox, or was given to them because the case is theirs; what hangs on a
contact or a case one may not see is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data.sqlite import row, rows, run, value, writing
from easir_tui.errors import NotFound
from easir_tui.language import _

SHOWN = 500
"""Threads a list holds at most; what is older is found by the contact."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread by its newest message; `id` is that one's activity."""

    id: int
    contact_id: int
    contact: str
    company: str
    sender: str
    direction: str
    subject: str
    begins: str
    """The first words of its newest message."""
    at: int
    unread: int
    count: int
    files: int
    case_id: int | None
    case_title: str


def threads(me: Me, only_unread: bool = False, limit: int = SHOWN) -> list[Thread]:
    """This person's threads, those with something unread first, then the newest first."""
    having = "sum(unread) > 0" if only_unread else "sum(incoming) > 0"
    found = rows(
        f"""
        WITH mine AS (
          SELECT thread, max(at) AS newest, sum(unread) AS unread FROM mail_copy WHERE user_id = ?1
          GROUP BY thread HAVING {having} ORDER BY sum(unread) > 0 DESC, newest DESC LIMIT ?2
        )
        SELECT a.id, a.contact_id, c.name, coalesce(p.name, ''), m.from_name, m.from_address, m.direction, a.subject,
          substr(a.body, 1, 300), a.at, t.unread,
          (SELECT count(*) FROM mail o WHERE o.thread = t.thread AND o.deleted_at IS NULL),
          (SELECT count(*) FROM attachment f WHERE f.activity_id = a.id AND f.deleted_at IS NULL),
          a.case_id, coalesce(s.title, '')
        FROM mine t JOIN activity a ON a.id = (
          SELECT b.id FROM mail n JOIN activity b ON b.id = n.activity_id
          WHERE n.thread = t.thread AND n.deleted_at IS NULL AND b.deleted_at IS NULL AND {of_parts(me, "b")}
          ORDER BY b.at DESC, b.id DESC LIMIT 1
        ) JOIN mail m ON m.activity_id = a.id AND m.deleted_at IS NULL
        JOIN contact c ON c.id = a.contact_id AND c.deleted_at IS NULL
        LEFT JOIN account p ON p.id = c.account_id AND p.kind <> 'private'
        LEFT JOIN sales_case s ON s.id = a.case_id
        ORDER BY t.unread > 0 DESC, t.newest DESC, a.id DESC
        """,
        me.user_id, limit,
    )  # fmt: skip
    return [
        Thread(
            activity_id, contact_id, contact, company, name or address, direction, subject,
            " ".join(body.split()), at, unread, count, files, case_id, case_title,
        )
        for activity_id, contact_id, contact, company, name, address, direction, subject, body, at, unread, count,
            files, case_id, case_title in found
    ]  # fmt: skip


def unread(me: Me) -> int:
    """How many of this person's threads have something unread."""
    return int(value(
        f"""
        SELECT count(DISTINCT y.thread) FROM mail_copy y WHERE y.user_id = ? AND y.unread = 1 AND EXISTS (
          SELECT 1 FROM mail m JOIN activity a ON a.id = m.activity_id
          WHERE m.message_id = y.message_id AND m.deleted_at IS NULL AND a.deleted_at IS NULL AND {of_parts(me, "a")})
        """, me.user_id,
    ))  # fmt: skip


def thread_of(me: Me, activity_id: int) -> tuple[int, ...]:
    """The activities of the thread an e-mail belongs to, the oldest first; only itself where it is in none."""
    found = rows(
        f"""
        SELECT a.id FROM mail o JOIN mail m ON m.thread = o.thread AND m.deleted_at IS NULL
        JOIN activity a ON a.id = m.activity_id
        WHERE o.activity_id = ? AND a.deleted_at IS NULL AND {of_parts(me, "a")} ORDER BY a.at, a.id LIMIT 1000
        """, activity_id,
    )  # fmt: skip
    return tuple(one for (one,) in found) or (activity_id,)


def mark(me: Me, activity_id: int, unread: bool = False) -> bool:
    """Take an e-mail as read, or as unread again; whether that was news. The mailbox is told at the next occasion."""
    found = row(
        "SELECT y.message_id, y.unread, y.folder_id FROM mail m "
        "JOIN mail_copy y ON y.message_id = m.message_id AND y.user_id = ? "
        "WHERE m.activity_id = ? AND m.direction = 'in'",
        me.user_id, activity_id,
    )  # fmt: skip
    if found is None or bool(found[1]) == unread:
        return False
    with writing():
        run(
            "UPDATE mail_copy SET unread = ?, to_mark = ? WHERE message_id = ? AND user_id = ?",
            int(unread), int(not unread and found[2] is not None), found[0], me.user_id,
        )  # fmt: skip
    return True


def mark_thread(me: Me, activity_id: int, unread: bool = False) -> int:
    """The same for every message of a thread; how many that was news of."""
    many = thread_of(me, activity_id)
    return sum(mark(me, one, unread) for one in many)


def mark_unread(me: Me, activity_id: int) -> bool:
    """Take the newest message of a thread that came in as unread again; False where there is none."""
    return any(mark(me, one, unread=True) for one in reversed(thread_of(me, activity_id)))


def first_unread(me: Me, activity_id: int) -> int:
    """The oldest message of its thread that is unread, else the message itself."""
    found = value(
        f"""
        SELECT a.id FROM mail o JOIN mail m ON m.thread = o.thread AND m.deleted_at IS NULL AND m.direction = 'in'
        JOIN mail_copy y ON y.message_id = m.message_id AND y.user_id = ? AND y.unread = 1
        JOIN activity a ON a.id = m.activity_id
        WHERE o.activity_id = ? AND a.deleted_at IS NULL AND {of_parts(me, "a")} ORDER BY a.at, a.id LIMIT 1
        """, me.user_id, activity_id,
    )  # fmt: skip
    return int(found) if found else activity_id


def last_in(me: Me, activity_id: int) -> int:
    """The newest message of its thread that came in.

    Raises:
        NotFound: none did.
    """
    for one in reversed(thread_of(me, activity_id)):
        if value("SELECT direction FROM mail WHERE activity_id = ?", one) == "in":
            return one
    raise NotFound(_("There is nothing in this thread that came in to you."))


def sender_of(me: Me, activity_id: int) -> str:
    """The address an e-mail came from.

    Raises:
        NotFound: there is no such e-mail.
    """
    found = value(
        "SELECT m.from_address FROM mail m JOIN activity a ON a.id = m.activity_id "
        f"WHERE m.activity_id = ? AND m.direction = 'in' AND {of_parts(me, 'a')}", activity_id,
    )  # fmt: skip
    if not found:
        raise NotFound(_("There is no such e-mail."))
    return str(found)
