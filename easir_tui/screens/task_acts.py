"""What is done with the task under the cursor, the same in every list of tasks."""

from __future__ import annotations

from easir_tui import clock
from easir_tui.clock import When
from easir_tui.crm import tasks
from easir_tui.crm.tasks import TaskRow
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host


async def complete(app: Host, task: TaskRow) -> None:
    """Tick a reminder off; of any other open the activity it becomes, prefilled. A completed one opens again."""
    if task.status == "completed":
        await app.tell(tasks.reopen, task.id, task.version)
        app.say(_("The task is open again."), undo=True)
    elif task.type == "remind":
        await app.tell(tasks.complete, task.id, task.version)
        app.say(_("Completed"), undo=True)
    else:
        await app.show("activity", kind=task.type, contact_id=task.contact_id, case_id=task.case_id, task_id=task.id)


async def snooze(app: Host, task: TaskRow) -> None:
    """Ask until when with one key, and move it there."""
    if task.status == "completed":
        raise Refused(_("The task is completed already."))
    choices = (("t", _("tomorrow"), "tomorrow"), ("m", _("Monday"), "monday"), ("w", _("in a week"), "week"))
    items = [
        MenuItem(key, label, name, clock.say_when(tasks.snoozed_to(task, name, app.me), app.zone))  # type: ignore[arg-type]
        for key, label, name in choices
    ]
    chosen = await app.show(MenuScreen(_("Snooze until"), [*items, MenuItem("n", _("another time …"), "typed")]))
    if chosen is None:
        return
    if chosen == "typed":
        await _snooze_typed(app, task)
        return
    when = tasks.snoozed_to(task, chosen, app.me)
    await app.tell(tasks.snooze, task.id, task.version, when)
    _moved(app, when)


async def _snooze_typed(app: Host, task: TaskRow) -> None:
    async def save(changed: dict[str, When], version: int | None) -> None:
        await app.tell(tasks.snooze, task.id, version or task.version, changed["when"])
        _moved(app, changed["when"])

    await app.show(
        EditPanel(
            _("Snooze until"),
            [Field("when", _("When"), "when", hint=_("fri 10, +2w, tomorrow 9"), required=True)],
            save=save,
        )
    )


def _moved(app: Host, when: When) -> None:
    app.say(_("Moved to {when}.").format(when=clock.say_when(when, app.zone)), undo=True)


async def delete(app: Host, task: TaskRow) -> None:
    """Put it in the trash; u brings it back."""
    await app.tell(tasks.delete, task.id, task.version)
    app.say(_("The task is deleted."), undo=True)
