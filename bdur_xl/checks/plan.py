"""Checks of the plan itself: C15, C16, C19, C20, N02, N06."""

from collections.abc import Iterator

from bdur_xl import nl, tables
from bdur_xl.checks.causes import repeated_lines
from bdur_xl.checks.check import Observation, amount_in, line_name, per_year
from bdur_xl.model import Inputs, YearColumn
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
    earlier: int | None = None
    for year in inputs.plan.years:
        amount = amount_in(inputs, inputs.plan.lines, year, Kind.INCIDENTAL)
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
    first = inputs.plan.years[0] if inputs.plan.years else 0
    for line in inputs.plan.lines:
        for column, cents in line.amounts.items():
            if inputs.plan.kind_of(column) is Kind.INCIDENTAL and column.year > first and cents:
                yield (
                    f"{line_name(line)}, {tables.year_heading(column)}",
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
            amounts = {year: amount_in(inputs, [line], year) for year in inputs.plan.years}
            stated = {year: cents for year, cents in amounts.items() if cents is not None}
            yield (
                line_name(line),
                f"afdeling is niet eenduidig ({department or 'leeg'}): {per_year(stated)}",
                "Kies één budgethouder.",
            )


def doubled_lines(inputs: Inputs) -> Iterator[Observation]:
    """N06: two lines say the same under another code."""
    for first, line in repeated_lines(inputs):
        yield (
            line_name(line),
            f"is gelijk aan {first.line_id}: zelfde hoofdthema, blok, subthema en bedragen",
            f"Haal {line.line_id} weg als hij dubbel is, of geef hem een eigen subthema.",
        )
