"""The sheet Scenario's: the answers, what each scenario makes of every year, and the scenarios themselves.

From top to bottom: what people ask, answered; per measure a row per scenario; and last, where it can
grow, the input table. Beside them in grey the same figures by native formulas, and the blocks that
BDUR_SCENARIOS and BDUR_ANTWOORDEN fill. Everything follows the basis chosen on the sheet.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from xlsxwriter.utility import quote_sheetname, xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import nl, terms
from bdur_xl.answers import YEARS_AFTER, rooms_after
from bdur_xl.budget import structural_staff_costs
from bdur_xl.build import inputs, overzicht, page, styles
from bdur_xl.build.context import Build, Grid, write_array
from bdur_xl.build.frame import Placed
from bdur_xl.cells import DAY_ZERO
from bdur_xl.grids import ANSWER_HEADINGS, SCENARIO_HEADINGS
from bdur_xl.nl import ABSENT
from bdur_xl.scenarios import compared
from bdur_xl.tables import INPUT_TABLES, RawTable
from bdur_xl.terms import Basis, Kind

SHEET = INPUT_TABLES["scenarios"].sheet
QUOTED = quote_sheetname(SHEET)
SPARE_SCENARIOS = 4
MOST_BARS = 10
"""Effects in the chart: the largest ones."""

SPARE_ANSWERS = 40
NAME_WIDTH, TEXT_WIDTH, YEAR_WIDTH = 26, 58, 13.5
FIRST_YEAR = 2
TOP = page.FIRST_ROW
ANSWER_ROWS = 18
MORE = "Er zijn meer antwoorden: zie het grijze blok, rechts op dit blad"
CHOICE = TOP + ANSWER_ROWS + 2
FIRST_GROUP = CHOICE + 2
CHOSEN = "scenarios_grondslag"
ANSWER = {heading: number for number, heading in enumerate(ANSWER_HEADINGS)}

UNREADABLE = "invoerfout: zie Controles"
"""Stands instead of the first scenario when a cell cannot be read."""

MEASURES = ("lasten", "beschikbaar", "ruimte", "cumulatief", "verschil met basis")
"""Per scenario the rows of BDUR_SCENARIOS."""

GROUPS = (
    (("ruimte", "Begrotingsruimte (nog niet bestemd)"), ("verschil met basis", "Ruimte: verschil met basis")),
    (("lasten", "Lasten"), ("beschikbaar", "Beschikbaar")),
    (("cumulatief", "Ruimte cumulatief (indicatief)"),),
)
"""Which measures stand side by side, left and right, from top to bottom."""

PARAMETERS = (
    "start", "in_dienst", "korting", "korting_vanaf", "indexatie", "indexatie_vanaf",
    "extra_vanaf", "extra_tot", "extra_fte", "extra_bedrag", "overdracht",
)  # fmt: skip
"""Columns of the input table that the second route looks up, by their names in formulas."""

STAFF = (
    f'SUMPRODUCT((plan_blok="{terms.PERSONNEL}")*(plan_soort="{Kind.STRUCTURAL}")'
    "*(plan_jaar={year})*plan_bedragen)"
)
GRANT = (
    f'IF(AND({CHOSEN}="{Basis.EXACT}",COUNTIFS(budget_jaar,{{year}},budget_exact,"<>")>0),'
    "SUMIFS(budget_exact,budget_jaar,{year}),"
    f'IF(COUNTIFS(budget_jaar,{{year}},budget_afgerond,"<>")=0,"{ABSENT}",'
    "SUMIFS(budget_afgerond,budget_jaar,{year})))"
)
BASE = {
    "lasten van het plan": "SUMPRODUCT((plan_jaar={year})*plan_bedragen)",
    "structurele fte-lasten": STAFF,
    "beschikbaar voor korting": GRANT,
    "korting van blad Budget": "SUMIFS(budget_korting,budget_jaar,{year})",
}
"""What the second route takes from plan and budget, once per year."""

COST = (
    "({total}-({staff}-MIN(N({in_dienst})*N(normbedrag_fte),MAX({staff},0)))"
    f'*IF({{start}}="",0,MAX(0,MIN({terms.MONTHS_PER_YEAR},'
    f"{terms.MONTHS_PER_YEAR}*(YEAR({{start}})-{{year}})+MONTH({{start}})-1)))/{terms.MONTHS_PER_YEAR})"
    '*IF({indexatie}="",1,(1+{indexatie})^MAX(0,{year}-{indexatie_vanaf}+1))'
    '+IF({extra_vanaf}="",0,IF(AND({year}>={extra_vanaf},'
    '{year}<=IF({extra_tot}="",{extra_vanaf},{extra_tot})),'
    '{extra_bedrag}*IF({extra_fte}="",1,{extra_fte}),0))'
)
"""The cost of a year under a scenario, not rounded."""

EFFECTS = (
    "scenario", "effect", "meer ruimte", "minder ruimte",
    "van scenario", "volgorde", "tweede route", "verschil",
)  # fmt: skip
"""Columns of the figures under the chart."""

MOVERS = "aannamen"
"""The answer whose figures the chart shows."""

TIE = 0.000001
"""Euros by which an earlier scenario goes before a later one of the same effect."""

EFFECT_LABEL = "[$€-413] #,##0;[$€-413] -#,##0;;"
"""Nil has no label: a bar is either up or down."""

TAKEN_OFF = 'IF(AND({korting}<>"",{year}>={korting_vanaf}),{korting},{own})'
"""The share taken off a year's grant: that of the scenario instead of the budget's own."""

NATIVE = {
    "lasten": "{cost}",
    "beschikbaar": f"{{granted}}*(1-{TAKEN_OFF})",
    "ruimte": "{grant}-{cost}",
    "cumulatief": 'IF({overdracht}="nee",{grant}-{cost},SUM({grants})-SUM({costs}))',
    "verschil met basis": "{grant}-{cost}-({basis_grant}-{basis_cost})",
}
"""The second route of each measure, before rounding."""


AFTER = "na het plan"
"""The answer whose figures stand beside the cumulative room."""

STRUCTURAL = f'SUMPRODUCT((plan_jaar={{last}})*(plan_soort="{Kind.STRUCTURAL}")*plan_bedragen)'
AFTER_NATIVE = (
    f'IF(OR({{granted}}="{ABSENT}",COUNTIFS(plan_jaar,{{last}},plan_soort,"{Kind.UNSPLIT}")>0),"{ABSENT}",'
    f"ROUND(ROUND(ROUND(ROUND({{granted}}*(1-{TAKEN_OFF}),6),2)"
    f'-{STRUCTURAL}*IF({{indexatie}}="",1,(1+{{indexatie}})^MAX(0,{{year}}-{{indexatie_vanaf}}+1)),6),2))'
)
"""The room of a year after the plan: the last grant less the structural cost of the last year."""


@dataclass(frozen=True)
class Placement:
    """Where everything stands; rows and columns count from 0."""

    slots: int
    """Year columns: those of the plan and some to come."""
    shown: int
    """Rows per measure: the scenarios and some to come."""

    def group(self, number: int) -> int:
        """The heading row of a pair of tables."""
        return FIRST_GROUP + number * (self.shown + 3) + 1

    def left(self, side: int) -> int:
        """The first year column of a table; its difference column follows the last."""
        return FIRST_YEAR + side * (self.slots + 1)

    def of(self, measure: str) -> tuple[int, int]:
        """The heading row and the first year column of a measure."""
        return next(
            (self.group(number), self.left(side))
            for number, group in enumerate(GROUPS)
            for side, (name, _) in enumerate(group)
            if name == measure
        )

    @property
    def right(self) -> int:
        """The last column people read."""
        return self.left(2) - 1

    @property
    def parameters(self) -> int:
        """The first column of the scenarios' parameters, as the second route looks them up."""
        return self.right + 2

    @property
    def native(self) -> int:
        """The first year column of the second route."""
        return self.parameters + len(PARAMETERS) + 1

    @property
    def costs(self) -> int:
        """The first year column of the costs before they are rounded."""
        return self.native + 2 * (self.slots + 1)

    @property
    def block(self) -> int:
        """The first column of the block that BDUR_SCENARIOS fills."""
        return self.native + 3 * (self.slots + 1)

    @property
    def answers(self) -> int:
        """The first column of the block that BDUR_ANTWOORDEN fills."""
        return self.block + len(SCENARIO_HEADINGS) + self.slots + 1

    @property
    def chart(self) -> int:
        """The first column of the figures under the chart."""
        return self.answers + len(ANSWER_HEADINGS) + 1


