"""The arguments of a sheet function, as people type them -> values of the core.

A cell that cannot be used becomes a `SheetError`: a real error for the cell,
with the reason in Dutch for BDUR_WAAROM.
"""

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from bdur_xl import cells, nl
from bdur_xl.cells import CellError
from bdur_xl.kept import Latest
from bdur_xl.model import Finding, Inputs, faults
from bdur_xl.parse import parse_inputs
from bdur_xl.tables import INPUT_TABLES, Numbered, RawTable, heading_key

T = TypeVar("T")
Rows = tuple[tuple[object, ...], ...]

NOT_KNOWN = "#N/A"
"""The error for a figure or a name that the plan does not have."""

NOT_USABLE = "#VALUE!"
"""The error for an argument, or a cell of a range, that cannot be used."""

DUTCH_ERRORS = {NOT_KNOWN: "#N/B", NOT_USABLE: "#WAARDE!"}
"""How a Dutch spreadsheet shows them."""

MOST_NAMED = 10
"""Valid names that a message lists at most."""


class SheetError(Exception):
    """A real error for a cell: its code ("#N/A", "#VALUE!") and, in Dutch, its reason."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class ArgumentKind(StrEnum):
    """What an argument takes."""

    RANGE = "bereik met koprij"
    YEAR = "jaartal"
    MONTH = "maand"
    NAME = "naam"
    CHOICE = "keuze"
    COUNT = "aantal"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a sheet function; name, help and example are Dutch."""

    name: str
    help: str
    kind: ArgumentKind
    example: str
    optional: bool = False
    tables: tuple[str, ...] = ()
    """Keys of `INPUT_TABLES` that a range may hold."""

    @property
    def is_range(self) -> bool:
        """True when the argument is a range that includes its heading row."""
        return self.kind is ArgumentKind.RANGE


class RangeTable(RawTable):
    """An input table handed over as a range: a cell's place is its row there and its heading."""

    def place(self, row: int, column: int | None = None) -> str:
        """Return where a cell is: "rij 3 van plan, kolom 2023 s"."""
        place = f"rij {row} van {self.source}"
        return place if column is None else f"{place}, kolom {_shown(self.headings[column])}"


def _shown(heading: object) -> str:
    try:
        return cells.text(heading) or "zonder kop"
    except CellError:
        return "zonder leesbare kop"


class Given:
    """The arguments of one call, converted when asked for.

    Every method raises SheetError for a cell that cannot be used.
    """

    def __init__(self, arguments: Sequence[Argument], given: Sequence[object]) -> None:
        if len(given) > len(arguments):
            raise SheetError(NOT_USABLE, "er zijn meer argumenten dan de functie kent")
        padded = (*given, *[None] * (len(arguments) - len(given)))
        self.arguments = {argument.name: argument for argument in arguments}
        self._cells = {a.name: cell for a, cell in zip(arguments, padded, strict=True)}

    def cell(self, name: str) -> object:
        """Return an argument as it was handed over; None when left out."""
        return self._cells.get(name)

    def has(self, name: str) -> bool:
        """Tell whether an argument was filled in; a blank cell is not."""
        cell = self.cell(name)
        if isinstance(cell, tuple):
            return any(not cells.is_blank(one) for row in cell for one in row)
        return not cells.is_blank(cell)

    def value(self, name: str, convert: Callable[[object], T | None]) -> T | None:
        """Return a one-cell argument converted, None when left empty."""
        try:
            return convert(_one_cell(self.cell(name)))
        except CellError as error:
            raise SheetError(NOT_USABLE, f"{name} {error.message}. {error.remedy}") from error

    def required(self, name: str, convert: Callable[[object], T | None]) -> T:
        """Return a one-cell argument converted; left empty it is an error."""
        value = self.value(name, convert)
        if value is None:
            raise SheetError(NOT_USABLE, f"{name} is niet ingevuld")
        return value

    def year(self, known: Iterable[int], where: str) -> int:
        """Return the argument jaar; #N/A when it is not among the known years."""
        year, years = self.required("jaar", cells.year), sorted(known)
        if year not in years:
            span = f"{years[0]} tot en met {years[-1]}" if years else "geen enkel jaar"
            raise SheetError(NOT_KNOWN, f"jaar {year} staat niet in {where}; daar staat {span}")
        return year

    def month(self, name: str) -> tuple[int, int] | None:
        """Return (year, month) from a date cell, its number, or "mei 2023"; None when left empty."""
        return self.value(name, cells.month)

    def count(self, name: str) -> int | None:
        """Return a whole number of rows or columns; None when left empty."""
        return self.value(name, _count)

    def pick(self, name: str, options: Mapping[str, T], unknown: str = NOT_KNOWN) -> T | None:
        """Return the option an argument names, whatever its case and spaces; None when left empty.

        An option that is not there is the error `unknown`; the reason names the nearest ones.
        """
        typed = self.value(name, cells.text)
        if typed is None:
            return None
        folded = {nl.fold(option): option for option in options}
        if nl.fold(typed) not in folded:
            raise SheetError(unknown, unknown_name(name, typed, options))
        return options[folded[nl.fold(typed)]]

    def inputs(self, *needed: str) -> Inputs:
        """Return what the ranges say; a cell in them that cannot be read for sure is an error.

        `needed` names the optional ranges that this figure cannot do without.
        """
        missing = [name for name in needed if not self.has(name)]
        if missing:
            raise SheetError(NOT_USABLE, f"daarvoor is ook nodig: {nl.listing(missing)}")
        inputs, found = self._parsed
        wrong = faults(found)
        if wrong:
            more = f" (en nog {nl.plural(len(wrong) - 1, 'fout', 'fouten')})" if len(wrong) > 1 else ""
            raise SheetError(NOT_USABLE, f"{wrong[0].where}: {wrong[0].message}. {wrong[0].remedy}{more}")
        return inputs

    def findings(self) -> tuple[Inputs, list[Finding]]:
        """Return what the ranges say and everything wrong with them; an omitted range is an error."""
        return self._parsed

    @cached_property
    def _parsed(self) -> tuple[Inputs, list[Finding]]:
        ranges = [argument for argument in self.arguments.values() if argument.is_range]
        given = [argument for argument in ranges if self.has(argument.name)]
        missing = [argument.name for argument in ranges if not argument.optional and argument not in given]
        if missing:
            raise SheetError(NOT_USABLE, f"{nl.listing(missing)} ontbreekt: geef het bereik met de koprij")
        raw = dict(_table(argument, self.cell(argument.name)) for argument in given)
        return parse_inputs(raw, required=())


