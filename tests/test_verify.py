import json
import time
from collections.abc import Mapping
from fractions import Fraction

import pytest

from bdur_xl import nl
from bdur_xl.figures import Figure, Unit, Value
from bdur_xl.traced import LONGEST_TAG, tag_of
from bdur_xl.verify import Cell, Outcome, Passage, Tag, Verdict, summary, unnamed_years, verdicts_json, verify

EQUAL, STALE, NO_SOURCE = Outcome.EQUAL, Outcome.STALE, Outcome.NO_SOURCE
SHORTAGE = -27_785_100
"""Room of 2023, exact: 1.407.149 less 1.685.000 euros."""


def figures(values: Mapping[str, Value], unit: Unit = Unit.EURO) -> dict[str, Figure]:
    return {key: Figure(key, key, value, unit, "regel") for key, value in values.items()}


def tagged(text: str, *names: str, cell: Cell | None = None) -> Passage:
    """Return a passage in which every part between brackets has the next name as its mark."""
    tags = []
    for name in names:
        start = text.index("[")
        end = text.index("]") - 1
        text = text.replace("[", "", 1).replace("]", "", 1)
        tags.append(Tag(start, end, name))
    return Passage("1 Samenvatting, alinea 1", text, tuple(tags), cell)


def in_table(text: str, row: str = "Lasten", column: str = "2023", corner: str = "Post") -> Passage:
    return Passage("5, overzicht", text, cell=Cell(corner, row, column, "in euro's"))


def origins(kenmerk: str, text: str) -> Passage:
    return Passage("Bijlage Herkomst", text, cell=Cell("Kenmerk", kenmerk, "Waarden"))


def outcomes(verdicts: tuple[Verdict, ...]) -> list[tuple[str, Outcome, str]]:
    return [(verdict.text, verdict.outcome, verdict.new.replace(nl.NBSP, " ")) for verdict in verdicts]


# Figures with their mark


@pytest.mark.parametrize(
    ("text", "value", "outcome", "new"),
    [
        ("€ 1.685.000", 168_500_000, EQUAL, ""),
        ("1.685.000†", 168_500_000, EQUAL, ""),
        ("€ 1,7 miljoen", 168_500_000, EQUAL, ""),  # reworded by staff, still so
        ("€ 1.685.000", 172_500_000, STALE, "€ 1.725.000"),
        ("€ 1,7 miljoen", 180_000_000, STALE, "€ 1.800.000"),
        ("1.685.000", 172_500_000, STALE, "1.725.000"),
        ("€ 1.685.001", 168_500_000, STALE, "€ 1.685.000"),
        ("€ 1.685.000", None, STALE, ""),
        ("–", None, EQUAL, ""),
        ("geen raming", None, EQUAL, ""),
        ("–", 168_500_000, STALE, "€ 1.685.000"),
        ("nihil", 0, EQUAL, ""),
        ("nihil", 100, STALE, "€ 1"),
        ("een fors bedrag", 168_500_000, NO_SOURCE, ""),
        ("27%", 168_500_000, NO_SOURCE, ""),
    ],
)
def test_a_marked_figure_is_held_against_its_own_value(
    text: str, value: Value, outcome: Outcome, new: str
) -> None:
    found = verify([tagged(f"Lasten: [{text}].", "lasten.2023")], figures({"lasten.2023": value}))
    assert outcomes(found) == [(text.rstrip("†"), outcome, new)]
    assert found[0].ids == ("lasten.2023",)


def test_the_unit_may_stand_beside_the_mark() -> None:
    current = figures({"fte.2024": 1200}, Unit.FTE)
    assert outcomes(verify([tagged("Dat is [12] fte.", "fte.2024")], current)) == [("12 fte", EQUAL, "")]
    assert outcomes(verify([tagged("Fte: [12]", "fte.2024")], current)) == [("12", EQUAL, "")]
    under_a_year = tagged("[12]*", "fte.2024", cell=Cell("Post", "Staf", "2024"))
    assert outcomes(verify([under_a_year], current)) == [("12*", EQUAL, "")]
    assert outcomes(verify([tagged("Fte: [9]", "fte.2024")], current)) == [("9", STALE, "12")]


