"""Two versions of a plan told apart: the memo's plan against itself with one thing changed, by hand."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sheets import Book, add_column, inputs, put, read, small
from strategies import books

from bdur_xl import nl, traced
from bdur_xl.compare import Change, Comparison, compare
from bdur_xl.compare_sentences import MOST_CAUSES, comparison_json, plain_sentences, sentences
from bdur_xl.figures import figure_rows, shown
from bdur_xl.model import (
    Actual,
    Explanation,
    ExtraCost,
    FromYear,
    Inputs,
    LedgerRule,
    Link,
    YearColumn,
)
from bdur_xl.overview import Overview, overview
from bdur_xl.terms import Basis, Kind, Level

SINCE = dt.date(2023, 3, 12)
WHOLE_2025, WHOLE_2026 = (YearColumn(year, Kind.UNSPLIT) for year in (2025, 2026))
Amounts = Mapping[YearColumn, int | None]


def edited(view: Inputs, line_id: str, amounts: Amounts | None = None, **texts: str | None) -> Inputs:
    """Return the inputs with one line's amounts (in cents, None for blank) or texts changed."""
    lines = []
    for line in view.plan.lines:
        if line.line_id == line_id:
            new = {**line.amounts, **(amounts or {})}
            stated = {column: cents for column, cents in new.items() if cents is not None}
            line = line._replace(amounts=stated, **texts)  # type: ignore[arg-type]
        lines.append(line)
    return view._replace(plan=view.plan._replace(lines=tuple(lines)))


def granted(view: Inputs, year: int, **fields: object) -> Inputs:
    entry = view.budget[year]._replace(**fields)  # type: ignore[arg-type]
    return view._replace(budget={**view.budget, year: entry})


def told(before: Inputs, after: Inputs, since: dt.date | None = SINCE) -> list[str]:
    """Return the sentences as a screen shows them, with ordinary spaces."""
    texts = plain_sentences(compare(overview(before), overview(after)), since)
    return [text.replace(nl.NBSP, " ") for text in texts]


# The memo's plan


def test_the_example_of_the_issue(real_inputs: Inputs) -> None:
    after = edited(real_inputs, "P06", {WHOLE_2025: 240_000_00})
    after = edited(edited(after, "P15", remark="navragen"), "P16", remark="navragen")
    assert told(real_inputs, after) == [
        "Sinds 12 maart 2023: 3 regels gewijzigd.",
        "Ruimte 2025 € 40.000 lager: bevolkingszorg van € 200.000 naar € 240.000.",
        "Structurele formatie: 2025 van 13 fte naar 13,4 fte.",
        'Zonder gevolg voor de bedragen: regel P15 (juridisch): opmerking van leeg naar "navragen"; '
        'regel P16 (bevolkingszorg): opmerking van leeg naar "navragen".',
    ]


def test_nothing_differs(real: Overview) -> None:
    same = compare(real, real)
    assert same.is_empty
    assert same == Comparison((), (), (), (), ())
    assert sentences(same, SINCE) == sentences(same, None) == ("Geen wijzigingen.",)


def test_row_order_and_places_are_no_differences(real_inputs: Inputs) -> None:
    plan = real_inputs.plan
    moved = real_inputs._replace(
        plan=plan._replace(
            columns=plan.columns[::-1],
            lines=tuple(line._replace(place="Plan!A99") for line in reversed(plan.lines)),
        ),
        budget=dict(reversed([*real_inputs.budget.items()])),
        goals=real_inputs.goals[::-1],
        areas=tuple(area._replace(objectives=area.objectives[::-1]) for area in real_inputs.areas[::-1]),
        links=tuple(link._replace(place="") for link in real_inputs.links[::-1]),
        capacity=real_inputs.capacity[::-1],
        intake=dict(reversed([*real_inputs.intake.items()])),
        control_totals=real_inputs.control_totals[::-1],
    )
    assert moved != real_inputs
    assert told(real_inputs, moved) == ["Geen wijzigingen."]


