"""`bdur bijwerken`: the inputs of an older or edited workbook in a new one, the figures proven equal."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bdur_xl.files.atomic import place_text, reason, remedy, write_new

if TYPE_CHECKING:
    from bdur_xl.build.upgraded import Upgraded
    from bdur_xl.model import Finding
    from bdur_xl.upgrade import Carried, Kind, Lost, Proof

OK, LOST, REFUSED = 0, 1, 2

_HELP = "zet de invoer van een oudere of bewerkte werkmap over in de huidige, als nieuw bestand"
_MOST_SHOWN = 12
"""Cells of one kind on one sheet that the screen names; --json names all."""


def add(subparsers: Any) -> None:
    """Add the command to the command line."""
    made: argparse.ArgumentParser = subparsers.add_parser(
        "bijwerken",
        help=_HELP,
        description=f"{_HELP}. Het oude bestand blijft zoals het is. Wat niet mee kan, wordt genoemd.",
        epilog="uitkomst: 0 alles overgenomen; 1 niet alles kon mee, of cijfers zijn niet gelijk (dan is er "
        "niets geschreven); 2 niet leesbaar",
    )
    made.add_argument("werkmap", type=Path, metavar="WERKMAP", help="de oude werkmap (.xlsx of .xlsm)")
    made.add_argument(
        "-o", "--map", type=Path, metavar="MAP", help="map voor de nieuwe werkmap (anders ernaast)"
    )
    made.add_argument("--json", action="store_true", help="als JSON")
    made.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the new workbook beside the old one and report; returns the exit code."""
    import datetime as dt

    from bdur_xl.book import BookError
    from bdur_xl.build.upgraded import Faulty, upgraded

    now = dt.datetime.now().replace(microsecond=0)
    try:
        with _progress("Werkmap overzetten en narekenen"):
            made = upgraded(arguments.werkmap, now)
    except BookError as error:
        return _stop(f"{error.message}.", error.remedy)
    except Faulty as faulty:
        return _refuse(faulty.findings, as_json=arguments.json)
    if not made.proof.holds:
        return _unequal(made.proof, as_json=arguments.json)
    folder = arguments.map or arguments.werkmap.parent
    try:
        path = write_new(folder, f"{arguments.werkmap.stem} bijgewerkt {now:%Y-%m-%d}", ".xlsm", made.package)
    except OSError as error:
        return _stop(
            f"De werkmap kan niet worden geschreven in {place_text(folder)}: {reason(error)}.",
            remedy(error),
        )
    if arguments.json:
        _print_json(as_json(path, made))
    else:
        print("\n".join(told(path, made)))
    return LOST if any(one.kind.is_content for one in made.lost) else OK


