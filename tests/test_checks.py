"""Each check: a plan that triggers it, with what it says, and one that does not."""

import pytest
from calm import calm, found, one, told
from sheets import add_column, inputs, put, read

from bdur_xl.checks import CHECKS, run_checks
from bdur_xl.checks.check import per_year
from bdur_xl.model import Inputs, Status
from bdur_xl.nl import NBSP


def test_a_calm_plan_has_no_findings() -> None:
    assert found(calm()) == {}


def test_must_hold_checks_come_first_and_codes_are_unique() -> None:
    statuses = [check.status is Status.FAILED for check in CHECKS]
    assert statuses == sorted(statuses, reverse=True)
    assert sum(statuses) == 5
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)
    assert [check.code for check in CHECKS if not check.looks_at.endswith(".")] == []


@pytest.mark.parametrize(
    ("column", "total", "where", "says"),
    [
        ("2031", 145_000.01, "Tabel 2, 2031", "verschil −€ 0,01"),
        (
            "2031 i",
            24_000,
            "Tabel 2, 2031 i",
            "tellen op tot € 25.000, gedrukt staat € 24.000: verschil € 1.000",
        ),
        ("2032_s", 0, "Tabel 2, 2032 s", "verschil € 210.000"),
        ("2035", 5, "Tabel 2, 2035", "gedrukte totaal is € 5, maar geen regel heeft hier een bedrag"),
    ],
)
def test_c01_plan_totals(column: str, total: float, where: str, says: str) -> None:
    book = calm()
    book["control_totals"][1:3] = [["Tabel 2", column, total, None]]
    finding = one(book, "C01")
    assert finding.status is Status.FAILED
    assert finding.where == where
    assert says in finding.message.replace("\u00a0", " ")
    assert set(found(book)) <= {"C01", "C02"}


@pytest.mark.parametrize(
    ("column", "total"), [("2031 i", 25_000), ("2031 s", 120_000), ("2032 i", 0), ("2032", 210_000)]
)
def test_c01_holds(column: str, total: int) -> None:
    book = calm()
    book["control_totals"][1:3] = [["Plan", column, total, None]]
    assert found(book) == {}


def test_printed_totals_are_held_against_a_plan_without_lines() -> None:
    book = calm()
    for key in ("plan", "capacity", "links", "intake"):
        book[key] = book[key][:1]
    assert told(book, "C01")[0][1].startswith("de regels tellen op tot € 0, gedrukt staat € 120.000")
    assert told(book, "C03")[0][1] == "het gedrukte totaal is 2, maar geen regel heeft hier een bedrag"


def test_c01_an_amount_of_one_cent_more_is_found() -> None:
    book = calm()
    put(book["plan"], "G2", 120_000.01)
    findings = found(book)
    assert set(findings) == {"C01", "C04"}
    assert "verschil €\u00a00,01" in findings["C01"][0].message


@pytest.mark.parametrize(
    ("column", "total", "says"),
    [
        ("capaciteit structureel 2031 (fte)", 2.5, "tellen op tot 2, gedrukt staat 2,5: verschil −0,5"),
        ("capaciteit structureel 2032 extra (fte)", 2, "tellen op tot 1, gedrukt staat 2"),
        ("middelen incidenteel 2031 (€)", 25_500, "tellen op tot € 25.000, gedrukt staat € 25.500"),
        ("middelen structureel 2031 (€)", 5, "gedrukte totaal is € 5, maar geen regel"),
    ],
)
def test_c03_capacity_totals(column: str, total: float, says: str) -> None:
    book = calm()
    book["control_totals"][3] = ["Tabel 1", column, total, None]
    finding = one(book, "C03")
    assert finding.status is Status.FAILED
    assert says in finding.message.replace("\u00a0", " ")


def test_c04_staff_cost_by_norm() -> None:
    book = calm()
    put(book["plan"], "I2", 170_000)
    put(book["control_totals"], "C3", 200_000)
    finding = one(book, "C04")
    assert list(found(book)) == ["C04"]  # C05 is for the years after Tabel 1
    assert finding.where == "K1 dijkwacht, 2032"
    assert finding.message.replace("\u00a0", " ") == (
        "Tabel 1 vraagt 3 fte (€ 180.000 tegen de norm), Tabel 2 raamt € 170.000: "
        "verschil −€ 10.000 (0,17 fte minder)"
    )
    assert "van L1 aan" in finding.remedy


