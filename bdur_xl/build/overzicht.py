"""The sheet Overzicht: totals per year, room, intake, twice computed, and the chart.

Left the table people read; beside it the same figures by native formulas and,
last, the block that BDUR_OVERZICHT fills. The difference column compares the two.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name, xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import nl, terms
from bdur_xl.build import page, styles
from bdur_xl.build.context import Build, Grid, write_array
from bdur_xl.cells import DAY_ZERO
from bdur_xl.functions import NO_GOAL
from bdur_xl.grids import OVERVIEW_HEADINGS
from bdur_xl.terms import Basis, Kind

SHEET = "Overzicht"
YEAR_ROW = page.FIRST_ROW
FIRST_YEAR = 1
PREMISES_ROW = 2
SPARE_YEARS = 2
SPARE_ROWS = {"hoofdthema": 3, "afdeling": 5}
SPARE_BLOCK_ROWS = 20
CHART_COLUMNS = 10
BUTTONS = (("Herbereken", "HerberekenAlles"), ("Controleer", "Controleer"))
SPARE_VARIANTS = 2
VARIANT_FIGURES = ("lasten", *(f"ruimte {basis}" for basis in Basis))

IN_YEAR = "(plan_jaar={year})"
AMOUNTS = "*plan_bedragen)"
LEFT_AFTER_CUT = "(1-SUMIFS(budget_korting,budget_jaar,{year}))"
GRANT = {
    Basis.ROUNDED: 'IF(COUNTIFS(budget_jaar,{year},budget_afgerond,"<>")=0,"–",'
    f"ROUND(SUMIFS(budget_afgerond,budget_jaar,{{year}})*{LEFT_AFTER_CUT},2))",
    Basis.EXACT: 'IF(COUNTIFS(budget_jaar,{year},budget_exact,"<>")=0,{rounded},'
    f"ROUND(SUMIFS(budget_exact,budget_jaar,{{year}})*{LEFT_AFTER_CUT},2))",
}
STAFF = f'SUMPRODUCT((plan_blok="{terms.PERSONNEL}")*(plan_soort="{Kind.STRUCTURAL}")*{IN_YEAR}{AMOUNTS}'
"""The native second route of each figure; {year} is the year's cell."""


