"""Hand a plan to a sheet function as the programs do: a range per table, headings first."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sheets import Book

from bdur_xl.registry import SHEET_FUNCTIONS, evaluate
from bdur_xl.tables import RawTable

FUNCTIONS = {function.name: function for function in SHEET_FUNCTIONS}
TABLES = {one.name: one.tables[0] for one in FUNCTIONS["BDUR_CONTROLES"].arguments if one.is_range}
"""Per range argument the key of its table."""

Range = tuple[tuple[object, ...], ...]
Ranges = dict[str, Range]


def ranges(book: Book) -> Ranges:
    """Return the sheets of a book as range arguments by name."""
    return {
        name: tuple(tuple(map(as_cell, row)) for row in book[key])
        for name, key in TABLES.items()
        if key in book
    }


def raw_ranges(raw: Mapping[str, RawTable]) -> Ranges:
    """Return tables as read from files as range arguments by name."""
    rows = {key: [table.headings, *(row for _, row in table.rows)] for key, table in raw.items()}
    return ranges({key: [list(row) for row in table] for key, table in rows.items()})


def as_cell(value: object) -> object:
    """Return a value as a cell holds it: every number is a float."""
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return float(value) if number else value  # type: ignore[arg-type]


def call(name: str, **given: object) -> Any:
    """Return what a function shows; arguments go by name, numbers as floats."""
    function = FUNCTIONS[name]
    names = [argument.name for argument in function.arguments]
    assert set(given) <= set(names), set(given) - set(names)
    return evaluate(function, [as_cell(given.get(name)) for name in names])


def code(result: object) -> object:
    """Return an error's code, any other result as it is."""
    return getattr(result, "code", result)
