"""Commands of the task list, and those the case page has beside the contact page's."""

from __future__ import annotations

from easir_tui.commands import Command
from easir_tui.language import N_

TASKS = N_("Task list")

VIEWS = tuple(
    Command(f"tasks.{name}", str(number), title, tooltip, f"view('{name}')", TASKS)
    for number, (name, title, tooltip) in enumerate(
        (
            ("open", N_("Open"), N_("Everything still to be done, the most urgent first")),
            ("overdue", N_("Overdue"), N_("What should have been done before today")),
            ("today", N_("Today"), N_("What is to be done today")),
            ("later", N_("Later"), N_("What is to be done after today")),
            ("completed", N_("Completed"), N_("What is done, the newest first")),
            ("all", N_("All"), N_("Everything, the open ones first")),
        ),
        start=1,
    )
)
WHOSE = Command("tasks.whose", "w", N_("Whose"), N_("My tasks, a colleague's, or everybody's"), "whose", TASKS, True)
EDIT = Command("tasks.edit", "E", N_("Edit"), N_("Change the task under the cursor"), "edit", TASKS, True)
DELETE = Command("tasks.delete", "d", N_("Delete"), N_("Delete the task under the cursor"), "delete", TASKS)
NARROW = Command(
    "tasks.narrow", "f", N_("Only"), N_("Only tasks of one type, team or relations path"), "narrow", TASKS, True
)
GIVE = Command("tasks.give", "r", N_("Reassign"), N_("Give the marked tasks to a colleague"), "give", TASKS, True)
CONTACT = Command("tasks.contact", "o", N_("Contact"), N_("Open the contact this is about"), "contact", TASKS, True)

CASE = N_("Case")


def _is_open(screen: object) -> bool:
    return getattr(screen, "status", "") == "open"


def _is_closed(screen: object) -> bool:
    return getattr(screen, "status", "") in ("closed", "rejected")


CLOSE = Command("case.close", "C", N_("Close"), N_("Close the case as won or lost"), "close_case", CASE, True, _is_open)
REJECT = Command("case.reject", "R", N_("Reject"), N_("Reject the case, with a reason"), "reject", CASE, True, _is_open)
REOPEN = Command(
    "case.reopen", "R", N_("Reopen"), N_("Open the closed or rejected case again"), "reopen", CASE, True, _is_closed
)
EDIT_CASE = Command("case.edit", "E", N_("Edit"), N_("Change title, value, product, manager"), "edit", CASE, True)


def _has_lead(screen: object) -> bool:
    return bool(getattr(screen, "leads", ()))


LEAD = Command("case.lead", "L", N_("Lead details"), N_("What came with the lead"), "lead", CASE, True, _has_lead)


def _suggests(screen: object) -> bool:
    return bool(getattr(screen, "follow_up_path", ""))


FOLLOW_UP = Command(
    "case.follow_up",
    "F",
    N_("Follow-up case"),
    N_("Open the case that the path suggests next"),
    "follow_up",
    CASE,
    True,
    _suggests,
)
FILES = Command("case.files", "a", N_("Attachments"), N_("The files of this case"), "files", CASE)
DELETE_CASE = Command(
    "case.delete", "D", N_("Delete case"), N_("Delete the case; u brings it back"), "delete_case", CASE
)

TASK_LIST = (*VIEWS, WHOSE, NARROW, GIVE, EDIT, DELETE, CONTACT)
CASE_PAGE = (CLOSE, REJECT, REOPEN, EDIT_CASE, LEAD, FOLLOW_UP, FILES, DELETE_CASE)
ALL = (*TASK_LIST, *CASE_PAGE)
