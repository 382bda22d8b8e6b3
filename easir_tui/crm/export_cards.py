"""Contacts as vCards, from which importing makes the same contacts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from easir_tui.channels import vcard
from easir_tui.channels.records import ContactRecord, Labelled, PostalAddress
from easir_tui.crm.consent_states import CHANNELS
from easir_tui.crm.users import Me
from easir_tui.crm.visibility import seen_by
from easir_tui.data.sqlite import rows

AT_ONCE = 400

_CARDS = """
SELECT c.id, c.first_name, c.last_name, c.name, c.title, CASE c.kind WHEN 'business' THEN a.name ELSE '' END,
  CASE c.kind WHEN 'business' THEN a.cvr ELSE '' END, c.job_title, c.emails, c.phones, c.street, c.city, c.postcode,
  c.country, c.birthday, c.website, c.language, c.custom, c.external_ids,
  (SELECT group_concat(s.channel) FROM consent s WHERE s.id IN (SELECT max(n.id) FROM consent n
    WHERE n.contact_id = c.id AND n.deleted_at IS NULL GROUP BY n.channel) AND s.state = 'refused')
FROM contact c JOIN account a ON a.id = c.account_id WHERE c.id IN ({ids}) AND c.deleted_at IS NULL AND {seen}
"""


def cards(me: Me, ids: Sequence[int]) -> Iterator[str]:
    """A card for each of these contacts one may see, in their order."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        sql = _CARDS.format(ids=", ".join("?" * len(some)), seen=seen_by(me, "c.audience"))
        found = {one[0]: one for one in rows(sql, *some)}
        for one in some:
            if one in found:
                yield vcard.write(_record(found[one]))


def _record(found: tuple[object, ...]) -> ContactRecord:
    (_id, first, last, name, title, company, cvr, job, emails, phones, street, city, postcode, country, birthday,
     website, language, custom, external, refused) = (str(one or "") for one in found)  # fmt: skip
    has_place = street or city or postcode or country
    said = refused.split(",")
    return ContactRecord(
        first_name=first, last_name=last, display_name="" if first or last else name, title=title, company=company,
        company_cvr=cvr, job_title=job,
        emails=tuple(Labelled(one.get("label", ""), one["address"]) for one in json.loads(emails)),
        phones=tuple(
            Labelled(one.get("label", ""), one.get("number") or one.get("raw") or "") for one in json.loads(phones)
        ),
        addresses=(PostalAddress(street=street, city=city, postcode=postcode, country=country),) if has_place else (),
        birthday=birthday, website=website, language=language, custom=json.loads(custom),
        external_ids=json.loads(external), refused=tuple(one for one in CHANNELS if one in said),
    )  # fmt: skip
