"""A stand-in for the objects of Excel that xlwings talks to: workbook, sheets, tables, cells.

What is typed in a cell is understood as Excel does it, as far as a macro may
stumble over it: "=1+1", "mei 2031" and "007" become a formula, a date and a
number unless the cell holds text; a heading is text and stands in its table once;
a formula is told in Excel's own words; rows that a filter hides are not filled.
"""

# ruff: noqa: N802  # Excel's own names

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
from contract.windows import ComError, ComTime
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bdur_xl.build.vba_wrappers import ERROR_NUMBERS
from bdur_xl.grids import CHECK_HEADINGS
from bdur_xl.record import FIGURE_HEADINGS, LAST_NAME, LOG_HEADINGS, NOW_NAME
from bdur_xl.tables import OUTPUT_TABLES

ERRORS = {name: number - 2_146_828_288 for name, number in ERROR_NUMBERS.items()}
ALLOWED = (
    "AllowFormattingCells", "AllowFormattingColumns", "AllowFormattingRows", "AllowInsertingColumns",
    "AllowInsertingRows", "AllowInsertingHyperlinks", "AllowDeletingColumns", "AllowDeletingRows",
    "AllowSorting", "AllowFiltering", "AllowUsingPivotTables",
)  # fmt: skip
"""What a protected sheet may allow, in this order. Source: Excel VBA reference, Worksheet.Protect."""
EPOCH = dt.datetime(1899, 12, 30)
RESULT = 42.0
"""What every formula gives."""


def serial(moment: dt.datetime) -> float:
    """Return a moment as the number that Excel holds."""
    return (moment - EPOCH) / dt.timedelta(days=1)


def in_its_words(formula: str) -> str:
    """Return a formula as Excel tells it: no quotes that a sheet's name can do without, no idle decimals."""
    return re.sub(r"(?<![\w.])(\d+)\.0(?![\d.])", r"\1", re.sub(r"'([A-Za-z_]+)'!", r"\1!", formula))


@dataclass
class Cell:
    value: float | str | bool | int | None = None
    """As Value2 has it: a date is a number, an error value a whole number."""
    formula: str = ""
    form: str = "General"
    locked: bool = True

    def enter(self, typed: object) -> None:
        """Take what is typed, or what a program sets."""
        self.formula = ""
        if typed in (None, ""):
            self.value = None
        elif self.form == "@":
            self.value = typed.removeprefix("'") if isinstance(typed, str) else str(typed)
        elif isinstance(typed, str):
            self._understand(typed)
        else:
            assert isinstance(typed, bool | float | int)
            self.value = typed if isinstance(typed, bool) else float(typed)

    def _understand(self, typed: str) -> None:
        if typed.startswith("'"):
            self.value = typed[1:]
        elif typed[0] in "=+-@":
            self.formula, self.value = in_its_words(typed), RESULT
        elif typed in ERRORS:
            self.value = ERRORS[typed]
        elif typed.upper() in ("WAAR", "TRUE"):
            self.value = True
        elif match := re.fullmatch(r"mei (\d{4})", typed):
            self.value = serial(dt.datetime(int(match[1]), 5, 1))
            self.form = "mmm-yy" if self.form == "General" else self.form
        elif re.fullmatch(r"\d+(\.\d+)?", typed):
            self.value = float(typed)
        else:
            self.value = typed

    @property
    def shown(self) -> object:
        """As Value has it: dates and currency are kinds of their own."""
        if not isinstance(self.value, float):
            return self.value
        if is_date_format(self.form) and 0 <= self.value < 2_958_466:
            moment = EPOCH + dt.timedelta(days=self.value)
            return ComTime(*moment.timetuple()[:6], tzinfo=dt.UTC)
        currency = "€" in self.form and abs(self.value) < 9e14
        return round(Decimal(self.value), 4) if currency else self.value


