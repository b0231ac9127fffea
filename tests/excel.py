"""A stand-in for the objects of Excel that xlwings talks to: workbook, sheets, tables, cells.

What is typed in a cell is understood as Excel does it, as far as restoring may
stumble over it: "=1+1", "mei 2031" and "007" become a formula, a date and a
number unless the cell holds text; a heading is text and stands in its table once.
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
from contract.windows import ComTime
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bdur_xl.build.vba_wrappers import ERROR_NUMBERS

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


class ExcelError(Exception):
    """What Excel answers to what cannot be done; pywin32 calls it com_error."""


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
            self.formula, self.value = typed, RESULT
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

    def Cells(self, row: int, column: int) -> "Block":
        return Block(self, row, column)

    def Range(self, first: "Block", last: "Block") -> "Block":
        return Block(self, first.Row, first.Column, last.Row - first.Row + 1, last.Column - first.Column + 1)

    def Unprotect(self, password: str) -> None:
        if password != self.password:
            raise ExcelError("wrong password")
        self.ProtectContents = False

    def Protect(self, password: str, drawings: bool, contents: bool, *rest: bool) -> None:
        self.password, self.ProtectDrawingObjects, self.ProtectContents = password, drawings, contents
        self.ProtectScenarios, self.protected_with = rest[0], rest


class Block:
    """A Range."""

    def __init__(self, sheet: Sheet, row: int, column: int, height: int = 1, width: int = 1) -> None:
        self.Worksheet, self.Row, self.Column, self.Count = sheet, row, column, height * width
        self.Rows, self.Columns = SimpleNamespace(Count=height), SimpleNamespace(Count=width)

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
        rows = tuple(tuple(what(self.Worksheet.grid[place]) for place in row) for row in self.places())
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

    def _type(self, typed: object) -> None:
        assert self.Count == 1, "cell by cell: a filter may hide some"
        (cell,) = self.cells()
        self._refuse(cell.locked)
        cell.enter(typed)
        for table in self.Worksheet.ListObjects:
            table.mind_heading(self.Row, self.Column)

    def _refuse(self, locked: bool) -> None:
        if self.Worksheet.ProtectContents and locked:
            raise ExcelError("protected")

    @property
    def HasFormula(self) -> bool | None:
        found = {bool(cell.formula) for cell in self.cells()}
        return found.pop() if len(found) == 1 else None

    @property
    def NumberFormat(self) -> str:
        (form,) = {cell.form for cell in self.cells()}
        return form

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
        self.ShowTotals, self.ShowHeaders = False, True

    def _block(self, top: int, height: int) -> Block | None:
        row, column = self.first
        return Block(self.Parent, row + top, column, height, self.width) if height else None

    @property
    def Range(self) -> Block | None:
        top = 0 if self.ShowHeaders else 1
        return self._block(top, self.height - top + self.ShowTotals)

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
            raise ExcelError("Resize")
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
        self.shown, self.FullName, self.Name = shown, fullname, re.split(r"[\\/]", fullname)[-1]
        self.has_formula2 = True
        self.Application = SimpleNamespace(
            Hwnd=1, Calculation=-4105, ScreenUpdating=True, EnableEvents=True, DisplayAlerts=True,
            AutoCorrect=SimpleNamespace(AutoFillFormulasInLists=True),
        )  # fmt: skip
        self.Worksheets: list[Sheet] = []
        typed, computed = openpyxl.load_workbook(shown), openpyxl.load_workbook(shown, data_only=True)
        for sheet in typed.worksheets:
            if sheet.tables:
                self.Worksheets.append(self._sheet(sheet, computed[sheet.title]))

    def _sheet(self, typed: Worksheet, computed: Any) -> Sheet:
        sheet = Sheet(typed.title, self)
        for row in typed.iter_rows():
            for one in row:
                value = computed[one.coordinate].value
                if isinstance(value, dt.datetime):
                    value = serial(value)
                elif value in ERRORS:
                    value = ERRORS[value]
                number = isinstance(value, int | float) and not isinstance(value, bool)
                formula = str(one.value) if one.data_type == "f" else ""
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

    def table(self, name: str) -> ListObject:
        return next(one for sheet in self.Worksheets for one in sheet.ListObjects if one.Name == name)

    def SaveCopyAs(self, path: str) -> None:
        Path(path).write_bytes(self.shown.read_bytes())
