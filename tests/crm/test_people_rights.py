"""What undo and the member list must not do to users and teams."""

from __future__ import annotations

import pytest

from easir_tui.crm import people, teams, undo, users
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import value
from easir_tui.errors import Refused
from tests.crm.made import a_colleague


def admins() -> int:
    return int(value("SELECT count(*) FROM app_user WHERE role = 'admin' AND active = 1"))


def test_undo_leaves_an_admin(me: Me) -> None:
    jens = a_colleague(me)
    people.set_role(me, jens.user_id, "admin")
    people.set_role(users.log_in("jens"), me.user_id, "user")
    with pytest.raises(Refused):
        undo.undo(users.log_in("anna"))
    assert admins() == 1


def test_one_made_user_does_not_undo_that_themselves(me: Me) -> None:
    jens = a_colleague(me)
    people.set_role(me, jens.user_id, "admin")
    people.set_role(me, me.user_id, "user")
    with pytest.raises(Refused):
        undo.undo(users.log_in("anna"))
    assert users.log_in("anna").role == "user"


def test_no_longer_admin_undoes_no_deactivation(me: Me) -> None:
    jens = a_colleague(me)
    bo = users.enrol(me, "bo", "Bo")
    people.set_role(me, jens.user_id, "admin")
    people.deactivate(me, bo)
    people.set_role(users.log_in("jens"), me.user_id, "user")
    with pytest.raises(Refused):
        undo.undo(users.log_in("anna"))
    assert value("SELECT active FROM app_user WHERE id = ?", bo) == 0


def test_a_session_from_before_the_demotion_may_nothing(me: Me) -> None:
    jens = a_colleague(me)
    people.set_role(me, jens.user_id, "admin")
    people.set_role(users.log_in("jens"), me.user_id, "user")
    for act in (
        lambda: people.set_role(me, me.user_id, "admin"),
        lambda: people.deactivate(me, jens.user_id),
        lambda: teams.add(me, "Nord"),
        lambda: users.enrol(me, "bo", "Bo"),
    ):
        with pytest.raises(Refused):
            act()
    assert admins() == 1


def test_who_left_keeps_their_teams_when_members_change(me: Me) -> None:
    jens = a_colleague(me)
    team = teams.add(me, "Nord")
    teams.set_members(me, team, [me.user_id, jens.user_id])
    people.deactivate(me, jens.user_id)
    shown = [one for one, _name in teams.facts(me, team).members]
    bo = users.enrol(me, "bo", "Bo")
    teams.set_members(me, team, [*shown, bo])
    people.reactivate(me, jens.user_id)
    assert teams.teams_of(me, jens.user_id) == (team,)


def test_not_enrolled_is_told_so(me: Me) -> None:
    with pytest.raises(Refused, match="not enrolled"):
        users.log_in("mallory")
