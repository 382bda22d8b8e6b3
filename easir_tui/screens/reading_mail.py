"""An e-mail in full: read, answered, passed on, filed; one that did not go out, sent again or settled."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.content import Content
from textual.widgets import Static

from easir_tui import clock
from easir_tui.clock import When
from easir_tui.commands import Command, forms, mail, preview
from easir_tui.commands import contact_page as keys
from easir_tui.crm import activity_page, inbox
from easir_tui.crm.activity_page import ActivityInFull
from easir_tui.errors import Refused
from easir_tui.language import _, size
from easir_tui.screens import mail_acts
from easir_tui.screens.reading import ReadActivity, has_files
from easir_tui.widgets.content import line, lines, paragraphs, plain
from easir_tui.widgets.host import Host
from easir_tui.widgets.words import MAIL_ROLES, MAIL_STATES


async def read_activity(app: Host, activity_id: int) -> None:
    """Show an activity in full until it is left."""
    held = await app.ask(activity_page.activity, activity_id)
    if held.kind != "email":
        await app.show(ReadActivity(held))
        return
    if held.state == "unread" and await app.tell(inbox.mark, activity_id):
        held = await app.ask(activity_page.activity, activity_id)
        await app.count()
    await app.show(ReadEmail(held, await app.ask(inbox.thread_of, activity_id)))


def _is_out(screen: ReadEmail, *states: str) -> bool:
    return screen.activity.direction == "out" and screen.activity.state in states


class ReadEmail(ReadActivity):
    """One e-mail, and the others of its thread by `<` and `>`."""

    COMMANDS: ClassVar[tuple[Command, ...]] = (
        mail.REPLY, mail.REPLY_ALL, mail.FORWARD, mail.AGAIN, mail.SETTLE,
        replace(mail.CASE, footer=True), mail.LEAD, mail.KEEP_OUT,
        mail.UNREAD, mail.OLDER, mail.NEWER,
        replace(preview.VIEW, footer=True, allowed=has_files), replace(keys.EDIT, footer=False),
        keys.DELETE, forms.CANCEL,
    )  # fmt: skip

    def __init__(self, activity: ActivityInFull, thread: tuple[int, ...]) -> None:
        super().__init__(activity)
        self.thread = thread

    def is_possible(self, command: Command) -> bool:
        """Only what can be done with this e-mail."""
        held = self.activity
        match command:
            case mail.AGAIN:
                wanted = _is_out(self, "refused", "uncertain", "queued") and held.user_id == self.app.me.user_id
            case mail.SETTLE:
                wanted = _is_out(self, "uncertain", "partly") and held.user_id == self.app.me.user_id
            case mail.LEAD | mail.KEEP_OUT | mail.UNREAD:
                wanted = held.direction == "in" and bool(held.sender)
            case mail.OLDER | mail.NEWER:
                wanted = len(self.thread) > 1
            case _:
                wanted = True
        return wanted and super().is_possible(command)

    def _content(self) -> Content:
        held, zone = self.activity, self.app.zone
        people = held.recipients
        place = self.thread.index(held.id) + 1 if held.id in self.thread else 1
        facts = [
            (_("From"), held.sender or (held.who if held.direction == "out" else "")),
            (_("To"), ", ".join(people.get("to", ()))),
            (_("Copy to"), ", ".join(people.get("cc", ()))),
            (_("Hidden copy"), ", ".join(people.get("bcc", ()))),
            (_("When"), clock.say_when(When(at=held.at), zone)),
            (_("Case"), held.case_title),
            (_("Thread"), _("{n} of {total}").format(n=place, total=len(self.thread)) if len(self.thread) > 1 else ""),
            (_("Despite refusal"), held.consent_override),
            (_("Files"), ", ".join(f"{name} ({size(many)}, {number})" for number, name, many in held.files)),
        ]
        width = max(len(label) for label, held_ in facts if held_) + 2
        rows = [line((held.subject or _("no subject"), "strong")), *self._state()]
        rows += [line((label.ljust(width), "dim"), words) for label, words in facts if words]
        if held.body:
            at = held.quoted_from if held.quoted_from is not None else _quoted_at(held.body)
            rows += [plain(""), paragraphs(held.body[:at].rstrip())]
            if quoted := held.body[at:].rstrip():
                rows += [plain(""), *(line((one, "dim")) for one in quoted.split("\n"))]
        if held.note:
            rows += [plain(""), line((_("Note"), "title")), paragraphs(held.note)]
        return lines(*rows)

    def _state(self) -> list[Content]:
        held = self.activity
        if held.state not in MAIL_STATES or held.state == "sent":
            return []
        words = [(_(MAIL_STATES[held.state]), MAIL_ROLES[held.state])]
        if held.said and held.state != "unread":
            words.append((f" · {held.said}", ""))
        if held.state == "queued" and held.try_at is not None and held.said:
            when = clock.short_when(held.try_at, self.app.zone)
            words.append((" · " + _("next try {when}").format(when=when), "dim"))
        return [line(*words)]

    # -- answers --------------------------------------------------------------------------------------

    async def action_reply(self) -> None:
        """Answer whoever wrote it."""
        await self._write("reply")

    async def action_reply_all(self) -> None:
        """Answer everybody who got it."""
        await self._write("reply_all")

    async def action_forward(self) -> None:
        """Pass it on."""
        await self._write("forward")

    async def _write(self, how: str) -> None:
        if await mail_acts.write(self.app, self.activity.id, self.activity.contact_id, how) is not None:
            self.thread = await self.app.ask(inbox.thread_of, self.activity.id)
            await self._reread()

    # -- filing ---------------------------------------------------------------------------------------

    async def action_file(self) -> None:
        """File it to a case."""
        if await mail_acts.file_to_case(self.app, self.activity.id):
            await self._reread()

    async def action_lead(self) -> None:
        """Make a lead of it."""
        app, activity_id = self.app, self.activity.id
        self.dismiss(None)
        await mail_acts.new_lead(app, activity_id)

    async def action_keep_out(self) -> None:
        """Keep it out."""
        if await mail_acts.keep_out(self.app, self.activity.id):
            self.dismiss(None)

    async def action_unread(self) -> None:
        """Take it as unread, and leave it."""
        await self.app.tell(inbox.mark, self.activity.id, True)
        await self.app.count()
        self.dismiss(None)

    async def _reread(self) -> None:
        self.activity = await self.app.ask(activity_page.activity, self.activity.id)
        self.query_one("#reading", Static).update(self._content())
        self.refresh_commands()

    async def action_older(self) -> None:
        """The message before in the thread."""
        await self._turn(-1)

    async def action_newer(self) -> None:
        """The next message of the thread."""
        await self._turn(1)

    async def _turn(self, by: int) -> None:
        place = self.thread.index(self.activity.id) + by if self.activity.id in self.thread else -1
        if not 0 <= place < len(self.thread):
            raise Refused(_("There is no further e-mail in this thread."))
        await self.app.tell(inbox.mark, self.thread[place])
        self.activity = await self.app.ask(activity_page.activity, self.thread[place])
        self.query_one("#dialog").border_title = plain(self._title(self.activity))
        await self._reread()
        self.query_one("VerticalScroll").scroll_home(animate=False)

    # -- what did not go out --------------------------------------------------------------------------

    async def action_send_again(self) -> None:
        """Send it once more."""
        await mail_acts.send_again(self.app, self.activity.id)
        await self._reread()

    async def action_settle(self) -> None:
        """Take it as sent."""
        await mail_acts.settle(self.app, self.activity.id)
        await self._reread()


def _quoted_at(body: str) -> int:
    """Where a text we wrote begins to quote: at its first line of `>`, and the line above that says who wrote it."""
    lines_of = body.split("\n")
    for number, one in enumerate(lines_of):
        if one.startswith(">"):
            first = number - 1 if number and lines_of[number - 1].rstrip().endswith(":") else number
            return len("\n".join(lines_of[:first])) + (1 if first else 0)
    return len(body)
