"""Whatever a person does, in whatever order, taking it all back leaves the database as it was, and doing it all
again leaves it as it had become: records, derived columns, search index and keys."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from easir_tui.clock import When
from easir_tui.crm import (
    activities,
    activity_page,
    attachments,
    cases,
    consent,
    contact_page,
    contacts,
    notes,
    tasks,
    undo,
)
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.activities import ActivityInput, Email, NextStep
from easir_tui.crm.contact_values import Email as Address
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data.columns import SYSTEM_COLUMNS, columns
from easir_tui.data.models import ENTITIES
from easir_tui.data.sqlite import row, rows, run, value, writing
from easir_tui.errors import Refused
from tests.conftest import NOW
from tests.crm.made import a_business_contact, a_contact

LATER = int(NOW.timestamp()) + 86_400
WORDS = st.sampled_from(["Aarhus", "Ærø", "[b]x[/]", "Søren", "O'Brien", "it-afdelingen"])
Act = Callable[[Me, int, str], Any]


def newest(table: str, contact_id: int) -> int:
    """The newest living row of a contact; 0 where there is none, which every rule refuses."""
    found = value(f"SELECT max(id) FROM {table} WHERE contact_id = ? AND deleted_at IS NULL", contact_id)
    return int(found or 0)


def milestone_of(case_id: int) -> tuple[str, ...]:
    return ("first_contact",) if case_id else ()


def activity(kind: str, **more: Any) -> Act:
    """Recording one kind, on the newest open case where there is one, with a next step."""

    def act(me: Me, contact_id: int, word: str) -> Any:
        case_id = value(
            "SELECT max(id) FROM sales_case WHERE contact_id = ? AND status = 'open' AND deleted_at IS NULL", contact_id
        )
        step = NextStep("call", When(at=LATER), word)
        return activities.record(
            me,
            ActivityInput(
                contact_id, kind, case_id, milestones=milestone_of(case_id or 0), note=word, next_step=step,
                consent_override="service message", **more,
            ),
        )  # fmt: skip

    return act


ACTS: dict[str, Act] = {
    "new contact": lambda me, _c, word: contacts.create(
        me, NewContact(kind="private", first_name=word, last_name="Ny", emails=(Address("ny@example.dk", ""),))
    ),
    "new business contact": lambda me, _c, word: contacts.create(
        me, NewContact(kind="business", first_name=word, new_account=NewAccount(name=f"{word} ApS"))
    ),
    "change a field": lambda me, c, word: contacts.change(me, c, None, city=word),
    "change the name": lambda me, c, word: contacts.change(me, c, None, first_name=word),
    "change the e-mails": lambda me, c, word: contacts.change(
        me, c, None, emails=[{"label": "", "address": "b@example.dk"}]
    ),
    "own field": lambda me, c, word: contacts.change(me, c, None, custom={"Hobby": word}),
    "account address": lambda me, c, word: contact_page.change_account(
        me, value("SELECT account_id FROM contact WHERE id = ?", c), None, c, city=word
    ),
    "consent given": lambda me, c, word: consent.record(me, c, "phone", "given", word),
    "consent refused": lambda me, c, word: consent.record(me, c, "email", "refused", word),
    "note": lambda me, c, word: notes.write(me, c, word),
    "edit note": lambda me, c, word: notes.edit(me, newest("activity", c), None, f"{word} igen"),
    "remove note": lambda me, c, _w: notes.remove(me, newest("activity", c), None),
    "remove activity": lambda me, c, _w: activity_page.remove(me, newest("activity", c), None),
    "correct activity": lambda me, c, word: activity_page.correct(me, newest("activity", c), None, note=f"{word}."),
    "call": activity("call", direction="out", outcome="reached"),
    "meeting": activity("meeting", minutes=30, place="Showroom"),
    "letter": activity("letter", body="Kære kunde"),
    "e-mail": activity("email", email=Email(("a@example.dk",), subject="Tilbud", body="Kære kunde")),
    "case": lambda me, c, word: cases.create(me, c, word, path="new_car", value=1000),
    "change case": lambda me, c, word: cases.change(me, newest("sales_case", c), None, product=word),
    "close case": lambda me, c, _w: cases.close(me, newest("sales_case", c), None, "won"),
    "reject case": lambda me, c, word: cases.reject(me, newest("sales_case", c), None, word),
    "reopen case": lambda me, c, _w: cases.reopen(me, newest("sales_case", c), None),
    "delete case": lambda me, c, _w: cases.delete(me, newest("sales_case", c), None, confirmed=True),
    "plan": lambda me, c, word: tasks.plan(me, c, "remind", When(day=date(2026, 12, 24)), word),
    "complete": lambda me, c, _w: tasks.complete(me, newest("task", c)),
    "snooze": lambda me, c, _w: tasks.snooze(me, newest("task", c), None, When(at=LATER + 600)),
    "delete task": lambda me, c, _w: tasks.delete(me, newest("task", c)),
    "attach": lambda me, c, word: attachments.add(me, c, io.BytesIO(word.encode()), f"{word}.txt"),
    "rename file": lambda me, c, word: attachments.rename(me, newest("attachment", c), None, f"{word} 2.txt"),
    "remove file": lambda me, c, _w: attachments.remove(me, newest("attachment", c), None),
    "delete contact": lambda me, c, _w: contacts.delete(me, c, None, confirmed=True),
}
"""Everything this program lets a person do to a contact."""


def image() -> str:
    """All living records without the journal's own columns, the keys, and what the search index holds of each."""
    held: dict[str, Any] = {}
    for table in ENTITIES:
        names = [name for name in columns(table) if name.strip('"') not in SYSTEM_COLUMNS]
        held[table] = rows(f"SELECT id, {', '.join(names)} FROM {table} WHERE deleted_at IS NULL ORDER BY id")
    held["keys"] = rows("SELECT kind, key, contact_id FROM contact_key ORDER BY kind, key, contact_id")
    for index, table in (("search_contact", "contact"), ("search_case", "sales_case"), ("search_note", "activity")):
        held[index] = [found for (found,) in rows(f"SELECT rowid FROM {index} ORDER BY rowid")]
        assert set(held[index]) <= {line[0] for line in held[table]}, index
    return json.dumps(held, default=str)


