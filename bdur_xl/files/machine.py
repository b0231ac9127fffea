"""The facts about one computer, for `health`: files, the registry, and a Python that is really started.

What differs per system comes in through `System`, so that a Windows can be told from files on any other.
"""

import datetime as dt
import json
import locale
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bdur_xl
from bdur_xl.book import BookError
from bdur_xl.files import xlwings_conf
from bdur_xl.files.atomic import reason
from bdur_xl.files.calc_extension import office_python, office_version, profile, registered
from bdur_xl.files.pdf import libreoffice
from bdur_xl.health import (
    WORKBOOK_VERSION,
    WORKBOOK_XLWINGS,
    Excel,
    Interpreter,
    Layer,
    Machine,
    Office,
    Settings,
    Workbook,
)

PATIENCE = 120
"""Seconds that a Python may take to answer."""

WINDOWS, MAC, LINUX = "windows", "mac", "linux"

Cells = Sequence[Sequence[object]]
Registry = Callable[[str], tuple[Mapping[str, object], Sequence[str]]]
"""Gives the values of a key of the Windows registry and the names of the keys under it; both may be empty."""


@dataclass(frozen=True, slots=True)
class System:
    """What differs per computer and per system."""

    name: str
    home: Path
    variables: Mapping[str, str]
    code_page: str
    registry: Registry = lambda _: ({}, ())

    @property
    def conf(self) -> xlwings_conf.Place:
        """Where the user's settings of xlwings are."""
        return xlwings_conf.place(self.name, self.home, self.code_page)


def this_system() -> System:
    """Return the system that we run on."""
    name = {"win32": WINDOWS, "darwin": MAC}.get(sys.platform, LINUX)
    return System(name, Path.home(), os.environ, locale.getencoding(), _windows_registry)


def _windows_registry(key: str) -> tuple[Mapping[str, object], Sequence[str]]:
    if sys.platform != "win32":
        return {}, ()
    import winreg

    root, _, rest = key.partition("\\")
    roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
    try:
        with winreg.OpenKey(roots[root], rest) as opened:
            keys, values, _ = winreg.QueryInfoKey(opened)
            named = (winreg.EnumValue(opened, number)[:2] for number in range(values))
            return dict(named), [winreg.EnumKey(opened, number) for number in range(keys)]
    except OSError:
        return {}, ()


def look(system: System, workbook: Path | None = None) -> Machine:
    """Return the facts about a computer, and about a workbook when one is named; changes nothing."""
    book, sheet = (None, None) if workbook is None else _workbook(system, workbook)
    settings = [one for one in (sheet, _beside(system, workbook), _of_user(system)) if one]
    machine = Machine(
        system=system.name,
        package=bdur_xl.__version__,
        settings=tuple(settings),
        excel=_excel(system),
        decimal=_decimal(system),
        office=_office(system),
        workbook=book,
    )
    path = machine.setting("INTERPRETER_WIN") or machine.setting("INTERPRETER")
    return machine.with_interpreter(ask(path, system.home)) if path else machine


# xlwings' settings


def _of_user(system: System) -> Settings | None:
    return _conf_file(system, system.conf.file, Layer.USER)


def _beside(system: System, workbook: Path | None) -> Settings | None:
    if workbook is None:
        return None
    return _conf_file(system, workbook.absolute().with_name(xlwings_conf.FILE), Layer.FOLDER)


def _conf_file(system: System, path: Path, layer: Layer) -> Settings | None:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return Settings(layer, str(path), {}, f"niet te lezen, {reason(error)}")
    values = xlwings_conf.read(raw, system.code_page)
    problem = xlwings_conf.trouble(raw, system.code_page)
    return Settings(layer, str(path), _expanded(values, system), problem)


def _expanded(values: Mapping[str, str], system: System) -> dict[str, str]:
    """Return settings with %NAME% filled in, as Excel does; an unknown name stays."""
    known = {name.upper(): value for name, value in system.variables.items()}

    def fill(found: re.Match[str]) -> str:
        return known.get(found[1].upper(), found[0])

    return {name: re.sub("%([^%]+)%", fill, value) for name, value in values.items()}


# The interpreter

