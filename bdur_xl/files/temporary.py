"""Temporary folders that do not outlive us for long, even when we are killed."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from bdur_xl.files.in_use import ABANDONED, alive

_OURS = re.compile(r"bdur-(?:pdf-[^-]+|(?:pdf|vba)-(?P<process>\d{1,9})-[^-]+)")
"""A name of the older kind tells no process."""

_DAY = 86_400.0


@contextmanager
def temporary_folder(use: str) -> Iterator[Path]:
    """Yield a folder among the temporary files, gone when the block ends; `use` is "pdf" or "vba".

    Those that killed runs left go first.
    """
    _sweep()
    prefix = f"bdur-{use}-{os.getpid()}-"
    with TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _sweep() -> None:
    with suppress(OSError), os.scandir(gettempdir()) as entries:
        for entry in entries:
            with suppress(OSError):  # another may be removing it too
                if _is_left(entry):
                    shutil.rmtree(entry.path, ignore_errors=True)


def _is_left(entry: "os.DirEntry[str]") -> bool:
    """Tell whether a killed run of ours left a folder: ours by name and owner, its process dead, not new.

    What another user, or a container with processes of its own, is at work on stays.
    """
    name = _OURS.fullmatch(entry.name)
    if not name or not entry.is_dir(follow_symlinks=False):
        return False
    about = entry.stat(follow_symlinks=False)
    own = os.name == "nt" or about.st_uid == os.geteuid()
    dead = name["process"] is not None and not alive(int(name["process"]))
    return own and time.time() - about.st_mtime > (ABANDONED if dead else _DAY)
