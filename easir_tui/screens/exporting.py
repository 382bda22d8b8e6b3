"""Writing out what a list shows: in which format, into which file; or the command that does it from elsewhere."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from easir_tui import clock
from easir_tui.crm import export_files, exports
from easir_tui.errors import Invalid, Refused
from easir_tui.language import _, number
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.screens.menu import MenuItem, MenuScreen, TextScreen
from easir_tui.widgets.content import line, lines, plain
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host

_TITLES = {"csv": "CSV", "xlsx": "Excel", "json": "JSON", "vcard": "vCard"}
_KEYS = {"csv": "c", "xlsx": "x", "json": "j", "vcard": "v"}


async def export(app: Host, kind: str, ids: Sequence[int], typed: str = "") -> None:
    """Ask for a format and a file, and write these records there; `typed` is the filter that shows them."""
    if not ids:
        raise Refused(_("There is nothing here to write out."))
    items = [MenuItem(_KEYS[form], _TITLES[form], form) for form in ("csv", "xlsx", "json", "vcard")
             if form in exports.FORMATS[kind]]  # fmt: skip
    items.append(MenuItem("h", _("How do I get this on my own machine?"), "how"))
    chosen = await app.show(MenuScreen(_("Export {count}").format(count=number(len(ids))), items))
    if chosen is None:
        return
    if chosen == "how" or app.settings.restricted:
        await _how(app, kind, typed, "csv" if chosen == "how" else chosen)
        return
    name = f"{kind}-{clock.today(app.zone):%Y-%m-%d}{exports.ENDINGS[chosen]}"

    async def save(changed: dict[str, Any], _version: int | None) -> Any:
        path = Path(changed["path"])
        return await asyncio.to_thread(_in_own_thread, app, partial(export_files.save, app.me, kind, ids, chosen, path))

    panel = EditPanel(
        _("Export to"), (Field("path", _("File"), value="", hint=f"~/{name}", required=True, parse=_path),), save
    )
    written = await app.show(panel)
    if written is not None:
        app.say(_("{count} written").format(count=number(written)))


def _in_own_thread(app: Host, act: Any) -> Any:
    """Read on a connection of its own, so that a long export holds up no key."""
    from easir_tui.data.sqlite import connect, disconnect

    connect()
    try:
        return act()
    finally:
        disconnect()


def _path(typed: str) -> str:
    if not typed:
        raise Invalid("path", _("Write where."))
    return typed


async def _how(app: Host, kind: str, typed: str, form: str) -> None:
    words = f" --filter {shlex.quote(typed)}" if typed else ""
    command = f"easir export {kind}{words} --format {form}"
    over_ssh = f"ssh HOST {shlex.quote(command)} > {kind}{exports.ENDINGS[form]}"
    app.copy(over_ssh)
    await app.show(
        TextScreen(
            _("How do I get this on my own machine?"),
            lines(
                plain(_("From your own machine, with the name of this server for HOST:")),
                line("  ", (over_ssh, "strong")),
                plain(""),
                plain(_("It was sent to your terminal's clipboard."), "dim"),
            ),
        )
    )
