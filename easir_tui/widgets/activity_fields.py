"""The fields of the activity form, kind by kind, and how what is typed in them is read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from easir_tui import clock, config, phones, relations
from easir_tui.clock import When
from easir_tui.crm import activities, templates
from easir_tui.crm.activity_facts import ActivityFacts
from easir_tui.crm.mail_answers import Beginning
from easir_tui.crm.tasks import TYPES
from easir_tui.errors import Invalid
from easir_tui.language import _, ngettext, size
from easir_tui.relations import Milestone, RelationsPath
from easir_tui.widgets.fields import Field
from easir_tui.widgets.words import label_text

NO_CASE = 0
"""The value of the case field for an activity that belongs to none."""

NEW_CASE = -1
"""Its value for a case that is opened on the way."""

OTHER_NUMBER = "other"


def fields_of(
    kind: str, facts: ActivityFacts, zone: ZoneInfo, case: int, beginning: Beginning | None = None
) -> list[Field]:
    """The fields for one kind of activity, in the order of the form; the milestones come after the case.

    `beginning` is the e-mail that this one answers or passes on.
    """
    own = _mail_fields(facts, True, beginning) if kind == "email" else _kind_fields(kind, facts, zone)
    return [*_case_fields(facts, case), *own, *_note_fields(kind), *_step_fields()]


def _case_fields(facts: ActivityFacts, case: int) -> list[Field]:
    choices = [(NO_CASE, _("no case"))]
    choices += [(one.id, f"{one.title} · {one.path.title}") for one in facts.cases]
    choices += [(NEW_CASE, _("new case"))]
    paths = relations.paths()
    return [
        Field("case", _("Case"), "choice", value=case, choices=choices),
        Field("new_title", _("Title"), hint=_("what the contact wants")),
        Field(
            "new_path",
            _("Path"),
            "choice",
            choices=[(key, path.title) for key, path in paths.items()],
        ),
    ]


def _kind_fields(kind: str, facts: ActivityFacts, zone: ZoneInfo) -> list[Field]:
    match kind:
        case "call":
            return [
                Field(
                    "direction",
                    _("Direction"),
                    "choice",
                    choices=(("out", _("I called")), ("in", _("they called"))),
                ),
                _number_field(facts),
                Field(
                    "outcome",
                    _("Outcome"),
                    "choice",
                    choices=[(key, _(title)) for key, title in activities.CALL_OUTCOMES.items()],
                ),
                Field("minutes", _("Duration"), "minutes", hint=_("timed from now on")),
                _when_field(zone),
            ]
        case "meeting":
            return [
                _when_field(zone),
                Field("minutes", _("Duration"), "minutes", hint=_("45, 1:30, 2 h")),
                Field("place", _("Place"), hint=_("showroom, their office, on site")),
                Field(
                    "mail",
                    _("E-mail too"),
                    "choice",
                    value=False,
                    choices=((False, _("no")), (True, _("yes, send one"))),
                ),
                *_mail_fields(facts, copies=False),
            ]
        case "note":
            return [_suggestion_field()]
        case "letter":
            return [
                Field("subject", _("Subject"), hint=_("in bold above the letter; may be left empty")),
                _suggestion_field(),
                Field("body", _("Letter"), "long", rows=8, hint=_("the text of the letter")),
            ]
    return []


def _mail_fields(facts: ActivityFacts, copies: bool, beginning: Beginning | None = None) -> list[Field]:
    def to(typed: str) -> tuple[str, ...]:
        return activities.addresses(typed, "to")

    def cc(typed: str) -> tuple[str, ...]:
        return activities.addresses(typed, "cc")

    def bcc(typed: str) -> tuple[str, ...]:
        return activities.addresses(typed, "bcc")

    made = [
        Field(
            "to",
            _("To"),
            value=", ".join(beginning.to) if beginning else facts.addresses[0] if facts.addresses else "",
            parse=to,
            hint=_("whom to pass it on to") if beginning and not beginning.to else _("no e-mail address is known"),
        )
    ]
    if copies:
        made += [Field("cc", "Cc", value=", ".join(beginning.cc) if beginning else "", parse=cc)]
        made += [Field("bcc", "Bcc", parse=bcc)]
    made += [
        Field("subject", _("Subject"), value=beginning.subject if beginning else ""),
        _suggestion_field(),
        Field("body", _("Text"), "long", value=beginning.body if beginning else "", rows=8 if beginning else 5),
    ]
    if beginning and beginning.files:
        made += [Field("along", _("Its files"), "choice", value=True, choices=_along(beginning))]
    if copies and not config.settings().restricted:
        made += [
            Field(
                "files",
                _("Attach"),
                hint=_("~/offers/id4.pdf; more paths after a semicolon"),
                parse=paths_of,
                echo=_said_of_files,
            )
        ]
    return made


def _along(beginning: Beginning) -> tuple[tuple[bool, str], ...]:
    names = ", ".join(f"{name} ({size(many)})" for _id, name, many in beginning.files)
    return ((True, _("pass on {files}").format(files=names)), (False, _("leave them out")))


def _note_fields(kind: str) -> list[Field]:
    rows = {"note": 6, "email": 2, "letter": 2}.get(kind, 4)
    return [
        Field(
            "note",
            _("Note"),
            "long",
            rows=rows,
            hint="" if kind == "note" else _("for the notes of the contact; colleagues read it too"),
        )
    ]


def _step_fields() -> list[Field]:
    return [
        Field(
            "step_type",
            _("Next step"),
            "choice",
            choices=[("", _("none")), *((key, _(title)) for key, title in TYPES.items())],
        ),
        Field("step_when", _("When"), "when", hint=_("fri 10, +2w, tomorrow 9")),
        Field("step_note", _("To do"), hint=_("what is to be done then")),
    ]


def _number_field(facts: ActivityFacts) -> Field:
    choices = [
        (number, phones.pretty(number) + (f" · {label_text(label)}" if label else ""))
        for number, label in facts.numbers
    ]
    return Field("number", _("Number"), "choice", choices=[*choices, (OTHER_NUMBER, _("another number"))])


def _when_field(zone: ZoneInfo) -> Field:
    def read(typed: str) -> When | None:
        if not typed:
            return None
        when = clock.parse_when(typed, zone, past=True)
        if when.at is None:
            raise Invalid("at", _("Write the time of day too, for example “{text} 10”.").format(text=typed))
        return when

    def say(typed: str) -> str:
        when = read(typed)
        return clock.say_when(when, zone) if when else ""

    return Field("at", _("When"), hint=_("now"), parse=read, echo=say)


def paths_of(typed: str) -> tuple[Path, ...]:
    """The files named in a field, divided by semicolons; `~` is the home folder.

    Raises:
        Invalid: of `files`: one is not there, is no file, or may not be read.
    """
    found: list[Path] = []
    for part in typed.split(";"):
        name = part.strip().strip("'\"")
        if not name:
            continue
        path = Path(os.path.expanduser(name))
        if not os.path.isfile(path):
            raise Invalid("files", _("There is no file {file}.").format(file=name))
        if not os.access(path, os.R_OK):
            raise Invalid("files", _("You may not read {file}.").format(file=name))
        if path not in found:
            found.append(path)
    return tuple(found)


def _said_of_files(typed: str) -> str:
    files = paths_of(typed)
    total = sum(path.stat().st_size for path in files)
    return ngettext("{n} file, {size}", "{n} files, {size}", len(files)).format(n=len(files), size=size(total))


def follow_up(milestones: Sequence[Milestone]) -> tuple[str, str]:
    """The next step the furthest of the chosen milestones proposes: type, and when as a person would type it."""
    for milestone in reversed(milestones):
        if milestone.follow_up_days is not None and milestone.follow_up_type:
            return milestone.follow_up_type, f"+{milestone.follow_up_days}d"
    return "", ""


TEMPLATES = {"meeting": "email", "email": "email", "letter": "letter", "note": "note"}
"""Kind of activity → the kind of template that begins it."""


def suggestions(
    kind: str, facts: ActivityFacts, path: RelationsPath | None, milestones: Sequence[Milestone]
) -> list[tuple[str | int, str]]:
    """What a text may begin with, for a choice field: templates by their id, short texts by themselves."""
    held = [one for one in facts.templates if one.kind == TEMPLATES.get(kind)]
    keys = [milestone.key for milestone in milestones]
    offered = templates.offered(held, path.key if path else "", keys, facts.language)
    texts = [text for milestone in milestones for text in milestone.suggestions if kind != "note"]
    return [
        ("", "—"),
        *((one.id, one.title) for one in offered),
        *((text, text) for text in dict.fromkeys(texts)),
    ]


def _suggestion_field() -> Field:
    return Field("suggestion", _("Suggestion"), "choice", choices=(("", "—"),))


def elapsed_minutes(opened_at: int) -> int:
    """Whole minutes since the form was opened, a begun one counted: what the timer of a call shows."""
    return max(1, -(-(clock.now() - opened_at) // 60))
