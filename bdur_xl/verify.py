"""A memo that staff edited against the workbook: each figure is equal, out of date, or without a source.

A figure is known by its mark, where Word kept it: then it must state the value that the mark names
has now. Without a mark it is known by value. What the memo itself stated when it was made, in its
marks and in Bijlage Herkomst, tells an old value of a figure that changed since from a figure of staff's own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from bdur_xl import amounts, cells, nl
from bdur_xl.amounts import Amount, rounded
from bdur_xl.figures import Figure, Unit, Value
from bdur_xl.terms import OPPOSITE
from bdur_xl.traced import LONGEST_TAG, tag_of

MOST_NAMED = 3
"""Figures that a verdict by value names."""

MOST_YEARS = 12
"""Columns of one figure whose combinations a shortened mark is looked up among."""

KENMERK = "kenmerk"
"""First heading of the tables of Bijlage Herkomst."""

_ABSENT = frozenset({nl.ABSENT, "-", "geen raming", "onbekend", "niet gesplitst"})
_NIL = "nihil"
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_MARK = re.compile(r".+\.[^.]+")
_VALUE = re.compile(r"(?:^|(?<=;\s))(?:(?P<column>[^:;]+):\s)?(?P<shown>[^;]+)")
"""One value of Bijlage Herkomst: 2023: 1.685.000; 2024: 1.505.000."""

_THOUSANDS = re.compile(r"[x×*]\s*(?:€|EUR)?\s*1\.000(\.000)?(?![\d.])|in (duizend|miljoen)", re.IGNORECASE)
_UNIT_WORDS = (
    (re.compile("€|euro", re.IGNORECASE), Unit.EURO),
    (re.compile(r"\b(?:fte|formatie)\b", re.IGNORECASE), Unit.FTE),
    (re.compile("%|procent|percentage|aandeel", re.IGNORECASE), Unit.SHARE),
    (re.compile(r"\bmaanden\b", re.IGNORECASE), Unit.MONTHS),
    (_YEAR, Unit.EURO),
)
"""What the words around a table cell say that a bare number in it counts; the first that is found."""

NAMES = {
    Unit.EURO: "een bedrag", Unit.FTE: "een aantal fte",
    Unit.SHARE: "een percentage", Unit.MONTHS: "een aantal maanden",
}  # fmt: skip


class Outcome(StrEnum):
    """What a figure of the memo is against the workbook."""

    EQUAL = "gelijk"
    STALE = "verouderd"
    NO_SOURCE = "zonder bron"


@dataclass(frozen=True, slots=True)
class Cell:
    """Where in a table a text stands."""

    corner: str
    """The heading of the table's first column."""
    row: str
    column: str
    caption: str = ""
    is_label: bool = False
    """Whether it is a heading or the first cell of its row."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A mark: the name of a content control, and the part of the text within it."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or a table cell of a memo."""

    place: str
    """In Dutch: the heading, and the paragraph or the row and column under it."""
    text: str
    tags: tuple[Tag, ...] = ()
    cell: Cell | None = None
    hidden: tuple[tuple[int, int], ...] = ()
    """Start and end of what Word does not show."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one figure of the memo is against the workbook."""

    place: str
    text: str
    """The figure as the memo states it."""
    outcome: Outcome
    ids: tuple[str, ...] = ()
    new: str = ""
    """What should stand there, when out of date; "" when the workbook no longer has a value."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    """One figure as the memo states it, before it is judged."""

    passage: Passage
    text: str
    amount: Amount | None
    """None for a marked text that states no figure."""
    ids: tuple[str, ...] = ()
    """What its mark names; none when it has no mark."""
    opposite: bool = False
    start: int = 0

    @property
    def year(self) -> str:
        """The year above a table cell, "" when there is none."""
        found = _YEAR.search(self.passage.cell.column) if self.passage.cell else None
        return found[0] if found else ""

    @property
    def hidden(self) -> bool:
        """Whether Word does not show it."""
        end = self.start + len(self.text)
        return any(start < end and self.start < stop for start, stop in self.passage.hidden)


def verify(passages: Iterable[Passage], figures: Mapping[str, Figure]) -> tuple[Verdict, ...]:
    """Return what every figure of a memo is against the current figures, in the memo's order."""
    marks = _Marks(figures)
    readings = [reading for passage in passages for reading in _read(passage, marks)]
    known = _Known(figures, readings)
    return tuple(_with_notes(reading, _judged(reading, known)) for reading in readings)