_PROBE = """
import json, struct, sys
found = {"python": ".".join(map(str, sys.version_info[:3])), "bits": struct.calcsize("P") * 8}
for key, name in (("package", "bdur_xl"), ("xlwings", "xlwings")):
    try:
        found[key] = __import__(name).__version__
    except Exception:
        pass
try:
    from udfs.bdur_udfs import BDUR_STATUS
    found["status"] = BDUR_STATUS()
except Exception as error:
    found["error"] = "%s: %s" % (type(error).__name__, error)
print("\\n" + json.dumps(found))
"""
"""What a Python is asked to tell of itself; also one that is too old for us can."""


def ask(path: str, home: Path) -> Interpreter:
    """Start a Python as Excel would, and return what it tells of itself."""
    program = Path(path)
    if not program.is_file():
        return Interpreter(path, exists=False)
    try:
        done = subprocess.run(  # noqa: S603  # a list of arguments, no shell
            [program, "-B", "-c", _PROBE],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False, cwd=home,
        )  # fmt: skip
        answer = dict(json.loads(done.stdout.decode("utf-8").splitlines()[-1]))
    except (OSError, subprocess.TimeoutExpired) as error:
        return Interpreter(path, error=str(error), dlls=_dlls(program))
    except (ValueError, TypeError, IndexError):
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return Interpreter(path, error=" ".join(last), dlls=_dlls(program))
    return Interpreter(path, dlls=_dlls(program), **answer)


def _dlls(program: Path) -> tuple[str, ...]:
    """Return the names of xlwings' DLLs where Excel looks for them. Source: xlwings.bas, XLPyLoadDLL."""
    folders = (program.parent, program.parent.parent)
    return tuple(sorted({found.name for folder in folders for found in folder.glob("xlwings*-*.dll")}))


# Excel, as the registry tells

