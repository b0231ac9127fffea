"""`bdur ververs`: what it leaves beside a workbook, and that nothing is lost or half made when it fails."""

import datetime as dt
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import openpyxl
import pytest

from bdur_xl.cli import main
from bdur_xl.files import atomic
from bdur_xl.files import pdf as pdf_file
from bdur_xl.files.atomic import Content, free_name
from bdur_xl.files.deliver import Delivered, deliver, delivered_text
from bdur_xl.files.memo_read import read_memo
from bdur_xl.files.memo_template import NAME, template
from bdur_xl.files.pdf import BY_HAND, PdfOutcome
from bdur_xl.files.shelf import FOLDER
from bdur_xl.files.snapshots import read_snapshot
from bdur_xl.files.versions import read_state
from bdur_xl.refresh import Examined, examine

ROOT = Path(__file__).parents[1]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"
MOMENT = dt.datetime(2023, 2, 23, 16, 30)
OLD = b"the older memo"
NOBODY = 65_534

libreoffice = pytest.mark.skipif(
    not shutil.which("soffice") and "CI" not in os.environ, reason="LibreOffice is not installed"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a workbook."""
    shutil.copy(WORKBOOK, tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def examined() -> Examined:
    return examine(read_state(WORKBOOK, MOMENT))


def ververs(folder: Path, *arguments: object) -> int:
    """Run the command in this process; return its exit code."""
    return main(["ververs", str(folder / WORKBOOK.name), *map(str, arguments)])


def files(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder but the snapshots, hidden ones too, with what is in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != FOLDER
    }


def kept(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*"))


def today(suffix: str, more: str = "") -> str:
    return f"Bestuursmemo BDuR {dt.date.today():%Y-%m-%d}{more}{suffix}"


def no_pdf(document: Path, pdf: Path) -> PdfOutcome:
    return PdfOutcome(None, ("LibreOffice: niet gevonden op deze computer.",))


# What it leaves


@pytest.mark.libreoffice
@libreoffice
def test_memo_pdf_and_snapshot_stand_beside_an_untouched_workbook(folder: Path) -> None:
    path = folder / WORKBOOK.name
    before = path.read_bytes(), path.stat().st_mtime_ns
    run = subprocess.run(
        [sys.executable, "-m", "bdur_xl.cli", "ververs", str(path)],
        capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert {*files(folder)} == {path.name, today(".docx"), today(".pdf")}
    assert f"De memo staat in {folder.resolve() / today('.docx')}" in run.stdout
    assert f"De PDF staat in {folder.resolve() / today('.pdf')}" in run.stdout
    assert (folder / today(".pdf")).read_bytes().startswith(b"%PDF-")
    assert "Bijlage D Herkomst van de cijfers" in [
        one.text for one in docx.Document(str(folder / today(".docx"))).paragraphs
    ]
    (snapshot,) = kept(folder)
    assert read_snapshot(snapshot).results["ruimte-exact.2023"] == -277_851_00
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_second_refresh_gives_the_same_memo_beside_the_first(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ververs(folder, "--zonder-pdf") == ververs(folder, "--zonder-pdf") == 0
    made = files(folder)
    assert {*made} == {WORKBOOK.name, today(".docx"), today(".docx", " (2)")}
    assert made[today(".docx")] == made[today(".docx", " (2)")]
    first, second = kept(folder)
    capsys.readouterr()
    assert main(["vergelijk", str(first), str(second)]) == 0
    assert capsys.readouterr().out == "Geen wijzigingen.\n"


def test_a_snapshot_gives_its_memo_again_and_is_not_kept_twice(folder: Path) -> None:
    assert ververs(folder, "--zonder-pdf") == 0
    (snapshot,) = kept(folder)
    assert main(["ververs", str(snapshot), "--zonder-pdf", "-o", str(folder)]) == 0
    made = files(folder)
    assert made[today(".docx")] == made[today(".docx", " (2)")]
    assert kept(folder) == [snapshot]


def test_the_output_may_stand_elsewhere(folder: Path) -> None:
    assert ververs(folder, "--zonder-pdf", "-o", folder / "nieuw" / "memo") == 0
    assert {*files(folder)} == {WORKBOOK.name, f"nieuw/memo/{today('.docx')}"}


def test_the_template_beside_the_workbook_serves_a_memo_elsewhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = docx.Document()
    own.add_paragraph("eigen huisstijl")
    own.save(str(folder / NAME))
    assert ververs(folder, "--zonder-pdf", "-o", folder / "uitvoer") == 0
    memo = docx.Document(str(folder / "uitvoer" / today(".docx")))
    assert memo.paragraphs[0].text == "eigen huisstijl"
    assert f"Gemaakt met de sjabloon {NAME}." in capsys.readouterr().out


def test_a_memo_elsewhere_tells_what_changed_and_is_equal_to_its_workbook(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both versions are kept with the memo; that staff ask for the changes is none of them."""
    out = folder / "uitvoer"
    deliver(examine(read_state(folder / WORKBOOK.name, MOMENT)), out, WORKBOOK.stem, pdf=False)
    typed(folder, "Over", "wijzigingen sinds", (0, 1), "1-3-2023")
    typed(folder, "Budget", "exact bedrag", (1, 0), 1_500_000)
    assert ververs(folder, "--zonder-pdf", "-o", out) == 0
    memo = out / today(".docx")
    texts = [one.text for one in read_memo(memo)]
    (first,) = [number for number, text in enumerate(texts) if text.startswith("Sinds ")]
    assert texts[first].endswith(": 1 wijziging in het budget.")
    assert texts[first + 1].startswith("Ruimte 2023")
    assert "sinds van" not in " ".join(texts)
    assert main(["toets", str(memo), str(folder / WORKBOOK.name)]) == 0, capsys.readouterr().out


def test_a_pdf_whose_memo_was_moved_is_not_overwritten(examined: Examined, tmp_path: Path) -> None:
    (tmp_path / "Bestuursmemo BDuR 2023-02-23.pdf").write_bytes(OLD)
    made = deliver(examined, tmp_path, "plan", pdf=False)
    assert made.memo.name == "Bestuursmemo BDuR 2023-02-23 (2).docx"
    assert (tmp_path / "Bestuursmemo BDuR 2023-02-23.pdf").read_bytes() == OLD


def test_free_name_counts_on() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        assert free_name(folder, "a", ".docx", ".pdf") == folder / "a.docx"
        (folder / "a.docx").touch()
        (folder / "a (2).pdf").touch()
        assert free_name(folder, "a", ".docx") == folder / "a (2).docx"
        assert free_name(folder, "a", ".docx", ".pdf") == folder / "a (3).docx"


def test_it_tells_what_it_does(examined: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_file, "make_pdf", no_pdf)
    steps: list[str] = []
    deliver(examined, tmp_path, "plan", tell=steps.append)
    assert steps == ["Memo opmaken", "PDF maken"]


# Templates


def test_a_chosen_template_goes_before_the_one_in_the_folder(examined: Examined, tmp_path: Path) -> None:
    for name, text in ((NAME, "van de map"), ("eigen.docx", "zelf gekozen")):
        own = docx.Document()
        own.add_paragraph(f"{text} {{{{ ruimte-exact.2023 }}}}")
        own.save(str(tmp_path / name))
    chosen = deliver(examined, tmp_path, "plan", chosen=tmp_path / "eigen.docx", pdf=False)
    of_folder = deliver(examined, tmp_path, "plan", pdf=False)
    assert docx.Document(str(chosen.memo)).paragraphs[0].text.startswith("zelf gekozen")
    assert docx.Document(str(of_folder.memo)).paragraphs[0].text.startswith("van de map")
    assert chosen.remarks[0] == "Gemaakt met de sjabloon eigen.docx."
    assert "geen veld voor: samenvatting, gevraagd_besluit" in chosen.remarks[1]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: docx.Document().save(str(path)), None),
        (lambda path: path.write_text("geen Word"), "geen leesbaar Word-bestand"),
        (lambda path: None, "kan niet worden gelezen"),
        (lambda path: path.mkdir(), "kan niet worden gelezen"),
    ],
)
def test_a_template_that_cannot_be_used_leaves_everything_as_it_was(
    folder: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], object], told: str | None
) -> None:
    chosen = folder.parent / f"sjabloon van {folder.name}.docx"
    make(chosen)
    if told is None:
        own = docx.Document(str(chosen))
        own.add_paragraph("Aan {{ geadresseerde }}")
        own.save(str(chosen))
        told = "'Aan {{ geadresseerde }}': het veld geadresseerde bestaat niet"
    (folder / today(".docx")).write_bytes(OLD)
    before = files(folder)
    assert ververs(folder, "--sjabloon", chosen) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert "→" in shown.err
    assert shown.out == ""
    assert files(folder) == before
    assert kept(folder) == []


