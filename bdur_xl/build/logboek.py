"""The sheet Logboek: what was done when, and whether the input changed since the last refresh.

The alarm needs no Python: formulas turn every column of the input into text, the
text into a number, the numbers into one fingerprint. `fingerprint` computes the same.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl.build import page
from bdur_xl.build.context import Build
from bdur_xl.build.frame import LAST_ROW, RANGE_NAMES, Placed
from bdur_xl.build.inputs import as_date
from bdur_xl.cells import DAY_ZERO, SIGNIFICANT_DIGITS
from bdur_xl.record import LAST_NAME, LOG_HEADINGS, NO_FINGERPRINT, NOW_NAME, log_row
from bdur_xl.tables import OUTPUT_TABLES

SHEET, TABLE = OUTPUT_TABLES["log"].sheet, OUTPUT_TABLES["log"].table
BUILT = "werkmap gebouwd uit de gegevens van het plan"
CARRIED = "invoer overgenomen uit {name}; memo {currency}"

CURRENCY_NAME = "actualiteit"
STALE = "VEROUDERD sinds de laatste verversing"
UNKNOWN = f"Niet te bepalen: zie {SHEET}"

SEPARATOR = "¦"
"""Stands between the cells of a column; hardly anyone types it."""
NUMBER_MARK = "#"
"""Stands before a number, so that 5 and the text "5" differ."""
STEP = 149
PRIME, LARGE_PRIME = 9_999_991, 99_999_999_977
"""A character weighs ((code + STEP * place)^2 mod PRIME)^2 mod LARGE_PRIME.

Another character at a place always weighs another number; another text does but for a chance
of about one in 10^11. A plain sum of squares would not do: € 120.000 and € 201.000 then weigh
the same. Whatever is computed stays whole and below 2^53, which every spreadsheet keeps exact.
"""
SPLIT = 1_000_000
"""Numbers of columns are added in two parts, so that their sums stay exact too."""
LONGEST_TEXT = 32_767
"""Characters of a cell's text. Source: Excel specifications and limits."""
SPARE_COLUMNS = 2
"""Columns per table that may be inserted in it and still count."""

SUMMARY_ROW = page.FIRST_ROW
HEADING_ROW = SUMMARY_ROW + 5
WIDTHS = (40, 14, 24, 48, 3, 5, 20, 7, 7, 34, 30, 16)
BLOCK = len(LOG_HEADINGS) + 1
PRINTED_ENTRIES = 30
"""The first column of the block that computes the fingerprint."""
BLOCK_HEADINGS = ("nr", "bereik", "kolom", "rijen", "kop", "tekst", "getal")
NUMBER, RANGE, COLUMN, ROWS, HEADING, TEXT, WEIGHT = range(BLOCK, BLOCK + len(BLOCK_HEADINGS))

EXPLANATION = (
    f"tekst: de gevulde cellen achter elkaar. getal: per teken ((code + {STEP} × plaats)² mod {PRIME})² "
    f"mod {LARGE_PRIME}, opgeteld. vingerafdruk: de som van nr × getal, miljoenen en rest apart."
)


class InputColumn(NamedTuple):
    """One column of a named input range, headings included, down to the end of the range."""

    name: str
    """Of the range."""
    number: int
    """Counted from 1."""
    cells: tuple[object, ...]


def write(build: Build, created: dt.datetime) -> None:
    """Add the sheet, its first entry dated `created`, and name fingerprint and currency."""
    sheet, style = build.sheet(SHEET), build.style
    explanation = "Wanneer er is ververst, en of de invoer sindsdien is gewijzigd. Zonder namen van personen."
    page.set_up(sheet, style, SHEET, explanation, (page.FIRST_ROW, 0))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    columns = input_columns(build.placed)
    now = fingerprint(columns)
    _summary(build, sheet, len(columns), now)
    _block(build, sheet, columns)
    _log(build, sheet, created, now)
    sheet.print_area(0, 0, HEADING_ROW + PRINTED_ENTRIES, len(LOG_HEADINGS) - 1)


