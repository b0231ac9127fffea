"""BDUR_WAAROM: the sentences, that they add up, and the reasons."""

from fractions import Fraction

import pytest
from conftest import PLAN
from hypothesis import given, settings
from hypothesis import strategies as st
from ranges import FUNCTIONS, Ranges, call, code, ranges, raw_ranges
from sheets import put, read, small

from bdur_xl import budget
from bdur_xl.budget import Cube
from bdur_xl.cells import Unreadable
from bdur_xl.explain import part_year_parts, selected_lines
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.functions import Selection
from bdur_xl.goals import goals_of_lines
from bdur_xl.model import Inputs, Intake
from bdur_xl.nl import NBSP
from bdur_xl.terms import BLOCKS, MONTHS_PER_YEAR, Kind

FIGURES = [name for name, function in FUNCTIONS.items() if function.explain]
LINKS = ("koppeling", "aandachtsgebieden", "doelen")


@pytest.fixture(scope="module")
def memo() -> Ranges:
    return raw_ranges(read_folder(PLAN)[0])


def why(function: str, **given: object) -> str:
    answer = call("BDUR_WAAROM", functie=function, **given)
    assert isinstance(answer, str)
    return answer.replace(NBSP, " ")


# The sentences


def test_a_part_year_of_the_memo(memo: Ranges) -> None:
    assert why("deeljaar", jaar=2023, plan=memo["plan"], startmaand="mei 2023") == (
        "€ 1.385.000 in 2023 = € 785.000 dat het hele "
        "jaar telt + 8/12 × € 900.000, instroom 1 mei 2023; "
        "8 regels fte structureel: P01, P02, P03, P04, P05, P06, P07, P09."
    )
    with_intake = {name: memo[name] for name in ("plan", "instroom", "uitgangspunten")}
    assert why("deeljaar", jaar=2024, **with_intake) == (
        "€ 1.505.000 in 2024 = € 305.000 dat het hele jaar telt + € 100.000 voor wie al in dienst is "
        "(P02, P03) + 12/12 × € 900.000, instroom 1 mei 2023; 8 regels fte structureel: "
        "P01, P02, P03, P04, P05, P06, P07, P09 + 12/12 × € 200.000, instroom 1 januari 2024; "
        "2 regels fte structureel: P08, P10."
    )


@pytest.mark.parametrize(
    ("function", "given_", "sentence"),
    [
        (
            "jaartotaal",
            {"soort": "s", "afdeling": "oost"},
            "€ 120.000 in 2031: 1 regel structureel, afdeling Oost: L1 € 120.000.",
        ),
        (
            "jaartotaal",
            {"jaar": 2032, "soort": "s", "hoofdthema": "water"},
            "€ 210.000 in 2032 (2032 is niet gesplitst en geldt als structureel: een aanname): "
            "2 regels structureel, hoofdthema Water: L1 € 180.000 + L2 € 30.000.",
        ),
        (
            "jaartotaal",
            {"doel": "(geen doel)", "blok": "middelen"},
            "€ 0 in 2031: geen enkele regel middelen, doel (geen doel) heeft hier een bedrag.",
        ),
        (
            "beschikbaar",
            {"basis": "exact"},
            "€ 251.234,56 voor 2031: exact bedrag; status: toegekend; bron: brief.",
        ),
        (
            "beschikbaar",
            {"jaar": 2032, "basis": "exact"},
            "€ 260.000 voor 2032: het exacte bedrag is niet bekend, dit is het afgeronde; status: prognose.",
        ),
        (
            "ruimte",
            {"startmaand": None, "instroom": None},
            "€ 4.999,50 = € 250.000 beschikbaar (afgerond) − € 245.000,50 lasten in 2031; "
            "de lasten: 3 regels: L1 € 120.000 + L2 € 25.000,50 + L3 € 100.000.",
        ),
        (
            "ruimte_cumulatief",
            {"jaar": 2032, "instroom": None},
            "−€ 5.000,50 = € 4.999,50 (2031) + −€ 10.000 "
            "(2032); indicatief: of een saldo naar een volgend jaar "
            "mag, staat niet vast.",
        ),
        (
            "fte",
            {},
            "3 fte in 2031 = € 180.000 / € 60.000 per fte; 2 "
            "regels fte structureel: L1 € 120.000 + L3 € 60.000.",
        ),
        (
            "doeldekking",
            {"doel": "r1"},
            "R1 in 2031: 1 van 2 aandachtsgebieden heeft een eigen "
            "regel met een raming: A1 door L1, L2; zonder: A2 (geen).",
        ),
        (
            "doeldekking",
            {"doel": "w1", "wat": "bedrag"},
            "w1 in 2031: € 145.000,50, 2 regels: L1 € 120.000 + "
            "L2 € 25.000,50; bedragen van RBP-doelen overlappen "
            "en zijn niet optelbaar.",
        ),
    ],
)
def test_the_sentence_of_each_figure(function: str, given_: dict[str, object], sentence: str) -> None:
    arguments = {"jaar": 2031, **ranges(small()), **given_}
    unknown_here = ("tabel1", "controletotalen", "toelichtingen", "realisatie", "rekeningen", "reserveringen")
    for unknown in unknown_here:
        del arguments[unknown]
    assert why(function, **arguments) == sentence


