"""Herstel vorige stand: keep the inputs of a book, and bring an earlier state back exactly.

Excel cannot undo what a macro did. So the inputs are kept before one runs, and
before an earlier state is brought back: then the next time brings back the newer.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from bdur_xl import nl
from bdur_xl.book import BookError, Formula, Readable, Writable
from bdur_xl.tables import INPUT_TABLES, RawTable

Tables = Mapping[str, RawTable]

_ABSENT = object()
"""Stands for a cell that one of two tables does not have; a blank cell is None."""


class Snapshot(NamedTuple):
    """The inputs of a book at one moment, by the keys of `INPUT_TABLES`, and what came of them."""

    moment: dt.datetime
    tables: Tables
    typed: bool = True
    """False when formulas were read as what they gave: such a state cannot be brought back exactly."""
    places: Mapping[str, str] = MappingProxyType({})
    """Where the book showed each figure, by its id."""
    results: Mapping[str, Fraction | int | None] = MappingProxyType({})
    """The figures, by their id."""

    def read(self, key: str) -> RawTable | None:
        """Return a table as it was; None when there was none."""
        return self.tables.get(key)


class Restored(NamedTuple):
    """What a restore did."""

    changed: Mapping[str, int]
    """Cells changed per sheet, added and removed ones included."""
    unequal: tuple[str, ...]
    """Places of cells that the book would not take back exactly."""


def inputs_of(book: Readable) -> Tables:
    """Return the input tables of a book; one that it lacks is left out."""
    found = ((key, book.read(key)) for key in INPUT_TABLES)
    return {key: raw for key, raw in found if raw}


def latest_other(snapshots: Iterable[Snapshot], present: Tables) -> Snapshot | None:
    """Return the first snapshot, newest first, that is not the present state; None without one."""
    return next(
        (kept for kept in snapshots if kept.typed and kept.tables and _changed(present, kept.tables)), None
    )


def restore(book: Writable, earlier: Tables, present: Tables) -> Restored:
    """Bring back the earlier state of a book whose inputs are now `present`.

    All tables or none: when one cannot be written, those before it get their
    present rows again. Raises BookError then.
    """
    changed = _changed(present, earlier)
    for key in changed:
        if key not in present:
            table = INPUT_TABLES[key]
            raise BookError(
                f"De tabel {table.table} (blad {table.sheet}) staat niet meer in de werkmap",
                "Haal dat blad terug uit een reservekopie van de werkmap.",
            )
    begun = []
    try:
        for key in changed:
            begun.append(key)
            book.write(key, _rows(earlier[key]))
    except Exception:
        for key in begun:
            book.write(key, _rows(present[key]))
        raise
    counts: Counter[str] = Counter()
    for key, count in changed.items():
        counts[present[key].source] += count
    return Restored(counts, tuple(_unequal(book, earlier, changed)))


def _unequal(book: Writable, earlier: Tables, keys: Iterable[str]) -> Iterator[str]:
    for key in keys:
        written = book.read(key)
        assert written
        for row, column in _differences(written, earlier[key]):
            yield written.place(written.header_row + row, column)


def restored_text(moment: dt.datetime, restored: Restored) -> str:
    """Return what staff read afterwards; `moment` is when the state that came back was kept."""
    when = f"{nl.date(moment.year, moment.month, moment.day)}, {moment:%H:%M}"
    first, *rest = restored.changed.items()
    cells = nl.plural(first[1], "cel", "cellen")
    told = nl.listing([f"{cells} gewijzigd op {first[0]}", *(f"{count} op {sheet}" for sheet, count in rest)])
    text = f"Hersteld naar de stand van {when}: {told}."
    if restored.unequal:
        text += f"\nNiet precies terug te zetten: {nl.listing(restored.unequal)}. Kijk die cellen na."
    return f"{text}\nDruk nog eens op Herstel om de stand van zojuist terug te halen."


def _changed(present: Tables, earlier: Tables) -> dict[str, int]:
    """Return per table that is not as it was how many cells differ; a table the book lacks differs."""
    counts = (
        (key, len(_differences(present[key], raw)) if key in present else 1) for key, raw in earlier.items()
    )
    return {key: count for key, count in counts if count}


def _rows(raw: RawTable) -> list[tuple[object, ...]]:
    return [raw.headings, *(cells for _, cells in raw.rows)]


def _differences(one: RawTable, other: RawTable) -> list[tuple[int, int]]:
    """Return the (row, column) where two tables differ, counted from their first heading."""
    grids = _rows(one), _rows(other)
    width = max(len(grid[0]) for grid in grids)
    return [
        (row, column)
        for row in range(max(len(grid) for grid in grids))
        for column in range(width)
        if not same(*(_at(grid, row, column) for grid in grids))
    ]


def _at(grid: Sequence[Sequence[object]], row: int, column: int) -> object:
    return grid[row][column] if row < len(grid) and column < len(grid[row]) else _ABSENT


def same(one: object, other: object) -> bool:
    """Tell whether two cells hold the same: formulas their text, text no number, a date no number."""
    if isinstance(one, Formula) and isinstance(other, Formula):
        return one.text == other.text
    if _is_number(one) and _is_number(other):
        return one == other
    return type(one) is type(other) and one == other


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)
