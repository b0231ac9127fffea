"""Files that appear whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Yield a new file beside `path` to write to; it becomes `path` when the block ends well.

    When anything fails, an older `path` is untouched and nothing is left behind.
    Raises OSError when the folder cannot be written, or another program holds `path`.
    """
    draft = path.with_name(f".bdur-{os.urandom(8).hex()}{path.suffix}")
    draft.touch(exist_ok=False)
    try:
        yield draft
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def free_name(folder: Path, stem: str, suffix: str, *others: str) -> Path:
    """Return a file name that does not exist yet, with none of the suffixes: nothing is overwritten."""
    name, number = stem, 2
    while any((folder / f"{name}{one}").exists() for one in (suffix, *others)):
        name, number = f"{stem} ({number})", number + 1
    return folder / f"{name}{suffix}"


def reason(error: OSError) -> str:
    """Return in Dutch why the system refused."""
    denied, in_the_way = "geen schrijfrechten", "er staat een bestand waar een map hoort"
    reasons = {
        errno.ENOSPC: "de schijf is vol",
        errno.EACCES: denied,
        errno.EPERM: denied,
        errno.EROFS: denied,
        errno.EEXIST: in_the_way,
        errno.ENOTDIR: in_the_way,
        errno.ENAMETOOLONG: "de naam is te lang",
        errno.ENOENT: "het bestaat niet",
    }
    return reasons.get(error.errno or 0, f"fout {error.errno} van het systeem")
