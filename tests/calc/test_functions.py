"""Every sheet function in a real LibreOffice, from a file as Excel would save it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sheets import Book, put, small

from bdur_xl.build.frame import RANGE_NAMES
from bdur_xl.cells import Unreadable
from bdur_xl.registry import SHEET_FUNCTIONS, SheetError, evaluate
from bdur_xl.tables import column_letters
from calc.books import RESULTS, STALE, write
from calc.office import Office, Value, Workbook

pytestmark = pytest.mark.libreoffice

NOT_KNOWN, NOT_USABLE = Unreadable("#N/A"), Unreadable("#VALUE!")

FIGURES: dict[str, tuple[str, Value]] = {
    # worked by hand from the small plan
    "BDUR_JAARTOTAAL": ("=BDUR_JAARTOTAAL(plan, 2031)", 245_000.50),
    "BDUR_BESCHIKBAAR": ('=BDUR_BESCHIKBAAR(budget, "2031", " Exact ")', 251_234.56),
    "BDUR_RUIMTE": ("=BDUR_RUIMTE(plan, budget, 2031)", 4_999.50),
    "BDUR_RUIMTE_CUMULATIEF": ("=BDUR_RUIMTE_CUMULATIEF(plan, budget, 2032)", -5_000.50),
    "BDUR_FTE": ("=BDUR_FTE(plan, 2031, , uitgangspunten)", 3),
    # L1 from April: half an fte is there already (30.000), of the other 90.000 nine months
    "BDUR_DEELJAAR": ("=BDUR_DEELJAAR(plan, 2031, instroom, , uitgangspunten)", 222_500.50),
    "BDUR_DOELDEKKING": ('=BDUR_DOELDEKKING(plan, koppeling, aandachtsgebieden, doelen, "r1", 2031)', 0.5),
    "BDUR_WAAROM": (
        '=BDUR_WAAROM("jaartotaal", 2031, plan)',
        "€\u00a0245.000,50 in 2031: 3 regels: L1 €\u00a0120.000 + L2 €\u00a025.000,50 + L3 €\u00a0100.000.",
    ),
}
GRIDS = {
    "BDUR_OVERZICHT": ("plan", "budget", "uitgangspunten", "instroom"),
    "BDUR_DOELENMATRIX": ("plan", "koppeling", "aandachtsgebieden", "doelen"),
    "BDUR_CONTROLES": ("plan", "budget", "koppeling", "aandachtsgebieden", "doelen", "instroom", "tabel1",
                       "controletotalen", "uitgangspunten", "", "", "toelichtingen", "realisatie",
                       "rekeningen", "scenarios", "reserveringen"),
    "BDUR_REALISATIE": ("plan", "realisatie"),
    "BDUR_SCENARIOS": ("plan", "budget", "scenarios", "uitgangspunten"),
    "BDUR_ANTWOORDEN": ("plan", "budget", "scenarios", "reserveringen", "uitgangspunten"),
}  # fmt: skip


def with_dates() -> Book:
    """The small plan, its months typed as dates."""
    book = small()
    book["intake"][1][1] = dt.date(2031, 4, 1)
    book["premises"][4][1] = dt.date(2031, 4, 1)
    book["actuals"].append(["L1", 2031, 40_000.10, dt.date(2031, 6, 30), None])
    return book


def in_core(name: str, book: Book) -> list[list[Value]]:
    """Return what the core gives for a grid, as Calc would show it."""
    cells = {
        RANGE_NAMES[key]: tuple(tuple(_as_read(cell) for cell in row) for row in rows)
        for key, rows in book.items()
    }
    function = next(function for function in SHEET_FUNCTIONS if function.name == name)
    grid = evaluate(function, [cells.get(argument) for argument in GRIDS[name]])
    assert isinstance(grid, tuple)
    return [[Unreadable(cell.code) if isinstance(cell, SheetError) else cell for cell in row] for row in grid]


def place(name: str) -> str:
    """Return where the test book calls a grid: a row and a column more than it fills."""
    grid = in_core(name, with_dates())
    top = 100 * (list(GRIDS).index(name) + 1)
    return f"A{top}:{column_letters(len(grid[0]) + 1)}{top + len(grid)}"


def _as_read(cell: object) -> object:
    return float(cell) if isinstance(cell, int) else cell


@pytest.fixture(scope="module", params=["plan", "protected"])
def opened(
    request: pytest.FixtureRequest, office: Office, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workbook]:
    """The small plan with a call of every function, just opened: nothing was recalculated by hand."""
    formulas = {f"A{row}": formula for row, (formula, _) in enumerate(FIGURES.values(), start=1)}
    formulas["A20"] = "=BDUR_STATUS()"
    formulas["B1"] = "=IF(A1>0,A1*2,0)"
    formulas["B2"] = "=totaal"
    arrays = {place(name): f"={name}({','.join(arguments)})" for name, arguments in GRIDS.items()}
    path = write(
        tmp_path_factory.mktemp("books") / "plan.xlsx",
        with_dates(),
        formulas,
        arrays,
        names={"totaal": "=BDUR_JAARTOTAAL(plan, 2031)"},
        protect=request.param == "protected",
    )
    with office.open(path) as workbook:
        yield workbook


def test_every_function_is_tried() -> None:
    tried = {*FIGURES, *GRIDS, "BDUR_STATUS"}
    assert tried == {function.name for function in SHEET_FUNCTIONS}


@pytest.mark.parametrize("name", FIGURES)
def test_a_function_gives_its_figure(opened: Workbook, name: str) -> None:
    row = list(FIGURES).index(name) + 1
    assert opened.read(f"{RESULTS}!A{row}") == FIGURES[name][1]


@pytest.mark.parametrize("name", GRIDS)
def test_an_array_fills_its_cells(opened: Workbook, name: str) -> None:
    """Errors and blanks inside it too; beyond it Calc shows #N/A, as Excel does."""
    grid = in_core(name, with_dates())
    beyond = [*([*row, NOT_KNOWN] for row in grid), [NOT_KNOWN] * (len(grid[0]) + 1)]
    assert opened.rows(f"{RESULTS}!{place(name)}") == beyond


