"""The commands as a person runs them: real files, real processes, real exit codes."""

import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from bdur_xl.cli import main
from bdur_xl.files.memo_read import read_memo
from bdur_xl.files.memo_template import NAME, template
from bdur_xl.overview import Overview
from bdur_xl.screen.overview import show_overview
from bdur_xl.screen.terminal import Terminal
from bdur_xl.terms import Basis

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"


def bdur(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bdur_xl.cli", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False,
    )  # fmt: skip


def change(target: Path, sheet: str, cell: str, value: bool | float | str) -> Path:
    """Save a copy of the workbook with one cell changed, as another program would."""
    source = target if target.exists() else WORKBOOK
    book = openpyxl.load_workbook(source, keep_vba=source.suffix == ".xlsm")
    book[sheet][cell] = value
    book.save(target)
    return target


def find(sheet: str, text: str) -> str:
    """Return the address of the cell that holds a text."""
    rows = openpyxl.load_workbook(WORKBOOK)[sheet].iter_rows()
    return next(cell.coordinate for row in rows for cell in row if cell.value == text)


def amount_cell(line: str, heading: str) -> str:
    row = "".join(filter(str.isdigit, find("Plan", line)))
    column = "".join(filter(str.isalpha, find("Plan", heading)))
    return f"{column}{row}"


def control_cell(column: str) -> str:
    """Return the address of the printed total of a column of Tabel 2."""
    rows = openpyxl.load_workbook(WORKBOOK)["Budget"].iter_rows()
    cells = (pair for row in rows for pair in zip(row, row[1:], row[2:], strict=False))
    return next(
        total.coordinate
        for table, name, total in cells
        if (table.value, str(name.value)) == ("Tabel 2", column)
    )


def overview(path: Path) -> dict[str, object]:
    run = bdur("overzicht", path, "--json")
    assert run.returncode == 0, run.stderr
    figures = json.loads(run.stdout)
    assert isinstance(figures, dict)
    return figures


def test_overview_json_holds_the_memo_figures() -> None:
    figures = overview(WORKBOOK)
    assert figures["jaren"] == [2023, 2024, 2025, 2026]
    assert figures["jaartotaal"] == {"2023": 1685000, "2024": 1505000, "2025": 1605000, "2026": 1605000}
    assert figures["incidenteel"] == {"2023": 485000, "2024": 0, "2025": None, "2026": None}
    assert figures["structureel"] == {"2023": 1200000, "2024": 1505000, "2025": 1605000, "2026": 1605000}
    assert figures["per_blok"] == {
        "fte": {"2023": 1275000, "2024": 1200000, "2025": 1300000, "2026": 1300000},
        "middelen": {"2023": 410000, "2024": 305000, "2025": 305000, "2026": 305000},
    }
    assert figures["fte"] == {"2023": 9, "2024": 12, "2025": 13, "2026": 13}
    assert figures["ruimte"] == {
        "afgerond": {"2023": -285000, "2024": 145000, "2025": 545000, "2026": 795000},
        "exact": {"2023": -277851, "2024": 145000, "2025": 545000, "2026": 795000},
    }
    assert figures["ruimte_cumulatief"] == {
        "afgerond": {"2023": -285000, "2024": -140000, "2025": 405000, "2026": 1200000},
        "exact": {"2023": -277851, "2024": -132851, "2025": 412149, "2026": 1207149},
    }
    goals = figures["doelen"]
    assert isinstance(goals, list)
    first = goals[0]
    assert (first["doel"], first["niveau"], first["aandachtsgebieden"], first["met_regel"]) == (
        "R1", "expliciet", 9, 9,
    )  # fmt: skip
    assumptions = figures["aannamen"]
    assert isinstance(assumptions, dict)
    assert set(assumptions) == {"2024", "2025", "2026"}  # no exact grant; 2025 and 2026 not split
    assert "structureel" in assumptions["2025"][0]


