"""A difference between totals is reduced to the line that causes it, or the finding says that none is."""

from dataclasses import replace

import pytest
from calm import calm, told
from sheets import Book, add_column, put

from bdur_xl.checks import CHECKS
from bdur_xl.model import Inputs


def cause(book: Book, code: str = "C01") -> str:
    """Return what the first finding names as the cause."""
    return told(book, code)[0][1].partition("; ")[2]


def test_a_line_that_differs_from_tabel_1() -> None:
    book = calm()
    put(book["plan"], "G2", 130_000)
    assert cause(book) == "L1 dijkwacht is € 130.000, in Tabel 1 € 120.000; dat is het hele verschil"


def test_a_line_that_differs_from_another_year() -> None:
    """The year's total holds both kinds; only what is structural repeats."""
    book = calm()
    put(book["plan"], "I3", 130_000)
    put(book["plan"], "G3", 30_000)
    put(book["control_totals"], "C2", 150_000)
    assert cause(book) == "L2 dijkwacht is € 130.000, als in 2031 € 30.000; dat is het hele verschil"


def test_an_amount_that_is_missing() -> None:
    book = calm()
    put(book["plan"], "G3", 30_000)
    put(book["plan"], "H3", None)
    put(book["plan"], "I3", None)
    put(book["control_totals"], "C2", 150_000)
    assert cause(book) == "L2 dijkwacht is leeg, als in 2031 € 30.000; dat is het hele verschil"


def test_no_line_is_blamed_without_ground() -> None:
    book = calm()
    put(book["control_totals"], "C3", 210_001)
    assert cause(book) == "geen regel verklaart dit verschil alleen"


def test_lines_that_may_each_be_the_cause() -> None:
    book = calm()
    book["plan"].append(["L3", "Water", "middelen", "boot", "Oost", None, 10_000, None, 15_000])
    book["plan"].append(["L4", "Water", "middelen", "auto", "Oost", None, 20_000, None, 25_000])
    put(book["control_totals"], "C2", 150_000)
    put(book["control_totals"], "C3", 245_000)
    assert cause(book) == (
        "L3 boot is € 15.000, als in 2031 € 10.000; of L4 auto is € 25.000, als in 2031 € 20.000; "
        "elk van deze kan het hele verschil zijn"
    )


def test_whatever_amount_of_the_memo_changes_its_line_is_named(real_inputs: Inputs) -> None:
    """Every amount of Tabel 2, one by one; € 1.234,56 more is no one else's difference."""
    (check,) = [one for one in CHECKS if one.code == "C01"]
    plan = real_inputs.plan
    tried = 0
    for place, line in enumerate(plan.lines):
        for column, cents in line.amounts.items():
            changed = replace(line, amounts={**line.amounts, column: cents + 123_456})
            lines = (*plan.lines[:place], changed, *plan.lines[place + 1 :])
            (found,) = check.findings(replace(real_inputs, plan=replace(plan, lines=lines)))
            assert found.where == f"Tabel 2, {column.year}"
            assert f"; {line.line_id} " in found.message
            assert found.message.endswith("dat is het hele verschil")
            tried += 1
    assert tried == 63


def test_a_mistyped_total() -> None:
    book = calm()
    put(book["control_totals"], "C3", 201_000)
    assert cause(book) == (
        "in het gedrukte totaal lijken cijfers verwisseld: € 201.000 in plaats van € 210.000"
    )


def test_a_line_that_stands_there_twice() -> None:
    book = calm()
    book["plan"].append(["L9", *book["plan"][1][1:]])
    assert cause(book) == "L9 dijkwacht staat er twee keer (ook als L1); dat is het hele verschil"


@pytest.mark.parametrize(
    ("amounts", "side"),
    [([None, 120_000, None, 180_000], ""), ([None, None, 120_000, None], "rechts"),
     ([120_000, None, 180_000, None], "links")],
)  # fmt: skip
def test_a_row_that_slid(amounts: list[object], side: str) -> None:
    """To the right what stood in the last column fell off the table: its total cannot be restored."""
    book = calm()
    book["control_totals"].append(["Tabel 2", "2031 i", 25_000, None])
    book["plan"][1][5:] = amounts
    shown = f"de rij van L1 dijkwacht lijkt een kolom naar {side} verschoven"
    assert ([cause(book)] if told(book, "C01") else []) == ([shown] if side else [])


def test_a_row_of_tabel_1_that_differs_from_tabel_2() -> None:
    book = calm()
    put(book["capacity"], "F2", 3)
    assert cause(book, "C03") == "K1 dijkwacht is 3, volgens Plan 2; dat is het hele verschil"


def test_a_row_of_tabel_1_that_stands_there_twice() -> None:
    book = calm()
    book["capacity"].append(["K9", *book["capacity"][1][1:]])
    assert cause(book, "C03") == "K9 dijkwacht staat er twee keer (ook als K1); dat is het hele verschil"


def test_a_row_of_tabel_1_that_slid() -> None:
    book = calm()
    book["control_totals"].append(["Tabel 1", "middelen incidenteel 2031 (€)", 25_000, None])
    book["control_totals"].append(["Tabel 1", "capaciteit structureel 2032 extra (fte)", 1, None])
    add_column(book["capacity"], "middelen structureel 2031 (€)", 25_000)
    book["capacity"][1][5:] = [None, 2, 1, 25_000]
    assert cause(book, "C03") == "de rij van K1 dijkwacht lijkt een kolom naar rechts verschoven"


def test_a_renamed_year() -> None:
    book = calm()
    put(book["plan"], "H1", "2033 i")
    put(book["plan"], "I1", "2033 s")
    assert cause(book) == "kolom 2033 telt wel op tot dat bedrag: is de kop gewijzigd?"
