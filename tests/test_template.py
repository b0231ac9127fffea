"""The template as staff may leave it: restyled, reordered, reworded in Word, or damaged."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from bdur_xl.files.memo_docx import FIELD, TemplateError, memo_bytes
from bdur_xl.files.memo_template import LYING, NAME, TITLE, UPRIGHT, template
from bdur_xl.files.versions import read_state
from bdur_xl.memo import BLOCKS, MemoFacts, Paragraphs
from bdur_xl.memo_origins import ORIGINS
from bdur_xl.refresh import examine

WORKBOOK = Path(__file__).parents[1] / "workbook" / "BDuR_plan.xlsm"
MINUS = "\N{MINUS SIGN}"
ATTACHED_TEMPLATE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"

BESIDE = {"regio_kort", "status", "eerste_jaar"}
"""Texts that the shipped template has no place for; staff may use them."""


@pytest.fixture(scope="module")
def facts() -> MemoFacts:
    return examine(read_state(WORKBOOK)).facts


@pytest.fixture
def shipped() -> Document:
    return docx.Document(io.BytesIO(template()))


def saved(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def made(*paragraphs: str) -> Document:
    """Return a template with these paragraphs, in Word's own styles."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return document


def filled(document: Document, facts: MemoFacts) -> Document:
    content, _ = memo_bytes(facts, saved(document))
    return docx.Document(io.BytesIO(content))


def text_of(at: Any) -> str:
    """Return what an element prints, figures in their controls too, as people read it."""
    text = "".join(one.text or "" for one in at.iter(qn("w:t")))
    return text.translate({0xA0: " ", 0x2060: ""})


def paragraphs(document: Document) -> list[str]:
    """Return the paragraphs of the body, in order."""
    body = document.element.body
    return [text_of(at) for at in body.iter(qn("w:p")) if at.getparent() is body]


def refusal(document: Document, facts: MemoFacts) -> str:
    with pytest.raises(TemplateError) as refused:
        memo_bytes(facts, saved(document))
    assert refused.value.remedy
    return refused.value.message


# The template as it is shipped


