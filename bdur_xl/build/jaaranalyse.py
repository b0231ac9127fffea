"""The sheet Jaaranalyse: plan against actual per year, and per line of one year, twice computed.

Left what people read, from the block that BDUR_REALISATIE fills. Beside it the same figures by
native formulas: per line and year what was planned, spent and is expected; years add their lines up.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl import nl, terms
from bdur_xl.actuals import Analysis, Comparison, analyses, months_until
from bdur_xl.budget import phased_cost, structural_staff_costs
from bdur_xl.build import overzicht, page, styles
from bdur_xl.build.context import Build, Cell, Grid, write_array
from bdur_xl.cells import DAY_ZERO
from bdur_xl.grids import ACTUAL_HEADINGS, MOST_SENTENCES
from bdur_xl.terms import Kind

SHEET = "Jaaranalyse"
MONTHS = terms.MONTHS_PER_YEAR
SPARE_LINES = 10

SENTENCES = page.FIRST_ROW + 1
YEARS = SENTENCES + MOST_SENTENCES + 2
"""The heading row of the years, counted from 0."""

KEY, NAME, PLANNED, TO_DATE, ACTUAL, LEFT_TO_DATE, EXPECTED, LEFT, NOTE, DIFFERENCE = range(10)
"""The columns people read."""
FIGURES = {
    PLANNED: "raming", TO_DATE: "raming t/m peildatum", ACTUAL: "realisatie",
    LEFT_TO_DATE: "verschil t/m peildatum", EXPECTED: "verwachting heel jaar", LEFT: "verschil met de raming",
}  # fmt: skip
FIELDS = dict(zip(range(NAME, DIFFERENCE), ACTUAL_HEADINGS[4:], strict=True))
"""Per column its heading in BDUR_REALISATIE; NAME holds the peildatum of a year."""
WIDTHS = (14, 42, *(15,) * len(FIGURES), 74, 14)
NATIVE = DIFFERENCE + 2
"""The first column of the native second route: the same columns as those people read."""
START = NATIVE + LEFT + 1
"""The column with the months that passed of a year, and the month in which a line's staff start."""
RAMING, LATER, SPENT, PASSED, YEAR_COST = range(5)
GROUPS = ("raming", "minder door instroom", "realisatie", "raming t/m", "verwachting")
"""What the second route computes per line, each with a column per year, from the column after START."""
ASKED = "jaaranalyse_gevraagd"
"""The cell in which staff choose the year that is shown line by line; blank for the last one known."""
DASH = f'"{nl.ABSENT}"'

Value = float | str
Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Placement:
    """Where everything stands on the sheet; rows and columns count from 0."""

    slots: int
    lines: int
    """Rows for plan lines, spare ones included."""

    @property
    def asked(self) -> int:
        """The row in which staff choose the year that is shown line by line."""
        return YEARS + self.slots + 2

    @property
    def headings(self) -> int:
        """The heading row of the lines; the total of the year stands under it."""
        return self.asked + 1

    @property
    def first_line(self) -> int:
        """The first row of the lines."""
        return self.headings + 2

    @property
    def last(self) -> int:
        """The last row."""
        return self.first_line + self.lines - 1

    @property
    def block(self) -> int:
        """The first column of the block that BDUR_REALISATIE fills."""
        return self.group(len(GROUPS)) + 1

    def group(self, number: int, slot: int = 0) -> int:
        """Return the column of a year in a group of the second route."""
        return START + 1 + number * self.slots + slot

    def year(self, slot: int) -> str:
        """Return the cell with the year of a slot, as the second route has it."""
        return str(xl_rowcol_to_cell(YEARS + 1 + slot, NATIVE, row_abs=True, col_abs=True))

    def months(self, slot: int) -> str:
        """Return the cell with the months that passed of the year of a slot; "" without actuals."""
        return str(xl_rowcol_to_cell(YEARS + 1 + slot, START, row_abs=True, col_abs=True))

    def column(self, number: int, slot: int) -> str:
        """Return the cells of all lines in a column of a group."""
        at = self.group(number, slot)
        return str(xl_range_abs(self.first_line, at, self.last, at))

    def in_year(self, number: int, row: int, year: str) -> str:
        """Return a line's figure of a group in the year that a cell names."""
        cells = xl_range(row, self.group(number), row, self.group(number, self.slots - 1))
        first, last = self.year(0), self.year(self.slots - 1)
        return f"INDEX({cells},MATCH({year},{first}:{last},0))"


