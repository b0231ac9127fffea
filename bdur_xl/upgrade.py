"""Carry the inputs of an older or edited workbook into the current one: what must stay, what was lost.

Nothing is read or written here. `cells_of` makes cells as typed into cells as the builder
writes them, `unequal_cells` tells which cells of the new workbook hold something else, and
`prove` whether every figure, finding and input row is the same before and after.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from bdur_xl import cells, nl
from bdur_xl.book import Formula
from bdur_xl.cells import Unreadable, Verbatim
from bdur_xl.checks import EXPLANATION_CHECK, run_checks
from bdur_xl.compare import compare
from bdur_xl.compare_sentences import plain_sentences
from bdur_xl.figures import figure_rows, shown
from bdur_xl.model import Finding, Inputs
from bdur_xl.overview import Overview, overview
from bdur_xl.record import in_cell
from bdur_xl.restore import same
from bdur_xl.tables import INPUT_TABLES, Content, InputTable, RawTable, column_letters

Tables = Mapping[str, RawTable]
Formulas = Mapping[str, Mapping[tuple[int, int], str]]
"""Per input table the formulas that go along, by row and column counted from 1."""

HALF_A_CENT = 0.005

LONGEST_HELD = 60
"""Characters of a cell's content that a report shows."""


class Kind(Enum):
    """What could not be carried, and what staff do about it."""

    CELL = ("cel met andere inhoud", "Typ de inhoud in de nieuwe werkmap over.")
    OUTSIDE = ("getypt buiten de invoertabellen", "Zet het op een eigen blad, of typ het hier opnieuw.")
    FORMULA = ("formule als waarde overgenomen", "Leg de verwijzing opnieuw, als de waarde moet meerekenen.")
    CHANGED = ("gewijzigde formule of tekst van de werkmap", "Geen actie, als de nieuwe werkmap voldoet.")
    NOTE = ("opmerking bij een cel", "Voeg de opmerking in de nieuwe werkmap opnieuw toe.")
    SHEET = ("eigen blad niet overgenomen", "Open beide werkmappen en kopieer het blad met Excel zelf.")
    MACRO = ("eigen macro", "Voeg de module zelf weer toe.")
    PART = ("onderdeel van het bestand", "Voeg het in de nieuwe werkmap zelf weer toe.")
    NAME = ("eigen naam (Namen beheren)", "Leg de naam in de nieuwe werkmap opnieuw vast.")
    FIGURE = ("verouderd kenmerk in het verversingsblad", "Ververs de memo opnieuw.")
    HIDDEN = ("verborgen rij of kolom", "De inhoud is overgenomen en weer zichtbaar.")
    LOOK = ("eigen opmaak", "De inhoud is overgenomen; geef de cel de opmaak opnieuw.")
    CONDITION = ("eigen voorwaardelijke opmaak", "Stel de opmaak in de nieuwe werkmap opnieuw in.")
    VALIDATION = ("eigen gegevensvalidatie", "Stel de validatie in de nieuwe werkmap opnieuw in.")
    PRINT = ("afdrukinstelling van een eigen blad", "Stel de pagina-indeling opnieuw in.")
    RELEASE = (
        "de werkmap is van een andere uitgave, of sterk gewijzigd: formules, teksten, voorwaardelijke opmaak "
        "en gegevensvalidatie van de werkmap zelf zijn vervangen en niet vergeleken",
        "Heeft u daar zelf iets in gewijzigd, kijk het dan na.",
    )

    @property
    def what(self) -> str:
        """What it is."""
        return self.value[0]

    @property
    def remedy(self) -> str:
        """What to do."""
        return self.value[1]

    @property
    def is_content(self) -> bool:
        """Tell whether content was lost, and not only how it looks."""
        return self not in _LOOKS


_LOOKS = frozenset(
    {Kind.HIDDEN, Kind.LOOK, Kind.CONDITION, Kind.VALIDATION, Kind.PRINT, Kind.RELEASE, Kind.CHANGED}
)


@dataclass(frozen=True, slots=True)
class Lost:
    """One thing of the old workbook that the new one does not hold as it was."""

    kind: Kind
    sheet: str
    cell: str = ""
    """Its address, or a range; empty for a whole sheet or file."""
    held: str = ""
    """What it held, or why it could not go along."""

    @property
    def place(self) -> str:
        """Where it stood."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


@dataclass(frozen=True, slots=True)
class OwnCell:
    """A cell of a sheet of staff's own; row and column count from 0."""

    row: int
    column: int
    content: object
    """A `Formula` for a formula; None for a cell that has only a look."""
    look: Mapping[str, object] = field(default_factory=dict)
    """Its format, as XlsxWriter names it."""


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A sheet of staff's own, as far as it goes along without loss of content."""

    name: str
    cells: tuple[OwnCell, ...]
    widths: tuple[tuple[int, int, float, bool], ...] = ()
    """First and last column, width in characters, hidden."""
    heights: Mapping[int, tuple[float | None, bool]] = field(default_factory=dict)
    """Per row its height, and whether it is hidden."""
    merged: tuple[str, ...] = ()
    filtered: str = ""
    """The range with filter buttons."""
    frozen: tuple[int, int] = (0, 0)
    hidden: bool = False
    tab: str = ""
    gridlines: bool = True


