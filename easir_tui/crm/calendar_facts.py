"""What a task and its entry in a calendar have in common, and how two versions of it become one.

Three facts are kept in step: when it is, its note, and whether it is done. Each is compared with what both sides had
last; where only one side changed a fact, the other follows, and where both did, nobody guesses.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from easir_tui import clock, text
from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.clock import When
from easir_tui.language import N_, _

Choice = Literal["mine", "theirs"]

LONGEST_NOTE = 100_000
"""Characters; a longer text of a calendar is not taken over."""

FACTS: dict[str, str] = {"when": N_("When"), "note": N_("Note"), "done": N_("State")}


class Time(NamedTuple):
    """A start with or without an end (UTC epoch seconds), or a whole day (ISO), or nothing at all."""

    starts_at: int | None = None
    ends_at: int | None = None
    day: str | None = None


@dataclass(frozen=True)
class Merged:
    """What becomes of two versions: the facts taken over from the calendar, those sent to it, those in dispute."""

    taken: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()


def facts(entry: CalendarEntry) -> dict[str, Any]:
    """The facts of an entry. Of several days the first is the task's, for it has one."""
    return {"when": time_of(entry), "note": text.accept(entry.description), "done": is_done(entry)}


def time_of(entry: CalendarEntry) -> Time:
    """When a task with this entry is; a to-do that is only due starts then."""
    if entry.kind == "event" and entry.first_day:
        return Time(day=entry.first_day)
    if entry.last_day or entry.first_day:
        return Time(day=entry.last_day or entry.first_day)
    if entry.start is None:
        return Time(entry.end)
    return Time(entry.start, entry.end if entry.end != entry.start else None)


def is_done(entry: CalendarEntry) -> bool:
    """Whether a to-do is; an appointment never says so."""
    return entry.kind == "todo" and (entry.status == "completed" or (not entry.status and entry.done_at is not None))


def base(entry: CalendarEntry, label: str = "") -> dict[str, Any]:
    """What is kept of an entry to tell later what has changed in it: no text, only what tells two apart.

    `label` is what our own title says, in whatever language.
    """
    held = facts(entry)
    return {
        "when": list(held["when"]), "note": _digest(held["note"]), "done": held["done"], "kind": entry.kind,
        "title": _digest(label), "place": _digest(entry.place),
    }  # fmt: skip


def _digest(held: str) -> str:
    return sha256(held.encode()).hexdigest()[:32]


def merge(before: dict[str, Any], mine: CalendarEntry, theirs: CalendarEntry, choice: Choice | None) -> Merged:
    """What is to be done with each fact that differs; `before` is the `base` of both, empty where there is none.

    A calendar that no longer says when a task is has nothing to take over, for a task always has a time.
    """
    taken, sent, disputed = [], [], []
    ours, other = base(mine), base(theirs)
    for name in FACTS:
        if ours[name] == other[name] or (name == "done" and mine.kind != theirs.kind):
            continue
        if other[name] == before.get(name) or other[name] == list(Time()):
            sent.append(name)
        elif ours[name] == before.get(name):
            taken.append(name)
        elif choice is None:
            disputed.append(name)
        else:
            (sent if choice == "mine" else taken).append(name)
    return Merged(tuple(taken), tuple(sent), tuple(disputed))


def written(mine: CalendarEntry, theirs: CalendarEntry, sent: tuple[str, ...], own: tuple[str, ...]) -> CalendarEntry:
    """The calendar's entry with what is sent to it; everything else in it stays as it is there.

    `own` are `title` and `place`, where they have changed here since.
    """
    if mine.kind != theirs.kind:
        return replace(mine, sequence=max(mine.sequence, theirs.sequence + 1), last_modified=clock.now())
    new = replace(theirs, last_modified=clock.now())
    if "when" in sent:
        new = replace(new, start=mine.start, end=mine.end, zone=mine.zone, first_day=mine.first_day,
                      last_day=mine.last_day, sequence=max(mine.sequence, theirs.sequence + 1))  # fmt: skip
    if "note" in sent:
        new = replace(new, description=mine.description)
    if "done" in sent:
        new = replace(new, status=mine.status, done_at=mine.done_at)
    if "title" in own:
        new = replace(new, title=mine.title)
    if "place" in own:
        new = replace(new, place=mine.place)
    return replace(new, status=mine.status) if theirs.status == "cancelled" else new


def columns(entry: CalendarEntry, taken: tuple[str, ...], user_id: int, zone: str) -> dict[str, Any]:
    """The columns of a task that follow the calendar."""
    found: dict[str, Any] = {}
    if "when" in taken:
        time = time_of(entry)
        when = When(day=date.fromisoformat(time.day)) if time.day else When(at=time.starts_at)
        found |= {**time._asdict(), "sort_at": when.sort_at(clock.zone(zone))}
    if "note" in taken:
        found["note"] = text.accept(entry.description)
    if "done" in taken and is_done(entry):
        done_at = entry.done_at if entry.done_at is not None else clock.now()
        found |= {"status": "completed", "completed_at": done_at, "completed_by": user_id}
    elif "done" in taken:
        found |= {"status": "open", "completed_at": None, "completed_by": None, "activity_id": None}
    return found


def shown(name: str, entry: CalendarEntry, zone: str) -> str:
    """A fact of an entry as a person reads it."""
    if name == "note":
        return text.accept(entry.description)
    if name == "done":
        return _("completed") if is_done(entry) else _("open")
    time, clocks = time_of(entry), clock.zone(zone)
    if time.day:
        return " ".join(clock.short_day(date.fromisoformat(time.day), clocks).split())
    if time.starts_at is None:
        return _("no time")
    start = " ".join(clock.short_when(time.starts_at, clocks).split())
    return f"{start}–{clock.time(time.ends_at, clocks)}" if time.ends_at is not None else start
