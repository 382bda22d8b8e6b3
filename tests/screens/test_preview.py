"""Looking into a file from the pages it is on: pictures, pages, texts, and what is wrong with a name."""

from __future__ import annotations

import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from easir_tui.app import EasirApp
from easir_tui.crm import attachments
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from easir_tui.data.sqlite import run, writing
from tests.channels.test_preview import PAGE
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.crm.made import a_contact
from tests.crm.mail_made import received
from tests.screens.keys import lines, press


def jpeg() -> bytes:
    made = Image.new("RGB", (640, 400), "#cc2222")
    made.paste((20, 60, 200), (320, 0, 640, 400))
    stream = io.BytesIO()
    made.save(stream, "JPEG", quality=95)
    return stream.getvalue()


FILES = {
    "bil.jpg": jpeg(), "tilbud.pdf": PAGE, "brev.txt": "Kære Ole [/]\næøå".encode(), "faktura.pdf": b"MZ\x90\0program",
    "aftale.docx": b"PK\x03\x04....word/document.xml",
}  # fmt: skip


async def at(pilot: Any, me: Me, name: str) -> None:
    """The preview of a file, by the keys of the contact page."""
    contact = a_contact(me)
    attachments.add(me, contact, io.BytesIO(FILES[name]), name)
    await pilot.app.open("contact", contact_id=contact)
    await settle(pilot)
    await press(pilot, "4", "V")
    await shown(pilot)


async def shown(pilot: Any) -> None:
    """The picture is made by another process."""
    for _round in range(300):
        await settle(pilot)
        screen = pilot.app.screen
        if getattr(screen, "shown", None) is not None or not getattr(screen, "is_picture", False):
            break
        if screen.words.display:
            break
        import asyncio

        await asyncio.sleep(0.02)
    await settle(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_a_picture_in_half_blocks(app: EasirApp, me: Me, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await at(pilot, me, "bil.jpg")
        look(app, f"preview-jpg-{size[0]}")
        assert "JPEG · " in screen_text(app)
        assert "640 × 400" in screen_text(app)
        strips = app.screen._compositor.render_strips(app.size)
        blocks = [segment for strip in strips for segment in strip if "▀" in segment.text]
        colours = {segment.style.color.triplet for segment in blocks if segment.style and segment.style.color}
        assert any(one and one.red > 180 > 60 > one.blue for one in colours)
        assert any(one and one.blue > 180 > 60 > one.red for one in colours)


async def test_the_pages_of_a_pdf_as_words_and_as_pictures(app: EasirApp, me: Me) -> None:
    async with running(app) as pilot:
        await at(pilot, me, "tilbud.pdf")
        assert "Hej Ole" in screen_text(app)
        assert "page 1 of 2" in screen_text(app)
        await press(pilot, "t")
        assert "▀" in screen_text(app)
        await press(pilot, "greater_than_sign")
        await shown(pilot)
        assert "page 2 of 2" in screen_text(app)
        await press(pilot, "greater_than_sign")
        assert "no further page" in screen_text(app)
        await press(pilot, "q")
        assert "tilbud.pdf" in screen_text(app)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("brev.txt", "Kære Ole [/]"),
        ("faktura.pdf", "It is called .pdf, but it is a Windows program."),
        ("aftale.docx", "of which there is no preview"),
    ],
)
async def test_texts_lies_and_what_cannot_be_shown(app: EasirApp, me: Me, name: str, said: str) -> None:
    async with running(app) as pilot:
        await at(pilot, me, name)
        look(app, f"preview-{name}")
        assert said in lines(app)
        await press(pilot, "y")
        assert "easir attachment get 1" in screen_text(app)


async def test_a_damaged_picture_is_a_sentence(app: EasirApp, me: Me) -> None:
    FILES["halv.jpg"] = FILES["bil.jpg"][:200]
    async with running(app) as pilot:
        await at(pilot, me, "halv.jpg")
        assert "The file is damaged" in screen_text(app)


async def test_from_the_menu_of_a_file_and_from_an_e_mail(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    received(me, contact, files=[("brev.txt", FILES["brev.txt"]), ("bil.jpg", FILES["bil.jpg"])])
    async with running(app) as pilot:
        await pilot.app.open("contact", contact_id=contact)
        await settle(pilot)
        await press(pilot, "4", "end", "enter", "v")
        await shown(pilot)
        assert "Kære Ole [/]" in screen_text(app) or "▀" in screen_text(app)
        await press(pilot, "escape", "3", "j", "V")
        assert "brev.txt" in screen_text(app)
        await press(pilot, "1")
        await shown(pilot)
        assert "Kære Ole [/]" in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["bil.jpg", "tilbud.pdf", "faktura.pdf"])
def test_pictures(app: EasirApp, me: Me, snap_compare: Any, name: str, size: tuple[int, int]) -> None:
    async def act(pilot: Any) -> None:
        await settle(pilot)
        await at(pilot, me, name)

    assert snap_compare(app, terminal_size=size, run_before=act)


@pytest.mark.parametrize(("how", "code"), [("kitty", b"\x1b_Ga=T,f=100"), ("sixel", b"\x1bP0;1q")])
def test_a_terminal_with_graphics_is_sent_them_and_rid_of_them(store: Store, me: Me, how: str, code: bytes) -> None:
    """The real program on a pseudo terminal."""
    attachments.add(me, a_contact(me), io.BytesIO(FILES["bil.jpg"]), "bil.jpg")
    from easir_tui.crm.users import os_login

    with writing():
        run("UPDATE app_user SET login = ? WHERE login = 'anna'", os_login())
    settings = Path(os.environ["HOME"]) / ".config/easir/settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'home = "contacts"\npictures = "{how}"\n', encoding="utf-8")
    master, slave = pty.openpty()
    environment = {**os.environ, "EASIR_DB": str(store.path), "TERM": "xterm-256color", "LINES": "24", "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-m", "easir_tui"], stdin=slave, stdout=slave, stderr=slave, env=environment,
        start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    try:
        seen = _until(master, b"Ole Hansen")
        for keys in (b"\r", b"4", b"V"):
            os.write(master, keys)
            seen = _more(master, 1.5)
        assert code in seen + _until(master, code)
        os.write(master, b"\x1b")
        after = _more(master, 1.5)
        assert b"\x1b_Ga=d" in after if how == "kitty" else b"bil.jpg" in after
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _until(master: int, wanted: bytes, seconds: float = 15) -> bytes:
    seen, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        seen += _more(master, 0.1)
        if wanted in seen or wanted in re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", seen):
            return seen
    return seen


def _more(master: int, seconds: float) -> bytes:
    seen, until = b"", time.monotonic() + seconds
    while time.monotonic() < until:
        if select.select([master], [], [], 0.05)[0]:
            seen += os.read(master, 65_536)
    return seen
