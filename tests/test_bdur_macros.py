"""The buttons, through xlwings itself on a stand-in for Excel's objects."""

import copy
import datetime as dt
import errno
import os
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import pytest
from conftest import ErrorLog
from contract.windows import windows
from excel import RESULT, Cell, Counted, Workbook, in_its_words
from sheets import small, write_with_tables

import bdur_xl
from bdur_xl import cli
from bdur_xl.book import BookError, Formula
from bdur_xl.files.memo_template import NAME as TEMPLATE
from bdur_xl.files.memo_template import template
from bdur_xl.files.pdf import PdfOutcome
from bdur_xl.files.workbook import ClosedWorkbook
from bdur_xl.origins import MEMO_SHEET
from bdur_xl.refresh import LAST_NAME, LOG_HEADINGS, NOW_NAME, plan_of, record, state_of
from bdur_xl.restore import same
from bdur_xl.tables import INPUT_TABLES, OUTPUT_TABLES, RawTable

PLAN = Path(__file__).parents[1] / "workbook" / "plan"
NAME = "BDuR_plan v3 definitief.xlsm"

Alert = tuple[str, str | None]
Press = Callable[[str, Workbook], Alert]


@pytest.fixture(scope="module")
def xlwings() -> Iterator[ModuleType]:
    """xlwings as a Windows Python has it."""
    with windows() as module:
        yield module


@pytest.fixture
def calls() -> list[str]:
    """The calls that were made to Excel."""
    return []


@pytest.fixture(autouse=True)
def _no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each PDF in no time; tests/test_pdf.py has the programs."""

    def made(_: Path, pdf: Path) -> PdfOutcome:
        pdf.write_bytes(b"%PDF-")
        return PdfOutcome("Word", ())

    monkeypatch.setattr("bdur_xl.files.deliver.make_pdf", made)


@pytest.fixture
def macros(xlwings: ModuleType) -> ModuleType:
    return import_module("udfs.bdur_macros")


@pytest.fixture
def press(
    xlwings: ModuleType, macros: ModuleType, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> Press:
    """Press a button of a workbook, and read the one message that comes."""
    impl = import_module("xlwings._xlwindows").Book

    def button(macro: str, book: Workbook) -> Alert:
        alerts: list[Alert] = []

        def alert(_: object, prompt: str, title: str, mode: str | None = None) -> None:
            assert title == "BDuR"
            alerts.append((prompt, mode))

        monkeypatch.setattr(xlwings.App, "alert", alert)
        monkeypatch.setattr(xlwings.Book, "caller", lambda: xlwings.Book(impl=impl(xl=Counted(book, calls))))
        getattr(macros, macro)()
        (only,) = alerts
        return only

    return button


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The workbook of the memo's plan, as it is committed."""
    path = tmp_path_factory.mktemp("built") / "plan.xlsx"
    assert cli.main(["bouw", "--bron", str(PLAN), "-o", str(path)]) == 0
    return Workbook(path, str(path))


