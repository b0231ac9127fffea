"""The sheet functions: figures of the memo by hand, arguments as typed, errors, tables, properties."""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

import naive
import pytest
from conftest import PLAN
from hypothesis import given, settings
from hypothesis import strategies as st
from ranges import FUNCTIONS, TABLES, Ranges, call, code, ranges, raw_ranges
from sheets import Book, put, small
from strategies import books

from bdur_xl.build.function_help import OVERVIEW_ROWS
from bdur_xl.cells import Unreadable
from bdur_xl.checks import CHECKS
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.grids import CHECK_HEADINGS, GOAL_HEADINGS
from bdur_xl.registry import SheetError, evaluate
from bdur_xl.sheet_function import LONGEST_ARRAY_TEXT

FIGURES = [name for name, function in FUNCTIONS.items() if function.explain]
ARRAYS = [name for name, function in FUNCTIONS.items() if function.is_array]
LINKS = ("koppeling", "aandachtsgebieden", "doelen")


@pytest.fixture(scope="module")
def memo() -> Ranges:
    """The memo's plan as ranges."""
    return raw_ranges(read_folder(PLAN)[0])


@pytest.fixture
def plan() -> Ranges:
    """A small plan of 2031 and 2032 as ranges."""
    return ranges(small())


def some(given_ranges: Ranges, *names: str) -> Ranges:
    return {name: given_ranges[name] for name in names}


# The memo's figures, by hand


@pytest.mark.parametrize(
    ("filters", "figures"),
    [
        ({}, (1_685_000, 1_505_000, 1_605_000, 1_605_000)),
        ({"soort": "i"}, (485_000, 0, "#N/A", "#N/A")),
        ({"soort": "structureel"}, (1_200_000, 1_505_000, 1_605_000, 1_605_000)),
        ({"blok": "fte"}, (1_275_000, 1_200_000, 1_300_000, 1_300_000)),
        ({"blok": "middelen"}, (410_000, 305_000, 305_000, 305_000)),
        ({"hoofdthema": "toek. CB"}, (910_000, 885_000, 985_000, 985_000)),
        ({"hoofdthema": "versterken IM"}, (775_000, 620_000, 620_000, 620_000)),
        ({"doel": "(geen doel)"}, (450_000, 500_000, 600_000, 600_000)),
        ({"blok": "fte", "soort": "s", "afdeling": "S&B"}, (100_000, 100_000, 100_000, 100_000)),
    ],
)
def test_yearly_totals_of_the_memo(
    memo: Ranges, filters: dict[str, str], figures: tuple[object, ...]
) -> None:
    tables = some(memo, "plan", "uitgangspunten", *LINKS)
    for year, expected in zip(range(2023, 2027), figures, strict=True):
        assert code(call("BDUR_JAARTOTAAL", jaar=year, **tables, **filters)) == expected


@pytest.mark.parametrize(
    ("basis", "rooms", "sums"),
    [
        (None, (-285_000, 145_000, 545_000, 795_000), (-285_000, -140_000, 405_000, 1_200_000)),
        ("exact", (-277_851, 145_000, 545_000, 795_000), (-277_851, -132_851, 412_149, 1_207_149)),
    ],
)
def test_room_of_the_memo(
    memo: Ranges, basis: str | None, rooms: tuple[int, ...], sums: tuple[int, ...]
) -> None:
    tables = some(memo, "plan", "budget")
    for year, room, so_far in zip(range(2023, 2027), rooms, sums, strict=True):
        assert call("BDUR_RUIMTE", jaar=year, basis=basis, **tables) == room
        assert call("BDUR_RUIMTE_CUMULATIEF", jaar=year, basis=basis, **tables) == so_far


@pytest.mark.parametrize(
    ("month", "with_intake", "cost", "rounded", "exact"),
    [
        ("mei 2023", False, 1_385_000, 15_000, 22_149),
        ("juni 2023", False, 1_310_000, 90_000, 97_149),
        ("mei 2023", True, 1_418_333.33, -18_333.33, -11_184.33),  # 1 fte in house: the sign flips
        ("juni 2023", True, 1_351_666.67, 48_333.33, 55_482.33),
    ],
)
def test_part_year_of_the_memo(
    memo: Ranges, month: str, with_intake: bool, cost: float, rounded: float, exact: float
) -> None:
    tables = some(memo, "plan", "uitgangspunten", *(["instroom"] if with_intake else []))
    assert call("BDUR_DEELJAAR", jaar=2023, startmaand=month, **tables) == cost
    tables |= some(memo, "budget")
    assert call("BDUR_RUIMTE", jaar=2023, startmaand=month, **tables) == rounded
    assert call("BDUR_RUIMTE", jaar=2023, startmaand=month, basis="exact", **tables) == exact


