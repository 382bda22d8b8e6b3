"""Likely pairs: found by what they share, not by comparing everybody; decided ones never asked again."""

from __future__ import annotations

import pytest

from easir_tui.crm import contact_merge, same_person, undo
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Account, Membership, Team
from easir_tui.data.orm import database
from easir_tui.errors import NotFound

from .made import a_business_contact, a_colleague, a_contact

PHONE = [{"label": "", "number": "+4586124400", "raw": "", "extension": ""}]


def found(me: Me) -> list[tuple[int, int]]:
    return [(one.left, one.right) for one in same_person.pairs(me)]


def test_what_two_share_speaks_for_one_person(me: Me) -> None:
    """Faults 13: whatever the spelling."""
    one = a_contact(me, emails=[{"label": "", "address": "Anna@Firma.DK"}], phones=[])
    two = a_contact(me, emails=[{"label": "", "address": "anna@firma.dk"}], phones=PHONE)
    three = a_contact(me, first_name="Ole", emails=[], phones=PHONE)
    assert found(me) == [(one, two), (two, three)]
    assert same_person.pairs(me)[0].reasons == ("same e-mail address, anna@firma.dk",)


def test_a_couple_or_a_switchboard_is_no_pair(me: Me) -> None:
    """Faults 15: sharing is a hint and no proof."""
    a_contact(me, first_name="Ida", last_name="Lund", emails=[], phones=PHONE)
    a_contact(me, first_name="Karl", last_name="Lund", emails=[], phones=PHONE)
    assert found(me) == []
    for number in range(8):
        a_contact(
            me, first_name="Ida", last_name=f"L{number}", emails=[{"label": "", "address": "info@x.dk"}], phones=[]
        )
    assert found(me) == []


def test_the_same_name_needs_a_place(me: Me) -> None:
    bare = {"emails": [], "phones": []}
    a_contact(me, **bare)
    a_contact(me, **bare)
    assert found(me) == []
    first, second = a_contact(me, city="Ribe", **bare), a_contact(me, city="Ribe", **bare)
    assert found(me) == [(first, second)]
    works = a_business_contact(me, first_name="Søren", **bare)
    with step(me, "made") as making:
        account = making.add(Account, kind="company", name="Andre A/S")
    a_contact(me, kind="business", account_id=account, first_name="Søren", **bare)
    own = a_contact(me, kind="business", account_id=2, first_name="Søren", **bare)
    assert (works, own) in found(me)
    assert len(found(me)) == 2


def test_both_are_real_and_never_asked_again(me: Me) -> None:
    first, second = a_contact(me), a_contact(me)
    assert found(me) == [(first, second)]
    same_person.say_two(me, second, first)
    same_person.say_two(me, first, second)
    assert (found(me), same_person.count(me)) == ([], 0)
    undo.undo(me)
    assert found(me) == [(first, second)]
    contact_merge.merge(me, first, [second])
    assert found(me) == []


def test_only_whom_one_may_see(me: Me) -> None:
    with step(me, "made teams", shown=False) as making:
        nord, syd = making.add(Team, name="Nord"), making.add(Team, name="Syd")
    jens = a_colleague(me)
    with step(me, "joined", shown=False) as joining:
        joining.add(Membership, user_id=jens.user_id, team_id=nord)
    first, second = a_contact(me, team_id=nord), a_contact(me, team_id=syd)
    assert found(jens) == []
    with pytest.raises(NotFound):
        same_person.say_two(jens, first, second)


def test_the_number_of_statements_does_not_grow_with_the_contacts(me: Me, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults 66."""
    counts = []
    real = database.execute_sql

    def counted(*args: object, **more: object) -> object:
        counts.append(1)
        return real(*args, **more)

    for _more in range(2):
        for number in range(20):
            a_contact(me, emails=[{"label": "", "address": f"{number % 10}{_more}@x.dk"}], phones=[])
        counts.clear()
        monkeypatch.setattr(database, "execute_sql", counted)
        same_person.pairs(me)
        monkeypatch.setattr(database, "execute_sql", real)
        assert len(counts) == 5
