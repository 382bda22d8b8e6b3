"""Fields in a template: `{{contact.first_name}}` and the like, and what stands in their place.

A field without a value stays as it is written, so that it is seen before anything is sent and never goes out as a
blank. What is put in is text: a value that looks like a field itself is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from easir_tui.errors import Invalid
from easir_tui.language import N_, _

FIELDS: dict[str, str] = {
    "contact.first_name": N_("first name"),
    "contact.last_name": N_("last name"),
    "contact.name": N_("full name"),
    "contact.title": N_("title"),
    "contact.job_title": N_("job title"),
    "contact.street": N_("street"),
    "contact.postcode": N_("postcode"),
    "contact.city": N_("city"),
    "account.name": N_("company"),
    "account.cvr": N_("CVR number"),
    "case.title": N_("title of the case"),
    "case.product": N_("product of interest"),
    "case.value": N_("value of the case"),
    "user.name": N_("your name"),
    "user.first_name": N_("your first name"),
    "user.phone": N_("your phone"),
    "user.email": N_("your e-mail"),
    "user.signature": N_("your signature"),
    "team.name": N_("name of the team"),
    "team.phone": N_("phone of the team"),
    "team.address": N_("address of the team"),
    "today": N_("today's date"),
}
"""Every field there is, and what it stands for."""

_FIELD = re.compile(r"\{\{\s*([a-z_]+(?:\.[a-z_]+)?)\s*\}\}")


def fill(written: str, values: Mapping[str, str]) -> str:
    """`written` with every field that has a value replaced by it."""

    def put(match: re.Match[str]) -> str:
        return values.get(match[1]) or match[0]

    return _FIELD.sub(put, written)


def missing(written: str) -> tuple[str, ...]:
    """The known fields that still stand in a text, each once, as they are written."""
    return tuple(dict.fromkeys(match[0] for match in _FIELD.finditer(written) if match[1] in FIELDS))


def refuse_open(name: str, written: str) -> None:
    """What goes out of the house has no field left in it.

    Raises:
        Invalid: of `name`: it has; the sentence names them.
    """
    if still := missing(written):
        raise Invalid(
            name, _("Nothing is known for {fields}: write it here, or take it away.").format(fields=", ".join(still))
        )


def unknown(written: str) -> tuple[str, ...]:
    """What looks like a field and is none: a slip of the finger, each once."""
    return tuple(dict.fromkeys(match[0] for match in _FIELD.finditer(written) if match[1] not in FIELDS))
