"""Commands show a person what the screens show them, and nothing of another team (faults 101 to 103)."""

from __future__ import annotations

from pathlib import Path

import pytest

from easir_tui.crm import people, teams, users
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from tests.crm.test_sight import surrounded

from .command import easir

SECRETS = ("Nord Kjær", "Nord@example.dk", "nord sag", "nord lead", "Hemmeligt notat", "tilbud.pdf")
"""What another team's records say."""

LISTS = [
    ("contact", "list"), ("contact", "list", "--filter", "kjær"), ("contact", "list", "--filter", "nord@example"),
    ("account", "list"), ("account", "show", "1"), ("case", "list"), ("case", "list", "--filter", "sag"),
    ("case", "list", "--filter", "team:Nord"), ("task", "list"), ("lead", "list"), ("lead", "list", "--filter", ""),
    ("report", "pipeline"), ("report", "activities"), ("report", "leads"), ("report", "nostep"),
    ("report", "nostep", "--csv"), ("undo", "--list"), ("template", "list"), ("path", "list"), ("user", "list"),
    ("calendar", "feed"),
]  # fmt: skip

OF_ONE = [
    ("contact", "show", "{contact}"), ("note", "add", "{contact}", "x"), ("attachment", "list", "{contact}"),
    ("attachment", "get", "{file}"), ("lead", "show", "{lead}"), ("lead", "reject", "{lead}", "x"),
    ("undo", "{event}"),
]  # fmt: skip
"""Commands about one record, which is another team's."""


@pytest.fixture
def made(store: Store, me: Me) -> dict[str, int]:
    """The person who runs the tests is a user of Syd; Nord has a contact with all that can hang on one."""
    teams.add(me, "Nord")
    teams.add(me, "Syd")
    nord = users.enrol(me, "nord", "Nora Nordlys")
    teams.set_teams(me, nord, [1])
    runner = users.enrol(me, users.os_login(), "Runner")
    teams.set_teams(me, runner, [2])
    return surrounded(users.log_in("nord"), "nord") | {"runner": runner}


def test_nothing_of_another_team_is_listed(tmp_path: Path, me: Me, made: dict[str, int]) -> None:
    for arguments in LISTS:
        for more in ((), ("--json",)):
            if more and {"--csv", "feed"} & set(arguments):
                continue
            done = easir(*arguments, *more, database=tmp_path / "easir.db")
            assert done.returncode == 0, (arguments, done.stderr)
            for secret in SECRETS:
                assert secret.encode() not in done.stdout, (arguments, secret)


def test_nothing_of_another_team_is_shown_or_changed(tmp_path: Path, me: Me, made: dict[str, int]) -> None:
    for arguments in OF_ONE:
        done = easir(*(one.format(**made) for one in arguments), database=tmp_path / "easir.db")
        assert done.returncode == 1, arguments
        for secret in SECRETS:
            assert secret.encode() not in done.stdout + done.stderr, (arguments, secret)


def test_an_admin_has_all_of_it(tmp_path: Path, me: Me, made: dict[str, int]) -> None:
    """The same commands, so that the tests above cannot pass because they list nothing at all."""
    people.set_role(me, made["runner"], "admin")
    said = b""
    for arguments in (*LISTS, *OF_ONE[:1], *OF_ONE[2:5]):
        if "feed" in arguments:
            continue
        done = easir(*(one.format(**made) for one in arguments), "--json", database=tmp_path / "easir.db")
        said += done.stdout if "--csv" not in arguments else b""
    for secret in SECRETS:
        if secret != "Hemmeligt notat":
            assert secret.encode() in said, secret
