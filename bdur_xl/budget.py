"""Yearly totals, budget room and part-year cost. Exact: whole cents, or fractions of them."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, chain, product
from typing import NamedTuple, TypeVar

from bdur_xl import plan_columns
from bdur_xl.kept import kept, kept_with, latest
from bdur_xl.model import BudgetYear, CapacityColumn, CapacityLine, Intake, Plan, PlanLine, YearColumn
from bdur_xl.nl import round_half_up
from bdur_xl.plan_columns import NO_GOALS, ColumnLines, Grouping, Key, Totals
from bdur_xl.terms import MONTHS_PER_YEAR, PERSONNEL, Basis, Kind

Amount = TypeVar("Amount", int, Fraction)

UNNAMED = ""
"""Stands for lines that name no theme, department or goal."""

NOTHING_SERVED: Mapping[str, frozenset[str]] = {}
"""The goals of lines where none are linked."""


class Cube:
    """The plan totalled once, by groups of lines; every total is then a sum of few groups."""

    def __init__(self, plan: Plan, goals_of: Mapping[str, frozenset[str]] = NOTHING_SERVED) -> None:
        self.plan = plan
        self._grouping, totals = _grouped(plan, goals_of)
        self._columns: dict[tuple[int | None, Kind | None], list[Totals]] = {}
        for column, each in zip(plan.columns, totals, strict=True):
            for chosen in product((column.year, None), (plan.kind_of(column), None)):
                self._columns.setdefault(chosen, []).append(each)

    def total(self, *, year: int | None = None, kind: Kind | None = None, **named: str | None) -> int | None:
        """Return the planned cost (lasten) in cents, of all lines that meet every filter.

        `named` filters on block, theme, department and goal; `UNNAMED` selects the lines
        without one. None when the plan has no column for this year and kind: absent is not
        zero. Source: memo, Tabel 2.
        """
        return _sum(self._columns.get((year, kind), ()), self._groups(named))

    def by_year(self, kind: Kind | None = None, **named: str | None) -> dict[int, int | None]:
        """Return `total` of each year of the plan."""
        groups = self._groups(named)
        return {year: _sum(self._columns.get((year, kind), ()), groups) for year in self.plan.years}

    def of_each(
        self, dimension: str, names: Iterable[str], kind: Kind | None = None, **named: str | None
    ) -> list[int | None]:
        """Return `total` of each of some names along a dimension, in all years together."""
        columns, chosen = self._columns.get((None, kind), ()), _chosen(named)
        members = self._grouping.members((dimension, *chosen))
        return [_sum(columns, members.get((name, *chosen.values()), ())) for name in names]

    def _groups(self, named: Mapping[str, str | None]) -> Sequence[int]:
        chosen = _chosen(named)
        return self._grouping.members(tuple(chosen)).get(tuple(chosen.values()), ())

    def has_estimate(self, year: int, kind: Kind) -> bool:
        """Tell whether any line states an amount for this year and kind."""
        return any(totals.stated for totals in self._columns.get((year, kind), ()))


@kept_with
def totalled(plan: Plan, goals_of: Mapping[str, frozenset[str]]) -> Cube:
    """Return the plan totalled, goals included."""
    return Cube(plan, goals_of)


def _chosen(named: Mapping[str, str | None]) -> dict[str, str]:
    return {dimension: name for dimension, name in named.items() if name is not None}


def _sum(columns: Sequence[Totals], groups: Sequence[int]) -> int | None:
    return sum([sum(map(totals.sums.__getitem__, groups)) for totals in columns]) if columns else None


def _grouped(plan: Plan, goals_of: Mapping[str, frozenset[str]]) -> tuple[Grouping, Sequence[Totals]]:
    """Return the groups of lines, and what they state in each column of the plan."""
    if isinstance(plan.lines, ColumnLines) and plan.lines.columns == plan.columns:
        return plan.lines.totals(goals_of)
    grouping, totals = _grouped_lines(plan.lines, goals_of)
    return grouping, [totals.get(column, grouping.nothing) for column in plan.columns]


@kept
def _grouped_lines(
    lines: Sequence[PlanLine], goals_of: Mapping[str, frozenset[str]]
) -> tuple[Grouping, dict[YearColumn, Totals]]:
    columns: dict[YearColumn, dict[Key, int]] = {}
    for line in lines:
        goals = goals_of.get(line.line_id, NO_GOALS)
        key = line.block, line.theme or UNNAMED, line.department or UNNAMED, goals
        for column, cents in line.amounts.items():
            sums = columns.setdefault(column, {})
            sums[key] = sums.get(key, 0) + cents
    keys = list(dict.fromkeys(chain.from_iterable(columns.values())))
    totals = {column: Totals([sums.get(key, 0) for key in keys], True) for column, sums in columns.items()}
    return Grouping(keys, ()), totals


def available(budget: Mapping[int, BudgetYear], year: int, basis: Basis) -> int | None:
    """Return the grant of one year in cents, None when it is not known.

    On the exact basis a year without exact amount falls back on the rounded one;
    `rounded_instead` names those years. A cut (korting) is taken off, rounded
    half up to cents. Source: memo, Tabel 2 last row; par. 1.
    """
    if year not in budget:
        return None
    entry = budget[year]
    grant = entry.exact if basis is Basis.EXACT and entry.exact is not None else entry.rounded
    return grant if grant is None or not entry.cut else round_half_up(grant * (1 - entry.cut))


def rounded_instead(budget: Mapping[int, BudgetYear], years: Iterable[int]) -> tuple[int, ...]:
    """Return the years for which the exact basis uses the rounded amount."""
    return tuple(
        year
        for year in years
        if year in budget and budget[year].exact is None and budget[year].rounded is not None
    )


def room(available: int | None, planned: Fraction | int | None) -> Fraction | int | None:
    """Return the budget room (begrotingsruimte): grant less planned cost, in cents.

    Negative when the plan exceeds the grant; None when either is not known.
    """
    return None if available is None or planned is None else available - planned


def cumulative(rooms: Mapping[int, Amount | None], *, carry_over: bool = True) -> dict[int, Amount | None]:
    """Return the room added up over the years, in cents; unknown from the first unknown year.

    Indicative only: the memo does not say that money carries over between years. Without
    `carry_over` every year ends with its own room, or its own deficit.
    """
    if not carry_over:
        return dict(rooms)
    years = sorted(rooms)
    return dict(zip(years, accumulate((rooms[year] for year in years), _added), strict=True))


def _added(so_far: Amount | None, this: Amount | None) -> Amount | None:
    return None if so_far is None or this is None else so_far + this


def structural_fte(cube: Cube, year: int, norm: int | None) -> Fraction | int | None:
    """Return the structural staff of one year in hundredths of an fte: cost over norm.

    None when the norm or the structural cost of that year is not known.
    External hire is incidental and not counted. Source: memo, Tabel 1 and 2.
    """
    return fte_of(cube.total(year=year, kind=Kind.STRUCTURAL, block=PERSONNEL), norm)


def fte_of(cost: int | None, norm: int | None) -> Fraction | int | None:
    """Return the staff that a cost pays for by the norm, in hundredths of an fte; None without either."""
    return None if cost is None or not norm else _exact(cost * 100, norm)


def _exact(numerator: int, denominator: int) -> Fraction | int:
    """Return a fraction, as a whole number where it is one."""
    whole, rest = divmod(numerator, denominator)
    return Fraction(numerator, denominator) if rest else whole


def requested_fte(line: CapacityLine, year: int, kind: Kind) -> int | None:
    """Return the fte that a line of Tabel 1 requests for a year, in hundredths; None when it states none."""
    return requested(line, PERSONNEL, "fte", year, kind)


def requested(line: CapacityLine, block: str, unit: str, year: int, kind: Kind) -> int | None:
    """Return what a line of Tabel 1 requests for a year, in hundredths; None when it states nothing."""
    return requested_by([line], block, unit, year, kind)[0]


def requested_by(
    lines: Sequence[CapacityLine], block: str | None, unit: str, year: int, kind: Kind
) -> list[int | None]:
    """Return what lines of Tabel 1 request for a year, in hundredths; None for one that states nothing.

    What is structural stays ("e.v.") until a later column restates it; an extra column comes on
    top. What is incidental counts in its own year. Source: memo, Tabel 1.
    """
    named: set[CapacityColumn] = set().union(*(line.figures for line in lines))
    counting = sorted(
        (
            column
            for column in named
            if (column.block, column.unit, column.kind) == (block, unit, kind)
            and (column.year == year or (kind is Kind.STRUCTURAL and column.year < year))
        ),
        key=lambda column: (column.year, column.extra),
    )
    return [_requested(line.figures, counting) for line in lines] if counting else [None] * len(lines)


def _requested(figures: Mapping[CapacityColumn, int], counting: Iterable[CapacityColumn]) -> int | None:
    figure = None
    for column in counting:
        if (stated := figures.get(column)) is not None:
            figure = stated + (figure or 0 if column.extra else 0)
    return figure


def months_in_service(start: tuple[int, int] | None, year: int) -> int:
    """Return in how many months of a year staff are in service who start on (year, month)."""
    if start is None or start[0] < year:
        return MONTHS_PER_YEAR
    return MONTHS_PER_YEAR + 1 - start[1] if start[0] == year else 0


def phased_cost(cost: int, intake: Intake | None, year: int, norm: int | None) -> Fraction:
    """Return what one fte line costs in a year when its staff start later, in cents.

    The share already in house (`in_house` over the line's fte, by the norm, at
    most 1) costs the full year, the rest its months in service.
    Source: memo, NB under Tabel 2 and footnote of Tabel 1.
    """
    if intake is None:
        return Fraction(cost)
    in_house = in_house_cost(cost, intake, norm)
    months = months_in_service(intake.start, year)
    return in_house + (cost - in_house) * Fraction(months, MONTHS_PER_YEAR)


def in_house_cost(cost: int, intake: Intake, norm: int | None) -> Fraction:
    """Return what the staff already in service cost a whole year, at most the line's cost, in cents."""
    return Fraction(_in_house_hundredths(cost, intake, norm), 100)


