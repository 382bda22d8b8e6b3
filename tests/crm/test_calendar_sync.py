"""A person's tasks in step with a real calendar server, whatever happens on either side or in between."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from easir_tui import clock, language
from easir_tui.channels import caldav
from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.channels.calendar_file import read, write
from easir_tui.channels.dav import Dav
from easir_tui.clock import When
from easir_tui.crm import contacts, tasks, trash, undo
from easir_tui.crm.calendar_sync import Line, sync
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import row, rows, run, value, writing
from tests.servers.radicale_server import PASSWORD, USER, Radicale, radicale

from .made import a_colleague, a_contact

AT = int(datetime(2026, 12, 1, 9, tzinfo=UTC).timestamp())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """One server for all tests; each makes a calendar of its own."""
    with radicale(tmp_path_factory.mktemp("radicale")) as running:
        yield running


class Phone:
    """Another program with the same calendar: it does what a person does with it, by plain requests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(auth=(USER, PASSWORD), trust_env=False)
        self._client.request("MKCALENDAR", url).raise_for_status()

    def calendar(self, dav: Dav) -> caldav.Calendar:
        (found,) = caldav.calendars(dav)
        return caldav.Calendar(dav, found, clock.zone())

    def raw(self, name: str) -> str:
        answer = self._client.get(self.url + name)
        answer.raise_for_status()
        return answer.text

    def entry(self, name: str) -> CalendarEntry:
        (found,) = read(self.raw(name).encode())
        assert isinstance(found, CalendarEntry)
        return found

    def put(self, name: str, raw: str | bytes) -> None:
        self._client.put(self.url + name, content=raw, headers={"Content-Type": "text/calendar"}).raise_for_status()

    def change(self, name: str, **fields: Any) -> None:
        self.put(name, write([replace(self.entry(name), **fields)], "Europe/Copenhagen"))

    def delete(self, name: str) -> None:
        self._client.delete(self.url + name).raise_for_status()

    def names(self) -> list[str]:
        body = '<d:propfind xmlns:d="DAV:"><d:prop><d:getetag/></d:prop></d:propfind>'
        answer = self._client.request("PROPFIND", self.url, headers={"Depth": "1"}, content=body)
        return sorted(re.findall(r"([^/<>]+\.ics)</href>", unquote(answer.text)))


@pytest.fixture
def phone(server: Radicale, request: pytest.FixtureRequest) -> Phone:
    return Phone(f"{server.url}/{USER}/{abs(hash(request.node.name))}/")


Sync = Callable[..., list[tuple[str, int]]]


@pytest.fixture
def round_(me: Me, phone: Phone) -> Iterator[Sync]:
    """One round, as a list of what became of which task."""
    with Dav(phone.url, USER, PASSWORD) as dav:

        def act(**more: Any) -> list[tuple[str, int]]:
            return [(one.what, one.task_id) for one in sync(me, phone.calendar(dav), **more)]

        yield act


@pytest.fixture
def lines(me: Me, phone: Phone) -> Callable[..., list[Line]]:
    def act(**more: Any) -> list[Line]:
        with Dav(phone.url, USER, PASSWORD) as dav:
            return sync(me, phone.calendar(dav), **more)

    return act


@pytest.fixture
def call(me: Me) -> int:
    return tasks.plan(me, a_contact(me), "call", When(at=AT), "Om prisen")


def name_of(task: int) -> str:
    return f"task-{task}@{value('SELECT value FROM company_setting')[1:-1]}.easir.ics"


def at_rest(round_: Sync) -> None:
    """Another round finds nothing to do."""
    assert round_() == []


# One side ------------------------------------------------------------------------------------------