def test_part_year_by_the_table_of_intake(memo: Ranges) -> None:
    tables = some(memo, "plan", "instroom", "uitgangspunten")
    assert call("BDUR_DEELJAAR", jaar=2023, **tables) == 1_418_333.33
    assert call("BDUR_DEELJAAR", jaar=2024, **tables) == 1_505_000
    tables |= some(memo, "budget")
    assert call("BDUR_RUIMTE_CUMULATIEF", jaar=2024, **tables) == 126_666.67, "rounded once, at the end"


def test_staff_of_the_memo(memo: Ranges) -> None:
    for year, fte in zip(range(2023, 2027), (9, 12, 13, 13), strict=True):
        assert call("BDUR_FTE", jaar=year, **some(memo, "plan", "uitgangspunten")) == fte
    requested = memo["tabel1"]
    assert call("BDUR_FTE", plan=requested, jaar=2023) == 9
    assert call("BDUR_FTE", plan=requested, jaar=2024) == 12
    assert call("BDUR_FTE", plan=requested, jaar=2026, soort="s") == 12, "Tabel 1: 2024 e.v."
    assert call("BDUR_FTE", plan=requested, jaar=2023, soort="i") == 2.5


def test_goals_of_the_memo(memo: Ranges) -> None:
    tables = some(memo, "plan", "uitgangspunten", *LINKS)

    def told(goal: str, what: str | None, year: int = 2023) -> object:
        return code(call("BDUR_DOELDEKKING", doel=goal, jaar=year, wat=what, **tables))

    assert told("R1", None) == 1
    assert told("1b", "aandeel") == 0.75, "A05, A10 and A11 of four; KCR2 is a heading only"
    assert told("R3", "niveau") == "alleen kop"
    assert told("R3", "aandeel") == 0
    assert told("R2b", "aandeel") == "#N/A", "no focus area: nothing to take a share of"
    assert told("R2a", "bedrag") == 525_000
    assert told("R2a", "fte", 2024) == 2


# Arguments as people type them


@pytest.mark.parametrize("year", [2031.0, "2031", " 2031\u00a0", ((2031.0,),), (("2031",),)])
def test_a_year_as_people_type_it(plan: Ranges, year: object) -> None:
    assert call("BDUR_JAARTOTAAL", plan=plan["plan"], jaar=year) == 245_000.50


@pytest.mark.parametrize(
    "month",
    ["april 2031", "apr 2031", "2031-04", "1-4-2031", dt.date(2031, 4, 1), dt.datetime(2031, 4, 1), 47_939.0],
)
def test_a_month_as_people_type_it(plan: Ranges, month: object) -> None:
    # 120.000 + 60.000 structural staff for 9 of 12 months, 65.000,50 for the whole year
    assert call("BDUR_DEELJAAR", plan=plan["plan"], jaar=2031, startmaand=month) == 200_000.50


@pytest.mark.parametrize(
    ("argument", "typed"),
    [
        ("hoofdthema", " WATER "),
        ("hoofdthema", "wa\u200bter"),
        ("afdeling", "oost\u00a0"),
        ("blok", ""),
        ("blok", "   "),
        ("blok", None),
        ("blok", ((None,),)),
    ],
)
def test_names_in_any_case_with_stray_spaces(plan: Ranges, argument: str, typed: object) -> None:
    everything = call("BDUR_JAARTOTAAL", plan=plan["plan"], jaar=2032)
    total = call("BDUR_JAARTOTAAL", plan=plan["plan"], jaar=2032, **{argument: typed})
    assert total == (everything if argument == "blok" else 210_000)


def test_lines_without_a_name_have_one(plan: Ranges) -> None:
    assert call("BDUR_JAARTOTAAL", plan=plan["plan"], jaar=2032, afdeling="(geen afdeling)") == 0


def test_columns_and_rows_stand_in_any_order(memo: Ranges) -> None:
    turned = tuple(tuple(reversed(row)) for row in memo["plan"])
    assert call("BDUR_JAARTOTAAL", plan=(turned[0], *reversed(turned[1:])), jaar=2023) == 1_685_000


def test_rows_under_a_range_of_whole_columns_cost_nothing(plan: Ranges) -> None:
    rows = plan["plan"] + ((None,) * len(plan["plan"][0]),) * 100_000
    assert call("BDUR_JAARTOTAAL", plan=rows, jaar=2032) == 270_000


@pytest.mark.parametrize(
    ("argument", "typed"),
    [
        ("jaar", 2030.0),
        ("hoofdthema", "Aarde"),
        ("afdeling", "Noord"),
        ("blok", "materieel"),
        ("doel", "R9"),
        ("doel", "W"),  # an opgave: only a heading
    ],
)
def test_an_unknown_value_is_not_available(plan: Ranges, argument: str, typed: object) -> None:
    arguments = {"jaar": 2031.0, argument: typed}
    assert code(call("BDUR_JAARTOTAAL", **some(plan, "plan", *LINKS), **arguments)) == "#N/A"


