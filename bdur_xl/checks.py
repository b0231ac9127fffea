"""The checks on a plan: one function each, a finding names line, year, euros and remedy.

Codes are those of the list of checks that came with the memo.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import budget, nl, tables, terms
from bdur_xl.budget import Cube
from bdur_xl.goals import coverage, goals_of_lines, lines_without_goal
from bdur_xl.model import (
    CapacityColumn,
    CapacityLine,
    ControlTotal,
    Finding,
    Inputs,
    Status,
    YearColumn,
)
from bdur_xl.terms import Basis, Kind

Observation = tuple[str, str, str]
"""Where, what, and what to do."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its code and name, how grave a finding is, how it looks."""

    code: str
    name: str
    status: Status
    look: Callable[[Inputs], Iterator[Observation]]

    def findings(self, inputs: Inputs) -> list[Finding]:
        """Return what the check finds; nothing means it holds."""
        return [Finding(self.code, self.status, *seen) for seen in self.look(inputs)]


def plan_totals(inputs: Inputs) -> Iterator[Observation]:
    """C01: the lines of Tabel 2 add up to the totals printed under it."""
    cube = Cube(inputs.plan)
    for printed in inputs.control_totals:
        if isinstance(printed.column, YearColumn):
            year, kind = printed.column
            total = cube.total(year=year, kind=None if kind is Kind.UNSPLIT else kind)
            yield from _against_printed(printed, tables.year_heading(printed.column), total, nl.euro)


def _sheet(table: str) -> str:
    """Return how a finding names an input table: blad Budget, controletotalen."""
    placed = tables.INPUT_TABLES[table]
    return f"blad {placed.sheet}, {placed.csv.partition('.')[0].partition('_')[0]}"


def capacity_totals(inputs: Inputs) -> Iterator[Observation]:
    """C03: the lines of Tabel 1 add up to the totals printed under it."""
    for printed in inputs.control_totals:
        if isinstance(printed.column, CapacityColumn):
            column = printed.column
            figures = [line.figures[column] for line in inputs.capacity if column in line.figures]
            shown = nl.euro if column.unit == "eur" else nl.fte
            yield from _against_printed(printed, column.label, sum(figures) if figures else None, shown)


def _against_printed(
    printed: ControlTotal, column: str, total: int | None, shown: Callable[[int], str]
) -> Iterator[Observation]:
    where = f"{printed.table}, {column}"
    if total is None:
        message = f"het gedrukte totaal is {shown(printed.total)}, maar geen regel heeft hier een bedrag"
        yield where, message, "Vul de regels aan, of haal het controletotaal weg."
    elif total != printed.total:
        message = (
            f"de regels tellen op tot {shown(total)}, gedrukt staat {shown(printed.total)}: "
            f"verschil {shown(total - printed.total)}"
        )
        where_printed = _sheet("control_totals")
        yield where, message, f"Herstel de regel, of pas het gedrukte totaal aan ({where_printed})."


class StaffCost(NamedTuple):
    """Structural staff cost of one Tabel 1 line beside its Tabel 2 lines, in cents."""

    capacity: CapacityLine
    year: int
    by_fte: int
    in_plan: int


def _staff_costs(inputs: Inputs, years: tuple[int, ...]) -> Iterator[StaffCost]:
    """Yield nothing for a year whose split is not known (C15): its structural cost is not nil."""
    norm = inputs.premises.norm_per_fte
    if norm is None:
        return
    for year in years:
        if not _split_known(inputs, year):
            continue
        costs = budget.structural_staff_costs(inputs.plan, year)
        for line in inputs.capacity:
            in_plan = sum(costs.get(line_id, 0) for line_id in line.plan_lines)
            by_fte = nl.round_half_up(Fraction(_fte_in(line, year) * norm, 100))
            yield StaffCost(line, year, by_fte, in_plan)


def _split_known(inputs: Inputs, year: int) -> bool:
    plan = inputs.plan
    return all(plan.kind_of(column) is not Kind.UNSPLIT for column in plan.columns if column.year == year)


def _fte_in(line: CapacityLine, year: int) -> int:
    """Return the structural fte in hundredths; a line that states none costs none."""
    return budget.requested_fte(line, year, Kind.STRUCTURAL) or 0


