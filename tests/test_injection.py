"""Text from cells stays text: in no output does it become a formula, a field, a link, a command or a path.

Every column that takes text holds another hostile text (`hostile.py`), and each output is read back by
a program that is not ours. What a formula, a field or a part of a file is, may not differ from the same
plan with harmless text.
"""

import ast
import csv
import datetime as dt
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import openpyxl
import pytest
from contract.windows import windows
from excel import Workbook
from hostile import CHOSEN, EVERYTHING, hostile
from lxml import etree
from sheets import Book, as_text, inputs, raw, read, small, write_with_tables

from bdur_xl import cells, parse
from bdur_xl.allocation import allocate
from bdur_xl.book import BookError, Formula, Refused
from bdur_xl.build.frame import RANGE_NAMES
from bdur_xl.build.workbook import workbook_bytes
from bdur_xl.cli import main
from bdur_xl.files.ledger_export import read_export
from bdur_xl.files.ledger_report import report_bytes
from bdur_xl.files.memo_docx import TemplateError, memo_bytes
from bdur_xl.files.memo_template import template
from bdur_xl.files.snapshots import read_snapshot, write_snapshot
from bdur_xl.record import LOG_HEADINGS, figure_rows, found_rows, record
from bdur_xl.refresh import Examined, examine
from bdur_xl.registry import SHEET_FUNCTIONS, SheetError, evaluate
from bdur_xl.restore import Snapshot
from bdur_xl.screen import paper
from bdur_xl.screen.paper import Column, Row, Table
from bdur_xl.tables import INPUT_TABLES, Content

ROOT = Path(__file__).parents[1]
MOMENT = dt.datetime(2031, 7, 1, 12)

TURNS = (0, 37)
"""Where in the list of hostile texts a plan begins: every cell holds another text in each of these plans."""

HARMLESS = -1
"""The same plan with harmless text in every cell."""

each_turn = pytest.mark.parametrize("turn", TURNS)


@cache
def plan(turn: int) -> Book:
    return hostile(("woord",) if turn == HARMLESS else (*EVERYTHING[turn:], *EVERYTHING[:turn]))[0]


@cache
def examined(turn: int) -> Examined:
    return examine(Snapshot(MOMENT, raw(plan(turn)), typed=True))


@cache
def built(turn: int) -> bytes:
    """Return the workbook that `bdur bouw` makes."""
    tables = raw(plan(turn))
    return workbook_bytes(tables, parse.parse_inputs(tables)[0])


@cache
def memo(turn: int) -> bytes:
    return memo_bytes(examined(turn).facts, template())[0]


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Path]:
    """The built workbook of each plan, in a folder of its own."""
    made = {}
    for turn in (*TURNS, HARMLESS):
        made[turn] = tmp_path_factory.mktemp("plan") / "plan.xlsm"
        made[turn].write_bytes(built(turn))
    return made


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# The hostile plan itself


def test_every_column_that_takes_text_is_hostile() -> None:
    _, filled = hostile(["woord"])
    takes_text = {
        (key, column.name)
        for key, table in INPUT_TABLES.items()
        for column in table.columns
        if column.content in (Content.TEXT, Content.ANY)
    }
    assert takes_text - filled - CHOSEN == {
        ("premises", "uitgangspunt")
    }  # an unknown one is told, and skipped
    assert len(filled) == 60  # with the columns that staff added themselves


@each_turn
def test_every_text_is_somewhere_and_the_plan_is_faultless(turn: int) -> None:
    stood = "\n".join(str(cell) for sheet in plan(turn).values() for row in sheet for cell in row)
    assert [payload for payload in EVERYTHING if payload not in stood] == []
    assert {one.code for one in read(plan(turn))[1]} == {"cel"}  # that own columns count nowhere
    assert len({str(plan(one)["plan"][1][3]) for one in TURNS}) == len(TURNS)


@pytest.mark.parametrize(("key", "name"), sorted(CHOSEN - {("goals", "soort")}))
def test_a_column_with_a_list_takes_no_other_text(key: str, name: str) -> None:
    book = small()
    columns = [INPUT_TABLES[key].column(str(one)) for one in book[key][0]]
    place = next(number for number, one in enumerate(columns) if one and one.name == name)
    for payload in EVERYTHING:
        book[key][-1][place] = payload
        assert cells.is_blank(payload) or any(one.code == "invoer" for one in read(book)[1]), payload


