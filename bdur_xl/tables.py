"""The input tables: where each stands, in which columns, under which names.

The one place that knows how a sheet, its Excel table and its CSV file are called.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple, overload

from bdur_xl import nl
from bdur_xl.model import CapacityColumn, YearColumn
from bdur_xl.terms import PERSONNEL, RESOURCES, Kind


class Content(StrEnum):
    """What a column's cells hold."""

    TEXT = "tekst"
    AMOUNT = "bedrag"
    FTE = "aantal fte"
    NUMBER = "getal"
    YEAR = "jaar"
    MONTH = "maand"
    DATE = "datum"
    SHARE = "deel"
    ANY = "waarde"


@lru_cache(1_000)  # every heading is held against those of all columns
def heading_key(heading: str) -> str:
    """Return a heading as it is compared: "2023 I" and "2023_i" are one."""
    return nl.fold(re.sub(r"[_\s/-]+", " ", heading))


class Column(NamedTuple):
    """A column: its CSV name, its heading in the workbook, what it holds."""

    name: str
    label: str = ""
    content: Content = Content.TEXT
    required: bool = True
    also: str = ""
    """A pattern of further headings that mean this column."""

    @property
    def heading(self) -> str:
        """The heading staff see."""
        return self.label or self.name.replace("_", " ")

    def is_meant_by(self, key: str) -> bool:
        """Tell whether a heading, as `heading_key` gives it, means this column."""
        known = (heading_key(self.name), heading_key(self.heading))
        return key in known or bool(self.also and re.fullmatch(self.also, key))


class FigureColumn(NamedTuple):
    """A column whose heading itself tells year and kind."""

    key: YearColumn | CapacityColumn
    heading: str
    content: Content
    scale: int = 1
    """What the CSV's number is divided by (100 where it says x100)."""


class InputTable(NamedTuple):
    """One input table of the workbook."""

    key: str
    sheet: str
    table: str
    csv: str
    columns: tuple[Column, ...]
    figure: Callable[[str], FigureColumn | None] | None = None
    default: tuple[tuple[object, ...], ...] | None = None
    """The rows used when a folder of CSV files lacks this one; None when it may not lack."""
    required: bool = True
    """False for a table that an older workbook may lack: it is then empty."""

    def column(self, heading: str) -> Column | None:
        """Return the column a heading means, None when the table does not know it."""
        key = heading_key(heading)
        return next((column for column in self.columns if column.is_meant_by(key)), None)


_YEAR_COLUMN = re.compile(r"(\d{4})(?: ?([is]))?")
_KIND_LETTERS = {"i": Kind.INCIDENTAL, "s": Kind.STRUCTURAL, None: Kind.UNSPLIT}
_CAPACITY_COLUMN = re.compile(
    r"(cap|capaciteit|middelen) (incidenteel|structureel) (\d{4})( extra)? "
    r"(eur|fte|fte x100|\(€\)|\(fte\))"
)
_UNITS = {"eur": "eur", "(€)": "eur", "fte": "fte", "(fte)": "fte", "fte x100": "fte"}


def year_column(heading: str) -> FigureColumn | None:
    """Return the year column a heading of Tabel 2 names: "2023 i", "2023_s", "2025"."""
    match = _YEAR_COLUMN.fullmatch(heading_key(heading))
    if not match:
        return None
    column = YearColumn(int(match[1]), _KIND_LETTERS[match[2]])
    return FigureColumn(column, year_heading(column), Content.AMOUNT)


def year_heading(column: YearColumn) -> str:
    """Return the heading of a year column as the memo writes it: "2023 i"."""
    letter = {kind: letter for letter, kind in _KIND_LETTERS.items()}[column.kind]
    return f"{column.year} {letter}" if letter else str(column.year)


def capacity_column(heading: str) -> FigureColumn | None:
    """Return the figure column a heading of Tabel 1 names."""
    match = _CAPACITY_COLUMN.fullmatch(heading_key(heading))
    if not match:
        return None
    block = RESOURCES if match[1] == "middelen" else PERSONNEL
    unit = _UNITS[match[5]]
    column = CapacityColumn(block, Kind(match[2]), int(match[3]), bool(match[4]), unit)
    content = Content.AMOUNT if unit == "eur" else Content.FTE
    return FigureColumn(column, column.label, content, 100 if match[5].endswith("x100") else 1)


def _optional(name: str, label: str = "", content: Content = Content.TEXT) -> Column:
    return Column(name, label, content, required=False)


