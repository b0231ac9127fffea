"""Refresh before the board memo: rows in, checks, and what the workbook must hold afterwards.

`state_of` reads a book, `examine` says what a memo of it may state; nothing is written. Then the
memo itself is made (`files.deliver`), and at last `record` writes in the open workbook what the
memo printed, what the checks found and a line in the log.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction

import bdur_xl
from bdur_xl import nl
from bdur_xl.book import Book, BookError, Formula, Source, computed
from bdur_xl.checks import INPUT_CHECK, Outcome, run_checks
from bdur_xl.figures import FigureRow, Unit, lines_text, place_of
from bdur_xl.grids import CHECK_HEADINGS, finding_rows
from bdur_xl.memo import MemoFacts, memo_facts
from bdur_xl.memo import Source as MemoSource
from bdur_xl.memo_origins import block_texts, printed_figures
from bdur_xl.model import Finding, Inputs, Status, faults
from bdur_xl.nl import listing
from bdur_xl.origins import MEMO_SHEET, is_one_cell, places
from bdur_xl.overview import overview
from bdur_xl.parse import parse_inputs
from bdur_xl.restore import Snapshot, inputs_of
from bdur_xl.terms import Basis

LOG_HEADINGS = ("wanneer", "versie", "vingerafdruk", "uitkomst")
FIGURE_HEADINGS = (
    "kenmerk", "cijfer", "kolom", "in de memo", "nu", "verschil", "blad en cel", "planregels", "rekenregel",
)  # fmt: skip
KENMERK, WHAT, COLUMN, PRINTED, NOW, CHANGE, PLACE, LINES, RULE = range(len(FIGURE_HEADINGS))

NOW_NAME, LAST_NAME = "vingerafdruk_nu", "vingerafdruk_laatst"
"""Names of the cells with the fingerprint of the input: as it is, and as it was at the last refresh."""

NO_FINGERPRINT = "onbekend"


class Refused(Exception):  # noqa: N818  # the plan is at fault, not the program
    """A plan of which no memo may be made: a cell cannot be read, or a check that must hold does not."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} bevindingen")
        self.findings = tuple(findings)

    @property
    def verdict(self) -> str:
        """Say in one sentence why there is no memo."""
        unreadable = faults(list(self.findings))
        if unreadable:
            return f"{_counted(unreadable)}: er is geen memo gemaakt."
        codes = dict.fromkeys(finding.code for finding in self.findings)
        verb = (
            "klopt een controle die moet kloppen"
            if len(codes) == 1
            else "kloppen controles die moeten kloppen"
        )
        return f"Er {verb} niet ({listing(codes)}): er is geen memo gemaakt en niets gewijzigd."

    def verdict_on(self, name: str) -> str:
        """Say in one sentence that the file of that name cannot be read, where no memo was asked for."""
        return f"{_counted(self.findings)} van {name}."


def _counted(unreadable: Sequence[Finding]) -> str:
    return f"{nl.plural(len(unreadable), 'fout', 'fouten')} in de invoer"


@dataclass(frozen=True, slots=True)
class Examined:
    """A plan that was read and checked, and what its memo states."""

    snapshot: Snapshot
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


def examine(state: Snapshot, changes: tuple[str, ...] = ()) -> Examined:
    """Check a plan and return what its memo would state; `changes` tell what is new in it.

    Raises Refused when a cell cannot be read; failed checks are for `refuse_failed`.
    """
    inputs, notes = plan_of(state)
    outcomes = run_checks(inputs)
    view, moment = overview(inputs), state.moment
    source = MemoSource(view, outcomes, Basis.EXACT, notes, changes)
    facts = memo_facts(source, (moment.year, moment.month, moment.day), state.places)
    if doubled := list(_named_as_figures(inputs, facts.rows)):
        raise Refused(doubled)
    results = {row.figure_id(column): value for row in facts.rows for column, value in row.values.items()}
    return Examined(replace(state, results=results), notes, outcomes, facts)


def _named_as_figures(inputs: Inputs, rows: Sequence[FigureRow]) -> Iterator[Finding]:
    """Yield the plan lines with the code of another figure: `ruimte-exact.2027` would be two figures."""
    counts = Counter(row.kenmerk for row in rows)
    for line in inputs.plan.lines:
        if counts[line.line_id] > 1:
            message = f"de code {line.line_id} is ook het kenmerk van een ander cijfer in de memo"
            yield Finding("invoer", Status.FAULT, line.place, message, "Geef de regel een andere code.")


