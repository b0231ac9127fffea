"""What a range hands over, asked in few questions, is what its cells show when each is asked by itself."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from bdur_xl.tables import column_letters
from calc.office import Office, Workbook

pytestmark = pytest.mark.libreoffice

DRIVER = Path(__file__).with_name("values_driver.py")
ALL = 10**6
"""Every range has few rows; 0: none has."""

NUMBERS = ["0", "1", "-1", "0.5", "47939", "2958466", "1E10"]
"""The last two are beyond every date."""

TYPED = [
    "", "veel", "'12", "'WAAR", "TRUE", "WAAR", "=1", "=0", "=1=1", "=1>2", "=TRUE()", "=1/0", "=NA()",
    "=SQRT(-1)", "=C3", '="x"', '=""', '="1"', "=DATE(2031;4;1)", "=0.25*4",
]  # fmt: skip
"""What else stands in a cell; =C3 in C3 refers to itself."""

STYLES = {"Gewoon": ("General", "Default"), "Datum": ("YYYY-MM-DD", "Default"), "Kind": (None, "Datum"),
          "Ja of nee": ("BOOLEAN", "Default")}  # fmt: skip
"""Styles by name: their format, and the style they follow otherwise."""

CODES = [None, "General", "0.00", "YYYY-MM-DD", "HH:MM", "BOOLEAN", "0%"]
"""Formats chosen for a cell itself."""

Cell = tuple[str, str, str | None]
sheets = count(1)


@pytest.fixture(scope="module")
def opened(libreoffice: None) -> Iterator[Workbook]:
    with Office(driver=DRIVER) as office, office.new() as workbook:
        for name, (code, parent) in STYLES.items():
            workbook._ask("style", name=name, code=code, parent=parent)
        yield workbook


def laid_out(opened: Workbook, rows: list[list[Cell]]) -> str:
    """Fill a new sheet and return the place of its cells."""
    sheet = f"S{next(sheets)}"
    opened._ask("lay_out", sheet=sheet, cells=rows)
    return f"{sheet}!C3:{column_letters(2 + len(rows[0]))}{2 + len(rows)}"


@st.composite
def grids(draw: st.DrawFn) -> list[list[Cell]]:
    """Draw rows of cells, mostly numbers, with so few styles and formats that they are often alike."""
    styles = draw(st.lists(st.sampled_from(["Default", *STYLES]), min_size=1, max_size=2))
    codes = draw(st.lists(st.sampled_from(CODES) | st.none(), min_size=1, max_size=2))
    typed = draw(st.lists(st.sampled_from(TYPED), max_size=3))
    cell = st.tuples(st.sampled_from([*NUMBERS, *typed]), st.sampled_from(styles), st.sampled_from(codes))
    wide = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(cell, min_size=wide, max_size=wide), min_size=1, max_size=4))


@settings(max_examples=60)
@given(rows=grids())
def test_a_range_is_what_its_cells_show(opened: Workbook, rows: list[list[Cell]]) -> None:
    where = laid_out(opened, rows)
    shown = opened._ask("one_by_one", where=where)
    assert opened._ask("as_handed_over", where=where, few=ALL) == shown
    assert opened._ask("as_handed_over", where=where, few=0) == shown


@pytest.mark.parametrize(
    ("cells", "handed_over"),
    [
        ([("veel", "Default", None), ("2", "Default", None)], ["str veel", "float 2.0"]),
        # formulas
        ([("=1/0", "Default", None)], ["Unreadable #DIV/0!"]),
        ([("=1=1", "Default", None)], ["bool True"]),
        ([("=1=1", "Default", "General")], ["float 1.0"]),
        ([("1", "Default", None), ("=0.25*4", "Default", None)], ["float 1.0", "float 1.0"]),
        # dates and truths by the format chosen, for all cells or some
        ([("2", "Default", "YYYY-MM-DD")], ["datetime 1900-01-01 00:00:00"]),
        ([("0.5", "Default", "HH:MM")], ["datetime 1899-12-30 12:00:00"]),
        ([("2", "Default", "BOOLEAN")], ["bool True"]),
        ([("2", "Default", None), ("2", "Default", "HH:MM")], ["float 2.0", "datetime 1900-01-01 00:00:00"]),
        ([("2", "Default", "0.00"), ("2", "Default", "BOOLEAN")], ["float 2.0", "bool True"]),
        # by their style, or a style it follows
        ([("2", "Datum", None)], ["datetime 1900-01-01 00:00:00"]),
        ([("2", "Kind", None)], ["datetime 1900-01-01 00:00:00"]),
        ([("2", "Default", None), ("2", "Datum", None)], ["float 2.0", "datetime 1900-01-01 00:00:00"]),
        # the general format chosen in a style of dates: to Calc these cells are not ambiguous
        ([("2", "Datum", "General"), ("2", "Datum", None)], ["float 2.0", "datetime 1900-01-01 00:00:00"]),
        ([("1E10", "Datum", None)], ["float 10000000000.0"]),  # beyond every date
    ],
)  # fmt: skip
def test_what_cells_show_is_handed_over(opened: Workbook, cells: list[Cell], handed_over: list[str]) -> None:
    where = laid_out(opened, [cells])
    assert opened._ask("as_handed_over", where=where, few=ALL) == [handed_over]
    assert opened._ask("as_handed_over", where=where, few=0) == [handed_over]


@pytest.mark.parametrize(
    ("cell", "handed_over"), [(True, "bool True"), (False, "bool False"), (1, "float 1.0"), (0, "float 0.0")]
)
def test_a_truth_in_a_file_is_no_number(
    opened: Workbook, tmp_path: Path, cell: object, handed_over: str
) -> None:
    """It arrives as =TRUE() in a cell without a format of its own."""
    with xlsxwriter.Workbook(tmp_path / "plan.xlsx") as file:
        file.add_worksheet("Plan").write_row("C3", ["kop", cell])
    with opened._office.open(tmp_path / "plan.xlsx") as plan:
        for few in (ALL, 0):
            assert plan._ask("as_handed_over", where="Plan!C3:D3", few=few) == [["str kop", handed_over]]


CELLS = ["getDataArray", "RangeAddress", "getDataArray"]
"""Whether it is a range, how large, and what it holds."""

FORMAT = ["NumberFormat", "getPropertyState", "CellStyle"]


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ([("veel", "Default", None), ("", "Default", "HH:MM")], CELLS),
        ([("veel", "Default", None), ("2", "Default", None)], [*CELLS, *FORMAT]),
        ([("1", "Default", None)], [*CELLS, "queryFormulaCells", *FORMAT]),  # it may be a truth
        (
            [("2", "Default", "HH:MM"), ("3", "Default", None)],
            [*CELLS, *FORMAT[:2], "getUniqueCellFormatRanges", "RangeAddress"],
        ),
    ],
)
def test_calc_is_asked_no_more_than_the_cells_call_for(
    opened: Workbook, cells: list[Cell], asked: list[str]
) -> None:
    """Each question takes as long as some twenty cells."""
    assert opened._ask("asked", where=laid_out(opened, [cells])) == asked
