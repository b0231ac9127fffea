"""Whole processes on the real plan: `bdur` against the script an analyst would write."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from re import sub
from typing import Any

from bench.files import REAL_WORKBOOK, environment, folder, programs, python
from bench.measure import Times, interleaved, process
from bench.options import Options
from bench.plan import REAL, book
from bench.questions import QUESTIONS, YEARS, Question, as_whole, expected
from bench.report import Section, Table, Target, milliseconds, ratio, ratio_spread, spread

SCRIPTS = Path(__file__).with_name("usual")
CLI = "bdur_xl.cli"
BARE, HELP, OVERVIEW, MEMO = "bare interpreter", "bdur --help", "bdur overzicht", "bdur memo"
USUAL_OVERVIEW, USUAL_MEMO = "usual script: overview", "usual script: memo"
SECONDS = 45.0


def commands() -> dict[str, list[str]]:
    """Return each program that is measured by its name."""
    plan, out, bdur = str(REAL_WORKBOOK), folder(), str(programs() / "bdur")
    return {
        BARE: python("-c", "pass"),
        HELP: [bdur, "--help"],
        f"python -m {CLI} --help": python("-m", CLI, "--help"),
        OVERVIEW: [bdur, "overzicht", plan],
        f"python -m {CLI} overzicht": python("-m", CLI, "overzicht", plan),
        USUAL_OVERVIEW: python(SCRIPTS / "overview.py", plan),
        MEMO: [bdur, "memo", plan, "-o", str(out)],
        f"python -m {CLI} memo": python("-m", CLI, "memo", plan, "-o", out),
        USUAL_MEMO: python(SCRIPTS / "memo.py", plan, out / "usual.docx"),
    }


def measure(options: Options) -> Section:
    """Time every program, after one run of each that is checked and warms the disk."""
    check_answers()
    check_memos()
    peaks: dict[str, int] = {}
    runs = {name: partial(_run, name, command, peaks) for name, command in commands().items()}
    times = interleaved(runs, options.seconds(SECONDS), least=options.least, most=options.most)
    rows = [[name, milliseconds(one.median), spread(one), f"{peaks[name] / 1e6:.0f}"]
            for name, one in times.items()]  # fmt: skip
    section = Section("Start-up: whole processes on the real plan", TEXT)
    section.tables.append(Table("Programs", ("program", "ms", "spread", "peak MB"), rows))
    section.targets = [
        _faster(
            "`bdur overzicht`, whole process, against the usual script", times, OVERVIEW, USUAL_OVERVIEW, 10
        ),
        _within("`bdur --help` against a bare interpreter", times, HELP, BARE, 3),
        _faster(
            "`bdur memo` (docx with chart), whole process, against the usual script",
            times,
            MEMO,
            USUAL_MEMO,
            8,
        ),
    ]
    return section


def _run(name: str, command: Sequence[str], peaks: dict[str, int], _: int) -> float:
    """Return the seconds a program takes, and keep its most memory."""
    done = process(command, environment())
    peaks[name] = max(done.peak, peaks.get(name, 0))
    return done.seconds


def _faster(work: str, times: Mapping[str, Times], mine: str, usual: str, wanted: float) -> Target:
    got = times[usual].median / times[mine].median
    return Target(
        work, f"≥ {wanted}×", ratio(got), ratio_spread(times[usual], times[mine]), got >= wanted, mine
    )


def _within(work: str, times: Mapping[str, Times], mine: str, base: str, wanted: float) -> Target:
    got = times[mine].median / times[base].median
    return Target(
        work, f"≤ {wanted}×", ratio(got), ratio_spread(times[mine], times[base]), got <= wanted, mine
    )


def check_answers() -> None:
    """Hold what the programs say against the naive answers; a wrong one raises AssertionError."""
    known = commands()
    naive = expected(book(REAL))
    for name, answer_in in ((OVERVIEW, of_ours), (USUAL_OVERVIEW, of_usual)):
        found = json.loads(process([*known[name], "--json"], environment(), keep=True).out)
        for question in QUESTIONS:
            answer = answer_in(found, question)
            if as_whole(answer) != naive[question]:
                raise AssertionError(f"{name} is wrong: {question} gives {answer}, not {naive[question]}")


def check_memos() -> None:
    """Run every program once; a memo without one of the amounts it must state raises AssertionError."""
    naive = expected(book(REAL))
    for command in commands().values():
        process(command, environment())
    ours = max(folder().glob("*emo*.docx"), key=lambda path: path.stat().st_mtime)
    for memo in (ours, folder() / "usual.docx"):
        missing = figures_of_memo(naive) - words_of(memo)
        if missing:
            raise AssertionError(f"{memo.name} does not state {sorted(missing)}")


def of_ours(found: Mapping[str, Any], asked: Question) -> object:
    """Return one answer from what `bdur overzicht --json` prints."""
    year = str(asked.year)
    if asked.goal:
        goal = next(one for one in found["doelen"] if one["doel"] == asked.goal)
        return goal[{"lasten": "bedrag", "niveau": "niveau_per_jaar"}.get(asked.measure, asked.measure)][year]
    if asked.kind:
        return found[asked.kind][year]
    return _figure(found, asked, year)


def of_usual(found: Mapping[str, Any], asked: Question) -> object:
    """Return one answer from what the usual script prints."""
    year = str(asked.year)
    if asked.goal:
        name = {"lasten": "doelen", "niveau": "niveaus", "fte": "doelen_fte"}[asked.measure]
        return found[name][asked.goal][year]
    if asked.kind:
        return found["soort"][asked.kind][year]
    return _figure(found, asked, year)


def _figure(found: Mapping[str, Any], asked: Question, year: str) -> object:
    if asked.basis:
        name = {"cumulatief": "ruimte_cumulatief"}.get(asked.measure, asked.measure)
        return found[name][asked.basis][year]
    if asked.goal is not None:
        return found["zonder_aandachtsgebied"][year]
    for name, limit in (("blok", asked.block), ("hoofdthema", asked.theme), ("afdeling", asked.department)):
        if limit:
            return found[f"per_{name}"][limit][year]
    return found["fte" if asked.measure == "fte" else "jaartotaal"][year]


def figures_of_memo(naive: Mapping[Question, object]) -> set[str]:
    """Return amounts that a memo must state, as printed without sign: "1.685.000"."""
    wanted = [Question("lasten", year) for year in YEARS]
    wanted += [Question("ruimte", year, basis=basis) for year in YEARS for basis in ("afgerond", "exact")]
    whole = (abs(int(str(naive[one]))) // 100 for one in wanted)
    return {f"{euros:,}".replace(",", ".") for euros in whole}


def words_of(memo: Path) -> set[str]:
    """Return the words of a Word file."""
    with zipfile.ZipFile(memo) as package:
        text = package.read("word/document.xml").decode()
    return {word.strip(".,;:()-−") for word in sub(r"<[^>]*>", " ", text).replace("\xa0", " ").split()}


TEXT = (
    "The committed workbook of the memo's plan, from start of the process to its end, in an environment "
    "that finds packages as when installed. The usual scripts "
    "are in `tests/bench/usual`: pandas with openpyxl, and for the memo matplotlib (a PNG) and "
    "python-docx. They give the same 200 answers; `bdur overzicht` also runs the checks, and `bdur memo` "
    "also writes their outcome."
)