@contextmanager
def _progress(text: str) -> Iterator[None]:
    """Show what runs, on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{text} …"):
        yield


def told(path: Path, made: "Upgraded") -> list[str]:
    """Return what staff read afterwards: where it is, what is proven, what could not go along."""
    from bdur_xl import nl
    from bdur_xl.upgrade import grouped

    proof, sheets = made.proof, made.carried.sheets
    lines = [
        f"De bijgewerkte werkmap staat in {path.resolve()}",
        f"{made.carried.name} is niet gewijzigd.",
        "",
        f"Bewezen gelijk, voor en na: {nl.plural(proof.figures, 'cijfer', 'cijfers')} en "
        f"{nl.plural(proof.findings, 'bevinding', 'bevindingen')}, tot op de cent.",
        f"Overgenomen: {nl.plural(made.cells, 'ingevulde invoercel', 'ingevulde invoercellen')}.",
        memo_told(made.carried),
    ]
    if sheets:
        lines.append(f"Eigen bladen overgenomen: {nl.listing(one.name for one in sheets)}.")
    if made.added:
        lines.append(f"Nieuw en nog leeg: {nl.listing(made.added)}.")
    if made.differing:
        lines += [
            f"De oude werkmap toonde {nl.plural(len(made.differing), 'cijfer', 'cijfers')} anders dan nu uit "
            f"dezelfde invoer volgt: {_some(made.differing)}.",
            "    → Herbereken de oude werkmap in Excel; blijft het verschil, dan rekent deze uitgave anders.",
        ]
    if made.notes:
        noted = (f"  {one.where}: {one.message}" for one in made.notes)
        lines += ["", "Let op in de invoer, voor en na hetzelfde:", *noted]
    groups = grouped(made.lost)
    for content, title in ((True, "Niet overgenomen"), (False, "Wel overgenomen, maar anders getoond")):
        shown = [line for (kind, sheet), found in groups.items() if kind.is_content is content
                 for line in _lines(kind, sheet, found)]  # fmt: skip
        lines += ["", f"{title}:", *shown] if shown else []
    return lines if made.lost else [*lines, "Er is niets achtergebleven."]


def memo_told(carried: "Carried") -> str:
    """Say whether the last memo still counts."""
    if carried.is_current:
        return "De laatste memo blijft gelden: sindsdien is geen invoer gewijzigd."
    return "De nieuwe werkmap toont VEROUDERD: ververs de memo voordat u een cijfer naar buiten brengt."


def _lines(kind: "Kind", sheet: str, found: "Sequence[Lost]") -> list[str]:
    """Return the lines of one kind on one sheet: each cell that held something, else the cells together."""
    lines = [f"  {sheet}: {kind.what}"]
    named = [one for one in found if one.held]
    bare = [one.cell for one in found if not one.held and one.cell]
    for one in named[:_MOST_SHOWN]:
        lines.append(f"    {one.cell}  {one.held}" if one.cell else f"    {one.held}")
    if len(named) > _MOST_SHOWN:
        lines.append(f"    en nog {len(named) - _MOST_SHOWN} (alle met --json)")
    if bare:
        lines.append(f"    {_some(bare)}")
    return [*lines, f"    → {kind.remedy}"]


def _some(texts: "Sequence[str]") -> str:
    rest = len(texts) - _MOST_SHOWN
    return ", ".join(texts[:_MOST_SHOWN]) + (f" en nog {rest}" if rest > 0 else "")


def as_json(path: Path, made: "Upgraded") -> dict[str, object]:
    """Return the report as JSON holds it."""
    from bdur_xl.as_json import finding_json

    return {
        "werkmap": str(path.resolve()),
        "oud": made.carried.name,
        "cijfers_gelijk": made.proof.figures,
        "bevindingen_gelijk": made.proof.findings,
        "invoercellen": made.cells,
        "memo_actueel": made.carried.is_current,
        "eigen_bladen": [one.name for one in made.carried.sheets],
        "nieuw": list(made.added),
        "let_op": [finding_json(one) for one in made.notes],
        "anders_getoond": list(made.differing),
        "niet_overgenomen": [
            {"soort": one.kind.what, "blad": one.sheet, "cel": one.cell, "inhoud": one.held,
             "advies": one.kind.remedy, "is_inhoud": one.kind.is_content}
            for one in made.lost
        ],
    }  # fmt: skip


def _unequal(proof: "Proof", *, as_json: bool) -> int:
    """Report that the figures differ: nothing is delivered then."""
    if as_json:
        _print_json({"verschillen": list(proof.different)})
        return LOST
    print(*proof.different, sep="\n", file=sys.stderr)
    print("\nDe nieuwe werkmap geeft niet dezelfde cijfers: er is niets geschreven.\n"
          "    → Meld dit bij de beheerder, met de regels hierboven.", file=sys.stderr)  # fmt: skip
    return LOST


def _refuse(findings: "Sequence[Finding]", *, as_json: bool) -> int:
    """Report the faults of the old workbook: without figures nothing can be proven equal."""
    if as_json:
        from bdur_xl.as_json import finding_json

        _print_json({"fouten": [finding_json(finding) for finding in findings]})
        return REFUSED
    from bdur_xl import nl
    from bdur_xl.screen import paper
    from bdur_xl.screen.findings import show_findings

    show_findings(paper(sys.stderr), findings)
    count = nl.plural(len(findings), "fout", "fouten")
    print(f"\n{count} in de invoer: er valt niets te bewijzen, dus er is niets geschreven.", file=sys.stderr)
    return REFUSED


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))


def _stop(message: str, remedy: str) -> int:
    print(f"{message}\n    → {remedy}", file=sys.stderr)
    return REFUSED
