"""One input table while it is read: its columns, rows and cells, and everything wrong with them.

A row that cannot be read for sure becomes a fault, never a guess and never nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cached_property, lru_cache, partial, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from bdur_xl import cells, nl
from bdur_xl.cells import CellError
from bdur_xl.kept import Answers, answer, latest
from bdur_xl.model import CapacityColumn, Finding, Status, YearColumn
from bdur_xl.tables import INPUT_TABLES, Content, FigureColumn, InputTable, RawTable, capacity_column

T = TypeVar("T")
P = ParamSpec("P")
Findings = list[Finding]

MOST_NAMED = 10
"""Unknown codes of one cell that a fault names; the count of the rest follows."""


class Codes:
    """The codes of one kind that exist, found whatever their case; any code when none are `known`."""

    def __init__(self, what: str, table: str, codes: Iterable[str], *, known: bool = True) -> None:
        self.what, self.sheet, self.known = what, INPUT_TABLES[table].sheet, known
        self._listed = codes

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {nl.fold(code): code for code in self._listed}

    @cached_property
    def plain(self) -> frozenset[str]:
        """The codes, when a cell may hold each as it is: single words, no two equal but for case."""
        codes = list(self._listed)
        text = " ".join(codes)
        words = text.isascii() and text.isprintable() and "," not in text and text.split() == codes
        alike = len(set(map(str.casefold, codes))) < len(codes)
        return frozenset(codes) if self.known and words and not alike else frozenset()

    def find(self, code: str) -> str | None:
        """Return a code as it is written in its own table; None when it is not known."""
        return self._codes.get(nl.fold(code)) if self.known else code


class Row:
    """One row of a table: cells by column name, faults by cell."""

    def __init__(self, sheet: "Sheet", number: int, row: tuple[object, ...]) -> None:
        self._sheet, self._number, self._cells = sheet, number, row
        self._texts: dict[str, str | None] = {}

    @property
    def place(self) -> str:
        """Where the row is."""
        return self._sheet.raw.place(self._number)

    def place_of(self, name: str) -> str:
        """Return where a cell is, by the name of its column."""
        return self._sheet.raw.place(self._number, self._sheet.index.get(name))

    def heading(self, name: str) -> str:
        """Return how the workbook heads a column."""
        return next(column.heading for column in self._sheet.table.columns if column.name == name)

    def fault(self, name: str, message: str, remedy: str) -> None:
        """Add a fault of one cell."""
        self._sheet.add(self.place_of(name), message, remedy)

    def _convert(self, position: int, convert: Callable[[object], T]) -> T | None:
        try:
            return convert(self._cells[position])
        except CellError as error:
            place = self._sheet.raw.place(self._number, position)
            slid = _SLID if self._has_slid(position) else ""
            self._sheet.add(place, error.message + slid, error.remedy)
            return None

    def _has_slid(self, position: int) -> bool:
        """Tell whether words stand under a figure column while the text after the code is gone."""
        cell = self._cells[position]
        words = isinstance(cell, str) and any(sign.isalpha() for sign in cell)
        return words and position in self._sheet.figures and self.is_blank(self._sheet.table.columns[1].name)

    def is_blank(self, name: str) -> bool:
        """Tell whether a person sees nothing in a cell; true when its column is missing."""
        position = self._sheet.index.get(name)
        return position is None or cells.is_blank(self._cells[position])

    def get(self, name: str, convert: Callable[[object], T]) -> T | None:
        """Return a cell converted; a refused cell is a fault and reads None."""
        position = self._sheet.index.get(name)
        return None if position is None else self._convert(position, convert)

    def text(self, name: str) -> str | None:
        """Return a cell's text; however often asked, a refused cell is one fault."""
        if name not in self._texts:
            self._texts[name] = self.get(name, cells.text)
        return self._texts[name]

    def number_at(self, position: int, content: Content) -> int | None:
        """Return a cell's exact hundredths, noting what was rounded or negative."""
        place = self._sheet.raw.place(self._number, position)
        value = self._convert(position, partial(cells.number, what=str(content)))
        if value is None:
            return None
        shown = nl.euro if content is Content.AMOUNT else nl.fte
        if not value.exact:
            self._sheet.add(
                place,
                f"heeft meer dan twee decimalen; gerekend is met {shown(value.hundredths)}",
                "Typ het bedrag in hele centen.",
                Status.SIGNAL,
            )
        if value.hundredths < 0:
            self._sheet.add(
                place,
                f"is negatief ({shown(value.hundredths)}) en telt als aftrek mee",
                "Controleer of dit zo bedoeld is.",
                Status.SIGNAL,
            )
        return value.hundredths

    def number(self, name: str, content: Content = Content.AMOUNT) -> int | None:
        """Return what `number_at` does, by the name of the column."""
        position = self._sheet.index.get(name)
        return None if position is None else self.number_at(position, content)

    def figures(self) -> dict[YearColumn | CapacityColumn, int]:
        """Return the row's year columns that hold a figure."""
        read = (
            (figure.key, self.number_at(position, figure.content))
            for position, figure in self._sheet.figures.items()
        )
        return {key: value for key, value in read if value is not None}

    def codes(self, name: str, codes: Codes, prefix: str = "") -> tuple[str, ...]:
        """Return the codes a cell names, one or more; an unknown one is a fault."""
        words = (self.text(name) or "").replace(",", " ").split()
        found = {word: codes.find(word) or codes.find(prefix + word) for word in words}
        if unknown := [cells.quoted(word) for word, code in found.items() if code is None]:
            more = [f"{len(unknown) - MOST_NAMED} andere"] if len(unknown) > MOST_NAMED else []
            message = f"onbekend: {codes.what} {nl.listing([*unknown[:MOST_NAMED], *more])}"
            remedy = f"Gebruik een code van het blad {codes.sheet}, of voeg hem daar toe."
            self.fault(name, message, remedy)
        return tuple(code for word in words if (code := found[word]) is not None)

    def code(self, name: str, codes: Codes, prefix: str = "") -> str | None:
        """Return the one code a cell must name; a blank or unknown one is a fault."""
        remedy = f"Vul één code in van het blad {codes.sheet}."
        if self.is_blank(name):
            self.fault(name, f"{codes.what} is leeg", remedy)
        known = self.codes(name, codes, prefix)
        if len(known) > 1:
            self.fault(name, f"noemt meer dan één {codes.what}: {nl.listing(known)}", remedy)
        return next(iter(known), None)

    def required_choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return the allowed word the cell holds; blank is a fault."""
        if self.is_blank(name):
            self.fault(name, f"{name} is leeg", f"Kies uit: {nl.listing(allowed, 'of')}.")
        return self.choice(name, allowed)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Return the allowed word the cell holds, whatever its case and spaces."""
        value = self.text(name)
        words = {nl.fold(word): word for word in allowed}
        if value is None or nl.fold(value) in words:
            return None if value is None else words[nl.fold(value)]
        remedy = f"Kies uit: {nl.listing(allowed, 'of')}."
        self.fault(name, f"bevat {cells.quoted(value)}, dat is hier onbekend", remedy)
        return None


