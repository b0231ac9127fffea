"""Two at once: one waits for the other, and all that both make is there; who cannot wait says so."""

import datetime as dt
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from processes import end_now, ended, left_in, started

from bdur_xl import cli
from bdur_xl.files import in_use
from bdur_xl.files.atomic import reason, remedy, write_new, write_over
from bdur_xl.files.in_use import LOCK, InUseError, alive, held, open_in
from bdur_xl.files.shelf import FOLDER, snapshot_files
from bdur_xl.files.snapshots import read_snapshot, write_snapshot
from bdur_xl.files.versions import read_state, read_version
from bdur_xl.refresh import examine
from udfs.calc import menu

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"
PAIRS, REAL_PAIRS = 16, 3
OTHER_COMPUTER = "proces 1 op computer 00000000 sinds 2027-03-01 14:05:09"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows cannot copy a running process")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a workbook."""
    shutil.copy(WORKBOOK, tmp_path)
    return tmp_path


def ververs(folder: Path) -> int:
    return cli.main(["ververs", str(folder / WORKBOOK.name), "--zonder-pdf"])


def at_once(*works: Callable[[], object]) -> list[int]:
    """Do works in processes that start at the same moment; return their exit codes."""
    reads, writes = os.pipe()

    def waiting(work: Callable[[], object]) -> object:
        os.close(writes)
        os.read(reads, 1)  # until the other end closes
        return work()

    processes = [started(lambda work=work: waiting(work)) for work in works]  # type: ignore[misc]
    os.close(reads)
    os.close(writes)
    return [ended(process) for process in processes]


def assert_both_are_there(folder: Path) -> None:
    """Two memos, two kept states, each whole, and states that can be compared."""
    memos = sorted(folder.glob("*.docx"))
    day = f"Bestuursmemo BDuR {dt.date.today():%Y-%m-%d}"
    assert {path.name for path in memos} == {f"{day}.docx", f"{day} (2).docx"}
    assert len({path.read_bytes() for path in memos}) == 1
    docx.Document(str(memos[0]))
    kept = snapshot_files(folder / FOLDER, WORKBOOK.stem)
    assert len(kept) == 2
    assert [read_snapshot(path).results["ruimte-exact.2023"] for path in kept] == [-277_851_00] * 2
    one, other = (read_version(path).overview._asdict() for path in kept)
    assert {**one, "cube": None} == {**other, "cube": None}
    assert left_in(folder) == []


@posix
@pytest.mark.parametrize("pair", range(PAIRS))
def test_two_refreshes_at_once(folder: Path, pair: int) -> None:
    assert at_once(lambda: ververs(folder), lambda: ververs(folder)) == [0, 0]
    assert_both_are_there(folder)


@pytest.mark.parametrize("pair", range(REAL_PAIRS))
def test_two_commands_at_once(folder: Path, pair: int) -> None:
    command = [sys.executable, "-m", "bdur_xl.cli", "ververs", str(folder / WORKBOOK.name), "--zonder-pdf"]
    runs = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [run.wait() for run in runs] == [0, 0]
    assert_both_are_there(folder)


