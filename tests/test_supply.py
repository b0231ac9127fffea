"""Nothing is let in: what is locked, audited, listed and packed; and no network, whoever asks."""

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import Distribution, distribution, version
from pathlib import Path

import olefile
import pytest
import supply
from conftest import NetworkRefusedError
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pyopenvba.cfb import CFB
from pyopenvba.vba import parse_vba_project
from supply import bill, pins
from test_cli import WORKBOOK

from bdur_xl.build import vba, vba_wrappers
from bdur_xl.build.locks import DEVELOPMENT, ROOT, RUNTIME, locked
from bdur_xl.build.notice import licence
from bdur_xl.build.package import read_parts

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
ASKED = {
    RUNTIME: [*PROJECT["project"]["dependencies"], *EXTRAS["build"]],
    DEVELOPMENT: [*PROJECT["project"]["dependencies"], *EXTRAS["build"], *EXTRAS["dev"]],
}
LOCKS = pytest.mark.parametrize("path", ASKED, ids=lambda path: path.name)

# What is locked


@LOCKS
def test_every_package_we_ask_for_is_locked_at_the_version_we_name(path: Path) -> None:
    pinned = {f"{one.name}=={one.version}" for one in locked(path)}
    for text in ASKED[path]:
        asked = Requirement(text)
        assert re.fullmatch(r"==[\d.]+", str(asked.specifier)), f"{text} is no pin"
        assert f"{canonicalize_name(asked.name)}{asked.specifier}" in pinned, "run: make lock"


@LOCKS
def test_every_package_that_those_ask_for_is_locked_too(path: Path) -> None:
    here = {one.name: one.version for one in locked(path) if one.is_used_here}
    for name in here:
        for text in distribution(name).requires or []:
            asked = Requirement(text)
            if asked.marker is None or asked.marker.evaluate({"extra": ""}):
                found = here[canonicalize_name(asked.name)]
                assert asked.specifier.contains(found), f"{name} asks for {text}, locked is {found}"


@LOCKS
def test_what_runs_here_is_what_is_locked(path: Path) -> None:
    here = [one for one in locked(path) if one.is_used_here]
    assert {one.name: version(one.name) for one in here} == {one.name: one.version for one in here}


@LOCKS
def test_every_package_has_its_hashes(path: Path) -> None:
    entries = locked(path)
    assert len(entries) > 20 - (path == RUNTIME)
    assert [one.name for one in entries if not one.hashes] == []
    assert len({digest for one in entries for digest in one.hashes}) == sum(
        len(one.hashes) for one in entries
    )


@LOCKS
def test_every_system_finds_its_own_packages(path: Path) -> None:
    by_name = {one.name: one.marker for one in locked(path)}
    assert by_name["pywin32"] == "sys_platform == 'win32'"
    assert by_name["appscript"] == "sys_platform == 'darwin'"


def test_development_runs_on_what_is_released() -> None:
    assert set(locked(RUNTIME)) <= set(locked(DEVELOPMENT))


def test_the_project_is_built_with_what_is_locked() -> None:
    assert PROJECT["build-system"]["requires"] == EXTRAS["build"]


def test_no_lock_names_a_place_to_fetch_from() -> None:
    for path in (*ASKED, ROOT / "pyproject.toml", ROOT / "Makefile"):
        assert not re.search(
            r"https?:|file:|--(extra-)?index-url|--find-links|--trusted-host", path.read_text("utf-8")
        )


def test_the_set_up_takes_nothing_without_a_hash() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    steps = re.findall(r"^\t\$\(INSTALL\) (.*)$", makefile, re.MULTILINE)
    assert len(steps) == 5
    assert makefile.count("pip install") == 1, "only by way of INSTALL"
    for step in steps:
        assert "--require-hashes" in step or step == "--no-deps --no-build-isolation --editable ."


@pytest.mark.parametrize(
    "text",
    [
        "rich==15.0.0\n",
        "rich>=15.0.0 \\\n    --hash=sha256:" + "a" * 64 + "\n",
        "--index-url somewhere\n",
        "rich==15.0.0 \\\n    --hash=sha256:" + "a" * 64 + "\nhttp://x/y.whl\n",
    ],
)
def test_a_lock_with_anything_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "requirements.lock"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"requirements\.lock: "):
        locked(path)


# The audit


