"""`bdur bouw`: a workbook from a folder of CSV files."""

import argparse
import sys
from pathlib import Path

from bdur_xl.commands import OK, REFUSED
from bdur_xl.commands.shared import add_json, made_json, print_json, progress, say, stop, tell, understand

EXAMPLES = {
    "bdur bouw -o BDuR_plan.xlsm": "de werkmap met het meegeleverde plan",
    "bdur bouw --bron plan -o BDuR_plan.xlsm": "met de CSV-bestanden in de map plan",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--bron", type=Path, metavar="MAP",
                        help="map met de CSV-bestanden (standaard: het meegeleverde plan)")  # fmt: skip
    parser.add_argument("-o", "--uit", type=Path, required=True, metavar="BESTAND",
                        help="de werkmap; wat daar stond, blijft ernaast bewaard")  # fmt: skip
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write the workbook and say where it is."""
    from bdur_xl.build.workbook import build_workbook
    from bdur_xl.files.atomic import place_text, refusal, told_backup
    from bdur_xl.files.plan_csv import read_folder
    from bdur_xl.files.shipped import PLAN, shipped

    source = options.bron or shipped(PLAN)
    if not source.is_dir():
        stop(f"De map {source} bestaat niet.", "Noem met --bron een map met de CSV-bestanden.")
    with progress("Werkmap bouwen", as_json=options.json):
        raw, found = read_folder(source)
        inputs, notes = understand(raw, found, as_json=options.json)
        try:
            backup = build_workbook(raw, inputs, options.uit)
        except OSError as error:
            say(refusal(options.uit, error), file=sys.stderr)
            return REFUSED
    if options.json:
        from bdur_xl.as_json import finding_json

        kept = place_text(backup) if backup else None
        cells = [finding_json(note) for note in notes]
        print_json(made_json([options.uit], reservekopie=kept, cellen=cells))
        return OK
    say(f"De werkmap staat in {place_text(options.uit)}{told_backup(backup)}")
    tell(notes)
    return OK
