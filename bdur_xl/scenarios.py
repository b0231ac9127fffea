"""What-if: one scenario is data. Applied to the inputs it gives other inputs, which every calculation takes.

In this order: staff start later, prices rise, cost is added. All of it in exact fractions of cents, rounded
once where a figure is shown; only the grant after a cut is rounded to cents, half up, as `available` does.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import budget, nl, plan_columns
from bdur_xl.budget import Cube, months_in_service
from bdur_xl.kept import latest
from bdur_xl.model import BudgetYear, ExtraCost, FromYear, Inputs, Plan, PlanLine, Scenario, YearColumn, exact
from bdur_xl.terms import BASIS, MONTHS_PER_YEAR, PERSONNEL, Basis, Kind

ByYear = Mapping[int, int | None]
Share = Mapping[int, Fraction]

THE_PLAN = Scenario(BASIS)
"""What every scenario is held against: the plan as it stands, all staff the whole year."""


class UnknownScenarioError(LookupError):
    """A name that no scenario has; `known` are those there are."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(name)
        self.name = name
        self.known = tuple(known)


def all_scenarios(inputs: Inputs) -> tuple[Scenario, ...]:
    """Return the scenarios of the sheet, basis first; basis is there even when no row names it."""
    rows = {nl.fold(one.name): one for one in inputs.scenarios}
    basis = rows.pop(BASIS, THE_PLAN)
    return (basis, *rows.values())


def find(inputs: Inputs, name: str) -> Scenario:
    """Return the scenario of a name, whatever its case and spaces. Raises UnknownScenarioError."""
    by_name = {nl.fold(one.name): one for one in all_scenarios(inputs)}
    if nl.fold(name) not in by_name:
        raise UnknownScenarioError(name, (one.name for one in by_name.values()))
    return by_name[nl.fold(name)]


def applied(inputs: Inputs, scenario: Scenario) -> Inputs:
    """Return the inputs as they would be; those of basis are the inputs themselves.

    A start month takes the place of the sheet Instroom and of its variants. Raises
    ValueError when staff in house cannot be costed for want of a norm.
    """
    levels = _price_levels(inputs.plan.years, scenario.indexation)
    premises = inputs.premises._replace(price_level=levels, carries_over=scenario.carry_over)
    changed = inputs._replace(premises=premises)
    plan = inputs.plan
    if scenario.start:
        worked = _worked(inputs, scenario, _staff(Cube(plan)))
        plan = _with_lines(plan, [_phased(plan, line, worked) for line in plan.lines])
        changed = changed._replace(intake={}, premises=premises._replace(intake_months=()))
    if levels:
        plan = _with_lines(plan, [_indexed(line, levels) for line in plan.lines])
    if scenario.extra:
        plan = _with_extra(plan, scenario.extra)
    return changed._replace(plan=plan, budget=_cut(inputs.budget, scenario.cut))


def _with_lines(plan: Plan, lines: Iterable[PlanLine]) -> Plan:
    return plan._replace(lines=tuple(lines))


def _worked(inputs: Inputs, scenario: Scenario, staff: ByYear) -> Share:
    """Return per year the share of structural staff cost, in all `staff`, that is paid when staff start.

    Those in house cost the whole year, by the norm and at most all of it; they are spread
    over the lines in proportion to their cost.
    """
    return {year: _share_worked(inputs, scenario, year, staff[year] or 0) for year in inputs.plan.years}


def _share_worked(inputs: Inputs, scenario: Scenario, year: int, staff: int) -> Fraction:
    months = Fraction(months_in_service(scenario.start, year), MONTHS_PER_YEAR)
    if not scenario.in_house or staff <= 0:
        return months
    if inputs.premises.norm_per_fte is None:
        raise ValueError("in-house fte need a norm per fte")
    in_house = min(Fraction(scenario.in_house * inputs.premises.norm_per_fte, 100 * staff), Fraction(1))
    return in_house + (1 - in_house) * months