class Advisories(BaseHTTPRequestHandler):
    """Answers like the service that pip-audit asks, of one package that something is wrong with it."""

    vulnerable = ""

    def do_POST(self) -> None:  # the standard library names it
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        bad = asked["package"]["name"] == self.vulnerable
        found = {"id": "BDUR-1", "summary": "lek", "details": "lek", "affected": []}
        answer = json.dumps({"vulns": [found]} if bad else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def advisories() -> Iterator[str]:
    """The address of a service of advisories on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Advisories)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def two_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Short locks, one with a package in two versions."""
    for name, kept in (("RUNTIME", {"lxml", "pywin32"}), ("DEVELOPMENT", {"numpy"})):
        entries = [one for one in locked(DEVELOPMENT) if one.name in kept]
        path = tmp_path / f"{name}.lock"
        path.write_text(
            "".join(f"{one.name}=={one.version} \\\n    --hash=sha256:{'a' * 64}\n" for one in entries)
        )
        monkeypatch.setattr(supply, name, path)


@pytest.mark.usefixtures("two_locks")
@pytest.mark.parametrize(("vulnerable", "worst"), [("", 0), ("pywin32", 1), ("numpy", 1)])
def test_the_audit_fails_on_a_vulnerable_package_of_any_system(
    advisories: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    vulnerable: str,
    worst: int,
) -> None:
    monkeypatch.setattr(Advisories, "vulnerable", vulnerable)
    options = ("--vulnerability-service", "osv", "--osv-url", advisories)
    assert supply.audit(options) == worst
    told = capfd.readouterr()
    assert ("BDUR-1" in told.out) == bool(vulnerable)
    assert vulnerable in told.out
    assert ("geef zo niets uit" in told.err) == bool(worst)


@pytest.mark.usefixtures("two_locks")
def test_an_audit_that_cannot_ask_is_no_clean_audit() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert supply.audit(("--vulnerability-service", "osv", "--osv-url", address, "--timeout", "1")) == 1


def test_the_audit_asks_after_every_version_once() -> None:
    entries = locked(DEVELOPMENT)
    files = list(pins(entries))
    asked = [line for text in files for line in text.splitlines()]
    assert sorted(asked) == sorted({f"{one.name}=={one.version}" for one in entries})
    for text in files:
        names = [line.partition("==")[0] for line in text.splitlines()]
        assert len(names) == len(set(names))


# The bill of materials


class Elsewhere(Distribution):
    """A package of another system, which is not installed here."""

    def read_text(self, filename: str) -> str | None:
        return "Name: x\nVersion: 1\nLicense-Expression: MIT\n" if filename == "METADATA" else None

    def locate_file(self, path: object) -> Path:
        raise NotImplementedError


def packages() -> Mapping[str, Distribution]:
    return {
        f"{one.name}=={one.version}": distribution(one.name) if one.is_used_here else Elsewhere()
        for one in locked(RUNTIME)
    }


def test_the_bill_lists_all_that_is_locked_with_licence_and_hashes() -> None:
    told = json.loads(bill(packages()))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    listed = {one["bom-ref"]: one for one in told["components"]}
    assert set(listed) == {f"{one.name}=={one.version}" for one in locked(RUNTIME)}
    for one in locked(RUNTIME):
        part = listed[f"{one.name}=={one.version}"]
        assert {each["content"] for each in part["hashes"]} == set(one.hashes)
        assert part["licenses"][0], one.name
        assert part["scope"] == ("excluded" if one.name == "setuptools" else "required")
    needs = {one["ref"]: one.get("dependsOn", []) for one in told["dependencies"]}
    names = [Requirement(text).name.lower() for text in PROJECT["project"]["dependencies"]]
    assert sorted(each.partition("==")[0] for each in needs["bdur_xl"]) == sorted(names)
    assert any(
        each.startswith("markdown-it-py==")
        for each in next(needs[ref] for ref in needs if ref[:5] == "rich=")
    )


def test_two_bills_are_the_same_bytes_and_of_no_moment() -> None:
    text = bill(packages())
    assert text == bill(dict(reversed(list(packages().items()))))
    assert "timestamp" not in text
    assert "serialNumber" not in text


def test_every_package_states_a_licence() -> None:
    assert [one.name for one in locked(RUNTIME) if one.is_used_here
            and licence(distribution(one.name)) == "niet vermeld"] == []  # fmt: skip


# The macro project


@pytest.fixture(scope="module")
def project() -> bytes:
    """The macro project of the committed workbook."""
    return read_parts(WORKBOOK.read_bytes())["xl/vbaProject.bin"]


def streams(project: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(io.BytesIO(project)) as container:
        return {"/".join(path): container.openstream(path).read() for path in container.listdir()}


@pytest.fixture(scope="module")
def sourced(project: bytes) -> bytes:
    """The macro project that the readable sources give."""
    documents = re.findall(r"^Document=(\w+)", streams(project)["PROJECT"].decode("cp1252"), re.MULTILINE)
    modules = {**vba.sources(), "xlwings_udfs": vba_wrappers.udf_module()}
    return vba.vba_project(modules, [name for name in documents if name != vba.WORKBOOK_CODE_NAME])


def unlike(project: bytes, sourced: bytes) -> list[str]:
    """Name what in a macro project is not what the readable sources give."""
    its, ours = streams(project), streams(sourced)
    found = sorted(name for name in ours.keys() | its.keys() if ours.get(name) != its.get(name))
    return found or ([] if project == sourced else ["tussen de stromen"])


def test_the_macro_project_is_what_its_sources_give(project: bytes, sourced: bytes) -> None:
    assert unlike(project, sourced) == []


def test_it_holds_sources_only_no_code_compiled_beforehand(project: bytes) -> None:
    """Excel would run compiled code where its version fits, whatever the source beside it says.

    A module's compiled code stands before its source: here the source is all. Source: MS-OVBA 2.3.4.3.
    """
    modules = parse_vba_project(CFB.from_bytes(project)).modules
    assert {module.text_offset for module in modules} == {0}
    found = streams(project)
    for module in modules:
        assert found[f"VBA/{module.name}"][0] == 1, "compressed text; source: MS-OVBA 2.4.1.1.1"
    assert len(found) == len(modules) + 4, "besides the modules: PROJECT, PROJECTwm, dir, _VBA_PROJECT"


def test_a_changed_byte_of_it_is_noticed_and_named(project: bytes, sourced: bytes) -> None:
    placed = {name: project.index(content[:64]) + 5 for name, content in streams(project).items()}
    assert len(placed) > 20
    for name, place in placed.items():
        changed = bytearray(project)
        changed[place] ^= 1
        assert unlike(bytes(changed), sourced) == [name]
    assert unlike(project[:-1] + b"x", sourced) == ["tussen de stromen"]


# No network


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection(("example.org", 443), timeout=1),
        lambda: socket.create_connection(("192.0.2.1", 443), timeout=1),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: socket.gethostbyname("example.org"),
    ],
)
def test_the_tests_reach_no_network(reach: object) -> None:
    assert callable(reach)
    with pytest.raises(NetworkRefusedError):
        reach()