def test_c04_fails_where_it_lacks_the_norm() -> None:
    book = calm()
    put(book["premises"], "B3", None)
    put(book["intake"], "C2", None)
    assert told(book, "C04") == [
        ("blad Over", "zonder normbedrag is de formatie van 2031 en 2032 niet te controleren")
    ]
    assert found(book)["C04"][0].status is Status.FAILED


def test_c04_a_later_figure_that_is_not_extra_replaces_the_earlier() -> None:
    """3 fte in 2032 means 3, not 2 and 3 more; "extra" is what comes on top."""
    book = calm()
    put(book["capacity"], "G1", "capaciteit structureel 2032 (fte)")
    assert "Tabel 1 vraagt 1 fte" in one(book, "C04").message
    put(book["capacity"], "G2", 3)
    assert found(book) == {}


def test_c04_rounds_the_norm_once() -> None:
    book = calm()
    put(book["premises"], "B3", 60_000.01)
    put(book["capacity"], "F2", 1.67)
    put(book["capacity"], "G2", None)
    put(book["control_totals"], "C4", 1.67)
    put(book["plan"], "G2", 100_200.02)  # 1,67 x 60.000,01 = 100.200,0167
    put(book["control_totals"], "C2", 100_200.02)
    put(book["plan"], "I2", 100_200.02)
    put(book["control_totals"], "C3", 130_200.02)
    assert "C04" not in found(book)


def test_c05_staff_cost_after_the_years_of_tabel_1() -> None:
    book = calm()
    add_column(book["plan"], "2033 s", 240_000, 30_000)
    book["budget"].append([2033, 300_000, 300_000, None, "toegekend"])
    finding = one(book, "C05")
    assert finding.status is Status.DEVIATION
    assert finding.where == "K1 dijkwacht, 2033"
    assert "verschil €\u00a060.000" in finding.message
    put(book["plan"], "J2", 180_000)
    assert found(book) == {}


def test_c09_two_amounts_available() -> None:
    book = calm()
    put(book["budget"], "C2", 250_000.01)
    finding = one(book, "C09")
    assert (finding.where, finding.status) == ("Budget 2031", Status.SIGNAL)
    assert "verschil €\u00a00,01" in finding.message


def test_c10_grant_not_awarded() -> None:
    book = calm()
    put(book["budget"], "E3", "prognose")
    assert one(book, "C10").message == "het beschikbare bedrag is prognose, niet toegekend; bron: geen"
    put(book["budget"], "E3", None)
    assert one(book, "C10").message == "het beschikbare bedrag is zonder status, niet toegekend; bron: geen"


def test_c11_over_budget() -> None:
    book = calm()
    put(book["budget"], "B3", 209_999.99)
    finding = one(book, "C11")
    assert finding.where == "blad Overzicht, 2032"
    assert "instroomvarianten" not in finding.remedy  # none starts in 2032
    book["premises"].append(["instroommaand", "mei 2032", None, None])
    assert "instroomvarianten" in one(book, "C11").remedy
    assert "ruimte −€ 0,01 (afgerond en exact)" in finding.message.replace("\u00a0", " ")
    put(book["budget"], "B3", 210_000)  # fully used is allowed
    assert found(book) == {}


def test_c11_one_basis_is_enough() -> None:
    book = calm()
    put(book["budget"], "B2", 140_000)
    assert "ruimte −€ 5.000 (afgerond) en € 105.000 (exact)" in one(book, "C11").message.replace(
        "\u00a0", " "
    )


