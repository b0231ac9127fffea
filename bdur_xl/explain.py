"""BDUR_WAAROM: one Dutch sentence per figure, naming the lines and the arithmetic."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from bdur_xl import budget, cells, nl
from bdur_xl.arguments import DUTCH_ERRORS, NOT_USABLE, Given, SheetError, unknown_name
from bdur_xl.budget import Cube
from bdur_xl.functions import (
    KINDS,
    Measure,
    Selection,
    basis,
    chosen_inputs,
    chosen_measure,
    chosen_scenario,
    coverage_of,
    intake,
    planned,
    planned_fte,
    requested_fte,
    required_intake,
    room_in,
    rooms,
    selected_inputs,
    selection,
)
from bdur_xl.goals import AreaCoverage, goals_of_lines
from bdur_xl.model import Inputs, Intake
from bdur_xl.overview import named
from bdur_xl.scenarios import described
from bdur_xl.sheet_function import SheetFunction, unexpected
from bdur_xl.terms import MONTHS_PER_YEAR, OWN_LINE, PERSONNEL, Basis, Kind

MOST_LINES = 20
"""Plan lines that a sentence names one by one; the rest is counted."""

STAFF = "fte structureel"


def year_total(given: Given) -> str:
    """Explain BDUR_JAARTOTAAL."""
    inputs = selected_inputs(given)
    chosen = selection(given, inputs)
    total = Cube(inputs.plan, goals_of_lines(inputs)).total(**chosen._asdict())
    if total is None:
        return _without_column(inputs, chosen)
    lines = selected_lines(inputs, chosen)
    if not lines:
        return (
            f"{nl.euro(total)} in {chosen.year}: geen enkele regel{_filters(chosen)} heeft hier een bedrag."
        )
    assumed = chosen.kind is inputs.plan.unsplit_as and chosen.year in inputs.plan.assumed_years
    note = f" ({chosen.year} is niet gesplitst en geldt als {chosen.kind}: een aanname)" if assumed else ""
    return f"{nl.euro(total)} in {chosen.year}{note}: {_regels(lines)}{_filters(chosen)}: {_amounts(lines)}."


def selected_lines(inputs: Inputs, chosen: Selection) -> dict[str, int]:
    """Return the plan lines in a selection with the cents of each; lines of nil are left out."""
    goals_of = goals_of_lines(inputs)
    plan, totals = inputs.plan, {}
    for line in plan.lines:
        cents = Cube(plan._replace(lines=(line,)), goals_of).total(**chosen._asdict())
        if cents:
            totals[line.line_id] = cents
    return totals


def _without_column(inputs: Inputs, chosen: Selection) -> str:
    if chosen.year in inputs.plan.assumed_years:
        return (
            f"Niet bekend: plan splitst {chosen.year} niet; het hele jaar geldt als "
            f"{inputs.plan.unsplit_as} (een aanname), dus {chosen.kind} is er geen bedrag."
        )
    split = {column.kind for column in inputs.plan.columns if column.year == chosen.year}
    if Kind.UNSPLIT in split:
        return (
            f"Niet bekend: plan splitst {chosen.year} niet in incidenteel en structureel. "
            "Geef uitgangspunten mee als daar 'ongesplitst als' is ingevuld."
        )
    return f"Niet bekend: plan heeft voor {chosen.year} geen kolom {chosen.kind}."


def _filters(chosen: Selection) -> str:
    theme, department, goal = (
        None if name is None else f"{what} {named(name, what)}"
        for what, name in (
            ("hoofdthema", chosen.theme),
            ("afdeling", chosen.department),
            ("doel", chosen.goal),
        )
    )
    words = [word for word in (chosen.block, chosen.kind, theme, department, goal) if word]
    return f" {', '.join(words)}" if words else ""


def _regels(lines: Mapping[str, int | Fraction]) -> str:
    return nl.plural(len(lines), "regel", "regels")


def _amounts(lines: Mapping[str, int]) -> str:
    """Write the lines with their amounts: P01 € 100.000 + P02 € 150.000."""
    shown = [f"{line_id} {nl.euro(cents)}" for line_id, cents in list(lines.items())[:MOST_LINES]]
    rest = list(lines.values())[MOST_LINES:]
    if rest:
        shown.append(f"nog {nl.plural(len(rest), 'regel', 'regels')} {nl.euro(sum(rest))}")
    return " + ".join(shown)


def _ids(line_ids: Sequence[str]) -> str:
    shown = ", ".join(line_ids[:MOST_LINES])
    rest = len(line_ids) - MOST_LINES
    return f"{shown} en nog {nl.plural(rest, 'regel', 'regels')}" if rest > 0 else shown


def available(given: Given) -> str:
    """Explain BDUR_BESCHIKBAAR."""
    grants = chosen_inputs(given).budget
    year, chosen = given.year(grants, "budget"), basis(given)
    amount = budget.available(grants, year, chosen)
    if amount is None:
        return f"Niet bekend: op budget is het bedrag van {year} ({chosen}) leeg."
    entry = grants[year]
    fallback = chosen is Basis.EXACT and entry.exact is None
    how = "het exacte bedrag is niet bekend, dit is het afgeronde" if fallback else f"{chosen} bedrag"
    facts = [how, f"status: {entry.status or 'niet ingevuld'}"]
    return (
        f"{nl.euro(amount)} voor {year}: {'; '.join(facts + [f'bron: {entry.source}'] * bool(entry.source))}."
    )


def room(given: Given) -> str:
    """Explain BDUR_RUIMTE."""
    inputs = chosen_inputs(given)
    year, chosen = given.year(inputs.plan.years, "plan"), basis(given)
    phased = intake(given, inputs)
    grant, cost = budget.available(inputs.budget, year, chosen), planned(inputs, year, phased)
    if grant is None:
        return f"Niet bekend: voor {year} staat op budget geen bedrag ({chosen})."
    if cost is None:
        return _without_split(year)
    fallback = chosen is Basis.EXACT and inputs.budget[year].exact is None
    how = "exact niet bekend, dus afgerond" if fallback else str(chosen)
    left = room_in(inputs, year, chosen, phased)
    sentence = (
        f"{nl.euro(left)} = {nl.euro(grant)} beschikbaar ({how}) {nl.MINUS} {nl.euro(cost)} lasten in {year}"
    )
    lines = selected_lines(inputs, Selection(year, None, None, None, None, None))
    made_of = f"{_regels(lines)}: {_amounts(lines)}" if not phased else _phased(inputs, year, phased)
    return f"{sentence}; de lasten: {made_of}."


def cumulative_room(given: Given) -> str:
    """Explain BDUR_RUIMTE_CUMULATIEF."""
    inputs = chosen_inputs(given)
    year = given.year(inputs.plan.years, "plan")
    by_year = rooms(inputs, basis(given), intake(given, inputs))
    carried = inputs.premises.carries_over
    until = {one: by_year[one] for one in by_year if one == year or (carried and one < year)}
    unknown = [str(one) for one, amount in until.items() if amount is None]
    if unknown:
        return f"Niet bekend: de ruimte van {nl.listing(unknown)} is niet bekend."
    total = budget.cumulative(until)[year]
    parts = " + ".join(f"{nl.euro(amount)} ({one})" for one, amount in until.items())
    indicative = "indicatief: of een saldo naar een volgend jaar mag, staat niet vast"
    if not carried:
        return f"{nl.euro(total)}: de ruimte van {year} zelf; zonder overdracht telt geen ander jaar mee."
    return f"{nl.euro(total)} = {parts}; {indicative}."


def part_year(given: Given) -> str:
    """Explain BDUR_DEELJAAR."""
    inputs = chosen_inputs(given)
    year = given.year(inputs.plan.years, "plan")
    phased = required_intake(given, inputs)
    if planned(inputs, year, phased) is None:
        return _without_split(year)
    if not phased:
        lines = selected_lines(inputs, Selection(year, None, None, None, None, None))
        return f"{nl.euro(planned(inputs, year, None))} in {year}: {_regels(lines)}: {_amounts(lines)}."
    return f"{_phased(inputs, year, phased)}."


def _without_split(year: int) -> str:
    return (
        f"Niet bekend: plan splitst {year} niet in incidenteel en structureel, en alleen structurele fte "
        "beginnen later. Geef uitgangspunten mee als daar 'ongesplitst als' is ingevuld."
    )


@dataclass(frozen=True)
class PartYear:
    """The parts that add up to a year's planned cost with staff phased in, in cents."""

    whole_year: int
    """Resources and incidental cost: never phased."""
    in_house: Mapping[str, Fraction]
    """Per line the cost of staff already in service."""
    starting: Mapping[tuple[int, int] | None, Mapping[str, Fraction]]
    """Per start month the yearly cost, by line, of the staff who start then."""


