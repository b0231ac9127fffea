"""200 answers in one process: two array calls of ours against 200 calls of each peer."""

from collections.abc import Mapping, Sequence
from functools import partial

from bench import ours
from bench.measure import Run, Times, interleaved, timed
from bench.options import Options
from bench.peers import Peer, installed
from bench.plan import Book, book, fresh, unseen
from bench.questions import QUESTIONS, Question, as_whole, expected
from bench.report import Section, Table, Target, milliseconds, ratio, ratio_spread, spread

OURS = "bdur_xl: two array calls"
FIRST = "bdur_xl: the same, of tables not handed before"
USUAL = "usual UDF: pandas"
WANTED = {20: 1000, 500: 800, 10_000: 700, 100_000: 700}
BUDGET = {20: 8.0, 500: 15.0, 10_000: 40.0, 100_000: 45.0}
"""Seconds per size."""
SAMPLE = {20: 1, 500: 2, 10_000: 10, 100_000: 40}
"""Of how many questions a peer is asked one, by size; its time is scaled up."""


def measure(options: Options) -> Section:
    """Time the 200 answers at each size."""
    section = Section("200 answers in one process", TEXT)
    for size in options.sizes:
        found = at_size(size, options)
        section.tables.append(table_of(size, found))
        section.targets += [_target(size, found)] if USUAL in found else []
    return section


def at_size(size: int, options: Options) -> dict[str, Times]:
    """Return everybody's time for the 200 answers on a plan of so many lines."""
    work, peers = book(size), installed()
    step = SAMPLE.get(size, 1)
    asked = QUESTIONS[::step]
    turns = Turns(work)
    for turn in (0, 1):  # twice: an answer kept from the first would be wrong
        check(turns.books(turn), asked, peers)
        unlike = [unseen(one, turn) for one in turns.books(turn)]
        compare(FIRST, QUESTIONS, ours.answers(ours.grids(unlike), QUESTIONS), expected(unlike[0]))
    runs: dict[str, Run] = {OURS: lambda turn: timed(partial(ours.grids, turns.books(turn)))}
    for name, peer in peers.items():
        runs[name] = _run(peer, turns, asked)
    times = interleaved(runs, options.seconds(BUDGET.get(size, 5)), least=options.least, most=options.most)
    for name in peers:
        times[name].scale = len(QUESTIONS) / len(asked)
    first = {FIRST: lambda turn: timed(partial(ours.grids, [unseen(one, turn) for one in turns.books(turn)]))}
    seconds = (
        options.seconds(BUDGET.get(size, 5)) / 8
    )  # by itself: what it leaves behind is not what others find
    return times | interleaved(first, seconds, least=options.least, most=options.most)


def _run(peer: Peer, turns: "Turns", asked: Sequence[Question]) -> Run:
    return lambda turn: timed(partial(peer.answers, turns.books(turn)[0], asked))


class Turns:
    """The work of each turn: cells that nobody has seen before, one set per array call."""

    def __init__(self, work: Book) -> None:
        self._work, self._turn, self._books = work, -1, [work]

    def books(self, turn: int) -> list[Book]:
        """Return two equal books of new cells; those of the same turn are shared."""
        if turn != self._turn:
            self._books = []
            self._books = [fresh(self._work, turn) for _ in ours.CALLS]
            self._turn = turn
        return self._books


def check(books: Sequence[Book], asked: Sequence[Question], peers: Mapping[str, Peer]) -> None:
    """Hold ours (all questions) and the peers (those asked) against the naive answers; a wrong one raises."""
    naive = expected(books[0])
    compare(OURS, QUESTIONS, ours.answers(ours.grids(books), QUESTIONS), naive)
    for name, peer in peers.items():
        compare(name, asked, peer.answers(books[0], asked), naive)


def compare(
    name: str, asked: Sequence[Question], given: Sequence[object], naive: Mapping[Question, object]
) -> None:
    """Raise AssertionError for the first wrong answer."""
    for question, answer in zip(asked, given, strict=True):
        if as_whole(answer) != naive[question]:
            raise AssertionError(f"{name} is wrong: {question} gives {answer}, not {naive[question]}")


def _target(size: int, found: Mapping[str, Times]) -> Target:
    usual, mine = found[USUAL], found[OURS]
    times = usual.median / mine.median
    wanted = WANTED.get(size, 0)
    return Target(
        f"200 answers against 200 usual pandas UDF calls, N={size:,}", f"≥ {wanted}×", ratio(times),
        ratio_spread(usual, mine), times >= wanted, "200 answers in one process",
    )  # fmt: skip


def table_of(size: int, found: Mapping[str, Times]) -> Table:
    """Return the table of one size of plan."""
    mine = found[OURS].median
    rows = [
        [name, milliseconds(times.median), spread(times), ratio(times.median / mine) if name != OURS else "1"]
        for name, times in found.items()
    ]
    return Table(f"N = {size:,} lines", ("who", "ms for 200 answers", "spread", "against ours"), rows)


TEXT = (
    "The two calls are BDUR_OVERZICHT and BDUR_DOELENMATRIX, each handed its own new cells, through "
    "`registry.evaluate` as the add-ins call it. The peers answer each question with one call that is "
    "handed the rows and converts them. At each turn one amount has changed and every cell is a new "
    "object. Ours compares every cell, and its type, with what was handed the turn before, reads the "
    "column that changed, and works out again what rests on it; in the second row every table has "
    "changed, as when a workbook is opened. Of a larger plan the peers answer a sample, scaled up."
)
