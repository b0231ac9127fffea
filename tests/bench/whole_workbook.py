"""The committed workbook in LibreOffice: all its functions against the same workbook without them."""

import shutil
from pathlib import Path

from calc.counted import calls, counting_addin
from calc.office import Office, Workbook, missing

from bdur_xl.build.calc_addin import calc_addin
from bench.files import REAL_WORKBOOK, folder
from bench.in_office import timing_office
from bench.measure import interleaved
from bench.options import Options
from bench.report import Section, Table, Target, milliseconds, ratio, ratio_spread, spread

WITH, WITHOUT = "with its function cells", "the same, only native formulas"
PREFIX = "BDUR_"
WANTED = 2.0
SECONDS = 20.0
PLACE = "Plan!H7"
"""An amount of the plan: 2023 s of its first line."""


def measure(options: Options) -> Section:
    """Time both in turns."""
    section = Section("The committed workbook inside LibreOffice", TEXT)
    if lacking := missing():
        section.text += f"\n\nNot measured: {lacking}."
        return section
    with (
        timing_office(calc_addin()) as office,
        opened(office, "with") as whole,
        opened(office, "bare") as bare,
    ):
        replaced = bare._ask("only_native", containing=PREFIX)
        check(whole, bare)
        amount = whole.read(PLACE)
        runs = {WITH: lambda _: _turn(whole, amount), WITHOUT: lambda _: _turn(bare, amount)}
        times = interleaved(runs, options.seconds(SECONDS), least=options.least, most=options.most)
    log = folder() / "workbook.jsonl"
    with timing_office(counting_addin(log)) as office, opened(office, "counted") as counted:
        log.write_text("", encoding="utf-8")
        _turn(counted, amount)
        made = calls(log)
    got = times[WITH].median / times[WITHOUT].median
    section.targets = [
        Target("the committed workbook, all function cells, against only its native formulas", f"≤ {WANTED}×",
               ratio(got), ratio_spread(times[WITH], times[WITHOUT]), got <= WANTED, section.title)
    ]  # fmt: skip
    rows = [[name, milliseconds(one.median), spread(one)] for name, one in times.items()]
    computing, whole_calls = (
        sum(one) for one in zip(*((call.computing, call.whole) for call in made), strict=True)
    )
    rows[1:1] = [["· computing, in the add-in", milliseconds(computing), ""],
                 ["· computing and converting", milliseconds(whole_calls), ""]]  # fmt: skip
    below = f"{replaced} cells hold a function; one recalculation makes {len(made)} calls and hands over "
    below += f"{sum(one.cells for one in made):,} cells."
    section.tables = [Table("One hard recalculation", ("workbook", "ms", "spread"), rows, below)]
    return section


def opened(office: Office, name: str) -> Workbook:
    """Open a copy of the committed workbook; it recalculates only when asked."""
    copy = folder() / f"{name}.xlsm"
    shutil.copy(REAL_WORKBOOK, copy)
    book = office.open(Path(copy))
    book._ask("by_hand")
    book.recalculate()
    return book


def check(whole: Workbook, bare: Workbook) -> None:
    """Hold every native formula's value in both against each other; a difference raises AssertionError."""
    for book in (whole, bare):
        book.recalculate()
    shown = {(cell.sheet, cell.address): cell for cell in whole.formula_cells()}
    for cell in bare.formula_cells():
        if PREFIX in cell.formula.upper():
            raise AssertionError(f"{cell.sheet}!{cell.address} still calls a function")
        before = shown[cell.sheet, cell.address]
        if before.value != cell.value:
            raise AssertionError(f"{before} is {cell.value} without the functions")


def _turn(book: Workbook, amount: object) -> float:
    seconds: float = book._ask("turn", where=PLACE, value=amount)
    return seconds


TEXT = (
    "Every formula of the workbook is recalculated (`calculateAll`, timed in the office's driver). "
    "Against it the same workbook, its function cells replaced by their values; all other formulas then "
    "show the same."
)
