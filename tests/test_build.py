"""The committed workbook: a rebuild, whole, readable by people and programs, its VBA the repo's."""

import re
import zipfile
from pathlib import Path

import formualizer
import numpy as np
import openpyxl
import pytest
from formulas import Parser
from olefile import OleFileIO
from oletools.olevba import VBA_Parser
from openpyxl.worksheet.worksheet import Worksheet

from bdur_xl.build import vba, vba_wrappers
from bdur_xl.build.package import faults, read_parts
from bdur_xl.build.workbook import workbook_bytes
from bdur_xl.files.plan_csv import read_folder
from bdur_xl.files.workbook import read_workbook
from bdur_xl.nl import ABSENT
from bdur_xl.parse import parse_inputs
from bdur_xl.registry import SHEET_FUNCTIONS

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"
SHEETS = ["Over", "Plan", "Tabel 1", "Budget", "Doelen", "Instroom", "Toelichtingen", "Realisatie",
          "Overzicht", "Doelbereik", "Jaaranalyse", "Scenario's", "Controles", "Memo", "Verversing",
          "Functies", "Gezondheid", "Logboek"]  # fmt: skip


@pytest.fixture(scope="module")
def stored() -> openpyxl.Workbook:
    """The workbook with the values its cells hold."""
    return openpyxl.load_workbook(WORKBOOK, data_only=True)


@pytest.fixture(scope="module")
def formulas() -> openpyxl.Workbook:
    """The workbook with its formulas."""
    return openpyxl.load_workbook(WORKBOOK)


def rebuilt() -> bytes:
    raw, found = read_folder(ROOT / "workbook" / "plan")
    inputs, faults_found = parse_inputs(raw)
    assert [*found, *faults_found] == []
    return workbook_bytes(raw, inputs)


def test_the_committed_workbook_is_a_rebuild_and_two_builds_are_alike() -> None:
    assert rebuilt() == rebuilt()
    assert WORKBOOK.read_bytes() == rebuilt(), "run make workbook and commit the result"


def test_the_workbook_says_what_the_csv_files_say() -> None:
    from_csv, _ = parse_inputs(read_folder(ROOT / "workbook" / "plan")[0])
    from_workbook, found = parse_inputs(read_workbook(WORKBOOK))
    assert found == []
    assert [line.amounts for line in from_workbook.plan.lines] == [
        line.amounts for line in from_csv.plan.lines
    ]
    assert from_workbook.premises == from_csv.premises
    assert {key: one.start for key, one in from_workbook.intake.items()} == {
        key: one.start for key, one in from_csv.intake.items()
    }
    assert [one.figures for one in from_workbook.capacity] == [one.figures for one in from_csv.capacity]
    assert [(one.table, one.column, one.total) for one in from_workbook.control_totals] == [
        (one.table, one.column, one.total) for one in from_csv.control_totals
    ]


def test_the_sheets_stand_in_the_order_of_their_readers(stored: openpyxl.Workbook) -> None:
    assert stored.sheetnames == SHEETS
    assert all(sheet.sheet_state == "visible" for sheet in stored)


def test_only_input_sheets_are_unprotected_and_no_password_is_needed(stored: openpyxl.Workbook) -> None:
    for sheet in stored:
        assert sheet.protection.sheet == (not sheet.tables or sheet.title in {"Verversing", "Logboek"})
        assert not sheet.protection.password


def test_the_verdict_and_the_age_show_on_every_sheet(stored: openpyxl.Workbook) -> None:
    for sheet in stored:
        assert (sheet["A3"].value, sheet["A4"].value) == ("Alles klopt", "Actueel")


def test_no_cell_shows_an_error_or_is_empty_of_its_value(
    stored: openpyxl.Workbook, formulas: openpyxl.Workbook
) -> None:
    """Where nothing recalculates, every figure still shows; only working blocks hold #N/A."""
    for sheet in formulas:
        last = sheet.print_area and sheet[sheet.print_area.replace("$", "").split("!")[-1]]
        for row in last or ():
            for cell in row:
                value = stored[sheet.title][cell.coordinate].value
                assert not str(value).startswith("#"), f"{sheet.title}!{cell.coordinate}"


def test_every_sheet_prints_on_a4_landscape_with_header_and_page_number(stored: openpyxl.Workbook) -> None:
    for sheet in stored:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        footer = sheet.oddFooter
        assert footer
        assert footer.right
        assert "Blad" in str(footer.right.text)


def test_no_cell_is_merged(stored: openpyxl.Workbook) -> None:
    assert all(not sheet.merged_cells.ranges for sheet in stored)


def test_the_charts_have_alternative_text() -> None:
    drawings = [part.decode() for name, part in read_parts(WORKBOOK.read_bytes()).items()
                if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]  # fmt: skip
    charts = [
        one for drawing in drawings for one in re.findall(r"<xdr:graphicFrame.*?</xdr:graphicFrame>", drawing)
    ]
    assert charts
    assert all(re.search(r'descr="[^"]{20,}"', chart) for chart in charts)


def test_the_package_is_whole_and_names_no_person() -> None:
    parts = read_parts(WORKBOOK.read_bytes())
    assert list(faults(parts)) == []
    core = parts["docProps/core.xml"].decode()
    assert "creator" not in core
    assert "lastModifiedBy" not in core
    assert "<dc:language>nl-NL</dc:language>" in core


