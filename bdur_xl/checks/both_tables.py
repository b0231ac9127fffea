"""Checks that hold Tabel 1 against Tabel 2, line by line: C04 to C08, C17, C18, C27, C28, N05, N07."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from bdur_xl import budget, nl, tables, terms
from bdur_xl.budget import Cube
from bdur_xl.checks.causes import requested_costs, scrambled
from bdur_xl.checks.check import Observation, capacity_name, letters, split_known
from bdur_xl.model import CapacityLine, Inputs
from bdur_xl.plan_lines import Lines, total
from bdur_xl.terms import PERSONNEL, RESOURCES, Basis, Kind

_MOST_RATES = 3
"""Other rates that a finding names; each line has a finding of its own."""


class Pair(NamedTuple):
    """What the two tables say of one line of Tabel 1 in one year, in cents; None for nothing."""

    at: int
    """Position of the line in Tabel 1."""
    capacity: CapacityLine
    lines: list[int]
    """Positions of the plan lines it asks money for."""
    year: int
    requested: int | None
    planned: int | None

    @property
    def difference(self) -> int:
        """What Tabel 2 plans more than Tabel 1 requests."""
        return (self.planned or 0) - (self.requested or 0)


class Both:
    """The lines of Tabel 1, each beside its plan lines."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.lines = Lines(inputs.plan)
        self.plan_lines = [self.lines.of(capacity) for capacity in inputs.capacity]

    def __iter__(self) -> Iterator[tuple[CapacityLine, list[int]]]:
        return zip(self.inputs.capacity, self.plan_lines, strict=True)

    def said(self, block: str, kind: Kind, year: int) -> Iterable[tuple[int | None, int | None]]:
        """Yield what Tabel 1 requests and Tabel 2 plans of each line, in cents."""
        planned = self.lines.amounts(year, kind, block)
        asked = requested_costs(self.inputs, self.inputs.capacity, block, year, kind)
        return zip(asked, (total([planned[at] for at in lines]) for lines in self.plan_lines), strict=True)

    def differing(self, block: str, kind: Kind, year: int) -> list[Pair]:
        """Return the lines of which both do not say the same; none of a year with an unknown split (C15)."""
        if not split_known(self.inputs, year):
            return []
        return [
            Pair(at, self.inputs.capacity[at], self.plan_lines[at], year, requested, planned)
            for at, (requested, planned) in enumerate(self.said(block, kind, year))
            if (requested or 0) != (planned or 0)
        ]


def _stated_years(inputs: Inputs, block: str, kind: Kind, *units: str) -> list[int]:
    """Return the plan years for which Tabel 1 states figures of a block and kind."""
    columns = {column for line in inputs.capacity for column in line.figures}
    stated = {one.year for one in columns if one.block == block and one.kind is kind and one.unit in units}
    return sorted(stated & set(inputs.plan.years))


def _staff_differences(inputs: Inputs, years: Iterable[int]) -> Iterator[Observation]:
    norm = inputs.premises.norm_per_fte
    if norm is None:
        return
    both = Both(inputs)
    for year in years:
        pairs = both.differing(PERSONNEL, Kind.STRUCTURAL, year)
        swapped = _swapped(both, pairs, PERSONNEL, Kind.STRUCTURAL, year)
        for pair in pairs:
            remarks = f"{swapped[pair.capacity.line_id]}{_remarks(both.lines, pair)}"
            lines = [both.lines.ids[at] for at in pair.lines if both.lines.blocks[at] == PERSONNEL]
            yield _staff_difference(pair, lines, remarks, norm)


def _staff_difference(pair: Pair, lines: list[str], remarks: str, norm: int) -> Observation:
    fte = budget.requested_fte(pair.capacity, pair.year, Kind.STRUCTURAL)
    asked = "geen fte" if fte is None else f"{nl.fte(fte)} fte ({nl.euro(pair.requested)} tegen de norm)"
    more = nl.fte(Fraction(abs(pair.difference) * 100, norm))
    return (
        f"{capacity_name(pair.capacity)}, {pair.year}",
        f"Tabel 1 vraagt {asked}, Tabel 2 raamt "
        f"{_stated(pair.planned)}: verschil {nl.euro(pair.difference)} ({more} fte "
        f"{'meer' if pair.difference > 0 else 'minder'}){remarks}",
        f"Pas de fte of het bedrag van {nl.listing(lines or ['de regel'])} aan, of licht het verschil toe.",
    )


