"""What the bench found, as Markdown: docs/SPEED.md."""

import os
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.measure import Times

NOTES = Path(__file__).with_name("notes.md")
PACKAGES = (
    "bdur_xl", "pandas", "numpy", "polars", "duckdb", "openpyxl", "python-calamine", "fastexcel",
    "XlsxWriter", "lxml", "python-docx", "matplotlib", "rich", "formualizer", "ironcalc", "formulas",
)  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One line of the issue's table: what was wanted, and what came of it."""

    work: str
    wanted: str
    reached: str
    spread: str
    met: bool
    note: str = ""
    """The heading in notes.md that tells why it was missed."""


@dataclass(frozen=True)
class Table:
    """One table of figures."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    below: str = ""


@dataclass
class Section:
    """What one part of the bench found."""

    title: str
    text: str = ""
    targets: list[Target] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def milliseconds(seconds: float) -> str:
    """Return a time in ms to three figures."""
    value = seconds * 1000
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def spread(times: Times) -> str:
    """Return the middle half of the times, and how often the work was done."""
    sampled = "" if times.scale == 1 else f", sample × {times.scale:.3g}"
    return f"{milliseconds(times.low)}–{milliseconds(times.high)}, n={len(times.seconds)}{sampled}"


def ratio(times: float) -> str:
    """Return a ratio to three figures."""
    return f"{times:,.0f}×" if times >= 100 else f"{times:.3g}×"


def ratio_spread(over: Times, under: Times) -> str:
    """Return the ratio of the quartiles turned against each other: least and most."""
    return f"{ratio(over.low / under.high)}–{ratio(over.high / under.low)}"


def markdown(sections: Sequence[Section], machine: str, quick: bool) -> str:
    """Return the whole report."""
    notes = _notes()
    parts = [
        "# Speed: this project and its peers on the same work",
        _opening(quick),
        f"## Machine\n\n{machine}",
    ]
    targets = [target for section in sections for target in section.targets]
    if targets:
        rows = [[one.work, one.wanted, one.reached, "met" if one.met else "**missed**", one.spread]
                for one in targets]  # fmt: skip
        parts.append("## Targets\n\n" + table(("work", "target", "reached", "", "spread"), rows))
    for section in sections:
        parts.append(f"## {section.title}\n\n{section.text}".rstrip())
        for one in section.tables:
            parts.append(f"### {one.title}\n\n{table(one.headings, one.rows)}\n\n{one.below}".rstrip())
        for name in dict.fromkeys(one.note for one in section.targets if not one.met and one.note):
            parts.append(f"### Missed: {name}\n\n{notes.get(name, 'No profile written yet.')}")
    return "\n\n".join(parts) + "\n"


def _opening(quick: bool) -> str:
    how = "A quick run: a smoke test, not a measurement.\n\n" if quick else ""
    return (
        f"{how}Written by `make bench`; do not edit. Every answer that is timed was first held against "
        "the naive calculation in whole cents. Peers that count in binary floats are compared after "
        "rounding to cents. Competitors take turns; a figure is the median, with the middle half of the "
        "turns behind it (or least and most, of fewer than four). Use the ratios: the times are of one "
        "machine."
    )


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """Return what the bench ran on; no name of the machine."""
    used = [(name, _version(name)) for name in PACKAGES]
    listed = ", ".join(f"{name} {number}" for name, number in used if number)
    absent = ", ".join(name for name, number in used if not number)
    load = f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown"
    system = f"{platform.system()} {platform.machine()}"
    lines = [
        f"- {_processor()}, {os.cpu_count()} cores, {system}; load at start {load}",
        f"- Python {platform.python_version()}, {listed}",
    ]
    return "\n".join([*lines, *([f"- not installed, so not measured: {absent}"] if absent else [])])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    if sys.platform == "linux":
        match = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        if match:
            return match[1].strip()
    return platform.processor() or "unknown processor"


def _notes() -> dict[str, str]:
    """Return the hand-written profile and floor per missed target, by its heading."""
    text = NOTES.read_text(encoding="utf-8") if NOTES.exists() else ""
    return {
        name.strip(): body.strip() for name, body in re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", text, re.M)
    }
