"""The facts that `bdur gezond` judges, collected from real files, real Pythons and a made-up registry."""

import datetime as dt
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

import bdur_xl
from bdur_xl.files import calc_extension, machine, xlwings_conf
from bdur_xl.files.machine import Registry, System, ask, look
from bdur_xl.files.memo_template import NAME
from bdur_xl.files.shelf import FOLDER
from bdur_xl.health import Excel, Layer, Verdict, Workbook, examine

SECURITY = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"
WINDOWS: dict[str, Mapping[str, object]] = {
    r"HKLM\Software\Microsoft\Office\ClickToRun\Configuration": {"Platform": "x64"},
    r"HKCU\Control Panel\International": {"sDecimal": ","},
    SECURITY: {"VBAWarnings": 2},
    rf"{SECURITY}\Trusted Locations\Location3": {"Path": "%HOME%\\Documents\\", "AllowSubfolders": 1},
}
MEMO = "Bestuursmemo BDuR 2027-06-01.docx"


def registry(keys: Mapping[str, Mapping[str, object]]) -> Registry:
    def read(key: str) -> tuple[Mapping[str, object], Sequence[str]]:
        under = [one.removeprefix(f"{key}\\") for one in keys if one.startswith(f"{key}\\")]
        return keys.get(key, {}), [name for name in under if "\\" not in name]

    return read


@pytest.fixture
def system(tmp_path: Path) -> System:
    """A Windows with a home of its own; its files are real, its Python runs here."""
    home = tmp_path / "één gebruiker"
    home.mkdir()
    return System("windows", home, {"HOME": str(home)}, "cp1252", registry(WINDOWS))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "map met spatie" / "plan é.xlsx")


def write_book(path: Path, outcome: str = "werkmap gebouwd", conf: str = "") -> Path:
    path.parent.mkdir(exist_ok=True)
    made = openpyxl.Workbook()
    health = made.create_sheet("Gezondheid")
    health.append(["versie van deze werkmap", bdur_xl.__version__])
    health.append(["xlwings van deze werkmap", "0.37.8"])
    log = made.create_sheet("Logboek")
    for row in (
        ["actualiteit", "Actueel"],
        ["wanneer", "versie", "vingerafdruk", "uitkomst"],
        [dt.datetime(2027, 6, 1, 9, 30), bdur_xl.__version__, "1-2", outcome],
    ):
        log.append(row)
    if conf:
        made.create_sheet("xlwings.conf").append(["Interpreter_Win", conf])
    made.save(path)
    return path


def python(folder: Path, line: str) -> str:
    """Return a program that stands in for a Python."""
    folder.mkdir(exist_ok=True)
    path = folder / "python.exe"
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


def judged(system: System, book: Path | None = None) -> dict[str, Verdict]:
    return {line.check.code: line.result.verdict for line in examine(look(system, book))}


def test_after_installing_excel_s_side_is_good(system: System, book: Path, tmp_path: Path) -> None:
    real = python(tmp_path / "Scripts", f'exec "{sys.executable}" "$@"')
    (tmp_path / "xlwings64-0.37.8.dll").touch()  # one folder up, as in a virtual environment
    assert judged(system)["instellingen"] is Verdict.WRONG
    xlwings_conf.install(system.conf, Path(real), system.variables)
    found = look(system, book)
    verdicts = judged(system, book)
    assert found.interpreter
    assert found.interpreter.python == ".".join(map(str, sys.version_info[:3]))
    assert found.interpreter.status
    assert found.excel == Excel(64, 2, (((str(system.home) + "\\Documents"), True),))
    excel = ("instellingen", "ander-project", "python", "python-versie", "programma", "xlwings", "dll",
             "functies", "landinstelling")  # fmt: skip
    assert {code: verdicts[code] for code in excel} == dict.fromkeys(excel, Verdict.GOOD)
    of_book = ("werkmap", "werkmap-versie", "verplaatst", "internet", "macros", "schrijven", "sjabloon")
    assert {code: verdicts[code] for code in of_book} == dict.fromkeys(of_book, Verdict.GOOD)