def test_c15_split_assumed_or_unknown() -> None:
    book = calm()
    for row in book["plan"]:
        del row[7]
    put(book["plan"], "H1", "2032")
    assert one(book, "C15").where == "Plan, kolom 2032"
    assert one(book, "C15").message.endswith("aanname: structureel")
    put(book["premises"], "B4", None)
    assert one(book, "C15").message.endswith("de splitsing is onbekend")
    assert list(found(book)) == ["C04", "C15"]
    assert told(book, "C04") == [  # an unknown split is not nil, and not "klopt" either
        ("blad Plan, 2032", "2032 is in Tabel 2 niet gesplitst, zodat de formatie niet te controleren is")
    ]


@pytest.mark.parametrize(("department", "shown"), [("CB/RD", "CB/RD"), ("Oost?", "Oost?"), (None, "leeg")])
def test_c19_department(department: str | None, shown: str) -> None:
    book = calm()
    put(book["plan"], "E3", department)
    finding = one(book, "C19")
    assert (finding.where, finding.message) == (
        "L2 dijkwacht",
        f"afdeling is niet eenduidig ({shown}): 2031: €{NBSP}25.000 en 2032: €{NBSP}30.000",
    )


def test_c20_lines_without_amount() -> None:
    book = calm()
    book["plan"].append(["L3", "Vuur", "middelen", "drones", None, None, None, None, None])
    finding = one(book, "C20")  # and not C19 or C22: an empty line costs nobody anything
    assert finding.message == "geen raming op L3: leeg is niet € 0"
    assert list(found(book)) == ["C20"]
    put(book["plan"], "F4", 0)
    assert "C20" not in found(book)


def test_c22_lines_without_area() -> None:
    book = calm()
    book["links"][2] = ["L2", None, "ondersteunend", None]
    message = one(book, "C22").message.replace("\u00a0", " ")
    assert message == "zonder aandachtsgebied: L2 (ondersteunend); 2031: € 25.000 en 2032: € 30.000"
    del book["links"][2]
    assert "zonder aandachtsgebied: L2; " in one(book, "C22").message


def test_c23_goals_without_line() -> None:
    book = calm()
    book["goals"].append(["R8", "RCDV", None, "iets", "regionaal", None])
    assert one(book, "C23").where == "Doel R8"
    assert one(book, "C23").message == "geen eigen planregel (niveau: geen); ongedekt"
    book["goals"][-1][4] = "Landelijk afgeroomd (KCR2)"
    book["areas"].append(["A8", "iets", "R8", None])
    book["links"].append(["L1", "A8", "alleen kop", None])
    assert one(book, "C23").message == (
        "geen eigen planregel (niveau: alleen kop); Landelijk afgeroomd (KCR2); regionale inzet blijft nodig"
    )
    book["links"][-1][2] = "gedeeld"
    assert found(book) == {}


def test_n01_a_year_without_grant() -> None:
    book = calm()
    put(book["budget"], "B3", None)
    finding = one(book, "N01")
    assert (finding.where, finding.status) == ("Budget 2032", Status.DEVIATION)
    del book["budget"][2]
    assert one(book, "N01").where == "Budget 2032"


def test_n01_names_the_basis_that_is_unknown() -> None:
    book = calm()
    put(book["budget"], "B2", None)  # only the exact amount of 2031 is left
    assert "(afgerond)" in one(book, "N01").message


def test_n04_a_start_month_outside_the_plan() -> None:
    book = calm()
    book["premises"].append(["instroommaand", "2040-05", None, None])
    finding = one(book, "N04")
    assert finding.message == "instroommaand mei 2040 valt buiten de jaren van het plan en telt niet mee"


def test_c20_a_plan_without_lines_is_told() -> None:
    book = calm()
    for key in ("plan", "links", "intake", "capacity", "control_totals"):
        del book[key][1:]
    assert [finding.message for finding in found(book)["C20"]] == ["het plan heeft geen enkele regel"]


def test_n02_later_incidental() -> None:
    book = calm()
    put(book["plan"], "H3", 1_000)
    put(book["control_totals"], "C3", 211_000)
    finding = one(book, "N02")
    assert finding.where == "L2 dijkwacht, 2032 i"
    assert finding.message == "€\u00a01.000 incidenteel na 2031: een aanvulling op de memo"


