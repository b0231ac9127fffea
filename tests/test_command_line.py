"""The command line itself: help, exit codes, completion, what is said of a line that is typed wrong."""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bdur_xl import cli
from bdur_xl.commands import COMMANDS, EXITS, FOUND, aanvullen, exits
from bdur_xl.commands.parser import Parser, parser_of
from bdur_xl.files.shipped import WORKBOOK, shipped

ENGLISH = re.compile(
    r"\b(usage|error|argument|arguments|options|required|invalid|choice|choose|unrecognized|expected|show)\b"
)


def parser(name: str) -> Parser:
    return parser_of(name, import_module(f"bdur_xl.commands.{name}"))


def test_every_module_of_a_command_is_in_the_table_and_the_help() -> None:
    folder = Path(aanvullen.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "parser", "shared", "delivering"}
    assert modules == set(COMMANDS)
    assert re.findall(r"^ {4}([a-z]+) ", cli.help_text(), re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_examples_that_parse_and_the_exit_codes(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert not ENGLISH.search(shown)
    for code, text in exits(name).items():
        assert re.search(rf"^  {code} +{re.escape(text)}$", shown, re.MULTILINE)
    assert (FOUND in exits(name)) == bool(COMMANDS[name].found)
    examples = import_module(f"bdur_xl.commands.{name}").EXAMPLES
    assert 1 <= len(examples) <= 4
    for example in examples:
        assert f"  {example}\n" in shown
        command, asked, *rest = shlex.split(re.split(" [>|]", example)[0])
        assert (command, asked) == ("bdur", name)
        parser(name).read(rest)  # SystemExit when it is wrong


def test_the_exit_codes_stand_in_the_help() -> None:
    for code, text in EXITS.items():
        assert re.search(rf"^    {code} +{re.escape(text)}$", cli.help_text(), re.MULTILINE)


def test_without_arguments_the_help_is_shown_as_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", cli.help_text() + "\n")
    assert cli.main(["--version"]) == 0
    assert re.fullmatch(r"bdur \d+\.\d+\S*\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("controler", "Bedoelt u controleer?"),
        ("OVERZICHT plan.xlsm", "Bedoelt u overzicht?"),
        ("--versie", "de optie --versie bestaat niet"),
        ("zzz", "de opdracht zzz bestaat niet"),
        ("overzicht", "er ontbreekt: WERKMAP"),
        ("overzicht plan.xlsm --scenaro korting", "Bedoelt u --scenario?"),
        ("overzicht plan.xlsm --basis", "--basis: hier hoort een waarde achter"),
        ("overzicht plan.xlsm --basis ongeveer", "kies uit"),
        ("overzicht plan.xlsm --json=ja", "hoort hier niet"),
        ("overzicht een.xlsm twee.xlsm", "onbekend: twee.xlsm"),
        ("ververs -plan.xlsm", "typ dan ./-plan.xlsm of -- -plan.xlsm"),
        ("importeer a.csv b.xlsm --peildatum ooit", "ooit is geen datum"),
        ("aanvullen cmd", "kies uit"),
        ("bouw --bron /bestaat/niet -o uit.xlsm", "bestaat niet"),
        ("nieuw /dev/null/map", "kan niet worden geschreven"),
        ("sjabloon /dev/null/map", "kan niet worden geschreven"),
        *((f"{name} weg.xlsm", "weg.xlsm bestaat niet") for name in (
            "overzicht", "controleer", "scenarios", "antwoorden",
            "realisatie", "memo", "ververs", "bijwerken",
        )),
        ("toets weg.docx weg.xlsm", "weg.docx bestaat niet"),
        ("vergelijk weg.json weg.xlsm", "weg.json bestaat niet"),
    ],
)  # fmt: skip
def test_a_refusal_is_dutch_and_ends_with_what_to_do(
    typed: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(shlex.split(typed)) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err
    assert re.fullmatch(r"    → \S.*", shown.err.rstrip("\n").splitlines()[-1])
    assert not ENGLISH.search(shown.err)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_is_one_line_and_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("bdur_xl.commands.sjabloon.run", interrupted)
    assert cli.main(["sjabloon"]) == 130
    assert capsys.readouterr().err == "Afgebroken; wat nog niet klaar was, is niet geschreven.\n"


def test_what_makes_files_tells_them_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = shutil.copy(shipped(WORKBOOK), tmp_path / "plan.xlsm")
    ledger = tmp_path / "export.csv"
    ledger.write_text("rekening;kostenplaats;datum;bedrag\n4100;100;1-2-2023;1000,00\n", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "thuis"))
    keys = {
        f"nieuw {tmp_path}/nieuw": [],
        f"sjabloon {tmp_path}/sjabloon": [],
        f"memo {book} -o {tmp_path}/memo": ["cellen"],
        f"ververs {book} -o {tmp_path}/uit --zonder-pdf": ["cellen"],
        f"bouw -o {tmp_path}/bouw.xlsm": ["reservekopie", "cellen"],
        f"importeer {ledger} {book} --peildatum 30-6-2023": ["groepen", "samen", "controletotaal"],
        "installeer": [],
    }
    for typed, more in keys.items():
        assert cli.main([*shlex.split(typed), "--json"]) == 0
        shown = capsys.readouterr()
        found = json.loads(shown.out)
        assert list(found) == ["gemaakt", *more, "opmerkingen"]
        assert bool(found["gemaakt"]) == (typed != "installeer")
        assert all(Path(path).is_absolute() and Path(path).is_file() for path in found["gemaakt"])
        assert shown.err == ""


# Completion

BASH = """
source "$1"
COMP_WORDS=("${@:2}"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; }
_bdur
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        (["over"], {"overzicht"}),
        (["--v"], {"--version"}),
        (["overzicht", "--"], {"--help", "--basis", "--scenario", "--json"}),
        (["overzicht", "--basis", "e"], {"exact"}),
        (["overzicht", ""], {"mijn plan.xlsm", "map"}),
        (["toets", "m"], {"memo.docx", "mijn plan.xlsm", "map"}),
        (["ververs", "-o", ""], {"map"}),
        (["overzicht", "--scenario", ""], {""}),
        (["aanvullen", "z"], {"zsh"}),
    ],
)
def test_bash_completes(tmp_path: Path, line: list[str], offered: set[str]) -> None:
    (tmp_path / "script").write_text("\n".join(aanvullen.script("bash")), "utf-8")
    for name in ("mijn plan.xlsm", "memo.docx", "brief.txt"):
        (tmp_path / name).touch()
    (tmp_path / "map").mkdir()
    done = subprocess.run(
        ["bash", "-c", BASH, "bash", "./script", "bdur", *line],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert set(done.stdout.rstrip("\n").split("\n")) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_command_and_option_is_in_the_script(shell: str, tmp_path: Path) -> None:
    lines = aanvullen.script(shell)
    text = "\n".join(lines)
    for name in COMMANDS:
        for option in aanvullen.offer(name).options:
            shown = {"fish": rf"{name}'.* -[ls] {option.lstrip('-')}\b"}.get(shell, rf"{name}\b.*{option}\b")
            assert re.search(shown, text), (name, option)
    if shell != "powershell" and shutil.which(shell):
        (tmp_path / "script").write_text(text, "utf-8")
        assert subprocess.run([shell, "-n", str(tmp_path / "script")], check=False).returncode == 0


# A terminal

TTY = """
import pty, sys
code = pty.spawn([sys.executable, "-m", "bdur_xl.cli", *sys.argv[1:]])
raise SystemExit(code >> 8)
"""


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal")
@pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_only_where_they_are_wanted(more: dict[str, str], coloured: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TTY, "overzicht", str(shipped(WORKBOOK))],
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **more}, stdin=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1], capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert "Lasten per jaar" in done.stdout
    assert bool(re.search(r"\x1b\[[\d;]*3\d", done.stdout)) == coloured
