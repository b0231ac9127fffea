"""The Word template of the memo as it is shipped: headings, fixed text, and a field per block.

Staff restyle and reword it in Word. A field is a name between double braces; one that stands
for a block has a paragraph of its own. The fixed text comes from the memo to the board.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm

from bdur_xl.files import memo_styles
from bdur_xl.files.memo_blocks import elements, paragraph, run, word_field
from bdur_xl.files.memo_package import packed

NAME = "Bestuursmemo sjabloon.docx"
"""Beside a workbook, a file of this name is its template."""

PAGE = (Cm(21), Cm(29.7))
MARGIN = Cm(2)

TITLE = "Sjabloon bestuursmemo BDuR"

_KEPT_PARTS = {"officeDocument", "core-properties", "styles", "settings", "numbering"}
_BUILT = dt.datetime(2023, 2, 23)  # the date of the memo this product began with; the same bytes each time


class Line(NamedTuple):
    """One paragraph of the template."""

    style: str
    text: str


def _heading(text: str, level: int = 1) -> Line:
    return Line(f"Heading{level}", text)


def _text(text: str) -> Line:
    return Line("Normal", text)


def _item(text: str) -> Line:
    return Line("ListBullet", text)


def _block(name: str, style: str = "Normal") -> Line:
    return Line(style, f"{{{{ {name} }}}}")


HEAD = (
    Line("Memohead", "Aan:\t{{ aan }}"),
    Line("Memohead", "Betreft:\t{{ betreft }}"),
    Line("Memohead", "Datum:\t{{ datum }}"),
    Line("Title", "{{ titel }}"),
)

UPRIGHT = (
    *HEAD,
    _heading("1 Samenvatting en gevraagd besluit"),
    _block("samenvatting"),
    _block("wijzigingen"),
    _heading("Gevraagd besluit", 2),
    _block("gevraagd_besluit"),
    _heading("2 Aanleiding en kader"),
    _text(
        "Op 26 augustus 2022 hebben het Rijk, de Vereniging van Nederlandse Gemeenten, het Interprovinciaal "
        "Overleg en het Veiligheidsberaad bestuurlijke afspraken gemaakt. Onderdeel daarvan is een "
        "structurele verhoging van de BDuR, die in stappen wordt opgebouwd. De verhoging is bestemd voor de "
        "versterking van de crisisbeheersing, de informatiepositie en de inrichting van KCR2."
    ),
    _block("beschikbare_bedragen"),
    _heading("3 Doelen en doelbereik"),
    _block("doelen_inleiding"),
    _block("doelen", "ListBullet"),
    _block("doelbereik"),
    _block("tabel_doelbereik"),
    _heading("4 Voorgestelde besteding"),
    _block("besteding"),
    _block("tabel_besteding"),
    _heading("5 Financiële consequenties"),
    _heading("Jaartotalen en begrotingsruimte", 2),
    _block("ruimte_per_jaar", "ListBullet"),
    _block("ruimte_cumulatief"),
    _block("grafiek_lasten"),
    _block("tabel_ruimte"),
    _heading("Incidenteel en structureel", 2),
    _block("incidenteel_structureel"),
    _block("tabel_incidenteel_structureel"),
    _heading("Instroom van formatie", 2),
    _block("instroom"),
    _block("tabel_instroom"),
    _heading("Wat als", 2),
    _block("antwoorden", "ListBullet"),
    _block("tabel_scenarios"),
    _heading("6 Bestedingsvoorwaarden"),
    _item("De extra middelen zijn bestemd voor de versterking van de crisisbeheersing."),
    _item("De gemeentelijke bijdragen aan de veiligheidsregio worden door deze verhoging niet verlaagd."),
    _item("De middelen vullen geen gaten op andere taakgebieden, zoals de kosten van brandweerpersoneel."),
    _item("De Inspectie Justitie en Veiligheid houdt toezicht op een correcte taakuitvoering."),
    _block("regels_zonder_doel"),
    _block("tabel_regels_zonder_doel"),
    _heading("7 Risico's en onzekerheden"),
    _block("risicos", "ListBullet"),
    _item(
        "Het Rijk kan aanvullende doelen voor de crisisbeheersing benoemen, en ook de GHOR kan nog bij de "
        "verdeling worden betrokken. Daarom is de begrotingsruimte in deze memo nog niet bestemd."
    ),
    _heading("8 Vervolg en jaarlijkse analyse"),
    _text(
        "De uitkering wordt in stappen verhoogd en het Rijk kan aanvullende opdrachten geven. Daarom wordt "
        "de besteding elk jaar geanalyseerd, in ieder geval tot en met {{ laatste_jaar }}. De analyse legt "
        "per planregel de werkelijke lasten op een vaste peildatum naast de raming en leidt zo nodig tot "
        "bijstelling van het plan."
    ),
    _block("jaaranalyse"),
    _block("tabel_realisatie"),
    _block("laatste_analyse"),
)
"""What stands on upright pages. Source: memo, par. 1, 2 and 4."""

LYING = (
    (_heading("Bijlage A Tabel 2"), _block("tabel_2")),
    (
        _heading("Bijlage B Doelenmatrix"),
        _block("zonder_aandachtsgebieden"),
        _block("tabel_doelenmatrix"),
        _block("tabel_rbp_doelen"),
    ),
    (
        _heading("Bijlage C Controles"),
        _block("tabel_controles"),
        _block("tabel_bevindingen"),
        _block("aantekeningen", "ListBullet"),
    ),
    (_heading("Bijlage D Herkomst van de cijfers"), _block("tabel_herkomst")),
)
"""The appendices, each from a new page, on pages turned a quarter."""


def template() -> bytes:
    """Return the template as a Word file, the same bytes each time."""
    document = docx.Document()
    _keep_only_what_is_ours(document)
    _set_properties(document)
    page = document.sections[0]
    page.page_width, page.page_height = PAGE
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = MARGIN
    page.header_distance = page.footer_distance = Cm(1)
    _add_footer(document)
    for line in UPRIGHT:
        _add(document, line)
    turned = document.add_section(WD_SECTION.NEW_PAGE)
    turned.orientation = WD_ORIENT.LANDSCAPE
    turned.page_height, turned.page_width = PAGE
    document.paragraphs[-1].style = "Sectie-einde"
    for line, new_page in _appendix_lines():
        _add(document, line, "<w:pageBreakBefore/>" if new_page else "")
    return packed(document)


def _appendix_lines() -> Iterator[tuple[Line, bool]]:
    for number, lines in enumerate(LYING):
        for index, line in enumerate(lines):
            yield line, number > 0 and index == 0


def _add(document: Document, line: Line, properties: str = "") -> None:
    label, tab, rest = line.text.partition("\t")
    runs = f"{run(label, '<w:b/>')}<w:r><w:tab/></w:r>{run(rest)}" if tab else run(line.text)
    (added,) = elements(paragraph(runs, line.style, properties))
    document.element.body.insert_element_before(added, "w:sectPr")


def _add_footer(document: Document) -> None:
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    pages = "".join(
        (run("{{ regio }} · {{ titel }} · pagina "), word_field("PAGE", "1"),
         run(" van "), word_field("NUMPAGES", "1"))
    )  # fmt: skip
    old = footer.paragraphs[0]._p  # the library has no call for fields
    old.getparent().replace(old, *elements(paragraph(pages, "Footer")))


def _keep_only_what_is_ours(document: Document) -> None:
    """Replace the library's own template: its styles, its language, its thumbnail, its program name."""
    for part in (document.part.package, document.part):
        for key, relation in list(part.rels.items()):
            if relation.reltype.rpartition("/")[2] not in _KEPT_PARTS:
                del part.rels[key]
    for part_element, content in (
        (document.styles.element, memo_styles.STYLES),
        (document.settings.element, memo_styles.SETTINGS),
        (document.part.numbering_part.element, memo_styles.NUMBERING),
    ):
        part_element[:] = list(parse_xml(f"<w:root {nsdecls('w')}>{content}</w:root>"))


def _set_properties(document: Document) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = TITLE, "", ""
    properties.comments = properties.keywords = properties.category = ""
    properties.language = memo_styles.LANGUAGE
    properties.created = properties.modified = _BUILT
    properties.revision = 1
