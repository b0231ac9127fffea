"""Plan against actual: figures worked by hand on the small plan of 2031 and 2032."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ranges import call, code, ranges
from sheets import Book, inputs, put, read, small
from strategies import books

from bdur_xl.actuals import (
    Analysis,
    Comparison,
    analyses,
    cause,
    duty,
    latest,
    months_until,
    year_note,
    year_sentence,
)
from bdur_xl.model import Actual, Status, faults
from bdur_xl.nl import NBSP

HEADINGS: list[object] = ["regel", "jaar", "bedrag", "t/m", "omschrijving"]


def with_actuals(*rows: list[object]) -> Book:
    book = small()
    book["actuals"] = [HEADINGS, *([*row, None] for row in rows)]
    return book


def half_2031() -> Book:
    return with_actuals(
        ["L1", 2031, 25_000, "30-6-2031"],
        ["L1", 2031, 15_000, "2031-06-30"],  # rows of one line add up
        ["L3", 2031, 55_000.10, "30-6-2031"],
        ["L4", 2031, 1_000, "30-6-2031"],
    )


def year(book: Book, number: int) -> Analysis:
    return next(one for one in analyses(inputs(book)) if one.year == number)


def test_a_line_whose_staff_start_later() -> None:
    """Of € 120.000 a year 0,5 fte x € 60.000 is in house; the other € 90.000 costs nothing for 3 months."""
    assert year(half_2031(), 2031).lines["L1"] == Comparison(
        planned=120_000_00,
        to_date=37_500_00,  # 6/12 of 120.000, less 3/12 of 90.000
        actual=40_000_00,
        expected=100_000_00,  # 40.000 and the 6 months to come
        later=22_500_00,
    )
    one = year(half_2031(), 2031).lines["L1"]
    assert (one.left_to_date, one.left) == (-2_500_00, 20_000_00)


def test_other_lines_spread_over_twelve_months() -> None:
    lines = year(half_2031(), 2031).lines
    assert lines["L3"] == Comparison(100_000_00, 50_000_00, 55_000_10, 105_000_10)
    assert lines["L2"] == Comparison(25_000_50, None, None, 25_000_50)  # no actual: as planned
    assert lines["L4"] == Comparison(None, None, 1_000_00, 1_000_00)  # no plan: not € 0
    assert lines["L4"].left == -1_000_00


def test_the_lines_add_up_to_the_year() -> None:
    one = year(half_2031(), 2031)
    assert one.total == Comparison(
        planned=245_000_50, to_date=87_500_00, actual=96_000_10, expected=231_000_60, later=22_500_00
    )
    assert one.unknown == ("L2",)


@pytest.mark.parametrize(
    ("until", "months"),
    [
        ((2031, 6, 30), Fraction(6)),
        ((2031, 12, 31), Fraction(12)),
        ((2031, 4, 15), Fraction(7, 2)),
        ((2032, 2, 29), Fraction(2)),  # a leap year
        ((2031, 1, 1), Fraction(1, 31)),
    ],
)
def test_months_passed(until: tuple[int, int, int], months: Fraction) -> None:
    assert months_until(until) == months


def test_a_peildatum_within_a_month_and_before_the_start() -> None:
    one = year(with_actuals(["L1", 2031, 0, "15-2-2031"]), 2031).lines["L1"]
    assert one.to_date == 3_839_29  # 30.000 x 43/28 / 12 = 3.839,2857
    assert one.actual == 0
    assert one.expected == 97_500_00 - 3_839_29


def test_a_closed_year_expects_what_was_spent() -> None:
    rows: list[list[object]] = [["L1", 2032, 190_000, "31-12-2032"], ["L2", 2032, 0, "31-12-2032"]]
    one = year(with_actuals(*rows), 2032)
    assert not one.is_closed
    assert year_sentence(one).replace(NBSP, " ").startswith("T/m 31 december 2032 is € 190.000 uitgegeven")
    assert year(with_actuals(*rows, ["L3", 2032, 0, "31-12-2032"]), 2032).is_closed
    assert one.lines["L1"] == Comparison(180_000_00, 180_000_00, 190_000_00, 190_000_00)
    assert one.lines["L2"] == Comparison(30_000_00, 30_000_00, 0, 0)
    assert one.lines["L3"].expected == 60_000_00  # still nothing known of it


def test_no_year_is_compared_without_actuals() -> None:
    for one in analyses(inputs(small())):
        assert one.until is None
        assert (one.total.actual, one.total.expected, one.total.left) == (None, None, None)
        assert one.total.planned
        assert year_sentence(one) == "nog geen realisatie"
        assert {cause(each, one.until) for each in one.lines.values()} == {""}


def test_nothing_is_expected_when_the_split_is_not_known() -> None:
    book = with_actuals(["L1", 2032, 1, "30-6-2032"])
    book["premises"] = [row for row in book["premises"] if row[0] != "ongesplitst als"]
    one = year(book, 2032)
    assert one.lines["L1"] == Comparison(180_000_00, None, 1_00, None)
    assert (one.total.actual, one.total.expected) == (1_00, None)
    assert "zonder splitsing" in year_sentence(one)
    assert cause(one.lines["L1"], one.until) == ""


def test_the_sentences_name_figures_and_cause() -> None:
    one = year(half_2031(), 2031)
    assert plain(year_sentence(one)) == (
        "T/m 30 juni 2031 is € 96.000,10 uitgegeven, € 8.500,10 meer dan geraamd; verwacht over heel 2031: "
        "€ 231.000,60, € 13.999,90 minder dan geraamd; vooral door L1; 1 regel heeft nog geen realisatie"
    )
    assert year_note(one) == "vooral door L1; 1 regel heeft nog geen realisatie"
    causes = {line: plain(cause(each, one.until)) for line, each in one.lines.items()}
    assert causes == {
        "L1": "latere instroom: € 22.500 minder; t/m 30 juni € 2.500 meer dan geraamd",
        "L2": "nog geen realisatie: gerekend met de raming",
        "L3": "t/m 30 juni € 5.000,10 meer dan geraamd",
        "L4": "uitgaven zonder raming",
    }


def test_the_promise_of_a_yearly_analysis() -> None:
    promise = "De besteding wordt elk jaar geanalyseerd, in ieder geval tot en met 2032."
    assert duty(analyses(inputs(small()))) == (
        promise,
        "Er is nog geen realisatie ingevuld; er is nog geen analyse gemaakt.",
        "Nog niet over een heel jaar: 2031 en 2032.",
    )
    found = analyses(inputs(half_2031()))
    assert duty(found) == (
        promise,
        "De laatste analyse heeft als peildatum 30 juni 2031.",
        "Nog niet over een heel jaar: 2031 en 2032.",
        f"{year_sentence(found[0])}.",
    )
    whole: list[list[object]] = [
        [f"L{line}", year, 1, f"31-12-{year}"] for year in (2031, 2032) for line in (1, 2, 3)
    ]
    both = analyses(inputs(with_actuals(*whole)))
    assert duty(both)[1:3] == (
        "De laatste analyse heeft als peildatum 31 december 2032.",
        "Over alle jaren van het plan is de analyse gemaakt.",
    )
    assert latest(both) == both[1]
    assert duty(()) == ()


def test_a_difference_of_nil_is_said() -> None:
    one = year(with_actuals(["L3", 2031, 50_000, "30-6-2031"]), 2031)
    assert cause(one.lines["L3"], one.until) == "t/m 30 juni precies volgens de raming"


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([None, 2031, 1, "30-6-2031"], "planregel is leeg"),
        (["L9", 2031, 1, "30-6-2031"], 'onbekend: planregel "L9"'),
        (["L1", None, 1, "30-6-2031"], "jaar is leeg"),
        (["L1", 2033, 1, "30-6-2033"], "2033 staat niet in het plan"),
        (["L1", 2031, None, "30-6-2031"], "bedrag is leeg"),
        (["L1", 2031, "veel", "30-6-2031"], "bevat de tekst"),
        (["L1", 2031, 1, None], "t/m is leeg"),
        (["L1", 2031, 1, "juni 2031"], "een maand zonder dag"),
        (["L1", 2031, 1, "2031-06"], "een maand zonder dag"),
        (["L1", 2031, 1, "31-6-2031"], "in plaats van een datum"),
        (["L1", 2031, 1, "30-6-2032"], "30 juni 2032 valt niet in 2031"),
    ],
)
def test_a_row_that_cannot_be_read_for_sure_is_a_fault(row: list[object], message: str) -> None:
    _, found = read(with_actuals(row))
    (fault,) = faults(found)
    assert message in fault.message
    assert fault.where.startswith("Realisatie")
    assert fault.remedy


def test_a_year_has_one_peildatum() -> None:
    _, found = read(with_actuals(["L1", 2031, 1, "31-3-2031"], ["L2", 2031, 1, "30-6-2031"]))
    (fault,) = faults(found)
    assert fault.where == "Realisatie!D3"
    assert fault.message == "2031 loopt hier t/m 30 juni 2031, maar in Realisatie!D2 t/m 31 maart 2031"


def test_a_credit_is_a_signal_and_counts() -> None:
    book = with_actuals(["L1", 2031, -5, "30-6-2031"])
    found_inputs, found = read(book)
    assert [one.status for one in found] == [Status.SIGNAL]
    assert found_inputs.actuals[0].amount == -5_00


def test_the_column_may_be_called_peildatum() -> None:
    book = half_2031()
    put(book["actuals"], "D1", "Peildatum")
    assert analyses(inputs(book)) == analyses(inputs(half_2031()))


def rules(*rows: list[object]) -> Book:
    book = small()
    head: list[object] = ["grootboekrekening", "kostenplaats", "regel", "toelichting"]
    book["ledger_map"] = [head, *([*row, None] for row in rows)]
    return book


def test_an_account_of_two_lines_is_named() -> None:
    _, found = read(rules([4100, None, "L1"], [4100, "910", "L2"], ["4100", None, "L3"], [None, None, "L1"]))
    assert [(one.where, one.message) for one in faults(found)] == [
        ("Realisatie!C4", "4100 hoort hier bij L3, maar in Realisatie, rij 2 bij L1"),
        ("Realisatie!A5", "rekening en kostenplaats zijn beide leeg"),
    ]


def test_the_same_rule_twice_is_one_rule() -> None:
    assert len(inputs(rules(["4100", "910", "L1"], [4100, 910, "L1"])).ledger_map) == 1


def test_an_older_workbook_without_these_tables_reads() -> None:
    book = small()
    del book["actuals"], book["ledger_map"]
    older, found = read(book)
    assert (older.actuals, older.ledger_map) == ((), ())
    assert faults(found) == []


@given(books(), st.randoms())
def test_everything_reconciles_to_the_cent_in_any_order(book: Book, random: Random) -> None:
    found_inputs, found = read(book)
    assert not faults(found)
    results = analyses(found_inputs)
    spent: dict[int, int] = {}
    for row in found_inputs.actuals:
        spent[row.year] = spent.get(row.year, 0) + row.amount
    assert {one.year: one.total.actual for one in results if one.until} == spent
    for one in results:
        for figure in ("planned", "to_date", "actual", "expected"):
            known = [value for each in one.lines.values() if (value := getattr(each, figure)) is not None]
            assert getattr(one.total, figure) == (sum(known) if known else None)
        for each in one.lines.values():
            if each.left_to_date is not None:
                assert each.left == each.later + each.left_to_date  # the two causes explain all of it
    rows = book["actuals"][1:]
    random.shuffle(rows)
    assert analyses(read({**book, "actuals": [book["actuals"][0], *rows]})[0]) == results


def test_an_actual_knows_its_place() -> None:
    assert inputs(half_2031()).actuals[0] == Actual(
        "L1", 2031, 25_000_00, (2031, 6, 30), None, "Realisatie, rij 2"
    )


def grid(book: Book, **given_: object) -> dict[tuple[object, object], tuple[object, ...]]:
    """Return the rows of BDUR_REALISATIE by year and line, errors as their codes."""
    cells = {name: ranges(book)[name] for name in ("plan", "realisatie", "instroom", "uitgangspunten")}
    heading, *rows = call("BDUR_REALISATIE", **cells, **given_)
    assert heading[4:] == (
        "t/m", "raming", "raming t/m", "realisatie", "verschil t/m", "verwachting", "verschil", "toelichting",
    )  # fmt: skip
    return {(row[1], row[2]): tuple(map(code, row[4:])) for row in rows if row[0] != "analyse"}


def test_the_table_in_a_cell_has_years_and_the_lines_of_one() -> None:
    unknown = "#N/A"
    rows = grid(half_2031())
    until = 48029.0  # 30 June 2031, as a spreadsheet counts days
    assert rows[2031.0, None][:3] == (until, 245_000.5, 87_500)
    assert rows[2032.0, None] == (None, 270_000, *[unknown] * 5, "nog geen realisatie")
    assert rows[2031.0, "L1"][:7] == (until, 120_000, 37_500, 40_000, -2_500, 100_000, 20_000)
    assert (2032.0, "L1") not in rows
    asked = grid(half_2031(), jaar=2032)
    assert asked[2032.0, "L1"] == (None, 180_000, *[unknown] * 5, None)
    assert asked[2032.0, "L4"] == (None, *[unknown] * 6, "geen raming in 2032")  # spent on in 2031
    assert code(call("BDUR_REALISATIE", plan=ranges(small())["plan"], realisatie=None)) == "#VALUE!"


def test_the_last_year_with_actuals_is_shown_and_else_the_first() -> None:
    assert (2031.0, "L1") in grid(small())
    later = with_actuals(["L1", 2031, 1, "31-12-2031"], ["L1", 2032, 1, "30-6-2032"])
    assert (2032.0, "L1") in grid(later)
