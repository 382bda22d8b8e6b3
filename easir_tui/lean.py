"""What is not loaded: imported first by the application, before asyncio and zoneinfo are.

asyncio loads OpenSSL where it can, for connections it never makes here: 2 MB and 10 ms of every session.
Mail has it when it asks for it. zoneinfo reads the whole build configuration of Python to learn where time zones
lie: half a megabyte, for a path that is the same everywhere.
"""

from __future__ import annotations

import os
import sys
from typing import Any

os.environ.setdefault("PYTHONTZPATH", "/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo")

if "asyncio" not in sys.modules and "ssl" not in sys.modules:
    modules: dict[str, Any] = sys.modules
    modules["ssl"] = None
    import asyncio  # noqa: F401

    del modules["ssl"]