def part_year_parts(inputs: Inputs, year: int, phased: Mapping[str, Intake]) -> PartYear:
    """Return the parts of a part-year total, as `budget.part_year_total` adds them up."""
    in_house: dict[str, Fraction] = {}
    starting: dict[tuple[int, int] | None, dict[str, Fraction]] = {}
    costs = budget.structural_staff_costs(inputs.plan, year)
    for line_id, cost in costs.items():
        one = phased.get(line_id, Intake(line_id, start=None))
        present = budget.in_house_cost(cost, one, inputs.premises.norm_in(year))
        if present:
            in_house[line_id] = present
        if cost != present:
            starting.setdefault(one.start, {})[line_id] = cost - present
    total = Cube(inputs.plan).total(year=year) or 0
    return PartYear(total - sum(costs.values()), in_house, starting)


def _phased(inputs: Inputs, year: int, phased: Mapping[str, Intake]) -> str:
    """Write a part-year total as a sum: € 785.000 + 8/12 × € 900.000, instroom 1 mei 2023; 9 regels ..."""
    parts = part_year_parts(inputs, year, phased)
    terms = [f"{nl.euro(parts.whole_year)} dat het hele jaar telt"] if parts.whole_year else []
    if parts.in_house:
        amount = nl.euro(sum(parts.in_house.values()))
        terms.append(f"{amount} voor wie al in dienst is ({_ids(list(parts.in_house))})")
    for start, lines in parts.starting.items():
        months = budget.months_in_service(start, year)
        since = f"instroom 1 {nl.month(*start)}" if start else "het hele jaar in dienst"
        amount = f"{months}/{MONTHS_PER_YEAR} × {nl.euro(sum(lines.values()))}"
        terms.append(f"{amount}, {since}; {_regels(lines)} {STAFF}: {_ids(list(lines))}")
    total = planned(inputs, year, phased)
    return f"{nl.euro(total)} in {year} = {' + '.join(terms) or 'geen enkele raming'}"


