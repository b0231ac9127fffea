"""Whether workbook, Excel, Python and LibreOffice of one computer fit: one check, one line, one remedy.

`Machine` holds the facts, collected elsewhere (`files.machine`); every check here is a function of
them alone, so that any broken set-up can be told from facts that somebody wrote down.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PureWindowsPath

from bdur_xl.nl import listing, plural
from bdur_xl.status import OLDEST_PYTHON, holds

FITTING_OFFICE = "25.8"
"""The first LibreOffice that brings such a Python on Windows and macOS."""

WORKBOOK_VERSION, WORKBOOK_XLWINGS = "versie van deze werkmap", "xlwings van deze werkmap"
"""Labels on the sheet Gezondheid; the cell beside each tells."""
CURRENT = "Actueel"
"""What the cell actualiteit says when no input changed since the last refresh."""

SET_UP = "Voer bdur installeer uit en start Excel opnieuw."
REINSTALL = "Installeer BDuR opnieuw uit het zipbestand en voer daarna bdur installeer uit."


class Verdict(StrEnum):
    """What a check says."""

    GOOD = "goed"
    WRONG = "fout"
    NOTE = "let op"
    """Works, but may surprise."""
    UNSEEN = "hier niet te zien"


class Layer(StrEnum):
    """Where xlwings looks for its settings, first to last."""

    SHEET = "het blad xlwings.conf in de werkmap"
    FOLDER = "het bestand xlwings.conf naast de werkmap"
    USER = "uw eigen instellingen"


@dataclass(frozen=True, slots=True)
class Settings:
    """One layer of xlwings' settings."""

    layer: Layer
    place: str
    values: Mapping[str, str]
    """By name, in capitals, environment variables filled in."""
    problem: str = ""
    """What keeps Excel from reading it."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that Excel is told to start, and what it answered."""

    path: str
    exists: bool = True
    python: str | None = None
    """Its version; None when it did not start."""
    bits: int | None = None
    package: str | None = None
    """Version of bdur_xl there."""
    xlwings: str | None = None
    status: str | None = None
    """What BDUR_STATUS gives there."""
    error: str = ""
    """Why it gave no status."""
    dlls: tuple[str, ...] = ()
    """Names of xlwings' DLLs beside it or one folder up: where Excel looks."""


@dataclass(frozen=True, slots=True)
class Excel:
    """What Windows tells of Excel; None is not known."""

    bits: int | None = None
    macros: int | None = None
    """VBAWarnings: 1 all, 2 after a question, 3 signed only, 4 none. Source: Office policy templates."""
    trusted: tuple[tuple[str, bool], ...] = ()
    """Trusted folders, and whether those in them are too."""


@dataclass(frozen=True, slots=True)
class Office:
    """LibreOffice."""

    path: str
    version: str | None = None
    python: str | None = None
    extension: str | None = None
    """Version of our extension for this user; None when it is not there."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The workbook that was named, as it was last saved."""

    path: str
    problem: str = ""
    """Why it cannot be read."""
    remedy: str = ""
    program: str | None = None
    """Version of bdur_xl that made it."""
    xlwings: str | None = None
    """Version of xlwings that its macros call."""
    zone: int | None = None
    """The Mark of the Web: 3 internet, 4 untrusted; None without one."""
    synced: str = ""
    """The synchronised folder it is in."""
    last_refresh: str = ""
    """When and with which memo; empty before the first."""
    left_behind: str = ""
    """The memo of the last refresh, when neither it nor any kept state is beside the workbook."""
    currency: str = ""
    """What its cell actualiteit said."""
    template: str | None = None
    """The faults of the Word template beside it; empty when it fits, None without one."""
    not_writable: str = ""
    """Why its folder takes no file."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One computer, as far as it shows itself."""

    system: str
    """"windows", "mac" or "linux"."""
    package: str
    """Version of the bdur_xl that asks."""
    settings: tuple[Settings, ...] = ()
    interpreter: Interpreter | None = None
    excel: Excel = field(default_factory=Excel)
    decimal: str | None = None
    """The decimal sign of the system."""
    office: Office | None = None
    workbook: Workbook | None = None

    def setting(self, name: str) -> str:
        """Return what a setting is: the first layer that has it tells."""
        return next((one.values[name] for one in self.settings if name in one.values), "")

    def with_interpreter(self, interpreter: Interpreter) -> "Machine":
        """Return the same with the Python that Excel is told to start."""
        return replace(self, interpreter=interpreter)

    @property
    def xlwings(self) -> str | None:
        """The version of xlwings that must be there: the workbook's, else that of the interpreter."""
        wanted = self.workbook.xlwings if self.workbook else None
        return wanted or (self.interpreter.xlwings if self.interpreter else None)


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found."""

    verdict: Verdict
    found: str
    remedy: str = ""


def _good(found: str) -> Result:
    return Result(Verdict.GOOD, found)


def _wrong(found: str, remedy: str) -> Result:
    return Result(Verdict.WRONG, found, remedy)


def _note(found: str, remedy: str) -> Result:
    return Result(Verdict.NOTE, found, remedy)


def _unseen(found: str) -> Result:
    return Result(Verdict.UNSEEN, found)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: a stable code, its name for staff, what it looks at."""

    code: str
    name: str
    looks_at: str
    run: Callable[[Machine], Result]
    of_workbook: bool = False
    """Whether it needs a workbook."""


