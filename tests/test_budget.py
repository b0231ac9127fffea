"""Totals, room and part-year cost: the memo's figures worked by hand, and what always holds."""

import itertools
import random
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import Book, inputs, put, raw, small
from strategies import books

from bdur_xl import budget
from bdur_xl.budget import UNNAMED, Cube
from bdur_xl.goals import goals_of_lines
from bdur_xl.model import BudgetYear, CapacityColumn, CapacityLine, Inputs, Intake, Plan, PlanLine, YearColumn
from bdur_xl.parse import parse_inputs
from bdur_xl.plan_columns import estimated
from bdur_xl.terms import Basis, Kind

I, S, U = Kind.INCIDENTAL, Kind.STRUCTURAL, Kind.UNSPLIT  # noqa: E741  # the memo's letters
YEARS = (2023, 2024, 2025, 2026)


def euros(amount: float | None) -> int | None:
    return None if amount is None else round(amount * 100)


def total(cube: Cube, **filters: object) -> int | None:
    ask: Callable[..., int | None] = cube.total
    return ask(**filters)


@pytest.fixture(scope="module")
def cube(real_inputs: Inputs) -> Cube:
    return Cube(real_inputs.plan, goals_of_lines(real_inputs))


# The memo's figures, in euros


@pytest.mark.parametrize(
    ("filters", "by_year"),
    [
        ({}, (1_685_000, 1_505_000, 1_605_000, 1_605_000)),
        ({"kind": I}, (485_000, 0, None, None)),  # 2025 and 2026 have no such column: absent, not 0
        ({"kind": S}, (1_200_000, 1_505_000, 1_605_000, 1_605_000)),
        ({"kind": U}, (None, None, None, None)),  # all of it counts as structural, by assumption
        ({"block": "fte"}, (1_275_000, 1_200_000, 1_300_000, 1_300_000)),
        ({"block": "middelen"}, (410_000, 305_000, 305_000, 305_000)),
        ({"theme": "toek. CB"}, (910_000, 885_000, 985_000, 985_000)),
        ({"theme": "versterken IM"}, (775_000, 620_000, 620_000, 620_000)),
        ({"department": "CB"}, (910_000, 805_000, 805_000, 805_000)),
        ({"department": "BGC"}, (100_000, 100_000, 200_000, 200_000)),
        ({"department": "IM"}, (250_000, 200_000, 200_000, 200_000)),
        ({"department": UNNAMED}, (0, 0, 0, 0)),
        ({"block": "fte", "kind": S}, (900_000, 1_200_000, 1_300_000, 1_300_000)),
        ({"block": "fte", "kind": I}, (375_000, 0, None, None)),
        ({"block": "middelen", "kind": I}, (110_000, 0, None, None)),
        ({"goal": UNNAMED}, (450_000, 500_000, 600_000, 600_000)),
        ({"goal": "R2b"}, (0, 0, 0, 0)),
        ({"theme": "versterken IM", "block": "fte", "kind": I}, (375_000, 0, None, None)),
    ],
)
def test_yearly_totals_of_the_memo(
    cube: Cube, filters: dict[str, str], by_year: tuple[int | None, ...]
) -> None:
    got = tuple(total(cube, year=year, **filters) for year in YEARS)
    assert got == tuple(euros(amount) for amount in by_year)


def test_without_the_assumption_the_split_of_later_years_is_unknown(real_inputs: Inputs) -> None:
    cube = Cube(real_inputs.plan._replace(unsplit_as=None))
    assert [cube.total(year=year, kind=S) for year in YEARS] == [120_000_000, 150_500_000, None, None]
    assert [cube.total(year=year, kind=U) for year in YEARS] == [None, None, 160_500_000, 160_500_000]
    assert [cube.total(year=year) for year in YEARS] == [168_500_000, 150_500_000, 160_500_000, 160_500_000]
    assert budget.structural_fte(cube, 2025, 10_000_000) is None
    assert budget.part_year_total(cube, 2025, {}, 10_000_000) is None
    assert budget.break_even(cube, 2025, 1) is None


def test_all_years_together(cube: Cube) -> None:
    assert cube.total() == euros(6_400_000)
    assert cube.total(kind=I) == euros(485_000)
    assert cube.total(year=2022) is None
    assert cube.total(year=2022, goal="R1") is None


