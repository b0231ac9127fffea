# mypy: ignore-errors
# UNO has no types.
"""The driver of the office tests, with requests that read cells as the add-in does, and one by one.

Runs under the Python that has `uno`; test_values.py asks it.
"""

import datetime as dt
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import driver

from udfs.calc import values

EMPTY, TEXT, FORMULA = "EMPTY", "TEXT", "FORMULA"
STRING = 2
"""com.sun.star.sheet.FormulaResult.STRING."""


FEW = values.FEW


class Asked:
    """A range that remembers what it is asked."""

    def __init__(self, cells):
        self.asked = []
        self._cells = cells

    def __getattr__(self, name):
        self.asked.append(name)
        return getattr(self._cells, name)


class ValuesDriver(driver.Driver):
    """Reads cells as the add-in does."""

    def style(self, document, name, code, parent):
        """Add a cell style; `code` is its number format, None for its parent's."""
        model = self._documents[document]
        style = model.createInstance("com.sun.star.style.CellStyle")
        model.StyleFamilies.getByName("CellStyles").insertByName(name, style)
        style.ParentStyle = parent
        if code is not None:
            style.NumberFormat = self._format(model, code)

    def lay_out(self, document, sheet, cells):
        """Fill a new sheet from C3 on: cells are rows of (what is typed, style, format or None)."""
        model = self._documents[document]
        model.Sheets.insertNewByName(sheet, 0)
        area = model.Sheets.getByName(sheet)
        for row, line in enumerate(cells):
            for column, (typed, style, code) in enumerate(line):
                cell = area.getCellByPosition(2 + column, 2 + row)
                cell.setFormula(typed)
                cell.CellStyle = style
                if code is not None:
                    cell.NumberFormat = self._format(model, code)

    def as_handed_over(self, document, where, few):
        """Return what the add-in makes of a range; `few` is what it takes for a few rows."""
        values.FEW = few
        cells, formats = self._cells(document, where), values.Formats(self._documents[document])
        return [[_told(one) for one in row] for row in values.table(values.used(cells), formats)]

    def asked(self, document, where):
        """Return what the add-in asks Calc of a range, in order."""
        cells = Asked(self._cells(document, where))
        values.FEW = FEW
        values.incoming(cells, values.Formats(self._documents[document]))
        return cells.asked

    def one_by_one(self, document, where):
        """Return what each cell of a range shows, each asked for everything by itself."""
        model, cells = self._documents[document], self._cells(document, where)
        rows, columns = range(len(cells.Rows)), range(len(cells.Columns))
        return [[_told(_shown(cells.getCellByPosition(c, r), model)) for c in columns] for r in rows]

    def _format(self, model, code):
        if code == "General":
            return values.GENERAL
        formats, english = model.NumberFormats, driver.uno.createUnoStruct("com.sun.star.lang.Locale")
        english.Language, english.Country = "en", "US"
        key = formats.queryKey(code, english, False)
        return key if key >= 0 else formats.addNew(code, english)


def _shown(cell, model):
    kind, formula = model.NumberFormats.getByKey(cell.NumberFormat).Type, cell.Type.value == FORMULA
    if cell.getError():
        return values.error(cell.getError())
    if cell.Type.value in (EMPTY, TEXT) or (formula and cell.FormulaResultType2 == STRING):
        return cell.String
    if kind & values.DATE_OR_TIME:
        day = model.NullDate
        try:
            return dt.datetime(day.Year, day.Month, day.Day) + dt.timedelta(cell.Value)
        except OverflowError:
            return cell.Value
    if kind & values.LOGICAL:
        return bool(cell.Value)
    return values.TRUTHS.get(cell.String, cell.Value) if formula else cell.Value


def _told(one):
    return f"{type(one).__name__} {one}"


driver.Driver = ValuesDriver
driver.main()
