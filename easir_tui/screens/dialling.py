"""Dialling a number: by the configured command on this machine, else by handing it to the person's own terminal."""

from __future__ import annotations

import asyncio
import shlex
import subprocess

from easir_tui import phones
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.widgets.host import Host


async def dial(app: Host, typed: str) -> None:
    """Dial; without a command, and on a restricted login, the number is copied.

    Raises:
        Refused: there is no number, or the command did not start.
    """
    number = phones.key(typed)
    command = app.settings.dial_command
    if not number:
        raise Refused(_("Choose the number first."))
    if not command or app.settings.restricted:
        app.copy(f"+{number}")
        return
    words = [word.replace("{number}", f"+{number}") for word in shlex.split(command)]
    try:
        await asyncio.create_subprocess_exec(
            *words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise Refused(
            _("The dial command did not start: {reason}.").format(reason=error.strerror or str(error))
        ) from error
    app.say(_("Dialling {number}.").format(number=phones.pretty(f"+{number}")))
