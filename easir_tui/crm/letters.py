"""Letters: what stands in one besides its text, made into a PDF, and the PDF found again.

The letterhead is the team's, the signature the writer's, the address the contact's own or its account's (V13), and
everything the letter says by itself is in the contact's language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from easir_tui import clock, config, language, phones, text
from easir_tui.crm import attachments
from easir_tui.crm.attachments import AttachmentFacts
from easir_tui.crm.lookups import contact_brief
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import of_parts
from easir_tui.data.sqlite import row, value
from easir_tui.errors import Invalid, NotFound
from easir_tui.language import _

if TYPE_CHECKING:
    from easir_tui.channels.letter_pdf import LetterFacts

ORIGIN = "letter"
"""The origin of a file that is a letter of ours."""

_CLOSINGS = {"da": "Med venlig hilsen", "en": "Kind regards"}
_CLOSED = re.compile(r"\b(hilsen|hilsner|regards|sincerely|faithfully|wishes|yours)\b", re.IGNORECASE)
_HOME_NAMES = {"DK": ("dk", "danmark", "denmark"), "FO": ("fo", "foeroyar", "faroe islands"), "GL": ("gl", "groenland")}
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_DISTRICT = re.compile(r" [A-ZÆØÅ]{1,2}$")
"""What stands after the town in "Aarhus C" and "København NV"."""

_FACTS = """
SELECT c.kind, c.name, c.language, c.street, c.postcode, c.city, c.country,
  a.name, a.street, a.postcode, a.city, a.country, u.full_name, u.phone, u.email, u.signature,
  coalesce(t.name, ''), coalesce(t.street, ''), coalesce(t.postcode, ''), coalesce(t.city, ''), coalesce(t.phone, ''),
  coalesce(t.email, ''), coalesce(t.letterhead, '')
FROM contact c JOIN account a ON a.id = c.account_id JOIN app_user u ON u.id = ?2
LEFT JOIN team t ON t.id = (SELECT m.team_id FROM membership m JOIN team g ON g.id = m.team_id AND g.deleted_at IS NULL
  WHERE m.user_id = u.id AND m.deleted_at IS NULL ORDER BY m.id LIMIT 1)