@dataclass(frozen=True)
class Line:
    """One row people read: what BDUR_OVERZICHT calls it, its label, its native formula."""

    part: str
    name: str
    label: str
    native: str
    strong: bool = False
    is_fte: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The row of BDUR_OVERZICHT."""
        return self.part, self.name


@dataclass(frozen=True)
class Placement:
    """Where everything stands on the sheet; rows and columns count from 0."""

    slots: int
    rows: Mapping[tuple[str, str], int]
    """Per row of BDUR_OVERZICHT with a fixed place its row among those people read."""
    variants: int
    """The heading row of the intake variants."""
    last: int

    @property
    def difference(self) -> int:
        """The column that counts deviating cells."""
        return FIRST_YEAR + self.slots

    @property
    def native(self) -> int:
        """The first year column of the native second route."""
        return self.difference + CHART_COLUMNS + 2

    @property
    def block(self) -> int:
        """The first column of the block that BDUR_OVERZICHT fills."""
        return self.native + self.slots + 1

    @property
    def block_year(self) -> int:
        """The first year column of that block."""
        return self.block + len(OVERVIEW_HEADINGS)


def slots(years: Sequence[int]) -> int:
    """Return the number of year columns: those of the plan and some to come."""
    return len(years) + SPARE_YEARS


def write(build: Build) -> Placement:
    """Add the sheet and return where its figures stand."""
    sheet = build.sheet(SHEET)
    style = build.style
    place = _place(build)
    status = build.overview.inputs.premises.status
    page.set_up(
        sheet, style, f"{SHEET} ({status})" if status else SHEET,
        "Lasten per jaar en begrotingsruimte, in euro's. Elk cijfer is twee keer berekend: zie verschil.",
        (YEAR_ROW + 1, 1),
    )  # fmt: skip
    sheet.set_column(0, 0, 48)
    sheet.set_column(FIRST_YEAR, place.difference, 14)
    sheet.set_column(place.native, place.block_year + place.slots, 12)
    grid = _block(build, sheet, place)
    _premises(build, sheet, place)
    _years(build, sheet, place)
    for title, lines in _groups().items():
        sheet.write_string(place.rows[lines[0].key] - 1, 0, title, style.group)
        for line in lines:
            _line(build, sheet, place, line, grid)
    for part in SPARE_ROWS:
        _names(build, sheet, place, part, grid)
    _variants(build, sheet, place, grid)
    _finish(build, sheet, place)
    return place


def _groups() -> dict[str, list[Line]]:
    total = f"ROUND(SUMPRODUCT({IN_YEAR}{AMOUNTS},2)"
    loose = 'plan_doelen=""'
    return {
        "Lasten": [
            Line("lasten", "jaartotaal", "jaartotaal", total, strong=True),
            *(Line("lasten", str(kind), f"waarvan {kind}", _kind(kind))
              for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL)),
        ],
        "Lasten per blok": [
            Line("blok", block, block, f'ROUND(SUMPRODUCT((plan_blok="{block}")*{IN_YEAR}{AMOUNTS},2)')
            for block in terms.BLOCKS
        ],
        **{f"Begrotingsruimte, {basis} (nog niet bestemd)": _room(basis) for basis in Basis},
        "Formatie en instroom": [
            Line("fte", str(Kind.STRUCTURAL), "fte structureel",
                 f"ROUND({STAFF}/normbedrag_fte,2)", is_fte=True),
            Line("deeljaar", "jaartotaal", "jaartotaal met de instroom van het blad Instroom",
                 "ROUND({cell:lasten/jaartotaal}-SUM({less}),2)"),
            *(Line("ruimte deeljaar", str(basis), f"ruimte met die instroom, {basis}",
                   _less(f"{{cell:beschikbaar/{basis}}}", "{cell:deeljaar/jaartotaal}")) for basis in Basis),
        ],
        "Buiten de aandachtsgebieden": [
            Line("doel", NO_GOAL, "zonder aandachtsgebied",
                 f"ROUND(SUMPRODUCT(({loose})*{IN_YEAR}{AMOUNTS},2)"),
        ],
    }  # fmt: skip


def _kind(kind: Kind) -> str:
    total = f'SUMPRODUCT({IN_YEAR}*(plan_soort="{kind}"){AMOUNTS}'
    return f'IF(COUNTIFS(plan_jaar,{{year}},plan_soort,"{kind}")=0,"–",ROUND({total},2))'


def _less(grant: str, cost: str) -> str:
    return f'IF({grant}="–","–",ROUND({grant}-{cost},2))'


def _room(basis: Basis) -> list[Line]:
    grant, here = f"{{cell:beschikbaar/{basis}}}", f"{{cell:ruimte/{basis}}}"
    before = f"{{before:cumulatief/{basis}}}"
    return [
        Line("beschikbaar", str(basis), "beschikbaar",
             GRANT[basis].replace("{rounded}", "{cell:beschikbaar/afgerond}")),
        Line("ruimte", str(basis), "ruimte",
             _less(grant, "{cell:lasten/jaartotaal}"), strong=True),
        Line("cumulatief", str(basis), "ruimte cumulatief (indicatief)",
             f'IF(OR({here}="–",{before}="–"),"–",ROUND({here}+N({before}),2))'),
    ]  # fmt: skip


def _place(build: Build) -> Placement:
    rows: dict[tuple[str, str], int] = {}
    row = YEAR_ROW + 1
    for lines in _groups().values():
        for line in lines:
            row += 1
            rows[line.key] = row
        row += 2
    names = {"hoofdthema": build.overview.by_theme, "afdeling": build.overview.by_department}
    for part, spare in SPARE_ROWS.items():
        rows[part, ""] = row + 1
        row += len(names[part]) + spare + 2
    return Placement(slots(build.overview.years), rows, row, row + 1 + _variant_rows(build))


def _block(build: Build, sheet: Worksheet, place: Placement) -> Grid:
    """Let BDUR_OVERZICHT fill its block; its first two columns get names."""
    arguments = ("plan", "budget", "uitgangspunten", "instroom", "koppeling", "aandachtsgebieden", "doelen")
    _, natural = build.call("BDUR_OVERZICHT", *arguments)
    height, width = len(natural) + SPARE_BLOCK_ROWS, len(OVERVIEW_HEADINGS) + place.slots
    formula, grid = build.call("BDUR_OVERZICHT", *arguments, height, width)
    sheet.write_string(YEAR_ROW - 1, place.block, "BDUR_OVERZICHT", build.style.working_heading)
    write_array(sheet, YEAR_ROW, place.block, formula, grid, build.style.working_amount)
    for offset, name in enumerate(OVERVIEW_HEADINGS):
        column = place.block + offset
        named = xl_range_abs(YEAR_ROW, column, YEAR_ROW + height - 1, column)
        build.book.define_name(f"overzicht_{name}", f"={SHEET}!{named}")
    result: Grid = grid
    return result


def _premises(build: Build, sheet: Worksheet, place: Placement) -> None:
    """Look two premises up once, above the second route, and name them for every formula."""
    premises = build.overview.inputs.premises
    norm = "" if premises.norm_per_fte is None else premises.norm_per_fte / 100
    for row, (name, looked_for, otherwise, value) in enumerate(
        (
            ("normbedrag_fte", "normbedrag fte", '""', norm),
            (
                "ongesplitst_als",
                "ongesplitst als",
                f'"{Kind.UNSPLIT}"',
                str(premises.unsplit_as or Kind.UNSPLIT),
            ),
        ),
        start=PREMISES_ROW,
    ):
        sheet.write_string(row, place.native, looked_for, build.style.working_heading)
        found = f'INDEX(uitgangspunten_waarde,MATCH("{looked_for}",uitgangspunten_naam,0))'
        formula = f'=IFERROR(IF({found}="",{otherwise},{found}),{otherwise})'
        cell = (row, place.native + 1)
        sheet.write_formula(*cell, formula, build.style.working_number, value)
        build.book.define_name(name, f"={SHEET}!{xl_rowcol_to_cell(*cell, row_abs=True, col_abs=True)}")


def _years(build: Build, sheet: Worksheet, place: Placement) -> None:
    style = build.style
    sheet.write_string(YEAR_ROW, 0, "jaar", style.heading)
    sheet.write_string(YEAR_ROW - 1, place.difference, "verschil", style.right_note)
    sheet.write_string(YEAR_ROW - 1, place.native, "tweede route: gewone formules", style.working_heading)
    for slot in range(place.slots):
        year = build.overview.years[slot] if slot < len(build.overview.years) else ""
        before = xl_rowcol_to_cell(YEAR_ROW, FIRST_YEAR + slot - 1)
        later = f'IF({before}="","",IFERROR(SMALL(plan_jaar,COUNTIF(plan_jaar,"<="&{before})+1),""))'
        here = later if slot else "MIN(plan_jaar)"
        sheet.write_formula(YEAR_ROW, FIRST_YEAR + slot, f"={here}", style.number_heading, year)
        other = xl_rowcol_to_cell(YEAR_ROW, place.block_year + slot)
        second = f'=IF(LEN({other})=0,"",{other})'
        sheet.write_formula(YEAR_ROW, place.native + slot, second, style.working_heading, year)
    _difference(build, sheet, place, YEAR_ROW)


def _line(build: Build, sheet: Worksheet, place: Placement, line: Line, grid: Grid) -> None:
    style, row = build.style, place.rows[line.key]
    sheet.write_string(row, 0, line.label, style.strong if line.strong else style.label)
    found = _grid_row(grid, line.key)
    form = style.fte if line.is_fte else style.strong_amount if line.strong else style.amount
    for slot in range(place.slots):
        value = _shown(grid, found, slot)
        source = xl_rowcol_to_cell(YEAR_ROW + found, place.block_year + slot)
        _result(build, sheet, place, row, slot, f'_xlfn.IFNA({source},"–")', value, form)
        _native(build, sheet, place, row, slot, _filled(place, line.native, slot), value)
    _difference(build, sheet, place, row)


def _grid_row(grid: Grid, key: tuple[str, str]) -> int:
    return [row[:2] for row in grid].index(key)


def _shown(grid: Grid, row: int, slot: int) -> float | str:
    """Return what a person sees: the figure, a dash for one the plan does not give, nothing without year."""
    cell = grid[row][len(OVERVIEW_HEADINGS) + slot]
    if not isinstance(grid[0][len(OVERVIEW_HEADINGS) + slot], float):
        return ""
    return cell if isinstance(cell, float) else nl.ABSENT


def _filled(place: Placement, native: str, slot: int) -> str:
    """Return a native formula with its cells filled in."""
    column = place.native + slot
    filled = native.replace("{year}", xl_rowcol_to_cell(YEAR_ROW, column, row_abs=True))
    filled = filled.replace("{less}", f"INDEX(instroom_minder,0,{slot + 1})")
    for (part, name), row in place.rows.items():
        filled = filled.replace(f"{{cell:{part}/{name}}}", xl_rowcol_to_cell(row, column))
        before = xl_rowcol_to_cell(row, column - 1) if slot else "0"
        filled = filled.replace(f"{{before:{part}/{name}}}", before)
    return filled


def _result(
    build: Build, sheet: Worksheet, place: Placement, row: int, slot: int, formula: str,
    value: float | str, form: object,
) -> None:  # fmt: skip
    year = xl_rowcol_to_cell(YEAR_ROW, FIRST_YEAR + slot, row_abs=True)
    sheet.write_formula(row, FIRST_YEAR + slot, f'=IF({year}="","",{formula})', form, value)


def _native(
    build: Build, sheet: Worksheet, place: Placement, row: int, slot: int, formula: str, value: float | str
) -> None:
    year = xl_rowcol_to_cell(YEAR_ROW, place.native + slot, row_abs=True)
    sheet.write_formula(
        row, place.native + slot, f'=IF({year}="","",{formula})', build.style.working_amount, value
    )


def _difference(
    build: Build, sheet: Worksheet, place: Placement, row: int, width: int = 0, native_left: int = 0,
    *, named: bool = True,
) -> None:  # fmt: skip
    """Count the cells of a row that differ from the second route."""
    width, native_left = width or place.slots, native_left or place.native
    shown = xl_range(row, FIRST_YEAR, row, FIRST_YEAR + width - 1)
    native = xl_range(row, native_left, row, native_left + width - 1)
    formula = f'=IF({xl_rowcol_to_cell(row, 0)}="","",SUMPRODUCT(--({shown}<>{native})))'
    sheet.write_formula(row, place.difference, formula, build.style.deviation, 0 if named else "")


def _names(build: Build, sheet: Worksheet, place: Placement, part: str, grid: Grid) -> None:
    """Write the rows of the themes or departments, and room for those to come."""
    first = place.rows[part, ""]
    sheet.write_string(first - 1, 0, f"Lasten per {part}", build.style.group)
    known = [index for index, row in enumerate(grid) if row[0] == part]
    for offset in range(len(known) + SPARE_ROWS[part]):
        row = first + offset
        found = known[offset] if offset < len(known) else None
        at = f'MATCH("{part}",overzicht_onderdeel,0)+{offset}'
        label = f'IF(INDEX(overzicht_onderdeel,{at})&""="{part}",INDEX(overzicht_naam,{at})&"","")'
        name = str(grid[found][1]) if found else ""
        sheet.write_formula(row, 0, f'=IFERROR({label},"")', build.style.label, name)
        cell = xl_rowcol_to_cell(row, 0, col_abs=True)
        for slot in range(place.slots):
            value = _shown(grid, found, slot) if found else ""
            column = place.block_year + slot
            block = xl_range_abs(YEAR_ROW, column, YEAR_ROW + len(grid) - 1, column)
            figure = f'IF({cell}="","",INDEX({block},{at}))'
            _result(build, sheet, place, row, slot, figure, value, build.style.amount)
            year = xl_rowcol_to_cell(YEAR_ROW, place.native + slot, row_abs=True)
            lines = f'(plan_{part}=IF({cell}="(geen {part})","",{cell}))*(plan_regel<>"")'
            total = f"ROUND(SUMPRODUCT({lines}*(plan_jaar={year})*plan_bedragen),2)"
            sheet.write_formula(
                row, place.native + slot, f'=IF(OR({cell}="",{year}=""),"",{total})',
                build.style.working_amount, value,
            )  # fmt: skip
        _difference(build, sheet, place, row, named=bool(name))


def _variants(build: Build, sheet: Worksheet, place: Placement, grid: Grid) -> None:
    """Write what a year costs when staff start in a given month, and its room; room for more months."""
    style, top = build.style, place.variants
    sheet.write_string(top, 0, "Als de formatie later begint", style.heading)
    for offset, name in enumerate(VARIANT_FIGURES):
        sheet.write_string(top, FIRST_YEAR + offset, name, style.number_heading)
    sheet.write_string(top, place.native, "startmaand", style.working_heading)
    first = next((index for index, row in enumerate(grid) if str(row[0]).startswith("instroom")), len(grid))
    for number in range(_variant_rows(build)):
        row = top + 1 + number
        known = number < len(build.overview.intake)
        found = first + number * len(VARIANT_FIGURES)
        at = f'MATCH("instroom *",overzicht_onderdeel,0)+{number * len(VARIANT_FIGURES)}'
        label = f'=IFERROR(INDEX(overzicht_onderdeel,{at})&"","")'
        sheet.write_formula(row, 0, label, style.label, str(grid[found][0]) if known else "")
        cell = xl_rowcol_to_cell(row, 0, col_abs=True)
        _variant_start(build, sheet, place, row, number)
        for column, _ in enumerate(VARIANT_FIGURES):
            value = _only(grid[found + column]) if known else ""
            years = xl_range_abs(
                YEAR_ROW, place.block_year, YEAR_ROW + len(grid) - 1, place.block_year + place.slots - 1
            )
            shown = f'=IF({cell}="","",SUM(INDEX({years},{at}+{column},0)))'
            sheet.write_formula(row, FIRST_YEAR + column, shown, style.amount, value)
            native = _variant_native(place, row, column)
            sheet.write_formula(
                row,
                place.native + 1 + column,
                f'=IF({cell}="","",ROUND({native},2))',
                style.working_amount,
                value,
            )
        _difference(build, sheet, place, row, len(VARIANT_FIGURES), place.native + 1, named=known)


def _variant_rows(build: Build) -> int:
    return len(build.overview.intake) + SPARE_VARIANTS


def _only(row: Sequence[object]) -> float | str:
    """Return the one figure of a variant's row."""
    return next((cell for cell in row if isinstance(cell, float)), nl.ABSENT)


