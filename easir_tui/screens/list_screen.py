"""A list of records as a whole screen: views by number, a filter as it is typed, orders, marks, and counts.

    class CasesScreen(ListScreen):
        VIEWS = (View("open", N_("Open"), "status:open"), View("all", N_("All"), ""))
        def columns(self) -> tuple[Column, ...]: ...
        def source(self, typed: str) -> FilteredSource: ...

A view is nothing but a filter with a name: choosing one writes its text into the filter line, where it can be
changed. A filter that is not understood says so below the line, and the list stays as it was (faults 62, 71). What
is marked is a set of ids; those that the filter does not show are counted on screen (faults 63).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Protocol

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Input, Static

from easir_tui import text
from easir_tui.commands import Command
from easir_tui.errors import Invalid
from easir_tui.language import _, ngettext, number
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import FilterLine
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.record_list import Column, RecordList, Row

DEBOUNCE = 0.06
"""Seconds without a further letter before a filter is asked for."""


@dataclass(frozen=True, slots=True)
class View:
    """A filter with a name; `title` is a message id, or the words of whoever saved it."""

    key: str
    title: str
    filter: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a list: the key that chooses it, its name, its title, and what comes first."""

    key: str
    name: str
    title: str
    detail: str = ""


class FilteredSource(Protocol):
    """Rows of a list under a filter and in an order."""

    async def count(self) -> tuple[int, bool]: ...
    async def page(self, start: int, n: int) -> list[Row]: ...
    async def position(self, record_id: int) -> int | None: ...
    async def ids(self, limit: int) -> list[int]: ...
    async def among(self, ids: Sequence[int]) -> set[int]: ...


