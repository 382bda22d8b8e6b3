"""The two languages of the interface.

Every visible sentence passes through `_` or `ngettext`; the English text is the key, the Danish one comes
from `locale/da`. Numbers, money and sizes are written here too, as each language writes them. The choice
is made once at start (EASIR_LANG, else the settings, else the locale of the system) and can be changed
while the program runs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from easir_tui.errors import Invalid

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES = ("en", "da")
"""The languages there is a whole interface for; the first is the one of the source."""

LOCALE_FOLDER = Path(__file__).parent / "locale"

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "da": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "da": (
        *("januar", "februar", "marts", "april", "maj", "juni"),
        *("juli", "august", "september", "oktober", "november", "december"),
    ),
}

_language = ""
_catalog: NullTranslations | None = None
_chosen = False

_NARROW_CURRENCIES = frozenset({"ISK", "JPY", "KRW", "CLP", "VND"})
"""Currencies without a minor unit (ISO 4217): one unit is stored as one."""


def choose(setting: str = "", environment: Mapping[str, str] | None = None) -> str:
    """The language to start in: EASIR_LANG, else `setting`, else the locale of the system, else English.

    Of the locale variables the first that is set decides, as POSIX has it: LC_ALL, LC_MESSAGES, LANG.
    """
    environment = os.environ if environment is None else environment
    for wish in (environment.get("EASIR_LANG", ""), setting):
        if wish.strip().lower()[:2] in LANGUAGES:
            return wish.strip().lower()[:2]
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            return "da" if value.lower().startswith("da") else "en"
    return "en"


def activate(language: str) -> None:
    """Switch the interface to `language`, "en" or "da", now and until the next call."""
    global _chosen
    _chosen = True
    _switch(language)


def prefer(setting: str) -> None:
    """Follow the settings file, unless the language was already chosen by `activate` or EASIR_LANG."""
    if not _chosen:
        _switch(choose(setting))


def active() -> str:
    """The language of the interface now: "en" or "da"."""
    if not _language:
        _switch(choose())
    return _language


def _switch(language: str) -> None:
    global _language, _catalog
    if language not in LANGUAGES:
        raise Invalid("language", _("There is no language “{name}”; there are en and da.").format(name=language))
    catalog = None
    if language != "en":
        import gettext  # 8 ms that an English user need not pay

        catalog = gettext.translation("easir", str(LOCALE_FOLDER), [language], fallback=True)
    _language, _catalog = language, catalog


def _(message: str) -> str:
    """`message` in the active language. Placeholders are filled in afterwards: `_("… {name}").format(…)`."""
    if not _language:
        _switch(choose())
    if _catalog is None or not message:
        return message
    return _catalog.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The form for `count` things, in the active language; the caller fills in the number itself."""
    if not _language:
        _switch(choose())
    if _catalog is None:
        return one if count == 1 else many
    return _catalog.ngettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    """`message` in the active language where one English word is two Danish ones ("Open" a file, an "Open" case)."""
    if not _language:
        _switch(choose())
    if _catalog is None:
        return message
    return _catalog.pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark `message` for the catalog without translating it yet; `_` does so where it is shown."""
    return message


def number(value: float, decimals: int = 0) -> str:
    """`value` with thousands marked: 12430 is "12,430" in English and "12.430" in Danish."""
    return _local(f"{value:,.{decimals}f}")


def money(minor_units: int, currency: str) -> str:
    """An amount kept in minor units (øre), written out: "399.900,00 kr." in Danish, "DKK 399,900.00" in English."""
    currency = currency.upper()
    if currency in _NARROW_CURRENCIES:
        amount = f"{abs(minor_units):,}"
    else:
        amount = f"{abs(minor_units) // 100:,}.{abs(minor_units) % 100:02d}"
    sign = "-" if minor_units < 0 else ""
    if active() == "da":
        return f"{sign}{_local(amount)} {'kr.' if currency == 'DKK' else currency}"
    return f"{sign}{currency} {amount}"


def parse_money(text: str, currency: str = "DKK") -> int:
    """Read a typed amount into minor units, in either language's way of writing it.

    A mark before one or two last digits is the decimal mark, a mark before three digits parts the thousands:
    "399.900", "399,900", "399 900,50" and "399,900.50 kr." all read as they look.

    Raises:
        Invalid: it is not an amount; nothing is guessed.
    """
    typed = re.sub(rf"(?i)\b(kr|dkk|{re.escape(currency)})\b\.?|,-|,—|\s|'", "", text)
    match = re.fullmatch(r"(-?)(\d+|\d{1,3}(?:([.,])\d{3})(?:\3\d{3})*)(?:([.,])(\d{1,2}))?", typed)
    if not match or (match[3] and match[3] == match[4]):
        raise Invalid(
            "value",
            _("“{text}” is not an amount.").format(text=text.strip()),
            _("Write it like 399,900 or 399,900.50."),
        )
    whole = int(re.sub(r"[.,]", "", match[2]))
    narrow = currency.upper() in _NARROW_CURRENCIES
    amount = whole if narrow else whole * 100 + int((match[5] or "0").ljust(2, "0"))
    return -amount if match[1] else amount


def weekday_name(weekday: int) -> str:
    """ "Friday", "fredag"; Monday is 0."""
    return _WEEKDAYS[active()][weekday]


def month_name(month: int, language: str = "") -> str:
    """ "November", "november"; January is 1. In `language` where the words are not for the interface."""
    return _MONTHS[language or active()][month - 1]


def size(count: int) -> str:
    """A number of bytes as people read it: "840 B", "12 kB", "1.4 MB" ("1,4 MB" in Danish)."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            break
    return f"{_local(f'{value:.1f}' if value < 9.95 else f'{value:.0f}')} {unit}"


def _local(english: str) -> str:
    """Swap the marks of an English number for Danish ones when Danish is active."""
    if active() != "da":
        return english
    return english.translate({ord(","): ".", ord("."): ","})
