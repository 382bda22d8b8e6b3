"""Importing address files: look first, then store, in batches, as one step that can be taken back.

`preview` says what would happen and stores nothing; `run` does the same and stores it. Both count every
record once: created, updated, unchanged or skipped, with the line and the reason. A second run of the same
file changes nothing (faults 39), a run that was killed is completed by running it again, and undo takes
all of it back in batches of its own (faults 25 to 27). Nothing is ever sent to anybody, and no stored
consent is touched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from easir_tui import text
from easir_tui.channels import vcard
from easir_tui.channels.address_file import AddressFile, records
from easir_tui.channels.records import ContactRecord, Unreadable
from easir_tui.crm import erasure
from easir_tui.crm.import_gains import gain, join
from easir_tui.crm.import_matching import Matcher, Target
from easir_tui.crm.import_values import Facts, facts_of, one_line, rules_now
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import team_of
from easir_tui.data import journal
from easir_tui.data.journal import Step
from easir_tui.data.models import PRIVATE_ACCOUNT, Account, Activity, Consent, Contact
from easir_tui.data.sqlite import reading, rows, tidy
from easir_tui.language import N_, _

BATCH = 1000
"""The most records of one transaction."""

SMALLEST_BATCH = 100
LOCK_SECONDS = 0.15
"""How long others may have to wait to save; on a slow or busy machine the batches become smaller."""

BATCH_BYTES = 8 * 1024 * 1024
"""Cards with pictures fill a batch sooner."""

LAST_LINE = (1 << 40) - 1
"""Line numbers fill the lower bits of a place, the number of the file the upper ones."""

MOST_REMARKS = 1000
"""Remarks kept to be shown; the counts go on."""

Progress = Callable[[int, "Counts"], None]
"""Called after each batch with the bytes read so far and the counts."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should know about one record; `kind` is `skipped` or `warning`."""

    file: str
    line: int
    kind: str
    text: str


