"""What-if: the memo's rows, cuts and prices by hand, staff's own rows, and every fault named."""

from collections.abc import Mapping
from fractions import Fraction

import naive
import pytest
from hypothesis import given, settings
from sheets import Book, inputs, put, read, small
from strategies import books

from bdur_xl import nl
from bdur_xl.budget import available, cumulative
from bdur_xl.model import ExtraCost, FromYear, Inputs, Scenario, YearColumn, faults
from bdur_xl.overview import overview
from bdur_xl.scenarios import (
    THE_PLAN,
    ScenarioFigures,
    UnknownScenarioError,
    all_scenarios,
    applied,
    compared,
    continued,
    described,
    figures,
    find,
)
from bdur_xl.terms import Basis, Kind

ROUNDED, EXACT = Basis.ROUNDED, Basis.EXACT


def with_scenario(**cells: object) -> Book:
    """Return the small plan with one scenario more; a cell goes by its heading, spaces as underscores."""
    book = small()
    headings = [
        str(heading).replace(" ", "_").replace("(", "").replace(")", "") for heading in book["scenarios"][0]
    ]
    assert set(cells) <= set(headings), set(cells) - set(headings)
    book["scenarios"].append([cells.get(heading) for heading in headings])
    return book


def rooms(inputs: Inputs, name: str) -> ScenarioFigures:
    return figures(inputs, find(inputs, name))


def euros(amounts: Mapping[int, int | Fraction | None]) -> list[float | None]:
    return [None if cents is None else nl.round_half_up(cents) / 100 for cents in amounts.values()]


# The memo's own questions, by hand


@pytest.mark.parametrize(
    ("name", "cost", "rounded", "exact"),
    [
        # 785.000 counts the whole year; of the 900.000 for staff 8/12 or 7/12
        ("instroom-1-mei", 1_385_000, 15_000, 22_149),
        ("instroom-1-juni", 1_310_000, 90_000, 97_149),
        # 100.000 is in house; of the other 800.000 8/12 or 7/12: the sign flips
        ("instroom-1-mei-1fte", 1_418_333.33, -18_333.33, -11_184.33),
        ("instroom-1-juni-1fte", 1_351_666.67, 48_333.33, 55_482.33),
        ("externe-inhuur-2024", 1_685_000, -285_000, -277_851),
    ],
)
def test_2023_of_the_memo(real_inputs: Inputs, name: str, cost: float, rounded: float, exact: float) -> None:
    found = rooms(real_inputs, name)
    assert euros(found.planned)[0] == cost
    assert (euros(found.room[ROUNDED])[0], euros(found.room[EXACT])[0]) == (rounded, exact)
    assert euros(found.room[ROUNDED])[1:] == ([-5_000, 545_000, 795_000] if "inhuur" in name
                                              else [145_000, 545_000, 795_000])  # fmt: skip


def test_the_shipped_scenarios(real_inputs: Inputs) -> None:
    assert [one.name for one in all_scenarios(real_inputs)] == [
        "basis", "instroom-1-mei", "instroom-1-juni", "instroom-1-mei-1fte", "instroom-1-juni-1fte",
        "externe-inhuur-2024", "korting-10", "indexatie-3",
    ]  # fmt: skip
    assert all(one.text for one in real_inputs.scenarios)


def test_a_cut_of_a_tenth_from_2026(real_inputs: Inputs) -> None:
    found = rooms(real_inputs, "korting-10")
    assert euros(found.available[ROUNDED]) == [1_400_000, 1_650_000, 2_150_000, 2_160_000]
    assert euros(found.room[ROUNDED]) == [-285_000, 145_000, 545_000, 555_000]
    assert euros(found.cumulative[EXACT]) == [-277_851, -132_851, 412_149, 967_149]
    assert euros(found.difference[EXACT]) == [0, 0, 0, -240_000]


def test_three_percent_a_year_from_2024(real_inputs: Inputs) -> None:
    """1.505.000 x 1,03; 1.605.000 x 1,0609; 1.605.000 x 1,092727 = 1.753.826,835: half a cent, up."""
    found = rooms(real_inputs, "indexatie-3")
    assert euros(found.planned) == [1_685_000, 1_550_150, 1_702_744.50, 1_753_826.84]
    assert found.planned[2026] == Fraction(1_753_826_835, 10)
    assert euros(found.room[ROUNDED]) == [-285_000, 99_850, 447_255.50, 646_173.17]
    assert euros(found.cumulative[ROUNDED]) == [-285_000, -185_150, 262_105.50, 908_278.67]