@pytest.mark.parametrize(
    "name", ["BDUR_RUIMTE", "BDUR_BESCHIKBAAR", "BDUR_DEELJAAR", "BDUR_DOELDEKKING", "BDUR_FTE"]
)
def test_an_unknown_year_is_not_available_anywhere(plan: Ranges, name: str) -> None:
    names = {argument.name for argument in FUNCTIONS[name].arguments}
    tables = {one: cells for one, cells in plan.items() if one in names}
    more = {"doel": "R1"} if name == "BDUR_DOELDEKKING" else {}
    assert code(call(name, jaar=2050, **tables, **more)) == "#N/A"
    assert isinstance(call(name, jaar=2031, **tables, **more), float)


@pytest.mark.parametrize(
    "arguments",
    [
        {"jaar": 2031.5},
        {"jaar": "twee"},
        {"jaar": None},
        {"jaar": True},
        {"jaar": dt.datetime(2031, 1, 1)},
        {"jaar": Unreadable("#REF!")},
        {"jaar": ((2031.0, 2032.0),)},
        {"jaar": 2031.0, "soort": "eenmalig"},
        {"jaar": 2031.0, "blok": Unreadable("#N/A")},
        {"jaar": 2031.0, "hoofdthema": False},
        {"jaar": 2031.0, "doel": "R1"},  # without the ranges that link lines to goals
        {"jaar": 2031.0, "plan": None},
        {"jaar": 2031.0, "plan": 12.0},
        {"jaar": 2031.0, "plan": Unreadable("#NAME?")},
        {"jaar": 2031.0, "plan": "plan"},
        {"jaar": 2031.0, "plan": ()},
    ],
    ids=str,
)
def test_an_impossible_argument_is_no_value(plan: Ranges, arguments: dict[str, object]) -> None:
    assert code(call("BDUR_JAARTOTAAL", **{"plan": plan["plan"], **arguments})) == "#VALUE!"


def test_more_arguments_than_there_are_is_no_value() -> None:
    assert code(evaluate(FUNCTIONS["BDUR_STATUS"], [1.0])) == "#VALUE!"


# What is not known is no figure


def test_what_the_plan_does_not_state_is_not_available(plan: Ranges) -> None:
    without_assumption = some(plan, "plan")
    assert code(call("BDUR_JAARTOTAAL", jaar=2032, soort="s", **without_assumption)) == "#N/A"
    assert code(call("BDUR_DEELJAAR", jaar=2032, startmaand="mei 2032", **without_assumption)) == "#N/A"
    assert code(call("BDUR_FTE", jaar=2031, **without_assumption)) == "#N/A", "no norm"
    assert code(call("BDUR_FTE", jaar=2031, soort="i", **some(plan, "plan", "uitgangspunten"))) == "#N/A"
    assert code(call("BDUR_FTE", plan=plan["tabel1"], jaar=2030)) == "#N/A"
    assert code(call("BDUR_DEELJAAR", jaar=2031, startmaand="mei 2044", **without_assumption)) == "#N/A"


def test_an_unknown_grant_gives_no_room() -> None:
    book = small()
    put(book["budget"], "B3", None)
    plan = some(ranges(book), "plan", "budget")
    assert code(call("BDUR_BESCHIKBAAR", budget=plan["budget"], jaar=2032)) == "#N/A"
    assert code(call("BDUR_RUIMTE", jaar=2032, **plan)) == "#N/A"
    assert code(call("BDUR_RUIMTE_CUMULATIEF", jaar=2032, **plan)) == "#N/A"
    assert call("BDUR_RUIMTE_CUMULATIEF", jaar=2031, **plan) == 4_999.50


# A cell that cannot be read makes an error, never a smaller sum


@pytest.mark.parametrize(
    "cell", [Unreadable("#REF!"), "12.000", True, False, dt.datetime(2031, 1, 1), math.nan, math.inf, 1e15]
)
def test_a_bad_amount_makes_every_dependent_figure_an_error(cell: object) -> None:
    book = small()
    put(book["plan"], "G2", cell)
    bad = ranges(book)
    for name in FIGURES:
        names = {argument.name for argument in FUNCTIONS[name].arguments}
        tables = {one: cells for one, cells in bad.items() if one in names}
        if "plan" not in tables:
            continue
        more = {"doel": "R1"} if name == "BDUR_DOELDEKKING" else {}
        assert code(call(name, jaar=2032, **tables, **more)) == "#VALUE!", name
    assert code(call("BDUR_OVERZICHT", **some(bad, "plan", "budget"))) == "#VALUE!"
    assert code(call("BDUR_DOELENMATRIX", **some(bad, "plan", *LINKS))) == "#VALUE!"
    rows = call("BDUR_CONTROLES", **bad)
    (fault,) = [row for row in rows if row[2] == "invoerfout"]
    assert fault[3] == "rij 2 van plan, kolom 2031 s"
    assert {row[2] for row in rows[1:]} == {"invoerfout", "niet uitgevoerd"}