@dataclass(frozen=True, slots=True)
class History:
    """What the old workbook tells of its last refresh."""

    log: tuple[tuple[object, ...], ...] = ()
    """Its lines: when, version, fingerprint, outcome."""
    last: str = ""
    """The fingerprint at the last refresh; empty when the workbook tells none."""
    now: str = ""
    """The fingerprint of the input as the workbook last computed it."""
    printed: Mapping[tuple[str, str], object] = field(default_factory=dict)
    """What the memo printed, by kenmerk and column."""
    shown: Mapping[tuple[str, str], object] = field(default_factory=dict)
    """What the cells of those figures held, likewise."""

    @property
    def is_current(self) -> bool:
        """Tell whether nothing was typed since the last refresh, as far as the workbook computed it."""
        return bool(self.last) and self.last == self.now


@dataclass(frozen=True, slots=True)
class Carried:
    """All that a new workbook takes over from an old one beside the input tables."""

    name: str
    """Of the old file."""
    moment: dt.datetime
    history: History = History()
    is_current: bool = False
    """Whether the last memo still tells of this input: `memo_is_current`."""
    sheets: tuple[OwnSheet, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Defined names of staff's own and what they refer to."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is equal before and after, and what is not."""

    figures: int
    findings: int
    different: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether nothing differs."""
        return not self.different


Figures = Mapping[tuple[str, str], float]
"""Figures by kenmerk and column, as cells hold them."""


def figures_in_cells(inputs: Inputs) -> Figures:
    """Return every figure of a plan as a cell holds it."""
    return {
        (row.kenmerk, column): in_cell(value, row.unit)
        for row in figure_rows(overview(inputs))
        for column, value in row.values.items()
        if value is not None
    }


def memo_is_current(history: History, figures: Figures) -> bool:
    """Tell whether the last memo still tells of the input: nothing typed since, no figure changed.

    The figures are held against what it printed too: a program that edits a file without
    recalculating it leaves the fingerprint of before in its cell.
    """
    return history.is_current and not _moved(history.printed, figures)


def shown_otherwise(history: History, figures: Figures) -> list[str]:
    """Return the figures that the old workbook's own cells show otherwise than they are computed now."""
    return _moved(history.shown, figures)


def _moved(held: Mapping[tuple[str, str], object], figures: Figures) -> list[str]:
    return [
        " ".join(key).strip()
        for key, value in held.items()
        if key in figures and isinstance(value, float) and abs(value - figures[key]) >= HALF_A_CENT
    ]


def shortened(content: object) -> str:
    """Return what a cell holds, for a report: one line, shortened when long."""
    content = content.text if isinstance(content, Formula) else content
    if isinstance(content, dt.date):
        return nl.date(content.year, content.month, content.day)
    text = cells.visible(str(content))
    if isinstance(content, float):
        text = text.removesuffix(".0").replace(".", ",")
    return text if len(text) <= LONGEST_HELD else f"{text[:LONGEST_HELD]}…"


# From cells as typed to cells as the builder writes them


def every_table(raw: Tables) -> dict[str, RawTable]:
    """Return the tables, with an empty one for each that an older workbook lacks."""
    return {key: raw[key] if key in raw else _empty(table) for key, table in INPUT_TABLES.items()}


def _empty(table: InputTable) -> RawTable:
    return RawTable(table.sheet, tuple(column.heading for column in table.columns), ())


def cells_of(key: str, raw: RawTable, formulas: Mapping[tuple[int, int], str]) -> RawTable:
    """Return an input table as the builder takes it; blank rows at its end are left out.

    `formulas` holds those to keep, by row and column of the sheet counted from 1. Own
    columns keep their heading; of two with the same heading the second gets a number.
    """
    headings = _headings(INPUT_TABLES[key], raw)
    last = max((at for at, (_, row) in enumerate(raw.rows) if any(map(_filled, row))), default=-1)
    rows = tuple(
        (
            number,
            tuple(
                _typed(
                    cell,
                    formulas.get((number, raw.first_column + offset)),
                    whole_month=_holds_month(key, heading, row),
                )
                for offset, (cell, heading) in enumerate(zip(row, headings, strict=True))
            ),
        )
        for number, row in raw.rows[: last + 1]
    )
    return raw._replace(headings=headings, rows=rows, beneath=(), beside=(), merged=())


def _filled(cell: object) -> bool:
    return cell is not None and cell != ""


def _headings(table: InputTable, raw: RawTable) -> tuple[str, ...]:
    taken: set[str] = set()
    found = []
    for offset, cell in enumerate(raw.headings):
        heading = name = heading_of(table, cell) or f"kolom {column_letters(raw.first_column + offset)}"
        number = 2
        while nl.fold(name) in taken:
            name, number = f"{heading} ({number})", number + 1
        taken.add(nl.fold(name))
        found.append(name)
    return tuple(found)


def heading_of(table: InputTable, cell: object) -> str:
    """Return a heading as the new workbook writes it; that of an own column as it was typed."""
    try:
        text = cells.text(cell) or ""
    except cells.CellError:
        return ""
    figure = table.figure(text) if table.figure else None
    column = table.column(text)
    return column.heading if column else figure.heading if figure else text


def _typed(cell: object, formula: str | None = None, *, whole_month: bool = False) -> object:
    """Return a cell as the builder takes it: dates as ISO text, other text that looks so as `Verbatim`."""
    if formula:
        return Formula(formula, _typed(cell, whole_month=whole_month))
    if isinstance(cell, Unreadable):
        return Formula(f"={cell}", cell) if cell.startswith("#") else None
    if isinstance(cell, dt.date):
        return f"{cell:%Y-%m}" if whole_month and cell.day == 1 else f"{cell:%Y-%m-%d}"
    if isinstance(cell, dt.time):
        cell = dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, dt.timedelta):
        return cell / dt.timedelta(days=1)
    if isinstance(cell, str):
        return Verbatim(cell) if cell else None
    return cell