def test_n03_more_in_house_than_the_line_holds() -> None:
    book = calm()
    put(book["intake"], "C2", 3)
    assert found(book) == {}  # exactly what the line pays
    put(book["intake"], "C2", 3.01)
    finding = one(book, "N03")
    assert finding.where == "Instroom van L1"
    assert "3,01 fte al in dienst op L1 kost meer dan de raming van €\u00a0180.000 in 2032" in finding.message


def test_every_finding_says_where_what_and_what_next(real_inputs: Inputs) -> None:
    for outcome in run_checks(real_inputs):
        for finding in outcome.findings:
            assert finding.code == outcome.check.code
            assert finding.status is outcome.check.status
            assert finding.where.strip()
            assert finding.message.strip()
            assert finding.remedy.endswith(".")


def test_c02_a_printed_total_of_both_kinds() -> None:
    book = calm()
    book["control_totals"][1:3] = [["Tabel 2", "2031", 145_000, None]]
    assert told(book, "C02") == [
        (
            "Tabel 2, 2031",
            "het gedrukte totaal van € 145.000 is € 25.000 incidenteel en € 120.000 structureel samen: "
            "onder de kop van één van beide leest het verkeerd",
        )
    ]
    put(book["control_totals"], "B2", "2032")  # no incidental amount: both ways read the same
    put(book["control_totals"], "C2", 210_000)
    assert found(book) == {}


def test_c06_structural_resources_after_the_years_of_tabel_1() -> None:
    """The memo's own case: what Tabel 1 asks for good is less than what Tabel 2 plans later."""
    book = calm()
    add_column(book["capacity"], "middelen structureel 2032 (€)", 25_000)
    assert told(book, "C06") == [
        (
            "L2 dijkwacht, middelen 2032",
            "€ 30.000 in Tabel 2, € 25.000 in Tabel 1; verschil € 5.000 verklaart het hele verschil "
            "van blok middelen",
        )
    ]
    put(book["capacity"], "I2", 30_000)
    assert found(book) == {}


def test_c06_tells_parts_of_a_difference() -> None:
    book = calm()
    add_column(book["capacity"], "middelen structureel 2032 (€)", 25_000)
    book["plan"].append(["L3", "Water", "middelen", "boot", "Oost", None, None, None, 7_000])
    book["capacity"].append(["K2", "Water", "boot", "Oost", "L3", None, None, None, 10_000])
    assert [message for _, message in told(book, "C06")] == [
        "€ 30.000 in Tabel 2, € 25.000 in Tabel 1; "
        "verschil € 5.000; van heel blok middelen is het verschil € 2.000",
        "€ 7.000 in Tabel 2, € 10.000 in Tabel 1; "
        "verschil −€ 3.000; van heel blok middelen is het verschil € 2.000",
    ]


def test_c07_external_hire_above_the_norm() -> None:
    book = calm()
    add_column(book["capacity"], "capaciteit incidenteel 2031 (€)", 135_000)
    add_column(book["capacity"], "capaciteit incidenteel 2031 (fte)", 1.5)
    assert told(book, "C07") == [
        (
            "K1 dijkwacht, 2031",
            "inhuur van 1,5 fte voor € 135.000 is € 90.000 per fte, 50% boven het normbedrag van € 60.000",
        )
    ]
    put(book["capacity"], "I2", 90_000)
    assert "C07" not in found(book)


def test_c07_names_lines_with_another_rate() -> None:
    book = calm()
    add_column(book["capacity"], "capaciteit incidenteel 2031 (€)", 80_000)
    add_column(book["capacity"], "capaciteit incidenteel 2031 (fte)", 1)
    book["capacity"].append(["K2", None, "boot", "Oost", None, None, None, None, 45_000, 1])
    assert [message.partition(", ")[2] for _, message in told(book, "C07")] == [
        "33% boven het normbedrag van € 60.000; elders een ander tarief (K2: € 45.000)",
        "25% onder het normbedrag van € 60.000; elders een ander tarief (K1: € 80.000)",
    ]


