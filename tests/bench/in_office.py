"""200 answers in a real LibreOffice: our add-in against native formulas, recalculated in turns."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from string import ascii_uppercase

from calc import books
from calc.counted import calls, counting_addin
from calc.office import Office, Workbook, missing

from bdur_xl.build.calc_addin import calc_addin
from bench import native, ours
from bench.files import folder
from bench.in_process import compare
from bench.measure import Times, interleaved
from bench.options import Options
from bench.plan import CHANGED, REAL, book, changed, fresh
from bench.questions import QUESTIONS, expected
from bench.report import Section, Table, Target, milliseconds, ratio, ratio_spread, spread

OURS, NATIVE = "bdur_xl: two array formulas", "native: SUMIFS and COUNTIFS"
LARGE = 100_000
WANTED = {20: 1.5, 500: 1.5, 10_000: 1.0, 100_000: 1.0}
BUDGET = {20: 4.0, 500: 6.0, 10_000: 20.0, 100_000: 40.0}
DRIVER = Path(__file__).with_name("office_driver.py")
BLOCKS = {"BDUR_OVERZICHT": "A1:F40", "BDUR_DOELENMATRIX": "H1:AA24"}
"""Where on the sheet of results each array stands."""
NAMES = {
    "BDUR_OVERZICHT": "plan,budget,uitgangspunten,instroom,koppeling,aandachtsgebieden,doelen,40,6",
    "BDUR_DOELENMATRIX": "plan,koppeling,aandachtsgebieden,doelen,uitgangspunten,24,20",
}


def measure(options: Options) -> Section:
    """Time both at each size, then where the time of ours goes."""
    section = Section("200 answers inside LibreOffice", TEXT)
    if lacking := missing():
        section.text += f"\n\nNot measured: {lacking}."
        return section
    found = {}
    with timing_office(calc_addin()) as office:
        for size in options.sizes:
            found[size] = at_size(office, size, options)
            section.targets.append(_target(size, found[size]))
    log = folder() / "calls.jsonl"
    with timing_office(counting_addin(log)) as office:
        computing = {size: _computing(office, log, size) for size in options.sizes}
    section.tables = [_table(size, times, computing[size]) for size, times in found.items()]
    return section


@contextmanager
def timing_office(addin: bytes) -> Iterator[Office]:
    """Run an office with an add-in, whose recalculations can be timed."""
    extension = folder() / "BDuR.oxt"
    extension.write_bytes(addin)
    with Office(extension, driver=DRIVER) as office:
        yield office


def at_size(office: Office, size: int, options: Options) -> dict[str, Times]:
    """Return the times of both on a plan of so many lines, every answer checked at two turns."""
    with office.open(own_workbook(size)) as mine, office.open(native.workbook(size)) as theirs:
        for turn in (0, 1):
            naive = expected(fresh(book(size), turn))
            for opened in (mine, theirs):
                _turn(opened, turn)
            compare(OURS, QUESTIONS, ours.answers(_grids(mine), QUESTIONS), naive)
            compare(NATIVE, QUESTIONS, _answers(theirs), naive)
        runs = {OURS: partial(_turn, mine), NATIVE: partial(_turn, theirs)}
        least = min(2, options.least) if size >= 100_000 else options.least
        return interleaved(runs, options.seconds(BUDGET.get(size, 5)), least=least, most=options.most)


def own_workbook(size: int) -> Path:
    """Return a workbook with a plan of so many lines and our two array formulas."""
    path = folder() / f"own{size}.xlsx"
    if not path.exists():
        rows = {key: [list(row) for row in sheet] for key, sheet in book(size).items()}
        books.write(path, rows, arrays={BLOCKS[name]: f"={name}({NAMES[name]})" for name in BLOCKS})
    return path


def _turn(opened: Workbook, turn: int) -> float:
    """Change one amount and return the seconds of one hard recalculation."""
    column = ascii_uppercase[book(REAL)["plan"][0].index(CHANGED)]
    seconds: float = opened._ask("turn", where=f"Plan!{column}2", value=changed(turn))
    return seconds


def _grids(mine: Workbook) -> list[ours.Grid]:
    return [tuple(map(tuple, mine.rows(f"{books.RESULTS}!{area}"))) for area in BLOCKS.values()]


def _answers(theirs: Workbook) -> list[object]:
    return [row[0] for row in theirs.rows(native.ANSWER_RANGE)]


def _computing(office: Office, log: Path, size: int) -> float:
    """Return the seconds of our own code in one hard recalculation, the least of a few."""
    with office.open(own_workbook(size)) as mine:
        found = []
        for turn in range(2 if size >= LARGE else 5):
            log.write_text("", encoding="utf-8")
            _turn(mine, turn)
            found.append(sum(call.computing for call in calls(log)))
    return min(found)


def _target(size: int, times: Mapping[str, Times]) -> Target:
    mine, theirs = times[OURS], times[NATIVE]
    got, wanted = mine.median / theirs.median, WANTED.get(size, 1.0)
    work = f"200 answers inside LibreOffice against native formulas, N={size:,}"
    spread_of = ratio_spread(mine, theirs)
    return Target(
        work, f"≤ {wanted}×", ratio(got), spread_of, got <= wanted, "200 answers inside LibreOffice"
    )


def _table(size: int, times: Mapping[str, Times], computing: float) -> Table:
    native_time = times[NATIVE].median
    rows = [
        [name, milliseconds(one.median), spread(one), ratio(one.median / native_time)]
        for name, one in times.items()
    ]
    transport = max(0.0, times[OURS].median - computing)
    rows[1:1] = [
        ["· computing, in the add-in", milliseconds(computing), "", ratio(computing / native_time)],
        ["· transport and the office itself", milliseconds(transport), "", ratio(transport / native_time)],
    ]
    return Table(f"N = {size:,} lines", ("who", "ms", "spread", "against native"), rows)


TEXT = (
    "A headless LibreOffice with the extension as `make calc` builds it. Before each hard recalculation "
    "(`calculateAll`, timed inside the office's driver) one amount of the plan changes. Native are 200 "
    "formulas on the same plan; which goals a line serves is given to them as marks beside the lines, "
    "which SUMIFS needs and which our functions work out from the links each time."
)
