"""The one save of the activity form: V6, consent, e-mail, files, the case that follows, all or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from easir_tui import clock, relations
from easir_tui.clock import When
from easir_tui.crm import activities, activity_facts, cases, drafts, notes, tasks, timeline, undo
from easir_tui.crm.activities import ActivityInput, Email, NewCase, NextStep
from easir_tui.crm.tasks import TaskFilter
from easir_tui.crm.users import Me
from easir_tui.data import files
from easir_tui.data.models import Activity, Attachment, Case, Contact, Event, Task
from easir_tui.errors import Invalid, NeedsConfirmation, Refused
from tests.crm.made import a_colleague, a_contact, a_refusal

FRIDAY = When(day=date(2026, 11, 27))


def call(contact_id: int, **fields: Any) -> ActivityInput:
    """A call out, about to be saved."""
    return ActivityInput(contact_id, "call", direction="out", **fields)


def counted() -> tuple[int, ...]:
    """How many rows there are of everything one save may touch."""
    return tuple(model.select().count() for model in (Activity, Task, Case, Attachment, Event))


def test_one_save_is_in_every_place_it_belongs(me: Me) -> None:
    """Product section 4, step 6: History, Planned, task list, notes, and the case along its milestone."""
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    made = activities.record(
        me,
        call(
            contact,
            case_id=case,
            milestones=("test_drive",),
            note="Wants white.\nDecides in December.",
            number="+4522419017",
            minutes=6,
            outcome="reached",
            next_step=NextStep("call", FRIDAY, "Ask about trade-in"),
        ),
    )
    stored = Activity.get_by_id(made.activity_id)
    assert (stored.kind, stored.direction, stored.minutes, stored.outcome) == ("call", "out", 6, "reached")
    assert (stored.milestones, stored.case_id) == (["test_drive"], case)
    assert [row.id for row in timeline.history(me, contact).rows if row.source == "activity"] == [stored.id]
    assert [note.text for note in notes.page(me, contact).rows] == ["Wants white.\nDecides in December."]
    assert [row.id for row in timeline.planned(me, contact)] == [made.task_id]
    planned = tasks.for_user(me)[0]
    assert (planned.id, planned.case_id, planned.note) == (made.task_id, case, "Ask about trade-in")
    page = cases.page(me, case)
    assert (page.milestone, page.chance, page.status) == ("test_drive", 40, "open")
    assert Contact.get_by_id(contact).last_contact_at == clock.now()


def test_a_save_that_fails_leaves_nothing_behind(me: Me) -> None:
    """One transaction: the task's time has passed, so there is no call, no case and no file row either."""
    contact = a_contact(me)
    before = counted()
    with pytest.raises(Invalid) as refused:
        activities.record(
            me,
            call(
                contact,
                new_case=NewCase("ID.4", "new_car"),
                milestones=("first_contact",),
                next_step=NextStep("call", When(at=clock.now() - 60)),
            ),
        )
    assert refused.value.field == "when"
    assert counted() == before


