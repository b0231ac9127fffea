"""The workbook open in Excel as a Book: through xlwings itself, on a stand-in for Excel's objects."""

import datetime as dt
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from excel import ALLOWED, ERRORS, RESULT, Cell, Counted, Sheet, Workbook, serial
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import small, write_with_tables

from bdur_xl.book import BookError, Formula
from bdur_xl.cells import Unreadable, is_blank
from bdur_xl.files.workbook import ClosedWorkbook
from bdur_xl.record import FIGURE_HEADINGS, LAST_NAME, NOW_NAME
from bdur_xl.restore import same
from bdur_xl.tables import INPUT_TABLES, RawTable


@pytest.fixture
def excel(tmp_path: Path) -> Workbook:
    """The small plan in Excel."""
    path = write_with_tables(tmp_path / "plan.xlsx", small(), row=5)
    return Workbook(path, str(path))


@pytest.fixture(scope="package")
def module(xlwings: ModuleType) -> ModuleType:
    return import_module("udfs.open_workbook")


@pytest.fixture
def shown(xlwings: ModuleType, excel: Workbook) -> Any:
    """That workbook as xlwings has it."""
    return xlwings.Book(impl=import_module("xlwings._xlwindows").Book(xl=excel))


@pytest.fixture
def book(module: ModuleType, shown: Any) -> Any:
    """And as a Book."""
    return module.OpenWorkbook(shown)


def rows(book: Any, key: str) -> list[tuple[object, ...]]:
    raw = book.read(key)
    assert isinstance(raw, RawTable)
    return [raw.headings, *(cells for _, cells in raw.rows)]


def cell(excel: Workbook, key: str, row: int, column: int) -> Cell:
    """Return a cell of a table, counted from its first heading."""
    table = excel.table(INPUT_TABLES[key].table)
    return table.Parent.grid[table.first[0] + row, table.first[1] + column]


def test_a_table_is_read_with_its_place(book: Any) -> None:
    raw = book.read("links")
    assert [raw.headings, *(cells for _, cells in raw.rows)] == [tuple(row) for row in small()["links"]]
    assert (raw.source, raw.header_row, [number for number, _ in raw.rows]) == ("Doelen", 6, [7, 8, 9])
    assert raw.place(7, 0) == "Doelen!M7"


def test_a_table_the_workbook_lacks_reads_as_none(excel: Workbook, module: ModuleType, shown: Any) -> None:
    excel.Worksheets = [sheet for sheet in excel.Worksheets if sheet.Name != "Instroom"]
    assert module.OpenWorkbook(shown).read("intake") is None


@pytest.mark.parametrize(
    ("held", "read"),
    [
        (Cell(), None),
        (Cell(""), None),
        (Cell(25_000.55), 25_000.55),
        (Cell(0.12345678901234567, form="€ #,##0"), 0.12345678901234567),
        (Cell(True), True),
        (Cell("=1+1", form="@"), "=1+1"),
        (Cell("=1+1"), "=1+1"),
        (Cell(RESULT, "=1+1"), Formula("=1+1", RESULT)),
        (Cell(ERRORS["#REF!"], "=B1"), Formula("=B1", Unreadable("#REF!"))),
        (Cell(ERRORS["#N/A"]), Unreadable("#N/A")),
        (Cell("#N/A"), "#N/A"),
        (Cell(serial(dt.datetime(2031, 4, 1)), form="d-m-yyyy"), dt.date(2031, 4, 1)),
        (Cell(serial(dt.datetime(2031, 4, 1, 12)), form="d-m-yyyy"), dt.datetime(2031, 4, 1, 12)),
        (Cell(0.5, form="h:mm"), dt.datetime(1899, 12, 30, 12)),
        (Cell(2031.0), 2031.0),
    ],
    ids=repr,
)
def test_a_cell_reads_as_what_was_typed(excel: Workbook, book: Any, held: Cell, read: object) -> None:
    table = excel.table("tblBudget")
    table.Parent.grid[table.first[0] + 1, table.first[1] + 1] = held
    (found,) = [row[1] for row in rows(book, "budget")[1:2]]
    assert same(found, read)
    if isinstance(read, Formula) and isinstance(found, Formula):
        assert same(found.value, read.value)


