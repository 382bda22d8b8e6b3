"""Ctrl+E: a text written in the person's own editor."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from easir_tui.app import EasirApp
from easir_tui.config import Settings
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from easir_tui.errors import Refused
from tests.conftest import running


@pytest.fixture
def app(store: Store, me: Me, monkeypatch: pytest.MonkeyPatch) -> EasirApp:
    """The application where editors are allowed, in a terminal that can be given away."""
    made = EasirApp(store, me, Settings(theme="dark", editor=True))
    monkeypatch.setattr(made, "suspend", nullcontext)
    return made


@pytest.mark.parametrize("editor", ["/no/such/editor", 'nano "unbalanced'])
async def test_an_editor_that_cannot_be_started_is_a_sentence(
    app: EasirApp, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.setenv("EDITOR", editor)
    async with running(app):
        with pytest.raises(Refused, match="cannot be started"):
            await app.edit_outside("words")


async def test_an_interrupt_is_for_the_editor(app: EasirApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ctrl+C in the editor reaches the whole group of the terminal; the program goes on afterwards."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "open(sys.argv[1], 'a').write(' and more')\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    async with running(app) as pilot:
        assert await app.edit_outside("words") == "words and more"
        await pilot.pause(0.3)
        assert app.is_running
        os.kill(os.getpid(), signal.SIGINT)
        await pilot.pause(0.2)
        assert not app.is_running
