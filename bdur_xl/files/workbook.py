"""A closed workbook (.xlsx, .xlsm) -> raw tables. Reads only; never saves.

calamine gives the values fast, but shows an error value, a formula that was
never computed and a number beyond range as blank. So the sheet's own XML is
asked which cells hold something: those become `Unreadable`, never blank.
Where the Excel tables stand is read from the package too, but their headings
from the cells: LibreOffice keeps an old name when a heading is typed as a number.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element  # the type only; defusedxml parses

import python_calamine
from defusedxml import ElementTree

from bdur_xl import cells, nl
from bdur_xl.book import BookError
from bdur_xl.cells import NO_VALUE, Unreadable
from bdur_xl.files import package_guard
from bdur_xl.files.package_guard import COMPOUND_FILE, MOST_CELLS
from bdur_xl.tables import INPUT_TABLES, InputTable, RawTable, column_letters

SUFFIXES = (".xlsx", ".xlsm")
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet. Source: Excel specifications and limits."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TEXT_TYPES = frozenset({"s", "str", "inlineStr"})
_SEARCHED_ROWS = 120
_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_PROPERTY_PARTS = ("docProps/core.xml", "docProps/app.xml")
_PERSON_PROPERTIES = {
    "creator": "auteur",
    "lastModifiedBy": "laatst gewijzigd door",
    "Manager": "manager",
}
_BROKEN = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError,
    LookupError, NotImplementedError, RuntimeError,  # how zipfile refuses compressions and passwords
    ElementTree.ParseError, python_calamine.CalamineError,
)  # fmt: skip
"""What a damaged file brings about in the libraries."""

_Merge = tuple[tuple[int, int], tuple[int, int]]
"""The first and last (row, column) of merged cells, from 0."""


class WorkbookError(BookError):
    """A file that cannot be read as a plan workbook: what is wrong and what to do."""


class ClosedWorkbook:
    """A workbook on disk as a `Source`: its input tables, and the cells of one more sheet.

    Hidden and filtered rows are read like any other. Raises WorkbookError when
    the file is missing, locked or no workbook.
    """

    def __init__(self, path: Path, sheet: str = "") -> None:
        self._sheet = sheet
        self.tables, self._cells = _read(path, sheet)

    def read(self, key: str) -> RawTable | None:
        """Return an input table; None when the workbook lacks it."""
        return self.tables.get(key)

    def cells(self, sheet: str) -> list[list[object]]:
        """Return the cells of the sheet it was read with, from A1; none when the workbook lacks it."""
        return self._cells if sheet == self._sheet else []


def read_workbook(path: Path) -> dict[str, RawTable]:
    """Return the input tables of a closed workbook; a table it lacks is left out.

    Raises WorkbookError as `ClosedWorkbook` does.
    """
    return ClosedWorkbook(path).tables


def read_cells(path: Path) -> Iterator[list[list[object]]]:
    """Yield the cells of each sheet of a closed workbook; error values are `Unreadable`, not blank.

    Raises WorkbookError when the file is missing, locked or no workbook.
    """
    with _refusals(path), package_guard.opened(path) as package:
        reader = _Reader(path, package)
        yield from map(reader.cells, reader.sheets)


def read_sheets(path: Path, names: Collection[str] | None = None) -> dict[str, list[list[object]]]:
    """Return the cells of the sheets of a closed workbook by name, of all or of some; it may lack one.

    Raises WorkbookError when the file is missing, locked or no workbook.
    """
    with _refusals(path), package_guard.opened(path) as package:
        reader = _Reader(path, package)
        return {name: reader.cells(name) for name in reader.sheets if names is None or name in names}


class SheetPart(NamedTuple):
    """What the package holds of a sheet: its XML, and what kinds of parts belong to it ("table")."""

    xml: Element
    related: tuple[tuple[str, bytes], ...]
    """Kind and content of each."""


def read_sheet_parts(path: Path) -> dict[str, SheetPart]:
    """Return the parts of each sheet by its name. Raises WorkbookError as `read_cells` does."""
    with _refusals(path), package_guard.opened(path) as package:
        return {
            name: SheetPart(
                ElementTree.fromstring(package.read(part)),
                tuple(
                    (kind, package.read(target) if target in package.namelist() else b"")
                    for _, kind, target in _relations(package, part)
                ),
            )
            for name, part in _sheet_parts(package).items()
        }


def _read(path: Path, sheet: str) -> tuple[dict[str, RawTable], list[list[object]]]:
    with _refusals(path), package_guard.opened(path) as package:
        reader = _Reader(path, package)
        return reader.tables(), reader.cells(sheet)


@contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Turn whatever a bad file brings about into a WorkbookError."""
    try:
        _refuse_other_files(path)
        yield
    except PermissionError as error:
        raise WorkbookError(
            f"{path} mag niet worden gelezen", "Sluit het bestand elders, of vraag leesrechten."
        ) from error
    except _BROKEN as error:
        raise WorkbookError(
            f"{path} is geen leesbare Excel-werkmap",
            "Open het in Excel of LibreOffice en bewaar het opnieuw als .xlsx, of neem een reservekopie.",
        ) from error


