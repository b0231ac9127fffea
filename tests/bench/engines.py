"""Engines that recalculate native formulas: change one amount, recalculate, read the 200 answers."""

import io
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from string import ascii_uppercase
from typing import Any, Protocol

from bench import native, ours
from bench.in_process import Turns, compare
from bench.measure import Run, interleaved, timed
from bench.options import Options
from bench.plan import CHANGED, REAL, book, changed, fresh
from bench.questions import QUESTIONS, expected
from bench.report import Section, Table, milliseconds, ratio, spread

OURS = "bdur_xl: two array calls"
BUDGET = {20: 6.0, 500: 10.0, 10_000: 25.0, 100_000: 20.0}
ROW, COLUMN = 2, book(REAL)["plan"][0].index(CHANGED) + 1


class Engine(Protocol):
    """A workbook that an engine has loaded."""

    largest: int
    """Lines of the largest plan that it is given: beyond it would outlast the bench."""

    def change(self, amount: float) -> None:
        """Put another amount in the cell that changes, and recalculate."""

    def answers(self) -> list[object]:
        """Return the 200 answers."""


class Formualizer:
    """formualizer, its arithmetic in Rust."""

    largest = 100_000

    def __init__(self, path: Path) -> None:
        import formualizer

        self._book = formualizer.load_workbook(str(path))
        self._book.evaluate_all()

    def change(self, amount: float) -> None:
        self._book.set_value("Plan", ROW, COLUMN, amount)
        self._book.evaluate_all()

    def answers(self) -> list[object]:
        return [self._book.get_value(native.ANSWERS, row, 1) for row in range(1, len(QUESTIONS) + 1)]


class IronCalc:
    """IronCalc, its arithmetic in Rust."""

    largest = 10_000

    def __init__(self, path: Path) -> None:
        import ironcalc

        self._book = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
        self._answers = len(self._book.get_worksheets_properties()) - 1
        self._book.evaluate()

    def change(self, amount: float) -> None:
        self._book.update_cell_with_number(0, ROW, COLUMN, amount)
        self._book.evaluate()

    def answers(self) -> list[object]:
        return [self._book.get_cell_value(self._answers, row, 1) for row in range(1, len(QUESTIONS) + 1)]


class FormulasPackage:
    """The package formulas, its arithmetic in numpy."""

    largest = 20

    def __init__(self, path: Path) -> None:
        import formulas

        self._cell = f"'[{path.name}]{{}}'!{{}}{{}}".format
        self._found: Mapping[str, Any] = {}
        with redirect_stderr(io.StringIO()):  # it draws its progress there
            self._model = formulas.ExcelModel().loads(str(path)).finish()

    def change(self, amount: float) -> None:
        cell = self._cell("PLAN", ascii_uppercase[COLUMN - 1], ROW)
        self._found = self._model.calculate(inputs={cell: amount})

    def answers(self) -> list[object]:
        places = (self._cell(native.ANSWERS.upper(), "A", row) for row in range(1, len(QUESTIONS) + 1))
        found = (self._found[place].value[0, 0] for place in places)
        return [str(value) if isinstance(value, str) else float(value) for value in found]


ENGINES: Mapping[str, tuple[str, Callable[[Path], Engine], int]] = {
    "formualizer": ("formualizer", Formualizer, Formualizer.largest),
    "IronCalc": ("ironcalc", IronCalc, IronCalc.largest),
    "formulas": ("formulas", FormulasPackage, FormulasPackage.largest),
}


def measure(options: Options) -> Section:
    """Time each engine at each size that it can bear, beside ours in process."""
    section = Section("Engines that recalculate native formulas", TEXT)
    for size in options.sizes:
        turns = Turns(book(size))
        runs: dict[str, Run] = {OURS: partial(_ours, turns)}
        for name, engine in loaded(size).items():
            check(name, engine, size)
            runs[name] = partial(_turn, engine)
        times = interleaved(
            runs, options.seconds(BUDGET.get(size, 5)), least=options.least, most=options.most
        )
        mine = times[OURS].median
        rows = [[name, milliseconds(one.median), spread(one), ratio(one.median / mine)]
                for name, one in times.items()]  # fmt: skip
        section.tables.append(Table(f"N = {size:,} lines", ("engine", "ms", "spread", "against ours"), rows))
    return section


def loaded(size: int) -> dict[str, Engine]:
    """Return the engines that are here, each with a plan of so many lines."""
    path = native.workbook(size)
    return {
        name: make(path)
        for name, (package, make, largest) in ENGINES.items()
        if size <= largest and find_spec(package)
    }


def check(name: str, engine: Engine, size: int) -> None:
    """Hold every answer against the naive one, at two turns; a wrong one raises AssertionError."""
    for turn in (0, 1):
        engine.change(changed(turn))
        compare(name, QUESTIONS, engine.answers(), expected(fresh(book(size), turn)))


def _turn(engine: Engine, turn: int) -> float:
    def work() -> None:
        engine.change(changed(turn))
        engine.answers()

    return timed(work)


def _ours(turns: Turns, turn: int) -> float:
    books = turns.books(turn)
    return timed(lambda: ours.answers(ours.grids(books), QUESTIONS))


TEXT = (
    "One amount changes, everything is recalculated, 200 answers are read. The engines have loaded the "
    "workbook of native formulas, with the goals marked beside the lines; ours is handed all cells anew. "
    "LibreOffice is in the section before: the same formulas in a real office. IronCalc is left out above "
    "10,000 lines and formulas above 20: they would outlast the bench."
)