def test_a_scenario_reaches_every_figure_of_the_overview(real_inputs: Inputs) -> None:
    plain = overview(real_inputs)
    hired = overview(applied(real_inputs, find(real_inputs, "externe-inhuur-2024")))
    assert hired.by_kind[Kind.INCIDENTAL][2024] == 15_000_000
    assert hired.by_theme["versterken IM"][2024] == plain.by_theme["versterken IM"][2024] + 15_000_000
    dearer = overview(applied(real_inputs, find(real_inputs, "indexatie-3")))
    assert dearer.fte == plain.fte, "dearer people are not more people"
    assert {one.goal.goal_id: one.fte for one in dearer.goals} == {
        one.goal.goal_id: one.fte for one in plain.goals
    }
    later = overview(applied(real_inputs, find(real_inputs, "instroom-1-mei-1fte")))
    assert later.phased == later.planned, "not phased a second time"
    assert later.intake == ()
    assert later.fte[2023] == Fraction(1900, 3), "on average over the year: 1 + 8 x 8/12"


def test_indexation_leaves_the_sheet_instroom_right() -> None:
    """L1: 120.000 a year, half an fte (30.000) in house, the rest from April; all 2,5 percent dearer."""
    book = with_scenario(scenario="duurder", indexatie=0.025, indexatie_vanaf=2031)
    view = overview(applied(inputs(book), find(inputs(book), "duurder")))
    plain = overview(inputs(book))
    assert plain.phased[2031] == 22_250_050
    assert view.phased[2031] == Fraction(22_250_050 * 1025, 1000)


# Properties


def faultless(book: Book) -> Inputs:
    """Return the inputs of a random book: signals there may be, no faults."""
    found, findings = read(book)
    assert faults(findings) == []
    return found


@settings(max_examples=40)
@given(books())
def test_basis_changes_nothing(book: Book) -> None:
    found = faultless(book)
    assert applied(found, THE_PLAN) == found
    basis, *_ = compared(found)
    assert {*basis.difference[ROUNDED].values()} <= {0, None}
    assert basis.room == overview(found).room


@settings(max_examples=60)
@given(books())
def test_every_scenario_equals_the_naive_route(book: Book) -> None:
    found = faultless(book)
    for row, one in zip(naive.rows(book, "scenarios"), compared(found), strict=True):
        assert one.scenario.name == row["scenario"]
        for year in naive.years(book):
            cost = naive.scenario_cost(book, row, year) * 100
            assert one.planned[year] == cost
            for basis in Basis:
                grant = naive.scenario_grant(book, row, year, basis is EXACT)
                assert one.available[basis][year] == (None if grant is None else grant * 100)
                room = None if grant is None else Fraction(grant) * 100 - cost
                assert one.room[basis][year] == room
        for basis in Basis:
            carried = cumulative(one.room[basis]) if row["overdracht"] != "nee" else one.room[basis]
            assert one.cumulative[basis] == carried


@settings(max_examples=30)
@given(books())
def test_the_totals_of_a_scenario_are_those_of_its_overview(book: Book) -> None:
    found = faultless(book)
    for one in compared(found):
        view = overview(applied(found, one.scenario))
        assert one.planned == view.planned
        assert (one.room, one.cumulative) == (view.room, view.cumulative)
        for groups in (view.by_block, view.by_theme, view.by_department):
            for year in found.plan.years:
                assert sum(group[year] for group in groups.values()) == view.planned[year]


# The parts of a scenario


def test_staffs_own_row_works_out_every_part() -> None:
    """From July 2031: staff 180.000 x 6/12, half an fte in house (30.000) all year; then 2032 dearer."""
    book = with_scenario(
        scenario="alles", omschrijving="eigen", startmaand="juli 2031", fte_al_in_dienst=0.5,
        korting=0.1, korting_vanaf=2032, indexatie=0.025, indexatie_vanaf=2032,
        extra_lasten_op_regel="l3", extra_vanaf=2031, extra_tot_en_met=2032, extra_fte=0.5,
        extra_bedrag_per_fte=30_000, overdracht="nee",
    )  # fmt: skip
    found = inputs(book)
    scenario = find(found, " ALLES ")
    assert scenario == Scenario(
        "alles", "eigen", (2031, 7), 50, FromYear(Fraction(1, 10), 2032), FromYear(Fraction(1, 40), 2032),
        ExtraCost("L3", 2031, 2032, 3_000_000, 50), carry_over=False, place="Scenario's, rij 4",
    )  # fmt: skip
    one = figures(found, scenario)
    # 2031: 65.000,50 for the whole year, 30.000 in house, 150.000 x 6/12, 15.000 extra
    assert euros(one.planned) == [185_000.50, 270_000 * 1.025 + 15_000]
    assert euros(one.available[ROUNDED]) == [250_000, 234_000]
    assert euros(one.room[ROUNDED]) == [64_999.50, 234_000 - 291_750]
    assert one.cumulative == one.room, "nothing is carried over"
    assert described(scenario) == (
        "structurele formatie begint 1 juli 2031, 0,5 fte al in dienst; korting van 10% vanaf 2032; "
        "lasten elk jaar 2,5% hoger vanaf 2032; € 15.000 extra op regel L3 (0,5 fte) "
        "van 2031 tot en met 2032; geen overdracht tussen jaren"
    ).replace("€ ", f"€{nl.NBSP}")