class Sheet:
    """One input table while it is read: its columns, its rows, its findings."""

    def __init__(self, table: InputTable, raw: RawTable, found: Findings) -> None:
        self.table, self.raw, self.found = table, raw, found
        self.index: dict[str, int] = {}
        self.figures: dict[int, FigureColumn] = {}
        known = _known_headings(table, raw.headings)
        if known:
            self.index, self.figures = known
        else:
            self._read_headings()
        self._refuse_columns_beside()
        self._refuse_merged_cells()
        self._require_columns()

    def apart(self) -> "Sheet":
        """Return the same table with findings of its own."""
        other = copy(self)
        other.found = []
        return other

    def add(self, where: str, message: str, remedy: str, status: Status = Status.FAULT) -> None:
        """Add what is wrong, or a signal."""
        code = "invoer" if status is Status.FAULT else "cel"
        self.found.append(Finding(code, status, where, message, remedy))

    def _read_headings(self) -> None:
        for position, heading in enumerate(self.raw.headings):
            shown = _heading(heading)
            place = self.raw.place(self.raw.header_row, position)
            figure = self.table.figure(shown) if self.table.figure else None
            known = self.table.column(shown)
            if known:
                self._index(known.name, position, shown, place)
            elif figure and figure.key in {one.key for one in self.figures.values()}:
                self.add(place, f"kolom {shown} staat er twee keer", "Houd één kolom over.")
            elif figure and figure.key.year not in cells.YEARS:
                self.add(place, f"kolom {shown} noemt geen bruikbaar jaar", self._rename())
            elif figure:
                self.figures[position] = figure
            elif self._holds_anything(position):
                self._unknown_heading(shown, place)

    def _refuse_columns_beside(self) -> None:
        for offset, heading in enumerate(self.raw.beside, start=len(self.raw.headings)):
            if self._may_be_year(heading):
                self.add(
                    self.raw.place(self.raw.header_row, offset),
                    f"kolom {_heading(heading) or heading} staat naast de tabel en telt niet mee",
                    "Trek de tabel door over deze kolom (sleep de hoek), of haal de kolom weg.",
                )

    def _may_be_year(self, heading: object) -> bool:
        """Tell whether a heading names a year column, almost does, or cannot be read."""
        if not self.table.figure or cells.is_blank(heading):
            return False
        shown = _heading(heading)
        return not shown or bool(self.table.figure(shown) or _YEAR.search(shown))

    def _refuse_merged_cells(self) -> None:
        for area in self.raw.merged:
            self.add(
                f"{self.raw.source}!{area}",
                "de cellen zijn samengevoegd: alleen de eerste telt",
                "Splits de cellen (samenvoegen opheffen) en vul elke cel zelf in.",
            )

    def _index(self, name: str, position: int, shown: str, place: str) -> None:
        if name in self.index:
            self.add(place, f"kolom {shown} staat er twee keer", "Houd één kolom over.")
        self.index.setdefault(name, position)

    def _holds_anything(self, position: int) -> bool:
        return any(not cells.is_blank(row[position]) for _, row in self.raw.rows)

    def _unknown_heading(self, shown: str, place: str) -> None:
        if not shown:
            self.add(place, "kolom zonder leesbare kop bevat gegevens", "Zet een kop boven de kolom.")
        elif self.table.figure and _YEAR.search(shown):
            self.add(place, f"kolom {cells.quoted(shown)} is geen bekende jaarkolom", self._rename())
        else:
            message = f"kolom {cells.quoted(shown)} is eigen invoer en telt nergens mee"
            self.add(place, message, "Geen actie nodig.", Status.SIGNAL)

    def _rename(self) -> str:
        return f"Noem de kolom zoals de andere: {self._figure_example()}."

    def _figure_example(self) -> str:
        if self.table.figure is capacity_column:
            return "capaciteit structureel 2027 (fte), middelen structureel 2027 (€)"
        return "2027, 2027 i of 2027 s"

    def _require_columns(self) -> None:
        for column in self.table.columns:
            if column.required and column.name not in self.index:
                self.add(
                    self.raw.place(self.raw.header_row),
                    f"kolom {column.heading} ontbreekt",
                    f"Zet de kop {column.heading} terug boven de kolom.",
                )
        if self.table.figure and not self.figures and self.table.key == "plan":
            self.add(
                self.raw.place(self.raw.header_row),
                "er is geen enkele jaarkolom",
                f"Voeg een kolom toe: {self._figure_example()}.",
            )

    def rows(self) -> Iterator[Row]:
        """Yield the rows that hold anything; rows beneath the table are faults."""
        for number, row in self.raw.beneath:
            if not cells.all_blank(row):
                self._stray(number, row)
        for number, row in self.raw.rows:
            if not cells.all_blank(row):
                yield Row(self, number, row)

    def _stray(self, number: int, row: tuple[object, ...]) -> None:
        if _looks_like_total(row, None):
            message, remedy = _TOTAL_ROW
        else:
            message = "staat onder de tabel en telt in de werkmap niet mee"
            remedy = "Trek de tabel door over deze rij (sleep de hoek), of haal de rij weg."
        self.add(self.raw.place(number), message, remedy)

    def identified(self) -> Iterator[tuple[str, Row]]:
        """Yield (id, row); a blank or doubled id is a fault, a total row too and left out."""
        name = self.table.columns[0].name
        seen: dict[str, str] = {}
        for row in self.rows():
            row_id = row.text(name)
            if _looks_like_total(row._cells, row_id):
                self.add(row.place, *_TOTAL_ROW)
                continue
            if row_id is None and row.is_blank(name):
                heading = self.table.columns[0].heading
                row.fault(name, f"{heading} is leeg op een rij met gegevens", "Geef de rij een eigen code.")
            elif row_id is not None and nl.fold(row_id) in seen:
                first = seen[nl.fold(row_id)]
                row.fault(
                    name, f"{row_id} komt dubbel voor (ook in {first})", "Geef elke rij een eigen code."
                )
            seen.setdefault(nl.fold(row_id or ""), row.place_of(name))
            yield row_id or "", row


