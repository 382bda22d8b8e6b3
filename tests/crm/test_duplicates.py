"""Who may be the same person, and which company may be meant."""

from __future__ import annotations

import pytest

from easir_tui.crm import accounts, contacts, duplicates
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from tests.crm.made import a_business_contact

SOREN = NewContact(
    first_name="Søren",
    last_name="Mikkelsen",
    emails=(Email("Soren@Nordlys.dk", "work"),),
    phones=(PhoneEntry("22 41 90 17", "mobile"),),
    city="Aarhus",
)


@pytest.mark.parametrize(
    ("new", "match"),
    [
        (NewContact(last_name="X", emails=(Email(" SOREN@nordlys.DK "),)), "email"),
        (NewContact(last_name="X", emails=(Email("x@y.dk"), Email("second@nordlys.dk"))), "email"),
        (NewContact(last_name="X", phones=(PhoneEntry("0045 22 41 90 17"),)), "phone"),
        (NewContact(last_name="X", phones=(PhoneEntry("86 11 11 11"),)), "phone"),
        (NewContact(first_name="SOEREN", last_name="mikkelsen", city="Århus"), "name"),
        (NewContact(first_name="Sören", last_name="Mikkelsen"), "name"),
        (NewContact(first_name="Soren", last_name="Mikkelsen", city="Ribe"), ""),
        (NewContact(first_name="Søren Kjær", last_name="Mikkelsen", city="Aarhus"), ""),
        (NewContact(first_name="Søren", city="Aarhus"), ""),
    ],
)
def test_who_may_be_the_same_person(me: Me, new: NewContact, match: str) -> None:
    """Faults 13, 15, 69: a hint, whatever the spelling, also on a second address or number."""
    contacts.create(me, NewContact(
        first_name="Søren", last_name="Mikkelsen", city="Aarhus",
        emails=(Email("soren@nordlys.dk"), Email("Second@nordlys.dk")),
        phones=(PhoneEntry("22419017"), PhoneEntry("86111111")),
    ))  # fmt: skip
    contacts.create(me, NewContact(first_name="Anna", last_name="Bæk"))
    assert [each.match for each in duplicates.similar(me, new)] == ([match] if match else [])


def test_people_of_one_name_are_told_apart_by_their_companies(me: Me) -> None:
    nordlys = accounts.create(me, NewAccount("Nordlys Biler A/S"))
    sydlys = accounts.create(me, NewAccount("Sydlys ApS"))
    contacts.create(me, NewContact(kind="business", first_name="Bo", last_name="Ærø", account_id=nordlys))
    same = NewContact(kind="business", first_name="Bo", last_name="Aeroe", account_id=nordlys)
    other = NewContact(kind="business", first_name="Bo", last_name="Ærø", account_id=sydlys)
    typed = NewContact(kind="business", first_name="Bo", last_name="Ærø", new_account=NewAccount("nordlys biler a/s"))
    assert ["Nordlys Biler A/S" in each.reason for each in duplicates.similar(me, same)] == [True]
    assert duplicates.similar(me, other) == []
    assert len(duplicates.similar(me, typed)) == 1


def test_two_people_may_share_one_address(me: Me) -> None:
    """Faults 15: said, and then allowed."""
    contacts.create(me, SOREN)
    wife = NewContact(first_name="Lone", last_name="Mikkelsen", emails=(Email("soren@nordlys.dk"),))
    (hint,) = duplicates.similar(me, wife)
    assert "soren@nordlys.dk" in hint.reason
    contact_id = contacts.create(me, wife)
    others = duplicates.sharing(me, ["soren@nordlys.dk"], [], but=contact_id)
    assert [each.name for each in others] == ["Søren Mikkelsen"]
    assert [(each.name, each.match) for each in duplicates.shared_by(me, contact_id)] == [("Søren Mikkelsen", "email")]
    contacts.change(me, contact_id, 1, emails=[])
    assert duplicates.shared_by(me, contact_id) == []


@pytest.mark.parametrize(
    ("typed", "odd"),
    [
        ("10150817", False),
        ("DK-10150817", False),
        ("12345678", True),
        ("1015081", True),
        ("SE5566778899", True),
        ("", False),
    ],
)
def test_a_cvr_number_is_checked_and_never_refused(me: Me, typed: str, odd: bool) -> None:
    assert bool(accounts.cvr_problem(typed)) == odd
    accounts.create(me, NewAccount("X", cvr=typed))


def test_companies_are_found_as_they_are_typed(me: Me) -> None:
    """Faults 65, 69: a limit, any word, any spelling."""
    a_business_contact(me, "Østerbro Køretøjer ApS")
    for n in range(30):
        accounts.create(me, NewAccount(f"Autohuset {n:02}", cvr="10150817" if n == 3 else ""))
    assert len(accounts.search(me, "")) == len(accounts.search(me, "auto")) == 20
    assert [each.name for each in accounts.search(me, "autohuset 07")] == ["Autohuset 07"]
    assert [each.name for each in accounts.search(me, "101508")] == ["Autohuset 03"]
    for typed in ("øster", "oester", "osterbro", "køretøj", "koretojer"):
        assert [each.name for each in accounts.search(me, typed)] == ["Østerbro Køretøjer ApS"], typed
    assert accounts.search(me, "Private customers") == []
    assert accounts.similar(me, NewAccount("østerbro køretøjer aps"))
