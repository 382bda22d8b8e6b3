"""What a file says it is and what it is: told apart, so that nobody opens the one for the other."""

from __future__ import annotations

import mimetypes

from easir_tui.language import N_, _

KINDS: dict[str, str] = {
    "application/pdf": "PDF",
    "application/vnd.microsoft.portable-executable": N_("a Windows program"),
    "application/x-executable": N_("a program"),
    "application/zip": N_("a ZIP archive"),
    "application/gzip": N_("a compressed file"),
    "application/x-7z-compressed": N_("an archive"),
    "application/vnd.rar": N_("an archive"),
    "application/x-ole-storage": N_("an old Office file"),
    "application/rtf": "RTF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": N_("a Word document"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": N_("an Excel workbook"),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": N_("a PowerPoint presentation"),
    "application/vnd.oasis.opendocument.text": N_("an OpenDocument text"),
    "application/vnd.oasis.opendocument.spreadsheet": N_("an OpenDocument spreadsheet"),
    "application/octet-stream": N_("no known kind of file"),
    "text/plain": N_("plain text"),
    "text/html": N_("a web page"),
    "text/vcard": "vCard",
    "text/calendar": "iCalendar",
    "image/svg+xml": N_("a drawing"),
    "application/xml": "XML",
}
"""What a file is by its content, in words; what is not here is named by its type."""

RUNS = frozenset({
    "exe", "com", "scr", "pif", "cpl", "msi", "msp", "dll", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse",
    "wsf", "wsh", "hta", "lnk", "url", "reg", "jar", "iso", "img", "vhd", "appx", "docm", "dotm", "xlsm", "xltm",
    "xlsb", "pptm", "potm", "ppam", "one", "chm", "application", "gadget", "inf", "scf", "sh", "desktop",
})  # fmt: skip
"""Endings that a computer runs, or that carry programs along."""

_ALIKE = (
    {"image/jpeg", "image/jpg", "image/pjpeg"}, {"application/xml", "text/xml", "image/svg+xml", "text/html"},
    {"application/gzip", "application/x-gzip", "application/x-tar"},
    {"audio/mpeg", "video/mpeg"}, {"video/mp4", "audio/mp4", "video/quicktime", "audio/x-m4a"},
    {"image/heic", "image/heif"}, {"audio/ogg", "video/ogg", "application/ogg"},
)  # fmt: skip
"""Types that are said for one another."""


def in_words(media_type: str) -> str:
    """A type in words: "PDF", "a Windows program", "JPEG"."""
    known = KINDS.get(media_type)
    if known:
        return _(known)
    return media_type.rpartition("/")[2].removeprefix("x-").removeprefix("vnd.").upper()[:40]


def lie(name: str, by_content: str) -> str:
    """What is wrong with what a file is called, in a sentence; "" where nothing is.

    Args:
        by_content: the media type of its bytes, as `data.files.media_type` finds it.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if by_content in ("application/vnd.microsoft.portable-executable", "application/x-executable"):
        if ending in ("exe", "dll", "bin", "so", "") or ending in RUNS:
            return _("This is {kind}. Do not open it unless you know who made it.").format(kind=in_words(by_content))
        return _("It is called {ending}, but it is {kind}.").format(ending=f".{ending}", kind=in_words(by_content))
    if ending in RUNS:
        return _("Files called {ending} can run programs. Do not open it unless you know who made it.").format(
            ending=f".{ending}"
        )
    said = mimetypes.guess_type(f"x.{ending}", strict=False)[0] if ending else None
    if said is None or said == by_content or _fits(said, by_content):
        return ""
    return _("It is called {ending}, but it is {kind}.").format(ending=f".{ending}", kind=in_words(by_content))


def _fits(said: str, by_content: str) -> bool:
    """Whether bytes that look like the one may well be the other, because the bytes tell less than the name."""
    if any({said, by_content} <= alike for alike in _ALIKE):
        return True
    if by_content == "application/octet-stream":
        return said not in _SURE
    if by_content in ("text/plain", "application/xml", "text/html"):
        return said.startswith("text/") or (said not in _SURE and not said.startswith(("image/", "audio/", "video/")))
    if by_content == "application/zip":
        return "zip" in said or "officedocument" in said or "opendocument" in said or "epub" in said or "java" in said
    if by_content == "application/x-ole-storage":
        return said in ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint",
                        "application/vnd.ms-outlook", "application/vnd.visio")  # fmt: skip
    return False


_SURE = frozenset({
    "application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff", "image/bmp",
    "application/zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
})  # fmt: skip
"""Types whose bytes always say so."""
