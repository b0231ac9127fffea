"""The sheet Instroom: how much less each fte line costs a year because its staff start later."""

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import terms
from bdur_xl.budget import phased_cost, structural_staff_costs
from bdur_xl.build import overzicht
from bdur_xl.build.context import Build
from bdur_xl.build.frame import LAST_ROW
from bdur_xl.terms import Kind

MONTHS = terms.MONTHS_PER_YEAR


def write_less(build: Build, sheet: Worksheet) -> None:
    """Write beside the table, per line and year, what later intake saves: the native second route.

    The share already in house costs the whole year; the rest is not paid for in
    the months before the start.
    """
    placed, years = build.placed["intake"], build.overview.years
    top, first = placed.top, placed.right + 2
    slots = overzicht.slots(years)
    title = "minder lasten door latere instroom (berekend)"
    sheet.write_string(top - 1, first, title, build.style.working_heading)
    less = {(line, year): _less(build, line, year) for line in build.overview.inputs.intake for year in years}
    lines = [str(row[placed.column("regel_id") - placed.left]) for _, row in placed.raw.rows]
    for slot in range(slots):
        column = first + slot
        sheet.set_column(column, column, 12)
        year = years[slot] if slot < len(years) else None
        shown = xl_rowcol_to_cell(overzicht.YEAR_ROW, overzicht.FIRST_YEAR + slot)
        heading = f'={overzicht.SHEET}!{shown}&""'
        sheet.write_formula(top, column, heading, build.style.working_heading, str(year or ""))
        for row in range(top + 1, LAST_ROW):
            line = lines[row - top - 1] if row - top - 1 < len(lines) else ""
            value = less.get((line, year), "") if year else ""
            formula = _formula(build, row, xl_rowcol_to_cell(top, column, row_abs=True))
            sheet.write_formula(row, column, formula, build.style.working_amount, value)
    block = xl_range_abs(top + 1, first, LAST_ROW - 1, first + slots - 1)
    build.book.define_name("instroom_minder", f"={placed.sheet}!{block}")


def _less(build: Build, line: str, year: int) -> float:
    inputs = build.overview.inputs
    cost = structural_staff_costs(inputs.plan, year).get(line, 0)
    phased = phased_cost(cost, inputs.intake[line], year, inputs.premises.norm_per_fte)
    return float((cost - phased) / 100)


def _formula(build: Build, row: int, year: str) -> str:
    placed = build.placed["intake"]
    line, start, in_house = (
        xl_rowcol_to_cell(row, placed.column(name), col_abs=True)
        for name in ("regel_id", "startmaand", "fte_in_dienst")
    )
    cost = (
        f'SUMPRODUCT((plan_regel={line})*(plan_blok="{terms.PERSONNEL}")*(plan_soort="{Kind.STRUCTURAL}")'
        f"*(plan_jaar=VALUE({year}))*plan_bedragen)"
    )
    months = f"MAX(0,MIN({MONTHS},{MONTHS}*(YEAR({start})-{year})+MONTH({start})-1))"
    saved = f"MAX(0,{cost}-N({in_house})*normbedrag_fte)*{months}/{MONTHS}"
    return f'=IF(OR({line}="",{start}="",{year}=""),"",{saved})'
