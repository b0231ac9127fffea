"""`bdur bijwerken`: what goes along, what is told, and that no figure changes without a word."""

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
import sheets
from calc.conftest import need_libreoffice
from calc.office import Office
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from pyopenvba import ExcelFile

from bdur_xl import cells
from bdur_xl.book import Formula, computed
from bdur_xl.build import logboek, page
from bdur_xl.build import upgraded as pipeline
from bdur_xl.build.calc_addin import calc_addin
from bdur_xl.build.upgraded import Upgraded, upgraded
from bdur_xl.build.workbook import workbook_bytes
from bdur_xl.cli import main
from bdur_xl.commands.bijwerken import told
from bdur_xl.files.old_workbook import history_of
from bdur_xl.files.opened import Opened, open_workbook
from bdur_xl.files.own_sheets import PADDING
from bdur_xl.files.references import Area, References, area_of
from bdur_xl.files.workbook import read_workbook
from bdur_xl.model import faults
from bdur_xl.parse import parse_inputs
from bdur_xl.record import NO_FINGERPRINT
from bdur_xl.tables import RawTable
from bdur_xl.upgrade import (
    Carried,
    History,
    Kind,
    OwnCell,
    OwnSheet,
    cells_of,
    every_table,
    figures_in_cells,
    memo_is_current,
    prove,
    shown_otherwise,
    unequal_cells,
)

MOMENT = dt.datetime(2033, 3, 4, 9, 30)
EARLIER = dt.datetime(2032, 1, 2, 8)


