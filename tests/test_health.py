"""Broken set-ups, told from facts that are written down here: each is named, with its remedy."""

from dataclasses import replace

import pytest

import udfs.calc
from bdur_xl import health
from bdur_xl.health import (
    CHECKS,
    Excel,
    Interpreter,
    Layer,
    Machine,
    Office,
    Settings,
    Verdict,
    Workbook,
    as_json,
    examine,
    healthy,
    told,
)
from bdur_xl.status import OLDEST_PYTHON

PATH = r"C:\Users\één\AppData\Local\BDuR\Scripts\python.exe"
FOLDER = r"C:\Users\één\Documents\BDuR"
CONF = r"C:\Users\één\.xlwings\xlwings.conf"
OURS = {
    "INTERPRETER_WIN": PATH,
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    "USE UDF SERVER": "True",
    "UDF MODULES": "udfs.bdur_udfs",
}
USER = Settings(Layer.USER, CONF, OURS)
PYTHON = Interpreter(
    PATH,
    python="3.12.4",
    bits=64,
    package="1.2.0",
    xlwings="0.37.8",
    status="bdur_xl 1.2.0, Python 3.12.4, xlwings 0.37.8: de zelftest klopt",
    dlls=("xlwings32-0.37.8.dll", "xlwings64-0.37.8.dll"),
)
BOOK = Workbook(
    rf"{FOLDER}\BDuR_plan.xlsm",
    program="1.2.0",
    xlwings="0.37.8",
    last_refresh="ververst op 01-06-2027 09:30",
    currency="Actueel",
    template="",
)
OFFICE = Office(r"C:\Program Files\LibreOffice\program\soffice.com", "25.8.1.1", "3.11.9", "1.2.0")
GOOD = Machine(
    system="windows",
    package="1.2.0",
    settings=(USER,),
    interpreter=PYTHON,
    excel=Excel(bits=64, macros=2, trusted=((FOLDER, False),)),
    decimal=",",
    office=OFFICE,
    workbook=BOOK,
)


def with_python(**facts: object) -> Machine:
    return replace(GOOD, interpreter=replace(PYTHON, **facts))  # type: ignore[arg-type]


def with_book(**facts: object) -> Machine:
    return replace(GOOD, workbook=replace(BOOK, **facts))  # type: ignore[arg-type]


def with_settings(**values: str) -> Machine:
    named = {
        name.replace("_", " ") if name.startswith("U") else name: value for name, value in values.items()
    }
    return replace(GOOD, settings=(replace(USER, values={**OURS, **named}),))


def layered(layer: Layer, place: str) -> Machine:
    return replace(GOOD, settings=(Settings(layer, place, {"INTERPRETER_WIN": "python"}), USER))