def shown(raw: RawTable) -> int:
    """Return how many scenarios the sheet has room for."""
    return len(raw.rows) + 1 + SPARE_SCENARIOS


def table_row(raw: RawTable) -> int:
    """Return where the input table has its headings: under everything else, so that it can grow."""
    return FIRST_GROUP + len(GROUPS) * (shown(raw) + 3) + 1


def write(build: Build) -> Placement:
    """Add the sheet, input table included."""
    sheet, style = build.sheet(SHEET), build.style
    raw = build.placed["scenarios"].raw
    place = Placement(max(overzicht.slots(build.overview.years), YEARS_AFTER), shown(raw))
    build = replace(build, ranges={**build.ranges, CHOSEN: str(Basis.ROUNDED)})
    page.set_up(
        sheet, style, SHEET,
        "Wat als: elk scenario naast het plan. De scenario's zelf staan onderaan: typ daar een rij bij.",
        (TOP, 1),
    )  # fmt: skip
    _table(build, sheet)
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.set_column(FIRST_YEAR, place.right, YEAR_WIDTH)
    sheet.set_column(place.parameters, place.chart + len(EFFECTS), 12)
    _choice(build, sheet)
    grid = _block(build, sheet, place)
    _base(build, sheet, place)
    _parameters(build, sheet, place, grid)
    _costs(build, sheet, place, grid)
    for number, group in enumerate(GROUPS):
        _names(build, sheet, place, number, grid)
        for side, (measure, title) in enumerate(group):
            sheet.write_string(place.group(number) - 1, place.left(side), title, style.group)
            _years(build, sheet, place, place.group(number), place.left(side))
            _measure(build, sheet, place, measure, grid)
    _answers(build, sheet, place)
    _after(build, sheet, place, grid)
    _finish(build, sheet, place)
    return place


