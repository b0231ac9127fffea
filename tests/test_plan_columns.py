"""The two ways of reading Tabel 2, by whole columns and cell by cell, give the same plan or say why not."""

import datetime as dt
from copy import copy
from inspect import unwrap
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bdur_xl import parse, plan_columns
from bdur_xl.arguments import RangeTable
from bdur_xl.budget import UNNAMED, Cube
from bdur_xl.cells import Unreadable
from bdur_xl.model import Plan, YearColumn
from bdur_xl.plan_columns import ColumnLines, estimated, restated
from bdur_xl.tables import Numbered, RawTable
from bdur_xl.terms import Kind

HEADINGS = (
    "regel", "hoofdthema", "blok", "subthema", "afdeling/sector", "opmerking", "2031 i", "2031 s",
    "2032", "eigen",
)  # fmt: skip
"""A plan with a column of staff's own."""

names = st.sampled_from(["inkoop", "Inkoop", " inkoop ", "crisis\xa0team", "x\u200by", "", None, 7.0, 7.5])
blocks = st.sampled_from(["fte", "Fte ", "middelen", "MIDDELEN"])
euros = st.one_of(
    st.none(),
    st.integers(0, 10**9).map(float),
    st.integers(0, 10**12).map(lambda cents: cents / 100),
    st.just(0.0),
)
odd = st.sampled_from(
    [
        "", " ", "12", "n.v.t.", True, False, 5, 1.005, 0.1 + 0.2, -1.0, -0.0, 1e13, 1e300, float("nan"),
        float("inf"), 2**53 / 100, dt.datetime(2031, 5, 1), Unreadable("#REF!"), "totaal", "Subtotaal", "som",
        "totaal\u200b", "zie\ntotaal", "é\u202ey", "fte", "-P1", "p0", "P\x010", "to\x01taal", "\x1b[1m",
    ]
)  # fmt: skip


@st.composite
def ranges(draw: st.DrawFn, faults: st.SearchStrategy[Any] | None = None) -> RawTable:
    rows = []
    for number in range(draw(st.integers(1, 8))):
        line = draw(st.sampled_from([f"P{number}", f"p {number}", f"é{number}", float(number + 1)]))
        theme, block, subtheme, department, remark = (
            draw(one) for one in (names, blocks, names, names, names)
        )
        amounts = [draw(euros) for _ in range(3)]
        rows.append([line, theme, block, subtheme, department, remark, *amounts, draw(names)])
    if faults is not None:
        for _ in range(draw(st.integers(1, 2))):
            row = draw(st.integers(0, len(rows) - 1))
            rows[row][draw(st.integers(0, len(HEADINGS) - 1))] = draw(faults)
    return RawTable("Plan", HEADINGS, Numbered(2, tuple(map(tuple, rows))))


def both(table: RawTable) -> tuple[Plan, Plan, Any]:
    """Return the plan as read, as read cell by cell, and what was found either way."""
    quick, found = parse.parse_inputs({"plan": table}, required=())
    with (
        mock.patch.multiple(parse, _plan=unwrap(parse._plan)),
        mock.patch.object(plan_columns, "read", nothing),
    ):
        careful, also_found = parse.parse_inputs({"plan": table}, required=())
    assert isinstance(careful.plan.lines, tuple)
    assert found == also_found
    return quick.plan, careful.plan, found


def nothing(*_: object) -> None:
    """Read no table by columns."""


def totals(plan: Plan) -> list[Any]:
    goals = {line.line_id: frozenset({"R1"}) for line in plan.lines[::2]}
    cube = Cube(plan, goals)
    filters: list[dict[str, Any]] = [{}, {"goal": "R1"}, {"goal": UNNAMED}]
    filters += [{"block": block, "goal": "R1"} for block in estimated(cube.plan, "block")]
    filters += [{one: name} for one in ("theme", "department", "block") for name in estimated(cube.plan, one)]
    return [cube.total(year=year, **one) for year in (*plan.years, None) for one in filters] + [
        cube.has_estimate(column.year, column.kind) for column in plan.columns
    ]


@given(ranges())
def test_a_plan_beyond_doubt_reads_the_same_either_way(table: RawTable) -> None:
    quick, careful, _ = both(table)
    assert quick == careful
    assert careful == quick
    assert totals(quick) == totals(careful)
    assert [quick.lines[at] for at in range(len(quick.lines))] == list(careful.lines)


@given(ranges())
def test_what_is_stated_goes_to_other_columns_the_same_either_way(table: RawTable) -> None:
    quick, careful, _ = both(table)
    columns = tuple(YearColumn(year, Kind.STRUCTURAL) for year in (2033, 2034))
    for stated in (quick.columns[:1], quick.columns[:2], (), (YearColumn(1999, Kind.UNSPLIT),)):
        plans = [Plan(columns, restated(plan.lines, stated, columns)) for plan in (quick, careful)]
        assert plans[0] == plans[1]
        assert totals(plans[0]) == totals(plans[1])
    assert isinstance(restated(quick.lines, quick.columns[:1], columns), type(quick.lines))


@settings(max_examples=400)
@given(ranges(odd))
def test_an_odd_cell_is_said_and_counted_the_same_either_way(table: RawTable) -> None:
    quick, careful, _ = both(table)
    assert quick == careful
    assert totals(quick) == totals(careful)


