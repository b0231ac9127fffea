"""The docs against the product: commands run as they are shown, links lead somewhere, nothing is left out."""

import datetime as dt
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from bdur_xl import arguments, health, upgrade
from bdur_xl.checks import CHECKS, INPUT_CHECK
from bdur_xl.commands import EXITS
from bdur_xl.registry import SHEET_FUNCTIONS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SHIPPED = ROOT / "workbook"
PAGES = {path.name: path for path in (ROOT / "README.md", DOCS / "HANDLEIDING.md", DOCS / "BEHEER.md")}
"""The pages of which every command is run."""

ON_WINDOWS = {
    "installeer.cmd": "runs in Windows only; test_dist.py reads it and installs the same wheels",
    "set": "of the Windows command window",
    "Get-FileHash": "of PowerShell",
}
NOT_RUN = {
    "installeer --calc": "changes the settings of one's own LibreOffice; tests/calc install it elsewhere",
    "installeer --calc --verwijder": "the same",
}
"""Commands of bdur that are only held against its help, with the reason."""
INSTEAD = {
    "WERKMAP": "BDuR_plan.xlsm", "EERDER": "eerder.xlsm", "LATER": "BDuR_plan.xlsm", "MEMO": "memo.docx",
    "EXPORT": "grootboek.csv", "DATUM": "30-6-2023", "NAAM": "korting-10", "MAP": "map", "CSVMAP": "plan",
}  # fmt: skip
"""What stands for the words that staff fill in."""
EXIT_CODES = tuple(EXITS)
"""How a command may end. Source: `cli.main`."""
SHOWN_DAY = "2026-11-23"
"""The day in the names of files that the pages show."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(bdur [^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*\b")


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> Iterator[list[str]]:
    for _, block in _FENCE.findall(text(page)):
        yield [line.strip() for line in block.splitlines() if line.strip()]


def inline(page: Path) -> list[str]:
    """Return the commands in running text."""
    return _INLINE.findall(_FENCE.sub("", text(page)))


def words(line: str) -> list[str]:
    """Return a command as a person types it, with a value for every word to fill in."""
    today = line.replace(SHOWN_DAY, f"{dt.date.today():%Y-%m-%d}")
    return [INSTEAD.get(word, word) for word in shlex.split(today, comments=True)]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the words to fill in stand for."""
    folder = tmp_path_factory.mktemp("klaar")
    for file in SHIPPED.iterdir():
        if file.suffix in (".xlsm", ".docx"):
            shutil.copy(file, folder)
    shutil.copy(SHIPPED / "BDuR_plan.xlsm", folder / "eerder.xlsm")
    shutil.copytree(SHIPPED / "plan", folder / "plan")
    booking = "Rekening;Kostenplaats;Boekdatum;Bedrag\n4100;910;5-3-2023;40.000,00\n"
    (folder / "grootboek.csv").write_text(booking, encoding="cp1252")
    made = bdur(["memo", "BDuR_plan.xlsm", "-o", "map"], folder)
    assert made.returncode == 0, made.stderr
    next((folder / "map").glob("*.docx")).rename(folder / "memo.docx")
    return folder


