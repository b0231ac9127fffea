"""Closed workbooks as people and programs leave them -> the same inputs, or a fault with its cell."""

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from sheets import Book, add_column, inputs, put, small, where, write_plain, write_with_tables

from bdur_xl.cells import NO_VALUE
from bdur_xl.files import package
from bdur_xl.files.workbook import WorkbookError, read_workbook
from bdur_xl.model import Finding, Inputs, Status
from bdur_xl.parse import parse_inputs
from bdur_xl.tables import INPUT_TABLES, REQUIRED_TABLES

Write = Callable[[Path, Book], Path]
CellValue = str | float | bool | dt.date | dt.time | dt.timedelta | None


def read(path: Path) -> tuple[Inputs, list[Finding]]:
    return parse_inputs(read_workbook(path))


def found(path: Path) -> list[tuple[str, str]]:
    return [(finding.where, finding.message) for finding in read(path)[1]]


@pytest.fixture(params=[write_with_tables, write_plain], ids=["tables", "plain"])
def write(request: pytest.FixtureRequest) -> Write:
    """Write a book with Excel tables, or without."""
    writer: Write = request.param
    return writer


@pytest.fixture
def book_path(tmp_path: Path) -> Path:
    return write_with_tables(tmp_path / "plan.xlsx", small())


def edited(path: Path, *edits: Callable[[openpyxl.Workbook], object]) -> Path:
    """Return the workbook after edits with openpyxl, which keeps tables and drops cached values."""
    book = openpyxl.load_workbook(path)
    for edit in edits:
        edit(book)
    book.save(path)
    return path


def type_in(key: str, cell: str, value: CellValue) -> Callable[[openpyxl.Workbook], None]:
    """Return an edit that types a value in a cell of a table, as if the table stood in A1."""

    def edit(book: openpyxl.Workbook) -> None:
        sheet, _, address = where(key, cell).partition("!")
        worksheet = book[sheet]
        assert isinstance(worksheet, Worksheet)
        worksheet[address] = value

    return edit