def _known_headings(
    table: InputTable, headings: tuple[object, ...]
) -> tuple[dict[str, int], dict[int, FigureColumn]] | None:
    """Return where the columns stand; None when a heading is no text or asks for a closer look."""
    plain = all(type(heading) is str for heading in headings)
    return _columns_of(table.key, cast(tuple[str, ...], headings)) if plain else None


@lru_cache(maxsize=256)
def _columns_of(key: str, headings: tuple[str, ...]) -> tuple[dict[str, int], dict[int, FigureColumn]] | None:
    table = INPUT_TABLES[key]
    columns = [table.column(cells.visible(heading)) for heading in headings]
    index = {column.name: at for at, column in enumerate(columns) if column}
    figures = {
        at: figure
        for at, heading in enumerate(headings)
        if not columns[at] and table.figure and (figure := table.figure(cells.visible(heading)))
    }
    in_order = {figure.key for figure in figures.values() if figure.key.year in cells.YEARS}
    return (index, figures) if len(index) + len(in_order) == len(headings) else None


def _heading(cell: object) -> str:
    """Return a column's heading, "" when there is none to read."""
    try:
        return cells.text(cell) or ""
    except CellError:
        return ""


_YEAR = re.compile(r"(19|20|21)\d\d")
"""What makes a heading look like a year column."""

