"""The words of one row of the timeline: what an activity was about, what an event was, which days a period has."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from easir_tui import clock, text
from easir_tui.crm.activities import CALL_OUTCOMES
from easir_tui.crm.timeline import Happened
from easir_tui.language import N_, _
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import CHANNELS, CONSENTS, DIRECTIONS, EVENT_WORDS, EVENTS, KINDS, MAIL_STATES

SHORT = {("email", "in"): N_("in"), ("email", "out"): N_("out")}
"""E-mails, whose sign says what they are."""

SIGNED = frozenset({"note", "meeting", "email", "call", "letter", "consent", "undo"})


def about_activity(row: Happened) -> str:
    """What an activity was about, on one line."""
    parts = []
    if row.state in MAIL_STATES and row.state != "sent":
        parts.append(_(MAIL_STATES[row.state]))
    if row.minutes:
        parts.append(_("{n} min").format(n=row.minutes))
    if row.outcome and row.outcome != "reached":
        parts.append(_(CALL_OUTCOMES.get(row.outcome, row.outcome)))
    note = text.first_line(row.note)
    if row.kind != "note" and row.subject:
        parts.append(row.subject)
    if note and note not in parts:
        parts.append(note)
    if row.state != "sent" and row.said:
        parts.append(text.first_line(row.said))
    return " · ".join(parts)


def title_width() -> int:
    """Cells for what a row is: the longest title of this language, within reason."""
    titles = (*KINDS.values(), *EVENTS.values(), DIRECTIONS["call", "in"], DIRECTIONS["call", "out"])
    return max(8, min(10, max(text.cells(_(title)) for title in titles)))


def event_title(row: Happened) -> str:
    """One word for what an event was, not translated yet."""
    if row.kind in EVENTS and row.kind != "change":
        return EVENTS[row.kind]
    first = row.what.split(" ", 1)[0]
    return EVENT_WORDS.get(first, EVENTS["change"])


def about_event(row: Happened, ascii_only: bool = False) -> str:
    """What an event was, on one line: "phone: not asked → given"."""
    if row.consents:
        arrow = sign("arrow", ascii_only)
        return ", ".join(
            f"{_(CHANNELS.get(channel, channel)).lower()}: "
            f"{_(CONSENTS.get(before, before))} {arrow} {_(CONSENTS.get(after, after))}"
            for channel, before, after, _source in row.consents
        )
    return row.text[:1].upper() + row.text[1:]


def period_of(name: str, zone: ZoneInfo) -> tuple[int | None, int | None]:
    """The instants a period lies between, counted in the viewer's days."""
    if name == "all":
        return None, None
    today = clock.today(zone)
    if name == "older":
        return None, clock.instant(today - timedelta(days=365), 0, 0, zone)
    days = 0 if name == "today" else int(name)
    return clock.instant(today - timedelta(days=days), 0, 0, zone), None


def days_of(first: date | None, last: date | None, zone: ZoneInfo) -> tuple[int | None, int | None]:
    """The instants between the beginning of one day and the end of another, where the viewer is."""
    since = clock.instant(first, 0, 0, zone) if first else None
    until = clock.instant(last + timedelta(days=1), 0, 0, zone) if last else None
    return since, until


def short_day(day: date, this_year: int) -> str:
    """A day without its year when that is this one."""
    words = clock.date_short(day)
    return words.rsplit(" ", 1)[0] if day.year == this_year else words