_OFFICE = r"\Microsoft\Office\16.0\Excel\Security"
_SECURITY = (rf"HKCU\Software\Policies{_OFFICE}", rf"HKCU\Software{_OFFICE}")
"""Where the rules on macros stand: those of the organisation go first."""
_PLATFORM = (
    (r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration", "Platform"),
    (r"HKLM\Software\Microsoft\Office\16.0\Outlook", "Bitness"),
)
"""Where Office says how many bits it has: installed from the internet, or from a package."""
_BITS = {"x64": 64, "x86": 32}


def _excel(system: System) -> Excel:
    platforms = [str(system.registry(key)[0].get(name)) for key, name in _PLATFORM]
    return Excel(
        bits=next((_BITS[one] for one in platforms if one in _BITS), None),
        macros=_number(system, "VBAWarnings"),
        trusted=tuple(_trusted(system)),
    )


def _number(system: System, name: str) -> int | None:
    values = (system.registry(key)[0].get(name) for key in _SECURITY)
    return next((one for one in values if isinstance(one, int)), None)


def _trusted(system: System) -> list[tuple[str, bool]]:
    """Return the trusted folders; none when trusted locations are switched off."""
    found = []
    for key in _SECURITY:
        values, names = system.registry(rf"{key}\Trusted Locations")
        if values.get("AllLocationsDisabled") == 1:
            return []
        for name in names:
            place = system.registry(rf"{key}\Trusted Locations\{name}")[0]
            if path := place.get("Path"):
                shown = _expanded({"": str(path)}, system)[""].rstrip("\\")
                found.append((shown, place.get("AllowSubfolders") == 1))
    return found


def _decimal(system: System) -> str | None:
    sign = system.registry(r"HKCU\Control Panel\International")[0].get("sDecimal")
    return str(sign) if sign else None


def _office(system: System) -> Office | None:
    program = libreoffice()
    if program is None:
        return None
    user = profile(system.name, system.home, system.variables)
    return Office(str(program), office_version(program), office_python(program), registered(user))


# The workbook

_HEALTH, _LOG, _CONF = "Gezondheid", "Logboek", xlwings_conf.FILE


def _workbook(system: System, path: Path) -> tuple[Workbook, Settings | None]:
    """Return what a workbook tells, and the settings on its sheet xlwings.conf."""
    from bdur_xl.files.workbook import read_sheets

    path = path.absolute()
    try:
        sheets = read_sheets(path, (_HEALTH, _LOG, _CONF))
    except BookError as error:
        return Workbook(str(path), error.message, error.remedy), None
    log = _rows_under(sheets.get(_LOG, ()), "wanneer")
    refreshed, memo = _last_refresh(log)
    told = Workbook(
        str(path),
        program=_beside_label(sheets.get(_HEALTH, ()), WORKBOOK_VERSION) or _first_version(log),
        xlwings=_beside_label(sheets.get(_HEALTH, ()), WORKBOOK_XLWINGS),
        zone=_zone(system, path),
        synced=_synced(system, path),
        last_refresh=refreshed,
        left_behind=_left_behind(path, memo, system.home),
        currency=_beside_label(sheets.get(_LOG, ()), "actualiteit") or "",
        template=_template(path),
        not_writable=_not_writable(path.parent),
    )
    return told, _conf_sheet(system, sheets.get(_CONF))


def _conf_sheet(system: System, cells: Cells | None) -> Settings | None:
    if cells is None:
        return None
    pairs = {str(row[0]).upper(): str(row[1] or "") for row in cells if len(row) > 1 and row[0]}
    return Settings(Layer.SHEET, _CONF, _expanded(pairs, system))


def _beside_label(cells: Cells, label: str) -> str | None:
    """Return what stands right of a label in the first column."""
    found = (row[1] for row in cells if len(row) > 1 and row[0] == label)
    value = next(found, None)
    return str(value) if value not in (None, "") else None


def _rows_under(cells: Cells, heading: str) -> list[Sequence[object]]:
    at = next((number for number, row in enumerate(cells) if row and row[0] == heading), None)
    return [] if at is None else [row for row in cells[at + 1 :] if row and row[0]]


def _first_version(log: Sequence[Sequence[object]]) -> str | None:
    return str(log[0][1]) if log and len(log[0]) > 1 and log[0][1] else None


def _last_refresh(log: Sequence[Sequence[object]]) -> tuple[str, str]:
    """Return when the last refresh was, in words, and the name of its memo; empty before the first."""
    for row in reversed(log):
        memo = re.search(r"Memo: (.+)", str(row[3])) if len(row) > 3 else None
        if memo:
            moment = f"{row[0]:%d-%m-%Y %H:%M}" if isinstance(row[0], dt.datetime) else str(row[0])
            return f"ververst op {moment}", memo[1].strip()
    return "", ""


def _left_behind(path: Path, memo: str, home: Path) -> str:
    """Return the memo of the last refresh when nothing of it is beside the workbook.

    Of a workbook that is on no folder of this computer, Excel's macro puts it in Documents.
    """
    from bdur_xl.files.shelf import FOLDER, snapshot_files

    found = any((folder / memo).exists() for folder in (path.parent, home / "Documents"))
    return "" if not memo or found or snapshot_files(path.parent / FOLDER, path.stem) else memo


def _zone(system: System, path: Path) -> int | None:
    """Return the zone that Windows noted with a downloaded file. Source: MS-FSCC 5.6.1."""
    if system.name != WINDOWS:
        return None
    try:
        noted = Path(f"{path}:Zone.Identifier").read_text("utf-8", "replace")
    except OSError:
        return None
    found = re.search(r"^ZoneId\s*=\s*(\d+)", noted, re.MULTILINE)
    return int(found[1]) if found else None


def _synced(system: System, path: Path) -> str:
    """Return the synchronised folder that a file is in, as far as its path or the system tells."""
    told = (system.variables.get(name) for name in ("OneDrive", "OneDriveCommercial", "OneDriveConsumer"))
    roots = {Path(one) for one in told if one}
    for folder in path.parents:
        if folder in roots or folder.name.startswith(("OneDrive", "CloudStorage")):
            return str(folder)
    return ""


def _template(path: Path) -> str | None:
    """Return the faults of the template beside a workbook, None without one."""
    from bdur_xl.book import Refused
    from bdur_xl.files.memo_docx import TemplateError, memo_bytes
    from bdur_xl.files.memo_template import NAME
    from bdur_xl.files.versions import read_state
    from bdur_xl.refresh import examine

    own = path.with_name(NAME)
    if not own.is_file():
        return None
    try:
        memo_bytes(examine(read_state(path)).facts, own.read_bytes())
    except TemplateError as error:
        return error.message
    except OSError as error:
        return f"{own} is niet te lezen: {reason(error)}"
    except (BookError, Refused):  # the plan is at fault; bdur controleer says where
        return ""
    return ""


def _not_writable(folder: Path) -> str:
    """Return why a folder takes no file; empty when it does."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return reason(error)