@pytest.mark.parametrize(
    ("table", "address", "place"),
    [
        ("budget", "B2", "rij 2 van budget, kolom beschikbaar Tabel 2"),
        ("links", "B3", "rij 3 van koppeling, kolom aandachtsgebied"),
        ("intake", "B2", "rij 2 van instroom, kolom startmaand"),
        ("premises", "B3", "rij 3 van uitgangspunten, kolom waarde"),
        ("capacity", "F2", "rij 2 van tabel1, kolom capaciteit structureel 2031 (fte)"),
        ("plan", "G1", "rij 1 van plan, kolom zonder leesbare kop"),
    ],
)
def test_checks_name_the_cell_by_row_and_heading(table: str, address: str, place: str) -> None:
    book = small()
    put(book[table], address, Unreadable("#REF!"))
    rows = call("BDUR_CONTROLES", **ranges(book))
    assert place in [row[3] for row in rows if row[2] == "invoerfout"]


# Tables


def test_the_overview_has_the_rows_that_the_help_promises(memo: Ranges) -> None:
    names = [argument.name for argument in FUNCTIONS["BDUR_OVERZICHT"].arguments if argument.is_range]
    table = call("BDUR_OVERZICHT", **some(memo, *names))
    assert table[0] == ("onderdeel", "naam", 2023.0, 2024.0, 2025.0, 2026.0)
    fixed = [row[:2] for row in OVERVIEW_ROWS if "*" not in row[1] and "*" not in row[0]]
    assert [row[:2] for row in table[1 : len(fixed) + 1]] == fixed
    rest = [row[0] for row in table[len(fixed) + 1 :]]
    assert list(dict.fromkeys(rest)) == [
        "hoofdthema", "afdeling", "instroom 1 mei 2023", "instroom 1 juni 2023",
        "instroom 1 mei 2023, 1 fte al in dienst", "instroom 1 juni 2023, 1 fte al in dienst",
    ]  # fmt: skip
    assert [row[1:] for row in table if row[0].endswith("1 mei 2023")] == [
        ("lasten", 1_385_000.0, None, None, None),
        ("ruimte afgerond", 15_000.0, None, None, None),
        ("ruimte exact", 22_149.0, None, None, None),
    ]


def test_every_cell_of_the_overview_equals_its_own_function(memo: Ranges, plan: Ranges) -> None:
    for book in (memo, plan):
        assert every_cell_alone(book) > 30


def every_cell_alone(book: Ranges) -> int:
    """Compare each figure of the overview with the function that gives it alone; return how many."""
    names = [argument.name for argument in FUNCTIONS["BDUR_OVERZICHT"].arguments if argument.is_range]
    heading, *rows = call("BDUR_OVERZICHT", **some(book, *names))
    compared = 0
    for part, name, *figures in rows:
        for year, figure in zip(heading[2:], figures, strict=True):
            if figure is not None:
                assert code(alone(book, part, name, year)) == code(figure), (part, name, year)
                compared += 1
    return compared


def alone(book: Ranges, part: str, name: str, year: float) -> object:
    """Return a figure of the overview by the function that gives it alone."""
    plain, with_grant = some(book, "plan", "uitgangspunten"), some(book, "plan", "budget")
    phased = with_grant | some(book, "instroom", "uitgangspunten")
    kind = None if name == "jaartotaal" else name
    by_part: dict[str, Callable[[], object]] = {
        "lasten": lambda: call("BDUR_JAARTOTAAL", jaar=year, soort=kind, **plain),
        "blok": lambda: call("BDUR_JAARTOTAAL", jaar=year, blok=name, **plain),
        "hoofdthema": lambda: call("BDUR_JAARTOTAAL", jaar=year, hoofdthema=name, **plain),
        "afdeling": lambda: call("BDUR_JAARTOTAAL", jaar=year, afdeling=name, **plain),
        "doel": lambda: call("BDUR_JAARTOTAAL", jaar=year, doel=name, **plain, **some(book, *LINKS)),
        "beschikbaar": lambda: call("BDUR_BESCHIKBAAR", jaar=year, basis=name, budget=book["budget"]),
        "ruimte": lambda: call("BDUR_RUIMTE", jaar=year, basis=name, **with_grant),
        "cumulatief": lambda: call("BDUR_RUIMTE_CUMULATIEF", jaar=year, basis=name, **with_grant),
        "fte": lambda: call("BDUR_FTE", jaar=year, soort=name, **plain),
        "deeljaar": lambda: call("BDUR_DEELJAAR", jaar=year, **plain, instroom=book["instroom"]),
        "ruimte deeljaar": lambda: call("BDUR_RUIMTE", jaar=year, basis=name, **phased),
    }
    if part in by_part:
        return by_part[part]()
    month, *in_house = part.removeprefix("instroom 1 ").split(", ")
    variant = {"startmaand": month, "uitgangspunten": book["uitgangspunten"]}
    variant |= some(book, "instroom") if in_house else {}
    if name == "lasten":
        return call("BDUR_DEELJAAR", jaar=year, plan=book["plan"], **variant)
    return call("BDUR_RUIMTE", jaar=year, basis=name.removeprefix("ruimte "), **with_grant, **variant)


