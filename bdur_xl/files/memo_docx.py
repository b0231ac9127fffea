"""The memo as a Word file: styles, tables, page numbers, properties. It sets type, it never computes."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Length

from bdur_xl import nl
from bdur_xl.files import memo_styles
from bdur_xl.files.atomic import replaced
from bdur_xl.files.memo_styles import HEAD_FILL, LANGUAGE, TOTAL_FILL
from bdur_xl.memo import Block, Bullets, MemoFacts, Paragraphs, Placeholder, Section
from bdur_xl.memo_tables import Row, Table

PAGE = (Cm(21), Cm(29.7))
MARGIN = Cm(2)

CAPTION_LABEL = "Overzicht"
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

_PROPERTY_LENGTH = 255
"""Longest document property that python-docx accepts."""

_KEPT_PARTS = {"officeDocument", "core-properties", "styles", "settings", "numbering"}
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_W = nsdecls("w")


def write_memo(facts: MemoFacts, path: Path) -> None:
    """Write the memo to `path`, whole or not at all; the same facts give the same bytes.

    Raises OSError when it cannot be written; an older file is then untouched.
    """
    content = _bytes(_document(facts))
    with replaced(path) as draft:
        draft.write_bytes(content)


def _document(facts: MemoFacts) -> Document:
    document = docx.Document()
    _keep_only_what_is_ours(document)
    _set_properties(document, facts)
    _set_page(document)
    _add_footer(document, facts)
    _add_head(document, facts)
    tables = count(1)
    for section in facts.sections:
        _add_section(document, section, tables)
    return document


def _bytes(document: Document) -> bytes:
    """Return the document as a package that does not tell when it was written."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


# The document as a whole


def _keep_only_what_is_ours(document: Document) -> None:
    """Replace the library's template: its styles, its language, its thumbnail, its program name."""
    for part in (document.part.package, document.part):
        for key, relation in list(part.rels.items()):
            if relation.reltype.rpartition("/")[2] not in _KEPT_PARTS:
                del part.rels[key]
    for element, content in (
        (document.styles.element, memo_styles.STYLES),
        (document.settings.element, memo_styles.SETTINGS),
        (document.part.numbering_part.element, memo_styles.NUMBERING),
    ):
        element[:] = list(parse_xml(f"<w:root {_W}>{content}</w:root>"))


def _set_properties(document: Document, facts: MemoFacts) -> None:
    """Fill the document's properties: the region as author, never a person."""
    properties = document.core_properties
    properties.title, properties.subject = _property(facts.title), _property(facts.subject)
    properties.author = properties.last_modified_by = _property(facts.region)
    properties.content_status = _property(facts.status)
    properties.language = LANGUAGE
    properties.comments = properties.keywords = properties.category = ""
    properties.created = properties.modified = dt.datetime(*facts.date)  # a day, no moment
    properties.revision = 1


def _property(text: str) -> str:
    return _clean(text)[:_PROPERTY_LENGTH]


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    section.header_distance = section.footer_distance = Cm(1)


def _add_footer(document: Document, facts: MemoFacts) -> None:
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    text = " · ".join(part for part in (facts.region, facts.title) if part)
    pages = "".join((_run(f"{text} · pagina "), _field("PAGE", "1"), _run(" van "), _field("NUMPAGES", "1")))
    element = footer.paragraphs[0]._p  # the library has no call for fields
    element.getparent().replace(element, _element(_paragraph(pages, "Footer")))


def _add_head(document: Document, facts: MemoFacts) -> None:
    lines = (("Aan", facts.addressee), ("Betreft", facts.subject), ("Datum", nl.date(*facts.date)))
    for label, text in lines:
        runs = f"{_run(f'{label}:', bold=True)}<w:r><w:tab/></w:r>{_run(text)}"
        _add(document, _paragraph(runs, "Memohead"))
    _add(document, _paragraph(_run(facts.title), "Title"))


def _add_section(document: Document, section: Section, tables: Iterator[int]) -> None:
    turned = document.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    if section.landscape and not turned:
        page = document.add_section(WD_SECTION.NEW_PAGE)
        page.orientation = WD_ORIENT.LANDSCAPE
        page.page_height, page.page_width = PAGE
        document.paragraphs[-1].style = "Sectie-einde"
    new_page = "<w:pageBreakBefore/>" if section.landscape and turned else ""
    _add(document, _paragraph(_run(section.heading), f"Heading{section.level}", new_page))
    for name, block in section.blocks.items():
        _add_block(document, name, block, tables)


def _add_block(document: Document, name: str, block: Block, tables: Iterator[int]) -> None:
    match block:
        case Paragraphs():
            for text in block.texts:
                kept = "<w:keepNext/>" if text.endswith(":") else ""
                _add(document, _paragraph(_run(text), "Normal", kept))
        case Bullets():
            for text in block.texts:
                _add(document, _paragraph(_run(text), "ListBullet"))
        case Placeholder():
            _add(document, _content_control(name, block))
        case Table():
            _add_table(document, block, next(tables))


def _add(document: Document, xml: str) -> None:
    document.element.body.insert_element_before(_element(xml), "w:sectPr")


# Paragraphs


def _element(xml: str) -> object:
    return parse_xml(xml.replace(">", f" {_W}>", 1))