@posix
def test_one_in_calc_and_one_by_command(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The menu of Calc keeps the state itself, and has the command make the memo of it."""
    program = tmp_path_factory.mktemp("bin") / "bdur"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m bdur_xl.cli "$@" --zonder-pdf\n'
    )
    program.chmod(0o755)

    def by_calc() -> None:
        state = read_state(folder / WORKBOOK.name, dt.datetime.now().replace(microsecond=0))
        kept = write_snapshot(folder / FOLDER, WORKBOOK.stem, examine(state).snapshot)
        menu._made(str(program), kept, folder)

    assert at_once(by_calc, lambda: ververs(folder)) == [0, 0]
    assert_both_are_there(folder)


@posix
def test_many_writers_of_one_name_lose_nothing(tmp_path: Path) -> None:
    """Eight processes, ten files each, one folder: eighty files, each with its own content."""

    def work(writer: int) -> None:
        for number in range(10):
            write_new(tmp_path, "memo", ".docx", f"{writer} {number}".encode())

    assert at_once(*(lambda writer=writer: work(writer) for writer in range(8))) == [0] * 8
    found = sorted(path.read_text() for path in tmp_path.glob("memo*.docx"))
    assert found == sorted(f"{writer} {number}" for writer in range(8) for number in range(10))
    assert left_in(tmp_path) == []


@posix
def test_many_writers_over_one_file_keep_every_version(tmp_path: Path) -> None:
    def work(writer: int) -> None:
        for number in range(5):
            write_over(tmp_path / "plan.xlsm", f"{writer} {number}".encode())

    assert at_once(*(lambda writer=writer: work(writer) for writer in range(6))) == [0] * 6
    found = sorted(path.read_text() for path in tmp_path.glob("plan*.xlsm"))
    assert found == sorted(f"{writer} {number}" for writer in range(6) for number in range(5))


# Who waits, and for how long


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_use, "PATIENCE", 0.4)
    monkeypatch.setattr(in_use, "WATCHED", 0.05)


def test_it_waits_until_the_other_is_done(tmp_path: Path) -> None:
    order: list[str] = []

    def other() -> None:
        with held(tmp_path):
            begun.set()
            time.sleep(0.2)
            order.append("other")

    begun = threading.Event()
    thread = threading.Thread(target=other)
    thread.start()
    begun.wait()
    with held(tmp_path):
        order.append("we")
    thread.join()
    assert order == ["other", "we"]
    assert left_in(tmp_path) == []


@pytest.mark.usefixtures("_short")
def test_who_cannot_wait_says_who_holds_it_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with held(folder):
        before = sorted(path.name for path in folder.iterdir())
        assert cli.main(["memo", str(folder / WORKBOOK.name), "-o", str(folder)]) == 2
        assert sorted(path.name for path in folder.iterdir()) == before
    told = capsys.readouterr().err
    today = dt.date.today()
    assert told.startswith(
        f"De memo kan niet worden geschreven in {folder}: een andere opdracht van bdur is er aan het "
        f"schrijven, sinds {today:%Y-%m-%d} "
    )
    assert f"(proces {os.getpid()} op deze computer).\n    → Wacht tot die klaar is" in told
    assert told.endswith(f"Loopt er geen, verwijder dan {folder / LOCK}.\n")


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("text", [OTHER_COMPUTER, OTHER_COMPUTER + "\x1b[2J", "\0" * 100_000, None])
def test_what_another_computer_holds_is_waited_for_and_no_odd_text_is_shown(
    tmp_path: Path, text: str | None
) -> None:
    if text is None:
        (tmp_path / LOCK).mkdir()
    else:
        (tmp_path / LOCK).write_text(text)
    if text in (OTHER_COMPUTER, None):
        with pytest.raises(InUseError) as refused:
            write_new(tmp_path, "memo", ".docx", b"")
        assert ("proces 1 op een andere computer" in reason(refused.value)) == (text is not None)
        assert str(tmp_path / LOCK) in remedy(refused.value)
    else:  # no run of ours that lives wrote that
        write_new(tmp_path, "memo", ".docx", b"")
    assert "\x1b" not in in_use._busy(tmp_path / LOCK, in_use._Seen(text, 0))[0]


@pytest.mark.usefixtures("_short")
def test_a_lock_of_long_ago_counts_no_more(tmp_path: Path) -> None:
    """Whoever made it: another computer, or a process whose number is in use again."""
    long_ago = time.time() - in_use.ABANDONED - 1
    for text in (OTHER_COMPUTER, f"proces {os.getpid()} op computer {in_use._computer()} sinds vorig jaar"):
        (tmp_path / LOCK).write_text(text)
        os.utime(tmp_path / LOCK, (long_ago, long_ago))
        write_new(tmp_path, "memo", ".docx", b"")
    assert left_in(tmp_path) == []


@posix
@pytest.mark.usefixtures("_short")
def test_the_lock_of_a_dead_process_is_taken_over_by_one(tmp_path: Path) -> None:
    """Six want it at once: each gets it in turn, and none takes a lock that is new."""

    def die() -> None:
        with held(tmp_path):
            end_now()

    assert ended(started(die)) == -signal.SIGKILL
    inside = tmp_path / "binnen"

    def enter() -> None:
        with held(tmp_path):
            inside.touch(exist_ok=False)
            time.sleep(0.01)
            inside.unlink()

    assert at_once(*[enter] * 6) == [0] * 6


@posix
def test_a_lock_tells_no_person_and_no_computer(tmp_path: Path) -> None:
    with held(tmp_path):
        text = (tmp_path / LOCK).read_text()
    assert re.fullmatch(in_use._HOLDER, text)
    assert socket.gethostname().lower() not in text
    assert str(Path.home()) not in text


def test_alive() -> None:
    assert alive(os.getpid())
    ended_one = subprocess.Popen([sys.executable, "-c", ""])
    ended_one.wait()
    assert not alive(ended_one.pid)


# Open in another program


@pytest.fixture
def opened(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The workbook as if it is open in Excel, with the lock file that tells whose Excel."""
    lock = folder / f"~${WORKBOOK.name}"
    lock.write_bytes(b"\x08de gebruiker")
    yield folder / WORKBOOK.name, lock
    assert lock.read_bytes() == b"\x08de gebruiker"


@pytest.mark.parametrize(
    ("name", "lock", "program"),
    [
        ("plan.xlsm", "~$plan.xlsm", "Excel"),
        ("plan.xlsm", ".~lock.plan.xlsm#", "LibreOffice"),
        ("memo é #1.docx", ".~lock.memo é #1.docx#", "LibreOffice"),
        ("Bestuursmemo.docx", "~$stuursmemo.docx", "Word"),
        ("1234567.docx", "~$234567.docx", "Word"),
        ("memo.docx", "~$memo.docx", "Word"),
        ("plan.xlsm", "~$ander plan.xlsm", None),
        ("plan.xlsm", "plan.xlsm", None),
    ],
)
def test_the_program_that_has_it_open(tmp_path: Path, name: str, lock: str, program: str | None) -> None:
    (tmp_path / lock).touch()
    assert open_in(tmp_path / name) == program


@pytest.mark.parametrize("command", ["overzicht", "controleer", "ververs", "toets", "vergelijk", "memo"])
def test_a_plan_open_elsewhere_is_read_and_that_is_said(
    opened: tuple[Path, Path],
    command: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path, _ = opened
    out = tmp_path_factory.mktemp("uit")
    if command == "toets":
        assert cli.main(["memo", str(path), "-o", str(out)]) == 0
        capsys.readouterr()
    more = {
        "ververs": ["--zonder-pdf", "-o", str(out)],
        "memo": ["-o", str(out)],
        "vergelijk": [str(WORKBOOK)],
    }
    first = [str(next(out.glob("*.docx")))] if command == "toets" else []
    cli.main([command, *first, str(path), *more.get(command, [])])
    told = capsys.readouterr()
    assert "BDuR_plan.xlsm lijkt open te staan in Excel: gelezen is wat daar is bewaard." in told.err
    assert "→ Bewaar het daar eerst" in told.err
    assert "gebruiker" not in told.out + told.err


def test_a_workbook_open_elsewhere_is_not_built_over(
    opened: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bdur_xl.build.workbook.workbook_bytes", lambda *_: b"")  # takes a second or two
    path, _ = opened
    path.write_bytes(b"an older plan")
    before = sorted(path.parent.iterdir())
    assert cli.main(["bouw", "--bron", str(ROOT / "workbook" / "plan"), "-o", str(path)]) == 2
    told = capsys.readouterr().err
    assert told == (
        f"{path} kan niet worden geschreven: het bestand lijkt open te staan in Excel.\n"
        "    → Sluit het daar, of kies een andere naam.\n"
    )
    assert sorted(path.parent.iterdir()) == before
    assert path.read_bytes() == b"an older plan"


def test_a_memo_open_in_word_gets_a_next_one_beside_it(folder: Path) -> None:
    assert ververs(folder) == 0
    (memo,) = folder.glob("*.docx")
    (folder / f"~${memo.name[2:]}").touch()
    content = memo.read_bytes()
    assert ververs(folder) == 0
    assert memo.read_bytes() == content
    assert (folder / f"{memo.stem} (2).docx").read_bytes() == content