def staff(given: Given) -> str:
    """Explain BDUR_FTE."""
    inputs = given.inputs()
    kind = given.pick("soort", KINDS, NOT_USABLE) or Kind.STRUCTURAL
    if inputs.capacity:
        return _requested(inputs, given.required("jaar", cells.year), kind)
    year = given.year(inputs.plan.years, "plan")
    norm, found = inputs.premises.norm_per_fte, planned_fte(inputs, year, kind)
    if kind is not Kind.STRUCTURAL:
        return f"Niet bekend: Tabel 2 noemt {kind} geen fte, alleen bedragen. Geef Tabel 1 als bereik plan."
    if norm is None:
        return "Niet bekend: zonder normbedrag per fte. Geef uitgangspunten mee met 'normbedrag fte'."
    if found is None:
        return _without_column(inputs, _structural_staff(year))
    lines = selected_lines(inputs, _structural_staff(year))
    cost = nl.euro(sum(lines.values()))
    named_lines = f": {_amounts(lines)}" if lines else ""
    return (
        f"{nl.fte(found)} fte in {year} = {cost} / {nl.euro(norm)} per fte; "
        f"{_regels(lines)} {STAFF}{named_lines}."
    )


def _structural_staff(year: int) -> Selection:
    return Selection(year, Kind.STRUCTURAL, PERSONNEL, None, None, None)


