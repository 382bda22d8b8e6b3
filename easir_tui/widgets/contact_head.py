"""The lines above the panes of the contact page: who it is, how to reach them, the five actions, the tabs.

Each is one widget of one line that repaints only when what it says changes; a click does what a key does.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, getters
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from easir_tui import text
from easir_tui.crm.contact_page import COUNT_CAP, ContactPage
from easir_tui.language import _
from easir_tui.widgets.content import line
from easir_tui.widgets.host import Host
from easir_tui.widgets.key_line import Entry
from easir_tui.widgets.side_bar import mail_link, phone_link
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import CHANNELS, CONSENT_ROLES, CONTACT_KINDS, STATUSES

FULL_FROM = 100
"""Width from which kind and job title are named beside the name."""


class HeadLine(Widget, can_focus=False):
    """A line that knows where on it a click means what."""

    app = getters.app(Host)

    DEFAULT_CSS = "HeadLine { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: ellipsis; }"

    ALLOW_SELECT = False

    class Pressed(Message):
        """A part of the line was clicked; `name` says which."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.parts: list[tuple[int, int, str]] = []

    def on_click(self, event: events.Click) -> None:
        """Say which part is under the pointer."""
        for start, end, name in self.parts:
            if start <= event.x < end:
                event.stop()
                self.post_message(self.Pressed(name))
                return

    def spread(self, left: Content, right: Content) -> Content:
        """Both ends of the line with what is between them left blank; the left one gives way."""
        room = self.size.width - right.cell_length - 1
        if left.cell_length > room:
            left = left.truncate(max(0, room), ellipsis=True)
        return left + line(" " * max(0, self.size.width - left.cell_length - right.cell_length)) + right


class NameLine(HeadLine):
    """Who the person is to us, and whether a colleague is here too."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: ContactPage | None = None
        self._news = ""

    def show(self, page: ContactPage, news: str = "") -> None:
        """Show this contact; `news` is what a colleague just did."""
        if (page, news) != (self._page, self._news):
            self._page, self._news = page, news
            self.refresh()

    def render(self) -> Content:
        """The line."""
        if self._page is None:
            return Content("")
        person, account = self._page.person, self._page.account
        ascii_only = self.app.settings.ascii
        wide = self.size.width >= FULL_FROM
        facts = [
            _(CONTACT_KINDS[person.kind]) if wide or person.kind == "private" else "",
            account.name if person.kind == "business" else "",
            person.job_title if wide else "",
        ]
        between = "   " if wide else " · "
        left = line(" ", (person.name, "strong"))
        self.parts = []
        for fact in filter(None, facts):
            left = left + line((between, "dim"))
            start = left.cell_length
            left = left + line((fact, "dim"))
            if fact == account.name and person.kind == "business":
                self.parts.append((start, left.cell_length, "contact.account"))
            between = " · "
        live = self._news or (
            _("{who} is here").format(who=", ".join(map(short_name, self._page.here))) if self._page.here else ""
        )
        right = line((f"{sign('status', ascii_only)} ", _STATUS_ROLES[person.status]), (_(STATUSES[person.status]), ""))
        if live:
            right = right + line("   ", (f"{sign('live', ascii_only)} {live}", "accent"))
        return self.spread(left, right + line(" "))


class ReachLine(HeadLine):
    """Where the side bar is folded: the number, the address and the consents, which are never folded away."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: ContactPage | None = None

    def show(self, page: ContactPage) -> None:
        """Show how to reach this contact."""
        if page != self._page:
            self._page = page
            self.refresh()

    def render(self) -> Content:
        """The line."""
        if self._page is None:
            return Content("")
        person, ascii_only = self._page.person, self.app.settings.ascii
        left = line(" ")
        if person.phone:
            left = left + line((f"{sign('call', ascii_only)} ", "dim"), phone_link(person.phone), "  ")
        if person.email:
            left = left + line((f"{sign('email', ascii_only)} ", "dim"), mail_link(person.email))
        if not person.phone and not person.email:
            left = left + line((_("neither phone number nor e-mail address yet"), "dim"))
        consents = [
            line(
                (
                    sign({"phone": "call"}.get(state.channel, state.channel), ascii_only)
                    if state.channel in ("phone", "email")
                    else _(CHANNELS[state.channel]).lower()
                    if state.channel != "sms"
                    else "sms",
                    "dim",
                ),
                (sign(state.state, ascii_only), CONSENT_ROLES[state.state]),
            )
            for state in self._page.consents
        ]
        return self.spread(left, Content(" ").join(consents) + line(" "))