def names_in(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [package.read(name).decode() for name in ("word/document.xml", "word/footer1.xml")]
    return [name.strip() for part in parts for name in FIELD.findall(re.sub("<[^>]*>", "", part))]


def test_the_shipped_template_is_the_same_each_time() -> None:
    assert template() == template()


def test_the_shipped_template_asks_for_everything(facts: MemoFacts) -> None:
    names = names_in(template())
    assert {*names} == {*BLOCKS, ORIGINS, *facts.texts} - BESIDE
    assert {name for name in names if names.count(name) > 1} == {"titel"}  # the heading and every page
    assert memo_bytes(facts, template())[1] == ()


def test_the_shipped_template_keeps_the_headings_of_the_memo() -> None:
    lines = (*UPRIGHT, *(line for lines in LYING for line in lines))
    assert [line.text for line in lines if line.style == "Heading1"] == [
        "1 Samenvatting en gevraagd besluit",
        "2 Aanleiding en kader",
        "3 Doelen en doelbereik",
        "4 Voorgestelde besteding",
        "5 Financiële consequenties",
        "6 Bestedingsvoorwaarden",
        "7 Risico's en onzekerheden",
        "8 Vervolg en jaarlijkse analyse",
        "Bijlage A Tabel 2",
        "Bijlage B Doelenmatrix",
        "Bijlage C Controles",
        "Bijlage D Herkomst van de cijfers",
    ]
    fixed = " ".join(line.text for line in lines)
    for word in ("VRHM", "Hollands", "vrij ", "investering", "ongedekt"):
        assert word not in fixed


def test_the_shipped_template_names_no_person(shipped: Document) -> None:
    properties = shipped.core_properties
    assert (properties.title, properties.author, properties.last_modified_by) == (TITLE, "", "")
    assert NAME.endswith(".docx")


# Restyled, reordered, reworded


def test_without_changes_by_word_the_memo_is_the_same(facts: MemoFacts, shipped: Document) -> None:
    """Saved again, as Word does: other bytes of the template, the same memo."""
    assert memo_bytes(facts, saved(shipped))[0] == memo_bytes(facts, template())[0]


def test_reordered_and_reworded(facts: MemoFacts) -> None:
    document = made("Vooraf {{ status }} gezegd", "{{ ruimte_cumulatief }}", "{{tabel_ruimte}}", "Slot.")
    shown = paragraphs(filled(document, facts))
    assert shown[0] == "Vooraf voorlopig gezegd"
    assert shown[1].startswith(
        "Opgeteld over 2023 tot en met 2026 is het saldo een overschot van € 1.207.149."
    )
    assert shown[2].startswith("Overzicht 1. Lasten, beschikbaar bedrag")
    assert shown[-1] == "Slot."


def test_what_a_template_leaves_out_is_told(facts: MemoFacts) -> None:
    left_out = memo_bytes(facts, saved(made("{{ samenvatting }}")))[1]
    assert {*left_out} == {*BLOCKS, ORIGINS} - {
        "samenvatting", "wijzigingen", "zonder_aandachtsgebieden", "aantekeningen",
        "tabel_realisatie", "laatste_analyse",
    }  # fmt: skip  # but for the first they are empty here: nothing is missed


def test_the_origins_are_those_of_what_the_template_prints(facts: MemoFacts) -> None:
    document = filled(made("Ruimte: {{ ruimte-exact.2024 }}", "{{ tabel_herkomst }}"), facts)
    (table,) = document.tables
    assert [text_of(row.cells[0]._tc) for row in table.rows] == ["Kenmerk", "ruimte-exact"]
    assert text_of(table.rows[1].cells[2]._tc) == "2024: € 145.000"


def test_block_paragraphs_look_like_the_paragraph_of_their_field(facts: MemoFacts) -> None:
    document = docx.Document()
    at = document.add_paragraph(style="List Number")
    at.paragraph_format.left_indent = Pt(60)
    made_run = at.add_run("{{ doelen }}")
    made_run.italic, made_run.font.name, made_run.font.size = True, "Verdana", Pt(13)
    first, *others = [one for one in filled(document, facts).paragraphs if one.text.startswith("Doel")]
    assert len(others) == 3
    for one in (first, *others):
        assert one.style is not None
        assert one.style.name == "List Number"
        assert one.paragraph_format.left_indent == Pt(60)
        assert {(run.italic, run.font.name, run.font.size) for run in one.runs} == {(True, "Verdana", Pt(13))}


def dutch(document: Document) -> None:
    """Rename styles as a Dutch Word does: their ids, and the names of staff's own."""
    ids = {"Normal": "Standaard", "Heading1": "Kop1", "Caption": "Bijschrift", "Tabeltekst": "Tabeltekst1",
           "BDuRtabel": "BDuR-tabel", "Tabelnoot": "Noot", "TableNormal": "Standaardtabel"}  # fmt: skip
    for element in document.element.body.iter(), document.styles.element.iter():
        for one in element:
            for attribute in (qn("w:val"), qn("w:styleId")):
                named = one.tag.endswith(("Style", "basedOn", "next", "link", "style"))
                if named and one.get(attribute) in ids:
                    one.set(attribute, ids[one.get(attribute)])


def style_ids(document: Document) -> set[str]:
    return {one.get(qn("w:styleId")) for one in document.styles.element.iter(qn("w:style"))}


def used_styles(document: Document) -> set[str]:
    tags = ("w:pStyle", "w:tblStyle", "w:rStyle")
    return {one.get(qn("w:val")) for tag in tags for one in document.element.body.iter(qn(tag))}


def test_styles_with_dutch_ids_are_found_by_their_name(facts: MemoFacts, shipped: Document) -> None:
    dutch(shipped)
    memo = filled(shipped, facts)
    assert used_styles(memo) <= style_ids(memo)
    assert {"Kop1", "Bijschrift", "Tabeltekst1", "BDuR-tabel"} <= used_styles(memo)
    names = [one.name for one in memo.styles]
    assert len(names) == len({*names})  # none was added beside its own
    assert next(one for one in memo.paragraphs if one.text.startswith("Bijlage A")).style.name == "Heading 1"  # type: ignore[union-attr]


def test_styles_that_a_template_lacks_are_added(facts: MemoFacts) -> None:
    """A template of the house has no styles of ours; what blocks need comes along, based on its own."""
    document = made("{{ tabel_ruimte }}", "{{ gevraagd_besluit }}", "{{ grafiek_lasten }}")
    document.styles["Normal"].font.name = "Verdana"
    memo = filled(document, facts)
    assert used_styles(memo) <= style_ids(memo)
    assert {"BDuRtabel", "Tabelgetal", "Invulveld", "Tabelslotnoot"} <= used_styles(memo)
    assert memo.styles["Tabeltekst"].base_style.name == "Normal"
    assert memo.styles["Normal"].font.name == "Verdana"


def test_a_style_of_the_house_stays_as_it_is(facts: MemoFacts) -> None:
    document = made("{{ tabel_ruimte }}")
    own = document.styles.add_style("Tabeltekst", WD_STYLE_TYPE.PARAGRAPH)
    own.font.size = Pt(7)
    memo = filled(document, facts)
    assert memo.styles["Tabeltekst"].font.size == Pt(7)


# Fields within a line


def test_a_field_that_word_split_over_runs(facts: MemoFacts) -> None:
    document = docx.Document()
    at = document.add_paragraph()
    for number, text in enumerate(("Aan: {", "{ a", "an }", "} en {{ sta", "tus }}", "; einde")):
        at.add_run(text).bold = number == 2
    at.runs[1].italic = True
    memo = filled(document, facts)
    assert paragraphs(memo)[0] == "Aan: Algemeen Bestuur en voorlopig; einde"


def test_a_field_takes_the_type_of_its_first_character(facts: MemoFacts) -> None:
    document = docx.Document()
    at = document.add_paragraph("Aan: ")
    at.add_run("{{ aan").bold = True
    at.add_run(" }}").italic = True
    runs = [run for run in filled(document, facts).paragraphs[0].runs if run.text]
    assert [(run.text, run.bold, run.italic) for run in runs] == [
        ("Aan: ", None, None), ("Algemeen Bestuur", True, None),
    ]  # fmt: skip


def test_a_tab_or_a_break_beside_a_field_stays(facts: MemoFacts) -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("Aan:\t{{ aan }}\nvan {{ regio_kort }}\there")
    assert run.text.count("\t") == 2
    assert filled(document, facts).paragraphs[0].text == "Aan:\tAlgemeen Bestuur\nvan VRHM\there"


def test_a_figure_within_a_sentence(facts: MemoFacts) -> None:
    names = ("ruimte-exact.2023", "fte-structureel.2024", "instroom 1 mei 2023.lasten", "normbedrag-fte")
    fields = " / ".join(f"{{{{ {name} }}}}" for name in names)
    memo = filled(made(f"Stand: {fields}."), facts)
    assert paragraphs(memo)[0] == f"Stand: {MINUS}€ 277.851 / 12 fte / € 1.385.000 / € 100.000."
    tags = [one.get(qn("w:val")) for one in memo.element.body.iter(qn("w:tag"))]
    titles = [one.get(qn("w:val")) for one in memo.element.body.iter(qn("w:alias"))]
    assert tags == [*names]
    assert titles[:2] == ["Overzicht!B23: ruimte-exact.2023", "Overzicht!C27: fte-structureel.2024"]


def test_fields_in_headers_footers_tables_and_text_boxes(facts: MemoFacts) -> None:
    document = made("Tekst")
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{ regio }}"
    section.different_first_page_header_footer = True
    section.first_page_footer.paragraphs[0].text = "{{ datum }} – {{ ruimte-exact.2024 }}"
    document.add_table(1, 1).cell(0, 0).text = "{{ betreft }}: {{ aan }}"
    box = (
        f'<w:p {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape><v:textbox>'
        "<w:txbxContent><w:p><w:r><w:t>{{ status }}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape>"
        "</w:pict></w:r><w:r><w:t>naast {{ laatste_jaar }}</w:t></w:r></w:p>"
    )
    document.element.body.insert(0, parse_xml(box))
    memo = filled(document, facts)
    section = memo.sections[0]
    assert text_of(section.header._element) == "Veiligheidsregio Hollands Midden"
    assert text_of(section.first_page_footer._element).endswith("– € 145.000")
    assert memo.tables[0].cell(0, 0).text.endswith("BDuR-gelden: Algemeen Bestuur")
    assert [text_of(at) for at in memo.element.body.iter(qn("w:txbxContent"))] == ["voorlopig"]
    assert "naast 2026" in paragraphs(memo)[0]


