"""The list of checks that came with the memo: each outcome on its plan; faults seeded in the workbook."""

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook
from test_cli import WORKBOOK

from bdur_xl.checks import CHECKS, run_checks
from bdur_xl.files.workbook import read_properties, read_workbook
from bdur_xl.model import Finding, Inputs, Status, faults
from bdur_xl.nl import NBSP
from bdur_xl.parse import parse_inputs

LIST = Path(__file__).parent / "data" / "controles.csv"
CLASSES = {
    "klopt": Status.FAILED, "verplicht": Status.FAILED, "afwijking": Status.DEVIATION,
    "signaal": Status.SIGNAL, "consistent": Status.SIGNAL, "plausibiliteit": Status.SIGNAL,
    "vraag": Status.QUESTION,
}  # fmt: skip
"""What the first word of the status in the list means."""

OUTCOMES: dict[str, list[tuple[str, ...]]] = {
    "C01": [],
    "C02": [("2023", "1.685.000", "485.000 incidenteel", "1.200.000 structureel samen")],
    "C03": [],
    "C04": [],
    "C05": [
        ("bevolkingszorg, 2025", "verschil € 100.000 (1 fte meer)", "geen opmerking"),
        ("bevolkingszorg, 2026", "verschil € 100.000 (1 fte meer)", "geen opmerking"),
    ],
    "C06": [
        ("P11 nieuwe crisis/versterken rollen, middelen 2024", "€ 15.000 in Tabel 2, € 10.000 in Tabel 1; "
         "verschil € 5.000 verklaart het hele verschil van blok middelen"),
        ("P11 nieuwe crisis/versterken rollen, middelen 2025", "verschil € 5.000"),
        ("P11 nieuwe crisis/versterken rollen, middelen 2026", "verschil € 5.000"),
    ],
    "C07": [
        ("T07", "€ 150.000 per fte", "50% boven het normbedrag van € 100.000"),
        ("T08", "€ 150.000 per fte", "50% boven het normbedrag van € 100.000"),
    ],
    "C08": [("P07 en P08", "2024", "€ 150.000 meer: ruimte −€ 5.000")],
    "C09": [("2023", "afgerond € 1.400.000, exact € 1.407.149: verschil € 7.149")],
    "C10": [
        ("2024", "prognose", "geen bron of brief"), ("2025", "prognose", "geen bron of brief"),
        ("2026", "prognose", "par. 1"),
    ],
    "C11": [("2023", "−€ 285.000 (afgerond) en −€ 277.851 (exact)", "incidentele € 485.000: P07")],
    "C12": [
        ("1 mei 2023", "ruimte € 15.000 (afgerond) en € 22.149 (exact)", "8,20 (afgerond) en 8,30 (exact)"),
        ("1 juni 2023", "ruimte € 90.000 (afgerond) en € 97.149 (exact)"),
    ],
    "C13": [
        ("1 mei 2023", "ruimte −€ 18.333 (afgerond) en −€ 11.184 (exact)", "wordt een tekort"),
        ("1 juni 2023", "ruimte € 48.333 (afgerond) en € 55.482 (exact)"),
    ],
    "C14": [("2024", "3 fte", "P07, P08 en P10"), ("2025", "1 fte", "P06")],
    "C15": [("2025", "aanname: structureel"), ("2026", "aanname: structureel")],
    "C16": [("2024 i", "niet nihil")],
    "C17": [
        ("bevolkingszorg", "leeg in Tabel 1 en BGC"), ("VIK", "leeg in Tabel 1 en CB/RD (P07) en CB (P17)"),
        ("BI-specialist", "IM (S&B?) in Tabel 1 en IM"),
        ("informatiespecialist", "RCB in Tabel 1 en (de)centraal?"),
    ],
    "C18": [("VIK", "fte bij CB/RD (P07) en middelen bij CB (P17)")],
    "C19": [
        ("P07", "CB/RD", "2024–2026: € 200.000"), ("P10", "(de)centraal?", "2024–2026: € 100.000"),
    ],
    "C20": [("geen raming op P15, P16, P18, P19 en P20",)],
    "C21": [("A12", "alleen kop"), ("A08 en A09", "delen de regels P04 en P14")],
    "C22": [
        ("P05, P06, P08 (ondersteunend), P09 (ondersteunend) en P10 (ondersteunend)",
         "2023: € 450.000, 2024: € 500.000 en 2025–2026: € 600.000"),
    ],
    "C23": [("R2b", "niveau: geen"), ("R3", "niveau: alleen kop", "regionale inzet blijft nodig")],
    "C24": [("RBP 2020-2023", "B20-1", "B20-6a", "Vul geen koppeling in die de bron niet geeft")],
    "C25": [],
    "C26": [("RBP 2023-2027", "par. 2", "Gebruik overal RBP 2024-2027")],
    "C27": [("toek. CB",), ("versterken IM", "(incl. KCR2) staat alleen in Tabel 1")],
    "C28": [
        ("T01", "Langdurige"), ("T06", "Versterking bevolkingszorg"),
        ("T07", "dynamisch risicomonitoring", "dyn ris.profiel"),
        ("T08", "BI-specialist en BI", "Gebruik de regelcode"), ("T09", "Dataengineer"),
    ],
    "C29": [("GHOR", "geen regel")],
    "C30": [("additionele doelen", "geen regel", "nog niet bestemd")],
    "C31": [("geïndexeerd", "€ 100.000 per fte blijft gelijk in 2023–2026")],
    "C32": [("saldo", "alleen indicatief")],
    "C33": [("2,89%", "3,06%", "landelijk bruto, regio netto", "€ 2.538.986")],
    "C34": [],
}  # fmt: skip
"""Per check what each finding on the memo's plan says, in words and figures of the list."""


