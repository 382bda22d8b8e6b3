"""The program that makes a picture of one file and ends; started by `channels.preview`, and by nothing else.

It reads what is wanted as JSON, writes what it found as a line of JSON, and the picture after it.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any


def main() -> None:
    """Make one picture."""
    sys.path[:] = json.loads(sys.argv[1])
    asked = json.loads(sys.stdin.buffer.read())
    _limit(asked)
    try:
        facts, content = _pdf(asked) if asked["type"] == "application/pdf" else _picture(asked)
    except MemoryError:
        facts, content = {"trouble": "large"}, b""
    except Exception as error:  # noqa: BLE001 - these libraries fail in as many ways as there are damaged files
        facts, content = {"trouble": _trouble(error)}, b""
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + content)
    sys.stdout.buffer.flush()
    os._exit(0)


def _limit(asked: dict[str, Any]) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, asked["memory"]), (resource.RLIMIT_CPU, asked["seconds"]), (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):  # fmt: skip
            resource.setrlimit(what, (most, most))


def _trouble(error: Exception) -> str:
    said = f"{type(error).__name__} {error}".lower()
    if "password" in said:
        return "locked"
    return "large" if "decompressionbomb" in said or "too large" in said else "broken"


def _pdf(asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    import pypdfium2

    document = pypdfium2.PdfDocument(asked["path"])
    if not len(document):
        return {"trouble": "empty"}, b""
    number = min(max(0, asked["page"]), len(document) - 1)
    page = document[number]
    wide, high = page.get_size()
    scale = min(asked["width"] / max(wide, 1), asked["height"] / max(high, 1), 8)
    picture = page.render(scale=scale).to_pil()
    with contextlib.suppress(Exception):
        words = page.get_textpage().get_text_bounded()[: asked["text"]]
        return _answer(asked, picture, (round(wide), round(high)), number, len(document), words)
    return _answer(asked, picture, (round(wide), round(high)), number, len(document), "")


def _picture(asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    import warnings

    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = asked["pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(asked["path"]) as opened:
        whole, pages = opened.size, int(getattr(opened, "n_frames", 1))
        number = min(max(0, asked["page"]), pages - 1)
        if number:
            opened.seek(number)
        if opened.format == "JPEG":
            opened.draft("RGB", (asked["width"], asked["height"]))
        picture = ImageOps.exif_transpose(opened)
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            layer = picture.convert("RGBA")
            ground = Image.new("RGBA", layer.size, "white")
            ground.alpha_composite(layer)
            picture = ground
        if picture.mode.startswith(("I", "F")):
            picture = picture.point(lambda value: value / 256).convert("L")
        return _answer(asked, picture.convert("RGB"), whole, number, pages, "")


def _answer(
    asked: dict[str, Any], picture: Any, whole: tuple[int, int], page: int, pages: int, text: str
) -> tuple[dict[str, Any], bytes]:
    from PIL import Image

    picture = picture.convert("RGB")
    scale = min(asked["width"] / picture.width, asked["height"] / picture.height, 1.0)
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    facts = {
        "width": picture.width, "height": picture.height, "whole": whole, "page": page, "pages": pages, "text": text,
    }  # fmt: skip
    match asked["form"]:
        case "png":
            import io

            stream = io.BytesIO()
            picture.save(stream, "PNG")
            return facts, stream.getvalue()
        case "sixel":
            return facts, _sixels(picture)
    return facts, picture.tobytes()


def _sixels(picture: Any) -> bytes:
    """The picture in sixels, at most 128 colours: DCS q, the palette, then six rows at a time, one colour after
    another (DEC STD 070)."""
    import re

    small = picture.quantize(128)
    palette = small.getpalette()[: 128 * 3]
    width, height = small.size
    pixels = small.tobytes()
    out = [f'\x1bP0;1q"1;1;{width};{height}']
    for number in range(len(palette) // 3):
        red, green, blue = (round(one * 100 / 255) for one in palette[number * 3 : number * 3 + 3])
        out.append(f"#{number};2;{red};{green};{blue}")
    for top in range(0, height, 6):
        bits: dict[int, bytearray] = {}
        for row in range(min(6, height - top)):
            line = pixels[(top + row) * width : (top + row + 1) * width]
            for x, colour in enumerate(line):
                column = bits.get(colour)
                if column is None:
                    column = bits[colour] = bytearray(b"?" * width)
                column[x] += 1 << row
        for colour, column in bits.items():
            shown = column.decode("ascii").rstrip("?")
            packed = re.sub(r"(.)\1{3,}", lambda same: f"!{len(same[0])}{same[1]}", shown)
            out.append(f"#{colour}{packed}$")
        out.append("-")
    return "".join([*out, "\x1b\\"]).encode("ascii")


if __name__ == "__main__":
    main()
