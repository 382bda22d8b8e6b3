"""The form for a new company. One that may be here already is shown before it is made a second time."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.widgets import Static

from easir_tui.commands import Command, forms
from easir_tui.crm import accounts, users
from easir_tui.crm.accounts import NewAccount
from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.screens import account_fields
from easir_tui.screens.form_screen import FormScreen
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Form


class NewAccountScreen(FormScreen):
    """A new company; dismissed with its id, or None.

    Args:
        name: what was searched for and not found.
        opens: show the page of the account after saving.
    """

    PLACE = "accounts"
    KIND = "new_account"
    COMMANDS: ClassVar[tuple[Command, ...]] = forms.ALL

    contact_id = None

    def __init__(self, name: str = "", opens: bool = True) -> None:
        super().__init__()
        self.searched = name
        self._opens = opens
        self._accepted: NewAccount | None = None

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("New account")

    def draft_key(self) -> str:
        """One new account at a time."""
        return "account:new"

    def arguments(self) -> dict[str, Any]:
        """Nothing is needed to open it again."""
        return {}

    async def build(self) -> Form:
        """The fields."""
        people = await self.app.ask(users.people)
        self.query_one("#form-head", Static).update(line((_("New account"), "title")))
        return Form([
            account_fields.name_field(self.searched),
            account_fields.number_field(),
            *account_fields.reach_fields(self.app),
            *account_fields.address_fields(),
            account_fields.responsible_field(people, self.app.me.user_id, self.app.me.full_name),
            account_fields.systems_field({}),
        ], id="form")  # fmt: skip

    async def save(self) -> int | None:
        """Save, unless a field is wrong or the company turns out to be here already."""
        assert self.form is not None
        values = self.form.values()
        if values is None:
            return None
        new = NewAccount(**values)
        if new != self._accepted:
            chosen = await self._ask(new)
            if chosen is None:
                return None
            if chosen:
                self._saving = False
                await self.action_back()
                await self.app.open("account", account_id=chosen)
                return None
            self._accepted = new
        try:
            account_id = await self.app.tell(accounts.create, new, self.own_key())
        except Invalid as error:
            raise Invalid("name" if error.field == "company" else error.field, error.sentence, error.hint) from error
        self.app.say(_("Saved {name}").format(name=new.name), undo=True)
        if self._opens:
            self.app.call_later(self.app.open, "account", account_id=account_id)
        return account_id

    async def _ask(self, new: NewAccount) -> int | None:
        """Whether a company of that name or CVR number is meant: its id, 0 for none of them, None to go on editing."""
        found = await self.app.ask(accounts.similar, new)
        if not found:
            return 0
        items = [
            MenuItem(str(number), each.name, each.id, " · ".join(filter(None, (each.city, each.cvr))))
            for number, each in enumerate(found, start=1)
        ]
        items.append(MenuItem("s", _("None of these: save"), 0))
        chosen = await self.app.show(MenuScreen(_("Here already? A number opens that account instead"), items))
        return None if chosen is None else int(chosen)
