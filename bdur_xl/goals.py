"""Goal coverage (doelbereik): how far, with what and by whom each goal is served."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import plan_columns
from bdur_xl.budget import Cube, structural_fte_by_year
from bdur_xl.model import FocusArea, Goal, Inputs, Link, PlanLine
from bdur_xl.terms import LEVELS, OWN_LINE, Level


class AreaCoverage(NamedTuple):
    """How the plan serves one focus area, per year and at its best."""

    area: FocusArea
    level: Level
    by_year: Mapping[int, Level]
    lines: tuple[str, ...]
    """The area's own plan lines."""


class GoalCoverage(NamedTuple):
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


def goals_of_lines(inputs: Inputs) -> dict[str, frozenset[str]]:
    """Return per plan line the goals and objectives it serves with a line of its own."""
    areas = {area.area_id: area for area in inputs.areas}
    served: dict[str, set[str]] = {}
    for link in inputs.links:
        if link.area_id and link.level in OWN_LINE:
            area = areas[link.area_id]
            served.setdefault(link.line_id, set()).update({area.goal_id, *area.objectives})
    return {line_id: frozenset(goals) for line_id, goals in served.items()}


def coverage(inputs: Inputs, cube: Cube) -> tuple[GoalCoverage, ...]:
    """Return the coverage of each goal and objective; headings (opgaven) are left out.

    `cube` must know the goals of the lines (`goals_of_lines`). Source: memo, par. 2 and 4.
    """
    links: dict[str | None, list[Link]] = {}
    for link in inputs.links:
        links.setdefault(link.area_id, []).append(link)
    in_year = _lines_with_amount(inputs)
    areas = [_area_coverage(area, links.get(area.area_id, []), in_year) for area in inputs.areas]
    return tuple(_goal_coverage(inputs, cube, goal, areas) for goal in inputs.goals if not goal.is_heading)


def _goal_coverage(inputs: Inputs, cube: Cube, goal: Goal, areas: list[AreaCoverage]) -> GoalCoverage:
    mine = tuple(area for area in areas if goal.goal_id in (area.area.goal_id, *area.area.objectives))
    years = inputs.plan.years
    return GoalCoverage(
        goal=goal,
        level=_strongest(area.level for area in mine),
        level_by_year={year: _strongest(area.by_year[year] for area in mine) for year in years},
        areas=mine,
        amounts={year: cents or 0 for year, cents in cube.by_year(goal=goal.goal_id).items()},
        fte=structural_fte_by_year(cube, inputs.premises.norm_in, goal.goal_id),
        lines=tuple(dict.fromkeys(line for area in mine for line in area.lines)),
    )


def _lines_with_amount(inputs: Inputs) -> dict[int, Collection[str]]:
    """Return per year the linked plan lines that state an amount."""
    plan, linked = inputs.plan, {link.line_id for link in inputs.links}
    columns = {year: [column for column in plan.columns if column.year == year] for year in plan.years}
    return {year: plan_columns.stated(plan.lines, linked, columns[year]) for year in plan.years}


def _area_coverage(
    area: FocusArea, links: Sequence[Link], in_year: Mapping[int, Collection[str]]
) -> AreaCoverage:
    own = tuple(link.line_id for link in links if link.level in OWN_LINE)
    by_year = {
        year: _strongest(
            {link.level for link in links if link.level not in OWN_LINE or link.line_id in lines}
        )
        for year, lines in in_year.items()
    }
    return AreaCoverage(area, _strongest(by_year.values()), by_year, own)


def _strongest(levels: Iterable[Level]) -> Level:
    return min(levels, key=LEVELS.index, default=Level.NONE)


def lines_without_goal(inputs: Inputs) -> tuple[PlanLine, ...]:
    """Return the plan lines with an estimate that serve no focus area of their own."""
    served = goals_of_lines(inputs)
    return tuple(line for line in inputs.plan.lines if line.amounts and line.line_id not in served)
