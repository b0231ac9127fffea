from collections.abc import Mapping
from fractions import Fraction

import pytest

from bdur_xl import traced
from bdur_xl.checks import CHECKS, Check, Outcome, run_checks
from bdur_xl.memo import Block, Bullets, MemoFacts, Paragraphs, Placeholder, Source, memo_facts
from bdur_xl.memo_origins import block_texts
from bdur_xl.memo_tables import Table, coverage_text, plan_table, room_table
from bdur_xl.model import (
    Actual,
    BudgetYear,
    Finding,
    FocusArea,
    Goal,
    Inputs,
    Intake,
    Link,
    Plan,
    PlanLine,
    Premises,
    Status,
    YearColumn,
)
from bdur_xl.overview import Overview, overview
from bdur_xl.sentences import (
    break_even_sentence,
    by_year,
    cumulative_sentence,
    intake_sentence,
    period,
    phased_sentence,
    room_sentence,
    split_sentence,
    year_sentence,
)
from bdur_xl.terms import Basis, Kind, Level

DATE = (2027, 1, 15)
UNSPLIT, INCIDENTAL, STRUCTURAL = Kind.UNSPLIT, Kind.INCIDENTAL, Kind.STRUCTURAL
EURO = 100
"""Cents in a euro."""

CHECKS_HELD = Outcome(CHECKS[1], ())


def a_line(line_id: str, block: str = "fte", **amounts: int) -> PlanLine:
    """A line with amounts in euros: y2027, y2027i or y2027s."""
    kinds = {"": UNSPLIT, "i": INCIDENTAL, "s": STRUCTURAL}
    cents = {YearColumn(int(name[1:5]), kinds[name[5:]]): euros * EURO for name, euros in amounts.items()}
    return PlanLine(line_id, "thema", block, f"onderwerp {line_id}", cents, "afdeling")


Grant = tuple[int | None, int | None, str | None]
"""Rounded and exact in euros, and the status."""


def figures(
    *lines: PlanLine,
    grants: Mapping[int, Grant] | None = None,
    intake: Mapping[str, Intake] | None = None,
    premises: Premises | None = None,
) -> Overview:
    """The figures of a plan of these lines."""
    columns = dict.fromkeys(column for line in lines for column in line.amounts)
    budget = {
        year: BudgetYear(year, in_cents(rounded), in_cents(exact), None, status)
        for year, (rounded, exact, status) in (grants or {}).items()
    }
    return overview(
        Inputs(
            Plan(tuple(columns), lines),
            budget,
            intake=intake or {},
            premises=premises or Premises(norm_per_fte=100_000 * EURO),
        )
    )


def in_cents(euros: int | None) -> int | None:
    return None if euros is None else euros * EURO


def one_year(planned: int, grant: Grant | None) -> Overview:
    return figures(a_line("P1", y2027s=planned), grants={2027: grant} if grant else {})


def text(written: str) -> str:
    """Return a text as people read it: no marks around figures, plain spaces."""
    return traced.plain(written).replace("\N{NO-BREAK SPACE}", " ")


# A year against its grant


@pytest.mark.parametrize(
    ("grant", "basis", "sentence"),
    [
        (
            (100, 90, "toegekend"), Basis.EXACT,
            "De gevraagde lasten voor 2027 (€ 100) liggen € 10 boven het toegekende bedrag van € 90.",
        ),
        (
            (100, 110, "Toegekend"), Basis.EXACT,  # staff type capitals
            "De gevraagde lasten voor 2027 (€ 100) liggen € 10 onder het toegekende bedrag van € 110.",
        ),
        (
            (90, 100, "toegekend"), Basis.EXACT,  # fully used is allowed, and said
            "De gevraagde lasten voor 2027 zijn precies gelijk aan het toegekende bedrag van € 100.",
        ),
        (
            (120, None, "prognose"), Basis.EXACT,
            "De gevraagde lasten voor 2027 (€ 100) liggen € 20 onder de prognose van € 120 "
            "(afgerond; het exacte bedrag is nog niet bekend).",
        ),
        (
            (80, 81, "voorlopig"), Basis.ROUNDED,
            "De gevraagde lasten voor 2027 (€ 100) liggen € 20 boven het voorlopige bedrag van € 80 "
            "(afgerond).",
        ),
        (
            (80, 81, "brief volgt"), Basis.EXACT,
            "De gevraagde lasten voor 2027 (€ 100) liggen € 19 boven het beschikbare bedrag van € 81 "
            "(status: brief volgt).",
        ),
        (
            (101, 101, None), Basis.EXACT,
            "De gevraagde lasten voor 2027 (€ 100) liggen € 1 onder het beschikbare bedrag van € 101.",
        ),
        (
            (None, None, "prognose"), Basis.EXACT,
            "Voor 2027 is nog geen beschikbaar bedrag bekend; of de gevraagde lasten van € 100 daarin "
            "passen, is niet te zeggen.",
        ),
        (
            (None, 100, "toegekend"), Basis.ROUNDED,
            "Voor 2027 is nog geen afgerond bedrag bekend; of de gevraagde lasten van € 100 daarin "
            "passen, is niet te zeggen.",
        ),
        (
            None, Basis.EXACT,
            "Voor 2027 is nog geen beschikbaar bedrag bekend; of de gevraagde lasten van € 100 daarin "
            "passen, is niet te zeggen.",
        ),
    ],
)  # fmt: skip
def test_year_sentence(grant: Grant | None, basis: Basis, sentence: str) -> None:
    assert text(year_sentence(one_year(100, grant), 2027, basis)) == sentence