def _table(build: Build, sheet: Worksheet) -> None:
    placed = build.placed["scenarios"]
    title = "De scenario's: elke rij één; typ een nieuwe onder de laatste. Leeg: zoals in het plan. " \
        f"Boven is plaats voor {shown(placed.raw)}"  # fmt: skip
    sheet.write_string(placed.top - 1, 0, title, build.style.group)
    for column in range(1, placed.right + 1):
        sheet.write_blank(placed.top - 1, column, None, build.style.group)
    inputs.write_table(sheet, build.style, placed)
    link = f"internal:{QUOTED}!{xl_rowcol_to_cell(placed.top, 0)}"
    sheet.write_url(page.VERDICT_ROW, 1, link, build.style.note, "naar de tabel met scenario's")


def _choice(build: Build, sheet: Worksheet) -> None:
    """Let staff choose the basis that the whole sheet follows."""
    sheet.write_string(CHOICE, 0, "grondslag", build.style.strong)
    sheet.write_string(CHOICE, 1, str(Basis.ROUNDED), build.style.input())
    rule = {"validate": "list", "source": [str(basis) for basis in Basis], "error_title": "Onbekend",
            "error_message": "Kies afgerond of exact."}  # fmt: skip
    sheet.data_validation(CHOICE, 1, CHOICE, 1, rule)
    sheet.write_string(
        CHOICE, FIRST_YEAR, "kies afgerond (Tabel 2) of exact (de brief)", build.style.subtitle
    )
    cell = xl_rowcol_to_cell(CHOICE, 1, row_abs=True, col_abs=True)
    build.book.define_name(CHOSEN, f"={QUOTED}!{cell}")


def _block(build: Build, sheet: Worksheet, place: Placement) -> Grid:
    height, width = 1 + place.shown * len(MEASURES), len(SCENARIO_HEADINGS) + place.slots
    formula, grid = build.call(
        "BDUR_SCENARIOS", "plan", "budget", "scenarios", "uitgangspunten", CHOSEN, height, width
    )
    sheet.write_string(TOP - 1, place.block, "BDUR_SCENARIOS", build.style.working_heading)
    write_array(sheet, TOP, place.block, formula, grid, build.style.working_amount)
    result: Grid = grid
    return result


def _year_value(build: Build, slot: int) -> int | str:
    return build.overview.years[slot] if slot < len(build.overview.years) else ""


def _years(build: Build, sheet: Worksheet, place: Placement, row: int, left: int) -> None:
    """Write the years over a table and over its second route, and the heading of its difference."""
    for slot in range(place.slots):
        there = xl_rowcol_to_cell(overzicht.YEAR_ROW, overzicht.FIRST_YEAR + slot)
        source = f"{overzicht.SHEET}!{there}" if slot < overzicht.slots(build.overview.years) else '""'
        sheet.write_formula(
            row, left + slot, f"={source}", build.style.number_heading, _year_value(build, slot)
        )
    sheet.write_string(row, left + place.slots, "verschil", build.style.number_heading)
    other = _native_column(place, left)
    for slot in range(place.slots):
        source = xl_rowcol_to_cell(TOP, place.block + len(SCENARIO_HEADINGS) + slot)
        second = f'=IF(LEN({source})=0,"",{source})'
        sheet.write_formula(row, other + slot, second, build.style.working_heading, _year_value(build, slot))


def _native_column(place: Placement, left: int) -> int:
    """Return where the second route of a table starts, on the table's own rows."""
    side = (left - FIRST_YEAR) // (place.slots + 1)
    return place.native + side * (place.slots + 1)


