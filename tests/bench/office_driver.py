# mypy: ignore-errors
# UNO has no types.
"""The driver of the office tests, with requests that are timed where they are made.

Runs under the Python that has `uno`; bench/in_office.py asks it.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "calc"))

import driver


class TimingDriver(driver.Driver):
    """Times hard recalculations."""

    def by_hand(self, document):
        """Stop recalculating by itself: only when asked."""
        self._documents[document].enableAutomaticCalculation(False)

    def turn(self, document, where, value):
        """Put a number in a cell and return the seconds of one hard recalculation."""
        self._cells(document, where).setValue(value)
        start = time.perf_counter()
        self._documents[document].calculateAll()
        return time.perf_counter() - start

    def hand_over(self, document, where):
        """Return the seconds that reading a range takes from outside the office."""
        cells = self._cells(document, where)
        start = time.perf_counter()
        cells.getDataArray()
        return time.perf_counter() - start

    def only_native(self, document, containing):
        """Replace each formula that contains the text by its value and return how many cells that were."""
        model, replaced = self._documents[document], 0
        model.enableAutomaticCalculation(False)
        for sheet in model.Sheets:
            sheet.unprotect("")
            for place in sheet.queryFormulaCells(driver.ANY_FORMULA).RangeAddresses:
                area = sheet.getCellRangeByPosition(
                    place.StartColumn, place.StartRow, place.EndColumn, place.EndRow
                )
                for row, line in enumerate(area.getFormulaArray()):
                    for column, formula in enumerate(line):
                        cell = area.getCellByPosition(column, row)
                        if containing in formula.upper() and containing in cell.getFormula().upper():
                            replaced += self._freeze(sheet, cell)  # with all of its array
        return replaced

    def _freeze(self, sheet, cell):
        """Make values of a formula, or of the whole array it is part of."""
        block = sheet.createCursorByRange(cell)
        if cell.getFormula().startswith("{"):
            block.collapseToCurrentArray()
        values = block.getDataArray()
        block.clearContents(16)
        block.setDataArray(tuple(tuple("" if one is None else one for one in row) for row in values))
        for row, line in enumerate(values):
            for column, value in enumerate(line):
                if value is None:
                    block.getCellByPosition(column, row).setFormula("=NA()")
        return len(values) * len(values[0])


driver.Driver = TimingDriver
driver.main()
