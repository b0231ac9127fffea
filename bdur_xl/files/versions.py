"""Two versions of a plan side by side: workbooks, or snapshots that a refresh kept."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bdur_xl.book import Refused
from bdur_xl.files.shelf import FOLDER, snapshot_files
from bdur_xl.model import Inputs
from bdur_xl.origins import MEMO_SHEET
from bdur_xl.overview import Overview, overview
from bdur_xl.refresh import Changes, plan_of, state_of
from bdur_xl.restore import Snapshot

SUFFIX = ".json"
"""Of a snapshot."""


class Version(NamedTuple):
    """A plan as it was at a moment."""

    moment: dt.datetime
    overview: Overview


def read_state(path: Path, now: dt.datetime | None = None) -> Snapshot:
    """Return the state that a snapshot or a closed workbook holds; a workbook's moment is `now`.

    Without `now` it is when the workbook was saved. Raises BookError or WorkbookError.
    """
    if path.suffix.lower() == SUFFIX:
        from bdur_xl.files.snapshots import read_snapshot  # most plans are workbooks

        return read_snapshot(path)
    from bdur_xl.files.workbook import ClosedWorkbook  # LibreOffice's own Python has no calamine

    book = ClosedWorkbook(path, MEMO_SHEET)
    return state_of(book, now or dt.datetime.fromtimestamp(path.stat().st_mtime), typed=False)


def read_version(path: Path) -> Version:
    """Return the plan that a snapshot or a workbook holds. Raises Refused as well."""
    return version_of(read_state(path))


def version_of(state: Snapshot) -> Version:
    """Return the plan of a state. Raises Refused when it cannot be read."""
    inputs, _ = plan_of(state)
    return Version(state.moment, overview(inputs))


def changes_since(folder: Path, stem: str) -> Changes:
    """Return what tells, in marked sentences, what changed since the version that a plan names; mostly none.

    That version is the newest earlier snapshot of the workbook `stem` on or before the day that the
    premise "wijzigingen sinds" tells. What it returns raises BookError for a damaged snapshot.
    """
    return partial(_changes, snapshot_files(folder / FOLDER, stem))


def _changes(kept_ones: Iterable[Path], state: Snapshot, inputs: Inputs) -> tuple[str, ...]:
    day = inputs.premises.changes_since
    if day is None:
        return ()
    from bdur_xl.compare import compare  # most plans ask for no changes
    from bdur_xl.compare_sentences import sentences
    from bdur_xl.files.snapshots import read_snapshot

    since = dt.date(*day)
    shelf = map(read_snapshot, kept_ones)
    found = (kept for kept in shelf if kept.moment.date() <= since and kept.moment < state.moment)
    earlier = next(found, None)
    if earlier is None:
        shown = f"{since.day}-{since.month}-{since.year}"
        return (f"Van {shown} of daarvoor is geen versie bewaard; wat sindsdien wijzigde is niet te zeggen.",)
    try:
        then, _ = plan_of(earlier)
    except Refused:
        return ("De bewaarde vorige versie is niet leesbaar; wat sindsdien wijzigde is niet te zeggen.",)
    # That staff ask for the changes is none of them.
    then = then._replace(premises=then.premises._replace(changes_since=day))
    return sentences(compare(overview(then), overview(inputs)), earlier.moment.date())
