"""How time and memory grow from 10,000 to 100,000 lines, each command a process of its own."""

import json
from collections.abc import Callable, Sequence
from math import inf
from typing import NamedTuple

from bench.files import environment, folder, python, workbook
from bench.measure import Process, StoppedError, process
from bench.options import Options
from bench.plan import book
from bench.questions import QUESTIONS, as_whole, expected
from bench.report import Section, Table, Target
from bench.starting import CLI, of_ours

SMALL, LARGE = 10_000, 100_000
MOST_GROWTH, MOST_MEMORY = 12, 400
PATIENCE, MEMORY = 60.0, 3_000_000_000
"""Seconds after which a command is stopped, and the bytes of address space it gets."""
SHORT = 5.0
"""Seconds below which a command is run twice at the smaller size."""

Check = Callable[[Process, int], None]


def measure(options: Options) -> Section:
    """Run every command at both sizes; at the small one twice, of which the better counts."""
    small, large = (SMALL, LARGE) if LARGE in options.sizes else (20, 100)
    section = Section(f"Growth from {small:,} to {large:,} lines", TEXT)
    rows = []
    for name, command, check in COMMANDS:
        few = _run(command, small, check)
        few = min(few, _run(command, small, check)) if few.seconds < SHORT else few
        many = _run(command, large, check) if few.seconds < PATIENCE / 5 else NOT_RUN
        rows.append([name, *_row(few, many)])
        section.targets += [_target(name, few, many)] if large == LARGE else []
    headings = [f"{what} at {size:,}" for what in ("s", "MB") for size in (small, large)]
    section.tables.append(Table("Whole processes", ("command", *headings, "time", "memory"), rows))
    return section


class Cost(NamedTuple):
    """What one run of a command took; infinite when it was stopped."""

    seconds: float
    peak: float
    why: str = ""


NOT_RUN = Cost(inf, inf, "not run: too slow at the smaller size")


def _run(command: Callable[[int], Sequence[str]], size: int, check: Check) -> Cost:
    try:
        done = process(command(size), environment(), keep=True, patience=PATIENCE, memory=MEMORY)
    except StoppedError as stopped:
        return Cost(inf, inf, str(stopped))
    check(done, size)
    return Cost(done.seconds, done.peak)


def _row(few: Cost, many: Cost) -> list[str]:
    seconds = [f"{one.seconds:.2f}" if one.seconds < inf else one.why for one in (few, many)]
    peaks = [f"{one.peak / 1e6:.0f}" if one.peak < inf else "–" for one in (few, many)]
    return [*seconds, *peaks, *_grown(few, many)]


def _grown(few: Cost, many: Cost) -> tuple[str, str]:
    if many.seconds == inf:
        return "–", "–"
    return f"{many.seconds / few.seconds:.1f}×", f"{many.peak / few.peak:.1f}×"


def _target(name: str, few: Cost, many: Cost) -> Target:
    grows = max(many.seconds / few.seconds, many.peak / few.peak) if many.seconds < inf else inf
    time, memory = _grown(few, many)
    reached = f"{time} time, {memory} memory, {many.peak / 1e6:.0f} MB" if many.seconds < inf else many.why
    met = grows <= MOST_GROWTH and many.peak <= MOST_MEMORY * 1e6
    wanted = f"≤ {MOST_GROWTH}×, ≤ {MOST_MEMORY} MB"
    return Target(f"growth to {LARGE:,} lines, {name}", wanted, reached, "–", met, "Growth")


def _answers(done: Process, size: int) -> None:
    found, naive = json.loads(done.out), expected(book(size))
    wrong = [one for one in QUESTIONS if as_whole(of_ours(found, one)) != naive[one]]
    if wrong:
        raise AssertionError(f"bdur overzicht is wrong at {size} lines: {wrong[0]}")


def _array(done: Process, size: int) -> None:
    if done.out.strip() != "correct":
        raise AssertionError(f"BDUR_OVERZICHT is wrong at {size} lines: {done.out}")


def _file(done: Process, size: int) -> None:
    if done.code or not done.out.strip():
        raise AssertionError(f"no memo was written at {size} lines")


def _said(done: Process, _: int) -> None:
    json.loads(done.out)


def _read(done: Process, size: int) -> None:
    if int(done.out) != size:
        raise AssertionError(f"{done.out} lines were read, not {size}")


READ = (
    "import sys; from pathlib import Path; from bdur_xl.files.workbook import read_workbook; "
    "print(len(read_workbook(Path(sys.argv[1]))['plan'].rows))"
)
COMMANDS: tuple[tuple[str, Callable[[int], Sequence[str]], Check], ...] = (
    ("reading", lambda size: python("-c", READ, workbook(size)), _read),
    ("the array functions", lambda size: python("-m", "bench.array_call", size), _array),
    ("bdur overzicht", lambda size: python("-m", CLI, "overzicht", workbook(size), "--json"), _answers),
    ("bdur controleer", lambda size: python("-m", CLI, "controleer", workbook(size), "--json"), _said),
    ("bdur memo", lambda size: python("-m", CLI, "memo", workbook(size), "-o", folder()), _file),
    (
        "bdur ververs",
        lambda size: python("-m", CLI, "ververs", workbook(size), "-o", folder(), "--zonder-pdf"),
        _file,
    ),
)

TEXT = (
    "Start-up and reading the workbook are part of every command; its answers are checked. Peak memory is "
    "that of the whole process; of the array functions it includes the rows handed over and the book "
    "they are made from."
)
