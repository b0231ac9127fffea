"""Figures, dates and names as a Dutch reader writes them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdur_xl import nl


@pytest.mark.parametrize(
    ("value", "whole"),
    [
        (7, 7),
        (Fraction(1, 2), 1),
        (Fraction(-1, 2), -1),  # halves go away from zero, as Excel's AFRONDEN
        (Fraction(49, 100), 0),
        (Fraction(-49, 100), 0),
        (Fraction(5, 2), 3),  # not banker's rounding
        (Fraction(-4000, 3), -1333),
    ],
)
def test_round_half_up(value: Fraction | int, whole: int) -> None:
    assert nl.round_half_up(value) == whole


@pytest.mark.parametrize(
    ("cents", "shown"),
    [
        (140714900, "€ 1.407.149"),
        (140714950, "€ 1.407.149,50"),
        (1, "€ 0,01"),
        (0, "€ 0"),
        (-1, "−€ 0,01"),
        (-28500000, "−€ 285.000"),
        (100000000000, "€ 1.000.000.000"),
        (Fraction(-5500000, 3), "−€ 18.333,33"),
        (Fraction(-1, 3), "€ 0"),  # no minus before nil
        (None, "–"),
    ],
)
def test_euro(cents: int | Fraction | None, shown: str) -> None:
    assert nl.euro(cents) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("cents", "decimals", "shown"),
    [
        (140714950, 0, "€ 1.407.150"),
        (140714949, 0, "€ 1.407.149"),
        (140714900, 2, "€ 1.407.149,00"),
        (Fraction(599, 12), 0, "€ 0"),  # 49,9 cents: rounded once, not to 50 cents and then to 1
        (Fraction(-599, 12), 0, "€ 0"),
        (Fraction(-5500000, 3), 0, "−€ 18.333"),
    ],
)
def test_euro_in_whole_euros_or_cents(cents: int | Fraction, decimals: int, shown: str) -> None:
    assert nl.euro(cents, decimals) == shown.replace(" ", "\u00a0")


@given(st.integers(-(10**15), 10**15))
def test_an_amount_reads_back_to_the_cent(cents: int) -> None:
    shown = nl.euro(cents).replace("€\u00a0", "").replace(".", "").replace(",", ".").replace("−", "-")
    assert Decimal(shown) * 100 == cents


@pytest.mark.parametrize(
    ("value", "shown"),
    [(900, "9"), (150, "1,5"), (125, "1,25"), (Fraction(400, 3), "1,33"), (-50, "−0,5"), (0, "0"),
     (None, "–"), (10, "0,1"), (120000, "1.200")],
)  # fmt: skip
def test_fte(value: int | Fraction | None, shown: str) -> None:
    assert nl.fte(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(450, 1685), "27%"),
        (Fraction(500, 1505), "33%"),
        (Fraction(600, 1605), "37%"),
        (Fraction(1, 200), "1%"),
        (Fraction(1), "100%"),
    ],
)
def test_percentage(share: Fraction, shown: str) -> None:
    assert nl.percentage(share) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(Fraction(1, 40), "2,5%"), (Fraction(1, 10), "10%"), (Fraction(1, 300), "0,33%")]
)
def test_percentage_with_decimals(share: Fraction, shown: str) -> None:
    assert nl.percentage(share, whole=False) == shown


def test_dates() -> None:
    assert nl.month(2023, 5) == "mei 2023"
    assert nl.date(2023, 2, 23) == "23 februari 2023"
    assert [nl.month(2030, number)[:3] for number in range(1, 13)] == [
        "jan", "feb", "maa", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
    ]  # fmt: skip


def test_listing() -> None:
    assert nl.listing(["a"]) == "a"
    assert nl.listing(["a", "b"]) == "a en b"
    assert nl.listing(iter("abc")) == "a, b en c"


def test_plural() -> None:
    assert nl.plural(1, "regel", "regels") == "1 regel"
    assert nl.plural(0, "regel", "regels") == "0 regels"
    assert nl.plural(1200, "regel", "regels") == "1.200 regels"


def test_names_are_compared_without_case_and_stray_spaces() -> None:
    assert nl.fold(" Toek.\u00a0 CB ") == nl.fold("toek. cb")
    assert nl.fold("CB") != nl.fold("C B")
