"""A look into a file: a picture, a page of a PDF, a text; and what is wrong with what it is called."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from easir_tui import text
from easir_tui.channels.preview import SHOWN, Preview, preview
from easir_tui.commands import Command, forms
from easir_tui.commands import preview as keys
from easir_tui.crm import file_kinds, previews
from easir_tui.crm.previews import Look
from easir_tui.errors import Refused
from easir_tui.language import _, number, size
from easir_tui.screens.base import EasirModal
from easir_tui.screens.contact_files import Files
from easir_tui.widgets.content import line, paragraphs, plain
from easir_tui.widgets.graphics import BLOCKS
from easir_tui.widgets.host import Host
from easir_tui.widgets.picture import Picture

REDRAW_AFTER = 0.3
"""Seconds a window stands still before its picture is made anew."""


async def view(app: Host, attachment_id: int) -> None:
    """Look into a file until it is left."""
    await app.show(PreviewScreen(await app.ask(previews.look, attachment_id)))


class PreviewScreen(EasirModal[None]):
    """`<` and `>` turn the pages, `t` shows the words of a page instead of its picture."""

    COMMANDS: ClassVar[tuple[Command, ...]] = (
        keys.PREVIOUS, keys.NEXT, keys.TEXT, keys.SAVE, keys.FETCH, forms.CLOSE,
    )  # fmt: skip

    DEFAULT_CSS = """
    PreviewScreen > #dialog { width: 100%; height: 100%; padding: 0 1; }
    PreviewScreen #preview-lie { height: auto; padding: 0 0 1 0; }
    PreviewScreen #preview-facts { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    PreviewScreen VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    PreviewScreen KeyLine { margin-top: 0; }
    """

    picture = getters.query_one(Picture)
    words = getters.query_one("#preview-words", VerticalScroll)

    def __init__(self, look: Look) -> None:
        super().__init__(text.cut(look.file.name, 70))
        self.look = look
        self.page = 0
        self.pages = 1
        self.shown: Preview | None = None
        self.text_wanted: bool | None = None
        """Whether a page is shown as text; None until somebody chose."""
        self._asked = 0

    @property
    def has_both(self) -> bool:
        """Whether there is a picture and words."""
        return self.shown is not None and bool(self.shown.text)

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown as a picture at all."""
        return self.look.media_type in SHOWN

    def compose_body(self) -> ComposeResult:
        """What is wrong, what it is, and the picture or the text."""
        yield Static(id="preview-lie")
        yield Static(id="preview-facts")
        yield Picture()
        with VerticalScroll(id="preview-words"):
            yield Static(id="preview-text")

    async def on_mount(self) -> None:
        """Say what it is, and show it."""
        lie = self.query_one("#preview-lie", Static)
        lie.display = bool(self.look.lie)
        lie.update(line(("! ", "bad"), (self.look.lie, "bad")))
        self.picture.display = self.is_picture
        self.words.display = not self.is_picture
        self._say()
        if self.is_picture:
            self.call_after_refresh(self.perform, self.read)
        else:
            self._show_words(self.look.text)

    async def on_resize(self, _event: events.Resize) -> None:
        """Another window has room for another picture."""
        self._asked += 1
        if self.shown is not None:
            self.set_timer(REDRAW_AFTER, lambda: self.perform(self.read))

    async def read(self) -> None:
        """Make the picture of the page."""
        if not self.picture.display:
            self.picture.display, self.words.display = True, False
            await asyncio.sleep(0)
        self._asked += 1
        asked = self._asked
        form, width, height = self.picture.wants()
        try:
            found = await asyncio.to_thread(
                preview, self.look.path, self.look.media_type, page=self.page, width=width, height=height, form=form
            )
        except Refused as refused:
            self.picture.display, self.words.display = False, True
            self._show_words(str(refused))
            return
        if asked != self._asked or not self.is_attached:
            return
        self.shown, self.page, self.pages = found, found.page, found.pages
        self._show()

    def _show(self) -> None:
        """The page as it is wanted: where letters are blocks, the words of a page say more than its picture."""
        assert self.shown is not None
        as_text = self.text_wanted
        if as_text is None:
            as_text = bool(self.shown.text.strip()) and self.picture.how == BLOCKS
        self.picture.display, self.words.display = not as_text, as_text
        if as_text:
            self.picture.show(None)
            self._show_words(text.accept(self.shown.text) or None)
        else:
            self.picture.show(self.shown)
        self._say()
        self.refresh_commands()

    def _show_words(self, words: str | None) -> None:
        said = words if words is not None else self._nothing()
        if words is not None and self.look.is_cut:
            said += "\n\n" + _("This is the beginning; save the file to read all of it.")
        self.query_one("#preview-text", Static).update(paragraphs(said) if said else plain(_("The file is empty.")))
        self.words.scroll_home(animate=False)
        self.words.focus()
        self._say()
        self.refresh_commands()

    def _nothing(self) -> str:
        if self.shown is not None:
            return _("There are no words on this page.")
        kind = file_kinds.in_words(self.look.media_type)
        return _(
            "It is {kind}, of which there is no preview.\n\ns saves it, y copies the command that fetches it."
        ).format(kind=kind)

    def _say(self) -> None:
        parts = [file_kinds.in_words(self.look.media_type), size(self.look.file.size)]
        if self.shown is not None and self.look.media_type != "application/pdf":
            parts.append(f"{number(self.shown.whole[0])} × {number(self.shown.whole[1])}")
        if self.pages > 1:
            parts.append(_("page {n} of {total}").format(n=self.page + 1, total=number(self.pages)))
        parts += [one for one in (self.look.file.case_title,) if one]
        self.query_one("#preview-facts", Static).update(line((" · ".join(parts), "dim")))

    # -- acts -------------------------------------------------------------------------------------------

    async def action_next_page(self) -> None:
        """The next page."""
        await self._turn(1)

    async def action_previous_page(self) -> None:
        """The page before."""
        await self._turn(-1)

    async def _turn(self, by: int) -> None:
        if not 0 <= self.page + by < self.pages:
            raise Refused(_("There is no further page."))
        self.page += by
        await self.read()

    async def action_as_text(self) -> None:
        """Words instead of the picture, and back."""
        if self.has_both:
            self.text_wanted = not self.words.display
            self._show()

    async def action_save_file(self) -> None:
        """Save it."""
        await Files(self.app).save(self.look.file)

    async def action_fetch(self) -> None:
        """How to get it."""
        await Files(self.app).how_to_get(self.look.file)

    async def on_key(self, event: events.Key) -> None:
        """j and k scroll; q leaves too."""
        if event.key == "q":
            event.stop()
            self.dismiss(None)
        elif event.key in ("j", "k") and self.words.display:
            event.stop()
            self.words.scroll_relative(y=1 if event.key == "j" else -1, animate=False)
