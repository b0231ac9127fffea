"""Tabel 2 read by whole columns: the fast way, for a plan in which every cell is beyond doubt.

`read` gives None as soon as something asks to be said of a cell (a fault, a signal) or a cell
is of an unusual kind; `parse` then reads the rows one by one and says it. Both ways give equal
plans. Here the lines themselves are made only when someone asks for them: most figures need
no more than the sums of groups of lines.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import compress, product, repeat
from math import hypot, sqrt
from operator import eq, is_not, mul, ne, truediv
from typing import NamedTuple, cast, overload

from bdur_xl import cells, nl, terms
from bdur_xl.columns import PLAIN, Column, Index, blanks_out, columns_of, filled, is_plain, may_hold_total
from bdur_xl.kept import MOST, Latest, kept, latest
from bdur_xl.model import Plan, PlanLine, YearColumn
from bdur_xl.tables import FigureColumn, RawTable
from bdur_xl.terms import OPPOSITE, Kind

Spelling = Mapping[object, str | None]
Key = tuple[str, str, str, frozenset[str]]
"""Block, theme, department and goals that lines share."""

_NEEDED = frozenset({"regel_id", "hoofdthema", "blok", "subthema", "afdeling_sector"})

_IS_STATED = partial(is_not, None)

GOAL = "goal"
"""The dimension along which lines may have more names than one."""

_DIMENSIONS = ("block", "theme", "department", GOAL)

NO_GOALS = frozenset[str]()
"""What a line serves that no focus area names."""


class Amounts(NamedTuple):
    """One year column: whole numbers of `unit` cents, None for *geen raming*."""

    column: YearColumn
    whole: Sequence[float | None]
    unit: int
    stated: bytes
    """1 for each line that states an amount, 0 for *geen raming*."""

    def cents(self) -> Iterator[int | None]:
        """Yield the amount of each line, in cents."""
        return (None if whole is None else int(whole) * self.unit for whole in self.whole)

    def total(self, rows: Iterable[int]) -> int:
        """Return what some lines state together, in cents."""
        return int(sum(filter(None, map(self.whole.__getitem__, rows)))) * self.unit


class Names(NamedTuple):
    """A column of names: as typed, and the one spelling of each way of typing."""

    typed: Column
    spelling: Spelling

    def spelled(self) -> Iterator[str | None]:
        """Yield the name of each line."""
        return map(self.spelling.__getitem__, self.typed)


class Places(NamedTuple):
    """Where the lines of a table stand; of the table itself no row."""

    table: RawTable
    numbers: Sequence[int]

    @classmethod
    def of(cls, raw: RawTable) -> "Places":
        """Return where the lines of a table stand."""
        return cls(raw._replace(rows=(), beneath=()), raw.numbers)

    def each(self) -> Iterator[str]:
        """Yield the place of each line."""
        return map(self.table.place, self.numbers)


class Presence:
    """Which line states an amount in which column: `stated` as in `Amounts`."""

    def __init__(self, ids: Sequence[str], stated: Mapping[YearColumn, bytes]) -> None:
        self._ids, self._stated = ids, stated
        self.years = sorted({column.year for column in stated})

    def in_year(self, year: int) -> Callable[[str], bool]:
        """Return what tells of a line, by its code, whether it states an amount in a year."""
        at = positions(self._ids)
        stated = [one for column, one in self._stated.items() if column.year == year]
        return lambda line_id: line_id in at and any(one[at[line_id]] for one in stated)

    def at_all(self) -> Iterator[bool]:
        """Tell of each line whether it states any amount."""
        return map(any, zip(*self._stated.values(), strict=True))


ThreeNames = tuple[Names, Names, Names]
"""Block, theme and department."""


class ColumnLines(Sequence[PlanLine]):
    """The lines of a plan, kept as columns; equal to the same lines in a tuple."""

    def __init__(
        self,
        places: Places,
        ids: list[str],
        names: ThreeNames,
        texts: tuple[Column, Column],
        amounts: tuple[Amounts, ...],
        presence: Presence | None = None,
        years: dict[tuple[int, Kind | None], Plan] | None = None,
    ) -> None:
        self.ids = ids
        self.columns = tuple(one.column for one in amounts)
        self.presence = presence or Presence(ids, {one.column: one.stated for one in amounts})
        self.places, self._names, self._texts, self._amounts = places, names, texts, amounts
        self._years = years or {}

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[PlanLine]:
        return iter(self._made)

    @overload
    def __getitem__(self, at: int) -> PlanLine: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[PlanLine]: ...
    def __getitem__(self, at: int | slice) -> PlanLine | Sequence[PlanLine]:
        return self._made[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._made == tuple(other)

    def __hash__(self) -> int:
        return hash(self._made)

    def __repr__(self) -> str:
        return repr(self._made)

    def _named(self, dimension: str) -> Names:
        return self._names[_DIMENSIONS.index(dimension)]

    @cached_property
    def _made(self) -> tuple[PlanLine, ...]:
        return tuple(self._make())

    def revised(self, amounts: Mapping[YearColumn, Amounts]) -> "ColumnLines":
        """Return these lines with other amounts in some columns."""
        revised = tuple(amounts.get(one.column, one) for one in self._amounts)
        alike = [one.stated for one in revised] == [one.stated for one in self._amounts]
        changed = {column.year for column in amounts}
        years = {key: plan for key, plan in self._years.items() if key[0] not in changed}
        presence = self.presence if alike else None
        return ColumnLines(self.places, self.ids, self._names, self._texts, revised, presence, years)

    def restated(self, stated: YearColumn, columns: Iterable[YearColumn]) -> "ColumnLines":
        """Return what the function of that name does, of one of their own columns."""
        amounts = self._amounts[self.columns.index(stated)]
        of = tuple(amounts._replace(column=column) for column in columns)
        return ColumnLines(self.places, self.ids, self._names, self._texts, of)

    def stated(
        self, wanted: Iterable[str], columns: Container[YearColumn], block: str | None
    ) -> dict[str, int]:
        """Return what the function of that name does."""
        blocks, at = self._names[0], positions(self.ids)
        amounts = [(one.whole, one.unit) for one in self._amounts if one.column in columns]
        found = {}
        for line_id in wanted:
            if line_id in at and (block is None or blocks.spelling[blocks.typed[at[line_id]]] == block):
                row = at[line_id]
                cents = [int(whole) * unit for cells, unit in amounts if (whole := cells[row]) is not None]
                if cents:
                    found[line_id] = sum(cents)
        return found

    def total(self, wanted: Sequence[str], columns: Container[YearColumn], block: str) -> int:
        """Return what the function of that name does."""
        rows = _rows(self.ids, self._names[0], block, wanted)
        return sum(one.total(rows) for one in self._amounts if one.column in columns)

    def _make(self) -> Iterator[PlanLine]:
        """Make the lines, as `parse` would."""
        blocks, themes, departments = (names.spelled() for names in self._names)
        subthemes, remarks = (map(cells.text, column) for column in self._texts)
        figures = zip(*(amounts.cents() for amounts in self._amounts), strict=True)
        places = self.places.each()
        for line_id, theme, block, subtheme, cents, department, remark, place in zip(
            self.ids, themes, blocks, subthemes, figures, departments, remarks, places, strict=True
        ):
            stated = {column: one for column, one in zip(self.columns, cents, strict=True) if one is not None}
            yield PlanLine(line_id, theme, block or "", subtheme, stated, department, remark, place)

    def totals(self, goals_of: Mapping[str, frozenset[str]]) -> tuple["Grouping", list["Totals"]]:
        """Return the groups of the lines, and what they state in each year column."""
        grouping = _grouping(self.ids, self._names, goals_of)
        return grouping, [grouping.totals(amounts) for amounts in self._amounts]

    def in_year(self, year: int, unsplit_as: Kind | None) -> Plan:
        """Return what the function of that name does."""
        if (year, unsplit_as) not in self._years:
            amounts = tuple(one for one in self._amounts if one.column.year == year)
            lines = ColumnLines(self.places, self.ids, self._names, self._texts, amounts)
            self._years[year, unsplit_as] = Plan(lines.columns, lines, unsplit_as)
        return self._years[year, unsplit_as]


class Totals(NamedTuple):
    """What groups of lines state in one year column."""

    sums: Sequence[int]
    """Cents, per group."""
    stated: bool
    """True when any line states an amount."""


class Grouping:
    """Groups of lines that share block, theme, department and goals."""

    def __init__(self, keys: Sequence[Key], of_line: Sequence[int]) -> None:
        self._keys, self._of_line = keys, of_line
        self._members: dict[tuple[str, ...], dict[tuple[str, ...], list[int]]] = {}
        self._latest: dict[YearColumn, tuple[Amounts, Totals]] = {}

    def members(self, dimensions: tuple[str, ...]) -> Mapping[tuple[str, ...], Sequence[int]]:
        """Return by their names along some dimensions which groups those are; one may have more goals."""
        if dimensions not in self._members:
            found = self._members[dimensions] = {}
            for at, key in enumerate(self._keys):
                for names in product(*(_names_along(key, dimension) for dimension in dimensions)):
                    found.setdefault(names, []).append(at)
        return self._members[dimensions]

    @property
    def nothing(self) -> Totals:
        """What they state in a column without any amount."""
        return Totals([0] * len(self._keys), stated=False)

    def totals(self, amounts: Amounts) -> Totals:
        """Return the sum of each group; the latest ones of each column are kept."""
        if amounts.column not in self._latest or self._latest[amounts.column][0] is not amounts:
            self._latest[amounts.column] = amounts, self._totals(amounts)
        return self._latest[amounts.column][1]

    def _totals(self, amounts: Amounts) -> Totals:
        sums = [0.0] * len(self._keys)
        for at, whole in zip(self._of_line, amounts.whole, strict=True):
            if whole:
                sums[at] += whole
        return Totals([int(one) * amounts.unit for one in sums], any(amounts.stated))


def _names_along(key: Key, dimension: str) -> Iterable[str]:
    """Return what a group is called along a dimension: one name, but each of its goals."""
    *names, goals = key
    return goals or ("",) if dimension == GOAL else (names[_DIMENSIONS.index(dimension)],)


@kept
def _grouping(ids: list[str], names: ThreeNames, goals_of: Mapping[str, frozenset[str]]) -> Grouping:
    goals = map(goals_of.get, ids, repeat(NO_GOALS)) if goals_of else repeat(NO_GOALS)
    typed = list(zip(*(one.typed for one in names), goals, strict=False))
    keys = {one: _key(names, one) for one in dict.fromkeys(typed)}
    number = {key: at for at, key in enumerate(dict.fromkeys(keys.values()))}
    of_typed = {one: number[key] for one, key in keys.items()}
    return Grouping(list(number), list(map(of_typed.__getitem__, typed)))


def _key(names: ThreeNames, typed: tuple[object, ...]) -> Key:
    *spellings, goals = typed
    spelled = (one.spelling[name] or "" for one, name in zip(names, spellings, strict=True))
    return *spelled, goals  # type: ignore[return-value]  # three names and the goals


@kept
def positions(ids: Sequence[str]) -> dict[str, int]:
    """Return where each line is, by its code."""
    return {line_id: at for at, line_id in enumerate(ids)}


@latest(16)
def _rows(ids: list[str], blocks: Names, block: str, wanted: Sequence[str]) -> list[int]:
    """Return where the wanted lines of a block are."""
    at, spelling = positions(ids), blocks.spelling
    rows = (at[line_id] for line_id in wanted if line_id in at)
    return [row for row in rows if spelling[blocks.typed[row]] == block]


Figures = Mapping[int, FigureColumn]
"""The year columns by their position."""


class _Read:
    """A table that was read by columns, and its lines."""

    def __init__(self, raw: RawTable, index: Index, figures: Figures, lines: ColumnLines) -> None:
        self.raw, self.index, self.figures, self.lines = raw, index, figures, lines

    def revised(self, raw: RawTable) -> ColumnLines | None:
        """Return the lines of a table that differs from this one in amounts only, None of any other."""
        stands = type(raw) is type(self.raw) and Places.of(raw) == self.lines.places
        if not stands or filled(raw.beneath):
            return None
        pairs = zip(self.raw.cells, raw.cells, strict=True)
        differing = list(compress(pairs, map(ne, self.raw.cells, raw.cells)))
        sure = raw.types == self.raw.types or PLAIN.issuperset(raw.types)
        if not sure or any(len(was) != len(row) for was, row in differing):
            return None
        changed = {at for was, row in differing for at in range(len(row)) if was[at] != row[at]}
        if not changed <= self.figures.keys():
            return None
        read = (_amounts(self.figures[at], [row[at] for row in raw.cells]) for at in changed)
        amounts = {one.column: one for one in read if one}
        return self.lines.revised(amounts) if len(amounts) == len(changed) else None


_latest_read = Latest[_Read]()


def read(raw: RawTable, index: Index, figures: Figures) -> ColumnLines | None:
    """Return the lines of a table whose headings are in order; None when a cell asks for a closer look.

    Of a table that differs in amounts only from one read before, no more is read than those columns.
    """
    alike = (one for one in _latest_read if one.index == index and one.figures == figures)
    revised = (lines for one in alike if (lines := one.revised(raw)) is not None)
    lines = next(revised, None) or _read_all(raw, index, figures)  # neither ever has no lines
    if lines is not None:
        _latest_read.add(_Read(raw, index, figures, lines))
    return lines


def _read_all(raw: RawTable, index: Index, figures: Figures) -> ColumnLines | None:
    columns = columns_of(raw, _NEEDED, index)
    if columns is None:
        return None
    texts = {name: columns[at] for name, at in index.items()}
    if not all(map(is_plain, texts.values())):
        return None
    if any(may_hold_total(column) for at, column in enumerate(columns) if at not in figures):
        return None
    ids, blocks = _ids(texts["regel_id"]), _blocks(texts["blok"])
    amounts = [one for at, figure in figures.items() if (one := _amounts(figure, columns[at]))]
    if ids is None or blocks is None or len(amounts) < len(figures):
        return None
    names = blocks, _names(texts["hoofdthema"]), _names(texts["afdeling_sector"])
    further = texts["subthema"], texts.get("opmerking", [None] * len(columns[0]))
    return ColumnLines(Places.of(raw), ids, names, further, tuple(amounts))


def line_ids(lines: Sequence[PlanLine]) -> Sequence[str]:
    """Return the codes of lines, without making lines for it."""
    return lines.ids if isinstance(lines, ColumnLines) else [line.line_id for line in lines]


def stated(
    lines: Sequence[PlanLine], wanted: Iterable[str], columns: Container[YearColumn], block: str | None = None
) -> dict[str, int]:
    """Return per wanted line what it states in some columns together, in cents, without making lines for it.

    A line that does not exist, is of another block or states nothing there is left out.
    """
    if isinstance(lines, ColumnLines):
        return lines.stated(wanted, columns, block)
    by_id = {line.line_id: line for line in lines if block in (None, line.block)}
    amounts = ((line_id, by_id[line_id].amounts) for line_id in wanted if line_id in by_id)
    cents = ((line_id, [c for column, c in one.items() if column in columns]) for line_id, one in amounts)
    return {line_id: sum(one) for line_id, one in cents if one}


def total(
    lines: Sequence[PlanLine], wanted: Sequence[str], columns: Container[YearColumn], block: str
) -> int:
    """Return what the wanted lines of a block state in some columns together, in cents; 0 when nothing."""
    if isinstance(lines, ColumnLines):
        return lines.total(wanted, columns, block)
    return sum(stated(lines, wanted, columns, block).values())


def in_year(plan: Plan, year: int) -> Plan:
    """Return the plan of one of its years; the very same one as long as that year's amounts are.

    Its lines may state amounts of other years too, which count in no column of it.
    """
    if isinstance(plan.lines, ColumnLines) and plan.lines.columns == plan.columns:
        return plan.lines.in_year(year, plan.unsplit_as)
    columns = tuple(column for column in plan.columns if column.year == year)
    return Plan(columns, plan.lines, plan.unsplit_as)


def estimated(plan: Plan, dimension: str) -> list[str]:
    """Return the blocks, themes or departments of lines with an estimate, in plan order; "" for none."""
    lines = plan.lines
    if isinstance(lines, ColumnLines) and lines.columns == plan.columns:
        return _estimated(lines._named(dimension), lines.presence)
    stating = (line for line in lines if not line.amounts.keys().isdisjoint(plan.columns))
    return list(dict.fromkeys(getattr(line, dimension) or "" for line in stating))


@latest(3 * MOST)
def _estimated(names: Names, presence: Presence) -> list[str]:
    return [name or "" for name in dict.fromkeys(compress(names.spelled(), presence.at_all()))]


def restated(
    lines: Sequence[PlanLine], stated: Sequence[YearColumn], columns: Sequence[YearColumn]
) -> Sequence[PlanLine]:
    """Return the lines, each stating in every one of `columns` what it states in `stated` together."""
    if isinstance(lines, ColumnLines) and len(stated) == 1 and stated[0] in lines.columns:
        return lines.restated(stated[0], columns)

    def with_amounts(line: PlanLine) -> PlanLine:
        cents = [line.amounts[column] for column in stated if column in line.amounts]
        return line._replace(amounts=dict.fromkeys(columns, sum(cents)) if cents else {})

    return tuple(map(with_amounts, lines))


def presence(lines: Sequence[PlanLine], columns: Iterable[YearColumn]) -> Presence:
    """Return which line states an amount in which of the columns of the plan."""
    if isinstance(lines, ColumnLines):
        return lines.presence
    stated = {column: bytes(column in line.amounts for line in lines) for column in columns}
    return Presence(line_ids(lines), stated)


def _ids(column: list[object]) -> list[str] | None:
    """Return the codes of the lines; None when there is something to say of one."""
    codes = [cell for cell in column if isinstance(cell, str)]
    text = " ".join(codes)
    if text.isascii() and text.isprintable() and text.split() == column:
        folded = set(map(str.casefold, codes))
    else:
        codes = [cells.text(cell) or "" for cell in column]
        folded = set(map(nl.fold, codes))
    unlike = "" not in folded and len(folded) == len(codes)
    return codes if unlike and not any(code.startswith(OPPOSITE) for code in codes) else None


def _names(column: list[object]) -> Names:
    """Return a column of names; equal names (but for case) get the spelling that comes first."""
    first: dict[str, str] = {}
    texts = {typed: cells.text(typed) for typed in dict.fromkeys(column)}
    spelling = {typed: text and first.setdefault(nl.fold(text), text) for typed, text in texts.items()}
    return Names(column, spelling)


def _blocks(column: list[object]) -> Names | None:
    words = {nl.fold(word): word for word in terms.BLOCKS}
    spelling = {typed: words.get(nl.fold(cells.text(typed) or "")) for typed in dict.fromkeys(column)}
    return Names(column, spelling) if all(spelling.values()) else None


def _amounts(figure: FigureColumn, column: list[object]) -> Amounts | None:
    """Return a column of amounts; None when one is negative, not in whole cents, or no amount at all."""
    assert isinstance(figure.key, YearColumn)
    whole = blanks_out(column)
    stated = bytes(map(_IS_STATED, whole))
    euros = cast(list[float], list(compress(whole, stated)))
    if not {float}.issuperset(map(type, euros)):
        return None
    if min(euros, default=0) < 0 or not hypot(*euros) * sqrt(len(euros)) < cells.LIMIT:
        return None  # within it every amount is less than LIMIT, and all their cents add up exactly
    if all(map(float.is_integer, euros)):
        return Amounts(figure.key, cast(list[float | None], whole), 100, stated)
    cents = list(map(float, map(round, map(mul, euros, repeat(100)))))
    if not all(map(eq, map(truediv, cents, repeat(100)), euros)):
        return None
    at = iter(cents)
    return Amounts(figure.key, [next(at) if one else None for one in stated], 1, stated)


def texts(lines: Sequence[PlanLine], name: str) -> Sequence[str | None]:
    """Return one text of every line by its name in `PlanLine` ("theme"), without making lines for it."""
    if not isinstance(lines, ColumnLines):
        return [getattr(line, name) for line in lines]
    further = dict(zip(("subtheme", "remark"), lines._texts, strict=True))
    return list(map(cells.text, further[name]) if name in further else lines._named(name).spelled())


def cents(lines: Sequence[PlanLine], column: YearColumn) -> Sequence[int | None]:
    """Return what every line states in a column, in cents; None for *geen raming*. Makes no lines for it."""
    if not isinstance(lines, ColumnLines):
        return [line.amounts.get(column) for line in lines]
    stated = next((one.cents() for one in lines._amounts if one.column == column), repeat(None, len(lines)))
    return list(stated)
