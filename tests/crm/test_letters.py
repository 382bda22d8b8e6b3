"""Letters as records: what stands in one, filed with its activity in one transaction, found again, undone together."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import pypdfium2
import pytest

from easir_tui import language
from easir_tui.clock import now
from easir_tui.crm import activities, activity_page, attachments, cases, letters, teams, undo, users
from easir_tui.crm.activities import ActivityInput
from easir_tui.crm.users import Me
from easir_tui.data.journal import step
from easir_tui.data.models import Account, Activity, Attachment, Contact, Membership, Team, User
from easir_tui.data.sqlite import rows, run, value, writing
from easir_tui.errors import Invalid, NotFound, Refused
from tests.crm.made import a_business_contact, a_contact

DAY = date(2026, 11, 26)
HOME = {"street": "Ærøvej 14, 2. th.", "postcode": "5970", "city": "Ærøskøbing", "language": "da"}


@pytest.fixture
def team(me: Me) -> int:
    """A team with an address, and Anna in it with a signature."""
    with step(me, "made a team", shown=False) as work:
        number = work.add(
            Team, name="Kystbyens Biler", street="Havnegade 12", postcode="8000", city="Aarhus C",
            phone="+4586123456", email="salg@kystbyens-biler.dk", letterhead="Kystbyens Biler A/S\nBiler siden 1962",
        )  # fmt: skip
        work.add(Membership, user_id=me.user_id, team_id=number)
        work.change(User, me.user_id, None, signature="Anna Holm\nSalgskonsulent", email="anna@kystbyens-biler.dk")
    return number


def wrote(me: Me, contact: int, body: str = "Kære Ole\n\nTak for i dag.", **more: Any) -> activities.Recorded:
    return activities.record(me, ActivityInput(contact, "letter", body=body, **more))


def files(contact: int) -> list[tuple[int, str, int | None]]:
    return rows(
        "SELECT id, name, activity_id FROM attachment WHERE contact_id = ? AND deleted_at IS NULL ORDER BY id", contact
    )


def page(me: Me, number: int) -> str:
    with attachments.open_bytes(me, number) as source:
        document = pypdfium2.PdfDocument(source.read())
    return "\n".join(one.get_textpage().get_text_range() for one in document)


def test_a_letter_is_filed_as_pdf_with_its_activity(me: Me, team: int) -> None:
    contact = a_contact(me, **HOME)
    case = cases.create(me, contact, "ID.4", path="new_car")
    made = wrote(me, contact, subject="Tilbud på ID.4", case_id=case, milestones=("offer",))
    ((number, name, activity),) = files(contact)
    assert (name, activity) == ("Letter 2026-11-25 Tilbud på ID.4.pdf", made.activity_id)
    found = attachments.facts(me, number)
    assert (found.origin, found.media_type, found.case_id) == ("letter", "application/pdf", case)
    read = page(me, number)
    for words in ("Kystbyens Biler A/S", "Ærøvej 14, 2. th.", "5970 Ærøskøbing", "Tilbud på ID.4", "Tak for i dag.",
                  "Aarhus, den 25. november 2026", "Med venlig hilsen", "Salgskonsulent",
                  "+45 86 12 34 56"):  # fmt: skip
        assert words in read
    assert activity_page.activity(me, made.activity_id).files[0][:2] == (number, name)
    assert Activity.get_by_id(made.activity_id).subject == "Tilbud på ID.4"


def test_undo_takes_letter_and_file_and_redo_brings_both(me: Me) -> None:
    contact = a_contact(me, **HOME)
    made = wrote(me, contact)
    undone = undo.undo(me, made.event_id)
    assert files(contact) == []
    assert Activity.get_by_id(made.activity_id).deleted_at is not None
    undo.undo(me, undone.event_id)
    assert len(files(contact)) == 1


def test_when_the_pdf_cannot_be_made_nothing_is_saved(me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither activity nor file nor event; the form keeps the text."""
    contact = a_contact(me, **HOME)
    before = value("SELECT count(*) FROM event")
    with pytest.raises(Invalid, match="😀") as refused:
        wrote(me, contact, "Kære Ole 😀")
    assert refused.value.field == "body"
    with pytest.raises(Invalid) as refused:
        wrote(me, contact, subject="王")
    assert refused.value.field == "subject"
    broken = tmp_path / "brev.typ"
    broken.write_text("#foo(")
    settings = tmp_path / "settings.toml"
    settings.write_text(f'letter_template = "{broken}"\n')
    monkeypatch.setenv("EASIR_CONFIG", str(settings))
    with pytest.raises(Refused, match=r"brev\.typ, line 1: unclosed delimiter"):
        wrote(me, contact)
    assert (files(contact), Activity.select().count(), value("SELECT count(*) FROM event")) == ([], 0, before)


