"""`bdur realisatie`: plan against actual, with what is expected of the year."""

import argparse
import sys

from bdur_xl.commands import OK
from bdur_xl.commands.shared import (
    AMOUNTS_AS_JSON,
    add_json,
    add_workbook,
    paper,
    print_json,
    progress,
    read_inputs,
)

EXAMPLES = {
    "bdur realisatie BDuR_plan.xlsm": "per jaar en per regel",
    "bdur realisatie BDuR_plan.xlsm --json": "hetzelfde voor een programma",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_workbook(parser)
    add_json(parser, AMOUNTS_AS_JSON)


def run(options: argparse.Namespace) -> int:
    """Show plan beside actual."""
    from bdur_xl.actuals import analyses

    with progress("Werkmap lezen en vergelijken", as_json=options.json):
        inputs, notes = read_inputs(options.werkmap, as_json=options.json)
        found = analyses(inputs)
    if options.json:
        from bdur_xl.as_json import actuals_json

        print_json(actuals_json(found, notes))
        return OK
    from bdur_xl.screen.actuals import show_actuals
    from bdur_xl.screen.findings import show_findings

    out = paper(sys.stdout)
    show_findings(out, notes)
    show_actuals(out, found)
    return OK
