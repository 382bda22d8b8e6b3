"""Opening a case for a contact: title, product, value, and the path where there are several."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.widgets import Static

from easir_tui import config, relations
from easir_tui.commands import Command, forms
from easir_tui.crm import cases, users
from easir_tui.crm.lookups import contact_brief
from easir_tui.language import _, money
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field, Form


def value_field(currency: str, value: int | None = None) -> Field:
    """The value of a case, typed in Danish or English, echoed with its currency."""

    def echo(typed: str) -> str:
        amount = cases.parse_value(typed)
        return "" if amount is None else money(amount, currency)

    return Field(
        "value",
        _("Value"),
        value=cases.value_text(value),
        parse=cases.parse_value,
        echo=echo,
        hint=_("399,900 or 399,900.50"),
    )


class NewCaseScreen(FormScreen):
    """`app.show("new_case", contact_id=7)`: dismissed with the new case's id, or None."""

    KIND = "new_case"
    COMMANDS: ClassVar[tuple[Command, ...]] = forms.ALL

    contact_id: int

    def __init__(self, contact_id: int, title: str = "", path: str = "") -> None:
        super().__init__()
        self.contact_id = contact_id
        self.first_title = title
        self.first_path = path

    def draft_key(self) -> str:
        """One for each contact."""
        return f"case:new:{self.contact_id}"

    def arguments(self) -> dict[str, Any]:
        """What opens this form again."""
        return {"contact_id": self.contact_id}

    async def build(self) -> Form:
        """Read the contact and the colleagues."""
        contact = await self.app.ask(contact_brief, self.contact_id)
        people = await self.app.ask(users.people)
        company = f" · {contact.account_name}" if contact.account_name else ""
        self.query_one("#form-head", Static).update(
            line((_("New case"), "title"), "  ", (contact.name, "strong"), (company, "dim"))
        )
        paths = relations.paths()
        fields = [Field("title", _("Title"), value=self.first_title, hint=_("what the contact wants"), required=True)]
        if len(paths) > 1:
            fields.append(
                Field(
                    "path",
                    _("Relations path"),
                    "choice",
                    value=self.first_path if self.first_path in paths else next(iter(paths)),
                    choices=[(key, path.title) for key, path in paths.items()],
                )
            )
        fields += [
            Field("product", _("Product"), hint=_("of interest, for example VW ID.4 Pro")),
            value_field(config.settings().currency),
            Field("expected_close", _("Expected close"), "day", hint=_("1/12, +3w, end of January")),
            Field(
                "manager_id",
                _("Case manager"),
                "choice",
                value=self.app.me.user_id,
                choices=[(person.user_id, person.full_name) for person in people],
            ),
        ]
        return Form(fields, id="form")

    async def save(self) -> int | None:
        """Open the case."""
        assert self.form is not None
        values = self.form.values()
        if values is None:
            return None
        case_id = await self.app.tell(cases.create, self.contact_id, **values, draft_key=self.own_key())
        self.app.say(_("The case is open."), undo=True)
        return case_id
