"""Workbooks, memos and templates that are whole, odd or broken: read as they are, or refused in Dutch."""

import datetime as dt
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from math import isfinite, isnan
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

import xlsxwriter
from sheets import inputs, small, write_plain, write_with_tables

from bdur_xl import cells
from bdur_xl.book import BookError
from bdur_xl.checks import run_checks
from bdur_xl.files.memo_docx import TemplateError, memo_bytes
from bdur_xl.files.memo_read import MemoError, read_memo
from bdur_xl.files.memo_template import template
from bdur_xl.files.workbook import ClosedWorkbook, WorkbookError, read_cells, read_properties
from bdur_xl.memo import MemoFacts, Source, memo_facts
from bdur_xl.model import faults
from bdur_xl.overview import overview
from bdur_xl.parse import parse_inputs
from bdur_xl.terms import Basis
from fuzz.packages import Parts, divided, file_of, joined, parts_of

FOLDER = Path(tempfile.mkdtemp(prefix="bdur-fuzz-"))


def _refused(error: BookError) -> None:
    assert error.message.strip()
    assert error.remedy.strip()


# The workbook


def check_workbook(data: bytes) -> None:
    """Read a file as a workbook: no cell lost, none changed, and a plan or findings."""
    path = FOLDER / "plan.xlsx"
    path.write_bytes(file_of(data))
    try:
        book = ClosedWorkbook(path, "Memo")
        sheets = [*read_cells(path)]
    except WorkbookError as error:
        return _refused(error)
    read_properties(path)
    read_plan, found = parse_inputs(book.tables)
    assert all(one.where and one.message and one.remedy for one in found)
    if not faults(found):
        overview(read_plan)
    parts = divided(data)
    if parts:
        with suppress(ParseError):  # calamine reads XML that is not quite right
            _nothing_lost(parts, sheets)
    return None


def _nothing_lost(parts: Parts, sheets: list[list[list[object]]]) -> None:
    """Hold the cells as read against those that the parts tell, by the plainest route."""
    named = [*_sheets(parts)]
    if len({name for name, _ in named}) < len(named) or len(named) != len(sheets):
        return  # which one was read is not to be told
    shared = _shared(parts)
    for (_, part), read in zip(named, sheets, strict=True):
        for (row, column), meant in _cells(parts[part], shared).items():
            got = read[row][column] if row < len(read) and column < len(read[row]) else None
            assert any(_is(got, one) for one in meant), (part, row, column, got, meant)


def _sheets(parts: Parts) -> Iterator[tuple[str, str]]:
    targets = {one.get("Id"): one.get("Target", "") for one in _root(parts, "xl/_rels/workbook.xml.rels")}
    for sheet in _named(_root(parts, "xl/workbook.xml"), "sheet"):
        part = targets.get(next((sheet.attrib[key] for key in sheet.attrib if key.endswith("}id")), None), "")
        part = part[1:] if part.startswith("/") else f"xl/{part}"
        if part in parts:
            yield sheet.get("name", ""), part


def _root(parts: Parts, name: str) -> Element:
    return fromstring(parts[name])


def _named(root: Element, name: str) -> list[Element]:
    return [one for one in root.iter() if one.tag.rpartition("}")[2] == name]


def _shared(parts: Parts) -> list[str]:
    if "xl/sharedStrings.xml" not in parts:
        return []
    return [_text(item) for item in _named(_root(parts, "xl/sharedStrings.xml"), "si")]


def _text(item: Element) -> str:
    """Return a text, without what only tells how it sounds."""
    texts = []
    for one in item:
        name = one.tag.rpartition("}")[2]
        texts.append(one.text or "" if name == "t" else _text(one) if name == "r" else "")
    return "".join(texts)


ERROR = object()
"""Stands for a cell without a value that can be used."""


def _cells(xml: bytes, shared: list[str]) -> dict[tuple[int, int], list[object]]:
    """Return what each cell with a plain address may hold; one that is there twice, either."""
    found: dict[tuple[int, int], list[object]] = defaultdict(list)
    for cell in _named(fromstring(xml), "c"):
        place = re.fullmatch("([A-Z]{1,3})([1-9][0-9]{0,6})", cell.get("r", ""))
        if place:
            column = 0
            for letter in place[1]:
                column = column * 26 + ord(letter) - 64
            found[int(place[2]) - 1, column - 1].append(_value(cell, shared))
    return found


def _value(cell: Element, shared: list[str]) -> object:
    children = {one.tag.rpartition("}")[2]: one for one in cell}
    kind, value = cell.get("t", "n"), children.get("v")
    if kind == "inlineStr":
        return _text(children["is"]) if "is" in children else None
    if not children.keys() & {"v", "f"}:
        return None
    shown = (value.text or "") if value is not None else ""
    if kind == "s":
        return shared[int(shown)] if shown.isdecimal() and int(shown) < len(shared) else ERROR
    if kind == "str":
        return shown
    if kind == "b" and shown in ("0", "1"):
        return shown == "1"
    if kind == "n" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", shown):
        return float(shown)
    return ERROR


