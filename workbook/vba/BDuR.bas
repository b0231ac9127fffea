Attribute VB_Name = "BDuR"
Option Explicit

' Buttons, ribbon tab and opening of the BDuR workbook; the add-in BDuR.xlam holds the same text.
' VBA only calls Python (the functions of udfs/bdur_macros.py). It calculates nothing itself.

Private Const TITLE As String = "BDuR"
Private Const TARGETS As String = "udfs.bdur_macros"
Private Const HELP_SHEET As String = "Over"
Private Const SET_UP As String = "Voer één keer de opdracht  bdur installeer  uit en start Excel opnieuw."
#If Win64 Then
Private Const DLL_PREFIX As String = "xlwings64-"
#Else
Private Const DLL_PREFIX As String = "xlwings32-"
#End If

' --- What staff start: by a button, the ribbon or the list of macros ---

Public Sub VernieuwBestuursmemo()
    CallPython "vernieuw_bestuursmemo", "de bestuursmemo wordt gemaakt"
End Sub

Public Sub Controleer()
    CallPython "controleer", "het plan wordt gecontroleerd"
End Sub

Public Sub HerstelVorigeStand()
    CallPython "herstel_vorige_stand", "de vorige stand wordt hersteld"
End Sub

Public Sub HerberekenAlles()
    ' Without Python every BDUR function would replace its stored value by an error: then nothing is done.
    If Not Ready() Then Exit Sub
    On Error GoTo Finished
    Application.StatusBar = TITLE & ": alles wordt herberekend ..."
    Application.CalculateFull
Finished:
    ShowDone Err.Description
End Sub

Public Sub Gezondheid()
    Dim interpreter As String, installed As String, layer As String, problem As String
    problem = Obstacle()
    On Error Resume Next
    interpreter = InterpreterPath()
    installed = InstalledVersion(interpreter)
    layer = ConfigLayer()
    MsgBox "Werkmap: " & ThisWorkbook.Name & vbNewLine & _
        "xlwings van deze werkmap: " & XLWINGS_VERSION & vbNewLine & _
        "xlwings op deze computer: " & IIf(installed = "", "niet gevonden", installed) & vbNewLine & _
        "Python: " & IIf(interpreter = "", "niet ingesteld", interpreter) & vbNewLine & _
        "Ingesteld in: " & IIf(layer = "", "nergens", layer) & vbNewLine & vbNewLine & _
        IIf(problem = "", "Excel en Python passen bij elkaar.", problem), _
        IIf(problem = "", vbInformation, vbExclamation), TITLE
End Sub

Public Sub Handleiding()
    On Error GoTo Absent
    ActiveWorkbook.Worksheets(HELP_SHEET).Activate
    Exit Sub
Absent:
    MsgBox "De uitleg staat op het blad " & HELP_SHEET & " van de BDuR-werkmap; deze werkmap heeft dat blad niet.", _
        vbInformation, TITLE
End Sub

' --- The ribbon (workbook/ribbon.xml) ---

Public Sub KnopVernieuwBestuursmemo(control As IRibbonControl)
    VernieuwBestuursmemo
End Sub

Public Sub KnopControleer(control As IRibbonControl)
    Controleer
End Sub

Public Sub KnopHerstelVorigeStand(control As IRibbonControl)
    HerstelVorigeStand
End Sub

Public Sub KnopHerberekenAlles(control As IRibbonControl)
    HerberekenAlles
End Sub

Public Sub KnopGezondheid(control As IRibbonControl)
    Gezondheid
End Sub

Public Sub KnopHandleiding(control As IRibbonControl)
    Handleiding
End Sub

' --- Opening ---

Public Sub BijOpenen()
    ' Never holds up the opening: what takes time or may speak waits until Excel is idle.
    On Error Resume Next
    Application.OnTime Now, "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!BDuR.NaOpenen"
End Sub

Public Sub NaOpenen()
    Dim unchanged As Boolean, interpreter As String
    On Error Resume Next
    unchanged = ThisWorkbook.Saved
    RegistreerFuncties
    If unchanged Then ThisWorkbook.Saved = True
    interpreter = InterpreterPath()
    If interpreter <> "" Then MeldEenmaal
End Sub