def _holds_month(key: str, heading: str, row: Sequence[object]) -> bool:
    """Tell whether a date under a heading means its month: among premises the name in the row says so."""
    column = INPUT_TABLES[key].column(heading)
    if column is None or column.content is not Content.ANY:
        return column is not None and column.content is Content.MONTH
    return any(nl.fold(str(cell)).startswith("instroommaand") for cell in row)


# What the new workbook holds


def unequal_cells(before: Tables, after: Tables, formulas: Formulas) -> Iterator[Lost]:
    """Yield the cells of the input tables that the new workbook does not hold as they were typed.

    A formula that went along without ever having been computed has nothing to compare.
    """
    for key, raw in before.items():
        table, other = INPUT_TABLES[key], after.get(key)
        wanted = _headings(table, raw)
        headings = [heading_of(table, cell) for cell in other.headings] if other else []
        for at, (number, row) in enumerate(raw.rows):
            held = other.rows[at][1] if other and at < len(other.rows) else ()
            found = dict(zip(headings, held, strict=False))
            for offset, (cell, heading) in enumerate(zip(row, wanted, strict=True)):
                column = raw.first_column + offset
                idle = isinstance(cell, Unreadable) and (number, column) in formulas.get(key, {})
                if not idle and not same(_plain(cell), _plain(found.get(heading))):
                    address = f"{column_letters(column)}{number}"
                    yield Lost(Kind.CELL, raw.source, address, shortened(cell))


def _plain(cell: object) -> object:
    """Return a cell as it is compared: a blank one is None, a moment at midnight a date."""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return str(cell) if isinstance(cell, Unreadable) else cell if _filled(cell) else None


def prove(
    before: Inputs, after: Inputs, notes: Sequence[Finding] = (), later: Sequence[Finding] = ()
) -> Proof:
    """Hold every figure, every finding and every input row of two readings against each other.

    `notes` and `later` are the notes on their cells. Places may differ: tables stand elsewhere.
    """
    old, new = overview(before), overview(after)
    figures, others = (dict(_figures(view)) for view in (old, new))
    found, others_found = Counter(_found(before, notes)), Counter(_found(after, later))
    different = [
        f"{name}: {_told(figures.get(name))} wordt {_told(others.get(name))}"
        for name in dict.fromkeys((*figures, *others))
        if figures.get(name) != others.get(name)
    ]
    different += [f"bevinding {one[0]}: {one[1]}" for one in (found - others_found) + (others_found - found)]
    changes = compare(old, new)
    if not changes.is_empty:
        different += plain_sentences(changes, None)
    return Proof(len(figures), found.total(), tuple(different))


def _figures(view: Overview) -> Iterator[tuple[str, tuple[object, str]]]:
    """Yield each figure by its id: its exact value, and how it shows."""
    for row in figure_rows(view):
        for column, value in row.values.items():
            yield row.figure_id(column), (value, shown(value, row.unit))


def _told(figure: tuple[object, str] | None) -> str:
    return figure[1] if figure else "niets"


def _found(inputs: Inputs, notes: Sequence[Finding]) -> Iterator[tuple[str, str, str]]:
    outcomes = run_checks(inputs)
    for finding in (*notes, *(one for outcome in outcomes for one in outcome.findings)):
        yield finding.code, finding.message, finding.explained or ""


def idle_explanations(inputs: Inputs) -> tuple[Finding, ...]:
    """Return what is told of explanations that fit no finding: another release may word it otherwise."""
    found = (outcome for outcome in run_checks(inputs) if outcome.check is EXPLANATION_CHECK)
    return tuple(finding for outcome in found for finding in outcome.findings)


def grouped(lost: Iterable[Lost]) -> dict[tuple[Kind, str], list[Lost]]:
    """Return what was lost by kind and sheet, content first."""
    groups: dict[tuple[Kind, str], list[Lost]] = {}
    order = list(Kind)
    for one in sorted(lost, key=lambda one: (order.index(one.kind), one.sheet)):
        groups.setdefault((one.kind, one.sheet), []).append(one)
    return groups
