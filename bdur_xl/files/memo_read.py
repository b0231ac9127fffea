"""A memo in Word, as staff saved it, -> its passages: paragraphs, table cells, notes, text boxes. Reads only.

Read from the package's own XML: Word keeps text in places that no library lists, such as content
controls, text boxes and tracked changes. What is tracked as deleted is no text; what is inserted is.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element  # the type only; defusedxml parses

from defusedxml import ElementTree

from bdur_xl import cells, nl
from bdur_xl.book import BookError
from bdur_xl.files import package_guard
from bdur_xl.files.package_guard import COMPOUND_FILE, Package
from bdur_xl.verify import Cell, Passage, Tag

SUFFIXES = (".docx", ".docm")

_TRANSPARENT = frozenset(
    {"ins", "moveTo", "hyperlink", "fldSimple", "smartTag", "customXml", "dir", "bdo", "sdtContent"}
)
"""Elements that only wrap what they hold."""

_NO_TEXT = frozenset(
    {"del", "moveFrom", "instrText", "delText", "Fallback", "rt", "sdtPr", "sdtEndPr", "pPr", "rPr"}
)
"""Elements of which nothing is text of the memo; a Fallback repeats its Choice."""

_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Characters without width, such as the one that keeps a minus and its amount on one line."""

_OFF = frozenset({"0", "false", "off"})
_NOTES = {"footnotes": ("footnote", "voetnoot"), "endnotes": ("endnote", "eindnoot")}
_MARGINS = {"header": "koptekst", "footer": "voettekst"}
_START = "begin van de memo"


class MemoError(BookError):
    """A file that cannot be read as a memo: what is wrong and what to do."""


def read_memo(path: Path) -> tuple[Passage, ...]:
    """Return every passage of a memo, the running text first, then margins and notes.

    Raises MemoError when the file is missing, locked or no Word document.
    """
    try:
        _refuse_other_files(path)
        with package_guard.opened(path, whole=True) as package:
            package_guard.refuse_other_kind(package, "word/document.xml", path)
            return tuple(_passages(package))
    except PermissionError as error:
        raise MemoError(
            f"{path} mag niet worden gelezen", "Sluit het bestand elders, of vraag leesrechten."
        ) from error
    except (
        OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError,
        LookupError, NotImplementedError, RuntimeError,  # how zipfile refuses compressions and passwords
        ElementTree.ParseError,
    ) as error:  # fmt: skip
        raise MemoError(
            f"{path} is geen leesbaar Word-document",
            "Open het in Word of LibreOffice en bewaar het opnieuw als .docx, of neem een reservekopie.",
        ) from error


def _refuse_other_files(path: Path) -> None:
    if not path.exists():
        raise MemoError(f"{path} bestaat niet", "Controleer de naam en de map van de memo.")
    if path.is_dir():
        raise MemoError(f"{path} is een map", "Noem het bestand van de memo zelf.")
    if path.suffix.lower() not in SUFFIXES:
        raise MemoError(
            f"{path} is geen {' of '.join(SUFFIXES)}-bestand", "Bewaar de memo als Word-document (.docx)."
        )
    with path.open("rb") as file:
        if file.read(len(COMPOUND_FILE)) == COMPOUND_FILE:
            raise MemoError(
                f"{path} is met een wachtwoord beveiligd, of is een oud .doc-document",
                "Haal in Word het wachtwoord eraf, en bewaar de memo als .docx.",
            )


# The package


def _passages(package: Package) -> Iterator[Passage]:
    ((_, document),) = [one for one in _relations(package, "") if one[0] == "officeDocument"]
    related = _relations(package, document)
    styles = [part for kind, part in related if kind == "styles"]
    reader = _Reader(_Styles(_parsed(package, styles[0]) if styles else None))
    body = _child(_parsed(package, document), "body")
    if body is None:
        raise ValueError("a document without a body")
    yield from reader.blocks(_children(body), _Place())
    for kind, part in sorted(set(related)):
        if kind in _MARGINS:
            yield from reader.blocks(_children(_parsed(package, part)), _Place(_MARGINS[kind]))
        elif kind in _NOTES:
            yield from _notes(reader, _parsed(package, part), *_NOTES[kind])


def _notes(reader: "_Reader", root: Element, kind: str, word: str) -> Iterator[Passage]:
    notes = [
        note for note in root if _name(note) == kind and not _attribute(note, "type").endswith("eparator")
    ]
    for number, note in enumerate(notes, start=1):
        yield from reader.blocks(_children(note), _Place(f"{word} {number}"))


def _relations(package: Package, part: str) -> list[tuple[str, str]]:
    """Return what a part is related to: kind ("header") and part."""
    folder, name = posixpath.split(part)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    if listed not in package:
        return []
    return [
        (
            relation.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:],
        )
        for relation in _parsed(package, listed)
        if relation.get("TargetMode") != "External"
    ]