def test_text_of_the_plan_is_never_filled_in(facts: MemoFacts) -> None:
    """A plan that says {{ aan }} is printed so: no field but those of the template is one."""
    texts = {**facts.texts, "betreft": "Besteding {{ aan }} {{ weg }}", "status": "{{ datum }}"}
    blocks = {**facts.blocks, "samenvatting": Paragraphs(("Over {{ aan }} en {{ weg }}.",))}
    told = facts._replace(texts=texts, blocks=blocks)
    document = made("{{ betreft }} {{ status }} {{ aan }}", "{{ samenvatting }}", "{{ aan }}")
    assert paragraphs(filled(document, told)) == [
        "Besteding {{ aan }} {{ weg }} {{ datum }} Algemeen Bestuur",
        "Over {{ aan }} en {{ weg }}.",
        "Algemeen Bestuur",
    ]


def test_a_field_that_ends_a_section_keeps_the_page(facts: MemoFacts) -> None:
    document = made("{{ samenvatting }}", "{{ tabel_ruimte }}")
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    elements: list[Any] = [one._p for one in document.paragraphs]
    *_, field, ends = elements  # python-docx ends a section with a paragraph of its own, Word does not
    field.insert(0, ends.find(qn("w:pPr")))
    ends.getparent().remove(ends)
    document.add_paragraph("{{ tabel_2 }}")
    memo = filled(document, facts)
    assert [one.orientation for one in memo.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert "{{" not in text_of(memo.element.body)
    grids: list[Any] = [table._tbl.tblGrid for table in memo.tables]
    upright, lying = (sum(int(one.get(qn("w:w"))) for one in grid) for grid in grids)
    widths = [(one.page_width - one.left_margin - one.right_margin) // 635 for one in memo.sections]  # type: ignore[operator]
    assert widths[0] - 20 <= upright <= widths[0]
    assert widths[1] - 20 <= lying <= widths[1]


# Damaged


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Aan {{ aann }}", "het veld aann bestaat niet"),
        ("{{ }}", "het veld (zonder naam) bestaat niet"),
        ("{{ 7*7 }}", "het veld 7*7 bestaat niet"),
        ("{{ ''.__class__ }}", "het veld ''.__class__ bestaat niet"),
        ("{{ Aan }}", "het veld Aan bestaat niet"),
        ("{{ ruimte-exact.2031 }}", "het veld ruimte-exact.2031 bestaat niet"),
        ("{{ toekenning-exact.2024 }}", "het cijfer toekenning-exact.2024 is niet bekend"),
        ("Zie {{ samenvatting }}", "het veld samenvatting moet alleen in een alinea staan"),
        ("{{ samenvatting }} {{ aan }}", "het veld samenvatting moet alleen in een alinea staan"),
        ("{{ tabel_2 }}{{ tabel_herkomst }}", "het veld tabel_herkomst moet alleen in een alinea staan"),
        ("Aan {{ aan }", "de accolades van een veld horen per twee"),
        ("Aan { aan }", "zet aan tussen dubbele accolades"),
        ("Aan { aan }}", "de accolades van een veld horen per twee"),
        ("Aan {{ aan }} }}", "de accolades van een veld horen per twee"),
        ("{{ aan {{ status }}", "de accolades van een veld horen per twee"),
    ],
)
def test_a_faulty_field_is_named_with_the_text_around_it(facts: MemoFacts, text: str, told: str) -> None:
    message = refusal(made("Goed: {{ aan }}.", text), facts)
    assert f"'{text}': {told}" in message
    assert "Goed" not in message


