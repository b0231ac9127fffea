"""The workbook open in Excel as a `Book`, through xlwings.

In an input table only the cells that must change are typed, so formatting, filters
and whatever staff added stay. An output table is ours: it is filled by the column, for
every cell asked of Excel takes its time. Text goes in under the text format: "=1+1" stays text.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import xlwings as xw
from xlwings.main import Table

from bdur_xl.book import BookError, Formula
from bdur_xl.build.vba_wrappers import ERROR_NUMBERS
from bdur_xl.cells import DAY_ZERO, Unreadable
from bdur_xl.restore import same
from bdur_xl.tables import INPUT_TABLES, OUTPUT_TABLES, RawTable

TEXT, GENERAL, DATE = "@", "General", "d-m-yyyy"
"""Number formats as Excel stores them, in any language."""

_ERROR_CODE = -2_146_828_288
"""What COM adds to the number of an error value: 0x800A0000."""
_ERROR_NAMES = {_ERROR_CODE + number: name for name, number in ERROR_NUMBERS.items()}

_IDLE = re.compile(r"'|(?<=\d)\.0(?!\d)")
"""What Excel leaves out of a formula: quotes that a sheet's name can do without, an idle decimal."""

_ALLOWED = (
    "FormattingCells", "FormattingColumns", "FormattingRows", "InsertingColumns", "InsertingRows",
    "InsertingHyperlinks", "DeletingColumns", "DeletingRows", "Sorting", "Filtering", "UsingPivotTables",
)  # fmt: skip
"""What a protected sheet may allow, in the order of Worksheet.Protect."""

_NAMES = {
    **{key: one.table for key, one in INPUT_TABLES.items()},
    **{key: one.table for key, one in OUTPUT_TABLES.items()},
}
"""What each table is called in the workbook."""


class OpenWorkbook:
    """A `Book` on the screen. Whoever writes more than one table does so inside `quietly`."""

    def __init__(self, book: xw.Book) -> None:
        self._book = book
        self._tables = {table.name: table for sheet in book.sheets for table in sheet.tables}

    def read(self, key: str) -> RawTable | None:
        """Return a table as typed, with what stands under and beside it; None when there is none."""
        table = self._tables.get(_NAMES[key])
        return _read(table) if table else None

    def cells(self, sheet: str) -> list[list[object]]:
        """Return the values of a sheet from A1; none when there is no such sheet."""
        for one in self._book.sheets:
            if one.name == sheet:
                return _values(one.range((1, 1), one.used_range.last_cell))
        return []

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        """Make a table hold exactly these rows, headings first; one without rows keeps a blank one."""
        table = self._tables[_NAMES[key]]
        wanted = [[None if cell == "" else cell for cell in row] for row in rows]  # Excel knows no empty text
        if not table.header_row_range:
            raise BookError(
                f"De tabel {table.name} heeft geen koprij",
                "Zet op het tabblad Tabelontwerp de Veldnamenrij aan.",
            )
        if len(wanted) == 1:
            wanted.append([None] * len(wanted[0]))
        with _unprotected(table.parent):
            _fit(table, len(wanted), len(wanted[0]))
            block = table.range.resize(len(wanted), len(wanted[0]))
            _free_headings(block, wanted[0])
            if key in OUTPUT_TABLES:
                _show_all(table.parent)
                _fill(block[1:, :], wanted[1:])
            _type_all(block, wanted, same if key in INPUT_TABLES else _alike)

    def value(self, name: str) -> object:
        """Return what the cell of a name holds; None when the name is unknown."""
        cell = self._named(name)
        return None if cell is None else _values(cell)[0][0]

    def set_value(self, name: str, value: str) -> None:
        """Put a text in the cell of a name; an empty one clears it."""
        cell = self._named(name)
        if cell is None:
            raise BookError(
                f"De naam {name} staat niet meer in de werkmap",
                "Zet die naam terug met Formules, Namen beheren, of neem een reservekopie.",
            )
        with _unprotected(cell.sheet):
            _type(cell, value or None)

    def _named(self, name: str) -> xw.Range | None:
        with suppress(Exception):  # pywin32's own class, which only Windows has
            return self._book.names(name).refers_to_range
        return None


@contextmanager
def quietly(book: xw.Book) -> Iterator[None]:
    """Let Excel calculate once, afterwards, and fill or ask nothing meanwhile."""
    app, correct = book.app, book.app.api.AutoCorrect
    fills = correct.AutoFillFormulasInLists
    with app.properties(
        screen_updating=False, enable_events=False, display_alerts=False, calculation="manual"
    ):
        correct.AutoFillFormulasInLists = False
        try:
            yield
        finally:
            correct.AutoFillFormulasInLists = fills


