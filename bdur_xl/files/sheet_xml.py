"""What the XML of a sheet holds and calamine shows as blank: an error value, an uncomputed formula.

A plan of 100,000 lines has a million cells. Looking at each in Python takes ten times as
long as calamine does, so the bytes as a whole have to prove that there is nothing to look
for: in XML that is well-formed every cell with content has its own end tag, so where calamine
shows as many filled cells as there are end tags, none is hidden. Counting too many end tags
is harmless, too few is not. Only what cannot be proved is read cell by cell.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bdur_xl.cells import Unreadable
from bdur_xl.files import package

NO_VALUE = Unreadable("een formule of getal zonder bruikbare waarde")

Rows = list[list[object]]
"""The cells of a sheet from A1, as calamine shows them; "" is blank."""

_CHUNK, _LARGE = 1 << 18, 1 << 21
"""Bytes: read at a time, and from where on a sheet is large."""

_TEXT_TYPES = frozenset({"s", "str", "inlineStr"})
_UTF_8 = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml\s+version=[\"']1\.[0-9][\"'](?:\s+encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?:\s+standalone=[\"'](?:yes|no)[\"'])?\s*\?>)?\s*<(?!\?xml)[A-Za-z_!?]"
)
_END = re.compile(rb"</c[^A-Za-z]")
_PREFIXED = re.compile(rb":c[\s/>]")
_BOXES = tuple(
    (rows * columns, re.compile(rb'<c(?![A-Za-z]| r="%b")' % address))  # a cell that is not plainly inside
    for rows, columns, address in (
        (999_999, 20, rb"[A-T][1-9][0-9]{0,5}"),
        (99_999, 182, rb"[A-F]?[A-Z][1-9][0-9]{0,4}"),
    )
)
_USUAL = re.compile(
    rb'<c r="([A-Z]+[1-9][0-9]*)"(?: s="[0-9]+")?(?: t="s"><v>[0-9]+</v></c>|'
    rb'(?: t="(str|e)")?(?: [cv]m="[0-9]+")*>'
    rb"(<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?(<v>(#[^<&\s]*)?</v>|<v ?/>)?</c>)"
)
"""A cell that may show blank, as programs write it: a text, a formula without value, an error value."""


class Cell(NamedTuple):
    """A cell with content, by its row and column from 0."""

    row: int
    column: int
    hidden: Unreadable | None
    """What stands for it where it shows as blank; None when it may be blank."""
    certain: bool
    """False when what shows is not to be trusted: a comment or such within the cell."""


class SheetXml:
    """The XML of one sheet. Raises ValueError or ExpatError for what is no sound sheet."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        if not _UTF_8.match(xml):  # calamine knows no other encoding
            raise ValueError("a sheet that is not in UTF-8")
        self._plain = not _PREFIXED.search(xml)

    @property
    def is_large(self) -> bool:
        """Whether reading it takes long enough to notice."""
        return len(self._xml) > _LARGE

    def most_cells(self) -> int:
        """Return how many cells the used area has at most, from A1, blank ones included."""
        for size, elsewhere in _BOXES:
            if self._plain and not elsewhere.search(self._xml):
                return size
        height = width = 0
        for cell in self.cells():
            height, width = max(height, cell.row + 1), max(width, cell.column + 1)
        return height * width

    def check(self) -> None:
        """Raise ExpatError unless the XML is well-formed."""
        checking = package.parser()
        checking.CommentHandler = checking.StartCdataSectionHandler = self._not_plain
        checking.ProcessingInstructionHandler = self._not_plain
        for start in range(0, len(self._xml), _CHUNK):  # in between, another thread may go on
            checking.Parse(self._xml[start : start + _CHUNK], False)
        checking.Parse(b"", True)

    def _not_plain(self, *_: object) -> None:
        self._plain = False

    def show_hidden(self, rows: Rows) -> None:
        """Put what calamine hides in the rows it gave; only after `check`."""
        filled = sum(len(row) - row.count("") for row in rows)
        unseen = self._ends() - filled
        if self._plain and (unseen <= 0 or unseen <= self._show_usual(rows)):
            return
        for cell in self.cells():
            if cell.hidden is not None and (not cell.certain or _is_blank(rows, cell.row, cell.column)):
                _put(rows, cell.row, cell.column, cell.hidden)

    def _ends(self) -> int:
        """Return how many end tags of cells there are, or a few more."""
        start = max(self._xml.find(b"<sheetData"), 0)
        end = max(self._xml.rfind(b"</sheetData"), start)
        outside = len(_END.findall(self._xml, 0, start)) + len(_END.findall(self._xml, end))
        return self._xml.count(b"</c", start, end) + outside

    def _show_usual(self, rows: Rows) -> int:
        """Put what is hidden in cells as programs write them; return how many cells show blank for sure."""
        accounted = 0
        for match in _USUAL.finditer(self._xml):
            place = package.position(match[1].decode())
            if _is_blank(rows, *place):
                accounted += 1
                hidden = _usual_content(match)
                if hidden is not None:
                    _put(rows, *place, hidden)
        return accounted

    def cells(self) -> Iterator[Cell]:
        """Yield the cells with content, one by one."""
        walk = _Walk()
        for start in range(0, len(self._xml), _CHUNK):
            yield from walk.read(self._xml[start : start + _CHUNK])
        yield from walk.read(b"", last=True)


