"""Whatever a record holds, every widget shows it as text: nothing is read as markup, nothing reaches the terminal
as a control code, nothing runs, nothing falls over (faults 89, 90, 91)."""

from __future__ import annotations

import string
import unicodedata

import pytest
from textual.events import Paste
from textual.geometry import Offset

from easir_tui.errors import Conflict
from easir_tui.screens.chooser import Chooser
from easir_tui.screens.confirm import ConfirmScreen, TypedConfirm
from easir_tui.screens.edit_panel import ConflictScreen, EditPanel
from easir_tui.screens.menu import MenuItem, MenuScreen, TextScreen
from easir_tui.widgets.block import Block
from easir_tui.widgets.choices import Checks, Choice, Pick
from easir_tui.widgets.content import line, paragraphs, plain
from easir_tui.widgets.fields import Field, Form
from easir_tui.widgets.inputs import Line, LongText
from easir_tui.widgets.key_line import Entry, KeyLine
from easir_tui.widgets.option import Option
from easir_tui.widgets.record_list import Column, RecordList, Row
from easir_tui.widgets.top_bar import TopBar
from tests.conftest import running, screen_text, settle
from tests.widgets.bench import Bench

HOSTILE = {
    "brackets": "Acme [VIP] A/S [red]x",
    "closing": "[bold]A[/] [/b] [#1]",
    "unclosed": "Bo [b",
    "slash": "Bo [/] x",
    "link": "[@click=app.quit]klik[/]",
    "style": "[$accent]x[/$accent]",
    "backslash": "C:\\[x]\\",
    "escape": "evil \x1b]0;pwned\x07 \x1b[31m \x1b[2J",
    "clipboard": "A\x1b]52;c;ZXZpbA==\x1b\\B",
    "c1": "x\u009b31m\u009d0;t\u009cy",
    "bidi": "abc \u202egnp.exe \u2066x\u2069",
    "nul": "a\x00b\x7f\x08c",
    "lines": "one\ntwo\r\nthree\ttab",
    "wide": "王小明 👨‍👩‍👧 🇩🇰 e\u0301",
    "empty": "",
    "surrogate": "a\udc80b",
    "braces": "{name} {0} %s $name",
    "long": "Å" * 3000,
}


async def nothing(changed, version):
    """A save that is never asked for."""


async def found(words):
    """A search that finds what it was made with."""
    return found.options


def conflict(value: str) -> ConflictScreen:
    problem = Conflict(
        "s", entity="contact", row_id=1, theirs={"city": value}, mine={"city": value}, original={"city": value},
        who=value, at=0, version=2,
    )  # fmt: skip
    from zoneinfo import ZoneInfo

    return ConflictScreen(problem, {"city": value}, lambda _name, held: str(held), ZoneInfo("Europe/Copenhagen"))


def record_list(value: str) -> RecordList:
    shown = RecordList((Column(value, min=5), Column("B", min=5, role="dim")), empty=value, marks=True)
    shown.set_rows([Row.title(value), Row(1, (value, (value, "bad"))), Row(2, (value, value), role="dim")])
    return shown


def choices(value: str) -> tuple[tuple[str, str], ...]:
    return (("a", value), ("b", value))


WIDGETS = {
    "Block": lambda v: Block(v, plain(v)),
    "Block lines": lambda v: Block("t", paragraphs(v)),
    "Block parts": lambda v: Block("t", line("☎ ", (v, "strong"), (v, "dim"))),
    "RecordList": record_list,
    "RecordList empty": lambda v: RecordList((Column(v),), empty=v),
    "Line": lambda v: Line(v, placeholder="x"),
    "LongText": lambda v: LongText(v),
    "Choice": lambda v: Choice(choices(v), title=v),
    "Checks": lambda v: Checks(choices(v)),
    "Pick": lambda v: Pick(v, 1, found, title=v),
    "TopBar": lambda v: TopBar([("a", v), ("b", v)], "a", v),
    "Form": lambda v: Form(
        [
            Field("a", v, value=v),
            Field("b", v, "long", value=v),
            Field("c", v, "choice", choices=choices(v)),
            Field("d", v, "pick", chosen=v, search=found),
        ]
    ),
}