INPUT_TABLES: Mapping[str, InputTable] = {
    table.key: table
    for table in (
        InputTable(
            "plan", "Plan", "tblPlan", "plan_tabel2.csv",
            (
                Column("regel_id", "regel"),
                Column("hoofdthema"),
                Column("blok"),
                Column("subthema"),
                Column("afdeling_sector", "afdeling/sector"),
                _optional("opmerking"),
            ),
            figure=year_column,
        ),
        InputTable(
            "capacity", "Tabel 1", "tblTabel1", "tabel1.csv",
            (
                Column("regel_id", "regel"),
                Column("hoofdthema"),
                Column("thema"),
                Column("afdeling_sector", "afdeling/sector"),
                _optional("bronregel", content=Content.ANY),
                _optional("opmerking"),
                Column("tabel2_regels", "regels in Tabel 2"),
            ),
            figure=capacity_column,
        ),
        InputTable(
            "budget", "Budget", "tblBudget", "budget.csv",
            (
                Column("jaar", content=Content.YEAR),
                Column("beschikbaar_tabel2", "beschikbaar Tabel 2", Content.AMOUNT),
                Column("exact_bedrag", "exact bedrag", Content.AMOUNT),
                Column("bron"),
                Column("status"),
                _optional("korting", content=Content.SHARE),
                _optional("landelijk_bedrag", content=Content.AMOUNT),
                _optional("bron_landelijk"),
            ),
        ),
        InputTable(
            "goals", "Doelen", "tblDoelen", "doelen.csv",
            (
                Column("doel_id", "doel"),
                Column("kader"),
                Column("valt_onder", "valt onder"),
                Column("tekst"),
                Column("soort"),
                _optional("bron"),
            ),
        ),
        InputTable(
            "areas", "Doelen", "tblAandachtsgebieden", "aandachtsgebieden.csv",
            (
                Column("aandacht_id", "aandachtsgebied"),
                Column("tekst"),
                _optional("rcdv_doel", "RCDV-doel"),
                Column("rcdv_doel_afgeleid", "RCDV-doel afgeleid"),
                Column("rbp", "RBP-doelen", also=r"rbp( doelen)?( \d{4} \d{4})?( \(concept\))?"),
            ),
        ),
        InputTable(
            "links", "Doelen", "tblKoppeling", "koppeling_oordeel.csv",
            (
                Column("regel_id", "regel"),
                Column("aandacht_id", "aandachtsgebied"),
                Column("dekking"),
                _optional("grond"),
            ),
        ),
        InputTable(
            "intake", "Instroom", "tblInstroom", "instroom.csv",
            (
                Column("regel_id", "regel"),
                Column("startmaand", content=Content.MONTH),
                Column("fte_in_dienst", "fte al in dienst", Content.FTE),
                _optional("grondslag"),
            ),
            default=(),
        ),
        InputTable(
            "control_totals", "Budget", "tblControletotalen", "controletotalen.csv",
            (
                Column("tabel"),
                Column("kolom"),
                Column("totaal", content=Content.NUMBER),
                _optional("bron"),
            ),
            default=(),
        ),
        InputTable(
            "premises", "Over", "tblUitgangspunten", "uitgangspunten.csv",
            (
                Column("uitgangspunt"),
                Column("waarde", content=Content.ANY),
                _optional("eenheid"),
                _optional("grondslag"),
            ),
            default=(
                (
                    "normbedrag fte", 100_000, "euro per fte per jaar",
                    "aanname: Tabel 2 raamt € 900.000 voor de 9 fte van Tabel 1 (memo 23 februari 2023)",
                ),
                ("ongesplitst als", "structureel", None, "aanname: zie memo 23 februari 2023, par. 4"),
            ),
        ),
        InputTable(
            "explanations", "Toelichtingen", "tblToelichtingen", "toelichtingen.csv",
            (
                Column("code"),
                Column("waar"),
                Column("bevinding"),
                Column("toelichting"),
            ),
            default=(),
            required=False,
        ),
        InputTable(
            "reservations", "Budget", "tblReserveringen", "reserveringen.csv",
            (
                Column("reservering"),
                Column("vanaf", content=Content.YEAR),
                Column("tot_en_met", content=Content.YEAR),
                Column("bedrag_per_jaar", "bedrag per jaar", Content.AMOUNT),
                _optional("grondslag"),
            ),
            default=(),
            required=False,
        ),
        InputTable(
            "actuals", "Realisatie", "tblRealisatie", "realisatie.csv",
            (
                Column("regel_id", "regel"),
                Column("jaar", content=Content.YEAR),
                Column("bedrag", content=Content.AMOUNT),
                Column("tot_en_met", "t/m", Content.DATE, also="peildatum"),
                _optional("omschrijving"),
            ),
            default=(),
            required=False,
        ),
        InputTable(
            "ledger_map", "Realisatie", "tblRekeningen", "rekeningen.csv",
            (
                Column("grootboekrekening"),
                Column("kostenplaats"),
                Column("regel_id", "regel"),
                _optional("toelichting"),
            ),
            default=(),
            required=False,
        ),
        InputTable(
            "scenarios", "Scenario's", "tblScenarios", "scenarios.csv",
            (
                Column("naam", "scenario"),
                _optional("omschrijving"),
                Column("startmaand", content=Content.MONTH),
                Column("fte_in_dienst", "fte al in dienst", Content.FTE),
                Column("korting", content=Content.SHARE),
                Column("korting_vanaf", content=Content.YEAR),
                Column("indexatie", content=Content.SHARE),
                Column("indexatie_vanaf", content=Content.YEAR),
                Column("extra_regel", "extra lasten op regel"),
                Column("extra_vanaf", content=Content.YEAR),
                Column("extra_tot_en_met", content=Content.YEAR),
                Column("extra_fte", content=Content.FTE),
                Column("extra_bedrag", "extra bedrag (per fte)", Content.AMOUNT),
                _optional("overdracht"),
            ),
            default=(),
            required=False,
        ),
    )
}  # fmt: skip