def _phased(plan: Plan, line: PlanLine, worked: Share) -> PlanLine:
    if line.block != PERSONNEL:
        return line
    amounts = {
        column: exact(cents * worked[column.year]) if plan.kind_of(column) is Kind.STRUCTURAL else cents
        for column, cents in line.amounts.items()
    }
    return line._replace(amounts=amounts)


def _price_levels(years: Iterable[int], indexation: FromYear | None) -> dict[int, Fraction]:
    """Return per year how far prices rose: once in the first year, once more in every next one."""
    if indexation is None:
        return {}
    return {
        year: (1 + indexation.share) ** (year - indexation.year + 1)
        for year in years
        if year >= indexation.year
    }


def _indexed(line: PlanLine, levels: Mapping[int, Fraction]) -> PlanLine:
    amounts = {
        column: exact(cents * levels.get(column.year, Fraction(1))) for column, cents in line.amounts.items()
    }
    return line._replace(amounts=amounts)


def _with_extra(plan: Plan, extra: ExtraCost) -> Plan:
    """Return the plan with the cost added as incidental, in columns of its own where a year has none."""
    years = [year for year in plan.years if extra.first <= year <= extra.last]
    columns = [YearColumn(year, Kind.INCIDENTAL) for year in years]

    def with_cost(line: PlanLine) -> PlanLine:
        if line.line_id != extra.line_id:
            return line
        added = {column: exact(line.amounts.get(column, 0) + extra.amount) for column in columns}
        return line._replace(amounts={**line.amounts, **added})

    return plan._replace(
        columns=tuple(dict.fromkeys((*plan.columns, *columns))),
        lines=tuple(with_cost(line) for line in plan.lines),
    )


def _cut(grants: Mapping[int, BudgetYear], cut: FromYear | None) -> Mapping[int, BudgetYear]:
    """Return the grants with the cut of a scenario, from its year on, instead of their own."""
    if cut is None:
        return grants
    return {
        year: entry._replace(cut=cut.share) if year >= cut.year else entry for year, entry in grants.items()
    }


def continued(inputs: Inputs, years: int) -> Inputs:
    """Return the inputs of as many years after the last, in which all that is structural goes on.

    Cost and grant stay what they are in the last year; incidental cost ends with it. Without
    a year, or without knowing what of the last one is structural, there is nothing to go on with.
    """
    plan = inputs.plan
    if not plan.years:
        return inputs
    last = plan.years[-1]
    kinds = {column: plan.kind_of(column) for column in plan.columns if column.year == last}
    if Kind.UNSPLIT in kinds.values():
        return inputs._replace(plan=Plan((), ()))
    to_come = range(last + 1, last + 1 + years)
    columns = tuple(YearColumn(year, Kind.STRUCTURAL) for year in to_come)
    structural = [column for column, kind in kinds.items() if kind is Kind.STRUCTURAL]
    lines = plan_columns.restated(plan.lines, structural, columns)
    grants = dict(inputs.budget)
    if last in grants:
        grants |= {year: grants[last]._replace(year=year) for year in to_come}
    return inputs._replace(plan=Plan(columns, lines), budget=grants)


class ScenarioFigures(NamedTuple):
    """What one scenario makes of each year. Amounts in cents; None where plan or budget do not tell."""

    scenario: Scenario
    years: tuple[int, ...]
    planned: ByYear
    available: Mapping[Basis, ByYear]
    room: Mapping[Basis, ByYear]
    cumulative: Mapping[Basis, ByYear]
    difference: Mapping[Basis, ByYear]
    """Room less the room of basis."""


def figures(inputs: Inputs, scenario: Scenario) -> ScenarioFigures:
    """Return the figures of one scenario."""
    return _Totals.of(inputs).under(scenario)


@latest(2)  # of the plan, and of the years after it
def compared(inputs: Inputs) -> tuple[ScenarioFigures, ...]:
    """Return the figures of every scenario, basis first."""
    totals = _Totals.of(inputs)
    return tuple(map(totals.under, all_scenarios(inputs)))