def patched(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Return the workbook with the XML of its parts changed, as another program would have written it."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    names = [name for name in parts if re.fullmatch(part, name)]
    assert names
    for name in names:
        parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def replaced(path: Path, part: str, old: str, new: str) -> Path:
    def change(xml: str) -> str:
        assert re.search(old, xml)
        return re.sub(old, new, xml)

    return patched(path, part, change)


# The same inputs, whoever wrote the file


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm", ".XLSX"])
def test_a_workbook_gives_what_the_sheets_hold(tmp_path: Path, write: Write, suffix: str) -> None:
    path = write(tmp_path / "plan.xlsx", small())
    path = path.rename(tmp_path / f"BDuR_plan v3 definitief{suffix}")
    assert read(path) == (inputs(small()), [])


def test_a_file_saved_again_by_another_program(book_path: Path) -> None:
    assert read(edited(book_path)) == (inputs(small()), [])


def test_year_headings_that_are_numbers(tmp_path: Path) -> None:
    book = small()
    put(book["plan"], "H1", 2032)
    assert read(write_plain(tmp_path / "plan.xlsx", book)) == (inputs(small()), [])


def test_hidden_and_filtered_rows_columns_and_sheets_count(book_path: Path, write: Write) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        plan = book["Plan"]
        assert isinstance(plan, Worksheet)
        plan.row_dimensions[2].hidden = True
        plan.row_dimensions[4].height = 0
        plan.column_dimensions["G"].hidden = True
        if not plan.tables:
            plan.auto_filter.ref = "A1:H5"
            plan.auto_filter.add_filter_column(1, ["Vuur"])
        book["Budget"].sheet_state = "veryHidden"

    assert read(edited(write(book_path, small()), hide)) == (inputs(small()), [])


def test_a_filter_set_in_the_table_counts_all_rows(tmp_path: Path) -> None:
    path = write_with_tables(tmp_path / "plan.xlsx", small())
    replaced(path, r"xl/tables/table1\.xml", r'<autoFilter ref="([^"]*)"/>',
             r'<autoFilter ref="\1"><filterColumn colId="1"><filters><filter val="Vuur"/></filters>'
             r"</filterColumn></autoFilter>")  # fmt: skip
    replaced(path, r"xl/worksheets/sheet1\.xml", r'<row r="([23])"', r'<row r="\1" hidden="1"')
    assert read(path) == (inputs(small()), [])


def test_a_sheet_renamed_and_moved_keeps_its_table(book_path: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["Plan"].title = "Lasten 'concept' & co"
        book.move_sheet("Budget", 1)

    parsed, findings = read(edited(book_path, rename))
    assert findings == []
    assert parsed.plan.lines[0].place == "Lasten 'concept' & co, rij 2"
    assert [line.amounts for line in parsed.plan.lines] == [
        line.amounts for line in inputs(small()).plan.lines
    ]


def test_without_a_table_the_sheets_name_decides_whatever_its_case(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "plan.xlsx", small())

    def rename(book: openpyxl.Workbook) -> None:
        book["Plan"].title = " PLAN"

    assert found(edited(path, rename)) == []


@pytest.mark.parametrize("writer", [write_with_tables, write_plain])
@pytest.mark.parametrize(("row", "column"), [(0, 3), (6, 0), (11, 4)])
def test_tables_elsewhere_on_their_sheets(
    tmp_path: Path, writer: Callable[..., Path], row: int, column: int
) -> None:
    """Some stand side by side: those that share a sheet."""
    book = small()
    put(book["plan"], "H3", "stuk")
    put(book["links"], "A2", "L9")

    def add_notes(made: openpyxl.Workbook) -> None:
        for worksheet in made.worksheets if row else ():
            worksheet["A1"], worksheet["A3"], worksheet["B3"] = "Het plan", "Toelichting", 2031

    path = edited(writer(tmp_path / "plan.xlsx", book, row, column), add_notes)
    left = ord(where("links", "A2").partition("!")[2][0]) + column
    assert found(path) == [
        (f"Plan!{chr(ord('H') + column)}{row + 3}", 'bevat de tekst "stuk" in plaats van een bedrag'),
        (f"{INPUT_TABLES['links'].sheet}!{chr(left)}{row + 2}", 'onbekend: planregel "L9"'),
    ]


def test_excels_own_total_row_is_not_a_line(tmp_path: Path) -> None:
    path, book = tmp_path / "plan.xlsx", small()
    write_with_tables(path, book)

    def total_row(made: openpyxl.Workbook) -> None:
        plan = made["Plan"]
        assert isinstance(plan, Worksheet)
        plan["A6"], plan["H6"] = "Totaal", "=SUBTOTAL(109,tblPlan[2032])"
        plan.tables["tblPlan"].ref = "A1:H6"
        plan.tables["tblPlan"].totalsRowCount = 1

    edited(path, total_row)
    assert read(path) == (inputs(small()), [])
    edited(path, type_in("plan", "A7", "Totaal"), type_in("plan", "H7", 270_000))
    assert found(path) == [("Plan, rij 7", "lijkt een totaalregel: die zou dubbel tellen")]


def test_a_table_without_header_row_keeps_its_names(tmp_path: Path) -> None:
    path, book = tmp_path / "plan.xlsx", small()
    write_with_tables(path, book)

    def no_header(made: openpyxl.Workbook) -> None:
        plan = made["Plan"]
        assert isinstance(plan, Worksheet)
        plan.delete_rows(1)
        plan.tables["tblPlan"].ref = "A1:H4"
        plan.tables["tblPlan"].headerRowCount = 0
        plan.tables["tblPlan"].autoFilter = None

    parsed, findings = read(edited(path, no_header))
    assert findings == []
    assert [line.amounts for line in parsed.plan.lines] == [line.amounts for line in inputs(book).plan.lines]


def test_an_emptied_table_has_no_lines(tmp_path: Path) -> None:
    """LibreOffice leaves a table of only a header row; Excel one blank row."""
    book = small()
    for row in book["intake"][1:]:
        row[:] = [None] * 4
    path = write_with_tables(tmp_path / "plan.xlsx", book)
    assert read(path)[0].intake == {}
    table = next(n for n in zipfile.ZipFile(path).namelist() if "tables/" in n and b"tblInstroom" in
                 zipfile.ZipFile(path).read(n))  # fmt: skip
    replaced(path, re.escape(table), r'ref="A1:D2"', 'ref="A1:D1"')
    parsed, findings = read(path)
    assert (parsed.intake, findings) == ({}, [])
    edited(path, type_in("intake", "A2", "L1"))
    assert found(path) == [("Instroom, rij 2", "staat onder de tabel en telt in de werkmap niet mee")]


def test_the_heading_in_the_cell_counts_not_the_tables_memory_of_it(book_path: Path) -> None:
    """Type 2033 over a heading in LibreOffice: the cell says 2033, the saved table still says 2032."""
    parsed, findings = read(edited(book_path, type_in("plan", "H1", 2033)))
    assert findings == []
    assert parsed.plan.years == (2031, 2033)


# What stands outside the table


def test_rows_typed_beneath_the_table(book_path: Path) -> None:
    edited(
        book_path,
        type_in("plan", "A6", "L5"),
        type_in("plan", "H6", 1),
        type_in("plan", "D9", "totaal"),
        type_in("plan", "J6", "naast de tabel mag alles"),
        type_in("budget", "B6", 510_000),
    )
    assert found(book_path) == [
        ("Plan, rij 6", "staat onder de tabel en telt in de werkmap niet mee"),
        ("Plan, rij 9", "lijkt een totaalregel: die zou dubbel tellen"),
        ("Budget, rij 6", "lijkt een totaalregel: die zou dubbel tellen"),
    ]
    assert [number for number, _ in read_workbook(book_path)["plan"].beneath] == [6, 9], "no blank ones"


def test_without_a_table_rows_go_on_to_the_end(tmp_path: Path) -> None:
    book = small()
    book["plan"] += [[None] * 8, ["L5", "Vuur", "fte", None, "West", None, 5, None]]
    book["plan"] += [[None] * 8, ["Totaal", None, None, None, None, 65_000.50, 180_005, 270_000]]
    path = write_plain(tmp_path / "plan.xlsx", book)
    parsed, _ = read(path)
    assert parsed.plan.lines[-1].line_id == "L5"
    assert found(path) == [("Plan, rij 9", "lijkt een totaalregel: die zou dubbel tellen")]


def test_a_year_typed_right_beside_the_table(book_path: Path) -> None:
    edited(book_path, type_in("plan", "I1", 2033), type_in("plan", "I2", 5))
    assert found(book_path) == [("Plan!I1", "kolom 2033 staat naast de tabel en telt niet mee")]


@pytest.mark.parametrize(
    ("heading", "shown"), [(2033, "2033"), ("2033 (concept)", "2033 (concept)"), ("=H1+1", NO_VALUE)]
)
@pytest.mark.parametrize("cell", ["I1", "J1", "N1"])
def test_a_year_beside_the_table_also_after_a_gap(
    book_path: Path, cell: str, heading: CellValue, shown: str
) -> None:
    edited(book_path, type_in("plan", cell, heading), type_in("plan", "T1", "dient de doelen (berekend)"))
    assert found(book_path) == [(f"Plan!{cell}", f"kolom {shown} staat naast de tabel en telt niet mee")]


def test_a_year_after_a_gap_without_an_excel_table(tmp_path: Path) -> None:
    path = edited(write_plain(tmp_path / "plan.xlsx", small()), type_in("plan", "N1", 2033))
    assert found(path) == [("Plan!N1", "kolom 2033 staat naast de tabel en telt niet mee")]


def test_years_in_the_next_table_are_that_tables_own(book_path: Path) -> None:
    def own_table(book: openpyxl.Workbook) -> None:
        plan = book["Plan"]
        assert isinstance(plan, Worksheet)
        plan["K1"], plan["L1"] = "eigen", "2033"
        plan.add_table(Table(displayName="eigen", ref="K1:L3"))

    assert found(edited(book_path, own_table)) == []


def test_rows_of_only_uncomputed_formulas_at_the_end_are_seen(book_path: Path) -> None:
    """Nothing else stands that low or that far right: calamine ends before them."""

    def extend(book: openpyxl.Workbook) -> None:
        plan = book["Plan"]
        assert isinstance(plan, Worksheet)
        plan["A6"], plan["H6"] = "=A5", "=H5"
        plan.tables["tblPlan"].ref = "A1:H6"

    places = [place for place, _ in found(edited(book_path, extend))]
    assert {"Plan!A6", "Plan!H6"} <= set(places)
    edited(book_path, type_in("plan", "C8", "=C7"))
    assert "Plan, rij 8" in [place for place, _ in found(book_path)]


def test_merged_cells_in_a_table(tmp_path: Path, write: Write) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        plan = book["Plan"]
        assert isinstance(plan, Worksheet)
        plan.merge_cells("H2:J3")
        plan.merge_cells("L2:M3")  # beside the table

    path = edited(write(tmp_path / "plan.xlsx", small()), merge)
    assert found(path) == [("Plan!H2:J3", "de cellen zijn samengevoegd: alleen de eerste telt")]


@pytest.mark.parametrize("cell", ["G1", "H1"])
def test_a_cleared_heading_does_not_lose_its_amounts(tmp_path: Path, write: Write, cell: str) -> None:
    path = edited(write(tmp_path / "plan.xlsx", small()), type_in("plan", cell, None))
    assert (f"Plan!{cell}", "kolom zonder leesbare kop bevat gegevens") in found(path)


# What a cell may hold


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("100000", 'bevat de tekst "100000"'),
        ("1.234,56", 'bevat de tekst "1.234,56"'),
        ("n.v.t.", 'bevat de tekst "n.v.t."'),
        (True, "bevat WAAR"),
        (False, "bevat ONWAAR"),
        (dt.date(2031, 5, 1), "bevat een datum of tijd"),
        (dt.datetime(2031, 5, 1, 12), "bevat een datum of tijd"),
        (dt.time(8, 30), "bevat een datum of tijd"),
        (dt.timedelta(hours=30), "bevat een datum of tijd"),
        (1e300, "bevat een onmogelijk groot bedrag"),
        (1e400, f"bevat {NO_VALUE}"),  # openpyxl writes infinity as an empty number
        ("=1/0", f"bevat {NO_VALUE}"),  # a formula that nobody computed
        ("=SUM(G3:G4)", f"bevat {NO_VALUE}"),
        ("#REF!", "bevat #REF!"),
        ("#N/A", "bevat #N/A"),
    ],
    ids=repr,
)
def test_an_amount_cell_that_holds_no_amount(
    tmp_path: Path, write: Write, value: CellValue, says: str
) -> None:
    path = edited(write(tmp_path / "plan.xlsx", small()), type_in("plan", "G2", value))
    ((where, message),) = found(path)
    assert where == "Plan!G2"
    assert message.startswith(says)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ('<c r="G2" t="e"><f>Z1/0</f><v>#DIV/0!</v></c>', "bevat #DIV/0! in plaats van een bedrag"),
        ('<c r="G2" t="e"><v>#REF!</v></c>', "bevat #REF! in plaats van een bedrag"),
        ('<c r="G2" t="e"><f>NOEM()</f><v>#NAME?</v></c>', "bevat #NAME? in plaats van een bedrag"),
        ('<c r="G2" t="e"/>', None),
        ('<c r="G2"><f>1+1</f></c>', f"bevat {NO_VALUE} in plaats van een bedrag"),
        ('<c r="G2"><f>1+1</f><v></v></c>', f"bevat {NO_VALUE} in plaats van een bedrag"),
        ('<c r="G2"><v>1e400</v></c>', "bevat een onmogelijk groot bedrag"),
        ('<c r="G2"><v>-INF</v></c>', "bevat een onmogelijk groot bedrag"),
        ('<c r="G2" t="str"><f>""</f><v></v></c>', None),  # shows nothing: no estimate
        (
            '<c r="G2" t="inlineStr"><is><t>tekst</t></is></c>',
            'bevat de tekst "tekst" in plaats van een bedrag',
        ),
        ('<c r="G2" t="b"><f>TRUE()</f><v>1</v></c>', "bevat WAAR in plaats van een bedrag"),
        ('<c r="G2"><f>60000*2</f><v>120000</v></c>', None),
    ],
)
def test_cells_as_programs_write_them(tmp_path: Path, cell: str, says: str | None) -> None:
    path = write_with_tables(tmp_path / "plan.xlsx", small())
    replaced(path, r"xl/worksheets/sheet1\.xml", r'<c r="G2"><v>120000</v></c>', cell)
    assert [message for place, message in found(path) if place == "Plan!G2"] == ([says] if says else [])


