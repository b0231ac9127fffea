"""The sheet Gezondheid: what formulas can tell of workbook and functions; `bdur gezond` tells the rest.

Every line reads cells that calculate, so it is as true as the last calculation. Without Python the
functions answer an error, or keep the value they were saved with.
"""

import datetime as dt
from importlib.metadata import version
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

import bdur_xl
from bdur_xl import health
from bdur_xl.build import controles, functies, logboek, page, verversing
from bdur_xl.build.context import Build
from bdur_xl.cells import DAY_ZERO
from bdur_xl.health import Verdict
from bdur_xl.status import HOLDS

SHEET = "Gezondheid"
HEADINGS = ("wat", "gevonden", "oordeel", "wat te doen")
WIDTHS = (32, 58, 18, 84)
WHAT, FOUND, VERDICT, REMEDY = range(len(HEADINGS))

BUTTONS = (("Gezondheid", "Gezondheid"), ("Herbereken", "HerberekenAlles"))
BUTTON_ROW = page.FIRST_ROW
HEADING_ROW = BUTTON_ROW + 3

NO_ANSWER = "de functies antwoorden niet"
REACH = 2_000
"""Rows of the log that are looked at."""

_STATUS = functies.STATUS_NAME
_PENDING = f'ISNUMBER(SEARCH("{functies.NOT_CALCULATED}",{_STATUS}))'
REST = (
    "Voer in een opdrachtvenster uit: bdur gezond, met de naam van deze werkmap erachter. Dat ziet wat een "
    "formule niet kan zien, en geeft per regel één remedie:"
)


class Row(NamedTuple):
    """One line: what it looks at, how it finds that, what it makes of it."""

    what: str
    found: str
    """A formula, or a text that stays."""
    value: float | str
    """What the formula gives in a new workbook."""
    verdict: str
    """A formula over {cell}, where the found value stands."""
    judged: str
    """What that gives in a new workbook."""
    remedy: str
    form: str = "text"


def _rows(created: dt.datetime, verdict: str) -> tuple[Row, ...]:
    program, library = bdur_xl.__version__, version("xlwings")
    good, wrong, note = Verdict.GOOD, Verdict.WRONG, Verdict.NOTE
    pending = functies.NOT_CALCULATED
    holds = f'IF(RIGHT({_STATUS},{len(HOLDS)})="{HOLDS}","{good}","{wrong}")'
    says_program = f'LEFT({_STATUS},LEN({{cell}})+9)="bdur_xl "&{{cell}}&","'
    says_library = f'ISNUMBER(SEARCH("xlwings "&{{cell}}&":",{_STATUS}))'
    no_library = f'ISERROR(SEARCH("xlwings",{_STATUS}))'
    moments = f"{logboek.SHEET}!$A${logboek.HEADING_ROW + 2}:$A${logboek.HEADING_ROW + REACH}"

    library_fits = f'IF({says_library},"{good}",IF({no_library},"{Verdict.UNSEEN}","{wrong}"))'

    def once_calculated(then: str) -> str:
        return f'IF(ISERROR({_STATUS}),"{wrong}",IF({_PENDING},"{pending}",{then}))'

    return (
        Row("functies op deze computer", f'=IFERROR({_STATUS},"{NO_ANSWER}")', functies.NOT_YET,
            once_calculated(holds), pending,
            "Kies Herbereken. Blijft het zo, voer dan bdur gezond uit."),
        Row(health.WORKBOOK_VERSION, program, program,
            once_calculated(f'IF({says_program},"{good}","{wrong}")'), pending,
            "Installeer de BDuR-versie die bij deze werkmap hoort."),
        Row(health.WORKBOOK_XLWINGS, library, library,
            once_calculated(library_fits), pending,
            "Excel: installeer de BDuR-versie van deze werkmap. LibreOffice heeft xlwings niet nodig."),
        Row("invoer en controles", "=hoofdcontrole", verdict,
            f'IF({{cell}}="{page.HOLDS}","{good}","{note}")', good if verdict == page.HOLDS else note,
            f"Kijk op het blad {controles.SHEET}."),
        Row("decimaalteken", "=decimaalteken", ",", f'IF({{cell}}=",","{good}","{note}")', good,
            "Typ bedragen met dit teken, of zet de landinstelling op Nederlands (Nederland)."),
        Row("laatste regel van het logboek", f"=MAX({moments})", _serial(created),
            f'IF({{cell}}>0,"{good}","{note}")', good, f"Kijk op het blad {logboek.SHEET}.", "moment"),
        Row("invoer sindsdien", f"={logboek.CURRENCY_NAME}", page.CURRENT,
            f'IF({{cell}}="{page.CURRENT}","{good}","{note}")', good, "Kies Vernieuw bestuursmemo."),
        Row("cijfers anders dan in de memo", f"={verversing.CHANGES_NAME}", 0,
            f'IF({{cell}}=0,"{good}","{note}")', good,
            f"Kies Vernieuw bestuursmemo; het blad {verversing.SHEET} noemt ze.", "left_count"),
    )  # fmt: skip