def _summary(build: Build, sheet: Worksheet, count: int, now: str) -> None:
    """Write fingerprint now, fingerprint at the last refresh, and what that means."""
    first, last = HEADING_ROW + 1, HEADING_ROW + count
    numbers, weights = (xl_range_abs(first, column, last, column) for column in (NUMBER, WEIGHT))
    equal = f'IF({NOW_NAME}={LAST_NAME},"{page.CURRENT}","{STALE}")'
    style = build.style
    for row, label in enumerate(
        ("vingerafdruk van de invoer nu", "vingerafdruk bij de laatste verversing", "actualiteit"),
        SUMMARY_ROW,
    ):
        sheet.write_string(row, 0, label, style.strong)
    rest = f"MOD({weights},{SPLIT})"
    millions = f"SUMPRODUCT({numbers},({weights}-{rest})/{SPLIT})"
    formula = f'={millions}&"-"&SUMPRODUCT({numbers},{rest})'
    sheet.write_formula(SUMMARY_ROW, 1, formula, style.label, now)
    sheet.write_string(SUMMARY_ROW + 1, 1, last_fingerprint(build, now), style.label)
    verdict = f'=IF(ISERROR({NOW_NAME}),"{UNKNOWN}",{equal})'
    sheet.write_formula(SUMMARY_ROW + 2, 1, verdict, style.label, currency(build))
    for row, name in enumerate((NOW_NAME, LAST_NAME, CURRENCY_NAME), SUMMARY_ROW):
        cell = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
        build.book.define_name(name, f"={SHEET}!{cell}")
    build.book.define_name("decimaalteken", "=MID(1/2,2,1)")


def _log(build: Build, sheet: Worksheet, created: dt.datetime, now: str) -> None:
    style = build.style
    formats = (style.moment, style.label, style.label, style.label)
    entries = _entries(build, created, now)
    columns = [
        {"header": heading, "header_format": style.heading, "format": form}
        for heading, form in zip(LOG_HEADINGS, formats, strict=True)
    ]  # fmt: skip
    options = {"name": TABLE, "style": None, "autofilter": False, "columns": columns, "data": entries}
    sheet.write_string(HEADING_ROW - 1, 0, "Logboek", style.group)
    sheet.add_table(HEADING_ROW, 0, HEADING_ROW + len(entries), len(LOG_HEADINGS) - 1, options)


def _entries(build: Build, created: dt.datetime, now: str) -> list[tuple[object, ...]]:
    """Return the log: a new one, or that of the older workbook and what became of it."""
    carried = build.carried
    if carried is None:
        return [log_row(created, now, BUILT)]
    told = CARRIED.format(name=carried.name, currency=currency(build).lower())
    return [*carried.history.log, log_row(carried.moment, last_fingerprint(build, now), told)]


def last_fingerprint(build: Build, now: str) -> str:
    """Return the fingerprint of the last refresh: that of now, unless the older workbook was stale.

    A stale one keeps its own: no input that can be typed has it but what its memo was made of.
    """
    if build.carried is None or build.carried.is_current:
        return now
    last = build.carried.history.last
    return last if last and last != now else NO_FINGERPRINT


def currency(build: Build) -> str:
    """Return what `actualiteit` says in the new workbook."""
    return page.CURRENT if build.carried is None or build.carried.is_current else STALE


def _block(build: Build, sheet: Worksheet, columns: Sequence[InputColumn]) -> None:
    """Write what computes the fingerprint: a row per input column."""
    style = build.style
    for position, heading in enumerate(BLOCK_HEADINGS, BLOCK):
        sheet.write_blank(HEADING_ROW - 2, position, None, style.group)
        sheet.write_string(HEADING_ROW, position, heading, style.working_heading)
    sheet.write_string(HEADING_ROW - 2, BLOCK, "Vingerafdruk van de invoer, kolom voor kolom", style.group)
    sheet.write_string(HEADING_ROW - 1, BLOCK, EXPLANATION, style.working)
    for number, column in enumerate(columns, start=1):
        sheet.write_number(HEADING_ROW + number, NUMBER, number, style.working_index)
        _column(build, sheet, HEADING_ROW + number, column)


