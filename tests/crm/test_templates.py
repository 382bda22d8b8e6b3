"""Templates: whose they are, what is offered when, and fields that are never sent as a blank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui.crm import (
    activities,
    activity_facts,
    activity_page,
    cases,
    company_paths,
    contacts,
    people,
    teams,
    template_fields,
    templates,
    undo,
)
from easir_tui.crm import users as users_of
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.errors import Conflict, Invalid, NotFound, Refused


@pytest.fixture
def staff(me: Me) -> dict[str, Me]:
    """An admin; the team admin and a user of Nord; a user of Syd."""
    nord, syd = teams.add(me, "Nord"), teams.add(me, "Syd")
    found = {"admin": me}
    for login, role, team in (("chief", "team_admin", nord), ("nord", "user", nord), ("syd", "user", syd)):
        user_id = users_of.enrol(me, login, login.capitalize(), role)
        teams.set_teams(me, user_id, [team])
        found[login] = users_of.log_in(login)
    return found


def titles(me: Me) -> set[str]:
    return {one.title for one in templates.listed(me)}


def test_everybody_a_team_or_oneself(staff: dict[str, Me]) -> None:
    admin, chief, nord, syd = (staff[name] for name in ("admin", "chief", "nord", "syd"))
    team = teams.of_name(admin, "Nord")
    templates.add(admin, "email", "Velkommen", scope="company", body="Hej")
    templates.add(chief, "email", "Nords", scope=team, body="Hej")
    templates.add(nord, "note", "Min", body="Hej")
    assert titles(nord) == {"Velkommen", "Nords", "Min"}
    assert titles(syd) == {"Velkommen"}
    assert titles(admin) == {"Velkommen", "Nords"}
    for who, scope in ((nord, "company"), (nord, team), (chief, "company"), (syd, team), (nord, 99)):
        with pytest.raises(Refused):
            templates.add(who, "email", "Nej", scope=scope, body="x")
    everybody = next(one for one in templates.listed(nord) if one.title == "Velkommen")
    with pytest.raises(Refused, match="Only an admin"):
        templates.change(nord, everybody.id, everybody.version, body="x")
    with pytest.raises(Refused, match="Only an admin"):
        templates.remove(chief, everybody.id)
    nords = next(one for one in templates.listed(nord) if one.title == "Nords")
    with pytest.raises(NotFound):
        templates.change(syd, nords.id, nords.version, body="x")
    with pytest.raises(NotFound):
        templates.facts(syd, nords.id)
    own = next(one for one in templates.listed(nord) if one.title == "Min")
    with pytest.raises(NotFound):
        templates.change(admin, own.id, own.version, body="x")


def test_changing_removing_and_undo(staff: dict[str, Me]) -> None:
    chief = staff["chief"]
    made = templates.add(chief, "email", "Nords", scope=teams.of_name(chief, "Nord"), body="Hej", subject="S")
    templates.change(chief, made, 1, body="Goddag", path="new_car", milestone="offer")
    held = templates.facts(chief, made)
    assert (held.body, held.path, held.milestone, held.subject) == ("Goddag", "new_car", "offer", "S")
    templates.change(chief, made, 2, path="used_car")
    assert templates.facts(chief, made).milestone == ""
    with pytest.raises(Conflict):
        templates.change(chief, made, 1, body="Davs")
    templates.remove(chief, made)
    assert "Nords" not in titles(chief)
    undo.undo(chief)
    assert "Nords" in titles(chief)
    people.set_role(staff["admin"], chief.user_id, "user")
    with pytest.raises(Refused):
        undo.undo(chief)


def test_what_is_offered_suits_the_case_and_the_language(me: Me) -> None:
    for title, more in (
        ("any", {}), ("path", {"path": "new_car"}), ("step", {"path": "new_car", "milestone": "offer"}),
        ("other", {"path": "used_car"}), ("danish", {"language": "da"}),
    ):  # fmt: skip
        templates.add(me, "email", title, body="x", **more)
    held = templates.listed(me, "email")

    def offered(path: str, milestones: tuple[str, ...], language: str = "") -> list[str]:
        return [one.title for one in templates.offered(held, path, milestones, language)]

    assert offered("new_car", ("offer",), "en") == ["step", "path", "any", "danish"]
    assert offered("new_car", ()) == ["path", "any", "danish"]
    assert offered("", (), "da") == ["any", "danish"]


def test_fields_stand_for_the_contact_the_case_and_oneself(me: Me) -> None:
    contact = contacts.create(me, NewContact(kind="private", first_name="Åse", last_name="Kjær", city="Ribe"))
    cases.create(me, contact, "Ny bil", path="new_car", product="ID.4", value=39_990_000)
    facts = activity_facts.read(me, contact)
    words = {**facts.words, **facts.cases[0].words}
    assert set(words) == set(template_fields.FIELDS)
    written = "Hej {{contact.first_name}} i {{ contact.city }}: {{case.product}} {{case.value}} {{account.name}}"
    assert template_fields.fill(written, words) == "Hej Åse i Ribe: ID.4 DKK 399,900.00 {{account.name}}"
    assert template_fields.missing(template_fields.fill(written, words)) == ("{{account.name}}",)


def test_a_name_that_looks_like_a_field_is_a_name(me: Me) -> None:
    contact = contacts.create(me, NewContact(kind="private", first_name="{{user.phone}}", last_name="Kjær"))
    words = {**activity_facts.read(me, contact).words, "user.phone": "12345678"}
    assert template_fields.fill("Hej {{contact.first_name}}", words) == "Hej {{user.phone}}"


@pytest.mark.parametrize("kind", ["email", "letter", "meeting"])
def test_an_open_field_is_never_sent(me: Me, kind: str) -> None:
    contact = contacts.create(me, NewContact(kind="private", first_name="Bo"))
    words = "Hej {{contact.title}}"
    email = Email(("bo@example.dk",), subject="Hej", body=words) if kind != "letter" else None
    with pytest.raises(Invalid, match=r"contact\.title"):
        activities.record(me, ActivityInput(contact, kind, email=email, body=words))
    kept = activities.record(me, ActivityInput(contact, "note", note="Remember {{contact.title}}"))
    assert kept.activity_id


def test_a_field_that_is_none_is_refused_where_it_is_written(me: Me) -> None:
    with pytest.raises(Invalid, match=r"contact\.frist_name"):
        templates.add(me, "email", "Hej", body="Hej {{contact.frist_name}}")
    with pytest.raises(Invalid):
        templates.add(me, "email", " ", body="Hej")
    with pytest.raises(Invalid):
        templates.add(me, "fax", "Hej")
    with pytest.raises(Invalid):
        templates.add(me, "email", "Hej", path="no_such")
    with pytest.raises(Invalid, match="no such milestone"):
        templates.add(me, "email", "Hej", path="new_car", milestone="no_such")
    with pytest.raises(Invalid, match="no such milestone"):
        templates.add(me, "email", "Hej", milestone="offer")


def test_a_template_whose_path_is_gone_can_still_be_changed(me: Me) -> None:
    company_paths.put_path(me, company_paths.held(me), "", en="Boat")
    made = templates.add(me, "email", "Hej", body="Hej", path="boat", milestone="first_contact")
    company_paths.remove_path(me, "boat")
    templates.change(me, made, 1, body="Goddag")
    assert templates.facts(me, made).body == "Goddag"


def test_what_was_sent_is_not_corrected_into_an_open_field(me: Me) -> None:
    contact = contacts.create(me, NewContact(kind="private", first_name="Bo"))
    sent = activities.record(me, ActivityInput(contact, "letter", body="Hej Bo"))
    with pytest.raises(Invalid, match=r"contact\.title"):
        activity_page.correct(me, sent.activity_id, 1, body="Hej {{contact.title}}")
    activity_page.correct(me, sent.activity_id, 1, body="Hej {{x}}")


@given(st.text(), st.dictionaries(st.sampled_from(sorted(template_fields.FIELDS)), st.text()))
def test_any_text_can_be_filled_and_nothing_else_changes(written: str, values: dict[str, str]) -> None:
    filled = template_fields.fill(written, values)
    if "{{" not in written:
        assert filled == written
    assert template_fields.fill(written, {}) == written
