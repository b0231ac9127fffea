"""What a sheet's XML holds never shows as blank, however a program spells it."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import pytest
import python_calamine
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from bdur_xl.cells import NO_VALUE, Unreadable
from bdur_xl.files.package import position
from bdur_xl.files.package_guard import MOST_CELLS
from bdur_xl.files.sheet_xml import Rows, SheetXml
from bdur_xl.tables import column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PART = "xl/worksheets/sheet1.xml"
OPEN = f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><sheetData>'
CLOSE = "</sheetData></worksheet>"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The parts of a workbook of one sheet; its shared strings are "woord" and ""."""
    path = tmp_path_factory.mktemp("sheet") / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "woord")
        sheet.write_string(0, 1, "", book.add_format())
    with zipfile.ZipFile(path) as package:
        found = {name: package.read(name) for name in package.namelist()}
    strings = found["xl/sharedStrings.xml"]
    found["xl/sharedStrings.xml"] = strings.replace(b"</sst>", b"<si><t></t></si></sst>")
    return found


def shown(parts: dict[str, bytes], xml: bytes) -> Rows:
    """Return what calamine shows of a sheet."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in {**parts, PART: xml}.items():
            package.writestr(name, part)
    content.seek(0)
    values = python_calamine.load_workbook(content).get_sheet_by_index(0)
    return [list(row) for row in values.to_python(skip_empty_area=False)]


def read(parts: dict[str, bytes], xml: bytes) -> Rows:
    sheet = SheetXml(xml)
    assert sheet.most_cells() <= MOST_CELLS
    rows = shown(parts, xml)
    sheet.show_hidden(rows)
    return rows


def hidden(xml: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield the cells that may not be blank: found by a parser that builds the whole tree."""
    row = column = -1
    for element in ElementTree.fromstring(xml).iter():
        if element.tag.endswith("}row"):
            row, column = int(element.get("r", row + 2)) - 1, -1
        if element.tag.endswith("}c"):
            address = element.get("r")
            row, column = position(address) if address else (row, column + 1)
            inner = [one.tag.rpartition("}")[2] for one in element]
            held = "".join(
                text for one in element if not one.tag.endswith("}f") for text in one.itertext()
            ).strip()
            kind = element.get("t")
            computed = "f" not in inner or "v" in inner
            if kind not in ("s", "str", "inlineStr"):
                if {"f", "v"} & set(inner):
                    yield row, column, held or NO_VALUE
            elif not computed or (held and kind != "s") or (kind == "s" and "v" in inner and not held):
                yield row, column, held or NO_VALUE


def expected(rows: Rows, xml: bytes) -> dict[tuple[int, int], object]:
    cells = {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row) if cell != ""}
    for row, column, held in hidden(xml):
        cells.setdefault((row, column), held)
    return cells


def filled(rows: Rows) -> dict[tuple[int, int], object]:
    return {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row) if cell != ""}


CONTENTS = (
    "<v>1200.5</v>", "<v>-3</v>", "<v>1e400</v>", "<v></v>", "<v/>", "<v />", "", "<f>1+1</f>",
    "<f>1+1</f><v>2</v>", "<f>1+1</f><v></v>", '<f t="shared" si="0"/><v>7</v>', '<f t="shared" si="0"/>',
    "<v>#REF!</v>", "<f>B!A1</f><v>#N/A</v>", "<v>&#35;REF!</v>", "<is><t>tekst</t></is>",
    "<is><t></t></is>", "<v>0</v>", "<v>1</v>", '<f aca="false">""</f><v></v>', "<v>2031-05-01</v>",
    "<v> </v>", "<v\n>5</v\n>", "<x:v>5</x:v>", "<x:f>1</x:f>",
)  # fmt: skip
TYPES = ("", "", "", ' t="s"', ' t="str"', ' t="e"', " t='e'", ' t = "e"', ' t="b"', ' t="n"',
         ' t="inlineStr"', ' t="d"')  # fmt: skip
STYLES = ("", ' s="3"', " s='3'", ' s="1" cm="1"', "\n")
TAGS = (("<c", "</c>"), ("<c", "</c>"), ("<c", "</c >"), ("<x:c", "</x:c>"))


