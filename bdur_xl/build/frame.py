"""Where the input tables stand, and the names that formulas know them by."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs

from bdur_xl import cells
from bdur_xl.book import computed
from bdur_xl.tables import INPUT_TABLES, InputTable, RawTable

LAST_ROW = 505
"""How far the named ranges reach, counted from 1: lines to come fall inside them."""

LAST_FIGURE_COLUMN = 25
"""How far those of the plan reach to the right (0 is A): years to come fall inside them."""

HEADING_ROW = 5
"""Where input tables have their headings, counted from 0; on Over they follow the text."""

NAMES: Mapping[str, Mapping[str, str]] = {
    "plan": {"regel": "regel_id", "blok": "blok", "hoofdthema": "hoofdthema", "afdeling": "afdeling_sector"},
    "budget": {
        "jaar": "jaar", "afgerond": "beschikbaar_tabel2", "exact": "exact_bedrag",
        "korting": "korting", "status": "status",
    },
    "areas": {"code": "aandacht_id", "rcdv": "rcdv_doel_afgeleid", "rbp": "rbp"},
    "links": {"regel": "regel_id", "gebied": "aandacht_id", "dekking": "dekking"},
    "goals": {"code": "doel_id", "tekst": "tekst"},
    "intake": {"regel": "regel_id", "start": "startmaand", "in_dienst": "fte_in_dienst"},
    "premises": {"naam": "uitgangspunt", "waarde": "waarde"},
    "actuals": {"regel": "regel_id", "jaar": "jaar", "bedrag": "bedrag", "tm": "tot_en_met"},
    "scenarios": {
        "naam": "naam", "omschrijving": "omschrijving", "start": "startmaand", "in_dienst": "fte_in_dienst",
        "korting": "korting", "korting_vanaf": "korting_vanaf",
        "indexatie": "indexatie", "indexatie_vanaf": "indexatie_vanaf",
        "extra_vanaf": "extra_vanaf", "extra_tot": "extra_tot_en_met",
        "extra_fte": "extra_fte", "extra_bedrag": "extra_bedrag", "overdracht": "overdracht",
    },
}  # fmt: skip
"""Per input table the names its columns have in formulas: plan_blok, budget_jaar."""

RANGE_NAMES: Mapping[str, str] = {
    "plan": "plan",
    "capacity": "tabel1",
    "budget": "budget",
    "goals": "doelen",
    "areas": "aandachtsgebieden",
    "links": "koppeling",
    "intake": "instroom",
    "control_totals": "controletotalen",
    "premises": "uitgangspunten",
    "explanations": "toelichtingen",
    "actuals": "realisatie",
    "ledger_map": "rekeningen",
    "reservations": "reserveringen",
    "scenarios": "scenarios",
}
"""Per input table the name of its whole range, headings included: what functions take."""


@dataclass(frozen=True)
class Placed:
    """An input table at its place in the workbook; rows and columns count from 0."""

    table: InputTable
    raw: RawTable
    """With what its formulas gave."""
    typed: RawTable
    """With its formulas."""
    top: int
    left: int

    @property
    def sheet(self) -> str:
        """The sheet's name as formulas write it."""
        return "'" + self.table.sheet.replace("'", "''") + "'"

    @property
    def right(self) -> int:
        """The last column of the table."""
        return self.left + len(self.raw.headings) - 1

    @property
    def bottom(self) -> int:
        """The last row of the table; an empty one has one blank row."""
        return self.top + max(len(self.raw.rows), 1)

    def column(self, name: str) -> int:
        """Return where a column stands in the sheet, by its name in `tables`."""
        known = [self.table.column(str(heading)) for heading in self.raw.headings]
        return self.left + [column.name if column else "" for column in known].index(name)

    @property
    def first_figure(self) -> int:
        """The first year column."""
        figure = self.table.figure or (lambda _: None)
        return self.left + [bool(figure(str(heading))) for heading in self.raw.headings].index(True)

    @property
    def reach(self) -> int:
        """The last column of its named range: beyond the table where years are typed beside it."""
        return max(self.right, LAST_FIGURE_COLUMN) if self.table.figure else self.right


def place(table: InputTable, raw: RawTable, top: int, left: int) -> Placed:
    """Return a table at its place, figure columns last, so that a new year is typed beside it."""
    raw = _with_every_column(table, raw)
    figure = table.figure
    is_figure = [bool(figure and figure(str(heading))) for heading in raw.headings]
    order = sorted(range(len(raw.headings)), key=lambda position: is_figure[position])
    moved = RawTable(
        source=table.sheet,
        headings=tuple(_printable(raw.headings[position]) for position in order),
        rows=tuple(
            (number, tuple(_printable(row[position]) for position in order))
            for number, (_, row) in enumerate(raw.rows, start=top + 2)
        ),
        header_row=top + 1,
        first_column=left + 1,
    )
    return Placed(table, computed(moved), moved, top, left)


def _printable(cell: object) -> object:
    """Return a cell without characters that no file of Excel can hold, or that nobody sees."""
    return type(cell)(cells.printable(cell)) if isinstance(cell, str) else cell


def _with_every_column(table: InputTable, raw: RawTable) -> RawTable:
    """Return the table with an empty column for each one it lacks."""
    present = {table.column(str(heading)) for heading in raw.headings}
    lacking = tuple(column.heading for column in table.columns if column not in present)
    blanks = (None,) * len(lacking)
    rows = tuple((number, (*row, *blanks)) for number, row in raw.rows)
    return raw._replace(headings=(*raw.headings, *lacking), rows=rows)


def define_names(book: Workbook, placed: Placed) -> None:
    """Name the table's range and the columns that formulas use."""
    key = placed.table.key

    def name(text: str, top: int, left: int, right: int) -> None:
        book.define_name(text, f"={placed.sheet}!{xl_range_abs(top, left, LAST_ROW - 1, right)}")

    name(RANGE_NAMES[key], placed.top, placed.left, placed.reach)
    for text, column in NAMES.get(key, {}).items():
        position = placed.column(column)
        name(f"{RANGE_NAMES[key]}_{text}", placed.top + 1, position, position)


def input_ranges(placed: Mapping[str, Placed]) -> dict[str, tuple[tuple[object, ...], ...]]:
    """Return per range name its cells, headings first, as a spreadsheet hands them over."""
    return {
        RANGE_NAMES[key]: (one.raw.headings, *(row for _, row in one.raw.rows)) for key, one in placed.items()
    }


assert RANGE_NAMES.keys() == INPUT_TABLES.keys()