def summary(verdicts: Sequence[Verdict]) -> str:
    """Return the count in Dutch: 211 cijfers: 208 gelijk, 2 verouderd, 1 zonder bron."""
    if not verdicts:
        return "geen cijfers gevonden"
    counts = Counter(verdict.outcome for verdict in verdicts)
    parts = ", ".join(nl.plural(counts[outcome], outcome, outcome) for outcome in Outcome)
    return f"{nl.plural(len(verdicts), 'cijfer', 'cijfers')}: {parts}"


def unnamed_years(verdicts: Iterable[Verdict], years: Iterable[int]) -> list[int]:
    """Return the years of the plan of which the memo states no figure: added since, or left out by staff."""
    named = {year for verdict in verdicts for one in verdict.ids for year in _YEAR.findall(one)}
    return [year for year in years if str(year) not in named]


def verdicts_json(
    verdicts: Sequence[Verdict], unnamed: Sequence[int] = (), *, reworded: bool = False
) -> dict[str, object]:
    """Return the verdicts as plain values for JSON, the years that the memo does not name, and its words."""
    counts = Counter(verdict.outcome for verdict in verdicts)
    return {
        "aantal": {outcome.value: counts[outcome] for outcome in Outcome},
        "jaren zonder cijfer": list(unnamed),
        "woorden verouderd": reworded,
        "cijfers": [
            {
                "plaats": verdict.place,
                "cijfer": verdict.text,
                "uitkomst": verdict.outcome.value,
                "kenmerken": list(verdict.ids),
                "nieuw": verdict.new or None,
                "toelichting": verdict.note or None,
            }
            for verdict in verdicts
        ],
    }


# Reading figures from a passage


class _Marks:
    """What the name of a content control means."""

    def __init__(self, figures: Mapping[str, Figure]) -> None:
        self.figures = figures

    def ids(self, name: str) -> tuple[tuple[str, ...], bool]:
        """Return the ids that a mark names, and whether its figure has the opposite sign.

        No ids for the name of a content control that marks no figure.
        """
        opposite = name.startswith(OPPOSITE)
        found = _single(name.removeprefix(OPPOSITE), self.figures)
        if len(name) == LONGEST_TAG and not set(found) <= self.figures.keys():
            whole = self._shortened.get(name, name)
            opposite, found = whole.startswith(OPPOSITE), _single(whole.removeprefix(OPPOSITE), self.figures)
        marks_a_figure = any(one in self.figures or _MARK.fullmatch(one) for one in found)
        return (found, opposite) if marks_a_figure else ((), False)

    @cached_property
    def _shortened(self) -> dict[str, str]:
        """Every mark too long for Word, by its shortened form."""
        columns: dict[str, list[str]] = {}
        for figure_id in self.figures:
            kenmerk, dot, column = figure_id.rpartition(".")
            if len(figure_id) > LONGEST_TAG // 2:
                columns.setdefault(kenmerk if dot else figure_id, []).append(column if dot else "")
        return {
            tag_of(sign + ids): sign + ids
            for kenmerk, its in columns.items()
            for ids in _combined(kenmerk, its)
            for sign in ("", OPPOSITE)
        }


def _combined(kenmerk: str, columns: list[str]) -> Iterator[str]:
    most = len(columns) if len(columns) <= MOST_YEARS else 1
    for size in range(1, most + 1):
        for some in combinations(columns, size):
            yield f"{kenmerk}.{','.join(some)}" if some[0] else kenmerk


