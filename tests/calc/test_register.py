"""`bdur installeer --calc` in a LibreOffice of one user: the function answers, and is gone afterwards."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sheets import small

import bdur_xl
from bdur_xl.cli import main
from bdur_xl.files import calc_extension
from bdur_xl.files.calc_extension import ExtensionError
from calc.books import RESULTS, write
from calc.office import prepare, run

NOBODY = 65534
SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder for a normal user, outside pytest's own, which only their owner may enter."""
    with tempfile.TemporaryDirectory(prefix="bdur gebruiker é ") as folder:
        yield Path(folder)


def stepped_down(home: Path) -> dict[str, Any]:
    """Return how to run LibreOffice as a normal user: unopkg refuses root."""
    options: dict[str, Any] = {"env": {**os.environ, "HOME": str(home)}, "cwd": home}
    return {**options, "user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else options


def give(*roots: Path) -> None:
    """Hand folders over to the normal user."""
    for path in (path for root in roots for path in [root, *root.rglob("*")] if os.geteuid() == 0):
        os.chown(path, NOBODY, NOBODY)


@pytest.fixture
def profile(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh LibreOffice profile, which the commands and the unopkg they start use."""
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("UserInstallation", (home / "profiel").as_uri())
    prepare(home / "profiel")
    real = subprocess.run

    def unopkg(command: list[Any], **options: Any) -> Any:
        give(*(Path(one).parent for one in command[1:] if str(one).endswith(".oxt")))
        return real(command, **{**options, **stepped_down(home), "env": options["env"]})

    monkeypatch.setattr(subprocess, "run", unopkg)
    return home / "profiel"


@pytest.mark.libreoffice
@pytest.mark.usefixtures("libreoffice")
def test_the_extension_comes_answers_and_goes(
    home: Path, profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(home / "plan.xlsx", small(), {"A1": "=BDUR_JAARTOTAAL(plan, 2031)"})
    give(home)

    def bdur(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out

    def extension() -> tuple[str, str]:
        lines = {one["code"]: one for one in json.loads(bdur("gezond", "--json"))["controles"]}
        return lines["extensie"]["uitkomst"], lines["extensie"]["bevinding"]

    def answer() -> str:
        run(
            "soffice",
            "--headless",
            "--convert-to",
            SHEETS,
            "plan.xlsx",
            profile=profile,
            **stepped_down(home),
        )
        return (home / f"plan-{RESULTS}.csv").read_text(encoding="utf-8")

    present = ("goed", f"BDuR {bdur_xl.__version__}")
    assert extension()[0] == "let op"
    assert "aangemeld bij LibreOffice" in bdur("installeer", "--calc")
    assert extension() == present
    bdur("installeer", "--calc")  # once more, in its own place
    assert extension() == present
    assert answer() == '"245000,5"\n'
    assert "is bij LibreOffice verwijderd" in bdur("installeer", "--calc", "--verwijder")
    assert extension()[0] == "let op"
    assert answer() != '"245000,5"\n'
    assert "had de extensie BDuR.oxt niet" in bdur("installeer", "--calc", "--verwijder")


@pytest.mark.parametrize(
    ("said", "message", "remedy"),
    [
        (
            "ERROR: Cannot run unopkg as root without --shared or --bundled option.\n",
            "voor root",
            "gewone gebruiker",
        ),
        (
            "RuntimeError: BDuR vraagt Python 3.11 of nieuwer; deze LibreOffice heeft 3.8",
            "te oud",
            "LibreOffice 25.8",
        ),
        ("ERROR: lock file\n\nERROR: unopkg failed.\n", "ERROR: lock file", "Sluit LibreOffice"),
        ("", "zonder reden", "Sluit LibreOffice"),
    ],
)
def test_a_refusal_of_libreoffice_is_told_in_dutch(
    monkeypatch: pytest.MonkeyPatch, said: str, message: str, remedy: str
) -> None:
    def refuse(command: list[str], **_: object) -> Any:
        return subprocess.CompletedProcess(command, 1, said.encode())

    monkeypatch.setattr(calc_extension, "_programs", lambda: iter([Path("unopkg")]))
    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(ExtensionError) as refused:
        calc_extension.register(b"")
    assert message in refused.value.message
    assert remedy in refused.value.remedy


def test_an_extension_manager_that_hangs_or_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calc_extension, "_programs", lambda: iter([Path("/weg/unopkg")]))
    with pytest.raises(ExtensionError, match="start niet of duurt te lang"):
        calc_extension.unregister()
