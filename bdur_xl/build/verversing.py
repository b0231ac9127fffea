"""The sheet Verversing: what the last refresh put in the memo, beside what the cells hold now.

A refresh writes its two tables; a new workbook holds what a refresh would have written.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl.book import Formula
from bdur_xl.build import page
from bdur_xl.build.context import Build
from bdur_xl.grids import CHECK_HEADINGS
from bdur_xl.memo import MemoFacts, Source, memo_facts
from bdur_xl.origins import MEMO_SHEET, places
from bdur_xl.record import (
    CHANGE,
    COLUMN,
    FIGURE_HEADINGS,
    KENMERK,
    NOW,
    PRINTED,
    figure_rows,
    found_rows,
)
from bdur_xl.tables import OUTPUT_TABLES
from bdur_xl.terms import Basis
from bdur_xl.upgrade import History

SHEET = OUTPUT_TABLES["figures"].sheet
HEADING_ROW = page.FIRST_ROW + 2
FIGURE_WIDTHS = (28, 38, 12, 14, 14, 12, 18, 44, 90)
FINDING_LEFT = len(FIGURE_HEADINGS) + 1
FINDING_WIDTHS = (9, 40, 14, 34, 60, 54)
NUMBERS = (PRINTED, NOW, CHANGE)

REACH = 20_000
"""Rows that the count of changes looks at."""

CHANGES_NAME = "memo_gewijzigd"


def write(build: Build, created: dt.datetime) -> None:
    """Add the sheet after the sheet Memo, which tells where the figures stand."""
    sheet, style = build.sheet(SHEET), build.style
    explanation = "Wat de laatste verversing in de memo zette, wat de cellen nu zeggen, en de controles."
    page.set_up(sheet, style, SHEET, explanation, (HEADING_ROW + 1, 2))
    for column, width in enumerate((*FIGURE_WIDTHS, 3, *FINDING_WIDTHS)):
        sheet.set_column(column, column, width)
    facts = _facts(build, created)
    forms = [
        style.number_text if column in NUMBERS else style.plain for column in range(len(FIGURE_HEADINGS))
    ]
    figures = list(figure_rows(facts))
    if build.carried:
        figures = list(_as_printed(figures, build.carried.history))
    _table(sheet, "figures", 0, FIGURE_HEADINGS, figures, forms, style.heading)
    findings = list(found_rows((), build.outcomes))
    _table(
        sheet,
        "findings",
        FINDING_LEFT,
        CHECK_HEADINGS,
        findings,
        [style.plain] * len(CHECK_HEADINGS),
        style.heading,
    )
    _count_changes(build, sheet)
    sheet.repeat_rows(HEADING_ROW)
    sheet.print_area(0, 0, HEADING_ROW + len(figures), len(FIGURE_HEADINGS) - 1)


def _as_printed(rows: Sequence[Sequence[object]], history: History) -> Iterator[tuple[object, ...]]:
    """Yield the figures that an older workbook's memo printed, with what it printed."""
    for row in rows:
        printed = history.printed.get((str(row[KENMERK]), str(row[COLUMN])))
        if not isinstance(printed, float):
            continue
        found, now = list(row), row[NOW]
        found[PRINTED] = printed
        if isinstance(now, Formula):
            assert isinstance(now.value, float)
            found[CHANGE] = Formula(f"=ROUND({now.text[1:]}-{printed!r},2)", round(now.value - printed, 2))
        yield tuple(found)


def _facts(build: Build, created: dt.datetime) -> MemoFacts:
    """Return what a memo of the plan states, its figures at the places that the sheet Memo names."""
    source = Source(build.overview, build.outcomes, Basis.EXACT)
    where = places({key: one.raw for key, one in build.placed.items()}, stored(build.book, MEMO_SHEET))
    return memo_facts(source, (created.year, created.month, created.day), where)


def stored(book: Workbook, name: str) -> list[list[object]]:
    """Return the cells of a sheet that was written, from A1."""
    texts = {index: text for text, index in book.str_table.string_table.items()}
    cells: Mapping[int, Mapping[int, object]] = book.get_worksheet_by_name(name).table
    return [
        [_stored(row.get(column), texts) for column in range(max(row, default=-1) + 1)]
        for number in range(max(cells) + 1)
        for row in [cells.get(number, {})]
    ]


def _stored(cell: object, texts: Mapping[int, str]) -> object:
    if hasattr(cell, "string"):
        return texts[cell.string]
    return getattr(cell, "value", getattr(cell, "number", None))


def _table(
    sheet: Worksheet,
    key: str,
    left: int,
    headings: Sequence[str],
    rows: Sequence[Sequence[object]],
    forms: Sequence[Format],
    heading: Format,
) -> None:
    columns = [
        {"header": text, "header_format": heading, "format": form}
        for text, form in zip(headings, forms, strict=True)
    ]
    options = {"name": OUTPUT_TABLES[key].table, "style": None, "autofilter": False, "columns": columns}
    bottom = HEADING_ROW + max(len(rows), 1)
    sheet.add_table(HEADING_ROW, left, bottom, left + len(headings) - 1, options)
    for number, row in enumerate(rows, start=HEADING_ROW + 1):
        for column, (cell, form) in enumerate(zip(row, forms, strict=True), start=left):
            match cell:
                case Formula():
                    sheet.write_formula(number, column, cell.text, form, cell.value)
                case None:
                    sheet.write_blank(number, column, None, form)
                case str():
                    sheet.write_string(number, column, cell, form)
                case _:
                    sheet.write_number(number, column, cell, form)


def _count_changes(build: Build, sheet: Worksheet) -> None:
    """Write how many figures of the last memo differ from what their cells hold now."""
    style, row = build.style, page.FIRST_ROW
    changes = xl_range_abs(HEADING_ROW + 1, CHANGE, HEADING_ROW + REACH, CHANGE)
    sheet.write_string(row, 0, "sinds de memo gewijzigd", style.strong)
    sheet.write_formula(row, 1, f"=SUMPRODUCT(--({changes}<>0))", style.left_count, 0)
    cell = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
    build.book.define_name(CHANGES_NAME, f"={SHEET}!{cell}")
    for criteria, form in ((f"{cell}=0", style.calm), (f"NOT({cell}=0)", style.alarm)):
        sheet.conditional_format(
            row, 1, row, 1, {"type": "formula", "criteria": f"={criteria}", "format": form}
        )
    changed = xl_rowcol_to_cell(HEADING_ROW + 1, CHANGE, col_abs=True)
    sheet.conditional_format(
        HEADING_ROW + 1, 0, HEADING_ROW + REACH, len(FIGURE_HEADINGS) - 1,
        {"type": "formula", "criteria": f"=AND(ISNUMBER({changed}),{changed}<>0)", "format": style.alarm},
    )  # fmt: skip
