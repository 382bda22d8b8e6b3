"""The words beside e-mail addresses and phone numbers, whatever the language and program they were written
in.

Stored labels are English (`mobile`, `work`, `home`, `fax`, …) and shown in the user's language; a word nobody
here knows is kept as it was typed.
"""

from __future__ import annotations

import re

_APPLE = re.compile(r"^_\$!<(.*)>!\$_$", re.DOTALL)
_KNOWN = {
    "work": "work business job office company arbejde arbejdsmail firma erhverv kontor",
    "home": "home private personal privat hjem hjemme",
    "mobile": "mobile cell cellular iphone mobil mobiltelefon mobilnummer telefoncellulare handy",
    "main": "main primary hoved hovednummer primær primærnummer",
    "direct": "direct direkte direktenummer",
    "switchboard": "switchboard omstilling",
    "fax": "fax telefax otherfax andenfax",
    "work fax": "workfax businessfax arbejdsfax faxarbejde",
    "home fax": "homefax faxhjemme privatfax",
    "pager": "pager personsøger",
    "car": "car bil biltelefon",
    "assistant": "assistant assistantphone assistent",
    "other": "other anden andet andre øvrig",
}
_BY_WORD = {word: label for label, words in _KNOWN.items() for word in words.split()}


def known_label(typed: str) -> str:
    """The stored word for a label, or the label as typed; "* Mobil" and "_$!<Mobile>!$_" are both `mobile`."""
    typed = bare_label(typed)
    return _BY_WORD.get(re.sub(r"[^a-zæøå]", "", typed.lower()), typed)


def bare_label(typed: str) -> str:
    """A label without the marks Apple and Google put around it."""
    match = _APPLE.match(typed.strip())
    return (match[1] if match else typed).strip().removeprefix("*").strip()


def label_of_types(types: list[str]) -> str:
    """One label for the TYPEs of a vCard property."""
    kinds = set(types)
    place = "work" if "work" in kinds else "home" if "home" in kinds else ""
    if "fax" in kinds:
        return f"{place} fax".strip()
    if kinds & {"cell", "mobile", "iphone"}:
        return "mobile"
    for word in ("pager", "car", "main"):
        if word in kinds:
            return word
    return place or ("other" if "other" in kinds else "")


TYPES_OF_LABEL = {
    "work": "WORK",
    "home": "HOME",
    "mobile": "CELL",
    "main": "MAIN",
    "fax": "FAX",
    "work fax": "WORK,FAX",
    "home fax": "HOME,FAX",
    "pager": "PAGER",
    "car": "CAR",
    "other": "OTHER",
}
"""What a vCard calls these labels; another label is written beside the property."""