@pytest.fixture
def plan(built: Workbook, tmp_path: Path) -> Workbook:
    """That workbook in Excel, in a folder of its own."""
    book = copy.deepcopy(built)
    book.FullName, book.Name = str(tmp_path / NAME), NAME
    return book


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The small plan as a file."""
    return write_with_tables(tmp_path / "plan.xlsx", small(), row=5)


@pytest.fixture
def book(file: Path) -> Workbook:
    """The small plan in Excel, with room for what a refresh writes."""
    return opened(file, str(file.parent / NAME))


def opened(file: Path, fullname: str) -> Workbook:
    book = Workbook(file, fullname)
    book.add_outputs()
    return book


def online(path: Path, site: str = "https://region.sharepoint.com/plan") -> Workbook:
    """Return a workbook in Excel that stands in no folder of this computer."""
    return opened(path, f"{site}/{NAME}")


def folder(book: Workbook) -> Path:
    return Path(book.FullName).parent


def cell(book: Workbook, key: str, row: int, column: int) -> Cell:
    """Return a cell of a table, counted from its first heading."""
    table = book.table(INPUT_TABLES[key].table)
    return table.Parent.grid[table.first[0] + row, table.first[1] + column]


def amount(book: Workbook, heading: str) -> Cell:
    """Return the amount of the first plan line under a heading."""
    (column,) = (number for number in range(20) if cell(book, "plan", 0, number).value == heading)
    return cell(book, "plan", 1, column)


Shown = list[list[tuple[Any, str, str]]]


def state(book: Workbook, tables: Sequence[str] = ()) -> dict[str, Shown]:
    """Return what tables show and how: all of them unless named."""
    return {
        table.Name: [
            [(one.value, one.formula, one.form) for one in map(table.Parent.grid.__getitem__, row)]
            for row in table.Range.places()
        ]
        for sheet in book.Worksheets
        for table in sheet.ListObjects
        if table.Range and (not tables or table.Name in tables)
    }


INPUTS = [one.table for one in INPUT_TABLES.values()]
OUTPUTS = [one.table for one in OUTPUT_TABLES.values()]


def everything(book: Workbook) -> object:
    """Return every cell of every sheet, the size of the tables, and whether sheets are protected."""
    return [
        (
            sheet.Name,
            sheet.ProtectContents,
            [(table.Name, table.height, table.width) for table in sheet.ListObjects],
            {place: (one.value, one.formula) for place, one in sheet.grid.items() if one.value is not None},
        )
        for sheet in book.Worksheets
    ]


def shrink(book: Workbook, name: str) -> None:
    """Leave one row of a table, as if it was written when there was less to tell."""
    table = book.table(name)
    assert table.Range
    for place in [place for row in table.Range.places()[2:] for place in row]:
        table.Parent.grid[place].enter(None)
    table.height = 2


def memos(book: Workbook) -> list[str]:
    return sorted(path.name for path in folder(book).glob("Bestuursmemo BDuR *"))


def snapshots_of(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "momentopnamen").glob("*"))


def test_the_open_workbook_says_what_the_closed_one_does(
    built: Workbook, xlwings: ModuleType, macros: ModuleType
) -> None:
    impl = import_module("xlwings._xlwindows").Book
    shown = macros.OpenWorkbook(xlwings.Book(impl=impl(xl=built)))
    closed = ClosedWorkbook(Path(built.FullName), MEMO_SHEET)
    moment = dt.datetime(2023, 3, 12)
    one, other = state_of(shown, moment, typed=True), state_of(closed, moment, typed=False)
    assert plan_of(one) == plan_of(other)
    assert one.places == other.places
    assert len(one.places) > 200


# Controleer


def test_controleer_says_that_all_is_well(plan: Workbook, press: Press) -> None:
    before = everything(plan)
    text, mode = press("controleer", plan)
    assert text.startswith("Alles klopt. Verder ")
    assert mode is None
    assert everything(plan) == before


def test_controleer_names_a_total_that_does_not_hold(plan: Workbook, press: Press) -> None:
    amount(plan, "2024 s").enter(123_456)
    text, _ = press("controleer", plan)
    assert "niet." in text.splitlines()[0]
    assert "Tabel 2, 2024" in text
    assert "→ " in text


def test_controleer_names_the_cell_it_cannot_read(plan: Workbook, press: Press) -> None:
    amount(plan, "2024 s").enter("veel")
    text, _ = press("controleer", plan)
    assert text.startswith("1 fout in de invoer.")
    assert "Plan!" in text


def test_controleer_sees_what_stands_under_a_table(book: Workbook, press: Press) -> None:
    cell(book, "plan", 5, 0).enter("L5")
    text, _ = press("controleer", book)
    assert text.startswith("1 fout in de invoer.")
    assert "Plan, rij 11: " in text


def test_another_workbook_is_told_what_it_lacks(book: Workbook, press: Press) -> None:
    book.Worksheets = []
    text, mode = press("controleer", book)
    assert text.startswith("9 fouten in de invoer.")
    assert "\n\nPlan: blad Plan met de tabel tblPlan ontbreekt.\n→ " in text
    assert mode is None


def test_a_bug_is_told_without_traceback_and_logged(
    book: Workbook,
    press: Press,
    macros: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    error_log: ErrorLog,
) -> None:
    monkeypatch.setattr(macros, "run_checks", lambda _: 1 // 0)
    text, mode = press("controleer", book)
    (line,) = error_log.lines()
    assert line["waar"] == "controleer"
    assert text.startswith("Dit is niet gelukt (ZeroDivisionError")
    assert f"kenmerk {line['kenmerk']}; zie het logboek " in text
    assert "Traceback" not in text
    assert mode == "critical"


# Vernieuw bestuursmemo


class Rows:
    """A book of rows: what a refresh must write, whatever it writes in."""

    def __init__(self, book: Any) -> None:
        self.tables = {key: book.read(key) for key in (*INPUT_TABLES, *OUTPUT_TABLES)}
        self.names = {name: book.value(name) for name in (NOW_NAME, LAST_NAME)}

    def read(self, key: str) -> RawTable | None:
        raw: RawTable | None = self.tables[key]
        return raw

    def cells(self, _: str) -> Sequence[Sequence[object]]:
        return ()

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        numbered = enumerate(map(tuple, rows[1:]), start=2)
        self.tables[key] = RawTable(OUTPUT_TABLES[key].sheet, tuple(rows[0]), tuple(numbered))

    def value(self, name: str) -> object:
        return self.names[name]

    def set_value(self, name: str, value: str) -> None:
        self.names[name] = value


@pytest.fixture
def twin(macros: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Rows, Any]]:
    """Pairs of a book of rows and the open workbook, after the same refresh."""
    pairs: list[tuple[Rows, Any]] = []

    def both(book: Any, examined: Any, told: str) -> None:
        rows = Rows(book)
        record(rows, examined, told)
        record(book, examined, told)
        pairs.append((rows, book))

    monkeypatch.setattr(macros, "record", both)
    return pairs


def alike(one: object, other: object) -> bool:
    if isinstance(one, Formula) and isinstance(other, Formula):
        return in_its_words(one.text) == in_its_words(other.text)
    return same(None if one == "" else one, None if other == "" else other)


def test_a_refresh_writes_the_rows_that_any_book_gets(
    plan: Workbook, press: Press, twin: list[tuple[Rows, Any]]
) -> None:
    for key in OUTPUT_TABLES:
        shrink(plan, OUTPUT_TABLES[key].table)
    inputs = state(plan, INPUTS)
    text, mode = press("vernieuw_bestuursmemo", plan)
    assert (text.startswith("De memo staat in"), mode) == (True, None), text
    ((rows, book),) = twin
    for key in OUTPUT_TABLES:
        wanted, written = rows.read(key), book.read(key)
        assert wanted
        assert (written.headings, len(written.rows)) == (wanted.headings, len(wanted.rows))
        differing = [
            pair
            for (_, one), (_, other) in zip(written.rows, wanted.rows, strict=True)
            for pair in zip(one, other, strict=True)
            if not alike(*pair)
        ]
        assert differing == []
    assert len(book.read("figures").rows) > 200
    assert state(plan, INPUTS) == inputs


def test_a_refresh_tells_log_and_fingerprint(plan: Workbook, press: Press) -> None:
    (now,) = plan.names[NOW_NAME].cells()  # type: ignore[union-attr]
    now.value = "123-456"
    log = plan.table("tblLogboek")
    height = log.height
    started = dt.datetime.now().replace(microsecond=0)
    press("vernieuw_bestuursmemo", plan)
    (last,) = plan.names[LAST_NAME].cells()  # type: ignore[union-attr]
    assert (last.value, last.formula) == ("123-456", "")
    assert log.height == height + 1
    assert log.Range
    moment, *rest = [plan.sheet("Logboek").grid[place] for place in log.Range.places()[-1]]
    assert isinstance(moment.shown, dt.datetime)
    assert started <= moment.shown.replace(tzinfo=None) <= dt.datetime.now()
    version, fingerprint, outcome = (one.value for one in rest)
    assert (version, fingerprint) == (bdur_xl.__version__, "123-456")
    pattern = r"Alles klopt\. Verder [^.]+\. Memo: Bestuursmemo BDuR \d{4}-\d\d-\d\d\.docx"
    assert re.fullmatch(pattern, str(outcome)), outcome
    assert all(sheet.ProtectContents for sheet in plan.Worksheets if sheet.Name in ("Logboek", "Verversing"))


def test_memo_and_pdf_land_beside_the_workbook(plan: Workbook, press: Press) -> None:
    text, mode = press("vernieuw_bestuursmemo", plan)
    (memo,), (pdf,) = folder(plan).glob("*.docx"), folder(plan).glob("*.pdf")
    assert text.splitlines()[:2] == [f"De memo staat in {memo}", f"De PDF staat in {pdf}"]
    assert mode is None
    assert len(snapshots_of(folder(plan))) == 1


def test_a_second_refresh_finds_all_as_it_was(plan: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", plan)
    before = state(plan)
    press("vernieuw_bestuursmemo", plan)
    after = state(plan)
    logs = [shown.pop("tblLogboek") for shown in (before, after)]
    assert after == before
    assert logs[1][:-1] == logs[0]
    assert len(memos(plan)) == 4


def test_a_refresh_asks_excel_little(
    plan: Workbook, press: Press, macros: ModuleType, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call takes a millisecond or less; to write some 3.000 cells one by one would take 20.000."""

    def counted(*given: Any) -> None:
        before = len(calls)
        record(*given)
        assert 300 < len(calls) - before < 1500

    monkeypatch.setattr(macros, "record", counted)
    for name in OUTPUTS:
        shrink(plan, name)
    text, _ = press("vernieuw_bestuursmemo", plan)
    assert text.startswith("De memo staat in")
    assert len(calls) < 3500


