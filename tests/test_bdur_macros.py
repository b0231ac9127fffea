import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import xlwings

from bdur_xl import cli
from udfs import bdur_macros

PLAN = Path(__file__).parents[1] / "workbook" / "plan"


class OpenBook:
    """A stand-in for the workbook in Excel: what is on screen is the file `shown`."""

    def __init__(self, shown: Path, folder: Path) -> None:
        self.name, self.fullname = (
            "BDuR_plan v3 definitief.xlsm",
            str(folder / "BDuR_plan v3 definitief.xlsm"),
        )
        self.api = SimpleNamespace(SaveCopyAs=lambda path: shutil.copy(shown, path))
        self.app = self
        self.alerts: list[tuple[str, str | None]] = []

    def alert(self, prompt: str, title: str, mode: str | None = None) -> None:
        assert title == "BDuR"
        self.alerts.append((prompt, mode))


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    assert cli.main(["bouw", "--bron", str(PLAN), "-o", str(path)]) == 0
    return path


def press(button: Any, book: OpenBook, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str | None]:
    monkeypatch.setattr(xlwings.Book, "caller", lambda: book)
    button()
    (alert,) = book.alerts
    return alert


def change(plan: Path, sheet: str, cell: str, value: str | int) -> None:
    book = openpyxl.load_workbook(plan)
    book[sheet][cell] = value
    book.save(plan)


def cell_of(plan: Path, sheet: str, heading: str) -> str:
    """Return the address of the first cell under a heading."""
    cells = (cell for row in openpyxl.load_workbook(plan)[sheet].iter_rows() for cell in row)
    found = next(cell for cell in cells if cell.value == heading)
    return f"{found.column_letter}{found.row + 1}"


def test_controleer_says_that_all_is_well(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, mode = press(bdur_macros.controleer, OpenBook(plan, plan.parent), monkeypatch)
    assert text.startswith("Alles klopt. Verder ")
    assert mode is None


def test_controleer_names_a_total_that_does_not_hold(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(plan, "Plan", cell_of(plan, "Plan", "2024 s"), 123_456)
    text, _ = press(bdur_macros.controleer, OpenBook(plan, plan.parent), monkeypatch)
    assert "niet." in text.splitlines()[0]
    assert "Tabel 2, 2024" in text
    assert "→ " in text


def test_controleer_names_the_cell_it_cannot_read(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = cell_of(plan, "Plan", "2024 s")
    change(plan, "Plan", cell, "veel")
    text, _ = press(bdur_macros.controleer, OpenBook(plan, plan.parent), monkeypatch)
    assert text.startswith("1 fout in de invoer.")
    assert f"Plan!{cell}" in text


def test_the_memo_lands_beside_the_workbook(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, mode = press(bdur_macros.vernieuw_bestuursmemo, OpenBook(plan, plan.parent), monkeypatch)
    (memo,) = plan.parent.glob("*.docx")
    assert str(memo) in text
    assert mode is None


def test_a_workbook_without_folder_gets_its_memo_in_documents(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    book = OpenBook(plan, Path("https:/region.sharepoint.com"))
    text, _ = press(bdur_macros.vernieuw_bestuursmemo, book, monkeypatch)
    assert str(tmp_path / "Documents") in text


def test_another_workbook_is_told_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("geen werkmap")
    text, mode = press(bdur_macros.controleer, OpenBook(other, tmp_path), monkeypatch)
    assert "geen leesbare Excel-werkmap" in text
    assert mode == "critical"


def test_a_bug_is_told_without_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = OpenBook(tmp_path / "absent.xlsm", tmp_path)
    text, mode = press(bdur_macros.controleer, book, monkeypatch)
    assert text.startswith("Dit is niet gelukt (FileNotFoundError")
    assert mode == "critical"
