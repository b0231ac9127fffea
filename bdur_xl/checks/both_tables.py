"""Checks that hold Tabel 1 against Tabel 2, line by line: C04 to C08, C17, C18, C27, C28, N05, N07."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import budget, nl, tables, terms
from bdur_xl.budget import Cube
from bdur_xl.checks.causes import requested_cost, scrambled
from bdur_xl.checks.check import (
    Observation,
    amount_in,
    capacity_name,
    letters,
    line_name,
    plan_lines_of,
    split_known,
)
from bdur_xl.model import CapacityLine, Inputs, PlanLine
from bdur_xl.terms import PERSONNEL, RESOURCES, Basis, Kind


class Pair(NamedTuple):
    """What the two tables say of one line of Tabel 1 in one year, in cents; None for nothing."""

    capacity: CapacityLine
    year: int
    requested: int | None
    planned: int | None

    @property
    def difference(self) -> int:
        """What Tabel 2 plans more than Tabel 1 requests."""
        return (self.planned or 0) - (self.requested or 0)


def _pairs(inputs: Inputs, block: str, kind: Kind, year: int) -> list[Pair]:
    """Return what both tables say; nothing for a year whose split is not known (C15)."""
    if not split_known(inputs, year):
        return []
    return [
        Pair(
            line,
            year,
            requested_cost(inputs, line, block, year, kind),
            amount_in(inputs, plan_lines_of(inputs, line), year, kind, block),
        )
        for line in inputs.capacity
    ]


def _stated_years(inputs: Inputs, block: str, kind: Kind, *units: str) -> list[int]:
    """Return the plan years for which Tabel 1 states figures of a block and kind."""
    columns = {column for line in inputs.capacity for column in line.figures}
    stated = {one.year for one in columns if one.block == block and one.kind is kind and one.unit in units}
    return sorted(stated & set(inputs.plan.years))


def _staff_differences(inputs: Inputs, years: Iterable[int]) -> Iterator[Observation]:
    if inputs.premises.norm_per_fte is None:
        return
    for year in years:
        pairs = [pair for pair in _pairs(inputs, PERSONNEL, Kind.STRUCTURAL, year) if pair.difference]
        swapped = _swapped(inputs, pairs, PERSONNEL, Kind.STRUCTURAL, year)
        for pair in pairs:
            remarks = f"{swapped[pair.capacity.line_id]}{_remarks(inputs, pair)}"
            lines = [one.line_id for one in plan_lines_of(inputs, pair.capacity) if one.block == PERSONNEL]
            yield _staff_difference(pair, lines, remarks, inputs.premises.norm_per_fte)


def _staff_difference(pair: Pair, lines: list[str], remarks: str, norm: int) -> Observation:
    line, year, requested, planned = pair
    fte = budget.requested_fte(line, year, Kind.STRUCTURAL)
    asked = "geen fte" if fte is None else f"{nl.fte(fte)} fte ({nl.euro(requested)} tegen de norm)"
    more = nl.fte(Fraction(abs(pair.difference) * 100, norm))
    return (
        f"{capacity_name(line)}, {year}",
        f"Tabel 1 vraagt {asked}, Tabel 2 raamt "
        f"{_stated(planned)}: verschil {nl.euro(pair.difference)} ({more} fte "
        f"{'meer' if pair.difference > 0 else 'minder'}){remarks}",
        f"Pas de fte of het bedrag van {nl.listing(lines or ['de regel'])} aan, of licht het verschil toe.",
    )


def _swapped(inputs: Inputs, pairs: list[Pair], block: str, kind: Kind, year: int) -> dict[str, str]:
    """Say per line of Tabel 1 what its amount may have been swapped with; "" where nothing tells.

    With its own amount of the other kind, with that of another line, or two of its digits.
    """
    other_kind = Kind.STRUCTURAL if kind is Kind.INCIDENTAL else Kind.INCIDENTAL
    others = _pairs(inputs, block, other_kind, year) if pairs else []
    own = {one.capacity.line_id: (one.planned, one.requested) for one in others}
    by_amounts = {(pair.planned, pair.requested): pair.capacity for pair in reversed(pairs)}
    told = {}
    for pair in pairs:
        line, mirrored = pair.capacity.line_id, (pair.requested, pair.planned)
        if own.get(line) == mirrored:
            told[line] = f"; {kind} en {other_kind} verwisseld?"
        elif mirrored in by_amounts:
            told[line] = f"; verwisseld met {capacity_name(by_amounts[mirrored])}?"
        else:
            told[line] = "; cijfers verwisseld?" if scrambled(pair.planned, pair.requested or 0) else ""
    return told


def _remarks(inputs: Inputs, pair: Pair) -> str:
    remarks = [line.remark for line in plan_lines_of(inputs, pair.capacity) if line.remark]
    return "" if remarks or pair.difference < 0 else "; de regel heeft geen opmerking die dit verklaart"


def staff_cost_by_norm(inputs: Inputs) -> Iterator[Observation]:
    """C04: Tabel 1 fte times the norm is the structural staff cost in Tabel 2.

    Where the norm or the split of a year is missing nothing can be compared: that is not "klopt".
    """
    years = _stated_years(inputs, PERSONNEL, Kind.STRUCTURAL, "fte")
    sheet = tables.INPUT_TABLES["premises"].sheet
    if years and inputs.premises.norm_per_fte is None:
        message = f"zonder normbedrag is de formatie van {nl.listing(map(str, years))} niet te controleren"
        yield f"blad {sheet}", message, "Vul het normbedrag fte in."
    for year in years:
        if not split_known(inputs, year):
            message = f"{year} is in Tabel 2 niet gesplitst, zodat de formatie niet te controleren is"
            remedy = (
                f"Splits {year} in incidenteel en structureel, of vul op het blad {sheet} ongesplitst als in."
            )
            yield f"blad {tables.INPUT_TABLES['plan'].sheet}, {year}", message, remedy
    yield from _staff_differences(inputs, years)


def later_staff_cost_by_norm(inputs: Inputs) -> Iterator[Observation]:
    """C05: after the years of Tabel 1 the staff cost stays what its fte cost."""
    stated = _stated_years(inputs, PERSONNEL, Kind.STRUCTURAL, "fte")
    return _staff_differences(inputs, (year for year in inputs.plan.years if stated and year > max(stated)))


def structural_resources(inputs: Inputs) -> Iterator[Observation]:
    """C06: structural resources are the same in both tables, in the years of Tabel 1 and after."""
    stated = _stated_years(inputs, RESOURCES, Kind.STRUCTURAL, "eur")
    for year in inputs.plan.years:
        if stated and year >= min(stated):
            yield from _differences(inputs, RESOURCES, Kind.STRUCTURAL, year)


def incidental_amounts(inputs: Inputs) -> Iterator[Observation]:
    """N07: incidental amounts are the same in both tables, in the years of Tabel 1."""
    for block in terms.BLOCKS:
        for year in _stated_years(inputs, block, Kind.INCIDENTAL, "eur"):
            yield from _differences(inputs, block, Kind.INCIDENTAL, year)


def _differences(inputs: Inputs, block: str, kind: Kind, year: int) -> Iterator[Observation]:
    pairs = [pair for pair in _pairs(inputs, block, kind, year) if pair.difference]
    together = sum(pair.difference for pair in pairs)
    swapped = _swapped(inputs, pairs, block, kind, year)
    for pair in pairs:
        lines = [line for line in plan_lines_of(inputs, pair.capacity) if line.block == block]
        named = nl.listing(map(line_name, lines)) if lines else capacity_name(pair.capacity)
        part = f" verklaart het hele verschil van blok {block}"
        if len(pairs) > 1:
            part = f"; van heel blok {block} is het verschil {nl.euro(together)}"
        yield (
            f"{named}, {block} {year}{f' {kind}' if kind is Kind.INCIDENTAL else ''}",
            f"{_stated(pair.planned)} in Tabel 2, {_stated(pair.requested)} in Tabel 1; verschil "
            f"{nl.euro(pair.difference)}{part}{swapped[pair.capacity.line_id]}",
            "Maak de tabellen gelijk, of licht het verschil toe.",
        )


def _stated(cents: int | None) -> str:
    return "niets" if cents is None else nl.euro(cents)


def external_hire_rate(inputs: Inputs) -> Iterator[Observation]:
    """C07: what external hire costs per fte differs from the norm, or between lines."""
    norm = inputs.premises.norm_per_fte
    if norm is None:
        return
    rates = [(line, year, euros, fte, Fraction(euros * 100, fte))
             for line, year, euros, fte in _hire_rates(inputs)]  # fmt: skip
    example = {rate: f"{line.line_id}: {nl.euro(rate, 0)}" for line, *_, rate in reversed(rates)}
    for line, year, euros, fte, rate in rates:
        if rate != norm:
            off = f"{nl.percentage(abs(Fraction(rate, norm) - 1))} {'boven' if rate > norm else 'onder'}"
            others = [shown for other, shown in example.items() if other != rate]
            unequal = f"; elders een ander tarief ({nl.listing(others)})" if others else ""
            yield (
                f"{capacity_name(line)}, {year}",
                f"inhuur van {nl.fte(fte)} fte voor {nl.euro(euros)} is {nl.euro(rate, 0)} per fte, "
                f"{off} het normbedrag van {nl.euro(norm)}{unequal}",
                "Reken inhuur met dit tarief, niet met het normbedrag.",
            )


def _hire_rates(inputs: Inputs) -> Iterator[tuple[CapacityLine, int, int, int]]:
    """Yield line, year, cents and hundredths of an fte where Tabel 1 states both of its hire."""
    for year in inputs.plan.years:
        for line in inputs.capacity:
            euros = budget.requested(line, PERSONNEL, "eur", year, Kind.INCIDENTAL)
            fte = budget.requested(line, PERSONNEL, "fte", year, Kind.INCIDENTAL)
            if euros and fte:
                yield line, year, euros, fte


def extent_of_hire(inputs: Inputs) -> Iterator[Observation]:
    """C08: a remark on external hire may be about the whole line or its incidental amount only."""
    hired = {line.line_id: _hired_in(inputs, line) for line in inputs.plan.lines if _is_hired(line)}
    doubtful = {line_id: year for line_id, year in hired.items() if year is not None}
    if not doubtful:
        return
    first = min(doubtful.values())
    years = [year for year in inputs.plan.years if year > first]
    told = _hire_throughout(inputs, list(doubtful), years[0]) if years else ""
    yield (
        f"Plan, opmerking bij {nl.listing(doubtful)}",
        f"geldt de inhuur voor de hele regel, of alleen voor het incidentele bedrag van {first}?{told}",
        "Schrijf de opmerking voluit, en splits de regel als een deel wordt ingehuurd.",
    )


def _is_hired(line: PlanLine) -> bool:
    return terms.EXTERNAL_HIRE in nl.fold(line.remark or "")


def _hired_in(inputs: Inputs, line: PlanLine) -> int | None:
    """Return the first year with an incidental amount, None when the line has not both kinds."""
    kinds = {kind: [column.year for column in line.amounts if inputs.plan.kind_of(column) is kind]
             for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL)}  # fmt: skip
    return min(kinds[Kind.INCIDENTAL]) if all(kinds.values()) else None


def _hire_throughout(inputs: Inputs, line_ids: list[str], year: int) -> str:
    """Return what a year costs more when the structural staff of the lines are hired too."""
    norm = inputs.premises.norm_per_fte
    rate = {line_id: Fraction(cost * 100, fte) for one, _, cost, fte in _hire_rates(inputs)
            for line_id in one.plan_lines}  # fmt: skip
    costs = budget.structural_staff_costs(inputs.plan, year)
    if norm is None or not all(line_id in rate for line_id in line_ids):
        return ""
    more = sum(costs.get(line_id, 0) * (Fraction(rate[line_id], norm) - 1) for line_id in line_ids)
    planned, grant = Cube(inputs.plan).total(year=year), budget.available(inputs.budget, year, Basis.ROUNDED)
    left = budget.room(grant, None if planned is None else planned + more)
    return (
        f" Als ook de structurele formatie van {year} wordt ingehuurd, kost dat {nl.euro(more, 0)} meer: "
        f"ruimte {nl.euro(left, 0)} ({Basis.ROUNDED})"
    )


# Departments, themes and names


def departments_differ(inputs: Inputs) -> Iterator[Observation]:
    """C17: a line has another department in Tabel 1 than in Tabel 2."""
    for line in inputs.capacity:
        planned = [one for one in plan_lines_of(inputs, line) if one.amounts]
        unlike = [one for one in planned if nl.fold(one.department or "") != nl.fold(line.department or "")]
        if unlike:
            shown = nl.listing(f"{one.department or 'leeg'} ({one.line_id})" for one in unlike)
            yield (
                capacity_name(line),
                f"afdeling is {line.department or 'leeg'} in Tabel 1 en {shown} in Tabel 2",
                "Kies één budgethouder en vul die in beide tabellen in.",
            )


def departments_within_plan(inputs: Inputs) -> Iterator[Observation]:
    """C18: staff and resources of one subject have different departments in Tabel 2."""
    for line in inputs.capacity:
        planned = [one for one in plan_lines_of(inputs, line) if one.amounts and one.department]
        departments = {nl.fold(one.department or "") for one in planned}
        if len(departments) > 1:
            several = "twee" if len(departments) == 2 else len(departments)
            shown = nl.listing(f"{one.block} bij {one.department} ({one.line_id})" for one in planned)
            yield (
                line_name(planned[0]),
                f"{shown}: één onderwerp met {several} afdelingen",
                "Kies één budgethouder, of bevestig de verdeling.",
            )


def _themes(inputs: Inputs) -> dict[str, str]:
    """Return per theme of Tabel 1 the theme that most of its lines have in Tabel 2."""
    seen: dict[str, Counter[str]] = {}
    for line in inputs.capacity:
        for planned in plan_lines_of(inputs, line):
            if line.theme and planned.theme:
                seen.setdefault(line.theme, Counter())[planned.theme] += 1
    return {theme: max(counted, key=counted.__getitem__) for theme, counted in seen.items()}


def line_under_other_theme(inputs: Inputs) -> Iterator[Observation]:
    """N05: a line of Tabel 2 stands under another theme than the lines it belongs with."""
    themes = _themes(inputs)
    for line in inputs.capacity:
        for planned in plan_lines_of(inputs, line):
            usual = themes.get(line.theme or "")
            if planned.theme and usual and planned.theme != usual:
                yield (
                    line_name(planned),
                    f"hoofdthema is {planned.theme}, maar {capacity_name(line)} valt in Tabel 1 onder "
                    f"{line.theme}, en dat is in Tabel 2 {usual}",
                    f"Zet het hoofdthema van {planned.line_id} terug op {usual}, of pas Tabel 1 aan.",
                )


def theme_names(inputs: Inputs) -> Iterator[Observation]:
    """C27: a theme has another name in Tabel 1 than in Tabel 2."""
    for theme, other in _themes(inputs).items():
        if letters(theme) != letters(other):
            only = [f"({part})" for part in _in_brackets(theme) if letters(part) not in letters(other)]
            told = f"; {nl.listing(only)} staat alleen in Tabel 1" if only else ""
            yield (
                f"Hoofdthema {other}",
                f"heet {theme} in Tabel 1 en {other} in Tabel 2{told}",
                "Noem het thema overal gelijk, of noem beide namen.",
            )


def _in_brackets(text: str) -> list[str]:
    return [part.partition(")")[0] for part in text.split("(")[1:]]


def line_names(inputs: Inputs) -> Iterator[Observation]:
    """C28: a line has more than one name over the two tables."""
    for line in inputs.capacity:
        names = [line.subject or "", *(one.subtheme or "" for one in plan_lines_of(inputs, line))]
        distinct = {letters(name): name for name in reversed(names) if name}
        if len(distinct) > 1:
            yield (
                nl.listing([line.line_id, *line.plan_lines]),
                f"heeft meer dan één naam: {nl.listing(reversed(distinct.values()))}",
                "Gebruik de regelcode; die is in beide tabellen dezelfde.",
            )