def read_properties(path: Path) -> dict[str, str]:
    """Return the properties of a workbook that may name a person, by their Dutch name.

    For a file that `read_workbook` has read. Properties that no program can read give {}.
    """
    try:
        with zipfile.ZipFile(path) as package:  # `read_workbook` has guarded it
            present = [part for part in _PROPERTY_PARTS if part in package.namelist()]
            elements = [one for part in present for one in package_guard.tree(package, part)]
    except _BROKEN:
        return {}
    named = ((element.tag.rpartition("}")[2], cells.visible(element.text or "")) for element in elements)
    return {_PERSON_PROPERTIES[tag]: text for tag, text in named if tag in _PERSON_PROPERTIES and text}


def _refuse_other_files(path: Path) -> None:
    if _exists(path) and path.is_dir():
        raise WorkbookError(f"{path} is een map", "Noem het bestand van de werkmap zelf.")
    if not _exists(path):
        raise WorkbookError(f"{path} bestaat niet", "Controleer de naam en de map van de werkmap.")
    if path.suffix.lower() not in SUFFIXES:
        raise WorkbookError(
            f"{path} is geen {' of '.join(SUFFIXES)}-bestand",
            "Bewaar de werkmap als Excel-werkmap (.xlsx of .xlsm).",
        )
    with path.open("rb") as file:
        if file.read(len(COMPOUND_FILE)) == COMPOUND_FILE:
            raise WorkbookError(
                f"{path} is met een wachtwoord beveiligd, of is een oude .xls-werkmap",
                "Haal in Excel het wachtwoord eraf, en bewaar de werkmap als .xlsx.",
            )


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        raise
    except OSError as error:  # such as a name too long
        raise WorkbookError(
            f"{path} kan geen bestand zijn", "Controleer de naam en de map van de werkmap."
        ) from error


