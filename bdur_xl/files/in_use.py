"""Who else is at work: another run of ours in a folder, or Excel, Word or LibreOffice on a file.

Other programs' lock files hold the name of a person; they are seen, never read. Ours holds the number
of a process, a mark of the computer and a time.
"""

import datetime as dt
import errno
import os
import re
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

LOCK = ".bdur-bezig"
"""The file that stands in a folder while one of us writes there."""

PATIENCE = 10.0
"""Seconds to wait for another run; writing a file takes a fraction of one."""

WATCHED = 0.5
"""Seconds that a lock must lie still before that of a dead process is taken over."""

ABANDONED = 600.0
"""Seconds after which no lock counts, whoever made it: a number of a process is used again."""

_PAUSE = 0.02

_HOLDER = r"proces (?P<process>\d{1,9}) op computer (?P<computer>[0-9a-f]{8}) sinds (?P<since>[\d:. -]{19})"


class InUseError(OSError):
    """Another program is at work on a file or in a folder: what is the matter and what to do, in Dutch."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(errno.EBUSY, reason)
        self.reason = reason
        self.remedy = remedy


class _Seen(NamedTuple):
    """A lock as it was found."""

    text: str | None
    """None when it may not be read."""
    changed: int
    """When it was written, in nanoseconds since 1970."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder while writing in it; other runs, also on other computers, wait until it is free.

    By a file that only one can make, as some network drives have no other locks. What a dead run left
    is taken over. Raises InUseError when it stays held, OSError when the folder cannot be written.
    """
    lock = folder / LOCK
    text = f"proces {os.getpid()} op computer {_computer()} sinds {dt.datetime.now():%Y-%m-%d %H:%M:%S}"
    _take(lock, text)
    try:
        yield
    finally:
        _release(lock, text)


def _take(lock: Path, text: str) -> None:
    start = time.monotonic()
    seen, still_since = None, start
    while not _make(lock, text.encode()):
        now, found = time.monotonic(), _look(lock)
        if found != seen:
            seen, still_since = found, now
        elif found and now - still_since > WATCHED and _is_left(found):
            _take_away(lock, found)
        if now - start > PATIENCE:
            raise InUseError(*_busy(lock, found))
        time.sleep(_PAUSE)


def _make(lock: Path, content: bytes) -> bool:
    """Make the lock file; False when it is there already."""
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    except FileExistsError:
        return False
    except PermissionError:
        if os.name == "nt" and os.path.lexists(lock):  # being removed
            return False
        raise
    try:
        try:
            os.write(handle, content)
        finally:
            os.close(handle)
    except OSError:
        lock.unlink(missing_ok=True)
        raise
    return True


def _look(lock: Path) -> _Seen | None:
    try:
        changed = lock.stat().st_mtime_ns
        return _Seen(lock.read_text("ascii", "replace"), changed)
    except FileNotFoundError:
        return None
    except OSError:
        return _Seen(None, changed) if lock.exists() else None


def _is_left(found: _Seen) -> bool:
    """Tell whether a lock that lies still is that of a run that died."""
    if time.time() - found.changed / 1e9 > ABANDONED:
        return True
    if found.text is None:
        return False
    holder = re.fullmatch(_HOLDER, found.text)
    if holder is None:  # it died before it could write who it is
        return True
    return holder["computer"] == _computer() and not alive(int(holder["process"]))


def _take_away(lock: Path, found: _Seen) -> None:
    """Remove a dead run's lock; of several who want to, one does, so that no new lock is removed."""
    claim = lock.with_name(f"{LOCK}-{_mark(repr(found))}")
    if not _make(claim, b""):
        left = _look(claim)
        if left and time.time() - left.changed / 1e9 > PATIENCE / 2:
            claim.unlink(missing_ok=True)
        return
    try:
        if _look(lock) == found:
            lock.unlink()
    finally:
        claim.unlink(missing_ok=True)


def _release(lock: Path, text: str) -> None:
    for _ in range(50):
        try:
            if lock.read_text("ascii", "replace") == text:  # else another took it over
                lock.unlink()
            return
        except FileNotFoundError:
            return
        except OSError:  # on Windows while another looks at it
            time.sleep(_PAUSE)


def _computer() -> str:
    """Return a mark of this computer, not its name: that may be a person's."""
    if sys.platform != "win32":
        return _mark(os.uname().nodename)
    import platform  # takes time to load

    return _mark(platform.node())


def _mark(text: str) -> str:
    return f"{zlib.crc32(text.encode(errors='replace')):08x}"


def _busy(lock: Path, found: _Seen | None) -> tuple[str, str]:
    holder = re.fullmatch(_HOLDER, found.text) if found and found.text else None
    who = "een andere opdracht van bdur is er aan het schrijven"
    if holder:
        place = "deze" if holder["computer"] == _computer() else "een andere"
        who += f", sinds {holder['since']} (proces {holder['process']} op {place} computer)"
    return who, f"Wacht tot die klaar is en probeer het opnieuw. Loopt er geen, verwijder dan {lock}."


def alive(process: int) -> bool:
    """Tell whether a process of this computer runs; in doubt it does."""
    if sys.platform == "win32":
        return _alive_on_windows(process)
    try:
        os.kill(process, 0)  # no signal, only a look
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


if sys.platform == "win32":

    def _alive_on_windows(process: int) -> bool:
        """Ask Windows, as `os.kill` would end the process there; not seen at work.

        Source: Microsoft, OpenProcess and GetExitCodeProcess.
        """
        import ctypes

        limited_information, invalid_parameter, still_active = 0x1000, 87, 259
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        handle = kernel.OpenProcess(limited_information, False, process)
        if not handle:
            return ctypes.get_last_error() != invalid_parameter
        code = ctypes.c_ulong()
        known = kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
        kernel.CloseHandle(ctypes.c_void_p(handle))
        return not known or code.value == still_active


def open_in(path: Path) -> str | None:
    """Return the program that seems to have a file open, None when there is none.

    By the file that it leaves beside it, `~$name` or `.~lock.name#`. One that crashed leaves it too.
    """
    folder, name = path.parent, path.name
    if os.path.lexists(folder / f".~lock.{name}#"):
        return "LibreOffice"
    if path.suffix.lower() == ".docx":  # of a long name Word replaces the first two characters
        dropped = min(max(len(path.stem) - 6, 0), 2)
        return "Word" if os.path.lexists(folder / f"~${name[dropped:]}") else None
    return "Excel" if os.path.lexists(folder / f"~${name}") else None
