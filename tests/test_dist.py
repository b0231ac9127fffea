"""The zip for a region: whole, the same each time, installed without a network, used elsewhere."""

import hashlib
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

import bdur_xl
from bdur_xl.build import dist
from bdur_xl.build.calc_addin import calc_addin
from bdur_xl.build.dist import PYTHONS, REQUIREMENTS, SUMS, WHEELS, Wheels, faults, requirements, windows
from bdur_xl.build.locks import ROOT, RUNTIME, locked
from bdur_xl.files import shipped as shipped_module
from bdur_xl.files.memo_template import NAME, template
from bdur_xl.files.shipped import PLAN, TEMPLATE, WORKBOOK, IncompleteError, shipped

OWN = f"bdur_xl-{bdur_xl.__version__}-py3-none-any.whl"
FOLDER = "Gemeente Súdwest & Fryslân (proef)"
"""A name with all that a path may hold."""

# The wheel


@pytest.fixture(scope="module")
def own() -> bytes:
    """The wheel of bdur_xl, as a region gets it."""
    (built,) = dist.own_wheel().items()
    assert built[0] == OWN
    return built[1]


def test_the_wheel_holds_our_modules_what_they_read_and_nothing_else(own: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(own)) as wheel:
        names = set(wheel.namelist())
    modules = {
        path.relative_to(ROOT).as_posix()
        for part in ("bdur_xl", "udfs")
        for path in ROOT.glob(f"{part}/**/*.py")
    }
    calc = {path.relative_to(ROOT).as_posix() for path in (ROOT / "udfs" / "calc").glob("*.x*")}
    sources = [path for name in (WORKBOOK, TEMPLATE, "ribbon.xml", "plan/*.csv", "vba/*.*")
               for path in (ROOT / "workbook").glob(name)]  # fmt: skip
    book = {f"bdur_xl/{path.relative_to(ROOT).as_posix()}" for path in sources}
    notes = {"METADATA", "WHEEL", "entry_points.txt", "top_level.txt", "RECORD", "licenses/NOTICE"}
    assert len(calc) == 4
    assert len(book) > 3 + 10 + 1, "the plan's tables and the VBA too"
    assert names == modules | calc | book | {
        f"bdur_xl-{bdur_xl.__version__}.dist-info/{one}" for one in notes
    }


def test_the_wheel_tells_no_time_no_system_and_no_rights(own: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(own)) as wheel:
        told = {
            (one.date_time, one.create_system, one.external_attr, one.compress_type)
            for one in wheel.infolist()
        }
    assert told == {((1980, 1, 1, 0, 0, 0), 3, 0o100644 << 16, zipfile.ZIP_STORED)}


FAR = """
import json, sys
root = sys.argv[1]
def watch(event, arguments):
    path = str(arguments[0]) if event in ("open", "os.listdir", "os.scandir") else ""
    if path.startswith(root) and not path.startswith(sys.prefix):
        raise RuntimeError(f"the checkout is read: {arguments[0]}")
sys.addaudithook(watch)
from bdur_xl.cli import main
for command in json.loads(sys.argv[2]):
    try:
        code = main(command)
    except SystemExit as stopped:
        code = stopped.code
    assert not code, (command, code)
import udfs.bdur_udfs
from bdur_xl.build import calc_addin, check_help
calc_addin.main(["-o", "BDuR.oxt"])
assert check_help.markdown()
"""
"""Runs commands in one Python that may not read the checkout; the environment may stand in it."""


def test_installed_elsewhere_it_finds_all_it_needs(own: bytes, tmp_path: Path) -> None:
    wheel = tmp_path / OWN
    wheel.write_bytes(own)
    site, folder = tmp_path / "site", tmp_path / FOLDER
    folder.mkdir()
    install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run([sys.executable, *install], check=True, capture_output=True)
    book = site / "bdur_xl" / "workbook" / WORKBOOK
    commands = [["--help"], ["bouw", "-o", WORKBOOK], ["sjabloon"], ["overzicht", str(book)],
                ["ververs", str(book), "-o", "uit", "--zonder-pdf"]]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", FAR, str(ROOT), json.dumps(commands)],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (folder / WORKBOOK).read_bytes() == (ROOT / "workbook" / WORKBOOK).read_bytes()
    assert (folder / NAME).read_bytes() == template()
    assert (folder / "BDuR.oxt").read_bytes() == calc_addin()
    assert [path.suffix for path in (folder / "uit").glob("*.docx")] == [".docx"]


def test_every_shipped_file_is_found_in_the_checkout() -> None:
    assert shipped(WORKBOOK) == ROOT / "workbook" / WORKBOOK
    assert shipped(TEMPLATE).read_bytes() == template()
    assert shipped(PLAN).is_dir()


