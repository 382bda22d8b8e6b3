"""The files of an account: those of all its contacts and cases that one may see, the newest first."""

from __future__ import annotations

from typing import Any

from easir_tui.crm.attachments import PAGE_SIZE, AttachmentFacts, FileKey, FilePage
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import on_case, seen_by
from easir_tui.data.sqlite import rows


def page(me: Me, account_id: int, after: FileKey | None = None, size: int = PAGE_SIZE) -> FilePage:
    """A page of files; `after` is the `next` of the page before."""
    further, values = "", list[Any]()
    if after is not None:
        further, values = "AND (f.created_at, f.id) < (?, ?)", [after.at, after.id]
    found = rows(
        f"""
        SELECT f.id, f.version, f.contact_id, f.name, f.media_type, f.size, f.sha256, f.origin, f.created_at, f.case_id,
          coalesce(s.title, ''), f.activity_id, coalesce(u.full_name, ''), c.name
        FROM contact c CROSS JOIN attachment f ON f.contact_id = c.id LEFT JOIN sales_case s ON s.id = f.case_id
          LEFT JOIN app_user u ON u.id = f.created_by
        WHERE c.account_id = ? AND c.deleted_at IS NULL AND {seen_by(me, "c.audience")} AND f.deleted_at IS NULL
          AND {on_case(me, "f.case_id")} {further} ORDER BY f.created_at DESC, f.id DESC LIMIT ?
        """,
        account_id, *values, size + 1,
    )  # fmt: skip
    shown = tuple(AttachmentFacts(*one) for one in found[:size])
    return FilePage(shown, FileKey(shown[-1].at, shown[-1].id) if len(found) > size else None)
