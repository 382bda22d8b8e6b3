"""The list of accounts: orders, pages, filters, neighbours, and what it costs."""

from __future__ import annotations

import pytest

from easir_tui.crm import account_list, accounts
from easir_tui.crm.account_list import AccountFilter, ListContext
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.users import Me
from easir_tui.data.models import PRIVATE_ACCOUNT
from easir_tui.data.sqlite import rows
from easir_tui.errors import Invalid
from tests.crm.made import a_colleague
from tests.crm.test_contact_page import counted

NAMES = ("Ørsted Biler", "Ålborg Auto", "Zebra ApS", "autohuset", "Ærø Færger", "Bilhuset")
EVERYTHING = AccountFilter()


@pytest.fixture
def made(me: Me) -> dict[str, int]:
    """Six companies, the second of them Jens's."""
    jens = a_colleague(me)
    return {
        name: accounts.create(me, NewAccount(
            name, cvr="10150817" if name == "Zebra ApS" else "", city="Aarhus C",
            phone="86 12 44 00" if name == "Bilhuset" else "",
            responsible_id=jens.user_id if name == "Ålborg Auto" else None,
        ))
        for name in NAMES
    }  # fmt: skip


def names(me: Me, ids: object) -> list[str]:
    """The names of these accounts."""
    return [one.name for one in account_list.rows_of(me, tuple(ids))]  # type: ignore[arg-type]


def test_the_order_is_danish_and_turns_round(me: Me, made: dict[str, int]) -> None:
    """Case does not count, Æ Ø Å come last; the private account stands among them under its own name."""
    forward = names(me, account_list.all_ids(me, EVERYTHING))
    assert forward == [
        "autohuset", "Bilhuset", "Private customers", "Zebra ApS", "Ærø Færger", "Ørsted Biler", "Ålborg Auto"
    ]  # fmt: skip
    assert names(me, account_list.all_ids(me, EVERYTHING, reverse=True)) == forward[::-1]
    assert names(me, account_list.all_ids(me, EVERYTHING, "newest"))[0] == "Bilhuset"


@pytest.mark.parametrize("order", account_list.ORDERS)
@pytest.mark.parametrize("reverse", [False, True])
def test_pages_positions_and_neighbours_agree(me: Me, made: dict[str, int], order: str, reverse: bool) -> None:
    """Read from either end, a page is the same part of the list; the neighbour is the next in it."""
    everything = account_list.all_ids(me, EVERYTHING, order, reverse)
    total = account_list.count(me)
    assert len(everything) == total == 7
    for start in range(total):
        page = account_list.ids_of_page(me, EVERYTHING, order, reverse, start, 3, total)
        assert page == list(everything[start : start + 3])
    context = ListContext(EVERYTHING, order, reverse)
    for at, account_id in enumerate(everything):
        assert account_list.position(me, EVERYTHING, account_id, order, reverse) == at
        assert account_list.where(me, context, account_id) == (at + 1, 7)
        following = everything[at + 1] if at + 1 < total else None
        assert account_list.neighbour(me, context, account_id) == following
        if following is not None:
            assert account_list.neighbour(me, context, following, forward=False) == account_id


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("bil", {"Ørsted Biler", "Bilhuset"}), ("oersted", {"Ørsted Biler"}), ("1015", {"Zebra ApS"}),
     ("4400", {"Bilhuset"}), ("86 12 44", {"Bilhuset"}), ("aarhus aero", {"Ærø Færger"}), ('"', set()),
     ("priv", {"Private customers"}), ("customers", {"Private customers"})],
)  # fmt: skip
def test_words_find_name_number_city_and_phone(me: Me, made: dict[str, int], typed: str, expected: set[str]) -> None:
    """Faults 69 and 71: however a Danish letter is typed; a quotation mark is no syntax."""
    found = account_list.find(me, account_list.parse(me, typed))
    assert set(names(me, found.ids)) == expected


def test_responsible_narrows_with_and_without_words(me: Me, made: dict[str, int]) -> None:
    """In both languages, by me, login, initials or the beginning of a name; a slip is said, never "no hits"."""
    for typed in ("responsible:jens", "ansvarlig:JH", "responsible:holt"):
        which = account_list.parse(me, typed)
        assert names(me, account_list.all_ids(me, which)) == ["Ålborg Auto"]
        assert account_list.position(me, which, made["Ålborg Auto"]) == 0
        assert account_list.position(me, which, made["Zebra ApS"]) is None
    mine = account_list.parse(me, "bil ansvarlig:mig")
    assert set(names(me, account_list.find(me, mine).ids)) == {"Ørsted Biler", "Bilhuset"}
    assert account_list.among(me, account_list.parse(me, "responsible:me"), tuple(made.values())) == set(
        made.values()
    ) - {made["Ålborg Auto"]}
    with pytest.raises(Invalid):
        account_list.parse(me, "responsible:nobody")


def test_the_filter_caps_and_says_so(me: Me, made: dict[str, int]) -> None:
    found = account_list.find(me, AccountFilter("aarhus"), limit=2)
    assert len(found.ids) == 2
    assert found.capped


def test_a_page_is_one_statement_along_an_index(me: Me, made: dict[str, int]) -> None:
    """Faults 67: no table is read through, whatever the list holds."""
    with counted() as seen:
        account_list.page(me, EVERYTHING, "name", False, 0, 100, 7)
        account_list.page(me, AccountFilter(responsible_id=me.user_id), "name", True, 0, 100, 7)
        account_list.count(me)
    assert len(seen) == 5
    for sql, values in seen:
        plan = [one[3] for one in rows(f"EXPLAIN QUERY PLAN {sql}", *values)]
        assert not [one for one in plan if one.startswith("SCAN account") and " INDEX " not in one], plan


def test_the_private_account_is_named_in_the_users_language(me: Me, monkeypatch: pytest.MonkeyPatch) -> None:
    from easir_tui import language

    language.activate("da")
    assert names(me, [PRIVATE_ACCOUNT]) == ["Privatkunder"]
    assert account_list.find(me, AccountFilter("privatk")).ids == (PRIVATE_ACCOUNT,)
    language.activate("en")