# The workbook


@cache
def formulas(package: bytes) -> frozenset[bytes]:
    """Return every formula of a workbook, of a rule and of a name too, with the numbers in it left out."""
    return frozenset(
        b"".join(found).translate(None, b"0123456789")
        for name, content in parts(package).items()
        if name.endswith(".xml")
        for found in _FORMULA.findall(content)
    )


_FORMULA = re.compile(
    rb"<(f|formula[12]?|definedName|oddHeader|oddFooter|hyperlink|calculatedColumnFormula)\b([^>]*)>([^<]*)"
)


@each_turn
def test_no_formula_of_the_built_workbook_holds_text_from_a_cell(turn: int) -> None:
    assert formulas(built(turn)) == formulas(built(HARMLESS))
    assert len(formulas(built(turn))) > 300


@each_turn
def test_text_is_text_in_the_built_workbook(turn: int) -> None:
    book, seen = openpyxl.load_workbook(io.BytesIO(built(turn))), 0
    for key, (headings, *rows) in plan(turn).items():
        sheet = book[INPUT_TABLES[key].sheet]
        placed = [list(row) for row in sheet[sheet.tables[INPUT_TABLES[key].table].ref]]
        column = {cell.value: number for number, cell in enumerate(placed[0])}
        for typed, row in zip(rows, placed[1:], strict=False):
            for heading, wanted in zip(headings, typed, strict=True):
                place = column.get(_in_the_workbook(key, str(heading)))
                if isinstance(wanted, str) and not cells.is_blank(wanted) and place is not None:
                    assert row[place].data_type == "s", (key, heading)
                    assert cells.visible(str(row[place].value)) == cells.visible(wanted)
                    assert row[place].hyperlink is None
                    seen += 1
    assert seen > 150


def _in_the_workbook(key: str, heading: str) -> str:
    known = INPUT_TABLES[key].column(heading)
    return known.heading if known else heading


@each_turn
def test_the_built_workbook_has_the_same_parts_and_relations(turn: int) -> None:
    made, harmless = parts(built(turn)), parts(built(HARMLESS))
    assert made.keys() == harmless.keys()
    assert made["xl/vbaProject.bin"] == harmless["xl/vbaProject.bin"]  # nothing from a cell reaches VBA
    for name in made:
        if name.endswith(".rels"):
            assert made[name] == harmless[name]
            assert b"External" not in made[name]


# The memo, and the chart in it

FIELD_TAGS = ("fldSimple", "instrText", "fldChar", "hyperlink", "object", "altChunk", "subDoc", "pict",
              "control", "externalData", "attachedTemplate", "script")  # fmt: skip


def _active(package: bytes) -> dict[str, list[tuple[str, str]]]:
    """Return per part what could do something, and all that a part is related to."""
    return {
        name: [
            (etree.QName(one).localname, str(sorted(one.items())))
            for one in etree.fromstring(content).iter("*")
            if etree.QName(one).localname in FIELD_TAGS or name.endswith(".rels")
        ]
        for name, content in parts(package).items()
        if name.endswith((".xml", ".rels"))
    }


@each_turn
def test_the_memo_has_the_same_fields_links_and_parts(turn: int) -> None:
    assert _active(memo(turn)) == _active(memo(HARMLESS))
    relations = [etree.fromstring(part) for name, part in parts(memo(turn)).items() if name.endswith(".rels")]
    assert not [one for root in relations for one in root if one.get("TargetMode") == "External"]


@each_turn
def test_text_is_text_in_the_memo(turn: int) -> None:
    """What the memo prints of a plan line stands there as typed; no field in it is filled in."""
    document = docx.Document(io.BytesIO(memo(turn)))
    shown = "\n".join(
        "".join(one.text or "" for one in at.iter("{*}t")) for at in document.element.iter("{*}p")
    )
    for line in examined(turn).facts.rows[0].lines:
        assert line in shown
    for row in plan(turn)["plan"][1:]:
        assert cells.visible(str(row[3])).replace("\N{MINUS SIGN}", "\N{MINUS SIGN}\N{WORD JOINER}") in shown
    assert document.core_properties.author == cells.visible(str(plan(turn)["premises"][1][1]))[:255]


