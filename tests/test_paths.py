"""Names and places as staff have them: each works, or is refused in one Dutch message with nothing half."""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest

from bdur_xl.cells import printable
from bdur_xl.cli import main
from bdur_xl.files.shelf import FOLDER, snapshot_files
from bdur_xl.files.snapshots import read_snapshot

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"
NFC, NFD = (unicodedata.normalize(form, "Coördinatie één") for form in ("NFC", "NFD"))
NAMES = [
    "map met spatie", " spatie vooraan", "twee  spaties", NFC, NFD, "#1", "100%", "%20", "%s %d {0} {naam}",
    "R&D", "d'accord", 'zei "ja"', "-streepje", "--map", "-o", "$(touch gevaar)", "`touch gevaar`", "a;b|c>d",
    "*?[a-z]", "~", "~$plan", "punt.", "v1.2.3", "emoji 📊", "עברית", "日本語", "\u200bnul breed",
    "harde\u00a0spatie", "aux", "regel\neinde", "tab\tje", "\\\\server\\share", "C:\\map", "momentopnamen",
    "plan 2026-01-01 10.00.00", "a" * 200, "é" * 100,
]  # fmt: skip
NO_TEXT = os.fsdecode(b"los\xe9")
"""A name that some other system left, in no encoding of ours."""

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")


def run(*arguments: object) -> int:
    """Run a command in this process; return its exit code."""
    return main([str(argument) for argument in arguments])


