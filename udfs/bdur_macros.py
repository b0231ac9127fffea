"""What the buttons of the workbook start, by xlwings' RunPython.

Each macro says in one Dutch message what came of it. Figures come from a copy of
the open workbook, changes not yet saved included. Only `herstel_vorige_stand`
writes in the workbook.
"""

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from tempfile import TemporaryDirectory

import xlwings as xw

from bdur_xl import cli, nl
from bdur_xl.book import BookError
from bdur_xl.checks import run_checks
from bdur_xl.files.snapshots import FOLDER, snapshots, write_snapshot
from bdur_xl.files.workbook import WorkbookError, read_properties, read_workbook
from bdur_xl.model import Finding, Status, faults, open_ones
from bdur_xl.parse import parse_inputs
from bdur_xl.restore import Snapshot, Tables, inputs_of, latest_other, restore, restored_text
from udfs.open_workbook import OpenWorkbook, quietly

TITLE = "BDuR"
MOST_FINDINGS = 5
"""Findings that fit in a message box; the sheet Controles has them all."""

_NOUNS = {
    Status.DEVIATION: ("afwijking", "afwijkingen"),
    Status.SIGNAL: ("signaal", "signalen"),
    Status.QUESTION: ("vraag", "vragen"),
}


def macro(work: Callable[[xw.Book], str]) -> Callable[[], None]:
    """Make a button's target: run `work` on the calling workbook and show the text it returns."""

    @wraps(work)
    def run() -> None:
        book = xw.Book.caller()
        try:
            book.app.alert(work(book), title=TITLE)
        except (WorkbookError, BookError) as error:
            book.app.alert(f"{error.message}.\n{error.remedy}", title=TITLE, mode="critical")
        except Exception as error:  # a traceback helps nobody here
            text = f"Dit is niet gelukt ({type(error).__name__}: {error})."
            book.app.alert(f"{text}\nMeld het met deze tekst aan de beheerder.", title=TITLE, mode="critical")

    return run


@macro
def controleer(book: xw.Book) -> str:
    """Check the plan: what does not hold, where, and what to do."""
    with _copy(book) as path:
        inputs, notes = parse_inputs(read_workbook(path))
        inputs = replace(inputs, properties=read_properties(path))
    if wrong := faults(notes):
        return _told(f"{nl.plural(len(wrong), 'fout', 'fouten')} in de invoer.", wrong)
    found = [finding for outcome in run_checks(inputs) for finding in open_ones(outcome.findings)]
    failed = [finding for finding in found if finding.status is Status.FAILED]
    verdict = (
        f"{nl.plural(len(failed), 'controle klopt', 'controles kloppen')} niet." if failed else "Alles klopt."
    )
    counts = ((sum(finding.status is status for finding in found), words) for status, words in _NOUNS.items())
    rest = [nl.plural(count, *words) for count, words in counts if count]
    return _told(f"{verdict} {f'Verder {nl.listing(rest)}.' if rest else ''}", failed)


@macro
def vernieuw_bestuursmemo(book: xw.Book) -> str:
    """Keep the inputs, then write a new board memo in Word, beside the workbook."""
    _keep(book, inputs_of(OpenWorkbook(book)))
    with _copy(book) as path:
        return _command("memo", str(path), "-o", str(_folder(book)))


@macro
def herstel_vorige_stand(book: xw.Book) -> str:
    """Bring back the inputs as last kept; those of now are kept first, for the next time."""
    shown, (folder, stem) = OpenWorkbook(book), _shelf(book)
    present = inputs_of(shown)
    earlier = latest_other(snapshots(folder, stem), present)
    if earlier is None:
        return (
            "Er is geen eerdere stand die van de huidige verschilt.\n"
            f"De knop Vernieuw bestuursmemo bewaart de invoer steeds eerst, in {folder}."
        )
    _keep(book, present)
    with quietly(book):
        restored = restore(shown, earlier.tables, present)
    return restored_text(earlier.moment, restored)


def _keep(book: xw.Book, present: Tables) -> None:
    """Keep the inputs of now; of a workbook without input tables there is nothing to keep."""
    if present:
        write_snapshot(*_shelf(book), Snapshot(dt.datetime.now().replace(microsecond=0), present))


def _shelf(book: xw.Book) -> tuple[Path, str]:
    """Return where the snapshots of a workbook stand, and how their names begin.

    In Documents those of different places meet: a mark of the place keeps them apart.
    """
    stem = Path(book.name).stem
    if not _own_folder(book):
        stem += f" {hashlib.sha256(book.api.FullName.encode()).hexdigest()[:8]}"
    return _folder(book) / FOLDER, stem


def _told(verdict: str, findings: list[Finding]) -> str:
    shown = [
        f"{finding.where}: {finding.message}.\n→ {finding.remedy}" for finding in findings[:MOST_FINDINGS]
    ]
    return "\n\n".join([verdict.strip(), *shown, "Het blad Controles noemt alles."])


def _command(*arguments: str) -> str:
    """Run a `bdur` command and return what it prints."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed), suppress(SystemExit):  # it has said why
        cli.main(arguments)
    return printed.getvalue().strip()


@contextmanager
def _copy(book: xw.Book) -> Iterator[Path]:
    """Yield the workbook as it is on screen, as a closed file."""
    with TemporaryDirectory() as folder:
        path = Path(folder, book.name)
        book.api.SaveCopyAs(str(path))
        yield path


def _folder(book: xw.Book) -> Path:
    """Return where what is made for a workbook goes: beside it, or Documents when that cannot be."""
    return _own_folder(book) or Path.home() / "Documents"


def _own_folder(book: xw.Book) -> Path | None:
    """Return where the workbook stands; None when that is no folder of this computer."""
    try:
        folder = Path(book.fullname).parent
    except xw.XlwingsError:  # a SharePoint address without a synchronised folder
        return None
    return folder if folder.is_absolute() and folder.is_dir() else None