class _Totals(NamedTuple):
    """What the figures of every scenario follow from, in cents: no line of the plan is needed for them."""

    inputs: Inputs
    planned: ByYear
    staff: ByYear
    """Structural staff cost."""
    room: Mapping[Basis, ByYear]
    """Of basis."""

    @classmethod
    def of(cls, inputs: Inputs) -> "_Totals":
        cube = Cube(inputs.plan)
        planned = cube.by_year()
        room = {basis: _less(_available(inputs.budget, planned, basis), planned) for basis in Basis}
        return cls(inputs, planned, _staff(cube), room)

    def under(self, scenario: Scenario) -> ScenarioFigures:
        """Return the figures of a scenario."""
        grants, planned = _cut(self.inputs.budget, scenario.cut), self._planned(scenario)
        available = {basis: _available(grants, planned, basis) for basis in Basis}
        room = {basis: _less(available[basis], planned) for basis in Basis}
        return ScenarioFigures(
            scenario=scenario,
            years=self.inputs.plan.years,
            planned=planned,
            available=available,
            room=room,
            cumulative={
                basis: budget.cumulative(room[basis], carry_over=scenario.carry_over) for basis in Basis
            },
            difference={basis: _less(room[basis], self.room[basis]) for basis in Basis},
        )

    def _planned(self, scenario: Scenario) -> ByYear:
        """Return per year the sum of what `applied` makes of the lines."""
        plan, extra = self.inputs.plan, scenario.extra
        worked = _worked(self.inputs, scenario, self.staff) if scenario.start else {}
        levels = _price_levels(plan.years, scenario.indexation)
        added = extra.amount if extra and extra.line_id in plan_columns.line_ids(plan.lines) else 0
        planned: dict[int, int | None] = {}
        for year, cents in self.planned.items():
            later = (self.staff[year] or 0) * (1 - worked.get(year, 1))
            more = added if extra and extra.first <= year <= extra.last else 0
            level = levels.get(year, 1)
            planned[year] = None if cents is None else exact((cents - later) * level + more)
        return planned


def _staff(cube: Cube) -> ByYear:
    """Return the structural staff cost of each year, in cents."""
    return cube.by_year(Kind.STRUCTURAL, block=PERSONNEL)


def _available(grants: Mapping[int, BudgetYear], years: Iterable[int], basis: Basis) -> ByYear:
    return {year: budget.available(grants, year, basis) for year in years}


def _less(figures: ByYear, others: ByYear) -> ByYear:
    pairs = ((year, figure, others[year]) for year, figure in figures.items())
    return {year: None if one is None or other is None else one - other for year, one, other in pairs}


def described(scenario: Scenario) -> str:
    """Return in Dutch what a scenario changes, from its data: "korting van 10% vanaf 2026"."""
    parts = []
    if scenario.start:
        in_house = f", {nl.fte(scenario.in_house)} fte al in dienst" if scenario.in_house else ""
        parts.append(f"structurele formatie begint 1 {nl.month(*scenario.start)}{in_house}")
    if scenario.cut:
        share = nl.percentage(scenario.cut.share, whole=False)
        parts.append(f"korting van {share} vanaf {scenario.cut.year}")
    if scenario.indexation:
        share = nl.percentage(scenario.indexation.share, whole=False)
        parts.append(f"lasten elk jaar {share} hoger vanaf {scenario.indexation.year}")
    if scenario.extra:
        parts.append(_extra_text(scenario.extra))
    if not scenario.carry_over:
        parts.append("geen overdracht tussen jaren")
    return "; ".join(parts) or "het plan zoals het er staat"


def _extra_text(extra: ExtraCost) -> str:
    fte = "" if extra.fte is None else f" ({nl.fte(extra.fte)} fte)"
    years = f"in {extra.first}" if extra.first == extra.last else f"van {extra.first} tot en met {extra.last}"
    return f"{nl.euro(extra.amount)} extra op regel {extra.line_id}{fte} {years}"
