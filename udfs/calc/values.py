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
from functools import cached_property
from itertools import chain
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

NUMBER_OR_ERROR = 1 | 4
"""com.sun.star.sheet.FormulaResult: VALUE, ERROR."""

DATE_OR_TIME = 2 | 4
"""com.sun.star.util.NumberFormat: DATE, TIME."""

LOGICAL = 1024
"""com.sun.star.util.NumberFormat.LOGICAL."""

GENERAL = 0
"""The key of the format that cells have until someone chooses one: ZF_STANDARD in svl/zforlist.hxx."""

TRUTHS = {"WAAR": True, "ONWAAR": False, "TRUE": True, "FALSE": False}
"""What =WAAR() shows in a cell without a format of its own."""

TELLING = frozenset({None, 0.0, 1.0})
"""What an error reads as, and what a truth does."""

FEW = 100
"""Rows of a range up to which looking at each cell takes less long than asking Calc about them."""

AMBIGUOUS = "AMBIGUOUS_VALUE"
"""com.sun.star.beans.PropertyState: the cells of a range differ."""

SHOWN = frozenset({float, str})
"""Types of results that Calc shows as they are."""

Rows = tuple[tuple[object, ...], ...]
Seen = dict[tuple[int, int], object]
"""What cells show, by row and column within their range, where it is not the value they hold."""


def call(function: SheetFunction, given: Sequence[Any], document: Any) -> Any:
    """Return what a function shows in the cell that calls it; never raises.

    Whatever cannot be translated is #VALUE!, and stands in the log.
    """
    formats = Formats(document)
    try:
        shown = outgoing(evaluate(function, [incoming(value, formats) for value in given]))
    except Exception as error:
        shown = outgoing(unexpected(function, error))
    return ((shown,),) if function.is_array and not isinstance(shown, tuple) else shown


class Formats:
    """What the number formats of a document tell, each asked for once; made anew for each call."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._kinds = {GENERAL: 0}
        self._styles = {"": False}  # the style of cells that differ

    def kind(self, key: int) -> int:
        """Return of what kind a format is: com.sun.star.util.NumberFormat."""
        if key not in self._kinds:
            self._kinds[key] = self._formats.getByKey(key).Type
        return self._kinds[key]

    def is_plain(self, key: int) -> bool:
        """Tell whether a number in this format shows as a number."""
        return not self.kind(key) & (DATE_OR_TIME | LOGICAL)

    def is_plain_style(self, name: str) -> bool:
        """Tell whether a number in a cell of this style, without a format of its own, shows as a number."""
        if name not in self._styles:
            style = self._document.StyleFamilies.getByName("CellStyles").getByName(name)
            self._styles[name] = self.is_plain(style.NumberFormat)
        return self._styles[name]

    def moment(self, days: float) -> dt.datetime:
        """Return the date and time of a day number. Raises OverflowError beyond every date."""
        return self._zero + dt.timedelta(days)

    @cached_property
    def _formats(self) -> Any:
        return self._document.NumberFormats

    @cached_property
    def _zero(self) -> dt.datetime:
        day = self._document.NullDate
        return dt.datetime(day.Year, day.Month, day.Day)


def incoming(value: Any, formats: Formats) -> object:
    """Return one argument as the registry takes it.

    0.0 is the blank cell that a person points at: no argument takes a 0.
    """
    if hasattr(value, "getDataArray"):
        return table(used(value), formats)
    return None if value in (0.0, "") else value


def outgoing(value: Any) -> Any:
    """Return a result of the registry as Calc shows it, cells of rows too."""
    if isinstance(value, tuple):
        return tuple([tuple(_row(row)) for row in value])
    return shown(value)


def _row(row: tuple[Any, ...]) -> list[Any]:
    return ["" if one is None else one if type(one) in SHOWN else shown(one) for one in row]


def shown(value: Any) -> Any:
    """Return one result as Calc shows it: an error is a number that is none."""
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


def table(cells: Any, formats: Formats) -> Rows:
    """Return the rows of a range, each cell as the registry takes it; a blank cell is ""."""
    data: Rows = cells.getDataArray()
    seen = {**computed(data, cells), **formatted(data, cells, formats)}
    if not seen:
        return data
    rows = [list(row) for row in data]
    for (at, column), value in seen.items():
        rows[at][column] = value
    return tuple(map(tuple, rows))


def computed(data: Rows, cells: Any) -> Seen:
    """Return what formulas show that is no number: errors, and truths without a format of their own."""
    found: Seen = {}
    if len(data) <= FEW and TELLING.isdisjoint(chain.from_iterable(data)):
        return found
    for at, column in positions(cells, cells.queryFormulaCells(NUMBER_OR_ERROR)):
        if data[at][column] is None:
            found[at, column] = error(cells.getCellByPosition(column, at).getError())
        elif data[at][column] in (0.0, 1.0):
            text = cells.getCellByPosition(column, at).String
            found[at, column] = TRUTHS.get(text, data[at][column])
    return found


def error(code: int) -> Unreadable:
    """Return the error of a cell as Calc names it: "#REF!", "Err:522"."""
    return Unreadable(ERRORS.get(code, f"Err:{code}"))


def formatted(data: Rows, cells: Any, formats: Formats) -> Seen:
    """Return the dates and truths: numbers that their cells show as such."""
    found: Seen = {}
    if len(data) <= FEW and float not in map(type, chain.from_iterable(data)):
        return found
    if plain(cells, formats):
        return found
    groups = cells.getUniqueCellFormatRanges()
    for group in map(groups.getByIndex, range(groups.Count)):
        kind = formats.kind(group.NumberFormat)
        if kind & DATE_OR_TIME:
            found |= converted(data, positions(cells, group), formats.moment)
        elif kind & LOGICAL:
            found |= converted(data, positions(cells, group), bool)
    return found


def plain(cells: Any, formats: Formats) -> bool:
    """Tell whether surely no cell of a range shows a date or a truth: three questions instead of many.

    Cells that are not ambiguous have the same format of their own, which is that of the range; or none
    but here and there the general one, so that the others show as their one style does.
    """
    return (
        formats.is_plain(cells.NumberFormat)
        and cells.getPropertyState("NumberFormat").value != AMBIGUOUS
        and formats.is_plain_style(cells.CellStyle)
    )


def converted(data: Rows, where: list[tuple[int, int]], to: Callable[[float], object]) -> Seen:
    """Return the numbers at these positions converted; one beyond every date stays a number."""
    found: Seen = {}
    for at, column in where:
        value = data[at][column]
        if isinstance(value, float):
            with suppress(OverflowError):
                found[at, column] = to(value)
    return found


def positions(cells: Any, part: Any) -> list[tuple[int, int]]:
    """Return the row and the column within a range of each cell in part of it."""
    areas = part.RangeAddresses
    if not areas:
        return []
    origin = cells.RangeAddress
    top, left = origin.StartRow, origin.StartColumn
    return [
        (row - top, column - left)
        for area in areas
        for columns in [range(area.StartColumn, area.EndColumn + 1)]
        for row in range(area.StartRow, area.EndRow + 1)
        for column in columns
    ]
