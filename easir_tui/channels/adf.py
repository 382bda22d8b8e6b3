"""Leads in ADF, the Auto-lead Data Format 1.0 of the car trade, as senders really write it.

Few of them write XML that a parser takes, so the text is mended first: what stands around `<adf>` is cut away,
stray ampersands and named entities are spelled out, control characters go. A document type is never read, so there
are no entities to expand and nothing is ever fetched. Elements are known by their local name in any case and order,
and each may be missing. What cannot be mended is a lead for a person to read.
"""

from __future__ import annotations

import html
import html.entities
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from easir_tui import clock
from easir_tui.channels.encodings import decode
from easir_tui.channels.lead_record import MOST, Comment, LeadRecord, instant, plain
from easir_tui.channels.records import ContactRecord, Labelled, PostalAddress
from easir_tui.channels.whole_values import split_name
from easir_tui.language import _

_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}encoding\s*=\s*["']([A-Za-z0-9._-]+)""", re.IGNORECASE)
_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{0,30})?(;?)")
_KEPT = {"amp", "lt", "gt", "quot", "apos"}
_UNQUOTED = re.compile(r"(<\w[^<>]*?\s[\w:.-]+=)([^\s\"'<>=]+)(?=[\s/>])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f￾￿]")
_PHONE_LABELS = {"cellphone": "mobile", "cell": "mobile", "mobile": "mobile", "fax": "fax", "pager": "pager",
                 "work": "work", "home": "home"}  # fmt: skip


def looks_like_adf(text: str) -> bool:
    """Whether a text holds an ADF document, plain or HTML-escaped."""
    start = text.lower()
    return "<adf" in start or "&lt;adf" in start


def read(raw: bytes, zone: ZoneInfo | None = None) -> list[LeadRecord]:
    """Every prospect of a message; one record with a `problem` when it cannot be read."""
    declared = _DECLARED.search(raw[:2000])
    return parse(decode(raw, declared[1].decode("ascii") if declared else ""), zone)


def parse(text: str, zone: ZoneInfo | None = None) -> list[LeadRecord]:
    """The same for text that is decoded already."""
    zone = zone or clock.zone()
    if "&lt;adf" in text.lower() and "<adf" not in text.lower():
        text = html.unescape(text)
    if re.search(r"<!\s*(doctype|entity)", text, re.IGNORECASE):
        return [_unread(_("The message declares a document type, which is not read."))]
    body = re.search(r"<adf\b.*</adf\s*>", text, re.IGNORECASE | re.DOTALL)
    if body is None:
        return [_unread(_("The message holds no complete ADF document."))]
    root = _root(body[0])
    if root is None:
        return [_unread(_("The message is not written as ADF is."))]
    found = [_lead(prospect, zone) for prospect in list(_all(root, "prospect"))[:MOST]]
    return found or [_unread(_("The message holds no prospect."))]


def _unread(why: str) -> LeadRecord:
    return LeadRecord(format="adf", problem=why)


def _root(text: str) -> ElementTree.Element | None:
    mended = _ENTITY.sub(_entity, _CONTROLS.sub("", text))
    mended = re.sub(r"<\?.*?\?>", "", mended, flags=re.DOTALL)
    for candidate in (mended, _UNQUOTED.sub(r'\1"\2"', mended)):
        try:
            return ElementTree.fromstring(candidate)
        except ElementTree.ParseError:
            continue
    return None


def _entity(match: re.Match[str]) -> str:
    """A reference as XML knows it; what is none is an ampersand."""
    name, closed = match[1] or "", match[2]
    if not name or not closed:
        return "&amp;" + name + closed
    if name in _KEPT:
        return match[0]
    if name.startswith("#"):
        meant = html.unescape(match[0])
        return html.escape(_CONTROLS.sub("", meant), quote=False)
    meant = html.entities.html5.get(f"{name};", "")
    return html.escape(meant, quote=False) if meant else f"&amp;{name};"


# Elements ------------------------------------------------------------------------------------------


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()