def test_a_file_that_was_taken_away_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from bdur_xl.cli import main
    from bdur_xl.commands import REFUSED

    monkeypatch.setattr(shipped_module, "_PLACES", (tmp_path,))
    with pytest.raises(IncompleteError, match=re.escape(str(tmp_path / WORKBOOK))):
        shipped(WORKBOOK)
    assert main(["bouw", "-o", str(tmp_path / "uit.xlsm")]) == REFUSED
    told = capsys.readouterr().err
    assert "plan" in told
    assert "→ Installeer bdur_xl opnieuw" in told
    assert list(tmp_path.iterdir()) == []


# The set for Windows


@pytest.mark.parametrize("python", PYTHONS)
def test_the_lock_holds_a_wheel_set_for_windows(python: str) -> None:
    packages = {one.name: one for one in windows(python).packages()}
    assert len(packages) == len(windows(python).packages()), "one version of each"
    assert packages["numpy"].version.startswith("2.4" if python == "3.11" else "2.5")
    assert "pywin32" in packages
    assert not packages.keys() & {"appscript", "psutil", "setuptools"}
    assert packages.keys() >= {one.name for one in locked(RUNTIME) if one.marker is None} - {"setuptools"}


def wheel(name: str, version: str, tag: str = "py3-none-any", *asked: str, python: str = ">=3.9") -> Wheels:
    """Make a wheel that holds its metadata and a licence."""
    base = f"{name.replace('-', '_')}-{version}"
    lines = [f"Name: {name}", f"Version: {version}", f"Requires-Python: {python}",
             *(f"Requires-Dist: {one}" for one in asked)]  # fmt: skip
    said = {"METADATA": "\n".join(["Metadata-Version: 2.4", *lines, ""]), "licenses/LICENSE": f"of {name}"}
    return {f"{base}-{tag}.whl": dist.zipped({f"{base}.dist-info/{k}": v.encode() for k, v in said.items()})}


def digests(wheels: Wheels) -> str:
    return "".join(f" \\\n    --hash=sha256:{hashlib.sha256(one).hexdigest()}" for one in wheels.values())


FIRST = wheel("first", "1.0", "cp311-cp311-win_amd64", "second>=2", 'pywin32; sys_platform == "win32"',
              'appscript; sys_platform == "darwin"', 'extra; extra == "all"')  # fmt: skip
SECOND = wheel("second", "2.0")
WIN = wheel("pywin32", "312", "cp311-cp311-win_amd64")
OURS = wheel("bdur-xl", bdur_xl.__version__, "py3-none-any", "first==1.0", python=">=3.11")
WHOLE: Wheels = {**OURS, **FIRST, **SECOND, **WIN}
ALSO = wheel("second", "2.0", "py2.py3-none-any")
TARGET = windows("3.11")


SMALL = (
    f"appscript==1.5 ; sys_platform == 'darwin' \\\n    --hash=sha256:{'a' * 64}\n"
    f"first==1.0{digests(FIRST)}\npywin32==312 ; sys_platform == 'win32'{digests(WIN)}\n"
    f"second==2.0{digests({**SECOND, **ALSO})}\nsetuptools==84 \\\n    --hash=sha256:{'b' * 64}\n"
)


