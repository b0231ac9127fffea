"""The answers: every sentence read by a person, every figure worked by hand."""

from fractions import Fraction

import pytest
from sheets import Book, inputs, put, small

from bdur_xl import nl
from bdur_xl.answers import Answer, answers, effects, reserved
from bdur_xl.model import Inputs, Reservation
from bdur_xl.terms import Basis

ROUNDED, EXACT = Basis.ROUNDED, Basis.EXACT


def answer(inputs: Inputs, key: str, basis: Basis = ROUNDED) -> Answer:
    return next(one for one in answers(inputs, basis) if one.key == key)


def text(inputs: Inputs, key: str, basis: Basis = ROUNDED) -> str:
    return answer(inputs, key, basis).text.replace(nl.NBSP, " ")


def points(found: Answer, subject: str) -> dict[int | None, int | Fraction | None]:
    return {one.year: one.value for one in found.points if one.subject == subject}


# Kantelpunt


@pytest.mark.parametrize(("basis", "months"), [(ROUNDED, "8,20"), (EXACT, "8,30")])
def test_break_even_of_the_memo(real_inputs: Inputs, basis: Basis, months: str) -> None:
    assert text(real_inputs, "kantelpunt", basis) == (
        f"De ruimte van 2023 is nihil bij {months} maanden formatie: "
        "instroom van alle formatie per 1 mei 2023 past, per 1 april nog niet."
    )
    assert list(points(answer(real_inputs, "kantelpunt", basis), "nihil bij")) == [2023, 2024, 2025, 2026]


@pytest.mark.parametrize(
    ("grant", "says"),
    [
        # 65.000,50 counts the whole year, staff cost 15.000 a month
        (245_000.50, "In elk jaar past alle structurele formatie het hele jaar"),
        (245_000.49, "nihil bij 12,00 maanden formatie: instroom van alle formatie per 1 februari 2031 past, "
                     "per 1 januari nog niet"),
        (185_000.50, "nihil bij 8,00 maanden formatie: instroom van alle formatie per 1 mei 2031 past, "
                     "per 1 april"),
        (80_000.50, "nihil bij 1,00 maanden formatie: instroom van alle formatie per 1 december 2031 past, "
                    "per 1 november"),
        (80_000.49, "nihil bij 1,00 maanden formatie: ook instroom van alle formatie per 1 december 2031 "
                    "past niet"),
        (65_000.49, "Ook zonder enige structurele formatie heeft 2031 een tekort."),
    ],
)  # fmt: skip
def test_the_first_month_that_fits(grant: float, says: str) -> None:
    book = small()
    put(book["budget"], "B2", grant)
    put(book["budget"], "B3", 270_000)
    assert says in text(inputs(book), "kantelpunt")


def test_without_a_grant_nothing_can_be_said() -> None:
    book = small()
    del book["budget"][1:]
    found = inputs(book)
    assert text(found, "kantelpunt").startswith("Niet te zeggen: ")
    assert text(found, "na het plan").startswith("Niet te zeggen: ")
    assert text(found, "overdracht") == "Niet te zeggen: het beschikbare bedrag van 2031 en 2032 ontbreekt."
    assert "in 2031 onbekend en in 2032 onbekend" in text(found, "extra fte")
    assert text(found, "nog niet bestemd").startswith(
        "Niet te zeggen: het beschikbare bedrag van 2031 en 2032 ontbreekt. Afgetrokken is"
    )


# Extra fte


def test_a_year_without_a_grant_is_not_passed_over() -> None:
    """2031 has no grant: the other year says nothing of it."""
    book = small()
    put(book["budget"], "B2", None)
    put(book["budget"], "C2", None)
    found = inputs(book)
    assert text(found, "kantelpunt").endswith(
        "Over 2031 is niets te zeggen: het beschikbare bedrag ontbreekt."
    )
    assert "elk jaar" not in text(found, "kantelpunt")
    assert (
        text(found, "nog niet bestemd").count("Niet te zeggen: het beschikbare bedrag van 2031 ontbreekt.")
        == 1
    )


def test_where_no_staff_fit_nothing_is_lasting() -> None:
    book = small()
    for cell in ("B2", "B3"):
        put(book["budget"], cell, 0)
    assert text(inputs(book), "extra fte") == (
        "Naast het plan past aan extra structurele fte: in 2031 geen en in 2032 geen."
    )


def test_extra_staff_of_the_memo(real_inputs: Inputs) -> None:
    assert text(real_inputs, "extra fte") == (
        "Naast het plan past aan extra structurele fte: in 2023 geen, in 2024 1,45, in 2025 5,45 en in 2026 "
        "7,95. Dat past blijvend, ook na 2026, tegen het laatste beschikbare bedrag."
    )


def test_who_stays_must_fit_in_later_years_too() -> None:
    """Room 2031 124.999,50 at 60.000 an fte: 2,083 fits; in 2032 10.000 is left: 0,166. Rounded down."""
    book = small()
    put(book["budget"], "B2", 370_000)
    put(book["budget"], "B3", 280_000)
    assert text(inputs(book), "extra fte") == (
        "Naast het plan past aan extra structurele fte: in 2031 2,08 en in 2032 0,16. "
        "Blijvend, ook na 2032, tegen het laatste beschikbare bedrag: vanaf 2031 0,16 en vanaf 2032 0,16."
    )