def test_year_sentence_of_the_memo(real: Overview) -> None:
    assert text(year_sentence(real, 2023, Basis.EXACT)) == (
        "De gevraagde lasten voor 2023 (€ 1.685.000) liggen € 277.851 boven het toegekende bedrag "
        "van € 1.407.149."
    )


def test_a_year_without_estimate_is_not_a_year_of_nil() -> None:
    later = PlanLine("P2", None, "fte", None, {})
    plan = Plan((YearColumn(2027, STRUCTURAL), YearColumn(2028, STRUCTURAL)), (a_line("P1", y2027s=5), later))
    known = overview(Inputs(plan, {2028: BudgetYear(2028, 900, 900, None, "prognose")}))
    assert text(year_sentence(known, 2028, Basis.EXACT)) == (
        "Voor 2028 is nog geen raming opgenomen; daar staat de prognose van € 9 tegenover."
    )
    unknown = overview(Inputs(plan))
    assert year_sentence(unknown, 2028, Basis.EXACT) == (
        "Voor 2028 is nog geen raming opgenomen en nog geen beschikbaar bedrag bekend."
    )
    assert room_sentence(known, Basis.EXACT) is None


def test_cents_are_told() -> None:
    line = PlanLine("P1", None, "fte", None, {YearColumn(2027, STRUCTURAL): 100_01})
    plan = Plan((YearColumn(2027, STRUCTURAL),), (line,))
    told = year_sentence(overview(Inputs(plan, {2027: BudgetYear(2027, 100_00, 100_00)})), 2027, Basis.EXACT)
    assert text(told) == (
        "De gevraagde lasten voor 2027 (€ 100,01) liggen € 0,01 boven het beschikbare bedrag van € 100."
    )


def test_room_sentence_groups_the_years() -> None:
    plan = figures(
        a_line("P1", y2027s=100, y2028s=100, y2029s=100),
        grants={2027: (90, 90, "toegekend"), 2028: (150, None, "prognose"), 2029: (160, None, "prognose")},
    )
    assert text(room_sentence(plan, Basis.EXACT) or "") == (
        "In 2028 en 2029 passen de gevraagde lasten binnen de prognose. "
        "De begrotingsruimte is € 50 in 2028 en € 60 in 2029; die ruimte is nog niet bestemd."
    )


@pytest.mark.parametrize(
    ("grant", "sentence"),
    [
        (150, "Opgeteld over 2027 en 2028 is het saldo een overschot van € 100. "),
        (50, "Opgeteld over 2027 en 2028 is het saldo een tekort van € 100. "),
        (100, "Opgeteld over 2027 en 2028 is het saldo nihil. "),
    ],
)
def test_cumulative_sentence(grant: int, sentence: str) -> None:
    plan = figures(
        a_line("P1", y2027s=100, y2028s=100),
        grants={2027: (grant, grant, None), 2028: (grant, grant, None)},
    )
    assert text(cumulative_sentence(plan, Basis.EXACT) or "").startswith(sentence)


def test_cumulative_sentence_is_silent_when_a_year_is_unknown() -> None:
    plan = figures(a_line("P1", y2027s=100, y2028s=100), grants={2027: (100, 100, None)})
    assert cumulative_sentence(plan, Basis.EXACT) is None


