"""One contact: made, changed, deleted; what may stand in its fields; who may be the same person."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from easir_tui import text
from easir_tui.crm import accounts, cases, contact_list, contact_values, contacts, drafts, duplicates, undo
from easir_tui.crm.accounts import NewAccount
from easir_tui.crm.contact_values import Email, PhoneEntry, email_problem, plain_address
from easir_tui.crm.contacts import NewContact
from easir_tui.crm.users import Me
from easir_tui.data.models import PRIVATE_ACCOUNT, Account, Activity, Case, Consent, Contact, Event, Task
from easir_tui.errors import Conflict, Invalid, NeedsConfirmation, NotFound
from tests.crm.made import a_colleague, a_contact, a_refusal

SOREN = NewContact(
    first_name="Søren",
    last_name="Mikkelsen",
    emails=(Email("Soren@Nordlys.dk", "work"),),
    phones=(PhoneEntry("22 41 90 17", "mobile"),),
    city="Aarhus",
)


def test_a_private_contact_sits_in_the_private_account_and_belongs_to_who_made_it(me: Me) -> None:
    """V2, V12."""
    shown = contacts.show(me, contacts.create(me, SOREN))
    assert (shown.kind, shown.account_id, shown.company) == ("private", PRIVATE_ACCOUNT, "")
    assert shown.responsible_id == me.user_id
    assert shown.phones == ({"label": "mobile", "number": "+4522419017", "raw": "22 41 90 17", "extension": ""},)
    assert shown.emails == ({"label": "work", "address": "Soren@Nordlys.dk"},)
    assert (shown.name, shown.email, shown.phone) == ("Søren Mikkelsen", "Soren@Nordlys.dk", "+4522419017")


def test_a_business_contact_needs_a_company(me: Me) -> None:
    """V3."""
    for account_id in (None, PRIVATE_ACCOUNT):
        with pytest.raises(Invalid) as refused:
            contacts.create(me, NewContact(kind="business", last_name="Ærø", account_id=account_id))
        assert refused.value.field == "account"
    with pytest.raises(NotFound):
        contacts.create(me, NewContact(kind="business", last_name="Ærø", account_id=99))
    assert not Contact.select().exists()


def test_a_company_is_made_on_the_way_and_both_go_with_one_undo(me: Me) -> None:
    new = NewContact(
        kind="business", last_name="Ærø", new_account=NewAccount("Nordlys Biler A/S", cvr="DK 10 15 08 17")
    )
    contact_id = contacts.create(me, new)
    shown = contacts.show(me, contact_id)
    assert shown.company == "Nordlys Biler A/S"
    assert Account.get_by_id(shown.account_id).cvr == "10150817"
    undo.undo(me)
    with pytest.raises(NotFound):
        contacts.show(me, contact_id)
    assert Account.get_by_id(shown.account_id).deleted_at is not None


def test_nothing_is_made_when_the_contact_is_refused(me: Me) -> None:
    new = NewContact(kind="business", new_account=NewAccount("Nordlys Biler A/S"), emails=(Email("nobody"),))
    with pytest.raises(Invalid):
        contacts.create(me, new)
    assert Account.select().count() == 1
    assert not Event.select().exists()


def test_a_business_contact_shows_the_address_of_its_company(me: Me) -> None:
    """V13."""
    new = NewContact(
        kind="business", last_name="Ærø", new_account=NewAccount("Nordlys", street="Havnegade 12", city="Aarhus C")
    )
    shown = contacts.show(me, contacts.create(me, new))
    assert (shown.street, shown.account_street, shown.account_city) == ("", "Havnegade 12", "Aarhus C")


@pytest.mark.parametrize("first", ["", "   ", "\t\n", "\u200b\u200b", "\x1b"])
def test_a_contact_needs_something_that_says_who_it_is(me: Me, first: str) -> None:
    with pytest.raises(Invalid) as refused:
        contacts.create(me, NewContact(first_name=first, city="Aarhus"))
    assert refused.value.field == "last_name"


@pytest.mark.parametrize(
    ("given", "called"),
    [
        (NewContact(phones=(PhoneEntry("22419017"),)), "+4522419017"),
        (NewContact(emails=(Email("Anna@Firma.dk"),)), "Anna@Firma.dk"),
        (NewContact(phones=(PhoneEntry("call the front desk"),)), "call the front desk"),
        (NewContact(kind="business", origin="import", new_account=NewAccount("Kun Firma ApS")), "Kun Firma ApS"),
    ],
)
def test_a_contact_without_a_name_is_called_after_what_there_is(me: Me, given: NewContact, called: str) -> None:
    """Faults 47."""
    contact_id = contacts.create(me, given)
    assert contacts.show(me, contact_id).name == called
    contacts.change(me, contact_id, 1, city="Ribe")


@pytest.mark.parametrize(
    "name",
    [
        "Acme [DK] ApS",
        "Bo [/] x",
        "[red]Ole[/red]",
        "[@click=app.quit]x[/]",
        "x" * 300,
        "👩‍👩‍👧 Familien",
        "‮olE",
        "'; --",
        '5" "Rør" & Søn’s',
    ],
)
def test_any_name_is_kept_and_found_again(me: Me, name: str) -> None:
    """Faults 62, 89, 91, 98: text is text, and control characters never get in."""
    contact_id = contacts.create(me, NewContact(last_name=name + "\x1b[31m"))
    shown = contacts.show(me, contact_id)
    assert "\x1b" not in shown.name
    assert "‮" not in shown.name
    assert shown.last_name.startswith(name.replace("‮", ""))
    contacts.change(me, contact_id, shown.version, last_name=shown.last_name)
    assert contacts.show(me, contact_id).last_name == shown.last_name


def test_a_field_longer_than_a_screenful_is_refused_beside_it(me: Me) -> None:
    with pytest.raises(Invalid) as refused:
        contacts.create(me, NewContact(last_name="x" * 501))
    assert refused.value.field == "last_name"


@pytest.mark.parametrize("second", ["+45 22 41 90 17", "0045 22419017", "22419017", "tlf. 22 41 90 17"])
def test_the_same_number_twice_is_refused_naming_the_one_that_is_there(me: Me, second: str) -> None:
    """Faults 14."""
    with pytest.raises(Invalid) as refused:
        contacts.create(me, NewContact(last_name="A", phones=(PhoneEntry("22 41 90 17"), PhoneEntry(second))))
    assert refused.value.field == "phones"
    assert "22 41 90 17" in refused.value.sentence


@pytest.mark.parametrize(
    "second", ["ANNA@firma.DK", " anna@Firma.dk ", "Anna Holm <anna@firma.dk>", "mailto:anna@firma.dk"]
)
def test_the_same_address_twice_is_refused_naming_the_one_that_is_there(me: Me, second: str) -> None:
    """Faults 13, 14."""
    contact_id = contacts.create(me, NewContact(last_name="A", emails=(Email("Anna@Firma.dk"),)))
    with pytest.raises(Invalid) as refused:
        contacts.change(me, contact_id, 1, emails=[{"label": "", "address": "Anna@Firma.dk"}, Email(second)])
    assert refused.value.field == "emails"
    assert "Anna@Firma.dk" in refused.value.sentence


def test_extensions_tell_numbers_apart_and_what_is_no_number_is_kept(me: Me) -> None:
    """Faults 85."""
    entries = (
        PhoneEntry("20304050 lok. 12"),
        PhoneEntry("20304050 lok. 14"),
        PhoneEntry("O2 30 40 50"),
        PhoneEntry("112"),
    )
    shown = contacts.show(me, contacts.create(me, NewContact(last_name="A", phones=entries)))
    assert [(item["number"], item["extension"], item["raw"]) for item in shown.phones] == [
        ("+4520304050", "12", "20304050 lok. 12"),
        ("+4520304050", "14", "20304050 lok. 14"),
        ("", "", "O2 30 40 50"),
        ("", "", "112"),
    ]


@pytest.mark.parametrize("address", ["a@b.dk", "søren@nordlys.dk", "o'brien+x@mail.example.co.uk", "info@ærø.dk"])
def test_addresses_that_look_like_one(address: str) -> None:
    assert email_problem(address) == ""


@pytest.mark.parametrize(
    "address",
    ["anna", "anna@", "@firma.dk", "anna@firma", "a@b@c.dk", "anna holm@firma.dk", "a@.dk", "a@b..dk", "a,b@c.dk"],
)
def test_addresses_that_do_not(me: Me, address: str) -> None:
    assert email_problem(address)
    with pytest.raises(Invalid) as refused:
        contacts.create(me, NewContact(last_name="A", emails=(Email(address),)))
    assert refused.value.field == "emails"


def test_a_pasted_address_loses_what_is_around_it() -> None:
    assert plain_address('"Anna Holm" <anna@firma.dk>') == "anna@firma.dk"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1900-01-01", "1900-01-01"),
        ("1899-12-31", "1899-12-31"),
        ("--02-29", "--02-29"),
        ("29/2 1980", "1980-02-29"),
        ("", ""),
    ],
)
def test_birthdays_are_kept(me: Me, typed: str, kept: str) -> None:
    """Faults 45."""
    assert contacts.show(me, contacts.create(me, NewContact(last_name="A", birthday=typed))).birthday == kept


@pytest.mark.parametrize("typed", ["2100-01-01", "1981-02-29", "31/02", "00/00", "someday"])
def test_days_that_are_no_birthday_are_refused_aloud(me: Me, typed: str) -> None:
    """Faults 30, 45."""
    with pytest.raises(Invalid) as refused:
        contacts.create(me, NewContact(last_name="A", birthday=typed))
    assert refused.value.field == "birthday"


FIELDS = {
    "first_name": "Anders",
    "last_name": "Bæk",
    "title": "Dr.",
    "job_title": "Buyer",
    "emails": [{"label": "x", "address": "x@y.dk"}],
    "phones": [{"label": "x", "raw": "86 12 34 56"}],
    "street": "Vej 1",
    "postcode": "8000",
    "city": "Ribe",
    "country": "DK",
    "website": "x.dk",
    "birthday": "1980-02-29",
    "language": "da",
    "custom": {"Shoe size": "44"},
    "external_ids": {"dms": "7"},
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_change_touches_its_own_field_and_no_other(me: Me, name: str) -> None:
    """Faults 9, 43: a partial save writes only the named columns, and consent stays as it is."""
    contact_id = contacts.create(me, SOREN)
    a_refusal(me, contact_id, "email")
    before = Contact.select().where(Contact.id == contact_id).dicts().get()
    contacts.change(me, contact_id, before["version"], **{name: FIELDS[name]})
    after = Contact.select().where(Contact.id == contact_id).dicts().get()
    follows = {"version", "updated_at", "name", "name_key", "email", "phone", "updated_by"}
    assert {key for key in after if after[key] != before[key]} - follows == {name}
    assert [(row.channel, row.state) for row in Consent.select()] == [("email", "refused")]


def test_a_change_says_in_history_what_it_was(me: Me) -> None:
    contact_id = contacts.create(me, SOREN)
    version = contacts.change(me, contact_id, 1, street="Vej 1", city="Ribe")
    contacts.change(me, contact_id, version, street="Vej 2", phones=[])
    said = [event.what for event in Event.select().order_by(Event.id)]
    assert said == ["created the contact", "changed the address", "changed the details"]


def test_two_people_change_different_fields_and_both_stand(me: Me) -> None:
    """V17, faults 73."""
    contact_id = contacts.create(me, SOREN)
    jens = a_colleague(me)
    contacts.change(me, contact_id, 1, city="Ribe")
    contacts.change(jens, contact_id, 1, job_title="Buyer")
    shown = contacts.show(me, contact_id)
    assert (shown.city, shown.job_title) == ("Ribe", "Buyer")


def test_two_people_change_the_same_field_and_the_second_is_asked(me: Me) -> None:
    """V17, faults 73, 74."""
    contact_id = contacts.create(me, SOREN)
    jens = a_colleague(me)
    contacts.change(jens, contact_id, 1, city="Ribe")
    with pytest.raises(Conflict) as clash:
        contacts.change(me, contact_id, 1, city="Vejle", job_title="Buyer")
    assert (clash.value.original["city"], clash.value.theirs["city"], clash.value.mine["city"]) == (
        "Aarhus",
        "Ribe",
        "Vejle",
    )
    assert clash.value.who == jens.full_name
    assert contacts.show(me, contact_id).job_title == ""


def test_the_last_thing_that_says_who_it_is_stays(me: Me) -> None:
    contact_id = contacts.create(me, NewContact(last_name="Bo", emails=(Email("b@o.dk"),)))
    version = contacts.change(me, contact_id, 1, last_name="")
    assert contacts.show(me, contact_id).name == "b@o.dk"
    with pytest.raises(Invalid):
        contacts.change(me, contact_id, version, emails=[])


def test_moving_to_a_company_and_back_takes_everything_along(me: Me) -> None:
    """V2, V3: kind and account are one choice; rows around the contact follow, and undo follows back."""
    contact_id = contacts.create(me, SOREN)
    case_id = cases.create(me, contact_id, "ID.4", path="new_car")
    account_id = accounts.create(me, NewAccount("Nordlys"))
    version = contacts.change(me, contact_id, 1, account_id=account_id)
    assert contacts.show(me, contact_id).kind == "business"
    assert Case.get_by_id(case_id).account_id == account_id
    contacts.change(me, contact_id, version, kind="private")
    assert Case.get_by_id(case_id).account_id == PRIVATE_ACCOUNT
    undo.undo(me)
    assert contacts.show(me, contact_id).company == "Nordlys"
    with pytest.raises(Invalid):
        contacts.change(me, contacts.create(me, NewContact(last_name="B")), 1, kind="business")


def test_only_a_colleague_can_be_responsible(me: Me) -> None:
    contact_id = contacts.create(me, SOREN)
    jens = a_colleague(me)
    contacts.change(me, contact_id, 1, responsible_id=jens.user_id)
    assert contacts.show(me, contact_id).responsible == jens.full_name
    with pytest.raises(Invalid):
        contacts.change(me, contact_id, None, responsible_id=99)


def test_deleting_goes_to_the_trash_and_undo_brings_all_back(me: Me) -> None:
    """V15."""
    contact_id = contacts.create(me, SOREN)
    contacts.delete(me, contact_id, 1)
    with pytest.raises(NotFound):
        contacts.show(me, contact_id)
    assert contact_list.find(me, "soren").ids == ()
    assert duplicates.similar(me, SOREN) == []
    undo.undo(me)
    assert contacts.show(me, contact_id).name == "Søren Mikkelsen"
    assert contact_list.find(me, "soren").ids == (contact_id,)


def test_a_contact_with_cases_asks_once_more_naming_them(me: Me) -> None:
    """V16; its tasks leave the task lists with it, and come back with it."""
    contact_id = contacts.create(me, SOREN)
    cases.create(me, contact_id, "ID.4 Pro", path="new_car")
    cases.create(me, contact_id, "Caddy", path="new_car")
    with pytest.raises(NeedsConfirmation) as asked:
        contacts.delete(me, contact_id, 1)
    assert "ID.4 Pro" in asked.value.sentence
    assert "Caddy" in asked.value.sentence
    assert contacts.show(me, contact_id)
    contacts.delete(me, contact_id, 1, confirmed=True)
    assert not Case.select().where(Case.deleted_at.is_null()).exists()
    undo.undo(me)
    assert Case.select().where(Case.deleted_at.is_null()).count() == 2
    assert contacts.show(me, contact_id).status == "opportunity"


def test_deleting_many_is_one_step_over_an_explicit_set(me: Me) -> None:
    """Faults 61: what is deleted is the set that was frozen, and nothing else."""
    ids = [contacts.create(me, NewContact(last_name=f"No. {n}")) for n in range(7)]
    jens = a_colleague(me)
    contacts.delete(jens, ids[2], 1)
    done, event = contacts.delete_batch(me, ids[:3], 6)
    more, _event = contacts.delete_batch(me, ids[3:6], 6, event)
    assert (done, more) == (2, 3)
    assert contact_list.all_ids(me) == (ids[6],)
    undo.undo(me)
    assert set(contact_list.all_ids(me)) == {*ids} - {ids[2]}


def test_the_address_of_a_deleted_contact_can_be_used_again(me: Me) -> None:
    """Faults 77."""
    contacts.delete(me, contacts.create(me, SOREN), 1)
    assert duplicates.similar(me, SOREN) == []
    contacts.create(me, SOREN)


def test_a_draft_goes_with_the_save_it_was_for(me: Me) -> None:
    drafts.keep(me, "contact:new", "new_contact", {"texts": {}})
    with pytest.raises(Invalid):
        contacts.create(me, NewContact(), "contact:new")
    assert drafts.take(me, "contact:new") is not None
    contacts.create(me, SOREN, "contact:new")
    assert drafts.take(me, "contact:new") is None


def test_what_happened_stays_on_a_deleted_contact(me: Me) -> None:
    """Nothing a person typed is taken away by deleting; undo shows it again."""
    contact_id = a_contact(me)
    before = Activity.select().count(), Task.select().count()
    contacts.delete(me, contact_id, None)
    assert (Activity.select().count(), Task.select().count()) == before
    assert Contact.select().where(Contact.id == contact_id).exists()


SAMPLES = ("[/]", "\x1b[31m", "\ud800", "👩‍👩‍👧", "\u202e", " a ", "\t", "NULL", "æøå")
TYPED = some.text(max_size=40) | some.sampled_from(SAMPLES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=some.fixed_dictionaries(dict.fromkeys(("first_name", "last_name", "title", "street", "city"), TYPED)),
    numbers=some.lists(TYPED | some.from_regex(r"(\+45)?[ 0-9]{4,12}", fullmatch=True), max_size=3),
    custom=some.dictionaries(TYPED, TYPED, max_size=3),
)
def test_whatever_was_stored_can_be_opened_and_saved_unchanged(
    me: Me, texts: dict[str, str], numbers: list[str], custom: dict[str, str]
) -> None:
    """Faults 37: saving what was read changes nothing, not even the version; nothing stored needs cleaning."""
    new = NewContact(**texts, phones=tuple(PhoneEntry(each) for each in numbers), custom=custom)
    try:
        contact_id = contacts.create(me, new)
    except Invalid:
        return
    shown = contacts.show(me, contact_id)
    again = contacts.change(
        me, contact_id, shown.version, emails=shown.emails, phones=shown.phones, custom=shown.custom,
        **{name: getattr(shown, name) for name in texts},
    )  # fmt: skip
    assert again == shown.version
    assert shown.name.strip()
    for held in (shown.name, *(getattr(shown, name) for name in texts), *(item["raw"] for item in shown.phones)):
        assert held == text.accept(held, newlines=False)
    entered_again = tuple(PhoneEntry(item["raw"], item["label"]) for item in shown.phones)
    assert contact_values.normal_phones(entered_again) == list(shown.phones)


@settings(max_examples=100, deadline=None)
@given(address=some.text(max_size=30) | some.emails())
def test_an_address_that_is_accepted_is_accepted_again(address: str) -> None:
    try:
        kept = contact_values.normal_emails((Email(address),))
    except Invalid:
        return
    assert contact_values.normal_emails(kept) == kept