def _parsed(package: Package, part: str) -> Element:
    root: Element = ElementTree.fromstring(package.whole(part))
    return root


# Elements, by their name without namespace: Word's strict format has namespaces of its own


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(element: Element, *names: str) -> Element | None:
    """Return the first element down a path of names, None when there is none."""
    for name in names:
        found = next((child for child in element if _name(child) == name), None)
        if found is None:
            return None
        element = found
    return element


def _attribute(element: Element | None, name: str) -> str:
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _is_on(properties: Element | None, name: str) -> bool:
    found = None if properties is None else _child(properties, name)
    return found is not None and _attribute(found, "val") not in _OFF


class _Marked(NamedTuple):
    """An element, and the names of the content controls around it."""

    element: Element
    tags: tuple[str, ...] = ()


def _children(element: Element, tags: tuple[str, ...] = ()) -> Iterator[_Marked]:
    """Yield what an element holds, out of everything that only wraps it."""
    for child in element:
        name = _name(child)
        if name == "sdt":
            yield from _children(child, (*tags, *_tags(child)))
        elif name in _TRANSPARENT:
            yield from _children(child, tags)
        elif name == "AlternateContent":
            yield from _children(_chosen(child), tags)
        elif name not in _NO_TEXT:
            yield _Marked(child, tags)


def _tags(element: Element) -> tuple[str, ...]:
    """Return the name of a content control; none for any other element."""
    name = _attribute(_child(element, "sdtPr", "tag"), "val")
    return (name,) if name else ()


def _chosen(alternatives: Element) -> Element:
    """Return the one of some alternatives that counts; with neither the element itself, without text."""
    choice, fallback = _child(alternatives, "Choice"), _child(alternatives, "Fallback")
    chosen = fallback if choice is None else choice
    return alternatives if chosen is None else chosen


class _Styles:
    """What the styles of a document mean."""

    def __init__(self, root: Element | None) -> None:
        self._styles = {_attribute(style, "styleId"): style for style in (root if root is not None else ())}

    def is_heading(self, paragraph: Element) -> bool:
        """Tell whether a paragraph has a place in the outline."""
        own = _child(paragraph, "pPr", "outlineLvl")
        levels = [own, *(_child(style, "pPr", "outlineLvl") for style in self._of(paragraph))]
        level = next((_attribute(one, "val") for one in levels if one is not None), "")
        return level.isdecimal() and int(level) < 9  # 9 is body text

    def is_caption(self, paragraph: Element) -> bool:
        """Tell whether a paragraph is the caption of a table."""
        return any(
            nl.fold(_attribute(_child(style, "name"), "val")) == "caption" for style in self._of(paragraph)
        )

    def _of(self, paragraph: Element) -> Iterator[Element]:
        """Yield a paragraph's style and those it is based on."""
        seen: set[str] = set()
        name = _attribute(_child(paragraph, "pPr", "pStyle"), "val")
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = _attribute(_child(self._styles[name], "basedOn"), "val")


# Text


@dataclass
class _Text:
    """The text of a paragraph or a cell in the making."""

    text: str = ""
    tags: list[Tag] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    boxes: list[_Marked] = field(default_factory=list)
    """Text boxes that hang on it."""

    def add(self, element: Element, tags: tuple[str, ...] = ()) -> None:
        """Add what an element holds, such as a paragraph, and mark what the content controls cover."""
        start = len(self.text)
        for child in element:
            self._add_child(child)
        if _is_on(_child(element, "rPr"), "vanish") and len(self.text) > start:
            self.hidden.append((start, len(self.text)))
        self.tags[:0] = [Tag(start, len(self.text), tag) for tag in tags]

    def _add_child(self, child: Element) -> None:
        name = _name(child)
        if name == "t":
            self.text += _UNSEEN.sub("", child.text or "")
        elif name == "txbxContent":
            self.boxes.append(_Marked(child))
        elif name == "AlternateContent":
            self.add(_chosen(child))
        elif name not in _NO_TEXT:
            self.text += _CHARACTERS.get(name, "")
            self.add(child, _tags(child))

    def passage(self, place: str, cell: Cell | None = None) -> Passage:
        return Passage(place, self.text, tuple(self.tags), cell, tuple(self.hidden))


@dataclass
class _Place:
    """Where the reader is: under which heading, at which paragraph and table."""

    heading: str = _START
    paragraphs: int = 0
    tables: int = 0
    caption: str = ""

    def turn_to(self, heading: str) -> None:
        """Begin to count under another heading."""
        self.heading, self.paragraphs, self.tables, self.caption = heading, 0, 0, ""


