"""A person's tasks kept in step with their calendar on a server, in both directions.

Each round looks at what changed on either side since the last one, takes over what only the calendar changed, sends
what only we changed, and reports what both did. What is known of the server is written down with each step: the entity
tag and the facts that both sides had then. A round that is cut off anywhere is simply begun again: what was done is
found to be done. Entries that are not ours are never touched, and nothing is deleted here because it is gone there
until a person says so.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from easir_tui.channels.caldav import Changes, DavTrouble, Member, Overtaken
from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.crm import calendar_facts, trash
from easir_tui.crm.calendar_entries import TaskEntry, task_of, tasks_of
from easir_tui.crm.calendar_facts import FACTS, Choice, base
from easir_tui.crm.users import Me
from easir_tui.data.columns import as_json
from easir_tui.data.journal import step
from easir_tui.data.models import Task
from easir_tui.data.sqlite import row, rows, run, writing
from easir_tui.errors import Conflict, NotFound, Refused
from easir_tui.language import N_, _

WHAT: dict[str, str] = {
    "sent": N_("sent to the calendar"),
    "taken": N_("changed here as in the calendar"),
    "both": N_("changed here and in the calendar"),
    "removed": N_("removed from the calendar"),
    "dropped": N_("deleted here as in the calendar"),
    "conflict": N_("changed differently here and in the calendar"),
    "gone": N_("deleted in the calendar, still here"),
    "deleted": N_("deleted here, but changed in the calendar since"),
    "refused": N_("left alone"),
}
"""What became of a task in a round."""

OPEN = ("conflict", "gone", "deleted")
"""What a person has to settle."""

_TRIES = 3


class Server(Protocol):
    """A calendar on a server, as `channels.caldav.Calendar` is one."""

    kinds: frozenset[str]

    @property
    def url(self) -> str: ...
    def changes(self, token: str) -> Changes: ...
    def members(self, hrefs: Sequence[str]) -> Iterator[Member]: ...
    def href_of(self, uid: str) -> str: ...
    def put(self, href: str, entries: Sequence[CalendarEntry], etag: str | None) -> str: ...
    def delete(self, href: str, etag: str) -> None: ...


@dataclass(frozen=True)
class Difference:
    """A fact both sides changed, with both values as a person reads them."""

    field: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Line:
    """What became of one task; `what` is a key of `WHAT`, `reason` why it was left alone."""

    task_id: int
    title: str
    what: str
    differences: tuple[Difference, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """What is known of an entry on the server."""

    task_id: int | None
    uid: str
    href: str
    etag: str
    base: dict[str, Any]
    trouble: str


def sync(
    me: Me,
    server: Server,
    *,
    dry_run: bool = False,
    choices: Mapping[int, Choice] | None = None,
    report: Callable[[Line], None] = lambda line: None,
) -> list[Line]:
    """Bring this person's tasks and their calendar in step, and say what became of each that differed.

    Args:
        dry_run: only say what would be done.
        choices: task → whose version holds where both sides changed it, or where it was deleted on one side.
        report: told of each line as soon as it is done.

    Raises:
        DavTrouble: the server cannot be reached any more; what was done until then stands.
    """
    return _Round(me, server, dry_run, dict(choices or {}), report).run()


class _Round:
    """One pass over what differs."""

    def __init__(
        self, me: Me, server: Server, dry_run: bool, choices: dict[int, Choice], report: Callable[[Line], None]
    ) -> None:
        self._me = me
        self._server = server
        self._dry = dry_run
        self._choices = choices
        self._report = report
        self._lines: list[Line] = []
        self._tries: Counter[int] = Counter()

    def run(self) -> list[Line]:
        token = self._begin()
        changes = self._server.changes(token)
        items = {one.uid: one for one in self._items()}
        mine = {one.entry.uid: one for one in tasks_of(self._me) if one.entry.kind in self._server.kinds}
        there = self._fetched(changes, items, mine)
        gone = set(changes.gone)
        if changes.whole:
            gone |= {one.href for one in items.values()} - changes.changed.keys()
        for uid in dict.fromkeys((*mine, *items)):
            task, item, member = mine.get(uid), items.get(uid), there.get(uid)
            missing = item is not None and member is None and (item.href in gone or item.trouble == "gone")
            if task is None and item is not None:
                self._without_task(item, member, missing)
            elif task is not None and (missing or (member is not None and member.entries[0].status == "cancelled")):
                self._gone(task, item, member)
            elif task is not None and member is not None:
                self._both(task, item, member)
            elif task is not None and item is None and task.status == "open":
                self._send(task, {}, None, tuple(FACTS), ())
        if not self._dry:
            with writing():
                run("UPDATE calendar_server SET token = ? WHERE user_id = ?", changes.token, self._me.user_id)
        return self._lines

    # What is known ---------------------------------------------------------------------------------

    def _begin(self) -> str:
        """The token of the last round; what was known of another calendar is forgotten."""
        known = row("SELECT url, token FROM calendar_server WHERE user_id = ?", self._me.user_id)
        if known is not None and known[0] == self._server.url:
            return str(known[1])
        if not self._dry:
            with writing():
                run("DELETE FROM calendar_item WHERE user_id = ?", self._me.user_id)
                run("INSERT INTO calendar_server (user_id, url, token) VALUES (?, ?, '') ON CONFLICT (user_id) "
                    "DO UPDATE SET url = excluded.url, token = ''", self._me.user_id, self._server.url)  # fmt: skip
        return ""

    def _items(self) -> Iterator[_Item]:
        for task_id, uid, href, etag, held, trouble in rows(
            "SELECT i.task_id, i.uid, i.href, i.etag, i.base, i.trouble FROM calendar_item i "
            "JOIN calendar_server s ON s.user_id = i.user_id WHERE i.user_id = ? AND s.url = ? ORDER BY i.id",
            self._me.user_id, self._server.url,
        ):  # fmt: skip
            yield _Item(task_id, uid, href, etag, json.loads(held), trouble)

    def _fetched(
        self, changes: Changes, items: Mapping[str, _Item], mine: Mapping[str, TaskEntry]
    ) -> dict[str, Member]:
        """UID → what the calendar holds, of ours: what changed there, what changed here, and what is not settled."""
        known = {one.href: one.etag for one in items.values()}
        wanted = [href for href, etag in changes.changed.items() if not etag or known.get(href) != etag]
        for uid, item in items.items():
            task = mine.get(uid)
            if item.trouble or not item.etag or (task is not None and base(task.entry) != item.base):
                wanted.append(item.href)
        held = self._server.members([one for one in dict.fromkeys(wanted) if one not in set(changes.gone)])
        return {one.uid: _main_first(one) for one in held if one.entries and task_of(one.uid) is not None}

    def _remember(
        self, task_id: int | None, uid: str, href: str, etag: str, held: dict[str, Any], trouble: str
    ) -> None:
        run(
            "INSERT INTO calendar_item (user_id, task_id, uid, href, etag, base, trouble) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (user_id, uid) DO UPDATE SET task_id = excluded.task_id, href = excluded.href, "
            "etag = excluded.etag, base = excluded.base, trouble = excluded.trouble",
            self._me.user_id, task_id, uid, href, etag, as_json(held), trouble,
        )  # fmt: skip

    def _mark(self, uid: str, trouble: str) -> None:
        if not self._dry:
            with writing():
                run(
                    "UPDATE calendar_item SET trouble = ? WHERE user_id = ? AND uid = ?",
                    trouble, self._me.user_id, uid,
                )  # fmt: skip

    def _forget(self, uid: str) -> None:
        run("DELETE FROM calendar_item WHERE user_id = ? AND uid = ?", self._me.user_id, uid)

    def _say(
        self, task_id: int, entry: CalendarEntry | None, what: str, differences: Iterable[Difference] = (),
        reason: str = "",
    ) -> None:  # fmt: skip
        line = Line(task_id, entry.title if entry else "", what, tuple(differences), reason)
        self._lines.append(line)
        self._report(line)

    # What is done ----------------------------------------------------------------------------------

    def _both(self, task: TaskEntry, item: _Item | None, member: Member) -> None:
        """Both sides have it: take over, send, or report."""
        before, theirs = (item.base if item else {}), member.entries[0]
        if len(theirs.description) > calendar_facts.LONGEST_NOTE:
            self._say(task.task_id, task.entry, "refused", reason=_("Its text in the calendar is too long for a note."))
            return
        merged = calendar_facts.merge(before, task.entry, theirs, self._choices.get(task.task_id))
        settled = base(theirs) | {name: before.get(name) for name in (*merged.disputed, "title", "place")}
        if not self._dry and not self._take(task, item, member, merged.taken, settled, bool(merged.disputed)):
            return
        own = any(base(task.entry)[name] != before.get(name) for name in ("title", "place", "kind"))
        if item is None:  # the calendar has it already, and what it calls it there may stay
            own = task.entry.kind != theirs.kind
        if merged.disputed:
            self._say(task.task_id, task.entry, "conflict", self._differences(merged.disputed, task.entry, theirs))
        elif not merged.sent and not own:
            if merged.taken:
                self._say(task.task_id, task.entry, "taken")
            return
        if merged.sent or own:
            self._send(task, settled, member, merged.sent, merged.disputed, "both" if merged.taken else "sent")

    def _take(
        self, task: TaskEntry, item: _Item | None, member: Member, taken: tuple[str, ...], settled: dict[str, Any],
        disputed: bool,
    ) -> bool:  # fmt: skip
        """Change the task as the calendar was, and what is known of it, all or nothing; False where it was refused."""
        trouble = "conflict" if disputed else ""
        if item is None:
            settled |= {name: base(task.entry)[name] for name in ("title", "place")}
        if not taken:
            if item is None or (item.href, item.etag, item.base, item.trouble) != (
                member.href, member.etag, settled, trouble,
            ):  # fmt: skip
                with writing():
                    self._remember(task.task_id, task.entry.uid, member.href, member.etag, settled, trouble)
            return True
        changed = calendar_facts.columns(member.entries[0], taken, self._me.user_id, self._me.zone)
        try:
            with step(self._me, N_("changed a task in the calendar"), contact_id=task.contact_id) as work:
                work.change(Task, task.task_id, task.version, **changed)
                self._remember(task.task_id, task.entry.uid, member.href, member.etag, settled, trouble)
        except (Conflict, NotFound) as error:  # somebody was at it in the meantime: the next round sees both
            self._say(task.task_id, task.entry, "refused", reason=str(error))
            return False
        return True

    def _send(
        self, task: TaskEntry, before: dict[str, Any], member: Member | None, sent: tuple[str, ...],
        disputed: tuple[str, ...], what: str = "sent",
    ) -> None:  # fmt: skip
        """Write the entry to the server, over what was read there; somebody who was quicker is read and heard first."""
        if self._dry:
            if not disputed:
                self._say(task.task_id, task.entry, what)
            return
        entry, uid = task.entry, task.entry.uid
        rest: tuple[CalendarEntry, ...] = ()
        href, etag = self._server.href_of(uid), None
        if member is not None:
            entry = calendar_facts.written(before, task.entry, member.entries[0], sent)
            rest, href, etag = member.entries[1:], member.href, member.etag
        try:
            new = self._server.put(href, [entry, *rest], etag)
        except Overtaken:
            self._overtaken(task, href)
            return
        except DavTrouble as trouble:
            if trouble.status in (0, 401):
                raise
            self._say(task.task_id, task.entry, "refused", reason=trouble.sentence)
            return
        ours = base(task.entry)
        held = base(entry) | {name: before.get(name) for name in disputed}
        held |= {name: ours[name] for name in ("title", "place", "kind")}
        with writing():
            self._remember(task.task_id, uid, href, new, held, "conflict" if disputed else "")
        if not disputed:
            self._say(task.task_id, task.entry, what)

    def _overtaken(self, task: TaskEntry, href: str) -> None:
        """The entry is another one by now: one that is ours is begun with anew, unless it goes on changing."""
        for member in map(_main_first, self._server.members([href])):
            self._tries[task.task_id] += 1
            if member.uid == task.entry.uid and self._tries[task.task_id] < _TRIES:
                item = next((one for one in self._items() if one.uid == task.entry.uid), None)
                fresh = next((one for one in tasks_of(self._me) if one.task_id == task.task_id), None)
                if fresh is not None:
                    self._both(fresh, item, member)
                return
        self._say(task.task_id, task.entry, "refused", reason=_("It goes on changing; it is left for the next time."))

    def _gone(self, task: TaskEntry, item: _Item | None, member: Member | None) -> None:
        """The calendar has it no more, or calls it cancelled: nothing here is deleted until a person says so."""
        choice = self._choices.get(task.task_id)
        if choice == "mine":
            self._send(task, item.base if item else {}, member, tuple(FACTS), ())
        elif task.status != "open":
            if not self._dry:
                with writing():
                    self._forget(task.entry.uid)
        elif choice == "theirs":
            if not self._dry:
                with step(self._me, N_("deleted a task in the calendar"), contact_id=task.contact_id) as work:
                    work.remove(Task, task.task_id, task.version)
                    if member is None:
                        self._forget(task.entry.uid)
            self._say(task.task_id, task.entry, "dropped")
        else:
            if item is None and member is not None and not self._dry:
                with writing():
                    self._remember(task.task_id, member.uid, member.href, member.etag, base(member.entries[0]), "gone")
            self._mark(task.entry.uid, "gone")
            self._say(task.task_id, task.entry, "gone")

    def _without_task(self, item: _Item, member: Member | None, missing: bool) -> None:
        """It is deleted here, given to somebody else, or no longer to be seen: it leaves the calendar."""
        task_id = item.task_id or task_of(item.uid) or 0
        entry = member.entries[0] if member else None
        changed = entry is not None and any(base(entry)[name] != item.base.get(name) for name in FACTS)
        choice = self._choices.get(task_id)
        if changed and entry is not None and choice is None:
            self._mark(item.uid, "deleted")
            self._say(task_id, entry, "deleted", (
                Difference(name, "", calendar_facts.shown(name, entry, self._me.zone))
                for name in FACTS if base(entry)[name] != item.base.get(name)
            ))  # fmt: skip
            return
        if changed and member is not None and choice == "theirs":
            self._bring_back(task_id, item, member)
            return
        if self._dry:
            if not missing:
                self._say(task_id, entry, "removed")
            return
        if not missing:
            try:
                self._server.delete(item.href, member.etag if member else item.etag)
            except Overtaken:
                self._mark(item.uid, "deleted")
                return
            self._say(task_id, entry, "removed")
        with writing():
            self._forget(item.uid)

    def _bring_back(self, task_id: int, item: _Item, member: Member) -> None:
        try:
            if not self._dry:
                trash.restore(self._me, "task", task_id)
        except Refused as error:
            self._say(task_id, member.entries[0], "refused", reason=str(error))
            return
        task = next((one for one in tasks_of(self._me) if one.task_id == task_id), None)
        if task is not None:
            self._both(task, item, member)

    def _differences(self, disputed: Iterable[str], mine: CalendarEntry, theirs: CalendarEntry) -> Iterator[Difference]:
        for name in disputed:
            both = (calendar_facts.shown(name, one, self._me.zone) for one in (mine, theirs))
            yield Difference(name, *both)


def _main_first(member: Member) -> Member:
    """The entry itself before those that stand for single occurrences of it."""
    return Member(member.href, member.etag, tuple(sorted(member.entries, key=lambda one: bool(one.instance))))
