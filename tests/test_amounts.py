import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdur_xl import amounts, nl
from bdur_xl.amounts import Amount, cell_amount, find_amounts, only_number, written
from bdur_xl.figures import Unit, Value

NARROW, THIN = "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}"
MILLION = 100_000_000
"""Cents in a million euros."""


def found(text: str) -> list[Amount]:
    return list(find_amounts(text))


def values(text: str) -> list[tuple[Unit, Value]]:
    return [(amount.unit, amount.value) for amount in found(text)]


@pytest.mark.parametrize(
    ("text", "cents", "step"),
    [
        ("€ 1.685.000", 168_500_000, 100),
        (f"€{nl.NBSP}1.685.000,50", 168_500_050, 1),
        ("€1685000", 168_500_000, 100),
        ("€ 1.407.149,5", 140_714_950, 10),
        (f"€ 1{nl.NBSP}685{nl.NBSP}000", 168_500_000, 100),
        (f"€{NARROW}1{THIN}685{THIN}000", 168_500_000, 100),
        ("€ 1 685 000", 168_500_000, 100),
        ("−€ 18.333", -1_833_300, 100),
        ("-€ 18.333", -1_833_300, 100),
        ("€ -18.333", -1_833_300, 100),
        ("€ −18.333,33", -1_833_333, 1),
        ("− € 18.333", -1_833_300, 100),
        ("-18.333 euro", -1_833_300, 100),
        ("€ 18.333 -", 1_833_300, 100),  # a dash, as far as anyone can tell
        ("- € 18.333", 1_833_300, 100),  # an item of a list
        ("€ 18.333,-", 1_833_300, 100),  # no cents
        ("1.685.000 euro", 168_500_000, 100),
        ("EUR 1.000", 100_000, 100),
        ("1.000 EUR", 100_000, 100),
        ("€ 1,7 miljoen", 170_000_000, 10_000_000),
        ("€ 1,685 mln.", 168_500_000, 100_000),
        ("€ 285 duizend", 28_500_000, 100_000),
        ("€ 285k", 28_500_000, 100_000),
        ("€ 1,7M", 170_000_000, 10_000_000),
        ("2.4M", 240_000_000, 10_000_000),  # as the memo of 2023 writes it
        ("€ 3 ton", 30_000_000, 10_000_000),
        ("285 mln", 285 * MILLION, MILLION),
        ("1,2 miljard euro", 1200 * MILLION, 100 * MILLION),
        ("1.685.000", 168_500_000, 100),  # thousands are an amount without a sign too
    ],
)
def test_amounts_in_euros(text: str, cents: int, step: int) -> None:
    (amount,) = found(f"De lasten zijn ({text}), zie bijlage A.")
    assert amount.unit is Unit.EURO
    assert amount.value == cents
    assert amount.step == step


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("27%", Unit.SHARE, Fraction(27, 100)),
        ("27 %", Unit.SHARE, Fraction(27, 100)),
        (f"27{NARROW}%", Unit.SHARE, Fraction(27, 100)),
        ("2,5 procent", Unit.SHARE, Fraction(25, 1000)),
        ("2.5%", Unit.SHARE, Fraction(25, 1000)),  # a decimal point: it cannot be one of thousands
        ("−2,5%", Unit.SHARE, Fraction(-25, 1000)),
        ("9 fte", Unit.FTE, 900),
        ("1,5 FTE", Unit.FTE, 150),
        ("12 fte's", Unit.FTE, 1200),
        ("8,3 maanden", Unit.MONTHS, Fraction(83, 10)),
        ("1 maand", Unit.MONTHS, 1),
    ],
)
def test_percentages_fte_and_months(text: str, unit: Unit, value: Fraction) -> None:
    assert values(f"Dat is {text}.") == [(unit, value)]


@pytest.mark.parametrize(
    "text",
    [
        "In 2023 en 2024", "23 februari 2023", "1-5-2023", "1.5.2023", "P01", "doel 2a", "C05", "par. 4",
        "artikel 1.100", "pagina 12", "088-246 5000", "8/12", "NL91 ABNA 0417 1643 00", "12e", "€",
        "(x € 1.000)", "doel 3", "kenmerk 2023.001.234",
    ],
)  # fmt: skip
def test_no_amounts(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "fte"),
    [
        ("9 en 12 fte", [900, 1200]),
        ("9–12 fte", [900, 1200]),
        ("8, 9 of 12 fte", [800, 900, 1200]),
        ("9 fte in 2023 en 12 fte in 2024 en 2025", [900, 1200]),
        ("in 2024 en 12 fte", [1200]),
        ("voor doel 3 en 12 fte", [1200]),
        ("in 2023 150 fte", [15000]),
    ],
)
def test_numbers_that_share_a_unit(text: str, fte: list[int]) -> None:
    assert values(text) == [(Unit.FTE, value) for value in fte]


