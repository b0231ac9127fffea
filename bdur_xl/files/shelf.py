"""Where the snapshots of a workbook stand, and which they are; what they hold, `snapshots` reads and writes.

Most memos are made without any: reading one takes time to import.
"""

import re
import unicodedata
from pathlib import Path

FOLDER = "momentopnamen"

_MOMENT = r"(\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d)(?: \((\d+)\))?\.json"
_MARKED = re.compile(f"(.+) {_MOMENT}", re.IGNORECASE)


def snapshot_files(folder: Path, stem: str) -> list[Path]:
    """Return the files of the snapshots of the workbook `stem`, newest first."""
    name = re.compile(f"{re.escape(_composed(stem))} {_MOMENT}", re.IGNORECASE)
    kept = ((name.fullmatch(_composed(path.name)), path) for path in folder.glob("*.json"))
    found = [(match, path) for match, path in kept if match]
    found.sort(key=lambda one: (one[0][1], int(one[0][2] or 1)), reverse=True)
    return [path for _, path in found]


def _composed(name: str) -> str:
    """Return a name with its accents on their letters; some drives store them apart."""
    return unicodedata.normalize("NFC", name)


def workbook_of(path: Path) -> tuple[Path, str]:
    """Return folder and stem of the workbook that a file tells of: its own, or a snapshot's workbook."""
    kept = _MARKED.fullmatch(path.name)
    if kept is None:
        return path.parent, path.stem
    return (path.parent.parent if path.parent.name == FOLDER else path.parent), kept[1]
