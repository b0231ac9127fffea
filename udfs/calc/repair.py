"""Makes LibreOffice 7.4 recognise our functions in an .xlsx or .xlsm when it opens one.

Reading such a file, 7.4 knows an add-in's function only by the name of its service, so that
BDUR_RUIMTE stays an unknown name. Later versions need no repair: then nothing is found.
"""

import re
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
    if not bare and not any(map(has_bare_name, document.Sheets)):
        return
    modified = document.isModified()
    for name in bare:
        name.setContent(name.Content)
    document.NamedRanges.addNewByName(PASSING_NAME, "0", origin, 0)
    document.NamedRanges.removeByName(PASSING_NAME)
    document.UndoManager.clear()
    document.setModified(modified)


def has_bare_name(sheet: Any) -> bool:
    """Tell whether a cell of the sheet calls a function of ours that Calc did not recognise."""
    areas = (
        sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        for area in sheet.queryFormulaCells(ANY_RESULT).RangeAddresses
    )
    return any(
        BARE_NAME.search(formula) for area in areas for row in area.getFormulaArray() for formula in row
    )
