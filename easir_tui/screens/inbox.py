"""The inbox: one's e-mails with contacts as threads, the unread first, and what has not gone out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui import clock, config, text
from easir_tui.commands import Command, everywhere, lists, mail
from easir_tui.commands import contact_page as keys
from easir_tui.crm import inbox, unsent
from easir_tui.crm.inbox import Thread
from easir_tui.crm.unsent import OutMail
from easir_tui.data.changes import Changes
from easir_tui.errors import Refused
from easir_tui.language import _, ngettext, number
from easir_tui.screens import mail_acts
from easir_tui.screens.five_actions import FiveActions
from easir_tui.screens.reading_mail import read_activity
from easir_tui.widgets.content import Part, line
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Cell, Column, RecordList, Row
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import MAIL_ROLES, MAIL_STATES


class InboxScreen(FiveActions):
    """Threads by their newest message; Enter reads, r answers."""

    PLACE = "inbox"
    COMMANDS: ClassVar[tuple[Command, ...]] = (
        everywhere.GO,
        mail.REPLY, mail.REPLY_ALL, mail.FORWARD, replace(mail.CASE, footer=True), replace(mail.LEAD, footer=True),
        mail.KEEP_OUT, mail.UNREAD, mail.CONTACT, mail.AGAIN, mail.SETTLE, mail.FETCH,
        *mail.VIEWS,
        *(replace(one, footer=False) for one in keys.ACTIVITIES), keys.PLAN,
        *lists.MOVES,
    )  # fmt: skip

    DEFAULT_CSS = """
    InboxScreen > #inbox-head {
        height: 1; padding: 0 1; margin-bottom: 1; background: $surface; text-wrap: nowrap; text-overflow: ellipsis;
    }
    InboxScreen > #inbox { height: 1fr; }
    """

    app = getters.app(Host)
    rows = getters.query_one("#inbox", RecordList)

    def __init__(self) -> None:
        super().__init__()
        self.view = "all"
        self.things: dict[int, Thread | OutMail] = {}
        self._unread = self._unsent = 0

    def compose_body(self) -> ComposeResult:
        """The views with their numbers, and the list."""
        yield Static(id="inbox-head")
        yield RecordList(
            (
                Column("", width=1),
                Column(_("When"), width=16),
                Column(_("From"), min=14, share=2),
                Column("", width=2, align="right", role="dim"),
                Column(_("Subject"), min=30, share=5),
                Column("", width=1, role="dim"),
                Column(_("Company"), min=14, share=2, role="dim", drop=2),
                Column(_("Case"), min=12, share=2, role="dim", drop=1),
            ),
            empty=self._empty(),
            id="inbox",
        )

    async def on_mount(self) -> None:
        """Read it; the cursor is on what is unread."""
        self.rows.focus()
        await self.read()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Inbox")

    async def read(self) -> None:
        """Show the view as it is now; the cursor stays on its thread."""
        waiting = await self.app.ask(unsent.listed)
        found: list[Thread] = []
        if self.view != "unsent":
            found = await self.app.ask(inbox.threads, self.view == "unread")
        self._unread, self._unsent = await self.app.ask(inbox.unread), len(waiting)
        if not self.is_attached:
            return
        shown: Iterable[Thread | OutMail] = waiting if self.view == "unsent" else found
        self.things = {_id(one): one for one in shown}
        self.rows.empty = self._empty()
        self.rows.set_rows([self._row(one) for one in self.things.values()])
        self.query_one("#inbox-head", Static).update(line(*self._head()))
        self.refresh_commands()

    async def changed(self, changes: Changes) -> None:
        """Mail came or went, or what it is about was changed."""
        if changes.tables & {"mail", "activity", "contact", "sales_case", "account", "mail_kept_out"}:
            await self.read()

    # -- what is shown ----------------------------------------------------------------------------------

    def _head(self) -> list[Part]:
        numbers = {"unread": self._unread, "unsent": self._unsent}
        parts: list[Part] = []
        for command in mail.VIEWS:
            name = command.id.removeprefix("mail.view_")
            title = _(command.title)
            if numbers.get(name):
                title = f"{title} {number(numbers[name])}"
            parts += [("  " if parts else "", ""), (f"{command.keys} ", "key")]
            parts += [(f"[{title}]", "title") if name == self.view else (title, "dim")]
        return parts

    def _row(self, one: Thread | OutMail) -> Row:
        return Row(_id(one), self._unsent_cells(one) if isinstance(one, OutMail) else self._cells(one))

    def _cells(self, one: Thread) -> tuple[Cell, ...]:
        role = "strong" if one.unread else ""
        mark = sign("status", self.app.settings.ascii) if one.unread else " "
        who = _("me: {name}").format(name=one.contact) if one.direction == "out" else one.sender or one.contact
        said = one.subject or _("no subject")
        of = one.company if one.direction == "out" or one.sender == one.contact else f"{one.contact}  {one.company}"
        return (
            (mark, "accent"), (clock.short_when(one.at, self.app.zone), role), (who, role),
            number(one.count) if one.count > 1 else "",
            (f"{said}  {one.begins}" if one.begins and not one.unread else said, role),
            sign("files", self.app.settings.ascii) if one.files else "", of.strip(), one.case_title,
        )  # fmt: skip

    def _unsent_cells(self, one: OutMail) -> tuple[Cell, ...]:
        role = MAIL_ROLES.get(one.state, "")
        said, subject = text.first_line(one.said), one.subject or _("no subject")
        return (
            (sign("email", self.app.settings.ascii), role), (clock.short_when(one.at, self.app.zone), role),
            (_("to {who}").format(who=one.contact), ""), "",
            (f"{_(MAIL_STATES[one.state])}: {subject}  {said}".rstrip(), role),
            "", one.company, "",
        )  # fmt: skip

    def _empty(self) -> str:
        if self.view == "unsent":
            return _("Every e-mail has gone out.")
        if not config.mail().get("imap"):
            return _(
                "There is no mailbox to read yet.\n\nWrite a table [mail] with imap, smtp, user and password_command\n"
                "into your settings, and the e-mails of your contacts come here.\n"
                "easir mail check says whether it works."
            )
        if self.view == "unread":
            return _("You have read everything.")
        return _("No contact has written to you yet.\n\nF looks for new mail now; it is done every two minutes.")

    # -- what is done -----------------------------------------------------------------------------------

    @property
    def thing(self) -> Thread | OutMail:
        """What the cursor is on.

        Raises:
            Refused: there is nothing.
        """
        found = self.things.get(self.rows.current_id) if self.rows.current_id is not None else None
        if found is None:
            raise Refused(_("There is nothing under the cursor."))
        return found

    @property
    def message(self) -> int:
        """The activity of the newest message under the cursor."""
        return _id(self.thing)

    def is_possible(self, command: Command) -> bool:
        """Sending again is for what did not go out, filing for what is here."""
        sends = command in (mail.AGAIN, mail.SETTLE)
        receives = command.id in {one.id for one in (
            mail.REPLY, mail.REPLY_ALL, mail.FORWARD, mail.LEAD, mail.KEEP_OUT, mail.UNREAD,
        )}  # fmt: skip
        wanted = not (sends and self.view != "unsent") and not (receives and self.view == "unsent")
        return wanted and super().is_possible(command)

    async def about(self) -> tuple[int, int | None]:
        """The contact of the row, and its case."""
        thing = self.thing
        return thing.contact_id, thing.case_id if isinstance(thing, Thread) else None

    async def action_view(self, name: str) -> None:
        """Show all threads, the unread ones, or what has not gone out."""
        self.view = name
        await self.read()

    @on(RecordList.Opened, "#inbox")
    def opened(self) -> None:
        """Enter on a row."""
        self.perform(self._open)

    async def _open(self) -> None:
        await read_activity(self.app, await self.app.ask(inbox.first_unread, self.message))
        await self._done()

    async def action_contact(self) -> None:
        """Open the contact of the row."""
        await self.app.open("contact", contact_id=self.thing.contact_id)

    async def action_reply(self) -> None:
        """Answer the newest message."""
        await self._write("reply")

    async def action_reply_all(self) -> None:
        """Answer everybody who got it."""
        await self._write("reply_all")

    async def action_forward(self) -> None:
        """Pass it on."""
        await self._write("forward")

    async def _write(self, how: str) -> None:
        message = self.message
        if await mail_acts.write(self.app, message, self.thing.contact_id, how) is not None and how != "forward":
            await self.app.tell(inbox.mark_thread, message)
        await self._done()

    async def action_file(self) -> None:
        """File it to a case."""
        await mail_acts.file_to_case(self.app, self.message)
        await self._done()

    async def action_lead(self) -> None:
        """Make a lead of it."""
        await mail_acts.new_lead(self.app, await self.app.ask(inbox.last_in, self.message))

    async def action_keep_out(self) -> None:
        """Keep it out."""
        await mail_acts.keep_out(self.app, await self.app.ask(inbox.last_in, self.message))
        await self._done()

    async def action_unread(self) -> None:
        """Take the thread as read, or as unread again."""
        thing = self.thing
        assert isinstance(thing, Thread)
        if thing.unread:
            await self.app.tell(inbox.mark_thread, thing.id)
        elif not await self.app.tell(inbox.mark_unread, thing.id):
            raise Refused(_("There is nothing in this thread that came in to you."))
        await self._done()

    async def action_send_again(self) -> None:
        """Send an e-mail once more."""
        await mail_acts.send_again(self.app, self.message)
        await self._done()

    async def action_settle(self) -> None:
        """Take an e-mail as sent."""
        await mail_acts.settle(self.app, self.message)
        await self._done()

    async def _done(self) -> None:
        if self.is_attached:
            await self.read()
            await self.app.count()

    async def action_fetch_mail(self) -> None:
        """Look for new mail now."""
        found: dict[str, Any] | None = await self.app.fetch_mail()
        if found is None:
            raise Refused(_("There is no mailbox to read."), _("Write imap into the table [mail] of your settings."))
        if not found.get("trouble"):
            new = int(found.get("new", 0))
            words = ngettext("{count} new e-mail of contacts", "{count} new e-mails of contacts", new)
            self.app.say(words.format(count=number(new)) if new else _("There is no new mail of contacts."))
        await self._done()


def _id(one: Thread | OutMail) -> int:
    return one.activity_id if isinstance(one, OutMail) else one.id
