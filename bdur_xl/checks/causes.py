"""Which lines cause a difference between totals.

A line is held against what else is known of it: what the other table says, and
what it costs in other years. Where one line is off by exactly the difference, it
is the cause. Where no line is, a finding says so: it never guesses.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from bdur_xl import budget, nl, tables
from bdur_xl.checks.check import capacity_name, letters, split_known
from bdur_xl.model import CapacityColumn, CapacityLine, ControlTotal, Inputs, YearColumn
from bdur_xl.plan_lines import Lines, total
from bdur_xl.terms import PERSONNEL, Kind

NOTHING_FOUND = "geen regel verklaart dit verschil alleen; is het gedrukte totaal overschreven?"

MOST_TOGETHER = 20
"""Of more lines than this that differ from Tabel 1, no two or three are looked for that explain a total."""

Figures = Sequence[int | None]
"""The figures of one line in the order of the columns."""

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
    lines = Lines(inputs.plan)
    for year in inputs.plan.years:
        if year not in held and total(lines.amounts(year)) == printed.total:
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
    lines = Lines(inputs.plan)
    figures, asked = lines.amounts(year, kind), _asked(inputs, lines, year, kind)
    by_tabel_1 = [
        Suspect(lines.name(at), figure, one, _IN_TABEL_1)
        for at, (figure, one) in enumerate(zip(figures, asked, strict=True))
        if one is not None and (figure or 0) - one == difference
    ]
    if by_tabel_1 or kind is Kind.INCIDENTAL:  # only what is structural repeats
        return by_tabel_1
    extra = lines.amounts(year, Kind.INCIDENTAL) if kind is None else [None] * len(lines)
    others = sorted((one for one in inputs.plan.years if one != year), key=lambda one: (abs(one - year), one))
    structural = {other: lines.amounts(other, Kind.STRUCTURAL) for other in others}
    found = (
        _suspect(lines.name, at, figure, difference, (
            (f"als in {other}", cost + (extra[at] or 0))
            for other, costs in structural.items() if (cost := costs[at]) is not None
        ))
        for at, (figure, one) in enumerate(zip(figures, asked, strict=True))
        if figure is None or figure != one
    )  # fmt: skip
    return [suspect for suspect in found if suspect]


_IN_TABEL_1 = f"in {tables.INPUT_TABLES['capacity'].sheet}"


def _suspect(
    name: Callable[[int], str],
    at: int,
    figure: int | None,
    difference: int,
    expected: Iterable[tuple[str, int]],
) -> Suspect | None:
    for by, one in expected:
        if (figure or 0) - one == difference:
            return Suspect(name(at), figure, one, by)
    return None


def _asked(inputs: Inputs, lines: Lines, year: int, kind: Kind | None) -> list[int | None]:
    """Return what Tabel 1 asks for each plan line in a year, in cents; None when it does not say."""
    of = {line_id: at for at, one in enumerate(inputs.capacity) for line_id in one.plan_lines}
    blocks = dict.fromkeys(lines.blocks)
    costs = {block: _asked_costs(inputs, block, year, kind) for block in blocks}
    places = map(of.get, lines.ids)
    return [None if at is None else costs[block][at] for at, block in zip(places, lines.blocks, strict=True)]


def _asked_costs(inputs: Inputs, block: str | None, year: int, kind: Kind | None) -> list[int | None]:
    """Return what each line of Tabel 1 asks for a block in a year, of one kind or of both, in cents."""
    kinds = (kind,) if kind else (Kind.INCIDENTAL, Kind.STRUCTURAL)
    costs = (requested_costs(inputs, inputs.capacity, block, year, one) for one in kinds)
    return list(map(total, zip(*costs, strict=True)))


def _together(inputs: Inputs, year: int, kind: Kind | None, difference: int) -> str:
    """Return the lines that differ from Tabel 1 by the difference together; "" unless only these can."""
    lines = Lines(inputs.plan)
    figures, asked = lines.amounts(year, kind), _asked(inputs, lines, year, kind)
    off = [
        Suspect(lines.name(at), figure, one, _IN_TABEL_1)
        for at, (figure, one) in enumerate(zip(figures, asked, strict=True))
        if one is not None and (figure or 0) != one
    ]
    sizes = (2, 3) if len(off) <= MOST_TOGETHER else ()
    groups = {tuple(off), *(group for size in sizes for group in combinations(off, size))}
    explaining = [
        group for group in groups if sum((one.figure or 0) - one.expected for one in group) == difference
    ]
    if len(explaining) != 1 or len(off) < 2:
        return ""
    (found,) = explaining
    return f"{'; en '.join(_suspicion(one, nl.euro) for one in found)}; dat is samen het hele verschil"


def requested_costs(
    inputs: Inputs, capacity: Sequence[CapacityLine], block: str | None, year: int, kind: Kind
) -> list[int | None]:
    """Return what lines of Tabel 1 ask in a year, in cents, their fte by the norm; None for nothing."""
    euros, fte = (budget.requested_by(capacity, block, unit, year, kind) for unit in ("eur", "fte"))
    norm = inputs.premises.norm_per_fte
    by_norm: dict[int | None, int] = {
        one: nl.round_half_up(Fraction(one * norm, 100))
        for one in set(fte)
        if one is not None and norm is not None
    }
    return [by_norm.get(one) if cost is None else cost for cost, one in zip(euros, fte, strict=True)]


def _capacity_suspects(inputs: Inputs, column: CapacityColumn, difference: int) -> list[Suspect]:
    by, planned = f"volgens {tables.INPUT_TABLES['plan'].sheet}", _planned_for(inputs, column)
    return [
        Suspect(capacity_name(line), figure, one, by)
        for line, one in zip(inputs.capacity, planned, strict=True)
        for figure in [line.figures.get(column)]
        if one is not None and (figure or 0) - one == difference
    ]


def _planned_for(inputs: Inputs, column: CapacityColumn) -> Sequence[int | None]:
    """Return what Tabel 2 says of a figure of each line of Tabel 1; None when it cannot tell."""
    norm, years = inputs.premises.norm_per_fte, (column.year - 1, column.year)
    structural = column.kind is Kind.STRUCTURAL and column.block == PERSONNEL
    in_euros = column.unit == "eur"
    if not all(split_known(inputs, year) for year in years) or not (in_euros or (norm and structural)):
        return [None] * len(inputs.capacity)
    lines = Lines(inputs.plan)
    before, now = (lines.amounts(year, column.kind, column.block) for year in years)
    planned = []
    for capacity in inputs.capacity:
        then, cents = (total([one[at] for at in lines.of(capacity)]) or 0 for one in (before, now))
        amount = cents - then if column.extra else cents
        planned.append(amount if in_euros or not norm else nl.round_half_up(Fraction(amount * 100, norm)))
    return planned


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


def repeated_lines(lines: Lines) -> list[tuple[int, int]]:
    """Return (first, repeat) of plan lines that say the same under another code."""
    told = {text: letters(text) for text in {*lines.themes, *lines.subthemes}}
    themes, subthemes = (map(told.__getitem__, one) for one in (lines.themes, lines.subthemes))
    first: dict[tuple[object, ...], int] = {}
    found = []
    said = zip(themes, lines.blocks, subthemes, lines.rows, lines.states(), strict=True)
    for at, (*words, amounts, states) in enumerate(said):
        if states and (same := first.setdefault((*words, amounts), at)) != at:
            found.append((same, at))
    return found


def _repeated(inputs: Inputs, year: int, kind: Kind | None) -> Iterator[tuple[str, str, int]]:
    lines = Lines(inputs.plan)
    figures = lines.amounts(year, kind)
    for first, at in repeated_lines(lines):
        yield lines.name(at), lines.ids[first], figures[at] or 0


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
    columns, lines, asked_by = inputs.plan.columns, Lines(inputs.plan), _asked_by(inputs)
    totals = [
        (one.total, [place for place, column in enumerate(columns) if _covers(one.column, column)])
        for one in inputs.control_totals
        if isinstance(one.column, YearColumn)
    ]

    def is_likely(at: int, back: Figures, wrong: int) -> bool:
        """Put back, the row is nearer to Tabel 1; where that does not tell, more totals than one are off."""
        capacity = asked_by.get(lines.ids[at])
        now, then = (
            _off_from_tabel_1(inputs, lines.blocks[at], row, capacity) for row in (lines.rows[at], back)
        )
        return then < now or (then == now and wrong > 1)

    return _slid(lines.name, lines.rows, totals, is_likely)


def _off_from_tabel_1(inputs: Inputs, block: str | None, row: Figures, capacity: CapacityLine | None) -> int:
    """Return in how many years and kinds a plan line costs other than Tabel 1 asks."""
    plan = inputs.plan
    costs: dict[tuple[int, Kind], int] = {}
    for column, cents in zip(plan.columns, row, strict=True):
        named = column.year, plan.kind_of(column)
        costs[named] = costs.get(named, 0) + (cents or 0)
    kinds = [(year, kind) for year in plan.years for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL)]
    return sum(
        asked is not None and asked != costs.get((year, kind), 0)
        for year, kind in kinds if capacity
        for (asked,) in [requested_costs(inputs, [capacity], block, year, kind)]
    )  # fmt: skip


def _covers(printed: YearColumn, column: YearColumn) -> bool:
    return printed.year == column.year and printed.kind in (Kind.UNSPLIT, column.kind)


def shifted_capacity_line(inputs: Inputs) -> str:
    """Return which line of Tabel 1 slid one column; "" if none did."""
    columns, capacity = inputs.capacity_columns, inputs.capacity
    rows = [[one.figures.get(column) for column in columns] for one in capacity]
    totals = [
        (one.total, [columns.index(one.column)])
        for one in inputs.control_totals
        if isinstance(one.column, CapacityColumn) and one.column in columns
    ]
    return _slid(lambda at: capacity_name(capacity[at]), rows, totals, lambda *_: True)


def _slid(
    name: Callable[[int], str],
    rows: Sequence[Figures],
    totals: Totals,
    is_likely: Callable[[int, Figures, int], bool],
) -> str:
    """Return which line slid one column: put back, every total holds but for what fell off the edge.

    `is_likely` judges (position, row put back, totals that are off) by what else is known of the line.
    """
    if not rows:
        return ""
    sums = [sum(figure or 0 for figure in column) for column in zip(*rows, strict=True)]
    before = [places for places, _ in _wrong(sums, totals)]
    if len({place for places in before for place in places}) < 2:
        return ""
    for at, row in enumerate(rows):
        for side, first, back, lost in (
            ("rechts", row[0], [*row[1:], None], len(row) - 1),
            ("links", row[-1], [None, *row[:-1]], 0),
        ):
            if first is not None:
                continue
            moved = [one - (is_ or 0) + (was or 0) for one, is_, was in zip(sums, row, back, strict=True)]
            after = _wrong(moved, totals)
            mended = any(places not in [still for still, _ in after] for places in before)
            fell_off = all(lost in places and missing > 0 for places, missing in after)
            if mended and fell_off and is_likely(at, back, len(before)):
                return f"de rij van {name(at)} lijkt een kolom naar {side} verschoven"
    return ""


def _wrong(sums: Sequence[int], totals: Totals) -> list[tuple[list[int], int]]:
    """Return the columns that each printed total covers which does not hold, and what is missing there."""
    off = ((places, total - sum(sums[one] for one in places)) for total, places in totals)
    return [(places, missing) for places, missing in off if missing]