def test_a_computed_formula_counts(tmp_path: Path) -> None:
    path = write_with_tables(tmp_path / "plan.xlsx", small())
    replaced(path, r"xl/worksheets/sheet1\.xml", r'<c r="G2"><v>120000</v></c>',
             '<c r="G2"><f>60000*2</f><v>120000</v></c>')  # fmt: skip
    assert read(path) == (inputs(small()), [])


def test_an_error_value_is_seen_in_a_file_without_cell_addresses(tmp_path: Path) -> None:
    path = edited(write_plain(tmp_path / "plan.xlsx", small()), type_in("plan", "G2", "#REF!"))
    blank = r'<c r="([A-Z]+\d+)"( t="n")?\s*/>'

    def strip(xml: str) -> str:
        filled = re.sub(blank, "", xml)
        filled = filled.replace('<c r="G2"', '<c r="F2"/><c r="G2"')
        return re.sub(r'(<c|<row) r="[A-Z]*\d+"', r"\1", filled)

    patched(path, r"xl/worksheets/sheet1\.xml", strip)
    assert ("Plan!G2", "bevat #REF! in plaats van een bedrag") in found(path)


def test_an_error_value_in_a_text_or_code_cell(book_path: Path) -> None:
    edited(
        book_path,
        type_in("plan", "B2", "#N/A"),
        type_in("links", "C2", "#REF!"),
        type_in("premises", "B3", "=0/0"),
    )
    assert [place for place, _ in found(book_path)] == [
        "Plan!B2", where("premises", "B3"), where("links", "C2"), where("intake", "C2"),
    ]  # fmt: skip


