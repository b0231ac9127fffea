"""The same function along every road: stored in the workbook, in Calc, by xlwings, by native formulas."""

import pytest
from parity import REPORT, Compared, Comparison, compare, results

from bdur_xl.cells import Unreadable
from calc.office import Office, Value

pytestmark = pytest.mark.libreoffice


@pytest.fixture(scope="module")
def compared(office: Office) -> Comparison:
    return compare(office)


def test_every_road_gives_the_same(compared: Comparison) -> None:
    assert compared.differences == []


def test_every_kind_of_cell_was_compared(compared: Comparison) -> None:
    assert {one.what for one in compared.cells} == {
        "BDUR_OVERZICHT", "BDUR_DOELENMATRIX", "BDUR_CONTROLES", "BDUR_REALISATIE", "BDUR_SCENARIOS",
        "BDUR_ANTWOORDEN", "BDUR_STATUS",
    }  # fmt: skip
    assert {one.what for one in compared.native} == {"Overzicht", "Doelbereik", "Jaaranalyse", "Scenario's"}
    assert len(compared.cells) > 1_000
    assert len(compared.native) > 200


def test_the_report_is_of_this_workbook(compared: Comparison) -> None:
    report = REPORT.read_text(encoding="utf-8")
    assert results(compared) in report, "run make pariteit and commit the result"


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (1.0, 1.004, True),
        (1.0, 1.01, False),
        ("geen", "geen", True),
        ("geen", "Geen", False),
        (Unreadable("#N/A"), Unreadable("#N/A"), True),
        (Unreadable("#N/A"), Unreadable("#VALUE!"), False),
        (Unreadable("#N/A"), "#N/A", False),  # an error is no text
        (0.0, None, False),  # nor is nothing nil
        (None, None, True),
    ],
)
def test_what_counts_as_the_same(one: Value, other: Value, agree: bool) -> None:
    compared = Compared("Blad!A1", "BDUR_X", {"opgeslagen": one, "Calc": other})
    assert compared.agrees is agree
    report = results(Comparison([compared], [], []))
    assert ("- Blad!A1 (BDUR_X): opgeslagen" in report) is not agree
