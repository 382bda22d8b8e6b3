"""The list of records: any length, a cursor that stays on its record, marks by id, pages as they are needed."""

from __future__ import annotations

import asyncio

from easir_tui.commands import lists
from easir_tui.widgets.record_list import PAGE, PAGES_HELD, Column, RecordList, Row
from tests.conftest import running, screen_text, settle
from tests.widgets.bench import Bench, BenchScreen


class Numbers:
    """A source of `total` rows named by their ids, which counts what is asked of it."""

    def __init__(self, total: int, first: int = 0) -> None:
        self.total = total
        self.first = first
        self.pages: list[tuple[int, int]] = []
        self.slow = 0.0

    async def count(self):
        return self.total, False

    async def page(self, start, n):
        self.pages.append((start, n))
        if self.slow:
            await asyncio.sleep(self.slow)
        ids = range(self.first + start, self.first + min(start + n, self.total))
        return [Row(i + 1, (f"row {i + 1}",)) for i in ids]

    async def position(self, row_id):
        at = row_id - 1 - self.first
        return at if 0 <= at < self.total else None

    async def ids(self, limit):
        return [self.first + i + 1 for i in range(self.total)][:limit]


class Screen(BenchScreen):
    COMMANDS = (*lists.MOVES, *lists.MARKS)

    def on_mount(self) -> None:
        self.moved, self.opened, self.marked, self.ends = [], [], [], 0

    def on_record_list_moved(self, event):
        self.moved.append(event.id)

    def on_record_list_opened(self, event):
        self.opened.append(event.id)

    def on_record_list_marked(self, event):
        self.marked.append(event.count)

    def on_record_list_reached_end(self, event):
        self.ends += 1


class ListBench(Bench):
    def get_default_screen(self):
        return Screen(*self.widgets)


def numbers_list(source, **options) -> RecordList:
    return RecordList((Column("Name", min=10),), source, empty="Nothing.", **options)


async def test_a_million_rows_cost_a_few_pages():
    """Moving about in a million rows reads pages near the cursor and holds a few of them."""
    source = Numbers(1_000_000)
    shown = numbers_list(source)
    app = ListBench(shown)
    async with running(app, size=(80, 24)) as pilot:
        assert shown.current_id == 1
        await pilot.press("G")
        await settle(pilot)
        assert shown.current_id == 1_000_000
        assert "row 1000000" in screen_text(app)
        await pilot.press("home")
        await settle(pilot)
        assert shown.current_id == 1
        for _page in range(30):
            await pilot.press("pagedown")
        await settle(pilot)
        assert len(shown._pages) <= PAGES_HELD
        assert len(source.pages) < 20
        assert all(n == PAGE for _start, n in source.pages)


async def test_the_cursor_stays_on_its_record():
    """When rows come and go above it, the cursor stays on the record, at the same line of the window."""
    shown = numbers_list(Numbers(500))
    app = ListBench(shown)
    async with running(app, size=(80, 24)) as pilot:
        for _step in range(40):
            await pilot.press("j")
        await settle(pilot)
        line = shown.cursor - shown.scroll_offset.y
        assert shown.current_id == 41
        shown._source.first, shown._source.total = 10, 490
        await shown.reload()
        await settle(pilot)
        assert shown.current_id == 41
        assert shown.cursor == 30
        assert shown.cursor - shown.scroll_offset.y == line
        shown._source.first, shown._source.total = 100, 400
        await shown.reload()
        await settle(pilot)
        assert shown.current_id is not None
        assert 0 <= shown.cursor < 400


async def test_the_answer_that_was_overtaken_is_dropped():
    """Of two sources given one after the other the later is shown, however slow the earlier answers."""
    slow, fast = Numbers(500), Numbers(3, first=700)
    slow.slow = 0.2
    shown = numbers_list(Numbers(1))
    app = ListBench(shown)
    async with running(app, size=(80, 24)) as pilot:
        first = asyncio.ensure_future(shown.set_source(slow))
        await asyncio.sleep(0.02)
        await shown.set_source(fast)
        await first
        await settle(pilot)
        assert shown.total == 3
        assert "row 701" in screen_text(app)
        assert "row 1\n" not in screen_text(app)


async def test_marks_are_ids():
    """Marks stay on their records when the list shows others; all and none by one key (faults 61, 63)."""
    shown = numbers_list(Numbers(50), marks=True)
    app = ListBench(shown)
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("space", "space")
        await settle(pilot)
        assert shown.marked_ids == {1, 2}
        await shown.set_source(Numbers(10, first=20))
        await settle(pilot)
        assert shown.marked_ids == {1, 2}
        await pilot.press("asterisk")
        await settle(pilot)
        assert shown.marked_ids == {1, 2, *range(21, 31)}
        await pilot.press("asterisk")
        await settle(pilot)
        assert shown.marked_ids == frozenset()
        assert app.screen.marked[:2] == [1, 2]


async def test_headings_are_passed_over():
    """The cursor never stands on a heading, and the first heading is seen when the cursor is on the first row."""
    shown = RecordList((Column("Name"),), empty="Nothing.")
    app = ListBench(shown)
    async with running(app, size=(80, 12)) as pilot:
        rows = [Row.title("Planned"), Row(1, ("a",)), Row.title("History"), *(Row(i, (f"r{i}",)) for i in range(2, 40))]
        shown.set_rows(rows)
        await settle(pilot)
        assert shown.current_id == 1
        await pilot.press("j")
        assert shown.current_id == 2
        await pilot.press("G")
        await pilot.press("home")
        await settle(pilot)
        assert shown.current_id == 1
        assert "Planned" in screen_text(app)
        await pilot.press("k")
        assert shown.current_id == 1


async def test_a_growing_list_asks_for_more_once():
    """Near the end it says so once, and again after more was appended."""
    shown = RecordList((Column("Name"),), empty="Nothing.")
    app = ListBench(shown)
    async with running(app, size=(80, 12)) as pilot:
        shown.set_rows([Row(i, (f"r{i}",)) for i in range(1, 51)], more=True)
        await settle(pilot)
        await pilot.press("G", "k", "j")
        await settle(pilot)
        assert app.screen.ends == 1
        shown.append([Row(i, (f"r{i}",)) for i in range(51, 60)], more=False)
        await pilot.press("G")
        await settle(pilot)
        assert shown.current_id == 59
        assert app.screen.ends == 1


async def test_enter_and_the_mouse_open():
    """Enter and a double click open; one click moves the cursor."""
    shown = numbers_list(Numbers(20))
    app = ListBench(shown)
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen.opened == [1]
        await pilot.click(RecordList, offset=(5, 4))
        await settle(pilot)
        assert shown.current_id == 4
        assert app.screen.opened == [1]
        await pilot.click(RecordList, offset=(5, 6), times=2)
        await settle(pilot)
        assert app.screen.opened == [1, 6]
