"""Each check: a plan that triggers it, with what it says, and one that does not."""

import pytest
from sheets import Book, add_column, inputs, put, small

from bdur_xl.checks import CHECKS, run_checks
from bdur_xl.model import Finding, Inputs, Status


def found(book: Book) -> dict[str, list[Finding]]:
    """Return the findings per check, of checks that found anything."""
    outcomes = run_checks(inputs(book))
    return {one.check.code: list(one.findings) for one in outcomes if one.findings}


def one(book: Book, code: str) -> Finding:
    findings = found(book)[code]
    assert len(findings) == 1, findings
    return findings[0]


def calm() -> Book:
    """Return a plan on which no check finds anything: so every finding below has one cause."""
    book = small()
    book["plan"] = [
        [
            "regel",
            "hoofdthema",
            "blok",
            "subthema",
            "afdeling/sector",
            "2031 i",
            "2031 s",
            "2032 i",
            "2032 s",
        ],
        ["L1", "Water", "fte", "dijkwacht", "Oost", None, 120_000, None, 180_000],
        ["L2", "Water", "middelen", "zandzakken", "Oost", 25_000, None, None, 30_000],
    ]
    book["capacity"] = [*book["capacity"][:2]]
    book["links"] = book["links"][:3]
    book["goals"][2:3] = []
    book["budget"][1][1:3] = [250_000, 250_000]
    book["budget"][2][4] = "Toegekend"
    put(book["control_totals"], "C2", 145_000)
    put(book["control_totals"], "C3", 210_000)
    put(book["control_totals"], "C4", 2)
    return book


def test_a_calm_plan_has_no_findings() -> None:
    assert found(calm()) == {}


def test_findings_of_the_memo(real_inputs: Inputs) -> None:
    """The list of checks that came with the memo gives these outcomes on its own figures."""
    counts = {one.check.code: len(one.findings) for one in run_checks(real_inputs)}
    assert counts == {
        "C01": 0, "C03": 0, "C04": 0,
        "C05": 2,  # bevolkingszorg, 2025 and 2026
        "C09": 1, "C10": 3, "C11": 1, "C15": 2,
        "C19": 2,  # CB/RD and (de)centraal?
        "C20": 1, "C22": 1, "C23": 2, "N01": 0, "N02": 0, "N03": 0, "N04": 0,
    }  # fmt: skip


def test_must_hold_checks_come_first_and_codes_are_unique() -> None:
    statuses = [check.status is Status.FAILED for check in CHECKS]
    assert statuses == sorted(statuses, reverse=True)
    assert sum(statuses) == 3
    codes = [check.code for check in CHECKS]
    assert len(set(codes)) == len(codes)


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
    assert list(found(book)) == ["C01"]


@pytest.mark.parametrize(("column", "total"), [("2031", 145_000), ("2031 s", 120_000), ("2032 i", 0)])
def test_c01_holds(column: str, total: int) -> None:
    book = calm()
    book["control_totals"][1:3] = [["Plan", column, total, None]]
    assert found(book) == {}


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
        ("middelen incidenteel 2031 (€)", 25_000, "tellen op tot € 25.000,50, gedrukt staat € 25.000"),
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
        "Tabel 1 vraagt 3 fte (€ 180.000 tegen de norm), Tabel 2 raamt € 170.000: verschil −€ 10.000"
    )
    assert "L1 en L2" in finding.remedy
    put(book["premises"], "B3", None)
    put(book["intake"], "C2", None)
    assert found(book) == {}  # without a norm there is nothing to compare


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
    put(book["control_totals"], "C2", 125_200.02)
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
    assert one(book, "C10").message == "het beschikbare bedrag is prognose, niet toegekend"
    put(book["budget"], "E3", None)
    assert one(book, "C10").message == "het beschikbare bedrag is zonder status, niet toegekend"


def test_c11_over_budget() -> None:
    book = calm()
    put(book["budget"], "B3", 209_999.99)
    finding = one(book, "C11")
    assert finding.where == "Blad Overzicht, 2032"
    assert "instroomvarianten" not in finding.remedy  # none starts in 2032
    book["premises"].append(["instroommaand", "mei 2032", None, None])
    assert "instroomvarianten" in one(book, "C11").remedy
    assert "ruimte −€ 0,01 (afgerond) en −€ 0,01 (exact)" in finding.message.replace("\u00a0", " ")
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
    assert list(found(book)) == ["C15"]  # C04 does not take an unknown split for nil


@pytest.mark.parametrize(("department", "shown"), [("CB/RD", "CB/RD"), ("Oost?", "Oost?"), (None, "leeg")])
def test_c19_department(department: str | None, shown: str) -> None:
    book = calm()
    put(book["plan"], "E3", department)
    finding = one(book, "C19")
    assert (finding.where, finding.message) == ("L2 zandzakken", f"afdeling is niet eenduidig ({shown})")


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
    assert finding.where == "L2 zandzakken, 2032 i"
    assert finding.message == "€\u00a01.000 incidenteel na 2031: een aanvulling op de memo"


def test_n03_more_in_house_than_the_line_holds() -> None:
    book = calm()
    put(book["intake"], "C2", 2)
    assert found(book) == {}  # exactly what the line pays
    put(book["intake"], "C2", 2.01)
    finding = one(book, "N03")
    assert finding.where == "Instroom, rij 2"
    assert "2,01 fte al in dienst op L1 kost meer dan de raming van €\u00a0120.000 in 2031" in finding.message


def test_every_finding_says_where_what_and_what_next(real_inputs: Inputs) -> None:
    for one in run_checks(real_inputs):
        for finding in one.findings:
            assert finding.code == one.check.code
            assert finding.status is one.check.status
            assert finding.where.strip()
            assert finding.message.strip()
            assert finding.remedy.endswith(".")
