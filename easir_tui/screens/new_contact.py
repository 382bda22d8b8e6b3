"""The form for a new contact: private, or business with its company picked as you type or made on the way.

While it is filled in, contacts that may be the same person are shown beside it; saving asks once more when there
are any (faults 13 to 15).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer
from textual.widgets import Static

from easir_tui import clock, phones
from easir_tui.crm import accounts, contact_values, contacts, duplicates
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contact_values import Email, PhoneEntry
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.duplicates import Similar
from easir_tui.errors import Invalid
from easir_tui.language import _
from easir_tui.screens.contact_pens import about_colleagues
from easir_tui.screens.form_screen import FormScreen
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.content import line, lines
from easir_tui.widgets.fields import Field, Form
from easir_tui.widgets.option import New, Option

PAUSE = 0.4
"""Seconds without a key before similar contacts are looked for."""

MOST_SIMILAR = 5
"""How many similar contacts are shown."""

_FIELDS = {"emails": "email", "phones": "phone", "account": "company", "name": "last_name"}
"""Fields of the rules and what the form calls them."""


class NewContactScreen(FormScreen):
    """A new contact; dismissed with its id, or None.

    Args:
        name: what was searched for and not found: a name, an e-mail address or a number.
        opens: show the page of the contact after saving.
        account_id: the company it will belong to, if that is known.
        account: the name of that company.
    """

    PLACE = "contacts"
    KIND = "new_contact"
    CSS_PATH = ["form_screen.tcss", "new_contact.tcss"]

    contact_id = None

    def __init__(self, name: str = "", opens: bool = True, account_id: int | None = None, account: str = "") -> None:
        super().__init__()
        self._account = (account_id, account)
        self.searched = name
        self._opens = opens
        self._pausing: Timer | None = None
        self._question = 0
        self._accepted: frozenset[int] = frozenset()
        self._accepted_company: NewAccount | None = None

    def compose_body(self) -> ComposeResult:
        """The heading, the form, and who may be here already."""
        with Vertical(id="new-body"):
            yield from super().compose_body()
        yield Static(id="similar")

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("New contact")

    def draft_key(self) -> str:
        """One new contact at a time."""
        return "contact:new"

    def arguments(self) -> dict[str, Any]:
        """Nothing is needed to open it again."""
        return {}

    async def build(self) -> Form:
        """The fields."""
        self.query_one("#form-head", Static).update(line((_("New contact"), "title")))
        kinds = (("private", _("Private contact")), ("business", _("Business contact")))
        start = _read(self.searched)
        account_id, account = self._account
        return Form([
            Field("kind", _("Kind"), "choice", value="business" if account_id else "private", choices=kinds),
            Field(
                "company", _("Company"), "pick", value=account_id, chosen=account, search=self.companies,
                create=_("New company “{text}”"),
            ),
            Field("cvr", _("CVR number"), echo=accounts.cvr_problem),
            Field("job_title", _("Job title")),
            Field("first_name", _("First name"), value=start["first_name"]),
            Field("last_name", _("Last name"), value=start["last_name"]),
            Field("phone", _("Phone"), value=start["phone"], echo=self.echo_phone),
            Field("email", _("E-mail"), value=start["email"], parse=_addresses),
            Field("street", _("Street")),
            Field("postcode", _("Postcode")),
            Field("city", _("City")),
            Field("birthday", _("Birthday"), parse=contact_values.birthday, hint="29/2 1980", echo=_birthday_words),
        ])  # fmt: skip

    def focus_first(self) -> None:
        """Most contacts are private: typing begins with the name."""
        assert self.form is not None
        self.form.focus_field("first_name")
        self.fit_kind()

    def built(self) -> None:
        """With its draft, or with what was searched for."""
        self.fit_kind()
        self.perform(self.look_for_similar)

    # -- while it is filled in ------------------------------------------------------------------------

    async def companies(self, typed: str) -> list[Option]:
        """Companies for what is typed so far."""
        found = await self.app.ask(accounts.search, typed, 20)
        return [Option(each.id, each.name, " · ".join(filter(None, (each.city, each.cvr)))) for each in found]

    def echo_phone(self, typed: str) -> str:
        """How a number was understood."""
        found = phones.split(typed, self.app.settings.region)
        if not all(each.valid for each in found):
            return _("not a number we know; it is kept as you type it")
        shown = ", ".join(phones.pretty(each.number) or each.raw for each in found)
        return shown if shown != typed else ""

    def fit_kind(self) -> None:
        """Show the fields that the kind of contact has: a business contact has its company's address (V13)."""
        if self.form is None:
            return
        business = self.form.row("kind").raw == "business"
        makes_company = business and isinstance(self.company, New)
        own_address = not business or makes_company
        for name, shown in {
            "company": business, "job_title": business, "cvr": makes_company,
            "street": own_address, "postcode": own_address, "city": own_address,
        }.items():  # fmt: skip
            self.form.row(name).display = shown

    @property
    def company(self) -> int | New | None:
        """The company chosen, or to be made."""
        assert self.form is not None
        widget: Any = self.form.field("company")
        chosen: int | New | None = widget.value
        return chosen

    def on_form_changed(self, event: Form.Changed) -> None:
        """Keep the draft, and look for similar contacts a moment after the last key."""
        super().on_form_changed(event)
        self.fit_kind()
        if self._pausing is not None:
            self._pausing.stop()
        self._pausing = self.set_timer(PAUSE, partial(self.perform, self.look_for_similar))

    async def look_for_similar(self) -> None:
        """Show who may be the same person, beside or below the form; a late answer is dropped."""
        self._question += 1
        question = self._question
        new = self.new_contact()
        found: list[Similar] = []
        for part in (new, replace(new, emails=()), replace(new, emails=(), phones=())):
            try:
                found = await self.app.ask(duplicates.similar, part, MOST_SIMILAR)
                break
            except Invalid:
                continue  # half typed: what stands in the other fields says something already
        if question != self._question or not self.is_attached:
            return
        self.set_class(bool(found), "-similar")
        rows = [line(("! ", "warn"), (_("Perhaps here already"), "warn"))]
        for each in found:
            rows += [line((each.name, "strong"), ("  " + _place(each), "dim")), line(("  " + each.reason, "dim"))]
        self.query_one("#similar", Static).update(lines(*rows))

    # -- saving ---------------------------------------------------------------------------------------

    def new_contact(self) -> NewContact:
        """The contact as the form stands, whatever is wrong with it."""
        assert self.form is not None
        texts = self.form.texts()
        business = texts["kind"] == "business"
        company = self.company if business else None
        address = {name: texts[name] for name in ("street", "postcode", "city")}
        made = NewAccount(company.text, cvr=texts["cvr"], **address) if isinstance(company, New) else None
        return NewContact(
            kind=texts["kind"],
            first_name=texts["first_name"],
            last_name=texts["last_name"],
            job_title=texts["job_title"] if business else "",
            account_id=company if isinstance(company, int) else None,
            new_account=made,
            emails=tuple(Email(each) for each in _parts(texts["email"])),
            phones=tuple(PhoneEntry(each.raw) for each in phones.split(texts["phone"], self.app.settings.region)),
            birthday=texts["birthday"],
            **({} if business else address),
        )

    async def save(self) -> int | None:
        """Save, unless a field is wrong or the person turns out to be here already."""
        assert self.form is not None
        if self.form.values() is None:
            return None
        try:
            return await self.save_or_open()
        except Invalid as error:
            raise Invalid(_FIELDS.get(error.field, error.field), error.sentence, error.hint) from error

    async def save_or_open(self) -> int | None:
        """Ask about similar contacts, then save and show the page."""
        new = self.new_contact()
        contacts.checked(new)
        if new.new_account is not None and new.new_account != self._accepted_company:
            chosen = await self.ask_company(new.new_account)
            if chosen is None:
                return None
            if chosen:
                new = replace(new, account_id=chosen, new_account=None)
            else:
                self._accepted_company = new.new_account
        found = await self.app.ask(duplicates.similar, new, MOST_SIMILAR)
        if not {each.id for each in found} <= self._accepted:
            chosen = await self.ask_similar(found)
            if chosen is None:
                return None
            if chosen:
                self._saving = False
                await self.action_back()
                await self.app.open("contact", contact_id=chosen)
                return None
            self._accepted = frozenset(each.id for each in found)
        contact_id = await self.app.tell(contacts.create, new, self.own_key())
        warning = await about_colleagues(self.app, contact_id)
        said = _("Saved {name}").format(name=f"{new.first_name} {new.last_name}".strip())
        self.app.say(warning or said, undo=True)
        if self._opens:
            self.app.call_later(self.app.open, "contact", contact_id=contact_id)
        return contact_id

    async def ask_company(self, new: NewAccount) -> int | None:
        """Whether a company of that name or CVR number is meant: its id, 0 for none of them, None to go on editing."""
        found = await self.app.ask(accounts.similar, new)
        if not found:
            return 0
        items = [
            MenuItem(str(number), each.name, each.id, " · ".join(filter(None, (each.city, each.cvr))))
            for number, each in enumerate(found, start=1)
        ]
        items.append(MenuItem("s", _("None of these: make a new one"), 0))
        chosen = await self.app.show(MenuScreen(_("Is it this company? A number takes it"), items))
        return None if chosen is None else int(chosen)

    async def ask_similar(self, found: list[Similar]) -> int | None:
        """Which of them it is: an id, 0 for none of them, None to go on editing."""
        items = [
            MenuItem(str(number), each.name, each.id, " · ".join(filter(None, (each.reason, _place(each)))))
            for number, each in enumerate(found, start=1)
        ]
        items.append(MenuItem("s", _("None of these: save"), 0))
        chosen = await self.app.show(MenuScreen(_("Here already? A number opens that contact instead"), items))
        return None if chosen is None else int(chosen)


def _place(each: Similar) -> str:
    return each.company or each.city


def _parts(typed: str) -> list[str]:
    return [each for each in re.split(r"[\s,;]+", typed) if each]


def _birthday_words(typed: str) -> str:
    """The day in words."""
    day = contact_values.birthday(typed)
    return clock.date_long(date.fromisoformat(day)) if not day.startswith("--") else ""


def _addresses(typed: str) -> str:
    """One or more e-mail addresses, checked."""
    contact_values.normal_emails(Email(each) for each in _parts(typed))
    return typed


def _read(typed: str) -> dict[str, str]:
    """What was searched for, in the field it belongs to."""
    made = {"first_name": "", "last_name": "", "phone": "", "email": ""}
    if "@" in typed:
        made["email"] = typed.strip()
    elif phones.query_digits(typed):
        made["phone"] = typed.strip()
    else:
        first, _blank, last = typed.strip().rpartition(" ")
        made["first_name"], made["last_name"] = (first, last) if first else (last, "")
    return made
