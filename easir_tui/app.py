"""The application: who is logged in, how it looks, which screens there are, and a clean end.

`run` is what the `easir` command calls. Screens are imported when they are first shown; the first one is the
default screen of the application, so that it is painted once and soon.
"""

from __future__ import annotations

from easir_tui import lean  # isort: skip  # noqa: F401 - before asyncio
import asyncio
import gc
import signal
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from textual.binding import Binding
from textual.screen import Screen

from easir_tui import config, faults
from easir_tui.config import Settings
from easir_tui.crm.users import Me
from easir_tui.data.database import Store, open_store
from easir_tui.errors import Refused
from easir_tui.language import _, ngettext
from easir_tui.live import LiveApp
from easir_tui.postman import send_off
from easir_tui.screens.commanded import Commanded
from easir_tui.session import only_one
from easir_tui.widgets.shared_colours import share_colours
from easir_tui.widgets.theme import THEMES

SCREENS = {
    "today": "easir_tui.screens.today:TodayScreen",
    "contacts": "easir_tui.screens.contacts:ContactsScreen",
    "new_contact": "easir_tui.screens.new_contact:NewContactScreen",
    "contact": "easir_tui.screens.contact:ContactScreen",
    "activity": "easir_tui.screens.activity:ActivityScreen",
    "task": "easir_tui.screens.task:TaskScreen",
    "tasks": "easir_tui.screens.tasks:TasksScreen",
    "inbox": "easir_tui.screens.inbox:InboxScreen",
    "case": "easir_tui.screens.case:CaseScreen",
    "new_case": "easir_tui.screens.new_case:NewCaseScreen",
    "case_edit": "easir_tui.screens.case_edit:CaseEditScreen",
    "cases": "easir_tui.screens.cases:CasesScreen",
    "pipeline": "easir_tui.screens.pipeline:PipelineScreen",
    "accounts": "easir_tui.screens.accounts:AccountsScreen",
    "account": "easir_tui.screens.account:AccountScreen",
    "account_edit": "easir_tui.screens.account_edit:AccountEditScreen",
    "new_account": "easir_tui.screens.new_account:NewAccountScreen",
    "leads": "easir_tui.screens.leads:LeadsScreen",
    "lead": "easir_tui.screens.lead:LeadScreen",
    "accept_lead": "easir_tui.screens.accept_lead:AcceptLeadScreen",
    "calls": "easir_tui.screens.calls:CallsScreen",
    "same": "easir_tui.screens.same:SameScreen",
    "open_anything": "easir_tui.screens.open_anything:OpenAnything",
    "reports": "easir_tui.screens.reports:ReportsScreen",
    "people": "easir_tui.screens.people:PeopleScreen",
    "team_edit": "easir_tui.screens.team_edit:TeamEditScreen",
    "settings": "easir_tui.screens.settings:SettingsScreen",
    "paths": "easir_tui.screens.paths:PathsScreen",
    "templates": "easir_tui.screens.templates:TemplatesScreen",
    "template": "easir_tui.screens.template:TemplateScreen",
    "keys": "easir_tui.screens.keys:KeysScreen",
    "drafts": "easir_tui.screens.drafts:DraftsScreen",
    "trash": "easir_tui.screens.trash:TrashScreen",
    "steps": "easir_tui.screens.steps:StepsScreen",
    "help": "easir_tui.screens.help:HelpScreen",
    "palette": "easir_tui.screens.palette:Palette",
    "chooser": "easir_tui.screens.chooser:Chooser",
    "welcome": "easir_tui.screens.welcome:WelcomeScreen",
}
"""Every screen by name."""

DRAFT_SECONDS = 3.0
"""How long a screen may take to keep its draft when the connection is lost."""


