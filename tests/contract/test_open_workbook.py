"""The workbook open in Excel as a Book: through xlwings itself, on a stand-in for Excel's objects."""

import datetime as dt
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from excel import ALLOWED, ERRORS, RESULT, Cell, Sheet, Workbook, serial
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import small, write_with_tables

from bdur_xl.book import BookError, Formula
from bdur_xl.cells import Unreadable
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
    assert refused.value.message == f"De tabel op Plan past niet terug: in {where} staat iets"
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
