"""The command `bdur`. Each command imports only what it needs."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from bdur_xl import __version__
from bdur_xl.files.atomic import place_text, reason, refusal, remedy, told_backup

if TYPE_CHECKING:
    from bdur_xl.checks import Outcome
    from bdur_xl.model import Date, Finding, Inputs, Scenario
    from bdur_xl.tables import RawTable
    from bdur_xl.terms import Basis

OK, CHECK_FAILED, UNREADABLE, BUG = 0, 1, 2, 70

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

    0: done; 1: a check that must hold does not, or a row of an export cannot be read; 2: an input
    cannot be read for sure; 70: an error in bdur itself, which the log tells of.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not when a test or an editor captures it
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # half an emoji, an odd path
    options = _parser().parse_args(arguments)
    if sys.stdout is None:
        print("Er is geen uitvoer om naar te schrijven.", file=sys.stderr)
        return UNREADABLE
    try:
        return _run(options)
    except Exception as error:
        return _bug(options, error)


def _run(options: argparse.Namespace) -> int:
    """Run a command and return its exit code; what may go wrong with the output is told in Dutch."""
    try:
        result = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output closed it, as `head` does
        sys.stdout = None  # nothing is left to flush when Python ends
        return OK
    except OverflowError as error:
        if not getattr(options, "json", False):
            raise
        print(f"Dit past niet in JSON: {error}.\n    → Laat --json weg.", file=sys.stderr)
        return UNREADABLE
    except OSError as error:
        print(f"De uitvoer kan niet worden geschreven ({reason(error)}).\n"
              "    → Maak ruimte, of schrijf naar een andere plaats.", file=sys.stderr)  # fmt: skip
        sys.stdout = None
        return UNREADABLE
    except KeyboardInterrupt:
        print("Afgebroken; wat nog niet klaar was, is niet geschreven.", file=sys.stderr)
        return UNREADABLE
    assert isinstance(result, int)
    return result


def _bug(options: argparse.Namespace, error: Exception) -> int:
    from bdur_xl import error_log

    told = error_log.told(f"bdur {options.opdracht}", error)
    print(
        f"Er is een fout in bdur zelf: {type(error).__name__} ({told}).\n"
        "    → Meld dit aan de beheerder, met het logboek.",
        file=sys.stderr,
    )
    return BUG


def _parser() -> argparse.ArgumentParser:
    argparse._ = lambda text: _DUTCH.get(text, text)  # type: ignore[attr-defined]
    parser = argparse.ArgumentParser(
        prog="bdur",
        description="Rekent het BDuR-plan van een veiligheidsregio door: jaartotalen, begrotingsruimte "
        "en doelbereik.",
        epilog="voorbeeld: bdur overzicht workbook/BDuR_plan.xlsm --basis exact",
    )
    parser.add_argument("--version", action="version", version=f"bdur {__version__}", help="toon de versie")
    commands = parser.add_subparsers(title="opdrachten", metavar="OPDRACHT", dest="opdracht", required=True)

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

    state = "de planwerkmap (.xlsx of .xlsm) of een momentopname (.json)"
    template = "Word-sjabloon (anders die naast de werkmap, of de vaste)"
    memo = command("memo", _memo, "schrijf alleen de bestuursmemo, als Word-bestand")
    memo.add_argument("werkmap", type=Path, metavar="WERKMAP", help=state)
    memo.add_argument("-o", "--map", type=Path, default=Path(), metavar="MAP", help="map voor de memo")
    memo.add_argument("--sjabloon", type=Path, metavar="BESTAND", help=template)

    fresh = command("ververs", _refresh, "ververs voor het bestuur: controles, momentopname, memo en PDF")
    fresh.add_argument("werkmap", type=Path, metavar="WERKMAP", help=state)
    fresh.add_argument(
        "-o", "--map", type=Path, metavar="MAP", help="map voor de uitvoer (anders die van de werkmap)"
    )
    fresh.add_argument("--sjabloon", type=Path, metavar="BESTAND", help=template)
    fresh.add_argument("--zonder-pdf", action="store_true", help="maak geen PDF")

    verified = command(
        "toets", _verify, "toets een bewerkte memo aan de werkmap; 1 als een cijfer verouderd is"
    )
    verified.add_argument("memo", type=Path, metavar="MEMO", help="de memo (.docx)")
    verified.add_argument("werkmap", type=Path, metavar="WERKMAP", help=state)
    verified.add_argument("--alles", action="store_true", help="noem ook de cijfers die gelijk zijn")
    verified.add_argument("--json", action="store_true", help="als JSON")

    compared = command("vergelijk", _compare, "vertel wat er tussen twee versies van het plan veranderde")
    compared.add_argument("eerder", type=Path, metavar="EERDER", help=state)
    compared.add_argument("later", type=Path, metavar="LATER", help=state)
    compared.add_argument("--json", action="store_true", help="als JSON, bedragen in euro's")

    shown = command("sjabloon", _template, "schrijf de Word-sjabloon van de memo, om in Word aan te passen")
    shown.add_argument(
        "map", type=Path, nargs="?", default=Path(), metavar="MAP", help="map (standaard: deze map)"
    )

    spent = command("realisatie", _actuals, "zet per regel de realisatie naast het plan, met de verwachting")
    spent.add_argument("werkmap", type=Path, metavar="WERKMAP", help="de planwerkmap (.xlsx of .xlsm)")
    spent.add_argument("--json", action="store_true", help="als JSON, bedragen in euro's")

    ledger = command(
        "importeer", _import, "maak van een grootboekexport de tabel realisatie, in een werkmap ernaast"
    )
    ledger.add_argument("export", type=Path, metavar="EXPORT", help="de grootboekexport (.csv of .xlsx)")
    ledger.add_argument(
        "werkmap", type=Path, metavar="WERKMAP", help="de planwerkmap, met de tabel rekeningen"
    )
    ledger.add_argument("--peildatum", type=_day, required=True, metavar="DATUM",
                        help="de laatste dag die telt, zoals 30-6-2027")  # fmt: skip
    ledger.add_argument("-o", "--map", type=Path, metavar="MAP",
                        help="map voor het resultaat (anders die van de werkmap)")  # fmt: skip

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
              f"Kies uit: {nl.listing(error.known, 'of')}.")  # fmt: skip


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
    from dataclasses import replace

    from bdur_xl.checks import INPUT_CHECK, Outcome, run_checks
    from bdur_xl.files.workbook import read_properties

    with _progress("Werkmap lezen en controleren"):
        inputs, notes = _load(options.werkmap, as_json=options.json)
        inputs = replace(inputs, properties=read_properties(options.werkmap))
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

    return any(finding.status is Status.FAILED for outcome in outcomes for finding in outcome.findings)


def _memo(options: argparse.Namespace) -> int:
    return _deliver(options, options.map, keep=False, pdf=False)


def _refresh(options: argparse.Namespace) -> int:
    from bdur_xl.files.snapshots import workbook_of

    folder = options.map or workbook_of(options.werkmap)[0]
    return _deliver(options, folder, keep=True, pdf=not options.zonder_pdf)


def _deliver(options: argparse.Namespace, folder: Path, *, keep: bool, pdf: bool) -> int:
    import datetime as dt

    from bdur_xl.files.deliver import deliver, delivered_text
    from bdur_xl.files.snapshots import workbook_of
    from bdur_xl.files.versions import SUFFIX, changes_since, read_state
    from bdur_xl.refresh import examine, refuse_failed

    now = dt.datetime.now().replace(microsecond=0)
    kept = options.werkmap.suffix.lower() == SUFFIX
    _tell_open(options.werkmap)
    with _progress("Werkmap lezen en controleren") as tell, _refusals():
        state = read_state(options.werkmap, now)
        home, stem = workbook_of(options.werkmap)
        examined = examine(state, changes_since(state, folder, stem))
        refuse_failed(examined)
        try:
            made = deliver(
                examined,
                folder,
                stem,
                home=home,
                chosen=options.sjabloon,
                keep=keep and not kept,
                pdf=pdf,
                tell=tell,
            )
        except OSError as error:
            _stop_writing("De memo", folder, error)
    _say(delivered_text(made))
    _tell(examined.notes)
    return OK


def _verify(options: argparse.Namespace) -> int:
    from bdur_xl.files.memo_read import read_memo
    from bdur_xl.files.snapshots import FOLDER, snapshot_files, workbook_of
    from bdur_xl.files.versions import changes_since, read_state
    from bdur_xl.memo_origins import known_figures, stated_words_mark, words_mark
    from bdur_xl.refresh import examine, plan_of
    from bdur_xl.sentences import listed
    from bdur_xl.verify import Outcome, unnamed_years, verdicts_json, verify

    _tell_open(options.memo, options.werkmap)
    with _progress("Memo en werkmap lezen"), _refusals(options.werkmap):
        passages = read_memo(options.memo)
        state = read_state(options.werkmap)
        home, stem = workbook_of(options.werkmap)
        beside = options.memo.parent  # a refresh with -o keeps its states there
        shelf = beside if snapshot_files(beside / FOLDER, stem) else home
        changes = changes_since(state, shelf, stem)
        facts = examine(state, changes).facts
        verdicts = verify(passages, known_figures(facts))
        stated = stated_words_mark(passage.text for passage in passages)
        reworded = stated not in (None, words_mark(facts))
        unnamed = unnamed_years(verdicts, plan_of(state)[0].plan.years)
    if options.json:
        _print_json(verdicts_json(verdicts, unnamed, reworded=reworded))
    else:
        from bdur_xl import screen

        screen.show_verdicts(screen.console(sys.stdout), verdicts, every=options.alles)
        if verdicts and unnamed:
            _say(f"De werkmap heeft ook {listed(unnamed)}; daarvan noemt de memo geen cijfer.")
        if reworded:
            _say("Ook de woorden van een nieuwe memo zijn anders: ververs de memo, of lees hem na.")
    stale = any(one.outcome is Outcome.STALE for one in verdicts)
    return CHECK_FAILED if stale or reworded else OK


def _compare(options: argparse.Namespace) -> int:
    from bdur_xl.compare import compare
    from bdur_xl.compare_sentences import comparison_json, plain_sentences
    from bdur_xl.files.versions import read_version

    _tell_open(options.eerder, options.later)
    with _progress("Versies lezen"):
        with _refusals(options.eerder):
            before = read_version(options.eerder)
        with _refusals(options.later):
            after = read_version(options.later)
        comparison = compare(before.overview, after.overview)
    if options.json:
        _print_json(comparison_json(comparison, before.moment.date()))
    else:
        _say("\n".join(plain_sentences(comparison, before.moment.date())))
    return OK


def _template(options: argparse.Namespace) -> int:
    from bdur_xl.files.atomic import write_new
    from bdur_xl.files.memo_template import NAME, template

    name = Path(NAME)
    try:
        path = write_new(options.map, name.stem, name.suffix, template())
    except OSError as error:
        _stop_writing("De sjabloon", options.map, error)
    _say(f"De sjabloon staat in {place_text(path)}\n"
         f"Een bestand {NAME} naast de werkmap wordt vanzelf gebruikt.")  # fmt: skip
    return OK


@contextmanager
def _refusals(source: Path | None = None) -> Iterator[None]:
    """Stop with 2, in Dutch, when a file cannot be used; with 1 when a check that must hold does not.

    `source` is the file to name, where what was asked for is no memo.
    """
    from bdur_xl.book import BookError
    from bdur_xl.model import faults
    from bdur_xl.refresh import Refused

    try:
        yield
    except BookError as error:
        _stop(f"{error.message}.", error.remedy)
    except Refused as refused:
        _tell(refused.findings)
        _say(f"\n{refused.verdict_on(str(source)) if source else refused.verdict}", file=sys.stderr)
        raise SystemExit(UNREADABLE if faults(list(refused.findings)) else CHECK_FAILED) from refused


def _actuals(options: argparse.Namespace) -> int:
    from bdur_xl.actuals import analyses

    with _progress("Werkmap lezen en vergelijken"):
        inputs, notes = _load(options.werkmap, as_json=options.json)
        found = analyses(inputs)
    if options.json:
        from bdur_xl.as_json import actuals_json

        _print_json(actuals_json(found, notes))
        return OK
    from bdur_xl import screen

    out = screen.console(sys.stdout)
    screen.show_findings(out, notes)
    screen.show_actuals(out, found)
    return OK


def _day(text: str) -> "Date":
    from bdur_xl import cells

    try:
        found = cells.day(text)
    except cells.CellError as error:
        raise argparse.ArgumentTypeError(f"{text} is geen datum. {error.remedy}") from error
    if found is None:
        raise argparse.ArgumentTypeError("de datum is leeg")
    return found


def _import(options: argparse.Namespace) -> int:
    from bdur_xl import screen
    from bdur_xl.allocation import Group, actual_rows, allocate
    from bdur_xl.files.atomic import write_new
    from bdur_xl.files.ledger_export import read_export
    from bdur_xl.files.ledger_report import report_bytes

    _tell_open(options.export)
    with _progress("Grootboekexport inlezen"):
        inputs, _ = _load(options.werkmap)
        with _refusals():
            export = read_export(options.export)
        until, years = options.peildatum, inputs.plan.years
        found = allocate(export.rows(), export.columns, inputs.ledger_map, years, until)
        control, rows = export.control_total(), actual_rows(found, inputs.actuals)
        folder = options.map or options.werkmap.parent
        report = report_bytes(found, control, rows, options.export.name)
        try:
            path = write_new(folder, "Realisatie t-m {}-{:02d}-{:02d}".format(*until), ".xlsx", report)
        except OSError as error:
            _stop_writing("Het resultaat", folder, error)
    screen.show_import(screen.console(sys.stdout), found, control)
    _say(f"Het resultaat staat in {place_text(path)}\n"
         "Vervang met het blad Realisatie daaruit de rijen van tblRealisatie, op het blad Realisatie van "
         f"{options.werkmap.name}.")  # fmt: skip
    return CHECK_FAILED if found.groups[Group.UNREADABLE].rows or control != found.total else OK


def _build(options: argparse.Namespace) -> int:
    from bdur_xl.build.workbook import build_workbook
    from bdur_xl.files.plan_csv import read_folder

    if not options.bron.is_dir():
        _stop(f"De map {options.bron} bestaat niet.", "Noem met --bron een map met de CSV-bestanden.")
    raw, found = read_folder(options.bron)
    inputs, notes = _understand(raw, found)
    try:
        backup = build_workbook(raw, inputs, options.uit)
    except OSError as error:
        _say(refusal(options.uit, error), file=sys.stderr)
        return UNREADABLE
    _say(f"De werkmap staat in {place_text(options.uit)}{told_backup(backup)}")
    _tell(notes)
    return OK


def _load(path: Path, *, as_json: bool = False) -> "tuple[Inputs, list[Finding]]":
    """Return what a workbook says and the notes on its cells; stop with 2 on any fault."""
    from bdur_xl.files.workbook import read_workbook

    _tell_open(path)
    with _refusals():
        raw = read_workbook(path)
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
        _say(f"\n{count} in de invoer: er zijn geen cijfers gegeven en er is niets geschreven.",
             file=sys.stderr)  # fmt: skip
    raise SystemExit(UNREADABLE)


def _tell(findings: "Sequence[Finding]") -> None:
    from bdur_xl import screen

    screen.show_findings(screen.console(sys.stderr), findings)


def _stop(message: str, remedy: str) -> NoReturn:
    _say(f"{message}\n    → {remedy}", file=sys.stderr)
    raise SystemExit(UNREADABLE)


def _stop_writing(what: str, folder: Path, error: OSError) -> NoReturn:
    _stop(f"{what} kan niet worden geschreven in {place_text(folder)}: {reason(error)}.", remedy(error))


def _tell_open(*paths: Path) -> None:
    """Say which files are open in another program: what is typed there and not saved is not read."""
    from bdur_xl.files.in_use import open_in

    for path in paths:
        if program := open_in(path):
            _say(f"{path.name} lijkt open te staan in {program}: gelezen is wat daar is bewaard.\n"
                 "    → Bewaar het daar eerst, als uw laatste wijzigingen mee moeten.",
                 file=sys.stderr)  # fmt: skip


def _print_json(value: object) -> None:
    import json

    _say(json.dumps(value, ensure_ascii=False, indent=2))


def _say(text: str, file: IO[str] | None = None) -> None:
    """Print a text in which names of files and sheets cannot steer the terminal."""
    from bdur_xl import cells

    print(cells.printable(text), file=file)


@contextmanager
def _progress(text: str) -> Iterator[Callable[[str], None]]:
    """Show what runs, on a terminal only; yields what tells the next step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{text} …") as shown:
        yield lambda step: shown.update(f"{step} …")


if __name__ == "__main__":
    raise SystemExit(main())
