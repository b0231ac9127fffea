"""Fuzz by coverage, with atheris.

    cd tests && python -m fuzz [TARGET ...] [--seconds N | --runs N] [--keep FOLDER]

Without names it takes every target, each in a process of its own and for an equal share of the
time. Inputs that reach something new, and those that break a promise, stay in the folder to keep.
Atheris follows Python code only: of calamine and lxml nothing is instrumented. Ends with 1 when
anything broke.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
LONGEST = 60_000
"""Bytes of an input."""

NAMES = ("cell", "table", "snapshot", "workbook", "memo", "template")


class Ran(NamedTuple):
    """What a run of one target did."""

    target: str
    executions: int
    branches: int
    """Places in the code that the inputs reached, as libFuzzer counts them."""
    corpus: int
    crashes: tuple[Path, ...]
    told: str

    @property
    def why(self) -> str:
        """What Python said when something broke, or else the end of what libFuzzer said."""
        at = self.told.find("=== Uncaught")
        return self.told[at:][:3000] if at >= 0 else self.told[-3000:]

    def __str__(self) -> str:
        found = f"{len(self.crashes)} keer mis" if self.crashes else "niets gevonden"
        return (
            f"{self.target:9} {self.executions:9} keer, {self.branches:5} takken, "
            f"{self.corpus:5} invoeren: {found}"
        )


def again(target: str, crash: Path) -> str:
    """Return how to see a finding again."""
    return f"opnieuw: cd tests && python -m fuzz.again {target} {crash}"


def fuzz(target: str, keep: Path, *, seconds: int = 0, runs: int = 0, seed: int = 1) -> Ran:
    """Fuzz one target in a process of its own, until something breaks or the time or runs are over."""
    corpus, crashes = keep / target, keep / "crashes"
    corpus.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "fuzz.worker", target, str(corpus)]
    command += [f"-seed={seed}", f"-artifact_prefix={crashes}/{target}-", f"-max_len={LONGEST}"]
    command += ["-timeout=20", "-rss_limit_mb=4096", "-print_final_stats=1", "-reload=0"]
    command += [f"-max_total_time={seconds}"] if seconds else [f"-runs={runs}"]
    ours = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(
        command,
        cwd=HERE.parent,
        env=ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    told = done.stdout
    made = tuple(Path(one) for one in re.findall(r"Test unit written to (\S+)", told))
    if done.returncode and not made:
        raise RuntimeError(told[-4000:])
    return Ran(
        target,
        int(
            (re.findall(r"number_of_executed_units: (\d+)", told) or re.findall(r"#(\d+)", told) or ["0"])[-1]
        ),
        int((re.findall(r"cov: (\d+)", told) or ["0"])[-1]),
        sum(1 for _ in corpus.iterdir()),
        made,
        told,
    )


def main() -> int:
    """Run the targets asked for; print what was found, and how to see it again."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(NAMES))
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    names = options.targets or NAMES
    if unknown := {*names} - {*NAMES}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    keep = options.keep.resolve() if options.keep else Path(tempfile.mkdtemp(prefix="bdur-fuzz-"))
    broken = 0
    for name in names:
        ran = fuzz(name, keep, seconds=options.seconds // len(names), runs=options.runs, seed=options.seed)
        print(ran, flush=True)
        for crash in ran.crashes:
            broken += 1
            print(ran.why, again(name, crash), sep="\n", flush=True)
    if not options.keep and not broken:
        shutil.rmtree(keep)
    return min(broken, 1)


if __name__ == "__main__":
    sys.exit(main())