class _Reader:
    """One open workbook: calamine for values, the package's XML for what calamine hides."""

    def __init__(self, path: Path, package: zipfile.ZipFile) -> None:
        package_guard.refuse_other_kind(package, "xl/workbook.xml", path)
        self._book = python_calamine.load_workbook(str(path))
        self._package = package
        self._parts = _sheet_parts(package)
        self._tables = _excel_tables(package, self._parts, path)
        self._sheets: dict[str, list[list[object]]] = {}
        self._merged: dict[str, list[_Merge]] = {}

    def tables(self) -> dict[str, RawTable]:
        found = ((key, self._find(table)) for key, table in INPUT_TABLES.items())
        return {key: raw for key, raw in found if raw}

    def _find(self, table: InputTable) -> RawTable | None:
        if excel := self._tables.get(nl.fold(table.table)):
            return self._excel_table(excel)
        names = {nl.fold(name): name for name in self._book.sheet_names}
        sheet = names.get(nl.fold(table.sheet))
        return self._by_headings(table, sheet) if sheet else None

    def _excel_table(self, excel: "_ExcelTable") -> RawTable:
        rows = self.cells(excel.sheet)
        numbered = _numbered(rows, excel.top, excel.left, excel.right)
        above = rows[excel.top - 1] if excel.headed and excel.top <= len(rows) else []
        return RawTable(
            source=excel.sheet,
            headings=_part_of(above, excel.left, excel.right) if above else excel.names,
            rows=tuple(numbered[: excel.height]),
            header_row=excel.top,
            first_column=excel.left + 1,
            beneath=tuple(numbered[excel.height + excel.totals :]),
            beside=tuple(above[excel.right + 1 : self._next_left(excel)]),
            merged=self._merges(excel.sheet, (excel.first, excel.left), (excel.last, excel.right)),
        )

    def _next_left(self, excel: "_ExcelTable") -> int | None:
        """Return where the next table on the same heading row starts, None when there is none."""
        lefts = (
            other.left
            for other in self._tables.values()
            if other.sheet == excel.sheet and other.first <= excel.first <= other.last
        )
        return min((left for left in lefts if left > excel.right), default=None)

    def _merges(self, sheet: str, first: tuple[int, int], last: tuple[int, int]) -> tuple[str, ...]:
        """Return the ranges of merged cells that touch an area of a sheet."""
        return tuple(
            f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
            for (top, left), (bottom, right) in self._merged[sheet]
            if top <= last[0] and bottom >= first[0] and left <= last[1] and right >= first[1]
        )

    def _by_headings(self, table: InputTable, sheet: str) -> RawTable | None:
        """Find a table by its headings: where a program dropped the Excel table."""
        required = sum(column.required for column in table.columns)
        rows = self.cells(sheet)
        for position, row in enumerate(rows[:_SEARCHED_ROWS]):
            for left, right in _runs(row, rows[position + 1 :]):
                headings = row[left : right + 1]
                meant = {table.column(cell) for cell in headings if isinstance(cell, str)}
                if sum(column.required for column in meant if column) > required / 2:
                    below = tuple(_numbered(rows, position + 1, left, right))
                    return RawTable(
                        sheet, tuple(headings), below, position + 1, left + 1,
                        beside=tuple(row[right + 1 :]),
                        merged=self._merges(sheet, (position, left), (len(rows), right)),
                    )  # fmt: skip
        return None

    @property
    def sheets(self) -> list[str]:
        """The names of the sheets that hold cells."""
        return [name for name in self._book.sheet_names if name in self._parts]

    def cells(self, sheet: str) -> list[list[object]]:
        """Return the cells of a sheet from A1; none when the workbook lacks it."""
        if sheet not in self._parts:
            return []
        if sheet not in self._sheets:
            content = _Content(self._package, self._parts[sheet])
            if content.height * content.width > MOST_CELLS:  # before calamine asks memory for them
                raise WorkbookError(
                    f"blad {sheet} is onmogelijk groot",
                    "Verwijder de lege rijen en kolommen onder en naast de tabel.",
                )
            values = self._book.get_sheet_by_name(sheet)
            rows: list[list[object]] = [list(row) for row in values.to_python(skip_empty_area=False)]
            for row, column, hidden in content.hidden:
                _grow(rows, row, column)
                if rows[row][column] == "":
                    rows[row][column] = hidden
            self._sheets[sheet] = rows
            self._merged[sheet] = list(values.merged_cell_ranges or ())
        return self._sheets[sheet]


def _grow(rows: list[list[object]], row: int, column: int) -> None:
    """Make room for a cell outside what calamine found used."""
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([""] * (column + 1 - len(rows[row])))


def _numbered(
    rows: list[list[object]], top: int, left: int, right: int
) -> list[tuple[int, tuple[object, ...]]]:
    return [(number, _part_of(row, left, right)) for number, row in enumerate(rows[top:], start=top + 1)]


def _part_of(row: list[object], left: int, right: int) -> tuple[object, ...]:
    width = right - left + 1
    return tuple((row[left : right + 1] + [None] * width)[:width])


def _filled(cell: object) -> bool:
    return not cells.is_blank(cell)


def _runs(row: list[object], below: list[list[object]]) -> Iterator[tuple[int, int]]:
    """Yield first and last position of each run of headings.

    A column without heading that holds anything below does not end the run.
    """
    start = None
    for position, cell in enumerate([*row, None]):
        if start is None and _filled(cell):
            start = position
        elif start is not None and not _filled(cell) and not _used(below, position):
            yield start, position - 1
            start = None