_SLID = "; de rij lijkt een kolom naar rechts verschoven"

_TOTAL_ROW = (
    "lijkt een totaalregel: die zou dubbel tellen",
    "Haal de rij uit de tabel; de totalen staan op het blad Overzicht.",
)

_TOTAL = re.compile(r"totaal\b|^som\b")
_ONLY_TOTAL = re.compile(r"\w*totaal")


def _looks_like_total(row: tuple[object, ...], row_id: str | None) -> bool:
    texts = [nl.fold(cell) for cell in row if isinstance(cell, str) and not cells.is_blank(cell)]
    if row_id is None:
        return not texts or any(_TOTAL.search(text) for text in texts)
    return bool(_TOTAL.search(nl.fold(row_id))) or any(_ONLY_TOTAL.fullmatch(text) for text in texts)


def missing(table: InputTable, found: Findings, required: bool) -> Sheet:
    """Return a table that is not there as one without rows; a fault when it is required."""
    if required and table.required:
        message = f"blad {table.sheet} met de tabel {table.table} ontbreekt"
        remedy = "Zet het blad terug, of begin met een nieuwe werkmap: bdur nieuw."
        found.append(Finding("invoer", Status.FAULT, table.sheet, message, remedy))
    return _empty(table)


@latest(len(INPUT_TABLES))
def _empty(table: InputTable) -> Sheet:
    """Return a table without rows; nothing is found in it."""
    headings = tuple(column.heading for column in table.columns)
    return Sheet(table._replace(figure=None), RawTable(table.sheet, headings, ()), [])


def remembered(read: Callable[Concatenate[Sheet, P], T]) -> Callable[Concatenate[Sheet, P], T]:
    """Keep what a table says, and what is wrong with it, with the table: both go when it goes.

    It depends on nothing but the table and the very same further arguments, given in order.
    """

    def told(sheet: Sheet, *further: P.args, **named: P.kwargs) -> tuple[T, Findings]:
        own = sheet.apart()
        return read(own, *further, **named), own.found

    @wraps(read)
    def known(sheet: Sheet, /, *further: P.args, **named: P.kwargs) -> T:
        if named:
            raise TypeError(f"{read.__name__} is remembered: name no arguments, give them in order")
        answers: Answers[tuple[T, Findings]] = vars(sheet.raw).setdefault(name, {})
        value, found = answer(answers, further, lambda: told(sheet, *further, **named))
        sheet.found += found
        return value

    name = f"told by {read.__name__}"
    return known
