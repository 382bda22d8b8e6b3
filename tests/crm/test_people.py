"""Users and teams: who may do what, leaving with open cases, and who is in which team."""

from __future__ import annotations

import pytest

from easir_tui.clock import When, now
from easir_tui.crm import cases, people, tasks, teams, undo, users
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import row, value
from easir_tui.errors import Invalid, NeedsConfirmation, NotFound, Refused
from tests.crm.made import a_colleague, a_contact


@pytest.fixture
def jens(me: Me) -> Me:
    return a_colleague(me)


def test_an_admin_enrols_and_says_who_is_what(me: Me, jens: Me) -> None:
    people.set_role(me, jens.user_id, "team_admin")
    assert [(one.login, one.role, one.active) for one in people.listed(me)] == [
        ("anna", "admin", True), ("jens", "team_admin", True),
    ]  # fmt: skip
    undo.undo(me)
    assert people.profile(me, jens.user_id).role == "user"
    for act in (
        lambda: people.set_role(jens, jens.user_id, "admin"), lambda: people.deactivate(jens, me.user_id),
        lambda: people.reactivate(jens, me.user_id), lambda: people.reassign(jens, me.user_id, jens.user_id),
        lambda: teams.add(jens, "Nord"), lambda: teams.set_teams(jens, jens.user_id, ()),
        lambda: people.change_profile(jens, me.user_id, None, full_name="X"), lambda: users.enrol(jens, "bo"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            act()
    with pytest.raises(Invalid):
        people.set_role(me, jens.user_id, "king")


def test_there_is_always_an_admin_left(me: Me, jens: Me) -> None:
    with pytest.raises(Refused, match="last admin"):
        people.set_role(me, me.user_id, "user")
    with pytest.raises(Refused, match="yourself"):
        people.deactivate(me, me.user_id)
    people.set_role(me, jens.user_id, "admin")
    people.set_role(me, me.user_id, "user")
    assert value("SELECT count(*) FROM app_user WHERE role = 'admin'") == 1


def test_nobody_leaves_with_open_cases(me: Me, jens: Me) -> None:
    """V10, and faults 78: nothing a person typed goes because they do."""
    contact = a_contact(me, responsible_id=jens.user_id)
    case = cases.create(jens, contact, "ID.4", path="new_car")
    closed = cases.create(jens, contact, "Old", path="new_car")
    cases.close(jens, closed, None, "won")
    tasks.plan(jens, contact, "call", When(at=now() + 60))
    with pytest.raises(NeedsConfirmation, match="1 open case, 1 contact, 1 planned task"):
        people.deactivate(me, jens.user_id)
    assert people.profile(me, jens.user_id)
    with pytest.raises(Invalid):
        people.deactivate(me, jens.user_id, jens.user_id)
    assert people.deactivate(me, jens.user_id, me.user_id) == 1
    assert row("SELECT manager_id FROM sales_case WHERE id = ?", case) == (me.user_id,)
    assert row("SELECT manager_id FROM sales_case WHERE id = ?", closed) == (jens.user_id,), "what ended stays theirs"
    assert value("SELECT assignee_id FROM task") == me.user_id
    with pytest.raises(Refused):
        users.log_in("jens")
    undo.undo(me)
    assert users.log_in("jens").user_id == jens.user_id
    assert row("SELECT manager_id FROM sales_case WHERE id = ?", case) == (jens.user_id,)


def test_one_who_left_comes_back(me: Me, jens: Me) -> None:
    people.deactivate(me, jens.user_id)
    assert [one.active for one in people.listed(me)] == [True, False]
    people.reactivate(me, jens.user_id)
    assert users.log_in("jens").login == "jens"


def test_ones_own_profile(me: Me, jens: Me) -> None:
    held = people.profile(jens)
    people.change_profile(jens, jens.user_id, held.version, full_name="Jens H. Holt", email="<jens@example.dk>",
                          signature="Hilsen\nJens", zone="America/New_York", locale="da")  # fmt: skip
    after = people.profile(jens)
    assert (after.full_name, after.email, after.signature, after.zone) == (
        "Jens H. Holt", "jens@example.dk", "Hilsen\nJens", "America/New_York",
    )  # fmt: skip
    for wrong in ({"full_name": " "}, {"email": "nobody"}, {"zone": "Mars/North"}, {"locale": "xx"}):
        with pytest.raises(Invalid):
            people.change_profile(jens, jens.user_id, None, **wrong)
    with pytest.raises(NotFound):
        people.of_login(me, "nobody")


def test_a_team_with_hours_and_clocks(me: Me) -> None:
    team = teams.add(me, "Aarhus Nord", hours={"mon": "9-17:30", "sat": "closed"}, holidays=["24/12/2026"],
                     accept_minutes=30, takes=["Bilportalen ", ""], escalate_to="chef@example.dk")  # fmt: skip
    held = teams.facts(me, team)
    assert (held.hours, held.holidays, held.takes) == ({"mon": [["09:00", "17:30"]]}, ("2026-12-24",), ("bilportalen",))
    assert (held.accept_minutes, held.act_minutes, held.holiday_calendar) == (30, None, "DK")
    teams.change(me, team, held.version, accept_minutes=None, name="Nord")
    assert teams.facts(me, team).accept_minutes is None
    for wrong in ({"name": ""}, {"hours": {"mon": "17-9"}}, {"accept_minutes": 0}, {"zone": "x"}, {"escalate_to": "x"}):
        with pytest.raises(Invalid):
            teams.change(me, team, None, **wrong)
    teams.add(me, "Syd")
    with pytest.raises(Invalid):
        teams.add(me, "nord")
    assert teams.of_name(me, "sy") == teams.of_name(me, "Syd")
    with pytest.raises(NotFound):
        teams.of_name(me, "Vest")


def test_a_team_admin_manages_their_own_team_and_no_other(me: Me, jens: Me) -> None:
    nord, syd = teams.add(me, "Nord"), teams.add(me, "Syd")
    people.set_role(me, jens.user_id, "team_admin")
    chief = users.log_in("jens")
    with pytest.raises(Refused):
        teams.change(chief, nord, None, city="Aarhus")
    teams.set_teams(me, jens.user_id, [nord])
    teams.change(chief, nord, None, city="Aarhus")
    teams.set_members(chief, nord, [jens.user_id, me.user_id])
    assert [one.members for one in teams.listed(me)] == [2, 0]
    with pytest.raises(Refused):
        teams.set_members(chief, syd, [jens.user_id])
    teams.set_members(me, nord, [jens.user_id])
    assert teams.teams_of(me, me.user_id) == ()


def test_a_team_that_has_something_stays(me: Me) -> None:
    """Faults 78."""
    team = teams.add(me, "Nord")
    contact = a_contact(me, team_id=team)
    with pytest.raises(Refused, match="1 contacts"):
        teams.remove(me, team)
    cases.create(me, contact, "x", path="new_car")
    empty = teams.add(me, "Syd")
    teams.set_members(me, empty, [me.user_id])
    teams.remove(me, empty)
    assert [one.name for one in teams.listed(me)] == ["Nord"]
    undo.undo(me)
    assert teams.teams_of(me, me.user_id) == (empty,)
