"""The finished Office package: the parts XlsxWriter does not write, and the same bytes every time.

Parts stand uncompressed in a fixed order, so that the bytes depend on neither
the clock nor the version of zlib.
"""

import datetime as dt
import io
import posixpath
import re
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from defusedxml import ElementTree

LANGUAGE = "nl-NL"

_CONTENT_TYPES = "[Content_Types].xml"
_ROOT_RELATIONS = "_rels/.rels"
_WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_CORE = "docProps/core.xml"
_RIBBON = "customUI/customUI14.xml"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RIBBON_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_MACRO_WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_CUSTOM_XML_PROPERTIES = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"

_NO_RESULT = re.compile(rb'(<c r="[A-Z]+[0-9]+"(?: s="[0-9]+")?)(?=><f>[^<]*</f><v></v></c>)')
"""How XlsxWriter writes a formula whose value is the empty text: as if it were never computed."""
_SHARED_TEXTS, _NO_SHARED_TEXT = "xl/sharedStrings.xml", b"<si><t></t></si>"

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a zip file can name."""


class PackageError(Exception):
    """A package that Excel would want to repair."""


@dataclass(frozen=True, slots=True)
class Properties:
    """What File > Info shows. No person: author and last editor stay empty."""

    title: str
    subject: str
    description: str
    created: dt.datetime
    """In UTC; fixed by the caller, never the clock."""


def finish(
    package: bytes,
    properties: Properties,
    *,
    ribbon: str = "",
    custom_xml: Sequence[str] = (),
    addin: bool = False,
) -> bytes:
    """Return a package of XlsxWriter with its last parts, as it goes to staff.

    `ribbon` is the customUI text, `custom_xml` the texts of custom XML parts.
    `addin` turns a macro workbook into an add-in. Raises PackageError when the
    result is not whole.
    """
    parts = read_parts(package)
    parts[_CORE] = _core(properties)
    _state_empty_texts(parts)
    if ribbon:
        parts[_RIBBON] = ribbon.encode()
        _relate(parts, _ROOT_RELATIONS, _RIBBON_TYPE, _RIBBON)
    for number, text in enumerate(custom_xml, start=1):
        _add_custom_xml(parts, number, text)
    if addin:
        _replace(parts, _CONTENT_TYPES, _MACRO_WORKBOOK, _ADDIN)
    if found := list(faults(parts)):
        raise PackageError("; ".join(found))
    return _zipped(parts)


def _state_empty_texts(parts: dict[str, bytes]) -> None:
    """State each empty text that a formula gives as Excel does, in its own cell."""
    before = parts.get(_SHARED_TEXTS, b"").partition(_NO_SHARED_TEXT)[0]
    shared = b' t="s"><v>%d</v></c>' % before.count(b"<si>")  # a place that no cell names if there is none
    for name in parts:
        if name.startswith("xl/worksheets/"):
            stated = _NO_RESULT.sub(rb'\1 t="str"', parts[name])
            parts[name] = stated.replace(shared, b' t="str"><v></v></c>')


def read_parts(package: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def faults(parts: dict[str, bytes]) -> Iterator[str]:
    """Yield what Excel would stumble over: broken XML, a part without content type, a dead link."""
    broken = [name for name in parts if _is_xml(name) and not _well_formed(parts[name])]
    yield from (f"{name} is geen geldige XML" for name in broken)
    if broken:
        return
    types = ElementTree.fromstring(parts[_CONTENT_TYPES])
    extensions = {entry.get("Extension") for entry in types}
    overridden = {entry.get("PartName") for entry in types}
    for name in parts:
        if name != _CONTENT_TYPES and f"/{name}" not in overridden and _suffix(name) not in extensions:
            yield f"{name} heeft geen inhoudstype"
    for name in parts:
        if name.endswith(".rels"):
            yield from (
                f"{name} verwijst naar {target}, dat er niet is" for target in _dead_links(parts, name)
            )


def _is_xml(name: str) -> bool:
    return _suffix(name) in ("xml", "rels", "vml")


def _suffix(name: str) -> str:
    return name.rpartition(".")[2]


def _well_formed(part: bytes) -> bool:
    try:
        ElementTree.fromstring(part)
    except ElementTree.ParseError:
        return False
    return True


def _dead_links(parts: dict[str, bytes], relations: str) -> Iterator[str]:
    folder = posixpath.dirname(posixpath.dirname(relations))
    for relation in ElementTree.fromstring(parts[relations]):
        target = relation.get("Target", "")
        place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if relation.get("TargetMode") != "External" and place not in parts:
            yield target


def _core(properties: Properties) -> bytes:
    moment = properties.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    texts = "".join(
        f"<dc:{tag}>{escape(text)}</dc:{tag}>"
        for tag, text in (
            ("title", properties.title),
            ("subject", properties.subject),
            ("description", properties.description),
            ("language", LANGUAGE),
        )
    )
    dates = "".join(
        f'<dcterms:{tag} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{tag}>'
        for tag in ("created", "modified")
    )
    return (
        f"{_DECLARATION}<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{texts}{dates}</cp:coreProperties>"
    ).encode()


def _add_custom_xml(parts: dict[str, bytes], number: int, text: str) -> None:
    """Add a custom XML part with the properties part Excel wants beside it."""
    item, properties = f"customXml/item{number}.xml", f"customXml/itemProps{number}.xml"
    parts[item] = text.encode()
    identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:bdur:{item}")).upper()
    parts[properties] = (
        f'{_DECLARATION}<ds:datastoreItem ds:itemID="{{{identity}}}" xmlns:ds="{_OFFICE}/customXml">'
        "<ds:schemaRefs/></ds:datastoreItem>"
    ).encode()
    relations = f"customXml/_rels/item{number}.xml.rels"
    parts[relations] = f'{_DECLARATION}<Relationships xmlns="{_RELATIONSHIPS}"></Relationships>'.encode()
    _relate(parts, relations, f"{_OFFICE}/relationships/customXmlProps", f"itemProps{number}.xml")
    _relate(parts, _WORKBOOK_RELATIONS, f"{_OFFICE}/relationships/customXml", f"../{item}")
    override = f'<Override PartName="/{properties}" ContentType="{_CUSTOM_XML_PROPERTIES}"/></Types>'
    _replace(parts, _CONTENT_TYPES, "</Types>", override)


def _relate(parts: dict[str, bytes], relations: str, kind: str, target: str) -> None:
    number = parts[relations].count(b"<Relationship ") + 1
    entry = f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/></Relationships>'
    _replace(parts, relations, "</Relationships>", entry)


def _replace(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    if parts[name].count(old.encode()) != 1:
        raise PackageError(f"{name} bevat niet precies één keer {old}")
    parts[name] = parts[name].replace(old.encode(), new.encode())


def _zipped(parts: dict[str, bytes]) -> bytes:
    """Return the package: content types first, then the root's relations, then by name."""
    first = (_CONTENT_TYPES, _ROOT_RELATIONS)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in [*first, *sorted(parts.keys() - first)]:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0
            archive.writestr(entry, parts[name])
    return buffer.getvalue()