def _is_structural_fte(column: CapacityColumn) -> bool:
    return column.unit == "fte" and column.kind is Kind.STRUCTURAL


def _capacity_years(inputs: Inputs) -> tuple[int, ...]:
    """Return the plan years for which Tabel 1 states structural fte."""
    columns = {column for line in inputs.capacity for column in line.figures}
    stated = {column.year for column in columns if _is_structural_fte(column)}
    return tuple(sorted(stated & set(inputs.plan.years)))


def staff_cost_by_norm(inputs: Inputs) -> Iterator[Observation]:
    """C04: Tabel 1 fte times the norm is the structural staff cost in Tabel 2."""
    for cost in _staff_costs(inputs, _capacity_years(inputs)):
        if cost.by_fte != cost.in_plan:
            yield _staff_difference(cost)


def later_staff_cost_by_norm(inputs: Inputs) -> Iterator[Observation]:
    """C05: after the years of Tabel 1 the staff cost stays what its fte cost."""
    stated = _capacity_years(inputs)
    later = tuple(year for year in inputs.plan.years if stated and year > max(stated))
    for cost in _staff_costs(inputs, later):
        if cost.by_fte != cost.in_plan:
            yield _staff_difference(cost)


def _staff_difference(cost: StaffCost) -> Observation:
    fte = _fte_in(cost.capacity, cost.year)
    return (
        f"{cost.capacity.line_id} {cost.capacity.subject}, {cost.year}",
        f"Tabel 1 vraagt {nl.fte(fte)} fte ({nl.euro(cost.by_fte)} tegen de norm), "
        f"Tabel 2 raamt {nl.euro(cost.in_plan)}: verschil {nl.euro(cost.in_plan - cost.by_fte)}",
        f"Pas de fte of het bedrag van {nl.listing(cost.capacity.plan_lines or ('de regel',))} aan, "
        "of licht het verschil toe.",
    )


def two_amounts_available(inputs: Inputs) -> Iterator[Observation]:
    """C09: the rounded and the exact grant of a year differ."""
    for entry in inputs.budget.values():
        if entry.exact is not None and entry.rounded is not None and entry.exact != entry.rounded:
            yield (
                f"Budget {entry.year}",
                f"afgerond {nl.euro(entry.rounded)}, exact {nl.euro(entry.exact)}: "
                f"verschil {nl.euro(entry.exact - entry.rounded)}",
                "Noem de grondslag bij elk bedrag; beide worden getoond.",
            )


def grant_not_awarded(inputs: Inputs) -> Iterator[Observation]:
    """C10: the grant of a year is a forecast, not an award."""
    for year in inputs.plan.years:
        entry = inputs.budget.get(year)
        if entry and nl.fold(entry.status or "") != terms.AWARDED:
            status = entry.status or "zonder status"
            yield (
                f"Budget {year}",
                f"het beschikbare bedrag is {status}, niet toegekend",
                ("Vul het toegekende bedrag en de brief in zodra die er is."),
            )


def grant_unknown(inputs: Inputs) -> Iterator[Observation]:
    """A year of the plan has no grant on some basis: its room cannot be given."""
    for year in inputs.plan.years:
        unknown = [b for b in Basis if budget.available(inputs.budget, year, b) is None]
        if unknown:
            message = (
                f"er is geen beschikbaar bedrag ({nl.listing(unknown)}): "
                "de ruimte van dit jaar en daarna is onbekend"
            )
            yield f"Budget {year}", message, f"Vul op het blad Budget de rij {year} aan."


def over_budget(inputs: Inputs) -> Iterator[Observation]:
    """C11: the planned cost of a year exceeds the grant."""
    cube = Cube(inputs.plan)
    for year in inputs.plan.years:
        planned = cube.total(year=year) or 0
        rooms = {
            basis: amount - planned
            for basis in Basis
            if (amount := budget.available(inputs.budget, year, basis)) is not None
        }
        if rooms and min(rooms.values()) < 0:
            shown = nl.listing(f"{nl.euro(room)} ({basis})" for basis, room in rooms.items())
            yield (
                f"Blad Overzicht, {year}",
                f"de lasten van {nl.euro(planned)} zijn hoger dan beschikbaar: ruimte {shown}",
                _shortage_remedy(inputs, year),
            )