@pytest.mark.parametrize(
    ("structural", "incidental", "sentence"),
    [
        (
            80, 50,
            "De overschrijding in 2027 zit in de incidentele lasten van € 50: de structurele lasten (€ 80) "
            "liggen € 20 onder het toegekende bedrag van € 100.",
        ),
        (
            100, 50,
            "De overschrijding in 2027 zit in de incidentele lasten van € 50: de structurele lasten (€ 100) "
            "liggen precies op het toegekende bedrag van € 100.",
        ),
        (
            130, 50,
            "De structurele lasten van 2027 (€ 130) liggen op zichzelf al € 30 boven het toegekende "
            "bedrag van € 100.",
        ),
        (50, 50, None),  # no shortage
    ],
)  # fmt: skip
def test_split_sentence(structural: int, incidental: int, sentence: str | None) -> None:
    plan = figures(a_line("P1", y2027s=structural, y2027i=incidental), grants={2027: (100, 100, "toegekend")})
    told = split_sentence(plan, 2027, Basis.EXACT)
    assert (told and text(told)) == sentence


def test_split_sentence_needs_a_known_split() -> None:
    plan = figures(a_line("P1", y2027=130), grants={2027: (100, 100, None)})
    assert split_sentence(plan, 2027, Basis.EXACT) is None


# Staff who start during the year


def starting(
    grant: int | None, in_house: int = 0, months: tuple[int, ...] = (7,), cost: int = 120_000
) -> Overview:
    """1.2 fte from July: half of 120.000 remains, plus half of who is in house all year."""
    return figures(
        a_line("P1", y2027s=cost),
        grants={2027: (grant, grant, "toegekend")},
        intake={"P1": Intake("P1", (2027, 7), in_house)},
        premises=Premises(
            norm_per_fte=100_000 * EURO, intake_months=tuple((2027, month) for month in months)
        ),
    )


@pytest.mark.parametrize(
    ("grant", "in_house", "sentence"),
    [
        (70_000, 0, "Bij instroom van alle formatie per 1 juli 2027 resteert € 10.000."),
        (50_000, 0, "Bij instroom van alle formatie per 1 juli 2027 is er een tekort van € 10.000."),
        (60_000, 0, "Bij instroom van alle formatie per 1 juli 2027 gaat het beschikbare bedrag precies op."),
        (None, 0, "Bij instroom van alle formatie per 1 juli 2027 bedragen de lasten € 60.000."),
        (
            70_000, 100,
            "Bij instroom van alle formatie per 1 juli 2027 resteert € 10.000; "
            "is 1 fte het hele jaar in dienst, dan is er een tekort van € 40.000.",
        ),
        (
            110_000, 50,
            "Bij instroom van alle formatie per 1 juli 2027 resteert € 50.000; "
            "is 0,5 fte het hele jaar in dienst, dan resteert € 25.000.",
        ),
        (
            110_000, 100,
            "Bij instroom van alle formatie per 1 juli 2027 resteert € 50.000; "
            "is 1 fte het hele jaar in dienst, dan gaat het beschikbare bedrag precies op.",
        ),
        (
            50_000, 100,
            "Bij instroom van alle formatie per 1 juli 2027 is er een tekort van € 10.000; "
            "is 1 fte het hele jaar in dienst, dan loopt het tekort op tot € 60.000.",
        ),
        (
            None, 100,
            "Bij instroom van alle formatie per 1 juli 2027 bedragen de lasten € 60.000; "
            "is 1 fte het hele jaar in dienst, dan bedragen ze € 110.000.",
        ),
    ],
)  # fmt: skip
def test_intake_sentence(grant: int | None, in_house: int, sentence: str) -> None:
    assert text(intake_sentence(starting(grant, in_house), (2027, 7), Basis.EXACT)) == sentence


def test_starting_in_january_makes_no_difference() -> None:
    told = text(intake_sentence(starting(130_000, 100, months=(1,)), (2027, 1), Basis.EXACT))
    assert told.endswith("resteert € 10.000; is 1 fte het hele jaar in dienst, dan maakt dat geen verschil.")


def test_intake_sentences_of_the_memo(real: Overview) -> None:
    assert text(intake_sentence(real, (2023, 5), Basis.EXACT)) == (
        "Bij instroom van alle formatie per 1 mei 2023 resteert € 22.149; "
        "is 1 fte het hele jaar in dienst, dan is er een tekort van € 11.184."
    )
    assert text(intake_sentence(real, (2023, 6), Basis.ROUNDED)) == (
        "Bij instroom van alle formatie per 1 juni 2023 resteert € 90.000; "
        "is 1 fte het hele jaar in dienst, dan resteert € 48.333."
    )


def test_less_than_a_euro_is_neither_nil_nor_rounded_away() -> None:
    plan = starting(40_000, months=(9,), cost=119_999)  # 4/12 of 119.999 is 39.999,67
    assert text(intake_sentence(plan, (2027, 9), Basis.EXACT)).endswith("resteert minder dan € 1.")


