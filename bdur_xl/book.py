"""A workbook as a calculation meets it: input tables to read and to write, whatever holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bdur_xl.tables import RawTable


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula: its text as the file stores it ("=60000*2"), and what it gave."""

    text: str
    value: object = None


class BookError(Exception):
    """A workbook, or a kept state of one, that cannot be used: what is wrong and what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class Book(Protocol):
    """The open workbook, or rows in a test. A table is named by its key in `INPUT_TABLES`."""

    def read(self, key: str) -> RawTable | None:
        """Return a table as typed, a cell with a formula as `Formula`; None when the book lacks it."""

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        """Make a table hold exactly these rows, headings first; it grows or shrinks to fit them.

        Cells that already hold what is asked are left alone. Raises BookError
        when it cannot, before that table is changed.
        """