def write(build: Build) -> Placement:
    """Add the sheet and return where its figures stand."""
    sheet = build.sheet(SHEET)
    lines = len(build.overview.inputs.plan.lines) + SPARE_LINES
    place = Placement(overzicht.slots(build.overview.years), lines)
    page.set_up(
        sheet, build.style, SHEET,
        "De realisatie naast het plan. Verwachting: wat is uitgegeven, plus de raming van de maanden daarna. "
        "Verschil: raming min realisatie of verwachting.",
        (page.FIRST_ROW, 1),
    )  # fmt: skip
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_column(NATIVE, place.block + len(ACTUAL_HEADINGS), 12)
    _Writer(build, sheet, place).write()
    return place


class _Writer:
    """Writes the sheet: what people read, the second route beside it, and where they differ."""

    def __init__(self, build: Build, sheet: Worksheet, place: Placement) -> None:
        self.build, self.sheet, self.place, self.style = build, sheet, place, build.style
        self.found = analyses(build.overview.inputs)
        self.grid = self.fill_block()
        self.lines = [row for row in self.grid if row[0] == "regel"]
        self.shown = next((one for one in self.found if self.lines and one.year == self.lines[0][1]), None)

    def write(self) -> None:
        """Write everything, top down."""
        for row, title in ((SENTENCES - 1, "De jaarlijkse analyse"), (YEARS - 1, "Per jaar")):
            self.sheet.write_string(row, KEY, title, self.style.group)
        for number in range(MOST_SENTENCES):
            formula = f'=IFERROR({self.fixed(1 + number, "toelichting")}&"","")'
            value = str(self.grid[1 + number][-1] or "")
            self.sheet.write_formula(SENTENCES + number, KEY, formula, self.style.label, value)
        self.sheet.write_string(
            YEARS - 1, NATIVE, "tweede route: gewone formules", self.style.working_heading
        )
        self.headings(YEARS, ("jaar", "t/m"))
        self.headings(self.place.headings, ("regel", "omschrijving"))
        for slot in range(self.place.slots):
            self.year(slot)
        self.ask()
        self.total()
        for number in range(self.place.lines):
            self.line(number)
        self.finish()

    def headings(self, row: int, first: tuple[str, str]) -> None:
        """Write one heading row; the second route has the same columns."""
        style, sheet = self.style, self.sheet
        sheet.set_row(row, page.HEADING_HEIGHT)
        for column, heading in enumerate((*first, *FIGURES.values())):
            sheet.write_string(row, column, heading, style.number_heading if column > NAME else style.heading)
            sheet.write_string(row, NATIVE + column, heading, style.working_heading)
        sheet.write_string(row, NOTE, "toelichting", style.heading)
        sheet.write_string(row, DIFFERENCE, "rekenverschil", style.number_heading)

    # The block

    def fill_block(self) -> Grid:
        """Let BDUR_REALISATIE fill its block, for the year that staff choose."""
        place = self.place
        asked = xl_rowcol_to_cell(place.asked, NAME, row_abs=True, col_abs=True)
        self.build.book.define_name(ASKED, f"={SHEET}!{asked}")
        height = 1 + MOST_SENTENCES + place.slots + place.lines
        arguments = ("plan", "realisatie", "", "instroom", "uitgangspunten", height, len(ACTUAL_HEADINGS))
        formula, grid = self.build.call("BDUR_REALISATIE", *arguments)
        self.sheet.write_string(YEARS - 1, place.block, "BDUR_REALISATIE", self.style.working_heading)
        chosen = formula.replace(",,", f",{ASKED},", 1)
        write_array(self.sheet, YEARS, place.block, chosen, grid, self.style.working_amount)
        for offset, name in ((0, "onderdeel"), (1, "jaar")):
            cells = xl_range_abs(YEARS, place.block + offset, YEARS + height - 1, place.block + offset)
            self.build.book.define_name(f"jaaranalyse_{name}", f"={SHEET}!{cells}")
        result: Grid = grid
        return result

    def fixed(self, row: int, field: str) -> str:
        """Return a cell of the block's sentences and years: their rows do not move."""
        return str(xl_rowcol_to_cell(YEARS + row, self.place.block + ACTUAL_HEADINGS.index(field)))

    def moving(self, number: int, field: str) -> str:
        """Return the figure of a plan line: lines move down when a year is added."""
        column = self.place.block + ACTUAL_HEADINGS.index(field)
        cells = xl_range_abs(YEARS, column, YEARS + len(self.grid) - 1, column)
        return f'INDEX({cells},MATCH("regel",jaaranalyse_onderdeel,0)+{number})'

    # One cell

    def key(self, row: int) -> str:
        """Return the cell with the year or the line of a row."""
        return str(xl_rowcol_to_cell(row, KEY, col_abs=True))

    def put(self, row: int, column: int, formula: str, value: Value, form: Format) -> None:
        """Write what people read; nothing where the row has no year or line."""
        shown = formula if column == KEY else f'IF({self.key(row)}="","",{formula})'
        self.sheet.write_formula(row, column, f"={shown}", form, value)

    def put_figures(
        self, row: int, sources: Mapping[int, str], values: Mapping[int, Value], form: Format
    ) -> None:
        """Write what people read of a row's figures; a dash for one that is not known."""
        for column in FIGURES:
            self.put(row, column, f"_xlfn.IFNA({sources[column]},{DASH})", values[column], form)

    def native(self, row: int, column: int, formula: str, value: Value) -> None:
        """Write the same figure by native formulas."""
        form = self.style.working_date if column == NAME else self.style.working_amount
        shown = f'=IF({self.key(row)}="","",{formula})'
        self.sheet.write_formula(row, NATIVE + column, shown, form, value)

    def cell(self, row: int, column: int) -> str:
        """Return a cell of the second route."""
        return str(xl_rowcol_to_cell(row, NATIVE + column))

    def native_differences(self, row: int, values: Mapping[int, Value]) -> None:
        """Write plan less actual and plan less expected, by native formulas."""
        for column, plan, cost in ((LEFT_TO_DATE, TO_DATE, ACTUAL), (LEFT, PLANNED, EXPECTED)):
            known = f"AND(ISNUMBER({self.cell(row, cost)}),ISNUMBER({self.cell(row, EXPECTED)}))"
            formula = f"ROUND(N({self.cell(row, plan)})-{self.cell(row, cost)},2)"
            self.native(row, column, f"IF({known},{formula},{DASH})", values[column])

    def differences(self, row: int, first: int, *, named: bool) -> None:
        """Count the cells of a row that differ from the second route."""
        shown, native = xl_range(row, first, row, LEFT), xl_range(row, NATIVE + first, row, NATIVE + LEFT)
        formula = f'=IF({self.key(row)}="","",SUMPRODUCT(--({shown}<>{native})))'
        self.sheet.write_formula(row, DIFFERENCE, formula, self.style.deviation, 0 if named else "")

    # The years

    def year(self, slot: int) -> None:
        """Write a year: people see its row of the block, the second route adds up the lines."""
        row, at = YEARS + 1 + slot, 1 + MOST_SENTENCES + slot
        one = self.found[slot] if slot < len(self.found) else None
        values = _figures(one.total) if one else dict.fromkeys(FIGURES, "")
        year, until = self.fixed(at, "jaar"), self.fixed(at, "t/m")
        label = f'IF({self.fixed(at, "onderdeel")}&""="jaar",{year},"")'
        self.put(row, KEY, label, one.year if one else "", self.style.indented_year)
        self.put(row, NAME, f"IF(LEN({until})=0,{DASH},{until})", _until(one), self.style.indented_date)
        sources = {column: self.fixed(at, FIELDS[column]) for column in FIGURES}
        self.put_figures(row, sources, values, self.style.amount)
        note = f'IFERROR({self.fixed(at, "toelichting")}&"","")'
        self.put(row, NOTE, note, str(self.grid[at][-1] or "") if one else "", self.style.indented_line)
        self.native_year(row, slot, one, values)
        self.differences(row, NAME, named=one is not None)

    def native_year(self, row: int, slot: int, one: Analysis | None, values: Mapping[int, Value]) -> None:
        """Write the second route of a year."""
        year = self.place.year(slot)
        shown = f"{overzicht.SHEET}!{xl_rowcol_to_cell(overzicht.YEAR_ROW, overzicht.FIRST_YEAR + slot)}"
        self.native(row, KEY, shown, one.year if one else "")
        until = f"IFERROR(INDEX(realisatie_tm,MATCH({year},realisatie_jaar,0)),{DASH})"
        self.native(row, NAME, until, _until(one))
        self.native(row, PLANNED, _planned(f"(plan_jaar={year})"), values[PLANNED])
        spent = f"ROUND(SUMIFS(realisatie_bedrag,realisatie_jaar,{year}),2)"
        self.native(row, ACTUAL, f"IF(COUNTIFS(realisatie_jaar,{year})=0,{DASH},{spent})", values[ACTUAL])
        for column, group in ((TO_DATE, PASSED), (EXPECTED, YEAR_COST)):
            self.native(row, column, _sum(self.place.column(group, slot)), values[column])
        self.native_differences(row, values)
        day = self.cell(row, NAME)
        passed = f"MONTH({day})-1+DAY({day})/DAY(EOMONTH({day},0))"
        unsplit = f'COUNTIFS(plan_jaar,{year},plan_soort,"{Kind.UNSPLIT}")'
        formula = f'=IF(ISNUMBER({day}),IF({unsplit}>0,"",{passed}),"")'
        months = (
            float(months_until(one.until)) if one and one.until and one.total.expected is not None else ""
        )
        self.sheet.write_formula(row, START, formula, self.style.working_number, months)

    # The lines of one year

    def ask(self) -> None:
        """Write the cell in which staff choose a year, and beside it the year that it comes to."""
        row, style, sheet = self.place.asked, self.style, self.sheet
        sheet.write_string(row, KEY, "Per planregel", style.group)
        sheet.write_blank(row, NAME, None, style.input(styles.YEAR))
        sheet.write_string(
            row, PLANNED, " ← kies een jaar; leeg: het laatste jaar met realisatie", style.subtitle
        )
        years = xl_range_abs(YEARS + 1, KEY, YEARS + self.place.slots, KEY)
        sheet.data_validation(row, NAME, row, NAME, {
            "validate": "list", "source": f"={years}", "error_title": "Onbekend jaar",
            "error_message": "Kies een jaar van het plan, of maak de cel leeg."})  # fmt: skip
        latest = f"IF(COUNT(realisatie_jaar)=0,{self.place.year(0)},MAX(realisatie_jaar))"
        formula, year = f'=IF({ASKED}="",{latest},{ASKED})', self.shown.year if self.shown else ""
        sheet.write_formula(row, NATIVE, formula, style.working_number, year)
        cell = xl_rowcol_to_cell(row, NATIVE, row_abs=True, col_abs=True)
        self.build.book.define_name("jaaranalyse_gekozen", f"={SHEET}!{cell}")

    def total(self) -> None:
        """Write the chosen year's total: as among the years; the second route adds up the lines."""
        row, place = self.place.headings + 1, self.place
        values = _figures(self.shown.total if self.shown else None)
        shown = 'INDEX(jaaranalyse_jaar,MATCH("regel",jaaranalyse_onderdeel,0))'
        self.put(row, KEY, '"totaal"', "totaal", self.style.indented_strong)
        year = str(self.shown.year) if self.shown else ""
        self.put(row, NAME, f'IFERROR({shown}&"","")', year, self.style.indented_strong)
        years, sources = xl_range_abs(YEARS + 1, KEY, YEARS + place.slots, KEY), {}
        for column in FIGURES:
            cells = xl_range_abs(YEARS + 1, column, YEARS + place.slots, column)
            sources[column] = f"INDEX({cells},MATCH({shown},{years},0))"
            if column not in (LEFT_TO_DATE, LEFT):
                lines = xl_range(place.first_line, NATIVE + column, place.last, NATIVE + column)
                self.native(row, column, _sum(lines), values[column])
        self.put_figures(row, sources, values, self.style.strong_amount)
        self.native_differences(row, values)
        self.differences(row, PLANNED, named=True)

    def line(self, number: int) -> None:
        """Write a plan line in the chosen year, and for every year what the second route needs of it."""
        row = self.place.first_line + number
        known = self.lines[number] if number < len(self.lines) else None
        code = str(known[2]) if known else ""
        compared = self.shown.lines.get(code) if self.shown else None
        values = _figures(compared) if known else dict.fromkeys(FIGURES, "")
        self.line_texts(row, number, known)
        sources = {column: self.moving(number, FIELDS[column]) for column in FIGURES}
        self.put_figures(row, sources, values, self.style.amount)
        for column, group in ((PLANNED, RAMING), (TO_DATE, PASSED), (ACTUAL, SPENT), (EXPECTED, YEAR_COST)):
            self.native(row, column, self.place.in_year(group, row, "jaaranalyse_gekozen"), values[column])
        self.native_differences(row, values)
        self.differences(row, PLANNED, named=known is not None)
        start = f"INDEX(instroom_start,MATCH({self.key(row)},instroom_regel,0))"
        intake = self.build.overview.inputs.intake.get(code)
        day: Value = (dt.date(*intake.start, 1) - DAY_ZERO).days if intake and intake.start else ""
        formula = f'=IFERROR(IF(N({start})=0,"",{start}),"")'
        self.sheet.write_formula(row, START, formula, self.style.working_month, day)
        for slot in range(self.place.slots):
            self.groups(row, slot, code)

    def line_texts(self, row: int, number: int, known: Row | None) -> None:
        """Write a line's code, what it is for, and what its difference comes from."""
        label = self.style.indented_line
        for column, field, form in (
            (KEY, "regel", label),
            (NAME, "omschrijving", label),
            (NOTE, "toelichting", label),
        ):
            value = str(known[ACTUAL_HEADINGS.index(field)] or "") if known else ""
            source = f'{self.moving(number, field)}&""'
            if column == KEY:
                source = f'IF({self.moving(number, "onderdeel")}&""="regel",{source},"")'
            self.put(row, column, f'IFERROR({source},"")', value, form)

    def groups(self, row: int, slot: int, code: str) -> None:
        """Write of one line in one year: planned, saved by later intake, spent, planned to date, expected."""
        one = self.found[slot] if code and slot < len(self.found) else None
        values = _group_values(self.build, one, code) if one else dict.fromkeys(range(len(GROUPS)), "")
        place, line, year = self.place, self.key(row), self.place.year(slot)
        planned, later, spent, passed, _ = (
            xl_rowcol_to_cell(row, place.group(n, slot)) for n in range(len(GROUPS))
        )
        months, start = place.months(slot), xl_rowcol_to_cell(row, START, col_abs=True)
        before = f"MAX(0,MIN({MONTHS},{MONTHS}*(YEAR({start})-{year})+MONTH({start})-1))"
        saved = f"IF({later}=0,0,{later}*MIN({months},{before})/{before})"
        to_date = f"ROUND(N({planned})*{months}/{MONTHS}-{saved},2)"
        whole = f"ROUND(N({planned})-{later},2)"
        formulas = {
            RAMING: _planned(f"(plan_regel={line})*(plan_jaar={year})"),
            LATER: f"SUMIFS(INDEX(instroom_minder,0,{slot + 1}),instroom_regel,{line})",
            SPENT: f"IF(COUNTIFS(realisatie_regel,{line},realisatie_jaar,{year})=0,{DASH},"
            f"ROUND(SUMIFS(realisatie_bedrag,realisatie_regel,{line},realisatie_jaar,{year}),2))",
            PASSED: f"IF(AND(ISNUMBER({months}),ISNUMBER({spent}),ISNUMBER({planned})),{to_date},{DASH})",
            YEAR_COST: f"IF(AND(ISNUMBER({months}),OR(ISNUMBER({spent}),ISNUMBER({planned}))),"
            f"IF(ISNUMBER({spent}),ROUND({spent}+{whole}-N({passed}),2),{whole}),{DASH})",
        }
        for number, formula in formulas.items():
            shown = f'=IF(OR({line}="",{year}=""),"",{formula})'
            column = place.group(number, slot)
            self.sheet.write_formula(row, column, shown, self.style.working_amount, values[number])

    def finish(self) -> None:
        """Name what the master check counts, colour what must stand out, set the paper."""
        place, sheet, style = self.place, self.sheet, self.style
        for number, name in enumerate(GROUPS):
            for slot in range(place.slots):
                formula = f'="{name} "&{place.year(slot)}'
                year = self.found[slot].year if slot < len(self.found) else ""
                sheet.write_formula(
                    place.headings,
                    place.group(number, slot),
                    formula,
                    style.working_heading,
                    f"{name} {year}",
                )
        differences = xl_range_abs(YEARS + 1, DIFFERENCE, place.last, DIFFERENCE)
        figures = {"jaren": (YEARS + 1, YEARS + place.slots), "regels": (place.headings + 1, place.last)}
        self.build.book.define_name("jaaranalyse_verschillen", f"={SHEET}!{differences}")
        for name, (top, bottom) in figures.items():
            self.build.book.define_name(
                f"jaaranalyse_{name}", f"={SHEET}!{xl_range_abs(top, PLANNED, bottom, LEFT)}"
            )
            page.mark_negative(sheet, style, top, PLANNED, bottom, LEFT)
            page.show_cents(sheet, style, top, PLANNED, bottom, LEFT)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, page.VERDICT_ROW)
        sheet.print_area(0, 0, place.last, DIFFERENCE)