WHERE c.id = ?1
"""


@dataclass(frozen=True)
class LetterFile:
    """A letter as it is to be filed."""

    name: str
    pdf: bytes


def postal(me: Me, contact_id: int) -> tuple[str, ...]:
    """The lines of the postal address without the name; none where neither street nor town is known.

    Raises:
        NotFound: there is no such contact.
    """
    contact_brief(me, contact_id)
    found = row(_FACTS, contact_id, me.user_id)
    assert found is not None
    return _postal(*_address(found))


def letter_facts(me: Me, contact_id: int, subject: str, body: str, day: date) -> LetterFacts:
    """Everything a letter to this contact consists of; `day` is its date.

    Raises:
        NotFound: there is no such contact.
    """
    from easir_tui.channels.letter_pdf import LetterFacts

    contact_brief(me, contact_id)
    found = row(_FACTS, contact_id, me.user_id)
    assert found is not None
    kind, name, spoken = found[:3]
    who, phone, email, signature, team, street, postcode, city, team_phone, team_email, head = found[12:]
    spoken = spoken if spoken in language.LANGUAGES else language.active()
    letterhead = _lines(head) or _some(team) or _some(who)
    town = f"{postcode} {city}".strip()
    own = _some(who if team else "", phones.pretty(phone) if phone else "", email)
    of_team = _some(street, town, phones.pretty(team_phone) if team_phone else "", team_email)
    company = found[7] if kind == "business" else ""
    to = (company, " ".join(("Att.", name))) if company else (name,)
    closed = _is_closed(body, who)
    return LetterFacts(
        letterhead=letterhead,
        sender=(*of_team, *(("",) if own and of_team else ()), *own),
        return_line=" · ".join(_some(letterhead[0], street, town)) if team else "",
        recipient=_fitted(_some(*to), _postal(*_address(found))),
        place_date=_place_date(_DISTRICT.sub("", city), day, spoken),
        subject=subject,
        paragraphs=tuple(part for part in _BLANK_LINES.split(body) if part.strip()),
        closing="" if closed else _CLOSINGS[spoken],
        signature=() if closed else _lines(signature) or _some(who),
        language=spoken,
        day=day,
    )


def made(me: Me, contact_id: int, subject: str, body: str, at: int) -> LetterFile:
    """The letter as a PDF, and what it is called; `at` is when it was written, UTC epoch seconds.

    Raises:
        Invalid: of `subject` or `body`: a letter that no font has.
        Refused: it cannot be made; the sentence says why.
    """
    from easir_tui.channels import letter_pdf

    day = clock.local(at, clock.zone(me.zone)).date()
    facts = letter_facts(me, contact_id, subject, body, day)
    settings = config.settings()
    template = None
    if settings.letter_template:
        template = config.config_folder() / Path(settings.letter_template).expanduser()
    try:
        pdf = letter_pdf.letter_pdf(facts, template, letter_pdf.form_of(settings.letter_window))
    except letter_pdf.NoFont as error:
        for field, words in (("subject", subject), ("body", body)):
            if any(letter in words for letter in error.letters):
                raise Invalid(field, error.sentence, error.hint) from error
        raise
    about = subject or contact_brief(me, contact_id).name
    name = " ".join((_("Letter"), day.isoformat(), text.cut(about, 80))) + ".pdf"
    name = name.replace("/", "-").replace("\\", "-")
    return LetterFile(attachments.file_name(name), pdf)


def printed_subject(subject: str, body: str) -> str:
    """The subject line of a stored letter: none where the subject is only the beginning of its text."""
    return "" if subject == text.first_line(body) else subject


def find(me: Me, number: int) -> AttachmentFacts:
    """The file of a letter, by the number of the file or, where no letter has it, of the activity.

    Raises:
        NotFound: there is no such letter.
    """
    file = value(
        f"SELECT f.id FROM attachment f WHERE f.deleted_at IS NULL AND f.origin = ?1 AND {of_parts(me, 'f')} "
        "AND (f.id = ?2 OR f.activity_id = ?2) ORDER BY f.id <> ?2, f.id DESC LIMIT 1",
        ORIGIN, number,
    )  # fmt: skip
    if file is None:
        raise NotFound(
            _("There is no such letter."),
            _("easir attachment list CONTACT shows the numbers of the files."),
        )
    return attachments.facts(me, int(file))


def _address(found: tuple[object, ...]) -> tuple[str, str, str, str]:
    """Street, postcode, town and country: the contact's own, or the account's of a business contact (V13)."""
    own = tuple(str(part) for part in found[3:7])
    of_account = tuple(str(part) for part in found[8:12])
    street, postcode, city, country = own if any(own) or found[0] == "private" else of_account
    return street, postcode, city, country


def _postal(street: str, postcode: str, city: str, country: str) -> tuple[str, ...]:
    if not street and not city:
        return ()
    return (*_lines(street), *_some(f"{postcode} {city}".strip(), _abroad(country)))


def _abroad(country: str) -> str:
    """The last line of an address in another country, in capitals as the post wants it; "" at home."""
    region = config.settings().region
    at_home = (region.lower(), *_HOME_NAMES.get(region, ()))
    return "" if not country or text.fold(country) in at_home else country.upper()


def _fitted(names: tuple[str, ...], place: tuple[str, ...]) -> tuple[str, ...]:
    """Name and address in as many lines as the window has; streets share one rather than be left out."""
    from easir_tui.channels.letter_pdf import MOST_ADDRESS_LINES

    surplus = len(names) + len(place) - MOST_ADDRESS_LINES
    if surplus > 0:
        place = (", ".join(place[: surplus + 1]), *place[surplus + 1 :])
    return (*names, *place)


def _place_date(city: str, day: date, spoken: str) -> str:
    month = language.month_name(day.month, spoken)
    if spoken == "da":
        written = f"{day.day}. {month} {day.year}"
        return f"{city}, den {written}" if city else f"Den {written}"
    return ", ".join(_some(city, f"{day.day} {month} {day.year}"))


def _is_closed(body: str, who: str) -> bool:
    """Whether a text ends with a closing of its own: a greeting or the writer's name in its last lines."""
    last = [line for line in body.splitlines() if line.strip()][-6:]
    return any(len(line) <= 60 and (_CLOSED.search(line) or line.strip() == who) for line in last)


def _lines(words: object) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(words or "").splitlines() if line.strip())


def _some(*parts: object) -> tuple[str, ...]:
    return tuple(str(part) for part in parts if part)
