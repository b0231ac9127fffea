"""Functions as staff type them on a sheet of their own in the committed workbook."""

from collections.abc import Iterator
from typing import cast

import pytest
from parity import parsed
from ranges import FUNCTIONS
from typed import EXAMPLES, TYPED, Typed, example

from bdur_xl.cells import Unreadable
from calc.office import Office, Value, Workbook
from calc.product import opened

pytestmark = pytest.mark.libreoffice

FIGURES = {name: function for name, function in FUNCTIONS.items() if function.explain}

BECAUSE = {
    "BDUR_JAARTOTAAL": "€ 900.000 in 2023: 8 regels fte, structureel: P01 € 100.000 + P02 € 150.000 + "
    "P03 € 150.000 + P04 € 100.000 + P05 € 100.000 + P06 € 100.000 + P07 € 100.000 + P09 € 100.000.",
    "BDUR_BESCHIKBAAR": "€ 1.407.149 voor 2023: exact bedrag; status: toegekend; bron: Tabel 2 (afgerond); "
    "par. 1: brief JenV dd 12 december 2022 (exact, netto na landelijke reserveringen).",
    "BDUR_RUIMTE": "−€ 285.000 = € 1.400.000 beschikbaar (afgerond) − € 1.685.000 lasten in 2023; "
    "de lasten: 14 regels: P01 € 100.000 + P02 € 150.000 + P03 € 150.000 + P04 € 100.000 + P05 € 100.000 + "
    "P06 € 100.000 + P07 € 325.000 + P08 € 150.000 + P09 € 100.000 + P11 € 30.000 + P12 € 100.000 + "
    "P13 € 30.000 + P14 € 50.000 + P17 € 200.000.",
    "BDUR_RUIMTE_CUMULATIEF": "€ 1.200.000 = −€ 285.000 (2023) + € 145.000 (2024) + € 545.000 (2025) + "
    "€ 795.000 (2026); indicatief: of een saldo naar een volgend jaar mag, staat niet vast.",
    "BDUR_FTE": "12 fte in 2024 = € 1.200.000 / € 100.000 per fte; 10 regels fte structureel: "
    "P01 € 100.000 + P02 € 150.000 + P03 € 150.000 + P04 € 100.000 + P05 € 100.000 + P06 € 100.000 + "
    "P07 € 200.000 + P08 € 100.000 + P09 € 100.000 + P10 € 100.000.",
    "BDUR_DEELJAAR": "€ 1.385.000 in 2023 = € 785.000 dat het hele jaar telt + 8/12 × € 900.000, "
    "instroom 1 mei 2023; 8 regels fte structureel: P01, P02, P03, P04, P05, P06, P07, P09.",
    "BDUR_DOELDEKKING": "R1 in 2023: 9 van 9 aandachtsgebieden hebben een eigen regel met een raming: "
    "A01 door P01, P11; A02 door P01, P11; A03 door P01, P11; A04 door P01, P11; A05 door P01, P11; "
    "A06 door P03, P13; A07 door P02, P12; A08 door P04, P14; A09 door P04, P14.",
}
"""What BDUR_WAAROM says of the example of each figure."""


@pytest.fixture(scope="module")
def sheet(office: Office) -> Iterator[Workbook]:
    """The committed workbook with an empty sheet."""
    with opened(office) as workbook:
        workbook.add_sheet("Proef")
        yield workbook


def type_in(sheet: Workbook, formula: str) -> Value:
    return sheet.write_formula("Proef!B2", formula)


def why(formula: str) -> str:
    """Return the BDUR_WAAROM with the same arguments."""
    name, typed = parsed(formula)
    given = dict(zip((one.name for one in FUNCTIONS[name].arguments), typed, strict=False))
    first, *others = FUNCTIONS["BDUR_WAAROM"].arguments
    assert first.name == "functie"
    return f'=BDUR_WAAROM("{name}";{";".join(given.get(one.name, "") for one in others)})'


@pytest.mark.parametrize("call", TYPED, ids=lambda call: call.formula)
def test_what_staff_type_gives_the_figure_of_the_memo(sheet: Workbook, call: Typed) -> None:
    assert type_in(sheet, call.formula) == call.gives


