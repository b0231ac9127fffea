"""`bdur sjabloon`: the memo's Word template, to change in Word."""

import argparse
from pathlib import Path

from bdur_xl.commands import OK
from bdur_xl.commands.shared import add_json, made_json, print_json, say, stop_writing

EXAMPLES = {
    "bdur sjabloon": "in deze map",
    "bdur sjabloon Documenten/BDuR": "in een andere map; naast de werkmap wordt zij vanzelf gebruikt",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "map", type=Path, nargs="?", default=Path(), metavar="MAP", help="map (standaard: deze map)"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write the template and say where it is."""
    from bdur_xl.files.atomic import place_text, write_new
    from bdur_xl.files.memo_template import NAME, template

    name = Path(NAME)
    try:
        path = write_new(options.map, name.stem, name.suffix, template())
    except OSError as error:
        stop_writing("De sjabloon", options.map, error)
    used = f"Een bestand {NAME} naast de werkmap wordt vanzelf gebruikt."
    if options.json:
        print_json(made_json([path], [used]))
    else:
        say(f"De sjabloon staat in {place_text(path)}\n{used}")
    return OK
