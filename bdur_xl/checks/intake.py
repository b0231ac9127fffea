"""Checks of who starts when: C12, C13, C14, N03, N04."""

from collections.abc import Iterator
from fractions import Fraction

from bdur_xl import budget, nl
from bdur_xl.budget import Cube
from bdur_xl.checks.check import Observation, sheet_of, split_known
from bdur_xl.checks.grant import rooms, short_years, shown_rooms
from bdur_xl.model import Inputs
from bdur_xl.plan_lines import Lines
from bdur_xl.terms import MONTHS_PER_YEAR, PERSONNEL, Basis, Kind


def later_start(inputs: Inputs) -> Iterator[Observation]:
    """C12: whether a year that is short fits depends on when its staff start."""
    cube = Cube(inputs.plan)
    for start, whole, phased in _variants(inputs, cube):
        if phased == whole:  # nobody who starts, or from January on
            continue
        year = start[0]
        left = rooms(inputs, year, phased)
        yield (
            f"Instroom 1 {nl.month(*start)}",
            f"als alle formatie dan begint, kost {year} {nl.euro(whole - phased, 0)} minder: "
            f"ruimte {shown_rooms(left)}{_tipping_points(inputs, cube, year)}",
            "Noem bij de lasten van het hele jaar ook die bij latere instroom.",
        )


def _tipping_points(inputs: Inputs, cube: Cube, year: int) -> str:
    points = {
        basis: found.months
        for basis in Basis
        if (found := budget.break_even(cube, year, budget.available(inputs.budget, year, basis)))
        and 0 <= found.months <= MONTHS_PER_YEAR
    }
    if not points:  # no month at which the room is nil
        return ""
    months = nl.listing(f"{nl.hundredths(found * 100, 2)} ({basis})" for basis, found in points.items())
    return f"; het kantelpunt ligt bij {months} maanden"


def staff_in_house(inputs: Inputs) -> Iterator[Observation]:
    """C13: staff already in service make a later start save less."""
    cube, norm = Cube(inputs.plan), inputs.premises.norm_per_fte
    for start, _, phased in _variants(inputs, cube):
        in_house = budget.uniform_in_house(inputs.plan, start[0], inputs.intake)
        cost = budget.uniform_part_year_total(cube, start, inputs.intake, norm)
        if not in_house or cost is None:
            continue
        before, after = rooms(inputs, start[0], phased), rooms(inputs, start[0], cost)
        more = nl.euro(cost - phased, 0)
        turns = any(before[basis] >= 0 > after[basis] for basis in after)
        yield (
            f"Instroom 1 {nl.month(*start)}",
            f"{nl.fte(in_house)} fte is al in dienst en kost het hele jaar, {more} meer: "
            f"ruimte {shown_rooms(after)}{'; het overschot wordt een tekort' if turns else ''}",
            "Noem bij de instroom wie er al in dienst is.",
        )


def _variants(inputs: Inputs, cube: Cube) -> Iterator[tuple[tuple[int, int], int, Fraction | int]]:
    """Yield start month, whole cost and that of staff who all start then, for each year that is short."""
    short = {year: planned for year, planned, _ in short_years(inputs)}
    for start in inputs.premises.intake_months:
        if start[0] in short:
            phased = budget.uniform_part_year_total(cube, start, {}, inputs.premises.norm_per_fte)
            if phased is not None:
                yield start, short[start[0]], phased


def new_staff_for_a_whole_year(inputs: Inputs) -> Iterator[Observation]:
    """C14: staff that are new in a later year are budgeted for all of it."""
    norm, lines = inputs.premises.norm_per_fte, Lines(inputs.plan)
    for before, year in zip(inputs.plan.years, inputs.plan.years[1:], strict=False):
        if norm is None or not (split_known(inputs, before) and split_known(inputs, year)):
            continue
        earlier, now = (lines.amounts(one, Kind.STRUCTURAL, PERSONNEL) for one in (before, year))
        costs = zip(lines.ids, earlier, now, strict=True)
        more = {line: cost - (was or 0) for line, was, cost in costs if cost is not None}
        new = {line: cost for line, cost in more.items() if cost > 0}
        new = {line: cost for line, cost in new.items() if not _phased(inputs, line, year)}
        if new:
            cost = sum(new.values())
            yield (
                f"Plan, {year}",
                f"{nl.fte(Fraction(cost * 100, norm))} fte nieuw in {year} ({nl.listing(new)}) is voor het "
                f"hele jaar begroot: {nl.euro(cost)}; elke maand later scheelt "
                f"{nl.euro(Fraction(cost, MONTHS_PER_YEAR), 0)}",
                "Zijn zij op 1 januari in dienst? Vul anders op het blad Instroom de startmaand in.",
            )


def _phased(inputs: Inputs, line_id: str, year: int) -> bool:
    intake = inputs.intake.get(line_id)
    return intake is not None and budget.months_in_service(intake.start, year) < MONTHS_PER_YEAR


def intake_beyond_line(inputs: Inputs) -> Iterator[Observation]:
    """N03: more fte in house than a line pays for: the line counts in full."""
    norm = inputs.premises.norm_per_fte
    starts = {intake.start[0] for intake in inputs.intake.values() if intake.start}
    costs = {
        year: budget.structural_staff_costs(inputs.plan, year, inputs.intake)
        for year in starts
        if split_known(inputs, year)
    }
    for intake in inputs.intake.values():
        year = intake.start[0] if intake.start else None
        if year not in costs or norm is None:
            continue
        cost = costs[year].get(intake.line_id, 0)
        if intake.in_house * norm > cost * 100:
            yield (
                f"Instroom van {intake.line_id}",
                f"{nl.fte(intake.in_house)} fte al in dienst op {intake.line_id} kost meer dan de raming "
                f"van {nl.euro(cost)} in {year}; de regel telt voor het hele jaar mee",
                "Pas de fte in dienst of de raming aan.",
            )


def intake_month_outside(inputs: Inputs) -> Iterator[Observation]:
    """N04: a start month to work out lies in a year that the plan does not have."""
    for year, month in inputs.premises.intake_months:
        if year not in inputs.plan.years:
            shown = nl.month(year, month)
            message = f"instroommaand {shown} valt buiten de jaren van het plan en telt niet mee"
            yield (
                sheet_of("premises"),
                message,
                "Kies een maand in een jaar van het plan, of haal de rij weg.",
            )
