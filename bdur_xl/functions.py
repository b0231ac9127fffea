"""What the sheet functions compute: arguments in, the core asked, a cell's value out.

Amounts leave in euros, staff in fte, both rounded once to hundredths.
"""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import budget, cells, goals, nl, terms
from bdur_xl.arguments import NOT_KNOWN, NOT_USABLE, Given, SheetError
from bdur_xl.budget import UNNAMED, Cube
from bdur_xl.goals import GoalCoverage
from bdur_xl.model import Inputs, Intake, Scenario
from bdur_xl.nl import round_half_up
from bdur_xl.overview import named
from bdur_xl.scenarios import all_scenarios, applied
from bdur_xl.terms import Basis, Kind

Value = float | str | SheetError | None
"""What one cell shows; None leaves it empty."""

KINDS = {
    "incidenteel": Kind.INCIDENTAL,
    "structureel": Kind.STRUCTURAL,
    "i": Kind.INCIDENTAL,
    "s": Kind.STRUCTURAL,
    "ongesplitst": Kind.UNSPLIT,
}
BASES = {str(basis): basis for basis in Basis}
BLOCKS = {block: block for block in terms.BLOCKS}

NO_GOAL = "(geen doel)"
"""Names the plan lines that serve no focus area of their own."""

LINK_RANGES = ("koppeling", "aandachtsgebieden", "doelen")


class Measure(StrEnum):
    """What BDUR_DOELDEKKING can tell of a goal."""

    SHARE = "aandeel"
    LEVEL = "niveau"
    AMOUNT = "bedrag"
    FTE = "fte"


MEASURES = {str(measure): measure for measure in Measure}


def hundredths(value: int | Fraction | None) -> float | SheetError:
    """Return cents as euros, or hundredths as fte, rounded half up; #N/A for what is not known."""
    if value is None:
        return SheetError(NOT_KNOWN)
    return (value if type(value) is int else round_half_up(value)) / 100


# The figures, one function each


def year_total(given: Given) -> Value:
    """BDUR_JAARTOTAAL: the planned cost of one year, of the lines that meet every filter."""
    inputs = selected_inputs(given)
    return hundredths(cube(inputs).total(**selection(given, inputs)._asdict()))


def available(given: Given) -> Value:
    """BDUR_BESCHIKBAAR: the grant of one year."""
    grants = chosen_inputs(given).budget
    return hundredths(budget.available(grants, given.year(grants, "budget"), basis(given)))


def room(given: Given) -> Value:
    """BDUR_RUIMTE: the grant of one year less its planned cost; staff phased in when asked."""
    inputs = chosen_inputs(given)
    year = given.year(inputs.plan.years, "plan")
    return hundredths(room_in(inputs, year, basis(given), intake(given, inputs)))


def cumulative_room(given: Given) -> Value:
    """BDUR_RUIMTE_CUMULATIEF: the room added up from the plan's first year; indicative only."""
    inputs = chosen_inputs(given)
    year = given.year(inputs.plan.years, "plan")
    by_year = rooms(inputs, basis(given), intake(given, inputs))
    return hundredths(budget.cumulative(by_year, carry_over=inputs.premises.carries_over)[year])


def staff(given: Given) -> Value:
    """BDUR_FTE: the fte of one year: by the norm from Tabel 2, or as Tabel 1 requests them."""
    inputs = given.inputs()
    kind = given.pick("soort", KINDS, NOT_USABLE) or Kind.STRUCTURAL
    if inputs.capacity:
        return hundredths(requested_fte(inputs, given.required("jaar", cells.year), kind))
    year = given.year(inputs.plan.years, "plan")
    return hundredths(planned_fte(inputs, year, kind))


def part_year(given: Given) -> Value:
    """BDUR_DEELJAAR: the planned cost of one year when staff start during it."""
    inputs = chosen_inputs(given)
    year = given.year(inputs.plan.years, "plan")
    return hundredths(planned(inputs, year, required_intake(given, inputs)))


def goal_coverage(given: Given) -> Value:
    """BDUR_DOELDEKKING: how far a goal is served in one year, by the measure asked."""
    inputs = given.inputs()
    year = given.year(inputs.plan.years, "plan")
    covered = coverage_of(given, inputs)
    measure = chosen_measure(given)
    if measure is Measure.LEVEL:
        return str(covered.level_by_year[year])
    if measure is Measure.AMOUNT:
        return hundredths(covered.amounts[year])
    if measure is Measure.FTE:
        return hundredths(covered.fte[year])
    share = covered.share_with_line(year)
    return SheetError(NOT_KNOWN) if share is None else float(share)


# What they share


class Selection(NamedTuple):
    """The filters on plan lines, as `Cube.total` takes them."""

    year: int
    kind: Kind | None
    block: str | None
    theme: str | None
    department: str | None
    goal: str | None


def selected_inputs(given: Given) -> Inputs:
    """Return the inputs for a selection; a filter on goal cannot do without the links."""
    return chosen_inputs(given, *LINK_RANGES if given.has("doel") else ())


def chosen_inputs(given: Given, *needed: str) -> Inputs:
    """Return what the ranges say, under the scenario that a call names."""
    inputs = given.inputs(*needed)
    scenario = chosen_scenario(given)
    return applied(inputs, scenario) if scenario else inputs


