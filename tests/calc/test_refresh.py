"""Refresh before the board memo, from the menu of Calc on the open workbook; and its way back."""

import datetime as dt
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import openpyxl
import pytest
from conftest import ErrorLog
from openpyxl.worksheet.worksheet import Worksheet

import bdur_xl
from bdur_xl import cli
from bdur_xl.book import BookError, Formula, Refused, computed
from bdur_xl.cells import is_blank
from bdur_xl.files.memo_read import read_memo
from bdur_xl.files.shelf import FOLDER
from bdur_xl.files.snapshots import read_snapshot
from bdur_xl.files.workbook import ClosedWorkbook
from bdur_xl.model import Finding, Status
from bdur_xl.origins import MEMO_SHEET, places
from bdur_xl.record import LAST_NAME, NOW_NAME, record
from bdur_xl.refresh import examine
from bdur_xl.restore import Snapshot
from bdur_xl.tables import OUTPUT_TABLES, RawTable
from calc.office import Office, Value, Workbook
from calc.product import WORKBOOK
from udfs.calc import menu

NAME = "plan v1.2.xlsm"
MEMO = "Bestuursmemo BDuR"
FINDINGS, FIGURES, LOG = "Verversing!K8:P200", "Verversing!A8:I600", "Logboek!A11:D20"

AMOUNT, TOTAL = "Plan!L23", "Budget!L10"
"""P17 in 2026, and what the memo printed as the total of 2026."""