def _shortage_remedy(inputs: Inputs, year: int) -> str:
    """Point to the intake variants of the year where it has any."""
    staff = budget.structural_staff_costs(inputs.plan, year)
    started = {start for start, _ in inputs.premises.intake_months}
    if staff and year in started and _split_known(inputs, year):
        return "Zie de instroomvarianten: formatie die later begint kost minder."
    return "Verlaag de lasten, of schrijf op waaruit het verschil wordt betaald."


def split_assumed(inputs: Inputs) -> Iterator[Observation]:
    """C15: Tabel 2 does not split a year into incidental and structural."""
    for year in inputs.plan.years:
        unsplit = YearColumn(year, Kind.UNSPLIT) in inputs.plan.columns
        if unsplit and inputs.plan.unsplit_as:
            message = f"niet gesplitst in incidenteel en structureel; aanname: {inputs.plan.unsplit_as}"
            yield f"Plan, kolom {year}", message, "Splits de kolom, of bevestig de aanname."
        elif unsplit:
            message = "niet gesplitst in incidenteel en structureel: de splitsing is onbekend"
            yield f"Plan, kolom {year}", message, "Splits de kolom, of vul ongesplitst als in."


def later_incidental(inputs: Inputs) -> Iterator[Observation]:
    """Incidental amounts after the first year are additions by staff (memo, par. 4)."""
    first = inputs.plan.years[0]
    for line in inputs.plan.lines:
        for column, cents in line.amounts.items():
            if inputs.plan.kind_of(column) is Kind.INCIDENTAL and column.year > first:
                yield (
                    f"{line.line_id} {line.subtheme or ''}, {tables.year_heading(column)}",
                    f"{nl.euro(cents)} incidenteel na {first}: een aanvulling op de memo",
                    "Licht de aanvulling toe bij de regel.",
                )


def lines_without_amount(inputs: Inputs) -> Iterator[Observation]:
    """C20: a line without any amount is geen raming, not nil."""
    empty = [line for line in inputs.plan.lines if not line.amounts]
    if not inputs.plan.lines:
        yield "Plan", "het plan heeft geen enkele regel", "Vul de regels van Tabel 2 in."
    elif empty:
        shown = nl.listing(line.line_id for line in empty)
        yield (
            "Plan",
            f"geen raming op {shown}: leeg is niet € 0",
            "Vul een bedrag in, of 0 als het niets kost.",
        )


def lines_without_department(inputs: Inputs) -> Iterator[Observation]:
    """C19: a line with an amount has no department, or a doubtful one."""
    for line in inputs.plan.lines:
        department = line.department
        if line.amounts and (department is None or "?" in department or "/" in department):
            shown = department or "leeg"
            message = f"afdeling is niet eenduidig ({shown})"
            yield f"{line.line_id} {line.subtheme or ''}", message, "Kies één budgethouder."


def lines_without_area(inputs: Inputs) -> Iterator[Observation]:
    """C22: planned cost that serves no focus area."""
    supporting = {link.line_id for link in inputs.links if link.level is terms.Level.SUPPORTING}
    cube = Cube(inputs.plan, goals_of_lines(inputs))
    lines = lines_without_goal(inputs)
    if not lines:
        return
    shown = nl.listing(
        f"{line.line_id}{' (ondersteunend)' if line.line_id in supporting else ''}" for line in lines
    )
    amounts = nl.listing(
        f"{year}: {nl.euro(cube.total(year=year, goal=budget.UNNAMED))}" for year in inputs.plan.years
    )
    yield (
        _sheet("links"),
        f"zonder aandachtsgebied: {shown}; {amounts}",
        "Koppel de regel, of schrijf op waarom hij past in de bestedingsvoorwaarde.",
    )


