"""The input sheets: Excel tables that staff fill in, with what each cell may hold."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import cells, terms
from bdur_xl.book import Formula
from bdur_xl.build import page, styles
from bdur_xl.build.frame import LAST_FIGURE_COLUMN, LAST_ROW, Placed
from bdur_xl.build.styles import Styles
from bdur_xl.model import Plan, YearColumn
from bdur_xl.tables import Column, Content, year_column
from bdur_xl.terms import Kind

_FORMATS = {
    Content.TEXT: styles.TEXT,
    Content.AMOUNT: styles.EURO,
    Content.FTE: styles.FTE,
    Content.NUMBER: styles.NUMBER,
    Content.YEAR: styles.YEAR,
    Content.MONTH: styles.MONTH,
    Content.DATE: styles.DATE,
    Content.SHARE: styles.SHARE,
    Content.ANY: "General",
}
_WIDTHS = {
    Content.AMOUNT: 14,
    Content.FTE: 13,
    Content.NUMBER: 14,
    Content.YEAR: 8,
    Content.MONTH: 16,
    Content.DATE: 19,
    Content.SHARE: 10,
}

_WIDE = 70
"""Width in characters of a column whose text wraps."""

_WIDE_COLUMNS = {
    ("goals", "tekst"): 90,  # the rows are shared with the tables beside it
    ("reservations", "grondslag"): 44,
    ("scenarios", "omschrijving"): 58,
    ("scenarios", "extra_regel"): 14,
    ("capacity", "hoofdthema"): 24,  # so that the table can be read on paper
    ("capacity", "thema"): 36,
    ("capacity", "opmerking"): 44,
}
"""Likewise for some columns, by table and name."""

_LEAST = {
    ("explanations", "waar"): 40,
    ("explanations", "bevinding"): _WIDE,
    ("explanations", "toelichting"): _WIDE,
    ("actuals", "omschrijving"): 40,
    ("ledger_map", "toelichting"): 40,
}
"""The least width of columns that are empty in a new workbook, by table and name."""

_LISTS: Mapping[tuple[str, str], Sequence[str] | str] = {
    ("plan", "blok"): terms.BLOCKS,
    ("links", "dekking"): terms.LEVELS,
    ("links", "regel_id"): "=plan_regel",
    ("links", "aandacht_id"): "=aandachtsgebieden_code",
    ("intake", "regel_id"): "=plan_regel",
    ("actuals", "regel_id"): "=plan_regel",
    ("ledger_map", "regel_id"): "=plan_regel",
    ("budget", "status"): (terms.AWARDED, "prognose"),
    ("control_totals", "tabel"): ("Tabel 1", "Tabel 2"),
    ("scenarios", "extra_regel"): "=plan_regel",
    ("scenarios", "overdracht"): ("ja", "nee"),
}
"""Per table and column the words a cell may hold, or the range that lists them."""

_NO_AMOUNT = ("Geen bedrag", "Typ een bedrag als getal, of laat de cel leeg.")
_BOUNDS = {
    Content.AMOUNT: ("decimal", 1 - cells.LIMIT, cells.LIMIT - 1, *_NO_AMOUNT),
    Content.NUMBER: ("decimal", 1 - cells.LIMIT, cells.LIMIT - 1, *_NO_AMOUNT),
    Content.FTE: ("decimal", 0, 10_000, "Geen fte", "Typ een aantal fte als getal, zoals 1,5."),
    Content.SHARE: ("decimal", 0, 1, "Geen percentage", "Typ een percentage van 0% tot 100%."),
    Content.YEAR: ("integer", cells.YEARS[0], cells.YEARS[-1], "Geen jaar", "Typ een jaar, zoals 2026."),
}
"""Per content the smallest and largest number a cell takes, and what Excel says otherwise."""


def write_table(sheet: Worksheet, style: Styles, placed: Placed) -> None:
    """Write one input table at its place: headings, cells, formats and what may be typed."""
    headings = [str(heading) for heading in placed.raw.headings]
    contents = [_content(placed, heading) for heading in headings]
    formats = []
    for offset, content in enumerate(contents):
        width, wrap = _shape(placed, offset)
        formats.append(style.input(_FORMATS[content], wrap=wrap))
        sheet.set_column(placed.left + offset, placed.left + offset, width)
    columns = [
        {"header": heading, "header_format": _heading_format(style, content), "format": form}
        for heading, content, form in zip(headings, contents, formats, strict=True)
    ]
    options = {"name": placed.table.table, "style": None, "columns": columns}
    sheet.add_table(placed.top, placed.left, placed.bottom, placed.right, options)
    sheet.set_row(placed.top, _heading_height(placed))
    for number, row in placed.typed.rows:
        for offset, cell in enumerate(row):
            _write(sheet, style, number - 1, placed.left + offset, cell, formats[offset])
    if not placed.raw.rows:
        for offset, form in enumerate(formats):
            sheet.write_blank(placed.bottom, placed.left + offset, None, form)
    for offset, content in enumerate(contents):
        _validate(sheet, placed, headings[offset], content, placed.left + offset)
        if content in (Content.AMOUNT, Content.NUMBER):
            column, euros = placed.left + offset, content is Content.AMOUNT
            page.show_cents(sheet, style, placed.top + 1, column, LAST_ROW - 1, column, euros=euros)


def fit_rows(sheet: Worksheet, tables: Sequence[Placed]) -> None:
    """Make each row as high as its longest wrapped text, over tables side by side."""
    heights: dict[int, float] = {}
    for placed in tables:
        widths = [_shape(placed, offset)[0] for offset, _ in enumerate(placed.raw.headings)]
        for number, row in placed.raw.rows:
            cells_of_row = zip(row, widths, strict=True)
            height = max(page.height_for([str(cell or "")], width) for cell, width in cells_of_row)
            heights[number - 1] = max(height, heights.get(number - 1, 0))
    for row_number, height in heights.items():
        sheet.set_row(row_number, height)


def _content(placed: Placed, heading: str) -> Content:
    figure = placed.table.figure(heading) if placed.table.figure else None
    return figure.content if figure else (placed.table.column(heading) or Column(heading)).content


def _shape(placed: Placed, offset: int) -> tuple[float, bool]:
    """Return how wide a column is, in characters, and whether its text wraps."""
    heading = str(placed.raw.headings[offset])
    content, known = _content(placed, heading), placed.table.column(heading)
    if content not in (Content.TEXT, Content.ANY):
        return _WIDTHS[content], False
    column = (placed.table.key, known.name if known else heading)
    widest = _WIDE_COLUMNS.get(column, _WIDE)
    if column in _LEAST:
        return _LEAST[column], True
    longest = max(len(str(cell or "")) for cell in (heading, *(row[offset] for _, row in placed.raw.rows)))
    return (widest, True) if longest > widest else (max(9, longest + 3), False)


def _heading_height(placed: Placed) -> float:
    widths = (_shape(placed, offset)[0] - 4 for offset, _ in enumerate(placed.raw.headings))
    heights = (
        page.height_for([str(heading)], width)
        for heading, width in zip(placed.raw.headings, widths, strict=True)
    )
    return max(page.HEADING_HEIGHT, *heights)


def _heading_format(style: Styles, content: Content) -> Format:
    return style.heading if content in (Content.TEXT, Content.ANY) else style.number_heading


def _write(sheet: Worksheet, style: Styles, row: int, column: int, cell: object, form: Format) -> None:
    date = as_date(cell)
    if cell is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(cell, Formula):
        sheet.write_formula(row, column, cell.text, _shown_as(style, cell.value, form), _stored(cell.value))
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, form)
    elif date:
        sheet.write_datetime(row, column, date, _shown_as(style, cell, form))
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(row, column, float(cell), form)
    else:
        sheet.write_string(row, column, str(cell), form)


def _shown_as(style: Styles, cell: object, form: Format) -> Format:
    """Return the format of a date for a cell that states one, else the column's own."""
    if not as_date(cell):
        return form
    return style.input(styles.MONTH if len(str(cell)) == len("2023-05") else styles.DATE)


