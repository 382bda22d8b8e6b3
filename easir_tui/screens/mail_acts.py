"""What is done with an e-mail, the same in the inbox and where one is read."""

from __future__ import annotations

from easir_tui.crm import activity_facts, activity_page, inbox, mail_filing, outbox
from easir_tui.crm.activity_facts import CaseChoice
from easir_tui.errors import Refused
from easir_tui.language import _, ngettext, number
from easir_tui.screens.menu import MenuItem, MenuScreen
from easir_tui.widgets.host import Host

NEW_CASE, NO_CASE = -1, 0


async def write(app: Host, activity_id: int, contact_id: int, how: str) -> int | None:
    """Answer an e-mail (`reply`, `reply_all`) or pass it on (`forward`); the id of what was written, or None."""
    about = {"forwards": activity_id} if how == "forward" else {"answers": activity_id, "everybody": how == "reply_all"}
    made: int | None = await app.show("activity", kind="email", contact_id=contact_id, **about)
    return made


async def file_to_case(app: Host, activity_id: int) -> bool:
    """Ask for a case of the contact and the milestone it is at, and file the e-mail there."""
    held = await app.ask(activity_page.activity, activity_id)
    facts = await app.ask(activity_facts.read, held.contact_id, held.case_id)
    items = [MenuItem(_key(at), one.title, one.id, one.path.title) for at, one in enumerate(facts.cases, 1)]
    items.append(MenuItem("n", _("new case"), NEW_CASE))
    if held.case_id is not None:
        items.append(MenuItem("0", _("no case"), NO_CASE))
    chosen = await app.show(MenuScreen(_("To a case"), items))
    if chosen == NEW_CASE:
        chosen = await app.show("new_case", contact_id=held.contact_id)
        facts = await app.ask(activity_facts.read, held.contact_id, chosen) if chosen else facts
    if chosen is None:
        return False
    if chosen == NO_CASE:
        await app.tell(mail_filing.file_to, activity_id, None)
        app.say(_("The e-mail is on no case any more."), undo=True)
        return True
    case = next(one for one in facts.cases if one.id == chosen)
    milestone = await _milestone(app, case)
    if milestone is None:
        return False
    await app.tell(mail_filing.file_to, activity_id, case.id, (milestone,))
    app.say(_("Filed to {case}.").format(case=case.title), undo=True)
    return True


async def _milestone(app: Host, case: CaseChoice) -> str | None:
    if not case.path.milestones:
        raise Refused(
            _("The settings no longer hold this case's relations path “{name}”.").format(name=case.path.title)
        )
    items = [MenuItem(_key(at), one.title, one.key) for at, one in enumerate(case.path.milestones, 1)]
    chosen: str | None = await app.show(MenuScreen(_("Milestone"), items))
    return chosen


def _key(at: int) -> str:
    return str(at) if at < 10 else " "


async def new_lead(app: Host, activity_id: int) -> None:
    """Make a lead of the e-mail and show it."""
    lead_id = await app.tell(mail_filing.new_lead, activity_id)
    app.say(_("The e-mail is a lead now."), undo=True)
    await app.open("lead", lead_id=lead_id)


async def keep_out(app: Host, activity_id: int) -> bool:
    """Ask what is to be kept out, and do it; True when the e-mail is gone from here."""
    held = await app.ask(activity_page.activity, activity_id)
    address = await app.ask(inbox.sender_of, activity_id)
    facts = await app.ask(activity_facts.read, held.contact_id)
    chosen = await app.show(
        MenuScreen(
            _("Keep out"),
            [
                MenuItem("m", _("this message"), "message"),
                MenuItem("a", _("everything from this address"), "address", address),
                MenuItem("c", _("everything of this contact"), "contact", facts.contact.name),
                MenuItem("l", _("let something in again …"), "let_in"),
            ],
        )
    )
    if chosen == "let_in":
        await _let_in(app)
        return False
    if chosen is None:
        return False
    count = await app.tell(mail_filing.keep_out, activity_id, chosen)
    words = ngettext("{count} e-mail is kept out.", "{count} e-mails are kept out.", count)
    app.say(words.format(count=number(count)), undo=True)
    await app.count()
    return True


async def _let_in(app: Host) -> None:
    kept = await app.ask(mail_filing.kept_out)
    if not kept:
        raise Refused(_("Nothing is kept out."))
    items = [
        MenuItem(_key(at), one.address or one.contact, one.id, _("address") if one.address else _("contact"))
        for at, one in enumerate(kept, 1)
    ]
    chosen = await app.show(MenuScreen(_("Let in again"), items))
    if chosen is not None:
        await app.tell(mail_filing.let_in, chosen)
        app.say(_("New e-mails of it are taken in again."), undo=True)


async def send_again(app: Host, activity_id: int) -> None:
    """Send it once more."""
    await app.tell(outbox.again, activity_id)
    app.say(_("It goes out again."), undo=True)


async def settle(app: Host, activity_id: int) -> None:
    """Take it as sent."""
    await app.tell(outbox.settle, activity_id)
    app.say(_("Taken as sent"), undo=True)