def _base(build: Build, sheet: Worksheet, place: Placement) -> None:
    """Write what plan and budget give per year, over the second route."""
    style, top = build.style, TOP
    sheet.write_string(top - 1, place.native, "tweede route: gewone formules", style.working_heading)
    for slot in range(place.slots):
        source = xl_rowcol_to_cell(TOP, place.block + len(SCENARIO_HEADINGS) + slot)
        formula = f'=IF(LEN({source})=0,"",{source})'
        value = _year_value(build, slot)
        sheet.write_formula(top, place.native + slot, formula, style.working_heading, value)
    for row, (label, formula) in enumerate(BASE.items(), start=top + 1):
        sheet.write_string(row, place.native - 1, label, style.working)
        values = _base_values(build, label)
        for slot in range(place.slots):
            year = xl_rowcol_to_cell(top, place.native + slot)
            filled = formula.replace("{year}", year)
            sheet.write_formula(
                row, place.native + slot, f'=IF({year}="","",{filled})', style.working_amount,
                values[slot] if slot < len(values) else "",
            )  # fmt: skip


def _base_values(build: Build, label: str) -> list[float | str]:
    view, grants = build.overview, build.overview.inputs.budget
    values: list[float | str] = []
    for year in view.years:
        grant = grants[year].rounded if year in grants else None
        values.append({
            "lasten van het plan": view.planned[year] / 100,
            "structurele fte-lasten": sum(structural_staff_costs(view.inputs.plan, year).values()) / 100,
            "beschikbaar voor korting": ABSENT if grant is None else grant / 100,
            "korting van blad Budget": float(grants[year].cut) if year in grants else 0,
        }[label])  # fmt: skip
    return values


def _scenario(grid: Grid, number: int) -> str:
    row = 1 + number * len(MEASURES)
    return str(grid[row][0] or "")


def _rows(placed: Placed) -> dict[str, tuple[object, ...]]:
    """Return the rows of the input table by the name of their scenario."""
    name = placed.column("naam") - placed.left
    return {str(row[name]): row for _, row in placed.raw.rows}


def _parameters(build: Build, sheet: Worksheet, place: Placement, grid: Grid) -> None:
    """Look up per scenario what its row says; what is blank stays blank."""
    style, top = build.style, place.group(0)
    placed = build.placed["scenarios"]
    rows = _rows(placed)
    for offset, name in enumerate(PARAMETERS):
        column = place.parameters + offset
        sheet.write_string(top, column, name.replace("_", " "), style.working_heading)
        source = placed.table.column(_PARAMETER_COLUMNS[name])
        assert source
        for number in range(place.shown):
            scenario = xl_rowcol_to_cell(top + 1 + number, 0, col_abs=True)
            found = f"INDEX(scenarios_{name},MATCH({scenario},scenarios_naam,0))"
            formula = f'=IFERROR(IF({found}="","",{found}),"")'
            row = rows.get(_scenario(grid, number))
            cell = None if row is None else row[placed.column(source.name) - placed.left]
            form = style.working_month if name == "start" else style.working_number
            sheet.write_formula(top + 1 + number, column, formula, form, _typed(cell))


_PARAMETER_COLUMNS = {
    "start": "startmaand", "in_dienst": "fte_in_dienst", "extra_tot": "extra_tot_en_met",
    **{name: name for name in PARAMETERS if name not in ("start", "in_dienst", "extra_tot")},
}  # fmt: skip


def _typed(cell: object) -> float | str:
    """Return an input cell as a formula that looks it up gives it: a month as its first day's number."""
    date = inputs.as_date(cell)
    if date:
        return float((date - DAY_ZERO).days)
    return "" if cell is None else cell if isinstance(cell, str) else float(cell)  # type: ignore[arg-type]


def _names(build: Build, sheet: Worksheet, place: Placement, number: int, grid: Grid) -> None:
    """Write per scenario its name and what it is about."""
    style, top = build.style, place.group(number)
    placed = build.placed["scenarios"]
    text = placed.column("omschrijving") - placed.left
    texts = {scenario: str(row[text] or "") for scenario, row in _rows(placed).items()}
    for column, label in enumerate(("scenario", "omschrijving")):
        sheet.write_string(top, column, label, style.heading)
    for line in range(place.shown):
        row, name = top + 1 + line, _scenario(grid, line)
        source = xl_rowcol_to_cell(TOP + 1 + line * len(MEASURES), place.block)
        otherwise = "" if line else UNREADABLE  # a fault in any row leaves no figure at all
        sheet.write_formula(row, 0, f'=IFERROR({source}&"","{otherwise}")', style.strong_text, name)
        cell = xl_rowcol_to_cell(row, 0, col_abs=True)
        found = f'=IFERROR(INDEX(scenarios_omschrijving,MATCH({cell},scenarios_naam,0))&"","")'
        sheet.write_formula(row, 1, found, style.text, texts.get(name, ""))