def test_the_year_with_the_largest_effect_comes_first(real_inputs: Inputs) -> None:
    after = edited(real_inputs, "P06", {WHOLE_2025: 210_000_00, WHOLE_2026: 150_000_00})
    assert told(real_inputs, after, None)[:3] == [
        "Sinds de vorige versie: 1 regel gewijzigd.",
        "Ruimte 2026 € 50.000 hoger: bevolkingszorg van € 200.000 naar € 150.000.",
        "Ruimte 2025 € 10.000 lager: bevolkingszorg van € 200.000 naar € 210.000.",
    ]


def test_causes_stand_by_size_and_small_ones_are_summed(real_inputs: Inputs) -> None:
    after = real_inputs
    steps = {"P01": 1, "P02": 20, "P03": -30, "P04": 4, "P05": 50, "P06": 6, "P07": 70}  # thousands; sum 121
    for line in real_inputs.plan.lines:
        if line.line_id in steps:
            cents = line.amounts[WHOLE_2025] + steps[line.line_id] * 1_000_00
            after = edited(after, line.line_id, {WHOLE_2025: cents})
    assert told(real_inputs, after)[1] == (
        "Ruimte 2025 € 121.000 lager: inr./ontw. VIK, dyn ris.profiel van € 200.000 naar € 270.000; "
        "juridisch van € 100.000 naar € 150.000; "
        "risico- en crisiscommunicatie (P03) van € 150.000 naar € 120.000; "
        "vakbekwaamheid (P02) van € 150.000 naar € 170.000; "
        "bevolkingszorg van € 200.000 naar € 206.000; en nog 2 regels samen € 5.000 hoger."
    )
    # one fewer: the sixth is named, as it takes no more room than its count
    almost = edited(after, "P01", {WHOLE_2025: 100_000_00})
    assert told(real_inputs, almost)[1].endswith(
        "€ 206.000; netwerkmanagement (P04) van € 100.000 naar € 104.000."
    )


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (None, 240_000_00, "Ruimte 2025 € 240.000 lager: juridisch (P15) van geen raming naar € 240.000."),
        (240_000_00, None, "Ruimte 2025 € 240.000 hoger: juridisch (P15) van € 240.000 naar geen raming."),
        (0, 1, "Ruimte 2025 € 0,01 lager: juridisch (P15) van € 0 naar € 0,01."),
        (-5_00, 0, "Ruimte 2025 € 5 lager: juridisch (P15) van −€ 5 naar € 0."),
        (
            None,
            545_000_01,
            "Ruimte 2025 € 545.000,01 lager (nu een tekort van € 0,01): "
            "juridisch (P15) van geen raming naar € 545.000,01.",
        ),
        (
            545_000_01,
            545_000_00,
            "Ruimte 2025 € 0,01 hoger (geen tekort meer: nu € 0): "
            "juridisch (P15) van € 545.000,01 naar € 545.000.",
        ),
        (
            None,
            0,
            "Zonder gevolg voor jaartotalen en ruimte: regel P15 (juridisch): 2025 van geen raming naar € 0.",
        ),
    ],
)
def test_every_sign_and_absence(
    real_inputs: Inputs, before: int | None, after: int | None, sentence: str
) -> None:
    old, new = (edited(real_inputs, "P15", {WHOLE_2025: cents}) for cents in (before, after))
    assert told(old, new) == ["Sinds 12 maart 2023: 1 regel gewijzigd.", sentence]


def test_lines_that_cancel_out_are_told(real_inputs: Inputs) -> None:
    after = edited(real_inputs, "P05", {WHOLE_2025: 90_000_00})
    after = edited(after, "P06", {WHOLE_2025: 210_000_00})
    assert told(real_inputs, after) == [
        "Sinds 12 maart 2023: 2 regels gewijzigd.",
        "Ruimte 2025 per saldo gelijk: juridisch van € 100.000 naar € 90.000; "
        "bevolkingszorg van € 200.000 naar € 210.000.",
    ]


