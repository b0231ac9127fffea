"""`bdur memo`: only the memo, as a Word file."""

import argparse
from pathlib import Path

from bdur_xl.commands.shared import STATE, add_json, add_template, add_workbook

EXAMPLES = {
    "bdur memo BDuR_plan.xlsm": "de memo in deze map; een oudere wordt nooit overschreven",
    "bdur memo BDuR_plan.xlsm -o concept": "in de map concept",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_workbook(parser, STATE)
    parser.add_argument("-o", "--map", type=Path, default=Path(), metavar="MAP", help="map voor de memo")
    add_template(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write the memo and say where it is."""
    from bdur_xl.commands.delivering import deliver

    return deliver(options, options.map, keep=False, pdf=False)
