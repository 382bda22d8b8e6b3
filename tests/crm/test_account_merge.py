"""Merging two accounts that are the same company: everything moves, and one undo brings it back."""

from __future__ import annotations

import pytest

from easir_tui.crm import account_merge, accounts, cases, contacts, notes, undo
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Refused


@pytest.fixture
def two(me: Me) -> tuple[int, int, int]:
    """A company that stays, one that goes with a contact, and that contact."""
    stays = accounts.create(me, NewAccount("Nordlys Biler A/S", city="Aarhus"))
    goes = accounts.create(me, NewAccount("Nordlys Biler", cvr="10103940", phone="86 12 34 56"))
    contact = contacts.create(me, NewContact(kind="business", first_name="Bo", job_title="Buyer", account_id=goes))
    cases.create(me, contact, "ID.4", path="new_car")
    notes.write(me, contact, "Hej")
    return stays, goes, contact


def test_everything_moves_with_its_role_and_comes_back(me: Me, two: tuple[int, int, int]) -> None:
    """Faults 1 and 3."""
    stays, goes, contact = two
    planned = account_merge.plan(me, stays, goes)
    assert planned.contacts == 1
    assert set(planned.filled) == {"cvr", "phone"}
    assert account_merge.merge(me, stays, goes) == 1
    assert row("SELECT account_id, job_title FROM contact WHERE id = ?", contact) == (stays, "Buyer")
    for table in ("sales_case", "activity"):
        assert rows(f"SELECT DISTINCT account_id FROM {table}") == [(stays,)]
    assert row("SELECT cvr, city FROM account WHERE id = ?", stays) == ("10103940", "Aarhus")
    assert value("SELECT deleted_at IS NOT NULL FROM account WHERE id = ?", goes) == 1
    undo.undo(me)
    assert value("SELECT account_id FROM contact WHERE id = ?", contact) == goes
    assert rows("SELECT DISTINCT account_id FROM sales_case") == [(goes,)]
    assert value("SELECT cvr FROM account WHERE id = ?", stays) == ""
    assert value("SELECT deleted_at FROM account WHERE id = ?", goes) is None


def test_the_private_account_and_oneself_are_not_merged(me: Me, two: tuple[int, int, int]) -> None:
    """V2."""
    stays, _goes, _contact = two
    for pair in ((1, stays), (stays, 1), (stays, stays)):
        with pytest.raises(Refused):
            account_merge.merge(me, *pair)