def rows() -> list[dict[str, str]]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said(finding: Finding) -> str:
    return f"{finding.where}: {finding.message}. {finding.remedy}".replace(NBSP, " ")


def test_every_check_of_the_list_is_there_in_its_class() -> None:
    listed = {row["controle_id"]: CLASSES[row["status_in_bron"].split()[0]] for row in rows()}
    assert len(listed) == 34
    assert {check.code: check.status for check in CHECKS if check.code.startswith("C")} == listed


@pytest.mark.parametrize("code", [row["controle_id"] for row in rows()])
def test_outcome_on_the_plan_of_the_memo(real_inputs: Inputs, code: str) -> None:
    found = next(one.findings for one in run_checks(real_inputs) if one.check.code == code)
    assert len(found) == len(OUTCOMES[code]), [said(finding) for finding in found]
    for finding, parts in zip(found, OUTCOMES[code], strict=True):
        assert [part for part in parts if part not in said(finding)] == [], said(finding)


def test_our_own_checks_find_nothing_in_the_memo(real_inputs: Inputs) -> None:
    assert [
        said(finding)
        for one in run_checks(real_inputs)
        if one.check.code.startswith("N")
        for finding in one.findings
    ] == []


# Faults seeded in a copy of the workbook


def at(book: Workbook, sheet: str, row: str | int, heading: str) -> Cell:
    """Return the cell of a row, by what its table's first column holds, under a heading."""
    top, column = next(
        (cell.row, cell.column) for line in book[sheet].iter_rows() for cell in line if cell.value == heading
    )
    below = book[sheet].iter_rows(min_row=top + 1, max_col=column)
    number = next(cell.row for line in below for cell in line if cell.value == row)
    return book[sheet].cell(number, column)  # type: ignore[return-value]  # no merged cells here


def figures(book: Workbook, sheet: str, row: str, first: str, last: str) -> list[Cell]:
    """Return the cells of a row from one heading to another."""
    left, right = (at(book, sheet, row, heading).column for heading in (first, last))
    number = at(book, sheet, row, first).row
    return [book[sheet].cell(number, column) for column in range(left, right + 1)]  # type: ignore[misc]