def test_a_plan_without_structural_staff() -> None:
    months = Premises(intake_months=((2027, 5), (2027, 6)))
    plan = figures(a_line("P1", "middelen", y2027s=10), premises=months)
    assert intake_sentence(plan, (2027, 5), Basis.EXACT) == (
        "Voor 2027 is geen structurele formatie geraamd: het moment van instroom maakt voor de lasten "
        "geen verschil."
    )
    starting_later = blocks_of(plan)["instroom"]
    assert isinstance(starting_later, Paragraphs)
    assert sum("geen structurele formatie" in one for one in starting_later.texts) == 1
    assert "geen structurele formatie" not in starting_later.texts[0]


@pytest.mark.parametrize(
    ("grant", "sentence"),
    [
        (85_000, "Het kantelpunt voor 2027 ligt bij ongeveer 8,5 maanden in dienst, "
                 "als alle formatie tegelijk begint."),
        (120_000, "Ook met alle formatie het hele jaar in dienst passen de lasten van 2027 in het budget."),
        (0, "Ook zonder enige instroom in 2027 zijn de lasten van dat jaar niet lager dan het budget."),
        (None, None),
    ],
)  # fmt: skip
def test_break_even_sentence(grant: int | None, sentence: str | None) -> None:
    told = break_even_sentence(starting(grant), Basis.EXACT, 2027)
    assert (told and text(told)) == sentence


def test_break_even_of_the_memo_on_both_bases(real: Overview) -> None:
    assert text(break_even_sentence(real, Basis.EXACT, 2023) or "") == (
        "Het kantelpunt voor 2023 ligt bij ongeveer 8,3 maanden in dienst "
        "(gerekend met het afgeronde bedrag: 8,2 maanden), als alle formatie tegelijk begint."
    )


@pytest.mark.parametrize(
    ("years", "written"),
    [
        ((2027,), "2027"),
        ((2027, 2028), "2027 en 2028"),
        ((2027, 2028, 2029), "2027 tot en met 2029"),
        ((2027, 2029, 2030), "2027, 2029 en 2030"),  # no year is claimed that is not there
    ],
)
def test_period(years: tuple[int, ...], written: str) -> None:
    assert period(years) == written


def test_by_year_groups_neighbours_only() -> None:
    assert by_year({2027: "1 fte", 2028: "2 fte", 2029: "2 fte"}) == "1 fte in 2027 en 2 fte in 2028 en 2029"
    assert by_year({2027: "a", 2028: "b", 2029: "a"}) == "a in 2027, b in 2028 en a in 2029"


# The memo as a whole


def facts_of(plan: Overview, basis: Basis = Basis.EXACT) -> MemoFacts:
    return memo_facts(Source(plan, run_checks(plan.inputs), basis), DATE)


def blocks_of(plan: Overview, basis: Basis = Basis.EXACT) -> Mapping[str, Block]:
    return facts_of(plan, basis).blocks


def all_texts(facts: MemoFacts) -> str:
    """Return everything the memo states, a line each."""
    told = (one for block in facts.blocks.values() for one in block_texts(block))
    return text("\n".join((facts.title, *facts.texts.values(), *told)))


@pytest.fixture(scope="module")
def memo(real: Overview) -> MemoFacts:
    return memo_facts(Source(real, run_checks(real.inputs), Basis.EXACT), (2023, 2, 23))


def rows(block: object) -> dict[str, tuple[str | None, ...]]:
    assert isinstance(block, Table)
    plain = (tuple(cell and traced.plain(cell) for cell in row.cells) for row in block.rows)
    return {first or "": others for first, *rest in plain for others in [tuple(rest)]}


def test_head_tells_the_status(memo: MemoFacts) -> None:
    assert memo.texts == {
        "regio": "Veiligheidsregio Hollands Midden",
        "regio_kort": "VRHM",
        "aan": "Algemeen Bestuur",
        "betreft": "Ontwikkelingen crisisbeheersing en besteding extra BDuR-gelden",
        "datum": "23 februari 2023",
        "titel": "Bestedingsvoorstel extra BDuR-gelden 2023–2026 (voorlopig)",
        "status": "voorlopig",
        "eerste_jaar": "2023",
        "laatste_jaar": "2026",
    }
    assert (memo.date, memo.region) == ((2023, 2, 23), "Veiligheidsregio Hollands Midden")


def test_room_table_of_the_memo(real: Overview) -> None:
    assert rows(blocks_of(real)["tabel_ruimte"]) == {
        "Lasten": ("1.685.000", "1.505.000", "1.605.000", "1.605.000"),
        "Beschikbaar (afgerond)": ("1.400.000", "1.650.000", "2.150.000", "2.400.000"),
        "Begrotingsruimte (afgerond)": ("−285.000", "145.000", "545.000", "795.000"),
        "Cumulatief (afgerond, indicatief)": ("−285.000", "−140.000", "405.000", "1.200.000"),
        "Beschikbaar (exact)": ("1.407.149", "1.650.000†", "2.150.000†", "2.400.000†"),
        "Begrotingsruimte (exact)": ("−277.851", "145.000†", "545.000†", "795.000†"),
        "Cumulatief (exact, indicatief)": ("−277.851", "−132.851†", "412.149†", "1.207.149†"),
        "Status beschikbaar bedrag": ("toegekend", "prognose", "prognose", "prognose"),
    }


