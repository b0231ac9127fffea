"""`bdur gezond`: whether workbook, Excel, Python and LibreOffice fit, with one remedy per fault."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bdur_xl.health import Line

OK, SOMETHING_WRONG = 0, 1

TEXT = "kijk na of Excel, Python, LibreOffice en de werkmap bij elkaar passen; 1 als er iets niet in orde is"
EXAMPLES = """voorbeelden:
  bdur gezond                        deze computer
  bdur gezond BDuR_plan.xlsm         ook deze werkmap en haar map
  bdur gezond BDuR_plan.xlsm --json  voor de helpdesk"""

_MARKS = {"goed": ("✓", "green"), "fout": ("✗", "bold red"), "let op": ("!", "yellow")}
"""Per verdict its mark and style; what cannot be seen here stays dim."""


def add(commands: Any) -> None:
    """Add the command to the subparsers of argparse."""
    parser = commands.add_parser(
        "gezond", help=TEXT, description=TEXT, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument(
        "werkmap", type=Path, nargs="?", metavar="WERKMAP", help="de planwerkmap (.xlsx of .xlsm)"
    )
    parser.add_argument("--json", action="store_true", help="als JSON, met vaste namen")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Look, and show a line per check."""
    import json

    from bdur_xl.files.machine import look, this_system
    from bdur_xl.health import as_json, examine, healthy

    lines = examine(look(this_system(), options.werkmap))
    if options.json:
        print(json.dumps(as_json(lines), ensure_ascii=False, indent=2))
    else:
        _show(lines)
    return OK if healthy(lines) else SOMETHING_WRONG


def _show(lines: "Sequence[Line]") -> None:
    from bdur_xl.health import told
    from bdur_xl.screen import paper

    out = paper(sys.stdout)
    for line in lines:
        mark, style = _MARKS.get(line.result.verdict, ("·", "dim"))
        out.say((f"{mark} {line.result.verdict:<17}", style), f" {line.check.name}: {line.result.found}")
        if line.result.remedy:
            out.say((f"→ {line.result.remedy}", "dim"), indent=6)
    out.say(told(lines))