def digits_swapped(book: Workbook) -> None:
    at(book, "Plan", "P17", "2024 s").value = 210_000


def lines_swapped(book: Workbook) -> None:
    at(book, "Plan", "P04", "2023 s").value = 150_000
    at(book, "Plan", "P03", "2023 s").value = 100_000


def total_typed_over(book: Workbook) -> None:
    cells = [cell for row in book["Budget"].iter_rows() for cell in row if cell.value == 1_685_000]
    cells[0].value = 1_658_000


def other_theme(book: Workbook) -> None:
    at(book, "Plan", "P05", "hoofdthema").value = "versterken IM"


def line_doubled(book: Workbook) -> None:
    source, target = (figures(book, "Plan", line, "regel", "2026") for line in ("P05", "P15"))
    for cell, other in zip(source[1:], target[1:], strict=True):
        other.value = cell.value


def department_missing(book: Workbook) -> None:
    at(book, "Plan", "P09", "afdeling/sector").value = None


def shift(cells: list[Cell]) -> None:
    values = [None, *(cell.value for cell in cells[:-1])]
    for cell, value in zip(cells, values, strict=True):
        cell.value = value


def figures_shifted(book: Workbook) -> None:
    shift(figures(book, "Tabel 1", "T07", "capaciteit incidenteel 2023 (€)", "middelen structureel 2023 (€)"))


def row_shifted_from_its_theme(book: Workbook) -> None:
    shift(figures(book, "Tabel 1", "T07", "hoofdthema", "middelen structureel 2023 (€)"))


def plan_row_shifted(book: Workbook) -> None:
    shift(figures(book, "Plan", "P17", "2023 i", "2026"))


def amount_as_text(book: Workbook) -> None:
    at(book, "Plan", "P02", "2023 s").value = "150.000"


def year_renamed(book: Workbook) -> None:
    next(cell for row in book["Plan"].iter_rows() for cell in row if cell.value == "2025").value = "2027"


def year_misspelt(book: Workbook) -> None:
    next(cell for row in book["Plan"].iter_rows() for cell in row if cell.value == "2025").value = "jaar 2025"


def budget_row_missing(book: Workbook) -> None:
    for name in ("status", "bron", "beschikbaar Tabel 2", "jaar"):
        at(book, "Budget", 2025, name).value = None


def goal_code_misspelt(book: Workbook) -> None:
    at(book, "Doelen", "A06", "RBP-doelen").value = "1a 1c 1d 2e"


def amount_missing(book: Workbook) -> None:
    at(book, "Plan", "P05", "2025").value = None


def person_named(book: Workbook) -> None:
    at(book, "Plan", "P02", "opmerking").value = "overlegd met mevr. Voorbeeld"


def author_named(book: Workbook) -> None:
    book.properties.creator = "Voor Beeld"