def test_money_that_moves_from_incidental_to_structural(real_inputs: Inputs) -> None:
    columns = {YearColumn(2023, Kind.INCIDENTAL): None, YearColumn(2023, Kind.STRUCTURAL): 150_000_00}
    assert told(real_inputs, edited(real_inputs, "P08", columns))[1:] == [
        "Structurele formatie: 2023 van 9 fte naar 10,5 fte.",
        # P08 starts in January 2024: nothing of it counts in 2023
        "Lasten met de startmaand per regel: 2023 van € 1.418.333 naar € 1.268.333.",
        "Zonder gevolg voor jaartotalen en ruimte: regel P08 (BI-specialist): "
        "2023 s van geen raming naar € 150.000, 2023 i van € 150.000 naar geen raming.",
    ]


def test_lines_added_and_removed(real_inputs: Inputs) -> None:
    lines = real_inputs.plan.lines
    new = lines[0]._replace(line_id="P21", subtheme="drones", amounts={WHOLE_2026: 5_000_00})
    after = real_inputs._replace(plan=real_inputs.plan._replace(lines=(*lines[:-1], new)))
    assert told(real_inputs, after) == [
        "Sinds 12 maart 2023: 1 regel toegevoegd (P21), 1 vervallen (P20).",
        "Ruimte 2026 € 5.000 lager: nieuwe regel drones € 5.000.",
        "Structurele formatie: 2026 van 13 fte naar 13,05 fte.",
        "Zonder gevolg voor jaartotalen en ruimte: regel P20 (data/informatiespecialist) vervallen "
        "(hoofdthema versterken IM en blok middelen).",
    ]
    assert told(after, real_inputs)[1] == "Ruimte 2026 € 5.000 hoger: vervallen regel drones (was € 5.000)."


def test_a_grant_that_differs_on_one_basis(real_inputs: Inputs) -> None:
    assert told(granted(real_inputs, 2023, exact=None), real_inputs) == [
        "Sinds 12 maart 2023: 1 wijziging in het budget.",
        "Ruimte 2023 afgerond per saldo gelijk, exact € 7.149 hoger: het beschikbare bedrag exact "
        "van € 1.400.000 naar € 1.407.149 (exact bedrag van geen bedrag naar € 1.407.149).",
    ]


def test_a_cut_beside_a_line(real_inputs: Inputs) -> None:
    after = granted(real_inputs, 2026, cut=Fraction(1, 10), status="voorlopig")
    after = edited(after, "P06", {WHOLE_2026: 100_000_00})
    assert told(real_inputs, after)[:2] == [
        "Sinds 12 maart 2023: 1 regel gewijzigd; 1 wijziging in het budget.",
        "Ruimte 2026 € 140.000 lager, lasten € 100.000 lager: het beschikbare bedrag "
        "van € 2.400.000 naar € 2.160.000 (korting van 0% naar 10%); "
        "bevolkingszorg van € 200.000 naar € 100.000.",
    ]
    assert told(real_inputs, after)[-1] == (
        'Zonder gevolg voor de bedragen: budget 2026: status van "prognose" naar "voorlopig".'
    )


def test_room_that_is_not_known(real_inputs: Inputs) -> None:
    unknown = granted(real_inputs, 2025, rounded=None)
    assert told(real_inputs, unknown)[1] == (
        "Ruimte 2025 niet meer bekend (was € 545.000): "
        "het beschikbare bedrag van € 2.150.000 naar geen bedrag."
    )
    assert told(unknown, real_inputs)[1] == (
        "Ruimte 2025 nu bekend (€ 545.000): het beschikbare bedrag van geen bedrag naar € 2.150.000."
    )
    assert told(unknown, edited(unknown, "P06", {WHOLE_2025: 240_000_00}))[1] == (
        "Lasten 2025 € 40.000 hoger (ruimte niet bekend): bevolkingszorg van € 200.000 naar € 240.000."
    )