headings = st.lists(
    st.text("abc' =2031", min_size=1, max_size=6), min_size=1, max_size=9, unique_by=str.casefold
)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(min_size=1, max_size=8),
    st.sampled_from(["=1+1", "-x", "@SUM(A1)", "mei 2031", "007", "WAAR", "#N/A", "'s-Gravenhage", "''"]),
    st.sampled_from(list(ERRORS)).map(Unreadable),
    st.dates(dt.date(1901, 1, 1), dt.date(2199, 12, 31)),
    st.sampled_from(["=60000*2", "=[@[2031 i]]", '="x"']).map(lambda text: Formula(text, RESULT)),
)
tables = headings.flatmap(
    lambda row: st.lists(st.lists(cells, min_size=len(row), max_size=len(row)), min_size=1, max_size=7).map(
        lambda body: [row, *body]
    )
)
forms = st.lists(st.sampled_from(["General", "@", "€ #,##0", "d-m-yyyy"]), min_size=1, max_size=5)


def differing(book: Any, wanted: list[list[object]]) -> list[object]:
    """Return the cells of the plan that are not as wanted."""
    found = rows(book, "plan")
    assert [len(row) for row in found] == [len(row) for row in wanted]
    pairs = (pair for two in zip(found, wanted, strict=True) for pair in zip(*two, strict=True))
    return [pair for pair in pairs if not same(*pair)]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tables, tables, forms)
def test_a_table_takes_any_rows_and_gives_them_back(
    excel: Workbook, book: Any, one: list[list[object]], other: list[list[object]], shown_as: list[str]
) -> None:
    """Larger or smaller, whatever it held and however its cells are shown."""
    table = excel.table("tblPlan")
    for number, held in enumerate(table.Parent.grid.values()):
        held.form = shown_as[number % len(shown_as)]
    for wanted in (one, other):
        book.write("plan", wanted)
        assert differing(book, wanted) == []
    assert table.Range
    inside = {place for row in table.Range.places() for place in row}
    left_behind = [place for place, held in table.Parent.grid.items() if held.value is not None]
    assert set(left_behind) <= inside


def test_only_cells_that_differ_are_touched(excel: Workbook, book: Any) -> None:
    """So what staff gave the other cells stays, and a filter hides nothing from us."""
    wanted = [list(row) for row in rows(book, "plan")]
    wanted[2][5] = 30_000.0
    with pytest.MonkeyPatch.context() as patch:
        typed: list[object] = []
        patch.setattr(Cell, "enter", lambda _, value: typed.append(value))
        book.write("plan", wanted)
    assert typed == [30_000.0]


def test_text_is_never_a_formula_not_even_for_a_moment(excel: Workbook, book: Any) -> None:
    wanted = [list(row) for row in rows(book, "plan")]
    wanted[1][3] = '=WEBSERVICE("x")'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cell, "_understand", lambda self, typed: pytest.fail(typed))
        book.write("plan", wanted)
    found = cell(excel, "plan", 1, 3)
    assert (found.value, found.formula, found.form) == ('=WEBSERVICE("x")', "", "General")


def test_a_number_format_stays_unless_a_date_would_be_a_number(excel: Workbook, book: Any) -> None:
    wanted = [list(row) for row in rows(book, "budget")]
    cell(excel, "budget", 1, 1).form = "€ #,##0"
    cell(excel, "budget", 1, 2).form = "d-mmm"  # what Excel makes of 1-5 typed in an amount
    wanted[1][1:4] = [1.0, 1.5, dt.date(2031, 4, 1)]
    book.write("budget", wanted)
    forms = [cell(excel, "budget", 1, column).form for column in (1, 2, 3)]
    assert forms == ["€ #,##0", "General", "d-m-yyyy"]


def test_headings_that_changed_places_come_back(excel: Workbook, book: Any) -> None:
    """Excel takes no heading twice: typed one by one, the second would become "blok2"."""
    wanted = rows(book, "plan")
    book.write("plan", [tuple(reversed(row)) for row in wanted])
    assert rows(book, "plan")[0] == tuple(reversed(wanted[0]))
    book.write("plan", wanted)
    assert rows(book, "plan") == wanted


@pytest.mark.parametrize(("row", "column", "where"), [(6, 2, "A11:H11"), (0, 8, "I6:I10")])
def test_a_table_does_not_grow_over_what_stands_there(
    excel: Workbook, book: Any, row: int, column: int, where: str
) -> None:
    before = rows(book, "plan")
    wanted = [(*one, None) for one in before] if column == 8 else [*before, (None,) * 8]
    if column == 8:
        wanted[0] = (*before[0], "2033")
    cell(excel, "plan", row or 2, column).value = "van een collega"
    cell(excel, "plan", 5, 2).value = "ook" if row else None
    with pytest.raises(BookError) as refused:
        book.write("plan", wanted)
    assert refused.value.message == f"De tabel tblPlan past niet op Plan: in {where} staat iets"
    assert rows(book, "plan") == before


