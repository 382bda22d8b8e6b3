"""What is done with leads, the same from the list, from the page of one, and from Today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from easir_tui.crm import lead_accept, leads
from easir_tui.language import _, ngettext, number
from easir_tui.screens.confirm import ConfirmScreen
from easir_tui.screens.edit_panel import EditPanel, Kept
from easir_tui.screens.menu import TextScreen
from easir_tui.widgets.content import lines, plain
from easir_tui.widgets.fields import Field
from easir_tui.widgets.host import Host


async def accept(app: Host, lead_id: int) -> int | None:
    """The wizard for one lead; the case it has become is opened."""
    await app.ask(lead_accept.plan, lead_id)
    case_id: int | None = await app.show("accept_lead", lead_id=lead_id)
    if case_id is not None:
        await app.open("case", case_id=case_id)
    return case_id


async def accept_many(app: Host, ids: Sequence[int]) -> bool:
    """Each as it is proposed, after a question that says how many; then what became of each (faults 23)."""
    question = ngettext(
        "Accept {count} lead as it is proposed?", "Accept {count} leads as they are proposed?", len(ids)
    )
    detail = _("Exact matches are used, everything else is made new. u brings one after the other back.")
    if not await app.show(ConfirmScreen(question.format(count=number(len(ids))), detail)):
        return False
    summary = await app.tell(lead_accept.accept_many, tuple(ids))
    done = len(summary.done)
    words = ngettext("{count} lead accepted.", "{count} leads accepted.", done).format(count=number(done))
    await _say(app, _("Accepted"), words, summary.left)
    return True


async def _say(app: Host, title: str, words: str, left: Sequence[tuple[int, str, str]]) -> None:
    """What was done, and of every lead that was left why."""
    if left:
        words += " " + ngettext("{count} not:", "{count} not:", len(left)).format(count=number(len(left)))
        told = (f"{name or lead_id}: {why}" for lead_id, name, why in left)
        await app.show(TextScreen(title, lines(plain(words), *(plain(one) for one in told))))
    else:
        app.say(words, undo=True)


async def reject(app: Host, ids: Sequence[int]) -> bool:
    """Ask why, and reject for the whole team; one that somebody else ended first is named."""

    left: tuple[tuple[int, str, str], ...] = ()

    async def save(changed: dict[str, Any], _version: int | None) -> None:
        nonlocal left
        if len(ids) == 1:
            await app.tell(leads.reject, ids[0], changed["reason"])
        else:
            left = await app.tell(leads.reject_many, tuple(ids), changed["reason"])

    title = _("Reject the lead") if len(ids) == 1 else _("Reject {count} leads").format(count=number(len(ids)))
    done = await app.show(EditPanel(
        title,
        [Field("reason", _("Reason"), hint=_("wrong number, not our area, spam"), required=True)],
        save=save,
        kept=Kept(f"lead:{ids[0]}", None, "reject"),
    ))  # fmt: skip
    if done is None:
        return False
    rejected = len(ids) - len(left)
    words = ngettext("{count} lead rejected.", "{count} leads rejected.", rejected).format(count=number(rejected))
    await _say(app, _("Rejected"), words, left)
    return True
