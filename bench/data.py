"""What the data layer costs beside hand-written SQL: a contact page, lists, search, a save."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import apsw

from bench.report import Line, compare, median, milliseconds, percentile, timed
from bench.world import World

PAGE = (
    "SELECT c.*, a.name, a.street, a.postcode, a.city, u.full_name FROM contact c "
    "JOIN account a ON a.id = c.account_id JOIN app_user u ON u.id = c.responsible_id WHERE c.id = ?",
    "SELECT channel, state, at, source FROM consent WHERE contact_id = ? ORDER BY id",
    "SELECT t.*, u.full_name FROM task t JOIN app_user u ON u.id = t.assignee_id WHERE t.contact_id = ? "
    "AND t.status = 'open' AND t.deleted_at IS NULL ORDER BY t.sort_at, t.id LIMIT 50",
    "SELECT a.id, a.at, a.kind, a.direction, a.minutes, a.outcome, a.subject, substr(a.note, 1, 240), c.title, "
    "u.full_name FROM activity a LEFT JOIN sales_case c ON c.id = a.case_id JOIN app_user u ON u.id = a.user_id "
    "WHERE a.contact_id = ? AND a.deleted_at IS NULL ORDER BY a.at DESC, a.id DESC LIMIT 51",
    "SELECT e.id, e.at, e.what, e.params, u.full_name FROM event e LEFT JOIN app_user u ON u.id = e.user_id "
    "WHERE e.contact_id = ? AND e.shown = 1 ORDER BY e.at DESC, e.id DESC LIMIT 51",
    "SELECT a.id, a.at, a.note, u.full_name FROM activity a JOIN app_user u ON u.id = a.user_id WHERE a.contact_id = ? "
    "AND a.note <> '' AND a.deleted_at IS NULL ORDER BY a.at DESC, a.id DESC LIMIT 21",
    "SELECT id, title, status FROM sales_case WHERE contact_id = ? AND deleted_at IS NULL ORDER BY opened_at DESC",
    "SELECT count(*) FROM attachment WHERE contact_id = ? AND deleted_at IS NULL",
)
"""The facts of a contact page as somebody would ask for them by hand."""


def opening(world: World) -> Iterator[Line]:
    """Bar 4: the data of a contact page, of anybody and of the contact with the most history."""
    from easir_tui.crm import contact_page
    from easir_tui.crm.users import log_in
    from easir_tui.data.sqlite import reading, value

    me, rng = log_in(), random.Random(7)
    raw = sqlite3.connect(world.copy)
    ids = [1 + int(rng.random() * world.contacts) for _ in range(400)]
    busiest = value("SELECT contact_id FROM activity GROUP BY contact_id ORDER BY count(*) DESC LIMIT 1")

    def ours(contact_id: int) -> None:
        with reading():
            contact_page.load(me, contact_id)

    def by_hand(contact_id: int) -> None:
        for statement in PAGE:
            raw.execute(statement, (contact_id,)).fetchall()

    turn, other = iter(ids), iter(ids)
    mine = timed(lambda: ours(next(turn)), 150)
    hand = timed(lambda: by_hand(next(other)), 150)
    yield compare("4", "data of a contact page, any contact", mine, hand, 10, 5)
    yield compare("4", "data of a contact page, the busiest contact", timed(lambda: ours(busiest), 60),
                  timed(lambda: by_hand(busiest), 60), 10, 5)  # fmt: skip
    raw.close()


def around(world: World) -> Iterator[Line]:
    """The data of the screens around the contact page, for an admin, beside the data of a contact page."""
    from easir_tui.crm import (
        account_list,
        anything,
        calls,
        case_list,
        contact_page,
        lead_list,
        pipeline,
        reports,
        today,
    )
    from easir_tui.crm.account_list import AccountFilter
    from easir_tui.crm.users import log_in

    me = log_in()
    page = timed(lambda: contact_page.load(me, 1), 60)
    path = max(pipeline.paths_in_use(me).items(), key=lambda pair: pair[1])[0]
    for name, read in (
        ("Today", lambda: today.load(me)),
        ("the open cases", lambda: (case_list.count(me, "status:open"), case_list.page(me, "status:open", size=100))),
        ("cases by a filter", lambda: case_list.page(me, "status:open value>300k next<+2w", "value", size=100)),
        ("the pipeline", lambda: pipeline.stages(me, path)),
        ("the leads", lambda: lead_list.page(me, size=100)),
        ("the accounts", lambda: account_list.page(me, AccountFilter(), "name", False, 0, 100, 100)),
        ("call mode", lambda: calls.queue(me)),
        ("the pipeline report", lambda: reports.on_screen(me, "pipeline")),
        ("the activities report", lambda: reports.on_screen(me, "activities")),
        ("the response times", lambda: reports.on_screen(me, "leads")),
        ("cases with no next step", lambda: reports.on_screen(me, "nostep")),
        ("anything, three letters", lambda: anything.find(me, "jen")),
    ):
        taken = timed(read, 20)
        late = percentile(taken, 0.95)
        yield Line("5", f"data of {name}", milliseconds(taken), f"{milliseconds(page)} a contact page", None,
                   "p95 ≤ 100 ms", late <= 100)  # fmt: skip


def lists(world: World) -> Iterator[Line]:
    """Bar 6, its data: any page of the list."""
    from easir_tui.crm import contact_list
    from easir_tui.crm.users import log_in

    me = log_in()
    raw = sqlite3.connect(world.copy)
    known = contact_list.extent(me)
    places = {"the first": 0, "the middle": known.total // 2, "the last": max(known.total - 50, 0)}
    by_hand = timed(lambda: raw.execute(
        "SELECT c.id, c.name, c.kind, a.name, c.phone, c.email, c.city FROM contact c "
        "JOIN account a ON a.id = c.account_id WHERE c.deleted_at IS NULL ORDER BY c.name_key, c.id LIMIT 50"
    ).fetchall())  # fmt: skip
    for name, start in places.items():
        mine = timed(lambda start=start: contact_list.page(me, "name", start, 50, known=known))  # type: ignore[misc]
        late = percentile(mine, 0.95)
        yield Line("6", f"fifty rows of the list, {name} page", milliseconds(mine), milliseconds(by_hand),
                   median(mine) / median(by_hand), "p95 ≤ 20 ms", late <= 20)  # fmt: skip
    raw.close()


WORDS = ("s", "so", "sor", "sore", "soren", "sorense", "jensen", "nor", "mikkel h", "22", "2241", "aarhus", "kjaer",
         "østerg", "anne-mar", "transpor")  # fmt: skip


def search(world: World) -> Iterator[Line]:
    """Bar 7: a search at every key press beside the bare statement of the index."""
    from easir_tui.crm import contact_list, notes
    from easir_tui.crm.users import log_in
    from easir_tui.data import search as index
    from easir_tui.data.sqlite import value

    me = log_in()
    bare = apsw.Connection(str(world.copy))
    mine: list[float] = []
    raw: list[float] = []
    for word in WORDS:

        def ours(word: str = word) -> None:
            found = contact_list.find(me, word)
            contact_list.rows_of(me, found.ids[:50])

        expression = index.expression(word)

        def statement(expression: str = expression) -> None:
            list(bare.execute(
                "SELECT rowid FROM search_contact WHERE search_contact MATCH ? ORDER BY rowid DESC LIMIT 1001",
                (expression,),
            ))  # fmt: skip

        mine += timed(ours, 8, 1)
        raw += timed(statement, 8, 1)
    yield compare("7", "as-you-type search of contacts, 1 to 8 characters", mine, raw, 3, 25)
    busiest = value("SELECT contact_id FROM activity GROUP BY contact_id ORDER BY count(*) DESC LIMIT 1")
    taken = [
        one
        for word in WORDS
        for one in timed(lambda word=word: notes.page(me, busiest, query=word), 5, 1)  # type: ignore[misc]
    ]
    late = percentile(taken, 0.95)
    yield Line("7", "the same in the notes of one contact", milliseconds(taken), "", None, "p95 ≤ 25 ms", late <= 25)
    bare.close()


def saving(world: World) -> Iterator[Line]:
    """Bar 9: an activity with note, next step, journal and index, beside its bare rows; both flushed to the disk."""
    from easir_tui import clock
    from easir_tui.clock import When
    from easir_tui.crm.activities import ActivityInput, NextStep, record
    from easir_tui.crm.users import log_in

    me, rng = log_in(), random.Random(3)
    soon = When(at=clock.now() + 86_400, day=None)
    given = ActivityInput(
        1, "call", note="Ringede om leasing, vil have hvid, beslutter fredag.", minutes=6, direction="out",
        outcome="reached", consent_override="measuring", next_step=NextStep("call", soon, "Hør om tilbuddet passer"),
    )  # fmt: skip
    mine = timed(lambda: record(me, replace(given, contact_id=1 + int(rng.random() * world.contacts))), 60)
    raw = sqlite3.connect(world.copy, isolation_level=None)
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("PRAGMA journal_mode = WAL")
    at = clock.now()

    def bare() -> None:
        contact_id = 1 + int(rng.random() * world.contacts)
        raw.execute("BEGIN IMMEDIATE")
        raw.execute(
            "INSERT INTO activity (contact_id, account_id, kind, direction, at, minutes, user_id, note, created_at, "
            "created_by, updated_at, updated_by) VALUES (?, 1, 'call', 'out', ?, 6, 1, ?, ?, 1, ?, 1)",
            (contact_id, at, given.note, at, at),
        )
        raw.execute(
            "INSERT INTO task (contact_id, account_id, type, note, assignee_id, starts_at, sort_at, created_at, "
            "created_by, updated_at, updated_by) VALUES (?, 1, 'call', 'x', 1, ?, ?, ?, 1, ?, 1)",
            (contact_id, at, at, at, at),
        )
        raw.execute("UPDATE contact SET last_contact_at = ?, next_step_at = ? WHERE id = ?", (at, at, contact_id))
        raw.execute("COMMIT")

    hand = timed(bare, 60)
    raw.close()
    yield compare("9", "save an activity with note and next step", mine, hand, 4)
