"""The whole workbook: sheets in the order of its readers, names, macros, and the package."""

import datetime as dt
import io
from collections.abc import Callable, Mapping
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bdur_xl.build import (
    controles,
    doelbereik,
    doelen,
    frame,
    functies,
    function_help,
    gezondheid,
    instroom,
    jaaranalyse,
    logboek,
    memoblad,
    over,
    overzicht,
    own_sheets,
    page,
    scenarios,
    vba,
    vba_wrappers,
    verversing,
)
from bdur_xl.build import (
    inputs as input_sheets,
)
from bdur_xl.build.context import Build
from bdur_xl.build.frame import Placed
from bdur_xl.build.package import Properties, finish
from bdur_xl.build.ribbon import ribbon
from bdur_xl.build.styles import Styles
from bdur_xl.checks import run_checks
from bdur_xl.files.atomic import write_over
from bdur_xl.model import Inputs, Status
from bdur_xl.overview import overview
from bdur_xl.tables import INPUT_TABLES, RawTable
from bdur_xl.upgrade import Carried

CREATED = dt.datetime(2023, 2, 23, tzinfo=dt.UTC)
"""When nothing dates the plan: fixed, so that two builds give the same bytes."""

INPUT_SHEETS: Mapping[str, str] = {
    "Plan": "Tabel 2: de gevraagde lasten per regel en jaar. Leeg = geen raming, niet € 0. "
    "Een jaar erbij: typ naast de tabel een kop (2027, of 2027 i en 2027 s).",
    "Tabel 1": "Tabel 1: de gevraagde capaciteit en middelen.",
    "Budget": "Het beschikbare bedrag per jaar, afgerond (Tabel 2) en exact (de brief); "
    "ernaast de totalen zoals gedrukt in de memo, en wat van de ruimte is gereserveerd.",
    "Doelen": "De doelen, de aandachtsgebieden, en welke regel welk gebied dient: "
    "dat laatste is een oordeel, pas het gerust aan.",
    "Instroom": "Per fte-regel: wanneer de formatie begint en hoeveel fte al in dienst is.",
    "Toelichtingen": "Wat u van een bevinding hebt verklaard: neem code, waar en bevinding over van het blad "
    "Controles en typ de reden ernaast. Zegt de bevinding iets anders, dan staat zij weer open.",
    "Realisatie": "Wat per regel en jaar is uitgegeven, tot en met de peildatum (t/m). Leeg = nog geen "
    "realisatie, niet € 0. Ernaast: welke grootboekrekening of kostenplaats bij welke regel hoort.",
}
"""The sheets staff fill in, with their explanation.

Sheets with an input table are not protected: Excel does not let a table grow on a protected sheet.
"""

GAP = 1
HELPERS = {"areas": 1, "links": 1}
"""Working columns beside a table."""


ROOM = {"actuals": 36, "ledger_map": 36}
"""Rows that a table has at least: blank ones invite to paste, also where tables do not grow."""


def build_workbook(raw: Mapping[str, RawTable], inputs: Inputs, path: Path) -> Path | None:
    """Write the workbook of a plan, whole or not at all; return the backup of what stood there.

    `raw` holds the input tables as read, `inputs` what they mean. The same
    tables give the same bytes. Raises OSError when the file cannot be written.
    """
    return write_over(path, workbook_bytes(raw, inputs))