def test_without_a_norm_no_staff() -> None:
    book = small()
    put(book["premises"], "B3", None)
    put(book["intake"], "C2", None)
    assert text(inputs(book), "extra fte") == "Niet te zeggen: er is geen normbedrag per fte."


# Na het plan


def test_after_the_memos_plan(real_inputs: Inputs) -> None:
    assert text(real_inputs, "na het plan") == (
        "Lopen beschikbaar bedrag en structurele lasten van 2026 gelijk door, dan is de ruimte in 2027 tot "
        "en met 2030 elk jaar € 795.000. Met korting-10: elk jaar € 555.000. "
        "Met indexatie-3: van € 593.558 in 2027 naar € 426.052 in 2030."
    )
    found = answer(real_inputs, "na het plan")
    assert points(found, "korting-10") == dict.fromkeys(range(2027, 2031), 55_500_000)
    # 2.400.000 - 1.605.000 x 1,03^7
    assert points(found, "indexatie-3")[2030] == 240_000_000 - 160_500_000 * Fraction(103, 100) ** 7


# Aannamen


def test_what_moves_the_memos_room_most(real_inputs: Inputs) -> None:
    found = effects(real_inputs, ROUNDED)
    assert [(one.scenario.name, one.year, nl.round_half_up(one.change)) for one in found] == [
        ("instroom-1-juni", 2023, 37_500_000),
        ("instroom-1-juni-1fte", 2023, 33_333_333),
        ("instroom-1-mei", 2023, 30_000_000),
        ("instroom-1-mei-1fte", 2023, 26_666_667),
        ("korting-10", 2026, -24_000_000),
        ("externe-inhuur-2024", 2024, -15_000_000),
        ("indexatie-3", 2026, -14_882_684),
    ]
    assert text(real_inputs, "aannamen") == (
        "Het meest beweegt instroom-1-juni, met € 375.000 meer ruimte in 2023. "
        "De andere kant op beweegt korting-10, met € 240.000 minder ruimte in 2026."
    )


def test_a_scenario_that_changes_nothing_is_there_with_nil() -> None:
    book: Book = small()
    put(book["scenarios"], "F3", 2099)
    (found,) = effects(inputs(book), ROUNDED)
    assert (found.scenario.name, found.year, found.change) == ("korting", None, 0)
    assert text(inputs(book), "aannamen") == "Geen enkel scenario verandert de ruimte."


# Nog niet bestemd


def test_blank_reservations_are_named_and_not_taken_off(real_inputs: Inputs) -> None:
    assert text(real_inputs, "nog niet bestemd") == (
        "Nog niet bestemd is € 145.000 in 2024, € 545.000 in 2025 en € 795.000 in 2026. "
        "2023 heeft een tekort van € 285.000. Nog niet afgetrokken: GHOR (vanaf 2024) en additionele "
        "doelen van het Rijk hebben nog geen bedrag; dat is iets anders dan € 0."
    )


def test_a_reservation_with_an_amount_is_taken_off() -> None:
    """Room 2031 4.999,50, 2032 -10.000; the noodpot takes 1.000,25 of every year."""
    found = answer(inputs(small()), "nog niet bestemd")
    assert points(found, "nog niet bestemd") == {2031: 399_925, 2032: -1_100_025}
    assert found.text.replace(nl.NBSP, " ") == (
        "Nog niet bestemd is € 3.999 in 2031. 2032 heeft een tekort van € 11.000. "
        "Afgetrokken is noodpot € 1.000 per jaar. "
        "Nog niet afgetrokken: buren (vanaf 2032) heeft nog geen bedrag; dat is iets anders dan € 0."
    )


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [(None, None, [1, 2, 3]), (2, None, [2, 3]), (None, 2, [1, 2]), (2, 2, [2]), (4, None, [])],
)
def test_a_reservation_counts_in_its_years(first: int | None, last: int | None, years: list[int]) -> None:
    one = Reservation("x", first, last, 5)
    assert [year for year in (1, 2, 3) if reserved([one, one], year) == 10] == years


# Overdracht


def test_carry_over_of_the_memo(real_inputs: Inputs) -> None:
    assert text(real_inputs, "overdracht", EXACT) == (
        "Mag een saldo mee naar het volgende jaar, dan staat het eind 2026 op € 1.207.149, "
        "na een tekort tot en met 2024. "
        "Mag dat niet, dan blijft over 2023 een tekort van € 277.851 en vervalt € 1.485.000 uit 2024, 2025 "
        "en 2026."
    )


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        (245_000.50, 270_000, "op € 0 en is het nooit negatief. Elk jaar komt precies uit."),
        (245_001.50, 270_001, "op € 2 en is het nooit negatief. "
                              "Mag dat niet, dan vervalt € 2 uit 2031 en 2032."),
        (245_000.50, 269_000, "op −€ 1.000. Mag dat niet, dan blijft over 2032 een tekort van € 1.000."),
    ],
)  # fmt: skip
def test_carry_over(first: float, second: float, says: str) -> None:
    book = small()
    put(book["budget"], "B2", first)
    put(book["budget"], "B3", second)
    assert (
        text(inputs(book), "overdracht")
        == f"Mag een saldo mee naar het volgende jaar, dan staat het eind 2032 {says}"
    )
