import datetime as dt
import io
import posixpath
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from defusedxml import ElementTree
from pyopenvba import check_file
from pyopenvba.cfb import CFB
from pyopenvba.vba import parse_vba_project
from xlsxwriter import Workbook

from bdur_xl.build.addin import build_addin
from bdur_xl.build.package import PackageError, Properties, faults, finish, read_parts
from bdur_xl.build.ribbon import ribbon
from bdur_xl.build.vba import code_name, sources, vba_project

CREATED = dt.datetime(2023, 2, 23, 12, 30, tzinfo=dt.UTC)
PROPERTIES = Properties("BDuR-plan", "Plan & memo", "Uit tekst gebouwd", CREATED)
HELP = '<IntelliSense xmlns="http://schemas.excel-dna.net/intellisense/1.0"/>'
GENERATED = {"xlwings_udfs": 'Attribute VB_Name = "xlwings_udfs"\nPublic Sub RegistreerFuncties()\nEnd Sub\n'}
SHEETS = ["Over", "Tabel 1", "Memo"]
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def written_by_xlsxwriter() -> bytes:
    buffer = io.BytesIO()
    book = Workbook(buffer)
    project = vba_project({**sources(), **GENERATED}, [code_name(sheet) for sheet in SHEETS])
    book.add_vba_project(io.BytesIO(project), is_stream=True)
    book.set_vba_name("ThisWorkbook")
    for name in SHEETS:
        sheet = book.add_worksheet(name)
        sheet.set_vba_name(code_name(name))
        sheet.write_formula(0, 0, "=20+22", None, 42)
    sheet.insert_button("C3", {"macro": "VernieuwBestuursmemo", "caption": "Vernieuw bestuursmemo"})
    book.close()
    return buffer.getvalue()


def finished() -> bytes:
    return finish(written_by_xlsxwriter(), PROPERTIES, ribbon=ribbon(), custom_xml=[HELP])


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "BDuR.xlsm"
    path.write_bytes(finished())
    return path


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "BDuR.xlam"
    build_addin(path, GENERATED, CREATED, [HELP])
    return path


def related(parts: dict[str, bytes], relations: str) -> dict[str, str]:
    """Return what a part is related to: kind, its last word, to the part's name."""
    folder = posixpath.dirname(posixpath.dirname(relations))
    return {
        entry.get("Type", "").rpartition("/")[2]: posixpath.normpath(
            posixpath.join(folder, entry.get("Target", ""))
        )
        for entry in ElementTree.fromstring(parts[relations])
    }


def test_two_builds_give_the_same_bytes(workbook: Path, addin: Path, tmp_path: Path) -> None:
    assert finished() == workbook.read_bytes()
    again = tmp_path / "BDuR.xlam"
    build_addin(again, GENERATED, CREATED, [HELP])
    assert again.read_bytes() == addin.read_bytes()