def _variant_start(build: Build, sheet: Worksheet, place: Placement, row: int, number: int) -> None:
    """Write the variant's start month; the second half of the variants repeats the months."""
    months = 'COUNTIF(uitgangspunten_naam,"instroommaand")'
    at = f'MATCH("instroommaand",uitgangspunten_naam,0)+MOD({number},{months})'
    formula = f'=IF({xl_rowcol_to_cell(row, 0)}="","",INDEX(uitgangspunten_waarde,{at}))'
    known = build.overview.intake[number : number + 1]
    value = (dt.date(*known[0].start, 1) - DAY_ZERO).days if known else ""
    sheet.write_formula(row, place.native, formula, build.style.working_month, value)
    later = f'=IF({xl_rowcol_to_cell(row, 0)}="","",IF({number}<{months},0,SUM(instroom_in_dienst)))'
    in_house = known[0].in_house / 100 if known else ""
    column = place.native + 1 + len(VARIANT_FIGURES)
    sheet.write_formula(row, column, later, build.style.working_number, in_house)


def _variant_native(place: Placement, row: int, column: int) -> str:
    start = xl_rowcol_to_cell(row, place.native, col_abs=True)
    in_house = xl_rowcol_to_cell(row, place.native + 1 + len(VARIANT_FIGURES), col_abs=True)
    total = f"SUMPRODUCT((plan_jaar=YEAR({start}))*plan_bedragen)"
    staff = STAFF.replace("{year}", f"YEAR({start})")
    cost = f"{total}-({staff}-{in_house}*normbedrag_fte)*(MONTH({start})-1)/{terms.MONTHS_PER_YEAR}"
    if column == 0:
        return cost
    basis = list(Basis)[column - 1]
    years = xl_range_abs(YEAR_ROW, place.native, YEAR_ROW, place.native + place.slots - 1)
    grant_row = place.rows["beschikbaar", str(basis)]
    grants = xl_range_abs(grant_row, place.native, grant_row, place.native + place.slots - 1)
    return f"INDEX({grants},MATCH(YEAR({start}),{years},0))-({cost})"