@pytest.mark.parametrize(
    ("basis", "available", "room", "cumulative"),
    [
        (
            Basis.ROUNDED,
            (1_400_000, 1_650_000, 2_150_000, 2_400_000),
            (-285_000, 145_000, 545_000, 795_000),
            (-285_000, -140_000, 405_000, 1_200_000),
        ),
        (
            Basis.EXACT,
            (1_407_149, 1_650_000, 2_150_000, 2_400_000),
            (-277_851, 145_000, 545_000, 795_000),
            (-277_851, -132_851, 412_149, 1_207_149),
        ),
    ],
)
def test_room_of_the_memo(
    real_inputs: Inputs,
    cube: Cube,
    basis: Basis,
    available: tuple[int, ...],
    room: tuple[int, ...],
    cumulative: tuple[int, ...],
) -> None:
    grants = {year: budget.available(real_inputs.budget, year, basis) for year in YEARS}
    assert tuple(grants.values()) == tuple(map(euros, available))
    rooms = {year: budget.room(grants[year], cube.total(year=year)) for year in YEARS}
    assert tuple(rooms.values()) == tuple(map(euros, room))
    whole = {year: int(one) for year, one in rooms.items() if one is not None}
    assert tuple(budget.cumulative(whole).values()) == tuple(map(euros, cumulative))


def test_years_in_which_exact_is_the_rounded_amount(real_inputs: Inputs) -> None:
    assert budget.rounded_instead(real_inputs.budget, YEARS) == (2024, 2025, 2026)


def test_the_structural_room_of_2023_is_positive(real_inputs: Inputs, cube: Cube) -> None:
    structural = cube.total(year=2023, kind=S)
    rounded, exact = (budget.available(real_inputs.budget, 2023, basis) for basis in Basis)
    assert budget.room(rounded, structural) == euros(200_000)
    assert budget.room(exact, structural) == euros(207_149)


@pytest.mark.parametrize(("year", "fte"), [(2023, 9), (2024, 12), (2025, 13), (2026, 13)])
def test_structural_fte_of_the_memo(cube: Cube, year: int, fte: int) -> None:
    assert budget.structural_fte(cube, year, 10_000_000) == fte * 100
    assert budget.structural_fte(cube, year, None) is None


@pytest.mark.parametrize(
    ("month", "in_house", "planned", "rounded", "exact"),
    [
        (5, False, 1_385_000, 15_000, 22_149),
        (6, False, 1_310_000, 90_000, 97_149),
        (5, True, 1_418_333, -18_333, -11_184),
        (6, True, 1_351_667, 48_333, 55_482),
    ],
)
def test_part_year_2023_of_the_memo(
    real_inputs: Inputs, month: int, in_house: bool, planned: int, rounded: int, exact: int
) -> None:
    known = real_inputs.intake if in_house else None
    intake = budget.uniform_intake(real_inputs.plan, (2023, month), known)
    cost = budget.part_year_total(Cube(real_inputs.plan), 2023, intake, 10_000_000)
    assert cost is not None
    assert round(cost / 100) == planned  # none of the four lies on a half
    rooms = [budget.room(budget.available(real_inputs.budget, 2023, basis), cost) for basis in Basis]
    assert [round(room / 100) for room in rooms if room is not None] == [rounded, exact]


def test_the_start_months_on_the_sheet_give_the_footnotes_figure(real_inputs: Inputs) -> None:
    """May 2023 for all, 1 fte in house; what starts in January 2024 costs nothing less then."""
    total_2023 = budget.part_year_total(Cube(real_inputs.plan), 2023, real_inputs.intake, 10_000_000)
    assert total_2023 == Fraction(425_500_000, 3)
    total_2024 = budget.part_year_total(Cube(real_inputs.plan), 2024, real_inputs.intake, 10_000_000)
    assert total_2024 == euros(1_505_000)


@pytest.mark.parametrize(
    ("basis", "months", "shown"),
    [(Basis.ROUNDED, Fraction(41, 5), 8.20), (Basis.EXACT, Fraction(207_383, 25_000), 8.30)],
)
def test_break_even_of_2023(real_inputs: Inputs, basis: Basis, months: Fraction, shown: float) -> None:
    found = budget.break_even(Cube(real_inputs.plan), 2023, budget.available(real_inputs.budget, 2023, basis))
    assert found is not None
    assert found.months == months
    assert round(float(found.months), 2) == shown


# The edges, worked by hand


def line(line_id: str, block: str, **amounts: int) -> PlanLine:
    """Return a line with cents per column, written as i2031=..., s2031=..., u2032=..."""
    kinds = {"i": I, "s": S, "u": U}
    by_column = {YearColumn(int(name[1:]), kinds[name[0]]): cents for name, cents in amounts.items()}
    return PlanLine(line_id, None, block, None, by_column)


def plan(*lines: PlanLine, unsplit_as: Kind | None = S) -> Plan:
    columns = dict.fromkeys(column for one in lines for column in one.amounts)
    return Plan(tuple(columns), lines, unsplit_as)


