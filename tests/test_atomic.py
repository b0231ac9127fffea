"""The one place where files are written: whole or not at all, and nothing lost that stood there."""

import ast
import errno
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from processes import ended, started

from bdur_xl import cli
from bdur_xl.build import addin, calc_addin
from bdur_xl.files import atomic
from bdur_xl.files.atomic import reason, refusal, remedy, told_backup, write_new, write_over
from bdur_xl.files.in_use import ABANDONED, InUseError
from bdur_xl.files.temporary import temporary_folder

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"
PLAN = ROOT / "workbook" / "plan"
BACKUP = re.compile(r"plan reservekopie \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d(?: \(\d+\))?\.xlsm")
OLD, NEW = b"old", b"new"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsm"
    path.write_bytes(OLD)
    return path


# A new name


def test_a_new_file_never_takes_a_name(tmp_path: Path) -> None:
    made = [write_new(tmp_path / "a" / "b", "memo", ".docx", content, ".pdf") for content in (OLD, NEW)]
    assert [path.name for path in made] == ["memo.docx", "memo (2).docx"]
    assert [path.read_bytes() for path in made] == [OLD, NEW]
    assert sorted(made[0].parent.iterdir()) == sorted(made)


def test_of_content_that_cannot_be_made_to_its_end_nothing_is_left(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield NEW
        (draft,) = tmp_path.glob(".bdur-*.tmp")
        assert draft.read_bytes() == NEW, "a part is written before the next is made"
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        write_new(tmp_path, "memo", ".json", parts())
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_link_to_nothing_is_a_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "memo.docx").symlink_to(tmp_path / "elsewhere.docx")
    assert write_new(tmp_path, "memo", ".docx", NEW).name == "memo (2).docx"
    assert not (tmp_path / "elsewhere.docx").exists()


@posix
def test_a_new_file_has_the_usual_rights(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    assert write_new(tmp_path, "ours", "", NEW).stat().st_mode == (tmp_path / "usual").stat().st_mode


@posix
def test_content_reaches_the_disk_before_its_name_and_then_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "content")
        sync(handle)

    def replaced(draft: Path, path: Path) -> None:
        done.append("name")
        replace(draft, path)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    write_new(tmp_path, "memo", ".docx", NEW)
    assert done == ["content", "name", "folder"]


# Over an older file


def test_what_stood_there_is_kept_and_no_backup_is_replaced(plan: Path) -> None:
    backups = [write_over(plan, f"version {number}".encode()) for number in range(5)]
    assert plan.read_text() == "version 4"
    assert [path.read_text() for path in backups if path] == ["old", *(f"version {n}" for n in range(4))]
    assert all(BACKUP.fullmatch(path.name) for path in backups if path)
    assert len(list(plan.parent.iterdir())) == 6


def test_nothing_is_kept_of_nothing_or_of_the_same(tmp_path: Path) -> None:
    assert write_over(tmp_path / "plan.xlsm", NEW) is None
    before = (tmp_path / "plan.xlsm").stat()
    assert write_over(tmp_path / "plan.xlsm", NEW) is None
    assert (tmp_path / "plan.xlsm").stat() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_without_its_backup_nothing_is_replaced(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(draft: Path, content: bytes) -> None:
        draft.write_bytes(content[:1])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic, "_write", full)
    with pytest.raises(OSError, match="No space"):
        write_over(plan, NEW)
    assert [path.read_bytes() for path in plan.parent.iterdir()] == [OLD]


@posix
def test_rights_and_links_stay(plan: Path) -> None:
    plan.chmod(0o640)
    link = plan.parent / "link.xlsm"
    link.symlink_to(plan)
    backup = write_over(link, NEW)
    assert backup
    assert link.is_symlink()
    assert plan.read_bytes() == NEW
    assert {stat.S_IMODE(path.stat().st_mode) for path in (plan, backup)} == {0o640}


def test_a_read_only_file_is_left_alone(plan: Path) -> None:
    plan.chmod(0o444)
    with pytest.raises(InUseError) as refused:
        write_over(plan, NEW)
    assert reason(refused.value) == "het bestand is alleen-lezen"
    assert remedy(refused.value) == "Haal dat kenmerk eraf, of kies een andere naam."
    assert [path.read_bytes() for path in plan.parent.iterdir()] == [OLD]


