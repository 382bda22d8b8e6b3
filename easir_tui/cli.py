"""The `easir` command: opens the application, or runs one of the commands that need no screen.

Only the module of the command that was asked for is loaded. Exit codes: 0 done; 1 a rule or the disk said no,
in one sentence on standard error; 2 the command was written wrongly, or there is no terminal to open in.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import NoReturn

from easir_tui import __version__
from easir_tui.errors import Refused
from easir_tui.language import N_, _

COMMANDS = {
    "contact": "easir_tui.headless.contacts",
    "account": "easir_tui.headless.accounts",
    "case": "easir_tui.headless.cases",
    "task": "easir_tui.headless.tasks",
    "lead": "easir_tui.headless.leads",
    "note": "easir_tui.headless.notes",
    "attachment": "easir_tui.headless.attachments",
    "letter": "easir_tui.headless.letters",
    "user": "easir_tui.headless.users",
    "team": "easir_tui.headless.teams",
    "path": "easir_tui.headless.paths",
    "template": "easir_tui.headless.templates",
    "import": "easir_tui.cli_import",
    "calendar": "easir_tui.headless.calendar",
    "mail": "easir_tui.headless.mail",
    "export": "easir_tui.headless.exports",
    "undo": "easir_tui.headless.steps",
    "report": "easir_tui.headless.reports",
    "keys": "easir_tui.headless.keys",
    "doctor": "easir_tui.headless.doctor",
    "demo": "easir_tui.headless.demo",
}
"""Command → the module that registers and runs it."""

_ARGPARSE = (
    N_("usage: "), N_("positional arguments"), N_("options"), N_("show this help message and exit"),
    N_("the following arguments are required: %s"), N_("unrecognized arguments: %s"), N_("expected one argument"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"), N_("invalid %(type)s value: %(value)r"),
    N_("argument %(argument_name)s: %(message)s"), N_("%(prog)s: error: %(message)s\n"),
)  # fmt: skip
"""Words of argparse itself, so that the catalog has them."""


class Parser(argparse.ArgumentParser):
    """argparse, whose messages may repeat what was typed, cleaned on their way to the terminal."""

    def error(self, message: str) -> NoReturn:
        from easir_tui import text

        super().error(text.clean(message))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and say how it went, as an exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.excepthook = _surprise
    _open_closed_streams()
    try:
        status = _run(given)
        sys.stdout.flush()
        return status
    except Refused as refusal:
        from easir_tui import text

        print(text.clean(str(refusal)), file=sys.stderr)
        return 1
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO, errno.EDQUOT):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(_("What this command says could not be written: {why}.").format(why=error.strerror), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _open_closed_streams() -> None:
    """Put the null device where standard input, output or error were closed, so that no file takes their place."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - open as long as the program
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _run(given: Sequence[str]) -> int:
    _speak()
    if not given:
        from easir_tui.headless import start

        return start.open_app()
    args = _parser(given).parse_args(given)
    if args.command is None:
        from easir_tui.headless import start

        return start.open_app()
    return int(args.run(args))


def _speak() -> None:
    """Take the language of the settings, and let argparse use our catalog where that is not English."""
    from easir_tui import config, language

    with suppress(Refused):  # a broken settings file is for the command to report; the help needs none
        config.settings()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if language.active() != "en":
        import gettext

        os.environ.setdefault("LANGUAGE", language.active())
        gettext.bindtextdomain("easir", str(language.LOCALE_FOLDER))
        gettext.textdomain("easir")


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser: of the one command that is named first, or of all of them for the help."""
    parser = Parser(
        prog="easir",
        description=_("EASI'R: a CRM in the terminal. Without a command it opens."),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"easir {__version__}",
        help=_("show program's version number and exit"),
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help=_("as JSON"))
    commands = parser.add_subparsers(prog="easir", dest="command", metavar=_("COMMAND"))
    named = [given[0]] if given[0] in COMMANDS else list(COMMANDS)
    for name in named:
        import_module(COMMANDS[name]).register(commands, common)
    return parser


def _surprise(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error nobody expected: where it was goes to the log, a sentence with its number to the terminal."""
    from easir_tui import faults

    number = faults.record(error)
    print(
        _("Something went wrong in EASI'R itself; what this command had not finished was not saved."),
        _("The log {file} says more under {number}.").format(file=faults.log_path(), number=number),
        file=sys.stderr,
    )
