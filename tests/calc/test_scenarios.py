"""The sheet Scenario's recalculated in a real LibreOffice: to the cent what the core gives."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from bdur_xl.answers import YEARS_AFTER
from bdur_xl.build.frame import Placed
from bdur_xl.build.scenarios import MEASURES, SHEET, UNREADABLE
from bdur_xl.build.workbook import place_tables
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.files.workbook import read_workbook
from bdur_xl.model import ExtraCost, FromYear, Inputs, Scenario
from bdur_xl.nl import ABSENT, round_half_up
from bdur_xl.parse import parse_inputs
from bdur_xl.scenarios import ScenarioFigures, compared, continued
from bdur_xl.tables import column_letters
from bdur_xl.terms import Basis
from calc import product
from calc.office import Office, Value, Workbook

pytestmark = pytest.mark.libreoffice

ROOT = Path(__file__).parents[2]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"
SPARE_YEARS = 2

OWN = Scenario(
    "van alles wat", start=(2024, 10), in_house=150, cut=FromYear(Fraction(1, 8), 2025),
    indexation=FromYear(Fraction(21, 1000), 2023), extra=ExtraCost("P11", 2024, 2026, 3_333_333, 150),
    carry_over=False,
)  # fmt: skip
"""A row of staff with every part filled in."""


@pytest.fixture
def plan(office: Office) -> Iterator[Workbook]:
    with product.opened(office) as opened:
        yield opened


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return parse_inputs(read_workbook(WORKBOOK))[0]


@pytest.fixture(scope="module")
def table() -> Placed:
    return place_tables(read_folder(ROOT / "workbook" / "plan")[0])["scenarios"]


def measure(one: ScenarioFigures, name: str, basis: Basis) -> list[Value]:
    figures = {
        "lasten": one.planned,
        "beschikbaar": one.available[basis],
        "ruimte": one.room[basis],
        "cumulatief": one.cumulative[basis],
        "verschil met basis": one.difference[basis],
    }[name]
    cells: list[Value] = [
        ABSENT if cents is None else round_half_up(cents) / 100 for cents in figures.values()
    ]
    return [*cells, *[None] * SPARE_YEARS]


def equals_the_core(plan: Workbook, inputs: Inputs, basis: Basis) -> None:
    """Compare every figure people read with the core, and the sheet's own second route with it."""
    for name in MEASURES:
        shown = plan.rows(f"scenariocijfers_{name.replace(' ', '_')}")
        expected = [measure(one, name, basis) for one in compared(inputs)]
        assert [
            [cell or None if cell == "" else cell for cell in row] for row in shown[: len(expected)]
        ] == expected
        assert {cell for row in shown[len(expected) :] for cell in row} <= {None, ""}
    after = [one.room[basis] for one in compared(continued(inputs, YEARS_AFTER))]
    shown = plan.rows("scenariocijfers_na_het_plan")
    assert shown[: len(after)] == [
        [round_half_up(cents or 0) / 100 for cents in room.values()] for room in after
    ]
    assert plan.read("scenarios_verschillen") == 0
    assert plan.read("hoofdcontrole") == "Alles klopt"


@pytest.mark.parametrize("basis", Basis)
def test_the_shipped_scenarios_on_the_chosen_basis(plan: Workbook, inputs: Inputs, basis: Basis) -> None:
    plan.write("scenarios_grondslag", str(basis))
    plan.recalculate()
    equals_the_core(plan, inputs, basis)
    months = {Basis.ROUNDED: "8,20", Basis.EXACT: "8,30"}[basis]
    assert f"nihil bij {months} maanden formatie" in str(plan.read(f"{SHEET}!B7"))


def test_staffs_own_row_typed_below_the_last(plan: Workbook, inputs: Inputs, table: Placed) -> None:
    cells: dict[str, Value] = {
        "naam": OWN.name, "startmaand": 45_566.0, "fte_in_dienst": 1.5, "korting": 0.125,
        "korting_vanaf": 2025.0, "indexatie": 0.021, "indexatie_vanaf": 2023.0, "extra_regel": "P11",
        "extra_vanaf": 2024.0, "extra_tot_en_met": 2026.0, "extra_fte": 1.5, "extra_bedrag": 33_333.33,
        "overdracht": "nee",
    }  # fmt: skip
    for name, cell in cells.items():
        plan.write(f"{SHEET}!{column_letters(table.column(name) + 1)}{table.bottom + 2}", cell)
    plan.recalculate()
    equals_the_core(plan, inputs._replace(scenarios=(*inputs.scenarios, OWN)), Basis.ROUNDED)


def test_a_changed_amount_moves_every_scenario(plan: Workbook, inputs: Inputs) -> None:
    line = [row[0] for row in plan.rows("plan_regel")].index("P12") + 7
    (headings,) = plan.rows("Plan!A6:Z6")
    plan.write(f"Plan!{column_letters(headings.index('2026') + 1)}{line}", 100_000.05)
    plan.recalculate()
    lines = tuple(
        one._replace(amounts={**one.amounts, **{c: 10_000_005 for c in one.amounts if c.year == 2026}})
        if one.line_id == "P12"
        else one
        for one in inputs.plan.lines
    )
    changed = inputs._replace(plan=inputs.plan._replace(lines=lines))
    for name in MEASURES:
        shown = plan.rows(f"scenariocijfers_{name.replace(' ', '_')}")
        expected = [measure(one, name, Basis.ROUNDED) for one in compared(changed)]
        assert [row[:4] for row in shown[: len(expected)]] == [row[:4] for row in expected]
    assert plan.read("scenarios_verschillen") == 0


def test_a_scenario_that_cannot_be_read_is_no_silence(plan: Workbook, table: Placed) -> None:
    cell = f"{SHEET}!{column_letters(table.column('korting') + 1)}{table.top + 2}"
    plan.write(cell, 5.0)
    plan.recalculate()
    assert plan.read("hoofdcontrole") == "Niet te bepalen: zie Controles"
    assert [UNREADABLE] in plan.rows(f"{SHEET}!A1:A40")
    assert str(plan.rows("scenariocijfers_ruimte")[0][0]) == "#VALUE!"
    assert any("kolom korting" in str(row[3]) for row in plan.rows("Controles!A14:F24"))