def _requested(inputs: Inputs, year: int, kind: Kind) -> str:
    total = requested_fte(inputs, year, kind)
    if total is None:
        return f"Niet bekend: Tabel 1 noemt voor {year} geen fte {kind}."
    figures = {line.line_id: budget.requested_fte(line, year, kind) for line in inputs.capacity}
    shown = " + ".join(f"{line_id} {nl.fte(fte)}" for line_id, fte in figures.items() if fte)
    return f"{nl.fte(total)} fte {kind} in {year}, gevraagd in Tabel 1: {shown or 'geen enkele regel'}."


def goal_coverage(given: Given) -> str:
    """Explain BDUR_DOELDEKKING."""
    inputs = given.inputs()
    year = given.year(inputs.plan.years, "plan")
    covered, measure = coverage_of(given, inputs), chosen_measure(given)
    goal = covered.goal
    about = f"{goal.goal_id} in {year}"
    if not covered.areas:
        return f"{about}: geen enkel aandachtsgebied hoort bij dit doel, dus geen dekking te bepalen."
    if measure is Measure.LEVEL:
        areas = "; ".join(f"{area.area.area_id} {area.by_year[year]}" for area in covered.areas)
        return f"{about}: niveau {covered.level_by_year[year]}, het sterkste van {areas}."
    if measure is Measure.SHARE:
        return _share(about, year, covered.areas)
    lines = selected_lines(inputs, Selection(year, None, None, None, None, goal.goal_id))
    overlap = "; bedragen van RBP-doelen overlappen en zijn niet optelbaar" if goal.is_objective else ""
    if measure is Measure.AMOUNT:
        shown = f": {_amounts(lines)}" if lines else ""
        return f"{about}: {nl.euro(covered.amounts[year])}, {_regels(lines)}{shown}{overlap}."
    norm = inputs.premises.norm_per_fte
    found = covered.fte[year]
    if norm is None or found is None:
        return f"{about}: fte niet bekend; het normbedrag of de structurele fte-lasten ontbreken."
    return f"{about}: {nl.fte(found)} fte structureel, tegen {nl.euro(norm)} per fte{overlap}."


def _share(about: str, year: int, areas: Sequence[AreaCoverage]) -> str:
    own = [area for area in areas if area.by_year[year] in OWN_LINE]
    other = [f"{area.area.area_id} ({area.by_year[year]})" for area in areas if area not in own]
    with_line = "; ".join(f"{area.area.area_id} door {', '.join(area.lines)}" for area in own)
    return (
        f"{about}: {len(own)} van {len(areas)} aandachtsgebieden {'heeft' if len(own) == 1 else 'hebben'} "
        "een eigen regel met een raming"
        f"{f': {with_line}' if own else ''}{f'; zonder: {nl.listing(other)}' if other else ''}."
    )


def why(given: Given, figures: Sequence[SheetFunction]) -> str:
    """BDUR_WAAROM: say how the figure of a named function comes about, or why there is none."""
    explained = {one.name.removeprefix("BDUR_").casefold(): one for one in figures if one.explain}
    typed = given.value("functie", cells.text) or ""
    name = nl.fold(typed).removeprefix("=").removeprefix("bdur_").rstrip("()")
    if name not in explained:
        return f"{unknown_name('functie', typed, explained)}."
    function = explained[name]
    cells_given = [given.cell(a.name) for a in function.arguments]
    try:
        return _explained(function, Given(function.arguments, cells_given))
    except SheetError as error:
        refused = error
    except Exception as error:
        refused = unexpected(function, error, cells_given)
    return f"{DUTCH_ERRORS[refused.code]}: {refused.reason.rstrip('.')}."


def _explained(function: SheetFunction, arguments: Given) -> str:
    """Return how a figure comes about. Raises SheetError, or any error that the figure itself raises."""
    assert function.explain
    told, scenario = function.explain(arguments), chosen_scenario(arguments)
    with suppress(SheetError):  # a figure that is not known: the explanation tells why
        function.compute(arguments)
    return f"Scenario {scenario.name}, {described(scenario)}: {told}" if scenario else told
