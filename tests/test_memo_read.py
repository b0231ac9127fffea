import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bdur_xl.figures import Figure, Unit
from bdur_xl.files import package_guard
from bdur_xl.files.memo_read import MemoError, read_memo
from bdur_xl.verify import Cell, Passage, Tag, summary, verify

W = nsdecls("w")
DRAWING = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def control(tag: str, content: str) -> str:
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def add(document: Document, xml: str, namespaces: str = W) -> None:
    """Put a piece of WordprocessingML at the end of a document."""
    element = parse_xml(xml.replace(">", f" {namespaces}>", 1))
    document.element.body.insert_element_before(element, "w:sectPr")


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Document], Path]:
    def save(document: Document) -> Path:
        document.save(str(tmp_path / "memo.docx"))
        return tmp_path / "memo.docx"

    return save


@pytest.fixture
def read(saved: Callable[[Document], Path]) -> Callable[..., list[Passage]]:
    """Read the passages of a document that holds these pieces of WordprocessingML."""

    def reading(*pieces: str, namespaces: str = W) -> list[Passage]:
        document = docx.Document()
        for xml in pieces:
            add(document, xml, namespaces)
        return list(read_memo(saved(document)))

    return reading


Read = Callable[..., list[Passage]]


def texts(passages: list[Passage]) -> list[str]:
    return [passage.text for passage in passages]


def test_paragraphs_are_counted_under_their_heading(saved: Callable[[Document], Path]) -> None:
    document = docx.Document()
    document.add_paragraph("Aan: bestuur")
    document.add_heading("5 Financiën", 1)
    document.add_paragraph("Eén")
    document.add_paragraph("")
    document.add_paragraph("Twee")
    document.add_heading("Instroom", 2)
    document.add_paragraph("Drie", style="List Bullet")
    assert [(one.place, one.text) for one in read_memo(saved(document))] == [
        ("begin van de memo, alinea 1", "Aan: bestuur"),
        ("5 Financiën", "5 Financiën"),
        ("5 Financiën, alinea 1", "Eén"),
        ("5 Financiën, alinea 2", "Twee"),
        ("Instroom", "Instroom"),
        ("Instroom, alinea 1", "Drie"),
    ]


def test_a_heading_style_of_staffs_own_is_a_heading(saved: Callable[[Document], Path]) -> None:
    document = docx.Document()
    style = document.styles.add_style("Huisstijl kop", 1)
    style.base_style = document.styles["Heading 1"]
    document.add_paragraph("Kop", style="Huisstijl kop")
    document.add_paragraph("tekst")
    assert [one.place for one in read_memo(saved(document))] == ["Kop", "Kop, alinea 1"]


def test_a_figure_split_over_runs_is_one_text(read: Read) -> None:
    broken = (
        run("€ 1.6")
        + '<w:bookmarkStart w:id="1" w:name="x"/><w:proofErr w:type="spellStart"/>'
        + run("85.000")
    )
    assert texts(read(paragraph(run("Lasten "), broken))) == ["Lasten € 1.685.000"]


def test_characters_without_width_are_left_out(read: Read) -> None:
    joined, soft = "\N{WORD JOINER}", "\N{SOFT HYPHEN}"
    (one,) = read(paragraph(run("las" + soft + "ten "), control("a.2023", run("−" + joined + "5"))))
    assert (one.text, one.tags) == ("lasten −5", (Tag(7, 9, "a.2023"),))


def test_run_level_controls_cover_their_text(read: Read) -> None:
    (one,) = read(paragraph(run("Lasten "), control("lasten.2023", run("€ ") + run("5")), run(" nu")))
    assert one.text == "Lasten € 5 nu"
    assert one.tags == (Tag(7, 10, "lasten.2023"),)


def test_nested_controls_come_outer_first(read: Read) -> None:
    (one,) = read(paragraph(control("buiten", run("a ") + control("binnen.2023", run("€ 5")))))
    assert one.tags == (Tag(0, 5, "buiten"), Tag(2, 5, "binnen.2023"))


