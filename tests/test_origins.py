"""Where a workbook shows each figure, read from its own sheet Memo and its input tables."""

import pytest
from sheets import Sheet, raw, small

from bdur_xl.checks import CHECKS
from bdur_xl.origins import CHECK_SHEET, ELSEWHERE, joined, places

MEMO: Sheet = [
    ["Memo", None],
    [],
    ["kenmerk", "Per jaar", 2031.0, 2032.0, None, "blad", "cellen", "regel"],
    ["lasten-jaartotaal", "Lasten", 245_000.5, 270_000, None, "Overzicht", "Y8:AA8", "som"],
    ["hoofdthema-Vuur, en.meer", "Lasten", 1, 2, None, "Overzicht", "B9:D9", "som"],
    ["", "", "", "", "", "Overzicht", "", "som"],  # a row kept for a next theme
    [],
    ["kenmerk", "Als de formatie later begint", "lasten", "ruimte exact", None, "blad", "cellen", "regel"],
    ["instroom 1 april 2031, 0,5 fte al in dienst", "x", 1, 2, None, "Overzicht", "B20:C20", "som"],
    [],
    ["kenmerk", "Zonder jaar", "waarde", None, None, "blad", "cellen", "regel"],
    ["normbedrag-fte", "Normbedrag", 60_000, None, None, "Over", "E3", "zoals ingevuld"],
    ["fte-in-dienst", "In dienst", 0.5, None, None, "Instroom", "C7:C505", "som"],
    ["peildatum", "Peildatum", None, None, None, "Over", "–", "er is geen cel"],
]


def test_the_sheet_memo_tells_the_cell_of_each_figure() -> None:
    found = places({}, MEMO)
    assert {key: place for key, place in found.items() if key not in places({}, [])} == {
        "lasten-jaartotaal.2031": "Overzicht!Y8",
        "lasten-jaartotaal.2032": "Overzicht!Z8",
        "hoofdthema-Vuur, en.meer.2031": "Overzicht!B9",
        "hoofdthema-Vuur, en.meer.2032": "Overzicht!C9",
        "instroom 1 april 2031, 0,5 fte al in dienst.lasten": "Overzicht!B20",
        "instroom 1 april 2031, 0,5 fte al in dienst.ruimte exact": "Overzicht!C20",
        "normbedrag-fte": "Over!E3",
        "fte-in-dienst": "Instroom!C7:C505",  # the sum of a column, not its first cell
    }


def test_columns_behind_z_follow_on() -> None:
    rows: Sheet = [
        ["kenmerk", "x", "2031", "2032", "blad", "cellen", "regel"],
        ["a", "", 1, 2, "B", "Z3:AA3", ""],
    ]
    found = places({}, rows)
    assert (found["a.2031"], found["a.2032"]) == ("B!Z3", "B!AA3")


def test_findings_stand_on_the_sheet_of_the_checks() -> None:
    assert places({}, []) == {**{check.code: CHECK_SHEET for check in CHECKS}, **ELSEWHERE}


def test_input_tables_tell_the_cell_of_what_staff_typed() -> None:
    found = places(raw(small()), [])
    assert {key: found[key] for key in ("L1.2031 i", "L1.2031 s", "L1.2032", "L1-subthema")} == {
        "L1.2031 i": "Plan!F2", "L1.2031 s": "Plan!G2", "L1.2032": "Plan!H2", "L1-subthema": "Plan!D2",
    }  # fmt: skip
    assert found["L3.2031"] == "Plan!F4:G4"  # i and s together
    assert found["toekenning-afgerond.2031"] == "Budget!B2"
    assert found["toekenning-exact.2031"] == "Budget!C2"
    assert found["bron-2031"] == "Budget!D2"
    assert found["w1"] == "Doelen!D5"
    assert found["A2"] == "Doelen!B3"


def test_a_table_without_its_first_column_tells_nothing() -> None:
    book = small()
    book["plan"][0][0] = "iets anders"
    assert not any(key.startswith("L1") for key in places(raw(book), []))


@pytest.mark.parametrize(
    ("found", "together"),
    [
        ([], ""),
        (["", "Overzicht!B8", ""], "Overzicht!B8"),
        (["Overzicht!B8", "Overzicht!C8", "Overzicht!D8"], "Overzicht!B8:D8"),
        (["Overzicht!B8", "Overzicht!D8"], "Overzicht!B8, Overzicht!D8"),
        (["Overzicht!B8", "Budget!C8"], "Overzicht!B8, Budget!C8"),
        (["Overzicht!B8", "Overzicht!C9"], "Overzicht!B8, Overzicht!C9"),
        (["Overzicht!Z8", "Overzicht!AA8"], "Overzicht!Z8:AA8"),
        (["Overzicht!B8", "Overzicht!B8"], "Overzicht!B8"),
        (["Overzicht!B8 en Over!C2", "Overzicht!C8"], "Overzicht!B8 en Over!C2, Overzicht!C8"),
        (["Controles", "Instroom!C7:C505"], "Controles, Instroom!C7:C505"),
    ],
)
def test_cells_beside_each_other_are_written_as_a_range(found: list[str], together: str) -> None:
    assert joined(found) == together
