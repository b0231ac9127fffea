"""One cell, every kind of value: the right figure or a refusal with a remedy."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdur_xl import cells
from bdur_xl.cells import CellError, Unreadable

BLANKS = [None, "", " ", "\u00a0", "\t\n", "\u200b", "\ufeff \u2060", "\u202f\u3000"]
"""What a person sees as an empty cell: spaces, non-breaking, zero-width."""


def refused(convert: Callable[..., object], *arguments: object) -> CellError:
    with pytest.raises(CellError) as caught:
        convert(*arguments)
    assert caught.value.message
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("cell", BLANKS, ids=repr)
def test_blank_is_absent_in_every_reading(cell: object) -> None:
    assert cells.is_blank(cell)
    assert cells.number(cell, "bedrag") is None
    assert cells.text(cell) is None
    assert cells.year(cell) is None
    assert cells.month(cell) is None
    assert cells.date(cell) is None
    assert cells.share(cell) is None


@pytest.mark.parametrize("cell", [0, 0.0, False, "-", ".", "0", Unreadable("#N/A"), Unreadable("")], ids=repr)
def test_what_shows_something_is_not_blank(cell: object) -> None:
    assert not cells.is_blank(cell)


@pytest.mark.parametrize(
    ("cell", "hundredths"),
    [
        (0, 0),
        (0.0, 0),
        (-0.0, 0),
        (100_000, 10_000_000),
        (100_000.0, 10_000_000),
        (1_407_149, 140_714_900),
        (0.01, 1),
        (-12.34, -1234),
        (0.1 + 0.2, 30),  # binary noise beyond what a spreadsheet keeps
        (4.35 * 100, 43500),  # 434.99999999999994
        (1.1 * 3, 330),
        (33333.33, 3333333),
        (9_999_999_999_999.99, 999_999_999_999_999),  # the largest amount with cents
        (-9_999_999_999_999.99, -999_999_999_999_999),
        (Decimal("12.3"), 1230),
        (Decimal("100000"), 10_000_000),
        (5e-324, 0),
    ],
)
def test_number(cell: object, hundredths: int) -> None:
    read = cells.number(cell, "bedrag")
    assert read is not None
    assert read.hundredths == hundredths


@pytest.mark.parametrize(
    ("cell", "hundredths"),
    [
        (1.005, 101),  # half up, though the double lies just below
        (1.0049999, 100),
        (2.675, 268),
        (-1.005, -101),
        (0.001, 0),
        (33333.333333, 3333333),
        (Decimal("0.125"), 13),
        (100_000 / 3, 3333333),
    ],
)
def test_more_than_two_decimals_round_half_up_and_say_so(cell: object, hundredths: int) -> None:
    assert cells.number(cell, "bedrag") == (hundredths, False)


@pytest.mark.parametrize("cell", [0.01, 0.1 + 0.2, 1.1 * 3, 100_000, 12.34, Decimal("0.50")])
def test_whole_cents_are_exact(cell: object) -> None:
    read = cells.number(cell, "bedrag")
    assert read is not None
    assert read.exact


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_any_amount_in_cents_reads_back_exactly(cents: int) -> None:
    """As a file holds it: the double nearest to the amount."""
    assert cells.number(float(Decimal(cents) / 100), "bedrag") == (cents, True)


@given(st.floats(min_value=-1e9, max_value=1e9))
def test_a_number_reads_as_excel_shows_it_rounded_once(value: float) -> None:
    shown = Decimal(f"{value:.15g}")
    read = cells.number(value, "bedrag")
    assert read is not None
    assert read.hundredths == int((shown * 100).to_integral_value(ROUND_HALF_UP))
    assert read.exact == (shown * 100 == read.hundredths)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (True, "bevat WAAR in plaats van een bedrag"),
        (False, "bevat ONWAAR in plaats van een bedrag"),
        ("100000", 'bevat de tekst "100000"'),
        ("1.234,56", 'bevat de tekst "1.234,56"'),
        ("€ 5", 'bevat de tekst "€ 5"'),
        ("n.v.t.", 'bevat de tekst "n.v.t."'),
        ("-", 'bevat de tekst "-"'),
        ("#REF!", 'bevat de tekst "#REF!"'),
        (Unreadable("#REF!"), "bevat #REF! in plaats van een bedrag"),
        (Unreadable("#DIV/0!"), "bevat #DIV/0! in plaats van een bedrag"),
        (dt.date(2023, 5, 1), "bevat een datum of tijd"),
        (dt.datetime(2023, 5, 1, 12), "bevat een datum of tijd"),
        (dt.time(8, 30), "bevat een datum of tijd"),
        (dt.timedelta(hours=30), "bevat een datum of tijd"),
        (float("inf"), "bevat een onmogelijk groot bedrag"),
        (float("-inf"), "bevat een onmogelijk groot bedrag"),
        (float("nan"), "bevat een onmogelijk groot bedrag"),
        (1e308, "bevat een onmogelijk groot bedrag"),
        (10**400, "bevat een onmogelijk groot bedrag"),
        (Decimal("1e400"), "bevat een onmogelijk groot bedrag"),
        (1e13, "bevat een onmogelijk groot bedrag"),
        (-(10**13), "bevat een onmogelijk groot bedrag"),
        ([1], "bevat de tekst"),
    ],
    ids=repr,
)
def test_what_is_no_amount_is_refused(cell: object, says: str) -> None:
    assert refused(cells.number, cell, "bedrag").message.startswith(says)


def test_a_refusal_names_what_was_expected_and_what_to_do() -> None:
    error = refused(cells.number, "negen", "aantal fte")
    assert error.message == 'bevat de tekst "negen" in plaats van een aantal fte'
    assert error.remedy == "Typ een aantal fte als getal, of maak de cel leeg als er geen raming is."
    assert refused(cells.number, Unreadable("#NAAM?"), "bedrag").remedy.startswith("Herstel de formule.")


@pytest.mark.parametrize(
    ("cell", "share"),
    [
        (0, 0),
        (0.0, 0),
        (1, 1),
        (0.1, Fraction(1, 10)),
        (0.025, Fraction(1, 40)),
        (Decimal("0.5"), Fraction(1, 2)),
    ],
)
def test_share(cell: object, share: Fraction) -> None:
    assert cells.share(cell) == share


@pytest.mark.parametrize(
    "cell",
    [10, 1.0001, -0.1, True, False, "10%", "0,1", Unreadable("#REF!"), dt.date(1900, 1, 1), float("nan"),
     float("inf")],
    ids=repr,
)  # fmt: skip
def test_what_is_no_share_is_refused(cell: object) -> None:
    refused(cells.share, cell)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("  toek.\u00a0CB\u200b ", "toek. CB"),
        ("a\nb", "a b"),
        (21.0, "21"),
        (21, "21"),
        (2.5, "2.5"),
        ("R1", "R1"),
    ],
)
def test_text(cell: object, shown: str) -> None:
    assert cells.text(cell) == shown


@pytest.mark.parametrize("cell", [True, False, Unreadable("#VALUE!"), Unreadable("")], ids=repr)
def test_what_is_no_text_is_refused(cell: object) -> None:
    refused(cells.text, cell)


@pytest.mark.parametrize("cell", [2027, 2027.0, "2027", " 2027\u00a0"])
def test_year(cell: object) -> None:
    assert cells.year(cell) == 2027


@pytest.mark.parametrize(
    "cell",
    [27, "27", 2027.5, "2027 i", "jaar", 20270, 1899, 2200, "-2027", True, dt.date(2027, 1, 1),
     dt.timedelta(days=2027), Unreadable("#REF!"), float("inf"), "²027"],
    ids=repr,
)  # fmt: skip
def test_what_is_no_year_is_refused(cell: object) -> None:
    refused(cells.year, cell)


@pytest.mark.parametrize(
    "cell",
    ["mei 2023", " Mei\u00a02023 ", "MEI 2023", "1 mei 2023", "01 mei 2023", "2023-05", "2023-5",
     "2023-05-01", "5-2023", "05-2023", "1-5-2023", "01/05/2023", "1-mei-2023", "mei-2023", "5/2023",
     dt.date(2023, 5, 1), dt.datetime(2023, 5, 1), 45047.0],
    ids=repr,
)  # fmt: skip
def test_month_as_people_type_it(cell: object) -> None:
    assert cells.month(cell) == (2023, 5)


@pytest.mark.parametrize(
    ("name", "number"),
    [("januari", 1), ("jan", 1), ("feb", 2), ("maart", 3), ("mrt", 3), ("apr", 4), ("jun", 6), ("jul", 7),
     ("aug", 8), ("sep", 9), ("okt", 10), ("nov", 11), ("december", 12)],
)  # fmt: skip
def test_month_names_and_their_abbreviations(name: str, number: int) -> None:
    """ "mrt" is what Excel shows for March in Dutch."""
    assert cells.month(f"{name} 2031") == (2031, number)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("2 mei 2023", "valt niet op de eerste van de maand"),
        ("31-12-2023", "valt niet op de eerste van de maand"),
        (dt.date(2023, 5, 15), "valt niet op de eerste van de maand (15 mei 2023)"),
        ("2023-05-31", "valt niet op de eerste van de maand"),
        ("0-5-2023", "valt niet op de eerste van de maand"),
        ("13-2023", "in plaats van een maand"),
        ("2023-00", "in plaats van een maand"),
        ("2023-13", "in plaats van een maand"),
        ("may 2023", "in plaats van een maand"),
        ("mei", "in plaats van een maand"),
        ("mei 23", "in plaats van een maand"),
        ("mei 0023", "in plaats van een maand"),
        ("2023", "in plaats van een maand"),
        (5, "in plaats van een maand"),
        (36525.0, "in plaats van een maand"),
        (45047.5, "in plaats van een maand"),
        (True, "in plaats van een maand"),
        (dt.time(5), "in plaats van een maand"),
        (Unreadable("#N/A"), "in plaats van een maand"),
    ],
    ids=repr,
)
def test_what_is_no_whole_month_is_refused(cell: object, says: str) -> None:
    assert says in refused(cells.month, cell).message


@pytest.mark.parametrize(
    "cell",
    ["23-2-2023", "23/02/2023", "23 februari 2023", "23 feb 2023", "2023-02-23", dt.date(2023, 2, 23),
     dt.datetime(2023, 2, 23, 15, 30)],
    ids=repr,
)  # fmt: skip
def test_date(cell: object) -> None:
    assert cells.date(cell) == (2023, 2, 23)


@pytest.mark.parametrize("cell", ["30 februari 2023", "23", 44980, "29-2-2023", True, Unreadable("#NUM!")])
def test_what_is_no_date_is_refused(cell: object) -> None:
    refused(cells.date, cell)


@pytest.mark.parametrize(
    ("shown", "number"),
    [("0", 0), ("1400000", 1_400_000), ("-12.5", Decimal("-12.5")), ("0.125", Decimal("0.125")),
     ("1234.567", Decimal("1234.567")), ("100.00", 100)],
)  # fmt: skip
def test_decimal_reads_the_numbers_of_a_csv(shown: str, number: object) -> None:
    assert cells.decimal(shown) == number


@pytest.mark.parametrize(
    "shown",
    ["", " ", "5 ", "1.234,56", "1,5", "1_000", "1e3", "inf", "NaN", "-", "2023-05", "+5", ".5", "5.",
     "1.400", "-12.000", "1.400.000"],
)  # fmt: skip
def test_decimal_leaves_other_text_alone(shown: str) -> None:
    """Above all "1.400": fourteen hundred to a Dutch reader, not one euro forty."""
    assert cells.decimal(shown) is None


def test_long_content_is_quoted_short() -> None:
    assert cells.quoted("x" * 40) == f'"{"x" * 40}"'
    assert cells.quoted("x" * 41) == f'"{"x" * 40}…"'
    assert cells.quoted(dt.date(2023, 5, 15)) == "15 mei 2023"


def test_what_is_printable_holds_nothing_unseen() -> None:
    every = "".join(map(chr, range(0x110000)))
    taken = re.findall(f"{cells._UNSEEN}|{cells._LINE_BREAK}", every)
    assert len(taken) > 2_000
    assert [one for one in taken if one.isprintable() or one == "\N{NO-BREAK SPACE}"] == []
