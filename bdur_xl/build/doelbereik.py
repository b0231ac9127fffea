"""The sheet Doelbereik: per goal its level, amount and fte of each year, and who carries it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import terms
from bdur_xl.build import overzicht, page
from bdur_xl.build.context import Build, Cell, Grid, stored, write_array
from bdur_xl.grids import GOAL_HEADINGS
from bdur_xl.nl import ABSENT
from bdur_xl.terms import Kind

SHEET = "Doelbereik"
LABELS = ("doel", "omschrijving", "gedragen door", "gebieden met eigen regel", "optelbaar?")
WIDTHS = (9, 58, 28, 14, 16)
SPARE_GOALS = 4
TOP = page.FIRST_ROW
NO_AREAS = "geen gebieden"


@dataclass(frozen=True)
class Measure:
    """One table of the sheet: what BDUR_DOELENMATRIX calls it, its title, its native formula."""

    name: str
    title: str
    native: str = ""
    """With {goal} and {year}; empty for text, which has no second route."""


SERVED = 'ISNUMBER(SEARCH(" "&{goal}&" ",plan_doelen))'
IN_GOAL = f"SUMPRODUCT(({SERVED})*(plan_jaar={{year}})*plan_bedragen)"
STAFF_IN_GOAL = (
    f'SUMPRODUCT(({SERVED})*(plan_blok="{terms.PERSONNEL}")*(plan_soort="{Kind.STRUCTURAL}")'
    "*(plan_jaar={year})*plan_bedragen)/normbedrag_fte"
)
MEASURES = (
    Measure("niveau", "Niveau: hoe het doel in het plan staat"),
    Measure("bedrag", "Lasten van de regels die het doel dienen (RBP-doelen: niet optelbaar)", IN_GOAL),
    Measure("fte", "Structurele fte van die regels", STAFF_IN_GOAL),
)


@dataclass(frozen=True)
class Placement:
    """Where everything stands; rows and columns count from 0."""

    goals: int
    slots: int

    @property
    def first_year(self) -> int:
        """The first year column people read."""
        return len(LABELS)

    @property
    def difference(self) -> int:
        """The column that counts deviating cells."""
        return self.first_year + self.slots

    @property
    def native(self) -> int:
        """The first year column of the native second route."""
        return self.difference + 2

    @property
    def block(self) -> int:
        """The first column of the block that BDUR_DOELENMATRIX fills."""
        return self.native + self.slots + 1

    def top(self, number: int) -> int:
        """The heading row of a measure's table."""
        return TOP + number * (self.goals + 3)


def write(build: Build) -> Placement:
    """Add the sheet and return where its figures stand."""
    sheet, style = build.sheet(SHEET), build.style
    place = Placement(len(build.overview.goals) + SPARE_GOALS, overzicht.slots(build.overview.years))
    explanation = (
        "Per doel wat het plan ervoor doet. Bedragen van RBP-doelen overlappen: tel ze nooit op. "
        "Landelijk afgeroomd is niet hetzelfde als ongedekt."
    )
    page.set_up(sheet, style, SHEET, explanation, (TOP, 1))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(place.first_year, place.difference, 14)
    sheet.set_column(place.native, place.block + len(GOAL_HEADINGS) + 3 * place.slots, 12)
    grid = _block(build, sheet, place)
    for number, measure in enumerate(MEASURES):
        _table(build, sheet, place, number, measure, grid)
    _finish(build, sheet, place)
    return place


def _block(build: Build, sheet: Worksheet, place: Placement) -> Grid:
    arguments = ("plan", "koppeling", "aandachtsgebieden", "doelen", "uitgangspunten")
    height, width = place.goals + 1, len(GOAL_HEADINGS) + len(MEASURES) * place.slots
    formula, grid = build.call("BDUR_DOELENMATRIX", *arguments, height, width)
    sheet.write_string(TOP - 1, place.block, "BDUR_DOELENMATRIX", build.style.working_heading)
    write_array(sheet, TOP, place.block, formula, grid, build.style.working)
    headings = xl_range_abs(TOP, place.block, TOP, place.block + width - 1)
    build.book.define_name("doelbereik_koppen", f"={SHEET}!{headings}")
    body = xl_range_abs(TOP + 1, place.block, TOP + place.goals, place.block + width - 1)
    build.book.define_name("doelbereik_blok", f"={SHEET}!{body}")
    result: Grid = grid
    return result


def _table(
    build: Build, sheet: Worksheet, place: Placement, number: int, measure: Measure, grid: Grid
) -> None:
    style, top = build.style, place.top(number)
    sheet.set_row(top, page.HEADING_HEIGHT)
    for column, label in enumerate(LABELS):
        sheet.write_string(top, column, label, style.heading)
    sheet.write_string(top, 1, measure.title, style.heading)
    years = build.overview.years
    for slot in range(place.slots):
        shown = xl_rowcol_to_cell(overzicht.YEAR_ROW, overzicht.FIRST_YEAR + slot)
        year = years[slot] if slot < len(years) else ""
        source = f"{overzicht.SHEET}!{shown}"
        for column, form in (
            (place.first_year + slot, style.number_heading if measure.native else style.heading),
            (place.native + slot, style.working_heading),
        ):
            sheet.write_formula(top, column, f"={source}", form, year)
    if measure.native:
        sheet.write_string(top, place.difference, "verschil", style.number_heading)
    for goal in range(place.goals):
        row = grid[goal + 1] if goal + 1 < len(grid) else ()
        _labels(build, sheet, place, top + 1 + goal, goal, row)
        _figures(build, sheet, place, top + 1 + goal, goal, measure, _values(grid, row, measure, years))