def test_the_companys_template_beside_the_settings_is_used(
    me: Me, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brev.typ").write_text("#let data = json(bytes(sys.inputs.data))\nVort eget: #data.recipient.at(0)")
    (tmp_path / "settings.toml").write_text('letter_template = "brev.typ"\nletter_window = "din5008"\n')
    monkeypatch.setenv("EASIR_CONFIG", str(tmp_path / "settings.toml"))
    contact = a_contact(me, **HOME)
    wrote(me, contact)
    assert "Vort eget: Ole Hansen" in page(me, files(contact)[0][0])


@pytest.mark.parametrize(
    ("own", "of_account", "lines"),
    [
        ({}, {"street": "Industrivej 1", "postcode": "8900", "city": "Randers", "country": "Danmark"},
         ("Nordlys Biler A/S", "Att. Ole Hansen", "Industrivej 1", "8900 Randers")),
        (HOME, {"street": "Industrivej 1"},
         ("Nordlys Biler A/S", "Att. Ole Hansen", "Ærøvej 14, 2. th.", "5970 Ærøskøbing")),
        ({}, {"street": "Storgata 1", "postcode": "0155", "city": "Oslo", "country": "Norge"},
         ("Nordlys Biler A/S", "Att. Ole Hansen", "Storgata 1", "0155 Oslo", "NORGE")),
        ({}, {"street": "A\nB\nC\nD\nE", "city": "Ribe", "country": "Sverige"},
         ("Nordlys Biler A/S", "Att. Ole Hansen", "A, B, C", "D", "E", "Ribe", "SVERIGE")[:6]),
        ({}, {}, ("Nordlys Biler A/S", "Att. Ole Hansen")),
    ],
)  # fmt: skip
def test_a_business_contact_gets_it_at_the_accounts_address(
    me: Me, own: dict[str, str], of_account: dict[str, str], lines: tuple[str, ...]
) -> None:
    """V13; never more lines than the window has, and none of the address left out."""
    contact = a_business_contact(me, **own)
    with step(me, "moved", shown=False) as work:
        work.change(Account, Contact.get_by_id(contact).account_id, None, **of_account)
    made = letters.letter_facts(me, contact, "", "Hej", DAY)
    if len(of_account) == 3 and "\n" in of_account["street"]:
        lines = ("Nordlys Biler A/S", "Att. Ole Hansen", "A, B, C, D", "E", "Ribe", "SVERIGE")
    assert made.recipient == lines
    assert bool(letters.postal(me, contact)) == (len(lines) > 2)


def test_the_letter_speaks_the_contacts_language(me: Me, team: int) -> None:
    """Whatever the interface speaks; where the contact has none, it is the interface's."""
    danish, english, neither = (a_contact(me, language=spoken) for spoken in ("da", "en", ""))
    language.activate("da")
    made = {one: letters.letter_facts(me, one, "", "Hej", DAY) for one in (danish, english, neither)}
    assert [one.language for one in made.values()] == ["da", "en", "da"]
    assert [one.closing for one in made.values()] == ["Med venlig hilsen", "Kind regards", "Med venlig hilsen"]
    assert made[english].place_date == "Aarhus, 26 November 2026"
    assert made[danish].place_date == "Aarhus, den 26. november 2026"


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        ("Kære Ole\n\nTak.", False),
        ("Kære Ole\n\nTak.\n\nMed venlig hilsen\nAnna", True),
        ("Kære Ole\n\nMange hilsner\n\nAnna", True),
        ("Dear Ole\n\nThanks.\n\nYours sincerely,\nAnna Holm", True),
        ("Kære Ole\n\nTak.\n\nAnna Holm", True),
        ("Min far bad mig om at hilse dig, og han sender dig mange hilsner fra hele familien i Ribe.\n\nTak.", False),
    ],
)
def test_a_closing_of_ones_own_is_not_doubled(me: Me, body: str, closed: bool) -> None:
    made = letters.letter_facts(me, a_contact(me), "", body, DAY)
    assert (made.closing == "", made.signature == ()) == (closed, closed)


def test_without_a_team_the_writer_is_the_sender(me: Me) -> None:
    made = letters.letter_facts(me, a_contact(me, **HOME), "", "Hej", DAY)
    assert (made.letterhead, made.return_line, made.place_date) == (("Anna Holm",), "", "Den 26. november 2026")
    assert page_of(me, a_contact(me))


def page_of(me: Me, contact: int) -> bytes:
    return letters.made(me, contact, "", "Hej", now()).pdf


def test_blank_lines_part_paragraphs_and_line_ends_stay(me: Me) -> None:
    made = letters.letter_facts(me, a_contact(me), "", "Kære Ole\n \n\nEt\nto\n\n  tre", DAY)
    assert made.paragraphs == ("Kære Ole", "Et\nto", "  tre")


