"""A full screen that is one form, and keeps what is typed in it as a draft.

Within half a second of a key the text is in the database (faults 95). Esc leaves the form and keeps the draft
to be offered; a lost connection keeps it too, and it is open again when the form is next shown. The save
itself forgets the draft in its own transaction.
"""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widgets import Static

from easir_tui import clock, text
from easir_tui.commands import Command, everywhere, forms
from easir_tui.crm import drafts
from easir_tui.crm.drafts import Waiting
from easir_tui.errors import Conflict, Invalid, Refused
from easir_tui.language import _
from easir_tui.screens.base import EasirScreen
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.edit_panel import ConflictScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Form, LongText

ROWS_AROUND = 7
"""Rows of the window that bars, heading and the words under two fields need."""

KEEP_AFTER = 0.5
"""Seconds from a key to its draft."""


OUT_OF_PLACE = (everywhere.GO, everywhere.UNDO, everywhere.STEPS, everywhere.OPEN_ANYTHING, everywhere.BACK)
"""Commands that need a letter, or would leave a half-written form; Esc is `forms.CANCEL`."""


class FormScreen(EasirScreen[int]):
    """Dismissed with the id of what was saved, or None.

    A subclass names the draft (`KIND`, `draft_key`, `arguments`), builds the form (`build`) and saves it
    (`save`, which returns the id, or None when something is wrong and stands beside its field).
    """

    COMMON: ClassVar[tuple[Command, ...]] = tuple(command for command in everywhere.ALL if command not in OUT_OF_PLACE)
    COMMANDS: ClassVar[tuple[Command, ...]] = forms.ALL
    CSS_PATH: ClassVar[Any] = "form_screen.tcss"
    KIND: ClassVar[str] = ""
    """The kind of its drafts: the name of the screen."""

    contact_id: int | None

    def __init__(self) -> None:
        super().__init__()
        self.form: Form | None = None
        self.version: int | None = None
        self._untouched: dict[str, Any] = {}
        self._keeping: Timer | None = None
        self._kept = False
        self._refused: Waiting | None = None
        self._saving = False

    def draft_key(self) -> str:
        """What tells this form's draft from others."""
        raise NotImplementedError

    def own_key(self) -> str:
        """The key under which this session keeps it."""
        return self.app.own_key(self.draft_key())

    def arguments(self) -> dict[str, Any]:
        """What opens this very form again."""
        raise NotImplementedError

    async def build(self) -> Form:
        """Read what is needed and make the form; the heading may be set here."""
        raise NotImplementedError

    async def save(self) -> int | None:
        """Save; the id of what was saved."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        """The heading, and room for the form."""
        with Horizontal(id="form-bar"):
            yield Static(id="form-head")
            yield Static(id="form-side")
        yield Static(id="form-info")
        yield Static(id="form-warning")
        yield Static(id="form-refused")
        yield Container(id="form-place")

    async def on_mount(self) -> None:
        """Read and show before anything else, so that the first key typed is in a field."""
        for name in ("#form-info", "#form-warning", "#form-refused"):
            self.query_one(name).display = False
        try:
            self.form = await self.build()
        except Refused as error:
            self.app.report(error)
            self.close_later()
            return
        self._take_classes()
        await self.query_one("#form-place").mount(self.form)
        self._air()
        self.prefill()
        self._untouched = self.form.texts()
        self.focus_first()
        self.built()
        draft = await self.app.ask(drafts.find, self.draft_key())
        if draft is not None and not draft.left and self.app.sole:
            await self._make_own(draft)
            self._take_up(draft)
        elif draft is not None:
            self.perform(self._offer, draft)

    def _take_up(self, draft: Waiting) -> None:
        """Go on with a draft."""
        assert self.form is not None
        self._kept = True
        self.form.fill(draft.body.get("texts", {}))
        if self.version is not None:
            self.version = draft.body.get("version", self.version)
        self._focus_typed()
        self.app.say(_("Your draft of {when} is back.").format(when=self._when(draft)))
        self.built()

    async def _offer(self, draft: Waiting) -> None:
        """What was left on purpose is only offered; refused, it stays and is put aside once something else is typed."""
        assert self.form is not None
        typed = self.form.written(draft.body.get("texts", {}), self._untouched)
        question = _("Go on with the draft of {when}?").format(when=self._when(draft))
        detail = text.cut(text.first_line(max(typed, key=len, default="")), 60)
        if await self.app.show(ConfirmScreen(question, detail, title=_("Draft"))):
            await self._make_own(draft)
            self._take_up(draft)
        elif draft.key == self.own_key():
            self._refused = draft

    async def _make_own(self, draft: Waiting) -> None:
        if draft.key != self.own_key():
            await self.app.store.tell(partial(drafts.take_up, self.app.me, draft, self.own_key()))

    def on_resize(self) -> None:
        """A blank row between the fields where there is room for it."""
        self._air()

    def _take_classes(self) -> None:
        """The classes of this window's size, before there is a form that would be styled twice."""
        width = self.app.size.width
        fitting = [name for least, name in self.HORIZONTAL_BREAKPOINTS or () if least <= width]
        if fitting:
            self.add_class(fitting[-1])
        self._air()

    def _air(self) -> None:
        if self.form is not None:
            shown = [field for field in self.form.fields if self.form.shows(field.name)]
            rows = sum(1 + (field.rows if field.kind == "long" else 1) for field in shown)
            self.set_class(rows + ROWS_AROUND <= self.app.size.height, "-airy")

    def prefill(self) -> None:
        """Begin with what is known already; that alone is no draft."""

    def _focus_typed(self) -> None:
        """Go on at the end of the longest text of the draft."""
        texts = [text_area for text_area in self.query(LongText) if text_area.display and text_area.text]
        if texts:
            longest = max(texts, key=lambda text_area: len(text_area.text))
            longest.focus()
            longest.move_cursor(longest.document.end)

    def built(self) -> None:
        """The form is there, and again when a draft has been put into it."""

    def focus_first(self) -> None:
        """Put the cursor where typing begins."""
        if self.form is not None:
            self.form.focus_field(self.form.fields[0].name)

    def _when(self, draft: Waiting) -> str:
        return " ".join(clock.short_when(draft.updated_at, self.app.zone).split())

    # -- keeping ------------------------------------------------------------------------------------

    @property
    def is_typed_in(self) -> bool:
        """Whether there is anything a draft would keep."""
        return self.form is not None and self.form.texts() != self._untouched

    def on_form_changed(self, _event: Form.Changed) -> None:
        """Something was typed: keep it soon, and not later for going on typing."""
        self.refuse("")
        self._air()
        if self._keeping is None and not self._saving:
            self._keeping = self.set_timer(KEEP_AFTER, self._keep_soon)

    def _keep_soon(self) -> None:
        self._keeping = None
        self.perform(self.keep)

    async def keep(self, left: bool = False) -> None:
        """Keep what is typed now; nothing typed is no draft."""
        if self.form is None or self._saving:
            return
        if self.is_typed_in:
            await self._put_aside()
            body: dict[str, Any] = {"arguments": self.arguments(), "texts": self.form.texts()}
            if self.version is not None:
                # Of a record that is there already, only what was edited: the rest may be changed by others meanwhile.
                body = {**body, "texts": self.form.edited_texts(), "version": self.version}
            await self.app.store.tell(
                partial(drafts.keep, self.app.me, self.own_key(), self.KIND, body, self.contact_id, left)
            )
            self._kept = True
        elif self._kept:
            await self.app.store.tell(partial(drafts.drop, self.app.me, self.own_key()))
            self._kept = False

    async def forget(self) -> None:
        """Drop the draft, for a save that is several transactions and has come through all of them."""
        if self._kept:
            await self.app.store.tell(partial(drafts.drop, self.app.me, self.own_key()))
            self._kept = False

    async def _put_aside(self) -> None:
        """The draft that was not gone on with keeps its text when this form needs its place."""
        if self._refused is not None:
            self._refused = None
            await self.app.store.tell(partial(drafts.put_aside, self.app.me, self.own_key()))

    async def save_draft(self) -> None:
        """The connection is lost, or the person goes elsewhere."""
        await self.keep()

    async def action_back(self) -> None:
        """Leave; what is typed stays as a draft."""
        if self._saving:
            return
        self._stop_keeping()
        typed_in = self.is_typed_in
        await self.keep(left=True)
        self._saving = True
        self.dismiss(None)
        if typed_in:
            self.app.say(_("Kept as a draft; it is offered when you open the form again."))

    async def action_save(self) -> None:
        """Save once, however often the key is pressed."""
        if self.form is None or self._saving:
            return
        self._stop_keeping()
        self._saving = True
        try:
            await self._put_aside()
            saved = await self.save()
        except Invalid as error:
            self._not_saved()
            if not self.form.error(error.field, str(error)):
                self.refuse(str(error))
            return
        except Conflict as conflict:
            self._not_saved()
            await self._settle(conflict)
            return
        except Refused as error:
            self._not_saved()
            self.refuse(str(error))
            return
        except BaseException:
            self._not_saved()
            raise
        if saved is None:
            self._not_saved()
        else:
            self.dismiss(saved)

    def _not_saved(self) -> None:
        """The form goes on; what was typed just before the save is no draft yet."""
        if self not in self.app.screen_stack:
            return
        self._saving = False
        if self._keeping is None:
            self._keeping = self.set_timer(KEEP_AFTER, self._keep_soon)

    def refuse(self, sentence: str) -> None:
        """Say above the form why it was not saved; it stands there until something is changed."""
        refused = self.query_one("#form-refused", Static)
        if sentence or refused.display:
            refused.display = bool(sentence)
            refused.update(line(("✗ ", "bad"), (sentence, "strong")))

    async def _settle(self, conflict: Conflict) -> None:
        """Somebody else saved the same fields: both versions are shown, and the person decides (V17)."""
        assert self.form is not None
        theirs = await self.app.show(ConflictScreen(conflict, self.labels(), self.shown, self.app.zone))
        if theirs is not None:
            self.settled(conflict, theirs)
            await self.action_save()

    def labels(self) -> dict[str, str]:
        """What the fields two people may have changed are called."""
        assert self.form is not None
        return {field.name: field.label for field in self.form.fields}

    def shown(self, name: str, value: Any) -> str:
        """A value as it is written when two versions are compared."""
        return "—" if value is None or value == "" else str(value)

    def settled(self, conflict: Conflict, theirs: frozenset[str]) -> None:
        """Go on from the stored version; `theirs` names the fields where the other's value stays."""
        self.version = conflict.version
        assert self.form is not None
        for name in theirs:
            if name in conflict.theirs and self.form.shows(name):
                self.form.fill({name: conflict.theirs[name]})

    def _stop_keeping(self) -> None:
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
