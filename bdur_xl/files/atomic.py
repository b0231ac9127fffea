"""Files that appear whole or not at all: what this program leaves, it writes here, in one of three ways.

`write_new`, to a name that is still free, "naam (2).docx": memo, snapshot, template, report of an import.
`write_over`, to the name that was asked for: the workbook of `bdur bouw`, the add-ins, a memo's PDF. What
stood there stays beside it, "naam reservekopie 2027-03-01 14.05.09.xlsm"; no backup is ever removed.
`write_settings`, for the settings of another program, of which `files/xlwings_conf.py` keeps the first.
"""

import datetime as dt
import errno
import os
import re
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from bdur_xl.files.in_use import LOCK, InUseError, held, open_in

_LEFT = re.compile(rf"\.bdur-[0-9a-f]{{16}}\.\w+|{re.escape(LOCK)}-[0-9a-f]{{8}}")
"""What killed runs leave: drafts, and signs that they took over a lock."""

_BINARY: int = getattr(os, "O_BINARY", 0)  # Windows only


Content = bytes | Iterable[bytes]
"""What goes in a file: whole, or part by part, each made when the one before is written."""


def write_new(folder: Path, stem: str, suffix: str, content: Content, *others: str) -> Path:
    """Write a file that does not exist yet, whole or not at all, and return its path.

    The folder is made when needed; the name is that of `free_name`. Raises OSError: nothing is there then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder):
        path = free_name(folder, stem, suffix, *others)
        _place(path, content)
    return path


def write_over(path: Path, content: bytes) -> Path | None:
    """Write a file, whole or not at all; return the backup of what stood there.

    None when nothing did, or the very same. Raises OSError: what stood there is untouched then.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    with held(path.parent):
        if not path.exists():
            _place(path, content)
            return None
        old = path.read_bytes()
        if old == content:
            return None
        _refuse_used(path)
        name = f"{path.stem} reservekopie {dt.datetime.now():%Y-%m-%d %H.%M.%S}"
        backup = free_name(path.parent, name, path.suffix)
        _place(backup, old, like=path)
        try:
            _place(path, content, like=path)
        except OSError:
            with suppress(OSError):
                if path.read_bytes() == old:  # a network may refuse what it did
                    backup.unlink()
            raise
    return backup


def write_settings(path: Path, content: bytes) -> None:
    """Write a file of settings, whole or not at all; the caller keeps what stood there. Raises OSError."""
    path = Path(os.path.realpath(path))
    with held(path.parent):
        _place(path, content, like=path if path.exists() else None)


def free_name(folder: Path, stem: str, suffix: str, *others: str) -> Path:
    """Return a file name that does not exist yet, with none of the suffixes: nothing is overwritten."""
    name, number = stem, 2
    while any(os.path.lexists(folder / f"{name}{one}") for one in (suffix, *others)):
        name, number = f"{stem} ({number})", number + 1
    return folder / f"{name}{suffix}"


def _refuse_used(path: Path) -> None:
    if not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise InUseError("het bestand is alleen-lezen", "Haal dat kenmerk eraf, of kies een andere naam.")
    if program := open_in(path):
        raise InUseError(
            f"het bestand lijkt open te staan in {program}", "Sluit het daar, of kies een andere naam."
        )


def _place(path: Path, content: Content, like: Path | None = None) -> None:
    """Put content at a path of a folder that we hold, with the rights of the file that it is like."""
    _sweep(path.parent)
    draft = path.with_name(f".bdur-{os.urandom(8).hex()}.tmp")
    try:
        _write(draft, content)
        if like:
            with suppress(OSError):  # another's file, or a drive without rights
                shutil.copymode(like, draft)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    _sync(path.parent)


def _sweep(folder: Path) -> None:
    """Remove what killed runs left; as we hold the folder, no other run is at work on it."""
    for left in folder.glob(".bdur-*"):
        if _LEFT.fullmatch(left.name):
            with suppress(OSError):
                left.unlink()


def _write(draft: Path, content: Content) -> None:
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o666)
    try:
        for part in (content,) if isinstance(content, bytes) else content:
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    """Have a new name survive a power cut, where the system can; the file is there either way."""
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def place_text(path: Path) -> str:
    """Return a path as staff find it, bytes that are no text escaped; as given without a current folder."""
    with suppress(OSError):
        path = path.absolute()
    return str(path).encode(errors="backslashreplace").decode()


def told_backup(backup: Path | None) -> str:
    """Return a line that tells of a backup, to stand after what was written; nothing without one."""
    return f"\nWat daar stond is bewaard als {backup.name}" if backup else ""


def refusal(path: Path, error: OSError) -> str:
    """Return that a file cannot be written, why, and what to do."""
    return f"{place_text(path)} kan niet worden geschreven: {reason(error)}.\n    → {remedy(error)}"


def reason(error: OSError) -> str:
    """Return in Dutch why the system, or another program, refused."""
    return error.reason if isinstance(error, InUseError) else _refusal(error)[0]


def remedy(error: OSError) -> str:
    """Return in Dutch what to do about it."""
    return error.remedy if isinstance(error, InUseError) else _refusal(error)[1]


_OTHER_PLACE = "Kies een andere map."
_FULL = "Maak daar ruimte, of kies een andere map."
_DENIED = (
    "geen schrijfrechten",
    "Vraag schrijfrechten, sluit het bestand waar het open is, of kies een andere map.",
)
_IN_THE_WAY = ("er staat een bestand waar een map hoort", _OTHER_PLACE)
_TOO_LONG = ("de naam is te lang", "Geef bestand of map een kortere naam, of kies een andere map.")
_AWAY = ("de schijf of het netwerk antwoordt niet", "Herstel de verbinding, of kies een andere map.")
_REFUSALS = {
    errno.ENOSPC: ("de schijf is vol", _FULL),
    errno.EDQUOT: ("uw ruimte op de schijf is vol", _FULL),
    errno.EFBIG: ("het bestand is groter dan daar mag", _FULL),
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EISDIR: ("er staat een map met die naam", "Kies een andere naam."),
    errno.ENAMETOOLONG: _TOO_LONG,
    errno.ENOENT: ("de map of het bestand bestaat niet", "Controleer de naam en de map."),
    errno.ELOOP: ("de koppelingen verwijzen naar elkaar", _OTHER_PLACE),
    errno.EIO: _AWAY,
    errno.ETIMEDOUT: _AWAY,
    errno.EHOSTUNREACH: _AWAY,
    errno.ENETUNREACH: _AWAY,
}
_WINDOWS_LONGEST = 259
"""Characters of a path that every program on Windows takes; beyond it a file "does not exist".

Source: Microsoft, Maximum Path Length Limitation.
"""


def _refusal(error: OSError) -> tuple[str, str]:
    if os.name == "nt" and error.errno == errno.ENOENT and len(str(error.filename)) > _WINDOWS_LONGEST:
        return _TOO_LONG
    unknown = (f"fout {error.errno} van het systeem", "Kies een andere map, of meld dit aan de beheerder.")
    return _REFUSALS.get(error.errno or 0, unknown)