def test_c07_names_three_other_rates_and_counts_the_rest() -> None:
    book = calm()
    add_column(book["capacity"], "capaciteit incidenteel 2031 (€)", 80_000)
    add_column(book["capacity"], "capaciteit incidenteel 2031 (fte)", 1)
    for number in range(2, 8):
        book["capacity"].append([f"K{number}", None, "boot", "Oost", *[None] * 4, 80_000 + number, 1])
    (first, *_, last) = [message.partition("; ")[2] for _, message in told(book, "C07")]
    assert first == ("elders een ander tarief (K2: € 80.002, K3: € 80.003, K4: € 80.004 en nog 3 tarieven)")
    assert last == "elders een ander tarief (K1: € 80.000, K2: € 80.002, K3: € 80.003 en nog 3 tarieven)"


def test_c08_a_remark_on_hire_may_cover_the_whole_line() -> None:
    """3 structural fte at 90.000 instead of 60.000 cost 90.000 more: room 40.000 becomes -50.000."""
    book = calm()
    add_column(book["plan"], "opmerking", "Externe inhuur")
    put(book["plan"], "F2", 90_000)
    add_column(book["capacity"], "capaciteit incidenteel 2031 (€)", 90_000)
    add_column(book["capacity"], "capaciteit incidenteel 2031 (fte)", 1)
    put(book["budget"], "B3", 250_000)
    assert told(book, "C08") == [
        (
            "Plan, opmerking bij L1",
            "geldt de inhuur voor de hele regel, of alleen voor het incidentele bedrag van 2031? Als ook de "
            "structurele formatie van 2032 wordt ingehuurd, kost dat € 90.000 meer: "
            "ruimte −€ 50.000 (afgerond)",
        )
    ]
    put(book["plan"], "J2", "voor een jaar")
    assert "C08" not in found(book)


def test_c08_without_a_rate_there_is_only_the_question() -> None:
    book = calm()
    add_column(book["plan"], "opmerking", "extern inhuur")
    put(book["plan"], "F2", 90_000)
    assert told(book, "C08")[0][1].endswith("of alleen voor het incidentele bedrag van 2031?")


def test_c12_and_c13_a_shortage_that_hangs_on_the_intake() -> None:
    """145.000 against 130.000; from 1 April 9 of 12 months: 120.000 becomes 90.000, room 15.000.

    With half an fte (30.000 a year) in house: 30.000 + 90.000 * 9/12 = 97.500, room 7.500.
    """
    book = calm()
    book["budget"][1][1:3] = [130_000, 110_000]
    assert told(book, "C12") == [
        (
            "Instroom 1 april 2031",
            "als alle formatie dan begint, kost 2031 € 30.000 minder: ruimte € 15.000 (afgerond) en −€ 5.000 "
            "(exact); het kantelpunt ligt bij 10,50 (afgerond) en 8,50 (exact) maanden",
        )
    ]
    assert told(book, "C13") == [
        (
            "Instroom 1 april 2031",
            "0,5 fte is al in dienst en kost het hele jaar, € 7.500 meer: ruimte € 7.500 (afgerond) en "
            "−€ 12.500 (exact)",
        )
    ]
    book["budget"][1][1:3] = [145_000, 145_000]  # exactly enough
    assert found(book) == {}


def test_c13_says_when_a_surplus_becomes_a_shortage() -> None:
    book = calm()
    book["budget"][1][1:3] = [120_000, 120_000]
    assert told(book, "C13")[0][1].endswith(
        "ruimte −€ 2.500 (afgerond en exact); het overschot wordt een tekort"
    )
    put(book["intake"], "C2", None)
    assert "C13" not in found(book)
    assert "C12" in found(book)


def test_c14_new_staff_budgeted_for_a_whole_year() -> None:
    book = calm()
    put(book["intake"], "B2", "april 2031")
    assert told(book, "C14") == [
        (
            "Plan, 2032",
            "1 fte nieuw in 2032 (L1) is voor het hele jaar begroot: € 60.000; "
            "elke maand later scheelt € 5.000",
        )
    ]
    put(book["intake"], "B2", "februari 2032")
    assert found(book) == {}