def test_without_its_range_a_row_of_the_overview_is_not_available(plan: Ranges) -> None:
    table = call("BDUR_OVERZICHT", **some(plan, "plan", "budget"))
    unknown = {row[:2] for row in table[1:] if all(code(cell) == "#N/A" for cell in row[2:])}
    assert unknown == {
        ("fte", "structureel"),
        ("deeljaar", "jaartotaal"),
        ("ruimte deeljaar", "afgerond"),
        ("ruimte deeljaar", "exact"),
        ("doel", "(geen doel)"),
    }


def test_every_cell_of_the_goal_matrix_equals_its_own_function(memo: Ranges, plan: Ranges) -> None:
    for book in (memo, plan):
        tables = some(book, "plan", *LINKS, "uitgangspunten")
        heading, *rows = call("BDUR_DOELENMATRIX", **tables)
        assert heading[: len(GOAL_HEADINGS)] == GOAL_HEADINGS
        for row in rows[::5]:  # a call per cell takes its time
            for what_year, cell in zip(heading[len(GOAL_HEADINGS) :], row[len(GOAL_HEADINGS) :], strict=True):
                what, year = what_year.split()
                found = call("BDUR_DOELDEKKING", doel=row[0], jaar=year, wat=what, **tables)
                assert code(found) == code(cell), (row[0], what_year)


def test_amounts_that_overlap_say_so(memo: Ranges) -> None:
    _, *rows = call("BDUR_DOELENMATRIX", **some(memo, "plan", *LINKS))
    adding = GOAL_HEADINGS.index("optellen")
    assert {row[adding] for row in rows if row[1].startswith("RBP")} == {"niet optelbaar"}
    assert {row[adding] for row in rows if not row[1].startswith("RBP")} == {None}


def test_checks_of_the_memo(memo: Ranges) -> None:
    heading, *rows = call("BDUR_CONTROLES", **memo)
    assert heading == CHECK_HEADINGS
    outcomes = {row[0]: row[2] for row in rows}
    assert list(outcomes) == ["INVOER", *(check.code for check in CHECKS)]
    assert [outcomes[one] for one in ("INVOER", "C01", "C03", "C04")] == ["klopt"] * 4
    assert outcomes["C05"] == "afwijking"


def test_a_signal_on_a_cell_stands_beside_input_that_holds() -> None:
    book = small()
    put(book["plan"], "G2", 120_000.123)
    rows = call("BDUR_CONTROLES", **ranges(book))
    assert [row[2] for row in rows if row[0] in ("INVOER", "CEL")] == ["klopt", "signaal"]


@pytest.mark.parametrize("name", ARRAYS)
def test_a_table_is_filled_up_to_the_block_asked_for(memo: Ranges, name: str) -> None:
    names = [argument.name for argument in FUNCTIONS[name].arguments if argument.is_range]
    tables = some(memo, *names)
    natural = call(name, **tables)
    block = call(name, rijen=len(natural) + 5, kolommen=len(natural[0]) + 2, **tables)
    assert {len(row) for row in block} == {len(natural[0]) + 2}
    assert len(block) == len(natural) + 5
    assert codes(row[: len(natural[0])] for row in block[: len(natural)]) == codes(natural)
    assert {cell for row in block[len(natural) :] for cell in row} == {None}
    assert codes(call(name, rijen=len(natural), **tables)) == codes(natural)
    for too_small in ({"rijen": len(natural) - 1}, {"kolommen": 2}, {"rijen": 0}, {"kolommen": 3.5}):
        assert code(call(name, **tables, **too_small)) == "#VALUE!", "a table is never cut off"


def codes(table: Iterable[tuple[object, ...]]) -> list[list[object]]:
    return [[code(cell) for cell in row] for row in table]