def test_block_row_and_cell_level_controls(read: Read) -> None:
    block = control("blok", paragraph(run("een")) + paragraph(run("twee")))
    table = (
        f"<w:tbl><w:tblPr/>{row(cell(paragraph(run('Post'))), cell(paragraph(run('2023'))))}"
        + control("rij", row(cell(paragraph(run("Lasten"))), control("cel", cell(paragraph(run("5"))))))
        + "</w:tbl>"
    )
    found = read(block, table)
    assert [(one.text, [tag.name for tag in one.tags]) for one in found] == [
        ("een", ["blok"]),
        ("twee", ["blok"]),
        ("Post", []),
        ("2023", []),
        ("Lasten", ["rij"]),
        ("5", ["rij", "cel"]),
    ]


def test_tracked_changes(read: Read) -> None:
    found = read(
        paragraph(
            run("Lasten "),
            '<w:del w:id="1" w:author="a"><w:r><w:delText>€ 4</w:delText></w:r></w:del>',
            f'<w:ins w:id="2" w:author="a">{run("€ 5")}</w:ins>',
            f'<w:moveFrom w:id="3" w:author="a">{run(" weg")}</w:moveFrom>',
            f'<w:moveTo w:id="4" w:author="a">{run(" hier")}</w:moveTo>',
        ),
        "<w:tbl><w:tblPr/>"
        + row(cell(paragraph(run("kop"))))
        + row(cell(paragraph(run("weg"))), properties='<w:del w:id="5" w:author="a"/>')
        + row(cell(paragraph(run("nieuw"))), properties='<w:ins w:id="6" w:author="a"/>')
        + "</w:tbl>",
    )
    assert texts(found) == ["Lasten € 5 hier", "kop", "nieuw"]


def test_fields_links_breaks_and_hidden_text(read: Read) -> None:
    (one,) = read(
        paragraph(
            f'<w:fldSimple w:instr=" SEQ x ">{run("1")}</w:fldSimple>',
            '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>= 99</w:instrText></w:r>',
            run(" € 2"),
            f'<w:hyperlink w:anchor="a">{run(" € 3")}</w:hyperlink>',
            "<w:r><w:tab/><w:t>4</w:t><w:br/><w:noBreakHyphen/><w:t>5</w:t></w:r>",
            run("€ 6", "<w:vanish/>"),
            run("€ 7", '<w:vanish w:val="0"/>'),
        )
    )
    assert one.text == "1 € 2 € 3\t4\n-5€ 6€ 7"
    assert [one.text[start:end] for start, end in one.hidden] == ["€ 6"]


def test_a_text_box_is_read_once(read: Read) -> None:
    inside = f"<w:txbxContent>{paragraph(control('a.2023', run('€ 5')))}</w:txbxContent>"
    drawing = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    old = f"<w:pict><v:textbox><w:txbxContent>{paragraph(run('€ 6'))}</w:txbxContent></v:textbox></w:pict>"
    found = read(paragraph(run("tekst"), f"<w:r>{drawing}</w:r>", f"<w:r>{old}</w:r>"), namespaces=DRAWING)
    assert texts(found) == ["tekst", "€ 5", "€ 6"]
    assert found[1].place == "begin van de memo, tekstvak, alinea 1"
    assert found[1].tags == (Tag(0, 3, "a.2023"),)


