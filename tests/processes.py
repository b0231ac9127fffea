"""Processes of our own that begin where a test is, and end as it says."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

LEFT = ".bdur-*"
"""How everything is named that a killed run may leave in a folder."""


def started(work: Callable[[], object]) -> int:
    """Start a process that does some work and then ends with its outcome as exit code; return its number."""
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return process
    code = 70
    try:
        code = int(work() or 0)  # type: ignore[call-overload]
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(process: int) -> int:
    """Wait for a process; return its exit code, negative when a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def end_now() -> None:
    """End this process at once, as the system does when it kills one."""
    os.kill(os.getpid(), signal.SIGKILL)


def left_in(folder: Path) -> list[str]:
    """Return what killed runs left in a folder and those in it."""
    return sorted(path.name for path in folder.rglob(LEFT))