@st.composite
def cell(draw: st.DrawFn, address: str) -> str:
    start, end = draw(st.sampled_from(TAGS))
    told = draw(st.sampled_from([f' r="{address}"', f' r="{address}"', f" r='{address}'", ""]))
    attributes = [told, draw(st.sampled_from(STYLES)), draw(st.sampled_from(TYPES))]
    if draw(st.integers(0, 4)) == 0:
        attributes = draw(st.permutations(attributes))
    content = draw(st.sampled_from(CONTENTS))
    if not content and draw(st.booleans()):
        return f"{start}{''.join(attributes)}/>"
    return f"{start}{''.join(attributes)}>{content}{end}"


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    rows = []
    for number in range(1, draw(st.integers(2, 4))):
        cells = [draw(cell(f"{column_letters(at)}{number}")) for at in range(1, draw(st.integers(2, 5)))]
        told = draw(st.sampled_from([f' r="{number}"', f' r="{number}" spans="1:12"']))
        rows.append(f"<row{told}>{''.join(cells)}</row>")
    return (OPEN + "".join(rows) + CLOSE).encode()


USUAL = (
    "<v>5</v>", '|t="s"><v>0</v>', '|t="s"><v>1</v>', '|t="str"><f>1</f><v>a</v>',
    '|t="str"><f>""</f><v></v>', '|t="str"><f>1</f>', '|t="e"><v>#REF!</v>',
    '|t="e"><f>1/0</f><v>#DIV/0!</v>', "<f>1+1</f>",
    "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>", "<v/>", "", '|t="str"><f t="shared" si="0"/><v></v>',
    '|t="e"><v>&#35;REF!</v>', '|t="str"><v>#REF!</v>', "<v>#REF!</v>",
)  # fmt: skip


@st.composite
def usual_sheets(draw: st.DrawFn) -> bytes:
    """Sheets as programs write them; an address may occur twice, a cell stand before one to its left."""
    cells = []
    for address in draw(st.lists(st.sampled_from(["A1", "B1", "C1", "D1", "E1", "F1"]), min_size=1)):
        content = draw(st.sampled_from((*USUAL, "/")))
        start, style = f'<c r="{address}"', draw(st.sampled_from(["", ' s="4"']))
        content = f"{content.replace('|', ' ') if '|' in content else '>' + content}</c>"
        cells.append(f"{start}{style}{'/>' if content == '>/</c>' else content}")
    return one(*cells)


def one(*cells: str, row: int = 1) -> bytes:
    return f'{OPEN}<row r="{row}">{"".join(cells)}</row>{CLOSE}'.encode()


def addresses(xml: bytes) -> list[str]:
    """Return where the cells of a usual sheet stand, in order."""
    return re.findall(r'<c r="(\w+)"', xml.decode())


def refused(parts: dict[str, bytes], xml: bytes) -> bool:
    try:
        read(parts, xml)
    except (ExpatError, ValueError, python_calamine.CalamineError):
        return True
    return False


@given(sheets())
@example(one('<c r="A1" t="e"><v>#REF!</v></c>', '<c r="A1"><v>5</v></c>'))
@example(one('<c r="A1"><v>5</v></c>', '<c r="B1"></c>', '<c r="C1"/>'))
@example(one('<c>c r="A1"><v></v></c>'))
@example(one('<c r="A1" t="e"><v>#N/A</v>between<f>1</f>after</c>'))
def test_nothing_that_holds_something_shows_blank(parts: dict[str, bytes], xml: bytes) -> None:
    if not refused(parts, xml):
        assert filled(read(parts, xml)) == expected(shown(parts, xml), xml)


@given(usual_sheets())
def test_nor_does_it_in_sheets_as_programs_write_them(parts: dict[str, bytes], xml: bytes) -> None:
    places = addresses(xml)
    if len(set(places)) < len(places):
        assert refused(parts, xml)
    elif not refused(parts, xml):
        assert filled(read(parts, xml)).keys() == expected(shown(parts, xml), xml).keys()
    else:
        assert places != sorted(places)


