"""A bounded fuzz of everything that takes what comes from outside; and every input that once broke a promise.

`make fuzz` runs it for long. Atheris follows Python code only: calamine and lxml are not instrumented.
"""

import datetime as dt
import platform
import re
import sys
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pytest
from fuzz.__main__ import NAMES, again, fuzz
from fuzz.cell_target import SEEDS
from fuzz.collect import collected
from fuzz.package_targets import memos, templates, workbooks
from fuzz.packages import divided, file_of, joined
from fuzz.targets import TARGETS
from sheets import as_text, raw, small

from bdur_xl import cells, ledger
from bdur_xl.book import BookError
from bdur_xl.cells import CellError, Unreadable
from bdur_xl.files.snapshots import read_snapshot
from bdur_xl.files.workbook import read_cells, read_properties
from bdur_xl.restore import Snapshot

RUNS = {"cell": 2000, "table": 250, "snapshot": 200, "workbook": 300, "memo": 500, "template": 100}
"""Inputs per target: some seconds each."""

HAS_WHEELS = sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info < (3, 14)
"""Where the extra `dev` installs atheris, which is published for nothing else."""


@pytest.mark.parametrize("target", NAMES)
def test_a_bounded_fuzz_breaks_no_promise(target: str, tmp_path: Path) -> None:
    if find_spec("atheris") is None:
        if HAS_WHEELS:
            pytest.fail("atheris hoort bij de ontwikkelomgeving: pip install -e '.[dev]'")
        pytest.skip("NIET GEFUZZD: atheris bestaat niet voor dit systeem of deze Python")
    ran = fuzz(target, tmp_path, runs=RUNS[target])
    for crash in ran.crashes:
        pytest.fail(f"{ran.why}\n{again(target, crash)}\n{crash.read_bytes()!r:.2000}")
    assert ran.executions >= RUNS[target]
    assert ran.branches > 100, "nothing was instrumented"


@pytest.mark.parametrize("target", NAMES)
def test_the_targets_are_those_that_run(target: str) -> None:
    assert [*TARGETS] == [*NAMES] == [*RUNS]
    for seed in (*TARGETS[target].seeds(), *collected(target)):
        TARGETS[target].check(seed)


def test_a_package_is_told_as_text_and_back() -> None:
    for seed in (*workbooks(), *memos(), *templates()):
        parts = divided(seed)
        assert (parts is None) == seed.startswith(b"PK")
        assert parts is None or joined(parts) == seed
    assert len({*SEEDS}) == len(SEEDS)


# The oracles can fail


def test_a_cell_read_as_another_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = cells.number
    monkeypatch.setattr(
        cells, "number", lambda cell, what: cells.Number(1, True) if cell == 0.005 else right(cell, what)
    )
    TARGETS["cell"].check(b"f0.006")
    with pytest.raises(AssertionError):
        TARGETS["cell"].check(b"f0.005")


def test_a_cell_lost_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.package_targets.read_cells", lambda path: ([] for _ in read_cells(path)))
    seed = next(iter(workbooks()))
    with pytest.raises(AssertionError):
        TARGETS["workbook"].check(seed)


# What the fuzz found


@pytest.mark.parametrize("number", ["NaN", "sNaN", "-Infinity"])
def test_a_decimal_that_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(CellError, match="onmogelijk groot"):
        cells.number(Decimal(number), "bedrag")
    with pytest.raises(CellError, match="in plaats van een deel"):
        cells.share(Decimal(number))


def test_thousands_of_digits_are_no_year_number_or_amount() -> None:
    digits = "1" * 4301  # Python turns no more than 4300 digits into a number
    with pytest.raises(CellError, match="in plaats van een jaartal"):
        cells.year(digits)
    with pytest.raises(CellError, match="in plaats van een bedrag"):
        ledger.amount(digits)
    assert cells.decimal(digits) is None


def test_a_decimal_is_rounded_once() -> None:
    just_under_half = Decimal("0.00499999999999999999999999999999999")
    assert cells.number(just_under_half, "bedrag") == (0, False)
    assert cells.share(Decimal("1E-999999999")) == 0  # as a fraction it would fill the memory


def test_digits_of_another_script_are_no_invariant_number() -> None:
    assert cells.decimal("\u0661.\u0664\u0660\u0660") is None


@pytest.mark.parametrize(
    "convert", [lambda cell: cells.number(cell, "bedrag"), cells.text, ledger.booking_date]
)
def test_a_long_error_value_makes_no_long_message(convert: object) -> None:
    with pytest.raises(CellError) as refused:
        convert(Unreadable("x" * 5000))  # type: ignore[operator]
    assert len(refused.value.message) < 100


def test_a_snapshot_with_a_table_that_stands_nowhere_is_refused(tmp_path: Path) -> None:
    """It made the place of its cells without end."""
    text = as_text(Snapshot(dt.datetime(2031, 3, 12), raw(small())))
    for old, new in (('"eerste kolom": 1', '"eerste kolom": -1'), ('"koprij": 1', '"koprij": true')):
        path = tmp_path / "plan 2031-03-12 00.00.00.json"
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(BookError, match="geen leesbare momentopname"):
            read_snapshot(path)


def test_damaged_properties_are_none(tmp_path: Path) -> None:
    """A byte of docProps/core.xml that its compression cannot have: zlib's error came out."""
    seed = [*workbooks()][-1]
    at = seed.index(b"docProps/core.xml") + len(b"docProps/core.xml")
    path = tmp_path / "plan.xlsx"
    path.write_bytes(seed[:at] + b"\xff" * 60 + seed[at + 60 :])
    assert read_properties(path) == {}


def test_a_text_that_is_not_there_is_no_blank(tmp_path: Path) -> None:
    parts = divided(next(iter(workbooks())))
    assert parts
    (name,) = [one for one in parts if one.endswith("sheet1.xml")]
    parts[name] = re.sub(rb'(<c r="B2" t="s"><v>)\d+', rb"\1", parts[name])
    path = tmp_path / "plan.xlsx"
    path.write_bytes(file_of(joined(parts)))
    sheet = next(iter(read_cells(path)))
    assert isinstance(sheet[1][1], Unreadable)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("word/document.xml", b"w:body", b"w:lichaam"),
        ("[Content_Types].xml", b"/package/2006/content-types", b"/elders"),
        ("[Content_Types].xml", b"wordprocessingml.footer+xml", b"wordprocessingml.iets+xml"),
    ],
)
def test_a_template_that_is_not_whole_is_refused(part: str, old: bytes, new: bytes) -> None:
    """Each made python-docx fail in a way of its own; `check` takes nothing but a refusal or a memo."""
    parts = divided([*templates()][-1])
    assert parts
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    TARGETS["template"].check(joined(parts))
