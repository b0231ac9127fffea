"""A folder of CSV files -> the same inputs as the workbook, or a finding per file."""

import csv
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import PLAN
from sheets import Book, inputs, small

from bdur_xl.files import plan_csv
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.model import Finding, Inputs, Status
from bdur_xl.parse import parse_inputs
from bdur_xl.tables import INPUT_TABLES
from bdur_xl.terms import Kind


def write(folder: Path, book: Book) -> Path:
    """Write the book as CSV, with the headings of the sheets; dots in decimals."""
    for key, sheet in book.items():
        with (folder / INPUT_TABLES[key].csv).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(["" if cell is None else cell for cell in row] for row in sheet)
    return folder


def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PLAN, tmp_path / "plan"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def read(folder: Path) -> tuple[Inputs, list[Finding]]:
    raw, missing = read_folder(folder)
    parsed, found = parse_inputs(raw)
    return parsed, [*missing, *found]


def test_the_memos_plan(real_inputs: Inputs) -> None:
    assert real_inputs.plan.years == (2023, 2024, 2025, 2026)
    assert [line.line_id for line in real_inputs.plan.lines] == [f"P{n:02}" for n in range(1, 21)]
    assert [line.line_id for line in real_inputs.capacity] == [f"T{n:02}" for n in range(1, 11)]
    assert (len(real_inputs.goals), len(real_inputs.areas), len(real_inputs.links)) == (23, 12, 29)
    assert real_inputs.budget[2023].exact == 140_714_900
    assert real_inputs.premises.reference_date == (2023, 2, 23)
    assert real_inputs.premises.unsplit_as is Kind.STRUCTURAL


def test_fte_of_tabel_1_is_read_from_hundredths(real_inputs: Inputs) -> None:
    vakbekwaamheid = real_inputs.capacity[1]
    assert {column.label: figure for column, figure in vakbekwaamheid.figures.items()} == {
        "capaciteit structureel 2023 (fte)": 150, "middelen structureel 2023 (€)": 10_000_000,
    }  # fmt: skip


def test_a_folder_gives_what_the_sheets_give(tmp_path: Path) -> None:
    parsed, found = read(write(tmp_path, small()))
    expected = inputs(small())
    assert found == []
    for field in ("plan", "budget", "goals", "areas", "links", "capacity", "intake", "control_totals"):
        ours, theirs = getattr(parsed, field), getattr(expected, field)
        assert strip_places(ours) == strip_places(theirs), field
    assert parsed.premises == expected.premises


def strip_places(value: object) -> str:
    """Return the value as text without its places: they name a file here, a sheet there."""
    return re.sub(r"place='[^']*'", "", repr(value))


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    parsed, found = read(folder)
    assert found == []
    assert len(parsed.plan.lines) == 20
    assert read_folder(folder)[0]["budget"].headings[0] == "jaar"


@pytest.mark.parametrize("key", [key for key, table in INPUT_TABLES.items() if table.default is None])
def test_a_missing_file_is_a_fault(tmp_path: Path, key: str) -> None:
    folder, table = copy(tmp_path), INPUT_TABLES[key]
    (folder / table.csv).unlink()
    raw, found = read_folder(folder)
    assert key not in raw
    assert [(one.status, one.where, one.message) for one in found] == [
        (Status.FAULT, str(folder), f"bestand {table.csv} ontbreekt"),
    ]  # fmt: skip


@pytest.mark.parametrize("key", [key for key, table in INPUT_TABLES.items() if table.default is not None])
def test_a_file_with_a_default_may_be_missing(tmp_path: Path, key: str) -> None:
    folder, table = copy(tmp_path), INPUT_TABLES[key]
    (folder / table.csv).unlink()
    if key == "premises":
        (folder / INPUT_TABLES["intake"].csv).write_text(
            "regel_id,startmaand,fte_in_dienst\n", encoding="utf-8"
        )
    parsed, found = read(folder)
    told = [(Status.SIGNAL, table.csv)] if table.required else []
    assert [(one.status, one.where) for one in found] == told
    assert parsed.premises.norm_per_fte == 10_000_000
    assert parsed.plan.unsplit_as is Kind.STRUCTURAL


def test_a_folder_that_is_not_there_lacks_every_file(tmp_path: Path) -> None:
    _, found = read_folder(tmp_path / "nergens")
    assert sum(one.status is Status.FAULT for one in found) == 6


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"jaar,bron\n2031,\xe9\n", "is niet te lezen als CSV in UTF-8"),
        (b'jaar,bron\n2031,"open\n', "is niet te lezen als CSV in UTF-8"),
        (b"jaar,bron\n2031,x,y\n", "rij met 3 velden, 2 verwacht"),
    ],
)
def test_a_file_that_is_no_csv_is_a_fault(tmp_path: Path, content: bytes, says: str) -> None:
    folder = copy(tmp_path)
    (folder / "budget.csv").write_bytes(content)
    raw, found = read_folder(folder)
    assert "budget" not in raw
    assert [one.where for one in found] == [str(folder / "budget.csv")]
    assert says in found[0].message


def test_a_file_that_may_not_be_read_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(plan_csv, "_read_file", refuse)
    _, found = read_folder(copy(tmp_path))
    assert {one.message for one in found} == {"mag niet worden gelezen"}
    assert len(found) == len(INPUT_TABLES)


def test_an_empty_file_lacks_its_columns(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    (folder / "budget.csv").write_text("", encoding="utf-8")
    messages = [one.message for one in read(folder)[1]]
    assert "kolom jaar ontbreekt" in messages


@pytest.mark.parametrize(
    "typed", ["1.400", '"1.400,00"', '"1,400"', "n.v.t.", "1e6", "1.400.000", "€ 5", "TRUE"]
)
def test_a_number_written_otherwise_is_a_fault_with_its_place(tmp_path: Path, typed: str) -> None:
    """Above all 1.400: fourteen hundred to a Dutch reader, not one euro forty."""
    folder = copy(tmp_path)
    edit(folder / "budget.csv", "2024,1650000", f"2024,{typed}")
    (found,) = read(folder)[1]
    assert (found.status, found.where) == (Status.FAULT, "budget.csv regel 3, kolom beschikbaar Tabel 2")


@pytest.mark.parametrize(
    ("typed", "cents"), [("0.01", 1), ("1650000.5", 165_000_050), ("-3", -300), ("0", 0)]
)
def test_numbers_are_read_to_the_cent(tmp_path: Path, typed: str, cents: int) -> None:
    folder = copy(tmp_path)
    edit(folder / "budget.csv", "2024,1650000", f"2024,{typed}")
    assert read(folder)[0].budget[2024].rounded == cents


def test_short_rows_are_blank_at_the_end_and_blank_rows_are_nothing(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    with (folder / "plan_tabel2.csv").open("a", encoding="utf-8") as file:
        file.write("\n,,\nP21,toek. CB,fte,nieuw,,5\n")
    parsed, found = read(folder)
    assert found == []
    assert parsed.plan.lines[-1].place == "plan_tabel2.csv regel 24"
    assert list(parsed.plan.lines[-1].amounts.values()) == [500]


def test_cells_are_numbers_where_a_sheet_would_hold_numbers() -> None:
    raw, _ = read_folder(PLAN)
    cells = dict(zip(raw["budget"].headings, raw["budget"].rows[0][1], strict=True))
    assert isinstance(cells["jaar"], int | float | Decimal)
    assert cells["exact bedrag"] == 1_407_149
    assert isinstance(cells["status"], str)
    assert raw["budget"].rows[1][1][2] is None
