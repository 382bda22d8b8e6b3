"""Relations paths: from a file or the company's own, in both languages, with a sentence for what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from easir_tui import config, language, relations
from easir_tui.errors import Refused


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Where a person's own files are."""
    yield tmp_path / "home"
    language.activate("en")


def test_the_three_paths_of_a_car_dealership() -> None:
    paths = relations.paths()
    assert [path.title for path in paths.values()] == ["New car", "Used car", "Fleet and leasing"]
    for path in paths.values():
        assert [step.outcome for step in path.milestones if step.outcome] == ["won", "lost"]
        assert {step.sets_status for step in path.milestones if step.outcome} == {"closed"}
        assert path.milestones[0].sets_status == "open"
        assert all(step.suggestions and step.follow_up_type for step in path.milestones)
        chances = [step.chance for step in path.milestones if step.outcome != "lost"]
        assert chances == sorted(chances, key=lambda chance: chance or 0)
        assert path.milestone("lost") == path.milestones[-1]
        assert path.milestone("no such") is None


def test_the_paths_speak_both_languages() -> None:
    english = relations.paths()
    language.activate("da")
    danish = relations.paths()
    assert danish["new_car"].title == "Ny bil"
    for key, path in english.items():
        for one, other in zip(path.milestones, danish[key].milestones, strict=True):
            assert one.key == other.key
            assert len(one.suggestions) == len(other.suggestions)
            assert not set(one.suggestions) & set(other.suggestions)


MINIMAL = '[own]\ntitle = "Own"\n[[own.milestones]]\nkey = "a"\ntitle = "A"\nkind = "contact"\n'


def test_own_paths_replace_the_usual_ones(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.config_folder().mkdir(parents=True)
    (config.config_folder() / "paths.toml").write_text(MINIMAL, encoding="utf-8")
    assert list(relations.paths()) == ["own"]
    other = home / "other.toml"
    other.write_text(MINIMAL.replace("own", "other"), encoding="utf-8")
    monkeypatch.setenv("EASIR_PATHS", str(other))
    assert list(relations.paths()) == ["other"]
    assert relations.paths()["other"].milestones[0] == relations.Milestone("a", "A", "contact")


@pytest.mark.parametrize(
    "text",
    [
        *("", "x = 1", "[own]\n", '[own]\ntitle = "Own"\nmilestones = []\n', "[own", MINIMAL + "chance = 101\n"),
        *(MINIMAL + 'chance = "10"\n', MINIMAL + "chance = true\n", MINIMAL + "follow_up_days = -1\n"),
        *(MINIMAL + 'sets_status = "won"\n', MINIMAL + 'outcome = "maybe"\n', MINIMAL + 'follow_up_type = "fax"\n'),
        *(MINIMAL + "colour = 1\n", MINIMAL.replace('"A"', '" "'), MINIMAL.replace('"A"', "1")),
        *(MINIMAL.replace('"a"', '"A b"'), MINIMAL + MINIMAL[20:], MINIMAL.replace('kind = "contact"\n', "")),
        *(MINIMAL + "suggestions = [1]\n", MINIMAL + 'suggestions = "x"\n', MINIMAL.replace('title = "Own"', "t = 1")),
    ],
)
def test_a_path_that_makes_no_sense_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    file = home / "paths.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("EASIR_PATHS", str(file))
    with pytest.raises(Refused) as refusal:
        relations.paths()
    assert str(file) in refusal.value.sentence


def test_a_missing_paths_file_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASIR_PATHS", str(home / "none.toml"))
    with pytest.raises(Refused, match=r"none\.toml"):
        relations.paths()
