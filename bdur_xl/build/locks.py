"""The lock files: every package the product or its tests run on, for every system and Python at once."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker

ROOT = Path(__file__).parents[2]
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"

BUILD_ONLY = "setuptools"
"""Locked to install the product with; nothing of it runs later."""

_ENTRY = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\\n]+?))?"
    r"(?P<hashes>(?: \\\n +--hash=\S+)+)$",
    re.MULTILINE,
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


class Locked(NamedTuple):
    """One package of a lock file."""

    name: str
    version: str
    marker: str | None
    """Where it is used; None is everywhere."""
    hashes: tuple[str, ...]

    @property
    def is_used_here(self) -> bool:
        """Tell whether this system and Python use it."""
        return self.is_used_in({})

    def is_used_in(self, environment: Mapping[str, str]) -> bool:
        """Tell whether another system or Python uses it; what `environment` leaves out is as here."""
        return self.marker is None or Marker(self.marker).evaluate(dict(environment))


def locked(path: Path) -> list[Locked]:
    """Return what a lock file pins. Raises ValueError for a line that is none of it."""
    text = re.sub(r"^ *#.*\n?", "", path.read_text("utf-8"), flags=re.MULTILINE)
    found = [
        Locked(one["name"], one["version"], one["marker"], tuple(_HASH.findall(one["hashes"])))
        for one in _ENTRY.finditer(text)
    ]
    if left := _ENTRY.sub("", text).strip():
        raise ValueError(f"{path.name}: {left.splitlines()[0]}")
    return found
