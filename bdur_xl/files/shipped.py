"""What travels with the program: the built workbook and what it is built from."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "workbook"


@contextmanager
def path(name: str) -> Iterator[Path]:
    """Yield a shipped file by its name, for as long as the block lasts."""
    yield FOLDER / name