class Sheet:
    """A Worksheet."""

    def __init__(self, name: str, book: "Workbook") -> None:
        self.Name, self.Parent = name, book
        self.grid: defaultdict[tuple[int, int], Cell] = defaultdict(Cell)
        self.ListObjects: list[ListObject] = []
        self.ProtectContents = self.ProtectDrawingObjects = self.ProtectScenarios = False
        self.Protection = SimpleNamespace(**dict.fromkeys(ALLOWED, False))
        self.password = ""
        self.hidden: set[int] = set()
        """Rows that a filter hides."""

    @property
    def UsedRange(self) -> "Block":
        rows, columns = zip(*self.grid, strict=True) if self.grid else ((1,), (1,))
        top, left = min(rows), min(columns)
        return Block(self, top, left, max(rows) + 1 - top, max(columns) + 1 - left)

    def Cells(self, row: int, column: int) -> "Block":
        return Block(self, row, column)

    def Range(self, first: "Block", last: "Block") -> "Block":
        return Block(self, first.Row, first.Column, last.Row - first.Row + 1, last.Column - first.Column + 1)

    def Unprotect(self, password: str) -> None:
        if password != self.password:
            raise ComError("wrong password")
        self.ProtectContents = False

    def Protect(self, password: str, drawings: bool, contents: bool, *rest: bool) -> None:
        self.password, self.ProtectDrawingObjects, self.ProtectContents = password, drawings, contents
        self.ProtectScenarios, self.protected_with = rest[0], rest


class Block:
    """A Range."""

    def __init__(self, sheet: Sheet, row: int, column: int, height: int = 1, width: int = 1) -> None:
        self.Worksheet, self.Row, self.Column, self.Count = sheet, row, column, height * width
        self.Rows, self.Columns = SimpleNamespace(Count=height), SimpleNamespace(Count=width)

    def __bool__(self) -> bool:
        return True

    def __call__(self, row: int, column: int) -> "Block":
        return Block(self.Worksheet, self.Row + row - 1, self.Column + column - 1)

    def cells(self) -> Iterator[Cell]:
        return (self.Worksheet.grid[place] for row in self.places() for place in row)

    def places(self) -> list[list[tuple[int, int]]]:
        return [
            [(row, column) for column in range(self.Column, self.Column + self.Columns.Count)]
            for row in range(self.Row, self.Row + self.Rows.Count)
        ]

    def _each(self, what: Any) -> Any:
        grid, blank = self.Worksheet.grid, Cell()
        rows = tuple(tuple(what(grid.get(place, blank)) for place in row) for row in self.places())
        return rows if self.Count > 1 else rows[0][0]

    Value2 = property(lambda self: self._each(lambda cell: cell.value), lambda self, typed: self._type(typed))
    Value = property(lambda self: self._each(lambda cell: cell.shown), lambda self, typed: self._type(typed))
    Formula = property(
        lambda self: self._each(lambda cell: cell.formula or ("" if cell.value is None else str(cell.value))),
        lambda self, typed: self._type(typed),
    )

    def __getattr__(self, name: str) -> Any:
        if name == "Formula2" and self.Worksheet.Parent.has_formula2:
            return self.Formula
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "Formula2" and self.Worksheet.Parent.has_formula2:
            name = "Formula"
        object.__setattr__(self, name, value)

    def _type(self, typed: Any) -> None:
        """Take one value, or a tuple of rows for all cells, that fills the rows which no filter hides."""
        if self.Count > 1 or isinstance(typed, tuple):
            assert {len(row) for row in typed} == {self.Columns.Count}
            assert len(typed) == self.Rows.Count
        rows = typed if isinstance(typed, tuple) else ((typed,),)
        shown = [row for row in self.places() if self.Count == 1 or row[0][0] not in self.Worksheet.hidden]
        for places, values in zip(shown, rows, strict=False):
            for place, value in zip(places, values, strict=True):
                cell = self.Worksheet.grid[place]
                self._refuse(cell.locked)
                cell.enter(value)
                for table in self.Worksheet.ListObjects:
                    table.mind_heading(*place)

    def _refuse(self, locked: bool) -> None:
        if self.Worksheet.ProtectContents and locked:
            raise ComError("protected")

    @property
    def HasFormula(self) -> bool | None:
        found = {bool(cell.formula) for cell in self.cells()}
        return found.pop() if len(found) == 1 else None

    @property
    def NumberFormat(self) -> str | None:
        forms = {cell.form for cell in self.cells()}
        return forms.pop() if len(forms) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, form: str) -> None:
        self._refuse(True)
        for cell in self.cells():
            cell.form = form

    def ClearContents(self) -> None:
        for cell in self.cells():
            self._refuse(cell.locked)
            cell.enter(None)

    def GetAddress(self, *_: object) -> str:
        first = f"{get_column_letter(self.Column)}{self.Row}"
        right, bottom = self.Column + self.Columns.Count - 1, self.Row + self.Rows.Count - 1
        return first if self.Count == 1 else f"{first}:{get_column_letter(right)}{bottom}"


