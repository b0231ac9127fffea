"""What the entries of the menu BDuR do with the workbook in front.

Addons.xcu names them "service:nl.bdur.Menu?Herbereken". The address of a script would hold the
name of the .oxt file, and a browser that saves it as "BDuR (1).oxt" would break the menu.
Each entry returns what to tell the user, None when the sheet itself shows it.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

PROGRAM = "bdur"
"""Writes the memo. LibreOffice's own Python has no package for Word files."""

Save = Callable[[Any, Path], None]
"""Saves a copy of the open workbook as .xlsx; the workbook itself stays as it is."""


def recalculate(document: Any, save: Save) -> None:
    """Recalculate every formula of the workbook."""
    document.calculateAll()


def refresh_memo(document: Any, save: Save) -> str:
    """Recalculate and write the board memo beside the workbook, unsaved changes included."""
    document.calculateAll()
    program = shutil.which(PROGRAM)
    address = urlsplit(document.URL)
    if program is None:
        return f"Het programma {PROGRAM} is hier niet te vinden.\nInstalleer bdur_xl, op het zoekpad (PATH)."
    if address.scheme != "file":
        return "Deze werkmap staat nog in geen map.\nBewaar haar eerst; de memo komt ernaast."
    folder = Path(url2pathname(address.path)).parent
    with TemporaryDirectory() as temporary:
        copy = Path(temporary) / "werkmap.xlsx"
        save(document, copy)
        done = subprocess.run(  # noqa: S603  # our own program, by its full path; no cell reaches the command
            [program, "memo", str(copy), "-o", str(folder)],
            capture_output=True, text=True, encoding="utf-8", check=False, env=_environment(),
        )  # fmt: skip
    return (done.stdout or done.stderr).strip() or f"{PROGRAM} gaf geen antwoord (code {done.returncode})."


def _environment() -> dict[str, str]:
    """Return the environment without LibreOffice's Python settings: the program has its own Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


ENTRIES: dict[str, Callable[[Any, Save], str | None]] = {
    "Herbereken": recalculate,
    "VernieuwBestuursmemo": refresh_memo,
}