def test_undo_takes_back_the_whole_save(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    task = tasks.plan(me, contact, "call", FRIDAY, case_id=case)
    activities.record(
        me,
        call(contact, case_id=case, milestones=("delivered",), task_id=task, task_version=1, note="Won!"),
    )
    assert (cases.page(me, case).status, tasks.one(me, task).status) == ("closed", "completed")
    undo.undo(me)
    page = cases.page(me, case)
    assert (page.status, page.outcome, page.chance, page.milestone) == ("open", "", None, "")
    assert tasks.one(me, task).status == "open"
    assert not Activity.select().where(Activity.deleted_at.is_null()).exists()
    assert Contact.get_by_id(contact).status == "opportunity"


# V6 --------------------------------------------------------------------------------------------------


def test_an_activity_on_a_case_needs_a_milestone_of_its_path(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    for milestones in ((), ("credit_check",), ("offer", "no_such")):
        with pytest.raises(Invalid) as refused:
            activities.record(me, call(contact, case_id=case, milestones=milestones))
        assert refused.value.field == "milestones"
    assert not Activity.select().exists()


def test_an_activity_without_a_case_carries_no_milestone(me: Me) -> None:
    with pytest.raises(Invalid) as refused:
        activities.record(me, call(a_contact(me), milestones=("offer",)))
    assert refused.value.field == "milestones"


def test_milestones_are_stored_in_the_order_of_the_path(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    made = activities.record(me, call(contact, case_id=case, milestones=("offer", "first_contact", "offer")))
    assert Activity.get_by_id(made.activity_id).milestones == ["first_contact", "offer"]
    assert cases.page(me, case).milestone == "offer"


def test_the_case_of_another_contact_is_refused(me: Me) -> None:
    case = cases.create(me, a_contact(me), "ID.4", path="new_car")
    with pytest.raises(Invalid) as refused:
        activities.record(me, call(a_contact(me), case_id=case, milestones=("offer",)))
    assert refused.value.field == "case_id"


def test_a_case_whose_path_the_settings_lost_says_so(me: Me, tmp_path: Path, monkeypatch: Any) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    own = tmp_path / "paths.toml"
    own.write_text('[other]\ntitle = "Other"\n[[other.milestones]]\nkey = "a"\ntitle = "A"\nkind = "contact"\n')
    monkeypatch.setenv("EASIR_PATHS", str(own))
    with pytest.raises(Invalid, match="new_car"):
        activities.record(me, call(contact, case_id=case, milestones=("offer",)))


# The case follows --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("milestones", "status", "outcome", "chance"),
    [
        (("offer",), "open", "", 60),
        (("first_contact", "delivered"), "closed", "won", 100),
        (("contract", "lost"), "closed", "lost", 0),
        (("test_drive", "needs"), "open", "", 40),
    ],
)
def test_closed_wins_over_open(me: Me, milestones: tuple[str, ...], status: str, outcome: str, chance: int) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    activities.record(me, call(contact, case_id=case, milestones=milestones))
    page = cases.page(me, case)
    assert (page.status, page.outcome, page.chance) == (status, outcome, chance)
    assert (page.closed_at is None) == (status == "open")


def test_a_case_is_not_won_and_lost_at_once(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    with pytest.raises(Invalid) as refused:
        activities.record(me, call(contact, case_id=case, milestones=("delivered", "lost")))
    assert refused.value.field == "milestones"


def test_a_closed_case_stays_closed_when_an_open_milestone_is_logged_on_it(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    cases.close(me, case, 1, "won")
    activities.record(me, call(contact, case_id=case, milestones=("first_contact",)))
    page = cases.page(me, case)
    assert (page.status, page.outcome, page.chance) == ("closed", "won", 100)


def test_a_new_case_is_opened_on_the_way(me: Me) -> None:
    contact = a_contact(me)
    made = activities.record(me, call(contact, new_case=NewCase("Used Golf", "used_car"), milestones=("viewing",)))
    assert made.case_id is not None
    page = cases.page(me, made.case_id)
    assert (page.title, page.path.key, page.manager_id, page.milestone) == ("Used Golf", "used_car", 1, "viewing")


# Each kind ---------------------------------------------------------------------------------------------


def test_a_note_needs_text_and_a_letter_too(me: Me) -> None:
    contact = a_contact(me)
    for kind, field in (("note", "note"), ("letter", "body")):
        with pytest.raises(Invalid) as refused:
            activities.record(me, ActivityInput(contact, kind, note=" \n ", body="\t"))
        assert refused.value.field == field


def test_what_is_still_to_come_is_no_activity(me: Me) -> None:
    with pytest.raises(Invalid) as refused:
        activities.record(me, ActivityInput(a_contact(me), "meeting", at=clock.now() + 60))
    assert refused.value.field == "at"


def test_an_email_is_stored_as_to_be_sent_and_nothing_more(me: Me, tmp_path: Path) -> None:
    offer = tmp_path / "Tilbud æøå.pdf"
    offer.write_bytes(b"%PDF-1.7 offer")
    contact = a_contact(me)
    made = activities.record(
        me,
        ActivityInput(
            contact,
            "email",
            email=Email(("ole@example.dk",), ("jens@example.dk",), (), "Tilbud", "Kære Ole"),
            attachments=(offer,),
        ),
    )
    stored = Activity.get_by_id(made.activity_id)
    assert (stored.state, stored.direction, stored.subject, stored.body) == ("to_send", "out", "Tilbud", "Kære Ole")
    assert stored.recipients == {"to": ["ole@example.dk"], "cc": ["jens@example.dk"], "bcc": []}
    attached = Attachment.get(Attachment.activity == stored.id)
    assert (attached.name, attached.media_type, attached.origin) == ("Tilbud æøå.pdf", "application/pdf", "mail_out")
    assert files.path_of(attached.sha256).read_bytes() == b"%PDF-1.7 offer"


def test_an_email_without_an_address_is_not_saved(me: Me) -> None:
    contact = a_contact(me, emails=[])
    with pytest.raises(Invalid) as refused:
        activities.record(me, ActivityInput(contact, "email", email=Email(subject="Hello", body="x")))
    assert refused.value.field == "to"
    assert not Activity.select().exists()


def test_a_meeting_may_have_an_email_with_it(me: Me) -> None:
    contact = a_contact(me)
    case = cases.create(me, contact, "ID.4", path="new_car")
    made = activities.record(
        me,
        ActivityInput(
            contact,
            "meeting",
            case_id=case,
            milestones=("test_drive",),
            minutes=45,
            place="Showroom",
            email=Email(("ole@example.dk",), subject="Tak for i dag", body="…"),
        ),
    )
    meeting, email = Activity.get_by_id(made.activity_id), Activity.get_by_id(made.email_id)
    assert (meeting.kind, meeting.place, meeting.minutes, meeting.state) == ("meeting", "Showroom", 45, "")
    assert (email.kind, email.state, email.milestones, email.case_id) == ("email", "to_send", ["test_drive"], case)


def test_a_file_that_cannot_be_read_stops_the_save(me: Me, tmp_path: Path) -> None:
    contact = a_contact(me)
    for missing in (tmp_path / "no such.pdf", tmp_path):
        with pytest.raises(Invalid) as refused:
            activities.record(
                me,
                ActivityInput(contact, "email", email=Email(("o@e.dk",), subject="x"), attachments=(missing,)),
            )
        assert refused.value.field == "attachments"
    assert not Activity.select().exists()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ()),
        ("ole@example.dk", ("ole@example.dk",)),
        ("<Ole@Example.dk>; jens@firma.dk, OLE@example.DK", ("Ole@Example.dk", "jens@firma.dk")),
        ("søren@nordlys.dk", ("søren@nordlys.dk",)),
    ],
)
def test_addresses_are_read(typed: str, found: tuple[str, ...]) -> None:
    assert activities.addresses(typed) == found


@pytest.mark.parametrize("typed", ["ole", "ole@", "@x.dk", "a b@c.dk", "ole@firma", "o@x.d k@"])
def test_what_is_no_address_is_named(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        activities.addresses(typed, "cc")
    assert refused.value.field == "cc"


# Consent -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "channel", "extra"),
    [
        ("call", "phone", {"direction": "out"}),
        ("email", "email", {"email": Email(("o@e.dk",), subject="x")}),
        ("letter", "letter", {"body": "Kære Ole"}),
        ("meeting", "email", {"email": Email(("o@e.dk",), subject="x")}),
    ],
)
def test_a_refused_channel_takes_a_second_word_which_is_recorded(
    me: Me, kind: str, channel: str, extra: dict[str, Any]
) -> None:
    contact = a_contact(me)
    a_refusal(me, contact, channel)
    given = ActivityInput(contact, kind, **extra)
    with pytest.raises(NeedsConfirmation) as warned:
        activities.record(me, given)
    for part in ("Anna Holm", "25 November 2026", "at the counter"):
        assert part in warned.value.sentence
    assert not Activity.select().exists()
    made = activities.record(me, replace(given, consent_override=activities.SERVICE_MESSAGE))
    assert Activity.get_by_id(made.activity_id).consent_override == "service message"


def test_a_refusal_recorded_while_the_files_are_read_counts(
    me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Consent is looked at in the transaction that saves, so a colleague's word of a moment ago is heard."""
    contact = a_contact(me)
    path = tmp_path / "offer.txt"
    path.write_text("Tilbud")
    read = activities._kept

    def slowly(file: Path) -> Any:
        a_refusal(me, contact, "email")
        return read(file)

    monkeypatch.setattr(activities, "_kept", slowly)
    with pytest.raises(NeedsConfirmation):
        activities.record(
            me, ActivityInput(contact, "email", email=Email(("o@e.dk",), subject="x"), attachments=(path,))
        )
    assert not Activity.select().exists()


def test_consent_not_asked_is_no_refusal_and_an_incoming_call_uses_no_channel(me: Me) -> None:
    """V14."""
    contact = a_contact(me)
    activities.record(me, call(contact))
    a_refusal(me, contact, "phone")
    activities.record(me, ActivityInput(contact, "call", direction="in"))
    activities.record(me, ActivityInput(contact, "note", note="x"))
    activities.record(me, ActivityInput(contact, "meeting"))


# Completing a task ---------------------------------------------------------------------------------------


def test_the_task_is_ticked_off_in_the_same_save(me: Me) -> None:
    contact = a_contact(me)
    task = tasks.plan(me, contact, "call", FRIDAY)
    made = activities.record(me, call(contact, task_id=task, task_version=1))
    row = Task.get_by_id(task)
    assert (row.status, row.activity_id, row.completed_by_id) == ("completed", made.activity_id, me.user_id)
    assert tasks.rows(me, TaskFilter()) == []


def test_a_task_somebody_else_completed_stops_the_save_with_a_name(me: Me) -> None:
    contact = a_contact(me)
    task = tasks.plan(me, contact, "call", FRIDAY)
    tasks.complete(a_colleague(me), task)
    before = counted()
    with pytest.raises(Refused, match="Jens Holt"):
        activities.record(me, call(contact, task_id=task, task_version=1))
    assert counted() == before


def test_the_draft_goes_with_the_save_and_only_then(me: Me) -> None:
    """Faults 95 and 97."""
    contact = a_contact(me)
    drafts.keep(me, "activity:call:1", "activity", {"texts": {"note": "half a sen"}}, contact)
    with pytest.raises(Invalid):
        activities.record(me, call(contact, milestones=("offer",), draft_key="activity:call:1"))
    assert drafts.take(me, "activity:call:1") == {"texts": {"note": "half a sen"}}
    activities.record(me, call(contact, draft_key="activity:call:1"))
    assert drafts.waiting(me) == []


def test_hostile_text_is_stored_harmless(me: Me) -> None:
    """Faults 89 to 91: no control character is kept; brackets are."""
    contact = a_contact(me)
    made = activities.record(
        me, call(contact, note="A\x1b]52;c;eA==\x1b\\ [red]B[/] \x9b2J \u202eC", outcome="\x1b[31m", number="\x07112")
    )
    stored = Activity.get_by_id(made.activity_id)
    assert not any(sign in stored.note + stored.number for sign in "\x1b\x9b\u202e\x07")
    assert "[red]B[/]" in stored.note
    assert stored.outcome == ""


def test_the_form_reads_in_a_constant_number_of_statements(me: Me, store: Any) -> None:
    """Faults 66: however many cases and consents there are."""
    from easir_tui.data.sqlite import database

    contact = a_contact(me)

    def statements() -> int:
        asked: list[str] = []
        database.query_hooks.append(lambda sql, *_rest: asked.append(sql))
        try:
            activity_facts.read(me, contact)
        finally:
            database.query_hooks.pop()
        return len(asked)

    few = statements()
    for number in range(30):
        cases.create(me, contact, f"Case {number}", path="new_car")
    assert statements() == few <= 8


def test_only_open_cases_are_offered_and_the_one_asked_for(me: Me) -> None:
    contact = a_contact(me)
    first = cases.create(me, contact, "Open", path="new_car")
    closed = cases.create(me, contact, "Closed", path="used_car")
    cases.close(me, closed, 1, "lost")
    assert [case.id for case in activity_facts.read(me, contact).cases] == [first]
    assert {case.id for case in activity_facts.read(me, contact, case_id=closed).cases} == {first, closed}
    assert relations.paths()["used_car"].title == activity_facts.read(me, contact, case_id=closed).cases[0].path.title


def test_the_case_one_writes_for_is_offered_however_many_there_are(me: Me) -> None:
    contact = a_contact(me)
    made = [cases.create(me, contact, f"Bil {number}", path="new_car") for number in range(53)]
    assert activity_facts.read(me, contact, made[0]).cases[0].id == made[0]
    assert len(activity_facts.read(me, contact).cases) == 50