class ListObject:
    """A table; `height` counts headings and rows, not the total row."""

    def __init__(self, name: str, block: Block) -> None:
        self.Name, self.Parent, self.first = name, block.Worksheet, (block.Row, block.Column)
        self.height, self.width = block.Rows.Count, block.Columns.Count
        self.ShowTotals, self.ShowHeaders, self.ShowAutoFilter = False, True, False

    @property
    def AutoFilter(self) -> SimpleNamespace | None:
        hidden = self.Parent.hidden
        filtered = SimpleNamespace(FilterMode=bool(hidden), ShowAllData=hidden.clear)
        return filtered if self.ShowAutoFilter else None

    def _block(self, top: int, height: int) -> Block | None:
        row, column = self.first
        return Block(self.Parent, row + top, column, height, self.width) if height else None

    @property
    def Range(self) -> Block | None:
        top = 0 if self.ShowHeaders else 1
        return self._block(top, max(self.height, 2) - top + self.ShowTotals)

    @property
    def HeaderRowRange(self) -> Block | None:
        return self._block(0, 1) if self.ShowHeaders else None

    @property
    def DataBodyRange(self) -> Block | None:
        return self._block(1, self.height - 1)

    @property
    def ListColumns(self) -> list[SimpleNamespace]:
        block = self._block(0, 1)
        assert block
        return [SimpleNamespace(Name=cell.value, cell=cell) for cell in block.cells()]

    def Resize(self, block: Block) -> None:
        if self.Parent.ProtectContents or (block.Row, block.Column) != self.first or self.ShowTotals:
            raise ComError("Resize")
        self.height, self.width = block.Rows.Count, block.Columns.Count
        for number in range(self.width):
            self.mind_heading(self.first[0], self.first[1] + number)

    def mind_heading(self, row: int, column: int) -> None:
        """Make of what is typed in a heading a text that stands there once."""
        if row == self.first[0] and 0 <= column - self.first[1] < self.width:
            cell = self.Parent.grid[row, column]
            others = [one.Name for one in self.ListColumns if one.cell is not cell]
            cell.value = str(cell.value or "Kolom")
            while cell.value in others:
                cell.value += "2"