def test_no_more_than_a_hundred_numbers_share_a_unit() -> None:
    """A longer row is a list of something; looking along all of it from each number takes quadratic time."""
    row = ", ".join(["7"] * 150)
    assert len(values(f"{row} en 12 fte")) == 101


def test_amounts_that_share_a_scale() -> None:
    assert [amount.value for amount in found("€ 1,2 tot 1,4 miljoen")] == [120_000_000, 140_000_000]
    assert [amount.value for amount in found("€ 500 en € 1,7 miljoen")] == [50_000, 170_000_000]
    assert values("€ 15.000 en 12 fte") == [(Unit.EURO, 1_500_000), (Unit.FTE, 1200)]


def test_a_dash_between_amounts_is_no_minus() -> None:
    assert [amount.value for amount in found("€ 15.000–€ 20.000, of € 15.000 - 20.000")] == [
        1_500_000, 2_000_000, 1_500_000, 2_000_000,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["€ 1,000,000", "€ 1,000", "€ 1.2345", "€ 12.34.56"])
def test_a_number_no_dutch_hand_writes_is_found_but_not_read(text: str) -> None:
    (amount,) = found(text)
    assert (amount.text, amount.value) == (text, None)
    assert not amount.states(100_000)


def test_where_an_amount_stands() -> None:
    text = "Een tekort van −€ 18.333,33 in 2023."
    (amount,) = found(text)
    assert text[amount.start : amount.end] == amount.text == "−€ 18.333,33"


@pytest.mark.parametrize(
    ("text", "value", "stated"),
    [
        ("€ 1,7 miljoen", 168_500_000, True),
        ("€ 1,7 miljoen", 165_000_000, True),  # half up
        ("€ 1,7 miljoen", 164_999_999, False),
        ("€ 1.418.333", Fraction(425_500_000, 3), True),
        ("€ 1.418.334", Fraction(425_500_000, 3), False),
        ("€ 1.418.333,33", Fraction(425_500_000, 3), True),
        ("−€ 18.333", Fraction(-5_500_000, 3), True),
        ("€ 18.333", Fraction(-5_500_000, 3), False),
        ("27%", Fraction(450, 1685), True),
        ("27%", Fraction(275, 1000), False),
        ("9 fte", 900, True),
        ("9 fte", 875, False),  # fte are written in full
        ("3,33 fte", Fraction(1000, 3), True),
        ("8,3 maanden", Fraction(747_149, 90_000), True),
        ("minder dan € 1", 30, True),
        ("minder dan € 1", Fraction(-30), True),
        ("minder dan € 1", 0, False),
        ("minder dan € 1", 150, False),
    ],
)
def test_what_an_amount_states(text: str, value: Fraction, stated: bool) -> None:
    (amount,) = found(text)
    assert amount.states(value) is stated


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.685.000", 168_500_000),
        ("−285.000†", -28_500_000),
        ("12*", 1200),
        ("€ 0", 0),
        (" 1.605.000* † ", 160_500_000),
        ("(18.333)", -1_833_300),
        ("18.333-", -1_833_300),
        ("- € 18.333", -1_833_300),
        ("2.023", 202_300),
    ],
)
def test_cells_that_hold_a_number(text: str, cents: int) -> None:
    amount = cell_amount(text, Unit.EURO)
    assert amount
    assert amount.value == cents


@pytest.mark.parametrize(
    "text", ["", "–", "2023", "2a", "P01", "1 van 2", "geen raming", "1.000 1.000", "(1"]
)
def test_cells_that_hold_no_number(text: str) -> None:
    assert cell_amount(text, Unit.EURO) is None


def test_a_cell_counts_what_its_table_says() -> None:
    in_thousands = cell_amount("1.685", Unit.EURO, 1000)
    assert in_thousands
    assert in_thousands.value == 168_500_000
    assert in_thousands.step == 100_000
    staff = cell_amount("1,5", Unit.FTE)
    assert staff
    assert staff.value == 150
    signed = cell_amount("€ 5", Unit.FTE)
    assert signed
    assert signed.unit is Unit.EURO


