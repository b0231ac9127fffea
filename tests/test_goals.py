"""Goal coverage: the memo's goals worked by hand, and random plans against the naive route."""

from fractions import Fraction

import naive
import pytest
from hypothesis import given
from sheets import Book, add_column, inputs, put, raw, small
from strategies import books

from bdur_xl import nl
from bdur_xl.goals import GoalCoverage, coverage, goals_of_lines
from bdur_xl.model import Inputs
from bdur_xl.overview import Overview
from bdur_xl.parse import parse_inputs
from bdur_xl.plan_lines import Lines
from bdur_xl.terms import Level

YEARS = (2023, 2024, 2025, 2026)


def by_goal(read: Inputs) -> dict[str, GoalCoverage]:
    covered = coverage(read)
    return {one.goal.goal_id: one for one in covered}


@pytest.fixture(scope="module")
def goals(real_inputs: Inputs) -> dict[str, GoalCoverage]:
    return by_goal(real_inputs)


@pytest.mark.parametrize(
    ("goal", "level", "with_line", "areas", "amounts", "fte", "carrier"),
    [
        ("R1", "expliciet", 9, 9, (710, 685, 685, 685), (5, 5, 5, 5), "regionaal"),
        ("R2a", "expliciet", 2, 2, (525, 320, 320, 320), (1, 2, 2, 2), "regionaal"),
        ("R2b", "geen", 0, 0, (0, 0, 0, 0), (0, 0, 0, 0), "landelijk afgeroomd (NIPV)"),
        ("R3", "alleen kop", 0, 1, (0, 0, 0, 0), (0, 0, 0, 0), "landelijk afgeroomd (KCR2)"),
        ("1a", "expliciet", 7, 7, (460, 435, 435, 435), (3.5, 3.5, 3.5, 3.5), "regionaal"),
        ("1b", "expliciet", 3, 4, (655, 435, 435, 435), (2, 3, 3, 3), "regionaal"),
        ("1c", "expliciet", 4, 4, (560, 535, 535, 535), (4, 4, 4, 4), "regionaal"),
        ("1d", "expliciet", 1, 1, (180, 170, 170, 170), (1.5, 1.5, 1.5, 1.5), "regionaal"),
        ("2c", "expliciet", 4, 5, (675, 470, 470, 470), (2, 3, 3, 3), "regionaal"),
        ("2d", "expliciet", 1, 1, (180, 170, 170, 170), (1.5, 1.5, 1.5, 1.5), "regionaal"),
        ("4c", "expliciet", 3, 3, (130, 115, 115, 115), (1, 1, 1, 1), "regionaal"),
    ],
)
def test_coverage_of_the_memo(
    goals: dict[str, GoalCoverage],
    goal: str,
    level: str,
    with_line: int,
    areas: int,
    amounts: tuple[int, ...],
    fte: tuple[float, ...],
    carrier: str,
) -> None:
    """Amounts here in thousands of euros."""
    one = goals[goal]
    assert (one.level, one.with_line, len(one.areas), one.carrier) == (level, with_line, areas, carrier)
    assert set(one.level_by_year.values()) == {level}
    assert [one.amounts[year] for year in YEARS] == [thousands * 100_000 for thousands in amounts]
    assert [one.fte[year] for year in YEARS] == [people * 100 for people in fte]


@pytest.mark.parametrize(
    ("area", "level", "lines"),
    [
        ("A01", "expliciet", ("P01", "P11")),
        ("A06", "expliciet", ("P03", "P13")),
        ("A07", "expliciet", ("P02", "P12")),
        ("A08", "gedeeld", ("P04", "P14")),
        ("A09", "gedeeld", ("P04", "P14")),
        ("A10", "expliciet", ("P07", "P17")),
        ("A11", "expliciet", ("P07", "P17")),
        ("A12", "alleen kop", ()),
    ],
)
def test_focus_areas_of_the_memo(
    goals: dict[str, GoalCoverage], area: str, level: str, lines: tuple[str, ...]
) -> None:
    areas = {one.area.area_id: one for goal in goals.values() for one in goal.areas}
    assert (areas[area].level, areas[area].lines) == (level, lines)


def test_levels_within_a_goal(goals: dict[str, GoalCoverage]) -> None:
    assert goals["R1"].levels == {Level.EXPLICIT: 7, Level.SHARED: 2}
    assert goals["R1"].lines == ("P01", "P11", "P03", "P13", "P02", "P12", "P04", "P14")
    assert goals["1b"].levels == {Level.EXPLICIT: 3, Level.HEADING: 1}


def test_1d_and_2d_hang_on_one_focus_area(goals: dict[str, GoalCoverage]) -> None:
    for goal in ("1d", "2d"):
        assert [area.area.area_id for area in goals[goal].areas] == ["A06"]


def test_the_earlier_policy_plan_is_linked_to_nothing(goals: dict[str, GoalCoverage]) -> None:
    earlier = [one for one in goals.values() if one.goal.goal_id.startswith("B20")]
    assert len(earlier) == 9
    assert {(one.level, len(one.areas), *one.lines) for one in earlier} == {(Level.NONE, 0)}


def test_headings_are_no_goals(goals: dict[str, GoalCoverage]) -> None:
    assert not {"B24-1", "B24-2", "B24-4"} & set(goals)