def _single(ids: str, figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """Return the ids of a mark one by one: fte.2024,2025 is fte.2024 and fte.2025."""
    kenmerk, dot, columns = ids.rpartition(".")
    if ids in figures or not dot:
        return (ids,)
    return tuple(f"{kenmerk}.{column}" for column in columns.split(","))


def _read(passage: Passage, marks: _Marks) -> list[_Reading]:
    """Return every figure that a passage states, and every mark of it that states none."""
    tags = [(tag, *known) for tag in passage.tags if (known := marks.ids(tag.name))[0]]
    if not tags:
        tags = [(tag, (tag.name,), False) for tag in _origins(passage)]
    tags = [
        one
        for number, one in enumerate(tags)
        if not any(_is_in(other[0], one[0]) for other in tags[number + 1 :])
    ]
    found = _amounts(passage)
    readings = []
    for tag, ids, opposite in tags:
        inside = [amount for amount in found if amount.start < tag.end and tag.start < amount.end]
        found = [amount for amount in found if amount not in inside]
        unit = _unit(ids, marks.figures)
        readings += [
            _Reading(passage, one.text, _counted_in(unit, one), ids, opposite, one.start) for one in inside
        ]
        if not inside:
            shown = passage.text[tag.start : tag.end]
            amount = _marked_amount(shown, unit)
            readings.append(_Reading(passage, shown, amount, ids, opposite, tag.start))
    readings += [_Reading(passage, amount.text, amount, start=amount.start) for amount in found]
    return sorted(readings, key=lambda reading: reading.start)


def _is_in(inner: Tag, outer: Tag) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and inner.start < inner.end


def _origins(passage: Passage) -> Iterator[Tag]:
    """Yield the values of Bijlage Herkomst as if they still had their marks."""
    cell = passage.cell
    if not cell or cell.is_label or nl.fold(cell.corner) != KENMERK or not cell.row:
        return
    if nl.fold(cell.column) == "waarden":
        for found in _VALUE.finditer(passage.text):
            name = f"{cell.row}.{found['column'].strip()}" if found["column"] else cell.row
            yield Tag(*found.span("shown"), name)
    elif _YEAR.match(cell.column):
        yield Tag(0, len(passage.text), f"{cell.row}.{cells.visible(cell.column)}")


def _unit(ids: tuple[str, ...], figures: Mapping[str, Figure]) -> Unit:
    """Return what the figures of a mark count; of figures that are gone nothing is asked."""
    return next((figures[one].unit for one in ids if one in figures), Unit.EURO)


def _counted_in(unit: Unit, amount: Amount) -> Amount:
    """Return the figure of a table cell in the unit of its mark, where it shows none itself."""
    if amount.unit is unit:
        return amount
    bare = amounts.cell_amount(amount.text, unit)
    return _moved(bare, amount.start) if bare else amount


def _marked_amount(text: str, unit: Unit) -> Amount | None:
    """Return the figure of a marked text that shows no unit."""
    if nl.fold(text) == _NIL:
        return Amount(0, len(text), text, unit, Fraction(0), Fraction(1))
    return amounts.only_number(text, unit)


def _amounts(passage: Passage) -> list[Amount]:
    """Return every figure of a passage; in a table cell also a bare number on a line of its own."""
    if passage.cell and passage.cell.is_label and nl.fold(passage.cell.corner) == KENMERK:
        return []  # the name of a figure
    if passage.cell is None or passage.cell.is_label:
        return list(amounts.find_amounts(passage.text))
    found: list[Amount] = []
    start = 0
    for line in passage.text.split("\n"):
        bare = _bare(line, passage.cell)
        for one in [bare] if bare else amounts.find_amounts(line):
            found.append(_moved(one, start))
        start += len(line) + 1
    return found


def _bare(line: str, cell: Cell) -> Amount | None:
    around = f"{cell.caption} {cell.column} {cell.row}"
    named = (unit for words, unit in _UNIT_WORDS if words.search(around))
    unit = Unit.EURO if amounts.is_grouped(line) else next(named, None)
    times = _THOUSANDS.search(around)
    millions = times and (times[1] or (times[2] or "").casefold() == "miljoen")
    scale = 1_000_000 if millions else 1000 if times else 1
    return amounts.cell_amount(line, unit, scale if unit is Unit.EURO else 1) if unit else None


def _moved(amount: Amount, by: int) -> Amount:
    return Amount(
        amount.start + by, amount.end + by, amount.text, amount.unit, amount.value, amount.step, amount.below
    )


# Judging


@dataclass
class _Known:
    """The current figures, and what the memo stated of them when it was made."""

    figures: Mapping[str, Figure]
    readings: Sequence[_Reading]
    _by_value: dict[tuple[bool, Unit, Fraction], dict[Fraction, list[str]]] = field(
        default_factory=dict, init=False
    )

    @cached_property
    def _current(self) -> list[tuple[str, Unit, Fraction | int]]:
        return [(key, one.unit, one.value) for key, one in self.figures.items() if one.value is not None]

    @cached_property
    def _stated(self) -> list[tuple[str, Unit, Fraction]]:
        """Every figure that the memo itself names, with the value it gives."""
        return [
            (figure_id, one.amount.unit, -one.amount.value if one.opposite else one.amount.value)
            for one in self.readings
            if one.amount and one.amount.value is not None
            for figure_id in one.ids
        ]

    def now(self, amount: Amount) -> dict[str, bool]:
        """Return the figures that have the stated value now, each with whether it is a shortage."""
        return self._matching(amount, old=False)

    def before(self, amount: Amount) -> dict[str, bool]:
        """Return the figures to which the memo gave the stated value, likewise."""
        return self._matching(amount, old=True)

    def _matching(self, amount: Amount, *, old: bool) -> dict[str, bool]:
        """Return the figures of that value; what is printed without sign may be the size of a shortage."""
        assert amount.value is not None
        index = self._index(old, amount.unit, amount.step)
        shortages = index.get(-amount.value, []) if amount.value > 0 else []
        return {**dict.fromkeys(shortages, True), **dict.fromkeys(index.get(amount.value, []), False)}

    def _index(self, old: bool, unit: Unit, step: Fraction) -> dict[Fraction, list[str]]:
        key = (old, unit, step)
        if key not in self._by_value:
            index = self._by_value[key] = {}
            for figure_id, its, value in self._stated if old else self._current:
                if its is unit:
                    index.setdefault(rounded(value, step), []).append(figure_id)
        return self._by_value[key]

    def value(self, figure_id: str) -> Value:
        """Return the current value; None when it is not known or the figure is gone."""
        return self.figures[figure_id].value if figure_id in self.figures else None


def _judged(reading: _Reading, known: _Known) -> Verdict:
    if reading.ids:
        return _marked(reading, known)
    assert reading.amount, "what has no mark was found by its figure"
    if reading.amount.value is None:
        return _verdict(
            reading, Outcome.NO_SOURCE, note="dit getal is niet te lezen; schrijf het als € 1.000.000"
        )
    return _by_value(reading, reading.amount, known)


def _verdict(
    reading: _Reading, outcome: Outcome, ids: Sequence[str] = (), new: str = "", note: str = ""
) -> Verdict:
    return Verdict(reading.passage.place, reading.text.strip(), outcome, tuple(ids), new, note)


def _marked(reading: _Reading, known: _Known) -> Verdict:
    """Judge a figure by its mark."""
    amount, ids = reading.amount, reading.ids
    missing = [one for one in ids if one not in known.figures]
    if missing:
        note = f"dit cijfer bestaat niet meer in de werkmap ({', '.join(missing)})"
        return _verdict(reading, Outcome.STALE, ids, note=note)
    figures = [known.figures[one] for one in ids]
    if amount is None:
        return _without_amount(reading, figures)
    if amount.unit is not figures[0].unit:
        note = f"hier staat {NAMES[amount.unit]}, maar het kenmerk is van {NAMES[figures[0].unit]}"
        return _verdict(reading, Outcome.NO_SOURCE, ids, note=note)
    unknown = [one.figure_id for one in figures if one.value is None]
    if unknown:
        note = f"de werkmap heeft hier geen waarde meer voor ({', '.join(unknown)})"
        return _verdict(reading, Outcome.STALE, ids, note=note)
    values = [_signed(one, reading.opposite) for one in figures]
    if all(map(amount.states, values)):
        return _verdict(reading, Outcome.EQUAL, ids)
    turned = any(amount.value and value * amount.value < 0 for value in values)
    note = "het teken is omgekeerd: pas ook de woorden erbij aan" if turned else ""
    return _verdict(reading, Outcome.STALE, ids, _rewritten(figures, reading), note)


def _without_amount(reading: _Reading, figures: list[Figure]) -> Verdict:
    """Judge a marked text that states no figure: absent still, known by now, or reworded."""
    ids = reading.ids
    known = [one for one in figures if one.value is not None]
    absent = nl.fold(reading.text) in _ABSENT
    if not known and (absent or not reading.text.strip()):
        return _verdict(reading, Outcome.EQUAL, ids)
    if absent:
        note = "de werkmap heeft hier nu een waarde voor"
        return _verdict(reading, Outcome.STALE, ids, _rewritten(figures, reading), note)
    return _verdict(reading, Outcome.NO_SOURCE, ids, note="hier hoort een cijfer, maar er staat er geen")


def _signed(figure: Figure, opposite: bool) -> Fraction | int:
    assert figure.value is not None, "asked before"
    return -figure.value if opposite else figure.value


def _rewritten(figures: Iterable[Figure], reading: _Reading) -> str:
    """Write the current values as they should stand there."""
    return _alternatives(
        (one.figure_id, amounts.written(_signed(one, reading.opposite), one.unit, reading.amount))
        for one in figures
        if one.value is not None
    )


def _alternatives(texts: Iterable[tuple[str, str]]) -> str:
    """Write what should stand there, each with its id when figures no longer agree."""
    by_text: dict[str, list[str]] = {}
    for figure_id, text in texts:
        by_text.setdefault(text, []).append(figure_id)
    if len(by_text) < 2:
        return "".join(by_text)
    return " of ".join(f"{text} ({_named(ids)})" for text, ids in by_text.items())


def _by_value(reading: _Reading, amount: Amount, known: _Known) -> Verdict:
    """Judge a figure without mark by its value.

    Where it is the old value of one figure and still the value of another, nothing
    tells which is meant: a wrong figure is worse than none, so it has no source.
    """
    current, before = known.now(amount), known.before(amount)
    likely = _likely(reading, {**current, **before})
    now = [one for one in current if one in likely]
    kept = [one for one in now if one in before]
    stale = {one: short for one, short in before.items() if one in likely and one not in current}
    became = _new(stale, amount, known) or "zonder waarde"
    if stale and kept:
        note = f"kan {_named([*stale])} zijn (nu {became}), of {_named(kept)} (ongewijzigd)"
        return _verdict(reading, Outcome.NO_SOURCE, (*stale, *kept)[:MOST_NAMED], note=note)
    if stale:
        note = f"zonder kenmerk; oude waarde van {_named([*stale])}, nu {became}"
        return _verdict(reading, Outcome.STALE, [*stale][:MOST_NAMED], _new(stale, amount, known), note)
    if now:
        return _verdict(reading, Outcome.EQUAL, now[:MOST_NAMED], note="zonder kenmerk; naar waarde")
    return _verdict(reading, Outcome.NO_SOURCE)


def _likely(reading: _Reading, ids: Iterable[str]) -> list[str]:
    """Return the ids of the year above a table cell, and of the kenmerk before it, where there are any."""
    likely = list(ids)
    for year, kenmerk in ((reading.year, ""), ("", reading.passage.cell.row if reading.passage.cell else "")):
        of_it = [one for one in likely if _is_of(one, year, kenmerk)]
        likely = of_it or likely
    return likely


def _is_of(figure_id: str, year: str, kenmerk: str) -> bool:
    its, _, column = figure_id.rpartition(".")
    return year in column and kenmerk in ("", its)


def _named(ids: Sequence[str]) -> str:
    more = len(ids) - MOST_NAMED
    return ", ".join(ids[:MOST_NAMED]) + (f" en nog {more}" if more > 0 else "")


def _new(stale: Mapping[str, bool], amount: Amount, known: _Known) -> str:
    """Write the current values of figures; of a shortage its size, as it was printed."""
    return _alternatives(
        (one, amounts.written(-value if shortage else value, amount.unit, amount))
        for one, shortage in stale.items()
        if (value := known.value(one)) is not None
    )


def _with_notes(reading: _Reading, verdict: Verdict) -> Verdict:
    if not reading.hidden:
        return verdict
    note = "; ".join(text for text in (verdict.note, "verborgen tekst") if text)
    return Verdict(verdict.place, verdict.text, verdict.outcome, verdict.ids, verdict.new, note)