PYTHONS: dict[str, tuple[str, str, str]] = {
    "without our packages": (f'exec "{sys.executable}" -I -S "$@"', "programma", "xlwings"),
    "that fails to start": ("echo 'Fatal Python error: init_fs_encoding' >&2; exit 1", "python", "python"),
    "that talks nonsense": ("echo hallo", "python", "python"),
    "that answers a number": ("echo 5", "python", "python"),
    "that is too old": ('echo \'{"python": "3.8.10", "bits": 64}\'', "python-versie", "programma"),
}


@pytest.mark.parametrize(("line", "first", "second"), PYTHONS.values(), ids=PYTHONS.keys())
def test_a_python_that_will_not_do_is_found_out(
    system: System, tmp_path: Path, line: str, first: str, second: str
) -> None:
    xlwings_conf.install(system.conf, Path(python(tmp_path / "py", line)), {})
    verdicts = judged(system)
    assert verdicts[first] is Verdict.WRONG
    assert verdicts[second] is Verdict.WRONG


def test_why_a_python_does_not_start_is_told(tmp_path: Path) -> None:
    told = ask(python(tmp_path, PYTHONS["that fails to start"][0]), tmp_path)
    assert told.exists
    assert told.error == "Fatal Python error: init_fs_encoding"
    text = tmp_path / "geen programma.exe"
    text.write_text("tekst")
    assert "Permission denied" in ask(str(text), tmp_path).error
    assert not ask(str(tmp_path / "weg.exe"), tmp_path).exists


def test_a_python_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "PATIENCE", 0.2)
    assert "timed out" in ask(python(tmp_path, "exec sleep 5"), tmp_path).error


def test_sheet_goes_before_folder_before_user(system: System, tmp_path: Path) -> None:
    own = write_book(tmp_path / "map" / "plan.xlsx", conf="C:\\blad\\python.exe")
    xlwings_conf.install(system.conf, Path(sys.executable), {})
    (own.parent / "xlwings.conf").write_bytes(b'"INTERPRETER_WIN","%HOME%\\map\\python.exe"\r\n')
    found = look(system, own)
    assert [one.layer for one in found.settings] == list(Layer)
    assert found.setting("INTERPRETER_WIN") == "C:\\blad\\python.exe"
    assert found.settings[1].values["INTERPRETER_WIN"] == f"{system.home}\\map\\python.exe"
    assert judged(system, own)["ander-project"] is Verdict.WRONG


def test_a_settings_file_that_cannot_be_read_is_a_fault(system: System) -> None:
    system.conf.file.mkdir(parents=True)  # a folder of that name: reading it is refused, also to root
    assert look(system).settings[0].problem.startswith("niet te lezen")
    assert judged(system)["instellingen"] is Verdict.WRONG


def of(system: System, path: Path) -> Workbook:
    book = look(system, path).workbook
    assert book
    return book


def test_what_a_refresh_left_behind_tells_a_moved_workbook(system: System, tmp_path: Path) -> None:
    path = write_book(tmp_path / "nieuw" / "plan.xlsx", f"Alles klopt. Memo: {MEMO}")
    assert of(system, path).left_behind == MEMO
    assert of(system, path).last_refresh == "ververst op 01-06-2027 09:30"
    (system.home / "Documents").mkdir()
    (system.home / "Documents" / MEMO).touch()  # of a workbook in the cloud
    assert of(system, path).left_behind == ""
    (system.home / "Documents" / MEMO).unlink()
    shelf = path.parent / FOLDER
    shelf.mkdir()
    (shelf / "plan 2027-06-01 09.30.00.json").touch()
    assert of(system, path).left_behind == ""
    (path.parent / MEMO).touch()
    assert of(system, path).left_behind == ""


def test_the_mark_of_the_web_is_read(system: System, book: Path) -> None:
    Path(f"{book}:Zone.Identifier").write_text("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=about:internet\r\n")
    assert of(system, book).zone == 3
    assert judged(system, book)["internet"] is Verdict.WRONG


@pytest.mark.parametrize("name", ["OneDrive - Regio", "CloudStorage"])
def test_a_synchronised_folder_is_noticed(system: System, tmp_path: Path, name: str) -> None:
    path = write_book(tmp_path / name / "plan.xlsx")
    assert of(system, path).synced == str(tmp_path / name)


def test_a_synchronised_folder_of_any_name_is_known_to_windows(system: System, book: Path) -> None:
    told = System("windows", system.home, {"OneDriveCommercial": str(book.parent)}, "cp1252")
    assert of(told, book).synced == str(book.parent)
    assert of(system, book).synced == ""