def _one_cell(cell: object) -> object:
    if not isinstance(cell, tuple):
        return cell
    if len(cell) == 1 and len(cell[0]) == 1:
        return cell[0][0]
    raise CellError("is een bereik van meer dan één cel", "Wijs één cel aan.")


def _count(cell: object) -> int | None:
    number = cells.number(cell, "aantal")
    if number is None:
        return None
    if number.hundredths < 100 or number.hundredths % 100 or not number.exact:
        raise CellError("is geen heel aantal van 1 of meer", "Typ een heel getal.")
    return number.hundredths // 100


def unknown_name(argument: str, typed: str, known: Iterable[str]) -> str:
    """Say that a name is not known, and which ones are, the nearest first."""
    folded = {nl.fold(name): name for name in known}
    near = [folded[name] for name in difflib.get_close_matches(nl.fold(typed), folded, n=3)]
    question = f"Bedoelt u {' of '.join(near)}? " if near else ""
    named = list(folded.values())[:MOST_NAMED]
    rest = len(folded) - len(named)
    shown = nl.listing([*named, f"nog {rest}"] if rest else named or ["geen enkele"])
    return f"{argument} {cells.quoted(typed)} is onbekend. {question}Bekend: {shown}"


def _table(argument: Argument, given: object) -> tuple[str, RangeTable]:
    """Return a range as the input table it holds, with that table's key."""
    rows: Rows = given if isinstance(given, tuple) else ((given,),)
    headings, last = rows[0], len(rows)
    while last > 1 and cells.all_blank(rows[last - 1]):
        last -= 1  # a range of whole columns is mostly empty
    handed = RangeTable(argument.name, headings, Numbered(2, rows[1:last]))
    known = _latest[argument.name].recognised(handed, _are_same)
    return _table_named(argument.tables, headings), known


_latest: defaultdict[str, Latest[RangeTable]] = defaultdict(Latest)
"""The latest tables handed over, by argument: a recalculation that follows an edit hands most over again."""


def _are_same(one: RangeTable, other: RangeTable) -> bool:
    """Tell whether two tables hold the same cells: equal ones of the same type."""
    return one == other and one.types == other.types


def _table_named(keys: tuple[str, ...], headings: tuple[object, ...]) -> str:
    """Return the table, of some, that most of the headings belong to."""
    return keys[0] if len(keys) == 1 else max(keys, key=lambda key: _headings_known(key, headings))


def _headings_known(key: str, headings: tuple[object, ...]) -> int:
    known = {heading_key(column.heading) for column in INPUT_TABLES[key].columns}
    return sum(isinstance(cell, str) and heading_key(cell) in known for cell in headings)