def test_a_total_row_of_excel_stays(excel: Workbook, book: Any) -> None:
    table = excel.table("tblPlan")
    table.ShowTotals = True
    before = rows(book, "plan")
    book.write("plan", before[:-1])
    assert rows(book, "plan") == before[:-1]
    assert table.ShowTotals


def test_an_emptied_table_holds_one_blank_row(excel: Workbook, book: Any) -> None:
    excel.table("tblInstroom").height = 1
    for column in range(4):
        cell(excel, "intake", 1, column).enter(None)
    assert rows(book, "intake")[1:] == [(None,) * 4]


def test_a_table_without_headings_reads_but_is_not_written(excel: Workbook, book: Any) -> None:
    before = rows(book, "plan")
    excel.table("tblPlan").ShowHeaders = False
    assert rows(book, "plan") == before
    assert book.read("plan").rows[0][0] == 7
    with pytest.raises(BookError, match="heeft geen koprij"):
        book.write("plan", before)


def test_a_protected_sheet_is_protected_again_as_it_was(excel: Workbook, book: Any) -> None:
    sheet = protected(excel, "")
    wanted = [*rows(book, "premises"), ("nieuw", "=1", None, None)]
    book.write("premises", wanted)
    assert rows(book, "premises") == wanted
    assert sheet.ProtectContents
    allowed = [name for name, given in zip(ALLOWED, sheet.protected_with[2:], strict=True) if given]
    assert (sheet.password, allowed) == ("", ["AllowFormattingColumns", "AllowSorting"])


def test_a_password_is_respected(excel: Workbook, book: Any) -> None:
    sheet = protected(excel, "geheim")
    before = rows(book, "premises")
    with pytest.raises(BookError, match="Het blad Over is met een wachtwoord beveiligd"):
        book.write("premises", before[:-1])
    assert rows(book, "premises") == before
    assert sheet.ProtectContents


def protected(excel: Workbook, password: str) -> Sheet:
    """Protect the sheet of the premises, with two things allowed."""
    sheet = excel.table("tblUitgangspunten").Parent
    sheet.Protection.AllowFormattingColumns = sheet.Protection.AllowSorting = True
    sheet.Protect(password, True, True, True)
    return sheet


def test_excel_before_2021_has_formulas_too(excel: Workbook, book: Any) -> None:
    excel.has_formula2 = False
    wanted = [list(row) for row in rows(book, "plan")]
    wanted[1][6] = Formula("=60000*2", RESULT)
    book.write("plan", wanted)
    assert rows(book, "plan")[1][6] == Formula("=60000*2", RESULT)


def test_excel_is_quiet_meanwhile_and_itself_afterwards(
    excel: Workbook, module: ModuleType, shown: Any
) -> None:
    app = excel.Application
    before = vars(app).copy()
    with module.quietly(shown):
        assert not any((app.ScreenUpdating, app.EnableEvents, app.DisplayAlerts))
        assert app.Calculation != before["Calculation"]
        assert not app.AutoCorrect.AutoFillFormulasInLists
    assert vars(app) == before
    assert app.AutoCorrect.AutoFillFormulasInLists


# What stands under and beside a table, other sheets, names


def filled(cells: Any) -> list[tuple[int, object]]:
    """Return the places and contents of the cells that hold anything."""
    return [(number, cell) for number, cell in enumerate(cells) if not is_blank(cell)]


@pytest.fixture
def strays(tmp_path: Path) -> Path:
    """The small plan with a note under the plan, a year beside it, and a line under the focus areas."""
    path = write_with_tables(tmp_path / "strays.xlsx", small(), row=5)
    book = openpyxl.load_workbook(path)
    book["Plan"]["A14"], book["Plan"]["I6"], book["Plan"]["J6"] = "totaal", "2033", "notitie"
    book["Doelen"]["G6"], book["Doelen"]["H11"], book["Doelen"]["Q6"] = "vrij", "A9", "los"
    book.save(path)
    return path


