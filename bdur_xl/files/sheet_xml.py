"""What the XML of a sheet holds and calamine shows as blank: an error value, an uncomputed formula.

A plan of 100,000 lines has a million cells. Looking at each in Python takes ten times as long as
calamine does. So the bytes as a whole prove that there is nothing to look for: one pattern describes
rows of cells as programs write them, and where a sheet is nothing but such rows, in order, each cell
in its row, then what is not among the filled cells that calamine shows is found by counting. Only a
sheet that is written in another way is read cell by cell.
"""

import codecs
import re
from collections.abc import Iterator
from functools import cached_property
from operator import lt
from typing import NamedTuple
from xml.parsers import expat

from bdur_xl.cells import NO_VALUE, Unreadable
from bdur_xl.files import package
from bdur_xl.files.package import MOST_COLUMNS, MOST_ROWS
from bdur_xl.files.package_guard import MOST_CELLS

Rows = list[list[object]]
"""The cells of a sheet from A1, as calamine shows them; "" is blank."""

_CHUNK = 1 << 18
"""Bytes parsed at a time."""

_MOST_HIDING = 2_000_000
"""Cells of one sheet that may hide something, and are remembered."""

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,17})?")
"""What every program reads as the same number, and calamine shows."""
_TEXT_TYPES = frozenset({"s", "str", "inlineStr"})
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"
_UTF_8 = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml\s+version=[\"']1\.[0-9][\"'](?:\s+encoding=[\"'](?i:utf-8)[\"'])?"
    rb"(?:\s+standalone=[\"'](?:yes|no)[\"'])?\s*\?>)?\s*<(?!\?xml)[A-Za-z_!?]"
)
_CHARACTERS = rb"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_REFERENCE = rb"&(?:amp|lt|gt|quot|apos|\#(?:9|1[03]|[3-9][0-9]|1[0-9][0-9]));"
_TEXT = rb"%b(?:%b%b)*+" % (_CHARACTERS, _REFERENCE, _CHARACTERS)
_COLUMN = rb"(?:[A-Z]{1,2}|[A-W][A-Z]{2}|X[A-E][A-Z]|XF[A-D])"
_ROW = re.compile(
    rb"""<row\ r="([1-9][0-9]{0,6})" (?:\ (?!r=)[A-Za-z][\w:]*="[^"<&]*")*+ (?:/>|>
    (?:<c\ r="%(column)b\1"(?:\ s="[0-9]+")?+ (?:
        \ t="s"><v>[0-9]++</v></c>
        | ><v>[-+.0-9Ee]++</v></c>
        | />
        | \ t="inlineStr"><is><t(?:\ xml:space="preserve")?>%(text)b</t></is></c>
        | (?:\ t="(?:str|[bden])")?+ (?:\ [cv]m="[0-9]+")*+ >
          (?:<f(?:\ [a-z][\w:]*="[^"<&]*")*+(?:/>|>%(text)b</f>))?+ (?:<v\ ?/>|<v>%(text)b</v>)?+ </c>
    ))*+
    </row>) [\r\n]*+"""
    % {b"column": _COLUMN, b"text": _TEXT},
    re.VERBOSE,
)
"""A row as programs write them: each of its cells tells an address in this very row."""
_WIDE = re.compile(rb'<c r="([A-Z]{2,3})')
_ONE_LETTER = 26
_FILLED_COLUMNS = re.compile(rb'<c r="([A-Z]+)[0-9]+"[^<>]*+(?<!/)>')
_ADDRESSES = re.compile(rb'<c r="([^"]+)')
_NO_TEXT = re.compile(rb' t="str"[^<>]*>(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v></v></c>')
"""A usual cell whose text is empty: blank, whatever its formula."""
_USUAL = re.compile(
    rb'<c r="([A-Z]+)([1-9][0-9]*)"(?: s="[0-9]+")?(?: t="s"><v>[0-9]+</v></c>|'
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
        start, self._end = xml.find(_OPEN) + len(_OPEN), xml.rfind(_CLOSE)
        self._usual = len(_OPEN) <= start <= self._end and self._has_usual_rows(start)

    def _has_usual_rows(self, start: int) -> bool:
        """Tell whether the sheet is sound XML with nothing in its data but usual rows, in order."""
        between = _ROW.split(memoryview(self._xml)[start : self._end])
        numbers = list(map(int, between[1::2]))
        return (
            not any(between[::2])
            and all(map(lt, numbers, numbers[1:]))
            and max(numbers, default=0) <= MOST_ROWS
            and self._is_utf_8()
            and _is_plain(self._xml[:start] + self._xml[self._end :])
        )

    def _is_utf_8(self) -> bool:
        """Raise UnicodeDecodeError, a ValueError, for bytes that are no text."""
        if not self._xml.isascii():
            decoder = codecs.getincrementaldecoder("utf-8")()
            for start in range(0, len(self._xml), _CHUNK):
                decoder.decode(self._xml[start : start + _CHUNK])
            decoder.decode(b"", True)
        return True

    def most_cells(self) -> int:
        """Return how many cells the used area has at most, from A1, blank ones included."""
        return self._most_usual_cells() if self._usual else self._walked[0]

    @cached_property
    def _walked(self) -> tuple[int, list[Cell]]:
        """How many cells the used area has, and the cells that may show blank and are not."""
        height = width = 0
        hiding: list[Cell] = []
        for cell in self.cells():
            height, width = max(height, cell.row + 1), max(width, cell.column + 1)
            if cell.hidden is not None:
                hiding.append(cell)
                if len(hiding) > _MOST_HIDING:
                    raise ValueError("more cells without a value than a plan has cells")
        return height * width, hiding

    def _most_usual_cells(self) -> int:
        last = self._xml.rfind(b"</c>", 0, self._end)
        if last < 0:
            return 0
        address = _ADDRESSES.match(self._xml, self._xml.rfind(b'<c r="', 0, last))
        assert address
        rows = package.position(address[1].decode())[0] + 1
        width = MOST_COLUMNS
        if rows * width > MOST_CELLS:
            width = self._widest(_WIDE) or _ONE_LETTER
        if rows * width > MOST_CELLS:
            width = self._widest(_FILLED_COLUMNS)
        return rows * width

    def _widest(self, letters: re.Pattern[bytes]) -> int:
        """Return the number of the last column that a pattern finds, 0 when it finds none."""
        found = (column.decode() for column in set(letters.findall(self._xml)))
        return max(map(package.column_number, found), default=0)

    def show_hidden(self, rows: Rows) -> None:
        """Put what calamine hides in the rows it gave. Raises ValueError for a cell that is there twice."""
        if self._usual and self._show_usual(rows, sum(len(row) - row.count("") for row in rows)):
            return
        for cell in self._walked[1]:
            if cell.hidden is not None and (not cell.certain or _is_blank(rows, cell.row, cell.column)):
                _put(rows, cell.row, cell.column, cell.hidden)

    def _show_usual(self, rows: Rows, filled: int) -> bool:
        """Put what is hidden in cells as programs write them; tell whether that is all there can be.

        Each filled cell comes from a cell in the XML of its own. So where there are no more in the
        XML, all show. Where there are more, no two may have one address, and what shows blank is counted.
        """
        starts = self._xml.count(b'<c r="')
        if starts == filled:
            return True
        if len(set(_ADDRESSES.findall(self._xml))) < starts:
            return False
        unseen = self._xml.count(b"</c>") - filled
        return unseen <= 0 or unseen == len(_NO_TEXT.findall(self._xml)) or unseen <= self._count_blank(rows)

    def _count_blank(self, rows: Rows) -> int:
        """Put what is hidden in usual cells; return how many of those show blank for sure."""
        accounted = 0
        for match in _USUAL.finditer(self._xml):
            letters, number, *content = match.groups()
            row, column = int(number) - 1, package.column_number(letters.decode()) - 1
            if _is_blank(rows, row, column):
                accounted += 1
                hidden = _usual_content(*content)
                if hidden is not None:
                    _put(rows, row, column, hidden)
        return accounted

    def cells(self) -> Iterator[Cell]:
        """Yield the cells with content, one by one."""
        walk = _Walk(numbers_show=b"&#" not in self._xml)  # calamine hides a digit that is spelled so
        for start in range(0, len(self._xml), _CHUNK):
            yield from walk.read(self._xml[start : start + _CHUNK])
        yield from walk.read(b"", last=True)


def _is_plain(around: bytes) -> bool:
    """Tell whether around the data are no cells, comments and such. Raises ExpatError for what is no XML."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, _: found.append(package.local(name))
    parser.CommentHandler = parser.StartCdataSectionHandler = lambda *_: found.append("c")
    parser.ProcessingInstructionHandler = lambda *_: found.append("c")
    parser.Parse(around, True)
    return found.count("sheetData") == 1 and not {"c", "row"} & set(found)


class _Walk:
    """Goes through a sheet's elements; a file may leave the addresses of rows and cells out."""

    def __init__(self, numbers_show: bool) -> None:
        self._found: list[Cell] = []
        self._numbers_show = numbers_show
        self._row = self._column = -1
        self._cell: package.Attributes | None = None
        self._inner: set[str] = set()
        self._depth = 0  # elements open within the cell
        self._text: list[str] = []
        self._in_formula = False
        self._certain = True
        self._parser = expat.ParserCreate()
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
            self._row = _next(_natural(attributes.get("r")), self._row, MOST_ROWS)
            self._column = -1
        elif name == "c":
            row, column = self._row, None
            if "r" in attributes:
                row, column = package.position(attributes["r"])
            if row != self._row or row < 0:
                raise ValueError("a cell in another row")
            self._column = _next(column, self._column, MOST_COLUMNS)
            self._cell, self._certain = attributes, True
            self._inner, self._depth, self._text = set(), 0, []
        elif self._cell is not None:
            self._inner.add(name)
            self._depth += 1
            self._in_formula = name == "f"

    def _characters(self, text: str) -> None:
        if self._cell is not None and self._depth and not self._in_formula:
            self._text.append(text)

    def _doubt(self, *_: object) -> None:
        self._certain = False

    def _end(self, name: str) -> None:
        name = package.local(name)
        self._depth -= 1
        if name == "f":
            self._in_formula = False
        elif name == "c" and self._cell is not None:
            if self._inner:
                self._found.append(Cell(self._row, self._column, self._hidden(), self._certain))
            self._cell = None

    def _hidden(self) -> Unreadable | None:
        assert self._cell is not None
        shown = "".join(self._text).strip()
        kind = self._cell.get("t")
        if not self._certain:
            return NO_VALUE
        if kind == "s" and shown and not re.fullmatch("[0-9]+", shown):
            raise ValueError("no place in the shared texts")
        if kind in _TEXT_TYPES:
            uncomputed = "f" in self._inner and "v" not in self._inner
            nowhere = kind == "s" and "v" in self._inner and not shown
            held = uncomputed or nowhere or (shown and kind != "s")
            return Unreadable(shown or NO_VALUE) if held else None
        is_number = kind in (None, "n") and self._inner <= {"f", "v"} and _is_number(self._text)
        if is_number and self._numbers_show:
            return None
        return Unreadable(shown or NO_VALUE) if shown or self._inner & {"v", "f"} else None


def _is_number(texts: list[str]) -> bool:
    return len(texts) == 1 and _NUMBER.fullmatch(texts[0]) is not None


def _natural(told: str | None) -> int | None:
    """Return from 0 a number that a file tells from 1, None when it does not. Raises ValueError for none."""
    if told is not None and not re.fullmatch("[0-9]{1,7}", told):
        raise ValueError(f"no number: {told}")
    return None if told is None else int(told) - 1


def _next(told: int | None, previous: int, most: int) -> int:
    """Return the place after `previous`, or the one told. Raises ValueError unless that comes later."""
    place = previous + 1 if told is None else told
    if not previous < place < most:
        raise ValueError("rows or cells out of order")
    return place


def _usual_content(
    kind: bytes | None, formula: bytes | None, value: bytes | None, error: bytes | None
) -> Unreadable | None:
    """Return what stands for a cell that `_USUAL` found; None when it may be blank."""
    if error:
        return Unreadable(error.decode())
    return NO_VALUE if (formula and not value) or (value and kind != b"str") else None


def _is_blank(rows: Rows, row: int, column: int) -> bool:
    return row >= len(rows) or column >= len(rows[row]) or rows[row][column] == ""


def _put(rows: Rows, row: int, column: int, hidden: Unreadable) -> None:
    """Put it in a cell, which may stand outside what calamine found used."""
    while row >= len(rows):
        rows.append([])
    if column >= len(rows[row]):
        rows[row].extend([""] * (column + 1 - len(rows[row])))
    rows[row][column] = hidden
