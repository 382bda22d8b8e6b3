"""Accounts: CVR numbers, changing, giving away, deleting; the private one is fixed, and none loses its contacts."""

from __future__ import annotations

import pytest

from easir_tui.crm import account_page, accounts, contacts, trash, undo
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data import search
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Conflict, Invalid, NotFound, Refused
from tests.crm.made import a_colleague


def company(me: Me, name: str = "Nordlys Biler A/S", **fields: str) -> int:
    """A company."""
    return accounts.create(me, NewAccount(name, **fields))


def worker(me: Me, account_id: int, name: str = "Bo", **fields: object) -> int:
    """Somebody who works there."""
    return contacts.create(me, NewContact(kind="business", first_name=name, account_id=account_id, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize("good", ["10103940", "10150817", "DK 10 15 08 17", "dk10150817", "24256790"])
def test_a_cvr_number_that_is_right(good: str) -> None:
    """Weighted 2 7 6 5 4 3 2 1 the digits add up to a multiple of 11."""
    assert accounts.cvr_problem(good) == ""
    assert len(accounts.cvr_number(good)) == 8


@pytest.mark.parametrize("digit", range(8))
def test_a_slip_in_any_digit_of_a_cvr_number_is_seen(digit: int) -> None:
    right = "10150817"
    slip = right[:digit] + str((int(right[digit]) + 1) % 10) + right[digit + 1 :]
    assert "check digit" in accounts.cvr_problem(slip)


def test_a_foreign_number_is_kept_as_it_is(me: Me) -> None:
    """It warns and never refuses."""
    assert "eight digits" in accounts.cvr_problem("SE556012579001")
    account_id = company(me, cvr="SE556012579001")
    assert account_page.record(me, account_id).cvr == "SE556012579001"


def test_a_change_touches_what_it_names_and_can_be_undone(me: Me) -> None:
    """Faults 9: the rest stays; the phone number is stored in its international form."""
    jens = a_colleague(me)
    account_id = company(me, cvr="10150817", city="Aarhus")
    bo = worker(me, account_id)
    accounts.change(
        me, account_id, 1, phone="86 12 34 56", responsible_id=jens.user_id, external_ids={"erp": "10042", "": "x"}
    )
    held = account_page.record(me, account_id)
    assert (held.name, held.cvr, held.address.city) == ("Nordlys Biler A/S", "10150817", "Aarhus")
    assert (held.phone, held.responsible, held.external_ids) == ("+4586123456", jens.full_name, {"erp": "10042"})
    accounts.change(me, account_id, None, name="Sydlys Biler A/S", city="Odense")
    assert search.contact_ids("sydlys", 5) == [bo]
    assert search.plain_ids("search_account", "sydlys odense", 5) == [account_id]
    assert "Sydlys" not in undo.undo(me).sentence  # what was done is told with the name it had
    assert search.contact_ids("nordlys", 5) == [bo]
    undo.undo(me)
    assert account_page.record(me, account_id).responsible == me.full_name


def test_two_people_who_change_the_same_field_are_told(me: Me) -> None:
    """V17: the later one decides; other fields stand side by side."""
    jens = a_colleague(me)
    account_id = company(me)
    accounts.change(jens, account_id, 1, city="Odense")
    accounts.change(me, account_id, 1, phone="86123456")
    with pytest.raises(Conflict):
        accounts.change(me, account_id, 1, city="Vejle")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"name": " "}, "name"), ({"email": "no address"}, "email"), ({"responsible_id": 99}, "responsible_id"),
     ({"city": "x" * 501}, "city"), ({"note": "x"}, "note")],
)  # fmt: skip
def test_what_cannot_be_saved_is_named_by_its_field(me: Me, fields: dict[str, str], field: str) -> None:
    account_id = company(me)
    with pytest.raises(Invalid) as refused:
        accounts.change(me, account_id, 1, **fields)
    assert refused.value.field == field


def test_the_private_account_is_one_and_fixed(me: Me) -> None:
    """V2: not changed, given away or deleted, alone or among others."""
    other = company(me)
    with pytest.raises(Invalid):
        accounts.change(me, PRIVATE_ACCOUNT, 1, name="Mine")
    with pytest.raises(Refused):
        accounts.delete(me, PRIVATE_ACCOUNT)
    assert accounts.delete_many(me, (PRIVATE_ACCOUNT, other)) == (1, ("Private customers",))
    assert accounts.make_responsible(me, (PRIVATE_ACCOUNT,), me.user_id) == 0
    assert value("SELECT count(*) FROM account WHERE kind = 'private' AND deleted_at IS NULL") == 1


def test_a_company_with_contacts_is_not_deleted(me: Me) -> None:
    """V2, faults 78: nobody's contact is left without a company, and nothing goes by cascade."""
    account_id = company(me)
    bo = worker(me, account_id)
    with pytest.raises(Refused, match="still has contacts"):
        accounts.delete(me, account_id)
    contacts.delete(me, bo, None)
    accounts.delete(me, account_id)
    with pytest.raises(NotFound):
        accounts.delete(me, account_id)
    assert search.plain_ids("search_account", "nordlys", 5) == []


def test_a_contact_brings_its_company_back_from_the_trash(me: Me) -> None:
    """V2 holds whichever way a contact comes back: out of the trash, or by undo."""
    account_id = company(me)
    bo = worker(me, account_id)
    contacts.delete(me, bo, None)
    accounts.delete(me, account_id)
    trash.restore(me, "contact", bo)
    assert row("SELECT deleted_at FROM account WHERE id = ?", account_id) == (None,)
    contacts.delete(me, bo, None)
    accounts.delete(me, account_id)
    step = next(one for one in undo.last_steps(me) if one.contact_id == bo and not one.undone)
    undo.undo(me, step.event_id)
    assert row("SELECT deleted_at FROM account WHERE id = ?", account_id) == (None,)
    assert search.plain_ids("search_account", "nordlys", 5) == [account_id]


def test_many_are_given_away_and_deleted_as_one_step_each(me: Me) -> None:
    """Faults 61 and 62: an explicit set, counted, undone at once; a name with quotation marks is no syntax."""
    jens = a_colleague(me)
    ids = tuple(company(me, name) for name in ('5" "Rør" & Søn\'s', "Bilhuset", "Carglas"))
    worker(me, ids[1])
    assert accounts.make_responsible(me, ids, jens.user_id) == 3
    assert accounts.make_responsible(me, ids, jens.user_id) == 0
    assert accounts.delete_many(me, ids) == (2, ("Bilhuset",))
    assert "Bilhuset" in accounts.kept_sentence(("Bilhuset",))
    undo.undo(me)
    undo.undo(me)
    assert rows("SELECT DISTINCT responsible_id FROM account WHERE kind = 'company' AND deleted_at IS NULL") == [
        (me.user_id,)
    ]


def test_with_a_contact_goes_what_is_told_of_it(me: Me) -> None:
    """A contact that moves takes its history along, and leaves what was done to the company it came from."""
    old, new = company(me, "Gammel"), company(me, "Ny")
    bo = worker(me, old)
    account_page_step = value("SELECT max(id) FROM event")
    contacts.change(me, bo, None, job_title="Indkøbschef")
    accounts.change(me, old, None, contact_id=bo, city="Odense")
    contacts.change(me, bo, None, account_id=new)
    told = dict(rows("SELECT what, account_id FROM event WHERE contact_id = ? AND id >= ?", bo, account_page_step))
    assert told["changed the job title"] == told["moved to another account"] == new
    assert told["changed the address of {account}"] == old