@dataclass(frozen=True, slots=True)
class Line:
    """A check and its result."""

    check: Check
    result: Result


def examine(machine: Machine) -> list[Line]:
    """Return a line per check; those of a workbook only when one was named."""
    return [Line(one, one.run(machine)) for one in CHECKS if machine.workbook or not one.of_workbook]


def healthy(lines: Sequence[Line]) -> bool:
    """Tell whether nothing is wrong; what cannot be seen is not."""
    return all(line.result.verdict is not Verdict.WRONG for line in lines)


# Excel and Python

_ONLY_WINDOWS = "Excel roept Python-functies alleen op Windows aan"
_NO_PYTHON_YET = "niet na te gaan zonder werkende Python"


def _settings(machine: Machine) -> Result:
    user = next((one for one in machine.settings if one.layer is Layer.USER), None)
    if user is None:
        return _wrong("xlwings is voor u nog niet ingesteld", SET_UP)
    if user.problem:
        return _wrong(f"{user.place}: {user.problem}", f"{SET_UP} Het oude bestand blijft ernaast bewaard.")
    expected = {"ADD_WORKBOOK_TO_PYTHONPATH": "False", "USE UDF SERVER": "True"}
    lacking = [name for name in ("INTERPRETER_WIN", *expected) if not user.values.get(name)]
    other = [name for name, value in expected.items() if user.values.get(name, "").lower() != value.lower()]
    if lacking:
        return _wrong(f"in {user.place} ontbreekt {listing(lacking)}", SET_UP)
    if other:
        shown = listing(f"{name} = {user.values[name]}" for name in other)
        return _wrong(f"in {user.place} staat {shown}", SET_UP)
    return _good(user.place)


def _other_project(machine: Machine) -> Result:
    for one in machine.settings:
        if one.layer is not Layer.USER:
            named = listing(one.values) if one.values else "niets"
            return _wrong(
                f"{one.layer} gaat voor uw eigen instellingen ({one.place}: {named})",
                f"Hernoem of verwijder {one.layer}, als het niet met opzet is.",
            )
    modules = [name for name in machine.setting("UDF MODULES").split(";") if name]
    if not machine.settings:
        return _unseen("er zijn nog geen instellingen")
    listed = ";".join(modules) or "leeg"
    if "udfs.bdur_udfs" not in modules:
        return _wrong(f"de instellingen zijn van een ander project (UDF MODULES = {listed})", SET_UP)
    if folders := machine.setting("PYTHONPATH"):
        return _note(
            f"een ander project zet PYTHONPATH = {folders}; wat daar staat, gaat voor",
            "Geeft BDuR fouten bij importeren, haal die regel dan uit xlwings.conf.",
        )
    return _good("geen ander project gaat voor")


def _python(machine: Machine) -> Result:
    one = machine.interpreter
    if one is None:
        return _wrong("geen Python ingesteld", SET_UP)
    if PureWindowsPath(one.path).name == one.path:
        return _wrong(f"{one.path} is geen volledig pad; Windows kan een andere Python kiezen", SET_UP)
    if not one.exists:
        return _wrong(f"Python staat niet op {one.path}", SET_UP)
    if one.python is None:
        return _wrong(f"{one.path} start niet: {one.error or 'zonder melding'}", REINSTALL)
    return _good(one.path)


def _python_version(machine: Machine) -> Result:
    one, office = machine.interpreter, machine.excel.bits
    if one is None or one.python is None:
        return _unseen(_NO_PYTHON_YET)
    found = f"Python {one.python}, {one.bits} bits"
    if numbers(one.python) < OLDEST_PYTHON:
        return _wrong(
            f"{found}; nodig is {shown_python()} of nieuwer", f"Installeer een nieuwere. {REINSTALL}"
        )
    if office and one.bits and office != one.bits:
        return _wrong(
            f"{found}, maar Excel heeft {office} bits", f"Installeer Python voor {office} bits. {REINSTALL}"
        )
    return _good(found)


