"""Writing a plan workbook: XlsxWriter, which we build with, against openpyxl."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from bench.files import folder
from bench.measure import interleaved, timed
from bench.options import Options
from bench.plan import Book, book, write
from bench.report import Section, Table, milliseconds, ratio, spread

OURS = "XlsxWriter"
LARGEST = 10_000
SECONDS = 10.0


def measure(options: Options) -> Section:
    """Time both at each size up to 10,000 lines."""
    section = Section("Writing a plan workbook", TEXT)
    writers = {OURS: write, **({"openpyxl": openpyxl_write} if find_spec("openpyxl") else {})}
    for size in (size for size in options.sizes if size <= LARGEST):
        work = book(size)
        runs = {name: partial(_run, work, name, writer) for name, writer in writers.items()}
        times = interleaved(runs, options.seconds(SECONDS), least=options.least, most=10)
        mine = times[OURS].median
        rows = [[name, milliseconds(one.median), spread(one), ratio(one.median / mine)]
                for name, one in times.items()]  # fmt: skip
        section.tables.append(Table(f"N = {size:,} lines", ("writer", "ms", "spread", "against ours"), rows))
    return section


def _run(work: Book, name: str, writer: Callable[[Book, Path], Path], _: int) -> float:
    return timed(partial(writer, work, folder() / f"{name}.xlsx"))


def openpyxl_write(work: Book, path: Path) -> Path:
    """Write the same rows and tables with openpyxl."""
    import openpyxl
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table as ExcelTable

    workbook = openpyxl.Workbook()
    for key, rows in work.items():
        sheet = workbook.create_sheet(key)
        for row in rows:
            sheet.append(row)
        area = f"A1:{get_column_letter(len(rows[0]))}{len(rows)}"
        sheet.add_table(ExcelTable(displayName=f"tbl{key}", ref=area))
    workbook.save(path)
    return path


TEXT = (
    "The input tables only, each an Excel table; no sheet with figures. Nothing here is ours but the choice "
    "of the library."
)
