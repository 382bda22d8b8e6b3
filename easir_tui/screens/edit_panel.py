"""The pen: a few fields in a small frame over the block they belong to, saved or left as one.

    async def save(changed: dict[str, Any], version: int | None) -> Any: ...
    saved = await self.app.show(EditPanel(_("Address"), fields, save=save, near=block))

Only what was edited is passed on, so that nothing else can be overwritten (faults 9). A refusal stands where
it belongs and what was typed stays. When somebody else saved the same field meanwhile, both versions are
shown, field by field, and the person decides (V17, faults 73 and 74). What is typed is a draft within half a
second (faults 95), which is back when the pen is used again and gone when it is saved or left.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Spacing
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from easir_tui import clock
from easir_tui.commands import forms
from easir_tui.crm import drafts
from easir_tui.errors import Conflict, Invalid, NeedsConfirmation, Refused
from easir_tui.language import _
from easir_tui.screens.base import EasirModal
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.widgets.content import line, lines, plain
from easir_tui.widgets.fields import Choice, Field, Form

Save = Callable[[dict[str, Any], int | None], Awaitable[Any]]
"""Saves the edited fields; the version is None the first time, then the one to overwrite knowingly."""

LEAST_WIDTH = 58
"""Cells the panel needs for labels and fields; it is wider than the block it covers."""

KEEP_AFTER = 0.5
"""Seconds from a key to its draft."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where what is typed waits until it is saved: what is edited, whose page it is on, the part of that page.

    `version` is the one that was read; a draft brings its own, so that a colleague is not overwritten later.
    """

    record: str
    contact_id: int | None = None
    part: str = ""
    version: int | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """What opens the page again where it is not a contact's."""

    @property
    def key(self) -> str:
        """The key of the draft."""
        return f"pen:{self.record}:{self.part}"


