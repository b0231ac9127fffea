"""The log of unexpected errors: one file per user, enough to reproduce an error, no plan data.

A line is one JSON object: when, version, Python and platform, which function, the kind of error
with the places in the code, and of each argument its shape and types. Never what a cell holds,
never the message of an error (it may quote a cell), never a path (it may name a person).
"""

import datetime as dt
import hashlib
import json
import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

import bdur_xl
from bdur_xl.tables import INPUT_TABLES, heading_key

NAME, OLDER = "fouten.log", "fouten.vorige.log"

LARGEST = 256 * 1024
"""Bytes from which the log becomes the older one, whose place it takes; a hundred errors and more."""

MOST_PLACES = 40
"""Places in the code that one error names: of a deep recursion the first and the last."""

MOST_COLUMNS = 60
"""Columns of a range that are described one by one."""

PATIENCE = 0.5
"""Seconds to wait for another process that writes; then without waiting."""

HEADINGS = {
    heading_key(name): column.heading
    for table in INPUT_TABLES.values()
    for column in table.columns
    for name in (column.name, column.heading)
}
"""The headings that may stand in the log: our own words, whatever the plan."""

Json = dict[str, object]


def folder() -> tuple[Path, str]:
    """Return where the log stands, and how a text names that place without naming the user."""
    home = Path.home
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local or home() / "AppData" / "Local") / "bdur_xl", r"%LOCALAPPDATA%\bdur_xl"
    if sys.platform == "darwin":
        return home() / "Library" / "Logs" / "bdur_xl", "~/Library/Logs/bdur_xl"
    chosen = os.environ.get("XDG_STATE_HOME", "")
    if Path(chosen).is_absolute():  # anything else is to be ignored; source: XDG Base Directory
        return Path(chosen) / "bdur_xl", "$XDG_STATE_HOME/bdur_xl"
    return home() / ".local" / "state" / "bdur_xl", "~/.local/state/bdur_xl"


def told(where: str, error: BaseException, arguments: Mapping[str, object] | None = None) -> str:
    """Log an unexpected error and return, in Dutch, its mark and where the log stands; never raises.

    `where` names what failed, in our own words; `arguments` are cells or rows of cells by name.
    """
    mark = "onbekend"
    try:
        line = described(where, error, arguments or {})
        mark = str(line["kenmerk"])
        place, shown = folder()
        _append(place, json.dumps(line, ensure_ascii=False))
    except Exception:  # a log that cannot be written must not make a function fail; the text says so
        return f"kenmerk {mark}; het logboek kon niet worden geschreven"
    return f"kenmerk {mark}; zie het logboek {shown}{os.sep}{NAME}"


def described(where: str, error: BaseException, arguments: Mapping[str, object]) -> Json:
    """Return what the log tells of an error: the same for plans of the same shape and types."""
    chain = list(_chain(error))
    places = [place for one in chain for place in _places(one.__traceback__)]
    kinds = [type(one).__name__ for one in chain]
    return {
        "tijd": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
        "kenmerk": _mark(where, kinds, places),
        "versie": bdur_xl.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "waar": where,
        "fout": kinds,
        "code": [f"{module}:{number} {name}" for module, number, name in _both_ends(places)],
        "argumenten": {name: shape(given) for name, given in arguments.items()},
    }


def shape(given: object) -> str | Json:
    """Return the type of a cell; of rows how many, and per column the known heading and the types."""
    if not isinstance(given, tuple):
        return type(given).__name__
    headings, *rows = [row if isinstance(row, tuple) else (row,) for row in given] or [()]
    columns = [
        {"kop": _heading(heading), "soorten": _types(row[at] for row in rows if at < len(row))}
        for at, heading in enumerate(headings[:MOST_COLUMNS])
    ]
    return {"grootte": f"{len(given)}×{len(headings)}", "kolommen": columns}


def _heading(cell: object) -> str:
    """Return a heading of ours; of any other only its type."""
    known = HEADINGS.get(heading_key(cell)) if isinstance(cell, str) else None
    return known or f"({type(cell).__name__})"


def _types(cells: Iterator[object]) -> dict[str, int]:
    return dict(sorted(Counter(type(cell).__name__ for cell in cells).items()))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came from, itself first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _places(trace: TracebackType | None) -> Iterator[tuple[str, int, str]]:
    """Yield module, line and function; a module's name, as the path of its file may name a person."""
    for frame, number in walk_tb(trace):
        yield str(frame.f_globals.get("__name__")), number, frame.f_code.co_qualname


def _both_ends(places: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    if len(places) <= MOST_PLACES:
        return places
    return [*places[: MOST_PLACES // 2], *places[-MOST_PLACES // 2 :]]


def _mark(where: str, kinds: list[str], places: list[tuple[str, int, str]]) -> str:
    """Return a mark that the same error has everywhere; without line numbers and repeats of a recursion."""
    names = dict.fromkeys(f"{module} {name}" for module, _, name in places)
    return hashlib.sha256("\n".join([where, *kinds, *names]).encode()).hexdigest()[:8]


def _append(place: Path, line: str) -> None:
    """Add a line to the log; a full log becomes the older one. Raises OSError."""
    place.mkdir(parents=True, exist_ok=True)
    log = place / NAME
    with _alone(place / ".slot"):
        with suppress(OSError):  # not there yet, or held by another program: then it grows a little more
            if log.stat().st_size >= LARGEST:
                log.replace(place / OLDER)
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, f"{line}\n".encode())
        finally:
            os.close(handle)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Keep other processes waiting, and wait for them at most `PATIENCE`: a killed one leaves its lock."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
        except PermissionError:  # writing itself tells whether we may; on Windows a lock that is going
            break
        except FileExistsError:
            if time.monotonic() > until:
                break
            time.sleep(0.005)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
