"""A difference between totals is reduced to the line that causes it, or the finding says that none is."""

import pytest
from calm import calm, told
from sheets import Book, add_column, put

from bdur_xl.checks import CHECKS
from bdur_xl.model import Inputs, YearColumn
from bdur_xl.nl import NBSP
from bdur_xl.terms import Kind


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
    assert cause(book) == "geen regel verklaart dit verschil alleen; is het gedrukte totaal overschreven?"


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
            changed = line._replace(amounts={**line.amounts, column: cents + 123_456})
            lines = (*plan.lines[:place], changed, *plan.lines[place + 1 :])
            (found,) = check.findings(real_inputs._replace(plan=plan._replace(lines=lines)))
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


# What is known of a line goes before what merely adds up. Each of these once named another line.


def of_the_memo(real_inputs: Inputs, code: str, **amounts: int | None) -> list[str]:
    """Return what a check says when structural amounts of the memo, in euros, change."""
    (check,) = [one for one in CHECKS if one.code == code]
    return [one.message.replace(NBSP, " ") for one in check.findings(changed(real_inputs, **amounts))]


def changed(real_inputs: Inputs, **amounts: int | None) -> Inputs:
    """Return the inputs with amounts changed: P09_2023=None empties 2023 s of P09."""
    plan = real_inputs.plan
    lines = {line.line_id: line for line in plan.lines}
    for key, euros in amounts.items():
        line_id, _, year = key.partition("_")
        column = YearColumn(int(year), Kind.STRUCTURAL)
        kept = {one: cents for one, cents in lines[line_id].amounts.items() if one != column}
        kept |= {} if euros is None else {column: euros * 100}
        lines[line_id] = lines[line_id]._replace(amounts=kept)
    return real_inputs._replace(plan=plan._replace(lines=tuple(lines.values())))


def test_tabel_1_goes_before_other_years(real_inputs: Inputs) -> None:
    """Five lines cost € 100.000 more in a next year; only P09 costs less than Tabel 1 asks."""
    (message,) = of_the_memo(real_inputs, "C01", P09_2023=None)
    assert message.endswith("; P09 data-engineer is leeg, in Tabel 1 € 100.000; dat is het hele verschil")


def test_a_total_typed_over_accuses_no_line(real_inputs: Inputs) -> None:
    """€ 100.000 is what P01 would cost in 2024 had its row slid, and what P06 costs more in 2025."""
    totals = tuple(
        one._replace(total=one.total + 100_000_00) if one.column == YearColumn(2024, Kind.UNSPLIT) else one
        for one in real_inputs.control_totals
    )
    (check,) = [one for one in CHECKS if one.code == "C01"]
    (found,) = check.findings(real_inputs._replace(control_totals=totals))
    assert found.message.endswith(
        "geen regel verklaart dit verschil alleen; is het gedrukte totaal overschreven?"
    )


def test_two_lines_that_explain_a_total_together(real_inputs: Inputs) -> None:
    (message,) = of_the_memo(real_inputs, "C01", P02_2024=100_000, P09_2024=None)
    assert message.endswith(
        "P02 vakbekwaamheid is € 100.000, in Tabel 1 € 150.000; en P09 data-engineer is leeg, "
        "in Tabel 1 € 100.000; dat is samen het hele verschil"
    )


def test_a_row_of_the_memo_that_slid(real_inputs: Inputs) -> None:
    """Only the total of 2023 is off: that the row slid, Tabel 1 tells."""
    plan = real_inputs.plan
    line = next(one for one in plan.lines if one.line_id == "P02")
    figures = [None, *(line.amounts.get(column) for column in plan.columns)]
    amounts = {column: cents for column, cents in zip(plan.columns, figures, strict=False) if cents}
    lines = tuple(one._replace(amounts=amounts) if one is line else one for one in plan.lines)
    (check,) = [one for one in CHECKS if one.code == "C01"]
    (found,) = check.findings(real_inputs._replace(plan=plan._replace(lines=lines)))
    assert found.message.endswith("de rij van P02 vakbekwaamheid lijkt een kolom naar rechts verschoven")


def test_what_was_swapped_is_said(real_inputs: Inputs) -> None:
    first, second = of_the_memo(real_inputs, "C04", P01_2024=150_000, P02_2024=100_000)
    assert "; verwisseld met T02 Vakbekwaamheid?" in first
    assert "; verwisseld met T01 Langdurige/ongekende/nieuwe crises" in second
    assert of_the_memo(real_inputs, "C06", P17_2023=210_000)[0].endswith("; cijfers verwisseld?")


def test_kinds_that_were_swapped(real_inputs: Inputs) -> None:
    lines = {line.line_id: line for line in real_inputs.plan.lines}
    other = {Kind.INCIDENTAL: Kind.STRUCTURAL, Kind.STRUCTURAL: Kind.INCIDENTAL}
    amounts = {
        YearColumn(2023, other[column.kind]) if column.year == 2023 else column: cents
        for column, cents in lines["P07"].amounts.items()
    }
    lines["P07"] = lines["P07"]._replace(amounts=amounts)
    plan = real_inputs.plan._replace(lines=tuple(lines.values()))
    for code, ends in (
        ("C04", "; structureel en incidenteel verwisseld?"),
        ("N07", "; incidenteel en structureel verwisseld?"),
    ):
        (check,) = [one for one in CHECKS if one.code == code]
        (found,) = check.findings(real_inputs._replace(plan=plan))
        assert found.message.endswith(ends)


def test_an_opposite_difference_is_not_a_swap(real_inputs: Inputs) -> None:
    """T06 costs € 100.000 more from 2025 on; a line with € 100.000 less was not swapped with it."""
    messages = of_the_memo(real_inputs, "C05", P02_2025=None)
    assert not any("verwisseld" in message for message in messages)


def test_a_blank_is_not_shown_as_nil(real_inputs: Inputs) -> None:
    assert of_the_memo(real_inputs, "C06", P14_2023=None)[0].startswith(
        "niets in Tabel 2, € 50.000 in Tabel 1"
    )
    assert "Tabel 2 raamt niets: verschil −€ 100.000" in of_the_memo(real_inputs, "C04", P09_2023=None)[0]
