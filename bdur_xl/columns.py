"""Tables read by whole columns: the fast way, for cells that are beyond doubt."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from bdur_xl import cells
from bdur_xl.tables import RawTable

T = TypeVar("T")

Column = Sequence[object]
Index = Mapping[str, int]
"""The position of each column by its name."""

PLAIN = frozenset({str, float, type(None)})
"""What cells mostly are; of these, equal ones are the same."""

_PART = 4_096
"""Rows turned into columns at a time: as many as a processor keeps at hand."""

_TOTALS = ("totaal", "som")
"""A text with one of these in it may be a total row: `rows` looks closer."""


def columns_of(raw: RawTable, needed: frozenset[str], index: Index) -> list[list[object]] | None:
    """Return the columns of a table; None when one that is needed is missing, or its rows ask for more."""
    rows = raw.cells
    in_shape = set(map(len, rows)) == {len(raw.headings)} and index.keys() >= needed
    if not in_shape or filled(raw.beneath):
        return None
    columns: list[list[object]] = [[] for _ in raw.headings]
    for parts in by_part(rows):
        for column, part in zip(columns, parts, strict=True):
            column += part
    return columns


def by_part(rows: Sequence[Sequence[object]]) -> Iterator[list[tuple[object, ...]]]:
    """Yield the columns of some rows at a time, as many columns as the shortest row has."""
    for start in range(0, len(rows), _PART):
        yield list(zip(*rows[start : start + _PART], strict=False))


def filled(rows: Iterable[tuple[int, tuple[object, ...]]]) -> bool:
    """Tell whether any of the rows holds anything."""
    return not all(cells.all_blank(row) for _, row in rows)


def is_plain(column: Column) -> bool:
    """Tell whether a column holds no other cells than texts, numbers and blanks."""
    return PLAIN.issuperset(map(type, column))


def may_hold_total(column: Column) -> bool:
    """Tell whether a text in a column may name a total, or hides something."""
    text = " ".join([cell for cell in column if isinstance(cell, str)])
    return not text.replace("\n", " ").isprintable() or any(word in text.casefold() for word in _TOTALS)


def blanks_out(column: Column) -> Column:
    """Return a column with None for each blank: Calc hands over a blank cell as ""."""
    return [None if cell == "" else cell for cell in column] if "" in column else column


def converted(column: Column, convert: Callable[[object], T]) -> list[T]:
    """Return a plain column with its cells converted, equal ones once; raises CellError."""
    values = {cell: convert(cell) for cell in dict.fromkeys(column)}
    return [values[cell] for cell in column]
