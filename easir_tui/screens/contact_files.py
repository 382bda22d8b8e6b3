"""What is done with the files of a contact: attach, save out, rename, remove, and how to get one over SSH."""

from __future__ import annotations

import asyncio
import getpass
import os
import shlex
from pathlib import Path
from typing import Any

from easir_tui import text
from easir_tui.crm import attachments, letters
from easir_tui.crm.activity_page import ActivityInFull
from easir_tui.crm.attachments import AttachmentFacts
from easir_tui.errors import Invalid, Refused
from easir_tui.language import _, size
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.screens.menu import MenuItem, MenuScreen, TextScreen
from easir_tui.widgets.content import line, lines, plain
from easir_tui.widgets.fields import Field, Option
from easir_tui.widgets.host import Host
from easir_tui.widgets.option import New


class Files:
    """The acts on files, for a screen that has an app."""

    def __init__(self, app: Host) -> None:
        self.app = app

    async def attach(self, contact_id: int, case_id: int | None = None) -> int | None:
        """Choose a file by typing its path, with completion, and attach it; its id, or None when left."""
        if self.app.settings.restricted:
            raise Refused(
                _("This login has no files of its own here."),
                _("Send one in with: easir attachment add {id} FILE").format(id=contact_id),
            )

        async def search(typed: str) -> list[Option]:
            found = await self.app.ask(_completions, typed or "~/")
            return [
                Option(path, path.rstrip("/").rpartition("/")[2] + ("/" if path.endswith("/") else ""))
                for path in found
            ]

        start = "~/"
        while True:
            chosen = await self.app.show(
                "chooser",
                title=_("Attach a file: type its path"),
                search=search,
                start=start,
                empty=_("Nothing begins with that. Folders end in /."),
            )
            if chosen is None or isinstance(chosen, New):
                return None
            if str(chosen.value).endswith("/"):
                start = str(chosen.value)
                continue
            try:
                attached = await self.app.tell(
                    attachments.add_file, contact_id, attachments.path_of(chosen.value), case_id
                )
            except Invalid as error:
                self.app.report(error)
                start = str(chosen.value)
                continue
            self.app.say(_("Attached {name}").format(name=Path(chosen.value).name), undo=True)
            return attached

    async def menu(self, file: AttachmentFacts) -> None:
        """Ask what to do with a file."""
        act = await self.app.show(
            MenuScreen(
                text.cut(f"{file.name}, {size(file.size)}", 38),
                [
                    MenuItem("v", _("Preview"), self.view),
                    MenuItem("s", _("Save it to a folder"), self.save),
                    MenuItem("h", _("How do I get this file?"), self.how_to_get),
                    *([MenuItem("p", _("Print"), self.print)] if self.app.settings.print_command else []),
                    MenuItem("r", _("Rename"), self.rename),
                    MenuItem("d", _("Remove"), self.remove),
                ],
            )
        )
        if act is not None:
            await act(file)

    async def view(self, file: AttachmentFacts) -> None:
        """Look into a file."""
        from easir_tui.screens.preview import view

        await view(self.app, file.id)

    async def view_of(self, held: ActivityInFull) -> None:
        """Look into a file of an activity; which, is asked where there are several."""
        chosen: int | None = held.files[0][0] if held.files else None
        if len(held.files) > 1:
            items = [
                MenuItem(str(at) if at < 10 else " ", name, number, size(many))
                for at, (number, name, many) in enumerate(held.files, 1)
            ]
            chosen = await self.app.show(MenuScreen(_("Preview"), items))
        if chosen is not None:
            await self.view(await self.app.ask(attachments.facts, chosen))

    async def save(self, file: AttachmentFacts) -> None:
        """Write a file out to a path of this machine; nothing is overwritten."""
        if self.app.settings.restricted:
            await self.how_to_get(file)
            return

        async def save(changed: dict[str, Any], _version: int | None) -> Any:
            return await self.app.ask(attachments.save, file.id, changed["path"])

        saved = await self.app.show(
            EditPanel(
                _("Save to"),
                (Field("path", _("Path or folder"), value="", hint=f"~/{file.name}", required=True, parse=_path),),
                save,
            )
        )
        if saved is not None:
            self.app.say(_("Saved as {path}").format(path=saved))

    async def how_to_get(self, file: AttachmentFacts) -> None:
        """Show and copy the command that fetches a file over SSH."""
        target = shlex.quote(attachments.safe_name(file.name))
        command = f"easir {'letter' if file.origin == letters.ORIGIN else 'attachment'} get {file.id} > {target}"
        host = _this_host()
        over_ssh = f"ssh {host or 'HOST'} {command}"
        self.app.copy(over_ssh if host else command)
        await self.app.show(
            TextScreen(
                _("How do I get this file?"),
                lines(
                    plain(_("On this machine:")),
                    line("  ", (command, "strong")),
                    plain(""),
                    plain(
                        _("From your own machine:")
                        if host
                        else _("From your own machine, with the name of this server for HOST:")
                    ),
                    line("  ", (over_ssh, "strong")),
                    plain(""),
                    plain(
                        _("The second line was sent to your terminal's clipboard.")
                        if host
                        else _("The first line was sent to your terminal's clipboard."),
                        "dim",
                    ),
                ),
            )
        )

    async def of_letter(self, held: ActivityInFull) -> AttachmentFacts | None:
        """The PDF of a letter; None of any other activity, and of a letter that has none."""
        if held.kind != "letter" or not held.files:
            return None
        found = [await self.app.ask(attachments.facts, number) for number, _name, _size in held.files[-5:]]
        return next((one for one in reversed(found) if one.origin == letters.ORIGIN), None)

    async def print(self, file: AttachmentFacts) -> None:
        """Print a file with the configured command.

        Raises:
            Refused: there is none, or it said no.
        """
        from easir_tui.channels import printing

        if self.app.settings.restricted:
            raise Refused(_("This login may start no other program."))
        source = await self.app.ask(attachments.open_bytes, file.id)
        with source:
            command, name = self.app.settings.print_command, attachments.safe_name(file.name)
            await asyncio.to_thread(printing.print_file, command, name, source)
        self.app.say(_("{name} is printed.").format(name=file.name))

    async def rename(self, file: AttachmentFacts) -> None:
        """Call a file something else."""

        async def save(changed: dict[str, Any], version: int | None) -> Any:
            return await self.app.tell(attachments.rename, file.id, version or file.version, changed["name"])

        field = Field("name", _("Name"), value=file.name, required=True, parse=attachments.file_name)
        if await self.app.show(EditPanel(_("Rename"), (field,), save)):
            self.app.say(_("Renamed"), undo=True)

    async def remove(self, file: AttachmentFacts) -> None:
        """Take a file away from the contact."""
        await self.app.tell(attachments.remove, file.id, file.version)
        self.app.say(_("{name} removed").format(name=file.name), undo=True)


def _this_host() -> str:
    """Who and where one is on this machine as ssh is told, for somebody who came by ssh; "" for everybody else."""
    parts = os.environ.get("SSH_CONNECTION", "").split()
    if len(parts) != 4 or not parts[3].isdigit():
        return ""
    port = "" if parts[3] == "22" else f"-p {parts[3]} "
    return port + shlex.quote(f"{getpass.getuser()}@{parts[2]}")


def _path(typed: str) -> Path:
    if not typed:
        raise Invalid("path", _("Write where."))
    return Path(typed)


def _completions(_me: object, typed: str) -> list[str]:
    return attachments.completions(typed)
