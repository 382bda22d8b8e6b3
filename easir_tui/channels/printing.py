"""Printing: a file handed to the program that the settings name, without a shell and without a guess."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import BinaryIO

from easir_tui import text
from easir_tui.errors import Refused
from easir_tui.language import _

PATIENCE = 60
"""Seconds that a print command may take; it only hands the file over to the printer's queue."""

FILE = "{file}"
"""What stands for the path of the file in the command; without it the file is on standard input."""

_LONGEST_WORDS = 300


def print_file(command: str, name: str, source: BinaryIO, patience: float = PATIENCE) -> None:
    """Have a file printed.

    Args:
        command: a program and its arguments, divided as a shell would; nothing in it is run by one.
        name: what the file is called, for a program that shows it.
        source: a file of this machine, open for reading.

    Raises:
        Refused: there is no command, or it does not start, or it says no; with its own words.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise Refused(_("No program that prints is set."), _("Set print_command in the settings, for example to “lp”."))
    with tempfile.TemporaryDirectory(prefix="easir-") as folder, tempfile.TemporaryFile() as said:
        place = Path(folder) / name
        named = any(FILE in word for word in words)
        if named:
            with place.open("wb") as copy:
                while block := source.read(1024 * 1024):
                    copy.write(block)
        try:
            done = subprocess.run(
                [word.replace(FILE, str(place)) for word in words],
                stdin=subprocess.DEVNULL if named else source,
                stdout=subprocess.DEVNULL,
                stderr=said,
                timeout=patience,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            said_so = _("{program} did not end within {n} seconds and was stopped.")
            raise Refused(said_so.format(program=words[0], n=f"{patience:g}")) from error
        except OSError as error:
            raise Refused(
                _("The print command did not start: {reason}.").format(reason=error.strerror or str(error)),
                _("Look at print_command in the settings."),
            ) from error
        if done.returncode:
            said.seek(0)
            told = text.first_line(text.clean(said.read(4000).decode("utf-8", "replace"), newlines=True))
            raise Refused(
                _("{program} did not print it: {reason}").format(
                    program=words[0], reason=text.cut(told, _LONGEST_WORDS) or str(done.returncode)
                )
            )