def _stored(value: object) -> object:
    """Return what a formula gave as the file stores it."""
    date = as_date(value)
    return (date - cells.DAY_ZERO).days if date else "" if value is None else value


def as_date(cell: object) -> dt.date | None:
    """Return the date that ISO text states ("2023-02-23", "2023-05"), None for other text."""
    typed = isinstance(cell, cells.Verbatim)
    if not isinstance(cell, str) or typed or not re.fullmatch(cells.ISO_DATE, cell):
        return None
    year, month, day = cells.date(cell) or (dt.MINYEAR, 1, 1)
    return dt.date(year, month, day)


def _validate(sheet: Worksheet, placed: Placed, heading: str, content: Content, column: int) -> None:
    """Let a column take only what it can mean; Excel says so in Dutch where the cell is typed."""
    known = placed.table.column(heading)
    allowed = _LISTS.get((placed.table.key, known.name if known else ""))
    rule = _list_rule(allowed) if allowed else _content_rule(content, placed.top + 1, column)
    if rule:
        sheet.data_validation(placed.top + 1, column, LAST_ROW - 1, column, rule)


def _list_rule(allowed: Sequence[str] | str) -> dict[str, object]:
    shown = "een code uit de lijst" if isinstance(allowed, str) else " of ".join(map(str, allowed))
    return {"validate": "list", "source": allowed if isinstance(allowed, str) else list(map(str, allowed)),
            "error_title": "Onbekend", "error_message": f"Kies {shown}."[:255]}  # fmt: skip