GONE = with_python(exists=False, python=None, dlls=())
BROKEN: dict[str, tuple[Machine, str, str, str]] = {
    "never set up": (
        replace(GOOD, settings=(), interpreter=None),
        "instellingen",
        "nog niet ingesteld",
        "bdur installeer",
    ),
    "settings unreadable": (
        replace(
            GOOD, settings=(replace(USER, values={}, problem="het bestand is geen gewone tekst (UTF-16)"),)
        ),
        "instellingen",
        "UTF-16",
        "bdur installeer",
    ),
    "settings incomplete": (
        replace(GOOD, settings=(replace(USER, values={"UDF MODULES": "udfs.bdur_udfs"}),)),
        "instellingen",
        "ontbreekt INTERPRETER_WIN, ADD_WORKBOOK_TO_PYTHONPATH en USE UDF SERVER",
        "bdur installeer",
    ),
    "folder of the workbook on the path": (
        with_settings(ADD_WORKBOOK_TO_PYTHONPATH="True"),
        "instellingen",
        "ADD_WORKBOOK_TO_PYTHONPATH = True",
        "bdur installeer",
    ),
    "no Python at the path": (GONE, "python", f"Python staat niet op {PATH}", "bdur installeer"),
    "a Python without its folder": (
        with_python(path="python"),
        "python",
        "geen volledig pad",
        "bdur installeer",
    ),
    "a Python that does not start": (
        with_python(python=None, error="python311.dll was not found"),
        "python",
        "python311.dll",
        "opnieuw",
    ),
    "Python too old": (with_python(python="3.9.13"), "python-versie", "nodig is Python 3.11", "nieuwere"),
    "bits that differ": (with_python(bits=32), "python-versie", "32 bits, maar Excel heeft 64", "64 bits"),
    "bdur_xl not in that Python": (
        with_python(package=None),
        "programma",
        "niet geïnstalleerd",
        "bdur installeer",
    ),
    "another bdur_xl there": (
        with_python(package="1.1.0"),
        "programma",
        "1.1.0, deze opdracht 1.2.0",
        "bdur installeer",
    ),
    "xlwings missing": (with_python(xlwings=None), "xlwings", "ontbreekt xlwings", "Installeer BDuR opnieuw"),
    "another xlwings": (
        with_python(xlwings="0.36.0"),
        "xlwings",
        "hoort bij xlwings 0.37.8",
        "die bij deze werkmap hoort",
    ),
    "DLL missing": (with_python(dlls=()), "dll", "xlwings64-0.37.8.dll ontbreekt", "eigen omgeving"),
    "DLL of another version": (
        with_python(dlls=("xlwings64-0.30.1.dll",)),
        "dll",
        "xlwings64-0.30.1.dll; nodig is xlwings64-0.37.8.dll",
        "Installeer BDuR opnieuw",
    ),
    "functions not importable": (
        with_python(status=None, error="ModuleNotFoundError: No module named 'pandas'"),
        "functies",
        "pandas",
        "Installeer BDuR opnieuw",
    ),
    "self-test fails": (
        with_python(status="bdur_xl 1.2.0: DE ZELFTEST KLOPT NIET"),
        "functies",
        "KLOPT NIET",
        "Installeer BDuR opnieuw",
    ),
    "settings of another project": (
        with_settings(UDF_MODULES="rooster"),
        "ander-project",
        "UDF MODULES = rooster",
        "bdur installeer",
    ),
    "settings beside the workbook": (
        layered(Layer.FOLDER, rf"{FOLDER}\xlwings.conf"),
        "ander-project",
        "naast de werkmap gaat voor",
        "Hernoem of verwijder",
    ),
    "settings in the workbook": (
        layered(Layer.SHEET, "xlwings.conf"),
        "ander-project",
        "het blad xlwings.conf in de werkmap gaat voor",
        "verwijder",
    ),
    "extension of an older version": (
        replace(GOOD, office=replace(OFFICE, extension="1.1.0")),
        "extensie",
        "versie 1.1.0",
        "bdur installeer --calc",
    ),
    "extension in a LibreOffice with an old Python": (
        replace(GOOD, office=replace(OFFICE, version="24.2", python="3.8.19")),
        "libreoffice-python",
        "Python 3.8.19",
        "LibreOffice 25.8",
    ),
    "no such workbook": (
        with_book(problem="het bestaat niet", remedy="Controleer de naam."),
        "werkmap",
        "bestaat niet",
        "Controleer",
    ),
    "workbook of a newer make": (with_book(program="1.10.0"), "werkmap-versie", "nieuwer", "Installeer"),
    "workbook of an older make": (
        with_book(program="1.1.9"),
        "werkmap-versie",
        "ouder",
        "bdur bijwerken",
    ),
    "workbook that tells no make": (
        with_book(program=None),
        "werkmap-versie",
        "niet met welke versie",
        "bdur bijwerken",
    ),
    "moved workbook": (
        with_book(left_behind="Bestuursmemo BDuR 2027-06-01.docx"),
        "verplaatst",
        "is verplaatst",
        "verplaats de map",
    ),
    "blocked download": (with_book(zone=3), "internet", "internet (zone 3)", "Blokkering opheffen"),
    "macros switched off": (
        replace(GOOD, excel=Excel(bits=64, macros=4)),
        "macros",
        "geen macro's",
        "vertrouwde locatie",
    ),
    "read-only folder": (
        with_book(not_writable="geen schrijfrechten"),
        "schrijven",
        "geen schrijfrechten",
        "waar u mag schrijven",
    ),
    "broken template": (
        with_book(template="De sjabloon is geen leesbaar Word-bestand"),
        "sjabloon",
        "Word-bestand",
        "Word",
    ),
}

NOTES: dict[str, tuple[Machine, str, str, str]] = {
    "decimal point": (replace(GOOD, decimal="."), "landinstelling", "decimaalteken is .", "Nederlands"),
    "a path of another project": (
        with_settings(PYTHONPATH=r"C:\rooster"),
        "ander-project",
        r"C:\rooster",
        "xlwings.conf",
    ),
    "no extension": (
        replace(GOOD, office=replace(OFFICE, extension=None)),
        "extensie",
        "niet aangemeld",
        "--calc",
    ),
    "no LibreOffice": (replace(GOOD, office=None), "libreoffice", "niet gevonden", "LibreOffice"),
    "OneDrive": (
        with_book(synced=r"C:\Users\één\OneDrive"),
        "synchronisatie",
        "OneDrive",
        "Automatisch opslaan",
    ),
    "not a trusted folder": (
        replace(GOOD, excel=Excel(64, 2)),
        "vertrouwd",
        "geen vertrouwde locatie",
        "vertrouwde",
    ),
    "changed since the refresh": (
        with_book(currency="VEROUDERD sinds de laatste verversing"),
        "verversing",
        "VEROUDERD",
        "Vernieuw bestuursmemo",
    ),
    "never refreshed": (
        with_book(last_refresh="", currency="Actueel"),
        "verversing",
        "nog niet ververst",
        "Vernieuw bestuursmemo",
    ),
}