def _measure(build: Build, sheet: Worksheet, place: Placement, measure: str, grid: Grid) -> None:
    """Write one table: the block's figures, the second route, and how many cells differ."""
    style, (top, left) = build.style, place.of(measure)
    other = _native_column(place, left)
    for number in range(place.shown):
        row, source_row = top + 1 + number, 1 + number * len(MEASURES) + MEASURES.index(measure)
        name = xl_rowcol_to_cell(row, 0, col_abs=True)
        for slot in range(place.slots):
            value = _value(grid, source_row, slot)
            year = xl_rowcol_to_cell(top, left + slot, row_abs=True)
            source = xl_rowcol_to_cell(TOP + source_row, place.block + len(SCENARIO_HEADINGS) + slot)
            found = f'=IF(OR({name}="",{year}=""),"",_xlfn.IFNA({source},"{ABSENT}"))'
            form = style.strong_amount if measure == "ruimte" and number == 0 else style.amount
            sheet.write_formula(row, left + slot, found, form, value)
            second_year = xl_rowcol_to_cell(top, other + slot, row_abs=True)
            native = _native(place, measure, number, slot)
            sheet.write_formula(
                row, other + slot, f'=IF(OR({name}="",{second_year}=""),"",{native})',
                style.working_amount, value,
            )  # fmt: skip
        first, second = (xl_range(row, column, row, column + place.slots - 1) for column in (left, other))
        count = f'=IF({name}="","",SUMPRODUCT(--({first}<>{second})))'
        known = 0 if _scenario(grid, number) else ""
        sheet.write_formula(row, left + place.slots, count, style.deviation, known)


def _value(grid: Grid, row: int, slot: int) -> float | str:
    """Return what a person sees: the figure, a dash for one that is not known, nothing without scenario."""
    column = len(SCENARIO_HEADINGS) + slot
    if not grid[row][0] or not isinstance(grid[0][column], float):
        return ""
    cell = grid[row][column]
    return cell if isinstance(cell, float) else ABSENT


def _native(place: Placement, measure: str, number: int, slot: int) -> str:
    """Return the native formula of one cell. Rounded to six decimals first: half a cent must stay half."""
    granted = xl_range_abs(TOP + 3, place.native, TOP + 3, place.native + slot)
    here = xl_rowcol_to_cell(TOP + 3, place.native + slot, row_abs=True)
    filled = _filled(place, NATIVE[measure], number, slot)
    rounded = f"ROUND(ROUND({filled},6),2)"
    if measure == "lasten":
        return rounded
    unknown = f'COUNTIF({granted},"{ABSENT}")>0' if measure == "cumulatief" else f'{here}="{ABSENT}"'
    return f'IF({unknown},"{ABSENT}",{rounded})'


def _filled(place: Placement, formula: str, number: int, slot: int) -> str:
    """Return a formula of the second route with its cells filled in."""
    grant_top, grant_left = place.of("beschikbaar")
    grants = (grant_top + 1, _native_column(place, grant_left))
    costs = (place.group(0) + 1, place.costs)

    def cell(corner: tuple[int, int], scenario: int, at: int) -> str:
        found: str = xl_rowcol_to_cell(corner[0] + scenario, corner[1] + at, col_abs=True)
        return found

    def until(corner: tuple[int, int]) -> str:
        return f"{cell(corner, number, 0)}:{cell(corner, number, slot)}"

    names = ("year", "total", "staff", "granted", "own")
    cells = {
        **{name: xl_rowcol_to_cell(TOP + row, place.native + slot) for row, name in enumerate(names)},
        **_parameter_cells(place, number),
        "cost": cell(costs, number, slot), "basis_cost": cell(costs, 0, slot), "costs": until(costs),
        "grant": cell(grants, number, slot), "basis_grant": cell(grants, 0, slot), "grants": until(grants),
    }  # fmt: skip
    return _with_cells(formula, cells)


def _parameter_cells(place: Placement, number: int) -> dict[str, str]:
    row = place.group(0) + 1 + number
    return {
        name: xl_rowcol_to_cell(row, place.parameters + offset, col_abs=True)
        for offset, name in enumerate(PARAMETERS)
    }


def _with_cells(formula: str, cells: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: cells[match[1]], formula)


def _costs(build: Build, sheet: Worksheet, place: Placement, grid: Grid) -> None:
    """Write the cost of each scenario and year before it is rounded: what the second route reckons with."""
    top, exact = place.group(0), {one.scenario.name: one.planned for one in compared(build.overview.inputs)}
    sheet.write_string(top - 1, place.costs, "lasten voor afronden", build.style.working_heading)
    for number in range(place.shown):
        name = xl_rowcol_to_cell(top + 1 + number, 0, col_abs=True)
        planned = exact.get(_scenario(grid, number), {})
        for slot in range(place.slots):
            year = xl_rowcol_to_cell(TOP, place.native + slot, row_abs=True)
            cents = planned.get(int(_year_value(build, slot) or 0))
            sheet.write_formula(
                top + 1 + number, place.costs + slot,
                f'=IF(OR({name}="",{year}=""),"",{_filled(place, COST, number, slot)})',
                build.style.working_amount, "" if cents is None else float(Fraction(cents) / 100),
            )  # fmt: skip