class ListScreen(EasirScreen[None]):
    """See the module. A subclass says its views, orders, columns and source."""

    CSS_PATH = "list_screen.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = ()
    VIEWS: ClassVar[tuple[View, ...]] = ()
    ORDERS: ClassVar[tuple[Order, ...]] = ()
    TABLES: ClassVar[frozenset[str]] = frozenset()
    """Tables whose changes may be seen here."""
    EXPORTS: ClassVar[str] = ""
    """What the rows are called where they are written out."""

    app = getters.app(Host)
    records = getters.query_one("#records", RecordList)
    filter_line = getters.query_one("#filter", FilterLine)

    def __init__(self, filter: str | None = None) -> None:
        super().__init__()
        self.own_views: tuple[View, ...] = ()
        self.order = self.ORDERS[0].name
        self.reverse = False
        self.typed = filter if filter is not None else self.VIEWS[0].filter
        self.problem = ""
        self._hidden = 0
        self._question = 0
        self._waiting: Timer | None = None
        self._settled = asyncio.Event()
        self._settled.set()

    # -- what a subclass says ---------------------------------------------------------------------------

    def columns(self) -> tuple[Column, ...]:
        """The columns of the list."""
        raise NotImplementedError

    def source(self, typed: str) -> FilteredSource:
        """Where the rows of a filter come from, in the order now chosen."""
        raise NotImplementedError

    def placeholder(self) -> str:
        """What the empty filter line says."""
        raise NotImplementedError

    def nothing_to_show(self) -> str:
        """What an empty list says: how to begin, or what to do about a filter that finds nothing."""
        raise NotImplementedError

    async def read_views(self) -> tuple[View, ...]:
        """The views somebody saved here."""
        return ()

    # -- parts ------------------------------------------------------------------------------------------

    def compose_body(self) -> ComposeResult:
        """Views and counts, the filter, what is wrong with it, and the list."""
        with Horizontal(id="list-bar"):
            yield Static(id="list-views")
            yield Static(id="list-count")
        with Horizontal(id="list-head"):
            yield Static(line((" / ", "key")), id="list-slash")
            yield FilterLine(self.typed, placeholder=self.placeholder(), id="filter")
        yield Static(id="list-problem")
        yield RecordList(
            columns=self.columns(), source=self.source(self.typed), empty=self.nothing_to_show(), marks=True,
            id="records",
        )  # fmt: skip

    async def on_mount(self) -> None:
        """Keys go to the list."""
        self.records.focus()
        self.own_views = await self.read_views()
        self.show_head()

    def on_resize(self) -> None:
        """The views take the room there is."""
        self.show_head()

    @property
    def views(self) -> tuple[View, ...]:
        """The views there are: those of the program, then those that were saved."""
        return (*self.VIEWS, *self.own_views)

    def show_head(self) -> None:
        """Which view, how many, what is marked, and what is wrong with the filter."""
        if not self.is_mounted:
            return
        counts = self.counts()
        room = self.size.width - 3 - sum(text.cells(words) for words, _role in counts)
        self.query_one("#list-views", Static).update(line(*self._view_words(room)))
        self.query_one("#list-count", Static).update(line(*counts))
        problem = self.query_one("#list-problem", Static)
        problem.update(line((self.problem, "bad")))
        problem.display = bool(self.problem)

    def _view_words(self, room: int) -> list[tuple[str, str]]:
        """The views with their numbers; where they do not fit, the last ones are left out."""
        parts: list[tuple[str, str]] = []
        used = 0
        for at, view in enumerate(self.views[:9], start=1):
            title = text.cut(view.title if view.own else _(view.title), 20)
            here = view.filter == self.typed
            words = [
                ("  " if parts else "", ""),
                (f"{at} ", "key"),
                (f"[{title}]", "title") if here else (title, "dim"),
            ]
            used += sum(text.cells(one) for one, _role in words)
            if used > room and not here:
                continue
            parts += words
        return parts

    def counts(self) -> list[tuple[str, str]]:
        """ "3 marked, 1 not shown · 21,219 · by value"."""
        parts: list[tuple[str, str]] = []
        marked = len(self.records.marked_ids)
        if marked:
            words = ngettext("{count} marked", "{count} marked", marked).format(count=number(marked))
            if self._hidden:
                words += ", " + _("{count} not shown").format(count=number(self._hidden))
            parts += [(words, "accent"), (" · ", "dim")]
        shown = number(self.records.total) + ("+" if self.records.capped else "")
        parts.append((shown, "strong"))
        if self.order != self.ORDERS[0].name or self.reverse:
            parts += [(" · ", "dim"), (_("by {order}").format(order=self.order_title()), "dim")]
        return parts

    def order_title(self) -> str:
        """The order in words."""
        title = _(next(order.title for order in self.ORDERS if order.name == self.order)).lower()
        return _("{order}, turned round").format(order=title) if self.reverse else title

    @on(RecordList.Loaded, "#records")
    def loaded(self) -> None:
        """A new count is known."""
        self.show_head()

    @on(RecordList.Marked, "#records")
    def marked(self) -> None:
        """Other rows are marked."""
        self._hidden = min(self._hidden, len(self.records.marked_ids))
        self.show_head()
        self.refresh_commands()

    # -- the filter -------------------------------------------------------------------------------------

    async def action_filter(self) -> None:
        """Into the filter line, behind what stands there."""
        held = self.filter_line.value.rstrip()
        with self.prevent(Input.Changed):
            self.filter_line.value = f"{held} " if held else ""
        self.filter_line.focus()
        self.filter_line.cursor_position = len(self.filter_line.value)

    @on(Input.Changed, "#filter")
    def typed_more(self) -> None:
        """Ask a moment after the last letter."""
        self._settled.clear()
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(DEBOUNCE, partial(self.perform, self.narrow))

    async def narrow(self, keep_id: int | None = None) -> None:
        """Show what the filter finds now; an answer that a newer question overtook is dropped."""
        typed = self.filter_line.value.strip()
        self._question += 1
        question = self._question
        try:
            source = self.source(typed)
            await source.count()  # refuses what it does not understand before the list is touched
            if question != self._question:
                return
            self.typed, self.problem = typed, ""
            self.records.empty = self.nothing_to_show()
            await self.records.set_source(source, keep_id)
            await self.count_hidden()
        except Invalid as error:
            if question == self._question:
                self.problem = str(error)
        finally:
            if question == self._question:
                self._settled.set()
        self.show_head()

    async def count_hidden(self) -> None:
        """How many of the marked rows the filter does not show."""
        marked = sorted(self.records.marked_ids)
        self._hidden = len(marked) - len(await self.source(self.typed).among(marked)) if marked else 0

    @on(FilterLine.Left, "#filter")
    def left_filter(self) -> None:
        """Enter or ↓ in the filter: into the list, with what was typed so far."""
        self.records.focus()
        self.perform(self.settle)

    @on(FilterLine.Emptied, "#filter")
    def emptied_filter(self) -> None:
        """Esc in the filter: into the list, which shows everything."""
        self.records.focus()

    async def settle(self) -> None:
        """Wait for a filter that is on its way."""
        await self._settled.wait()

    async def action_view(self, at: str) -> None:
        """Show a view: write its filter into the line."""
        place = int(at) - 1
        if place < len(self.views):
            await self.show_filter(self.views[place].filter)

    async def show_filter(self, typed: str) -> None:
        """Show what a filter finds, as if it had been typed."""
        if self._waiting is not None:
            self._waiting.stop()
        with self.prevent(Input.Changed):
            self.filter_line.value = typed
        await self.narrow()
        self.records.focus()

    async def action_back(self) -> None:
        """Out of the marks, then back to the first view, then out of the screen."""
        if self.records.marked_ids:
            self.records.clear_marks()
        elif self.filter_line.value.strip() != self.VIEWS[0].filter:
            await self.show_filter(self.VIEWS[0].filter)
        else:
            await super().action_back()

    # -- order ------------------------------------------------------------------------------------------

    async def action_sort(self) -> None:
        """Choose the order of the list; the one it has turns round."""
        items = [MenuItem(order.key, _(order.title), order.name, _(order.detail) if order.detail else "")
                 for order in self.ORDERS]  # fmt: skip
        items.append(MenuItem("r", _("Turn round"), "reverse", _("the same order from its other end")))
        chosen = await self.app.show(MenuScreen(_("Sort"), items))
        if chosen is None:
            return
        if chosen in ("reverse", self.order):
            self.reverse = not self.reverse
        else:
            self.order, self.reverse = chosen, False
        await self.narrow()

    # -- what is chosen ---------------------------------------------------------------------------------

    async def chosen_ids(self) -> tuple[int, ...]:
        """The marked records, else the one under the cursor; the frozen set that a wide action goes on with."""
        await self._settled.wait()
        marked = self.records.marked_ids
        if marked:
            return tuple(sorted(marked))
        return (self.records.current_id,) if self.records.current_id is not None else ()

    @on(RecordList.Opened, "#records")
    def opened(self, event: RecordList.Opened) -> None:
        """Enter or a double click on a row."""
        self.perform(self._open_row, event.id)

    async def _open_row(self, record_id: int) -> None:
        if not self._settled.is_set():
            await self._settled.wait()
            if self.records.current_id is None:
                return
            record_id = self.records.current_id
        await self.open_record(record_id)

    async def open_record(self, record_id: int) -> None:
        """Open the page of a record."""
        raise NotImplementedError

    async def action_export(self) -> None:
        """Write out the marked rows, else what the list shows."""
        from easir_tui.screens.exporting import export

        marked = sorted(self.records.marked_ids)
        source = self.source(self.typed)
        if not marked:
            await source.count()
        await export(self.app, self.EXPORTS, marked or await source.ids(10**9), "" if marked else self.typed)

    async def changed(self, changes: Changes) -> None:
        """Something was saved: the same rows anew, cursor, scroll and marks kept."""
        if changes.tables & self.TABLES:
            await self.records.reload()
            await self.count_hidden()
            self.show_head()
        if "saved_view" in changes.tables:
            self.own_views = await self.read_views()
            self.show_head()
