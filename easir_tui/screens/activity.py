"""The screen of the activity form: note, meeting, e-mail, call or letter with one contact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual.content import Content
from textual.widgets import Static

from easir_tui import clock, config, phones, text
from easir_tui.commands import Command, contact_page, forms
from easir_tui.crm import activities, activity_facts, consent, mail_answers, outbox, tasks
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.activity_facts import ActivityFacts
from easir_tui.crm.consent import ConsentState
from easir_tui.crm.mail_answers import Beginning
from easir_tui.crm.tasks import TYPES
from easir_tui.data.changes import Changes
from easir_tui.errors import NeedsConfirmation, NotFound, Refused
from easir_tui.language import _
from easir_tui.screens.dialling import dial
from easir_tui.screens.form_screen import FormScreen
from easir_tui.widgets.activity_form import ActivityForm
from easir_tui.widgets.content import line, linked, plain
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import CHANNELS, CONSENT_ROLES, CONSENTS


class ActivityScreen(FormScreen):
    """`app.show("activity", kind="call", contact_id=7)`: dismissed with the activity's id, or None.

    Args:
        kind: note, meeting, email, call or letter.
        case_id: the case to preselect.
        task_id: the task that saving ticks off, and that the form begins with.
        draft_id: the draft to go on with without asking.
        answers: the e-mail to reply to, `everybody` to all who got it.
        forwards: the e-mail to pass on.
    """

    KIND = "activity"
    COMMANDS: ClassVar[tuple[Command, ...]] = (forms.SAVE, forms.SERVICE, forms.DIAL, forms.CANCEL, *forms.FIELDS)

    contact_id: int

    def __init__(
        self,
        kind: str,
        contact_id: int,
        case_id: int | None = None,
        task_id: int | None = None,
        draft_id: int | None = None,
        answers: int | None = None,
        everybody: bool = False,
        forwards: int | None = None,
    ) -> None:
        super().__init__()
        self.kind = kind
        self.contact_id = contact_id
        self.case_id = case_id
        self.task_id = task_id
        self.draft_id = draft_id
        self.answers = answers
        self.everybody = everybody
        self.forwards = forwards
        self.beginning: Beginning | None = None
        self.facts: ActivityFacts | None = None
        self.refused: ConsentState | None = None
        self._override = ""

    def draft_key(self) -> str:
        """One draft for each kind, contact and task, and for each e-mail that is answered or passed on."""
        task = f":task:{self.task_id}" if self.task_id else ""
        mail = f":answer:{self.answers}" if self.answers else f":forward:{self.forwards}" if self.forwards else ""
        return f"activity:{self.kind}:{self.contact_id}{task}{mail}"

    def arguments(self) -> dict[str, Any]:
        """What opens this form again."""
        mail = {"answers": self.answers, "everybody": self.everybody, "forwards": self.forwards}
        return {
            "kind": self.kind,
            "contact_id": self.contact_id,
            "case_id": self.case_id,
            "task_id": self.task_id,
        } | {name: held for name, held in mail.items() if held}

    async def build(self) -> ActivityForm:
        """Read the contact, its open cases, consents and the task, and the e-mail that is answered."""
        if self.answers is not None:
            self.beginning = await self.app.ask(mail_answers.answer, self.answers, self.everybody)
        elif self.forwards is not None:
            self.beginning = await self.app.ask(mail_answers.forward, self.forwards)
        if self.beginning is not None and self.case_id is None:
            self.case_id = self.beginning.case_id
        facts = await self.app.ask(activity_facts.read, self.contact_id, self.case_id, self.task_id)
        self.facts = facts
        self._show_head(facts)
        return ActivityForm(self.kind, facts, self.app.zone, self.case_id, self.own_key(), self.beginning)

    def focus_first(self) -> None:
        """The milestones when there is a case, else where the kind's own words go."""
        form = self._form
        first = {"note": "note", "email": "subject", "letter": "body", "meeting": "at", "call": "direction"}[self.kind]
        if self.kind == "email" and self.facts is not None and not self.facts.addresses:
            first = "to"
        if self.beginning is not None:
            form.focus_field("body" if self.beginning.to else "to")
        else:
            form.focus_field("milestones" if form.path is not None else first)

    def prefill(self) -> None:
        """Begin with what the task says."""
        self._form.prefill()

    def built(self) -> None:
        """Say what stands in the way before anything is typed."""
        self._look()

    @property
    def _form(self) -> ActivityForm:
        assert isinstance(self.form, ActivityForm)
        return self.form

    # -- the heading and the warning ------------------------------------------------------------------

    def _show_head(self, facts: ActivityFacts) -> None:
        contact = facts.contact
        parts: list[Any] = [
            (sign(self.kind, self.app.settings.ascii) + " ", "accent"),
            (_(activities.KINDS[self.kind]), "title"),
            "  ",
            (contact.name, "strong"),
        ]
        if contact.account_name:
            parts += [(" · " + contact.account_name, "dim")]
        self.query_one("#form-head", Static).update(line(*parts))
        self.query_one("#form-side", Static).update(self._link(facts) + self._consent(facts))
        if facts.task is not None:
            info = self.query_one("#form-info", Static)
            info.display = True
            info.update(
                line(
                    (sign("given", self.app.settings.ascii) + " ", "good"),
                    _("Saving completes the task of {when}:").format(
                        when=clock.say_when(facts.task.when, self.app.zone)
                    ),
                    " ",
                    (text.first_line(facts.task.note) or _(TYPES[facts.task.type]), "strong"),
                )
            )

    def _link(self, facts: ActivityFacts) -> Content:
        """The primary number as a link that the person's own terminal may dial."""
        number = facts.numbers[0][0] if self.kind == "call" and facts.numbers else ""
        if not phones.key(number):
            return line("")
        return linked(plain(phones.pretty(number)).stylize("underline"), f"tel:{number}")

    def _consent(self, facts: ActivityFacts) -> Content:
        """What the contact has said about this channel; not asked is neither yes nor no (V14)."""
        channel = activities.CHANNELS.get(self.kind)
        if channel is None:
            return line("")
        state = facts.consent(channel)
        said = f"{sign(state.state, self.app.settings.ascii)} {_(CHANNELS[channel])} {_(CONSENTS[state.state])}"
        return line("  ", (said, CONSENT_ROLES[state.state]))

    def on_activity_form_looked(self, _event: ActivityForm.Looked) -> None:
        """The channel may be another now."""
        self._look()

    def _look(self) -> None:
        """Warn of a refused channel, and of an e-mail nobody can be sent."""
        if self.facts is None or self.form is None:
            return
        form = self._form
        would_be = ActivityInput(
            self.contact_id,
            self.kind,
            direction=str(form.row("direction").raw) if self.kind == "call" else "",
            email=activities.Email() if form.writes_mail else None,
        )
        self.refused = activities.refused_channel(would_be, self.facts.consents)
        warning = self.query_one("#form-warning", Static)
        if self.refused is not None:
            warning.update(
                line(
                    (sign("refused", self.app.settings.ascii) + " ", "bad"),
                    (activities.refusal(self.app.me, self.refused), "strong"),
                    " ",
                    _("F9 saves it as a service message."),
                )
            )
        elif form.writes_mail and not str(form.row("to").raw).strip():
            warning.update(
                plain(_("No e-mail address is known, so an e-mail cannot be saved as to be sent. Write one under To."))
            )
        elif form.writes_mail:
            warning.update("")
        elif self._has_no_postal_address:
            warning.update(plain(_("No postal address is known: the window of the envelope would show the name only.")))
        warning.display = (
            self.refused is not None
            or (form.writes_mail and not str(form.row("to").raw).strip())
            or self._has_no_postal_address
        )
        self.refresh_commands()

    @property
    def _has_no_postal_address(self) -> bool:
        return self.kind == "letter" and self.facts is not None and not self.facts.postal

    # -- saving ---------------------------------------------------------------------------------------

    async def action_service_message(self) -> None:
        """Save although the channel was refused: a message the contact must have."""
        self._override = activities.SERVICE_MESSAGE
        try:
            await self.action_save()
        finally:
            self._override = ""

    async def save(self) -> int | None:
        """Save the activity with everything that follows from it."""
        form = self._form
        given = form.read(self._override if self.refused is not None else "")
        if given is None:
            return None
        try:
            made = await self.app.tell(activities.record, given)
        except NeedsConfirmation as error:
            await self._read_consents()
            raise Refused(error.sentence, _("F9 saves it as a service message.")) from error
        except Refused as error:
            if await self._is_done_already():
                form.without_task()
                raise Refused(error.sentence, _("Save again to record it without the task.")) from error
            raise
        self.app.say(self._said(given), undo=True)
        return made.activity_id

    async def _is_done_already(self) -> bool:
        """Whether somebody completed or deleted the task while this was being written."""
        if self._form.facts.task is None:
            return False
        try:
            return (await self.app.ask(tasks.one, self._form.facts.task.id)).status == "completed"
        except NotFound:
            return True

    async def changed(self, changes: Changes) -> None:
        """A colleague recorded a consent: the warning comes or goes, what is typed stays."""
        if "consent" in changes.tables and self.contact_id in changes.contacts:
            await self._read_consents()

    async def _read_consents(self) -> None:
        if self.facts is not None:
            consents = await self.app.ask(consent.of, self.contact_id)
            self.facts = replace(self.facts, consents=consents)
            self._show_head(self.facts)
            self._look()

    def _said(self, given: ActivityInput) -> str:
        if self.kind == "email":
            return self._said_of_mail()
        saved = {
            "note": _("The note is saved."),
            "meeting": _("The meeting is saved."),
            "call": _("The call is saved."),
            "letter": self._said_of_letter(),
        }[self.kind]
        if given.email is not None:
            return saved + " " + self._said_of_mail()
        return saved

    def _said_of_mail(self) -> str:
        """When it goes out; until then undo takes it back."""
        if config.mail().get("smtp"):
            return _("The e-mail goes out in {n} seconds.").format(n=outbox.GRACE)
        return _("The e-mail waits: the settings name no mail server.")

    def _said_of_letter(self) -> str:
        """What the PDF is good for, and the keys on the letter or its file that do it."""
        fetch, out = self.signs_of(contact_page.FETCH, 1), self.signs_of(contact_page.PRINT, 1)
        if contact_page.can_print(self):
            return _("The letter is saved. On it, {fetch} fetches the PDF, {print} prints it.").format(
                fetch=fetch, print=out
            )
        return _("The letter is saved. On it, {fetch} fetches the PDF.").format(fetch=fetch)

    async def action_dial(self) -> None:
        """Dial the number chosen with the configured command; without one the heading holds a link to it."""
        await dial(self.app, str(self._form.row("number").raw))
