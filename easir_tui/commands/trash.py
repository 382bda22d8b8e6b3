"""Commands of the trash."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Trash")

RESTORE = Command("trash.restore", "r", N_("Restore"), N_("Take it out of the trash"), "restore", GROUP, True)
EMPTY = Command(
    "trash.empty", "E", N_("Empty the trash"), N_("Remove everything in it for good; for admins"), "empty", GROUP, True,
    lambda screen: bool(screen.app.me.is_admin),
)  # fmt: skip

ALL = (RESTORE, EMPTY)
