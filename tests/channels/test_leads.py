"""Leads as other programs send them: ADF, JSON, CSV and mail; nothing is dropped, nothing acts, nothing is fetched."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from easir_tui.channels import adf, lead_files, lead_json
from easir_tui.channels.lead_record import LARGEST, instant
from easir_tui.errors import Refused

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "leads"
ZONE = ZoneInfo("Europe/Copenhagen")
FRIDAY = 1795189800
"""20 November 2026, 16:50 in Copenhagen."""

WHO = '<customer><contact><name part="full">Ole Hansen</name></contact></customer>'


def corpus(name: str) -> list:
    path = CORPUS / name
    if not path.exists():
        pytest.skip("the corpus of leads is not on this machine")
    return lead_files.read(path.read_bytes(), name, ZONE)


def test_a_full_adf() -> None:
    (lead,) = corpus("ours--adf-full.xml")
    assert (lead.external_id, lead.source, lead.team) == ("BP-2026-118822", "Bilportalen", "Aarhus Nord Biler")
    assert (lead.product, lead.type, lead.received_at) == ("Škoda Enyaq iV 80 (2023)", "buy", FRIDAY)
    assert (lead.contact.first_name, lead.contact.last_name) == ("Søren Kjær", "Østergaard")
    assert [phone.value for phone in lead.contact.phones] == ["+45 20 30 40 50", "86 12 44 00 lok. 12"]
    assert lead.contact.addresses[0].street == "Ærøvej 12, 2. tv\nc/o Hansen"
    assert "Trade-in: VW Golf (2016)" in lead.interest
    assert [one.text for one in lead.comments] == ["Kan I levere før jul? Hvad giver I for min Golf?"]


def test_the_rest_of_the_corpus() -> None:
    (hostile,) = corpus("ours--adf-hostile.xml")
    assert hostile.problem
    assert not hostile.contact.first_name
    (latin,) = corpus("ours--adf-latin1.xml")
    assert (latin.contact.last_name, latin.product) == ("Ærø", "Citroën C3 (2020)")
    (terse,) = corpus("ours--adf-terse-upper.xml")
    assert (terse.contact.last_name, terse.product) == ("O'BRIEN-Ñuñez", "ID.4 / Passat?")
    assert terse.source == "Facebook Lead Ads"
    first, second = corpus("ours--adf-two-prospects-company.xml")
    assert (first.contact.company, first.contact.last_name) == ("Nordlys VVS ApS", "Bjørnsen")
    assert first.comments[0].text == "Fire biler & service. CVR 13 58 56 28"
    assert first.external_id == second.external_id == "A-1"
    (mailed,) = corpus("ours--adf-in-mail.eml")
    assert (mailed.external_id, mailed.format, mailed.received_at) == ("BP-2026-118822", "mail", FRIDAY)
    (row,) = corpus("ours--leads.csv")
    assert (row.contact.last_name, row.interest, row.received_at) == ("Østergaard", "Kan I\nlevere; før jul?", FRIDAY)
    found = corpus("ours--leads.json")
    assert [one.external_id for one in found] == ["w-1", "w-2", "w-1", ""]
    assert (found[1].contact.company, found[1].contact.company_cvr) == ("Nordlys VVS ApS", "13585628")
    assert "\x1b" not in found[3].contact.first_name


@pytest.mark.parametrize(
    "written",
    [
        f"<adf><prospect>{WHO}</prospect></adf>",
        f'\n\n<?ADF VERSION "1.0"?><?xml version="1.0"?><ADF><PROSPECT>{WHO}</PROSPECT></ADF> tail',
        f'<adf xmlns="http://x.example/adf"><prospect>{WHO}</prospect></adf>',
        f"<adf><prospect status=new>{WHO}<provider><name>Bil & Co</name></provider></prospect></adf>",
        f"&lt;adf&gt;&lt;prospect&gt;{WHO.replace('<', '&lt;').replace('>', '&gt;')}&lt;/prospect&gt;&lt;/adf&gt;",
        f"<html><body><adf><prospect><x:own xmlns:x='y'>1</x:own>{WHO}</prospect></adf></body></html>",
        f"<adf><prospect>{WHO}<requestdate>31/02/2026</requestdate>&nbsp;&oslash;&bogus;</prospect></adf>",
    ],
)
def test_how_senders_break_it(written: str) -> None:
    (lead,) = adf.parse(written, ZONE)
    assert not lead.problem
    assert (lead.contact.first_name, lead.contact.last_name) == ("Ole", "Hansen")


@pytest.mark.parametrize(
    "written",
    ["<adf><prospect>", "<adf></adf>", "<adf><prospect><b></prospect></adf>", "no adf at all <x>",
     '<!DOCTYPE adf SYSTEM "http://x.example/a.dtd"><adf><prospect/></adf>', '<!ENTITY a "b"><adf></adf>'],
)  # fmt: skip
def test_what_nobody_can_read_is_a_lead_for_a_person(written: str) -> None:
    (lead,) = adf.parse(written, ZONE)
    assert lead.problem
    assert lead


@given(st.text(max_size=300))
def test_adf_never_crashes(inside: str) -> None:
    assert adf.parse(f"<adf><prospect>{inside}</prospect></adf>", ZONE)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from([*lead_json.MEANING, "contact", "account", "comments", "plans", "consents", "field_data"]),
        inner, max_size=6),
    max_leaves=12,
))  # fmt: skip
def test_json_of_any_shape_is_read_or_refused_in_words(shape: object) -> None:
    for lead in lead_json.parse(json.dumps(shape), ZONE):
        assert isinstance(lead.contact.first_name, str)


def test_json_in_its_other_clothes() -> None:
    meta = {"created_time": "2026-11-20T15:50:00+0000", "id": "77", "field_data": [
        {"name": "full_name", "values": ["Åse Bjørnsen"]}, {"name": "email", "values": ["ase@example.dk"]},
        {"name": "which_car", "values": ["ID.3"]}]}  # fmt: skip
    (lead,) = lead_json.parse(json.dumps(meta), ZONE)
    assert (lead.contact.last_name, lead.external_id, lead.received_at) == ("Bjørnsen", "77", FRIDAY)
    assert lead.interest == "which_car: ID.3"
    assert len(lead_json.parse('{"name": "A B"}\n{"name": "C D"}', ZONE)) == 2
    assert len(lead_json.parse('{"leads": [{"name": "A B"}]}', ZONE)) == 1
    (told,) = lead_json.parse(json.dumps({
        "fornavn": "Bo", "tlf": "20304050", "comments": [{"text": "Ring efter 16", "who": "Portal", "at": FRIDAY}],
        "plans": [{"type": "opkald", "day": "2026-12-01", "note": "Ring"}, {"type": "x"}],
        "consents": {"phone": True, "email": "nej", "fax": True, "sms": "maybe"},
    }), ZONE)  # fmt: skip
    assert (told.contact.first_name, told.contact.phones[0].value) == ("Bo", "20304050")
    assert [(one.text, one.who, one.at) for one in told.comments] == [("Ring efter 16", "Portal", FRIDAY)]
    assert [(one.type, one.day, one.note) for one in told.plans] == [("call", "2026-12-01", "Ring")]
    assert [(one.channel, one.state) for one in told.consents] == [("phone", "given"), ("email", "refused")]
    (broken,) = lead_json.parse("{", ZONE)
    assert broken.problem


def test_a_mail_from_a_person_is_an_enquiry() -> None:
    raw = (
        b"From: =?utf-8?Q?Bo_R=C3=B8r?= <bo@example.dk>\r\nTo: salg@example.dk\r\nSubject: Varebil\r\n"
        b"Date: Fri, 20 Nov 2026 16:50:00 +0100\r\nMessage-ID: <m1@example.dk>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
        b"<p>Hej, hvad koster en <b>Caddy</b>?</p>\r\n--b\r\nContent-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="../../etc/tegning.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n"
        b"JVBERi0xLjQ=\r\n--b--\r\n"
    )
    (lead,) = lead_files.read(raw, "", ZONE)
    assert (lead.contact.last_name, lead.contact.emails[0].value) == ("Rør", "bo@example.dk")
    assert (lead.interest, lead.external_id, lead.received_at) == ("Varebil", "m1@example.dk", FRIDAY)
    assert "hvad koster en Caddy" in lead.comments[0].text.replace("  ", " ")
    assert [(file.name, file.content) for file in lead.files] == [("tegning.pdf", b"%PDF-1.4")]


def test_times() -> None:
    assert instant("2026-11-20T16:50:00+01:00", ZONE) == instant("2026-11-20T16:50", ZONE) == FRIDAY
    assert instant("20-11-2026 16:50", ZONE) == instant(FRIDAY, ZONE) == instant(FRIDAY * 1000, ZONE) == FRIDAY
    for wrong in ("31/02/2026", "soon", "", None, True, -5, 1e30, []):
        assert instant(wrong, ZONE) is None


def test_empty_and_huge_messages_are_refused() -> None:
    for raw in (b"", b" \n", b"\xef\xbb\xbf", b"x" * (LARGEST + 1)):
        with pytest.raises(Refused):
            lead_files.read(raw)
