"""Who sees what: role by way in. One foreign record of each kind, and it appears nowhere (faults 101 to 103).

Nord has Anna's contact with a case, a note, a task and a file; Syd has the same; a third contact is everybody's and
has a case of Syd's. `VIEWS` is every way to read a record, and `test_every_way_in_is_here` fails when a new one is
not in it.
"""

from __future__ import annotations

import inspect
import io
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest

import easir_tui.crm
from easir_tui.channels.mail_address import NamedAddress
from easir_tui.clock import When, now
from easir_tui.crm import (
    activities,
    activity_facts,
    activity_page,
    attachments,
    calendar_entries,
    case_acts,
    case_list,
    case_page,
    cases,
    changed_by,
    consent,
    contact_facts,
    contact_list,
    contact_page,
    contacts,
    drafts,
    duplicates,
    invitations,
    lead_accept,
    lead_list,
    lead_page,
    leads,
    letters,
    notes,
    seen,
    task_list,
    tasks,
    timeline,
    trash,
    undo,
    users,
)
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.contact_values import Email
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.lookups import case_brief, contact_brief
from easir_tui.crm.tasks import TaskFilter
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import team_for, team_of
from easir_tui.data.journal import step
from easir_tui.data.models import Lead, Membership, Team
from easir_tui.data.sqlite import rows, run, value, writing
from easir_tui.errors import NotFound, Refused

ROLES = ("admin", "nord", "syd", "both", "chief", "teamless")


@pytest.fixture
def people(me: Me) -> dict[str, Me]:
    """An admin, a user of each team, one of both, a team admin of Nord, and one without a team."""
    found = {"admin": me}
    with step(me, "made teams", shown=False) as making:
        nord, syd = making.add(Team, name="Nord"), making.add(Team, name="Syd")
    for login, role, teams in (
        ("nord", "user", (nord,)), ("syd", "user", (syd,)), ("both", "user", (nord, syd)),
        ("chief", "team_admin", (nord,)), ("teamless", "user", ()),
    ):  # fmt: skip
        user_id = users.enrol(me, login, login.capitalize(), role)
        with step(me, "joined", shown=False) as joining:
            for team in teams:
                joining.add(Membership, user_id=user_id, team_id=team)
        found[login] = users.log_in(login)
    return found


@pytest.fixture
def world(people: dict[str, Me]) -> dict[str, dict[str, int]]:
    """What each team has, made by its own people."""
    made: dict[str, dict[str, int]] = {}
    for owner in ("nord", "syd"):
        made[owner] = surrounded(people[owner], owner)
    shared = contacts.create(people["teamless"], person("Fælles"))
    case = cases.create(people["syd"], shared, "Fælles sag", path="new_car")
    made["shared"] = {"contact": shared, "case": case, **around(people["syd"], shared, case)}
    return made


def person(name: str) -> NewContact:
    return NewContact(kind="private", first_name=name, last_name="Kjær", emails=(Email(f"{name}@example.dk"),))


def surrounded(who: Me, name: str) -> dict[str, int]:
    contact = contacts.create(who, person(name.capitalize()))
    case = cases.create(who, contact, f"{name} sag", path="new_car")
    with step(who, "arrived", shown=False) as adding:
        lead = adding.add(Lead, received_at=now(), name=f"{name} lead", team_id=team_of(who.user_id),
                          contact_data={"first_name": "Ny"})  # fmt: skip
    return {"contact": contact, "case": case, "lead": lead, **around(who, contact, case)}


def around(who: Me, contact: int, case: int) -> dict[str, int]:
    note = activities.record(who, ActivityInput(contact, "note", case, milestones=("offer",), note="Hemmeligt notat"))
    task = tasks.plan(who, contact, "call", When(at=now() + 3600), "Ring", case_id=case)
    file = attachments.add(who, contact, io.BytesIO(b"%PDF-1.4 x"), "tilbud.pdf", case)
    return {"note": note.activity_id, "task": task, "file": file, "event": note.event_id}


SEES = {
    "admin": {"nord", "syd", "shared"}, "nord": {"nord"}, "syd": {"syd", "shared"}, "both": {"nord", "syd", "shared"},
    "chief": {"nord"}, "teamless": set(),
}  # fmt: skip
"""Whose cases, and what hangs on them, each role sees."""