def test_what_tabel_1_requests(memo: Ranges) -> None:
    assert why("fte", jaar=2023, plan=memo["tabel1"], soort="i") == (
        "2,5 fte incidenteel in 2023, gevraagd in Tabel 1: T07 1,5 + T08 1."
    )


def test_many_lines_are_counted_after_the_first() -> None:
    book = small()
    book["plan"][1:] = [[f"L{n}", "a", "fte", "b", "c", 1.0, None, None] for n in range(30)]
    sentence = why("jaartotaal", jaar=2031, plan=ranges(book)["plan"])
    assert sentence.startswith("€ 30 in 2031: 30 regels: L0 € 1 + L1 € 1 + ")
    assert sentence.endswith("L19 € 1 + nog 10 regels € 10.")


# That they add up

MONTHS = st.one_of(st.none(), st.tuples(st.integers(2030, 2033), st.integers(1, 12)))


@settings(max_examples=80, deadline=None)
@given(
    amounts=st.lists(
        st.tuples(*[st.one_of(st.none(), st.integers(-(10**6), 10**7))] * 3), min_size=1, max_size=6
    ),
    intake=st.lists(st.tuples(MONTHS, st.integers(0, 300)), max_size=6),
    blocks=st.lists(st.sampled_from(BLOCKS), min_size=6, max_size=6),
    year=st.sampled_from([2031, 2032]),
)
def test_the_parts_of_a_part_year_add_up_to_its_total(
    amounts: list[tuple[int | None, ...]],
    intake: list[tuple[tuple[int, int] | None, int]],
    blocks: list[str],
    year: int,
) -> None:
    book = small()
    book["plan"][1:] = [
        [f"L{n}", "a", blocks[n], "b", "c", *(None if cents is None else cents / 100 for cents in one)]
        for n, one in enumerate(amounts)
    ]
    for key in ("links", "intake", "capacity"):
        del book[key][1:]
    plan, _ = read(book)
    phased = {f"L{n}": Intake(f"L{n}", start, fte) for n, (start, fte) in enumerate(intake)}
    parts = part_year_parts(plan, year, phased)
    starting = sum(
        cost * Fraction(budget.months_in_service(start, year), MONTHS_PER_YEAR)
        for start, lines in parts.starting.items()
        for cost in lines.values()
    )
    total = parts.whole_year + sum(parts.in_house.values()) + starting
    assert total == budget.part_year_total(Cube(plan.plan), year, phased, plan.premises.norm_per_fte)


def test_the_named_lines_add_up_to_the_total(real_inputs: Inputs) -> None:
    cube = Cube(real_inputs.plan, goals_of_lines(real_inputs))
    for year in real_inputs.plan.years:
        for kind in (None, *Kind):
            for goal in (None, "R1", "1b", ""):
                chosen = Selection(year, kind, None, None, None, goal)
                total = cube.total(**chosen._asdict())
                assert sum(selected_lines(real_inputs, chosen).values()) == (total or 0)


# The reasons


