"""Every figure of one plan, computed once: what screen, JSON, sheet and memo show."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from bdur_xl import budget, goals, nl
from bdur_xl.budget import UNNAMED, Cube
from bdur_xl.goals import GoalCoverage
from bdur_xl.model import Inputs
from bdur_xl.terms import Basis, Kind

ByYear = Mapping[int, int | None]


class IntakeVariant(NamedTuple):
    """One answer to "when do people start?", for the year of that month. Amounts in cents."""

    start: tuple[int, int]
    in_house: int
    """Hundredths of an fte already in service all year."""
    planned: Fraction
    room: Mapping[Basis, Fraction | int | None]

    @property
    def year(self) -> int:
        """The calendar year the staff start in."""
        return self.start[0]


class _Totals(NamedTuple):
    """What an overview is made of."""

    inputs: Inputs
    years: tuple[int, ...]
    planned: Mapping[int, int]
    """Jaartotaal: all planned cost (lasten)."""
    by_kind: Mapping[Kind, ByYear]
    by_block: Mapping[str, Mapping[int, int]]
    by_theme: Mapping[str, Mapping[int, int]]
    by_department: Mapping[str, Mapping[int, int]]
    fte: Mapping[int, Fraction | int | None]
    available: Mapping[Basis, ByYear]
    room: Mapping[Basis, ByYear]
    cumulative: Mapping[Basis, ByYear]
    without_estimate: frozenset[tuple[int, Kind]]
    """Year and kind that have a column but no amount at all: their 0 is *geen raming*."""
    cube: Cube
    """The plan totalled, goals included."""
    without_goal: Mapping[int, int]
    """Planned cost of lines that serve no focus area of their own."""
    phased: Mapping[int, Fraction | None]
    """Planned cost with staff starting as the sheet Instroom says, per line."""
    phased_room: Mapping[Basis, Mapping[int, Fraction | int | None]]
    intake: tuple[IntakeVariant, ...]
    break_even: Mapping[Basis, tuple[budget.BreakEven, ...]]
    assumptions: Mapping[int, tuple[str, ...]]
    """Per year what its figures assume, in Dutch."""


class Overview(_Totals):
    """The figures of a plan, per calendar year. Amounts in cents, fte in hundredths.

    None where the plan or the budget does not state the figure.
    """

    @cached_property
    def goals(self) -> tuple[GoalCoverage, ...]:
        """How the plan serves each goal and objective."""
        return goals.coverage(self.inputs, self.cube)


def overview(inputs: Inputs) -> Overview:
    """Return every figure of the plan. Sources: see the functions that compute them."""
    plan, norm_in = inputs.plan, inputs.premises.norm_in
    years = plan.years
    cube = Cube(plan, goals.goals_of_lines(inputs))
    planned = _or_nil(cube.by_year())
    available = {
        basis: {year: budget.available(inputs.budget, year, basis) for year in years} for basis in Basis
    }
    room = {basis: {year: _less(available[basis][year], planned[year]) for year in years} for basis in Basis}
    phased = {year: budget.part_year_total(cube, year, inputs.intake, norm_in(year)) for year in years}
    return Overview(
        inputs=inputs,
        years=years,
        planned=planned,
        by_kind={kind: cube.by_year(kind) for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL)},
        by_block=_per_name(cube, "block"),
        by_theme=_per_name(cube, "theme"),
        by_department=_per_name(cube, "department"),
        fte=budget.structural_fte_by_year(cube, norm_in),
        available=available,
        room=room,
        cumulative={
            basis: budget.cumulative(room[basis], carry_over=inputs.premises.carries_over) for basis in Basis
        },
        without_estimate=frozenset(
            (column.year, kind)
            for column in plan.columns
            if not cube.has_estimate(column.year, kind := plan.kind_of(column))
        ),
        cube=cube,
        without_goal=_or_nil(cube.by_year(goal=UNNAMED)),
        phased=phased,
        phased_room={
            basis: {year: budget.room(available[basis][year], phased[year]) for year in years}
            for basis in Basis
        },
        intake=tuple(_variants(inputs, cube, available)),
        break_even={basis: _break_evens(inputs, cube, available[basis]) for basis in Basis},
        assumptions=_assumptions(inputs),
    )


def _less(available: int | None, planned: int) -> int | None:
    return None if available is None else available - planned


def _per_name(cube: Cube, dimension: str) -> dict[str, dict[int, int]]:
    by_year: Callable[..., ByYear] = cube.by_year
    return {name: _or_nil(by_year(**{dimension: name})) for name in cube.names(dimension)}


def _or_nil(by_year: ByYear) -> dict[int, int]:
    return {year: cents or 0 for year, cents in by_year.items()}


def _variants(inputs: Inputs, cube: Cube, available: Mapping[Basis, ByYear]) -> Iterable[IntakeVariant]:
    """Yield per start month first nobody in house, then those who are (memo, NB and footnote)."""
    in_house = any(intake.in_house for intake in inputs.intake.values())
    for known in ({}, inputs.intake) if in_house else ({},):
        for start in inputs.premises.intake_months:
            norm = inputs.premises.norm_in(start[0])
            planned = budget.uniform_part_year_total(cube, start, known, norm)
            if planned is None:  # not a year of the plan, or its split is unknown (C15)
                continue
            yield IntakeVariant(
                start=start,
                in_house=budget.uniform_in_house(inputs.plan, start[0], known),
                planned=planned,
                room={basis: budget.room(available[basis][start[0]], planned) for basis in Basis},
            )


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
