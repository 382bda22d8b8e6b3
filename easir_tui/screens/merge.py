"""Merging contacts field by field: what each says, whose stands, what moves, what will hold of consents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.widgets import Static

from easir_tui import phones, text
from easir_tui.commands import Command, forms, lists, same
from easir_tui.crm import contact_merge
from easir_tui.crm.contact_facts import ContactFacts
from easir_tui.crm.contact_merge import FieldPlan, MergePlan
from easir_tui.language import _, ngettext, number
from easir_tui.screens.base import EasirScreen
from easir_tui.widgets.content import Part, line, lines
from easir_tui.widgets.host import Host
from easir_tui.widgets.record_list import Cell, Column, RecordList, Row
from easir_tui.widgets.signs import sign
from easir_tui.widgets.words import CHANNELS, CONSENTS, CONTACT_KINDS, FIELDS

HIDDEN = frozenset({"kind", "postcode", "city", "country", "external_ids"})


def columns_of(plan: MergePlan, titles: Sequence[str]) -> tuple[Column, ...]:
    """The name of a field, and a column for each contact."""
    return (
        Column(_("Field"), width=16, role="dim"),
        *(Column(title, min=18, share=1, drop=place) for place, title in enumerate(titles)),
    )  # fmt: skip


def rows_of(plan: MergePlan, ascii_only: bool) -> list[Row]:
    """The fields in which somebody says something, a cell for each contact; a sign stands at what is kept."""
    made = []
    mark = sign("given", ascii_only) + " "
    for place_of_field, one in enumerate(plan.fields, 1):
        said = [words_of(one, place, plan.contacts, plan.fields) for place in range(len(plan.contacts))]
        if one.name in HIDDEN or not any(said):
            continue
        title = _("Address") if one.name == "street" else _(FIELDS[one.name])
        differ = len(set(said)) > 1
        cells: list[Cell] = []
        for place, words in enumerate(said):
            kept = bool(words) and (one.chosen is None or one.chosen == place)
            cells.append(((mark if kept and differ else "  ") + words, "strong" if kept else "dim"))
        made.append(Row(place_of_field, (title, *cells)))
    return made


def words_of(one: FieldPlan, place: int, people: Sequence[ContactFacts], every: Sequence[FieldPlan]) -> str:
    """What a contact says in a field, on one line."""
    held = one.values[place]
    person = people[place]
    match one.name:
        case "account_id":
            return person.company or _(CONTACT_KINDS[person.kind])
        case "responsible_id":
            return person.responsible
        case "emails":
            return ", ".join(item["address"] for item in held)
        case "phones":
            return ", ".join(phones.pretty(item.get("number") or item.get("raw") or "") for item in held)
        case "custom":
            return ", ".join(f"{name}: {said}" for name, said in (held or {}).items())
        case "street":
            by_name = {other.name: other.values[place] for other in every}
            town = f"{by_name['postcode']} {by_name['city']}".strip()
            return ", ".join(filter(None, (by_name["street"], town, by_name["country"])))
    return text.first_line(str(held or ""))


def foot_of(plan: MergePlan) -> list[list[Part]]:
    """What moves, and where the statements on consent differ what will hold."""
    parts = _moving(plan.moving)
    said: list[list[Part]] = [[
        (_("Moves:") + " ", "dim"), (", ".join(parts) or _("nothing hangs on who goes"), ""),
        (" · " + _("u takes it apart again"), "dim"),
    ]]  # fmt: skip
    differing = [one for one in plan.consents if len({*one.states} - {"not_asked"}) > 1]
    if differing:
        words = ", ".join(f"{_(CHANNELS[one.channel])} {_(CONSENTS[one.result])}" for one in differing)
        said.append([(_("Their consents differ; the latest statement counts:") + " ", "warn"), (words, "strong")])
    return said


def _moving(many: Mapping[str, int]) -> list[str]:
    """What moves, in words."""
    said = {
        "sales_case": ngettext("{count} case", "{count} cases", many["sales_case"]),
        "activity": ngettext("{count} activity", "{count} activities", many["activity"]),
        "task": ngettext("{count} task", "{count} tasks", many["task"]),
        "attachment": ngettext("{count} file", "{count} files", many["attachment"]),
        "lead": ngettext("{count} lead", "{count} leads", many["lead"]),
    }
    return [words.format(count=number(many[table])) for table, words in said.items() if many[table]]


class MergeScreen(EasirScreen[int]):
    """`app.show(MergeScreen((7, 12)))`: dismissed with the id of the contact that stays, or None."""

    COMMANDS: ClassVar[tuple[Command, ...]] = (
        forms.SAVE, same.TAKE_LEFT, same.TAKE_RIGHT, same.STAYS, forms.CANCEL, *lists.MOVES[:-1],
    )  # fmt: skip

    DEFAULT_CSS = """
    MergeScreen > #merge-head { height: 1; padding: 0 1; margin-bottom: 1; background: $surface; }
    MergeScreen > RecordList { height: 1fr; }
    MergeScreen > #merge-foot { height: auto; padding: 1 1 0 1; }
    """

    app = getters.app(Host)
    fields = getters.query_one("#merge", RecordList)

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__()
        self.ids = tuple(ids)
        self.chosen: dict[str, int] = {}
        self.plan: MergePlan | None = None

    def compose_body(self) -> ComposeResult:
        """The heading, the fields, what would happen."""
        yield Static(id="merge-head")
        yield RecordList(
            (
                Column(_("Field"), width=16),
                *(Column("", min=18, share=1, drop=place) for place in range(len(self.ids))),
            ),
            id="merge",
        )
        yield Static(id="merge-foot")

    async def on_mount(self) -> None:
        """Read the contacts."""
        self.fields.focus()
        await self.read()

    def help_title(self) -> str:
        """What the help screen calls this screen."""
        return _("Merge contacts")

    async def read(self) -> None:
        """Plan it as it is chosen now."""
        self.plan = await self.app.ask(contact_merge.plan, self.ids[0], self.ids[1:], self.chosen)
        names = ", ".join(one.name for one in self.plan.contacts[1:])
        self.query_one("#merge-head", Static).update(
            line((_("Merge"), "title"), f"  {names} ", ("→", "accent"), " ", (self.plan.stays.name, "strong"),
                 ("  " + _("No.") + f" {self.plan.stays.id}", "dim"))
        )  # fmt: skip
        titles = [
            " · ".join((one.name, _("stays") if place == 0 else _("goes")))
            for place, one in enumerate(self.plan.contacts)
        ]
        self.fields.set_columns(columns_of(self.plan, titles))
        self.fields.set_rows(rows_of(self.plan, self.app.settings.ascii))
        self.query_one("#merge-foot", Static).update(lines(*(line(*one) for one in foot_of(self.plan))))
        self.refresh_commands()

    @property
    def field(self) -> FieldPlan | None:
        """The field under the cursor."""
        at = self.fields.current_id
        return self.plan.fields[at - 1] if self.plan is not None and at else None

    async def action_take(self, by: int) -> None:
        """Take the value of the contact beside; of a field of several values everything is kept anyway."""
        one = self.field
        if one is None:
            return
        if one.chosen is None:
            self.app.say(_("Of this everything is kept."))
            return
        group = contact_merge.TOGETHER.get(one.name, one.name)
        self.chosen[group] = (one.chosen + by) % len(self.ids)
        await self.read()

    async def action_stays(self) -> None:
        """The next of them stays; what was chosen is the same value as before."""
        count = len(self.ids)
        self.ids = (*self.ids[1:], self.ids[0])
        self.chosen = {name: (place - 1) % count for name, place in self.chosen.items()}
        await self.read()

    async def action_save(self) -> None:
        """Merge."""
        await self.app.tell(contact_merge.merge, self.ids[0], self.ids[1:], self.chosen)
        assert self.plan is not None
        said = ngettext(
            "{count} contact merged into {name}.", "{count} contacts merged into {name}.", len(self.ids) - 1
        )
        self.app.say(said.format(count=number(len(self.ids) - 1), name=self.plan.stays.name), undo=True)
        self.dismiss(self.ids[0])