@pytest.mark.parametrize(
    ("year", "amount", "share"),
    [(2023, 450, "27%"), (2024, 500, "33%"), (2025, 600, "37%"), (2026, 600, "37%")],
)
def test_spending_under_no_focus_area(real: Overview, year: int, amount: int, share: str) -> None:
    assert real.without_goal[year] == amount * 100_000
    assert nl.percentage(Fraction(real.without_goal[year], real.planned[year])) == share


def test_lines_under_no_focus_area(real_inputs: Inputs) -> None:
    assert without_goal(real_inputs) == ["P05", "P06", "P08", "P09", "P10"]


def without_goal(inputs: Inputs) -> list[str]:
    lines = Lines(inputs.plan)
    return [lines.ids[at] for at in lines.loose(goals_of_lines(inputs))]


# The edges, on the small plan


def test_a_line_counts_once_however_many_areas_it_serves() -> None:
    book = small()
    put(book["links"], "B2", "A1 A2")
    covered = by_goal(inputs(book))
    assert covered["R1"].amounts == {2031: 14_500_050, 2032: 21_000_000}
    assert covered["w1"].amounts == covered["R1"].amounts
    assert covered["w2"].amounts == {2031: 12_000_000, 2032: 18_000_000}
    assert covered["R1"].lines == ("L1", "L2")


def test_a_link_typed_twice_changes_nothing() -> None:
    book = small()
    book["links"].append(list(book["links"][1]))
    assert by_goal(inputs(book))["R1"].amounts == by_goal(inputs(small()))["R1"].amounts


def test_a_level_needs_an_amount_in_that_year() -> None:
    book = small()
    put(book["plan"], "G2", None)
    put(book["plan"], "F3", None)
    put(book["control_totals"], "C2", 100_000)
    one = by_goal(inputs(book))["R1"]
    assert one.level_by_year == {2031: Level.NONE, 2032: Level.EXPLICIT}
    assert one.level is Level.EXPLICIT
    assert (one.with_line, len(one.areas)) == (1, 2)


def test_an_amount_of_zero_is_an_amount() -> None:
    book = small()
    put(book["plan"], "G2", 0)
    put(book["plan"], "F3", None)
    assert by_goal(inputs(book))["R1"].level_by_year[2031] is Level.EXPLICIT


@pytest.mark.parametrize("level", ["alleen kop", "ondersteunend", "geen"])
def test_lower_levels_need_no_amount_and_give_none(level: str) -> None:
    book = small()
    put(book["links"], "C2", level)
    put(book["links"], "C3", level)
    covered = by_goal(inputs(book))["R1"]
    assert (covered.level, covered.with_line, covered.lines) == (level, 0, ())
    assert covered.amounts == {2031: 0, 2032: 0}


def test_the_strongest_link_counts() -> None:
    book = small()
    levels = []
    for level in ("geen", "ondersteunend", "alleen kop", "geen"):
        book["links"].append(["L3", "A2", level, None])
        levels.append(by_goal(inputs(book))["w2"].level)
    assert levels == ["geen", "ondersteunend", "alleen kop", "alleen kop"]


def test_the_share_of_areas_with_a_line() -> None:
    covered = by_goal(inputs(small()))
    assert [covered[goal].share_with_line(2031) for goal in ("R1", "w1", "w2", "R2")] == [
        Fraction(1, 2), Fraction(1, 2), 0, None,
    ]  # fmt: skip


def test_a_goal_without_areas_or_years_of_its_own() -> None:
    covered = by_goal(inputs(small()))
    assert "W" not in covered
    assert (covered["R2"].level, covered["R2"].areas) == (Level.NONE, ())
    assert covered["R2"].carrier == "landelijk afgeroomd (NIPV)"


def test_fte_of_a_goal_is_unknown_where_the_split_is() -> None:
    book = small()
    put(book["premises"], "B4", None)
    assert by_goal(inputs(book))["R1"].fte == {2031: Fraction(200), 2032: None}


def test_another_year_another_goal_another_department() -> None:
    book = small()
    add_column(book["plan"], "2040 s", 60_000)
    book["goals"].append(["R7", "RCDV", None, "nieuw", "regionaal", None])
    book["areas"].append(["A7", "nieuw", "R7", "w2"])
    book["links"].append(["L1", "A7", "expliciet", None])
    covered = by_goal(inputs(book))
    assert covered["R7"].amounts == {2031: 12_000_000, 2032: 18_000_000, 2040: 6_000_000}
    assert covered["R7"].fte == {2031: 200, 2032: 300, 2040: 100}


# Random plans


def read(book: Book) -> Inputs:
    return parse_inputs(raw(book))[0]


@given(books())
def test_random_coverage_equals_the_naive_calculation(book: Book) -> None:
    parsed = read(book)
    covered = by_goal(parsed)
    assert list(covered) == [row["doel"] for row in naive.rows(book, "goals")]
    for goal, one in covered.items():
        assert [area.area.area_id for area in one.areas] == naive.areas_of(book, goal)
        assert one.with_line == naive.areas_with_line(book, goal)
        for year in parsed.plan.years:
            assert one.level_by_year[year] == naive.goal_level(book, goal, year)
            assert one.amounts[year] == (naive.total(book, year=year, goal=goal) or 0) * 100
            fte = naive.fte(book, year, goal)
            assert one.fte[year] == (None if fte is None else fte * 100)


@given(books())
def test_every_line_has_a_goal_or_none(book: Book) -> None:
    parsed = read(book)
    without = without_goal(parsed)
    for row in naive.rows(book, "plan"):
        estimated = any(True for _ in naive.amounts(book, row))
        assert (row["regel"] in without) == (estimated and not naive.goals_of(book, row["regel"]))
