"""A closed workbook (.xlsx, .xlsm) -> raw tables. Reads only; never saves.

calamine gives the values fast, but shows an error value, a formula that was
never computed and a number beyond range as blank. So the sheet's own XML is
asked what it holds (`SheetXml`): those become `Unreadable`, never blank.
A part is unpacked and guarded (`Package`) before calamine is asked for it.
Where the Excel tables stand is read from the package too, but their headings
from the cells: LibreOffice keeps an old name when a heading is typed as a number.
"""

import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers.expat import ExpatError

import python_calamine

from bdur_xl import cells, collector, nl
from bdur_xl.columns import by_part
from bdur_xl.files import package_guard
from bdur_xl.files.package import ExcelTable, excel_tables, sheet_parts, texts
from bdur_xl.files.package import WorkbookError as WorkbookError  # callers find it here
from bdur_xl.files.package_guard import COMPOUND_FILE, MOST_CELLS, Package
from bdur_xl.files.sheet_xml import Rows, SheetXml
from bdur_xl.tables import INPUT_TABLES, InputTable, Numbered, RawTable, column_letters

SUFFIXES = (".xlsx", ".xlsm")

_LOADED = frozenset(
    {"_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/sharedstrings.xml", "xl/styles.xml"}
)
"""What calamine reads when it opens a workbook, whatever the case of the names."""

_SEARCHED_ROWS = 120
_PROPERTY_PARTS = ("docProps/core.xml", "docProps/app.xml")
_PERSON_PROPERTIES = {
    "creator": "auteur",
    "lastModifiedBy": "laatst gewijzigd door",
    "Manager": "manager",
}
_BROKEN = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError,
    LookupError, NotImplementedError, RuntimeError,  # how zipfile refuses compressions and passwords
    ExpatError, python_calamine.CalamineError,
)  # fmt: skip
"""What a damaged file brings about in the libraries."""

_Merge = tuple[tuple[int, int], tuple[int, int]]
"""The first and last (row, column) of merged cells, from 0."""


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
    with refusals(path), package_guard.opened(path) as package:
        reader = _Reader(path, package)
        yield from map(reader.cells, reader.sheets)


def read_sheets(path: Path, names: Collection[str] | None = None) -> dict[str, list[list[object]]]:
    """Return the cells of the sheets of a closed workbook by name, of all or of some; it may lack one.

    Raises WorkbookError when the file is missing, locked or no workbook.
    """
    with refusals(path), package_guard.opened(path) as package:
        reader = _Reader(path, package)
        return {name: reader.cells(name) for name in reader.sheets if names is None or name in names}


def _read(path: Path, sheet: str) -> tuple[dict[str, RawTable], list[list[object]]]:
    with refusals(path), package_guard.opened(path) as package, collector.paused():
        reader = _Reader(path, package)
        return reader.tables(), reader.cells(sheet)


