"""What a command shows its answer on: lines and tables, plain where nobody watches."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import IO, NamedTuple, Protocol

from bdur_xl import nl
from bdur_xl.cells import printable
from bdur_xl.model import Inputs

COLUMN_GAP = "   "
"""What stands between two columns of a table."""

Figure = int | Fraction | None

Styled = tuple[str, str]
"""A text and its style; the text is taken as it is."""


class Column(NamedTuple):
    """A column of a table: its heading, and how its cells stand."""

    heading: str
    right: bool = False
    whole: bool = True
    """Never broken over lines."""


class Row(NamedTuple):
    """A row of a table; its style is under those of its cells."""

    cells: tuple[Styled, ...]
    style: str = ""


class Table(NamedTuple):
    """A table with its title."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]


class Paper(Protocol):
    """What takes lines and tables."""

    @property
    def width(self) -> int:
        """Characters that fit beside each other."""

    def say(self, *texts: str | Styled, indent: int = 0) -> None:
        """Show the texts behind each other, as a paragraph."""

    def show(self, table: Table) -> None:
        """Show a table."""


class Plain:
    """Paper that nobody watches, a pipe or a file: no colour, every line and figure whole."""

    width = sys.maxsize

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def say(self, *texts: str | Styled, indent: int = 0) -> None:
        """Write one line."""
        text = "".join(text if isinstance(text, str) else text[0] for text in texts)
        for line in printable(text).split("\n"):
            print(f"{' ' * indent}{line}".rstrip(" "), file=self._file)

    def show(self, table: Table) -> None:
        """Write a table with its columns aligned."""
        heads = tuple(column.heading for column in table.columns)
        rows = [heads, *(tuple(_on_one_line(text) for text, _ in row.cells) for row in table.rows)]
        rows = [(*row, *[""] * (len(heads) - len(row))) for row in rows]
        widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
        head, *lines = (self._line(table, row, widths) for row in rows)
        rule = "─" * (sum(widths) + len(COLUMN_GAP) * (len(widths) - 1))
        print(_on_one_line(table.title), "", head, f" {rule}", *lines, "", sep="\n", file=self._file)

    @staticmethod
    def _line(table: Table, row: Sequence[str], widths: Sequence[int]) -> str:
        cells = (
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(row, widths, table.columns, strict=True)
        )
        return f" {COLUMN_GAP.join(cells)}".rstrip(" ")


def _on_one_line(text: str) -> str:
    return printable(text).replace("\n", " ")


# Figures


class Years(NamedTuple):
    """A row of figures per year; without figures a heading over the next rows."""

    label: str
    figures: Mapping[int, Figure] = MappingProxyType({})
    style: str = ""


def show_by_year(
    out: Paper,
    years: Sequence[int],
    title: str,
    rows: Sequence[Years],
    shown: Callable[[Figure], str] = nl.euro,
) -> None:
    """Show rows with a column per year; years that do not fit beside each other follow below."""
    figures = [shown(row.figures.get(year)) for row in rows for year in years if row.figures]
    label_width = max((len(row.label) for row in rows), default=0)
    column_width = max(map(len, figures), default=1) + len(COLUMN_GAP)
    fitting = max(1, (out.width - label_width - len(COLUMN_GAP)) // column_width)
    for first in range(0, len(years), fitting):
        those = years[first : first + fitting]
        columns = (Column(""), *(Column(str(year), right=True) for year in those))
        out.show(Table(title, columns, [Row(tuple(_cells(row, those, shown)), row.style) for row in rows]))


def _cells(row: Years, years: Sequence[int], shown: Callable[[Figure], str]) -> Iterator[Styled]:
    yield row.label, ""
    for year in years if row.figures else ():
        figure = row.figures.get(year)
        yield shown(figure), red(figure)


def red(figure: Figure) -> str:
    """Return the style of a figure: a shortage stands out."""
    return "bold red" if figure is not None and figure < 0 else ""


def title(inputs: Inputs) -> str:
    """Return what an answer is about: region and status of the plan."""
    premises = inputs.premises
    return " · ".join(part for part in (premises.region, "BDuR-plan", premises.status) if part)