def test_overview_on_screen_is_dutch_and_whole() -> None:
    run = bdur("overzicht", WORKBOOK)
    assert run.returncode == 0
    plain = run.stdout.replace("\N{NO-BREAK SPACE}", " ")
    for shown in ("€ 1.685.000", "−€ 285.000", "−€ 277.851", "€ 412.149", "kantelpunt 2023, exact: 8,30",
                  "landelijk afgeroomd (NIPV)", "niet optelbaar", "voorlopig"):  # fmt: skip
        assert shown in plain
    assert "\x1b[" not in run.stdout  # no colour codes in a pipe
    assert "…" not in run.stdout  # no figure cut off


def test_one_basis_hides_the_other() -> None:
    plain = bdur("overzicht", WORKBOOK, "--basis", "exact").stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "−€ 277.851" in plain
    assert "−€ 285.000" not in plain


def test_a_changed_amount_changes_screen_and_memo(tmp_path: Path) -> None:
    path = change(tmp_path / "BDuR_plan v3 definitief.xlsx", "Plan", amount_cell("P06", "2025"), 240_000.25)
    assert overview(path)["jaartotaal"] == {
        "2023": 1685000, "2024": 1505000, "2025": 1645000.25, "2026": 1605000,
    }  # fmt: skip
    stopped = bdur("memo", path, "-o", tmp_path / "memo")
    assert stopped.returncode == 1
    assert "C01" in stopped.stderr
    assert not (tmp_path / "memo").exists()
    change(path, "Budget", control_cell("2025"), 1_645_000.25)
    run = bdur("memo", path, "-o", tmp_path / "memo")
    assert run.returncode == 0, run.stderr
    assert "1.645.000,25" in memo_text(next((tmp_path / "memo").glob("*.docx")))


def memo_text(path: Path) -> str:
    return "\n".join(passage.text for passage in read_memo(path))


def test_failed_checks_do_not_stop_the_overview(tmp_path: Path) -> None:
    path = change(tmp_path / "plan.xlsx", "Plan", amount_cell("P01", "2023 s"), 100_001)
    run = bdur("overzicht", path)
    assert run.returncode == 0
    assert "2 fouten" in run.stdout  # C01 and C04
    checked = bdur("controleer", path)
    assert checked.returncode == 1
    assert "verschil € 1" in checked.stdout.replace("\N{NO-BREAK SPACE}", " ")


def test_checks_on_the_real_plan_hold() -> None:
    run = bdur("controleer", WORKBOOK, "--json")
    assert run.returncode == 0
    checks = json.loads(run.stdout)["controles"]
    must_hold = [check["code"] for check in checks if check["status"] in ("klopt niet", "invoerfout")]
    assert must_hold == ["INVOER", "C01", "C03", "C04", "C25", "C34"]
    assert [check["code"] for check in checks][: len(must_hold)] == must_hold


