"""A row of the timeline in full: an activity to read, correct or delete, an event to read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from easir_tui import clock, phones
from easir_tui.clock import When
from easir_tui.commands import Command, forms, preview
from easir_tui.commands import contact_page as keys
from easir_tui.crm import activity_page, letters
from easir_tui.crm.activities import CALL_OUTCOMES
from easir_tui.crm.activity_page import ActivityInFull, EventInFull, FieldChange
from easir_tui.crm.attachments import AttachmentFacts
from easir_tui.crm.lookups import path_of
from easir_tui.errors import Invalid, Refused
from easir_tui.language import _, size
from easir_tui.screens.base import EasirModal
from easir_tui.screens.contact_files import Files
from easir_tui.screens.edit_panel import EditPanel, Kept
from easir_tui.widgets.content import line, lines, paragraphs, plain
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host
from easir_tui.widgets.words import CHANNELS, CONSENTS, DIRECTIONS, FIELDS, KINDS

STYLE = """
ReadActivity > #dialog, ReadEvent > #dialog { width: 84; max-width: 100%; max-height: 95%; }
ReadActivity VerticalScroll, ReadEvent VerticalScroll {
    height: auto;
    max-height: 100%;
    scrollbar-size-vertical: 1;
}
ReadActivity Static, ReadEvent Static { padding: 1 0 0 0; }
"""
"""How both readings look; each brings it, because either may be the first one shown."""


UNSENT = ("to_send", "queued", "refused")
"""States of an e-mail that nobody has yet, so that its text may still be corrected."""


def has_files(screen: Any) -> bool:
    return bool(screen.activity.files)


def _has_pdf(screen: Any) -> bool:
    return bool(screen.activity.kind == "letter" and screen.activity.files)


class ReadActivity(EasirModal[None]):
    """One activity. `E` corrects it, `d` deletes it; of a letter `y` fetches the PDF, `P` prints it."""

    COMMANDS: ClassVar[tuple[Command, ...]] = (
        keys.EDIT,
        replace(preview.VIEW, footer=True, allowed=has_files),
        replace(keys.FETCH, allowed=_has_pdf),
        replace(keys.PRINT, footer=True, allowed=lambda one: _has_pdf(one) and keys.can_print(one)),
        keys.DELETE,
        forms.CANCEL,
    )

    DEFAULT_CSS = STYLE

    def __init__(self, activity: ActivityInFull) -> None:
        super().__init__(self._title(activity))
        self.activity = activity

    @staticmethod
    def _title(activity: ActivityInFull) -> str:
        return _(DIRECTIONS.get((activity.kind, activity.direction), KINDS[activity.kind]))

    def compose_body(self) -> ComposeResult:
        """The facts, then the texts."""
        with VerticalScroll():
            yield Static(self._content(), id="reading")

    def _content(self) -> Content:
        held, zone = self.activity, self.app.zone
        milestones = [(path_of(held.case_path).milestone(key) or None, key) for key in held.milestones]
        facts = [
            (_("When"), clock.say_when(When(at=held.at), zone)),
            (_("Who"), held.who),
            (_("How long"), _("{n} min").format(n=held.minutes) if held.minutes else ""),
            (_("Outcome"), _(CALL_OUTCOMES.get(held.outcome, held.outcome)) if held.outcome else ""),
            (_("Number"), phones.pretty(held.number) if held.number.startswith("+") else held.number),
            (_("Where"), held.place),
            (_("Case"), held.case_title),
            (_("Milestones"), ", ".join(step.title if step else key for step, key in milestones)),
            (_("Subject"), held.subject if held.kind != "note" else ""),
            (_("Despite refusal"), held.consent_override),
            (_("Files"), ", ".join(f"{name} ({size(many)}, {number})" for number, name, many in held.files)),
        ]
        width = max(len(label) for label, value in facts if value) + 2
        texts: list[Content] = []
        for title, words in ((_("Note"), held.note), (_("Text"), held.body)):
            if words:
                texts += [plain(""), line((title, "title")), paragraphs(words)]
        return lines(
            *(line((label.ljust(width), "dim"), value) for label, value in facts if value),
            *texts,
        )

    async def action_edit(self) -> None:
        """Correct what was recorded."""
        if await self.app.show(correct_panel(self.app, self.activity)):
            self.activity = await self.app.ask(activity_page.activity, self.activity.id)
            self.query_one("#reading", Static).update(self._content())
            self.app.say(_("Saved"), undo=True)

    async def action_view_file(self) -> None:
        """Look into one of its files."""
        await Files(self.app).view_of(self.activity)

    async def action_fetch(self) -> None:
        """Show and copy the command that fetches the letter's PDF."""
        await Files(self.app).how_to_get(await self._letter())

    async def action_print(self) -> None:
        """Print the letter."""
        await Files(self.app).print(await self._letter())

    async def _letter(self) -> AttachmentFacts:
        found = await Files(self.app).of_letter(self.activity)
        if found is None:
            raise Refused(_("This letter has no PDF."), _("Correct its text, and one is made."))
        return found

    async def action_delete(self) -> None:
        """Put the activity into the trash."""
        await self.app.tell(activity_page.remove, self.activity.id, self.activity.version)
        self.app.say(_("Activity deleted"), undo=True)
        self.dismiss(None)