def test_kind_table_of_the_memo(real: Overview) -> None:
    assert rows(blocks_of(real)["tabel_incidenteel_structureel"]) == {
        "Incidenteel": ("485.000", "geen raming", "–", "–"),
        "Structureel": ("1.200.000", "1.505.000", "1.605.000*", "1.605.000*"),
        "Jaartotaal": ("1.685.000", "1.505.000", "1.605.000", "1.605.000"),
    }


def test_intake_table_of_the_memo(real: Overview) -> None:
    block = blocks_of(real)["tabel_instroom"]
    assert rows(block) == {
        "Heel 2023, zoals in Tabel 2": ("1.685.000", "−285.000", "−277.851"),
        "Instroom 1 mei 2023": ("1.385.000", "15.000", "22.149"),
        "Instroom 1 mei 2023, 1 fte al in dienst": ("1.418.333", "−18.333", "−11.184"),
        "Instroom 1 juni 2023": ("1.310.000", "90.000", "97.149"),
        "Instroom 1 juni 2023, 1 fte al in dienst": ("1.351.667", "48.333", "55.482"),
    }
    assert isinstance(block, Table)
    assert text(block.notes[0]).startswith("Bij instroom afgerond op hele euro's.")


def test_goal_tables_of_the_memo(real: Overview) -> None:
    goals = rows(blocks_of(real)["tabel_doelbereik"])
    assert [text(cell or "") for cell in goals["1"][:3]] == ["● expliciet", "9 van 9", "710.000\n5 fte"]
    assert text(goals["2b"][0] or "") == "□ landelijk"
    assert text(goals["3"][0] or "") == "□ landelijk (alleen kop)"
    assert goals["Geen aandachtsgebied"][2:] == ("450.000", "500.000", "600.000", "600.000")
    objectives = rows(blocks_of(real)["tabel_rbp_doelen"])
    assert objectives["Totaal"] == (None, None, None, "niet optelbaar", None, None, None)
    assert objectives["1d"][3] == "180.000\n1,5 fte"
    assert "B20-1" not in objectives


def test_no_national_goal_is_called_uncovered(memo: MemoFacts) -> None:
    assert "ongedekt" not in all_texts(memo)


def test_room_is_never_free(memo: MemoFacts) -> None:
    printed = all_texts(memo)
    assert "nog niet bestemd" in printed
    assert "vrij " not in printed
    assert "investering" not in printed.casefold()


def test_tabel_2_keeps_blanks_blank(real: Overview) -> None:
    table = rows(plan_table(real))
    assert table["P15"] == ("toek. CB", "middelen", "juridisch", "", "", "", "", "", "", "", "")
    assert table["totaal per kolom"][3:9] == (
        "485.000",
        "1.200.000",
        "",
        "1.505.000",
        "1.605.000",
        "1.605.000",
    )
    assert table["totaal per jaar"][3:9] == ("1.685.000", None, "1.505.000", None, "1.605.000", "1.605.000")
    assert "geen raming" in plan_table(real).notes[0]


def test_sentences_follow_the_basis(real: Overview) -> None:
    rounded = blocks_of(real, Basis.ROUNDED)["ruimte_per_jaar"]
    assert isinstance(rounded, Bullets)
    assert text(rounded.texts[0]).endswith(
        "€ 285.000 boven het toegekende bedrag van € 1.400.000 (afgerond)."
    )


def outcome(code: str, status: Status, *findings: Finding) -> Outcome:
    return Outcome(Check(code, "Totalen", status, lambda _: iter(())), findings)


def a_finding(code: str, status: Status) -> Finding:
    return Finding(code, status, "Tabel 2, 2023", "scheelt € 5 met € 7", "Maak er € 9 van.")


