"""The sheet Functies: help of every function, generated from the registry."""

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

import bdur_xl
from bdur_xl.arguments import DUTCH_ERRORS, NOT_KNOWN, NOT_USABLE
from bdur_xl.build import page
from bdur_xl.build.context import Build
from bdur_xl.build.styles import Styles
from bdur_xl.registry import SHEET_FUNCTIONS
from bdur_xl.sheet_function import SheetFunction

SHEET = "Functies"
HEADINGS = ("functie, argument", "invullen", "uitleg")
WIDTHS = (30, 12, 104)

STATUS_ROW = page.FIRST_ROW
NOTES = (
    "Typ = en de naam in een cel; tussen argumenten staat een puntkomma. Een bereik geeft u met zijn naam: "
    "plan, tabel1, budget, doelen, aandachtsgebieden, koppeling, instroom, controletotalen, uitgangspunten, "
    "toelichtingen, realisatie, rekeningen, scenarios, reserveringen.",
    f"{DUTCH_ERRORS[NOT_KNOWN]}: het plan kent dat jaar, die naam of dat cijfer niet. "
    f"{DUTCH_ERRORS[NOT_USABLE]}: een argument of een cel van het bereik is niet te gebruiken. "
    "BDUR_WAAROM met dezelfde argumenten zegt waarom.",
)
HEADING_ROW = STATUS_ROW + len(NOTES) + 2

STATUS_NAME = "functiestatus"
"""Of the cell with BDUR_STATUS; the sheet Gezondheid reads it."""

NOT_CALCULATED = "nog niet berekend"
NOT_YET = f"bdur_xl {bdur_xl.__version__}: {NOT_CALCULATED} op deze computer"
"""Stored for BDUR_STATUS: what it gives differs per computer, and two builds give the same bytes."""


def write(build: Build) -> None:
    """Add the sheet."""
    sheet, style = build.sheet(SHEET), build.style
    explanation = "De functies die u in elke cel kunt gebruiken, in Excel en in LibreOffice Calc."
    page.set_up(sheet, style, SHEET, explanation, (HEADING_ROW + 1, 1))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(STATUS_ROW, 0, "op deze computer", style.strong)
    sheet.write_formula(STATUS_ROW, 2, "=BDUR_STATUS()", style.label, NOT_YET)
    cell = xl_rowcol_to_cell(STATUS_ROW, 2, row_abs=True, col_abs=True)
    build.book.define_name(STATUS_NAME, f"={SHEET}!{cell}")
    for row, note in enumerate(NOTES, start=STATUS_ROW + 1):
        _explain(sheet, style, row, note)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(HEADING_ROW, column, heading, style.heading)
    row = HEADING_ROW + 1
    for function in SHEET_FUNCTIONS:
        row = _function(sheet, style, row, function) + 1
    sheet.repeat_rows(HEADING_ROW)


def _function(sheet: Worksheet, style: Styles, row: int, function: SheetFunction) -> int:
    """Write the help of one function and return the row under it."""
    sheet.write_string(row, 0, function.name, style.group)
    sheet.write_blank(row, 1, None, style.group)
    sheet.write_string(row, 2, function.help, style.group)
    for label, text, form in (
        ("geeft", function.returns, style.text),
        ("voorbeeld", function.example, style.example),
    ):
        row += 1
        sheet.write_string(row, 1, label, style.note)
        sheet.write_string(row, 2, text, form)
        sheet.set_row(row, page.height_for([text], WIDTHS[2]))
    for argument in function.arguments:
        row += 1
        sheet.write_string(row, 0, argument.name, style.text)
        sheet.write_string(row, 1, "mag leeg" if argument.optional else "verplicht", style.text)
        _explain(sheet, style, row, argument.help)
    return row + 1


def _explain(sheet: Worksheet, style: Styles, row: int, text: str) -> None:
    sheet.write_string(row, 2, text, style.text)
    sheet.set_row(row, page.height_for([text], WIDTHS[2]))
