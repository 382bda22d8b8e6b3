"""Teams: who is in them, when they are open, and what they do with leads.

An admin makes teams; a team admin manages the members and settings of their own. The opening hours decide how the
clocks of leads run; leads that wait already keep the time they were given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from easir_tui import clock, text
from easir_tui.crm.opening_hours import WEEKDAYS, parse_spans
from easir_tui.crm.users import Me, require_admin, role_now
from easir_tui.data.journal import Step, step
from easir_tui.data.models import Membership, Team
from easir_tui.data.sqlite import row, rows, value
from easir_tui.errors import Invalid, NotFound, Refused
from easir_tui.language import N_, _

PLAIN = ("name", "street", "postcode", "city", "phone", "email", "letterhead", "zone", "escalate_to")
"""Fields of a team that are one text each."""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team in the list."""

    id: int
    version: int
    name: str
    city: str
    members: int
    accept_minutes: int | None
    act_minutes: int | None


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """Everything set for one team; `members` are (user id, name), `hours` weekday → spans as stored."""

    id: int
    version: int
    name: str
    street: str
    postcode: str
    city: str
    phone: str
    email: str
    letterhead: str
    zone: str
    escalate_to: str
    hours: Mapping[str, Sequence[Sequence[str]]]
    holidays: tuple[str, ...]
    holiday_calendar: str
    takes: tuple[str, ...]
    accept_minutes: int | None
    act_minutes: int | None
    members: tuple[tuple[int, str], ...]


def listed(me: Me) -> list[TeamRow]:
    """Every team, by name."""
    found = [TeamRow(*one) for one in rows(
        "SELECT t.id, t.version, t.name, t.city, (SELECT count(*) FROM membership m "
        "JOIN app_user u ON u.id = m.user_id WHERE m.team_id = t.id AND m.deleted_at IS NULL AND u.active = 1), "
        "t.accept_minutes, t.act_minutes FROM team t WHERE t.deleted_at IS NULL"
    )]  # fmt: skip
    return sorted(found, key=lambda one: text.sort_key(one.name))


def of_name(me: Me, name: str) -> int:
    """The id of a team, by its number, its name or the beginning of it.

    Raises:
        NotFound: there is none, or several begin so.
    """
    if name.isdigit() and value("SELECT 1 FROM team WHERE id = ? AND deleted_at IS NULL", int(name)):
        return int(name)
    wanted = text.fold(name)
    found = [one.id for one in listed(me) if text.fold(one.name) == wanted]
    found = found or [one.id for one in listed(me) if wanted and text.fold(one.name).startswith(wanted)]
    if len(found) != 1:
        raise NotFound(_("There is no team {name}.").format(name=name))
    return found[0]


def facts(me: Me, team_id: int) -> TeamFacts:
    """Everything set for a team.

    Raises:
        NotFound: there is no such team.
    """
    found = row(
        "SELECT id, version, name, street, postcode, city, phone, email, letterhead, zone, escalate_to, opening_hours, "
        "holidays, holiday_calendar, takes, accept_minutes, act_minutes FROM team WHERE id = ? AND deleted_at IS NULL",
        team_id,
    )  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such team."))
    members = rows(
        "SELECT u.id, u.full_name FROM membership m JOIN app_user u ON u.id = m.user_id WHERE m.team_id = ? "
        "AND m.deleted_at IS NULL AND u.active = 1 ORDER BY u.full_name", team_id,
    )  # fmt: skip
    hours, holidays, calendar, takes, accept_minutes, act_minutes = found[11:]
    return TeamFacts(*(
        *found[:11], json.loads(hours), tuple(json.loads(holidays)), calendar, tuple(json.loads(takes)),
        accept_minutes, act_minutes, tuple((one[0], one[1]) for one in members),
    ))  # fmt: skip


def add(me: Me, /, name: str, **fields: Any) -> int:
    """Make a team; says its id.

    Raises:
        Invalid: no name, or one that is taken.
        Refused: only an admin may.
    """
    if role_now(me) != "admin":
        raise Refused(_("Only an admin can make teams."))
    values = checked({"name": name, **fields})
    with step(me, N_("made the team {name}"), {"name": values["name"]}, shown=False) as work:
        _refuse_same(values["name"], None)
        return work.add(Team, **values)


def change(me: Me, /, team_id: int, version: int | None, **fields: Any) -> None:
    """Change what is set for a team: any of `PLAIN`, `hours` (weekday → typed spans), `holidays` (typed days),
    `holiday_calendar`, `takes` (words), `accept_minutes` and `act_minutes` (None for no clock).

    Raises:
        Invalid: a value that cannot be.
        Refused: it is not one's own team.
        Conflict: somebody changed the same field since `version`.
    """
    may_manage(me, team_id)
    values = checked(fields)
    with step(me, N_("changed the team {name}"), {"name": facts(me, team_id).name}, shown=False) as work:
        if "name" in values:
            _refuse_same(values["name"], team_id)
        work.change(Team, team_id, version, **values)