@pytest.fixture
def small_lock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A lock of four packages in place of the real one."""
    path = tmp_path / "small.lock"
    path.write_text(SMALL)
    monkeypatch.setattr(dist, "RUNTIME", path)


def without(wheels: Wheels, *others: Wheels) -> Wheels:
    return {name: content for name, content in wheels.items() if not any(name in one for one in others)}


@pytest.mark.usefixtures("small_lock")
@pytest.mark.parametrize(
    ("wheels", "python", "told"),
    [
        (WHOLE, "3.11", []),
        (without(WHOLE, WIN), "3.11", ["pywin32 heeft 0 wielen"]),
        (without(WHOLE, SECOND), "3.11", ["second>=2 heeft 0 wielen"]),
        (without(WHOLE, OURS), "3.11", ["bdur-xl heeft 0 wielen"]),
        (WHOLE, "3.12", ["first==1.0 heeft 0 wielen"]),
        ({**WHOLE, **ALSO}, "3.11", ["second>=2 heeft 2 wielen"]),
        ({**without(WHOLE, SECOND), **wheel("second", "1.9")}, "3.11", ["second>=2 heeft 0 wielen"]),
        ({**without(WHOLE, SECOND), **wheel("second", "2.0", python=">=3.12")}, "3.11",
         [f"second-2.0-py3-none-any.whl {one}"
          for one in ("staat niet in small.lock", "wil een andere Python")]),
    ],
)  # fmt: skip
def test_what_keeps_a_windows_pc_from_installing_is_told(
    wheels: Wheels, python: str, told: list[str]
) -> None:
    assert list(faults(wheels, windows(python))) == [f"Windows, Python {python}: {one}" for one in told]


@pytest.mark.usefixtures("small_lock")
def test_pip_gets_the_packages_of_windows_with_the_hashes_of_what_is_there() -> None:
    assert [one.name for one in TARGET.packages()] == ["first", "pywin32", "second"]
    lines = requirements(WHOLE).splitlines()
    assert [line.partition(" --hash")[0] for line in lines] == [
        "first==1.0", "pywin32==312 ; sys_platform == 'win32'", "second==2.0",
        f"bdur-xl=={bdur_xl.__version__}",
    ]  # fmt: skip
    hashes = [re.findall("sha256:(.{64})", line) for line in lines]
    assert hashes == [
        [hashlib.sha256(one).hexdigest()] for part in (FIRST, WIN, SECOND, OURS) for one in part.values()
    ]


# The zip


@pytest.fixture
def files(small_lock: None) -> Mapping[str, bytes]:
    """The files of a zip with few wheels."""
    assert small_lock is None
    return dist.parts(WHOLE, for_windows=True)


def test_every_file_has_its_checksum(files: Mapping[str, bytes], tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(dist.zipped(files))) as archive:
        archive.extractall(tmp_path)
    done = subprocess.run(
        ["sha256sum", "--check", SUMS], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert sorted(line.rpartition(": ")[0] for line in done.stdout.splitlines()) == sorted(
        files.keys() - {SUMS}
    )


def test_the_readme_names_each_thing_in_the_folder(files: Mapping[str, bytes]) -> None:
    text = files["LEESMIJ.txt"].decode("utf-8-sig")
    listed = text.partition("Wat er in deze map staat\r\n")[2].partition("\r\n\r\n")[0].splitlines()
    names = {name for line in listed for name in re.split(r"\s{2,}", line.strip())[0].split(", ")}
    assert names == {name.partition("/")[0] for name in files} - {"LEESMIJ.txt"}
    assert bdur_xl.__version__ in text
    assert "@" not in text


def test_texts_open_in_notepad_and_the_licences_of_others_can_be_read(files: Mapping[str, bytes]) -> None:
    for name in ("LEESMIJ.txt", "NOTICE.txt"):
        assert files[name].startswith(b"\xef\xbb\xbf")
        assert files[name].count(b"\n") == files[name].count(b"\r\n") > 20
    assert files["licenties/pywin32-312/LICENSE"] == b"of pywin32"
    assert not [name for name in files if name.startswith("licenties/bdur")]


@pytest.mark.parametrize("name", ["installeer.cmd", "opdrachtvenster.cmd"])
def test_a_windows_script_is_read_the_same_in_every_code_page(files: Mapping[str, bytes], name: str) -> None:
    text = files[name].decode("ascii")
    assert text.count("\n") == text.count("\r\n")
    lines = [line for line in text.splitlines() if not line.startswith("rem ")]
    text = "\n".join(lines)
    assert set(re.findall(r"(?:goto |call :)(\w+)", text)) == set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    assert not [line for line in lines if re.match(" *echo .*[()&|<>^%]", re.sub('"[^"]*"', "", line))]
    assert text.count("(\n") == len(re.findall(r"^\)", text, re.MULTILINE))
    assert "%~dp0" not in text.replace('set "WIELEN=%~dp0wielen"', "")
    for path in ("DOEL", "WIELEN"):  # within quotes wherever it stands: & and ) are of cmd
        for line in lines:
            before = [line[: found.start()].count('"') for found in re.finditer(f"%{path}%", line)]
            assert all(count % 2 for count in before), line


@pytest.mark.usefixtures("small_lock")
def test_the_zip_is_the_same_each_time_and_its_script_can_be_started() -> None:
    files = dist.parts(WHOLE, for_windows=False)
    again = dist.zipped(dist.parts(dict(reversed(list(WHOLE.items()))), for_windows=False))
    assert hashlib.sha256(again).digest() == hashlib.sha256(dist.zipped(files)).digest()
    with zipfile.ZipFile(io.BytesIO(again)) as archive:
        rights = {one.filename: one.external_attr >> 16 for one in archive.infolist()}
    assert rights["installeer.sh"] == 0o100755
    assert rights[f"{WHEELS}/{REQUIREMENTS}"] == 0o100644


# The real ones, with a network to fetch from

ALONE = ["unshare", "--net", "--map-root-user"]
"""Runs a program without any network. Source: util-linux."""


def made(name: str, folder: Path, *options: str) -> Path:
    """Make a zip and unpack it."""
    command = [sys.executable, "-m", "bdur_xl.build.dist", *options]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    path = ROOT / "dist" / name
    subprocess.run(["sha256sum", "--check", f"{name}.sha256"], cwd=path.parent, check=True)
    target = folder / FOLDER
    subprocess.run(["unzip", "-q", str(path), "-d", str(target)], check=True)
    subprocess.run(["sha256sum", "--quiet", "--check", SUMS], cwd=target, check=True)
    return target


@pytest.fixture(scope="module")
def for_windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(f"BDuR-{bdur_xl.__version__}.zip", tmp_path_factory.mktemp("windows"))


class TestReal:
    """Of `make proef` only, which CI runs after the suite: it fetches what goes into the zips."""

    __test__ = bool(os.environ.get("BDUR_DIST"))

    @pytest.mark.parametrize("python", PYTHONS)
    def test_uv_installs_the_windows_set_too(self, for_windows: Path, tmp_path: Path, python: str) -> None:
        """Another installer, which knows the markers of Windows, as a second judge."""
        command = [*ALONE, Path(sys.executable).with_name("uv"), "pip", "install", "--quiet", "--no-cache",
                   "--no-config", "--no-index", "--only-binary", ":all:", "--require-hashes",
                   "--python-platform", "windows", "--python-version", python,
                   "--find-links", for_windows / WHEELS, "--target", tmp_path / "site",
                   "--requirement", for_windows / WHEELS / REQUIREMENTS]  # fmt: skip
        subprocess.run([*map(str, command)], check=True)
        names = {
            canonicalize_name(path.name.split("-")[0]) for path in (tmp_path / "site").glob("*.dist-info")
        }
        assert names == {one.name for one in windows(python).packages()} | {"bdur-xl"}
        assert list((tmp_path / "site").glob("**/xlwings64-*.dll"))

    def test_nothing_is_in_it_that_no_python_uses(self, for_windows: Path) -> None:
        wheels = {path.name: path.read_bytes() for path in (for_windows / WHEELS).glob("*.whl")}
        used = {name for python in PYTHONS for name in wheels
                for one in [*windows(python).packages()]
                if dist._is_of(name, one)}  # fmt: skip
        assert wheels.keys() - used == {OWN}
        for python in PYTHONS:
            assert list(faults(wheels, windows(python))) == []

    def test_on_this_system_it_installs_and_works_without_a_network(self, tmp_path: Path) -> None:
        system = f"{platform.system().lower()}-{dist._python_here()}"
        folder = made(f"BDuR-{bdur_xl.__version__}-{system}.zip", tmp_path, "--hier")
        home, work = tmp_path / "thuis met é", tmp_path / "werk map"
        home.mkdir()
        work.mkdir()
        bare = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8",
                **{key: value for key, value in os.environ.items() if key.startswith("PYENV_")}}  # fmt: skip

        def run(*command: object, code: int = 0) -> str:
            done = subprocess.run([*ALONE, *map(str, command)], cwd=work, env=bare, capture_output=True,
                                  text=True, encoding="utf-8", check=False)  # fmt: skip
            assert done.returncode == code, (command, done.stdout, done.stderr)
            return done.stdout

        wheel = next((folder / WHEELS).glob("mdurl-*.whl"))
        content = wheel.read_bytes()
        wheel.write_bytes(content[:-1] + b"x")
        assert "Klaar" not in run(folder / "installeer.sh", code=1), "a wheel of another hash"
        wheel.write_bytes(content)
        run(folder / "installeer.sh")
        run(folder / "installeer.sh")  # again: repairs
        programs = home / ".local" / "share" / "bdur_xl" / "python" / "bin"
        python, bdur = programs / "python", programs / "bdur"
        book = shutil.copy(folder / WORKBOOK, work / "mijn plan.xlsm")
        assert "overzicht" in run(bdur, "--help")
        assert bdur_xl.__version__ in run(bdur, "--version")
        assert "285.000" in run(bdur, "overzicht", book)
        run(bdur, "ververs", book)
        assert list(work.glob("*.docx"))
        run(bdur, "sjabloon")
        assert (work / NAME).read_bytes() == (folder / TEMPLATE).read_bytes()
        run(bdur, "bouw", "-o", WORKBOOK)
        assert (work / WORKBOOK).read_bytes() == (folder / WORKBOOK).read_bytes()
        run(python, "-m", "bdur_xl.build.calc_addin")
        assert (work / "BDuR.oxt").read_bytes() == (folder / "BDuR.oxt").read_bytes()
        run(python, "-m", "bdur_xl.build.addin")
        assert (work / "BDuR.xlam").read_bytes() == (folder / "BDuR.xlam").read_bytes()
        run(python, "-c", "import udfs.bdur_udfs, udfs.bdur_macros")
        run(python, "-m", "pip", "check")
        where = run(python, "-c", "import bdur_xl; print(bdur_xl.__file__)")
        assert where.startswith(str(home))