def test_c14_a_line_without_an_estimate_has_no_new_staff() -> None:
    """Blank after a negative amount is *geen raming*, not nil after less than nil."""
    book = calm()
    put(book["intake"], "B2", "april 2031")
    put(book["plan"], "G2", -10_000)
    put(book["plan"], "I2", None)
    parsed, _ = read(book)  # a negative amount is a signal
    assert [one.findings for one in run_checks(parsed) if one.check.code == "C14"] == [()]


def test_c16_no_incidental_estimate_after_a_year_that_has_one() -> None:
    book = calm()
    put(book["plan"], "H3", None)
    assert told(book, "C16") == [
        (
            "Plan, kolom 2032 i",
            "geen enkele incidentele raming, na € 25.000 eerder: de memo verwacht minder, niet nihil",
        )
    ]
    put(book["plan"], "F3", None)  # nothing incidental before either
    assert "C16" not in found(book)


def test_c17_and_c18_departments() -> None:
    book = calm()
    put(book["plan"], "E3", "West")
    assert told(book, "C17") == [
        ("K1 dijkwacht", "afdeling is Oost in Tabel 1 en West (L2) in Tabel 2"),
    ]
    assert told(book, "C18") == [
        ("L1 dijkwacht", "fte bij Oost (L1) en middelen bij West (L2): één onderwerp met twee afdelingen"),
    ]
    book["plan"][2][5:] = [None, None, None, None]  # an empty line costs no department anything
    assert "C17" not in found(book)
    assert "C18" not in found(book)
    put(book["capacity"], "D2", None)
    assert told(book, "C17") == [("K1 dijkwacht", "afdeling is leeg in Tabel 1 en Oost (L1) in Tabel 2")]


def test_c21_areas_without_a_line_of_their_own() -> None:
    book = calm()
    book["areas"] += [["A2", "oefenen", "1", "w1"], ["A3", "stelsel", "1", "w1"]]
    book["links"] += [["L1", "A2", "alleen kop", None]]
    assert told(book, "C21") == [
        ("Aandachtsgebied A2", "geen eigen planregel: alleen kop (L1)"),
        ("Aandachtsgebied A3", "geen eigen planregel: geen"),
    ]
    book["links"][-1][2] = "gedeeld"
    book["links"].append(["L1", "A3", "gedeeld", None])
    assert told(book, "C21") == [("Aandachtsgebieden A2 en A3", "delen de regel L1, zonder uitsplitsing")]
    book["links"][-1][2] = book["links"][-2][2] = "expliciet"
    assert found(book) == {}


def test_c24_objectives_that_no_area_names() -> None:
    book = calm()
    put(book["areas"], "D2", "w2")
    assert told(book, "C24") == [("RBP 2030-2033", "geen aandachtsgebied noemt w1")]


def test_c25_an_unknown_objective() -> None:
    """On a sheet it is refused at once; here the areas come from elsewhere."""
    known = inputs(calm())
    without = tuple(goal for goal in known.goals if goal.goal_id != "w2")
    outcome = {one.check.code: one.findings for one in run_checks(known._replace(goals=without))}["C25"]
    assert [(finding.where, finding.message, finding.status) for finding in outcome] == [
        ("Aandachtsgebied A1", "RBP-doel w2 staat niet in de lijst", Status.FAILED)
    ]
    book = calm()
    put(book["areas"], "D2", "w1 w3")
    assert [(one.where, one.message) for one in read(book)[1]] == [("Doelen!D2", 'onbekend: RBP-doel "w3"')]


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ("RBP 2029-2033", True),
        ("het RBP 2030 – 2034", True),
        ("RBP 2026-2029", False),
        ("RBP 2030-2033", False),
    ],
)
def test_c26_one_policy_plan_with_two_names(other: str, named: bool) -> None:
    book = calm()
    book["goals"][-1][5] = f"par. 9 noemt {other}"
    shown = other.replace(" – ", "-").removeprefix("het ")
    assert told(book, "C26") == (
        [("RBP 2030-2033", f"heet ook {shown} (bron: par. 9 noemt {other})")] if named else []
    )


def test_c26_two_frames_are_told_once() -> None:
    book = calm()
    book["goals"].append(["w3", "RBP 2031-2033", None, "iets", "doelstelling", None])
    assert told(book, "C26") == [("RBP 2031-2033", "heet ook RBP 2030-2033")]


