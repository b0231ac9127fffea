"""The workbook open in Calc as a `Book`, through UNO.

An Excel table is a database range in Calc. Writes only the cells that must change, so
formatting, filters and whatever staff added stay. Formulas are told as Excel writes them.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import zip_longest
from typing import Any

from bdur_xl.book import BookError, Formula
from bdur_xl.cells import Unreadable
from bdur_xl.restore import same
from bdur_xl.tables import INPUT_TABLES, OUTPUT_TABLES, RawTable, column_letters
from udfs.calc.repair import ANY_RESULT
from udfs.calc.values import ERROR_CODES, Formats, positions, table

Rows = list[list[object]]

TABLES = {
    **{key: one.table for key, one in INPUT_TABLES.items()},
    **{key: one.table for key, one in OUTPUT_TABLES.items()},
}
"""The name of each table by its key."""

CONTENTS = 1 | 2 | 4 | 16
"""com.sun.star.sheet.CellFlags: VALUE, DATETIME, STRING, FORMULA; formats and notes stay."""

OWN, EXCEL = 0, 1
"""com.sun.star.sheet.AddressConvention: OOO, XL_A1."""

XL_ENGLISH, ALL_FUNCTIONS = 4, 2**31 - 1
"""com.sun.star.sheet: FormulaLanguage.XL_ENGLISH, FormulaMapGroup.ALL_EXCEPT_SPECIAL."""

NOT_UNDERSTOOD = frozenset({501, 507, 508, 509, 510, 511, 512, 516, 520, 525})
"""Errors of a formula that Calc cannot read. Source: LibreOffice, formula/errorcodes.hxx."""

SERVICE = "NL.BDUR.SHEETFUNCTIONS."
"""Stands before the names of our functions in the formulas that Calc tells."""

GENERAL, LOGICAL = "General", "BOOLEAN"
DATE, MOMENT = "D-M-YYYY", "D-M-YYYY HH:MM"
"""Number formats as English has them."""


class OpenWorkbook:
    """A `Book` on the screen. Whoever writes does so inside `quietly`."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._formulas = _Formulas(document)

    def read(self, key: str) -> RawTable | None:
        """Return a table as typed; None when the workbook lacks it.

        Raises BookError when it has no row of headings.
        """
        ranges, name = self._document.DatabaseRanges, TABLES[key]
        return self._read(name, ranges.getByName(name)) if ranges.hasByName(name) else None

    def cells(self, sheet: str) -> Rows:
        """Return the values of a sheet from A1; none when there is no such sheet."""
        sheets = self._document.Sheets
        if not sheets.hasByName(sheet):
            return []
        found = sheets.getByName(sheet)
        return self._values(found.getCellRangeByPosition(0, 0, *_end(found)))

    def value(self, name: str) -> object:
        """Return what the cell of a name holds; None when the name is unknown."""
        cell = self._named(name)
        return self._values(cell)[0][0] if cell else None

    def set_value(self, name: str, value: str) -> None:
        """Put a text in the cell of a name. Raises BookError when it cannot."""
        cell = self._named(name)
        if cell is None:
            raise BookError(
                f"Deze werkmap mist de naam {name}",
                "Neem uw invoer over in een nieuwe werkmap van deze versie: bdur bijwerken.",
            )
        with _unprotected(cell.Spreadsheet):
            cell.setString(value)

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        """Make a table hold exactly these rows, headings first; one without rows keeps a blank one."""
        area = self._document.DatabaseRanges.getByName(TABLES[key])
        sheet = self._document.Sheets.getByIndex(area.DataArea.Sheet)
        with _unprotected(sheet):
            block = _fit(sheet, area, max(len(rows), 2), len(rows[0]))
            for at, (now, row) in enumerate(zip_longest(self._typed(block), rows, fillvalue=())):
                for column, (cell, wanted) in enumerate(zip_longest(now, row)):
                    if not self._holds(cell, wanted):
                        self._enter(block.getCellByPosition(column, at), wanted)

    def _read(self, name: str, area: Any) -> RawTable:
        if not area.ContainsHeader:
            raise BookError(
                f"De tabel {name} heeft geen koprij",
                "Zet in Excel op het tabblad Tabelontwerp de Veldnamenrij aan.",
            )
        place = area.DataArea
        sheet = self._document.Sheets.getByIndex(place.Sheet)
        _, bottom = _end(sheet)
        bottom = max(bottom, place.EndRow)
        headings, *rows = self._typed(
            sheet.getCellRangeByPosition(place.StartColumn, place.StartRow, place.EndColumn, bottom)
        )
        numbered = [(number, tuple(row)) for number, row in enumerate(rows, start=place.StartRow + 2)]
        height = place.EndRow - place.StartRow - area.TotalsRow
        return RawTable(
            source=sheet.Name,
            headings=tuple(headings),
            rows=tuple(numbered[:height]),
            header_row=place.StartRow + 1,
            first_column=place.StartColumn + 1,
            beneath=tuple(numbered[height + area.TotalsRow :]),
            beside=self._beside(sheet, place),
            merged=tuple(_merges(sheet, place)),
        )

    def _beside(self, sheet: Any, place: Any) -> tuple[object, ...]:
        """Return the rest of a table's heading row, up to the next table."""
        others = (one.DataArea for one in self._document.DatabaseRanges)
        lefts = (
            other.StartColumn
            for other in others
            if other.Sheet == place.Sheet and other.StartRow <= place.StartRow <= other.EndRow
        )
        first, row = place.EndColumn + 1, place.StartRow
        end = min((left for left in lefts if left >= first), default=_end(sheet)[0] + 1)
        if end <= first:
            return ()
        return tuple(self._typed(sheet.getCellRangeByPosition(first, row, end - 1, row))[0])

    def _named(self, name: str) -> Any:
        names = self._document.NamedRanges
        return names.getByName(name).getReferredCells() if names.hasByName(name) else None

    def _values(self, cells: Any) -> Rows:
        """Return what cells hold: dates without a time as dates, formulas as what they gave."""
        return [[_held(cell) for cell in row] for row in table(cells, Formats(self._document))]

    def _typed(self, cells: Any) -> Rows:
        """Return cells as typed."""
        rows = self._values(cells)
        for at, column in positions(cells, cells.queryFormulaCells(ANY_RESULT)):
            text = self._formulas.of(cells.getCellByPosition(column, at))
            error = text.removeprefix("=")  # pasted as a value, it is a formula in Calc
            rows[at][column] = Unreadable(error) if error in ERROR_CODES else Formula(text, rows[at][column])
        return rows

    def _holds(self, cell: object, wanted: object) -> bool:
        """Tell whether a cell, as typed, holds what it must: =Plan!A1 is ='Plan'!A1, "" is blank."""
        if isinstance(cell, Formula) and isinstance(wanted, Formula):
            return cell.text in (wanted.text, self._formulas.canonical(wanted.text))
        return same(cell, None if wanted == "" else wanted)

    def _enter(self, cell: Any, wanted: object) -> None:
        """Put in a cell what it must hold; its number format stays, unless it would then read otherwise."""
        form = cell.NumberFormat
        match wanted:
            case None | "":
                cell.clearContents(CONTENTS)
            case Formula():
                self._formulas.enter(cell, wanted.text)
            case Unreadable():
                cell.setFormula(f"={wanted}")
            case str():
                cell.setString(wanted)
            case dt.date():
                cell.setValue(self._serial(wanted))
            case _:
                cell.setValue(float(str(wanted)) if not isinstance(wanted, bool) else float(wanted))
        cell.NumberFormat = form
        if not isinstance(wanted, Formula | str | None) and not same(self._values(cell)[0][0], wanted):
            cell.NumberFormat = self._format(_form(wanted))

    def _serial(self, moment: dt.date) -> float:
        """Return a date as the number that Calc holds."""
        day = self._document.NullDate
        if not isinstance(moment, dt.datetime):
            moment = dt.datetime.combine(moment, dt.time())
        return (moment - dt.datetime(day.Year, day.Month, day.Day)) / dt.timedelta(days=1)

    def _format(self, code: str) -> int:
        formats, locale = self._document.NumberFormats, self._document.CharLocale
        locale.Language, locale.Country, locale.Variant = "en", "US", ""
        key: int = formats.queryKey(code, locale, False)
        return key if key >= 0 else int(formats.addNew(code, locale))