def test_a_year_that_is_new_or_gone(real_inputs: Inputs) -> None:
    shorter = real_inputs._replace(
        plan=real_inputs.plan._replace(
            columns=tuple(column for column in real_inputs.plan.columns if column.year != 2026),
            lines=tuple(
                line._replace(amounts={c: cents for c, cents in line.amounts.items() if c.year != 2026})
                for line in real_inputs.plan.lines
            ),
        ),
    )
    assert told(shorter, real_inputs) == [
        "Sinds 12 maart 2023: jaar 2026 toegevoegd.",
        "2026 toegevoegd: lasten € 1.605.000, beschikbaar € 2.400.000, ruimte € 795.000.",
    ]
    assert told(real_inputs, shorter) == [
        "Sinds 12 maart 2023: jaar 2026 vervallen.",
        "2026 vervallen: lasten waren € 1.605.000, beschikbaar was € 2.400.000, ruimte was € 795.000.",
    ]


def test_a_goal_that_is_served_better(real_inputs: Inputs) -> None:
    """KCR2 (A12, goal R3) stands in a heading only; a line of its own makes it explicit."""
    links = (*real_inputs.links, Link("P08", "A12", Level.EXPLICIT))
    assert told(real_inputs, real_inputs._replace(links=links)) == [
        "Sinds 12 maart 2023: 1 wijziging in de koppeling.",
        'Doel R3 gaat van "alleen kop" naar "expliciet".',
        "Zonder gevolg voor jaartotalen en ruimte: koppeling P08 met A12 toegevoegd (dekking expliciet).",
    ]


def test_many_changes_are_counted(real_inputs: Inputs) -> None:
    texts = told(real_inputs, real_inputs._replace(links=()))
    assert texts[:3] == [
        "Sinds 12 maart 2023: 29 wijzigingen in de koppeling.",
        'Doelen R1, R2a, 1a, 1b, 1c, 1d, 2c, 2d en 4c gaan van "expliciet" naar "geen".',
        'Doel R3 gaat van "alleen kop" naar "geen".',
    ]
    assert texts[3].count("vervallen") == 5
    assert texts[3].endswith(" en nog 24 in de koppeling.")


def test_every_marked_figure_of_the_new_plan_is_that_figure(real_inputs: Inputs) -> None:
    after = edited(real_inputs, "P06", {WHOLE_2025: 790_000_00})
    after = edited(after, "P01", {YearColumn(2023, Kind.STRUCTURAL): 90_000_00})
    after = granted(granted(after, 2024, exact=1_650_001_00, cut=Fraction(1, 40)), 2023, rounded=None)
    after = after._replace(premises=after.premises._replace(norm_per_fte=90_000_00))
    view = overview(after)
    known = {
        row.figure_id(column): shown(value, row.unit)
        for row in figure_rows(view)
        for column, value in row.values.items()
    }
    marked = [
        (figure_id, text)
        for sentence in sentences(compare(overview(real_inputs), view), SINCE)
        for text, figure_id in traced.pieces(sentence)
        if figure_id and not figure_id.startswith(("was-", "verschil-", "-verschil-"))
    ]
    assert ("-ruimte-exact.2025", f"€{nl.NBSP}45.000") in marked  # 545.000 less 590.000, a shortage
    assert ("P01.2023 s", f"€{nl.NBSP}90.000") in marked
    assert ("normbedrag-fte", f"€{nl.NBSP}90.000") in marked
    for figure_id, text in marked:
        if figure_id.startswith("-"):
            assert known[figure_id[1:]] == f"{nl.MINUS}{text}"
        elif figure_id.startswith("deeljaar"):
            assert known[figure_id].partition(",")[0] == text  # whole euros here
        elif figure_id.startswith("korting"):
            assert (text, known[figure_id]) == ("2,5%", "3%")
        else:
            assert known[figure_id] == text, figure_id


# Every table of the small plan: one cell changed, and what is said of it

