"""The command `bdur`. Each command imports only what it needs."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bdur_xl import __version__

if TYPE_CHECKING:
    from bdur_xl.checks import Outcome
    from bdur_xl.model import Finding, Inputs, Scenario
    from bdur_xl.tables import RawTable
    from bdur_xl.terms import Basis

OK, CHECK_FAILED, UNREADABLE = 0, 1, 2

_DUTCH = {
    "usage: ": "gebruik: ",
    "positional arguments": "argumenten",
    "options": "opties",
    "show this help message and exit": "toon deze hulp",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "er ontbreekt: %s",
    "unrecognized arguments: %s": "onbekend: %s",
    "expected one argument": "hier hoort een waarde achter",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r kan niet; kies uit %(choices)s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s kan meer betekenen: %(matches)s",
    "ignored explicit argument %r": "de waarde %r hoort hier niet",
}
"""argparse takes its texts from gettext; here is their Dutch."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: done; 1: a check that must hold does not; 2: an input cannot be read for sure.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not when a test or an editor captures it
            stream.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
    if sys.stdout is None:
        print("Er is geen uitvoer om naar te schrijven.", file=sys.stderr)
        return UNREADABLE
    try:
        result = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output closed it, as `head` does
        sys.stdout = None  # nothing is left to flush when Python ends
        return OK
    except OverflowError as error:
        print(f"Dit past niet in JSON: {error}.\n    → Laat --json weg.", file=sys.stderr)
        return UNREADABLE
    except OSError as error:
        print(f"De uitvoer kan niet worden geschreven ({_reason(error)}).\n"
              "    → Maak ruimte, of schrijf naar een andere plaats.", file=sys.stderr)  # fmt: skip
        sys.stdout = None
        return UNREADABLE
    except KeyboardInterrupt:
        print("Afgebroken; er is niets geschreven.", file=sys.stderr)
        return UNREADABLE
    assert isinstance(result, int)
    return result