def test_all_faults_are_told_at_once(facts: MemoFacts) -> None:
    document = made("Eerst {{ een }}", "Dan {{ twee }} en {{ drie }}", "{{ aan")
    document.sections[0].footer.paragraphs[0].text = "{{ vier }}"
    message = refusal(document, facts)
    assert re.findall(r"het veld (\w+) bestaat niet", message) == ["een", "twee", "drie", "vier"]
    assert message.count("\n- ") == 5
    with pytest.raises(TemplateError) as refused:
        memo_bytes(facts, saved(document))
    for known in ("samenvatting", "tabel_herkomst", "regio_kort"):
        assert known in refused.value.remedy


def in_a_cell(document: Document) -> None:
    document.add_table(1, 1).cell(0, 0).text = "{{ samenvatting }}"


def in_a_footer(document: Document) -> None:
    document.sections[0].footer.paragraphs[0].text = "{{ samenvatting }}"


@pytest.mark.parametrize("put", [in_a_cell, in_a_footer])
def test_a_block_has_its_place_in_the_body(facts: MemoFacts, put: Callable[[Document], None]) -> None:
    document = made("Tekst")
    put(document)
    assert "het veld samenvatting kan niet in een tabel, kop- of voettekst of tekstvak staan" in refusal(
        document, facts
    )


