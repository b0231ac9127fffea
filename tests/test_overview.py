"""Every figure of one plan: the memo's, and that all of them agree with each other."""

from fractions import Fraction

import naive
import pytest
from hypothesis import given
from sheets import Book, add_column, inputs, put, raw, small
from strategies import books

from bdur_xl.model import Inputs
from bdur_xl.overview import Overview, intake_label, named, overview
from bdur_xl.parse import parse_inputs
from bdur_xl.terms import Basis, Kind

YEARS = (2023, 2024, 2025, 2026)


def euros(by_year: object) -> tuple[float | None, ...]:
    """Return amounts in cents by year as euros in the order of the years."""
    assert isinstance(by_year, dict)
    return tuple(None if by_year[year] is None else by_year[year] / 100 for year in sorted(by_year))


def test_figures_of_the_memo(real: Overview) -> None:
    assert real.years == YEARS
    assert euros(real.planned) == (1_685_000, 1_505_000, 1_605_000, 1_605_000)
    assert euros(real.by_kind[Kind.INCIDENTAL]) == (485_000, 0, None, None)
    assert euros(real.by_kind[Kind.STRUCTURAL]) == (1_200_000, 1_505_000, 1_605_000, 1_605_000)
    assert {name: euros(amounts) for name, amounts in real.by_block.items()} == {
        "fte": (1_275_000, 1_200_000, 1_300_000, 1_300_000),
        "middelen": (410_000, 305_000, 305_000, 305_000),
    }
    assert {name: euros(amounts) for name, amounts in real.by_theme.items()} == {
        "toek. CB": (910_000, 885_000, 985_000, 985_000),
        "versterken IM": (775_000, 620_000, 620_000, 620_000),
    }
    assert {name: euros(amounts) for name, amounts in real.by_department.items()} == {
        "CB": (910_000, 805_000, 805_000, 805_000),
        "S&B": (100_000, 100_000, 100_000, 100_000),
        "BGC": (100_000, 100_000, 200_000, 200_000),
        "CB/RD": (325_000, 200_000, 200_000, 200_000),
        "IM": (250_000, 200_000, 200_000, 200_000),
        "(de)centraal?": (0, 100_000, 100_000, 100_000),
    }
    assert real.fte == {2023: 900, 2024: 1200, 2025: 1300, 2026: 1300}
    assert euros(real.without_goal) == (450_000, 500_000, 600_000, 600_000)


def test_room_of_the_memo(real: Overview) -> None:
    assert euros(real.available[Basis.ROUNDED]) == (1_400_000, 1_650_000, 2_150_000, 2_400_000)
    assert euros(real.available[Basis.EXACT]) == (1_407_149, 1_650_000, 2_150_000, 2_400_000)
    assert euros(real.room[Basis.ROUNDED]) == (-285_000, 145_000, 545_000, 795_000)
    assert euros(real.room[Basis.EXACT]) == (-277_851, 145_000, 545_000, 795_000)
    assert euros(real.cumulative[Basis.ROUNDED]) == (-285_000, -140_000, 405_000, 1_200_000)
    assert euros(real.cumulative[Basis.EXACT]) == (-277_851, -132_851, 412_149, 1_207_149)


def test_intake_variants_of_the_memo(real: Overview) -> None:
    shown = [
        (
            one.start,
            one.in_house,
            *(round(amount / 100) for amount in (one.planned, *one.room.values()) if amount),
        )
        for one in real.intake
    ]
    assert shown == [
        ((2023, 5), 0, 1_385_000, 15_000, 22_149),
        ((2023, 6), 0, 1_310_000, 90_000, 97_149),
        ((2023, 5), 100, 1_418_333, -18_333, -11_184),
        ((2023, 6), 100, 1_351_667, 48_333, 55_482),
    ]
    assert [list(one.room) for one in real.intake] == [[Basis.ROUNDED, Basis.EXACT]] * 4
    assert [intake_label(one) for one in real.intake][1:3] == [
        "instroom 1 juni 2023", "instroom 1 mei 2023, 1 fte al in dienst",
    ]  # fmt: skip


def test_break_even_of_the_memo(real: Overview) -> None:
    months = {basis: [(one.year, one.months) for one in found] for basis, found in real.break_even.items()}
    assert months == {
        Basis.ROUNDED: [(2023, Fraction("8.2"))],
        Basis.EXACT: [(2023, Fraction("8.29532"))],
    }


def test_what_is_no_estimate_and_what_is_assumed(real: Overview) -> None:
    assert real.without_estimate == {(2024, Kind.INCIDENTAL)}
    split = "niet gesplitst in het plan; geldt als structureel"
    exact = "exact bedrag onbekend; ook exact gerekend met het afgeronde bedrag"
    assert real.assumptions == {2024: (exact,), 2025: (split, exact), 2026: (split, exact)}


