"""Every function through xlwings' own call_udf, with every kind of value that COM gives and takes."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from conftest import PLAN
from hypothesis import given, settings
from hypothesis import strategies as st
from ranges import FUNCTIONS, Range, Ranges, as_cell, call, ranges, raw_ranges
from sheets import Book, add_column, put, small
from strategies import books

from bdur_xl.build.vba_wrappers import ERROR_MARK, ERROR_NUMBERS
from bdur_xl.cells import Unreadable
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.registry import SheetError
from contract.windows import MISSING, ComRange, ComTime

COM_ERRORS = {
    "#NULL!": -2146826288, "#DIV/0!": -2146826281, "#VALUE!": -2146826273, "#REF!": -2146826265,
    "#NAME?": -2146826259, "#NUM!": -2146826252, "#N/A": -2146826246,
}  # fmt: skip
SPILL = -2146826243
"""An error that xlwings has no name for: #SPILL!."""

APRIL = ComTime(2031, 4, 1, tzinfo=dt.UTC)

Excel = Callable[..., Any]


@pytest.fixture(scope="package")
def excel(udfs: ModuleType) -> Excel:
    """Call a function as a cell does: through the COM server of xlwings, on values of COM."""
    server = import_module("xlwings.com_server").XLPython()

    def call_from_cell(name: str, *given: object) -> Any:
        arguments = FUNCTIONS[name].arguments
        padded = (*given, *[MISSING] * (len(arguments) - len(given)))
        try:
            return server.CallUDF(udfs.__name__, name, padded, None, ComRange([[None]]))
        except udfs.CellValueError as error:
            return str(error)

    return call_from_cell


def com(cell: object) -> object:
    """Return a value of the registry as COM has it."""
    if isinstance(cell, tuple):
        return ComRange([[com(one) for one in row] for row in cell])
    if isinstance(cell, Unreadable):
        return COM_ERRORS[cell]
    if isinstance(cell, dt.date):
        return ComTime(cell.year, cell.month, cell.day, tzinfo=dt.UTC)
    return cell


def as_com(result: object) -> object:
    """Return a result of the registry as COM takes it."""
    if isinstance(result, tuple):
        return [[as_com(cell) for cell in row] for row in result]
    if isinstance(result, SheetError):
        return f"{ERROR_MARK}{ERROR_NUMBERS[result.code]}"
    return "" if result is None else result


NO_VALUE, NOT_AVAILABLE = as_com(SheetError("#VALUE!")), as_com(SheetError("#N/A"))


@pytest.fixture(scope="package")
def memo() -> Ranges:
    return raw_ranges(read_folder(PLAN)[0])


SCALARS: dict[str, list[object]] = {
    "jaar": [2023.0, 2025.0, "2024 ", 2030.0, None, True],
    "soort": ["s", None],
    "doel": ["R1"],
    "startmaand": [None, dt.datetime(2023, 5, 1), "mei 2023"],
    "functie": ["ruimte", "deeljaar", "jaartotaal", "onzin"],
    "rijen": [None, 60.0],
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_excel_gets_is_what_the_registry_gives(excel: Excel, memo: Ranges, name: str) -> None:
    arguments = FUNCTIONS[name].arguments
    lists = [[memo[one.name]] if one.is_range else SCALARS.get(one.name, [None]) for one in arguments]
    for turn in range(max(map(len, lists), default=1)):
        given = [values[turn % len(values)] for values in lists]
        expected = call(name, **{one.name: value for one, value in zip(arguments, given, strict=True)})
        assert excel(name, *map(com, given)) == as_com(expected)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    "nothing", [MISSING, None, "", ComRange([[None]])], ids=["left out", "None", "text", "cell"]
)
def test_nothing_is_nothing_however_it_comes(excel: Excel, name: str, nothing: object) -> None:
    plan = ranges(small())
    fixed: dict[str, object] = {"jaar": 2031.0, "doel": "R1", "functie": "jaartotaal"}
    for left_out in FUNCTIONS[name].arguments:
        given = {
            one.name: plan[one.name] if one.is_range else fixed.get(one.name)
            for one in FUNCTIONS[name].arguments
            if one is not left_out
        }
        cells = [nothing if one is left_out else com(given[one.name]) for one in FUNCTIONS[name].arguments]
        assert excel(name, *cells) == as_com(call(name, **given)), left_out.name


@pytest.mark.parametrize(
    ("cell", "total"),
    [
        (120_000.0, 245_000.5),
        (Decimal("120000.5"), 245_001.0),  # a cell in currency format
        (None, 125_000.5),
        ("", 125_000.5),  # a formula that gives no text
        ("120.000", NO_VALUE),
        ("x" * 40_000, NO_VALUE),
        (True, NO_VALUE),
        (APRIL, NO_VALUE),
        (SPILL, NO_VALUE),
        *((number, NO_VALUE) for number in COM_ERRORS.values()),
    ],
)
def test_an_amount_of_every_kind(excel: Excel, cell: object, total: object) -> None:
    book = small()
    put(book["plan"], "G2", cell)
    plan = com_range(book)
    assert excel("BDUR_JAARTOTAAL", plan, 2031.0) == total
    table = excel("BDUR_OVERZICHT", plan, com(ranges(small())["budget"]))
    assert (table if total == NO_VALUE else table[1][2]) == total