@pytest.mark.parametrize("key", INPUT_TABLES)
def test_what_stands_under_and_beside_a_table_is_read_as_from_a_closed_file(
    strays: Path, xlwings: ModuleType, module: ModuleType, key: str
) -> None:
    read, closed = (
        opened(Workbook(strays, str(strays)), xlwings, module).read(key),
        ClosedWorkbook(strays).read(key),
    )
    assert closed
    assert (read.headings, read.header_row, read.first_column) == (
        closed.headings, closed.header_row, closed.first_column
    )  # fmt: skip
    if closed.rows:  # Excel keeps a blank row in an empty table
        assert [number for number, _ in read.rows] == [number for number, _ in closed.rows]
    assert filled(read.beside) == filled(closed.beside)
    for part in ("rows", "beneath"):
        one, other = (
            [(number, filled(row)) for number, row in getattr(raw, part) if filled(row)]
            for raw in (read, closed)
        )
        assert one == other


def opened(excel: Workbook, xlwings: ModuleType, module: ModuleType) -> Any:
    return module.OpenWorkbook(xlwings.Book(impl=import_module("xlwings._xlwindows").Book(xl=excel)))


def test_strays_are_there_to_be_refused(strays: Path, xlwings: ModuleType, module: ModuleType) -> None:
    book = opened(Workbook(strays, str(strays)), xlwings, module)
    assert filled(dict(book.read("plan").beneath)[14]) == [(0, "totaal")]
    assert filled(book.read("plan").beside) == [(0, "2033"), (1, "notitie")]
    assert filled(book.read("goals").beside) == [(0, "vrij")]  # up to the next table


def test_a_total_row_of_excel_is_not_beneath(excel: Workbook, book: Any) -> None:
    table = excel.table("tblPlan")
    table.ShowTotals = True
    cell(excel, "plan", 5, 0).value = "Totaal"
    cell(excel, "plan", 6, 0).value = "los"
    assert [number for number, row in book.read("plan").beneath if filled(row)] == [12]


def test_cells_of_a_sheet_count_from_its_first_cell(excel: Workbook, book: Any) -> None:
    sheet = Sheet("Memo", excel)
    sheet.grid[2, 2] = Cell(RESULT, "=A1")
    sheet.grid[3, 3] = Cell(ERRORS["#N/A"], "=B1")
    excel.Worksheets.append(sheet)
    assert book.cells("Memo") == [[None, None, None], [None, RESULT, None], [None, None, Unreadable("#N/A")]]
    assert book.cells("Notities") == []


def test_the_cell_of_a_name_is_read_and_set(excel: Workbook, book: Any) -> None:
    excel.add_outputs()
    sheet = excel.sheet("Logboek")
    sheet.Protect("", True, True, True)
    assert book.value(NOW_NAME) == "12-345"
    book.set_value(LAST_NAME, "12-3")  # a date, were it typed
    assert book.value(LAST_NAME) == "12-3"
    book.set_value(LAST_NAME, "")
    assert book.value(LAST_NAME) is None
    assert sheet.ProtectContents


def test_a_name_that_is_gone_has_no_value_and_takes_none(excel: Workbook, book: Any) -> None:
    assert book.value(LAST_NAME) is None
    with pytest.raises(BookError, match=f"De naam {LAST_NAME} staat niet meer in de werkmap"):
        book.set_value(LAST_NAME, "1-2")


# What a refresh writes


@pytest.fixture
def outputs(excel: Workbook, xlwings: ModuleType, module: ModuleType) -> tuple[Any, list[str]]:
    """The small plan with room for a refresh as a Book, and the calls that were made to Excel."""
    excel.add_outputs()
    calls: list[str] = []
    return opened(Counted(excel, calls), xlwings, module), calls  # type: ignore[arg-type]


def figures(count: int) -> list[list[object]]:
    """Return as many rows as asked, as a refresh writes them."""
    body: list[list[object]] = [
        [
            f"regel-{number}", "=1+1", "2023", number * 1.25,
            Formula(f"=Plan!F{number + 7}") if number % 3 else None, Formula("=ROUND(Plan!F7-5,2)"),
            "Plan!F7", "'s-Gravenhage" if number == 5 else "007", None,
        ]
        for number in range(count)
    ]  # fmt: skip
    return [list(FIGURE_HEADINGS), *body]


@pytest.mark.parametrize("formula2", [True, False])
def test_many_rows_take_few_calls(excel: Workbook, outputs: tuple[Any, list[str]], formula2: bool) -> None:
    book, calls = outputs
    excel.has_formula2 = formula2
    calls.clear()
    book.write("figures", figures(350))
    assert 20 < len(calls) < 500  # and each takes less than a millisecond or two
    calls.clear()
    assert rows(book, "figures") == [tuple(row) for row in with_results(figures(350))]
    assert len(calls) < 150
    calls.clear()
    book.write("figures", figures(350))
    assert len(calls) < 200