def _finish(build: Build, sheet: Worksheet, place: Placement) -> None:
    """Name the differences and the results, colour what must stand out, add the chart."""
    figures = (YEAR_ROW + 1, FIRST_YEAR, place.variants - 1, place.difference - 1)
    page.mark_negative(sheet, build.style, *figures)
    page.show_cents(sheet, build.style, *figures)
    differences = xl_range_abs(YEAR_ROW, place.difference, place.last, place.difference)
    build.book.define_name("overzicht_verschillen", f"={SHEET}!{differences}")
    build.book.define_name("overzicht_cijfers", f"={SHEET}!{xl_range_abs(*figures)}")
    variants = (place.variants + 1, FIRST_YEAR, place.last, FIRST_YEAR + len(VARIANT_FIGURES) - 1)
    build.book.define_name("overzicht_instroom", f"={SHEET}!{xl_range_abs(*variants)}")
    page.mark_negative(sheet, build.style, *variants)
    page.show_cents(sheet, build.style, *variants)
    page.add_buttons(sheet, page.VERDICT_ROW - 1, place.difference + 1, BUTTONS)
    _chart(build, sheet, place)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, place.last, place.difference + CHART_COLUMNS)


def _chart(build: Build, sheet: Worksheet, place: Placement) -> None:
    years = [SHEET, YEAR_ROW, FIRST_YEAR, YEAR_ROW, place.difference - 1]

    def series(key: tuple[str, str]) -> list[object]:
        return [SHEET, place.rows[key], FIRST_YEAR, place.rows[key], place.difference - 1]

    chart = build.book.add_chart({"type": "column", "subtype": "stacked"})
    for kind, fill in (
        (Kind.STRUCTURAL, styles.STRUCTURAL_FILL),
        (Kind.INCIDENTAL, styles.INCIDENTAL_FILL),
    ):
        chart.add_series({"name": str(kind), "categories": years, "values": series(("lasten", kind)),
                          "fill": {"color": fill}, "gap": 80})  # fmt: skip
    line = build.book.add_chart({"type": "line"})
    line.add_series(
        {"name": "beschikbaar", "categories": years, "values": series(("beschikbaar", "afgerond")),
         "line": {"color": styles.BUDGET_LINE, "width": 2.5}, "marker": {"type": "diamond", "size": 8}}
    )  # fmt: skip
    chart.combine(line)
    font = {"name": styles.FONT, "size": 10}
    chart.set_title({"name": "Lasten tegen beschikbaar, per jaar", "name_font": {**font, "size": 12}})
    chart.set_y_axis({"num_format": "[$€-413] #,##0", "num_font": font, "major_gridlines": {
        "visible": True, "line": {"color": styles.RULE}}})  # fmt: skip
    chart.set_x_axis({"num_font": font})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_size({"width": 600, "height": 380})
    text = "Gestapelde kolommen: lasten structureel en incidenteel per jaar; lijn: het beschikbare bedrag. " \
        "De cijfers staan in de tabel hiernaast."  # fmt: skip
    corner = f"{xl_col_to_name(place.difference + 1)}{YEAR_ROW + 1}"
    sheet.insert_chart(corner, chart, {"description": text, "x_offset": 20, "object_position": 2})
