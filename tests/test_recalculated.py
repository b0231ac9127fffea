"""A recalculation after an edit gives what a program gives that never saw another cell."""

import datetime as dt
from collections.abc import Iterator
from copy import copy
from unittest import mock

from hypothesis import example, given, settings
from hypothesis import strategies as st
from ranges import FUNCTIONS, TABLES
from sheets import Book, small
from strategies import books

from bdur_xl import line_columns, plan_columns
from bdur_xl.arguments import Given
from bdur_xl.cells import Unreadable
from bdur_xl.kept import forget
from bdur_xl.overview import Overview, overview
from bdur_xl.registry import SheetError, evaluate

ARRAYS = [name for name, function in FUNCTIONS.items() if function.is_array]
CELLS = [
    0.0, -0.0, 0, False, 1.0, 1, True, 12.5, 1.005, -3.0, 1e13, "", " ", None, "1", "fte", "Fte", "L0", "L9",
    Unreadable("fte"), Unreadable("#REF!"), "expliciet", "2031-05", dt.datetime(2031, 5, 1),
]  # fmt: skip
"""What an edit leaves in a cell; many are equal to another of another type."""

Edit = tuple[str, int, int, object]
"""Table, row and column (each counted round), and what it holds from then on."""

edits = st.lists(
    st.tuples(
        st.sampled_from(["plan"] * len(TABLES) + list(TABLES.values())),
        st.integers(1, 20),
        st.integers(0, 20),
        st.sampled_from(CELLS) | st.integers(0, 10**9).map(lambda cents: cents / 100),
    ),
    min_size=1,
    max_size=4,
)


def as_typed(book: Book) -> Book:
    """Return the book with floats for numbers, as spreadsheets hand them over."""
    return {key: [[float(cell) if type(cell) is int else cell for cell in row] for row in rows]
            for key, rows in book.items()}  # fmt: skip


def versions(book: Book, changes: list[Edit]) -> Iterator[Book]:
    """Yield the book and what becomes of it, edit after edit; every cell is a new object each time."""
    now = as_typed(book)
    yield now
    for key, row, column, cell in changes:
        rows = now[key]
        if len(rows) > 1:
            line = rows[1 + row % (len(rows) - 1)]
            line[column % len(line)] = cell
        yield now


def answers(book: Book) -> list[object]:
    """Return what the array functions show of new cells."""
    found: list[object] = []
    for name in ARRAYS:
        shown = evaluate(FUNCTIONS[name], handed_over(name, book))
        rows = shown if isinstance(shown, tuple) else ((shown,),)
        found.append([[(type(cell), plain(cell)) for cell in row] for row in rows])
    return found


def handed_over(name: str, book: Book) -> list[object]:
    """Return the arguments of a function: new cells, of whatever type."""
    keys = [TABLES.get(argument.name) for argument in FUNCTIONS[name].arguments]
    return [tuple(tuple(map(anew, row)) for row in book[key]) if key else None for key in keys]


def anew(cell: object) -> object:
    return f"{cell} "[:-1] if type(cell) is str else copy(cell)


def plain(cell: object) -> object:
    return (cell.code, cell.reason) if isinstance(cell, SheetError) else cell


def nothing(*_: object) -> None:
    """Read no table by columns."""


@settings(max_examples=30, deadline=None)
@given(book=books(), changes=edits)
@example(small(), [("plan", 1, 5, 1.0), ("plan", 1, 5, True), ("plan", 1, 5, 1), ("plan", 1, 5, 1.0)])
@example(small(), [("plan", 1, 2, "fte"), ("plan", 1, 2, Unreadable("fte")), ("plan", 1, 2, "fte")])
@example(small(), [("premises", 1, 1, 1.0), ("premises", 1, 1, True)])
@example(small(), [("intake", 1, 2, 1.0), ("intake", 1, 2, True), ("intake", 1, 2, 1.0)])
@example(small(), [("plan", 4, 7, None), ("plan", 4, 7, 5.0), ("plan", 3, 5, 0.0), ("plan", 3, 5, None)])
@example(small(), [("budget", 1, 2, 1.0), ("budget", 1, 2, 1), ("budget", 1, 2, None)])
def test_answers_of_a_plan_edited_cell_after_cell_are_those_of_a_first_reading(
    book: Book, changes: list[Edit]
) -> None:
    forget()
    recalculated = [answers(now) for now in versions(book, changes)]
    for now, shown in zip(versions(book, changes), recalculated, strict=True):
        forget()
        with (
            mock.patch.object(plan_columns, "read", nothing),
            mock.patch.multiple(line_columns, links=nothing, intake=nothing),
        ):
            assert answers(now) == shown


def test_an_edit_of_an_amount_makes_only_its_year_anew() -> None:
    """The property above could not fail if nothing were kept."""
    book = small()
    column = book["plan"][0].index("2032")
    before, after = (seen(now) for now in versions(book, [("plan", 1, column, 5.25)]))
    assert after.of[2032] is not before.of[2032]
    assert after.of[2032] != before.of[2032]
    assert after.of[2031] is before.of[2031]


def seen(book: Book) -> Overview:
    """Return the figures of new cells, as an add-in hands them over."""
    function = FUNCTIONS["BDUR_OVERZICHT"]
    return overview(Given(function.arguments, handed_over(function.name, book)).inputs())
