"""`easir contact bundle` and `easir contact erase`: what a person may ask for under the GDPR."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from easir_tui.errors import Refused
from easir_tui.language import _, number


def register(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add both to the actions of `contact`."""
    bundle = actions.add_parser("bundle", parents=[common], help=_("everything held about a person, as an archive"))
    bundle.add_argument("id", type=int, metavar="ID")
    bundle.add_argument("--out", metavar=_("FILE"), help=_("into this file; without it to standard output"))
    bundle.set_defaults(run=run_bundle)
    erase = actions.add_parser("erase", parents=[common], help=_("remove a person for good; shows first what goes"))
    erase.add_argument("id", type=int, metavar="ID")
    erase.add_argument("--name", default="", metavar=_("NAME"), help=_("the name of the contact, to really do it"))
    erase.set_defaults(run=run_erase)


def run_bundle(args: argparse.Namespace) -> int:
    """Write the archive."""
    from easir_tui.crm import bundle
    from easir_tui.headless import output, session

    if not args.out and sys.stdout.isatty():
        raise Refused(_("An archive is no text for a terminal."), _("Name a file with --out, or send it on with >."))
    me = session.begin()
    if args.out:
        from pathlib import Path

        path = Path(args.out)
        try:
            with path.open("xb") as sink:
                count = bundle.write(me, args.id, sink)
        except FileExistsError:
            raise Refused(_("{file} is there already.").format(file=path), _("Name another file.")) from None
        except Refused:
            path.unlink(missing_ok=True)
            raise
        except OSError as error:
            raise Refused(
                _("{file} cannot be written: {reason}.").format(file=path, reason=error.strerror or str(error))
            ) from error
    else:
        import io

        held = io.BytesIO()
        count = bundle.write(me, args.id, held)
        sys.stdout.flush()
        sys.stdout.buffer.write(held.getvalue())
        sys.stdout.buffer.flush()
    output.warn(_("{count} entries written").format(count=number(count)))
    return 0


def run_erase(args: argparse.Namespace) -> int:
    """Show what would go; with the name, do it."""
    from easir_tui.crm import erasure
    from easir_tui.headless import output, session

    me = session.begin()
    planned = erasure.erase(me, args.id, args.name) if args.name else erasure.plan(me, args.id)
    if args.json:
        output.print_json({"name": planned.name, "erased": bool(args.name), "going": dict(planned.going),
                           "kept_cases": planned.kept_cases})  # fmt: skip
        return 0
    titles = {
        "sales_case": _("Cases"), "activity": _("Activities"), "task": _("Tasks"), "attachment": _("Files"),
        "consent": _("Consents"), "mail": _("E-mails"), "lead": _("Leads"), "draft": _("Drafts"),
    }  # fmt: skip
    output.say(planned.name)
    output.print_pairs([(titles[table], number(count)) for table, count in planned.going.items() if count])
    if planned.kept_cases:
        output.say(_("Won sales that stay without the person: {count}").format(count=number(planned.kept_cases)))
    if args.name:
        output.say(_("Erased. An import does not bring the person back."))
    else:
        output.say(_("Nothing was done yet. With --name and the name of the contact it is, and cannot be undone."))
    return 0
