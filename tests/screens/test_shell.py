"""The frame around every screen: keys, help, palette, going places, and the end of the line."""

from __future__ import annotations

from tests.conftest import look, running, screen_text, settle


async def test_first_screen_and_help(app):
    """The list of contacts comes first; ? shows its keys, Esc takes them away."""
    async with running(app) as pilot:
        assert "EASI'R" in screen_text(app)
        assert "Help" in screen_text(app).splitlines()[-1]
        await pilot.press("question_mark")
        await settle(pilot)
        look(app, "help-80x24")
        assert "Keys of this screen" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert "Keys of this screen" not in screen_text(app)


async def test_palette_gives_a_command(app):
    """Ctrl+P finds a command by its name and gives it."""
    async with running(app) as pilot:
        await pilot.press("ctrl+p")
        await settle(pilot)
        look(app, "palette-80x24")
        await pilot.press(*"last changes", "enter")
        await settle(pilot)
        assert "Your last changes" in screen_text(app)


async def test_go_to(app):
    """g shows the places; a letter goes there."""
    async with running(app) as pilot:
        await pilot.press("g")
        await settle(pilot)
        look(app, "go-80x24")
        assert "Contacts" in screen_text(app)
        await pilot.press("c")
        await settle(pilot)
        assert not app.screen.is_modal


async def test_a_window_that_changes_and_changes_back_is_drawn_anew(app):
    """Faults 99: sending only what changed trusts no terminal that was resized, whatever its size is then."""
    async with running(app) as pilot:
        app._painter._size = app.size
        await pilot.resize_terminal(100, 30)
        await pilot.resize_terminal(80, 24)
        assert not app._painter._size


def test_the_second_session_of_a_person_knows_it(tmp_path):
    """A draft being typed at the first terminal is not opened at the second."""
    from easir_tui.session import only_one

    with only_one(tmp_path / "a.db", "session") as first, only_one(tmp_path / "a.db", "session") as second:
        assert first
        assert not second
        with only_one(tmp_path / "b.db", "session") as other:
            assert other
    with only_one(tmp_path / "a.db", "session") as again:
        assert again
