"""What the buttons of the workbook start, by xlwings' RunPython.

Each macro reads the open workbook, changes not yet saved included, and says in one
Dutch message what came of it.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from pathlib import Path

import xlwings as xw

from bdur_xl import nl
from bdur_xl.book import BookError, Refused
from bdur_xl.checks import run_checks
from bdur_xl.files.atomic import reason, remedy
from bdur_xl.files.deliver import Delivered, deliver, delivered_text
from bdur_xl.files.shelf import FOLDER
from bdur_xl.files.snapshots import bring_back
from bdur_xl.files.versions import changes_since
from bdur_xl.model import Status
from bdur_xl.record import record
from bdur_xl.refresh import Examined, examine, plan_of, refuse_failed, state_of
from bdur_xl.restore import Snapshot
from bdur_xl.tables import OUTPUT_TABLES
from bdur_xl.told import lines, log_text, verdict, why, with_findings
from udfs.open_workbook import OpenWorkbook, quietly

TITLE = "BDuR"


def macro(work: Callable[[xw.Book], str]) -> Callable[[], None]:
    """Make a button's target: run `work` on the calling workbook and show the text it returns."""

    @wraps(work)
    def run() -> None:
        book = xw.Book.caller()
        try:
            book.app.alert(work(book), title=TITLE)
        except Exception as error:
            book.app.alert(why(error, work.__name__), title=TITLE, mode="critical")

    return run


@macro
def controleer(book: xw.Book) -> str:
    """Check the plan: what does not hold, where, and what to do."""
    try:
        inputs, _ = plan_of(_state(book, OpenWorkbook(book)))
    except Refused as refused:
        fault_count = nl.plural(len(refused.findings), "fout", "fouten")
        return with_findings(f"{fault_count} in de invoer.", refused.findings)
    outcomes = run_checks(inputs)
    found = (finding for outcome in outcomes for finding in outcome.findings)
    return with_findings(verdict(outcomes), [one for one in found if one.status is Status.FAILED])


@macro
def vernieuw_bestuursmemo(book: xw.Book) -> str:
    """Check the plan, make the memo and its PDF beside the workbook, and record them in it.

    The same as `bdur ververs`. A plan that is refused changes nothing.
    """
    shown, folder, stem = OpenWorkbook(book), _folder(book), _stem(book)
    with _progress(book) as tell:
        tell("Werkmap lezen en controleren")
        state = _state(book, shown)
        examined = examine(state, changes_since(folder, stem))
        refuse_failed(examined)
        try:
            made = deliver(examined, folder, stem, tell=tell)
        except OSError as error:
            raise BookError(
                f"De memo kan niet worden geschreven in {folder} ({reason(error)}); "
                "de werkmap is niet gewijzigd",
                remedy(error),
            ) from error
        tell("Uitkomsten in de werkmap zetten")
        _record(book, shown, examined, made)
    return "\n".join([delivered_text(made), *lines(examined.notes)])


def _record(book: xw.Book, shown: OpenWorkbook, examined: Examined, made: Delivered) -> None:
    """Record a refresh in the workbook; when that fails the memo stays, and the message says both."""
    before = [shown.read(key) for key in OUTPUT_TABLES]
    try:
        with quietly(book):
            record(shown, examined, log_text(examined.outcomes, made.memo.name))
    except Exception as error:
        left = "De werkmap is niet bijgewerkt; kijk de bladen Verversing en Logboek na"
        with suppress(Exception):  # Excel may answer nothing any more
            if before == [shown.read(key) for key in OUTPUT_TABLES]:
                left = "De werkmap is niet bijgewerkt en is zoals hij was"
        raise BookError(
            f"{delivered_text(made)}\n\n{left}", why(error, "vastleggen in de werkmap")
        ) from error


@macro
def herstel_vorige_stand(book: xw.Book) -> str:
    """Bring back the inputs as last kept; those of now are kept first, for the next time."""
    with quietly(book):
        return bring_back(OpenWorkbook(book), _folder(book) / FOLDER, _stem(book), _now())


def _state(book: xw.Book, shown: OpenWorkbook) -> Snapshot:
    """Return the inputs as they are on screen, calculated afresh."""
    book.app.calculate()
    return state_of(shown, _now(), typed=True)


def _now() -> dt.datetime:
    return dt.datetime.now().replace(microsecond=0)


@contextmanager
def _progress(book: xw.Book) -> Iterator[Callable[[str], None]]:
    """Yield what shows a step in the status bar; afterwards the bar is Excel's again."""

    def tell(step: str) -> None:
        book.app.status_bar = f"{TITLE}: {step} …"

    try:
        yield tell
    finally:
        book.app.status_bar = False


def _stem(book: xw.Book) -> str:
    """Return how the names of a workbook's snapshots begin.

    In Documents those of different places meet: a mark of the place keeps them apart.
    """
    stem = Path(book.name).stem
    if _own_folder(book):
        return stem
    return f"{stem} {hashlib.sha256(book.api.FullName.encode()).hexdigest()[:8]}"


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
