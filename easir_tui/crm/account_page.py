"""Everything the account page first shows, in a constant number of statements whatever the account holds.

The account itself is everybody's; its contacts, cases, plans and notes are counted and shown only as far as one
may see them. Counts stop at a cap, lists are their first page, and what a tab shows is read when it is opened;
so a company of five thousand people costs what one of five does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from easir_tui import clock
from easir_tui.crm import account_notes
from easir_tui.crm.accounts import title
from easir_tui.crm.contact_page import COUNT_CAP, HERE_SECONDS, Place
from easir_tui.crm.notes import NotePage
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts, on_contact, seen_by
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import NotFound
from easir_tui.language import _


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """The facts of one account."""

    id: int
    version: int
    kind: str
    name: str
    cvr: str
    address: Place
    phone: str
    email: str
    website: str
    responsible_id: int | None
    responsible: str
    external_ids: Mapping[str, str]
    created_at: int
    created_by: str
    updated_at: int
    updated_by: str

    @property
    def is_private(self) -> bool:
        """Whether it is the one account of all private customers, which is fixed (V2)."""
        return self.id == PRIVATE_ACCOUNT


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """How many there are of what a tab holds; `COUNT_CAP` stands for "that many or more"."""

    contacts: int
    cases: int
    open_cases: int
    planned: int
    notes: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What the page shows when it opens."""

    account: AccountRecord
    counts: AccountCounts
    notes: NotePage
    here: tuple[str, ...]
    """Full names of the colleagues who are writing about one of its contacts now."""


def load(me: Me, account_id: int) -> AccountPage:
    """All that the page first shows.

    Raises:
        NotFound: no such account, or it is in the trash.
    """
    return AccountPage(record(me, account_id), _counts(me, account_id), account_notes.page(me, account_id),
                       here(me, account_id))  # fmt: skip


def record(me: Me, account_id: int) -> AccountRecord:
    """The facts of one account.

    Raises:
        NotFound: no such account, or it is in the trash.
    """
    found = row(_RECORD, account_id)
    if found is None:
        raise NotFound(_("There is no such account."))
    return AccountRecord(
        id=found[0], version=found[1], kind=found[2], name=title(found[0], found[3]), cvr=found[4],
        address=Place(*found[5:9]), phone=found[9], email=found[10], website=found[11], responsible_id=found[12],
        responsible=found[13], external_ids=json.loads(found[14]), created_at=found[15], created_by=found[16],
        updated_at=found[17], updated_by=found[18],
    )  # fmt: skip


def here(me: Me, account_id: int) -> tuple[str, ...]:
    """Colleagues with a fresh draft about a contact of this account that one may see."""
    found = rows(
        "SELECT DISTINCT u.full_name FROM draft d CROSS JOIN app_user u ON u.id = d.user_id "
        "CROSS JOIN contact c ON c.id = d.contact_id "
        f"WHERE c.account_id = ? AND d.user_id <> ? AND d.updated_at > ? AND {seen_by(me, 'c.audience')} LIMIT 5",
        account_id, me.user_id, clock.now() - HERE_SECONDS,
    )  # fmt: skip
    return tuple(name for (name,) in found)


def holds_any(me: Me, account_id: int, contact_ids: Iterable[int]) -> bool:
    """Whether one of these contacts, which somebody just touched, belongs to the account."""
    ids = sorted(contact_ids)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        if value(
            f"SELECT 1 FROM contact WHERE id IN ({', '.join('?' * len(part))}) AND account_id = ? LIMIT 1",
            *part, account_id,
        ):  # fmt: skip
            return True
    return False


def same_number(me: Me, account_id: int, cvr: str) -> str:
    """The name of another company that has this CVR number; empty when none has."""
    if not cvr:
        return ""
    found = value("SELECT name FROM account WHERE cvr = ? AND id <> ? AND deleted_at IS NULL LIMIT 1", cvr, account_id)
    return found or ""


_RECORD = """
SELECT a.id, a.version, a.kind, a.name, a.cvr, a.street, a.postcode, a.city, a.country, a.phone, a.email, a.website,
  a.responsible_id, coalesce(r.full_name, ''), a.external_ids, a.created_at, coalesce(m.full_name, ''),
  a.updated_at, coalesce(u.full_name, '')
FROM account a
  LEFT JOIN app_user r ON r.id = a.responsible_id
  LEFT JOIN app_user m ON m.id = a.created_by
  LEFT JOIN app_user u ON u.id = a.updated_by
WHERE a.id = ? AND a.deleted_at IS NULL
"""


def _counts(me: Me, account_id: int) -> AccountCounts:
    """All the capped counts in one statement."""
    case = f"{seen_by(me, 'sales_case.audience')} AND {on_contact(me, 'sales_case.contact_id')}"
    found = row(
        f"""
        SELECT
          (SELECT count(*) FROM (SELECT 1 FROM contact
             WHERE account_id = ?1 AND deleted_at IS NULL AND {seen_by(me)} LIMIT ?2)),
          (SELECT count(*) FROM (SELECT 1 FROM sales_case
             WHERE account_id = ?1 AND deleted_at IS NULL AND {case} LIMIT ?2)),
          (SELECT count(*) FROM (SELECT 1 FROM sales_case
             WHERE account_id = ?1 AND status = 'open' AND deleted_at IS NULL AND {case} LIMIT ?2)),
          (SELECT count(*) FROM (SELECT 1 FROM task
             WHERE account_id = ?1 AND status = 'open' AND deleted_at IS NULL AND {of_parts(me, "task")} LIMIT ?2)),
          (SELECT count(*) FROM (SELECT 1 FROM activity
             WHERE account_id = ?1 AND note <> '' AND deleted_at IS NULL AND {of_parts(me, "activity")}
             AND (SELECT c.deleted_at FROM contact c WHERE c.id = activity.contact_id) IS NULL LIMIT ?2))
        """,
        account_id, COUNT_CAP,
    )  # fmt: skip
    assert found is not None
    return AccountCounts(*found)