def test_all_faults_at_once_and_no_memo(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    text, truth, twice, below = (
        amount_cell("P02", "2023 s"),
        amount_cell("P03", "2024 s"),
        find("Plan", "P05"),
        find("Plan", "P20"),
    )
    change(path, "Plan", text, "150.000")
    change(path, "Plan", truth, True)
    change(path, "Plan", twice, "P04")
    total_row = int(below[1:]) + 1
    change(path, "Plan", f"D{total_row}", "Totaal")
    change(path, "Plan", f"G{total_row}", 485_000)
    for command in (("overzicht",), ("controleer",), ("memo", "-o", tmp_path / "uit")):
        run = bdur(command[0], path, *command[1:])
        assert run.returncode == 2
        for place in (text, truth, twice):
            assert f"Plan!{place}" in run.stderr
        assert f"Plan, rij {total_row}" in run.stderr
        assert "Traceback" not in run.stderr
        assert run.stdout == ""
    assert not (tmp_path / "uit").exists()


def test_faults_as_json(tmp_path: Path) -> None:
    path = change(tmp_path / "plan.xlsx", "Plan", amount_cell("P02", "2023 s"), "veel")
    run = bdur("controleer", path, "--json")
    assert run.returncode == 2
    (fault,) = json.loads(run.stdout)["fouten"]
    assert fault["waar"] == f"Plan!{amount_cell('P02', '2023 s')}"
    assert fault["herstel"]


@pytest.mark.parametrize("sheet", ["Plan", "Budget", "Doelen", "Over"])
def test_a_missing_sheet_is_named(tmp_path: Path, sheet: str) -> None:
    book = openpyxl.load_workbook(WORKBOOK)
    del book[sheet]
    book.save(tmp_path / "plan.xlsx")
    run = bdur("overzicht", tmp_path / "plan.xlsx")
    assert run.returncode == 2
    assert f"blad {sheet}" in run.stderr


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("weg.xlsx", None, "bestaat niet"),
        ("tekst.xlsx", b"geen werkmap", "geen leesbare Excel-werkmap"),
        ("leeg.xlsm", b"", "geen leesbare Excel-werkmap"),
        ("plan.docx", b"PK", ".xlsx"),
    ],
)
def test_what_is_no_workbook_is_refused(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    run = bdur("overzicht", path)
    assert run.returncode == 2
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_an_older_memo_is_never_overwritten(tmp_path: Path) -> None:
    for _ in range(3):
        assert bdur("memo", WORKBOOK, "-o", tmp_path).returncode == 0
    memos = sorted(tmp_path.glob("*.docx"))
    assert len(memos) == 3
    assert len({path.read_bytes() for path in memos}) == 1  # the same plan on the same day


@pytest.mark.parametrize("error", [errno.EACCES, errno.ENOSPC, errno.EROFS])
def test_a_memo_that_cannot_be_written_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr("bdur_xl.files.deliver.write_new", refuse)
    assert main(["memo", str(WORKBOOK), "-o", str(tmp_path)]) == 2
    assert "kan niet worden geschreven" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "uit").write_text("geen map")
    run = bdur("memo", WORKBOOK, "-o", tmp_path / "uit")
    assert run.returncode == 2
    assert "kan niet worden geschreven" in run.stderr
    assert "Traceback" not in run.stderr


def test_help_and_errors_are_dutch() -> None:
    shown = bdur("--help").stdout + bdur("overzicht", "--help").stdout
    assert "gebruik:" in shown
    for english in ("usage", "options:", "positional", "show this"):
        assert english not in shown
    wrong = bdur("overzicht", WORKBOOK, "--basis", "ongeveer")
    assert wrong.returncode == 2
    assert "kies uit" in wrong.stderr
    assert "er ontbreekt" in bdur("overzicht").stderr