def test_what_a_refresh_does_shows_in_the_status_bar(plan: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", plan)
    assert plan.Application.told == [
        "BDuR: Werkmap lezen en controleren …",
        "BDuR: Memo opmaken …",
        "BDuR: PDF maken …",
        "BDuR: Uitkomsten in de werkmap zetten …",
        False,
    ]


def test_a_workbook_without_folder_gets_its_memo_in_documents(
    file: Path, tmp_path: Path, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    text, _ = press("vernieuw_bestuursmemo", online(file))
    assert str(tmp_path / "Documents") in text


def refused(plan: Workbook, press: Press) -> str:
    """Press Vernieuw and return why it was refused; nothing of the workbook has changed."""
    before, app = everything(plan), vars(plan.Application).copy()
    text, mode = press("vernieuw_bestuursmemo", plan)
    assert mode == "critical"
    assert everything(plan) == before
    assert vars(plan.Application) == app
    assert plan.Application.told[-1] is False
    return text


def test_a_check_that_fails_stops_the_memo(plan: Workbook, press: Press) -> None:
    amount(plan, "2024 s").enter(123_456)
    text = refused(plan, press)
    assert "er is geen memo gemaakt en niets gewijzigd." in text.splitlines()[0]
    assert "Tabel 2, 2024" in text
    assert "→ " in text
    assert (memos(plan), snapshots_of(folder(plan))) == ([], [])


def test_a_cell_that_cannot_be_read_stops_the_memo(plan: Workbook, press: Press) -> None:
    amount(plan, "2024 s").enter("veel")
    text = refused(plan, press)
    assert text.startswith("1 fout in de invoer: er is geen memo gemaakt.")
    assert "Plan!" in text
    assert (memos(plan), snapshots_of(folder(plan))) == ([], [])


def test_an_unknown_field_of_the_template_stops_the_memo(plan: Workbook, press: Press) -> None:
    path = folder(plan) / TEMPLATE
    path.write_bytes(template())
    document = docx.Document(str(path))
    document.add_paragraph("{{ handtekening }}")
    document.save(str(path))
    text = refused(plan, press)
    assert "handtekening" in text
    assert (memos(plan), snapshots_of(folder(plan))) == ([], [])


@pytest.mark.parametrize(
    ("code", "why", "what_to_do"),
    [
        (errno.ENOSPC, "de schijf is vol", "Maak daar ruimte"),
        (errno.EACCES, "geen schrijfrechten", "Vraag schrijfrechten, sluit het bestand waar het open is"),
    ],
)
def test_a_disk_that_is_full_or_closed_leaves_the_workbook(
    plan: Workbook, press: Press, monkeypatch: pytest.MonkeyPatch, code: int, why: str, what_to_do: str
) -> None:
    def closed(*_: object) -> None:
        raise OSError(code, "refused")

    monkeypatch.setattr("bdur_xl.files.deliver.write_new", closed)
    assert refused(plan, press) == (
        f"De memo kan niet worden geschreven in {folder(plan)} ({why}); de werkmap is niet gewijzigd.\n"
        f"{what_to_do}, of kies een andere map."
    )
    assert memos(plan) == []


def test_a_state_that_cannot_be_kept_stops_the_memo(plan: Workbook, press: Press) -> None:
    (folder(plan) / "momentopnamen").write_text("een bestand")
    text = refused(plan, press)
    assert text.startswith("De stand van nu kan niet worden bewaard in")
    assert memos(plan) == []


@pytest.mark.parametrize("table", OUTPUTS)
def test_what_excel_refuses_halfway_leaves_memo_and_workbook(
    plan: Workbook, press: Press, table: str
) -> None:
    """A colleague's note right under a table keeps it from growing."""
    press("vernieuw_bestuursmemo", plan)
    for name in OUTPUTS:
        shrink(plan, name)
    grown = plan.table(table)
    grown.Parent.grid[grown.first[0] + 2, grown.first[1]].enter("van een collega")
    text = refused(plan, press)
    assert text.startswith("De memo staat in ")
    assert "\n\nDe werkmap is niet bijgewerkt en is zoals hij was.\n" in text
    assert f"De tabel {table} past niet op " in text
    assert len(memos(plan)) == 4


def test_a_password_on_the_log_leaves_memo_and_workbook(plan: Workbook, press: Press) -> None:
    plan.sheet("Logboek").password = "geheim"
    text = refused(plan, press)
    assert "De werkmap is niet bijgewerkt en is zoals hij was.\n" in text
    assert "Het blad Logboek is met een wachtwoord beveiligd" in text


def test_a_workbook_of_before_gets_its_memo(plan: Workbook, press: Press) -> None:
    plan.Worksheets = [sheet for sheet in plan.Worksheets if sheet.Name != "Verversing"]
    text = refused(plan, press)
    assert text.startswith("De memo staat in ")
    assert "Deze werkmap mist de tabellen waarin een verversing schrijft" in text


def test_what_cannot_be_put_back_is_told(
    plan: Workbook, press: Press, macros: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(book: Any, *_: object) -> None:
        book.set_value(LAST_NAME, "x")
        book.write("log", [LOG_HEADINGS])
        raise BookError("Excel weigert", "Start Excel opnieuw")

    monkeypatch.setattr(macros, "record", spoilt)
    text, mode = press("vernieuw_bestuursmemo", plan)
    assert "De werkmap is niet bijgewerkt; kijk de bladen Verversing en Logboek na.\nExcel weigert" in text
    assert mode == "critical"


def test_the_inputs_come_back_after_a_refresh(plan: Workbook, press: Press) -> None:
    before = state(plan, INPUTS)
    press("vernieuw_bestuursmemo", plan)
    outputs = state(plan, OUTPUTS)
    cell(plan, "plan", 3, 6).enter(5)
    cell(plan, "intake", 1, 1).enter("mei 2031")
    text, mode = press("herstel_vorige_stand", plan)
    assert (text.startswith("Hersteld naar de stand van "), mode) == (True, None)
    assert state(plan, INPUTS) == before
    assert state(plan, OUTPUTS) == outputs


# Herstel vorige stand


def test_what_the_memo_was_made_from_comes_back_and_then_what_came_after(
    book: Workbook, press: Press
) -> None:
    cell(book, "plan", 4, 5).enter("=60000*2")
    cell(book, "control_totals", 1, 2).value = 245_000.50 + RESULT
    cell(book, "plan", 1, 3).enter("'=1+1")
    before = state(book, INPUTS)
    text, mode = press("vernieuw_bestuursmemo", book)
    assert (text.startswith("De memo staat in"), mode) == (True, None)
    cell(book, "plan", 1, 3).enter("anders")
    cell(book, "plan", 2, 5).enter(None)
    cell(book, "plan", 4, 5).enter(5)
    cell(book, "premises", 4, 1).enter("anders")
    after = state(book, INPUTS)
    text, mode = press("herstel_vorige_stand", book)
    assert mode is None
    assert text.startswith("Hersteld naar de stand van ")
    assert ": 3 cellen gewijzigd op Plan en 1 op Over.\n" in text
    assert state(book, INPUTS) == before
    press("herstel_vorige_stand", book)
    assert state(book, INPUTS) == after
    press("herstel_vorige_stand", book)
    assert state(book, INPUTS) == before
    assert len(snapshots_of(folder(book))) == 4, "older ones are kept"


def test_lines_and_years_that_came_go_and_those_that_went_come_back(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    before, plan, goals = state(book), book.table("tblPlan"), book.table("tblDoelen")
    plan.width += 1
    cell(book, "plan", 0, 8).enter("'2033")
    cell(book, "plan", 1, 8).enter(5)
    goals.height -= 1
    for column in range(6):
        cell(book, "goals", 5, column).enter(None)
    after = state(book)
    press("herstel_vorige_stand", book)
    assert state(book) == before
    assert cell(book, "plan", 1, 8).value is None
    press("herstel_vorige_stand", book)
    assert state(book) == after


def test_the_whole_plan_comes_back_with_the_formats_of_its_cells(plan: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", plan)
    before = state(plan)
    cell(plan, "plan", 3, 6).enter(5)
    cell(plan, "plan", 4, 3).enter("=1+1")  # text: the column is
    cell(plan, "intake", 1, 1).enter("mei 2031")
    cell(plan, "links", 2, 2).enter(None)
    text, _ = press("herstel_vorige_stand", plan)
    assert ": 2 cellen gewijzigd op Plan, 1 op Doelen en 1 op Instroom.\n" in text
    assert state(plan) == before


def test_without_an_earlier_state_nothing_happens(book: Workbook, press: Press) -> None:
    text, mode = press("herstel_vorige_stand", book)
    assert text.startswith("Er is geen eerdere stand die van de huidige verschilt.\n")
    assert mode is None
    assert snapshots_of(folder(book)) == []
    press("vernieuw_bestuursmemo", book)
    text, _ = press("herstel_vorige_stand", book)
    assert text.startswith("Er is geen eerdere stand die van de huidige verschilt.\n")
    assert len(snapshots_of(folder(book))) == 1


def test_a_renamed_copy_has_no_earlier_state(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    cell(book, "plan", 1, 5).enter(5)
    book.Name = "BDuR_plan v4.xlsm"
    text, _ = press("herstel_vorige_stand", book)
    assert text.startswith("Er is geen eerdere stand")


def test_in_documents_workbooks_of_one_name_are_kept_apart(
    file: Path, tmp_path: Path, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    one, other = online(file), online(file, "https://archief.sharepoint.com")
    press("vernieuw_bestuursmemo", one)
    (kept,) = snapshots_of(tmp_path / "Documents")
    assert kept.startswith("BDuR_plan v3 definitief ")
    for book in (one, other):
        cell(book, "plan", 1, 5).enter(5)
    assert press("herstel_vorige_stand", other)[0].startswith("Er is geen eerdere stand")
    assert press("herstel_vorige_stand", one)[0].startswith("Hersteld naar de stand van ")


def test_a_full_disk_leaves_the_workbook_as_it_is(
    book: Workbook, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press("vernieuw_bestuursmemo", book)
    cell(book, "plan", 1, 5).enter(5)
    before = state(book)

    def full(_: int) -> None:
        raise OSError("vol")

    monkeypatch.setattr(os, "fsync", full)
    text, mode = press("herstel_vorige_stand", book)
    assert text.startswith("De stand van nu kan niet worden bewaard in")
    assert mode == "critical"
    assert state(book) == before


MOVE_IT = "Zet dat bestand in een andere map en probeer het opnieuw."


def test_a_damaged_snapshot_is_passed_over_and_named(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    before = state(book)
    kept = folder(book) / "momentopnamen"
    (good,) = kept.iterdir()
    bad = kept / good.name.replace(".json", " (2).json")  # of the same second, so newer
    bad.write_bytes(good.read_bytes()[:-100])
    cell(book, "plan", 1, 5).enter(5)
    text, mode = press("herstel_vorige_stand", book)
    assert text.startswith("Hersteld naar de stand van ")
    assert text.endswith(f"\nOvergeslagen: {bad} is geen leesbare momentopname. {MOVE_IT}")
    assert mode is None
    assert state(book) == before


def test_with_damaged_snapshots_only_the_workbook_stays_as_it_is(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    (kept,) = (folder(book) / "momentopnamen").iterdir()
    kept.write_bytes(kept.read_bytes()[:-100])
    cell(book, "plan", 1, 5).enter(5)
    before = state(book)
    text, _ = press("herstel_vorige_stand", book)
    assert text.startswith("Er is geen eerdere stand")
    assert text.endswith(f"\nOvergeslagen: {kept} is geen leesbare momentopname. {MOVE_IT}")
    assert state(book) == before


def test_what_a_closed_file_left_is_not_brought_back(book: Workbook, file: Path, press: Press) -> None:
    """Its formulas were read as figures."""
    kept = folder(book) / "momentopnamen"
    assert cli.main(["ververs", str(file), "--zonder-pdf"]) == 0
    (other,) = kept.iterdir()
    other.rename(kept / other.name.replace(file.stem, Path(NAME).stem))
    cell(book, "plan", 1, 5).enter(5)
    text, _ = press("herstel_vorige_stand", book)
    assert text.startswith("Er is geen eerdere stand")


def test_what_excel_refuses_halfway_leaves_every_table_as_it_was(book: Workbook, press: Press) -> None:
    press("vernieuw_bestuursmemo", book)
    cell(book, "plan", 1, 5).enter(5)
    cell(book, "premises", 1, 1).enter("anders")
    before, over = state(book), book.table("tblUitgangspunten").Parent
    over.ProtectContents, over.password = True, "geheim"
    text, mode = press("herstel_vorige_stand", book)
    assert text == "Het blad Over is met een wachtwoord beveiligd.\nHef die beveiliging op en druk opnieuw."
    assert mode == "critical"
    assert state(book) == before