def _column(build: Build, sheet: Worksheet, row: int, column: InputColumn) -> None:
    """Write which column of which range it is, its text and its number."""
    style, name, text = build.style, column.name, column_text(column.cells)
    sheet.write_string(row, RANGE, name, style.working)
    sheet.write_number(row, COLUMN, column.number, style.working_index)
    number, rows, joined = (xl_rowcol_to_cell(row, at, col_abs=True) for at in (COLUMN, ROWS, TEXT))
    cells = f"INDEX({name},0,{number})"
    used = f'MAX(({cells}<>"")*(ROW({cells})-ROW(INDEX({name},1,1))+1))'
    _array(
        sheet,
        row,
        ROWS,
        f"IF({number}>COLUMNS({name}),0,{used})",
        style.working_index,
        used_rows(column.cells),
    )
    heading = f'=IF({rows}=0,"",INDEX({name},1,{number})&"")'
    sheet.write_formula(row, HEADING, heading, style.working, str(column.cells[0] or ""))
    filled = f"INDEX({name},1,{number}):INDEX({name},{rows},{number})"
    _array(sheet, row, TEXT, f'IF({rows}=0,"",{_text_formula(filled)})', style.working, text)
    _array(sheet, row, WEIGHT, _weight_formula(joined), style.working_count, weight(text))


def _array(sheet: Worksheet, row: int, column: int, formula: str, form: object, value: str | int) -> None:
    sheet.write_array_formula(row, column, row, column, f"{{={formula}}}", form, value)


def _text_formula(cells: str) -> str:
    number = f'"{NUMBER_MARK}"&SUBSTITUTE({cells},decimaalteken,".")'
    return f'_xlfn.TEXTJOIN("{SEPARATOR}",FALSE,IF(ISNUMBER({cells}),{number},{cells}&""))'


def _weight_formula(text: str) -> str:
    """Return the formula of a text's weight; half a character (Excel counts an emoji as two) has code 0."""
    first = xl_col_to_name(0)
    places = f"ROW(${first}$1:INDEX(${first}$1:${first}${LONGEST_TEXT},LEN({text})))"
    code = f"IFERROR(_xlfn.UNICODE(MID({text},{places},1)),0)"
    return f'IF({text}="",0,SUM(MOD(MOD(({code}+{STEP}*{places})^2,{PRIME})^2,{LARGE_PRIME})))'


def input_columns(placed: Mapping[str, Placed]) -> list[InputColumn]:
    """Return every column of every input range, and the spare ones that may come."""
    return [
        InputColumn(name, number, _cells(placed[key], number))
        for key, name in RANGE_NAMES.items()
        for number in range(1, placed[key].reach - placed[key].left + 2 + SPARE_COLUMNS)
    ]


def _cells(placed: Placed, number: int) -> tuple[object, ...]:
    height = LAST_ROW - placed.top
    if number > len(placed.raw.headings):
        return (None,) * height
    cells = (str(placed.raw.headings[number - 1]), *(row[number - 1] for _, row in placed.raw.rows))
    return (*cells, *(None,) * (height - len(cells)))


def fingerprint(columns: Sequence[InputColumn]) -> str:
    """Return what changes with any input cell, as the sheet computes it."""
    millions = rest = 0
    for number, column in enumerate(columns, start=1):
        above, below = divmod(weight(column_text(column.cells)), SPLIT)
        millions, rest = millions + number * above, rest + number * below
    return f"{millions}-{rest}"


def weight(text: str) -> int:
    """Return the number of a column's text."""
    return sum(
        ((ord(character) + STEP * place) ** 2 % PRIME) ** 2 % LARGE_PRIME
        for place, character in enumerate(text, start=1)
    )


def used_rows(cells: Sequence[object]) -> int:
    """Return how many cells of a column there are up to the last that holds anything."""
    return max((row for row, cell in enumerate(cells, start=1) if _cell_text(cell)), default=0)


def column_text(cells: Sequence[object]) -> str:
    """Return the used cells of a column as one text."""
    return SEPARATOR.join(_cell_text(cell) for cell in cells[: used_rows(cells)])


def _cell_text(cell: object) -> str:
    """Return a cell as a spreadsheet joins it: 15 digits of a number, a date as its serial number."""
    if cell is None:
        return ""
    if date := as_date(cell):
        return f"{NUMBER_MARK}{(date - DAY_ZERO).days}"
    if isinstance(cell, int | float | Decimal):
        return f"{NUMBER_MARK}{Decimal(f'{float(cell):.{SIGNIFICANT_DIGITS}g}'):f}"
    return str(cell)