def _labels(
    build: Build, sheet: Worksheet, place: Placement, at: int, goal: int, row: Sequence[object]
) -> None:
    """Write the goal's code, text, carrier, its focus areas with a line of their own, and whether to add."""

    def block(heading: str) -> str:
        cell: str = xl_rowcol_to_cell(TOP + 1 + goal, place.block + GOAL_HEADINGS.index(heading))
        return cell

    def given(heading: str) -> str:
        cell = row[GOAL_HEADINGS.index(heading)] if row else None
        return f"{cell:g}" if isinstance(cell, float) else str(cell or "")

    code = xl_rowcol_to_cell(at, 0, col_abs=True)
    text = {one.goal.goal_id: one.goal.text for one in build.overview.goals}.get(given("doel"), "")
    areas = f"{given('met eigen regel')} van {given('aandachtsgebieden')}"
    shown = "" if not given("doel") else NO_AREAS if given("aandachtsgebieden") == "0" else areas
    texts = {
        0: (f'=IFERROR({block("doel")}&"","")', given("doel")),
        1: (f'=IFERROR(INDEX(doelen_tekst,MATCH({code},doelen_code,0))&"","")', text),
        2: (f'=IFERROR({block("gedragen door")}&"","")', given("gedragen door")),
        3: (
            f'=IF({code}="","",IF({block("aandachtsgebieden")}=0,"{NO_AREAS}",'
            f'{block("met eigen regel")}&" van "&{block("aandachtsgebieden")}))',
            shown,
        ),
        4: (f'=IFERROR({block("optellen")}&"","")', given("optellen")),
    }
    form = build.style.text
    for column, (formula, value) in texts.items():
        sheet.write_formula(at, column, formula, form, value)
    sheet.set_row(at, page.height_for([text], WIDTHS[1]))


def _values(grid: Grid, row: Sequence[Cell], measure: Measure, years: Sequence[int]) -> list[object]:
    headings = list(grid[0])
    if not row or not row[0]:
        return []
    if measure.native and row[headings.index("met eigen regel")] == 0:
        return [ABSENT] * len(years)
    return [stored(row[headings.index(f"{measure.name} {year}")]) for year in years]


def _figures(
    build: Build, sheet: Worksheet, place: Placement, at: int, goal: int, measure: Measure,
    values: Sequence[object],
) -> None:  # fmt: skip
    style = build.style
    form: Format = {"niveau": style.text, "bedrag": style.amount, "fte": style.fte}[measure.name]
    code = xl_rowcol_to_cell(at, 0, col_abs=True)
    for slot in range(place.slots):
        value = values[slot] if slot < len(values) else ""
        year = xl_rowcol_to_cell(place.top(MEASURES.index(measure)), place.first_year + slot, row_abs=True)
        found = f'INDEX(doelbereik_blok,{goal + 1},MATCH("{measure.name} "&{year},doelbereik_koppen,0))'
        blank = f'OR({code}="",{year}="")'
        own = xl_rowcol_to_cell(TOP + 1 + goal, place.block + GOAL_HEADINGS.index("met eigen regel"))
        shown = f'IF({own}=0,"{ABSENT}",{found})' if measure.native else found
        sheet.write_formula(at, place.first_year + slot, f'=IF({blank},"",{shown})', form, value)
        if measure.native:
            native = measure.native.format(goal=code, year=year)
            none = f'COUNTIF(koppeling_doelen,"* "&{code}&" *")=0'
            sheet.write_formula(
                at, place.native + slot, f'=IF({blank},"",IF({none},"{ABSENT}",ROUND({native},2)))',
                style.working_amount, value,
            )  # fmt: skip
    if measure.native:
        shown = xl_range(at, place.first_year, at, place.difference - 1)
        second = xl_range(at, place.native, at, place.native + place.slots - 1)
        count = f'=IF({code}="","",SUMPRODUCT(--({shown}<>{second})))'
        sheet.write_formula(at, place.difference, count, style.deviation, 0 if values else "")


def _finish(build: Build, sheet: Worksheet, place: Placement) -> None:
    first, last = place.top(1) + 1, place.top(len(MEASURES)) - 3
    differences = xl_range_abs(first, place.difference, last, place.difference)
    build.book.define_name("doelbereik_verschillen", f"={SHEET}!{differences}")
    for number, measure in enumerate(MEASURES):
        if measure.native:
            top = place.top(number) + 1
            figures = xl_range_abs(top, place.first_year, top + place.goals - 1, place.difference - 1)
            build.book.define_name(f"doelbereik_{measure.name}", f"={SHEET}!{figures}")
    amounts = (place.top(1) + 1, place.first_year, place.top(1) + place.goals, place.difference - 1)
    page.mark_negative(sheet, build.style, *amounts)
    page.show_cents(sheet, build.style, *amounts)
    breaks: Callable[[list[int]], object] = sheet.set_h_pagebreaks
    breaks([place.top(number) for number in range(1, len(MEASURES))])
    sheet.repeat_rows(0, page.VERDICT_ROW + 1)
    sheet.print_area(0, 0, last, place.difference)
