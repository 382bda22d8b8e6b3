"""The first screen: what is overdue and due today, leads with their clocks, cases nobody plans anything for, and
the contacts seen last. One list; Enter opens what a row is, and the five actions work from any row of a contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui import clock, phones, text
from easir_tui.commands import Command, everywhere, lists, tasks_and_cases
from easir_tui.commands import contact_page as keys
from easir_tui.crm import tasks, today
from easir_tui.crm.case_list import ListedCase
from easir_tui.crm.guests import OwedMeeting
from easir_tui.crm.lead_list import STATUSES as LEAD_STATUSES
from easir_tui.crm.lead_list import LeadRow
from easir_tui.crm.seen import SeenContact
from easir_tui.crm.tasks import TYPES, TaskRow
from easir_tui.crm.today import Today
from easir_tui.crm.unsent import OutMail
from easir_tui.errors import Refused
from easir_tui.language import _, money, ngettext, number
from easir_tui.screens import task_acts
from easir_tui.screens.five_actions import FiveActions
from easir_tui.screens.tasks import ROLES
from easir_tui.widgets.content import Part, line
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.record_list import Cell, Column, RecordList, Row
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import MAIL_ROLES, MAIL_STATES, STATUSES

Thing = TaskRow | LeadRow | OutMail | OwedMeeting | ListedCase | SeenContact
"""What a row of the day may be."""

_KINDS: tuple[type[Thing], ...] = (TaskRow, LeadRow, OutMail, OwedMeeting, ListedCase, SeenContact)
_SPAN = 10**12
_TABLES = frozenset({"task", "lead", "sales_case", "contact", "account", "activity", "membership", "mail"})


def row_id(thing: Thing) -> int:
    """One number for a record of any kind, so that the cursor stays on it."""
    return _KINDS.index(type(thing)) * _SPAN + thing.id


class TodayScreen(FiveActions):
    """What matters now, the most urgent first."""

    PLACE = "today"
    CSS_PATH = "today.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        everywhere.GO,
        *keys.ACTIVITIES,
        replace(keys.COMPLETE, footer=True),
        replace(keys.SNOOZE, footer=True),
        keys.PLAN,
        replace(tasks_and_cases.CONTACT, footer=True),
        *lists.MOVES,
    )

    app = getters.app(Host)
    rows = getters.query_one("#day", RecordList)

    def __init__(self) -> None:
        super().__init__()
        self.things: dict[int, Thing] = {}

    def compose_body(self) -> ComposeResult:
        """The day in one line, and the list."""
        yield Static(id="day-head")
        yield RecordList(
            (
                Column("", width=1),
                Column(_("When"), width=16),
                Column(_("What"), min=32, share=3),
                Column(_("Contact"), min=20, share=2),
                Column(_("Company"), min=14, role="dim", drop=1),
                Column(_("More"), min=14, share=2, role="dim", drop=2),
            ),
            empty=_(
                "Nothing waits for you.\n\np on a contact plans a next step, and it stands here on its day.\n"
                "g c  contacts    g s  cases    ?  every key of this screen"
            ),
            header=False,
            id="day",
        )

    async def on_mount(self) -> None:
        """Read the day, and put the cursor on what is most urgent."""
        self.rows.focus()
        await self.read()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Today")

    async def read(self) -> None:
        """Show the day as it is now; the cursor stays on its record."""
        day = await self.app.ask(today.load)
        if not self.is_attached:
            return
        lines = list(self._rows(day))
        self.rows.set_rows(lines)
        self.query_one("#day-head", Static).update(line(*self._head(day)))
        self.refresh_commands()

    async def changed(self, changes: Changes) -> None:
        """Something of the day was saved."""
        if changes.tables & _TABLES:
            await self.read()

    async def catch_up_seen(self) -> None:
        """What was looked at meanwhile stands among what was seen last."""
        await self.read()

    def _resumed(self) -> None:
        super()._resumed()
        self.perform(self.catch_up_seen)

    # -- what is shown ----------------------------------------------------------------------------------

    def _head(self, day: Today) -> list[Part]:
        date = clock.date_long(clock.today(self.app.zone))
        parts: list[Part] = [(date[:1].upper() + date[1:], "title")]
        counts = day.counts
        waits = ngettext("{count} lead waits", "{count} leads wait", day.leads_waiting)
        for count, words, role in (
            (counts.overdue, _("{count} overdue"), "bad"), (counts.today, _("{count} today"), "warn"),
            (day.leads_waiting, waits, "accent"),
        ):  # fmt: skip
            if count:
                parts += [("  ·  ", "dim"), (words.format(count=number(count)), role)]
        return parts

    def _rows(self, day: Today) -> Iterator[Row]:
        self.things = {}
        sections: tuple[tuple[str, int, tuple[Thing, ...]], ...] = (
            (_("Leads"), day.leads_waiting, day.leads),
            (_("Leads to answer"), len(day.unanswered), day.unanswered),
            (_("Guests to be told"), len(day.to_tell), day.to_tell),
            (_("E-mails not sent"), len(day.unsent), day.unsent),
            (_("Overdue"), day.counts.overdue, day.overdue),
            (_("Today"), day.counts.today, day.today),
            (_("Cases with no next step"), day.no_step_count, day.no_step),
            (_("Seen last"), len(day.seen), day.seen),
        )
        first = True
        for title, count, things in sections:
            if not things:
                continue
            if not first:
                yield Row(0, ("",), heading=True)
            first = False
            shown = number(count) if count <= len(things) else _("{shown} of {total}").format(
                shown=number(len(things)), total=number(count)
            )  # fmt: skip
            yield Row.title(f"{title}  {shown}")
            for thing in things:
                self.things[row_id(thing)] = thing
                yield self._row(thing)

    def _row(self, thing: Thing) -> Row:
        match thing:
            case TaskRow():
                cells = self._task_cells(thing)
            case LeadRow():
                cells = self._lead_cells(thing)
            case OutMail():
                cells = self._mail_cells(thing)
            case OwedMeeting():
                cells = self._meeting_cells(thing)
            case ListedCase():
                cells = self._case_cells(thing)
            case _:
                cells = self._seen_cells(thing)
        return Row(row_id(thing), cells)

    def _task_cells(self, task: TaskRow) -> tuple[Cell, ...]:
        role, when = ROLES[task.bucket], task.when
        zone = self.app.zone
        shown = clock.short_day(when.day, zone) if when.day else clock.short_when(when.at or 0, zone)
        ascii_only = self.app.settings.ascii
        longest = max(text.cells(_(title)) for title in TYPES.values())
        kind = f"{sign(task.type, ascii_only)} {text.pad(_(TYPES[task.type]), longest)}"
        note = text.first_line(task.note)
        return (
            (sign(task.bucket, ascii_only), role), (shown, role),
            (f"{kind}  {note}" if note else kind, "strong"), task.contact_name, task.account_name, task.case_title,
        )  # fmt: skip

    def _lead_cells(self, lead: LeadRow) -> tuple[Cell, ...]:
        role = "bad" if lead.late or lead.status == "escalated" else "accent"
        mark = sign("overdue" if role == "bad" else "status", self.app.settings.ascii)
        until = "" if lead.until is None else clock.short_when(lead.until, self.app.zone)
        about = " · ".join(filter(None, (lead.product, text.first_line(lead.interest)))) or lead.type or lead.source
        return (
            (mark, role), (until, role), (about, "strong"), lead.name or lead.email or lead.phone,
            lead.company, " · ".join((_(LEAD_STATUSES[lead.status]), *filter(None, (lead.source, lead.team)))),
        )  # fmt: skip

    def _mail_cells(self, mail: OutMail) -> tuple[Cell, ...]:
        role = MAIL_ROLES[mail.state]
        state, subject = _(MAIL_STATES[mail.state]), mail.subject or _("no subject")
        return (
            (sign("email", self.app.settings.ascii), role), (clock.short_when(mail.at, self.app.zone), role),
            (f"{state}: {subject}", "strong"), mail.contact, mail.company,
            text.first_line(mail.said),
        )  # fmt: skip

    def _meeting_cells(self, meeting: OwedMeeting) -> tuple[Cell, ...]:
        zone = self.app.zone
        when = clock.short_when(meeting.starts_at, zone) if meeting.starts_at else ""
        if meeting.day:
            when = clock.short_day(date.fromisoformat(meeting.day), zone)
        said = _("is off: {title}") if meeting.owed == "cancel" else _("has been changed: {title}")
        guests = ngettext("{count} guest", "{count} guests", meeting.guests).format(count=number(meeting.guests))
        return (
            (sign("meeting", self.app.settings.ascii), "warn"), (when, "warn"),
            (said.format(title=meeting.title), "strong"), meeting.contact, meeting.company, guests,
        )  # fmt: skip

    def _case_cells(self, case: ListedCase) -> tuple[Cell, ...]:
        last = case.last_activity_at
        when = clock.short_day(clock.local(last, self.app.zone).date(), self.app.zone) if last else ""
        worth = money(case.value, case.currency) if case.value is not None else ""
        return (
            (sign("not_asked", self.app.settings.ascii), ""), (when, "dim"), (case.title, "strong"),
            case.contact_name, case.company, " · ".join(filter(None, (case.milestone, worth))),
        )  # fmt: skip

    def _seen_cells(self, contact: SeenContact) -> tuple[Cell, ...]:
        return (
            (sign("status", self.app.settings.ascii), "dim"), (clock.short_when(contact.at, self.app.zone), "dim"),
            (contact.name, "strong"), phones.pretty(contact.phone), contact.company, _(STATUSES[contact.status]),
        )  # fmt: skip

    # -- what is done -----------------------------------------------------------------------------------

    @property
    def thing(self) -> Thing:
        """What the cursor is on.

        Raises:
            Refused: there is nothing.
        """
        found = self.things.get(self.rows.current_id or -1) if self.rows.current_id is not None else None
        if found is None:
            raise Refused(_("There is nothing under the cursor."))
        return found

    async def about(self) -> tuple[int, int | None]:
        """The contact of the row, and its case."""
        thing = self.thing
        match thing:
            case TaskRow():
                return thing.contact_id, thing.case_id
            case OutMail() | OwedMeeting():
                return thing.contact_id, None
            case ListedCase():
                return thing.contact_id, thing.id
            case SeenContact():
                return thing.id, None
        if thing.contact_id is None:
            raise Refused(_("This lead is nobody's contact yet."), _("Enter opens it; a accepts it."))
        return thing.contact_id, thing.case_id

    @on(RecordList.Opened, "#day")
    def opened(self) -> None:
        """Enter on a row."""
        self.perform(self._open)

    async def _open(self) -> None:
        thing = self.thing
        match thing:
            case TaskRow():
                await self.app.open("contact", contact_id=thing.contact_id)
            case OutMail():
                from easir_tui.screens.reading_mail import read_activity

                await read_activity(self.app, thing.activity_id)
            case OwedMeeting():
                await task_acts.tell_guests(self.app, thing.id)
                await self.read()
            case ListedCase():
                await self.app.open("case", case_id=thing.id)
            case SeenContact():
                await self.app.open("contact", contact_id=thing.id)
            case LeadRow():
                await self.app.open("lead", lead_id=thing.id)

    async def action_contact(self) -> None:
        """Open the contact of the row."""
        await self.app.open("contact", contact_id=(await self.about())[0])

    async def _task_here(self) -> TaskRow:
        thing = self.thing
        if not isinstance(thing, TaskRow):
            raise Refused(_("Put the cursor on a task first."))
        return await self.app.ask(tasks.one, thing.id)

    async def action_complete(self) -> None:
        """Complete the task under the cursor."""
        await task_acts.complete(self.app, await self._task_here())

    async def action_snooze(self) -> None:
        """Move the task under the cursor to later."""
        await task_acts.snooze(self.app, await self._task_here())
