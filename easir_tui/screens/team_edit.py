"""The form of a team: its name, members, opening hours, holidays, and what it does with leads."""

from __future__ import annotations

import re
from typing import Any

from textual.widgets import Static

from easir_tui import clock
from easir_tui.crm import teams, users
from easir_tui.crm.opening_hours import WEEKDAYS, parse_spans, spans_text
from easir_tui.crm.teams import TeamFacts
from easir_tui.errors import Invalid
from easir_tui.language import _, weekday_name
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.content import line
from easir_tui.widgets.fields import Field, Form


class TeamEditScreen(FormScreen):
    """`app.show("team_edit", team_id=2)`, or without a number for a new one; dismissed with the team's id."""

    PLACE = "people"
    KIND = "team_edit"
    contact_id = None

    def __init__(self, team_id: int | None = None) -> None:
        super().__init__()
        self.team_id = team_id
        self.held: TeamFacts | None = None

    def draft_key(self) -> str:
        """One for each team."""
        return f"team:{self.team_id or 'new'}"

    def arguments(self) -> dict[str, Any]:
        """What opens this form again."""
        return {"team_id": self.team_id}

    async def build(self) -> Form:
        """What is set now, and who works here."""
        held = self.held = await self.app.ask(teams.facts, self.team_id) if self.team_id is not None else None
        if held is not None:
            await self.app.ask(teams.may_manage, held.id)
            self.version = held.version
        colleagues = await self.app.ask(users.people)
        title = held.name if held else _("New team")
        self.query_one("#form-head", Static).update(line((_("Team"), "title"), "  ", (title, "strong")))
        hours = held.hours if held else {}
        fields = [
            Field("name", _("Name"), value=held.name if held else "", required=True),
            Field("members", _("Members"), "checks", value=tuple(one for one, _name in held.members) if held else (),
                  choices=[(one.user_id, one.full_name) for one in colleagues]),
        ]  # fmt: skip
        fields += [
            Field(f"hours_{day}", weekday_name(at).capitalize(), value=spans_text(hours.get(day, ())),
                  hint=_("closed"), parse=_spans)
            for at, day in enumerate(WEEKDAYS)
        ]  # fmt: skip
        place = (("street", _("Street")), ("postcode", _("Postcode")), ("city", _("City")))
        minutes = (("accept_minutes", _("Accept within")), ("act_minutes", _("Act within")))
        fields += [
            Field("holiday_calendar", _("Public holidays"), "choice", value=held.holiday_calendar if held else "DK",
                  choices=(("DK", _("Danish ones")), ("", _("none")))),
            Field("holidays", _("Closed too"), value=", ".join(held.holidays) if held else "",
                  hint=_("24/12, 31/12"), parse=self._days),
            *(Field(name, label, "minutes", value=getattr(held, name) if held else None,
                    hint=_("minutes of opening hours, or nothing for no clock")) for name, label in minutes),
            Field("takes", _("Takes leads of"), value=", ".join(held.takes) if held else "",
                  hint=_("bilportalen, van, 82"), parse=_words),
            Field("escalate_to", _("Mail when late"), value=held.escalate_to if held else "",
                  hint=_("an e-mail address")),
            *(Field(name, label, value=getattr(held, name) if held else "") for name, label in place),
            Field("email", _("E-mail"), value=held.email if held else ""),
            Field("phone", _("Phone"), value=held.phone if held else ""),
            Field("zone", _("Time zone"), value=held.zone if held else clock.DEFAULT_ZONE, required=True),
            Field("letterhead", _("Letterhead"), "long", value=held.letterhead if held else "", rows=3),
        ]  # fmt: skip
        return Form(fields, id="form")

    def _days(self, typed: str) -> list[str]:
        zone = clock.zone(self.app.me.zone)
        return [clock.parse_day(one, zone).isoformat() for one in re.split(r"[,;]", typed) if one.strip()]

    async def save(self) -> int | None:
        """Make the team, or change what was edited."""
        assert self.form is not None
        values = self.form.values() if self.team_id is None else self.form.changed()
        if values is None:
            return None
        members = values.pop("members", None)
        typed = self.form.texts()
        if any(name.startswith("hours_") for name in values):
            values["hours"] = {day: typed[f"hours_{day}"] for day in WEEKDAYS}
        fields = {name: value for name, value in values.items() if not name.startswith("hours_")}
        if self.team_id is None:
            team_id = await self.app.tell(teams.add, **fields)
        else:
            team_id = self.team_id
            if fields:
                await self.app.tell(teams.change, team_id, self.version, **fields)
        if members is not None:
            await self.app.tell(teams.set_members, team_id, members)
        await self.forget()
        self.app.say(_("The team is saved."), undo=True)
        return team_id


def _spans(typed: str) -> str:
    try:
        parse_spans(typed)
    except Invalid as error:
        raise Invalid("hours", error.sentence, error.hint) from error
    return typed


def _words(typed: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,;]", typed) if word.strip()]
