"""The memo as a Word file: a template filled in with facts. It sets type, it never computes."""

import copy
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from xml.parsers import expat

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length
from docx.text.paragraph import Paragraph
from lxml import etree

from bdur_xl import traced
from bdur_xl.book import BookError
from bdur_xl.chart import Chart
from bdur_xl.figures import Figure, figures, shown
from bdur_xl.files import memo_styles, package_guard
from bdur_xl.files.memo_blocks import CHART_LABEL, Setter, clean, elements, paragraph, text_of
from bdur_xl.files.memo_chart import add_chart
from bdur_xl.files.memo_package import Inserted, packed
from bdur_xl.files.memo_template import template
from bdur_xl.memo import Block, Bullets, MemoFacts, Paragraphs, Placeholder, is_empty
from bdur_xl.memo_origins import ORIGINS, block_texts, origin_table, quote_place
from bdur_xl.memo_tables import Table

_SINGLE = re.compile(r"(?<!\{)\{([^{}]*)\}(?!\})")
FIELD = re.compile(r"\{\{([^{}]*)\}\}")
CHART_SHARE = 0.55
"""Height of the chart over its width."""

_PROPERTY_LENGTH = 255
"""Longest document property that python-docx accepts."""

_BLOCK_STYLES = ("Normal", "TableNormal", "Invulveld", "Caption", "Tabeltekst", "Tabelgetal",
                 "Tabelnoot", "Tabelslotnoot", "BDuRtabel")  # fmt: skip
"""Styles that blocks use, those that others are based on first; a template that lacks one gets ours."""

_BESIDE = ("w:drawing", "w:pict", "w:object", "w:br")
"""What may stand beside a text in its paragraph: pictures, and breaks of line and page."""

_BY_SOMEONE = re.compile(rb"w:author\s*=\s*[\"']")
"""How a comment and a tracked change begin to tell who made them."""

_TELLING = ("/extended-properties", "/custom-properties", "/customXml", "/thumbnail", "/people",
            "/attachedTemplate")  # fmt: skip
"""Relations to what tells of a person: a manager, the author of a cover page, who once commented, a folder
on their computer."""

_TELLING_SETTINGS = ("w:attachedTemplate", "w:docVars")
"""Settings that do."""


_BROKEN = (
    OpcError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
    etree.LxmlError, expat.ExpatError, LookupError, ValueError, AttributeError, TypeError, AssertionError,
)  # fmt: skip
"""What a damaged file brings about in zipfile, lxml and python-docx, which take it for a right one."""


class TemplateError(BookError):
    """A template that cannot be filled in: what is wrong in it, all at once, and what to do."""


class _Field(NamedTuple):
    """A field of the template: where it stands and what it asks for."""

    paragraph: Any
    name: str
    alone: bool
    in_body: bool


