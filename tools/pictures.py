"""Draw the README's pictures from the demonstration: the real screens, at a fixed hour, as SVG."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from pathlib import Path

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
NOW = "2026-11-25T14:00:00+01:00"

RICH_CONTACT = """
SELECT c.id FROM contact c WHERE c.kind = 'business' AND c.email <> '' AND c.phone <> ''
ORDER BY (SELECT count(*) FROM task t WHERE t.contact_id = c.id AND t.status = 'open') > 1 DESC,
  (SELECT count(DISTINCT state) FROM consent s WHERE s.contact_id = c.id) DESC,
  (SELECT count(*) FROM sales_case s WHERE s.contact_id = c.id) DESC, c.id LIMIT 1
"""
"""The contact with the most to show."""


RICH_CASE = """
SELECT s.id FROM sales_case s WHERE s.status = 'open' AND s.lead_id IS NOT NULL
ORDER BY (SELECT count(*) FROM activity a WHERE a.case_id = s.id) DESC, s.id LIMIT 1
"""
"""The open case from a lead with the most to show."""

NAMES = ("today", "contacts", "contact", "case", "pipeline", "inbox")
"""The screens of the README."""


async def draw() -> None:
    """Build a demonstration in a folder of its own and export some screens of it."""
    from easir_tui.app import EasirApp
    from easir_tui.crm.users import log_in
    from easir_tui.data.database import open_store
    from easir_tui.data.sqlite import run, value
    from easir_tui.demo import build

    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.db"
        build.build(path, build.Recipe(400, 1, NOW[:10]))
        store = open_store(path)
        run("UPDATE app_user SET full_name = 'Anna Holm Lund', initials = 'AHL' WHERE id = ?", log_in().user_id)
        contact_id = value(RICH_CONTACT)
        case_id = value(RICH_CASE)
        me = log_in()
        for name, size in (*((name, (132, 36)) for name in NAMES), ("contact", (80, 24))):
            app = EasirApp(store, me)
            async with app.run_test(size=size) as pilot:
                await pilot.pause(1)
                if name == "contact":
                    await app.open("contact", contact_id=contact_id)
                elif name == "case":
                    await app.open("case", case_id=case_id)
                elif name != "today":
                    await app.go(name)
                await pilot.pause(1)
                if name in ("contacts", "today"):
                    await pilot.press("down", "down", "down")
                elif name == "pipeline":
                    await pilot.press("right", "right", "down")
                await pilot.pause(0.5)
                (PICTURES / f"{name}-{size[0]}x{size[1]}.svg").write_text(_local(app.export_screenshot(title="EASI'R")))
        store.close()


def _local(svg: str) -> str:
    """The picture without fonts from elsewhere."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    return re.sub(r"Fira Code, ?monospace", "Fira Code, DejaVu Sans Mono, Menlo, Consolas, monospace", svg)


def main() -> None:
    """Draw all three."""
    import time_machine

    with tempfile.TemporaryDirectory() as home:
        os.environ.update(
            HOME=home, XDG_CONFIG_HOME=home, XDG_DATA_HOME=home, XDG_STATE_HOME=home, EASIR_LANG="en",
            TERM="xterm-256color", COLORTERM="truecolor",
        )  # fmt: skip
        with time_machine.travel(NOW, tick=True):
            asyncio.run(draw())


if __name__ == "__main__":
    main()
