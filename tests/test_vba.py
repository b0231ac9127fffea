import io
import re
from pathlib import Path

import olefile
import pytest
from defusedxml import ElementTree
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.cfb import CFB
from pyopenvba.vba import parse_projectwm, parse_vba_project

from bdur_xl.build import vba
from bdur_xl.build.ribbon import ribbon
from bdur_xl.build.vba import VbaError, code_name, sources, vba_project
from udfs import bdur_macros

SHEETS = [
    "Over", "Plan", "Tabel 1", "Budget", "Doelen", "Instroom", "Toelichtingen", "Overzicht",
    "Doelbereik", "Controles",
    "Memo", "Functies", "Logboek", "Scenario's", "Realisatie",
]  # fmt: skip
CODE_NAMES = [code_name(sheet) for sheet in SHEETS]
GENERATED = {
    "xlwings_udfs": 'Attribute VB_Name = "xlwings_udfs"\nPublic Sub RegistreerFuncties()\nEnd Sub\n',
}
BDUR = sources()["BDuR"]
PROCEDURE = re.compile(r"^(Public |Private )(?:Sub|Function) (\w+)\((.*?)\)", re.MULTILINE)
PUBLIC = {name: arguments for scope, name, arguments in PROCEDURE.findall(BDUR) if scope == "Public "}


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # olevba uses pyparsing's old names


@pytest.fixture(scope="module")
def project() -> bytes:
    return vba_project({**sources(), **GENERATED}, CODE_NAMES)


def read_back(project: bytes) -> dict[str, str]:
    from oletools.olevba import VBA_Parser

    macros = VBA_Parser("vbaProject.bin", data=project).extract_macros()
    return {Path(stream).name: text for _, stream, _, text in macros}


def crlf(text: str) -> str:
    return "\r\n".join(text.rstrip("\r\n").splitlines()) + "\r\n"


def test_two_builds_give_the_same_bytes(project: bytes) -> None:
    assert vba_project({**sources(), **GENERATED}, CODE_NAMES) == project


def test_olevba_reads_back_the_sources_to_the_character(project: bytes) -> None:
    found = read_back(project)
    for name, text in {**sources(), **GENERATED}.items():
        body = found[name].rpartition("Attribute VB_Customizable = True\r\n")[2]
        assert body == crlf(text), name
    assert "één" in found["BDuR"]
    assert all(found[name].count("\r\n") == 8 for name in CODE_NAMES), "a sheet holds its attributes only"


def test_every_list_of_modules_in_the_project_agrees(project: bytes) -> None:
    expected = {vba.WORKBOOK_CODE_NAME, *CODE_NAMES, *sources(), *GENERATED}
    container = CFB.from_bytes(project)
    text = container.get_stream("PROJECT").decode("cp1252")
    declared = re.findall(r"^(?:Module|Document)=(\w+)", text, re.MULTILINE)
    names = [module.name for module in parse_vba_project(container).modules]
    assert sorted(names) == sorted(expected)
    assert names == declared == [name for name, _ in parse_projectwm(container.get_stream("PROJECTwm"))]
    assert declared[1 : 1 + len(CODE_NAMES)] == CODE_NAMES
    assert set(container.list_streams_in_storage("VBA")) == expected | {"dir", "_VBA_PROJECT"}


def test_olefile_opens_the_project_strictly(project: bytes) -> None:
    with olefile.OleFileIO(io.BytesIO(project), raise_defects=olefile.DEFECT_INCORRECT) as container:
        assert container.parsing_issues == []


def test_no_person_stands_in_the_project(project: bytes) -> None:
    assert b"Users\\" not in project
    assert "Users\\".encode("utf-16-le") not in project


def test_the_xlwings_module_is_that_of_the_package() -> None:
    written, addin = sources()["xlwings"], sources(addin=True)["xlwings"]
    version = re.findall(r'XLWINGS_VERSION As String = "(.*)"', written)
    assert version == re.findall(r'XLWINGS_VERSION As String = "(.*)"', addin)
    assert all('PROJECT_NAME As String = "xlwings"' in text for text in (written, addin)), (
        "one set of settings"
    )
    assert "ActiveWorkbook" not in written
    assert "ActiveWorkbook" in addin


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("' 5 → 6", "regel 2: het teken '→' bestaat niet in VBA"),
        ("'" + "x" * 1023, "regel 2: 1024 tekens"),
        ("x = 1" + " _\n + 1" * 25, "regel 26: meer dan 24 vervolgregels"),
    ],
)
def test_text_the_editor_refuses_is_refused_with_its_place(body: str, complaint: str) -> None:
    with pytest.raises(VbaError, match=f"VBA-module M, {re.escape(complaint)}"):
        vba_project({"M": f'Attribute VB_Name = "M"\n{body}\n'}, ["BladOver"])


