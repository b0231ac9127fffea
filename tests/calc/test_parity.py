"""The same function along every road: stored in the workbook, in Calc, by xlwings, by native formulas."""

import pytest
from parity import REPORT, Comparison, compare, results

from calc.office import Office

pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module")
def compared(office: Office) -> Comparison:
    return compare(office)


def test_every_road_gives_the_same(compared: Comparison) -> None:
    assert compared.differences == []


def test_every_kind_of_cell_was_compared(compared: Comparison) -> None:
    assert {one.what for one in compared.cells} == {
        "BDUR_OVERZICHT", "BDUR_DOELENMATRIX", "BDUR_CONTROLES", "BDUR_STATUS",
    }  # fmt: skip
    assert {one.what for one in compared.native} == {"Overzicht", "Doelbereik"}
    assert len(compared.cells) > 1_000
    assert len(compared.native) > 200


def test_the_report_is_of_this_workbook(compared: Comparison) -> None:
    report = REPORT.read_text(encoding="utf-8")
    assert results(compared) in report, "run make pariteit and commit the result"
