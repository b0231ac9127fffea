"""`bdur antwoorden`: answers to what-if questions."""

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
    "bdur antwoorden BDuR_plan.xlsm": "elke vraag met haar antwoord en de cijfers daarbij",
    "bdur antwoorden BDuR_plan.xlsm --basis exact": "alleen op het exacte bedrag",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_workbook(parser)
    add_basis(parser)
    add_json(parser, AMOUNTS_AS_JSON)


def run(options: argparse.Namespace) -> int:
    """Show each question with its answer, per basis."""
    from bdur_xl.answers import answers

    with progress("Werkmap lezen en doorrekenen", as_json=options.json):
        inputs, notes = read_inputs(options.werkmap, as_json=options.json)
        found = {basis: answers(inputs, basis) for basis in bases(options)}
    if options.json:
        from bdur_xl.as_json import answers_json

        print_json(answers_json(found))
        return OK
    from bdur_xl.screen.answers import show_answers

    out = paper(sys.stdout)
    for basis, one in found.items():
        show_answers(out, inputs, basis, one)
    tell(notes)
    return OK
