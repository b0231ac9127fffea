"""What staff do to the file: the figures stay right, or the command says precisely what is wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from bdur_xl.files.workbook import read_workbook
from bdur_xl.model import Finding, Inputs, faults
from bdur_xl.overview import Overview, overview
from bdur_xl.parse import parse_inputs
from calc.office import Office

WORKBOOK = Path(__file__).parents[2] / "workbook" / "BDuR_plan.xlsm"
FIRST = 7
"""The first plan line's row."""


def understood(path: Path) -> tuple[Inputs, list[Finding]]:
    return parse_inputs(read_workbook(path))


def figures(path: Path) -> Overview:
    inputs, found = understood(path)
    assert faults(found) == []
    return overview(inputs)


def edited(path: Path, edit: Callable[[Worksheet, Table], None]) -> Path:
    """Save the workbook as another program would, its Plan changed."""
    book = openpyxl.load_workbook(WORKBOOK, keep_vba=True)
    edit(book["Plan"], book["Plan"].tables["tblPlan"])
    book.save(path)
    return path


def rows(sheet: Worksheet) -> list[list[object]]:
    lines = sheet.iter_rows(min_row=FIRST, max_row=FIRST + 19, max_col=12)
    return [[cell.value for cell in row] for row in lines]


def write_rows(sheet: Worksheet, values: list[list[object]]) -> None:
    for number, row in enumerate(values):
        for column, value in enumerate(row, start=1):
            sheet.cell(FIRST + number, column).value = value  # type: ignore[assignment]  # what it held before


def same(first: Overview, second: Overview) -> bool:
    return (first.planned, first.room, first.by_theme, first.without_goal) == (
        second.planned,
        second.room,
        second.by_theme,
        second.without_goal,
    )


def test_sorted_and_filtered(tmp_path: Path) -> None:
    def edit(sheet: Worksheet, _: Table) -> None:
        write_rows(sheet, rows(sheet)[::-1])
        for row in range(FIRST, FIRST + 10):
            sheet.row_dimensions[row].hidden = True

    assert same(figures(edited(tmp_path / "gesorteerd.xlsm", edit)), figures(WORKBOOK))


def test_a_row_inserted_in_the_table(tmp_path: Path) -> None:
    def edit(sheet: Worksheet, table: Table) -> None:
        values = rows(sheet)
        new: list[object] = ["P21", "toek. CB", "middelen", "drones", "CB", None, 1_000, *[None] * 5]
        write_rows(sheet, [*values[:5], new, *values[5:]])
        table.ref = f"A{FIRST - 1}:L{FIRST + 20}"

    assert figures(edited(tmp_path / "regel.xlsm", edit)).planned[2023] == 1_686_000_00


def test_a_line_deleted(tmp_path: Path) -> None:
    def edit(sheet: Worksheet, table: Table) -> None:
        values = rows(sheet)
        write_rows(sheet, [*values[:4], *values[5:], [None] * 12])
        table.ref = f"A{FIRST - 1}:L{FIRST + 18}"

    path = edited(tmp_path / "weg.xlsm", edit)
    inputs, found = understood(path)
    assert len(inputs.plan.lines) == 19
    assert {one.where.split("!")[0] for one in faults(found)} == {"Doelen", "Instroom", "Tabel 1"}
    assert all('"P05"' in one.message for one in faults(found))  # what still names the line is named


def test_values_pasted_over_formats(tmp_path: Path) -> None:
    def edit(sheet: Worksheet, _: Table) -> None:
        for row in sheet.iter_rows(min_row=FIRST, max_row=FIRST + 19, max_col=12):
            for cell in row:
                cell.number_format = "General"

    assert same(figures(edited(tmp_path / "geplakt.xlsm", edit)), figures(WORKBOOK))


@pytest.mark.libreoffice
def test_saved_by_libreoffice_as_xlsx(office: Office, tmp_path: Path) -> None:
    with office.open(Path(shutil.copy(WORKBOOK, tmp_path))) as book:
        saved = book.export(tmp_path / "BDuR_plan v3 definitief.xlsx")
    assert same(figures(saved), figures(WORKBOOK))