def _swapped(both: Both, pairs: list[Pair], block: str, kind: Kind, year: int) -> dict[str, str]:
    """Say per line of Tabel 1 what its amount may have been swapped with; "" where nothing tells.

    With its own amount of the other kind, with that of another line, or two of its digits.
    """
    other_kind = Kind.STRUCTURAL if kind is Kind.INCIDENTAL else Kind.INCIDENTAL
    others = list(both.said(block, other_kind, year)) if pairs else []
    by_amounts = {(pair.planned, pair.requested): pair.capacity for pair in reversed(pairs)}
    told = {}
    for pair in pairs:
        line, mirrored = pair.capacity.line_id, (pair.requested, pair.planned)
        if others[pair.at] == (pair.planned, pair.requested):
            told[line] = f"; {kind} en {other_kind} verwisseld?"
        elif mirrored in by_amounts:
            told[line] = f"; verwisseld met {capacity_name(by_amounts[mirrored])}?"
        else:
            told[line] = "; cijfers verwisseld?" if scrambled(pair.planned, pair.requested or 0) else ""
    return told


def _remarks(lines: Lines, pair: Pair) -> str:
    told = pair.difference < 0 or any(lines.remarks[at] for at in pair.lines)
    return "" if told else "; de regel heeft geen opmerking die dit verklaart"


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
    both = Both(inputs)
    for year in inputs.plan.years:
        if stated and year >= min(stated):
            yield from _differences(both, RESOURCES, Kind.STRUCTURAL, year)


def incidental_amounts(inputs: Inputs) -> Iterator[Observation]:
    """N07: incidental amounts are the same in both tables, in the years of Tabel 1."""
    both = Both(inputs)
    for block in terms.BLOCKS:
        for year in _stated_years(inputs, block, Kind.INCIDENTAL, "eur"):
            yield from _differences(both, block, Kind.INCIDENTAL, year)