def test_findings_stand_in_appendix_and_risks(real: Overview) -> None:
    deviation = outcome("C05", Status.DEVIATION, a_finding("C05", Status.DEVIATION))
    failed = outcome("C01", Status.FAILED, a_finding("C01", Status.FAILED))
    blocks = memo_facts(Source(real, (failed, deviation, CHECKS_HELD), Basis.EXACT), DATE).blocks
    assert rows(blocks["tabel_controles"]) == {
        "C01": ("Totalen", "klopt niet: 1 bevinding"),
        "C05": ("Totalen", "afwijking: 1 bevinding"),
        CHECKS_HELD.check.code: (CHECKS_HELD.check.name, "klopt"),
    }
    assert [text(cell or "") for cell in rows(blocks["tabel_bevindingen"])["C05"]] == [
        "Tabel 2, 2023", "Scheelt € 5 met € 7", "Maak er € 9 van.",
    ]  # fmt: skip
    risks = blocks["risicos"]
    assert isinstance(risks, Bullets)
    assert "De controles melden afwijkingen die een toelichting vragen: C05 (Tabel 2, 2023)." in risks.texts


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ((), "Alle controles die moeten kloppen, kloppen."),
        (
            (outcome("C05", Status.SIGNAL, a_finding("C05", Status.SIGNAL)),),
            "Alle controles die moeten kloppen, kloppen. Bijlage C noemt de overige bevindingen.",
        ),
    ],
)
def test_the_summary_tells_of_the_checks(real: Overview, outcomes: tuple[Outcome, ...], told: str) -> None:
    summary = memo_facts(Source(real, outcomes, Basis.EXACT), DATE).blocks["samenvatting"]
    assert isinstance(summary, Paragraphs)
    assert summary.texts[-1] == told


def test_notes_and_changes_are_told_as_they_are(real: Overview) -> None:
    note = Finding("afgerond", Status.SIGNAL, "Plan!H7", "telt als € 10,13", "Typ hele centen.")
    blocks = memo_facts(Source(real, (), Basis.EXACT, (note,), ("Eén.", "Twee.")), DATE).blocks
    assert [text(one) for one in block_texts(blocks["aantekeningen"])] == ["Plan!H7: telt als € 10,13."]
    assert blocks["wijzigingen"] == Paragraphs(("Eén.", "Twee."))
    without = memo_facts(Source(real, (), Basis.EXACT), DATE).blocks
    assert (without["aantekeningen"], without["wijzigingen"]) == (Bullets(()), Paragraphs(()))


def test_the_decision_is_left_to_staff(memo: MemoFacts) -> None:
    placeholders = [block for block in memo.blocks.values() if isinstance(block, Placeholder)]
    assert [one.title for one in placeholders] == ["Gevraagd besluit"]
    assert text(placeholders[0].text) == (
        "[Nog in te vullen: het gevraagde besluit. Bijvoorbeeld: in te stemmen met de gevraagde lasten van "
        "€ 1.685.000 in 2023 en kennis te nemen van de raming voor 2024 tot en met 2026.]"
    )


# Other plans


def other_inputs() -> Inputs:
    """A plan of 2027-2030 of a region with its own goals: one served, one national, one not served."""
    lines = (
        a_line("R1", y2027i=50_000, y2027s=200_000, y2028=300_000, y2029=300_000),
        a_line("R2", "middelen", y2027s=10_000),
        a_line("R3", "middelen"),
    )
    columns = (
        YearColumn(2027, INCIDENTAL),
        YearColumn(2027, STRUCTURAL),
        *(YearColumn(year, UNSPLIT) for year in (2028, 2029, 2030)),
    )
    goals = (
        Goal("R1", "RCDV", None, "Weerbaar zijn", "regionaal"),
        Goal("R2", "RCDV", None, "Samen sterk", "landelijk afgeroomd (NIPV)"),
        Goal("R4", "RCDV", None, "Nieuw doel", "regionaal"),
        Goal("3x", "RBP 2028-2031", None, "Kennis delen", "doelstelling"),
    )
    return Inputs(
        plan=Plan(columns, lines, unsplit_as=STRUCTURAL),
        budget={
            2027: BudgetYear(2027, 260_000 * EURO, 260_000 * EURO, "brief", "toegekend"),
            2028: BudgetYear(2028, 290_000 * EURO, None, "raming", "prognose"),
        },
        goals=goals,
        areas=(FocusArea("A1", "Oefenen", "R1", ("3x",)), FocusArea("A2", "Delen", "R1", ())),
        links=(Link("R1", "A1", Level.EXPLICIT),),
        premises=Premises(
            region="Veiligheidsregio Waddenkust",
            region_short="VRW",
            addressee="Bestuur",
            subject="Besteding BDuR",
            norm_per_fte=100_000 * EURO,
            unsplit_as=STRUCTURAL,
            intake_months=((2027, 4),),
        ),
    )


@pytest.fixture(scope="module")
def other() -> MemoFacts:
    return facts_of(overview(other_inputs()))


