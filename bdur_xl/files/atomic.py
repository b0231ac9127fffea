"""Files that appear whole or not at all."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a new file beside `path` to write to; it becomes `path` when the block ends well.

    When anything fails, an older `path` is untouched and nothing is left behind.
    Raises OSError when the folder cannot be written, or another program holds `path`.
    """
    draft = path.with_name(f".bdur-{secrets.token_hex(8)}{path.suffix}")
    draft.touch(exist_ok=False)
    try:
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