def test_long_texts_are_capped(memo: Ranges) -> None:
    for name in ARRAYS:
        names = [argument.name for argument in FUNCTIONS[name].arguments if argument.is_range]
        texts = [cell for row in call(name, **some(memo, *names)) for cell in row if isinstance(cell, str)]
        assert max(map(len, texts)) <= LONGEST_ARRAY_TEXT
    assert any(
        text.endswith("…")
        for text in (row[2] for row in call("BDUR_DOELENMATRIX", **some(memo, "plan", *LINKS)))
    )


def test_amounts_are_exact_to_the_cent() -> None:
    book = small()
    put(book["plan"], "G2", 9_999_999_999_999.99)
    assert (
        call("BDUR_JAARTOTAAL", plan=ranges(book)["plan"], jaar=2031, afdeling="Oost", soort="s")
        == 9_999_999_999_999.99
    )
    cents = [["regel", "hoofdthema", "blok", "subthema", "afdeling/sector", "2031"]]
    cents += [[f"L{n}", "x", "fte", "y", "z", 0.1] for n in range(1000)]  # type: ignore[list-item]
    assert call("BDUR_JAARTOTAAL", plan=ranges({"plan": cents})["plan"], jaar=2031) == 100  # type: ignore[dict-item]


# Whatever the cells


def test_status_is_one_line_that_tells_health() -> None:
    line = call("BDUR_STATUS")
    assert re.fullmatch(r"bdur_xl [\d.]+, Python [\d.]+(, xlwings [\d.]+)?: de zelftest klopt", line)


HEADINGS = [*sorted({str(cell) for sheet in small().values() for cell in sheet[0]}), 2031.0, 2032.0]
WORDS = ["2031", "i", "fte", "Water", "R1", "L1", "mei 2031", "ruimte", Unreadable("#REF!")]
CELL = st.one_of(
    st.none(), st.floats(), st.text(max_size=8), st.booleans(), st.datetimes(), st.dates(), st.just(2031.0),
    st.sampled_from(WORDS),
)  # fmt: skip
RANGE = (
    st.integers(1, 7)
    .flatmap(
        lambda width: st.tuples(
            st.tuples(*[st.one_of(st.sampled_from(HEADINGS), CELL)] * width),
            st.lists(st.tuples(*[CELL] * width), max_size=4),
        )
    )
    .map(lambda parts: (parts[0], *parts[1]))
)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", FUNCTIONS)
def test_whatever_the_cells_a_function_gives_a_value_or_an_error(name: str, data: st.DataObject) -> None:
    function, whole = FUNCTIONS[name], ranges(small())
    cells = [
        data.draw(
            st.one_of(RANGE, CELL, st.just(whole[one.name]))
            if one.is_range and one.name in whole
            else st.one_of(CELL, RANGE)
        )
        for one in function.arguments
    ]
    result = evaluate(function, cells)
    rows = result if isinstance(result, tuple) else ((result,),)
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert cell is None or isinstance(cell, float | str | SheetError)
        assert not isinstance(cell, float) or math.isfinite(cell)


# Against a naive calculation, over random plans


def shown(value: Decimal | Fraction | None) -> object:
    """Return euros or fte as a cell shows them: rounded half up to hundredths."""
    if value is None:
        return "#N/A"
    hundredths = abs(Fraction(value)) * 100
    whole = math.floor(hundredths + Fraction(1, 2))
    return (whole if value >= 0 else -whole) / 100


@settings(max_examples=40, deadline=None)
@given(book=books(), data=st.data())
def test_every_figure_equals_the_naive_one(book: Book, data: st.DataObject) -> None:
    cells = ranges(book)
    year = data.draw(st.sampled_from(naive.years(book)), "year")
    exact = data.draw(st.booleans(), "exact")
    basis = "exact" if exact else "afgerond"
    plain, granted = some(cells, "plan", "uitgangspunten"), some(cells, "plan", "budget")

    assert told("BDUR_RUIMTE", jaar=year, basis=basis, **granted) == shown(naive.room(book, year, exact))
    so_far = naive.cumulative(book, year, exact)
    assert told("BDUR_RUIMTE_CUMULATIEF", jaar=year, basis=basis, **granted) == shown(so_far)
    grant = naive.available(book, year, exact)
    assert told("BDUR_BESCHIKBAAR", jaar=year, basis=basis, budget=cells["budget"]) == shown(grant)
    assert told("BDUR_FTE", jaar=year, **plain) == shown(naive.fte(book, year))

    month, in_house = data.draw(st.integers(1, 12), "month"), data.draw(st.booleans(), "in house")
    intake = some(cells, "instroom") if in_house else {}
    phased = naive.part_year(book, year, month, in_house)
    start = f"{year}-{month}"
    assert told("BDUR_DEELJAAR", jaar=year, startmaand=start, **plain, **intake) == shown(phased)
    left = None if phased is None or grant is None else Fraction(grant) - phased
    given_ = {**granted, **plain, **intake}
    assert told("BDUR_RUIMTE", jaar=year, basis=basis, startmaand=start, **given_) == shown(left)