def test_a_plan_of_other_years_and_another_region_works(tmp_path: Path) -> None:
    """2027-2030, other goals and departments: data, not code."""
    folder = tmp_path / "plan"
    folder.mkdir()
    files = {
        "plan_tabel2.csv": "regel_id,hoofdthema,blok,subthema,2027,2028_i,2028_s,2029,2030,afdeling_sector\n"
        "X1,water,fte,dijkwacht,100000.10,,200000,200000,200000,Waterstaat\n"
        "X2,water,middelen,pompen,,50000.05,10000,10000,10000,\n",
        "budget.csv": "jaar,beschikbaar_tabel2,exact_bedrag,bron,status\n"
        "2027,90000,90000.20,brief,toegekend\n"
        "2028,300000,,,prognose\n2029,300000,,,prognose\n",
        "doelen.csv": "doel_id,kader,valt_onder,tekst,soort\nG1,Rijk,,droge voeten,regionaal\n"
        "w1,RBP 2027-2030,,pompen,doelstelling\n",
        "aandachtsgebieden.csv": "aandacht_id,tekst,rcdv_doel_afgeleid,rbp_2028_2031\nW1,dijken,G1,w1\n",
        "koppeling_oordeel.csv": "regel_id,aandacht_id,dekking\nX1,W1,expliciet\n",
        "tabel1.csv": "regel_id,hoofdthema,thema,afdeling_sector,tabel2_regels\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    path = tmp_path / "water.xlsx"
    assert bdur("bouw", "--bron", folder, "-o", path).returncode == 0
    figures = overview(path)
    assert figures["jaartotaal"] == {"2027": 100000.10, "2028": 260000.05, "2029": 210000, "2030": 210000}
    assert figures["ruimte"] == {
        "afgerond": {"2027": -10000.10, "2028": 39999.95, "2029": 90000, "2030": None},
        "exact": {"2027": -9999.90, "2028": 39999.95, "2029": 90000, "2030": None},
    }
    assert figures["ruimte_cumulatief"]["exact"]["2030"] is None  # type: ignore[index]
    assert figures["per_afdeling"]["(geen afdeling)"]["2028"] == 60000.05  # type: ignore[index]
    assert bdur("memo", path, "-o", tmp_path).returncode == 0


def test_bouw_names_what_is_missing(tmp_path: Path) -> None:
    shutil.copy(ROOT / "workbook/plan/budget.csv", tmp_path)
    run = bdur("bouw", "--bron", tmp_path, "-o", tmp_path / "uit.xlsx")
    assert run.returncode == 2
    assert "plan_tabel2.csv ontbreekt" in run.stderr
    assert "doelen.csv ontbreekt" in run.stderr
    assert not (tmp_path / "uit.xlsx").exists()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_figure_is_ever_cut_off(real: Overview, width: int) -> None:
    """Years that do not fit beside each other follow below."""
    file = io.StringIO()
    show_overview(Terminal(file, width), real, [Basis.EXACT])
    shown = file.getvalue().replace("\N{NO-BREAK SPACE}", " ")
    for amount in ("€ 1.685.000", "€ 1.505.000", "€ 2.150.000", "€ 2.400.000", "€ 1.207.149"):
        assert amount in shown
    assert "…" not in shown


def test_output_that_cannot_be_written_is_told() -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "bdur_xl.cli", "overzicht", str(WORKBOOK)],
            stdout=full, stderr=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT, check=False,
        )  # fmt: skip
    assert run.returncode == 2
    assert "de schijf is vol" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_reader_that_stops_early_is_no_failure(tmp_path: Path) -> None:
    path = shutil.copy(WORKBOOK, tmp_path)  # another test may have the workbook open in LibreOffice
    shown = subprocess.run(
        f"'{sys.executable}' -m bdur_xl.cli overzicht '{path}' | head -1; exit ${{PIPESTATUS[0]}}",
        shell=True, executable="/bin/bash", capture_output=True, text=True, encoding="utf-8", cwd=ROOT,
        check=False,
    )  # fmt: skip
    assert shown.returncode == 0
    assert shown.stderr == ""


def test_what_the_cells_gave_rise_to_stands_with_the_figures(tmp_path: Path) -> None:
    path = change(tmp_path / "plan.xlsm", "Plan", amount_cell("P01", "2026"), -100_000)
    assert "is negatief" in bdur("overzicht", path).stdout
    assert overview(path)["cellen"] != []


