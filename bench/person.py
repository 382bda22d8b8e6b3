"""One person of the crowd: saves every five seconds, reads between.

`python -m bench.person BEGIN SECONDS CONTACTS SEED`; BEGIN is a time, so that all are ready when the first one saves.
"""

from __future__ import annotations

import json
import random
import sys
import time

from easir_tui import config
from easir_tui.crm import contact_list, contact_page
from easir_tui.crm.activities import ActivityInput, record
from easir_tui.crm.users import log_in
from easir_tui.data.database import open_store
from easir_tui.data.sqlite import reading

PAUSE = 5.0


def work(begin: float, seconds: float, contacts: int, seed: int) -> list[float]:
    """Milliseconds of each save."""
    open_store(config.database_path())
    me, rng = log_in(), random.Random(seed)
    taken = []
    time.sleep(max(begin - time.time(), 0))
    deadline = time.monotonic() + seconds
    following = time.monotonic() + rng.random() * PAUSE
    while time.monotonic() < deadline:
        time.sleep(0.3 + rng.random() * 0.6)
        contact_id = 1 + int(rng.random() * contacts)
        with reading():
            contact_page.load(me, contact_id)
            contact_list.find(me, rng.choice(("jens", "so", "aarh", "2241", "holm")))
        if time.monotonic() >= following:
            given = ActivityInput(contact_id, "note", note=f"Hastig note {rng.random()}")
            begun = time.perf_counter()
            record(me, given)
            taken.append((time.perf_counter() - begun) * 1000)
            following += PAUSE
    return taken


if __name__ == "__main__":
    print(json.dumps(work(float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