def test_tasks_go_out_and_nothing_more_happens(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    meeting = tasks.plan(me, a_contact(me), "meeting", When(at=AT), minutes=45)
    done = tasks.plan(me, a_contact(me), "call", When(at=AT))
    tasks.complete(me, done)
    assert round_(dry_run=True) == [("sent", call), ("sent", meeting)]
    assert phone.names() == []
    assert round_() == [("sent", call), ("sent", meeting)]
    assert (phone.entry(name_of(call)).kind, phone.entry(name_of(meeting)).kind) == ("todo", "event")
    assert phone.names() == sorted([name_of(call), name_of(meeting)])
    at_rest(round_)


def test_a_change_here_goes_there_and_all_else_there_stays(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    phone.put(name_of(call), phone.raw(name_of(call)).replace(
        "END:VTODO", "CATEGORIES:Job\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:x\r\n"
        "END:VALARM\r\nEND:VTODO"))  # fmt: skip
    tasks.change(me, call, None, note="Og farven", when=When(day=date(2026, 12, 3)))
    assert round_() == [("sent", call)]
    held = phone.entry(name_of(call))
    assert (held.description, held.last_day, held.end) == ("Og farven", "2026-12-03", None)
    assert "TRIGGER:-PT15M" in held.extra
    assert "CATEGORIES:Job" in held.extra
    at_rest(round_)


def test_a_change_there_comes_here_through_the_journal(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    phone.change(name_of(call), description="Ring før 10", end=AT + 86400)
    assert round_(dry_run=True) == [("taken", call)]
    assert round_() == [("taken", call)]
    assert row("SELECT note, starts_at, sort_at FROM task") == ("Ring før 10", AT + 86400, AT + 86400)
    at_rest(round_)
    assert undo.undo(me).sentence
    assert round_() == [("sent", call)], "undone here is undone there"
    assert phone.entry(name_of(call)).description == "Om prisen"


def test_ticked_off_there_is_ticked_off_here_and_back(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    phone.change(name_of(call), status="completed", done_at=AT)
    assert round_() == [("taken", call)]
    assert row("SELECT status, completed_at, completed_by FROM task") == ("completed", AT, me.user_id)
    tasks.reopen(me, call)
    assert round_() == [("sent", call)]
    assert phone.entry(name_of(call)).status == "needs-action"
    at_rest(round_)


def test_whole_days_stay_whole_days(me: Me, phone: Phone, round_: Sync) -> None:
    """Faults 57 and 58."""
    task = tasks.plan(me, a_contact(me), "meeting", When(day=date(2026, 12, 1)))
    round_()
    phone.change(name_of(task), first_day="2026-12-05", last_day="2026-12-06")
    assert round_() == [("taken", task)]
    assert row("SELECT day, starts_at FROM task") == ("2026-12-05", None)
    at_rest(round_)


# Both sides ----------------------------------------------------------------------------------------


def test_different_facts_merge(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    tasks.change(me, call, None, note="Her")
    phone.change(name_of(call), end=AT + 3600)
    assert round_() == [("both", call)]
    assert row("SELECT note, starts_at FROM task") == ("Her", AT + 3600)
    assert (phone.entry(name_of(call)).description, phone.entry(name_of(call)).end) == ("Her", AT + 3600)
    at_rest(round_)


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_the_same_fact_is_shown_with_both_values_and_never_guessed(
    me: Me, phone: Phone, lines: Callable[..., list[Line]], call: int, choice: str
) -> None:
    lines()
    tasks.change(me, call, None, note="Her")
    phone.change(name_of(call), description="Der", end=AT + 60)
    for _time in range(2):
        (line,) = lines()
        assert (line.what, line.task_id) == ("conflict", call)
        assert [(one.field, one.mine, one.theirs) for one in line.differences] == [("note", "Her", "Der")]
        assert row("SELECT note, starts_at FROM task") == ("Her", AT + 60), "what is in no dispute has merged"
        assert phone.entry(name_of(call)).description == "Der"
    lines(choices={call: choice})
    kept = "Her" if choice == "mine" else "Der"
    assert (value("SELECT note FROM task"), phone.entry(name_of(call)).description) == (kept, kept)
    assert lines() == []


def test_the_same_change_on_both_sides_is_no_conflict(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    tasks.change(me, call, None, note="Ens")
    phone.change(name_of(call), description="Ens")
    at_rest(round_)
    tasks.change(me, call, None, note="Nyt")
    assert round_() == [("sent", call)]


# Deleted -------------------------------------------------------------------------------------------


def test_deleted_there_is_proposed_and_done_when_said(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    phone.delete(name_of(call))
    assert round_() == [("gone", call)] == round_()
    assert value("SELECT deleted_at IS NULL FROM task") == 1
    assert round_(choices={call: "theirs"}) == [("dropped", call)]
    assert value("SELECT deleted_at IS NULL FROM task") == 0
    at_rest(round_)
    undo.undo(me)
    assert round_() == [("sent", call)], "brought back by undo it is there again"


def test_deleted_there_and_kept_here_goes_back(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    phone.delete(name_of(call))
    assert round_(choices={call: "mine"}) == [("sent", call)]
    assert phone.names() == [name_of(call)]
    at_rest(round_)


def test_cancelled_there_is_as_good_as_deleted(me: Me, phone: Phone, round_: Sync) -> None:
    task = tasks.plan(me, a_contact(me), "meeting", When(at=AT))
    round_()
    phone.change(name_of(task), status="cancelled")
    assert round_() == [("gone", task)] == round_()
    assert round_(choices={task: "mine"}) == [("sent", task)]
    assert phone.entry(name_of(task)).status == "confirmed"
    at_rest(round_)


def test_deleted_here_leaves_the_calendar_and_comes_back_with_undo(
    me: Me, phone: Phone, round_: Sync, call: int
) -> None:
    round_()
    tasks.delete(me, call)
    assert round_() == [("removed", call)]
    assert phone.names() == []
    at_rest(round_)
    undo.undo(me)
    assert round_() == [("sent", call)]


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_deleted_here_but_changed_there_is_asked_about(
    me: Me, phone: Phone, round_: Sync, call: int, choice: str
) -> None:
    round_()
    tasks.delete(me, call)
    phone.change(name_of(call), description="Vigtigt")
    assert round_() == [("deleted", call)] == round_()
    assert phone.entry(name_of(call)).description == "Vigtigt"
    round_(choices={call: choice})
    if choice == "mine":
        assert phone.names() == []
    else:
        assert row("SELECT note, deleted_at FROM task") == ("Vigtigt", None)
    at_rest(round_)


def test_given_to_somebody_else_it_leaves_the_calendar(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    tasks.change(me, call, None, assignee_id=a_colleague(me).user_id)
    assert round_() == [("removed", call)]
    assert phone.names() == []


def test_erased_from_the_trash_it_leaves_the_calendar_too(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    contacts.delete(me, int(value("SELECT contact_id FROM task")), None)
    trash.empty(me, str(trash.count(me)))
    round_()
    assert phone.names() == []
    assert rows("SELECT * FROM calendar_item") == []


# What is not ours, and what is broken -------------------------------------------------------------


def test_entries_of_others_are_left_alone(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    foreign = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T100000Z\r\n"
        "DTSTART:20261201T100000Z\r\nSUMMARY:Tandlæge\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    phone.put("a.ics", foreign.format(uid="tand-1"))
    phone.put("b.ics", foreign.format(uid=f"task-{call}@another.easir"))
    before = phone.raw("a.ics"), phone.raw("b.ics")
    assert round_() == [("sent", call)]
    at_rest(round_)
    assert (phone.raw("a.ics"), phone.raw("b.ics")) == before
    assert value("SELECT count(*) FROM task") == 1


def test_a_calendar_that_was_lost_from_sight_is_taken_up_again(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    """The data file is an old copy, or another calendar was named meanwhile: nothing is doubled or guessed."""
    round_()
    with writing():
        run("DELETE FROM calendar_item")
        run("DELETE FROM calendar_server")
    at_rest(round_)
    assert phone.names() == [name_of(call)]
    with writing():
        run("DELETE FROM calendar_item")
        run("UPDATE calendar_server SET token = 'http://radicale.org/ns/sync/unknown'")
    phone.change(name_of(call), description="Der")
    assert round_() == [("conflict", call)]


def test_a_repeated_entry_keeps_its_rule_and_its_exceptions(me: Me, phone: Phone, round_: Sync) -> None:
    task = tasks.plan(me, a_contact(me), "meeting", When(at=AT), minutes=30)
    round_()
    raw = phone.raw(name_of(task)).replace("END:VEVENT", "RRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT")
    start = raw.index("BEGIN:VEVENT")
    exception = raw[start : raw.index("END:VCALENDAR")].replace(
        "RRULE:FREQ=WEEKLY;COUNT=3", "RECURRENCE-ID;TZID=Europe/Copenhagen:20261208T100000"
    )
    phone.put(name_of(task), raw.replace("END:VCALENDAR", f"{exception}END:VCALENDAR"))
    tasks.change(me, task, None, note="Nyt")
    assert round_() == [("sent", task)]
    after = phone.raw(name_of(task))
    assert after.count("BEGIN:VEVENT") == 2
    assert "RRULE:FREQ=WEEKLY" in after
    assert after.count("RECURRENCE-ID") == 1
    at_rest(round_)


def test_what_cannot_be_read_is_said_and_left_alone(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    phone.put(name_of(call), re.sub("DUE.*\r\n", "", phone.raw(name_of(call))).replace("VTODO", "VJOURNAL"))
    raw = phone.raw(name_of(call))
    tasks.change(me, call, None, note="Nyt")
    assert round_() == [("refused", call)] == round_()
    assert phone.raw(name_of(call)) == raw
    assert value("SELECT note FROM task") == "Nyt"


def test_another_language_changes_nothing_there(me: Me, phone: Phone, round_: Sync, call: int) -> None:
    round_()
    before = phone.raw(name_of(call))
    language.activate("da")
    at_rest(round_)
    assert phone.raw(name_of(call)) == before
    contacts.change(me, int(value("SELECT contact_id FROM task")), None, last_name="Kjær")
    assert round_() == [("sent", call)]
    assert phone.entry(name_of(call)).title.endswith("Ole Kjær")


# Cut off -------------------------------------------------------------------------------------------


class Cut(Exception):
    """The process was killed."""


class Cutting:
    """A calendar whose process dies at the n-th request, before the server has it or right after."""

    def __init__(self, calendar: caldav.Calendar, at: int, after: bool) -> None:
        self._calendar, self._left, self._after = calendar, at, after
        self.kinds, self.url, self.href_of = calendar.kinds, calendar.url, calendar.href_of

    def _do(self, act: Callable[[], Any]) -> Any:
        self._left -= 1
        if self._left == 0 and not self._after:
            raise Cut
        done = act()
        if self._left == 0:
            raise Cut
        return done

    def changes(self, token: str) -> Any:
        return self._do(lambda: self._calendar.changes(token))

    def members(self, hrefs: Any) -> Any:
        return self._do(lambda: iter(list(self._calendar.members(hrefs))))

    def put(self, href: str, entries: Any, etag: Any) -> Any:
        return self._do(lambda: self._calendar.put(href, entries, etag))

    def delete(self, href: str, etag: str) -> Any:
        return self._do(lambda: self._calendar.delete(href, etag))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 7))
def test_cut_off_anywhere_and_begun_again_it_ends_the_same(
    me: Me, phone: Phone, round_: Sync, at: int, after: bool
) -> None:
    contact = a_contact(me)
    kept, moved, gone, there = (tasks.plan(me, contact, "call", When(at=AT + n), f"{n}") for n in range(4))
    round_()
    tasks.change(me, moved, None, note="Her")
    tasks.delete(me, gone)
    phone.change(name_of(there), description="Der")
    phone.change(name_of(moved), end=AT + 99)
    new = tasks.plan(me, contact, "call", When(at=AT + 9), "ny")
    with Dav(phone.url, USER, PASSWORD) as dav, contextlib.suppress(Cut):
        sync(me, Cutting(phone.calendar(dav), at, after))
    round_()
    at_rest(round_)
    assert phone.names() == sorted(map(name_of, (kept, moved, there, new)))
    assert {one: (phone.entry(name_of(one)).description, phone.entry(name_of(one)).end)
            for one in (kept, moved, there, new)} == {
        kept: ("0", AT), moved: ("Her", AT + 99), there: ("Der", AT + 3), new: ("ny", AT + 9),
    }  # fmt: skip
    assert rows("SELECT id, note, starts_at FROM task WHERE deleted_at IS NULL ORDER BY id") == [
        (kept, "0", AT), (moved, "Her", AT + 99), (there, "Der", AT + 3), (new, "ny", AT + 9),
    ]  # fmt: skip