@pytest.mark.parametrize(
    ("in_house", "cost"),
    [(None, 65_000.50), (3, 245_000.50), (4, 245_000.50)],  # 3 fte of 60.000 is all there is
)
def test_staff_that_start_after_the_year(in_house: float | None, cost: float) -> None:
    book = with_scenario(scenario="later", startmaand="januari 2032", fte_al_in_dienst=in_house)
    assert euros(rooms(inputs(book), "later").planned) == [cost, 270_000]


def test_extra_cost_without_fte_is_an_amount_and_lasts_a_year() -> None:
    book = with_scenario(
        scenario="extra", extra_lasten_op_regel="L4", extra_vanaf=2032, extra_bedrag_per_fte=1
    )
    plan = applied(inputs(book), find(inputs(book), "extra")).plan
    assert plan.columns[-1] == YearColumn(2032, Kind.INCIDENTAL)
    assert euros(rooms(inputs(book), "extra").planned) == [245_000.50, 270_001]


@pytest.mark.parametrize(("cut", "left"), [(0.1, 23_400_000), (0, 26_000_000)])
def test_a_cut_takes_the_place_of_that_of_the_budget(cut: float, left: int) -> None:
    """Half of 250.000 in 2031, where the scenario says nothing; a cut of nil gives 2032 all of it."""
    book = with_scenario(scenario="anders", korting=cut, korting_vanaf=2032)
    book["budget"][0].append("korting")
    book["budget"][1].append(0.5)
    book["budget"][2].append(0.5)
    found = applied(inputs(book), find(inputs(book), "anders"))
    assert [available(found.budget, year, ROUNDED) for year in (2031, 2032)] == [12_500_000, left]


def test_basis_needs_no_row_and_comes_first() -> None:
    book = small()
    del book["scenarios"][1]
    assert [one.name for one in all_scenarios(inputs(book))] == ["basis", "korting"]
    book["scenarios"].append(["Basis", *[None] * 13])
    assert [one.name for one in all_scenarios(inputs(book))] == ["Basis", "korting"]


def test_an_unknown_name_tells_the_names_there_are() -> None:
    with pytest.raises(UnknownScenarioError) as raised:
        find(inputs(small()), "kortin")
    assert (raised.value.name, raised.value.known) == ("kortin", ("basis", "korting"))


def test_in_house_without_norm_is_refused() -> None:
    found = inputs(small())
    found = found._replace(premises=found.premises._replace(norm_per_fte=None))
    with pytest.raises(ValueError, match="norm"):
        applied(found, Scenario("x", start=(2031, 4), in_house=100))


# After the last year


def test_what_is_structural_goes_on_and_the_rest_ends() -> None:
    """2032 is not split and counts as structural; in 2031 alone 180.000 of 245.000,50 is."""
    found = inputs(small())
    later = continued(found, 2)
    assert later.plan.years == (2033, 2034)
    assert overview(later).planned == {2033: 27_000_000, 2034: 27_000_000}
    assert overview(later).available[ROUNDED] == {2033: 26_000_000, 2034: 26_000_000}
    book = small()
    for row in book["plan"]:
        del row[-1]
    assert overview(continued(inputs(book), 1)).planned == {2032: 18_000_000}


def test_nothing_goes_on_when_the_last_year_does_not_tell_what_is_structural() -> None:
    book = small()
    put(book["premises"], "B4", None)
    assert continued(inputs(book), 4).plan.years == ()


def test_prices_and_cuts_go_on_after_the_last_year(real_inputs: Inputs) -> None:
    later = continued(real_inputs, 4)
    assert euros(rooms(later, "korting-10").room[ROUNDED]) == [555_000] * 4
    # 1.605.000 x 1,03^4 = 1.806.441,64005
    assert euros(rooms(later, "indexatie-3").room[ROUNDED])[0] == 593_558.36
    assert euros(rooms(later, "instroom-1-mei-1fte").room[ROUNDED]) == [795_000] * 4


