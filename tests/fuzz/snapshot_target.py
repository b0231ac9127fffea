"""A kept state, as a hand or a fault may have changed it: read as it says, or refused."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sheets import as_text, raw, small

from bdur_xl.book import BookError, Formula, Refused
from bdur_xl.cells import Unreadable
from bdur_xl.files.snapshots import read_snapshot
from bdur_xl.overview import overview
from bdur_xl.refresh import plan_of
from bdur_xl.restore import Snapshot

PATH = Path(tempfile.mkdtemp(prefix="bdur-fuzz-")) / "plan 2031-03-12 14.05.09.json"


def check(data: bytes) -> None:
    """Read a file as a kept state: written again it reads the same, and its plan has figures or faults."""
    PATH.write_bytes(data)
    try:
        kept = read_snapshot(PATH)
    except BookError:
        return
    text = as_text(kept)
    PATH.write_bytes(text.encode("utf-8", "backslashreplace"))
    assert as_text(read_snapshot(PATH)) == text
    with suppress(Refused):
        overview(plan_of(kept)[0])


def seeds() -> Iterator[bytes]:
    """Yield states: the small plan, and few cells of every kind."""
    moment = dt.datetime(2031, 3, 12, 14, 5, 9)
    yield as_text(Snapshot(moment, raw(small()), True, {"a": "Plan!A1"}, {"a": 5, "b": None})).encode()
    few = small()["plan"][:2]
    few[1][5:] = [Formula("=1/0", Unreadable("#DIV/0!")), dt.date(2031, 5, 1), None]
    yield as_text(Snapshot(moment, raw({"plan": few}))).encode()
