"""The sheet Controles: the master check, what it counts, and every finding with its remedy."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bdur_xl.build import page
from bdur_xl.build.context import Build, Grid, write_array
from bdur_xl.build.frame import LAST_ROW, RANGE_NAMES
from bdur_xl.grids import CHECK_HEADINGS, HOLDS, NOT_RUN
from bdur_xl.model import Status
from bdur_xl.nl import ABSENT

SHEET = "Controles"
WIDTHS = (24, 50, 14, 34, 60, 54)
SPARE_ROWS = 40
TOP = page.FIRST_ROW


def _outcomes_that_say(*words: str) -> str:
    """Count outcomes by what they say. Not COUNTIF: Calc does not find an add-in's texts with it."""
    said = "+".join(f'(controles_uitkomst&""="{word}")' for word in words)
    return f"SUMPRODUCT({said})" if len(words) > 1 else f"SUMPRODUCT(--{said})"


COUNTED = (
    (
        "verschillen tussen de twee rekenroutes",
        "SUM(overzicht_verschillen)+SUM(doelbereik_verschillen)+SUM(jaaranalyse_verschillen)"
        "+SUM(scenarios_verschillen)",
    ),
    ("controles die moeten kloppen en niet kloppen", _outcomes_that_say(str(Status.FAILED))),
    (
        "onleesbare cellen, niet uitgevoerde controles",
        _outcomes_that_say(str(Status.FAULT), NOT_RUN),
    ),
    (
        "uitkomsten die geen getal zijn",
        "+".join(
            f'SUMPRODUCT(--ISERROR({name}))+SUMPRODUCT(ISTEXT({name})*({name}<>"")*({name}<>"{ABSENT}"))'
            for name in (
                "overzicht_cijfers",
                "overzicht_instroom",
                "doelbereik_bedrag",
                "doelbereik_fte",
                "jaaranalyse_jaren",
                "jaaranalyse_regels",
                "scenariocijfers_ruimte",
                "scenariocijfers_lasten",
                "scenariocijfers_beschikbaar",
                "scenariocijfers_cumulatief",
                "scenariocijfers_verschil_met_basis",
                "scenariocijfers_na_het_plan",
            )
        )
        + "+SUMPRODUCT(--ISERROR(controles_uitkomst))",
    ),
    ("regels onder het bereik van de formules", "{beyond}"),
)
"""What the master check adds up, and how."""


CERTAIN = ("code", "controle", "uitkomst")
"""Columns in which an error of the block must show; the others are blank where a check holds."""

BLOCK = len(WIDTHS) + 1
"""The first column of the block that BDUR_CONTROLES fills; what people read stands left of it."""


def write(build: Build, sheet: Worksheet) -> None:
    """Fill the sheet and name its verdict, which every sheet shows."""
    style = build.style
    explanation = "Wat klopt, wat niet, en wat te doen. Een signaal is geen fout: het vraagt een oordeel."
    top = TOP + len(COUNTED) + 3
    page.set_up(sheet, style, SHEET, explanation, (TOP, 0))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    arguments = ("plan", "budget", "koppeling", "aandachtsgebieden", "doelen", "instroom", "tabel1",
                 "controletotalen", "uitgangspunten")  # fmt: skip
    optional = ("toelichtingen", "realisatie", "rekeningen", "scenarios", "reserveringen")
    _, natural = build.call("BDUR_CONTROLES", *arguments, "", "", *optional)
    height = len(natural) + SPARE_ROWS
    formula, grid = build.call("BDUR_CONTROLES", *arguments, height, len(CHECK_HEADINGS), *optional)
    sheet.write_string(top - 1, BLOCK, "BDUR_CONTROLES", style.working_heading)
    write_array(sheet, top, BLOCK, formula, grid, style.working)
    column = BLOCK + CHECK_HEADINGS.index("uitkomst")
    outcomes = xl_range_abs(top, column, top + height - 1, column)
    build.book.define_name("controles_uitkomst", f"={SHEET}!{outcomes}")
    _findings(build, sheet, top, grid)
    _count(build, sheet, grid)
    sheet.repeat_rows(0, page.VERDICT_ROW)
    sheet.print_area(0, 0, top + len(natural), len(CHECK_HEADINGS) - 1)