def _package(machine: Machine) -> Result:
    one = machine.interpreter
    if one is None or one.python is None:
        return _unseen(_NO_PYTHON_YET)
    if one.package is None:
        return _wrong(f"bij {one.path} is bdur_xl niet geïnstalleerd", SET_UP)
    if one.package != machine.package:
        return _wrong(f"Excel gebruikt bdur_xl {one.package}, deze opdracht {machine.package}", SET_UP)
    return _good(f"bdur_xl {one.package}")


def _xlwings(machine: Machine) -> Result:
    one = machine.interpreter
    if one is None or one.python is None:
        return _unseen(_NO_PYTHON_YET)
    if one.xlwings is None:
        return _wrong(f"bij {one.path} ontbreekt xlwings", REINSTALL)
    if one.xlwings != machine.xlwings:
        return _wrong(
            f"de werkmap hoort bij xlwings {machine.xlwings}, bij Python staat {one.xlwings}",
            "Installeer de BDuR-versie die bij deze werkmap hoort.",
        )
    return _good(f"xlwings {one.xlwings}")


def _dll(machine: Machine) -> Result:
    one, version = machine.interpreter, machine.xlwings
    if machine.system != "windows":
        return _unseen(_ONLY_WINDOWS)
    if one is None or not one.exists or version is None:
        return _unseen(_NO_PYTHON_YET)
    wanted = f"xlwings{machine.excel.bits or one.bits or 64}-{version}.dll"
    if wanted in one.dlls:
        return _good(wanted)
    if one.dlls:
        return _wrong(f"naast Python staat {listing(one.dlls)}; nodig is {wanted}", REINSTALL)
    return _wrong(
        f"{wanted} ontbreekt naast {one.path}",
        "Installeer BDuR in een eigen omgeving (python -m venv), niet met pip --user of de Python uit de "
        "Microsoft Store, en voer bdur installeer uit.",
    )


def _functions(machine: Machine) -> Result:
    one = machine.interpreter
    if one is None or one.python is None:
        return _unseen(_NO_PYTHON_YET)
    if one.status is None:
        return _wrong(f"de functies zijn niet te laden: {one.error}", REINSTALL)
    if not holds(one.status):
        return _wrong(one.status, REINSTALL)
    return _good(one.status)


def _on_windows_or_set_up(check: Callable[[Machine], Result]) -> Callable[[Machine], Result]:
    """Leave Excel's side out on a system without it, unless someone set it up there."""

    def run(machine: Machine) -> Result:
        if machine.system != "windows" and not machine.settings:
            return _unseen(_ONLY_WINDOWS)
        return check(machine)

    return run


# The workbook and its folder


def _workbook(machine: Machine) -> Result:
    book = _book(machine)
    return _wrong(book.problem, book.remedy) if book.problem else _good(book.path)


def _workbook_version(machine: Machine) -> Result:
    book, here = _book(machine), machine.package
    if book.problem:
        return _unseen("de werkmap is niet te lezen")
    if book.program is None:
        return _wrong(
            "de werkmap zegt niet met welke versie zij is gemaakt",
            "Neem uw invoer over in een werkmap van deze versie: bdur bijwerken WERKMAP.",
        )
    found = f"werkmap {book.program}, programma {here}"
    if numbers(book.program) > numbers(here):
        return _wrong(f"{found}: de werkmap is nieuwer", "Installeer de BDuR die bij deze werkmap hoort.")
    if numbers(book.program) < numbers(here):
        return _wrong(
            f"{found}: de werkmap is ouder",
            "Neem uw invoer over in een werkmap van deze versie: bdur bijwerken WERKMAP.",
        )
    return _good(found)


def _moved(machine: Machine) -> Result:
    book = _book(machine)
    if book.left_behind:
        return _wrong(
            f"de werkmap is verplaatst: {book.left_behind} en de map momentopnamen staan hier niet",
            "Zet de werkmap terug, of verplaats de map momentopnamen en de memo's mee.",
        )
    return _good("wat een verversing maakte staat ernaast" if book.last_refresh else "nog niet ververst")