@each_turn
def test_the_workbook_behind_the_chart_holds_no_formula(turn: int) -> None:
    charts = [part for name, part in parts(memo(turn)).items() if name.endswith(".xlsx")]
    assert charts
    assert [formulas(one) for one in charts] == [frozenset()] * len(charts)


@pytest.mark.parametrize(
    "field",
    ["{x.__class__}", "titel.__class__", "titel!r", "titel:>99", "titel|safe", "7*7", "facts", "self", "0",
     "__import__('os')", "titel}} {{ x", "%s", "titel[0]", "ruimte-exact.2031.real"],
)  # fmt: skip
def test_a_field_of_a_template_is_a_name_and_nothing_else(field: str, tmp_path: Path) -> None:
    document = docx.Document(io.BytesIO(template()))
    document.paragraphs[-1].add_run(f"{{{{ {field} }}}}")
    path = tmp_path / "s.docx"
    document.save(str(path))
    with pytest.raises(TemplateError):
        memo_bytes(examined(HARMLESS).facts, path.read_bytes())


@pytest.mark.parametrize(
    "left", ["{% for x in y %}{% endfor %}", "%s %(a)s", "${aan_x}", "{# titel #}", "$(ls)"]
)
def test_other_languages_of_templates_stay_as_they_are(left: str, tmp_path: Path) -> None:
    document = docx.Document(io.BytesIO(template()))
    document.add_paragraph(left)
    path = tmp_path / "s.docx"
    document.save(str(path))
    made = docx.Document(io.BytesIO(memo_bytes(examined(HARMLESS).facts, path.read_bytes())[0]))
    assert made.paragraphs[-1].text == left


# The open workbook


@pytest.fixture(scope="module")
def xlwings() -> Iterator[ModuleType]:
    with windows() as module:
        yield module


@pytest.fixture
def excel(tmp_path: Path) -> Workbook:
    """A workbook open in Excel, with the tables that a refresh writes in."""
    path = write_with_tables(tmp_path / "plan.xlsx", {key: rows[:1] for key, rows in plan(HARMLESS).items()})
    opened = Workbook(path, str(path))
    opened.add_outputs()
    return opened


def book_of(excel: Workbook, xlwings: ModuleType) -> Any:
    opened = xlwings.Book(impl=import_module("xlwings._xlwindows").Book(xl=excel))
    return import_module("udfs.open_workbook").OpenWorkbook(opened)


def typed_formulas(excel: Workbook) -> set[str]:
    return {cell.formula for sheet in excel.Worksheets for cell in sheet.grid.values() if cell.formula}


@each_turn
def test_a_refresh_types_no_text_as_a_formula_in_excel(
    turn: int, excel: Workbook, xlwings: ModuleType
) -> None:
    """Excel makes a formula of any text that begins like one, and takes an apostrophe before it away."""
    book, one = book_of(excel, xlwings), examined(turn)
    record(book, one, "=cmd|'/C calc'!A0")
    assert book.read("log").rows[-1][1][-1] == "=cmd|'/C calc'!A0"
    book.write("log", [LOG_HEADINGS, *((text, text, "3.1", text) for text in EVERYTHING)])
    assert [row for _, row in book.read("log").rows] == [(text, text, "3.1", text) for text in EVERYTHING]
    found = [row for _, row in book.read("findings").rows]
    wanted = list(found_rows(one.notes, one.outcomes))
    assert [[cell or None for cell in row] for row in found] == [
        [cell or None for cell in row] for row in wanted
    ]
    assert typed_formulas(excel) == {"=SUM(A1)"}  # which stood there


@each_turn
def test_what_is_brought_back_in_excel_is_text(turn: int, excel: Workbook, xlwings: ModuleType) -> None:
    book = book_of(excel, xlwings)
    before = typed_formulas(excel)
    for key, (headings, *rows) in plan(turn).items():
        book.write(key, [headings, *rows])
        held = [row for _, row in book.read(key).rows]
        assert [[cell or None for cell in row] for row in held[: len(rows)]] == [
            [cell or None for cell in row] for row in rows
        ]
    assert typed_formulas(excel) == before


