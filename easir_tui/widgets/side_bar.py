"""The left side bar of the contact page: how to reach the person, what they consented to, where they live, whose
customer they are. Four blocks, each with a pen."""

from __future__ import annotations

import re
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.style import Style

from easir_tui import clock, phones
from easir_tui.crm.consent import ConsentState
from easir_tui.crm.contact_page import ContactPage, Phone
from easir_tui.language import _, ngettext
from easir_tui.widgets.block import Block
from easir_tui.widgets.content import line, lines, plain
from easir_tui.widgets.host import Host
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import CHANNELS, CONSENT_ROLES, CONSENTS

PARTS = ("about", "consent", "address", "responsible")
"""The blocks, from above."""


class SideBar(VerticalScroll, can_focus=False):
    """Shows a `ContactPage`; a pen posts `SideBar.Edit`."""

    app = getters.app(Host)

    PARTS: ClassVar[tuple[str, ...]] = PARTS

    DEFAULT_CSS = """
    SideBar { width: 31; height: 1fr; scrollbar-size-vertical: 1; }
    SideBar Block { height: auto; }
    SideBar #about, SideBar #consent { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Edit(Message):
        """The pen of a block was used; `part` is one of `PARTS`."""

        def __init__(self, part: str, block: Block) -> None:
            super().__init__()
            self.part = part
            self.block = block

    def compose(self) -> ComposeResult:
        """The four blocks."""
        yield Block(_("About"), id="about")
        yield Block(_("Consent"), id="consent")
        yield Block(_("Address"), id="address")
        yield Block(_("Responsible user"), id="responsible")

    def block(self, part: str) -> Block:
        """The block of that name."""
        return self.query_one(f"#{part}", Block)

    def show(self, page: ContactPage) -> None:
        """Show these facts; a block whose facts are the same is not repainted."""
        ascii_only = self.app.settings.ascii
        self.block("about").show(about(page, ascii_only))
        self.block("consent").show(lines(*(consent_line(state, self.app, ascii_only) for state in page.consents)))
        self.block("address").show(address(page))
        self.block("responsible").show(plain(page.person.responsible or _("nobody"), "strong"))

    def on_block_edit(self, event: Block.Edit) -> None:
        """Say which part is to be edited."""
        event.stop()
        self.post_message(self.Edit(str(event.block.id), event.block))


def about(page: ContactPage, ascii_only: bool) -> Content:
    """The person, the primary e-mail address and phone number, and how many more of them there are."""
    person = page.person
    more = max(0, len(person.emails) - 1) + max(0, len(person.phones) - 1)
    return lines(
        line((person.name, "strong")),
        line((sign("email", ascii_only), "dim"), " ", mail_link(person.email) if person.email else none_yet()),
        line((sign("call", ascii_only), "dim"), " ", phone_link(person.phone) if person.phone else none_yet()),
        line((ngettext("{n} more in Details", "{n} more in Details", more).format(n=more), "dim")) if more else None,
    )


def consent_line(state: ConsentState, app: Host, ascii_only: bool) -> Content:
    """What holds for one channel: sign, channel, word and date."""
    role = CONSENT_ROLES[state.state]
    widest = max(len(_(name)) for name in CHANNELS.values())
    words = _(CONSENTS[state.state])
    when = f" {short_date(state.at, app)}" if state.at is not None and state.state != "not_asked" else ""
    return line(
        (sign(state.state, ascii_only), role),
        " ",
        _(CHANNELS[state.channel]).ljust(max(widest + 1, 8)),  # "afslået feb. 2024" must fit behind it
        (words, role),
        (when, "dim"),
    )


def short_date(at: int, app: Host) -> str:
    """A day without its year when that is this year, without its number when it is not."""
    day = clock.local(at, app.zone).date()
    words = clock.date_short(day).rsplit(" ", 1)[0]
    return words if day.year == clock.today(app.zone).year else f"{words.split(' ', 1)[-1]} {day.year}"


def address(page: ContactPage) -> Content:
    """The address that counts, and where it comes from (V13)."""
    place = page.address
    if not place:
        if page.address_from_account:
            return lines(none_yet(), line((_("not at {account} either").format(account=page.account.name), "dim")))
        return none_yet()
    town = f"{place.postcode} {place.city}".strip()
    return lines(
        place.street or None,
        town or None,
        place.country or None,
        line((_("from {account}").format(account=page.account.name), "dim")) if page.address_from_account else None,
    )


def none_yet() -> Content:
    """What stands for a fact nobody has written down."""
    return plain(_("none yet"), "dim")


def phone_text(phone: Phone) -> str:
    """A phone number as it is read, with its extension; as typed when it is no number."""
    shown = phones.pretty(phone.number) if phone.number else phone.raw
    return _("{number} ext. {extension}").format(number=shown, extension=phone.extension) if phone.extension else shown


def phone_link(phone: Phone) -> Content:
    """A phone number that the terminal can dial (`tel:`)."""
    shown = plain(phone_text(phone))
    if re.fullmatch(r"\+\d{4,15}", phone.number):
        return shown.stylize(Style(link=f"tel:{phone.number}"))
    return shown


def mail_link(address: str) -> Content:
    """An e-mail address that the terminal can write to (`mailto:`)."""
    shown = plain(address)
    if re.fullmatch(r"[A-Za-z0-9._%+=-]+@[A-Za-z0-9.-]+", address):
        return shown.stylize(Style(link=f"mailto:{address}"))
    return shown