def test_bytes_depend_on_neither_clock_nor_compression(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as package:
        entries = package.infolist()
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    names = [entry.filename for entry in entries]
    assert names[:2] == ["[Content_Types].xml", "_rels/.rels"]
    assert names[2:] == sorted(names[2:])


@pytest.mark.parametrize("kind", ["workbook", "addin"])
def test_pyopenvba_finds_nothing_wrong(kind: str, request: pytest.FixtureRequest) -> None:
    report = check_file(request.getfixturevalue(kind))
    assert report.ok
    assert report.complete
    assert report.issues == ()


def test_properties_name_no_person_and_the_language(workbook: Path) -> None:
    core = ElementTree.fromstring(read_parts(workbook.read_bytes())["docProps/core.xml"])
    found = {element.tag.rpartition("}")[2]: element.text for element in core}
    assert found == {
        "title": "BDuR-plan",
        "subject": "Plan & memo",
        "description": "Uit tekst gebouwd",
        "language": "nl-NL",
        "created": "2023-02-23T12:30:00Z",
        "modified": "2023-02-23T12:30:00Z",
    }


def test_the_ribbon_hangs_on_the_package(workbook: Path) -> None:
    parts = read_parts(workbook.read_bytes())
    assert related(parts, "_rels/.rels")["extensibility"] == "customUI/customUI14.xml"
    assert parts["customUI/customUI14.xml"].decode() == ribbon()


def test_the_help_hangs_on_the_workbook(workbook: Path) -> None:
    parts = read_parts(workbook.read_bytes())
    assert related(parts, "xl/_rels/workbook.xml.rels")["customXml"] == "customXml/item1.xml"
    assert parts["customXml/item1.xml"].decode() == HELP
    assert related(parts, "customXml/_rels/item1.xml.rels")["customXmlProps"] == "customXml/itemProps1.xml"


def test_an_empty_text_that_a_formula_gives_is_stated_as_excel_does() -> None:
    """Not as a number without value, which reads as a formula that was never computed."""
    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_formula(0, 0, '=IF(B1="","",B1)', book.add_format(), "")
        sheet.write_formula(0, 1, "=20+22", None, 42)
        sheet.write_string(0, 2, "tekst")
        sheet.write_array_formula(1, 0, 1, 2, "{=A1:C1}", None, "")
        sheet.write_string(1, 1, "")
        sheet.write_string(1, 2, "tekst")
    before = read_parts(buffer.getvalue())["xl/worksheets/sheet1.xml"].decode()
    after = read_parts(finish(buffer.getvalue(), PROPERTIES))["xl/worksheets/sheet1.xml"].decode()
    stated = {
        '<c r="A1" s="1"><f>IF(B1': '<c r="A1" s="1" t="str"><f>IF(B1',
        '<c r="B2" t="s"><v>1</v></c>': '<c r="B2" t="str"><v></v></c>',
    }
    for written, meant in stated.items():
        assert before.count(written) == 1
        before = before.replace(written, meant)
    assert after == before


def test_several_custom_parts_stand_beside_each_other() -> None:
    parts = read_parts(finish(written_by_xlsxwriter(), PROPERTIES, custom_xml=["<a/>", "<b/>"]))
    assert [parts[f"customXml/item{number}.xml"] for number in (1, 2)] == [b"<a/>", b"<b/>"]
    assert parts["customXml/itemProps1.xml"] != parts["customXml/itemProps2.xml"]
    identities = re.findall(rb'Id="(\w+)"', parts["xl/_rels/workbook.xml.rels"])
    assert len(identities) == len(set(identities))


@pytest.mark.parametrize(("kind", "sheets"), [("workbook", SHEETS), ("addin", ["BDuR"])])
def test_each_sheet_has_its_module(kind: str, sheets: list[str], request: pytest.FixtureRequest) -> None:
    parts = read_parts(request.getfixturevalue(kind).read_bytes())
    modules = [
        module.name for module in parse_vba_project(CFB.from_bytes(parts["xl/vbaProject.bin"])).modules
    ]
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    targets = {
        entry.get("Id"): entry.get("Target")
        for entry in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    coded = []
    for sheet in book.findall("{*}sheets/{*}sheet"):
        part = parts[f"xl/{targets[sheet.get(RELATION)]}"].decode()
        coded += re.findall(r'<sheetPr[^>]* codeName="(\w+)"', part)
    assert coded == [code_name(sheet) for sheet in sheets]
    assert re.findall(rb'<workbookPr[^>]* codeName="(\w+)"', parts["xl/workbook.xml"]) == [b"ThisWorkbook"]
    assert modules[: 1 + len(coded)] == ["ThisWorkbook", *coded]


def test_every_macro_a_button_names_is_a_public_sub(workbook: Path) -> None:
    drawings = b"".join(
        part for name, part in read_parts(workbook.read_bytes()).items() if "vmlDrawing" in name
    )
    named = re.findall(rb"<x:FmlaMacro>\[0\]!(\w+)</x:FmlaMacro>", drawings)
    assert named
    assert all(f"Public Sub {macro.decode()}()" in sources()["BDuR"] for macro in named)


def test_the_addin_is_one_and_shares_the_tab(addin: Path) -> None:
    parts = read_parts(addin.read_bytes())
    types = parts["[Content_Types].xml"].decode()
    assert "application/vnd.ms-excel.addin.macroEnabled.main+xml" in types
    assert "sheet.macroEnabled" not in types
    own, its = ribbon(), parts["customUI/customUI14.xml"].decode()
    assert own.replace("Deze werkmap", "Actieve werkmap") == its != own


@pytest.mark.parametrize(
    ("name", "part", "complaint"),
    [
        ("xl/workbook.xml", b"<workbook>", "xl/workbook.xml is geen geldige XML"),
        ("xl/extra.dat", b"", "xl/extra.dat heeft geen inhoudstype"),
        (
            "xl/_rels/workbook.xml.rels",
            b'<Relationships><Relationship Id="rId1" Target="gone.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels verwijst naar gone.xml, dat er niet is",
        ),
    ],
)
def test_a_package_excel_would_repair_is_named(name: str, part: bytes, complaint: str) -> None:
    parts = read_parts(written_by_xlsxwriter())
    assert list(faults(parts)) == []
    assert list(faults({**parts, name: part})) == [complaint]


def test_a_broken_ribbon_never_reaches_a_file() -> None:
    with pytest.raises(PackageError, match=r"customUI14\.xml is geen geldige XML"):
        finish(written_by_xlsxwriter(), PROPERTIES, ribbon="<customUI>")


def test_only_a_macro_workbook_becomes_an_addin() -> None:
    buffer = io.BytesIO()
    book = Workbook(buffer)
    book.add_worksheet()
    book.close()
    with pytest.raises(PackageError, match="Content_Types"):
        finish(buffer.getvalue(), PROPERTIES, addin=True)


@pytest.mark.libreoffice
def test_libreoffice_opens_the_workbook(workbook: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(tmp_path),
        str(workbook),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "BDuR.csv").read_text("utf-8").strip() == "42"
