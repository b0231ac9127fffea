"""`bdur controleer`: every check of the plan, and of the workbook's file."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
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
    from bdur_xl.checks import INPUT_CHECK, Outcome, each_outcome
    from bdur_xl.files.workbook import read_properties

    failed: set[str] = set()
    with progress("Werkmap lezen en controleren", as_json=options.json):
        inputs, notes = read_inputs(options.werkmap, as_json=options.json)
        inputs = inputs._replace(properties=read_properties(options.werkmap))
        outcomes = _noting(chain([Outcome(INPUT_CHECK, ())], each_outcome(inputs)), failed)
        shown = () if options.json else tuple(outcomes)
    if options.json:
        from bdur_xl.as_json import checks_json

        print_json(checks_json(outcomes, notes))
    else:
        from bdur_xl.screen.findings import show_checks

        show_checks(paper(sys.stdout), shown, notes)
    return FOUND if failed else OK


def _noting(outcomes: Iterable["Outcome"], failed: set[str]) -> Iterator["Outcome"]:
    """Pass outcomes on, and note which checks that must hold do not."""
    from bdur_xl.model import Status

    for outcome in outcomes:
        if any(finding.status is Status.FAILED for finding in outcome.findings):
            failed.add(outcome.check.code)
        yield outcome