def test_a_folder_that_takes_no_file_is_told(
    system: System, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(dir: Path) -> None:  # noqa: A002  # its name in tempfile
        raise PermissionError(13, f"Access is denied: {dir}")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert of(system, book).not_writable == "geen schrijfrechten"


def test_a_file_that_is_no_workbook_is_told(system: System, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    assert "bestaat niet" in of(system, path).problem
    path.write_text("tekst")
    assert "geen leesbare Excel-werkmap" in of(system, path).problem


def test_a_template_that_cannot_be_filled_is_told(system: System, tmp_path: Path) -> None:
    from test_cli import WORKBOOK

    copy = tmp_path / "plan.xlsm"
    copy.write_bytes(WORKBOOK.read_bytes())
    assert of(system, copy).template is None
    (tmp_path / NAME).write_text("geen Word")
    assert "geen leesbaar Word-bestand" in str(of(system, copy).template)


def test_the_rules_of_the_organisation_go_first() -> None:
    keys = {
        **WINDOWS,
        POLICY: {"VBAWarnings": 4},
        rf"{SECURITY}\Trusted Locations": {"AllLocationsDisabled": 1},
    }
    told = look(System("windows", Path("/nergens"), {}, "cp1252", registry(keys))).excel
    assert (told.bits, told.macros, told.trusted) == (64, 4, ())


# LibreOffice


def office(folder: Path, make: Callable[[Path], None]) -> Path:
    program = folder / "program"
    program.mkdir(parents=True)
    make(program)
    soffice = program / "soffice"
    soffice.touch()
    return soffice


def test_version_and_python_of_a_windows_office(tmp_path: Path) -> None:
    def make(program: Path) -> None:
        (program / "python-core-3.8.16").mkdir()
        (program / "version.ini").write_text("[Version]\nMsiProductVersion=7.4.7.2\n")

    program = office(tmp_path, make)
    assert calc_extension.office_version(program) == "7.4.7.2"
    assert calc_extension.office_python(program) == "3.8.16"


def test_version_and_python_of_a_mac_office(tmp_path: Path) -> None:
    program = tmp_path / "Contents" / "MacOS" / "soffice"
    (tmp_path / "Contents" / "Frameworks" / "LibreOfficePython.framework" / "Versions" / "3.11").mkdir(
        parents=True
    )
    (tmp_path / "Contents" / "Resources").mkdir()
    (tmp_path / "Contents" / "Resources" / "bootstraprc").write_text("ProductKey=LibreOffice 25.8\n")
    program.parent.mkdir()
    program.touch()
    assert calc_extension.office_version(program) == "25.8"
    assert calc_extension.office_python(program) == "3.11"


def test_an_office_of_a_distribution_uses_the_system_s_python(tmp_path: Path) -> None:
    (tmp_path / "python3.13").touch()
    (tmp_path / "python3").symlink_to("python3.13")
    program = office(tmp_path / "office", lambda _: None)
    assert calc_extension.office_python(program, tmp_path / "python3") == "3.13"
    assert calc_extension.office_version(program) is None


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("windows", {"APPDATA": "/roaming"}, "/roaming/LibreOffice/4"),
        ("mac", {}, "/home/z/Library/Application Support/LibreOffice/4"),
        ("linux", {}, "/home/z/.config/libreoffice/4"),
        ("linux", {"UserInstallation": "file:///tmp/mijn%20profiel"}, "/tmp/mijn profiel"),
        ("windows", {"UserInstallation": "file:///C:/mijn%20profiel"}, "C:/mijn profiel"),
    ],
)
def test_where_an_office_keeps_what_is_the_user_s(
    system: str, variables: dict[str, str], expected: str
) -> None:
    assert calc_extension.profile(system, Path("/home/z"), variables) == Path(expected)


def test_a_broken_profile_has_no_extension(tmp_path: Path) -> None:
    assert calc_extension.registered(tmp_path) is None
    bundles = tmp_path / calc_extension._BUNDLES
    bundles.parent.mkdir(parents=True)
    bundles.write_text("<kapot")
    assert calc_extension.registered(tmp_path) is None


def test_this_system_is_one_of_the_three() -> None:
    told = machine.this_system()
    assert told.name == {"win32": "windows", "darwin": "mac"}.get(sys.platform, "linux")
    assert told.variables is os.environ