@each_turn
def test_what_functions_show_is_text_number_or_error(turn: int, xlwings: ModuleType) -> None:
    """Excel and Calc read no result as a formula; what marks an error in an array is always ours."""
    udfs = import_module("udfs.bdur_udfs")
    ranges = {RANGE_NAMES[key]: tuple(map(tuple, rows)) for key, rows in plan(turn).items()}
    shown_texts = set()
    for function in SHEET_FUNCTIONS:
        given = [ranges.get(argument.name) for argument in function.arguments]
        shown = evaluate(function, given)
        if not isinstance(shown, tuple):
            continue
        marks = [cell for row in udfs.outgoing(shown) for cell in row if str(cell).startswith("#BDUR:")]
        errors = [cell for row in shown for cell in row if isinstance(cell, SheetError)]
        assert len(marks) == len(errors), function.name
        shown_texts |= {cell for row in shown for cell in row if isinstance(cell, str)}
    assert not any(STEERING.search(text) for text in shown_texts)
    assert {cells.visible(str(row[1])) for row in plan(turn)["plan"][1:4]} <= shown_texts


@pytest.mark.parametrize("name", ["x'!A1+cmd|'C calc'!A0+'y", "Plan '26", "a!b", "=1+1", "'"])
def test_the_name_of_a_sheet_stays_a_name_in_a_formula(name: str) -> None:
    """Excel refuses only \\ / ? * : [ ] in it; an apostrophe would end it."""
    tables = {
        key: one._replace(source=name if key == "plan" else one.source) for key, one in raw(small()).items()
    }
    facts = examine(Snapshot(MOMENT, tables, typed=True, places={"L1.2032": f"{name}!H2"})).facts
    texts = [cell.text for row in figure_rows(facts) for cell in row if isinstance(cell, Formula)]
    quoted = name.replace("'", "''")
    assert f"='{quoted}'!H2" in texts
    assert [one for one in texts if name in re.sub(r"'([^']|'')*'!", "", one)] == []


# Files beside the workbook


@each_turn
def test_a_snapshot_is_json_that_gives_back_every_cell(turn: int, tmp_path: Path) -> None:
    state = examined(turn).snapshot
    path = write_snapshot(tmp_path, "plan", state)
    assert json.loads(path.read_text("utf-8"))["momentopname"]
    assert read_snapshot(path).tables == state.tables


def test_half_a_character_in_a_snapshot_is_kept_there_and_shown_nowhere(tmp_path: Path) -> None:
    book = small()
    book["plan"][1][3] = "dijk\ud83dwacht"
    state = Snapshot(MOMENT, raw(book), typed=True)
    assert read_snapshot(write_snapshot(tmp_path, "plan", state)).tables == state.tables
    assert memo_bytes(examine(state).facts, template())[0]


