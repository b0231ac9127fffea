"""A block of the memo as WordprocessingML: paragraphs, fields to fill in, tables that fit the page.

Every figure becomes a content control: a click in Word names it and the cell it comes from.
"""

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache, partial
from itertools import count
from math import inf
from typing import Any, NamedTuple

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from bdur_xl import nl, traced
from bdur_xl.files.memo_styles import HEAD_FILL, TOTAL_FILL
from bdur_xl.memo import Placeholder
from bdur_xl.memo_tables import Row, Table

TABLE_LABEL, CHART_LABEL = "Overzicht", "Grafiek"
"""Not "Tabel": Tabel 1 and Tabel 2 are the plan's own."""

TABLE_SIZES = ((9, 110), (8.5, 110), (8, 100), (7.5, 80), (7, 60), (6.5, 45), (6, 35), (5.5, 25))
"""Type size of a table, and how wide a word may be that is not broken, in points.

The first at which no figure breaks is taken: text gives way before figures do.
"""

CELL_MARGIN = 3.5
"""Space left and right in a cell, in points."""

WIDEST_LINE = 260.0
"""A line of text wider than this, in points, asks for no more room."""

KEPT_TOGETHER = 10
"""A table of at most this many rows stays on one page."""

_NOT_IN_XML = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
"""What no XML holds, and nobody sees. Source: XML 1.0, 2.2."""

_W = nsdecls("w")


def elements(xml: str) -> list[Any]:
    """Return WordprocessingML as elements."""
    return list(parse_xml(f"<w:body {_W}>{xml}</w:body>".encode()))  # of bytes lxml makes more haste


def text_of(element: Any) -> str:
    """Return an element as WordprocessingML, to stand where w is the prefix of that."""
    alone = copy.deepcopy(element)
    etree.cleanup_namespaces(alone)  # else it names every namespace of its document
    return etree.tostring(alone, encoding="unicode", with_tail=False).replace(f" {_W}", "", 1)


def clean(text: str) -> str:
    """Return the text without characters that XML cannot hold, and no line broken behind a minus sign."""
    shows = text.replace(nl.NBSP, " ").replace("\n", " ").isprintable()
    held = text if shows else re.sub(_NOT_IN_XML, "", text)
    return held.replace(nl.MINUS, f"{nl.MINUS}\N{WORD JOINER}")


def escaped(text: str) -> str:
    """Return a text as it stands between tags."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Return a text as the value of an attribute, in quotes."""
    return f'"{escaped(text).replace(chr(34), "&quot;").replace(chr(10), "&#10;")}"'


_NEXT_LINE = '</w:t><w:br/><w:t xml:space="preserve">'


@lru_cache(1_000)  # the same words and amounts stand in many cells
def run(text: str, properties: str = "") -> str:
    """Return text as one run; a line feed breaks the line."""
    form = f"<w:rPr>{properties}</w:rPr>" if properties else "<w:rPr/>"
    lines = escaped(text).replace("\n", _NEXT_LINE)
    return f'<w:r>{form}<w:t xml:space="preserve">{lines}</w:t></w:r>'


def word_field(instruction: str, shown: str) -> str:
    """Return a field that Word computes, with what it shows until then."""
    return f'<w:fldSimple w:instr=" {instruction} ">{run(shown)}</w:fldSimple>'


