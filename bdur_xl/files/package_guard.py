"""Guards on a package (.xlsx, .xlsm, .docx: a zip of XML parts) before any program reads it.

calamine, python-docx and zipfile each read a package in their own way. A file in which
they could meet different parts, a part that unpacks without end, or XML that grows when
read (entities) is refused here, once, for all of them. Office programs write none of
these: open such a file there and save it again, and it is read.
"""

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO
from xml.etree.ElementTree import Element  # the type only; defusedxml parses

from bdur_xl import nl
from bdur_xl.book import BookError

MEGABYTE = 1_000_000

MOST_FILE = 600 * MEGABYTE
"""Bytes of a file that is a package."""
MOST_UNPACKED = 600 * MEGABYTE
"""Bytes of all parts together; a plan of 100.000 lines has some 100 million."""
MOST_SHARED = 150 * MEGABYTE
"""Bytes of what all sheets of a workbook share, and is kept: its texts, its styles."""
MOST_WHOLE = 10 * MEGABYTE
"""Bytes of XML that is read as one tree: a part of a workbook, or all of a Word file."""
MOST_ROW = 6 * MEGABYTE
"""Bytes of a sheet without the end of a row: a full row has 16.384 cells."""
MOST_MEMBERS = 10_000
"""Parts of a package; a workbook has some four per sheet."""
MOST_CELLS = 10_000_000
"""Cells of a sheet, empty ones included, or of a CSV file."""
MOST_TEXT = 200 * MEGABYTE
"""Bytes of a CSV file."""
MOST_SNAPSHOT = 60 * MEGABYTE
"""Bytes of a snapshot; one of 100.000 lines has some 15 million."""
MOST_TEMPLATE = 100 * MEGABYTE
"""Bytes of a Word file that is filled in, its pictures included."""

COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
"""How an encrypted file starts, and one of Office 97-2003. Source: MS-CFB 2.2."""

_END = struct.Struct("<4s4H2IH")
_LOCAL_LENGTH = 30
_DIRECTORY_ENTRY = 1_000
"""Bytes that an entry of the directory may take, its name included."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What a package may be packed with. Source: ECMA-376-2, annex B."""
_PIECE = 1 << 18
_SHARED = frozenset({"xl/sharedStrings.xml", "xl/styles.xml"})
_UNREAD = re.compile(r"(.*/)?(media|embeddings)/.*|.*\.bin")
"""Parts that nobody parses: pictures, embedded files, the macro project."""
_GROWS = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)")

_KINDS = (
    ("xl/workbook.bin", "een binaire Excel-werkmap (.xlsb)"),
    ("xl/workbook.xml", "een Excel-werkmap"),
    ("word/document.xml", "een Word-document"),
    ("ppt/presentation.xml", "een PowerPoint-presentatie"),
    ("content.xml", "een OpenDocument-bestand (.ods of .odt)"),
)
"""Per kind of package the part that only it has."""


class PackageError(BookError):
    """A package beyond a limit, or of another kind than asked for."""


@contextmanager
def opened(path: Path, *, whole: bool = False) -> Iterator[zipfile.ZipFile]:
    """Yield the package of a file, `checked`; it must not change meanwhile.

    Raises PackageError, BadZipFile when it is damaged or no package, OSError.
    """
    before = _state(path)
    with path.open("rb") as file, checked(file, str(path), whole=whole) as package:
        yield package
    if _state(path) != before:
        raise PackageError(f"{path} is tijdens het lezen gewijzigd", "Probeer het opnieuw.")