# Refresh, test, compare


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workbook that was refreshed, without PDF."""
    folder = tmp_path_factory.mktemp("ververst")
    shutil.copy(WORKBOOK, folder)
    run = bdur("ververs", folder / WORKBOOK.name, "--zonder-pdf")
    assert run.returncode == 0, run.stderr
    return folder


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_every_figure_of_a_new_memo_is_equal(refreshed: Path) -> None:
    run = bdur("toets", only(refreshed, "*.docx"), WORKBOOK)
    assert run.returncode == 0
    count = re.fullmatch(r"(\d+) cijfers: (\d+) gelijk, 0 verouderd, 0 zonder bron\n", run.stdout)
    assert count
    assert count[1] == count[2]
    assert int(count[1]) > 500


SCENARIOS = (
    "basis", "instroom-1-mei", "instroom-1-juni", "instroom-1-mei-1fte", "instroom-1-juni-1fte",
    "externe-inhuur-2024", "korting-10", "indexatie-3",
)  # fmt: skip
ANSWERS = ("antwoord-nog niet bestemd.2", "antwoord-overdracht.1", "antwoord-overdracht.3")


def test_one_changed_amount_makes_exactly_its_figures_stale(refreshed: Path, tmp_path: Path) -> None:
    later = change(tmp_path / "later.xlsx", "Plan", amount_cell("P06", "2025"), 240_000)
    run = bdur("toets", only(refreshed, "*.docx"), later, "--json")
    assert run.returncode == 1
    told = json.loads(run.stdout)["cijfers"]
    stale = {name for one in told if one["uitkomst"] == "verouderd" for name in one["kenmerken"]}
    assert stale == {
        "lasten-jaartotaal.2025", "lasten-structureel.2025", "blok-fte.2025", "hoofdthema-toek. CB.2025",
        "afdeling-BGC.2025", "doel-geen-doel.2025", "doel-geen-doel.2026", "P06.2025",
        "aandeel-doel-geen-doel.2025", "aandeel-doel-geen-doel.2026",
        "fte-structureel.2025", "fte-structureel.2026",
        "ruimte-afgerond.2025", "ruimte-exact.2025",
        *(f"cumulatief-{basis}.{year}" for basis in ("afgerond", "exact") for year in (2025, 2026)),
        *(f"C05-T06 Versterking bevolkingszorg, 2025.{number}" for number in (3, 4, 5)),
        *(f"C14-Plan, 2025.{number}" for number in (1, 2, 3)),
        "C22-blad Doelen, koppeling.3",
        *(f"scenario-{name}-ruimte-exact.2025" for name in SCENARIOS),
        *ANSWERS,
    }  # fmt: skip
    assert not [one for one in told if one["uitkomst"] == "zonder bron"]


def test_a_figure_typed_over_in_the_memo_is_told(refreshed: Path, tmp_path: Path) -> None:
    edited = tmp_path / "memo.docx"
    memo = docx.Document(str(only(refreshed, "*.docx")))
    tagged = [
        control for control in memo.element.body.iter(qn("w:sdt"))
        if control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) == "normbedrag-fte"
    ]  # fmt: skip
    next(tagged[0].iter(qn("w:t"))).text = "€ 110.000"
    memo.add_paragraph("Er is € 123.456 voor iets anders, en dat is 99% zeker.")
    memo.save(str(edited))
    run = bdur("toets", edited, WORKBOOK)
    assert run.returncode == 1
    plain = " ".join(run.stdout.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "verouderd: € 110.000" in plain
    assert "nu € 100.000 · normbedrag-fte" in plain
    assert "zonder bron: € 123.456" in plain
    assert "zonder bron: 99%" in plain


def test_what_cannot_be_tested_is_refused(tmp_path: Path) -> None:
    (tmp_path / "memo.docx").write_text("geen Word")
    for memo in (tmp_path / "memo.docx", tmp_path / "weg.docx", WORKBOOK):
        run = bdur("toets", memo, WORKBOOK)
        assert run.returncode == 2
        assert "→" in run.stderr
        assert "Traceback" not in run.stderr


def test_two_versions_are_told_apart(refreshed: Path, tmp_path: Path) -> None:
    later = change(tmp_path / "later.xlsx", "Plan", amount_cell("P06", "2025"), 240_000)
    snapshot = only(refreshed / "momentopnamen", "*.json")
    run = bdur("vergelijk", snapshot, later)
    assert run.returncode == 0
    plain = run.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert ": 1 regel gewijzigd." in plain
    assert "Ruimte 2025 € 40.000 lager: bevolkingszorg van € 200.000 naar € 240.000." in plain
    assert bdur("vergelijk", snapshot, WORKBOOK).stdout == "Geen wijzigingen.\n"
    told = json.loads(bdur("vergelijk", snapshot, later, "--json").stdout)
    assert told["gelijk"] is False


def test_the_memo_tells_what_changed_when_the_plan_asks(refreshed: Path, tmp_path: Path) -> None:
    """The premise "wijzigingen sinds" names a day on or after the version kept in momentopnamen."""
    shutil.copytree(refreshed, tmp_path / "map")
    later = tmp_path / "map" / WORKBOOK.name
    change(later, "Plan", amount_cell("P06", "2025"), 240_000)
    change(later, "Budget", control_cell("2025"), 1_645_000)
    change(later, "Over", find("Over", "wijzigingen sinds").replace("A", "B"), "31-12-2199")
    run = bdur("memo", later, "-o", later.parent)
    assert run.returncode == 0, run.stderr
    newest = later.parent.joinpath(only(refreshed, "*.docx").stem + " (2).docx")
    assert "Ruimte 2025 € 40.000 lager: bevolkingszorg van € 200.000 naar € 240.000." in memo_text(
        newest
    ).replace("\N{NO-BREAK SPACE}", " ")
    tested = bdur("toets", newest, later)
    assert tested.returncode == 0, tested.stdout


def test_the_template_beside_the_workbook_is_used(tmp_path: Path) -> None:
    shutil.copy(WORKBOOK, tmp_path)
    assert bdur("sjabloon", tmp_path).returncode == 0
    template = only(tmp_path, "*.docx")
    own = docx.Document(str(template))
    own.add_paragraph("Eigen slotzin met {{ ruimte-exact.2023 }} erin.")
    own.save(str(template))
    run = bdur("ververs", tmp_path / WORKBOOK.name, "--zonder-pdf")
    assert run.returncode == 0, run.stderr
    assert f"Gemaakt met de sjabloon {template.name}." in run.stdout
    memo = next(path for path in tmp_path.glob("*.docx") if path != template)
    assert "Eigen slotzin met −€ 277.851 erin." in memo_text(memo).replace("\N{NO-BREAK SPACE}", " ")


def test_the_committed_template_is_the_one_we_build() -> None:
    assert (WORKBOOK.parent / NAME).read_bytes() == template()


def test_an_author_in_the_properties_is_found_but_not_named(tmp_path: Path) -> None:
    """It is about the workbook's file: the memo, with properties of its own, is written all the same."""
    path = tmp_path / "plan.xlsx"
    book = openpyxl.load_workbook(WORKBOOK)
    book.properties.lastModifiedBy = "Voor Beeld"
    book.save(path)
    checked = bdur("controleer", path)
    assert checked.returncode == 1
    assert (
        "Eigenschappen van het bestand, laatst gewijzigd door: lijkt een persoon te noemen" in checked.stdout
    )
    assert "Voor Beeld" not in checked.stdout
    assert bdur("memo", path, "-o", tmp_path).returncode == 0


