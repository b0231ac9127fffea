"""Inputs that once reached something new, a bytes literal per line: what the next run begins with.

    cd tests && python -m fuzz.collect TARGET FOLDER

adds those of a long run. Office files are too large to keep: their seeds are made by code.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
LONGEST = 200
"""Bytes of an input that is kept."""


def collected(target: str) -> Iterator[bytes]:
    """Yield the kept inputs of a target."""
    path = CORPUS / f"{target}.txt"
    if path.is_file():
        yield from map(ast.literal_eval, path.read_text(encoding="ascii").splitlines())


def collect(target: str, folder: Path) -> None:
    """Keep the short inputs of a folder as well."""
    found = (path.read_bytes() for path in folder.iterdir() if not path.name.startswith("seed-"))
    kept = sorted({*collected(target), *(one for one in found if len(one) <= LONGEST)})
    CORPUS.mkdir(exist_ok=True)
    (CORPUS / f"{target}.txt").write_text("".join(f"{one!r}\n" for one in kept), encoding="ascii")


if __name__ == "__main__":
    collect(sys.argv[1], Path(sys.argv[2]))
