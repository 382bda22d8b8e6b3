"""The application and its terminal: what is sent to it, and how it is lent to another program."""

from __future__ import annotations

import asyncio
import os
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.color import ColorSystem
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.widgets.ordered_keys import OrderedKeys
from easir_tui.widgets.painter import Painter

HEARD_AFTER = 0.2
"""Seconds after which a signal is no longer one that was meant for another program."""

BACKLOG = 8
"""Frames that may wait for the line; Textual's own limit, where it stops and waits, is thirty pieces."""

AGAIN_AFTER = 0.1
"""Seconds after a frame that was left out until it is tried again."""

LAST_SECONDS = 15.0
"""How long the end of a session may take: drafts kept, what is being written finished, the store closed."""


class TerminalApp(OrderedKeys):
    """An application that sends only what changed, and may lend the terminal to an editor."""

    def __init__(self) -> None:
        self._lent = False
        self._behind = False
        self._painter = Painter()
        super().__init__()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Send an update of the screen, less what the terminal shows already."""
        driver = self._driver
        if (
            not isinstance(renderable, (LayoutUpdate, ChopsUpdate))
            or self._batch_count
            or not self._running
            or self._closed
            or self.is_headless
            or driver is None
        ):
            super()._display(screen, renderable)
            return
        if self.drop_lost_terminal() or self._is_behind():
            return
        codes = self._painter.paint(renderable, self.size, self.console._color_system or ColorSystem.TRUECOLOR)
        if codes:
            cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
            begin, end = ("\x1b[?2026h", "\x1b[?2026l") if self._sync_available else ("", "")
            driver.write(f"{begin}{codes}\x1b[{cursor.y + 1};{cursor.x + 1}H{end}")

    def on_resize(self, _event: events.Resize) -> None:
        """A window that changed and changed back may show anything."""
        self._painter.forget()

    def _is_behind(self) -> bool:
        """Whether the line has not taken what was sent before; this frame is then left out, and a later one shows all.

        Waiting for it instead would stop every key, and the keeping of drafts, for as long as the line stands still.
        """
        thread: Any = getattr(self._driver, "_writer_thread", None)
        if thread is None or thread._queue.qsize() < BACKLOG:
            return False
        if not self._behind:
            self._behind = True
            self.set_timer(AGAIN_AFTER, self._paint_again)
        return True

    def _paint_again(self) -> None:
        self._behind = False
        self.screen.refresh(layout=True)

    def drop_lost_terminal(self) -> bool:
        """Write no more once the terminal is gone; True when it is.

        Textual hands what it writes to a thread, through a queue that holds thirty pieces. When the line is cut the
        thread is lost, and the next piece too many would be waited for for ever, drafts and all.
        """
        thread: Any = getattr(self._driver, "_writer_thread", None)
        if thread is None or self.is_headless or (thread.is_alive() and not _is_gone(thread.fileno())):
            return False
        thread.write = lambda _text: None
        thread.stop = lambda: None
        if self._driver is not None:
            # The kernel sends SIGCONT after SIGHUP, at which Textual would begin anew.
            self._driver.resume_application_mode = lambda: None  # type: ignore[method-assign]
        return True

    def end_in_any_case(self) -> None:
        """From now on the process has `LAST_SECONDS` to end in good order; then it ends."""
        if not self.is_headless:
            last = threading.Timer(LAST_SECONDS, os._exit, (1,))
            last.daemon = True
            last.start()

    def lay(self, codes: str, x: int, y: int) -> None:
        """Send graphics at a cell, and leave cursor and colours as they were."""
        if self._driver is not None and not self.is_headless and not self.drop_lost_terminal():
            self._driver.write(f"\x1b7\x1b[{y + 1};{x + 1}H{codes}\x1b8")

    def redraw(self) -> None:
        """Paint everything anew: after another program wrote over the screen."""
        self._painter.forget()
        self.screen.refresh(layout=True)

    @contextmanager
    def _lending(self) -> Iterator[None]:
        """Give the terminal to another program; Ctrl+C is then meant for that one."""

        def taken_back() -> None:
            self._lent = False

        self._lent = True
        try:
            with self.suspend():
                yield
        finally:
            # What was signalled meanwhile is heard when the loop runs again.
            asyncio.get_running_loop().call_later(HEARD_AFTER, taken_back)

    async def edit_outside(self, words: str) -> str | None:
        """Write a text in $VISUAL or $EDITOR, in a file only its owner can read, removed afterwards."""
        import shlex
        import subprocess
        import tempfile

        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if self.settings.restricted or not self.settings.editor or not editor:
            self.say(_("There is no editor to open: set EDITOR, and editor = true in the settings."))
            return None
        with tempfile.TemporaryDirectory(prefix="easir-") as folder:
            file = Path(folder) / "text.txt"
            file.write_text(words, encoding="utf-8")
            try:
                with self._lending():
                    done = subprocess.run([*shlex.split(editor), str(file)], check=False)
            except (OSError, ValueError) as error:
                raise Refused(
                    _("The editor “{editor}” cannot be started: {why}.").format(editor=editor, why=error),
                    _("Set EDITOR to one that is installed; what you typed is still here."),
                ) from error
            if done.returncode != 0:
                self.say(_("The editor ended with an error; the text is as it was."), bad=True)
                return None
            return file.read_text(encoding="utf-8", errors="replace").rstrip("\n")


def _is_gone(handle: int) -> bool:
    """Whether a terminal was hung up."""
    try:
        termios.tcgetattr(handle)
    except (termios.error, OSError, ValueError):
        return True
    return False
