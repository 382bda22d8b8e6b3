"""The list of accounts: any number of them, filtered as you type, sorted, marked, given away, and opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from easir_tui import phones
from easir_tui.commands import Command, lists
from easir_tui.commands import accounts as keys
from easir_tui.crm import account_list, accounts, users
from easir_tui.crm.account_list import AccountRow, Found, ListContext
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.errors import Refused
from easir_tui.language import N_, _, ngettext, number
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.list_screen import ListScreen, Order, View
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.host import Host
from easir_tui.widgets.option import Option
from easir_tui.widgets.record_list import Column, Row


class AccountSource:
    """Rows for the list: all accounts in an order, those of one colleague, or those that words find."""

    def __init__(self, app: Host, typed: str, order: str, reverse: bool) -> None:
        self.app = app
        self.order = order
        self.reverse = reverse
        self.which = account_list.AccountFilter()
        self.found: Found | None = None
        self._typed = typed
        self._total = 0

    async def count(self) -> tuple[int, bool]:
        """How many rows there are, and whether words find more."""
        self.which = await self.app.ask(account_list.parse, self._typed)
        if self.which.words:
            self.found = await self.app.ask(account_list.find, self.which, self.order, self.reverse)
            return len(self.found.ids), self.found.capped
        self._total = await self.app.ask(account_list.count, self.which)
        return self._total, False

    async def page(self, start: int, n: int) -> list[Row]:
        """At most `n` rows from number `start` on."""
        if self.found is not None:
            held = await self.app.ask(account_list.rows_of, self.found.ids[start : start + n])
        else:
            held = await self.app.ask(account_list.page, self.which, self.order, self.reverse, start, n, self._total)
        return [self.row(each) for each in held]

    async def position(self, record_id: int) -> int | None:
        """Where an account stands now."""
        if self.found is not None:
            return self.found.ids.index(record_id) if record_id in self.found.ids else None
        return await self.app.ask(account_list.position, self.which, record_id, self.order, self.reverse)

    async def ids(self, limit: int) -> list[int]:
        """The explicit set behind "mark all"."""
        if self.found is not None:
            return list(self.found.ids[:limit])
        return list((await self.app.ask(account_list.all_ids, self.which, self.order, self.reverse))[:limit])

    async def among(self, ids: Sequence[int]) -> set[int]:
        """Those of these accounts that are shown."""
        await self.count()
        if self.found is not None:
            return set(ids) & set(self.found.ids)
        return await self.app.ask(account_list.among, self.which, ids)

    def row(self, account: AccountRow) -> Row:
        """An account as a line of the list."""
        private = account.id == PRIVATE_ACCOUNT
        return Row(account.id, (
            (account.name, "strong"),
            _("fixed") if private else account.cvr,
            account.city,
            phones.pretty(account.phone),
            _many(account.contacts),
            (_many(account.open_cases), "accent"),
            account.responsible,
        ))  # fmt: skip


def _many(count: int) -> str:
    if not count:
        return ""
    most = account_list.COUNTED
    return number(count) if count < most else f"{number(most - 1)}+"


class AccountsScreen(ListScreen):
    """All accounts, mine, or those the filter finds."""

    PLACE = "accounts"
    TABLES = frozenset({"account", "contact", "sales_case"})
    VIEWS = (View("all", N_("All"), ""), View("mine", N_("Mine"), "responsible:me"))
    ORDERS = (
        Order("n", "name", N_("Name"), "a … å"),
        Order("w", "newest", N_("Newest"), N_("as they were added")),
    )
    EXPORTS = "accounts"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        lists.FILTER,
        lists.NEW,
        *(replace(command, footer=True) for command in (keys.EDIT, lists.SORT, lists.MARK, keys.GIVE, lists.DELETE)),
        *lists.MOVES,
        lists.MARK_ALL,
        lists.COPY,
        lists.EXPORT,
        keys.VIEW_1,
        keys.VIEW_2,
    )

    def columns(self) -> tuple[Column, ...]:
        """Name first; what falls off a narrow window is on the page."""
        return (
            Column(_("Name"), min=22, share=4),
            Column(_("CVR number"), width=10, role="dim", drop=3),
            Column(_("City"), min=12, share=2, drop=2),
            Column(_("Phone"), width=16, drop=1),
            Column(_("Contacts"), width=10, align="right", drop=4),
            Column(_("Open cases"), width=10, align="right"),
            Column(_("Responsible"), width=18, role="dim", drop=5),
        )

    def source(self, typed: str) -> AccountSource:
        """The rows of a filter."""
        return AccountSource(self.app, typed, self.order, self.reverse)

    def placeholder(self) -> str:
        """What one can look for."""
        return _("name, CVR number, city, number, e-mail; responsible:me")

    def nothing_to_show(self) -> str:
        """How to begin, or what to do about a filter that finds nothing."""
        if self.typed:
            return _(
                "No account is found by “{text}”.\n\nN  adds “{text}” as a new account\nEsc  shows all accounts again"
            ).format(text=self.typed)
        return _("There are no accounts yet.\n\nN  adds the first company")

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Accounts")

    async def open_record(self, record_id: int) -> None:
        """The page of an account, with this list around it."""
        source = self.source(self.typed)
        await source.count()
        ids = source.found.ids if source.found is not None else None
        context = ListContext(source.which, self.order, self.reverse, ids)
        await self.app.open("account", account_id=record_id, context=context)

    async def action_new(self) -> None:
        """A new company; what the filter did not find is its name."""
        which = await self.app.ask(account_list.parse, self.typed)
        made = await self.app.show("new_account", name="" if self.records.total else which.words, opens=False)
        if made is not None:
            await self.show_filter("")
            await self.records.reload(keep_id=made)

    async def action_edit(self) -> None:
        """Change the account under the cursor."""
        if self.records.current_id == PRIVATE_ACCOUNT:
            raise Refused(_("The private account cannot be changed."))
        if self.records.current_id is not None:
            await self.app.show("account_edit", account_id=self.records.current_id)

    async def action_give(self) -> None:
        """Make a colleague responsible for the marked accounts, or for the one under the cursor."""
        ids = await self.chosen_ids()
        if not ids:
            return
        people = await self.app.ask(users.people)

        async def search(typed: str) -> list[Option]:
            wanted = typed.lower()
            return [Option(one.user_id, one.full_name) for one in people if wanted in one.full_name.lower()]

        title = ngettext(
            "Who is responsible for {count} account?", "Who is responsible for {count} accounts?", len(ids)
        )
        chosen = await self.app.show("chooser", title=title.format(count=number(len(ids))), search=search)
        if chosen is None:
            return
        moved = await self.app.tell(accounts.make_responsible, ids, chosen.value)
        self.records.clear_marks()
        self.app.say(
            ngettext("{name} is responsible for {count} account", "{name} is responsible for {count} accounts", moved)
            .format(name=chosen.label, count=number(moved)), undo=bool(moved),
        )  # fmt: skip

    async def action_delete(self) -> None:
        """Delete the account under the cursor, or the marked ones; one that has contacts stays."""
        ids = await self.chosen_ids()
        if len(ids) == 1:
            found = await self.app.ask(account_list.rows_of, ids)
            await self.app.tell(accounts.delete, ids[0])
            self.app.say(_("{name} deleted").format(name=found[0].name if found else ""), undo=True)
            self.records.clear_marks()
        elif ids:
            question = _("Delete {count} accounts?").format(count=number(len(ids)))
            detail = _("Those that have contacts stay.")
            if not await self.app.show(ConfirmScreen(question, detail, danger=True)):
                return
            gone, kept = await self.app.tell(accounts.delete_many, ids)
            self.records.clear_marks()
            told = ngettext("{count} account deleted", "{count} accounts deleted", gone).format(count=number(gone))
            self.app.say(" · ".join(filter(None, (told, accounts.kept_sentence(kept)))), undo=bool(gone))

    async def action_copy(self) -> None:
        """Send the phone number, the e-mail address or the CVR number to the terminal's clipboard."""
        account_id = self.records.current_id
        found = await self.app.ask(account_list.rows_of, [account_id]) if account_id is not None else []
        if not found:
            return
        facts = (
            ("p", _("Phone number"), phones.pretty(found[0].phone)), ("e", _("E-mail address"), found[0].email),
            ("c", _("CVR number"), found[0].cvr),
        )  # fmt: skip
        items = [MenuItem(key, title, held, held) for key, title, held in facts if held]
        if not items:
            raise Refused(_("There is nothing to copy: neither phone number, e-mail address nor CVR number."))
        chosen = items[0].value if len(items) == 1 else await self.app.show(MenuScreen(_("Copy"), items))
        if chosen:
            self.app.copy(chosen)
