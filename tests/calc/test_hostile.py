"""Hostile text in every cell, in a real spreadsheet program: none of it becomes a formula or a link."""

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hostile import EVERYTHING, hostile
from sheets import Book, raw

from bdur_xl import cells
from bdur_xl.build.workbook import workbook_bytes
from bdur_xl.files.shelf import FOLDER
from bdur_xl.files.snapshots import write_snapshot
from bdur_xl.parse import parse_inputs
from bdur_xl.restore import Snapshot
from calc.office import Office, Workbook

pytestmark = pytest.mark.libreoffice


def built(path: Path, book: Book) -> Path:
    tables = raw(book)
    path.write_bytes(workbook_bytes(tables, parse_inputs(tables)[0]))
    return path


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("plan") / "plan.xlsm", hostile(["woord"])[0])


def formulas(workbook: Workbook) -> dict[tuple[str, str], str]:
    return {(cell.sheet, cell.address): cell.formula for cell in workbook.formula_cells()}


def plan_texts(workbook: Workbook) -> set[str]:
    """Return what a person sees on the sheet Plan."""
    return {cells.visible(text) for row in workbook.texts("Plan!A1:Z60") for text in row}


def test_the_built_workbook_has_our_formulas_only(office: Office, harmless: Path, tmp_path: Path) -> None:
    """Opened and recalculated; what checks find differs in number, so their rows do."""
    book = hostile(EVERYTHING)[0]
    with office.open(harmless) as workbook:
        expected = formulas(workbook)
    with office.open(built(tmp_path / "plan.xlsm", book)) as workbook:
        workbook.recalculate()
        found = formulas(workbook)
        texts = plan_texts(workbook)
    assert {place for place in found.keys() ^ expected.keys() if place[0] != "Controles"} == set()
    assert [place for place in found if place[0] != "Controles" and found[place] != expected[place]] == []
    assert len(found) > 2_000
    assert {cells.visible(str(row[3])) for row in book["plan"][1:]} <= texts


def test_what_is_brought_back_is_text(office: Office, harmless: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(harmless, tmp_path))
    book = hostile(EVERYTHING)[0]
    state = Snapshot(dt.datetime(2031, 7, 1, 12), raw(book), typed=True)
    write_snapshot(tmp_path / FOLDER, path.stem, state)
    with office.open(path, visible=True) as workbook:
        before = formulas(workbook)
        workbook.dispatch(dict(office.menus()["BDuR"])["Herstel vorige stand"])
        texts = plan_texts(workbook)
        assert formulas(workbook) == before
    assert {cells.visible(str(row[3])) for row in book["plan"][1:]} <= texts
    assert {cells.visible(str(row[0])) for row in book["plan"][1:]} <= texts
