"""The Cases tab: the cases of one contact or of one account, by status, searched as one types."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from easir_tui import clock
from easir_tui.crm import case_page
from easir_tui.crm.case_page import CaseRow
from easir_tui.crm.users import Me
from easir_tui.data.database import Superseded
from easir_tui.language import N_, _, money
from easir_tui.widgets.fields import Choice, FilterLine, OneRow
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Column, RecordList, Row
from easir_tui.widgets.words import CASE_STATUSES, OUTCOMES

STATUSES = (("all", N_("All")), ("open", N_("Open")), ("closed", N_("Closed")), ("rejected", N_("Rejected")))
"""The filters of the tab."""

_ROLES = {"open": "", "closed": "dim", "rejected": "dim"}


class Reader(Protocol):
    """Where the cases are read from: the module of the rules that knows whose they are."""

    def rows(self, me: Me, owner_id: int, status: str, typed: str, /) -> list[CaseRow]:
        """Cases, the open ones first."""
        ...

    def counts(self, me: Me, owner_id: int, /) -> dict[str, int]:
        """How many there are of each status, and under `all`."""
        ...


class CaseList(Vertical):
    """Reads the cases of its contact itself; Enter on one posts `CaseList.Opened`.

    Args:
        read: where from; by default they are the cases of one contact.
        with_contact: name the contact of each, because they are those of several.
    """

    app = getters.app(Host)

    DEFAULT_CSS = """
    CaseList { height: 1fr; }
    CaseList > Horizontal { height: 1; }
    CaseList > Horizontal > #status { width: 1fr; max-width: 30; }
    CaseList > Horizontal > #case-search { width: 1fr; }
    """

    class Opened(Message):
        """A case is to be opened."""

        def __init__(self, case_id: int) -> None:
            super().__init__()
            self.case_id = case_id

    def __init__(
        self, contact_id: int, id: str | None = None, read: Reader = case_page, with_contact: bool = False
    ) -> None:
        super().__init__(id=id)
        self._contact_id = contact_id
        self._reader = read
        self._with_contact = with_contact
        self._cases: dict[int, CaseRow] = {}
        self._counts: dict[str, int] = {}

    def compose(self) -> ComposeResult:
        """Filter, search, list."""
        with Horizontal():
            yield Choice(self._choices(), "all", title=_("Status"), id="status")
            yield FilterLine("", placeholder=_("/ search"), id="case-search")
        yield RecordList(
            (
                Column(_("Case"), min=22, share=3),
                *((Column(_("Contact"), min=14, share=2),) if self._with_contact else ()),
                Column(_("Status"), width=8),
                Column(_("Milestone"), min=10, drop=2),
                Column(_("Value") + " ", width=16, align="right", drop=3),
                Column(_("Opened"), width=12, role="dim", drop=4),
                Column(_("Manager"), width=7, role="dim", drop=5),
            ),
            empty=_("No cases here. Press N to open one."),
            gap=1,
            id="cases",
        )

    @property
    def list(self) -> RecordList:
        """The rows."""
        return self.query_one("#cases", RecordList)

    @property
    def current_id(self) -> int | None:
        """The case under the cursor."""
        return self.list.current_id

    @property
    def current(self) -> CaseRow | None:
        """The same with its facts."""
        return self._cases.get(self.list.current_id or 0)

    async def on_mount(self) -> None:
        """Read the cases."""
        await self.reload()

    async def show(self, contact_id: int) -> None:
        """Show another contact's cases, all of them."""
        self._contact_id = contact_id
        with self.prevent(OneRow.Changed, Input.Changed):
            self.query_one(Choice).value = "all"
            self.query_one(FilterLine).value = ""
        await self.reload()

    async def reload(self) -> None:
        """Read the cases anew, with filter, search and cursor as they are."""
        contact_id = self._contact_id
        try:
            rows, counts = await self.app.store.ask_latest(
                "contact cases",
                partial(_read, self._reader),
                self.app.me,
                contact_id,
                str(self.query_one(Choice).value),
                self.query_one(FilterLine).value,
            )
        except Superseded:
            return
        if contact_id != self._contact_id or not self.is_attached:
            return
        self._cases = {row.id: row for row in rows}
        if counts != self._counts:
            self._counts = counts
            with self.prevent(OneRow.Changed):
                self.query_one(Choice).set_choices(self._choices())
        self.list.set_rows([self._row(row) for row in rows])

    async def on_one_row_changed(self, event: OneRow.Changed) -> None:
        """Another status."""
        event.stop()
        await self.reload()

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Another word."""
        event.stop()
        await self.reload()

    def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """↓ and Enter go down to the cases."""
        event.stop()
        self.list.focus()

    def on_filter_line_emptied(self, event: FilterLine.Emptied) -> None:
        """Esc shows all again."""
        event.stop()
        self.list.focus()

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter on a case."""
        event.stop()
        self.post_message(self.Opened(event.id))

    def search(self) -> None:
        """Type what is looked for."""
        self.query_one(FilterLine).focus()

    def _choices(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (name, f"{_(title)} {self._counts[name]}" if self._counts.get(name) else _(title))
            for name, title in STATUSES
        )

    def _row(self, case: CaseRow) -> Row:
        role = _ROLES[case.status]
        status = _(OUTCOMES[case.outcome]) if case.outcome else _(CASE_STATUSES[case.status])
        lit = {"won": "good", "lost": "bad", "open": "info"}.get(case.outcome or case.status, "dim")
        return Row(
            case.id,
            (
                (case.title, role or "strong"),
                *((case.contact_name,) if self._with_contact else ()),
                (status, lit),
                case.milestone,
                f"{money(case.value, case.currency)} " if case.value is not None else "",
                clock.date_short(clock.local(case.opened_at, self.app.zone).date()),
                case.manager_initials or case.manager,
            ),
        )


def _read(read: Reader, me: Me, owner_id: int, status: str, typed: str) -> tuple[list[CaseRow], dict[str, int]]:
    return read.rows(me, owner_id, status, typed), read.counts(me, owner_id)