@dataclass(slots=True)
class Counts:
    """How many records came to what; each counts once. `companies` are the accounts made on the way."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    companies: int = 0
    warnings: int = 0

    @property
    def records(self) -> int:
        """All of them."""
        return self.created + self.updated + self.unchanged + self.skipped


@dataclass(slots=True)
class Summary:
    """The outcome of an import or of a look at one; `event_id` is the step to undo, None when nothing was stored."""

    counts: Counts = field(default_factory=Counts)
    remarks: list[Remark] = field(default_factory=list)
    cancelled: bool = False
    event_id: int | None = None


def preview(
    me: Me,
    files: Sequence[AddressFile],
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Summary:
    """What `run` would do with these files; stores nothing."""
    return _Import(me, files, dry=True).go(progress, cancelled)


def run(
    me: Me,
    files: Sequence[AddressFile],
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Summary:
    """Import files into the open database.

    Each batch is saved when it is done, so other people can work meanwhile; what is done when `cancelled`
    says so stays, and can be undone or completed.

    Raises:
        StoreProblem: the database cannot be written; the batches before are kept.
    """
    return _Import(me, files, dry=False).go(progress, cancelled)


@dataclass(slots=True)
class _Batch:
    """Records read and not yet stored."""

    file: AddressFile
    facts: list[Facts] = field(default_factory=list)
    skipped: list[Unreadable] = field(default_factory=list)
    bytes_read: int = 0
    size: int = 0


class _Import:
    """One import in progress."""

    def __init__(self, me: Me, files: Sequence[AddressFile], dry: bool) -> None:
        self.me = me
        self.files = files
        self.dry = dry
        self.rules = rules_now()
        self.matcher = Matcher(me)
        self.batch = BATCH
        self.summary = Summary()

    def go(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> Summary:
        """Batch after batch to the end of the last file."""
        before = 0
        for number, file in enumerate(self.files, 1):
            for batch in self._batches(file, number):
                if cancelled is not None and cancelled():
                    self.summary.cancelled = True
                    return self.summary
                began = time.monotonic()
                self._take(batch)
                self._fit(time.monotonic() - began)
                if progress is not None:
                    progress(before + min(batch.bytes_read, file.size), self.summary.counts)
            before += file.size
        if not self.dry and self.summary.event_id is not None:
            tidy()
        return self.summary

    def _batches(self, file: AddressFile, number: int) -> Iterator[_Batch]:
        """The records of the file of this number, in batches, read and checked before anybody has to wait for them."""
        batch = _Batch(file)
        for position, record in records(file):
            batch.bytes_read = position
            if isinstance(record, ContactRecord):
                facts = facts_of(record, self.rules)
                if isinstance(facts, Facts):
                    facts.card = facts.card or vcard.write(record)
                    facts.card = facts.card if facts.card.endswith("\n") else f"{facts.card}\r\n"
                    batch.size += len(facts.card)
                    facts.place = number * (LAST_LINE + 1) + facts.line
                    batch.facts.append(facts)
                else:
                    batch.skipped.append(facts)
            else:
                batch.skipped.append(record)
            if len(batch.facts) + len(batch.skipped) >= self.batch or batch.size >= BATCH_BYTES:
                yield batch
                batch = _Batch(file)
        if batch.facts or batch.skipped:
            batch.bytes_read = file.size
            yield batch

    def _fit(self, seconds: float) -> None:
        """Choose the size of the next batch by how long the last one took."""
        wanted = int(self.batch * LOCK_SECONDS / max(seconds, 0.001))
        self.batch = min(BATCH, max(SMALLEST_BATCH, min(wanted, 2 * self.batch)))

    def _take(self, batch: _Batch) -> None:
        """One batch: all of it, or, when it fails, none of it."""
        if self.dry:
            with reading():
                outcome, _made, _touched = self._sort(batch)
        else:
            names = ", ".join(file.path.name for file in self.files)
            with journal.step(
                self.me, N_("imported {created} new and {updated} changed contacts from {file}"),
                self._params(names, self.summary.counts), kind="import", shown=False, parent_id=self.summary.event_id,
            ) as work:  # fmt: skip
                outcome, made, touched = self._sort(batch)
                self._store(work, made, touched, outcome, batch.file)
                event_id = self.summary.event_id
                if outcome.created or outcome.updated or touched:
                    event_id = event_id or work.event_id
                    after = replace(
                        self.summary.counts,
                        created=self.summary.counts.created + outcome.created,
                        updated=self.summary.counts.updated + outcome.updated,
                    )
                    if event_id == work.event_id:
                        work.params = self._params(names, after)
                    else:
                        journal.retell(event_id, self._params(names, after))
            self.summary.event_id = event_id
        self.matcher.settle()
        for name in ("created", "updated", "unchanged", "skipped", "companies"):
            setattr(self.summary.counts, name, getattr(self.summary.counts, name) + getattr(outcome, name))

    def _params(self, names: str, counts: Counts) -> dict[str, Any]:
        return {"file": text.cut(names, 60), "created": counts.created, "updated": counts.updated}

    def _sort(self, batch: _Batch) -> tuple[Counts, list[Target], list[Target]]:
        """Say for each record whom it is about and what comes of it: new contacts, and stored ones that may gain."""
        counts = Counts()
        made: list[Target] = []
        touched: list[Target] = []
        for one in batch.skipped:
            counts.skipped += 1
            self._remark(batch.file, one.line, "skipped", one.reason)
        self.matcher.load(batch.facts)
        erased = erasure.erased_among(
            [(one.keys, f"{one.plain['first_name']} {one.plain['last_name']}") for one in batch.facts]
        )
        for facts, is_erased in zip(batch.facts, erased, strict=True):
            if is_erased:
                counts.skipped += 1
                self._remark(batch.file, facts.line, "skipped", _("this person was erased, and stays away"))
                continue
            for warning in facts.warnings:
                self._remark(batch.file, facts.line, "warning", warning)
            target = self.matcher.find(facts)
            if target is None:
                made.append(self.matcher.make(facts))
                counts.created += 1
            elif target.place:
                counts.skipped += 1
                self._remark(batch.file, facts.line, "skipped", self._same_as(target.place, facts.place))
                if target.facts is not None:
                    join(target.facts, facts)
                elif target.stored is not None:
                    target.refused += facts.refused if target.made else ()
                    if gain(target, facts, False, self.rules) or target.refused:
                        touched.append(target)
                self.matcher.learn(target, facts)
            else:
                target.place = facts.place
                if gain(target, facts, True, self.rules):
                    touched.append(target)
                    counts.updated += 1
                else:
                    counts.unchanged += 1
                self.matcher.learn(target, facts)
        return counts, made, touched

    def _same_as(self, earlier: int, here: int) -> str:
        line = earlier & LAST_LINE
        if earlier > LAST_LINE and earlier - line != here - (here & LAST_LINE):
            name = self.files[earlier // (LAST_LINE + 1) - 1].path.name
            sentence = _("The same person as on line {line} of {file}; what was missing there is added.")
            return sentence.format(line=line, file=name)
        return _("The same person as on line {line}; what was missing there is added.").format(line=line)

    def _remark(self, file: AddressFile, line: int, kind: str, sentence: str) -> None:
        if kind == "warning":
            self.summary.counts.warnings += 1
        if len(self.summary.remarks) < MOST_REMARKS:
            self.summary.remarks.append(Remark(str(file.path), line, kind, sentence))

    def _store(self, work: Step, made: list[Target], touched: list[Target], counts: Counts, file: AddressFile) -> None:
        """Write what a batch came to."""
        companies = _companies(work, self.me, [one.facts for one in made if one.facts is not None], counts)
        team_id = team_of(self.me.user_id)
        contacts = [
            {**_contact_values(one.facts, companies, self.me), "team_id": team_id}
            for one in made
            if one.facts is not None
        ]
        notes: list[tuple[int, int, str]] = []
        refusals: list[dict[str, Any]] = []
        for contact_id, target, values in zip(work.add_many(Contact, contacts), made, contacts, strict=True):
            facts = target.facts
            assert facts is not None
            target.contact_id = contact_id
            notes += [(contact_id, values["account_id"], note) for note in facts.notes]
            refusals += self._refusals(work, contact_id, facts.refused, file)
        for target in {id(one): one for one in touched}.values():
            stored = target.stored
            assert stored is not None
            if target.changed:
                work.change(Contact, target.contact_id, stored["version"], **target.changed)
            notes += [(target.contact_id, stored["account_id"], note) for note in target.notes]
            refusals += self._refusals(work, target.contact_id, target.refused, file)
        if notes:
            work.add_many(Activity, [
                {"contact_id": contact_id, "account_id": account_id, "kind": "note", "at": work.at,
                 "user_id": self.me.user_id, "note": note, "subject": text.cut(text.first_line(note), 200),
                 "source": "import"}
                for contact_id, account_id, note in notes
            ])  # fmt: skip
            work.follow(contact_id for contact_id, _account, _note in notes)
        if refusals:
            work.add_many(Consent, refusals)

    def _refusals(
        self, work: Step, contact_id: int, channels: Iterable[str], file: AddressFile
    ) -> list[dict[str, Any]]:
        """What people this import makes have refused elsewhere."""
        source = _("import of {file}").format(file=file.path.name)
        return [
            {"contact_id": contact_id, "channel": channel, "state": "refused", "source": source, "at": work.at,
             "user_id": self.me.user_id}
            for channel in channels
        ]  # fmt: skip


def _companies(work: Step, me: Me, many: Iterable[Facts], counts: Counts) -> dict[str, int]:
    """The accounts of the companies these records name, by name key; those that do not exist are made."""
    wanted: dict[str, Facts] = {}
    for facts in many:
        if facts.company:
            known = wanted.setdefault(text.sort_key(facts.company), facts)
            if not known.address and facts.address:
                wanted[text.sort_key(facts.company)] = facts
    if not wanted:
        return {}
    found: dict[str, int] = {}
    numbers = {facts.cvr: key for key, facts in wanted.items() if facts.cvr}
    for account_id, cvr in rows(
        f"SELECT id, cvr FROM account WHERE cvr <> '' AND cvr IN ({', '.join('?' * len(numbers))}) "
        "AND deleted_at IS NULL ORDER BY id DESC", *numbers
    ):  # fmt: skip
        found[numbers[cvr]] = account_id
    by_name = {key: account_id for account_id, key in rows(
        f"SELECT id, name_key FROM account WHERE name_key IN ({', '.join('?' * len(wanted))}) "
        "AND deleted_at IS NULL AND id <> ? ORDER BY id DESC", *wanted, PRIVATE_ACCOUNT
    )}  # fmt: skip
    found = {**by_name, **found}
    missing = [(key, facts) for key, facts in wanted.items() if key not in found]
    made = work.add_many(Account, [
        {"kind": "company", "name": facts.company, "cvr": facts.cvr, "street": one_line(facts.address.street),
         "postcode": facts.address.postcode, "city": facts.address.city, "country": facts.address.country,
         "responsible_id": me.user_id}
        for _key, facts in missing
    ])  # fmt: skip
    counts.companies += len(made)
    found.update((key, account_id) for (key, _facts), account_id in zip(missing, made, strict=True))
    return found


def _contact_values(facts: Facts, companies: dict[str, int], me: Me) -> dict[str, Any]:
    account_id = companies[text.sort_key(facts.company)] if facts.company else PRIVATE_ACCOUNT
    return {
        **facts.plain,
        "kind": "private" if account_id == PRIVATE_ACCOUNT else "business",
        "account_id": account_id,
        "emails": facts.emails,
        "phones": facts.phones,
        "responsible_id": me.user_id,
        "origin": "import",
        "custom": facts.custom,
        "external_ids": facts.external_ids,
        "card": facts.card,
    }