@given(st.one_of(sheets(), usual_sheets()), st.data())
def test_damage_is_refused_or_still_read_in_full(
    parts: dict[str, bytes], xml: bytes, data: st.DataObject
) -> None:
    start = data.draw(st.integers(len(OPEN), len(xml)))
    kept = data.draw(st.sampled_from([b"", b"<", b"</c>", b"</row>", b"<c>", b'"', b"1"]))
    damaged = xml[:start] + kept + xml[start + data.draw(st.integers(0, 12)) :]
    try:
        ElementTree.fromstring(damaged)
    except ElementTree.ParseError:
        assert refused(parts, damaged)
        return
    if not refused(parts, damaged):
        assert filled(read(parts, damaged)) == expected(shown(parts, damaged), damaged)


PLAIN = "".join(f'<c r="{column}1"><v>5</v></c>' for column in "DEF")


@pytest.mark.parametrize(
    ("spelled", "held"),
    [
        ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!"),
        ("<c r='A1' t='e'><v>#N/A</v></c>", "#N/A"),
        ('<c t="e" r="A1" s="2"><v>#N/A</v></c>', "#N/A"),
        ('<x:c r="A1" t="e"><x:v>#REF!</x:v></x:c>', "#REF!"),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c >', "#DIV/0!"),
        ('<c r="A1" t="e"\n><v\t>#DIV/0!</v></c\n>', "#DIV/0!"),
        ('<c t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="A1" vm="1" t="e"><v>#VALUE!</v></c>', "#VALUE!"),
        ('<c r="A1"><f>1+1</f></c>', NO_VALUE),
        ('<c r="A1"><f>1+1</f><v></v></c>', NO_VALUE),
        ('<c r="A1"><f t="shared" ref="A1:A9" si="0">1+1</f><v/></c>', NO_VALUE),
        ('<c r="A1"><f t="shared" si="0"/></c>', NO_VALUE),
        ('<c r="A1" t="str"><f>1+1</f></c>', NO_VALUE),
        ('<c r="A1" t="s"><f>1+1</f></c>', NO_VALUE),
        ('<c r="A1" t="s"><v></v></c>', NO_VALUE),
        ('<c r="A1"><v>&#49;2</v></c>', "12"),
        ('<c r="A1"><v><![CDATA[12]]></v></c>', NO_VALUE),
        ('<c r="A1"><v>1<!-- -->2</v></c>', NO_VALUE),
        ('<c r="A1"><v>1<?x?>2</v></c>', NO_VALUE),
        ('<c r="A1" t="inlineStr"><is><t><![CDATA[tekst]]></t></is></c>', NO_VALUE),
        ('<c r="A1" t="inlineStr"><v>tekst</v></c>', "tekst"),
        ('<c r="A1"><f><!--<c r="Z9" t="str"><f>-->1+1</f><v></v></c>', NO_VALUE),
    ],
)
@pytest.mark.parametrize("rest", ["", PLAIN])
def test_each_way_to_hide(parts: dict[str, bytes], spelled: str, held: str, rest: str) -> None:
    found = read(parts, one(spelled, rest))[0][0]
    assert isinstance(found, Unreadable)
    assert found == held


@pytest.mark.parametrize(
    "spelled",
    ['<c r="A1" t="str"><f>""</f><v></v></c>', '<c r="A1" t="str"><f t="shared" si="0"/><v/></c>',
     '<c r="A1" t="s"><v>1</v></c>', '<c r="A1"/>', '<c r="A1" s="3"></c>',
     '<c r="A1" t="e"/>', '<c r="A1" t="inlineStr"><is><t></t></is></c>'],
)  # fmt: skip
def test_what_shows_nothing_is_blank(parts: dict[str, bytes], spelled: str) -> None:
    assert read(parts, one(spelled, PLAIN))[0][:1] == [""]


@pytest.mark.parametrize("encoding", ["UTF-16", "UTF-16LE", "ISO-8859-1", "cp037"])
def test_another_encoding_is_refused(encoding: str) -> None:
    xml = one(PLAIN).decode().replace("UTF-8", encoding).encode(encoding)
    with pytest.raises(ValueError, match="UTF-8"):
        SheetXml(xml)


