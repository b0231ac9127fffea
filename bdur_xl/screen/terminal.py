"""A terminal as paper: aligned, coloured, wrapped to its width.

Every text goes through `Text`, so that brackets in it are never markup.
"""

from collections.abc import Iterator
from typing import IO

from rich import box, padding, table
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from bdur_xl.cells import printable
from bdur_xl.screen.paper import Styled, Table


class _Console(Console):
    """A console that no text can steer, and that leaves a closed pipe to the command line."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Yield what is shown; control characters in it would colour, link or erase on their own."""
        for part in super().render(renderable, options):
            yield part if part.control else Segment(printable(part.text), part.style)

    def on_broken_pipe(self) -> None:
        """Tell the command line: rich itself would exit with 1."""
        raise BrokenPipeError


class Terminal:
    """Paper that somebody watches; `width` is its own unless told."""

    def __init__(self, file: IO[str], width: int | None = None) -> None:
        self._console = _Console(file=file, highlight=False, width=width)
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
