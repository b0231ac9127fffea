"""`bdur realisatie` and `bdur importeer`, as a person runs them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sheets import Book, small, write_with_tables

from bdur_xl.files.workbook import read_workbook

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"


def bdur(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bdur_xl.cli", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip


def plan(*rows: list[object]) -> Book:
    book = small()
    book["actuals"] = [["regel", "jaar", "bedrag", "t/m", "omschrijving"], *rows]
    book["ledger_map"] = [
        ["grootboekrekening", "kostenplaats", "regel", "toelichting"],
        ["4100", None, "L1", None],
        ["4300", "910", "L3", None],
    ]
    return book


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return write_with_tables(tmp_path / "plan.xlsx", plan(["L3", 2031, 55_000.10, "30-6-2031", None]))


def test_the_shipped_workbook_has_no_actuals_yet() -> None:
    run = bdur("realisatie", WORKBOOK)
    assert run.returncode == 0, run.stderr
    assert "nog geen analyse gemaakt" in run.stdout
    assert run.stdout.count("nog geen realisatie") == 5  # the promise, and each of the four years
    years = json.loads(bdur("realisatie", WORKBOOK, "--json").stdout)["jaren"]
    assert list(years) == ["2023", "2024", "2025", "2026"]
    assert years["2023"]["totaal"] == {
        "raming": 1685000, "raming_tm_peildatum": None, "realisatie": None,
        "verschil_tm_peildatum": None, "verwachting": None, "verschil": None,
    }  # fmt: skip


def test_plan_against_actual_on_screen_and_as_json(workbook: Path) -> None:
    plain = bdur("realisatie", workbook).stdout.replace("\N{NO-BREAK SPACE}", " ")
    for shown in ("2031 t/m 30 juni 2031, per planregel", "€ 55.000,10", "−€ 5.000,10", "€ 105.000,10"):
        assert shown in plain
    figures = json.loads(bdur("realisatie", workbook, "--json").stdout)
    assert figures["laatste_peildatum"] == "2031-06-30"
    assert figures["jaren"]["2031"]["regels"]["L3"] == {
        "raming": 100000, "raming_tm_peildatum": 50000, "realisatie": 55000.1,
        "verschil_tm_peildatum": -5000.1, "verwachting": 105000.1, "verschil": -5000.1,
        "oorzaak": "t/m 30 juni €\N{NO-BREAK SPACE}5.000,10 meer dan geraamd",
    }  # fmt: skip


def export(folder: Path, *rows: str) -> Path:
    path = folder / "export.csv"
    path.write_text("\n".join(("Rekening;Kostenplaats;Boekdatum;Bedrag", *rows)), encoding="cp1252")
    return path


def test_an_import_writes_a_workbook_beside_it_and_leaves_the_plan_alone(
    workbook: Path, tmp_path: Path
) -> None:
    before = workbook.read_bytes()
    ledger = export(
        tmp_path, "4100;910;5-3-2031;40.000,00", "4300;910;5-3-2031;55.000,10", "4999;;5-3-2031;7,50",
        "4100;;1-8-2031;1,00",
    )  # fmt: skip
    run = bdur("importeer", ledger, workbook, "--peildatum", "30-6-2031")
    assert run.returncode == 0, run.stderr
    assert workbook.read_bytes() == before
    plain = run.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "4999: € 7,50 in 1 boeking" in plain
    assert plain.count("€ 95.008,60") == 2  # the groups together, and the control total
    result = read_workbook(tmp_path / "Realisatie t-m 2031-06-30.xlsx")["actuals"]
    assert [row[:3] for _, row in result.rows] == [("L1", 2031.0, 40_000.0), ("L3", 2031.0, 55_000.1)]
    again = bdur("importeer", ledger, workbook, "--peildatum", "30-6-2031")
    assert "(2).xlsx" in again.stdout  # an earlier result is never overwritten


def test_unreadable_rows_are_named_and_tell_the_shell(workbook: Path, tmp_path: Path) -> None:
    ledger = export(tmp_path, "4100;;31-6-2031;1", "4100;;1-6-2031;2")
    run = bdur("importeer", ledger, workbook, "--peildatum", "30-6-2031", "-o", tmp_path / "uit")
    assert run.returncode == 1
    assert 'rij 2: boekdatum bevat "31-6-2031"' in run.stdout
    assert len(list((tmp_path / "uit").glob("*.xlsx"))) == 1


def test_without_any_rule_every_account_is_listed(tmp_path: Path) -> None:
    book = write_with_tables(tmp_path / "plan.xlsx", small())
    run = bdur("importeer", export(tmp_path, "4100;;1-6-2031;2"), book, "--peildatum", "30-6-2031")
    assert run.returncode == 0
    assert "4100" in run.stdout


@pytest.mark.parametrize(
    ("heading", "date", "message"),
    [
        (
            "Rekening;Kostenplaats;Boekdatum;Waarde",
            "30-6-2031",
            "De kolom bedrag (of debet en credit) ontbreekt",
        ),
        ("Rekening;Kostenplaats;Boekdatum;Bedrag", "juni 2031", "geen datum"),
        ("Rekening;Kostenplaats;Boekdatum;Bedrag", "", "de datum is leeg"),
    ],
)
def test_what_cannot_be_imported_says_why(
    workbook: Path, tmp_path: Path, heading: str, date: str, message: str
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f"{heading}\n4100;;1-6-2031;2\n", encoding="utf-8")
    run = bdur("importeer", path, workbook, "--peildatum", date)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert not list(tmp_path.glob("Realisatie*"))


def test_a_rule_conflict_stops_the_import(tmp_path: Path) -> None:
    book = plan()
    book["ledger_map"].append(["4100", None, "L2", None])
    path = write_with_tables(tmp_path / "plan.xlsx", book)
    run = bdur("importeer", export(tmp_path), path, "--peildatum", "30-6-2031")
    assert run.returncode == 2
    assert "4100 hoort hier bij L2" in run.stderr


def test_a_folder_that_cannot_be_written_is_named(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "uit").write_text("geen map")
    run = bdur("importeer", export(tmp_path), workbook, "--peildatum", "30-6-2031", "-o", tmp_path / "uit")
    assert run.returncode == 2
    assert "kan niet worden geschreven" in run.stderr
