import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import docx
import pytest
from defusedxml import ElementTree
from memos import write_memo

from bdur_xl import nl
from bdur_xl.files.memo_blocks import clean
from bdur_xl.files.versions import read_state
from bdur_xl.memo import Block, MemoFacts
from bdur_xl.memo_origins import known_figures
from bdur_xl.memo_tables import Column, Row, Table
from bdur_xl.refresh import examine
from bdur_xl.traced import LONGEST_TAG, marked, tag_of

WORKBOOK = Path(__file__).parents[1] / "workbook" / "BDuR_plan.xlsm"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOMENT = dt.datetime(2023, 2, 23, 16, 30)

AMOUNTS_OF_THE_MEMO = (
    "1.685.000", "1.505.000", "1.605.000",  # jaartotaal
    "485.000", "1.200.000",  # incidenteel, structureel
    "1.275.000", "1.300.000", "410.000", "305.000",  # blok fte, blok middelen
    "910.000", "885.000", "985.000", "775.000", "620.000",  # hoofdthema
    "1.400.000", "1.650.000", "2.150.000", "2.400.000", "1.407.149",  # beschikbaar
    "−285.000", "145.000", "545.000", "795.000", "−277.851",  # ruimte
    "−140.000", "405.000", "−132.851", "412.149", "1.207.149",  # cumulatief
    "1.385.000", "15.000", "22.149", "1.310.000", "90.000", "97.149",  # instroom
    "1.418.333", "−18.333", "−11.184", "1.351.667", "48.333", "55.482",  # 1 fte al in dienst
    "450.000", "500.000", "600.000",  # zonder aandachtsgebied
    "207.149",  # beschikbaar min structureel 2023
)  # fmt: skip
"""Every figure of the tables of the memo, worked by hand."""


@pytest.fixture(scope="module")
def facts() -> MemoFacts:
    return examine(read_state(WORKBOOK, MOMENT)).facts


@pytest.fixture(scope="module")
def path(facts: MemoFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("memo") / "memo.docx"
    assert write_memo(facts, path) == ()  # our template has a field for every block
    return path


def attribute(element: Element, where: str, name: str) -> str:
    """Return an attribute of the element found there; both names without their namespace."""
    found = element.find("/".join(f"{W}{tag}" for tag in where.split("/")))
    assert found is not None
    return found.get(f"{W}{name}", "")


def xml(path: Path, part: str = "word/document.xml") -> Element:
    with zipfile.ZipFile(path) as package:
        root: Element = ElementTree.fromstring(package.read(part))
    return root


def printed(element: Element) -> str:
    """Return the text of an element as people read it: plain spaces, nothing between minus and figure."""
    text = "".join(one.text or "" for one in element.iter(f"{W}t"))
    return text.translate({0xA0: " ", 0x2060: ""})


def paragraphs(path: Path) -> list[str]:
    return [printed(paragraph) for paragraph in xml(path).iter(f"{W}p")]


def test_every_amount_of_the_memo_is_printed(path: Path) -> None:
    words = set(re.findall(r"−?\d[\d.]*\d", "\n".join(paragraphs(path))))
    assert [amount for amount in AMOUNTS_OF_THE_MEMO if amount not in words] == []


def test_headings_are_heading_styles(path: Path) -> None:
    found = [
        (paragraph.style.name, paragraph.text)
        for paragraph in docx.Document(str(path)).paragraphs
        if paragraph.style and paragraph.style.name and paragraph.style.name.startswith(("Heading", "Title"))
    ]
    assert found[0] == ("Title", "Bestedingsvoorstel extra BDuR-gelden 2023–2026 (voorlopig)")
    assert found[1] == ("Heading 1", "1 Samenvatting en gevraagd besluit")
    assert ("Heading 2", "Instroom van formatie") in found
    assert [text for style, text in found if style == "Heading 1"][-1] == "Bijlage D Herkomst van de cijfers"
    assert len([style for style, _ in found if style == "Heading 1"]) == 12


def test_the_memo_opens_with_addressee_subject_and_date(path: Path) -> None:
    head = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs[:3]]
    assert head == [
        "Aan:\tAlgemeen Bestuur",
        "Betreft:\tOntwikkelingen crisisbeheersing en besteding extra BDuR-gelden",
        "Datum:\t23 februari 2023",
    ]