@given(done=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), WORDS), min_size=1, max_size=14), business=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_day_taken_back_is_as_if_it_had_not_been(me: Me, done: list[tuple[str, str]], business: bool) -> None:
    contact_id = a_business_contact(me) if business else a_contact(me)
    with writing():
        run("UPDATE event SET kind = 'undo' WHERE undone_by_id IS NULL")  # what was before is not to be taken back
    images = [image()]
    for name, word in done:
        events = value("SELECT count(*) FROM event")
        try:
            ACTS[name](me, contact_id, word)
        except Refused:
            assert value("SELECT count(*) FROM event") == events, f"{name} was refused and left an event"
            continue
        if value("SELECT count(*) FROM event") > events:
            images.append(image())
    for expected in reversed(images[:-1]):
        undo.undo(me)
        assert image() == expected
    undone = rows(
        "SELECT id FROM event WHERE user_id = ? AND parent_id IS NULL AND kind <> 'undo' AND undone_by_id IS NOT NULL "
        "ORDER BY id DESC LIMIT ?", me.user_id, len(images) - 1,
    )  # fmt: skip
    for (event_id,), expected in zip(reversed(undone), images[1:], strict=True):
        undo.undo(me, event_id)
        assert image() == expected
    assert row("PRAGMA integrity_check") == ("ok",)


def test_every_act_here_can_be_done(me: Me) -> None:
    """Guards the property: an act that is always refused would prove nothing."""
    done = set()
    for name in ACTS:
        contact_id = a_business_contact(me)
        for before in ("case", "note", "plan", "attach", "close case" if name == "reopen case" else "note"):
            if before != name:
                ACTS[before](me, contact_id, "Aarhus")
        ACTS[name](me, contact_id, "Ærø")
        done.add(name)
    assert done == set(ACTS)