def test_an_error_value_in_a_heading(tmp_path: Path, write: Write) -> None:
    path = edited(write(tmp_path / "plan.xlsx", small()), type_in("plan", "H1", "#REF!"))
    assert found(path)[0] == ("Plan!H1", "kolom zonder leesbare kop bevat gegevens")


def test_dates_and_months_come_as_dates(book_path: Path) -> None:
    edited(
        book_path,
        type_in("intake", "B2", dt.date(2031, 4, 1)),
        type_in("premises", "B5", dt.datetime(2031, 4, 1)),
    )
    assert read(book_path) == (inputs(small()), [])


def test_stray_spaces_are_blank(book_path: Path) -> None:
    edited(
        book_path,
        type_in("plan", "F2", " "),
        type_in("plan", "F5", "\u00a0"),
        type_in("plan", "A12", "\u200b"),
    )
    assert read(book_path) == (inputs(small()), [])


def test_amounts_keep_their_cents(tmp_path: Path, write: Write) -> None:
    book = small()
    put(book["plan"], "G2", 9_999_999_999_999.99)
    put(book["plan"], "H2", -0.01)
    parsed, _ = read(write(tmp_path / "plan.xlsx", book))
    assert list(parsed.plan.lines[0].amounts.values()) == [999_999_999_999_999, -1]


