"""`bdur bijwerken`: the inputs of an older or edited workbook in a new one, the figures proven equal."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bdur_xl.commands import FOUND, OK
from bdur_xl.commands.shared import (
    add_json,
    print_json,
    progress,
    refusals,
    refuse,
    say,
    stop_writing,
    tell_open,
)

if TYPE_CHECKING:
    from bdur_xl.build.upgraded import Upgraded
    from bdur_xl.upgrade import Carried, Kind, Lost, Proof

EXAMPLES = {
    "bdur bijwerken BDuR_oud.xlsm": "de nieuwe werkmap naast de oude",
    "bdur bijwerken BDuR_oud.xlsm -o nieuw --json": "in de map nieuw, met elke cel die niet mee kon",
}
MORE = " Het oude bestand blijft zoals het is. Wat niet mee kan, wordt genoemd."

_MOST_SHOWN = 12
"""Cells of one kind on one sheet that the screen names; --json names all."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("werkmap", type=Path, metavar="WERKMAP", help="de oude werkmap (.xlsx of .xlsm)")
    parser.add_argument(
        "-o", "--map", type=Path, metavar="MAP", help="map voor de nieuwe werkmap (anders ernaast)"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write the new workbook beside the old one and report; returns the exit code."""
    import datetime as dt

    from bdur_xl.build.upgraded import Faulty, upgraded
    from bdur_xl.files.atomic import write_new

    now = dt.datetime.now().replace(microsecond=0)
    tell_open(options.werkmap)
    with progress("Werkmap overzetten en narekenen", as_json=options.json), refusals():
        try:
            made = upgraded(options.werkmap, now)
        except Faulty as faulty:
            so = "er valt niets te bewijzen, dus er is niets geschreven"
            refuse(faulty.findings, so, as_json=options.json)
    if not made.proof.holds:
        return _unequal(made.proof, as_json=options.json)
    folder = options.map or options.werkmap.parent
    try:
        path = write_new(folder, f"{options.werkmap.stem} bijgewerkt {now:%Y-%m-%d}", ".xlsm", made.package)
    except OSError as error:
        stop_writing("De werkmap", folder, error)
    if options.json:
        print_json(as_json(path, made))
    else:
        say("\n".join(told(path, made)))
    return FOUND if any(one.kind.is_content for one in made.lost) else OK


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
        print_json({"verschillen": list(proof.different)})
        return FOUND
    verdict = (
        "De nieuwe werkmap geeft niet dezelfde cijfers: er is niets geschreven.\n"
        "    → Meld dit bij de beheerder, met de regels hierboven."
    )
    say("\n".join([*proof.different, "", verdict]), file=sys.stderr)
    return FOUND
