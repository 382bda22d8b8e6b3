"""`easir doctor`: is everything all right with the database, its files and this installation."""

from __future__ import annotations

import argparse
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `doctor` to the parser."""
    doctor = commands.add_parser("doctor", parents=[common], help=_("check the database and the installation"))
    doctor.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print what was found; exit 1 if anything is wrong."""
    from dataclasses import asdict

    from easir_tui import config
    from easir_tui.data import health
    from easir_tui.data.database import open_store
    from easir_tui.headless import output

    config.settings()
    open_store(config.database_path())
    found = health.examine()
    wrong = [one for one in found if not one.well]
    if args.json:
        output.print_json({"well": not wrong, "findings": [asdict(one) for one in found]})
    else:
        for one in found:
            output.say(f"{'✔' if one.well else '✘'} {one.what}: {one.found}")
        output.say(_("Everything is all right.") if not wrong else _("Something is wrong: see the lines with ✘."))
    return 1 if wrong else 0
