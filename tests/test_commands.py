"""`bdur installeer`, `bdur nieuw` and `bdur gezond`, as a person types them."""

import errno
import json
import sys
from pathlib import Path

import pytest

from bdur_xl.book import BookError
from bdur_xl.cli import main
from bdur_xl.commands import nieuw
from bdur_xl.files import atomic, calc_extension, xlwings_conf
from bdur_xl.files.atomic import write_new
from bdur_xl.files.memo_template import template
from bdur_xl.files.shipped import TEMPLATE, WORKBOOK, IncompleteError
from bdur_xl.files.workbook import read_workbook


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "één d'Ancona 100%"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("UserInstallation", raising=False)
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return home


def test_install_look_and_undo(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["installeer"]) == 0
    told = capsys.readouterr().out.splitlines()
    conf = home / ".xlwings" / "xlwings.conf"
    assert told[:3] == [
        f"Python: {sys.executable}",
        f"Geschreven: {conf}",
        f"    INTERPRETER_WIN = {sys.executable}",
    ]
    assert told[-1] == "Start Excel opnieuw. Kijk daarna na of alles werkt: bdur gezond WERKMAP"
    assert main(["gezond", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    lines = {one["code"]: one for one in found["controles"]}
    assert found["goed"] is True
    assert lines["instellingen"] == {
        "code": "instellingen",
        "naam": "Instellingen",
        "uitkomst": "goed",
        "bevinding": str(conf),
        "remedie": "",
    }
    assert lines["functies"]["bevinding"].endswith(": de zelftest klopt")
    assert main(["installeer", "--verwijder"]) == 0
    assert not conf.parent.exists()


def test_what_is_wrong_is_shown_with_its_remedy_and_exit_code_1(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    conf = xlwings_conf.place("linux", home, "utf-8")
    xlwings_conf.install(conf, home / "weg" / "python.exe", {})
    assert main(["gezond"]) == 1
    shown = capsys.readouterr().out
    assert "✗ fout" in shown
    assert f"Python staat niet op {home / 'weg' / 'python.exe'}" in shown
    assert "→ Voer bdur installeer uit en start Excel opnieuw." in shown
    assert shown.splitlines()[-1] == "1 ding is niet in orde."


def test_a_workbook_that_is_not_there_is_a_line_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gezond", str(home / "weg.xlsm")]) == 1
    assert "weg.xlsm bestaat niet" in capsys.readouterr().out


def test_install_refused_is_exit_code_2(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / ".xlwings").write_text("in de weg")
    assert main(["installeer"]) == 2
    assert "    → " in capsys.readouterr().err


def test_without_libreoffice_calc_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(calc_extension, "libreoffice", lambda: None)
    assert main(["installeer", "--calc"]) == 2
    assert "LibreOffice is niet gevonden" in capsys.readouterr().err


def test_new_gives_a_workbook_that_reads_and_the_template(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "een" / "nieuwe map"
    assert main(["nieuw", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        f"Gemaakt: {folder / WORKBOOK}",
        f"Gemaakt: {folder / TEMPLATE}",
    ]
    assert read_workbook(folder / WORKBOOK)["plan"].rows
    assert (folder / TEMPLATE).read_bytes() == template()


def test_new_overwrites_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / TEMPLATE).write_text("van mij")
    assert main(["nieuw", str(home)]) == 2
    assert f"staat al {TEMPLATE}; er is niets geschreven" in capsys.readouterr().err
    assert [path.name for path in home.iterdir()] == [TEMPLATE]
    assert (home / TEMPLATE).read_text() == "van mij"


def test_new_where_nothing_can_be_written(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "bestand").touch()
    assert main(["nieuw", str(home / "bestand")]) == 2
    assert "er staat een bestand waar een map hoort" in capsys.readouterr().err


def test_new_leaves_nothing_half(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, stem: str, suffix: str, content: bytes) -> Path:
        if f"{stem}{suffix}" == TEMPLATE:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_new(folder, stem, suffix, content)

    monkeypatch.setattr(atomic, "write_new", full)
    with pytest.raises(BookError, match="de schijf is vol"):
        nieuw.put([WORKBOOK, TEMPLATE], home / "half")
    assert list((home / "half").iterdir()) == []


def test_new_without_the_shipped_file_writes_nothing(home: Path) -> None:
    with pytest.raises(IncompleteError):
        nieuw.put([WORKBOOK, "niet meegeleverd.docx"], home / "map")
    assert not (home / "map").exists()