def test_a_file_that_windows_holds_for_another_is_told_and_the_draft_goes(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There a rename over an open file is refused."""

    def held_open(draft: Path, target: Path) -> None:
        if target == plan:
            raise PermissionError(errno.EACCES, "Access is denied")
        draft.rename(target)

    monkeypatch.setattr(Path, "replace", held_open)
    with pytest.raises(PermissionError) as refused:
        write_over(plan, NEW)
    assert "sluit het bestand waar het open is" in remedy(refused.value)
    assert [path.read_bytes() for path in plan.parent.iterdir()] == [OLD]


def test_a_network_that_refuses_what_it_did_costs_no_backup(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def done_and_refused(draft: Path, target: Path) -> None:
        draft.rename(target)
        if target == plan:
            raise OSError(errno.EIO, "answer lost")

    monkeypatch.setattr(Path, "replace", done_and_refused)
    with pytest.raises(OSError, match="answer lost"):
        write_over(plan, NEW)
    assert sorted(path.read_bytes() for path in plan.parent.iterdir()) == [NEW, OLD]


@pytest.mark.parametrize("name", ["map", "nergens/plan.xlsm", "bestand/plan.xlsm", "é" * 200])
def test_where_no_file_can_be(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bdur_xl.build.workbook.workbook_bytes", lambda *_: NEW)  # takes a second or two
    (tmp_path / "map").mkdir()
    (tmp_path / "bestand").touch()
    before = sorted(tmp_path.rglob("*"))
    assert cli.main(["bouw", "--bron", str(PLAN), "-o", str(tmp_path / name)]) == 2
    told = capsys.readouterr().err
    why = {
        "map": "er staat een map met die naam",
        "nergens/plan.xlsm": "de map of het bestand bestaat niet",
        "bestand/plan.xlsm": "er staat een bestand waar een map hoort",
    }.get(name, "de naam is te lang")
    assert told.startswith(f"{tmp_path / name} kan niet worden geschreven: {why}.\n    → ")
    assert sorted(tmp_path.rglob("*")) == before


def test_every_command_that_writes_over_tells_of_the_backup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: dict[str, Callable[[str], object]] = {
        "plan.xlsm": lambda path: cli.main(["bouw", "--bron", str(PLAN), "-o", path]),
        "BDuR.xlam": lambda path: addin.main(["-o", path]),
        "BDuR.oxt": lambda path: calc_addin.main(["-o", path]),
    }
    for name, write in commands.items():
        path = tmp_path / name
        path.write_bytes(OLD)
        write(str(path))
        (backup,) = tmp_path.glob(f"{path.stem} reservekopie *{path.suffix}")
        assert told_backup(backup) == f"\nWat daar stond is bewaard als {backup.name}"
        assert told_backup(backup) in capsys.readouterr().out
        assert backup.read_bytes() == OLD
        assert path.read_bytes().startswith(b"PK")


@pytest.mark.parametrize("write", [addin.main, calc_addin.main])
def test_an_add_in_that_cannot_be_written_is_told(tmp_path: Path, write: Callable[[list[str]], None]) -> None:
    with pytest.raises(SystemExit) as stopped:
        write(["-o", str(tmp_path)])
    assert stopped.value.code == refusal(tmp_path, OSError(errno.EISDIR, ""))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", sorted(atomic._REFUSALS))
def test_every_refusal_has_a_remedy_and_no_number(code: int) -> None:
    error = OSError(code, os.strerror(code))
    assert reason(error)
    assert remedy(error).endswith(".")
    assert not re.search(r"\d", reason(error) + remedy(error))


def test_an_unknown_refusal_tells_its_number() -> None:
    assert reason(OSError(errno.ENXIO, "")) == f"fout {errno.ENXIO} van het systeem"
    assert "beheerder" in remedy(OSError(errno.ENXIO, ""))


# No space


def bdur(*arguments: object) -> tuple[int, str]:
    """Run a command as a person does; return its exit code and what it said of errors."""
    run = subprocess.run(
        [sys.executable, "-m", "bdur_xl.cli", *map(str, arguments)],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    return run.returncode, run.stderr


def writers(folder: Path) -> Iterator[list[object]]:
    yield ["ververs", WORKBOOK, "--zonder-pdf", "-o", folder]
    yield ["memo", WORKBOOK, "-o", folder]
    yield ["sjabloon", folder]
    yield ["bouw", "--bron", PLAN, "-o", folder / "plan.xlsm"]  # the only one over an older file


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Give a disk of a size in bytes, in memory."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a disk can be mounted by an administrator only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path, 4096 * 3) as disk:
        (disk / "plan.xlsm").write_bytes(OLD)
        for command in writers(disk):
            code, told = bdur(*command)
            assert code == 2, told
            assert "de schijf is vol" in told
            assert "→ Maak daar ruimte, of kies een andere map." in told
            left = {path.name: path.read_bytes() for path in disk.rglob("*") if path.is_file()}
            assert left == {"plan.xlsm": OLD}


@posix
def test_a_file_that_may_not_be_that_large(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As on a drive with a limit: the system refuses halfway the file."""
    import resource

    (tmp_path / "plan.xlsm").write_bytes(OLD)
    for command in writers(tmp_path):

        def limited(command: list[object] = command) -> int:
            resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
            return cli.main([*map(str, command)])

        sys.stdout.flush()
        assert ended(started(limited)) == 2
        told = capfd.readouterr().err
        assert "het bestand is groter dan daar mag" in told
        assert "→ Maak daar ruimte, of kies een andere map." in told
        left = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert left == {"plan.xlsm": OLD}


@posix
def test_output_to_a_full_device_is_told() -> None:
    run = subprocess.run(
        f'"{sys.executable}" -m bdur_xl.cli overzicht "{WORKBOOK}" > /dev/full',
        shell=True, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert run.stderr.startswith("De uitvoer kan niet worden geschreven (de schijf is vol).")


# Temporary folders


@pytest.fixture
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def dead() -> int:
    """Return the number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("name", "age", "goes"),
    [
        ("bdur-pdf-{dead}-abcd_123", ABANDONED + 1, True),
        ("bdur-vba-{dead}-abcd_123", ABANDONED + 1, True),
        ("bdur-pdf-{dead}-abcd_123", 1, False),  # a container may have processes of its own
        ("bdur-pdf-{alive}-abcd_123", ABANDONED + 1, False),
        ("bdur-pdf-{alive}-abcd_123", 86_401, True),  # the number is in use again
        ("bdur-pdf-abcd_123", 86_401, True),
        ("bdur-pdf-abcd_123", 3_600, False),
        ("bdur-office-abcd_123", 86_401, False),
        ("mijn bdur-pdf-{dead}-abcd_123", 86_401, False),
    ],
)
def test_folders_of_killed_runs_go(temporary_files: Path, name: str, age: float, goes: bool) -> None:
    left = temporary_files / name.format(dead=dead(), alive=os.getpid())
    left.mkdir()
    (left / "memo.docx").write_bytes(OLD)
    then = time.time() - age
    os.utime(left, (then, then))
    with temporary_folder("pdf") as folder:
        assert folder.name.startswith(f"bdur-pdf-{os.getpid()}-")
        assert left.exists() == (not goes)
    assert not folder.exists()


@posix
def test_what_is_no_folder_of_ours_stays(temporary_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link that looks like ours, and a folder of another user."""
    (temporary_files / "echt").mkdir()
    (temporary_files / "echt" / "werk.xlsx").touch()
    link = temporary_files / f"bdur-pdf-{dead()}-abcd_123"
    link.symlink_to(temporary_files / "echt")
    other = temporary_files / f"bdur-pdf-{dead()}-abcd_124"
    other.mkdir()
    os.utime(other, (0, 0))
    os.utime(link, (0, 0), follow_symlinks=False)
    monkeypatch.setattr(os, "geteuid", lambda: other.stat().st_uid + 1)
    with temporary_folder("pdf"):
        assert (temporary_files / "echt" / "werk.xlsx").exists()
        assert link.is_symlink()
        assert other.exists()


# No other place writes


WRITES = {
    "write_text", "write_bytes", "writelines", "touch", "mkdir", "makedirs", "unlink", "remove", "rmdir",
    "rename", "replace", "symlink_to", "hardlink_to", "link", "symlink", "save", "to_csv", "to_excel",
    "copy", "copy2", "copyfile", "copytree", "copymode", "move", "rmtree", "mkstemp", "mkdtemp",
    "NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile", "truncate", "chmod", "fsync", "extractall",
}  # fmt: skip
"""Calls by which a file changes. `replace` of a text, and `copy` without a path, are no such."""

MEANT = {
    "bdur_xl/files/atomic.py": {"mkdir", "replace", "unlink", "open", "fsync", "copymode"},
    "bdur_xl/files/in_use.py": {"open", "unlink"},  # the lock
    "bdur_xl/files/temporary.py": {"TemporaryDirectory", "rmtree"},
    "bdur_xl/build/dist.py": {
        "TemporaryDirectory",
        "copytree",
        "copy",
        "mkdir",
        "write_text",
        "write_bytes",
        "ZipFile",
    },  # a build tool: one zip, by way of temporary folders
    "bdur_xl/build/upgraded.py": {"TemporaryDirectory", "write_bytes"},  # read back before it is delivered
    "bdur_xl/commands/nieuw.py": {"unlink"},  # the first file when the second cannot be written
    "bdur_xl/files/calc_extension.py": {"TemporaryDirectory", "write_bytes"},  # handed to LibreOffice
    "bdur_xl/files/machine.py": {"Workbook", "TemporaryFile"},  # a value; whether a folder can be written
    "bdur_xl/files/own_sheets.py": {"to_excel"},  # a number of a date
    "bdur_xl/files/xlwings_conf.py": {"mkdir", "unlink", "rmdir"},  # its folder; undoing
    "bdur_xl/files/pdf.py": {"write_bytes", "ZipFile"},  # in a temporary folder
    "bdur_xl/build/vba.py": {"save", "Workbook", "write_bytes"},  # in a temporary folder
    "bdur_xl/error_log.py": {"mkdir", "open", "replace", "unlink"},  # the log of errors, outside any plan
    "bdur_xl/files/memo_package.py": {"ZipFile"},  # in memory, as are the next ones
    "bdur_xl/files/chart_workbook.py": {"ZipFile"},
    "bdur_xl/files/ledger_report.py": {"Workbook"},
    "bdur_xl/build/workbook.py": {"Workbook"},
    "bdur_xl/build/addin.py": {"Workbook"},
    "bdur_xl/build/calc_addin.py": {"ZipFile"},
    "bdur_xl/build/package.py": {"ZipFile"},
}
"""The calls that change a file, per module."""


def writing_calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            by_name = name == "Workbook" or (name in WRITES and not _harmless(name, node))
            if by_name or (name in ("open", "ZipFile", "fdopen") and _to_write(node)):
                yield name


def _harmless(name: str, call: ast.Call) -> bool:
    """Tell whether a call that looks like a write is that of a text, a list or a dataclass."""
    if name == "replace":
        return len(call.args) != 1 or bool(call.keywords)
    return name in ("copy", "remove") and len(call.args) <= 1 and _owner(call) not in ("shutil", "os")


def _owner(call: ast.Call) -> str:
    return getattr(getattr(call.func, "value", None), "id", "")


def _to_write(call: ast.Call) -> bool:
    if _owner(call) == "os":
        return "O_CREAT" in ast.unparse(call)
    modes = [one.value for one in [*call.args, *(word.value for word in call.keywords if word.arg == "mode")]
             if isinstance(one, ast.Constant) and isinstance(one.value, str)]  # fmt: skip
    return any(re.fullmatch(r"[rwaxbt+]{1,3}", mode) and set(mode) & set("wax+") for mode in modes)


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("bdur_xl/**/*.py"), *ROOT.glob("udfs/**/*.py")]), ids=lambda path: path.stem
)
def test_no_other_place_writes_a_file(path: Path) -> None:
    assert set(writing_calls(path)) == MEANT.get(path.relative_to(ROOT).as_posix(), set())


@pytest.mark.parametrize(
    "line",
    [
        "open(path, 'w')", "path.open(mode='ab')", "open(p, 'r+b')", "path.write_text('')",
        "shutil.copy(a, b)",
        "zipfile.ZipFile(path, 'w')", "os.open(p, os.O_CREAT)", "draft.replace(path)", "document.save(path)",
        "frame.to_csv(path)", "Workbook(path)", "os.remove(path)", "tempfile.mkdtemp()",
    ],
)  # fmt: skip
def test_the_rule_above_sees(tmp_path: Path, line: str) -> None:
    (tmp_path / "module.py").write_text(line)
    assert list(writing_calls(tmp_path / "module.py"))


@pytest.mark.parametrize(
    "line", ["open(path)", "text.replace('a', 'b')", "replace(plan, name=1)", "one.copy()"]
)
def test_the_rule_above_lets_go(tmp_path: Path, line: str) -> None:
    (tmp_path / "module.py").write_text(line)
    assert list(writing_calls(tmp_path / "module.py")) == []
