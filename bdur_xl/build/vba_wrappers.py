"""The VBA module xlwings_udfs: a wrapper per sheet function, and its texts for the function wizard.

The wrappers are what xlwings generates, with two differences. Where Python
raises, the cell gets a real error value instead of the error's text, which SUM
would skip. And where an array holds errors, their marks become error values:
pywin32 cannot return one (its VARIANT of type VT_ERROR is always "missing").
"""

from bdur_xl.registry import SHEET_FUNCTIONS, SheetFunction

UDF_MODULE = "udfs.bdur_udfs"
"""The Python module that VBA calls."""

CATEGORY = "BDuR"

ERROR_MARK = "#BDUR:"
"""Stands before the number of an error value in what Python raises or returns."""

ERROR_NUMBERS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
}
"""Source: Excel VBA, enumeration XlCVError."""

LONGEST_HELP = 255
"""Characters of a text in the function wizard. Source: Application.MacroOptions."""

_HEAD = """\
Attribute VB_Name = "xlwings_udfs"
'Made from the function registry (bdur_xl/registry.py). xlwings' own "Import Functions" would replace it
'by wrappers that return an error as text.
#Const App = "Microsoft Excel"
"""

_WRAPPER = """\
Function {name}({parameters})
    #If App = "Microsoft Excel" Then
        If TypeOf Application.Caller Is Range Then On Error GoTo failed
        {name} = {call}
        Exit Function
    #Else
        {name} = XLPy.CallUDF({given})
        Exit Function
    #End If
failed:
    {name} = ErrorValue(Err.Description)
End Function
"""

_ERRORS = f"""\
Private Function ErrorValue(description As String) As Variant
    'The error that Python raised on purpose, known by its mark; any other failure is #VALUE!, and told once.
    Dim at As Long
    at = InStr(description, "{ERROR_MARK}")
    If at > 0 Then
        ErrorValue = CVErr(CLng(Mid$(description, at + {len(ERROR_MARK)}, 4)))
    Else
        ErrorValue = CVErr(xlErrValue)
        MeldEenmaal
    End If
End Function

Private Function WithErrors(ByVal table As Variant) As Variant
    'The table that Python returned, each marked cell as the error value it stands for.
    Dim r As Long, c As Long
    For r = LBound(table, 1) To UBound(table, 1)
        For c = LBound(table, 2) To UBound(table, 2)
            If VarType(table(r, c)) = vbString Then
                If Left$(table(r, c), {len(ERROR_MARK)}) = "{ERROR_MARK}" Then
                    table(r, c) = CVErr(CLng(Mid$(table(r, c), {len(ERROR_MARK) + 1}, 4)))
                End If
            End If
        Next c
    Next r
    WithErrors = table
End Function
"""

_REGISTER = """\
Public Sub RegistreerFuncties()
    'Dutch texts for Excel's function wizard; Excel wants them again each time the workbook opens.
{calls}
End Sub

Private Sub Describe(functionName As String, text As String, Optional arguments As Variant)
    Dim macro As String
    On Error Resume Next 'without its texts a function still works
    macro = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & functionName
    If IsMissing(arguments) Then
        Application.MacroOptions Macro:=macro, Description:=text, Category:="{category}"
    Else
        Application.MacroOptions Macro:=macro, Description:=text, Category:="{category}", _
            ArgumentDescriptions:=arguments
    End If
End Sub
"""


def udf_module(*, addin: bool = False) -> str:
    """Return the text of the VBA module xlwings_udfs for the workbook, or for the add-in."""
    functions = sorted(SHEET_FUNCTIONS, key=lambda function: function.name)
    wrappers = (wrapper(function, addin=addin) for function in functions)
    calls = "\n".join(_described(function) for function in functions)
    register = _REGISTER.format(calls=calls, category=CATEGORY)
    return "\n".join((_HEAD, *wrappers, _ERRORS, register))


def wrapper(function: SheetFunction, *, addin: bool = False) -> str:
    """Return the VBA function that a cell calls."""
    arguments = function.arguments
    values = ", ".join(argument.name for argument in arguments)
    given = f'"{UDF_MODULE}", "{function.name}", Array({values})'
    call = f"XLPy.CallUDF({given}, {'ActiveWorkbook' if addin else 'ThisWorkbook'}, Application.Caller)"
    return _WRAPPER.format(
        name=function.name,
        parameters=", ".join(f"Optional {a.name}" if a.optional else a.name for a in arguments),
        call=f"WithErrors({call})" if function.is_array else call,
        given=given,
    )


def _described(function: SheetFunction) -> str:
    texts = [_quoted(function.name), _quoted(function.help)]
    if function.arguments:
        helps = ", _\n        ".join(_quoted(argument.help) for argument in function.arguments)
        texts.append(f"Array( _\n        {helps})")
    return f"    Describe {', '.join(texts)}"


def _quoted(text: str) -> str:
    if len(text) > LONGEST_HELP:
        raise ValueError(f"help of more than {LONGEST_HELP} characters: {text}")
    return '"' + text.replace('"', '""') + '"'
