"""What the entries of the menu BDuR do with the workbook in front.

Addons.xcu names them "service:nl.bdur.Menu?Herbereken". The address of a script would hold the
name of the .oxt file, and a browser that saves it as "BDuR (1).oxt" would break the menu.
`run` returns what to tell the user, None when the sheet itself shows it.
"""

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from bdur_xl.book import BookError
from bdur_xl.files.shelf import FOLDER
from bdur_xl.files.snapshots import bring_back, write_snapshot
from bdur_xl.files.versions import changes_since
from bdur_xl.record import record
from bdur_xl.refresh import examine, refuse_failed, state_of
from bdur_xl.told import lines, log_text, why
from udfs.calc.open_workbook import OpenWorkbook, quietly

PROGRAM = "bdur"
"""Writes the memo. LibreOffice's own Python has no package for Word files."""

PATIENCE = 300
"""Seconds that the program may take, its PDF included."""

Tell = Callable[[str], None]
"""Shows what is being done."""


def run(entry: str, document: Any) -> str | None:
    """Do what an entry of the menu says; whatever goes wrong is told in Dutch."""
    try:
        with _progress(document) as tell:
            return ENTRIES[entry](document, tell)
    except Exception as error:
        return why(error, entry)


def recalculate(document: Any, tell: Tell) -> None:
    """Recalculate every formula of the workbook."""
    tell("Alles herberekenen")
    document.calculateAll()


def refresh_memo(document: Any, tell: Tell) -> str:
    """Refresh before the board memo: what `bdur ververs` does, with the changes that are not saved yet.

    The workbook is written to at the very end, when the memo is there.
    """
    folder, stem = place_of(document)
    program = _program()
    tell("Doorrekenen en controleren")
    document.calculateAll()
    book = OpenWorkbook(document)
    state = state_of(book, _now(), typed=True)
    examined = examine(state, changes_since(folder, stem))
    refuse_failed(examined)
    kept = write_snapshot(folder / FOLDER, stem, examined.snapshot)
    tell("Memo en PDF maken")
    told = _made(program, kept, folder)
    tell("Uitkomsten in de werkmap zetten")
    try:
        with quietly(document, "Vernieuw bestuursmemo"):
            record(book, examined, log_text(examined.outcomes, memo_name(told)))
    except Exception as error:
        raise BookError(
            f"{told}\n\nDe werkmap is niet bijgewerkt", why(error, "vastleggen in de werkmap")
        ) from error
    return "\n".join([told, *lines(examined.notes)])


def memo_name(told: str) -> str:
    """Return the name of the memo from what the program said: its first line ends in the memo's path."""
    return Path(told.partition("\n")[0]).name


def restore_previous(document: Any, tell: Tell) -> str:
    """Bring back the inputs as last kept; those of now are kept first, for the next time."""
    folder, stem = place_of(document)
    tell("Vorige stand terughalen")
    with quietly(document, "Herstel vorige stand"):
        return bring_back(OpenWorkbook(document), folder / FOLDER, stem, _now())


def place_of(document: Any) -> tuple[Path, str]:
    """Return the folder and the stem of the open workbook.

    Raises BookError when it stands in no folder, or may not be changed.
    """
    address = urlsplit(document.URL)
    host = f"//{address.netloc}" if address.netloc else ""
    path = Path(url2pathname(host + address.path))
    if address.scheme != "file" or not path.parent.is_dir():
        raise BookError(
            "Deze werkmap staat in geen map van deze computer of het netwerk",
            "Bewaar haar eerst in een map; de memo komt ernaast.",
        )
    if document.isReadonly():  # Calc would leave every cell as it is, and say nothing
        raise BookError(
            "Deze werkmap is alleen-lezen geopend",
            "Kies Bewerken > Bewerkmodus, of sluit haar elders, en probeer het opnieuw.",
        )
    return path.parent, path.stem


def _program() -> str:
    """Return the program: on PATH, else where the installer of the zip puts it. Raises BookError."""
    program = shutil.which(PROGRAM) or shutil.which(PROGRAM, path=str(_installed()))
    if program is None:
        raise BookError(
            f"Het programma {PROGRAM} is hier niet te vinden; er is niets gewijzigd",
            "Installeer BDuR uit het zipbestand, of zet bdur op het zoekpad (PATH).",
        )
    return program


def _installed() -> Path:
    """Return the folder of programs that installeer.cmd, or installeer.sh, fills unless told otherwise."""
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
        return Path(local, "bdur_xl", "python", "Scripts")
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data, "bdur_xl", "python", "bin")


def _made(program: str, kept: Path, folder: Path) -> str:
    """Have the program make memo and PDF of a kept state and return what it says. Raises BookError."""
    try:
        done = subprocess.run(  # noqa: S603  # our own program, by its full path; no cell reaches the command
            [program, "ververs", str(kept), "-o", str(folder)],
            capture_output=True, text=True, encoding="utf-8", check=False, timeout=PATIENCE,
            env=_environment(), creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BookError(
            f"Het programma {PROGRAM} start niet of duurt te lang; aan de werkmap is niets gewijzigd",
            f"Meld dit aan de beheerder: {error}",
        ) from error
    if done.returncode:
        raise BookError(
            f"Het programma {PROGRAM} maakte geen memo; aan de werkmap is niets gewijzigd",
            (done.stderr or done.stdout).strip() or f"Het stopte met code {done.returncode}.",
        )
    return done.stdout.strip()


def _environment() -> dict[str, str]:
    """Return the environment without LibreOffice's Python settings: the program has its own Python."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _now() -> dt.datetime:
    return dt.datetime.now().replace(microsecond=0)


@contextmanager
def _progress(document: Any) -> Iterator[Tell]:
    """Show what is being done at the foot of the window; a workbook without one shows nothing."""
    controller = document.CurrentController
    if controller is None:
        yield lambda _: None
        return
    shown = controller.Frame.createStatusIndicator()
    shown.start("BDuR", 0)
    try:
        yield shown.setText
    finally:
        shown.end()


ENTRIES: dict[str, Callable[[Any, Tell], str | None]] = {
    "Herbereken": recalculate,
    "VernieuwBestuursmemo": refresh_memo,
    "HerstelVorigeStand": restore_previous,
}
