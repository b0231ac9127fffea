"""Whether a formula of staff's own still means in the new workbook what it meant in the old one.

A formula goes along only when everything it refers to stands where it stood. One that does not
would show another figure without a word: it is carried as its value, and told.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from bdur_xl import nl
from bdur_xl.files.opened import Opened, same_place, table_key
from bdur_xl.registry import SHEET_FUNCTIONS
from bdur_xl.restore import same
from bdur_xl.tables import RawTable, heading_key

MOVING = frozenset({"INDIRECT", "OFFSET", "SHEET", "SHEETS", "GETPIVOTDATA", "CELL"})
"""Functions whose arguments do not tell which cells they read."""

PARAMETER = "_xlpm."
"""How the names in LET and LAMBDA begin in the file. Source: MS-XLSX 2.2.2 (future functions)."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Of a sheet. Source: Excel specifications and limits."""

_OUR_FUNCTIONS = frozenset(function.name for function in SHEET_FUNCTIONS)
_AREA = re.compile(r"\$?([A-Z]{1,3})?\$?(\d+)?(?::\$?([A-Z]{1,3})?\$?(\d+)?)?", re.IGNORECASE)
_STRUCTURED = re.compile(r"([^\[\]!]+)\[(.*)\]", re.DOTALL)
_SPECIAL = {"#this row", "#all", "#data", "#headers", "@", ""}


@dataclass(frozen=True)
class Area:
    """A range of cells on a sheet; rows and columns count from 1."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


class References:
    """What formulas of the old workbook refer to, held against the new one."""

    def __init__(self, old: Opened, new: Opened, own: Collection[str], names: Collection[str] = ()) -> None:
        """`own` are the sheets of staff's own that go along, `names` their defined names that do."""
        self._old, self._new, self._own = old, new, frozenset(own)
        self.names = {nl.fold(name) for name in (*new.book.defined_names, *names)}
        self._kept = cache(self._is_kept)

    def problem(self, formula: str, sheet: str) -> str | None:
        """Return why a formula on a sheet cannot go along; None when it can."""
        return next(self._problems(formula, sheet), None)

    def _problems(self, formula: str, sheet: str) -> Iterator[str]:
        from openpyxl.formula import Tokenizer

        for token in Tokenizer(formula).items:
            if token.type == "OPERAND" and token.subtype == "ERROR":
                yield f"bevat {token.value}"
            elif token.type == "OPERAND" and token.subtype == "RANGE":
                yield from self._of_reference(token.value, sheet)
            elif token.type == "FUNC" and token.subtype == "OPEN":
                name = token.value.rstrip("(").rpartition("!")[2].upper()
                if name in MOVING:
                    yield f"{name} kiest de cel zelf"
                if name.startswith("BDUR_") and name not in _OUR_FUNCTIONS:
                    yield f"functie {name} bestaat niet meer"

    def _of_reference(self, text: str, sheet: str) -> Iterator[str]:
        if text.startswith("[") or re.match(r"'?[^'!]*\[[^\]]*\][^'!]*'?!", text):
            yield "verwijst naar een ander bestand"
        elif found := _STRUCTURED.fullmatch(text):
            yield from self._of_table(found[1], found[2])
        elif area := area_of(text, sheet):
            yield from self._of_area(area)
        elif text.startswith(PARAMETER):
            return
        elif "!" in text or nl.fold(text) not in self.names:
            yield from self._of_table(text, "") if table_key(text) else [f"{text} bestaat niet meer"]

    def _of_table(self, name: str, inside: str) -> Iterator[str]:
        key = table_key(name)
        before, after = (
            (self._old.tables.get(key), self._new.tables.get(key)) if key else (None, None)
        )  # fmt: skip
        if before is None or after is None:
            yield f"tabel {name} is geen invoertabel van de nieuwe werkmap"
            return
        columns = [part for part in re.split(r"[\[\],:]+", inside) if nl.fold(part) not in _SPECIAL]
        headings = [heading_key(str(one)) for one in after.headings]
        lacking = [one for one in columns if heading_key(one.lstrip("@")) not in headings]
        if lacking or "'" in inside:
            yield f"kolom {nl.listing(lacking) or inside} staat niet in {name}"
        if (not columns or ":" in inside) and not _same_columns(before, after):
            yield f"de kolommen van {name} staan anders"

    def _of_area(self, area: Area) -> Iterator[str]:
        if area.sheet in self._own:
            return
        if area.sheet not in self._new.sheets:
            yield f"blad {area.sheet} gaat niet mee"
        elif not self._in_table(area) and not self._stands(area):
            yield f"op {area.sheet} staan de cellen anders"

    def _in_table(self, area: Area) -> bool:
        """Tell whether an area lies in the columns of an input table that kept its place."""
        return any(
            same_place(before, self._new.tables.get(key)) and _within(area, before)
            for key, before in self._old.tables.items()
        )

    def _stands(self, area: Area) -> bool:
        """Tell whether the whole sheet kept its place, and the cells of the area hold what they held."""
        rows = max(len(book.values.get(area.sheet, [])) for book in (self._old, self._new))
        widths = [
            len(row) for book in (self._old, self._new) for row in book.values.get(area.sheet, [])
        ]  # fmt: skip
        return self._kept(area.sheet) and all(
            same(self._old.value(area.sheet, row, column), self._new.value(area.sheet, row, column))
            for row in range(area.top, min(area.bottom, rows) + 1)
            for column in range(area.left, min(area.right, max(widths, default=0)) + 1)
        )

    def _is_kept(self, sheet: str) -> bool:
        """Tell whether every cell of a sheet still holds what it held."""
        return sheet in self._old.values and all(
            same(cell, self._new.value(sheet, row, column))
            for row, cells in enumerate(self._old.values[sheet], start=1)
            for column, cell in enumerate(cells, start=1)
            if cell not in ("", None)
        )


def _same_columns(before: RawTable, after: RawTable) -> bool:
    keys = [[heading_key(str(one)) for one in raw.headings] for raw in (before, after)]
    return keys[0] == keys[1]


def _within(area: Area, raw: RawTable) -> bool:
    last = raw.first_column + len(raw.headings) - 1
    below = area.top >= raw.header_row
    return area.sheet == raw.source and below and raw.first_column <= area.left <= area.right <= last


def area_of(text: str, sheet: str) -> Area | None:
    """Return the cells that a reference such as 'Tabel 1'!$A$1:B2, C:C or 3:4 names; None for a name."""
    named, _, address = text.rpartition("!")
    found = _AREA.fullmatch(address)
    if not found or not address or not any(found.groups()):
        return None
    name = named.removeprefix("'").removesuffix("'").replace("''", "'") or sheet
    left, top, right, bottom = found.groups()
    if ":" not in address:
        if left is None or top is None:
            return None
        right, bottom = left, top
    if (left is None) != (right is None) or (top is None) != (bottom is None):
        return None
    columns = sorted((_number(left), _number(right))) if left and right else [1, LAST_COLUMN]
    rows = sorted((int(top), int(bottom))) if top and bottom else [1, LAST_ROW]
    if columns[1] > LAST_COLUMN or rows[1] > LAST_ROW:
        return None
    return Area(name, rows[0], columns[0], rows[1], columns[1])


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