def _answers(build: Build, sheet: Worksheet, place: Placement) -> None:
    """Write the questions with their answers, and the chart of what moves the room."""
    style, given = build.style, ("plan", "budget", "scenarios", "reserveringen", "uitgangspunten", CHOSEN)
    _, natural = build.call("BDUR_ANTWOORDEN", *given)
    height = len(natural) + SPARE_ANSWERS
    formula, grid = build.call("BDUR_ANTWOORDEN", *given, height, len(ANSWER_HEADINGS))
    sheet.write_string(TOP - 1, place.answers, "BDUR_ANTWOORDEN", style.working_heading)
    write_array(sheet, TOP, place.answers, formula, grid, style.working_amount)
    for offset, name in enumerate(ANSWER_HEADINGS):
        area = xl_range_abs(TOP, place.answers + offset, TOP + height - 1, place.answers + offset)
        build.book.define_name(f"antwoorden_{name}", f"={QUOTED}!{area}")
    sheet.write_string(TOP, 0, "Antwoorden", style.group)
    for column in range(1, place.right + 1):
        sheet.write_blank(TOP, column, None, style.group)
    for number in range(ANSWER_ROWS):
        _sentence(build, sheet, place, number, grid)
    _effects(build, sheet, place, grid)
    _chart(build, sheet, place)


def _sentence(build: Build, sheet: Worksheet, place: Placement, number: int, grid: Grid) -> None:
    """Write one sentence of the answers, its subject before the first; the last row tells of more."""
    style, row = build.style, TOP + 1 + number
    before, here, after = (
        [xl_rowcol_to_cell(row + step, place.answers + column) for column in (0, 1)] for step in (-1, 0, 1)
    )
    subject, sentence = (str(cell or "") for cell in grid[number + 1][:2])
    previous = str(grid[number][0] or "") if number else ""
    label = f'IF(OR(LEN({here[1]})=0,{here[0]}&""={before[0]}&""),"",{here[0]}&"")'
    value = subject if sentence and subject != previous else ""
    sheet.write_formula(row, 0, f"={label}", style.strong_text, value)
    shown = f'IF(LEN({here[1]})=0,"",{here[1]}&"")'
    if number == ANSWER_ROWS - 1:
        shown = f'IF(LEN({after[1]})=0,{shown},"{MORE}")'
    sheet.write_formula(row, 1, f"={shown}", style.label, sentence)


def _after(build: Build, sheet: Worksheet, place: Placement, grid: Grid) -> None:
    """Write the room of the years after the plan, beside the cumulative room and on its rows."""
    style, top, left = build.style, place.group(len(GROUPS) - 1), place.left(1)
    other = _native_column(place, left)
    rooms = rooms_after(build.overview.inputs, Basis.ROUNDED)
    of_basis = next(iter(rooms.values()))
    sheet.write_string(top - 1, left, "Na het plan: ruimte als alles doorloopt", style.group)
    sheet.write_string(top, left + place.slots, "verschil", style.number_heading)
    for step in range(place.slots):
        if step >= YEARS_AFTER:
            sheet.write_blank(top, left + step, None, style.number_heading)
            continue
        year = max(build.overview.years) + step + 1
        for column, form in ((left, style.number_heading), (other, style.working_heading)):
            sheet.write_formula(top, column + step, f"=MAX(plan_jaar)+{step + 1}", form, year)
        for number in range(place.shown):
            scenario = _scenario(grid, number)
            cents = rooms.get(scenario, of_basis).get(year)
            value = "" if not scenario else ABSENT if cents is None else nl.round_half_up(cents) / 100
            shown, native = _after_formulas(place, number, step)
            sheet.write_formula(top + 1 + number, left + step, f"={shown}", style.amount, value)
            sheet.write_formula(top + 1 + number, other + step, f"={native}", style.working_amount, value)
    for number in range(place.shown):
        row = top + 1 + number
        name = xl_rowcol_to_cell(row, 0, col_abs=True)
        first, second = (xl_range(row, at, row, at + YEARS_AFTER - 1) for at in (left, other))
        count = f'=IF({name}="","",SUMPRODUCT(--({first}<>{second})))'
        sheet.write_formula(
            row, left + place.slots, count, style.deviation, 0 if _scenario(grid, number) else ""
        )