ONE_CELL: Mapping[str, tuple[Callable[[Book], object], str]] = {
    "theme": (
        lambda b: put(b["plan"], "B3", "Vuur"),
        "regel L2 (zandzakken): hoofdthema van Water naar Vuur",
    ),
    "department": (lambda b: put(b["plan"], "E5", "Zuid"), "regel L4 (drones): afdeling van leeg naar Zuid"),
    "block": (lambda b: put(b["plan"], "C5", "fte"), "regel L4 (drones): blok van middelen naar fte"),
    "subtheme": (
        lambda b: put(b["plan"], "D5", "robots"),
        'regel L4 (robots): subthema van "drones" naar "robots"',
    ),
    "code": (lambda b: put(b["plan"], "A5", "l4"), 'regel l4 (drones): code van "L4" naar "l4"'),
    "columns": (lambda b: put(b["plan"], "H1", "2032 s"), "jaar 2032: kolommen van 2032 naar 2032 s"),
    "grant, same effect": (
        lambda b: put(b["budget"], "C3", 260_000),
        "budget 2032: exact bedrag van geen bedrag naar € 260.000",
    ),
    "grant of no year": (
        lambda b: b["budget"].append([2040, 5, None, None, None]),
        "budget 2040 toegevoegd (afgerond bedrag € 5 en korting 0%)",
    ),
    "source": (lambda b: put(b["budget"], "D2", "mail"), 'budget 2031: bron van "brief" naar "mail"'),
    "goal": (lambda b: put(b["goals"], "E2", "landelijk"), "doel R1: soort van regionaal naar landelijk"),
    "goal text": (lambda b: put(b["goals"], "D2", "x" * 41), "doel R1: tekst gewijzigd"),
    "area": (lambda b: put(b["areas"], "D3", "w2"), "aandachtsgebied A2: RBP-doelen van w1, w2 naar w2"),
    "link": (
        lambda b: put(b["links"], "C3", "alleen kop"),
        "koppeling L2 met A1: dekking van gedeeld naar alleen kop",
    ),
    "link twice": (
        lambda b: b["links"].append(["L1", "A1", "expliciet", None]),
        "koppeling L1 met A1 toegevoegd (dekking expliciet)",
    ),
    "capacity": (
        lambda b: put(b["capacity"], "G2", None),
        "Tabel 1, regel K1: capaciteit structureel 2032 extra (fte) van 1 fte naar niets",
    ),
    "capacity lines": (
        lambda b: put(b["capacity"], "E2", "L1"),
        "Tabel 1, regel K1: regels in Tabel 2 van L1, L2 naar L1",
    ),
    "intake": (
        lambda b: put(b["intake"], "B2", "mei 2031"),
        "instroom L1: startmaand van april 2031 naar mei 2031",
    ),
    "in house": (lambda b: put(b["intake"], "C2", 1), "instroom L1: al in dienst van 0,5 fte naar 1 fte"),
    "control total": (
        lambda b: put(b["control_totals"], "C2", 245_000),
        "controletotaal Tabel 2 2031: totaal van € 245.000,50 naar € 245.000",
    ),
    "norm": (
        lambda b: put(b["premises"], "B3", 70_000),
        "uitgangspunten: normbedrag fte van € 60.000 naar € 70.000",
    ),
    "unsplit as": (
        lambda b: put(b["premises"], "B4", None),
        "uitgangspunten: ongesplitst als van structureel naar leeg",
    ),
    "intake month": (
        lambda b: b["premises"].append(["instroommaand", "mei 2031", None, None]),
        "uitgangspunten: instroommaand van april 2031 naar april 2031, mei 2031",
    ),
    "status": (
        lambda b: b["premises"].append(["status", "concept", None, None]),
        'uitgangspunten: status van leeg naar "concept"',
    ),
    "reference date": (
        lambda b: b["premises"].append(["peildatum", "2031-01-31", None, None]),
        "uitgangspunten: peildatum van leeg naar 31 januari 2031",
    ),
}


@pytest.mark.parametrize("name", ONE_CELL)
def test_one_cell_of_every_table(name: str) -> None:
    change, text = ONE_CELL[name]
    book = small()
    change(book)
    last = told(inputs(small()), inputs(book))[-1]
    assert last.startswith("Zonder gevolg voor ")
    assert last.partition(": ")[2] == f"{text}."


def test_premises_are_counted_one_by_one() -> None:
    book = small()
    put(book["premises"], "B2", "VRY")
    put(book["premises"], "B3", 70_000)
    assert (
        told(inputs(small()), inputs(book))[0] == "Sinds 12 maart 2023: 2 wijzigingen in de uitgangspunten."
    )