class EasirApp(LiveApp):
    """The application for one person on one database."""

    SCREEN_CLASSES = SCREENS

    BINDINGS = [Binding("ctrl+q", "quit", show=False, priority=True, id="quit")]

    CSS = """
    Toast { width: 60; max-width: 80%; padding: 0 1; background: $panel; }
    ToastRack { margin-bottom: 1; }
    """

    def __init__(self, store: Store, me: Me, settings: Settings | None = None) -> None:
        self.store = store
        self.me = me
        self.settings = settings if settings is not None else config.settings()
        self.last_words = ""
        self.begins_again = False
        """Whether to start once more after leaving, for settings that only a start can follow."""
        self.sole = True
        """Whether this is the person's only session here; a draft of another one is not cut off but being typed."""
        self.keep_running = True
        share_colours()
        super().__init__()
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[self._theme_name()].name

    async def follow(self, settings: Settings) -> None:
        """Take up settings that were changed; another language or mouse needs the screens made anew."""
        before, self.settings = self.settings, settings
        self.theme = THEMES[self._theme_name()].name
        if before.keymap != settings.keymap:
            for screen in {*self.screen_stack, *self._kept.values(), *self.kept_screens.values()}:
                if isinstance(screen, Commanded):
                    screen.take_keys()
        if (before.language, before.mouse, before.ascii) != (settings.language, settings.mouse, settings.ascii):
            self.begins_again = True
            await self.leave()

    def _theme_name(self) -> str:
        wished = self.settings.theme
        if wished in THEMES:
            return wished
        return "ansi" if self.console.color_system == "standard" else "dark"

    # -- beginning and end --------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[Any]:
        """The home screen."""
        name = self.settings.home
        home = self._kept[name] = self.make(name)
        self._load_screen_css(home)  # Textual reads the stylesheets of all screens but the first
        return home

    async def on_mount(self) -> None:
        """Listen for the end of the connection, begin to watch for changes."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(number, self._signalled, number)
        if self.settings.theme and self.settings.theme not in THEMES:
            self.say(_("There is no theme “{name}”; there are dark, light and ansi.").format(name=self.settings.theme))
        if self.settings.keymap:
            from easir_tui.commands import table

            if strange := set(self.settings.keymap) - {command.id for command in table()}:
                self.say(
                    _("There is no command {name} to have keys; g b shows all.").format(name=min(strange)), bad=True
                )
        self.app_resume_signal.subscribe(self, lambda _app: self.redraw())
        self.begin_watching()

    async def on_ready(self) -> None:
        """After the first frame: greet a new person, tell of drafts, let the collector leave the start alone."""
        self.set_timer(0.5, _settle_memory)
        await self.count()
        if self.me.first_start:
            await self.push_screen(self.make("welcome"))
        else:
            await self._tell_of_drafts()

    async def _tell_of_drafts(self) -> None:
        from easir_tui.crm import drafts

        waiting = await self.ask(drafts.waiting)
        if waiting:
            if not waiting[0].left and self.sole:
                name, arguments = waiting[0].opens
                await self.open(name, **arguments)
            count = ngettext("{count} draft waits", "{count} drafts wait", len(waiting)).format(count=len(waiting))
            self.say(_("{drafts} · K shows them").format(drafts=count))

    def _signalled(self, number: signal.Signals) -> None:
        if number != signal.SIGINT or not self._lent:
            self._cut_off()

    def _cut_off(self) -> None:
        """The line was dropped, or the process is asked to end."""
        self.drop_lost_terminal()
        self.end_in_any_case()
        self._end = asyncio.ensure_future(self.leave())

    async def leave(self) -> None:
        """Keep every draft, then end."""
        for screen in reversed(list(self.screen_stack)):
            if isinstance(screen, Commanded):
                try:
                    await asyncio.wait_for(screen.save_draft(), DRAFT_SECONDS)
                except Exception as error:  # noqa: BLE001 - the end must come whatever a screen does
                    faults.record(error)
        if self.last_words:
            await self._open_no_draft()
        self.exit(0)

    async def _open_no_draft(self) -> None:
        """A draft whose form has ended the program is not opened by the next start, which would end again."""
        from easir_tui.crm import drafts

        try:
            await self.store.tell(partial(drafts.leave_all, self.me))
        except Exception as error:  # noqa: BLE001 - as above
            faults.record(error)

    async def action_quit(self) -> None:
        """Ctrl+Q: keep drafts and end."""
        await self.leave()

    # -- keys ---------------------------------------------------------------------------------------

    async def acted(self, screen: Screen[Any]) -> None:
        """The next key waits until what the last one started is done, or waits for the person."""
        if isinstance(screen, Commanded):
            await screen.acted()

    def action_help_quit(self) -> None:
        """Ctrl+C, which ends many programs, says how this one is left."""
        self.say(_("Ctrl+Q leaves EASI'R"))

    # -- faults -------------------------------------------------------------------------------------

    def stumble(self, error: Exception) -> None:
        """A fault in an act: logged, told in a sentence; the program goes on."""
        number = faults.record(error)
        self.say(
            _("That went wrong inside EASI'R (fault {number}). What was saved is safe. The log is {file}.").format(
                number=number, file=faults.log_path()
            ),
            bad=True,
        )
        self._note_for_tests(error)

    def _handle_exception(self, error: Exception) -> None:
        """A fault that stopped a widget: the program cannot go on as it is, and ends with a sentence."""
        if isinstance(error, Refused):
            self.report(error)
            return
        number = faults.record(error)
        self.last_words = _(
            "EASI'R had to stop (fault {number}). What was saved is safe, and unsaved text is kept as a draft.\n"
            "Quote the number when you report it; the details are in {file}."
        ).format(number=number, file=faults.log_path())
        self._note_for_tests(error)
        self._return_code = 1
        if self.keep_running:
            self.keep_running = False
            self._cut_off()
        else:
            self._close_messages_no_wait()

    def _note_for_tests(self, error: Exception) -> None:
        if self.is_headless and self._exception is None:
            self._exception = error
            self._exception_event.set()

    # -- places -------------------------------------------------------------------------------------

    async def go(self, name: str) -> None:
        """Go to a place; what stood above the first screen is left, its drafts kept."""
        while len(self.screen_stack) > 1:
            top = self.screen
            if isinstance(top, Commanded):
                await top.save_draft()
            await top.dismiss(None)
        if name not in self._kept:
            self._kept[name] = self.make(name)
        for kept, screen in self._kept.items():
            if not self.is_screen_installed(screen):
                self.install_screen(screen, kept)
        if self.screen is not self._kept[name]:
            if not self.screen._result_callbacks:
                # The first screen was put there, not pushed, and Textual 8.2 takes back what pushing leaves.
                self.screen._push_result_callback(self.screen, None)
            await self.switch_screen(name)
        self.shown.set()

    async def undo(self) -> None:
        """Take back the last change."""
        from easir_tui.crm import undo

        undone = await self.tell(undo.undo)
        self.say(undone.sentence)

    async def open_anything(self) -> None:
        """Find a contact, an account, a case, a lead, a note or a command by a few letters, and open it."""
        below = self.screen
        chosen = await self.show("open_anything", screen=below)
        if chosen is None:
            return
        hit = chosen.value
        if isinstance(hit, str):
            if isinstance(below, Commanded):
                await below.action_command(hit)
        elif hit.kind == "note":
            await self.open("contact", contact_id=hit.contact_id)
        else:
            await self.open(hit.kind, **{f"{hit.kind}_id": hit.id})


def _settle_memory() -> None:
    """Throw away what starting left behind, and spare the collector the rest from now on."""
    gc.collect()
    gc.freeze()


def run(path: Path | None = None) -> int:
    """Open the database and show the application until it is left; the exit code.

    Raises:
        Refused: the database cannot be used, or this login is not enrolled.
    """
    from easir_tui.crm.users import log_in

    store = open_store(path if path is not None else config.database_path())
    begins = True
    try:
        while begins:
            settings = config.settings()
            app = EasirApp(store, log_in(), settings)
            with only_one(store.path, "session") as app.sole:
                code = app.run(mouse=settings.mouse)
            begins = app.begins_again and not app.last_words
        with suppress(Refused):
            send_off(store.path, app.me)
        if app.last_words:
            print(app.last_words, file=sys.stderr)
        return 1 if app.last_words else (code or 0)
    finally:
        store.close()