def test_the_status_names_versions_and_health(opened: Workbook) -> None:
    assert str(opened.read(f"{RESULTS}!A20")).endswith("de zelftest klopt")


def test_opening_recalculated_what_depends_on_our_functions(opened: Workbook) -> None:
    assert opened.rows(f"{RESULTS}!B1:B2") == [[2 * 245_000.50], [245_000.50]]


def test_opening_leaves_nothing_to_save_or_undo(opened: Workbook) -> None:
    assert not opened.modified
    assert opened.undo == []
    assert set(opened.names) == {*RANGE_NAMES.values(), "totaal"}


def test_a_changed_amount_reaches_every_dependent_cell(opened: Workbook) -> None:
    opened.write("Plan!G2", 130_000)
    try:
        assert opened.read(f"{RESULTS}!A1") == 255_000.50
        assert opened.rows(f"{RESULTS}!B1:B2") == [[510_001], [255_000.50]]
        assert opened.read(f"{RESULTS}!A3") == -5_000.50
        assert opened.read(f"{RESULTS}!C101") == 255_000.50
    finally:
        opened.write("Plan!G2", 120_000)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("=1/0", "#DIV/0!"),
        ("=NA()", "#N/A"),
        ("=G2", "Err:522"),  # a circular reference
        ("=TRUE()", "WAAR"),
        ('="veel"', "veel"),
        ("=DATE(2031;1;1)", "datum"),
    ],
)
def test_what_is_no_amount_makes_an_error_and_is_named(book: Workbook, fault: str, says: str) -> None:
    book.write_formula("Plan!G2", fault)
    assert book.write_formula("Plan!J1", "=BDUR_JAARTOTAAL(plan;2031)") == NOT_USABLE
    assert book.write_formula("Plan!J2", "=BDUR_JAARTOTAAL(plan;2032)") == NOT_USABLE
    reason = str(book.write_formula("Plan!J3", '=BDUR_WAAROM("jaartotaal";2031;plan)'))
    assert "rij 2 van plan, kolom 2031 s" in reason
    assert says in reason
    checks = book.write_array("Plan!L1:Q40", f"=BDUR_CONTROLES({';'.join(GRIDS['BDUR_CONTROLES'])})")
    assert [row[3] for row in checks if row[0] == "INVOER"] == ["rij 2 van plan, kolom 2031 s"]


@pytest.mark.parametrize(
    ("fault", "says"), [(True, "WAAR"), (dt.date(2031, 5, 1), "datum"), ("veel", "veel")]
)
def test_what_is_no_amount_in_a_file(office: Office, tmp_path: Path, fault: object, says: str) -> None:
    """A TRUE of Excel arrives as =TRUE(), in a cell without a format of its own."""
    book = small()
    put(book["plan"], "G2", fault)
    with office.open(write(tmp_path / "plan.xlsx", book, {"A1": "=BDUR_JAARTOTAAL(plan, 2031)"})) as workbook:
        assert workbook.read(f"{RESULTS}!A1") == NOT_USABLE
        assert says in str(workbook.write_formula(f"{RESULTS}!A2", '=BDUR_WAAROM("jaartotaal";2031;plan)'))


def test_an_error_that_is_repaired_is_forgotten(book: Workbook) -> None:
    book.write_formula("Plan!G2", "=1/0")
    assert book.write_formula("Plan!J1", "=BDUR_JAARTOTAAL(plan;2031)") == NOT_USABLE
    book.write("Plan!G2", 120_000)
    assert book.read("Plan!J1") == 245_000.50


def test_an_empty_amount_is_not_zero(book: Workbook) -> None:
    book.write("Plan!F2:H5", [[None] * 3] * 4)
    reason = book.write_formula("Plan!J1", '=BDUR_WAAROM("jaartotaal";2031;plan)')
    assert "geen enkele regel heeft hier een bedrag" in str(reason)