def test_tables_repeat_their_header_and_split_no_row(path: Path) -> None:
    tables = list(xml(path).iter(f"{W}tbl"))
    assert len(tables) == 13
    for table in tables:
        first, *others = table.findall(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in others)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in (first, *others))
        assert table.find(f"{W}tblPr/{W}tblCaption") is not None
        assert all(printed(cell) for cell in first.findall(f"{W}tc"))  # no column without a heading


def test_tables_fit_the_page_and_every_row_fills_its_grid(path: Path) -> None:
    body = xml(path)[0]
    rooms = [
        int(attribute(page, "pgSz", "w")) - 2 * int(attribute(page, "pgMar", "left"))
        for page in body.iter(f"{W}sectPr")
    ]
    room = rooms[0]
    for block in body:
        if block.find(f"{W}pPr/{W}sectPr") is not None:
            room = rooms[1]
        if block.tag == f"{W}tbl":
            widths = [int(column.get(f"{W}w", 0)) for column in block.iter(f"{W}gridCol")]
            assert room - 20 <= sum(widths) <= room
            for row in block.findall(f"{W}tr"):
                cells = row.iter(f"{W}tcW")
                assert sum(int(cell.get(f"{W}w", 0)) for cell in cells) == sum(widths)


def test_figures_stand_to_the_right(path: Path) -> None:
    (room,) = [table for table in xml(path).iter(f"{W}tbl") if "Cumulatief (exact" in printed(table)]
    styles = [
        [attribute(cell, "p/pPr/pStyle", "val") for cell in row.findall(f"{W}tc")]
        for row in room.findall(f"{W}tr")
    ]
    assert styles == [["Tabeltekst", *["Tabelgetal"] * 4]] * 9
    style = next(one for one in xml(path, "word/styles.xml") if one.get(f"{W}styleId") == "Tabelgetal")
    assert attribute(style, "pPr/jc", "val") == "right"


def test_blank_cells_of_tabel_2_stay_blank(path: Path) -> None:
    table = next(one for one in docx.Document(str(path)).tables if one.cell(0, 0).text == "regel")
    row = next([cell.text for cell in row.cells] for row in table.rows if row.cells[0].text == "P15")
    assert row == ["P15", "toek. CB", "middelen", "juridisch", *[""] * 8]


def test_language_paper_and_typeface(path: Path) -> None:
    styles = xml(path, "word/styles.xml")
    assert {one.get(f"{W}val") for one in styles.iter(f"{W}lang")} == {"nl-NL"}
    assert {one.get(f"{W}ascii") for one in styles.iter(f"{W}rFonts")} == {"Calibri"}
    assert list(xml(path).iter(f"{W}rFonts")) == []
    assert list(xml(path).iter(f"{W}lang")) == []
    assert attribute(xml(path, "word/settings.xml"), "decimalSymbol", "val") == ","
    papers = [(page.get(f"{W}w"), page.get(f"{W}h")) for page in xml(path).iter(f"{W}pgSz")]
    assert papers == [("11906", "16838"), ("16838", "11906")]


def test_page_numbers_and_captions_are_fields(path: Path) -> None:
    footer = xml(path, "word/footer1.xml")
    fields = [(field.get(f"{W}instr") or "").split() for field in footer.iter(f"{W}fldSimple")]
    assert fields == [["PAGE"], ["NUMPAGES"]]
    styled = [(one, one.find(f"{W}pPr/{W}pStyle")) for one in xml(path).iter(f"{W}p")]
    captions = [
        printed(one) for one, style in styled if style is not None and style.get(f"{W}val") == "Caption"
    ]
    numbers = [caption.split(".")[0] for caption in captions]
    assert [one for one in numbers if one != "Grafiek 1"] == [f"Overzicht {n}" for n in range(1, 14)]
    assert captions[numbers.index("Grafiek 1")].startswith(
        "Grafiek 1. Lasten per jaar en het beschikbare bedrag"
    )
    counted = [field.get(f"{W}instr", "").split() for field in xml(path).iter(f"{W}fldSimple")]
    assert [field[1] for field in counted if field[0] == "SEQ"] == [one.split()[0] for one in numbers]