# Refused


@pytest.mark.parametrize("command", ["toets", "vergelijk"])
def test_without_a_memo_asked_for_the_file_at_fault_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (folder / "goed").mkdir()
    good = folder / "goed" / WORKBOOK.name
    shutil.copy(folder / WORKBOOK.name, good)
    first = deliver(examine(read_state(good, MOMENT)), good.parent, "plan", pdf=False).memo
    changed(folder, "Plan", "2023 s", "veel")
    assert main([command, str(first if command == "toets" else good), str(folder / WORKBOOK.name)]) == 2
    told = capsys.readouterr().err
    assert told.endswith(f"1 fout in de invoer van {folder / WORKBOOK.name}.\n")


def changed(folder: Path, sheet: str, heading: str, value: int | str) -> None:
    """Type a value in the first cell under a heading of a sheet, as another program would."""
    typed(folder, sheet, heading, (1, 0), value)


def typed(folder: Path, sheet: str, text: str, step: tuple[int, int], value: int | str) -> None:
    """Type a value some rows and columns from the first cell of a sheet that holds a text."""
    path = folder / WORKBOOK.name
    book = openpyxl.load_workbook(path, keep_vba=True)
    cells = [cell for row in book[sheet].iter_rows() for cell in row]
    top = next(cell for cell in cells if cell.value == text)
    book[sheet].cell(top.row + step[0], top.column + step[1]).value = value
    book.save(path)