def test_another_plan_names_no_year_or_region_of_the_first(other: MemoFacts) -> None:
    printed = all_texts(other)
    for word in ("2023", "2024", "2025", "2026", "VRHM", "Hollands", "Algemeen Bestuur", "voorlopig"):
        assert word not in printed
    assert other.title == "Bestedingsvoorstel extra BDuR-gelden 2027–2030"
    assert "Veiligheidsregio Waddenkust (VRW) ontvangt extra middelen" in printed


def test_another_plan_tells_what_is_absent(other: MemoFacts) -> None:
    printed = all_texts(other)
    for sentence in (
        "De gevraagde lasten voor 2027 zijn precies gelijk aan het toegekende bedrag van € 260.000.",
        "De gevraagde lasten voor 2028 (€ 300.000) liggen € 10.000 boven de prognose van € 290.000 "
        "(afgerond; het exacte bedrag is nog niet bekend).",
        "Voor 2029 is nog geen beschikbaar bedrag bekend; of de gevraagde lasten van € 300.000 daarin "
        "passen, is niet te zeggen.",
        "Voor 2030 is nog geen raming opgenomen en nog geen beschikbaar bedrag bekend.",
        "De structurele lasten van 2028 (€ 300.000) liggen op zichzelf al € 10.000 boven de prognose van "
        "€ 290.000",
        "Doel 1 telt twee aandachtsgebieden, waarvan één met een eigen planregel; A2 niet.",
        "Doel 2 is landelijk afgeroomd (NIPV) en wordt landelijk opgepakt.",
        "Doel 4 heeft geen eigen planregel (dekking van het doel: geen).",
        "Eén planregel met een raming dient geen aandachtsgebied van een RCDV-doel.",
    ):
        assert sentence in printed
    room = rows(other.blocks["tabel_ruimte"])
    assert room["Lasten"] == ("260.000", "300.000", "300.000", "geen raming")
    assert room["Begrotingsruimte (exact)"] == ("0", "−10.000†", "onbekend", "onbekend")
    assert rows(other.blocks["tabel_regels_zonder_doel"])["R2"] == (
        "onderwerp R2", "–\N{NO-BREAK SPACE}geen", "nog op te schrijven", "10.000", "–", "–", "–",
    )  # fmt: skip


def test_the_barest_plan_still_makes_a_memo() -> None:
    plan = figures(a_line("P1", y2027=1))
    facts = facts_of(plan)
    printed = all_texts(facts)
    assert facts.title == "Bestedingsvoorstel extra BDuR-gelden 2027"
    assert facts.region == ""
    assert "De veiligheidsregio ontvangt extra middelen" in printed
    assert "Het plan noemt nog geen RCDV-doelen" in printed
    assert "Het plan noemt nog geen aandachtsgebieden." in printed
    assert "Er zijn geen instroommaanden opgegeven" in printed
    assert "None" not in printed


def test_unsplit_without_assumption_stays_unsplit() -> None:
    plan = figures(a_line("P1", y2027=1))
    assert rows(blocks_of(plan)["tabel_incidenteel_structureel"])["Structureel"] == ("niet gesplitst",)


def test_coverage_of_a_regional_goal_without_line() -> None:
    plan = overview(other_inputs())
    levels = {one.goal.goal_id: text(coverage_text(one)) for one in plan.goals}
    assert levels == {"R1": "● expliciet", "R2": "□ landelijk", "R4": "– geen", "3x": "● expliciet"}


# A cut (korting)


def test_a_cut_is_never_called_an_award() -> None:
    lines = (a_line("P1", y2027s=100, y2028s=100),)
    grants: dict[int, Grant] = {2027: (200, 200, "toegekend"), 2028: (200, 200, "toegekend")}
    whole = figures(*lines, grants=grants).inputs
    lowered = whole.budget[2027]._replace(cut=Fraction(1, 10))
    plan = overview(whole._replace(budget={**whole.budget, 2027: lowered}))
    assert text(year_sentence(plan, 2027, Basis.EXACT)) == (
        "De gevraagde lasten voor 2027 (€ 100) liggen € 80 onder het beschikbare bedrag na korting "
        "(€ 180; korting van 10% op het toegekende bedrag van € 200)."
    )
    assert "onder het toegekende bedrag van € 200." in text(year_sentence(plan, 2028, Basis.EXACT))
    assert "passen de gevraagde lasten binnen het beschikbare bedrag (in 2027 na korting)." in text(
        room_sentence(plan, Basis.EXACT) or ""
    )
    background = blocks_of(plan)["beschikbare_bedragen"]
    assert isinstance(background, Paragraphs)
    assert text(background.texts[0]).startswith(
        "Toegekend aan de veiligheidsregio is € 200 (na een korting van 10%: € 180) voor 2027 "
        "en € 200 voor 2028."
    )
    note = "Het beschikbare bedrag is na aftrek van een korting: 10% in 2027."
    assert note in map(traced.plain, room_table(plan).notes)
    assert note not in map(traced.plain, room_table(overview(whole)).notes)


