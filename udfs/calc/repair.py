"""Makes LibreOffice 7.4 recognise our functions in an .xlsx or .xlsm when it opens one.

Reading such a file, 7.4 knows an add-in's function only by the name of its service, so that
BDUR_RUIMTE stays an unknown name. Later versions need no repair: then nothing is found.
"""

import re
from collections.abc import Iterator
from typing import Any

from bdur_xl.registry import SHEET_FUNCTIONS

ANY_RESULT = 1 | 2 | 4
"""com.sun.star.sheet.FormulaResult: VALUE, STRING, ERROR."""

BARE_NAME = re.compile(
    rf"(?<![\w.])(?:{'|'.join(function.name for function in SHEET_FUNCTIONS)})\(", re.IGNORECASE
)
"""One of our functions without the name of its service: Calc did not recognise it."""

PASSING_NAME = "bdur_herstel"
"""A defined name that comes and goes. Setting any defined name makes Calc compile anew what it
did not recognise, in arrays and protected sheets too, where entering formulas again is refused."""


def repair(document: Any, origin: Any) -> None:
    """Have Calc recognise our functions, in defined names and in cells.

    `origin` is a cell address. The document stays unmodified, with nothing to undo.
    """
    scopes = [document.NamedRanges, *(sheet.NamedRanges for sheet in document.Sheets)]
    names = [scope.getByName(name) for scope in scopes for name in scope.ElementNames]
    bare = [name for name in names if BARE_NAME.search(name.Content)]
    if not bare and not any(any(bare_cells(sheet)) for sheet in document.Sheets):
        return
    modified = document.isModified()
    for name in bare:
        name.setContent(name.Content)
    document.NamedRanges.addNewByName(PASSING_NAME, "0", origin, 0)
    document.NamedRanges.removeByName(PASSING_NAME)
    for sheet in document.Sheets:
        enter_again(sheet)
    document.UndoManager.clear()
    document.setModified(modified)


def bare_cells(sheet: Any) -> Iterator[Any]:
    """Yield the cells that call a function of ours that Calc did not recognise."""
    for area in sheet.queryFormulaCells(ANY_RESULT).RangeAddresses:
        cells = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        for row, formulas in enumerate(cells.getFormulaArray()):
            for column, formula in enumerate(formulas):
                if BARE_NAME.search(formula):
                    yield cells.getCellByPosition(column, row)


def enter_again(sheet: Any) -> None:
    """Enter the formulas that Calc still does not recognise.

    It took them for functions of the same name in the workbook's VBA, and a passing name does not
    change its mind unless the formula holds a defined name. A password keeps a sheet as it is;
    protection without one comes back with its options.
    """
    cells = list(bare_cells(sheet))
    protected = sheet.isProtected()
    if cells and protected:
        sheet.unprotect("")
    if not sheet.isProtected():
        for cell in cells:
            enter(sheet, cell)
    if cells and protected:
        sheet.protect("")


def enter(sheet: Any, cell: Any) -> None:
    """Enter the formula of a cell, or of the array it is part of, once more."""
    formula = cell.getFormula()
    if not formula.startswith("{"):
        cell.setFormula(formula)
    elif BARE_NAME.search(formula):  # not yet entered with another cell of its array
        array = sheet.createCursorByRange(cell)
        array.collapseToCurrentArray()
        array.setArrayFormula(formula[1:-1])
