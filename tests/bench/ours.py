"""This project's answers, as the add-ins ask for them: tuples in, one table out per call."""

from collections.abc import Sequence

from bdur_xl.registry import SHEET_FUNCTIONS, SheetError, evaluate
from bench.plan import Book
from bench.questions import NO_GOAL, Question

FUNCTIONS = {function.name: function for function in SHEET_FUNCTIONS}
CALLS = {
    "BDUR_OVERZICHT": ("plan", "budget", "premises", "intake", "links", "areas", "goals"),
    "BDUR_DOELENMATRIX": ("plan", "links", "areas", "goals", "premises"),
}
"""The two calls that answer all questions, and the tables each is handed."""

Grid = tuple[tuple[object, ...], ...]


def grids(books: Sequence[Book]) -> list[Grid]:
    """Return the table that each call gives, each asked with cells of its own."""
    return [grid(name, book) for name, book in zip(CALLS, books, strict=True)]


def grid(name: str, book: Book) -> Grid:
    """Return the table that one call gives; a refusal stops the bench."""
    found = evaluate(FUNCTIONS[name], [book[key] for key in CALLS[name]])
    if not isinstance(found, tuple):
        raise AssertionError(f"{name}: {found}")
    return found


def answers(grids: Sequence[Grid], questions: Sequence[Question]) -> list[object]:
    """Return the answer to each question from the two tables."""
    overview, goals = grids
    figures = {(row[0], row[1]): dict(zip(overview[0], row, strict=True)) for row in overview[1:]}
    by_goal = {row[0]: dict(zip(goals[0], row, strict=True)) for row in goals[1:]}
    found: list[object] = []
    for asked in questions:
        if asked.goal:
            name = {"lasten": "bedrag"}.get(asked.measure, asked.measure)
            cell = by_goal[asked.goal][f"{name} {asked.year}"]
        else:
            cell = figures[_row(asked)][float(asked.year)]
        found.append(str(cell) if isinstance(cell, SheetError) else cell)
    return found


def _row(asked: Question) -> tuple[str, str]:
    if asked.measure == "fte":
        return "fte", "structureel"
    if asked.measure != "lasten":
        return asked.measure, str(asked.basis)
    if asked.goal == NO_GOAL:
        return "doel", "(geen doel)"
    named = (("blok", asked.block), ("hoofdthema", asked.theme), ("afdeling", asked.department))
    return next(((part, name) for part, name in named if name), ("lasten", asked.kind or "jaartotaal"))