def _findings(build: Build, sheet: Worksheet, top: int, grid: Grid) -> None:
    """Write what people read: each cell of the block, with the outcome in its colour."""
    style = build.style
    for offset, row in enumerate(grid):
        for column, cell in enumerate(row):
            source = xl_rowcol_to_cell(top + offset, BLOCK + column)
            form = style.text if offset else style.heading
            shown = f'{source}&""' if CHECK_HEADINGS[column] in CERTAIN else f'IFERROR({source}&"","")'
            sheet.write_formula(top + offset, column, f"={shown}", form, str(cell or ""))
        sheet.set_row(top + offset, _height(row))
    outcome = xl_rowcol_to_cell(top + 1, CHECK_HEADINGS.index("uitkomst"), col_abs=True)
    for words, form in (
        ((str(Status.FAILED), str(Status.FAULT), NOT_RUN), style.alarm),
        ((HOLDS,), style.calm),
    ):
        criteria = "=OR(" + ",".join(f'{outcome}="{word}"' for word in words) + ")"
        rule = {"type": "formula", "criteria": criteria, "format": form}
        sheet.conditional_format(top + 1, 0, top + len(grid) - 1, CHECK_HEADINGS.index("uitkomst"), rule)


def _height(row: Sequence[object]) -> float:
    lines = (page.height_for([str(text or "")], width) for text, width in zip(row, WIDTHS, strict=True))
    return max(lines)


def _count(build: Build, sheet: Worksheet, grid: Grid) -> None:
    """Write what is counted, the sum, and the verdict."""
    column = CHECK_HEADINGS.index("uitkomst")
    outcomes = [row[column] for row in grid]
    failed = outcomes.count(str(Status.FAILED))
    values = (0, failed, 0, 0, 0)
    beyond = "+".join(f"COUNTA({_beyond(build, key)})" for key in RANGE_NAMES)
    for row, ((label, formula), value) in enumerate(zip(COUNTED, values, strict=True), start=TOP):
        sheet.write_string(row, 1, label, build.style.label)
        sheet.write_formula(row, 2, f"={formula.format(beyond=beyond)}", build.style.count, value)
    row = TOP + len(COUNTED)
    sheet.write_string(row, 1, "afwijkingen samen", build.style.strong)
    counted = xl_range_abs(TOP, 2, row - 1, 2)
    sheet.write_formula(row, 2, f"=SUM({counted})", build.style.strong_count, failed)
    total = xl_rowcol_to_cell(row, 2, row_abs=True, col_abs=True)
    build.book.define_name("afwijkingen", f"={SHEET}!{total}")
    verdict = (
        f'IF(ISERROR({total}),"Niet te bepalen: zie {SHEET}",IF({total}=0,"{page.HOLDS}",'
        f'{total}&IF({total}=1," afwijking"," afwijkingen")&": zie {SHEET}"))'
    )
    sheet.write_formula(row, 4, f"={verdict}", build.style.strong, verdict_text(failed))
    cell = xl_rowcol_to_cell(row, 4, row_abs=True, col_abs=True)
    build.book.define_name("hoofdcontrole", f"={SHEET}!{cell}")


def verdict_text(count: int) -> str:
    """Return the verdict on so many deviations, as the formula words it."""
    if not count:
        return page.HOLDS
    return f"{count} {'afwijking' if count == 1 else 'afwijkingen'}: zie {SHEET}"


def _beyond(build: Build, key: str) -> str:
    """Return the cells under an input range: what stands there, no formula counts."""
    placed = build.placed[key]
    return f"{placed.sheet}!{xl_range_abs(LAST_ROW, placed.left, LAST_ROW + 5000, placed.right)}"