def _planned(where: str) -> str:
    """Return the formula of planned cost; a dash where no cell states any."""
    total = f"ROUND(SUMPRODUCT({where}*plan_bedragen),2)"
    return f'IF(SUMPRODUCT({where}*(plan_bedragen<>""))=0,{DASH},{total})'


def _sum(cells: str) -> str:
    """Return the formula that adds up what is known; a dash when nothing is."""
    return f"IF(COUNT({cells})=0,{DASH},ROUND(SUM({cells}),2))"


def _shown(cents: int | None) -> Value:
    return nl.ABSENT if cents is None else cents / 100


def _figures(one: Comparison | None) -> dict[int, Value]:
    """Return per column what a cell holds; dashes for a line without any figure in the year."""
    if one is None:
        return dict.fromkeys(FIGURES, nl.ABSENT)
    figures = (one.planned, one.to_date, one.actual, one.left_to_date, one.expected, one.left)
    return dict(zip(FIGURES, map(_shown, figures), strict=True))


def _until(one: Analysis | None) -> Value:
    if one is None:
        return ""
    return (dt.date(*one.until) - DAY_ZERO).days if one.until else nl.ABSENT


def _group_values(build: Build, one: Analysis, line: str) -> dict[int, Value]:
    """Return what the groups of the second route hold for a line in a year."""
    inputs, compared = build.overview.inputs, one.lines.get(line)
    staff, intake = structural_staff_costs(inputs.plan, one.year).get(line, 0), inputs.intake.get(line)
    saved = staff - phased_cost(staff, intake, one.year, inputs.premises.norm_per_fte)
    figures = _figures(compared)
    return {
        RAMING: figures[PLANNED],
        LATER: float(saved / 100),
        SPENT: figures[ACTUAL],
        PASSED: figures[TO_DATE],
        YEAR_COST: figures[EXPECTED],
    }