def test_an_explained_signal_is_shown_and_counted_apart(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    finding = json.loads(bdur("controleer", WORKBOOK, "--json").stdout)["controles"]
    (signal,) = next(check["bevindingen"] for check in finding if check["code"] == "C20")
    book = openpyxl.load_workbook(WORKBOOK)
    sheet = book["Toelichtingen"]
    heading = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "code")
    texts = ("C20", signal["waar"], signal["melding"], "volgt in het najaar")
    for column, text in enumerate(texts, start=heading.column):
        sheet.cell(heading.row + 1, column, text)
    book.save(path)
    shown = bdur("controleer", path).stdout
    assert "✓ toegelicht  C20" in shown
    assert "→ Toegelicht: volgt in het najaar" in shown
    figures = overview(path)["bevindingen"]
    before = overview(WORKBOOK)["bevindingen"]
    assert isinstance(figures, dict)
    assert isinstance(before, dict)
    assert figures == {**before, "signaal": before["signaal"] - 1, "toegelicht": 1}
    assert "vragen en 1 toegelicht" in bdur("overzicht", path).stdout


# What-if


def test_the_overview_of_a_scenario() -> None:
    run = bdur("overzicht", WORKBOOK, "--scenario", "Externe-inhuur-2024")
    plain = run.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert run.returncode == 0
    assert "Scenario externe-inhuur-2024: € 150.000 extra op regel P08 (1 fte) in 2024." in plain
    assert "−€ 5.000" in plain
    figures = json.loads(bdur("overzicht", WORKBOOK, "--scenario", "instroom-1-mei-1fte", "--json").stdout)
    assert figures["scenario"] == "instroom-1-mei-1fte"
    assert figures["jaartotaal"]["2023"] == 1418333.33
    assert figures["ruimte"]["exact"]["2023"] == -11184.33


