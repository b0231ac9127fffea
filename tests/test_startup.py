"""What each command loads: on a real plan, loading is most of the time that it takes."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"

LAYOUT = {"rich"}
WORD = {"docx", "lxml"}
HEAVY = {"pandas", "numpy", "openpyxl", "xlsxwriter", "xlwings", "matplotlib"}
NEEDLESS = {"urllib.request", "http", "email", "ssl", "html", "difflib", "logging", "subprocess", "secrets",
            "dataclasses", "platform", "traceback", "calendar"}  # fmt: skip
"""Modules that others load in passing; each takes as long as several commands need to calculate."""
OF_WORD = {"inspect", "hashlib", "json"}
"""Likewise; python-docx loads two of them, and what a memo is compared with is kept as JSON."""


def loaded(*arguments: object) -> set[str]:
    """Return the modules that a command has loaded when it is done, and their packages."""
    code = (
        "import sys, contextlib, io\n"
        "from bdur_xl.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    main(sys.argv[1:])\n"
        "print(*sys.modules, sep='\\n')"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=True,
    )  # fmt: skip
    return set(run.stdout.split())


def test_help_loads_no_part_of_the_calculation() -> None:
    own = {name for name in loaded("--help") if name.startswith("bdur_xl")}
    assert own == {"bdur_xl", "bdur_xl.cli", "bdur_xl.commands"}


def test_a_command_loads_no_other_command() -> None:
    own = {name for name in loaded("overzicht", WORKBOOK) if name.startswith("bdur_xl.commands.")}
    assert own == {f"bdur_xl.commands.{name}" for name in ("overzicht", "parser", "shared")}


@pytest.mark.parametrize("command", ["overzicht", "controleer", "scenarios", "antwoorden", "realisatie"])
def test_a_command_that_shows_figures_in_a_pipe_loads_no_layout(command: str) -> None:
    names = loaded(command, WORKBOOK)
    assert "bdur_xl.parse" in names
    assert names.isdisjoint(LAYOUT | WORD | HEAVY | NEEDLESS | OF_WORD)
    assert names.isdisjoint({"bdur_xl.memo", "bdur_xl.error_log"})


def test_a_memo_loads_what_writes_word_and_no_more(tmp_path: Path) -> None:
    names = loaded("memo", WORKBOOK, "-o", tmp_path)
    assert names >= WORD
    assert names.isdisjoint(LAYOUT | HEAVY | NEEDLESS)
    assert names.isdisjoint({"bdur_xl.record", "bdur_xl.grids", "bdur_xl.compare", "bdur_xl.files.pdf"})
    assert names.isdisjoint({"json", "bdur_xl.files.snapshots"})


def test_a_process_of_bdur_searches_for_no_cycles_and_a_caller_of_main_keeps_the_collector() -> None:
    code = (
        "import gc, sys\n"
        "from bdur_xl.cli import main\n"
        "main(['--version'])\n"
        "kept = gc.isenabled()\n"
        "sys.argv[1:] = ['--version']\n"
        "main()\n"
        "print(kept, gc.isenabled())"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.splitlines()[-1] == "True False"