def refuse_failed(examined: Examined) -> None:
    """Raise Refused when a check that must hold does not: of such a plan no memo is made."""
    found = (finding for outcome in examined.outcomes for finding in outcome.findings)
    if failed := [finding for finding in found if finding.status in (Status.FAULT, Status.FAILED)]:
        raise Refused(failed)


def record(book: Book, examined: Examined, told: str) -> None:
    """Write in the open workbook what was found and printed, the fingerprint, and a line in the log.

    All or nothing: when something cannot be written, what was is put back. Raises BookError.
    """
    seen = book.value(NOW_NAME)
    fingerprint = seen if type(seen) is str and seen else NO_FINGERPRINT  # an error value is Unreadable
    outputs: dict[str, list[Sequence[object]]] = {
        "figures": [FIGURE_HEADINGS, *figure_rows(examined.facts)],
        "findings": [CHECK_HEADINGS, *found_rows(examined.notes, examined.outcomes)],
        "log": [*_rows(book, "log"), log_row(examined.snapshot.moment, fingerprint, told)],
    }
    before = {key: _rows(book, key) for key in outputs}
    last = book.value(LAST_NAME)
    begun = []
    try:
        for key, rows in outputs.items():
            begun.append(key)
            book.write(key, rows)
        book.set_value(LAST_NAME, fingerprint)
    except Exception:
        for key in begun:
            with suppress(BookError):  # what cannot be put back must not keep the rest
                book.write(key, before[key])
        with suppress(BookError):
            book.set_value(LAST_NAME, str(last or ""))
        raise


def _rows(book: Book, key: str) -> list[Sequence[object]]:
    raw = book.read(key)
    if raw is None:
        raise BookError(
            "Deze werkmap mist de tabellen waarin een verversing schrijft (bladen Verversing en Logboek)",
            "Neem uw invoer over in een nieuwe werkmap van deze versie.",
        )
    return [raw.headings, *(row for _, row in raw.rows)]


def log_row(moment: dt.datetime, fingerprint: str, told: str) -> tuple[object, ...]:
    """Return a line of the log: when, program version, fingerprint of the input, outcome; no person."""
    return moment.replace(tzinfo=None), bdur_xl.__version__, fingerprint, told


def found_rows(notes: tuple[Finding, ...], outcomes: tuple[Outcome, ...]) -> Iterator[tuple[object, ...]]:
    """Yield what reading the cells and the checks found, a row each, as the sheet Controles shows it."""
    noticed = [Outcome(INPUT_CHECK, notes)] if notes else []
    for outcome in (Outcome(INPUT_CHECK, ()), *noticed, *outcomes):
        yield from finding_rows(outcome)


def figure_rows(facts: MemoFacts) -> Iterator[tuple[object, ...]]:
    """Yield each figure that the memo may print, with a formula for what its cell holds now."""
    printed = printed_figures(text for block in facts.blocks.values() for text in block_texts(block))
    for row in facts.rows:
        for column, value in row.values.items():
            if row.figure_id(column) in printed and value is not None:
                yield _figure_row(facts, row, column, value)


def _figure_row(facts: MemoFacts, row: FigureRow, column: str, value: Fraction | int) -> tuple[object, ...]:
    place = place_of(row, column, facts.places)
    own = place if not row.of and is_one_cell(place) else ""
    lines = lines_text(row.lines, facts.rows[0].lines)
    shown = in_cell(value, row.unit)
    return (
        row.kenmerk, row.what, column, shown,
        Formula(f"={_reference(own)}", shown) if own else None,
        Formula(f"=ROUND({_reference(own)}-{shown!r},2)", 0.0) if own else None,
        place, lines, row.rule,
    )  # fmt: skip


def _reference(place: str) -> str:
    """Return a place as a formula refers to it; of more cells their sum."""
    sheet, _, cells = place.rpartition("!")
    named = "'" + sheet.replace("'", "''") + "'"  # what staff call a sheet must not end its name here
    return f"SUM({named}!{cells})" if ":" in cells else f"{named}!{cells}"


def in_cell(value: Fraction | int, unit: Unit) -> float:
    """Return a figure as a cell holds it: euros, fte, a share, months."""
    exact = Fraction(value, 100) if unit in (Unit.EURO, Unit.FTE) else Fraction(value)
    return float(round(exact, 4))