@pytest.mark.parametrize(
    "start",
    ["", "\ufeff", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n"],
)
def test_utf_8_however_told(parts: dict[str, bytes], start: str) -> None:
    xml = start + one('<c r="A1"><v>5</v></c>').decode().partition("\n")[2]
    assert read(parts, xml.encode()) == [[5.0]]


@pytest.mark.parametrize(
    "address",
    [' r="XFD1048576"', " r='XFD1048576'", ' s="1" r="XFD1048576"', '\nr="XFD1048576"', ' r="T1048576"'],
)
@pytest.mark.parametrize("tag", ["c", "x:c"])
def test_a_cell_far_away_is_seen_however_spelled(tag: str, address: str) -> None:
    xml = one(f"<{tag}{address}><v>1</v></{tag}>", row=1_048_576)
    assert SheetXml(xml).most_cells() == (20 if "T1" in address else 16_384) * 1_048_576


@given(st.dictionaries(st.integers(1, 1_048_576), st.integers(1, 16_384), min_size=1, max_size=4), st.data())
def test_the_size_is_never_told_too_small(places: dict[int, int], data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(["c", "x:c"]))
    rows = (
        f'<row r="{row}"><{start} r="{column_letters(places[row])}{row}"><v>1</v></{start}></row>'
        for row in sorted(places)
    )
    size = max(places.values()) * max(places)
    assert size <= SheetXml(f"{OPEN}{''.join(rows)}{CLOSE}".encode()).most_cells() <= max(size, MOST_CELLS)


@pytest.mark.parametrize(
    "stray", ['<row r="1048576" ht="20"/>', '<row r="1048576"><c r="XFD1048576" s="1"/></row>']
)
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_format_far_away_takes_no_room(stray: str, prefix: str) -> None:
    xml = one('<c r="A1"><v>5</v></c>').decode().replace(CLOSE, stray + CLOSE)
    assert SheetXml(re.sub("<(/?)(row|c|v)\\b", rf"<\1{prefix}\2", xml).encode()).most_cells() <= MOST_CELLS


ROW_1 = '<row r="1"><c r="A1"><v>5</v></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        f"{ROW_1}{ROW_1}",
        f'<row r="2"/>{ROW_1}',
        '<row r="1"><c r="A2"><v>5</v></c></row>',
        '<row r="1"><c r="A1"><v>5</v></c><c r="A1"/></row>',
        '<row r="1"><c r="A1" s="2"/><c r="A1"><v>5</v></c></row>',
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="A1" t="e"><v>#N/A</v></c></row>',
        '<row r="1048577"/>',
        '<row r="1"><c r="XFE1"><v>5</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c><v>5</v></c><c r="A1"><v>6</v></c></row>',
        '<c r="A1"><v>5</v></c>',
        f"{ROW_1}</sheetData><x:sheetData>{ROW_1}</x:sheetData><sheetData>",
    ],
)
@pytest.mark.parametrize("spelled", ["plain", "prefixed", "single quotes"])
def test_what_two_programs_would_place_elsewhere_is_refused(
    parts: dict[str, bytes], rows: str, spelled: str
) -> None:
    if spelled == "prefixed":
        rows = re.sub("<(/?)(row|c|v)\\b", r"<\1x:\2", rows)
    elif spelled == "single quotes":
        rows = rows.replace('"', "'")
    assert refused(parts, f"{OPEN}{rows}{CLOSE}".encode())


def test_a_large_sheet_is_read_as_any_other(tmp_path: Path) -> None:
    """And one whose XML is damaged is refused still."""
    from bdur_xl.files.workbook import WorkbookError, read_cells

    path = tmp_path / "groot.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(20_000):
            sheet.write_row(row, 0, (row, 1.5, -2, 4))
        sheet.write_formula(20_000, 1, "=1/0", None, "#DIV/0!")
    (rows,) = read_cells(path)
    assert rows[19_999] == [19_999, 1.5, -2, 4]
    assert isinstance(rows[20_000][1], Unreadable)
    with zipfile.ZipFile(path) as package:
        content = {name: package.read(name) for name in package.namelist()}
    content[PART] = content[PART].replace(b"</row>", b"", 1)
    with zipfile.ZipFile(path, "w") as package:
        for name, part in content.items():
            package.writestr(name, part)
    with pytest.raises(WorkbookError, match="geen leesbare"):
        list(read_cells(path))
