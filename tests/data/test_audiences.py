"""Audiences: who sees a contact, a case or a lead, as the data floor keeps it with each row."""

from __future__ import annotations

from easir_tui.crm import undo
from easir_tui.crm.users import Me
from easir_tui.data import derived
from easir_tui.data.journal import step
from easir_tui.data.models import Case, Contact, Lead, Membership, Team
from easir_tui.data.sqlite import rows, run, value, writing
from tests.data.conftest import anna, jens, store  # noqa: F401
from tests.data.test_journal import person


def team(me: Me, name: str, *members: Me) -> int:
    """A team with its members."""
    with step(me, "made a team", shown=False) as making:
        team_id = making.add(Team, name=name)
        for one in members:
            making.add(Membership, user_id=one.user_id, team_id=team_id)
    return team_id


def case(me: Me, contact_id: int, team_id: int | None) -> int:
    """A case of a team."""
    with step(me, "opened a case", contact_id=contact_id) as adding:
        return adding.add(Case, contact_id=contact_id, account_id=1, title="ID.4", manager_id=me.user_id,
                          path="new_car", opened_at=1, team_id=team_id)  # fmt: skip


def teams_seeing(table: str, row_id: int) -> str:
    """The teams that see a row, as "1,2"; empty for everybody."""
    return str(value(f"SELECT a.teams FROM {table} t JOIN audience a ON a.id = t.audience WHERE t.id = ?", row_id))


def test_without_a_team_it_is_everybodys(anna: Me, jens: Me) -> None:  # noqa: F811
    contact_id = person(anna)
    assert value("SELECT audience FROM contact WHERE id = ?", contact_id) == 0
    seen = {found[0] for found in rows("SELECT user_id FROM sight WHERE audience = 0")}
    assert seen == {anna.user_id, jens.user_id}


def test_a_contact_is_seen_by_its_team_and_the_teams_of_its_cases(anna: Me, jens: Me) -> None:  # noqa: F811
    north, south = team(anna, "Nord", anna), team(anna, "Syd", jens)
    contact_id = person(anna, team_id=north)
    assert teams_seeing("contact", contact_id) == f"{north}"
    case_id = case(anna, contact_id, south)
    assert teams_seeing("contact", contact_id) == f"{north},{south}"
    assert teams_seeing("sales_case", case_id) == f"{south}"
    assert value("SELECT count(*) FROM sight WHERE user_id = ? AND audience = ?", jens.user_id,
                 value("SELECT audience FROM contact WHERE id = ?", contact_id)) == 1  # fmt: skip
    undo.undo(anna)
    assert teams_seeing("contact", contact_id) == f"{north}"


def test_a_case_without_a_team_is_seen_like_its_contact(anna: Me, jens: Me) -> None:  # noqa: F811
    north, south = team(anna, "Nord", anna), team(anna, "Syd", jens)
    contact_id = person(anna)
    case_id = case(anna, contact_id, None)
    assert teams_seeing("sales_case", case_id) == ""
    with step(anna, "moved", contact_id=contact_id) as moving:
        moving.change(Contact, contact_id, None, team_id=south)
    assert teams_seeing("sales_case", case_id) == f"{south}"
    with step(anna, "moved", contact_id=contact_id) as moving:
        moving.change(Case, case_id, None, team_id=north)
    assert teams_seeing("contact", contact_id) == f"{north},{south}"
    with step(anna, "deleted", contact_id=contact_id) as deleting:
        deleting.remove(Case, case_id)
    assert teams_seeing("contact", contact_id) == f"{south}"


def test_a_lead_is_seen_by_its_team(anna: Me) -> None:  # noqa: F811
    north = team(anna, "Nord")
    with step(anna, "arrived") as adding:
        lead_id = adding.add(Lead, received_at=1, team_id=north)
    assert teams_seeing("lead", lead_id) == f"{north}"


def test_settling_all_comes_to_the_same(anna: Me, jens: Me) -> None:  # noqa: F811
    """What a bulk load does at its end is what the steps did one by one."""
    north, south = team(anna, "Nord", anna), team(anna, "Syd", jens)
    for own, others in ((None, (north,)), (north, (south, south)), (south, ()), (north, (None, south))):
        contact_id = person(anna, team_id=own)
        for other in others:
            case(anna, contact_id, other)
    before = rows("SELECT id, audience FROM contact"), rows("SELECT id, audience FROM sales_case")
    assert {audience for _id, audience in before[0]} != {0}
    with writing():
        run("UPDATE contact SET audience = 0")
        run("UPDATE sales_case SET audience = 0")
        derived.settle_all_audiences()
    assert (rows("SELECT id, audience FROM contact"), rows("SELECT id, audience FROM sales_case")) == before
