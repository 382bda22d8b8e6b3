"""The journal: the only way to write a record.

A step is one act of one person in one transaction. It checks the version of every record it touches, writes the
change with its before and after images, appends the event that says who did what and when, and brings the
derived columns and the search index along. History, undo, conflicts and live refresh all read what it leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from easir_tui import clock
from easir_tui.data import derived, search
from easir_tui.data.clashes import refuse_clash
from easir_tui.data.columns import as_json, defaults, fetch, fields_of, insert, opened, stored_values
from easir_tui.data.models import ENTITIES, Stored
from easir_tui.data.sqlite import changed_rows, run, run_many, value, writing
from easir_tui.errors import NotFound
from easir_tui.language import _


class Actor(Protocol):
    """Whoever does the step."""

    @property
    def user_id(self) -> int: ...


class Step:
    """One act in progress; `step` makes it."""

    def __init__(
        self,
        actor_id: int | None,
        what: str,
        params: Mapping[str, Any],
        *,
        contact_id: int | None,
        account_id: int | None,
        case_id: int | None,
        shown: bool,
        kind: str,
        parent_id: int | None,
        undoes_id: int | None,
    ) -> None:
        self.actor_id = actor_id
        self.at = clock.now()
        self.what = what
        self.params = dict(params)
        self.contact_id = contact_id
        self.account_id = account_id
        self.case_id = case_id
        self.shown = shown
        self.kind = kind
        self.parent_id = parent_id
        self.undoes_id = undoes_id
        self._event_id: int | None = None
        self._follow: set[int] = set()
        self._resettle: set[int] = set()

    @property
    def event_id(self) -> int:
        """The id of the event this step leaves; asking for it makes sure that it leaves one."""
        if self._event_id is None:
            self._event_id = insert("event", {
                "at": self.at, "user_id": self.actor_id, "what": self.what, "params": as_json(self.params),
                "kind": self.kind, "shown": int(self.shown), "parent_id": self.parent_id,
                "undoes_id": self.undoes_id,
            })  # fmt: skip
        return self._event_id

    def add(self, model: type[Stored], **fields: Any) -> int:
        """Add a record and return its id."""
        values = stored_values(model, {**defaults(model), **fields})
        entity = model._meta.table_name
        record = {
            **values, "version": 1, "created_at": self.at, "created_by": self.actor_id,
            "updated_at": self.at, "updated_by": self.actor_id,
        }  # fmt: skip
        self._derive(entity, record)
        row_id = insert(entity, record)
        self._log("add", entity, row_id, 1, record, None, {name: record[name] for name in fields_of(values)})
        self._index(entity, row_id, record, None)
        return row_id

    def add_many(self, model: type[Stored], many: Sequence[Mapping[str, Any]]) -> range:
        """Add many records of the same fields at once; their ids are the returned range.

        Fast, and small in the journal: one change stands for the whole range. The caller follows up derived
        columns of other records with `follow`.
        """
        entity = model._meta.table_name
        first = int(value(f"SELECT coalesce(max(id), 0) + 1 FROM {entity}"))
        if not many:
            return range(first, first)
        base = {
            **defaults(model), "version": 1, "created_at": self.at, "created_by": self.actor_id,
            "updated_at": self.at, "updated_by": self.actor_id,
        }  # fmt: skip
        companies = derived.companies(fields["account_id"] for fields in many) if entity == "contact" else {}
        audiences: dict[int | None, int] = {}
        names: list[str] = []
        table: list[list[Any]] = []
        plain: list[dict[str, Any]] = []
        for number, fields in enumerate(many):
            record = {**base, **stored_values(model, fields), "id": first + number}
            if entity == "contact":
                open_record = {**opened(model, {**record, **dict.fromkeys(fields)}), **fields}
                record |= derived.contact_columns(open_record, companies[record["account_id"]].name)
                team = record["team_id"]
                if team not in audiences:
                    audiences[team] = derived.audience([team])
                record["audience"] = audiences[team]
                plain.append({**open_record, "id": record["id"]})
            elif entity == "account":
                record |= derived.account_columns(record)
            names = names or list(record)
            table.append([record[name] for name in names])
        columns = ", ".join(f'"{name}"' for name in names)
        run_many(f"INSERT INTO {entity} ({columns}) VALUES ({', '.join('?' * len(names))})", table)
        if entity == "contact":
            search.put_contacts(search.contact_row(one["id"], one, *companies[one["account_id"]]) for one in plain)
            run_many(
                "INSERT INTO contact_key (kind, key, contact_id) VALUES (?, ?, ?)",
                [key for one in plain for key in derived.contact_keys(one["id"], one)],
            )
        elif entity == "account":
            known = (dict(zip(names, line, strict=True)) for line in table)
            search.put_plain_many("search_account", ((one["id"], search.account_words(one)) for one in known))
        elif entity == "activity":
            search.put_many("search_note", (
                (one["id"], search.owner_token(one["contact_id"]), search.tokens(one["subject"], one["note"]))
                for one in (dict(zip(names, line, strict=True)) for line in table) if one["note"]
            ))  # fmt: skip
        last = first + len(many) - 1
        insert("change", {
            "event_id": self.event_id, "entity": entity, "row_id": first, "last_id": last, "op": "add", "version": 1,
        })  # fmt: skip
        return range(first, last + 1)

    def change(self, model: type[Stored], row_id: int, version: int | None, **fields: Any) -> int:
        """Change some fields of a record and return its version afterwards.

        `version` is the one the editor saw. Where somebody saved other fields since, both changes stand; where
        they saved the same field to another value, nothing is written (V17, faults 73 and 74). None means that
        the step itself knows what it overwrites.

        Raises:
            NotFound: there is no such record, or it is in the trash.
            Conflict: somebody changed the same field since.
        """
        entity = model._meta.table_name
        current = self._living(entity, row_id)
        wanted = stored_values(model, fields)
        changed = {name: new for name, new in wanted.items() if current[name] != new}
        if not changed:
            return int(current["version"])
        if version is not None and version != current["version"]:
            refuse_clash(model, row_id, version, current, changed)
        return self._write("change", model, current, changed)

    def remove(self, model: type[Stored], row_id: int, version: int | None = None) -> None:
        """Put a record into the trash (V15).

        Raises:
            NotFound: there is no such record, or it is in the trash already.
            Conflict: somebody changed it since `version`.
        """
        entity = model._meta.table_name
        current = self._living(entity, row_id)
        if version is not None and version != current["version"]:
            refuse_clash(model, row_id, version, current, None)
        self._write("remove", model, current, {"deleted_at": self.at})

    def restore(self, model: type[Stored], row_id: int) -> None:
        """Take a record out of the trash, and with a contact the company it belongs to (V2).

        Raises:
            NotFound: there is no such record in the trash.
        """
        current = fetch(model._meta.table_name, row_id)
        if current is None or current["deleted_at"] is None:
            raise NotFound(_("That is not in the trash."))
        if model is ENTITIES["contact"]:
            company = fetch("account", current["account_id"])
            if company is not None and company["deleted_at"] is not None:
                self.restore(ENTITIES["account"], company["id"])
        self._write("restore", model, current, {"deleted_at": None})

    def follow(self, contact_ids: Iterable[int]) -> None:
        """Ask for status, next step and last contact of these contacts to be brought up to date at the end."""
        self._follow.update(contact_ids)

    def finish(self) -> None:
        """Settle what follows from the step, just before it is committed."""
        if self._follow:
            derived.follow_contacts(sorted(self._follow))
        if self._resettle:
            derived.settle_audiences(sorted(self._resettle))
        if self._event_id is not None:
            run(
                "UPDATE event SET params = ?1, contact_id = ?2, case_id = ?4, account_id = "
                "coalesce(?3, (SELECT c.account_id FROM contact c WHERE c.id = ?2)) WHERE id = ?5",
                as_json(self.params), self.contact_id, self.account_id, self.case_id, self._event_id,
            )  # fmt: skip
            if self.undoes_id is not None:
                run("UPDATE event SET undone_by_id = ? WHERE id = ?", self._event_id, self.undoes_id)

    def _living(self, entity: str, row_id: int) -> dict[str, Any]:
        current = fetch(entity, row_id)
        if current is None or current["deleted_at"] is not None:
            raise NotFound(_("That no longer exists: somebody deleted it."), _("Press Esc to go back."))
        return current

    def _write(self, op: str, model: type[Stored], current: dict[str, Any], changed: dict[str, Any]) -> int:
        """Write changed columns over a row of a known version, and everything that follows."""
        entity, row_id, version = model._meta.table_name, current["id"], current["version"]
        record = {**current, **changed}
        self._derive(entity, record)
        written = {name: new for name, new in record.items() if current[name] != new}
        written |= {"version": version + 1, "updated_at": self.at, "updated_by": self.actor_id}
        sets = ", ".join(f'"{name}" = ?' for name in written)
        run(f"UPDATE {entity} SET {sets} WHERE id = ? AND version = ?", *written.values(), row_id, version)
        if changed_rows() != 1:
            raise NotFound(_("That was changed at the same moment; nothing was saved. Try again."))
        before = {name: current[name] for name in changed}
        self._log(op, entity, row_id, version + 1, record, before, changed)
        self._index(entity, row_id, record, set(changed))
        if entity == "contact" and "account_id" in changed:
            for table in ("activity", "task", "sales_case"):
                for part in ("IS NULL", "IS NOT NULL"):  # each has an index of its own
                    run(
                        f"UPDATE {table} SET account_id = ? WHERE contact_id = ? AND deleted_at {part}",
                        record["account_id"], row_id,
                    )  # fmt: skip
            run(_EVENTS_ALONG, record["account_id"], row_id)
        return int(version) + 1

    def _derive(self, entity: str, record: dict[str, Any]) -> None:
        if entity == "contact":
            company = derived.company(record["account_id"])
            record |= derived.contact_columns(opened(ENTITIES[entity], record), company.name)
            record["audience"] = derived.contact_audience(record.get("id"), record["team_id"])
        elif entity == "account":
            record |= derived.account_columns(record)
        elif entity == "sales_case":
            record["audience"] = derived.case_audience(record["contact_id"], record["team_id"])
        elif entity == "lead":
            record["audience"] = derived.audience([record["team_id"]])

    def _log(
        self,
        op: str,
        entity: str,
        row_id: int,
        version: int,
        record: Mapping[str, Any],
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
    ) -> None:
        contact_id = row_id if entity == "contact" else record.get("contact_id")
        insert("change", {
            "event_id": self.event_id, "entity": entity, "row_id": row_id, "last_id": row_id, "op": op,
            "version": version, "contact_id": contact_id, "before": None if before is None else as_json(before),
            "after": as_json(after),
        })  # fmt: skip
        if contact_id is not None and entity in ("task", "activity", "sales_case"):
            self._follow.add(contact_id)
            earlier = (before or {}).get("contact_id")
            if earlier:
                self._follow.add(earlier)
        if entity in ("contact", "sales_case") and _moves_audience(entity, op, after):
            self._resettle.update(filter(None, (contact_id, (before or {}).get("contact_id"))))

    def _index(self, entity: str, row_id: int, record: Mapping[str, Any], changed: set[str] | None) -> None:
        """Bring the search index along; `changed` is None for a new record."""
        gone = record.get("deleted_at") is not None
        if entity == "contact":
            if changed is None or changed & derived.CONTACT_TEXT:
                fields = opened(ENTITIES[entity], record)
                company = derived.company(record["account_id"])
                derived.index_contact(row_id, fields, company, new=changed is None)
        elif entity == "account":
            if changed is None or changed & {*search.ACCOUNT_TEXT, "deleted_at"}:
                self._index_plain("search_account", row_id, search.account_words(record), changed, gone)
            if changed and changed & {"name", "city"}:
                for contact_id in derived.contacts_of_company(row_id):
                    refresh_contact(contact_id)
        elif entity == "lead" and (changed is None or changed & {*search.LEAD_TEXT, "deleted_at"}):
            self._index_plain("search_lead", row_id, search.lead_words(record), changed, gone)
        elif entity == "sales_case" and (changed is None or changed & {"title", "product", "contact_id", "deleted_at"}):
            if changed is not None:
                search.forget("search_case", row_id)
            if not gone:
                search.put("search_case", row_id, record["contact_id"], record["title"], record["product"])
        elif entity == "activity" and (changed is None or changed & {"note", "subject", "contact_id", "deleted_at"}):
            if changed is not None:
                search.forget("search_note", row_id)
            if not gone and record["note"]:
                search.put("search_note", row_id, record["contact_id"], record["subject"], record["note"])

    def _index_plain(self, table: str, row_id: int, words: str, changed: set[str] | None, gone: bool) -> None:
        if changed is not None:
            search.forget(table, row_id)
        if not gone:
            search.put_plain(table, row_id, words)


_EVENTS_ALONG = """
UPDATE event SET account_id = ? WHERE contact_id = ? AND shown = 1
AND NOT EXISTS (SELECT 1 FROM change WHERE change.event_id = event.id AND change.entity = 'account')
"""
"""With a contact that moves goes what is told of it, but not what was done to the company it came from."""


def _moves_audience(entity: str, op: str, after: Mapping[str, Any]) -> bool:
    """Whether a change may alter who sees a contact or its cases; a new contact was settled when it was made."""
    if entity == "contact":
        return op == "change" and "team_id" in after
    if op == "change":
        return bool({"team_id", "contact_id"} & after.keys())
    return op != "add" or after.get("team_id") is not None


@contextmanager
def step(
    actor: Actor | None,
    what: str,
    params: Mapping[str, Any] | None = None,
    *,
    contact_id: int | None = None,
    account_id: int | None = None,
    case_id: int | None = None,
    shown: bool = True,
    kind: str = "change",
    parent_id: int | None = None,
    undoes_id: int | None = None,
) -> Iterator[Step]:
    """One act in one transaction: everything in the block is saved together or not at all.

    Args:
        actor: who does it; None for the program itself.
        what: a message id in the past tense, without its subject ("changed the phone").
        params: values for the placeholders of `what`.
        contact_id: whose History shows it; may also be set on the step while it runs, as may the other two.
        account_id: the account it is about.
        case_id: the case it is about.
        shown: False where a row of the timeline already says it.
        kind: `change`, `undo` or `import`.
        parent_id: the event this one is a part of.
        undoes_id: the event this one takes back.

    Raises:
        Refused: whatever the block raises; nothing is written then.
        StoreProblem: the file cannot be written.
    """
    with writing():
        current = Step(
            actor.user_id if actor is not None else None, what, params or {}, contact_id=contact_id,
            account_id=account_id, case_id=case_id, shown=shown, kind=kind, parent_id=parent_id, undoes_id=undoes_id,
        )  # fmt: skip
        yield current
        current.finish()


def retell(event_id: int, params: Mapping[str, Any]) -> None:
    """Give an event of many parts its final numbers, once they are known."""
    with writing():
        run("UPDATE event SET params = ? WHERE id = ?", as_json(dict(params)), event_id)


def refresh_contact(contact_id: int) -> None:
    """Write the search row and the derived columns of a contact anew, after its company changed its name or city."""
    record = fetch("contact", contact_id)
    if record is None:
        return
    company = derived.company(record["account_id"])
    fields = opened(ENTITIES["contact"], record)
    made = derived.contact_columns(fields, company.name)
    run("UPDATE contact SET name = ?, name_key = ? WHERE id = ?", made["name"], made["name_key"], contact_id)
    derived.index_contact(contact_id, fields, company, new=False)
