"""Refresh before the board memo: rows in, checks, and what its memo may state.

`state_of` reads a book, `examine` says what a memo of it may state; nothing is written. Then the
memo itself is made (`files.deliver`), and at last `record.record` writes in the open workbook what
came of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bdur_xl.book import Refused, Source, computed
from bdur_xl.checks import Outcome, each_outcome
from bdur_xl.figures import MOST_LISTED, FigureRow
from bdur_xl.memo import MemoFacts, memo_facts
from bdur_xl.memo import Source as MemoSource
from bdur_xl.model import Finding, Inputs, Plan, Status, faults
from bdur_xl.origins import MEMO_SHEET, places
from bdur_xl.overview import overview
from bdur_xl.parse import parse_inputs
from bdur_xl.plan_columns import line_ids
from bdur_xl.restore import Snapshot, inputs_of
from bdur_xl.terms import Basis


class Examined(NamedTuple):
    """A plan that was read and checked, and what its memo states."""

    snapshot: Snapshot
    inputs: Inputs
    notes: tuple[Finding, ...]
    outcomes: tuple[Outcome, ...]
    facts: MemoFacts


def state_of(source: Source, moment: dt.datetime, *, typed: bool) -> Snapshot:
    """Return the inputs of a book at a moment, and where it shows its figures.

    `typed` tells that it gives formulas as typed, so that this state can be brought back.
    """
    tables = inputs_of(source)
    return Snapshot(moment, tables, typed, places(tables, source.cells(MEMO_SHEET)))


def plan_of(state: Snapshot) -> tuple[Inputs, tuple[Finding, ...]]:
    """Return what a state says, and the notes on its cells. Raises Refused when a cell cannot be read."""
    inputs, found = parse_inputs({key: computed(raw) for key, raw in state.tables.items()})
    if wrong := faults(found):
        raise Refused(wrong)
    return inputs, tuple(found)


Changes = Callable[[Snapshot, Inputs], tuple[str, ...]]
"""Tells in sentences what is new in a plan."""


def examine(state: Snapshot, changes: Changes = lambda *_: (), *, whole: bool = True) -> Examined:
    """Check a plan and return what its memo would state.

    Unless `whole` the outcomes hold no more findings than a memo lists: those of a large plan are much.
    Raises Refused when a cell cannot be read; failed checks are for `refuse_failed`.
    """
    inputs, notes = plan_of(state)
    found = each_outcome(inputs)
    outcomes = tuple(found if whole else (one.shortened(MOST_LISTED) for one in found))
    view, moment = overview(inputs), state.moment
    source = MemoSource(view, outcomes, Basis.EXACT, notes, changes(state, inputs))
    facts = memo_facts(source, (moment.year, moment.month, moment.day), state.places)
    if doubled := list(_named_as_figures(inputs, facts.rows)):
        raise Refused(doubled)
    results = {row.figure_id(column): value for row in facts.rows for column, value in row.values.items()}
    return Examined(state._replace(results=results), inputs, notes, outcomes, facts)


def _named_as_figures(inputs: Inputs, rows: Sequence[FigureRow]) -> Iterator[Finding]:
    """Yield the plan lines with the code of another figure: `ruimte-exact.2027` would be two figures."""
    counts = Counter(row.kenmerk for row in rows)
    for at, line_id in enumerate(line_ids(inputs.plan.lines)):
        if counts[line_id] > 1:
            message = f"de code {line_id} is ook het kenmerk van een ander cijfer in de memo"
            place = inputs.plan.lines[at].place
            yield Finding("invoer", Status.FAULT, place, message, "Geef de regel een andere code.")


def refuse_failed(examined: Examined) -> None:
    """Raise Refused when a check that must hold does not: of such a plan no memo is made."""
    found = (finding for outcome in examined.outcomes for finding in outcome.findings)
    if failed := [finding for finding in found if finding.status in (Status.FAULT, Status.FAILED)]:
        raise Refused(failed)


def to_print(examined: Examined, *, keep: bool) -> Examined:
    """Return what a memo is written from, and what is kept of the state: of a large plan the rest is much."""
    state = examined.snapshot if keep else Snapshot(examined.snapshot.moment, {})
    return Examined(state, Inputs(Plan((), ())), examined.notes, (), examined.facts)
