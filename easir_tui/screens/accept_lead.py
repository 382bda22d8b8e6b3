"""Accepting a lead in at most three steps: whose it is, who it is, what comes of it.

Exact matches are chosen already, similar ones are offered with the reason; where contact and lead tell a field
differently, it is chosen field by field. Nothing is written before the last key; what is chosen is kept as a draft.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, ClassVar

from textual.widgets import Static

from easir_tui import relations, text
from easir_tui.commands import Command, forms
from easir_tui.crm import accounts, contact_list, lead_accept, users
from easir_tui.crm.drafts import Waiting
from easir_tui.crm.lead_accept import FIELDS, Candidate, Choice, Plan
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.errors import Conflict
from easir_tui.language import N_, _
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field, Form, Option
from easir_tui.widgets.words import LANGUAGES

ACCOUNT, CONTACT, CASE = range(3)
NEW = 0
"""Stands for a new company, contact or case among the choices."""


class AcceptLeadScreen(FormScreen):
    """`app.show("accept_lead", lead_id=3)`: dismissed with the id of the case, or None."""

    PLACE = "leads"
    KIND = "accept_lead"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        replace(forms.SAVE, title=N_("Go on"), tooltip=N_("To the next step; at the last one, accept the lead")),
        *(command for command in forms.ALL if command.id != forms.SAVE.id),
    )
    contact_id = None

    def __init__(self, lead_id: int, step: int = ACCOUNT, choice: dict[str, Any] | None = None) -> None:
        super().__init__()
        self.lead_id = lead_id
        self.step = step
        self.chosen = _choice(choice) if choice else None
        self.plan: Plan | None = None
        self._proposed: Choice | None = None

    def draft_key(self) -> str:
        """One for each lead."""
        return f"lead:{self.lead_id}"

    def arguments(self) -> dict[str, Any]:
        """The step, and what was chosen before it."""
        return {"lead_id": self.lead_id, "step": self.step, "choice": asdict(self.chosen or Choice())}

    @property
    def is_typed_in(self) -> bool:
        """A step that was taken is worth keeping, and what was chosen in one that was left by Esc."""
        return super().is_typed_in or self.step > ACCOUNT or self.chosen != self._proposed

    def _take_up(self, draft: Waiting) -> None:
        """Go on where the draft was left."""
        kept = draft.body.get("arguments", {})
        self.perform(self._go_on, draft, int(kept.get("step", ACCOUNT)), kept.get("choice"))

    async def _go_on(self, draft: Waiting, step: int, choice: dict[str, Any] | None) -> None:
        self.step = step
        self.chosen = _choice(choice) if choice else self.chosen
        await self._rebuild()
        super()._take_up(draft)

    # -- the steps --------------------------------------------------------------------------------------

    async def build(self) -> Form:
        """The form of the step."""
        if self.plan is None:
            self.plan = await self.app.ask(lead_accept.plan, self.lead_id)
        if self.chosen is None:
            self.chosen = self._proposed = await self.app.ask(lead_accept.proposed, self.lead_id)
        row = self.plan.page.row
        titles = (_("company"), _("contact"), _("case"))
        self.query_one("#form-head", Static).update(line(
            (_("Accept"), "title"), "  ", (row.name or row.company, "strong"),
            ("   ", ""), (_("step {n} of 3: {what}").format(n=self.step + 1, what=titles[self.step]), "dim"),
        ))  # fmt: skip
        about = " · ".join(filter(None, (row.product, text.first_line(row.interest))))
        info = self.query_one("#form-info", Static)
        info.update(line((about, "dim")))
        info.display = bool(about)
        fields = (self._account_fields, self._contact_fields, self._case_fields)[self.step]
        return Form(await fields(self.plan, self.chosen), id="form")

    async def _account_fields(self, plan: Plan, chosen: Choice) -> list[Field]:
        new = plan.page.account.get("name", "")
        choices = [(one.id, _candidate(one)) for one in plan.accounts]
        choices.append((NEW, _("new company: {name}").format(name=new) if new else _("a new company")))
        choices.append((PRIVATE_ACCOUNT, _("none, a private person")))
        value = chosen.account_id if chosen.account_id is not None else NEW
        if value not in dict(choices):
            choices.insert(0, (value, await self._company_name(value)))
        return [
            Field("account", _("Company"), "choice", value=value, choices=choices),
            Field("account_name", _("Name if new"), value=chosen.account_name or new, hint=_("its whole name")),
            Field("other", _("Or another"), "pick", search=self._companies),
        ]

    async def _contact_fields(self, plan: Plan, chosen: Choice) -> list[Field]:
        name = plan.page.row.name
        choices = [(one.id, _candidate(one)) for one in plan.contacts]
        choices.append((NEW, _("new contact: {name}").format(name=name) if name else _("a new contact")))
        value = chosen.contact_id or NEW
        if value not in dict(choices):
            choices.insert(0, (value, await self._contact_name(value)))
        fields = [
            Field("contact", _("Contact"), "choice", value=value, choices=choices),
            Field("other", _("Or another"), "pick", search=self._contacts),
        ]
        if chosen.contact_id:
            version = await self.app.ask(lead_accept.version_of, chosen.contact_id)
            self.chosen = replace(chosen, version=version)
            for one in await self.app.ask(lead_accept.differences, self.lead_id, chosen.contact_id):
                fields.append(Field(
                    f"take_{one.name}", _(FIELDS[one.name]), "choice", value=one.name in chosen.take,
                    choices=((False, _("stays: {value}").format(value=_shown(one.name, one.contact) or "—")),
                             (True, _adds(one.name, _shown(one.name, one.lead)))),
                ))  # fmt: skip
        return fields

    async def _case_fields(self, plan: Plan, chosen: Choice) -> list[Field]:
        cases = await self.app.ask(lead_accept.open_cases, chosen.contact_id, chosen.account_id)
        people = await self.app.ask(users.people)
        paths = relations.paths()
        choices = [(NEW, _("a new case"))]
        choices += [(one.id, _("add to: {title}").format(title=" · ".join((one.title, one.contact, one.manager))))
                    for one in cases]  # fmt: skip
        fields = [
            Field("case", _("Case"), "choice", value=chosen.case_id or NEW, choices=choices),
            Field("title", _("Title if new"), value=chosen.title or lead_accept.case_title(plan.page)),
        ]
        if len(paths) > 1:
            fields.append(Field(
                "path", _("Relations path"), "choice", value=chosen.path or next(iter(paths)),
                choices=[(key, path.title) for key, path in paths.items()],
            ))  # fmt: skip
        fields.append(Field(
            "manager", _("Case manager"), "choice", value=chosen.manager_id or self.app.me.user_id,
            choices=[(one.user_id, one.full_name) for one in people],
        ))  # fmt: skip
        return fields

    async def _rebuild(self) -> None:
        """The form of another step, or of another contact."""
        old, self.form = self.form, await self.build()
        if old is not None:
            await old.remove()
        await self.query_one("#form-place").mount(self.form)
        self._air()
        self._untouched = self.form.texts()
        self.focus_first()
        self.built()

    def on_form_changed(self, event: Form.Changed) -> None:
        """Another contact has other differences."""
        super().on_form_changed(event)
        if self.step == CONTACT and event.name in ("contact", "other"):
            self.perform(self._other_contact)

    async def _other_contact(self) -> None:
        assert self.form is not None
        assert self.chosen is not None
        values = self.form.values() or {}
        wanted = values.get("other") or values.get("contact") or None
        if wanted != self.chosen.contact_id:
            take = await self.app.ask(lead_accept.filling, self.lead_id, wanted)
            self.chosen = replace(self.chosen, contact_id=wanted, take=take)
            await self._rebuild()

    # -- on and back ------------------------------------------------------------------------------------

    async def save(self) -> int | None:
        """To the next step; at the last one, accept."""
        assert self.form is not None
        values = self.form.values()
        if values is None:
            return None
        self._take(values)
        if self.step < CASE:
            self.step += 1
            await self._rebuild()
            return None
        assert self.chosen is not None
        done = await self.app.tell(lead_accept.accept, self.lead_id, self.chosen, self.own_key())
        self.app.say(_("The lead is accepted."), undo=True)
        return done.case_id

    async def action_back(self) -> None:
        """To the step before; from the first one out, what is chosen stays as a draft."""
        if self.step == ACCOUNT or self.form is None:
            await super().action_back()
            return
        values = self.form.values()
        if values is not None:
            self._take(values)
        self.step -= 1
        await self._rebuild()

    def _take(self, values: dict[str, Any]) -> None:
        """What the form of this step says, into the choice."""
        assert self.chosen is not None
        chosen = self.chosen
        if self.step == ACCOUNT:
            account = values["other"] or values["account"] or None
            if account != chosen.account_id and chosen.contact_id is not None:
                chosen = replace(chosen, contact_id=None, take=(), case_id=None)
            chosen = replace(chosen, account_id=account, account_name=values["account_name"])
        elif self.step == CONTACT:
            taken = tuple(name for name in FIELDS if values.get(f"take_{name}"))
            contact = values["other"] or values["contact"] or None
            chosen = replace(chosen, contact_id=contact, take=taken if contact else ())
        else:
            chosen = replace(
                chosen, case_id=values["case"] or None, title=values["title"], manager_id=values["manager"],
                path=values.get("path", chosen.path),
            )  # fmt: skip
        self.chosen = chosen

    def labels(self) -> dict[str, str]:
        """What the fields of a contact are called."""
        return {name: _(said) for name, said in FIELDS.items()}

    def settled(self, conflict: Conflict, theirs: frozenset[str]) -> None:
        """Go on from the contact as it is now; what the colleague wrote stays where that was chosen."""
        assert self.chosen is not None
        taken = tuple(name for name in self.chosen.take if name not in theirs)
        self.chosen = replace(self.chosen, version=conflict.version, take=taken)

    # -- looking up -------------------------------------------------------------------------------------

    async def _companies(self, typed: str) -> list[Option]:
        found = await self.app.ask(accounts.search, typed, 20)
        return [Option(one.id, one.name, one.city) for one in found]

    async def _contacts(self, typed: str) -> list[Option]:
        found = await self.app.ask(contact_list.find, typed, limit=50)
        rows = await self.app.ask(contact_list.rows_of, found.ids[:50])
        return [Option(one.id, one.name, one.company) for one in rows]

    async def _company_name(self, account_id: int) -> str:
        return await self.app.ask(lambda _me, held: accounts.title(held, ""), account_id)

    async def _contact_name(self, contact_id: int) -> str:
        rows = await self.app.ask(contact_list.rows_of, [contact_id])
        return rows[0].name if rows else ""


def _choice(kept: dict[str, Any]) -> Choice:
    return Choice(**{**kept, "take": tuple(kept.get("take", ()))})


def _candidate(one: Candidate) -> str:
    """ "Nordlys VVS ApS · Aarhus  (same CVR number)"."""
    return f"{' · '.join(filter(None, (one.name, one.detail)))}  ({one.reason})"


def _shown(name: str, value: str) -> str:
    if name == "language":
        return _(LANGUAGES[value]) if value in LANGUAGES else value
    return text.first_line(value.replace("\n", ", "))


def _adds(name: str, value: str) -> str:
    if name in ("emails", "phones"):
        return _("add: {value}").format(value=value)
    return _("from the lead: {value}").format(value=value)
