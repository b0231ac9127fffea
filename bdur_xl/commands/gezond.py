"""`bdur gezond`: whether workbook, Excel, Python and LibreOffice fit, with one remedy per fault."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bdur_xl.commands import FOUND, OK
from bdur_xl.commands.shared import add_json, paper, print_json, progress

if TYPE_CHECKING:
    from bdur_xl.health import Line

EXAMPLES = {
    "bdur gezond": "deze computer",
    "bdur gezond BDuR_plan.xlsm": "ook deze werkmap en haar map",
    "bdur gezond BDuR_plan.xlsm --json": "voor de helpdesk",
}

_MARKS = {"goed": ("✓", "green"), "fout": ("✗", "bold red"), "let op": ("!", "yellow")}
"""Per verdict its mark and style; what cannot be seen here stays dim."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "werkmap", type=Path, nargs="?", metavar="WERKMAP", help="de planwerkmap (.xlsx of .xlsm)"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Look, and show a line per check."""
    from bdur_xl.files.machine import look, this_system
    from bdur_xl.health import as_json, examine, healthy

    with progress("Rondkijken", as_json=options.json):
        lines = examine(look(this_system(), options.werkmap))
    if options.json:
        print_json(as_json(lines))
    else:
        _show(lines)
    return OK if healthy(lines) else FOUND


def _show(lines: "Sequence[Line]") -> None:
    from bdur_xl.health import told

    out = paper(sys.stdout)
    for line in lines:
        mark, style = _MARKS.get(line.result.verdict, ("·", "dim"))
        out.say((f"{mark} {line.result.verdict:<17}", style), f" {line.check.name}: {line.result.found}")
        if line.result.remedy:
            out.say((f"→ {line.result.remedy}", "dim"), indent=6)
    out.say(told(lines))