def told(name: str, **given_: object) -> object:
    return code(call(name, **given_))


@settings(max_examples=40, deadline=None)
@given(book=books(), data=st.data())
def test_every_selection_equals_the_naive_one(book: Book, data: st.DataObject) -> None:
    cells, lines = ranges(book), list(naive.rows(book, "plan"))
    filters: dict[str, object] = {}
    given_: dict[str, object] = {}
    for dimension, name, column in (
        ("theme", "hoofdthema", "hoofdthema"),
        ("department", "afdeling", "afdeling/sector"),
        ("block", "blok", "blok"),
    ):
        filtered = data.draw(st.booleans(), name)
        if lines and filtered:
            filters[dimension] = data.draw(st.sampled_from([line[column] for line in lines]), dimension)
            given_[name] = filters[dimension] or f"(geen {name})"
    if data.draw(st.booleans(), "doel"):
        goals = [None, *(row["doel"] for row in naive.rows(book, "goals"))]
        filters["goal"] = data.draw(st.sampled_from(goals), "doel")
        given_["doel"] = filters["goal"] or "(geen doel)"
    kind = data.draw(st.sampled_from([None, "incidenteel", "structureel", "ongesplitst"]), "soort")
    if kind:
        filters["kind"] = given_["soort"] = kind
    tables = some(cells, "plan", "uitgangspunten", *LINKS)
    for year in naive.years(book):
        expected = shown(naive.total(book, year=year, **filters))
        assert told("BDUR_JAARTOTAAL", jaar=year, **tables, **given_) == expected


@settings(max_examples=10, deadline=None)
@given(book=books())
def test_the_tables_of_random_plans_equal_the_single_functions(book: Book) -> None:
    every_cell_alone(ranges(book))
    cells = some(ranges(book), "plan", *LINKS, "uitgangspunten")
    heading, *rows = call("BDUR_DOELENMATRIX", **cells)
    for goal, *row in rows:
        figures = dict(zip(heading[1:], row, strict=True))
        for year in naive.years(book):
            assert figures[f"niveau {year}"] == naive.goal_level(book, goal, year)
            total, fte = naive.total(book, year=year, goal=goal), naive.fte(book, year, goal)
            assert figures[f"bedrag {year}"] == shown(total)
            assert code(figures[f"fte {year}"]) == shown(fte)
            areas = naive.areas_of(book, goal)
            own = sum(naive.area_level(book, area, year) in naive.OWN for area in areas)
            share = own / len(areas) if areas else "#N/A"
            assert told("BDUR_DOELDEKKING", doel=goal, jaar=year, **cells) == share


def test_every_table_has_a_range_argument() -> None:
    assert len(TABLES) == len(set(TABLES.values())) == len(small())


# Scenarios


def test_figures_under_a_scenario(memo: Ranges) -> None:
    tables = some(memo, "plan", "budget", "scenarios", "uitgangspunten")

    def under(function: str, scenario: str | None, year: int = 2023, **more: object) -> object:
        names = [argument.name for argument in FUNCTIONS[function].arguments]
        given = {name: cells for name, cells in tables.items() if name in names}
        return code(call(function, jaar=year, scenario=scenario, **given, **more))

    assert under("BDUR_RUIMTE", "instroom-1-mei-1fte", basis="exact") == -11_184.33
    assert under("BDUR_RUIMTE", " EXTERNE-inhuur-2024", 2024) == -5_000
    assert under("BDUR_RUIMTE_CUMULATIEF", "korting-10", 2026) == 960_000
    assert under("BDUR_BESCHIKBAAR", "korting-10", 2026) == 2_160_000
    assert under("BDUR_JAARTOTAAL", "indexatie-3", 2026) == 1_753_826.84
    assert under("BDUR_JAARTOTAAL", "instroom-1-juni", blok="fte") == 900_000, "375.000 and 7/12 of 900.000"
    assert under("BDUR_DEELJAAR", "instroom-1-mei") == 1_385_000
    assert under("BDUR_DEELJAAR", "korting-10") == "#VALUE!", "it does not say when staff start"
    for none in (None, "basis", "Basis"):
        assert under("BDUR_RUIMTE", none) == -285_000
    assert under("BDUR_RUIMTE", "instroom-1-mei", startmaand="mei 2023") == "#VALUE!"
    assert under("BDUR_RUIMTE", "korting") == "#N/A"


