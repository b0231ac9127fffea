"""Checks of the printed totals: C01, C02, C03. A difference is reduced to the lines that cause it."""

from collections.abc import Callable, Iterator

from bdur_xl import nl, tables
from bdur_xl.budget import Cube
from bdur_xl.checks.causes import capacity_cause, plan_cause, renamed_column, shifted_capacity_line
from bdur_xl.checks.check import Observation, sheet_of
from bdur_xl.model import CapacityColumn, ControlTotal, Inputs, YearColumn
from bdur_xl.terms import Kind


def plan_totals(inputs: Inputs) -> Iterator[Observation]:
    """C01: the lines of Tabel 2 add up to the totals printed under it."""
    cube = Cube(inputs.plan)
    for printed in inputs.control_totals:
        if isinstance(printed.column, YearColumn):
            year, kind = printed.column
            column = tables.year_heading(printed.column)
            total = cube.total(year=year, kind=None if kind is Kind.UNSPLIT else kind)
            if total is None:
                yield _without_figure(printed, column, nl.euro, renamed_column(inputs, printed))
            elif total != printed.total:
                yield _difference(printed, column, total, nl.euro, plan_cause(inputs, printed, total))


def capacity_totals(inputs: Inputs) -> Iterator[Observation]:
    """C03: the lines of Tabel 1 add up to the totals printed under it."""
    for printed in inputs.control_totals:
        if isinstance(printed.column, CapacityColumn):
            column = printed.column
            figures = [line.figures[column] for line in inputs.capacity if column in line.figures]
            shown = nl.euro if column.unit == "eur" else nl.fte
            if not figures:
                yield _without_figure(printed, column.label, shown, shifted_capacity_line(inputs))
            elif sum(figures) != printed.total:
                cause = capacity_cause(inputs, printed, sum(figures), shown)
                yield _difference(printed, column.label, sum(figures), shown, cause)


def _without_figure(
    printed: ControlTotal, column: str, shown: Callable[[int], str], cause: str = ""
) -> Observation:
    message = f"het gedrukte totaal is {shown(printed.total)}, maar geen regel heeft hier een bedrag"
    remedy = "Vul de regels aan, of haal het controletotaal weg."
    return f"{printed.table}, {column}", f"{message}{cause and '; '}{cause}", remedy


def _difference(
    printed: ControlTotal, column: str, total: int, shown: Callable[[int], str], cause: str
) -> Observation:
    message = (
        f"de regels tellen op tot {shown(total)}, gedrukt staat {shown(printed.total)}: "
        f"verschil {shown(total - printed.total)}; {cause}"
    )
    remedy = f"Herstel de regel, of pas het gedrukte totaal aan ({sheet_of('control_totals')})."
    return f"{printed.table}, {column}", message, remedy


def total_of_both_kinds(inputs: Inputs) -> Iterator[Observation]:
    """C02: a printed total of a year is of both kinds together, though it stands under one of them."""
    cube = Cube(inputs.plan)
    for printed in inputs.control_totals:
        if isinstance(printed.column, YearColumn) and printed.column.kind is Kind.UNSPLIT:
            year = printed.column.year
            parts = {kind: cube.total(year=year, kind=kind) for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL)}
            if all(parts.values()) and cube.total(year=year) == printed.total:  # else C01 tells
                shown = nl.listing(f"{nl.euro(cents)} {kind}" for kind, cents in parts.items())
                yield (
                    f"{printed.table}, {year}",
                    f"het gedrukte totaal van {nl.euro(printed.total)} is {shown} samen: onder de kop van "
                    "één van beide leest het verkeerd",
                    "Noem bij het totaal dat het incidenteel en structureel samen is.",
                )