def _content_rule(content: Content, row: int, column: int) -> dict[str, object] | None:
    if content in _BOUNDS:
        kind, low, high, title, message = _BOUNDS[content]
        return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high,
                "error_title": title, "error_message": message}  # fmt: skip
    if content is Content.DATE:
        return {"validate": "date", "criteria": "between", "minimum": dt.date(cells.YEARS[0], 1, 1),
                "maximum": dt.date(cells.YEARS[-1], 12, 31), "error_title": "Geen datum",
                "error_message": "Typ een datum, zoals 30-6-2023."}  # fmt: skip
    if content is Content.MONTH:
        cell = xl_rowcol_to_cell(row, column)
        return {"validate": "custom", "value": f"=AND(ISNUMBER({cell}),DAY({cell})=1)",
                "error_title": "Geen hele maand",
                "error_message": "Typ de eerste dag van de maand, zoals 1-5-2023."}  # fmt: skip
    return None


def write_year_rows(book: Workbook, sheet: Worksheet, style: Styles, placed: Placed, plan: Plan) -> None:
    """Write year and kind above each amount column, once, and name both rows and the amounts.

    They reach beyond the table, so that a year typed beside it counts at once.
    """
    first, top = placed.first_figure, placed.top
    for row, label in ((top - 2, "jaar"), (top - 1, "telt als")):
        sheet.write_string(row, first - 1, label, style.right_note)
    for position in range(first, LAST_FIGURE_COLUMN + 1):
        offset = position - placed.left
        figure = year_column(str(placed.raw.headings[offset])) if position <= placed.right else None
        column = figure.key if figure and isinstance(figure.key, YearColumn) else None
        letter = xl_col_to_name(position)
        heading, year = f"{letter}{top + 1}", f"{letter}{top - 1}"
        sheet.write_formula(
            top - 2, position, f'=IFERROR(VALUE(LEFT({heading},4)),"")', style.right_note,
            column.year if column else "",
        )  # fmt: skip
        kind = (
            f'IF(RIGHT({heading},1)="i","{Kind.INCIDENTAL}",'
            f'IF(RIGHT({heading},1)="s","{Kind.STRUCTURAL}",ongesplitst_als))'
        )
        counted_as = str(plan.kind_of(column)) if column else ""
        sheet.write_formula(top - 1, position, f'=IF({year}="","",{kind})', style.right_note, counted_as)
    for name, start, end in (
        ("plan_jaar", top - 2, top - 2),
        ("plan_soort", top - 1, top - 1),
        ("plan_bedragen", top + 1, LAST_ROW - 1),
    ):
        cells_named = xl_range_abs(start, first, end, LAST_FIGURE_COLUMN)
        book.define_name(name, f"={placed.sheet}!{cells_named}")
