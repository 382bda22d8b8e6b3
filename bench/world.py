"""Where the benchmark works: the demonstration of the wanted size, a copy for the reference, and the environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

EASIR = str(Path(sys.executable).with_name("easir"))


@dataclass(frozen=True)
class World:
    """The files of one run."""

    folder: Path
    contacts: int

    @property
    def pristine(self) -> Path:
        """The demonstration as it was made; nothing is measured on it, so that every run finds the same."""
        return self.folder / f"demo-{self.contacts}.db"

    @property
    def database(self) -> Path:
        """A copy of it, opened by nothing but the program."""
        return self.folder / f"work-{self.contacts}.db"

    @property
    def copy(self) -> Path:
        """Another, for the standard library's sqlite3, which must never open the live file."""
        return self.folder / f"copy-{self.contacts}.db"

    def environment(self, database: Path | None = None) -> dict[str, str]:
        """For the program, in English, in a capable terminal, with no settings of the person who measures."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("EASIR")},
            "EASIR_DB": str(database or self.database),
            "EASIR_CONFIG": str(self.folder / "settings.toml"),
            "EASIR_LANG": "en",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
            "XDG_STATE_HOME": str(self.folder / "state"),
        }


def prepare(contacts: int, folder: Path) -> World:
    """Make the demonstration if it is not there, and a fresh copy of it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text('home = "contacts"\n', encoding="utf-8")
    world = World(folder, contacts)
    if not world.pristine.exists():
        begun = time.perf_counter()
        subprocess.run(
            [EASIR, "demo", "--no-open", "--contacts", str(contacts), "--db", str(world.pristine)],
            env=world.environment(), check=True,
        )  # fmt: skip
        print(f"made {contacts:,} contacts in {time.perf_counter() - begun:.1f} s", flush=True)
    for target in (world.database, world.copy):
        for end in ("-wal", "-shm"):
            Path(f"{target}{end}").unlink(missing_ok=True)
        shutil.copyfile(world.pristine, target)
    shutil.rmtree(f"{world.database}.files", ignore_errors=True)
    shutil.copytree(f"{world.pristine}.files", f"{world.database}.files")
    return world
