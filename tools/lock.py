"""Write requirements.lock and requirements-test.lock: the exact versions installed here of what pyproject.toml names
and of everything that those need in turn."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def closure(wanted: list[str]) -> dict[str, str]:
    """Name → version of the wanted distributions and all that they require on this Python."""
    found: dict[str, str] = {}
    waiting = list(wanted)
    while waiting:
        requirement = Requirement(waiting.pop())
        key = canonicalize_name(requirement.name)
        try:
            package = distribution(requirement.name)
        except PackageNotFoundError:
            continue
        found[key] = package.version
        for text in package.requires or []:
            needed = Requirement(text)
            extras = {"", *requirement.extras}
            new = canonicalize_name(needed.name) not in found or needed.extras
            if new and (needed.marker is None or any(needed.marker.evaluate({"extra": one}) for one in extras)):
                waiting.append(text)
    return found


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = closure(project["dependencies"])
    testing = closure(project["optional-dependencies"]["test"])
    for name, packages in (
        ("requirements.lock", runtime),
        ("requirements-test.lock", {key: held for key, held in testing.items() if key not in runtime}),
    ):
        lines = [f"{key}=={version}" for key, version in sorted(packages.items())]
        (ROOT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