def test_every_figure_is_typed() -> None:
    assert {parsed(call.formula)[0] for call in EXAMPLES} == FIGURES.keys() == BECAUSE.keys()


@pytest.mark.parametrize("call", EXAMPLES, ids=lambda call: call.formula)
def test_every_figure_says_why(sheet: Workbook, call: Typed) -> None:
    expected = BECAUSE[parsed(call.formula)[0]].replace("€ ", "€\N{NO-BREAK SPACE}")
    assert type_in(sheet, why(call.formula)) == expected


@pytest.mark.parametrize(
    "call", [call for call in TYPED if isinstance(call.gives, Unreadable)], ids=lambda call: call.formula
)
def test_every_error_says_why(sheet: Workbook, call: Typed) -> None:
    reason = type_in(sheet, why(call.formula))
    assert type(reason) is str  # not an error itself
    assert reason.startswith(("#N/B: ", "#WAARDE!: ", "Niet bekend: ", "B20-1 in 2023: geen "))
    assert len(reason) > 20
    assert reason.endswith(".")


def test_the_example_of_why_names_the_lines(sheet: Workbook) -> None:
    assert type_in(sheet, example("BDUR_WAAROM")) == (
        "€ 1.418.333,33 in 2023 = € 785.000 dat het hele jaar telt + € 100.000 voor wie al in dienst is "
        "(P02, P03) + 8/12 × € 800.000, instroom 1 mei 2023; 8 regels fte structureel: "
        "P01, P02, P03, P04, P05, P06, P07, P09."
    ).replace("€ ", "€\N{NO-BREAK SPACE}")


def test_the_example_of_the_status_says_that_all_works(sheet: Workbook) -> None:
    assert str(type_in(sheet, example("BDUR_STATUS"))).endswith(": de zelftest klopt")


def typed_table(sheet: Workbook, name: str) -> list[list[Value]]:
    """Return the table of an array function typed over more cells than it fills."""
    rows = sheet.write_array("Proef!D10:Z89", example(name))
    sheet.fill("Proef!D10:Z89", [[""] * 23] * 80)
    return rows


def test_the_example_of_the_overview(sheet: Workbook) -> None:
    rows = {tuple(row[:2]): row[2:6] for row in typed_table(sheet, "BDUR_OVERZICHT")}
    unknown = Unreadable("#N/A")
    assert rows["onderdeel", "naam"] == [2023, 2024, 2025, 2026]
    assert rows["lasten", "incidenteel"] == [485_000, 0, unknown, unknown]
    assert rows["ruimte", "exact"] == [-277_851, 145_000, 545_000, 795_000]
    assert rows["cumulatief", "exact"] == [-277_851, -132_851, 412_149, 1_207_149]
    assert rows["ruimte deeljaar", "exact"][0] == -11_184.33
    assert rows["hoofdthema", "toek. CB"] == [910_000, 885_000, 985_000, 985_000]
    assert rows["doel", "(geen doel)"] == [unknown] * 4  # the example hands over no links


def test_the_example_of_the_goals(sheet: Workbook) -> None:
    headings, *rows = typed_table(sheet, "BDUR_DOELENMATRIX")
    goals = {row[0]: dict(zip(cast(list[str], headings), row, strict=True)) for row in rows}
    assert goals["R1"]["bedrag 2023"] == 710_000  # P01 to P04 and P11 to P14
    assert goals["R2a"]["niveau 2024"] == "expliciet"
    assert goals["R3"]["niveau 2023"] == "alleen kop"
    assert goals["1d"]["bedrag 2026"] == 170_000
    assert goals["1d"]["optellen"] == "niet optelbaar"


def test_the_example_of_the_checks(sheet: Workbook) -> None:
    headings, *rows = typed_table(sheet, "BDUR_CONTROLES")
    assert headings[:6] == ["code", "controle", "uitkomst", "waar", "bevinding", "wat te doen"]
    outcomes = {row[2] for row in rows if isinstance(row[0], str) and not isinstance(row[0], Unreadable)}
    assert outcomes >= {"klopt", "afwijking", "signaal"}
    assert "niet klopt" not in outcomes
