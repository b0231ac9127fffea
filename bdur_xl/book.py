"""A workbook as a calculation meets it: input tables to read and to write, whatever holds them."""

from collections.abc import Sequence
from typing import Protocol

from bdur_xl import nl
from bdur_xl.model import Finding, faults
from bdur_xl.tables import RawTable


class Formula:
    """A cell that holds a formula: its text as the file stores it ("=60000*2"), and what it gave.

    It is not changed. No tuple, as other values are: a tuple where a cell may stand is a row of cells.
    """

    __slots__ = ("text", "value")

    def __init__(self, text: str, value: object = None) -> None:
        self.text, self.value = text, value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and (self.text, self.value) == (other.text, other.value)

    def __hash__(self) -> int:
        return hash((self.text, self.value))

    def __repr__(self) -> str:
        return f"Formula({self.text!r}, {self.value!r})"


class BookError(Exception):
    """A workbook, a kept state of one, a memo or its template that cannot be used: why, and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


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
        return f"Er {verb} niet ({nl.listing(codes)}): er is geen memo gemaakt en niets gewijzigd."

    def verdict_on(self, name: str) -> str:
        """Say in one sentence that the file of that name cannot be read, where no memo was asked for."""
        return f"{_counted(self.findings)} van {name}."


def _counted(unreadable: Sequence[Finding]) -> str:
    return f"{nl.plural(len(unreadable), 'fout', 'fouten')} in de invoer"


class Readable(Protocol):
    """What holds tables: the open workbook, a closed file, a snapshot, or rows in a test."""

    def read(self, key: str) -> RawTable | None:
        """Return a table as typed, a cell with a formula as `Formula`; None when there is none.

        A table is named by its key in `INPUT_TABLES` or `OUTPUT_TABLES`.
        """


class Source(Readable, Protocol):
    """A workbook whose sheets can be seen too: open or closed."""

    def cells(self, sheet: str) -> Sequence[Sequence[object]]:
        """Return the values of a sheet from A1; none when there is no such sheet."""


class Writable(Readable, Protocol):
    """What also takes tables."""

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        """Make a table hold exactly these rows, headings first; it grows or shrinks to fit them.

        Cells that already hold what is asked are left alone. Raises BookError
        when it cannot, before that table is changed.
        """


class Book(Source, Writable, Protocol):
    """The open workbook, or a stand-in for it in a test."""

    def value(self, name: str) -> object:
        """Return what the cell of a name holds; None when the name is unknown."""

    def set_value(self, name: str, value: str) -> None:
        """Put a text in the cell of a name. Raises BookError when it cannot."""


def computed(raw: RawTable) -> RawTable:
    """Return a table with what its formulas gave; one without formulas is returned as it is."""
    every = (raw.headings, raw.beside, *(row for _, row in (*raw.rows, *raw.beneath)))
    if not any(Formula in map(type, row) for row in every):
        return raw

    def values(row: Sequence[object]) -> tuple[object, ...]:
        return tuple(cell.value if isinstance(cell, Formula) else cell for cell in row)

    return raw._replace(
        headings=values(raw.headings),
        rows=tuple((number, values(row)) for number, row in raw.rows),
        beneath=tuple((number, values(row)) for number, row in raw.beneath),
        beside=values(raw.beside),
    )