Public Sub MeldEenmaal()
    ' One message per session. Silent on a computer that never had Python, until a function is asked for:
    ' the wrappers in module xlwings_udfs call this when they fail.
    Static told As Boolean
    Dim problem As String
    If told Then Exit Sub
    told = True
    problem = Obstacle()
    If problem <> "" Then MsgBox problem, vbExclamation, TITLE
End Sub

' --- Whether Excel can reach Python; asks files and settings only, starts nothing ---

Private Function Obstacle() As String
    ' What is wrong and the one remedy, in Dutch; empty when nothing is.
    Dim interpreter As String, installed As String
    On Error GoTo Unreadable
    interpreter = InterpreterPath()
    If interpreter = "" Then
        Obstacle = "Excel weet op deze computer nog niet waar Python staat." & vbNewLine & SET_UP
    ElseIf InStr(interpreter, "\") = 0 Then
        Exit Function ' found by Windows itself: only a call can tell
    ElseIf Not FileExists(interpreter) Then
        Obstacle = "Python staat niet meer op " & interpreter & "." & vbNewLine & SET_UP
    Else
        installed = InstalledVersion(interpreter)
        If installed = "" Then
            Obstacle = "Bij " & interpreter & " ontbreekt xlwings " & XLWINGS_VERSION & "." & vbNewLine & SET_UP
        ElseIf installed <> XLWINGS_VERSION Then
            Obstacle = "Deze werkmap hoort bij xlwings " & XLWINGS_VERSION & ", maar op deze computer staat xlwings " & _
                installed & "." & vbNewLine & "Installeer de BDuR-versie die bij deze werkmap hoort."
        End If
    End If
    Exit Function
Unreadable:
    Obstacle = "De instellingen van xlwings zijn niet te lezen (" & Err.Description & ")." & vbNewLine & SET_UP
End Function

Private Function InterpreterPath() As String
    InterpreterPath = GetConfig("INTERPRETER_WIN", "")
    If InterpreterPath = "" Then InterpreterPath = GetConfig("INTERPRETER", "") ' its older name
End Function

Private Function InstalledVersion(interpreter As String) As String
    ' From the name of the DLL beside Python, or one folder up in a virtual environment.
    ' The version of this workbook when it is among them; empty when there is none.
    Dim folder As String, found As String, level As Integer
    folder = interpreter
    For level = 1 To 2
        If InStr(folder, "\") = 0 Then Exit Function
        folder = ParentFolder(folder)
        found = Dir(folder & "\" & DLL_PREFIX & "*.dll")
        Do While found <> ""
            InstalledVersion = Mid$(found, Len(DLL_PREFIX) + 1, Len(found) - Len(DLL_PREFIX) - Len(".dll"))
            If InstalledVersion = XLWINGS_VERSION Then Exit Function
            found = Dir()
        Loop
    Next level
End Function

Private Function ConfigLayer() As String
    ' Which layer of xlwings' settings names the interpreter; sheet goes before folder, folder before user.
    If FromLayer("user") Then ConfigLayer = "uw eigen instellingen (map .xlwings)"
    If FromLayer("directory") Then ConfigLayer = "het bestand xlwings.conf naast de werkmap"
    If FromLayer("sheet") Then ConfigLayer = "het blad xlwings.conf in de werkmap"
End Function

Private Function FromLayer(layer As String) As Boolean
    FromLayer = GetConfig("INTERPRETER_WIN", "", layer) & GetConfig("INTERPRETER", "", layer) <> ""
End Function

' --- Calling ---

Private Function Ready() As Boolean
    Dim problem As String
    problem = Obstacle()
    If problem = "" And ActiveWorkbook Is Nothing Then problem = "Er is geen werkmap open. Open eerst een werkmap."
    Ready = (problem = "")
    If Not Ready Then MsgBox problem, vbExclamation, TITLE
End Function

Private Sub CallPython(target As String, activity As String)
    If Not Ready() Then Exit Sub
    On Error GoTo Finished
    Application.StatusBar = TITLE & ": " & activity & " ..."
    RunPython "import " & TARGETS & "; " & TARGETS & "." & target & "()"
Finished:
    ShowDone Err.Description
End Sub

Private Sub ShowDone(problem As String)
    Application.StatusBar = False
    If problem <> "" Then
        MsgBox "Dit is niet gelukt: " & problem & vbNewLine & "Kijk bij de knop Gezondheid wat er ontbreekt.", _
            vbExclamation, TITLE
    End If
End Sub