def test_a_scenario_needs_its_ranges(memo: Ranges) -> None:
    tables = some(memo, "plan", "budget")
    alone = call("BDUR_RUIMTE", jaar=2023, scenario="korting-10", **tables)
    assert (alone.code, alone.reason) == ("#VALUE!", "daarvoor is ook nodig: scenarios")
    tables |= some(memo, "scenarios")
    assert call("BDUR_RUIMTE", jaar=2026, scenario="korting-10", **tables) == 555_000
    later = call("BDUR_RUIMTE", jaar=2023, scenario="instroom-1-mei", **tables)
    assert (later.code, later.reason) == ("#VALUE!", "daarvoor is ook nodig: uitgangspunten")
    assert code(call("BDUR_SCENARIOS", **tables)) == "#VALUE!"


def test_the_overview_of_a_scenario_equals_its_functions(memo: Ranges) -> None:
    tables = some(memo, "plan", "budget", "scenarios", "uitgangspunten")
    table = call("BDUR_OVERZICHT", scenario="instroom-1-juni-1fte", **tables)
    rows = {row[:2]: row[2:] for row in table}
    assert rows["lasten", "jaartotaal"][0] == rows["deeljaar", "jaartotaal"][0] == 1_351_666.67
    assert rows["ruimte", "exact"][0] == rows["ruimte deeljaar", "exact"][0] == 55_482.33
    assert not [part for part, _ in rows if part.startswith("instroom")]


def test_the_table_of_scenarios_equals_the_functions(memo: Ranges) -> None:
    tables = some(memo, "plan", "budget", "scenarios", "uitgangspunten")
    for basis in ("afgerond", "exact"):
        heading, *rows = call("BDUR_SCENARIOS", basis=basis, **tables)
        assert len(rows) == 8 * 5
        for name, part, *figures in rows:
            for year, figure in zip(heading[2:], figures, strict=True):
                given = {"jaar": year, "scenario": name, "basis": basis, **tables}
                if part == "ruimte":
                    assert call("BDUR_RUIMTE", **given) == figure
                elif part == "cumulatief":
                    assert call("BDUR_RUIMTE_CUMULATIEF", **given) == figure


def test_a_scenario_without_carry_over(plan: Ranges) -> None:
    heading, *rows = plan["scenarios"]
    own = tuple({"scenario": "los", "overdracht": "nee"}.get(str(head)) for head in heading)
    tables = {**some(plan, "plan", "budget", "uitgangspunten"), "scenarios": (heading, *rows, own)}
    given = {"jaar": 2032, "scenario": "los", **tables}
    assert call("BDUR_RUIMTE_CUMULATIEF", **given) == -10_000
    assert call("BDUR_WAAROM", functie="ruimte_cumulatief", **given).replace("\N{NO-BREAK SPACE}", " ") == (
        "Scenario los, geen overdracht tussen jaren: −€ 10.000: de ruimte van 2032 zelf; "
        "zonder overdracht telt geen ander jaar mee."
    )


@pytest.mark.parametrize(
    ("function", "scenario", "year", "sentence"),
    [
        (
            "beschikbaar",
            "korting",
            2032,
            "Scenario korting, korting van 10% vanaf 2032: € 234.000 voor 2032: ",
        ),
        (
            "ruimte",
            "korting",
            2032,
            "−€ 36.000 = € 234.000 beschikbaar (afgerond) − € 270.000 lasten in 2032",
        ),
        (
            "jaartotaal",
            "kort",
            2032,
            '#N/B: scenario "kort" is onbekend. Bedoelt u korting? Bekend: basis en ',
        ),
    ],
)
def test_why_under_a_scenario(plan: Ranges, function: str, scenario: str, year: int, sentence: str) -> None:
    tables = some(plan, "plan", "budget", "scenarios", "uitgangspunten")
    told = call("BDUR_WAAROM", functie=function, jaar=year, scenario=scenario, **tables)
    assert sentence in told.replace("\N{NO-BREAK SPACE}", " ")


def test_the_answers_of_the_memo_in_cells(memo: Ranges) -> None:
    tables = some(memo, "plan", "budget", "scenarios", "reserveringen", "uitgangspunten")
    heading, *rows = call("BDUR_ANTWOORDEN", basis="exact", **tables)
    assert heading == ("onderwerp", "antwoord", "wat", "jaar", "waarde", "eenheid")
    assert rows[0][1].startswith("De ruimte van 2023 is nihil bij 8,30 maanden formatie: ")
    assert ("kantelpunt", None, "nihil bij", 2023.0, 8.3, "maanden") in rows
    assert ("aannamen", None, "korting-10", 2026.0, -240_000.0, "euro") in rows
    assert ("na het plan", None, "indexatie-3", 2030.0, 426_052.45, "euro") in rows
    assert all(len(row[1] or "") <= 255 for row in rows)
