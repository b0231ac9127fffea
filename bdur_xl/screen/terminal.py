"""A terminal as paper: aligned, coloured, wrapped to its width.

Every text goes through `Text`, so that brackets in it are never markup.
"""

from typing import IO

from rich import box, padding, table
from rich.console import Console
from rich.text import Text

from bdur_xl.screen.paper import Styled, Table


class Terminal:
    """Paper that somebody watches; `width` is its own unless told."""

    def __init__(self, file: IO[str], width: int | None = None) -> None:
        self._console = Console(file=file, highlight=False, width=width)
        self.width = self._console.width

    def say(self, *texts: str | Styled, indent: int = 0) -> None:
        """Print a paragraph."""
        text = Text.assemble(*texts)
        self._console.print(padding.Padding(text, (0, 0, 0, indent)) if indent else text)

    def show(self, shown: Table) -> None:
        """Print a table."""
        made = table.Table(
            title=Text(shown.title, "bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False
        )
        for column in shown.columns:
            made.add_column(column.heading, justify="right" if column.right else "left", no_wrap=column.whole)
        for row in shown.rows:
            made.add_row(*(Text(*cell) for cell in row.cells), style=row.style)
        self._console.print(made)