def _parser() -> argparse.ArgumentParser:
    argparse._ = lambda text: _DUTCH.get(text, text)  # type: ignore[attr-defined]
    parser = argparse.ArgumentParser(
        prog="bdur",
        description="Rekent het BDuR-plan van een veiligheidsregio door: jaartotalen, begrotingsruimte "
        "en doelbereik.",
        epilog="voorbeeld: bdur overzicht workbook/BDuR_plan.xlsm --basis exact",
    )
    parser.add_argument("--version", action="version", version=f"bdur {__version__}", help="toon de versie")
    commands = parser.add_subparsers(title="opdrachten", metavar="OPDRACHT", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    shown = command("overzicht", _overview, "toon jaartotalen, begrotingsruimte en doelbereik")
    shown.add_argument("werkmap", type=Path, metavar="WERKMAP", help="de planwerkmap (.xlsx of .xlsm)")
    shown.add_argument("--basis", choices=("afgerond", "exact"), help="één grondslag (anders beide)")
    shown.add_argument("--scenario", metavar="NAAM", help="onder één scenario van het blad Scenario's")
    shown.add_argument("--json", action="store_true", help="als JSON, bedragen in euro's")

    for name, run, text in (
        ("scenarios", _scenarios, "leg de scenario's naast het plan: lasten, beschikbaar en ruimte"),
        (
            "antwoorden",
            _answers,
            "beantwoord wat er gebeurt als: kantelpunt, extra fte, na het plan, aannamen",
        ),
    ):
        asked = command(name, run, text)
        asked.add_argument("werkmap", type=Path, metavar="WERKMAP", help="de planwerkmap (.xlsx of .xlsm)")
        asked.add_argument("--basis", choices=("afgerond", "exact"), help="één grondslag (anders beide)")
        asked.add_argument("--json", action="store_true", help="als JSON, bedragen in euro's")

    checked = command("controleer", _check, "controleer het plan; 1 als iets niet klopt dat moet kloppen")
    checked.add_argument("werkmap", type=Path, metavar="WERKMAP", help="de planwerkmap (.xlsx of .xlsm)")
    checked.add_argument("--json", action="store_true", help="als JSON")

    memo = command("memo", _memo, "schrijf de bestuursmemo als Word-bestand")
    memo.add_argument("werkmap", type=Path, metavar="WERKMAP", help="de planwerkmap (.xlsx of .xlsm)")
    memo.add_argument("-o", "--map", type=Path, default=Path(), metavar="MAP", help="map voor de memo")

    built = command("bouw", _build, "bouw een werkmap uit een map met CSV-bestanden")
    built.add_argument("--bron", type=Path, default=Path("workbook/plan"), metavar="MAP",
                       help="map met de CSV-bestanden (standaard: %(default)s)")  # fmt: skip
    built.add_argument("-o", "--uit", type=Path, default=Path("workbook/BDuR_plan.xlsm"), metavar="BESTAND",
                       help="de werkmap (standaard: %(default)s)")  # fmt: skip
    return parser


def _overview(options: argparse.Namespace) -> int:
    from bdur_xl.checks import run_checks
    from bdur_xl.overview import overview
    from bdur_xl.scenarios import applied

    with _progress("Werkmap lezen en doorrekenen"):
        inputs, notes = _load(options.werkmap, as_json=options.json)
        scenario = _scenario(inputs, options.scenario)
        figures = overview(applied(inputs, scenario) if scenario else inputs)
        outcomes = run_checks(inputs)
    if options.json:
        from bdur_xl.as_json import overview_json

        named = {"scenario": scenario} if scenario else {}
        _print_json(overview_json(figures, outcomes, notes, **named))
        return OK
    from bdur_xl import screen

    out = screen.console(sys.stdout)
    screen.show_overview(out, figures, _bases(options), scenario)
    screen.show_failed_checks(out, outcomes, notes)
    return OK


def _bases(options: argparse.Namespace) -> "list[Basis]":
    from bdur_xl.terms import Basis

    return [Basis(options.basis)] if options.basis else list(Basis)


def _scenario(inputs: "Inputs", name: str | None) -> "Scenario | None":
    """Return the scenario asked for; stop with 2 when there is none of that name."""
    from bdur_xl import nl
    from bdur_xl.scenarios import UnknownScenarioError, find

    if name is None:
        return None
    try:
        return find(inputs, name)
    except UnknownScenarioError as error:
        _stop(f'Scenario "{error.name}" staat niet op het blad Scenario\'s.',
              f"Kies uit: {nl.listing(error.known)}.")  # fmt: skip


def _scenarios(options: argparse.Namespace) -> int:
    from bdur_xl.scenarios import compared

    with _progress("Werkmap lezen en doorrekenen"):
        inputs, notes = _load(options.werkmap, as_json=options.json)
        found = compared(inputs)
    if options.json:
        from bdur_xl.as_json import scenarios_json

        _print_json(scenarios_json(found))
        return OK
    from bdur_xl import screen

    screen.show_scenarios(screen.console(sys.stdout), inputs, found, _bases(options))
    _tell(notes)
    return OK


def _answers(options: argparse.Namespace) -> int:
    from bdur_xl.answers import answers

    with _progress("Werkmap lezen en doorrekenen"):
        inputs, notes = _load(options.werkmap, as_json=options.json)
        found = {basis: answers(inputs, basis) for basis in _bases(options)}
    if options.json:
        from bdur_xl.as_json import answers_json

        _print_json(answers_json(found))
        return OK
    from bdur_xl import screen

    out = screen.console(sys.stdout)
    for basis, one in found.items():
        screen.show_answers(out, inputs, basis, one)
    _tell(notes)
    return OK


def _check(options: argparse.Namespace) -> int:
    from bdur_xl.checks import INPUT_CHECK, Outcome, run_checks

    with _progress("Werkmap lezen en controleren"):
        inputs, notes = _load(options.werkmap, as_json=options.json)
        outcomes = (Outcome(INPUT_CHECK, ()), *run_checks(inputs))
    if options.json:
        from bdur_xl.as_json import checks_json

        _print_json(checks_json(outcomes, notes))
    else:
        from bdur_xl import screen

        screen.show_checks(screen.console(sys.stdout), outcomes, notes)
    return CHECK_FAILED if _must_hold_failed(outcomes) else OK


def _must_hold_failed(outcomes: Sequence["Outcome"]) -> bool:
    from bdur_xl.model import Status

    return any(outcome.findings and outcome.check.status is Status.FAILED for outcome in outcomes)


def _memo(options: argparse.Namespace) -> int:
    import datetime as dt

    from bdur_xl.checks import run_checks
    from bdur_xl.files.memo_docx import write_memo
    from bdur_xl.memo import memo_facts
    from bdur_xl.overview import overview

    with _progress("Memo schrijven"):
        inputs, _ = _load(options.werkmap)
        today = dt.datetime.now().astimezone().date()
        facts = memo_facts(overview(inputs), run_checks(inputs), (today.year, today.month, today.day))
        try:
            options.map.mkdir(parents=True, exist_ok=True)
            path = _free_name(options.map, f"Bestuursmemo BDuR {today.isoformat()}", ".docx")
            write_memo(facts, path)
        except OSError as error:
            _stop(f"De memo kan niet worden geschreven in {options.map.resolve()}: {_reason(error)}.",
                  "Kies een andere map met -o, of maak ruimte of schrijfrechten.")  # fmt: skip
    print(f"De memo staat in {path.resolve()}")
    return OK


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Return a file name that does not exist yet: an older memo is never overwritten."""
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}){suffix}", number + 1
    return path


def _build(options: argparse.Namespace) -> int:
    from bdur_xl.build.workbook import build_workbook
    from bdur_xl.files.plan_csv import read_folder

    if not options.bron.is_dir():
        _stop(f"De map {options.bron} bestaat niet.", "Noem met --bron een map met de CSV-bestanden.")
    raw, found = read_folder(options.bron)
    inputs, notes = _understand(raw, found)
    try:
        build_workbook(raw, inputs, options.uit)
    except OSError as error:
        _stop(f"{options.uit} kan niet worden geschreven: {_reason(error)}.",
              "Sluit de werkmap als die open is, of kies een ander bestand met -o.")  # fmt: skip
    print(f"De werkmap staat in {options.uit.resolve()}")
    _tell(notes)
    return OK


def _load(path: Path, *, as_json: bool = False) -> "tuple[Inputs, list[Finding]]":
    """Return what a workbook says and the notes on its cells; stop with 2 on any fault."""
    from bdur_xl.files.workbook import WorkbookError, read_workbook

    try:
        raw = read_workbook(path)
    except WorkbookError as error:
        _stop(f"{error.message}.", error.remedy)
    return _understand(raw, [], as_json=as_json)


def _understand(
    raw: "dict[str, RawTable]", found: "list[Finding]", *, as_json: bool = False
) -> "tuple[Inputs, list[Finding]]":
    from bdur_xl.model import faults
    from bdur_xl.parse import parse_inputs

    inputs, parsed = parse_inputs(raw)
    findings = [*found, *parsed]
    if wrong := faults(findings):
        _refuse(wrong, as_json=as_json)
    return inputs, findings


def _refuse(wrong: "list[Finding]", *, as_json: bool) -> NoReturn:
    from bdur_xl import nl

    if as_json:
        from bdur_xl.as_json import finding_json

        _print_json({"fouten": [finding_json(finding) for finding in wrong]})
    else:
        _tell(wrong)
        count = nl.plural(len(wrong), "fout", "fouten")
        print(f"\n{count} in de invoer: er zijn geen cijfers gegeven en er is niets geschreven.",
              file=sys.stderr)  # fmt: skip
    raise SystemExit(UNREADABLE)


def _tell(findings: "Sequence[Finding]") -> None:
    from bdur_xl import screen

    screen.show_findings(screen.console(sys.stderr), findings)


def _stop(message: str, remedy: str) -> NoReturn:
    print(f"{message}\n    → {remedy}", file=sys.stderr)
    raise SystemExit(UNREADABLE)


def _reason(error: OSError) -> str:
    """Return in Dutch why the system refused."""
    import errno

    denied, in_the_way = "geen schrijfrechten", "er staat een bestand waar een map hoort"
    reasons = {
        errno.ENOSPC: "de schijf is vol",
        errno.EACCES: denied,
        errno.EPERM: denied,
        errno.EROFS: denied,
        errno.EEXIST: in_the_way,
        errno.ENOTDIR: in_the_way,
        errno.ENAMETOOLONG: "de naam is te lang",
    }
    return reasons.get(error.errno or 0, f"fout {error.errno} van het systeem")


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))


def _progress(text: str) -> AbstractContextManager[object]:
    """Show that something runs, on a terminal only."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"{text} …")


if __name__ == "__main__":
    raise SystemExit(main())
