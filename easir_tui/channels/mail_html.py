"""The text of an HTML mail: blocks on lines of their own, links by number with their addresses below.

Se [tilbuddet][1] …                       Nothing is fetched and nothing is run: pictures are their words,
                                          what a browser would not show is not shown here either.
[1] https://example.dk/tilbud
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from easir_tui.text import accept

LARGEST = 5_000_000
"""Letters of HTML that are read; a mail that is longer is a file somebody sent as a mail."""

LONGEST = 1_000_000
"""Letters of text that are made of it."""

DEEPEST_QUOTE = 9

_UNSEEN = {
    "head", "title", "style", "script", "noscript", "template", "meta", "link", "object", "embed", "applet", "audio",
    "video", "canvas", "svg", "math", "map", "datalist", "-comment", "-doctype",
}  # fmt: skip
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "html", "legend", "li", "main", "menu",
    "nav", "ol", "optgroup", "option", "pre", "section", "select", "summary", "table", "caption", "tbody", "tfoot",
    "thead", "tr", "ul",
}  # fmt: skip
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6"}
"""Blocks with an empty line around them."""

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)"
    r"|(?:max-)?height\s*:\s*0(?:px)?\s*;.*overflow\s*:\s*hidden",
    re.IGNORECASE | re.DOTALL,
)
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0\u200b\u00ad\u034f\u2007-\u200a\u202f]+")
_WEB = re.compile(r"(?:https?|ftp|mailto|tel|sms):", re.IGNORECASE)


def text_of(html: str) -> str:
    """The text of HTML. Never raises; depth and length are bounded."""
    from selectolax.lexbor import LexborHTMLParser

    parsed = LexborHTMLParser(html[:LARGEST].encode("utf-8", "ignore").decode("utf-8"))
    page = _Page()
    root = parsed.body or parsed.root
    if root is not None:
        _walk(root, page)
    return page.text()


def _walk(root: Any, page: _Page) -> None:
    """Every node in order, with what opens and what closes it; no recursion, for some mails nest by the thousand."""
    node, end = root, root.mem_id
    while node is not None and page.length < LONGEST:
        tag = node.tag or ""
        inside = None
        if tag == "-text":
            page.write(node.text_content or "")
        elif tag not in _UNSEEN and not _is_hidden(attributes := node.attributes):
            page.opens(tag, attributes)
            inside = node.child
            if inside is None:
                page.closes(tag)
        if inside is not None:
            node = inside
            continue
        while node is not None and node.next is None:
            if node.mem_id == end:
                return
            node = node.parent
            if node is not None:
                page.closes(node.tag or "")
                if node.mem_id == end:
                    return
        node = node.next if node is not None and node.mem_id != end else None


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    style = attributes.get("style")
    return "hidden" in attributes or bool(style and _HIDDEN.search(style))


@dataclass
class _Page:
    """The text as it grows, and what is open at its end."""

    lines: list[str] = field(default_factory=list)
    line: str = ""
    length: int = 0
    gap: bool = False
    """Whether a blank waits for the next word."""
    quotes: int = 0
    lists: list[int | None] = field(default_factory=list)
    """The number of the last item of each open list, None where items have none."""
    verbatim: int = 0
    anchors: list[tuple[str, int]] = field(default_factory=list)
    """Open links: address, and how long the text was."""
    links: dict[str, int] = field(default_factory=dict)
    bullet: str = ""

    def write(self, words: str) -> None:
        """Text of a node."""
        if self.verbatim:
            *before, last = words.replace("\r", "").split("\n")
            for one in before:
                self._add(one.expandtabs(8))
                self.end_line(even_empty=True)
            self._add(last.expandtabs(8))
            return
        words = _BLANKS.sub(" ", words)
        if words.startswith(" "):
            self.gap = True
        if stripped := words.strip(" "):
            self._add((" " if self.gap and self.line else "") + stripped)
            self.gap = words.endswith(" ")

    def _add(self, words: str) -> None:
        if words and self.bullet:
            words, self.bullet = self.bullet + words.lstrip(), ""
        self.line += words
        self.length += len(words)

    def opens(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """An element begins."""
        if tag in _APART:
            self.blank_line()
        elif tag in _BLOCKS:
            self.end_line()
        match tag:
            case "br":
                self.end_line(even_empty=True)
            case "hr":
                self.end_line()
                self._add("─" * 20)
                self.end_line()
            case "blockquote":
                self.quotes += 1
            case "pre" | "textarea" | "xmp" | "listing":
                self.verbatim += 1
            case "ol":
                self.lists.append(_number(attributes.get("start")) - 1)
            case "ul" | "menu" | "dir":
                self.lists.append(None)
            case "li":
                self._begin_item()
            case "td" | "th":
                self.gap = False
                if self.line.strip():
                    self._add("  ")
            case "img" | "area":
                if alternative := accept(attributes.get("alt") or "", newlines=False):
                    self.write(f" [{alternative}] ")
            case "input":
                if (attributes.get("type") or "text") in ("submit", "button", "text") and attributes.get("value"):
                    self.write(f" [{attributes['value']}] ")
            case "a":
                self.anchors.append((accept(attributes.get("href") or "", newlines=False), len(self.line)))

    def _begin_item(self) -> None:
        depth = min(len(self.lists), 8)
        number = self.lists[-1] if self.lists else None
        if number is not None:
            number += 1
            self.lists[-1] = number
        self.bullet = "  " * max(0, depth - 1) + (f"{number}. " if number is not None else "- ")

    def closes(self, tag: str) -> None:
        """An element ends."""
        match tag:
            case "blockquote":
                self.end_line()
                self.quotes = max(0, self.quotes - 1)
            case "pre" | "textarea" | "xmp" | "listing":
                self.end_line()
                self.verbatim = max(0, self.verbatim - 1)
            case "ol" | "ul" | "menu" | "dir":
                self.end_line()
                if self.lists:
                    self.lists.pop()
            case "a":
                if self.anchors:
                    self._end_link(*self.anchors.pop())
        if tag in _APART:
            self.blank_line()
        elif tag in _BLOCKS:
            self.end_line()
            self.bullet = "" if tag == "li" else self.bullet

    def _end_link(self, address: str, begun_at: int) -> None:
        shown = self.line[begun_at:].strip()
        bare = re.sub(r"^(?:mailto:|tel:)|\?.*$", "", address, flags=re.IGNORECASE)
        if not _WEB.match(address) or shown in (address, bare) or _same_place(shown, address):
            return
        if not shown and not self.line[:begun_at].strip() and not self.line.strip():
            return  # a link around nothing, or around a picture without words
        number = self.links.setdefault(address, len(self.links) + 1)
        self._add(f" [{number}]")

    def end_line(self, even_empty: bool = False) -> None:
        """The line is full; an empty one counts where somebody wrote it."""
        self.gap = False
        content = self.line.rstrip()
        if content or even_empty:
            mark = ">" * min(self.quotes, DEEPEST_QUOTE)
            self.lines.append(f"{mark} {content}".rstrip() if mark else content)
        self.line = ""
        self.anchors = [(address, 0) for address, _at in self.anchors]

    def blank_line(self) -> None:
        """An empty line, unless there is one."""
        self.end_line()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(">" * min(self.quotes, DEEPEST_QUOTE))

    def text(self) -> str:
        """Everything, no two empty lines in a row, the addresses of the links last."""
        self.end_line()
        kept: list[str] = []
        for one in self.lines:
            if one.strip("> ") or (kept and kept[-1].strip("> ")):
                kept.append(one)
        whole = "\n".join(kept).strip("\n")
        if self.links:
            whole += "\n\n" + "\n".join(f"[{number}] {address}" for address, number in self.links.items())
        return whole


def _same_place(shown: str, address: str) -> bool:
    def plain(one: str) -> str:
        return re.sub(r"^https?://(?:www\.)?|/$", "", one.casefold()).removeprefix("www.")

    return plain(shown) == plain(address)


def _number(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 7 else 1