def test_break_even_on_the_other_basis_may_lie_outside_the_year() -> None:
    def told(rounded: int) -> str:
        plan = figures(
            a_line("P1", y2027s=120_000),
            a_line("P2", "middelen", y2027s=20_000),
            grants={2027: (rounded, 105_000, "toegekend")},
            premises=Premises(intake_months=((2027, 7),)),
        )
        return text(break_even_sentence(plan, Basis.EXACT, 2027) or "")

    assert "8,5 maanden in dienst (gerekend met het afgeronde bedrag past het hele jaar), " in told(150_000)
    assert "(gerekend met het afgeronde bedrag past het ook zonder formatie niet), " in told(10_000)
    assert "(gerekend met het afgeronde bedrag past het alleen zonder formatie), " in told(20_000)


@pytest.mark.parametrize("months", [(7,), ()])
def test_the_start_months_per_line_are_told(months: tuple[int, ...]) -> None:
    told = blocks_of(starting(70_000, months=months))["instroom"]
    assert isinstance(told, Paragraphs)
    assert (
        "Met de startmaand per regel (blad Instroom) komen de lasten van 2027 op € 60.000 in plaats van "
        "€ 120.000; dan resteert € 10.000."
    ) in text(" ".join(told.texts))


def test_start_months_that_change_nothing_are_not_told() -> None:
    plan = figures(a_line("P1", y2027s=120_000), intake={"P1": Intake("P1", (2027, 1), 0)})
    assert phased_sentence(plan, 2027, Basis.EXACT) is None


# What-if and realisatie


def test_scenario_table_of_the_memo(real: Overview) -> None:
    """The figures of the domain: four part-year rows, hire in 2024, 10% off 2.400.000, 3% a year."""
    found = rows(blocks_of(real)["tabel_scenarios"])
    assert {name: cells[1:] for name, cells in found.items()} == {
        "basis": ("−277.851", "145.000", "545.000", "795.000"),
        "instroom-1-mei": ("22.149", "145.000", "545.000", "795.000"),
        "instroom-1-juni": ("97.149", "145.000", "545.000", "795.000"),
        "instroom-1-mei-1fte": ("−11.184", "145.000", "545.000", "795.000"),
        "instroom-1-juni-1fte": ("55.482", "145.000", "545.000", "795.000"),
        "externe-inhuur-2024": ("−277.851", "−5.000", "545.000", "795.000"),
        "korting-10": ("−277.851", "145.000", "545.000", "555.000"),
        "indexatie-3": ("−277.851", "99.850", "447.256", "646.173"),
    }
    assert found["korting-10"][0] == "Korting van 10% vanaf 2026"


def test_a_plan_without_scenarios_has_no_table_of_them(real: Overview) -> None:
    alone = overview(real.inputs._replace(scenarios=()))
    assert rows(blocks_of(alone)["tabel_scenarios"]) == {}


def test_the_answers_leave_the_start_of_staff_to_their_own_paragraph(real: Overview) -> None:
    block = blocks_of(real)["antwoorden"]
    assert isinstance(block, Bullets)
    told = text("\n".join(block.texts))
    assert "na het plan" not in told
    assert "maanden formatie" not in told
    assert "Met korting-10: elk jaar € 555.000." in told
    assert "Nog niet afgetrokken: GHOR (vanaf 2024)" in told


def test_without_realisatie_the_memo_says_so_and_asks_nothing(real: Overview) -> None:
    blocks = blocks_of(real)
    assert all_of(blocks["jaaranalyse"]).startswith("Er is nog geen realisatie ingevuld")
    assert rows(blocks["tabel_realisatie"]) == {}
    assert blocks["laatste_analyse"] == Paragraphs(())


def all_of(block: Block) -> str:
    return text("\n".join(block_texts(block)))


def test_with_realisatie_the_memo_tells_the_last_analysis(real: Overview) -> None:
    """Half of 2023: only P11 (middelen, 30.000 in the year, 15.000 to date) has an actual of 18.000."""
    actual = Actual("P11", 2023, 18_000_00, (2023, 6, 30))
    blocks = blocks_of(overview(real.inputs._replace(actuals=(actual,))))
    told = all_of(blocks["jaaranalyse"])
    assert "De laatste analyse heeft als peildatum 30 juni 2023." in told
    (cells,) = rows(blocks["tabel_realisatie"]).values()
    assert cells[:2] == ("30 juni 2023", "1.685.000")
    assert cells[3] == "18.000"
    assert isinstance(blocks["laatste_analyse"], Placeholder)