def test_text_at_the_limits_passes_and_comes_back() -> None:
    text = 'Attribute VB_Name = "M"\n' + "'" + "é" * 1022 + "\nx = 1" + " _\n + 1" * 24 + "\n"
    assert read_back(vba_project({"M": text}, ["BladOver"]))["M"] == crlf(text)


@pytest.mark.parametrize(
    ("modules", "sheets", "complaint"),
    [
        ({"M": "Sub a()\nEnd Sub"}, ["BladOver"], "moet beginnen met Attribute VB_Name"),
        ({"M": 'Attribute VB_Name = "N"'}, ["BladOver"], "moet beginnen met Attribute VB_Name"),
        ({"BladOver": 'Attribute VB_Name = "BladOver"'}, ["BladOver"], "laat de regels Attribute weg"),
        ({"bladover": 'Attribute VB_Name = "bladover"'}, ["BladOver"], "komt twee keer voor"),
        ({}, ["Tabel 1"], "kan geen VBA-naam zijn"),
        ({}, ["B" * 32], "kan geen VBA-naam zijn"),
    ],
)
def test_names_excel_would_trip_over_are_refused(
    modules: dict[str, str], sheets: list[str], complaint: str
) -> None:
    with pytest.raises(VbaError, match=complaint):
        vba_project(modules, sheets)


def test_a_sheet_has_a_code_name_vba_takes() -> None:
    assert code_name("Tabel 1") == "BladTabel1"
    assert code_name("Scenario's") == "BladScenarios"


def test_every_ribbon_button_calls_a_public_sub_that_takes_the_control() -> None:
    buttons = [element for element in ElementTree.fromstring(ribbon()).iter() if element.get("onAction")]
    assert buttons
    for button in buttons:
        module, _, sub = button.get("onAction", "").partition(".")
        assert (module, sub) == ("BDuR", f"Knop{button.get('id')}")
        assert PUBLIC[sub] == "control As IRibbonControl"
        assert PUBLIC[button.get("id", "")] == "", "the same macro for a button on a sheet"
    assert {sub for sub in PUBLIC if sub.startswith("Knop")} == {f"Knop{b.get('id')}" for b in buttons}


def test_the_ribbon_holds_what_staff_need_in_their_order() -> None:
    buttons = [element for element in ElementTree.fromstring(ribbon()).iter() if element.get("onAction")]
    assert ", ".join(button.get("label", "") for button in buttons) == (
        "Vernieuw bestuursmemo, Herbereken, Controleer, Herstel, Gezondheid, Handleiding"
    )


def test_every_python_target_exists_and_takes_nothing() -> None:
    targets = re.findall(r'^ +CallPython "(\w+)"', BDUR, re.MULTILINE)
    assert targets
    assert 'TARGETS As String = "udfs.bdur_macros"' in BDUR
    for target in targets:
        assert callable(getattr(bdur_macros, target))


def test_opening_calls_what_exists() -> None:
    uncommented = re.sub(r"^ *'.*", "", BDUR, flags=re.MULTILINE)
    called = re.findall(r"[ !]BDuR\.(\w+)", sources()["ThisWorkbook"] + uncommented)
    assert set(called) == {"BijOpenen", "NaOpenen"}
    assert all(PUBLIC[name] == "" for name in called)


# The macros themselves, run by pyOpenVBA's headless runtime beside a stand-in for xlwings.

PYTHON = r"C:\Program Files\Pythön\venv\Scripts\python.exe"
XLWINGS = r"""
Public Const XLWINGS_VERSION As String = "0.37.8"
Private interpreter As String, present As Boolean, dll As String, started As String
Public Sub SetUp(path As String, isThere As Boolean, library As String)
    interpreter = path: present = isThere: dll = library
End Sub
Public Function Started_() As String
    Started_ = started
End Function
Public Function GetConfig(key As String, Optional default As String = "", Optional source As String = "")
    GetConfig = default
    If interpreter = "error" Then Err.Raise 5, , "geen toegang"
    If key = "INTERPRETER_WIN" And (source = "" Or source = "user") Then GetConfig = interpreter
End Function
Public Function FileExists(path As String) As Boolean
    FileExists = present
End Function
Public Function ParentFolder(path)
    ParentFolder = Left$(path, InStrRev(path, "\") - 1)
End Function
Public Function Dir(Optional pattern As String = "") As String
    If InStr(pattern, "venv\xlwings") > 0 Then Dir = dll
End Function
Public Function RunPython(command As String)
    started = command
End Function
"""
WITHOUT_SETTINGS = ("", False, "")
MOVED = (PYTHON, False, "")
WITHOUT_XLWINGS = (PYTHON, True, "")
OTHER_VERSION = (PYTHON, True, "xlwings64-0.36.1.dll")
UNREADABLE = ("error", False, "")
GOOD = (PYTHON, True, "xlwings64-0.37.8.dll")
ON_PATH = ("python", False, "")