@pytest.fixture(scope="module")
def pointed_at(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """The small plan, with cells that a person may point at."""
    with office.open(write(tmp_path_factory.mktemp("books") / "plan.xlsx", small())) as workbook:
        workbook.write("Plan!Z1:Z4", [[2031], ["2031"], [47_939], [" STRUCTUREEL "]])
        workbook.format("Plan!Z3", "D MMM YYYY")  # 1 April 2031
        workbook.write_formula("Plan!Z5", "=1/0")
        yield workbook


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # Z99 is an empty cell
        ("=BDUR_JAARTOTAAL(plan;2031;Z99;Z99)", 245_000.50),
        ("=BDUR_JAARTOTAAL(plan;2031;Z99:Z99)", 245_000.50),
        ("=BDUR_JAARTOTAAL(plan;2031;)", 245_000.50),
        ('=BDUR_JAARTOTAAL(plan;2031;"")', 245_000.50),
        ("=BDUR_JAARTOTAAL(plan;Z1)", 245_000.50),
        ("=BDUR_JAARTOTAAL(plan;Z2)", 245_000.50),
        ("=BDUR_JAARTOTAAL(plan;Z1:Z1)", 245_000.50),
        ('=BDUR_DEELJAAR(plan;2031;;"april 2031")', 200_000.50),
        ("=BDUR_DEELJAAR(plan;2031;;Z3)", 200_000.50),
        ("=BDUR_DEELJAAR(plan;2031;;DATE(2031;4;1))", 200_000.50),
        ("=BDUR_RUIMTE(plan;budget;2031;Z99;Z99;Z99)", 4_999.50),
        ("=BDUR_JAARTOTAAL(plan;2031;Z4)", 180_000),
        ("=BDUR_JAARTOTAAL(plan;2040)", NOT_KNOWN),
        ('=BDUR_JAARTOTAAL(plan;2031;;;"Lucht")', NOT_KNOWN),
        ('=BDUR_JAARTOTAAL(plan;2031;"vast")', NOT_USABLE),
        ("=BDUR_JAARTOTAAL(plan)", NOT_USABLE),
        ("=BDUR_JAARTOTAAL(plan;Z99)", NOT_USABLE),
        ('=BDUR_JAARTOTAAL(plan;"twee")', NOT_USABLE),
        ("=BDUR_JAARTOTAAL(plan;Z1:Z2)", NOT_USABLE),
        ("=BDUR_JAARTOTAAL(;2031)", NOT_USABLE),
        ("=BDUR_JAARTOTAAL(Z99;2031)", NOT_USABLE),
        ("=BDUR_JAARTOTAAL(plan;Z5)", Unreadable("#DIV/0!")),  # Calc never calls us
        ("=BDUR_JAARTOTAAL(5;2031)", Unreadable("Err:504")),  # nor here: 5 is no range
        ("=BDUR_DEELJAAR(plan;2031;Z4:Z5)", Unreadable("Err:504")),  # nor with an error in an optional range
    ],
)
def test_arguments_as_people_type_them(pointed_at: Workbook, formula: str, expected: Value) -> None:
    assert pointed_at.write_formula("Plan!J1", formula) == expected


def test_an_array_that_cannot_be_made_shows_its_error_in_every_cell(book: Workbook) -> None:
    assert book.write_array("Plan!J1:K2", "=BDUR_OVERZICHT(plan;Z99)") == [[NOT_USABLE] * 2] * 2


def test_whole_columns_are_read_as_far_as_they_are_filled(book: Workbook) -> None:
    """And refer to what people add below."""
    book.write_formula("Budget!J1", "=BDUR_JAARTOTAAL($Plan.A:H;2031)")
    assert book.read("Budget!J1") == 245_000.50
    book.write("Plan!A6:H6", [["L5", "Water", "fte", "x", "Oost", None, 1_000, None]])
    assert book.read("Budget!J1") == 246_000.50


def test_amounts_at_the_end_of_a_long_chain_of_formulas(book: Workbook) -> None:
    """Calc computes what a range holds before, or while, it calls us."""
    book.write("Budget!J1", 120_000)
    book.fill("Budget!J2:J3000", [[f"=J{row - 1}"] for row in range(2, 3001)])
    book.write_formula("Plan!G2", "=$Budget.J3000")
    book.write_formula("Plan!A50", "=BDUR_JAARTOTAAL(plan;2031)")
    book.recalculate()
    assert book.read("Plan!A50") == 245_000.50
    book.write("Budget!J1", 130_000)
    assert book.read("Plan!A50") == 255_000.50


def test_a_file_for_which_nothing_was_done_shows_stored_values(office: Office, tmp_path: Path) -> None:
    """Calc does not recalculate Excel's files by itself: the harness must be told to."""
    with office.open(write(tmp_path / "plan.xlsx", small(), {"A1": "=1+1"})) as workbook:
        assert workbook.read(f"{RESULTS}!A1") == STALE
        workbook.recalculate()
        assert workbook.read(f"{RESULTS}!A1") == 2


def test_an_ods_keeps_the_functions(office: Office, opened: Workbook, tmp_path: Path) -> None:
    copy = opened.export(tmp_path / "plan.ods")
    with office.open(copy) as workbook:
        workbook.recalculate()
        assert workbook.rows(f"{RESULTS}!A1:B8") == opened.rows(f"{RESULTS}!A1:B8")