def test_the_name_of_the_file_is_the_interfaces_and_fits(me: Me) -> None:
    language.activate("da")
    contact = a_contact(me, **HOME)
    at = now()
    assert letters.made(me, contact, "", "Hej", at).name == "Brev 2026-11-25 Ole Hansen.pdf"
    assert letters.made(me, contact, "Tilbud 4/2026: a\\b", "Hej", at).name == "Brev 2026-11-25 Tilbud 4-2026: a-b.pdf"
    assert len(letters.made(me, contact, "x" * 5000, "Hej", at).name) < 120


def test_a_corrected_letter_gets_a_new_pdf_and_the_old_one_goes(me: Me) -> None:
    """And undo brings the old one back; a correction of the note leaves the PDF as it is."""
    contact = a_contact(me, **HOME)
    made = wrote(me, contact, "Kære Ole\n\nTak for idag.")
    ((first, _name, _activity),) = files(contact)
    held = activity_page.activity(me, made.activity_id)
    activity_page.correct(me, made.activity_id, held.version, note="sendt A-post")
    assert files(contact)[0][0] == first
    activity_page.correct(me, made.activity_id, None, body="Hej Ole\n\nTak for i dag.")
    ((second, _name, _activity),) = files(contact)
    assert second != first
    assert "Tak for i dag." in page(me, second)
    assert activity_page.activity(me, made.activity_id).subject == "Hej Ole"
    activity_page.correct(me, made.activity_id, None, subject="Tak")
    assert files(contact)[0][1] == "Letter 2026-11-25 Tak.pdf"
    with pytest.raises(Invalid, match="empty"):
        activity_page.correct(me, made.activity_id, None, body=" ")
    with pytest.raises(Invalid, match="😀"):
        activity_page.correct(me, made.activity_id, None, body="Hej 😀")
    undo.undo(me)
    undo.undo(me)
    assert files(contact)[0][0] == first


def test_a_letter_is_found_by_its_file_and_by_its_activity(me: Me) -> None:
    """Where one number is both a file's and another's activity, the file's counts."""
    contact = a_contact(me, **HOME)
    note = activities.record(me, ActivityInput(contact, "note", note="Hej")).activity_id
    first, second = wrote(me, contact), wrote(me, contact, "Hej igen")
    (one, two) = (number for number, _name, _activity in files(contact))
    assert (one, two, note, first.activity_id, second.activity_id) == (1, 2, 1, 2, 3)
    assert letters.find(me, 3).id == two
    assert letters.find(me, 2).id == two
    assert letters.find(me, 1).id == one
    with pytest.raises(NotFound):
        letters.find(me, 4)
    with writing():
        run("UPDATE attachment SET origin = 'upload' WHERE id = 1")
    with pytest.raises(NotFound, match="no such letter"):
        letters.find(me, 1)


def test_another_teams_letter_is_not_there(me: Me, team: int) -> None:
    """Faults 103: by either number, with the sentence of what does not exist."""
    contact = a_contact(me, **HOME, team_id=team)
    made = wrote(me, contact)
    other = teams.add(me, "Syd")
    users.enrol(me, "syd", "Syd", "user")
    stranger = users.log_in("syd")
    with step(me, "joined", shown=False) as work:
        work.add(Membership, user_id=stranger.user_id, team_id=other)
    for number in (made.activity_id, files(contact)[0][0], 99):
        with pytest.raises(NotFound, match="There is no such letter"):
            letters.find(stranger, number)
    with pytest.raises(NotFound):
        letters.made(stranger, contact, "", "Hej", now())


def test_a_template_field_left_open_is_not_sent(me: Me) -> None:
    contact = a_contact(me, **HOME)
    for given in ({"body": "Kære {{contact.title}}"}, {"body": "Hej", "subject": "{{case.title}}"}):
        with pytest.raises(Invalid, match="Nothing is known for"):
            wrote(me, contact, **given)


def test_a_letter_is_saved_within_a_second_by_several_at_once(me: Me) -> None:
    """The first of a process too; threads of one process share Typst."""
    contact = a_contact(me, **HOME)
    began = perf_counter()
    wrote(me, contact)
    assert perf_counter() - began < 1
    made: list[bytes] = []
    facts = letters.letter_facts(me, contact, "", "Hej", DAY)

    def make() -> None:
        from easir_tui.channels.letter_pdf import letter_pdf

        made.append(letter_pdf(facts))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len({*made}) == 1
    assert len(made) == 8


def test_the_same_letter_twice_is_stored_once(me: Me) -> None:
    contact = a_contact(me, **HOME)
    wrote(me, contact)
    wrote(me, contact)
    assert len({one.sha256 for one in Attachment.select()}) == 1
    assert Attachment.select().count() == 2
