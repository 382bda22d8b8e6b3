"""`python -m bench [PART …]` measures all, or some of the parts below; SIZE says with how many contacts."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from bench import data, letters, mail, processes, screens
from bench.report import show
from bench.world import prepare

PARTS = {
    "start": screens.start,
    "memory": screens.memory,
    "keys": screens.keys,
    "opening": data.opening,
    "around": data.around,
    "lists": data.lists,
    "search": data.search,
    "save": data.saving,
    "crowd": processes.crowd,
    "colleague": processes.colleague,
    "import": processes.importing,
    "show": processes.show,
    "letter": letters.letter,
    "mail": mail.mail,
    "preview": mail.preview,
}


def main() -> int:
    """Measure what was asked for, all of it by default; 1 if a goal was missed."""
    size = int(os.environ.get("SIZE") or 100_000)
    folder = Path(os.environ.get("BENCH_FOLDER") or Path(tempfile.gettempdir()) / f"easir-bench-{os.getuid()}")
    world = prepare(size, folder)
    os.environ.update({name: value for name, value in world.environment().items() if name.startswith(("EASIR", "LC_"))})
    from easir_tui.crm.users import log_in
    from easir_tui.data.database import open_store

    open_store(world.database)
    log_in()
    print(f"{size:,} contacts, {world.database.stat().st_size / 1e6:,.0f} MB, "
          f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    missed = 0
    begun = time.perf_counter()
    for name in sys.argv[1:] or PARTS:
        for line in PARTS[name](world):
            show(line)
            missed += line.met is False
    print(f"{missed} missed, in {time.perf_counter() - begun:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
