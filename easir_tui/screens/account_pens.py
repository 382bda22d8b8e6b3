"""The pens of the account page: for each block of the side bar, the panel that edits it in place (V17, faults 9)."""

from __future__ import annotations

from typing import Any

from textual.widget import Widget

from easir_tui.crm import accounts, users
from easir_tui.crm.account_page import AccountPage
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.screens import account_fields
from easir_tui.screens.edit_panel import EditPanel, Kept
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host

TITLES = ("about", "address", "responsible", "systems")
"""Parts of the page that have a pen."""


async def use_pen(app: Host, page: AccountPage, part: str, near: Widget | None = None) -> bool:
    """Edit a part of the page; True when something was saved.

    Raises:
        Refused: it is the private account, which is fixed (V2).
    """
    account = page.account
    if account.is_private:
        raise Refused(_("The private account cannot be changed."))
    names: dict[int, str] = {}
    fields: tuple[Field, ...]
    match part:
        case "address":
            title, fields = _("Address"), account_fields.address_fields(account.address)
        case "responsible":
            people = await app.ask(users.people)
            names = {person.user_id: person.full_name for person in people}
            field = account_fields.responsible_field(people, account.responsible_id, account.responsible)
            title, fields = _("Responsible user"), (field,)
        case "systems":
            title, fields = _("Other systems"), (account_fields.systems_field(account.external_ids),)
        case _other:
            title = _("About")
            fields = (
                account_fields.name_field(account.name),
                account_fields.number_field(account.cvr),
                *account_fields.reach_fields(app, account),
            )

    async def save(changed: dict[str, Any], version: int | None) -> Any:
        return await app.tell(accounts.change, account.id, version or account.version, **changed)

    def show(name: str, value: Any) -> str:
        return account_fields.shown(names, name, value)

    kept = Kept(f"account:{account.id}", None, part, account.version, {"account_id": account.id})
    return bool(await app.show(EditPanel(title, fields, save, near=near, show=show, kept=kept)))