@pytest.mark.parametrize(
    ("start", "year", "months"),
    [
        ((2031, 1), 2031, 12),
        ((2031, 5), 2031, 8),
        ((2031, 12), 2031, 1),
        ((2031, 12), 2032, 12),
        ((2030, 7), 2031, 12),
        ((2032, 1), 2031, 0),
        (None, 2031, 12),
    ],
)
def test_months_in_service(start: tuple[int, int] | None, year: int, months: int) -> None:
    assert budget.months_in_service(start, year) == months


@pytest.mark.parametrize(
    ("in_house", "start", "cost"),
    [
        (0, (2031, 7), 600),
        (50, (2031, 7), 900),  # half an fte is 600 of the 1200; the other half costs 6/12
        (100, (2031, 7), 1200),
        (250, (2031, 7), 1200),  # never more than the line holds
        (0, (2032, 1), 0),
        (50, (2032, 1), 600),  # who is in house costs the year, whenever the rest starts
        (0, None, 1200),
        (0, (2031, 6), 700),
    ],
)
def test_phased_cost_of_1200_a_year(in_house: int, start: tuple[int, int] | None, cost: int) -> None:
    assert budget.phased_cost(1200, Intake("L1", start, in_house), 2031, 1200) == cost


def test_phased_cost_edges() -> None:
    assert budget.phased_cost(1200, None, 2031, None) == 1200
    assert budget.phased_cost(-1200, Intake("L1", (2031, 7), 50), 2031, 1200) == -600
    assert budget.phased_cost(100, Intake("L1", (2031, 6)), 2031, None) == Fraction(700, 12)
    with pytest.raises(ValueError, match="norm"):
        budget.phased_cost(1200, Intake("L1", (2031, 7), 50), 2031, None)


def test_only_structural_staff_is_phased() -> None:
    mixed = plan(line("a", "fte", i2031=100, s2031=1200), line("b", "middelen", s2031=5000))
    late = budget.uniform_intake(mixed, (2031, 7))
    assert budget.part_year_total(Cube(mixed), 2031, late, None) == 100 + 600 + 5000
    assert budget.structural_staff_costs(mixed, 2031) == {"a": 1200}
    assert budget.part_year_total(Cube(mixed), 2030, late, None) is None


def test_a_line_without_intake_counts_in_full() -> None:
    two = plan(line("a", "fte", s2031=1200), line("b", "fte", s2031=1200))
    assert budget.part_year_total(Cube(two), 2031, {"b": Intake("b", (2031, 12))}, None) == 1200 + 100


def test_a_year_not_split_is_phased_only_as_assumed() -> None:
    for assumed, total in ((S, 600), (I, 1200), (None, None)):
        unsplit = plan(line("a", "fte", u2031=1200), unsplit_as=assumed)
        intake = {"a": Intake("a", (2031, 7))}
        assert budget.part_year_total(Cube(unsplit), 2031, intake, None) == total


def test_break_even_edges() -> None:
    fits = plan(line("a", "fte", s2031=1200), line("b", "middelen", s2031=300))
    assert budget.break_even(Cube(fits), 2031, 1500) == budget.BreakEven(2031, Fraction(12))
    assert budget.break_even(Cube(fits), 2031, 1600) == budget.BreakEven(2031, Fraction(13))
    assert budget.break_even(Cube(fits), 2031, 200) == budget.BreakEven(2031, Fraction(-1))
    assert budget.break_even(Cube(fits), 2031, None) is None
    assert budget.break_even(Cube(fits), 2030, 1500) is None
    assert budget.break_even(Cube(plan(line("b", "middelen", s2031=300))), 2031, 1500) is None


def test_room_and_cumulative_of_the_unknown() -> None:
    assert budget.room(None, 5) is None
    assert budget.room(5, None) is None
    assert budget.room(5, 7) == -2
    assert budget.cumulative({2033: 1, 2031: 5, 2032: None}) == {2031: 5, 2032: None, 2033: None}
    assert budget.cumulative({2032: -7, 2031: 5}) == {2031: 5, 2032: -2}
    assert budget.cumulative({}) == {}


def test_available_of_the_unknown() -> None:
    years = {
        2031: BudgetYear(2031, 10, 11),
        2032: BudgetYear(2032, 20, None),
        2033: BudgetYear(2033, None, 31),
    }
    assert [budget.available(years, year, Basis.EXACT) for year in (2031, 2032, 2033, 2034)] == [
        11,
        20,
        31,
        None,
    ]
    assert [budget.available(years, year, Basis.ROUNDED) for year in (2031, 2032, 2033)] == [10, 20, None]
    assert budget.rounded_instead(years, (2031, 2032, 2033, 2034)) == (2032,)