def _used(rows: list[list[object]], position: int) -> bool:
    return any(_filled(cell) for row in rows for cell in row[position : position + 1])


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return per sheet name the package part that holds it."""
    targets: dict[str | None, str] = {name: part for name, _, part in _relations(package, "xl/workbook.xml")}
    sheets = package_guard.tree(package, "xl/workbook.xml").iter(f"{_MAIN}sheet")
    return {
        sheet.get("name", ""): targets[sheet.get(_RELATION)]
        for sheet in sheets
        if sheet.get(_RELATION) in targets
    }


def _relations(package: zipfile.ZipFile, part: str) -> list[tuple[str, str, str]]:
    """Return the relations of a part: name, kind ("table"), and the part related to."""
    folder, name = posixpath.split(part)
    listed = f"{folder}/_rels/{name}.rels"
    if listed not in package.namelist():
        return []
    return [
        (
            relation.get("Id", ""),
            relation.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:],
        )
        for relation in package_guard.tree(package, listed)
    ]


class _ExcelTable(NamedTuple):
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

    def overlaps(self, other: "_ExcelTable") -> bool:
        """Tell whether both would hold one same cell."""
        return (
            self.sheet == other.sheet
            and self.first <= other.last
            and other.first <= self.last
            and self.left <= other.right
            and other.left <= self.right
        )


def _excel_tables(package: zipfile.ZipFile, parts: dict[str, str], path: Path) -> dict[str, _ExcelTable]:
    """Return each Excel table of the workbook by its name, whatever its case.

    Raises WorkbookError for two of one name, or in one place.
    """
    tables: dict[str, _ExcelTable] = {}
    targets = [
        (sheet, target)
        for sheet, part in parts.items()
        for _, kind, target in _relations(package, part)
        if kind == "table"
    ]
    for sheet, target in targets:
        root = package_guard.tree(package, target)
        name, table = root.get("displayName", ""), _excel_table(sheet, root)
        if nl.fold(name) in tables or any(table.overlaps(other) for other in tables.values()):
            raise WorkbookError(
                f"{path} heeft op blad {sheet} een tabel {name} die er al is, of die een andere overlapt",
                "Houd in Excel één van beide tabellen over, en bewaar de werkmap.",
            )
        tables[nl.fold(name)] = table
    if {name for name in package.namelist() if name.startswith("xl/tables/")} - {one for _, one in targets}:
        raise ValueError("a table that stands on no sheet")
    return tables


def _excel_table(sheet: str, root: Element) -> _ExcelTable:
    first, _, last = root.get("ref", "").partition(":")
    (top, left), (bottom, right) = _position(first), _position(last or first)
    header, totals = (int(root.get(f"{one}RowCount", usual)) for one, usual in (("header", 1), ("totals", 0)))
    if not (left <= right < MOST_COLUMNS and top <= bottom < MOST_ROWS):
        raise ValueError("no range of a table")
    if header not in (0, 1) or totals not in (0, 1):
        raise ValueError("no count of heading or total rows")
    return _ExcelTable(
        sheet, top + header, left, right,
        height=max(bottom + 1 - top - header - totals, 0),
        headed=header > 0,
        totals=totals,
        names=tuple(column.get("name", "") for column in root.iter(f"{_MAIN}tableColumn")),
    )  # fmt: skip


class _Content:
    """What the XML of a sheet tells: how far it is used, and what may read as blank.

    `hidden` holds (row, column, content) of the cells that hold no text: an
    error value, a formula without a computed value, a number that is none.
    Positions count from 0; a file may leave the addresses out.
    """

    def __init__(self, package: zipfile.ZipFile, part: str) -> None:
        self.hidden: list[tuple[int, int, Unreadable]] = []
        self.height = self.width = row = 0
        with package.open(part) as xml:
            rows = package_guard.Rows(xml)
            for _, element in ElementTree.iterparse(rows):
                if element.tag == f"{_MAIN}row":
                    row = _next(_natural(element.get("r")), row, MOST_ROWS)
                    self._read_row(row - 1, element)
                    element.clear()
                    rows.next_row()

    def _read_row(self, row: int, element: Element) -> None:
        column = -1
        for cell in element.iter(f"{_MAIN}c"):
            address = cell.get("r")
            at, told = _position(address) if address else (row, None)
            if at != row:
                raise ValueError("a cell in another row")
            column = _next(told, column, MOST_COLUMNS - 1)
            value = cell.find(f"{_MAIN}v")
            if len(cell):
                self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)
            kind, shown = cell.get("t"), value.text if value is not None else None
            if kind == "s" and value is not None and not re.fullmatch("[0-9]+", shown or ""):
                raise ValueError("no place in the shared texts")
            if value is None:
                hides = cell.find(f"{_MAIN}f") is not None  # a formula that was never computed
            else:
                hides = kind not in _TEXT_TYPES or (kind == "inlineStr" and bool(shown))
            if hides:
                self.hidden.append((row, column, Unreadable(shown or NO_VALUE)))


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"no cell: {reference}")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _natural(told: str | None) -> int | None:
    """Return a number as a file tells it, None when it does not. Raises ValueError for what is none."""
    if told is not None and not re.fullmatch("[0-9]{1,7}", told):
        raise ValueError(f"no number: {told}")
    return None if told is None else int(told)


def _next(told: int | None, previous: int, last: int) -> int:
    """Return the place after `previous`, or the one told. Raises ValueError unless that comes later."""
    place = previous + 1 if told is None else told
    if not previous < place <= last:
        raise ValueError("cells out of order")
    return place
