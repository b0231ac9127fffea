"""`bdur controleer`: every check of the plan, and of the workbook's file."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bdur_xl.commands import FOUND, OK
from bdur_xl.commands.shared import add_json, add_workbook, paper, print_json, progress, read_inputs

if TYPE_CHECKING:
    from bdur_xl.checks import Outcome

EXAMPLES = {
    "bdur controleer BDuR_plan.xlsm": "elke controle, met wat niet klopt en wat u kunt doen",
    "bdur controleer BDuR_plan.xlsm --json": "hetzelfde voor een programma",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_workbook(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Show every check with its findings."""
    from bdur_xl.checks import INPUT_CHECK, Outcome, run_checks
    from bdur_xl.files.workbook import read_properties

    with progress("Werkmap lezen en controleren", as_json=options.json):
        inputs, notes = read_inputs(options.werkmap, as_json=options.json)
        inputs = inputs._replace(properties=read_properties(options.werkmap))
        outcomes = (Outcome(INPUT_CHECK, ()), *run_checks(inputs))
    if options.json:
        from bdur_xl.as_json import checks_json

        print_json(checks_json(outcomes, notes))
    else:
        from bdur_xl.screen.findings import show_checks

        show_checks(paper(sys.stdout), outcomes, notes)
    return FOUND if _must_hold_failed(outcomes) else OK


def _must_hold_failed(outcomes: Sequence["Outcome"]) -> bool:
    from bdur_xl.model import Status

    return any(finding.status is Status.FAILED for outcome in outcomes for finding in outcome.findings)