def test_the_decision_is_a_marked_field_to_fill_in(path: Path) -> None:
    open_texts = [one for one in controls(path) if printed(one).startswith("[Nog in te vullen")]
    assert [
        (attribute(one, "sdtPr/alias", "val"), attribute(one, "sdtPr/tag", "val")) for one in open_texts
    ] == [
        ("Gevraagd besluit", "gevraagd_besluit"),
    ]
    styles = xml(path, "word/styles.xml")
    style = next(one for one in styles if one.get(f"{W}styleId") == "Invulveld")
    assert style.find(f"{W}pPr/{W}shd") is not None


def controls(path: Path) -> list[Element]:
    return list(xml(path).iter(f"{W}sdt"))


def test_every_figure_names_itself_and_its_cell(facts: MemoFacts, path: Path) -> None:
    named = {
        attribute(one, "sdtPr/tag", "val"): (attribute(one, "sdtPr/alias", "val"), printed(one))
        for one in reversed(controls(path))  # as first printed, not as in the table of origins
    }
    assert named["ruimte-exact.2023"] == ("Overzicht!B23: ruimte-exact.2023", "−277.851")
    assert named["-ruimte-exact.2023"] == ("Overzicht!B23: -ruimte-exact.2023", "€ 277.851")
    assert named["fte-structureel.2025,2026"][0] == "Overzicht!D27: fte-structureel.2025,2026"
    assert named["P07.2023 i"] == ("Plan!G13: P07.2023 i", "225.000")
    known = known_figures(facts)
    placed = 0
    for tag, (title, _) in named.items():
        if tag in known and known[tag].place:
            assert title == f"{known[tag].place}: {tag}"[:LONGEST_TAG]
            placed += 1
    assert placed > 250
    assert all(len(text) <= LONGEST_TAG for tag, (title, _) in named.items() for text in (tag, title))


def test_no_two_content_controls_have_one_number(path: Path) -> None:
    numbers = [attribute(one, "sdtPr/id", "val") for one in controls(path)]
    assert len(numbers) == len({*numbers}) > 500


def test_a_quoted_figure_names_the_cell_it_was_quoted_from(facts: MemoFacts, tmp_path: Path) -> None:
    table = Table("t", (Column("opmerking"),), (Row((marked("P05-opmerking.1", "€ 5"),)),))
    write_memo(with_blocks(facts, tabel_2=table), tmp_path / "memo.docx")
    titles = {attribute(one, "sdtPr/alias", "val") for one in controls(tmp_path / "memo.docx")}
    assert "Plan!F11: P05-opmerking.1" in titles


def test_a_name_too_long_for_word_is_shortened(facts: MemoFacts, tmp_path: Path) -> None:
    long = f"afdeling-{'x' * 80}.2027"
    table = Table("t", (Column("a"),), (Row((marked(long, "€ 5"),)),))
    write_memo(with_blocks(facts, tabel_2=table), tmp_path / "memo.docx")
    tags = {attribute(one, "sdtPr/tag", "val") for one in controls(tmp_path / "memo.docx")}
    assert tag_of(long) in tags


def test_the_chart_stands_under_its_caption_as_wide_as_the_text(path: Path) -> None:
    body = list(xml(path)[0])
    (at,) = [index for index, one in enumerate(body) if next(one.iter(f"{WP}inline"), None) is not None]
    assert printed(body[at - 1]).startswith("Grafiek 1.")
    assert printed(body[at + 1]).startswith("In 2025 en 2026 gelden de lasten")
    (extent,) = body[at].iter(f"{WP}extent")
    text_width = 11906 - 2 * 1134  # twentieths of a point: A4 less two margins of 2 cm
    assert abs(int(extent.get("cx", 0)) - text_width * 635) < 2 * 635
    (described,) = body[at].iter(f"{WP}docPr")
    assert "In 2023 zijn de lasten structureel" in described.get("descr", "")


def test_python_docx_reads_the_figures_within_their_controls(path: Path) -> None:
    document = docx.Document(str(path))
    room = next(one for one in document.tables if one.cell(0, 0).text == "Post")
    assert room.cell(3, 0).text == "Begrotingsruimte (afgerond)"
    cells: list[Any] = [cell._tc for cell in room.rows[3].cells]
    assert [printed(cell) for cell in cells[1:]] == [
        "−285.000", "145.000", "545.000", "795.000",
    ]  # fmt: skip


