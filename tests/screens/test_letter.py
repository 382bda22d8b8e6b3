"""Writing a letter in the form, and what is done with its PDF afterwards: fetched, printed, corrected."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from easir_tui.app import EasirApp
from easir_tui.clock import When, now
from easir_tui.config import Settings
from easir_tui.crm import activities, attachments, tasks
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.users import Me
from easir_tui.data.database import Store
from easir_tui.data.models import Activity, Attachment
from tests.conftest import SIZES, look, running, screen_text, settle
from tests.crm.made import a_contact
from tests.screens.test_activity import field, opened, typed

HOME = {"street": "Havnegade 12", "postcode": "8000", "city": "Aarhus C", "language": "da"}


def words(app: EasirApp) -> str:
    return " ".join(screen_text(app).split())


def pdf(me: Me) -> str:
    file = Attachment.select().where(Attachment.deleted_at.is_null()).order_by(Attachment.id.desc()).get()
    with attachments.open_bytes(me, file.id) as source:
        return "\n".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(source.read()))


@pytest.mark.parametrize("size", SIZES)
async def test_a_letter_is_written_and_the_keys_for_its_pdf_are_named(
    app: EasirApp, me: Me, size: tuple[int, int]
) -> None:
    contact = a_contact(me, **HOME)
    tasks.plan(me, contact, "call", When(at=now() + 3600), "Ring")
    async with running(app, size) as pilot:
        await app.open("contact", contact_id=contact)
        await settle(pilot)
        await pilot.press("l")
        await settle(pilot)
        assert "No postal address" not in words(app)
        await typed(pilot, "Kære Ole\n\nTak #read for *i dag*.")
        field(app, "subject").focus()
        await typed(pilot, "Tilbud")
        look(app, f"letter-form-{size[0]}")
        await pilot.press("f10")
        await settle(pilot)
        assert "The letter is saved. On it, y fetches the PDF." in words(app)
        look(app, f"letter-saved-{size[0]}")
        await pilot.press("y")
        await settle(pilot)
        assert app.clipboard == "easir letter get 1 > 'Letter 2026-11-25 Tilbud.pdf'"
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("4")
        await settle(pilot)
        assert "Letter 2026-11" in words(app)
        await pilot.press("u")
        await settle(pilot)
        assert "Letter 2026-11" not in words(app)
    assert "Tak #read for *i dag*." in pdf_of_trash(me)


def pdf_of_trash(me: Me) -> str:
    from easir_tui.data import files

    document = pypdfium2.PdfDocument(files.path_of(Attachment.get().sha256))
    return document[0].get_textpage().get_text_range()


async def test_no_postal_address_is_said_before_saving_and_hinders_nothing(app: EasirApp, me: Me) -> None:
    contact = a_contact(me)
    async with running(app) as pilot:
        await opened(pilot, "letter", contact)
        assert "No postal address is known: the window of the envelope would show the name only." in words(app)
        look(app, "letter-no-address-80")
        field(app, "body").focus()
        await typed(pilot, "Hej")
        await pilot.press("f10")
        await settle(pilot)
    assert "Ole Hansen" in pdf(me)


async def test_a_letter_that_no_font_has_stands_beside_the_text_which_stays(app: EasirApp, me: Me) -> None:
    contact = a_contact(me, **HOME)
    async with running(app) as pilot:
        await opened(pilot, "letter", contact)
        field(app, "body").load_text("Kære Ole 😀")
        await pilot.press("f10")
        await settle(pilot)
        assert "No font has these letters, so a letter cannot show them: 😀" in words(app)
        assert not Activity.select().exists()
        assert field(app, "body").text == "Kære Ole 😀"
        field(app, "body").load_text("Kære Ole")
        await pilot.press("f10")
        await settle(pilot)
    assert Activity.select().count() == 1


async def test_a_broken_template_leaves_the_form_as_it_is(
    app: EasirApp, me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brev.typ").write_text("Hej\n#foo(")
    (tmp_path / "settings.toml").write_text('letter_template = "brev.typ"\n')
    monkeypatch.setenv("EASIR_CONFIG", str(tmp_path / "settings.toml"))
    contact = a_contact(me, **HOME)
    async with running(app, (132, 36)) as pilot:
        await opened(pilot, "letter", contact)
        field(app, "body").load_text("Kære Ole")
        await pilot.press("f10")
        await settle(pilot)
        assert "brev.typ, line 2: unclosed delimiter" in words(app)
        assert field(app, "body").text == "Kære Ole"
        (tmp_path / "brev.typ").unlink()
        (tmp_path / "settings.toml").write_text("")
        await pilot.press("f10")
        await settle(pilot)
    assert Activity.select().count() == 1


async def read_letter(pilot: Any, contact: int) -> None:
    """The letter of the contact, opened from the history."""
    await pilot.app.open("contact", contact_id=contact)
    await settle(pilot)
    await pilot.press("enter")
    await settle(pilot)


def wrote(me: Me, body: str = "Kære Ole\n\nTak for idag.") -> tuple[int, int]:
    contact = a_contact(me, **HOME)
    activities.record(me, ActivityInput(contact, "letter", subject="Tilbud", body=body))
    return contact, Attachment.get().id


async def test_y_copies_the_very_command_that_fetches_it(
    app: EasirApp, me: Me, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the name of the host where one came by ssh; in the history, on the file, and while it is read."""
    contact, file = wrote(me)
    command = f"easir letter get {file} > 'Letter 2026-11-25 Tilbud.pdf'"
    async with running(app, (132, 36)) as pilot:
        await read_letter(pilot, contact)
        assert "Files Letter 2026-11-25 Tilbud.pdf" in words(app)
        look(app, "letter-read-132")
        await pilot.press("y")
        await settle(pilot)
        assert app.clipboard == command
        assert f"ssh HOST {command}" in words(app)
        await pilot.press("escape", "escape")
        await settle(pilot)
        monkeypatch.setenv("SSH_CONNECTION", "10.0.0.7 51000 10.0.0.2 2222")
        monkeypatch.setattr("getpass.getuser", lambda: "anna")
        await pilot.press("y")
        await settle(pilot)
        assert app.clipboard == f"ssh -p 2222 anna@10.0.0.2 {command}"
        assert app.clipboard in words(app)
        look(app, "letter-fetch-132")
        await pilot.press("escape", "4")
        await settle(pilot)
        app.copy("")
        await pilot.press("y")
        await settle(pilot)
        assert app.clipboard == f"ssh -p 2222 anna@10.0.0.2 {command}"
    assert shlex.split(command)[-1] == "Letter 2026-11-25 Tilbud.pdf"