def _all(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Elements of a name, at any depth, in order."""
    return (one for one in element.iter() if _local(one.tag) == name)


def _own(element: ElementTree.Element | None, name: str) -> list[ElementTree.Element]:
    """Children of a name."""
    return [] if element is None else [one for one in element if _local(one.tag) == name]


def _child(element: ElementTree.Element | None, name: str) -> ElementTree.Element | None:
    return next(iter(_own(element, name)), None)


def _text(element: ElementTree.Element | None, name: str = "", newlines: bool = False) -> str:
    found = _child(element, name) if name else element
    return plain("".join(found.itertext()), newlines) if found is not None else ""


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((plain(value) for key, value in element.attrib.items() if _local(key) == name), "")


# A prospect ----------------------------------------------------------------------------------------


def _lead(prospect: ElementTree.Element, zone: ZoneInfo) -> LeadRecord:
    customer, vendor, provider = (_child(prospect, name) for name in ("customer", "vendor", "provider"))
    number = next(iter(_own(prospect, "id")), None)
    vehicles = _own(prospect, "vehicle")
    wanted = [one for one in vehicles if _attribute(one, "interest").lower() not in ("trade-in", "sell")] or vehicles
    lines = [line for vehicle in wanted for line in _vehicle_facts(vehicle, vehicle is not wanted[0])]
    given = [_vehicle(one) for one in vehicles if one not in wanted]
    lines += [_("Trade-in: {text}").format(text=words) for words in given if words]
    lines += _timeframe(_child(customer, "timeframe"))
    received = instant(_text(prospect, "requestdate"), zone)
    said = _text(customer, "comments", newlines=True)
    return LeadRecord(
        contact=_contact(customer),
        format="adf",
        external_id=_text(number),
        source=(_attribute(number, "source") if number is not None else "") or _provider(provider),
        type=_attribute(wanted[0], "interest").lower() if wanted else "",
        team=_text(vendor, "vendorname"),
        product=_vehicle(wanted[0]) if wanted else "",
        interest="\n".join(lines),
        received_at=received,
        comments=(Comment(said),) if said else (),
    )


def _provider(provider: ElementTree.Element | None) -> str:
    return _text(provider, "name") or _text(provider, "service")


def _vehicle(vehicle: ElementTree.Element) -> str:
    """ "Škoda Enyaq iV 80 (2023)"."""
    name = " ".join(filter(None, (_text(vehicle, part) for part in ("make", "model", "trim"))))
    year = _text(vehicle, "year")
    return f"{name} ({year})" if name and year else name or year


def _vehicle_facts(vehicle: ElementTree.Element, named: bool) -> Iterator[str]:
    """What else is said of a vehicle, a line each; its name too unless that is the product."""
    if named and _vehicle(vehicle):
        yield _vehicle(vehicle)
    status = _attribute(vehicle, "status")
    if status:
        yield _("Condition: {text}").format(text=status)
    for name, title in (("stock", _("Stock number")), ("stocknumber", _("Stock number")), ("vin", "VIN"),
                        ("transmission", _("Gear")), ("bodystyle", _("Body"))):  # fmt: skip
        if value := _text(vehicle, name):
            yield f"{title}: {value}"
    for meter in _own(vehicle, "odometer"):
        if value := _text(meter):
            yield _("Odometer: {text}").format(text=f"{value} {_attribute(meter, 'units')}".strip())
    for price in _own(vehicle, "price"):
        if value := _text(price):
            yield _("Price: {text}").format(text=f"{value} {_attribute(price, 'currency')}".strip())
    options = [_text(one, "optionname") for one in _own(vehicle, "option")]
    if any(options):
        yield _("Options: {text}").format(text=", ".join(filter(None, options)))
    if value := _text(vehicle, "comments", newlines=True):
        yield value


def _timeframe(frame: ElementTree.Element | None) -> list[str]:
    said = [_text(frame, name) for name in ("description", "earliestdate", "latestdate")]
    return [_("When: {text}").format(text=" · ".join(filter(None, said)))] if any(said) else []


def _contact(customer: ElementTree.Element | None) -> ContactRecord:
    contact = _child(customer, "contact")
    parts: dict[str, str] = {}
    company = ""
    for name in _own(contact, "name"):
        part, value = _attribute(name, "part").lower() or "full", _text(name)
        if _attribute(name, "type").lower() == "business":
            company = company or value
        elif value:
            parts.setdefault("last" if part == "surname" else part, value)
    first, last = " ".join(filter(None, (parts.get("first"), parts.get("middle")))), parts.get("last", "")
    if not (first or last) and parts.get("full"):
        first, last = split_name(parts["full"])
    emails = [address for one in _own(contact, "email") for address in re.split(r"[,;\s]+", _text(one)) if address]
    return ContactRecord(
        first_name=first,
        last_name=last,
        company=company,
        emails=tuple(Labelled("", address) for address in emails[:5]),
        phones=tuple(
            Labelled(_PHONE_LABELS.get(_attribute(one, "type").lower(), ""), _text(one))
            for one in _own(contact, "phone")[:5] if _text(one)
        ),
        addresses=tuple(filter(None, (_address(one) for one in _own(contact, "address")[:2]))),
    )  # fmt: skip


def _address(address: ElementTree.Element) -> PostalAddress:
    street = "\n".join(filter(None, (_text(one) for one in (*_own(address, "street"), *_own(address, "apartment")))))
    return PostalAddress(
        "", street, _text(address, "postalcode"), _text(address, "city"),
        _text(address, "regioncode") or _text(address, "region"), _text(address, "country"),
    )  # fmt: skip