class _Formulas:
    """Formulas as Excel writes them ("='Tabel 1'!A7*2") <-> as Calc does ("=$'Tabel 1'.A7*2").

    Some are told as Calc writes them, because LibreOffice 7.4 loses a part when it converts them:
    references to a column of a table or to another file, intersections, EDATE and its like.
    """

    def __init__(self, document: Any) -> None:
        self._own = document.createInstance("com.sun.star.sheet.FormulaParser")
        self._excel = document.createInstance("com.sun.star.sheet.FormulaParser")
        mapper = document.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
        for parser, convention in ((self._own, OWN), (self._excel, EXCEL)):
            parser.CompileEnglish = True
            parser.FormulaConvention = convention
        self._excel.OpCodeMap = mapper.getAvailableMappings(XL_ENGLISH, ALL_FUNCTIONS)
        self._first = document.Sheets.getByIndex(0).getCellByPosition(0, 0).CellAddress

    def of(self, cell: Any) -> str:
        """Return the formula of a cell."""
        own, place = cell.getFormula().replace(SERVICE, ""), cell.CellAddress
        if own.startswith("{"):  # of an array
            own = own[1:-1]
        text = f"={self._excel.printFormula(cell.getTokens(), place)}"
        return text if _bare(self._to_own(text, place)) == _bare(own) else own

    def canonical(self, text: str) -> str:
        """Return an Excel formula as `of` gives it."""
        tokens = self._excel.parseFormula(text.removeprefix("="), self._first)
        return f"={self._excel.printFormula(tokens, self._first)}"

    def enter(self, cell: Any, text: str) -> None:
        """Put a formula in a cell."""
        cell.setFormula(self._to_own(text, cell.CellAddress))
        if cell.getError() in NOT_UNDERSTOOD:  # it had no Excel form
            cell.setFormula(text)

    def _to_own(self, text: str, place: Any) -> str:
        tokens = self._excel.parseFormula(text.removeprefix("="), place)
        return f"={self._own.printFormula(tokens, place)}"