class _Walk:
    """Goes through a sheet's elements; a file may leave the addresses of rows and cells out."""

    def __init__(self) -> None:
        self._found: list[Cell] = []
        self._row = self._next_row = self._column = 0
        self._cell: package.Attributes | None = None
        self._inner: set[str] = set()
        self._text: list[str] = []
        self._in_formula = False
        self._certain = True
        self._parser = package.parser()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.CommentHandler = self._parser.StartCdataSectionHandler = self._doubt
        self._parser.ProcessingInstructionHandler = self._doubt

    def read(self, chunk: bytes, last: bool = False) -> list[Cell]:
        """Return the cells that end in the next bytes of the sheet."""
        self._found = []
        self._parser.Parse(chunk, last)
        return self._found

    def _start(self, name: str, attributes: package.Attributes) -> None:
        name = package.local(name)
        if name == "row":
            self._row = int(attributes.get("r", self._next_row + 1)) - 1
            self._next_row, self._column = self._row + 1, 0
        elif name == "c":
            if "r" in attributes:
                self._row, self._column = package.position(attributes["r"])
            self._cell, self._certain = attributes, True
            self._inner, self._text = set(), []
        elif self._cell is not None:
            self._inner.add(name)
            self._in_formula = name == "f"

    def _characters(self, text: str) -> None:
        if self._cell is not None and not self._in_formula:
            self._text.append(text)

    def _doubt(self, *_: object) -> None:
        self._certain = False

    def _end(self, name: str) -> None:
        name = package.local(name)
        if name == "f":
            self._in_formula = False
        elif name == "c" and self._cell is not None:
            if self._inner:
                self._found.append(Cell(self._row, self._column, self._hidden(), self._certain))
            self._cell = None
            self._column += 1

    def _hidden(self) -> Unreadable | None:
        assert self._cell is not None
        shown = "".join(self._text).strip()
        kind = self._cell.get("t")
        if not self._certain:
            return NO_VALUE
        if kind in _TEXT_TYPES:
            uncomputed = "f" in self._inner and "v" not in self._inner
            return Unreadable(shown or NO_VALUE) if uncomputed or (shown and kind != "s") else None
        return Unreadable(shown or NO_VALUE) if shown or self._inner & {"v", "f"} else None


def _usual_content(match: re.Match[bytes]) -> Unreadable | None:
    """Return what stands for a cell that `_USUAL` found; None when it may be blank."""
    _, kind, formula, value, error = match.groups()
    if error:
        return Unreadable(error.decode())
    return NO_VALUE if (formula and not value) or (value and kind != b"str") else None


def _is_blank(rows: Rows, row: int, column: int) -> bool:
    return row >= len(rows) or column >= len(rows[row]) or rows[row][column] == ""


def _put(rows: Rows, row: int, column: int, hidden: Unreadable) -> None:
    """Put it in a cell, which may stand outside what calamine found used."""
    rows.extend([] for _ in range(row + 1 - len(rows)))
    rows[row].extend([""] * (column + 1 - len(rows[row])))
    rows[row][column] = hidden
