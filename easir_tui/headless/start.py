"""Opening the application: the terminal is looked at before Textual is loaded."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from easir_tui.language import _


def no_terminal() -> str:
    """Why the application cannot open here, or nothing if it can.

    Without a terminal Textual would run on after the connection is gone; it draws on standard error.
    """
    if os.isatty(0) and os.isatty(2):
        return ""
    return _("EASI'R needs a terminal. For scripts there are commands: easir --help")


def open_app(path: Path | None = None) -> int:
    """Open the application on a database file, by default the person's own.

    Raises:
        Refused: the file cannot be used, or the person is not enrolled.
    """
    if refusal := no_terminal():
        print(refusal, file=sys.stderr)
        return 2
    from easir_tui.app import run

    return run(path)