def paragraph(runs: str, style: str, properties: str = "") -> str:
    """Return a paragraph in a style, by its id."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def _names(title: str, tag: str) -> str:
    return f"<w:alias w:val={attribute(title)}/><w:tag w:val={attribute(tag)}/>"


class Setter:
    """Sets blocks in type for one document: its styles, its numbering of figures and tables.

    `styles` holds the document's id of each style, by ours; `place_of` tells where the workbook
    shows a figure, by its id.
    """

    def __init__(self, styles: Mapping[str, str], place_of: Callable[[str], str]) -> None:
        self.styles = {ours: escaped(own).replace('"', "&quot;") for ours, own in styles.items()}
        self._place_of, self._names = place_of, dict[str, str]()
        self._controls = count(1)
        self._numbers: Counter[str] = Counter()

    def runs(self, text: str, properties: str = "") -> str:
        """Return a marked text as runs, each figure in a content control of its own."""
        return "".join(
            [
                self._figure(ids, run(shown, properties)) if ids else run(shown, properties)
                for shown, ids in traced.pieces(text)
            ]
        )

    def _figure(self, ids: str, content: str) -> str:
        if ids not in self._names:
            place = self._place_of(traced.single(ids)[0])
            title = f"{place}: {ids}" if place else ids
            self._names[ids] = _names(title[: traced.LONGEST_TAG], traced.tag_of(ids))
        return self._control(self._names[ids], content)

    def _control(self, names: str, content: str) -> str:
        properties = f'<w:sdtPr>{names}<w:id w:val="{next(self._controls)}"/></w:sdtPr>'
        return f"<w:sdt>{properties}<w:sdtContent>{content}</w:sdtContent></w:sdt>"

    def placeholder(self, name: str, block: Placeholder) -> str:
        """Return text that staff can see is theirs to write, in a field Word names."""
        text = paragraph(self.runs(block.text), self.styles["Invulveld"])
        return self._control(_names(block.title, name), text)

    def table(self, table: Table, room: float) -> str:
        """Return a table with its caption and notes; `room` is the width of the page's text, in points."""
        widths, size = _layout(table, room)
        caption = self.caption(TABLE_LABEL, table.caption)
        return f"{caption}{self._table(table, widths, size)}{self.notes(table.notes)}"

    def caption(self, label: str, text: str) -> str:
        """Return what stands above a table or a chart, with its number among those of its label."""
        self._numbers[label] += 1
        number = word_field(f"SEQ {label} \\* ARABIC", str(self._numbers[label]))
        return paragraph(f"{run(f'{label} ')}{number}{self.runs(f'. {text}')}", self.styles["Caption"])

    def notes(self, notes: tuple[str, ...]) -> str:
        """Return what stands under a table or a chart."""
        note, last_note = self.styles["Tabelnoot"], self.styles["Tabelslotnoot"]
        return "".join(
            [paragraph(self.runs(text), note, "<w:keepNext/>") for text in notes[:-1]]
            + [paragraph(self.runs(text), last_note) for text in notes[-1:]]
        )

    def _table(self, table: Table, widths: list[int], size: float) -> str:
        forms = [f'{bold}<w:sz w:val="{round(size * 2)}"/>' for bold in ("", "<w:b/>")]
        opened = cache(partial(self._opened, table, widths))
        head = Row(tuple(column.heading for column in table.columns))
        rows = [_row(self._cells(head, partial(opened, _HEAD), forms[True]), "<w:tblHeader/>")]
        last = len(table.rows) - 1
        for index, row in enumerate(table.rows):
            at_an_end = index in (0, last - 1)
            leads = row.total and not row.cells[-1]  # the name of a group, or the first of some totals
            keep = index < last and (at_an_end or leads or last < KEPT_TOGETHER)
            look = _Look(TOTAL_FILL if row.total else "", keep)
            rows.append(_row(self._cells(row, partial(opened, look), forms[row.total])))
        caption = attribute(traced.plain(table.caption))
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        return (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self.styles["BDuRtabel"]}"/>'
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
            f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={caption}/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def _cells(self, row: Row, opened: Callable[[int, int], str], form: str) -> Iterator[str]:
        for first, end in _spans(row):
            yield f"{opened(first, end)}{self.runs(row.cells[first] or '', form)}</w:p></w:tc>"

    def _opened(self, table: Table, widths: list[int], look: "_Look", first: int, end: int) -> str:
        """Return how a cell and its paragraph begin; many of a table begin alike."""
        style = self.styles["Tabelgetal" if table.columns[first].numeric else "Tabeltekst"]
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths[first:end])}" w:type="dxa"/>'
            + (f'<w:gridSpan w:val="{end - first}"/>' if end - first > 1 else "")
            + (f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>' if look.fill else "")
            + ('<w:vAlign w:val="bottom"/>' if look.low else "")
            + f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>'
            + ("<w:keepNext/></w:pPr>" if look.kept else "</w:pPr>")
        )


