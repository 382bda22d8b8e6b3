"""Two accounts that are one company: everybody moves with their role, and one undo brings all of it back."""

from __future__ import annotations

import pytest

from easir_tui.crm import account_merge, account_page, accounts, cases, contacts, notes, undo
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import rows, value
from easir_tui.errors import NotFound, Refused


def test_everybody_moves_with_role_cases_and_history(me: Me) -> None:
    """Faults 1 and 3; what the account that stays does not know is filled in, what it knows stays."""
    stays = accounts.create(me, NewAccount("Nordlys", city="Aarhus", external_ids={"erp": "1"}))
    goes = accounts.create(
        me, NewAccount("Nordlys A/S", cvr="10103940", city="Odense", external_ids={"erp": "2", "dms": "7"})
    )
    bo = contacts.create(me, NewContact("business", "Bo", job_title="Buyer", account_id=goes))
    case_id = cases.create(me, bo, "ID.4", path="new_car")
    notes.write(me, bo, "Vil have hvid")
    assert account_merge.merge(me, stays, goes) == 1
    held = account_page.load(me, stays)
    assert (held.account.cvr, held.account.address.city) == ("10103940", "Aarhus")
    assert held.account.external_ids == {"erp": "1", "dms": "7"}
    assert (held.counts.contacts, held.counts.cases, held.counts.notes) == (1, 1, 1)
    assert rows("SELECT job_title, account_id FROM contact WHERE id = ?", bo) == [("Buyer", stays)]
    assert value("SELECT account_id FROM sales_case WHERE id = ?", case_id) == stays
    with pytest.raises(NotFound):
        account_page.load(me, goes)
    assert "Nordlys A/S" in undo.undo(me).sentence
    assert account_page.load(me, goes).counts.contacts == 1
    assert account_page.load(me, stays).account.cvr == ""


def test_the_private_account_and_the_same_one_are_refused(me: Me) -> None:
    """V2; nothing is written."""
    one = accounts.create(me, NewAccount("Nordlys"))
    for stays, goes in ((one, PRIVATE_ACCOUNT), (PRIVATE_ACCOUNT, one), (one, one)):
        with pytest.raises(Refused):
            account_merge.merge(me, stays, goes)
    assert value("SELECT count(*) FROM account WHERE deleted_at IS NULL") == 2
