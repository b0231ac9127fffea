"""Workbooks as `bdur bouw` makes them: tables, defined names on them, formulas with bare names."""

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter
from sheets import Book, Sheet

from bdur_xl.build.frame import RANGE_NAMES
from bdur_xl.build.vba import WORKBOOK_CODE_NAME, code_name, vba_project
from bdur_xl.tables import INPUT_TABLES

RESULTS = "Uitkomst"
STALE = 5
"""What every formula cell says until something recalculates it."""


def write(
    path: Path,
    book: Book,
    formulas: Mapping[str, str] | None = None,
    arrays: Mapping[str, str] | None = None,
    *,
    names: Mapping[str, str] | None = None,
    protect: bool = False,
    macros: str = "",
) -> Path:
    """Write a book with its defined names, and on a sheet of its own formulas as Excel stores them.

    `arrays` are array formulas by the range they fill, `names` further defined names;
    `protect` protects the sheet of formulas, `macros` is the text of a VBA module.
    """
    with xlsxwriter.Workbook(path, {"default_date_format": "d mmm yyyy"}) as workbook:
        for key, rows in book.items():
            _add_table(workbook, key, rows)
        for name, formula in (names or {}).items():
            workbook.define_name(name, formula)
        results = workbook.add_worksheet(RESULTS)
        for address, formula in (formulas or {}).items():
            results.write_formula(address, formula, None, STALE)
        for area, formula in (arrays or {}).items():
            results.write_array_formula(area, f"{{{formula}}}", None, STALE)
        if protect:
            results.protect()
        if macros:
            _add_macros(workbook, macros)
    return path


def _add_table(workbook: xlsxwriter.Workbook, key: str, rows: Sheet) -> None:
    """Add an input table on a sheet of its own, Plan for tblPlan, and its defined name."""
    table = INPUT_TABLES[key].table
    headings = rows[0]
    sheet = workbook.add_worksheet(table.removeprefix("tbl"))
    columns = [{"header": heading} for heading in headings]
    sheet.add_table(0, 0, max(len(rows) - 1, 1), len(headings) - 1, {"name": table, "columns": columns})
    for number, row in enumerate(rows[1:], start=1):
        for column, cell in enumerate(row):
            write_cell = sheet.write_datetime if isinstance(cell, dt.date) else sheet.write
            write_cell(number, column, cell)
    workbook.define_name(RANGE_NAMES[key], f"={table}[[#All],[{headings[0]}]:[{headings[-1]}]]")


def _add_macros(workbook: xlsxwriter.Workbook, text: str) -> None:
    names = [code_name(sheet.get_name()) for sheet in workbook.worksheets()]
    workbook.set_vba_name(WORKBOOK_CODE_NAME)
    for sheet, name in zip(workbook.worksheets(), names, strict=True):
        sheet.set_vba_name(name)
    project = vba_project({"Macros": f'Attribute VB_Name = "Macros"\n{text}'}, names)
    workbook.add_vba_project(io.BytesIO(project), is_stream=True)