@pytest.mark.parametrize("text", ['HYPERLINK("http://x.invalid")', "=1+1", "cmd|'/C calc'!A0", "A1", "1+1"])
def test_an_error_value_of_a_snapshot_is_no_way_in_for_a_formula(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plan 2031-07-01 12.00.00.json"
    content = as_text(Snapshot(MOMENT, raw(small()), typed=True))
    path.write_text(content.replace('"dijkwacht"', json.dumps({"fout": text}), 1), "utf-8")
    with pytest.raises(BookError, match="geen leesbare momentopname"):
        read_snapshot(path)


def test_an_imported_ledger_is_text(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        ledger = csv.writer(file, delimiter=";")
        ledger.writerow(["Rekening", "Kostenplaats", "Boekdatum", "Bedrag"])
        ledger.writerows([payload, f"{payload} k", "5-3-2031", "1,00"] for payload in EVERYTHING)
        ledger.writerows([f"{payload} r", "", payload, payload] for payload in EVERYTHING)
    export = read_export(path)
    found = allocate(export.rows(), export.columns, inputs(small()).ledger_map, (2031,), (2031, 6, 30))
    report = tmp_path / "verslag.xlsx"
    headings = [column.heading for column in INPUT_TABLES["actuals"].columns]
    rows: list[list[object]] = [list(headings)]
    rows += [[payload, 2031, 1, None, payload] for payload in EVERYTHING]
    report.write_bytes(report_bytes(found, export.control_total(), rows, f"{EVERYTHING[0]}.csv"))
    assert formulas(report.read_bytes()) == frozenset()
    assert all(
        b"External" not in part for name, part in parts(report.read_bytes()).items() if ".rels" in name
    )
    shown = {str(cell.value) for sheet in openpyxl.load_workbook(report) for row in sheet for cell in row}
    seen = [cells.visible(one) for one in EVERYTHING if cells.visible(one)]
    assert [one for one in seen if not any(one in cells.visible(text) for text in shown)] == []


# The terminal

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""All that rich itself sends to a terminal."""

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\ud800-\udfff]")


class Terminal(io.StringIO):
    """A terminal to print on."""

    def isatty(self) -> bool:
        return True


def rest_of(out: io.StringIO) -> str:
    return COLOUR.sub("", out.getvalue())


@each_turn
def test_no_text_steers_the_terminal(
    turn: int, workbooks: Mapping[int, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "400")
    path = workbooks[turn]
    for command in ("overzicht", "scenarios", "antwoorden", "controleer", "realisatie"):
        out, told = Terminal(), Terminal()
        monkeypatch.setattr("sys.stdout", out)
        monkeypatch.setattr("sys.stderr", told)
        assert main([command, str(path)]) in (0, 1)
        monkeypatch.undo()
        assert COLOUR.search(out.getvalue()) or command == "realisatie"
        for text in (out.getvalue(), told.getvalue()):
            rest = re.sub(r"\x1b\[(\?25[lh]|\d*[AK]|2K)|\r", "", COLOUR.sub("", text))
            assert not STEERING.search(rest), (command, STEERING.search(rest))
        if command == "overzicht":
            assert cells.visible(str(plan(turn)["plan"][1][1])) in rest_of(out)


def test_the_name_of_a_file_steers_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("\x1b]0;x\x07.xlsx", "\x9b31m.xlsx", "\u202exslx.xlsx", "[red]x.xlsx"):
        for command in ("overzicht", "controleer", "ververs", "scenarios"):
            assert main([command, str(tmp_path / name)]) == 2
            shown = "".join(capsys.readouterr())
            assert "bestaat niet" in shown
            assert not STEERING.search(shown)
            assert "[red]" in shown or not name.startswith("[")


def test_the_console_shows_text_as_it_is() -> None:
    for out in (Terminal(), io.StringIO()):
        sheet = paper(out)
        for payload in EVERYTHING:
            sheet.say(payload)
        sheet.show(
            Table(EVERYTHING[0], (Column("tekst"),), [Row(((payload, ""),)) for payload in EVERYTHING])
        )
        shown = COLOUR.sub("", out.getvalue())
        assert not STEERING.search(shown)
        assert "\x1b" not in shown


@each_turn
@pytest.mark.parametrize("command", ["overzicht", "scenarios", "antwoorden", "controleer", "realisatie"])
def test_json_holds_the_text(
    turn: int, command: str, workbooks: Mapping[int, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, str(workbooks[turn]), "--json"]) in (0, 1)
    shown = capsys.readouterr().out
    assert not STEERING.search(shown)
    json.loads(shown)
    if command == "scenarios":
        found = [one["scenario"] for one in json.loads(shown)["scenarios"]]
        assert found == ["basis", cells.visible(str(plan(turn)["scenarios"][2][0]))]


# Names of files


@each_turn
def test_no_text_reaches_the_name_of_a_file(
    turn: int, workbooks: Mapping[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Region, subject and status are hostile too; a name is made of the workbook's own and a date."""
    home = tmp_path / "a" / "b"
    home.mkdir(parents=True)
    monkeypatch.chdir(home)
    shutil.copy(workbooks[turn], home / "plan.xlsm")
    try:
        code = main(["ververs", str(home / "plan.xlsm"), "--zonder-pdf"])
    except SystemExit as stopped:
        code = int(str(stopped.code))
    assert code == 0
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    today = re.escape(f"{dt.date.today():%Y-%m-%d}")
    allowed = (
        rf"a/b/(plan\.xlsm|Bestuursmemo BDuR {today}\.docx|momentopnamen/plan {today} \d\d\.\d\d\.\d\d\.json)"
    )
    assert len(made) == 3
    assert [name for name in made if not re.fullmatch(allowed, name)] == []


@pytest.mark.parametrize(
    "stem", ["$(touch kwaad)", ";touch kwaad", "`x`", "%s{0}", "-rf", "é #", "=1+1", "CON"]
)
def test_the_name_of_the_workbook_is_only_a_name(
    stem: str, tmp_path: Path, workbooks: Mapping[int, Path]
) -> None:
    home = tmp_path / "map"
    home.mkdir()
    shutil.copy(workbooks[HARMLESS], home / f"{stem}.xlsm")
    assert main(["ververs", str(home / f"{stem}.xlsm"), "--zonder-pdf"]) == 0
    made = sorted(path.name for path in home.rglob("*") if path.is_file())
    assert len(made) == 3
    assert any(name.startswith(f"{stem} {dt.date.today():%Y}") and name.endswith(".json") for name in made)
    assert [path.name for path in tmp_path.iterdir()] == ["map"]


def test_a_link_in_the_output_folder_is_not_written_through(
    tmp_path: Path, workbooks: Mapping[int, Path]
) -> None:
    home, elsewhere = tmp_path / "map", tmp_path / "elders.docx"
    home.mkdir()
    elsewhere.write_text("van een ander")
    shutil.copy(workbooks[HARMLESS], home / "plan.xlsm")
    name = f"Bestuursmemo BDuR {dt.date.today():%Y-%m-%d}"
    (home / f"{name}.docx").symlink_to(elsewhere)
    (home / f"{name} (2).docx").symlink_to(tmp_path / "nergens.docx")  # a dead link
    assert main(["memo", str(home / "plan.xlsm"), "-o", str(home)]) == 0
    assert elsewhere.read_text() == "van een ander"
    assert not (tmp_path / "nergens.docx").exists()


# Codes that would be read as something else


def test_a_plan_line_cannot_turn_the_sign_of_its_figures() -> None:
    """-L1.2031 would be the figure L1.2031 with the opposite sign."""
    book = small()
    for row in (*book["plan"], *book["links"], *book["intake"]):
        row[0] = "-L1" if row[0] == "L1" else row[0]
    book["capacity"][1][4] = "-L1 L2"
    found = [one for one in read(book)[1] if one.code == "invoer"]
    assert [one.where for one in found] == ["Plan!A2"]
    assert "de code -L1 begint met een streepje" in found[0].message
    assert found[0].remedy


@pytest.mark.parametrize("code", ["ruimte-exact", "hoofdthema-Water", "fte-lasten"])
def test_a_plan_line_cannot_take_the_name_of_another_figure(code: str) -> None:
    """{{ ruimte-exact.2032 }} would print the cost of that line."""
    book = small()
    for row in (*book["plan"], *book["links"], *book["intake"]):
        row[0] = code if row[0] == "L1" else row[0]
    book["capacity"][1][4] = f"{code} L2"
    assert read(book)[1] == []
    with pytest.raises(Refused) as refused:
        examine(Snapshot(MOMENT, raw(book), typed=True))
    assert [(one.where, one.message) for one in refused.value.findings] == [
        ("Plan, rij 2", f"de code {code} is ook het kenmerk van een ander cijfer in de memo")
    ]


# The code itself

SOURCES = sorted(
    path
    for folder in ("bdur_xl", "udfs")
    for path in (ROOT / folder).rglob("*.py")
    if "__pycache__" not in path.parts
)

RUNS = frozenset({
    "eval", "exec", "compile", "__import__", "system", "popen", "Popen", "startfile", "getoutput",
    "check_call", "check_output", "spawnv", "spawnl", "execv", "execve", "execvp", "fork", "import_module",
    "RunPython", "ExecuteExcel4Macro", "Evaluate", "loads", "load", "format_map", "vformat", "Formatter",
})  # fmt: skip
"""What runs code or a program, or makes something of text."""

MODULES = frozenset(
    {"pickle", "shelve", "marshal", "code", "runpy", "jinja2", "yaml", "ctypes", "socket", "pty"}
)

NEEDED = {"in_use.py": frozenset({"ctypes"})}
"""Which modules import one of these all the same: to ask Windows whether a process lives."""

ALLOWED = {
    ("bdur_xl/files/pdf.py", "Popen(command)"): "soffice by its full path, a list of arguments; no cell",
    ("bdur_xl/files/pdf.py", "run([taskkill, '/T', '/F', '/PID', str(process.pid)])"): "ends that soffice",
    ("bdur_xl/files/pdf.py", "import_module('win32com.client')"): "a name that stands there",
    ("bdur_xl/files/pdf.py", "import_module('pywintypes')"): "likewise",
    (
        "udfs/calc/menu.py",
        "run([program, 'ververs', str(kept), '-o', str(folder)])",
    ): "our own program; two paths",
    (
        "bdur_xl/files/snapshots.py",
        "loads(read_bytes(path, MOST_SNAPSHOT).decode('utf-8-sig'))",
    ): "JSON, which is data only",
    ("bdur_xl/build/dist.py", "system()"): "likewise, as the next one",
    ("bdur_xl/build/dist.py", "run(command)"): "pip and uv, when a zip is built; no cell",
    ("bdur_xl/files/calc_extension.py", "run([program, *arguments])"): "unopkg by its full path; no cell",
    ("bdur_xl/files/machine.py", "run([program, '-B', '-c', _PROBE])"): "the Python that xlwings.conf names",
    (
        "bdur_xl/files/machine.py",
        "loads(done.stdout.decode('utf-8').splitlines()[-1])",
    ): "JSON of that Python",
    ("bdur_xl/cli.py", "import_module(f'bdur_xl.commands.{name}')"): "a name from the table of commands",
    ("bdur_xl/commands/aanvullen.py", "import_module(f'bdur_xl.commands.{name}')"): "likewise",
    ("bdur_xl/error_log.py", "system()"): "platform.system: which system this is",
}
"""Where that happens all the same, and why it does no harm."""


@cache
def _nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def _calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in _nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node, node.func.id if isinstance(node.func, ast.Name) else node.func.attr


def _is_risky(node: ast.Call, name: str) -> bool:
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if name in ("run", "call"):
        return isinstance(owner, ast.Name) and owner.id == "subprocess"
    return name in RUNS and not (name == "compile" and isinstance(owner, ast.Name) and owner.id == "re")


def test_code_and_programs_are_run_in_few_known_places() -> None:
    found = set()
    for path in SOURCES:
        for node, name in _calls(path):
            assert not any(one.arg == "shell" for one in node.keywords), path
            if _is_risky(node, name):
                found.add(
                    (path.relative_to(ROOT).as_posix(), f"{name}({', '.join(map(ast.unparse, node.args))})")
                )
    assert found == ALLOWED.keys()


def test_no_module_that_runs_text_is_imported() -> None:
    for path in SOURCES:
        for node in _nodes(path):
            names = [one.name for one in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            risky = MODULES.intersection(name.partition(".")[0] for name in names)
            assert risky <= NEEDED.get(path.name, frozenset()), path


TEMPLATES = {
    "_REGISTER", "_WRAPPER",  # VBA; of the names and helps of our functions
    "condition", "formula", "measure.native",  # formulas of the built workbook
    "CARRIED", "CODE_NAME", "row.verdict",  # a line of the log, a sheet's name for VBA, a formula
    "measure", "what", "figures[column]",  # words with a place for a name; constants of their modules
}  # fmt: skip
"""What is filled in by str.format though it is no literal: constants of the code, never text from a cell."""


def test_no_text_from_a_cell_is_a_template() -> None:
    """ "{0.__class__}".format(x) reads attributes: only what stands in the code may be filled in."""
    found = set()
    for path in SOURCES:
        for node in _nodes(path):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "format"
            ):
                owner = node.func.value
                found |= set() if isinstance(owner, ast.Constant) else {ast.unparse(owner)}
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
                left = node.left
                text = isinstance(left, ast.JoinedStr) or (
                    isinstance(left, ast.Constant) and isinstance(left.value, str)
                )
                assert not text, (path, ast.unparse(node))  # no filling in by % at all
    assert found == TEMPLATES


def test_vba_calls_python_by_names_that_stand_in_its_text() -> None:
    """RunPython takes code: it is made of a constant and of what each button passes, both literals."""
    text = (ROOT / "workbook" / "vba" / "BDuR.bas").read_text("utf-8")
    calls = re.findall(r"^.*\bRunPython\b.*$", text, re.MULTILINE)
    assert [one.strip() for one in calls] == [
        'RunPython "import " & TARGETS & "; " & TARGETS & "." & target & "()"'
    ]
    buttons = re.findall(r"^ +CallPython\b(.*)$", text, re.MULTILINE)
    assert len(buttons) == 3
    assert [one for one in buttons if not re.fullmatch(r' "[a-z_]+", "[^"]*"', one)] == []
    for word in ("Shell", "CreateObject", "Evaluate", "ExecuteExcel4Macro", ".Formula", "FollowHyperlink"):
        assert word not in text