def test_tables_with_caption_row_and_column(saved: Callable[[Document], Path]) -> None:
    document = docx.Document()
    document.add_heading("5 Financiën", 1)
    document.add_paragraph("Overzicht 3. Lasten, in euro's", style="Caption")
    table = document.add_table(2, 3)
    for position, text in enumerate(("Post", "2023", "2024", "Lasten", "5", "–")):
        table.cell(position // 3, position % 3).text = text
    document.add_table(1, 1).cell(0, 0).text = "los"
    found = list(read_memo(saved(document)))
    assert found[1].place == "5 Financiën, bijschrift"
    assert found[3].place == '5 Financiën, Overzicht 3. Lasten, in euro\'s, kop van kolom "2023"'
    assert found[6].place == '5 Financiën, Overzicht 3. Lasten, in euro\'s, rij "Lasten", kolom "2023"'
    assert found[6].cell == Cell("Post", "Lasten", "2023", "Overzicht 3. Lasten, in euro's", is_label=False)
    assert [bool(one.cell and one.cell.is_label) for one in found[2:8]] == [True] * 4 + [False] * 2
    assert found[8].place.startswith("5 Financiën, tabel 2, ")


def test_merged_cells_keep_their_headings(read: Read) -> None:
    head = "<w:tblHeader/>"
    span, restart, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    found = read(
        "<w:tbl><w:tblPr/>"
        + row(cell(paragraph(run("Post"))), cell(paragraph(run("2023")), span), properties=head)
        + row(cell("<w:p/>"), cell(paragraph(run("i"))), cell(paragraph(run("s"))), properties=head)
        + row(cell(paragraph(run("P01")), restart), cell(paragraph(run("5"))), cell(paragraph(run("6"))))
        + row(cell("<w:p/>", goes_on), cell(paragraph(run("7")) + paragraph(run("8 fte")), span))
        + row(cell(paragraph(run("9"))), properties='<w:gridBefore w:val="2"/>')
        + "</w:tbl>"
    )
    cells = {one.text: one.cell for one in found}
    assert cells["5"] == Cell("Post", "P01", "2023 i")
    assert cells["6"] == Cell("Post", "P01", "2023 s")
    assert cells["7\n8 fte"] == Cell("Post", "P01", "2023 i 2023 s")
    assert cells["9"] == Cell("Post", "9", "2023 s")


def test_a_table_in_a_table(read: Read) -> None:
    inner = f"<w:tbl><w:tblPr/>{row(cell(paragraph(run('binnen'))))}</w:tbl><w:p/>"
    found = read(f"<w:tbl><w:tblPr/>{row(cell(paragraph(run('buiten')) + inner))}</w:tbl>")
    assert [one.text.strip() for one in found] == ["buiten", "binnen"]


def test_headers_footers_and_notes(saved: Callable[[Document], Path]) -> None:
    document = docx.Document()
    document.add_paragraph("tekst")
    document.sections[0].header.paragraphs[0].text = "boven"
    document.sections[0].footer.paragraphs[0].text = "onder"
    for kind, name in (("footnote", "footnotes"), ("endnote", "endnotes")):
        separator = f'<w:{kind} w:type="separator" w:id="-1">{paragraph(run("streep"))}</w:{kind}>'
        note = f'<w:{kind} w:id="1">{paragraph(control("a.2023", run("€ 5")))}</w:{kind}>'
        part = Part(
            PackURI(f"/word/{name}.xml"),
            f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml",
            f"<w:{name} {W}>{separator}{note}</w:{name}>".encode(),
            document.part.package,
        )
        document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, name.upper()))
    assert [(one.place, one.text) for one in read_memo(saved(document))] == [
        ("begin van de memo, alinea 1", "tekst"),
        ("eindnoot 1, alinea 1", "€ 5"),
        ("voettekst, alinea 1", "onder"),
        ("voetnoot 1, alinea 1", "€ 5"),
        ("koptekst, alinea 1", "boven"),
    ]