def set_members(me: Me, team_id: int, user_ids: Sequence[int]) -> None:
    """Say who is in a team; those let in no longer stay in it, for the day they come back.

    Raises:
        Refused: it is not one's own team.
    """
    may_manage(me, team_id)
    with step(me, N_("changed who is in {name}"), {"name": facts(me, team_id).name}, shown=False) as work:
        held = {one[1]: one[0] for one in rows(
            "SELECT id, user_id FROM membership WHERE team_id = ? AND deleted_at IS NULL", team_id
        )}  # fmt: skip
        for user_id in user_ids:
            if user_id not in held:
                _join(work, user_id, team_id)
        here = {one for (one,) in rows("SELECT id FROM app_user WHERE active = 1 AND deleted_at IS NULL")}
        for user_id, membership_id in held.items():
            if user_id not in user_ids and user_id in here:
                work.remove(Membership, membership_id)


def set_teams(me: Me, user_id: int, team_ids: Sequence[int]) -> None:
    """Say in which teams a user is.

    Raises:
        Refused: only an admin may.
    """
    require_admin(me)
    who = value("SELECT full_name FROM app_user WHERE id = ?", user_id)
    with step(me, N_("changed the teams of {name}"), {"name": who}, shown=False) as work:
        held = {one[1]: one[0] for one in rows(
            "SELECT id, team_id FROM membership WHERE user_id = ? AND deleted_at IS NULL", user_id
        )}  # fmt: skip
        for team_id in team_ids:
            if team_id not in held:
                _join(work, user_id, team_id)
        for team_id, membership_id in held.items():
            if team_id not in team_ids:
                work.remove(Membership, membership_id)


def teams_of(me: Me, user_id: int) -> tuple[int, ...]:
    """The ids of a user's teams, the first one they joined first."""
    return tuple(found for (found,) in rows(
        "SELECT team_id FROM membership WHERE user_id = ? AND deleted_at IS NULL ORDER BY id", user_id
    ))  # fmt: skip


def remove(me: Me, team_id: int) -> None:
    """Put a team away that nothing belongs to any more.

    Raises:
        Refused: only an admin may; contacts, cases or leads belong to it (faults 78).
    """
    require_admin(me)
    held = facts(me, team_id)
    with step(me, N_("deleted the team {name}"), {"name": held.name}, shown=False) as work:
        counts = row(
            "SELECT (SELECT count(*) FROM contact WHERE team_id = ?1 AND deleted_at IS NULL), "
            "(SELECT count(*) FROM sales_case WHERE team_id = ?1 AND deleted_at IS NULL), "
            "(SELECT count(*) FROM lead WHERE team_id = ?1 AND deleted_at IS NULL)", team_id,
        )  # fmt: skip
        assert counts is not None
        if any(counts):
            raise Refused(
                _("{contacts} contacts, {cases} cases and {leads} leads belong to {name}.").format(
                    contacts=counts[0], cases=counts[1], leads=counts[2], name=held.name
                ),
                _("Give them to people of another team first."),
            )
        for (membership_id,) in rows("SELECT id FROM membership WHERE team_id = ? AND deleted_at IS NULL", team_id):
            work.remove(Membership, membership_id)
        work.remove(Team, team_id)


def may_manage(me: Me, team_id: int) -> None:
    """Go on only as an admin, or as a team admin of this team.

    Raises:
        Refused: neither.
    """
    role = role_now(me)
    if role == "admin" or (role == "team_admin" and team_id in teams_of(me, me.user_id)):
        return
    raise Refused(_("Only an admin, or a team admin of this team, can do that."))


def _join(work: Step, user_id: int, team_id: int) -> None:
    if value("SELECT 1 FROM app_user WHERE id = ? AND active = 1 AND deleted_at IS NULL", user_id) is None:
        raise Invalid("members", _("Choose a colleague who works here."))
    work.add(Membership, user_id=user_id, team_id=team_id)


def _refuse_same(name: str, but: int | None) -> None:
    taken = [one for one, held in rows("SELECT id, name FROM team WHERE deleted_at IS NULL")
             if text.fold(held) == text.fold(name) and one != but]  # fmt: skip
    if taken:
        raise Invalid("name", _("There is a team of that name already."))


def checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values of what was typed for a team.

    Raises:
        Invalid: a value that cannot be, by the field it belongs to.
    """
    values: dict[str, Any] = {}
    for name, given in fields.items():
        if name in PLAIN:
            values[name] = text.accept(given, newlines=name == "letterhead")
        elif name == "hours":
            values["opening_hours"] = {day: spans for day in WEEKDAYS if (spans := parse_spans(given.get(day, "")))}
        elif name == "holidays":
            values[name] = sorted({_day(one) for one in given})
        elif name == "holiday_calendar":
            values[name] = "DK" if given == "DK" else ""
        elif name == "takes":
            values[name] = [word for one in given if (word := text.accept(one, newlines=False).lower())]
        elif name in ("accept_minutes", "act_minutes"):
            if given is not None and given <= 0:
                raise Invalid(name, _("Write minutes above zero, or nothing for no clock."))
            values[name] = given
        else:
            raise KeyError(f"a team has no field {name}")
    if values.get("name") == "":
        raise Invalid("name", _("Write a name."))
    if "zone" in values:
        clock.zone(values["zone"])
    if values.get("escalate_to"):
        from easir_tui.crm.contact_values import email_problem

        problem = email_problem(values["escalate_to"])
        if problem:
            raise Invalid("escalate_to", problem)
    return values


def _day(typed: str | date) -> str:
    if isinstance(typed, date):
        return typed.isoformat()
    return clock.parse_day(typed, clock.zone()).isoformat()
