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
from typing import BinaryIO

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
MOST_PART = 400 * MEGABYTE
"""Bytes of a part that is read at once: a sheet, with some 40 per cell."""
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

_SMALL = 4 * MEGABYTE
"""Bytes of a package that is read at once: its parts are many and small."""

_END = struct.Struct("<4s4H2IH")
_LOCAL_LENGTH, _LENGTHS = 30, struct.Struct("<2H")
_DIRECTORY_ENTRY = 1_000
"""Bytes that an entry of the directory may take, its name included."""
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What a package may be packed with. Source: ECMA-376-2, annex B."""
_SHARED = frozenset({"xl/sharedstrings.xml", "xl/styles.xml"})
_UNREAD = re.compile(r"(.*/)?(media|embeddings)/.*|.*\.bin")
"""Parts that nobody parses: pictures, embedded files, the macro project."""
_GROWS = re.compile(rb"!(?<=<!)(?:DOCTYPE|ENTITY)")  # looks for the rare "!" first: that is fast
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


class Package:
    """The parts of a package, guarded: its directory when it is opened, each part when it is read.

    A part that nobody reads is never unpacked. Raises PackageError for a limit, BadZipFile for
    damage and lies, KeyError for a part that is not there.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name
        ends_at = _directory(file, name)
        members = zipfile.ZipFile(file).infolist()
        _check_names(members)
        _refuse_over(sum(one.file_size for one in members), MOST_UNPACKED, f"{name} is uitgepakt te groot")
        self.members = {one.filename: one for one in members}
        self._starts: dict[str, int] = {}
        for one in sorted(members, key=lambda one: one.header_offset, reverse=True):
            self._starts[one.filename] = _start(file, one, ends_at, name)
            ends_at = one.header_offset

    def __contains__(self, part: str) -> bool:
        return part in self.members

    def read(self, part: str) -> bytes:
        """Return a part, which must be as long as told, undamaged, and XML that our programs read alike."""
        one = self.members[part]
        self._file.seek(self._starts[part])
        packed = self._file.read(one.compress_size)
        content = packed if one.compress_type == zipfile.ZIP_STORED else _unpacked(packed, one)
        if len(content) != one.file_size or zlib.crc32(content) != one.CRC:
            raise zipfile.BadZipFile(f"{part} is not what its header says")
        if not _UNREAD.fullmatch(part):
            _refuse_growing(content)
        return content

    def whole(self, part: str) -> bytes:
        """Return a part that is read as one tree."""
        size = self.members[part].file_size
        _refuse_over(size, MOST_WHOLE, f"{self._name} heeft een te groot onderdeel ({part})")
        return self.read(part)


@contextmanager
def opened(path: Path, *, whole: bool = False) -> Iterator[Package]:
    """Yield the package of a file, `checked`; it must not change meanwhile.

    Raises PackageError, BadZipFile when it is damaged or no package, OSError.
    """
    before = _state(path)
    with path.open("rb") as file:
        small = before[-1] <= _SMALL
        yield checked(io.BytesIO(file.read()) if small else file, str(path), whole=whole)
    if _state(path) != before:
        raise PackageError(f"{path} is tijdens het lezen gewijzigd", "Probeer het opnieuw.")


def _state(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def checked(file: BinaryIO, name: str, *, whole: bool = False) -> Package:
    """Return the package in a file after every guard on its directory; `name` is what messages call it.

    `whole` tells that all of its XML is read as trees, as of a Word file: every part is guarded now.
    """
    package = Package(file, name)
    if whole:
        xml = sum(one.file_size for part, one in package.members.items() if not _UNREAD.fullmatch(part))
        _refuse_over(xml, MOST_WHOLE, f"{name} is uitgepakt te groot")
        for part in package.members:
            package.read(part)
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


def _start(file: BinaryIO, one: zipfile.ZipInfo, ends_at: int, name: str) -> int:
    """Return where the content of a member starts. Refuses one that overlaps the next, or may not be read."""
    if one.flag_bits & 1 or one.compress_type not in _METHODS:
        raise zipfile.BadZipFile(f"{one.filename} is encrypted or packed in another way")
    most = MOST_SHARED if one.filename.casefold() in _SHARED else MOST_PART
    if one.file_size > most and not _UNREAD.fullmatch(one.filename):
        _refuse_over(one.file_size, most, f"{name} heeft een te groot onderdeel ({one.filename})")
    file.seek(one.header_offset)
    head = file.read(_LOCAL_LENGTH)
    if len(head) < _LOCAL_LENGTH:
        raise zipfile.BadZipFile("a member beyond the end")
    start: int = one.header_offset + _LOCAL_LENGTH + sum(_LENGTHS.unpack(head[-4:]))
    if start + one.compress_size > ends_at:
        raise zipfile.BadZipFile("members overlap")
    return start


def _unpacked(packed: bytes, one: zipfile.ZipInfo) -> bytes:
    """Return what a member unpacks to, at most a byte beyond the size it tells."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    content = unpacker.decompress(packed, one.file_size + 1)
    if not unpacker.eof:
        raise zipfile.BadZipFile(f"{one.filename} breaks off, or is longer than told")
    return content


def _refuse_growing(content: bytes) -> None:
    """Refuse XML that declares entities, or whose encoding our programs would read differently."""
    told = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf") if content[:1] == b"\xef" else content)
    if told and told[1].lower() not in (b"utf-8", b"us-ascii"):
        raise zipfile.BadZipFile("another encoding than UTF-8")
    if b"\0" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise zipfile.BadZipFile("UTF-16")
    if _GROWS.search(content):
        raise zipfile.BadZipFile("a document type")


def refuse_other_kind(package: Package, part: str, path: Path) -> None:
    """Raise PackageError when a package without this part is of another kind that we know."""
    kind = next((kind for only, kind in _KINDS if only in package), None)
    if part not in package and kind:
        wanted = dict(_KINDS)[part]
        raise PackageError(
            f"{path} is {kind}, g{wanted}", "Noem het goede bestand, of bewaar het als dat soort."
        )


def read_bytes(path: Path, most: int = MOST_TEXT) -> bytes:
    """Return the bytes of a file. Raises PackageError when there are more than `most`, OSError."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    _refuse_over(len(content), most, f"{path} is te groot")
    return content
