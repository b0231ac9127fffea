"""The parts of an Excel package beside its cells: which sheets it has, and where its tables stand.

Elements and attributes go by their local names: programs choose prefixes and
namespaces ("strict" or "transitional") as they please.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import NamedTuple, NoReturn
from xml.parsers import expat

Attributes = dict[str, str]

_REFERENCE = re.compile("([A-Z]+)([1-9][0-9]*)")


def parser() -> expat.XMLParserType:
    """Return a parser of a part. A document type is refused: OPC forbids it (ECMA-376 part 2, 8.1.4)."""
    made = expat.ParserCreate()
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_: object) -> NoReturn:
    raise ValueError("a document type")


def local(name: str) -> str:
    """Return a name without its prefix."""
    return name.rpartition(":")[2]


def elements(package: zipfile.ZipFile, part: str, *wanted: str) -> list[tuple[str, Attributes]]:
    """Return the elements of a part that have one of these names, in order, each with its attributes."""
    found: list[tuple[str, Attributes]] = []
    reading = parser()
    reading.StartElementHandler = lambda *element: found.append(element)
    reading.Parse(package.read(part), True)
    named = ((local(name), attributes) for name, attributes in found)
    return [element for element in named if element[0] in wanted]


def texts(package: zipfile.ZipFile, part: str) -> list[tuple[str, str]]:
    """Return what the elements of a part hold, each with its name."""
    found = [("", "")]

    def add(text: str) -> None:
        name, before = found[-1]
        found[-1] = (name, before + text)

    reading = parser()
    reading.StartElementHandler = lambda name, _: found.append((local(name), ""))
    reading.CharacterDataHandler = add
    reading.Parse(package.read(part), True)
    return found


def position(reference: str) -> tuple[int, int]:
    """Return row and column of a cell from 0: "B1" -> (0, 1). Raises ValueError for what is none."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError(f"no cell: {reference}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return per sheet name the package part that holds it."""
    targets = {name: part for name, _, part in _relations(package, "xl/workbook.xml")}
    sheets = [
        (one.get("name", ""), next((value for key, value in one.items() if local(key) == "id"), ""))
        for _, one in elements(package, "xl/workbook.xml", "sheet")
    ]
    return {name: targets[relation] for name, relation in sheets if relation in targets}


def _relations(package: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """Return the relations of a part: name, kind ("table"), and the part related to."""
    folder, name = posixpath.split(part)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in package.NameToInfo:
        return []
    return [
        (
            one.get("Id", ""),
            one.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))[1:],
        )
        for _, one in elements(package, listed, "Relationship")
    ]


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


def excel_tables(package: zipfile.ZipFile, parts: dict[str, str]) -> Iterator[tuple[str, ExcelTable]]:
    """Yield each Excel table of the workbook by its name."""
    for sheet, part in parts.items():
        for _, kind, target in _relations(package, part):
            if kind == "table":
                (_, table), *columns = elements(package, target, "table", "tableColumn")
                names = tuple(column.get("name", "") for _, column in columns)
                yield table.get("displayName", ""), _excel_table(sheet, table, names)


def _excel_table(sheet: str, table: Attributes, names: tuple[str, ...]) -> ExcelTable:
    first, _, last = table.get("ref", "").partition(":")
    (top, left), (bottom, right) = position(first), position(last or first)
    header, totals = int(table.get("headerRowCount", "1")), int(table.get("totalsRowCount", "0"))
    return ExcelTable(
        sheet, top + header, left, right,
        height=max(bottom + 1 - top - header - totals, 0),
        headed=header > 0,
        totals=totals,
        names=names,
    )  # fmt: skip