def test_c27_themes_with_two_names() -> None:
    book = calm()
    put(book["capacity"], "B2", "Water (incl. dijken)")
    assert told(book, "C27") == [
        (
            "Hoofdthema Water",
            "heet Water (incl. dijken) in Tabel 1 en Water in Tabel 2; "
            "(incl. dijken) staat alleen in Tabel 1",
        )
    ]
    put(book["capacity"], "B2", "water")
    assert found(book) == {}


def test_c28_lines_with_two_names() -> None:
    book = calm()
    put(book["capacity"], "C2", "Dijk-wacht")  # hyphens, spaces and capitals do not count
    assert found(book) == {}
    put(book["plan"], "D3", "dijken")
    assert told(book, "C28") == [("K1, L1 en L2", "heeft meer dan één naam: Dijk-wacht en dijken")]


@pytest.mark.parametrize(("code", "name"), [("C29", "zorg"), ("C30", "nieuwe doelen")])
def test_c29_and_c30_reservations(code: str, name: str) -> None:
    book = calm()
    book["reservations"].append([name, None, None, None, None])
    said = "terwijl een deel van de ruimte hiervoor nodig kan zijn"
    assert told(book, code) == [(f"Reservering {name}", f"nog geen bedrag en geen regel in het plan, {said}")]
    book["plan"].append(["L3", "Water", "middelen", f"inzet {name.title()}", None, None, None, None, None])
    assert told(book, code) == [
        (f"Reservering {name}", f"nog geen bedrag en alleen de lege regel L3, {said}")
    ]
    put(book["plan"], "I4", 5_000)
    assert code not in found(book)


def test_a_reservation_with_an_amount_is_no_finding() -> None:
    book = calm()
    book["reservations"].append(["zorg", 2031, None, 5_000, None])
    assert found(book) == {}


def test_c31_and_c32_questions_that_the_premises_answer() -> None:
    book = calm()
    book["premises"] = [row for row in book["premises"] if row[0] not in ("indexering", "overdracht saldo")]
    assert told(book, "C31") == [
        (
            "blad Over, uitgangspunten",
            "worden loon en prijs geïndexeerd, in lasten of budget? Het normbedrag van € 60.000 per fte "
            "blijft gelijk in 2031–2032",
        )
    ]
    assert told(book, "C32") == [
        (
            "blad Over, uitgangspunten",
            "mag een saldo mee naar een volgend jaar? "
            "De optelling over 2031–2032 is daarom alleen indicatief",
        )
    ]
    assert one(book, "C32").status is Status.QUESTION


def test_c33_the_share_in_the_national_amount() -> None:
    """250.000 of 5 million is 5%; of 6 million that is 300.000, 40.000 more than the 260.000 granted."""
    book = calm()
    add_column(book["budget"], "landelijk bedrag", 5_000_000, 6_000_000)
    assert told(book, "C33") == [
        (
            "Budget 2032",
            "het aandeel in het landelijke bedrag is 4,33%, in 2031 5% (landelijk bruto, regio netto); "
            "evenredig zou € 300.000 zijn, het verschil is −€ 40.000",
        )
    ]
    put(book["budget"], "F3", 5_200_000)
    assert found(book) == {}


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("dhr. Jansen", "een aanspreekvorm"),
        ("overlegd met mevr. A.B. de Vries", "een aanspreekvorm"),
        ("de heer Bakker", "een aanspreekvorm"),
        ("drs. Smit akkoord", "een titel met naam"),
        ("afgestemd met A.B. van den Berg", "voorletters met een achternaam"),
        ("J. Jansen", "een voorletter met een achternaam"),
        ("zie jan.jansen@voorbeeld.nl", "een e-mailadres van een persoon"),
    ],
)
def test_c34_a_person_is_named(text: str, mark: str) -> None:
    book = calm()
    add_column(book["plan"], "eigen kolom", None, text)
    read_inputs, _ = read(book)
    findings = {one.check.code: one.findings for one in run_checks(read_inputs)}["C34"]
    assert [(one.where, one.message) for one in findings] == [
        ("Plan!J3", f"lijkt een persoon te noemen ({mark})")
    ]
    assert text not in str(findings)  # the finding goes into the memo: it repeats no name


