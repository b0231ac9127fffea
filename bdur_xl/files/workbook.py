"""A closed workbook (.xlsx, .xlsm) -> raw tables. Reads only; never saves.

calamine gives the values fast, but shows an error value, a formula that was
never computed and a number beyond range as blank. So the sheet's own XML is
asked which cells hold something: those become `Unreadable`, never blank.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import python_calamine
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from bdur_xl import cells, nl
from bdur_xl.cells import Unreadable
from bdur_xl.tables import INPUT_TABLES, InputTable, RawTable, heading_key

NO_VALUE = Unreadable("een formule of getal zonder bruikbare waarde")
SUFFIXES = (".xlsx", ".xlsm")
MOST_CELLS = 20_000_000
"""A sheet with more cells than this (empty ones included) is not a plan."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TEXT_TYPES = frozenset({"s", "str", "inlineStr"})
_SEARCHED_ROWS = 60


class WorkbookError(Exception):
    """A file that cannot be read as a plan workbook: what is wrong and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def read_workbook(path: Path) -> dict[str, RawTable]:
    """Return the input tables of a closed workbook; a table it lacks is left out.

    Hidden and filtered rows are read like any other. Raises WorkbookError when
    the file is missing, locked or no workbook.
    """
    _refuse_other_files(path)
    try:
        with zipfile.ZipFile(path) as package:
            return _Reader(path, package).tables()
    except PermissionError as error:
        raise WorkbookError(
            f"{path} mag niet worden gelezen", "Sluit het bestand elders, of vraag leesrechten."
        ) from error
    except (
        OSError, zipfile.BadZipFile, KeyError, ElementTree.ParseError,
        DefusedXmlException, python_calamine.CalamineError,
    ) as error:  # fmt: skip
        raise WorkbookError(
            f"{path} is geen leesbare Excel-werkmap",
            "Open het in Excel of LibreOffice en bewaar het opnieuw als .xlsx, of neem een reservekopie.",
        ) from error


def _refuse_other_files(path: Path) -> None:
    if path.is_dir():
        raise WorkbookError(f"{path} is een map", "Noem het bestand van de werkmap zelf.")
    if not path.exists():
        raise WorkbookError(f"{path} bestaat niet", "Controleer de naam en de map van de werkmap.")
    if path.suffix.lower() not in SUFFIXES:
        raise WorkbookError(
            f"{path} is geen {nl.listing(SUFFIXES)}-bestand",
            "Bewaar de werkmap als Excel-werkmap (.xlsx of .xlsm).",
        )


class _Reader:
    """One open workbook: calamine for values, the package's XML for what calamine hides."""

    def __init__(self, path: Path, package: zipfile.ZipFile) -> None:
        self._book = python_calamine.load_workbook(str(path), load_tables=True)
        self._package = package
        self._parts = _sheet_parts(package)
        self._with_total_row = _tables_with_total_row(package)
        self._sheets: dict[str, list[list[object]]] = {}

    def tables(self) -> dict[str, RawTable]:
        found = ((key, self._find(table)) for key, table in INPUT_TABLES.items())
        return {key: raw for key, raw in found if raw}

    def _find(self, table: InputTable) -> RawTable | None:
        if table.table in (self._book.table_names or []):
            return self._excel_table(table)
        names = {nl.fold(name): name for name in self._book.sheet_names}
        sheet = names.get(nl.fold(table.sheet))
        return self._by_headings(table, sheet) if sheet else None

    def _excel_table(self, table: InputTable) -> RawTable:
        excel = self._book.get_table_by_name(table.table)
        top, left = excel.start or (1, 0)
        bottom, right = excel.end or (top, left + len(excel.columns) - 1)
        rows = self._cells(excel.sheet)
        numbered = _numbered(rows, top, left, right)
        skipped = 1 if table.table in self._with_total_row else 0
        return RawTable(
            source=excel.sheet,
            headings=tuple(excel.columns),
            rows=tuple(numbered[: bottom - top + 1]),
            header_row=top,
            first_column=left + 1,
            beneath=tuple(numbered[bottom - top + 1 + skipped :]),
        )

    def _by_headings(self, table: InputTable, sheet: str) -> RawTable | None:
        """Find a table by its headings: where a program dropped the Excel table."""
        wanted = {heading_key(column.heading) for column in table.columns if column.required}
        rows = self._cells(sheet)
        for position, row in enumerate(rows[:_SEARCHED_ROWS]):
            for left, right in _runs(row):
                headings = [cells.visible(str(cell)) for cell in row[left : right + 1]]
                if len(wanted & {heading_key(heading) for heading in headings}) > len(wanted) / 2:
                    below = tuple(_numbered(rows, position + 1, left, right))
                    return RawTable(sheet, tuple(headings), below, position + 1, left + 1)
        return None

    def _cells(self, sheet: str) -> list[list[object]]:
        if sheet not in self._sheets:
            values = self._book.get_sheet_by_name(sheet)
            if values.total_height * values.total_width > MOST_CELLS:
                raise WorkbookError(
                    f"blad {sheet} is onmogelijk groot",
                    "Verwijder de lege rijen en kolommen onder en naast de tabel.",
                )
            rows: list[list[object]] = [list(row) for row in values.to_python(skip_empty_area=False)]
            for row, column, hidden in _hidden_content(self._package, self._parts[sheet]):
                if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
                    rows[row][column] = hidden
            self._sheets[sheet] = rows
        return self._sheets[sheet]


def _numbered(
    rows: list[list[object]], top: int, left: int, right: int
) -> list[tuple[int, tuple[object, ...]]]:
    width = right - left + 1
    return [
        (number, tuple((row[left : right + 1] + [None] * width)[:width]))
        for number, row in enumerate(rows[top:], start=top + 1)
    ]


def _runs(row: list[object]) -> Iterator[tuple[int, int]]:
    """Yield first and last position of each run of filled cells."""
    start = None
    for position, cell in enumerate([*row, None]):
        if start is None and not cells.is_blank(cell):
            start = position
        elif start is not None and cells.is_blank(cell):
            yield start, position - 1
            start = None


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return per sheet name the package part that holds it."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = ElementTree.fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    return {
        sheet.get("name", ""): _part_name(targets[sheet.get(_RELATION)])
        for sheet in sheets
        if sheet.get(_RELATION) in targets
    }


def _part_name(target: str) -> str:
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _tables_with_total_row(package: zipfile.ZipFile) -> set[str]:
    """Return the tables in which staff switched Excel's own total row on."""
    parts = (name for name in package.namelist() if re.fullmatch(r"xl/tables/[^/]+\.xml", name))
    roots = (ElementTree.fromstring(package.read(part)) for part in parts)
    return {root.get("displayName", "") for root in roots if root.get("totalsRowCount", "0") != "0"}


def _hidden_content(package: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int, Unreadable]]:
    """Yield (row, column, content) of cells that hold no text yet may read as blank.

    That is: an error value, a formula without a computed value, a number that
    is none. Positions count from 0.
    """
    with package.open(part) as xml:
        for _, element in ElementTree.iterparse(xml):
            if element.tag == f"{_MAIN}row":
                element.clear()
            elif element.tag == f"{_MAIN}c" and element.get("t") not in _TEXT_TYPES:
                value, formula = element.find(f"{_MAIN}v"), element.find(f"{_MAIN}f")
                if value is not None or formula is not None:
                    shown = value.text if value is not None and element.get("t") == "e" else None
                    yield *_position(element.get("r", "")), Unreadable(shown) if shown else NO_VALUE


def _position(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :] or 1) - 1, column - 1