CONTACTS = {role: {*sees, "shared"} for role, sees in SEES.items()}
"""Whose contacts: the one without a team is everybody's, but not the case another team has with it."""


def ids(many: Any) -> set[int]:
    return {one if isinstance(one, int) else one.id for one in many}


LISTS: dict[str, tuple[str, Callable[[Me], Any]]] = {
    "contacts by name": ("contact", lambda me: contact_list.ids_of_page(me, "name", 0, 50)),
    "contacts by next step": ("contact", lambda me: contact_list.ids_of_page(me, "next_step", 0, 50)),
    "contacts turned round": ("contact", lambda me: contact_list.ids_of_page(me, "last_contact", 0, 50, True)),
    "all contacts": ("contact", lambda me: contact_list.all_ids(me)),
    "contacts found": ("contact", lambda me: contact_list.find(me, "kjær").ids),
    "contact rows": ("contact", lambda me: contact_list.rows_of(me, every("contact"))),
    "living contacts": ("contact", lambda me: contacts.living(me, every("contact"))),
    "contacts seen last": ("contact", lambda me: [seen.mark(me, one) for one in every("contact")] and seen.latest(me)),
    "cases": ("case", lambda me: case_list.ids(me)),
    "cases by next step": ("case", lambda me: case_list.ids(me, "", "next_step")),
    "cases found": ("case", lambda me: case_list.ids(me, "sag")),
    "case rows": ("case", lambda me: case_list.rows_of(me, every("sales_case"))),
    "cases in scripts": ("case", lambda me: case_list.everything(me)),
    "cases among": ("case", lambda me: case_list.among(me, every("sales_case"))),
    "cases of everybody": ("case", lambda me: case_page.rows(me)),
    "open tasks": ("task", lambda me: task_list.rows(me, TaskFilter())),
    "all tasks": ("task", lambda me: task_list.rows(me, TaskFilter(view="all"))),
    "leads": ("lead", lambda me: lead_list.ids(me, "all")),
    "leads found": ("lead", lambda me: lead_list.ids(me, "all", "lead")),
    "lead rows": ("lead", lambda me: lead_list.rows_of(me, every("lead"))),
}
"""Every list: which records it shows, and how it is asked."""


def every(table: str) -> list[int]:
    return [found for (found,) in rows(f"SELECT id FROM {table} ORDER BY id")]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", LISTS)
def test_every_list_shows_what_is_for_these_eyes(people, world, name: str, role: str) -> None:
    kind, ask = LISTS[name]
    allowed = CONTACTS[role] if kind == "contact" else SEES[role]
    wanted = {made[kind] for owner, made in world.items() if owner in allowed and kind in made}
    assert ids(ask(people[role])) == wanted