def com_range(book: Book) -> ComRange:
    """Return the sheet Plan with its values as they are."""
    return ComRange([[cell if isinstance(cell, Decimal) or cell in _RAW else as_cell(cell) for cell in row]
                     for row in book["plan"]])  # fmt: skip


_RAW = (SPILL, *COM_ERRORS.values())


@pytest.mark.parametrize(
    ("year", "total"),
    [
        (2031.0, 245_000.5),
        ("2031", 245_000.5),
        (2031, 245_000.5),  # from VBA code
        (Decimal("2031.0000"), 245_000.5),  # a cell in currency format
        (ComRange([[2031.0]]), 245_000.5),
        (ComRange([["2031\u00a0"]]), 245_000.5),
        (((2031.0,),), 245_000.5),  # an array constant
        (2050.0, NOT_AVAILABLE),
        (ComRange([[2031.0, 2032.0]]), NO_VALUE),
        (ComRange([[2031.0], [2032.0]]), NO_VALUE),
        ((2031.0, 2032.0), NO_VALUE),
        (APRIL, NO_VALUE),
        (2031.5, NO_VALUE),
        (False, NO_VALUE),
        (COM_ERRORS["#N/A"], NO_VALUE),
        (SPILL, NO_VALUE),
        ("x" * 40_000, NO_VALUE),
        (MISSING, NO_VALUE),
    ],
    ids=str,
)
def test_a_year_of_every_kind(excel: Excel, year: object, total: object) -> None:
    assert excel("BDUR_JAARTOTAAL", com(ranges(small())["plan"]), year) == total


@pytest.mark.parametrize(
    "month", [APRIL, ComRange([[APRIL]]), "april 2031", ComRange([["april 2031"]]), 47_939.0]
)
def test_a_month_of_every_kind(excel: Excel, month: object) -> None:
    plan = com(ranges(small())["plan"])
    assert excel("BDUR_DEELJAAR", plan, 2031.0, MISSING, month) == 200_000.5


@pytest.mark.parametrize(
    "plan",
    [
        ComRange([["regel"]]),
        ComRange([["regel", "blok", 2031.0]]),
        ComRange([[None]]),
        ComRange([[None, None], [None, None]]),
        ComRange([[12.0]]),
        12.0,
        "plan",
        APRIL,
        COM_ERRORS["#NAME?"],
        MISSING,
        None,
    ],
    ids=str,
)
def test_a_range_that_is_no_table(excel: Excel, plan: object) -> None:
    assert excel("BDUR_JAARTOTAAL", plan, 2031.0) == NO_VALUE
    assert excel("BDUR_OVERZICHT", plan, plan) == NO_VALUE


def test_an_array_of_constants_serves_as_a_range(excel: Excel) -> None:
    plan: Range = ranges(small())["plan"]
    assert excel("BDUR_JAARTOTAAL", plan, 2031.0) == 245_000.5


def test_an_error_in_a_column_of_ones_own_does_no_harm(excel: Excel) -> None:
    book = small()
    add_column(book["plan"], "van mij", COM_ERRORS["#DIV/0!"])
    assert excel("BDUR_JAARTOTAAL", com_range(book), 2031.0) == 245_000.5


@pytest.mark.parametrize("name", FUNCTIONS)
def test_only_numbers_and_texts_leave_and_a_table_stays_one(excel: Excel, memo: Ranges, name: str) -> None:
    """An int would show as a number, None as #VALUE!; the VBA wants rows and columns."""
    fixed: dict[str, object] = {"jaar": 2023.0, "doel": "R1", "functie": "jaartotaal"}
    cells = [
        com(memo[one.name]) if one.is_range else fixed.get(one.name) for one in FUNCTIONS[name].arguments
    ]
    result = excel(name, *cells)
    if not FUNCTIONS[name].is_array:
        assert type(result) in (float, str)
        return
    assert len(result) > 1
    assert {type(cell) for row in result for cell in row} <= {float, str}
    assert len({len(row) for row in result}) == 1
    assert max(len(cell) for row in result for cell in row if isinstance(cell, str)) <= 255


@pytest.mark.parametrize("name", FUNCTIONS)
def test_nothing_recalculates_by_itself(udfs: ModuleType, name: str) -> None:
    made = getattr(udfs, name).__xlfunc__
    assert not made["volatile"]
    assert made["async_mode"] is None
    assert made["call_in_wizard"]
    assert made["category"] == "BDuR"
    assert made["ret"] == {"doc": FUNCTIONS[name].help, "options": {}}
    assert all(one["options"] == {"ndim": 2, "err_to_str": True} for one in made["args"])


def test_xlwings_is_the_version_that_the_workbook_is_made_for(xlwings: ModuleType) -> None:
    assert xlwings.__version__ == "0.37.8"


@settings(max_examples=10, deadline=None)
@given(book=books(), data=st.data())
def test_random_plans_give_the_same_by_xlwings(excel: Excel, book: Book, data: st.DataObject) -> None:
    cells = ranges(book)
    goal = data.draw(st.sampled_from([row[0] for row in book["goals"][1:]]))
    year = data.draw(st.sampled_from([str(heading)[:4] for heading in book["plan"][0][5:]]))
    fixed = {"jaar": year, "doel": goal, "functie": "ruimte"}
    for name, function in FUNCTIONS.items():
        given_ = {
            one.name: cells[one.name] if one.is_range else fixed.get(one.name) for one in function.arguments
        }
        assert excel(name, *(com(one) for one in given_.values())) == as_com(call(name, **given_))
