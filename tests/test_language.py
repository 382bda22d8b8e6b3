"""Choosing and switching the language; numbers, money and sizes as each language writes them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui import language
from easir_tui.errors import Invalid
from easir_tui.language import N_, _, ngettext


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    language.activate("en")
    yield
    language.activate("en")


@pytest.mark.parametrize(
    ("environment", "setting", "chosen"),
    [
        ({}, "", "en"),
        ({"LANG": "da_DK.UTF-8"}, "", "da"),
        ({"LANG": "da_DK.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "", "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "da_DK"}, "", "da"),
        ({"LANG": "da_DK.UTF-8", "LC_ALL": "C"}, "", "en"),
        ({"LANG": "da_DK.UTF-8"}, "en", "en"),
        ({"LANG": "en_GB"}, "da", "da"),
        ({"LANG": "en_GB", "EASIR_LANG": "da"}, "en", "da"),
        ({"LANG": "en_GB", "EASIR_LANG": "DA_dk"}, "", "da"),
        ({"LANG": "da_DK", "EASIR_LANG": "klingon"}, "", "da"),
        ({"LANG": "de_DE.UTF-8"}, "", "en"),
    ],
)
def test_which_language_a_start_is_in(environment: dict[str, str], setting: str, chosen: str) -> None:
    assert language.choose(setting, environment) == chosen


def test_switching_at_run_time() -> None:
    marked = N_("today")
    assert _(marked) == "today"
    language.activate("da")
    assert language.active() == "da"
    assert _(marked) == "i dag"
    assert _("") == ""
    assert _("a sentence no catalog has") == "a sentence no catalog has"
    assert ngettext("one thing", "many things", 1) == "one thing"
    assert ngettext("one thing", "many things", 2) == "many things"
    language.activate("en")
    assert _(marked) == "today"
    assert ngettext("one thing", "many things", 2) == "many things"


def test_a_language_there_is_not() -> None:
    with pytest.raises(Invalid):
        language.activate("sv")
    assert language.active() == "en"


def test_the_settings_do_not_overrule_a_choice() -> None:
    language.activate("da")
    language.prefer("en")
    assert language.active() == "da"


def test_numbers_money_sizes() -> None:
    assert language.number(12430) == "12,430"
    assert language.number(-1234.5, 2) == "-1,234.50"
    assert language.money(39990000, "DKK") == "DKK 399,900.00"
    assert language.money(-5, "EUR") == "-EUR 0.05"
    assert language.money(1500, "JPY") == "JPY 1,500"
    assert [language.size(n) for n in (0, 999, 1000, 12345, 1400000, 999999, 5 * 10**9)] == [
        *("0 B", "999 B", "1.0 kB", "12 kB", "1.4 MB", "1.0 MB", "5.0 GB")
    ]
    language.activate("da")
    assert language.number(12430) == "12.430"
    assert language.money(39990000, "DKK") == "399.900,00 kr."
    assert language.money(123456, "EUR") == "1.234,56 EUR"
    assert language.size(1400000) == "1,4 MB"


@pytest.mark.parametrize(
    ("typed", "minor_units"),
    [
        *(("399.900", 39990000), ("399,900", 39990000), ("399 900,50 kr.", 39990050), ("399900", 39990000)),
        *(("399,900.50", 39990050), ("DKK 399.900,-", 39990000), ("1,5", 150), ("1.5", 150), ("0", 0), ("-20", -2000)),
        *(("1.234.567,89", 123456789), ("kr 100", 10000), ("12'000", 1200000), ("1.234.567", 123456700)),
    ],
)
def test_typed_amounts(typed: str, minor_units: int) -> None:
    assert language.parse_money(typed) == minor_units


@pytest.mark.parametrize("typed", ["", "abc", "1.2.3", "1,2345", "12.34.56", "1e5", "--5", "1.234,567,8", "kr"])
def test_what_is_no_amount(typed: str) -> None:
    with pytest.raises(Invalid):
        language.parse_money(typed)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["DKK", "EUR", "JPY"]), st.sampled_from(["en", "da"]))
def test_money_round_trips(amount: int, currency: str, lang: str) -> None:
    language.activate(lang)
    assert language.parse_money(language.money(amount, currency), currency) == amount


def test_english_costs_no_gettext() -> None:
    code = "import sys, easir_tui.language as l; l.activate('en'); l._('x'); sys.exit('gettext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_help_speaks_the_language_of_the_settings(tmp_path: Path) -> None:
    folder = tmp_path / "easir"
    folder.mkdir()
    command = [sys.executable, "-c", "from easir_tui.cli import main; main(['--help'])"]
    environment = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    for text, begins in (('language = "da"', "brug:"), ("language = da", "usage:")):
        (folder / "settings.toml").write_text(text, encoding="utf-8")
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert result.stdout.startswith(begins)