class Workbook:
    """A Workbook with its Application, showing what stands in a file."""

    def __init__(self, shown: Path, fullname: str) -> None:
        self.FullName, self.Name = fullname, re.split(r"[\\/]", fullname)[-1]
        self.has_formula2 = True
        self.Application = Application()
        self.Worksheets: list[Sheet] = []
        typed, computed = openpyxl.load_workbook(shown), openpyxl.load_workbook(shown, data_only=True)
        for sheet in typed.worksheets:
            self.Worksheets.append(self._sheet(sheet, computed[sheet.title]))
        self.names = {name: self._named(one) for name, one in typed.defined_names.items()}

    def _sheet(self, typed: Worksheet, computed: Any) -> Sheet:
        sheet = Sheet(typed.title, self)
        for row in typed.iter_rows():
            for one in row:
                if one.value is None and not one.has_style:
                    continue
                value = computed[one.coordinate].value
                if isinstance(value, dt.datetime):
                    value = serial(value)
                elif value in ERRORS:
                    value = ERRORS[value]
                number = isinstance(value, int | float) and not isinstance(value, bool)
                formula = in_its_words(str(one.value)) if one.data_type == "f" else ""
                sheet.grid[int(one.row or 0), int(one.column or 0)] = Cell(
                    float(value) if number and value not in ERRORS.values() else value,
                    formula, one.number_format, bool(one.protection.locked),
                )  # fmt: skip
        for table in typed.tables.values():
            (first, *_), *_, (*_, last) = typed[table.ref]
            block = sheet.Range(sheet.Cells(first.row, first.column), sheet.Cells(last.row, last.column))
            sheet.ListObjects.append(ListObject(table.displayName, block))
        sheet.ProtectContents = bool(typed.protection.sheet)
        return sheet

    def _named(self, name: Any) -> Block | None:
        """Return the cell of a name; None of a name of more cells, or of a formula."""
        match = re.fullmatch(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+)", name.attr_text)
        return (
            self.sheet(match[1]).Cells(int(match[3]), column_index_from_string(match[2])) if match else None
        )

    def sheet(self, name: str) -> Sheet:
        return next(one for one in self.Worksheets if one.Name == name)

    def table(self, name: str) -> ListObject:
        return next(one for sheet in self.Worksheets for one in sheet.ListObjects if one.Name == name)

    def Names(self, name: str) -> SimpleNamespace:
        if self.names.get(name) is None:
            raise ComError(name)
        return SimpleNamespace(RefersToRange=self.names[name])

    def add_outputs(self) -> None:
        """Add what a refresh writes in, as in a workbook that was never refreshed."""
        headings = {"figures": FIGURE_HEADINGS, "findings": CHECK_HEADINGS, "log": LOG_HEADINGS}
        for key, one in OUTPUT_TABLES.items():
            if one.sheet not in [sheet.Name for sheet in self.Worksheets]:
                self.Worksheets.append(Sheet(one.sheet, self))
            sheet = self.sheet(one.sheet)
            left = sheet.UsedRange.Column + sheet.UsedRange.Columns.Count + 1
            for column, heading in enumerate(headings[key]):
                sheet.grid[4, left + column] = Cell(heading)
                sheet.grid[5, left + column] = Cell()
            sheet.ListObjects.append(ListObject(one.table, Block(sheet, 4, left, 2, len(headings[key]))))
        for row, name in enumerate((NOW_NAME, LAST_NAME), start=1):
            self.names[name] = sheet.Cells(row, 2)
        sheet.grid[1, 2] = Cell("12-345", "=SUM(A1)")


class Application(SimpleNamespace):
    """An Application; `told` holds what its status bar showed."""

    def __init__(self) -> None:
        self.told: list[object] = []
        super().__init__(
            Hwnd=1, Calculation=-4105, ScreenUpdating=True, EnableEvents=True, DisplayAlerts=True,
            StatusBar=False, AutoCorrect=SimpleNamespace(AutoFillFormulasInLists=True),
        )  # fmt: skip

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name == "StatusBar":
            self.told.append(value)

    def Calculate(self) -> None:
        """Leave all as it is: the file holds what its formulas give."""


class Counted:
    """An object of Excel as another program holds it: whatever is asked of it is a call, and takes time."""

    def __init__(self, inner: Any, calls: list[str]) -> None:
        self.__dict__.update(_inner=inner, _calls=calls)

    def _given(self, answer: Any) -> Any:
        ours = isinstance(answer, Sheet | Block | ListObject | SimpleNamespace | list) or callable(answer)
        return Counted(answer, self._calls) if ours else answer

    def __getattr__(self, name: str) -> Any:
        self._calls.append(name)
        return self._given(getattr(self._inner, name))

    def __setattr__(self, name: str, value: object) -> None:
        self._calls.append(name)
        setattr(self._inner, name, value)

    def __call__(self, *given: Any) -> Any:
        self._calls.append("()")
        return self._given(self._inner(*(getattr(one, "_inner", one) for one in given)))

    def __iter__(self) -> Iterator[Any]:
        return map(self._given, self._inner)
