"""The sheet Doelen: goals, focus areas and links side by side, and which goals each line serves."""

from collections.abc import Callable, Sequence

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from bdur_xl import terms
from bdur_xl.build.context import Build
from bdur_xl.build.frame import LAST_ROW, RANGE_NAMES, Placed
from bdur_xl.terms import OWN_LINE

HELPER_WIDTH = 16


def write_served_goals(build: Build) -> None:
    """Write per focus area, link and plan line the goals it serves, for the native second route.

    A link serves goals only when its line has an amount and its level is one of
    a line of its own; the codes stand between spaces, so that a search finds whole codes.
    """
    inputs, placed = build.overview.inputs, build.placed
    areas = {area.area_id: f" {' '.join((area.goal_id, *area.objectives))} " for area in inputs.areas}
    with_amount = {line.line_id for line in inputs.plan.lines if line.amounts}
    links = [
        areas[link.area_id] if link.area_id and link.level in OWN_LINE and link.line_id in with_amount else ""
        for link in inputs.links
    ]
    lines = [
        "".join(
            goals for link, goals in zip(inputs.links, links, strict=True) if link.line_id == line.line_id
        )
        for line in inputs.plan.lines
    ]
    for key, formula, values in (
        ("areas", _area_formula, list(areas.values())),
        ("links", _link_formula, links),
        ("plan", _line_formula, lines),
    ):
        _served(build, placed[key], formula, values)


def _area_formula(areas: Placed, row: int) -> str:
    goal = xl_rowcol_to_cell(row, areas.column("rcdv_doel_afgeleid"), col_abs=True)
    objectives = xl_rowcol_to_cell(row, areas.column("rbp"), col_abs=True)
    prefix = terms.GRANT_GOAL_PREFIX
    code = f'IF(COUNTIF(doelen_code,{goal})>0,{goal},"{prefix}"&{goal})'
    return f'IF({goal}="",""," "&{code}&" "&{objectives}&" ")'


def _link_formula(links: Placed, row: int) -> str:
    line, area, level = (
        xl_rowcol_to_cell(row, links.column(name), col_abs=True)
        for name in ("regel_id", "aandacht_id", "dekking")
    )
    own = ",".join(f'{level}="{one}"' for one in terms.LEVELS if one in OWN_LINE)
    amounts = f'SUMPRODUCT((plan_regel={line})*(plan_bedragen<>""))'
    goals = f'IFERROR(INDEX(aandachtsgebieden_doelen,MATCH({area},aandachtsgebieden_code,0)),"")'
    return f'IF({line}="","",IF(AND(OR({own}),{amounts}>0),{goals},""))'


def _line_formula(plan: Placed, row: int) -> str:
    line = xl_rowcol_to_cell(row, plan.column("regel_id"), col_abs=True)
    goals = f'_xlfn.TEXTJOIN("",TRUE,IF(koppeling_regel={line},koppeling_doelen,""))'
    return f'IF({line}="","",{goals})'


def _served(
    build: Build, placed: Placed, formula: Callable[[Placed, int], str], values: Sequence[str]
) -> None:
    """Write a working column beside a table, down to where its range reaches, and name it."""
    sheet = build.book.get_worksheet_by_name(placed.table.sheet)
    column, first, style = placed.reach + 1, placed.top + 1, build.style
    sheet.set_column(column, column, HELPER_WIDTH)
    sheet.write_string(placed.top, column, "dient de doelen (berekend)", style.working_heading)
    for row in range(first, LAST_ROW):
        value = values[row - first] if row - first < len(values) else ""
        sheet.write_array_formula(
            row, column, row, column, f"{{={formula(placed, row)}}}", style.working, value
        )
    name = f"{RANGE_NAMES[placed.table.key]}_doelen"
    build.book.define_name(name, f"={placed.sheet}!{xl_range_abs(first, column, LAST_ROW - 1, column)}")
