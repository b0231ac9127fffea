"""Goal coverage (doelbereik): how far, with what and by whom each goal is served."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import plan_columns
from bdur_xl.budget import Cube, structural_fte_by_year
from bdur_xl.kept import kept
from bdur_xl.model import FocusArea, Goal, Inputs, Link
from bdur_xl.plan_columns import NO_GOALS, Presence
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
    fte: Mapping[int, Fraction | int | None]
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
    goals_of = {area.area_id: frozenset({area.goal_id, *area.objectives}) for area in areas}
    known: dict[frozenset[str], frozenset[str]] = {}  # equal ones are one: many lines serve few goals
    served: dict[str, frozenset[str]] = {}
    for link in links:
        if link.area_id and link.level in OWN_LINE:
            goals = goals_of[link.area_id] | served.get(link.line_id, NO_GOALS)
            served[link.line_id] = known.setdefault(goals, goals)
    return served


def coverage(inputs: Inputs, cube: Cube) -> tuple[GoalCoverage, ...]:
    """Return the coverage of each goal and objective; headings (opgaven) are left out.

    `cube` must know the goals of the lines (`goals_of_lines`). Source: memo, par. 2 and 4.
    """
    plan, norm_in = inputs.plan, inputs.premises.norm_in
    presence = plan_columns.presence(plan.lines, plan.columns)
    return tuple(
        GoalCoverage(
            goal=one.goal,
            level=one.level,
            level_by_year=one.by_year,
            areas=one.areas,
            amounts={year: cents or 0 for year, cents in cube.by_year(goal=one.goal.goal_id).items()},
            fte=structural_fte_by_year(cube, norm_in, one.goal.goal_id),
            lines=one.lines,
        )
        for one in _served(inputs.links, inputs.areas, inputs.goals, presence)
    )


class _Served(NamedTuple):
    """How a goal is served: all of its coverage but amounts and fte."""

    goal: Goal
    level: Level
    by_year: Mapping[int, Level]
    areas: tuple[AreaCoverage, ...]
    lines: tuple[str, ...]


@kept
def _served(
    links: tuple[Link, ...], areas: tuple[FocusArea, ...], goals: tuple[Goal, ...], presence: Presence
) -> list[_Served]:
    of_area: dict[str | None, list[Link]] = {}
    for link in links:
        of_area.setdefault(link.area_id, []).append(link)
    states = {year: presence.in_year(year) for year in presence.years}
    covered = [_area_coverage(area, of_area.get(area.area_id, []), states) for area in areas]
    return [_goal_served(goal, presence.years, covered) for goal in goals if not goal.is_heading]


def _goal_served(goal: Goal, years: Iterable[int], covered: Iterable[AreaCoverage]) -> _Served:
    mine = tuple(one for one in covered if goal.goal_id in (one.area.goal_id, *one.area.objectives))
    return _Served(
        goal=goal,
        level=_strongest(one.level for one in mine),
        by_year={year: _strongest(one.by_year[year] for one in mine) for year in years},
        areas=mine,
        lines=tuple(dict.fromkeys(line for one in mine for line in one.lines)),
    )


def _area_coverage(
    area: FocusArea, links: Sequence[Link], states: Mapping[int, Callable[[str], bool]]
) -> AreaCoverage:
    by_level = {level: [link.line_id for link in links if link.level is level] for level in LEVELS}
    by_year = {year: _level(by_level, one) for year, one in states.items()}
    own = tuple(link.line_id for link in links if link.level in OWN_LINE)
    return AreaCoverage(area, _strongest(by_year.values()), by_year, own)


def _level(by_level: Mapping[Level, list[str]], states: Callable[[str], bool]) -> Level:
    """Return the strongest level; a line of its own counts in the years for which it states an amount."""
    for level, lines in by_level.items():
        if any(map(states, lines)) if level in OWN_LINE else lines:
            return level
    return Level.NONE


def _strongest(levels: Iterable[Level]) -> Level:
    return min(levels, key=LEVELS.index, default=Level.NONE)
