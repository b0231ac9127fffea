"""What BDUR_STATUS says: the versions in one process, and whether the functions work there.

`bdur gezond` starts the Python that Excel uses, and has it say this line.
"""

import platform
import sys

import bdur_xl

OLDEST_PYTHON = (3, 11)

HOLDS, FAILS = "de zelftest klopt", "DE ZELFTEST KLOPT NIET"


def status_line(*, works: bool) -> str:
    """Return the versions and the outcome of the self-test in one line."""
    host = sys.modules.get("xlwings")
    versions = [f"bdur_xl {bdur_xl.__version__}", f"Python {platform.python_version()}"]
    versions += [f"xlwings {host.__version__}"] if host else []  # in Calc there is none
    return f"{', '.join(versions)}: {HOLDS if works else FAILS}"


def holds(line: str) -> bool:
    """Tell whether a status line says that the functions work."""
    return line.endswith(f": {HOLDS}")