DIALOGS = {
    "ConfirmScreen": lambda v: ConfirmScreen(v, v, title=v),
    "TypedConfirm": lambda v: TypedConfirm(v, v),
    "Chooser": lambda v: Chooser(v, found, start=v, create="New {text}", empty=v),
    "MenuScreen": lambda v: MenuScreen(v, [MenuItem("a", v, 1, v), MenuItem("b", v, 2)]),
    "TextScreen": lambda v: TextScreen(v, paragraphs(v)),
    "EditPanel": lambda v: EditPanel(v, [Field("city", v, value=v)], nothing),
    "ConflictScreen": conflict,
}


def assert_harmless(app, value: str) -> None:
    """Only characters a terminal draws, in cells it agrees on; and brackets as they were."""
    for strip in app.screen._compositor.render_strips(app.size):
        for segment in strip:
            for sign in segment.text:
                assert unicodedata.category(sign) not in ("Cc", "Cs"), hex(ord(sign))
                assert sign not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", hex(ord(sign))
            assert segment.style is None or "app.quit" not in str(segment.style.meta)
    if value.startswith("Acme"):
        assert "Acme [VIP] A/S [red]x" in screen_text(app)


@pytest.mark.parametrize("widget", WIDGETS)
async def test_widgets(widget):
    """Each widget with each hostile text, clicked where text stands."""
    app = Bench()
    async with running(app, size=(80, 24)) as pilot:
        for name, value in HOSTILE.items():
            found.options = [Option(1, value, value)]
            shown = WIDGETS[widget](value)
            await app.screen.mount(shown, before=app.screen.query_one("BenchScreen > KeyLine"))
            await pilot.pause()
            assert_harmless(app, value)
            if name == "link":
                for x, y in ((3, 1), (3, 2), (20, 2)):
                    await pilot.click(offset=Offset(x, y))
                if app.screen.is_modal:
                    await pilot.press("escape")
            assert app.quits == 0
            await shown.remove()


@pytest.mark.parametrize("dialog", DIALOGS)
async def test_dialogs(dialog):
    """Each dialog with each hostile text."""
    app = Bench()
    async with running(app, size=(80, 24)) as pilot:
        for value in HOSTILE.values():
            found.options = [Option(1, value, value)]
            await app.push_screen(DIALOGS[dialog](value))
            await settle(pilot)
            assert app.screen.is_modal
            assert_harmless(app, value)
            await app.pop_screen()
        assert app.quits == 0


async def test_sentences():
    """What the program says about a record, in the key line or as a toast, and its key line and titles."""
    app = Bench(Block("b"))
    async with running(app) as pilot:
        for value in HOSTILE.values():
            app.screen.query_one(KeyLine).entries = (Entry("a", value[:9], value), Entry("help", "?", value))
            app.say(value, undo=True)
            await pilot.pause()
            assert_harmless(app, "")
            app.unsay()
            app.say(value + " and much more" * 20, bad=True)
            await pilot.pause()
            assert_harmless(app, "")


TYPED = [
    *string.printable[:95],
    *"æøåÆØÅ€£§½¨´`^~@{[]}|\\",
    "ctrl+a", "ctrl+k", "ctrl+u", "ctrl+w", "home", "end", "delete", "backspace", "left", "right", "up", "down",
]  # fmt: skip


@pytest.mark.parametrize("make", [lambda: Line(""), lambda: LongText(""), lambda: Choice(choices("x")),
                                  lambda: Checks(choices("x")), lambda: Pick("x", 1, found)])  # fmt: skip
async def test_every_key_into_every_field(make):
    """No printable character and no editing key breaks a field or its echo (faults 90)."""
    found.options = [Option(1, "[x", "[/]")]
    app = Bench(make())
    async with running(app) as pilot:
        for key in TYPED:
            await pilot.press(key)
        await settle(pilot)
        assert_harmless(app, "")


@pytest.mark.parametrize("make", [lambda: Line(""), lambda: LongText("")])
async def test_pasting(make):
    """Pasted text is text, without what a terminal would obey."""
    app = Bench(make())
    async with running(app) as pilot:
        for value in HOSTILE.values():
            app.post_message(Paste(value))
            await pilot.pause()
            assert_harmless(app, "")
            held = app.focused.value if isinstance(app.focused, Line) else app.focused.text
            assert "\x1b" not in held
            assert "\u202e" not in held