def _clean(text: str) -> str:
    """Return the text without characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def _run(text: str, *, bold: bool = False, size: float | None = None) -> str:
    properties = ("<w:b/>" if bold else "") + (f'<w:sz w:val="{round(size * 2)}"/>' if size else "")
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _clean(text).split("\n"))
    return f"<w:r><w:rPr>{properties}</w:rPr>{'<w:br/>'.join(lines)}</w:r>"


def _field(instruction: str, shown: str) -> str:
    return f'<w:fldSimple w:instr=" {instruction} ">{_run(shown)}</w:fldSimple>'


def _paragraph(runs: str, style: str, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


def _content_control(name: str, block: Placeholder) -> str:
    """Return text that staff can see is theirs to write, in a field Word names."""
    return (
        f"<w:sdt><w:sdtPr><w:alias w:val={quoteattr(block.title)}/><w:tag w:val={quoteattr(name)}/></w:sdtPr>"
        f"<w:sdtContent>{_paragraph(_run(block.text), 'Invulveld')}</w:sdtContent></w:sdt>"
    )


# Tables


def _add_table(document: Document, table: Table, number: int) -> None:
    page = document.sections[-1]
    assert page.page_width, "_set_page gave it"
    widths, size = _layout(table, Length(page.page_width - 2 * MARGIN).pt)
    counted = _field(f"SEQ {CAPTION_LABEL} \\* ARABIC", str(number))
    _add(document, _paragraph(f"{_run(f'{CAPTION_LABEL} ')}{counted}{_run(f'. {table.caption}')}", "Caption"))
    _add(document, _table_xml(table, widths, size))
    for index, note in enumerate(table.notes, start=1):
        more = index < len(table.notes)
        style, kept = ("Tabelnoot", "<w:keepNext/>") if more else ("Tabelslotnoot", "")
        _add(document, _paragraph(_run(note), style, kept))


def _table_xml(table: Table, widths: list[int], size: float) -> str:
    head = Row(tuple(column.heading for column in table.columns))
    rows = [_row_xml(table, head, widths, size, keep=True, head=True)]
    last = len(table.rows) - 1
    for index, row in enumerate(table.rows):
        at_an_end = index in (0, last - 1)
        leads = row.total and not row.cells[-1]  # the name of a group, or the first of some totals
        keep = index < last and (at_an_end or leads or last < KEPT_TOGETHER)
        rows.append(_row_xml(table, row, widths, size, keep=keep))
    caption = quoteattr(_clean(table.caption))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="BDuRtabel"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={caption}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row_xml(
    table: Table, row: Row, widths: list[int], size: float, *, keep: bool, head: bool = False
) -> str:
    cells = []
    for first, end in _spans(row):
        style = "Tabelgetal" if table.columns[first].numeric else "Tabeltekst"
        runs = _run(row.cells[first] or "", bold=head or row.total, size=size)
        fill = HEAD_FILL if head else TOTAL_FILL if row.total else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{sum(widths[first:end])}" w:type="dxa"/>'
            + (f'<w:gridSpan w:val="{end - first}"/>' if end - first > 1 else "")
            + (f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else "")
            + ('<w:vAlign w:val="bottom"/>' if head else "")
            + f"</w:tcPr>{_paragraph(runs, style, '<w:keepNext/>' if keep else '')}</w:tc>"
        )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _spans(row: Row) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of each cell; a cell None belongs to the one on its left."""
    starts = [index for index, cell in enumerate(row.cells) if cell is not None]
    yield from zip(starts, [*starts[1:], len(row.cells)], strict=True)


def _layout(table: Table, room: float) -> tuple[list[int], float]:
    """Return column widths in twentieths of a point, and the type size at which figures fit."""
    for size, word in TABLE_SIZES:
        least = [_least(table, index, size, word) for index in range(len(table.columns))]
        if sum(least) <= room:
            break
    wanted = [max(_wanted(table, index, size) - width, 0) for index, width in enumerate(least)]
    spare = room - sum(least)
    served = min(1.0, max(spare, 0) / (sum(wanted) or 1))
    widths = [width + more * served for width, more in zip(least, wanted, strict=True)]
    scale = room / sum(widths)  # below 1 when even the smallest type asks too much
    return [int(20 * width * scale) for width in widths], size


def _least(table: Table, index: int, size: float, widest_word: float) -> float:
    """Return the width a column needs: a whole figure, or the longest word of a text."""
    heading, texts = table.columns[index].heading, _texts(table, index)
    if table.columns[index].numeric:
        width = _longest([*heading.split(" "), *"\n".join(texts).split("\n")], size)
    else:
        width = min(_longest(re.split(r"[ \n]|(?<=-)", " ".join((heading, *texts))), size), widest_word)
    return width + 2 * CELL_MARGIN


def _wanted(table: Table, index: int, size: float) -> float:
    texts = () if table.columns[index].numeric else _texts(table, index)
    lines = (_longest(text.split("\n"), size) for text in (table.columns[index].heading, *texts))
    return min(max(lines), WIDEST_LINE) + 2 * CELL_MARGIN


def _texts(table: Table, index: int) -> Iterator[str]:
    """Yield a column's texts, without those that run on into the next column."""
    for row in table.rows:
        if row.cells[index] and row.cells[index + 1 : index + 2] != (None,):
            yield row.cells[index] or ""


def _longest(texts: list[str], size: float) -> float:
    return max((sum(map(_em, text)) for text in texts), default=0) * size


def _em(character: str) -> float:
    """Return about how wide a character is, bold, as a part of the type size."""
    if character in "ijltfrI.,:;'()|/ \N{NO-BREAK SPACE}":
        return 0.34
    if character in "mwMW":
        return 0.9
    return 0.53 if character.islower() or character.isdigit() else 0.64
