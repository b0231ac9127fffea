"""The bench itself: everybody's answers agree with two naive routes, and the report renders. No timing."""

import re
import socket
from decimal import Decimal
from fractions import Fraction
from typing import Any

import naive
import pytest
from bench import engines, in_process, native, ours, reading, starting
from bench.files import REAL_WORKBOOK, workbook
from bench.measure import Times, interleaved
from bench.peers import DecimalLoop, installed
from bench.plan import CHANGED, REAL, ROOT, book, changed, fresh
from bench.questions import QUESTIONS, Question, as_whole, expected
from bench.report import Section, Target, machine, markdown


def as_naive() -> naive.Book:
    """Return the plan as tests/naive.py takes it."""
    taken = {key: [list(row) for row in rows] for key, rows in book(REAL).items()}
    taken["budget"] = [[*row, "korting" if row[0] == "jaar" else None] for row in taken["budget"]]
    return taken


def by_the_other_route(taken: naive.Book, asked: Question) -> Any:
    """Return an answer by tests/naive.py, which knows nothing of the bench."""
    exact = asked.basis == "exact"
    if asked.measure == "niveau":
        return naive.goal_level(taken, asked.goal, asked.year)
    if asked.measure == "beschikbaar":
        return naive.available(taken, asked.year, exact)
    if asked.measure == "ruimte":
        return naive.room(taken, asked.year, exact)
    if asked.measure == "cumulatief":
        return naive.cumulative(taken, asked.year, exact)
    goal = {} if asked.goal is None else {"goal": asked.goal or None}
    if asked.measure == "fte":
        return naive.fte(taken, asked.year, **goal)
    names = {name: getattr(asked, name) for name in ("kind", "block", "theme", "department")}
    return naive.total(taken, year=asked.year, **goal, **{k: v for k, v in names.items() if v})


def test_the_naive_answers_are_those_of_the_other_naive_route() -> None:
    taken, answers = as_naive(), expected(book(REAL))
    assert len(answers) == 200
    for asked, answer in answers.items():
        other = by_the_other_route(taken, asked)
        whole = other if isinstance(other, str) else Fraction(other) * 100
        assert whole == answer, asked


def test_everybody_agrees() -> None:
    peers = installed()
    assert {"usual UDF: pandas", "numpy per call", "Python: Decimal"} <= peers.keys()
    exact = {name: peer for name, peer in peers.items() if name == DecimalLoop.name}
    books = in_process.Turns(book(REAL)).books(1)
    in_process.check(books, QUESTIONS, exact)
    in_process.check(books, QUESTIONS[::3], peers)


def test_a_larger_plan_differs_to_the_cent_and_everybody_agrees() -> None:
    work = book(60)
    assert len(work["plan"]) == 61
    assert len({row[0] for row in work["plan"]}) == 61
    amounts = [Decimal(repr(cell)) for row in work["plan"][1:] for cell in row if isinstance(cell, float)]
    assert any(amount % 1 for amount in amounts)
    assert all(amount * 100 % 1 == 0 for amount in amounts)
    in_process.check(in_process.Turns(work).books(1), QUESTIONS[::9], installed())


def test_a_peer_that_is_a_cent_off_stops_the_bench() -> None:
    class Off(DecimalLoop):
        def total(self, *arguments: Any) -> Any:
            return super().total(*arguments) + Decimal("0.01")

    with pytest.raises(AssertionError, match="a cent off is wrong: Question"):
        in_process.check([book(REAL)] * 2, QUESTIONS, {"a cent off": Off()})


def test_at_each_turn_every_cell_is_new_and_one_amount_has_changed() -> None:
    work = book(REAL)
    once, again = fresh(work, 1), fresh(work, 2)
    column = work["plan"][0].index(CHANGED)
    assert (once["plan"][1][column], again["plan"][1][column]) == (changed(1), changed(2))
    assert once["plan"][2:] == work["plan"][2:]
    for before, after in zip(once["plan"], again["plan"], strict=True):
        assert all(one is not other for one, other in zip(before, after, strict=True) if one is not None)


def test_the_answer_follows_the_amount_that_changed() -> None:
    asked = Question("lasten", 2024)
    for turn in (1, 2):
        books = [fresh(book(REAL), turn)] * 2
        given = ours.answers(ours.grids(books), [asked])[0]
        assert as_whole(given) == 150_500_000 - 10_000_000 + round(changed(turn) * 100)


def test_the_native_formulas_agree() -> None:
    engines.check("formualizer", engines.Formualizer(native.workbook(REAL)), REAL)


@pytest.mark.parametrize("name", reading.installed())
def test_every_reader_reads_the_plan_that_was_written(name: str) -> None:
    for path in (workbook(REAL), REAL_WORKBOOK):
        reading.check({name: reading.installed()[name]}, path, book(REAL)["plan"])


def test_a_reader_that_misses_a_cell_stops_the_bench() -> None:
    plan = book(REAL)["plan"]
    blind = [plan[0], (*plan[1][:5], None, *plan[1][6:]), *plan[2:]]
    readers: dict[str, reading.Reader] = {"blind": (lambda _: blind, lambda rows: rows)}
    with pytest.raises(AssertionError, match="blind is wrong in row 2"):
        reading.check(readers, workbook(REAL), plan)


def test_the_usual_script_gives_the_same_answers() -> None:
    starting.check_answers()


def test_competitors_take_turns() -> None:
    seen: list[tuple[str, int]] = []

    def run(name: str, turn: int) -> float:
        seen.append((name, turn))
        return float(turn)

    runs = {name: lambda turn, name=name: run(name, turn) for name in "AB"}
    times = interleaved(runs, 0, least=3, most=9)
    assert seen == [(name, turn) for turn in (1, 2, 3) for name in "AB"]
    assert times["A"].median == 2
    assert (times["B"].low, times["B"].high) == (1, 3)


def test_a_sample_is_scaled_up() -> None:
    assert Times([1, 2, 9], scale=10).median == 20


def test_the_report_renders() -> None:
    target = Target("een doel", "≥ 2×", "1×", "1–1×", False, "iets")
    times = {in_process.OURS: Times([0.001, 0.002, 0.003]), in_process.USUAL: Times([0.5, 0.7], scale=2)}
    section = Section("Deel", targets=[target], tables=[in_process.table_of(20, times)])
    text = markdown([section, Section("Leeg")], machine(), quick=True)
    assert "| een doel | ≥ 2× | 1× | **missed** | 1–1× |" in text
    assert "| usual UDF: pandas | 1,200 | 1,000–1,400, n=2, sample × 2 | 600× |" in text
    assert "### Missed: iets" in text
    assert "A quick run" in text
    assert of_this_machine(text) is None
    assert socket.gethostname() not in text


def of_this_machine(text: str) -> re.Match[str] | None:
    """Return a path of a machine that a text holds."""
    return re.search(r"/(work|home|tmp|root)/", text)


def test_the_report_in_the_repository_is_whole() -> None:
    text = (ROOT / "docs" / "SPEED.md").read_text(encoding="utf-8")
    assert "Written by `make bench`" in text
    assert "A quick run" not in text
    assert of_this_machine(text) is None
