"""Snapshots: inputs and figures of a workbook as plain text, one file per moment, beside the workbook.

JSON with a line per row, so that two moments compare line by line. A cell that
JSON cannot tell is an object: {"datum": "2023-05-01"}, {"formule": "=2*3", "waarde": 6.0}.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

from bdur_xl.book import BookError, Formula, Writable
from bdur_xl.cells import Unreadable
from bdur_xl.files.atomic import reason, remedy, write_new
from bdur_xl.files.package_guard import MOST_SNAPSHOT, read_bytes
from bdur_xl.files.shelf import snapshot_files
from bdur_xl.restore import Snapshot, inputs_of, latest_other, restore, restored_text
from bdur_xl.tables import INPUT_TABLES, RawTable

VERSION = 2
READABLE = (1, 2)
"""Version 1 held inputs only."""

_FRACTION = re.compile(r"-?[0-9]{1,99}(/[0-9]{1,99})?")
_ERROR_VALUE = re.compile(r"#[A-Z0-9/_]+[!?]?|Err:\d+|[a-z ]+")
"""An error as Excel, Calc or `cells` names it. What else a file calls one could be a formula."""

_json = json.JSONEncoder(ensure_ascii=False).encode

_MOST_AT_A_TIME = 1_000
"""Pieces of text that are written in one go."""

_MICROSECOND = dt.timedelta(microseconds=1)


def _error(text: str) -> Unreadable:
    if not _ERROR_VALUE.fullmatch(text):
        raise ValueError(f"{text} is no error value")
    return Unreadable(text)


_KINDS: tuple[tuple[str, type, Callable[[Any], object], Callable[[Any], object]], ...] = (
    ("moment", dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    ("datum", dt.date, dt.date.isoformat, dt.date.fromisoformat),
    ("tijd", dt.time, dt.time.isoformat, dt.time.fromisoformat),
    ("microseconden", dt.timedelta, lambda cell: cell // _MICROSECOND, lambda count: count * _MICROSECOND),
    ("getal", Decimal, str, Decimal),
    ("fout", Unreadable, str, _error),
)
"""Per kind of cell its mark in the file, its type, and how it becomes JSON and a cell again."""


def write_snapshot(folder: Path, stem: str, snapshot: Snapshot) -> Path:
    """Write a snapshot of the workbook `stem` in a folder, whole or not at all; older ones stay.

    Raises BookError when the folder cannot be written.
    """
    name = f"{stem} {snapshot.moment:%Y-%m-%d %H.%M.%S}"
    try:
        return write_new(folder, name, ".json", _encoded(pieces(snapshot)))
    except OSError as error:
        raise BookError(
            f"De stand van nu kan niet worden bewaard in {folder} ({reason(error)}); er is niets gewijzigd",
            remedy(error),
        ) from error


def _encoded(text: Iterator[str]) -> Iterator[bytes]:
    """Yield a text as a file holds it, many pieces at a time: whole, that of a large plan is much."""
    while part := "".join(islice(text, _MOST_AT_A_TIME)):
        yield part.encode("utf-8", "backslashreplace")  # half an emoji


def snapshots(folder: Path, stem: str, damaged: list[str]) -> Iterator[Snapshot]:
    """Yield the snapshots of the workbook `stem`, newest first; what ails others goes in `damaged`."""
    for path in snapshot_files(folder, stem):
        try:
            yield read_snapshot(path)
        except BookError as error:
            damaged.append(f"{error.message}. {error.remedy}")


def bring_back(book: Writable, folder: Path, stem: str, now: dt.datetime) -> str:
    """Bring back the newest kept inputs that differ from those of now, and return what staff read.

    Those of now are kept first, for the next time. Raises BookError.
    """
    present, damaged = inputs_of(book), list[str]()
    earlier = latest_other(snapshots(folder, stem, damaged), present)
    if earlier is None:
        told = (
            "Er is geen eerdere stand die van de huidige verschilt.\n"
            f"Vernieuw bestuursmemo bewaart de invoer steeds eerst, in {folder}."
        )
    else:
        if present:  # of a workbook without input tables there is nothing to keep
            write_snapshot(folder, stem, Snapshot(now, present))
        told = restored_text(earlier.moment, restore(book, earlier.tables, present))
    return "\n".join([told, *(f"Overgeslagen: {message}" for message in damaged)])


def pieces(snapshot: Snapshot) -> Iterator[str]:
    """Yield the text of a snapshot, piece by piece: the same inputs and moment give the same text."""
    head = {
        "momentopname": VERSION, "moment": snapshot.moment.isoformat(),
        "formules zoals getypt": snapshot.typed,
    }  # fmt: skip
    yield f'{_json(head)[:-1]}, "tabellen": {{\n'
    before = ""
    for key, raw in snapshot.tables.items():
        yield f"{before}{_json(key)}: "
        yield from _table_pieces(raw)
        before = ",\n"
    figures = ",\n".join(
        f"{_json(figure_id)}: {_json(_exact(value))}" for figure_id, value in snapshot.results.items()
    )
    places = ",\n".join(f"{_json(figure_id)}: {_json(place)}" for figure_id, place in snapshot.places.items())
    yield f'\n}}, "uitkomsten": {{\n{figures}\n}}, "plaatsen": {{\n{places}\n}}}}\n'


def _exact(value: Fraction | int | None) -> int | str | None:
    """Return a figure as JSON tells it exactly: cents, or a fraction of them ("425500000/3")."""
    if value is None or isinstance(value, int):
        return value
    return value.numerator if value.denominator == 1 else str(value)


def _table_pieces(raw: RawTable) -> Iterator[str]:
    place = {"blad": raw.source, "koprij": raw.header_row, "eerste kolom": raw.first_column}
    yield f'{_json(place)[:-1]}, "rijen": [\n{_line(raw.headings)}'
    yield from (f",\n{_line(row)}" for _, row in raw.rows)
    yield "\n]}"


def _line(row: Iterable[object]) -> str:
    return _json([_outgoing(cell) for cell in row])


def _outgoing(cell: object) -> object:
    if isinstance(cell, Formula):
        return {"formule": cell.text, "waarde": _outgoing(cell.value)}
    for mark, kind, to_json, _ in _KINDS:
        if isinstance(cell, kind):
            return {mark: to_json(cell)}
    return cell


def read_snapshot(path: Path) -> Snapshot:
    """Return the snapshot that a file holds. Raises BookError when it is none or damaged."""
    try:
        content = json.loads(read_bytes(path, MOST_SNAPSHOT).decode("utf-8-sig"))
        if content["momentopname"] not in READABLE:
            raise ValueError(content["momentopname"])
        tables = {INPUT_TABLES[key].key: _table(table) for key, table in content["tabellen"].items()}
        return Snapshot(
            _moment(content["moment"]),
            tables,
            bool(content.get("formules zoals getypt", True)),
            {str(figure_id): str(place) for figure_id, place in content.get("plaatsen", {}).items()},
            {str(figure_id): _figure(value) for figure_id, value in content.get("uitkomsten", {}).items()},
        )
    except FileNotFoundError as error:
        raise BookError(f"{path} bestaat niet", "Controleer de naam en de map.") from error
    except OSError as error:
        raise BookError(f"{path} mag niet worden gelezen", "Vraag leesrechten.") from error
    except (
        ValueError, ArithmeticError, TypeError, LookupError, AttributeError, RecursionError, MemoryError
    ) as error:  # fmt: skip
        raise BookError(
            f"{path} is geen leesbare momentopname",
            "Zet dat bestand in een andere map en probeer het opnieuw.",
        ) from error


def _moment(shown: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(shown)
    if moment.tzinfo is not None:
        raise ValueError("a moment of another clock than the others")
    return moment


def _figure(value: object) -> Fraction | None:
    """Return what `_exact` wrote."""
    if isinstance(value, str) and not _FRACTION.fullmatch(value):
        raise ValueError(f"no figure: {value[:40]}")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | str)):
        raise TypeError(value)
    return None if value is None else Fraction(value)


def _table(content: dict[str, Any]) -> RawTable:
    place = content["koprij"], content["eerste kolom"]
    if not isinstance(content["blad"], str) or not all(type(one) is int and one > 0 for one in place):
        raise ValueError("a table that stands nowhere")
    headings, *rows = [tuple(_incoming(cell) for cell in row) for row in content["rijen"]]
    if any(len(row) != len(headings) for row in rows):
        raise ValueError("a row that does not fit its headings")
    header_row, first_column = place
    return RawTable(
        source=content["blad"],
        headings=headings,
        rows=tuple(enumerate(rows, start=header_row + 1)),
        header_row=header_row,
        first_column=first_column,
    )


def _incoming(cell: object) -> object:
    if isinstance(cell, list):
        raise ValueError("a list is no cell")
    if not isinstance(cell, dict):
        return cell
    if cell.keys() == {"formule", "waarde"}:
        return Formula(cell["formule"], _incoming(cell["waarde"]))
    ((mark, value),) = cell.items()
    return {mark: from_json for mark, _, _, from_json in _KINDS}[mark](value)
