"""The bytes of the demonstration's attachments: small real PDF, PNG, vCard and text files, without a library."""

from __future__ import annotations

import zlib
from typing import NamedTuple


class Document(NamedTuple):
    """A file to attach: its name, media type and bytes, and the origin an attachment of it has."""

    name: str
    media_type: str
    content: bytes
    origin: str


def pdf(title: str, lines: list[str]) -> bytes:
    """A one-page A4 PDF with a title and some lines, in Helvetica."""
    text = ["BT /F1 18 Tf 60 770 Td", f"({_escaped(title)}) Tj", "/F1 11 Tf 0 -34 Td"]
    for line in lines:
        text += [f"({_escaped(line)}) Tj", "0 -17 Td"]
    text.append("ET")
    stream = "\n".join(text).encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def png(width: int, height: int, shade: int) -> bytes:
    """A grey picture with a lighter frame, which is what a badly scanned licence looks like from afar."""
    rows = bytearray()
    for y in range(height):
        edge = y < 6 or y >= height - 6
        rows += b"\0" + bytes(230 if edge or x < 6 or x >= width - 6 else (shade + x // 8) % 256 for x in range(width))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    picture = zlib.compress(bytes(rows), 9)
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", picture) + chunk(b"IEND", b"")


def offer(product: str, price: str) -> Document:
    """The offer on a car."""
    lines = [
        product, f"Kontantpris: {price} kr. inkl. levering", "Leveringsomkostninger: 4.680 kr.", "",
        "Tilbuddet gælder i 14 dage fra dato.", "Kystbyens Biler, Havnegade 100, 8000 Aarhus C",
    ]  # fmt: skip
    return Document(f"Tilbud {product.replace('/', '-')}.pdf", "application/pdf", pdf("Tilbud", lines), "mail_out")


def others() -> list[Document]:
    """What lies on a contact without being an offer."""
    wishes = "Ønsker til den nye bil:\n- anhængertræk\n- helst hvid eller grafitgrå\n- levering før sommerferien\n"
    table = "Post;Beløb\r\nKontantpris;349.995\r\nUdbetaling;70.000\r\nRente;5,95 %\r\nYdelse;4.295\r\n"
    return [
        Document("Kørekort, scan.png", "image/png", png(320, 202, 90), "upload"),
        Document("Kørekort bagside.png", "image/png", png(320, 202, 120), "upload"),
        Document("Ønsker.txt", "text/plain", wishes.encode(), "mail_in"),
        Document("Finansiering.csv", "text/csv", ("\ufeff" + table).encode(), "mail_out"),
        Document("Slutseddel.pdf", "application/pdf", pdf("Slutseddel", ["Køber og sælger er enige."]), "upload"),
        Document("Invitation åbent hus.pdf", "application/pdf", pdf("Åbent hus", ["Lørdag kl. 10 til 15"]), "letter"),
        Document("Servicebog.pdf", "application/pdf", pdf("Servicebog", ["Service 30.000 km udført"]), "mail_in"),
    ]