def test_all_faults_come_in_one_run(book_path: Path) -> None:
    def damage(book: openpyxl.Workbook) -> None:
        del book["Instroom"]

    edited(
        book_path,
        damage,
        type_in("plan", "G2", "tekst"),
        type_in("plan", "A4", "L1"),
        type_in("plan", "F4", "#DIV/0!"),
        type_in("plan", "A6", "Totaal"),
        type_in("plan", "I1", "2034"),
        type_in("budget", "B1", "bedrag"),
        type_in("budget", "C2", dt.date(2031, 1, 1)),
        type_in("links", "B2", "A9"),
    )
    _, findings = read(book_path)
    wanted = {
        "Plan!G2", "Plan!A4", "Plan!F4", "Plan, rij 6", "Plan!I1", "Budget, rij 1", "Budget!C2",
        where("links", "B2"), "Instroom",
    }  # fmt: skip
    assert wanted <= {one.where for one in findings if one.status is Status.FAULT}
    assert all(one.remedy for one in findings)


def test_a_year_and_a_line_more_flow_through(tmp_path: Path, write: Write) -> None:
    book = small()
    add_column(book["plan"], "2033 s", 100)
    book["plan"].append(["L5", "Lucht", "fte", "luchtwacht", "Noord", None, None, None, 7])
    parsed, findings = read(write(tmp_path / "plan.xlsx", book))
    assert findings == []
    assert parsed.plan.years == (2031, 2032, 2033)
    assert len(parsed.plan.lines) == 5


# Files that are no plan workbook


def refused(path: Path) -> WorkbookError:
    with pytest.raises(WorkbookError) as caught:
        read_workbook(path)
    assert str(path.name) in caught.value.message or "blad" in caught.value.message
    assert caught.value.remedy.endswith(".")
    return caught.value


def test_a_missing_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "nergens.xlsx").message.endswith("bestaat niet")


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "map.xlsx"
    folder.mkdir()
    assert refused(folder).message.endswith("is een map")


