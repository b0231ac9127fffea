"""What commands have in common: reading a workbook, showing what runs, telling staff, refusing."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from bdur_xl.commands import FOUND, REFUSED

if TYPE_CHECKING:
    from threading import Event

    from bdur_xl.model import Finding, Inputs
    from bdur_xl.screen.paper import Paper
    from bdur_xl.tables import RawTable
    from bdur_xl.terms import Basis

STATE = "de planwerkmap (.xlsx of .xlsm) of een momentopname (.json)"


# Arguments that several commands take


def add_workbook(parser: argparse.ArgumentParser, text: str = "de planwerkmap (.xlsx of .xlsm)") -> None:
    """Add the workbook that a command reads."""
    parser.add_argument("werkmap", type=Path, metavar="WERKMAP", help=text)


def add_basis(parser: argparse.ArgumentParser) -> None:
    """Add the choice of one basis."""
    parser.add_argument("--basis", choices=("afgerond", "exact"), help="één grondslag (anders beide)")


def bases(options: argparse.Namespace) -> "list[Basis]":
    """Return the bases that were asked for."""
    from bdur_xl.terms import Basis

    return [Basis(options.basis)] if options.basis else list(Basis)


def add_json(parser: argparse.ArgumentParser, text: str = "als JSON, met vaste namen") -> None:
    """Add that the answer is for a program."""
    parser.add_argument("--json", action="store_true", help=text)


AMOUNTS_AS_JSON = "als JSON, bedragen in euro's"


def add_template(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the memo's template."""
    parser.add_argument("--sjabloon", type=Path, metavar="BESTAND",
                        help="Word-sjabloon (anders die naast de werkmap, of de vaste)")  # fmt: skip


# Reading


def read_inputs(path: Path, *, as_json: bool = False) -> "tuple[Inputs, list[Finding]]":
    """Return what a workbook says and the notes on its cells; stop with 2 on any fault."""
    from bdur_xl.files.workbook import read_workbook

    tell_open(path)
    with refusals():
        raw = read_workbook(path)
    return understand(raw, [], as_json=as_json)


def understand(
    raw: "dict[str, RawTable]", found: "list[Finding]", *, as_json: bool = False
) -> "tuple[Inputs, list[Finding]]":
    """Return what the tables say, with the notes on them; stop with 2 on any fault."""
    from bdur_xl.model import faults
    from bdur_xl.parse import parse_inputs

    inputs, parsed = parse_inputs(raw)
    findings = [*found, *parsed]
    if wrong := faults(findings):
        refuse(wrong, "er zijn geen cijfers gegeven en er is niets geschreven", as_json=as_json)
    return inputs, findings


# Refusing


def refuse(wrong: "Sequence[Finding]", so: str, *, as_json: bool) -> NoReturn:
    """Tell every fault of the inputs, and what comes of it; stop with 2."""
    if as_json:
        _print_faults(wrong)
    else:
        from bdur_xl import nl

        tell(wrong)
        say(f"\n{nl.plural(len(wrong), 'fout', 'fouten')} in de invoer: {so}.", file=sys.stderr)
    raise SystemExit(REFUSED)


def _print_faults(wrong: "Sequence[Finding]") -> None:
    from bdur_xl.as_json import finding_json

    print_json({"fouten": [finding_json(finding) for finding in wrong]})


@contextmanager
def refusals(source: Path | None = None, *, as_json: bool = False) -> Iterator[None]:
    """Stop with 2, in Dutch, when a file cannot be used; with 1 when a check that must hold does not.

    `source` is the file to name, where what was asked for is no memo.
    """
    from bdur_xl.book import BookError, Refused
    from bdur_xl.model import faults

    try:
        yield
    except BookError as error:
        stop(f"{error.message}.", error.remedy)
    except Refused as refused:
        if as_json:
            _print_faults(refused.findings)
        else:
            tell(refused.findings)
            say(f"\n{refused.verdict_on(str(source)) if source else refused.verdict}", file=sys.stderr)
        raise SystemExit(REFUSED if faults(list(refused.findings)) else FOUND) from refused