@pytest.mark.parametrize(
    ("value", "code", "where", "told"),
    [
        (100_001, 1, "Tabel 2, 2023", "kloppen controles die moeten kloppen niet (C01 en C04)"),
        ("veel", 2, "Plan!H7", "1 fout in de invoer: er is geen memo gemaakt."),
    ],
)
def test_a_plan_at_fault_gives_no_memo(
    folder: Path, capsys: pytest.CaptureFixture[str], value: int | str, code: int, where: str, told: str
) -> None:
    changed(folder, "Plan", "2023 s", value)
    (folder / today(".docx")).write_bytes(OLD)
    before = files(folder)
    assert ververs(folder) == code
    shown = capsys.readouterr()
    assert told in shown.err
    assert where in shown.err
    assert shown.out == ""
    assert files(folder) == before
    assert kept(folder) == []


# Whole or not at all


@contextmanager
def without_rights() -> Iterator[None]:
    """Give up the rights of an administrator, who may write anywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights on folders")
def test_a_read_only_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copy(WORKBOOK, tmp_path)
    assert ververs(tmp_path, "--zonder-pdf") == 0  # what it imports is loaded now
    with tempfile.TemporaryDirectory() as made:  # unlike pytest's own it can be read by others
        folder = Path(made)
        shutil.copy(WORKBOOK, folder)
        (folder / WORKBOOK.name).chmod(0o444)
        before = files(folder)
        folder.chmod(0o555)
        with without_rights():
            assert ververs(folder) == 2
        folder.chmod(0o755)
        assert files(folder) == before
        assert not (folder / FOLDER).exists()
    shown = capsys.readouterr().err
    assert "kan niet worden bewaard" in shown
    assert "schrijfrechten" in shown


def halfway(error: BaseException) -> Callable[[Path, Content], None]:
    """Return a write that stops halfway a Word file."""
    whole = atomic._write

    def write(draft: Path, content: Content) -> None:
        if not isinstance(content, bytes):  # a snapshot
            return whole(draft, content)
        assert content.startswith(b"PK")
        whole(draft, content[: len(content) // 2])
        raise error

    return write


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "de schijf is vol"),
        (PermissionError(errno.EACCES, "Permission denied"), "geen schrijfrechten"),
        (KeyboardInterrupt(), "Afgebroken"),
    ],
    ids=["full disk", "no rights", "interrupted"],
)
def test_a_memo_that_is_half_written_is_taken_away(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    told: str,
) -> None:
    (folder / today(".docx")).write_bytes(OLD)
    before = files(folder)
    monkeypatch.setattr(atomic, "_write", halfway(error))
    assert ververs(folder) == (2 if isinstance(error, OSError) else 130)
    monkeypatch.undo()
    assert files(folder) == before
    assert len(kept(folder)) == 1  # the state of now is kept first
    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.out == ""


def test_a_full_disk_keeps_no_half_snapshot(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = files(folder)
    monkeypatch.setattr("os.fsync", full)
    assert ververs(folder) == 2
    assert files(folder) == before
    assert kept(folder) == []
    assert "kan niet worden bewaard" in capsys.readouterr().err


def test_a_disk_that_is_full_at_the_pdf_leaves_the_memo(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(document: Path, pdf: Path) -> PdfOutcome:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pdf_file, "make_pdf", full)
    assert ververs(folder) == 0
    assert {*files(folder)} == {WORKBOOK.name, today(".docx")}
    assert f"De PDF kan niet worden geschreven (de schijf is vol). {BY_HAND}" in capsys.readouterr().out


def test_an_interrupt_during_the_pdf_leaves_the_memo_and_says_nothing_untrue(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(document: Path, pdf: Path) -> PdfOutcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(pdf_file, "make_pdf", interrupted)
    assert ververs(folder) == 130
    assert {*files(folder)} == {WORKBOOK.name, today(".docx")}
    shown = capsys.readouterr().err
    assert "Afgebroken" in shown
    assert "niets geschreven" not in shown


def test_without_a_program_for_the_pdf_the_memo_is_there_with_how_to_get_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bdur_xl.files.pdf.libreoffice", lambda: None)
    monkeypatch.setattr("sys.platform", "linux")  # nor Word
    assert ververs(folder) == 0
    assert {*files(folder)} == {WORKBOOK.name, today(".docx")}
    shown = capsys.readouterr().out
    assert "Er is geen PDF gemaakt." in shown
    assert BY_HAND in shown
    assert "De PDF staat" not in shown


def test_what_staff_read_afterwards(tmp_path: Path) -> None:
    memo, pdf = tmp_path / "a.docx", tmp_path / "a.pdf"
    assert delivered_text(Delivered(memo, pdf, ("Let op.",))) == (
        f"De memo staat in {memo.resolve()}\nDe PDF staat in {pdf.resolve()}\nLet op."
    )
    assert delivered_text(Delivered(memo, None, ())) == f"De memo staat in {memo.resolve()}"


def test_the_template_that_bdur_writes_makes_the_same_memo(examined: Examined, tmp_path: Path) -> None:
    plain = deliver(examined, tmp_path, "plan", pdf=False).memo.read_bytes()
    (tmp_path / NAME).write_bytes(template())
    assert deliver(examined, tmp_path, "plan", pdf=False).memo.read_bytes() == plain
