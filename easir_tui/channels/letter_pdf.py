"""Letters as PDF: what is written, set in a template by Typst, with the address where the envelope has its window.

The text goes in as data and never as markup. The fonts are those that Typst brings, and those in a folder `fonts`
beside a company's own template, so that a letter looks the same on every machine; the result is PDF/A-2b, which
also makes Typst say which letters no font has, instead of setting an empty box.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from easir_tui import text
from easir_tui.errors import Refused
from easir_tui.language import _

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("letter.typ")
"""The template that comes along."""

MOST_ADDRESS_LINES = 6
"""Lines that fit into the window under the return line."""

_LONGEST_WORD = 48
"""Letters after which a word is let break anywhere, so that nothing runs off the sheet."""

_LARGEST_TEMPLATE = 1_000_000

_NO_FONT = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
_PLACE = re.compile(r"┌─ (.+):(\d+):\d+")
_PACKAGE = re.compile(r'(?:import|include)\s*\(?\s*"(?:@|\\u\{0*40\})')
_LONG_WORDS = re.compile(rf"\S{{{_LONGEST_WORD},}}")


@dataclass(frozen=True)
class Form:
    """Where things stand on the sheet, in millimetres from its upper left corner.

    Args:
        left: of the return line, the address and the text.
        top: of the return line; the address follows 4.4 mm under it.
        width: what the address may take.
        body: where the letter begins.
        folds: where the sheet is folded.
    """

    left: float
    top: float
    width: float
    body: float
    folds: tuple[float, ...]


FORMS: Mapping[str, Form] = {
    # Within 22 to 103 and 46 to 74 mm, which the windows of M65, C6/5, C5 and DIN 5008 B all show.
    "m65": Form(left=22, top=46, width=81, body=88, folds=(99, 198)),
    # DIN 5008 form B: field 85 x 45 mm at 20/45, the address in its lower 27.3 mm, indented by 5 mm.
    "din5008": Form(left=25, top=58.5, width=80, body=98.5, folds=(105, 210)),
}
"""The envelopes there is a layout for."""


@dataclass(frozen=True)
class LetterFacts:
    """One letter, ready to be set: texts as they are to be read, each of the tuples a tuple of lines.

    Args:
        letterhead: the first line is the name of the house.
        sender: the house and the writer: address, phone, e-mail.
        return_line: who sends it, in one line above the address.
        recipient: name and postal address.
        place_date: "Aarhus, 26. november 2026".
        paragraphs: texts; a line end within one is kept.
        closing: "Med venlig hilsen", or "" where the text has its own.
        language: "da" or "en": hyphenation, and the word before the page number.
        day: the date of the letter.
    """

    letterhead: tuple[str, ...]
    sender: tuple[str, ...]
    return_line: str
    recipient: tuple[str, ...]
    place_date: str
    subject: str
    paragraphs: tuple[str, ...]
    closing: str
    signature: tuple[str, ...]
    language: str
    day: date


class NoFont(Refused):
    """No font has some of the letters; `letters` are up to twenty of them."""

    def __init__(self, letters: str) -> None:
        super().__init__(
            _("No font has these letters, so a letter cannot show them: {letters}").format(letters=" ".join(letters)),
            _("Write it without them."),
        )
        self.letters = letters


class BrokenTemplate(Refused):
    """The company's template cannot be used; the sentence names the file and, where known, the line."""


def form_of(setting: str) -> Form:
    """The form that a setting checked by `config` names: one of `FORMS`, or left and top of the return line in mm.

    With two numbers the text begins as far under the return line as in the form m65.
    """
    if setting in FORMS:
        return FORMS[setting]
    usual = FORMS["m65"]
    left, top = (float(number) for number in setting.split())
    return Form(left, top, usual.width, top + usual.body - usual.top, usual.folds)


def letter_pdf(facts: LetterFacts, template: Path | None = None, form: Form = FORMS["m65"]) -> bytes:
    """The letter as a PDF.

    Args:
        template: the company's own; it may use the files of its folder, and nothing outside it.

    Raises:
        NoFont: some letter cannot be shown.
        BrokenTemplate: the template cannot be read, or Typst does not understand it.
    """
    import typst

    place = template or TEMPLATE
    if template is not None:
        _look_through(template)
    data = {name: _settable(held) for name, held in asdict(facts).items()}
    data["recipient"] = data["recipient"][:MOST_ADDRESS_LINES]
    data |= {"title": facts.subject, "author": facts.signature[:1], "form": asdict(form)}
    try:
        made = typst.compile(
            str(place),
            root=str(place.parent),
            font_paths=_fonts(str(place.parent / "fonts") if template is not None else ""),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data)},
            pdf_standards="a-2b",
            timestamp=datetime.combine(facts.day, time(12), ZoneInfo("UTC")),
        )
    except typst.TypstError as error:
        raise _explained(error, place) from error
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=4)
def _fonts(folder: str) -> typst.Fonts:
    """The fonts that Typst brings, and those of a folder."""
    import typst

    beside = [folder] if folder and Path(folder).is_dir() else []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=beside)


def _look_through(template: Path) -> None:
    """Refuse what cannot be read, and what would have Typst fetch a package from the network."""
    try:
        for one in (template, *sorted(template.parent.glob("*.typ"))[:50]):
            if one.stat().st_size > _LARGEST_TEMPLATE:
                raise BrokenTemplate(_("The letter template {file} is too large to be one.").format(file=one))
            written = one.read_text(encoding="utf-8")
            if (found := _PACKAGE.search(written)) is not None:
                line = written.count("\n", 0, found.start()) + 1
                raise BrokenTemplate(
                    _("The letter template {file} asks for a package in line {line}; nothing is fetched.").format(
                        file=one, line=line
                    ),
                    _("Put the package's files beside it and import those."),
                )
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else _("it is not UTF-8")
        raise BrokenTemplate(
            _("The letter template {file} cannot be read: {reason}.").format(file=template, reason=reason),
            _("Set letter_template in the settings, or leave it out."),
        ) from error


def _settable(held: Any) -> Any:
    """A field as JSON: texts with very long ones open to breaking; nothing that shows is added."""
    if isinstance(held, date):
        return held.isoformat()
    if not isinstance(held, str):
        return [_settable(one) for one in held]
    return _LONG_WORDS.sub(lambda word: "\u200b".join(re.findall(".{1,12}", word[0])), held.replace("\t", "    "))


def _explained(error: typst.TypstError, template: Path) -> Refused:
    """What Typst says, as a sentence."""
    told = error.diagnostic or error.message
    missing = _NO_FONT.findall(told) or _NO_FONT.findall(error.message)
    if missing:
        named = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), "".join(missing))
        return NoFont("".join([one for one in dict.fromkeys(named) if one.isprintable() and not one.isspace()][:20]))
    said = text.cut(text.clean(error.message), 200)
    at = _PLACE.search(told)
    if at is None:
        return BrokenTemplate(_("The letter template {file}: {what}.").format(file=template, what=said))
    file = Path(os.path.abspath(at[1]))  # Typst names it as seen from the working folder
    file = file if file.is_file() else template.parent / at[1]
    return BrokenTemplate(
        _("The letter template {file}, line {line}: {what}.").format(file=file, line=at[2], what=said)
    )