def beside_a_picture(document: Document) -> None:
    drawn = f"<w:r {nsdecls('w')}><w:drawing/></w:r>"
    at: Any = document.paragraphs[0]._p
    at.append(parse_xml(drawn))


def before_a_page_break(document: Document) -> None:
    document.paragraphs[0].add_run().add_break(WD_BREAK.PAGE)


@pytest.mark.parametrize("put", [beside_a_picture, before_a_page_break])
def test_what_would_vanish_with_the_paragraph_of_a_block_is_told(
    facts: MemoFacts, put: Callable[[Document], None]
) -> None:
    document = made("{{ samenvatting }}")
    put(document)
    assert "moet alleen in een alinea staan, zonder afbeelding of pagina-einde" in refusal(document, facts)
    inline = made("{{ aan }}")
    put(inline)
    assert len(filled(inline, facts).paragraphs[0].runs) >= 2  # beside a text it stays


def test_a_field_in_a_footnote_is_refused(facts: MemoFacts) -> None:
    document = made("Tekst")
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>Zie {{{{ a</w:t></w:r>'
        "<w:r><w:t>an }}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), content_type, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert "'Zie {{ aan }}': een veld kan niet in een voet- of eindnoot staan" in refusal(document, facts)


def commented(document: Document) -> None:
    document.add_comment(document.paragraphs[0].runs, text="Waarom?", author="Iemand", initials="i")


def tracked(document: Document) -> None:
    xml = f'<w:ins {nsdecls("w")} w:id="1" w:author="Iemand"><w:r><w:t>erbij</w:t></w:r></w:ins>'
    at: Any = document.paragraphs[0]._p
    at.append(parse_xml(xml))


def reformatted(document: Document) -> None:
    xml = f'<w:rPrChange {nsdecls("w")} w:id="1" w:author="Iemand"><w:rPr/></w:rPrChange>'
    form: Any = document.paragraphs[0].runs[0]._r.get_or_add_rPr()
    form.append(parse_xml(xml))


def tracked_in_a_footer(document: Document) -> None:
    footer = document.sections[0].footer.paragraphs[0]
    xml = f'<w:del {nsdecls("w")} w:id="1" w:author="Iemand"><w:r><w:delText>weg</w:delText></w:r></w:del>'
    footer._p.append(parse_xml(xml))


@pytest.mark.parametrize("change", [commented, tracked, reformatted, tracked_in_a_footer])
def test_a_template_that_names_who_worked_on_it_is_refused(
    facts: MemoFacts, change: Callable[[Document], None]
) -> None:
    document = made("{{ samenvatting }}")
    change(document)
    message = refusal(document, facts)
    assert "opmerkingen of bijgehouden wijzigingen" in message


def test_what_tells_of_a_person_does_not_reach_the_memo(facts: MemoFacts) -> None:
    document = made("{{ samenvatting }}")
    document.core_properties.author = document.core_properties.last_modified_by = "Jansen"
    document.core_properties.keywords = document.core_properties.comments = "Jansen"
    people = b'<w15:people xmlns:w15="http://x"><w15:person w15:author="Jansen"/></w15:people>'
    part = Part(PackURI("/word/people.xml"), "application/xml", people, document.part.package)
    document.part.relate_to(part, "http://schemas.microsoft.com/office/2011/relationships/people")
    settings = document.settings.element
    settings_part = next(
        one for one in document.part.package.iter_parts() if one.partname == "/word/settings.xml"
    )
    folder = "file:///C:/Users/Jansen/huisstijl.dotx"
    key = settings_part.relate_to(folder, ATTACHED_TEMPLATE, is_external=True)
    link = parse_xml(f'<w:attachedTemplate {nsdecls("w", "r")} r:id="{key}"/>')
    settings.insert(0, link)
    content, _ = memo_bytes(facts, saved(document))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert [name for name, part in parts.items() if b"Jansen" in part] == []
    assert b"attachedTemplate" not in parts["word/settings.xml"]
    assert docx.Document(io.BytesIO(content)).core_properties.author == "Veiligheidsregio Hollands Midden"


def as_template(content: bytes) -> bytes:
    """Return a Word document as Word saves a template (.dotx)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            part = source.read(name).replace(b"document.main+xml", b"template.main+xml")
            package.writestr(name, part)
    return target.getvalue()


def without_document(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            if name != "word/document.xml":
                package.writestr(name, source.read(name))
    return target.getvalue()


def broken_xml(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            part = source.read(name)
            package.writestr(name, part[:-20] if name == "word/document.xml" else part)
    return target.getvalue()


def broken_beside() -> bytes:
    """Return a template with a part that python-docx only copies."""
    document = made("Tekst")
    part = Part(PackURI("/customXml/item1.xml"), "application/xml", b"<half>", document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
    return saved(document)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Geachte heer",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 with a password, or an old .doc",
        template()[:3000],
        WORKBOOK.read_bytes(),
        as_template(template()),
        without_document(template()),
        broken_xml(template()),
        broken_beside(),
    ],
    ids=[
        "empty",
        "text",
        "encrypted",
        "cut off",
        "workbook",
        "dotx",
        "no document",
        "broken",
        "broken beside",
    ],
)
def test_what_is_no_word_file_is_refused(facts: MemoFacts, content: bytes) -> None:
    with pytest.raises(TemplateError, match=r"geen leesbaar Word-bestand \(\.docx\)|oud \.doc") as refused:
        memo_bytes(facts, content)
    assert re.search("meegeleverde sjabloon|Haal in Word het wachtwoord eraf", refused.value.remedy)