@st.composite
def edited(draw: st.DrawFn) -> list[RawTable]:
    """A table and what becomes of it, cell after cell; the cells that stay are equal, not the same."""
    cells = [list(row) for row in draw(ranges()).cells]
    tables = []
    for _ in range(draw(st.integers(2, 5))):
        tables.append(RawTable("Plan", HEADINGS, Numbered(2, tuple(map(anew, cells)))))
        row, column = draw(st.integers(0, len(cells) - 1)), draw(st.integers(0, len(HEADINGS) - 1))
        amount = HEADINGS[column].startswith("20")
        cells[row][column] = draw(st.one_of(euros, odd) if amount else st.one_of(names, blocks, odd))
        if draw(st.booleans()):
            cells[draw(st.integers(0, len(cells) - 1))][6] = draw(euros)
    return tables


def anew(row: list[Any]) -> tuple[Any, ...]:
    return tuple(f"{cell} "[:-1] if type(cell) is str else copy(cell) for cell in row)


@settings(max_examples=300)
@given(edited())
def test_a_plan_that_is_edited_reads_the_same_either_way(tables: list[RawTable]) -> None:
    for table in tables:
        quick, careful, _ = both(table)
        assert quick == careful
        assert totals(quick) == totals(careful)


ROW = ("P1", "inkoop", "fte", "inkoper", "bedrijfsvoering", None, 1.0, 12.0, 2.5, "x")


@pytest.mark.parametrize(
    ("column", "cell", "is_revised"),
    [
        (6, 3.25, True),
        (6, None, True),
        (6, -1.0, False),
        (6, True, False),  # equal to the 1 that stood there
        (6, 1, False),
        (0, Unreadable("P1"), False),
        (1, "verkoop", False),
        (9, "y", False),
    ],
)
def test_other_amounts_only_are_read_as_other_amounts(column: int, cell: object, is_revised: bool) -> None:
    second, third = ("P2", *ROW[1:]), ("P3", *ROW[1:])
    before, _, _ = both(RawTable("Plan", HEADINGS, Numbered(2, (ROW, second, third))))
    changed = (*ROW[:column], cell, *ROW[column + 1 :])
    quick, careful, _ = both(RawTable("Plan", HEADINGS, Numbered(2, (changed, second, third))))
    assert quick == careful
    assert totals(quick) == totals(careful)
    revised = plan_columns.line_ids(quick.lines) is plan_columns.line_ids(before.lines)
    assert revised or not is_revised


def test_lines_that_moved_are_where_they_moved_to() -> None:
    for first in (2, 5, 2):
        quick, careful, _ = both(RawTable("Plan", HEADINGS, Numbered(first, (ROW, ("P2", *ROW[1:])))))
        assert quick == careful
        assert [line.place for line in quick.lines] == [f"Plan, rij {first}", f"Plan, rij {first + 1}"]


def test_lines_of_a_range_are_where_a_range_says() -> None:
    rows = Numbered(2, (ROW, ("P2", *ROW[1:])))
    for kind, place in ((RawTable, "plan, rij 2"), (RangeTable, "rij 2 van plan"), (RawTable, "plan, rij 2")):
        quick, careful, _ = both(kind("plan", HEADINGS, rows))
        assert quick == careful
        assert quick.lines[0].place == place


def test_names_stand_in_the_order_of_the_first_line_with_an_estimate() -> None:
    themes = [("verkoop", None), ("inkoop", 1.0), ("verkoop", 2.0)]
    rows = tuple(
        (f"P{at}", theme, *ROW[2:6], amount, None, None, None) for at, (theme, amount) in enumerate(themes)
    )
    quick, careful, _ = both(RawTable("Plan", HEADINGS, Numbered(2, rows)))
    assert isinstance(quick.lines, ColumnLines)
    assert estimated(quick, "theme") == estimated(careful, "theme") == ["inkoop", "verkoop"]


@pytest.mark.parametrize(
    ("cell", "is_fast"),
    [(12.0, True), (0.1, True), (None, True), (-1.0, False), (1.005, False), ("12", False), (True, False)],
)
def test_only_whole_columns_beyond_doubt_go_the_fast_way(cell: object, is_fast: bool) -> None:
    row = ("P1", "inkoop", "fte", "inkoper", "bedrijfsvoering", None, 1.0, cell, 2.5, None)
    table = RawTable("Plan", HEADINGS, Numbered(2, (row, ("P2", *row[1:]))))
    quick, careful, _ = both(table)
    assert isinstance(quick.lines, ColumnLines) is is_fast
    assert quick == careful


def test_sums_stay_exact_where_floats_would_not() -> None:
    """Ten cents on each of a hundred thousand lines is ten thousand euros, to the cent."""
    row = ("P", "inkoop", "fte", None, None, None, 0.1, 0.7, None, None)
    rows = tuple((f"P{number}", *row[1:]) for number in range(100_000))
    plan, _ = parse.parse_inputs({"plan": RawTable("Plan", HEADINGS, Numbered(2, rows))}, required=())
    assert isinstance(plan.plan.lines, ColumnLines)
    cube = Cube(plan.plan)
    assert [cube.total(year=2031, kind=kind) for kind in Kind] == [1_000_000, 7_000_000, None]
    assert cube.total(year=2032) == 0
    assert not cube.has_estimate(2032, Kind.UNSPLIT)


def test_amounts_too_large_to_add_exactly_are_read_one_by_one() -> None:
    rows = tuple((f"P{n}", "x", "fte", None, None, None, 4e12 + n, 0.01, None, None) for n in range(9))
    plan, _, _ = both(RawTable("Plan", HEADINGS, Numbered(2, rows)))
    assert not isinstance(plan.lines, ColumnLines)
    assert Cube(plan).total(year=2031, kind=Kind.INCIDENTAL) == (9 * 4 * 10**12 + 36) * 100