REQUIRED_TABLES = tuple(key for key, table in INPUT_TABLES.items() if table.required)
"""The tables that every workbook must have."""


class OutputTable(NamedTuple):
    """A table that a refresh writes; its columns are the headings it is written with."""

    key: str
    sheet: str
    table: str


OUTPUT_TABLES: Mapping[str, OutputTable] = {
    table.key: table
    for table in (
        OutputTable("figures", "Verversing", "tblMemocijfers"),
        OutputTable("findings", "Verversing", "tblBevindingen"),
        OutputTable("log", "Logboek", "tblLogboek"),
    )
}


class Numbered(Sequence[tuple[int, tuple[object, ...]]]):
    """Rows that follow each other, from a first row number on: no number is kept for each."""

    def __init__(self, first: int, cells: Sequence[tuple[object, ...]]) -> None:
        self.cells = cells
        self.numbers = range(first, first + len(cells))

    def __len__(self) -> int:
        return len(self.cells)

    def __iter__(self) -> Iterator[tuple[int, tuple[object, ...]]]:
        return zip(self.numbers, self.cells, strict=True)

    @overload
    def __getitem__(self, at: int) -> tuple[int, tuple[object, ...]]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[tuple[int, tuple[object, ...]]]: ...
    def __getitem__(self, at: int | slice) -> object:
        return tuple(self)[at] if isinstance(at, slice) else (self.numbers[at], self.cells[at])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Numbered):
            return self.numbers == other.numbers and self.cells == other.cells
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


class _Cells(NamedTuple):
    """What a table is made of.

    `rows` holds (row number, cells); `beneath` the rows found under the table's
    end and `beside` the rest of its heading row, up to the next table: Calc does not
    grow a table when someone types there, so no formula of the workbook counts them.
    `merged` holds the ranges ("B2:B3") of merged cells that touch the table.
    """

    source: str
    """The sheet, or the CSV file."""
    headings: tuple[object, ...]
    rows: Sequence[tuple[int, tuple[object, ...]]]
    header_row: int = 1
    first_column: int = 1
    beneath: tuple[tuple[int, tuple[object, ...]], ...] = ()
    beside: tuple[object, ...] = ()
    merged: tuple[str, ...] = ()
    in_sheet: bool = True


class RawTable(_Cells):
    """The cells of one input table as read, with their addresses."""

    @cached_property
    def cells(self) -> Sequence[tuple[object, ...]]:
        """The cells of its rows, without their numbers."""
        return self.rows.cells if isinstance(self.rows, Numbered) else [row for _, row in self.rows]

    @cached_property
    def types(self) -> list[type]:
        """The type of each cell, headings first: 1, 1.0 and TRUE are equal but not the same."""
        return list(map(type, chain(self.headings, *self.cells, *(row for _, row in self.beneath))))

    @cached_property
    def numbers(self) -> Sequence[int]:
        """The numbers of its rows."""
        return self.rows.numbers if isinstance(self.rows, Numbered) else [number for number, _ in self.rows]

    def place(self, row: int, column: int | None = None) -> str:
        """Return where a cell is: "Plan!E7", or file, line and column of a CSV."""
        if not self.in_sheet:
            named = "" if column is None else f", kolom {self.headings[column]}"
            return f"{self.source} regel {row}{named}"
        if column is None:
            return f"{self.source}, rij {row}"
        return f"{self.source}!{column_letters(self.first_column + column)}{row}"


class Texts:
    """Place and text of every cell that holds text in some tables, found when asked for."""

    def __init__(self, tables: tuple[RawTable, ...]) -> None:
        self._tables = tables

    def __eq__(self, other: object) -> bool:
        """Tell inputs apart by what they say, never by where their texts stand."""
        return isinstance(other, Texts)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for raw in self._tables:
            yield from _texts(raw)

    def where(self, sought: Callable[[str], object]) -> Iterator[tuple[str, str]]:
        """Yield those that are sought; each text is asked once, however many cells hold it."""
        for raw in self._tables:
            held = set(chain.from_iterable(chain(raw.cells, (row for _, row in raw.beneath))))
            found = {cell for cell in held if isinstance(cell, str) and cell and sought(cell)}
            yield from (one for one in _texts(raw) if one[1] in found) if found else ()


def _texts(raw: RawTable) -> Iterator[tuple[str, str]]:
    for number, row in chain(raw.rows, raw.beneath):
        for position, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                yield raw.place(number, position), cell


def column_letters(number: int) -> str:
    """Return a column's letters: 1 -> A, 27 -> AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
