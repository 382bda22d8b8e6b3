"""`easir template` and `easir path` in real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def easir(tmp_path: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "EASIR_DB": str(tmp_path / "a.db"), "EASIR_CONFIG": str(tmp_path / "settings.toml")}
    program = "import sys; from easir_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], input=stdin, env=environment, capture_output=True, text=True
    )


def said(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_template_is_made_listed_and_put_away(tmp_path: Path) -> None:
    made = said(easir(tmp_path, "template", "add", "email", "Hej", "-", "--json", "--for", "company",
                      stdin="Kære {{contact.first_name}}\n"))  # fmt: skip
    held = said(easir(tmp_path, "template", "list", "--json"))
    assert [(one["id"], one["title"], one["body"]) for one in held] == [
        (made["id"], "Hej", "Kære {{contact.first_name}}")
    ]
    assert "Hej" in easir(tmp_path, "template", "list").stdout
    wrong = easir(tmp_path, "template", "add", "email", "Hej", "-", stdin="{{contact.nmae}}")
    assert wrong.returncode == 1
    assert "{{contact.nmae}}" in wrong.stderr
    assert easir(tmp_path, "template", "remove", str(made["id"])).returncode == 0
    assert said(easir(tmp_path, "template", "list", "--json")) == []


def test_paths_are_loaded_for_everybody_and_undone(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[own]\ntitle = "Own"\n[[own.milestones]]\nkey = "a"\ntitle = "A"\nkind = "contact"\n')
    assert set(said(easir(tmp_path, "path", "list", "--json"))) >= {"new_car"}
    loaded = easir(tmp_path, "path", "load", str(file))
    assert (loaded.returncode, loaded.stdout) == (0, "1 relations path holds now.\n")
    assert list(said(easir(tmp_path, "path", "list", "--json"))) == ["own"]
    assert "Own" in easir(tmp_path, "path", "list").stdout
    assert easir(tmp_path, "undo").returncode == 0
    assert set(said(easir(tmp_path, "path", "list", "--json"))) >= {"new_car"}
    file.write_text("[own]\n")
    assert easir(tmp_path, "path", "load", str(file)).returncode == 1


def test_paths_and_milestones_are_changed_by_an_admin(tmp_path: Path) -> None:
    made = easir(tmp_path, "path", "name", "--en", "Boat", "--da", "Båd")
    assert (made.returncode, made.stdout) == (0, "boat\n")
    added = easir(tmp_path, "path", "milestone", "boat", "--en", "Sea trial", "--chance", "40", "--days", "2",
                  "--step", "call")  # fmt: skip
    assert (added.returncode, added.stdout) == (0, "sea_trial\n")
    assert easir(tmp_path, "path", "milestone", "boat", "sea_trial", "--da", "Prøvesejlads").returncode == 0
    assert easir(tmp_path, "path", "move", "boat", "sea_trial", "-1").returncode == 0
    held = said(easir(tmp_path, "path", "list", "--json"))["boat"]
    assert held["title"] == {"en": "Boat", "da": "Båd"}
    assert [one["key"] for one in held["milestones"]] == ["sea_trial", "first_contact"]
    assert held["milestones"][0] == {
        "key": "sea_trial", "title": {"en": "Sea trial", "da": "Prøvesejlads"}, "kind": "contact", "chance": 40,
        "follow_up_days": 2, "follow_up_type": "call",
    }  # fmt: skip
    assert easir(tmp_path, "path", "remove", "boat", "sea_trial").returncode == 0
    assert easir(tmp_path, "path", "remove", "boat").returncode == 0
    gone = easir(tmp_path, "path", "remove", "boat")
    assert (gone.returncode, gone.stderr.splitlines()[0]) == (1, "There is no such relations path.")
    assert easir(tmp_path, "path", "milestone", "new_car", "offer", "--chance", "200").returncode == 1
