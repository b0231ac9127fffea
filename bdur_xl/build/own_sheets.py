"""Sheets of staff's own, taken over from an older workbook, behind those of the workbook itself."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from bdur_xl.book import Formula
from bdur_xl.upgrade import Carried, OwnCell, OwnSheet

CODE_NAME = "EigenBlad{}"
"""How VBA knows them: their own names may be anything."""


def write(book: Workbook, carried: Carried) -> None:
    """Add the sheets, and the names that their formulas use."""
    formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def form(look: Mapping[str, object]) -> Format | None:
        key = tuple(sorted(look.items()))
        if key and key not in formats:
            formats[key] = book.add_format(dict(look))
        return formats.get(key)

    for number, own in enumerate(carried.sheets, start=1):
        sheet = book.add_worksheet(own.name)
        sheet.set_vba_name(CODE_NAME.format(number))
        _shape(sheet, own)
        looks = {(cell.row, cell.column): form(cell.look) for cell in own.cells}
        for area in own.merged:
            first, _, last = area.partition(":")
            start = xl_cell_to_rowcol(first)
            sheet.merge_range(*start, *xl_cell_to_rowcol(last), "", looks.get(start))
        for cell in own.cells:
            _write(sheet, cell, looks[cell.row, cell.column])
    for name, refers_to in carried.names.items():
        book.define_name(name, f"={refers_to}")


def _shape(sheet: Worksheet, own: OwnSheet) -> None:
    for first, last, width, hidden in own.widths:
        sheet.set_column(first, last, width, None, {"hidden": hidden})
    for number, (height, hidden) in own.heights.items():
        sheet.set_row(number, height, None, {"hidden": hidden})
    sheet.freeze_panes(*own.frozen)
    if own.hidden:
        sheet.hide()
    if own.tab:
        sheet.set_tab_color(own.tab)
    if not own.gridlines:
        sheet.hide_gridlines(2)
    if own.filtered:
        sheet.autofilter(own.filtered)


def _write(sheet: Worksheet, cell: OwnCell, form: Format | None) -> None:
    at = (cell.row, cell.column)
    match cell.content:
        case None:
            sheet.write_blank(*at, None, form)
        case Formula():
            value = cell.content.value
            sheet.write_formula(*at, cell.content.text, form, "" if value is None else value)
        case bool():
            sheet.write_boolean(*at, cell.content, form)
        case dt.date() | dt.time() | dt.timedelta():
            sheet.write_datetime(*at, cell.content, form)
        case int() | float() | Decimal():
            sheet.write_number(*at, float(cell.content), form)
        case _:
            sheet.write_string(*at, str(cell.content), form)
