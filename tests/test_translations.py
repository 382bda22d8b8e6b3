"""Every sentence the program shows is in the Danish catalog, whole, in the words agreed on, and compiled."""

from __future__ import annotations

import ast
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402 - a script, not part of the package

CATALOG = messages.merged()
ENTRIES = [message for message in CATALOG if message.id]

TERMS = {
    "Contact": "Kontaktperson",
    "Contacts": "Kontaktpersoner",
    "Private contact": "Privatkontakt",
    "Business contact": "Virksomhedskontakt",
    "Account": "Kunde",
    "Accounts": "Kunder",
    "Private customers": "Privatkunder",
    "Case": "Sag",
    "Cases": "Sager",
    "New case": "Ny sag",
    "Create case": "Opret sag",
    "Save case": "Gem sag",
    "Case manager": "Sagsansvarlig",
    "Responsible user": "Ansvarlig bruger",
    "All": "Alle",
    "Open": "Åbne",
    "Closed": "Lukkede",
    "Rejected": "Afviste",
    "Reopen": "Genåbn",
    "Close": "Luk",
    "Reject": "Afvis",
    "Reassign": "Omfordel",
    "Relations path": "Relationsforløb",
    "Milestone": "Milepæl",
    "Content suggestion": "Indholdsforslag",
    "Template": "Skabelon",
    "Lead": "Lead",
    "Lead details": "Leaddetaljer",
    "Lead type": "Leadtype",
    "Accept": "Accepter",
    "Reason for rejection": "Grund til afvisning",
    "Contact data": "Kontaktpersondata",
    "Lead data": "Leaddata",
    "Escalation": "Eskalering",
    "Opening hours": "Åbningstider",
    "Product": "Produkt",
    "Vehicle": "Køretøj",
    "User": "Bruger",
    "Team": "Team",
    "Admin": "Administrator",
    "Settings": "Indstillinger",
    "Inbox": "Indbakke",
    "Note": "Notat",
    "Meeting": "Møde",
    "E-mail": "E-mail",
    "Call": "Opkald",
    "Letter": "Brev",
    "Activity": "Aktivitet",
    "Next step": "Næste trin",
    "Reminder": "Påmindelse",
    "Task": "Opgave",
    "Tasks": "Opgaver",
    "Overdue": "Forfalden",
    "Today": "I dag",
    "Later": "Senere",
    "Completed": "Udført",
    "Planned": "Planlagt",
    "History": "Historik",
    "Planned and history": "Planlagt og historik",
    "Planned & history": "Planlagt og historik",
    "Attachments": "Vedhæftede filer",
    "Details": "Kontaktoplysninger",
    "About and communication": "Om og kommunikation",
    "Consent": "Samtykke",
    "Given": "Givet",
    "Refused": "Afslået",
    "Not asked": "Ikke spurgt",
    "Address": "Adresse",
    "E-mail address": "E-mailadresse",
    "Phone number": "Telefonnummer",
    "Period": "Tidsperiode",
    "Activity source": "Aktivitetskilde",
    "All notes": "Alle notater",
    "Case notes": "Sagsnotater",
    "Other notes": "Andre notater",
    "Edit": "Rediger",
    "Delete": "Slet",
    "Save": "Gem",
    "Cancel": "Annuller",
    "Undo": "Fortryd",
    "Trash": "Papirkurv",
    "Restore": "Gendan",
    "Search": "Søg",
    "Filter": "Filter",
    "Help": "Hjælp",
}
"""English word → Danish word, from the list of terms both languages use."""

WRONG_WORDS = {
    r"\bkonto(?!r)\w*": "an account is a kunde",
    r"\bkundeemne\w*|\bemner\b": "a lead is a lead",
    r"\bkontakten\b": "a contact is a kontaktperson",
    r"\bnoten?\b|\bnoter\b": "a note is a notat",
    r"\bmilesten\w*": "a milestone is a milepæl",
    r"\bopkaldet er tabt\b|\btilladelse\w*": "consent is samtykke",
    r"\bskraldespand\w*": "the trash is the papirkurv",
    r"\be-mail-adresse\w*|\bemail(?!;)\w*": "e-mailadresse, e-mail",
    r"\bvedhæftning\w*": "attachments are vedhæftede filer",
}
"""Danish words that stand for a term but are not the one agreed on."""