def _after_formulas(place: Placement, number: int, step: int) -> tuple[str, str]:
    """Return the room of one year after the plan: as the answers give it, and by the second route.

    The answers name basis and the scenarios that differ from it; any other is as basis.
    """
    top, left = place.group(len(GROUPS) - 1), place.left(1)
    name, basis = (xl_rowcol_to_cell(top + 1 + row, 0, row_abs=True, col_abs=True) for row in (number, 0))
    year = xl_rowcol_to_cell(top, left + step, row_abs=True)
    points = f'(antwoorden_onderwerp&""="{AFTER}")*(antwoorden_jaar={year})'

    def of(scenario: str) -> str:
        return f'{points}*(antwoorden_wat&""={scenario})'

    shown = (
        f'IF({name}="","",IF(SUMPRODUCT({of(basis)})=0,"{ABSENT}",IF(SUMPRODUCT({of(name)})=0,'
        f"SUMPRODUCT({of(basis)},antwoorden_waarde),SUMPRODUCT({of(name)},antwoorden_waarde))))"
    )
    last = "MAX(plan_jaar)"
    years, granted, own = (
        xl_range_abs(TOP + row, place.native, TOP + row, place.native + place.slots - 1) for row in (0, 3, 4)
    )
    cells = {
        **_parameter_cells(place, number),
        "last": last,
        "year": xl_rowcol_to_cell(top, _native_column(place, left) + step, row_abs=True),
        "granted": f"INDEX({granted},MATCH({last},{years},0))",
        "own": f"INDEX({own},MATCH({last},{years},0))",
    }
    return shown, f'IF({name}="","",{_with_cells(AFTER_NATIVE, cells)})'


def _effects(build: Build, sheet: Worksheet, place: Placement, grid: Grid) -> None:
    """Write what moves the room, the largest first: by the block, and ranked by the second route."""
    style, top, left = build.style, place.group(0), place.chart
    for offset, heading in enumerate(EFFECTS):
        sheet.write_string(top, left + offset, heading, style.working_heading)
    first = next((at for at, row in enumerate(grid) if row[0] == MOVERS and row[ANSWER["wat"]]), len(grid))
    found = f'MATCH(1,(antwoorden_onderwerp&""="{MOVERS}")*(antwoorden_antwoord&""=""),0)'
    formula, position = f"{{=IFERROR({found},0)}}", first + 1 if first < len(grid) else 0
    sheet.write_array_formula(top - 1, left, top - 1, left, formula, style.working_count, position)
    changes = [_largest(one.difference[Basis.ROUNDED]) for one in compared(build.overview.inputs)[1:]]
    for number in range(1, place.shown):
        row = grid[first + number - 1] if first + number - 1 < len(grid) else ()
        values = _effect_values(row if row and row[0] == MOVERS else (), changes, number, place)
        for offset, formula in enumerate(_effect_formulas(place, number)):
            form = style.working_amount if offset else style.working
            sheet.write_formula(top + number, left + offset, f"={formula}", form, values[offset])


def _effect_values(
    row: Sequence[object], changes: Sequence[float], number: int, place: Placement
) -> tuple[float | str, ...]:
    """Return what the formulas of one row of the chart's figures give; `row` is the block's, if any."""
    shown: tuple[float | str, ...] = ("", "", "", "", "")
    if row:
        effect = float(str(row[ANSWER["waarde"]]))
        shown = (str(row[ANSWER["wat"]]), effect, max(0, effect), min(0, effect), 0)
    sizes = sorted(map(abs, changes), reverse=True)
    ranked: tuple[float | str, ...] = ("", "", "")
    if number <= len(changes):
        own = changes[number - 1]
        ranked = (own, abs(own) + (place.shown - number) * TIE, sizes[number - 1])
    return (*shown[:-1], *ranked, shown[-1])


def _largest(changes: Mapping[int, int | None]) -> float:
    """Return the largest change of any year, in euros; the one upwards when two are as large."""
    known = [change for change in changes.values() if change is not None]
    return nl.round_half_up(max(known, key=lambda change: (abs(change), change), default=0)) / 100


def _effect_formulas(place: Placement, number: int) -> tuple[str, ...]:
    """Return the formulas of one row of the chart's figures."""
    top, row = place.group(0), place.group(0) + number

    def column(offset: int) -> str:
        area: str = xl_range_abs(top + 1, place.chart + offset, top + place.shown - 1, place.chart + offset)
        return area

    scenario, effect, _, _, own, _, ranked, _ = (
        xl_rowcol_to_cell(row, place.chart + offset) for offset in range(len(EFFECTS))
    )
    at = f"{xl_rowcol_to_cell(top - 1, place.chart, row_abs=True, col_abs=True)}+{number - 1}"
    here = f'INDEX(antwoorden_onderwerp,{at})&""="{MOVERS}"'
    change_top, change_left = place.of("verschil met basis")
    native = _native_column(place, change_left)
    changes = xl_range(change_top + 1 + number, native, change_top + 1 + number, native + place.slots - 1)
    name = xl_rowcol_to_cell(change_top + 1 + number, 0, col_abs=True)
    sizes = column(EFFECTS.index("volgorde"))
    largest = f"INDEX({column(EFFECTS.index('van scenario'))},MATCH(LARGE({sizes},{number}),{sizes},0))"
    return (
        f'IFERROR(IF({here},INDEX(antwoorden_wat,{at})&"",""),"")',
        f'IF({scenario}="","",INDEX(antwoorden_waarde,{at}))',
        f'IF({scenario}="","",MAX(0,{effect}))',
        f'IF({scenario}="","",MIN(0,{effect}))',
        f'IF({name}="","",IF(MAX({changes})>=-MIN({changes}),MAX({changes}),MIN({changes})))',
        f'IF({own}="","",ABS({own})+{place.shown - number}*{TIE:f})',
        f'IF({number}>COUNT({sizes}),"",ABS({largest}))',
        f'IF({scenario}="","",--(ABS({effect})<>{ranked}))',
    )