COUNTS: dict[str, tuple[str, Callable[[Me], int]]] = {
    "contacts": ("contact", lambda me: contact_list.count(me)),
    "cases": ("case", lambda me: case_list.count(me)),
    "tasks": ("task", lambda me: task_list.count(me, TaskFilter())),
    "leads": ("lead", lambda me: lead_list.count(me, "all")),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", COUNTS)
def test_counts_count_no_more_than_that(people, world, name: str, role: str) -> None:
    kind, ask = COUNTS[name]
    allowed = CONTACTS[role] if kind == "contact" else SEES[role]
    assert ask(people[role]) == sum(kind in made for owner, made in world.items() if owner in allowed)


DOORS: dict[str, tuple[str, Callable[[Me, dict[str, int]], Any]]] = {
    "contact page": ("contact", lambda me, it: contact_page.load(me, it["contact"])),
    "contact facts": ("contact", lambda me, it: contact_facts.show(me, it["contact"])),
    "contact of a form": ("contact", lambda me, it: contact_brief(me, it["contact"])),
    "activity form": ("contact", lambda me, it: activity_facts.read(me, it["contact"])),
    "changing a contact": ("contact", lambda me, it: contacts.change(me, it["contact"], None, city="Ribe")),
    "deleting a contact": ("contact", lambda me, it: contacts.delete(me, it["contact"], None, True)),
    "consent": ("contact", lambda me, it: consent.record(me, it["contact"], "phone", "given")),
    "new note": ("contact", lambda me, it: notes.write(me, it["contact"], "Hej")),
    "new task": ("contact", lambda me, it: tasks.plan(me, it["contact"], "call", When(at=now() + 60))),
    "new case": ("contact", lambda me, it: cases.create(me, it["contact"], "Ny", path="new_car")),
    "new file": ("contact", lambda me, it: attachments.add(me, it["contact"], io.BytesIO(b"x"), "a.txt")),
    "new activity": ("contact", lambda me, it: activities.record(me, ActivityInput(it["contact"], "note", note="Hej"))),
    "case page": ("case", lambda me, it: case_page.page(me, it["case"])),
    "case of a form": ("case", lambda me, it: case_brief(me, it["case"])),
    "changing a case": ("case", lambda me, it: cases.change(me, it["case"], None, title="Ny")),
    "closing a case": ("case", lambda me, it: cases.close(me, it["case"], None, "won")),
    "rejecting a case": ("case", lambda me, it: cases.reject(me, it["case"], None, "x")),
    "deleting a case": ("case", lambda me, it: cases.delete(me, it["case"], None, True)),
    "one task": ("case", lambda me, it: task_list.one(me, it["task"])),
    "completing a task": ("case", lambda me, it: tasks.complete(me, it["task"])),
    "changing a task": ("case", lambda me, it: tasks.change(me, it["task"], None, note="x")),
    "one note": ("case", lambda me, it: notes.one(me, it["note"])),
    "changing a note": ("case", lambda me, it: notes.edit(me, it["note"], None, "x")),
    "removing a note": ("case", lambda me, it: notes.remove(me, it["note"], None)),
    "one activity": ("case", lambda me, it: activity_page.activity(me, it["note"])),
    "one event": ("case", lambda me, it: activity_page.event(me, it["event"])),
    "correcting an activity": ("case", lambda me, it: activity_page.correct(me, it["note"], None, note="x")),
    "one file": ("case", lambda me, it: attachments.facts(me, it["file"])),
    "bytes of a file": ("case", lambda me, it: attachments.open_bytes(me, it["file"]).close()),
    "facts of a letter": (
        "contact",
        lambda me, it: letters.letter_facts(me, it["contact"], "", "Hej", date(2026, 11, 25)),
    ),
    "address of a letter": ("contact", lambda me, it: letters.postal(me, it["contact"])),
    "renaming a file": ("case", lambda me, it: attachments.rename(me, it["file"], None, "b.pdf")),
    "one lead": ("lead", lambda me, it: lead_page.load(me, it["lead"])),
    "accepting a lead": (
        "lead",
        lambda me, it: lead_accept.accept(me, it["lead"], lead_accept.proposed(me, it["lead"])),
    ),
    "rejecting a lead": ("lead", lambda me, it: leads.reject(me, it["lead"], "x")),
}  # fmt: skip
"""Every door that is opened by a number: what it needs to be for these eyes."""


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", DOORS)
def test_every_door_is_closed_to_others_as_if_nothing_were_there(people, world, name: str, role: str) -> None:
    """Faults 103: denied in all, with the very sentence of what does not exist."""
    kind, open_it = DOORS[name]
    nothing = dict.fromkeys(("contact", "case", "lead", "note", "task", "file", "event"), 99_999)
    with pytest.raises(NotFound) as missing:
        open_it(people[role], nothing)
    for owner, made in world.items():
        if kind not in made:
            continue
        allowed = CONTACTS[role] if kind == "contact" else SEES[role]
        if owner in allowed:
            try:
                open_it(people[role], made)
            except NotFound as denied:
                pytest.fail(f"{name} of {owner}: {denied}")
            except Refused as refused:
                if "Another team works with" not in str(refused):
                    pytest.fail(f"{name} of {owner}: {refused}")
        else:
            with pytest.raises(NotFound) as denied:
                open_it(people[role], made)
            assert str(denied.value) == str(missing.value)


@pytest.mark.parametrize("role", ROLES)
def test_a_shared_contact_tells_nothing_of_another_teams_case(people, world, role: str) -> None:
    """Faults 101: neither on its page nor in its counts, history, notes, files or choices."""
    made, me = world["shared"], people[role]
    page = contact_page.load(me, made["contact"])
    seen_there = 1 if "shared" in SEES[role] else 0
    assert (page.counts.cases, page.counts.planned, page.counts.attachments, page.counts.notes) == (seen_there,) * 4
    assert len(page.planned) == len(page.cases) == len(page.notes.rows) == seen_there
    assert len(timeline.cases_of(me, made["contact"])) == seen_there
    assert len(attachments.page(me, made["contact"]).rows) == seen_there
    assert case_page.counts(me, made["contact"])["all"] == seen_there
    assert len(activity_facts.read(me, made["contact"]).cases) == seen_there
    said = str(page.history)
    assert ("Hemmeligt" in said) is bool(seen_there)
    assert ("Fælles sag" in said) == bool(seen_there)


def test_neighbours_and_places_pass_over_the_others(people, world) -> None:
    me, context = people["nord"], contact_list.ListContext()
    own, shared, foreign = (world[name]["contact"] for name in ("nord", "shared", "syd"))
    assert contact_list.position(me, foreign) is None
    assert contact_list.where(me, context, own) == (2, 2)
    assert contact_list.neighbour(me, context, own, False) == shared
    assert contact_list.neighbour(me, context, own) is None
    assert contact_list.neighbour(me, contact_list.ListContext(ids=(own, foreign, shared)), own) == shared


def test_who_may_be_the_same_person_names_nobody_else(people, world) -> None:
    new = NewContact(kind="private", first_name="Syd", last_name="Kjær", emails=(Email("syd@example.dk"),))
    assert ids(duplicates.similar(people["admin"], new)) == {world["syd"]["contact"]}
    assert duplicates.similar(people["nord"], new) == []


def test_the_trash_holds_what_was_ones_own_to_see(people, world) -> None:
    tasks.delete(people["syd"], world["syd"]["task"])
    tasks.delete(people["nord"], world["nord"]["task"])
    for role in ROLES:
        entities = {one.row_id for one in trash.discarded(people[role])}
        wanted = {world[owner]["task"] for owner in ("nord", "syd") if owner in SEES[role]}
        assert entities == wanted, role
        assert trash.count(people[role]) == len(wanted)
    with pytest.raises(NotFound):
        trash.restore(people["nord"], "task", world["syd"]["task"])


def test_a_calendar_and_its_invitations_hold_what_is_ones_own_to_see(people, world) -> None:
    """Faults 101: a task that was given to somebody who may not see its contact tells them nothing there either."""
    task, syd = world["syd"]["task"], people["syd"]
    with writing():
        run("UPDATE app_user SET email = login || '@example.dk'")
        run("UPDATE task SET type = 'meeting' WHERE id = ?", task)
    invitations.invite(syd, task, [NamedAddress("ole@example.dk")])
    with writing():
        run("UPDATE task SET assignee_id = ?, starts_at = starts_at + 60 WHERE id = ?", people["nord"].user_id, task)
        run("UPDATE invitation SET user_id = ?", people["nord"].user_id)
    for role, sees in SEES.items():
        own = [one.task_id for one in calendar_entries.tasks_of(people[role])]
        assert own == {"nord": [world["nord"]["task"]], "syd": [world["shared"]["task"]]}.get(role, [])
        assert len(list(calendar_entries.everything(people[role]))) == len(own)
        assert (invitations.told(people[role], task) is not None) == ("syd" in sees), role
        if "syd" not in sees:
            for act in (invitations.invite, invitations.cancel):
                with pytest.raises(NotFound):
                    act(people[role], task)
    assert invitations.owed(people["nord"]) == []
    with writing():
        run("UPDATE invitation SET user_id = ?", syd.user_id)
    assert [one.task_id for one in invitations.owed(syd)] == [task]


def test_what_went_to_another_team_is_not_undone_by_who_may_not_see_it(people, world) -> None:
    me = people["nord"]
    contacts.change(me, world["nord"]["contact"], None, city="Ribe")
    cases.change(people["admin"], world["nord"]["case"], None, manager_id=people["syd"].user_id)
    contacts.change(people["admin"], world["nord"]["contact"], None, responsible_id=people["syd"].user_id)
    event = value("SELECT max(id) FROM event WHERE user_id = ?", me.user_id)
    with pytest.raises(NotFound):
        contact_page.load(me, world["nord"]["contact"])
    with pytest.raises(NotFound, match="nothing to undo"):
        undo.undo(me, event)
    assert all(step_.contact_id != world["nord"]["contact"] for step_ in undo.last_steps(me, 50))
    assert "Ribe" in str(contact_page.load(people["syd"], world["nord"]["contact"]))


def test_the_steps_of_a_lead_are_for_those_who_may_see_it(people, world) -> None:
    """Faults 103: neither read by number nor undone by who has left the team since."""
    lead = world["nord"]["lead"]
    leads.reject(people["nord"], lead, "Hemmelig")
    event = value("SELECT max(id) FROM event")
    assert "nord lead" in activity_page.event(people["nord"], event).text
    with pytest.raises(NotFound, match="no such entry"):
        activity_page.event(people["syd"], event)
    with writing():
        run("UPDATE membership SET deleted_at = 1 WHERE user_id = ?", people["nord"].user_id)
    assert all("lead" not in step_.what for step_ in undo.last_steps(people["nord"], 50))
    with pytest.raises(NotFound, match="nothing to undo"):
        undo.undo(people["nord"], event)
    assert value("SELECT status FROM lead WHERE id = ?", lead) == "rejected"


def test_a_draft_about_somebody_elses_contact_waits_unseen(people, world) -> None:
    me = people["nord"]
    drafts.keep(me, "note:1", "note", {"texts": {"note": "Hej"}}, world["nord"]["contact"])
    assert len(drafts.waiting(me)) == 1
    contacts.change(people["admin"], world["nord"]["contact"], None, responsible_id=people["syd"].user_id)
    cases.change(people["admin"], world["nord"]["case"], None, manager_id=people["syd"].user_id)
    assert drafts.waiting(me) == []


def test_many_at_once_leave_the_others_alone(people, world) -> None:
    every_case = every("sales_case")
    done = case_acts.close(people["nord"], every_case, "won")
    assert (done.count, done.left) == (1, 2)
    assert rows("SELECT id FROM sales_case WHERE outcome = 'won'") == [(world["nord"]["case"],)]
    deleted, _event = contacts.delete_batch(people["nord"], every("contact")[:2], 2)
    assert deleted == 1


def test_teams_follow_the_one_who_is_given_something(people) -> None:
    """Given to somebody of the same team it stays; of another, it goes along; of none, it stays where it is."""
    nord, syd, both, none = (people[name].user_id for name in ("nord", "syd", "both", "teamless"))
    team_n, team_s = team_of(nord), team_of(syd)
    assert (team_for(both, team_s), team_for(syd, team_n), team_for(none, team_n), team_for(nord, None)) == (
        team_s, team_s, team_n, team_n,
    )  # fmt: skip
    assert team_for(none, None) is None


def test_a_change_of_membership_counts_at_once(people, world) -> None:
    me = people["nord"]
    with writing():
        run("UPDATE membership SET deleted_at = 1 WHERE user_id = ?", me.user_id)
    assert ids(contact_list.all_ids(me)) == {world["shared"]["contact"]}
    assert ids(contact_list.all_ids(replace(me, role="admin"))) == set(every("contact"))


def test_who_is_not_enrolled_or_no_longer_active_gets_in_nowhere(people) -> None:
    with pytest.raises(Refused, match="not enrolled"):
        users.log_in("stranger")
    with writing():
        run("UPDATE app_user SET active = 0 WHERE login = 'nord'")
    with pytest.raises(Refused):
        users.log_in("nord")
    assert contact_list.count(people["nord"]) == 0, "what still runs sees nothing that is not everybody's"


ELSEWHERE = {
    "account_cases",
    "account_contacts",
    "account_files",
    "account_list",
    "account_merge",
    "account_notes",
    "account_page",
    "account_timeline",
    "accounts",
    "calls",
    "anything",
    "reports",
}
"""Modules whose own tests say who sees what."""

REACHED: dict[str, str] = {
    # one step behind a door that is in the matrix: they take what the functions above gave, or begin with them
    "activities": "refusal letter_file",
    "activity_page": "remove",
    "attachments": "add_file save remove",
    "case_acts": "reassign",
    "case_list": "page position",
    "cases": "reopen",
    "consent": "state ledger record_many",
    "consent_states": "of",
    "contact_list": "extent page",
    "contact_page": "change_account here",
    "contacts": "case_titles names_of",
    "lead_accept": "plan differences version_of open_cases filling accept_many",
    "lead_list": "page position among",
    "lead_page": "of_case open_file raw_text",
    "lead_clocks": "has_run_out escalate claim_notices give_back",
    "leads": "arrive reject_many refuse_ended",
    "letters": "made find",
    "lookups": "contact_brief case_brief",
    "many_tasks": "complete reassign named",
    "notes": "page",
    "pipeline": "paths_in_use stages",
    "task_list": "position ids for_user counts counts_of counts_in",
    "tasks": "check_planned snooze reopen",
    "timeline": "planned history planned_of history_of mail_of",
    "trash": "empty",
    # counts and hits made of the lists above
    "counts": "waiting",
    "duplicates": "sharing shared_by",
    "today": "load",
    # nothing of a team: words, rights, one's own, what an admin sets for all, what comes from outside
    "case_filter": "parse",
    "company_paths": "put_path put_milestone move_milestone remove_milestone remove_path replace_all held",
    "drafts": "take find put_aside take_up call_for leave_all drop",
    "imports": "preview run",
    "invitations": "invite cancel",
    "calendar_sync": "sync",
    "mail_accounts": "sender account",
    # one's own e-mails: tests/crm/test_outbox.py and test_inbox.py
    "inbox": "threads unread thread_of mark mark_thread mark_unread first_unread last_in sender_of",
    "meeting_mail": "plan change invite tell",
    "guests": "owed",
    "previews": "look",
    # tests/crm/test_contact_merge.py
    "contact_merge": "plan merge",
    "erasure": "plan erase",
    "bundle": "write",
    "exports": "ids_of write records",
    "export_cards": "cards",
    "export_files": "save",
    "same_person": "pairs count say_two",
    "mail_filing": "file_to new_lead keep_out kept_out let_in",
    "mail_answers": "answer forward",
    "outbox": "send_due again settle bounced",
    "unsent": "waits listed troubled",
    "mail_in": "fetch",
    "mail_matching": "colleagues_of",
    "outbox_message": "read composed",
    "people": "listed of_login profile change_profile set_role deactivate reactivate reassign",
    "saved_views": "views save drop",
    "teams": "listed of_name facts add change set_members set_teams teams_of remove may_manage",
    "users": "role_now require_admin people",
    "visibility": "seen_by on_contact on_case of_parts of_event on_lead require_contact require_case require_lead",
    # whose templates, and how many cases on a path: tests/crm/test_templates.py and test_company_paths.py
    "templates": "listed facts scopes add change remove may_change values_for",
}
"""Module → its functions that need no line of their own in the matrix."""


def test_nobody_is_named_for_what_one_may_not_see(people: dict[str, Me], world: dict[str, dict[str, int]]) -> None:
    """The contact is everybody's, the case another team's: who works on it is not told to others."""
    shared, case = world["shared"]["contact"], world["shared"]["case"]
    account = int(value("SELECT account_id FROM contact WHERE id = ?", shared))
    since = int(value("SELECT max(id) FROM change"))
    activities.record(people["syd"], ActivityInput(shared, "note", case, milestones=("offer",), note="Hemmeligt"))
    for who, named in (("nord", ()), ("both", ("Syd",)), ("admin", ("Syd",)), ("syd", ())):
        assert changed_by.contact(people[who], shared, since) == named, who
        assert changed_by.account(people[who], account, since) == named, who
    consent.record(people["nord"], shared, "phone", "refused", "at the counter")
    assert changed_by.contact(people["both"], shared, since) == ("Syd", "Nord")
    assert changed_by.contact(people["both"], world["nord"]["contact"], since) == ()
    assert changed_by.contact(people["admin"], shared, int(value("SELECT max(id) FROM change"))) == ()


def test_every_way_in_is_here() -> None:
    """A public function that takes `me` is in the matrix, or is named above with why it need not be."""
    source = inspect.getsource(import_module(__name__))
    for info in pkgutil.iter_modules(easir_tui.crm.__path__):
        if info.name in ELSEWHERE:
            continue
        module = import_module(f"easir_tui.crm.{info.name}")
        public = {
            name for name, held in vars(module).items()
            if inspect.isfunction(held) and held.__module__ == module.__name__ and not name.startswith("_")
            and next(iter(inspect.signature(held).parameters), "") == "me"
        }  # fmt: skip
        named = set(REACHED.get(info.name, "").split())
        missing = {name for name in public if f"{info.name}.{name}(" not in source} - named
        assert not missing, f"{info.name}: {missing}"
        assert named <= public, f"{info.name}: there is no {named - public}"