SEEDS: dict[Callable[[Workbook], None], tuple[str, str, str]] = {
    digits_swapped: (
        "C01", "Tabel 2, 2024",
        "verschil € 90.000; P17 inr./ontw. VIK, dyn. ris. profiel is € 210.000, in Tabel 1 € 120.000, "
        "de cijfers lijken verwisseld; dat is het hele verschil",
    ),
    lines_swapped: (
        "C04", "T03 Risico - en Crisiscommunicatie, 2023",
        "verschil −€ 50.000 (0,5 fte minder); verwisseld met T04 Netwerkmanagement?",
    ),
    total_typed_over: (
        "C01", "Tabel 2, 2023",
        "in het gedrukte totaal lijken cijfers verwisseld: € 1.658.000 in plaats van € 1.685.000",
    ),
    other_theme: (
        "N05", "P05 juridisch",
        "hoofdthema is versterken IM, maar T05 Juridisch valt in Tabel 1 onder Toekomstgerichte "
        "Crisisbeheersing, en dat is in Tabel 2 toek. CB",
    ),
    line_doubled: (
        "C01", "Tabel 2, 2026", "P15 juridisch staat er twee keer (ook als P05); dat is het hele verschil",
    ),
    department_missing: (
        "C19", "P09 data-engineer", "afdeling is niet eenduidig (leeg): 2023–2026: € 100.000",
    ),
    budget_row_missing: (
        "N01", "Budget 2025",
        "er is geen beschikbaar bedrag (afgerond en exact): de ruimte van dit jaar en daarna is onbekend. "
        "Vul op het blad Budget de rij 2025 aan.",
    ),
    figures_shifted: (
        "C03", "Tabel 1, middelen incidenteel 2023 (€)",
        "de rij van T07 Inrichten/ontwikkelen VIK + dynamisch risicomonitoring lijkt een kolom naar rechts "
        "verschoven",
    ),
    plan_row_shifted: (
        "C01", "Tabel 2, 2023",
        "de rij van P17 inr./ontw. VIK, dyn. ris. profiel lijkt een kolom naar rechts verschoven",
    ),
    year_renamed: (
        "C01", "Tabel 2, 2025", "kolom 2027 telt wel op tot dat bedrag: is de kop gewijzigd?",
    ),
    amount_missing: (
        "C01", "Tabel 2, 2025", "P05 juridisch is leeg, in Tabel 1 € 100.000; dat is het hele verschil",
    ),
    person_named: ("C34", "Plan!F8", "lijkt een persoon te noemen (een aanspreekvorm)"),
    author_named: ("C34", "Eigenschappen van het bestand, auteur", "lijkt een persoon te noemen"),
}  # fmt: skip
"""Faults that the plan can be read with, and what names their cause."""

REFUSED: dict[Callable[[Workbook], None], tuple[str, str]] = {
    row_shifted_from_its_theme: ("kolom naar rechts verschoven", "Tabel 1"),
    amount_as_text: ('bevat de tekst "150.000" in plaats van een bedrag', "Plan!"),
    year_misspelt: ('kolom "jaar 2025" is geen bekende jaarkolom', "Plan!"),
    goal_code_misspelt: ('onbekend: RBP-doel "2e"', "Doelen!"),
}
"""Faults with which no figure is given."""


def seeded(tmp_path: Path, seed: Callable[[Workbook], None]) -> tuple[Inputs, list[Finding], list[Finding]]:
    """Return the inputs of a copy with one fault, what reading says of it, and what the checks find."""
    book = openpyxl.load_workbook(WORKBOOK)
    seed(book)
    path = tmp_path / "plan.xlsx"
    book.save(path)
    inputs, notes = parse_inputs(read_workbook(path))
    if faults(notes):
        return inputs, notes, []
    known = inputs._replace(properties=read_properties(path))
    return inputs, notes, [finding for one in run_checks(known) for finding in one.findings]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.__name__)
def test_a_seeded_fault_is_named_with_its_cause(tmp_path: Path, seed: Callable[[Workbook], None]) -> None:
    code, where, cause = SEEDS[seed]
    _, notes, found = seeded(tmp_path, seed)
    assert faults(notes) == []
    mine = [finding for finding in found if (finding.code, finding.where) == (code, where)]
    assert len(mine) == 1, [said(finding) for finding in found if finding.code == code]
    assert cause in said(mine[0])


@pytest.mark.parametrize("seed", REFUSED, ids=lambda seed: seed.__name__)
def test_a_seeded_fault_is_refused_with_its_cause(tmp_path: Path, seed: Callable[[Workbook], None]) -> None:
    cause, place = REFUSED[seed]
    _, notes, _ = seeded(tmp_path, seed)
    assert [one for one in faults(notes) if cause in one.message and one.where.startswith(place)], notes