# Faulty rows: every fault with its place and remedy


@pytest.mark.parametrize(
    ("cells", "cell", "message"),
    [
        ({"korting": 0.1}, "F4", "korting vanaf is leeg terwijl korting is ingevuld"),
        ({"korting_vanaf": 2032}, "E4", "korting is leeg terwijl korting vanaf is ingevuld"),
        ({"korting": 10, "korting_vanaf": 2032}, "E4", 'bevat "10" in plaats van een deel'),
        ({"indexatie": 0.03}, "H4", "indexatie vanaf is leeg terwijl indexatie is ingevuld"),
        ({"indexatie": 0.03, "indexatie_vanaf": "vroeg"}, "H4", 'bevat "vroeg" in plaats van een jaartal'),
        ({"startmaand": "mei 2040"}, "C4", "startmaand valt in 2040, een jaar dat niet in het plan staat"),
        ({"startmaand": "2-5-2031"}, "C4", 'valt niet op de eerste van de maand ("2-5-2031")'),
        ({"fte_al_in_dienst": 1}, "D4", "fte al in dienst zonder startmaand"),
        ({"startmaand": "mei 2031", "fte_al_in_dienst": -1}, "D4", "fte al in dienst is negatief"),
        ({"overdracht": "soms"}, "N4", 'bevat "soms", dat is hier onbekend'),
        (
            {"extra_lasten_op_regel": "L9", "extra_vanaf": 2031, "extra_bedrag_per_fte": 5},
            "I4", 'onbekend: planregel "L9"',
        ),
        (
            {"extra_lasten_op_regel": "L1", "extra_vanaf": 2040, "extra_bedrag_per_fte": 5},
            "J4", "2040 is geen jaar van het plan",
        ),
        (
            {"extra_lasten_op_regel": "L1", "extra_vanaf": 2032, "extra_tot_en_met": 2031,
             "extra_bedrag_per_fte": 5},
            "K4", "2031 ligt voor 2032",
        ),
        ({"extra_lasten_op_regel": "L1", "extra_vanaf": 2031}, "M4", "extra lasten zonder het bedrag"),
        ({"extra_vanaf": 2031, "extra_bedrag_per_fte": 5}, "I4", "extra lasten zonder de regel"),
        ({"scenario": "korting"}, "A4", "korting komt dubbel voor (ook in Scenario's!A3)"),
        ({"scenario": None, "omschrijving": "zonder naam"}, "A4",
         "scenario is leeg op een rij met gegevens"),
    ],
)  # fmt: skip
def test_a_faulty_row(cells: dict[str, object], cell: str, message: str) -> None:
    found = read(with_scenario(**{"scenario": "fout", **cells}))[1]
    by_place = {one.where: one for one in faults(found)}
    place = f"Scenario's!{cell}"
    assert by_place.keys() == {place}
    assert by_place[place].message == message
    assert by_place[place].remedy


def test_basis_may_not_change_anything() -> None:
    book = small()
    put(book["scenarios"], "E2", 0.1)
    put(book["scenarios"], "F2", 2032)
    (found,) = read(book)[1]
    assert (found.where, found.message) == ("Scenario's!A2", "basis is het plan zelf en verandert niets")


def test_all_faults_of_a_row_at_once() -> None:
    book = with_scenario(scenario="fout", korting=2, indexatie=0.1, extra_vanaf=2031, overdracht="?")
    places = {one.where for one in read(book)[1]}
    assert places == {f"Scenario's!{cell}4" for cell in ("E", "F", "H", "I", "M", "N")}


def test_a_start_needs_to_know_what_is_structural_and_what_an_fte_costs() -> None:
    book = with_scenario(scenario="later", startmaand="mei 2032", fte_al_in_dienst=1)
    put(book["premises"], "B4", None)
    put(book["premises"], "B3", None)
    book["intake"][1][2] = None
    messages = [one.message for one in read(book)[1]]
    assert messages == [
        "het plan splitst 2032 niet: wat structureel is, blijft onbekend",
        "fte al in dienst kan niet worden omgerekend zonder normbedrag",
    ]


def test_a_reservation_that_ends_before_it_begins() -> None:
    book = small()
    book["reservations"].append(["verkeerd", 2032, 2031, 5, None])
    (found,) = read(book)[1]
    assert (found.where, found.message) == ("Budget!C4", "2031 ligt voor 2032")
