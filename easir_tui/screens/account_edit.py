"""Changing all facts of a company in one form."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.widgets import Static

from easir_tui.commands import Command, forms
from easir_tui.crm import account_page, accounts, users
from easir_tui.crm.account_page import AccountRecord
from easir_tui.errors import Conflict, Refused
from easir_tui.language import _
from easir_tui.screens import account_fields
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Form


class AccountEditScreen(FormScreen):
    """`app.show("account_edit", account_id=3)`: dismissed with the account's id, or None."""

    PLACE = "accounts"
    KIND = "account_edit"
    COMMANDS: ClassVar[tuple[Command, ...]] = forms.ALL

    contact_id = None

    def __init__(self, account_id: int) -> None:
        super().__init__()
        self.account_id = account_id
        self.account: AccountRecord | None = None
        self._names: dict[int, str] = {}
        self._theirs: frozenset[str] = frozenset()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Change the account")

    def draft_key(self) -> str:
        """One for each account."""
        return f"account:{self.account_id}"

    def arguments(self) -> dict[str, Any]:
        """What opens this form again."""
        return {"account_id": self.account_id}

    async def build(self) -> Form:
        """Read the account and the colleagues."""
        account = await self.app.ask(account_page.record, self.account_id)
        if account.is_private:
            raise Refused(_("The private account cannot be changed."))
        people = await self.app.ask(users.people)
        self.account, self.version = account, account.version
        self._names = {person.user_id: person.full_name for person in people}
        self.query_one("#form-head", Static).update(
            line((_("Change the account"), "title"), "  ", (account.name, "strong"))
        )
        return Form([
            account_fields.name_field(account.name),
            account_fields.number_field(account.cvr),
            *account_fields.reach_fields(self.app, account),
            *account_fields.address_fields(account.address),
            account_fields.responsible_field(people, account.responsible_id, account.responsible),
            account_fields.systems_field(account.external_ids),
        ], id="form")  # fmt: skip

    async def save(self) -> int | None:
        """Save what was edited."""
        assert self.form is not None
        changed = self.form.changed()
        if changed is None:
            return None
        wanted = {name: value for name, value in changed.items() if name not in self._theirs}
        if wanted:
            await self.app.tell(accounts.change, self.account_id, self.version, draft_key=self.own_key(), **wanted)
            self.app.say(_("The account is changed."), undo=True)
        return self.account_id

    def settled(self, conflict: Conflict, theirs: frozenset[str]) -> None:
        """Keep the other's value of these, and save the rest over the stored version."""
        self._theirs |= theirs
        self.version = conflict.version

    def shown(self, name: str, value: Any) -> str:
        """Names instead of numbers."""
        return account_fields.shown(self._names, name, value)
