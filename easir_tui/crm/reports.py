"""Reports people look at: the pipeline by milestone, activities per person per week, how fast leads are answered, and
open cases that nobody plans anything for. Each is a table that the screen draws and a spreadsheet reads; what the
reader may not see is in no number of it."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from easir_tui import clock, relations
from easir_tui.channels import csv_out
from easir_tui.crm import case_list, opening_hours
from easir_tui.crm.attachments import path_of
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts, seen_by
from easir_tui.data.sqlite import rows
from easir_tui.errors import Refused
from easir_tui.language import N_, _, active, money, number

KINDS: dict[str, str] = {
    "pipeline": N_("Pipeline"),
    "activities": N_("Activities"),
    "leads": N_("Response time"),
    "nostep": N_("No next step"),
}
"""The reports and their titles, in the order they are shown."""

WEEKS = 8
"""Weeks that activities are counted for, this one among them."""

LEAD_WEEKS = 12
"""Weeks whose leads are looked at."""

NO_STEP = "status:open next:none"
"""The filter of the list of cases that the fourth report is."""

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `kind` is text, number, money (minor units), minutes, percent or day (ISO).

    `only_csv` is not shown on screen; `drop` as in a list, the highest first.
    """

    title: str
    kind: str = "text"
    only_csv: bool = False
    drop: int = 0
    short: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report: `share` is the length of its bar (0 to 1), `group` the heading it stands under.

    `filter` finds its cases in the list of cases; `case_id` is the one case it is about.
    """

    cells: tuple[Cell, ...]
    share: float | None = None
    group: str = ""
    currency: str = ""
    filter: str = ""
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report, whole: what it says of itself in a line, its columns, its lines, and the title of its bars, if any."""

    kind: str
    about: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    bar: str | None = None


def of(me: Me, kind: str) -> Report:
    """The report of this kind, as things are now.

    Raises:
        Refused: there is no such report.
    """
    made: dict[str, Callable[[Me], Report]] = {
        "pipeline": pipeline, "activities": activities, "leads": leads, "nostep": no_step,
    }  # fmt: skip
    if kind not in made:
        raise Refused(_("There is no such report."))
    return made[kind](me)


def pipeline(me: Me) -> Report:
    """Open cases of every relations path by milestone, in the order of the path, with their value by currency."""
    found = rows(
        "SELECT path, milestone, currency, count(*), coalesce(sum(value), 0) FROM sales_case WHERE status = 'open' "
        f"AND deleted_at IS NULL AND {seen_by(me, 'sales_case.audience')} "
        "GROUP BY path, milestone, currency ORDER BY path, milestone, currency"
    )
    known = relations.paths()
    places = {(key, step.key): at for key, path in known.items() for at, step in enumerate(path.milestones, 1)}
    order = {key: at for at, key in enumerate(known)}
    found.sort(key=lambda one: (order.get(one[0], len(order)), one[0], places.get((one[0], one[1]), 0), one[1], one[2]))
    most: dict[tuple[str, str], int] = {}
    for path, _milestone, currency, _count, value in found:
        most[path, currency] = max(most.get((path, currency), 0), value)
    lines = []
    for path, key, currency, count, value in found:
        step = known[path].milestone(key) if path in known else None
        title = known[path].title if path in known else path
        lines.append(Line(
            (title, (step.title if step else key) or _("not begun"), count, value, currency),
            value / most[path, currency] if most[path, currency] else 0.0, title, currency,
            f"status:open path:{path} milestone:{key}" if key else f"status:open path:{path}",
        ))  # fmt: skip
    cases = sum(one[3] for one in found)
    sums: dict[str, int] = {}
    for one in found:
        sums[one[2]] = sums.get(one[2], 0) + one[4]
    worth = ", ".join(money(value, currency) for currency, value in sorted(sums.items()) if value)
    about = _("{count} open cases").format(count=number(cases)) + (f" · {worth}" if worth else "")
    return Report("pipeline", about, (
        Column(_("Path"), only_csv=True), Column(_("Milestone")), Column(_("Cases"), "number"),
        Column(_("Value"), "money"), Column(_("Currency"), only_csv=True),
    ), tuple(lines), _("Compared"))  # fmt: skip