def verdicts(machine: Machine) -> dict[str, Verdict]:
    return {line.check.code: line.result.verdict for line in examine(machine)}


def test_a_good_set_up_is_good_in_every_line() -> None:
    assert set(verdicts(GOOD).values()) == {Verdict.GOOD}
    assert [line.check for line in examine(GOOD)] == list(CHECKS)
    assert told(examine(GOOD)) == "Alles is in orde."


@pytest.mark.parametrize(("machine", "code", "found", "remedy"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_set_up_is_named_with_its_remedy(
    machine: Machine, code: str, found: str, remedy: str
) -> None:
    lines = {line.check.code: line.result for line in examine(machine)}
    assert lines[code].verdict is Verdict.WRONG
    assert found in lines[code].found
    assert remedy in lines[code].remedy
    assert not healthy(examine(machine))


@pytest.mark.parametrize(("machine", "code", "found", "remedy"), NOTES.values(), ids=NOTES.keys())
def test_what_may_surprise_is_a_note_and_no_fault(
    machine: Machine, code: str, found: str, remedy: str
) -> None:
    lines = {line.check.code: line.result for line in examine(machine)}
    assert lines[code].verdict is Verdict.NOTE
    assert found in lines[code].found
    assert remedy in lines[code].remedy
    assert healthy(examine(machine))


def test_every_check_can_say_wrong_or_note_so_every_remedy_is_seen() -> None:
    assert {check.code for check in CHECKS} == {code for _, code, _, _ in [*BROKEN.values(), *NOTES.values()]}


def test_a_remedy_is_given_exactly_where_something_is_to_do() -> None:
    for machine, *_ in [*BROKEN.values(), *NOTES.values()]:
        for line in examine(machine):
            todo = line.result.verdict in (Verdict.WRONG, Verdict.NOTE)
            assert bool(line.result.remedy) == todo, line
            assert line.result.found, line


def test_one_cause_is_one_fault() -> None:
    """Without Python nothing more is said of what only Python can tell."""
    wrong = [code for code, verdict in verdicts(GONE).items() if verdict is Verdict.WRONG]
    assert wrong == ["python"]


def test_elsewhere_than_windows_excel_is_not_at_fault() -> None:
    linux = Machine("linux", "1.2.0", office=OFFICE)
    seen = {code for code, verdict in verdicts(linux).items() if verdict is not Verdict.UNSEEN}
    assert seen == {"libreoffice", "libreoffice-python", "extensie"}
    assert healthy(examine(linux))
    assert "werkmap" not in verdicts(linux)


@pytest.mark.parametrize(
    ("place", "subfolders", "trusted"),
    [
        (FOLDER.upper(), False, True),
        (r"C:\Users\één\Documents", True, True),
        (r"C:\Users\één\Documents", False, False),
        (r"C:\Users\één\Documents\BDuR2", True, False),
    ],
)
def test_a_trusted_folder_counts_with_its_subfolders_when_it_says_so(
    place: str, subfolders: bool, trusted: bool
) -> None:
    machine = replace(GOOD, excel=Excel(64, 4, ((place, subfolders),)))
    assert (verdicts(machine)["vertrouwd"] is Verdict.GOOD) == trusted
    assert (verdicts(machine)["macros"] is Verdict.GOOD) == trusted


def test_json_has_stable_keys() -> None:
    found = as_json(examine(GONE))
    assert found["goed"] is False
    checks = found["controles"]
    assert isinstance(checks, list)
    assert list(checks[0]) == ["code", "naam", "uitkomst", "bevinding", "remedie"]
    assert checks[-1]["code"] == "verversing"
    assert len({check.code for check in CHECKS}) == len(CHECKS)


def test_versions_compare_as_numbers() -> None:
    assert health.numbers("0.9.12") < health.numbers("0.10.1")


def test_the_extension_asks_for_the_same_python() -> None:
    assert udfs.calc.NEEDED == OLDEST_PYTHON
