"""`bdur scenarios`: the scenarios beside the plan."""

import argparse
import sys

from bdur_xl.commands import OK
from bdur_xl.commands.shared import (
    AMOUNTS_AS_JSON,
    add_basis,
    add_json,
    add_workbook,
    bases,
    paper,
    print_json,
    progress,
    read_inputs,
    tell,
)

EXAMPLES = {
    "bdur scenarios BDuR_plan.xlsm": "elk scenario op beide grondslagen",
    "bdur scenarios BDuR_plan.xlsm --basis exact": "alleen op het exacte bedrag",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_workbook(parser)
    add_basis(parser)
    add_json(parser, AMOUNTS_AS_JSON)


def run(options: argparse.Namespace) -> int:
    """Show what each scenario makes of cost, grant and room."""
    from bdur_xl.scenarios import compared

    with progress("Werkmap lezen en doorrekenen", as_json=options.json):
        inputs, notes = read_inputs(options.werkmap, as_json=options.json)
        found = compared(inputs)
    if options.json:
        from bdur_xl.as_json import scenarios_json

        print_json(scenarios_json(found))
        return OK
    from bdur_xl.screen.scenarios import show_scenarios

    show_scenarios(paper(sys.stdout), inputs, found, bases(options))
    tell(notes)
    return OK