def test_a_year_that_gets_a_split_compares_by_its_total() -> None:
    book = small()
    put(book["plan"], "H1", "2032 s")
    add_column(book["plan"], "2032 i", None, None, 10_000, None)
    texts = told(inputs(small()), inputs(book))
    assert texts[0] == "Sinds 12 maart 2023: 1 regel gewijzigd; 1 wijziging in de jaarkolommen."
    assert texts[1] == "Ruimte 2032 € 10.000 lager: natuurbrand van € 60.000 naar € 70.000."
    assert texts[-1].endswith(": jaar 2032: kolommen van 2032 naar 2032 i en 2032 s.")


def test_a_year_without_estimate_or_grant() -> None:
    book = small()
    add_column(book["plan"], "2033")
    assert told(inputs(small()), inputs(book)) == [
        "Sinds 12 maart 2023: jaar 2033 toegevoegd.",
        "2033 toegevoegd: lasten niet geraamd, beschikbaar niet bekend, ruimte niet bekend.",
    ]


def test_as_plain_data(real_inputs: Inputs) -> None:
    after = edited(real_inputs, "P06", {WHOLE_2025: 240_000_00}, remark="hoger")
    data = json.loads(json.dumps(comparison_json(compare(overview(real_inputs), overview(after)), SINCE)))
    assert data["gelijk"] is False
    assert data["sinds"] == "2023-03-12"
    assert data["zinnen"][0] == "Sinds 12 maart 2023: 1 regel gewijzigd."
    (year,) = data["jaren"]
    assert year["ruimte"] == {basis: {"van": 545_000, "naar": 505_000} for basis in ("afgerond", "exact")}
    assert year["oorzaken"] == [
        {
            "regel": "P06", "naam": "bevolkingszorg", "wijziging": "gewijzigd", "lasten": 40_000,
            "bedragen": {"2025": {"van": 200_000, "naar": 240_000}},
        }
    ]  # fmt: skip
    assert data["fte"] == [{"jaar": 2025, "van": 13, "naar": 13.4}]
    (row,) = data["wijzigingen"]
    assert (row["tabel"], row["code"], row["wijziging"]) == ("het plan", "P06", "gewijzigd")
    assert row["velden"] == [
        {"veld": "opmerking", "van": None, "naar": "hoger"},
        {"veld": "2025", "van": 200_000, "naar": 240_000},
    ]


def other(value: Any) -> Any:
    """Return another value of the same kind; for a blank, a day."""
    match value:
        case None:
            return (2023, 3, 1)
        case StrEnum():
            return next(one for one in type(value) if one is not value)
        case str():
            return f"{value}x"
        case int() | Fraction():
            return value + 1
        case (int(), *rest):
            return (value[0] + 1, *rest)
    return value[1:]


def one_field_changed(row: Any, *but: str, blank: object = "") -> Iterator[Any]:
    """Yield a row of the model with each field changed in turn."""
    for name, value in row._asdict().items():
        if name not in ("place", *but):
            yield row._replace(**{name: other(blank if value is None else value)})


def one_thing_changed(view: Any) -> Iterator[Inputs]:
    """Yield the inputs with one field of the model changed, for every field of every table.

    Keys and amounts are left out: `ONE_CELL` changes those.
    """
    for table in (
        "goals", "areas", "links", "capacity", "control_totals",
        "reservations", "scenarios", "actuals", "ledger_map", "explanations",
    ):  # fmt: skip
        first, *rows = getattr(view, table)
        for row in one_field_changed(
            first, "column", "figures", "start", "cut", "indexation", "extra", "carry_over"
        ):
            yield view._replace(**{table: (row, *rows)})
    for table in ("budget", "intake"):
        (key, first), *_ = getattr(view, table).items()
        for row in one_field_changed(first, "year", "line_id", blank=0):
            yield view._replace(**{table: {**getattr(view, table), key: row}})
    worked_out = ("unsplit_as", "price_level", "carries_over")  # nobody types these
    for premises in one_field_changed(view.premises, *worked_out, blank=None):
        yield view._replace(premises=premises)
    first, *lines = view.plan.lines
    for line in one_field_changed(first, "amounts"):
        yield view._replace(plan=view.plan._replace(lines=(line, *lines)))


