"""The settings file and the folders."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from easir_tui import config, language, toml_files
from easir_tui.errors import Invalid, Refused


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own for each test."""
    for name in ("EASIR_DB", "EASIR_CONFIG", "EASIR_PATHS", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    language.activate("en")
    yield tmp_path
    language.activate("en")


def write(text: str) -> Path:
    path = config.settings_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_its_default(home: Path) -> None:
    assert config.settings() == config.Settings()
    assert config.database_path() == home / ".local/share/easir/easir.db"
    assert not (home / ".config").exists()


def test_where_things_are(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "c"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "d"))
    assert config.settings_path() == home / "c/easir/settings.toml"
    assert config.database_path() == home / "d/easir/easir.db"
    monkeypatch.setenv("XDG_DATA_HOME", "relative/is/ignored")
    assert config.database_path() == home / ".local/share/easir/easir.db"
    write('database = "~/crm.db"')
    assert config.database_path() == home / "crm.db"
    write('database = "crm.db"')
    assert config.database_path() == home / "c/easir/crm.db"
    monkeypatch.setenv("EASIR_DB", str(home / "other.db"))
    assert config.database_path() == home / "other.db"
    monkeypatch.setenv("EASIR_CONFIG", str(home / "own.toml"))
    assert config.settings_path() == home / "own.toml"


def test_folders_are_for_their_owner_alone() -> None:
    for folder in (config.data_folder(), config.state_folder()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_unknown_key_is_refused_by_name() -> None:
    path = write('langauge = "da"\n')
    with pytest.raises(Invalid) as refusal:
        config.settings()
    assert str(path) in refusal.value.sentence
    assert "langauge" in refusal.value.sentence
    assert "language" in refusal.value.hint


@pytest.mark.parametrize(
    "line",
    [
        *('mouse = "yes"', "mouse = 1", "language = 1", 'language = "sv"', 'zone = "Europe/Kobenhavn"', "keymap = 1"),
        *(
            'region = "dk"',
            'region = "DNK"',
            'currency = "kr"',
            "database = ['a']",
            "[keymap]\nx = 1",
            "[calendar]\nurl = 1",
            '[calendar]\nurll = "https://x"',
            'calendar = "https://x"',
            "theme = 2026-01-01",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_file_and_key(line: str) -> None:
    path = write(line)
    with pytest.raises(Refused) as refusal:
        config.settings()
    assert str(path) in refusal.value.sentence


@pytest.mark.parametrize("raw", [b"language = da", b"[", b"\xff\xfe\x00", b"mouse = true\nmouse = false", b"a = \x00"])
def test_a_broken_file_is_refused_with_a_sentence(raw: bytes) -> None:
    path = write("")
    path.write_bytes(raw)
    with pytest.raises(Refused) as refusal:
        config.settings()
    assert str(path) in refusal.value.sentence


def test_a_byte_order_mark_does_not_matter() -> None:
    write("\ufefflanguage = 'da'")
    assert config.settings().language == "da"


def test_a_change_to_the_file_is_noticed() -> None:
    path = write("mouse = false")
    assert not config.settings().mouse
    path.write_text("mouse = true  ", encoding="utf-8")
    assert config.settings().mouse


def test_the_manual_names_every_setting_and_its_default() -> None:
    manual = (Path(__file__).parent.parent / "docs" / "settings.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| (?:`(.+?)`|none) \|", manual, re.MULTILINE))
    tables = ("keymap", *config.TABLES)
    assert told == {
        entry.name: "" if entry.name in tables else json.dumps(getattr(config.Settings(), entry.name))
        for entry in fields(config.Settings)
    }
    example = re.search(r"```toml\n(.+?)```", manual, re.DOTALL)
    assert example
    write(example[1])
    assert config.settings().language == "da"


def test_a_folder_that_cannot_be_made_or_read_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "file"))
    with pytest.raises(Refused, match="cannot be made"):
        config.state_folder()
    (home / "folder").mkdir()
    monkeypatch.setenv("EASIR_CONFIG", str(home / "folder"))
    with pytest.raises(Refused, match=str(home / "folder")):
        config.settings()


def test_the_language_of_the_settings_counts_from_the_start(home: Path) -> None:
    """In a process of its own, because a language once chosen stays."""
    import subprocess
    import sys

    write('language = "da"')
    code = "from easir_tui import config, language; config.settings(); print(language.active())"
    environment = {"HOME": str(home), "LANG": "en_GB.UTF-8"}
    for extra, expected in (({}, "da"), ({"EASIR_LANG": "en"}, "en")):
        result = subprocess.run(
            [sys.executable, "-c", code], env=environment | extra, capture_output=True, text=True, check=True
        )
        assert result.stdout.strip() == expected


# Changing settings ---------------------------------------------------------------------------------


def test_a_change_keeps_the_rest_of_the_file() -> None:
    path = write('# mine\nlanguage = "en" # for now\nhome="cases"\n[keymap]\nundo = "z"\n')
    held = config.update_settings(language="da", mouse=False)
    assert (held.language, held.mouse, held.home, dict(held.keymap)) == ("da", False, "cases", {"undo": "z"})
    assert path.read_text() == (
        '# mine\nlanguage = "da"  # for now\nhome="cases"\nmouse = false\n\n[keymap]\nundo = "z"\n'
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_edited_line_by_line_is_left_alone() -> None:
    path = write('"theme" = "dark"\n')
    with pytest.raises(Refused, match="cannot be edited"):
        config.update_settings(theme="light")
    assert path.read_text() == '"theme" = "dark"\n'


def test_what_the_settings_cannot_hold_is_not_written() -> None:
    with pytest.raises(Invalid):
        config.update_settings(home="moon")
    assert not config.settings_path().exists()


@given(
    before=st.sampled_from(["", "# x", 'theme = "a#b"', "theme = 'its'", '[keymap]\nundo = "z"', "mouse=true#c\n"]),
    said=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)  # fmt: skip
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_read_as_it_was_set(before: str, said: str) -> None:
    write(before)
    try:
        kept = config.settings()
    except Refused:
        return
    held = config.update_settings(theme=said)
    assert held == replace(kept, theme=said)
    assert config._settings_from(toml_files.load(config.settings_path()), config.settings_path()) == held


@given(
    before=st.sampled_from(["", '# x\ntheme = "a"', '[keymap]\nundo = "z"', "[keymap] # mine\n'go' = 'b' # far\n\n",
                            '[keymap]\n"a.b" = "x"\n\n# the end\n', '[ keymap ]\n"go" = "b"\nundo = "z"']),
    command=st.sampled_from(["go", "undo", "contact.note", "a.b"]),
    keys=st.sampled_from(["", "f2", "n,f2", "ctrl+t"]),
)  # fmt: skip
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_command_has_the_keys_it_was_given_and_the_others_keep_theirs(before: str, command: str, keys: str) -> None:
    path = write(before)
    wanted = {name: held for name, held in config.settings().keymap.items() if name != command}
    held = config.update_keymap(command, keys)
    assert dict(held.keymap) == wanted | ({command: keys} if keys else {})
    assert all(comment in path.read_text() for comment in ("# x", "# mine", "# the end") if comment in before)
