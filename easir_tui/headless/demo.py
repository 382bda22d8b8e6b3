"""`easir demo`: a made-up car dealership to look around in, in a file of its own."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from easir_tui.language import _


def register(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `demo` to the parser."""
    demo = commands.add_parser(
        "demo",
        help=_("look around in a made-up dealership"),
        description=_(
            "Makes a made-up car dealership in a file of its own and opens it. It is made again when it is from an "
            "earlier day and nobody changed anything in it."
        ),
    )
    demo.add_argument("--contacts", type=_count, metavar="N", help=_("how many contacts (400)"))
    demo.add_argument("--seed", type=int, metavar="S", help=_("another seed, other people (1)"))
    demo.add_argument("--db", metavar=_("FILE"), dest="file", help=_("where to keep it"))
    demo.add_argument("--day", metavar=_("DATE"), type=_day, help=_("the day it is told from (today)"))
    demo.add_argument("--fresh", action="store_true", help=_("make it again, whatever was changed in it"))
    demo.add_argument("--no-open", action="store_true", help=_("only make it"))
    demo.set_defaults(run=run)


def _count(typed: str) -> int:
    number = int(typed)
    if not 0 <= number <= 10_000_000:
        raise ValueError(typed)
    return number


def _day(typed: str) -> str:
    from datetime import date

    return date.fromisoformat(typed).isoformat()


def run(args: argparse.Namespace) -> int:
    """Make the demonstration if need be, and open it."""
    from easir_tui import config, language
    from easir_tui.headless import output, start

    if not args.no_open and (refusal := start.no_terminal()):
        output.warn(refusal)
        return 2
    from easir_tui.demo import build

    config.settings()
    path = Path(os.path.expanduser(args.file)).absolute() if args.file else build.place()
    wanted, standing = _wanted(args, path)
    if standing:
        output.warn(_("The demonstration is in {file}.").format(file=path))
    else:
        output.warn(_("Making {count} contacts and their history …").format(count=language.number(wanted.contacts)))
        build.build(path, wanted)
        output.warn(_("The demonstration is in {file}.").format(file=path))
    if args.no_open:
        return 0
    return start.open_app(path)


def _wanted(args: argparse.Namespace, path: Path) -> tuple[Any, bool]:
    """What to make, and whether the file already is that.

    Raises:
        Refused: something else is there, or somebody's changes would be lost.
    """
    from easir_tui.demo import build
    from easir_tui.errors import Refused

    day = args.day or build.today()
    asked = build.Recipe(
        build.CONTACTS if args.contacts is None else args.contacts, build.SEED if args.seed is None else args.seed, day
    )
    if not path.exists() or path.stat().st_size == 0:
        return asked, False
    found, changed = build.made_of(path)
    if args.fresh:
        return asked, False
    kept = build.Recipe(
        found.contacts if args.contacts is None else args.contacts,
        found.seed if args.seed is None else args.seed,
        found.day if changed and args.day is None else day,
    )
    if found == kept:
        return kept, True
    if changed:
        raise Refused(
            _("Somebody has worked in the demonstration {file}.").format(file=path),
            _("Make it again with --fresh, or name another file with --db."),
        )
    return kept, False