def test_an_unknown_scenario_names_those_there_are() -> None:
    run = bdur("overzicht", WORKBOOK, "--scenario", "korting")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(
        'Scenario "korting" staat niet op het blad Scenario\'s.\n    → Kies uit: basis, '
    )
    assert "korting-10" in run.stderr


def test_the_scenarios_beside_the_plan() -> None:
    found = json.loads(bdur("scenarios", WORKBOOK, "--json").stdout)["scenarios"]
    by_name = {one["scenario"]: one for one in found}
    assert next(iter(by_name)) == "basis"
    assert by_name["korting-10"]["verschil_met_basis"]["exact"]["2026"] == -240000
    assert by_name["indexatie-3"]["lasten"]["2026"] == 1753826.84
    plain = bdur("scenarios", WORKBOOK, "--basis", "exact").stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "−€ 11.184,33" in plain
    assert "afgerond" not in plain


def test_the_answers_on_both_bases() -> None:
    found = json.loads(bdur("antwoorden", WORKBOOK, "--json").stdout)
    assert list(found) == ["afgerond", "exact"]
    months = {basis: answers[0]["cijfers"][0] for basis, answers in found.items()}
    assert months["afgerond"] == {"wat": "nihil bij", "jaar": 2023, "waarde": 8.2, "eenheid": "maanden"}
    assert months["exact"]["waarde"] == 8.3
    plain = bdur("antwoorden", WORKBOOK, "--basis", "exact").stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "8,30 maanden formatie" in plain
    assert "GHOR (vanaf 2024)" in plain


def test_staffs_own_scenario_counts(tmp_path: Path) -> None:
    path, sheet = tmp_path / "plan.xlsx", "Scenario's"
    row = "".join(filter(str.isdigit, scenario_cell("korting-10")))
    name, share, since = (
        scenario_cell(heading).rstrip("0123456789") + row
        for heading in ("scenario", "korting", "korting vanaf")
    )
    change(path, sheet, name, "korting-25")
    change(path, sheet, share, 0.25)
    figures = json.loads(bdur("overzicht", path, "--scenario", "korting-25", "--json").stdout)
    assert figures["beschikbaar"]["afgerond"]["2026"] == 1800000
    change(path, sheet, since, "ooit")
    run = bdur("scenarios", path)
    assert run.returncode == 2
    assert f'Scenario\'s!{since}: bevat "ooit" in plaats van een jaartal' in run.stderr


def scenario_cell(text: str) -> str:
    """Return the address of a text in the input table of scenarios."""
    sheet = openpyxl.load_workbook(WORKBOOK)["Scenario's"]
    rows = sheet[sheet.tables["tblScenarios"].ref]
    return next(str(cell.coordinate) for row in rows for cell in row if cell.value == text)
