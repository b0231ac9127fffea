"""The sheets Over, Functies, Logboek and Memo: complete, and the fingerprint a spreadsheet's own."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from calc.conftest import need_libreoffice
from calc.office import Office, Value
from calc.office import Workbook as Opened
from conftest import PLAN
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from sheets import raw, small
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

import bdur_xl
from bdur_xl.build import (
    doelbereik,
    frame,
    functies,
    inputs,
    logboek,
    memoblad,
    over,
    overzicht,
    page,
    scenarios,
    vba,
)
from bdur_xl.build.context import Build
from bdur_xl.build.logboek import InputColumn, fingerprint
from bdur_xl.build.styles import Styles
from bdur_xl.build.workbook import INPUT_SHEETS, place_tables
from bdur_xl.checks import run_checks
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.overview import overview
from bdur_xl.parse import parse_inputs
from bdur_xl.record import LOG_HEADINGS, NOW_NAME
from bdur_xl.registry import SHEET_FUNCTIONS
from bdur_xl.tables import RawTable

CREATED = dt.datetime(2031, 5, 17, tzinfo=dt.UTC)


def build_sheets(path: Path, tables: dict[str, RawTable]) -> Path:
    """Write the four sheets, the input they read and the sheets Memo refers to; no macros."""
    read, found = parse_inputs(tables)
    assert found == []
    with Workbook(path, {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        placed = place_tables(tables)
        build = Build(
            book, Styles(book), placed, overview(read), run_checks(read), frame.input_ranges(placed)
        )
        over.write(build)
        for name in INPUT_SHEETS:
            sheet = build.sheet(name)
            for one in placed.values():
                if one.table.sheet == name:
                    inputs.write_table(sheet, build.style, one)
        memoblad.write(build, overzicht.write(build), doelbereik.write(build))
        scenarios.write(build)
        functies.write(build)
        logboek.write(build, CREATED)
        for one in placed.values():
            frame.define_names(book, one)
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_sheets(tmp_path_factory.mktemp("sheets") / "plan.xlsx", read_folder(PLAN)[0])


@pytest.fixture(scope="module")
def stored(path: Path) -> openpyxl.Workbook:
    """The workbook with the values its cells hold."""
    return openpyxl.load_workbook(path, data_only=True)


@pytest.fixture(scope="module")
def formulas(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def column(sheet: Worksheet, number: int) -> list[object]:
    """Return the cells of a column, counted from 0."""
    return [row[number] for row in sheet.iter_rows(values_only=True)]


def value(book: Any, sheet: str, address: str) -> object:
    return book[sheet][address].value


# Over


def test_the_premises_stand_last_on_over_where_the_constant_says(stored: openpyxl.Workbook) -> None:
    sheet = stored[over.SHEET]
    labels = column(sheet, 0)
    assert labels[over.PREMISES_ROW] == "uitgangspunt"
    assert str(labels[over.PREMISES_ROW - 1]).startswith("Uitgangspunten")
    table = sheet.tables["tblUitgangspunten"]
    assert table.ref.endswith(f"D{sheet.max_row}")


def test_the_place_of_the_premises_does_not_depend_on_the_plan(tmp_path: Path) -> None:
    other = build_sheets(tmp_path / "other.xlsx", raw(small()))
    labels = column(openpyxl.load_workbook(other)[over.SHEET], 0)
    assert labels[over.PREMISES_ROW] == "uitgangspunt"


def test_over_says_whose_plan_it_is_and_how_weak(stored: openpyxl.Workbook) -> None:
    sheet = stored[over.SHEET]
    texts = dict(zip(column(sheet, 0), map(str, column(sheet, 1)), strict=True))
    assert texts["status"] == "voorlopig"
    assert texts["peildatum"] == "2023-02-23 00:00:00"
    assert "2025 en 2026: niet gesplitst in het plan; geldt als structureel." in texts[over.ASSUMED]
    assert "2024, 2025 en 2026: het beschikbare bedrag is een prognose" in texts[over.NOT_AWARDED]


def test_every_text_on_over_has_its_place_and_nothing_is_empty(stored: openpyxl.Workbook) -> None:
    text = column(stored[over.SHEET], 1)
    for section in over.SECTIONS:
        top = column(stored[over.SHEET], 0).index(section.title)
        assert all(text[top + 1 : top + 1 + len(section.rows)])


def test_the_last_version_is_that_of_the_program() -> None:
    assert over.VERSIONS[-1][0] == bdur_xl.__version__


# Functies


def test_functies_explains_every_function_and_argument(stored: openpyxl.Workbook) -> None:
    rows = [row[:3] for row in stored[functies.SHEET].iter_rows(values_only=True)]
    for function in SHEET_FUNCTIONS:
        at = next(number for number, row in enumerate(rows) if row[0] == function.name)
        assert rows[at : at + 3] == [
            (function.name, None, function.help),
            (None, "geeft", function.returns),
            (None, "voorbeeld", function.example),
        ]
        assert rows[at + 3 : at + 3 + len(function.arguments)] == [
            (argument.name, "mag leeg" if argument.optional else "verplicht", argument.help)
            for argument in function.arguments
        ]


def test_examples_are_text_with_dutch_separators(formulas: openpyxl.Workbook) -> None:
    sheet = formulas[functies.SHEET]
    examples = [row[2] for row in sheet.iter_rows() if row[1].value == "voorbeeld"]
    assert len(examples) == len(SHEET_FUNCTIONS)
    assert all(cell.data_type == "s" and "," not in re.sub('".*?"', "", str(cell.value)) for cell in examples)


def test_the_status_is_live_and_its_stored_value_the_same_on_every_computer(
    stored: openpyxl.Workbook, formulas: openpyxl.Workbook
) -> None:
    row = functies.STATUS_ROW + 1
    assert formulas[functies.SHEET].cell(row, 3).value == "=BDUR_STATUS()"
    assert stored[functies.SHEET].cell(row, 3).value == functies.NOT_YET


# Memo


def test_every_figure_of_the_memo_equals_the_cell_it_refers_to(
    stored: openpyxl.Workbook, formulas: openpyxl.Workbook
) -> None:
    followed = 0
    for row in formulas[memoblad.SHEET].iter_rows():
        for cell in row:
            reference = re.fullmatch(r"=(\w+)!([A-Z]+\d+)", str(cell.value))
            if reference:
                followed += 1
                assert value(stored, memoblad.SHEET, cell.coordinate) == value(stored, *reference.groups())
    assert followed > 300


def test_every_figure_has_a_mark_of_its_own_a_cell_and_a_rule(stored: openpyxl.Workbook) -> None:
    rows = list(stored[memoblad.SHEET].iter_rows(min_row=memoblad.YEAR_ROW + 2, values_only=True))
    marked = [row for row in rows if row[0] and row[0] != "kenmerk"]
    marks = [row[0] for row in marked]
    assert len(set(marks)) == len(marks)
    assert {
        "ruimte-exact",
        "lasten-jaartotaal",
        "instroom 1 mei 2023",
        "doel-R1-bedrag",
        "afdeling-CB",
    } <= set(marks)
    assert all(all(row[-3:]) for row in marked)


def test_the_origin_of_a_figure_is_where_its_formula_points(
    stored: openpyxl.Workbook, formulas: openpyxl.Workbook
) -> None:
    marks = column(stored[memoblad.SHEET], 0)
    row = marks.index("ruimte-exact") + 1
    first = formulas[memoblad.SHEET].cell(row, memoblad.FIRST_FIGURE + 1).value
    origin = [cell.value for cell in stored[memoblad.SHEET][row]][-3:]
    assert first == f"={origin[0]}!{str(origin[1]).split(':')[0]}"


def test_every_button_starts_a_macro_that_exists() -> None:
    macros = vba.sources()["BDuR"]
    assert all(f"Public Sub {macro}(" in macros for _, macro in memoblad.BUTTONS)


# Logboek: the fingerprint in Python


cells = st.one_of(
    st.none(),
    st.integers(-10_000_000, 10_000_000),
    st.integers(-1_000_000_000, 1_000_000_000).map(lambda cents: cents / 100),
    st.text("abcXYZ éë€,.;:-/()", max_size=12),
)
grids = st.integers(1, 6).flatmap(
    lambda height: st.lists(st.lists(cells, min_size=height, max_size=height), min_size=1, max_size=6)
)


def shown(cell: object) -> object:
    """Return what tells cells apart: an empty text is an empty cell, a number is not its text."""
    return (isinstance(cell, str), cell) if cell not in (None, "") else None


def of(grid: list[list[object]]) -> str:
    return fingerprint([InputColumn("x", 1, tuple(cells_of_column)) for cells_of_column in grid])


@given(grids, st.data())
@settings(deadline=None)
def test_changing_one_cell_changes_the_fingerprint(grid: list[list[object]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(grid) - 1))
    row = data.draw(st.integers(0, len(grid[0]) - 1))
    new = data.draw(cells.filter(lambda cell: shown(cell) != shown(grid[at][row])))
    before, grid[at][row] = of(grid), new
    assert of(grid) != before


@given(grids, st.data())
@settings(deadline=None)
def test_swapping_or_moving_cells_changes_the_fingerprint(
    grid: list[list[object]], data: st.DataObject
) -> None:
    places = [(at, row) for at in range(len(grid)) for row in range(len(grid[0]))]
    (at, row), (to, down) = data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places)))
    before = of(grid)
    differ = shown(grid[at][row]) != shown(grid[to][down])
    grid[at][row], grid[to][down] = grid[to][down], grid[at][row]
    assert (of(grid) != before) == differ


@given(grids, st.data())
@settings(deadline=None)
def test_swapping_columns_changes_the_fingerprint(grid: list[list[object]], data: st.DataObject) -> None:
    first, second = data.draw(st.tuples(*[st.integers(0, len(grid) - 1)] * 2))
    before = of(grid)
    differ = list(map(shown, grid[first])) != list(map(shown, grid[second]))
    grid[first], grid[second] = grid[second], grid[first]
    assert (of(grid) != before) == differ


@pytest.mark.parametrize("place", [0, 1, 7, 60])
def test_no_two_round_amounts_weigh_the_same(place: int) -> None:
    """€ 120.000 and € 201.000 do under a sum of squares."""
    blanks: list[object] = [None] * place
    weights = {of([[*blanks, amount]]) for amount in range(0, 10_000_000, 1_000)}
    assert len(weights) == 10_000


# Logboek: the fingerprint in a spreadsheet


def test_the_log_opens_with_the_build(stored: openpyxl.Workbook) -> None:
    sheet = stored[logboek.SHEET]
    entry = [cell.value for cell in sheet[logboek.HEADING_ROW + 2]][: len(LOG_HEADINGS)]
    now = sheet.cell(logboek.SUMMARY_ROW + 1, 2).value
    assert entry == [CREATED.replace(tzinfo=None), bdur_xl.__version__, now, logboek.BUILT]
    assert sheet.cell(logboek.SUMMARY_ROW + 3, 2).value == page.CURRENT


@pytest.fixture(scope="module")
def calc() -> Iterator[Office]:
    need_libreoffice()
    with Office() as running:
        yield running


@pytest.fixture(scope="module")
def opened(calc: Office, path: Path) -> Iterator[Opened]:
    """The sheets in Calc, recalculated; a test leaves them as they were."""
    with calc.open(path) as book:
        book.recalculate()
        yield book


def cell(placed_name: str, heading: str, row: int) -> str:
    """Return the address of a cell of the plan's tables: its heading, its row counted from 1 under it."""
    placed = place_tables(read_folder(PLAN)[0])[placed_name]
    column = placed.left + [str(one) for one in placed.raw.headings].index(heading)
    return f"{placed.sheet}!{xl_rowcol_to_cell(placed.top + row, column)}"


