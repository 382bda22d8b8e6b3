"""An export as a file: whole or not there at all, and never over one that is (faults 46)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from easir_tui.crm import exports
from easir_tui.crm.attachments import path_of
from easir_tui.crm.users import Me
from easir_tui.errors import Refused
from easir_tui.language import _


def save(me: Me, kind: str, ids: Sequence[int], form: str, target: Path) -> int:
    """Write an export to a file; how many records that were.

    Raises:
        Refused: there is a file already, or the place cannot be written.
    """
    target = path_of(str(target))
    if target.exists():
        raise Refused(_("{file} is there already.").format(file=target), _("Name another file."))
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".easir-")
    except OSError as error:
        raise _not_written(target, error) from error
    try:
        with os.fdopen(handle, "wb") as sink:
            count = exports.write(me, kind, ids, form, sink)
            sink.flush()
            os.fsync(sink.fileno())
        os.link(temporary, target)
    except FileExistsError:
        raise Refused(_("{file} is there already.").format(file=target), _("Name another file.")) from None
    except OSError as error:
        raise _not_written(target, error) from error
    finally:
        Path(temporary).unlink(missing_ok=True)
    return count


def _not_written(target: Path, error: OSError) -> Refused:
    return Refused(_("{file} cannot be written: {reason}.").format(file=target, reason=error.strerror or str(error)))
