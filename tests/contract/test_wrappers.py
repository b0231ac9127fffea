"""The VBA wrappers: xlwings' own text but for errors, and run by a VBA interpreter."""

import io
import re
from importlib import import_module
from types import ModuleType, SimpleNamespace

import pytest
from pyopenvba.apps.excel import ExcelApplication
from ranges import FUNCTIONS

from bdur_xl.build.vba_wrappers import ERROR_MARK, ERROR_NUMBERS, UDF_MODULE, udf_module


def official(udfs: ModuleType, book: str) -> str:
    """Return what xlwings' unmodified generator writes for our functions."""
    text = io.StringIO()
    import_module("xlwings.udfs").generate_vba_wrapper(UDF_MODULE, udfs, text, SimpleNamespace(Name=book))
    return text.getvalue()


@pytest.mark.parametrize(("book", "addin"), [("BDuR_plan v3.xlsm", False), ("BDuR.xlam", True)])
def test_wrappers_are_those_of_xlwings_but_for_errors(udfs: ModuleType, book: str, addin: bool) -> None:
    ours = udf_module(addin=addin)
    wrappers = ours[ours.index("Function BDUR_") : ours.index("Private Function")]
    as_official = re.sub(r"= ErrorValue\(Err\.Description\)", "= Err.Description", wrappers)
    as_official = re.sub(r"WithErrors\((XLPy\.CallUDF\(.*\))\)", r"\1", as_official)

    def lines(text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.strip()]

    assert lines(as_official) == lines(official(udfs, book))
    arrays = [name for name, function in FUNCTIONS.items() if function.is_array]
    assert sorted(re.findall(r"(\w+) = WithErrors", wrappers)) == sorted(arrays)
    assert "= Err.Description" not in ours, "error text in a money cell is skipped by SUM"


# The text run by pyOpenVBA's interpreter, beside a stand-in for xlwings' CallUDF

EXCEL = f"""
Attribute VB_Name = "Excel"
Public Const xlErrValue = 2015
Public told As Integer
Public Sub MeldEenmaal()
    told = told + 1
End Sub
Public Function TimesTold() As Integer
    TimesTold = told
End Function
Public Function Shown(value As Variant) As String
    If IsError(value) Then Shown = CStr(value) Else Shown = TypeName(value) & " " & CStr(value)
End Function
Public Function TryError(description As String) As String
    TryError = Shown(ErrorValue(description))
End Function
Public Function TryTable(row As Integer, column As Integer) As String
    Dim table(0 To 1, 0 To 2) As Variant, result As Variant
    table(0, 0) = "{ERROR_MARK}2042"
    table(0, 1) = 12.5
    table(0, 2) = "tekst"
    table(1, 0) = ""
    table(1, 1) = "{ERROR_MARK}2015"
    table(1, 2) = "#N/A"
    result = WithErrors(table)
    TryTable = Shown(result(row, column))
End Function
"""


@pytest.fixture(scope="module")
def excel() -> ExcelApplication:
    application = ExcelApplication()
    application.add_workbook()
    application.add_module(EXCEL, name="Excel")
    helpers = udf_module()
    helpers = helpers[helpers.index("Private Function ErrorValue") : helpers.index("Public Sub Registreer")]
    application.add_module(helpers.replace("Private Function", "Public Function"), name="xlwings_udfs")
    return application


@pytest.mark.parametrize("code", ERROR_NUMBERS)
def test_a_marked_error_becomes_that_error_value(excel: ExcelApplication, code: str) -> None:
    traceback = f"Unexpected Python Error: Traceback ...\n  raise X\nX: {ERROR_MARK}{ERROR_NUMBERS[code]}\n"
    before = excel.run("TimesTold")
    assert excel.run("TryError", traceback) == f"Error {ERROR_NUMBERS[code]}"
    assert excel.run("TimesTold") == before


def test_any_other_failure_is_no_value_and_told(excel: ExcelApplication) -> None:
    before = excel.run("TimesTold")
    assert excel.run("TryError", "Could not load xlwings64-0.37.8.dll") == "Error 2015"
    assert excel.run("TimesTold") == before + 1


def test_marked_cells_of_a_table_become_error_values_and_no_others(excel: ExcelApplication) -> None:
    shown = [[excel.run("TryTable", row, column) for column in range(3)] for row in range(2)]
    assert shown == [["Error 2042", "Double 12.5", "String tekst"], ["String ", "Error 2015", "String #N/A"]]


DESCRIBE = """
Attribute VB_Name = "Recorder"
Private described As String
Public Sub Describe(functionName As String, text As String, Optional arguments As Variant)
    Dim number As Integer
    described = described & functionName & "|" & text
    If Not IsMissing(arguments) Then
        For number = LBound(arguments) To UBound(arguments)
            described = described & "|" & arguments(number)
        Next number
    End If
    described = described & vbLf
End Sub
Public Function Told() As String
    Told = described
End Function
"""


def test_the_whole_module_loads_and_describes_every_function_and_argument() -> None:
    application = ExcelApplication()
    application.add_workbook()
    module = udf_module()
    application.add_module(module[: module.index("Private Sub Describe")], name="xlwings_udfs")
    application.add_module(DESCRIBE, name="Recorder")
    application.run("RegistreerFuncties")
    told = [line.split("|") for line in application.run("Told").strip().split("\n")]
    assert told == [
        [name, function.help, *(argument.help for argument in function.arguments)]
        for name, function in sorted(FUNCTIONS.items())
    ]


SERVER = f"""
Public Function CallUDF(target, functionName, values, book, caller)
    Dim table(0 To 1, 0 To 1) As Variant
    If functionName = "BDUR_FTE" Then Err.Raise 1001, , "Trace" & vbLf & "CellValueError: {ERROR_MARK}2042"
    If functionName = "BDUR_RUIMTE" Then CallUDF = 12.5
    If functionName = "BDUR_OVERZICHT" Then
        table(1, 1) = "{ERROR_MARK}2042"
        CallUDF = table
    End If
End Function
"""
CALLS = """
Attribute VB_Name = "Calls"
Public Const xlErrValue = 2015
Public Function XLPy()
    Set XLPy = New Server
End Function
Public Sub MeldEenmaal()
    Err.Raise 1, , "not to be told"
End Sub
Public Function Calls() As String
    Dim table
    table = BDUR_OVERZICHT(1, 2)
    Calls = CStr(BDUR_FTE(1, 2)) & ", " & BDUR_RUIMTE(1, 2, 3) & ", " & CStr(table(1, 1))
End Function
"""


def test_a_cell_gets_the_figure_or_the_error_value() -> None:
    """The interpreter knows no calling cell; the wrappers are run as if there was one."""
    module = udf_module().replace("If TypeOf Application.Caller Is Range Then On Error", "On Error")
    application = ExcelApplication()
    application.add_workbook()
    application.add_module(module.replace("Application.Caller", "Nothing"), name="xlwings_udfs")
    application.add_module(SERVER, name="Server", kind="class")
    application.add_module(CALLS, name="Calls")
    assert application.run("Calls") == "Error 2042, 12.5, Error 2042"
