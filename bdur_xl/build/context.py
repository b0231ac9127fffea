"""What every sheet is made from: the book, its styles, the plan, and what the functions give for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bdur_xl.build import vba
from bdur_xl.build.frame import Placed
from bdur_xl.build.styles import Styles
from bdur_xl.checks import Outcome
from bdur_xl.overview import Overview
from bdur_xl.registry import SHEET_FUNCTIONS, SheetError, evaluate
from bdur_xl.sheet_function import SheetFunction
from bdur_xl.upgrade import Carried

Cell = float | str | SheetError | None
Grid = tuple[tuple[Cell, ...], ...]

FUNCTIONS: Mapping[str, SheetFunction] = {function.name: function for function in SHEET_FUNCTIONS}


@dataclass(frozen=True)
class Build:
    """One build of the workbook."""

    book: Workbook
    style: Styles
    placed: Mapping[str, Placed]
    overview: Overview
    outcomes: tuple[Outcome, ...]
    ranges: Mapping[str, Any]
    """Per range name its cells, headings first: what a spreadsheet hands to a function."""
    carried: Carried | None = None
    """What an older workbook hands over beside its input; None for a workbook from nothing."""

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet, with the name that VBA knows it by."""
        sheet = self.book.add_worksheet(name)
        sheet.set_vba_name(vba.code_name(name))
        return sheet

    def call(self, name: str, *arguments: str | float) -> tuple[str, Any]:
        """Return the formula of a function over named ranges and constants, and what it gives.

        An argument that names a range hands over its cells; other text is itself.
        """
        given = [self.ranges.get(one, one) if isinstance(one, str) else one for one in arguments]
        shown = ",".join(self._in_formula(one) for one in arguments)
        return f"{name}({shown})", evaluate(FUNCTIONS[name], [None if one == "" else one for one in given])

    def _in_formula(self, argument: str | float) -> str:
        if not isinstance(argument, str):
            return f"{argument:g}"
        return argument if argument in self.ranges or argument == "" else f'"{argument}"'


def write_array(sheet: Worksheet, top: int, left: int, formula: str, grid: Grid, formats: Any = None) -> None:
    """Write one array formula over a fixed block with the values it gives stored in its cells."""
    bottom, right = top + len(grid) - 1, left + len(grid[0]) - 1
    sheet.write_array_formula(top, left, bottom, right, f"{{={formula}}}", formats, stored(grid[0][0]))
    for row, cells in enumerate(grid, start=top):
        for column, cell in enumerate(cells, start=left):
            if (row, column) != (top, left):
                _store(sheet, row, column, stored(cell), formats)


def stored(cell: Cell) -> float | str:
    """Return a function's value as the file stores it; an error value as its code."""
    if cell is None:
        return ""
    return cell.code if isinstance(cell, SheetError) else cell


def _store(sheet: Worksheet, row: int, column: int, value: float | str, form: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, form)
    else:
        sheet.write_number(row, column, value, form)