def chosen_scenario(given: Given) -> Scenario | None:
    """Return the scenario that a call names; None when it names none, or basis."""
    if not given.has("scenario"):
        return None
    inputs = given.inputs("scenarios")
    scenario = given.pick("scenario", {one.name: one for one in all_scenarios(inputs)})
    if scenario is None or nl.fold(scenario.name) == terms.BASIS:
        return None
    if scenario.start and given.has("startmaand"):
        reason = f"scenario {scenario.name} zegt zelf wanneer de formatie begint: laat startmaand leeg"
        raise SheetError(NOT_USABLE, reason)
    if scenario.start and given.has("plan"):
        given.inputs("uitgangspunten")  # what is structural, and what an fte costs
    return scenario


def selection(given: Given, inputs: Inputs) -> Selection:
    """Return the filters of a call, every name as the plan writes it."""
    lines = inputs.plan.lines
    return Selection(
        year=given.year(inputs.plan.years, "plan"),
        kind=given.pick("soort", KINDS, NOT_USABLE),
        block=given.pick("blok", BLOCKS),
        theme=given.pick("hoofdthema", _names("hoofdthema", [line.theme for line in lines])),
        department=given.pick("afdeling", _names("afdeling", [line.department for line in lines])),
        goal=given.pick("doel", _goal_names(inputs) | {NO_GOAL: UNNAMED}),
    )


def _names(dimension: str, names: list[str | None]) -> dict[str, str]:
    return {named(name or UNNAMED, dimension): name or UNNAMED for name in names}


def _goal_names(inputs: Inputs) -> dict[str, str]:
    return {goal.goal_id: goal.goal_id for goal in inputs.goals if not goal.is_heading}


def cube(inputs: Inputs) -> Cube:
    """Return the plan totalled once, goals included."""
    return Cube(inputs.plan, goals.goals_of_lines(inputs))


def basis(given: Given) -> Basis:
    """Return which grant amount counts; Tabel 2's unless asked otherwise."""
    return given.pick("basis", BASES, NOT_USABLE) or Basis.ROUNDED


def intake(given: Given, inputs: Inputs) -> Mapping[str, Intake] | None:
    """Return when staff start; None when the call says nothing about it.

    With a startmaand all structural staff start then, but for those whom the
    range instroom has in house.
    """
    start = given.month("startmaand")
    if start is None:
        return inputs.intake if given.has("instroom") else None
    if start[0] not in inputs.plan.years:
        raise SheetError(NOT_KNOWN, f"startmaand valt in {start[0]}, een jaar dat niet in plan staat")
    return budget.uniform_intake(inputs.plan, start, inputs.intake)


def required_intake(given: Given, inputs: Inputs) -> Mapping[str, Intake]:
    """Return when staff start, by a range, a month or a scenario; an error when nothing says so."""
    phased = intake(given, inputs)
    scenario = chosen_scenario(given)
    if phased is None and not (scenario and scenario.start):
        raise SheetError(NOT_USABLE, "geef een bereik instroom of een startmaand")
    return phased or {}


def planned(inputs: Inputs, year: int, phased: Mapping[str, Intake] | None) -> Fraction | None:
    """Return the planned cost of a year in cents, staff phased in when `phased` says how."""
    cube, norm = Cube(inputs.plan), inputs.premises.norm_in(year)
    cost = cube.total(year=year) if phased is None else budget.part_year_total(cube, year, phased, norm)
    return None if cost is None else Fraction(cost)


def room_in(inputs: Inputs, year: int, chosen: Basis, phased: Mapping[str, Intake] | None) -> Fraction | None:
    """Return the room of one year, in cents."""
    grant, cost = budget.available(inputs.budget, year, chosen), planned(inputs, year, phased)
    return None if grant is None or cost is None else grant - cost


def rooms(inputs: Inputs, chosen: Basis, phased: Mapping[str, Intake] | None) -> dict[int, Fraction | None]:
    """Return the room of each year of the plan, in cents."""
    return {year: room_in(inputs, year, chosen, phased) for year in inputs.plan.years}


def planned_fte(inputs: Inputs, year: int, kind: Kind) -> Fraction | int | None:
    """Return the staff that Tabel 2 pays for by the norm, in hundredths; None but for structural staff."""
    if kind is not Kind.STRUCTURAL:
        return None
    return budget.structural_fte(Cube(inputs.plan), year, inputs.premises.norm_per_fte)


def requested_fte(inputs: Inputs, year: int, kind: Kind) -> int | None:
    """Return the fte that all lines of Tabel 1 request, in hundredths; None when none states any."""
    figures = [budget.requested_fte(line, year, kind) for line in inputs.capacity]
    stated = [figure for figure in figures if figure is not None]
    return sum(stated) if stated else None


def chosen_measure(given: Given) -> Measure:
    """Return what of a goal is asked; its share of focus areas unless said otherwise."""
    return given.pick("wat", MEASURES, NOT_USABLE) or Measure.SHARE


def coverage_of(given: Given, inputs: Inputs) -> GoalCoverage:
    """Return the coverage of the goal that a call names."""
    covered = {one.goal.goal_id: one for one in goals.coverage(inputs)}
    found = given.pick("doel", covered)
    if found is None:
        raise SheetError(NOT_USABLE, "doel is niet ingevuld")
    return found
