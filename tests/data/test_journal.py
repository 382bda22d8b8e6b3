"""The journal: versions, conflicts, images, derived columns, and one transaction for one act."""

from __future__ import annotations

from typing import Any

import pytest

from easir_tui.crm.users import Me
from easir_tui.data import search
from easir_tui.data.columns import columns, fetch
from easir_tui.data.journal import step
from easir_tui.data.models import ENTITIES, Account, Case, Contact, Task
from easir_tui.data.sqlite import rows, value
from easir_tui.errors import Conflict, NotFound, Refused


def person(me: Me, first: str = "Søren", last: str = "Kjær", **fields: Any) -> int:
    with step(me, "created") as adding:
        contact_id = adding.add(Contact, kind="private", account_id=1, first_name=first, last_name=last,
                                responsible_id=me.user_id, **fields)  # fmt: skip
        adding.contact_id = contact_id
    return contact_id


def test_a_new_contact_is_named_found_and_in_the_journal(anna: Me) -> None:
    contact_id = person(
        anna, emails=[{"label": "", "address": "Soren@Example.dk"}],
        phones=[{"label": "mobile", "number": "+4522419017", "raw": "22 41 90 17", "extension": ""}], city="Ærø",
    )  # fmt: skip
    stored = fetch("contact", contact_id)
    assert stored is not None
    assert (stored["name"], stored["email"], stored["phone"]) == ("Søren Kjær", "Soren@Example.dk", "+4522419017")
    assert stored["version"] == 1
    for typed in ("soren", "søren kj", "9017", "22 41 90 17", "+45 22419017", "004522419017", "aeroe", "example"):
        assert search.contact_ids(typed, 10) == [contact_id], typed
    assert value("SELECT contact_id FROM contact_key WHERE kind = 'email' AND key = 'soren@example.dk'") == contact_id
    assert rows("SELECT what, user_id, contact_id FROM event") == [("created", anna.user_id, contact_id)]


def test_different_fields_merge_and_the_same_field_asks(anna: Me, jens: Me) -> None:
    """V17, faults 73 and 74: by record version, not by user; what was typed is in the refusal."""
    contact_id = person(anna)
    with step(anna, "changed the city") as one:
        assert one.change(Contact, contact_id, 1, city="Aarhus") == 2
    with step(jens, "changed the street") as other:
        assert other.change(Contact, contact_id, 1, street="Havnegade 12") == 3
    with pytest.raises(Conflict) as refused, step(jens, "changed the city") as third:
        third.change(Contact, contact_id, 1, city="Odense", street="Havnegade 12")
    assert refused.value.theirs == {"city": "Aarhus"}
    assert refused.value.mine == {"city": "Odense"}
    assert refused.value.original == {"city": ""}
    assert refused.value.who == "Anna"
    stored = fetch("contact", contact_id)
    assert stored is not None
    assert (stored["city"], stored["street"]) == ("Aarhus", "Havnegade 12")
    with step(jens, "changed the city") as knowing:
        knowing.change(Contact, contact_id, refused.value.version, city="Odense")
    assert value("SELECT city FROM contact WHERE id = ?", contact_id) == "Odense"


def test_the_same_user_in_two_sessions_meets_herself(anna: Me) -> None:
    """Faults 74: the version is the record's, whoever saves."""
    contact_id = person(anna)
    with step(anna, "changed the city") as one:
        one.change(Contact, contact_id, 1, city="Aarhus")
    with pytest.raises(Conflict), step(anna, "changed the city") as other:
        other.change(Contact, contact_id, 1, city="Vejle")


def test_a_refusal_inside_a_step_leaves_nothing(anna: Me) -> None:
    def refuse() -> None:
        with step(anna, "created") as adding:
            adding.add(Contact, kind="private", account_id=1, first_name="Bo", responsible_id=anna.user_id)
            raise Refused("No.")

    with pytest.raises(Refused):
        refuse()
    assert value("SELECT count(*) FROM contact") == 0
    assert value("SELECT count(*) FROM event") == 0
    assert search.contact_ids("bo", 5) == []


def test_saving_the_same_value_again_leaves_no_event(anna: Me) -> None:
    contact_id = person(anna)
    before = value("SELECT count(*) FROM event")
    with step(anna, "changed the name") as same:
        assert same.change(Contact, contact_id, 1, first_name="Søren") == 1
    assert value("SELECT count(*) FROM event") == before


def test_planning_a_task_moves_the_next_step_and_not_the_version(anna: Me) -> None:
    contact_id = person(anna)
    with step(anna, "planned a call") as planning:
        for at in (2_000_000_000, 1_900_000_000):
            planning.add(Task, contact_id=contact_id, account_id=1, type="call", assignee_id=anna.user_id,
                         starts_at=at, sort_at=at)  # fmt: skip
    stored = fetch("contact", contact_id)
    assert stored is not None
    assert (stored["next_step_at"], stored["version"]) == (1_900_000_000, 1)