def test_a_cut_is_taken_off_the_grant_and_rounded_to_cents() -> None:
    cut = {
        2031: BudgetYear(2031, 1_000_005, 15, cut=Fraction(1, 10)),
        2032: BudgetYear(2032, None, None, cut=Fraction(1)),
    }
    assert budget.available(cut, 2031, Basis.ROUNDED) == 900_005  # 900.004,5 cents
    assert budget.available(cut, 2031, Basis.EXACT) == 14
    assert budget.available(cut, 2032, Basis.EXACT) is None


def test_fte_requested_in_tabel_1() -> None:
    def column(kind: Kind, year: int, extra: bool = False, unit: str = "fte") -> CapacityColumn:
        return CapacityColumn("fte", kind, year, extra, unit)

    figures = {
        column(S, 2034): 300,
        column(S, 2032, True): 50,
        column(S, 2031): 100,
        column(S, 2035, True): -100,
        column(I, 2032): 70,
        column(I, 2032, unit="eur"): 9_000_000,
    }
    line = CapacityLine("K", None, None, figures)
    structural = [budget.requested_fte(line, year, S) for year in range(2030, 2037)]
    assert structural == [None, 100, 150, 150, 300, 200, 200]
    assert [budget.requested_fte(line, year, I) for year in range(2031, 2034)] == [None, 70, None]


def test_zero_is_an_estimate_and_blank_is_not() -> None:
    cube = Cube(plan(line("a", "fte", i2031=0, s2031=5)))
    assert cube.has_estimate(2031, I)
    assert cube.total(year=2031, kind=I) == 0
    blank = Cube(Plan((YearColumn(2031, I),), (PlanLine("a", None, "fte", None, {}),)))
    assert not blank.has_estimate(2031, I)
    assert blank.total(year=2031, kind=I) == 0
    assert estimated(blank.plan, "block") == []


def test_a_line_may_serve_no_theme_department_or_goal() -> None:
    book = small()
    put(book["plan"], "B2", None)
    put(book["plan"], "E4", None)
    read = inputs(book)
    cube = Cube(read.plan, goals_of_lines(read))
    assert cube.total(year=2032, theme=UNNAMED) == euros(180_000)
    assert cube.total(year=2032, department=UNNAMED) == euros(60_000)
    assert cube.total(year=2032, goal=UNNAMED) == euros(60_000)
    assert cube.total(year=2032, goal="w1") == euros(210_000)
    assert cube.total(year=2032, goal="w2") == 0
    assert estimated(cube.plan, "theme") == [UNNAMED, "Water", "Vuur"]


# What always holds


def read(book: Book) -> Inputs:
    """Return the inputs of a random book: signals are fine, faults are not."""
    parsed, found = parse_inputs(raw(book))
    assert [one for one in found if one.status == "invoerfout"] == []
    return parsed


FILTERS = ("kind", "block", "theme", "department", "goal")


def names(cube: Cube) -> Mapping[str, list[str]]:
    return {
        "kind": [I, S, U],
        "block": ["fte", "middelen"],
        "theme": estimated(cube.plan, "theme"),
        "department": estimated(cube.plan, "department"),
    }


@given(books(), st.data())
def test_parts_add_up_to_wholes_for_any_filter(book: Book, data: st.DataObject) -> None:
    parsed = read(book)
    cube = Cube(parsed.plan, goals_of_lines(parsed))
    values = names(cube)
    filters: dict[str, object] = {
        name: data.draw(st.sampled_from([None, *values[name]]), label=name) for name in values
    }
    filters["year"] = data.draw(st.sampled_from([None, *parsed.plan.years]), label="year")
    filters["goal"] = data.draw(st.sampled_from([None, UNNAMED, *(one.goal_id for one in parsed.goals)]))
    whole = total(cube, **filters)
    for name in [*values, "year"]:
        parts = values.get(name, parsed.plan.years)
        if filters[name] is None:
            divided = [total(cube, **{**filters, name: part}) for part in parts]
            assert sum(part or 0 for part in divided) == (whole or 0)


