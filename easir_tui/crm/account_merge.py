"""Making one of two accounts that are the same company: plan, show, one transaction, undone as one step.

Everybody moves with the role they have, and with them their cases, tasks, activities and history (faults 1 and 3);
what the account that stays does not know is filled in from the other, which goes to the trash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from easir_tui.crm import account_contacts
from easir_tui.crm.account_page import AccountRecord, record
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Account, Contact, Lead
from easir_tui.data.sqlite import rows, value
from easir_tui.errors import Refused
from easir_tui.language import N_, _, number

MOST = 2000
"""Contacts that move in one transaction; a merge of more would keep everybody else from saving for too long."""

_ADDRESS = ("street", "postcode", "city", "country")


@dataclass(frozen=True)
class MergePlan:
    """What a merge would do: who stays, who goes, how many contacts one may see would move, what is filled in."""

    stays: AccountRecord
    goes: AccountRecord
    contacts: int
    filled: dict[str, Any]


def plan(me: Me, stays_id: int, goes_id: int) -> MergePlan:
    """What merging one account into another would do; nothing is written.

    Raises:
        Refused: they are one account, or one is the private account, which is fixed (V2), or too many would move.
        NotFound: one of them is gone.
    """
    stays, goes = record(me, stays_id), record(me, goes_id)
    if stays.is_private or goes.is_private:
        raise Refused(_("The private account cannot be merged."))
    if stays_id == goes_id:
        raise Refused(_("That is the same account."))
    many = value("SELECT count(*) FROM contact WHERE account_id = ? AND deleted_at IS NULL", goes_id)
    if many > MOST:
        raise Refused(
            _("{account} has more than {count} contacts.").format(account=goes.name, count=number(MOST)),
            _("Merge the other way round."),
        )
    filled: dict[str, Any] = {
        name: getattr(goes, name)
        for name in ("cvr", "phone", "email", "website", "responsible_id")
        if getattr(goes, name) and not getattr(stays, name)
    }
    if goes.address and not stays.address:
        filled |= {name: getattr(goes.address, name) for name in _ADDRESS}
    systems = {**goes.external_ids, **stays.external_ids}
    if systems != dict(stays.external_ids):
        filled["external_ids"] = systems
    return MergePlan(stays, goes, account_contacts.count(me, goes_id), filled)


def merge(me: Me, stays_id: int, goes_id: int) -> int:
    """Merge one account into another and return how many contacts moved; undo brings all of it back.

    Raises:
        Refused, NotFound: as `plan`, which is made again in the transaction.
    """
    with step(me, N_("merged {other} into {account}"), account_id=stays_id) as work:
        planned = plan(me, stays_id, goes_id)
        work.params = {"other": planned.goes.name, "account": planned.stays.name}
        if planned.filled:
            work.change(Account, stays_id, None, **planned.filled)
        moving = rows("SELECT id FROM contact WHERE account_id = ? AND deleted_at IS NULL ORDER BY id", goes_id)
        for (contact_id,) in moving:
            work.change(Contact, contact_id, None, account_id=stays_id)
        for (lead_id,) in rows("SELECT id FROM lead WHERE account_id = ? AND deleted_at IS NULL", goes_id):
            work.change(Lead, lead_id, None, account_id=stays_id)
        work.remove(Account, goes_id)
        return len(moving)
