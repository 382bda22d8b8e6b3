"""A list of records of any length, drawn line by line.

Only the pages around the cursor are held; a move of the cursor repaints two lines. Rows come from a `Source`
(a page at a time), or, for bounded and growing lists such as a timeline, from `set_rows` and `append`.

    RecordList(columns=(Column(_("Name")),), source=source, empty=_("No contacts yet. Press N …"), id="contacts")
    RecordList(columns, empty="…", marks=False)          # then .set_rows(rows, more=True) and .append(rows)

The keys are commands of the screen (`lists.MOVES`, `lists.MARKS`), which call the `action_row_…` methods here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from textual import events, getters
from textual.cache import LRUCache
from textual.geometry import Offset, Size
from textual.message import Message

from easir_tui.data.database import Superseded
from easir_tui.errors import Refused
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_view import RecordView
from easir_tui.widgets.rows import GAP, Cell, Column, Row, Source

__all__ = ["Cell", "Column", "RecordList", "Row", "Source"]

PAGE = 100
"""Rows asked for at a time."""

PAGES_HELD = 12
"""Pages kept; the oldest is forgotten first, so that memory does not grow with the list."""

MARK_LIMIT = 100_000
"""Most rows that can be marked at once."""


class ListMessage(Message):
    """Something happened in a list; `control` lets `@on(RecordList.Opened, "#contacts")` name it."""

    def __init__(self, record_list: RecordList) -> None:
        super().__init__()
        self.record_list = record_list

    @property
    def control(self) -> RecordList:
        """The list."""
        return self.record_list


class RecordList(RecordView):
    """See the module. `total` and `capped` say how many rows there are, `cursor` which one is current."""

    app = getters.app(Host)

    class Opened(ListMessage):
        """Enter, or a double click, on a row."""

        def __init__(self, record_list: RecordList, row: Row) -> None:
            super().__init__(record_list)
            self.row = row
            self.id = row.id

    class Moved(ListMessage):
        """Another row is under the cursor; `id` is None when there is none."""

        def __init__(self, record_list: RecordList, row_id: int | None) -> None:
            super().__init__(record_list)
            self.id = row_id

        def can_replace(self, message: Message) -> bool:
            """Only the newest of several moves matters."""
            return isinstance(message, RecordList.Moved) and message.record_list is self.record_list

    class Marked(ListMessage):
        """The set of marked rows changed."""

        def __init__(self, record_list: RecordList, count: int) -> None:
            super().__init__(record_list)
            self.count = count

    class Loaded(ListMessage):
        """A new count is known: `total` rows, `capped` when counting stopped there."""

        def __init__(self, record_list: RecordList, total: int, capped: bool) -> None:
            super().__init__(record_list)
            self.total = total
            self.capped = capped

    class ReachedEnd(ListMessage):
        """The cursor or the window came near the last row of a growing list: time to `append` more."""

    def __init__(
        self,
        columns: Sequence[Column],
        source: Source | None = None,
        *,
        empty: str = "",
        marks: bool = False,
        header: bool = True,
        gap: int = GAP,
        lit: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(columns, empty=empty, marks=marks, header=header, gap=gap, lit=lit, id=id, classes=classes)
        self._source = source
        self._pages: LRUCache[int, list[Row]] = LRUCache(PAGES_HELD)
        self._held: list[Row] = []
        self._more = False
        self._asked_for_more = False
        self._loading: dict[int, asyncio.Task[None]] = {}
        self._generation = 0
        self._counted = source is None
        self._current: int | None = None

    # -- what is asked of it --------------------------------------------------------------------------

    @property
    def current_row(self) -> Row | None:
        """The row under the cursor, if it is known yet."""
        return self._row(self.cursor)

    @property
    def current_id(self) -> int | None:
        """The id of the row under the cursor."""
        row = self.current_row
        return row.id if row is not None and not row.heading else None

    @property
    def marked_ids(self) -> frozenset[int]:
        """The marked records, shown or not."""
        return frozenset(self._marked)

    def clear_marks(self) -> None:
        """Mark nothing."""
        self._set_marks(set())

    def rows(self) -> list[Row]:
        """All rows of a list that was given its rows; the loaded ones otherwise."""
        if self._source is None:
            return list(self._held)
        return [row for number in sorted(self._pages.keys()) for row in self._pages[number]]

    async def set_source(self, source: Source, keep_id: int | None = None) -> None:
        """Show other rows: a new filter or order. The cursor goes to the top, or to `keep_id`."""
        self._source = source
        if keep_id is None:
            self._forget()
            self.cursor = 0
            self._current = None
            self.scroll_to(y=0, animate=False)
        await self.reload(keep_id)

    async def reload(self, keep_id: int | None = None) -> None:
        """Read count and rows anew; the cursor stays on the same record, on the same line of the window.

        Marks of records stay, also of those that the filter no longer shows.
        """
        source = self._source
        if source is None:
            self.refresh()
            return
        wanted = keep_id if keep_id is not None else (self.current_id or self._current)
        before = self.cursor
        self._generation += 1
        generation = self._generation
        total, capped = await source.count()
        position = getattr(source, "position", None)
        place: int | None = None
        if wanted is not None and position is not None:
            place = await position(wanted)
        pages: dict[int, list[Row]] = {}
        target = max(0, min(before if place is None else place, total - 1))
        for number in self._numbers_around(target):
            if number * PAGE < total or number == 0:
                pages[number] = await source.page(number * PAGE, PAGE)
        if generation != self._generation or not self.is_attached:
            return
        if place is None and wanted is not None:
            place = next(
                (n * PAGE + i for n, page in pages.items() for i, row in enumerate(page) if row.id == wanted), None
            )
        self._forget()
        for number, page in pages.items():
            self._pages[number] = page
        self._counted = True
        moved = (place - before) if place is not None else 0
        self._set_total(total, capped)
        if place is not None:
            self.cursor = place
        if moved:
            self.scroll_to(y=max(0, self.scroll_offset.y + moved), animate=False)
        self._settle()
        self.post_message(self.Loaded(self, total, capped))

    def set_rows(self, rows: Iterable[Row], more: bool = False, keep_id: int | None = None) -> None:
        """Show these rows; `more` says that `ReachedEnd` will bring further ones. Keeps the cursor by id."""
        wanted = keep_id if keep_id is not None else self._current
        self._source = None
        self._held = list(rows)
        self._more = more
        self._asked_for_more = False
        self._counted = True
        self._strips.clear()
        found = next((i for i, row in enumerate(self._held) if row.id == wanted and not row.heading), None)
        before = self.cursor
        self._set_total(len(self._held), more)
        if wanted is not None and found is not None:
            self.cursor = found
            if found != before:
                self.scroll_to(y=max(0, self.scroll_offset.y + found - before), animate=False)
        self._settle()

    def append(self, rows: Iterable[Row], more: bool = False) -> None:
        """Further rows of a growing list, after the last one."""
        self._held.extend(rows)
        self._more = more
        self._asked_for_more = False
        self._set_total(len(self._held), more)
        self.refresh()

    # -- moving and marking ---------------------------------------------------------------------------

    def action_row_down(self) -> None:
        """To the next row."""
        self.move_to(self.cursor + 1, 1)

    def action_row_up(self) -> None:
        """To the row before."""
        self.move_to(self.cursor - 1, -1)

    def action_row_page_down(self) -> None:
        """A page down."""
        self.move_to(self.cursor + max(1, self._window() - 1), 1)

    def action_row_page_up(self) -> None:
        """A page up."""
        self.move_to(self.cursor - max(1, self._window() - 1), -1)

    def action_row_first(self) -> None:
        """To the first row."""
        self.move_to(0, 1)

    def action_row_last(self) -> None:
        """To the last row."""
        self.move_to(self.total - 1, -1)

    def action_row_open(self) -> None:
        """Open the row under the cursor."""
        row = self.current_row
        if row is not None and not row.heading:
            self.post_message(self.Opened(self, row))

    def action_row_mark(self) -> None:
        """Mark or unmark the row, and step on."""
        if not self._marks or self.current_id is None:
            return
        self._set_marks(self._marked ^ {self.current_id})
        self.action_row_down()

    async def action_row_mark_all(self) -> None:
        """Mark every row of the list as it is now, or none when all are marked."""
        if not self._marks:
            return
        ids = getattr(self._source, "ids", None)
        if self._source is None:
            wanted = {row.id for row in self._held if not row.heading}
        elif ids is not None:
            wanted = set(await ids(MARK_LIMIT))
        else:
            return
        self._set_marks(set() if wanted and wanted <= self._marked else self._marked | wanted)

    def move_to(self, line: int, direction: int = 1) -> None:
        """Put the cursor on a row, past headings in the direction given, and bring it into the window."""
        if not self.total:
            return
        line = max(0, min(line, self.total - 1))
        line = self._past_headings(line, direction)
        before = self.cursor
        if line != before:
            self.cursor = line
            self._repaint(before)
            self._repaint(line)
        self._bring_into_view()
        self._announce()

    def _past_headings(self, line: int, direction: int) -> int:
        for step in (direction, -direction):
            at = line
            while 0 <= at < self.total:
                row = self._row(at)
                if row is None or not row.heading:
                    return at
                at += step
        return line

    def _set_marks(self, marked: set[int]) -> None:
        changed = marked ^ self._marked
        if changed:
            self._marked = marked
            top = self.scroll_offset.y
            for line in range(top, top + self._window() + 1):
                row = self._row(line)
                if row is not None and row.id in changed:
                    self._repaint(line)
            self.post_message(self.Marked(self, len(marked)))

    def _announce(self) -> None:
        now = self.current_id
        if now != self._current:
            if self.current_row is None and self.total:
                return
            self._current = now
            self.post_message(self.Moved(self, now))

    # -- rows -----------------------------------------------------------------------------------------

    def _row(self, line: int) -> Row | None:
        if self._source is None:
            return self._held[line] if 0 <= line < len(self._held) else None
        page = self._pages.get(line // PAGE)
        within = line % PAGE
        return page[within] if page is not None and 0 <= within < len(page) else None

    def _numbers_around(self, line: int) -> list[int]:
        number = line // PAGE
        near = [number]
        if line % PAGE + self._window() >= PAGE:
            near.append(number + 1)
        if line % PAGE - self._window() < 0 and number:
            near.append(number - 1)
        return near

    def _fetch(self, first: int, last: int) -> None:
        """Ask for the pages of these rows that are not here, one page further on either side."""
        source = self._source
        if source is None or not self._counted:
            return
        for number in range(max(0, first // PAGE), max(0, last) // PAGE + 1):
            if number * PAGE < self.total and number not in self._pages and number not in self._loading:
                task = asyncio.ensure_future(self._load(source, number, self._generation))
                self._loading[number] = task

    async def _load(self, source: Source, number: int, generation: int) -> None:
        try:
            page = await source.page(number * PAGE, PAGE)
        except Superseded:
            return
        except Refused as error:
            self.app.report(error)
            return
        except Exception as error:  # noqa: BLE001 - nobody awaits this task, so nobody else would hear of it
            self.app.stumble(error)
            return
        finally:
            self._loading.pop(number, None)
        if generation != self._generation or not self.is_attached:
            return
        self._pages[number] = page
        first = number * PAGE
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self._window()
        if first < bottom and first + PAGE > top:
            self.refresh()
        if first <= self.cursor < first + PAGE:
            self._announce()

    def _forget(self) -> None:
        for task in self._loading.values():
            task.cancel()
        self._loading.clear()
        self._pages.clear()
        self._strips.clear()

    def _set_total(self, total: int, capped: bool) -> None:
        self.total, self.capped = total, capped
        self.cursor = max(0, min(self.cursor, total - 1))
        self.virtual_size = Size(max(1, self.scrollable_content_region.width), total + self._header)

    def _settle(self) -> None:
        """After new rows: cursor off headings and in view, everything repainted, the move announced."""
        self.cursor = self._past_headings(self.cursor, 1) if self.total else 0
        self.refresh()
        self.call_after_refresh(self._bring_into_view)
        self._announce()

    # -- the window -----------------------------------------------------------------------------------

    def _bring_into_view(self) -> None:
        window, top = self._window(), self.scroll_offset.y
        first = self.cursor
        if first == 1 and (row := self._row(0)) is not None and row.heading:
            first = 0
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif self.cursor >= top + window:
            self.scroll_to(y=self.cursor - window + 1, animate=False)
        self._ask_for_more(self.cursor)
        self._fetch(self.cursor - window, self.cursor + window)

    def _ask_for_more(self, line: int) -> None:
        """Ask once for further rows of a growing list when a line near its end is in use."""
        if self._more and not self._asked_for_more and line + self._window() >= self.total:
            self._asked_for_more = True
            self.post_message(self.ReachedEnd(self))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Fetch what the wheel or the bar brought into the window."""
        super().watch_scroll_y(old_value, new_value)
        top = round(new_value)
        self._fetch(top - self._window(), top + 2 * self._window())
        self._ask_for_more(top + self._window())

    # -- events ---------------------------------------------------------------------------------------

    async def on_mount(self) -> None:
        """Read the first page."""
        if self._source is not None:
            try:
                await self.reload()
            except Refused as error:
                self.app.report(error)

    def on_resize(self, _event: events.Resize) -> None:
        """Share the new width among the columns; keep the cursor in the window."""
        self._widths = ()
        self._strips.clear()
        self.virtual_size = Size(max(1, self.scrollable_content_region.width), self.total + self._header)
        self.call_after_refresh(self._bring_into_view)

    def on_focus(self) -> None:
        """The cursor line shows that keys come here."""
        self._repaint(self.cursor)

    def on_blur(self) -> None:
        """The cursor line shows that keys go elsewhere."""
        self._repaint(self.cursor)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, a double click opens."""
        offset: Offset | None = event.get_content_offset(self)
        if offset is None or offset.y < self._header:
            return
        line = offset.y - self._header + self.scroll_offset.y
        if line >= self.total:
            return
        row = self._row(line)
        if row is None or row.heading:
            return
        self.move_to(line)
        if event.chain >= 2:
            self.action_row_open()

    def on_unmount(self) -> None:
        """Let go of what was asked for."""
        self._forget()