@contextmanager
def _unprotected(sheet: xw.Sheet) -> Iterator[None]:
    """Lift the protection of a sheet for a while; afterwards it allows what it did."""
    api = sheet.api
    if not api.ProtectContents:
        yield
        return
    protected = (api.ProtectDrawingObjects, True, api.ProtectScenarios, False)
    allowed = [getattr(api.Protection, f"Allow{what}") for what in _ALLOWED]
    with suppress(Exception):  # pywin32's own class, which only Windows has
        api.Unprotect("")
    if api.ProtectContents:
        raise BookError(
            f"Het blad {sheet.name} is met een wachtwoord beveiligd",
            "Hef die beveiliging op en druk opnieuw.",
        )
    try:
        yield
    finally:
        api.Protect("", *protected, *allowed)


def _read(table: Table) -> RawTable:
    """Return a table; merged cells are none of Excel's tables'."""
    sheet, block, headed, totals = (
        table.parent,
        table.range,
        bool(table.header_row_range),
        int(table.show_totals),
    )
    (height, width), end = block.shape, sheet.used_range.last_cell
    header_row, last = block.row - (not headed), max(block.row + height - 1, end.row)
    grid = _grid(block.resize(last + 1 - block.row, width))
    headings = grid.pop(0) if headed else [column.Name for column in table.api.ListColumns]
    numbered = list(enumerate(map(tuple, grid), start=header_row + 1))
    count = height - headed - totals
    return RawTable(
        source=sheet.name,
        headings=tuple(headings),
        rows=tuple(numbered[:count]),
        header_row=header_row,
        first_column=block.column,
        beneath=tuple(numbered[count + totals :]),
        beside=tuple(_beside(sheet, header_row, block.column + width, end.column)) if headed else (),
    )


def _beside(sheet: xw.Sheet, row: int, left: int, right: int) -> list[object]:
    """Return the cells of a row from `left` up to the next table, or through `right`."""
    for table in sheet.tables if left <= right else ():
        block = table.range
        if block.column >= left and block.row <= row < block.row + block.shape[0] - table.show_totals:
            right = min(right, block.column - 1)
    return _grid(sheet.range((row, left), (row, right)))[0] if left <= right else []


def _grid(block: xw.Range) -> list[list[object]]:
    """Return the cells of a block: numbers to the last digit, dates, error values, formulas."""
    values, held = _values(block), _rows(block.api.Value2)
    if block.api.HasFormula is False:  # None: some of them have
        return values
    typed = _rows(getattr(block.api, _formula_property(block)))
    among = cache(lambda column: block[:, column].api.HasFormula)

    def cell(row: int, column: int) -> object:
        value, text = values[row][column], typed[row][column]
        if not isinstance(text, str) or not text.startswith("="):
            return value
        if text == held[row][column] and (among(column) is False or not block[row, column].api.HasFormula):
            return value  # such a text
        return Formula(text, value)

    return [[cell(row, column) for column in range(len(cells))] for row, cells in enumerate(values)]


def _values(block: xw.Range) -> list[list[object]]:
    """Return what the cells of a block hold, a formula as what it gives."""
    exact, shown = _rows(block.api.Value2), _rows(block.api.Value)
    return [list(map(_value, *cells)) for cells in zip(exact, shown, strict=True)]


def _rows(values: Any) -> Sequence[Sequence[Any]]:
    return values if isinstance(values, tuple) else ((values,),)


def _formula_property(block: xw.Range) -> str:
    """Return where a formula reads and writes alike: Excel before 2021 has no Formula2."""
    with suppress(Exception):  # pywin32's own class, which only Windows has
        block[0, 0].api.Formula2  # noqa: B018  # asking is the test
        return "Formula2"
    return "Formula"


def _value(exact: object, shown: object) -> object:
    if exact == "":
        return None
    if isinstance(exact, int) and not isinstance(exact, bool):
        return Unreadable(_ERROR_NAMES.get(exact, "een foutwaarde"))
    if isinstance(exact, float) and isinstance(shown, dt.datetime):
        moment = dt.datetime.combine(DAY_ZERO, dt.time()) + dt.timedelta(days=exact)
        if moment.date() == shown.date() and _serial(moment) == exact:
            return moment if moment.time() != dt.time() else moment.date()
    return exact


def _serial(moment: dt.date) -> float:
    """Return a date as the number that Excel holds."""
    start = DAY_ZERO
    if isinstance(moment, dt.datetime):
        return (moment - dt.datetime.combine(start, dt.time())) / dt.timedelta(days=1)
    return float((moment - start).days)


