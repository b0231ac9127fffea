"""`bdur nieuw`: a fresh workbook and Word template in a folder, beside what is there."""

import argparse
from pathlib import Path
from typing import Any

from bdur_xl.commands.refused import refused

OK = 0

TEXT = "zet een nieuwe werkmap en Word-sjabloon in een map; er wordt niets overschreven"


def add(commands: Any) -> None:
    """Add the command to the subparsers of argparse."""
    example = "voorbeeld: bdur nieuw Documenten/BDuR"
    parser = commands.add_parser("nieuw", help=TEXT, description=TEXT, epilog=example)
    parser.add_argument(
        "map", type=Path, metavar="MAP", help="de map; zij wordt gemaakt als zij er nog niet is"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write both files and say where they are; all or nothing."""
    from bdur_xl.book import BookError
    from bdur_xl.files.shipped import TEMPLATE, WORKBOOK

    try:
        made = put([WORKBOOK, TEMPLATE], options.map)
    except BookError as error:
        return refused(error)
    print("\n".join(f"Gemaakt: {path.resolve()}" for path in made))
    print(f'Open {WORKBOOK}. Doen de functies het niet, voer dan uit: bdur gezond "{made[0]}"')
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
