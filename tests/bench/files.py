"""The plan of N lines as a closed workbook, written once per run."""

import atexit
import os
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

from bench.plan import ROOT, book, write

REAL_WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"


@cache
def folder() -> Path:
    """Return a folder that goes when the bench ends."""
    made = Path(tempfile.mkdtemp(prefix="bdur-bench-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def workbook(lines: int) -> Path:
    """Return a closed workbook with a plan of so many lines."""
    return write(book(lines), folder() / f"plan{lines}.xlsx")


def environment() -> dict[str, str]:
    """Return the environment of the programs that are measured: this very tree, compiled files kept."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))}
    return {**kept, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))}


def module(name: str, *arguments: object) -> list[str]:
    """Return the command that runs a module."""
    return [sys.executable, "-m", name, *map(str, arguments)]