class EditPanel(EasirModal[Any]):
    """Dismissed with what `save` returned (True when that was None), or None when left or nothing was edited.

    Args:
        title: of the block.
        fields: what is asked.
        save: see `Save`; raises Invalid, Conflict, NeedsConfirmation or another Refused.
        near: the block it covers; without one it stands in the middle.
        show: how a value is written when two versions are compared; the default suits texts.
        focus: name of the field to begin in.
        kept: where the draft is; without one nothing is kept.
    """

    COMMANDS = (forms.SAVE, forms.CLOSE, *forms.FIELDS)

    DEFAULT_CSS = """
    EditPanel > #dialog { width: 64; padding: 1 1 0 1; }
    EditPanel #refused { display: none; color: $error; height: auto; padding: 0 0 1 0; }
    EditPanel #refused.-said { display: block; }
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Save,
        *,
        near: Widget | None = None,
        show: Callable[[str, Any], str] | None = None,
        focus: str = "",
        kept: Kept | None = None,
    ) -> None:
        super().__init__(title)
        self._kept = kept
        self._version: int | None = None
        self._keeping: Timer | None = None
        self._has_draft = False
        self.fields = tuple(fields)
        self._save = save
        self._near = near
        self._show = show or _as_text
        self._focus = focus
        self._confirmed = False

    def compose_body(self) -> ComposeResult:
        """What was refused, and the fields."""
        yield Static(id="refused")
        yield Form(self.fields, id="form")

    async def on_mount(self) -> None:
        """Stand over the block, begin in the first field, with what was typed before the line was cut."""
        self._place()
        first = self._focus or (self.fields[0].name if self.fields else "")
        if first:
            self.form.focus_field(first)
        draft = await self.app.ask(drafts.find, self._own_key) if self._kept is not None else None
        if draft is not None:
            if draft.key != self._own_key:
                await self.app.store.tell(partial(drafts.take_up, self.app.me, draft, self._own_key))
            self.form.fill(draft.body.get("texts", {}))
            self._version = draft.body.get("version")
            self._has_draft = True
            when = " ".join(clock.short_when(draft.updated_at, self.app.zone).split())
            self.app.say(_("Your draft of {when} is back.").format(when=when))

    def _place(self) -> None:
        if self._near is None or not self._near.is_attached:
            return
        block, window = self._near.region, self.app.size
        width = min(max(block.width, LEAST_WIDTH), window.width)
        dialog = self.query_one("#dialog", Vertical)
        dialog.styles.width = width
        self.styles.align = ("left", "top")
        likely = 6 + sum(field.rows if field.kind == "long" else 1 for field in self.fields)
        left = max(0, min(block.x, window.width - width))
        top = max(0, min(block.y, window.height - likely))
        dialog.styles.margin = Spacing(top, 0, 0, left)
        dialog.styles.max_height = max(1, window.height - top)

    def on_resize(self) -> None:
        """Stay inside the window."""
        self._place()

    @property
    def form(self) -> Form:
        """The fields."""
        return self.query_one(Form)

    async def action_save(self) -> None:
        """Check, save, close."""
        changed = self.form.changed()
        if changed is None:
            return
        if not changed:
            await self._forget()
            self.dismiss(None)
            return
        await self._try(changed, self._version)

    @property
    def _own_key(self) -> str:
        """Under which this session keeps the draft."""
        return self.app.own_key(self._kept.key) if self._kept is not None else ""

    # -- the draft ----------------------------------------------------------------------------------

    def on_form_changed(self, _event: Form.Changed) -> None:
        """Something was typed: keep it soon."""
        if self._kept is not None and self._keeping is None:
            self._keeping = self.set_timer(KEEP_AFTER, self._keep_soon)

    def _keep_soon(self) -> None:
        self._keeping = None
        self.perform(self.save_draft)

    async def save_draft(self) -> None:
        """Keep what was edited, and nothing else: the rest may be changed by others meanwhile."""
        if self._kept is None or not self.is_attached:
            return
        if self.form.dirty:
            kept = self._kept
            version = kept.version if self._version is None else self._version
            body = {
                "arguments": dict(kept.arguments),
                "part": kept.part,
                "texts": self.form.edited_texts(),
                "version": version,
            }
            self._has_draft = True
            await self.app.store.tell(partial(drafts.keep, self.app.me, self._own_key, "pen", body, kept.contact_id))
        else:
            await self._forget()

    async def _forget(self) -> None:
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
        if self._kept is not None and self._has_draft:
            self._has_draft = False
            await self.app.store.tell(partial(drafts.drop, self.app.me, self._own_key))

    # -- saving and leaving -------------------------------------------------------------------------

    async def _try(self, changed: dict[str, Any], version: int | None) -> None:
        self._refuse("")
        try:
            saved = await self._save(changed, version)
        except Invalid as error:
            if not self.form.error(error.field, str(error)):
                self._refuse(str(error))
        except Conflict as conflict:
            await self._settle(changed, conflict)
        except NeedsConfirmation as error:
            if await self.app.show(ConfirmScreen(error.sentence, error.hint)):
                await self._try({**changed, "confirmed": True}, version)
        except Refused as error:
            self._refuse(str(error))
        else:
            await self._forget()
            self.dismiss(True if saved is None else saved)

    async def _settle(self, changed: dict[str, Any], conflict: Conflict) -> None:
        labels = {field.name: field.label for field in self.fields}
        theirs = await self.app.show(ConflictScreen(conflict, labels, self._show, self.app.zone))
        if theirs is None:
            return
        mine = {name: value for name, value in changed.items() if name not in theirs}
        if mine:
            await self._try(mine, conflict.version)
        else:
            await self._forget()
            self.dismiss(None)

    def _refuse(self, sentence: str) -> None:
        refused = self.query_one("#refused", Static)
        refused.update(plain(f"✗ {sentence}" if sentence else ""))
        refused.set_class(bool(sentence), "-said")

    async def action_back(self) -> None:
        """Leave; asks first when something was typed."""
        if self.form.dirty and not await self.app.show(
            ConfirmScreen(_("Leave without saving?"), _("What you typed here is not saved yet."))
        ):
            return
        await self._forget()
        self.dismiss(None)


class ConflictScreen(EasirModal[frozenset[str]]):
    """Two people changed the same fields: for each, keep mine or take theirs.

    Dismissed with the names of the fields where theirs is taken, or None to go back to typing.
    """

    COMMANDS = (forms.SAVE, forms.CLOSE, *forms.FIELDS)

    DEFAULT_CSS = """
    ConflictScreen Static { height: auto; padding: 1 0 0 0; }
    ConflictScreen Choice { margin: 0 0 0 2; }
    """

    def __init__(
        self,
        conflict: Conflict,
        labels: dict[str, str],
        show: Callable[[str, Any], str],
        zone: Any,
    ) -> None:
        super().__init__(_("Changed meanwhile"))
        self.conflict = conflict
        self.labels = labels
        self._show = show
        self._zone = zone

    def compose_body(self) -> ComposeResult:
        """Who and when, then both versions of each field and what to do."""
        conflict = self.conflict
        yield Static(
            plain(
                _("{who} changed this {when}. Choose for each field; F10 saves your choice.").format(
                    who=conflict.who, when=clock.ago(conflict.at, self._zone)
                )
            )
        )
        for name, theirs in conflict.theirs.items():
            yield Static(
                lines(
                    line((self.labels.get(name, name), "strong")),
                    line("  ", (_("before").ljust(8), "dim"), self._show(name, conflict.original.get(name))),
                    line("  ", (_("theirs").ljust(8), "dim"), self._show(name, theirs)),
                    line("  ", (_("mine").ljust(8), "dim"), self._show(name, conflict.mine.get(name))),
                )
            )
            yield Choice(
                (("mine", _("Keep mine")), ("theirs", _("Take theirs"))),
                title=self.labels.get(name, name),
                id=f"conflict-{name.replace('.', '-')}",
            )

    async def action_save(self) -> None:
        """Go on with the choices."""
        chosen = zip(self.conflict.theirs, self.query(Choice), strict=True)
        self.dismiss(frozenset(name for name, choice in chosen if choice.value == "theirs"))


def _as_text(_name: str, value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list | tuple):
        return ", ".join(_as_text("", one) for one in value)
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values() if one)
    return str(value)
