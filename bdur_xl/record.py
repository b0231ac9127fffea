"""What a refresh writes in the open workbook: what the memo printed, what the checks found, the log."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction

import bdur_xl
from bdur_xl.book import Book, BookError, Formula
from bdur_xl.checks import INPUT_CHECK, Outcome
from bdur_xl.figures import FigureRow, Unit, lines_text, place_of
from bdur_xl.grids import CHECK_HEADINGS, finding_rows
from bdur_xl.memo import MemoFacts
from bdur_xl.memo_origins import block_texts, printed_figures
from bdur_xl.model import Finding
from bdur_xl.origins import is_one_cell
from bdur_xl.refresh import Examined

LOG_HEADINGS = ("wanneer", "versie", "vingerafdruk", "uitkomst")
FIGURE_HEADINGS = (
    "kenmerk", "cijfer", "kolom", "in de memo", "nu", "verschil", "blad en cel", "planregels", "rekenregel",
)  # fmt: skip
KENMERK, WHAT, COLUMN, PRINTED, NOW, CHANGE, PLACE, LINES, RULE = range(len(FIGURE_HEADINGS))

NOW_NAME, LAST_NAME = "vingerafdruk_nu", "vingerafdruk_laatst"
"""Names of the cells with the fingerprint of the input: as it is, and as it was at the last refresh."""

NO_FINGERPRINT = "onbekend"


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
            "Neem uw invoer over in een nieuwe werkmap van deze versie: bdur bijwerken.",
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
