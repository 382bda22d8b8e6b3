"""The parts of the account page that say what the account is: the lines above the panes, and the side bar."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from easir_tui import phones
from easir_tui.crm import accounts
from easir_tui.crm.account_page import AccountPage, AccountRecord
from easir_tui.language import _, ngettext
from easir_tui.widgets.block import Block
from easir_tui.widgets.contact_head import FULL_FROM, HeadLine, capped, short_name
from easir_tui.widgets.content import line, lines, linked, plain
from easir_tui.widgets.side_bar import SideBar, mail_link, none_yet
from easir_tui.widgets.signs import sign


class AccountName(HeadLine):
    """Which account it is, how much there is in it, and whether a colleague is here too."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page: AccountPage | None = None
        self._news = ""

    def show(self, page: AccountPage, news: str = "") -> None:
        """Show this account; `news` is what a colleague just did."""
        if (page, news) != (self._page, self._news):
            self._page, self._news = page, news
            self.refresh()

    def render(self) -> Content:
        """The line."""
        if self._page is None:
            return Content("")
        account, counts = self._page.account, self._page.counts
        wide = self.size.width >= FULL_FROM
        facts = [_("Private account, fixed") if account.is_private else _("Account"), account.address.city]
        if wide and account.cvr:
            facts.append(_("CVR {number}").format(number=account.cvr))
        left = line(" ", (account.name, "strong"), ("   " if wide else " · ", ""), (_joined(facts), "dim"))
        told = ngettext("{count} open case", "{count} open cases", counts.open_cases).format(
            count=capped(counts.open_cases) or "0"
        )
        right = line((f"{sign('status', self.app.settings.ascii)} ", "accent" if counts.open_cases else "dim"), told)
        live = self._news or (
            _("{who} is here").format(who=", ".join(map(short_name, self._page.here))) if self._page.here else ""
        )
        if live:
            right = right + line("   ", (f"{sign('live', self.app.settings.ascii)} {live}", "accent"))
        return self.spread(left, right + line(" "))


class AccountReach(HeadLine):
    """Where the side bar is folded: number, address, and who is responsible, which are never folded away."""

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._account: AccountRecord | None = None

    def show(self, page: AccountPage) -> None:
        """Show how to reach this account."""
        if page.account != self._account:
            self._account = page.account
            self.refresh()

    def render(self) -> Content:
        """The line."""
        account = self._account
        if account is None:
            return Content("")
        ascii_only = self.app.settings.ascii
        left = line(" ")
        if account.phone:
            left = left + line((f"{sign('call', ascii_only)} ", "dim"), number_link(account.phone), "  ")
        if account.email:
            left = left + line((f"{sign('email', ascii_only)} ", "dim"), mail_link(account.email))
        if account.is_private:
            left = left + line((_("everybody who is no company's"), "dim"))
        elif not account.phone and not account.email:
            left = left + line((_("neither phone number nor e-mail address yet"), "dim"))
        return self.spread(left, line((account.responsible, "dim"), " "))


class AccountSide(SideBar):
    """The side bar of an account; a pen posts `SideBar.Edit` with one of `PARTS`."""

    PARTS = ("about", "address", "responsible", "systems")

    def compose(self) -> ComposeResult:
        """The four blocks."""
        yield Block(_("About"), id="about")
        yield Block(_("Address"), id="address")
        yield Block(_("Responsible user"), id="responsible")
        yield Block(_("Other systems"), id="systems")

    def show_account(self, page: AccountPage) -> None:
        """Show these facts; a block whose facts are the same is not repainted."""
        account = page.account
        self.block("about").show(about(account, self.app.settings.ascii))
        self.block("address").show(_address(account))
        nobody = "–" if account.is_private else _("nobody")
        self.block("responsible").show(plain(account.responsible or nobody, "strong" if account.responsible else "dim"))
        self.block("systems").show(
            lines(*(line((f"{name}  ", "dim"), held) for name, held in account.external_ids.items()))
            if account.external_ids
            else none_yet()
        )


def about(account: AccountRecord, ascii_only: bool) -> Content:
    """Name, how to reach it, and its CVR number with what is odd about it."""
    if account.is_private:
        return lines(
            line((account.name, "strong")), line((_("one account for all private"), "dim")),
            line((_("contacts; it is fixed"), "dim")),
        )  # fmt: skip
    odd = accounts.cvr_problem(account.cvr)
    return lines(
        line((account.name, "strong")),
        line((sign("call", ascii_only), "dim"), " ", number_link(account.phone) if account.phone else none_yet()),
        line((sign("email", ascii_only), "dim"), " ", mail_link(account.email) if account.email else none_yet()),
        line((account.website, "")) if account.website else None,
        line((_("CVR") + " ", "dim"), account.cvr or none_yet(), (" " + _("! check digit"), "warn") if odd else ""),
    )


def number_link(number: str) -> Content:
    """A phone number that the terminal can dial (`tel:`)."""
    return linked(plain(phones.pretty(number)), f"tel:{number}")


def _address(account: AccountRecord) -> Content:
    place = account.address
    if not place:
        return plain(_("each has their own"), "dim") if account.is_private else none_yet()
    return lines(place.street or None, f"{place.postcode} {place.city}".strip() or None, place.country or None)


def _joined(facts: list[str]) -> str:
    return " · ".join(fact for fact in facts if fact)
