"""Call mode: today's calls one after another; the number large, the last notes beside it, a key for each outcome."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static, TextArea

from easir_tui import clock, text
from easir_tui.clock import When
from easir_tui.commands import Command, call_mode
from easir_tui.crm import calls, drafts
from easir_tui.crm.calls import CallCard
from easir_tui.crm.tasks import TaskRow
from easir_tui.errors import NotFound, Refused
from easir_tui.language import _, number
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.dialling import dial
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.widgets.big_number import big
from easir_tui.widgets.content import Part, line, lines
from easir_tui.widgets.fields import Field, LongText
from easir_tui.widgets.host import Changes, Host
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import label_text


class Person(Vertical, can_focus=True):
    """Who is called; while it has the focus, letters are outcomes."""


class LastNotes(VerticalScroll, can_focus=False):
    """What was said last."""


class CallsScreen(EasirScreen[None]):
    """`app.go("calls")`."""

    PLACE = "calls"
    CSS_PATH = "calls.tcss"
    COMMANDS: ClassVar[tuple[Command, ...]] = call_mode.ALL

    app = getters.app(Host)
    field = getters.query_one("#call-note", LongText)

    def __init__(self) -> None:
        super().__init__()
        self.queue: list[TaskRow] = []
        self.at = 0
        self.card: CallCard | None = None
        self.began: int | None = None
        self.done = 0
        self.reached: TaskRow | None = None

    def compose_body(self) -> ComposeResult:
        """The person, the number, what is to be said and was said, and room for what is said now."""
        yield Static(id="call-head")
        with Person(id="call-person"):
            yield Static(id="call-who")
            yield Static(id="call-number")
            yield Static(id="call-about")
        with Horizontal(id="call-below"):
            with LastNotes(id="call-notes"):
                yield Static(id="call-notes-text")
            yield LongText("", rows=6, placeholder=_("What is said now; it is saved with the outcome"), id="call-note")

    async def on_mount(self) -> None:
        """The most urgent call."""
        self.query_one("#call-notes").border_title = _("Last time")
        self.field.border_title = _("This call")
        await self.read()
        self.query_one("#call-person").focus()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Call mode")

    async def read(self) -> None:
        """The calls that are left; the one at hand stays at hand."""
        held = self.card.task.id if self.card else None
        self.queue = await self.app.ask(calls.queue)
        places = [at for at, one in enumerate(self.queue) if one.id == held]
        self.at = places[0] if places else min(self.at, max(0, len(self.queue) - 1))
        await self.show()

    async def show(self) -> None:
        """Show the person at hand."""
        before = self.card.task.id if self.card else None
        self.card = None
        if self.queue:
            try:
                self.card = await self.app.ask(calls.card, self.queue[self.at].id)
            except NotFound:
                self.queue.pop(self.at)
                self.at = 0
                await self.show()
                return
        if not self.is_attached:
            return
        if before != (self.card.task.id if self.card else None):
            self.began = None
            await self._take_up()
        self._paint()
        self.refresh_commands()

    def _paint(self) -> None:
        head = self.query_one("#call-head", Static)
        body = (self.query_one("#call-person"), self.query_one("#call-below"))
        for part in body:
            part.display = self.card is not None
        if self.card is None:
            done = _("{count} calls made.").format(count=number(self.done)) if self.done else ""
            head.update(lines(
                line((_("No call is planned for today."), "strong"), f" {done}"),
                line(""),
                line((_("p on a contact plans one, type Call; it stands here on its day."), "dim")),
            ))  # fmt: skip
            return
        card, task = self.card, self.card.task
        ascii_only, zone = self.app.settings.ascii, self.app.zone
        place = _("{n} of {total}").format(n=number(self.at + 1), total=number(len(self.queue)))
        when = clock.short_day(task.when.day, zone) if task.when.day else clock.short_when(task.when.at or 0, zone)
        role = "bad" if task.bucket == "overdue" else "warn"
        parts: list[Part] = [(place, "title"), ("  ·  ", "dim"), (" ".join(when.split()), role)]
        if self.began is not None:
            words = _("on the phone since {time}").format(time=clock.time(self.began, zone))
            parts += [("  ·  ", "dim"), (words, "good")]
        head.update(line(*parts))
        company = f" · {task.account_name}" if task.account_name else ""
        self.query_one("#call-who", Static).update(line((task.contact_name, "title"), (company, "")))
        width = max(10, self.size.width - 6)
        rows = big(card.numbers[0][0], width, ascii_only) if card.numbers else (_("no number"),)
        role = "bad" if card.consent.state == "refused" else "strong"
        self.query_one("#call-number", Static).update(lines(*(line((row, role)) for row in rows)))
        self.query_one("#call-about", Static).update(lines(*self._about(card, ascii_only)))
        zone_notes = [
            item for one in card.notes
            for item in (line((" ".join(clock.short_when(one.at, zone).split()), "dim"), (f"  {one.who}", "dim")),
                         *(line(words) for words in one.text.splitlines()), line(""))
        ]  # fmt: skip
        self.query_one("#call-notes-text", Static).update(
            lines(*zone_notes) if zone_notes else line((_("No note yet."), "dim"))
        )

    def _about(self, card: CallCard, ascii_only: bool) -> list[Any]:
        found = []
        if card.consent.state == "refused":
            found.append(line((_("{sign} Has refused to be called.").format(sign=sign("refused", ascii_only)), "bad")))
        others = [f"{held} {label_text(label)}".strip() for held, label in card.numbers]
        found.append(line((", ".join(others), "dim")))
        if card.task.note:
            found.append(line((text.first_line(card.task.note), "strong")))
        if card.task.case_title:
            found.append(line((_("Case"), "dim"), f"  {card.task.case_title}"))
        return found

    def on_resize(self) -> None:
        """The number as large as it fits."""
        if self.is_mounted:
            self._paint()

    async def changed(self, changes: Changes) -> None:
        """A call was planned, made, or moved by a colleague."""
        if changes.tables & {"task", "contact", "consent", "activity"}:
            await self.read()

    # -- what is typed ----------------------------------------------------------------------------------

    def _key(self) -> str:
        return f"call-mode:{self.card.task.id}" if self.card else ""

    async def _take_up(self) -> None:
        held = await self.app.ask(drafts.take, self._key()) if self.card else None
        with self.prevent(TextArea.Changed):
            self.field.text = (held or {}).get("texts", {}).get("note", "")

    async def save_draft(self) -> None:
        """What is typed belongs to this call."""
        if self.card is None:
            return
        if self.field.text.strip():
            body = {"texts": {"note": self.field.text}, "arguments": {"contact_id": self.card.task.contact_id}}
            keep = partial(drafts.keep, self.app.me, self._key(), "note", body, self.card.task.contact_id, True)
            await self.app.store.tell(keep)
        else:
            await self.app.store.tell(partial(drafts.drop, self.app.me, self._key()))

    def on_text_area_changed(self) -> None:
        """Keep it soon."""
        self.set_timer(0.5, partial(self.perform, self.save_draft))

    async def action_write(self) -> None:
        """Into the note, and out of it."""
        if self.field.has_focus:
            self.query_one("#call-person").focus()
        else:
            self.field.focus()

    async def action_next_pane(self) -> None:
        """Between the person and the note."""
        await self.action_write()

    async def action_back(self) -> None:
        """Out of the note, then out of the screen."""
        if self.field.has_focus:
            self.query_one("#call-person").focus()
        else:
            await self.save_draft()
            await super().action_back()

    # -- outcomes ---------------------------------------------------------------------------------------

    @property
    def call(self) -> TaskRow:
        """The call at hand.

        Raises:
            Refused: there is none.
        """
        if self.card is None:
            raise Refused(_("No call is planned for today."))
        return self.card.task

    async def action_dial(self) -> None:
        """Start the clock; dial by the configured command, or copy the number."""
        if self.card is None or not self.card.numbers:
            raise Refused(_("There is no number to call."), _("o opens the contact."))
        if self.card.consent.state == "refused" and not await self.app.show(ConfirmScreen(
            _("{name} has refused to be called. Dial all the same?").format(name=self.call.contact_name), danger=True
        )):  # fmt: skip
            return
        self.began = clock.now()
        await dial(self.app, self.card.numbers[0][0])
        self._paint()

    async def _finish(self, outcome: str, again: When | None = None) -> None:
        call = self.call
        await self._tell(calls.finish, call, outcome, self.field.text, self._minutes(), again)
        said = f"{call.contact_name}: {_(calls.OUTCOMES[outcome])}"
        if outcome == "reached":
            self.reached = call
            offer = _("p plans the next step")
            said += f" · {offer}"
        self.app.say(said, undo=True)

    def _minutes(self) -> int | None:
        return max(1, (clock.now() - self.began + 59) // 60) if self.began is not None else None

    async def _tell(self, act: Callable[..., Any], call: TaskRow, *given: Any) -> None:
        """Save what a call came to. The draft goes only after that: what was typed outlives a save that fails."""
        key = self._key()
        await self.app.tell(act, call.id, *given)
        await self.app.store.tell(partial(drafts.drop, self.app.me, key))
        self.done += 1
        self._paint()
        self.query_one("#call-person").focus()

    async def action_reached(self) -> None:
        """We spoke."""
        await self._finish("reached")

    async def action_no_answer(self) -> None:
        """Nobody answered."""
        await self._finish("no_answer")

    async def action_voicemail(self) -> None:
        """A message was left."""
        await self._finish("voicemail")

    async def action_again(self) -> None:
        """Not reached: call back at another time."""
        self.call  # noqa: B018 - refuses when there is no call at hand

        async def save(changed: dict[str, When], _version: int | None) -> None:
            await self._finish("no_answer", changed["when"])

        await self.app.show(EditPanel(
            _("Call back"), [Field("when", _("When"), "when", hint=_("fri 10, +2w, tomorrow 9"), required=True)],
            save=save,
        ))  # fmt: skip

    async def action_refused(self) -> None:
        """Consent to calls is withdrawn."""
        call = self.call
        name = call.contact_name
        question = _("Record that {name} does not want to be called?").format(name=name)
        if not await self.app.show(ConfirmScreen(question, _("u takes it back."))):
            return
        await self._tell(calls.refuse, call, self.field.text, self._minutes())
        self.app.say(_("{name} is not called any more.").format(name=name), undo=True)

    async def action_plan(self) -> None:
        """Plan the next step of the person just reached; before anybody was, of the person at hand."""
        call = self.reached or self.call
        if await self.app.show("task", contact_id=call.contact_id, case_id=call.case_id) is not None:
            self.reached = None

    async def action_step(self, by: int) -> None:
        """The next person, or the one before; this one stays in the queue."""
        if self.queue:
            await self.save_draft()
            self.at = (self.at + by) % len(self.queue)
            await self.show()

    async def action_contact(self) -> None:
        """Open the contact."""
        await self.app.open("contact", contact_id=self.call.contact_id)
