"""Whole processes: commands for scripts, and fifty people at once."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.report import Line, compare, median, percentile, timed
from bench.screens import BARE
from bench.terminal import Terminal
from bench.world import EASIR, World
from easir_tui.headless.output import facts

_QUERY = (
    "import sqlite3, json; c = sqlite3.connect({path!r}); "
    "print(json.dumps(c.execute('SELECT c.*, a.name FROM contact c JOIN account a ON a.id = c.account_id "
    "WHERE c.id = 5').fetchone()))"
)


def show(world: World) -> Iterator[Line]:
    """Bar 13: one contact as JSON, the whole process."""
    environment = world.environment()

    def ours() -> None:
        subprocess.run(
            [EASIR, "contact", "show", "5", "--json"], env=environment, stdout=subprocess.DEVNULL, check=True
        )

    def bare() -> None:
        query = _QUERY.format(path=str(world.copy))
        subprocess.run([sys.executable, "-c", query], env=environment, stdout=subprocess.DEVNULL, check=True)

    yield compare("13", "easir contact show ID --json, the whole process", timed(ours, 25), timed(bare, 25), 3)


def _crowd(world: World, people: int, seconds: float) -> tuple[list[float], int, list[str]]:
    """Save times in milliseconds of so many people, how many saves there were, and what went wrong."""
    together = time.time() + 3 + people * 0.6  # when all have started
    command = [sys.executable, "-m", "bench.person", str(together), str(seconds), str(world.contacts)]
    running = [
        subprocess.Popen(
            [*command, str(number)], env=world.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for number in range(people)
    ]
    taken: list[float] = []
    wrong: list[str] = []
    for one in running:
        out, err = one.communicate(timeout=seconds + 240)
        if one.returncode:
            wrong.append(err.decode()[-300:])
        else:
            taken += json.loads(out)
    return taken, len(taken), wrong


def crowd(world: World) -> Iterator[Line]:
    """Bar 10: fifty processes, each a person who saves every five seconds and reads between."""
    from easir_tui.data.sqlite import value

    alone, _, _ = _crowd(world, 1, 40)
    before = value("SELECT count(*) FROM activity")
    many, saves, wrong = _crowd(world, 50, 40)
    stored = value("SELECT count(*) FROM activity") - before
    late, whole = percentile(many, 0.99), not wrong and stored == saves
    yield Line("10", f"50 people, {saves} saves: p99 of a save", f"{late:.0f} ms (median {median(many):.1f})",
               f"{median(alone):.1f} ms alone", None, "p99 ≤ 100 ms", late <= 100)  # fmt: skip
    problems = f"{saves - stored} lost, {len(wrong)} failed"
    yield Line("10", "… nothing lost or doubled, nobody refused", problems, "", None, "none", whole)
    for one in wrong[:2]:
        print(one)


def colleague(world: World) -> Iterator[Line]:
    """Bar 11: what a colleague saves until it is on this screen, and what the waiting costs."""
    from easir_tui.crm import contact_list, notes
    from easir_tui.crm.users import log_in

    me = log_in()
    first = contact_list.page(me, "name", 0, 1)[0].id
    with Terminal([*BARE, "list"], world.environment()) as terminal:
        bare = _share(terminal)
    with Terminal([EASIR], world.environment()) as terminal:
        share = _share(terminal)
        terminal.press("\r", 0.5)
        terminal.settle(1.0)
        waits = []
        for number in range(20):
            mark, since = f"Kollega{number:03d}", len(terminal.output)
            notes.write(me, first, f"{mark} skrev dette.")
            waits.append(terminal.wait_for(mark, 5, since) * 1000)
            terminal.idle(0.2 + random.random())
    yield Line("11", "a colleague's save → this screen", f"{median(waits):.0f} ms (worst {max(waits):.0f})", "", None,
               "≤ 1,000 ms", max(waits) <= 1000)  # fmt: skip
    yield Line("11", "… and the waiting, of one core", f"{share * 100:.2f} %", f"{bare * 100:.2f} %", None,
               "≤ 0.2 % more", share - bare <= 0.002)  # fmt: skip


def _share(terminal: Terminal) -> float:
    """Of one core, what a program takes that nobody touches; what its start leaves to be done later is over first."""
    terminal.settle(1.0)
    terminal.idle(10)
    begun, used = time.perf_counter(), terminal.cpu
    terminal.idle(30)
    return (terminal.cpu - used) / (time.perf_counter() - begun)


def _by_hand(world: World, found: list[Any]) -> float:
    """Seconds of executemany of these contacts into the same table, and of building their search rows."""
    from easir_tui.data import search

    raw = sqlite3.connect(world.copy)
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute("CREATE VIRTUAL TABLE IF NOT EXISTS by_hand USING fts5(name, company, email, phone, city, content='', "
                "detail=column, prefix='1 2 3 4', tokenize='unicode61 remove_diacritics 0')")  # fmt: skip
    columns = [name for _, name, *_ in raw.execute("PRAGMA table_info(contact)")][1:]
    listed = ", ".join(columns)
    plain = raw.execute(f"SELECT {listed} FROM contact ORDER BY name_key LIMIT ?", (len(found),)).fetchall()
    first = raw.execute("SELECT max(id) FROM contact").fetchone()[0] + 1
    begun = time.perf_counter()
    with raw:
        raw.executemany(f"INSERT INTO contact ({listed}) VALUES ({', '.join('?' * len(columns))})", plain)
        raw.executemany(
            "INSERT INTO by_hand (rowid, name, company, email, phone, city) VALUES (?, ?, ?, ?, ?, ?)",
            (search.contact_row(first + number, facts(one), one.company) for number, one in enumerate(found)),
        )
    taken = time.perf_counter() - begun
    raw.close()
    return taken


def importing(world: World, rows: int = 20_000) -> Iterator[Line]:
    """Bar 12: contacts from CSV and vCard files, beside executemany of the same rows and their index."""
    from easir_tui.crm import contact_list
    from easir_tui.crm.contact_facts import show as facts_of
    from easir_tui.crm.users import log_in

    me = log_in()
    found = [facts_of(me, number) for number in contact_list.all_ids(me)[:rows]]
    csv, cards = world.folder / "import.csv", world.folder / "import.vcf"
    csv.write_text(
        "First name;Last name;E-mail;Phone;Street;Postcode;City\n"
        + "".join(
            f"{one.first_name};{one.last_name};{number}.{one.email};{one.phone};{one.street};{one.postcode};{one.city}\n"
            for number, one in enumerate(found)
        ),
        encoding="utf-8",
    )
    cards.write_text("".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:bench-{number}\r\nN:{one.last_name};{one.first_name};;;\r\n"
        f"FN:{one.name}\r\nEMAIL;TYPE=HOME:{number}.v.{one.email}\r\nTEL;TYPE=CELL:{one.phone}\r\n"
        f"ADR;TYPE=HOME:;;{one.street};{one.city};;{one.postcode};\r\nEND:VCARD\r\n"
        for number, one in enumerate(found)
    ), encoding="utf-8")  # fmt: skip

    reference = rows / _by_hand(world, found)
    for name, path in (("CSV", csv), ("vCard", cards)):
        target = world.folder / f"import-{name}.db"
        for end in ("", "-wal", "-shm", ".lock"):
            Path(f"{target}{end}").unlink(missing_ok=True)
        environment = world.environment(target)
        subprocess.run([EASIR, "contact", "list"], env=environment, stdout=subprocess.DEVNULL, check=True)
        begun = time.perf_counter()
        done = subprocess.run([EASIR, "import", "--json", str(path)], env=environment, capture_output=True, check=True)
        rate = rows / (time.perf_counter() - begun)
        created = json.loads(done.stdout)["created"]
        yield Line("12", f"import of {created:,} contacts as {name}", f"{rate:,.0f} rows/s", f"{reference:,.0f} rows/s",
                   rate / reference, "≥ 0.25 ×", rate / reference >= 0.25)  # fmt: skip
