# mypy: ignore-errors
# Runs inside LibreOffice, in the place where the add-in finds its modules.
"""Writes down every call of our functions: {"function", "cells", "computing", "whole"}, a line each.

Only in the add-in that `counted.counting_addin` packs for tests; the product knows nothing of it.
"""

import json
import time
from pathlib import Path

from udfs.calc import values

LOG = Path("<LOG>")

_evaluate, _call = values.evaluate, values.call
_seen = {}


def evaluate(function, cells):
    """Count what is handed to a function, and time it."""
    ranges = [cell for cell in cells if isinstance(cell, tuple)]
    _seen["cells"] = sum(len(row) for rows in ranges for row in rows)
    start = time.perf_counter()
    result = _evaluate(function, cells)
    _seen["computing"] = time.perf_counter() - start
    return result


def call(function, given, document):
    """Time a whole call and write it down."""
    _seen.update(function=function.name, cells=0, computing=0.0)
    start = time.perf_counter()
    shown = _call(function, given, document)
    _seen["whole"] = time.perf_counter() - start
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps(_seen) + "\n")
    return shown


values.evaluate, values.call = evaluate, call