def test_a_shortage_is_printed_with_the_opposite_sign() -> None:
    memo = [tagged("een tekort van [€ 277.851]", "-ruimte-exact.2023")]
    assert outcomes(verify(memo, figures({"ruimte-exact.2023": SHORTAGE}))) == [("€ 277.851", EQUAL, "")]
    assert outcomes(verify(memo, figures({"ruimte-exact.2023": -30_000_000}))) == [
        ("€ 277.851", STALE, "€ 300.000")
    ]


def test_a_sign_that_turned_asks_for_other_words() -> None:
    memo = [tagged("een tekort van [€ 277.851]", "-ruimte-exact.2023")]
    (verdict,) = verify(memo, figures({"ruimte-exact.2023": 27_785_100}))
    assert (verdict.outcome, verdict.new) == (STALE, f"−€{nl.NBSP}277.851")
    assert "teken" in verdict.note


def test_all_years_of_a_shared_figure_must_agree() -> None:
    memo = [tagged("[12 fte] in 2024 en 2025", "fte.2024,2025")]
    (equal,) = verify(memo, figures({"fte.2024": 1200, "fte.2025": 1200}, Unit.FTE))
    assert (equal.outcome, equal.ids) == (EQUAL, ("fte.2024", "fte.2025"))
    (stale,) = verify(memo, figures({"fte.2024": 1200, "fte.2025": 1340}, Unit.FTE))
    assert (stale.outcome, stale.new) == (STALE, "12 fte (fte.2024) of 13,4 fte (fte.2025)")


def test_a_kenmerk_may_hold_points_and_commas() -> None:
    name = "instroom 1 mei 2023, 1,5 fte al in dienst.ruimte exact"
    (verdict,) = verify([tagged("[€ 5]", name)], figures({name: 500}))
    assert (verdict.outcome, verdict.ids) == (EQUAL, (name,))


def test_a_figure_that_is_gone() -> None:
    (verdict,) = verify([tagged("[€ 5]", "P21.2023")], figures({"P01.2023": 500}))
    assert (verdict.outcome, verdict.new) == (STALE, "")
    assert "bestaat niet meer in de werkmap (P21.2023)" in verdict.note


def test_other_content_controls_mark_no_figure() -> None:
    (verdict,) = verify([tagged("[Besluit: € 5 bestemmen]", "gevraagd_besluit")], figures({"P01.2023": 500}))
    assert (verdict.text, verdict.outcome, verdict.ids) == ("€ 5", EQUAL, ("P01.2023",))


def test_the_inner_of_two_marks_counts() -> None:
    passage = Passage("plaats", "€ 5", (Tag(0, 3, "oud.2023"), Tag(0, 3, "nieuw.2023")))
    (verdict,) = verify([passage], figures({"oud.2023": 900, "nieuw.2023": 500}))
    assert verdict.ids == ("nieuw.2023",)