def forms(message: object) -> list[tuple[str, str]]:
    """The English and Danish text of an entry; both forms of one that counts."""
    english = message.id if isinstance(message.id, tuple) else (message.id,)  # type: ignore[attr-defined]
    danish = message.string if isinstance(message.string, tuple) else (message.string,)  # type: ignore[attr-defined]
    return [(one, other) for one, other in zip(english, danish, strict=True) if other]


PAIRS = [pair for entry in ENTRIES for pair in forms(entry)]
"""(English, Danish) of everything that is translated; what is not has a test of its own."""


def placeholders(text: str) -> set[str]:
    """The names to be filled in, in braces or in the percent form of argparse."""
    try:
        named = {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}
    except ValueError:
        named = set()
    return named | set(re.findall(r"%\(\w+\)[a-z]|%[sd]", text))


def test_every_message_is_translated() -> None:
    assert messages.untranslated(CATALOG) == []


def test_the_files_are_up_to_date() -> None:
    """Compared outside the assertions: a difference of two large catalogs takes many minutes to print."""
    same_texts = messages.PO.read_bytes() == messages.as_po(CATALOG)
    same_binary = messages.MO.read_bytes() == messages.as_mo(CATALOG)
    assert same_texts, "a text was changed: run make messages and translate it"
    assert same_binary, "run make messages"


def test_placeholders_are_the_same_in_both_languages() -> None:
    assert [pair for pair in PAIRS if placeholders(pair[0]) != placeholders(pair[1])] == []


def test_both_languages_end_alike() -> None:
    """A sentence stays a sentence, a label a label; blanks and line ends at the borders stay."""

    def shape(text: str) -> tuple[str, ...]:
        mark = text.rstrip()[-1:] if text.rstrip()[-1:] in ".?!:…" else ""
        return (mark, text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :], str(text.count("\n")))

    assert [pair for pair in PAIRS if shape(pair[0]) != shape(pair[1])] == []


def test_the_agreed_words() -> None:
    """A text that is one term, in capitals or not, is translated by its word."""
    lower = {english.lower(): danish.lower() for english, danish in TERMS.items()}
    single = {"open": "åben", "closed": "lukket", "rejected": "afvist"}
    for english, danish in PAIRS:
        if english in TERMS:
            assert danish == TERMS[english]
        elif english in single:
            assert danish == single[english]
        elif english in lower:
            assert danish.lower() == lower[english]


def test_open_is_said_of_cases_and_tasks_only() -> None:
    """To open something is another word in Danish: say what is opened."""
    entry = CATALOG.get("Open")
    assert entry is not None
    assert {Path(name).name for name, _line in entry.locations} == {"case_list.py", "cases.py", "tasks_and_cases.py"}


def test_no_other_word_for_a_term() -> None:
    found = [
        (danish, why)
        for _english, danish in PAIRS
        for pattern, why in WRONG_WORDS.items()
        if re.search(pattern, re.sub(r"Fornavn;\S+|EASIR?_\w+|\{\w+\}|easir .*", "", danish), re.IGNORECASE)
    ]
    assert found == []


def test_danish_quotation_marks() -> None:
    assert [danish for _english, danish in PAIRS if "“" in danish or "”" in danish] == []


@pytest.mark.parametrize("sign", ["‘", "’", "\u00a0", "\t", "  "])
def test_no_odd_signs_in_english(sign: str) -> None:
    """Two blanks are for the key lists of empty pages only."""
    assert [e for e, _danish in PAIRS if sign in e and not (sign == "  " and "\n" in e)] == []


