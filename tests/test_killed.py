"""Killed at any moment, or refused by the system at any call: the old file or the new one, and complete."""

import datetime as dt
import errno
import io
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from calm import calm
from processes import end_now, ended, left_in, started
from sheets import raw

from bdur_xl.files import deliver as deliver_file
from bdur_xl.files import in_use, snapshots
from bdur_xl.files.atomic import write_new, write_over
from bdur_xl.files.deliver import deliver
from bdur_xl.files.in_use import LOCK, held
from bdur_xl.files.memo_docx import memo_bytes
from bdur_xl.files.memo_template import template
from bdur_xl.files.shelf import FOLDER
from bdur_xl.files.snapshots import read_snapshot
from bdur_xl.refresh import Examined, examine
from bdur_xl.restore import Snapshot

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows cannot copy a running process")

CALLS = ("open", "write", "fsync", "close", "replace", "rename", "unlink", "mkdir", "chmod")
"""The calls to the system by which files change."""
OLD, NEW = b"the older workbook", b"the newer workbook " * 5_000
KILLS = 200
ENOUGH = 400
"""More calls than any of this makes."""


@pytest.fixture(scope="module")
def examined() -> Examined:
    return examine(Snapshot(dt.datetime(2031, 3, 12, 14, 5, 9), raw(calm())))


@pytest.fixture(scope="module")
def memo(examined: Examined) -> bytes:
    content, _ = memo_bytes(examined.facts, template())
    docx.Document(io.BytesIO(content))
    return content


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take over the lock of a dead process sooner; write snapshots in more than one go."""
    monkeypatch.setattr(in_use, "WATCHED", 0.04)
    monkeypatch.setattr(snapshots, "_MOST_AT_A_TIME", 50)


@pytest.fixture
def ready(memo: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the memo composed: what remains of a delivery is writing."""
    monkeypatch.setattr(deliver_file, "template", bytes)
    monkeypatch.setattr(deliver_file, "memo_bytes", lambda *_: (memo, ()))


