"""`bdur overzicht`: yearly totals, room and goal coverage, of the plan or under a scenario."""

import argparse
import sys
from typing import TYPE_CHECKING

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
    stop,
)

if TYPE_CHECKING:
    from bdur_xl.model import Inputs, Scenario

EXAMPLES = {
    "bdur overzicht BDuR_plan.xlsm": "jaartotalen, ruimte op beide grondslagen, en doelbereik",
    "bdur overzicht BDuR_plan.xlsm --basis exact": "alleen de ruimte op het exacte bedrag",
    "bdur overzicht BDuR_plan.xlsm --scenario korting-10": "hetzelfde onder een scenario",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_workbook(parser)
    add_basis(parser)
    parser.add_argument("--scenario", metavar="NAAM", help="onder één scenario van het blad Scenario's")
    add_json(parser, AMOUNTS_AS_JSON)


def run(options: argparse.Namespace) -> int:
    """Show the overview, with how the checks ended."""
    from bdur_xl.checks import each_outcome
    from bdur_xl.overview import overview
    from bdur_xl.scenarios import applied

    with progress("Werkmap lezen en doorrekenen", as_json=options.json):
        inputs, notes = read_inputs(options.werkmap, as_json=options.json)
        scenario = _scenario(inputs, options.scenario)
        figures = overview(applied(inputs, scenario) if scenario else inputs)
        if options.json:
            from bdur_xl.as_json import overview_json

            named = {"scenario": scenario} if scenario else {}
            print_json(overview_json(figures, each_outcome(inputs), notes, **named))
            return OK
        from bdur_xl.screen.findings import counted, show_counts

        found = counted(each_outcome(inputs))
    from bdur_xl.screen.overview import show_overview

    out = paper(sys.stdout)
    show_overview(out, figures, bases(options), scenario)
    show_counts(out, found, notes)
    return OK


def _scenario(inputs: "Inputs", name: str | None) -> "Scenario | None":
    """Return the scenario asked for; stop with 2 when there is none of that name."""
    from bdur_xl import nl
    from bdur_xl.scenarios import UnknownScenarioError, find

    if name is None:
        return None
    try:
        return find(inputs, name)
    except UnknownScenarioError as error:
        stop(f'Scenario "{error.name}" staat niet op het blad Scenario\'s.',
             f"Kies uit: {nl.listing(error.known, 'of')}.")  # fmt: skip