def _serial(moment: dt.datetime) -> float:
    return (moment.replace(tzinfo=None) - dt.datetime.combine(DAY_ZERO, dt.time())) / dt.timedelta(days=1)


def write(build: Build, created: dt.datetime, verdict: str) -> None:
    """Add the sheet; `verdict` is what the master check says."""
    sheet, style = build.sheet(SHEET), build.style
    explanation = "Werkt alles samen? Hier wat een formule kan zien; de rest zegt de opdracht bdur gezond."
    page.set_up(sheet, style, SHEET, explanation, (HEADING_ROW + 1, 1))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    page.add_buttons(sheet, BUTTON_ROW, WHAT, BUTTONS)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(HEADING_ROW, column, heading, style.heading)
    rows = _rows(created, verdict)
    for number, row in enumerate(rows, start=HEADING_ROW + 1):
        _line(build, sheet, number, row)
    _colours(build, sheet, HEADING_ROW + 1, HEADING_ROW + len(rows))
    last = _rest(build, sheet, HEADING_ROW + len(rows) + 2)
    sheet.print_area(0, 0, last, REMEDY)


def _line(build: Build, sheet: Worksheet, number: int, row: Row) -> None:
    style = build.style
    form: Format = getattr(style, row.form)
    cell = xl_rowcol_to_cell(number, FOUND)
    sheet.write_string(number, WHAT, row.what, style.label)
    if row.found.startswith("="):
        sheet.write_formula(number, FOUND, row.found, form, row.value)
    else:
        sheet.write_string(number, FOUND, row.found, form)
    sheet.write_formula(number, VERDICT, f"={row.verdict.format(cell=cell)}", style.label, row.judged)
    judged = xl_rowcol_to_cell(number, VERDICT)
    shown = "" if row.judged == Verdict.GOOD else row.remedy
    sheet.write_formula(
        number, REMEDY, f'=IF({judged}="{Verdict.GOOD}","","{row.remedy}")', style.text, shown
    )
    sheet.set_row(number, page.height_for([row.remedy], WIDTHS[REMEDY]))


def _colours(build: Build, sheet: Worksheet, top: int, bottom: int) -> None:
    for word, form in ((Verdict.GOOD, build.style.calm), (Verdict.WRONG, build.style.alarm)):
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": form}
        sheet.conditional_format(top, VERDICT, bottom, VERDICT, rule)


def _rest(build: Build, sheet: Worksheet, row: int) -> int:
    """Write what only the command can see, and return the last row."""
    style = build.style
    sheet.write_string(row, WHAT, "De rest", style.group)
    for column in range(FOUND, len(HEADINGS)):
        sheet.write_blank(row, column, None, style.group)
    sheet.write_string(row + 1, WHAT, REST, style.label)
    for number, check in enumerate(health.CHECKS, start=row + 2):
        sheet.write_string(number, WHAT, check.name, style.label)
        sheet.write_string(number, FOUND, check.looks_at, style.text)
    return row + 1 + len(health.CHECKS)