def _bare(formula: str) -> str:
    """Return a formula without its dollars: Calc's own reference to a sheet has one, Excel's has none."""
    return formula.replace("$", "")


@contextmanager
def quietly(document: Any, title: str) -> Iterator[None]:
    """Let Calc calculate and draw once, afterwards; all that is done is one step to undo."""
    automatic = document.isAutomaticCalculationEnabled()
    document.enableAutomaticCalculation(False)
    document.lockControllers()
    document.UndoManager.enterUndoContext(title)
    try:
        yield
    finally:
        document.UndoManager.leaveUndoContext()
        document.unlockControllers()
        document.enableAutomaticCalculation(automatic)
        document.calculate()


@contextmanager
def _unprotected(sheet: Any) -> Iterator[None]:
    """Lift the protection of a sheet for a while; without a password it comes back with its options."""
    protected = sheet.isProtected()
    if protected:
        with suppress(Exception):  # UNO's own class, which only LibreOffice has
            sheet.unprotect("")
    if sheet.isProtected():
        raise BookError(
            f"Het blad {sheet.Name} is met een wachtwoord beveiligd",
            "Hef die beveiliging op en probeer het opnieuw.",
        )
    try:
        yield
    finally:
        if protected:
            sheet.protect("")


def _fit(sheet: Any, area: Any, height: int, width: int) -> Any:
    """Give a table this size and return its cells; refuse to grow over what stands there."""
    place = area.DataArea
    left, top = place.StartColumn, place.StartRow
    size = place.EndRow - top + 1, place.EndColumn - left + 1
    block = sheet.getCellRangeByPosition(left, top, left + width - 1, top + height - 1)
    if size == (height, width):
        return block
    if area.TotalsRow:
        raise BookError(
            f"De tabel op {sheet.Name} heeft een totaalrij",
            "Zet die in Excel uit (tabblad Tabelontwerp) en probeer het opnieuw.",
        )
    for more in _beyond(block, (height, width), size):
        if more.queryContentCells(CONTENTS).Count:
            raise BookError(
                f"De tabel op {sheet.Name} past niet: in {_address(more.RangeAddress)} staat iets",
                "Verplaats wat daar staat en probeer het opnieuw.",
            )
    before = sheet.getCellRangeByPosition(left, top, place.EndColumn, place.EndRow)
    for less in _beyond(before, size, (height, width)):
        less.clearContents(CONTENTS)
    _extend_formats(sheet, place, height - size[0])
    area.setDataArea(block.RangeAddress)
    return block


