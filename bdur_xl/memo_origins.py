"""Bijlage Herkomst: every figure that a memo prints, with its cell, its plan lines and its rule."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Set

from bdur_xl import amounts, nl, traced
from bdur_xl.chart import Chart
from bdur_xl.figures import Figure, FigureRow, figures, lines_text, place_of, shown
from bdur_xl.memo import CHANGES, Block, MemoFacts, Placeholder
from bdur_xl.memo_tables import Column, Row, Table
from bdur_xl.origins import joined
from bdur_xl.terms import OPPOSITE

WORDS_MARK = "Kenmerk van de tekst"

QUOTED, QUOTED_RULE = "overgenomen tekst", "zoals in die tekst"

ORIGINS = "tabel_herkomst"
"""Field of the table of origins: it lists what the memo turns out to print."""


def printed_figures(texts: Iterable[str]) -> frozenset[str]:
    """Return the ids of the figures that marked texts print."""
    return frozenset(figure_id for _, ids in _marks(texts) for figure_id in traced.single(ids))


def _marks(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each marked text with its ids."""
    return ((shown, ids) for text in texts for shown, ids in traced.pieces(text) if ids)


def block_texts(block: Block) -> Iterator[str]:
    """Yield every text of a block, marked."""
    match block:
        case Table():
            yield block.caption
            yield from (column.heading for column in block.columns)
            yield from (cell for row in block.rows for cell in row.cells if cell)
            yield from block.notes
        case Chart():
            yield from block.notes
        case Placeholder():
            yield block.text
        case _:
            yield from block.texts


def known_figures(facts: MemoFacts) -> dict[str, Figure]:
    """Return every figure that the memo may state by its id, those in quoted texts included."""
    found = figures(facts.rows, facts.places)
    for text, ids in _marks(text for block in facts.blocks.values() for text in block_texts(block)):
        amount = next(amounts.find_amounts(text), None)
        if amount is None or amount.value is None:
            continue
        value = -amount.value if ids.startswith(OPPOSITE) else amount.value
        for figure_id in traced.single(ids):
            place = quote_place(facts, figure_id.rpartition(".")[0])
            found.setdefault(figure_id, Figure(figure_id, QUOTED, value, amount.unit, QUOTED_RULE, place))
    return found


def words_mark(facts: MemoFacts) -> str:
    """Return a mark of the memo's computed words, figures left out: other words give another mark.

    So a memo whose figures still hold, but not what it says of them, can be told. What changed
    since an earlier version does not count: that depends on which versions are kept.
    """
    texts = (text for name, block in facts.blocks.items() if name != CHANGES for text in block_texts(block))
    words = (shown if not ids else "#" for text in texts for shown, ids in traced.pieces(text))
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def stated_words_mark(texts: Iterable[str]) -> str | None:
    """Return the mark that a memo carries; None when it has lost it."""
    found = (re.search(f"{WORDS_MARK}: ([0-9a-f]{{12}})", text) for text in texts)
    return next((one[1] for one in found if one), None)


def origin_table(facts: MemoFacts, texts: Iterable[str]) -> Table:
    """Return where each printed figure comes from: kenmerk, figure, sheet and cell, plan lines, rule."""
    printed = {ids: text for text, ids in _marks(texts)}
    stated = {figure_id for ids in printed for figure_id in traced.single(ids)}
    rows = [row for one in facts.rows if (row := _origin_row(facts, one, stated))]
    computed = {row.figure_id(column) for row in facts.rows for column in row.values}
    quotes: dict[str, dict[str, str]] = {}
    for ids, text in printed.items():
        if not computed.intersection(traced.single(ids)):
            mark, _, number = ids.removeprefix(OPPOSITE).rpartition(".")
            quotes.setdefault(mark, {})[number] = traced.marked(ids, _unbroken(text))
    rows += [
        Row((mark, QUOTED, _valued(values), quote_place(facts, mark), "", QUOTED_RULE))
        for mark, values in quotes.items()
    ]
    first = facts.rows[0]
    example = first.figure_id(next(iter(first.values), ""))
    return Table(
        "Herkomst van de cijfers in deze memo",
        tuple(map(Column, ("Kenmerk", "Cijfer", "Waarden", "Blad en cel", "Planregels", "Rekenregel"))),
        tuple(rows),
        (
            f"Het kenmerk met het jaar erachter ({example}) is de naam van het cijfer; in Word staat "
            "die bij het cijfer zelf. bdur toets legt een bewerkte memo met deze namen naast de werkmap.",
            f"{WORDS_MARK}: {words_mark(facts)}. Daaraan ziet bdur toets of ook de woorden nog kloppen.",
        ),
    )


def _origin_row(facts: MemoFacts, row: FigureRow, stated: Set[str]) -> Row | None:
    values = {column: value for column, value in row.values.items() if row.figure_id(column) in stated}
    if not values:
        return None
    texts = {
        column: traced.marked(row.figure_id(column), _unbroken(shown(value, row.unit)))
        for column, value in values.items()
    }
    where = joined(place_of(row, column, facts.places) for column in values)
    lines = lines_text(row.lines, facts.rows[0].lines)
    return Row((row.kenmerk, row.what, _valued(texts), where, lines, row.rule))


def quote_place(facts: MemoFacts, mark: str) -> str:
    """Return where a quoted text stands: its own cell, or the sheet of the check that says it."""
    return facts.places.get(mark) or facts.places.get(mark.partition("-")[0], "")


def _valued(texts: Mapping[str, str]) -> str:
    """Write marked values by column."""
    return "; ".join(f"{column}:{nl.NBSP}{text}" if column else text for column, text in texts.items())


def _unbroken(text: str) -> str:
    return text.replace(" ", nl.NBSP)
