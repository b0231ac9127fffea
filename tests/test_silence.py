"""Nothing fails in silence: a check that cannot run fails, a bug shows and is logged, without plan data."""

import ast
import json
import multiprocessing
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import ErrorLog
from hypothesis import given, settings
from hypothesis import strategies as st
from ranges import FUNCTIONS, Ranges, as_cell, call, code, ranges
from sheets import small
from test_cli import ROOT, WORKBOOK

from bdur_xl import checks, error_log
from bdur_xl.as_json import checks_json
from bdur_xl.checks import CHECKS, EXPLANATION_CHECK, Check, run_checks
from bdur_xl.checks.check import Observation
from bdur_xl.cli import main
from bdur_xl.explain import why
from bdur_xl.model import Explanation, Finding, Inputs, Status
from bdur_xl.registry import SheetError, evaluate
from bdur_xl.sheet_function import SheetFunction
from udfs.calc import values

SECRET = "vertrouwelijk: € 123.456 voor de dijkwacht"
Break = Callable[..., None]


class HostileError(Exception):
    """Tells plan data in every way an exception can."""

    def __init__(self) -> None:
        super().__init__(SECRET, 123456)
        self.add_note(SECRET)

    def __repr__(self) -> str:
        return SECRET


def raises(*_: object) -> Any:
    raise HostileError


def raises_midway(*_: object) -> Iterator[Observation]:
    yield "Plan, rij 7", SECRET, SECRET
    raise HostileError


