"""Checks of the plan itself: C15, C16, C19, C20, N02, N06."""

from collections.abc import Iterator
from itertools import compress

from bdur_xl import nl, tables
from bdur_xl.checks.causes import repeated_lines
from bdur_xl.checks.check import Observation, per_year
from bdur_xl.model import Inputs, YearColumn
from bdur_xl.plan_lines import Lines, total
from bdur_xl.terms import Kind


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


def incidental_not_estimated(inputs: Inputs) -> Iterator[Observation]:
    """C16: no incidental amount in a year after one that has them: lower was expected, not nothing."""
    lines, earlier = Lines(inputs.plan), None
    for year in inputs.plan.years:
        amount = total(lines.amounts(year, Kind.INCIDENTAL))
        column = YearColumn(year, Kind.INCIDENTAL)
        if amount is None and earlier and column in inputs.plan.columns:
            yield (
                f"Plan, kolom {tables.year_heading(column)}",
                f"geen enkele incidentele raming, na {nl.euro(earlier)} eerder: de memo verwacht minder, "
                "niet nihil",
                "Raam de incidentele lasten alsnog, of typ 0 als er geen komen.",
            )
        earlier = amount or earlier


def later_incidental(inputs: Inputs) -> Iterator[Observation]:
    """N02: incidental amounts after the first year are additions by staff (memo, par. 4)."""
    plan, lines = inputs.plan, Lines(inputs.plan)
    first = plan.years[0] if plan.years else 0
    later = [plan.kind_of(one) is Kind.INCIDENTAL and one.year > first for one in plan.columns]
    for at, row in enumerate(lines.rows if any(later) else ()):
        for column, cents in zip(compress(plan.columns, later), compress(row, later), strict=True):
            if cents:
                yield (
                    f"{lines.name(at)}, {tables.year_heading(column)}",
                    f"{nl.euro(cents)} incidenteel na {first}: een aanvulling op de memo",
                    "Licht de aanvulling toe bij de regel.",
                )


def lines_without_amount(inputs: Inputs) -> Iterator[Observation]:
    """C20: a line without any amount is geen raming, not nil."""
    lines = Lines(inputs.plan)
    empty = [line_id for line_id, states in zip(lines.ids, lines.states(), strict=True) if not states]
    if not lines:
        yield "Plan", "het plan heeft geen enkele regel", "Vul de regels van Tabel 2 in."
    elif empty:
        shown = nl.listing(empty)
        yield (
            "Plan",
            f"geen raming op {shown}: leeg is niet € 0",
            "Vul een bedrag in, of 0 als het niets kost.",
        )


def lines_without_department(inputs: Inputs) -> Iterator[Observation]:
    """C19: a line with an amount has no department, or a doubtful one."""
    lines = Lines(inputs.plan)
    doubtful = {one: one is None or "?" in one or "/" in one for one in dict.fromkeys(lines.departments)}
    stated = lines.states() if any(doubtful.values()) else ()
    by_year = {year: lines.amounts(year) for year in inputs.plan.years} if stated else {}
    for at, (department, states) in enumerate(zip(lines.departments, stated, strict=False)):
        if states and doubtful[department]:
            amounts = {year: cents for year, costs in by_year.items() if (cents := costs[at]) is not None}
            yield (
                lines.name(at),
                f"afdeling is niet eenduidig ({department or 'leeg'}): {per_year(amounts)}",
                "Kies één budgethouder.",
            )


def doubled_lines(inputs: Inputs) -> Iterator[Observation]:
    """N06: two lines say the same under another code."""
    lines = Lines(inputs.plan)
    for first, at in repeated_lines(lines):
        yield (
            lines.name(at),
            f"is gelijk aan {lines.ids[first]}: zelfde hoofdthema, blok, subthema en bedragen",
            f"Haal {lines.ids[at]} weg als hij dubbel is, of geef hem een eigen subthema.",
        )
