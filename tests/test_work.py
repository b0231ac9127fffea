"""Counts work instead of time: modules imported, functions called, cells handed over.

A change that makes something slower shows here as a number, whatever machine the tests run on.
All expected numbers stand in the table below. `python tests/test_work.py` prints the table as it
should be now: look at each number that grew, and copy them only when the growth is meant.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from bench import ours
from bench.plan import book, fresh
from calc.conftest import need_libreoffice
from calc.counted import calls, counting_addin
from calc.office import Office
from calc.product import WORKBOOK, opened

from bdur_xl.kept import forget

ROOT = Path(__file__).parents[1]

# --- the table -----------------------------------------------------------------------------------

READS = "python_calamine"
WORD = "cython_runtime docx lxml python_calamine typing_extensions"
IMPORTED = {
    "--help": ("", 25),
    "overzicht": (READS, 100),
    "overzicht --json": (READS, 100),
    "scenarios": (READS, 100),
    "antwoorden": (READS, 100),
    "realisatie": (READS, 100),
    "controleer": (READS, 100),
    "vergelijk": (READS, 150),
    "memo": (WORD, 250),
    "ververs": (WORD, 250),
    "sjabloon": ("cython_runtime docx lxml typing_extensions", 225),
}
"""Per command the third-party packages it imports, and the modules it imports at most."""

CALLED = {
    ("BDUR_OVERZICHT", 20): 2_000,
    ("BDUR_OVERZICHT", 500): 2_300,
    ("BDUR_DOELENMATRIX", 20): 2_200,
    ("BDUR_DOELENMATRIX", 500): 3_100,
}
"""Per function and lines of the plan the calls of Python and C functions at most."""

HANDED_OVER = {
    "BDUR_ANTWOORDEN": (1, 27_294),
    "BDUR_CONTROLES": (1, 58_294),
    "BDUR_DOELENMATRIX": (1, 22_288),
    "BDUR_OVERZICHT": (1, 28_288),
    "BDUR_REALISATIE": (1, 19_288),
    "BDUR_SCENARIOS": (1, 24_794),
    "BDUR_STATUS": (1, 0),
}
"""Per function the calls, and the cells of their ranges, of one hard recalculation of the workbook."""

# -------------------------------------------------------------------------------------------------

ARGUMENTS = {
    "--help": ["--help"],
    "overzicht": ["overzicht", str(WORKBOOK)],
    "overzicht --json": ["overzicht", str(WORKBOOK), "--json"],
    "scenarios": ["scenarios", str(WORKBOOK)],
    "antwoorden": ["antwoorden", str(WORKBOOK)],
    "realisatie": ["realisatie", str(WORKBOOK)],
    "controleer": ["controleer", str(WORKBOOK)],
    "vergelijk": ["vergelijk", str(WORKBOOK), str(WORKBOOK)],
    "memo": ["memo", str(WORKBOOK), "-o", "{folder}"],
    "ververs": ["ververs", str(WORKBOOK), "-o", "{folder}", "--zonder-pdf"],
    "sjabloon": ["sjabloon", "{folder}"],
}
COUNT = """
import contextlib, importlib.util, json, pathlib, sys  # what the import hook of a checkout may have loaded
before = set(sys.modules)
sys.argv[0] = "bdur"
from bdur_xl.cli import main
try:
    main(sys.argv[2:])
except SystemExit:
    pass
with open(sys.argv[1], "w") as file:
    json.dump(sorted(set(sys.modules) - before), file)
"""


def imported(command: str, folder: Path) -> tuple[str, int]:
    """Return the third-party packages that a command imports, and how many modules in all."""
    told = folder / "modules.json"
    arguments = [argument.format(folder=folder) for argument in ARGUMENTS[command]]
    subprocess.run(
        [sys.executable, "-c", COUNT, str(told), *arguments], check=True, capture_output=True, cwd=ROOT
    )
    modules = json.loads(told.read_text())
    packages = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names - {"bdur_xl"}
    return " ".join(sorted(name for name in packages if not name.startswith("_"))), len(modules)


@pytest.mark.parametrize("command", ARGUMENTS)
def test_a_command_imports_only_what_it_needs(command: str, tmp_path: Path) -> None:
    packages, most = IMPORTED[command]
    found, modules = imported(command, tmp_path)
    assert found == packages
    assert modules <= most


def called(name: str, lines: int) -> int:
    """Return the functions called, of Python and of C, for one array call on cells not seen before."""
    forget()
    first, second = (fresh(book(lines), turn) for turn in (0, 1))
    ours.grid(name, first)  # what is worked out once and kept
    counted: Counter[str] = Counter()
    sys.setprofile(lambda _frame, event, _argument: counted.update((event,)))
    try:
        ours.grid(name, second)
    finally:
        sys.setprofile(None)
    return counted["call"] + counted["c_call"]


@pytest.mark.parametrize(("name", "lines"), CALLED)
def test_an_array_call_takes_no_more_steps_than_before(name: str, lines: int) -> None:
    assert called(name, lines) <= CALLED[name, lines]


def handed_over(folder: Path) -> dict[str, tuple[int, int]]:
    """Return per function the calls and the cells of one hard recalculation of the committed workbook."""
    extension, log = folder / "BDuR.oxt", folder / "calls.jsonl"
    extension.write_bytes(counting_addin(log))
    with Office(extension) as office, opened(office) as workbook:
        log.write_text("", encoding="utf-8")
        workbook.recalculate()
        made = calls(log)
    names = sorted({call.function for call in made})
    cells = {name: [call.cells for call in made if call.function == name] for name in names}
    return {name: (len(each), sum(each)) for name, each in cells.items()}


@pytest.mark.libreoffice
def test_a_recalculation_hands_over_what_it_did_before(tmp_path: Path) -> None:
    need_libreoffice()
    assert handed_over(tmp_path) == HANDED_OVER


def main() -> None:
    """Print the table as it is now."""
    with tempfile.TemporaryDirectory() as folder:
        for command in ARGUMENTS:
            packages, modules = imported(command, Path(folder))
            print(f"    {command!r}: ({packages!r}, {_above(modules + SPARE, 25)}),  # {modules}")
        for name in ours.CALLS:
            for lines in (20, 500):
                steps = called(name, lines)
                print(f"    ({name!r}, {lines}): {_above(steps, 10 ** (len(str(steps)) - 2)):_},  # {steps}")
        for name, counts in handed_over(Path(folder)).items():
            print(f"    {name!r}: ({counts[0]}, {counts[1]:_}),")


SPARE = 15
"""Modules that another version of Python may import on top."""


def _above(number: int, step: int) -> int:
    return -(-number // step) * step


if __name__ == "__main__":
    main()
