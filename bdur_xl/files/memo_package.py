"""The package of a Word file as it is written: the text that goes in its document, and no moment.

A tree of a whole memo takes longer to build and to write out than its text, and many times the
memory. So the tree holds what a template holds; blocks go in as text when it is written.
"""

import io
import re
import struct
import zipfile
from typing import Any

from docx.document import Document
from docx.opc.part import Part
from docx.opc.pkgwriter import PackageWriter
from docx.oxml.ns import nsmap
from lxml import etree

from bdur_xl.files.memo_blocks import elements

_MARK = "bdur-tekst"
_MARKED = re.compile(rb"<\?bdur-tekst ([0-9]+)\?>")

_ZIP_DATE = struct.pack("<2H", 0, 1 << 5 | 1)
"""Midnight of 1 January 1980, as a ZIP file tells it."""
_LOCAL_TIME, _CENTRAL_TIME, _LENGTHS, _ENTRY = 10, 12, 28, 46
"""Where both headers of an entry tell its moment, where its lengths, and how long it is before those.

Source: PKWARE, APPNOTE.TXT, 4.3.7 and 4.3.12.
"""


class Inserted:
    """WordprocessingML that goes in a document when it is written; until then marks keep its places."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def put_before(self, at: Any, xml: str) -> None:
        """Put elements before an element; every next one stands further on in the document."""
        if at.getparent().nsmap.get("w") == nsmap["w"]:
            at.addprevious(etree.ProcessingInstruction(_MARK, str(len(self._texts))))
            self._texts.append(xml)
        else:  # the document calls the namespace of Word otherwise
            for new in elements(xml):
                at.addprevious(new)

    def put_in(self, content: bytes) -> bytes:
        """Return the XML of the document, whole. Raises ValueError when it holds other marks than ours."""
        first, *rest = _MARKED.split(content)
        numbers = [int(number) for number in rest[::2]]
        if numbers != [*range(len(self._texts))]:
            raise ValueError("marks that are not ours")
        pairs = zip(self._texts, rest[1::2], strict=True)
        return b"".join((first, *(part for text, after in pairs for part in (text.encode(), after))))


def packed(document: Document, inserted: Inserted | None = None) -> bytes:
    """Return a document as a package that does not tell when it was written, with what was inserted."""
    written, package, main = io.BytesIO(), document.part.package, document.part
    parts = package.parts
    if inserted:
        whole = Part(main.partname, main.content_type, inserted.put_in(main.blob), package)
        whole.rels.update(main.rels)
        parts[parts.index(main)] = whole
    PackageWriter.write(written, package.rels, parts)  # type: ignore[no-untyped-call]
    return _timeless(written)


def _timeless(written: io.BytesIO) -> bytes:
    """Return a package of which every part is of the first moment that a ZIP file can tell."""
    package = bytearray(written.getbuffer())
    with zipfile.ZipFile(written) as made:
        entry = made.start_dir
        for info in made.infolist():
            name, more, comment = struct.unpack_from("<3H", package, entry + _LENGTHS)
            for place in (info.header_offset + _LOCAL_TIME, entry + _CENTRAL_TIME):
                package[place : place + len(_ZIP_DATE)] = _ZIP_DATE
            entry += _ENTRY + name + more + comment
    return bytes(package)