def _fit(table: Table, height: int, width: int) -> None:
    """Give a table this size, its own total row aside; refuse to grow over what stands there."""
    totals = table.show_totals
    if table.range.shape == (height + totals, width):
        return
    table.show_totals = False
    try:
        before, after = table.range, table.range.resize(height, width)
        for block in _beyond(after, before):
            if any(cell is not None for row in _grid(block) for cell in row):
                raise BookError(
                    f"De tabel {table.name} past niet op {table.parent.name}: "
                    f"in {block.get_address(False, False)} staat iets",
                    "Verplaats wat daar staat en druk nog eens op de knop.",
                )
        table.resize(after)
        for block in _beyond(before, after):
            block.clear_contents()
    finally:
        table.show_totals = totals


def _beyond(one: xw.Range, other: xw.Range) -> Iterator[xw.Range]:
    """Yield the parts of a block under and beside another with the same first cell."""
    (height, width), (other_height, other_width) = one.shape, other.shape
    if height > other_height:
        yield one.offset(other_height).resize(height - other_height, width)
    if width > other_width:
        yield one.offset(0, other_width).resize(min(height, other_height), width - other_width)


def _free_headings(block: xw.Range, headings: Sequence[object]) -> None:
    """Let go of headings that change places: Excel takes no heading twice, not even for a moment."""
    now = _grid(block.resize(1))[0]
    changing = [column for column, heading in enumerate(headings) if not same(now[column], heading)]
    if len(changing) > 1:
        for column in changing:
            block[0, column].value = f"kolom {column + 1} wordt hersteld"


def _show_all(sheet: xw.Sheet) -> None:
    """Undo the filters of a sheet's tables: Excel fills no row that a filter hides."""
    for table in sheet.tables:
        if table.show_autofilter and table.api.AutoFilter.FilterMode:
            table.api.AutoFilter.ShowAllData()


def _fill(body: xw.Range, rows: Sequence[Sequence[object]]) -> None:
    """Put rows in a block: of each column the stretch from the first to the last cell that differs."""
    held = _grid(body)
    for column in range(len(rows[0])):
        differs = [row for row, cells in enumerate(rows) if not _alike(held[row][column], cells[column])]
        if differs:
            first, last = differs[0], differs[-1] + 1
            wanted = [cells[column] for cells in rows[first:last]]
            _fill_stretch(body[first:last, column], wanted, body[0, column].api.NumberFormat)


def _fill_stretch(stretch: xw.Range, wanted: Sequence[object], form: str) -> None:
    """Put cells under each other, in two calls; `form` is how the first of the column is shown."""
    text = any(type(cell) is str for cell in wanted)
    stretch.api.NumberFormat = TEXT if text else GENERAL if form == TEXT else form
    typed = tuple((_typed(cell),) for cell in wanted)
    formulas = any(isinstance(cell, Formula) for cell in wanted)
    setattr(stretch.api, _formula_property(stretch) if formulas else "Value2", typed)


def _alike(held: object, wanted: object) -> bool:
    """Tell whether a cell holds what is asked; Excel tells a formula without idle quotes and decimals."""
    if isinstance(held, Formula) and isinstance(wanted, Formula):
        return _IDLE.sub("", held.text) == _IDLE.sub("", wanted.text)
    return same(held, wanted)


def _type_all(
    block: xw.Range, rows: Sequence[Sequence[object]], holds: Callable[[object, object], bool]
) -> None:
    """Type in each cell that does not hold it what it must."""
    for row, cells in enumerate(_grid(block)):
        for column, cell in enumerate(cells):
            if not holds(cell, rows[row][column]):
                _type(block[row, column], rows[row][column])


def _type(cell: xw.Range, wanted: object) -> None:
    """Put in a cell what it must hold; its number format stays, unless it would then read otherwise."""
    api = cell.api
    form = api.NumberFormat
    api.NumberFormat = TEXT if type(wanted) is str else GENERAL
    _enter(cell, wanted)
    api.NumberFormat = form
    if not same(_grid(cell)[0][0], wanted):
        api.NumberFormat = DATE if isinstance(wanted, dt.date) else GENERAL


def _enter(cell: xw.Range, wanted: object) -> None:
    api = cell.api
    if wanted is None:
        api.ClearContents()
    elif isinstance(wanted, Formula):
        setattr(api, _formula_property(cell), wanted.text)
    elif isinstance(wanted, Unreadable):
        api.Formula = str(wanted)
    else:
        api.Value2 = _typed(wanted)
        if isinstance(wanted, str) and api.Value2 != wanted:  # Excel took its first apostrophe for a mark
            api.Value2 = f"'{wanted}"


def _typed(wanted: object) -> str | bool | float:
    """Return what to give Excel for a cell."""
    if wanted is None:
        return ""
    if isinstance(wanted, Formula):
        return wanted.text
    if isinstance(wanted, str | bool):
        return wanted
    return _serial(wanted) if isinstance(wanted, dt.date) else float(str(wanted))