def _from_internet(machine: Machine) -> Result:
    book = _book(machine)
    if machine.system != "windows":
        return _unseen("alleen op Windows te zien")
    if book.zone is not None and book.zone >= 3:
        return _wrong(
            f"de werkmap komt volgens Windows van internet (zone {book.zone}): Excel blokkeert de macro's",
            "Rechtsklik op het bestand, Eigenschappen, vink Blokkering opheffen aan.",
        )
    return _good("niet gemerkt als afkomstig van internet")


_MACRO_RULES = {
    1: "alle macro's toegestaan",
    2: "macro's na een vraag",
    3: "alleen ondertekende macro's",
    4: "geen macro's",
}


def _macros(machine: Machine) -> Result:
    if machine.system != "windows":
        return _unseen("alleen op Windows te zien")
    rule = machine.excel.macros
    if rule is None:
        return _good("de standaard van Excel: macro's na een vraag")
    found = _MACRO_RULES.get(rule, f"onbekende instelling {rule}")
    if rule in (1, 2) or _trusted_folder(machine):
        return _good(found)
    return _wrong(
        f"Excel staat op: {found}",
        "Vraag de beheerder de map van de werkmap tot vertrouwde locatie te maken.",
    )


def _trusted(machine: Machine) -> Result:
    if machine.system != "windows":
        return _unseen("alleen op Windows te zien")
    if place := _trusted_folder(machine):
        return _good(f"de map valt onder de vertrouwde locatie {place}")
    return _note(
        "de map van de werkmap is geen vertrouwde locatie",
        "Vraagt Excel telkens om de inhoud in te schakelen, maak de map dan tot vertrouwde locatie.",
    )


def _trusted_folder(machine: Machine) -> str:
    if machine.workbook is None:
        return ""
    folder = PureWindowsPath(machine.workbook.path).parent
    for place, subfolders in machine.excel.trusted:
        trusted = PureWindowsPath(place)
        if folder == trusted or (subfolders and trusted in folder.parents):
            return place
    return ""


def _synced(machine: Machine) -> Result:
    if synced := _book(machine).synced:
        return _note(
            f"de werkmap staat in de gesynchroniseerde map {synced}",
            "Zet Automatisch opslaan uit voor een verversing, en wacht daarna tot alles is gesynchroniseerd.",
        )
    return _good("geen gesynchroniseerde map")


def _writable(machine: Machine) -> Result:
    if reason := _book(machine).not_writable:
        return _wrong(
            f"naast de werkmap kan geen memo worden geschreven: {reason}",
            "Zet de werkmap in een map waar u mag schrijven.",
        )
    return _good("in de map van de werkmap kan worden geschreven")


def _template(machine: Machine) -> Result:
    faults = _book(machine).template
    if faults is None:
        return _good("geen eigen sjabloon naast de werkmap: de vaste geldt")
    if faults:
        return _wrong(faults, "Herstel de sjabloon in Word, of haal haar weg: dan geldt de vaste.")
    return _good("de sjabloon naast de werkmap past")


def _refreshed(machine: Machine) -> Result:
    book = _book(machine)
    if book.problem:
        return _unseen("de werkmap is niet te lezen")
    if book.currency and book.currency != CURRENT:
        return _note(
            f"{book.last_refresh or 'nog niet ververst'}; {book.currency}",
            "Kies Vernieuw bestuursmemo voordat u de memo gebruikt.",
        )
    if not book.last_refresh:
        return _note("nog niet ververst", "Open de werkmap en kies Vernieuw bestuursmemo.")
    return _good(f"{book.last_refresh}; {book.currency or 'actualiteit onbekend'}")


def _book(machine: Machine) -> Workbook:
    assert machine.workbook
    return machine.workbook


# The system and LibreOffice


def _locale(machine: Machine) -> Result:
    if machine.decimal is None:
        return _unseen("het decimaalteken van het systeem is niet bekend")
    if machine.decimal != ",":
        return _note(
            f"het decimaalteken is {machine.decimal}, niet de komma",
            "Typ bedragen met dat teken, of kies Nederlands (Nederland) bij de landinstellingen.",
        )
    return _good("decimale komma")


def _office(machine: Machine) -> Result:
    if machine.office is None:
        return _note("LibreOffice is niet gevonden", "Voor een PDF zonder Word: installeer LibreOffice.")
    return _good(f"LibreOffice {machine.office.version or 'van onbekende versie'}: {machine.office.path}")