def test_the_status_follows_the_cases(anna: Me) -> None:
    contact_id = person(anna)
    assert value("SELECT status FROM contact") == "lead"
    with step(anna, "opened a case") as opening:
        case_id = opening.add(Case, contact_id=contact_id, account_id=1, title="ID.4", manager_id=anna.user_id,
                              path="new_car", opened_at=1)  # fmt: skip
    assert value("SELECT status FROM contact") == "opportunity"
    with step(anna, "closed a case") as closing:
        closing.change(Case, case_id, 1, status="closed", outcome="won", closed_at=2)
    assert value("SELECT status FROM contact") == "customer"


def test_a_company_that_changes_its_name_is_found_under_the_new_one(anna: Me) -> None:
    with step(anna, "created") as adding:
        account_id = adding.add(Account, kind="company", name="Nordlys Biler A/S")
        contact_id = adding.add(Contact, kind="business", account_id=account_id, first_name="Ida",
                                responsible_id=anna.user_id)  # fmt: skip
    assert search.contact_ids("nordlys", 5) == [contact_id]
    with step(anna, "renamed the account") as renaming:
        renaming.change(Account, account_id, 1, name="Sydvind Biler A/S")
    assert search.contact_ids("nordlys", 5) == []
    assert search.contact_ids("ida sydvind", 5) == [contact_id]


def test_a_contact_without_a_name_is_called_by_what_it_has(anna: Me) -> None:
    """Faults 47."""
    only_mail = person(anna, "", "", emails=[{"label": "", "address": "info@example.dk"}])
    nothing = person(anna, "", "")
    assert value("SELECT name FROM contact WHERE id = ?", only_mail) == "info@example.dk"
    assert value("SELECT name FROM contact WHERE id = ?", nothing) == "?"


def test_what_is_in_the_trash_cannot_be_changed(anna: Me) -> None:
    contact_id = person(anna)
    with step(anna, "deleted the contact") as deleting:
        deleting.remove(Contact, contact_id, 1)
    assert search.contact_ids("soren", 5) == []
    with pytest.raises(NotFound), step(anna, "changed the city") as late:
        late.change(Contact, contact_id, 1, city="Ribe")
    with step(anna, "restored the contact") as restoring:
        restoring.restore(Contact, contact_id)
    assert search.contact_ids("soren", 5) == [contact_id]


def test_every_model_has_the_columns_its_table_has(anna: Me) -> None:
    for table in ENTITIES:
        in_file = {name for (_c, name, *_rest) in rows(f"PRAGMA table_info({table})")}
        assert {name.strip('"') for name in columns(table)} == in_file, table


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("V2: an account is needed", {"kind": "private", "account_id": 99}),
        ("V3: a business contact needs a company", {"kind": "business", "account_id": 1}),
        ("V2: a private contact sits in the private account", {"kind": "private", "account_id": 2}),
    ],
)
def test_the_file_itself_refuses_a_contact_in_the_wrong_account(anna: Me, rule: str, fields: dict[str, Any]) -> None:
    with step(anna, "created") as adding:
        adding.add(Account, kind="company", name="Firma ApS")
    with pytest.raises(Exception, match="constraint"), step(anna, "created") as wrong:
        wrong.add(Contact, first_name="Bo", responsible_id=anna.user_id, **fields)
    assert value("SELECT count(*) FROM contact") == 0, rule


def test_a_contact_that_moves_to_another_company_takes_its_rows_along(anna: Me) -> None:
    with step(anna, "created") as adding:
        first, second = (adding.add(Account, kind="company", name=name) for name in ("A ApS", "B ApS"))
        contact_id = adding.add(Contact, kind="business", account_id=first, first_name="Ida",
                                responsible_id=anna.user_id)  # fmt: skip
        adding.add(Task, contact_id=contact_id, account_id=first, type="call", assignee_id=anna.user_id,
                   starts_at=5, sort_at=5)  # fmt: skip
    with step(anna, "moved the contact") as moving:
        moving.change(Contact, contact_id, 1, account_id=second)
    assert value("SELECT account_id FROM task") == second
    assert search.contact_ids("ida b", 5) == [contact_id]


def test_what_was_changed_and_changed_back_is_no_conflict(anna: Me, jens: Me) -> None:
    contact_id = person(anna, city="Ribe")
    for number, city in enumerate(("Aarhus", "Ribe"), start=1):
        with step(jens, "changed the city") as theirs:
            theirs.change(Contact, contact_id, number, city=city)
    with step(anna, "changed the city") as mine:
        assert mine.change(Contact, contact_id, 1, city="Odense") == 4