@pytest.mark.parametrize(
    "text",
    [
        "reeds geworven adviseur, 1 fte", "Leiding en coördinatie", "RCDV/JenV/VB", "S&B?", "vgl. Tabel 2",
        "T.b.v. Crisisbeheersing", "A. Inrichten crisisorganisatie", "brief JenV dd 12 december 2022",
        "crisisbeheersing@voorbeeld.nl", "VIK + dyn. Risicoprofiel", "Mr. en drs. zijn titels",
        "o.a. Digitale omgeving", "i.s.m. NIPV", "N.B. Het bedrag is netto", "N. B. Alleen indicatief",
    ],
)  # fmt: skip
def test_c34_no_person_is_named(text: str) -> None:
    book = calm()
    add_column(book["plan"], "eigen kolom", text)
    findings = {one.check.code: one.findings for one in run_checks(read(book)[0])}
    assert findings["C34"] == ()


@pytest.mark.parametrize(
    "value", ["Jan Jansen", "Jansen, J.", "J. de Vries", "jan@voorbeeld.nl", "Anne-Marie van Dam"]
)
def test_c34_a_property_names_a_person(value: str) -> None:
    given = inputs(calm())._replace(properties={"auteur": value})
    findings = {one.check.code: one.findings for one in run_checks(given)}["C34"]
    assert [finding.where for finding in findings] == ["Eigenschappen van het bestand, auteur"]
    assert value not in str(findings)


@pytest.mark.parametrize(
    "value", ["", "openpyxl", "Microsoft Office User", "LibreOffice Calc", "VRX", "bdur"]
)
def test_c34_a_property_names_a_program(value: str) -> None:
    given = inputs(calm())._replace(properties={"auteur": value})
    assert {one.check.code: one.findings for one in run_checks(given)}["C34"] == ()


def test_n05_a_line_under_another_theme() -> None:
    book = calm()
    book["plan"].append(["L3", "Water", "middelen", "dijkwacht", "Oost", None, 10, None, None])
    put(book["capacity"], "E2", "L1 L2 L3")
    assert "N05" not in found(book)
    put(book["plan"], "B4", "Vuur")
    assert told(book, "N05") == [
        (
            "L3 dijkwacht",
            "hoofdthema is Vuur, maar K1 dijkwacht valt in Tabel 1 onder Water, en dat is in Tabel 2 Water",
        )
    ]


def test_n06_a_line_that_stands_there_twice() -> None:
    book = calm()
    book["plan"].append(["L9", *book["plan"][2][1:]])
    assert told(book, "N06") == [
        ("L9 dijkwacht", "is gelijk aan L2: zelfde hoofdthema, blok, subthema en bedragen")
    ]
    put(book["plan"], "I4", 30_001)
    assert "N06" not in found(book)


def test_n07_incidental_amounts_differ() -> None:
    book = calm()
    put(book["capacity"], "H2", 20_000)
    assert told(book, "N07") == [
        (
            "L2 dijkwacht, middelen 2031 incidenteel",
            "€ 25.000 in Tabel 2, € 20.000 in Tabel 1; verschil € 5.000 verklaart het hele verschil "
            "van blok middelen",
        )
    ]
    assert list(found(book)) == ["N07"]


def test_c02_leaves_a_total_that_does_not_hold_to_c01() -> None:
    book = calm()
    put(book["plan"], "H3", 10_000)
    put(book["control_totals"], "C3", 220_000)
    assert "is € 10.000 incidenteel en € 210.000 structureel samen" in told(book, "C02")[0][1]
    put(book["control_totals"], "C3", 220_001)
    assert told(book, "C02") == []
    assert len(told(book, "C01")) == 1


def test_years_that_are_not_in_a_row_are_not_shown_as_one() -> None:
    assert per_year({2030: 500, 2031: 500, 2033: 500}) == "2030–2031: €\u00a05 en 2033: €\u00a05"