async def test_print_is_there_only_with_a_command_and_prints(store: Store, me: Me, tmp_path: Path) -> None:
    contact, _file = wrote(me)
    out = tmp_path / "out.pdf"
    program = tmp_path / "lp"
    program.write_text(f'#!/bin/sh\ncat > "{out}"\n')
    program.chmod(0o700)
    app = EasirApp(store, me, Settings(theme="dark", print_command=str(program)))
    async with running(app) as pilot:
        await read_letter(pilot, contact)
        assert "P Print" in words(app)
        await pilot.press("P")
        await printed(pilot, "is printed")
        assert out.read_bytes().startswith(b"%PDF")
        out.unlink()
        await pilot.press("escape", "4")
        await settle(pilot)
        await pilot.press("P")
        await printed(pilot, "is printed")
        assert out.exists()
        program.write_text("#!/bin/sh\necho 'no paper' >&2\nexit 1\n")
        await pilot.press("P")
        await printed(pilot, "did not print it: no paper")
    for settings in (Settings(theme="dark"), Settings(theme="dark", print_command="lp", restricted=True)):
        app = EasirApp(store, me, settings)
        async with running(app) as pilot:
            await read_letter(pilot, contact)
            assert "P Print" not in words(app)
            assert "y Fetch" in words(app)


async def printed(pilot: Any, said: str) -> None:
    """Wait for the program and for what is said of it."""
    for _round in range(100):
        await settle(pilot)
        if said in words(pilot.app):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(screen_text(pilot.app))


async def test_correcting_a_letter_makes_its_pdf_anew(app: EasirApp, me: Me) -> None:
    contact, _file = wrote(me)
    async with running(app, (132, 36)) as pilot:
        await read_letter(pilot, contact)
        await pilot.press("E")
        await settle(pilot)
        assert field(app, "subject").value == "Tilbud"
        field(app, "body").load_text("Kære Ole\n\nTak for i dag.")
        await pilot.press("f10")
        await settle(pilot)
    assert "Tak for i dag." in pdf(me)
    assert Attachment.select().where(Attachment.deleted_at.is_null()).count() == 1


async def test_another_activity_has_neither_key(app: EasirApp, me: Me) -> None:
    contact = a_contact(me, **HOME)
    activities.record(me, ActivityInput(contact, "note", note="Hej"))
    async with running(app) as pilot:
        await read_letter(pilot, contact)
        assert "y Fetch" not in words(app)
