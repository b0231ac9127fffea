"""What became of an import, as a workbook of its own: the table to paste, and every row accounted for."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bdur_xl import cells, nl
from bdur_xl.allocation import Group, Import, Tally
from bdur_xl.tables import INPUT_TABLES

MOST_ROWS = 1_048_575
"""Rows of a sheet under its headings. Source: Excel specifications and limits."""

UNMAPPED_HEADINGS = ("grootboekrekening", "kostenplaats", "regel", "toelichting", "boekingen", "bedrag")
REFUSED_HEADINGS = ("rij", "bedrag", "wat er mis is", "wat te doen")
WIDTHS = {"wat": 72, "wat er mis is": 72, "wat te doen": 60, "toelichting": 50, "omschrijving": 40}
WIDTH = 19
"""Of a column that `WIDTHS` does not name, in characters."""

AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}

Rows = Iterable[Sequence[object]]


def report_bytes(found: Import, control: Tally, actuals: Sequence[Sequence[object]], export: str) -> bytes:
    """Return the report of an import as a workbook. `actuals` is the table to paste, headings first."""
    buffer = io.BytesIO()
    with Workbook(buffer, {**AS_TEXT, "in_memory": True}) as book:
        formats = _Formats(book)
        headings, *rows = actuals
        sheet = _sheet(book, formats, "Realisatie", headings, rows)
        if rows:
            columns = [{"header": heading} for heading in headings]
            options = {"name": INPUT_TABLES["actuals"].table, "columns": columns, "style": None}
            sheet.add_table(0, 0, len(rows), len(headings) - 1, options)
        _sheet(book, formats, "Verslag", ("wat", "rijen", "bedrag"), _account(found, control, export))
        _sheet(book, formats, "Niet gekoppeld", UNMAPPED_HEADINGS, _unmapped(found))
        _sheet(book, formats, "Niet leesbaar", REFUSED_HEADINGS, _refused(found))
    return buffer.getvalue()


class _Formats:
    """The cell formats of the report."""

    def __init__(self, book: Workbook) -> None:
        self.heading = book.add_format({"bold": True, "bottom": 1})
        self.amount = book.add_format({"num_format": "[$€-413] #,##0.00;[$€-413] -#,##0.00"})
        self.date = book.add_format({"num_format": "[$-413]d mmmm yyyy"})
        self.text = book.add_format({"num_format": "@"})


def _sheet(book: Workbook, formats: _Formats, name: str, headings: Sequence[object], rows: Rows) -> Worksheet:
    sheet = book.add_worksheet(name)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, WIDTHS.get(str(heading), WIDTH))
    sheet.write_row(0, 0, headings, formats.heading)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, formats, number, column, cell, str(headings[column]))
    return sheet


def _write(sheet: Worksheet, formats: _Formats, row: int, column: int, cell: object, heading: str) -> None:
    if isinstance(cell, dt.date):
        sheet.write_datetime(row, column, cell, formats.date)
    elif isinstance(cell, int | Decimal):
        sheet.write_number(row, column, float(cell), formats.amount if heading == "bedrag" else None)
    elif cell is not None:
        sheet.write_string(row, column, cells.printable(str(cell)), formats.text)


def _account(found: Import, control: Tally, export: str) -> Rows:
    """Yield the groups, their sum, and the control total they are held against."""
    yield f"grootboekexport {export}, t/m {nl.date(*found.until)}", None, None
    for group in Group:
        yield str(group), found.groups[group].rows, euros(found.groups[group].amount)
    yield "samen", found.total.rows, euros(found.total.amount)
    yield "controletotaal, los hiervan geteld", control.rows, euros(control.amount)
    yield "verschil", control.rows - found.total.rows, euros(control.amount - found.total.amount)
    yield (
        "Lasten (debet) zijn positief. Een rij zonder leesbaar bedrag telt als rij, niet als bedrag.",
        None,
        None,
    )


def _unmapped(found: Import) -> Rows:
    """Yield accounts without a plan line, the largest first: laid out to be pasted into tblRekeningen."""
    for code, tally in sorted(found.unmapped.items(), key=lambda item: (-abs(item[1].amount), item[0])):
        lines = found.ambiguous.get(code)
        why = f"past op {nl.listing(lines)}: koppel rekening en kostenplaats samen" if lines else None
        yield code.account or None, code.cost_centre or None, None, why, tally.rows, euros(tally.amount)


def _refused(found: Import) -> Rows:
    for one in found.refused[:MOST_ROWS]:
        amount = None if one.amount is None else euros(one.amount)
        yield one.row, amount, one.message, one.remedy


def euros(cents: int) -> Decimal:
    """Return cents as euros."""
    return Decimal(cents) / 100
