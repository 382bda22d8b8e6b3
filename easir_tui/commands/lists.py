"""Commands of every list: moving, marking, filtering, and what is done to the rows."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Lists")

DOWN = Command("list.down", "j,down", N_("Down"), N_("To the next row"), "focused.row_down", GROUP)
UP = Command("list.up", "k,up", N_("Up"), N_("To the row before"), "focused.row_up", GROUP)
PAGE_DOWN = Command("list.page_down", "pagedown", N_("Page down"), N_("A page down"), "focused.row_page_down", GROUP)
PAGE_UP = Command("list.page_up", "pageup", N_("Page up"), N_("A page up"), "focused.row_page_up", GROUP)
FIRST = Command("list.first", "home", N_("First"), N_("To the first row"), "focused.row_first", GROUP)
LAST = Command("list.last", "G,end", N_("Last"), N_("To the last row"), "focused.row_last", GROUP)
OPEN = Command("list.open", "enter", N_("Open row"), N_("Open the row under the cursor"), "focused.row_open", GROUP)
MARK = Command("list.mark", "space", N_("Mark"), N_("Mark or unmark the row"), "focused.row_mark", GROUP)
MARK_ALL = Command(
    "list.mark_all", "asterisk", N_("Mark all"), N_("Mark every row, or none"), "focused.row_mark_all", GROUP
)
FILTER = Command("list.filter", "slash", N_("Search"), N_("Narrow the list as you type"), "filter", GROUP, True)
SORT = Command("list.sort", "s", N_("Sort"), N_("Choose the order of the list"), "sort", GROUP)
NEW = Command("list.new", "N", N_("New"), N_("Add a new record"), "new", GROUP, True)
DELETE = Command(
    "list.delete", "d", N_("Delete"), N_("Delete the marked rows, or the one under the cursor"), "delete", GROUP
)
COPY = Command("list.copy", "y", N_("Copy"), N_("Copy the phone number or e-mail address"), "copy", GROUP)

COPY_FILTER = Command(
    "list.copy_filter", "y", N_("Copy"), N_("Copy the command that lists the same in a script"), "copy_filter", GROUP
)

EXPORT = Command(
    "list.export", "x", N_("Export"), N_("Write out what the list shows, for other programs"), "export", GROUP
)

FILTER_LEAVE = Command(
    "filter.leave", "enter,down", N_("To the list"), N_("From the search line to the list"), "focused.filter_leave",
    GROUP, True,
)  # fmt: skip
FILTER_EMPTY = Command(
    "filter.empty", "escape", N_("Show all"), N_("Empty the search line"), "focused.filter_empty", GROUP, True
)

MOVES = (DOWN, UP, PAGE_DOWN, PAGE_UP, FIRST, LAST, OPEN)
MARKS = (MARK, MARK_ALL)
ALL = (*MOVES, *MARKS, FILTER, FILTER_LEAVE, FILTER_EMPTY, SORT, NEW, DELETE, COPY, COPY_FILTER, EXPORT)