def built(path: Path, book: Mapping[str, sheets.Sheet], carried: Carried | None = None) -> Path:
    """Write a workbook of this release; cells may be a `Formula`, and sheets of staff's own come along."""
    tables = every_table(sheets.raw(book))
    inputs, found = parse_inputs({key: computed(raw) for key, raw in tables.items()})
    assert not faults(found)
    raw = {key: cells_of(key, table, {}) for key, table in tables.items()}
    path.write_bytes(workbook_bytes(raw, inputs, carried))
    return path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small plan as a workbook of this release, as it leaves the builder."""
    return built(tmp_path_factory.mktemp("base") / "Begroting.xlsm", sheets.small())


class New(NamedTuple):
    """An upgrade, read back."""

    made: Upgraded
    tables: Mapping[str, RawTable]
    book: openpyxl.Workbook

    def told(self, kind: Kind) -> dict[str, str]:
        """Return the places that were told, and what they held."""
        return {one.place: one.held for one in self.made.lost if one.kind is kind}


def brought(old: Path) -> New:
    """Upgrade a workbook and read the new one back from disk."""
    made = upgraded(old, MOMENT)
    assert made.proof.different == ()
    new = old.with_name("nieuw.xlsm")
    new.write_bytes(made.package)
    return New(made, read_workbook(new), openpyxl.load_workbook(new))


def column(raw: RawTable, heading: str) -> list[object]:
    return [row[raw.headings.index(heading)] for _, row in raw.rows]


# Older shapes


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> New:
    """A workbook from before scenarios: tables elsewhere, columns moved, rows sorted, another year."""
    book = sheets.small()
    for key in ("scenarios", "reservations", "actuals", "ledger_map", "explanations"):
        book.pop(key, None)
    plan = book["plan"]
    sheets.add_column(plan, "eigen notitie", "2032-05", True, 3.25, None)
    sheets.add_column(plan, "2033", 1_000, None, None, 2_000.05)
    plan[1:] = reversed(plan[1:])
    book["plan"] = [[row[-2], *row[:-2], row[-1]] for row in plan]
    path = tmp_path_factory.mktemp("older") / "Begroting v3.xlsx"
    sheets.write_with_tables(path, book, row=3, column=1)
    old = openpyxl.load_workbook(path)
    sheet = old.create_sheet("Rekenblad")
    sheet["A1"] = "=Plan!H5*2"
    sheet["A2"] = "bewaar dit"
    sheet["A3"] = "=A2"
    old.create_sheet("Jaaranalyse")["A1"] = "van mij"
    old["Budget"].title = "Geld"
    old.save(path)
    return brought(path)


def test_every_figure_of_an_older_workbook_is_proven(older: New) -> None:
    assert older.made.proof.figures > 100
    assert "Scenario's (tblScenarios)" in older.made.added
    assert "Plan (tblPlan)" not in older.made.added


def test_rows_own_columns_and_years_stay_as_typed(older: New) -> None:
    plan = older.tables["plan"]
    assert column(plan, "regel") == ["L4", "L3", "L2", "L1"]
    assert column(plan, "2033") == [2_000.05, "", "", 1_000]
    assert "eigen notitie" in next(note.message for note in older.made.notes)
    assert column(plan, "eigen notitie") == ["", 3.25, True, "2032-05"]  # no date is made of text


def test_a_renamed_sheet_of_ours_is_no_own_sheet(older: New) -> None:
    assert [one.name for one in older.made.carried.sheets] == ["Rekenblad"]
    assert not {"Geld", "Rekenblad"} & older.told(Kind.SHEET).keys()
    assert column(older.tables["budget"], "exact bedrag")[0] == 251_234.56


def test_the_report_says_it_in_dutch(older: New) -> None:
    text = "\n".join(told(Path("nieuw.xlsm"), older.made))
    assert "Begroting v3.xlsx is niet gewijzigd." in text
    assert "De nieuwe werkmap toont VEROUDERD" in text
    assert "Eigen bladen overgenomen: Rekenblad." in text
    assert "    A1  =Plan!H5*2: op Plan staan de cellen anders" in text
    assert "    → Leg de verwijzing opnieuw, als de waarde moet meerekenen." in text


def test_a_formula_that_would_point_elsewhere_is_told_and_not_copied(older: New) -> None:
    assert older.told(Kind.FORMULA) == {"Rekenblad!A1": "=Plan!H5*2: op Plan staan de cellen anders"}
    copied = older.book["Rekenblad"]
    assert [copied[address].value for address in ("A1", "A2", "A3")] == [None, "bewaar dit", "=A2"]


def test_a_workbook_that_tells_no_refresh_is_stale(older: New) -> None:
    assert not older.made.carried.is_current
    new = older.book
    assert new["Plan"]["A4"].value == "=actualiteit"
    assert last_fingerprint(new) == NO_FINGERPRINT


def last_fingerprint(book: openpyxl.Workbook) -> object:
    return book["Logboek"].cell(logboek.SUMMARY_ROW + 2, 2).value


# Formulas, own sheets and the last refresh, of this release


OWN = OwnSheet(
    "Eigen som",
    (
        OwnCell(0, 0, "kop", {"bold": True, "bg_color": "#FFCC00"}),
        OwnCell(1, 0, dt.date(2031, 5, 1), {"num_format": "d-m-yyyy"}),
        OwnCell(2, 0, Formula("=Plan!H7*2", 240_000.0), {"num_format": "#,##0"}),
        OwnCell(3, 0, Formula("=SUM(tblPlan[2031 s])", 180_000.0)),
        OwnCell(4, 0, Formula("=mijn_naam+1", 120_001.0)),
        OwnCell(5, 0, Formula('=INDIRECT("Plan!H7")', 120_000.0)),
        OwnCell(6, 0, Formula("=#REF!+1", "#REF!")),
        OwnCell(7, 0, True),
        OwnCell(8, 0, Formula("=Overzicht!B8", 1.0)),
    ),
    widths=((0, 0, 31.0, False),),
    heights={0: (30.0, False)},
    merged=("C1:D2",),
    frozen=(1, 0),
    hidden=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def same_release(tmp_path_factory: pytest.TempPathFactory) -> New:
    """A workbook of this release whose memo is current, with formulas in the input and an own sheet."""
    book = sheets.small()
    plan = book["plan"]
    plan[1][6] = Formula("=60000*2", 120_000.0)
    plan[2][7] = Formula("=H7/4", 30_000.0)
    plan[3][5] = Formula('=INDIRECT("A1")', 40_000.0)
    history = History(((EARLIER, "0.0.9", "12-34", "memo gemaakt"),), "12-34", "12-34")
    carried = Carried("eerste", EARLIER, history, True, (OWN,), {"mijn_naam": "Plan!$H$7"})
    return brought(built(tmp_path_factory.mktemp("same") / "plan.xlsm", book, carried))


def test_formulas_in_input_cells_stay_formulas(same_release: New) -> None:
    sheet = same_release.book["Plan"]
    assert [sheet[address].value for address in ("H7", "I8")] == ["=60000*2", "=H7/4"]
    assert column(same_release.tables["plan"], "2031 s")[0] == 120_000
    assert sheet["G9"].value == 40_000  # its value: INDIRECT hides what it reads
    assert same_release.told(Kind.FORMULA)["Plan!G9"] == '=INDIRECT("A1"): INDIRECT kiest de cel zelf'


def test_an_own_sheet_goes_along(same_release: New) -> None:
    assert [one.name for one in same_release.made.carried.sheets] == ["Eigen som"]
    sheet = same_release.book["Eigen som"]
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == [
        "kop", dt.datetime(2031, 5, 1), "=Plan!H7*2", "=SUM(tblPlan[2031 s])", "=mijn_naam+1",
    ]  # fmt: skip
    assert sheet["A8"].value is True
    assert sheet["A1"].font.b
    assert sheet["A1"].fill.fgColor.rgb == "FFFFCC00"
    assert sheet["A2"].number_format == "d-m-yyyy"
    assert sheet.column_dimensions["A"].width == pytest.approx(31 + PADDING, abs=0.1)
    assert (sheet.row_dimensions[1].height, sheet.freeze_panes, sheet.sheet_state) == (30, "A2", "hidden")
    assert [str(area) for area in sheet.merged_cells.ranges] == ["C1:D2"]
    assert same_release.book.defined_names["mijn_naam"].attr_text == "Plan!$H$7"


def test_the_values_of_its_formulas_go_along(same_release: New) -> None:
    values = values_of(same_release.made.package)["Eigen som"]
    assert [row[0] for row in values[2:7]] == [240_000, 180_000, 120_001, 120_000, "#REF!"]


def values_of(package: bytes) -> Mapping[str, list[list[object]]]:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "x.xlsm")
        path.write_bytes(package)
        return open_workbook(path).values


def test_formulas_that_cannot_be_followed_are_values_and_told(same_release: New) -> None:
    found = same_release.told(Kind.FORMULA)
    assert found["Eigen som!A6"] == '=INDIRECT("Plan!H7"): INDIRECT kiest de cel zelf'
    assert found["Eigen som!A7"] == "=#REF!+1: bevat #REF!"
    assert same_release.book["Eigen som"]["A6"].value == 120_000
    assert same_release.book["Eigen som"]["A9"].value == "=Overzicht!B8"  # no cell of Overzicht moved


def test_nothing_else_is_told_of_a_workbook_of_this_release(same_release: New) -> None:
    assert {one.kind for one in same_release.made.lost} <= {Kind.FORMULA, Kind.PRINT}


def test_the_log_goes_on_and_a_current_memo_stays_current(same_release: New) -> None:
    assert same_release.made.carried.is_current
    sheet = same_release.book["Logboek"]
    rows = list(sheet.iter_rows(min_row=12, max_row=14, max_col=4, values_only=True))
    assert rows[0][1:] == ("0.0.9", "12-34", "memo gemaakt")
    assert rows[2][3] == "invoer overgenomen uit plan.xlsm; memo actueel"
    assert last_fingerprint(same_release.book) == rows[2][2]


def test_a_stale_memo_stays_stale_with_what_it_printed(base: Path, tmp_path: Path) -> None:
    history = history_of(open_workbook(base))
    assert history.is_current
    key = ("lasten-jaartotaal", "2031")
    assert history.printed[key] == 245_000.50
    stale = replace(history, last="1-1", printed={**history.printed, key: 999.0})
    new = brought(built(tmp_path / "oud.xlsm", sheets.small(), Carried("x", EARLIER, stale)))
    assert not new.made.carried.is_current
    assert last_fingerprint(new.book) == "1-1"
    rows = list(new.book["Verversing"].iter_rows(min_row=9, max_col=6, values_only=True))
    (row,) = [row for row in rows if row[:1] == key[:1] and str(row[2]) == key[1]]
    assert row[3] == 999.0
    assert re.fullmatch(r"=ROUND\('Overzicht'!\w+-999\.0,2\)", str(row[5]))
    values = values_of(new.made.package)
    assert values["Plan"][3][0] == logboek.STALE != page.CURRENT


def test_a_memo_with_another_figure_is_not_current_whatever_the_cell_says() -> None:
    figures = figures_in_cells(sheets.inputs(sheets.small()))
    key = ("lasten-jaartotaal", "2031")
    same = History(last="1-2", now="1-2", printed={key: figures[key]})
    assert memo_is_current(same, figures)
    assert not memo_is_current(replace(same, now="1-3"), figures)
    assert not memo_is_current(replace(same, printed={key: figures[key] + 0.01}), figures)
    assert not memo_is_current(History(), figures)


def test_a_figure_that_the_old_workbook_showed_otherwise_is_named() -> None:
    figures = figures_in_cells(sheets.inputs(sheets.small()))
    key = ("lasten-jaartotaal", "2031")
    assert shown_otherwise(History(shown={key: figures[key] - 0.01}), figures) == ["lasten-jaartotaal 2031"]
    assert shown_otherwise(History(shown={key: figures[key], ("weg", ""): 1.0}), figures) == []


# What staff added and what cannot go along


def _rule(bound: str) -> Rule:
    return Rule("cellIs", operator="greaterThan", formula=[bound])


def _draw(book: openpyxl.Workbook) -> None:
    chart = BarChart()
    sheet = book.create_sheet("Met grafiek")
    sheet["A1"] = 1
    chart.add_data(Reference(sheet, min_col=1, min_row=1))
    sheet.add_chart(chart, "C3")


def _table(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("Met tabel")
    sheet.append(["a", "b"])
    sheet.append([1, 2])
    sheet.add_table(Table(displayName="tblEigen", ref="A1:B2"))


def _rules(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("Met regels")
    sheet["A1"].comment = Comment("nog navragen", "")
    sheet.conditional_formatting.add("A1:A9", _rule("5"))
    sheet.add_data_validation(DataValidation("whole", formula1="1", formula2="9", sqref="B1"))


def _edit_plan(book: openpyxl.Workbook) -> None:
    plan = book["Plan"]
    plan["G7"].comment = Comment("met de directeur afgesproken", "")
    plan["G9"].fill = PatternFill("solid", fgColor="00FF00")
    plan["A40"] = None
    plan["P2"] = "let op: concept"
    plan.row_dimensions[8].hidden = True
    plan.column_dimensions["D"].hidden = True
    plan.conditional_formatting.add("G7:G9", _rule("123456"))
    plan.add_data_validation(DataValidation("whole", formula1="7", formula2="77", sqref="G8"))
    book["Overzicht"]["C8"] = 5
    figure = book["Verversing"].tables["tblMemocijfers"].ref.partition(":")[0]
    book["Verversing"][figure].offset(1, 0).value = "vervallen"
    book["Verversing"][figure].offset(1, 2).value = "2031"


@pytest.fixture(scope="module")
def edited(base: Path, tmp_path_factory: pytest.TempPathFactory) -> New:
    """A workbook of this release after staff did with it what they like."""
    path = tmp_path_factory.mktemp("edited") / "plan.xlsm"
    book = openpyxl.load_workbook(base, keep_vba=True)
    for edit in (_draw, _table, _rules, _edit_plan):
        edit(book)
    book.create_sheet("Gewoon")["B2"] = "blijft"
    book.save(path)
    with ExcelFile(path) as file:
        file.vba_project().add_module("Mijn", 'Attribute VB_Name = "Mijn"\r\nSub Doe()\r\nEnd Sub\r\n')
        file.save()
    return brought(path)


@pytest.mark.parametrize(
    ("kind", "place", "held"),
    [
        (Kind.NOTE, "Plan!G7", "met de directeur afgesproken"),
        (Kind.LOOK, "Plan!G9", ""),
        (Kind.OUTSIDE, "Plan!P2", "let op: concept"),
        (Kind.CHANGED, "Overzicht!C8", "5"),
        (Kind.HIDDEN, "Plan!8:8", ""),
        (Kind.HIDDEN, "Plan!D:D", ""),
        (Kind.CONDITION, "Plan!G7:G9", "123456"),
        (Kind.VALIDATION, "Plan!G8", "7 77"),
        (Kind.FIGURE, "Verversing", "vervallen 2031"),
        (Kind.MACRO, "plan.xlsm", "module Mijn"),
        (Kind.SHEET, "Met grafiek", "een grafiek of afbeelding"),
        (Kind.SHEET, "Met tabel", "een Excel-tabel"),
        (Kind.SHEET, "Met regels", "voorwaardelijke opmaak, gegevensvalidatie en een opmerking of knop"),
    ],
    ids=str,
)
def test_what_stays_behind_is_told(edited: New, kind: Kind, place: str, held: str) -> None:
    assert edited.told(kind)[place] == held


def test_a_plain_sheet_goes_along_beside_those_that_cannot(edited: New) -> None:
    assert [one.name for one in edited.made.carried.sheets] == ["Gewoon"]
    assert edited.book["Gewoon"]["B2"].value == "blijft"
    assert edited.made.carried.history.last
    assert not edited.made.carried.is_current  # openpyxl wrote no value of the fingerprint now


def test_an_own_sheet_with_the_name_of_a_new_one_is_not_mixed_up(older: New) -> None:
    assert older.told(Kind.OUTSIDE)["Jaaranalyse!A1"] == "van mij"
    assert older.book["Jaaranalyse"]["A1"].value == "Jaaranalyse"


# References


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("B3", Area("S", 3, 2, 3, 2)),
        ("'Tabel 1'!$B$3:C4", Area("Tabel 1", 3, 2, 4, 3)),
        ("'Scenario''s'!AA10", Area("Scenario's", 10, 27, 10, 27)),
        ("B:C", Area("S", 1, 2, 1_048_576, 3)),
        ("4:3", Area("S", 3, 1, 4, 16_384)),
        ("XFE1", None),
        ("plan_bedragen", None),
        ("B", None),
        ("7", None),
    ],
)
def test_a_reference_names_an_area(text: str, found: Area | None) -> None:
    assert area_of(text, "S") == found


@pytest.fixture(scope="module")
def pair(base: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Opened, Opened]:
    """The same plan twice, in the second one with another column before the years."""
    book = sheets.small()
    sheets.add_column(book["plan"], "extra", "x")
    other = built(tmp_path_factory.mktemp("pair") / "b.xlsm", book)
    return open_workbook(base), open_workbook(other)


@pytest.mark.parametrize(
    ("formula", "problem"),
    [
        ("=Eigen!B2+A1", None),
        ("=Budget!B7", None),
        ("=SUM(Budget!B7:B99)", None),
        ("=SUM(tblPlan[2032])", None),
        ("=plan_bedragen", None),
        ("=SUM(Plan!G7:G9)", "op Plan staan de cellen anders"),
        ("=tblBudget[[#Totals],[jaar]]", "kolom #Totals staat niet in tblBudget"),
        ("=SUM(tblPlan[2040])", "kolom 2040 staat niet in tblPlan"),
        ("=SUM(tblPlan[[2031 i]:[2032]])", "de kolommen van tblPlan staan anders"),
        ("=SUM(tblWeg[x])", "tabel tblWeg is geen invoertabel van de nieuwe werkmap"),
        ("=weg_naam*2", "weg_naam bestaat niet meer"),
        ("=Weg!A1", "blad Weg gaat niet mee"),
        ("=[1]Blad1!A1", "verwijst naar een ander bestand"),
        ("='[boek.xlsx]Blad 1'!A1", "verwijst naar een ander bestand"),
        ("=OFFSET(A1,1,1)", "OFFSET kiest de cel zelf"),
        ("=BDUR_WEG(plan)", "functie BDUR_WEG bestaat niet meer"),
        ("=#REF!", "bevat #REF!"),
    ],
)
def test_a_formula_goes_along_when_all_it_names_stands_where_it_stood(
    pair: tuple[Opened, Opened], formula: str, problem: str | None
) -> None:
    assert References(*pair, own=["Eigen"]).problem(formula, "Eigen") == problem


# The proof, and the command


def test_the_proof_sees_a_cent_and_a_finding() -> None:
    before = sheets.inputs(sheets.small())
    book = sheets.small()
    sheets.put(book["plan"], "G2", 120_000.01)
    after = sheets.inputs(book)
    assert prove(before, before).holds
    different = prove(before, after).different
    assert any(
        text.startswith("lasten-jaartotaal.2031: €\N{NO-BREAK SPACE}245.000,50 wordt") for text in different
    )


def test_a_cell_that_is_not_held_is_named() -> None:
    raw = sheets.raw(sheets.small())["plan"]
    number, row = raw.rows[0]
    other = raw._replace(rows=((number, (*row[:-1], 180_001)), *raw.rows[1:]))
    (lost,) = unequal_cells({"plan": raw}, {"plan": other}, {})
    assert (lost.place, lost.held) == ("Plan!H2", "180000")


@pytest.mark.parametrize(
    ("cell", "taken"),
    [
        (dt.date(2031, 5, 1), "2031-05-01"),
        ("2031-05", cells.Verbatim("2031-05")),
        (cells.Unreadable("#N/A"), Formula("=#N/A", cells.Unreadable("#N/A"))),
        (cells.Unreadable("nooit berekend"), None),
        (dt.time(12), 0.5),
        ("", None),
        (True, True),
    ],
)
def test_a_cell_keeps_its_kind(cell: object, taken: object) -> None:
    raw = RawTable("Plan", ("regel", "eigen"), ((2, ("x", cell)),))
    found = cells_of("plan", raw, {}).rows[0][1][1]
    assert (type(found), found) == (type(taken), taken)


def test_a_formula_that_was_never_computed_is_no_lost_cell() -> None:
    raw = RawTable("Plan", ("regel", "eigen"), ((2, ("x", cells.Unreadable("nooit berekend"))),))
    new = raw._replace(rows=((2, ("x", None)),))
    (lost,) = unequal_cells({"plan": raw}, {"plan": new}, {})
    assert lost.place == "Plan!B2"
    assert not list(unequal_cells({"plan": raw}, {"plan": new}, {"plan": {(2, 2): "=A2"}}))


def test_two_own_columns_of_one_name_are_told_apart() -> None:
    raw = RawTable("Plan", ("regel", "eigen", "Eigen", 2031.0), ((2, ("x", 1, 2, 3)),))
    assert cells_of("plan", raw, {}).headings == ("regel", "eigen", "Eigen (2)", "2031")


def bijwerken(*arguments: object) -> int:
    try:
        return main(["bijwerken", *map(str, arguments)])
    except SystemExit as stopped:
        return int(stopped.code or 0)


def test_the_old_file_stays_and_nothing_is_overwritten(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(shutil.copy(base, tmp_path))
    content, moment = path.read_bytes(), path.stat().st_mtime_ns
    today = f"{dt.date.today():%Y-%m-%d}"
    taken = tmp_path / f"Begroting bijgewerkt {today}.xlsm"
    taken.write_bytes(b"van een ander")
    assert bijwerken(path) == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, moment)
    assert taken.read_bytes() == b"van een ander"
    assert (tmp_path / f"Begroting bijgewerkt {today} (2).xlsm").is_file()
    shown = capsys.readouterr().out
    assert re.search(r"Bewezen gelijk, voor en na: \d+ cijfers en \d+ bevindingen, tot op de cent\.", shown)
    assert "Er is niets achtergebleven." in shown


def test_faults_are_named_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = sheets.small()
    sheets.put(book["plan"], "G2", "honderd")
    path = sheets.write_with_tables(tmp_path / "fout.xlsx", book)
    assert bijwerken(path) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["fout.xlsx"]
    assert "honderd" in capsys.readouterr().err
    assert bijwerken(path, "--json") == 2
    assert json.loads(capsys.readouterr().out)["fouten"][0]["waar"] == "Plan!G2"


def test_other_figures_are_never_delivered(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slipped(key: str, raw: RawTable, formulas: Any) -> RawTable:
        taken = cells_of(key, raw, formulas)
        if key != "plan":
            return taken
        number, row = taken.rows[0]
        return taken._replace(rows=((number, (*row[:-1], 180_000.01)), *taken.rows[1:]))

    path = Path(shutil.copy(base, tmp_path))
    monkeypatch.setattr(pipeline, "cells_of", slipped)
    assert bijwerken(path) == 1
    assert [one.name for one in tmp_path.iterdir()] == [base.name]
    assert "er is niets geschreven" in capsys.readouterr().err


def test_the_report_names_what_stays_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheets.write_with_tables(tmp_path / "oud.xlsx", sheets.small())
    old = openpyxl.load_workbook(path)
    _draw(old)
    old.save(path)
    assert bijwerken(path, "-o", tmp_path / "uit", "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert Path(report["werkmap"]).parent == tmp_path / "uit"
    assert report["cijfers_gelijk"] > 100
    assert ("Met grafiek", "een grafiek of afbeelding") in {
        (one["blad"], one["inhoud"]) for one in report["niet_overgenomen"]
    }


def test_what_is_no_workbook_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.xlsm"
    path.write_bytes(b"PK geen werkmap")
    assert bijwerken(path) == 2
    assert "geen leesbare Excel-werkmap" in capsys.readouterr().err


@pytest.mark.libreoffice
def test_calc_computes_the_same_figures_in_the_new_workbook(same_release: New, tmp_path: Path) -> None:
    need_libreoffice()
    path, extension = tmp_path / "nieuw.xlsm", tmp_path / "BDuR.oxt"
    path.write_bytes(same_release.made.package)
    extension.write_bytes(calc_addin())
    stored = open_workbook(path).values["Overzicht"]
    with Office(extension) as office, office.open(path) as book:
        book.recalculate()
        shown = book.rows(f"Overzicht!A1:H{len(stored)}")
        assert [book.read(f"'Eigen som'!A{row}") for row in (3, 4, 5)] == [240_000, 180_000, 120_001]
        assert book.read(logboek.CURRENCY_NAME) == page.CURRENT
    figures = {
        (row, at): cell
        for row, cells in enumerate(stored)
        for at, cell in enumerate(cells[:8])
        if isinstance(cell, float)
    }
    assert len(figures) > 40
    assert {place: shown[place[0]][place[1]] for place in figures} == pytest.approx(figures, abs=0.005)