def test_properties_name_the_region_and_no_person(path: Path) -> None:
    properties = docx.Document(str(path)).core_properties
    assert properties.title == "Bestedingsvoorstel extra BDuR-gelden 2023–2026 (voorlopig)"
    assert properties.subject == "Ontwikkelingen crisisbeheersing en besteding extra BDuR-gelden"
    assert properties.language == "nl-NL"
    assert properties.author == properties.last_modified_by == "Veiligheidsregio Hollands Midden"
    assert properties.comments == ""
    assert properties.created == properties.modified == dt.datetime(2023, 2, 23, tzinfo=dt.UTC)


def test_the_package_holds_nothing_of_the_librarys_template(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        assert sorted(package.namelist()) == [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/_rels/document.xml.rels",
            "word/charts/_rels/chart1.xml.rels",
            "word/charts/chart1.xml",
            "word/document.xml",
            "word/embeddings/grafiek1.xlsx",
            "word/footer1.xml",
            "word/numbering.xml",
            "word/settings.xml",
            "word/styles.xml",
        ]


def test_the_same_facts_give_the_same_bytes(facts: MemoFacts, path: Path, tmp_path: Path) -> None:
    again = tmp_path / "other name.docx"
    write_memo(facts, again)
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_text_that_xml_cannot_hold(facts: MemoFacts, tmp_path: Path) -> None:
    hostile = Table('a <b> & "c"', (Column("<x>"),), (Row(("een\x01 <twee> & drie\nvier",)),))
    changed = with_blocks(facts, tabel_doelbereik=hostile)._replace(
        region="R" * 300,  # longer than a property may be
        subject="x\x02 <y>",
    )
    write_memo(changed, tmp_path / "memo.docx")
    document = docx.Document(str(tmp_path / "memo.docx"))
    assert document.tables[0].cell(1, 0).text == "een <twee> & drie\nvier"
    assert document.core_properties.subject == "x <y>"
    assert len(document.core_properties.author) == 255


def with_blocks(facts: MemoFacts, **blocks: Block) -> MemoFacts:
    return facts._replace(blocks={**facts.blocks, **blocks})


def many_columns(count: int, amount: str) -> Table:
    columns = (Column("subthema"), *(Column(str(year), numeric=True) for year in range(2027, 2027 + count)))
    return Table("breed", columns, (Row(("een onderwerp", *[amount] * count)),))


@pytest.mark.parametrize(("columns", "size"), [(4, 9), (12, 6.5), (16, 5.5)])
def test_type_shrinks_before_a_figure_breaks(
    facts: MemoFacts, tmp_path: Path, columns: int, size: float
) -> None:
    wide = many_columns(columns, "1.234.567")
    write_memo(with_blocks(facts, tabel_doelbereik=wide), tmp_path / "memo.docx")
    table = next(
        one for one in xml(tmp_path / "memo.docx").iter(f"{W}tbl") if "een onderwerp" in printed(one)
    )
    assert {float(one.get(f"{W}val") or 0) / 2 for one in table.iter(f"{W}sz")} == {size}


# Beyond our own library


def test_the_facts_cost_no_library() -> None:
    code = "import sys, bdur_xl.memo; print(*sorted({'docx', 'lxml'} & {*sys.modules}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


@pytest.mark.libreoffice
@pytest.mark.skipif(
    not shutil.which("soffice") and "CI" not in os.environ, reason="LibreOffice is not installed"
)
def test_libreoffice_reads_what_was_written(path: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(path)], check=True, capture_output=True, timeout=120)
    read = (tmp_path / "memo.txt").read_text("utf-8-sig").translate({0xA0: " ", 0x2060: ""})
    assert "Bij instroom van alle formatie per 1 mei 2023 resteert € 22.149" in read
    assert "Overzicht 12. Bevindingen" in read
    assert "Overzicht 13. Herkomst" in read
    assert [amount for amount in AMOUNTS_OF_THE_MEMO if amount not in read] == []


def test_a_text_loses_only_what_xml_cannot_hold() -> None:
    every = "".join(map(chr, range(0x110000))).replace(nl.MINUS, "")
    held = {
        *"\t\n\r",
        *map(chr, range(0x20, 0xD800)),
        *map(chr, range(0xE000, 0xFFFE)),
        *map(chr, range(0x10000, 0x110000)),
    }
    assert clean(every) == "".join(sign for sign in every if sign in held)
    assert held.issuperset(sign for sign in every if sign.isprintable())
    assert clean(f"{nl.MINUS}€") == f"{nl.MINUS}\N{WORD JOINER}€"