def _differences(both: Both, block: str, kind: Kind, year: int) -> Iterator[Observation]:
    pairs = both.differing(block, kind, year)
    swapped = _swapped(both, pairs, block, kind, year)
    lines, blocks = both.lines, both.lines.blocks
    part = f" verklaart het hele verschil van blok {block}"
    if len(pairs) > 1:
        together = nl.euro(sum(pair.difference for pair in pairs))
        part = f"; van heel blok {block} is het verschil {together}"
    subject = f"{block} {year}{f' {kind}' if kind is Kind.INCIDENTAL else ''}"
    for pair in pairs:
        named = [lines.name(at) for at in pair.lines if blocks[at] == block]
        yield (
            f"{nl.listing(named or [capacity_name(pair.capacity)])}, {subject}",
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
    hired = list(_hire_rates(inputs))
    rates = {(euros, fte): Fraction(euros * 100, fte) for _, _, euros, fte in hired}
    first: dict[Fraction, CapacityLine] = {}
    for line, _, euros, fte in hired:
        first.setdefault(rates[euros, fte], line)
    example = {rate: f"{line.line_id}: {nl.euro(rate, 0)}" for rate, line in first.items()}
    for line, year, euros, fte in hired:
        rate = rates[euros, fte]
        if rate != norm:
            off = f"{nl.percentage(abs(Fraction(rate, norm) - 1))} {'boven' if rate > norm else 'onder'}"
            others = list(islice((shown for other, shown in example.items() if other != rate), _MOST_RATES))
            if (rest := len(example) - 1 - len(others)) > 0:
                others.append(f"nog {nl.plural(rest, 'tarief', 'tarieven')}")
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
        stated = (
            budget.requested_by(inputs.capacity, PERSONNEL, unit, year, Kind.INCIDENTAL)
            for unit in ("eur", "fte")
        )
        for line, euros, fte in zip(inputs.capacity, *stated, strict=True):
            if euros and fte:
                yield line, year, euros, fte


def extent_of_hire(inputs: Inputs) -> Iterator[Observation]:
    """C08: a remark on external hire may be about the whole line or its incidental amount only."""
    doubtful = _doubtful_hire(inputs)
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


def _doubtful_hire(inputs: Inputs) -> dict[str, int]:
    """Return per hired line with amounts of both kinds the first year with an incidental one."""
    plan, lines = inputs.plan, Lines(inputs.plan)
    hired = {remark: terms.EXTERNAL_HIRE in nl.fold(remark or "") for remark in dict.fromkeys(lines.remarks)}
    found: dict[str, int] = {}
    for at in [at for at, remark in enumerate(lines.remarks) if hired[remark]]:
        stated = [one for one, cents in zip(plan.columns, lines.rows[at], strict=True) if cents is not None]
        years = [one.year for one in stated if plan.kind_of(one) is Kind.INCIDENTAL]
        if years and any(plan.kind_of(one) is Kind.STRUCTURAL for one in stated):
            found[lines.ids[at]] = min(years)
    return found


def _hire_throughout(inputs: Inputs, line_ids: list[str], year: int) -> str:
    """Return what a year costs more when the structural staff of the lines are hired too."""
    norm = inputs.premises.norm_per_fte
    rate = {line_id: Fraction(cost * 100, fte) for one, _, cost, fte in _hire_rates(inputs)
            for line_id in one.plan_lines}  # fmt: skip
    costs = budget.structural_staff_costs(inputs.plan, year, line_ids)
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
    both = Both(inputs)
    lines, stated = both.lines, both.lines.states()
    folded = [nl.fold(one or "") for one in lines.departments]
    for line, planned in both:
        own = nl.fold(line.department or "")
        unlike = [at for at in planned if folded[at] != own and stated[at]]
        if unlike:
            shown = nl.listing(f"{lines.departments[at] or 'leeg'} ({lines.ids[at]})" for at in unlike)
            yield (
                capacity_name(line),
                f"afdeling is {line.department or 'leeg'} in Tabel 1 en {shown} in Tabel 2",
                "Kies één budgethouder en vul die in beide tabellen in.",
            )


def departments_within_plan(inputs: Inputs) -> Iterator[Observation]:
    """C18: staff and resources of one subject have different departments in Tabel 2."""
    both = Both(inputs)
    lines, stated = both.lines, both.lines.states()
    for _, plan_lines in both:
        planned = [at for at in plan_lines if stated[at] and lines.departments[at]]
        departments = {nl.fold(lines.departments[at] or "") for at in planned}
        if len(departments) > 1:
            several = "twee" if len(departments) == 2 else len(departments)
            shown = nl.listing(
                f"{lines.blocks[at]} bij {lines.departments[at]} ({lines.ids[at]})" for at in planned
            )
            yield (
                lines.name(planned[0]),
                f"{shown}: één onderwerp met {several} afdelingen",
                "Kies één budgethouder, of bevestig de verdeling.",
            )


def _themes(both: Both) -> dict[str, str]:
    """Return per theme of Tabel 1 the theme that most of its lines have in Tabel 2."""
    themes = both.lines.themes
    seen: dict[str, Counter[str]] = {}
    for line, planned in both:
        for theme in [themes[at] for at in planned] if line.theme else ():
            if line.theme and theme:
                seen.setdefault(line.theme, Counter())[theme] += 1
    return {theme: max(counted, key=counted.__getitem__) for theme, counted in seen.items()}


def line_under_other_theme(inputs: Inputs) -> Iterator[Observation]:
    """N05: a line of Tabel 2 stands under another theme than the lines it belongs with."""
    both = Both(inputs)
    themes, lines = _themes(both), both.lines
    for line, planned in both:
        usual = themes.get(line.theme or "")
        for at in planned if usual else ():
            if lines.themes[at] and lines.themes[at] != usual:
                yield (
                    lines.name(at),
                    f"hoofdthema is {lines.themes[at]}, maar {capacity_name(line)} valt in Tabel 1 onder "
                    f"{line.theme}, en dat is in Tabel 2 {usual}",
                    f"Zet het hoofdthema van {lines.ids[at]} terug op {usual}, of pas Tabel 1 aan.",
                )


def theme_names(inputs: Inputs) -> Iterator[Observation]:
    """C27: a theme has another name in Tabel 1 than in Tabel 2."""
    for theme, other in _themes(Both(inputs)).items():
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
    both = Both(inputs)
    subthemes = both.lines.subthemes
    for line, planned in both:
        names = [line.subject, *(subthemes[at] for at in planned)]
        distinct = {letters(name): name for name in reversed(names) if name} if len(set(names)) > 1 else {}
        if len(distinct) > 1:
            yield (
                nl.listing([line.line_id, *line.plan_lines]),
                f"heeft meer dan één naam: {nl.listing(reversed(distinct.values()))}",
                "Gebruik de regelcode; die is in beide tabellen dezelfde.",
            )