def bdur(given: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program as installed, with a home of its own, so that nobody's settings change."""
    home = {name: str(folder) for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME")}
    return subprocess.run(
        [sys.executable, "-m", "bdur_xl.cli", *given],
        capture_output=True, text=True, encoding="utf-8", check=False, cwd=folder,
        env={**os.environ, **home, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def run(given: list[str], folder: Path) -> None:
    assert given[0] == "bdur"
    if " ".join(given[1:]) in NOT_RUN:
        return
    done = bdur(given[1:], folder)
    assert done.returncode == 0, f"{shlex.join(given)}: {done.returncode}\n{done.stdout}{done.stderr}"
    assert done.stdout, f"{shlex.join(given)} says nothing"


@pytest.mark.parametrize("page", PAGES)
def test_the_code_blocks_of_a_page_work_one_after_the_other(
    page: str, prepared: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(prepared, tmp_path / "hier"))
    ran = 0
    for line in (line for block in blocks(PAGES[page]) for line in block):
        given = words(line)
        if given[0] == "cd":
            folder /= given[1]
        elif given[0] == "make":
            assert re.search(rf"^{given[1]}:.*## ", text(ROOT / "Makefile"), re.MULTILINE), line
        elif given[0] not in ON_WINDOWS:
            run(given, folder)
            ran += 1
    assert ran


def elsewhere() -> list[str]:
    """Return the commands in running text that no code block runs, one of those that come to the same."""
    done = {tuple(words(line)) for page in PAGES.values() for block in blocks(page) for line in block}
    found = {tuple(words(line)): line for page in PAGES.values() for line in inline(page)}
    return [line for given, line in found.items() if given not in done]


@pytest.mark.parametrize("line", elsewhere())
def test_a_command_in_running_text_works(line: str, prepared: Path, tmp_path: Path) -> None:
    run(words(line), Path(shutil.copytree(prepared, tmp_path / "hier")))


# Links and pictures


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.glob("*.md"))], ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", text(page))):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """Return what a heading is called in a link: lower case, no punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


# Nothing left out


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The commands and the options of each, as the program's own help tells."""
    folder = tmp_path_factory.mktemp("leeg")
    names = re.findall(r"^ {4}([a-z]+)(?: |$)", bdur(["--help"], folder).stdout, re.MULTILINE)
    return {name: set(_OPTION.findall(bdur([name, "--help"], folder).stdout)) for name in names}


def manual() -> str:
    return text(PAGES["HANDLEIDING.md"])


def test_every_command_is_in_the_handleiding_and_every_command_shown_exists(
    options: dict[str, set[str]],
) -> None:
    shown = set(re.findall(r"^\| `bdur ([a-z]+)\b", manual(), re.MULTILINE))
    assert shown == options.keys()


@pytest.mark.parametrize("page", PAGES)
def test_every_option_shown_exists(page: str, options: dict[str, set[str]]) -> None:
    """Those of commands that are run, and those named alone."""
    known = set().union(*options.values())
    shown = {one for code in re.findall(r"`([^`\n]+)`", text(PAGES[page])) for one in _OPTION.findall(code)}
    assert shown - known == set()


@pytest.mark.parametrize("line", NOT_RUN)
def test_what_is_not_run_could_be(line: str, options: dict[str, set[str]]) -> None:
    name, *given = line.split()
    assert set(given) <= options[name]


def test_every_function_has_its_place() -> None:
    headings = anchors(DOCS / "FUNCTIES.md")
    assert {function.name.lower() for function in SHEET_FUNCTIONS} - headings == set()


def test_every_check_has_its_place() -> None:
    headings = re.findall(r"^## (\S+) ", text(DOCS / "CONTROLES.md"), re.MULTILINE)
    assert headings == [check.code for check in (INPUT_CHECK, *CHECKS)]


def test_every_sheet_has_its_place() -> None:
    sheets = openpyxl.load_workbook(SHIPPED / "BDuR_plan.xlsm", read_only=True).sheetnames
    headings = re.findall(r"^## (.+)$", text(DOCS / "WERKMAP.md"), re.MULTILINE)
    assert [one for one in headings if one in sheets] == sheets


def test_every_code_and_error_has_its_place() -> None:
    for code in EXIT_CODES:
        assert f"\n| {code} | " in manual()
    for shown in arguments.DUTCH_ERRORS.values():
        assert f"`{shown}`" in manual()


def test_every_line_of_bdur_gezond_and_of_a_report_of_bijwerken_has_its_place() -> None:
    page = text(PAGES["BEHEER.md"])
    lines = [f"| `{one.code}` | {one.name} | {one.looks_at} |" for one in health.CHECKS]
    lines += [f"| {one.what} | {one.remedy} |" for one in upgrade.Kind]
    assert [line for line in lines if f"\n{line}\n" not in page] == []


@pytest.mark.parametrize("reasons", [ON_WINDOWS, NOT_RUN])
def test_what_is_not_run_is_shown_and_has_a_reason(reasons: dict[str, str]) -> None:
    shown = "\n".join(text(page) for page in PAGES.values())
    assert all(reasons.values())
    assert [name for name in reasons if name not in shown] == []