def test_the_only_number_of_a_text() -> None:
    amount = only_number("12 (voorlopig)", Unit.FTE)
    assert amount
    assert amount.value == 1200
    assert only_number("12 of 13", Unit.FTE) is None
    assert only_number("onbekend", Unit.FTE) is None


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("€ 1.685.000", Fraction(425_500_000, 3), f"€{nl.NBSP}1.418.333"),
        ("€ 1.685.000,00", 140_714_950, f"€{nl.NBSP}1.407.149,50"),
        ("€ 1,7 miljoen", 178_000_000, f"€{nl.NBSP}1.780.000"),
        ("1.685.000", -28_500_000, "−285.000"),
        ("27%", Fraction(33, 100), "33%"),
        ("2,5%", Fraction(33, 1000), "3,3%"),
        ("9 fte", 875, "8,75 fte"),
        ("8,3 maanden", Fraction(91, 11), "8,3 maanden"),
    ],
)
def test_a_new_value_is_written_as_precise_as_the_old(old: str, value: Fraction, new: str) -> None:
    (amount,) = found(old)
    assert written(value, amount.unit, amount) == new


def test_a_value_without_an_old_one() -> None:
    assert written(28_500_000, Unit.EURO) == f"€{nl.NBSP}285.000"
    assert written(150, Unit.FTE) == "1,5 fte"
    assert written(Fraction(27, 100), Unit.SHARE) == "27%"
    assert written(Fraction(83, 10), Unit.MONTHS) == "8,3 maanden"


cents = st.one_of(st.integers(-(10**15), 10**15), st.fractions(-(10**9), 10**9, max_denominator=12))


@given(
    cents,
    st.sampled_from([None, 0, 2]),
    st.sampled_from(["{}", "Een tekort van {}.", "2023: {}; 2024", "({})"]),
)
def test_what_nl_writes_is_read_back(value: Fraction, decimals: int | None, around: str) -> None:
    text = nl.euro(value, decimals)
    (amount,) = found(around.format(text))
    assert amount.text == text
    assert amount.states(value)
    bare = cell_amount(nl.hundredths(value, decimals), Unit.EURO)
    assert bare
    assert bare.states(value)


@given(st.integers(0, 10**7))
def test_fte_and_shares_are_read_back(hundredths: int) -> None:
    (staff,) = found(f"{nl.fte(hundredths)} fte")
    assert staff.states(hundredths)
    assert staff.value == hundredths
    share = Fraction(hundredths, 10_000)
    for whole in (True, False):
        (amount,) = found(nl.percentage(share, whole=whole))
        assert amount.states(share)


@given(st.text(alphabet="€ 0123456789.,-−–%()ftemiljoenEUR\n\u00a0", max_size=60))
def test_any_text_is_read_without_overlap(text: str) -> None:
    end = 0
    for amount in find_amounts(text):
        assert end <= amount.start < amount.end
        assert text[amount.start : amount.end] == amount.text
        end = amount.end


near = st.lists(
    st.sampled_from(
        ["doel", "Doelen", "par.", "paragraaf", "hoofdstuk.", "punt", "stap", "nr", "x", "×", "ax", "€", " ",
         "  ", "\n", nl.NBSP, "1", "2.000", ".", ",", "_", "-"]
    ),
    max_size=7,
).map("".join)  # fmt: skip


@given(near, st.text(max_size=3))
def test_what_stands_far_before_a_number_does_not_name_it(text: str, more: str) -> None:
    """Only what ends at the number is looked at; looking at the whole text says the same."""
    whole = f"{more}{text}"
    for end in range(len(whole) + 1):
        assert amounts._is_numbered(whole, end) == bool(amounts._NUMBERED.search(whole, 0, end))


pieces = st.sampled_from(
    [*" \t\n\N{EN DASH}\N{MINUS SIGN}\N{HYPHEN}-€%.,'059xMmEefk", "\N{ARABIC-INDIC DIGIT THREE}", "EUR",
     "eur", "minder dan ", "Minder Dan ", " mln", "fte"]
)  # fmt: skip


@given(st.lists(pieces, max_size=10).map("".join))
def test_every_amount_begins_as_is_told(text: str) -> None:
    """What is looked for first leaves no amount out."""
    whole = re.compile(amounts._AMOUNT.pattern.removeprefix(amounts._BEGINS), amounts._AMOUNT.flags)
    assert whole.pattern != amounts._AMOUNT.pattern
    expected = [one.span() for one in whole.finditer(text)]
    assert [one.span() for one in amounts._AMOUNT.finditer(text)] == expected
