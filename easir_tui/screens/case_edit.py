"""Changing a case: title, manager, product, value, chance, expected close."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from textual.widgets import Static

from easir_tui import clock
from easir_tui.commands import Command, forms
from easir_tui.crm import case_page, cases, users
from easir_tui.crm.case_page import CasePage
from easir_tui.crm.users import Person
from easir_tui.errors import Conflict, Invalid
from easir_tui.language import _, money
from easir_tui.screens.form_screen import FormScreen
from easir_tui.screens.new_case import value_field
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field, Form


class CaseEditScreen(FormScreen):
    """`app.show("case_edit", case_id=3)`: dismissed with the case's id, or None."""

    KIND = "case_edit"
    COMMANDS: ClassVar[tuple[Command, ...]] = forms.ALL

    def __init__(self, case_id: int) -> None:
        super().__init__()
        self.case_id = case_id
        self.case: CasePage | None = None
        self.people: list[Person] = []
        self._theirs: frozenset[str] = frozenset()

    def draft_key(self) -> str:
        """One for each case."""
        return f"case:{self.case_id}"

    def arguments(self) -> dict[str, Any]:
        """What opens this form again."""
        return {"case_id": self.case_id}

    async def build(self) -> Form:
        """Read the case and the colleagues."""
        case = await self.app.ask(case_page.page, self.case_id)
        self.people = await self.app.ask(users.people)
        self.case, self.version, self.contact_id = case, case.version, case.contact_id
        self.query_one("#form-head", Static).update(
            line((_("Change the case"), "title"), "  ", (case.title, "strong"), (f" · {case.contact_name}", "dim"))
        )
        people = [(person.user_id, person.full_name) for person in self.people]
        if case.manager_id not in [user_id for user_id, _name in people]:
            people.append((case.manager_id, case.manager))
        return Form(
            [
                Field("title", _("Title"), value=case.title, required=True),
                Field("product", _("Product"), value=case.product),
                value_field(case.currency, case.value),
                Field(
                    "chance",
                    _("Chance"),
                    value="" if case.chance is None else str(case.chance),
                    parse=parse_chance,
                    hint=_("per cent; follows the milestones"),
                ),
                Field(
                    "expected_close",
                    _("Expected close"),
                    "day",
                    value=case.expected_close,
                    hint=_("1/12, +3w, ultimo januar"),
                ),
                Field("manager_id", _("Case manager"), "choice", value=case.manager_id, choices=people),
            ],
            id="form",
        )

    async def save(self) -> int | None:
        """Save what was edited."""
        assert self.form is not None
        changed = self.form.changed()
        if changed is None:
            return None
        wanted = {name: value for name, value in changed.items() if name not in self._theirs}
        await self.app.tell(cases.change, self.case_id, self.version, **wanted, draft_key=self.own_key())
        if wanted:
            self.app.say(_("The case is changed."), undo=True)
        return self.case_id

    def settled(self, conflict: Conflict, theirs: frozenset[str]) -> None:
        """Keep the other's value of these, and save the rest over the stored version."""
        self._theirs |= theirs
        self.version = conflict.version

    def shown(self, name: str, value: Any) -> str:
        """Money, dates and names instead of what is stored."""
        if value is None or value == "":
            return "—"
        if name == "value" and self.case is not None:
            return money(int(value), self.case.currency)
        if name == "expected_close":
            return clock.date_long(date.fromisoformat(str(value)))
        if name == "manager_id":
            return next((person.full_name for person in self.people if person.user_id == value), "?")
        return f"{value} %" if name == "chance" else str(value)


def parse_chance(typed: str) -> int | None:
    """A chance of success in per cent, "60" or "60 %"; None for nothing typed.

    Raises:
        Invalid: of `chance`: it is no whole number from 0 to 100.
    """
    words = typed.strip().removesuffix("%").strip()
    if not words:
        return None
    if not words.isdecimal() or int(words) > 100:
        raise Invalid("chance", _("The chance is a per cent between 0 and 100."))
    return int(words)
