"""Planned and history: what is to come with a contact on top, and below it everything that happened, whatever
case it belongs to (V18), narrowed by period, activity source and case.

The same widget shows all contacts of an account, when it is told to read from `crm.account_timeline`; each row
then says with whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from easir_tui import clock, text
from easir_tui.crm import timeline
from easir_tui.crm.timeline import CaseChoice, Filter, Happened, History, Key, Planned
from easir_tui.crm.users import Me
from easir_tui.language import N_, _
from easir_tui.widgets.contact_head import short_name
from easir_tui.widgets.fields import Choice, OneRow
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column, RecordList, Row
from easir_tui.widgets.signs import sign
from easir_tui.widgets.timeline_rows import (
    SHORT,
    SIGNED,
    about_activity,
    about_event,
    days_of,
    event_title,
    period_of,
    short_day,
    title_width,
)
from easir_tui.widgets.words import DIRECTIONS, KINDS, MAIL_ROLES

PERIODS = (
    ("all", N_("all")),
    ("today", N_("today")),
    ("7", N_("7 days")),
    ("30", N_("30 days")),
    ("90", N_("90 days")),
    ("365", N_("12 months")),
    ("older", N_("before that")),
    ("days", N_("from … to …")),
)
"""How far back history goes; "before that" is what lies more than 12 months back, the last asks for two days."""

SOURCES = (
    ("all", N_("all")),
    ("note", N_("notes")),
    ("meeting", N_("meetings")),
    ("email", N_("e-mails")),
    ("call", N_("calls")),
    ("letter", N_("letters")),
    ("change", N_("changes")),
)
"""Activity sources."""

COMPACT_BELOW = 70
"""Width below which case and colleague share one column."""

MOST_KEPT = 2000
"""Rows of history that are read again at once when something changed."""

_BUCKETS = {"overdue": "bad", "today": "warn", "later": "info"}
_TASK, _ACTIVITY, _EVENT = 0, 1, 2


class Reader(Protocol):
    """Where a timeline is read from: the module of the rules that knows whose it is."""

    def planned(self, me: Me, owner_id: int, wanted: Filter | None, /) -> tuple[Planned, ...]:
        """The open tasks, the most urgent first."""
        ...

    def history(self, me: Me, owner_id: int, wanted: Filter | None, after: Key | None, size: int, /) -> History:
        """A page of what happened, newest first."""
        ...


class Timeline(Vertical):
    """Shows the first page it is given and reads the rest itself. Enter on a row posts `Timeline.Opened`.

    Args:
        read: where from; by default it is the timeline of one contact.
    """

    app = getters.app(Host)

    DEFAULT_CSS = """
    Timeline { height: 1fr; }
    Timeline > Horizontal { height: 1; }
    Timeline > Horizontal > Choice { width: 1fr; max-width: 28; margin-right: 1; }
    Timeline > RecordList { height: 1fr; }
    """

    class Opened(Message):
        """A row is to be read in full: `what` is `task`, `activity` or `event`."""

        def __init__(self, what: str, record_id: int) -> None:
            super().__init__()
            self.what = what
            self.record_id = record_id

    class AskDays(Message):
        """The first and the last day of a period are to be asked for; `between` takes them."""

    def __init__(self, id: str | None = None, read: Reader = timeline) -> None:
        super().__init__(id=id)
        self._reader = read
        self._contact_id = 0
        self._coming: int | None = None
        self._days: tuple[date | None, date | None] = (None, None)
        self._planned: tuple[Planned, ...] = ()
        self._happened: list[Happened] = []
        self._next: timeline.Key | None = None
        self._compact = True
        self._with_cases = True
        self._with_contacts = False
        self._generation = 0

    def compose(self) -> ComposeResult:
        """Filters, rows."""
        with Horizontal():
            yield Choice(labelled(_("period"), PERIODS), "all", title=_("Period"), id="period")
            yield Choice(labelled(_("source"), SOURCES), "all", title=_("Activity source"), id="source")
            yield Choice(self._case_choices(()), "all", title=_("Case"), id="case")
        yield RecordList(
            self._columns(),
            header=False,
            gap=1,
            empty=self._nothing(False),
            id="happened",
        )

    # -- what is asked of it --------------------------------------------------------------------------

    @property
    def list(self) -> RecordList:
        """The rows."""
        return self.query_one("#happened", RecordList)

    @property
    def filter(self) -> Filter:
        """What the three choices ask for."""
        period, source, case = (self.query_one(f"#{name}", Choice).value for name in ("period", "source", "case"))
        since, until = self.span(str(period))
        return Filter(since, until, str(source), case if case in ("all", "none") else int(case))

    def span(self, period: str) -> tuple[int | None, int | None]:
        """The instants between which a chosen period lies."""
        return days_of(*self._days, self.app.zone) if period == "days" else period_of(period, self.app.zone)

    def current(self) -> tuple[str, int] | None:
        """What is under the cursor: (`task`, `activity` or `event`, its id)."""
        row_id = self.list.current_id
        if row_id is None:
            return None
        return ("task", "activity", "event")[row_id % 3], row_id // 3

    def current_task(self) -> Planned | None:
        """The planned step under the cursor."""
        at = self.current()
        return next((task for task in self._planned if at == ("task", task.id)), None)

    def current_contact(self) -> int | None:
        """With whom the row under the cursor is, where that is told."""
        at = self.current()
        if at is None:
            return None
        if at[0] == "task":
            return next((task.contact_id or None for task in self._planned if task.id == at[1]), None)
        return next((row.contact_id or None for row in self._happened if (row.source, row.id) == at), None)

    def show(self, contact_id: int, planned: Sequence[Planned], history: History, cases: Sequence[CaseChoice]) -> None:
        """Show another contact from the top, unfiltered."""
        self._contact_id = contact_id
        self._generation += 1
        with self.prevent(OneRow.Changed):
            for name in ("period", "source", "case"):
                self.query_one(f"#{name}", Choice).value = "all"
        self._name_days(None, None)
        self.offer(cases)
        self._fill(planned, history)
        self.list.action_row_first()

    def offer(self, cases: Sequence[CaseChoice]) -> None:
        """The cases one can narrow by; the chosen one stays chosen."""
        choice = self.query_one("#case", Choice)
        made = self._case_choices(cases)
        if choice.choices != made:
            with self.prevent(OneRow.Changed):
                choice.set_choices(made)

    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return any(self.query_one(f"#{name}", Choice).value != "all" for name in ("period", "source", "case"))

    async def reload(self) -> None:
        """Read what is shown anew, as far down as it was read before; the cursor stays on its row."""
        wanted, contact_id = self.filter, self._contact_id
        self._generation += 1
        generation = self._generation
        size = min(max(timeline.PAGE_SIZE, len(self._happened)), MOST_KEPT)
        planned, history = await self.app.ask(self._read, contact_id, wanted, size)
        if generation == self._generation and self.is_attached:
            self._fill(planned, self._continued(history))

    async def put_on(self, activity_id: int) -> None:
        """Read anew, with the cursor on this activity if it is shown."""
        self._coming = activity_id * 3 + _ACTIVITY
        await self.reload()

    def _read(self, me: Me, owner_id: int, wanted: Filter, size: int) -> tuple[tuple[Planned, ...], History]:
        read = self._reader
        return read.planned(me, owner_id, wanted), read.history(me, owner_id, wanted, None, size)

    def _continued(self, history: History) -> History:
        """What was read anew, and below it what had been read before of a list longer than `MOST_KEPT`."""
        if len(self._happened) <= MOST_KEPT or not history.rows:
            return history
        last = history.rows[-1].key
        older = tuple(row for row in self._happened if row.key < last)
        return History(history.rows + older, self._next)

    def search(self) -> None:
        """Narrow: the first of the filters gets the focus."""
        self.query_one("#period", Choice).focus()

    # -- events ---------------------------------------------------------------------------------------

    async def on_one_row_changed(self, event: OneRow.Changed) -> None:
        """Another filter."""
        event.stop()
        if event.field.id == "period":
            self._name_days(None, None)
            if event.value == "days":
                self.post_message(self.AskDays())
                return
        await self._narrow()

    async def between(self, first: date | None, last: date | None) -> None:
        """Show what happened from the first day to the last, both included; None leaves that end open."""
        self._name_days(first, last)
        await self._narrow()

    async def _narrow(self) -> None:
        self._happened = []
        await self.reload()
        self.list.action_row_first()

    def _name_days(self, first: date | None, last: date | None) -> None:
        self._days = (first, last)
        title = _("from … to …")
        if first or last:
            this_year = clock.today(self.app.zone).year
            title = "–".join(short_day(day, this_year) if day else "…" for day in (first, last))
        choices = (*labelled(_("period"), PERIODS[:-1]), ("days", title))
        with self.prevent(OneRow.Changed):
            self.query_one("#period", Choice).set_choices(choices)

    async def on_record_list_reached_end(self, event: RecordList.ReachedEnd) -> None:
        """Read the next page."""
        event.stop()
        if self._next is None:
            return
        generation = self._generation
        page = await self.app.ask(self._reader.history, self._contact_id, self.filter, self._next, timeline.PAGE_SIZE)
        if generation == self._generation and self.is_attached:
            self._happened += page.rows
            self._next = page.next
            self.list.append([self._happened_row(row) for row in page.rows], more=page.next is not None)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter reads the row in full."""
        event.stop()
        at = self.current()
        if at is not None:
            self.post_message(self.Opened(*at))

    def on_resize(self, event: events.Resize) -> None:
        """Other columns when there is more room, or less."""
        compact = event.size.width < COMPACT_BELOW
        if compact != self._compact:
            self._compact = compact
            self._set_rows(other_columns=True)

    # -- rows -----------------------------------------------------------------------------------------

    def _fill(self, planned: Sequence[Planned], history: History) -> None:
        self._planned = tuple(planned)
        self._happened = list(history.rows)
        self._next = history.next
        self._set_rows()

    def _set_rows(self, other_columns: bool = False) -> None:
        with_cases = any(task.case_id for task in self._planned) or any(row.case_id for row in self._happened)
        with_contacts = any(task.contact for task in self._planned) or any(row.contact for row in self._happened)
        if other_columns or (with_cases, with_contacts) != (self._with_cases, self._with_contacts):
            self._with_cases, self._with_contacts = with_cases, with_contacts
            self.list.set_columns(self._columns())
        rows: list[Row] = []
        if self._planned:
            rows.append(Row.title(_("Planned")))
            rows += [self._planned_row(task) for task in self._planned]
        if self._happened:
            rows.append(Row.title(_("History")))
            rows += [self._happened_row(row) for row in self._happened]
        self.list.empty = self._nothing(self.is_filtered())
        there = self._coming is not None and any(row.id == self._coming for row in rows)
        self.list.set_rows(rows, more=self._next is not None, keep_id=self._coming if there else None)
        self._coming = None

    def _nothing(self, filtered: bool) -> str:
        if filtered:
            return _("Nothing of that kind. Press / and choose all.")
        return _("Nothing has happened yet. c records a call, n a note, p plans the first step.")

    def _columns(self) -> tuple[Column, ...]:
        head = Column(_("When and what"), width=21 + title_width())
        words = Column(_("What it was about"), min=12 if self._with_contacts else 10)
        whom = (Column(_("Contact"), width=14 if self._compact else 18),) if self._with_contacts else ()
        if self._compact:
            return head, *whom, words, Column(_("Case or who"), width=8, role="dim", drop=1)
        return (
            head,
            *whom,
            words,
            Column(_("Case"), width=14 if self._with_cases else 1, role="dim", drop=2),
            Column(_("Who"), width=8, role="dim", drop=1),
        )

    def _planned_row(self, task: Planned) -> Row:
        ascii_only = self.app.settings.ascii
        day = date.fromisoformat(task.day) if task.day else None
        bucket = clock.bucket(task.starts_at, day, self.app.zone)
        when = clock.short_day(day, self.app.zone) if day else clock.short_when(task.starts_at or 0, self.app.zone)
        head = f"{sign(bucket, ascii_only)} {when} {sign(task.type, ascii_only)} {_(KINDS[task.type])}"
        words = text.first_line(task.note)
        if bucket == "overdue":
            words = " · ".join(part for part in (_("overdue"), words) if part)
        return Row(
            task.id * 3 + _TASK,
            (head, *self._whom(task), words, *self._last(task.case_title, short_name(task.assignee), True)),
            role=_BUCKETS[bucket],
        )

    def _happened_row(self, row: Happened) -> Row:
        ascii_only = self.app.settings.ascii
        when = clock.short_when(row.at, self.app.zone)
        if row.source == "activity":
            title = SHORT.get((row.kind, row.direction)) or DIRECTIONS.get((row.kind, row.direction), KINDS[row.kind])
            words = about_activity(row)
            if row.files:
                words = f"{words}  {sign('files', ascii_only)}{row.files}".strip()
        else:
            title = event_title(row)
            words = about_event(row, ascii_only)
            if row.undone:
                words = _("{what} (undone)").format(what=words)
        head = f"  {when} {sign(row.kind if row.kind in SIGNED else 'change', ascii_only)} {_(title)}"
        if self._compact and row.case_title and row.source == "activity":
            words = f"{words} · {row.case_title}" if words else row.case_title
        role = "dim" if row.source == "event" else ""
        warned = MAIL_ROLES.get(row.state, role)
        return Row(
            row.id * 3 + (_ACTIVITY if row.source == "activity" else _EVENT),
            ((head, role), *self._whom(row), (words, warned), *self._last(row.case_title, short_name(row.who), False)),
        )

    def _whom(self, row: Planned | Happened) -> tuple[str, ...]:
        return (row.contact,) if self._with_contacts else ()

    def _last(self, case_title: str, who: str, planned: bool) -> tuple[str, ...]:
        if self._compact:
            return (case_title or who if planned else who,)
        return case_title, who

    def _case_choices(self, cases: Sequence[CaseChoice]) -> tuple[tuple[str, str], ...]:
        known = (
            ("all", _("case {name}").format(name=_("all"))),
            ("none", _("case {name}").format(name=_("none"))),
        )
        return known + tuple(
            (str(case.id), _("case {name}").format(name=text.cut(text.clean(case.title), 20))) for case in cases
        )


def labelled(word: str, choices: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Choices that say what they choose: "period all"."""
    return tuple((value, f"{word} {_(title)}") for value, title in choices)