def _state(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def checked(file: BinaryIO, name: str, *, whole: bool = False) -> zipfile.ZipFile:
    """Return the package in a file after every guard; `name` is what messages call it.

    `whole` tells that all of its XML is read as trees, as of a Word file.
    Raises PackageError for a limit, BadZipFile for damage and lies.
    """
    start = _directory(file, name)
    package = zipfile.ZipFile(file)
    members = package.infolist()
    _check_names(members)
    _refuse_over(sum(one.file_size for one in members), MOST_UNPACKED, f"{name} is uitgepakt te groot")
    if whole:
        xml = sum(one.file_size for one in members if not _UNREAD.fullmatch(one.filename))
        _refuse_over(xml, MOST_WHOLE, f"{name} is uitgepakt te groot")
    ends_at = start
    for one in sorted(members, key=lambda one: one.header_offset, reverse=True):
        _check_member(file, one, ends_at, name)
        ends_at = one.header_offset
    return package


def _refuse_over(found: int, most: int, message: str) -> None:
    if found > most:
        raise PackageError(f"{message}: het maximum is {most // MEGABYTE} megabyte", _SMALLER)


_SMALLER = "Begin met een schone kopie, en neem daarin alleen de gegevens over."


def _directory(file: BinaryIO, name: str) -> int:
    """Return where the directory of a zip starts; it must be the only one, and end the file."""
    length = file.seek(0, os.SEEK_END)
    _refuse_over(length, MOST_FILE, f"{name} is te groot")
    if length < _END.size:
        raise zipfile.BadZipFile("too short")
    file.seek(-_END.size, os.SEEK_END)
    magic, *_, count, size, start, comment = _END.unpack(file.read(_END.size))
    if magic != b"PK\x05\x06" or comment or start + size + _END.size != length:
        raise zipfile.BadZipFile("something stands before or after the package")
    if count > MOST_MEMBERS or size > MOST_MEMBERS * _DIRECTORY_ENTRY:
        most = nl.hundredths(MOST_MEMBERS * 100)
        raise PackageError(f"{name} heeft te veel onderdelen: het maximum is {most}", _SMALLER)
    return int(start)


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    """Refuse names that one program could take for another part than the next does."""
    names = [one.orig_filename for one in members]
    if len({name.casefold() for name in names}) < len(names):
        raise zipfile.BadZipFile("two parts of one name")
    for name in names:
        if "\\" in name or "\0" in name or name.startswith("/") or ".." in name.split("/"):
            raise zipfile.BadZipFile(f"no name of a part: {name!r}")


def _check_member(file: BinaryIO, one: zipfile.ZipInfo, ends_at: int, name: str) -> None:
    """Refuse a member that overlaps the next, is not as long as told, or whose content may not be read."""
    if one.flag_bits & 1 or one.compress_type not in _METHODS:
        raise zipfile.BadZipFile(f"{one.filename} is encrypted or packed in another way")
    if one.filename in _SHARED:
        _refuse_over(one.file_size, MOST_SHARED, f"{name} heeft een te groot onderdeel ({one.filename})")
    file.seek(one.header_offset)
    head = file.read(_LOCAL_LENGTH)
    if len(head) < _LOCAL_LENGTH:
        raise zipfile.BadZipFile("a member beyond the end")
    data = one.header_offset + _LOCAL_LENGTH + sum(struct.unpack("<2H", head[-4:]))
    if data + one.compress_size > ends_at:
        raise zipfile.BadZipFile("members overlap")
    file.seek(data)
    checksum = size = 0
    tail = b""
    for piece in _unpacked(file, one):
        size, checksum = size + len(piece), zlib.crc32(piece, checksum)
        if not _UNREAD.fullmatch(one.filename):
            _refuse_growing(tail + piece, first=not tail)
        tail = piece[-len("<!DOCTYPE") :]
    if size != one.file_size or checksum != one.CRC:
        raise zipfile.BadZipFile(f"{one.filename} is not what its header says")


def _unpacked(file: BinaryIO, one: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a member unpacks to, at most a piece beyond the size it tells."""
    left = one.compress_size
    if one.compress_type == zipfile.ZIP_STORED:
        while left and (piece := file.read(min(left, _PIECE))):
            left -= len(piece)
            yield piece
        return
    unpacker, size = zlib.decompressobj(-zlib.MAX_WBITS), 0
    while not unpacker.eof and size <= one.file_size:
        packed = unpacker.unconsumed_tail
        if not packed and left:
            packed = file.read(min(left, _PIECE))
            left -= len(packed)
        piece = unpacker.decompress(packed, _PIECE)
        if not packed and not piece:
            raise zipfile.BadZipFile(f"{one.filename} breaks off")
        size += len(piece)
        yield piece


def _refuse_growing(piece: bytes, *, first: bool) -> None:
    """Refuse XML that declares entities, or whose encoding our programs would read differently."""
    told = _ENCODING.match(piece.removeprefix(b"\xef\xbb\xbf")) if first else None
    if told and told[1].lower() not in (b"utf-8", b"us-ascii"):
        raise zipfile.BadZipFile("another encoding than UTF-8")
    if first and (b"\0" in piece[:4] or piece[:2] in (b"\xff\xfe", b"\xfe\xff")):
        raise zipfile.BadZipFile("UTF-16")
    if _GROWS.search(piece):
        raise zipfile.BadZipFile("a document type")


def refuse_other_kind(package: zipfile.ZipFile, part: str, path: Path) -> None:
    """Raise PackageError when a package without this part is of another kind that we know."""
    names = set(package.namelist())
    kind = next((kind for only, kind in _KINDS if only in names), None)
    if part not in names and kind:
        wanted = dict(_KINDS)[part]
        raise PackageError(
            f"{path} is {kind}, g{wanted}", "Noem het goede bestand, of bewaar het als dat soort."
        )


def tree(package: zipfile.ZipFile, part: str) -> Element:
    """Return the XML of a part. Raises PackageError when it is too large, KeyError, ParseError."""
    from defusedxml import ElementTree  # Calc's menu reads snapshots, without libraries

    size = package.getinfo(part).file_size
    _refuse_over(size, MOST_WHOLE, f"{package.filename} heeft een te groot onderdeel ({part})")
    root: Element = ElementTree.fromstring(package.read(part))
    return root


class Rows(io.RawIOBase):
    """The XML of a sheet that is read row by row; `next_row` tells that one ended.

    Without rows nothing ends, and all that was read stays in memory: more than `MOST_ROW` is refused.
    """

    def __init__(self, xml: IO[bytes]) -> None:
        self._xml, self._since = xml, 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises ValueError when a row takes too many."""
        self._since += size
        if not 0 <= self._since <= MOST_ROW:
            raise ValueError("a row without end")
        return self._xml.read(size)

    def next_row(self) -> None:
        """Begin to count again."""
        self._since = 0


def read_bytes(path: Path, most: int = MOST_TEXT) -> bytes:
    """Return the bytes of a file. Raises PackageError when there are more than `most`, OSError."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    _refuse_over(len(content), most, f"{path} is te groot")
    return content