def activities(me: Me, weeks: int = WEEKS) -> Report:
    """How many activities each person has had in each of the last weeks, which begin on Monday where the reader is."""
    zone = clock.zone(me.zone)
    today = clock.today(zone)
    monday = today - timedelta(days=today.weekday())
    begins = [monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    instants = [clock.instant(day, 0, 0, zone) for day in (*begins, monday + timedelta(weeks=1))]
    counted = ", ".join(
        "(SELECT count(*) FROM activity y WHERE y.user_id = u.id AND y.at >= ? AND y.at < ? "
        f"AND y.deleted_at IS NULL AND {of_parts(me, 'y')})" for _day in begins
    )  # fmt: skip
    bounds = [at for place in range(weeks) for at in instants[place : place + 2]]
    found = [(name, counts, sum(counts)) for name, active_user, *counts in rows(
        f"SELECT u.full_name, u.active, {counted} FROM app_user u", *bounds
    ) if active_user or any(counts)]  # fmt: skip
    found.sort(key=lambda one: (-one[2], one[0]))
    most = max((total for _name, _counts, total in found), default=0)
    about = _("{count} activities in {weeks} weeks, since {day}").format(
        count=number(sum(one[2] for one in found)), weeks=number(weeks), day=clock.date_short(begins[0])
    )
    return Report("activities", about, (
        Column(_("Person")),
        *(Column(day.isoformat(), "number", drop=weeks - at, short=_("W{week}").format(week=day.isocalendar().week))
          for at, day in enumerate(begins)),
        Column(_("Sum"), "number"),
    ), tuple(
        Line((name, *counts, total), total / most if most else 0.0) for name, counts, total in found
    ), _("Compared"))  # fmt: skip


def leads(me: Me, weeks: int = LEAD_WEEKS) -> Report:
    """How fast each team accepts or rejects its leads, in opening hours, and how many in time (V9).

    A lead from before its team had a clock is measured by the one the team has now.
    """
    since = clock.now() - weeks * 7 * 86400
    by_team: dict[tuple[str, int | None], list[tuple[int, int | None, int | None, str]]] = {}
    for team, team_id, received, answered, due, status in rows(
        "SELECT coalesce(t.name, ''), l.team_id, l.received_at, coalesce(l.accepted_at, l.rejected_at), l.due_at, "
        "l.status FROM lead l LEFT JOIN team t ON t.id = l.team_id WHERE l.received_at >= ? "
        f"AND l.deleted_at IS NULL AND {seen_by(me, 'l.audience')}", since,
    ):  # fmt: skip
        by_team.setdefault((team, team_id), []).append((received, answered, due, status))
    now, lines = clock.now(), []
    for (team, team_id), held in sorted(by_team.items(), key=lambda one: (one[0][0] == "", one[0][0])):
        hours, minutes, _act = opening_hours.of_team(team_id)
        waits = [hours.between(received, answered) / 60 for received, answered, _due, _status in held if answered]
        limits = [
            (answered, limit or (hours.after(received, minutes) if minutes else None))
            for received, answered, limit, _status in held
        ]
        due = [(answered, limit) for answered, limit in limits if limit is not None and (answered or limit < now)]
        in_time = sum(answered is not None and answered <= limit for answered, limit in due)
        share = in_time / len(due) if due else None
        statuses = [status for *_times, status in held]
        lines.append(Line((
            team or _("no team"), len(held), statuses.count("accepted"), statuses.count("rejected"),
            sum(status in ("assigned", "escalated") for status in statuses),
            round(statistics.median(waits)) if waits else None, round(share * 100) if share is not None else None,
        ), share))  # fmt: skip
    about = _("Leads of the last {weeks} weeks; time counts while the team is open").format(weeks=number(weeks))
    return Report("leads", about, (
        Column(_("Team")), Column(_("Received"), "number"), Column(_("Accepted"), "number", drop=1),
        Column(_("Rejected"), "number", drop=2), Column(_("Waiting"), "number"), Column(_("Median"), "minutes"),
        Column(_("In time"), "percent"),
    ), tuple(lines), "")  # fmt: skip


def no_step(me: Me, limit: int = -1) -> Report:
    """Open cases without a planned next step, the most valuable first."""
    total = case_list.count(me, NO_STEP)
    return Report("nostep", _("{count} open cases without a next step").format(count=number(total)), (
        Column(_("Case")), Column(_("Contact")), Column(_("Company"), drop=2), Column(_("Milestone"), drop=1),
        Column(_("Value"), "money"), Column(_("Currency"), only_csv=True), Column(_("Opened"), "day", drop=3),
        Column(_("Who")),
    ), tuple(
        Line((one.title, one.contact_name, one.company, one.milestone, one.value, one.currency,
              clock.local(one.opened_at, clock.zone(me.zone)).date().isoformat(), one.manager),
             currency=one.currency, case_id=one.id)
        for one in case_list.everything(me, NO_STEP, "value", limit)
    ))  # fmt: skip


def on_screen(me: Me, kind: str, most: int = 200) -> Report:
    """The report as a screen shows it: the list of cases ends after so many; its number counts them all."""
    return no_step(me, most) if kind == "nostep" else of(me, kind)


def shown(held: Cell, kind: str, currency: str = "") -> str:
    """A cell for people."""
    if held is None:
        return ""
    if kind == "money":
        return money(int(held), currency) if held else ""
    if kind == "minutes":
        return duration(int(held))
    if kind == "percent":
        return f"{number(int(held))} %"
    if kind == "day":
        return clock.date_short(date.fromisoformat(str(held)))
    return number(held) if isinstance(held, int | float) else held


def duration(minutes: int) -> str:
    """Minutes as people say them: 35 min, 2 h 05 min."""
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes} min").format(hours=number(minutes // 60), minutes=f"{minutes % 60:02}")