class _Reader:
    def __init__(self, styles: _Styles) -> None:
        self._styles = styles

    def blocks(self, blocks: Iterable[_Marked], place: _Place) -> Iterator[Passage]:
        """Yield the passages of paragraphs and tables, nested ones too."""
        for block in blocks:
            if _name(block.element) == "p":
                yield from self._paragraph(block, place)
            elif _name(block.element) == "tbl":
                place.tables += 1
                caption = place.caption or _attribute(_child(block.element, "tblPr", "tblCaption"), "val")
                yield from self._table(block, place, caption)
                place.caption = ""

    def _paragraph(self, block: _Marked, place: _Place) -> Iterator[Passage]:
        text = _Text()
        text.add(block.element, block.tags)
        shown = cells.visible(text.text)
        if shown:
            if self._styles.is_heading(block.element):
                place.turn_to(shown)
                yield text.passage(place.heading)
            elif self._styles.is_caption(block.element):
                place.caption = shown
                yield text.passage(f"{place.heading}, bijschrift")
            else:
                place.paragraphs += 1
                place.caption = ""
                yield text.passage(f"{place.heading}, alinea {place.paragraphs}")
        yield from self._boxes(text, place)

    def _boxes(self, text: _Text, place: _Place) -> Iterator[Passage]:
        for box in text.boxes:
            yield from self.blocks(_children(box.element, box.tags), _Place(f"{place.heading}, tekstvak"))

    def _table(self, table: _Marked, place: _Place, caption: str) -> Iterator[Passage]:
        name = f"{place.heading}, {caption or f'tabel {place.tables}'}"
        rows = list(_rows(table))
        heads = [row for row in rows if row.is_head] or rows[:1]
        headings = _headings(heads)
        label = ""
        for row in rows:
            texts = [_cell_text(cell) for cell in row.cells]
            first = texts[0] if texts else _Text()
            if not (row.cells and row.cells[0].continues):
                label = cells.visible(first.text)
            for one, text in zip(row.cells, texts, strict=True):
                heading = _joined(
                    headings.get(column, "") for column in range(one.column, one.column + one.width)
                )
                is_label = row in heads or one.column == 0
                where = ", ".join(
                    (
                        name,
                        *([f'rij "{label}"'] if label else []),
                        *([f'kolom "{heading}"'] if heading else []),
                    )
                )
                if cells.visible(text.text):
                    shown_in = "kop van " if row in heads else ""
                    cell = Cell(headings.get(0, ""), label, heading, caption, is_label)
                    yield text.passage(f'{name}, {shown_in}kolom "{heading}"' if shown_in else where, cell)
                yield from self._boxes(text, place)
                nested = (block for block in _children(one.element, ()) if _name(block.element) == "tbl")
                yield from self.blocks(nested, _Place(where))


# Tables


class _TableCell(NamedTuple):
    element: Element
    tags: tuple[str, ...]
    column: int
    width: int
    continues: bool
    """Whether it is merged with the cell above it."""


class _Row(NamedTuple):
    cells: tuple[_TableCell, ...]
    is_head: bool


def _rows(table: _Marked) -> Iterator[_Row]:
    for row in _children(table.element, table.tags):
        properties = _child(row.element, "trPr")
        if _name(row.element) == "tr" and (properties is None or _child(properties, "del") is None):
            yield _Row(tuple(_cells(row, properties)), _is_on(properties, "tblHeader"))


def _cells(row: _Marked, properties: Element | None) -> Iterator[_TableCell]:
    column = _number(None if properties is None else _child(properties, "gridBefore"), 0)
    for cell in _children(row.element, row.tags):
        if _name(cell.element) == "tc":
            own = _child(cell.element, "tcPr")
            width = _number(None if own is None else _child(own, "gridSpan"), 1)
            merge = None if own is None else _child(own, "vMerge")
            if own is None or _child(own, "cellDel") is None:
                continues = merge is not None and _attribute(merge, "val") != "restart"
                yield _TableCell(cell.element, cell.tags, column, width, continues)
            column += width


def _number(element: Element | None, absent: int) -> int:
    shown = _attribute(element, "val")
    return min(int(shown), 100) if shown.isdecimal() else absent


def _cell_text(cell: _TableCell) -> _Text:
    """Return the text of a cell, a line per paragraph; a table within it is read apart."""
    text = _Text()
    for number, block in enumerate(one for one in _children(cell.element) if _name(one.element) == "p"):
        text.text += "\n" if number else ""
        text.add(block.element, block.tags)
    text.tags[:0] = [Tag(0, len(text.text), tag) for tag in cell.tags]
    return text


def _headings(heads: Iterable[_Row]) -> dict[int, str]:
    """Return per column of the grid what the heading rows say above it."""
    found: dict[int, str] = {}
    for row in heads:
        for cell in row.cells:
            text = cells.visible(_cell_text(cell).text)
            for column in range(cell.column, cell.column + cell.width):
                found[column] = _joined((found.get(column, ""), text))
    return found


def _joined(texts: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(text for text in texts if text))
