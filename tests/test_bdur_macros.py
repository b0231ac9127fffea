"""The buttons, through xlwings itself on a stand-in for Excel's objects."""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import pytest
from contract.windows import windows
from excel import Cell, Workbook
from sheets import small, write_with_tables

from bdur_xl import cli
from bdur_xl.tables import INPUT_TABLES

PLAN = Path(__file__).parents[1] / "workbook" / "plan"
NAME = "BDuR_plan v3 definitief.xlsm"

Alert = tuple[str, str | None]
Press = Callable[[str, Workbook], Alert]


@pytest.fixture(scope="module")
def xlwings() -> Iterator[ModuleType]:
    """xlwings as a Windows Python has it."""
    with windows() as module:
        yield module


@pytest.fixture
def press(xlwings: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Press:
    """Press a button of a workbook, and read the one message that comes."""
    macros = import_module("udfs.bdur_macros")
    impl = import_module("xlwings._xlwindows").Book

    def button(macro: str, book: Workbook) -> Alert:
        alerts: list[Alert] = []

        def alert(_: object, prompt: str, title: str, mode: str | None = None) -> None:
            assert title == "BDuR"
            alerts.append((prompt, mode))

        monkeypatch.setattr(xlwings.App, "alert", alert)
        monkeypatch.setattr(xlwings.Book, "caller", lambda: xlwings.Book(impl=impl(xl=book)))
        getattr(macros, macro)()
        (only,) = alerts
        return only

    return button


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    assert cli.main(["bouw", "--bron", str(PLAN), "-o", str(path)]) == 0
    return path


def shown(path: Path, folder: Path | None = None) -> Workbook:
    """Return a workbook in Excel: what is on screen is the file `path`."""
    return Workbook(path, str((folder or path.parent) / NAME))


def change(plan: Path, sheet: str, cell: str, value: str | int) -> None:
    book = openpyxl.load_workbook(plan)
    book[sheet][cell] = value
    book.save(plan)


def cell_of(plan: Path, sheet: str, heading: str) -> str:
    """Return the address of the first cell under a heading."""
    cells = (cell for row in openpyxl.load_workbook(plan)[sheet].iter_rows() for cell in row)
    found = next(cell for cell in cells if cell.value == heading)
    return f"{found.column_letter}{found.row + 1}"


def test_controleer_says_that_all_is_well(plan: Path, press: Press) -> None:
    text, mode = press("controleer", shown(plan))
    assert text.startswith("Alles klopt. Verder ")
    assert mode is None


def test_controleer_names_a_total_that_does_not_hold(plan: Path, press: Press) -> None:
    change(plan, "Plan", cell_of(plan, "Plan", "2024 s"), 123_456)
    text, _ = press("controleer", shown(plan))
    assert "niet." in text.splitlines()[0]
    assert "Tabel 2, 2024" in text
    assert "→ " in text


def test_controleer_names_the_cell_it_cannot_read(plan: Path, press: Press) -> None:
    cell = cell_of(plan, "Plan", "2024 s")
    change(plan, "Plan", cell, "veel")
    text, _ = press("controleer", shown(plan))
    assert text.startswith("1 fout in de invoer.")
    assert f"Plan!{cell}" in text


def test_the_memo_lands_beside_the_workbook(plan: Path, press: Press) -> None:
    text, mode = press("vernieuw_bestuursmemo", shown(plan))
    (memo,) = plan.parent.glob("*.docx")
    assert str(memo) in text
    assert mode is None


def test_a_workbook_without_folder_gets_its_memo_in_documents(
    plan: Path, tmp_path: Path, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    text, _ = press("vernieuw_bestuursmemo", online(plan))
    assert str(tmp_path / "Documents") in text


def test_another_workbook_is_told_what_it_is(tmp_path: Path, press: Press) -> None:
    book = shown(write_with_tables(tmp_path / "plan.xlsx", small()))
    book.shown = tmp_path / "letter.txt"
    book.shown.write_text("geen werkmap")
    text, mode = press("controleer", book)
    assert "geen leesbare Excel-werkmap" in text
    assert mode == "critical"


def test_a_bug_is_told_without_traceback(tmp_path: Path, press: Press) -> None:
    book = shown(write_with_tables(tmp_path / "plan.xlsx", small()))
    book.shown = tmp_path / "absent.xlsm"
    text, mode = press("controleer", book)
    assert text.startswith("Dit is niet gelukt (FileNotFoundError")
    assert mode == "critical"


# Herstel vorige stand


def online(path: Path, site: str = "https://region.sharepoint.com/plan") -> Workbook:
    """Return a workbook in Excel that stands in no folder of this computer."""
    return Workbook(path, f"{site}/{NAME}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The small plan as a file."""
    return write_with_tables(tmp_path / "plan.xlsx", small(), row=5)


@pytest.fixture
def book(file: Path) -> Workbook:
    """The small plan in Excel."""
    return shown(file)


def cell(book: Workbook, key: str, row: int, column: int) -> Cell:
    """Return a cell of a table, counted from its first heading."""
    table = book.table(INPUT_TABLES[key].table)
    return table.Parent.grid[table.first[0] + row, table.first[1] + column]


def state(book: Workbook) -> dict[str, list[list[Any]]]:
    """Return what every table shows and how."""
    return {
        table.Name: [
            [(one.value, one.formula, one.form) for one in map(table.Parent.grid.__getitem__, row)]
            for row in table.Range.places()
        ]
        for sheet in book.Worksheets
        for table in sheet.ListObjects
        if table.Range
    }


def snapshots_of(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "momentopnamen").glob("*"))


def test_what_the_memo_was_made_from_comes_back_and_then_what_came_after(
    book: Workbook, press: Press
) -> None:
    cell(book, "plan", 4, 5).enter("=60000*2")
    cell(book, "plan", 1, 3).enter("'=1+1")
    before = state(book)
    text, mode = press("vernieuw_bestuursmemo", book)
    assert (text.startswith("De memo staat in"), mode) == (True, None)
    cell(book, "plan", 1, 3).enter("anders")
    cell(book, "plan", 2, 5).enter(None)
    cell(book, "plan", 4, 5).enter(5)
    cell(book, "premises", 4, 1).enter("anders")
    after = state(book)
    text, mode = press("herstel_vorige_stand", book)
    assert mode is None
    assert text.startswith("Hersteld naar de stand van ")
    assert ": 3 cellen gewijzigd op Plan en 1 op Over.\n" in text
    assert state(book) == before
    press("herstel_vorige_stand", book)
    assert state(book) == after
    press("herstel_vorige_stand", book)
    assert state(book) == before
    assert len(snapshots_of(Path(book.FullName).parent)) == 4, "older ones are kept"


def test_lines_and_years_that_came_go_and_those_that_went_come_back(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    before, plan, goals = state(book), book.table("tblPlan"), book.table("tblDoelen")
    plan.width += 1
    cell(book, "plan", 0, 8).enter("'2033")
    cell(book, "plan", 1, 8).enter(5)
    goals.height -= 1
    for column in range(6):
        cell(book, "goals", 5, column).enter(None)
    after = state(book)
    press("herstel_vorige_stand", book)
    assert state(book) == before
    assert cell(book, "plan", 1, 8).value is None
    press("herstel_vorige_stand", book)
    assert state(book) == after


def test_the_whole_plan_comes_back_with_the_formats_of_its_cells(plan: Path, press: Press) -> None:
    book = shown(plan)
    before = state(book)
    press("vernieuw_bestuursmemo", book)
    cell(book, "plan", 3, 6).enter(5)
    cell(book, "plan", 4, 3).enter("=1+1")  # text: the column is
    cell(book, "intake", 1, 1).enter("mei 2031")
    cell(book, "links", 2, 2).enter(None)
    text, _ = press("herstel_vorige_stand", book)
    assert ": 2 cellen gewijzigd op Plan, 1 op Doelen en 1 op Instroom.\n" in text
    assert state(book) == before


def test_without_an_earlier_state_nothing_happens(book: Workbook, press: Press) -> None:
    text, mode = press("herstel_vorige_stand", book)
    assert text.startswith("Er is geen eerdere stand die van de huidige verschilt.\n")
    assert mode is None
    assert snapshots_of(Path(book.FullName).parent) == []
    press("vernieuw_bestuursmemo", book)
    text, _ = press("herstel_vorige_stand", book)
    assert text.startswith("Er is geen eerdere stand die van de huidige verschilt.\n")
    assert len(snapshots_of(Path(book.FullName).parent)) == 1


def test_a_renamed_copy_has_no_earlier_state(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    cell(book, "plan", 1, 5).enter(5)
    book.Name = "BDuR_plan v4.xlsm"
    text, _ = press("herstel_vorige_stand", book)
    assert text.startswith("Er is geen eerdere stand")


def test_in_documents_workbooks_of_one_name_are_kept_apart(
    file: Path, tmp_path: Path, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    one, other = online(file), online(file, "https://archief.sharepoint.com")
    press("vernieuw_bestuursmemo", one)
    (kept,) = snapshots_of(tmp_path / "Documents")
    assert kept.startswith("BDuR_plan v3 definitief ")
    for book in (one, other):
        cell(book, "plan", 1, 5).enter(5)
    assert press("herstel_vorige_stand", other)[0].startswith("Er is geen eerdere stand")
    assert press("herstel_vorige_stand", one)[0].startswith("Hersteld naar de stand van ")


def test_a_state_that_cannot_be_kept_stops_the_memo_and_the_restore(book: Workbook, press: Press) -> None:
    folder = Path(book.FullName).parent
    (folder / "momentopnamen").write_text("een bestand")
    text, mode = press("vernieuw_bestuursmemo", book)
    assert text.startswith("De stand van nu kan niet worden bewaard in")
    assert mode == "critical"
    assert list(folder.glob("*.docx")) == []


def test_a_full_disk_leaves_the_workbook_as_it_is(
    book: Workbook, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press("vernieuw_bestuursmemo", book)
    cell(book, "plan", 1, 5).enter(5)
    before = state(book)

    def full(_: int) -> None:
        raise OSError("vol")

    monkeypatch.setattr(os, "fsync", full)
    text, mode = press("herstel_vorige_stand", book)
    assert text.startswith("De stand van nu kan niet worden bewaard in")
    assert mode == "critical"
    assert state(book) == before


def test_a_damaged_snapshot_leaves_the_workbook_as_it_is(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    (kept,) = (Path(book.FullName).parent / "momentopnamen").iterdir()
    kept.write_bytes(kept.read_bytes()[:-100])
    cell(book, "plan", 1, 5).enter(5)
    before = state(book)
    text, mode = press("herstel_vorige_stand", book)
    assert (
        text
        == f"{kept} is geen leesbare momentopname.\nZet dat bestand in een andere map en probeer het opnieuw."
    )
    assert mode == "critical"
    assert state(book) == before


def test_what_excel_refuses_halfway_leaves_every_table_as_it_was(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    cell(book, "plan", 1, 5).enter(5)
    cell(book, "premises", 1, 1).enter("anders")
    before, over = state(book), book.table("tblUitgangspunten").Parent
    over.ProtectContents, over.password = True, "geheim"
    text, mode = press("herstel_vorige_stand", book)
    assert text == "Het blad Over is met een wachtwoord beveiligd.\nHef die beveiliging op en druk opnieuw."
    assert mode == "critical"
    assert state(book) == before


def test_a_workbook_without_tables_makes_its_memo_too(book: Workbook, press: Press) -> None:
    book.Worksheets = []
    text, _ = press("vernieuw_bestuursmemo", book)
    assert text.startswith("De memo staat in")
    assert snapshots_of(Path(book.FullName).parent) == []