def _in_house_hundredths(cost: int, intake: Intake, norm: int | None) -> int:
    """Return `in_house_cost` in hundredths of a cent: of whole cents it is whole too."""
    if not intake.in_house:
        return 0
    if norm is None:
        raise ValueError("in-house fte need a norm per fte")
    return min(intake.in_house * norm, 100 * max(cost, 0))


def _in_house(costs: Mapping[str, int], intake: Mapping[str, Intake], norm: int | None) -> int:
    """Return what staff already in service on some lines cost a whole year, in hundredths of a cent."""
    return sum([_in_house_hundredths(cost, intake[line_id], norm) for line_id, cost in costs.items()])


def structural_staff_costs(plan: Plan, year: int, line_ids: Iterable[str] | None = None) -> dict[str, int]:
    """Return per fte line, of all or of some, its structural cost in a year, in cents: what intake phases."""
    wanted = plan_columns.line_ids(plan.lines) if line_ids is None else line_ids
    return plan_columns.stated(plan.lines, wanted, plan.structural_in.get(year, ()), PERSONNEL)


def _in_house_costs(plan: Plan, year: int, intake: Mapping[str, Intake]) -> Mapping[str, int]:
    """Return `structural_staff_costs` of the lines of which someone is in house."""
    return _costs(plan.lines, _with_someone(intake), plan.structural_in.get(year, ()))