# A check that cannot run


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Have one check raise."""

    def break_(name: str, look: Callable[..., Iterator[Observation]] = raises) -> None:
        if name == EXPLANATION_CHECK.code:
            monkeypatch.setattr(checks, "idle_explanations", look)
            return
        changed = tuple(
            one._replace(look=look) if one.code == name else one
            for one in checks._ON_THE_PLAN
        )  # fmt: skip
        assert changed != checks._ON_THE_PLAN
        monkeypatch.setattr(checks, "_ON_THE_PLAN", changed)

    return break_


def failing(name: str) -> Finding:
    return Finding(
        name,
        Status.FAILED,
        f"Controle {name}",
        "deze controle kon niet worden uitgevoerd en geldt daarom als niet kloppend",
        "",
    )


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_check_that_raises_fails_alone(
    real_inputs: Inputs, broken: Break, error_log: ErrorLog, check: Check
) -> None:
    before = {one.check.code: one.findings for one in run_checks(real_inputs)}
    broken(check.code)
    after = {one.check.code: one.findings for one in run_checks(real_inputs)}
    (found,) = after.pop(check.code)
    before.pop(check.code)
    assert after == before
    assert found._replace(remedy="") == failing(check.code)
    (line,) = error_log.lines()
    assert line["waar"] == f"controle {check.code}"
    assert line["kenmerk"] in found.remedy
    assert "test_silence:" in line["code"][-1]


def test_what_a_check_found_before_it_raised_is_not_all_there_is(
    real_inputs: Inputs, broken: Break, error_log: ErrorLog
) -> None:
    broken("C20", raises_midway)
    outcome = next(one for one in run_checks(real_inputs) if one.check.code == "C20")
    assert [one._replace(remedy="") for one in outcome.findings] == [failing("C20")]
    assert outcome.gravest is Status.FAILED
    assert error_log.lines()


def test_a_check_that_cannot_run_cannot_be_explained_away(
    real_inputs: Inputs, broken: Break, error_log: ErrorLog
) -> None:
    seen = failing("C15")
    excuse = Explanation(seen.code, seen.where, seen.message, "het is goed zo")
    broken("C15")
    outcomes = run_checks(real_inputs._replace(explanations=(excuse,)))
    found = {one.check.code: one.findings for one in outcomes}
    assert [one.explained for one in found["C15"]] == [None]
    assert "wat moet kloppen kan niet worden toegelicht" in found["N08"][-1].message
    assert error_log.lines()


@pytest.mark.parametrize("name", ["C01", "C15", "N08"])
def test_it_stops_the_refresh_and_fails_the_command(
    broken: Break,
    error_log: ErrorLog,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
) -> None:
    assert main(["controleer", str(WORKBOOK)]) == 0
    broken(name)
    capsys.readouterr()
    assert main(["controleer", str(WORKBOOK)]) == 1
    told = capsys.readouterr().out
    assert f"✗ klopt niet  {name}" in told
    assert main(["overzicht", str(WORKBOOK)]) == 0
    assert "Controles: 1 fout (klopt niet)" in capsys.readouterr().out
    assert main(["controleer", "--json", str(WORKBOOK)]) == 1
    by_code = {one["code"]: one for one in json.loads(capsys.readouterr().out)["controles"]}
    assert by_code[name]["klopt"] is False
    assert [one["status"] for one in by_code[name]["bevindingen"]] == ["klopt niet"]
    assert main(["ververs", str(WORKBOOK), "-o", str(tmp_path), "--zonder-pdf"]) == 1
    assert f"niet ({name}): er is geen memo gemaakt en niets gewijzigd" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert {line["waar"] for line in error_log.lines()} == {f"controle {name}"}


@pytest.mark.parametrize("name", ["C34", "C22"])
def test_it_shows_on_the_sheet(broken: Break, error_log: ErrorLog, name: str) -> None:
    book = ranges(small())
    broken(name)
    rows = [row for row in call("BDUR_CONTROLES", **book) if row[0] == name]
    assert [row[2] for row in rows] == ["klopt niet"], "what the master check counts"
    assert error_log.lines()


def test_a_range_that_a_check_needs_cannot_be_left_out() -> None:
    book = ranges(small())
    needed = [one for one in FUNCTIONS["BDUR_CONTROLES"].arguments if one.is_range and not one.optional]
    assert len(needed) == 9
    for argument in needed:
        without = {name: cells for name, cells in book.items() if name != argument.name}
        assert code(call("BDUR_CONTROLES", **without)) == "#VALUE!", argument.name


def test_json_counts_it(real_inputs: Inputs, broken: Break, error_log: ErrorLog) -> None:
    broken("C04")
    told = [*checks_json(run_checks(real_inputs), [])["controles"]]
    assert isinstance(told, list)
    assert next(one["code"] for one in told if isinstance(one, dict) and not one["klopt"]) == "C04"
    assert error_log.lines()


# A function that raises


def breaking(name: str) -> SheetFunction:
    return replace(FUNCTIONS[name], compute=raises)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_that_raises_shows_an_error_and_is_logged(name: str, error_log: ErrorLog) -> None:
    book = ranges(small())
    given_cells = [as_cell(book.get(argument.name)) for argument in FUNCTIONS[name].arguments]
    shown = evaluate(breaking(name), given_cells)
    (line,) = error_log.lines()
    assert isinstance(shown, SheetError)
    assert shown.code == "#VALUE!"
    assert f"(kenmerk {line['kenmerk']}; zie het logboek " in shown.reason
    assert line["waar"] == name
    assert line["fout"] == ["HostileError"]
    assert set(line["argumenten"]) == {argument.name for argument in FUNCTIONS[name].arguments}


def test_a_line_is_enough_to_build_a_like_call(error_log: ErrorLog) -> None:
    plan = (("regel", "2031 i", "Onze eigen kolom"), ("L1", 5.0, None), ("L2", None, True))
    evaluate(breaking("BDUR_JAARTOTAAL"), [plan, 2031.0])
    (line,) = error_log.lines()
    assert line["argumenten"] == {
        "plan": {
            "grootte": "3×3",
            "kolommen": [
                {"kop": "regel", "soorten": {"str": 2}},
                {"kop": "(str)", "soorten": {"NoneType": 1, "float": 1}},
                {"kop": "(str)", "soorten": {"NoneType": 1, "bool": 1}},
            ],
        },
        "jaar": "float",
    }
    assert line["code"][0].startswith("bdur_xl.sheet_function:")
    assert line["code"][-1].endswith(" raises")
    assert line["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(line) == {
        "tijd", "kenmerk", "versie", "python", "platform", "waar", "fout", "code", "argumenten",
    }  # fmt: skip


def test_why_tells_where_the_log_is(monkeypatch: pytest.MonkeyPatch, error_log: ErrorLog) -> None:
    book = ranges(small())
    sentence = call("BDUR_WAAROM", functie="jaartotaal", jaar=2031, plan=book["plan"])
    assert sentence.startswith("€")
    for part in ("compute", "explain"):
        changed: dict[str, Any] = {part: raises}
        figure = replace(FUNCTIONS["BDUR_JAARTOTAAL"], **changed)
        given_cells = {"functie": "jaartotaal", "jaar": 2031.0, "plan": book["plan"]}
        cells = [given_cells.get(argument.name) for argument in FUNCTIONS["BDUR_WAAROM"].arguments]
        told = evaluate(replace(FUNCTIONS["BDUR_WAAROM"], compute=partial(why, figures=[figure])), cells)
        assert isinstance(told, str)
        assert told.startswith("#WAARDE!: onverwachte fout in bdur_xl (kenmerk ")
        assert "zie het logboek $XDG_STATE_HOME/bdur_xl/fouten.log" in told
    assert [line["waar"] for line in error_log.lines()] == ["BDUR_JAARTOTAAL", "BDUR_JAARTOTAAL"]


def test_what_calc_hands_over_and_we_cannot_translate_is_logged(error_log: ErrorLog) -> None:
    class Cells:
        def getDataArray(self) -> None:  # noqa: N802  # UNO names it
            raise HostileError

    shown = values.call(FUNCTIONS["BDUR_STATUS"], [Cells()], None)
    assert shown != shown  # an error value is a number that is none
    (line,) = error_log.lines()
    assert (line["waar"], line["fout"]) == ("BDUR_STATUS", ["AttributeError"])


def test_a_bug_in_a_command_is_one_dutch_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error_log: ErrorLog
) -> None:
    monkeypatch.setattr(checks, "each_outcome", raises)
    for command in ("overzicht", "controleer"):
        assert main([command, str(WORKBOOK)]) == 70
        out, err = capsys.readouterr()
        mark = error_log.lines()[-1]["kenmerk"]
        assert out == ""
        assert err == (
            f"Er is een fout in bdur zelf: HostileError (kenmerk {mark}; zie het logboek "
            "$XDG_STATE_HOME/bdur_xl/fouten.log).\n    → Meld dit aan de beheerder, met het logboek.\n"
        )
    assert [line["waar"] for line in error_log.lines()] == ["bdur overzicht", "bdur controleer"]


def test_an_overflow_without_json_does_not_speak_of_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error_log: ErrorLog
) -> None:
    monkeypatch.setattr(checks, "each_outcome", lambda _: 10.0**400)
    assert main(["controleer", str(WORKBOOK)]) == 70
    assert "JSON" not in capsys.readouterr().err
    assert error_log.lines()


# No plan data in the log

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=4, max_size=40)
AMOUNTS = st.floats(min_value=1000, max_value=1e12).map(lambda euros: round(euros, 2))


@st.composite
def other_cells(draw: st.DrawFn) -> tuple[Ranges, list[str]]:
    """Draw a plan of one shape with other texts and amounts, and what they are."""
    told: list[str] = []

    def other(cell: object) -> object:
        if isinstance(cell, str):
            told.append(draw(TEXTS))
            return told[-1]
        if isinstance(cell, float):
            number = draw(AMOUNTS)
            told.extend({repr(number), f"{number:.0f}"})
            return number
        return cell

    book = ranges(small())
    changed = {
        name: (rows[0], *(tuple(map(other, row)) for row in rows[1:])) for name, rows in book.items()
    }  # fmt: skip
    return changed, told


def raised(book: Ranges) -> Exception:
    """Return an error that quotes the plan, from one that does so too."""
    try:
        try:
            raise KeyError(book)
        except KeyError as error:
            raise ValueError(str(book)) from error
    except ValueError as error:
        return error


def logged(book: Ranges) -> str:
    line = error_log.described("BDUR_CONTROLES", raised(book), book)
    return json.dumps({key: value for key, value in line.items() if key != "tijd"}, ensure_ascii=False)


@settings(max_examples=40, deadline=None)
@given(other_cells())
def test_a_line_is_the_same_for_every_plan_of_that_shape(drawn: tuple[Ranges, list[str]]) -> None:
    """So nothing of the plan can be in it: a text that stands there too, does so by chance."""
    book, told = drawn
    line, of_the_small_plan = logged(book), logged(ranges(small()))
    assert line == of_the_small_plan
    assert [one for one in told if one in line and one not in of_the_small_plan] == []
    assert len(line) < error_log.LARGEST / 10


def test_headings_of_their_own_and_years_stay_out() -> None:
    rows = (("REGEL", "2031_i", SECRET, 2032.0), ("a", 1.0, 2.0, 3.0))
    told = error_log.shape(rows)
    assert isinstance(told, dict)
    columns = told["kolommen"]
    assert isinstance(columns, list)
    assert [one["kop"] for one in columns] == ["regel", "(str)", "(str)", "(float)"]


def test_a_mark_is_the_same_elsewhere_and_another_for_another_error() -> None:
    one = error_log.described("BDUR_RUIMTE", raised({}), {})
    same = error_log.described("BDUR_RUIMTE", raised(ranges(small())), {"plan": "x"})
    other = error_log.described("BDUR_RUIMTE", HostileError(), {})
    assert one["kenmerk"] == same["kenmerk"] != other["kenmerk"]


def recursing(depth: int) -> int:
    return recursing(depth + 1) + 1


def test_a_deep_recursion_is_told_in_few_words(error_log: ErrorLog) -> None:
    broken = replace(FUNCTIONS["BDUR_STATUS"], compute=lambda _: float(recursing(0)))
    assert code(evaluate(broken, [])) == "#VALUE!"
    (line,) = error_log.lines()
    assert line["fout"] == ["RecursionError"]
    assert len(line["code"]) == 40


@pytest.mark.parametrize(
    "given_rows", [(), ((),), ("geen rij",), (("regel",), ("a", "b"), ()), ((SECRET,), 5.0)]
)
def test_rows_of_any_form_are_described(given_rows: tuple[object, ...]) -> None:
    assert SECRET not in json.dumps(error_log.shape(given_rows))


# Where the log stands


@pytest.mark.parametrize(
    ("system", "settings_", "place", "shown"),
    [
        ("win32", {"LOCALAPPDATA": "/users/x/local"}, "/users/x/local/bdur_xl", r"%LOCALAPPDATA%\bdur_xl"),
        ("win32", {}, "/home/x/AppData/Local/bdur_xl", r"%LOCALAPPDATA%\bdur_xl"),
        ("darwin", {}, "/home/x/Library/Logs/bdur_xl", "~/Library/Logs/bdur_xl"),
        ("linux", {}, "/home/x/.local/state/bdur_xl", "~/.local/state/bdur_xl"),
        ("linux", {"XDG_STATE_HOME": "/state"}, "/state/bdur_xl", "$XDG_STATE_HOME/bdur_xl"),
        ("linux", {"XDG_STATE_HOME": "state"}, "/home/x/.local/state/bdur_xl", "~/.local/state/bdur_xl"),
    ],
)
def test_one_place_per_user_told_without_the_name_of_the_user(
    monkeypatch: pytest.MonkeyPatch, system: str, settings_: dict[str, str], place: str, shown: str
) -> None:
    for name in ("LOCALAPPDATA", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/x", **settings_}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", system)
    assert error_log.folder() == (Path(place), shown)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of its own for one test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "bdur_xl"


def test_a_log_that_cannot_be_written_does_not_stop_a_function(place: Path) -> None:
    place.write_text("a file where the folder should be")
    shown = evaluate(breaking("BDUR_STATUS"), [])
    assert isinstance(shown, SheetError)
    assert shown.reason.endswith("; het logboek kon niet worden geschreven)")
    assert "kenmerk onbekend" not in shown.reason


def test_a_home_that_is_unknown_does_not_stop_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setattr(Path, "home", no_home)
    assert error_log.told("BDUR_STATUS", HostileError()).endswith("het logboek kon niet worden geschreven")


def test_the_log_is_bounded(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_log, "LARGEST", 4000)
    for number in range(60):
        error_log.told(f"nummer {number}", HostileError())
    files = {path.name: path.read_text("utf-8").splitlines() for path in place.iterdir()}
    assert set(files) == {"fouten.log", "fouten.vorige.log"}
    kept = [json.loads(line)["waar"] for line in files["fouten.vorige.log"] + files["fouten.log"]]
    assert kept == [f"nummer {number}" for number in range(60)][-len(kept) :], "the last, none lost between"
    assert sum(path.stat().st_size for path in place.iterdir()) < 2 * 4000 + 2 * 1000


def test_the_lock_of_a_killed_program_does_not_stay(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(error_log, "PATIENCE", 0.05)
    place.mkdir()
    (place / ".slot").touch()
    assert error_log.NAME in error_log.told("eerste", HostileError())
    assert [path.name for path in place.iterdir()] == ["fouten.log"]


def write_many(number: int) -> None:
    error_log.LARGEST = 20_000
    for _ in range(25):
        assert error_log.NAME in error_log.told(f"proces {number}", HostileError())


def test_several_programs_log_at_once(place: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.map(write_many, range(4))
    files = [place / error_log.OLDER, place / error_log.NAME]
    lines = [json.loads(line) for path in files if path.exists() for line in path.read_text().splitlines()]
    assert {line["waar"] for line in lines} <= {f"proces {number}" for number in range(4)}
    assert len(lines) > 20
    assert not (place / ".slot").exists()


# The code itself

MEANT = {
    "bdur_xl/error_log.py told": "the log itself fails: the text says so",
    "bdur_xl/sheet_function.py evaluate": "an error value, logged",
    "bdur_xl/explain.py why": "a sentence, logged",
    "bdur_xl/checks/check.py outcome": "a check that fails, logged",
    "bdur_xl/cli.py main": "a message and 70, logged",
    "bdur_xl/files/opened.py open_workbook": "a WorkbookError; openpyxl raises whatever its parsers raise",
    "bdur_xl/files/opened.py _macros": "no names of macros, which the report then says",
    "bdur_xl/record.py record": "puts back what was, and raises on",
    "bdur_xl/restore.py restore": "puts back what was, and raises on",
    "udfs/bdur_udfs.py udf": "an error value, logged",
    "udfs/bdur_macros.py run": "a message, logged by why",
    "udfs/bdur_macros.py _record": "a message, logged by why; Excel may answer nothing any more",
    "udfs/calc/menu.py run": "a message, logged by why",
    "udfs/calc/menu.py refresh_memo": "a message, logged by why",
    "udfs/calc/values.py call": "an error value, logged",
    "udfs/calc/component.py execute": "logged, and raised on",
}
"""The functions that catch every exception, and why none goes by unseen."""

ONLY_THERE = {
    "udfs/open_workbook.py",
    "udfs/calc/open_workbook.py",
}
"""Modules that ask Excel or LibreOffice what it may not have: its own class of error is only there."""


BROAD = {"Exception", "BaseException"}


def is_broad(kind: ast.expr | None) -> bool:
    names = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or (isinstance(one, ast.Name) and one.id in BROAD) for one in names)


def broad_handlers(path: Path) -> Iterator[str]:
    """Yield the function of every handler, and every suppress, that takes any exception."""
    tree = ast.parse(path.read_text("utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            inner = {id(node) for one in ast.walk(function) if one is not function
                     and isinstance(one, ast.FunctionDef) for node in ast.walk(one)}  # fmt: skip
            for node in ast.walk(function):
                if id(node) not in inner and takes_all(node):
                    yield function.name


def takes_all(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return is_broad(node.type)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "suppress":
        return any(is_broad(one) for one in node.args)
    return False


def sources() -> list[Path]:
    return sorted(path for part in ("bdur_xl", "udfs") for path in (ROOT / part).rglob("*.py"))


def test_only_what_is_listed_takes_every_exception() -> None:
    found = {(path.relative_to(ROOT).as_posix(), name) for path in sources() for name in broad_handlers(path)}
    assert {f"{module} {name}" for module, name in found if module not in ONLY_THERE} == MEANT.keys()
    assert {module for module, _ in found} >= ONLY_THERE


def test_no_handler_does_nothing() -> None:
    """`except …: pass` says less than `suppress`, which ruff asks for and the scan above sees."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                assert not isinstance(node.body[0], ast.Pass), f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def f():\n try: g()\n except: pass", ["f"]),
        ("def f():\n try: g()\n except (KeyError, Exception): return", ["f"]),
        ("def f():\n with suppress(KeyError, BaseException): g()", ["f"]),
        ("def f():\n def h():\n  try: g()\n  except Exception: pass", ["h"]),
        ("def f():\n try: g()\n except KeyError: pass", []),
    ],
)
def test_the_scan_sees(tmp_path: Path, text: str, found: list[str]) -> None:
    (tmp_path / "m.py").write_text(text)
    assert list(broad_handlers(tmp_path / "m.py")) == found