ALONE = ["unshare", "--net", "--map-root-user"]
"""Runs a program without any network, the loopback included. Source: util-linux."""


def alone(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ALONE, *map(str, command)],
        cwd=cwd, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip


ALL_AT_ONCE = """
import json, sys
from bdur_xl.cli import main
codes = {}
for name, arguments in json.loads(sys.argv[1]).items():
    try:
        codes[name] = main([name, *arguments])
    except SystemExit as stopped:
        codes[name] = stopped.code
print(json.dumps(codes))
"""
"""Runs every command in one Python, as starting one is what takes time."""


@pytest.fixture(scope="session")
def without_network(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip, loudly, where no program can be kept from the network; in CI that is a failure."""
    try:
        tried = alone("true", cwd=tmp_path_factory.mktemp("alleen")).returncode == 0
    except FileNotFoundError:
        tried = False
    if not tried and os.environ.get("CI"):
        pytest.fail("CI must test without a network: unshare is missing or refused")
    if not tried:
        pytest.skip("NIET GECONTROLEERD: unshare is missing or refused")


@pytest.mark.usefixtures("without_network")
def test_every_command_runs_without_a_network(tmp_path: Path) -> None:
    book = shutil.copy(WORKBOOK, tmp_path / "plan.xlsm")
    ledger = tmp_path / "export.csv"
    ledger.write_text("rekening;kostenplaats;datum;bedrag\n4100;100;1-2-2023;1000,00\n", "utf-8")
    commands: dict[str, tuple[object, ...]] = {
        "overzicht": (book,),
        "scenarios": (book,),
        "antwoorden": (book, "--json"),
        "controleer": (book,),
        "realisatie": (book,),
        "ververs": (book, "--zonder-pdf"),
        "memo": (book, "-o", tmp_path / "memo"),
        "vergelijk": (book, book),
        "sjabloon": (tmp_path / "sjabloon",),
        "bouw": ("--bron", ROOT / "workbook" / "plan", "-o", tmp_path / "nieuw.xlsm"),
        "importeer": (ledger, book, "--peildatum", "30-6-2023"),
        "bijwerken": (book, "-o", tmp_path / "bijgewerkt"),
        "nieuw": (tmp_path / "nieuw",),
        "aanvullen": ("bash",),
    }
    done = alone(sys.executable, "-c", ALL_AT_ONCE, json.dumps(commands, default=str), cwd=tmp_path)
    assert json.loads(done.stdout.splitlines()[-1]) == dict.fromkeys(commands, 0), done.stderr
    (memo,) = tmp_path.glob("*.docx")
    done = alone(sys.executable, "-m", "bdur_xl.cli", "toets", memo, book, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    known = alone(sys.executable, "-m", "bdur_xl.cli", "--help", cwd=tmp_path).stdout
    assert set(re.findall(r"^ {4}([a-z]+)(?: |$)", known, re.MULTILINE)) == {
        *commands, "toets", "gezond", "installeer",  # these are tried in tests/test_commands.py
    }, "not tried"  # fmt: skip


@pytest.mark.libreoffice
@pytest.mark.usefixtures("without_network")
def test_the_pdf_is_made_without_a_network(tmp_path: Path) -> None:
    book = shutil.copy(WORKBOOK, tmp_path / "plan.xlsm")
    done = alone(sys.executable, "-m", "bdur_xl.cli", "ververs", book, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.read_bytes()[:5] for path in tmp_path.glob("*.pdf")] == [b"%PDF-"]


def test_the_programs_that_a_command_starts_are_watched_too() -> None:
    """What `alone` promises: not even the loopback answers."""
    code = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    assert "Network is unreachable" in alone(sys.executable, "-c", code, cwd=ROOT).stderr