@latest(8)
def _costs(lines: Sequence[PlanLine], wanted: list[str], columns: tuple[YearColumn, ...]) -> dict[str, int]:
    return plan_columns.stated(lines, wanted, columns, PERSONNEL)


@kept
def _with_someone(intake: Mapping[str, Intake]) -> list[str]:
    """Return the lines of an intake of which someone is in house."""
    return [line_id for line_id, one in intake.items() if one.in_house]


class _Starting(NamedTuple):
    """The lines of which the staff start in one month, and those of them with someone in house."""

    lines: list[str]
    with_someone: list[str]


@kept
def _by_start(intake: Mapping[str, Intake]) -> dict[tuple[int, int] | None, _Starting]:
    groups: dict[tuple[int, int] | None, _Starting] = {}
    for line_id, one in intake.items():
        group = groups.setdefault(one.start, _Starting([], []))
        group.lines.append(line_id)
        if one.in_house:
            group.with_someone.append(line_id)
    return groups


def part_year_total(
    cube: Cube, year: int, intake: Mapping[str, Intake], norm: int | None
) -> Fraction | int | None:
    """Return the planned cost of a year with staff phased in, in exact cents.

    Only structural staff cost is phased; resources and external hire count in
    full. None when the plan does not have the year, or does not tell which of
    its staff are structural. Source: memo, NB under Tabel 2.
    """
    total = _total_with_known_kinds(cube, year)
    if total is None:
        return None
    lines, columns = cube.plan.lines, cube.plan.structural_in[year]
    saved = 0
    for start, starting in _by_start(intake).items():
        if later := MONTHS_PER_YEAR - months_in_service(start, year):
            cost = plan_columns.total(lines, starting.lines, columns, PERSONNEL)
            in_house = _in_house(_costs(lines, starting.with_someone, columns), intake, norm)
            saved += later * (100 * cost - in_house)
    return _exact(100 * MONTHS_PER_YEAR * total - saved, 100 * MONTHS_PER_YEAR)


