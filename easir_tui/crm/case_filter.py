"""The filter language of the case list: what is typed, as conditions over the cases.

    status:open manager:me path:"New car" next<fri value>100000 skoda

A term is a key, a sign and a value; what has no key is searched for in title, product and contact. Keys and the
words for their values are understood in English and in Danish, whatever language the screen speaks. Values are
always bound, never part of the statement (faults 62), and a term that cannot be understood is refused by name,
so that no list or wide action ever goes on with half a filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from easir_tui import clock, relations, text
from easir_tui.crm.users import Me
from easir_tui.data import search
from easir_tui.data.sqlite import rows
from easir_tui.errors import Invalid
from easir_tui.language import _, parse_money

KEYS: dict[str, tuple[str, ...]] = {
    "status": ("status", "tilstand"),
    "outcome": ("outcome", "resultat", "udfald"),
    "manager": ("manager", "ansvarlig", "sagsansvarlig"),
    "team": ("team",),
    "path": ("path", "forløb", "relationsforløb"),
    "milestone": ("milestone", "milepæl"),
    "contact": ("contact", "kontakt", "kontaktperson"),
    "account": ("account", "kunde"),
    "product": ("product", "produkt", "køretøj", "vehicle"),
    "lead": ("lead",),
    "next": ("next", "næste"),
    "close": ("close", "expected", "forventet"),
    "opened": ("opened", "åbnet", "oprettet"),
    "closed": ("closed", "lukket"),
    "last": ("last", "seneste", "sidst"),
    "value": ("value", "værdi"),
    "chance": ("chance",),
}
"""The keys, each with the words that mean it; the first is the one that is shown."""

DAYS = {"next": "next_step_at", "close": "expected_close", "opened": "opened_at", "closed": "closed_at",
        "last": "last_activity_at"}  # fmt: skip
NUMBERS = {"value": "value", "chance": "chance"}
STATUSES = {"open": "open", "åben": "open", "åbne": "open", "closed": "closed", "lukket": "closed", "lukkede": "closed",
            "rejected": "rejected", "afvist": "rejected", "afviste": "rejected", "all": "", "alle": ""}  # fmt: skip
OUTCOMES = {"won": "won", "vundet": "won", "lost": "lost", "tabt": "lost"}
ME = {"me", "mig", "mine", "mit"}
NONE = {"none", "ingen", "no", "nej"}
SOME = {"any", "yes", "ja", "some"}

_WORD_OF = {word: key for key, words in KEYS.items() for word in words}
_PIECE = re.compile(
    r"""\s*(?:(?P<key>[^\W\d_]+)(?P<sign><=|>=|<|>|=|:))?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))""", re.VERBOSE
)
_SHORT_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(k|t|m|mio)", re.IGNORECASE)

Signs = {"=": "=", ":": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}


@dataclass(frozen=True, slots=True)
class Term:
    """One piece of a filter as it was typed; `key` is empty for a word to search for."""

    key: str
    sign: str
    value: str
    typed: str


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """A filter that was understood: SQL conditions over `sales_case`, joined by AND, and what they are bound to."""

    conditions: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()

    @property
    def where(self) -> str:
        """The conditions as one; true for a filter that asks nothing."""
        return " AND ".join(f"({one})" for one in self.conditions) or "1"


def terms(typed: str) -> list[Term]:
    """The pieces of a filter, in order; nothing is looked up yet.

    Raises:
        Invalid: a quotation mark has no partner, or a key is not known.
    """
    found: list[Term] = []
    at, typed = 0, typed.rstrip()
    while at < len(typed):
        match = _PIECE.match(typed, at)
        if match is None or (match["bare"] is not None and typed[match.end() :].startswith('"')):
            raise Invalid(
                "filter", _("A quotation mark is out of place: {text}").format(text=typed[at:].strip()),
                _('Write it in pairs: path:"New car".'),
            )  # fmt: skip
        at = match.end()
        value = match["quoted"] if match["quoted"] is not None else match["bare"]
        written = match["key"]
        if written is None:
            found.append(Term("", "", value, match[0].strip()))
            continue
        key = _WORD_OF.get(written.lower())
        if key is None:
            raise Invalid("filter", _("“{word}” is no key of the filter.").format(word=written), _keys())
        found.append(Term(key, match["sign"], value, match[0].strip()))
    return found


def parse(me: Me, typed: str) -> CaseFilter:
    """What a typed filter asks for.

    Raises:
        Invalid: of `filter`: a term is not understood; the sentence names it, the hint says what would be right.
    """
    conditions: list[str] = []
    values: list[Any] = []
    words: list[str] = []
    for term in terms(typed):
        if not term.key:
            words.append(term.value)
            continue
        condition, bound = _condition(me, term)
        if condition:
            conditions.append(condition)
            values += bound
    query = search.expression(" ".join(words))
    if query:
        conditions.append(
            "sales_case.id IN (SELECT rowid FROM search_case WHERE search_case MATCH ?) OR sales_case.contact_id IN "
            "(SELECT rowid FROM search_contact WHERE search_contact MATCH ?)"
        )
        values += [search.expression(" ".join(words), "words") or query, query]
    return CaseFilter(tuple(conditions), tuple(values))


def completions(typed: str) -> list[str]:
    """Keys that what was typed last may become: "ma" gives "manager:"."""
    last = typed.split(" ")[-1].lower()
    if not last or any(sign in last for sign in '<>=:"'):
        return []
    return [
        f"{words[0]}{'<' if key in DAYS else '>' if key in NUMBERS else ':'}"
        for key, words in KEYS.items()
        if any(word.startswith(last) for word in words)
    ]


def _condition(me: Me, term: Term) -> tuple[str, list[Any]]:
    if term.key in DAYS:
        return _day(me, term)
    if term.key in NUMBERS:
        return _number(term)
    if term.sign not in (":", "="):
        raise _wrong(term, _("After {key} comes : and a word.").format(key=term.key))
    return _NAMED[term.key](me, term)


def _status(_me: Me, term: Term) -> tuple[str, list[Any]]:
    wanted = _one_of(term, STATUSES, "open, closed, rejected, all")
    return ("sales_case.status = ?", [wanted]) if wanted else ("", [])


def _outcome(_me: Me, term: Term) -> tuple[str, list[Any]]:
    return "sales_case.outcome = ?", [_one_of(term, OUTCOMES, "won, lost")]


def _manager(me: Me, term: Term) -> tuple[str, list[Any]]:
    if term.value.lower() in ME:
        return "sales_case.manager_id = ?", [me.user_id]
    wanted = text.fold(term.value)
    people = rows("SELECT id, login, initials, full_name FROM app_user WHERE deleted_at IS NULL")
    exact = [one[0] for one in people if wanted in (text.fold(one[1]), text.fold(one[2]), text.fold(one[3]))]
    found = exact or [
        one[0] for one in people if any(word.startswith(wanted) for word in text.fold(one[3]).split())
    ]  # fmt: skip
    if not found or not wanted:
        raise _wrong(term, _("Nobody here is called that. Write me, initials or a name."))
    return f"sales_case.manager_id IN ({_marks(found)})", found


def _team(me: Me, term: Term) -> tuple[str, list[Any]]:
    if term.value.lower() in ME:
        return (
            "sales_case.team_id IN (SELECT team_id FROM membership WHERE user_id = ? AND deleted_at IS NULL)",
            [me.user_id],
        )
    if term.value.lower() in NONE:
        return "sales_case.team_id IS NULL", []
    wanted = text.fold(term.value)
    teams = rows("SELECT id, name FROM team WHERE deleted_at IS NULL")
    found = [one[0] for one in teams if text.fold(one[1]).startswith(wanted)]
    if not found or not wanted:
        raise _wrong(term, _("The teams are: {names}.").format(names=", ".join(one[1] for one in teams) or "–"))
    return f"sales_case.team_id IN ({_marks(found)})", found


def _path(_me: Me, term: Term) -> tuple[str, list[Any]]:
    known = relations.paths()
    wanted = text.fold(term.value)
    found = [path.key for path in known.values() if path.key == term.value or text.fold(path.title).startswith(wanted)]
    if not found or not wanted:
        names = ", ".join(f'"{path.title}"' for path in known.values())
        raise _wrong(term, _("The relations paths are: {names}.").format(names=names))
    return f"sales_case.path IN ({_marks(found)})", found


def _milestone(_me: Me, term: Term) -> tuple[str, list[Any]]:
    wanted = text.fold(term.value)
    found = [
        (path.key, step.key) for path in relations.paths().values() for step in path.milestones
        if step.key == term.value or text.fold(step.title).startswith(wanted)
    ]  # fmt: skip
    if not found or not wanted:
        raise _wrong(term, _("No relations path has a milestone of that name."))
    either = " OR ".join(["sales_case.path = ? AND sales_case.milestone = ?"] * len(found))
    return either, [value for pair in found for value in pair]


def _searched(owner: str, table: str) -> Callable[[Me, Term], tuple[str, list[Any]]]:
    def condition(_me: Me, term: Term) -> tuple[str, list[Any]]:
        query = search.expression(term.value)
        if not query:
            raise _wrong(term, _("Write a few letters of the name."))
        return f"sales_case.{owner} IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)", [query]

    return condition


def _product(_me: Me, term: Term) -> tuple[str, list[Any]]:
    query = search.expression(term.value, "words")
    if not query:
        raise _wrong(term, _("Write a few letters of the name."))
    return "sales_case.id IN (SELECT rowid FROM search_case WHERE search_case MATCH ?)", [query]


def _lead(_me: Me, term: Term) -> tuple[str, list[Any]]:
    if term.value.lower() in SOME:
        return "sales_case.lead_id IS NOT NULL", []
    if term.value.lower() in NONE:
        return "sales_case.lead_id IS NULL", []
    raise _wrong(term, _("It can be: {choices}.").format(choices="yes, no"))


_NAMED: dict[str, Callable[[Me, Term], tuple[str, list[Any]]]] = {
    "status": _status,
    "outcome": _outcome,
    "manager": _manager,
    "team": _team,
    "path": _path,
    "milestone": _milestone,
    "contact": _searched("contact_id", "search_contact"),
    "account": _searched("account_id", "search_account"),
    "product": _product,
    "lead": _lead,
}


def _day(me: Me, term: Term) -> tuple[str, list[Any]]:
    """A day compared with an instant means the whole of that day in the zone of whoever asks (faults 58, 59)."""
    column = f"sales_case.{DAYS[term.key]}"
    if term.value.lower() in NONE:
        return f"{column} IS NULL", []
    if term.value.lower() in SOME:
        return f"{column} IS NOT NULL", []
    zone = clock.zone(me.zone)
    past = term.key in ("opened", "closed", "last")
    try:
        day = clock.parse_day(term.value, zone, past=past)
    except Invalid as error:
        raise _wrong(term, error.sentence) from error
    sign = Signs[term.sign]
    if term.key == "close":
        return f"{column} {sign} ?", [day.isoformat()]
    begin, end = _instants(day, zone)
    match sign:
        case "<":
            return f"{column} < ?", [begin]
        case "<=":
            return f"{column} < ?", [end]
        case ">":
            return f"{column} >= ?", [end]
        case ">=":
            return f"{column} >= ?", [begin]
    return f"{column} >= ? AND {column} < ?", [begin, end]


def _instants(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """The first second of a day and of the next one."""
    return clock.instant(day, 0, 0, zone), clock.instant(day + timedelta(days=1), 0, 0, zone)


def _number(term: Term) -> tuple[str, list[Any]]:
    column = f"sales_case.{NUMBERS[term.key]}"
    if term.value.lower() in NONE:
        return f"{column} IS NULL", []
    if term.value.lower() in SOME:
        return f"{column} IS NOT NULL", []
    return f"{column} {Signs[term.sign]} ?", [_percent(term) if term.key == "chance" else _amount(term)]


def _amount(term: Term) -> int:
    """An amount in minor units; "100k" and "1.5m" are understood."""
    short = _SHORT_NUMBER.fullmatch(term.value)
    if short:
        times = 1_000 if short[2].lower() in ("k", "t") else 1_000_000
        return round(float(short[1].replace(",", ".")) * times * 100)
    try:
        amount = parse_money(term.value)
    except Invalid as error:
        raise _wrong(term, _("Write an amount like 100000, 100.000 or 100k.")) from error
    if abs(amount) > 10**15:
        raise _wrong(term, _("The value is too large."))
    return amount


def _percent(term: Term) -> int:
    found = re.fullmatch(r"(\d{1,3})\s*%?", term.value)
    if found is None or int(found[1]) > 100:
        raise _wrong(term, _("The chance is a per cent between 0 and 100."))
    return int(found[1])


def _one_of(term: Term, choices: dict[str, str], shown: str) -> str:
    wanted = choices.get(term.value.lower())
    if wanted is None:
        raise _wrong(term, _("It can be: {choices}.").format(choices=shown))
    return wanted


def _wrong(term: Term, hint: str) -> Invalid:
    return Invalid("filter", _("“{term}” is not understood.").format(term=term.typed), hint)


def _keys() -> str:
    return _("The keys are: {keys}.").format(keys=" ".join(words[0] for words in KEYS.values()))


def _marks(many: Iterable[Any]) -> str:
    return ", ".join("?" for _one in many)