def _beyond(block: Any, one: tuple[int, int], other: tuple[int, int]) -> Iterator[Any]:
    """Yield the parts of a block under and beside what another size, (height, width), has."""
    (height, width), (other_height, other_width) = one, other
    if height > other_height:
        yield block.getCellRangeByPosition(0, other_height, width - 1, height - 1)
    if width > other_width:
        yield block.getCellRangeByPosition(other_width, 0, width - 1, min(height, other_height) - 1)


def _extend_formats(sheet: Any, place: Any, count: int) -> None:
    """Make new rows look like the last; what they hold is written afterwards."""
    if place.EndRow == place.StartRow:
        return
    row = sheet.getCellRangeByPosition(place.StartColumn, place.EndRow, place.EndColumn, place.EndRow)
    for down in range(1, count + 1):
        cell = sheet.getCellByPosition(place.StartColumn, place.EndRow + down)
        sheet.copyRange(cell.CellAddress, row.RangeAddress)


def _end(sheet: Any) -> tuple[int, int]:
    """Return the last column and row in use, counted from 0."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    return cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow


def _merges(sheet: Any, place: Any) -> Iterator[str]:
    """Yield the ranges of merged cells that touch a table, wherever they begin."""
    for area in _merged(sheet, sheet.getCellRangeByPosition(0, 0, place.EndColumn, place.EndRow)):
        if area.EndRow >= place.StartRow and area.EndColumn >= place.StartColumn:
            yield _address(area)


def _merged(sheet: Any, cells: Any) -> Iterator[Any]:
    """Yield the areas of merged cells that begin in a range, halving it: Calc tells only that there are."""
    if not cells.getIsMerged():
        return
    area = cells.RangeAddress
    right, bottom = area.EndColumn - area.StartColumn, area.EndRow - area.StartRow
    if right == bottom == 0:
        cursor = sheet.createCursorByRange(cells)
        cursor.collapseToMergedArea()
        yield cursor.RangeAddress
    elif bottom >= right:
        yield from _merged(sheet, cells.getCellRangeByPosition(0, 0, right, bottom // 2))
        yield from _merged(sheet, cells.getCellRangeByPosition(0, bottom // 2 + 1, right, bottom))
    else:
        yield from _merged(sheet, cells.getCellRangeByPosition(0, 0, right // 2, bottom))
        yield from _merged(sheet, cells.getCellRangeByPosition(right // 2 + 1, 0, right, bottom))


def _address(area: Any) -> str:
    first, last = (
        f"{column_letters(column + 1)}{row + 1}"
        for column, row in ((area.StartColumn, area.StartRow), (area.EndColumn, area.EndRow))
    )
    return f"{first}:{last}"


def _held(cell: object) -> object:
    """Return a moment to the millisecond, as a spreadsheet keeps it; at midnight it is a date; "" is None."""
    if not isinstance(cell, dt.datetime):
        return None if cell == "" else cell
    moment = cell + dt.timedelta(microseconds=500)
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return moment.date() if moment.time() == dt.time() else moment


def _form(wanted: object) -> str:
    """Return the number format under which a cell reads as this."""
    if isinstance(wanted, bool):
        return LOGICAL
    if isinstance(wanted, dt.datetime):
        return MOMENT
    return DATE if isinstance(wanted, dt.date) else GENERAL
