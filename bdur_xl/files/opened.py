"""A closed workbook with all that calamine does not tell: formulas, formats, notes. Reads only.

openpyxl reads these; it never saves one of our workbooks, and is imported only here and late,
for it is slow.
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bdur_xl.files.sheet_parts import SheetPart, read_sheet_parts
from bdur_xl.files.workbook import WorkbookError, read_sheets, read_workbook
from bdur_xl.tables import INPUT_TABLES, OUTPUT_TABLES, RawTable, heading_key

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet


OUR_TABLES = frozenset(
    [table.table for table in INPUT_TABLES.values()] + [table.table for table in OUTPUT_TABLES.values()]
)
"""The Excel tables of a workbook of ours."""


@dataclass(frozen=True)
class Opened:
    """A workbook on disk, read whole."""

    path: Path
    tables: Mapping[str, RawTable]
    values: Mapping[str, list[list[object]]]
    """Per sheet its cells from A1: what formulas gave, as calamine tells."""
    parts: Mapping[str, SheetPart]
    book: "Workbook"
    """With formulas, formats and notes; of a `Cell` the value may be a formula's text."""
    package: frozenset[str]
    """The names of the parts of the file."""
    macros: frozenset[str] | None
    """The names of the VBA modules, those of sheets included; None when they cannot be read."""

    @cached_property
    def sheets(self) -> "dict[str, Worksheet]":
        """The sheets with cells, by name."""
        return {sheet.title: sheet for sheet in self.book.worksheets}

    @cached_property
    def table_names(self) -> dict[str, str]:
        """Per Excel table the name of its sheet."""
        return {name: title for title, sheet in self.sheets.items() for name in sheet.tables}

    def value(self, sheet: str, row: int, column: int) -> object:
        """Return what a cell holds, by row and column counted from 1; None beyond what is used."""
        rows = self.values.get(sheet, [])
        cells = rows[row - 1] if 0 < row <= len(rows) else []
        found = cells[column - 1] if 0 < column <= len(cells) else None
        return None if found == "" else found


def open_workbook(path: Path) -> Opened:
    """Return a workbook, read whole. Raises WorkbookError when it cannot be read."""
    tables, values, parts = read_workbook(path), read_sheets(path), read_sheet_parts(path)
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, rich_text=True, keep_links=True)
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise WorkbookError(
            f"De formules en opmaak van {path} zijn niet te lezen",
            "Open het in Excel of LibreOffice, bewaar het opnieuw en probeer het nog eens.",
        ) from error
    with zipfile.ZipFile(path) as archive:
        package = frozenset(archive.namelist())
    macros = _macros(path) if "xl/vbaProject.bin" in package else frozenset()
    return Opened(path, tables, values, parts, book, package, macros)


def _macros(path: Path) -> frozenset[str] | None:
    from pyopenvba import ExcelFile

    try:
        with ExcelFile(path) as file:
            return frozenset(file.module_names())
    except Exception:  # whatever a macro project holds: its modules are only named
        return None


def cells_in(sheet: "Worksheet") -> "Iterator[Cell]":
    """Yield the cells of a sheet; of merged ones the first."""
    yield from (cell for row in sheet.iter_rows() for cell in row if hasattr(cell, "data_type"))  # type: ignore[misc]


def cell_at(sheet: "Worksheet", row: int, column: int) -> "Cell":
    """Return the cell at a place, counted from 1."""
    return cast("Cell", sheet.cell(row, column))


def is_formula(cell: "Cell") -> bool:
    """Tell whether a cell holds a formula, of whatever kind."""
    return cell.data_type == "f"


def formula_of(cell: "Cell") -> str | None:
    """Return the text of an ordinary formula; None for other cells, array formulas too."""
    return cell.value if is_formula(cell) and isinstance(cell.value, str) else None


def same_place(before: RawTable | None, after: RawTable | None) -> bool:
    """Tell whether an input table stands where it stood, with the same columns."""
    if before is None or after is None:
        return False
    places = [(raw.source, raw.header_row, raw.first_column) for raw in (before, after)]
    width = len(before.headings)
    keys = [[heading_key(str(one)) for one in raw.headings[:width]] for raw in (before, after)]
    return places[0] == places[1] and keys[0] == keys[1]


def table_key(name: str) -> str | None:
    """Return the key of an input table by the name of its Excel table."""
    return next((key for key, table in INPUT_TABLES.items() if table.table == name), None)