def uniform_part_year_total(
    cube: Cube, start: tuple[int, int], in_house: Mapping[str, Intake], norm: int | None
) -> Fraction | int | None:
    """Return the planned cost of the year in which all structural staff start in one month, in exact cents.

    `in_house` tells who is already in service. None, and the source, as for `part_year_total`.
    """
    total = _total_with_known_kinds(cube, start[0])
    if total is None:
        return None
    staff = cube.total(year=start[0], kind=Kind.STRUCTURAL, block=PERSONNEL) or 0
    costs = _in_house_costs(cube.plan, start[0], in_house)
    later = MONTHS_PER_YEAR - months_in_service(start, start[0])
    saved = later * (100 * staff - _in_house(costs, in_house, norm))
    return _exact(100 * MONTHS_PER_YEAR * total - saved, 100 * MONTHS_PER_YEAR)


def uniform_in_house(plan: Plan, year: int, in_house: Mapping[str, Intake]) -> int:
    """Return the hundredths of an fte in house on lines with structural staff cost in a year."""
    return sum(in_house[line_id].in_house for line_id in _in_house_costs(plan, year, in_house))


def _total_with_known_kinds(cube: Cube, year: int) -> int | None:
    unsplit = cube.total(year=year, kind=Kind.UNSPLIT) is not None
    return None if unsplit else cube.total(year=year)


def uniform_intake(
    plan: Plan, start: tuple[int, int], in_house: Mapping[str, Intake] | None = None
) -> dict[str, Intake]:
    """Return an intake in which all structural staff of a year start in one month.

    `in_house` keeps who is already in service; without it nobody is.
    """
    known = in_house or {}
    return {
        line_id: Intake(line_id, start, known[line_id].in_house if line_id in known else 0)
        for line_id in structural_staff_costs(plan, start[0])
    }


class BreakEven(NamedTuple):
    """How many months of staff a year's grant pays for; above 12 the whole year fits."""

    year: int
    months: Fraction


def break_even(cube: Cube, year: int, available: int | None) -> BreakEven | None:
    """Return the months of service at which the year's room is exactly nil.

    Assumes that all structural staff start together and nobody is in house.
    None when the grant or the structural staff cost is not known.
    """
    total = cube.total(year=year)
    staff = cube.total(year=year, kind=Kind.STRUCTURAL, block=PERSONNEL) or 0
    if available is None or total is None or staff <= 0:
        return None
    return BreakEven(year, Fraction(MONTHS_PER_YEAR * (available - total + staff), staff))
