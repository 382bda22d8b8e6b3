"""Relations paths set by an admin: they hold for everybody at once, and nothing a case stands on is taken away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from easir_tui import language, relations
from easir_tui.crm import activities, cases, company_paths, contacts, people, teams, undo, users
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.errors import Conflict, Invalid, NotFound, Refused


def a_case(me: Me, path: str = "new_car") -> tuple[int, int]:
    contact = contacts.create(me, NewContact(kind="private", first_name="Bo"))
    return contact, cases.create(me, contact, "Bil", path=path)


def now(me: Me) -> company_paths.HeldPaths:
    return company_paths.held(me)


def test_the_first_change_takes_the_file_along_and_speaks_both_languages(me: Me) -> None:
    before = relations.paths()
    key = company_paths.put_path(me, now(me), "", en="Boat", da="Båd")
    assert key == "boat"
    assert list(relations.paths()) == [*before, "boat"]
    assert now(me).version != company_paths.FILE
    language.activate("da")
    assert relations.paths()["boat"].title == "Båd"
    assert relations.paths()["boat"].milestones[0].title == "Første kontakt"
    assert relations.paths()["new_car"].title == "Ny bil"


def test_a_milestone_is_added_changed_moved_and_taken_away(me: Me) -> None:
    sets = {"kind": "contract", "chance": 70, "follow_up_days": 2, "follow_up_type": "call", "outcome": ""}
    key = company_paths.put_milestone(me, now(me), "new_car", "", en="Credit check", da="", **sets)
    assert key == "credit_check"
    made = relations.paths()["new_car"].milestones[-1]
    assert (made.title, made.chance, made.follow_up_days, made.follow_up_type) == ("Credit check", 70, 2, "call")
    company_paths.put_milestone(me, now(me), "new_car", key, en="Credit", da="Kredit", chance=None, outcome="won")
    made = relations.paths()["new_car"].milestones[-1]
    assert (made.title, made.chance, made.sets_status, made.outcome) == ("Credit", None, "closed", "won")
    company_paths.move_milestone(me, "new_car", key, -1)
    assert relations.paths()["new_car"].milestones[-2].key == key
    company_paths.remove_milestone(me, "new_car", key)
    assert relations.paths()["new_car"].milestone(key) is None


def test_suggestions_of_the_file_are_kept(me: Me) -> None:
    before = relations.paths()["new_car"].milestones[0].suggestions
    company_paths.put_milestone(me, now(me), "new_car", "first_contact", en="Hello", da="Hej", chance=5)
    held = relations.paths()["new_car"].milestones[0]
    assert (held.title, held.chance, held.suggestions) == ("Hello", 5, before)


def test_what_cases_stand_on_stays(me: Me) -> None:
    contact, case = a_case(me)
    activities.record(me, ActivityInput(contact, "note", case, milestones=("offer", "needs"), note="Tilbud"))
    with pytest.raises(Refused, match="1 case stands on Offer sent"):
        company_paths.remove_milestone(me, "new_car", "offer")
    with pytest.raises(Refused, match="Needs clarified stands in the history"):
        company_paths.remove_milestone(me, "new_car", "needs")
    with pytest.raises(Refused, match="1 case follows New car"):
        company_paths.remove_path(me, "new_car")
    company_paths.remove_path(me, list(relations.paths())[-1])
    assert len(relations.paths()) == 2


def test_the_last_of_each_stays(me: Me) -> None:
    company_paths.put_path(me, now(me), "", en="Boat")
    with pytest.raises(Refused, match="last milestone"):
        company_paths.remove_milestone(me, "boat", "first_contact")
    for key in [key for key in relations.paths() if key != "boat"]:
        company_paths.remove_path(me, key)
    with pytest.raises(Refused, match="last relations path"):
        company_paths.remove_path(me, "boat")
    assert list(relations.paths()) == ["boat"]


def test_only_an_admin_and_nobody_over_a_colleague(me: Me) -> None:
    users.enrol(me, "bo", "Bo")
    bo = users.log_in("bo")
    with pytest.raises(Refused, match="Only an admin"):
        company_paths.put_path(bo, now(me), "", en="Boat")
    seen = now(me)
    company_paths.put_path(me, seen, "new_car", en="New vehicle")
    with pytest.raises(Conflict) as met:
        company_paths.put_path(me, seen, "new_car", en="Brand new car", da="Ny vogn")
    assert (met.value.theirs, met.value.original["en"]) == ({"en": "New vehicle"}, "New car")
    assert (met.value.who, met.value.mine["en"]) == (me.full_name, "Brand new car")
    assert relations.paths()["new_car"].title == "New vehicle"


def test_two_who_change_different_things_both_get_them(me: Me) -> None:
    seen = now(me)
    company_paths.put_milestone(me, seen, "new_car", "offer", chance=55)
    company_paths.put_milestone(me, seen, "new_car", "offer", en="Price given", chance=55)
    company_paths.put_path(me, seen, "new_car", da="Ny vogn")
    company_paths.put_path(me, seen, "new_car", en="New vehicle")
    held = now(me)
    assert (held.values("new_car", "offer")["en"], held.values("new_car", "offer")["chance"]) == ("Price given", 55)
    assert held.values("new_car") == {"en": "New vehicle", "da": "Ny vogn"}
    with pytest.raises(Conflict):
        company_paths.put_milestone(me, seen, "new_car", "offer", chance=40)


@pytest.mark.parametrize(
    ("changes", "titles"),
    [({"chance": 101}, {"en": "A"}), ({"kind": "A b"}, {"en": "A"}), ({}, {"en": " ", "da": ""}),
     ({"follow_up_days": -1}, {"en": "A"}), ({"outcome": "maybe"}, {"en": "A"})],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_changes(me: Me, changes: dict, titles: dict) -> None:
    before = relations.paths()
    with pytest.raises(Refused):
        company_paths.put_milestone(me, now(me), "new_car", "offer", **titles, **changes)
    assert relations.paths() == before
    assert now(me).version == company_paths.FILE


def test_undo_takes_it_back_and_needs_the_right(me: Me) -> None:
    company_paths.put_path(me, now(me), "", en="Boat")
    users.enrol(me, "bo", "Bo", "admin")
    bo = users.log_in("bo")
    company_paths.put_path(bo, now(me), "boat", en="Ship")
    people.set_role(me, bo.user_id, "user")
    with pytest.raises(Refused, match="Only an admin"):
        undo.undo(bo)
    assert relations.paths()["boat"].title == "Ship"


def test_a_session_elsewhere_hears_of_it(me: Me) -> None:
    company_paths.put_path(me, now(me), "", en="Boat")
    relations.use_company(None)
    assert "boat" not in relations.paths()
    users.log_in(me.login)
    assert "boat" in relations.paths()


def test_a_whole_table_from_a_file(me: Me) -> None:
    _contact, case = a_case(me)
    assert case
    one = {"own": {"title": "Own", "milestones": [{"key": "a", "title": "A", "kind": "contact"}]}}
    with pytest.raises(Refused, match="1 case follows New car"):
        company_paths.replace_all(me, one)
    table = {**one, "new_car": company_paths.stored_table()["new_car"]}
    company_paths.replace_all(me, table)
    assert list(relations.paths()) == ["own", "new_car"]
    with pytest.raises(NotFound):
        company_paths.put_path(me, now(me), "gone", en="X")
    with pytest.raises(Invalid):
        company_paths.put_path(me, now(me), "own", en="", da=" ")


def test_a_file_that_lacks_a_milestone_cases_stand_on_is_refused(me: Me) -> None:
    contact, case = a_case(me)
    activities.record(me, ActivityInput(contact, "note", case, milestones=("offer",), note="Tilbud"))
    table = json.loads(json.dumps(company_paths.stored_table()))
    table["new_car"]["milestones"] = [one for one in table["new_car"]["milestones"] if one["key"] != "offer"]
    with pytest.raises(Refused, match="1 case stands on Offer sent"):
        company_paths.replace_all(me, table)
    assert relations.paths()["new_car"].milestone("offer")


def test_undo_does_not_take_a_milestone_from_under_a_case(me: Me) -> None:
    key = company_paths.put_milestone(me, now(me), "new_car", "", en="Credit check")
    contact, case = a_case(me)
    activities.record(me, ActivityInput(contact, "note", case, milestones=(key,), note="Kredit"))
    made = next(one for one in undo.last_steps(me) if "milestone" in one.what)
    with pytest.raises(Refused, match="1 case stands on Credit check"):
        undo.undo(me, made.event_id)
    assert relations.paths()["new_car"].milestone(key)


def test_a_key_that_reads_like_a_pattern_is_only_itself(me: Me) -> None:
    company_paths.put_milestone(me, now(me), "new_car", "", en="a x")
    company_paths.put_milestone(me, now(me), "new_car", "", en="abx")
    contact, case = a_case(me)
    activities.record(me, ActivityInput(contact, "note", case, milestones=("abx", "offer"), note="x"))
    company_paths.remove_milestone(me, "new_car", "a_x")
    assert relations.paths()["new_car"].milestone("a_x") is None


def test_one_counts_the_cases_one_sees(me: Me) -> None:
    team = teams.add(me, "Nord")
    nord = users.enrol(me, "nord", "Nord")
    teams.set_teams(me, nord, [team])
    users.enrol(me, "syd", "Syd")
    a_case(users.log_in("nord"))
    assert company_paths.held(me).standing == {("new_car", ""): 1}
    assert company_paths.held(users.log_in("syd")).standing == {}


def test_a_title_is_text_in_every_language(me: Me) -> None:
    for title in ({"en": "Own", "da": 7}, {"en": "Own", "da": None}, {}, 7, {"en": " "}):
        table = {"own": {"title": title, "milestones": [{"key": "a", "title": "A", "kind": "contact"}]}}
        with pytest.raises(Refused, match="title"):
            company_paths.replace_all(me, table)


def test_paths_of_a_file_named_for_one_session_are_not_in_the_way(
    me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company_paths.put_path(me, now(me), "", en="Boat")
    other = tmp_path / "other.toml"
    other.write_text('[other]\ntitle = "Other"\n[[other.milestones]]\nkey = "a"\ntitle = "A"\nkind = "contact"\n')
    monkeypatch.setenv("EASIR_PATHS", str(other))
    assert list(relations.paths()) == ["other"]
    held = company_paths.held(me)
    assert held.values("boat") == {"en": "Boat", "da": "Boat"}
    company_paths.put_milestone(me, held, "boat", "first_contact", en="Hello")
    monkeypatch.delenv("EASIR_PATHS")
    assert relations.paths()["boat"].milestones[0].title == "Hello"
