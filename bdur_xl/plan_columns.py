"""Tabel 2 read by whole columns: the fast way, for a plan in which every cell is beyond doubt.

`read` gives None as soon as something asks to be said of a cell (a fault, a signal) or a cell
is of an unusual kind; `parse` then reads the rows one by one and says it. Both ways give equal
plans. Here the lines themselves are made only when someone asks for them: most figures need
no more than the sums of groups of lines.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from math import hypot, sqrt
from typing import NamedTuple, cast, overload

from bdur_xl import cells, nl, terms
from bdur_xl.model import PlanLine, YearColumn
from bdur_xl.tables import FigureColumn, RawTable

Column = Sequence[object]
Spelling = Mapping[object, str | None]
Key = tuple[str, str, str, frozenset[str]]
"""Block, theme, department and goals that lines share."""

_PART = 4_096
"""Rows turned into columns at a time: as many as a processor keeps at hand."""

_TEXT_CELLS = frozenset({str, float, type(None)})
_TOTALS = ("totaal", "som")
"""A text with one of these in it may be a total row: `parse` looks closer."""

_NEEDED = {"regel_id", "hoofdthema", "blok", "subthema", "afdeling_sector"}

NO_GOALS = frozenset[str]()
"""What a line serves that no focus area names."""


class Amounts(NamedTuple):
    """One year column: whole numbers of `unit` cents, None for *geen raming*."""

    column: YearColumn
    whole: Sequence[float | None]
    unit: int

    def cents(self) -> Iterator[int | None]:
        """Yield the amount of each line, in cents."""
        return (None if whole is None else int(whole) * self.unit for whole in self.whole)


class Names(NamedTuple):
    """A column of names: as typed, and the one spelling of each way of typing."""

    typed: Column
    spelling: Spelling

    def spelled(self) -> Iterator[str | None]:
        """Yield the name of each line."""
        return map(self.spelling.__getitem__, self.typed)


class ColumnLines(Sequence[PlanLine]):
    """The lines of a plan, kept as columns; equal to the same lines in a tuple."""

    def __init__(
        self,
        raw: RawTable,
        ids: list[str],
        names: tuple[Names, Names, Names],
        texts: tuple[Column, Column],
        amounts: tuple[Amounts, ...],
    ) -> None:
        self.ids = ids
        self.columns = tuple(one.column for one in amounts)
        self._raw, self._names, self._texts, self._amounts = raw, names, texts, amounts

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

    @cached_property
    def _made(self) -> tuple[PlanLine, ...]:
        return tuple(self._make())

    @cached_property
    def _position(self) -> dict[str, int]:
        return {line_id: at for at, line_id in enumerate(self.ids)}

    def stated(
        self, wanted: Iterable[str], columns: Container[YearColumn], block: str | None
    ) -> dict[str, int]:
        """Return what the function of that name does."""
        blocks, at = self._names[0], self._position
        amounts = [(one.whole, one.unit) for one in self._amounts if one.column in columns]
        found = {}
        for line_id in wanted:
            if line_id in at and (block is None or blocks.spelling[blocks.typed[at[line_id]]] == block):
                row = at[line_id]
                cents = [int(whole) * unit for cells, unit in amounts if (whole := cells[row]) is not None]
                if cents:
                    found[line_id] = sum(cents)
        return found

    def _make(self) -> Iterator[PlanLine]:
        """Make the lines, as `parse` would."""
        blocks, themes, departments = (names.spelled() for names in self._names)
        subthemes, remarks = (map(cells.text, column) for column in self._texts)
        places = map(self._raw.place, self._raw.numbers)
        figures = zip(*(amounts.cents() for amounts in self._amounts), strict=True)
        for line_id, theme, block, subtheme, cents, department, remark, place in zip(
            self.ids, themes, blocks, subthemes, figures, departments, remarks, places, strict=True
        ):
            stated = {column: one for column, one in zip(self.columns, cents, strict=True) if one is not None}
            yield PlanLine(line_id, theme, block or "", subtheme, stated, department, remark, place)

    def sums(self, goals_of: Mapping[str, frozenset[str]]) -> tuple[dict[Key, tuple[int, ...]], set[int]]:
        """Return per group of lines its sum per year column, in cents, and the columns with any amount.

        Lines that share block, theme, department ("" for none) and goals are one group;
        groups without an amount are left out.
        """
        goals = map(goals_of.get, self.ids, repeat(NO_GOALS)) if goals_of else repeat(NO_GOALS)
        typed = list(zip(*(names.typed for names in self._names), goals, strict=False))
        keys = {one: self._key(one) for one in dict.fromkeys(typed)}
        number = {key: at for at, key in enumerate(dict.fromkeys(keys.values()))}
        group = list(map({one: number[key] for one, key in keys.items()}.__getitem__, typed))
        totals = [_totals(amounts, group, len(number)) for amounts in self._amounts]
        stated = set().union(*(groups for _, groups in totals))
        sums = dict(zip(number, zip(*(by_group for by_group, _ in totals), strict=True), strict=True))
        with_amount = {key: sums[key] for key, at in number.items() if at in stated}
        return with_amount, {at for at, (_, groups) in enumerate(totals) if groups}

    def _key(self, typed: tuple[object, ...]) -> Key:
        *names, goals = typed
        spelled = (one.spelling[name] or "" for one, name in zip(self._names, names, strict=True))
        return *spelled, goals  # type: ignore[return-value]  # three names and the goals


def _totals(amounts: Amounts, group: list[int], groups: int) -> tuple[list[int], set[int]]:
    """Return the sum of each group in cents, and the groups in which a line states an amount."""
    sums = [0.0] * groups
    for at, whole in zip(group, amounts.whole, strict=True):
        if whole:
            sums[at] += whole
    stated = {at for at, whole in zip(group, amounts.whole, strict=True) if whole is not None}
    return [int(one) * amounts.unit for one in sums], stated


def read(raw: RawTable, index: Mapping[str, int], figures: Mapping[int, FigureColumn]) -> ColumnLines | None:
    """Return the lines of a table whose headings are in order; None when a cell asks for a closer look.

    `index` holds the position of each column by its name, `figures` the year columns by theirs.
    """
    rows = raw.cells
    in_shape = set(map(len, rows)) == {len(raw.headings)} and index.keys() >= _NEEDED
    if not in_shape or _filled(raw.beneath):
        return None
    columns = _columns(rows)
    texts = {name: columns[at] for name, at in index.items()}
    if not all(_TEXT_CELLS.issuperset(map(type, column)) for column in texts.values()):
        return None
    if any(_may_hold_total(column) for at, column in enumerate(columns) if at not in figures):
        return None
    ids, blocks = _ids(texts["regel_id"]), _blocks(texts["blok"])
    amounts = [one for at, figure in figures.items() if (one := _amounts(figure, columns[at]))]
    if ids is None or blocks is None or len(amounts) < len(figures):
        return None
    names = blocks, _names(texts["hoofdthema"]), _names(texts["afdeling_sector"])
    further = texts["subthema"], texts.get("opmerking", [None] * len(rows))
    return ColumnLines(raw, ids, names, further, tuple(amounts))


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


def _filled(rows: Iterable[tuple[int, tuple[object, ...]]]) -> bool:
    return not all(cells.all_blank(row) for _, row in rows)


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    columns: list[list[object]] = [[] for _ in rows[0]]
    for start in range(0, len(rows), _PART):
        for column, part in zip(columns, zip(*rows[start : start + _PART], strict=True), strict=True):
            column += part
    return columns


def _may_hold_total(column: list[object]) -> bool:
    text = " ".join([cell for cell in column if isinstance(cell, str)])
    return not text.replace("\n", " ").isprintable() or any(word in text.casefold() for word in _TOTALS)


def _ids(column: list[object]) -> list[str] | None:
    """Return the codes of the lines; None when one is blank or two are equal but for case."""
    codes = [cell for cell in column if isinstance(cell, str)]
    text = " ".join(codes)
    if text.isascii() and text.isprintable() and text.split() == column:
        folded = set(map(str.casefold, codes))
    else:
        codes = [cells.text(cell) or "" for cell in column]
        folded = set(map(nl.fold, codes))
    return codes if "" not in folded and len(folded) == len(codes) else None


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
    blanks_out = column if "" not in column else [None if cell == "" else cell for cell in column]
    stated = [cell for cell in blanks_out if cell is not None]
    if not {float}.issuperset(map(type, stated)):
        return None
    whole = cast(list[float | None], blanks_out)
    euros = cast(list[float], stated)
    if min(euros, default=0) < 0 or not hypot(*euros) * sqrt(len(euros)) < cells.LIMIT:
        return None  # within it every amount is less than LIMIT, and all their cents add up exactly
    if all(map(float.is_integer, euros)):
        return Amounts(figure.key, whole, unit=100)
    if any(round(one * 100) / 100 != one for one in euros):
        return None
    return Amounts(figure.key, [None if one is None else float(round(one * 100)) for one in whole], unit=1)


def texts(lines: Sequence[PlanLine], name: str) -> Sequence[str | None]:
    """Return one text of every line by its name in `PlanLine` ("theme"), without making lines for it."""
    if not isinstance(lines, ColumnLines):
        return [getattr(line, name) for line in lines]
    names = dict(zip(("block", "theme", "department"), lines._names, strict=True))
    further = dict(zip(("subtheme", "remark"), lines._texts, strict=True))
    return list(names[name].spelled() if name in names else map(cells.text, further[name]))


def cents(lines: Sequence[PlanLine], column: YearColumn) -> Sequence[int | None]:
    """Return what every line states in a column, in cents; None for *geen raming*. Makes no lines for it."""
    if not isinstance(lines, ColumnLines):
        return [line.amounts.get(column) for line in lines]
    stated = next((one.cents() for one in lines._amounts if one.column == column), repeat(None, len(lines)))
    return list(stated)