class ActionBar(HeadLine):
    """The five activities, always in the same place, and at the right what is folded away."""

    def __init__(self, actions: Sequence[Entry], folded: Sequence[Entry], id: str | None = None) -> None:
        super().__init__(id=id)
        self._actions = tuple(actions)
        self._folded = tuple(folded)
        self._shown: tuple[tuple[str, str], ...] = ()

    def fold(self, shown: Sequence[tuple[str, str]]) -> None:
        """Name what is folded away: (command id, count to be named with it)."""
        if tuple(shown) != self._shown:
            self._shown = tuple(shown)
            self.refresh()

    def render(self) -> Content:
        """The line."""
        self.parts = []
        gap = "   " if self.size.width >= FULL_FROM else "  "
        row = line(" ")
        for entry in self._actions:
            row = self._add(row, entry, "strong") + line(gap)
        counts = dict(self._shown)
        folded = [entry for entry in self._folded if entry.id in counts]
        keep = self.parts
        self.parts = []
        right = line("")
        for entry in folded:
            right = self._add(right, entry, "dim", counts[entry.id]) + line("  ")
        offset = self.size.width - right.cell_length
        self.parts = keep + [(start + offset, end + offset, name) for start, end, name in self.parts]
        return self.spread(row, right)

    def _add(self, row: Content, entry: Entry, role: str, count: str = "") -> Content:
        start = row.cell_length
        title = entry.title if role == "strong" else entry.title.lower()
        row = row + line((entry.sign, "key"), " ", (title, role), (f" {count}" if count else "", "dim"))
        self.parts.append((start, row.cell_length, entry.id))
        return row


class TabLine(HeadLine):
    """The tabs with their keys and counts; the open one in brackets."""

    def __init__(self, titles: Sequence[tuple[str, str, str]], id: str | None = None) -> None:
        """Args: titles: name, title and short title of each tab, in the order of their keys."""
        super().__init__(id=id)
        self._titles = tuple(titles)
        self._open = ""
        self._counts: dict[str, str] = {}

    def show(self, opened: str, counts: dict[str, str]) -> None:
        """Which tab is open, and what is counted beside each."""
        if (opened, counts) != (self._open, self._counts):
            self._open, self._counts = opened, dict(counts)
            self.refresh()

    def render(self) -> Content:
        """The line, with shorter words for the tabs that are not open where the long ones do not fit."""
        others = [name for name, title, short in self._titles if name != self._open and title != short]
        for many in range(len(others) + 1):
            for gap, every_count in ((2, True), (1, True), (1, False)):
                row = self._row(frozenset(others[:many]), gap, every_count)
                if row.cell_length <= self.size.width:
                    return row
        return self._row(frozenset(name for name, _title, _short in self._titles), 1, False)

    def _row(self, short: frozenset[str], gap: int, every_count: bool) -> Content:
        self.parts = []
        row = line("")
        for number, (name, title, short_title) in enumerate(self._titles, start=1):
            here = name == self._open
            start = row.cell_length
            count = self._counts.get(name, "") if every_count or name != "history" else ""
            words = f"{_(short_title if name in short else title)}{' ' + count if count else ''}"
            if here:
                row = row + line(("[", "accent"), (str(number), "key"), " ", (words, "strong"), ("]", "accent"))
            else:
                row = row + line(" ", (str(number), "key"), " ", (words, "dim"), " ")
            self.parts.append((start, row.cell_length, name))
            row = row + line(" " * (gap - 1))
        return row


_STATUS_ROLES = {"lead": "info", "opportunity": "warn", "customer": "good"}


def capped(count: int) -> str:
    """A count as it stands on a tab: nothing for none, "99+" where counting stopped."""
    return "" if not count else str(count) if count < COUNT_CAP else f"{COUNT_CAP - 1}+"


def short_name(full_name: str) -> str:
    """The first name of a colleague, for columns and signs."""
    return text.first_line(full_name).split(" ")[0] if full_name else ""
