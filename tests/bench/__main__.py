"""`python -m bench`: measure, and write the report."""

import argparse
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bench.options import QUICK, Options
from bench.plan import ROOT
from bench.report import machine, markdown

PARTS = {
    "answers": "in_process",
    "office": "in_office",
    "workbook": "whole_workbook",
    "start": "starting",
    "reading": "reading",
    "engines": "engines",
    "writing": "writing",
    "growth": "growth",
}
"""The parts by name, and the module of each."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts asked for. The whole of it is written to docs/SPEED.md, anything less is shown."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all when none is named"
    )
    parser.add_argument("--quick", action="store_true", help="a smoke test of at most a minute")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="lines of the plan")
    parser.add_argument("-o", "--output", type=Path, help="the report")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - PARTS.keys():
        parser.error(f"no part {', '.join(sorted(unknown))}")
    options = QUICK if asked.quick else Options()
    if asked.sizes:
        options = Options(tuple(asked.sizes), options.pace, options.least, options.most)
    described, sections = machine(), []
    for name in asked.parts or PARTS:
        start = time.perf_counter()
        sections.append(import_module(f"bench.{PARTS[name]}").measure(options))
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    text = markdown(sections, described, asked.quick)
    whole = not (asked.parts or asked.quick or asked.sizes)
    output = asked.output or (ROOT / "docs" / "SPEED.md" if whole else None)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
