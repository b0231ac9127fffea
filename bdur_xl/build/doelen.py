"""The sheet Doelen: goals, focus areas and links side by side, and which goals each link serves."""

from collections.abc import Mapping

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import terms
from bdur_xl.build import page
from bdur_xl.build.frame import LAST_ROW, Placed
from bdur_xl.build.styles import Styles
from bdur_xl.goals import goals_of_lines
from bdur_xl.model import Inputs
from bdur_xl.terms import OWN_LINE

HELPER_WIDTH = 16


def write_served_goals(
    book: Workbook, sheet: Worksheet, style: Styles, placed: Mapping[str, Placed], inputs: Inputs
) -> None:
    """Write per focus area and per link the goals it serves, for the native second route.

    A link serves goals only when its line has an amount and its level is one of
    a line of its own; the codes stand between spaces, so that a search finds whole codes.
    """
    areas = {area.area_id: f" {' '.join((area.goal_id, *area.objectives))} " for area in inputs.areas}
    _helper(
        book, sheet, style, placed["areas"], "aandachtsgebieden_doelen", _area_formula(placed["areas"]),
        [areas.get(str(row[0]), "") for _, row in placed["areas"].raw.rows],
    )  # fmt: skip
    links = placed["links"]
    with_amount = {line.line_id for line in inputs.plan.lines if line.amounts}
    served = goals_of_lines(inputs).keys() & with_amount
    values = [
        areas[link.area_id] if link.area_id and link.level in OWN_LINE and link.line_id in served else ""
        for link in inputs.links
    ]
    _helper(book, sheet, style, links, "koppeling_doelen", _link_formula(links), values)


def _area_formula(areas: Placed) -> str:
    goal = xl_rowcol_to_cell(areas.top + 1, areas.column("rcdv_doel_afgeleid"), col_abs=True)
    objectives = xl_rowcol_to_cell(areas.top + 1, areas.column("rbp"), col_abs=True)
    prefix = terms.GRANT_GOAL_PREFIX
    code = f'IF(COUNTIF(doelen_code,{goal})>0,{goal},"{prefix}"&{goal})'
    return f'=IF({goal}="",""," "&{code}&" "&{objectives}&" ")'


def _link_formula(links: Placed) -> str:
    row = links.top + 1
    line, area, level = (
        xl_rowcol_to_cell(row, links.column(name), col_abs=True)
        for name in ("regel_id", "aandacht_id", "dekking")
    )
    own = ",".join(f'{level}="{one}"' for one in terms.LEVELS if one in OWN_LINE)
    amounts = f'SUMPRODUCT((plan_regel={line})*(plan_bedragen<>""))'
    goals = f'IFERROR(INDEX(aandachtsgebieden_doelen,MATCH({area},aandachtsgebieden_code,0)),"")'
    return f'=IF({line}="","",IF(AND(OR({own}),{amounts}>0),{goals},""))'


def _helper(
    book: Workbook,
    sheet: Worksheet,
    style: Styles,
    placed: Placed,
    name: str,
    formula: str,
    values: list[str],
) -> None:
    """Write a working column beside a table, down to where its range reaches."""
    column = placed.right + 1
    sheet.set_column(column, column, HELPER_WIDTH)
    sheet.write_string(placed.top, column, "dient de doelen (berekend)", style.working_heading)
    first = placed.top + 1
    for row in range(first, LAST_ROW):
        value = values[row - first] if row - first < len(values) else ""
        here = formula.replace(f"{first + 1}", f"{row + 1}")
        sheet.write_formula(row, column, here, style.working, value)
    book.define_name(name, f"={placed.sheet}!{xl_range_abs(first, column, LAST_ROW - 1, column)}")


def set_paper(sheet: Worksheet, placed: Mapping[str, Placed]) -> None:
    """Print each table on pages of its own."""
    sheet.fit_to_pages(0, 0)
    sheet.set_print_scale(60)
    sheet.set_v_pagebreaks([placed["areas"].left, placed["links"].left])
    sheet.repeat_rows(0, page.FIRST_ROW)
