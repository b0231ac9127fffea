"""The sheet Memo: the figures that the memo prints, each with its cell and its rule; and the buttons.

Every figure is a plain reference. What a cell stores is what the cell it refers
to was written with, so this sheet comes after Overzicht and Doelbereik.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import nl
from bdur_xl.build import doelbereik, inputs, overzicht, page
from bdur_xl.build.context import Build
from bdur_xl.build.frame import LAST_ROW
from bdur_xl.cells import DAY_ZERO
from bdur_xl.figures import GOAL_WORDS, VARIANT_RULE, WORDS, kenmerk
from bdur_xl.origins import CELLS_HEADING, MARK_HEADING, MEMO_SHEET, ONE_VALUE, SHEET_HEADING

SHEET = MEMO_SHEET

BUTTONS = (
    ("Vernieuw bestuursmemo", "VernieuwBestuursmemo"),
    ("Herbereken", "HerberekenAlles"),
    ("Controleer", "Controleer"),
    ("Herstel vorige stand", "HerstelVorigeStand"),
)
"""Caption and macro, from left to right."""
BUTTON_ROW = page.FIRST_ROW

YEAR_ROW = BUTTON_ROW + 3
MARK, WHAT, FIRST_FIGURE = range(3)
ORIGIN_HEADINGS = (SHEET_HEADING, CELLS_HEADING, "regel")
MARK_WIDTH, WHAT_WIDTH, FIGURE_WIDTH, ORIGIN_WIDTHS = 26, 48, 12, (11, 11, 58)

NORM, REFERENCE_DATE = "normbedrag fte", "peildatum"
"""Premises that the memo states."""

Shown = float | str


@dataclass(frozen=True)
class Figure:
    """One row: figures side by side on a sheet, and their rule.

    The name of a `named` figure stands in column A of its row there and may
    change or be empty; then so does this row. `mark` and `what` write it {name}.
    """

    mark: str
    what: str
    rule: str
    sheet: str
    row: int
    column: int
    width: int
    is_fte: bool = False
    named: bool = False


def write(build: Build, place: overzicht.Placement, goals: doelbereik.Placement) -> None:
    """Add the sheet, with the figures of Overzicht and Doelbereik."""
    sheet, style = build.sheet(SHEET), build.style
    explanation = "De cijfers van de bestuursmemo, met de cel waar ze vandaan komen en hoe ze zijn berekend."
    page.set_up(sheet, style, SHEET, explanation, (YEAR_ROW + 1, FIRST_FIGURE))
    origin = FIRST_FIGURE + place.slots
    sheet.set_column(MARK, MARK, MARK_WIDTH)
    sheet.set_column(WHAT, WHAT, WHAT_WIDTH)
    sheet.set_column(FIRST_FIGURE, origin - 1, FIGURE_WIDTH)
    for column, width in enumerate(ORIGIN_WIDTHS, start=origin):
        sheet.set_column(column, column, width)
    page.add_buttons(sheet, BUTTON_ROW, MARK, BUTTONS)
    _headings(build, sheet, YEAR_ROW, origin, "Per jaar")
    years = Figure("", "", "", overzicht.SHEET, overzicht.YEAR_ROW, overzicht.FIRST_YEAR, place.slots)
    _references(build, sheet, YEAR_ROW, years, style.number_heading)
    by_year = [*_overview_figures(build, place), *_goal_figures(build, goals)]
    row = _figures(build, sheet, YEAR_ROW + 1, origin, by_year) + 1
    _headings(build, sheet, row, origin, "Als de formatie later begint")
    for column, name in enumerate(overzicht.VARIANT_FIGURES, start=FIRST_FIGURE):
        sheet.write_string(row, column, name, style.number_heading)
    row = _figures(build, sheet, row + 1, origin, [*_variant_figures(build, place)]) + 1
    _headings(build, sheet, row, origin, "Zonder jaar")
    sheet.write_string(row, FIRST_FIGURE, ONE_VALUE, style.number_heading)
    _premises(build, sheet, row + 1, origin)
    _in_house(build, sheet, row + 3, origin)
    sheet.repeat_rows(YEAR_ROW)


def _headings(build: Build, sheet: Worksheet, row: int, origin: int, title: str) -> None:
    """Write a heading row; those of the figures are still empty."""
    style = build.style
    sheet.write_string(row, MARK, MARK_HEADING, style.heading)
    sheet.write_string(row, WHAT, title, style.heading)
    for column in range(FIRST_FIGURE, origin):
        sheet.write_blank(row, column, None, style.number_heading)
    for column, heading in enumerate(ORIGIN_HEADINGS, start=origin):
        sheet.write_string(row, column, heading, style.heading)
    sheet.set_row(row, page.HEADING_HEIGHT)


def _overview_figures(build: Build, place: overzicht.Placement) -> Iterator[Figure]:
    """Yield the rows of Overzicht as they stand there; of themes and departments the spare ones too."""
    for (part, name), row in sorted(place.rows.items(), key=lambda item: item[1]):
        what, rule = WORDS[part]
        rows = [row] if name else _named_rows(build, overzicht.SHEET, row)
        mark = kenmerk(part, name) if name else f"{part}-{{name}}"
        for at in rows:
            yield Figure(
                mark, what.format(name=name) if name else what, rule,
                overzicht.SHEET, at, overzicht.FIRST_YEAR, place.slots,
                is_fte=part == "fte", named=not name,
            )  # fmt: skip


def _goal_figures(build: Build, place: doelbereik.Placement) -> Iterator[Figure]:
    """Yield amount and fte of every goal, the spare rows included."""
    for number, measure in enumerate(doelbereik.MEASURES):
        if measure.name in GOAL_WORDS:
            what, rule = GOAL_WORDS[measure.name]
            for row in _named_rows(build, doelbereik.SHEET, place.top(number) + 1):
                yield Figure(
                    f"doel-{{name}}-{measure.name}", what, rule,
                    doelbereik.SHEET, row, place.first_year, place.slots,
                    is_fte=measure.name == "fte", named=True,
                )  # fmt: skip


def _variant_figures(build: Build, place: overzicht.Placement) -> Iterator[Figure]:
    """Yield what a year costs, and leaves, when staff start in a given month."""
    for row in _named_rows(build, overzicht.SHEET, place.variants + 1):
        yield Figure(
            "{name}", "{name}", VARIANT_RULE,
            overzicht.SHEET, row, overzicht.FIRST_YEAR, len(overzicht.VARIANT_FIGURES), named=True,
        )  # fmt: skip


def _named_rows(build: Build, sheet: str, row: int) -> Iterator[int]:
    """Yield the row and those under it that a formula gives a name, empty or not."""
    while _stored(build, sheet, row, 0) is not None:
        yield row
        row += 1


def _stored(build: Build, sheet: str, row: int, column: int) -> Shown | None:
    """Return the value that a formula was written with; None for another cell."""
    cell = build.book.get_worksheet_by_name(sheet).table.get(row, {}).get(column)
    value: Shown | None = getattr(cell, "value", None)
    return value


def _figures(build: Build, sheet: Worksheet, top: int, origin: int, figures: list[Figure]) -> int:
    """Write a row per figure and return the row under them."""
    style = build.style
    for row, figure in enumerate(figures, start=top):
        _references(build, sheet, row, figure, style.fte if figure.is_fte else style.amount)
        _origin(build, sheet, row, origin, figure)
    for is_fte, run in groupby(range(len(figures)), key=lambda at: figures[at].is_fte):
        first, *rest = run
        last = rest[-1] if rest else first
        cells = (top + first, FIRST_FIGURE, top + last, FIRST_FIGURE + figures[first].width - 1)
        if not is_fte:
            page.mark_negative(sheet, style, *cells)
            page.show_cents(sheet, style, *cells)
    return top + len(figures)


def _references(build: Build, sheet: Worksheet, row: int, figure: Figure, form: Format) -> None:
    for offset in range(figure.width):
        column = figure.column + offset
        source = f"={figure.sheet}!{xl_rowcol_to_cell(figure.row, column)}"
        value = _stored(build, figure.sheet, figure.row, column)
        sheet.write_formula(row, FIRST_FIGURE + offset, source, form, value)


def _origin(build: Build, sheet: Worksheet, row: int, origin: int, figure: Figure) -> None:
    """Write what the figures of a row are and where they come from; a named row follows its name."""
    form = build.style.text
    first, last = (
        f"{figure.sheet}!{xl_rowcol_to_cell(figure.row, column)}"
        for column in (figure.column, figure.column + figure.width - 1)
    )
    texts = {MARK: figure.mark, WHAT: figure.what, origin: figure.sheet, origin + 2: figure.rule}
    name_cell = f"{figure.sheet}!{xl_rowcol_to_cell(figure.row, 0)}"
    name = _stored(build, figure.sheet, figure.row, 0) if figure.named else None
    for column, text in texts.items():
        if figure.named:
            joined = text.replace("{name}", f'"&{name_cell}&"')
            shown = text.replace("{name}", str(name)) if name else ""
            sheet.write_formula(row, column, f'=IF({name_cell}="","","{joined}")', form, shown)
        else:
            sheet.write_string(row, column, text, form)
    address = _address(first, last)
    formula = f'IF({name_cell}="","",{address})' if figure.named else address
    cells = xl_range(figure.row, figure.column, figure.row, figure.column + figure.width - 1)
    sheet.write_formula(row, origin + 1, f"={formula}", form, "" if name == "" else cells)
    sheet.set_row(row, page.height_for([figure.rule], ORIGIN_WIDTHS[-1]))


def _address(first: str, last: str = "") -> str:
    """Return the formula of the address of a cell, or of the cells between two, wherever they move."""
    corners = (f"ADDRESS(ROW({cell}),COLUMN({cell}),4)" for cell in (first, last) if cell)
    return '&":"&'.join(corners)


def _premises(build: Build, sheet: Worksheet, row: int, origin: int) -> None:
    """Write the norm and the reference date, as the table of premises states them."""
    style, placed = build.style, build.placed["premises"]
    name, value = (placed.column(column) - placed.left for column in ("uitgangspunt", "waarde"))
    stated = {cells[name]: (number - 1, cells[value]) for number, cells in placed.raw.rows}
    for premise, what, form in (
        (NORM, "Normbedrag per fte", style.amount),
        (REFERENCE_DATE, "Peildatum", style.short_date),
    ):
        at, cell = stated.get(premise, (None, nl.ABSENT))
        date = inputs.as_date(cell)
        address = nl.ABSENT if at is None else xl_rowcol_to_cell(at, placed.column("waarde"))
        found = f'INDEX(uitgangspunten_waarde,MATCH("{premise}",uitgangspunten_naam,0))'
        shown = (date - DAY_ZERO).days if date else "" if cell is None else cell
        sheet.write_formula(row, FIRST_FIGURE, f'=IFERROR({found},"{nl.ABSENT}")', form, shown)
        formula = f'=IFERROR({_address(found)},"{nl.ABSENT}")'
        sheet.write_formula(row, origin + 1, formula, style.text, address)
        texts = (premise.replace(" ", "-"), what, placed.table.sheet, "zoals ingevuld bij de uitgangspunten")
        for column, text in zip((MARK, WHAT, origin, origin + 2), texts, strict=True):
            sheet.write_string(row, column, text, style.text)
        row += 1


def _in_house(build: Build, sheet: Worksheet, row: int, origin: int) -> None:
    """Write how many fte are in house already."""
    style, placed = build.style, build.placed["intake"]
    fte = sum(intake.in_house for intake in build.overview.inputs.intake.values()) / 100
    column = placed.column("fte_in_dienst")
    name = "instroom_in_dienst"
    sheet.write_formula(row, FIRST_FIGURE, f"=SUM({name})", style.fte, fte)
    formula = _address(f"INDEX({name},1)", f"INDEX({name},ROWS({name}))")
    address = xl_range(placed.top + 1, column, LAST_ROW - 1, column)
    sheet.write_formula(row, origin + 1, f"={formula}", style.text, address)
    texts = ("fte-in-dienst", "Al in dienst, in fte", placed.table.sheet, "som van die kolom")
    for at, text in zip((MARK, WHAT, origin, origin + 2), texts, strict=True):
        sheet.write_string(row, at, text, style.text)
