"""The add-in as a file, and as LibreOffice shows and runs it."""

import ast
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from defusedxml import ElementTree
from sheets import small

import udfs.calc
from bdur_xl.build import calc_addin
from bdur_xl.build.typelibrary import Method, type_library
from bdur_xl.registry import SHEET_FUNCTIONS
from calc.books import RESULTS, STALE, write
from calc.conftest import need_libreoffice
from calc.office import Office, OfficeError, add_extension, prepare, run

NOBODY = 65534
IDL_TYPES = {"[][]any": "sequence< sequence<any> >"}
ADD_IN = 11
"""Number of the wizard's category Add-in."""
GOLDEN = Path(__file__).with_name("golden")


@pytest.fixture
def archive(extension: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(extension) as opened:
        yield opened


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "een.oxt", tmp_path / "twee.oxt"]
    for path, seed in zip(paths, "12", strict=True):
        command = [sys.executable, "-m", "bdur_xl.build.calc_addin", "-o", str(path)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_the_manifest_names_what_is_there(archive: zipfile.ZipFile) -> None:
    manifest = ElementTree.fromstring(archive.read("META-INF/manifest.xml"))
    named = {value for entry in manifest for key, value in entry.items() if key.endswith("full-path")}
    at_the_top = {name for name in archive.namelist() if "/" not in name} - {"description.xml"}
    assert named == at_the_top


def test_all_xml_is_well_formed(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.endswith((".xml", ".xcu")):
            assert b"$" not in archive.read(name)
            ElementTree.fromstring(archive.read(name))


def test_the_core_in_it_needs_only_the_standard_library(archive: zipfile.ZipFile) -> None:
    modules = [name for name in archive.namelist() if name.startswith("pythonpath/")]
    assert "pythonpath/bdur_xl/registry.py" in modules
    assert {imported for name in modules for imported in imports(archive.read(name))} <= {
        *sys.stdlib_module_names,
        "bdur_xl",
        "udfs",
    }


def imports(source: bytes) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)


def test_all_that_is_imported_is_in_it(extension: Path, tmp_path: Path) -> None:
    """A Python without any package, as LibreOffice's own, runs the menu from what is packed."""
    with zipfile.ZipFile(extension) as archive:
        archive.extractall(tmp_path)
    code = "import sys; sys.path.insert(0, sys.argv[1]); from udfs.calc import menu; print(menu.__file__)"
    command = [sys.executable, "-I", "-S", "-c", code, str(tmp_path / "pythonpath")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed.startswith(str(tmp_path))


def test_an_older_python_is_refused_in_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Path(str(udfs.calc.__file__)).read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    with pytest.raises(RuntimeError, match=r"vraagt Python 3\.11 of nieuwer; deze LibreOffice heeft 3\.8"):
        exec(compile(source, "udfs.calc", "exec"), {})


# The type library


def test_a_type_library_is_what_the_sdk_writes() -> None:
    """small.rdb was made by unoidl-write of LibreOffice 7.4.7 from small.idl."""
    methods = [
        Method("FIRST", "any", (("plan", "com.sun.star.table.XCellRange"), ("year", "any"))),
        Method("SECOND", "[][]any", (("plan", "com.sun.star.table.XCellRange"), ("other", "any"))),
        Method("THIRD", "any", ()),
    ]
    golden = (GOLDEN / "small.rdb").read_bytes()
    assert type_library("some.small.XSmall", methods, "LibreOffice 7.4.7.2 unoidl-write") == golden


UNOIDL_WRITE = shutil.which("unoidl-write", path=f"{os.environ['PATH']}:/usr/lib/libreoffice/sdk/bin")

if UNOIDL_WRITE:  # Debian: libreoffice-dev; where it is not, small.rdb stands in for it

    def test_our_type_library_is_what_the_sdk_here_writes(tmp_path: Path) -> None:
        methods = [calc_addin.method(function) for function in SHEET_FUNCTIONS]
        source, written = tmp_path / "ours.idl", tmp_path / "ours.rdb"
        source.write_text(idl(calc_addin.INTERFACE, methods), encoding="ascii")
        types = Path("/usr/lib/libreoffice/program")
        known = [types / "types.rdb", types / "types" / "offapi.rdb"]
        subprocess.run([str(UNOIDL_WRITE), *known, source, written], check=True)
        sdk = written.read_bytes()
        origin = sdk.split(b"** Created by ")[1].split(b" **")[0].decode()
        assert type_library(calc_addin.INTERFACE, methods, origin) == sdk


def idl(interface: str, methods: list[Method]) -> str:
    *modules, name = interface.split(".")
    declared = "".join(
        f"  {IDL_TYPES.get(method.returns, method.returns)} {method.name}("
        + ", ".join(f"[in] {kind.replace('.', '::')} {name}" for name, kind in method.parameters)
        + ");\n"
        for method in methods
    )
    opening = "".join(f"module {module} {{ " for module in modules)
    return f"{opening}interface {name} {{\n{declared}}};{' };' * len(modules)}\n"


# In LibreOffice


@pytest.mark.libreoffice
def test_the_wizard_shows_each_function_in_dutch(office: Office) -> None:
    shown = office.functions()
    for function in SHEET_FUNCTIONS:
        wizard = shown[function.name]
        assert wizard["help"] == f"{function.help} {function.returns} Voorbeeld: {function.example}"
        assert wizard["category"] == ADD_IN
        assert [(part["name"], part["help"]) for part in wizard["arguments"]] == [
            (part.name, f"{part.help}. {'Mag leeg blijven' if part.optional else 'Verplicht'}.")
            for part in function.arguments
        ]


@pytest.mark.libreoffice
def test_the_menu_recalculates_the_workbook_in_front(office: Office, tmp_path: Path) -> None:
    (title, command), *_ = office.menus()["BDuR"]
    assert title == "Herbereken alles"
    path = write(tmp_path / "plan.xlsx", small(), {"A1": "=1+1"})
    with office.open(path, visible=True) as workbook:
        assert workbook.read(f"{RESULTS}!A1") == STALE
        workbook.dispatch(command)
        assert workbook.read(f"{RESULTS}!A1") == 2


@pytest.mark.libreoffice
@pytest.mark.parametrize("visible", [False, True])
def test_names_are_repaired_with_a_window_and_without(office: Office, tmp_path: Path, visible: bool) -> None:
    path = write(tmp_path / "plan.xlsx", small(), {"A1": "=BDUR_JAARTOTAAL(plan, 2031)"})
    with office.open(path, visible=visible) as workbook:
        assert workbook.read(f"{RESULTS}!A1") == 245_000.50


@pytest.mark.libreoffice
def test_the_addin_wins_from_a_vba_function_of_the_same_name(office: Office, tmp_path: Path) -> None:
    """LibreOffice runs simple VBA, but not the xlwings wrappers of the real workbook."""
    function = "Function BDUR_JAARTOTAAL(plan, jaar)\n    BDUR_JAARTOTAAL = -1\nEnd Function\n"
    formulas = {"A1": "=BDUR_JAARTOTAAL(plan, 2031)"}
    path = write(tmp_path / "plan.xlsm", small(), formulas, macros=function)
    with office.open(path, macros=True) as workbook:
        assert workbook.read(f"{RESULTS}!A1") == 245_000.50


@pytest.mark.libreoffice
@pytest.mark.parametrize("protect", [False, True])
def test_the_addin_wins_where_a_call_holds_no_defined_name(
    office: Office, tmp_path: Path, protect: bool
) -> None:
    """Calc takes these for VBA, and does not change its mind by itself."""
    functions = "".join(
        f"Function {name}\nEnd Function\n"
        for name in ("BDUR_JAARTOTAAL(plan, jaar)", "BDUR_OVERZICHT(plan, budget)")
    )
    formulas = {"A1": "=2*BDUR_JAARTOTAAL(Plan!A1:H5, 2031)", "A2": "=A1+1"}
    arrays = {"C1:D2": "=BDUR_OVERZICHT(Plan!A1:H5, Budget!A1:E3)"}
    path = write(tmp_path / "plan.xlsm", small(), formulas, arrays, macros=functions, protect=protect)
    with office.open(path) as workbook:
        workbook.recalculate()
        assert workbook.rows(f"{RESULTS}!A1:A2") == [[490_001], [490_002]]
        assert workbook.rows(f"{RESULTS}!C1:D2") == [["onderdeel", "naam"], ["lasten", "jaartotaal"]]
        assert not workbook.modified
        assert workbook.undo == []
        if protect:
            with pytest.raises(OfficeError):
                workbook.write(f"{RESULTS}!A9", 1.0)


@pytest.mark.libreoffice
def test_a_document_without_our_functions_is_left_alone(office: Office, tmp_path: Path) -> None:
    with office.open(
        write(tmp_path / "plan.xlsx", small(), {"A1": "=1+1", "A2": '="BDUR_RUIMTE"'})
    ) as workbook:
        assert workbook.read(f"{RESULTS}!A1") == STALE
        assert workbook.undo == []


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)], ids=["CI", "elsewhere"]
)
def test_ci_never_skips_libreoffice(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(outcome, match="soffice is not on PATH"):
        need_libreoffice()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for a normal user, outside pytest's own, which only their owner may enter."""
    with tempfile.TemporaryDirectory(prefix="bdur-user-") as folder:
        yield Path(folder)


@pytest.mark.libreoffice
@pytest.mark.usefixtures("libreoffice")
def test_unopkg_and_conversion_as_a_normal_user(extension: Path, home: Path) -> None:
    """What staff and IT do, without a window or UNO. Unopkg refuses root, so root steps down."""
    addin = home / "BDuR (1).oxt"  # as a browser may save it
    shutil.copy(extension, addin)
    write(home / "plan.xlsx", small(), {"A1": "=BDUR_JAARTOTAAL(plan, 2031)"})
    prepare(home / "profile")
    run_as: dict[str, object] = {"env": {**os.environ, "HOME": str(home)}, "cwd": home}
    if os.geteuid() == 0:
        for path in [home, *home.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
        run_as |= {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    add_extension(home / "profile", addin, **run_as)
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    convert = ("--headless", "--convert-to", every_sheet, "plan.xlsx")
    run("soffice", *convert, profile=home / "profile", **run_as)
    assert (home / f"plan-{RESULTS}.csv").read_text(encoding="utf-8") == '"245000,5"\n'
