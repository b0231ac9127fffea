"""The package of a Word file as it is written: the text that goes in its document, and no moment.

A tree of a whole memo takes longer to build and to write out than its text, and many times the
memory. So the tree holds what a template holds; blocks go in as text when it is written.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from docx.document import Document
from docx.opc.packuri import CONTENT_TYPES_URI, PACKAGE_URI, PackURI
from docx.opc.pkgwriter import _ContentTypesItem
from docx.oxml.ns import nsmap
from lxml import etree

from bdur_xl.files.memo_blocks import elements

_MARK = "bdur-tekst"
_MARKED = re.compile(rb"<\?%b ([0-9]+)\?>" % _MARK.encode())

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP file can tell."""

_RIGHTS = 0o600 << 16
"""Those of a part as zipfile sets them: its owner's, to read and to write."""

_LEVEL = 3
"""How hard zlib packs a memo: at its usual 6 it is a fifth smaller, and packing it takes twice as long."""


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
    package, main = document.part.package, document.part
    parts = {part: part.blob for part in package.parts}
    if inserted:
        parts[main] = inserted.put_in(parts[main])
    types = _ContentTypesItem.from_parts(parts)  # type: ignore[no-untyped-call]
    members = [(CONTENT_TYPES_URI, types.blob), (PACKAGE_URI.rels_uri, package.rels.xml)]
    for part, content in parts.items():
        members.append((part.partname, content))
        if part.rels:
            members.append((part.partname.rels_uri, part.rels.xml))
    return _zipped(members, _LEVEL if inserted else None)


def _zipped(members: Iterable[tuple[PackURI, bytes | str]], level: int | None) -> bytes:
    """Return a ZIP file; the library itself tells when it was written, and packs no other way."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for at, content in members:
            info = zipfile.ZipInfo(at.membername, _EPOCH)
            info.external_attr = _RIGHTS
            target.writestr(info, content, zipfile.ZIP_DEFLATED, level)
    return written.getvalue()
