"""`bdur vergelijk`: what changed between two versions of the plan, in sentences."""

import argparse
from pathlib import Path

from bdur_xl.commands import OK
from bdur_xl.commands.shared import (
    AMOUNTS_AS_JSON,
    STATE,
    add_json,
    print_json,
    progress,
    refusals,
    say,
    tell_open,
)

EXAMPLES = {
    "bdur vergelijk eerder.xlsm BDuR_plan.xlsm": "twee werkmappen",
    "bdur vergelijk momentopnamen/BDuR_plan.json BDuR_plan.xlsm": "een momentopname en de werkmap van nu",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("eerder", type=Path, metavar="EERDER", help=STATE)
    parser.add_argument("later", type=Path, metavar="LATER", help=STATE)
    add_json(parser, AMOUNTS_AS_JSON)


def run(options: argparse.Namespace) -> int:
    """Tell what changed."""
    from bdur_xl.compare import compare
    from bdur_xl.compare_sentences import comparison_json, plain_sentences
    from bdur_xl.files.versions import read_version

    tell_open(options.eerder, options.later)
    with progress("Versies lezen", as_json=options.json):
        with refusals(options.eerder, as_json=options.json):
            before = read_version(options.eerder)
        with refusals(options.later, as_json=options.json):
            after = read_version(options.later)
        comparison = compare(before.overview, after.overview)
    if options.json:
        print_json(comparison_json(comparison, before.moment.date()))
    else:
        say("\n".join(plain_sentences(comparison, before.moment.date())))
    return OK
