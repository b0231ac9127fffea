"""Snapshots: the inputs of a workbook as plain text, one file per moment, beside the workbook.

JSON with a line per row, so that two moments compare line by line. A cell that
JSON cannot tell is an object: {"datum": "2023-05-01"}, {"formule": "=2*3", "waarde": 6.0}.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bdur_xl.book import BookError, Formula
from bdur_xl.cells import Unreadable
from bdur_xl.files.atomic import replaced
from bdur_xl.restore import Snapshot
from bdur_xl.tables import INPUT_TABLES, RawTable

FOLDER = "momentopnamen"
VERSION = 1

_MICROSECOND = dt.timedelta(microseconds=1)
_KINDS: tuple[tuple[str, type, Callable[[Any], object], Callable[[Any], object]], ...] = (
    ("moment", dt.datetime, dt.datetime.isoformat, dt.datetime.fromisoformat),
    ("datum", dt.date, dt.date.isoformat, dt.date.fromisoformat),
    ("tijd", dt.time, dt.time.isoformat, dt.time.fromisoformat),
    ("microseconden", dt.timedelta, lambda cell: cell // _MICROSECOND, lambda count: count * _MICROSECOND),
    ("getal", Decimal, str, Decimal),
    ("fout", Unreadable, str, Unreadable),
)
"""Per kind of cell its mark in the file, its type, and how it becomes JSON and a cell again."""


def write_snapshot(folder: Path, stem: str, snapshot: Snapshot) -> Path:
    """Write a snapshot of the workbook `stem` in a folder, whole or not at all; older ones stay.

    Raises BookError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = _free_name(folder, f"{stem} {snapshot.moment:%Y-%m-%d %H.%M.%S}")
        with replaced(path) as draft:
            draft.write_bytes(as_text(snapshot).encode("utf-8", "backslashreplace"))  # half an emoji
    except OSError as error:
        raise BookError(
            f"De stand van nu kan niet worden bewaard in {folder} ({error.strerror}); er is niets gewijzigd",
            "Maak daar ruimte of vraag schrijfrechten, en probeer het opnieuw.",
        ) from error
    return path


def snapshots(folder: Path, stem: str) -> Iterator[Snapshot]:
    """Yield the snapshots of the workbook `stem`, newest first. Raises BookError for a damaged one."""
    name = re.compile(rf"{re.escape(stem)} (\d{{4}}-\d\d-\d\d \d\d\.\d\d\.\d\d)(?: \((\d+)\))?\.json", re.I)
    found = [(match, path) for path in folder.glob("*.json") if (match := name.fullmatch(path.name))]
    for _, path in sorted(found, key=lambda one: (one[0][1], int(one[0][2] or 1)), reverse=True):
        yield read_snapshot(path)


def _free_name(folder: Path, stem: str) -> Path:
    path, number = folder / f"{stem}.json", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}).json", number + 1
    return path


def as_text(snapshot: Snapshot) -> str:
    """Return the text of a snapshot: the same inputs and moment give the same text."""
    head = {"momentopname": VERSION, "moment": snapshot.moment.isoformat()}
    tables = ",\n".join(f"{_json(key)}: {_table_text(raw)}" for key, raw in snapshot.tables.items())
    return f'{_json(head)[:-1]}, "tabellen": {{\n{tables}\n}}}}\n'


def _table_text(raw: RawTable) -> str:
    place = {"blad": raw.source, "koprij": raw.header_row, "eerste kolom": raw.first_column}
    rows = (raw.headings, *(cells for _, cells in raw.rows))
    lines = ",\n".join(_json([_outgoing(cell) for cell in row]) for row in rows)
    return f'{_json(place)[:-1]}, "rijen": [\n{lines}\n]}}'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


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
        content = json.loads(path.read_text("utf-8-sig"))
        if content["momentopname"] != VERSION:
            raise ValueError(content["momentopname"])
        tables = {INPUT_TABLES[key].key: _table(table) for key, table in content["tabellen"].items()}
        return Snapshot(dt.datetime.fromisoformat(content["moment"]), tables)
    except OSError as error:
        raise BookError(f"{path} mag niet worden gelezen", "Vraag leesrechten.") from error
    except (ValueError, ArithmeticError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise BookError(
            f"{path} is geen leesbare momentopname",
            "Zet dat bestand in een andere map en probeer het opnieuw.",
        ) from error


def _table(content: dict[str, Any]) -> RawTable:
    headings, *rows = [tuple(_incoming(cell) for cell in row) for row in content["rijen"]]
    if any(len(row) != len(headings) for row in rows):
        raise ValueError("a row that does not fit its headings")
    return RawTable(
        source=content["blad"],
        headings=headings,
        rows=tuple(enumerate(rows, start=content["koprij"] + 1)),
        header_row=content["koprij"],
        first_column=content["eerste kolom"],
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
