"""Blocks go in the document as text: the same as elements would, whatever they say."""

import io
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bdur_xl import traced
from bdur_xl.files.memo_blocks import Setter, clean, elements
from bdur_xl.files.memo_docx import _BLOCK_STYLES, TemplateError, memo_bytes
from bdur_xl.files.memo_package import Inserted
from bdur_xl.files.memo_template import template
from bdur_xl.files.versions import read_state
from bdur_xl.memo import Block, Bullets, MemoFacts, Paragraphs, Placeholder
from bdur_xl.memo_tables import Column, Row, Table
from bdur_xl.refresh import examine

WORKBOOK = Path(__file__).parents[1] / "workbook" / "BDuR_plan.xlsm"
HOSTILE = "een\x01 <twee> & drie\nvier \"vijf\" \ufffe ]]> 'zes' \N{MINUS SIGN}7 <?bdur-tekst 0?>:"

signs = st.one_of(st.sampled_from([*"<>&\"'\n]?\x00\ufffe\N{NO-BREAK SPACE}\N{MINUS SIGN}"]), st.characters())
texts = st.text(signs, max_size=12)
marked = st.builds(lambda name, text: traced.marked(f"{name}.2027", text), texts, texts)
told = st.lists(st.one_of(texts, marked), max_size=4).map("".join)


@cache
def facts() -> MemoFacts:
    found = examine(read_state(WORKBOOK)).facts
    both = (Row((HOSTILE,)), Row(("",), total=True))
    hostile: dict[str, Block] = {
        "samenvatting": Paragraphs((HOSTILE, traced.marked("<&>.2023", HOSTILE))),
        "doelen": Bullets((HOSTILE,)),
        "gevraagd_besluit": Placeholder(HOSTILE, HOSTILE),
        "tabel_doelbereik": Table(HOSTILE, (Column(HOSTILE),), both, (HOSTILE,)),
    }
    return found._replace(blocks={**found.blocks, **hostile})


def changed(content: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    """Return a Word file with the text of its document changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            part = source.read(name)
            for old, new in changes if name == "word/document.xml" else ():
                part = part.replace(old, new)
            package.writestr(name, part)
    return target.getvalue()


def held(content: bytes) -> Iterator[tuple[Any, ...]]:
    """Yield what every element of the document of a memo says."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return ((one.tag, dict(one.attrib), one.text or "") for one in root.iter())


def test_a_document_that_calls_the_namespace_of_word_otherwise_holds_the_same() -> None:
    other = changed(
        template(), (b"<w:", b"<q:"), (b"</w:", b"</q:"), (b" w:", b" q:"), (b"xmlns:w=", b"xmlns:q=")
    )
    memo, of_other = (memo_bytes(facts(), source)[0] for source in (template(), other))
    assert [*held(memo)] == [*held(of_other)]
    assert any(HOSTILE.splitlines()[1][:4] in text for _, _, text in held(memo))


def test_a_template_with_a_mark_of_ours_is_refused() -> None:
    marked_ = changed(template(), (b"<w:body>", b"<w:body><?bdur-tekst 0?>"))
    with pytest.raises(TemplateError, match="geen leesbaar Word-bestand"):
        memo_bytes(facts(), marked_)


def test_a_style_id_of_any_signs_stays_what_it_is() -> None:
    odd = '<&">'
    setter = Setter(dict.fromkeys(_BLOCK_STYLES, odd), lambda _: "")
    table = Table("t", (Column("a"),), (Row(("b",)),), ("noot",))
    made = [*elements(setter.table(table, 300)), *elements(setter.placeholder("n", Placeholder("t", "u")))]
    styles = [one for new in made for one in new.iter(qn("w:pStyle"), qn("w:tblStyle"))]
    assert len(styles) == 6
    assert {one.get(qn("w:val")) for one in styles} == {odd}


@given(cells=st.lists(told, min_size=1, max_size=3), caption=told, notes=st.lists(told, max_size=2))
@settings(max_examples=60, deadline=None)
def test_what_is_set_as_text_says_what_it_was_given(cells: list[str], caption: str, notes: list[str]) -> None:
    setter = Setter(dict(zip(_BLOCK_STYLES, _BLOCK_STYLES, strict=True)), lambda mark: f"Blad!{mark}")
    columns = tuple(Column(caption, numeric=bool(number % 2)) for number, _ in enumerate(cells))
    table = Table(caption, columns, (Row(tuple(cells)),), tuple(notes))
    document = parse_xml(f"<w:document {nsdecls('w')}><w:body><w:p/></w:body></w:document>")
    inserted = Inserted()
    inserted.put_before(document[0][0], setter.table(table, 450))
    body = etree.fromstring(inserted.put_in(etree.tostring(document)))[0]
    above, set_, *under = list(body)[:-1]
    said = [[_said(cell) for cell in row.iter(qn("w:tc"))] for row in set_.iter(qn("w:tr"))]
    assert said == [[_read(caption)] * len(cells), [_read(cell) for cell in cells]]
    assert _said(above).endswith(_read(f". {caption}"))
    assert [_said(one) for one in under] == [_read(note) for note in notes]


def _said(element: Any) -> str:
    parts = element.iter(qn("w:t"), qn("w:br"))
    return "".join("\n" if part.tag == qn("w:br") else part.text or "" for part in parts)


def _read(text: str) -> str:
    """Return what a reader of XML makes of a text: one kind of line break."""
    return clean(traced.plain(text)).replace("\r\n", "\n").replace("\r", "\n")