Row = Sequence[object]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the office finds `bdur`, and nothing else of our Python."""
    folder = tmp_path_factory.mktemp("bin")
    provide(folder)
    return folder


def provide(programs: Path, script: str = "") -> None:
    """Put the real program there, or a script in its place."""
    program = programs / "bdur"
    program.unlink(missing_ok=True)
    if script:
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    else:
        program.symlink_to(Path(sys.executable).with_name("bdur"))


@pytest.fixture(scope="module")
def office(libreoffice: None, extension: Path, programs: Path) -> Iterator[Office]:
    """An office with `bdur` at one place only."""
    others = [
        folder
        for folder in os.environ["PATH"].split(os.pathsep)
        if not any(Path(folder, name).exists() for name in ("bdur", "bdur.exe"))
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([str(programs), *others]))
        patch.setenv("XDG_DATA_HOME", str(programs))  # nor where the zip installs it
        with Office(extension) as running:
            yield running


@pytest.fixture
def plan(office: Office, tmp_path: Path) -> Iterator[tuple[Workbook, Path]]:
    """The committed workbook in Calc, in a folder of its own."""
    with opened(office, tmp_path) as workbook:
        yield workbook, tmp_path / "map met é"


def opened(office: Office, folder: Path) -> Workbook:
    path = folder / "map met é" / NAME
    path.parent.mkdir()
    shutil.copy(WORKBOOK, path)
    return office.open(path, visible=True)


def choose(office: Office, workbook: Workbook, title: str) -> None:
    workbook.dispatch(dict(office.menus()["BDuR"])[title])


def refresh(office: Office, workbook: Workbook) -> None:
    choose(office, workbook, "Vernieuw bestuursmemo")


def rows(workbook: Workbook, where: str) -> list[list[Value]]:
    """Return the rows that hold anything."""
    return [row for row in workbook.rows(where) if any(cell is not None for cell in row)]


def texts(memo: Path) -> list[str]:
    return [passage.text for passage in read_memo(memo)]


def memos(folder: Path) -> list[Path]:
    """Return the memos in a folder, oldest first, whatever their kind."""
    return sorted(folder.glob(f"{MEMO}*"), key=lambda path: path.stat().st_mtime_ns)


def logged(memo: Path) -> str:
    """Return what the log says of a memo: no folder, which may name a person."""
    return f"Alles klopt. Verder 6 afwijkingen, 40 signalen en 5 vragen. Memo: {memo.name}"


class Refreshed(NamedTuple):
    """A workbook refreshed twice without a change between."""

    workbook: Workbook
    folder: Path
    log_before: list[list[Value]]

    @property
    def memos(self) -> list[Path]:
        """Return both as Word files, the older first."""
        return [path for path in memos(self.folder) if path.suffix == ".docx"]

    @property
    def snapshots(self) -> list[Path]:
        """Return both, the older first."""
        return sorted((self.folder / FOLDER).iterdir())


@pytest.fixture(scope="module")
def refreshed(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refreshed]:
    """The workbook with a change that is not saved and holds, refreshed twice."""
    folder = tmp_path_factory.mktemp("ververs")
    with opened(office, folder) as workbook:
        before = rows(workbook, LOG)
        workbook.write(AMOUNT, 120_000.25)
        workbook.write(TOTAL, 1_605_000.25)
        refresh(office, workbook)
        refresh(office, workbook)
        yield Refreshed(workbook, folder / "map met é", before)


class Rows:
    """A `Book` of rows."""

    def __init__(self, snapshot: Snapshot, fingerprint: Value, log: list[list[Value]]) -> None:
        blank: list[Row] = [("kop",), (None,)]
        self._inputs = snapshot.tables
        self.written: dict[str, Sequence[Row]] = {"figures": blank, "findings": blank, "log": log}
        self.names: dict[str, object] = {NOW_NAME: fingerprint, LAST_NAME: "eerder"}

    def read(self, key: str) -> RawTable | None:
        if key in self._inputs:
            return self._inputs[key]
        headings, *rest = self.written[key]
        return RawTable(
            OUTPUT_TABLES[key].sheet, tuple(headings), tuple(enumerate(map(tuple, rest), start=2))
        )

    def cells(self, sheet: str) -> Sequence[Row]:
        raise NotImplementedError

    def write(self, key: str, rows: Sequence[Row]) -> None:
        self.written[key] = rows

    def value(self, name: str) -> object:
        return self.names[name]

    def set_value(self, name: str, value: str) -> None:
        self.names[name] = value


def shown(row: Row) -> list[object]:
    """Return a row as Calc shows it, to half a cent: what cells show is rounded."""

    def cell(value: object) -> object:
        if isinstance(value, Formula):
            return cell(value.value)
        if isinstance(value, dt.datetime):
            return pytest.approx((value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1))
        return pytest.approx(value, rel=0, abs=0.005) if isinstance(value, float) else value or None

    return [cell(value) for value in row]


@pytest.mark.libreoffice
def test_the_sheets_hold_what_a_refresh_writes(refreshed: Refreshed) -> None:
    workbook = refreshed.workbook
    state = read_snapshot(refreshed.snapshots[0])
    book = Rows(state, workbook.read(NOW_NAME), refreshed.log_before)
    record(book, examine(state), logged(refreshed.memos[0]))
    assert len(book.written["figures"]) > 100
    assert [shown(row) for row in book.written["figures"]] == rows(workbook, FIGURES)
    assert [shown(row) for row in book.written["findings"]] == rows(workbook, FINDINGS)
    assert [shown(row) for row in book.written["log"]] == rows(workbook, LOG)[:-1]
    assert workbook.read(LAST_NAME) == book.names[LAST_NAME]


@pytest.mark.libreoffice
def test_the_workbook_is_current_and_told_so(refreshed: Refreshed) -> None:
    workbook = refreshed.workbook
    assert workbook.read(LAST_NAME) == workbook.read(NOW_NAME)
    assert workbook.read("actualiteit") == "Actueel"
    assert workbook.read("memo_gewijzigd") == 0
    (figure,) = (row for row in rows(workbook, FIGURES) if row[6] == AMOUNT)
    assert figure[3:6] == [120_000.25, 120_000.25, 0]
    assert workbook.undo[:2] == ["Vernieuw bestuursmemo"] * 2  # one step each


@pytest.mark.libreoffice
def test_the_figures_follow_their_cells(refreshed: Refreshed) -> None:
    workbook = refreshed.workbook
    number = 8 + [row[6] for row in rows(workbook, FIGURES)].index(AMOUNT)
    assert workbook.formula(f"Verversing!E{number}") == "=$Plan.L23"
    workbook.write(AMOUNT, 130_000.25)
    try:
        assert workbook.rows(f"Verversing!E{number}:F{number}") == [[130_000.25, 10_000]]
        assert workbook.read("memo_gewijzigd") not in (0, 1)  # its totals too
        assert workbook.read("actualiteit") != "Actueel"
    finally:
        workbook.write(AMOUNT, 120_000.25)


@pytest.mark.libreoffice
def test_sheets_are_protected_as_they_were(refreshed: Refreshed, tmp_path: Path) -> None:
    saved = openpyxl.load_workbook(refreshed.workbook.export(tmp_path / "bewaard.xlsx"))
    before = openpyxl.load_workbook(WORKBOOK)
    for sheet in {table.sheet for table in OUTPUT_TABLES.values()}:
        assert saved[sheet].protection.sheet
        for allowed in ("formatColumns", "formatRows", "sort", "autoFilter"):
            assert getattr(saved[sheet].protection, allowed) == getattr(before[sheet].protection, allowed)


@pytest.mark.libreoffice
def test_memo_pdf_and_snapshot_are_beside_the_workbook(refreshed: Refreshed) -> None:
    today = f"{MEMO} {dt.date.today():%Y-%m-%d}"
    names = {path.name for path in refreshed.folder.iterdir() if not path.name.startswith(".")}
    memos = {f"{today}{again}.{kind}" for again in ("", " (2)") for kind in ("docx", "pdf")}
    assert names == {NAME, FOLDER, *memos}
    assert [path.name.startswith("plan v1.2 20") for path in refreshed.snapshots] == [True, True]
    assert (refreshed.folder / NAME).read_bytes() == WORKBOOK.read_bytes()


@pytest.mark.libreoffice
def test_two_refreshes_give_the_same_memo_and_a_line_in_the_log_each(refreshed: Refreshed) -> None:
    first, second = map(texts, refreshed.memos)
    assert "1.605.000,25" in first
    assert first == second
    log = rows(refreshed.workbook, LOG)
    assert len(log) == len(refreshed.log_before) + 2
    fingerprint = refreshed.workbook.read(NOW_NAME)
    assert [row[1:] for row in log[-2:]] == [
        [bdur_xl.__version__, fingerprint, logged(memo)] for memo in refreshed.memos
    ]


@pytest.mark.libreoffice
def test_the_memo_passes_the_test_against_the_saved_document(
    refreshed: Refreshed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = refreshed.workbook.export(tmp_path / "bewaard.xlsx")
    assert cli.main(["toets", str(refreshed.memos[0]), str(saved)]) == 0, capsys.readouterr().out
    refreshed.workbook.write(AMOUNT, 130_000.25)
    try:
        changed = refreshed.workbook.export(tmp_path / "gewijzigd.xlsx")
    finally:
        refreshed.workbook.write(AMOUNT, 120_000.25)
    assert cli.main(["toets", str(refreshed.memos[0]), str(changed)]) == 1


@pytest.mark.libreoffice
def test_calc_reads_what_the_commands_read(refreshed: Refreshed, tmp_path: Path) -> None:
    saved = refreshed.workbook.export(tmp_path / "bewaard.xlsx")
    state, closed = read_snapshot(refreshed.snapshots[1]), ClosedWorkbook(saved, MEMO_SHEET)

    def content(raw: RawTable) -> object:
        cells = (raw.headings, *(row for _, row in raw.rows))
        grid = [[None if is_blank(cell) else cell for cell in row] for row in cells]
        return raw.source, raw.header_row, raw.first_column, [row for row in grid if any(row)]

    assert state.tables.keys() == closed.tables.keys()
    for key, raw in closed.tables.items():
        assert content(computed(state.tables[key])) == content(raw)
    assert state.places == places(closed.tables, closed.cells(MEMO_SHEET))


# What changed since an earlier version


@pytest.mark.libreoffice
def test_the_memo_tells_what_changed_and_so_does_the_workbook(
    office: Office, plan: tuple[Workbook, Path], refreshed: Refreshed
) -> None:
    workbook, folder = plan
    (folder / FOLDER).mkdir()
    shutil.copy(refreshed.snapshots[0], folder / FOLDER)
    premises = [row[0] for row in workbook.rows("Over!A1:A90")]
    workbook.write(f"Over!B{premises.index('wijzigingen sinds') + 1}", f"{dt.date.today():%Y-%m-%d}")
    refresh(office, workbook)
    (memo,) = folder.glob("*.docx")
    told = texts(memo)
    (first,) = (number for number, passage in enumerate(told) if passage.startswith("Sinds"))
    assert "120.000,25" in told[first + 1]  # what P17 was
    assert len(list((folder / FOLDER).iterdir())) == 2
    assert workbook.read(LAST_NAME) == workbook.read(NOW_NAME)


# No memo: nothing is written


def untouched(workbook: Workbook, folder: Path, before: object) -> bool:
    return held(workbook) == before and not memos(folder)


def held(workbook: Workbook) -> tuple[object, ...]:
    """Return what a refresh writes, and what could be undone."""
    sheets = [workbook.formulas(where) for where in (FIGURES, FINDINGS, LOG)]
    return sheets, workbook.read(LAST_NAME), workbook.undo


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("where", "value"),
    [
        (AMOUNT, 130_000.25),  # a total that no longer holds
        (AMOUNT, "veel"),
        (
            "Plan!A27:E27",
            [["P21", "nieuw", "fte", "test", "NIEUW"]],
        ),  # beneath the table, which Calc does not grow
        ("Plan!M6", 2027.0),  # beside it
    ],
    ids=["check", "text", "beneath", "beside"],
)
def test_a_plan_that_does_not_hold_changes_nothing(
    office: Office, plan: tuple[Workbook, Path], where: str, value: Value | list[list[Value]]
) -> None:
    workbook, folder = plan
    workbook.write(where, value)
    before = held(workbook)
    refresh(office, workbook)
    assert untouched(workbook, folder, before)
    assert not (folder / FOLDER).exists()


@pytest.mark.libreoffice
def test_without_the_program_or_when_it_fails_the_workbook_stays_as_it_is(
    office: Office, plan: tuple[Workbook, Path], programs: Path
) -> None:
    workbook, folder = plan
    before = held(workbook)
    try:
        (programs / "bdur").unlink()
        refresh(office, workbook)
        assert untouched(workbook, folder, before)
        assert not (folder / FOLDER).exists()
        provide(programs, "echo Kapot >&2; exit 2")
        refresh(office, workbook)
        assert untouched(workbook, folder, before)
    finally:
        provide(programs)
    (kept,) = (folder / FOLDER).iterdir()  # the state is kept before anything is made
    assert kept.suffix == ".json"


def something_below(log: Worksheet) -> None:
    log["A13"] = "in de weg"


def a_password(log: Worksheet) -> None:
    log.protection.set_password("geheim")


@pytest.mark.libreoffice
@pytest.mark.parametrize("obstruct", [something_below, a_password])
def test_what_cannot_be_written_leaves_the_workbook_as_it_was(
    office: Office, tmp_path: Path, programs: Path, obstruct: Callable[[Worksheet], None]
) -> None:
    """The log is written last."""
    path = tmp_path / "plan.xlsm"
    book = openpyxl.load_workbook(WORKBOOK, keep_vba=True)
    obstruct(book["Logboek"])
    book.save(path)
    provide(programs, "echo De memo staat er")
    try:
        with office.open(path, visible=True) as workbook:
            workbook.write(AMOUNT, 120_000.25)
            workbook.write(TOTAL, 1_605_000.25)
            before, *_ = held(workbook)
            refresh(office, workbook)
            assert (tmp_path / FOLDER).exists()  # it came as far as the writing
            assert held(workbook)[0] == before
            assert workbook.read("actualiteit") != "Actueel"
    finally:
        provide(programs)


# Herstel vorige stand


@pytest.mark.libreoffice
def test_restore_brings_the_inputs_back_and_again_what_was_there(
    office: Office, plan: tuple[Workbook, Path], refreshed: Refreshed
) -> None:
    """The kept state differs from the workbook in AMOUNT and TOTAL; here in much more."""
    workbook, folder = plan
    (folder / FOLDER).mkdir()
    shutil.copy(refreshed.snapshots[0], folder / FOLDER)
    edit(workbook)
    edited = inputs(workbook)
    choose(office, workbook, "Herstel vorige stand")
    assert inputs(workbook) == inputs(refreshed.workbook)
    assert workbook.text("Instroom!B7") == "mei 2023"  # a date in the format it had
    assert workbook.undo[0] == "Herstel vorige stand"
    choose(office, workbook, "Herstel vorige stand")
    assert inputs(workbook) == edited
    assert workbook.formula("Plan!I7") == "=60000*2"
    assert workbook.formula("Plan!J7") == "=$'Tabel 1'.F7+SUM(tblPlan[2025])"
    assert workbook.read("Plan!F7") == "=1+1"  # text, no formula


def edit(workbook: Workbook) -> None:
    """Change what is likely to be lost on the way: kinds of cells, dates, a heading."""
    workbook.write("Plan!F7:F8", [["=1+1"], ["'t kan"]])
    workbook.fill("Plan!I7:J7", [["=60000*2", "=$'Tabel 1'.F7+SUM(tblPlan[2025])"]])
    workbook.write("Plan!H8", None)
    workbook.write("Plan!L6", "2028")
    workbook.write("Instroom!B7:B8", [[45_123.0], ["mei 2023"]])  # a date, and a month as text
    workbook.format("Plan!G8", "D-M-YYYY")
    workbook.write("Plan!G8", 45_123.0)


def inputs(workbook: Workbook) -> object:
    places = (
        "Plan!A6:L26", "Tabel 1!A6:O16", "Budget!A6:K15", "Doelen!A6:R35", "Instroom!A6:D16", "Over!A56:D70",
    )  # fmt: skip
    return [(workbook.rows(where), workbook.formulas(where)) for where in places]


# Messages


class Document(SimpleNamespace):
    """What the menu asks of a document before it does anything."""

    CurrentController = None
    URL = ""
    readonly = False

    def isReadonly(self) -> bool:  # noqa: N802  # UNO's name
        return self.readonly


@pytest.mark.parametrize("entry", ["VernieuwBestuursmemo", "HerstelVorigeStand"])
@pytest.mark.parametrize(
    ("url", "readonly", "told"),
    [
        ("", False, "staat in geen map"),
        ("https://region.example/plan.xlsm", False, "staat in geen map"),
        ("vnd.sun.star.webdavs://region.example/plan.xlsm", False, "staat in geen map"),
        ("file:///bestaat/niet/plan.xlsm", False, "staat in geen map"),
        (WORKBOOK.as_uri(), True, "alleen-lezen"),
    ],
)
def test_a_workbook_without_a_folder_or_read_only_is_told(
    entry: str, url: str, readonly: bool, told: str
) -> None:
    message = menu.run(entry, Document(URL=url, readonly=readonly))
    assert message
    assert told in message.splitlines()[0]
    assert len(message.splitlines()) == 2  # and what to do


def test_the_program_is_found_where_the_zip_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    installer = (Path(bdur_xl.__file__).parent / "build" / "zip" / "installeer.sh").read_text("utf-8")
    (under,) = re.findall(r"^doel=.*\}\}/(.+)$", installer, re.MULTILINE)
    programs = tmp_path / under / "bin"
    programs.mkdir(parents=True)
    provide(programs)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert menu._program() == str(programs / "bdur")


def test_a_missing_program_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    message = menu.run("VernieuwBestuursmemo", Document(URL=WORKBOOK.as_uri()))
    assert message
    assert message.startswith("Het programma bdur is hier niet te vinden")


def test_a_failing_program_is_told_with_what_it_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    provide(tmp_path, "echo De schijf is vol. >&2; exit 2")
    with pytest.raises(BookError) as failed:
        menu._made(str(tmp_path / "bdur"), tmp_path / "stand.json", tmp_path)
    assert "aan de werkmap is niets gewijzigd" in failed.value.message
    assert failed.value.remedy == "De schijf is vol."


def test_a_bug_is_told_without_traceback_and_logged(error_log: ErrorLog) -> None:
    message = menu.run("Herbereken", Document())
    (line,) = error_log.lines()
    assert line["waar"] == "Herbereken"
    assert message
    assert message.startswith("Dit is niet gelukt (AttributeError")
    assert f"kenmerk {line['kenmerk']}; zie het logboek " in message


def test_a_refusal_names_the_first_findings_and_counts_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [
        Finding("C01", Status.FAILED, f"Tabel 2, {year}", "te veel", "Pas het aan.")
        for year in range(2031, 2038)
    ]

    def refuse(*_: object) -> None:
        raise Refused(findings)

    monkeypatch.setitem(menu.ENTRIES, "Herbereken", refuse)
    told = menu.run("Herbereken", Document())
    assert told
    assert told.startswith("Er klopt een controle die moet kloppen niet (C01): er is geen memo gemaakt")
    assert "\n\nTabel 2, 2031: te veel.\n→ Pas het aan.\n\n" in told
    assert "2035" in told
    assert "2036" not in told
    assert told.endswith("En nog 2: zie het blad Controles.")