def with_results(wanted: list[list[object]]) -> list[list[object]]:
    return [[Formula(one.text, RESULT) if isinstance(one, Formula) else one for one in row] for row in wanted]


def test_a_refresh_table_shrinks_and_grows_back(excel: Workbook, outputs: tuple[Any, list[str]]) -> None:
    book, _ = outputs
    before = rows(book, "figures")
    book.write("figures", figures(40))
    book.write("figures", before)
    assert rows(book, "figures") == before
    assert [held for held in excel.sheet("Verversing").grid.values() if held.value == "007"] == []


def test_a_table_without_rows_keeps_a_blank_one(outputs: tuple[Any, list[str]]) -> None:
    book, _ = outputs
    book.write("figures", figures(40))
    book.write("figures", [FIGURE_HEADINGS])
    assert rows(book, "figures") == [FIGURE_HEADINGS, (None,) * len(FIGURE_HEADINGS)]


def test_columns_show_text_as_text_and_figures_as_the_first(
    excel: Workbook, outputs: tuple[Any, list[str]]
) -> None:
    book, _ = outputs
    table = excel.table("tblMemocijfers")
    for column, form in enumerate(["@", "@", "General", "#,##0.00", "@", "#,##0.00", "@", "@", "@"]):
        table.Parent.grid[table.first[0] + 1, table.first[1] + column].form = form
    book.write("figures", figures(9))
    last = [table.Parent.grid[table.first[0] + 9, table.first[1] + column].form for column in range(9)]
    assert last == ["@", "@", "@", "#,##0.00", "General", "#,##0.00", "@", "@", "General"]


def test_a_filter_is_undone_so_that_every_row_is_filled(
    excel: Workbook, outputs: tuple[Any, list[str]]
) -> None:
    book, calls = outputs
    book.write("figures", figures(350))
    excel.table("tblBevindingen").ShowAutoFilter = True
    excel.sheet("Verversing").hidden.update(range(20, 60))
    wanted = figures(350)
    for row in wanted[1:]:
        row[0] = f"nieuw {row[0]}"
    calls.clear()
    book.write("figures", wanted)
    assert len(calls) < 400
    assert rows(book, "figures") == [tuple(row) for row in with_results(wanted)]
    assert not excel.sheet("Verversing").hidden


def test_rows_hidden_otherwise_are_mended_one_by_one(excel: Workbook, outputs: tuple[Any, list[str]]) -> None:
    """A filter beside the tables hides whole rows too; then it takes longer, but all is right."""
    book, _ = outputs
    excel.sheet("Verversing").hidden.update(range(20, 24))
    book.write("figures", figures(40))
    assert rows(book, "figures") == [tuple(row) for row in with_results(figures(40))]


def test_a_log_line_leaves_the_older_ones_alone(excel: Workbook, outputs: tuple[Any, list[str]]) -> None:
    book, _ = outputs
    moment = dt.datetime(2031, 3, 12, 14, 5, 9)
    first = ("wanneer", "versie", "vingerafdruk", "uitkomst"), (moment, "1.0", "3-4", "=1+1")
    book.write("log", first)
    with pytest.MonkeyPatch.context() as patch:
        typed: list[object] = []
        enter = Cell.enter

        def noted(cell: Cell, value: object) -> None:
            typed.append(value)
            enter(cell, value)

        patch.setattr(Cell, "enter", noted)
        book.write("log", [*first, (moment, "1.1", "5-6", "goed")])
    assert rows(book, "log") == [*first, (moment, "1.1", "5-6", "goed")]
    assert set(typed) == {serial(moment), "1.1", "5-6", "goed"}


def test_an_empty_text_is_a_blank_cell(excel: Workbook, outputs: tuple[Any, list[str]]) -> None:
    book, _ = outputs
    wanted = [list(row) for row in figures(3)]
    wanted[2][6] = ""
    book.write("figures", wanted)
    assert rows(book, "figures")[2][6] is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cell, "enter", lambda _, value: pytest.fail(repr(value)))
        book.write("figures", wanted)


def test_a_formula_that_staff_typed_comes_back_to_the_letter(excel: Workbook, book: Any) -> None:
    cell(excel, "plan", 1, 5).enter('="s\'x"')
    wanted = [list(row) for row in rows(book, "plan")]
    wanted[1][5] = Formula('="sx"', RESULT)
    book.write("plan", wanted)
    assert cell(excel, "plan", 1, 5).formula == '="sx"'