def correct_panel(app: Host, held: ActivityInFull) -> EditPanel:
    """The panel that corrects an activity; for everybody, because the journal keeps what stood there."""

    async def save(changed: dict[str, Any], version: int | None) -> Any:
        if "at" in changed:
            changed["at"] = _instant(changed["at"])
        return await app.tell(activity_page.correct, held.id, version or held.version, **changed)

    kept = Kept(f"activity:{held.id}", held.contact_id, "correct", held.version)
    return EditPanel(_("Correct"), _correct_fields(app, held), save, kept=kept)


def _correct_fields(app: Host, held: ActivityInFull) -> list[Field]:
    """What may be corrected in an activity of this kind."""
    fields = []
    if held.kind != "email" or held.state in UNSENT:
        fields.append(
            Field(
                "at",
                _("When"),
                "when",
                value=When(at=held.at),
                required=True,
                parse=lambda typed: clock.parse_when(typed, app.zone, past=True),
            )
        )
    if held.kind in ("call", "meeting"):
        fields.append(Field("minutes", _("How long"), "minutes", value=held.minutes))
    if held.kind == "call":
        outcomes = (("", "–"), *((key, _(title)) for key, title in CALL_OUTCOMES.items()))
        fields.append(Field("outcome", _("Outcome"), "choice", value=held.outcome, choices=outcomes))
        fields.append(Field("number", _("Number"), value=held.number))
    if held.kind == "meeting":
        fields.append(Field("place", _("Where"), value=held.place))
    if held.kind == "letter" or (held.kind == "email" and held.state in UNSENT):
        subject = held.subject if held.kind == "email" else letters.printed_subject(held.subject, held.body)
        fields.append(Field("subject", _("Subject"), value=subject))
        fields.append(Field("body", _("Text"), "long", value=held.body, rows=6))
    fields.append(Field("note", _("Note"), "long", value=held.note, rows=5, required=held.kind == "note"))
    return fields


class ReadEvent(EasirModal[None]):
    """One event of the journal: who, when, and what it changed."""

    COMMANDS: ClassVar[tuple[Command, ...]] = (forms.CANCEL,)

    DEFAULT_CSS = STYLE

    def __init__(self, event: EventInFull) -> None:
        super().__init__(_("What happened"))
        self.event = event

    def compose_body(self) -> ComposeResult:
        """Who and when, then field by field."""
        with VerticalScroll():
            yield Static(self._content())

    def _content(self) -> Content:
        held = self.event
        who = held.who or _("the program")
        rows = [
            line((held.text[:1].upper() + held.text[1:], "strong")),
            line((f"{who}, {clock.say_when(When(at=held.at), self.app.zone)}", "dim")),
        ]
        if held.undone:
            rows.append(line((_("This was undone later."), "warn")))
        for channel, before, after, source in held.consents:
            rows.append(plain(""))
            rows.append(
                line(
                    (f"{_(CHANNELS.get(channel, channel))}: ", "dim"),
                    _(CONSENTS.get(before, before)),
                    (" → ", "dim"),
                    (_(CONSENTS.get(after, after)), "strong"),
                )
            )
            if source:
                rows.append(line("  ", (_("It was said:"), "dim"), " ", source))
        for change in held.changes:
            rows += [plain(""), *_change_lines(change, self.app.zone)]
        return lines(*rows)


def _change_lines(change: FieldChange, zone: Any) -> list[Content]:
    label = _(FIELDS.get(change.field, change.field))
    return [
        line((label, "title")),
        line("  ", (_("before"), "dim"), "  ", _value_text(change.field, change.before, zone)),
        line("  ", (_("after").ljust(len(_("before"))), "dim"), "  ", _value_text(change.field, change.after, zone)),
    ]


def _value_text(field: str, value: Any, zone: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, list):
        return ", ".join(_value_text("", one, zone) for one in value)
    if isinstance(value, dict):
        kept = [str(held) for name, held in value.items() if held and name in ("label", "address", "raw", "number")]
        return " ".join(dict.fromkeys(kept)) or ", ".join(f"{name}: {held}" for name, held in value.items())
    if field.endswith("_at") or field == "at":
        return clock.say_when(When(at=int(value)), zone)
    return str(value)


def _instant(when: When) -> int:
    if when.at is None:
        raise Invalid("at", _("Write the time of day too."))
    return when.at