def stop(message: str, remedy: str) -> NoReturn:
    """Say what cannot be done and what to do about it; stop with 2."""
    say(f"{message}\n    → {remedy}", file=sys.stderr)
    raise SystemExit(REFUSED)


def stop_writing(what: str, folder: Path, error: OSError) -> NoReturn:
    """Say that something cannot be written in a folder, and why; stop with 2."""
    from bdur_xl.files.atomic import place_text, reason, remedy

    stop(f"{what} kan niet worden geschreven in {place_text(folder)}: {reason(error)}.", remedy(error))


# Telling


def say(text: str, file: IO[str] | None = None, end: str = "\n") -> None:
    """Print a text in which names of files and sheets cannot steer the terminal."""
    from bdur_xl import cells

    print(cells.printable(text), file=file, end=end)


def print_json(value: object) -> None:
    """Print an answer for a program; an iterator in it is an array of what it gives, one by one."""
    from json import JSONEncoder

    pieces = _pieces(value, JSONEncoder(ensure_ascii=False).encode, "\n")
    while part := "".join(islice(pieces, MOST_PIECES)):
        say(part, end="")
    say("")


MOST_PIECES = 20_000
"""Pieces of an answer for a program that are printed together."""


def _pieces(value: object, plain: Callable[[object], str], line: str) -> Iterator[str]:
    """Yield a value as JSON, two spaces further for what stands within; `line` begins a line of it."""
    if isinstance(value, Mapping):
        named = ((f"{plain(str(key))}: ", one) for key, one in value.items())
        yield from _within("{}", named, plain, line)
    elif isinstance(value, (list, tuple, Iterator)):
        yield from _within("[]", (("", one) for one in value), plain, line)
    else:
        yield plain(value)


def _within(
    signs: str, named: Iterable[tuple[str, object]], plain: Callable[[object], str], line: str
) -> Iterator[str]:
    before, inner = signs[0], f"{line}  "
    for name, one in named:
        yield f"{before}{inner}{name}"
        yield from _pieces(one, plain, inner)
        before = ","
    yield f"{line}{signs[1]}" if before == "," else signs


def made_json(paths: Sequence[Path], remarks: Sequence[str] = (), **more: object) -> dict[str, object]:
    """Return what a command made as JSON holds it: the files, what it says of them, and more by name."""
    return {"gemaakt": [_whole(path) for path in paths], **more, "opmerkingen": list(remarks)}


def _whole(path: Path) -> str:
    from bdur_xl.files.atomic import place_text

    return place_text(path)


def paper(file: IO[str]) -> "Paper":
    """Return what shows an answer on a stream."""
    from bdur_xl import screen

    return screen.paper(file)


def tell(findings: "Sequence[Finding]") -> None:
    """Show findings beside the answer."""
    if findings:
        from bdur_xl.screen.findings import show_findings

        show_findings(paper(sys.stderr), findings)


def tell_open(*paths: Path) -> None:
    """Say which files are open in another program: what is typed there and not saved is not read."""
    from bdur_xl.files.in_use import open_in

    for path in paths:
        if program := open_in(path):
            say(f"{path.name} lijkt open te staan in {program}: gelezen is wat daar is bewaard.\n"
                "    → Bewaar het daar eerst, als uw laatste wijzigingen mee moeten.",
                file=sys.stderr)  # fmt: skip


# Progress

PATIENCE = 1.0
"""Seconds of work before a command shows what it is doing."""


@contextmanager
def progress(text: str, *, as_json: bool = False) -> Iterator[Callable[[str], None]]:
    """Show what runs when it takes long, where somebody watches; yields what tells the next step."""
    if as_json or not sys.stderr.isatty() or not sys.stdout.isatty():
        yield lambda _: None
        return
    from threading import Event, Thread

    done, steps = Event(), [text]
    shower = Thread(target=_show_steps, args=(steps, done), daemon=True)
    shower.start()
    try:
        yield steps.append
    finally:
        done.set()
        shower.join()


def _show_steps(steps: list[str], done: "Event") -> None:
    if done.wait(PATIENCE):
        return
    from rich.console import Console  # takes longer to load than most commands to answer

    with Console(stderr=True).status(f"{steps[-1]} …") as shown:
        while not done.wait(0.1):
            shown.update(f"{steps[-1]} …")
