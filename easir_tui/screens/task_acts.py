"""What is done with the task under the cursor, the same in every list of tasks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from easir_tui import clock
from easir_tui.clock import When
from easir_tui.crm import guests, tasks
from easir_tui.crm.tasks import TaskRow
from easir_tui.errors import NeedsConfirmation, Refused
from easir_tui.language import _, ngettext, number
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.edit_panel import EditPanel
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host

T = TypeVar("T")


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
    """Put it in the trash; u brings it back. Who was invited to it is told if the person wants that."""
    await app.tell(tasks.delete, task.id, task.version)
    app.say(_("The task is deleted."), undo=True)
    if task.type == "meeting" and any(one.id == task.id for one in await app.ask(guests.owed)):
        await tell_guests(app, task.id)


async def tell_guests(app: Host, task_id: int) -> None:
    """Ask whether the guests of a meeting are told what has become of it, and tell them."""
    from easir_tui.crm import meeting_mail

    held = next((one for one in await app.ask(guests.owed) if one.id == task_id), None)
    if held is None:
        raise Refused(_("The guests know everything."))
    many = ngettext("{count} guest", "{count} guests", held.guests).format(count=number(held.guests))
    question = _("Tell {guests} that “{title}” is off?") if held.owed == "cancel" else _(
        "Tell {guests} when “{title}” is now?"
    )  # fmt: skip
    if await app.show(ConfirmScreen(question.format(guests=many, title=held.title), title=_("Meeting"))):
        await sent_despite_refusal(app, lambda override: app.tell(meeting_mail.tell, task_id, override))
        app.say(_("The guests get an e-mail."), undo=True)


async def sent_despite_refusal(app: Host, send: Callable[[str], Awaitable[T]]) -> T | None:
    """Send something that a refused consent may stand against; then only if the person says so once more."""
    from easir_tui.crm import activities

    try:
        return await send("")
    except NeedsConfirmation as refused:
        if not await app.show(ConfirmScreen(refused.sentence, _("Write to them all the same, as a service message?"))):
            return None
        return await send(activities.SERVICE_MESSAGE)
