"""Reading a closed plan workbook: our reader with its guards against readers without."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bdur_xl.files.workbook import read_workbook
from bdur_xl.tables import INPUT_TABLES
from bench.files import REAL_WORKBOOK, workbook
from bench.measure import Times, interleaved, timed
from bench.options import Options
from bench.plan import REAL, Rows, book
from bench.report import Section, Table, Target, milliseconds, ratio, ratio_spread, spread

OURS, OPENPYXL = "bdur_xl (guards included)", "openpyxl read-only"
SHEETS = tuple(dict.fromkeys(table.sheet for table in INPUT_TABLES.values()))
WANTED = 8
BUDGET = {20: 4.0, 500: 6.0, 10_000: 15.0, 100_000: 35.0}


def measure(options: Options) -> Section:
    """Time each reader at each size, and on the committed workbook."""
    section = Section("Reading a closed plan workbook", TEXT)
    for size in options.sizes:
        _add(section, f"N = {size:,} lines", workbook(size), size, options)
    _add(section, "the committed workbook", REAL_WORKBOOK, REAL, options)
    return section


def _add(section: Section, title: str, path: Path, size: int, options: Options) -> None:
    readers = installed()
    check(readers, path, book(size)["plan"])
    runs = {name: (lambda _, read=read: timed(partial(read, path))) for name, (read, _) in readers.items()}
    least = min(options.least, 2) if size >= 100_000 else options.least
    times = interleaved(runs, options.seconds(BUDGET.get(size, 5)), least=least, most=options.most)
    section.tables.append(_table(title, times))
    got = times[OPENPYXL].median / times[OURS].median
    section.targets.append(
        Target(
            f"reading against openpyxl read-only, {title}",
            f"≥ {WANTED}×",
            ratio(got),
            ratio_spread(times[OPENPYXL], times[OURS]),
            got >= WANTED,
            section.title,
        )
    )


def _table(title: str, times: Mapping[str, Times]) -> Table:
    mine = times[OURS].median
    rows = [
        [name, milliseconds(one.median), spread(one), ratio(one.median / mine)] for name, one in times.items()
    ]
    return Table(title, ("reader", "ms", "spread", "against ours"), rows)


def check(readers: "Mapping[str, Reader]", path: Path, plan: Rows) -> None:
    """Hold the plan that each reader finds against the one that was written; a difference raises."""
    for name, (read, rows) in readers.items():
        for row, (got, wanted) in enumerate(zip(_found(rows(read(path)), plan), plan, strict=True), start=1):
            if got != list(map(_plain, wanted)):
                raise AssertionError(f"{name} is wrong in row {row}: {got}, not {wanted}")


def _found(sheet: Rows, plan: Rows) -> Iterator[list[object]]:
    """Yield the rows of the plan on its sheet, the columns in the order of the plan that was written."""
    top = next(at for at, row in enumerate(sheet) if row[0] == plan[0][0])
    headings = list(map(_plain, sheet[top]))
    order = [headings.index(_plain(heading)) for heading in plan[0]]
    yield from ([_plain(row[at]) for at in order] for row in sheet[top : top + len(plan)])


def _plain(cell: Any) -> object:
    if cell is None or cell == "" or cell != cell:
        return None
    try:
        return float(cell)  # pandas makes a number of the heading "2025"
    except ValueError:
        return str(cell)


Reader = tuple[Callable[[Path], Any], Callable[[Any], Rows]]
"""Reads a workbook, and returns the rows of the plan from what was read."""


def installed() -> Mapping[str, Reader]:
    """Return the readers that are here."""
    known: dict[str, tuple[str, Reader]] = {
        OURS: (
            "",
            (read_workbook, lambda raw: (raw["plan"].headings, *(row for _, row in raw["plan"].rows))),
        ),
        OPENPYXL: ("openpyxl", (openpyxl_rows, lambda sheets: sheets["Plan"])),
        "pandas.read_excel": ("pandas", (pandas_frames, lambda sheets: sheets["Plan"].values.tolist())),
        "calamine, bare": ("python_calamine", (calamine_rows, lambda sheets: sheets["Plan"])),
        "fastexcel → polars": ("fastexcel", (polars_frames, _polars_plan)),
    }
    return {name: reader for name, (needs, reader) in known.items() if not needs or find_spec(needs)}


def openpyxl_rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        return {
            name: list(book[name].iter_rows(values_only=True)) for name in SHEETS if name in book.sheetnames
        }
    finally:
        book.close()


def pandas_frames(path: Path) -> Any:
    import pandas

    with pandas.ExcelFile(path, engine="openpyxl") as book:
        return pandas.read_excel(book, [name for name in SHEETS if name in book.sheet_names], header=None)


def calamine_rows(path: Path) -> dict[str, list[list[Any]]]:
    import python_calamine

    book = python_calamine.load_workbook(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in SHEETS if name in book.sheet_names}


def polars_frames(path: Path) -> dict[str, Any]:
    import fastexcel
    import polars

    logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it tells of every blank column
    book = fastexcel.read_excel(path)
    return {
        name: polars.DataFrame(book.load_sheet(name, dtype_coercion="coerce"))
        for name in SHEETS
        if name in book.sheet_names
    }


def _polars_plan(sheets: dict[str, Any]) -> Rows:
    plan = sheets["Plan"]
    return tuple(plan.columns), *plan.rows()


TEXT = (
    "The same sheets, every cell of them; each reader's plan is held cell by cell against what was "
    "written. Only ours finds the Excel tables, and sees error values, formulas never computed and merged "
    "cells; the others show those as blank. pandas reads with openpyxl, its default."
)