def test_the_vba_is_that_of_the_repo() -> None:
    expected = {**vba.sources(), "xlwings_udfs": vba_wrappers.udf_module()}
    read = {
        Path(file).stem: code.replace("\r\n", "\n")
        for _, _, file, code in VBA_Parser(str(WORKBOOK)).extract_macros()
    }
    for name, text in expected.items():
        assert _code(read[name]) == _code(text), name


def _code(text: str) -> list[str]:
    return [line for line in text.rstrip().splitlines() if not line.startswith("Attribute")]


def test_the_project_opens_strictly(tmp_path: Path) -> None:
    project = tmp_path / "vbaProject.bin"
    project.write_bytes(read_parts(WORKBOOK.read_bytes())["xl/vbaProject.bin"])
    with OleFileIO(str(project), raise_defects=30) as opened:
        assert not opened.parsing_issues


def test_every_function_in_a_cell_has_a_wrapper_and_every_button_a_macro() -> None:
    parts = read_parts(WORKBOOK.read_bytes())
    text = "".join(part.decode() for name, part in parts.items() if name.startswith("xl/worksheets/sheet"))
    used = set(re.findall(r"BDUR_[A-Z_]+(?=\()", text))
    assert {"BDUR_OVERZICHT", "BDUR_DOELENMATRIX", "BDUR_CONTROLES", "BDUR_STATUS"} <= used
    assert used <= {function.name for function in SHEET_FUNCTIONS}
    wrappers = vba_wrappers.udf_module()
    assert all(f"Function {name}(" in wrappers for name in used)
    buttons = re.findall(r"<x:FmlaMacro>(?:\[0\]!)?(\w+)</x:FmlaMacro>", "".join(
        part.decode() for name, part in parts.items() if "vmlDrawing" in name))  # fmt: skip
    macros = vba.sources()["BDuR"]
    assert len(buttons) >= 3
    assert all(f"Public Sub {macro}(" in macros for macro in buttons)


def test_the_parts_are_stored_plain_so_that_bytes_do_not_depend_on_zlib() -> None:
    with zipfile.ZipFile(WORKBOOK) as package:
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_STORED}


def test_a_second_engine_gives_the_same_native_results(
    stored: openpyxl.Workbook, formulas: openpyxl.Workbook
) -> None:
    """Formualizer knows no BDUR functions: it takes their stored results and recalculates the rest."""
    engine = formualizer.load_workbook(str(WORKBOOK))
    engine.evaluate_all()
    differ, figures = [], 0
    for sheet in ("Plan", "Instroom", "Overzicht", "Doelbereik", "Jaaranalyse", "Scenario's"):
        for row in formulas[sheet].iter_rows():
            for cell in row:
                value = stored[sheet][cell.coordinate].value
                if not _is_native_figure(cell.value) or not isinstance(value, int | float):
                    continue
                figures += 1
                found = engine.get_value(sheet, int(cell.row or 0), int(cell.column or 0))
                if not isinstance(found, int | float) or abs(found - value) >= 0.005:
                    differ.append((sheet, cell.coordinate, value, found))
    assert differ == []
    assert figures > 100


def _is_native_figure(formula: object) -> bool:
    """Tell a formula of the second route: it sums over the plan or the budget."""
    sums = isinstance(formula, str) and ("plan_bedragen" in formula or "budget_" in formula)
    return sums and not _searches(formula)


def _searches(formula: object) -> bool:
    """Tell a formula that formualizer cannot do: it does not spread text functions over a range."""
    return isinstance(formula, str) and "SEARCH(" in formula


def test_another_engine_gives_the_same_native_results_per_goal(
    stored: openpyxl.Workbook, formulas: openpyxl.Workbook
) -> None:
    """The package formulas does spread text functions; it is handed the ranges by their names."""
    sheet, values, figures = formulas["Doelbereik"], stored["Doelbereik"], 0
    for cell in (cell for row in sheet.iter_rows() for cell in row if _searches(cell.value)):
        value = values[cell.coordinate].value
        if isinstance(value, int | float):
            figures += 1
            compute = Parser().ast(str(cell.value).replace("$", ""))[1].compile()
            given = (_given(stored, values, name) for name in compute.inputs)
            assert abs(float(np.ravel(compute(*given))[0]) - value) < 0.005, cell.coordinate
    assert figures == 72


def _given(book: openpyxl.Workbook, sheet: Worksheet, name: str) -> object:
    """Return what a formula names: a cell of its own sheet, or a named range as an array."""
    named = {one.lower(): defined for one, defined in book.defined_names.items()}.get(name.lower())
    if named is None:
        return sheet[name].value
    ((where, area),) = named.destinations
    found = book[where][area.replace("$", "")]
    if not isinstance(found, tuple):
        return found.value
    blank = 0 if name.lower() == "plan_bedragen" else ""  # as arithmetic, or text, takes an empty cell
    return np.array(
        [[blank if one.value is None else one.value for one in row] for row in found], dtype=object
    )


def test_what_the_plan_does_not_give_shows_as_a_dash(stored: openpyxl.Workbook) -> None:
    rows = {str(row[0].value): row for row in stored["Overzicht"].iter_rows(min_row=6, max_row=40)}
    assert [cell.value for cell in rows["waarvan incidenteel"][1:5]] == [485_000, 0, ABSENT, ABSENT]
