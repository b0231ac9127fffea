"""`bdur nieuw`: a fresh workbook and Word template in a folder, beside what is there."""

import argparse
from pathlib import Path

from bdur_xl.commands import OK
from bdur_xl.commands.shared import add_json, made_json, print_json, refusals, say

EXAMPLES = {
    "bdur nieuw Documenten/BDuR": "maakt die map zo nodig; er wordt niets overschreven",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "map", type=Path, metavar="MAP", help="de map; zij wordt gemaakt als zij er nog niet is"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write both files and say where they are; all or nothing."""
    from bdur_xl.files.shipped import TEMPLATE, WORKBOOK

    with refusals():
        made = put([WORKBOOK, TEMPLATE], options.map)
    next_step = f'Open {WORKBOOK}. Doen de functies het niet, voer dan uit: bdur gezond "{made[0]}"'
    if options.json:
        print_json(made_json(made, [next_step]))
    else:
        say("\n".join([*(f"Gemaakt: {path.resolve()}" for path in made), next_step]))
    return OK


def put(names: list[str], folder: Path) -> list[Path]:
    """Copy shipped files to a folder. Raises BookError, before anything is written, when one is there.

    Raises IncompleteError when one was not shipped.
    """
    from bdur_xl.book import BookError
    from bdur_xl.files.atomic import place_text, reason, remedy, write_new
    from bdur_xl.files.shipped import shipped

    wanted = {folder / name: shipped(name) for name in names}
    if present := [path.name for path in wanted if path.exists()]:
        raise BookError(
            f"In {folder.resolve()} staat al {' en '.join(present)}; er is niets geschreven",
            "Kies een andere map, of verplaats wat er staat.",
        )
    made: list[Path] = []
    try:
        for path, source in wanted.items():
            made.append(write_new(folder, path.stem, path.suffix, source.read_bytes()))
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        raise BookError(
            f"In {place_text(folder)} kan niet worden geschreven: {reason(error)}",
            remedy(error),
        ) from error
    return made
