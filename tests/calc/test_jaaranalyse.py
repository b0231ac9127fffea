"""Actuals typed in the committed workbook: the sheet Jaaranalyse by both routes, figures by hand."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from bdur_xl.build.workbook import build_workbook
from bdur_xl.cells import DAY_ZERO
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.parse import parse_inputs
from calc.office import Office, Value, Workbook
from calc.product import ROOT, WORKBOOK
from calc.test_workbook import alike, as_calc

pytestmark = pytest.mark.libreoffice

JUNE_30 = float((dt.date(2023, 6, 30) - DAY_ZERO).days)
DASH = "–"


@pytest.fixture
def plan(office: Office, tmp_path: Path) -> Iterator[Workbook]:
    with office.open(Path(shutil.copy(WORKBOOK, tmp_path))) as opened:
        yield opened


def spend(plan: Workbook, *rows: tuple[str, float, float, float]) -> None:
    for number, row in enumerate(rows, start=7):
        plan.write(f"Realisatie!A{number}:D{number}", [list(row)])
    plan.recalculate()


def by_key(plan: Workbook) -> dict[str, list[Value]]:
    """Return the rows people read, by year or line."""
    rows = plan.rows("Jaaranalyse!A12:J60")
    return {str(row[0]).removesuffix(".0"): row[1:] for row in rows if row[0]}


def test_nothing_spent_is_said_and_not_nil(plan: Workbook) -> None:
    plan.recalculate()
    rows = by_key(plan)
    assert rows["2023"][:9] == [DASH, 1_685_000, DASH, DASH, DASH, DASH, DASH, "nog geen realisatie", 0]
    assert rows["P01"][1:7] == [100_000, DASH, DASH, DASH, DASH, DASH]
    assert rows["P10"][1:8] == [DASH] * 6 + ["geen raming in 2023"]
    assert plan.read("hoofdcontrole") == "Alles klopt"


def test_what_is_typed_is_compared_by_both_routes(plan: Workbook) -> None:
    """P01 costs € 100.000 a year from May, P02 € 150.000 with half an fte in house; P15 has no plan."""
    spent = (("P01", 20_000), ("P01", 5_000), ("P02", 61_250.75), ("P15", 5_000))
    spend(plan, *((line, 2023, amount, JUNE_30) for line, amount in spent))
    rows = by_key(plan)
    assert rows["P01"][1:7] == [100_000, 16_666.67, 25_000, -8_333.33, 75_000, 25_000]
    assert rows["P02"][1:7] == [150_000, 41_666.67, 61_250.75, -19_584.08, 136_250.75, 13_749.25]
    assert rows["P15"][1:8] == [DASH, DASH, 5_000, -5_000, 5_000, -5_000, "uitgaven zonder raming"]
    assert rows["P08"][1:7] == [150_000, DASH, DASH, DASH, 150_000, 0]
    # as planned with the intake (1.418.333,36, rounded per line), but for P01, P02 and P15
    expected = 1_418_333.36 + (75_000 - 66_666.67) + (136_250.75 - 116_666.67) + 5_000
    assert rows["totaal"][1:7] == pytest.approx(
        [1_685_000, 58_333.34, 91_250.75, -32_917.41, expected, 1_685_000 - expected], abs=0.004
    )
    assert rows["2023"][:7] == [JUNE_30, *rows["totaal"][1:7]]
    assert rows["2024"][2:7] == [DASH] * 5
    assert all(row[8] == 0 for row in rows.values() if isinstance(row[8], float))
    assert plan.read("hoofdcontrole") == "Alles klopt"
    assert plan.read("Jaaranalyse!A8") == "De laatste analyse heeft als peildatum 30 juni 2023."


def test_staff_choose_the_year(plan: Workbook) -> None:
    spend(plan, ("P10", 2024, 0, JUNE_30 + 366))
    assert by_key(plan)["totaal"][0] == "2024"  # the last year with actuals
    plan.write("jaaranalyse_gevraagd", 2023.0)
    plan.recalculate()
    rows = by_key(plan)
    assert rows["totaal"][0] == "2023"
    assert rows["P10"][1] == DASH
    assert rows["2024"][2:5] == [50_000, 0, 50_000]  # also of lines and years that are not shown
    assert plan.read("hoofdcontrole") == "Alles klopt"


def test_a_row_that_cannot_be_compared_fails_the_master_check(plan: Workbook) -> None:
    spend(plan, ("P99", 2023, 1, JUNE_30))
    assert str(plan.read("hoofdcontrole")).endswith(": zie Controles")


def test_a_year_typed_beside_the_plan_moves_the_lines_down(plan: Workbook) -> None:
    (headings,) = plan.rows("Plan!A6:Z6")
    year = chr(ord("A") + headings.index(None))
    plan.write(f"Plan!{year}6", 2027.0)
    plan.write(f"Plan!{year}7", 90_000.0)
    spend(plan, ("P01", 2027, 40_000, JUNE_30 + 4 * 365 + 1))
    rows = by_key(plan)
    assert rows["2027"][:7] == [JUNE_30 + 4 * 365 + 1, 90_000, 45_000, 40_000, 5_000, 85_000, 5_000]
    assert rows["P01"][1:7] == [90_000, 45_000, 40_000, 5_000, 85_000, 5_000]
    assert all(row[8] == 0 for row in rows.values() if isinstance(row[8], float))


def test_a_workbook_built_with_actuals_stores_what_calc_computes(office: Office, tmp_path: Path) -> None:
    raw, _ = read_folder(ROOT / "workbook" / "plan")
    table = raw["actuals"]
    rows = (("P03", 2023, 40_000, "2023-04-15", None), ("P17", 2023, 0, "2023-04-15", None),
            ("P05", 2024, 99.99, "2024-12-31", None))  # fmt: skip
    raw["actuals"] = type(table)(
        table.source, table.headings, tuple(enumerate(rows, start=2)), in_sheet=False
    )
    path = tmp_path / "plan.xlsm"
    build_workbook(raw, parse_inputs(raw)[0], path)
    stored = openpyxl.load_workbook(path, data_only=True)["Jaaranalyse"]
    with office.open(path) as opened:
        opened.recalculate()
        cells = [cell for cell in opened.formula_cells() if cell.sheet == "Jaaranalyse"]
        assert opened.read("hoofdcontrole") == "Alles klopt"
    assert len(cells) > 1_000
    assert [cell for cell in cells if not alike(as_calc(stored[cell.address].value), cell.value)] == []