@contextmanager
def refusals(path: Path) -> Iterator[None]:
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
        with package_guard.opened(path) as package:
            told = [one for part in _PROPERTY_PARTS if part in package for one in texts(package, part)]
    except (*_BROKEN, package_guard.PackageError):
        return {}
    named = ((name, cells.visible(text)) for name, text in told)
    return {_PERSON_PROPERTIES[name]: text for name, text in named if name in _PERSON_PROPERTIES and text}


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

    def __init__(self, path: Path, package: Package) -> None:
        package_guard.refuse_other_kind(package, "xl/workbook.xml", path)
        for part in package.members:
            if part.casefold() in _LOADED:
                package.read(part)
        self._package = package
        self._book = python_calamine.load_workbook(str(path))
        self._parts = sheet_parts(package)
        self._tables = excel_tables(package, self._parts, path)
        self._sheets: dict[str, Rows] = {}
        self._merged: dict[str, list[_Merge]] = {}

    def tables(self) -> dict[str, RawTable]:
        """Return the input tables that the workbook has; a sheet is forgotten before the next is read."""
        wanted: dict[str, list[InputTable]] = {}
        for table in INPUT_TABLES.values():
            if sheet := self._sheet_of(table):
                wanted.setdefault(sheet, []).append(table)
        found: dict[str, RawTable] = {}
        for sheet, tables in wanted.items():
            found |= {table.key: raw for table in tables if (raw := self._find(table, sheet))}
            self._sheets.pop(sheet, None)
        return {key: found[key] for key in INPUT_TABLES if key in found}

    def _find(self, table: InputTable, sheet: str) -> RawTable | None:
        excel = self._tables.get(nl.fold(table.table))
        return self._excel_table(excel) if excel else self._by_headings(table, sheet)

    def _sheet_of(self, table: InputTable) -> str | None:
        if excel := self._tables.get(nl.fold(table.table)):
            return excel.sheet
        return next((name for name in self._parts if nl.fold(name) == nl.fold(table.sheet)), None)

    def _excel_table(self, excel: ExcelTable) -> RawTable:
        rows = self.cells(excel.sheet)
        below = _parts_of(rows[excel.top :], excel.left, excel.right)
        end = excel.height + excel.totals
        above = rows[excel.top - 1] if excel.headed and excel.top <= len(rows) else []
        return RawTable(
            source=excel.sheet,
            headings=_part_of(above, excel.left, excel.right) if above else excel.names,
            rows=Numbered(excel.top + 1, below[: excel.height]),
            header_row=excel.top,
            first_column=excel.left + 1,
            beneath=_filled_rows(Numbered(excel.top + end + 1, below[end:])),
            beside=tuple(above[excel.right + 1 : self._next_left(excel)]),
            merged=self._merges(excel.sheet, (excel.first, excel.left), (excel.last, excel.right)),
        )

    def _next_left(self, excel: ExcelTable) -> int | None:
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
                    below = Numbered(position + 2, _parts_of(rows[position + 1 :], left, right))
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

    def cells(self, sheet: str) -> Rows:
        """Return the cells of a sheet from A1; none when the workbook lacks it."""
        if sheet not in self._parts:
            return []
        if sheet not in self._sheets:
            self._read_sheet(sheet)
        return self._sheets[sheet]

    def _read_sheet(self, sheet: str) -> None:
        xml = SheetXml(self._package.read(self._parts[sheet]))
        if xml.most_cells() > MOST_CELLS:  # before calamine asks memory for them
            raise WorkbookError(
                f"blad {sheet} is onmogelijk groot",
                "Verwijder de lege rijen en kolommen onder en naast de tabel.",
            )
        values = self._book.get_sheet_by_name(sheet)
        rows: Rows = values.to_python(skip_empty_area=False)  # type: ignore[assignment]
        merged = list(values.merged_cell_ranges or ())
        del values  # several times as much memory as the sheet's XML
        xml.show_hidden(rows)
        self._sheets[sheet], self._merged[sheet] = rows, merged


def _parts_of(rows: Rows, left: int, right: int) -> list[tuple[object, ...]]:
    """Return a part of each row; equal texts of a column are one: calamine makes each anew."""
    if min(map(len, rows), default=0) <= right:
        return [_part_of(row, left, right) for row in rows]
    parts: list[tuple[object, ...]] = []
    known: list[dict[object, object]] = [{} for _ in range(left, right + 1)]
    for columns in by_part(rows):
        parts += zip(*map(_shared, columns[left : right + 1], known), strict=True)
    return parts


def _shared(column: tuple[object, ...], known: dict[object, object]) -> tuple[object, ...]:
    """Return a column of which equal texts are one text; a column of other cells as it is."""
    if set(map(type, column)) != {str}:
        return column
    return tuple(map(known.setdefault, column, column))


def _part_of(row: list[object], left: int, right: int) -> tuple[object, ...]:
    width = right - left + 1
    return tuple((row[left : right + 1] + [None] * width)[:width])


def _filled_rows(rows: Numbered) -> tuple[tuple[int, tuple[object, ...]], ...]:
    """Return the rows that hold anything: beneath one table there may be only a longer one beside it."""
    return tuple((number, row) for number, row in rows if not cells.all_blank(row))


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
