"""Every figure of one plan, computed once: what screen, JSON, sheet and memo show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeVar

from bdur_xl import budget, goals, nl, plan_columns
from bdur_xl.budget import UNNAMED, Cube
from bdur_xl.goals import GoalCoverage
from bdur_xl.kept import kept_with
from bdur_xl.model import BudgetYear, Inputs, Intake, Plan, Premises
from bdur_xl.terms import Basis, Kind

K = TypeVar("K")
V = TypeVar("V")
ByYear = Mapping[int, int | None]


class IntakeVariant(NamedTuple):
    """One answer to "when do people start?", for the year of that month. Amounts in cents."""

    start: tuple[int, int]
    in_house: int
    """Hundredths of an fte already in service all year."""
    planned: Fraction | int
    room: Mapping[Basis, Fraction | int | None]

    @property
    def year(self) -> int:
        """The calendar year the staff start in."""
        return self.start[0]


class _YearFigures(NamedTuple):
    """What is told of one year."""

    planned: int
    """Jaartotaal: all planned cost (lasten)."""
    by_kind: Mapping[Kind, int | None]
    by_block: Mapping[str, int]
    by_theme: Mapping[str, int]
    by_department: Mapping[str, int]
    fte: Fraction | int | None
    available: Mapping[Basis, int | None]
    room: Mapping[Basis, int | None]
    without_goal: int
    """Planned cost of lines that serve no focus area of their own."""
    phased: Fraction | int | None
    """Planned cost with staff starting as the sheet Instroom says, per line."""
    phased_room: Mapping[Basis, Fraction | int | None]
    intake: tuple[Mapping[tuple[int, int], IntakeVariant], ...]
    """By start month: with nobody in house; then with those who are, where anyone is."""


class YearFigures(_YearFigures):
    """The figures of one calendar year. Amounts in cents, fte in hundredths.

    None where the plan or the budget does not state the figure.
    """


class Names(NamedTuple):
    """The blocks, themes and departments of lines with an estimate, in plan order."""

    blocks: Sequence[str]
    themes: Sequence[str]
    departments: Sequence[str]


class _Totals(NamedTuple):
    """What an overview is made of."""

    inputs: Inputs
    names: Names
    of: Mapping[int, YearFigures]
    """The figures of each year."""


class Overview(_Totals):
    """The figures of a plan, per calendar year. Amounts in cents, fte in hundredths.

    None where the plan or the budget does not state the figure.
    """

    @property
    def years(self) -> tuple[int, ...]:
        """The calendar years of the plan, ascending."""
        return self.inputs.plan.years

    @cached_property
    def planned(self) -> Mapping[int, int]:
        """Jaartotaal: all planned cost (lasten)."""
        return {year: one.planned for year, one in self.of.items()}

    @cached_property
    def by_kind(self) -> Mapping[Kind, ByYear]:
        """Planned cost per kind."""
        return _turned({year: one.by_kind for year, one in self.of.items()}, _KINDS)

    @cached_property
    def by_block(self) -> Mapping[str, Mapping[int, int]]:
        """Planned cost per block."""
        return _turned({year: one.by_block for year, one in self.of.items()}, self.names.blocks)

    @cached_property
    def by_theme(self) -> Mapping[str, Mapping[int, int]]:
        """Planned cost per theme."""
        return _turned({year: one.by_theme for year, one in self.of.items()}, self.names.themes)

    @cached_property
    def by_department(self) -> Mapping[str, Mapping[int, int]]:
        """Planned cost per department."""
        return _turned({year: one.by_department for year, one in self.of.items()}, self.names.departments)

    @cached_property
    def fte(self) -> Mapping[int, Fraction | int | None]:
        """Structural staff, by the norm."""
        return {year: one.fte for year, one in self.of.items()}

    @cached_property
    def available(self) -> Mapping[Basis, ByYear]:
        """The grant."""
        return _turned({year: one.available for year, one in self.of.items()}, Basis)

    @cached_property
    def room(self) -> Mapping[Basis, ByYear]:
        """The grant less planned cost."""
        return _turned({year: one.room for year, one in self.of.items()}, Basis)

    @cached_property
    def cumulative(self) -> Mapping[Basis, ByYear]:
        """The room added up over the years."""
        carry_over = self.inputs.premises.carries_over
        return {basis: budget.cumulative(self.room[basis], carry_over=carry_over) for basis in Basis}

    @cached_property
    def without_goal(self) -> Mapping[int, int]:
        """Planned cost of lines that serve no focus area of their own."""
        return {year: one.without_goal for year, one in self.of.items()}

    @cached_property
    def phased(self) -> Mapping[int, Fraction | int | None]:
        """Planned cost with staff starting as the sheet Instroom says, per line."""
        return {year: one.phased for year, one in self.of.items()}

    @cached_property
    def phased_room(self) -> Mapping[Basis, Mapping[int, Fraction | int | None]]:
        """The grant less that cost."""
        return _turned({year: one.phased_room for year, one in self.of.items()}, Basis)

    @cached_property
    def intake(self) -> tuple[IntakeVariant, ...]:
        """Per start month first nobody in house, then those who are (memo, NB and footnote)."""
        return tuple(
            by_start[start]
            for of_years in zip(*(one.intake for one in self.of.values()), strict=True)
            for start in self.inputs.premises.intake_months
            for by_start in of_years
            if start in by_start
        )

    @cached_property
    def cube(self) -> Cube:
        """The plan totalled, goals included."""
        return budget.totalled(self.inputs.plan, goals.goals_of_lines(self.inputs))

    @cached_property
    def without_estimate(self) -> frozenset[tuple[int, Kind]]:
        """Year and kind that have a column but no amount at all: their 0 is *geen raming*."""
        plan = self.inputs.plan
        kinds = ((column.year, plan.kind_of(column)) for column in plan.columns)
        return frozenset(one for one in kinds if not self.cube.has_estimate(*one))

    @cached_property
    def break_even(self) -> Mapping[Basis, tuple[budget.BreakEven, ...]]:
        """Per basis the months of staff that the grant pays for, of the years in which staff start."""
        return {basis: _break_evens(self.inputs, self.cube, self.available[basis]) for basis in Basis}

    @cached_property
    def assumptions(self) -> Mapping[int, tuple[str, ...]]:
        """Per year what its figures assume, in Dutch."""
        return _assumptions(self.inputs)

    @cached_property
    def goals(self) -> tuple[GoalCoverage, ...]:
        """How the plan serves each goal and objective."""
        return goals.coverage(self.inputs)


_DIMENSIONS = ("block", "theme", "department")
_KINDS = (Kind.INCIDENTAL, Kind.STRUCTURAL)


def overview(inputs: Inputs) -> Overview:
    """Return every figure of the plan. Sources: see the functions that compute them."""
    plan, goals_of = inputs.plan, goals.goals_of_lines(inputs)
    names = Names(*(plan_columns.estimated(plan, dimension) for dimension in _DIMENSIONS))
    figures = {
        year: _figures(
            plan_columns.in_year(plan, year), goals_of, *names, inputs.budget, inputs.premises, inputs.intake
        )
        for year in plan.years
    }
    return Overview(inputs, names, figures)


@kept_with
def _figures(
    plan: Plan,
    goals_of: Mapping[str, frozenset[str]],
    blocks: Sequence[str],
    themes: Sequence[str],
    departments: Sequence[str],
    grants: Mapping[int, BudgetYear],
    premises: Premises,
    intake: Mapping[str, Intake],
) -> YearFigures:
    """Return the figures of a plan of one year."""
    (year,) = plan.years
    cube, norm = budget.totalled(plan, goals_of), premises.norm_in(year)
    planned = cube.total() or 0
    available = {basis: budget.available(grants, year, basis) for basis in Basis}
    phased = budget.part_year_total(cube, year, intake, norm)
    return YearFigures(
        planned=planned,
        by_kind={kind: cube.total(kind=kind) for kind in _KINDS},
        by_block=_each(cube, "block", blocks),
        by_theme=_each(cube, "theme", themes),
        by_department=_each(cube, "department", departments),
        fte=budget.structural_fte(cube, year, norm),
        available=available,
        room={basis: None if grant is None else grant - planned for basis, grant in available.items()},
        without_goal=cube.total(goal=UNNAMED) or 0,
        phased=phased,
        phased_room={basis: budget.room(grant, phased) for basis, grant in available.items()},
        intake=tuple(_variants(cube, available, premises, intake)),
    )


def _each(cube: Cube, dimension: str, names: Sequence[str]) -> dict[str, int]:
    return {name: cents or 0 for name, cents in zip(names, cube.of_each(dimension, names), strict=True)}


def _turned(by_year: Mapping[int, Mapping[K, V]], keys: Iterable[K]) -> dict[K, dict[int, V]]:
    return {key: {year: one[key] for year, one in by_year.items()} for key in keys}


def _variants(
    cube: Cube, available: Mapping[Basis, int | None], premises: Premises, intake: Mapping[str, Intake]
) -> Iterator[dict[tuple[int, int], IntakeVariant]]:
    """Yield by start month in the year first nobody in house, then those who are (memo, NB and footnote)."""
    (year,) = cube.plan.years
    starts, norm = [start for start in premises.intake_months if start[0] == year], premises.norm_in(year)
    in_house = any(one.in_house for one in intake.values())
    for known in (_NOBODY, intake) if in_house else (_NOBODY,):
        planned = {start: budget.uniform_part_year_total(cube, start, known, norm) for start in starts}
        yield {
            start: IntakeVariant(
                start=start,
                in_house=budget.uniform_in_house(cube.plan, year, known),
                planned=cost,
                room={basis: budget.room(grant, cost) for basis, grant in available.items()},
            )
            for start, cost in planned.items()
            if cost is not None  # its split is unknown (C15)
        }


_NOBODY: Mapping[str, Intake] = {}


def _break_evens(inputs: Inputs, cube: Cube, available: ByYear) -> tuple[budget.BreakEven, ...]:
    years = dict.fromkeys(month[0] for month in inputs.premises.intake_months)
    found = (budget.break_even(cube, year, available.get(year)) for year in years)
    return tuple(one for one in found if one)


def _assumptions(inputs: Inputs) -> dict[int, tuple[str, ...]]:
    sentences: dict[int, list[str]] = {}
    for year in inputs.plan.assumed_years:
        text = f"niet gesplitst in het plan; geldt als {inputs.plan.unsplit_as}"
        sentences.setdefault(year, []).append(text)
    for year in budget.rounded_instead(inputs.budget, inputs.plan.years):
        text = "exact bedrag onbekend; ook exact gerekend met het afgeronde bedrag"
        sentences.setdefault(year, []).append(text)
    for year, entry in inputs.budget.items():
        if entry.cut and year in inputs.plan.years:
            text = f"korting van {nl.percentage(entry.cut, whole=False)} op het beschikbare bedrag verwerkt"
            sentences.setdefault(year, []).append(text)
    return {year: tuple(texts) for year, texts in sorted(sentences.items())}


def named(name: str, dimension: str) -> str:
    """Return a group's name for people: lines without one read "(geen afdeling)"."""
    return name if name != UNNAMED else f"(geen {dimension})"


def intake_label(variant: IntakeVariant) -> str:
    """Return a variant in words: "1 mei 2023, 1 fte al heel het jaar in dienst"."""
    label = f"instroom 1 {nl.month(*variant.start)}"
    return f"{label}, {nl.fte(variant.in_house)} fte al in dienst" if variant.in_house else label
