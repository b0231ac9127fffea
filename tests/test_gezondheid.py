"""The sheet Gezondheid: in step with the command, honest before it is calculated, right afterwards."""

import datetime as dt
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import openpyxl
import pytest
from calc.conftest import need_libreoffice
from calc.office import Office, Value
from calc.office import Workbook as Opened
from conftest import PLAN

import bdur_xl
from bdur_xl.build import functies, page, vba
from bdur_xl.build.calc_addin import calc_addin
from bdur_xl.build.gezondheid import BUTTONS, HEADING_ROW, HEADINGS, REST, SHEET, VERDICT
from bdur_xl.build.workbook import workbook_bytes
from bdur_xl.files.machine import System, look
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.health import CHECKS, WORKBOOK_VERSION, WORKBOOK_XLWINGS, Verdict
from bdur_xl.parse import parse_inputs
from bdur_xl.status import FAILS, HOLDS

GOOD, WRONG, NOTE = map(str, (Verdict.GOOD, Verdict.WRONG, Verdict.NOTE))
TOP = HEADING_ROW + 2
"""The first line, as people number rows."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole workbook of the memo's plan; unprotected, so that a test can stand in for a function."""
    raw, _ = read_folder(PLAN)
    inputs, _ = parse_inputs(raw)
    made = tmp_path_factory.mktemp("gezondheid") / "BDuR_plan.xlsm"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "protect", lambda _: None)
        made.write_bytes(workbook_bytes(raw, inputs))
    return made


@pytest.fixture(scope="module")
def stored(path: Path) -> list[tuple[object, ...]]:
    """The sheet as it was saved."""
    return list(openpyxl.load_workbook(path, data_only=True)[SHEET].iter_rows(values_only=True))


def lines(stored: list[tuple[object, ...]]) -> dict[object, tuple[object, ...]]:
    end = next(number for number, row in enumerate(stored) if row[0] == "De rest")
    return {row[0]: row[1:] for row in stored[HEADING_ROW + 1 : end] if row[0]}


def test_a_new_workbook_says_what_is_not_calculated_yet(stored: list[tuple[object, ...]]) -> None:
    assert stored[HEADING_ROW][: len(HEADINGS)] == HEADINGS
    verdicts = {what: row[VERDICT - 1] for what, row in lines(stored).items()}
    assert verdicts == {
        "functies op deze computer": functies.NOT_CALCULATED,
        WORKBOOK_VERSION: functies.NOT_CALCULATED,
        WORKBOOK_XLWINGS: functies.NOT_CALCULATED,
        "invoer en controles": GOOD,
        "decimaalteken": GOOD,
        "laatste regel van het logboek": GOOD,
        "invoer sindsdien": GOOD,
        "cijfers anders dan in de memo": GOOD,
    }
    assert lines(stored)["laatste regel van het logboek"][0] == dt.datetime(2023, 2, 23)
    for *_, verdict, remedy in lines(stored).values():
        assert bool(remedy) == (verdict != GOOD)


def test_the_rest_lists_every_check_of_the_command(stored: list[tuple[object, ...]]) -> None:
    texts = [row[0] for row in stored]
    assert [row[:2] for row in stored[texts.index(REST) + 1 :]] == [
        (check.name, check.looks_at) for check in CHECKS
    ]


def test_the_command_reads_the_versions_from_the_sheet(path: Path) -> None:
    book = look(System("windows", path.parent, {}, "cp1252"), path).workbook
    assert book
    assert (book.program, book.xlwings) == (bdur_xl.__version__, version("xlwings"))
    assert (book.currency, book.last_refresh) == (page.CURRENT, "")


def test_every_button_starts_a_macro_that_exists() -> None:
    assert all(f"Public Sub {macro}(" in vba.sources()["BDuR"] for _, macro in BUTTONS)


# In Calc


@pytest.fixture(scope="module")
def opened(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    need_libreoffice()
    extension = tmp_path_factory.mktemp("addin") / "BDuR.oxt"
    extension.write_bytes(calc_addin())
    with Office(extension) as office, office.open(path) as book:
        book.recalculate()
        yield book


def judged(book: Opened) -> dict[Value, Value]:
    return {row[0]: row[VERDICT] for row in book.rows(f"{SHEET}!A{TOP}:D{TOP + 7}")}


@pytest.mark.libreoffice
def test_calculated_every_line_has_its_verdict(opened: Opened) -> None:
    found = judged(opened)
    assert found.pop(WORKBOOK_XLWINGS) == str(Verdict.UNSEEN)  # Calc has none
    assert set(found.values()) == {GOOD}
    assert len(found) == 7


@pytest.mark.libreoffice
def test_a_changed_amount_is_told(opened: Opened) -> None:
    amount = opened.read("Plan!K12")
    opened.write("Plan!K12", 123_456)
    opened.recalculate()
    found = judged(opened)
    assert (found["invoer en controles"], found["invoer sindsdien"]) == (NOTE, NOTE)
    assert found["cijfers anders dan in de memo"] == NOTE
    assert opened.text(f"{SHEET}!D{TOP + 6}") == "Kies Vernieuw bestuursmemo."
    opened.write("Plan!K12", amount)
    opened.recalculate()
    assert judged(opened)["invoer sindsdien"] == GOOD


PROGRAM, LIBRARY = bdur_xl.__version__, version("xlwings")
STATUSES = {
    "Excel, all fits": (f"bdur_xl {PROGRAM}, Python 3.12.4, xlwings {LIBRARY}: {HOLDS}", GOOD, GOOD, GOOD),
    "another program": (f"bdur_xl {PROGRAM}1, Python 3.12.4, xlwings {LIBRARY}: {HOLDS}", GOOD, WRONG, GOOD),
    "another xlwings": (f"bdur_xl {PROGRAM}, Python 3.12.4, xlwings {LIBRARY}1: {HOLDS}", GOOD, GOOD, WRONG),
    "the self-test fails": (
        f"bdur_xl {PROGRAM}, Python 3.12.4, xlwings {LIBRARY}: {FAILS}",
        WRONG,
        GOOD,
        GOOD,
    ),
    "no functions": ("", WRONG, WRONG, WRONG),
}
"""What BDUR_STATUS gives (nothing: an error), and the verdicts on functions, program and xlwings."""


@pytest.mark.libreoffice
@pytest.mark.parametrize(("status", "works", "program", "library"), STATUSES.values(), ids=STATUSES.keys())
def test_what_a_status_means(opened: Opened, status: str, works: str, program: str, library: str) -> None:
    cell = f"{functies.SHEET}!C{functies.STATUS_ROW + 1}"
    real = opened.formula(cell)
    opened.fill(cell, [[f'="{status}"' if status else "=NA()"]])
    found = judged(opened)
    opened.fill(cell, [[real]])
    assert found["functies op deze computer"] == works
    assert found[WORKBOOK_VERSION] == program
    assert found[WORKBOOK_XLWINGS] == library
