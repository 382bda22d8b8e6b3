"""A person's tasks kept in step with their calendar on a server, in both directions.

Each round looks at what changed on either side since the last one, takes over what only the calendar changed, sends
what only we changed, and reports what both did. What is known of the server is written down with each step: the entity
tag and the facts that both sides had then. A round that is cut off anywhere is simply begun again: what was done is
found to be done. Entries that are not ours are never touched, and nothing is deleted here because it is gone there
until a person says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from easir_tui.channels.caldav import Changes, DavTrouble, Member, Overtaken
from easir_tui.channels.calendar_entry import CalendarEntry
from easir_tui.crm import calendar_facts, trash
from easir_tui.crm.calendar_entries import TaskEntry, task_of, tasks_of
from easir_tui.crm.calendar_facts import FACTS, Choice, Merged, base
from easir_tui.crm.calendar_known import Item, Known
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Task
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

OWN = ("title", "place")
"""What is only sent: a title says whom a task is with, and that is not changed in a calendar."""

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
        self._known = Known(me.user_id, server.url, dry_run)
        self._lines: list[Line] = []
        self._tries: Counter[int] = Counter()
        self._unreadable: set[str] = set()

    def run(self) -> list[Line]:
        changes = self._server.changes(self._known.begin())
        items = {one.uid: one for one in self._known.items()}
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
            elif task is not None and item is not None and item.href in self._unreadable:
                self._known.mark(uid, "conflict")
                self._say(task, "refused", reason=_("What the calendar has of it cannot be read."))
            elif task is not None and item is None and task.status == "open":
                self._send(task, None, (), tuple(FACTS), Merged())
        self._known.end(changes.token)
        return self._lines

    def _fetched(self, changes: Changes, items: Mapping[str, Item], mine: Mapping[str, TaskEntry]) -> dict[str, Member]:
        """UID → what the calendar holds, of ours: what changed there, what changed here, and what is not settled."""
        tags = {one.href: one.etag for one in items.values()}
        wanted = [href for href, etag in changes.changed.items() if not etag or tags.get(href) != etag]
        for uid, item in items.items():
            task = mine.get(uid)
            if item.trouble or not item.etag or (task is not None and _ours(task) != item.base):
                wanted.append(item.href)
        gone = set(changes.gone)
        held = list(self._server.members([one for one in dict.fromkeys(wanted) if one not in gone]))
        self._unreadable = {one.href for one in held if not one.entries}
        return {one.uid: _main_first(one) for one in held if one.entries and task_of(one.uid) is not None}

    def _say(
        self, about: TaskEntry | Item, what: str, differences: Iterable[Difference] = (), reason: str = "",
        title: str = "",
    ) -> None:  # fmt: skip
        task_id = about.task_id or (task_of(about.uid) if isinstance(about, Item) else 0) or 0
        title = about.entry.title if isinstance(about, TaskEntry) else title
        line = Line(task_id, title, what, tuple(differences), reason)
        self._lines.append(line)
        self._report(line)

    # Both sides have it ----------------------------------------------------------------------------

    def _both(self, task: TaskEntry, item: Item | None, member: Member) -> None:
        """Take over what changed there, send what changed here, report what changed on both sides."""
        theirs, ours = member.entries[0], _ours(task)
        before = item.base if item else {}
        if len(theirs.description) > calendar_facts.LONGEST_NOTE:
            self._known.mark(member.uid, "conflict")
            self._say(task, "refused", reason=_("Its text in the calendar is too long for a note."))
            return
        merged = calendar_facts.merge(before, task.entry, theirs, self._choices.get(task.task_id))
        # An entry that is there already when we first see it may keep what it is called there.
        own = tuple(name for name in OWN if item is not None and ours[name] != before.get(name))
        if not self._take(task, item, member, merged):
            return
        if merged.disputed:
            self._say(task, "conflict", self._differences(merged.disputed, task.entry, theirs))
        if merged.sent or own or task.entry.kind != theirs.kind:
            self._send(task, member, own, merged.sent, merged, before)
        elif merged.taken and not merged.disputed:
            self._say(task, "taken")

    def _take(self, task: TaskEntry, item: Item | None, member: Member, merged: Merged) -> bool:
        """Change the task as the calendar was, and write down what is known, all or nothing; False if refused."""
        before = item.base if item else {name: _ours(task)[name] for name in OWN}
        settled = base(member.entries[0]) | {name: before.get(name) for name in (*merged.disputed, *OWN)}
        trouble = "conflict" if merged.disputed else ""
        now_known = Item(task.task_id, member.uid, member.href, member.etag, settled, trouble)
        if self._dry:
            return True
        if not merged.taken:
            if item != now_known:
                self._known.remember(now_known)
            return True
        changed = calendar_facts.columns(member.entries[0], merged.taken, self._me.user_id, self._me.zone)
        try:
            with step(self._me, N_("changed a task in the calendar"), contact_id=task.contact_id) as work:
                work.change(Task, task.task_id, task.version, **changed)
                self._known.remember(now_known)
        except (Conflict, NotFound) as error:  # somebody was at it in the meantime: the next round sees both
            self._say(task, "refused", reason=str(error))
            return False
        return True

    def _differences(self, disputed: Iterable[str], mine: CalendarEntry, theirs: CalendarEntry) -> Iterator[Difference]:
        for name in disputed:
            both = (calendar_facts.shown(name, one, self._me.zone) for one in (mine, theirs))
            yield Difference(name, *both)

    # It goes there ---------------------------------------------------------------------------------

    def _send(
        self, task: TaskEntry, member: Member | None, own: tuple[str, ...], sent: tuple[str, ...], merged: Merged,
        before: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Write the entry to the server, over what was read there; somebody who was quicker is heard first."""
        entry = task.entry
        rest: tuple[CalendarEntry, ...] = ()
        href, etag = self._server.href_of(entry.uid), None
        if member is not None:
            entry, rest = calendar_facts.written(task.entry, member.entries[0], sent, own), member.entries[1:]
            href, etag = member.href, member.etag
        if not self._dry:
            try:
                new = self._server.put(href, [entry, *rest], etag)
            except Overtaken:
                self._overtaken(task, href)
                return
            except DavTrouble as trouble:
                self._refused(task, trouble)
                return
            held = base(entry) | {name: (before or {}).get(name) for name in merged.disputed}
            held |= {name: _ours(task)[name] for name in OWN}
            trouble_left = "conflict" if merged.disputed else ""
            self._known.remember(Item(task.task_id, entry.uid, href, new, held, trouble_left))
        if not merged.disputed:
            self._say(task, "both" if merged.taken else "sent")

    def _refused(self, about: TaskEntry | Item, trouble: DavTrouble) -> None:
        """The server took the one, not the other; of a server that is away or knows us no more there is no other."""
        if trouble.status in (0, 401):
            raise trouble
        self._say(about, "refused", reason=trouble.sentence)

    def _overtaken(self, task: TaskEntry, href: str) -> None:
        """The entry is another one by now: one that is ours is begun with anew, unless it goes on changing."""
        self._tries[task.task_id] += 1
        for member in map(_main_first, self._server.members([href])):
            if member.uid == task.entry.uid and self._tries[task.task_id] < _TRIES:
                item = next((one for one in self._known.items() if one.uid == task.entry.uid), None)
                fresh = next((one for one in tasks_of(self._me) if one.task_id == task.task_id), None)
                if fresh is not None:
                    self._both(fresh, item, member)
                return
        self._say(task, "refused", reason=_("It goes on changing; it is left for the next time."))

    # One side has it no more -----------------------------------------------------------------------

    def _gone(self, task: TaskEntry, item: Item | None, member: Member | None) -> None:
        """The calendar has it no more, or calls it cancelled: nothing here is deleted until a person says so."""
        choice = self._choices.get(task.task_id)
        if choice == "mine":
            self._send(task, member, (), tuple(FACTS), Merged())
        elif task.status != "open":
            self._known.forget(task.entry.uid)
        elif choice == "theirs":
            if not self._dry:
                with step(self._me, N_("deleted a task in the calendar"), contact_id=task.contact_id) as work:
                    work.remove(Task, task.task_id, task.version)
                    if member is None:
                        self._known.forget(task.entry.uid)
            self._say(task, "dropped")
        else:
            if item is None and member is not None:
                held = base(member.entries[0], task.label)
                self._known.remember(Item(task.task_id, member.uid, member.href, member.etag, held, "gone"))
            self._known.mark(task.entry.uid, "gone")
            self._say(task, "gone")

    def _without_task(self, item: Item, member: Member | None, missing: bool) -> None:
        """It is deleted here, given to somebody else, or no longer to be seen: it leaves the calendar."""
        entry = member.entries[0] if member else None
        title = entry.title if entry else ""
        changed = [name for name in FACTS if entry and base(entry)[name] != item.base.get(name)]
        choice = self._choices.get(item.task_id or task_of(item.uid) or 0)
        if changed and entry is not None and member is not None and choice != "mine":
            if choice == "theirs":
                self._bring_back(item, member)
                return
            self._known.mark(item.uid, "deleted")
            shown = ((name, calendar_facts.shown(name, entry, self._me.zone)) for name in changed)
            self._say(item, "deleted", (Difference(name, "", held) for name, held in shown), title=title)
            return
        if missing:
            self._known.forget(item.uid)
            return
        if not self._dry:
            try:
                self._server.delete(item.href, member.etag if member else item.etag)
            except Overtaken:  # changed there a moment ago: the next round sees how
                self._known.mark(item.uid, "deleted")
                return
            except DavTrouble as trouble:
                self._refused(item, trouble)
                return
            self._known.forget(item.uid)
        self._say(item, "removed", title=title)

    def _bring_back(self, item: Item, member: Member) -> None:
        """Take the task out of the trash, as the calendar has it now."""
        task_id = item.task_id or task_of(item.uid) or 0
        try:
            if not self._dry:
                trash.restore(self._me, "task", task_id)
        except Refused as error:
            self._say(item, "refused", reason=str(error), title=member.entries[0].title)
            return
        task = next((one for one in tasks_of(self._me) if one.task_id == task_id), None)
        if task is not None:
            self._both(task, item, member)


def _ours(task: TaskEntry) -> dict[str, Any]:
    return base(task.entry, task.label)


def _main_first(member: Member) -> Member:
    """The entry itself before those that stand for single occurrences of it."""
    return Member(member.href, member.etag, tuple(sorted(member.entries, key=lambda one: bool(one.instance))))