class _Look(NamedTuple):
    """How the cells of a row look: their fill, whether they stay with the next row, and stand low."""

    fill: str
    kept: bool
    low: bool = False


_HEAD = _Look(HEAD_FILL, kept=True, low=True)


def _row(cells: Iterable[str], properties: str = "") -> str:
    return f"<w:tr><w:trPr><w:cantSplit/>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _spans(row: Row) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of each cell; a cell None belongs to the one on its left."""
    starts = [index for index, cell in enumerate(row.cells) if cell is not None]
    yield from zip(starts, [*starts[1:], len(row.cells)], strict=True)


class _Asked(NamedTuple):
    """How wide what a column holds is, as a multiple of the type size."""

    whole: float
    """Its widest figure, or the longest word of its texts."""
    line: float
    """Its longest line of text."""
    numeric: bool

    def least(self, size: float, widest_word: float) -> float:
        """Return the width it needs: a whole figure, or the longest word of a text."""
        whole = self.whole * size
        return (whole if self.numeric else min(whole, widest_word)) + 2 * CELL_MARGIN

    def wanted(self, size: float) -> float:
        """Return the width at which no text breaks, but for a very long one."""
        return min(self.line * size, WIDEST_LINE) + 2 * CELL_MARGIN


def _layout(table: Table, room: float) -> tuple[list[int], float]:
    """Return column widths in twentieths of a point, and the type size at which figures fit."""
    asked = [_asked(table, index) for index in range(len(table.columns))]
    for size, word in TABLE_SIZES:
        least = [column.least(size, word) for column in asked]
        if sum(least) <= room:
            break
    wanted = [max(column.wanted(size) - width, 0) for column, width in zip(asked, least, strict=True)]
    spare = room - sum(least)
    served = min(1.0, max(spare, 0) / (sum(wanted) or 1))
    widths = [width + more * served for width, more in zip(least, wanted, strict=True)]
    scale = room / sum(widths)  # below 1 when even the smallest type asks too much
    return [int(20 * width * scale) for width in widths], size


_ANY_WORD = max(word / size for size, word in TABLE_SIZES)
_ANY_LINE = WIDEST_LINE / min(size for size, _ in TABLE_SIZES)
"""Widths, as a multiple of the type size, beyond which a word or a line asks no more at any size."""


def _asked(table: Table, index: int) -> _Asked:
    heading, numeric = table.columns[index]
    text = traced.plain("\n".join(_texts(table, index)))  # many at once, as is all that follows
    if numeric:
        figures = {*heading.split(" "), *text.split("\n")}
        return _Asked(_longest(figures), _longest(heading.split("\n")), numeric)
    text = f"{heading}\n{text}"
    words = text.replace("-", "- ").replace("\n", " ").split(" ")
    return _Asked(_longest(words, _ANY_WORD), _longest(text.split("\n"), _ANY_LINE), numeric)


def _texts(table: Table, index: int) -> Iterator[str]:
    """Yield a column's texts, without those that run on into the next column."""
    for row in table.rows:
        if row.cells[index] and row.cells[index + 1 : index + 2] != (None,):
            yield row.cells[index] or ""


def _longest(texts: Iterable[str], enough: float = inf) -> float:
    """Return how wide the widest text is, or what is `enough` at least.

    Most texts are too short to be it, and are not measured.
    """
    longest: float = 0
    for text in sorted({*texts}, key=len, reverse=True):
        if len(text) * _WIDEST < longest or longest >= enough:
            break
        longest = max(longest, sum(map(_EMS.__getitem__, text)))
    return longest


_WIDEST = 0.9
"""How wide the widest character is."""


class _Ems(dict[str, float]):
    """About how wide each character is, bold, as a part of the type size."""

    def __missing__(self, character: str) -> float:
        if character in "ijltfrI.,:;'()|/ \N{NO-BREAK SPACE}":
            width = 0.34
        elif character in "mwMW":
            width = _WIDEST
        else:
            width = 0.53 if character.islower() or character.isdigit() else 0.64
        self[character] = width
        return width


_EMS = _Ems()
