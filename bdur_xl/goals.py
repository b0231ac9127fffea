"""Goal coverage (doelbereik): how far, with what and by whom each goal is served."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from bdur_xl import plan_columns
from bdur_xl.budget import Cube, structural_fte_by_year
from bdur_xl.kept import kept
from bdur_xl.model import FocusArea, Goal, Inputs, Link, PlanLine
from bdur_xl.terms import LEVELS, OWN_LINE, Level


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """How the plan serves one focus area, per year and at its best."""

    area: FocusArea
    level: Level
    by_year: Mapping[int, Level]
    lines: tuple[str, ...]
    """The area's own plan lines."""


@dataclass(frozen=True, slots=True)
class GoalCoverage:
    """How the plan serves one goal. Amounts in cents, fte in hundredths.

    Amounts of policy-plan objectives overlap: never add them up.
    """

    goal: Goal
    level: Level
    """The strongest level among its focus areas; `levels` tells how many reach which."""
    level_by_year: Mapping[int, Level]
    areas: tuple[AreaCoverage, ...]
    amounts: Mapping[int, int]
    fte: Mapping[int, Fraction | None]
    lines: tuple[str, ...]

    @property
    def with_line(self) -> int:
        """Focus areas that have a plan line of their own."""
        return sum(area.level in OWN_LINE for area in self.areas)

    def share_with_line(self, year: int) -> Fraction | None:
        """Focus areas with an estimate of their own that year, over all of them; None without areas."""
        own = sum(area.by_year[year] in OWN_LINE for area in self.areas)
        return Fraction(own, len(self.areas)) if self.areas else None

    @property
    def levels(self) -> Mapping[Level, int]:
        """Focus areas per level."""
        return Counter(area.level for area in self.areas)

    @property
    def carrier(self) -> str:
        """Who carries the goal: "landelijk afgeroomd (NIPV)", or regionaal."""
        return self.goal.kind if self.goal.is_national else "regionaal"


def goals_of_lines(inputs: Inputs) -> Mapping[str, frozenset[str]]:
    """Return per plan line the goals and objectives it serves with a line of its own."""
    return _goals_of_lines(inputs.links, inputs.areas)


@kept
def _goals_of_lines(links: tuple[Link, ...], areas: tuple[FocusArea, ...]) -> dict[str, frozenset[str]]:
    goals_of = {area.area_id: {area.goal_id, *area.objectives} for area in areas}
    served: dict[str, set[str]] = {}
    for link in links:
        if link.area_id and link.level in OWN_LINE:
            served.setdefault(link.line_id, set()).update(goals_of[link.area_id])
    return {line_id: frozenset(goals) for line_id, goals in served.items()}


def coverage(inputs: Inputs, cube: Cube) -> tuple[GoalCoverage, ...]:
    """Return the coverage of each goal and objective; headings (opgaven) are left out.

    `cube` must know the goals of the lines (`goals_of_lines`). Source: memo, par. 2 and 4.
    """
    plan = inputs.plan
    columns = {year: [column for column in plan.columns if column.year == year] for year in plan.years}
    states = {year: plan_columns.states(plan.lines, columns[year]) for year in plan.years}
    areas = {one.area.area_id: _area_coverage(one, states) for one in _served(inputs.links, inputs.areas)}
    return tuple(
        _goal_coverage(inputs, cube, goal, [areas[area_id] for area_id in area_ids], lines)
        for goal, area_ids, lines in _goals_served(inputs.links, inputs.areas, inputs.goals)
    )


class _Served(NamedTuple):
    """The lines linked to one focus area, by level, strongest first; `own` are lines of its own."""

    area: FocusArea
    by_level: Mapping[Level, list[str]]
    own: tuple[str, ...]


@kept
def _served(links: tuple[Link, ...], areas: tuple[FocusArea, ...]) -> list[_Served]:
    of_area: dict[str | None, list[Link]] = {}
    for link in links:
        of_area.setdefault(link.area_id, []).append(link)
    return [_links_of(area, of_area.get(area.area_id, [])) for area in areas]


def _links_of(area: FocusArea, links: list[Link]) -> _Served:
    by_level = {level: [link.line_id for link in links if link.level is level] for level in LEVELS}
    own = tuple(link.line_id for link in links if link.level in OWN_LINE)
    return _Served(area, {level: lines for level, lines in by_level.items() if lines}, own)


@kept
def _goals_served(
    links: tuple[Link, ...], areas: tuple[FocusArea, ...], goals: tuple[Goal, ...]
) -> list[tuple[Goal, list[str], tuple[str, ...]]]:
    """Return per goal or objective the codes of its focus areas, and their own lines."""
    found = []
    for goal in goals:
        mine = [
            one for one in _served(links, areas) if goal.goal_id in (one.area.goal_id, *one.area.objectives)
        ]
        lines = dict.fromkeys(chain.from_iterable(one.own for one in mine))
        if not goal.is_heading:
            found.append((goal, [one.area.area_id for one in mine], tuple(lines)))
    return found


def _goal_coverage(
    inputs: Inputs, cube: Cube, goal: Goal, areas: Sequence[AreaCoverage], lines: tuple[str, ...]
) -> GoalCoverage:
    return GoalCoverage(
        goal=goal,
        level=_strongest(area.level for area in areas),
        level_by_year={year: _strongest(area.by_year[year] for area in areas) for year in inputs.plan.years},
        areas=tuple(areas),
        amounts={year: cents or 0 for year, cents in cube.by_year(goal=goal.goal_id).items()},
        fte=structural_fte_by_year(cube, inputs.premises.norm_in, goal.goal_id),
        lines=lines,
    )


def _area_coverage(served: _Served, states: Mapping[int, Callable[[str], bool]]) -> AreaCoverage:
    by_year = {year: _level(served.by_level, one) for year, one in states.items()}
    return AreaCoverage(served.area, _strongest(by_year.values()), by_year, served.own)


def _level(by_level: Mapping[Level, list[str]], states: Callable[[str], bool]) -> Level:
    """Return the strongest level; a line of its own counts in the years for which it states an amount."""
    held = (level for level, lines in by_level.items() if level not in OWN_LINE or any(map(states, lines)))
    return next(held, Level.NONE)


_STRENGTH = {level: at for at, level in enumerate(LEVELS)}


def _strongest(levels: Iterable[Level]) -> Level:
    return min(levels, key=_STRENGTH.__getitem__, default=Level.NONE)


def lines_without_goal(inputs: Inputs) -> tuple[PlanLine, ...]:
    """Return the plan lines with an estimate that serve no focus area of their own."""
    served = goals_of_lines(inputs)
    return tuple(line for line in inputs.plan.lines if line.amounts and line.line_id not in served)