@pytest.mark.parametrize("columns", ["2023", "2023,2025", "2023,2024,2025"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_mark_too_long_for_word(columns: str, sign: str) -> None:
    kenmerk = "hoofdthema-een naam die veel langer is dan Word in een kenmerk bewaart"
    name = tag_of(f"{sign}{kenmerk}.{columns}")
    assert len(name) == LONGEST_TAG
    values = {f"{kenmerk}.{year}": -500 if sign else 500 for year in (2023, 2024, 2025)}
    (verdict,) = verify([tagged("[€ 5]", name)], figures(values))
    assert verdict.outcome is EQUAL
    assert verdict.ids == tuple(f"{kenmerk}.{year}" for year in columns.split(","))


def test_two_figures_in_one_mark_are_both_judged() -> None:
    found = verify([tagged("[€ 5 (was € 4)]", "P01.2023")], figures({"P01.2023": 500}))
    assert outcomes(found) == [("€ 5", EQUAL, ""), ("€ 4", STALE, "€ 5")]


def test_minder_dan() -> None:
    memo = [tagged("resteert [minder dan € 1]", "ruimte.2023")]
    assert verify(memo, figures({"ruimte.2023": Fraction(100, 3)}))[0].outcome is EQUAL
    assert verify(memo, figures({"ruimte.2023": 5000}))[0].outcome is STALE


# Figures without mark


def test_an_unmarked_figure_is_known_by_its_value() -> None:
    current = figures({"lasten.2023": 168_500_000, "ruimte.2023": SHORTAGE})
    current |= figures({"fte.2023": 900}, Unit.FTE)
    memo = [Passage("plaats", "Lasten € 1.685.000, tekort € 277.851, 9 fte, 9 maanden en € 12.")]
    assert [(one.text, one.outcome, one.ids) for one in verify(memo, current)] == [
        ("€ 1.685.000", EQUAL, ("lasten.2023",)),
        ("€ 277.851", EQUAL, ("ruimte.2023",)),  # the size of a shortage
        ("9 fte", EQUAL, ("fte.2023",)),
        ("9 maanden", NO_SOURCE, ()),
        ("€ 12", NO_SOURCE, ()),
    ]


def test_a_surplus_is_no_shortage() -> None:
    (verdict,) = verify([Passage("plaats", "−€ 5")], figures({"ruimte.2023": 500}))
    assert verdict.outcome is NO_SOURCE


def test_no_more_than_three_figures_are_named() -> None:
    (verdict,) = verify([Passage("plaats", "€ 5")], figures({f"P0{n}.2023": 500 for n in range(9)}))
    assert verdict.ids == ("P00.2023", "P01.2023", "P02.2023")


@pytest.mark.parametrize(
    "elsewhere",
    [
        origins("ruimte", "2023: € 5; 2024: € 6"),
        origins("ruimte", f"2023:{nl.NBSP}€{nl.NBSP}5; 2024:{nl.NBSP}€{nl.NBSP}6"),
        Passage("Bijlage Herkomst", "€ 5", cell=Cell("Kenmerk", "ruimte", "2023")),
        tagged("[€ 5]", "ruimte.2023"),
    ],
)
def test_an_old_value_is_known_from_the_memo_itself(elsewhere: Passage) -> None:
    current = figures({"ruimte.2023": 700, "ruimte.2024": 600})
    found = verify([Passage("plaats", "Er resteert € 5."), elsewhere], current)
    assert (found[0].outcome, found[0].new, found[0].ids) == (STALE, f"€{nl.NBSP}7", ("ruimte.2023",))
    assert found[1].outcome is STALE
    assert all(one.outcome is EQUAL for one in found[2:])


def test_an_old_shortage_is_written_as_it_was_printed() -> None:
    memo = [Passage("plaats", "een tekort van € 5"), origins("ruimte", "2023: −€ 5")]
    (verdict, _) = verify(memo, figures({"ruimte.2023": -700}))
    assert verdict.new == f"€{nl.NBSP}7"


def test_another_figure_that_became_the_old_value_does_not_hide_the_change() -> None:
    memo = [Passage("plaats", "€ 5"), origins("a", "2023: € 5"), origins("b", "2023: € 4")]
    (verdict, *_) = verify(memo, figures({"a.2023": 700, "b.2023": 500}))
    assert (verdict.outcome, verdict.ids) == (STALE, ("a.2023",))


def test_a_value_of_a_changed_and_of_an_unchanged_figure_has_no_source() -> None:
    memo = [Passage("plaats", "€ 5"), origins("a", "2023: € 5"), origins("b", "2024: € 5")]
    (verdict, *_) = verify(memo, figures({"a.2023": 700, "b.2024": 500}))
    assert (verdict.outcome, verdict.new) == (NO_SOURCE, "")
    assert f"a.2023 zijn (nu €{nl.NBSP}7), of b.2024" in verdict.note


@pytest.mark.parametrize(("year", "outcome", "new"), [("2023", STALE, "1.700"), ("2024", EQUAL, "")])
def test_the_year_above_a_cell_tells_them_apart(year: str, outcome: Outcome, new: str) -> None:
    memo = [in_table("1.500", column=year), origins("a", "2023: € 1.500; 2024: € 1.500")]
    (verdict, *_) = verify(memo, figures({"a.2023": 170_000, "a.2024": 150_000}))
    assert (verdict.outcome, verdict.new) == (outcome, new)


@pytest.mark.parametrize(("row", "outcome"), [("P01", STALE), ("P02", EQUAL)])
def test_the_plan_line_before_a_cell_tells_them_apart(row: str, outcome: Outcome) -> None:
    memo = [in_table("1.500", row=row), origins("P01", "2023: € 1.500"), origins("P02", "2023: € 1.500")]
    (verdict, *_) = verify(memo, figures({"P01.2023": 170_000, "P02.2023": 150_000}))
    assert verdict.outcome is outcome


def test_an_old_value_of_a_figure_that_is_gone() -> None:
    (verdict, _) = verify([Passage("plaats", "€ 5"), origins("P21", "2023: € 5")], figures({"P01.2023": 1}))
    assert (verdict.outcome, verdict.new) == (STALE, "")
    assert "zonder waarde" in verdict.note


def test_a_number_that_cannot_be_read() -> None:
    (verdict,) = verify([Passage("plaats", "€ 1,000,000")], figures({"a.2023": 100_000_000}))
    assert verdict.outcome is NO_SOURCE
    assert "niet te lezen" in verdict.note


# Table cells


@pytest.mark.parametrize(
    ("cell", "text", "shown"),
    [
        (Cell("Post", "Lasten", "2023"), "12", ["12"]),  # euros, by the year
        (Cell("Post", "Formatie (fte)", "2023"), "12", ["12"]),
        (Cell("Doel", "1", "2023"), "600.000\n6 fte", ["600.000", "6 fte"]),
        (Cell("Code", "A01", "RCDV-doel"), "1", []),
        (Cell("Code", "A01", "Jaar"), "2023", []),
        (Cell("Code", "A01", "Bedrag"), "1.000", ["1.000"]),
        (Cell("Doel", "1", "Doel, in euro's", is_label=True), "1", []),
        (Cell("Kenmerk", "instroom, 1 fte", "Kenmerk", is_label=True), "instroom, 1 fte", []),
    ],
)
def test_which_cells_hold_a_figure(cell: Cell, text: str, shown: list[str]) -> None:
    assert [one.text for one in verify([Passage("plaats", text, cell=cell)], {})] == shown


def test_a_bare_number_counts_what_the_table_says() -> None:
    current = figures({"lasten.2023": 168_500_000}) | figures({"fte.2023": 1200}, Unit.FTE)
    memo = [
        Passage("plaats", "1.685", cell=Cell("Post", "Lasten", "2023", "Lasten (x € 1.000)")),
        Passage("plaats", "12", cell=Cell("Post", "Formatie in fte", "2023")),
    ]
    assert [(one.outcome, one.ids) for one in verify(memo, current)] == [
        (EQUAL, ("lasten.2023",)),
        (EQUAL, ("fte.2023",)),
    ]


# The whole


def test_hidden_text_is_noted() -> None:
    memo = [Passage("plaats", "€ 5 en € 6", hidden=((0, 3),))]
    assert [one.note for one in verify(memo, {})] == ["verborgen tekst", ""]


def test_order_summary_and_json() -> None:
    memo = [tagged("€ 3, [€ 5] en [€ 6]", "a.2023", "b.2023"), Passage("verder", "27%")]
    found = verify(memo, figures({"a.2023": 500, "b.2023": 700}))
    assert [one.text for one in found] == ["€ 3", "€ 5", "€ 6", "27%"]
    assert summary(found) == "4 cijfers: 1 gelijk, 1 verouderd, 2 zonder bron"
    assert summary(found[:1]) == "1 cijfer: 0 gelijk, 0 verouderd, 1 zonder bron"
    assert summary(()) == "geen cijfers gevonden"
    told = json.loads(json.dumps(verdicts_json(found)))
    assert told["aantal"] == {"gelijk": 1, "verouderd": 1, "zonder bron": 2}
    assert told["cijfers"][2] == {
        "plaats": "1 Samenvatting, alinea 1",
        "cijfer": "€ 6",
        "uitkomst": "verouderd",
        "kenmerken": ["b.2023"],
        "nieuw": f"€{nl.NBSP}7",
        "toelichting": None,
    }


def test_a_year_that_the_memo_does_not_name_is_told() -> None:
    """A year that came since the memo makes no figure of it stale."""
    current = figures({"a.2023": 100, "a.2024": 200, "a.2025": 300, "instroom 1 mei 2026.lasten": 400})
    found = verify(
        [tagged("[€ 1] en [€ 2]", "a.2023,2024", "a.2024"), tagged("[€ 4]", "instroom 1 mei 2026.lasten")],
        current,
    )
    assert unnamed_years(found, [2023, 2024, 2025, 2026]) == [2025]
    assert verdicts_json(found, [2025])["jaren zonder cijfer"] == [2025]


def test_a_large_memo_takes_no_time() -> None:
    current = figures({f"P{number}.2023": number * 100 for number in range(2000)})
    memo = [Passage("plaats", f"€ {nl.hundredths(number * 100)} of 12,5%") for number in range(1000)]
    start = time.perf_counter()
    found = verify(memo, current)
    assert time.perf_counter() - start < 1
    assert summary(found) == "2.000 cijfers: 1.000 gelijk, 0 verouderd, 1.000 zonder bron"