def csv_rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    """The titles, then each line; money in whole units with decimals, minutes and percent as numbers."""
    yield tuple(column.title for column in report.columns)
    for line in report.lines:
        yield tuple(
            held / 100 if column.kind == "money" and isinstance(held, int) else held
            for column, held in zip(report.columns, line.cells, strict=True)
        )


def csv(me: Me, kind: str) -> bytes:
    """A report, whole, as a file for a spreadsheet."""
    return csv_out.table(csv_rows(of(me, kind)), decimal_comma=active() == "da")


def file_name(kind: str, today: date) -> str:
    """What its file is called when nobody says otherwise."""
    return f"{kind}-{today.isoformat()}.csv"


def save_csv(me: Me, kind: str, target: Path) -> Path:
    """Write a report to a path, or into a folder under its own name; says where. Nothing that exists is overwritten.

    Raises:
        Refused: the place cannot be written.
    """
    target = path_of(str(target))
    if target.is_dir():
        target = target / file_name(kind, clock.today(clock.zone(me.zone)))
    body = csv(me, kind)
    try:
        free, sink = _open_free(target)
        try:
            with os.fdopen(sink, "wb") as file:
                file.write(body)
        except OSError:
            free.unlink(missing_ok=True)
            raise
    except FileNotFoundError as error:
        raise Refused(_("There is no folder {name}.").format(name=target.parent)) from error
    except OSError as error:
        raise Refused(_("Nothing was saved to {name}: {reason}.").format(name=target, reason=error.strerror)) from error
    return free


def _open_free(target: Path) -> tuple[Path, int]:
    place, at = target, 2
    while True:
        try:
            return place, os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o660)
        except FileExistsError:
            place = target.with_name(f"{target.stem} ({at}){target.suffix}")
            at += 1