def memo_bytes(facts: MemoFacts, source: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return the memo as a Word file, and the blocks for which the template has no field: it lacks them.

    The same facts and template give the same bytes. Raises TemplateError.
    """
    try:
        return _filled_in(facts, source)
    except _BROKEN as error:
        if source == template():
            raise  # ours is not broken: this is a bug
        raise TemplateError(
            "De sjabloon is geen leesbaar Word-bestand (.docx)",
            "Bewaar haar in Word als Word-document, of gebruik de meegeleverde sjabloon.",
        ) from error


def _filled_in(facts: MemoFacts, source: bytes) -> tuple[bytes, tuple[str, ...]]:
    document = _opened(source)
    known = figures(facts.rows, facts.places)
    fields = _fields(document, facts, known)
    _set_properties(document, facts)

    def place_of(figure_id: str) -> str:
        figure = known.get(figure_id)
        return figure.place if figure else quote_place(facts, figure_id.rpartition(".")[0])

    setter, inserted = Setter(_with_styles(document), place_of), Inserted()
    printed = dict.fromkeys(one.name for one in fields)
    texts = [text for name in printed if name in facts.blocks for text in _texts(facts.blocks[name])]
    texts += [_inline(name, facts, known) for name in printed if name not in facts.blocks and name != ORIGINS]
    blocks = {**facts.blocks, ORIGINS: origin_table(facts, texts)}
    for at, together in groupby(fields, key=attrgetter("paragraph")):
        first, *others = together
        if first.name in blocks:
            _set_block(document, setter, inserted, first, blocks[first.name])
        else:
            _set_texts(setter, at, [_inline(one.name, facts, known) for one in (first, *others)])
    return packed(document, inserted), tuple(
        name for name in blocks if name not in printed and not is_empty(blocks[name])
    )


def _texts(block: Block) -> Iterator[str]:
    return block_texts(block) if not is_empty(block) else iter(())


# The template


def _opened(source: bytes) -> Document:
    if source.startswith(package_guard.COMPOUND_FILE):
        raise TemplateError(
            "De sjabloon is met een wachtwoord beveiligd, of is een oud .doc-document",
            "Haal in Word het wachtwoord eraf, en bewaar haar als Word-document (.docx).",
        )
    package_guard.checked(io.BytesIO(source), "De sjabloon", whole=True)
    document = docx.Document(io.BytesIO(source))
    _ = document.core_properties.title, list(document.styles), list(document.sections)  # of their kind
    parts = list(document.part.package.iter_parts())
    if len({part.partname.lower() for part in parts}) < len(parts):
        raise ValueError("two parts of one name")
    contents = [(part.partname.ext, part.blob) for part in parts]
    for kind, content in contents:
        if kind == "xml":  # what is only copied must be sound too
            expat.ParserCreate(namespace_separator=" ").Parse(content, True)
    if any(_BY_SOMEONE.search(content) for _, content in contents):
        raise TemplateError(
            "De sjabloon bevat opmerkingen of bijgehouden wijzigingen, met de naam van wie ze maakte",
            "Verwijder in Word de opmerkingen en aanvaard de wijzigingen; bewaar de sjabloon.",
        )
    return document


def _fields(document: Document, facts: MemoFacts, known: Mapping[str, Figure]) -> list[_Field]:
    """Return the fields of a template in order. Raises TemplateError that names every faulty one."""
    fields, problems = [], []
    for at, in_body in _paragraphs(document):
        text = _text_of(at)
        for name in (found.strip() for found in FIELD.findall(text)):
            one = _Field(at, name, _is_alone(at, text), in_body)
            fields.append(one)
            problems += [f"{_quote(text)}: {why}" for why in _wrong(one, facts, known)]
        if re.search(r"\{\{|\}\}", FIELD.sub("", text)):
            problems.append(f"{_quote(text)}: de accolades van een veld horen per twee, {{{{ en }}}}")
        for name in (found.strip() for found in _SINGLE.findall(text)):
            if name in facts.texts or name in facts.blocks or name in known:
                problems.append(f"{_quote(text)}: zet {name} tussen dubbele accolades")
    problems += [
        f"{_quote(text)}: een veld kan niet in een voet- of eindnoot staan" for text in _notes(document)
    ]
    if problems:
        names = ", ".join((*facts.texts, *facts.blocks, ORIGINS))
        raise TemplateError(
            "De sjabloon kan niet worden ingevuld:\n" + "\n".join(f"- {problem}" for problem in problems),
            f"Herstel deze velden in Word. Bekende velden: {names}; en elk kenmerk uit de bijlage Herkomst, "
            "zoals lasten-jaartotaal.2023",
        )
    return fields


def _is_alone(at: Any, text: str) -> bool:
    """Tell whether a paragraph holds one field and nothing that would go with it."""
    return FIELD.fullmatch(text.strip()) is not None and next(at.iter(*map(qn, _BESIDE)), None) is None


def _wrong(one: _Field, facts: MemoFacts, known: Mapping[str, Figure]) -> Iterator[str]:
    if one.name in facts.blocks or one.name == ORIGINS:
        if not one.alone:
            yield f"het veld {one.name} moet alleen in een alinea staan, zonder afbeelding of pagina-einde"
        elif not one.in_body:
            yield f"het veld {one.name} kan niet in een tabel, kop- of voettekst of tekstvak staan"
    elif one.name not in facts.texts and one.name not in known:
        yield f"het veld {one.name or '(zonder naam)'} bestaat niet"
    elif one.name in known and known[one.name].value is None:
        yield f"het cijfer {one.name} is niet bekend"


def _quote(text: str) -> str:
    return f"'{text if len(text) < 60 else text[:60] + '…'}'"


def _paragraphs(document: Document) -> Iterator[tuple[Any, bool]]:
    """Yield every paragraph, and whether it stands in the body itself."""
    body = document.element.body
    for at in body.iter(qn("w:p")):
        yield at, at.getparent() is body
    for part in document.part.package.iter_parts():
        if part.partname.startswith(("/word/header", "/word/footer")):
            yield from ((at, False) for at in part.element.iter(qn("w:p")))


def _notes(document: Document) -> Iterator[str]:
    """Yield the paragraphs with a field of footnotes and endnotes, which cannot be filled in."""
    for part in document.part.package.iter_parts():
        if part.partname.startswith(("/word/footnotes", "/word/endnotes")):
            texts = map(_text_of, parse_xml(part.blob).iter(qn("w:p")))
            yield from (text for text in texts if FIELD.search(text))


def _pieces(at: Any) -> list[Any]:
    """Return the texts of a paragraph, without those of a text box inside it."""
    texts = at.iter(qn("w:t"))
    return [text for text in texts if next(text.iterancestors(qn("w:p"))) is at]


def _text_of(at: Any) -> str:
    return "".join(text.text or "" for text in _pieces(at))


def _inline(name: str, facts: MemoFacts, known: Mapping[str, Figure]) -> str:
    """Return what stands in a line for a field: a text, or a figure marked with its id."""
    if name in facts.texts:
        return facts.texts[name]
    return traced.marked(name, shown(known[name].value, known[name].unit))


# Filling in


def _set_texts(setter: Setter, at: Any, texts: Sequence[str]) -> None:
    """Put texts where the fields of a paragraph stand; the last first, so that none is sought in another."""
    found = list(FIELD.finditer(_text_of(at)))
    for field, text in reversed(list(zip(found, texts, strict=True))):
        _set_text(setter, at, field, text)


def _set_text(setter: Setter, at: Any, field: re.Match[str], text: str) -> None:
    """Put a text where a field stands, in the type of the field's first character."""
    end = 0
    first: Any = None
    for piece in _pieces(at):
        start, end = end, end + len(piece.text or "")
        if end <= field.start() or start >= field.end():
            continue
        whole = piece.text or ""
        before, after = whole[: max(field.start() - start, 0)], whole[field.end() - start :]
        if first is None:
            first = piece
            _split(setter, piece, before, text, after)
        else:
            piece.text = after


def _split(setter: Setter, piece: Any, before: str, text: str, after: str) -> None:
    """Replace a text of a run by what stands before a field, the field's own runs, and what follows."""
    run = piece.getparent()
    kept, rest = copy.deepcopy(run), copy.deepcopy(run)
    position = run.index(piece)
    for child in list(kept)[position + 1 :]:
        kept.remove(child)
    for child in list(rest)[:position]:
        if child.tag != qn("w:rPr"):
            rest.remove(child)
    _write(kept[position], before)
    _write(next(rest.iter(qn("w:t"))), after)
    form = run.find(qn("w:rPr"))
    properties = "" if form is None else "".join(map(text_of, form))
    for new in (kept, *elements(setter.runs(text, properties)), rest):
        run.addprevious(new)
    run.getparent().remove(run)


def _write(text: Any, value: str) -> None:
    text.text = value
    text.set(qn("xml:space"), "preserve")


def _set_block(document: Document, setter: Setter, inserted: Inserted, one: _Field, block: Block) -> None:
    """Put a block where the paragraph of its field stands."""
    at = one.paragraph
    if not is_empty(block):
        if isinstance(block, Chart):
            _set_chart(document, setter, inserted, at, block)
        else:
            inserted.put_before(at, _text_of_block(document, setter, one, block))
    if _ends_section(at):  # it carries the page's size: keep it, without text
        for run in list(at.iter(qn("w:r"))):
            run.getparent().remove(run)
    else:
        at.getparent().remove(at)


def _set_chart(document: Document, setter: Setter, inserted: Inserted, at: Any, chart: Chart) -> None:
    width = _text_width(document, at)
    inserted.put_before(at, setter.caption(CHART_LABEL, chart.title))
    at.addprevious(add_chart(document, chart, width, Length(int(width * CHART_SHARE))))
    inserted.put_before(at, setter.notes(chart.notes))


def _text_of_block(
    document: Document, setter: Setter, one: _Field, block: Paragraphs | Bullets | Placeholder | Table
) -> str:
    match block:
        case Table():
            return setter.table(block, _text_width(document, one.paragraph).pt)
        case Placeholder():
            return setter.placeholder(one.name, block)
        case _:
            return _like(setter, one.paragraph, block.texts)


def _like(setter: Setter, model: Any, texts: Sequence[str]) -> str:
    """Return paragraphs with these texts that look like the one of the field."""
    form = next((run.find(qn("w:rPr")) for run in model.iter(qn("w:r"))), None)
    properties = "" if form is None else "".join(map(text_of, form))
    look = cache(partial(_look, model, setter.styles["Normal"]))
    return "".join(f"<w:p>{look(text.endswith(':'))}{setter.runs(text, properties)}</w:p>" for text in texts)


def _look(model: Any, style: str, kept: bool) -> str:
    """Return the properties of a paragraph like another; `kept` on the page of what follows."""
    (made,) = elements(paragraph("", style))
    own = copy.deepcopy(model.find(qn("w:pPr")))
    if own is not None:
        for section in own.findall(qn("w:sectPr")):
            own.remove(section)
        made.replace(made[0], own)
    if kept:
        Paragraph(made, None).paragraph_format.keep_with_next = True  # type: ignore[arg-type]
    return text_of(made[0])


def _ends_section(at: Any) -> bool:
    return at.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None


def _text_width(document: Document, at: Any) -> Length:
    """Return how wide the text is on the page where a paragraph stands."""
    page = document.sections[int(at.xpath("count(preceding-sibling::w:p[w:pPr/w:sectPr])"))]
    width = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    return Length(width)


# Styles and properties


def _with_styles(document: Document) -> dict[str, str]:
    """Return the document's id of each style that blocks use; what it lacks is added from ours."""
    ours = {style.get(qn("w:styleId")): style for style in _styles()}
    known = {(style.name or "").casefold(): style.style_id for style in document.styles}
    ids = {}
    for style_id in _BLOCK_STYLES:
        name = ours[style_id].find(qn("w:name")).get(qn("w:val"))
        ids[style_id] = known.get(name.casefold()) or style_id
        if name.casefold() not in known:
            document.styles.element.append(_based(copy.deepcopy(ours[style_id]), ids))
    return ids


def _styles() -> Any:
    return parse_xml(f"<w:root {nsdecls('w')}>{memo_styles.STYLES}</w:root>").findall(qn("w:style"))


def _based(style: Any, ids: Mapping[str, str]) -> Any:
    for link in ("w:basedOn", "w:next"):
        found = style.find(qn(link))
        if found is not None:
            found.set(qn("w:val"), ids.get(found.get(qn("w:val")), found.get(qn("w:val"))))
    return style


def _set_properties(document: Document, facts: MemoFacts) -> None:
    """Fill the document's properties: the region as author, never a person."""
    package = document.part.package
    for part in (package, *package.iter_parts()):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(_TELLING):
                del part.rels[key]
    settings = document.settings.element
    for setting in settings.xpath("|".join(_TELLING_SETTINGS)):
        settings.remove(setting)
    properties = document.core_properties
    properties.title, properties.subject = _property(facts.title), _property(facts.subject)
    properties.author = properties.last_modified_by = _property(facts.region)
    properties.content_status = _property(facts.status)
    properties.language = memo_styles.LANGUAGE
    properties.comments = properties.keywords = properties.category = ""
    properties.identifier = properties.version = ""
    properties.created = properties.modified = dt.datetime(*facts.date)  # a day, no moment
    properties.revision = 1


def _property(text: str) -> str:
    return clean(text)[:_PROPERTY_LENGTH]
