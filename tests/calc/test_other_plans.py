"""The sheet Scenario's built for other plans: no scenarios, one year, no grants, an unknown split."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from sheets import Book, put, raw, small

from bdur_xl.build.scenarios import SHEET
from bdur_xl.build.workbook import build_workbook
from bdur_xl.files.workbook import read_workbook
from bdur_xl.parse import parse_inputs
from calc.office import Office
from calc.test_workbook import alike, as_calc

pytestmark = pytest.mark.libreoffice

VERDICT = "A3"
"""Tells of every sheet."""


def without_scenarios(book: Book) -> None:
    del book["scenarios"][1:]
    del book["reservations"][1:]


def without_grants(book: Book) -> None:
    del book["budget"][1:]


def one_year(book: Book) -> None:
    for row in book["plan"]:
        del row[-1]
    del book["control_totals"][2]


def unknown_split(book: Book) -> None:
    put(book["premises"], "B4", None)


def everything(book: Book) -> None:
    book["scenarios"].append(
        ["alles", None, "2031-07", 0.5, 0.1, 2032, 0.025, 2032, "L3", 2031, 2032, 0.5, 30_000, "nee"]
    )


@pytest.mark.parametrize("change", [without_scenarios, without_grants, one_year, unknown_split, everything])
def test_calc_gives_what_was_stored(office: Office, tmp_path: Path, change: Callable[[Book], None]) -> None:
    book = small()
    put(book["intake"], "B2", "2031-04")
    put(book["premises"], "B5", "2031-04")
    change(book)
    tables = raw(book)
    inputs, _ = parse_inputs(tables)
    path = tmp_path / "plan.xlsm"
    build_workbook(tables, inputs, path)
    again, _ = parse_inputs(read_workbook(path))
    assert [one.name for one in again.scenarios] == [one.name for one in inputs.scenarios]
    stored = openpyxl.load_workbook(path, data_only=True)[SHEET]
    with office.open(path) as opened:
        opened.recalculate()
        cells = [cell for cell in opened.formula_cells() if cell.sheet == SHEET and cell.address != VERDICT]
        assert len(cells) > 500
        assert [one for one in cells if not alike(as_calc(stored[one.address].value), one.value)] == []
        assert opened.read("scenarios_verschillen") == 0