def test_no_field_of_the_model_is_forgotten(real: Overview) -> None:
    full = real.inputs._replace(
        actuals=(Actual("P01", 2023, 5_000_00, (2023, 6, 30), "iets"),),
        ledger_map=(LedgerRule("4100", "900", "P01"),),
        explanations=(Explanation("C20", "Plan", "leeg", "volgt"),),
    )
    view = overview(full)
    changed = [*one_thing_changed(full)]
    assert len(changed) >= 66  # what the model had when this was written
    assert [after for after in changed if compare(view, with_inputs(view, after)).is_empty] == []


def with_inputs(view: Overview, inputs: Inputs) -> Overview:
    """Return the same figures of other inputs, be it inputs that no plan gives."""
    other = view._replace(inputs=inputs)
    worked_out = [name for name, one in vars(Overview).items() if isinstance(one, cached_property)]
    vars(other).update({name: getattr(view, name) for name in worked_out})
    return other


def test_the_parts_of_a_scenario_are_told(real: Overview) -> None:
    scenarios = {one.name: one for one in real.inputs.scenarios}
    cut = scenarios["korting-10"]._replace(cut=FromYear(Fraction(1, 5), 2025))
    hire = scenarios["externe-inhuur-2024"]._replace(carry_over=False)
    hire = hire._replace(extra=ExtraCost("P08", 2024, 2025, 160_000_00))
    after = {**scenarios, cut.name: cut, hire.name: hire}
    other = real._replace(inputs=real.inputs._replace(scenarios=tuple(after.values())))
    text = " ".join(plain_sentences(compare(real, other), SINCE)).replace("\N{NO-BREAK SPACE}", " ")
    for told in (
        "scenario korting-10: korting van 10% naar 20%, korting vanaf van 2026 naar 2025",
        "extra tot en met van 2024 naar 2025",
        "overdracht van ja naar nee",
        "extra bedrag van € 150.000 naar € 160.000",
    ):
        assert told in text, text


def test_amounts_in_what_staff_wrote_are_marked_too(real_inputs: Inputs) -> None:
    after = edited(real_inputs, "P15", remark="was € 5.000")
    *_, last = sentences(compare(overview(real_inputs), overview(after)), SINCE)
    assert [piece for piece in traced.pieces(last) if piece[1]] == [("€ 5.000", "wijziging-2-1.1")]


def test_equal_names_are_told_apart(real_inputs: Inputs) -> None:
    """Two bookings on a line in a year, and a control total that another hand wrote with a capital."""
    one = Actual("P01", 2024, 5_000_00, (2024, 6, 30), None)
    total = real_inputs.control_totals[0]
    after = real_inputs._replace(
        actuals=(*real_inputs.actuals, one, one._replace(amount=6_000_00)),
        control_totals=(*real_inputs.control_totals, total._replace(table=total.table.upper())),
    )
    comparison = compare(overview(real_inputs), overview(after))
    told = [row.row.name for row in comparison.rows]
    assert told == ["controletotaal TABEL 2 2023", "realisatie P01 2024", "realisatie P01 2024"]
    *_, last = sentences(comparison, SINCE)
    marks = [mark for text, mark in traced.pieces(last) if text in (nl.euro(5_000_00), nl.euro(6_000_00))]
    assert marks == ["invoer-realisatie.P01 2024", "invoer-realisatie.P01 2024 (2)"]


# Any two plans