def _office_python(machine: Machine) -> Result:
    office = machine.office
    if office is None:
        return _unseen("LibreOffice is niet gevonden")
    if office.python is None:
        return _unseen("niet te lezen welke Python LibreOffice heeft")
    found = f"Python {office.python}"
    if numbers(office.python) >= OLDEST_PYTHON:
        return _good(found)
    told = f"{found}; de functies vragen {shown_python()} of nieuwer"
    remedy = f"Installeer LibreOffice {FITTING_OFFICE} of nieuwer."
    return _wrong(told, remedy) if office.extension else _note(told, remedy)


def _extension(machine: Machine) -> Result:
    office = machine.office
    if office is None:
        return _unseen("LibreOffice is niet gevonden")
    again = "Voer bdur installeer --calc uit en start LibreOffice opnieuw."
    if office.extension is None:
        return _note("de extensie BDuR is niet aangemeld: in Calc rekenen de functies niet", again)
    if office.extension != machine.package:
        return _wrong(f"de extensie is versie {office.extension}, het programma {machine.package}", again)
    return _good(f"BDuR {office.extension}")


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers, so that 3.9 is older than 3.11."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def shown_python() -> str:
    """Return the oldest Python that will do, in words."""
    return f"Python {'.'.join(map(str, OLDEST_PYTHON))}"


def _excel(code: str, name: str, looks_at: str, run: Callable[[Machine], Result]) -> Check:
    return Check(code, name, looks_at, _on_windows_or_set_up(run))


def _of_workbook(code: str, name: str, looks_at: str, run: Callable[[Machine], Result]) -> Check:
    return Check(code, name, looks_at, run, of_workbook=True)


CHECKS: tuple[Check, ...] = (
    _excel("instellingen", "Instellingen", "xlwings.conf van deze gebruiker: leesbaar, volledig", _settings),
    _excel("ander-project", "Ander project", "of instellingen van een ander voorgaan", _other_project),
    _excel("python", "Python", "het pad naar Python; start die ook", _python),
    _excel("python-versie", "Versie van Python", "nieuw genoeg, evenveel bits als Excel", _python_version),
    _excel("programma", "Programma", "bdur_xl bij die Python, van deze versie", _package),
    _excel("xlwings", "xlwings", "de versie die bij de werkmap hoort", _xlwings),
    _excel("dll", "DLL van xlwings", "naast Python, van de goede versie", _dll),
    _excel("functies", "Functies", "BDUR_STATUS, in die Python echt gestart", _functions),
    Check("landinstelling", "Landinstelling", "het decimaalteken van het systeem", _locale),
    Check("libreoffice", "LibreOffice", "of het er is, en welke versie", _office),
    Check("libreoffice-python", "Python van LibreOffice", "nieuw genoeg voor de functies", _office_python),
    Check("extensie", "Extensie voor Calc", "aangemeld, van deze versie", _extension),
    _of_workbook("werkmap", "Werkmap", "bestaat en is leesbaar", _workbook),
    _of_workbook("werkmap-versie", "Versie van de werkmap", "naast die van het programma", _workbook_version),
    _of_workbook("verplaatst", "Plaats", "of staat wat een verversing maakte er nog naast", _moved),
    _of_workbook("internet", "Van internet", "of Windows het bestand blokkeert", _from_internet),
    _of_workbook("macros", "Macro's", "wat Excel van macro's toestaat", _macros),
    _of_workbook("vertrouwd", "Vertrouwde locatie", "de map van de werkmap", _trusted),
    _of_workbook("synchronisatie", "Synchronisatie", "OneDrive of een dergelijke map", _synced),
    _of_workbook("schrijven", "Schrijven", "of de memo ernaast kan worden gezet", _writable),
    _of_workbook("sjabloon", "Sjabloon", "de Word-sjabloon naast de werkmap", _template),
    _of_workbook("verversing", "Laatste verversing", "wanneer, en of de invoer daarna wijzigde", _refreshed),
)
"""In the order they are shown; a code never changes its meaning."""


def told(lines: Sequence[Line]) -> str:
    """Return in one sentence what it all comes to."""
    wrong = sum(line.result.verdict is Verdict.WRONG for line in lines)
    return f"{plural(wrong, 'ding is', 'dingen zijn')} niet in orde." if wrong else "Alles is in orde."


def as_json(lines: Sequence[Line]) -> dict[str, object]:
    """Return the lines with stable keys, for a service desk."""
    return {
        "goed": healthy(lines),
        "controles": [
            {
                "code": line.check.code,
                "naam": line.check.name,
                "uitkomst": str(line.result.verdict),
                "bevinding": line.result.found,
                "remedie": line.result.remedy,
            }
            for line in lines
        ],
    }
