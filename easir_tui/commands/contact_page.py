"""Commands of the contact page and the case page."""

from __future__ import annotations

from typing import Any

from easir_tui.commands import Command
from easir_tui.language import N_

GROUP = N_("Contact and case")


def can_print(screen: Any) -> bool:
    """Whether the settings name a program that prints, and this login may start it."""
    settings = screen.app.settings
    return bool(settings.print_command) and not settings.restricted


NOTE = Command("contact.note", "n", N_("Note"), N_("Write a note"), "note", GROUP, True)
MEETING = Command("contact.meeting", "m", N_("Meeting"), N_("Record a meeting"), "meeting", GROUP, True)
EMAIL = Command("contact.email", "e", N_("E-mail"), N_("Write an e-mail"), "email", GROUP, True)
CALL = Command("contact.call", "c", N_("Call"), N_("Call, or record a call"), "call", GROUP, True)
LETTER = Command("contact.letter", "l", N_("Letter"), N_("Write a letter"), "letter", GROUP, True)
PLAN = Command("contact.plan", "p", N_("Plan"), N_("Plan a task"), "plan", GROUP, True)
EDIT = Command("contact.edit", "E", N_("Edit"), N_("Edit what has the focus"), "edit", GROUP, True)
EDIT_BLOCK = Command(
    "block.edit", "enter", N_("Edit the block"), N_("Use the pen of this block"), "focused.block_edit", GROUP
)
TAB_1 = Command("contact.tab_1", "1", N_("First tab"), N_("Show the first tab"), "tab(1)", GROUP)
TAB_2 = Command("contact.tab_2", "2", N_("Second tab"), N_("Show the second tab"), "tab(2)", GROUP)
TAB_3 = Command("contact.tab_3", "3", N_("Third tab"), N_("Show the third tab"), "tab(3)", GROUP)
TAB_4 = Command("contact.tab_4", "4", N_("Fourth tab"), N_("Show the fourth tab"), "tab(4)", GROUP)
COMPLETE = Command("task.complete", "t", N_("Complete"), N_("Complete the task under the cursor"), "complete", GROUP)
ATTACH = Command("contact.attach", "a", N_("Attach"), N_("Attach a file"), "attach", GROUP)
NEW_CASE = Command("contact.new_case", "N", N_("New case"), N_("Open a new case"), "new_case", GROUP)
SIDE_BAR = Command("contact.side_bar", "s", N_("Side bar"), N_("Show or fold the side bar"), "side_bar", GROUP)
NOTES = Command("contact.notes", "o", N_("Notes"), N_("Show or fold the notes"), "notes", GROUP)
SEARCH = Command("contact.search", "slash", N_("Search"), N_("Search in what has the focus"), "search", GROUP, True)
PREVIOUS = Command(
    "contact.previous",
    "less_than_sign",
    N_("Previous"),
    N_("The previous contact of the list you came from"),
    "previous",
    GROUP,
)
NEXT = Command(
    "contact.next", "greater_than_sign", N_("Next"), N_("The next contact of the list you came from"), "next", GROUP
)
COPY = Command("contact.copy", "y", N_("Copy"), N_("Copy the phone number or e-mail address"), "copy", GROUP)
DELETE = Command("contact.delete", "d", N_("Delete"), N_("Delete what is under the cursor"), "delete", GROUP)
NEW_NOTE = Command("notes.new", "plus", N_("Write"), N_("Write a note in the notes pane"), "new_note", GROUP)
PRINT = Command(
    "letter.print",
    "P",
    N_("Print"),
    N_("Print the letter or the file with your print command"),
    "print",
    GROUP,
    allowed=can_print,
)
FETCH = Command("letter.fetch", "y", N_("Fetch"), N_("Copy the command that fetches the PDF"), "fetch", GROUP, True)
DELETE_CONTACT = Command(
    "contact.delete_contact", "D", N_("Delete contact"), N_("Delete the contact"), "delete_contact", GROUP
)
SNOOZE = Command("task.snooze", "z", N_("Snooze"), N_("Move the task to later"), "snooze", GROUP)

ACTIVITIES = (NOTE, MEETING, EMAIL, CALL, LETTER)
TABS = (TAB_1, TAB_2, TAB_3, TAB_4)
ALL = (
    *ACTIVITIES,
    PLAN,
    EDIT,
    EDIT_BLOCK,
    *TABS,
    COMPLETE,
    SNOOZE,
    ATTACH,
    NEW_CASE,
    SIDE_BAR,
    NOTES,
    NEW_NOTE,
    SEARCH,
    PREVIOUS,
    NEXT,
    COPY,
    PRINT,
    FETCH,
    DELETE,
    DELETE_CONTACT,
)
