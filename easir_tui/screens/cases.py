"""The list of all cases: views by number, the filter language as it is typed, orders, and what is done to many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from easir_tui import clock
from easir_tui.commands import Command, cases_list, lists, tasks_and_cases
from easir_tui.commands import contact_page as keys
from easir_tui.crm import case_acts, case_filter, case_list, saved_views, users
from easir_tui.crm.case_list import ListedCase
from easir_tui.errors import Refused
from easir_tui.language import N_, _, money, ngettext, number
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.screens.five_actions import FiveActions
from easir_tui.screens.list_screen import ListScreen, Order, View
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Cell, Column, Row
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import CASE_STATUSES, OUTCOMES

_ROLES = {"won": "good", "lost": "bad", "rejected": "bad", "open": "accent", "closed": "dim"}
_MARKERS = {"overdue": "bad", "today": "warn", "later": ""}


class CaseSource:
    """Cases as rows of the list, under a filter and in an order."""

    def __init__(self, app: Host, typed: str, order: str, reverse: bool) -> None:
        self.app = app
        self.typed = typed
        self.order = order
        self.reverse = reverse

    async def count(self) -> tuple[int, bool]:
        """How many the filter finds."""
        return await self.app.ask(case_list.count, self.typed), False

    async def page(self, start: int, n: int) -> list[Row]:
        """At most `n` rows from number `start` on."""
        found = await self.app.ask(case_list.page, self.typed, self.order, self.reverse, start, n)
        return [self.row(each) for each in found]

    async def position(self, record_id: int) -> int | None:
        """Where a case stands now."""
        return await self.app.ask(case_list.position, record_id, self.typed, self.order, self.reverse)

    async def ids(self, limit: int) -> list[int]:
        """The explicit set behind "mark all"."""
        return await self.app.ask(case_list.ids, self.typed, self.order, self.reverse, 0, limit)

    async def among(self, ids: Sequence[int]) -> set[int]:
        """Those of these that are shown."""
        return await self.app.ask(case_list.among, ids, self.typed)

    def row(self, case: ListedCase) -> Row:
        """A case as a line of the list."""
        return Row(case.id, (
            (case.title, "strong"),
            case.contact_name if not case.company else f"{case.contact_name} · {case.company}",
            self.state(case),
            money(case.value, case.currency) if case.value is not None else "",
            f"{case.chance} %" if case.chance is not None else "",
            self.next_step(case),
            case.manager_initials or case.manager,
        ))  # fmt: skip

    def state(self, case: ListedCase) -> Cell:
        """Where an open case stands, or how another ended."""
        if case.status == "open":
            return case.milestone or _("not begun"), "" if case.milestone else "dim"
        ended = case.outcome or case.status
        word = _(OUTCOMES.get(case.outcome, CASE_STATUSES[case.status]))
        return f"{sign('given' if ended == 'won' else 'refused', self.app.settings.ascii)} {word}", _ROLES[ended]

    def next_step(self, case: ListedCase) -> Cell:
        """When the next step is; an open case without one says so."""
        if case.next_step_at is None:
            return (_("no next step"), "warn") if case.status == "open" else ""
        zone = self.app.zone
        day = date.fromisoformat(case.next_step_day) if case.next_step_day else None
        shown = clock.short_day(day, zone) if day else clock.short_when(case.next_step_at, zone)
        bucket = clock.bucket(None if day else case.next_step_at, day, zone)
        return f"{sign(bucket, self.app.settings.ascii)} {shown}", _MARKERS[bucket]


class CasesScreen(ListScreen, FiveActions):
    """`app.open("cases", filter="status:open skoda")`."""

    PLACE = "cases"
    TABLES = frozenset({"sales_case", "contact", "account", "task", "activity"})
    VIEWS = (
        View("open", N_("Open"), "status:open"),
        View("mine", N_("Mine"), "status:open manager:me"),
        View("nostep", N_("No next step"), "status:open next:none"),
        View("won", N_("Won"), "outcome:won"),
        View("all", N_("All"), ""),
    )
    ORDERS = (
        Order("w", "newest", N_("Newest"), N_("as they were opened")),
        Order("x", "next_step", N_("Next step"), N_("soonest first, those without one last")),
        Order("v", "value", N_("Value"), N_("largest first")),
        Order("c", "close", N_("Expected close"), N_("soonest first")),
        Order("l", "last", N_("Last activity"), N_("latest first")),
        Order("n", "contact", N_("Contact"), "a … å"),
    )
    EXPORTS = "cases"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        lists.FILTER,
        *(cases_list.footer(command) for command in (lists.SORT, lists.MARK)),
        cases_list.REASSIGN,
        cases_list.CLOSE,
        cases_list.SAVE_VIEW,
        cases_list.DROP_VIEW,
        *cases_list.VIEWS,
        *keys.ACTIVITIES,
        keys.PLAN,
        tasks_and_cases.CONTACT,
        lists.COPY_FILTER,
        lists.EXPORT,
        *lists.MOVES,
        lists.MARK_ALL,
    )

    def columns(self) -> tuple[Column, ...]:
        """Case, contact, where it stands, value, chance, next step, manager."""
        return (
            Column(_("Case"), min=16, share=3),
            Column(_("Contact"), min=14, share=3, drop=1),
            Column(_("Stands at"), width=17),
            Column(_("Value"), width=16, align="right", drop=3),
            Column(_("Chance"), width=6, align="right", role="dim", drop=5),
            Column(_("Next step"), width=18, drop=2),
            Column(_("Who"), width=4, role="dim", drop=4),
        )

    def source(self, typed: str) -> CaseSource:
        """Cases under a filter."""
        return CaseSource(self.app, typed, self.order, self.reverse)

    def placeholder(self) -> str:
        """An example of the filter language."""
        return _('status:open manager:me path:"New car" next<fri value>100k skoda')

    def nothing_to_show(self) -> str:
        """How to find more, or how cases come about."""
        if self.typed:
            return _("No case is found by “{text}”.\n\n5  shows all cases    Esc  goes back to the first view").format(
                text=self.typed
            )
        return _("There are no cases yet.\n\nN on a contact opens one; a lead that is accepted becomes one.")

    async def read_views(self) -> tuple[View, ...]:
        """My saved views."""
        found = await self.app.ask(saved_views.views, "cases")
        return tuple(View(f"own{view.id}", view.name, view.filter, own=True) for view in found)

    async def open_record(self, record_id: int) -> None:
        """The page of a case."""
        await self.app.open("case", case_id=record_id)

    # -- the row under the cursor -----------------------------------------------------------------------

    async def current_case(self) -> ListedCase:
        """The case under the cursor, as it is stored now."""
        case_id = self.records.current_id
        found = await self.app.ask(case_list.rows_of, [case_id]) if case_id is not None else []
        if not found:
            raise Refused(_("There is no case under the cursor."))
        return found[0]

    async def action_contact(self) -> None:
        """Open the contact of the case."""
        await self.app.open("contact", contact_id=(await self.current_case()).contact_id)

    async def about(self) -> tuple[int, int | None]:
        """The case under the cursor."""
        case = await self.current_case()
        return case.contact_id, case.id

    # -- many at once -----------------------------------------------------------------------------------

    async def action_reassign(self) -> None:
        """Give the marked cases, or the one under the cursor, to a colleague."""
        ids = await self._open_ids()
        people = await self.app.ask(users.people)
        items = [MenuItem(str(at) if at < 10 else " ", one.full_name, one.user_id) for at, one in enumerate(people, 1)]
        chosen = await self.app.show(MenuScreen(await self._asking(ids, _("Give to")), items))
        if chosen is None:
            return
        done = await self.app.tell(case_acts.reassign, ids, chosen)
        self._done(done, ngettext("{count} case is given to {who}.", "{count} cases are given to {who}.", done.count),
                   who=next(one.full_name for one in people if one.user_id == chosen))  # fmt: skip

    async def action_close_cases(self) -> None:
        """Close the marked cases, or the one under the cursor, as won or lost."""
        ids = await self._open_ids()
        outcome = await self.app.show(MenuScreen(
            await self._asking(ids, _("Close as")),
            [MenuItem("w", _("won"), "won"), MenuItem("l", _("lost"), "lost")],
        ))  # fmt: skip
        if outcome is None:
            return
        if outcome == "won":
            await self._close(ids, outcome, "")
            return

        async def save(changed: dict[str, Any], _version: int | None) -> None:
            await self._close(ids, outcome, changed["reason"])

        await self.app.show(EditPanel(
            _("Lost"), [Field("reason", _("Reason"), hint=_("price, another make, not now"), required=True)], save=save
        ))  # fmt: skip

    async def _close(self, ids: tuple[int, ...], outcome: str, reason: str) -> None:
        done = await self.app.tell(case_acts.close, ids, outcome, reason)
        if outcome == "won":
            words = ngettext("{count} case is closed as won.", "{count} cases are closed as won.", done.count)
        else:
            words = ngettext("{count} case is closed as lost.", "{count} cases are closed as lost.", done.count)
        self._done(done, words)

    async def _open_ids(self) -> tuple[int, ...]:
        ids = await self.chosen_ids()
        if not ids:
            raise Refused(_("There is no case under the cursor."))
        if len(ids) >= case_acts.ASKED_FROM:
            names = ", ".join(one.title for one in await self.app.ask(case_list.rows_of, ids[:3]))
            question = _("This concerns {count} cases: {names} …").format(count=number(len(ids)), names=names)
            if not await self.app.show(ConfirmScreen(question, _("u brings it all back."))):
                raise Refused(_("Nothing was changed."))
        return ids

    async def _asking(self, ids: tuple[int, ...], words: str) -> str:
        if len(ids) == 1:
            return words
        return ngettext("{words} · {count} case", "{words} · {count} cases", len(ids)).format(
            words=words, count=number(len(ids))
        )

    def _done(self, done: case_acts.Done, sentence: str, **names: str) -> None:
        words = sentence.format(count=number(done.count), **names)
        if done.left:
            words += " " + ngettext(
                "{count} was not open and stayed as it was.",
                "{count} were not open and stayed as they were.",
                done.left,
            ).format(count=number(done.left))
        self.records.clear_marks()
        self.app.say(words, undo=bool(done.count))

    # -- views ------------------------------------------------------------------------------------------

    async def action_save_view(self) -> None:
        """Give the filter a name; it becomes a view with a number."""
        await self.settle()
        case_filter.terms(self.typed)

        async def save(changed: dict[str, Any], _version: int | None) -> None:
            await self.app.tell(saved_views.save, "cases", changed["name"], self.typed)
            self.app.say(_("Saved as “{name}”.").format(name=changed["name"]), undo=True)

        await self.app.show(EditPanel(
            _("Save this view"),
            [Field("name", _("Name"), hint=self.typed or _("all cases"), required=True)], save=save,
        ))  # fmt: skip

    async def action_drop_view(self) -> None:
        """Forget one of my views."""
        views = await self.app.ask(saved_views.views, "cases")
        if not views:
            raise Refused(_("You have saved no views."), _("V saves the filter on screen as one."))
        items = [MenuItem(str(at), view.name, view.id, view.filter) for at, view in enumerate(views[:9], 1)]
        chosen = await self.app.show(MenuScreen(_("Forget which view"), items))
        if chosen is not None:
            await self.app.tell(saved_views.drop, chosen)
            self.app.say(_("The view is gone."), undo=True)

    async def action_copy_filter(self) -> None:
        """Copy the command that lists the same on the command line."""
        import shlex

        self.app.copy(f"easir case list --filter {shlex.quote(self.typed)}")