@pytest.fixture
def folders() -> Iterator[Callable[[], Path]]:
    """Make folders with a workbook that will be written over; in memory, as a real fsync takes long."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as base:
        numbers = iter(range(sys.maxsize))

        def make() -> Path:
            made = Path(base, str(next(numbers)))
            made.mkdir()
            (made / "plan.xlsm").write_bytes(OLD)
            return made

        yield make


def write(examined: Examined, folder: Path) -> None:
    """Write as the product does: a snapshot and a memo, new, and a workbook over an older one."""
    deliver(examined, folder, "plan", pdf=False)
    write_over(folder / "plan.xlsm", NEW)


def assert_whole(folder: Path, examined: Examined, memo: bytes) -> None:
    """Every file that staff see is complete; of the workbook the old or the new one is there."""
    assert (folder / "plan.xlsm").read_bytes() in (OLD, NEW)
    for path in folder.rglob("[!.]*"):
        if path.suffix == ".docx":
            assert path.read_bytes() == memo
        elif path.suffix == ".json":
            assert read_snapshot(path) == examined.snapshot
        elif path.name != "plan.xlsm" and path.is_file():
            assert path.name.startswith("plan reservekopie ")
            assert path.read_bytes() in (OLD, NEW)
    if (folder / "plan.xlsm").read_bytes() == NEW:
        assert OLD in [path.read_bytes() for path in folder.glob("plan reservekopie *")]


def assert_next_run_is_clean(folder: Path, examined: Examined, memo: bytes) -> None:
    before = {path.name for path in folder.rglob("[!.]*")}
    write(examined, folder)
    assert_whole(folder, examined, memo)
    assert before < {path.name for path in folder.rglob("[!.]*")}
    assert (folder / "plan.xlsm").read_bytes() == NEW
    assert left_in(folder) == []


class Counted:
    """The calls by which files change, with something else done at the one of a number."""

    def __init__(self, number: int, instead: Callable[..., object]) -> None:
        self.number, self.instead, self.made = number, instead, 0

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in CALLS:
            monkeypatch.setattr(os, name, self._in_place_of(getattr(os, name)))

    def _in_place_of(self, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            self.made += 1
            if self.made == self.number:
                return self.instead(real, *arguments, **named)
            return real(*arguments, **named)

        return call


def killed(real: Callable[..., object], *arguments: object, **_: object) -> None:
    """Do half of a write, and nothing of another call."""
    if real.__name__ == "write":
        handle, content = arguments
        real(handle, bytes(content)[: len(bytes(content)) // 2])  # type: ignore[call-overload]
    end_now()


def test_killed_at_every_call(
    examined: Examined,
    memo: bytes,
    ready: None,
    folders: Callable[[], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kills = 0
    for number in range(1, ENOUGH):
        folder = folders()

        def work(number: int = number, folder: Path = folder) -> None:
            Counted(number, killed).put(monkeypatch)
            write(examined, folder)

        code = ended(started(work))
        if code == 0:
            break
        assert code == -signal.SIGKILL
        kills += 1
        assert_whole(folder, examined, memo)
        assert_next_run_is_clean(folder, examined, memo)
    print(f"killed at each of {kills} calls")
    assert 45 < kills < ENOUGH - 1


def test_refused_at_every_call(
    examined: Examined,
    memo: bytes,
    ready: None,
    folders: Callable[[], Path],
) -> None:
    """Whichever call fails as on a full disk: told as such or done, nothing half, and nothing left."""

    def full(real: Callable[..., object], *arguments: object, **_: object) -> None:
        if real.__name__ == "close":
            real(*arguments)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    refused = 0
    for number in range(1, ENOUGH):
        folder = folders()
        with pytest.MonkeyPatch.context() as patch:
            counted = Counted(number, full)
            counted.put(patch)
            try:
                write(examined, folder)
            except Exception as error:
                refused += 1
                cause = error if isinstance(error, OSError) else error.__cause__
                assert isinstance(cause, OSError)
                assert cause.errno == errno.ENOSPC
        if counted.made < number:
            break
        assert_whole(folder, examined, memo)
        assert left_in(folder) == []
    print(f"refused at {number - 1} calls, of which {refused} stop the work")
    assert refused > 20


def moments(seed: int, count: int, longest: float) -> Iterator[float]:
    chance = random.Random(seed)
    yield from (chance.uniform(0, longest) for _ in range(count))


def killed_after(seconds: float, work: Callable[[], None]) -> None:
    """Start work that never ends, and kill it some time after it began."""
    reads, writes = os.pipe()

    def announced() -> None:
        os.write(writes, b".")
        while True:
            work()

    process = started(announced)
    os.read(reads, 1)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    assert ended(process) == -signal.SIGKILL
    os.close(reads)
    os.close(writes)


def test_killed_at_random_while_writing(
    examined: Examined, memo: bytes, ready: None, folders: Callable[[], Path]
) -> None:
    """Half of the kills: nearly all of the time is spent in writing."""
    halfway = 0
    for seconds in moments(8, KILLS // 2, 0.04):
        folder = folders()
        turn = iter(range(sys.maxsize))

        def work(folder: Path = folder, turn: Iterator[int] = turn) -> None:
            deliver(examined, folder, "plan", pdf=False)
            write_over(folder / "plan.xlsm", (NEW, OLD)[next(turn) % 2])

        killed_after(seconds, work)
        halfway += bool(left_in(folder))
        assert_whole(folder, examined, memo)
        assert_next_run_is_clean(folder, examined, memo)
    print(f"{KILLS // 2} kills, {halfway} of them in the middle of a write")
    assert halfway > KILLS // 8


def test_killed_at_random_during_a_delivery(
    examined: Examined, memo: bytes, folders: Callable[[], Path]
) -> None:
    """The other half, over all that a delivery does, composing the memo included."""
    for seconds in moments(4, KILLS // 2, 0.15):
        folder = folders()
        killed_after(seconds, lambda folder=folder: write(examined, folder))  # type: ignore[misc]
        assert_whole(folder, examined, memo)
    assert_next_run_is_clean(folder, examined, memo)


def test_killed_while_taking_over_from_a_killed_run(
    examined: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_use, "PATIENCE", 0.6)

    def hold(number: int = 0) -> None:
        if number:
            Counted(number, killed).put(monkeypatch)
        with held(tmp_path):
            if not number:
                end_now()

    for number in range(1, ENOUGH):
        assert ended(started(hold)) == -signal.SIGKILL
        assert (tmp_path / LOCK).exists()
        code = ended(started(lambda number=number: hold(number)))  # type: ignore[misc]
        if code == 0:
            break
        assert code == -signal.SIGKILL
        write_new(tmp_path, "memo", ".docx", b"")
        assert left_in(tmp_path) == []
    assert number > 8


def test_a_snapshot_of_a_killed_run_is_one_that_a_next_run_reads(
    examined: Examined, ready: None, tmp_path: Path
) -> None:
    """What counts as kept is never half: a draft is no snapshot, whatever is in it."""
    deliver(examined, tmp_path, "plan", pdf=False)
    (tmp_path / FOLDER / ".bdur-0123456789abcdef.tmp").write_text('{"momentopname"')
    assert [path.name for path in (tmp_path / FOLDER).glob("*.json")] == ["plan 2031-03-12 14.05.09.json"]
