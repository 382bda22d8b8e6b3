"""Asking for the two days between which a timeline shows what happened."""

from __future__ import annotations

from datetime import date
from typing import Any

from easir_tui import clock
from easir_tui.language import _
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host
from easir_tui.widgets.timeline import Timeline


async def ask_days(app: Host, timeline: Timeline) -> None:
    """Ask for the first and the last day, either of which may be left open, and narrow the timeline to them."""

    def day(typed: str) -> date | None:
        return clock.parse_day(typed, app.zone, past=True) if typed else None

    async def keep(changed: dict[str, Any], _version: int | None) -> dict[str, Any]:
        return changed

    fields = (
        Field("first", _("From"), "day", hint=_("1/10, last monday, 1 Jan 2025"), parse=day),
        Field("last", _("To"), "day", hint=_("empty is today"), parse=day),
    )
    chosen = await app.show(EditPanel(_("Period"), fields, keep, near=timeline.list)) or {}
    await timeline.between(chosen.get("first"), chosen.get("last"))
