"""The plan of N lines as a closed workbook, written once per run."""

import atexit
import os
import shutil
import sysconfig
import tempfile
import venv
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
    """Return the environment of the programs that are measured; compiled files are kept."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))}


@cache
def programs() -> Path:
    """Return the folder of a Python, and of `bdur`, that find this tree and its libraries as when installed.

    The environment of a checkout finds it by an import hook, which takes some 5 ms of each process.
    """
    made = folder() / "environment"
    venv.create(made, symlinks=True)
    libraries = Path(sysconfig.get_path("purelib", "venv", {"base": str(made)}))
    found = (ROOT, ROOT / "tests", sysconfig.get_path("purelib"))
    (libraries / "bench.pth").write_text("".join(f"{one}\n" for one in found))
    bdur = made / "bin" / "bdur"
    bdur.write_text(
        f"#!{bdur.with_name('python')}\nimport sys\nfrom bdur_xl.cli import main\nsys.exit(main())\n"
    )
    bdur.chmod(0o755)
    return bdur.parent


def python(*arguments: object) -> list[str]:
    """Return the command that starts Python so."""
    return [str(programs() / "python"), *map(str, arguments)]