@pytest.mark.parametrize(
    ("function", "given_", "reason"),
    [
        ("jaartotal", {}, 'functie "jaartotal" is onbekend. Bedoelt u jaartotaal? Bekend: jaartotaal, '),
        ("", {}, 'functie "" is onbekend. Bekend: jaartotaal, '),
        ("BDUR_OVERZICHT", {}, 'functie "BDUR_OVERZICHT" is onbekend'),
        ("jaartotaal", {"jaar": None}, "#WAARDE!: jaar is niet ingevuld."),
        (
            "jaartotaal",
            {"jaar": "x"},
            '#WAARDE!: jaar bevat "x" in plaats van een jaartal. Typ een jaar, zoals 2026.',
        ),
        (
            "jaartotaal",
            {"jaar": 2050},
            "#N/B: jaar 2050 staat niet in plan; daar staat 2031 tot en met 2032.",
        ),
        (
            "jaartotaal",
            {"hoofdthema": "Watr"},
            '#N/B: hoofdthema "Watr" is onbekend. Bedoelt u Water? Bekend: Water en Vuur.',
        ),
        (
            "jaartotaal",
            {"soort": "x"},
            '#WAARDE!: soort "x" is onbekend. Bekend: incidenteel, structureel, i, s en ',
        ),
        ("jaartotaal", {"doel": "R1", "doelen": None}, "#WAARDE!: daarvoor is ook nodig: doelen."),
        (
            "jaartotaal",
            {"jaar": 2032, "soort": "i"},
            "Niet bekend: plan splitst 2032 niet; het hele jaar geldt als structureel (een aanname), dus ",
        ),
        (
            "jaartotaal",
            {"jaar": 2032, "soort": "s", "uitgangspunten": None},
            "Niet bekend: plan splitst 2032 niet in incidenteel en structureel. Geef uitgangspunten mee",
        ),
        ("jaartotaal", {"plan": None}, "#WAARDE!: plan ontbreekt: geef het bereik met de koprij."),
        ("jaartotaal", {"startmaand": "mei"}, "€ 245.000,50 in 2031"),  # an argument it does not take
        ("ruimte", {"basis": "precies"}, '#WAARDE!: basis "precies" is onbekend. Bekend: afgerond en exact.'),
        ("deeljaar", {"instroom": None}, "#WAARDE!: geef een bereik instroom of een startmaand."),
        (
            "deeljaar",
            {"startmaand": "mei 2050"},
            "#N/B: startmaand valt in 2050, een jaar dat niet in plan staat.",
        ),
        ("deeljaar", {"startmaand": "2-5-2031"}, "#WAARDE!: startmaand valt niet op de eerste van de maand"),
        (
            "deeljaar",
            {"jaar": 2032, "instroom": None, "uitgangspunten": None, "startmaand": "mei 2032"},
            "Niet bekend: plan splitst 2032 niet in "
            "incidenteel en structureel, en alleen structurele fte beginnen",
        ),
        ("fte", {"uitgangspunten": None}, "Niet bekend: zonder normbedrag per fte. Geef uitgangspunten mee"),
        ("fte", {"soort": "i"}, "Niet bekend: Tabel 2 noemt incidenteel geen fte, alleen bedragen."),
        ("doeldekking", {"doel": None}, "#WAARDE!: doel is niet ingevuld."),
        ("doeldekking", {"doel": "w"}, '#N/B: doel "w" is onbekend. '),
        (
            "doeldekking",
            {"doel": "w2", "wat": "alles"},
            '#WAARDE!: wat "alles" is onbekend. Bekend: aandeel, niveau',
        ),
    ],
)
def test_the_reason_why_there_is_no_figure(function: str, given_: dict[str, object], reason: str) -> None:
    arguments = {"jaar": 2031, **ranges(small()), **given_}
    unknown_here = ("tabel1", "controletotalen", "toelichtingen", "realisatie", "rekeningen", "reserveringen")
    for unknown in unknown_here:
        del arguments[unknown]
    assert why(function, **arguments).startswith(reason)


def test_a_cell_that_cannot_be_read_is_named() -> None:
    book = small()
    put(book["plan"], "G2", Unreadable("#REF!"))
    put(book["plan"], "H3", "veel")
    assert why("jaartotaal", jaar=2031, plan=ranges(book)["plan"]) == (
        "#WAARDE!: rij 2 van plan, kolom 2031 s: bevat "
        "#REF! in plaats van een bedrag. Herstel de formule. "
        "Typ een bedrag als getal, of maak de cel leeg als er geen raming is. (en nog 1 fout)."
    )


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("shown", ["{}", "={}(", " {}() "])
def test_a_function_is_named_as_people_name_it(name: str, shown: str) -> None:
    assert "is onbekend" not in why(shown.format(name))
    assert "is onbekend" not in why(name.removeprefix("BDUR_").lower())


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_without_value_has_a_reason_and_one_with_value_shows_it(memo: Ranges, name: str) -> None:
    function = FUNCTIONS[name]
    given_: dict[str, object] = {one.name: memo[one.name] for one in function.arguments if one.is_range}
    given_ |= {"doel": "R1"} if name == "BDUR_DOELDEKKING" else {}
    for year in (None, 2020, 2023, 2026, "x"):
        figure, sentence = code(call(name, jaar=year, **given_)), why(name, jaar=year, **given_)
        if isinstance(figure, str):
            assert sentence.startswith(("#N/B", "#WAARDE!", "Niet bekend"))
        else:
            assert str(year) in sentence


def test_what_it_explains_takes_no_other_arguments_than_it_has() -> None:
    known = {argument.name for argument in FUNCTIONS["BDUR_WAAROM"].arguments}
    for name in FIGURES:
        assert {argument.name for argument in FUNCTIONS[name].arguments} <= known