def _chart(build: Build, sheet: Worksheet, place: Placement) -> None:
    """Draw the effects as bars, the largest on top, beside the answers."""
    top, bottom = place.group(0) + 1, place.group(0) + min(MOST_BARS, place.shown - 1)
    names = [SHEET, top, place.chart, bottom, place.chart]
    font = {"name": styles.FONT, "size": 10}
    chart = build.book.add_chart({"type": "bar"})
    for heading, fill, label in (
        ("meer ruimte", styles.STRUCTURAL_FILL, "outside_end"),
        ("minder ruimte", styles.INCIDENTAL_FILL, "inside_base"),  # off the names beside it
    ):
        column = place.chart + EFFECTS.index(heading)
        chart.add_series({
            "name": heading, "categories": names, "values": [SHEET, top, column, bottom, column],
            "fill": {"color": fill}, "gap": 40, "overlap": 100,
            "data_labels": {
                "value": True, "num_format": EFFECT_LABEL, "position": label,
                "font": {**font, "color": styles.INK},
            },
        })  # fmt: skip
    title = "Welke aanname beweegt de ruimte het meest? Grootste verschil in één jaar"
    chart.set_title({"name": title, "name_font": {**font, "size": 12}})
    chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": font})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": font})
    width = round((place.slots + 1) * YEAR_WIDTH * 7)
    chart.set_size({"width": width, "height": ANSWER_ROWS * page.LINE_HEIGHT * 4 // 3 - 6})
    text = (
        "Liggende staven, de grootste bovenaan: hoeveel ruimte elk scenario in één jaar meer of minder "
        "geeft. De cijfers staan in de tabel Ruimte: verschil met basis."
    )
    options = {"description": text, "x_offset": 10, "y_offset": 6, "object_position": 2}
    sheet.insert_chart(TOP + 1, place.left(1), chart, options)


def _finish(build: Build, sheet: Worksheet, place: Placement) -> None:
    """Name figures and differences for the master check, colour what must stand out, set the paper."""
    style, sums = build.style, []
    for measure in MEASURES:
        top, left = place.of(measure)
        area = (top + 1, left, top + place.shown, left + place.slots - 1)
        name = measure.replace(" ", "_")
        build.book.define_name(f"scenariocijfers_{name}", f"={QUOTED}!{xl_range_abs(*area)}")
        page.mark_negative(sheet, style, *area)
        page.show_cents(sheet, style, *area)
    last = place.group(len(GROUPS) - 1) + place.shown
    for side, beside in (("links", FIRST_YEAR + place.slots), ("rechts", place.left(1) + place.slots)):
        sums.append(xl_range_abs(place.group(0), beside, last, beside))
        build.book.define_name(f"scenarios_verschillen_{side}", f"={QUOTED}!{sums[-1]}")
    column = place.chart + EFFECTS.index("verschil")
    sums.append(xl_range_abs(place.group(0) + 1, column, place.group(0) + place.shown - 1, column))
    top, left = place.group(len(GROUPS) - 1) + 1, place.left(1)
    area = (top, left, top + place.shown - 1, left + YEARS_AFTER - 1)
    build.book.define_name(f"scenariocijfers_{AFTER.replace(' ', '_')}", f"={QUOTED}!{xl_range_abs(*area)}")
    page.mark_negative(sheet, style, *area)
    page.show_cents(sheet, style, *area)
    cell = (TOP, column)
    sheet.write_string(TOP - 1, column, "verschillen", style.working_heading)
    sheet.write_formula(*cell, f"={'+'.join(f'SUM({area})' for area in sums)}", style.working_count, 0)
    build.book.define_name(
        "scenarios_verschillen", f"={QUOTED}!{xl_rowcol_to_cell(*cell, row_abs=True, col_abs=True)}"
    )
    placed = build.placed["scenarios"]
    breaks: Callable[[list[int]], object] = sheet.set_h_pagebreaks
    breaks([placed.top - 1])
    sheet.fit_to_pages(1, 2)
    sheet.repeat_rows(0, page.VERDICT_ROW + 1)
    sheet.print_area(0, 0, placed.bottom, max(place.right, placed.right))
