"""The committed workbook in a real spreadsheet program: recalculated, changed, grown."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from bdur_xl.build import functies, gezondheid
from bdur_xl.cells import DAY_ZERO
from calc import product
from calc.office import FormulaCell, Office, Value, Workbook

pytestmark = pytest.mark.libreoffice

WORKBOOK = Path(__file__).parents[2] / "workbook" / "BDuR_plan.xlsm"
OF_THIS_COMPUTER = ("BDUR_STATUS", functies.STATUS_NAME)
"""What names the versions on this computer: the stored value cannot know them."""


@pytest.fixture
def plan(office: Office) -> Iterator[Workbook]:
    """The committed workbook, open in Calc with the add-in, recalculated."""
    with product.opened(office) as opened:
        yield opened


def as_calc(value: object) -> Value:
    """Return a stored value as Calc gives it: dates are numbers, an empty text is nothing."""
    if isinstance(value, dt.datetime):
        return float((value.date() - DAY_ZERO).days)
    if isinstance(value, int | float):
        return float(value)
    return str(value) if value not in (None, "") else None


def alike(stored: Value, calculated: Value) -> bool:
    if isinstance(stored, float) and isinstance(calculated, float):
        return abs(stored - calculated) < 0.005  # half a cent
    return stored == (calculated or None)


def of_this_computer(cell: FormulaCell, stored: openpyxl.Workbook) -> bool:
    """Tell a cell that names this computer's versions, or on Gezondheid says what to do about them."""
    if any(name in cell.formula for name in OF_THIS_COMPUTER):
        return True
    row = int(re.sub(r"\D", "", cell.address))
    return (
        cell.sheet == gezondheid.SHEET
        and stored[cell.sheet].cell(row, gezondheid.VERDICT + 1).value == functies.NOT_CALCULATED
    )


def test_every_formula_gives_its_stored_value(plan: Workbook) -> None:
    stored = openpyxl.load_workbook(WORKBOOK, data_only=True)

    def differs(cell: FormulaCell) -> bool:
        value = as_calc(stored[cell.sheet][cell.address].value)
        return not of_this_computer(cell, stored) and not alike(value, cell.value)

    cells = plan.formula_cells()
    assert len(cells) > 2_000
    assert [cell for cell in cells if differs(cell)] == []


def test_a_changed_amount_moves_every_figure_that_depends_on_it(plan: Workbook) -> None:
    assert plan.read("hoofdcontrole") == "Alles klopt"
    assert plan.read("actualiteit") == "Actueel"
    line = [row[0] for row in plan.rows("plan_regel")].index("P06") + 7
    (headings,) = plan.rows("Plan!A6:Z6")
    column = headings.index("2025")
    plan.write(f"Plan!{chr(ord('A') + column)}{line}", 240_000.25)
    plan.recalculate()
    totals = by_label(plan)
    assert totals["jaartotaal"][2] == 1_645_000.25
    assert totals["fte"][2] == 1_340_000.25
    assert totals["BGC"][2] == 240_000.25
    assert totals["zonder aandachtsgebied"][2] == 640_000.25
    assert plan.read("hoofdcontrole") == "1 afwijking: zie Controles"  # C01: the printed total
    assert plan.read("actualiteit") != "Actueel"


def by_label(plan: Workbook) -> dict[str, list[Value]]:
    return {str(row[0]): row[1:] for row in plan.rows("Overzicht!A6:H60") if row[0]}


def test_verversing_names_the_printed_figures_that_no_longer_hold(plan: Workbook) -> None:
    """Without Python: P06 in 2025 from 200.000 to 240.000 makes exactly its own figures differ."""
    assert plan.read("memo_gewijzigd") == 0
    line = [row[0] for row in plan.rows("plan_regel")].index("P06") + 7
    plan.write(f"Plan!K{line}", 240_000)
    plan.recalculate()
    rows = [row for row in plan.rows("Verversing!A9:F600") if row[0]]
    moved = {f"{row[0]}.{row[2]}": row[5] for row in rows if isinstance(row[5], float) and row[5]}
    assert plan.read("memo_gewijzigd") == len(moved)
    assert moved == {
        "lasten-jaartotaal.2025": 40_000,
        "lasten-structureel.2025": 40_000,
        "blok-fte.2025": 40_000,
        "hoofdthema-toek. CB.2025": 40_000,
        "afdeling-BGC.2025": 40_000,
        "doel-geen-doel.2025": 40_000,
        "P06.2025": 40_000,
        "fte-structureel.2025": 0.4,
        "ruimte-afgerond.2025": -40_000,
        "ruimte-exact.2025": -40_000,
        **{f"cumulatief-{basis}.{year}": -40_000 for basis in ("afgerond", "exact") for year in (2025, 2026)},
    }


def test_a_year_a_line_and_a_department_typed_beside_and_below_flow_everywhere(plan: Workbook) -> None:
    (headings,) = plan.rows("Plan!A6:Z6")
    beside, below = headings.index(None), [row[0] for row in plan.rows("plan_regel")].index(None) + 7
    year = chr(ord("A") + beside)
    plan.write(f"Plan!{year}6", 2027.0)
    plan.write(f"Plan!{year}7", 123_456.78)
    plan.write(f"Plan!A{below}:E{below}", [["P21", "nieuw thema", "fte", "test", "NIEUW"]])
    plan.write(f"Plan!{year}{below}", 1_000.0)
    plan.recalculate()
    totals = by_label(plan)
    assert totals["jaar"][:5] == [2023.0, 2024.0, 2025.0, 2026.0, 2027.0]
    assert totals["jaartotaal"][4] == 124_456.78
    assert totals["nieuw thema"][4] == 1_000
    assert totals["NIEUW"][4] == 1_000
    assert {row[-1] for label, row in totals.items() if label != "Lasten"} <= {0.0, None, "verschil"} | {
        row[-1] for label, row in totals.items() if label.startswith("Als")
    }
    assert plan.read("overzicht_verschillen") == 0
    assert plan.read("hoofdcontrole") == "Alles klopt"


def test_text_among_the_amounts_is_an_error_and_not_a_smaller_sum(plan: Workbook) -> None:
    plan.write("Plan!H7", "veel")
    plan.recalculate()
    assert str(by_label(plan)["jaartotaal"][0]).startswith("#")
    assert plan.read("hoofdcontrole") == "Niet te bepalen: zie Controles"
    assert any("kolom 2023 s" in str(row[3]) for row in plan.rows("Controles!A14:F20"))


def test_saved_as_ods_the_commands_say_what_to_do(plan: Workbook, tmp_path: Path) -> None:
    from bdur_xl.files.workbook import WorkbookError, read_workbook

    path = tmp_path / "BDuR_plan v3 definitief.ods"
    plan.export(path)
    with pytest.raises(WorkbookError, match=r"geen \.xlsx of \.xlsm-bestand"):
        read_workbook(path)