def goals_without_line(inputs: Inputs) -> Iterator[Observation]:
    """C23: a goal of the grant without a plan line of its own."""
    cube = Cube(inputs.plan, goals_of_lines(inputs))
    for covered in coverage(inputs, cube):
        goal = covered.goal
        if not goal.is_objective and not covered.with_line:
            carried = f"{goal.kind}; regionale inzet blijft nodig" if goal.is_national else "ongedekt"
            message = f"geen eigen planregel (niveau: {covered.level}); {carried}"
            yield f"Doel {goal.goal_id}", message, "Noem wie het doel draagt, of voeg een planregel toe."


def intake_beyond_line(inputs: Inputs) -> Iterator[Observation]:
    """More fte in house than a line pays for: the line counts in full."""
    norm = inputs.premises.norm_per_fte
    for intake in inputs.intake.values():
        year = intake.start[0] if intake.start else None
        if year is None or norm is None:
            continue
        cost = budget.structural_staff_costs(inputs.plan, year).get(intake.line_id, 0)
        if intake.in_house * norm > cost * 100:
            yield (
                intake.place,
                f"{nl.fte(intake.in_house)} fte al in dienst op {intake.line_id} kost meer dan de raming "
                f"van {nl.euro(cost)} in {year}; de regel telt voor het hele jaar mee",
                "Pas de fte in dienst of de raming aan.",
            )


def intake_month_outside(inputs: Inputs) -> Iterator[Observation]:
    """A start month to work out lies in a year that the plan does not have."""
    for year, month in inputs.premises.intake_months:
        if year not in inputs.plan.years:
            shown = nl.month(year, month)
            message = f"instroommaand {shown} valt buiten de jaren van het plan en telt niet mee"
            yield _sheet("premises"), message, "Kies een maand in een jaar van het plan, of haal de rij weg."


CHECKS = (
    Check("C01", "Tabel 2: regels tellen op tot het gedrukte totaal", Status.FAILED, plan_totals),
    Check("C03", "Tabel 1: regels tellen op tot het gedrukte totaal", Status.FAILED, capacity_totals),
    Check("C04", "Tabel 1 fte × norm = Tabel 2 fte structureel", Status.FAILED, staff_cost_by_norm),
    Check("C05", "Idem in de jaren na Tabel 1", Status.DEVIATION, later_staff_cost_by_norm),
    Check("C09", "Beschikbaar: afgerond en exact zijn gelijk", Status.SIGNAL, two_amounts_available),
    Check("C10", "Beschikbaar is toegekend", Status.SIGNAL, grant_not_awarded),
    Check("C11", "Lasten passen in het beschikbare bedrag", Status.SIGNAL, over_budget),
    Check("C15", "Elk jaar is gesplitst in incidenteel en structureel", Status.SIGNAL, split_assumed),
    Check("C19", "Elke regel met een bedrag heeft één afdeling", Status.SIGNAL, lines_without_department),
    Check("C20", "Elke regel heeft een raming", Status.SIGNAL, lines_without_amount),
    Check("C22", "Elke regel dient een aandachtsgebied", Status.SIGNAL, lines_without_area),
    Check("C23", "Elk RCDV-doel heeft een eigen planregel", Status.SIGNAL, goals_without_line),
    Check("N01", "Elk jaar heeft een beschikbaar bedrag", Status.DEVIATION, grant_unknown),
    Check("N02", "Incidentele lasten alleen in het eerste jaar", Status.SIGNAL, later_incidental),
    Check("N03", "Fte al in dienst past in de regel", Status.SIGNAL, intake_beyond_line),
    Check("N04", "Instroommaanden vallen in het plan", Status.SIGNAL, intake_month_outside),
)
"""Must-hold checks first. Codes N.. are ours: they are not on the list that came with the memo."""

INPUT_CHECK = Check("INVOER", "Elke cel is leesbaar, elke code bekend, elke regel uniek",
                    Status.FAULT, lambda _: iter(()))  # fmt: skip
"""What parsing checks; its findings come from `parse_inputs`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A check and what it found."""

    check: Check
    findings: tuple[Finding, ...]


def run_checks(inputs: Inputs) -> tuple[Outcome, ...]:
    """Run every check, must-hold checks first."""
    return tuple(Outcome(check, tuple(check.findings(inputs))) for check in CHECKS)
