"""`bdur ververs`: what the board gets: checks, a kept state, the memo in Word and its PDF."""

import argparse
from pathlib import Path

from bdur_xl.commands.shared import STATE, add_json, add_template, add_workbook

EXAMPLES = {
    "bdur ververs BDuR_plan.xlsm": "naast de werkmap, met PDF en een momentopname in momentopnamen",
    "bdur ververs BDuR_plan.xlsm -o bestuur --zonder-pdf": "in de map bestuur, alleen Word",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_workbook(parser, STATE)
    parser.add_argument(
        "-o", "--map", type=Path, metavar="MAP", help="map voor de uitvoer (anders die van de werkmap)"
    )
    add_template(parser)
    parser.add_argument("--zonder-pdf", action="store_true", help="maak geen PDF")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write everything and say where it is."""
    from bdur_xl.commands.delivering import deliver
    from bdur_xl.files.shelf import workbook_of

    folder = options.map or workbook_of(options.werkmap)[0]
    return deliver(options, folder, keep=True, pdf=not options.zonder_pdf)
