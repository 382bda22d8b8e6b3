"""Letters: making the PDF beside Typst with the same words and no layout, and a whole process that makes its first."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path

from bench.report import Line, median, milliseconds, timed
from bench.world import EASIR, World
from easir_tui.channels.letter_pdf import letter_pdf
from easir_tui.crm import letters
from easir_tui.crm.users import log_in

_BARE = b"#let data = json(bytes(sys.inputs.data))\n#for words in data [#words\n\n]"
_BODY = "Kære kunde\n\n" + "\n\n".join(("Tak for den gode snak i går; prisen står fast til fredag. " * 6,) * 3)


def letter(world: World) -> Iterator[Line]:
    """Within a second the first time (the issue of the five activities); then as many as Typst sets."""
    import typst

    me, number, fonts = log_in(), count(1), typst.Fonts(include_system_fonts=False)

    def ours() -> None:
        one = next(number)
        letter_pdf(letters.letter_facts(me, 5, f"Tilbud {one}", f"{_BODY} {one}", date(2026, 11, 26)))

    def bare() -> None:
        words = json.dumps([*_BODY.split("\n\n"), str(next(number))])
        typst.compile(_BARE, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": words})

    made, reference = timed(ours, 200), timed(bare, 200)
    ratio = median(made) / median(reference)
    what = f"a letter as PDF, {1000 / median(made):.0f} letters/s; Typst with the same words"
    yield Line("", what, milliseconds(made), milliseconds(reference), ratio, "", None)
    target = str(Path(world.database).parent / "letter-bench.pdf")

    def first() -> None:
        Path(target).unlink(missing_ok=True)
        command = [EASIR, "letter", "preview", "5", "--text", _BODY, target]
        subprocess.run(command, env=world.environment(), stdout=subprocess.DEVNULL, check=True)

    whole = timed(first, 15, 1)
    yield Line("", "easir letter preview, the whole process", milliseconds(whole), "", None, "< 1000 ms",
               max(whole) < 1000)  # fmt: skip
