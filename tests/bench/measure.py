"""Timing: competitors take turns (ABAB…), so that the machine's moods reach all of them alike."""

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

LAUNCHER = Path(__file__).with_name("launcher.py")


@dataclass
class Times:
    """What one competitor took, in seconds; `scale` when only a sample of the work was timed."""

    seconds: list[float] = field(default_factory=list)
    scale: float = 1

    @property
    def median(self) -> float:
        """The middle one, scaled to the whole work."""
        return statistics.median(self.seconds) * self.scale

    @property
    def low(self) -> float:
        """The first quartile, or the least of few."""
        return self._quartile(0) * self.scale

    @property
    def high(self) -> float:
        """The third quartile, or the most of few."""
        return self._quartile(-1) * self.scale

    def _quartile(self, which: int) -> float:
        if len(self.seconds) < 4:
            return sorted(self.seconds)[which]
        return statistics.quantiles(self.seconds, n=4)[which]


Run = Callable[[int], float]
"""Does the work once, for the given turn, and returns the seconds it took."""


def interleaved(
    runs: Mapping[str, Run], budget: float, *, least: int = 3, most: int = 40
) -> dict[str, Times]:
    """Return the times of each competitor: turns until the budget (in seconds) is spent."""
    times = {name: Times() for name in runs}
    start = time.perf_counter()
    for turn in range(1, most + 1):
        for name, run in runs.items():
            gc.collect()
            times[name].seconds.append(run(turn))
        spent = time.perf_counter() - start
        if turn >= least and spent + spent / turn > budget:
            break
    return times


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Process(NamedTuple):
    """What one program took and said."""

    seconds: float
    peak: int
    """Bytes."""
    code: int
    out: str


def process(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    keep: bool = False,
    patience: float = 300,
    memory: int = 0,
) -> Process:
    """Run a program from a launcher of a few MB; `keep` returns what it printed.

    After `patience` seconds it is stopped, and it gets no more than `memory` bytes, when given. Raises
    StoppedError then, and when it fails by itself: an exit code other than 0 or 1.
    """
    asked = {"command": list(command), "environment": dict(environment)}
    request = json.dumps({**asked, "keep": keep, "patience": patience, "memory": memory})
    done = subprocess.run(
        [sys.executable, "-S", "-E", str(LAUNCHER)], input=request, capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    if answer["seconds"] >= patience:
        raise StoppedError(f"stopped after {patience:.0f} s")
    if answer["code"] not in (0, 1):
        raise StoppedError(f"failed: {answer['error'].strip().splitlines()[-1:]}")
    return Process(answer["seconds"], answer["peak"], answer["code"], answer["out"])


class StoppedError(Exception):
    """A program that did not do its work: what became of it."""
