"""What others have saved since one last looked: the feed behind live screens.

SQLite says in microseconds whether another connection has committed; only then are the journal's new lines read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from easir_tui.data.sqlite import data_version, rows, value

AT_ONCE = 5000
"""Lines of the journal that are read in one look; what is left is news of the next one."""


@dataclass(frozen=True)
class Changes:
    """Which tables, contacts and rows were touched by what stands in the journal after line `since`, and by whom
    (`own`: by nobody but this user)."""

    tables: frozenset[str]
    contacts: frozenset[int]
    rows: frozenset[tuple[str, int]]
    users: frozenset[int]
    since: int = 0
    own: bool = False


@dataclass
class Feed:
    """Remembers how far one session has read; belongs to the reading thread."""

    user_id: int
    _last: int = field(default=-1)
    _version: int = field(default=-1)

    def news(self) -> Changes | None:
        """The changes since the last call; None when nothing was saved. The first call only begins."""
        version = data_version()
        if version == self._version:
            return None
        self._version = version
        if self._last < 0:
            self._last = int(value("SELECT coalesce(max(id), 0) FROM change"))
            return None
        found = rows(
            "SELECT c.id, c.entity, c.row_id, c.contact_id, e.user_id FROM change c JOIN event e ON e.id = c.event_id "
            "WHERE c.id > ? ORDER BY c.id LIMIT ?", self._last, AT_ONCE,
        )  # fmt: skip
        if not found:
            return None
        since, self._last = self._last, found[-1][0]
        if len(found) == AT_ONCE:
            self._version = -1
        users = frozenset(line[4] for line in found if line[4] is not None)
        return Changes(
            tables=frozenset(line[1] for line in found),
            contacts=frozenset(line[3] for line in found if line[3] is not None),
            rows=frozenset((line[1], line[2]) for line in found),
            users=users,
            since=since,
            own=users <= {self.user_id},
        )
