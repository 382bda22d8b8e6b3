"""The facts of a case as rendered text: status, a block of facts in columns, and the path with what is done."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from textual.content import Content

from easir_tui import clock, relations, text
from easir_tui.crm.case_page import CasePage
from easir_tui.language import _, money
from easir_tui.widgets.content import Part, line, lines
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import CASE_STATUSES, OUTCOMES

LONGEST_LABEL = 20
"""Cells that a label of the block of facts has at most."""

LEAST_COLUMN = 38
"""Cells a column of facts needs; narrower windows get fewer columns."""

STATUS_ROLES = {"won": "good", "lost": "bad", "rejected": "bad", "open": "accent", "closed": "dim"}


def status_of(case: CasePage, ascii_only: bool = False) -> list[Part]:
    """The status with its sign: "● open", "✔ closed as won"."""
    if case.status == "open":
        words, role, mark = _(CASE_STATUSES["open"]), "accent", "status"
    elif case.outcome:
        words = _("closed as {outcome}").format(outcome=_(OUTCOMES[case.outcome]))
        role, mark = STATUS_ROLES[case.outcome], "given" if case.outcome == "won" else "refused"
    else:
        words, role, mark = _(CASE_STATUSES[case.status]), STATUS_ROLES[case.status], "refused"
    return [(f"{sign(mark, ascii_only)} {words}", role)]


def facts_of(case: CasePage, zone: ZoneInfo, width: int) -> Content:
    """The facts in as many columns as fit; what is not known is not shown, lead details only of a lead (V11)."""
    reached = case.path.milestone(case.milestone)
    facts: list[tuple[str, str, str]] = [
        (_("Relations path"), case.path.title, ""),
        (_("Milestone"), reached.title if reached else case.milestone or _("none yet"), ""),
        (_("Value"), money(case.value, case.currency) if case.value is not None else "—", "strong"),
        (_("Chance"), f"{case.chance} %" if case.chance is not None else "—", ""),
        (_("Product"), case.product or "—", ""),
        (_("Case manager"), case.manager, ""),
        (_("Opened"), clock.date_short(clock.local(case.opened_at, zone).date()), ""),
        (_("Expected close"), clock.date_short(case.expected_close) if case.expected_close else "—", ""),
    ]
    if case.closed_at is not None:
        facts.append((_("Ended"), clock.date_short(clock.local(case.closed_at, zone).date()), ""))
    if case.reason:
        facts.append((_("Reason"), case.reason, ""))
    if case.attachments:
        facts.append((_("Attachments"), str(case.attachments), ""))
    if case.lead is not None:
        facts += [
            (_("Lead details"), " · ".join(filter(None, (case.lead.source, case.lead.type))), ""),
            (_("Received"), clock.date_short(clock.local(case.lead.received_at, zone).date()), ""),
            (_("Interest"), text.first_line(case.lead.interest) or case.lead.product or "—", ""),
        ]
    if reached and (suggested := relations.paths().get(reached.follow_up_case)):
        facts.append((_("Follow-up case"), _("{path}: F opens it").format(path=suggested.title), "accent"))
    columns = max(1, min(3, width // LEAST_COLUMN))
    label = min(LONGEST_LABEL, 1 + max(text.cells(name) for name, _value, _role in facts))
    room = max(label + 4, width // columns)
    rows = [facts[start : start + columns] for start in range(0, len(facts), columns)]
    return lines(*(line(*(_cell(fact, label, room) for fact in row)) for row in rows))


def path_line(case: CasePage, width: int, ascii_only: bool = False) -> Content:
    """The milestones in the order of the path: done, where it stands, still to come; no title is broken."""
    arrow = f" {sign('arrow', ascii_only)} "
    rows: list[list[Part]] = [[]]
    used = 0
    for milestone in case.milestones:
        mark = "status" if milestone.current else "given" if milestone.times else ""
        shown = f"{sign(mark, ascii_only)} {milestone.title}" if mark else milestone.title
        role = "title" if milestone.current else "good" if milestone.times else "dim"
        cells = text.cells(text.clean(shown)) + len(arrow)
        if rows[-1] and used + cells > width:
            rows[-1].append((arrow.rstrip(), "dim"))
            rows.append([])
            used = 0
        elif rows[-1]:
            rows[-1].append((arrow, "dim"))
        rows[-1].append((shown, role))
        used += cells
    return lines(*(line(*row) for row in rows))


def _cell(fact: tuple[str, str, str], label: int, room: int) -> Content:
    name, value, role = fact
    shown = text.cut(text.clean(value), max(1, room - label - 1))
    filling = " " * max(0, room - label - text.cells(shown))
    return line((text.pad(name, label), "dim"), (shown, role), filling)