@pytest.mark.parametrize("name", ["plan.xls", "plan.csv", "plan.ods", "plan", "plan.xlsx.bak"])
def test_another_kind_of_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"regel,jaar\n")
    assert refused(path).message.endswith("is geen .xlsx of .xlsm-bestand")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"geen zip",
        b"PK\x03\x04 afgebroken",
        bytes(4096),
    ],
    ids=["empty", "text", "torn", "zeros"],
)
def test_no_zip(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(content)
    assert refused(path).message.endswith("is geen leesbare Excel-werkmap")


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    error = refused(path)
    assert "met een wachtwoord beveiligd, of is een oude .xls" in error.message
    assert "Haal in Excel het wachtwoord eraf" in error.remedy


def test_a_name_too_long(tmp_path: Path) -> None:
    assert refused(tmp_path / f"{'x' * 300}.xlsx").message.endswith("kan geen bestand zijn")


def test_a_folder_that_may_not_be_entered(book_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    assert refused(book_path).message.endswith("mag niet worden gelezen")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file(book_path: Path, part: float) -> None:
    content = book_path.read_bytes()
    book_path.write_bytes(content[: int(len(content) * part)])
    refused(book_path)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("leesmij.txt", "hallo")
    refused(path)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (r"xl/workbook\.xml", "<sheets>", "<sheets"),
        (r"xl/worksheets/sheet1\.xml", "</row>", ""),
        (r"xl/worksheets/sheet1\.xml", 'r="A2"', 'r="ZZ"'),
        (r"xl/worksheets/sheet1\.xml", "<worksheet ", '<!DOCTYPE x [<!ENTITY e "e">]><worksheet '),
        (r"xl/tables/table1\.xml", 'ref="A1:H5"', 'ref="onzin"'),
        (r"xl/_rels/workbook\.xml\.rels", "worksheets/sheet1", "worksheets/weg"),
    ],
)
def test_a_damaged_part(book_path: Path, part: str, old: str, new: str) -> None:
    refused(replaced(book_path, part, old, new))


@pytest.mark.parametrize("sought", ["workbook.xml", "sheet1.xml", "sharedStrings.xml", "table1.xml"])
def test_a_damaged_byte_in_a_compressed_part(book_path: Path, sought: str) -> None:
    """The checksum of the part then fails, or its decompression."""
    with zipfile.ZipFile(book_path) as package:
        info = next(one for one in package.infolist() if one.filename.endswith(f"/{sought}"))
    content = bytearray(book_path.read_bytes())
    start = info.header_offset + 30 + len(info.filename)
    for offset in range(start, start + info.compress_size):
        content[offset] ^= 0xFF
    book_path.write_bytes(content)
    refused(book_path)


def test_a_file_that_may_not_be_read(book_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests may run as root, whom no file refuses: so the refusal is staged."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(zipfile, "ZipFile", refuse)
    assert refused(book_path).message.endswith("mag niet worden gelezen")


def test_a_sheet_used_to_its_last_row_and_column_is_refused_in_time(tmp_path: Path) -> None:
    path = write_plain(tmp_path / "plan.xlsx", small())
    edited(path, type_in("plan", "XFD1048576", "x"))
    assert refused(path).message == "blad Plan is onmogelijk groot"


def test_a_stray_cell_far_down_is_only_a_row_beneath(book_path: Path) -> None:
    edited(book_path, type_in("plan", "B90000", "hier ook"))
    assert found(book_path) == [("Plan, rij 90000", "staat onder de tabel en telt in de werkmap niet mee")]


def test_tables_come_in_one_order_wherever_they_stand(book_path: Path) -> None:
    assert list(read_workbook(book_path)) == [key for key in INPUT_TABLES if key in read_workbook(book_path)]


def test_a_workbook_of_something_else_lacks_every_table(tmp_path: Path) -> None:
    path = tmp_path / "anders.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    assert read_workbook(path) == {}
    assert {where for where, _ in found(path)} == {INPUT_TABLES[key].sheet for key in REQUIRED_TABLES}


def test_a_sheet_with_the_name_but_other_content_is_missing(tmp_path: Path) -> None:
    book = small()
    book["plan"] = [["zomaar", "iets"], [1, 2]]
    path = write_plain(tmp_path / "plan.xlsx", book)
    assert found(path)[0] == ("Plan", "blad Plan met de tabel tblPlan ontbreekt")


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ("worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("worksheets//sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("./worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("../docProps/app.xml", "docProps/app.xml"),
        ("/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("", "xl"),
        ("..", ""),
    ],
)
def test_a_part_is_found_however_it_is_told(target: str, part: str) -> None:
    assert package._resolved("xl", target) == part
