"""Goal coverage (doelbereik): how far, with what and by whom each goal is served."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from bdur_xl import plan_columns
from bdur_xl.budget import fte_of, totalled
from bdur_xl.kept import kept, kept_with
from bdur_xl.model import FocusArea, Goal, Inputs, Link, Plan, Premises
from bdur_xl.plan_columns import GOAL, NO_GOALS, Presence
from bdur_xl.terms import LEVELS, OWN_LINE, PERSONNEL, Kind, Level


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
    lines: tuple[str, ...]
    amounts: Mapping[int, int] = MappingProxyType({})
    """Per year what its lines cost; nothing where only was asked how the goal is served."""
    fte: Mapping[int, Fraction | int | None] = MappingProxyType({})
    """Likewise."""

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


def coverage(inputs: Inputs) -> tuple[GoalCoverage, ...]:
    """Return the coverage of each goal and objective; headings (opgaven) are left out.

    Source: memo, par. 2 and 4.
    """
    found = served(inputs)
    by_year = {year: spent(inputs, year, found) for year in inputs.plan.years}
    return tuple(
        one._replace(
            amounts={year: spent.amounts[at] for year, spent in by_year.items()},
            fte={year: spent.fte[at] for year, spent in by_year.items()},
        )
        for at, one in enumerate(found)
    )


class _Spent(NamedTuple):
    """What is told of one year."""

    amounts: Sequence[int]
    fte: Sequence[Fraction | int | None]


class Spent(_Spent):
    """What is spent in one year on goals, in their order. Amounts in cents, fte in hundredths."""


def spent(inputs: Inputs, year: int, on: Sequence[GoalCoverage]) -> Spent:
    """Return what is spent in a year on each of some goals."""
    plan = plan_columns.in_year(inputs.plan, year)
    return _spent(plan, goals_of_lines(inputs), on, inputs.premises)


@kept_with
def _spent(
    plan: Plan, goals_of: Mapping[str, frozenset[str]], on: Sequence[GoalCoverage], premises: Premises
) -> Spent:
    (year,) = plan.years
    cube, norm, ids = totalled(plan, goals_of), premises.norm_in(year), [one.goal.goal_id for one in on]
    staff = cube.of_each(GOAL, ids, Kind.STRUCTURAL, block=PERSONNEL)
    return Spent([cents or 0 for cents in cube.of_each(GOAL, ids)], [fte_of(cost, norm) for cost in staff])


def served(inputs: Inputs) -> Sequence[GoalCoverage]:
    """Return how each goal and objective is served, and no amounts; headings are left out."""
    presence = plan_columns.presence(inputs.plan.lines, inputs.plan.columns)
    return _served(inputs.links, inputs.areas, inputs.goals, presence)


@kept
def _served(
    links: tuple[Link, ...], areas: tuple[FocusArea, ...], goals: tuple[Goal, ...], presence: Presence
) -> list[GoalCoverage]:
    of_area: dict[str | None, list[Link]] = {}
    for link in links:
        of_area.setdefault(link.area_id, []).append(link)
    states = {year: presence.in_year(year) for year in presence.years}
    covered = [_area_coverage(area, of_area.get(area.area_id, []), states) for area in areas]
    return [_goal_served(goal, presence.years, covered) for goal in goals if not goal.is_heading]


def _goal_served(goal: Goal, years: Iterable[int], covered: Iterable[AreaCoverage]) -> GoalCoverage:
    mine = tuple(one for one in covered if goal.goal_id in (one.area.goal_id, *one.area.objectives))
    return GoalCoverage(
        goal=goal,
        level=_strongest(one.level for one in mine),
        level_by_year={year: _strongest(one.by_year[year] for one in mine) for year in years},
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