def test_a_cut_is_named_as_typed() -> None:
    book = small()
    add_column(book["budget"], "korting", 0.025)
    figures = overview(inputs(book))
    assert figures.assumptions[2031] == ("korting van 2,5% op het beschikbare bedrag verwerkt",)
    assert euros(figures.available[Basis.ROUNDED]) == (243_750, 260_000)


@pytest.mark.parametrize(("name", "shown"), [("", "(geen afdeling)"), ("Oost", "Oost")])
def test_groups_without_name(name: str, shown: str) -> None:
    assert named(name, "afdeling") == shown


def test_a_year_without_grant_leaves_the_rest_unknown() -> None:
    book = small()
    book["budget"] = [book["budget"][0], book["budget"][2]]
    figures = overview(inputs(book))
    assert euros(figures.room[Basis.ROUNDED]) == (None, -10_000)
    assert euros(figures.cumulative[Basis.ROUNDED]) == (None, None)
    assert figures.intake[0].room == {Basis.ROUNDED: None, Basis.EXACT: None}
    assert figures.break_even == {Basis.ROUNDED: (), Basis.EXACT: ()}


def test_variants_of_the_small_plan() -> None:
    figures = overview(inputs(small()))
    # Structural staff of 2031: L1 120.000 and L3 60.000; from April 9/12; L1 has 0,5 fte of 60.000 in house.
    assert [(one.in_house, one.planned) for one in figures.intake] == [
        (0, 24_500_050 - 18_000_000 + 13_500_000),
        (50, 24_500_050 - 18_000_000 + 3_000_000 + 15_000_000 * Fraction(9, 12)),
    ]
    assert figures.fte == {2031: 300, 2032: 400}


def test_a_month_outside_the_plan_or_in_a_year_without_split_has_no_variant() -> None:
    book = small()
    put(book["premises"], "B5", "april 2035")
    assert overview(inputs(book)).intake == ()
    put(book["premises"], "B5", "april 2032")
    assert len(overview(inputs(book)).intake) == 2
    put(book["premises"], "B4", None)  # what is structural in 2032 is then unknown: a total would mislead
    assert overview(inputs(book)).intake == ()


def test_nobody_in_house_gives_no_second_variant(real_inputs: Inputs) -> None:
    assert len(overview(real_inputs._replace(intake={})).intake) == 2


def test_an_empty_plan_has_figures() -> None:
    book = {key: sheet[:1] for key, sheet in small().items()}
    figures = overview(inputs(book))
    assert figures.planned == {2031: 0, 2032: 0}
    assert figures.by_block == {}
    assert figures.without_estimate == {
        (2031, Kind.INCIDENTAL),
        (2031, Kind.STRUCTURAL),
        (2032, Kind.UNSPLIT),
    }


@given(books())
def test_the_figures_of_random_plans_agree(book: Book) -> None:
    figures = overview(parse_inputs(raw(book))[0])
    for year in figures.years:
        planned = figures.planned[year]
        assert planned == (naive.total(book, year=year) or 0) * 100
        for division in (figures.by_block, figures.by_theme, figures.by_department):
            assert sum(amounts[year] for amounts in division.values()) == planned
        kinds = [by_year[year] for by_year in figures.by_kind.values()]
        if figures.inputs.plan.unsplit_as or year not in {
            column.year for column in figures.inputs.plan.columns if column.kind is Kind.UNSPLIT
        }:
            assert sum(amount or 0 for amount in kinds) == planned
        else:
            assert kinds == [None, None]
        expected = naive.fte(book, year)
        assert figures.fte[year] == (None if expected is None else expected * 100)
        for basis in Basis:
            grant, room = figures.available[basis][year], figures.room[basis][year]
            assert room == (None if grant is None else grant - planned)


@given(books())
def test_the_intake_variants_of_random_plans(book: Book) -> None:
    figures = overview(parse_inputs(raw(book))[0])
    for one in figures.intake:
        full = figures.planned[one.year]
        expected = naive.part_year(book, *one.start, in_house=bool(one.in_house))
        assert expected is not None
        assert one.planned == expected * 100
        for basis in Basis:
            grant = figures.available[basis][one.year]
            assert one.room[basis] == (None if grant is None else grant - one.planned)
        if one.start[1] == 1:
            assert one.planned == full


def test_the_sheet_instroom_phases_the_year_it_names(real: Overview) -> None:
    """1 May for all but the 1 fte in house: 1.418.333,33 in 2023; P08 and P10 start with 2024."""
    assert real.phased[2023] == Fraction(1_418_333_33 * 3 + 1, 3)
    assert {year: real.phased[year] for year in YEARS[1:]} == {year: real.planned[year] for year in YEARS[1:]}
    assert real.phased_room[Basis.EXACT][2023] == Fraction(-11_184_33 * 3 - 1, 3)