def workbook_bytes(raw: Mapping[str, RawTable], inputs: Inputs, carried: Carried | None = None) -> bytes:
    """Return the macro workbook of a plan, with what it takes over from an older one."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"strings_to_urls": False, "strings_to_formulas": False, "in_memory": True})
    _fill(book, raw, inputs, carried)
    book.close()
    subject = inputs.premises.subject
    properties = Properties("BDuR-plan", subject, "Werkmap met het BDuR-plan", _created(inputs))
    return finish(buffer.getvalue(), properties, ribbon=ribbon(), custom_xml=[function_help.intellisense()])


def _created(inputs: Inputs) -> dt.datetime:
    """Return when the workbook was made, as far as it says: its peildatum, never the clock."""
    date = inputs.premises.reference_date
    return dt.datetime(*date, tzinfo=dt.UTC) if date else CREATED


def _fill(book: Workbook, raw: Mapping[str, RawTable], inputs: Inputs, carried: Carried | None) -> None:
    placed = place_tables(raw)
    build = Build(
        book=book,
        style=Styles(book),
        placed=placed,
        overview=overview(inputs),
        outcomes=run_checks(inputs),
        ranges=frame.input_ranges(placed),
        carried=carried,
    )
    sheets = _write_sheets(build)
    for one in placed.values():
        frame.define_names(book, one)
    verdict = controles.verdict_text(_failed(build))
    for sheet in sheets:
        page.show_verdict(sheet, build.style, verdict, logboek.currency(build))
        if sheet.get_name() not in {one.table.sheet for one in placed.values()}:
            page.protect(sheet)
    if carried:
        own_sheets.write(book, carried)
    modules = {**vba.sources(), "xlwings_udfs": vba_wrappers.udf_module()}
    project = vba.vba_project(modules, [sheet.vba_codename for sheet in book.worksheets()])
    book.add_vba_project(io.BytesIO(project), is_stream=True)
    book.set_vba_name(vba.WORKBOOK_CODE_NAME)


def _failed(build: Build) -> int:
    return sum(found.status is Status.FAILED for one in build.outcomes for found in one.findings)


def _write_sheets(build: Build) -> list[Worksheet]:
    """Write the sheets in the order of their readers."""
    over.write(build)
    for name, explanation in INPUT_SHEETS.items():
        _write_input_sheet(build, name, explanation)
    figures = overzicht.write(build)
    goals = doelbereik.write(build)
    jaaranalyse.write(build)
    scenarios.write(build)
    controles.write(build, build.sheet(controles.SHEET))
    memoblad.write(build, figures, goals)
    created = _created(build.overview.inputs)
    verversing.write(build, created)
    functies.write(build)
    gezondheid.write(build, created, controles.verdict_text(_failed(build)))
    logboek.write(build, created)
    sheets: list[Worksheet] = build.book.worksheets()
    return sheets


def place_tables(raw: Mapping[str, RawTable]) -> dict[str, Placed]:
    """Return every input table at its place; those on one sheet stand side by side."""
    placed: dict[str, Placed] = {}
    left: dict[str, int] = {}
    for key, table in INPUT_TABLES.items():
        tops = {"premises": over.PREMISES_ROW, "scenarios": scenarios.table_row(raw["scenarios"])}
        top = tops.get(key, frame.HEADING_ROW)
        placed[key] = frame.place(table, _with_room(key, raw[key]), top, left.get(table.sheet, 0))
        left[table.sheet] = placed[key].right + 1 + HELPERS.get(key, 0) + GAP
    return placed


def _with_room(key: str, raw: RawTable) -> RawTable:
    """Return a table with blank rows up to the room it has."""
    number = max((number for number, _ in raw.rows), default=raw.header_row)
    blank: tuple[object, ...] = (None,) * len(raw.headings)
    lacking = range(number + 1, number + 1 + ROOM.get(key, 0) - len(raw.rows))
    return raw._replace(rows=(*raw.rows, *((one, blank) for one in lacking)))


def _write_input_sheet(build: Build, name: str, explanation: str) -> None:
    sheet = build.sheet(name)
    tables = {key: one for key, one in build.placed.items() if one.table.sheet == name}
    page.set_up(sheet, build.style, name, explanation, (frame.HEADING_ROW + 1, 1))
    for one in tables.values():
        input_sheets.write_table(sheet, build.style, one)
    input_sheets.fit_rows(sheet, list(tables.values()))
    last = [(one.bottom, one.right) for one in tables.values()]
    sheet.print_area(0, 0, max(row for row, _ in last), max(column for _, column in last))
    _, *lefts = (one.left for one in tables.values())
    if len(lefts) > 1:  # two tables still fit one page
        page.print_apart(sheet, lefts)
    extra: dict[str, Callable[[], None]] = {
        "plan": lambda: input_sheets.write_year_rows(
            build.book, sheet, build.style, tables["plan"], build.overview.inputs.plan
        ),
        "intake": lambda: instroom.write_less(build, sheet),
        "links": lambda: doelen.write_served_goals(build),
    }
    for key in tables.keys() & extra.keys():
        extra[key]()
