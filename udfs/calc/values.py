"""Calc's values <-> the registry's. Translates, never calculates.

What Calc hands over depends on the type a parameter is declared with (`build/calc_addin.py`):

- XCellRange: the range itself, so that a blank, an error, a date and TRUE can be told from
  numbers. A person must point at cells, and cannot leave it out at the end.
- any: bare values, and an omitted argument is None. A blank cell is 0.0, a date its day number,
  TRUE 1.0; an error in one cell becomes the result, an error in a range Err:504, without a call.
"""

import datetime as dt
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from bdur_xl.cells import Unreadable
from bdur_xl.registry import SHEET_FUNCTIONS, SheetError, SheetFunction, evaluate, unexpected

FUNCTIONS = {function.name: function for function in SHEET_FUNCTIONS}

ERROR_CODES = {
    "#NUM!": 503,
    "#VALUE!": 519,
    "#NULL!": 521,
    "#REF!": 524,
    "#NAME?": 525,
    "#DIV/0!": 532,
    "#N/A": 32767,
}
"""Calc's numbers of the errors that Excel has too. Source: LibreOffice, formula/errorcodes.hxx."""

ERRORS = {code: error for error, code in ERROR_CODES.items()}

QUIET_NAN = 0x7FF8_0000_0000_0000
"""Bits of a number that is none; Calc reads the lowest as the code of an error."""

LARGE = 100_000
"""Cells from which a range is cut to the used part of its sheet: a whole column has a million."""

NUMBER_RESULT = 1
"""com.sun.star.sheet.FormulaResult.VALUE."""

DATE_OR_TIME = 2 | 4
"""com.sun.star.util.NumberFormat: DATE, TIME."""

LOGICAL = 1024
"""com.sun.star.util.NumberFormat.LOGICAL."""

TRUTHS = {"WAAR": True, "ONWAAR": False, "TRUE": True, "FALSE": False}
"""What =WAAR() shows in a cell without a format of its own."""

Rows = list[list[object]]


def call(function: SheetFunction, given: Sequence[Any], document: Any) -> Any:
    """Return what a function shows in the cell that calls it; never raises.

    Whatever cannot be translated is #VALUE!, and stands in the log.
    """
    try:
        shown = outgoing(evaluate(function, [incoming(value, document) for value in given]))
    except Exception as error:
        shown = outgoing(unexpected(function, error))
    return ((shown,),) if function.is_array and not isinstance(shown, tuple) else shown


def incoming(value: Any, document: Any) -> object:
    """Return one argument as the registry takes it.

    0.0 is the blank cell that a person points at: no argument takes a 0.
    """
    if hasattr(value, "getDataArray"):
        return tuple(map(tuple, table(used(value), document)))
    return None if value == 0.0 else plain(value)


def plain(value: Any) -> Any:
    """Return a bare value, or rows of them; empty is None."""
    if isinstance(value, tuple):
        return tuple(tuple(map(plain, row)) for row in value)
    return None if value == "" else value


def outgoing(value: Any) -> Any:
    """Return a result of the registry as Calc shows it: an error is a number that is none."""
    if isinstance(value, tuple):
        return tuple(tuple(map(outgoing, row)) for row in value)
    if isinstance(value, SheetError):
        bits = QUIET_NAN | ERROR_CODES.get(value.code, ERROR_CODES["#VALUE!"])
        return struct.unpack("<d", struct.pack("<Q", bits))[0]
    return "" if value is None else value


def used(cells: Any) -> Any:
    """Return the range; of a large one only what lies within the used part of its sheet."""
    area = cells.RangeAddress
    rows, columns = area.EndRow - area.StartRow, area.EndColumn - area.StartColumn
    if (rows + 1) * (columns + 1) < LARGE:
        return cells
    cursor = cells.Spreadsheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.RangeAddress
    columns = max(0, min(columns, last.EndColumn - area.StartColumn))
    rows = max(0, min(rows, last.EndRow - area.StartRow))
    return cells.getCellRangeByPosition(0, 0, columns, rows)


def table(cells: Any, document: Any) -> Rows:
    """Return the rows of a range, each cell as the registry takes it."""
    data = cells.getDataArray()
    rows: Rows = [list(map(plain, row)) for row in data]
    for at, row in enumerate(data):
        for column, value in enumerate(row):
            if value is None:  # an error; an empty cell is ""
                rows[at][column] = error(cells.getCellByPosition(column, at).getError())
    formatted(rows, cells, document)
    for at, column in positions(cells, cells.queryFormulaCells(NUMBER_RESULT)):
        if rows[at][column] in (0.0, 1.0):
            shown = cells.getCellByPosition(column, at).String
            rows[at][column] = TRUTHS.get(shown, rows[at][column])
    return rows


def error(code: int) -> Unreadable:
    """Return the error of a cell as Calc names it: "#REF!", "Err:522"."""
    return Unreadable(ERRORS.get(code, f"Err:{code}"))


def formatted(rows: Rows, cells: Any, document: Any) -> None:
    """Make dates and truths of the numbers that their cells show as such."""
    day = document.NullDate
    zero = dt.datetime(day.Year, day.Month, day.Day)
    for group in cells.getUniqueCellFormatRanges():
        kind = document.NumberFormats.getByKey(group.NumberFormat).Type
        if kind & DATE_OR_TIME:
            convert(rows, positions(cells, group), lambda days: zero + dt.timedelta(days))
        elif kind & LOGICAL:
            convert(rows, positions(cells, group), bool)


def convert(rows: Rows, where: list[tuple[int, int]], to: Callable[[float], object]) -> None:
    """Convert the numbers at these positions; one beyond every date stays a number."""
    for at, column in where:
        value = rows[at][column]
        if isinstance(value, float):
            with suppress(OverflowError):
                rows[at][column] = to(value)


def positions(cells: Any, part: Any) -> list[tuple[int, int]]:
    """Return the row and the column within a range of each cell in part of it."""
    origin = cells.RangeAddress
    return [
        (row - origin.StartRow, column - origin.StartColumn)
        for area in part.RangeAddresses
        for row in range(area.StartRow, area.EndRow + 1)
        for column in range(area.StartColumn, area.EndColumn + 1)
    ]