def bdur(*arguments: object, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run a command as a person does, in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "bdur_xl.cli", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def assert_refreshed(folder: Path, stem: str) -> None:
    """The memo opens, the state can be read, and nothing else came."""
    (memo,) = folder.glob("Bestuursmemo*.docx")
    docx.Document(str(memo))
    (kept,) = (folder / FOLDER).iterdir()
    assert re.fullmatch(rf"{re.escape(stem)} \d{{4}}-\d\d-\d\d \d\d\.\d\d\.\d\d\.json", kept.name)
    assert read_snapshot(kept).results["ruimte-exact.2023"] == -277_851_00
    known = {memo.name, FOLDER, f"{stem}.xlsm"}
    assert {path.name for path in folder.iterdir()} <= known


@posix
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_workbook_and_its_folder_of_any_name(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    path = folder / f"{name}.xlsm"
    shutil.copy(WORKBOOK, path)
    assert run("ververs", path, "--zonder-pdf") == 0
    assert_refreshed(folder, name)
    assert f"De memo staat in {printable(str(folder))}" in capsys.readouterr().out
    assert [one.name for one in tmp_path.iterdir()] == [name]


@posix
@pytest.mark.parametrize("name", [NO_TEXT, "emoji 📊", "regel\neinde", "100% {0} %s", "a" * 300], ids=ascii)
def test_a_message_never_fails_on_a_name(tmp_path: Path, name: str) -> None:
    told = bdur("overzicht", tmp_path / f"{name}.xlsm")
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    assert "→ Controleer de naam en de map" in told.stderr


@posix
def test_an_output_folder_whose_name_is_no_text(tmp_path: Path) -> None:
    made = bdur("sjabloon", tmp_path / NO_TEXT)
    assert made.returncode == 0, made.stderr
    assert len(list((tmp_path / NO_TEXT).iterdir())) == 1
    assert "los\\udce9" in made.stdout


def test_a_snapshot_is_found_however_its_accents_are_stored(tmp_path: Path) -> None:
    """A Mac, or a drive that one filled, may give the accents apart from their letters."""
    shutil.copy(WORKBOOK, tmp_path / f"{NFC}.xlsm")
    assert run("ververs", tmp_path / f"{NFC}.xlsm", "--zonder-pdf") == 0
    (kept,) = (tmp_path / FOLDER).iterdir()
    kept.rename(kept.with_name(unicodedata.normalize("NFD", kept.name)))
    assert len(snapshot_files(tmp_path / FOLDER, NFC)) == 1
    assert len(snapshot_files(tmp_path / FOLDER, NFD)) == 1
    assert snapshot_files(tmp_path / FOLDER, "Coordinatie een") == []


# Long


@posix
def test_over_260_characters(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["een map met een lange naam"] * 12)
    folder.mkdir(parents=True)
    shutil.copy(WORKBOOK, folder / "plan.xlsm")
    assert len(str(folder)) > 300
    assert run("ververs", folder / "plan.xlsm", "--zonder-pdf") == 0
    assert_refreshed(folder, "plan")


@posix
def test_a_name_with_no_room_for_a_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"{'a' * 245}.xlsm"
    shutil.copy(WORKBOOK, path)
    assert run("ververs", path, "--zonder-pdf") == 2
    told = capsys.readouterr().err
    assert "(de naam is te lang); er is niets gewijzigd." in told
    assert "→ Geef bestand of map een kortere naam, of kies een andere map." in told
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]


@posix
@pytest.mark.parametrize("out", ["a" * 256, "é" * 128, "/".join(["m" * 200] * 25)], ids=len)
def test_an_output_folder_that_is_too_long(
    tmp_path: Path, out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("memo", WORKBOOK, "-o", tmp_path / out) == 2
    told = capsys.readouterr().err
    assert "de naam is te lang" in told
    assert "→ Geef bestand of map een kortere naam" in told
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


@posix
def test_a_workbook_whose_name_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ververs", tmp_path / ("a" * 300 + ".xlsm")) == 2
    assert "kan geen bestand zijn" in capsys.readouterr().err


# Places


@posix
def test_two_slashes_in_front(tmp_path: Path) -> None:
    """As an address on a network is written."""
    shutil.copy(WORKBOOK, tmp_path / "plan.xlsm")
    assert run("ververs", f"/{tmp_path}/plan.xlsm", "--zonder-pdf", "-o", f"/{tmp_path}") == 0
    assert_refreshed(tmp_path, "plan")


@posix
@pytest.mark.parametrize("address", ["//server/share/plan.xlsm", "\\\\server\\share\\plan.xlsm"])
def test_a_network_that_is_not_there(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ververs", address) == 2
    assert "bestaat niet\n" in capsys.readouterr().err.replace(".\n", "\n")


@posix
def test_a_linked_folder_and_a_linked_workbook(tmp_path: Path) -> None:
    real, link = tmp_path / "echt", tmp_path / "koppeling"
    real.mkdir()
    link.symlink_to(real)
    shutil.copy(WORKBOOK, real / "plan.xlsm")
    assert run("ververs", link / "plan.xlsm", "--zonder-pdf") == 0
    assert_refreshed(real, "plan")
    assert link.is_symlink()


@posix
@pytest.mark.parametrize("command", ["ververs", "memo", "sjabloon", "bouw"])
def test_links_that_go_round(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bdur_xl.build.workbook.workbook_bytes", lambda *_: b"")  # takes a second or two
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    arguments: dict[str, list[object]] = {
        "ververs": [WORKBOOK, "-o", tmp_path / "a" / "uit"],
        "memo": [WORKBOOK, "-o", tmp_path / "a" / "uit"],
        "sjabloon": [tmp_path / "a" / "uit"],
        "bouw": ["--bron", ROOT / "workbook" / "plan", "-o", tmp_path / "a" / "uit.xlsm"],
    }
    assert run(command, *arguments[command]) == 2
    told = capsys.readouterr().err
    assert "de koppelingen verwijzen naar elkaar" in told
    assert "→" in told


@pytest.fixture
def writers() -> Callable[[Path], Iterator[list[object]]]:
    """Commands that write in a folder."""

    def commands(folder: Path) -> Iterator[list[object]]:
        yield ["ververs", WORKBOOK, "--zonder-pdf", "-o", folder]
        yield ["memo", WORKBOOK, "-o", folder]
        yield ["sjabloon", folder]

    return commands


@pytest.mark.parametrize("path", ["", ".", "..", "/", "~"])
@pytest.mark.parametrize("command", ["overzicht", "ververs", "vergelijk", "bouw"])
def test_a_path_that_names_no_file(
    path: str,
    command: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("bdur_xl.build.workbook.workbook_bytes", lambda *_: b"")  # takes a second or two
    (tmp_path / "~").mkdir()
    (tmp_path / "hier").mkdir()
    monkeypatch.chdir(tmp_path / "hier" if path == ".." else tmp_path)
    more: dict[str, list[object]] = {
        "vergelijk": [WORKBOOK],
        "bouw": ["--bron", ROOT / "workbook" / "plan", "-o"],
    }
    assert run(command, *more.get(command, []), path) == 2
    told = capsys.readouterr().err
    assert "map" in told
    assert "→" in told
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["hier", "~"]


def test_a_file_where_the_folder_should_be(
    tmp_path: Path, writers: Callable[[Path], Iterator[list[object]]], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "uit").write_text("geen map")
    for folder in (tmp_path / "uit", tmp_path / "uit" / "dieper"):
        for command in writers(folder):
            assert run(*command) == 2
            told = capsys.readouterr().err
            assert "er staat een bestand waar een map hoort" in told
            assert "→ Kies een andere map." in told
    assert [one.name for one in tmp_path.iterdir()] == ["uit"]


def test_a_relative_path(tmp_path: Path) -> None:
    shutil.copy(WORKBOOK, tmp_path / "plan.xlsm")
    assert bdur("ververs", "plan.xlsm", "--zonder-pdf", cwd=tmp_path).returncode == 0
    assert_refreshed(tmp_path, "plan")


@posix
def test_a_name_that_begins_with_a_dash(tmp_path: Path) -> None:
    shutil.copy(WORKBOOK, tmp_path / "-plan.xlsm")
    refused = bdur("ververs", "-plan.xlsm", "--zonder-pdf", cwd=tmp_path)
    assert refused.returncode == 2
    assert "WERKMAP" in refused.stderr
    assert "typ dan ./-plan.xlsm" in refused.stderr
    assert "required" not in refused.stderr
    assert bdur("ververs", "--zonder-pdf", "--", "-plan.xlsm", cwd=tmp_path).returncode == 0
    assert_refreshed(tmp_path, "-plan")


@posix
@pytest.mark.parametrize("command", ["ververs", "memo", "sjabloon"])
def test_the_current_folder_is_gone(tmp_path: Path, command: str) -> None:
    arguments = {
        "ververs": f"'{WORKBOOK}' --zonder-pdf -o .",
        "memo": f"'{WORKBOOK}'",
        "sjabloon": "",
    }
    program = f"'{sys.executable}' -m bdur_xl.cli {command} {arguments[command]}"
    script = f"mkdir weg && cd weg && rmdir ../weg && {program}"
    told = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert told.returncode == 2, told.stderr
    assert "Traceback" not in told.stderr
    assert "de map of het bestand bestaat niet" in told.stderr
    assert "→ Controleer de naam en de map." in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_output_with_the_name_of_a_folder_gets_the_next_name(tmp_path: Path) -> None:
    """New files take a free name, whatever stands there."""
    memo = f"Bestuursmemo BDuR {dt.date.today():%Y-%m-%d}"
    (tmp_path / f"{memo}.docx").mkdir()
    assert run("memo", WORKBOOK, "-o", tmp_path) == 0
    assert (tmp_path / f"{memo} (2).docx").is_file()
