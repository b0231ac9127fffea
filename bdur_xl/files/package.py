"""The parts of an Excel package beside its cells: which sheets it has, and where its tables stand.

Elements and attributes go by their local names: programs choose prefixes and
namespaces ("strict" or "transitional") as they please.
"""

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from bdur_xl import nl
from bdur_xl.book import BookError
from bdur_xl.files.package_guard import Package

Attributes = dict[str, str]

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet. Source: Excel specifications and limits."""

WORKBOOK = "xl/workbook.xml"

_PLAIN_TARGET = re.compile(r"(?:[\w-]+/)*[\w-]+(?:\.[\w-]+)+")
"""A part told from within a folder, in folders under it."""
_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")


class WorkbookError(BookError):
    """A file that cannot be read as a plan workbook: what is wrong and what to do."""


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


def elements(package: Package, part: str, *wanted: str) -> list[tuple[str, Attributes]]:
    """Return the elements of a part that have one of these names, in order, each with its attributes."""
    found: list[tuple[str, Attributes]] = []

    def start(name: str, attributes: Attributes) -> None:
        if (name := local(name)) in wanted:
            found.append((name, attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(package.whole(part), True)
    return found


def texts(package: Package, part: str) -> list[tuple[str, str]]:
    """Return what the elements of a part hold, each with its name."""
    found = [("", "")]

    def add(text: str) -> None:
        name, before = found[-1]
        found[-1] = (name, before + text)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, _: found.append((local(name), ""))
    parser.CharacterDataHandler = add
    parser.Parse(package.whole(part), True)
    return found


def position(reference: str) -> tuple[int, int]:
    """Return row and column of a cell from 0: "B1" -> (0, 1). Raises ValueError for what is none."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError(f"no cell: {reference}")
    return int(match[2]) - 1, column_number(match[1]) - 1


@cache
def column_number(letters: str) -> int:
    """Return the number of a column from 1: "B" -> 2, "AA" -> 27."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def sheet_parts(package: Package) -> dict[str, str]:
    """Return per sheet name the package part that holds it.

    Raises ValueError where calamine would take another workbook or sheet than we do: it reads
    "xl/x.xml", told from within the folder xl, as "x.xml".
    """
    found = relations(package, "")
    if [part for _, kind, part, _ in found if kind == "officeDocument"] != [WORKBOOK]:
        raise ValueError("a workbook elsewhere")
    targets = {name: (part, told) for name, _, part, told in relations(package, WORKBOOK)}
    sheets: dict[str, str] = {}
    for _, one in elements(package, WORKBOOK, "sheet"):
        relation = next((value for key, value in one.items() if local(key) == "id"), "")
        part, told = targets.get(relation, ("", ""))
        if one.get("name", "") in sheets or told.startswith("xl/") or ".." in told:
            raise ValueError("a sheet that is not to be told from another")
        if part:
            sheets[one.get("name", "")] = part
    return sheets


def relations(package: Package, part: str) -> list[tuple[str, str, str, str]]:
    """Return the relations of a part: name, kind ("table"), the part related to, and as it was told."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in package:
        return []
    return [
        (
            one.get("Id", ""),
            one.get("Type", "").rpartition("/")[2],
            _resolved(folder, one.get("Target", "")),
            one.get("Target", ""),
        )
        for _, one in elements(package, listed, "Relationship")
    ]


def _resolved(folder: str, target: str) -> str:
    """Return the name of a part that is told from within a folder."""
    if _PLAIN_TARGET.fullmatch(target):  # most are
        return f"{folder}/{target}" if folder else target
    return posixpath.normpath(posixpath.join("/", folder, target))[1:]


class ExcelTable(NamedTuple):
    """Where an Excel table's data stand on its sheet; positions count from 0."""

    sheet: str
    top: int
    left: int
    right: int
    height: int
    headed: bool
    """False when staff switched the header row off; `names` then stand in for it."""
    totals: int
    """Rows of Excel's own total row under the data: 0 or 1."""
    names: tuple[str, ...]

    @property
    def first(self) -> int:
        """The first row, headings included."""
        return self.top - self.headed

    @property
    def last(self) -> int:
        """The last row, without Excel's own total row."""
        return self.top + self.height - 1

    def overlaps(self, other: "ExcelTable") -> bool:
        """Tell whether both would hold one same cell."""
        return (
            self.sheet == other.sheet
            and self.first <= other.last
            and other.first <= self.last
            and self.left <= other.right
            and other.left <= self.right
        )


def excel_tables(package: Package, parts: dict[str, str], path: Path) -> dict[str, ExcelTable]:
    """Return each Excel table of the workbook by its name, whatever its case.

    Raises WorkbookError for two of one name, or in one place; ValueError for one that can stand nowhere.
    """
    tables: dict[str, ExcelTable] = {}
    related = dict(_table_parts(package, parts))
    for target, sheet in related.items():
        name, table = _excel_table(package, target, sheet)
        if nl.fold(name) in tables or any(table.overlaps(other) for other in tables.values()):
            raise WorkbookError(
                f"{path} heeft op blad {sheet} een tabel {name} die er al is, of die een andere overlapt",
                "Houd in Excel één van beide tabellen over, en bewaar de werkmap.",
            )
        tables[nl.fold(name)] = table
    if {name for name in package.members if name.startswith("xl/tables/")} - related.keys():
        raise ValueError("a table that stands on no sheet")
    return tables


def _table_parts(package: Package, parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the part of each Excel table with its sheet. Raises ValueError for one on two sheets."""
    seen = set()
    for sheet, part in parts.items():
        for _, kind, target, _ in relations(package, part):
            if kind == "table":
                if target in seen:
                    raise ValueError("a table twice")
                seen.add(target)
                yield target, sheet


def _excel_table(package: Package, part: str, sheet: str) -> tuple[str, ExcelTable]:
    (_, table), *columns = elements(package, part, "table", "tableColumn")
    first, _, last = table.get("ref", "").partition(":")
    (top, left), (bottom, right) = position(first), position(last or first)
    header, totals = int(table.get("headerRowCount", "1")), int(table.get("totalsRowCount", "0"))
    if not (left <= right < MOST_COLUMNS and top <= bottom < MOST_ROWS):
        raise ValueError("no range of a table")
    if header not in (0, 1) or totals not in (0, 1):
        raise ValueError("no count of heading or total rows")
    return table.get("displayName", ""), ExcelTable(
        sheet, top + header, left, right,
        height=max(bottom + 1 - top - header - totals, 0),
        headed=header > 0,
        totals=totals,
        names=tuple(column.get("name", "") for _, column in columns),
    )  # fmt: skip