@given(books(), st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(book: Book, rng: random.Random) -> None:
    before = read(book)
    headings, *lines = book["plan"]
    rng.shuffle(lines)
    after = read({**book, "plan": [headings, *lines]})
    for year, kind, block in itertools.product(before.plan.years, (None, I, S, U), (None, "fte", "middelen")):
        first, second = (Cube(one.plan).total(year=year, kind=kind, block=block) for one in (before, after))
        assert first == second


@given(books())
def test_part_year_at_twelve_months_changes_nothing(book: Book) -> None:
    parsed = read(book)
    norm = parsed.premises.norm_per_fte
    known = parsed.plan._replace(unsplit_as=parsed.plan.unsplit_as or S)
    for year in known.years:
        for intake in (budget.uniform_intake(known, (year, 1), parsed.intake), {}, parsed.intake):
            assert budget.part_year_total(Cube(known), year, intake, norm) == Cube(known).total(year=year)


@given(books(), st.integers(1, 12))
def test_the_break_even_month_leaves_no_room(book: Book, month: int) -> None:
    """Room is linear in the months: with the grant that month m needs, break-even is m."""
    parsed = read(book)
    for year in parsed.plan.years:
        intake = budget.uniform_intake(parsed.plan, (year, month))
        needed = budget.part_year_total(Cube(parsed.plan), year, intake, None)
        if needed is not None and needed.denominator == 1:
            found = budget.break_even(Cube(parsed.plan), year, int(needed))
            staff = sum(budget.structural_staff_costs(parsed.plan, year).values())
            assert (found.months if found else None) == (13 - month if staff > 0 else None)


def cents(amount: Decimal | Fraction | None) -> Fraction | None:
    return None if amount is None else Fraction(amount) * 100


@settings(max_examples=150)
@given(books(), st.data())
def test_random_plans_equal_the_naive_calculation(book: Book, data: st.DataObject) -> None:
    parsed = read(book)
    cube = Cube(parsed.plan, goals_of_lines(parsed))
    named = {name: st.sampled_from([naive.EVERYTHING, None, "Alfa", "Bravo", "C/D", "e?"])
             for name in ("theme", "department")}  # fmt: skip
    years = st.sampled_from([naive.EVERYTHING, 1949, *parsed.plan.years])
    goals = st.sampled_from([naive.EVERYTHING, None, *(goal.goal_id for goal in parsed.goals)])
    for _ in range(8):
        filters = {name: data.draw(values) for name, values in named.items()}
        filters["year"] = data.draw(years)
        filters["goal"] = data.draw(goals)
        filters["kind"] = data.draw(st.sampled_from([naive.EVERYTHING, *Kind]))
        filters["block"] = data.draw(st.sampled_from([naive.EVERYTHING, "fte", "middelen"]))
        ours = {name: UNNAMED if value is None else value
                for name, value in filters.items() if value is not naive.EVERYTHING}  # fmt: skip
        assert total(cube, **ours) == cents(naive.total(book, **filters))


@given(books())
def test_random_rooms_equal_the_naive_calculation(book: Book) -> None:
    parsed = read(book)
    cube = Cube(parsed.plan)
    assert list(parsed.plan.years) == naive.years(book)
    for basis in Basis:
        rooms = {}
        for year in parsed.plan.years:
            grant = budget.available(parsed.budget, year, basis)
            assert grant == cents(naive.available(book, year, basis is Basis.EXACT))
            planned = cube.total(year=year)
            assert planned is not None
            rooms[year] = None if grant is None else grant - planned
            assert budget.room(grant, planned) == cents(naive.room(book, year, basis is Basis.EXACT))
        for year, sum_so_far in budget.cumulative(rooms).items():
            assert sum_so_far == cents(naive.cumulative(book, year, basis is Basis.EXACT))


@given(books(), st.integers(1, 12))
def test_random_part_years_equal_the_naive_calculation(book: Book, month: int) -> None:
    parsed = read(book)
    norm = parsed.premises.norm_per_fte
    for year, known in itertools.product(parsed.plan.years, (None, parsed.intake)):
        intake = budget.uniform_intake(parsed.plan, (year, month), known)
        ours = budget.part_year_total(Cube(parsed.plan), year, intake, norm)
        assert ours == cents(naive.part_year(book, year, month, known is not None))


def test_cents_survive_a_hundred_thousand_lines() -> None:
    """0.01 as a float drifts: the sum of 100,000 of them is not 1000.0."""
    assert sum(0.01 for _ in range(100_000)) != 1000.0
    book = {key: sheet[:1] for key, sheet in small().items()}
    book["plan"] = [["regel", "hoofdthema", "blok", "subthema", "afdeling/sector", "2031"]]
    book["plan"] += [[f"L{number}", "T", "fte", None, "D", 0.01] for number in range(100_000)]
    started = time.process_time()
    parsed = inputs(book)
    cube = Cube(parsed.plan)
    assert cube.total(year=2031) == cube.total(year=2031, block="fte", theme="T") == 100_000
    assert time.process_time() - started < 10