@pytest.mark.libreoffice
def test_calc_computes_what_is_stored(opened: Opened, stored: openpyxl.Workbook) -> None:
    sheet = stored[logboek.SHEET]
    assert opened.read(NOW_NAME) == sheet.cell(logboek.SUMMARY_ROW + 1, 2).value
    assert opened.read(logboek.CURRENCY_NAME) == page.CURRENT
    for part in (logboek.ROWS, logboek.HEADING, logboek.TEXT, logboek.WEIGHT):
        letters = xl_col_to_name(part)
        first, last = logboek.HEADING_ROW + 2, sheet.max_row
        calculated = [row[0] for row in opened.rows(f"{logboek.SHEET}!{letters}{first}:{letters}{last}")]
        assert calculated == column(sheet, part)[first - 1 :]


EDITS: dict[str, dict[str, Value]] = {
    "a cent": {cell("plan", "2025", 1): 100_000.01},
    "permuted digits": {cell("plan", "2025", 1): 10_000.0},
    "nil for no estimate": {cell("plan", "2023 i", 1): 0.0},
    "an amount as text": {cell("plan", "2025", 1): "100000"},
    "two amounts swapped": {cell("plan", "2025", 1): 150_000.0, cell("plan", "2025", 2): 100_000.0},
    "an amount moved a line": {cell("plan", "2023 i", 7): None, cell("plan", "2023 i", 6): 225_000.0},
    "an amount moved a year": {cell("plan", "2023 s", 1): None, cell("plan", "2023 i", 1): 100_000.0},
    "a comma for a point": {cell("plan", "subthema", 7): "inr./ontw. VIK. dyn ris.profiel"},
    "a letter's case": {cell("plan", "afdeling/sector", 1): "cb"},
    "a heading": {cell("plan", "2026", 0): "2027"},
    "a year beside the table": {cell("plan", "2026", 0).replace("L", "M"): "2027"},
    "the last line that counts": {cell("plan", "regel", frame.LAST_ROW - frame.HEADING_ROW - 1): "P99"},
    "fte of Tabel 1": {cell("capacity", "capaciteit structureel 2023 (fte)", 2): 1.25},
    "a grant": {cell("budget", "exact bedrag", 1): 1_407_149.5},
    "a start month": {cell("intake", "startmaand", 1): 45_078.0},
    "a level": {cell("links", "dekking", 1): "gedeeld"},
    "a printed total": {cell("control_totals", "totaal", 1): 1_685_001.0},
    "the norm": {cell("premises", "waarde", 7): 100_001.0},
    "a goal's text": {cell("goals", "tekst", 22): "Solide organisatie."},
}
"""Values to type, by place."""


@pytest.mark.libreoffice
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edit_in_calc_raises_the_alarm_and_its_undoing_ends_it(
    opened: Opened, edit: dict[str, Value]
) -> None:
    before = {place: opened.read(place) for place in edit}
    for place, value in edit.items():
        opened.write(place, value)
    assert opened.read(logboek.CURRENCY_NAME) == logboek.STALE
    for place, value in before.items():
        opened.write(place, value)
    assert opened.read(logboek.CURRENCY_NAME) == page.CURRENT


@pytest.mark.libreoffice
def test_an_error_in_the_input_is_no_silence(opened: Opened) -> None:
    place = cell("plan", "2025", 1)
    amount = opened.read(place)
    opened.write_formula(place, "=1/0")
    assert opened.read(logboek.CURRENCY_NAME) == logboek.UNKNOWN
    opened.write(place, amount)
    assert opened.read(logboek.CURRENCY_NAME) == page.CURRENT


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", [over.SHEET, memoblad.SHEET, functies.SHEET, logboek.SHEET])
def test_no_column_is_too_narrow_for_its_figures(opened: Opened, name: str) -> None:
    assert not [text for row in opened.texts(f"{name}!A1:L150") for text in row if "###" in text]