def test_no_text_is_hidden_in_an_f_string() -> None:
    """The tool that collects the texts does not look into f-strings: a text in one is never translated."""
    found = []
    for source in sorted((ROOT / "easir_tui").rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found += [
                    f"{source.name}:{call.lineno}"
                    for call in ast.walk(node)
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                    and call.func.id in ("_", "N_", "ngettext") and call.args and isinstance(call.args[0], ast.Constant)
                ]  # fmt: skip
            elif (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ngettext"
                and not isinstance(node.args[0], ast.Constant)
            ):  # fmt: skip
                found.append(f"{source.name}:{node.lineno}")
    assert found == []


# Texts that pass by the catalog ----------------------------------------------------------------------

SHOWN = {
    "Static", "Label", "Button", "notify", "say", "report", "Column", "Field", "MenuItem", "Command", "ConfirmScreen",
    "MenuScreen", "TextScreen", "Input", "Line", "Refused", "Invalid", "NotFound", "NeedsConfirmation", "StoreProblem",
    "Conflict", "Content", "TabPane", "Block", "Checkbox", "Option", "Tab", "step", "Choice", "add_argument",
    "add_parser",
}  # fmt: skip
"""Calls whose texts a person reads."""

READ_ARGUMENTS = {
    "title",
    "placeholder",
    "tooltip",
    "hint",
    "label",
    "sentence",
    "help",
    "empty",
    "border_title",
    "text",
}
READ_ATTRIBUTES = {"border_title", "border_subtitle", "placeholder", "tooltip", "title", "sub_title"}
NAMES_FIRST = {"Command": 2} | dict.fromkeys(
    ("Field", "Invalid", "MenuItem", "Choice", "Option", "Tab", "add_argument", "add_parser"), 1
)
"""Calls whose first arguments, so many, are names and keys of the program."""


def a_sentence(node: ast.AST | None) -> str:
    """The text of a literal that reads like words for a person: letters, and a capital in front or a blank inside."""
    if isinstance(node, ast.JoinedStr):
        literal = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        literal = node.value
    else:
        return ""
    words = re.sub(r"EASI'R|[^\w\s'-]", " ", literal).strip()
    if (
        literal == "Bcc"
        or not re.search(r"[^\W\d_]{3,}", words)
        or re.fullmatch(r"[a-z0-9_.,#-]+|[A-Z0-9_]+", literal.strip())
    ):
        return ""
    return literal if re.search(r"\s", words) or words[:1].isupper() else ""


def shown_literals(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every literal that would be shown without having passed through the catalog."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            candidates = [keyword.value for keyword in node.keywords if keyword.arg in READ_ARGUMENTS]
            if name in SHOWN:
                candidates += node.args[NAMES_FIRST.get(name, 0) : 4 if name == "Command" else None]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if not any(isinstance(t, ast.Attribute) and t.attr in READ_ATTRIBUTES for t in targets):
                continue
            candidates = [node.value] if node.value else []
        else:
            continue
        for candidate in candidates:
            if text := a_sentence(candidate):
                yield candidate.lineno, text


def test_the_finder_of_untranslated_literals_finds_them() -> None:
    planted = (
        'Static("Nothing here")\nself.border_title = "Notes"\nnotify(f"Saved {name}")\nField("name", "Name")\n'
        'raise Invalid("name", "Too long.")\nInput(placeholder="type here")\nStatic("[b]Bold[/b]")\n'
    )
    assert sorted(line for line, _text in shown_literals(planted)) == [1, 2, 3, 4, 5, 6, 7]
    harmless = (
        'Static(_("Nothing here"), id="the-id", classes="a b")\nField("name", _("Name"))\nStatic(" · ")\n'
        'Command("list.open", "j,down", N_("Down"))\nColumn("ID", 7)\n'
    )
    assert list(shown_literals(harmless)) == []


def test_nothing_is_shown_that_did_not_pass_through_the_catalog() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text!r}"
        for path in sorted(messages.PACKAGE.rglob("*.py"))
        if path.name != "csv_headers.py" and path.parent.name != "demo"  # the words of files, and made-up data
        for line, text in shown_literals(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_placeholders_are_filled_in_after_translating() -> None:
    """`_(f"…")` and `_("…" + x)` never find their translation."""
    found = []
    for path in sorted(messages.PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "N_", "ngettext")
            ):
                texts = node.args[:2] if node.func.id == "ngettext" else node.args[:1]
                if any(isinstance(part, ast.JoinedStr | ast.BinOp) for text in texts for part in ast.walk(text)):
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