def test_the_strict_format_of_word(read: Read, saved: Callable[[Document], Path], tmp_path: Path) -> None:
    document = docx.Document()
    add(document, paragraph(control("a.2023", run("€ 5"))))
    strict = tmp_path / "strict.docx"
    with zipfile.ZipFile(saved(document)) as source, zipfile.ZipFile(strict, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            old = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
            target.writestr(
                name, content.replace(old, b"http://purl.oclc.org/ooxml/officeDocument/relationships")
            )
    assert [(one.text, one.tags) for one in read_memo(strict)] == [("€ 5", (Tag(0, 3, "a.2023"),))]


# What is no memo


def refused(path: Path) -> str:
    with pytest.raises((MemoError, package_guard.PackageError)) as caught:
        read_memo(path)
    assert caught.value.remedy.endswith(".")
    return caught.value.message


def test_files_that_are_no_memo(tmp_path: Path) -> None:
    assert refused(tmp_path / "weg.docx").endswith("bestaat niet")
    assert refused(tmp_path).endswith("is een map")
    for name, content, message in (
        ("memo.odt", b"PK", "is geen .docx of .docm-bestand"),
        ("memo.doc", b"\xd0\xcf\x11\xe0", "is geen .docx of .docm-bestand"),
        ("slot.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "met een wachtwoord beveiligd"),
        ("leeg.docx", b"", "is geen leesbaar Word-document"),
        ("tekst.docx", b"geen zip", "is geen leesbaar Word-document"),
    ):
        (tmp_path / name).write_bytes(content)
        assert message in refused(tmp_path / name)


def package(path: Path, document: bytes, relations: str = "") -> Path:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(
            "_rels/.rels",
            relations
            or f'<Relationships><Relationship Type="{kind}" Target="word/document.xml"/></Relationships>',
        )
        target.writestr("word/document.xml", document)
    return path


def test_damaged_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = package(
        tmp_path / "goed.docx",
        f"<w:document {W}><w:body>{paragraph(run('a'))}</w:body></w:document>".encode(),
    )
    assert texts(list(read_memo(good))) == ["a"]
    entities = b'<!DOCTYPE a [<!ENTITY b "boem">]><a>&b;</a>'
    deep = b"<a><body><p>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</p></body></a>"
    for content in (b"<a>", b"<a/>", entities, deep):
        assert "geen leesbaar" in refused(package(tmp_path / "stuk.docx", content))
    assert "geen leesbaar" in refused(package(tmp_path / "stuk.docx", b"<a/>", "<Relationships/>"))
    cut = tmp_path / "half.docx"
    cut.write_bytes(good.read_bytes()[:-40])
    assert "geen leesbaar" in refused(cut)
    monkeypatch.setattr(package_guard, "MOST_WHOLE", 1000)
    assert "te groot" in refused(package(tmp_path / "bom.docx", b"<a>" + b" " * 2000 + b"</a>"))


# A real program


@pytest.mark.libreoffice
def test_what_libreoffice_saves_is_read_too(saved: Callable[[Document], Path], tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("5 Financiën", 1)
    add(document, paragraph(run("Lasten "), control("lasten.2023", run("€ 5.000")), run(".")))
    add(document, paragraph(f'<w:ins w:id="2" w:author="a">{run("€ 6.000")}</w:ins>'))
    table = document.add_table(2, 2)
    for position, text in enumerate(("Kenmerk", "Waarden", "lasten", "2023: € 5.000")):
        table.cell(position // 2, position % 2).text = text
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is not installed"
    subprocess.run(
        [
            soffice, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "out"), str(saved(document)),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    found = list(read_memo(tmp_path / "out" / "memo.docx"))
    assert [(one.place.partition(",")[0], one.text) for one in found if not one.cell] == [
        ("5 Financiën", "5 Financiën"),
        ("5 Financiën", "Lasten € 5.000."),
        ("5 Financiën", "€ 6.000"),
    ]
    current = {"lasten.2023": Figure("lasten.2023", "Lasten", 700_000, Unit.EURO, "som")}
    verdicts = verify(found, current)
    assert summary(verdicts) == "3 cijfers: 0 gelijk, 2 verouderd, 1 zonder bron"  # known by Herkomst