def excel(path: str, present: bool, dll: str) -> ExcelApplication:
    application = ExcelApplication()
    application.add_workbook()
    for name, text in {"xlwings": XLWINGS, "BDuR": BDUR, **GENERATED}.items():
        application.add_module(text, name=name)
    application.run("SetUp", path, present, dll)
    return application


def messages(application: ExcelApplication) -> list[str]:
    return [text for _, text, _, _ in application.dialogs]


@pytest.mark.parametrize(
    ("set_up", "problem", "remedy"),
    [
        (WITHOUT_SETTINGS, "Excel weet op deze computer nog niet waar Python staat.", "bdur installeer"),
        (MOVED, f"Python staat niet meer op {PYTHON}.", "bdur installeer"),
        (WITHOUT_XLWINGS, f"Bij {PYTHON} ontbreekt xlwings 0.37.8.", "bdur installeer"),
        (
            OTHER_VERSION,
            "Deze werkmap hoort bij xlwings 0.37.8, maar op deze computer staat xlwings 0.36.1.",
            "Installeer de BDuR-versie die bij deze werkmap hoort.",
        ),
        (UNREADABLE, "De instellingen van xlwings zijn niet te lezen (geen toegang).", "bdur installeer"),
    ],
)
def test_what_is_missing_is_said_in_one_message_with_one_remedy(
    set_up: tuple[str, bool, str], problem: str, remedy: str
) -> None:
    application = excel(*set_up)
    for sub in ("Controleer", "VernieuwBestuursmemo", "HerstelVorigeStand", "HerberekenAlles"):
        application.run(sub)
    assert len(messages(application)) == 4
    for message in messages(application):
        first, second = message.split("\r\n")
        assert first == problem
        assert remedy in second
    assert application.run("Started_") == "", "nothing is started that must fail"


@pytest.mark.parametrize("set_up", [GOOD, ON_PATH])
@pytest.mark.parametrize(
    ("sub", "target"),
    [
        ("VernieuwBestuursmemo", "vernieuw_bestuursmemo"),
        ("Controleer", "controleer"),
        ("HerstelVorigeStand", "herstel_vorige_stand"),
    ],
)
def test_a_button_starts_python_where_it_can_be_reached(
    set_up: tuple[str, bool, str], sub: str, target: str
) -> None:
    application = excel(*set_up)
    application.run(sub)
    assert application.run("Started_") == f"import udfs.bdur_macros; udfs.bdur_macros.{target}()"
    assert messages(application) == []


@pytest.mark.parametrize(
    ("set_up", "said"),
    [(WITHOUT_SETTINGS, 0), (GOOD, 0), (OTHER_VERSION, 1), (WITHOUT_XLWINGS, 1), (UNREADABLE, 0)],
)
def test_opening_speaks_only_where_python_was_set_up_and_is_wrong(
    set_up: tuple[str, bool, str], said: int
) -> None:
    application = excel(*set_up)
    application.run("NaOpenen")
    application.run("NaOpenen")
    assert len(messages(application)) == said


def test_without_python_a_failing_function_speaks_once() -> None:
    application = excel(*WITHOUT_SETTINGS)
    for _ in range(3):
        application.run("MeldEenmaal")
    assert len(messages(application)) == 1


@pytest.mark.parametrize("set_up", [WITHOUT_SETTINGS, MOVED, OTHER_VERSION, UNREADABLE, GOOD])
def test_health_always_answers_with_both_versions(set_up: tuple[str, bool, str]) -> None:
    application = excel(*set_up)
    application.run("Gezondheid")
    (message,) = messages(application)
    assert "xlwings van deze werkmap: 0.37.8" in message
    installed = re.search(r"xlwings64-(.*)\.dll", set_up[2])
    assert f"op deze computer: {installed[1] if installed else 'niet gevonden'}" in message
    assert ("Excel en Python passen bij elkaar." in message) == (set_up is GOOD)
