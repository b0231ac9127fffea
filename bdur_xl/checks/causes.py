"""Which lines cause a difference between totals.

A line is held against what else is known of it: what the other table says, and
what it costs in other years. Where one line is off by exactly the difference, it
is the cause. Where no line is, a finding says so: it never guesses.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from bdur_xl import budget, nl, tables
from bdur_xl.checks.check import amount_in, capacity_name, letters, line_name, plan_lines_of, split_known
from bdur_xl.model import CapacityColumn, CapacityLine, ControlTotal, Inputs, PlanLine, YearColumn
from bdur_xl.terms import PERSONNEL, Kind

NOTHING_FOUND = "geen regel verklaart dit verschil alleen; is het gedrukte totaal overschreven?"

MOST_TOGETHER = 20
"""Of more lines than this that differ from Tabel 1, no two or three are looked for that explain a total."""

Figures = Sequence[int | None]
"""The figures of one line in the order of the columns."""

Rows = Mapping[str, Figures]
"""Per line its figures in the order of the columns."""

Totals = Sequence[tuple[int, list[int]]]
"""Printed totals, each with the places of the columns that it covers."""


class Suspect(NamedTuple):
    """A line that is off by the difference, and by what it is held against."""

    name: str
    figure: int | None
    expected: int
    by: str


def plan_cause(inputs: Inputs, printed: ControlTotal, total: int) -> str:
    """Return why the lines of Tabel 2 do not add up to a printed total."""
    assert isinstance(printed.column, YearColumn)
    year, named = printed.column
    kind = None if named is Kind.UNSPLIT else named
    difference = total - printed.total
    return (
        _doubled(_repeated(inputs, year, kind), difference)
        or _shifted_plan_line(inputs)
        or _told(_plan_suspects(inputs, year, kind, difference), nl.euro)
        or _together(inputs, year, kind, difference)
        or _mistyped_total(printed.total, total, nl.euro)
        or NOTHING_FOUND
    )


def capacity_cause(inputs: Inputs, printed: ControlTotal, total: int, shown: Callable[[int], str]) -> str:
    """Return why the lines of Tabel 1 do not add up to a printed total."""
    assert isinstance(printed.column, CapacityColumn)
    difference = total - printed.total
    return (
        _doubled(_repeated_capacity(inputs, printed.column), difference)
        or shifted_capacity_line(inputs)
        or _told(_capacity_suspects(inputs, printed.column, difference), shown)
        or _mistyped_total(printed.total, total, shown)
        or NOTHING_FOUND
    )


def renamed_column(inputs: Inputs, printed: ControlTotal) -> str:
    """Return which column without a printed total adds up to one that has no column; "" if none does."""
    held = {(one.column.year) for one in inputs.control_totals if isinstance(one.column, YearColumn)}
    for year in inputs.plan.years:
        if year not in held and amount_in(inputs, inputs.plan.lines, year) == printed.total:
            return f"kolom {year} telt wel op tot dat bedrag: is de kop gewijzigd?"
    return ""


def scrambled(one: int | None, other: int) -> bool:
    """Tell whether two figures have the same digits in another order: 120.000 and 210.000."""
    return one is not None and one != other and sorted(str(abs(one))) == sorted(str(abs(other)))


# Lines against what else is known of them


def _asked_by(inputs: Inputs) -> dict[str, CapacityLine]:
    """Return per plan line the line of Tabel 1 that asks its money."""
    return {line_id: capacity for capacity in inputs.capacity for line_id in capacity.plan_lines}


def _plan_suspects(inputs: Inputs, year: int, kind: Kind | None, difference: int) -> list[Suspect]:
    """Return the lines that are off by the difference: by Tabel 1, or else by their other years."""
    asked_by, by_tabel_1, by_years = _asked_by(inputs), [], []
    for line in inputs.plan.lines:
        name, figure = line_name(line), amount_in(inputs, [line], year, kind)
        asked = _asked_in(inputs, line, asked_by.get(line.line_id), year, kind)
        if asked is not None and (figure or 0) - asked == difference:
            by_tabel_1.append(Suspect(name, figure, asked, _IN_TABEL_1))
        elif figure is None or figure != asked:
            other = _suspect(name, figure, difference, _expected_of(inputs, line, year, kind))
            by_years += [other] if other else []
    return by_tabel_1 or by_years


_IN_TABEL_1 = f"in {tables.INPUT_TABLES['capacity'].sheet}"


def _suspect(
    name: str, figure: int | None, difference: int, expected: Iterator[tuple[str, int]]
) -> Suspect | None:
    for by, one in expected:
        if (figure or 0) - one == difference:
            return Suspect(name, figure, one, by)
    return None


def _asked_in(
    inputs: Inputs, line: PlanLine, capacity: CapacityLine | None, year: int, kind: Kind | None
) -> int | None:
    """Return what Tabel 1 asks for a plan line in a year, in cents; None when it does not say."""
    if capacity is None:
        return None
    kinds = (kind,) if kind else (Kind.INCIDENTAL, Kind.STRUCTURAL)
    asked = [requested_cost(inputs, capacity, line.block, year, one) for one in kinds]
    stated = [cost for cost in asked if cost is not None]
    return sum(stated) if stated else None


def _expected_of(inputs: Inputs, line: PlanLine, year: int, kind: Kind | None) -> Iterator[tuple[str, int]]:
    """Yield what a plan line costs in the nearest other years: only what is structural repeats."""
    if kind is Kind.INCIDENTAL:
        return
    others = [one for one in inputs.plan.years if one != year]
    for other in sorted(others, key=lambda one: (abs(one - year), one)):
        cost = amount_in(inputs, [line], other, Kind.STRUCTURAL)
        if cost is not None:
            extra = amount_in(inputs, [line], year, Kind.INCIDENTAL) if kind is None else None
            yield f"als in {other}", cost + (extra or 0)


def _together(inputs: Inputs, year: int, kind: Kind | None, difference: int) -> str:
    """Return the lines that differ from Tabel 1 by the difference together; "" unless only these can."""
    asked_by, off = _asked_by(inputs), []
    for line in inputs.plan.lines:
        asked = _asked_in(inputs, line, asked_by.get(line.line_id), year, kind)
        figure = amount_in(inputs, [line], year, kind)
        if asked is not None and (figure or 0) != asked:
            off.append(Suspect(line_name(line), figure, asked, _IN_TABEL_1))
    sizes = (2, 3) if len(off) <= MOST_TOGETHER else ()
    groups = {tuple(off), *(group for size in sizes for group in combinations(off, size))}
    explaining = [
        group for group in groups if sum((one.figure or 0) - one.expected for one in group) == difference
    ]
    if len(explaining) != 1 or len(off) < 2:
        return ""
    (found,) = explaining
    return f"{'; en '.join(_suspicion(one, nl.euro) for one in found)}; dat is samen het hele verschil"


def requested_cost(inputs: Inputs, capacity: CapacityLine, block: str, year: int, kind: Kind) -> int | None:
    """Return what a line of Tabel 1 asks in a year, in cents, its fte by the norm; None when nothing."""
    euros = budget.requested(capacity, block, "eur", year, kind)
    fte = budget.requested(capacity, block, "fte", year, kind) if euros is None else None
    norm = inputs.premises.norm_per_fte
    return euros if fte is None or norm is None else nl.round_half_up(Fraction(fte * norm, 100))


def _capacity_suspects(inputs: Inputs, column: CapacityColumn, difference: int) -> list[Suspect]:
    found = (
        _suspect(capacity_name(line), line.figures.get(column), difference,
                 iter([(f"volgens {tables.INPUT_TABLES['plan'].sheet}", planned)]))
        for line in inputs.capacity
        if (planned := _planned_for(inputs, line, column)) is not None
    )  # fmt: skip
    return [suspect for suspect in found if suspect]


def _planned_for(inputs: Inputs, line: CapacityLine, column: CapacityColumn) -> int | None:
    """Return what Tabel 2 says of a figure of Tabel 1; None when it cannot tell."""
    years = (column.year - 1, column.year)
    if not all(split_known(inputs, year) for year in years):
        return None
    lines = plan_lines_of(inputs, line)
    before, now = (amount_in(inputs, lines, year, column.kind, column.block) or 0 for year in years)
    amount = now - before if column.extra else now
    norm = inputs.premises.norm_per_fte
    if column.unit == "eur":
        return amount
    structural = column.kind is Kind.STRUCTURAL and column.block == PERSONNEL
    return nl.round_half_up(Fraction(amount * 100, norm)) if norm and structural else None


def _told(suspects: list[Suspect], shown: Callable[[int], str]) -> str:
    if not suspects:
        return ""
    told = [_suspicion(one, shown) for one in suspects]
    whole = "dat is het hele verschil" if len(told) == 1 else "elk van deze kan het hele verschil zijn"
    return f"{'; of '.join(told)}; {whole}"


def _suspicion(suspect: Suspect, shown: Callable[[int], str]) -> str:
    figure = "leeg" if suspect.figure is None else shown(suspect.figure)
    mixed = ", de cijfers lijken verwisseld" if scrambled(suspect.figure, suspect.expected) else ""
    return f"{suspect.name} is {figure}, {suspect.by} {shown(suspect.expected)}{mixed}"


def _mistyped_total(printed: int, total: int, shown: Callable[[int], str]) -> str:
    if not scrambled(printed, total):
        return ""
    return f"in het gedrukte totaal lijken cijfers verwisseld: {shown(printed)} in plaats van {shown(total)}"


# Lines that stand there twice


def repeated_lines(inputs: Inputs) -> list[tuple[PlanLine, PlanLine]]:
    """Return (first, repeat) of plan lines that say the same under another code."""
    first: dict[tuple[object, ...], PlanLine] = {}
    found = []
    for line in inputs.plan.lines:
        amounts = frozenset(line.amounts.items())
        said = (letters(line.theme), line.block, letters(line.subtheme), amounts)
        if amounts and first.setdefault(said, line) is not line:
            found.append((first[said], line))
    return found


def _repeated(inputs: Inputs, year: int, kind: Kind | None) -> Iterator[tuple[str, str, int]]:
    for first, line in repeated_lines(inputs):
        yield line_name(line), first.line_id, amount_in(inputs, [line], year, kind) or 0


def _repeated_capacity(inputs: Inputs, column: CapacityColumn) -> Iterator[tuple[str, str, int]]:
    first: dict[tuple[object, ...], CapacityLine] = {}
    for line in inputs.capacity:
        said = (letters(line.theme), letters(line.subject), frozenset(line.figures.items()))
        if first.setdefault(said, line) is not line:
            yield capacity_name(line), first[said].line_id, line.figures.get(column, 0)


def _doubled(repeats: Iterator[tuple[str, str, int]], difference: int) -> str:
    found = list(repeats)
    if not found or sum(figure for *_, figure in found) != difference:
        return ""
    told = nl.listing(f"{name} staat er twee keer (ook als {first})" for name, first, _ in found)
    return f"{told}; dat is het hele verschil"


# A row that slid one column


def _shifted_plan_line(inputs: Inputs) -> str:
    columns, asked_by = inputs.plan.columns, _asked_by(inputs)
    lines = {line_name(line): line for line in inputs.plan.lines}
    rows = {name: [line.amounts.get(one) for one in columns] for name, line in lines.items()}
    totals = [
        (one.total, [place for place, column in enumerate(columns) if _covers(one.column, column)])
        for one in inputs.control_totals
        if isinstance(one.column, YearColumn)
    ]

    def is_likely(name: str, back: Figures, wrong: int) -> bool:
        """Put back, the row is nearer to Tabel 1; where that does not tell, more totals than one are off."""
        line = lines[name]
        amounts = {column: cents for column, cents in zip(columns, back, strict=True) if cents is not None}
        now, then = (
            _off_from_tabel_1(inputs, one, asked_by.get(one.line_id))
            for one in (line, line._replace(amounts=amounts))
        )
        return then < now or (then == now and wrong > 1)

    return _slid(rows, totals, is_likely)


def _off_from_tabel_1(inputs: Inputs, line: PlanLine, capacity: CapacityLine | None) -> int:
    """Return in how many years and kinds a plan line costs other than Tabel 1 asks."""
    kinds = [(year, kind) for year in inputs.plan.years for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL)]
    return sum(
        asked is not None and asked != (amount_in(inputs, [line], year, kind) or 0)
        for year, kind in kinds
        for asked in [_asked_in(inputs, line, capacity, year, kind)]
    )


def _covers(printed: YearColumn, column: YearColumn) -> bool:
    return printed.year == column.year and printed.kind in (Kind.UNSPLIT, column.kind)


def shifted_capacity_line(inputs: Inputs) -> str:
    """Return which line of Tabel 1 slid one column; "" if none did."""
    columns = inputs.capacity_columns
    rows = {capacity_name(one): [one.figures.get(column) for column in columns] for one in inputs.capacity}
    totals = [
        (one.total, [columns.index(one.column)])
        for one in inputs.control_totals
        if isinstance(one.column, CapacityColumn) and one.column in columns
    ]
    return _slid(rows, totals, lambda *_: True)


def _slid(rows: Rows, totals: Totals, is_likely: Callable[[str, Figures, int], bool]) -> str:
    """Return which line slid one column: put back, every total holds but for what fell off the edge.

    `is_likely` judges (name, row put back, totals that are off) by what else is known of the line.
    """
    sums = [sum(figure or 0 for figure in column) for column in zip(*rows.values(), strict=True)]
    before = [places for places, _ in _wrong(sums, totals)]
    if len({place for places in before for place in places}) < 2:
        return ""
    for name, row in rows.items():
        for side, first, back, lost in (
            ("rechts", row[0], [*row[1:], None], len(row) - 1),
            ("links", row[-1], [None, *row[:-1]], 0),
        ):
            moved = [one - (is_ or 0) + (was or 0) for one, is_, was in zip(sums, row, back, strict=True)]
            after = _wrong(moved, totals)
            mended = any(places not in [still for still, _ in after] for places in before)
            fell_off = all(lost in places and missing > 0 for places, missing in after)
            if first is None and mended and fell_off and is_likely(name, back, len(before)):
                return f"de rij van {name} lijkt een kolom naar {side} verschoven"
    return ""


def _wrong(sums: Sequence[int], totals: Totals) -> list[tuple[list[int], int]]:
    """Return the columns that each printed total covers which does not hold, and what is missing there."""
    off = ((places, total - sum(sums[one] for one in places)) for total, places in totals)
    return [(places, missing) for places, missing in off if missing]
