"""Commands that work on every screen, and the places one can go to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Everywhere")


@dataclass(frozen=True, slots=True)
class Place:
    """A screen one can go to: `key` in the go-to menu; with a `function_key` it stands in the top bar as well."""

    name: str
    key: str
    function_key: str
    title: str
    tooltip: str


PLACES = (
    Place("today", "t", "f2", N_("Today"), N_("Go to what is to be done today")),
    Place("contacts", "c", "f3", N_("Contacts"), N_("Go to the contacts")),
    Place("accounts", "a", "f4", N_("Accounts"), N_("Go to the accounts")),
    Place("cases", "s", "f5", N_("Cases"), N_("Go to the cases")),
    Place("leads", "l", "f6", N_("Leads"), N_("Go to the leads")),
    Place("tasks", "k", "f7", N_("Tasks"), N_("Go to the tasks")),
    Place("inbox", "i", "f8", N_("Inbox"), N_("Go to the inbox")),
    Place("pipeline", "v", "", N_("Pipeline"), N_("Go to the open cases by milestone")),
    Place("calls", "p", "", N_("Call mode"), N_("Make today's calls one after another")),
    Place("same", "d", "", N_("Duplicates"), N_("Go to contacts that may be one person")),
    Place("reports", "r", "", N_("Reports"), N_("Go to the reports")),
    Place("people", "u", "", N_("Users and teams"), N_("Go to the users and teams")),
    Place("paths", "w", "", N_("Relations paths"), N_("Go to the relations paths and their milestones")),
    Place("templates", "e", "", N_("Templates"), N_("Go to the texts to begin with")),
    Place("keys", "b", "", N_("Own keys"), N_("Go to the keys of all commands")),
)
"""The places there are, in the order of the top bar."""


HELP = Command(
    "help", "question_mark,f1", N_("Help"), N_("The keys of this screen, and what they do"), "help", GROUP, True
)
PALETTE = Command("palette", "ctrl+p", N_("Commands"), N_("Find a command by its name"), "palette", GROUP, False)
GO = Command("go", "g", N_("Go to"), N_("Choose the screen to go to"), "go_to", GROUP, True)
OPEN_ANYTHING = Command(
    "open",
    "ctrl+o",
    N_("Open anything"),
    N_("Open a contact, an account, a case, a lead: type a name, a number, a word"),
    "open_anything",
    GROUP,
)
UNDO = Command("undo", "u", N_("Undo"), N_("Take back your last change"), "undo", GROUP, True)
STEPS = Command("steps", "U", N_("Last changes"), N_("The list of your last changes; undo any of them"), "steps", GROUP)
BACK = Command("back", "escape", N_("Back"), N_("Back to where you came from"), "back", GROUP)
LEAVE = Command("leave", "q", N_("Back or leave"), N_("Back; at the first screen, leave EASI'R"), "leave", GROUP)
DRAFTS = Command("drafts", "K", N_("Drafts"), N_("Resume what you began and have not saved"), "drafts", GROUP)
TRASH = Command("trash", "T", N_("Trash"), N_("What was deleted, to take out again"), "trash", GROUP)
REDRAW = Command("redraw", "ctrl+l", N_("Redraw"), N_("Draw the screen anew"), "redraw", GROUP)
NEXT_PANE = Command("pane.next", "tab", N_("Next pane"), N_("Move to the next pane or field"), "next_pane", GROUP)
PREVIOUS_PANE = Command(
    "pane.previous",
    "shift+tab",
    N_("Previous pane"),
    N_("Move to the pane or field before"),
    "previous_pane",
    GROUP,
)
SETTINGS = Command(
    "settings",
    "",
    N_("Settings"),
    N_("Your profile, the sender of your mail, language and looks"),
    "settings",
    GROUP,
    typed=f"{GO.keys} o",
)
PLACE_COMMANDS = tuple(
    Command(
        f"go.{place.name}",
        place.function_key,
        place.title,
        place.tooltip,
        f"go('{place.name}')",
        GROUP,
        typed=f"{GO.keys} {place.key}",
    )
    for place in PLACES
)

ALL = (
    HELP,
    PALETTE,
    GO,
    OPEN_ANYTHING,
    UNDO,
    STEPS,
    DRAFTS,
    TRASH,
    BACK,
    LEAVE,
    NEXT_PANE,
    PREVIOUS_PANE,
    REDRAW,
    *PLACE_COMMANDS,
    SETTINGS,
)

IN_DIALOGS = (replace(HELP, footer=False), NEXT_PANE, PREVIOUS_PANE)
"""What remains of them while a dialog waits for its answer."""
