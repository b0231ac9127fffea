"""The workbook open in Excel as a `Book`, through xlwings.

Writes only the cells that must change, so formatting, filters and whatever
staff added stay. Text is typed under the text format: "=1+1" stays text.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import xlwings as xw
from xlwings.main import Table

from bdur_xl.book import BookError, Formula
from bdur_xl.build.vba_wrappers import ERROR_NUMBERS
from bdur_xl.cells import DAY_ZERO, Unreadable
from bdur_xl.restore import same
from bdur_xl.tables import INPUT_TABLES, RawTable

TEXT, GENERAL, DATE = "@", "General", "d-m-yyyy"
"""Number formats as Excel stores them, in any language."""

_ERROR_CODE = -2_146_828_288
"""What COM adds to the number of an error value: 0x800A0000."""
_ERROR_NAMES = {_ERROR_CODE + number: name for name, number in ERROR_NUMBERS.items()}

_ALLOWED = (
    "FormattingCells", "FormattingColumns", "FormattingRows", "InsertingColumns", "InsertingRows",
    "InsertingHyperlinks", "DeletingColumns", "DeletingRows", "Sorting", "Filtering", "UsingPivotTables",
)  # fmt: skip
"""What a protected sheet may allow, in the order of Worksheet.Protect."""


class OpenWorkbook:
    """A `Book` on the screen. Whoever writes more than one table does so inside `quietly`."""

    def __init__(self, book: xw.Book) -> None:
        self._tables = {table.name: table for sheet in book.sheets for table in sheet.tables}

    def read(self, key: str) -> RawTable | None:
        """Return a table as typed; None when the workbook lacks it."""
        table = self._tables.get(INPUT_TABLES[key].table)
        return _read(table) if table else None

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        """Make a table hold exactly these rows, headings first."""
        table = self._tables[INPUT_TABLES[key].table]
        if not table.header_row_range:
            raise BookError(
                f"De tabel {table.name} heeft geen koprij",
                "Zet op het tabblad Tabelontwerp de Veldnamenrij aan.",
            )
        with _unprotected(table.parent):
            _fit(table, len(rows), len(rows[0]))
            block = table.range.resize(len(rows), len(rows[0]))
            _free_headings(block, rows[0])
            for row, cells in enumerate(_grid(block)):
                for column, cell in enumerate(cells):
                    if not same(cell, rows[row][column]):
                        _type(block[row, column], rows[row][column])


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
    header, body, first = table.header_row_range, table.data_body_range, table.range[0, 0]
    headings = _grid(header)[0] if header else [column.Name for column in table.api.ListColumns]
    header_row = first.row if header else first.row - 1
    rows = _grid(body) if body else [[None] * len(headings)]
    return RawTable(
        source=table.parent.name,
        headings=tuple(headings),
        rows=tuple(enumerate(map(tuple, rows), start=header_row + 1)),
        header_row=header_row,
        first_column=first.column,
    )


def _grid(block: xw.Range) -> list[list[object]]:
    """Return the cells of a block: numbers to the last digit, dates, error values, formulas."""
    formulas = block.api.HasFormula  # None: some of them
    shown = block.options(ndim=2).value
    exact, typed = _rows(block.api.Value2), _rows(getattr(block.api, _formula_property(block)))

    def cell(row: int, column: int) -> object:
        value, text = _value(exact[row][column], shown[row][column]), typed[row][column]
        looks = formulas is not False and isinstance(text, str) and text.startswith("=")
        return Formula(text, value) if looks and block[row, column].api.HasFormula else value

    return [[cell(row, column) for column in range(len(cells))] for row, cells in enumerate(exact)]


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
                    f"De tabel op {table.parent.name} past niet terug: in {block.get_address(False, False)} "
                    "staat iets",
                    "Verplaats wat daar staat en druk nog eens op Herstel.",
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
    elif isinstance(wanted, str):
        api.Value2 = wanted
        if api.Value2 != wanted:  # Excel took its first apostrophe for a mark
            api.Value2 = f"'{wanted}"
    elif isinstance(wanted, dt.date):
        api.Value2 = _serial(wanted)
    else:
        api.Value2 = wanted if isinstance(wanted, bool) else float(str(wanted))