def _is(got: object, meant: object) -> bool:
    """Tell whether a cell was read as it is, or as one without a usable value."""
    if isinstance(got, cells.Unreadable) or meant is None:
        return True
    if meant is ERROR:
        return not cells.is_blank(got) and not (isinstance(got, int | float) and isfinite(got))
    if isinstance(meant, bool):
        return got is meant
    if isinstance(meant, float):
        a_date = isinstance(got, dt.date | dt.time | dt.timedelta)
        return a_date or (type(got) in (int, float) and (got == meant or isnan(meant)))
    return got == meant or "_x" in str(meant) or " ".join(str(got).split()) == " ".join(str(meant).split())


def workbooks() -> Iterator[bytes]:
    """Yield right workbooks: with Excel tables, without, and one with every kind of cell."""
    path = FOLDER / "seed.xlsx"
    yield joined(parts_of(write_with_tables(path, small())))
    yield joined(parts_of(write_plain(path, small(), row=2, column=1)))
    few = {key: sheet for key, sheet in small().items() if key in ("plan", "budget")}
    yield joined(parts_of(write_with_tables(path, few)))
    yield joined(parts_of(_every_kind(path)))
    yield joined(_by_hand())
    yield path.read_bytes()


def _every_kind(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Plan")
        sheet.write_row(0, 0, small()["plan"][0])
        sheet.write_row(1, 0, ["L1", "Water", "fte", "dijkwacht", "Oost", 0.1, True])
        sheet.write_formula("H2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("F3", "=F2*2", None, 0.2)
        sheet.write_formula("A3", '="L"&2', None, "L2")
        sheet.write_datetime("G3", dt.datetime(2031, 5, 1), workbook.add_format({"num_format": "d-m-yyyy"}))
        sheet.write_rich_string("B3", "Wa", workbook.add_format({"bold": True}), "ter")
        sheet.merge_range("C3:D4", "samen")
        workbook.set_properties({"author": "", "manager": "", "title": "Plan"})
    return path


def _by_hand() -> Parts:
    """Return the least that is a workbook, as few programs write it: texts inline, addresses left out."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    rows = "".join(
        "<row>" + "".join(
            f'<c t="inlineStr"><is><t>{one}</t></is></c>'
            if isinstance(one, str)
            else f"<c><v>{one or ''}</v></c>"
            for one in row
        ) + "</row>"
        for row in small()["plan"]
    )  # fmt: skip
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return {name: content.encode() for name, content in parts.items()}


# The memo and its template


def check_memo(data: bytes) -> None:
    """Read a file as a memo that staff edited: passages with text, or a refusal."""
    path = FOLDER / "memo.docx"
    path.write_bytes(file_of(data))
    try:
        passages = read_memo(path)
    except MemoError as error:
        return _refused(error)
    assert all(isinstance(one.text, str) for one in passages)
    return None


WORD = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def check_template(data: bytes) -> None:
    """Fill in a template: a memo that can be read again and has no field left, or a refusal."""
    try:
        written, _ = memo_bytes(_facts(), file_of(data))
    except TemplateError as error:
        return _refused(error)
    parts = divided(data)
    if parts and any(
        one.startswith("word/") and WORD not in parts[one] for one in parts if ".rels" not in one
    ):
        return None  # paragraphs of another namespace are none to Word
    path = FOLDER / "ingevuld.docx"
    path.write_bytes(written)
    for one in read_memo(path):
        assert not re.search(r"\{\{[^{}]*\}\}", one.text), one
    return None


@cache
def _facts() -> MemoFacts:
    plan = inputs(small())
    return memo_facts(Source(overview(plan), run_checks(plan), Basis.EXACT), (2031, 3, 12))


def memos() -> Iterator[bytes]:
    """Yield memos: the one of the small plan, and a short one with what Word has more."""
    written, _ = memo_bytes(_facts(), template())
    few = _parts(written)
    few["word/document.xml"] = _document(
        "<w:p><w:r><w:t>Ruimte </w:t></w:r><w:ins><w:r><w:t>€ 5.000</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>€ 4.000</w:delText></w:r></w:del></w:p>"
        '<w:sdt><w:sdtPr><w:tag w:val="ruimte-exact.2031"/></w:sdtPr><w:sdtContent>'
        "<w:p><w:r><w:t>1</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc></w:tr>'
        "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc><w:p><w:r><w:tab/><w:t>5</w:t></w:r></w:p></w:tc>"
        "</w:tr></w:tbl>"
    )
    yield joined(few)
    yield joined(_parts(written))


def templates() -> Iterator[bytes]:
    """Yield templates: ours, and a short one with a field of each sort."""
    few = _parts(template())
    few["word/document.xml"] = _document(
        "<w:p><w:r><w:t>Aan {{ aan }}, ruimte {{ ruimte-exact.2031 }}</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>{{ samen</w:t></w:r><w:r><w:t>vatting }}</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{{ tabel_ruimte }}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>{{ tabel_ruimte }}</w:t></w:r></w:p>'
    )
    yield joined(few)
    yield joined(_parts(template()))


def _document(body: str) -> bytes:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:document xmlns:w="{main}"><w:body>{body}<w:sectPr/></w:body></w:document>'.encode()


def _parts(content: bytes) -> Parts:
    path = FOLDER / "seed.docx"
    path.write_bytes(content)
    return parts_of(path)