@st.composite
def versions(draw: st.DrawFn) -> tuple[Inputs, Inputs]:
    """Draw two versions of a plan: unrelated, or with some lines, grants or texts changed."""
    before = read(draw(books()))[0]
    if draw(st.integers(0, 3)) == 0:
        return before, read(draw(books()))[0]
    after = before
    for line in draw(st.lists(st.sampled_from(before.plan.lines or (None,)), max_size=3)):
        if line:
            cents = st.one_of(st.none(), st.integers(-(10**6), 10**9))
            columns = draw(st.lists(st.sampled_from(before.plan.columns), max_size=2))
            remark = draw(st.sampled_from([None, "anders"]))
            after = edited(after, line.line_id, {column: draw(cents) for column in columns}, remark=remark)
    for year in draw(st.lists(st.sampled_from(sorted(before.budget)), max_size=1)) if before.budget else ():
        after = granted(after, year, rounded=draw(st.one_of(st.none(), st.integers(0, 10**9))))
    lines = draw(st.permutations(after.plan.lines))
    kept = draw(st.sampled_from([len(lines), max(len(lines) - 1, 0)]))
    gone = {line.line_id for line in lines[kept:]}
    return before, after._replace(
        plan=after.plan._replace(lines=tuple(line._replace(place="elders") for line in lines[:kept])),
        links=tuple(link for link in after.links if link.line_id not in gone),
        intake={line_id: one for line_id, one in after.intake.items() if line_id not in gone},
    )


def content(view: Inputs) -> object:
    """Return all that inputs say, whatever the order and places: what a comparison may not miss."""

    def unplaced(rows: Iterable[Any]) -> list[str]:
        shown = []
        for row in rows:
            told = {name: value for name, value in row._asdict().items() if name != "place"}
            for name in {"amounts", "figures"} & told.keys():
                told[name] = sorted(map(repr, told[name].items()))
            for name in {"objectives", "plan_lines"} & told.keys():
                told[name] = sorted(told[name])
            shown.append(repr(told))
        return sorted(shown)

    plan = view.plan
    premises = view.premises._replace(intake_months=tuple(sorted(view.premises.intake_months)))
    rows = (plan.lines, view.budget.values(), view.goals, view.areas, view.links,
            view.capacity, view.intake.values(), view.control_totals, view.reservations, view.scenarios,
            view.actuals, view.ledger_map, view.explanations)  # fmt: skip
    return [set(plan.columns), plan.unsplit_as, premises, *map(unplaced, rows)]


@given(versions())
def test_nothing_that_differs_is_left_untold(pair: tuple[Inputs, Inputs]) -> None:
    before, after = pair
    comparison = compare(overview(before), overview(after))
    assert comparison.is_empty == (content(before) == content(after))
    texts = plain_sentences(comparison, None)
    assert (texts == ("Geen wijzigingen.",)) == comparison.is_empty
    stated: dict[str, str] = {}
    for text, mark in (
        piece for one in sentences(comparison, None) for piece in traced.pieces(one) if piece[1]
    ):
        assert stated.setdefault(mark, text) == text, "a figure states one value"
    for text in texts:
        assert text.endswith(".")
        assert not [bad for bad in ("None", "  ", "()", ": .", "..", ": ;", nl.ABSENT) if bad in text]


@given(versions())
def test_the_causes_of_a_year_add_up_to_its_effects(pair: tuple[Inputs, Inputs]) -> None:
    before, after = map(overview, pair)
    changes = {year.year: year for year in compare(before, after).years}
    for year in {*before.years, *after.years}:
        planned = after.planned.get(year, 0) - before.planned.get(year, 0)
        cost = sum(cause.cost for cause in changes[year].causes) if year in changes else 0
        assert cost == planned
        for basis in Basis:
            old, new = before.room[basis].get(year), after.room[basis].get(year)
            if old is not None and new is not None:
                grant = changes[year].available[basis].difference if year in changes else 0
                assert new - old == grant - cost


@given(versions())
def test_back_is_the_opposite_of_forth(pair: tuple[Inputs, Inputs]) -> None:
    before, after = map(overview, pair)
    forth, back = compare(before, after), compare(after, before)
    assert {(one.year, one.planned) for one in forth.years} == {
        (one.year, one.planned[::-1]) for one in back.years
    }
    opposite = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED, Change.CHANGED: Change.CHANGED}
    assert sorted((one.table, one.row.code.casefold(), one.change) for one in forth.rows) == sorted(
        (one.table, one.row.code.casefold(), opposite[one.change]) for one in back.rows
    )
    assert all(len(one.causes) <= MOST_CAUSES or one.causes[0].cost for one in forth.years)
