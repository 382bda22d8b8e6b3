"""Everything the page of one lead shows, read before anybody decides: details first, then accept or reject."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from easir_tui.crm.lead_list import LeadRow, rows_of
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import require_lead
from easir_tui.data import files
from easir_tui.data.sqlite import row, rows
from easir_tui.errors import NotFound
from easir_tui.language import _


@dataclass(frozen=True, slots=True)
class LeadFileFacts:
    """A file of a lead; `origin` is `raw` for the message as it came."""

    id: int
    name: str
    media_type: str
    size: int
    origin: str
    sha256: str


@dataclass(frozen=True, slots=True)
class LeadPage:
    """One lead: its row, what it tells of the person and the company, what was said and planned, its files.

    `comments` are `{"at", "who", "text"}`, `plans` `{"type", "at", "day", "note"}`, `consents` `{"channel", "state",
    "text"}`; times are UTC epoch seconds.
    """

    row: LeadRow
    contact: Mapping[str, Any]
    account: Mapping[str, str]
    comments: tuple[Mapping[str, Any], ...]
    plans: tuple[Mapping[str, Any], ...]
    consents: tuple[Mapping[str, Any], ...]
    files: tuple[LeadFileFacts, ...]
    external_id: str
    format: str
    team_id: int | None
    reason: str
    rejected_at: int | None
    rejected_by: str
    expires_at: int | None
    version: int


def load(me: Me, lead_id: int) -> LeadPage:
    """One lead.

    Raises:
        NotFound: it does not exist, or is another team's.
    """
    require_lead(me, lead_id)
    found = row(
        "SELECT l.contact_data, l.account_data, l.comments, l.plans, l.consents, l.external_id, l.format, l.team_id, "
        "l.reason, l.rejected_at, coalesce(r.full_name, ''), l.expires_at, l.version FROM lead l "
        "LEFT JOIN app_user r ON r.id = l.rejected_by WHERE l.id = ?", lead_id,
    )  # fmt: skip
    assert found is not None
    contact, account, comments, plans, consents = (json.loads(one) for one in found[:5])
    return LeadPage(
        rows_of(me, [lead_id])[0], contact, account, tuple(comments), tuple(plans), tuple(consents),
        tuple(LeadFileFacts(*one) for one in rows(
            "SELECT id, name, media_type, size, origin, sha256 FROM lead_file WHERE lead_id = ? "
            "AND deleted_at IS NULL ORDER BY origin = 'raw', id", lead_id,
        )),
        *found[5:],
    )  # fmt: skip


def of_case(me: Me, case_id: int) -> list[LeadRow]:
    """The leads that a case came from or took in, the first of them first (V11, faults 106)."""
    return rows_of(me, [found[0] for found in rows(
        "SELECT id FROM lead WHERE case_id = ? AND deleted_at IS NULL ORDER BY accepted_at, id", case_id
    )])  # fmt: skip


def open_file(me: Me, file_id: int) -> tuple[str, BinaryIO]:
    """A file of a lead: its name, and its bytes to read; the caller closes it.

    Raises:
        NotFound: it does not exist, or the lead is another team's.
    """
    found = row("SELECT lead_id, name, sha256 FROM lead_file WHERE id = ? AND deleted_at IS NULL", file_id)
    if found is None:
        raise NotFound(_("There is no such file."))
    require_lead(me, found[0])
    return found[1], files.path_of(found[2]).open("rb")


def raw_text(me: Me, lead_id: int, most: int = 200_000) -> str:
    """The message as it came, as text to look at."""
    from easir_tui.channels.encodings import decode

    page = load(me, lead_id)
    raw = next((one for one in page.files if one.origin == "raw"), None)
    if raw is None:
        return ""
    with files.path_of(raw.sha256).open("rb") as file:
        return decode(file.read(most))
